//! Where a line ends at a space. A page does not show that space, but the text that is
//! copied or read aloud from a tagged file needs it (PDF 1.7 §14.8.2.5).

use std::collections::BTreeMap;

use crate::pages::{Item, Page, Pages, Run, Tag, TagId, TagKind};

/// For each item of a page the element in which a space follows it that the page does not
/// show: the innermost that goes on over the line's end.
pub(super) fn spaces(page: usize, pages: &Pages) -> Vec<Option<TagId>> {
    let structure = &pages.structure;
    // The run that goes on in each block, seen from the place in the page reached so far.
    let mut next: BTreeMap<TagId, (&Run, bool)> = BTreeMap::new();
    if let Some(after) = pages.pages.get(page + 1) {
        for (tag, run) in runs(after).flatten() {
            next.entry(block(tag, structure)).or_insert((run, true));
        }
    }
    let items = runs(&pages.pages[page]).rev().map(|found| {
        let (tag, run) = found?;
        let (after, overleaf) = next.insert(block(tag, structure), (run, false))?;
        let new_line = overleaf || is_on_another_line(run, after);
        if !(new_line && ends_at_space(run, after)) {
            return None;
        }
        let going_on = after.tag?;
        around(tag, structure).find(|outer| around(going_on, structure).any(|tag| tag == *outer))
    });
    let mut spaces: Vec<Option<TagId>> = items.collect();
    spaces.reverse();
    spaces
}

/// The tagged runs among a page's items.
fn runs(page: &Page) -> impl DoubleEndedIterator<Item = Option<(TagId, &Run)>> {
    page.items.iter().map(|item| match item {
        Item::Run(run) => Some((run.tag?, run)),
        Item::Rule { .. } | Item::Picture { .. } => None,
    })
}

/// The paragraph, heading or cell that an element stands in.
fn block(tag: TagId, structure: &[Tag]) -> TagId {
    around(tag, structure).last().unwrap_or(tag)
}

/// An element inside a line and those around it, up to the block of text that they are in.
fn around(tag: TagId, structure: &[Tag]) -> impl Iterator<Item = TagId> {
    std::iter::successors(Some(tag), |tag| {
        let element = structure.get(tag.0 as usize)?;
        let inside_a_line = matches!(
            element.kind,
            TagKind::Span | TagKind::Link | TagKind::Reference
        );
        element
            .parent
            .filter(|parent| inside_a_line && parent < tag)
    })
}

/// Whether a run stands on another line: lower, or higher at the head of the next column.
fn is_on_another_line(run: &Run, after: &Run) -> bool {
    let drop = after.origin.y - run.origin.y;
    let half = run.size / 2;
    drop > half || drop < -half || after.origin.x < run.origin.x
}

/// Whether the line was broken at a space, not inside a word: not where the next line goes
/// on right where this one stops, and not after a hyphen or dash that stands close.
fn ends_at_space(run: &Run, after: &Run) -> bool {
    let goes_on = match (run.span, after.span) {
        (Some(before), Some(after)) => before.source == after.source && before.end == after.start,
        (None | Some(_), None) | (None, Some(_)) => false,
    };
    let mut ending = run.text.chars().rev();
    let (Some(last), before) = (ending.next(), ending.next()) else {
        return false;
    };
    let divides = matches!(last, '-' | '\u{2010}' | '–' | '—' | '/');
    let stands_close = divides && before.is_some_and(|before| !before.is_whitespace());
    let added = run.glyphs.last().is_some_and(|glyph| glyph.added_hyphen);
    !(goes_on || stands_close || added || last.is_whitespace())
}
