//! Whole packs against their golden pages and e-books, and the same bytes every time.

use std::io::{Cursor, Read};
use std::thread;
use std::time::Duration;

use cordel::diag::Report;
use cordel::{edition, pages, verify};

use crate::packs;

#[test]
fn the_small_book_is_as_expected() {
    let pack = packs::scratch();
    packs::small_pack(pack.path(), None);
    let golden = packs::root().join("tests/books/small/golden");
    let (files, report) = packs::build(pack.path());
    packs::compare(&golden.join("report.txt"), &report);
    let files = files.expect("the small book has no errors");
    let composed = packs::compose(pack.path()).expect("the small book has no errors");
    let edition = edition::dump::text(&composed.edition);
    packs::compare(&golden.join("edition.txt"), &edition);
    let pages = pages::dump::text(&composed.pages);
    packs::compare(&golden.join("pages.txt"), &pages);
    let epub = files
        .iter()
        .find(|file| file.name.ends_with(".epub"))
        .expect("an EPUB is made");
    for (name, text) in texts_of(&epub.bytes) {
        packs::compare(&golden.join("epub").join(name), &text);
    }
}

/// Proves a finished file against its book.
type Proof = fn(&[u8], &edition::Edition, &pages::Pages, &mut Report) -> verify::Proof;

/// A pack that holds one of each thing that a page can hold, and breaks the large ones over
/// pages.
#[test]
fn every_construct_is_set_as_expected() {
    let pack = packs::scratch();
    let folder = packs::root().join("tests/books/constructs");
    packs::copy(&folder, pack.path());
    let (files, report) = packs::build(pack.path());
    let files = files.expect("the pack has no errors");
    packs::compare(&folder.join("golden/report.txt"), &report);
    let composed = packs::compose(pack.path()).expect("the pack has no errors");
    let epub = files.iter().find(|file| file.name.ends_with(".epub"));
    for (name, text) in texts_of(&epub.expect("an EPUB is made").bytes) {
        packs::compare(&folder.join("golden/epub").join(name), &text);
    }
    for (end, check) in [(".pdf", verify::pdf as Proof), (".epub", verify::epub)] {
        let file = files.iter().find(|file| file.name.ends_with(end));
        let file = file.expect("both files are made");
        let mut report = Report::default();
        check(&file.bytes, &composed.edition, &composed.pages, &mut report);
        assert_eq!(report.diagnostics.len(), 0, "{:?}", report.diagnostics);
    }
    let pages = pages::dump::text(&composed.pages);
    packs::compare(&folder.join("golden/pages.txt"), &pages);
    let items = composed.items();
    for item in [
        "of constructs",
        "box 56.18 Guadalquivir",
        "penalty 130 with hyphen",
        "fill",
    ] {
        assert!(items.contains(item), "{item}");
    }
    let found = pages::typography::measure(&composed.pages);
    let shown = pages::typography::text(&composed.pages, &found);
    packs::compare(&folder.join("golden/typography.txt"), &shown);
    assert!(
        found.over.is_empty() && found.touching.is_empty(),
        "{shown}"
    );
}

/// The text files of an EPUB, but for fonts, pictures and the style sheet.
fn texts_of(epub: &[u8]) -> Vec<(String, String)> {
    let mut zip = zip::ZipArchive::new(Cursor::new(epub)).expect("an EPUB is a zip");
    let mut texts = Vec::new();
    for at in 0..zip.len() {
        let mut entry = zip.by_index(at).expect("an entry can be read");
        let name = entry.name().to_string();
        if [".xhtml", ".opf", ".ncx", "mimetype"]
            .iter()
            .any(|end| name.ends_with(end))
        {
            let mut text = String::new();
            entry.read_to_string(&mut text).expect("it is UTF-8");
            texts.push((name, text));
        }
    }
    texts
}

/// In two folders, more than two seconds apart (a zip counts time in steps of two): the
/// same bytes; and so for the second book that one process makes.
#[test]
fn the_same_pack_gives_the_same_bytes() {
    let build = || {
        let pack = packs::scratch();
        packs::small_pack(pack.path(), None);
        packs::build(pack.path())
            .0
            .expect("the small book has no errors")
    };
    let first = build();
    thread::sleep(Duration::from_millis(2_100));
    let second = build();
    assert_eq!(first.len(), 4);
    for (a, b) in first.iter().zip(&second) {
        assert_eq!(a.name, b.name);
        assert!(a.bytes == b.bytes, "{} differs from build to build", a.name);
    }
}
