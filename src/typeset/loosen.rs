//! The last resort for what is wider than its line: it is broken between any two letters,
//! so that nothing leaves the page.

use crate::typeset::flow::Flow;
use crate::typeset::items::{Content, Paragraph, Part, measure};
use crate::typeset::linebreak::{Item, NEVER};
use crate::typeset::shape::Shapes;
use crate::units::Length;

/// What a break between any two letters costs.
const COST: i32 = 2000;
/// Words with more letters are broken only every eighth of a line, to save time.
const MANY: usize = 400;

/// Makes breakable whatever is wider than `room` between two places where a line may end.
pub fn loosen(paragraph: &mut Paragraph, flow: &Flow, shapes: &Shapes, room: Length) {
    let mut items = Vec::with_capacity(paragraph.items.len());
    let mut contents = Vec::with_capacity(paragraph.items.len());
    let mut from = 0;
    while from < paragraph.items.len() {
        let stretch = &paragraph.items[from..];
        let length = stretch.iter().take_while(|item| !ends(item)).count();
        let to = (from + length + 1).min(paragraph.items.len());
        let wide = width(&paragraph.items[from..from + length]) > room;
        for at in from..to {
            let (item, content) = (paragraph.items[at], paragraph.contents[at]);
            match (wide, content) {
                (true, Content::Part(part)) => {
                    split(
                        paragraph,
                        flow,
                        shapes,
                        room,
                        &part,
                        &mut items,
                        &mut contents,
                    );
                }
                (true, Content::Space { .. }) => {
                    items.push(breaking(item));
                    contents.push(content);
                }
                _ => {
                    items.push(item);
                    contents.push(content);
                }
            }
        }
        from = to;
    }
    paragraph.items = items;
    paragraph.contents = contents;
}

/// Whether a line may end at an item.
fn ends(item: &Item) -> bool {
    match item {
        Item::Glue { breaks, .. } => *breaks,
        Item::Penalty { cost, .. } => *cost < NEVER,
        Item::Box { .. } | Item::Fill => false,
    }
}

/// The least width of some items.
fn width(items: &[Item]) -> Length {
    let least = |item: &Item| match *item {
        Item::Box { width, .. } => width,
        Item::Glue { width, shrink, .. } => width - shrink,
        Item::Fill | Item::Penalty { .. } => Length::ZERO,
    };
    items.iter().map(least).sum()
}

fn breaking(item: Item) -> Item {
    match item {
        Item::Glue {
            width,
            stretch,
            shrink,
            ..
        } => Item::Glue {
            width,
            stretch,
            shrink,
            breaks: true,
        },
        Item::Box { .. } | Item::Fill | Item::Penalty { .. } => item,
    }
}

/// A part as boxes of one letter each, or of several where there are very many.
fn split(
    paragraph: &Paragraph,
    flow: &Flow,
    shapes: &Shapes,
    room: Length,
    part: &Part,
    items: &mut Vec<Item>,
    contents: &mut Vec<Content>,
) {
    let run = paragraph.run(flow, part.run);
    let word = shapes.word(part.word);
    let within = |at: u32| part.from < at && at < part.to;
    let mut ends: Vec<u32> = word
        .glyphs
        .iter()
        .map(|glyph| part.start + glyph.cluster)
        .filter(|&at| within(at))
        .collect();
    ends.dedup();
    if ends.len() > MANY {
        let widest = run
            .scale
            .of(word.width / i32::try_from(word.glyphs.len()).unwrap_or(1));
        let some = (room.0 / 8 / widest.0.max(1)).max(1);
        let some = usize::try_from(some).unwrap_or(1);
        ends = ends.into_iter().step_by(some).skip(1).collect();
    }
    ends.push(part.to);
    let mut from = part.from;
    for to in ends {
        let piece = Part { from, to, ..*part };
        items.push(measure(flow, shapes, run, &piece));
        contents.push(Content::Part(piece));
        items.push(Item::Penalty {
            width: Length::ZERO,
            right: Length::ZERO,
            cost: COST,
            flagged: false,
        });
        contents.push(Content::Nothing);
        from = to;
    }
}
