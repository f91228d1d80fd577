//! Where terms occur: the words that are matched and those that a mark names.

use std::collections::{BTreeMap, BTreeSet};

use crate::edition::context::offset;
use crate::edition::dates::Dated;
use crate::edition::marks::Mark;
use crate::edition::matching::{Found, Hit, Vocabulary};
use crate::edition::places::Place;
use crate::source::{PassageId, Position};

/// The occurrences of all terms in the order of the places; `entry` is the term. Where a
/// mark names a term, no other one is meant.
pub(super) fn of_terms(
    vocabulary: &Vocabulary,
    places: &[Place],
    found: &Found,
    marks: &[Mark],
) -> Vec<Hit> {
    let by_passage = by_passage(places);
    let mut marked: Vec<Hit> = marks
        .iter()
        .filter_map(|mark| {
            Some(Hit {
                place: *by_passage.get(&mark.passage)?,
                start: mark.start,
                end: mark.end,
                entry: vocabulary.term(&mark.id)?,
            })
        })
        .collect();
    marked.sort_unstable();
    let matched = found.terms.iter().filter(|hit| {
        let after = marked.partition_point(|mark| (mark.place, mark.start) < (hit.place, hit.end));
        let overlaps = after
            .checked_sub(1)
            .map(|at| &marked[at])
            .is_some_and(|mark| mark.place == hit.place && mark.end > hit.start);
        !overlaps
    });
    let mut all: Vec<Hit> = matched.copied().collect();
    all.extend(&marked);
    all.sort_unstable();
    all
}

/// The place of each passage.
pub(super) fn by_passage(places: &[Place]) -> BTreeMap<PassageId, usize> {
    places
        .iter()
        .enumerate()
        .map(|(at, place)| (place.passage, at))
        .collect()
}

/// For each term, by id, the first place in each section where it occurs, in reading order.
pub(super) fn by_term(
    vocabulary: &Vocabulary,
    places: &[Place],
    occurrences: &[Hit],
) -> BTreeMap<String, Vec<Position>> {
    let mut sorted: Vec<&Hit> = occurrences.iter().collect();
    sorted.sort_by_key(|hit| (places[hit.place].order, hit.place, hit.start));
    let mut seen = BTreeSet::new();
    let mut firsts: BTreeMap<String, Vec<Position>> = BTreeMap::new();
    for hit in sorted {
        let place = &places[hit.place];
        if seen.insert((hit.entry, place.section)) {
            let id = vocabulary.terms[hit.entry].to_string();
            firsts.entry(id).or_default().push(Position {
                passage: place.passage,
                offset: offset(hit.start),
            });
        }
    }
    firsts
}

/// For each event, by id, the marked words of the running text that tell it, and the dates
/// that do in passages that it does not cite.
pub(super) fn of_events(
    places: &[Place],
    marks: &[Mark],
    dates: &[Dated],
) -> BTreeMap<String, Vec<Position>> {
    let by_passage = by_passage(places);
    let mut told: BTreeMap<String, Vec<Position>> = BTreeMap::new();
    for mark in marks {
        if by_passage.contains_key(&mark.passage) {
            told.entry(mark.id.clone()).or_default().push(Position {
                passage: mark.passage,
                offset: offset(mark.start),
            });
        }
    }
    for date in dates.iter().filter(|date| !date.cited) {
        if let Some(event) = &date.event {
            told.entry(event.clone()).or_default().push(Position {
                passage: date.passage,
                offset: offset(date.when.range.start),
            });
        }
    }
    told
}
