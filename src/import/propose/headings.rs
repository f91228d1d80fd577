//! Titles, headings and changes of scene, by their shape and place.

use super::Finder;
use super::lines::{Kind, Text, begins_large, count_words, ends_sentence};
use super::recipe::list;
use super::wrapping::Layout;
use crate::data::quoted;

/// Finds what heads passages.
pub(super) fn find(text: &mut Text<'_>, layout: &Layout, found: &mut Finder<'_>) {
    breaks(text, found);
    title(text, layout, found);
    headings(text, layout, found);
}

/// Rows of stars or dashes between passages.
fn breaks(text: &mut Text<'_>, found: &mut Finder<'_>) {
    let mut rows: Vec<usize> = Vec::new();
    for at in 0..text.lines.len() {
        if text.is_running(at) && is_row(text.at(at)) {
            rows.push(at);
        }
    }
    let Some(first) = rows.first().map(|at| text.lines[*at].number) else {
        return;
    };
    let mut kinds: Vec<String> = rows
        .iter()
        .map(|at| super::anchors::flat(text.at(*at)))
        .collect();
    kinds.sort();
    kinds.dedup();
    text.set(rows.iter().copied(), Kind::Furniture);
    let toml = format!("remove-dashes.every = {}", list(&kinds));
    found.rule(first, "Rows of signs divide passages.", toml);
    for at in rows {
        let next = at + 1;
        if !text.is_running(next) || shape_of_heading(text, next) {
            continue;
        }
        let line = &text.lines[next];
        let limit = text
            .lines
            .get(next + 3)
            .map_or(text.raw.len(), |line| line.end);
        if let Some(anchor) = found.anchors.from(line.start, limit) {
            let toml = format!("break.before = {}", quoted(&anchor));
            found.rule(line.number, "A passage begins.", toml);
        }
    }
}

/// Whether a line is a row of signs.
fn is_row(words: &str) -> bool {
    let signs = words.chars().filter(|c| !c.is_whitespace());
    let is_sign = |c: char| {
        matches!(
            c,
            '*' | '-' | '_' | '=' | '~' | '—' | '–' | '•' | '#' | '·' | '⁂' | '❦' | '.'
        )
    };
    let count = signs.clone().count();
    let star = matches!(words, "*" | "⁂" | "❦" | "#" | "§");
    star || count >= 3 && signs.clone().all(is_sign) && !words.starts_with('.')
}

/// A title is the first thing of the text, short and without a stop.
fn title(text: &mut Text<'_>, layout: &Layout, found: &mut Finder<'_>) {
    if found.proposal.title.is_some() {
        return;
    }
    let Some(at) = (0..text.lines.len()).find(|at| text.is_running(*at)) else {
        return;
    };
    let next = (at + 1..text.lines.len()).find(|at| text.is_running(*at));
    let Some(next) = next else { return };
    let apart = text.is_alone(at) || !layout.wrapped;
    let longer = paragraph_width(text, next) > text.lines[at].width;
    if !apart || !shape_of_heading(text, at) || text.lines[at].width > 120 || !longer {
        return;
    }
    let line = &text.lines[at];
    let words = super::anchors::flat(text.words(line));
    if let Some(anchor) = found.anchors.line(line.start, line.end) {
        let toml = format!("title.line = {}", quoted(&anchor));
        let question = "Is it the text’s title, and not a caption or a page’s furniture?";
        found.ask(
            line.number,
            "The first line is short and has no stop.",
            toml,
            question,
            true,
        );
        found.proposal.title = Some(words);
        text.set([at], Kind::Heading);
    }
}

/// Short lines without a stop, before text.
fn headings(text: &mut Text<'_>, layout: &Layout, found: &mut Finder<'_>) {
    let found_at: Vec<usize> = (0..text.lines.len())
        .filter(|&at| text.is_running(at) && is_heading(text, layout, at))
        .collect();
    let mut levels: Vec<(u8, Vec<String>, usize)> = Vec::new();
    for at in found_at {
        let line = &text.lines[at];
        let level = level(text.words(line));
        let Some(anchor) = found.anchors.line(line.start, line.end) else {
            found.doubt(
                line.number,
                format!(
                    "“{}” looks like a heading, but stands more than once",
                    text.words(line)
                ),
            );
            continue;
        };
        match levels.iter_mut().find(|(other, _, _)| *other == level) {
            Some((_, anchors, _)) => anchors.push(anchor),
            None => levels.push((level, vec![anchor], line.number)),
        }
        text.set([at], Kind::Heading);
    }
    levels.sort_by_key(|(level, _, _)| *level);
    for (level, anchors, line) in levels {
        let mut toml = format!("headings.lines = {}", list(&anchors));
        if level > 2 {
            toml.push_str(&format!("\nheadings.level = {level}"));
        }
        let why = "Short lines without a stop stand before longer text.";
        found.ask(line, why, toml, "Are they headings?", true);
    }
}

/// `2.1 Of mills` is below `2 Of mills`.
fn level(words: &str) -> u8 {
    let number = words.split_whitespace().next().unwrap_or_default();
    let is_number = number.starts_with(|c: char| c.is_ascii_digit());
    let parts = number.trim_end_matches('.').split('.').count();
    if is_number && parts > 1 { 3 } else { 2 }
}

fn is_heading(text: &Text<'_>, layout: &Layout, at: usize) -> bool {
    let line = &text.lines[at];
    if !shape_of_heading(text, at) || line.width > 80 || count_words(text.words(line)) > 12 {
        return false;
    }
    if layout.wrapped && !text.is_alone(at) {
        return false;
    }
    let next = (at + 1..text.lines.len()).find(|at| text.lines[*at].kind != Kind::Furniture);
    let Some(next) = next else { return false };
    let before = (0..at)
        .rev()
        .find(|at| text.lines[*at].kind != Kind::Furniture);
    let after_end = before.is_none_or(|before| {
        text.lines[before].kind != Kind::Running
            || ends_sentence(text.at(before))
            || shape_of_heading(text, before) && text.is_alone(before)
    });
    let opens_text = match text.lines[next].kind {
        Kind::Region => true,
        Kind::Running => {
            let long = paragraph_width(text, next) >= 2 * line.width.max(30);
            long && begins_large(text.at(next))
                || shape_of_heading(text, next) && text.is_alone(next)
        }
        Kind::Furniture | Kind::Note | Kind::Heading => false,
    };
    after_end && opens_text
}

/// Short, beginning with a capital or a number, one sentence at most, without a stop.
pub(super) fn shape_of_heading(text: &Text<'_>, at: usize) -> bool {
    let words = text.at(at);
    let bare = words.trim_end_matches(['”', '’', '"', '\'', '»', '*']);
    let stops = bare.ends_with(['.', ',', ';', ':', '-', '—', '–']) && !is_numbered(bare);
    let inner = [". ", "! ", "? ", "; "]
        .iter()
        .any(|stop| words.find(stop).is_some_and(|at| at > 4));
    let quoted = words.starts_with(['“', '‘', '"', '«', '—', '–', '-', '•', '*', '(', '[']);
    let date = super::furniture::is_short_date(words);
    !date
        && words.chars().any(char::is_alphabetic)
        && begins_large(words)
        && !stops
        && !inner
        && !quoted
}

/// `IV.` and `3.` are numbers of chapters.
fn is_numbered(words: &str) -> bool {
    let number = words.trim_end_matches('.');
    !number.is_empty()
        && number
            .chars()
            .all(|c| c.is_ascii_digit() || "IVXLC".contains(c))
}

/// How long the paragraph is that begins with a line.
fn paragraph_width(text: &Text<'_>, at: usize) -> usize {
    let mut width = text.lines[at].width;
    for next in at + 1..text.lines.len().min(at + 6) {
        let line = &text.lines[next];
        if line.blank > 0 || !text.is_running(next) {
            break;
        }
        width += line.width;
    }
    width
}
