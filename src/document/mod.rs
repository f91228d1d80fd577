//! A chapter as written: CommonMark with footnotes, tables, definition lists and marks.
//! Reading never fails; what does not hold is reported and something sane is kept.

use std::collections::BTreeMap;

use crate::diag::Report;
use crate::source::{Inputs, SourceId};
use crate::text::{Block, Name, Passage};

/// One chapter as written, its references by name.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// The heading of level 1, when the text begins with one.
    pub title: Option<Passage<Name>>,
    pub blocks: Vec<Block<Name>>,
    /// Footnotes by label, each with the span of its definition in the first block.
    pub notes: BTreeMap<String, Vec<Block<Name>>>,
    /// How many passages there are; ids run from 0 to this.
    pub passages: u32,
}

/// Reads a chapter.
pub fn parse(_inputs: &Inputs, _id: SourceId, _report: &mut Report) -> Document {
    Document::default()
}
