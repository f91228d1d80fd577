//! How much a drawing comes to once everything in it that is used again is drawn: a few lines
//! that use each other twice over could ask for more than any machine has.

use std::collections::BTreeMap;

use resvg::usvg::roxmltree::{Document, Node};

use super::css;

/// As many shapes as this take a moment to draw.
pub(super) const MOST: u64 = 200_000;
/// What leads on through more parts than this is no drawing.
const DEEPEST: u32 = 300;

/// The sum of all elements of a drawing, those that are used again as often as they are; or
/// the element that uses itself.
pub(super) fn of<'d>(document: &'d Document<'d>) -> Result<u64, Node<'d, 'd>> {
    let ids = document
        .descendants()
        .filter_map(|node| Some((node.attribute("id")?, node)))
        .collect();
    let mut weights = Weights {
        ids,
        known: BTreeMap::new(),
        depth: 0,
    };
    weights.of(document.root_element())
}

struct Weights<'d> {
    ids: BTreeMap<&'d str, Node<'d, 'd>>,
    /// `None` while it is being found.
    known: BTreeMap<u32, Option<u64>>,
    /// How many elements and references lead to the one being weighed.
    depth: u32,
}

impl<'d> Weights<'d> {
    fn of(&mut self, node: Node<'d, 'd>) -> Result<u64, Node<'d, 'd>> {
        if self.depth > DEEPEST {
            return Ok(MOST + 1);
        }
        match self.known.get(&node.id().get()) {
            Some(Some(weight)) => return Ok(*weight),
            Some(None) => return Err(node),
            None => self.known.insert(node.id().get(), None),
        };
        self.depth += 1;
        let mut weight = 1 + length(node) / 16;
        for child in node.children().filter(Node::is_element) {
            weight = weight.saturating_add(self.of(child)?);
        }
        for attribute in node.attributes() {
            // A gradient takes another's colours; that costs nothing.
            let is_shade = node.tag_name().name().ends_with("Gradient");
            let named = (attribute.name() == "href" && !is_shade)
                .then(|| attribute.value().trim())
                .into_iter();
            let times = match attribute.name().starts_with("marker") {
                true => 1 + length(node) / 4,
                false => 1,
            };
            for id in named.chain(css::references(attribute.value())) {
                let used = id.strip_prefix('#').and_then(|id| self.ids.get(id));
                if let Some(used) = used.copied() {
                    weight = weight.saturating_add(self.of(used)?.saturating_mul(times));
                }
            }
        }
        self.depth -= 1;
        self.known.insert(node.id().get(), Some(weight));
        Ok(weight)
    }
}

/// How long the outline of an element is written.
fn length(node: Node<'_, '_>) -> u64 {
    let outline = node.attribute("d").or_else(|| node.attribute("points"));
    outline.map_or(0, |outline| outline.len() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weight(inside: &str) -> Option<u64> {
        let text = format!("<svg>{inside}</svg>");
        let document = Document::parse(&text).expect("it is XML");
        of(&document).ok()
    }

    #[test]
    fn counts_what_is_used_again() {
        assert_eq!(weight("<g id=\"a\"><path/></g><use href=\"#a\"/>"), Some(6));
        let mut doubling = String::from("<g id=\"a0\"><path/></g>");
        for step in 1..100 {
            let before = step - 1;
            let twice = format!("<use href=\"#a{before}\"/>").repeat(2);
            doubling.push_str(&format!("<g id=\"a{step}\">{twice}</g>"));
        }
        assert!(weight(&doubling).is_some_and(|weight| weight > MOST));
        assert_eq!(weight("<g id=\"a\"><use href=\"#a\"/></g>"), None);
        let filled = "<pattern id=\"p\"><path fill=\"url(#p)\"/></pattern>";
        assert_eq!(weight(filled), None);
    }
}
