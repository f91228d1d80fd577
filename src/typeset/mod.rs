//! The edition to pages: shape, hyphenate, break lines, place notes, break pages, furnish.
//!
//! ```text
//! a passage ── flow, shape, itemize, hyphenate ──► Paragraph: boxes, glue, penalties
//! Paragraph ── linebreak, place ──► lines of placed pieces
//! section's blocks ── builder, blocks ──► Galley: rows, notes, structure
//! Galley ── pagebreak, footnotes ──► which rows and notes share a page
//! where that is not well ── looseness ──► paragraphs in a line more or fewer; again
//! those ── sheet ──► Sheet: where each row stands
//! all Sheets ── numbering ──► page numbers and places
//! the same ── assemble, furniture ──► Pages
//! ```

use std::collections::BTreeSet;
use std::sync::Mutex;

use rayon::prelude::*;

use crate::diag::{Code, Report};
use crate::edition::index::Entry;
use crate::edition::words::Words;
use crate::edition::{Edition, Target};
use crate::fonts::FontSet;
use crate::manifest::{ChapterKind, Design, Part};
use crate::pages::Pages;
use crate::source::Inputs;
use crate::text::{Block, Inline, Lang};

pub mod acronym;
pub mod assemble;
pub mod blocks;
pub mod builder;
pub mod columns;
pub mod contents;
pub mod definitions;
pub mod digits;
pub mod dump;
pub mod fill;
pub mod floats;
pub mod flow;
pub mod footnotes;
pub mod furniture;
pub mod galley;
pub mod hang;
pub mod hyphenate;
pub mod illustrations;
pub mod index;
pub mod initial;
pub mod itemize;
pub mod items;
pub mod line;
pub mod linebreak;
pub mod loosen;
pub mod looseness;
pub mod memory;
pub mod numbering;
pub mod opportunity;
pub mod pagebreak;
pub mod paragraph;
pub mod patterns;
pub mod pictures;
pub mod place;
pub mod proof;
pub mod section;
pub mod shape;
pub mod sheet;
pub mod styles;
pub mod tables;
pub mod titles;

#[cfg(test)]
mod tests;

use memory::Memory;
use numbering::{Numbering, begins_recto, number};
use paragraph::Setter;
use section::{Book, Composed};
use sheet::Frame;
use styles::Styles;

/// How often a book is set again because its text quotes page numbers that then moved.
const MOST_ROUNDS: usize = 3;

/// Sets the whole book. Of the inputs only the pictures are read.
pub fn compose(
    inputs: &Inputs,
    edition: &Edition,
    design: &Design,
    fonts: &FontSet,
    report: &mut Report,
) -> Pages {
    let Some(frame) = Frame::of(design) else {
        report
            .error(
                Code::ImpossiblePage,
                None,
                "the page has no room for text between its margins",
            )
            .help("make the page larger, or the margins or the type smaller");
        return assemble::no_pages(edition, design.page);
    };
    let language = edition.metadata.language.clone();
    let book = Book {
        edition,
        part_titles: edition.part_titles(),
        words: Words::of(language.as_ref()),
        styles: Styles {
            design: design.clone(),
            lang: language.unwrap_or_else(|| Lang("en".into())),
            acronyms: edition.setting.small_caps_acronyms,
        },
        frame,
    };
    let threads = rayon::current_num_threads().clamp(1, 16);
    let mut press = Press {
        book: &book,
        setters: (0..threads)
            .map(|_| Setter::new(fonts, &edition.setting.never_divide))
            .collect(),
        composed: (0..edition.sections.len()).map(|_| None).collect(),
    };
    let mut stages = stages(edition);
    for order in 0..stages.len() {
        let numbering = press.number();
        press.set(&stages[order], &numbering);
        if order == BODY {
            // What follows then quotes pages that hardly move any more.
            let (numbering, _) = press.settle();
            if are_known(&edition.index, &numbering) {
                let index = std::mem::take(&mut stages[INDEX]);
                stages[BODY + 1].extend(index);
            }
        }
    }
    let (numbering, unsettled) = press.settle();
    press.warn_unsettled(&unsettled, report);
    press.finish(&numbering, inputs, report)
}

/// Which of the [`stages`] ends the body, and which is the index.
const BODY: usize = 1;
const INDEX: usize = 3;

/// Whether all pages are known that index entries quote: then the index need not wait for the
/// back matter.
fn are_known(entries: &[Entry], numbering: &Numbering) -> bool {
    let known = |position| numbering.folio_of(position).is_some();
    entries.iter().all(|entry| {
        let mut postings = entry.postings.iter();
        postings.all(|posting| known(posting.from) && known(posting.to))
            && are_known(&entry.subentries, numbering)
    })
}

/// The sections in the order in which they can be set: those that quote no page numbers,
/// those of the body that do, those of the back matter, the index, the contents.
fn stages(edition: &Edition) -> [Vec<usize>; 5] {
    let notes: Vec<bool> = edition
        .notes
        .iter()
        .map(|note| note.blocks.iter().any(|block| cites_pages(block, &[])))
        .collect();
    let mut stages: [Vec<usize>; 5] = Default::default();
    for (at, section) in edition.sections.iter().enumerate() {
        let cites = section
            .blocks
            .iter()
            .any(|block| cites_pages(block, &notes));
        let stage = match section.kind {
            ChapterKind::Contents => 4,
            ChapterKind::Index => INDEX,
            ChapterKind::HalfTitle
            | ChapterKind::TitlePage
            | ChapterKind::Imprint
            | ChapterKind::PartTitle
            | ChapterKind::Text
            | ChapterKind::Source
            | ChapterKind::Glossary
            | ChapterKind::Chronology
            | ChapterKind::Disagreements
            | ChapterKind::Figures
            | ChapterKind::Bibliography
            | ChapterKind::Emendations
            | ChapterKind::NoteOnTheText => match section.part {
                Part::Front | Part::Body => usize::from(cites) * BODY,
                Part::Back => usize::from(cites) * 2,
            },
        };
        stages[stage].push(at);
    }
    stages
}

/// Whether a block, or a note called in it, quotes a page number.
fn cites_pages(block: &Block<Target>, notes: &[bool]) -> bool {
    let mut cites = false;
    block.each_passage(&mut |passage| {
        cites = cites
            || passage
                .inlines
                .iter()
                .any(|inline| cites_page(inline, notes));
    });
    cites
}

fn cites_page(inline: &Inline<Target>, notes: &[bool]) -> bool {
    match inline {
        Inline::Text { .. } | Inline::LineBreak => false,
        Inline::Styled(_, inner) => inner.iter().any(|inline| cites_page(inline, notes)),
        Inline::Reference(target, inner) => {
            let here = match target {
                Target::Pages(_) => true,
                Target::Note(note) => notes.get(note.0 as usize).copied().unwrap_or(false),
                Target::Web(_) | Target::Place(_) | Target::Anchor => false,
            };
            here || inner.iter().any(|inline| cites_page(inline, notes))
        }
    }
}

/// The sections on their way to pages.
struct Press<'a, 'f> {
    book: &'a Book<'a>,
    /// One for each thread.
    setters: Vec<Setter<'f>>,
    composed: Vec<Option<Composed>>,
}

impl Press<'_, '_> {
    fn number(&self) -> Numbering {
        let top = self.book.styles.design.margins.top;
        number(self.book, &self.composed, top)
    }

    /// The sections with what they remember, the longest last, which is taken first.
    fn queue(&mut self, sections: &[usize]) -> Vec<(usize, Memory)> {
        let mut queue = sections.to_vec();
        queue.sort_by_key(|&at| (weight(self.book.edition, at), at));
        let remembered = |at: usize| {
            let before = self.composed[at].as_mut();
            let memory = before.and_then(|before| before.memory.take());
            (at, memory.unwrap_or_default())
        };
        queue.into_iter().map(remembered).collect()
    }

    /// Sets some sections.
    fn set(&mut self, sections: &[usize], numbering: &Numbering) {
        let queue = self.queue(sections);
        let book = self.book;
        let work = |setter: &Setter<'_>, (at, memory)| {
            setter.memory.replace(Some(memory));
            let recto = side(book, numbering, at);
            (at, section::compose(book, at, recto, numbering, setter))
        };
        for (at, mut section) in share_out(&mut self.setters, queue, work) {
            if let Some(before) = &mut self.composed[at] {
                // A setter speaks of a missing glyph only once.
                let said = std::mem::take(&mut before.report);
                let again = std::mem::replace(&mut section.report, said);
                section.report.append(again);
            }
            let before = self.composed[at].replace(section);
            rayon::spawn(move || drop(before));
        }
    }

    /// Sets again what was told page numbers that are no longer true, until all are, or too
    /// often. Gives the sections that then still quote others.
    fn settle(&mut self) -> (Numbering, Vec<usize>) {
        for _ in 0..MOST_ROUNDS {
            let numbering = self.turn();
            let stale = self.stale(&numbering);
            if stale.is_empty() {
                return (numbering, stale);
            }
            self.set(&stale, &numbering);
        }
        let numbering = self.turn();
        let stale = self.stale(&numbering);
        (numbering, stale)
    }

    fn warn_unsettled(&self, sections: &[usize], report: &mut Report) {
        for &at in sections {
            let section = &self.book.edition.sections[at];
            report
                .warning(
                    Code::UnsettledPages,
                    section.title.span,
                    format!(
                        "the page numbers quoted in “{}” move the pages that they name",
                        section.short_title
                    ),
                )
                .help("some of them may be off by one; reword the passage or leave one out");
        }
    }

    /// The sections whose page numbers have changed since they were set.
    fn stale(&self, numbering: &Numbering) -> Vec<usize> {
        let elision = self.book.edition.setting.elision;
        let is_stale = |section: &Composed| !section.asked.holds(numbering, elision);
        (0..self.composed.len())
            .filter(|&at| self.composed[at].as_ref().is_some_and(is_stale))
            .collect()
    }

    /// Numbers the pages, after breaking those sections again that came to begin on the
    /// other side of a leaf.
    fn turn(&mut self) -> Numbering {
        let mut pages = 0;
        for (at, section) in self.composed.iter_mut().enumerate() {
            let Some(section) = section else {
                continue;
            };
            if begins_recto(self.book, at) {
                pages += pages % 2;
            }
            let recto = pages % 2 == 0;
            if section.recto.is_some_and(|before| before != recto) {
                section.turn(self.book, at, recto, &self.setters[0]);
            }
            pages += section.sheets.len();
        }
        self.number()
    }

    fn finish(mut self, numbering: &Numbering, inputs: &Inputs, report: &mut Report) -> Pages {
        let mut composed = self.composed;
        let mut reports = Vec::new();
        for section in composed.iter_mut().flatten() {
            // What a long section remembers takes a while to be let go.
            let memory = section.memory.take();
            rayon::spawn(move || drop(memory));
            section.galley.home = None;
            reports.push(std::mem::take(&mut section.report));
        }
        let setters = &mut self.setters;
        let pages = assemble::assemble(self.book, composed, numbering, setters, inputs, report);
        reports.extend(
            self.setters
                .into_iter()
                .map(|setter| setter.report.into_inner()),
        );
        // What was set again may have been complained of again.
        let mut said = BTreeSet::new();
        for diagnostic in reports.into_iter().flat_map(|report| report.diagnostics) {
            if said.insert((diagnostic.code, diagnostic.message.clone(), diagnostic.span)) {
                report.diagnostics.push(diagnostic);
            }
        }
        once_for_each_character(report);
        pages
    }
}

/// Work on a queue, from its end: each thread takes the next when it is done with one.
fn share_out<T: Send, R: Send>(
    setters: &mut [Setter<'_>],
    queue: Vec<T>,
    work: impl Fn(&Setter<'_>, T) -> R + Sync,
) -> Vec<R> {
    let queue = Mutex::new(queue);
    let until_empty = |setter: &mut Setter<'_>| {
        let mut done = Vec::new();
        loop {
            let next = queue.lock().expect("no thread panics").pop();
            let Some(next) = next else {
                return done;
            };
            done.push(work(setter, next));
        }
    };
    let done: Vec<Vec<R>> = setters.par_iter_mut().map(until_empty).collect();
    done.into_iter().flatten().collect()
}

/// Each section reports the characters that no font has; the book names each once.
fn once_for_each_character(report: &mut Report) {
    let mut seen = BTreeSet::new();
    report
        .diagnostics
        .retain(|one| one.code != Code::MissingGlyph || seen.insert(one.message.clone()));
}

/// Whether a section begins on a right-hand page, as far as is known.
fn side(book: &Book<'_>, numbering: &Numbering, at: usize) -> bool {
    match numbering.firsts.get(at) {
        Some(Some(page)) => page % 2 == 0,
        Some(None) | None => begins_recto(book, at),
    }
}

/// The length of a section's text; an index heading has about a line.
fn weight(edition: &Edition, section: usize) -> usize {
    let is_index = edition.sections[section].kind == ChapterKind::Index;
    let mut weight = usize::from(is_index) * edition.counts.headings * 40;
    for block in &edition.sections[section].blocks {
        block.each_passage(&mut |passage| weight += length(&passage.inlines));
    }
    weight
}

fn length(inlines: &[Inline<Target>]) -> usize {
    let one = |inline: &Inline<Target>| match inline {
        Inline::Text { text, .. } => text.len(),
        Inline::Styled(_, inner) | Inline::Reference(_, inner) => length(inner),
        Inline::LineBreak => 1,
    };
    inlines.iter().map(one).sum()
}
