//! Page numbers: which page each section begins on, what number it bears, and where every
//! passage stands.

use std::cell::RefCell;

use crate::edition::{Edition, NoteId, index};
use crate::manifest::{ChapterKind, Elision, Openings, Part};
use crate::pages::{LinePlace, Places};
use crate::source::Position;
use crate::typeset::galley::{Galley, Matter, Row};
use crate::typeset::line::Line;
use crate::typeset::paragraph::Lookup;
use crate::typeset::section::{Book, Composed};
use crate::typeset::sheet::{RowRef, Sheet};
use crate::units::{Folio, Length, Numerals};

/// The pages of the book, in order.
#[derive(Clone, Debug, Default)]
pub struct Numbering {
    pub pages: Vec<Leaf>,
    /// By section: its first page; `None` for one that is not set yet.
    pub firsts: Vec<Option<usize>>,
    pub places: Places,
}

/// A page: its number, and the section and the sheet of it that it shows.
#[derive(Clone, Copy, Debug)]
pub struct Leaf {
    pub folio: Folio,
    /// `None` for a blank page.
    pub shows: Option<(usize, usize)>,
}

/// Numbers the pages of the sections that are set. Right-hand pages are the first, third
/// and so on; where a section must begin on one, a blank page may stand before it.
pub fn number(book: &Book<'_>, composed: &[Option<Composed>], top: Length) -> Numbering {
    let mut numbering = Numbering::default();
    let mut part = None;
    for (at, section) in composed.iter().enumerate() {
        let Some(section) = section else {
            numbering.firsts.push(None);
            continue;
        };
        let now = book.edition.sections[at].part;
        if begins_recto(book, at) && numbering.pages.len() % 2 == 1 {
            numbering.add(None, part.unwrap_or(now));
        }
        part = Some(now);
        numbering.firsts.push(Some(numbering.pages.len()));
        for sheet in 0..section.sheets.len() {
            numbering.add(Some((at, sheet)), now);
        }
        numbering.place(section, top);
    }
    numbering
}

/// Whether a section begins on a right-hand page: titles that have a leaf of their own, the
/// first section of a part, and chapters where the edition has it so.
pub fn begins_recto(book: &Book<'_>, section: usize) -> bool {
    let sections = &book.edition.sections;
    let this = &sections[section];
    let before = section.checked_sub(1).map(|before| &sections[before]);
    let first = before
        .is_none_or(|before| before.part != this.part || before.kind == ChapterKind::PartTitle);
    let title = matches!(
        this.kind,
        ChapterKind::HalfTitle | ChapterKind::TitlePage | ChapterKind::PartTitle
    );
    let recto = book.styles.design.openings == Openings::Recto;
    title || first || (recto && this.part == Part::Body)
}

impl Numbering {
    fn add(&mut self, shows: Option<(usize, usize)>, part: Part) {
        let numerals = match part {
            Part::Front => Numerals::Roman,
            Part::Body | Part::Back => Numerals::Arabic,
        };
        let before = self.pages.last().map(|leaf| leaf.folio);
        let number = match before {
            Some(folio) if folio.numerals == numerals => folio.number + 1,
            _ => 1,
        };
        self.pages.push(Leaf {
            folio: Folio { numerals, number },
            shows,
        });
    }

    /// Records where the passages of a section stand, which begins with the last pages.
    fn place(&mut self, section: &Composed, top: Length) {
        let first = self.pages.len() - section.sheets.len();
        for line in &section.places {
            let page = u32::try_from(first + line.sheet).unwrap_or(u32::MAX);
            let last = self.places.find(Position {
                passage: line.position.passage,
                offset: u32::MAX,
            });
            if last.is_none_or(|last| last.page != page && last.offset <= line.position.offset) {
                let place = LinePlace {
                    offset: line.position.offset,
                    page,
                    top: (top + line.y).max(Length::ZERO),
                };
                self.places.set(line.position.passage, place);
            }
        }
    }

    /// The printed number of the page of a position.
    pub fn folio_of(&self, position: Position) -> Option<Folio> {
        let place = self.places.find(position)?;
        self.pages.get(place.page as usize).map(|leaf| leaf.folio)
    }
}

/// A line of a passage on a sheet of its section.
#[derive(Clone, Copy, Debug)]
pub struct PlacedLine {
    pub sheet: usize,
    pub position: Position,
    /// Its top, from that of the text area.
    pub y: Length,
}

/// Where the lines of a section's passages stand. A book is numbered several times, and few
/// of its sections change in between.
pub fn places(galley: &Galley, sheets: &[Sheet]) -> Vec<PlacedLine> {
    let mut lines = Vec::new();
    for (at, sheet) in sheets.iter().enumerate() {
        for placed in &sheet.placed {
            let parts = &row_of(galley, placed.row).parts;
            lines.extend(parts.iter().filter_map(|part| {
                let (passage, offset, rise) = match &part.matter {
                    Matter::Line {
                        line,
                        passage: Some(passage),
                        ..
                    } => (*passage, line.start, size_of(line)),
                    Matter::Anchor(passage) => (*passage, 0, Length::ZERO),
                    Matter::Line { passage: None, .. }
                    | Matter::Rule { .. }
                    | Matter::Picture { .. }
                    | Matter::Drawing { .. } => return None,
                };
                Some(PlacedLine {
                    sheet: at,
                    position: Position { passage, offset },
                    y: placed.at.y + part.y - rise,
                })
            }));
        }
    }
    lines
}

/// The row that a place on a sheet shows.
pub fn row_of(galley: &Galley, row: RowRef) -> &Row {
    match row {
        RowRef::Text(row) => &galley.rows[row],
        RowRef::Head(head, row) => &galley.heads[head][row],
        RowRef::Note(note, row) => &galley.notes[note].rows[row],
    }
}

/// How high the type of a line stands over its base line, an initial's too.
pub fn size_of(line: &Line) -> Length {
    line.pieces
        .iter()
        .map(|piece| piece.size + piece.rise.min(Length::ZERO))
        .max()
        .unwrap_or(Length::ZERO)
}

/// What is known of the pages while a section is set, and what the section asked of it.
pub struct Known<'a> {
    pub edition: &'a Edition,
    pub numbering: &'a Numbering,
    pub asked: RefCell<Asked>,
}

/// The questions that a section asked, with the answers it was given.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    folios: Vec<(Position, Option<Folio>)>,
    pages: Vec<(Vec<Position>, Vec<String>)>,
}

impl<'a> Known<'a> {
    /// What a numbering knows.
    pub fn new(edition: &'a Edition, numbering: &'a Numbering) -> Known<'a> {
        Known {
            edition,
            numbering,
            asked: RefCell::default(),
        }
    }

    /// The page number of a position, on record.
    pub fn folio_of(&self, position: Position) -> Option<Folio> {
        let folio = self.numbering.folio_of(position);
        self.asked.borrow_mut().folios.push((position, folio));
        folio
    }
}

impl Asked {
    /// Whether nothing was asked.
    pub fn is_empty(&self) -> bool {
        self.folios.is_empty() && self.pages.is_empty()
    }

    /// Whether all answers are still the same.
    pub fn holds(&self, numbering: &Numbering, elision: Elision) -> bool {
        let folios = self.folios.iter();
        let pages = self.pages.iter();
        folios
            .clone()
            .all(|(position, folio)| numbering.folio_of(*position) == *folio)
            && pages.clone().all(|(positions, texts)| {
                let now = page_numbers(positions, numbering, elision);
                now.len() == texts.len()
                    && now
                        .iter()
                        .zip(texts)
                        .all(|((text, _), before)| text == before)
            })
    }
}

impl Lookup for Known<'_> {
    fn label(&self, note: NoteId) -> &str {
        self.edition
            .notes
            .get(note.0 as usize)
            .map_or("", |note| &note.label)
    }

    fn pages(&self, positions: &[Position]) -> Vec<(String, Position)> {
        let pages = page_numbers(positions, self.numbering, self.edition.setting.elision);
        let texts = pages.iter().map(|(text, _)| text.clone()).collect();
        let question = (positions.to_vec(), texts);
        self.asked.borrow_mut().pages.push(question);
        pages
    }
}

/// The page numbers of some places, as they are printed.
fn page_numbers(
    positions: &[Position],
    numbering: &Numbering,
    elision: Elision,
) -> Vec<(String, Position)> {
    index::page_numbers(positions, elision, &|position| numbering.folio_of(position))
        .into_iter()
        .map(|number| (number.text, number.to))
        .collect()
}
