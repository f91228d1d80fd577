//! The book against the readers' own texts, through the ledger. A word of a source's file
//! either stands in the cleaned text or was taken away or replaced by a rule; a word of the
//! cleaned text stands in the book, once and in order, or the editors corrected it.

use std::collections::BTreeSet;

use crate::diag::{Code, Report};
use crate::edition::{Edition, Target};
use crate::import::ChangeKind;
use crate::ledger::Source;
use crate::source::{Inputs, OffsetMap, SourceId, Span};
use crate::text::{Inline, Passage};

use super::words::split;

/// What was compared in a source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceProof {
    /// Words of the file, of which so many were taken away by rules.
    pub words: usize,
    pub removed: usize,
    /// Words of the cleaned text that stand in the book as they are, and those that the
    /// editors corrected.
    pub kept: usize,
    pub emended: usize,
}

/// Checks that nothing of a source was lost between its file and the book, and nothing
/// doubled, moved or added to it.
pub fn source(
    inputs: &Inputs,
    source: &Source,
    edition: &Edition,
    report: &mut Report,
) -> SourceProof {
    let empty = OffsetMap::default();
    let derived = inputs.get(source.text).derived.as_ref();
    let map = derived.map_or(&empty, |derived| &derived.map);
    let mut wrong = Wrong { report, count: 0 };
    let (raw, clean) = (inputs.text(source.raw), inputs.text(source.text));
    let fates = fates(source, map, raw, clean, &mut wrong);
    let mut proof = SourceProof::default();
    split(raw, &mut |word, at| {
        if !is_word(word) {
            return;
        }
        proof.words += 1;
        match fates.get(at) {
            Some(Fate::Kept | Fate::Replaced) => {}
            Some(Fate::Removed) => proof.removed += 1,
            Some(Fate::Unknown) | None => {
                let span = Span::new(source.raw, at, at + word.len());
                wrong.push(
                    span,
                    format!("the ledger does not say what became of “{word}”"),
                );
            }
        }
    });
    added(source, map, clean, &mut wrong);
    set(source, clean, edition, &mut proof, &mut wrong);
    proof
}

/// Faults of one source, the first few of them told.
struct Wrong<'r> {
    report: &'r mut Report,
    count: usize,
}

impl Wrong<'_> {
    fn push(&mut self, span: Span, message: String) {
        self.count += 1;
        if self.count <= super::MOST {
            self.report.error(Code::TextDiffers, span, message);
        }
    }
}

/// What became of a byte of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Unknown,
    Kept,
    Replaced,
    Removed,
}

/// What the map and the changes say of every byte of a file, none of them twice.
fn fates(
    source: &Source,
    map: &OffsetMap,
    raw: &str,
    clean: &str,
    wrong: &mut Wrong<'_>,
) -> Vec<Fate> {
    let mut fates = vec![Fate::Unknown; raw.len()];
    let mut take = |start: usize, end: usize, fate: Fate, wrong: &mut Wrong<'_>| {
        let Some(fates) = fates.get_mut(start..end) else {
            return;
        };
        if fates.iter().any(|fate| *fate != Fate::Unknown) {
            let span = Span::new(source.raw, start, end);
            wrong.push(span, "the ledger tells two fates of this".into());
        }
        fates.fill(fate);
    };
    for &(at, start, length) in &map.stretches {
        let [at, start, length] = [at, start, length].map(|number| number as usize);
        take(start, start + length, Fate::Kept, wrong);
        if clean.get(at..at + length) != raw.get(start..start + length) {
            let span = Span::new(source.raw, start, start + length);
            wrong.push(span, "the cleaned text has other words than this".into());
        }
    }
    for change in &source.ledger.changes {
        let fate = match change.kind {
            ChangeKind::Removed => Fate::Removed,
            ChangeKind::Replaced(_) => Fate::Replaced,
            ChangeKind::Moved(_) | ChangeKind::Set => continue,
        };
        take(change.start as usize, change.end as usize, fate, wrong);
    }
    fates
}

/// Checks that words of the cleaned text that are not the file's were put there by a change
/// of the ledger, or are Markdown's.
fn added(source: &Source, map: &OffsetMap, clean: &str, wrong: &mut Wrong<'_>) {
    let mut told: BTreeSet<String> = BTreeSet::new();
    for change in &source.ledger.changes {
        if let ChangeKind::Replaced(with) = &change.kind {
            split(with, &mut |word, _| {
                told.insert(word.to_string());
            });
        }
    }
    let mut stretches = map.stretches.iter().peekable();
    split(clean, &mut |word, at| {
        while stretches
            .next_if(|(start, _, length)| (start + length) as usize <= at)
            .is_some()
        {}
        let is_own = stretches
            .peek()
            .is_some_and(|(start, _, _)| *start as usize <= at);
        if is_own || !is_word(word) || is_markup(clean, at) || told.contains(word) {
            return;
        }
        let span = Span::new(source.text, at, at + word.len());
        wrong.push(
            span,
            format!("the ledger does not say whence “{word}” came"),
        );
    });
}

/// Checks that every word of the cleaned text was set, once and in order.
fn set(
    source: &Source,
    clean: &str,
    edition: &Edition,
    proof: &mut SourceProof,
    wrong: &mut Wrong<'_>,
) {
    let mut setting = Setting {
        source: source.text,
        clean,
        fates: vec![Set::Not; clean.len()],
        reached: 0,
        wrong,
    };
    for emended in &edition.emended {
        if emended.words.source == source.text {
            setting.mark(emended.words, Set::Emended);
        }
    }
    for section in &edition.sections {
        let range = section.source.clone().unwrap_or_default();
        if !range.is_empty() {
            setting.title(&section.title);
        }
        setting.reached = 0;
        for block in section.blocks.get(range).unwrap_or_default() {
            block.each_passage(&mut |passage| setting.passage(passage));
        }
    }
    for note in &edition.notes {
        setting.reached = 0;
        for block in &note.blocks {
            block.each_passage(&mut |passage| setting.passage(passage));
        }
    }
    let fates = setting.fates;
    let mut lost: Option<(usize, usize)> = None;
    split(clean, &mut |word, at| {
        if !is_word(word) {
            return;
        }
        match fates[at] {
            Set::Once => proof.kept += 1,
            Set::Emended => proof.emended += 1,
            Set::Not if is_markup(clean, at) => return,
            Set::Not => {
                let start = lost.map_or(at, |(start, _)| start);
                lost = Some((start, at + word.len()));
                return;
            }
        }
        tell_lost(source.text, clean, lost.take(), wrong);
    });
    tell_lost(source.text, clean, lost, wrong);
}

fn tell_lost(text: SourceId, clean: &str, lost: Option<(usize, usize)>, wrong: &mut Wrong<'_>) {
    if let Some((start, end)) = lost {
        let words: Vec<&str> = clean[start..end].split_whitespace().collect();
        let shown = words[..words.len().min(super::SHOWN)].join(" ");
        let more = if words.len() > super::SHOWN {
            " …"
        } else {
            ""
        };
        let span = Span::new(text, start, end);
        wrong.push(
            span,
            format!("the book lacks “{shown}{more}” of its source"),
        );
    }
}

/// What became of a byte of a cleaned text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Set {
    Not,
    Once,
    Emended,
}

/// What of a cleaned text was found in the book.
struct Setting<'s, 'w, 'r> {
    source: SourceId,
    clean: &'s str,
    fates: Vec<Set>,
    /// Where the words that were found last end.
    reached: u32,
    wrong: &'w mut Wrong<'r>,
}

impl Setting<'_, '_, '_> {
    /// A section's title stands for the source's own where the two are alike.
    fn title(&mut self, title: &Passage<Target>) {
        let line = self.clean.lines().next().unwrap_or_default();
        let starts_a_source = self.fates.first() == Some(&Set::Not);
        if starts_a_source && line.starts_with("# ") && words(line) == words(&title.plain()) {
            self.mark(Span::new(self.source, 0, line.len()), Set::Once);
        }
    }

    fn passage(&mut self, passage: &Passage<Target>) {
        let mut pieces = Vec::new();
        self.pieces(&passage.inlines, &mut pieces);
        for (text, span) in pieces {
            self.text(&text, span);
        }
    }

    /// The texts of the source among inlines; those whose places are not told apart are one.
    fn pieces(&self, inlines: &[Inline<Target>], pieces: &mut Vec<(String, Span)>) {
        for inline in inlines {
            match inline {
                Inline::Text { text, span } => {
                    let Some(span) = span.filter(|span| span.source == self.source) else {
                        continue;
                    };
                    match pieces.last_mut().filter(|last| last.1 == span) {
                        Some(last) => last.0.push_str(text),
                        None => pieces.push((text.clone(), span)),
                    }
                }
                Inline::Styled(_, inner) | Inline::Reference(_, inner) => {
                    self.pieces(inner, pieces);
                }
                Inline::LineBreak => {}
            }
        }
    }

    fn text(&mut self, text: &str, span: Span) {
        let (start, end) = (span.start as usize, span.end as usize);
        let Some(fates) = self.fates.get(start..end) else {
            return;
        };
        if fates.contains(&Set::Emended) {
            return;
        }
        let stood = self.clean.get(start..end).unwrap_or_default();
        // A caption is part of the picture's mark, which its place is.
        let is_caption = stood.starts_with("![") && holds_in_order(&words(stood), &words(text));
        if stood != text && words(stood) != words(text) && !is_caption {
            let message = format!("the book has “{text}” where its source has this");
            self.wrong.push(span, message);
        } else if fates.contains(&Set::Once) && words(stood) != [""; 0] {
            self.wrong
                .push(span, "this stands in the book twice".into());
        } else if span.start < self.reached {
            let message = "this stands in the book after what follows it in its source";
            self.wrong.push(span, message.into());
        }
        self.reached = span.end;
        self.mark(span, Set::Once);
    }

    fn mark(&mut self, span: Span, fate: Set) {
        if let Some(fates) = self.fates.get_mut(span.start as usize..span.end as usize) {
            fates.fill(fate);
        }
    }
}

fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    split(text, &mut |word, _| {
        if is_word(word) {
            words.push(word.to_string());
        }
    });
    words
}

/// Whether words stand among others, in their order.
fn holds_in_order(all: &[String], some: &[String]) -> bool {
    let mut all = all.iter();
    some.iter().all(|word| all.any(|other| other == word))
}

fn is_word(word: &str) -> bool {
    word.chars().any(char::is_alphanumeric)
}

/// Whether a word of a cleaned text is Markdown's: the label of a note, what a box is, the
/// number of an item, an address, a picture.
fn is_markup(clean: &str, at: usize) -> bool {
    let line = clean[..at].rfind('\n').map_or(0, |end| end + 1);
    let before = &clean[line..at];
    if before.trim_start_matches(['>', ' ']).starts_with("![") {
        return true;
    }
    let inside = |open: &str, close: char| {
        let opened = before.rfind(open);
        opened.is_some_and(|opened| !before[opened + open.len()..].contains(close))
    };
    if inside("[^", ']') || inside("[!", ']') || inside("](", ')') {
        return true;
    }
    let after = clean[at..].trim_start_matches(|c: char| c.is_ascii_digit());
    let is_number = after.len() < clean.len() - at && after.starts_with(['.', ')']);
    is_number && before.chars().all(|c| c.is_whitespace() || c == '>')
}
