//! Where the words stand by which the apparatus cites a source, or a chapter refers to a
//! passage: one search of each source and chapter for all of them.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::apparatus::Citation;
use crate::diag::{Code, Report};
use crate::edition::context::{Ctx, offset, start_of};
use crate::edition::fold::{Folded, folded};
use crate::edition::marks::Anchors;
use crate::edition::matching::automaton;
use crate::edition::paragraphs::{self, Candidate, Meant};
use crate::edition::sections::{Draft, Stretch, Voice};
use crate::manifest::ChapterKind;
use crate::source::{Position, Span};
use crate::text::{Inline, Name, NameKind, Passage};

/// The form in which anchors are kept and looked up: in a mark's address hyphens stand for
/// spaces.
pub(super) fn key(anchor: &str) -> String {
    folded(anchor)
}

/// The anchors of each work, each with the first place that wants it.
type Wanted = BTreeMap<String, BTreeMap<String, Span>>;

/// Finds every anchor in the sources that are set in full, and in the chapters those that
/// references to a passage name. One that stands there not exactly once is reported; those of
/// sources that are not at hand are left without a place.
pub(super) fn find(ctx: &mut Ctx, drafts: &[Draft<Name>]) -> Anchors {
    let (of_works, of_chapters) = wanted(ctx, drafts);
    let mut anchors = Anchors::new();
    in_sources(ctx, drafts, &of_works, &mut anchors);
    in_chapters(ctx, drafts, &of_chapters, &mut anchors);
    anchors
}

fn in_sources(ctx: &mut Ctx, drafts: &[Draft<Name>], wanted: &Wanted, anchors: &mut Anchors) {
    let manifest = ctx.manifest;
    let searched: Vec<_> = drafts
        .par_iter()
        .filter_map(|draft| {
            let work = manifest.chapters[draft.chapter].source.as_ref()?;
            let wanted = wanted.get(work)?;
            Some((work, wanted, search(wanted, &of_source(draft)?)))
        })
        .collect();
    for (work, wanted, found) in searched {
        for ((words, span), places) in wanted.iter().zip(found) {
            match places[..] {
                [place] => {
                    anchors.insert((work.clone(), words.clone()), place);
                }
                _ => {
                    let short = &ctx.apparatus.works[work].short;
                    report(ctx.report, short, words, *span, places.len());
                }
            }
        }
    }
}

/// A source's title and passages, where it is set in full.
fn of_source(draft: &Draft<Name>) -> Option<Vec<&Passage<Name>>> {
    let own = |stretch: &&Stretch<Name>| stretch.voice == Voice::Source;
    let stretch = draft.stretches.iter().find(own)?;
    let mut passages = vec![&draft.title];
    add_passages(stretch, &mut passages);
    Some(passages)
}

/// The passages that `page:chapter#some-words` names: where those words stand one after the
/// other, or the paragraph that has that name.
fn in_chapters(ctx: &mut Ctx, drafts: &[Draft<Name>], wanted: &Wanted, anchors: &mut Anchors) {
    for draft in drafts {
        let at = draft.chapter;
        let chapter = &ctx.manifest.chapters[at];
        let source = chapter.kind == ChapterKind::Source;
        let Some(wanted) = wanted.get(&chapter.id) else {
            continue;
        };
        if source && ctx.written[at].source.is_none() {
            continue;
        }
        let mut passages = vec![&draft.title];
        for stretch in &draft.stretches {
            add_passages(stretch, &mut passages);
        }
        let found = search(wanted, &passages);
        for ((words, span), places) in wanted.iter().zip(found) {
            let place = match places[..] {
                [place] => Some(place),
                [] => named(at, words, &passages),
                [_, ..] => None,
            };
            match place {
                Some(place) => {
                    anchors.insert(of_chapter(&chapter.id, words), place);
                }
                None => {
                    let name = format!("`{}`", chapter.id);
                    report(ctx.report, &name, words, *span, places.len());
                }
            }
        }
    }
}

/// How the anchors of chapters are kept apart from those of works.
pub(super) fn of_chapter(chapter: &str, key: &str) -> (String, String) {
    (format!("#{chapter}"), key.to_string())
}

/// The beginning of the paragraph that has a name.
fn named(chapter: usize, words: &str, passages: &[&Passage<Name>]) -> Option<Position> {
    let (_, words, which) = paragraphs::parts(&format!("#{words}"))?;
    let wanted = paragraphs::Wanted {
        chapter,
        words,
        which,
    };
    let texts: Vec<String> = passages.iter().map(|passage| passage.plain()).collect();
    let candidates = texts.iter().map(|plain| Candidate { chapter, plain });
    match paragraphs::find(&[wanted], candidates).pop()? {
        Meant::One(at) => Some(start_of(passages[at].id)),
        Meant::Several(_) | Meant::None(_) => None,
    }
}

fn add_passages<'d>(stretch: &'d Stretch<Name>, passages: &mut Vec<&'d Passage<Name>>) {
    let blocks = stretch.blocks.iter();
    blocks
        .chain(stretch.notes.values().flatten())
        .for_each(|block| block.each_passage(&mut |passage| passages.push(passage)));
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

fn report(report: &mut Report, text: &str, words: &str, span: Span, times: usize) {
    if times == 0 {
        report
            .error(
                Code::AnchorNotFound,
                span,
                format!("the words “{words}” stand nowhere in {text}"),
            )
            .help("copy three to eight words of one paragraph of the cleaned text");
    } else {
        report
            .error(
                Code::AnchorAmbiguous,
                span,
                format!("the words “{words}” stand {times} times in {text}"),
            )
            .help("add a word or two before or after them, until they stand there once");
    }
}

/// Collects the anchors of the vocabulary files and of marks: those in works and those in
/// chapters.
fn wanted(ctx: &Ctx, drafts: &[Draft<Name>]) -> (Wanted, Wanted) {
    let (mut of_works, mut of_chapters) = (Wanted::new(), Wanted::new());
    let mut want = |kind: NameKind, of: &str, anchor: &str, span: Span| {
        let (known, wanted) = if kind == NameKind::Place {
            (ctx.entries.chapters.contains_key(of), &mut of_chapters)
        } else {
            (ctx.apparatus.works.contains_key(of), &mut of_works)
        };
        let key = key(anchor);
        if known && !key.is_empty() {
            wanted
                .entry(of.to_string())
                .or_default()
                .entry(key)
                .or_insert(span);
        }
    };
    for citation in citations(ctx) {
        if let Some(anchor) = &citation.anchor {
            want(NameKind::Cite, &citation.work, anchor, citation.span);
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
    (of_works, of_chapters)
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

/// Told the kind, the work or chapter, the words and the place of each anchor.
type Want<'w> = &'w mut dyn FnMut(NameKind, &str, &str, Span);

fn names(inlines: &[Inline<Name>], want: Want) {
    for inline in inlines {
        match inline {
            Inline::Reference(name, words) => {
                if let (NameKind::Cite | NameKind::Place, Some((of, anchor))) =
                    (name.kind, name.id.split_once('#'))
                {
                    want(name.kind, of, anchor, name.span);
                }
                names(words, want);
            }
            Inline::Styled(_, words) => names(words, want),
            Inline::Text { .. } | Inline::LineBreak => {}
        }
    }
}
