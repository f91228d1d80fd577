//! Hand-made pages with one fault each.

use super::*;
use crate::fonts::FaceId;
use crate::pages::{Area, Glyph, Item, Page, Run, Tag};
use crate::units::{Point, Rect, Short, Size};

const LETTER: i64 = 5;

/// A book of one section with so many paragraphs, on a measure of forty letters.
fn book(paragraphs: u32, pages: usize) -> Pages {
    let tag = |kind, parent: Option<u32>| Tag {
        kind,
        parent: parent.map(TagId),
        lang: None,
        alt: None,
    };
    let mut structure = vec![tag(TagKind::Document, None), tag(TagKind::Section, Some(0))];
    structure.extend((0..paragraphs).map(|_| tag(TagKind::Paragraph, Some(1))));
    let rect = Rect {
        origin: Point {
            x: Length::pt(50),
            y: Length::pt(60),
        },
        size: Size {
            width: Length::pt(40 * LETTER),
            height: Length::pt(120),
        },
    };
    Pages {
        area: Area {
            recto: rect,
            verso: rect,
            text_size: Length::pt(10),
            leading: Length::pt(12),
            first: Length::pt(9),
        },
        pages: (0..pages).map(|_| Page::default()).collect(),
        structure,
        ..Pages::default()
    }
}

/// Sets a line of a paragraph, all letters and spaces as wide as each other.
fn set(pages: &mut Pages, page: usize, paragraph: u32, line: i64, text: &str) {
    let glyphs = text.char_indices().map(|(at, _)| Glyph {
        id: 1,
        advance: Length::pt(LETTER).into(),
        x: Short::default(),
        y: Short::default(),
        cluster: u32::try_from(at).expect("a short line"),
        added_hyphen: false,
    });
    let run = Run {
        face: FaceId(0),
        size: Length::pt(10),
        expansion: 0,
        origin: Point {
            x: Length::pt(50),
            y: Length::pt(69 + 12 * line),
        },
        glyphs: glyphs.collect(),
        text: text.to_string(),
        spoken: None,
        grey: 0,
        tag: Some(TagId(paragraph + 2)),
        span: None,
    };
    pages.pages[page].items.push(Item::Run(run));
}

const FULL: &str = "forty letters make a line of full width,";

#[test]
fn a_good_page_has_no_fault() {
    let mut pages = book(1, 1);
    for line in 0..4 {
        set(&mut pages, 0, 0, line, FULL);
    }
    let found = measure(&pages);
    assert_eq!(found.all.lines, 3);
    assert_eq!((found.all.loose, found.all.tight), (0, 0));
    assert_eq!(found.on_grid, 4);
    let faults = [&found.over, &found.touching, &found.widows, &found.orphans];
    assert!(faults.iter().all(|places| places.is_empty()), "{found:?}");
}

#[test]
fn a_letter_over_the_edge_is_found_but_not_a_hanging_mark() {
    let mut pages = book(1, 1);
    set(
        &mut pages,
        0,
        0,
        0,
        "forty letters make a line of full widths,",
    );
    set(
        &mut pages,
        0,
        0,
        1,
        "forty letters make a line of full widths",
    );
    set(
        &mut pages,
        0,
        0,
        2,
        "forty letters make a line of full breadth",
    );
    let found = measure(&pages);
    assert_eq!(found.over.len(), 1);
    assert!(found.over[0].words.starts_with("forty letters make"));
    assert_eq!(found.all.lines, 2);
}

#[test]
fn widows_orphans_and_divided_words_are_found() {
    let mut pages = book(2, 3);
    set(&mut pages, 0, 0, 9, "an orphan, divi-");
    set(&mut pages, 1, 0, 0, "ded here");
    set(&mut pages, 1, 0, 1, "and on to");
    set(&mut pages, 1, 1, 3, "a paragraph that");
    set(&mut pages, 1, 1, 4, "leaves behind");
    set(&mut pages, 2, 1, 0, "a widow");
    let found = measure(&pages);
    let pages_of = |places: &[Place]| places.iter().map(|place| place.page).collect::<Vec<_>>();
    assert_eq!(pages_of(&found.orphans), [0]);
    assert_eq!(pages_of(&found.divided), [0]);
    assert_eq!(pages_of(&found.widows), [2]);
    assert_eq!(pages_of(&found.stranded), [2]);
}

#[test]
fn unequal_facing_pages_and_lines_off_the_grid_are_found() {
    let mut pages = book(4, 4);
    for (page, last) in [(0, 9), (1, 9), (2, 8), (3, 9)] {
        for line in 0..=last {
            set(
                &mut pages,
                page,
                u32::try_from(page).expect("few"),
                line,
                "a line",
            );
        }
    }
    let Some(Item::Run(run)) = pages.pages[3].items.first_mut() else {
        panic!("a run was set");
    };
    run.origin.y += Length::pt(3);
    let found = measure(&pages);
    assert_eq!(found.facing, 1);
    assert_eq!(found.uneven.len(), 1);
    assert_eq!(found.off_grid.len(), 1);
}

#[test]
fn lines_that_run_into_each_other_are_found() {
    let mut pages = book(2, 1);
    set(&mut pages, 0, 0, 0, "some words");
    set(&mut pages, 0, 1, 0, "over others");
    assert_eq!(measure(&pages).touching.len(), 1);
}

#[test]
fn loose_lines_and_runs_of_hyphens_are_counted() {
    let mut pages = book(1, 1);
    for line in 0..6 {
        set(
            &mut pages,
            0,
            0,
            line,
            "forty letters make a line of full width-",
        );
    }
    if let Some(Item::Run(run)) = pages.pages[0].items.first_mut() {
        for glyph in &mut run.glyphs {
            let space = run.text.as_bytes()[glyph.cluster as usize] == b' ';
            let letter = (Length::pt(40 * LETTER) - Length::pt(10) * 7) / 33;
            glyph.advance = if space { Length::pt(10) } else { letter }.into();
        }
    }
    let found = measure(&pages);
    assert_eq!((found.all.loose, found.all.hyphens), (1, 5));
    assert_eq!(found.all.three_hyphens, 1);
    let shown = text(&pages, &found);
    assert!(
        shown.contains("20.0%") && shown.contains("0 widows"),
        "{shown}"
    );
}
