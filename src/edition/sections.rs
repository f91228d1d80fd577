//! The sections as their chapters' files have them, in running order: every passage with a
//! number, references still by name.

use std::collections::BTreeMap;

use crate::apparatus::{Person, Work};
use crate::document::Document;
use crate::edition::context::{Ctx, words_of};
use crate::edition::{Cleaned, Written};
use crate::manifest::{Chapter, ChapterKind, Metadata};
use crate::text::{Block, Inline, Name, Passage, Style};

/// A section on its way to the edition.
#[derive(Debug)]
pub(super) struct Draft<R> {
    /// Its place among the manifest's chapters.
    pub(super) chapter: usize,
    pub(super) title: Passage<R>,
    pub(super) byline: Option<Passage<R>>,
    pub(super) stretches: Vec<Stretch<R>>,
}

/// What one speaker says.
#[derive(Debug)]
pub(super) struct Stretch<R> {
    pub(super) voice: Voice,
    pub(super) blocks: Vec<Block<R>>,
    /// By label; emptied when they are called.
    pub(super) notes: BTreeMap<String, Vec<Block<R>>>,
}

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Voice {
    Editors,
    Source,
    Generated,
}

/// Drafts every chapter.
pub(super) fn draft(ctx: &mut Ctx) -> Vec<Draft<Name>> {
    let (manifest, written) = (ctx.manifest, ctx.written);
    manifest
        .chapters
        .iter()
        .zip(written)
        .enumerate()
        .map(|(at, (chapter, written))| draft_chapter(ctx, at, chapter, written))
        .collect()
}

fn draft_chapter(ctx: &mut Ctx, at: usize, chapter: &Chapter, written: &Written) -> Draft<Name> {
    let work = chapter
        .source
        .as_ref()
        .and_then(|id| ctx.apparatus.works.get(id));
    let mut title = title(chapter, work, written, &ctx.manifest.metadata);
    title.id = ctx.entries.chapters[&chapter.id];
    let byline = work
        .map(byline)
        .filter(|byline| !byline.is_empty())
        .map(|byline| ctx.passage(byline));
    let stretches = if chapter.kind == ChapterKind::Source {
        source_stretches(ctx, &title, work, written)
    } else {
        let text = written.text.iter();
        text.map(|document| stretch(ctx, Voice::Editors, document))
            .collect()
    };
    Draft {
        chapter: at,
        title,
        byline,
        stretches,
    }
}

/// The headnote, then the source or its précis, then the questions.
fn source_stretches(
    ctx: &mut Ctx,
    title: &Passage<Name>,
    work: Option<&Work>,
    written: &Written,
) -> Vec<Stretch<Name>> {
    let mut stretches = Vec::new();
    if let Some(headnote) = &written.text {
        stretches.push(stretch(ctx, Voice::Editors, headnote));
    }
    if let Some(cleaned) = &written.source {
        if !stretches.is_empty() {
            stretches.push(generated(vec![Block::Break]));
        }
        stretches.push(source(ctx, title, cleaned));
    } else if let Some(precis) = &written.precis {
        stretches.push(precis_head(ctx, work));
        stretches.push(stretch(ctx, Voice::Editors, precis));
    }
    if let Some(questions) = &written.questions {
        let heading = ctx.heading("Questions");
        let mut asked = stretch(ctx, Voice::Editors, questions);
        if questions.title.is_none() {
            stretches.push(generated(vec![heading]));
        } else if let Some(title) = &questions.title {
            let text = renumbered(ctx, title.clone());
            asked.blocks.insert(0, Block::Heading { level: 1, text });
        }
        stretches.push(asked);
    }
    stretches
}

/// The source's own words; its own title is set where the section's title is another.
fn source(ctx: &mut Ctx, title: &Passage<Name>, cleaned: &Cleaned) -> Stretch<Name> {
    let mut own = stretch(ctx, Voice::Source, &cleaned.document);
    if let Some(own_title) = &cleaned.document.title
        && own_title.plain() != title.plain()
    {
        let text = renumbered(ctx, own_title.clone());
        own.blocks.insert(0, Block::Heading { level: 1, text });
    }
    own
}

/// Says that what follows is not the text itself.
fn precis_head(ctx: &mut Ctx, work: Option<&Work>) -> Stretch<Name> {
    let mut says = "What follows is the editors’ own account: the text itself was not at hand \
                    when this copy was made."
        .to_string();
    if let Some(address) = work.and_then(|work| work.address.as_ref()) {
        says = format!("{says} It can be read at {address}.");
    }
    let head = ctx.heading("Précis");
    let says = ctx.paragraph(vec![Inline::Styled(Style::Emphasis, vec![words_of(says)])]);
    generated(vec![head, says])
}

fn generated(blocks: Vec<Block<Name>>) -> Stretch<Name> {
    Stretch {
        voice: Voice::Generated,
        blocks,
        notes: BTreeMap::new(),
    }
}

fn stretch(ctx: &mut Ctx, voice: Voice, document: &Document) -> Stretch<Name> {
    let mut number = |blocks: &[Block<Name>]| -> Vec<Block<Name>> {
        blocks
            .iter()
            .map(|block| {
                block
                    .clone()
                    .map_passages(&mut |passage, _| renumbered(ctx, passage))
            })
            .collect()
    };
    let blocks = number(&document.blocks);
    let notes = document
        .notes
        .iter()
        .map(|(label, blocks)| (label.clone(), number(blocks)))
        .collect();
    Stretch {
        voice,
        blocks,
        notes,
    }
}

fn renumbered(ctx: &mut Ctx, passage: Passage<Name>) -> Passage<Name> {
    Passage {
        id: ctx.number(),
        ..passage
    }
}

/// The manifest's title, else the one that the file begins with, else the work's, else
/// what a section of this kind is called.
fn title(
    chapter: &Chapter,
    work: Option<&Work>,
    written: &Written,
    metadata: &Metadata,
) -> Passage<Name> {
    let generated = |text: String| Passage {
        id: crate::source::PassageId(0),
        inlines: vec![words_of(text)],
        span: Some(chapter.span),
    };
    if let Some(title) = &chapter.title {
        return generated(title.clone());
    }
    let own = written.text.as_ref().and_then(|text| text.title.clone());
    if let Some(title) = own {
        return title;
    }
    if let Some(work) = work {
        return generated(titled(work));
    }
    generated(match chapter.kind {
        ChapterKind::HalfTitle | ChapterKind::TitlePage => metadata.title.clone(),
        ChapterKind::Imprint => "Imprint".into(),
        ChapterKind::Contents => "Contents".into(),
        ChapterKind::PartTitle | ChapterKind::Text | ChapterKind::Source => chapter.id.clone(),
        ChapterKind::Glossary => "Glossary".into(),
        ChapterKind::Chronology => "Chronology".into(),
        ChapterKind::Figures => "Figures and boxes".into(),
        ChapterKind::Disagreements => "Where the sources disagree".into(),
        ChapterKind::Bibliography => "Bibliography".into(),
        ChapterKind::Emendations => "Emendations".into(),
        ChapterKind::NoteOnTheText => "Note on the text".into(),
        ChapterKind::Index => "Index".into(),
    })
}

/// A work's title; in square brackets where the editors supplied it.
pub(super) fn titled(work: &Work) -> String {
    if work.title_supplied {
        format!("[{}]", work.title)
    } else {
        work.title.clone()
    }
}

/// Who wrote, who translated, and where and when it appeared.
fn byline(work: &Work) -> Vec<Inline<Name>> {
    let mut who = named(&work.authors);
    if !work.translators.is_empty() {
        let by = format!("translated by {}", named(&work.translators));
        who = joined(&[who, by], ", ");
    }
    let appeared = [
        work.container.clone().or(work.publisher.clone()),
        work.date.clone(),
    ];
    let appeared: Vec<String> = appeared.into_iter().flatten().collect();
    let line = joined(&[who, joined(&appeared, ", ")], " · ");
    if line.is_empty() {
        Vec::new()
    } else {
        vec![words_of(line)]
    }
}

/// Names in reading order: `Ann Lee, Bo Ek and Cy Orr`.
pub(super) fn named(people: &[Person]) -> String {
    let names: Vec<String> = people
        .iter()
        .map(|person| joined(&[person.given.clone(), person.family.clone()], " "))
        .collect();
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    }
}

/// The parts that are not empty, with a sign between them.
pub(super) fn joined(parts: &[String], between: &str) -> String {
    let parts: Vec<&str> = parts
        .iter()
        .map(String::as_str)
        .filter(|part| !part.is_empty())
        .collect();
    parts.join(between)
}
