//! Paragraphs that a section has set before. A section is set again when page numbers that it
//! quotes have changed; most of its paragraphs quote none and come out as they were.

use std::collections::HashMap;

use crate::source::PassageId;
use crate::typeset::builder::GENERATED;
use crate::typeset::line::{ParagraphStyle, SetPassage};

/// Passages that quote no page numbers, for which nothing decides but the passage and the
/// style.
#[derive(Debug, Default)]
pub struct Memory {
    passages: HashMap<PassageId, Vec<(ParagraphStyle, SetPassage)>>,
}

/// In so many styles a passage is remembered.
const MOST_STYLES: usize = 8;

impl Memory {
    /// A passage that was set before in that style.
    pub fn find(&self, passage: PassageId, style: &ParagraphStyle) -> Option<SetPassage> {
        let styles = self.passages.get(&passage)?;
        let (_, set) = styles.iter().find(|(before, _)| before == style)?;
        Some(set.clone())
    }

    /// Remembers a passage. Text that is generated is none of the edition's passages, and has
    /// no name to be known by.
    pub fn keep(&mut self, style: &ParagraphStyle, set: &SetPassage) {
        if set.passage == GENERATED {
            return;
        }
        let styles = self.passages.entry(set.passage).or_default();
        if styles.len() < MOST_STYLES {
            styles.push((style.clone(), set.clone()));
        }
    }
}
