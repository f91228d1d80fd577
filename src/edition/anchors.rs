//! Where the words stand by which the apparatus cites a source: one search of each source
//! for all of them.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::apparatus::Citation;
use crate::diag::Code;
use crate::edition::context::{Ctx, offset};
use crate::edition::fold::{Folded, folded};
use crate::edition::marks::Anchors;
use crate::edition::matching::automaton;
use crate::edition::sections::{Draft, Stretch, Voice};
use crate::source::{Position, Span};
use crate::text::{Inline, Name, NameKind, Passage};

/// The form in which anchors are kept and looked up: in a mark's address hyphens stand for
/// spaces.
pub(super) fn key(anchor: &str) -> String {
    folded(anchor)
}

/// The anchors of each work, each with the first place that wants it.
type Wanted = BTreeMap<String, BTreeMap<String, Span>>;

/// Finds every anchor in the sources that are set in full. One that stands there not
/// exactly once is reported; those of other sources are left without a place.
pub(super) fn find(ctx: &mut Ctx, drafts: &[Draft<Name>]) -> Anchors {
    let wanted = wanted(ctx, drafts);
    let manifest = ctx.manifest;
    let searched: Vec<_> = drafts
        .par_iter()
        .filter_map(|draft| {
            let work = manifest.chapters[draft.chapter].source.as_ref()?;
            let wanted = wanted.get(work)?;
            Some((work, wanted, search(wanted, &of_source(draft)?)))
        })
        .collect();
    let mut anchors = Anchors::new();
    for (work, wanted, found) in searched {
        for ((words, span), places) in wanted.iter().zip(found) {
            match places[..] {
                [place] => {
                    anchors.insert((work.clone(), words.clone()), place);
                }
                _ => report(ctx, work, words, *span, places.len()),
            }
        }
    }
    anchors
}

/// A source's title and passages, where it is set in full.
fn of_source(draft: &Draft<Name>) -> Option<Vec<&Passage<Name>>> {
    let own = |stretch: &&Stretch<Name>| stretch.voice == Voice::Source;
    let stretch = draft.stretches.iter().find(own)?;
    let mut passages = vec![&draft.title];
    let blocks = stretch.blocks.iter();
    blocks
        .chain(stretch.notes.values().flatten())
        .for_each(|block| block.each_passage(&mut |passage| passages.push(passage)));
    Some(passages)
}

/// For each anchor the places where it stands.
fn search(wanted: &BTreeMap<String, Span>, passages: &[&Passage<Name>]) -> Vec<Vec<Position>> {
    let mut found = vec![Vec::new(); wanted.len()];
    let Some(automaton) = automaton(wanted.keys()) else {
        return found;
    };
    let mut text = Folded::default();
    for passage in passages {
        text.fill(&passage.plain());
        for hit in automaton.find_overlapping_iter(&text.text) {
            if text.is_whole(hit.start(), hit.end()) {
                found[hit.pattern().as_usize()].push(Position {
                    passage: passage.id,
                    offset: offset(text.original(hit.start(), hit.end()).0),
                });
            }
        }
    }
    found
}

fn report(ctx: &mut Ctx, work: &str, words: &str, span: Span, times: usize) {
    let short = &ctx.apparatus.works[work].short;
    if times == 0 {
        ctx.report
            .error(
                Code::AnchorNotFound,
                span,
                format!("the words “{words}” stand nowhere in {short}"),
            )
            .help("copy three to eight words of one paragraph of the cleaned text");
    } else {
        ctx.report
            .error(
                Code::AnchorAmbiguous,
                span,
                format!("the words “{words}” stand {times} times in {short}"),
            )
            .help("add a word or two before or after them, until they stand there once");
    }
}

/// Collects the anchors of the vocabulary files and of marks.
fn wanted(ctx: &Ctx, drafts: &[Draft<Name>]) -> Wanted {
    let mut wanted = Wanted::new();
    let mut want = |work: &str, anchor: &str, span: Span| {
        let known = ctx.apparatus.works.contains_key(work);
        let key = key(anchor);
        if known && !key.is_empty() {
            wanted
                .entry(work.to_string())
                .or_default()
                .entry(key)
                .or_insert(span);
        }
    };
    for citation in citations(ctx) {
        if let Some(anchor) = &citation.anchor {
            want(&citation.work, anchor, citation.span);
        }
    }
    let mut named = |inlines: &[Inline<Name>]| names(inlines, &mut want);
    for draft in drafts {
        named(&draft.title.inlines);
        for stretch in &draft.stretches {
            let blocks = stretch.blocks.iter();
            blocks
                .chain(stretch.notes.values().flatten())
                .for_each(|block| block.each_passage(&mut |passage| named(&passage.inlines)));
        }
    }
    for rich in crate::apparatus::rich::all(ctx.apparatus) {
        named(rich);
    }
    wanted
}

/// Every citation of the vocabulary files.
pub(super) fn citations<'a>(ctx: &Ctx<'a>) -> Vec<&'a Citation> {
    let terms = ctx.apparatus.terms.values();
    let mut citations: Vec<&Citation> = terms.flat_map(|term| &term.sources).collect();
    for event in ctx.apparatus.events.values() {
        citations.extend(&event.sources);
        citations.extend(event.readings.iter().map(|reading| &reading.source));
    }
    citations
}

fn names(inlines: &[Inline<Name>], want: &mut dyn FnMut(&str, &str, Span)) {
    for inline in inlines {
        match inline {
            Inline::Reference(name, words) => {
                if let (NameKind::Cite, Some((work, anchor))) = (name.kind, name.id.split_once('#'))
                {
                    want(work, anchor, name.span);
                }
                names(words, want);
            }
            Inline::Styled(_, words) => names(words, want),
            Inline::Text { .. } | Inline::LineBreak => {}
        }
    }
}
