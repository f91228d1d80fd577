//! Figures that are drawn from data: bars, spans of time, boxes with lines between them.
//!
//! A figure is a TOML file of the pack. It is drawn as rules and runs of type, which print
//! sets as they are and the e-book turns into SVG. What it says to those who cannot see it
//! is the alternative text where it stands in a chapter.

mod bars;
mod boxes;
mod load;
mod pencil;
mod spans;

pub use load::load;

use crate::fonts::FontSet;
use crate::pages::Item;
use crate::units::{Length, Size};
use pencil::Pencil;

/// A figure as its file describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Figure {
    Bars(Vec<Group>),
    Spans(Calendar),
    Boxes(Plan),
}

/// Bars that stand together under one heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    pub label: String,
    pub bars: Vec<Bar>,
}

/// One bar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    pub label: String,
    /// The value as it is printed: `36.63 per cent`.
    pub shown: String,
    /// In hundredths.
    pub value: i64,
}

/// Spans of time over a scale of years.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    pub first: Month,
    /// The month after the last.
    pub end: Month,
    pub spans: Vec<Stretch>,
}

/// Months since the year 0.
pub type Month = i64;

/// A line of a calendar: from the beginning of a month to the end of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    pub label: String,
    pub from: Month,
    /// The month after the last; the same as `from` for what happened within that month.
    pub to: Month,
}

/// Boxes on a grid, and what joins them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    pub columns: i64,
    pub rows: i64,
    pub boxes: Vec<Place>,
    pub joins: Vec<Join>,
}

/// A box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The first line is set bold.
    pub lines: Vec<String>,
    /// Counted from 0, from the left and from the top.
    pub column: i64,
    pub row: i64,
    /// How many columns it spans.
    pub wide: i64,
    pub dark: bool,
}

/// A line between two boxes, by their places in [`Plan::boxes`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Join {
    pub from: usize,
    pub to: usize,
    pub broken: bool,
}

/// A figure as it is drawn: rules and runs in the order in which they are laid, measured
/// from its upper left corner.
#[derive(Clone, Debug)]
pub struct Drawing {
    pub size: Size,
    pub items: Vec<Item>,
}

impl Drawing {
    /// The size of its smallest words, if it has any.
    pub fn least_type(&self) -> Option<Length> {
        let sizes = self.items.iter().filter_map(|item| match item {
            Item::Run(run) => Some(run.size),
            Item::Rule { .. } | Item::Picture { .. } => None,
        });
        sizes.min()
    }
}

impl Figure {
    /// Draws it to that width, in type of the larger of those sizes or, where its words need
    /// it, smaller; of the smaller one where they then stand in more lines.
    pub fn draw(&self, fonts: &FontSet, width: Length, sizes: [Length; 2]) -> Drawing {
        let mut pencil = Pencil::new(fonts, width, sizes);
        let height = match self {
            Figure::Bars(groups) => bars::draw(groups, &mut pencil),
            Figure::Spans(calendar) => spans::draw(calendar, &mut pencil),
            Figure::Boxes(plan) => boxes::draw(plan, &mut pencil),
        };
        Drawing {
            size: Size { width, height },
            items: pencil.items,
        }
    }
}
