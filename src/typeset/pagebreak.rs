//! Where pages end: the breaks through a whole section that cost least together.
//!
//! After Plass, *Optimal pagination techniques* (1981): every row is a place where a page
//! may begin, the cheapest way to it is kept for each length of the page before it, and a
//! page is tried with every number of rows that fits. Where paragraphs can be set in a line
//! more or fewer, a page is tried with each of the ways to set them too, as in Mittelbach,
//! *A general framework for globally optimized pagination* (2018). Work grows with the rows
//! of a page, not with those of the section. What notes go over is part of the way, not of
//! the place, so the optimum is exact without divided notes and good with them.

use std::ops::Range;

use crate::typeset::fill::{Filling, Slack, UNSEEN, fill, lower};
use crate::typeset::footnotes::{Carry, NotePart, Notes};
use crate::typeset::galley::{Cost, Galley};
use crate::units::Length;

/// A page that is dearer is not followed up where there is another.
const TOO_DEAR: Cost = 2_500;
/// Two facing pages of unequal length, by line: much worse than both being short.
const UNEQUAL: Cost = 1_000;
/// A line more in spaces that can bear it, and, by line, spaces that all grow by more than
/// half a line.
const STRETCHED: Cost = 30;
const WIDE: Cost = 150;
/// A note that goes over; each beyond the first, whose rests a reader must tell apart; one that
/// leaves a single row behind or takes one with it; each of the rows that go over.
const DIVIDED_NOTE: Cost = 700;
const DIVIDED_TOO: Cost = 6_000;
const TORN_NOTE: Cost = 3_000;
const ROW_OVER: Cost = 4;
/// A note that does not begin on the page of its mark.
const LATE_NOTE: Cost = 60_000;
/// A last page, or a page below much note, with less than five lines.
const FEW_LINES: Cost = 400;
/// So many of the paragraphs that begin on a page may be a line longer or shorter.
const MOST_VARIED: usize = 2;

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
    /// Places in [`Galley::rows`], from the head of the page down.
    pub rows: Vec<usize>,
    pub notes: Vec<NotePart>,
    pub notes_height: Length,
    /// The page's height.
    pub height: Length,
    /// How far above its foot the page is to end, where no notes stand there.
    pub short: Length,
    pub last: bool,
}

/// The variants that begin on a page.
type Taken = [Option<usize>; MOST_VARIED];

/// The cheapest way found to a place.
#[derive(Clone, Debug)]
struct State {
    row: usize,
    /// The number of the page that begins here.
    page: usize,
    cost: Cost,
    from: usize,
    /// How far above the foot the page before ends: not at all where notes stand there.
    short: Length,
    /// The height of that page's text, and the variants in it.
    text: Length,
    taken: Taken,
    carry: Carry,
}

/// A page that could follow.
#[derive(Clone, Debug)]
struct Candidate {
    end: usize,
    cost: Cost,
    short: Length,
    text: Length,
    taken: Taken,
    carry: Carry,
}

/// Ways to a place that differ in how short the page before is: not, by a line, by more.
const SLOTS: usize = 3;

struct Search<'s> {
    galley: &'s Galley,
    notes: &'s Notes,
    shape: &'s Shape<'s>,
    states: Vec<State>,
    /// By row, and at last for the end.
    best: Vec<[Option<usize>; SLOTS]>,
    /// How many rows the text has; those after them are of variants.
    text: usize,
}

/// Breaks a galley into pages.
pub fn choose(galley: &Galley, notes: &Notes, shape: &Shape<'_>) -> Vec<Chosen> {
    let mut search = Search::new(galley, notes, shape);
    search.run();
    search.trace()
}

impl<'s> Search<'s> {
    fn new(galley: &'s Galley, notes: &'s Notes, shape: &'s Shape<'s>) -> Search<'s> {
        let start = State {
            row: 0,
            page: 0,
            cost: 0,
            from: 0,
            short: Length::ZERO,
            text: Length::ZERO,
            taken: Taken::default(),
            carry: Carry::default(),
        };
        let mut best = vec![[None; SLOTS]; galley.rows.len() + 1];
        best[0][0] = Some(0);
        Search {
            galley,
            notes,
            shape,
            states: vec![start],
            best,
            text: galley.text_rows(),
        }
    }

    fn run(&mut self) {
        for row in 0..self.text {
            self.extend(row);
            for variant in self.galley.variants_at(row) {
                // Its first row is a page's first row as the paragraph's own is.
                for row in variant.rows.clone().skip(1) {
                    self.extend(row);
                }
            }
        }
    }

    /// The place after the last row.
    fn end(&self) -> usize {
        self.galley.rows.len()
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
                candidates = Walk::new(self, row, height, &state.carry).candidates();
                known = state.carry.is_empty().then_some(height);
            }
            for candidate in &candidates {
                self.relax(from, candidate);
            }
        }
    }

    /// Keeps a way if it is the cheapest to its place.
    fn relax(&mut self, from: usize, candidate: &Candidate) {
        let state = &self.states[from];
        let on_recto = state.page.is_multiple_of(2) == self.shape.recto;
        let mut cost = state.cost + candidate.cost;
        if on_recto && state.page > 0 && candidate.end < self.end() {
            cost += self.unequal(state.short, candidate.short);
        }
        let page = state.page + 1;
        let slot = match candidate.short {
            short if short <= UNSEEN => 0,
            short if short <= self.shape.leading => 1,
            _ => 2,
        };
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
            taken: candidate.taken,
            carry: candidate.carry.clone(),
        });
    }

    /// What it costs that facing pages end so far above their feet.
    fn unequal(&self, one: Length, two: Length) -> Cost {
        let apart = (one - two).max(two - one);
        match apart <= UNSEEN {
            true => 0,
            false => UNEQUAL * (1 + (apart.0 - 1) / self.shape.leading.0.max(1)),
        }
    }

    /// Follows the cheapest way back, then gives what notes are left pages of their own.
    fn trace(&self) -> Vec<Chosen> {
        let ends = self.best[self.end()];
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
            carry = notes.carry;
            pages.push(Chosen {
                rows: Vec::new(),
                notes: notes.parts,
                notes_height: notes.height,
                height,
                short: Length::ZERO,
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
        let rows = self.rows(before.row, state.row, &state.taken);
        let last = *rows.last().expect("a page has rows");
        let mut page = Chosen {
            rows,
            notes: Vec::new(),
            notes_height: Length::ZERO,
            height,
            short: state.short,
            last: state.row == self.end(),
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

    /// The rows from one to before another, by way of some variants.
    fn rows(&self, from: usize, to: usize, taken: &Taken) -> Vec<usize> {
        let variants = taken.iter().flatten();
        let variants: Vec<_> = variants.map(|&at| &self.galley.variants[at]).collect();
        let mut rows = Vec::new();
        let mut at = from;
        while at != to {
            let varied = variants.iter().find(|variant| variant.of.start == at);
            at = varied.map_or(at, |variant| variant.rows.start);
            rows.push(at);
            at = self.next(at);
        }
        rows
    }

    /// The row after one, or the end.
    fn next(&self, row: usize) -> usize {
        let next = match row < self.text {
            true => row + 1,
            false => match self.galley.variant_of(row) {
                variant if row + 1 == variant.rows.end => variant.of.end,
                _ => return row + 1,
            },
        };
        if next == self.text { self.end() } else { next }
    }
}

/// Rows from the head of a page on, in one of the ways to set them.
#[derive(Clone, Copy, Debug, Default)]
struct Way {
    begun: bool,
    /// How far down they reach.
    y: Length,
    slack: Slack,
    /// What its variants cost.
    cost: Cost,
    taken: Taken,
}

/// All pages that could begin with a row.
struct Walk<'w, 's> {
    search: &'w Search<'s>,
    first: usize,
    height: Length,
    carry: &'w Carry,
    candidates: Vec<Candidate>,
}

impl<'w, 's> Walk<'w, 's> {
    fn new(search: &'w Search<'s>, first: usize, height: Length, carry: &'w Carry) -> Self {
        Walk {
            search,
            first,
            height,
            carry,
            candidates: Vec::new(),
        }
    }

    /// The pages; at least one.
    fn candidates(mut self) -> Vec<Candidate> {
        let search = self.search;
        let mut ways = vec![Way {
            y: search.galley.head_height(self.first),
            ..Way::default()
        }];
        let mut reached = Vec::new();
        let mut at = self.first;
        while !ways.is_empty() && at != search.end() {
            let (rows, then) = self.stretch(at);
            for way in ways.drain(..) {
                self.set(way, rows.clone(), then, &mut reached);
                for place in search.galley.places_of_variants_at(at) {
                    self.vary(way, place, then, &mut reached);
                }
            }
            std::mem::swap(&mut ways, &mut reached);
            at = then;
        }
        let cheapest = self.candidates.iter().map(|candidate| candidate.cost).min();
        let limit = cheapest.unwrap_or(0).max(TOO_DEAR);
        self.candidates
            .retain(|candidate| candidate.cost <= limit || candidate.end == search.end());
        self.candidates
    }

    /// The rows that all ways set next, if they set no variant, and the row after them: what
    /// is left of a variant, a paragraph that has variants, or a single row.
    fn stretch(&self, at: usize) -> (Range<usize>, usize) {
        let search = self.search;
        let galley = search.galley;
        let rows = match galley.variants_at(at).first() {
            Some(variant) => variant.of.clone(),
            None if at >= search.text => at..galley.variant_of(at).rows.end,
            None => at..at + 1,
        };
        let then = search.next(rows.end - 1);
        (rows, then)
    }

    /// Goes on by a variant, if not too many are taken.
    fn vary(&mut self, mut way: Way, place: usize, then: usize, reached: &mut Vec<Way>) {
        let variant = &self.search.galley.variants[place];
        if let Some(free) = way.taken.iter_mut().find(|taken| taken.is_none()) {
            *free = Some(place);
            way.cost += variant.cost;
            self.set(way, variant.rows.clone(), then, reached);
        }
    }

    /// Sets some rows, each of which could be the page's last. Of the ways that reach equally
    /// far down the cheapest goes on.
    fn set(&mut self, mut way: Way, rows: Range<usize>, then: usize, reached: &mut Vec<Way>) {
        for row in rows.clone() {
            let next = if row + 1 == rows.end { then } else { row + 1 };
            if !self.add(&mut way, row, next) {
                return;
            }
        }
        match reached.iter_mut().find(|other| other.y == way.y) {
            Some(other) if other.cost > way.cost => *other = way,
            Some(_) => {}
            None => reached.push(way),
        }
    }

    /// Sets a row and judges the page that ends with it. False if it has no room.
    fn add(&mut self, way: &mut Way, at: usize, next: usize) -> bool {
        let row = &self.search.galley.rows[at];
        let above = at
            .checked_sub(1)
            .map(|above| &self.search.galley.rows[above]);
        let begins = row.floated && above.is_none_or(|above| !above.floated);
        if way.begun && begins && !self.candidates.is_empty() {
            return false;
        }
        if way.begun {
            way.y += row.space;
            way.slack.add(row);
        }
        way.begun = true;
        if row.grid {
            way.y = to_grid(way.y, self.search.shape.leading);
        }
        way.y += row.height;
        if way.y > self.height && !self.candidates.is_empty() {
            return false;
        }
        self.judge(way, at, next)
    }

    /// Reckons what a page costs that ends with row `last`, before row `end`. False where
    /// notes of it would begin too late, and there is another page.
    fn judge(&mut self, way: &Way, last: usize, end: usize) -> bool {
        let Search { galley, notes, .. } = *self.search;
        let gap = self.search.shape.note_gap;
        let mut candidate = Candidate {
            end,
            cost: way.cost,
            short: Length::ZERO,
            text: way.y,
            taken: way.taken,
            carry: Carry::default(),
        };
        let mut foot = None;
        if notes.none(self.carry, last) {
            candidate.carry = self.carry.clone();
        } else {
            let room = self.height - way.y - gap;
            let wanted = notes.wanted(galley, self.carry, Some(last), room);
            if wanted <= room {
                candidate.carry = notes.all(last);
                foot = Some(wanted + gap);
            } else {
                let allotted = notes.allot(galley, self.carry, Some(last), room);
                if allotted.unbegun > 0 && !self.candidates.is_empty() {
                    return false;
                }
                candidate.cost += DIVIDED_NOTE * cost_of(allotted.divided)
                    + DIVIDED_TOO * cost_of(allotted.divided.saturating_sub(1))
                    + TORN_NOTE * cost_of(allotted.torn)
                    + ROW_OVER * cost_of(allotted.over)
                    + LATE_NOTE * cost_of(allotted.unbegun)
                    + self.few_lines(way.y);
                foot = Some(allotted.height + gap);
                candidate.carry = allotted.carry;
            }
        }
        if end == self.search.end() {
            if self.first > 0 {
                candidate.cost += self.few_lines(way.y);
            }
            self.candidates.push(candidate);
        } else {
            candidate.cost += galley.rows[end].cost;
            self.push_filled(candidate, way, last, foot);
        }
        true
    }

    /// Adds a page that the section does not end on, filled as far as can be; and where that
    /// is by a line or more, the same a line shorter, as the facing page may be.
    fn push_filled(&mut self, mut page: Candidate, way: &Way, last: usize, foot: Option<Length>) {
        let leading = self.search.shape.leading;
        let line = leading.0.max(1);
        let room = self.height - foot.unwrap_or(Length::ZERO);
        if self.search.shape.ragged {
            let lines = (room - way.y).0.max(0) / line;
            page.cost += 10 * lines * lines;
            page.short = foot.map_or(Length(lines * line), |_| Length::ZERO);
            self.candidates.push(page);
            return;
        }
        let room = Length(room.0.div_euclid(line) * line);
        let missing = room - way.y + lower(&self.search.galley.rows[last], leading);
        let full = fill(missing, way.slack, leading);
        let shorter = full.left + leading;
        if foot.is_none() && shorter <= missing {
            let less = fill(missing - shorter, way.slack, leading);
            if less.left == Length::ZERO {
                self.candidates.push(Candidate {
                    cost: page.cost + price(missing - shorter, &less, shorter, leading),
                    short: shorter,
                    ..page.clone()
                });
            }
        }
        page.cost += price(missing - full.left, &full, full.left, leading);
        page.short = foot.map_or(full.left, |_| Length::ZERO);
        self.candidates.push(page);
    }

    fn few_lines(&self, text: Length) -> Cost {
        let missing = 5 - text.0 / self.search.shape.leading.0.max(1);
        FEW_LINES * missing.clamp(0, 5)
    }
}

/// What it costs to fill a page by so much and to leave it so short.
fn price(filled: Length, filling: &Filling, short: Length, leading: Length) -> Cost {
    let tenths = |length: Length| length.0.max(0) * 10 / leading.0.max(1);
    let wide = filling.share.filter(|&share| share > leading / 2);
    tenths(short) * tenths(short)
        + STRETCHED * tenths(filled) / 10
        + WIDE * wide.map_or(0, tenths) / 10
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
mod tests;
