//! What a file must hold: the edition's words in the order of reading, with the numbers of
//! pages that both writers fill in.

use std::collections::BTreeMap;

use super::words::{Word, Words, split};
use crate::edition::index::{Entry, locators, page_numbers};
use crate::edition::{Edition, NoteId, Section, Target, listed_displays};
use crate::manifest::{ChapterKind, Elision};
use crate::pages::Pages;
use crate::source::{Position, Span};
use crate::text::{Block, Inline, Passage, plain_of};

/// The kinds of files, which show the same words but for their own furniture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Pdf,
    Epub,
    /// Pages of the PDF's kind on sheets of paper.
    Sheets,
}

/// The words that a file must hold.
pub(super) struct Expected<'e> {
    pub(super) main: Vec<ExpectedWord>,
    /// By [`NoteId`].
    pub(super) notes: Vec<Vec<ExpectedWord>>,
    /// Whether something of the file's own may stand after the last word of the main text.
    pub(super) open_end: bool,
    pub(super) passages: Vec<&'e Passage<Target>>,
    /// The calls of notes in the main text, each with how many of its words stand before it.
    pub(super) calls: Vec<(NoteId, usize)>,
}

/// A word that a file must hold.
#[derive(Clone, Copy, Debug)]
pub(super) struct ExpectedWord {
    pub(super) word: Word,
    /// By its place in [`Expected::passages`].
    pub(super) passage: u32,
    /// Where it stands in the passage's plain text.
    pub(super) offset: u32,
    /// A number of a page or an address, which is no part of the plain text.
    pub(super) filled_in: bool,
    /// Whether something of the file's own may stand before it: a title page's names, the
    /// lines of the contents.
    pub(super) open: bool,
}

impl<'e> Expected<'e> {
    /// The words of a book.
    pub(super) fn of(
        form: Form,
        edition: &'e Edition,
        pages: &Pages,
        words: &mut Words,
    ) -> Expected<'e> {
        let mut collector = Collector {
            form,
            elision: edition.setting.elision,
            pages,
            words,
            expected: Expected {
                main: Vec::new(),
                notes: Vec::new(),
                open_end: false,
                passages: Vec::new(),
                calls: Vec::new(),
            },
            stream: Vec::new(),
            open: false,
        };
        let mut kinds = edition.sections.iter().map(|section| section.kind);
        // An e-book has a title page, whether the running order names one or not.
        collector.open = form == Form::Epub && !kinds.any(|kind| kind == ChapterKind::TitlePage);
        for section in &edition.sections {
            collector.section(section, edition);
        }
        collector.expected.main = std::mem::take(&mut collector.stream);
        collector.expected.open_end = std::mem::take(&mut collector.open);
        let calls = std::mem::take(&mut collector.expected.calls);
        for note in &edition.notes {
            collector.blocks(&note.blocks);
            let note = std::mem::take(&mut collector.stream);
            collector.expected.notes.push(note);
        }
        collector.expected.calls = calls;
        collector.expected
    }

    /// Where a word stands in the editor's files.
    pub(super) fn span(&self, word: &ExpectedWord) -> Option<Span> {
        let passage = self.passages.get(word.passage as usize)?;
        let mut start = 0;
        span_of(&passage.inlines, word.offset as usize, &mut start).or(passage.span)
    }

    /// A word's position in the edition.
    pub(super) fn position(&self, word: &ExpectedWord) -> Position {
        Position {
            passage: self.passages[word.passage as usize].id,
            offset: word.offset,
        }
    }

    /// Where a note stands in the editor's files.
    pub(super) fn note_span(&self, note: NoteId) -> Option<Span> {
        self.span(self.notes.get(note.0 as usize)?.first()?)
    }
}

/// The span of the text at an offset of a passage whose inlines begin at `start`.
fn span_of(inlines: &[Inline<Target>], offset: usize, start: &mut usize) -> Option<Span> {
    for inline in inlines {
        match inline {
            Inline::Text { text, span } => {
                let end = *start + text.len();
                if offset < end {
                    let span = (*span)?;
                    let exact = (span.end - span.start) as usize == text.len();
                    let from = offset.saturating_sub(*start);
                    return Some(if exact {
                        span.part(from, text.len())
                    } else {
                        span
                    });
                }
                *start = end;
            }
            Inline::Styled(_, inner) | Inline::Reference(_, inner) => {
                if let Some(span) = span_of(inner, offset, start) {
                    return Some(span);
                }
            }
            Inline::LineBreak => *start += 1,
        }
    }
    None
}

struct Collector<'e, 'c> {
    form: Form,
    elision: Elision,
    pages: &'c Pages,
    words: &'c mut Words,
    expected: Expected<'e>,
    /// The words of the main text or of the note that is being collected.
    stream: Vec<ExpectedWord>,
    /// Whether something of the file's own may stand before the next word.
    open: bool,
}

impl<'e> Collector<'e, '_> {
    fn section(&mut self, section: &'e Section, edition: &'e Edition) {
        match section.kind {
            ChapterKind::HalfTitle | ChapterKind::TitlePage | ChapterKind::Contents => {
                self.open = true;
                if section.kind != ChapterKind::HalfTitle || self.form != Form::Epub {
                    self.blocks(&section.blocks);
                }
                self.open = true;
            }
            ChapterKind::Imprint => {
                // Its title is a heading in an e-book only.
                self.open = true;
                self.blocks(&section.blocks);
            }
            ChapterKind::Index if edition.index.is_empty() && self.form == Form::Epub => {}
            ChapterKind::Index => {
                self.opening(section);
                // An e-book has a line of letters that lead to their headings.
                self.open = self.form == Form::Epub;
                self.blocks(&edition.index_headnote);
                self.open |= self.form == Form::Epub && edition.index_headnote.is_empty();
                self.index(&edition.index, edition);
            }
            ChapterKind::PartTitle
            | ChapterKind::Text
            | ChapterKind::Source
            | ChapterKind::Glossary
            | ChapterKind::Chronology
            | ChapterKind::Disagreements
            | ChapterKind::Bibliography
            | ChapterKind::Emendations
            | ChapterKind::NoteOnTheText => self.opening(section),
            ChapterKind::Figures => {
                self.heading(section);
                // On paper the lists of figures are set like the contents.
                let lists = |block: &&Block<Target>| {
                    self.form == Form::Epub || listed_displays(block).is_none()
                };
                let said: Vec<_> = section.blocks.iter().filter(lists).collect();
                said.into_iter().for_each(|block| self.block(block, 0));
            }
        }
    }

    /// A section's title, who speaks, and its text.
    fn opening(&mut self, section: &'e Section) {
        self.heading(section);
        self.blocks(&section.blocks);
    }

    fn heading(&mut self, section: &'e Section) {
        self.passage(&section.title);
        section
            .byline
            .iter()
            .for_each(|byline| self.passage(byline));
    }

    fn blocks(&mut self, blocks: &'e [Block<Target>]) {
        blocks.iter().for_each(|block| self.block(block, 0));
    }

    /// A block inside so many lists.
    fn block(&mut self, block: &'e Block<Target>, lists: usize) {
        match block {
            Block::List(list) => {
                for (item, number) in list.items.iter().zip(0..) {
                    self.label(list.start.map(|start| start.saturating_add(number)), lists);
                    item.iter().for_each(|block| self.block(block, lists + 1));
                }
            }
            Block::Quote { blocks, .. } => {
                blocks.iter().for_each(|block| self.block(block, lists));
            }
            Block::Box { title, blocks } => {
                title.iter().for_each(|title| self.passage(title));
                blocks.iter().for_each(|block| self.block(block, lists));
            }
            Block::Definitions { items, .. } => {
                for item in items {
                    self.passage(&item.term);
                    item.body.iter().for_each(|block| self.block(block, lists));
                }
            }
            Block::Figure(figure) => {
                // What a picture shows, in words, where the picture is not there.
                self.open = true;
                figure
                    .caption
                    .iter()
                    .for_each(|caption| self.passage(caption));
            }
            Block::Heading { .. }
            | Block::Paragraph(_)
            | Block::Table(_)
            | Block::Code(_)
            | Block::Break => block.each_passage(&mut |passage| self.passage(passage)),
        }
    }

    /// What stands before an item of a list on a page; an e-book's reader makes it itself.
    fn label(&mut self, number: Option<u64>, lists: usize) {
        if self.form == Form::Epub {
            return;
        }
        match number {
            Some(number) => self.filled_in(&format!("{number}.")),
            None => self.filled_in(["•", "–", "·"][lists % 3]),
        }
    }

    /// The headings of the index, each group after its letter.
    fn index(&mut self, entries: &'e [Entry], edition: &'e Edition) {
        let mut group = "";
        for entry in entries {
            if entry.group != group {
                group = &entry.group;
                self.filled_in(group);
            }
            self.entry(entry, edition);
        }
    }

    /// A heading, its locators, where else to look, and its subheadings.
    fn entry(&mut self, entry: &'e Entry, edition: &'e Edition) {
        self.passage(&entry.term);
        let pages = self.pages;
        let folio_of = |position| pages.folio_of(position);
        for locator in locators(&entry.postings, self.elision, &folio_of) {
            self.filled_in(&format!(", {}", locator.text));
        }
        let own = crate::edition::words::Words::of(edition.metadata.language.as_ref());
        for (lead, references) in [(own.see, &entry.see), (own.see_also, &entry.see_also)] {
            if references.is_empty() {
                continue;
            }
            let mut line = format!(". {} ", capitalised(lead));
            for (at, reference) in references.iter().enumerate() {
                line.push_str(if at > 0 { "; " } else { "" });
                if at > 0 && reference.to.is_none() && at + 1 == references.len() {
                    line += &format!("{} ", own.and);
                }
                plain_of(&reference.words, &mut line);
            }
            self.filled_in(&line);
        }
        for subentry in &entry.subentries {
            self.entry(subentry, edition);
        }
    }

    /// Words that writers put after the passage that was taken last.
    fn filled_in(&mut self, text: &str) {
        let passage = self.expected.passages.len().saturating_sub(1);
        let segment = Segment {
            printed: 0,
            plain: self.stream.last().map_or(0, |word| word.offset as usize),
            filled_in: true,
        };
        self.take(text, &[segment], &[], passage);
    }

    fn passage(&mut self, passage: &'e Passage<Target>) {
        let mut printed = Printed {
            form: self.form,
            elision: self.elision,
            pages: self.pages,
            text: String::new(),
            segments: Vec::new(),
            calls: Vec::new(),
            plain: 0,
        };
        printed.inlines(&passage.inlines);
        self.expected.passages.push(passage);
        let at = self.expected.passages.len() - 1;
        self.take(&printed.text, &printed.segments, &printed.calls, at);
    }

    fn take(
        &mut self,
        text: &str,
        segments: &[Segment],
        calls: &[(NoteId, usize)],
        passage: usize,
    ) {
        let mut segments = segments.iter().peekable();
        let mut calls = calls.iter().peekable();
        let mut segment = Segment::default();
        split(text, &mut |word, at| {
            while let Some((note, _)) = calls.next_if(|(_, before)| *before <= at) {
                self.expected.calls.push((*note, self.stream.len()));
            }
            while let Some(next) = segments.next_if(|next| next.printed <= at) {
                segment = *next;
            }
            let offset = match segment.filled_in {
                true => segment.plain,
                false => segment.plain + at - segment.printed,
            };
            self.stream.push(ExpectedWord {
                word: self.words.number(word),
                passage: u32::try_from(passage).unwrap_or(u32::MAX),
                offset: u32::try_from(offset).unwrap_or(u32::MAX),
                filled_in: segment.filled_in,
                open: std::mem::take(&mut self.open),
            });
        });
        let last = self.stream.len();
        let calls = calls.map(|(note, _)| (*note, last));
        self.expected.calls.extend(calls);
    }
}

/// A passage as it is printed, beside its plain text.
struct Printed<'c> {
    form: Form,
    elision: Elision,
    pages: &'c Pages,
    text: String,
    segments: Vec<Segment>,
    /// The notes called, each with where in the text.
    calls: Vec<(NoteId, usize)>,
    /// How far the plain text has come.
    plain: usize,
}

/// From where on printed and plain text go side by side, or where something is filled in.
#[derive(Clone, Copy, Default)]
struct Segment {
    printed: usize,
    plain: usize,
    filled_in: bool,
}

impl Printed<'_> {
    fn inlines(&mut self, inlines: &[Inline<Target>]) {
        for inline in inlines {
            match inline {
                Inline::Text { text, .. } => self.words(text),
                Inline::Styled(_, inner) => self.inlines(inner),
                Inline::LineBreak => self.words("\n"),
                Inline::Reference(target, inner) => {
                    self.inlines(inner);
                    self.target(target, inner.is_empty());
                }
            }
        }
    }

    /// What a reference shows beside its own words.
    fn target(&mut self, target: &Target, wordless: bool) {
        match target {
            Target::Pages(positions) => {
                let folio_of = |position| self.pages.folio_of(position);
                let numbers = page_numbers(positions, self.elision, &folio_of);
                let numbers: Vec<String> = numbers.into_iter().map(|page| page.text).collect();
                self.fill_in(&numbers.join(", "));
            }
            Target::Web(address) if wordless && self.form == Form::Epub => self.fill_in(address),
            Target::Note(note) => self.calls.push((*note, self.text.len())),
            Target::Web(_) | Target::Place(_) | Target::Anchor => {}
        }
    }

    fn words(&mut self, text: &str) {
        self.segment(false);
        self.text.push_str(text);
        self.plain += text.len();
    }

    fn fill_in(&mut self, text: &str) {
        self.segment(true);
        self.text.push_str(text);
    }

    fn segment(&mut self, filled_in: bool) {
        self.segments.push(Segment {
            printed: self.text.len(),
            plain: self.plain,
            filled_in,
        });
    }
}

fn capitalised(words: &str) -> String {
    let mut letters = words.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

/// The notes by what they say: how often each text stands in the book.
pub(super) fn by_text(notes: &[Vec<ExpectedWord>]) -> BTreeMap<Vec<u32>, Vec<NoteId>> {
    let mut by_text: BTreeMap<Vec<u32>, Vec<NoteId>> = BTreeMap::new();
    for (note, id) in notes.iter().zip(0..) {
        let text = note.iter().map(|word| word.word.0).collect();
        by_text.entry(text).or_default().push(NoteId(id));
    }
    by_text
}
