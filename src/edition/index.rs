//! The index: headings with the places that they stand for, and their locators once the
//! pages are known.

use crate::edition::Target;
use crate::source::Position;
use crate::text::{Inline, Passage};
use crate::units::Folio;

/// A heading or subheading of the index.
#[derive(Clone, Debug)]
pub struct Entry {
    /// `lincoln/policy`.
    pub id: String,
    /// Its printed form, as a passage of its own so that *see* can lead to it.
    pub term: Passage<Target>,
    /// The letter or sign that it is filed under, for the groups.
    pub group: String,
    /// In the order of the text.
    pub postings: Vec<Posting>,
    pub subentries: Vec<Entry>,
    pub see: Vec<CrossReference>,
    pub see_also: Vec<CrossReference>,
}

/// A stretch of text that a heading stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posting {
    pub from: Position,
    /// The last place of a continuous discussion; `from` for a single mention.
    pub to: Position,
    pub place: PostingPlace,
}

/// Where a posting stands, which its locator tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PostingPlace {
    Text,
    Note,
    Table,
    Figure,
}

/// A *see* or *see also*.
#[derive(Clone, Debug)]
pub struct CrossReference {
    /// The heading's printed form.
    pub words: Vec<Inline<Target>>,
    pub to: Position,
}

/// A page number or a range of them, as the index prints it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Locator {
    /// `21`, `21–23`, `ix`, `40n`.
    pub text: String,
    pub to: Position,
}

/// The locators of some postings, where `folio_of` tells the printed page of a position:
/// one a page, continuous discussion as a range, separate mentions apart.
pub fn locators(
    postings: &[Posting],
    folio_of: &dyn Fn(Position) -> Option<Folio>,
) -> Vec<Locator> {
    let mut locators: Vec<(Folio, Folio, Locator)> = Vec::new();
    for posting in postings {
        let (Some(first), Some(last)) = (folio_of(posting.from), folio_of(posting.to)) else {
            continue;
        };
        if let Some((_, end, locator)) = locators.last_mut() {
            if first <= *end {
                if last > *end {
                    *end = last;
                    let start = locator
                        .text
                        .split(['–', 'n', 't', 'f'])
                        .next()
                        .unwrap_or_default()
                        .to_string();
                    locator.text = range(&start, last);
                }
                continue;
            }
        }
        let text = if last > first {
            range(&first.to_string(), last)
        } else {
            first.to_string()
        };
        locators.push((
            first,
            last,
            Locator {
                text,
                to: posting.from,
            },
        ));
    }
    locators
        .into_iter()
        .map(|(_, _, locator)| locator)
        .collect()
}

/// The page numbers of some places, each once and in order, several in a row as a range.
pub fn page_numbers(
    positions: &[Position],
    folio_of: &dyn Fn(Position) -> Option<Folio>,
) -> Vec<Locator> {
    let mut folios: Vec<(Folio, Position)> = positions
        .iter()
        .filter_map(|&position| Some((folio_of(position)?, position)))
        .collect();
    folios.sort();
    folios.dedup_by_key(|(folio, _)| *folio);
    let in_a_row = |a: &(Folio, Position), b: &(Folio, Position)| {
        a.0.numerals == b.0.numerals && a.0.number + 1 == b.0.number
    };
    let locator = |row: &[(Folio, Position)]| {
        let ((first, to), (last, _)) = (row[0], row[row.len() - 1]);
        let text = match row {
            [_] => first.to_string(),
            _ => range(&first.to_string(), last),
        };
        Locator { text, to }
    };
    folios.chunk_by(in_a_row).map(locator).collect()
}

fn range(first: &str, last: Folio) -> String {
    format!("{first}–{last}")
}
