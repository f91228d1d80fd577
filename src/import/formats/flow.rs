//! The text that a reader makes: paragraphs with an empty line between them, and marks.

use super::Extract;

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
}

/// An inline that is open: how it is written, and its number once it has begun.
struct Inline {
    open: &'static str,
    close: String,
    begun: Option<u32>,
}

/// Builds a text.
#[derive(Default)]
pub(super) struct Flow {
    pub(super) text: String,
    pub(super) marks: Vec<Marked>,
    space: bool,
    /// A paragraph ends before the next word.
    broken: bool,
    inlines: Vec<Inline>,
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
        self.catch_up();
        self.begin_inlines();
        self.text.push(c);
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

    fn begin_inlines(&mut self) {
        let at = self.text.len();
        for inline in self
            .inlines
            .iter_mut()
            .filter(|inline| inline.begun.is_none())
        {
            self.pairs += 1;
            inline.begun = Some(self.pairs);
            self.marks.push(Marked {
                start: at,
                end: at,
                what: What::Open(self.pairs, inline.open.to_string()),
            });
        }
    }

    /// A paragraph ends here; what is open goes on in the next one.
    pub(super) fn end_paragraph(&mut self) {
        for at in (0..self.inlines.len()).rev() {
            self.close_mark(at);
        }
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

    pub(super) fn open(&mut self, open: &'static str, close: impl Into<String>) {
        self.inlines.push(Inline {
            open,
            close: close.into(),
            begun: None,
        });
    }

    /// Closes the innermost inline that was opened in this way.
    pub(super) fn close(&mut self, open: &str) {
        if let Some(at) = self.inlines.iter().rposition(|inline| inline.open == open) {
            for inner in (at..self.inlines.len()).rev() {
                self.close_mark(inner);
            }
            self.inlines.remove(at);
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
        self.marks.retain(|mark| mark.end <= length);
        self.marks.sort_by_key(|mark| mark.start);
        Extract {
            text: self.text,
            marks: self.marks,
            ..Extract::default()
        }
    }
}
