//! The last resort for what is wider than its line: it is broken between any two letters,
//! so that nothing leaves the page.

use crate::typeset::flow::Flow;
use crate::typeset::items::{Content, Paragraph, Part, measure, penalty};
use crate::typeset::linebreak::{Item, NEVER};
use crate::typeset::shape::Shapes;
use crate::units::Length;

/// What a break between any two letters costs.
const COST: i32 = 2000;
/// Words with more letters are broken only every eighth of a line, to save time.
const MANY: usize = 400;

/// Makes breakable whatever is wider than `room` between two places where a line may end.
pub fn loosen(paragraph: &mut Paragraph, flow: &Flow, shapes: &Shapes, room: Length) {
    let mut loose = Loose {
        paragraph,
        flow,
        shapes,
        room,
        items: Vec::new(),
        contents: Vec::new(),
    };
    let mut from = 0;
    while from < loose.paragraph.items.len() {
        let stretch = &loose.paragraph.items[from..];
        let length = stretch.iter().take_while(|item| !ends(item)).count();
        let to = (from + length + 1).min(loose.paragraph.items.len());
        loose.stretch(from, from + length, to);
        from = to;
    }
    let Loose {
        items, contents, ..
    } = loose;
    paragraph.items = items;
    paragraph.contents = contents;
}

struct Loose<'p, 'f> {
    paragraph: &'p Paragraph,
    flow: &'p Flow,
    shapes: &'p Shapes<'f>,
    room: Length,
    items: Vec<Item>,
    contents: Vec<Content>,
}

impl Loose<'_, '_> {
    /// Items that no line ends between, and those up to `end` after them.
    fn stretch(&mut self, from: usize, to: usize, end: usize) {
        let wide = width(&self.paragraph.items[from..to]) > self.room;
        let letters = |content: &Content| match content {
            Content::Part(part) => self.shapes.word(part.word).glyphs.len(),
            Content::Space { .. }
            | Content::Kern
            | Content::Hyphen
            | Content::End { .. }
            | Content::Nothing => 0,
        };
        let contents = &self.paragraph.contents[from..to];
        let many = wide && contents.iter().map(letters).sum::<usize>() > MANY;
        for at in from..end {
            let (item, content) = (self.paragraph.items[at], self.paragraph.contents[at]);
            match content {
                Content::Part(part) if wide => self.split(&part, many),
                Content::Space { .. } if wide => self.push(breaking(item), content),
                Content::Part(_)
                | Content::Space { .. }
                | Content::Hyphen
                | Content::End { .. }
                | Content::Kern
                | Content::Nothing => self.push(item, content),
            }
        }
    }

    fn push(&mut self, item: Item, content: Content) {
        self.items.push(item);
        self.contents.push(content);
    }

    /// A part as boxes of one letter each, or of several where there are very many.
    fn split(&mut self, part: &Part, many: bool) {
        let run = self.paragraph.run(self.flow, part.run);
        let word = self.shapes.word(part.word);
        let starts = word.glyphs.iter().map(|glyph| part.start + glyph.cluster);
        let mut ends: Vec<u32> = starts
            .filter(|&at| part.from < at && at < part.to)
            .collect();
        ends.dedup();
        if many {
            let count = i64::try_from(word.glyphs.len()).unwrap_or(1).max(1);
            let letter = run.scale.of(word.width) / count;
            let some = (self.room.0 / 8 / letter.0.max(1)).max(1);
            let some = usize::try_from(some).unwrap_or(1);
            ends = ends.into_iter().skip(some - 1).step_by(some).collect();
        }
        ends.push(part.to);
        let mut from = part.from;
        for to in ends {
            if matches!(self.items.last(), Some(Item::Box { .. })) {
                self.push(penalty(COST, false), Content::Nothing);
            }
            let piece = Part { from, to, ..*part };
            let item = measure(self.flow, self.shapes, run, &piece);
            self.push(item, Content::Part(piece));
            from = to;
        }
    }
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
