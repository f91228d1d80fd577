//! A paragraph as boxes, glue and penalties, each with what it sets.

use std::fmt::Write;

use crate::typeset::flow::{Flow, Run};
use crate::typeset::hang;
use crate::typeset::hyphenate::Divisions;
use crate::typeset::linebreak::Item;
use crate::typeset::opportunity::{HYPHEN_COST, SECOND_HYPHEN_COST};
use crate::typeset::shape::{Shapes, VariantId, WordId};
use crate::units::Length;

/// The boxes, glue and penalties of one paragraph.
#[derive(Clone, Debug, Default)]
pub struct Paragraph {
    pub items: Vec<Item>,
    /// What each item sets.
    pub contents: Vec<Content>,
    /// Runs in which another face helps out, numbered after those of the flow.
    pub extra: Vec<Run>,
}

impl Paragraph {
    /// A run of the flow, or one in which another face helps out.
    pub fn run<'p>(&'p self, flow: &'p Flow, run: u32) -> &'p Run {
        let at = run as usize;
        flow.runs
            .get(at)
            .unwrap_or_else(|| &self.extra[at - flow.runs.len()])
    }
}

/// What an item sets.
#[derive(Clone, Copy, Debug)]
pub enum Content {
    /// A box: a word or a part of one.
    Part(Part),
    /// Glue: a space at that place of the text.
    Space { run: u32, at: u32 },
    /// A box: a space that is not in the text.
    Kern,
    /// A penalty: the hyphen that a break there adds.
    Hyphen,
    /// A forced break: the end of a line at that place of the text.
    End { at: u32 },
    /// Nothing: other penalties, and fill.
    Nothing,
}

/// A part of a word that is shaped as one.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    pub word: WordId,
    pub variant: VariantId,
    pub run: u32,
    /// The whole word's place in the text, and this part's.
    pub start: u32,
    pub end: u32,
    pub from: u32,
    pub to: u32,
    /// Added after each glyph of the word but the last.
    pub letterspace: Length,
    /// Whether the word may be divided by the rules of its language.
    pub divisible: bool,
}

/// The box of a part of a word.
pub fn measure(flow: &Flow, shapes: &Shapes, run: &Run, part: &Part) -> Item {
    let word = shapes.word(part.word);
    let begins = part.from == part.start;
    let ends = part.to == part.end;
    let text = &flow.text[part.start as usize..part.end as usize];
    let upto = |offset: u32| word.before(text, (offset - part.start) as usize);
    let (start, first) = if begins { (0, 0) } else { upto(part.from) };
    let (stop, last) = if ends {
        (word.width, word.letters.saturating_sub(1))
    } else {
        upto(part.to)
    };
    let right = if ends {
        word.right
    } else {
        let end = (part.to - part.start) as usize;
        let last = text[..end].chars().next_back();
        let cluster = end - last.map_or(0, char::len_utf8);
        hang::right(last, word.advance_at(cluster))
    };
    let letters = i64::try_from(last.saturating_sub(first)).unwrap_or(0);
    let width = run.scale.of(stop) - run.scale.of(start);
    Item::Box {
        width: width + part.letterspace * letters,
        left: run.scale.of(if begins { word.left } else { 0 }),
        right: run.scale.of(right),
        give: run.give * letters + width.scaled(run.expands, 1000),
    }
}

/// A place where a line may end as it is.
pub fn penalty(cost: i32, flagged: bool) -> Item {
    Item::Penalty {
        width: Length::ZERO,
        right: Length::ZERO,
        cost,
        flagged,
    }
}

/// The penalty at which a hyphen is added.
pub fn hyphen(shapes: &mut Shapes, run: &Run, variant: VariantId, cost: i32) -> Item {
    let hyphen = shapes.hyphen(variant);
    let width = shapes.word(hyphen).width;
    Item::Penalty {
        width: run.scale.of(width),
        right: run.scale.of(hang::right(Some('-'), width)),
        cost,
        flagged: true,
    }
}

/// Adds every place at which a word may be divided.
pub fn divide(
    paragraph: &mut Paragraph,
    flow: &Flow,
    shapes: &mut Shapes,
    divisions: &mut Divisions,
) {
    let mut items = Vec::with_capacity(paragraph.items.len() * 3);
    let mut contents = Vec::with_capacity(paragraph.items.len() * 3);
    for (item, content) in paragraph.items.iter().zip(&paragraph.contents) {
        let Content::Part(part) = content else {
            items.push(*item);
            contents.push(*content);
            continue;
        };
        let run = paragraph.run(flow, part.run);
        let text = &flow.text[part.start as usize..part.end as usize];
        let points = match run.hyphens {
            Some(language) if part.divisible => divisions.of(part.word, text, language),
            _ => &[],
        };
        let whole = part.from == part.start && part.to == part.end;
        let name = text.contains(char::is_uppercase);
        let cost = if whole && !name {
            HYPHEN_COST
        } else {
            SECOND_HYPHEN_COST
        };
        let mut rest = *part;
        for &point in points {
            let at = part.start + point;
            if at <= part.from || at >= part.to {
                continue;
            }
            let before = Part { to: at, ..rest };
            items.push(measure(flow, shapes, run, &before));
            contents.push(Content::Part(before));
            items.push(hyphen(shapes, run, part.variant, cost));
            contents.push(Content::Hyphen);
            rest.from = at;
        }
        items.push(if rest.from == part.from {
            *item
        } else {
            measure(flow, shapes, run, &rest)
        });
        contents.push(Content::Part(rest));
    }
    paragraph.items = items;
    paragraph.contents = contents;
}

/// The items as text, one to a line.
pub fn dump(paragraph: &Paragraph, flow: &Flow) -> String {
    let mut out = String::new();
    for (item, content) in paragraph.items.iter().zip(&paragraph.contents) {
        let set = match content {
            Content::Part(part) => &flow.text[part.from as usize..part.to as usize],
            Content::Space { .. }
            | Content::Kern
            | Content::Hyphen
            | Content::End { .. }
            | Content::Nothing => "",
        };
        let _ = match item {
            Item::Box { width, .. } => writeln!(out, "box {width} {set}"),
            Item::Glue {
                width,
                stretch,
                shrink,
                breaks,
            } => {
                let kept = if *breaks { "" } else { " kept" };
                writeln!(out, "glue {width} plus {stretch} minus {shrink}{kept}")
            }
            Item::Fill => writeln!(out, "fill"),
            Item::Penalty { width, cost, .. } if width.0 > 0 => {
                writeln!(out, "penalty {cost} with hyphen {width}")
            }
            Item::Penalty { cost, .. } => writeln!(out, "penalty {cost}"),
        };
    }
    out
}
