//! Corrections to the sources: made in the text before anything else is done with it, and
//! listed so that a reader can undo them.

use std::collections::{BTreeMap, BTreeSet};

use crate::apparatus::Emendation;
use crate::diag::Code;
use crate::edition::Emended;
use crate::edition::context::{Ctx, offset};
use crate::edition::edits::replace;
use crate::edition::fold::folded;
use crate::edition::marks::Anchors;
use crate::edition::matching::automaton;
use crate::edition::sections::{Draft, Stretch, Voice};
use crate::source::{PassageId, Position, Span};
use crate::text::{Block, Name, Passage};

/// The places of each emendation in the emended text; none where its source is not set.
pub(super) type Made = Vec<Vec<Position>>;

/// What is changed in a passage: start and end in the old text, and by which emendation.
type Changes = BTreeMap<PassageId, Vec<(usize, usize, usize)>>;

/// Emends the sources that are set in full, and moves the anchors along with the text.
pub(super) fn make(
    ctx: &mut Ctx,
    drafts: &mut [Draft<Name>],
    anchors: &mut Anchors,
) -> (Made, Vec<Emended>) {
    let apparatus = ctx.apparatus;
    let mut made = vec![Vec::new(); apparatus.emendations.len()];
    let mut emended = Vec::new();
    for draft in drafts {
        let Some(work) = &ctx.manifest.chapters[draft.chapter].source else {
            continue;
        };
        let wanted: Vec<usize> = (0..apparatus.emendations.len())
            .filter(|at| apparatus.emendations[*at].source == *work)
            .collect();
        for stretch in &mut draft.stretches {
            if stretch.voice == Voice::Source && !wanted.is_empty() {
                let changes = find(ctx, &wanted, stretch);
                record(stretch, &changes, &apparatus.emendations, &mut emended);
                emend(stretch, &changes, &apparatus.emendations);
                tell(&changes, &apparatus.emendations, &mut made);
                shift(anchors, &changes, &apparatus.emendations);
            }
        }
    }
    (made, emended)
}

/// Records which words of the cleaned text are corrected.
fn record(
    stretch: &Stretch<Name>,
    changes: &Changes,
    all: &[Emendation],
    emended: &mut Vec<Emended>,
) {
    each_passage(stretch, &mut |passage| {
        for &(start, end, at) in changes.get(&passage.id).into_iter().flatten() {
            let last = end.saturating_sub(1).max(start);
            let (Some(first), Some(last)) = (passage.place(start), passage.place(last)) else {
                continue;
            };
            emended.push(Emended {
                words: Span {
                    end: last.end,
                    ..first
                },
                with: all[at].replace.clone(),
            });
        }
    });
}

/// Finds where the emendations of a source apply, and reports those that cannot tell.
fn find(ctx: &mut Ctx, wanted: &[usize], stretch: &Stretch<Name>) -> Changes {
    let all = &ctx.apparatus.emendations;
    let words = wanted.iter().map(|at| all[*at].find.as_bytes());
    let Some(automaton) = automaton(words) else {
        return Changes::new();
    };
    let mut hits: Vec<Vec<(PassageId, usize, usize)>> = vec![Vec::new(); wanted.len()];
    let mut passages: Vec<(PassageId, String)> = Vec::new();
    each_passage(stretch, &mut |passage| {
        let plain = passage.plain();
        for hit in automaton.find_overlapping_iter(&plain) {
            let pattern = hit.pattern().as_usize();
            let whole = !all[wanted[pattern]].every || is_whole(&plain, hit.start(), hit.end());
            if whole {
                hits[pattern].push((passage.id, hit.start(), hit.end()));
            }
        }
        passages.push((passage.id, plain));
    });
    let mut changes = Changes::new();
    for (hits, &at) in hits.iter().zip(wanted) {
        let emendation = &all[at];
        match (&hits[..], emendation.every) {
            ([], _) => not_found(ctx, emendation, &passages),
            ([_, _, ..], false) => ambiguous(ctx, emendation, hits.len()),
            (hits, _) => {
                for &(passage, start, end) in hits {
                    changes.entry(passage).or_default().push((start, end, at));
                }
            }
        }
    }
    without_overlaps(ctx, changes)
}

fn each_passage(stretch: &Stretch<Name>, visit: &mut dyn FnMut(&Passage<Name>)) {
    let notes = stretch.notes.values().flatten();
    for block in stretch.blocks.iter().chain(notes) {
        block.each_passage(&mut |passage| visit(passage));
    }
}

fn is_whole(text: &str, start: usize, end: usize) -> bool {
    let before = text[..start].chars().next_back();
    let after = text[end..].chars().next();
    !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
}

fn not_found(ctx: &mut Ctx, emendation: &Emendation, passages: &[(PassageId, String)]) {
    let short = ctx
        .apparatus
        .works
        .get(&emendation.source)
        .map_or("", |work| work.short.as_str());
    let alike = folded(&emendation.find);
    let near = passages
        .iter()
        .find(|(_, plain)| folded(plain).contains(&alike));
    let report = ctx.report.error(
        Code::AnchorNotFound,
        emendation.span,
        format!("the words to be emended stand nowhere in {short}"),
    );
    report.help(match near {
        Some(_) => "they stand there in other letters: copy case, accents, apostrophes and dashes as they are",
        None => "copy them from one paragraph of the cleaned text, as they stand",
    });
}

fn ambiguous(ctx: &mut Ctx, emendation: &Emendation, times: usize) {
    ctx.report
        .error(
            Code::AnchorAmbiguous,
            emendation.span,
            format!("the words to be emended stand {times} times in the source"),
        )
        .help("add a word or two until they stand there once, or write every = true");
}

/// Of emendations that touch the same words the first is kept.
fn without_overlaps(ctx: &mut Ctx, mut changes: Changes) -> Changes {
    let mut reported = BTreeSet::new();
    for list in changes.values_mut() {
        list.sort_unstable();
        let mut last: Option<(usize, usize)> = None;
        list.retain(|&(start, end, at)| {
            let Some((before, first)) = last.filter(|(before, _)| start < *before) else {
                last = Some((end, at));
                return true;
            };
            last = Some((before, first));
            if reported.insert((first, at)) {
                let all = &ctx.apparatus.emendations;
                ctx.report
                    .error(
                        Code::BadValue,
                        all[at].span,
                        "this emendation changes words that another one changes",
                    )
                    .label(all[first].span, "the other one")
                    .help("make one emendation of the two");
            }
            false
        });
    }
    changes
}

fn emend(stretch: &mut Stretch<Name>, changes: &Changes, all: &[Emendation]) {
    let turn = |passage: Passage<Name>| match changes.get(&passage.id) {
        Some(list) => {
            let stretches: Vec<(usize, usize, &str)> = list
                .iter()
                .map(|&(start, end, at)| (start, end, all[at].replace.as_str()))
                .collect();
            Passage {
                inlines: replace(passage.inlines, &stretches),
                ..passage
            }
        }
        None => passage,
    };
    let turn_all = |blocks: &mut Vec<Block<Name>>| {
        *blocks = std::mem::take(blocks)
            .into_iter()
            .map(|block| block.map_passages(&mut |passage, _| turn(passage)))
            .collect();
    };
    turn_all(&mut stretch.blocks);
    stretch.notes.values_mut().for_each(turn_all);
}

/// Notes where each emendation stands in the new text.
fn tell(changes: &Changes, all: &[Emendation], made: &mut Made) {
    for (passage, list) in changes {
        let (mut added, mut removed) = (0, 0);
        for &(start, end, at) in list {
            made[at].push(Position {
                passage: *passage,
                offset: offset(start + added - removed),
            });
            added += all[at].replace.len();
            removed += end - start;
        }
    }
}

/// Moves anchors along with the text: one inside emended words to their beginning.
fn shift(anchors: &mut Anchors, changes: &Changes, all: &[Emendation]) {
    for place in anchors.values_mut() {
        let Some(list) = changes.get(&place.passage) else {
            continue;
        };
        let old = place.offset as usize;
        let (mut added, mut removed) = (0, 0);
        let mut at = old;
        for &(start, end, by) in list {
            if start >= old {
                break;
            }
            if end > old {
                at = start;
                break;
            }
            added += all[by].replace.len();
            removed += end - start;
        }
        place.offset = offset(at + added - removed);
    }
}
