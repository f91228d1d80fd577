//! Cordel compiles an ordered manuscript of source texts into an EPUB and a PDF that share
//! their page numbers, with notes, a chronology and an index.
//!
//! The program is a line of plain data types. Each stage is a function that takes one and
//! returns the next:
//!
//! ```text
//! book/, fonts/ ── source::Inputs ──► manifest::load ──► Manifest
//! raw text ──────► import::clean ───► clean text, with offsets back to the raw text
//! Markdown ──────► document::parse ─► Document        data files ──► apparatus::load ──► Apparatus
//! Manifest + Documents + Apparatus ──► edition::resolve ──► Edition
//! Edition + Design + FontSet ► typeset::compose ─► Pages ─► pdf::write ─► bytes
//! Pages + Booklet ────────────────► impose::plan ─► Sheets ─► pdf::write_sheets ─► bytes
//! Edition + Pages ─────────────────► epub::write ─► bytes
//! bytes + Edition or Pages ──► verify::epub, verify::pdf ─► Report
//! Edition + Pages + Apparatus ──► review ─► suggestions, reports
//! ```
//!
//! # What always holds
//!
//! - Nothing is changed in place after its stage, and nothing on the way reads a file, a
//!   clock or an environment variable: [`source`] reads, [`cli`] writes.
//! - The same inputs give the same bytes. Maps are ordered, lengths are whole numbers, dates
//!   and identifiers come from the manifest.
//! - An [`edition::Edition`] has no loose reference: its text is `Block<Target>`, and a target
//!   exists.
//! - A fault of the book is a [`diag::Diagnostic`] with its place; something sane stands in
//!   its stead and the work goes on, so that one run shows all faults. With an error nothing
//!   is written.
//! - [`pages::Pages`] is made before the EPUB, whose page list and index show its numbers.
//!
//! # Words
//!
//! - *pack*: a folder with a `book.toml`. *Chapter*: a part of it as written. *Section*: a part
//!   of the book as made, which begins a page of its own.
//! - *passage*: what is set as one paragraph; the smallest thing that a locator points into.
//!   *Position*: a passage and an offset in its plain text.
//! - *mark*: what stands in the text; *call*: the mark of a note. *Note*: what it leads to.
//!   *Footnote*: a note placed on a page.
//! - *term*, *event*, *heading*, *work*, *emendation*: entries of the apparatus. *Posting*: a
//!   place that an index heading stands for. *Locator*: the page number that is printed for it.
//! - *anchor*: a few words that tell a place in a source.
//! - *folio*: a page's printed number. *Recto* and *verso*: right and left pages. *Measure*: the
//!   width of the text. *Leading*: from base line to base line.
//! - *sheet*: a piece of paper with two pages on each side. *Signature*: sheets folded
//!   together. *Creep*: how far the inner sheets of a signature stand out at the fore edge.

pub mod apparatus;
pub mod cli;
pub mod data;
pub mod device;
pub mod diag;
pub mod document;
pub mod edition;
pub mod epub;
pub mod figures;
pub mod fonts;
pub mod import;
pub mod impose;
pub mod ledger;
pub mod manifest;
pub mod pages;
pub mod pdf;
pub mod photo;
pub mod pipeline;
pub mod review;
pub mod source;
pub mod svg;
pub mod text;
pub mod typeset;
pub mod units;
pub mod verify;
