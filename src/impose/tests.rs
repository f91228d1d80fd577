//! Every imposition is folded here as paper is, and read.

use super::*;
use crate::manifest::{Binding, paper_size};

/// A page as it lies on a sheet, seen from the front.
struct Printed {
    page: Option<usize>,
    left: Length,
    right: Length,
    top: Length,
    upright: bool,
}

fn size(name: &str) -> Size {
    paper_size(name).expect("a size by its name")
}

fn ink() -> Margins {
    let margin = Length::centi_mm(1_200);
    Margins {
        top: margin,
        bottom: margin,
        inner: margin,
        outer: margin,
    }
}

/// What one side shows in the frame of the front, and which way up.
fn look(side: &Side, sheets: &Sheets, page: Size, behind: bool) -> Vec<Printed> {
    let Size { width, height } = sheets.paper;
    let (wide, tall) = (sheets.scale.of(page.width), sheets.scale.of(page.height));
    let slots = side.slots.iter().map(|slot| {
        let mut rect = (slot.at.x, slot.at.x + wide, slot.at.y, slot.at.y + tall);
        let mut upright = true;
        if side.turned {
            rect = (
                width - rect.1,
                width - rect.0,
                height - rect.3,
                height - rect.2,
            );
            upright = !upright;
        }
        if behind {
            // Paper that is turned over an upright edge changes left and right; over a level
            // one it changes head and foot.
            let edge_is_upright = (sheets.turn == Edge::Long) == (height > width);
            if edge_is_upright {
                rect = (width - rect.1, width - rect.0, rect.2, rect.3);
            } else {
                rect = (rect.0, rect.1, height - rect.3, height - rect.2);
                upright = !upright;
            }
        }
        Printed {
            page: slot.page,
            left: rect.0,
            right: rect.1,
            top: rect.2,
            upright,
        }
    });
    let mut slots: Vec<Printed> = slots.collect();
    slots.sort_by_key(|slot| slot.left);
    slots
}

/// Folds and gathers all signatures; the pages in the order in which they are then read.
fn read(sheets: &Sheets, page: Size) -> Vec<Option<usize>> {
    let mut order = Vec::new();
    for signature in 0..sheets.signatures {
        let nested = sheets
            .sheets
            .iter()
            .filter(|sheet| sheet.signature == signature);
        let (mut first_half, mut second_half) = (Vec::new(), Vec::new());
        for sheet in nested {
            let front = look(&sheet.front, sheets, page, false);
            let back = look(&sheet.back, sheets, page, true);
            for (front, back) in front.iter().zip(&back) {
                assert!(front.upright && back.upright, "a page is upside down");
                // Half of an odd length is rounded.
                let near = |a: Length, b: Length| (a - b).0.abs() <= 1;
                assert!(
                    near(front.left, back.left)
                        && near(front.right, back.right)
                        && near(front.top, back.top),
                    "a leaf's pages do not lie behind each other"
                );
            }
            // The front is the outside: to its right the earlier leaf, to its left the later.
            first_half.extend([front[1].page, back[1].page]);
            second_half.extend([front[0].page, back[0].page]);
        }
        order.extend(first_half);
        order.extend(second_half.into_iter().rev());
    }
    order
}

fn each_scheme(mut check: impl FnMut(&Booklet, Size)) {
    let papers = [
        ("a4", "a5"),
        ("letter", "half-letter"),
        ("a4", "a4"),
        ("legal", "a6"),
    ];
    for (paper, page) in papers {
        for binding in [
            Binding::Saddle,
            Binding::Signatures16,
            Binding::Signatures32,
        ] {
            for duplex in [Duplex::LongEdge, Duplex::ShortEdge, Duplex::ByHand] {
                let booklet = Booklet {
                    paper: size(paper),
                    binding,
                    duplex,
                    ..Booklet::default()
                };
                check(&booklet, size(page));
            }
        }
    }
}

#[test]
fn folded_sheets_are_read_in_order() {
    each_scheme(|booklet, page| {
        for pages in (0..=140).chain([255, 256, 257, 1000]) {
            let sheets = plan(pages, page, &ink(), booklet);
            let order = read(&sheets, page);
            let expected = (0..pages).map(Some).chain(vec![None; sheets.blanks]);
            assert!(
                order.iter().copied().eq(expected),
                "{pages} pages, {booklet:?}: {order:?}"
            );
            assert!(sheets.blanks < 4);
        }
    });
}

#[test]
fn signatures_are_balanced() {
    each_scheme(|booklet, page| {
        for pages in 1..=140 {
            let sheets = plan(pages, page, &ink(), booklet);
            let mut sizes = vec![0; sheets.signatures];
            for sheet in &sheets.sheets {
                sizes[sheet.signature] += 1;
            }
            let (least, most) = (sizes.iter().min(), sizes.iter().max());
            let (least, most) = (*least.expect("one"), *most.expect("one"));
            assert!(most - least <= 1, "{sizes:?}");
            assert!(
                booklet
                    .binding
                    .most_sheets()
                    .is_none_or(|limit| most <= limit)
            );
        }
    });
}

#[test]
fn a_printer_reaches_every_word() {
    each_scheme(|booklet, page| {
        for reach in [0, 500, 1_300, 2_500] {
            let booklet = Booklet {
                reach: Length::centi_mm(reach),
                ..booklet.clone()
            };
            let sheets = plan(64, page, &ink(), &booklet);
            let rounding = Length(8);
            for sheet in &sheets.sheets {
                let right = &look(&sheet.front, &sheets, page, false)[1];
                let margin = sheets.scale.of(ink().outer);
                assert!(right.right - margin <= sheets.paper.width - booklet.reach + rounding);
                assert!(right.top + sheets.scale.of(ink().top) + rounding >= booklet.reach);
                // No page is torn at the fold by more than its creep.
                assert!(right.left + sheets.scale.of(ink().inner) > sheets.paper.width / 2);
            }
        }
    });
}

#[test]
fn pages_of_half_the_paper_keep_their_size() {
    for (paper, page) in [("a4", "a5"), ("letter", "half-letter"), ("a3", "a4")] {
        let booklet = Booklet {
            paper: size(paper),
            ..Booklet::default()
        };
        let sheets = plan(16, size(page), &ink(), &booklet);
        assert_eq!(sheets.scale, Scale::WHOLE);
        assert!(sheets.paper.width > sheets.paper.height);
    }
}

#[test]
fn inner_sheets_creep_by_the_paper_around_them() {
    let booklet = Booklet::default();
    let sheets = plan(32, size("a5"), &ink(), &booklet);
    let right = |sheet: usize| sheets.sheets[sheet].front.slots[1].at.x;
    let left = |sheet: usize| sheets.sheets[sheet].front.slots[0].at.x;
    assert_eq!(right(0), sheets.paper.width / 2);
    assert_eq!(right(0) - right(7), booklet.thickness * 7);
    assert_eq!(left(7) - left(0), booklet.thickness * 7);
}

#[test]
fn marks_stand_on_the_outside_of_signatures() {
    let booklet = Booklet {
        binding: Binding::Signatures16,
        marks: vec![FoldMark::Fold, FoldMark::Stitch, FoldMark::Order],
        ..Booklet::default()
    };
    let sheets = plan(48, size("a5"), &ink(), &booklet);
    let marks: Vec<usize> = sheets
        .sheets
        .iter()
        .map(|sheet| sheet.front.marks.len())
        .collect();
    assert_eq!(marks, [7, 2, 2, 2, 7, 2, 2, 2, 7, 2, 2, 2]);
    let steps: Vec<Length> = (0..3)
        .map(|signature| sheets.sheets[signature * 4].front.marks[6].origin.y)
        .collect();
    assert!(steps.is_sorted() && steps[0] < steps[1], "{steps:?}");
}
