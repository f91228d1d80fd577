//! Notes by number: a list at the end, and the calls in the text.

use super::super::notes::{call_length, note_label};
use super::Finder;
use super::lines::{Kind, Text};
use super::recipe::list;
use crate::data::quoted;

/// A list of notes: its lines, and each note's number with its line.
struct Notes {
    lines: (usize, usize),
    notes: Vec<(usize, usize)>,
}

/// Finds a list of notes whose calls can be told.
pub(super) fn find(text: &mut Text<'_>, found: &mut Finder<'_>) {
    let Some(notes) = read(text) else { return };
    let (first, end) = notes.lines;
    let list_start = text.lines[first].start;
    let list_end = text.lines[end - 1].end;
    let line = text.lines[first].number;
    let mut calls = Vec::new();
    let mut reached = 0;
    for (nth, &(number, at)) in notes.notes.iter().enumerate() {
        let (_, label) = note_label(text.at(at)).unwrap_or((0, 0));
        let note_end = notes
            .notes
            .get(nth + 1)
            .map_or(list_end, |next| text.lines[next.1 - 1].end);
        let words = &text.raw[text.lines[at].start + label..note_end];
        if found
            .anchors
            .times_before(&format!("{number}{words}"), list_start)
            == 1
        {
            continue;
        }
        let called = call(text.raw, number, reached, list_start);
        match called.and_then(|end| Some((end, found.anchors.ending(end)?))) {
            Some((end, anchor)) => {
                calls.push(anchor);
                reached = end;
            }
            None => {
                found.doubt(text.lines[at].number, format!("a list of notes begins on line {}, but note {number} is called nowhere before it; the notes are left as they are", line + 1));
                return;
            }
        }
    }
    let from = found.anchors.from(list_start, list_end);
    let through = found.anchors.through(list_start, list_end);
    let (Some(from), Some(through)) = (from, through) else {
        return;
    };
    let mut toml = format!(
        "footnotes.from = {}\nfootnotes.through = {}",
        quoted(&from),
        quoted(&through)
    );
    if !calls.is_empty() {
        toml.push_str(&format!("\nfootnotes.calls = {}", list(&calls)));
    }
    let why = format!(
        "{} notes stand at the end, called by their numbers.",
        notes.notes.len()
    );
    found.ask(line, why, toml, "Are they notes?", true);
    text.set(first..end, Kind::Note);
    heading(text, first, found);
}

/// The line `Notes` above a list goes with it.
fn heading(text: &mut Text<'_>, first: usize, found: &mut Finder<'_>) {
    const HEADS: &[&str] = &[
        "notes",
        "notas",
        "footnotes",
        "endnotes",
        "note",
        "anmerkungen",
        "références",
        "references",
        "referencias",
    ];
    let Some(at) = first.checked_sub(1).filter(|at| text.is_running(*at)) else {
        return;
    };
    let words = text.at(at).trim_end_matches(':').to_lowercase();
    if HEADS.contains(&words.as_str()) {
        let line = &text.lines[at];
        let toml = format!(
            "remove-furniture.every = {}",
            list(&[text.at(at).to_string()])
        );
        found.rule(line.number, "The book heads the notes itself.", toml);
        text.set([at], Kind::Furniture);
    }
}

/// The last list of lines numbered one after the other, in the last third of the text.
fn read(text: &Text<'_>) -> Option<Notes> {
    let from = text.raw.len() / 2;
    let mut best: Option<Notes> = None;
    let mut at = text.lines.partition_point(|line| line.start < from);
    while at < text.lines.len() {
        let starts = text.is_running(at)
            && note_label(text.at(at))
                .is_some_and(|(number, length)| number == 1 && length < text.at(at).len());
        if !starts {
            at += 1;
            continue;
        }
        let notes = follow(text, at);
        at = notes.lines.1;
        let called = |number| call(text.raw, number, 0, text.lines[notes.lines.0].start).is_some();
        if notes.notes.len() > 1 || called(1) {
            best = Some(notes);
        }
    }
    best
}

/// The notes from the first on; a note goes on while no empty line or other number ends it.
fn follow(text: &Text<'_>, first: usize) -> Notes {
    let mut notes = vec![(1, first)];
    let mut end = first + 1;
    for at in first + 1..text.lines.len() {
        let label = note_label(text.at(at)).map(|(number, _)| number);
        let next = notes.len() + 1;
        if !text.is_running(at) {
            break;
        }
        if label == Some(next) {
            notes.push((next, at));
        } else if text.lines[at].blank > 0 || text.lines[at].page {
            break;
        }
        end = at + 1;
    }
    Notes {
        lines: (first, end),
        notes,
    }
}

/// Where the first call of a note behind a place ends: its number right behind a letter or a
/// stop, raised, or in brackets.
fn call(raw: &str, number: usize, from: usize, to: usize) -> Option<usize> {
    let within = &raw[from..to];
    let plain = number.to_string();
    let bracketed = format!("[{number}]");
    if let Some(at) = within.find(&bracketed) {
        return Some(from + at + bracketed.len());
    }
    let raised: String = plain
        .chars()
        .filter_map(|c| "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().nth(c.to_digit(10)? as usize))
        .collect();
    let candidates = within
        .match_indices(&plain)
        .chain(within.match_indices(&raised));
    let mut ends: Vec<usize> = candidates
        .filter(|(at, form)| is_call(within, *at, form.len()))
        .map(|(at, form)| from + at + form.len())
        .filter(|end| call_length(&raw[from..*end], number).is_some())
        .collect();
    ends.sort_unstable();
    ends.first().copied()
}

fn is_call(text: &str, at: usize, length: usize) -> bool {
    let mut before = text[..at].chars().rev();
    let last = before.next();
    let earlier = before.next();
    let stop = last
        .is_some_and(|c| matches!(c, '.' | ',' | ';' | '!' | '?' | '”' | '’' | '"' | '»' | ')'));
    // 3.5 and 1,000 are numbers.
    let number = stop && earlier.is_some_and(|c| c.is_ascii_digit());
    let letter = last.is_some_and(char::is_alphabetic);
    let behind = text[at + length..].chars().next();
    let ends = behind.is_none_or(|c| !c.is_alphanumeric() && c != '%');
    (letter || stop && !number) && ends
}
