//! Whether words stand on the pages whose numbers the book quotes.

use std::collections::BTreeMap;

use super::MOST;
use super::compare::Alignment;
use super::expected::{Expected, ExpectedWord};
use super::found::{Found, FoundWord};
use crate::diag::{Code, Report};
use crate::edition::index::Entry;
use crate::pages::Pages;
use crate::source::{PassageId, Position};

/// The pages on which a file really has the book's words, by passage and offset.
pub(super) struct Stands(BTreeMap<PassageId, Vec<(u32, u32)>>);

impl Stands {
    /// The places of the main text.
    pub(super) fn new(
        expected: &Expected<'_>,
        found: &[FoundWord],
        alignment: &Alignment,
    ) -> Stands {
        let mut stands = Stands(BTreeMap::new());
        for (word, matched) in expected.main.iter().zip(&alignment.matched) {
            let matched = matched.and_then(|at| found.get(at as usize));
            stands.add(expected, word, matched);
        }
        stands
    }

    /// The places of the notes, whose words agree one by one.
    pub(super) fn add_notes(
        &mut self,
        expected: &Expected<'_>,
        found: &Found,
        matched: &[Option<usize>],
    ) {
        for (note, matched) in expected.notes.iter().zip(matched) {
            let found = matched.and_then(|at| found.notes.get(at));
            for (word, found) in note.iter().zip(found.into_iter().flatten()) {
                self.add(expected, word, Some(found));
            }
        }
    }

    fn add(&mut self, expected: &Expected<'_>, word: &ExpectedWord, found: Option<&FoundWord>) {
        let page = found.and_then(|found| found.page);
        if let (Some(page), false) = (page, word.filled_in) {
            let position = expected.position(word);
            let passage = self.0.entry(position.passage).or_default();
            passage.push((position.offset, page));
        }
    }

    /// The page of the word that stands at a position, or of the last one before it.
    fn page(&self, position: Position) -> Option<u32> {
        let words = self.0.get(&position.passage)?;
        let after = words.partition_point(|(offset, _)| *offset <= position.offset);
        words.get(after.saturating_sub(1)).map(|(_, page)| *page)
    }
}

/// Checks that the typesetter's record of places, from which every page number in the book
/// is taken, is what the pages show.
pub(super) fn check_pages(
    words: &[(ExpectedWord, u32)],
    expected: &Expected<'_>,
    pages: &Pages,
    report: &mut Report,
) {
    let mut wrong = 0;
    let mut last = None;
    for (word, page) in words {
        let Some(place) = pages.places.find(expected.position(word)) else {
            continue;
        };
        if place.page == *page || last == Some(word.passage) {
            continue;
        }
        last = Some(word.passage);
        wrong += 1;
        if wrong <= MOST {
            let message = format!(
                "this stands on page {} of the PDF, but page numbers that lead to it say {}",
                number(pages, *page),
                number(pages, place.page)
            );
            report.error(Code::WrongPage, expected.span(word), message);
        }
    }
}

fn number(pages: &Pages, page: u32) -> String {
    let folio = pages.pages.get(page as usize).and_then(|page| page.folio);
    folio.map_or("without a number".into(), |folio| folio.to_string())
}

/// Checks that every locator of the index names a page that holds what it stands for.
pub(super) fn check_index(entries: &[Entry], stands: &Stands, pages: &Pages, report: &mut Report) {
    for entry in entries {
        for position in entry
            .postings
            .iter()
            .flat_map(|posting| [posting.from, posting.to])
        {
            let found = stands.page(position);
            let shown = found.and_then(|page| pages.pages.get(page as usize)?.folio);
            let said = pages.folio_of(position);
            if said.is_some() && said != shown {
                let said = said.map_or(String::new(), |folio| folio.to_string());
                let message = format!(
                    "the index sends readers of “{}” to page {said}, which does not hold it",
                    entry.term.plain()
                );
                let diagnostic = report.error(Code::WrongPage, entry.term.span, message);
                if let Some(page) = found {
                    diagnostic.help(format!("it stands on page {}", number(pages, page)));
                }
            }
        }
        check_index(&entry.subentries, stands, pages, report);
    }
}

/// A locator as a file's index has it.
pub(super) struct Locator {
    /// `21–23`, `40n4`, `40t`, `ix`.
    pub(super) said: String,
    /// The labels of the pages of what its link leads to, in order.
    pub(super) pages: Vec<String>,
}

/// Checks that each locator in a file's index leads to the page that it names.
pub(super) fn check_locators(locators: &[Locator], file: &str, report: &mut Report) {
    let wrong = locators.iter().filter(|Locator { said, pages }| {
        let digits = said
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(said.len());
        let first = match digits {
            0 => said.split('–').next().unwrap_or_default(),
            digits => &said[..digits],
        };
        // A note that had no room stands on the page after its call, to which the link leads.
        let before = first.parse().ok().and_then(|page: u32| page.checked_sub(1));
        let before = before.filter(|_| said[digits..].starts_with('n'));
        let before = before.map(|page| page.to_string());
        let names = |page: &String| *page == first.trim() || Some(page) == before.as_ref();
        !pages.iter().any(names)
    });
    for Locator { said, pages } in wrong.take(MOST) {
        let page = pages.first().map_or("", String::as_str);
        let message = format!("“{said}” in the index of the {file} leads to page {page}");
        report.error(Code::WrongPage, None, message);
    }
}

/// Checks that an e-book's page breaks stand where the printed pages begin: the words before
/// one on an earlier page, those after it on that page or, where it has no words, later.
pub(super) fn check_breaks(
    breaks: &[(String, usize)],
    alignment: &Alignment,
    expected: &Expected<'_>,
    pages: &Pages,
    report: &mut Report,
) {
    let by_number = super::by_number(pages);
    let matched = alignment.matched.iter().enumerate();
    let book: BTreeMap<usize, usize> = matched
        .filter_map(|(at, found)| Some(((*found)? as usize, at)))
        .collect();
    let page_of = |found: usize| {
        let word = &expected.main[*book.get(&found)?];
        let place = pages.places.find(expected.position(word))?;
        (!word.filled_in).then_some(place.page)
    };
    for (label, at) in breaks {
        let Some(page) = by_number.get(label) else {
            let message = format!("the EPUB has a break of page {label}, which was not set");
            report.error(Code::WrongPage, None, message);
            continue;
        };
        let before = at.checked_sub(1).and_then(page_of);
        let after = page_of(*at);
        if before.is_some_and(|before| before >= *page) || after.is_some_and(|after| after < *page)
        {
            let near = book.get(at);
            let span = near.and_then(|near| expected.span(&expected.main[*near]));
            let message = format!("page {label} does not begin here in print, as the EPUB says");
            report.error(Code::WrongPage, span, message);
        }
    }
}
