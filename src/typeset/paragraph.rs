//! One passage to lines.

use std::cell::RefCell;

use crate::diag::Report;
use crate::edition::{NoteId, Target};
use crate::fonts::FontSet;
use crate::source::Position;
use crate::text::Passage;
use crate::typeset::line::{ParagraphStyle, SetPassage};

/// What a paragraph must be told of the rest of the book.
pub trait Lookup {
    /// The mark of a note.
    fn label(&self, note: NoteId) -> &str;
    /// The page numbers of places as they are printed, collapsed to ranges: each with the
    /// place that a click on it leads to. Empty while they are not known.
    fn pages(&self, positions: &[Position]) -> Vec<(String, Position)>;
}

/// Sets passages; keeps every word that it has shaped. One for each thread.
pub struct Setter<'f> {
    pub fonts: &'f FontSet,
    pub report: RefCell<Report>,
}

impl<'f> Setter<'f> {
    /// A setter that has shaped nothing yet.
    pub fn new(fonts: &'f FontSet) -> Setter<'f> {
        Setter {
            fonts,
            report: RefCell::default(),
        }
    }

    /// Sets a passage in lines.
    pub fn set(
        &self,
        passage: &Passage<Target>,
        _style: &ParagraphStyle,
        _lookup: &dyn Lookup,
    ) -> SetPassage {
        SetPassage {
            passage: passage.id,
            lines: Vec::new(),
        }
    }
}
