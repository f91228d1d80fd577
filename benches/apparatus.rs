//! How long the vocabularies take: 5,000 index headings and 2,000 terms over a quarter, a
//! half and a whole million words. `cargo bench --bench apparatus`.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::fmt::Write as _;
use std::time::Instant;

use cordel::diag::Report;
use cordel::edition::{self, Written};
use cordel::source::Inputs;
use cordel::{apparatus, document, manifest};

fn main() {
    for words in [250_000, 500_000, 1_000_000] {
        let mut inputs = pack(words);
        let mut report = Report::default();
        let start = Instant::now();
        let manifest = manifest::load(&inputs, &mut report).expect("the pack is whole");
        let apparatus = apparatus::load(&inputs, &mut report);
        let loaded = start.elapsed();
        let written = written(&mut inputs, &manifest, &mut report);
        let read = start.elapsed();
        let edition = edition::resolve(&inputs, &manifest, &apparatus, &written, &mut report);
        let resolved = start.elapsed();
        assert!(!report.has_errors(), "{}", report.render(&inputs));
        println!(
            "{words:9} words: load {:4} ms, read {:4} ms, resolve {:4} ms; {} headings, {} notes",
            loaded.as_millis(),
            (read - loaded).as_millis(),
            (resolved - read).as_millis(),
            edition.counts.headings,
            edition.counts.notes,
        );
    }
}

fn written(
    inputs: &mut Inputs,
    manifest: &manifest::Manifest,
    report: &mut Report,
) -> Vec<Written> {
    let chapters = manifest.chapters.iter();
    chapters
        .map(|chapter| {
            let file = chapter.file.as_ref().and_then(|file| inputs.find(file));
            Written {
                text: file.map(|id| document::parse(inputs, id, report)),
                source: None,
                precis: None,
                questions: None,
            }
        })
        .collect()
}

/// A word made from a number; no two numbers give the same.
fn word(mut number: usize) -> String {
    const SYLLABLES: [&str; 20] = [
        "ba", "ce", "di", "fo", "gu", "ha", "je", "ki", "lo", "mu", "na", "pe", "qui", "ro", "su",
        "ta", "ve", "wi", "xo", "zu",
    ];
    let mut word = String::new();
    loop {
        word.push_str(SYLLABLES[number % 20]);
        number /= 20;
        if number == 0 {
            return word;
        }
    }
}

/// A book of ten chapters whose text draws on 40,000 words.
fn pack(words: usize) -> Inputs {
    let mut inputs = Inputs::default();
    let mut book = String::from(
        "[book]\ntitle = \"B\"\nslug = \"b\"\nlanguage = \"en\"\nidentifier = \"urn:x\"\ndate = \"2026-01-01\"\n",
    );
    let mut seed = 1_usize;
    for chapter in 0..10 {
        let _ = write!(
            book,
            "[[chapter]]\nid = \"c{chapter}\"\npart = \"body\"\nkind = \"text\"\ntitle = \"C\"\nfile = \"c{chapter}.md\"\n"
        );
        let mut text = String::new();
        for at in 0..words / 10 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            text.push_str(&word((seed >> 33) % 40_000));
            text.push_str(if at % 120 == 119 { ".\n\n" } else { " " });
        }
        inputs.add_text(&format!("c{chapter}.md"), text);
    }
    for kind in ["glossary", "index"] {
        let _ = write!(
            book,
            "[[chapter]]\nid = \"{kind}\"\npart = \"back\"\nkind = \"{kind}\"\n"
        );
    }
    inputs.add_text("book.toml", book);
    let mut index = String::new();
    for at in 0..5_000 {
        let word = word(at * 8);
        let _ = write!(
            index,
            "[[heading]]\nid = \"h{at}\"\nheading = \"{word}\"\nforms = [\"{word}\", \"{word}s\"]\n"
        );
    }
    inputs.add_text("index.toml", index);
    let mut glossary = String::new();
    for at in 0..2_000 {
        let word = word(at * 20 + 3);
        let _ = write!(
            glossary,
            "[[term]]\nid = \"t{at}\"\nterm = \"{word}\"\nshort = \"A thing.\"\n"
        );
    }
    inputs.add_text("glossary.toml", glossary);
    inputs
}
