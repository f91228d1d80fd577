//! The table of the rules of the trade is whole, its tests are there, and small books show
//! what the rules ask of index and glossary.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use cordel::diag::Report;
use cordel::pages;
use cordel::pipeline::Composed;
use cordel::review::report;
use cordel::review::table::{self, Held, RULES};

use crate::packs;

#[test]
fn the_table_has_every_rule() {
    let names: Vec<&str> = RULES.iter().map(|rule| rule.name).collect();
    let mut expected = Vec::new();
    for (letter, last) in [("I", 25), ("G", 10), ("C", 8), ("E", 8), ("B", 8)] {
        expected.extend((1..=last).map(|number| format!("{letter}{number}")));
    }
    assert_eq!(names, expected);
}

#[test]
fn every_rule_has_tests_that_exist() {
    let mut code = String::new();
    for folder in ["src", "tests/suite"] {
        read_all(&packs::root().join(folder), &mut code);
    }
    for rule in RULES {
        let judged = matches!(rule.held, Held::Editors);
        assert_eq!(rule.tests.is_empty(), judged, "{}", rule.name);
        for test in rule.tests {
            let there = match test.contains('/') {
                true => packs::root().join("tests").join(test).is_dir(),
                false => is_test(&code, test),
            };
            assert!(there, "{} names {test}, which is no test", rule.name);
        }
    }
}

#[test]
fn every_diagnostic_of_a_rule_names_it() {
    for rule in RULES {
        let Held::By(codes) = rule.held else { continue };
        for code in codes {
            let explained = code.explanation();
            let words = explained.split(|c: char| !c.is_ascii_alphanumeric());
            let named = words.into_iter().any(|word| word == rule.name);
            assert!(named, "{} does not name {}", code.name(), rule.name);
        }
    }
    assert!(table::shown().contains("diagnostics/crowded-page"));
}

#[test]
fn every_rule_has_a_verdict() {
    let pack = packs::scratch();
    packs::small_pack(pack.path(), None);
    let book = packs::compose(pack.path()).expect("the small book has no errors");
    let text = report::rules(&book.proofs(), &Report::default());
    for rule in RULES {
        let line = text
            .lines()
            .find(|line| line.trim_start().starts_with(&format!("{} ", rule.name)));
        assert!(
            line.is_some_and(|line| line.contains(rule.says)),
            "{}\n{text}",
            rule.name
        );
    }
    let index = report::index(&book.proofs(), &Report::default());
    for said in ["Density: ", "Length: ", "By chapter:", "Gaps: "] {
        assert!(index.contains(said), "{said} is not in:\n{index}");
    }
    let density = index
        .lines()
        .find(|line| line.contains("I17"))
        .expect("it has a line");
    assert!(
        density.contains("too little") || density.contains("kept"),
        "{density}"
    );
}

/// Headings that are hard to file, each with its word in the text.
const HARD: [&str; 14] = [
    "Ñuñoa",
    "Nunca",
    "Álvarez",
    "Alzamora",
    "éxodo",
    "exilio",
    "MIR",
    "Mir",
    "de la Fuente",
    "O’Higgins",
    "1970",
    "¡Basta!",
    "’68",
    "El Mercurio",
];

#[test]
fn the_index_is_filed_by_the_books_language() {
    let book = with_headings(&HARD);
    let filed: Vec<String> = book
        .edition
        .index
        .iter()
        .map(|entry| entry.term.plain())
        .collect();
    assert_eq!(
        filed,
        [
            "’68",
            "1970",
            "Álvarez",
            "Alzamora",
            "¡Basta!",
            "de la Fuente",
            "El Mercurio",
            "exilio",
            "éxodo",
            "Mir",
            "MIR",
            "Nunca",
            "Ñuñoa",
            "O’Higgins",
        ]
    );
}

#[test]
fn the_glossary_is_filed_like_the_index() {
    let mut glossary = String::new();
    for (at, word) in HARD.iter().enumerate() {
        let _ = write!(
            glossary,
            "[[term]]\nid = \"t{at}\"\nterm = \"{word}\"\nshort = \"A word.\"\nexact-case = true\n"
        );
    }
    let text = format!("{}.", HARD.join(". "));
    let book = composed(&[
        ("glossary.toml", &glossary),
        ("chapters/introduction.md", &text),
    ]);
    let section = book
        .edition
        .sections
        .iter()
        .find(|section| section.id == "glossary");
    let mut filed = Vec::new();
    for block in &section.expect("it is there").blocks {
        if let cordel::text::Block::Definitions { items, .. } = block {
            filed.extend(items.iter().map(|item| item.term.plain()));
        }
    }
    let index = with_headings(&HARD);
    let like: Vec<String> = index
        .edition
        .index
        .iter()
        .map(|entry| entry.term.plain())
        .collect();
    assert_eq!(filed, like);
}

#[test]
fn a_heading_that_runs_over_a_column_is_repeated() {
    let mut index =
        String::from("[[heading]]\nid = \"weir\"\nheading = \"weir\"\nforms = [\"weir\"]\n");
    let mut text = String::new();
    for at in 0..120 {
        let _ = write!(
            index,
            "[[heading.sub]]\nid = \"s{at}\"\nheading = \"stone {at} of\"\nnear = [\"stone {at}\"]\n"
        );
        let _ = write!(text, "The weir has stone {at}.\n\n");
    }
    let book = composed(&[("index.toml", &index), ("chapters/introduction.md", &text)]);
    let pages = pages::dump::text(&book.pages);
    assert!(pages.contains("continued"), "{pages}");
}

#[test]
fn the_headnote_says_how_the_index_was_made() {
    let book = with_headings(&["weir"]);
    let mut headnote = String::new();
    for block in &book.edition.index_headnote {
        block.each_passage(&mut |passage| headnote += &passage.plain());
    }
    assert!(
        headnote.contains("The editors drew up the list of headings"),
        "{headnote}"
    );
    assert!(
        headnote.contains("Entries are filed word by word"),
        "{headnote}"
    );
}

/// The small book with other headings, each of which stands in its introduction.
fn with_headings(words: &[&str]) -> Composed {
    let mut index = String::new();
    for (at, word) in words.iter().enumerate() {
        let _ = write!(
            index,
            "[[heading]]\nid = \"h{at}\"\nheading = \"{word}\"\nforms = [\"{word}\"]\nexact-case = true\n"
        );
    }
    let text = format!("{}.", words.join(". "));
    composed(&[("index.toml", &index), ("chapters/introduction.md", &text)])
}

fn composed(files: &[(&str, &str)]) -> Composed {
    let pack = packs::scratch();
    packs::small_pack(pack.path(), None);
    for (path, text) in files {
        fs::write(pack.path().join(path), text).expect("it can be written");
    }
    let book = packs::compose(pack.path());
    book.expect("the book has no errors")
}

/// Whether code has a test function of a name.
fn is_test(code: &str, name: &str) -> bool {
    let head = format!("fn {name}()");
    code.match_indices(&head).any(|(at, _)| {
        let before = code[..at].trim_end();
        before.ends_with("#[test]")
    })
}

fn read_all(folder: &Path, code: &mut String) {
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("it can be read").path();
        if path.is_dir() {
            read_all(&path, code);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            *code += &fs::read_to_string(&path).expect("code is UTF-8");
        }
    }
}
