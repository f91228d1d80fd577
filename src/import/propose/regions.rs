//! Stretches that are not running text: columns, timelines, lists, verse, quotations, turns of
//! a conversation.

use std::collections::BTreeMap;

use super::super::blocks::is_date;
use super::super::rules::bullet;
use super::Finder;
use super::lines::{Kind, Text, begins_large, ends_sentence};
use super::recipe::list;
use super::wrapping::Layout;
use crate::data::quoted;

/// Finds all such stretches.
pub(super) fn find(text: &mut Text<'_>, layout: &Layout, found: &mut Finder<'_>) {
    timeline(text, found);
    lists(text, found);
    quotations(text, layout, found);
    verse(text, layout, found);
    speakers(text, layout, found);
}

/// Proposes a rule with `from` and `through` for some lines, which are then taken.
fn region(
    text: &mut Text<'_>,
    found: &mut Finder<'_>,
    lines: (usize, usize),
    rule: &str,
    why: &str,
    question: &str,
) -> bool {
    let (start, end) = (text.lines[lines.0].start, text.lines[lines.1 - 1].end);
    let from = found.anchors.from(start, end);
    let through = found.anchors.through(start, end);
    let (Some(from), Some(through)) = (from, through) else {
        let line = text.lines[lines.0].number;
        found.doubt(
            line,
            format!("{why} No words tell them from others, so they are left as they are."),
        );
        return false;
    };
    let toml = format!(
        "{rule}.from = {}\n{rule}.through = {}",
        quoted(&from),
        quoted(&through)
    );
    found.ask(text.lines[lines.0].number, why, toml, question, true);
    text.set(lines.0..lines.1, Kind::Region);
    true
}

/// Dates on lines of their own, each with what happened.
fn timeline(text: &mut Text<'_>, found: &mut Finder<'_>) {
    let dates: Vec<usize> = (0..text.lines.len())
        .filter(|&at| text.is_running(at) && is_date(text.at(at)))
        .collect();
    // Dates that stand far apart head chapters.
    const FAR: usize = 12;
    for run in dates.chunk_by(|a, b| b - a <= FAR) {
        let told = run.windows(2).filter(|two| two[1] > two[0] + 1).count();
        let (Some(&first), Some(&last)) = (run.first(), run.last()) else {
            continue;
        };
        if told < 2 || last + 1 >= text.lines.len() {
            continue;
        }
        let mut end = last + 2;
        while end < text.lines.len() && text.is_running(end) && text.lines[end].blank == 0 {
            end += 1;
        }
        let why = format!(
            "{} dates stand on lines of their own, each before what happened.",
            run.len()
        );
        if region(
            text,
            found,
            (first, end),
            "timeline",
            &why,
            "Are they a timeline?",
        ) {
            let line = text.lines[first].number;
            found.doubt(line, "a timeline begins with the first date; what stands before it may have lost its dates (timeline.supply)");
        }
    }
}

/// Lines that begin with bullets, or numbers one after the other.
fn lists(text: &mut Text<'_>, found: &mut Finder<'_>) {
    let mut at = 0;
    while at < text.lines.len() {
        let first = text.is_running(at).then(|| item(text.at(at))).flatten();
        let Some(first) = first else {
            at += 1;
            continue;
        };
        let (mut end, mut items, mut number) = (at + 1, 1, first);
        let mut next = at + 1;
        while next < text.lines.len() && text.is_running(next) {
            match (item(text.at(next)), number) {
                (Some(Some(here)), Some(before)) if here == before + 1 => number = Some(here),
                (Some(None), None) => {}
                (None, _)
                    if text.lines[next].blank == 0
                        && text.lines[next].indent > text.lines[at].indent =>
                {
                    end = next + 1;
                    next += 1;
                    continue;
                }
                // A line that goes on with an item, before the next one.
                (None, _) if text.lines[next].blank == 0 && continues_item(text, next) => {
                    end = next + 1;
                    next += 1;
                    continue;
                }
                (Some(_) | None, Some(_) | None) => break,
            }
            items += 1;
            end = next + 1;
            next += 1;
        }
        if items > 1 {
            region(
                text,
                found,
                (at, end),
                "list",
                "Lines begin with bullets or numbers.",
                "Are they a list?",
            );
        }
        at = end;
    }
}

/// The number of a line that looks like an item of a list; a dash could as well begin a
/// speech.
fn item(words: &str) -> Option<Option<u64>> {
    let (_, number) = bullet(words)?;
    (!words.starts_with(['—', '–'])).then_some(number)
}

fn continues_item(text: &Text<'_>, at: usize) -> bool {
    !ends_sentence(text.at(at - 1)) || !begins_large(text.at(at))
}

/// Paragraphs set in from the margin, or each of whose lines begins with `>`.
fn quotations(text: &mut Text<'_>, layout: &Layout, found: &mut Finder<'_>) {
    let usual = usual_indent(text);
    let is_in = |text: &Text<'_>, (start, end): (usize, usize)| {
        let lines = &text.lines[start..end];
        let deep = lines.iter().all(|line| line.indent >= usual + 3);
        let long = lines.iter().any(|line| line.width > 30);
        // The first line of every paragraph may be set in.
        deep && long && (end - start > 1 || !layout.wrapped)
    };
    let blocks = text.blocks();
    let runs: Vec<&[(usize, usize)]> = blocks
        .chunk_by(|a, b| is_in(text, *a) && is_in(text, *b) && a.1 == b.0)
        .filter(|run| is_in(text, run[0]))
        .collect();
    let all: usize = blocks.len();
    let set_in: usize = runs.iter().map(|run| run.len()).sum();
    if set_in * 2 > all {
        return;
    }
    for run in runs {
        let lines = (run[0].0, run[run.len() - 1].1);
        if !is_verse(text, layout, usual, lines.0..lines.1) {
            region(
                text,
                found,
                lines,
                "quote",
                "Paragraphs are set in from the margin.",
                "Are they a quotation?",
            );
        }
    }
}

/// The indent that most lines have.
fn usual_indent(text: &Text<'_>) -> usize {
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for line in &text.lines {
        *counts.entry(line.indent).or_default() += 1;
    }
    let most = counts
        .into_iter()
        .max_by_key(|(indent, count)| (*count, usize::MAX - indent));
    most.map_or(0, |(indent, _)| indent)
}

/// Short lines in a row that end before the measure does.
fn verse(text: &mut Text<'_>, layout: &Layout, found: &mut Finder<'_>) {
    let usual = usual_indent(text);
    let blocks = text.blocks();
    let stanza = |text: &Text<'_>, block: &(usize, usize)| {
        block.1 - block.0 >= 2 && is_verse(text, layout, usual, block.0..block.1)
    };
    let runs: Vec<Vec<(usize, usize)>> = blocks
        .chunk_by(|a, b| stanza(text, a) && stanza(text, b) && a.1 == b.0)
        .filter(|run| stanza(text, &run[0]))
        .map(<[(usize, usize)]>::to_vec)
        .collect();
    for run in runs {
        let lines = (run[0].0, run[run.len() - 1].1);
        if lines.1 - lines.0 >= 4 || run.len() > 1 {
            region(
                text,
                found,
                lines,
                "verse",
                "Short lines end before the measure does.",
                "Are they verse?",
            );
        }
    }
}

/// Whether lines end where the next word would have fitted, and mostly without a stop.
fn is_verse(text: &Text<'_>, layout: &Layout, usual: usize, lines: std::ops::Range<usize>) -> bool {
    let measure = if layout.wrapped { layout.width } else { 60 };
    let count = lines.len();
    if count < 2 {
        return false;
    }
    let inner = lines.start..lines.end - 1;
    let fits = inner.clone().filter(|&at| {
        let next = text
            .at(at + 1)
            .split_whitespace()
            .next()
            .unwrap_or_default();
        text.lines[at].width + 1 + next.chars().count() <= measure
    });
    let open = inner.clone().filter(|&at| {
        let words = text.at(at);
        !words.ends_with(['.', ':', '?', '!']) && words.chars().any(char::is_alphabetic)
    });
    let large = lines
        .clone()
        .filter(|at| begins_large(text.at(*at)))
        .count();
    let deep = usual + 2;
    let lines = &text.lines[lines];
    let like = large * 10 >= count * 6 || lines.iter().all(|line| line.indent >= deep);
    let widths = lines[..count - 1].iter().map(|line| line.width);
    let widest = widths.clone().max().unwrap_or(0);
    // Prose in a narrower measure fills it.
    let filled =
        count > 2 && widths.clone().all(|width| width + 12 > widest) && large * 10 < count * 6;
    let like = like && !filled;
    let short = like && lines.iter().all(|line| line.width <= 60);
    let inner = count - 1;
    short && fits.count() * 10 >= inner * 8 && open.count() * 10 >= inner * 4
}

/// Lines that begin with a name and a colon.
fn speakers(text: &mut Text<'_>, layout: &Layout, found: &mut Finder<'_>) {
    let mut names: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut inside = 0;
    for at in 0..text.lines.len() {
        let name = text.is_running(at).then(|| speaker(text.at(at))).flatten();
        if let Some(name) = name {
            names.entry(name).or_insert((0, at)).0 += 1;
            inside += usize::from(text.lines[at].blank == 0 && at > 0);
        }
    }
    names.retain(|_, (count, _)| *count > 1);
    let turns: usize = names.values().map(|(count, _)| count).sum();
    if names.len() < 2 || turns < 4 {
        return;
    }
    if layout.wrapped && inside > 0 {
        let first = names.values().map(|(_, at)| *at).min().unwrap_or(0);
        let names: Vec<String> = names.keys().map(|name| (*name).to_string()).collect();
        let toml = format!("speakers.names = {}", list(&names));
        let why = format!("{turns} lines begin with the name of a speaker.");
        found.ask(
            text.lines[first].number,
            why,
            toml,
            "Are they turns of a conversation?",
            true,
        );
    }
}

/// The name that a line begins with, before a colon.
fn speaker(words: &str) -> Option<&str> {
    let (name, rest) = words.split_once(':')?;
    let is_name = |word: &str| {
        word.starts_with(char::is_uppercase)
            || matches!(word, "the" | "de" | "del" | "la" | "von" | "of")
    };
    let count = name.split_whitespace().count();
    let letters = name
        .chars()
        .all(|c| c.is_alphabetic() || matches!(c, ' ' | '.' | '-' | '’' | '\''));
    let named = letters && (1..=4).contains(&count) && name.split_whitespace().all(is_name);
    (named && rest.starts_with(' ')).then_some(name)
}

/// Two columns of text side by side, where every line holds a piece of each. Their measure is
/// the left one's.
pub(super) fn columns(text: &mut Text<'_>, found: &mut Finder<'_>) -> bool {
    let gutters: Vec<Option<usize>> = (0..text.lines.len()).map(|at| gutter(text, at)).collect();
    let mut any = false;
    let mut at = 0;
    while at < text.lines.len() {
        let Some(column) = gutters[at] else {
            at += 1;
            continue;
        };
        let (mut end, mut agree, mut last) = (at, 0, at);
        while end < text.lines.len() && end < last + 4 && fits_column(text, end, column) {
            if gutters[end] == Some(column) {
                agree += 1;
                last = end;
            }
            end += 1;
        }
        // The left column may be the longer one.
        let mut end = last + 1;
        while text.is_running(end) && text.lines[end].blank == 0 && fits_column(text, end, column) {
            end += 1;
        }
        if agree >= 5 && agree * 10 >= (end - at) * 6 && is_prose(text, at, end, column) {
            any |= two_columns(text, found, (at, end), column);
        }
        at = end;
    }
    any
}

/// Where the right piece of a line begins, in characters from the line's beginning.
fn gutter(text: &Text<'_>, at: usize) -> Option<usize> {
    let line = &text.lines[at];
    let words = text.words(line);
    let (_, right) = words.split_once("   ")?;
    let right = right.trim_start();
    let column = line.indent + words[..words.len() - right.len()].chars().count();
    (!right.is_empty() && column >= 12).then_some(column)
}

/// Whether nothing of a line stands across a column's beginning.
fn fits_column(text: &Text<'_>, at: usize, column: usize) -> bool {
    let line = &text.lines[at];
    let mut left = text
        .words(line)
        .chars()
        .skip(column.saturating_sub(line.indent + 1));
    line.indent + line.width < column || left.next().is_none_or(char::is_whitespace)
}

/// Both columns hold sentences that go on from line to line, and not a table's cells.
fn is_prose(text: &Text<'_>, start: usize, end: usize, column: usize) -> bool {
    let (mut long, mut open) = (0, 0);
    for line in &text.lines[start..end] {
        let words = text.words(line);
        let cut = words
            .char_indices()
            .nth(column.saturating_sub(line.indent))
            .map_or(words.len(), |(cut, _)| cut);
        let left = words[..cut].trim();
        long += usize::from(left.split_whitespace().count() >= 3);
        open += usize::from(!left.is_empty() && !ends_sentence(left));
    }
    let count = end - start;
    long * 10 >= count * 6 && open * 10 >= count * 4
}

fn two_columns(
    text: &mut Text<'_>,
    found: &mut Finder<'_>,
    lines: (usize, usize),
    column: usize,
) -> bool {
    let why = format!(
        "Two columns stand side by side on {} lines.",
        lines.1 - lines.0
    );
    let taken = region(
        text,
        found,
        lines,
        "columns",
        &why,
        "Is the left column to be read before the right one?",
    );
    if let (true, Some(last)) = (taken, found.proposal.proposed.last_mut()) {
        last.toml.push_str(&format!("\ncolumns.at = {column}"));
    }
    taken
}
