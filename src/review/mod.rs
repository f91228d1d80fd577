//! A composed book read as an editor reads proofs: what the vocabularies do not cover yet,
//! and how the index, the glossary and the chronology stand by the rules of the trade.
//! Nothing here changes a book; a person decides.

use std::cell::OnceCell;

use crate::apparatus::Apparatus;
use crate::edition::Edition;
use crate::edition::index::{Entry, Locator, locators, page_numbers};
use crate::edition::survey::{Survey, Text};
use crate::manifest::{ApparatusSettings, Chapter};
use crate::pages::Pages;
use crate::review::names::Find;
use crate::source::{PassageId, Position};

mod measure;
mod names;
pub mod occurring;
pub mod passages;
pub mod report;
pub mod rules;
mod shares;
pub mod suggest;
pub mod table;
pub mod told;
mod variants;

/// What a review looks at.
pub struct Proofs<'b> {
    pub edition: &'b Edition,
    pub pages: &'b Pages,
    pub apparatus: &'b Apparatus,
    pub settings: &'b ApparatusSettings,
    /// What each section was made from, in running order.
    pub chapters: &'b [Chapter],
    /// The book read over, once for all who ask.
    read: OnceCell<Survey>,
    found: OnceCell<Vec<Find>>,
}

impl<'b> Proofs<'b> {
    /// A book as it is to be read.
    pub fn new(
        edition: &'b Edition,
        pages: &'b Pages,
        apparatus: &'b Apparatus,
        (settings, chapters): (&'b ApparatusSettings, &'b [Chapter]),
    ) -> Proofs<'b> {
        Proofs {
            edition,
            pages,
            apparatus,
            settings,
            chapters,
            read: OnceCell::new(),
            found: OnceCell::new(),
        }
    }

    /// Its passages with the words in them that the vocabularies know.
    fn survey(&self) -> &Survey {
        self.read
            .get_or_init(|| Survey::of(self.edition, self.apparatus))
    }

    /// Every name, acronym and foreign word in them.
    fn finds(&self) -> &[Find] {
        self.found.get_or_init(|| names::find(self.survey()))
    }

    /// The printed pages of some places: `5, 17, 21–23`.
    fn folios(&self, positions: &[Position]) -> String {
        let elision = self.edition.setting.elision;
        let pages = page_numbers(positions, elision, &|position| {
            self.pages.folio_of(position)
        });
        let numbers: Vec<String> = pages.into_iter().map(|locator| locator.text).collect();
        numbers.join(", ")
    }

    /// The locators of an index heading, as they are printed.
    fn locators(&self, entry: &Entry) -> Vec<Locator> {
        let elision = self.edition.setting.elision;
        locators(&entry.postings, elision, &|place| {
            self.pages.folio_of(place)
        })
    }
}

/// A place in a passage.
fn position(passage: PassageId, at: usize) -> Position {
    Position {
        passage,
        offset: u32::try_from(at).unwrap_or(u32::MAX),
    }
}

/// A few words of a text around a stretch of it, on one line.
fn context(text: &Text, start: usize, end: usize) -> String {
    const AROUND: usize = 36;
    let plain = &text.plain;
    let from = plain[..start]
        .char_indices()
        .rev()
        .take(AROUND)
        .last()
        .map_or(start, |(at, _)| at);
    let to = plain[end..]
        .char_indices()
        .nth(AROUND)
        .map_or(plain.len(), |(at, _)| end + at);
    let cut_before = plain[from..start].find(' ').filter(|_| from > 0);
    let cut_after = plain[end..to].rfind(' ').filter(|_| to < plain.len());
    let from = cut_before.map_or(from, |at| from + at + 1);
    let to = cut_after.map_or(to, |at| end + at);
    let words: Vec<&str> = plain[from..to].split_whitespace().collect();
    let before = if from > 0 { "… " } else { "" };
    let after = if to < plain.len() { " …" } else { "" };
    format!("{before}{}{after}", words.join(" "))
}
