//! Figures that do not fit where they are called: they go to the head of the next page, and the
//! text after them fills the page that they leave.
//!
//! Each in its turn is put where it belongs if it fits there. Otherwise pages are broken as if
//! it were not there, and it stands before what the next page then begins with. It goes down
//! only, in the order of its fellows, and never past the next heading.

use std::mem;
use std::ops::Range;

use crate::typeset::galley::{Above, Float, Galley, Row};
use crate::typeset::pagebreak::{Chosen, to_grid};
use crate::typeset::section::pages_of;
use crate::typeset::sheet::{Frame, note_gap};
use crate::units::Length;

/// So many pages are broken below a figure to see where the next one begins.
const AHEAD: i64 = 2;

/// Breaks a galley into pages after putting its figures where they fit.
pub fn settle(galley: &mut Galley, frame: &Frame, recto: bool) -> Vec<Chosen> {
    if !galley.floats.is_empty() {
        let rows = match &galley.home {
            Some(home) => home.clone(),
            None => galley.rows.clone(),
        };
        let home = mem::replace(&mut galley.rows, rows);
        galley.home.get_or_insert(home);
        let loose = take_out(galley);
        let settling = Settling {
            galley,
            frame,
            start: 0,
            recto,
        };
        settling.run(loose);
    }
    pages_of(galley, frame, recto)
}

/// A figure that was taken out of the text.
struct Loose {
    rows: Vec<Row>,
    /// The row that it belongs before, and one that it may not pass.
    home: usize,
    limit: usize,
    /// The row after it as it is below the figure.
    below: Above,
}

struct Settling<'g> {
    galley: &'g mut Galley,
    frame: &'g Frame,
    /// A row that begins a page, and whether that is a right-hand one.
    start: usize,
    recto: bool,
}

/// Takes all figures out of the text.
fn take_out(galley: &mut Galley) -> Vec<Loose> {
    let all = mem::take(&mut galley.rows);
    let length = all.len();
    let mut loose: Vec<Loose> = Vec::with_capacity(galley.floats.len());
    let mut floats = galley.floats.iter().peekable();
    let mut open: Option<&Float> = None;
    let mut taken = 0;
    for (at, mut row) in all.into_iter().enumerate() {
        if let Some(after) = open.take_if(|float| at >= float.rows.end) {
            let below = row.swap_above(after.without);
            if let Some(figure) = loose.last_mut() {
                figure.below = below;
            }
        }
        if let Some(float) = floats.next_if(|float| float.rows.start == at) {
            let inside = galley.floats.iter();
            let before = inside.filter(|other| other.rows.start < float.limit);
            let rows_before: usize = before.map(|other| other.rows.len()).sum();
            loose.push(Loose {
                rows: Vec::with_capacity(float.rows.len()),
                home: galley.rows.len(),
                limit: float.limit.min(length) - rows_before,
                below: row.above(),
            });
            taken = float.rows.end;
            open = Some(float);
        }
        match loose.last_mut().filter(|_| at < taken) {
            Some(figure) => figure.rows.push(row),
            None => galley.rows.push(row),
        }
    }
    loose
}

impl Settling<'_> {
    fn run(mut self, loose: Vec<Loose>) {
        // Where the last figure ends, and how many rows all so far have.
        let (mut end, mut added) = (0, 0);
        for figure in loose {
            let figure = Loose {
                home: figure.home + added,
                limit: figure.limit + added,
                ..figure
            };
            added += figure.rows.len();
            end = self.settle(figure, end);
        }
    }

    /// Puts a figure into the text, at its home or not above `least`. Gives where it ends.
    fn settle(&mut self, figure: Loose, least: usize) -> usize {
        let home = figure.home.max(least);
        let page = self.page_of(home);
        let set: Length = figure.rows.iter().map(|row| row.space + row.height).sum();
        let above = self.height(page.start..home);
        let room = self.frame.height - self.notes(page.start..home);
        let begins = home == page.start && home == figure.home;
        let place = match begins || above + set <= room {
            true => home,
            false => page.end.min(figure.limit).max(home),
        };
        if place > home {
            self.start = place;
            self.recto = !self.recto;
        }
        self.put(figure, place)
    }

    /// The page on which a row would stand; the pages before it are done with.
    fn page_of(&mut self, row: usize) -> Range<usize> {
        let mut end = row;
        let mut ahead = self.frame.height * AHEAD;
        while end < self.galley.rows.len() && ahead > Length::ZERO {
            ahead -= self.galley.rows[end].height;
            end += 1;
        }
        let window = self.galley.rows[self.start..end].to_vec();
        let rows = mem::replace(&mut self.galley.rows, window);
        let pages = pages_of(self.galley, self.frame, self.recto);
        self.galley.rows = rows;
        let mut page = self.start..self.start;
        for (at, next) in pages.iter().enumerate() {
            if at > 0 {
                self.recto = !self.recto;
            }
            if let (Some(first), Some(last)) = (next.rows.first(), next.rows.last()) {
                page = self.start + first..self.start + last + 1;
            }
            if page.contains(&row) {
                break;
            }
        }
        self.start = page.start;
        page
    }

    /// How high rows are that begin a page.
    fn height(&self, rows: Range<usize>) -> Length {
        let mut y = self.galley.head_height(rows.start);
        for at in rows.clone() {
            let row = &self.galley.rows[at];
            if at > rows.start {
                y += row.space;
            }
            if row.grid {
                y = to_grid(y, self.frame.leading);
            }
            y += row.height;
        }
        y
    }

    /// How high the notes are that rows call.
    fn notes(&self, rows: Range<usize>) -> Length {
        let calls = self.galley.rows[rows].iter().flat_map(|row| &row.calls);
        let notes = calls.filter_map(|call| self.galley.note_places.get(call));
        let notes = notes.map(|&at| &self.galley.notes[at]);
        let height: Length = notes.map(|note| note.height(0..note.rows.len())).sum();
        match height > Length::ZERO {
            true => height + note_gap(self.frame),
            false => Length::ZERO,
        }
    }

    /// Puts a figure before a row; gives where it ends.
    fn put(&mut self, mut figure: Loose, place: usize) -> usize {
        let moved = place > figure.home;
        if let Some(after) = self.galley.rows.get_mut(place) {
            if moved {
                after.space = after.space.max(self.frame.leading);
                after.stretch = true;
            } else {
                after.swap_above(figure.below);
            }
        }
        for row in &mut figure.rows {
            row.floated = moved;
        }
        if let (true, Some(first)) = (moved, figure.rows.first_mut()) {
            first.cost = 0;
        }
        let end = place + figure.rows.len();
        self.galley.rows.splice(place..place, figure.rows);
        end
    }
}
