//! The recipes of the pack in `book/` on the five real texts, where those are at hand.

use std::path::PathBuf;

use cordel::diag::Report;
use cordel::document::{self, Document};
use cordel::import::{self, ChangeKind, Clean};
use cordel::source::{Inputs, SourceId};
use cordel::text::{Block, Name, Passage};

use crate::packs;

/// What a cleaned text must hold.
struct Expected {
    recipe: &'static str,
    file: &'static str,
    paragraphs: usize,
    headings: usize,
    boxes: usize,
    breaks: usize,
    notes: usize,
    /// Entries of timelines.
    entries: usize,
    /// Every class that is counted, with its count.
    counts: &'static [(&'static str, usize)],
}

const EXPECTED: &[Expected] = &[
    Expected {
        recipe: "brochure",
        file: "000_f97d6ff676cbbcc0.txt",
        paragraphs: 99,
        headings: 0,
        boxes: 4,
        breaks: 1,
        notes: 0,
        entries: 0,
        counts: &[
            ("join-lines", 833),
            ("join-hyphens", 11),
            ("join-paragraphs", 4),
            ("start-paragraph", 1),
            ("line-paragraphs", 3),
            ("blank-lines", 7),
            ("line-spaces", 78),
            ("double-spaces", 84),
            ("break", 1),
            ("box", 4),
            ("move-box", 3),
            ("remove-personal-data", 1),
        ],
    },
    Expected {
        recipe: "enriquez",
        file: "001_b178e02119e0cf1e.txt",
        paragraphs: 87,
        headings: 5,
        boxes: 0,
        breaks: 1,
        notes: 0,
        entries: 0,
        counts: &[
            ("blank-lines", 3),
            ("line-spaces", 1),
            ("supply-mark", 1),
            ("headings", 5),
            ("break", 1),
            ("remove-dashes", 1),
        ],
    },
    Expected {
        recipe: "chronicle",
        file: "002_83441f4c8140539d.txt",
        paragraphs: 24,
        headings: 1,
        boxes: 0,
        breaks: 0,
        notes: 0,
        entries: 11,
        counts: &[
            ("blank-lines", 12),
            ("line-spaces", 1),
            ("odd-spaces", 1),
            ("plain-hyphens", 2),
            ("doubled-quotes", 1),
            ("headings", 1),
            ("timeline", 11),
            ("supply-dates", 5),
            ("remove-doubled", 1),
            ("remove-furniture", 1),
            ("remove-caption", 1),
        ],
    },
    Expected {
        recipe: "left-voice",
        file: "003_be350cc9cc865ad3.txt",
        paragraphs: 47,
        headings: 5,
        boxes: 0,
        breaks: 1,
        notes: 3,
        entries: 0,
        counts: &[
            ("blank-lines", 4),
            ("odd-spaces", 1),
            ("title", 1),
            ("headings", 5),
            ("break", 1),
            ("footnotes", 3),
            ("footnote-calls", 3),
            ("footnote-repeats", 3),
            ("remove-furniture", 5),
            ("remove-caption", 1),
            ("remove-biography", 1),
        ],
    },
    Expected {
        recipe: "saunois",
        file: "004_958a81452094f42b.txt",
        paragraphs: 68,
        headings: 5,
        boxes: 0,
        breaks: 1,
        notes: 0,
        entries: 0,
        counts: &[("line-paragraphs", 72), ("headings", 5), ("break", 1)],
    },
];

#[test]
fn the_five_sources_come_out_clean() {
    let Some(folder) = packs::sources() else {
        return;
    };
    for expected in EXPECTED {
        let mut inputs = Inputs::read_pack(&packs::root().join("book")).expect("book can be read");
        let raw = read(&mut inputs, folder.clone(), expected.file);
        let recipe = format!("recipes/{}.toml", expected.recipe);
        let recipe = inputs.find(&recipe).expect("each source has a recipe");
        let mut report = Report::default();
        let clean = import::clean(&inputs, raw, recipe, &mut report);
        let text = inputs.text(raw).to_string();
        let id = inputs.add_derived(
            format!("{} (cleaned)", expected.file),
            clean.markdown.clone(),
            raw,
            clean.map.clone(),
        );
        let document = document::parse(&inputs, id, &mut report);
        assert_eq!(report.render(&inputs), "", "{}", expected.recipe);
        is_accounted_for(&clean, &text);
        has_the_structure(&document, expected);
        has_the_words(&document, &replay(&clean, &text), expected.recipe);
        let counts: Vec<(&str, usize)> = clean
            .ledger
            .rules
            .iter()
            .map(|rule| (rule.rule, rule.count))
            .collect();
        assert_eq!(counts, expected.counts, "{}", expected.recipe);
    }
}

fn read(inputs: &mut Inputs, folder: PathBuf, name: &str) -> SourceId {
    inputs
        .read_source_text(&[folder], name)
        .expect("the text can be read")
        .expect("the text is there")
}

fn is_accounted_for(clean: &Clean, raw: &str) {
    let account = clean
        .ledger
        .account(&clean.map, raw.len())
        .expect("every character is kept, removed or replaced");
    assert_eq!(account.kept + account.removed + account.replaced, raw.len());
    for &(derived, original, length) in &clean.map.stretches {
        let part = |text: &str, at: u32| text[at as usize..(at + length) as usize].to_string();
        assert_eq!(part(&clean.markdown, derived), part(raw, original));
    }
}

fn has_the_structure(document: &Document, expected: &Expected) {
    let count = |is: fn(&Block<Name>) -> bool| document.blocks.iter().filter(|b| is(b)).count();
    let entries = document.blocks.iter().map(|block| {
        if let Block::Definitions { items, .. } = block {
            items.len()
        } else {
            0
        }
    });
    let found = [
        count(|block| matches!(block, Block::Paragraph(_))),
        count(|block| matches!(block, Block::Heading { level: 1, .. })),
        count(|block| matches!(block, Block::Box { title: None, .. })),
        count(|block| matches!(block, Block::Break)),
        document.notes.len(),
        entries.sum(),
    ];
    let wanted = [
        expected.paragraphs,
        expected.headings,
        expected.boxes,
        expected.breaks,
        expected.notes,
        expected.entries,
    ];
    assert_eq!(found, wanted, "{}", expected.recipe);
}

/// The raw text with the ledger's changes made to it, and nothing else.
fn replay(clean: &Clean, raw: &str) -> String {
    let mut text = String::new();
    let mut moved: Vec<(usize, String)> = Vec::new();
    let mut at = 0;
    let changes = &clean.ledger.changes;
    let made = |start: usize, end: usize| {
        let mut text = String::new();
        let mut at = start;
        for change in changes {
            let (from, to) = (change.start as usize, change.end as usize);
            if from < at || to > end {
                continue;
            }
            let with =
                match &change.kind {
                    ChangeKind::Removed => "",
                    ChangeKind::Replaced(with) if with.starts_with("[^") => {
                        if with.ends_with(": ") { "\n" } else { "" }
                    }
                    ChangeKind::Replaced(with) => with,
                    ChangeKind::Moved(_) | ChangeKind::Set => continue,
                };
            text.push_str(&raw[at..from]);
            text.push_str(with);
            at = to;
        }
        text.push_str(&raw[at..end]);
        text
    };
    let mut places: Vec<(usize, usize, usize)> = changes
        .iter()
        .filter_map(|change| match change.kind {
            ChangeKind::Moved(to) => {
                Some((change.start as usize, change.end as usize, to as usize))
            }
            ChangeKind::Removed | ChangeKind::Replaced(_) | ChangeKind::Set => None,
        })
        .collect();
    let mut cuts: Vec<usize> = places.iter().flat_map(|place| [place.0, place.2]).collect();
    cuts.push(raw.len());
    cuts.sort_unstable();
    for cut in cuts {
        text.push_str(&made(at, cut));
        at = cut;
        for (_, part) in moved.extract_if(.., |(to, _)| *to == cut) {
            text.push_str(&part);
            text.push('\n');
        }
        if let Some(found) = places.iter().position(|place| place.0 == cut) {
            let (start, end, to) = places.remove(found);
            moved.push((to, made(start, end)));
            at = end;
        }
    }
    text
}

fn has_the_words(document: &Document, replayed: &str, recipe: &str) {
    let mut words: Vec<String> = Vec::new();
    let mut visit = |passage: &Passage<Name>| {
        words.extend(passage.plain().split_whitespace().map(str::to_string));
    };
    document.title.iter().for_each(&mut visit);
    for block in document
        .blocks
        .iter()
        .chain(document.notes.values().flatten())
    {
        block.each_passage(&mut visit);
    }
    let wanted: Vec<&str> = replayed.split_whitespace().collect();
    let agree = words
        .iter()
        .zip(&wanted)
        .take_while(|(a, b)| a == *b)
        .count();
    assert_eq!(
        words.get(agree..(agree + 6).min(words.len())),
        wanted
            .get(agree..(agree + 6).min(wanted.len()))
            .map(|words| words
                .iter()
                .map(|word| word.to_string())
                .collect::<Vec<_>>())
            .as_deref(),
        "{recipe} differs after {agree} words"
    );
}
