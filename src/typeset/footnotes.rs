//! Footnotes: which notes a page owes, and how much of them it has room for.
//!
//! Notes of a series are set in the order of their marks, the author's series first, then
//! the glossary, then the editors'. A page that has no room for all its notes still begins
//! each of them, if it can; the rest goes over to the next page, before the notes of that
//! page's own marks. Short glossary notes that follow each other share a line.

use std::ops::Range;

use crate::edition::Series;
use crate::typeset::galley::Galley;
use crate::units::Length;

/// How many series of notes there are.
const SERIES: usize = 3;

/// The notes of a galley in the order of their marks, by series.
#[derive(Debug)]
pub struct Notes {
    /// By series: notes in the order of their marks, as places in [`Galley::notes`].
    order: [Vec<usize>; SERIES],
    /// By series: the heights of the first notes together, from none to all.
    heights: [Vec<Length>; SERIES],
    /// By row: how many notes of each series are called up to its end.
    called: Vec<[usize; SERIES]>,
    /// Between series.
    gap: Length,
    /// How short notes share lines, if they do, and the widths of those of a single line by
    /// their place among the glossary's.
    sharing: Option<Sharing>,
    widths: Vec<Option<Length>>,
}

/// How short notes of the glossary share a line.
#[derive(Clone, Copy, Debug)]
pub struct Sharing {
    pub measure: Length,
    /// Between two of them.
    pub gap: Length,
}

/// What earlier pages left over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Carry {
    /// Notes that were begun, each with its first row that is still to come.
    begun: Vec<(usize, usize)>,
    /// By series: how many notes were begun or finished.
    next: [usize; SERIES],
    /// Whether called notes were not even begun.
    owing: bool,
}

/// Some rows of a note at the foot of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotePart {
    /// A place in [`Galley::notes`].
    pub note: usize,
    pub rows: Range<usize>,
    /// Space above it: between series.
    pub space: Length,
    /// Where it stands on the line of the note before; nothing on a line of its own.
    pub x: Length,
}

/// The notes of a page.
#[derive(Clone, Debug, Default)]
pub struct Allotment {
    pub parts: Vec<NotePart>,
    pub height: Length,
    pub carry: Carry,
    /// Notes that had to be divided, rows that go over, and notes not even begun.
    pub divided: usize,
    /// Of those, notes with only one row before or after the break.
    pub torn: usize,
    pub over: usize,
    pub unbegun: usize,
}

impl Carry {
    /// Whether nothing is left over.
    pub fn is_empty(&self) -> bool {
        self.begun.is_empty() && !self.owing
    }
}

/// Which series shares lines.
const GLOSSARY: usize = 1;

fn series_place(series: Series) -> usize {
    match series {
        Series::Author => 0,
        Series::Glossary => GLOSSARY,
        Series::Editor => 2,
    }
}

impl Notes {
    /// The notes that the rows of a galley call.
    pub fn of(galley: &Galley, gap: Length, sharing: Option<Sharing>) -> Notes {
        let mut notes = Notes {
            order: Default::default(),
            heights: std::array::from_fn(|_| vec![Length::ZERO]),
            called: Vec::with_capacity(galley.rows.len()),
            gap,
            sharing,
            widths: Vec::new(),
        };
        let text = galley.text_rows();
        for row in &galley.rows[..text] {
            for call in &row.calls {
                let Some(&place) = galley.note_places.get(call) else {
                    continue;
                };
                let note = &galley.notes[place];
                let series = series_place(note.series);
                let before = notes.heights[series].last().copied();
                let height = note.height(0..note.rows.len());
                notes.order[series].push(place);
                if series == GLOSSARY && sharing.is_some() {
                    notes.widths.push(note.width_of_line());
                }
                notes.heights[series].push(before.unwrap_or(Length::ZERO) + height);
            }
            notes
                .called
                .push(std::array::from_fn(|series| notes.order[series].len()));
        }
        for row in text..galley.rows.len() {
            let called = notes.called_in_variant(galley, row);
            notes.called.push(called);
        }
        notes
    }

    /// How many notes of each series are called up to the end of a variant's row, all rows
    /// before which are known.
    fn called_in_variant(&self, galley: &Galley, row: usize) -> [usize; SERIES] {
        let variant = galley.variant_of(row);
        let before = match row == variant.rows.start {
            true => variant.of.start.checked_sub(1),
            false => Some(row - 1),
        };
        let mut called = before.map_or([0; SERIES], |row| self.called[row]);
        for call in &galley.rows[row].calls {
            if let Some(&place) = galley.note_places.get(call) {
                called[series_place(galley.notes[place].series)] += 1;
            }
        }
        called
    }

    /// What is carried on from a page that has room for all notes up to a row.
    pub fn all(&self, row: usize) -> Carry {
        Carry {
            next: self.called[row],
            ..Carry::default()
        }
    }

    /// Whether the page from a state to a row calls no notes and owes none.
    pub fn none(&self, carry: &Carry, row: usize) -> bool {
        carry.is_empty() && self.called[row] == carry.next
    }

    /// Where a note of the glossary stands, by its place among them, if the line before it is
    /// filled up to `line`: on that line if there is room for it, or on one of its own.
    fn share(&self, line: &mut Option<Length>, place: usize) -> Length {
        let width = self.widths.get(place).copied().flatten();
        let shared = self.sharing.zip(line.zip(width));
        let x = shared.map_or(Length::ZERO, |(sharing, (line, width))| {
            match line + sharing.gap + width <= sharing.measure {
                true => line + sharing.gap,
                false => Length::ZERO,
            }
        });
        *line = width.map(|width| x + width);
        x
    }

    /// The height of some notes of the glossary that share lines, or more than `most`.
    fn shared_height(&self, places: Range<usize>, most: Length) -> Length {
        let mut height = Length::ZERO;
        let mut line = None;
        for place in places {
            if self.share(&mut line, place) == Length::ZERO {
                let heights = &self.heights[GLOSSARY];
                height += heights[place + 1] - heights[place];
            }
            if height > most {
                break;
            }
        }
        height
    }

    /// The height of all that a page owes whose last row is `row`, or more than `most`.
    pub fn wanted(
        &self,
        galley: &Galley,
        carry: &Carry,
        row: Option<usize>,
        most: Length,
    ) -> Length {
        let called = self.called_at(row);
        let mut begun = [false; SERIES];
        let mut height = Length::ZERO;
        for &(note, from) in &carry.begun {
            let note = &galley.notes[note];
            begun[series_place(note.series)] = true;
            height += note.height(from..note.rows.len());
        }
        let mut series_here = 0;
        for (series, &to) in called.iter().enumerate() {
            let from = carry.next[series];
            height += match series == GLOSSARY && self.sharing.is_some() {
                true => self.shared_height(from..to, most),
                false => self.heights[series][to] - self.heights[series][from],
            };
            series_here += i64::from(begun[series] || to > from);
        }
        height + self.gap * (series_here - 1).max(0)
    }

    /// The notes of a page whose last row is `row`, in the room there is; with no row, of a
    /// page after the text. Such a page takes at least one row.
    pub fn allot(
        &self,
        galley: &Galley,
        carry: &Carry,
        row: Option<usize>,
        room: Length,
    ) -> Allotment {
        let called = self.called_at(row);
        let mut owed = self.owed(galley, carry, called, room);
        if owed.height > room || owed.unbegun > 0 {
            owed.shorten(galley, room, row.is_none());
        }
        owed.into_allotment(galley, carry, called)
    }

    fn called_at(&self, row: Option<usize>) -> [usize; SERIES] {
        match row {
            Some(row) => self.called[row],
            // All of them: the last row may be a variant's, which is not the text's last.
            None => std::array::from_fn(|series| self.order[series].len()),
        }
    }

    /// What the page owes, in order; no more of it than could possibly fit.
    fn owed(&self, galley: &Galley, carry: &Carry, called: [usize; SERIES], room: Length) -> Owed {
        let mut owed = Owed::default();
        let mut least = Length::ZERO;
        for (series, &end) in called.iter().enumerate() {
            let begun = carry.begun.iter().copied();
            let begun =
                begun.filter(|&(note, _)| series_place(galley.notes[note].series) == series);
            let begun = begun.map(|(note, from)| (note, from, None));
            let fresh = carry.next[series]..end;
            let mut unseen = fresh.len();
            let fresh = fresh.map(|place| (self.order[series][place], 0, Some(place)));
            let mut first = !owed.items.is_empty();
            let mut line = None;
            for (note, from, place) in begun.chain(fresh) {
                if least > room && from > 0 {
                    owed.unbegun += 1;
                    owed.left.push((note, from));
                    continue;
                }
                if least > room {
                    owed.unbegun += unseen;
                    break;
                }
                unseen -= usize::from(from == 0);
                let space = if std::mem::take(&mut first) {
                    self.gap
                } else {
                    Length::ZERO
                };
                let x = match place {
                    Some(place) if series == GLOSSARY => self.share(&mut line, place),
                    _ => Length::ZERO,
                };
                let item = Item {
                    note,
                    from,
                    end: galley.notes[note].rows.len(),
                    space,
                    x,
                };
                least += item.least(galley);
                if x == Length::ZERO {
                    owed.height += space + galley.notes[note].height(from..item.end);
                }
                owed.items.push(item);
            }
        }
        owed
    }
}

/// A note that a page owes, and the rows of it that the page gets.
#[derive(Clone, Debug)]
struct Item {
    note: usize,
    from: usize,
    end: usize,
    space: Length,
    x: Length,
}

impl Item {
    /// The height that its first row adds to a page.
    fn least(&self, galley: &Galley) -> Length {
        let set = &galley.notes[self.note];
        match self.x == Length::ZERO {
            true => self.space + set.height(self.from..set.rows.len().min(self.from + 1)),
            false => Length::ZERO,
        }
    }
}

/// The notes that a page owes.
#[derive(Clone, Debug, Default)]
struct Owed {
    items: Vec<Item>,
    height: Length,
    /// Notes that certainly find no room; those of them that were begun before.
    unbegun: usize,
    left: Vec<(usize, usize)>,
}

impl Owed {
    /// Leaves rows out until the rest fits: of one note if that is enough, the last first;
    /// else of every note all but its beginning, which then takes up what room is left.
    fn shorten(&mut self, galley: &Galley, room: Length, must_move: bool) {
        for careful in [2, 1] {
            for at in (0..self.items.len()).rev() {
                if self.unbegun == 0 && self.shorten_one(galley, room, at, careful) {
                    return;
                }
            }
        }
        let ends: Vec<usize> = self.items.iter().map(|item| item.end).collect();
        let mut height = Length::ZERO;
        let mut full = false;
        for item in &mut self.items {
            let set = &galley.notes[item.note];
            item.end = item.from;
            let first = item.least(galley);
            full |= height + first > room && !(must_move && height == Length::ZERO);
            if !full {
                item.end = set.rows.len().min(item.from + 1);
                height += first;
            }
        }
        for (item, end) in self.items.iter_mut().zip(ends) {
            let set = &galley.notes[item.note];
            while item.end > item.from && item.end < end {
                let row = &set.rows[item.end];
                if height + row.space + row.height > room {
                    break;
                }
                height += row.space + row.height;
                item.end += 1;
            }
        }
        self.height = height;
    }

    /// Divides one note so that all fits, with at least `careful` rows before and after.
    fn shorten_one(&mut self, galley: &Galley, room: Length, at: usize, careful: usize) -> bool {
        let item = &self.items[at];
        let set = &galley.notes[item.note];
        let whole = set.height(item.from..item.end);
        let most = item.end.saturating_sub(careful);
        for end in (item.from + careful..=most).rev() {
            let height = self.height - whole + set.height(item.from..end);
            if height <= room {
                self.items[at].end = end;
                self.height = height;
                return true;
            }
        }
        false
    }

    fn into_allotment(self, galley: &Galley, carry: &Carry, called: [usize; SERIES]) -> Allotment {
        let mut allotment = Allotment {
            height: self.height,
            unbegun: self.unbegun,
            carry: Carry {
                begun: Vec::new(),
                next: carry.next,
                owing: false,
            },
            ..Allotment::default()
        };
        for item in self.items {
            let set = &galley.notes[item.note];
            let whole = set.rows.len();
            if item.from == 0 && (item.end > 0 || whole == 0) {
                allotment.carry.next[series_place(set.series)] += 1;
            }
            if item.end < whole {
                allotment.divided += 1;
                let (before, after) = (item.end - item.from, whole - item.end);
                allotment.torn += usize::from(before == 1 || after == 1);
                allotment.over += whole - item.end;
                if item.end > 0 {
                    allotment.carry.begun.push((item.note, item.end));
                } else {
                    allotment.unbegun += 1;
                }
            }
            if item.end > item.from {
                allotment.parts.push(NotePart {
                    note: item.note,
                    rows: item.from..item.end,
                    space: item.space,
                    x: item.x,
                });
            }
        }
        allotment.carry.begun.extend(self.left);
        allotment.carry.owing = allotment.carry.next != called;
        allotment
    }
}

#[cfg(test)]
mod tests;
