//! What a finished file holds, in the form in which both kinds are compared with the book.

use super::words::{Word, Words, split};

/// The text of a file.
#[derive(Default)]
pub(super) struct Found {
    /// Everything but the notes, in the order of reading.
    pub(super) main: Vec<FoundWord>,
    /// Each note without its label, in the order of the file.
    pub(super) notes: Vec<Vec<FoundWord>>,
    /// The calls of notes in the main text, each with how many of its words stand before it.
    pub(super) calls: Vec<(Call, usize)>,
}

/// The call of a note.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) label: String,
    pub(super) lead: Lead,
}

/// Where a call leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lead {
    /// To a note, by its place among those of the file.
    Note(usize),
    /// To a page, by its place among all.
    Page(u32),
    Nowhere,
}

/// A word of a file.
#[derive(Clone, Copy, Debug)]
pub(super) struct FoundWord {
    pub(super) word: Word,
    /// The printed page that it stands on, by its place among all pages.
    pub(super) page: Option<u32>,
}

/// Gathers text piece by piece; a word may go on from one piece to the next.
#[derive(Default)]
pub(super) struct Gatherer {
    text: String,
    /// Where each piece begins in the text, and its page.
    pieces: Vec<(usize, Option<u32>)>,
}

impl Gatherer {
    /// Adds text that stands on a page.
    pub(super) fn push(&mut self, text: &str, page: Option<u32>) {
        if self.pieces.last().is_none_or(|(_, last)| *last != page) {
            self.pieces.push((self.text.len(), page));
        }
        self.text.push_str(text);
    }

    /// Ends a word, where a block of text begins or ends.
    pub(super) fn part(&mut self) {
        self.text.push('\n');
    }

    /// How much text there is.
    pub(super) fn length(&self) -> usize {
        self.text.len()
    }

    /// The words gathered, each with the page on which it begins.
    pub(super) fn finish(self, words: &mut Words) -> Vec<FoundWord> {
        self.finish_with(Vec::<((), usize)>::new(), words).0
    }

    /// The same, and for places in the text how many words stand before each.
    pub(super) fn finish_with<T>(
        self,
        places: Vec<(T, usize)>,
        words: &mut Words,
    ) -> (Vec<FoundWord>, Vec<(T, usize)>) {
        let mut found = Vec::new();
        let mut counted = Vec::with_capacity(places.len());
        let mut places = places.into_iter().peekable();
        let mut pieces = self.pieces.iter().copied().peekable();
        let mut page = None;
        split(&self.text, &mut |word, at| {
            while let Some((_, next)) = pieces.next_if(|(start, _)| *start <= at) {
                page = next;
            }
            while let Some((place, _)) = places.next_if(|(_, start)| *start <= at) {
                counted.push((place, found.len()));
            }
            found.push(FoundWord {
                word: words.number(word),
                page,
            });
        });
        counted.extend(places.map(|(place, _)| (place, found.len())));
        (found, counted)
    }
}
