//! Names to targets: every mark is followed, every note is called, and what does not exist
//! is reported with the nearest that does.

use std::collections::BTreeMap;

use crate::apparatus;
use crate::diag::Code;
use crate::edition::context::{Ctx, offset, start_of, words_of};
use crate::edition::sections::{Draft, Stretch, Voice};
use crate::edition::{Note, NoteId, Series, Target};
use crate::source::{PassageId, Position};
use crate::text::{Block, Inline, Name, NameKind, Passage, Style, plain_of};

/// What the marks of the text say, beside where they lead.
#[derive(Default)]
pub(super) struct Marked {
    /// Words marked as a term.
    pub(super) terms: Vec<Mark>,
    /// Words marked for an index heading.
    pub(super) headings: Vec<Mark>,
    /// Words marked as telling an event.
    pub(super) events: Vec<Mark>,
}

/// Words that a mark names.
#[derive(Clone, Debug)]
pub(super) struct Mark {
    pub(super) id: String,
    pub(super) passage: PassageId,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Where the words of a source that the apparatus quotes stand, by work and words.
pub(super) type Anchors = BTreeMap<(String, String), Position>;

/// Follows the names of running text.
pub(super) struct Resolver<'c, 'a> {
    pub(super) ctx: &'c mut Ctx<'a>,
    pub(super) anchors: &'c Anchors,
    pub(super) marked: Marked,
    pub(super) notes: Vec<Note>,
    /// The notes of the stretch at hand that are not yet called, and those that are.
    waiting: BTreeMap<String, Vec<Block<Name>>>,
    called: BTreeMap<String, NoteId>,
    series: Series,
    /// How many notes of each series the section has.
    numbers: BTreeMap<Series, usize>,
    inside_note: bool,
    /// Whether ids that nothing defines were reported before: in the vocabulary files.
    checked: bool,
    /// The passage at hand and the bytes of plain text that it has so far.
    passage: PassageId,
    at: usize,
}

impl<'c, 'a> Resolver<'c, 'a> {
    pub(super) fn new(ctx: &'c mut Ctx<'a>, anchors: &'c Anchors) -> Resolver<'c, 'a> {
        Resolver {
            ctx,
            anchors,
            marked: Marked::default(),
            notes: Vec::new(),
            waiting: BTreeMap::new(),
            called: BTreeMap::new(),
            series: Series::Editor,
            numbers: BTreeMap::new(),
            inside_note: false,
            checked: false,
            passage: PassageId(0),
            at: 0,
        }
    }

    /// Follows every name of a section.
    pub(super) fn section(&mut self, draft: Draft<Name>) -> Draft<Target> {
        self.numbers.clear();
        self.series = Series::Editor;
        let title = self.passage(draft.title);
        let byline = draft.byline.map(|byline| self.passage(byline));
        let stretches = draft
            .stretches
            .into_iter()
            .map(|stretch| self.stretch(stretch))
            .collect();
        Draft {
            chapter: draft.chapter,
            title,
            byline,
            stretches,
        }
    }

    fn stretch(&mut self, stretch: Stretch<Name>) -> Stretch<Target> {
        self.series = match stretch.voice {
            Voice::Source => Series::Author,
            Voice::Editors | Voice::Generated => Series::Editor,
        };
        self.waiting = stretch.notes;
        self.called.clear();
        let blocks = self.blocks(stretch.blocks);
        Stretch {
            voice: stretch.voice,
            blocks,
            notes: BTreeMap::new(),
        }
    }

    fn blocks(&mut self, blocks: Vec<Block<Name>>) -> Vec<Block<Target>> {
        blocks
            .into_iter()
            .map(|block| block.map_passages(&mut |passage, _| self.passage(passage)))
            .collect()
    }

    fn passage(&mut self, passage: Passage<Name>) -> Passage<Target> {
        let outer = (self.passage, self.at);
        (self.passage, self.at) = (passage.id, 0);
        let inlines = self.inlines(passage.inlines);
        (self.passage, self.at) = outer;
        Passage {
            id: passage.id,
            inlines,
            span: passage.span,
        }
    }

    /// Where a few words stand in a source that is set in full.
    pub(super) fn place_of(&self, work: &str, anchor: &str) -> Option<Position> {
        let key = (work.to_string(), super::anchors::key(anchor));
        self.anchors.get(&key).copied()
    }

    /// Follows the names of a value of the apparatus that is to stand in a passage, after
    /// what is already in it.
    pub(super) fn rich(
        &mut self,
        passage: PassageId,
        before: &[Inline<Target>],
        rich: &[Inline<Name>],
    ) -> Vec<Inline<Target>> {
        let mut plain = String::new();
        plain_of(before, &mut plain);
        (self.passage, self.at) = (passage, plain.len());
        self.checked = true;
        let inlines = self.inlines(rich.to_vec());
        self.checked = false;
        inlines
    }

    fn unknown<'k>(
        &mut self,
        name: &Name,
        id: &str,
        what: &str,
        known: impl Iterator<Item = &'k String>,
    ) {
        if !self.checked {
            let known = known.map(String::as_str);
            apparatus::unknown(name.span, id, what, known, self.ctx.report);
        }
    }

    fn inlines(&mut self, inlines: Vec<Inline<Name>>) -> Vec<Inline<Target>> {
        let mut resolved = Vec::with_capacity(inlines.len());
        for inline in inlines {
            match inline {
                Inline::Text { text, span } => {
                    self.at += text.len();
                    resolved.push(Inline::Text { text, span });
                }
                Inline::Styled(style, inner) => {
                    resolved.push(Inline::Styled(style, self.inlines(inner)));
                }
                Inline::LineBreak => {
                    self.at += 1;
                    resolved.push(Inline::LineBreak);
                }
                Inline::Reference(name, words) => self.reference(&name, words, &mut resolved),
            }
        }
        resolved
    }

    fn reference(&mut self, name: &Name, words: Vec<Inline<Name>>, out: &mut Vec<Inline<Target>>) {
        let start = self.at;
        let mut words = self.inlines(words);
        let calls = take_calls(&mut words);
        match name.kind {
            NameKind::Term => self.term(name, start, words, out),
            NameKind::Event => self.event(name, start, words, out),
            NameKind::Index => self.index(name, start, words, out),
            NameKind::Cite => self.cite(name, words, out),
            NameKind::Footnote => self.call(name, out),
            NameKind::Place => self.place(name, words, out),
            NameKind::Web => {
                let words = self.or_text(words, &name.id);
                out.push(Inline::Reference(Target::Web(name.id.clone()), words));
            }
        }
        out.extend(calls);
    }

    /// The words, or where there are none, these.
    fn or_text(&mut self, words: Vec<Inline<Target>>, text: &str) -> Vec<Inline<Target>> {
        if words.is_empty() {
            vec![self.say(text)]
        } else {
            words
        }
    }

    /// Words of ours in the passage at hand.
    fn say(&mut self, text: &str) -> Inline<Target> {
        self.at += text.len();
        words_of(text)
    }

    fn mark(&self, id: &str, start: usize) -> Mark {
        Mark {
            id: id.to_string(),
            passage: self.passage,
            start,
            end: self.at,
        }
    }

    fn term(
        &mut self,
        name: &Name,
        start: usize,
        words: Vec<Inline<Target>>,
        out: &mut Vec<Inline<Target>>,
    ) {
        let apparatus = self.ctx.apparatus;
        let Some(term) = apparatus.terms.get(&name.id) else {
            self.unknown(name, &name.id, "term", apparatus.terms.keys());
            return out.extend(words);
        };
        let words = self.or_text(words, &term.term);
        let mark = self.mark(&name.id, start);
        self.marked.terms.push(mark);
        let to = start_of(self.ctx.entries.terms[&name.id]);
        out.push(Inline::Reference(Target::Place(to), words));
    }

    fn event(
        &mut self,
        name: &Name,
        start: usize,
        words: Vec<Inline<Target>>,
        out: &mut Vec<Inline<Target>>,
    ) {
        let apparatus = self.ctx.apparatus;
        let Some(event) = apparatus.events.get(&name.id) else {
            self.unknown(name, &name.id, "event", apparatus.events.keys());
            return out.extend(words);
        };
        let words = self.or_text(words, &event.date.to_string());
        let mark = self.mark(&name.id, start);
        self.marked.events.push(mark);
        let to = start_of(self.ctx.entries.events[&name.id]);
        out.push(Inline::Reference(Target::Place(to), words));
    }

    fn index(
        &mut self,
        name: &Name,
        start: usize,
        words: Vec<Inline<Target>>,
        out: &mut Vec<Inline<Target>>,
    ) {
        if self.ctx.entries.headings.contains_key(&name.id) {
            let mark = self.mark(&name.id, start);
            self.marked.headings.push(mark);
            if !words.is_empty() {
                out.push(Inline::Reference(Target::Anchor, words));
            }
        } else {
            let ids: Vec<String> = self.ctx.entries.headings.keys().cloned().collect();
            self.unknown(name, &name.id, "index heading", ids.iter());
            out.extend(words);
        }
    }

    /// A short citation leads to the bibliography; with words of a source after a `#`, to
    /// the passage where they stand, and names its page.
    fn cite(&mut self, name: &Name, words: Vec<Inline<Target>>, out: &mut Vec<Inline<Target>>) {
        let apparatus = self.ctx.apparatus;
        let (id, anchor) = match name.id.split_once('#') {
            Some((id, anchor)) => (id, Some(anchor)),
            None => (name.id.as_str(), None),
        };
        let Some(work) = apparatus.works.get(id) else {
            self.unknown(name, id, "work", apparatus.works.keys());
            return out.extend(words);
        };
        let words = self.or_text(words, &work.short);
        let place = anchor.and_then(|anchor| self.place_of(id, anchor));
        match place {
            Some(place) => {
                let (before, after) = if ends_in_brackets(out) {
                    (", p.\u{a0}", "")
                } else {
                    (" (p.\u{a0}", ")")
                };
                out.push(Inline::Reference(Target::Place(place), words));
                out.push(self.say(before));
                out.push(Inline::Reference(Target::Pages(vec![place]), Vec::new()));
                if !after.is_empty() {
                    out.push(self.say(after));
                }
            }
            None => {
                let to = start_of(self.ctx.entries.works[id]);
                out.push(Inline::Reference(Target::Place(to), words));
            }
        }
    }

    /// A link to a chapter, or to a passage in it by words that stand there after a `#`;
    /// without words of its own, the number of its page.
    fn place(&mut self, name: &Name, words: Vec<Inline<Target>>, out: &mut Vec<Inline<Target>>) {
        let (id, anchor) = match name.id.split_once('#') {
            Some((id, anchor)) => (id, Some(super::anchors::key(anchor))),
            None => (name.id.as_str(), None),
        };
        let Some(&chapter) = self.ctx.entries.chapters.get(id) else {
            let ids: Vec<String> = self.ctx.entries.chapters.keys().cloned().collect();
            let known = ids.iter().map(String::as_str);
            apparatus::unknown(name.span, id, "chapter", known, self.ctx.report);
            return out.extend(words);
        };
        let passage = anchor.and_then(|anchor| {
            let key = super::anchors::of_chapter(id, &anchor);
            self.anchors.get(&key).copied()
        });
        let to = passage.unwrap_or(start_of(chapter));
        out.push(if words.is_empty() {
            Inline::Reference(Target::Pages(vec![to]), words)
        } else {
            Inline::Reference(Target::Place(to), words)
        });
    }

    /// The call of a note, which is numbered when it is first called. A second call cannot
    /// be the note's own: it shows the label and leads to the note.
    fn call(&mut self, name: &Name, out: &mut Vec<Inline<Target>>) {
        if self.inside_note {
            self.ctx
                .report
                .error(
                    Code::LooseFootnote,
                    name.span,
                    format!("the note `{}` is called inside another note", name.id),
                )
                .help("say it in the note itself, or call the note in the running text");
            return;
        }
        if let Some(&id) = self.called.get(&name.id) {
            let note = &self.notes[id.0 as usize];
            let mut first = None;
            note.blocks.iter().for_each(|block| {
                block.each_passage(&mut |passage| first = first.or(Some(passage.id)));
            });
            let label = note.label.clone();
            if let Some(first) = first {
                let label = vec![self.say(&label)];
                let to = Target::Place(start_of(first));
                let link = Inline::Reference(to, label);
                out.push(Inline::Styled(Style::Superscript, vec![link]));
            }
            return;
        }
        let Some(blocks) = self.waiting.remove(&name.id) else {
            // The reader of chapters has reported it.
            return;
        };
        let number = self.numbers.entry(self.series).or_default();
        *number += 1;
        let label = match self.series {
            Series::Author | Series::Glossary => number.to_string(),
            Series::Editor => format!("[{number}]"),
        };
        let id = NoteId(offset(self.notes.len()));
        let call = Position {
            passage: self.passage,
            offset: offset(self.at),
        };
        self.notes.push(Note {
            id,
            series: self.series,
            label,
            call,
            blocks: Vec::new(),
        });
        self.inside_note = true;
        let blocks = self.blocks(blocks);
        self.inside_note = false;
        self.notes[id.0 as usize].blocks = blocks;
        self.called.insert(name.id.clone(), id);
        out.push(Inline::Reference(Target::Note(id), Vec::new()));
    }
}

/// Takes notes' calls out of a link's words: a link cannot stand in a link.
fn take_calls(words: &mut Vec<Inline<Target>>) -> Vec<Inline<Target>> {
    let mut calls = Vec::new();
    let mut kept = Vec::with_capacity(words.len());
    for mut inline in words.drain(..) {
        match &mut inline {
            Inline::Reference(Target::Note(_), _) => {
                calls.push(inline);
                continue;
            }
            Inline::Styled(_, inner) | Inline::Reference(_, inner) => {
                calls.extend(take_calls(inner));
            }
            Inline::Text { .. } | Inline::LineBreak => {}
        }
        kept.push(inline);
    }
    *words = kept;
    calls
}

/// Whether what comes next stands in round brackets that are still open.
fn ends_in_brackets(before: &[Inline<Target>]) -> bool {
    let texts = before.iter().rev().filter_map(|inline| match inline {
        Inline::Text { text, .. } => Some(text),
        Inline::Styled(..) | Inline::Reference(..) | Inline::LineBreak => None,
    });
    let mut last = texts.filter_map(|text| text.rfind(['(', ')']).map(|at| &text[at..]));
    last.next().is_some_and(|rest| rest.starts_with('('))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_in_open_brackets_wants_none_of_its_own() {
        let before = |texts: &[&str]| -> Vec<Inline<Target>> {
            texts.iter().map(|text| words_of(*text)).collect()
        };
        assert!(ends_in_brackets(&before(&["He came (", "; "])));
        assert!(!ends_in_brackets(&before(&["He came (late) and "])));
        assert!(!ends_in_brackets(&before(&[
            "He came (",
            "p. 3",
            "), she "
        ])));
        assert!(!ends_in_brackets(&before(&[])));
    }
}
