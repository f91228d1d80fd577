//! What no sane pack holds: every stage must end in a message or a sane page, never in a
//! panic, a hang or half a file.

use std::fs;
use std::path::Path;

use crate::packs;

/// The small pack with one chapter's text replaced.
fn with_chapter(text: &str) -> (bool, String) {
    let pack = packs::scratch();
    packs::small_pack(pack.path(), None);
    fs::write(pack.path().join("chapters/introduction.md"), text).expect("it can be written");
    let (files, report) = packs::build(pack.path());
    (files.is_some(), report)
}

#[test]
fn a_word_longer_than_the_line() {
    let (built, report) = with_chapter(&format!("One {} two.", "wordwithoutend".repeat(400)));
    assert!(built, "{report}");
}

#[test]
fn a_word_of_300_kilobytes() {
    let (built, report) = with_chapter(&"x".repeat(300_000));
    assert!(built, "{report}");
}

#[test]
fn a_footnote_longer_than_a_page() {
    let note = "A very long note that goes on about the weir. ".repeat(400);
    let (built, report) = with_chapter(&format!("Text.[^a] More text.\n\n[^a]: {note}\n"));
    assert!(built, "{report}");
}

#[test]
fn more_notes_than_a_page_holds() {
    let calls: String = (0..300).map(|at| format!("Word[^{at}] ")).collect();
    let notes: String = (0..300)
        .map(|at| format!("[^{at}]: The note of number {at}, which is short.\n\n"))
        .collect();
    let (built, report) = with_chapter(&format!("{calls}\n\n{notes}"));
    assert!(built, "{report}");
}

#[test]
fn a_table_wider_than_the_page() {
    let cells = |text: &str| format!("|{}\n", format!(" {text} |").repeat(40));
    let table = format!(
        "{}{}{}",
        cells("heading"),
        cells("---"),
        cells("some words here")
    );
    let (built, report) = with_chapter(&format!("Before.\n\n{table}\n\nAfter."));
    assert!(built, "{report}");
}

#[test]
fn a_table_row_taller_than_the_page() {
    let long = "many words in one cell ".repeat(300);
    let (built, report) = with_chapter(&format!("| a | b |\n|---|---|\n| {long} | {long} |\n"));
    assert!(built, "{report}");
}

#[test]
fn lists_nested_deep() {
    let text: String = (0..60)
        .map(|depth| format!("{}- item {depth}\n", "  ".repeat(depth)))
        .collect();
    let (built, report) = with_chapter(&text);
    assert!(built, "{report}");
}

#[test]
fn quotations_nested_deep() {
    let (built, report) = with_chapter(&format!("{} deep", ">".repeat(4000)));
    assert!(built, "{report}");
}

#[test]
fn an_empty_chapter() {
    let (built, report) = with_chapter("");
    assert!(built && report.contains("empty-chapter"), "{report}");
}

#[test]
fn line_ends_of_other_systems_and_a_byte_order_mark() {
    let (built, report) = with_chapter("\u{feff}One\r\ntwo.\r\n\r\nThree.\r\n");
    assert!(built && !report.contains("control"), "{report}");
}

#[test]
fn a_character_that_no_font_has() {
    let (built, report) = with_chapter("A tree 木 and a clef 𝄞.");
    assert!(built && report.contains("missing-glyph"), "{report}");
}

#[test]
fn a_picture_30_000_pixels_wide() {
    let pack = packs::scratch();
    packs::small_pack(pack.path(), None);
    fs::create_dir_all(pack.path().join("images")).expect("a folder can be made");
    fs::write(
        pack.path().join("images/wide.png"),
        png_header(30_000, 30_000),
    )
    .expect("it can be written");
    fs::write(
        pack.path().join("chapters/introduction.md"),
        "Text.\n\n![A wide one](images/wide.png)\n",
    )
    .expect("it can be written");
    let (files, report) = packs::build(pack.path());
    assert!(
        files.is_none() && report.contains("[bad-image]"),
        "{report}"
    );
}

/// A PNG that says how large it is and then ends.
fn png_header(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    bytes.extend(width.to_be_bytes());
    bytes.extend(height.to_be_bytes());
    bytes.extend([8, 2, 0, 0, 0, 0, 0, 0, 0]);
    bytes
}

/// Every file of the small pack, cut off at every character: no stage panics.
#[test]
fn every_file_cut_off_anywhere() {
    let pack = packs::scratch();
    packs::small_pack(pack.path(), None);
    let files = [
        "chapters/introduction.md",
        "glossary.toml",
        "chronology.toml",
        "index.toml",
        "sources.toml",
        "emendations.toml",
        "book.toml",
        "recipes/miller.toml",
        "texts/miller.txt",
    ];
    for file in files {
        let path = pack.path().join(file);
        let whole = fs::read_to_string(&path).expect("it is in the small pack");
        // A prime step visits every kind of place without visiting every place.
        for end in (0..whole.len())
            .step_by(17)
            .filter(|&end| whole.is_char_boundary(end))
        {
            fs::write(&path, &whole[..end]).expect("it can be written");
            packs::compose(pack.path());
        }
        fs::write(&path, whole).expect("it can be written");
    }
}

#[test]
fn bytes_that_are_no_text() {
    for file in [
        "book.toml",
        "glossary.toml",
        "chapters/introduction.md",
        "recipes/miller.toml",
        "texts/miller.txt",
    ] {
        let pack = packs::scratch();
        packs::small_pack(pack.path(), None);
        fs::write(pack.path().join(file), [0xff, 0xfe, 0, b'x', 0x80]).expect("it can be written");
        let (files, report) = packs::build(pack.path());
        assert!(
            files.is_none() && report.contains("[not-utf8]"),
            "{file}: {report}"
        );
    }
}

/// With errors nothing is written, and the files of an earlier build stay as they were.
#[test]
fn an_earlier_build_stays_untouched() {
    let pack = packs::scratch();
    packs::small_pack(pack.path(), None);
    let out = pack.path().join("made");
    assert!(run(pack.path(), &out), "the small pack builds");
    let before = listing(&out);
    fs::write(
        pack.path().join("chapters/introduction.md"),
        "[lost](term:nowhere)",
    )
    .expect("it can be written");
    assert!(!run(pack.path(), &out), "the book has an error");
    assert_eq!(before, listing(&out));
}

fn run(pack: &Path, out: &Path) -> bool {
    let status = std::process::Command::new(env!("CARGO_BIN_EXE_cordel"))
        .args(["build", "--quiet", "--out"])
        .arg(out)
        .arg("--sources")
        .arg(pack.join("texts"))
        .arg(pack)
        .output()
        .expect("the program runs")
        .status;
    status.success()
}

fn listing(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("it can be read").path())
        .map(|path| {
            (
                path.to_string_lossy().into_owned(),
                fs::read(&path).expect("a file"),
            )
        })
        .collect();
    files.sort();
    files
}
