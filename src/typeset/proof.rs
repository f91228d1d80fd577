//! The test sheet of booklets: four pages that say which they are. Printed and folded, one
//! sheet of them proves whether the printer turns the paper as the booklet expects.

use std::sync::Arc;

use crate::edition::{NoteId, plain};
use crate::fonts::{Family, FontSet};
use crate::pages::{Info, Item, Page, Pages, Run};
use crate::source::Position;
use crate::text::{Lang, Passage};
use crate::typeset::builder::GENERATED;
use crate::typeset::line::{Figures, ParagraphStyle, TextAlign};
use crate::typeset::paragraph::{Lookup, Setter};
use crate::units::{Length, Point, Rect, Size};

/// What each page says below its number.
const WORDS: [&str; 4] = [
    "The front of the booklet. Fold the sheet once, this page outside and the fold at its left.",
    "Behind page 1, upright, the fold at its right. If it stands on its head, the printer turns the sheet over the other edge: choose the other of long-edge and short-edge, in the printer’s settings or in the booklet’s. If another page is here, turn the paper round before the backs are printed.",
    "Beside page 2, the fold at its left.",
    "The back of the booklet. Hold the sheet against the light: the crosses of pages 1 and 2, and of 3 and 4, should lie on each other. The frame should be whole on all pages; if not, give the booklet a greater reach. It should be as far from the edges at the left as at the right; if not, printing was not at 100 %.",
];

/// Pages 1 to 4, with frames that stand as far from the edges as a book's words do.
pub fn test_sheet(page: Size, fonts: &FontSet) -> Pages {
    let setter = Setter::new(fonts, &[]);
    let margin = page.width.min(page.height) / 10;
    let mut pages = Pages {
        info: Info {
            title: "A test sheet for booklets".into(),
            language: "en".into(),
            ..Info::default()
        },
        trim: page,
        ..Pages::default()
    };
    for (number, words) in (1..).zip(WORDS) {
        let mut items = frame(page, margin);
        items.extend(cross(page));
        let column = Column {
            left: margin * 2,
            measure: page.width - margin * 4,
        };
        let (large, size) = (page.height / 6, page.width.scaled(11, 420));
        let top = margin * 2 + large;
        items.extend(column.set(&number.to_string(), large, top, &setter));
        items.extend(column.set(words, size, top + large / 2, &setter));
        pages.pages.push(Page {
            items,
            ..Page::default()
        });
    }
    pages
}

struct Column {
    left: Length,
    measure: Length,
}

impl Column {
    /// Text in lines, the first with its base line at `y`.
    fn set(&self, text: &str, size: Length, y: Length, setter: &Setter<'_>) -> Vec<Item> {
        let passage = Passage {
            id: GENERATED,
            inlines: vec![plain(text)],
            span: None,
        };
        let lines = setter.set(&passage, &self.style(size), &Nothing).lines;
        let mut items = Vec::new();
        let mut y = y;
        for line in lines {
            items.extend(Arc::unwrap_or_clone(line).pieces.into_iter().map(|piece| {
                Item::Run(Run {
                    face: piece.face,
                    size: piece.size,
                    expansion: piece.expansion,
                    origin: Point {
                        x: self.left + piece.x,
                        y: y - piece.rise,
                    },
                    glyphs: piece.glyphs,
                    text: piece.text,
                    grey: piece.grey,
                    tag: None,
                    spoken: None,
                    span: None,
                })
            }));
            y += size.scaled(13, 10);
        }
        items
    }

    fn style(&self, size: Length) -> ParagraphStyle {
        ParagraphStyle {
            family: Family::Sans,
            bold: false,
            italic: false,
            size,
            measure: self.measure,
            first_indent: Length::ZERO,
            left_indent: Length::ZERO,
            right_indent: Length::ZERO,
            firsts: 1,
            drop: None,
            align: TextAlign::Left,
            hyphenate: false,
            figures: Figures::Lining,
            wider_spaces: 0,
            small_caps: false,
            letterspace: 0,
            lang: Lang("en".into()),
            grey: 0,
            clear_print: false,
            acronyms: false,
        }
    }
}

/// Four rules around the page.
fn frame(page: Size, margin: Length) -> Vec<Item> {
    let (right, bottom) = (page.width - margin, page.height - margin);
    vec![
        rule((margin, margin), (right, margin)),
        rule((margin, bottom), (right, bottom)),
        rule((margin, margin), (margin, bottom)),
        rule((right, margin), (right, bottom)),
    ]
}

/// Two rules that cross below the words, in the middle between left and right.
fn cross(page: Size) -> [Item; 2] {
    let (x, y, arm) = (page.width / 2, page.height.scaled(4, 5), Length::pt(12));
    [
        rule((x - arm, y), (x + arm, y)),
        rule((x, y - arm), (x, y + arm)),
    ]
}

/// A hairline, level or upright, with its middle on the line between two points.
fn rule(from: (Length, Length), to: (Length, Length)) -> Item {
    let thin = Length::milli_pt(500);
    Item::Rule {
        rect: Rect {
            origin: Point {
                x: from.0 - thin / 2,
                y: from.1 - thin / 2,
            },
            size: Size {
                width: to.0 - from.0 + thin,
                height: to.1 - from.1 + thin,
            },
        },
        grey: 0,
        tag: None,
    }
}

/// The sheet's text refers to nothing.
struct Nothing;

impl Lookup for Nothing {
    fn label(&self, _: NoteId) -> &str {
        ""
    }

    fn pages(&self, _: &[Position]) -> Vec<(String, Position)> {
        Vec::new()
    }
}
