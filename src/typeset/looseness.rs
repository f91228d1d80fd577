//! Paragraphs set in a line more or fewer, where that costs their evenness little, so that
//! the search for pages may choose (Knuth and Plass's looseness). Only the paragraphs near a
//! page that ends badly are set again, and few pages do.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use crate::edition::{NoteId, Target};
use crate::pages::TagId;
use crate::source::PassageId;
use crate::text::{Block, Lang, Passage};
use crate::typeset::builder::{leads, within_paragraph};
use crate::typeset::fill::UNSEEN;
use crate::typeset::galley::{Cost, DIVIDED_WORD, Galley, Matter, Part, Row, Variant};
use crate::typeset::line::{Line, ParagraphStyle, Piece, PieceLink};
use crate::typeset::pagebreak::Chosen;
use crate::typeset::paragraph::{Lookup, Setter};
use crate::units::Length;

/// Paragraphs of fewer lines are left as they are.
pub const LEAST_LINES: usize = 4;
/// What it costs to set a paragraph otherwise than is best for it; and as much again for so
/// many demerits a line.
const VARIED: Cost = 150;
const DEMERITS: i64 = 1_500;
/// A way to set a paragraph that costs more is not tried.
const TOO_DEAR: Cost = 900;

/// Where a section's paragraphs come from.
pub struct Origin<'o, 'f> {
    pub blocks: &'o [Block<Target>],
    pub setter: &'o Setter<'f>,
    pub lookup: &'o dyn Lookup,
}

/// Sets the paragraphs again that stand on pages that end badly, or on so many pages before.
/// Whether there is now more to choose from.
pub fn vary(
    galley: &mut Galley,
    pages: &[Chosen],
    recto: bool,
    before: usize,
    origin: &Origin<'_, '_>,
) -> bool {
    let wanted = wanted(galley, pages, recto, before);
    if wanted.is_empty() {
        return false;
    }
    let mut passages: BTreeMap<PassageId, &Passage<Target>> = BTreeMap::new();
    for block in origin.blocks {
        block.each_passage(&mut |passage| {
            passages.insert(passage.id, passage);
        });
    }
    let styles = std::mem::take(&mut galley.paragraphs);
    let by_passage: BTreeMap<PassageId, &ParagraphStyle> = styles
        .iter()
        .map(|(passage, style)| (*passage, style))
        .collect();
    let known = galley.variants.len();
    for (passage, of) in paragraphs(galley) {
        let here = wanted[of.clone()].contains(&true);
        let is_new = !galley.variants[..known].iter().any(|one| one.of == of);
        if let (true, true, Some(passage), Some(style)) = (
            here,
            is_new,
            passages.get(&passage),
            by_passage.get(&passage),
        ) {
            add(galley, &of, passage, style, origin);
        }
    }
    galley.paragraphs = styles;
    galley.variants.sort_by_key(|variant| variant.of.start);
    galley.variants.len() > known
}

/// The rows of the text that are the lines of one passage each.
fn paragraphs(galley: &Galley) -> Vec<(PassageId, Range<usize>)> {
    let mut found: Vec<(PassageId, Range<usize>)> = Vec::new();
    for (at, row) in galley.rows[..galley.text_rows()].iter().enumerate() {
        let lines = row.parts.iter().filter_map(passage_of);
        for passage in lines {
            match found.last_mut() {
                Some((last, rows)) if *last == passage && rows.end == at => rows.end += 1,
                _ => found.push((passage, at..at + 1)),
            }
        }
    }
    found.retain(|(_, rows)| rows.len() >= LEAST_LINES);
    found
}

/// Which rows of the text stand on pages that are short or face one of another length, or on
/// so many pages before; no rows if there is no such page.
fn wanted(galley: &Galley, pages: &[Chosen], recto: bool, before: usize) -> Vec<bool> {
    let mut wanted = Vec::new();
    for (at, page) in pages.iter().enumerate() {
        let facing = at > 0 && (at % 2 == 0) == recto;
        let apart = match facing {
            true => page.short - pages[at - 1].short,
            false => Length::ZERO,
        };
        if page.last || (page.short <= UNSEEN && apart.max(-apart) <= UNSEEN) {
            continue;
        }
        wanted.resize(galley.text_rows(), false);
        for page in &pages[at.saturating_sub(before)..=at] {
            for &row in &page.rows {
                match wanted.get_mut(row) {
                    Some(wanted) => *wanted = true,
                    None => wanted[galley.variant_of(row).of.start] = true,
                }
            }
        }
    }
    wanted
}

/// Adds the variants of a paragraph.
fn add(
    galley: &mut Galley,
    of: &Range<usize>,
    passage: &Passage<Target>,
    style: &ParagraphStyle,
    origin: &Origin<'_, '_>,
) {
    let Origin { setter, lookup, .. } = origin;
    for (lines, rise) in setter.otherwise(passage, style, *lookup, of.len()) {
        let cost = VARIED + VARIED * rise / DEMERITS;
        let Some(set) = rows(&galley.rows[of.clone()], passage.id, &lines) else {
            continue;
        };
        if cost <= TOO_DEAR {
            let start = galley.rows.len();
            galley.rows.extend(set);
            galley.variants.push(Variant {
                of: of.clone(),
                rows: start..galley.rows.len(),
                cost,
            });
        }
    }
}

/// The rows of a paragraph with other lines. `None` where something stands beside its inner
/// lines that would lose its place, or its elements cannot be told apart.
fn rows(rows: &[Row], passage: PassageId, lines: &[Arc<Line>]) -> Option<Vec<Row>> {
    let inner = rows.get(1..rows.len().checked_sub(1)?)?;
    if inner.iter().any(|row| row.parts.len() > 1) {
        return None;
    }
    let is_own = |part: &Part| passage_of(part) == Some(passage);
    let own = rows.iter().map(|row| row.parts.iter().position(is_own));
    let own: Vec<usize> = own.collect::<Option<_>>()?;
    let before = rows.iter().zip(&own);
    let before = before.filter_map(|(row, &own)| line_of(&row.parts[own]));
    let before: Vec<Arc<Line>> = before.cloned().collect();
    let mut elements = Elements::of(rows, &own);
    let calls = calls(rows, lines);
    let mut set = Vec::with_capacity(lines.len());
    for (at, (line, calls)) in lines.iter().zip(calls).enumerate() {
        // What stands beside the first line and the last stays there.
        let like = match at + 1 == lines.len() {
            true => rows.len() - 1,
            false => at.min(rows.len() - 2),
        };
        let cost = rows[like].cost - own_cost(&before, like) + own_cost(lines, at);
        let mut row = Row {
            cost,
            calls,
            ..rows[like].clone()
        };
        if let Matter::Line {
            line: shown,
            tag,
            piece_tags,
            ..
        } = &mut row.parts[own[like]].matter
        {
            *shown = Arc::clone(line);
            *piece_tags = elements.tags(line, *tag)?;
        }
        set.push(row);
    }
    Some(set)
}

/// The passage that a part is a line of.
fn passage_of(part: &Part) -> Option<PassageId> {
    match &part.matter {
        Matter::Line { passage, .. } => *passage,
        Matter::Anchor(_)
        | Matter::Rule { .. }
        | Matter::Picture { .. }
        | Matter::Drawing { .. } => None,
    }
}

/// The line that a part is.
fn line_of(part: &Part) -> Option<&Arc<Line>> {
    match &part.matter {
        Matter::Line { line, .. } => Some(line),
        Matter::Anchor(_)
        | Matter::Rule { .. }
        | Matter::Picture { .. }
        | Matter::Drawing { .. } => None,
    }
}

/// What it costs to begin a page with a line of a paragraph, for the paragraph's sake.
fn own_cost(lines: &[Arc<Line>], at: usize) -> Cost {
    let divided = at > 0 && lines[at - 1].hyphenated;
    within_paragraph(at, lines.len()) + if divided { DIVIDED_WORD } else { 0 }
}

/// By line, the notes that some rows call, if they are called on those lines instead.
fn calls(rows: &[Row], lines: &[Arc<Line>]) -> Vec<Vec<NoteId>> {
    let mut calls = vec![Vec::new(); lines.len()];
    let mut at = 0;
    for &call in rows.iter().flat_map(|row| &row.calls) {
        // A note within a note stands on no line; it stays with the call before it.
        let on = lines.iter().position(|line| line.calls.contains(&call));
        at = at.max(on.unwrap_or(at));
        calls[at].push(call);
    }
    calls
}

/// The elements of a paragraph's links and foreign words, in their order, so that other
/// lines get the same.
struct Elements {
    all: std::vec::IntoIter<Element>,
    open: Option<Element>,
}

/// Pieces that follow each other and are of one element.
struct Element {
    link: Option<PieceLink>,
    lang: Option<Lang>,
    /// `None` for the paragraph's own.
    tag: Option<TagId>,
}

impl Elements {
    /// The elements of some rows, each with the place of its line among its parts.
    fn of(rows: &[Row], own: &[usize]) -> Elements {
        let mut all: Vec<Element> = Vec::new();
        for (row, &own) in rows.iter().zip(own) {
            let Matter::Line {
                line, piece_tags, ..
            } = &row.parts[own].matter
            else {
                continue;
            };
            let mut tags = piece_tags.iter().peekable();
            for (at, piece) in line.pieces.iter().enumerate() {
                let tag = tags.next_if(|(piece, _)| *piece == at).map(|&(_, tag)| tag);
                let element = Element::new(piece, tag);
                if all.last().is_none_or(|last| !last.is_like(&element)) {
                    all.push(element);
                }
            }
        }
        Elements {
            all: all.into_iter(),
            open: None,
        }
    }

    /// The elements of the pieces of the next line of a paragraph whose element is `tag`.
    fn tags(&mut self, line: &Line, tag: Option<TagId>) -> Option<Vec<(usize, TagId)>> {
        let mut tags = Vec::new();
        for (at, piece) in line.pieces.iter().enumerate() {
            let wanted = Element::new(piece, None);
            if self.open.as_ref().is_none_or(|open| !open.is_like(&wanted)) {
                self.open = self.all.next();
            }
            let open = self.open.as_ref().filter(|open| open.is_like(&wanted))?;
            tags.extend(
                open.tag
                    .filter(|own| Some(*own) != tag)
                    .map(|own| (at, own)),
            );
        }
        Some(tags)
    }
}

impl Element {
    fn new(piece: &Piece, tag: Option<TagId>) -> Element {
        Element {
            link: piece.link.clone().filter(leads),
            lang: piece.lang.clone(),
            tag,
        }
    }

    fn is_like(&self, other: &Element) -> bool {
        self.link == other.link && self.lang == other.lang
    }
}

#[cfg(test)]
mod tests;
