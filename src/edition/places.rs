//! Every passage of the running text with what it is and where it stands: what the
//! vocabularies are matched against.

use crate::edition::index::NoteNumber;
use crate::edition::sections::{Draft, Voice};
use crate::edition::{Edition, Note, Section, Series, Target};
use crate::manifest::{ChapterKind, Manifest, Part};
use crate::source::PassageId;
use crate::text::{Block, Passage};

/// A passage of a chapter or of a note in it.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) passage: PassageId,
    pub(super) plain: String,
    pub(super) kind: Kind,
    /// Its section's place in running order.
    pub(super) section: usize,
    /// Whether the index may lead to it: not in the front matter.
    pub(super) indexed: bool,
    pub(super) flow: Flow,
    /// For a note's passage: the note.
    pub(super) note: Option<NoteNumber>,
    /// Where it is read: passages in running order, a note's right after the one that calls
    /// it.
    pub(super) order: (usize, u32),
}

/// What a passage is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Running,
    Heading,
    Cell,
    Caption,
    Note,
}

/// A stretch of text that is read on and on, and the paragraph's number in it. A heading
/// has the number of the paragraph after it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Flow {
    pub(super) stretch: u32,
    pub(super) paragraph: u32,
}

/// The places of all chapters, in running order; notes' after those of the sections.
pub(super) fn collect(manifest: &Manifest, drafts: &[Draft<Target>], notes: &[Note]) -> Vec<Place> {
    let mut walker = Walker::default();
    for (section, draft) in drafts.iter().enumerate() {
        let chapter = &manifest.chapters[draft.chapter];
        if !matches!(chapter.kind, ChapterKind::Text | ChapterKind::Source) {
            continue;
        }
        walker.section = section;
        walker.indexed = chapter.indexed && chapter.part != Part::Front;
        walker.new_stretch();
        walker.add(&draft.title, Kind::Heading);
        for stretch in &draft.stretches {
            if stretch.voice != Voice::Generated {
                walker.new_stretch();
                walker.blocks(&stretch.blocks, Kind::Running);
            }
        }
    }
    add_notes(&mut walker, notes);
    walker.places
}

/// The places of a finished edition, in the same order; glossary notes are left out.
pub(super) fn of_edition(edition: &Edition) -> Vec<Place> {
    let mut walker = Walker::default();
    let written =
        |section: &&Section| matches!(section.kind, ChapterKind::Text | ChapterKind::Source);
    let sections = edition.sections.iter().enumerate();
    for (at, section) in sections.filter(|(_, section)| written(section)) {
        walker.section = at;
        walker.indexed = section.part != Part::Front;
        walker.new_stretch();
        walker.add(&section.title, Kind::Heading);
        let own = section.source.clone().unwrap_or(0..0);
        for blocks in [
            &section.blocks[..own.start],
            &section.blocks[own.clone()],
            &section.blocks[own.end..],
        ] {
            walker.new_stretch();
            walker.blocks(blocks, Kind::Running);
        }
    }
    let notes = edition.notes.iter();
    let written = notes.filter(|note| note.series != Series::Glossary);
    add_notes(&mut walker, written);
    walker.places
}

/// The passages of notes, each told to be read where the note is called.
fn add_notes<'n>(walker: &mut Walker, notes: impl IntoIterator<Item = &'n Note>) {
    let most = walker.places.iter().map(|place| place.passage.0).max();
    let mut at_passage = vec![None; most.map_or(0, |most| most as usize + 1)];
    for (at, place) in walker.places.iter().enumerate() {
        at_passage[place.passage.0 as usize] = Some(at);
    }
    for note in notes {
        let caller = at_passage.get(note.call.passage.0 as usize);
        let Some(caller) = caller.copied().flatten() else {
            continue;
        };
        walker.section = walker.places[caller].section;
        walker.indexed = walker.places[caller].indexed;
        walker.new_stretch();
        let first = walker.places.len();
        walker.blocks(&note.blocks, Kind::Note);
        for place in &mut walker.places[first..] {
            place.order = (caller, note.call.offset);
            place.kind = Kind::Note;
            place.note = Some(NoteNumber::of(&note.label));
        }
    }
}

#[derive(Default)]
struct Walker {
    places: Vec<Place>,
    section: usize,
    indexed: bool,
    flow: Flow,
    stretches: u32,
}

impl Walker {
    fn new_stretch(&mut self) {
        self.stretches += 1;
        self.flow = Flow {
            stretch: self.stretches,
            paragraph: 0,
        };
    }

    fn add(&mut self, passage: &Passage<Target>, kind: Kind) {
        self.places.push(Place {
            passage: passage.id,
            plain: passage.plain(),
            kind,
            section: self.section,
            indexed: self.indexed,
            flow: self.flow,
            note: None,
            order: (self.places.len(), 0),
        });
        if kind == Kind::Running {
            self.flow.paragraph += 1;
        }
    }

    fn blocks(&mut self, blocks: &[Block<Target>], running: Kind) {
        blocks.iter().for_each(|block| self.block(block, running));
    }

    fn block(&mut self, block: &Block<Target>, running: Kind) {
        match block {
            Block::Heading { text, .. } => self.add(text, Kind::Heading),
            Block::Paragraph(text) => self.add(text, running),
            Block::Quote { blocks, .. } => self.blocks(blocks, running),
            Block::Box { title, blocks } => {
                let outer = self.flow;
                self.new_stretch();
                title
                    .iter()
                    .for_each(|title| self.add(title, Kind::Heading));
                self.blocks(blocks, running);
                self.flow = outer;
            }
            Block::List(list) => list
                .items
                .iter()
                .for_each(|item| self.blocks(item, running)),
            Block::Definitions { items, .. } => {
                for item in items {
                    self.add(&item.term, Kind::Heading);
                    self.blocks(&item.body, running);
                }
            }
            Block::Table(table) => {
                table.caption.iter().for_each(|it| self.add(it, Kind::Cell));
                let cells = table.head.iter().chain(table.rows.iter().flatten());
                cells.for_each(|cell| self.add(cell, Kind::Cell));
            }
            Block::Figure(figure) => {
                let caption = figure.caption.iter();
                caption.for_each(|caption| self.add(caption, Kind::Caption));
            }
            Block::Code(_) | Block::Break => {}
        }
    }
}
