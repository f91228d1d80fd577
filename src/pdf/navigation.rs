//! Ways through the file: links, the outline, and the pages' printed numbers.

use lopdf::{Dictionary, Document, Object, ObjectId};

use super::destinations::Destinations;
use super::objects::{bytes, count, dictionary, encoded, name, text};
use super::texts::{Sheaf, Texts};
use crate::pages::{Link, LinkTarget, OutlineEntry, Pages, TagId};
use crate::units::Numerals;

/// A link that was set on a page.
pub(super) struct PlacedLink {
    /// By its place in [`Pages::pages`].
    pub(super) page: usize,
    pub(super) id: ObjectId,
    pub(super) tag: Option<TagId>,
}

/// A link on a page whose label is no longer than this has a row of its own among others;
/// the rows are as long as the longest.
const SHORT_LABEL: usize = 4;

/// Writes the links of all pages, one annotation each.
pub(super) fn links(
    pages: &Pages,
    destinations: &Destinations,
    document: &mut Document,
    texts: &mut Texts,
) -> Vec<PlacedLink> {
    let mut set = Vec::new();
    for (page, links) in pages.pages.iter().map(|page| &page.links).enumerate() {
        for link in links {
            if let Some(goal) = goal(link, destinations) {
                let label = encoded(&link.label);
                let in_rows = matches!(goal, Goal::Name(_)) && label.len() <= SHORT_LABEL;
                set.push((page, link, goal, label, in_rows));
            }
        }
    }
    // Those that stand together are numbered together.
    let mut ids = vec![(0, 0); set.len()];
    for wanted in [true, false] {
        for (id, _) in ids.iter_mut().zip(&set).filter(|(_, set)| set.4 == wanted) {
            *id = document.new_object_id();
        }
    }
    let longest_name = destinations.longest();
    let mut placed = Vec::with_capacity(set.len());
    for (id, (page, link, goal, label, in_rows)) in ids.into_iter().zip(set) {
        let sheaf = if in_rows {
            Sheaf::Annotations
        } else {
            Sheaf::Loose
        };
        texts.begin(id, sheaf);
        // Printed with the page, without a border.
        texts.put("<</Type/Annot/Subtype/Link/F 4/Border[0 0 0]");
        if !pages.structure.is_empty() {
            texts.put("/StructParent ");
            texts.aligned(pages.pages.len() + placed.len());
        }
        texts.put("/Rect");
        texts.corners(link.rect, pages.trim);
        match goal {
            Goal::Name(name) => {
                let start = texts.mark();
                texts.put("/Dest");
                texts.string(name.as_bytes());
                if in_rows {
                    texts.end_column(start, longest_name + "/Dest()".len());
                }
            }
            Goal::Web(address) => {
                texts.put("/A<</S/URI/URI");
                texts.string(percent_encoded(address).as_bytes());
                texts.put(">>");
            }
        }
        texts.put("/Contents");
        texts.string(&label);
        texts.put(">>");
        let tag = link.tag;
        placed.push(PlacedLink { page, id, tag });
    }
    placed
}

/// Where a link leads, as it is written.
enum Goal<'g> {
    Name(&'g str),
    Web(&'g str),
}

fn goal<'g>(link: &'g Link, destinations: &'g Destinations) -> Option<Goal<'g>> {
    match &link.to {
        LinkTarget::Web(address) => Some(Goal::Web(address)),
        LinkTarget::Page { page, top } => destinations.name(*page, *top).map(Goal::Name),
    }
}

/// An address in the seven bits that a PDF allows it.
fn percent_encoded(address: &str) -> String {
    use std::fmt::Write;
    let mut encoded = String::with_capacity(address.len());
    for byte in address.bytes() {
        if byte.is_ascii_graphic() && !b"<>\"\\^`{|}".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            write!(encoded, "%{byte:02X}").expect("memory can be written");
        }
    }
    encoded
}

/// Writes the outline; `None` where there are no entries.
pub(super) fn outline(
    pages: &Pages,
    destinations: &Destinations,
    document: &mut Document,
) -> Option<ObjectId> {
    let goal = |entry: &OutlineEntry| destinations.name(entry.page, entry.top);
    let entries = pages.outline.iter().filter(|entry| goal(entry).is_some());
    let entries: Vec<&OutlineEntry> = entries.collect();
    let tree = nest(&entries);
    let highest = tree.iter().filter(|line| line.parent.is_none());
    let highest = highest.count();
    if highest == 0 {
        return None;
    }
    let root = document.new_object_id();
    let own: Vec<ObjectId> = entries.iter().map(|_| document.new_object_id()).collect();
    for (at, (entry, line)) in entries.iter().zip(&tree).enumerate() {
        let mut item = dictionary([
            ("Title", text(&entry.title)),
            (
                "Parent",
                line.parent.map_or(root, |parent| own[parent]).into(),
            ),
            ("Dest", bytes(goal(entry).unwrap_or_default())),
        ]);
        let ways = [("Prev", line.before), ("Next", line.after)];
        let children = [("First", line.first), ("Last", line.last)];
        for (key, to) in ways.into_iter().chain(children) {
            if let Some(to) = to {
                item.set(key, own[to]);
            }
        }
        if line.children > 0 {
            // Below zero: what stands under it is folded away at first.
            item.set("Count", -i64::try_from(line.children).unwrap_or(i64::MAX));
        }
        document.set_object(own[at], item);
    }
    let last = tree
        .iter()
        .rposition(|line| line.parent.is_none())
        .unwrap_or_default();
    document.set_object(
        root,
        dictionary([
            ("Type", name("Outlines")),
            ("First", own[0].into()),
            ("Last", own[last].into()),
            ("Count", count(highest)),
        ]),
    );
    Some(root)
}

/// A line of the outline among the others, all by their place in the list.
#[derive(Clone, Default)]
struct Line {
    parent: Option<usize>,
    before: Option<usize>,
    after: Option<usize>,
    first: Option<usize>,
    last: Option<usize>,
    children: usize,
}

/// Makes a tree of lines with levels. A line that lies deeper by more than one level stands
/// right under the line before it.
fn nest(entries: &[&OutlineEntry]) -> Vec<Line> {
    let mut tree = vec![Line::default(); entries.len()];
    // The lines that are open, and above them the last of the highest level.
    let mut open: Vec<usize> = Vec::new();
    let mut last_highest = None;
    for (at, entry) in entries.iter().enumerate() {
        while open
            .last()
            .is_some_and(|&line| entries[line].level >= entry.level)
        {
            open.pop();
        }
        let parent = open.last().copied();
        let before = match parent {
            Some(parent) => tree[parent].last.replace(at),
            None => last_highest.replace(at),
        };
        if let Some(parent) = parent {
            tree[parent].first.get_or_insert(at);
            tree[parent].children += 1;
        }
        if let Some(before) = before {
            tree[before].after = Some(at);
        }
        tree[at].parent = parent;
        tree[at].before = before;
        open.push(at);
    }
    tree
}

/// The pages' printed numbers: a number tree of the places where the numbering starts anew
/// (PDF 1.7 §12.4.2).
pub(super) fn labels(pages: &Pages) -> Dictionary {
    let mut numbers = Vec::new();
    let mut expected = None;
    for (at, page) in pages.pages.iter().enumerate() {
        let folio = page.folio.map(|folio| (folio.numerals, folio.number));
        if at == 0 || folio != expected {
            let label = match folio {
                None => Dictionary::new(),
                Some((numerals, number)) => {
                    let style = match numerals {
                        Numerals::Roman => "r",
                        Numerals::Arabic => "D",
                    };
                    dictionary([("S", name(style)), ("St", i64::from(number).into())])
                }
            };
            numbers.extend([count(at), label.into()]);
        }
        expected = folio.map(|(numerals, number)| (numerals, number + 1));
    }
    dictionary([("Nums", Object::Array(numbers))])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Length;

    fn entry(level: u8) -> OutlineEntry {
        OutlineEntry {
            title: String::new(),
            level,
            page: 0,
            top: Length::ZERO,
        }
    }

    #[test]
    fn nests_the_outline() {
        let entries: Vec<OutlineEntry> = [0, 1, 3, 1, 0].map(entry).into();
        let tree = nest(&entries.iter().collect::<Vec<_>>());
        let parents: Vec<_> = tree.iter().map(|line| line.parent).collect();
        assert_eq!(parents, [None, Some(0), Some(1), Some(0), None]);
        assert_eq!(
            (tree[0].first, tree[0].last, tree[0].after),
            (Some(1), Some(3), Some(4))
        );
        assert_eq!((tree[1].after, tree[3].before), (Some(3), Some(1)));
    }

    #[test]
    fn a_deeper_first_line_is_a_highest_one() {
        let entries: Vec<OutlineEntry> = [2, 1, 0].map(entry).into();
        let tree = nest(&entries.iter().collect::<Vec<_>>());
        assert!(tree.iter().all(|line| line.parent.is_none()));
        assert_eq!(
            (tree[0].after, tree[1].after, tree[2].before),
            (Some(1), Some(2), Some(1))
        );
    }

    #[test]
    fn addresses_are_ascii() {
        assert_eq!(
            percent_encoded("https://x.cl/año?a=1#b"),
            "https://x.cl/a%C3%B1o?a=1#b"
        );
        assert_eq!(percent_encoded("a b"), "a%20b");
    }
}
