//! A composed book read as an editor reads proofs: what the vocabularies do not cover yet,
//! and how the index, the glossary and the chronology stand by the rules of the trade.
//! Nothing here changes a book; a person decides.

use crate::apparatus::Apparatus;
use crate::edition::Edition;
use crate::edition::index::{Entry, Locator, locators, page_numbers};
use crate::edition::survey::Text;
use crate::manifest::{ApparatusSettings, Chapter};
use crate::pages::Pages;
use crate::source::{PassageId, Position};

mod dates;
mod measure;
mod names;
pub mod occurring;
pub mod passages;
pub mod report;
pub mod rules;
pub mod suggest;
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
}

impl Proofs<'_> {
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
