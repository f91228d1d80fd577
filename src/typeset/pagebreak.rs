//! Where pages end: the breaks through a whole section that cost least together.
//!
//! After Plass, *Optimal pagination techniques* (1981): every row is a place where a page
//! may begin, the cheapest way to it is kept for each length of the page before it, and a
//! page is tried with every number of rows that fits. Work grows with the rows of a page,
//! not with those of the section. What notes go over is part of the way, not of the place,
//! so the optimum is exact without divided notes and good with them.

use std::ops::Range;

use crate::typeset::footnotes::{Carry, NotePart, Notes};
use crate::typeset::galley::{Cost, Galley};
use crate::units::Length;

/// A page that is dearer is not followed up where there is another.
const TOO_DEAR: Cost = 2_500;
/// Two facing pages of unequal length, by line: much worse than both being short.
const UNEQUAL: Cost = 1_000;
/// A line more in a space that can bear it.
const STRETCHED: Cost = 30;
/// At most this many lines are made up on a page.
pub const MOST_STRETCHED: usize = 3;
/// A note that goes over; one that leaves a single row behind or takes one with it; each of
/// the rows that go over.
const DIVIDED_NOTE: Cost = 700;
const TORN_NOTE: Cost = 1_500;
const ROW_OVER: Cost = 4;
/// A note that does not begin on the page of its mark.
const LATE_NOTE: Cost = 60_000;
/// A last page, or a page below much note, with less than five lines.
const FEW_LINES: Cost = 400;

/// The pages that a galley is broken into.
pub struct Shape<'s> {
    pub leading: Length,
    /// The height of a page, by its number in the section.
    pub height: &'s dyn Fn(usize) -> Length,
    /// Whether the first page is a right-hand page.
    pub recto: bool,
    /// Between text and notes, at least.
    pub note_gap: Length,
    /// Whether short pages (the columns of an index) matter little.
    pub ragged: bool,
}

/// What stands on one page.
#[derive(Clone, Debug)]
pub struct Chosen {
    pub rows: Range<usize>,
    pub notes: Vec<NotePart>,
    pub notes_height: Length,
    /// The page's height.
    pub height: Length,
    pub last: bool,
}

/// The cheapest way found to a place.
#[derive(Clone, Debug)]
struct State {
    row: usize,
    /// The number of the page that begins here.
    page: usize,
    cost: Cost,
    from: usize,
    /// How many lines above the foot the page before ends: none where notes stand there.
    short: usize,
    /// The height of that page's text.
    text: Length,
    carry: Carry,
}

/// A page that could follow.
#[derive(Clone, Debug)]
struct Candidate {
    end: usize,
    cost: Cost,
    short: usize,
    text: Length,
    carry: Carry,
}

/// Ways to a place that differ in how short the page before is: not, by a line, by more.
const SLOTS: usize = 3;

struct Search<'s> {
    galley: &'s Galley,
    notes: &'s Notes,
    shape: &'s Shape<'s>,
    states: Vec<State>,
    best: Vec<[Option<usize>; SLOTS]>,
    /// By row: how many spaces before it can be stretched.
    stretches: Vec<usize>,
}

/// Breaks a galley into pages.
pub fn choose(galley: &Galley, notes: &Notes, shape: &Shape<'_>) -> Vec<Chosen> {
    let mut search = Search::new(galley, notes, shape);
    search.run();
    search.trace()
}

impl<'s> Search<'s> {
    fn new(galley: &'s Galley, notes: &'s Notes, shape: &'s Shape<'s>) -> Search<'s> {
        let rows = galley.rows.len();
        let mut stretches = Vec::with_capacity(rows + 1);
        let mut before = 0;
        stretches.push(before);
        for row in &galley.rows {
            before += usize::from(row.stretch);
            stretches.push(before);
        }
        let start = State {
            row: 0,
            page: 0,
            cost: 0,
            from: 0,
            short: 0,
            text: Length::ZERO,
            carry: Carry::default(),
        };
        let mut best = vec![[None; SLOTS]; rows + 1];
        best[0][0] = Some(0);
        Search {
            galley,
            notes,
            shape,
            states: vec![start],
            best,
            stretches,
        }
    }

    fn run(&mut self) {
        for row in 0..self.galley.rows.len() {
            self.extend(row);
        }
    }

    /// Tries the pages that begin with a row.
    fn extend(&mut self, row: usize) {
        let mut candidates: Vec<Candidate> = Vec::new();
        let mut known: Option<Length> = None;
        for slot in 0..SLOTS {
            let Some(from) = self.best[row][slot] else {
                continue;
            };
            let state = &self.states[from];
            let height = (self.shape.height)(state.page);
            if known != Some(height) || !state.carry.is_empty() {
                candidates = self.candidates(row, height, &state.carry);
                known = state.carry.is_empty().then_some(height);
            }
            for candidate in &candidates {
                self.relax(from, candidate);
            }
        }
    }

    /// The pages that could begin with a row; at least one.
    fn candidates(&self, row: usize, height: Length, carry: &Carry) -> Vec<Candidate> {
        let rows = &self.galley.rows;
        let mut candidates: Vec<Candidate> = Vec::new();
        let mut y = self.galley.head_height(row);
        for (at, next) in rows.iter().enumerate().skip(row) {
            if at > row {
                y += next.space;
            }
            if next.grid {
                y = to_grid(y, self.shape.leading);
            }
            y += next.height;
            if y > height && !candidates.is_empty() {
                break;
            }
            let (candidate, late) = self.judge(row..at + 1, y, height, carry);
            if late && !candidates.is_empty() {
                break;
            }
            candidates.push(candidate);
        }
        let cheapest = candidates.iter().map(|candidate| candidate.cost).min();
        let limit = cheapest.unwrap_or(0).max(TOO_DEAR);
        candidates.retain(|candidate| candidate.cost <= limit || candidate.end == rows.len());
        candidates
    }

    /// What a page of these rows costs, and whether notes of it would begin too late.
    fn judge(
        &self,
        rows: Range<usize>,
        text: Length,
        height: Length,
        carry: &Carry,
    ) -> (Candidate, bool) {
        let last = rows.end - 1;
        let room = height - text - self.shape.note_gap;
        let mut cost = 0;
        let mut late = false;
        let noted = !self.notes.none(carry, last);
        let (free, carry) = if !noted {
            (height - text, carry.clone())
        } else {
            let wanted = self.notes.wanted(self.galley, carry, Some(last));
            let notes = self.notes.allot(self.galley, carry, Some(last), room);
            if wanted > room {
                late = notes.unbegun > 0;
                cost += DIVIDED_NOTE * cost_of(notes.divided)
                    + TORN_NOTE * cost_of(notes.torn)
                    + ROW_OVER * cost_of(notes.over)
                    + LATE_NOTE * cost_of(notes.unbegun)
                    + self.few_lines(text);
            }
            ((room - wanted).max(Length::ZERO), notes.carry)
        };
        let mut short = usize::try_from(free.0 / self.shape.leading.0.max(1)).unwrap_or(0);
        if rows.end == self.galley.rows.len() {
            if rows.start > 0 {
                cost += self.few_lines(text);
            }
            short = 0;
        } else {
            let stretches = self.stretches[rows.end] - self.stretches[rows.start + 1];
            let stretched = match self.shape.ragged {
                true => 0,
                false => short.min(stretches).min(MOST_STRETCHED),
            };
            short -= stretched;
            let line = if self.shape.ragged { 10 } else { 100 };
            cost += STRETCHED * cost_of(stretched)
                + line * cost_of(short * short)
                + self.galley.rows[rows.end].cost;
            if noted {
                short = 0;
            }
        }
        let candidate = Candidate {
            end: rows.end,
            cost,
            short,
            text,
            carry,
        };
        (candidate, late)
    }

    fn few_lines(&self, text: Length) -> Cost {
        let missing = 5 - text.0 / self.shape.leading.0.max(1);
        FEW_LINES * missing.clamp(0, 5)
    }

    /// Keeps a way if it is the cheapest to its place.
    fn relax(&mut self, from: usize, candidate: &Candidate) {
        let state = &self.states[from];
        let on_recto = state.page.is_multiple_of(2) == self.shape.recto;
        let mut cost = state.cost + candidate.cost;
        if on_recto && state.page > 0 && candidate.end < self.galley.rows.len() {
            cost += UNEQUAL * cost_of(candidate.short.abs_diff(state.short));
        }
        let page = state.page + 1;
        let slot = candidate.short.min(SLOTS - 1);
        let known = self.best[candidate.end][slot];
        if known.is_some_and(|known| self.states[known].cost <= cost) {
            return;
        }
        self.best[candidate.end][slot] = Some(self.states.len());
        self.states.push(State {
            row: candidate.end,
            page,
            cost,
            from,
            short: candidate.short,
            text: candidate.text,
            carry: candidate.carry.clone(),
        });
    }

    /// Follows the cheapest way back, then gives what notes are left pages of their own.
    fn trace(&self) -> Vec<Chosen> {
        let ends = self.best[self.galley.rows.len()];
        let cheapest = ends
            .into_iter()
            .flatten()
            .min_by_key(|&state| self.states[state].cost);
        let mut pages = Vec::new();
        let mut at = cheapest.unwrap_or(0);
        let mut carry = self.states[at].carry.clone();
        while at != 0 {
            pages.push(self.page(at));
            at = self.states[at].from;
        }
        pages.reverse();
        while !carry.is_empty() {
            let height = (self.shape.height)(pages.len());
            let room = height - self.shape.note_gap;
            let notes = self.notes.allot(self.galley, &carry, None, room);
            let end = self.galley.rows.len();
            carry = notes.carry;
            pages.push(Chosen {
                rows: end..end,
                notes: notes.parts,
                notes_height: notes.height,
                height,
                last: true,
            });
        }
        pages
    }

    /// The page that ends at a state.
    fn page(&self, at: usize) -> Chosen {
        let state = &self.states[at];
        let before = &self.states[state.from];
        let height = (self.shape.height)(before.page);
        let last = state.row - 1;
        let mut page = Chosen {
            rows: before.row..state.row,
            notes: Vec::new(),
            notes_height: Length::ZERO,
            height,
            last: state.row == self.galley.rows.len(),
        };
        if !self.notes.none(&before.carry, last) {
            let room = height - state.text - self.shape.note_gap;
            let notes = self
                .notes
                .allot(self.galley, &before.carry, Some(last), room);
            page.notes = notes.parts;
            page.notes_height = notes.height;
        }
        page
    }
}

/// The next line of the grid.
pub fn to_grid(y: Length, leading: Length) -> Length {
    let line = leading.0.max(1);
    Length((y.0 + line - 1).div_euclid(line) * line)
}

fn cost_of(count: usize) -> Cost {
    Cost::try_from(count.min(100_000)).unwrap_or(100_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::typeset::galley::{ORPHAN, Row, WIDOW};

    const LINE: Length = Length::pt(10);

    /// Paragraphs of some lines each, with a space that can grow before each fourth.
    fn galley(paragraphs: &[usize]) -> Galley {
        let mut galley = Galley::new();
        for (at, &lines) in paragraphs.iter().enumerate() {
            for line in 0..lines {
                let orphan = if line == 1 { ORPHAN } else { 0 };
                let widow = if line > 0 && line + 1 == lines {
                    WIDOW
                } else {
                    0
                };
                let spaced = at % 4 == 3 && line == 0;
                galley.rows.push(Row {
                    space: if spaced { LINE } else { Length::ZERO },
                    stretch: spaced,
                    grid: true,
                    cost: orphan + widow,
                    ..Row::blank(LINE)
                });
            }
        }
        galley
    }

    fn shape(height: &dyn Fn(usize) -> Length) -> Shape<'_> {
        Shape {
            leading: LINE,
            height,
            recto: true,
            note_gap: LINE,
            ragged: false,
        }
    }

    /// The least cost of all ways to break from a state on.
    fn least(search: &Search<'_>, row: usize, page: usize, short: usize) -> Cost {
        let rows = search.galley.rows.len();
        if row == rows {
            return 0;
        }
        let candidates = search.candidates(row, (search.shape.height)(page), &Carry::default());
        let costs = candidates.iter().map(|candidate| {
            let facing = page.is_multiple_of(2) && page > 0 && candidate.end < rows;
            let uneven = if facing {
                candidate.short.abs_diff(short)
            } else {
                0
            };
            let next = least(search, candidate.end, page + 1, candidate.short);
            candidate.cost + UNEQUAL * cost_of(uneven) + next
        });
        costs.min().expect("there is always a page")
    }

    #[test]
    fn finds_the_cheapest_of_all_ways() {
        let height = |_| LINE * 7;
        for seed in 0..40_usize {
            let paragraphs: Vec<usize> =
                (0..9).map(|at| (seed * 7 + at * at * 5) % 6 + 1).collect();
            let galley = galley(&paragraphs);
            let notes = Notes::of(&galley, Length::ZERO);
            let shape = shape(&height);
            let mut search = Search::new(&galley, &notes, &shape);
            search.run();
            let last = galley.rows.len();
            let found = search.best[last].into_iter().flatten();
            let found = found.map(|state| search.states[state].cost).min();
            assert_eq!(found, Some(least(&search, 0, 0, 0)), "{paragraphs:?}");
        }
    }

    #[test]
    fn breaks_what_cannot_be_broken_well() {
        let height = |_| LINE * 3;
        let mut galley = galley(&[2, 2, 1]);
        galley.rows[1].height = LINE * 30;
        let notes = Notes::of(&galley, Length::ZERO);
        let pages = choose(&galley, &notes, &shape(&height));
        let rows: Vec<_> = pages.iter().map(|page| page.rows.clone()).collect();
        assert_eq!(rows, [0..1, 1..2, 2..5]);
    }
}
