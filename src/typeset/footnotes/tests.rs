//! Notes over the pages of random galleys: each once, whole, in order, with its mark.

use std::sync::Arc;

use super::*;
use crate::edition::NoteId;
use crate::typeset::galley::{Matter, Part, Row, SetNote};
use crate::typeset::line::Line;
use crate::typeset::pagebreak::{Chosen, Shape, choose};

const LINE: Length = Length::pt(10);
const NOTE_LINE: Length = Length::pt(8);
const HEIGHT: Length = Length::pt(100);
const SHARING: Sharing = Sharing {
    measure: Length::pt(200),
    gap: Length::pt(16),
};

struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(7);
        usize::try_from((self.0 >> 33) % limit).expect("a small number")
    }
}

fn row(width: i64, height: Length) -> Row {
    let line = Line {
        width: Length::pt(width),
        ..Line::default()
    };
    let matter = Matter::Line {
        line: Arc::new(line),
        passage: None,
        tag: None,
        piece_tags: Vec::new(),
    };
    Row {
        parts: vec![Part {
            x: Length::ZERO,
            y: Length::ZERO,
            matter,
        }],
        ..Row::blank(height)
    }
}

/// Rows that each call up to `most` notes, now and then, of so many lines.
fn galley(seed: u64, most: u64, lengths: [usize; 5]) -> Galley {
    let mut random = Random(seed);
    let mut galley = Galley::new();
    for _ in 0..40 {
        let mut text = row(200, LINE);
        text.grid = true;
        let calls = match random.below(3) {
            0 => random.below(most + 1),
            _ => 0,
        };
        for _ in 0..calls {
            let id = NoteId(u32::try_from(galley.notes.len()).expect("few notes"));
            let lines = lengths[random.below(5)];
            let series = [Series::Author, Series::Glossary, Series::Editor][random.below(3)];
            let width = i64::try_from(random.below(150)).expect("narrow") + 20;
            galley.note_places.insert(id, galley.notes.len());
            galley.notes.push(SetNote {
                id,
                series,
                rows: (0..lines).map(|_| row(width, NOTE_LINE)).collect(),
            });
            text.calls.push(id);
        }
        galley.rows.push(text);
    }
    galley
}

fn pages(galley: &Galley, sharing: Option<Sharing>) -> Vec<Chosen> {
    let notes = Notes::of(galley, Length::pt(3), sharing);
    let shape = Shape {
        leading: LINE,
        height: &|_| HEIGHT,
        recto: true,
        note_gap: LINE,
        ragged: false,
    };
    choose(galley, &notes, &shape)
}

/// The page of each row's calls, by note.
fn marks(galley: &Galley, pages: &[Chosen]) -> Vec<usize> {
    let mut marks = vec![usize::MAX; galley.notes.len()];
    for (at, page) in pages.iter().enumerate() {
        for call in page.rows.iter().flat_map(|&row| &galley.rows[row].calls) {
            marks[galley.note_places[call]] = at;
        }
    }
    marks
}

/// What must hold of all pages; gives how many notes begin later than their marks.
fn check(galley: &Galley, pages: &[Chosen]) -> usize {
    let marks = marks(galley, pages);
    let mut done = vec![0; galley.notes.len()];
    let mut late = 0;
    let mut series_begun = [None; SERIES];
    for (at, page) in pages.iter().enumerate() {
        let mut height = Length::ZERO;
        for part in &page.notes {
            let note = &galley.notes[part.note];
            assert_eq!(part.rows.start, done[part.note], "goes on where it ended");
            assert!(part.rows.end > part.rows.start);
            if part.rows.start == 0 {
                assert!(marks[part.note] <= at, "not before its mark");
                late += usize::from(marks[part.note] < at);
                let series = &mut series_begun[series_place(note.series)];
                assert!(*series < Some(part.note), "in the order of their marks");
                *series = Some(part.note);
            }
            done[part.note] = part.rows.end;
            if part.x == Length::ZERO {
                height += part.space + note.height(part.rows.clone());
            }
        }
        assert_eq!(height, page.notes_height);
        let text = LINE * i64::try_from(page.rows.len()).expect("few rows");
        let gap = if height > Length::ZERO {
            LINE
        } else {
            Length::ZERO
        };
        assert!(text + gap + height <= HEIGHT, "page {at} is too full");
        let unbegun = (0..done.len()).find(|&note| done[note] == 0 && marks[note] <= at);
        if unbegun.is_some() {
            // Only a single row may leave notes for later, and no room with them.
            assert!(page.rows.len() <= 1, "page {at} has room for its notes");
            let left = HEIGHT - text - LINE - height;
            assert!(left < NOTE_LINE + Length::pt(3), "page {at} has room left");
        }
    }
    for (note, rows) in done.iter().zip(&galley.notes) {
        assert_eq!(*note, rows.rows.len(), "each note is whole");
    }
    late
}

#[test]
fn every_note_stands_once_and_whole_and_begins_with_its_mark() {
    for seed in 0..60 {
        for sharing in [None, Some(SHARING)] {
            let galley = galley(seed, 3, [1, 1, 2, 4, 7]);
            let pages = pages(&galley, sharing);
            assert_eq!(check(&galley, &pages), 0, "seed {seed}");
        }
    }
}

#[test]
fn more_notes_than_a_page_has_room_for_go_on_and_end() {
    let mut late = 0;
    for seed in 0..40 {
        for sharing in [None, Some(SHARING)] {
            let galley = galley(seed, 40, [1, 1, 2, 7, 25]);
            let pages = pages(&galley, sharing);
            late += check(&galley, &pages);
            assert!(pages.len() <= galley.rows.len() + galley.notes.len() * 25);
        }
    }
    assert!(late > 100, "{late}");
}

#[test]
fn short_notes_of_the_glossary_share_lines() {
    let mut shared = 0;
    let (mut apart, mut together) = (Length::ZERO, Length::ZERO);
    for seed in 0..40 {
        let galley = galley(seed, 6, [1, 1, 1, 1, 2]);
        let pages = pages(&galley, Some(SHARING));
        for page in &pages {
            let mut end = None;
            for part in &page.notes {
                let note = &galley.notes[part.note];
                let width = note.width_of_line();
                if part.x > Length::ZERO {
                    assert_eq!(note.series, Series::Glossary);
                    assert_eq!(end.map(|end: Length| end + SHARING.gap), Some(part.x));
                    shared += 1;
                }
                end = width.map(|width| part.x + width);
                assert!(end.is_none_or(|end| end <= SHARING.measure));
            }
        }
        let height = |pages: &[Chosen]| pages.iter().map(|page| page.notes_height).sum::<Length>();
        together += height(&pages);
        apart += height(&self::pages(&galley, None));
    }
    assert!(shared > 50, "{shared}");
    assert!(together < apart);
}
