//! The edition to the bytes of an EPUB 3.3, with the page numbers of its printed form.

use crate::diag::Report;
use crate::edition::Edition;
use crate::fonts::FontSet;
use crate::pages::Pages;
use crate::source::Inputs;

/// Writes an EPUB.
pub fn write(
    _inputs: &Inputs,
    _edition: &Edition,
    _pages: &Pages,
    _fonts: &FontSet,
    _report: &mut Report,
) -> Vec<u8> {
    Vec::new()
}
