//! Whole books through the typesetter: what must hold of every page.

use std::collections::BTreeMap;

use super::compose;
use crate::diag::Report;
use crate::edition::{Edition, Note, NoteId, Section, Series, Target, plain};
use crate::fonts::FontSet;
use crate::manifest::{ChapterKind, Design, Margins, Metadata, Part};
use crate::pages::{Item, LinkTarget, Pages, Run, TagKind};
use crate::source::{Inputs, PassageId, Position};
use crate::text::{
    Align, Block, Definition, DefinitionKind, Inline, Lang, List, Passage, QuoteKind, Table,
};
use crate::units::{Length, Numerals, Size};

mod figures;
mod margins;
mod numbers;
mod openings;
mod parts;
mod tables;

/// Makes editions whose words are all different, so that each can be looked for.
pub(super) struct Maker {
    pub(super) edition: Edition,
    passages: u32,
    words: u32,
    random: u64,
}

impl Maker {
    pub(super) fn new(seed: u64) -> Maker {
        let metadata = Metadata {
            title: "A book".into(),
            language: Some(Lang("en".into())),
            date: "2026-11-20".into(),
            ..Metadata::default()
        };
        let edition = Edition {
            metadata,
            ..Edition::default()
        };
        Maker {
            edition,
            passages: 0,
            words: 0,
            random: seed * 2 + 1,
        }
    }

    /// A number below `limit`, by Knuth's linear congruence.
    pub(super) fn below(&mut self, limit: u64) -> u64 {
        self.random = self
            .random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.random >> 33) % limit
    }

    fn words(&mut self, count: u64) -> String {
        let mut text = String::new();
        for _ in 0..count {
            self.words += 1;
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(&format!("word{}x", self.words));
        }
        text
    }

    fn passage(&mut self, inlines: Vec<Inline<Target>>) -> Passage<Target> {
        self.passages += 1;
        Passage {
            id: PassageId(self.passages - 1),
            inlines,
            span: None,
        }
    }

    fn text(&mut self, words: u64) -> Passage<Target> {
        let text = self.words(words);
        self.passage(vec![plain(text)])
    }

    pub(super) fn paragraph(&mut self, words: u64) -> Block<Target> {
        Block::Paragraph(self.text(words))
    }

    /// A paragraph that calls notes of so many words each, spread over it.
    pub(super) fn noted(&mut self, words: u64, notes: &[(Series, u64)]) -> Block<Target> {
        let each = words / (notes.len() as u64 + 1) + 1;
        let mut inlines = vec![plain(self.words(each))];
        let id = PassageId(self.passages);
        self.passages += 1;
        for &(series, length) in notes {
            let offset = inlines.iter().map(|inline| match inline {
                Inline::Text { text, .. } => text.len(),
                Inline::Styled(..) | Inline::Reference(..) | Inline::LineBreak => 0,
            });
            let offset = u32::try_from(offset.sum::<usize>()).expect("a short text");
            let call = Position {
                passage: id,
                offset,
            };
            let note = self.note(series, length, call);
            inlines.push(Inline::Reference(Target::Note(note), Vec::new()));
            inlines.push(plain(format!(" {}", self.words(each))));
        }
        Block::Paragraph(Passage {
            id,
            inlines,
            span: None,
        })
    }

    fn note(&mut self, series: Series, words: u64, call: Position) -> NoteId {
        let id = NoteId(u32::try_from(self.edition.notes.len()).expect("few notes"));
        let blocks = vec![self.paragraph(words)];
        self.edition.notes.push(Note {
            id,
            series,
            label: (id.0 + 1).to_string(),
            call,
            blocks,
        });
        id
    }

    fn section(&mut self, part: Part, kind: ChapterKind, blocks: Vec<Block<Target>>) {
        let title = self.text(2);
        self.titled(title, part, kind, blocks);
    }

    fn titled(
        &mut self,
        title: Passage<Target>,
        part: Part,
        kind: ChapterKind,
        blocks: Vec<Block<Target>>,
    ) {
        self.edition.sections.push(Section {
            id: format!("section-{}", self.edition.sections.len()),
            part,
            kind,
            title,
            short_title: "A section".into(),
            byline: None,
            source: None,
            blocks,
        });
    }

    pub(super) fn body(&mut self, blocks: Vec<Block<Target>>) {
        self.section(Part::Body, ChapterKind::Text, blocks);
    }

    /// A block of some kind, with blocks in it down to some depth.
    fn any_block(&mut self, depth: u64) -> Block<Target> {
        let kind = self.below(if depth == 0 { 5 } else { 10 });
        let words = self.below(90) + 1;
        match kind {
            0 | 1 => self.paragraph(words),
            2 => {
                let series = [Series::Author, Series::Glossary, Series::Editor];
                let notes: Vec<_> = (0..self.below(3) + 1)
                    .map(|_| {
                        let series = series[usize::try_from(self.below(3)).expect("small")];
                        (series, self.below(60) + 1)
                    })
                    .collect();
                self.noted(words, &notes)
            }
            3 => Block::Heading {
                level: u8::try_from(self.below(4)).expect("small"),
                text: self.text(words / 8 + 1),
            },
            4 => self.any_table(),
            5 => Block::Quote {
                kind: [QuoteKind::Quotation, QuoteKind::Verse, QuoteKind::Epigraph]
                    [usize::try_from(self.below(3)).expect("small")],
                blocks: self.any_blocks(3, depth - 1),
            },
            6 => Block::Box {
                title: Some(self.text(3)),
                blocks: self.any_blocks(4, depth - 1),
            },
            7 => {
                let count = self.below(6) + 1;
                Block::List(List {
                    start: (self.below(2) == 0).then_some(8),
                    tight: self.below(2) == 0,
                    items: (0..count).map(|_| self.any_blocks(2, depth - 1)).collect(),
                })
            }
            8 => {
                let count = self.below(6) + 1;
                Block::Definitions {
                    kind: [
                        DefinitionKind::Plain,
                        DefinitionKind::Glossary,
                        DefinitionKind::Chronology,
                    ][usize::try_from(self.below(3)).expect("small")],
                    items: (0..count)
                        .map(|_| Definition {
                            term: self.text(2),
                            body: self.any_blocks(2, depth - 1),
                        })
                        .collect(),
                }
            }
            _ => Block::Break,
        }
    }

    fn any_blocks(&mut self, most: u64, depth: u64) -> Vec<Block<Target>> {
        let count = self.below(most + 1);
        (0..count).map(|_| self.any_block(depth)).collect()
    }

    fn any_table(&mut self) -> Block<Target> {
        let columns = self.below(5) + 1;
        let rows = self.below(12);
        self.table(columns, rows, 6)
    }

    fn table(&mut self, columns: u64, rows: u64, words: u64) -> Block<Target> {
        let row = |maker: &mut Maker| -> Vec<Passage<Target>> {
            (0..columns)
                .map(|_| {
                    let count = maker.below(words) + 1;
                    maker.text(count)
                })
                .collect()
        };
        Block::Table(Table {
            caption: None,
            columns: (0..columns).map(|_| Align::Left).collect(),
            // An empty head, since a head may be repeated.
            head: (0..columns).map(|_| self.passage(Vec::new())).collect(),
            rows: (0..rows).map(|_| row(self)).collect(),
        })
    }

    fn compose(&self) -> Pages {
        set(&self.edition, &design())
    }
}

pub(super) fn design() -> Design {
    let page = Size {
        width: Length::pt(300),
        height: Length::pt(360),
    };
    Design {
        margins: Margins {
            top: Length::pt(40),
            bottom: Length::pt(40),
            inner: Length::pt(30),
            outer: Length::pt(40),
        },
        text_size: Length::pt(10),
        leading: Length::pt(14),
        note_size: Length::pt(8),
        note_leading: Length::pt(10),
        justify: false,
        hyphenate: false,
        ..Design::for_page(page)
    }
}

fn set(edition: &Edition, design: &Design) -> Pages {
    set_with_report(edition, design).0
}

fn set_with_report(edition: &Edition, design: &Design) -> (Pages, Report) {
    let mut report = Report::default();
    let inputs = Inputs::default();
    let pages = compose(&inputs, edition, design, FontSet::built_in(), &mut report);
    (pages, report)
}

fn runs(pages: &Pages) -> impl Iterator<Item = (usize, &Run)> {
    let pages = pages.pages.iter().enumerate();
    pages.flat_map(|(at, page)| {
        page.items.iter().filter_map(move |item| match item {
            Item::Run(run) => Some((at, run)),
            Item::Rule { .. } | Item::Picture { .. } => None,
        })
    })
}

/// Every word is on one page, once; nothing leaves the page.
fn check(maker: &Maker, pages: &Pages) {
    let mut found: BTreeMap<u32, u32> = BTreeMap::new();
    for (_, run) in runs(pages) {
        for word in run.text.split(' ') {
            let number = word.strip_prefix("word").and_then(|w| w.strip_suffix('x'));
            if let Some(number) = number.and_then(|number| number.parse().ok()) {
                *found.entry(number).or_default() += 1;
            }
        }
    }
    for word in 1..=maker.words {
        assert_eq!(found.get(&word), Some(&1), "word{word}x");
    }
    inside(pages);
    notes_with_their_marks(&maker.edition, pages);
    well_formed(pages);
}

/// Parents stand before children, links lead to pages and belong to links.
fn well_formed(pages: &Pages) {
    let structure = &pages.structure;
    for (at, tag) in structure.iter().enumerate() {
        assert_eq!(
            tag.parent.is_none(),
            at == 0,
            "only the document has no parent"
        );
        assert!(tag.parent.is_none_or(|parent| (parent.0 as usize) < at));
    }
    for link in pages.pages.iter().flat_map(|page| &page.links) {
        let tag = link.tag.expect("links are tagged").0 as usize;
        assert_eq!(structure[tag].kind, TagKind::Link);
        assert!(!link.label.is_empty());
        if let LinkTarget::Page { page, .. } = link.to {
            assert!(page < pages.pages.len());
        }
    }
    assert_eq!(pages.places.page_starts.len(), pages.pages.len());
}

fn inside(pages: &Pages) {
    let hair = Length::pt(1);
    for (page, run) in runs(pages) {
        let width: Length = run.glyphs.iter().map(|glyph| glyph.advance).sum();
        let right = run.origin.x + width;
        let text = &run.text;
        assert!(
            run.origin.x >= Length::ZERO && right <= pages.trim.width - hair,
            "{text:?} leaves page {page} sideways"
        );
        assert!(
            run.origin.y >= run.size / 2 && run.origin.y <= pages.trim.height - hair,
            "{text:?} leaves page {page} at {}",
            run.origin.y
        );
    }
    for page in &pages.pages {
        for item in &page.items {
            if let Item::Rule { rect, .. } = item {
                let bottom = rect.origin.y + rect.size.height;
                assert!(bottom <= pages.trim.height && rect.origin.y >= Length::ZERO);
            }
        }
    }
}

/// No note begins before its mark; where there was any room, it begins on the same page.
fn notes_with_their_marks(edition: &Edition, pages: &Pages) {
    for note in &edition.notes {
        let mut first = None;
        for block in &note.blocks {
            block.each_passage(&mut |passage| first = first.or(Some(passage.id)));
        }
        let passage = first.expect("test notes have text");
        let begins = pages.places.find(Position { passage, offset: 0 });
        let called = pages.places.find(note.call);
        let (begins, called) = (begins.expect("a note is set"), called.expect("its mark is"));
        assert!(
            begins.page >= called.page,
            "note {} comes early",
            note.label
        );
    }
}

fn note_page(pages: &Pages, note: &Note) -> (u32, u32) {
    let mut first = None;
    for block in &note.blocks {
        block.each_passage(&mut |passage| first = first.or(Some(passage.id)));
    }
    let passage = first.expect("test notes have text");
    let note_at = pages.places.find(Position { passage, offset: 0 });
    let called = pages.places.find(note.call);
    (note_at.expect("set").page, called.expect("set").page)
}

#[test]
fn loses_nothing_of_any_book() {
    for seed in 0..24 {
        let mut maker = Maker::new(seed);
        for _ in 0..2 {
            let blocks = (0..12).map(|_| maker.any_block(3)).collect();
            maker.body(blocks);
        }
        let pages = maker.compose();
        check(&maker, &pages);
    }
}

#[test]
fn notes_begin_on_the_page_of_their_mark() {
    for seed in 0..10 {
        let mut maker = Maker::new(seed);
        let blocks = (0..30)
            .map(|_| {
                let words = maker.below(80) + 20;
                let length = maker.below(70) + 1;
                let second = maker.below(10) + 1;
                maker.noted(
                    words,
                    &[(Series::Author, length), (Series::Glossary, second)],
                )
            })
            .collect();
        maker.body(blocks);
        let pages = maker.compose();
        check(&maker, &pages);
        for note in &maker.edition.notes {
            let (note_at, called) = note_page(&pages, note);
            assert_eq!(note_at, called, "note {} of book {seed}", note.label);
        }
    }
}

#[test]
fn a_note_longer_than_a_page_goes_over() {
    let mut maker = Maker::new(1);
    let first = maker.noted(100, &[(Series::Author, 900)]);
    let blocks = vec![first, maker.paragraph(400)];
    maker.body(blocks);
    let pages = maker.compose();
    check(&maker, &pages);
    let (note_at, called) = note_page(&pages, &maker.edition.notes[0]);
    assert_eq!(note_at, called);
}

#[test]
fn thousands_of_notes_in_one_paragraph_are_all_set() {
    let mut maker = Maker::new(2);
    let notes: Vec<_> = (0..2000).map(|_| (Series::Author, 8)).collect();
    let blocks = vec![maker.noted(4000, &notes)];
    maker.body(blocks);
    check(&maker, &maker.compose());
    let mut maker = Maker::new(2);
    let mut paragraph = maker.passage(Vec::new());
    let call = Position {
        passage: paragraph.id,
        offset: 0,
    };
    for _ in 0..600 {
        let note = maker.note(Series::Editor, 8, call);
        let reference = Inline::Reference(Target::Note(note), Vec::new());
        paragraph.inlines.push(reference);
        paragraph.inlines.push(plain(" "));
    }
    maker.body(vec![Block::Paragraph(paragraph)]);
    check(&maker, &maker.compose());
}

#[test]
fn wide_tables_and_deep_lists_stay_on_the_page() {
    let mut maker = Maker::new(3);
    let table = maker.table(40, 5, 2);
    let tall = maker.table(2, 3, 500);
    let mut list = vec![maker.paragraph(30)];
    for _ in 0..30 {
        let item = vec![maker.paragraph(12), list.remove(0)];
        list = vec![Block::List(List {
            start: None,
            tight: true,
            items: vec![item],
        })];
    }
    let blocks = vec![table, tall, list.remove(0)];
    maker.body(blocks);
    let empty = vec![];
    maker.body(empty);
    let none = maker.passage(Vec::new());
    maker.titled(none, Part::Body, ChapterKind::Text, Vec::new());
    check(&maker, &maker.compose());
}

#[test]
fn endless_words_stay_in_the_measure() {
    let mut maker = Maker::new(4);
    let word = maker.passage(vec![plain("x".repeat(3000))]);
    let cell = |maker: &mut Maker| maker.passage(vec![plain("y".repeat(300))]);
    let row = vec![cell(&mut maker), cell(&mut maker)];
    let table = Block::Table(Table {
        caption: None,
        columns: vec![Align::Left, Align::Right],
        head: Vec::new(),
        rows: vec![row],
    });
    maker.body(vec![Block::Paragraph(word), table]);
    inside(&maker.compose());
}

/// The base lines of the running text of a page, from its corner.
fn base_lines(pages: &Pages, page: usize) -> Vec<Length> {
    let size = design().text_size;
    let lines =
        runs(pages).filter(|(at, run)| *at == page && run.size == size && run.tag.is_some());
    let mut lines: Vec<_> = lines.map(|(_, run)| run.origin.y).collect();
    lines.sort();
    lines.dedup();
    lines
}

#[test]
fn no_widows_and_pages_end_on_one_line() {
    for seed in 0..10 {
        let mut maker = Maker::new(seed);
        let blocks = (0..60)
            .map(|_| {
                let words = maker.below(60) + 5;
                maker.paragraph(words)
            })
            .collect();
        maker.body(blocks);
        let pages = maker.compose();
        check(&maker, &pages);
        let last = pages.pages.len() - 1;
        let mut ends = Vec::new();
        for page in 1..last {
            let lines = base_lines(&pages, page);
            let grid = design().leading.0;
            assert!(lines.windows(2).all(|two| (two[1] - two[0]).0 % grid == 0));
            ends.push(*lines.last().expect("a full page"));
        }
        let longest = *ends.iter().max().expect("pages");
        let short = ends.iter().filter(|&&end| end != longest).count();
        let uneven = ends.chunks_exact(2).filter(|two| two[0] != two[1]).count();
        assert!(
            short * 6 <= ends.len() * 5 && uneven <= 1,
            "book {seed}: {ends:?}"
        );
        let two = design().leading * 2;
        assert!(ends.iter().all(|&end| longest - end <= two));
        for (passage, lines) in lines_by_page(&maker, &pages) {
            let total: usize = lines.values().sum();
            if lines.len() > 1 {
                assert!(
                    lines.values().all(|&count| count > 1),
                    "{passage:?} of {total} lines in book {seed}: {lines:?}"
                );
            }
        }
    }
}

/// How many lines of each paragraph stand on each page.
fn lines_by_page(maker: &Maker, pages: &Pages) -> BTreeMap<PassageId, BTreeMap<usize, usize>> {
    let mut lines: BTreeMap<PassageId, BTreeMap<usize, usize>> = BTreeMap::new();
    let mut of_word: BTreeMap<String, PassageId> = BTreeMap::new();
    for section in &maker.edition.sections {
        for block in &section.blocks {
            block.each_passage(&mut |passage| {
                for word in passage.plain().split(' ') {
                    of_word.insert(word.to_string(), passage.id);
                }
            });
        }
    }
    for (page, run) in runs(pages) {
        let first = run.text.split(' ').find_map(|word| of_word.get(word));
        if let Some(passage) = first {
            *lines.entry(*passage).or_default().entry(page).or_default() += 1;
        }
    }
    lines
}

#[test]
fn headings_keep_company() {
    let mut maker = Maker::new(5);
    let mut blocks = Vec::new();
    for _ in 0..60 {
        let words = maker.below(60) + 30;
        let text = maker.text(3);
        blocks.push(Block::Heading { level: 2, text });
        blocks.push(maker.paragraph(words));
    }
    maker.body(blocks);
    let pages = maker.compose();
    check(&maker, &pages);
    for page in 0..pages.pages.len() {
        let headings: Vec<_> = pages.pages[page]
            .items
            .iter()
            .filter_map(|item| match item {
                Item::Run(run) => {
                    let tag = run.tag?;
                    let kind = pages.structure[tag.0 as usize].kind;
                    (kind == TagKind::Heading(3)).then_some(run.origin.y)
                }
                Item::Rule { .. } | Item::Picture { .. } => None,
            })
            .collect();
        let lines = base_lines(&pages, page);
        for heading in headings {
            let below = lines.iter().filter(|&&line| line > heading).count();
            assert!(below >= 2, "page {page}");
        }
    }
}

#[test]
fn a_page_without_room_is_an_error() {
    let maker = Maker::new(8);
    let narrow = Design {
        margins: Margins {
            inner: Length::pt(250),
            ..design().margins
        },
        ..design()
    };
    let (pages, report) = set_with_report(&maker.edition, &narrow);
    assert!(report.has_errors() && pages.pages.is_empty());
}
