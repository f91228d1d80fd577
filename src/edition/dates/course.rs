//! What dates mean in the course of a text: a day without a year belongs to the year that the
//! text speaks of, `a month later` to the date before it, as far as that is certain.

use std::collections::BTreeSet;

use crate::apparatus::Event;
use crate::apparatus::date::{Bound, Date};
use crate::edition::dates::How;
use crate::edition::dates::relative::{Base, Found, Relative};
use crate::edition::dates::written::{Written, of_moment};

/// A date of the text before holds for so many passages; beyond them the chronology has to
/// know of something in that month.
const NEAR: usize = 3;

/// The months of which the chronology tells something.
#[derive(Default)]
pub(super) struct Known {
    months: BTreeSet<(i32, u8)>,
}

impl Known {
    pub(super) fn of<'a>(events: impl Iterator<Item = &'a Event>) -> Known {
        let mut known = Known::default();
        for event in events {
            let ends = [Some(event.date.start), event.date.end];
            for bound in ends.into_iter().flatten() {
                if let Bound::Known(moment) = bound {
                    let date = of_moment(&moment);
                    known.months.extend(date.year.zip(date.month));
                }
            }
        }
        known
    }

    fn has(&self, year: i32, date: &Written) -> bool {
        date.month
            .is_some_and(|month| self.months.contains(&(year, month)))
    }
}

/// What a stretch of text has said of the time so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Course {
    /// The last date of this passage that says a month or more.
    here: Option<Written>,
    /// The last bare year of this passage.
    year: Option<i32>,
    /// The last date of this passage, whatever it says.
    last: Option<Written>,
    /// The last date of the passages before.
    before: Option<Written>,
    /// How many passages ago that was.
    age: usize,
    /// The last bare year of the passages before, and how many passages ago that was.
    years_before: Option<(i32, usize)>,
}

impl Course {
    /// Goes on to the next passage.
    pub(super) fn turn(&mut self) {
        self.age += 1;
        if let Some((_, age)) = &mut self.years_before {
            *age += 1;
        }
        if let Some(year) = self.year.take() {
            self.years_before = Some((year, 1));
        }
        if let Some(date) = self.here.take() {
            self.before = Some(date);
            self.age = 1;
        }
        self.last = None;
    }

    /// What a date of this passage means.
    pub(super) fn understand(
        &mut self,
        found: Found,
        known: &Known,
        dates: &[&Date],
    ) -> (Written, How) {
        let (date, how) = match found {
            Found::Date(date) => self.of_date(date, known),
            Found::Relative(one) => match self.reckoned(&one, known, dates) {
                Some(date) => (date, How::Reckoned),
                None => {
                    let range = one.range;
                    let unknown = Written {
                        range,
                        ..Written::default()
                    };
                    return (unknown, How::Unclear);
                }
            },
        };
        self.note(&date, how);
        (date, how)
    }

    fn of_date(&self, mut date: Written, known: &Known) -> (Written, How) {
        if date.year.is_some() {
            return (date, How::Said);
        }
        date.year = self.year_of(&date, known);
        let how = match date.year {
            Some(_) => How::Inferred,
            None => How::Unclear,
        };
        (date, how)
    }

    fn note(&mut self, date: &Written, how: How) {
        let Some(year) = date.year else { return };
        if date.month.is_some() || date.season.is_some() || how == How::Reckoned {
            self.here = Some(date.clone());
            self.year = None;
        } else {
            self.year = Some(year);
        }
        self.last = Some(date.clone());
    }

    /// The year that a date without one belongs to.
    fn year_of(&self, date: &Written, known: &Known) -> Option<i32> {
        let before = self.before.as_ref();
        if let Some(last) = &self.here {
            return after(last, date, true, known);
        }
        let near = self.age <= NEAR;
        let later = |(_, age): &(i32, usize)| *age <= NEAR && (before.is_none() || *age < self.age);
        let year_before = self.years_before.filter(later).map(|(year, _)| year);
        match (self.year.or(year_before), before) {
            (None, None) => None,
            (Some(year), None) => Some(year),
            (None, Some(last)) => after(last, date, near, known),
            (Some(year), Some(last)) => {
                let other = after(last, date, near, known);
                let says = |year: Option<i32>| year.filter(|year| known.has(*year, date));
                // The passage's own year, unless only the other can be meant.
                match (says(Some(year)), says(other)) {
                    (Some(year), _) | (None, Some(year)) => Some(year),
                    (None, None) => other.filter(|other| *other == year),
                }
            }
        }
    }

    /// The date that is reckoned from another. From one that is not in the same passage or the
    /// one before, only what the chronology knows of.
    fn reckoned(&self, one: &Relative, known: &Known, dates: &[&Date]) -> Option<Written> {
        match &one.base {
            Base::Last => {
                let before = self.before.as_ref().filter(|_| self.age <= NEAR);
                let date = one.from(self.last.as_ref().or(before)?)?;
                let near = self.last.is_some() || self.age <= 1;
                (near || known.has(date.year?, &date)).then_some(date)
            }
            Base::Date(date) => {
                let mut date = date.clone();
                let last = self.last.as_ref().or(self.before.as_ref());
                date.year = date.year.or(last.and_then(|last| last.year));
                one.from(&date)
            }
            Base::Event(event) => match dates.get(*event).map(|date| (date.start, date.end)) {
                Some((Bound::Known(start), None)) => one.from(&of_moment(&start)),
                Some(_) | None => None,
            },
            Base::Unknown => None,
        }
    }
}

/// The year of a date that follows another: the same, or where its month is an earlier one the
/// next. Which, the chronology has to tell; so it has to where the other is far away.
fn after(last: &Written, date: &Written, near: bool, known: &Known) -> Option<i32> {
    let year = last.year?;
    let goes_back = date.month.is_some() && date.month < last.month;
    match (goes_back, known.has(year, date), known.has(year + 1, date)) {
        (false, true, _) | (true, true, false) => Some(year),
        (true, false, true) => Some(year + 1),
        (false, false, _) => Some(year).filter(|_| near),
        (true, true, true) | (true, false, false) => None,
    }
}
