//! Notes whose texts stand in a list at the end, and often again, glued to the word, where
//! their number stands.

use crate::diag::{Code, Report};
use crate::source::Span;

use super::anchor::{Places, Range};
use super::draft::{Draft, MarkKind, With};
use super::ledger::Class;
use super::recipe::{Anchor, Stretch};

/// A note of the list.
struct Listed {
    number: usize,
    /// The number and what stands between it and the text.
    label: Range,
    text: Range,
}

/// Makes notes of a list and ties each to its place.
pub(super) fn apply(
    draft: &mut Draft<'_>,
    places: &Places<'_>,
    rule: Span,
    list: &Stretch,
    calls: &[Anchor],
    report: &mut Report,
) {
    let found: Vec<Option<Range>> = calls
        .iter()
        .map(|anchor| places.find(anchor, report))
        .collect();
    let Some(list) = places.stretch(list, report) else {
        return;
    };
    let notes = read_list(draft.raw, list);
    if notes.is_empty() {
        report
            .error(
                Code::AnchorNotFound,
                places.span(list),
                "there is no list of notes here",
            )
            .help("each note of a list begins a line with its number: 1, 2, 3 …");
    }
    for note in notes {
        let named = found.iter().flatten().find_map(|range| {
            let words = &draft.raw[range.start..range.end];
            let length = call_length(words, note.number)?;
            Some(Range {
                start: range.end - length,
                end: range.end,
            })
        });
        if set_note(draft, places, &note, list.start, named) {
            continue;
        }
        report
            .error(
                Code::AnchorNotFound,
                rule,
                format!("note {} is called nowhere in the text", note.number),
            )
            .label(places.span(note.text), "this note")
            .help("its number with its text again was looked for; where only the number stands, name the words that end with it in `calls`");
    }
}

/// The length of a note's number at the end of some words, with what is around it: `2`,
/// `[2]`, `(2)`, `²`.
pub(super) fn call_length(words: &str, number: usize) -> Option<usize> {
    let raised: String = number
        .to_string()
        .chars()
        .filter_map(|digit| RAISED.chars().nth(digit.to_digit(10)? as usize))
        .collect();
    let forms = [
        format!("[{number}]"),
        format!("({number})"),
        raised,
        number.to_string(),
    ];
    let form = forms.iter().find(|form| words.ends_with(form.as_str()))?;
    let stem = &words[..words.len() - form.len()];
    let is_part = stem.ends_with(|c: char| c.is_ascii_digit() || RAISED.contains(c));
    (!is_part || form.starts_with(['[', '('])).then_some(form.len())
}

/// The raised figures, from 0 to 9.
const RAISED: &str = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/// The number that a note's line begins with, and the length of what stands before its text:
/// `1 `, `1. `, `[1] `, `(1) `, `¹ `.
pub(super) fn note_label(line: &str) -> Option<(usize, usize)> {
    let inner = line.strip_prefix(['[', '(']).unwrap_or(line);
    let digit = |c: char| {
        let raised = RAISED.chars().position(|raised| raised == c);
        raised.or(c.to_digit(10).map(|digit| digit as usize))
    };
    let end = inner.find(|c| digit(c).is_none()).unwrap_or(inner.len());
    let digits = inner[..end].chars();
    if digits.clone().count() > 4 || end == 0 {
        return None;
    }
    let number = digits
        .filter_map(digit)
        .fold(0, |number, digit| 10 * number + digit);
    let rest = inner[end..]
        .trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '.' | ')' | ']' | ':'));
    Some((number, line.len() - rest.len()))
}

/// Ties a note to its place: where the recipe says, or where its number stands with its text
/// again. Whether there was one place.
fn set_note(
    draft: &mut Draft<'_>,
    places: &Places<'_>,
    note: &Listed,
    before: usize,
    named: Option<Range>,
) -> bool {
    let text = &draft.raw[note.text.start..note.text.end];
    let label = note.number.to_string();
    let repeats = places.two_before(&format!("{label}{text}"), before);
    let (call, repeat) = match (named, &repeats[..]) {
        (Some(call), _) => (call, None),
        (None, [place]) => {
            let end = place.start + label.len();
            let call = Range {
                start: place.start,
                end,
            };
            let repeat = Range {
                start: end,
                end: place.end,
            };
            (call, Some(repeat))
        }
        (None, _) => return false,
    };
    draft.edit(call, Class::FootnoteCalls, With::Call(label.clone()));
    if let Some(repeat) = repeat {
        draft.edit(repeat, Class::FootnoteRepeats, With::Nothing);
    }
    draft.edit(note.label, Class::Footnotes, With::Label(label.clone()));
    draft.place(note.text, MarkKind::Note(label));
    true
}

/// The notes of a list: lines that begin with 1, 2, 3 and so on, or go on from another first
/// number, each with what follows it.
fn read_list(raw: &str, list: Range) -> Vec<Listed> {
    let mut notes: Vec<Listed> = Vec::new();
    let mut at = list.start;
    for line in raw[list.start..list.end].split_inclusive('\n') {
        let start = at + (line.len() - line.trim_start().len());
        at += line.len();
        let end = start + line.trim().len();
        let next = notes.last().map(|last| last.number + 1);
        let label = note_label(&raw[start..end])
            .filter(|(number, _)| *number > 0 && next.is_none_or(|next| *number == next));
        if let Some((number, length)) = label {
            let text = start + length;
            notes.push(Listed {
                number,
                label: Range { start, end: text },
                text: Range { start: text, end },
            });
        } else if let Some(last) = notes.last_mut() {
            last.text.end = end.max(last.text.end);
        }
    }
    notes
}
