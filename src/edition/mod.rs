//! The whole book, resolved: every reference is a target that exists, notes are numbered,
//! lists are built. A loose reference does not type-check.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::document::Document;
use crate::manifest::{ChapterKind, Elision, Metadata, Part};
use crate::source::{PassageId, Position, SourceId, Span};
use crate::text::{Block, Inline, Passage, QuoteKind};

mod anchors;
mod chronology;
mod citations;
mod collation;
mod context;
pub mod dates;
mod disagreements;
mod displays;
pub mod dump;
mod edits;
mod emendations;
mod entries;
mod finish;
mod fold;
mod generated;
pub mod gloss;
mod glossary;
pub mod index;
mod kept;
mod marks;
mod matching;
mod note_on_the_text;
mod notes;
mod noting;
mod occurrences;
pub mod paragraphs;
mod pictures;
mod places;
mod postings;
mod resolve;
mod sections;
pub mod survey;
#[cfg(test)]
mod tests;
pub mod words;

pub use displays::listed_displays;
use index::Entry;
pub use resolve::resolve;

/// A book that can be written.
#[derive(Clone, Debug, Default)]
pub struct Edition {
    pub metadata: Metadata,
    /// In running order.
    pub sections: Vec<Section>,
    /// By [`NoteId`].
    pub notes: Vec<Note>,
    /// The index, sorted; headings with what stands under them.
    pub index: Vec<Entry>,
    /// The paragraph that explains the index's conventions; set before its first entry.
    pub index_headnote: Vec<Block<Target>>,
    /// The first passage after the last section: notes' passages and the index's begin here.
    pub end: PassageId,
    /// The pictures that figures show, by their paths in the pack.
    pub pictures: BTreeMap<String, Picture>,
    /// What the editors corrected in the sources.
    pub emended: Vec<Emended>,
    /// The dates of the running text, in the order of the passages: sections', then notes'.
    pub dates: Vec<dates::Dated>,
    pub counts: Counts,
    pub setting: Setting,
}

/// A correction made in a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Emended {
    /// The words as they stood, in the cleaned text.
    pub words: Span,
    /// What is set in their stead.
    pub with: String,
}

/// What the editors ask of whoever sets the book.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Setting {
    /// Acronyms of two capitals or more are set in small capitals.
    pub small_caps_acronyms: bool,
    /// Names that no line's end divides.
    pub never_divide: Vec<String>,
    /// How ranges of pages are written.
    pub elision: Elision,
}

/// A picture that can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// In pixels.
    pub width: u32,
    pub height: u32,
    pub source: SourceId,
    /// Where it is shown first.
    pub shown: Option<Span>,
    /// What is drawn from data, which has no pixels.
    pub figure: Option<crate::figures::Figure>,
    /// What was drawn as SVG.
    pub drawing: Option<crate::svg::Drawing>,
}

impl Picture {
    /// Whether it has so many pixels that several such are not read side by side.
    pub fn is_large(&self) -> bool {
        u64::from(self.width) * u64::from(self.height) > 20_000_000
    }
}

/// A part of the book that begins a page of its own.
#[derive(Clone, Debug)]
pub struct Section {
    /// The chapter's id; in generated file names too.
    pub id: String,
    pub part: Part,
    pub kind: ChapterKind,
    /// A passage of its own, so that contents and index can lead to it. Title pages have
    /// one too, though it is not shown as a heading there.
    pub title: Passage<Target>,
    /// For the running head.
    pub short_title: String,
    /// Who speaks, under the title: a source's author line.
    pub byline: Option<Passage<Target>>,
    /// Empty for what writers make themselves: half title, title page, contents, index.
    pub blocks: Vec<Block<Target>>,
    /// Which of the blocks are a source's own words, set in full; the others are the
    /// editors' or generated.
    pub source: Option<Range<usize>>,
}

impl Section {
    /// How many blocks the editors' words before a source take up; a break stands between.
    /// `None` where there are none.
    pub fn headnote(&self) -> Option<usize> {
        let before = self.source.as_ref()?.start.checked_sub(1)?;
        let is_break = matches!(self.blocks.get(before), Some(Block::Break));
        (is_break && before > 0).then_some(before)
    }

    /// The paragraphs that are numbered for groups that discuss a text, in their order: the
    /// source's own, or all where there is none set.
    pub fn numbered_paragraphs(&self) -> Vec<PassageId> {
        if !matches!(self.kind, ChapterKind::Text | ChapterKind::Source) {
            return Vec::new();
        }
        let own = self.source.clone().unwrap_or(0..self.blocks.len());
        let blocks = self.blocks.get(own).unwrap_or_default().iter();
        let paragraph = |block: &Block<Target>| {
            let Block::Paragraph(text) = block else {
                return None;
            };
            Some(text.id)
        };
        blocks.filter_map(paragraph).collect()
    }

    /// The paragraph that a chapter's text begins with, below its first headings and mottoes:
    /// its place among the blocks. `None` for what is no running text.
    pub fn first_paragraph(&self) -> Option<usize> {
        if !matches!(self.kind, ChapterKind::Text | ChapterKind::Source) {
            return None;
        }
        let start = self.headnote().map_or(0, |headnote| headnote + 1);
        let stands_before = |block: &Block<Target>| match block {
            Block::Heading { .. } => true,
            Block::Quote { kind, .. } => *kind == QuoteKind::Epigraph,
            Block::Paragraph(_)
            | Block::Box { .. }
            | Block::List(_)
            | Block::Definitions { .. }
            | Block::Table(_)
            | Block::Figure(_)
            | Block::Break
            | Block::Code(_) => false,
        };
        let after = self.blocks[start..].iter();
        let first = start + after.take_while(|block| stands_before(block)).count();
        matches!(self.blocks.get(first), Some(Block::Paragraph(_))).then_some(first)
    }
}

/// What a reference leads to.
#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    /// A web or mail address.
    Web(String),
    /// A place in the book.
    Place(Position),
    /// The call of a note; it has no words of its own, its label is the note's.
    Note(NoteId),
    /// The page number of a place, which is filled in when it is known; a link to it. It
    /// has no words of its own. Several in a row collapse to ranges: 21–23, 40.
    Pages(Vec<Position>),
    /// Words that something else points to, by their position: a noted term, an index mark.
    /// They are set as they are.
    Anchor,
}

/// A note among [`Edition::notes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NoteId(pub u32);

/// A note: what a mark in the text leads to.
#[derive(Clone, Debug)]
pub struct Note {
    pub id: NoteId,
    pub series: Series,
    /// The mark: `1`, `†`, `a`. By construction it tells the series.
    pub label: String,
    /// Where it is called: right after this position.
    pub call: Position,
    pub blocks: Vec<Block<Target>>,
}

/// The three series of notes, told apart at sight and never mixed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Series {
    /// The author's own: numbers, restarting by section.
    Author,
    /// Glossary: raised letters, restarting by section.
    Glossary,
    /// The editors': numbers in brackets, restarting by section.
    Editor,
}

/// What the book holds, for the closing lines of a build.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub words: usize,
    pub notes: usize,
    pub events: usize,
    /// Index headings and subheadings.
    pub headings: usize,
    /// Titles of the sources set in full and of those set as a précis.
    pub full_sources: Vec<String>,
    pub missing_sources: Vec<String>,
}

/// A chapter with what is set in it: the documents that its manifest entry names.
#[derive(Clone, Debug)]
pub struct Written {
    /// The editors' own text: of a `text` chapter or a generated one's introduction; for a
    /// source its headnote.
    pub text: Option<Document>,
    /// For a source: its text, cleaned, where the reader's copy is there.
    pub source: Option<Cleaned>,
    /// For a source: the editors' précis.
    pub precis: Option<Document>,
    pub questions: Option<Document>,
}

/// A source's text and what cleaning did to it.
#[derive(Clone, Debug)]
pub struct Cleaned {
    pub document: Document,
    /// Each rule that ran, in words, and how often it applied: for the *Note on the text*.
    pub rules: Vec<(String, usize)>,
}

impl Edition {
    /// One note.
    pub fn note(&self, id: NoteId) -> &Note {
        &self.notes[id.0 as usize]
    }

    /// By section: the title of the part that it belongs to, by its place. A part ends where
    /// the next begins, and with the front matter, the body or the back matter.
    pub fn part_titles(&self) -> Vec<Option<usize>> {
        let mut above: Option<usize> = None;
        let sections = self.sections.iter().enumerate();
        let titles = sections.map(|(at, section)| {
            above = above.filter(|&title| self.sections[title].part == section.part);
            if section.kind == ChapterKind::PartTitle {
                above = Some(at);
                return None;
            }
            above
        });
        titles.collect()
    }

    /// The section that a position stands in, by its place in [`Edition::sections`]; notes
    /// and the index belong to none.
    pub fn section_of(&self, position: Position) -> Option<usize> {
        if position.passage >= self.end {
            return None;
        }
        let after = self
            .sections
            .partition_point(|section| section.title.id <= position.passage);
        after.checked_sub(1)
    }
}

/// Generated text.
pub fn plain(text: impl Into<String>) -> Inline<Target> {
    Inline::Text {
        text: text.into(),
        span: None,
    }
}

/// A generated passage.
pub fn passage(id: PassageId, inlines: Vec<Inline<Target>>) -> Passage<Target> {
    Passage {
        id,
        inlines,
        span: None,
    }
}
