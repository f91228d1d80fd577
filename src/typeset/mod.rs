//! The edition to pages: shape, hyphenate, break lines, place notes, break pages, furnish.
//!
//! ```text
//! a passage ── flow, shape, itemize, hyphenate ──► Paragraph: boxes, glue, penalties
//! Paragraph ── linebreak, place ──► lines of placed pieces
//! section's blocks ── builder, blocks ──► Galley: rows, notes, structure
//! Galley ── pagebreak, footnotes ──► which rows and notes share a page
//! those ── sheet ──► Sheet: where each row stands
//! all Sheets ── numbering ──► page numbers and places
//! the same ── assemble, furniture ──► Pages
//! ```

use std::collections::BTreeSet;

use rayon::prelude::*;

use crate::diag::{Code, Report};
use crate::edition::words::Words;
use crate::edition::{Edition, Target};
use crate::fonts::FontSet;
use crate::manifest::{ChapterKind, Design};
use crate::pages::Pages;
use crate::source::Inputs;
use crate::text::{Block, Inline, Lang};

pub mod acronym;
pub mod assemble;
pub mod blocks;
pub mod builder;
pub mod contents;
pub mod definitions;
pub mod dump;
pub mod flow;
pub mod footnotes;
pub mod furniture;
pub mod galley;
pub mod hang;
pub mod hyphenate;
pub mod index;
pub mod itemize;
pub mod items;
pub mod line;
pub mod linebreak;
pub mod loosen;
pub mod numbering;
pub mod opportunity;
pub mod pagebreak;
pub mod paragraph;
pub mod pictures;
pub mod place;
pub mod proof;
pub mod section;
pub mod shape;
pub mod sheet;
pub mod styles;
pub mod tables;
pub mod ties;
pub mod titles;

#[cfg(test)]
mod tests;

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
    for stage in stages(edition)
        .into_iter()
        .filter(|stage| !stage.is_empty())
    {
        let numbering = press.number();
        press.set(&stage, &numbering);
    }
    let numbering = press.settle(report);
    press.finish(&numbering, inputs, report)
}

/// The sections in the order in which they can be set: those that quote no page numbers,
/// those that do, the index, the contents.
fn stages(edition: &Edition) -> [Vec<usize>; 4] {
    let notes: Vec<bool> = edition
        .notes
        .iter()
        .map(|note| note.blocks.iter().any(|block| cites_pages(block, &[])))
        .collect();
    let mut stages: [Vec<usize>; 4] = Default::default();
    for (at, section) in edition.sections.iter().enumerate() {
        let cites = section
            .blocks
            .iter()
            .any(|block| cites_pages(block, &notes));
        let stage = match section.kind {
            ChapterKind::Contents => 3,
            ChapterKind::Index => 2,
            ChapterKind::HalfTitle
            | ChapterKind::TitlePage
            | ChapterKind::Imprint
            | ChapterKind::Text
            | ChapterKind::Source
            | ChapterKind::Glossary
            | ChapterKind::Chronology
            | ChapterKind::Disagreements
            | ChapterKind::Figures
            | ChapterKind::Bibliography
            | ChapterKind::Emendations
            | ChapterKind::NoteOnTheText => usize::from(cites),
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
        number(self.book.edition, &self.composed, top)
    }

    /// Sets some sections, shared out evenly among the threads.
    fn set(&mut self, sections: &[usize], numbering: &Numbering) {
        let shares = shares(self.book.edition, sections, self.setters.len());
        let book = self.book;
        let one = |at: usize, setter: &Setter<'_>| {
            let recto = side(book.edition, numbering, at);
            (at, section::compose(book, at, recto, numbering, setter))
        };
        let set: Vec<Vec<(usize, Composed)>> = self
            .setters
            .par_iter_mut()
            .zip(shares)
            .map(|(setter, share)| share.into_iter().map(|at| one(at, setter)).collect())
            .collect();
        for (at, mut section) in set.into_iter().flatten() {
            if let Some(before) = &mut self.composed[at] {
                // A setter speaks of a missing glyph only once.
                let said = std::mem::take(&mut before.report);
                let again = std::mem::replace(&mut section.report, said);
                section.report.append(again);
            }
            self.composed[at] = Some(section);
        }
    }

    /// Sets again what was told page numbers that are no longer true, until all are.
    fn settle(&mut self, report: &mut Report) -> Numbering {
        for _ in 0..MOST_ROUNDS {
            let numbering = self.turn();
            let stale = self.stale(&numbering);
            if stale.is_empty() {
                return numbering;
            }
            self.set(&stale, &numbering);
        }
        let numbering = self.turn();
        for at in self.stale(&numbering) {
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
        numbering
    }

    /// The sections whose page numbers have changed.
    fn stale(&self, numbering: &Numbering) -> Vec<usize> {
        let holds = |section: &Composed| section.asked.holds(numbering);
        (0..self.composed.len())
            .filter(|&at| !self.composed[at].as_ref().is_some_and(holds))
            .collect()
    }

    /// Numbers the pages, after breaking those sections again that came to begin on the
    /// other side of a leaf.
    fn turn(&mut self) -> Numbering {
        let mut numbering = self.number();
        for at in 0..self.composed.len() {
            let recto = side(self.book.edition, &numbering, at);
            let Some(section) = &mut self.composed[at] else {
                continue;
            };
            if section.recto.is_some_and(|before| before != recto) {
                section.turn(&self.book.frame, recto);
                numbering = self.number();
            }
        }
        numbering
    }

    fn finish(self, numbering: &Numbering, inputs: &Inputs, report: &mut Report) -> Pages {
        let mut composed = self.composed;
        let mut said = BTreeSet::new();
        for section in composed.iter_mut().flatten() {
            for diagnostic in std::mem::take(&mut section.report).diagnostics {
                // What was set again may have been complained of again.
                if said.insert((diagnostic.code, diagnostic.message.clone(), diagnostic.span)) {
                    report.diagnostics.push(diagnostic);
                }
            }
        }
        let setter = self.setters.into_iter().next().expect("there is a setter");
        let pages = assemble::assemble(self.book, composed, numbering, &setter, inputs, report);
        report.append(setter.report.into_inner());
        once_for_each_character(report);
        pages
    }
}

/// Each section reports the characters that no font has; the book names each once.
fn once_for_each_character(report: &mut Report) {
    let mut seen = BTreeSet::new();
    report
        .diagnostics
        .retain(|one| one.code != Code::MissingGlyph || seen.insert(one.message.clone()));
}

/// Whether a section begins on a right-hand page, as far as is known.
fn side(edition: &Edition, numbering: &Numbering, at: usize) -> bool {
    match numbering.firsts.get(at) {
        Some(Some(page)) => page % 2 == 0,
        Some(None) | None => begins_recto(edition, at),
    }
}

/// Shares sections out by the length of their text: the longest first, each to the share
/// that has least.
fn shares(edition: &Edition, sections: &[usize], count: usize) -> Vec<Vec<usize>> {
    let mut weighed: Vec<(usize, usize)> = sections
        .iter()
        .map(|&at| (weight(edition, at), at))
        .collect();
    weighed.sort_by_key(|&(weight, at)| (std::cmp::Reverse(weight), at));
    let mut shares = vec![(0, Vec::new()); count];
    for (weight, at) in weighed {
        let least = shares.iter_mut().min_by_key(|(load, _)| *load);
        let (load, share) = least.expect("there is a setter for each thread");
        *load += weight + 1;
        share.push(at);
    }
    let in_order = |(_, mut share): (usize, Vec<usize>)| {
        share.sort_unstable();
        share
    };
    shares.into_iter().map(in_order).collect()
}

fn weight(edition: &Edition, section: usize) -> usize {
    let mut weight = 0;
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
