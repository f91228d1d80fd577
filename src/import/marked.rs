//! What a file's own markup says, as claims on its text.

use super::anchor::Range;
use super::draft::{Draft, MarkKind, Role, With};
use super::formats::{Marked, What};
use super::ledger::{ChangeKind, Class};
use super::markdown::CELL;

/// Claims what markup says. What begins in the page's furniture goes with it.
/// `has` tells whether the inputs have a picture.
pub(super) fn apply(draft: &mut Draft<'_>, marks: &[Marked], has: &dyn Fn(&str) -> bool) {
    let furniture: Vec<Range> = marks
        .iter()
        .filter(|mark| mark.what == What::Furniture)
        .map(range)
        .collect();
    let is_kept = |mark: &&Marked| {
        let after = furniture.partition_point(|part| part.start <= mark.start);
        let inside = after
            .checked_sub(1)
            .is_some_and(|at| mark.start < furniture[at].end);
        let is_apart = matches!(mark.what, What::Furniture | What::Picture { .. });
        is_apart || !inside
    };
    let kept: Vec<&Marked> = marks.iter().filter(is_kept).collect();
    let titles = kept.iter().filter(|mark| mark.what == What::Title).count();
    let first_level = kept
        .iter()
        .filter(|mark| mark.what == What::Heading(1))
        .count();
    let title_level = (titles == 0 && first_level == 1).then_some(1);
    let below = u8::from(title_level.is_none() && first_level > 0);
    let mut titled = false;
    for mark in kept {
        let what = range(mark);
        match &mark.what {
            What::Title if titled => draft.mark(what, Class::Headings, MarkKind::Heading(2)),
            What::Title => {
                titled = true;
                draft.mark(what, Class::Title, MarkKind::Title);
            }
            What::Heading(level) if Some(*level) == title_level => {
                draft.mark(what, Class::Title, MarkKind::Title);
            }
            What::Heading(level) => {
                let level = (level + below).clamp(2, 6);
                draft.mark(what, Class::Headings, MarkKind::Heading(level));
            }
            What::Quote => draft.mark(what, Class::Quote, MarkKind::Quote),
            What::List => draft.place(what, MarkKind::List),
            What::Item(number) => {
                draft.change(what, Class::Lists, ChangeKind::Set);
                draft.place(what, MarkKind::Item(*number));
            }
            What::Table => draft.mark(what, Class::Table, MarkKind::Table),
            What::Cell => {
                let cell = With::Markup(CELL.to_string(), Role::Alone);
                draft.edit(what, Class::Table, cell);
            }
            What::Break => draft.mark(what, Class::Break, MarkKind::Break),
            What::Open(pair, markup) => {
                let open = With::Markup(markup.clone(), Role::Open(*pair));
                draft.edit(what, Class::Markup, open);
            }
            What::Close(pair, markup) => {
                let close = With::Markup(markup.clone(), Role::Close(*pair));
                draft.edit(what, Class::Markup, close);
            }
            What::Call(label) => {
                draft.edit(what, Class::FootnoteCalls, With::Call(label.clone()));
            }
            What::Note(label) => {
                draft.mark(what, Class::Footnotes, MarkKind::Note(label.clone()));
            }
            What::Furniture => draft.remove(what, Class::RemoveFurniture),
            What::Picture { path, alt } if has(path) => draft.picture(what, path, alt),
            What::Picture { .. } => {}
        }
    }
}

fn range(mark: &Marked) -> Range {
    Range {
        start: mark.start,
        end: mark.end,
    }
}

/// Markdown as it is, but for what rules take out or put in.
pub(super) fn spliced(draft: &Draft<'_>) -> (String, crate::source::OffsetMap) {
    let raw = draft.raw;
    let mut out = String::with_capacity(raw.len());
    let mut map = crate::source::OffsetMap::default();
    let mut keep = |out: &mut String, from: usize, to: usize| {
        if from < to {
            let whole = super::draft::offset;
            map.stretches
                .push((whole(out.len()), whole(from), whole(to - from)));
            out.push_str(&raw[from..to]);
        }
    };
    let mut at = 0;
    for edit in &draft.edits {
        keep(&mut out, at, edit.range.start);
        match &edit.with {
            With::Text(text) => out.push_str(text),
            With::Nothing | With::Call(_) | With::Label(_) | With::Markup(..) => {}
        }
        at = edit.range.end;
    }
    keep(&mut out, at, raw.len());
    (out, map)
}
