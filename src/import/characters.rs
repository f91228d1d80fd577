//! The rules for single characters, which need no anchors.

use super::anchor::Range;
use super::draft::{Draft, With};
use super::ledger::Class;

/// A rule about single characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Characters {
    PlainHyphens,
    SoftHyphens,
    DashRuns,
    DoubledQuotes,
    TypographicQuotes,
    /// Not in recipes: it always runs.
    Controls,
}

impl Characters {
    fn class(self) -> Class {
        match self {
            Characters::PlainHyphens => Class::PlainHyphens,
            Characters::SoftHyphens => Class::SoftHyphens,
            Characters::DashRuns => Class::DashRuns,
            Characters::DoubledQuotes => Class::DoubledQuotes,
            Characters::TypographicQuotes => Class::TypographicQuotes,
            Characters::Controls => Class::ControlCharacters,
        }
    }
}

/// Claims every place of the raw text that a rule has to do with.
pub(super) fn apply(draft: &mut Draft<'_>, rule: Characters) {
    let mut before = None;
    let mut rest = draft.raw.char_indices().peekable();
    let mut edits: Vec<(Range, With)> = Vec::new();
    while let Some((start, c)) = rest.next() {
        let mut end = start + c.len_utf8();
        let with = match rule {
            Characters::PlainHyphens => (c == '\u{2011}').then(|| text("-")),
            Characters::SoftHyphens => (c == '\u{ad}').then_some(With::Nothing),
            Characters::Controls => is_control(c).then_some(With::Nothing),
            Characters::TypographicQuotes => typographic(c, before).map(text),
            Characters::DoubledQuotes => {
                is_quote(c).then(|| {
                    // The first stays; those like it that follow are taken out.
                    while let Some((at, _)) = rest.next_if(|(_, next)| *next == c) {
                        let range = Range {
                            start: at,
                            end: at + c.len_utf8(),
                        };
                        edits.push((range, With::Nothing));
                    }
                });
                None
            }
            Characters::DashRuns => {
                if c == '-' {
                    while let Some((at, _)) = rest.next_if(|(_, next)| *next == '-') {
                        end = at + 1;
                    }
                }
                matches!(end - start, 2 | 3)
                    .then(|| text("—"))
                    .filter(|_| c == '-')
            }
        };
        edits.extend(with.map(|with| (Range { start, end }, with)));
        before = Some(c);
    }
    for (range, with) in edits {
        draft.edit(range, rule.class(), with);
    }
}

fn text(with: &str) -> With {
    With::Text(with.to_string())
}

/// A control character that is neither white space nor a page's end.
pub(super) fn is_control(c: char) -> bool {
    c.is_control() && !c.is_whitespace()
}

fn is_quote(c: char) -> bool {
    matches!(c, '“' | '”' | '„' | '«' | '»' | '"')
}

/// The typographic form of a straight quotation mark, which opens after a space, a bracket,
/// a dash or another opening mark.
fn typographic(c: char, before: Option<char>) -> Option<&'static str> {
    let opens = before.is_none_or(|before| {
        before.is_whitespace() || matches!(before, '(' | '[' | '—' | '–' | '“' | '‘' | '"')
    });
    match (c, opens) {
        ('"', true) => Some("“"),
        ('"', false) => Some("”"),
        ('\'', true) => Some("‘"),
        ('\'', false) => Some("’"),
        (_, true | false) => None,
    }
}
