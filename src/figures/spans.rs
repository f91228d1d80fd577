//! Spans of time under a scale of years: a bar from month to month, a dark square for what
//! happened within a month.

use super::pencil::{Anchor, BLACK, Pencil, WHITE};
use super::{Calendar, Month};
use crate::units::{Length, Point, Size};

const GREY: u8 = 130;
/// The lines of the scale.
const PALE: u8 = 170;

pub(super) fn draw(calendar: &Calendar, pencil: &mut Pencil<'_>) -> Length {
    let labels = |pencil: &Pencil<'_>| {
        let labels = calendar.spans.iter();
        let labels = labels.map(|span| pencil.measure(&span.label, false));
        labels.max().unwrap_or_default() + pencil.tenths(6)
    };
    pencil.fit(labels(pencil), pencil.width / 2);
    let (mut left, gap) = (labels(pencil), pencil.tenths(6));
    // A point more, for what was rounded. Without room beside the spans labels stand above.
    let above = left > pencil.width / 2 + Length::PT;
    if above {
        left = Length::ZERO;
    }
    let room = (pencil.width - left - gap).at_least(Length(1));
    let months = (calendar.end - calendar.first).max(1);
    let x = |month: Month| left + room.scaled(month - calendar.first, months);
    let (head, row) = match above {
        true => (pencil.tenths(18), pencil.tenths(29)),
        false => (pencil.tenths(18), pencil.tenths(16)),
    };
    let height = head + row * i64::try_from(calendar.spans.len()).unwrap_or(0);
    scale(calendar, &x, height, pencil);
    let mut top = head;
    for span in &calendar.spans {
        let y = top + pencil.tenths(10);
        let start = top
            + if above {
                pencil.tenths(13)
            } else {
                Length::ZERO
            };
        if above {
            // The lines of the scale do not run through the words.
            let width = pencil.measure(&span.label, false) + gap;
            let height = pencil.tenths(13);
            pencil.fill(left, top, Size { width, height }, WHITE);
            pencil.words(&span.label, Point { x: left, y }, Anchor::Start, false);
        } else {
            pencil.words(&span.label, Point { x: left - gap, y }, Anchor::End, false);
        }
        let bar = start + pencil.tenths(3);
        let high = pencil.tenths(8);
        let width = match span.to > span.from {
            true => x(span.to) - x(span.from),
            false => high,
        };
        // What happened within a month stands in its middle.
        let (start, grey) = match span.to > span.from {
            true => (x(span.from), GREY),
            false => ((x(span.from) + x(span.from + 1) - high) / 2, BLACK),
        };
        let size = Size {
            width,
            height: high,
        };
        pencil.fill(start, bar, size, grey);
        top += row;
    }
    height
}

/// A line at the beginning and wherever a year begins, with the year beside it.
fn scale(
    calendar: &Calendar,
    x: &dyn Fn(Month) -> Length,
    height: Length,
    pencil: &mut Pencil<'_>,
) {
    let width = (pencil.tenths(1) / 2).at_least(Length(1));
    for month in calendar.first..=calendar.end {
        if month.rem_euclid(12) != 0 && month != calendar.first {
            continue;
        }
        pencil.fill(x(month), Length::ZERO, Size { width, height }, PALE);
        let year = month.div_euclid(12).to_string();
        let next = ((month.div_euclid(12) + 1) * 12).min(calendar.end);
        let gap = pencil.tenths(3);
        // A year that is cut short may have no room for its number.
        if x(next) - x(month) > pencil.measure(&year, true) + gap * 2 {
            let at = Point {
                x: x(month) + gap,
                y: pencil.tenths(10),
            };
            pencil.words(&year, at, Anchor::Start, true);
        }
    }
}
