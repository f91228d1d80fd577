//! A raw text as lines, with what each is known to be.

use super::super::formats::{Marked, What};

/// A line of the raw text that holds something.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// Without the space around it, in the raw text.
    pub(super) start: usize,
    pub(super) end: usize,
    /// Its number in the file, from 0.
    pub(super) number: usize,
    /// Empty lines before it.
    pub(super) blank: usize,
    /// Whether a page begins before it.
    pub(super) page: bool,
    pub(super) indent: usize,
    /// In characters, without the space around it.
    pub(super) width: usize,
    pub(super) kind: Kind,
}

/// What a line was found to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Running,
    Furniture,
    Note,
    /// Of a list, verse, timeline, columns or quotation.
    Region,
    Heading,
}

/// A raw text and its lines.
pub(super) struct Text<'t> {
    pub(super) raw: &'t str,
    pub(super) lines: Vec<Line>,
}

impl<'t> Text<'t> {
    pub(super) fn new(raw: &'t str) -> Text<'t> {
        let mut lines = Vec::new();
        let (mut at, mut blank, mut page) = (0, 0, false);
        for (number, line) in raw.split_inclusive('\n').enumerate() {
            let words = line.trim();
            page |= line[..line.len() - line.trim_start().len()].contains('\u{c}');
            let start = at + (line.len() - line.trim_start().len());
            let indent = raw[at..start].chars().filter(|c| *c != '\u{c}').count();
            at += line.len();
            if words.is_empty() {
                blank += 1;
                continue;
            }
            lines.push(Line {
                start,
                end: start + words.len(),
                number,
                blank: std::mem::take(&mut blank),
                page: std::mem::take(&mut page),
                indent,
                width: words.chars().count(),
                kind: Kind::Running,
            });
        }
        Text { raw, lines }
    }

    /// Takes what a file's markup says of its lines for known.
    pub(super) fn note(&mut self, mark: &Marked) {
        let kind = match mark.what {
            What::Title | What::Heading(_) => Kind::Heading,
            What::Quote | What::List | What::Table | What::Picture { .. } => Kind::Region,
            What::Note(_) => Kind::Note,
            What::Furniture => Kind::Furniture,
            What::Item(_)
            | What::Cell
            | What::Break
            | What::Open(..)
            | What::Close(..)
            | What::Call(_) => return,
        };
        let first = self.lines.partition_point(|line| line.start < mark.start);
        let end = self.lines.partition_point(|line| line.end <= mark.end);
        self.set(first..end, kind);
    }

    pub(super) fn words(&self, line: &Line) -> &'t str {
        &self.raw[line.start..line.end]
    }

    /// The words of a line by its place.
    pub(super) fn at(&self, at: usize) -> &'t str {
        self.lines.get(at).map_or("", |line| self.words(line))
    }

    /// Whether the line of a place is running text.
    pub(super) fn is_running(&self, at: usize) -> bool {
        self.lines
            .get(at)
            .is_some_and(|line| line.kind == Kind::Running)
    }

    /// Whether a line stands by itself: empty lines, or the ends of the text, around it.
    pub(super) fn is_alone(&self, at: usize) -> bool {
        let blank = |at: usize| {
            self.lines
                .get(at)
                .is_none_or(|line| line.blank > 0 || line.page)
        };
        (at == 0 || blank(at)) && blank(at + 1)
    }

    /// Marks lines as something.
    pub(super) fn set(&mut self, lines: impl IntoIterator<Item = usize>, kind: Kind) {
        for at in lines {
            if let Some(line) = self.lines.get_mut(at) {
                line.kind = kind;
            }
        }
    }

    /// Paragraphs of running lines between empty lines, as ranges of lines.
    pub(super) fn blocks(&self) -> Vec<(usize, usize)> {
        let mut blocks: Vec<(usize, usize)> = Vec::new();
        for (at, line) in self.lines.iter().enumerate() {
            if line.kind != Kind::Running {
                continue;
            }
            match blocks.last_mut() {
                Some(last) if last.1 == at && line.blank == 0 && !line.page => last.1 = at + 1,
                _ => blocks.push((at, at + 1)),
            }
        }
        blocks
    }
}

/// Whether words end a sentence.
pub(super) fn ends_sentence(words: &str) -> bool {
    let closing = ['”', '’', '"', '\'', '»', ')', ']', '*', '_'];
    let digits = |c: char| c.is_ascii_digit() || "⁰¹²³⁴⁵⁶⁷⁸⁹".contains(c);
    let bare = words.trim_end().trim_end_matches(closing);
    // A note's number may stand behind the stop.
    let called = bare.trim_end_matches(|c| digits(c) || matches!(c, '[' | ']'));
    let stop = |text: &str| text.ends_with(['.', '!', '?', ':', '…', ';']);
    stop(bare) || (called.len() < bare.len() && stop(called.trim_end_matches(closing)))
}

pub(super) fn begins_small(words: &str) -> bool {
    words
        .chars()
        .find(|c| c.is_alphanumeric())
        .is_some_and(char::is_lowercase)
}

pub(super) fn begins_large(words: &str) -> bool {
    let first = words.chars().find(|c| c.is_alphanumeric());
    first.is_some_and(|c| !c.is_lowercase())
}

pub(super) fn count_words(words: &str) -> usize {
    words.split_whitespace().count()
}

/// The words with every number as `#`.
pub(super) fn shape(words: &str) -> String {
    let mut shape = String::new();
    let mut in_digits = false;
    for c in words.chars() {
        let digit = c.is_ascii_digit();
        if !digit {
            shape.push(c);
        } else if !in_digits {
            shape.push('#');
        }
        in_digits = digit;
    }
    super::super::anchor::flatten(&shape)
}
