//! Which event a date tells: the one that cites the very sentence, or the one of that day or
//! month whose account has most words in common with the sentence. Where two could be meant,
//! none is.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use rayon::prelude::*;

use crate::apparatus::date::Bound;
use crate::apparatus::{Apparatus, Event};
use crate::edition::dates::course::{Course, Known};
use crate::edition::dates::relative::{self, Name, bare};
use crate::edition::dates::written::{Written, of_moment, tokens};
use crate::edition::dates::{Dated, How, of_reading, sentences};
use crate::edition::fold::folded;
use crate::edition::marks::Anchors;
use crate::edition::places::Place;
use crate::source::PassageId;
use crate::text::plain_of;

/// What an account has to share with a sentence: for a day, and for a month, in which more can
/// have happened. A word of its name counts twice.
const SHARED: [usize; 2] = [1, 3];
/// `After June` tells of July.
const AROUND: [&str; 4] = ["after", "before", "since", "until"];
/// A passage of fewer words, such as a timeline's date, is read with the next one.
const SHORT: usize = 8;
/// Stretches of more months are not told by a month in them.
const LONGEST: i32 = 4;

/// Reads the dates of all places, in their order. A book without a chronology is not read.
pub(in crate::edition) fn read(
    places: &[Place],
    apparatus: &Apparatus,
    anchors: &Anchors,
) -> Vec<Dated> {
    let events: Vec<&Event> = apparatus.events.values().collect();
    if events.is_empty() {
        return Vec::new();
    }
    let names = names(&events);
    let found: Vec<_> = places
        .par_iter()
        .with_min_len(64)
        .map(|place| relative::find(&place.plain, &names))
        .collect();
    let known = Known::of(events.iter().copied());
    let when: Vec<_> = events.iter().map(|event| &event.date).collect();
    let tellers = Tellers::new(&events, anchors);
    let mut courses: BTreeMap<u32, Course> = BTreeMap::new();
    let mut all = Vec::new();
    for (at, (place, found)) in places.iter().zip(found).enumerate() {
        let course = courses.entry(place.flow.stretch).or_default();
        course.turn();
        if found.is_empty() {
            continue;
        }
        let next = places.get(at + 1).filter(|it| it.section == place.section);
        let text = Telling::new(place, next);
        for one in found {
            let (date, how) = course.understand(one, &known, &when);
            let told = tellers.told(&text, &date, how);
            all.push(Dated {
                passage: place.passage,
                when: date,
                how,
                event: told.map(|(event, _)| events[event].id.clone()),
                cited: told.is_some_and(|(_, cited)| cited),
            });
        }
    }
    all
}

/// What texts call the events, the longest names first.
fn names(events: &[&Event]) -> Vec<Name> {
    let mut names = Vec::new();
    for (at, event) in events.iter().enumerate() {
        for name in event.name.iter().chain(&event.forms) {
            let name = folded(name);
            names.push((bare(&name).to_string(), at));
        }
    }
    names.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.cmp(b)));
    names
}

/// A passage that tells something.
struct Telling<'p> {
    place: &'p Place,
    sentences: Vec<Range<usize>>,
    /// The passage after one that is too short to tell anything by itself.
    next: Option<&'p Place>,
}

impl<'p> Telling<'p> {
    fn new(place: &'p Place, next: Option<&'p Place>) -> Telling<'p> {
        let short = place.plain.split_whitespace().take(SHORT).count() < SHORT;
        Telling {
            place,
            sentences: sentences(&place.plain),
            next: next.filter(|_| short),
        }
    }

    fn sentence(&self, date: &Written) -> Range<usize> {
        let after = self
            .sentences
            .partition_point(|one| one.start <= date.range.start);
        let sentence = after.checked_sub(1).map(|at| self.sentences[at].clone());
        sentence.unwrap_or(0..self.place.plain.len())
    }

    /// The words of the sentence beside the date, as far as the next semicolons.
    fn words(&self, sentence: &Range<usize>, date: &Written) -> BTreeSet<String> {
        let plain = &self.place.plain;
        let start = plain[sentence.start..date.range.start].rfind(';');
        let end = plain[date.range.end..sentence.end.max(date.range.end)].find(';');
        let start = start.map_or(sentence.start, |at| sentence.start + at);
        let end = end.map_or(sentence.end.max(date.range.end), |at| date.range.end + at);
        let mut words = BTreeSet::new();
        add_words(&plain[start..date.range.start], &mut words);
        add_words(&plain[date.range.end..end], &mut words);
        if let Some(next) = self.next {
            add_words(&next.plain, &mut words);
        }
        words
    }
}

/// The beginnings of the longer words of a text, and its figures.
fn add_words(text: &str, words: &mut BTreeSet<String>) {
    for token in tokens(text) {
        let figure = token.text.starts_with(|c: char| c.is_ascii_digit());
        if token.text.len() >= if figure { 2 } else { 4 } {
            let folded = folded(token.text);
            words.insert(folded.chars().take(if figure { 12 } else { 5 }).collect());
        }
    }
}

/// The events by what can lead to them.
struct Tellers<'e> {
    events: &'e [&'e Event],
    /// By year and month.
    of_month: BTreeMap<(i32, u8), Vec<usize>>,
    /// The words of each event's name and account that few others have.
    words: Vec<[BTreeSet<String>; 2]>,
    /// By passage: where an event cites it.
    cited: BTreeMap<PassageId, Vec<Cited>>,
}

/// A place that an event cites.
struct Cited {
    at: usize,
    event: usize,
    /// The dates that a reading says stand there.
    says: Vec<Written>,
}

impl<'e> Tellers<'e> {
    fn new(events: &'e [&'e Event], anchors: &Anchors) -> Tellers<'e> {
        let mut of_month: BTreeMap<(i32, u8), Vec<usize>> = BTreeMap::new();
        let mut cited: BTreeMap<PassageId, Vec<Cited>> = BTreeMap::new();
        for (at, event) in events.iter().enumerate() {
            for month in months(event) {
                of_month.entry(month).or_default().push(at);
            }
            let sources = event.sources.iter().map(|source| (source, Vec::new()));
            let readings = event.readings.iter();
            let readings = readings.map(|reading| (&reading.source, of_reading(reading)));
            for (citation, says) in sources.chain(readings) {
                let anchor = citation.anchor.as_ref();
                let key =
                    anchor.map(|it| (citation.work.clone(), crate::edition::anchors::key(it)));
                if let Some(place) = key.and_then(|key| anchors.get(&key)) {
                    let of_passage = cited.entry(place.passage).or_default();
                    of_passage.push(Cited {
                        at: place.offset as usize,
                        event: at,
                        says,
                    });
                }
            }
        }
        Tellers {
            events,
            of_month,
            words: telling_words(events),
            cited,
        }
    }

    /// The event that a date tells, and whether it cites the date's passage.
    fn told(&self, text: &Telling, date: &Written, how: How) -> Option<(usize, bool)> {
        if how == How::Unclear {
            return None;
        }
        // A reckoned date leads to what was then, not to what was about then.
        let date = Written {
            about: None,
            ..date.clone()
        };
        let sentence = text.sentence(&date);
        let event = self
            .citing(text, &sentence, &date)
            .or_else(|| self.likest(text, &sentence, &date))?;
        let places = [Some(text.place), text.next].into_iter().flatten();
        let mut citing = places.flat_map(|place| self.of_passage(place));
        Some((event, citing.any(|one| one.event == event)))
    }

    fn of_passage(&self, place: &Place) -> &[Cited] {
        self.cited.get(&place.passage).map_or(&[], Vec::as_slice)
    }

    /// The event that cites the sentence and is of that time, or has a reading that records
    /// the date; the nearest words first.
    fn citing(&self, text: &Telling, sentence: &Range<usize>, date: &Written) -> Option<usize> {
        let tells = |one: &&Cited| {
            let recorded = |says: &Written| says.compares(date) && says.agrees(date);
            date.is_within(&self.events[one.event].date) || one.says.iter().any(recorded)
        };
        let here = self.of_passage(text.place).iter();
        let here = here.filter(|one| sentence.contains(&one.at)).filter(tells);
        let nearest = here.min_by_key(|one| (one.at.abs_diff(date.range.start), one.event));
        let next = text.next.map_or(&[][..], |next| self.of_passage(next));
        let next = next.iter().filter(tells);
        nearest
            .or_else(|| next.min_by_key(|one| (one.at, one.event)))
            .map(|one| one.event)
    }

    /// The event of that day or month that has most words in common with the sentence.
    fn likest(&self, text: &Telling, sentence: &Range<usize>, date: &Written) -> Option<usize> {
        let month = (date.year?, date.month.filter(|_| date.last.is_none())?);
        let events = self.of_month.get(&month)?;
        let before = &text.place.plain[..date.range.start];
        let before = before.split_whitespace().next_back().unwrap_or_default();
        if AROUND.contains(&before.to_lowercase().as_str()) {
            return None;
        }
        let words = text.words(sentence, date);
        let mut scores: Vec<(usize, usize)> = events
            .iter()
            .filter(|event| date.is_within(&self.events[**event].date))
            .map(|event| (self.shared(*event, &words), *event))
            .collect();
        scores.sort_by(|a, b| b.cmp(a));
        let (best, event) = *scores.first()?;
        let second = scores.get(1).map_or(0, |(score, _)| *score);
        let is_day = date.day.is_some() && day_of(self.events[event]) == date.day;
        (best >= SHARED[usize::from(!is_day)] && best > second).then_some(event)
    }
}

impl Tellers<'_> {
    /// How much an event's account shares with some words.
    fn shared(&self, event: usize, words: &BTreeSet<String>) -> usize {
        let shared = |of: &BTreeSet<String>| of.intersection(words).count();
        let [name, account] = &self.words[event];
        2 * shared(name) + shared(account)
    }
}

/// The day of an event that has one.
fn day_of(event: &Event) -> Option<u8> {
    match (event.date.start, event.date.end) {
        (Bound::Known(start), None) => of_moment(&start).day,
        _ => None,
    }
}

/// The months that an event's date is in, where it is in a few only.
fn months(event: &Event) -> Vec<(i32, u8)> {
    let number = |bound: Bound| match bound {
        Bound::Known(moment) => {
            let date = of_moment(&moment);
            Some(date.year? * 12 + i32::from(date.month?) - 1)
        }
        Bound::Open | Bound::Unknown => None,
    };
    let Some(start) = number(event.date.start) else {
        return Vec::new();
    };
    let end = event.date.end.map_or(Some(start), number);
    let end = end.filter(|end| end - start < LONGEST);
    let month = |number: i32| {
        let month = u8::try_from(number.rem_euclid(12)).unwrap_or_default();
        (number.div_euclid(12), month + 1)
    };
    end.map_or(Vec::new(), |end| (start..=end).map(month).collect())
}

/// The words of what an event is called.
fn name_words(event: &Event) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    add_words(&event.id, &mut words);
    for name in event.name.iter().chain(&event.forms) {
        add_words(name, &mut words);
    }
    words
}

/// The words of each event's name, and those of its account that are not in its name; none that
/// more than a tenth of the events share.
fn telling_words(events: &[&Event]) -> Vec<[BTreeSet<String>; 2]> {
    let all: Vec<[BTreeSet<String>; 2]> = events
        .iter()
        .map(|event| {
            let name = name_words(event);
            let (mut account, mut words) = (String::new(), BTreeSet::new());
            plain_of(&event.text, &mut account);
            add_words(&account, &mut words);
            words.retain(|word| !name.contains(word));
            [name, words]
        })
        .collect();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for word in all.iter().flatten().flatten() {
        *counts.entry(word.clone()).or_default() += 1;
    }
    let most = (events.len() / 10).max(2);
    let rare = |mut words: BTreeSet<String>| {
        words.retain(|word| counts[word] <= most);
        words
    };
    all.into_iter().map(|words| words.map(rare)).collect()
}
