//! The list of figures and boxes: each by its first words, with its page.

use crate::edition::Target;
use crate::edition::context::{start_of, words_of};
use crate::edition::marks::Resolver;
use crate::edition::sections::Draft;
use crate::source::Position;
use crate::text::{Block, Inline, List, Passage};

/// So many words of a box without a title tell it from others.
const FIRST_WORDS: usize = 8;

/// What stands apart from the running text.
#[derive(Default)]
pub(super) struct Displays {
    figures: Vec<(String, Position)>,
    boxes: Vec<(String, Position)>,
}

/// All of them, in running order; pictures without a caption have no place to lead to.
pub(super) fn find(drafts: &[Draft<Target>]) -> Displays {
    let mut displays = Displays::default();
    for stretch in drafts.iter().flat_map(|draft| &draft.stretches) {
        displays.collect(&stretch.blocks);
    }
    displays
}

impl Displays {
    fn collect(&mut self, blocks: &[Block<Target>]) {
        for block in blocks {
            match block {
                Block::Figure(figure) => {
                    let caption = figure.caption.iter();
                    let named =
                        caption.map(|text| (first_sentence(&text.plain()), start_of(text.id)));
                    self.figures.extend(named);
                }
                Block::Box { title, blocks } => {
                    let mut first = None;
                    block.each_passage(&mut |passage| {
                        first = first.or(Some(passage));
                    });
                    let words = |text: &str| match title {
                        Some(_) => text.to_string(),
                        None => first_words(text),
                    };
                    let named = first.map(|text| (words(&text.plain()), start_of(text.id)));
                    self.boxes.extend(named);
                    self.collect(blocks);
                }
                Block::Quote { blocks, .. } => self.collect(blocks),
                Block::List(list) => list.items.iter().for_each(|item| self.collect(item)),
                Block::Definitions { items, .. } => {
                    items.iter().for_each(|item| self.collect(&item.body));
                }
                Block::Heading { .. }
                | Block::Paragraph(_)
                | Block::Table(_)
                | Block::Break
                | Block::Code(_) => {}
            }
        }
    }
}

/// The lists, under headings where there are both.
pub(super) fn blocks(resolver: &mut Resolver, displays: &Displays) -> Vec<Block<Target>> {
    let groups = [("Figures", &displays.figures), ("Boxes", &displays.boxes)];
    let headed = groups.iter().all(|(_, list)| !list.is_empty());
    let mut blocks = Vec::new();
    for (title, list) in groups {
        if list.is_empty() {
            continue;
        }
        if headed {
            blocks.push(resolver.ctx.heading(title));
        }
        let items = list.iter().map(|(words, at)| {
            let line = vec![
                Inline::Reference(Target::Place(*at), vec![words_of(words.clone())]),
                words_of(", "),
                Inline::Reference(Target::Pages(vec![*at]), Vec::new()),
            ];
            vec![resolver.ctx.paragraph(line)]
        });
        blocks.push(Block::List(List {
            start: None,
            tight: true,
            items: items.collect(),
        }));
    }
    blocks
}

/// What a list of figures or boxes holds, with their places; `None` for any other block.
pub fn listed_displays(block: &Block<Target>) -> Option<Vec<(Position, Passage<Target>)>> {
    let Block::List(list) = block else {
        return None;
    };
    let display = |item: &Vec<Block<Target>>| {
        let [Block::Paragraph(line)] = &item[..] else {
            return None;
        };
        match &line.inlines[..] {
            [
                Inline::Reference(Target::Place(to), words),
                _,
                Inline::Reference(Target::Pages(_), _),
            ] => Some((*to, super::passage(line.id, words.clone()))),
            _ => None,
        }
    };
    list.items.iter().map(display).collect()
}

/// A caption up to its first stop or colon.
fn first_sentence(text: &str) -> String {
    let end = [". ", ": "].iter().filter_map(|stop| text.find(stop)).min();
    text[..end.unwrap_or(text.len())]
        .trim_end_matches('.')
        .to_string()
}

/// The first words of a text, and that there are more.
fn first_words(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    match words.get(..FIRST_WORDS) {
        Some(first) if words.len() > FIRST_WORDS => format!("{} …", first.join(" ")),
        Some(_) | None => words.join(" "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn displays_are_told_by_their_first_words() {
        assert_eq!(first_sentence("Votes. Lee: 4"), "Votes");
        assert_eq!(
            first_sentence("Strikes in a year: Lee, p. 4."),
            "Strikes in a year"
        );
        assert_eq!(first_sentence("The weir."), "The weir");
        assert_eq!(first_words("a b c d e f g h i"), "a b c d e f g h …");
        assert_eq!(first_words("a b"), "a b");
    }
}
