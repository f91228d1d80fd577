//! The edition to pages: shape, hyphenate, break lines, place notes, break pages, furnish.

use crate::diag::Report;
use crate::edition::Edition;
use crate::fonts::FontSet;
use crate::manifest::Design;
use crate::pages::Pages;

pub mod acronym;
pub mod flow;
pub mod hang;
pub mod hyphenate;
pub mod items;
pub mod line;
pub mod linebreak;
pub mod loosen;
pub mod opportunity;
pub mod paragraph;
pub mod place;
pub mod shape;

/// Sets the whole book.
pub fn compose(
    _edition: &Edition,
    _design: &Design,
    _fonts: &FontSet,
    _report: &mut Report,
) -> Pages {
    Pages::default()
}
