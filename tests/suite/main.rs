//! The tests of the whole program; `tests/README.md` says how to add one.

mod booklets;
mod books;
mod diagnostics;
mod ebook;
mod formats;
mod hostile;
mod import;
mod ledger;
mod load;
mod packs;
mod pdfs;
mod planted;
mod print;
mod prose;
mod quarrels;
mod rules;
mod sources;
mod tidy;
mod typography;
mod verify;
