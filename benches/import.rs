//! How well and how fast `cordel import` does.
//!
//!     cargo bench --bench import
//!
//! Each text of `tests/texts` is imported with no recipe at hand, every question answered as
//! where nobody can be asked, and compared with what a careful editor makes of it (`.md`; the
//! lines that go are in `.cut`), and then each PDF of `tests/pdfs`. Printed are precision (how
//! much of what was found is right) and recall (how much of what is right was found), the time
//! for a million words, and what the largest texts take that are read at all.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a benchmark prints, and stops where it cannot go on"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use cordel::diag::Report;
use cordel::import::propose::{propose, recipe};
use cordel::import::{self, Class, Fate, Opened};
use cordel::source::{Inputs, SourceId};

/// What was found, wanted, and both.
#[derive(Clone, Copy, Default)]
struct Score {
    found: usize,
    wanted: usize,
    right: usize,
}

impl Score {
    fn add(&mut self, found: &[String], wanted: &[String]) {
        let mut left: BTreeMap<&str, usize> = BTreeMap::new();
        for one in wanted {
            *left.entry(one).or_default() += 1;
        }
        for one in found {
            if let Some(count) = left.get_mut(one.as_str()).filter(|count| **count > 0) {
                *count -= 1;
                self.right += 1;
            }
        }
        self.found += found.len();
        self.wanted += wanted.len();
    }

    fn shown(self) -> String {
        let part = |whole: usize| match whole {
            0 => "    –".to_string(),
            whole => format!("{:5.1}", 100.0 * self.right as f64 / whole as f64),
        };
        format!(
            "precision {} %  recall {} %  ({} found, {} wanted)",
            part(self.found),
            part(self.wanted),
            self.found,
            self.wanted
        )
    }
}

fn main() {
    quality();
    speed();
    limits();
}

fn quality() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/texts");
    measure(&files(&folder, "txt"));
    let pdfs = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pdfs");
    measure(&files(&pdfs, "pdf"));
}

/// The texts of a folder that were read over by an editor.
fn files(folder: &Path, kind: &str) -> Vec<PathBuf> {
    let mut texts: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the texts are there")
        .map(|entry| entry.expect("the folder can be read").path())
        .filter(|path| path.extension().is_some_and(|end| end == kind))
        .filter(|path| path.with_extension("md").is_file())
        .collect();
    texts.sort();
    texts
}

fn measure(texts: &[PathBuf]) {
    let kinds = ["paragraphs", "headings", "notes", "furniture"];
    let mut scores = [Score::default(); 4];
    let mut whole = 0;
    for path in texts {
        let (markdown, removed) = imported(path);
        let wanted = fs::read_to_string(path.with_extension("md")).expect("each has its .md");
        let cut = fs::read_to_string(path.with_extension("cut")).unwrap_or_default();
        let cut: Vec<String> = cut.lines().map(str::to_string).collect();
        let (found, right) = (blocks(&markdown), blocks(&wanted));
        for (kind, score) in scores.iter_mut().take(3).enumerate() {
            score.add(&found[kind], &right[kind]);
        }
        scores[3].add(&removed, &cut);
        let same = markdown == wanted;
        whole += usize::from(same);
        if !same {
            let name = path.file_stem().unwrap_or_default().to_string_lossy();
            println!("  not as wanted: {name}");
        }
    }
    println!("{} texts, {whole} exactly as wanted", texts.len());
    for (kind, score) in kinds.iter().zip(scores) {
        println!("  {kind:10} {}", score.shown());
    }
}

/// A text as Markdown, and the lines that were taken out.
fn imported(path: &Path) -> (String, Vec<String>) {
    let mut inputs = Inputs::default();
    let bytes = fs::read(path).expect("it can be read");
    let raw = inputs.add_encoded("text.txt".into(), bytes);
    let (opened, recipe) = proposed(&mut inputs, raw);
    let mut report = Report::default();
    let clean = import::clean_opened(&inputs, &opened, recipe, &mut report);
    let text = inputs.text(opened.text);
    let removed = clean.ledger.changes.iter().filter(|change| {
        change.class.fate() == Fate::Removed && change.class != Class::FootnoteRepeats
    });
    let lines = removed.flat_map(|change| text[change.start as usize..change.end as usize].lines());
    let lines = lines.map(|line| line.trim().to_string());
    let mut lines: Vec<String> = lines.filter(|line| !line.is_empty()).collect();
    lines.dedup();
    (clean.markdown, lines)
}

fn proposed(inputs: &mut Inputs, raw: SourceId) -> (Opened, SourceId) {
    let mut report = Report::default();
    let opened = import::open(inputs, raw, &mut report).expect("it is text");
    let proposal = propose(inputs, &opened);
    let text = recipe(&proposal, "text", |_, rule| rule.safe);
    let recipe = inputs.add_text("recipe.toml", text);
    (opened, recipe)
}

/// The paragraphs, headings and notes of a text in Markdown.
fn blocks(markdown: &str) -> [Vec<String>; 3] {
    let mut blocks: [Vec<String>; 3] = Default::default();
    for block in markdown
        .split("\n\n")
        .map(str::trim)
        .filter(|block| !block.is_empty())
    {
        let kind = match block.as_bytes() {
            [b'#', ..] => 1,
            [b'[', b'^', ..] => 2,
            _ => 0,
        };
        blocks[kind].push(block.to_string());
    }
    blocks
}

/// A million words, hard-wrapped, with headings and page numbers.
fn speed() {
    import("a million words", "book.txt", book(1_000_000));
}

/// What the limits of ARCHITECTURE.md let in.
fn limits() {
    let mut text = book(1_000_000);
    let whole = text.repeat((100 << 20) / text.len());
    import("100 MB of text", "book.txt", whole);
    text.clear();
    for line in 0..1_000_000 {
        text.push_str(["The rain.\n", "- a wheel\n", "1820\n", "\n"][line % 4]);
    }
    import("a million lines", "lines.txt", text);
    let words = "<p>It rained <i>all</i> day.".repeat(40_000);
    let deep = format!("<html><body>{}{words}", "<div><em>".repeat(10_000));
    import("10,000 elements deep", "page.html", deep);
    let peak = fs::read_to_string("/proc/self/status").unwrap_or_default();
    if let Some(line) = peak.lines().find(|line| line.starts_with("VmHWM")) {
        println!("peak memory of all that: {}", line[6..].trim());
    }
}

/// Imports a text and prints how long that takes.
fn import(what: &str, name: &str, text: String) {
    let (size, words) = (text.len(), text.split_whitespace().count());
    let mut inputs = Inputs::default();
    let clock = Instant::now();
    let raw = inputs.add_encoded(name.into(), text.into_bytes());
    let (opened, recipe) = proposed(&mut inputs, raw);
    let proposed = clock.elapsed();
    let mut report = Report::default();
    let clean = import::clean_opened(&inputs, &opened, recipe, &mut report);
    println!(
        "{what}: {words} words, {} kB: proposed in {:.2} s, imported in {:.2} s ({} changes)",
        size / 1000,
        proposed.as_secs_f64(),
        clock.elapsed().as_secs_f64(),
        clean.ledger.changes.len()
    );
}

/// So many words, hard-wrapped, with headings and page numbers.
fn book(most: usize) -> String {
    let mut text = String::new();
    let mut word = 1_u32;
    let mut words = 0;
    let mut page = 0;
    while words < most {
        if words % 20_000 < 200 {
            text.push_str(&format!("Chapter Number {}\n\n", words / 20_000 + 1));
            words += 200;
        }
        for _ in 0..6 {
            let mut line = 0;
            for number in 0..90 {
                word = word.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let length = 2 + (word >> 24) as usize % 8;
                if line + length > 64 {
                    text.push('\n');
                    line = 0;
                } else if number > 0 {
                    text.push(' ');
                }
                let letters = (0..length).map(|at| {
                    let letter = (word >> (at % 4 * 5)) as usize % 26;
                    char::from(b"etaoinshrdlucmfwypvbgkqjxz"[letter])
                });
                match number {
                    0 => text.extend(letters.map(|c| c.to_ascii_uppercase())),
                    _ => text.extend(letters),
                }
                line += length + 1;
                words += 1;
            }
            text.push_str(".\n\n");
        }
        page += 1;
        text.push_str(&format!("- {page} -\n\n"));
    }
    text
}
