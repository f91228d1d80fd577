//! Glossary notes: the first occurrence of a term is noted where it stands, and words of
//! another language are told apart from the text around them.

use std::collections::{BTreeMap, BTreeSet};

use crate::apparatus::Term;
use crate::edition::context::{offset, start_of, words_of};
use crate::edition::dates::Dated;
use crate::edition::edits::{Apart, Edits, apply};
use crate::edition::marks::Resolver;
use crate::edition::matching::{Hit, Vocabulary};
use crate::edition::noting;
use crate::edition::places::{Kind, Place};
use crate::edition::sections::Draft;
use crate::edition::{Note, NoteId, Series, Target};
use crate::source::{PassageId, Position};
use crate::text::{Block, Inline, Passage, Style};

/// Sets the notes and marks the foreign words. Notes are added after those that are there.
pub(super) fn set(
    resolver: &mut Resolver,
    vocabulary: &Vocabulary,
    places: &[Place],
    (occurrences, dates): (&[Hit], &[Dated]),
    drafts: Vec<Draft<Target>>,
) -> Vec<Draft<Target>> {
    let mut edits: BTreeMap<PassageId, Edits> = BTreeMap::new();
    let mut noted = Noted::default();
    let explained = explained(resolver, vocabulary);
    let plan = noting::plan(resolver.ctx.manifest, places, occurrences, &|entry| {
        explained[entry]
    });
    for (hit, set) in occurrences.iter().zip(plan) {
        let place = &places[hit.place];
        let term = &resolver.ctx.apparatus.terms[vocabulary.terms[hit.entry]];
        let note = set.note.then(|| noted.note(resolver, term, hit, place));
        let foreign = foreign(resolver, term);
        // A word that is left to the glossary leads to it.
        let link =
            (set.first && note.is_none()).then(|| start_of(resolver.ctx.entries.terms[&term.id]));
        if note.is_none() && link.is_none() && !foreign {
            continue;
        }
        let edits = edits.entry(place.passage).or_default();
        if foreign || link.is_some() {
            edits.apart.push(Apart {
                start: hit.start,
                end: hit.end,
                lang: term.lang.clone().filter(|_| foreign),
                emphasis: foreign && set.first,
                link,
            });
        }
        edits.calls.extend(note.map(|note| (hit.end, note)));
    }
    lead_to_events(resolver, places, dates, &mut edits);
    let mut edit = |passage: Passage<Target>| -> Passage<Target> {
        match edits.get(&passage.id) {
            Some(edits) => Passage {
                inlines: apply(passage.inlines, edits),
                ..passage
            },
            None => passage,
        }
    };
    for note in &mut resolver.notes {
        let blocks = std::mem::take(&mut note.blocks);
        note.blocks = edit_blocks(blocks, &mut edit);
    }
    drafts
        .into_iter()
        .map(|mut draft| {
            draft.title = edit(draft.title);
            for stretch in &mut draft.stretches {
                let blocks = std::mem::take(&mut stretch.blocks);
                stretch.blocks = edit_blocks(blocks, &mut edit);
            }
            draft
        })
        .collect()
}

/// Dates that tell an event of the chronology lead to it (rule C6); not in headings, which
/// the contents repeat.
fn lead_to_events(
    resolver: &Resolver,
    places: &[Place],
    dates: &[Dated],
    edits: &mut BTreeMap<PassageId, Edits>,
) {
    let headings: BTreeSet<PassageId> = places
        .iter()
        .filter(|place| place.kind == Kind::Heading)
        .map(|place| place.passage)
        .collect();
    for date in dates {
        let Some(event) = date
            .event
            .as_ref()
            .filter(|_| !headings.contains(&date.passage))
        else {
            continue;
        };
        let apart = &mut edits.entry(date.passage).or_default().apart;
        let (start, end) = (date.when.range.start, date.when.range.end);
        let at = apart.partition_point(|one| one.end <= start);
        if apart.get(at).is_none_or(|one| one.start >= end) {
            let link = Some(start_of(resolver.ctx.entries.events[event]));
            apart.insert(
                at,
                Apart {
                    start,
                    end,
                    lang: None,
                    emphasis: false,
                    link,
                },
            );
        }
    }
}

fn edit_blocks(
    blocks: Vec<Block<Target>>,
    edit: &mut dyn FnMut(Passage<Target>) -> Passage<Target>,
) -> Vec<Block<Target>> {
    blocks
        .into_iter()
        .map(|block| block.map_passages(&mut |passage, _| edit(passage)))
        .collect()
}

/// By entry of the vocabulary, the entry of the term under which its term is explained.
fn explained(resolver: &Resolver, vocabulary: &Vocabulary) -> Vec<usize> {
    let terms = &resolver.ctx.apparatus.terms;
    let ids = &vocabulary.terms;
    let entries: BTreeMap<&str, usize> = ids.iter().copied().zip(0..).collect();
    let entry = |id: &str| entries.get(id).copied();
    let under = |id: &str| terms[id].see.as_deref().and_then(entry);
    (0..)
        .zip(ids)
        .map(|(own, id)| under(id).unwrap_or(own))
        .collect()
}

/// Whether a term's words are of another language than the book.
fn foreign(resolver: &Resolver, term: &Term) -> bool {
    let book = resolver.ctx.manifest.metadata.language.as_ref();
    match (&term.lang, book) {
        (Some(lang), Some(book)) => lang.primary() != book.primary(),
        (Some(_), None) => true,
        (None, _) => false,
    }
}

/// The notes of a section so far.
#[derive(Default)]
struct Noted {
    section: Option<usize>,
    /// The labels in this section, by the term that the note explains.
    labels: BTreeMap<String, String>,
    /// How many notes the section has.
    count: usize,
}

impl Noted {
    fn note(&mut self, resolver: &mut Resolver, term: &Term, hit: &Hit, place: &Place) -> NoteId {
        if self.section != Some(place.section) {
            self.section = Some(place.section);
            self.count = 0;
            self.labels.clear();
        }
        let label = letters(self.count);
        self.count += 1;
        let passage = resolver.ctx.number();
        let explained = term.see.as_ref().unwrap_or(&term.id);
        let earlier = self.labels.get(explained).cloned();
        let inlines = definition(resolver, passage, term, earlier.as_deref());
        self.labels.insert(explained.clone(), label.clone());
        let id = NoteId(offset(resolver.notes.len()));
        resolver.notes.push(Note {
            id,
            series: Series::Glossary,
            label,
            call: Position {
                passage: place.passage,
                offset: offset(hit.end),
            },
            blocks: vec![Block::Paragraph(crate::edition::passage(passage, inlines))],
        });
        id
    }
}

/// The note's words: the term, linked to its entry, and its short definition. A term that is
/// explained under another gets that one's, or is sent to the note that gave it.
fn definition(
    resolver: &mut Resolver,
    passage: PassageId,
    term: &Term,
    earlier: Option<&str>,
) -> Vec<Inline<Target>> {
    let apparatus = resolver.ctx.apparatus;
    let explained = term.see.as_ref().and_then(|see| apparatus.terms.get(see));
    let mut inlines = vec![linked(resolver, term, Style::Strong)];
    if let Some(other) = explained {
        inlines.push(words_of(": see "));
        inlines.push(linked(resolver, other, Style::Emphasis));
        if let Some(label) = earlier {
            inlines.push(words_of(format!(", note {label}.")));
            return inlines;
        }
    }
    inlines.push(words_of(": "));
    let short = &explained.unwrap_or(term).short;
    let rich = resolver.rich(passage, &inlines, short);
    inlines.extend(rich);
    inlines
}

/// A term in its language, linked to its entry in the glossary.
pub(super) fn linked(resolver: &Resolver, term: &Term, style: Style) -> Inline<Target> {
    let entry = start_of(resolver.ctx.entries.terms[&term.id]);
    let words = Inline::Styled(style, printed(resolver, term));
    Inline::Reference(Target::Place(entry), vec![words])
}

/// A term as it is printed, in its language.
pub(super) fn printed(resolver: &Resolver, term: &Term) -> Vec<Inline<Target>> {
    let words = words_of(term.term.clone());
    match &term.lang {
        Some(lang) if foreign(resolver, term) => {
            vec![Inline::Styled(Style::Foreign(lang.clone()), vec![words])]
        }
        Some(_) | None => vec![words],
    }
}

/// a, b, … z, aa, ab …
fn letters(mut number: usize) -> String {
    let mut letters = Vec::new();
    loop {
        letters.push(char::from(
            b'a' + u8::try_from(number % 26).unwrap_or_default(),
        ));
        if number < 26 {
            break;
        }
        number = number / 26 - 1;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::letters;

    #[test]
    fn letters_go_on_after_z() {
        let labels: Vec<String> = [0, 25, 26, 27, 51, 52, 701, 702].map(letters).into();
        assert_eq!(labels, ["a", "z", "aa", "ab", "az", "ba", "zz", "aaa"]);
    }
}
