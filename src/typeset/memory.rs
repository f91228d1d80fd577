//! Paragraphs that a section has set before. A section is set again when page numbers that it
//! quotes have changed; most of its paragraphs quote none and come out as they were.

use std::collections::HashMap;
use std::sync::Arc;

use crate::typeset::flow::Flow;
use crate::typeset::line::{Line, ParagraphStyle};

/// The paragraphs that a section has set, by their text.
#[derive(Debug, Default)]
pub struct Memory {
    paragraphs: HashMap<String, Vec<Paragraph>>,
}

/// Lines, and all that they were made from.
#[derive(Debug)]
struct Paragraph {
    flow: Flow,
    style: ParagraphStyle,
    lines: Vec<Arc<Line>>,
}

/// Of paragraphs of one text that are set in different ways so many are remembered.
const MOST_ALIKE: usize = 8;

impl Memory {
    /// The lines of a paragraph that was set before in all alike.
    pub fn find(&self, flow: &Flow, style: &ParagraphStyle) -> Option<Vec<Arc<Line>>> {
        let alike = self.paragraphs.get(&flow.text)?;
        let same = |before: &&Paragraph| before.flow == *flow && before.style == *style;
        alike.iter().find(same).map(|found| found.lines.clone())
    }

    /// Remembers the lines of a paragraph.
    pub fn keep(&mut self, flow: Flow, style: &ParagraphStyle, lines: &[Arc<Line>]) {
        let alike = self.paragraphs.entry(flow.text.clone()).or_default();
        if alike.len() < MOST_ALIKE {
            alike.push(Paragraph {
                flow,
                style: style.clone(),
                lines: lines.to_vec(),
            });
        }
    }
}
