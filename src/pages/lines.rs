//! The lines of a book, read back from its pages as an eye would read them.

use super::{Item, Pages, Run, TagId, TagKind};
use crate::units::Length;

/// A line of one block of text.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its place in [`Pages::pages`].
    pub page: usize,
    /// The paragraph, heading, cell or mark that it is a line of.
    pub block: TagId,
    pub size: Length,
    /// From the top of the page to the base line.
    pub base: Length,
    /// Where it begins and ends.
    pub left: Length,
    pub right: Length,
    /// Where its first letter begins and its last letter ends, without the marks around them
    /// that may hang over the margins.
    pub first_letter: Length,
    pub last_letter: Length,
    /// The widths of its word spaces.
    pub spaces: Vec<Length>,
    /// Whether it ends in a hyphen.
    pub hyphen: bool,
    pub text: String,
}

/// The lines of all pages in the order of their items, running heads and folios left out.
pub fn lines(pages: &Pages) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for (page, content) in pages.pages.iter().enumerate() {
        let mut open = false;
        for item in &content.items {
            let Item::Run(run) = item else { continue };
            if run.spoken.as_deref() == Some("") {
                // An initial: the line is the one that goes on with its word.
                continue;
            }
            let Some(tag) = run.tag else {
                open = false;
                continue;
            };
            let block = block(pages, tag);
            let last = lines
                .last_mut()
                .filter(|last| open && last.goes_on(run, block));
            match last {
                Some(line) => line.take(run),
                None => {
                    let mut line = Line::new(page, block, run);
                    line.take(run);
                    lines.push(line);
                }
            }
            open = true;
        }
    }
    lines
}

/// The block that an element inside a line belongs to.
fn block(pages: &Pages, tag: TagId) -> TagId {
    let mut at = tag;
    while let Some(element) = pages.structure.get(at.0 as usize) {
        let inside = matches!(
            element.kind,
            TagKind::Span | TagKind::Link | TagKind::Reference
        );
        match element.parent {
            Some(parent) if inside => at = parent,
            Some(_) | None => break,
        }
    }
    at
}

impl Line {
    fn new(page: usize, block: TagId, run: &Run) -> Line {
        Line {
            page,
            block,
            size: Length::ZERO,
            base: run.origin.y,
            left: run.origin.x,
            right: run.origin.x,
            first_letter: Length(i64::MAX),
            last_letter: run.origin.x,
            spaces: Vec::new(),
            hyphen: false,
            text: String::new(),
        }
    }

    /// Whether a run stands on this line, right of what it holds.
    fn goes_on(&self, run: &Run, block: TagId) -> bool {
        let off = (run.origin.y - self.base).0.abs();
        self.block == block
            && off < run.size.max(self.size).scaled(3, 5).0
            && run.origin.x >= self.right - Length::pt(2)
    }

    fn take(&mut self, run: &Run) {
        if run.size > self.size {
            self.size = run.size;
            self.base = run.origin.y;
        }
        let mut x = run.origin.x;
        for glyph in &run.glyphs {
            let rest = run.text.get(glyph.cluster as usize..).unwrap_or_default();
            let character = rest.chars().next().unwrap_or(' ');
            if character == ' ' {
                self.spaces.push(glyph.advance.into());
            } else if character.is_alphanumeric() {
                self.first_letter = self.first_letter.min(x);
                self.last_letter = x + glyph.advance.into();
            }
            x += glyph.advance;
            self.hyphen = glyph.added_hyphen || matches!(character, '-' | '\u{2010}');
        }
        self.right = x;
        self.text.push_str(run.spoken.as_ref().unwrap_or(&run.text));
    }
}
