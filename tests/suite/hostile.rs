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
fn a_table_of_200_columns() {
    let cells = |text: &str| format!("|{}\n", format!(" {text} |").repeat(200));
    let table = format!("{}{}{}", cells("h"), cells("---"), cells("x"));
    let (built, report) = with_chapter(&format!("Before.\n\n{table}\n\nAfter."));
    assert!(built, "{report}");
}

#[test]
fn five_hundred_notes_in_a_paragraph() {
    let calls: String = (0..500).map(|at| format!("[^{at}]")).collect();
    let notes: String = (0..500).map(|at| format!("[^{at}]: Short.\n\n")).collect();
    let (built, report) = with_chapter(&format!("Words{calls} and more.\n\n{notes}"));
    assert!(built, "{report}");
}

#[test]
fn notes_inside_notes() {
    let notes: String = (0..40)
        .map(|at| format!("[^{at}]: Note {at} calls the next.[^{}]\n\n", at + 1))
        .collect();
    let (built, report) = with_chapter(&format!("Text.[^0]\n\n{notes}[^40]: The last.\n"));
    assert!(
        !built && report.contains("error[loose-footnote]"),
        "{report}"
    );
}

#[test]
fn scripts_that_run_from_right_to_left_combine_or_are_pictures() {
    let (built, report) = with_chapter(
        "Salaam سلام and shalom שלום, a stack of marks e\u{301}\u{323}\u{308}\u{330} on one \
         letter, a family 👨‍👩‍👧‍👦 and a flag 🇨🇱, and a turn \u{202e}here\u{202c}.",
    );
    assert!(built && report.contains("missing-glyph"), "{report}");
}

#[test]
fn a_mark_on_nothing_and_a_thousand_on_one_letter() {
    let marks = "\u{301}".repeat(1_000);
    let (built, report) = with_chapter(&format!("\u{301}Alone, e{marks} and on."));
    assert!(built, "{report}");
}

/// Pages no wider than a word, of no height, or all margin: a page or a message.
#[test]
fn absurd_pages() {
    for (page, built) in [
        ("width = \"30mm\"\nheight = \"60mm\"", false),
        ("width = \"42mm\"\nheight = \"148mm\"", true),
        ("width = \"148mm\"\nheight = \"1mm\"", false),
        ("width = \"0mm\"\nheight = \"0mm\"", false),
        (
            "width = \"148mm\"\nheight = \"210mm\"\ninner = \"80mm\"\nouter = \"80mm\"",
            false,
        ),
        (
            "width = \"148mm\"\nheight = \"210mm\"\ninner = \"-20mm\"",
            false,
        ),
        ("width = \"900mm\"\nheight = \"900mm\"", true),
        (
            "width = \"148mm\"\nheight = \"210mm\"\ntext-size = \"90pt\"\nleading = \"99pt\"",
            false,
        ),
        (
            "width = \"148mm\"\nheight = \"210mm\"\nleading = \"1pt\"",
            false,
        ),
    ] {
        let pack = packs::scratch();
        packs::small_pack(pack.path(), None);
        let manifest = pack.path().join("book.toml");
        let text = fs::read_to_string(&manifest).expect("it can be read");
        let text = format!("{text}\n[[edition]]\nid = \"odd\"\nreference = true\n{page}\n");
        fs::write(manifest, text).expect("it can be written");
        let (files, report) = packs::build(pack.path());
        assert_eq!(
            files.is_some(),
            !report.contains("error["),
            "{page}: {report}"
        );
        assert_eq!(files.is_some(), built, "{page}: {report}");
    }
}

#[test]
fn a_picture_taller_than_the_page() {
    let pack = packs::scratch();
    packs::copy(&packs::root().join("tests/books/constructs"), pack.path());
    let manifest = pack.path().join("book.toml");
    let text = fs::read_to_string(&manifest).expect("it can be read");
    let text = text.replace("\"148mm\"", "\"70mm\"");
    fs::write(manifest, text).expect("it can be written");
    let composed = packs::compose(pack.path()).expect("the pack has no errors");
    let trim = composed.pages.trim;
    let pictures = composed.pages.pages.iter().flat_map(|page| &page.items);
    let heights: Vec<_> = pictures
        .filter_map(|item| match item {
            cordel::pages::Item::Picture { rect, .. } => Some(rect.origin.y + rect.size.height),
            cordel::pages::Item::Run(_) | cordel::pages::Item::Rule { .. } => None,
        })
        .collect();
    assert!(!heights.is_empty() && heights.iter().all(|foot| *foot < trim.height));
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
            .step_by(13)
            .filter(|&end| whole.is_char_boundary(end))
        {
            fs::write(&path, &whole[..end]).expect("it can be written");
            packs::build(pack.path());
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

/// The small pack with one of its files replaced.
fn with_file(path: &str, text: &str) -> (bool, String) {
    let pack = packs::scratch();
    packs::small_pack(pack.path(), None);
    fs::write(pack.path().join(path), text).expect("it can be written");
    let (files, report) = packs::review(pack.path());
    (files.is_some(), report)
}

#[test]
fn a_heading_of_10_000_letters() {
    for word in ["weir".repeat(2_500), "weir ".repeat(2_000)] {
        let index =
            format!("[[heading]]\nid = \"weir\"\nheading = \"{word}\"\nforms = [\"weir\"]\n");
        let (built, report) = with_file("index.toml", &index);
        assert!(built, "{report}");
    }
}

#[test]
fn a_circle_over_five_sees() {
    let heading = |at: usize| {
        let next = (at + 1) % 5;
        format!("[[heading]]\nid = \"h{at}\"\nheading = \"h{at}\"\nsee = [\"h{next}\"]\n")
    };
    let index: String = (0..5).map(heading).collect();
    let (built, report) = with_file("index.toml", &index);
    assert!(!built);
    assert_eq!(report.matches("error[circular-see]").count(), 5, "{report}");
}

#[test]
fn forms_that_match_everything_and_nothing() {
    let forms = "[\"the\", \"a\", \"and\", \"o\", \"in\"]";
    let index = format!("[[heading]]\nid = \"all\"\nheading = \"all\"\nforms = {forms}\n");
    let (built, report) = with_file("index.toml", &index);
    assert!(built, "{report}");
    let none = "[[heading]]\nid = \"all\"\nheading = \"all\"\nforms = [\".\", \"\", \"*\"]\n";
    let (built, report) = with_file("index.toml", none);
    assert!(!built);
    assert_eq!(report.matches("has no letter").count(), 3, "{report}");
}

#[test]
fn events_at_the_ends_of_time() {
    let event = |date: &str| {
        format!(
            "[[event]]\nid = \"flood\"\ndate = \"{date}\"\ntext = \"It floods.\"\n\
             sources = [{{ work = \"miller\", locator = \"p. 1\" }}]\n"
        )
    };
    let (built, report) = with_file("chronology.toml", &event("-0001"));
    assert!(built, "{report}");
    for impossible in [
        "9999-13",
        "1973-02-30",
        "0000-00-00",
        "99999",
        "1973-06-29/1973-06-01",
    ] {
        let (built, report) = with_file("chronology.toml", &event(impossible));
        assert!(
            !built && report.contains("error[bad-date]"),
            "{impossible}: {report}"
        );
    }
}

#[test]
fn a_bibliography_with_missing_fields() {
    let bibliography =
        "@book{a}\n@article{b, author = {}}\n@misc{, title = {x}}\n@book{c, title = {Kept}}\n";
    let (built, report) = with_file("bibliography.bib", bibliography);
    assert!(!built);
    assert!(report.contains("bibliography.bib"), "{report}");
}

#[test]
fn a_glossary_whose_every_term_contains_another() {
    let term = |at: usize| {
        let words = vec!["weir"; at].join(" ");
        let short = match at {
            1 => "A low dam.",
            _ => "It has [it](term:t1).",
        };
        format!("[[term]]\nid = \"t{at}\"\nterm = \"{words}\"\nshort = \"{short}\"\n")
    };
    let glossary: String = (1..200).map(term).collect();
    let regidor = "[[term]]\nid = \"regidor\"\nterm = \"regidor\"\nshort = \"An officer.\"\n";
    let pack = packs::scratch();
    packs::small_pack(pack.path(), None);
    fs::write(pack.path().join("glossary.toml"), glossary + regidor).expect("it can be written");
    let text = format!("The {} broke.", "weir ".repeat(5_000));
    fs::write(pack.path().join("chapters/introduction.md"), text).expect("it can be written");
    let (files, report) = packs::build(pack.path());
    assert!(files.is_some(), "{report}");
}
