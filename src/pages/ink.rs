//! How near the words and lines of a book come to the edges of its pages.

use super::{Item, Page, Pages};
use crate::units::{Length, Rect};

/// The least distance from each edge that any page leaves free.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Free {
    pub top: Length,
    pub bottom: Length,
    /// At the edge where pages are bound: the left of rectos.
    pub inner: Length,
    pub outer: Length,
}

/// What all pages of a book leave free; all of a page where none has anything on it.
pub fn free(pages: &Pages) -> Free {
    let mut free = Free {
        top: pages.trim.height,
        bottom: pages.trim.height,
        inner: pages.trim.width,
        outer: pages.trim.width,
    };
    for (at, page) in pages.pages.iter().enumerate() {
        for area in areas(page) {
            let left = area.origin.x;
            let right = pages.trim.width - area.origin.x - area.size.width;
            let recto = at % 2 == 0;
            let (inner, outer) = if recto { (left, right) } else { (right, left) };
            free.inner = free.inner.min(inner);
            free.outer = free.outer.min(outer);
            free.top = free.top.min(area.origin.y);
            let bottom = pages.trim.height - area.origin.y - area.size.height;
            free.bottom = free.bottom.min(bottom);
        }
    }
    free
}

/// Where the items of a page stand. A run is taken to be as high as its type, and to hang
/// below its base line by a third.
fn areas(page: &Page) -> impl Iterator<Item = Rect> {
    page.items.iter().map(|item| match item {
        Item::Rule { rect, .. } | Item::Picture { rect, .. } => *rect,
        Item::Run(run) => {
            let mut area = Rect {
                origin: run.origin,
                ..Rect::default()
            };
            area.origin.y -= run.size;
            area.size.width = run.glyphs.iter().map(|glyph| glyph.advance).sum();
            area.size.height = run.size + run.size / 3;
            area
        }
    })
}
