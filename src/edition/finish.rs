//! The last step: passages numbered through the book in running order, notes in the order
//! of their calls, and every link checked to lead somewhere.

use crate::edition::context::offset;
use crate::edition::dates::Dated;
use crate::edition::index::{CrossReference, Entry, Posting};
use crate::edition::{Edition, NoteId, Target};
use crate::manifest::ChapterKind;
use crate::source::{PassageId, Position};
use crate::text::{Block, Inline, Passage, plain_of};

/// Numbers passages and notes anew. `numbers` is how many the passages have so far.
pub(super) fn number(edition: Edition, numbers: usize) -> Edition {
    let mut order = Order {
        passages: vec![None; numbers],
        next: 0,
        notes: vec![None; edition.notes.len()],
        called: Vec::new(),
    };
    for section in &edition.sections {
        order.passage(&section.title);
        section
            .byline
            .iter()
            .for_each(|byline| order.passage(byline));
        order.blocks(&section.blocks);
        if section.kind == ChapterKind::Index {
            order.blocks(&edition.index_headnote);
        }
    }
    let end = PassageId(order.next);
    for at in 0..order.called.len() {
        let note = &edition.notes[order.called[at]];
        order.blocks(&note.blocks);
    }
    edition.index.iter().for_each(|entry| order.entry(entry));
    rewrite(edition, &order, end)
}

/// The new numbers.
struct Order {
    /// By old number; `None` for what is not in the book.
    passages: Vec<Option<PassageId>>,
    next: u32,
    notes: Vec<Option<NoteId>>,
    /// The notes by their old numbers, in the order of their calls.
    called: Vec<usize>,
}

impl Order {
    fn blocks(&mut self, blocks: &[Block<Target>]) {
        blocks
            .iter()
            .for_each(|block| block.each_passage(&mut |passage| self.passage(passage)));
    }

    fn passage(&mut self, passage: &Passage<Target>) {
        self.passages[passage.id.0 as usize] = Some(PassageId(self.next));
        self.next += 1;
        self.calls(&passage.inlines);
    }

    fn calls(&mut self, inlines: &[Inline<Target>]) {
        for inline in inlines {
            match inline {
                Inline::Reference(Target::Note(id), _) => {
                    let at = id.0 as usize;
                    if self.notes[at].is_none() {
                        self.notes[at] = Some(NoteId(offset(self.called.len())));
                        self.called.push(at);
                    }
                }
                Inline::Styled(_, inner) | Inline::Reference(_, inner) => self.calls(inner),
                Inline::Text { .. } | Inline::LineBreak => {}
            }
        }
    }

    fn entry(&mut self, entry: &Entry) {
        self.passage(&entry.term);
        entry.subentries.iter().for_each(|entry| self.entry(entry));
    }

    fn position(&self, position: Position) -> Option<Position> {
        let passage = self.passages[position.passage.0 as usize]?;
        Some(Position {
            passage,
            offset: position.offset,
        })
    }

    fn renumber(&self, passage: Passage<Target>) -> Passage<Target> {
        let id = self.passages[passage.id.0 as usize].expect("every passage was counted");
        Passage {
            id,
            inlines: self.inlines(passage.inlines),
            span: passage.span,
        }
    }

    fn inlines(&self, inlines: Vec<Inline<Target>>) -> Vec<Inline<Target>> {
        let mut renumbered = Vec::with_capacity(inlines.len());
        for inline in inlines {
            match inline {
                Inline::Styled(style, inner) => {
                    renumbered.push(Inline::Styled(style, self.inlines(inner)));
                }
                Inline::Reference(target, words) => {
                    let words = self.inlines(words);
                    match self.target(target) {
                        Some(target) => renumbered.push(Inline::Reference(target, words)),
                        None => renumbered.extend(words),
                    }
                }
                Inline::Text { .. } | Inline::LineBreak => renumbered.push(inline),
            }
        }
        renumbered
    }

    /// The target with its new numbers; `None` when it is not in the book.
    fn target(&self, target: Target) -> Option<Target> {
        match target {
            Target::Web(_) | Target::Anchor => Some(target),
            Target::Place(position) => self.position(position).map(Target::Place),
            Target::Note(id) => self.notes[id.0 as usize].map(Target::Note),
            Target::Pages(positions) => {
                let mut found: Vec<Position> = positions
                    .into_iter()
                    .filter_map(|position| self.position(position))
                    .collect();
                found.sort_unstable();
                found.dedup();
                (!found.is_empty()).then_some(Target::Pages(found))
            }
        }
    }

    fn rewrite_blocks(&self, blocks: Vec<Block<Target>>) -> Vec<Block<Target>> {
        blocks
            .into_iter()
            .map(|block| block.map_passages(&mut |passage, _| self.renumber(passage)))
            .collect()
    }

    fn rewrite_entry(&self, entry: Entry) -> Entry {
        let cross = |list: Vec<CrossReference>| {
            list.into_iter()
                .filter_map(|cross| {
                    let to = match cross.to {
                        Some(to) => Some(self.position(to)?),
                        None => None,
                    };
                    let words = self.inlines(cross.words);
                    Some(CrossReference { words, to })
                })
                .collect()
        };
        let posting = |posting: Posting| {
            Some(Posting {
                from: self.position(posting.from)?,
                to: self.position(posting.to)?,
                place: posting.place,
            })
        };
        Entry {
            id: entry.id,
            term: self.renumber(entry.term),
            group: entry.group,
            postings: entry.postings.into_iter().filter_map(posting).collect(),
            subentries: entry
                .subentries
                .into_iter()
                .map(|entry| self.rewrite_entry(entry))
                .collect(),
            see: cross(entry.see),
            see_also: cross(entry.see_also),
        }
    }
}

fn rewrite(mut edition: Edition, order: &Order, end: PassageId) -> Edition {
    for section in &mut edition.sections {
        let title = std::mem::replace(&mut section.title, crate::edition::passage(end, Vec::new()));
        section.title = order.renumber(title);
        section.byline = section.byline.take().map(|byline| order.renumber(byline));
        section.blocks = order.rewrite_blocks(std::mem::take(&mut section.blocks));
    }
    let mut notes: Vec<_> = edition.notes.into_iter().map(Some).collect();
    edition.notes = order
        .called
        .iter()
        .map(|&at| {
            let mut note = notes[at].take().expect("each note is listed once");
            note.id = order.notes[at].expect("it was called");
            note.call = order.position(note.call).expect("its call is in the book");
            note.blocks = order.rewrite_blocks(note.blocks);
            note
        })
        .collect();
    edition.index = edition
        .index
        .into_iter()
        .map(|entry| order.rewrite_entry(entry))
        .collect();
    edition.index_headnote = order.rewrite_blocks(std::mem::take(&mut edition.index_headnote));
    edition.dates = std::mem::take(&mut edition.dates)
        .into_iter()
        .filter_map(|date| {
            let passage = order.passages[date.passage.0 as usize]?;
            Some(Dated { passage, ..date })
        })
        .collect();
    edition.end = end;
    edition
}

/// How many words some blocks have.
pub(super) fn words(blocks: &[Block<Target>]) -> usize {
    let mut words = 0;
    let mut plain = String::new();
    blocks.iter().for_each(|block| {
        block.each_passage(&mut |passage| {
            plain.clear();
            plain_of(&passage.inlines, &mut plain);
            words += plain.split_whitespace().count();
        });
    });
    words
}
