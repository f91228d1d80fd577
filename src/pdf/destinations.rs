//! The places that anything leads to, each with a name: `23.2` is the second on page 23.
//! Programs and web pages can lead there too: `book.pdf#nameddest=23.2`.

use std::collections::{BTreeMap, BTreeSet};

use lopdf::{Document, Object, ObjectId};

use super::objects::{bytes, dictionary};
use super::texts::whole_points;
use crate::pages::{LinkTarget, Pages};
use crate::units::Length;

/// A place as it is written: a page, by its place in [`Pages::pages`], and the height from
/// its foot in whole points.
type Place = (usize, i64);

/// The named places of a book.
pub(super) struct Destinations {
    names: BTreeMap<Place, String>,
    /// How high a page is.
    height: Length,
}

impl Destinations {
    /// Gathers the goals of all links and of the outline.
    pub(super) fn gather(pages: &Pages) -> Destinations {
        let links = pages.pages.iter().flat_map(|page| &page.links);
        let goals = links.filter_map(|link| match link.to {
            LinkTarget::Page { page, top } => Some((page, top)),
            LinkTarget::Web(_) => None,
        });
        let lines = pages.outline.iter().map(|line| (line.page, line.top));
        let height = pages.trim.height;
        let places: BTreeSet<Place> = goals
            .chain(lines)
            .filter(|(page, _)| *page < pages.pages.len())
            .map(|(page, top)| (page, whole_points(height - top)))
            .collect();
        let places = Vec::from_iter(places);
        let mut names = BTreeMap::new();
        let mut taken = BTreeSet::new();
        for on_page in places.chunk_by(|a, b| a.0 == b.0) {
            let page = on_page[0].0;
            let folio = pages.pages[page].folio.map(|folio| folio.to_string());
            let name = folio.filter(|folio| taken.insert(folio.clone()));
            // A page without a number of its own is the so-manieth of the file.
            let name = name.unwrap_or_else(|| format!("p{}", page + 1));
            for (at, place) in on_page.iter().rev().enumerate() {
                names.insert(*place, format!("{name}.{}", at + 1));
            }
        }
        Destinations { names, height }
    }

    /// The name of a place that something leads to.
    pub(super) fn name(&self, page: usize, top: Length) -> Option<&str> {
        let place = (page, whole_points(self.height - top));
        self.names.get(&place).map(String::as_str)
    }

    /// How long the longest name is.
    pub(super) fn longest(&self) -> usize {
        self.names
            .values()
            .map(String::len)
            .max()
            .unwrap_or_default()
    }

    /// Writes the tree of names (PDF 1.7 §12.3.2.3): the page and the height on it from
    /// which on it is shown, at the zoom that is set.
    pub(super) fn write(&self, pages: &[ObjectId], document: &mut Document) -> Option<ObjectId> {
        if self.names.is_empty() {
            return None;
        }
        let sorted: BTreeMap<&str, Place> = self
            .names
            .iter()
            .map(|(place, name)| (name.as_str(), *place))
            .collect();
        let entries = sorted.into_iter().flat_map(|(name, (page, height))| {
            let place = vec![
                pages[page].into(),
                super::objects::name("XYZ"),
                0.into(),
                height.into(),
                Object::Null,
            ];
            [bytes(name), Object::Array(place)]
        });
        let tree = dictionary([("Names", Object::Array(entries.collect()))]);
        Some(document.add_object(tree))
    }
}
