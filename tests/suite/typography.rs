//! How well books are set, read back from their pages.

use std::path::PathBuf;

use cordel::diag::Report;
use cordel::fonts::{Family, FontSet};
use cordel::pages::typography::{Typography, measure, text};
use cordel::pages::{Item, Pages};
use cordel::pipeline::{self, Request};
use cordel::source::Inputs;
use cordel::units::Length;

use crate::packs;

fn pages(pack: &std::path::Path, sources: Vec<PathBuf>) -> Pages {
    edition(pack, sources, None)
}

fn edition(pack: &std::path::Path, sources: Vec<PathBuf>, id: Option<&str>) -> Pages {
    let mut inputs = Inputs::read_pack(pack).expect("the pack can be read");
    let request = Request {
        edition: id.map(String::from),
        epub: false,
        pdf: true,
        review: false,
        source_folders: sources,
    };
    let book = pipeline::compose(&mut inputs, &request, &mut |_| {}, &mut Report::default());
    let book = book.expect("the sources can be read");
    book.expect("the book has no errors").pages
}

/// What no page may have.
fn assert_flawless(pages: &Pages, found: &Typography) {
    let faults = [
        &found.over,
        &found.touching,
        &found.widows,
        &found.orphans,
        &found.divided,
        &found.off_grid,
        &found.uneven,
    ];
    let none = faults.iter().all(|places| places.is_empty());
    assert!(none, "{}", text(pages, found));
}

#[test]
fn the_small_book_is_set_without_a_fault() {
    let pages = pages(&packs::root().join("tests/books/small"), Vec::new());
    assert_flawless(&pages, &measure(&pages));
}

/// As even as the best of other typesetters: 0.5 % of lines loose, a spread of 0.142 and
/// 4.1 % hyphens (LuaLaTeX with microtype on the same texts).
#[test]
fn the_whole_pack_is_set_evenly_and_without_a_fault() {
    let Some(sources) = packs::sources() else {
        return;
    };
    let pages = pages(&packs::root().join("book"), vec![sources]);
    let found = measure(&pages);
    assert_flawless(&pages, &found);
    let all = &found.all;
    assert!(all.lines > 1_000, "{all:?}");
    assert!(all.loose * 200 < all.lines, "{all:?}");
    assert!(all.hyphens * 20 < all.lines, "{all:?}");
    assert_eq!(all.three_hyphens, 0, "{all:?}");
    assert!(all.spread < 0.14, "{all:?}");
}

/// Nothing is smaller than the text, be it a note's call, a figure's words or a page number,
/// and nothing is italic.
#[test]
fn clear_print_is_large_throughout() {
    let sources = packs::sources().into_iter().collect();
    let pages = edition(&packs::root().join("book"), sources, Some("large-print"));
    let fonts = FontSet::built_in();
    let mut calls = 0;
    for (number, page) in pages.pages.iter().enumerate() {
        for item in &page.items {
            let Item::Run(run) = item else { continue };
            let place = format!("page {}: {}", number + 1, run.text);
            assert!(run.size >= Length::pt(18), "{place} {}", run.size);
            let face = fonts.get(run.face);
            assert!(!face.italic && face.family == Family::Sans, "{place}");
            let is_call = run.text.trim().starts_with('(') && run.text.ends_with(')');
            calls += usize::from(is_call);
        }
    }
    assert!(calls > 50, "{calls} calls in brackets");
}
