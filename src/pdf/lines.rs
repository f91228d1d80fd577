//! Where a line ends at a space. A page does not show that space, but the text that is
//! copied or read aloud from a tagged file needs it (PDF 1.7 §14.8.2.5).

use std::collections::BTreeMap;

use crate::pages::{Item, Page, Pages, Run, Tag, TagId, TagKind};

/// For each item of a page whether a space follows it that the page does not show.
pub(super) fn spaces(page: usize, pages: &Pages) -> Vec<bool> {
    // The run that goes on in each block, seen from the place in the page reached so far.
    let mut next: BTreeMap<TagId, (&Run, bool)> = BTreeMap::new();
    if let Some(after) = pages.pages.get(page + 1) {
        for (block, run) in runs(after, pages).flatten() {
            next.entry(block).or_insert((run, true));
        }
    }
    let items = runs(&pages.pages[page], pages).rev().map(|found| {
        let (block, run) = found?;
        let after = next.insert(block, (run, false));
        let (after, overleaf) = after?;
        let new_line = overleaf || is_below(run, after);
        (new_line && ends_at_space(run, after)).then_some(())
    });
    let mut spaces: Vec<bool> = items.map(|space| space.is_some()).collect();
    spaces.reverse();
    spaces
}

/// The tagged runs among a page's items, each with the block of text that it belongs to.
fn runs<'p>(
    page: &'p Page,
    pages: &'p Pages,
) -> impl DoubleEndedIterator<Item = Option<(TagId, &'p Run)>> {
    page.items.iter().map(|item| match item {
        Item::Run(run) => Some((block(run.tag?, &pages.structure)?, run)),
        Item::Rule { .. } | Item::Picture { .. } => None,
    })
}

/// The paragraph, heading or cell that an element stands in.
fn block(mut tag: TagId, structure: &[Tag]) -> Option<TagId> {
    loop {
        let element = structure.get(tag.0 as usize)?;
        match element.kind {
            TagKind::Span | TagKind::Link | TagKind::Reference => {
                tag = element.parent.filter(|parent| *parent < tag)?;
            }
            TagKind::Document
            | TagKind::Section
            | TagKind::Heading(_)
            | TagKind::Paragraph
            | TagKind::Quote
            | TagKind::Aside
            | TagKind::List
            | TagKind::ListItem
            | TagKind::ListBody
            | TagKind::Label
            | TagKind::Table
            | TagKind::TableRow
            | TagKind::TableHead
            | TagKind::TableCell
            | TagKind::Figure
            | TagKind::Caption
            | TagKind::Note
            | TagKind::Contents
            | TagKind::ContentsItem
            | TagKind::Index => return Some(tag),
        }
    }
}

fn is_below(run: &Run, after: &Run) -> bool {
    let drop = after.origin.y - run.origin.y;
    drop > run.size / 2 || after.origin.x < run.origin.x
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
