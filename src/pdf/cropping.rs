//! Sheets for a copy shop: larger than the page, with marks along which they are trimmed.
//!
//! The page keeps its coordinates; the sheet reaches beyond it on all sides, into negative
//! ones, so that nothing on the page, no link and no goal, knows of the sheet.

use lopdf::{Object, Stream};

use super::objects::{corners, dictionary, stream};
use super::operators::Operators;
use crate::pages::Pages;
use crate::units::{Length, Point, Rect, Size};

/// How long a mark is, and how much paper is left beyond it.
const MARK: Length = Length::centi_mm(500);
const BEYOND: Length = Length::centi_mm(200);
/// A mark keeps so far from the page, however little bleeds: a careless cut shows none of it.
const CLEAR: Length = Length::centi_mm(200);

/// The boxes of a page: the sheet, what is shown of it, the page, and with what bleeds.
pub(super) fn boxes(pages: &Pages) -> Vec<(&'static str, Object)> {
    let beyond = |by: Length| {
        let origin = Point { x: -by, y: -by };
        let size = Size {
            width: pages.trim.width + by * 2,
            height: pages.trim.height + by * 2,
        };
        corners(Rect { origin, size }, pages.trim)
    };
    let to_edge = |bleed| gap(bleed) + MARK + BEYOND;
    let sheet = pages.bleed.map_or(Length::ZERO, to_edge);
    let mut boxes = vec![
        ("MediaBox", beyond(sheet)),
        ("CropBox", beyond(sheet)),
        ("TrimBox", beyond(Length::ZERO)),
    ];
    boxes.extend(pages.bleed.map(|bleed| ("BleedBox", beyond(bleed))));
    boxes
}

/// The marks, the same on every sheet; `None` where the sheet is the page. For those who
/// listen they are not there (PDF 1.7 §14.8.2.2.2).
pub(super) fn marks(pages: &Pages) -> Option<Stream> {
    let near = gap(pages.bleed?);
    let far = near + MARK;
    let Size { width, height } = pages.trim;
    let mut out = Operators::new();
    out.put("q /Artifact<</Type/Page>>BDC\n0 G .25 w\n");
    for x in [Length::ZERO, width] {
        for (from, to) in [(-far, -near), (height + near, height + far)] {
            line(&mut out, [x, from, x, to]);
        }
    }
    for y in [Length::ZERO, height] {
        for (from, to) in [(-far, -near), (width + near, width + far)] {
            line(&mut out, [from, y, to, y]);
        }
    }
    out.put("S EMC Q\n");
    Some(stream(dictionary([]), &out.finish()))
}

/// From the page to its marks.
fn gap(bleed: Length) -> Length {
    bleed.at_least(CLEAR)
}

fn line(out: &mut Operators, [x, y, to_x, to_y]: [Length; 4]) {
    out.length(x);
    out.length(y);
    out.put("m ");
    out.length(to_x);
    out.length(to_y);
    out.put("l\n");
}
