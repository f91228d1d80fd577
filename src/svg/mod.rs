//! Pictures drawn as SVG: read, cleaned of all that is no drawing, refused where they would do
//! something else than stand there, and painted. No reader, printer or year shows one of them
//! otherwise than another: no type of the machine's own, nothing from elsewhere, nothing that moves.

mod check;
mod css;
mod effort;
mod paint;
#[cfg(test)]
mod tests;
mod weight;

use crate::diag::Report;
use crate::source::{Inputs, SourceId};

pub use paint::{Pixels, pixels, shapes};

/// A drawing that can be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawing {
    /// The file as it goes into an e-book, on a white ground: black lines would be lost on a
    /// black page.
    pub text: String,
    /// In its own units, 96 to the inch.
    pub width: u32,
    pub height: u32,
    /// Whether it says how large it is; otherwise it is as wide as its column.
    pub is_measured: bool,
}

/// Reads a drawing; `None` when it cannot be shown, which is reported.
pub fn load(inputs: &Inputs, source: SourceId, report: &mut Report) -> Option<Drawing> {
    check::drawing(inputs, source, report)
}

/// Whether a path is that of a drawing.
pub fn is_named(path: &str) -> bool {
    let ending = path.rsplit_once('.').map(|(_, ending)| ending);
    ending.is_some_and(|ending| ending.eq_ignore_ascii_case("svg"))
}
