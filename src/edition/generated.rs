//! The sections that are made from data: each after what its chapter's file says.

use std::collections::BTreeMap;

use crate::apparatus::date::Date;
use crate::edition::chronology::Told;
use crate::edition::context::words_of;
use crate::edition::displays::Displays;
use crate::edition::emendations::Made;
use crate::edition::glossary::Places;
use crate::edition::marks::Resolver;
use crate::edition::sections::{Draft, Stretch, Voice};
use crate::edition::words::Words;
use crate::edition::{
    Target, chronology, citations, disagreements, displays, glossary, note_on_the_text,
};
use crate::manifest::ChapterKind;
use crate::text::{Block, Inline, Style};

/// What the sections are made from.
pub(super) struct Data {
    pub(super) terms: Places,
    pub(super) told: Told,
    pub(super) made: Made,
    pub(super) displays: Displays,
    /// Whether all sources are set in full.
    pub(super) complete: bool,
}

/// Fills the generated sections.
pub(super) fn fill(resolver: &mut Resolver, drafts: &mut [Draft<Target>], data: &Data) {
    for draft in drafts {
        let kind = resolver.ctx.manifest.chapters[draft.chapter].kind;
        let has_file = !draft.stretches.is_empty();
        let blocks = blocks(resolver, kind, has_file, data);
        if !blocks.is_empty() {
            draft.stretches.push(Stretch {
                voice: Voice::Generated,
                blocks,
                notes: BTreeMap::new(),
            });
        }
    }
}

fn blocks(
    resolver: &mut Resolver,
    kind: ChapterKind,
    has_file: bool,
    data: &Data,
) -> Vec<Block<Target>> {
    match kind {
        ChapterKind::HalfTitle
        | ChapterKind::TitlePage
        | ChapterKind::PartTitle
        | ChapterKind::Contents
        | ChapterKind::Text
        | ChapterKind::Source
        | ChapterKind::Index => Vec::new(),
        ChapterKind::Imprint => imprint(resolver),
        ChapterKind::Glossary => glossary::blocks(resolver, &data.terms, data.complete),
        ChapterKind::Chronology => chronology::blocks(resolver, &data.told),
        ChapterKind::Figures => displays::blocks(resolver, &data.displays),
        ChapterKind::Disagreements => disagreements::blocks(resolver),
        ChapterKind::Bibliography => citations::bibliography(resolver),
        ChapterKind::Emendations => note_on_the_text::emendations(resolver, &data.made),
        ChapterKind::NoteOnTheText => note_on_the_text::blocks(resolver, &data.made, has_file),
    }
}

/// Title, makers, edition, rights and identifier.
fn imprint(resolver: &mut Resolver) -> Vec<Block<Target>> {
    let metadata = &resolver.ctx.manifest.metadata;
    let words = Words::of(metadata.language.as_ref());
    let title = vec![words_of(metadata.title.clone())];
    let mut first = vec![Inline::Styled(Style::Emphasis, title)];
    first.extend(
        metadata
            .subtitle
            .iter()
            .map(|subtitle| words_of(format!(". {subtitle}"))),
    );
    let mut lines = vec![first];
    for contributor in &metadata.contributors {
        let credit = words.credit(&contributor.role);
        let credit = credit.map_or(String::new(), |credit| format!("{credit} "));
        lines.push(vec![words_of(format!("{credit}{}", contributor.name))]);
    }
    let day = Date::read(&metadata.date).map_or(metadata.date.clone(), |date| date.to_string());
    let mut edition = format!("Edition of {day}");
    if let Some(publisher) = &metadata.publisher {
        edition = format!("{publisher}. {edition}");
    }
    if let Some(series) = &metadata.series {
        let number = series
            .number
            .map_or(String::new(), |number| format!(", {number}"));
        edition = format!("{edition}. {}{number}", series.name);
    }
    lines.push(vec![words_of(edition)]);
    if !metadata.rights.is_empty() {
        lines.push(vec![words_of(metadata.rights.clone())]);
    }
    lines.push(vec![words_of(metadata.identifier.clone())]);
    lines
        .into_iter()
        .map(|line| resolver.ctx.paragraph(line))
        .collect()
}
