//! Cordel compiles an ordered manuscript of source texts into an EPUB and a PDF.

pub mod apparatus;
pub mod cli;
pub mod data;
pub mod diag;
pub mod document;
pub mod edition;
pub mod epub;
pub mod fonts;
pub mod import;
pub mod manifest;
pub mod pages;
pub mod pdf;
pub mod pipeline;
pub mod source;
pub mod text;
pub mod typeset;
pub mod units;
