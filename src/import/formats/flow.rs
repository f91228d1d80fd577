//! The text that a reader makes: paragraphs with an empty line between them, and marks.

use std::collections::BTreeMap;

use super::Extract;

/// How the end of words of a language begins; its tag and a bracket follow.
pub(in super::super) const LANGUAGE_END: &str = "](lang:";

/// What markup says of a stretch of the text, or of a place in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Marked {
    pub(in super::super) start: usize,
    pub(in super::super) end: usize,
    pub(in super::super) what: What,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) enum What {
    Title,
    Heading(u8),
    Quote,
    List,
    Item(Option<u64>),
    Table,
    /// What divides two cells.
    Cell,
    Break,
    /// Markdown that opens or closes a pair.
    Open(u32, String),
    Close(u32, String),
    Call(String),
    Note(String),
    Furniture,
    /// A picture stands here, or above its caption; `path` is that of its file.
    Picture {
        path: String,
        /// What it shows, in words.
        alt: String,
    },
}

/// An inline that is open: what it is, how its end is written, and its number once it has
/// begun.
struct Inline {
    kind: &'static str,
    close: String,
    begun: Option<u32>,
}

/// Words of another language, as an inline. They are written as links are.
const LANGUAGE: &str = "lang";
const LINK: &str = "[";
/// So many inlines may be open at once; what is deeper looks like what is around it.
const DEEPEST: usize = 24;

/// Builds a text.
#[derive(Default)]
pub(super) struct Flow {
    pub(super) text: String,
    pub(super) marks: Vec<Marked>,
    space: bool,
    /// A paragraph ends before the next word.
    broken: bool,
    inlines: Vec<Inline>,
    /// How many are open beyond those, by what they are.
    deeper: BTreeMap<&'static str, usize>,
    /// Whether those that are open have all begun that can.
    settled: bool,
    pairs: u32,
}

impl Flow {
    /// Running words; white space in them is one space.
    pub(super) fn words(&mut self, words: &str) {
        for c in words.chars() {
            if c.is_ascii_whitespace() || c == '\u{feff}' {
                self.space = true;
            } else {
                self.letter(c);
            }
        }
    }

    fn letter(&mut self, c: char) {
        let goes_on = !self.space && !self.broken;
        if goes_on && c.is_alphanumeric() {
            self.draw_in();
        }
        self.catch_up();
        // Emphasis that begins with a sign right behind a letter would not be read as such.
        let waits = !c.is_alphanumeric() && self.text.ends_with(char::is_alphanumeric);
        if !self.settled && !waits {
            self.begin_inlines();
        }
        self.text.push(c);
    }

    /// Emphasis that ends with a sign right before a letter would not be read as such: it
    /// ends before the sign.
    fn draw_in(&mut self) {
        let end = self.text.len();
        let inner = self.text.trim_end_matches(|c: char| !c.is_alphanumeric());
        let inner = inner.len();
        let last = self.marks.iter_mut().rev();
        for mark in last.take_while(|mark| mark.end == end && inner < end) {
            if matches!(&mark.what, What::Close(_, close) if close.starts_with('*')) {
                (mark.start, mark.end) = (inner, inner);
            }
        }
    }

    /// Writes what stands between the last word and the next.
    fn catch_up(&mut self) {
        if self.broken && !self.text.is_empty() {
            self.text.push_str("\n\n");
        } else if self.space && !self.text.is_empty() && !self.text.ends_with(['\n', '\t']) {
            self.text.push(' ');
        }
        self.broken = false;
        self.space = false;
    }

    /// Begins what is open and has not begun. Links and languages do not nest: words in a
    /// link are a link, and else of the innermost language.
    fn begin_inlines(&mut self) {
        self.settled = true;
        let is = |kind: &'static str| move |inline: &Inline| inline.kind == kind;
        let in_link = self.inlines.iter().any(is(LINK));
        let language = self.inlines.iter().rposition(is(LANGUAGE));
        let begins = |(at, inline): (usize, &Inline)| {
            inline.kind != LANGUAGE || !in_link && Some(at) == language
        };
        let inlines = self.inlines.iter().enumerate();
        let begins: Vec<bool> = inlines.map(begins).collect();
        let as_it_is = |(inline, begins): (&Inline, &bool)| inline.begun.is_some() == *begins;
        let first = self
            .inlines
            .iter()
            .zip(&begins)
            .position(|it| !as_it_is(it));
        let Some(first) = first else { return };
        for at in (first..self.inlines.len()).rev() {
            self.close_mark(at);
        }
        let start = self.text.len();
        for (inline, begins) in self.inlines.iter_mut().zip(begins).skip(first) {
            if !begins {
                continue;
            }
            self.pairs += 1;
            inline.begun = Some(self.pairs);
            let open = if inline.kind == LANGUAGE {
                LINK
            } else {
                inline.kind
            };
            self.marks.push(Marked {
                start,
                end: start,
                what: What::Open(self.pairs, open.to_string()),
            });
        }
    }

    /// A paragraph ends here; what is open goes on in the next one.
    pub(super) fn end_paragraph(&mut self) {
        for at in (0..self.inlines.len()).rev() {
            self.close_mark(at);
        }
        self.settled = false;
        self.broken = true;
        self.space = false;
    }

    /// A line ends, and not a paragraph.
    pub(super) fn end_line(&mut self) {
        if !self.broken && !self.text.is_empty() {
            self.end_paragraph();
        }
    }

    /// A cell ends and another begins.
    pub(super) fn cell(&mut self) {
        self.catch_up();
        let start = self.text.len();
        self.text.push('\t');
        self.mark(start, What::Cell);
    }

    /// Opens an inline: emphasis by the signs that it is written with, or a link.
    pub(super) fn open(&mut self, kind: &'static str, close: impl Into<String>) {
        if self.inlines.len() >= DEEPEST {
            *self.deeper.entry(kind).or_default() += 1;
            return;
        }
        let close = close.into();
        let begun = self.goes_on(&close);
        self.settled &= begun.is_some();
        self.inlines.push(Inline { kind, close, begun });
    }

    /// Words of a language begin.
    pub(super) fn open_language(&mut self, tag: &str) {
        self.open(LANGUAGE, format!("{LANGUAGE_END}{tag})"));
    }

    pub(super) fn close_language(&mut self) {
        self.close(LANGUAGE);
    }

    /// The pair that was closed last, when nothing stands behind it: what is opened in the
    /// same way goes on with it.
    fn goes_on(&mut self, close: &str) -> Option<u32> {
        let last = self.marks.last()?;
        let What::Close(pair, closed) = &last.what else {
            return None;
        };
        if closed != close || last.end < self.text.len() {
            return None;
        }
        let pair = *pair;
        if self.broken || self.inlines.iter().any(|inline| inline.begun.is_none()) {
            return None;
        }
        self.marks.pop();
        Some(pair)
    }

    /// Closes the innermost inline of a kind.
    pub(super) fn close(&mut self, kind: &str) {
        if let Some(deeper) = self.deeper.get_mut(kind).filter(|deeper| **deeper > 0) {
            *deeper -= 1;
        } else if let Some(at) = self.inlines.iter().rposition(|inline| inline.kind == kind) {
            for inner in (at..self.inlines.len()).rev() {
                self.close_mark(inner);
            }
            self.inlines.remove(at);
            self.settled = false;
        }
    }

    fn close_mark(&mut self, at: usize) {
        let inline = &mut self.inlines[at];
        if let Some(pair) = inline.begun.take() {
            let at = self.text.len();
            let what = What::Close(pair, inline.close.clone());
            self.marks.push(Marked {
                start: at,
                end: at,
                what,
            });
        }
    }

    /// Where the next word will stand.
    pub(super) fn next(&mut self) -> usize {
        if self.text.is_empty() {
            0
        } else if self.broken {
            self.text.len() + 2
        } else {
            self.text.len()
        }
    }

    /// Marks what was written from a place on.
    pub(super) fn mark(&mut self, start: usize, what: What) {
        let end = self.text.len();
        if start < end {
            self.marks.push(Marked { start, end, what });
        }
    }

    /// Marks a place, where the next word will stand.
    pub(super) fn place(&mut self, what: What) {
        let at = self.next();
        self.marks.push(Marked {
            start: at,
            end: at,
            what,
        });
    }

    /// A picture at the place where the next word will stand.
    pub(super) fn picture(&mut self, path: String, alt: String) {
        self.place(What::Picture { path, alt });
    }

    /// A note's call right behind the last word.
    pub(super) fn call(&mut self, label: &str) {
        let at = self.text.len();
        self.marks.push(Marked {
            start: at,
            end: at,
            what: What::Call(label.to_string()),
        });
    }

    /// The text, and its marks in order; places that no word came to stand at are dropped.
    pub(super) fn finish(mut self) -> Extract {
        self.end_paragraph();
        let length = self.text.len();
        for mark in &mut self.marks {
            if matches!(mark.what, What::Picture { .. }) {
                (mark.start, mark.end) = (mark.start.min(length), mark.end.min(length));
            }
        }
        self.marks.retain(|mark| mark.end <= length);
        self.marks.sort_by_key(|mark| mark.start);
        Extract {
            text: self.text,
            marks: self.marks,
            ..Extract::default()
        }
    }
}
