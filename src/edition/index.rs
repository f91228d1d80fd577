//! The index: headings with the places that they stand for, and their locators once the
//! pages are known.

use crate::edition::Target;
use crate::manifest::Elision;
use crate::source::Position;
use crate::text::{Inline, Passage};
use crate::units::{Folio, Numerals};

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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PostingPlace {
    Text,
    /// With the note's own number.
    Note(NoteNumber),
    Table,
    Figure,
}

/// The number of a note in its section and series; the editors' stand in brackets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NoteNumber {
    pub number: u32,
    pub editors: bool,
}

impl NoteNumber {
    /// What a note's label says: `4`, `[4]`.
    pub fn of(label: &str) -> NoteNumber {
        NoteNumber {
            number: label.trim_matches(['[', ']']).parse().unwrap_or_default(),
            editors: label.starts_with('['),
        }
    }
}

/// A *see* or *see also*.
#[derive(Clone, Debug)]
pub struct CrossReference {
    /// The heading's printed form, or in general words which headings are meant.
    pub words: Vec<Inline<Target>>,
    /// The heading; `None` for a general reference (*names of parties*), which is set in
    /// italics and comes last.
    pub to: Option<Position>,
}

/// A page number or a range of them, as the index prints it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Locator {
    /// `21`, `21–23`, `ix`, `40n4`.
    pub text: String,
    pub to: Position,
    /// How many pages it names.
    pub pages: u32,
}

/// The locators of some postings, where `folio_of` tells the printed page of a position.
///
/// Each page is named once. Continuous discussion over several pages is a range, separate
/// mentions stay apart even on pages that follow each other (rule I13); a mention on a page
/// that a range covers is not named again. A page where only a note, a table or a caption
/// says it has the letter `n` with the note's number, `t` or `f` (rule I21).
pub fn locators(
    postings: &[Posting],
    elision: Elision,
    folio_of: &dyn Fn(Position) -> Option<Folio>,
) -> Vec<Locator> {
    let mut stretches: Vec<Stretch> = postings
        .iter()
        .filter_map(|posting| {
            let (from, to) = (folio_of(posting.from)?, folio_of(posting.to)?);
            Some(Stretch {
                first: from,
                // A range is of one kind of numerals.
                last: if to.numerals == from.numerals {
                    to.max(from)
                } else {
                    from
                },
                place: posting.place,
                to: posting.from,
            })
        })
        .collect();
    // On one page the text comes before what stands beside it; ties stay in reading order.
    stretches.sort_by_key(|stretch| (stretch.first, stretch.place));
    let mut merged: Vec<Stretch> = Vec::new();
    for stretch in stretches {
        let covered = merged.iter_mut().rev().take(COVERING).find(|earlier| {
            stretch.first <= earlier.last
                && (earlier.place == PostingPlace::Text || earlier.place == stretch.place)
        });
        match covered {
            Some(earlier) => earlier.last = earlier.last.max(stretch.last),
            None => merged.push(stretch),
        }
    }
    merged
        .iter()
        .map(|stretch| stretch.locator(elision))
        .collect()
}

/// A stretch that covers the next can stand no further back than this: after it there is
/// at most one locator each for notes, tables and figures on its last page.
const COVERING: usize = 4;

/// Pages that a locator names.
struct Stretch {
    first: Folio,
    last: Folio,
    place: PostingPlace,
    to: Position,
}

impl PostingPlace {
    /// What stands after the page number: `n4`, `n[1]`, `t`, `f`.
    pub(super) fn letter(self) -> String {
        match self {
            PostingPlace::Text => String::new(),
            PostingPlace::Note(note) if note.editors => format!("n[{}]", note.number),
            PostingPlace::Note(note) => format!("n{}", note.number),
            PostingPlace::Table => "t".into(),
            PostingPlace::Figure => "f".into(),
        }
    }
}

impl Stretch {
    fn locator(&self, elision: Elision) -> Locator {
        let letter = self.place.letter();
        let text = if self.last > self.first {
            range(self.first, self.last, elision)
        } else {
            format!("{}{letter}", self.first)
        };
        Locator {
            text,
            to: self.to,
            pages: self.last.number.saturating_sub(self.first.number) + 1,
        }
    }
}

/// The page numbers of some places, each once and in order, several in a row as a range.
pub fn page_numbers(
    positions: &[Position],
    elision: Elision,
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
            _ => range(first, last, elision),
        };
        Locator {
            text,
            to,
            pages: last.number - first.number + 1,
        }
    };
    folios.chunk_by(in_a_row).map(locator).collect()
}

/// A range of pages, its last number as far as the style writes it: `121–123`, `121–23`.
pub(super) fn range(first: Folio, last: Folio, elision: Elision) -> String {
    let (from, to) = (first.to_string(), last.to_string());
    let plain = first.numerals == Numerals::Arabic && from.len() == to.len();
    let same = from.bytes().zip(to.bytes()).take_while(|(a, b)| a == b);
    let changed = to.len() - same.count();
    let written = match elision {
        _ if !plain => to.len(),
        Elision::Full => to.len(),
        // Up to 100, and after a whole hundred, nothing is left out; after 101 to 109 only
        // what changes is written, elsewhere two figures at least.
        Elision::Chicago if first.number < 100 || first.number.is_multiple_of(100) => to.len(),
        Elision::Chicago if first.number % 100 < 10 => changed,
        Elision::Chicago => changed.max(2),
        Elision::Minimal if last.number / 10 % 10 == 1 => changed.max(2),
        Elision::Minimal => changed,
    };
    format!("{from}–{}", &to[to.len() - written..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::PassageId;

    /// The locators of postings given as pages: (first, last, place). A page's number is its
    /// passage's; pages below 1 are roman.
    fn shown(pages: &[(u32, u32, PostingPlace)]) -> String {
        let at = |page: u32| Position {
            passage: PassageId(page),
            offset: 0,
        };
        let postings: Vec<Posting> = pages
            .iter()
            .map(|&(first, last, place)| Posting {
                from: at(first),
                to: at(last),
                place,
            })
            .collect();
        let folio = |position: Position| {
            let number = position.passage.0;
            let roman = (900..1000).contains(&number);
            (number < 1000).then_some(Folio {
                numerals: if roman {
                    Numerals::Roman
                } else {
                    Numerals::Arabic
                },
                number: if roman { number - 900 } else { number },
            })
        };
        let locators = locators(&postings, Elision::Full, &folio);
        let texts: Vec<String> = locators.into_iter().map(|locator| locator.text).collect();
        texts.join(", ")
    }

    use PostingPlace::{Figure, Table, Text};

    #[expect(non_upper_case_globals, reason = "it stands beside the other places")]
    const Note: PostingPlace = PostingPlace::Note(NoteNumber {
        number: 4,
        editors: false,
    });

    #[test]
    fn notes_of_one_page_are_told_apart() {
        let editors = PostingPlace::Note(NoteNumber::of("[1]"));
        assert_eq!(
            shown(&[(40, 40, Note), (40, 40, editors), (40, 40, Note)]),
            "40n[1], 40n4"
        );
    }

    #[test]
    fn separate_mentions_stay_apart() {
        assert_eq!(
            shown(&[(21, 21, Text), (22, 22, Text), (23, 23, Text)]),
            "21, 22, 23"
        );
        assert_eq!(
            shown(&[(21, 21, Text), (21, 21, Text), (40, 40, Text)]),
            "21, 40"
        );
    }

    #[test]
    fn continuous_discussion_is_a_range() {
        assert_eq!(shown(&[(21, 23, Text)]), "21–23");
        assert_eq!(
            shown(&[
                (21, 21, Text),
                (21, 23, Text),
                (22, 22, Text),
                (24, 24, Text)
            ]),
            "21–23, 24"
        );
        assert_eq!(shown(&[(21, 23, Text), (23, 25, Text)]), "21–25");
        assert_eq!(shown(&[(21, 21, Text), (23, 25, Text)]), "21, 23–25");
    }

    #[test]
    fn what_stands_beside_the_text_is_told_apart() {
        assert_eq!(
            shown(&[(40, 40, Note), (41, 41, Text), (41, 41, Note)]),
            "40n4, 41"
        );
        assert_eq!(shown(&[(40, 40, Note), (40, 40, Text)]), "40");
        assert_eq!(
            shown(&[
                (40, 40, Note),
                (40, 40, Table),
                (40, 40, Note),
                (40, 40, Figure)
            ]),
            "40n4, 40t, 40f"
        );
        assert_eq!(
            shown(&[
                (39, 41, Text),
                (40, 40, Note),
                (41, 41, Table),
                (42, 42, Figure)
            ]),
            "39–41, 42f"
        );
    }

    #[test]
    fn ranges_are_shortened_as_the_style_has_it() {
        let pages = |numerals, number| Folio { numerals, number };
        let shown = |from: u32, to: u32| {
            let (from, to) = (pages(Numerals::Arabic, from), pages(Numerals::Arabic, to));
            [Elision::Full, Elision::Chicago, Elision::Minimal]
                .map(|elision| range(from, to, elision))
                .join(" ")
        };
        for (from, to, expected) in [
            (121, 123, "121–123 121–23 121–3"),
            (3, 10, "3–10 3–10 3–10"),
            (71, 72, "71–72 71–72 71–2"),
            (96, 117, "96–117 96–117 96–117"),
            (100, 104, "100–104 100–104 100–4"),
            (101, 108, "101–108 101–8 101–8"),
            (107, 112, "107–112 107–12 107–12"),
            (113, 115, "113–115 113–15 113–15"),
            (498, 532, "498–532 498–532 498–532"),
            (1087, 1089, "1087–1089 1087–89 1087–9"),
            (1496, 1500, "1496–1500 1496–500 1496–500"),
        ] {
            assert_eq!(shown(from, to), expected);
        }
        let roman = |elision| {
            let (first, last) = (pages(Numerals::Roman, 21), pages(Numerals::Roman, 23));
            range(first, last, elision)
        };
        assert_eq!(roman(Elision::Minimal), "xxi–xxiii");
    }

    #[test]
    fn roman_pages_come_first_and_unset_places_are_left_out() {
        assert_eq!(
            shown(&[(3, 3, Text), (909, 911, Text), (1000, 1000, Text)]),
            "ix–xi, 3"
        );
        assert_eq!(shown(&[]), "");
    }
}
