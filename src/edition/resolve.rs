//! The steps from chapters and vocabularies to a book, in their order.

use rayon::prelude::*;

use crate::apparatus::Apparatus;
use crate::diag::Report;
use crate::edition::context::Ctx;
use crate::edition::matching::Vocabulary;
use crate::edition::sections::{Draft, Voice};
use crate::edition::{
    Counts, Edition, Section, Setting, Target, Written, anchors, dates, displays, emendations,
    entries, finish, generated, kept, marks, notes, occurrences, pictures, places, postings,
    sections,
};
use crate::manifest::{ChapterKind, Manifest};
use crate::source::Inputs;

/// Resolves a book: numbers its passages, follows every mark, sets the notes, builds
/// glossary, chronology, index and note on the text. `written` goes with the manifest's
/// chapters, one each.
pub fn resolve(
    inputs: &Inputs,
    manifest: &Manifest,
    apparatus: &Apparatus,
    written: &[Written],
    report: &mut Report,
) -> Edition {
    let (vocabulary, (mut ctx, mut drafts, mut anchors)) = rayon::join(
        || Vocabulary::new(apparatus),
        || {
            let mut ctx = Ctx::new(inputs, manifest, apparatus, written, report);
            let drafts = sections::draft(&mut ctx);
            let anchors = anchors::find(&mut ctx, &drafts);
            (ctx, drafts, anchors)
        },
    );
    let (made, emended) = emendations::make(&mut ctx, &mut drafts, &mut anchors);
    let mut resolver = marks::Resolver::new(&mut ctx, &anchors);
    let drafts: Vec<Draft<Target>> = drafts
        .into_iter()
        .map(|draft| resolver.section(draft))
        .collect();
    let places = places::collect(manifest, &drafts, &resolver.notes);
    let found = vocabulary.scan(&places);
    let occurrences = occurrences::of_terms(&vocabulary, &places, &found, &resolver.marked.terms);
    let dates = dates::read(&places, apparatus, &anchors);
    let mut drafts = notes::set(
        &mut resolver,
        &vocabulary,
        &places,
        (&occurrences, &dates),
        drafts,
    );
    let complete = is_complete(manifest, written);
    let kept = kept::find(resolver.ctx, &vocabulary, &places);
    let settings = &manifest.apparatus.index;
    let marks = &resolver.marked.headings;
    let postings = postings::find(&vocabulary, &places, &found, (marks, &kept), settings);
    let (mut index, mut index_headnote) = (Vec::new(), Vec::new());
    let of_index = manifest
        .chapters
        .iter()
        .zip(written)
        .find(|(chapter, _)| chapter.kind == ChapterKind::Index);
    if let Some((_, written)) = of_index {
        index = entries::build(&mut resolver, &vocabulary, postings, complete);
        index_headnote = entries::headnote(&mut resolver, &index, written.text.is_some());
    }
    let data = generated::Data {
        terms: occurrences::by_term(&vocabulary, &places, &occurrences),
        told: occurrences::of_events(&places, &resolver.marked.events, &dates),
        made,
        displays: displays::find(&drafts),
        complete,
    };
    generated::fill(&mut resolver, &mut drafts, &data);
    let notes = std::mem::take(&mut resolver.notes);
    let pictures = pictures::find(resolver.ctx, &drafts, &notes);
    let numbers = ctx.numbers();
    let mut edition = Edition {
        metadata: manifest.metadata.clone(),
        sections: drafts
            .into_iter()
            .map(|draft| assemble(manifest, draft))
            .collect(),
        notes,
        index,
        index_headnote,
        pictures,
        emended,
        dates,
        setting: Setting {
            small_caps_acronyms: manifest.apparatus.small_caps_acronyms,
            never_divide: manifest.apparatus.never_divide.clone(),
            elision: manifest.apparatus.index.elision,
        },
        ..Edition::default()
    };
    lead_with_file(&mut edition);
    edition.counts = count(&edition, manifest, apparatus, written);
    finish::number(edition, numbers)
}

/// Whether every source of the book is set in full.
fn is_complete(manifest: &Manifest, written: &[Written]) -> bool {
    manifest
        .chapters
        .iter()
        .zip(written)
        .all(|(chapter, written)| chapter.kind != ChapterKind::Source || written.source.is_some())
}

/// What the editors wrote for the index stands before its own headnote.
fn lead_with_file(edition: &mut Edition) {
    for section in &mut edition.sections {
        if section.kind == ChapterKind::Index {
            let written = std::mem::take(&mut section.blocks);
            edition.index_headnote.splice(0..0, written);
        }
    }
}

fn count(
    edition: &Edition,
    manifest: &Manifest,
    apparatus: &Apparatus,
    written: &[Written],
) -> Counts {
    let has = |kind| manifest.chapters.iter().any(|chapter| chapter.kind == kind);
    let sections = edition.sections.par_iter();
    let words = sections.map(|section| finish::words(&section.blocks));
    let notes = edition.notes.par_iter();
    let notes = notes.map(|note| finish::words(&note.blocks));
    let mut counts = Counts {
        words: words.chain(notes).sum(),
        notes: edition.notes.len(),
        headings: entries::count(&edition.index),
        ..Counts::default()
    };
    if has(ChapterKind::Chronology) {
        counts.events = apparatus.events.len();
    }
    for (chapter, written) in manifest.chapters.iter().zip(written) {
        let work = chapter
            .source
            .as_ref()
            .and_then(|id| apparatus.works.get(id));
        match (work, &written.source) {
            (Some(work), Some(_)) => counts.full_sources.push(work.title.clone()),
            (Some(work), None) => counts.missing_sources.push(work.title.clone()),
            (None, _) => {}
        }
    }
    counts
}

/// A section out of its stretches.
fn assemble(manifest: &Manifest, draft: Draft<Target>) -> Section {
    let chapter = &manifest.chapters[draft.chapter];
    let mut blocks = Vec::new();
    let mut source = None;
    for stretch in draft.stretches {
        let start = blocks.len();
        blocks.extend(stretch.blocks);
        if stretch.voice == Voice::Source {
            source = Some(start..blocks.len());
        }
    }
    let short_title = chapter.short_title.clone();
    Section {
        id: chapter.id.clone(),
        part: chapter.part,
        kind: chapter.kind,
        short_title: short_title.unwrap_or_else(|| draft.title.plain()),
        title: draft.title,
        byline: draft.byline,
        blocks,
        source,
    }
}
