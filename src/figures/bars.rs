//! Bars one under another, each with who counted it on the left, or above it where there is no
//! room for that, and the count at its end.

use super::pencil::{Anchor, Pencil};
use super::{Bar, Group};
use crate::units::{Length, Point, Size};

const GREY: u8 = 130;

pub(super) fn draw(groups: &[Group], pencil: &mut Pencil<'_>) -> Length {
    let all = || groups.iter().flat_map(|group| &group.bars);
    let widest = |of: &dyn Fn(&Bar) -> Length| all().map(of).max().unwrap_or_default();
    let sides = |pencil: &Pencil<'_>| {
        let gap = pencil.tenths(5);
        let left = widest(&|bar| pencil.measure(&bar.label, false)) + gap * 2;
        (left, widest(&|bar| pencil.measure(&bar.shown, false)) + gap)
    };
    let (left, right) = sides(pencil);
    pencil.fit(left + right, pencil.width.scaled(7, 10));
    let (mut left, right) = sides(pencil);
    // A point more, for what was rounded.
    let above = left + right > pencil.width.scaled(7, 10) + Length::PT;
    if above {
        left = Length::ZERO;
    }
    let room = (pencil.width - left - right).at_least(Length(1));
    let most = all().map(|bar| bar.value).max().unwrap_or(1).max(1);
    let (gap, row, ascent) = (pencil.tenths(5), pencil.tenths(16), pencil.tenths(10));
    let base = |top: Length| top + ascent;
    let mut top = Length::ZERO;
    for (at, group) in groups.iter().enumerate() {
        if at > 0 {
            top += pencil.tenths(6);
        }
        let head = Point {
            x: Length::ZERO,
            y: base(top),
        };
        pencil.words(&group.label, head, Anchor::Start, true);
        top += pencil.tenths(18);
        for bar in &group.bars {
            let long = room.scaled(bar.value, most);
            let (x, anchor) = match above {
                true => (left, Anchor::Start),
                false => (left - gap, Anchor::End),
            };
            let y = base(top);
            pencil.words(&bar.label, Point { x, y }, anchor, false);
            if above {
                top += pencil.tenths(13);
            }
            let y = base(top);
            let size = Size {
                width: long.at_least(pencil.tenths(1) / 2),
                height: pencil.tenths(10),
            };
            pencil.fill(left, top + pencil.tenths(2), size, GREY);
            let x = left + long + gap;
            pencil.words(&bar.shown, Point { x, y }, Anchor::Start, false);
            top += row;
        }
    }
    top
}
