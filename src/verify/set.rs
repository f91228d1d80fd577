//! The pages as they were set, read in the order of their structure: what files without a
//! structure of their own, such as sheets for the printer, are compared by.

use super::found::{Found, Lead};
use super::listener::{Listener, Role};
use super::words::Words;
use crate::pages::{Item, LinkTarget, Pages, Run, TagId, TagKind};

/// The text of all pages in the order of reading.
pub(super) fn read(pages: &Pages, words: &mut Words) -> Found {
    let mut tree = Tree {
        pages,
        nodes: vec![Node::default(); pages.structure.len()],
        listener: Listener::default(),
        last: None,
    };
    tree.hang();
    for (at, tag) in pages.structure.iter().enumerate() {
        if tag.parent.is_none_or(|parent| parent.0 as usize >= at) {
            tree.tell(at);
        }
    }
    tree.listener.finish(Vec::<((), usize)>::new(), words).0
}

/// An element: what it holds itself, and the elements in it.
#[derive(Clone, Default)]
struct Node {
    children: Vec<usize>,
    /// Its own words by their pages and places there.
    own: Vec<(u32, usize)>,
    /// Where its words or those in it begin.
    begins: Option<(u32, usize)>,
    leads: Option<u32>,
}

struct Tree<'p> {
    pages: &'p Pages,
    nodes: Vec<Node>,
    listener: Listener,
    /// The run that was told last.
    last: Option<&'p Run>,
}

impl<'p> Tree<'p> {
    fn hang(&mut self) {
        for (page, number) in self.pages.pages.iter().zip(0..) {
            for (at, item) in page.items.iter().enumerate() {
                if let Item::Run(run) = item
                    && let Some(node) = self.node(run.tag)
                {
                    node.own.push((number, at));
                }
            }
            for link in &page.links {
                if let LinkTarget::Page { page, .. } = link.to
                    && let Some(node) = self.node(link.tag)
                {
                    node.leads = u32::try_from(page).ok();
                }
            }
        }
        for at in (0..self.nodes.len()).rev() {
            let own = self.nodes[at].own.first().copied();
            let node = &mut self.nodes[at];
            node.begins = [own, node.begins].into_iter().flatten().min();
            node.children.reverse();
            let (begins, leads) = (node.begins, node.leads);
            let parent = self.pages.structure[at].parent;
            if let Some(parent) = parent.filter(|parent| (parent.0 as usize) < at) {
                let parent = &mut self.nodes[parent.0 as usize];
                parent.children.push(at);
                parent.begins = [parent.begins, begins].into_iter().flatten().min();
                parent.leads = parent.leads.or(leads);
            }
        }
    }

    fn node(&mut self, tag: Option<TagId>) -> Option<&mut Node> {
        self.nodes.get_mut(tag?.0 as usize)
    }

    /// Tells an element's words and those of the elements in it where they begin.
    fn tell(&mut self, at: usize) {
        let node = std::mem::take(&mut self.nodes[at]);
        let role = role(self.pages.structure[at].kind);
        if !self.listener.enter(role) {
            return;
        }
        if let Some(page) = node.leads {
            self.listener.leads(Lead::Page(page));
        }
        let mut own = node.own.iter().peekable();
        for child in node.children {
            let begins = self.nodes[child].begins;
            while let Some(place) = own.next_if(|own| begins.is_some_and(|begins| **own < begins)) {
                self.say(*place);
            }
            self.tell(child);
        }
        own.for_each(|place| self.say(*place));
        self.listener.leave(role);
    }

    fn say(&mut self, (page, at): (u32, usize)) {
        let pages: &'p Pages = self.pages;
        if let Item::Run(run) = &pages.pages[page as usize].items[at] {
            if self
                .last
                .replace(run)
                .is_some_and(|last| ends_at_space(last, run))
            {
                self.listener.text(" ", Some(page));
            }
            self.listener.text(&super::sight::spoken(run), Some(page));
        }
    }
}

/// Whether a line ends between two runs, and not inside a word: a page does not show the
/// space there.
fn ends_at_space(run: &Run, next: &Run) -> bool {
    let is_new_line = run.origin.y != next.origin.y || next.origin.x < run.origin.x;
    let goes_on = match (run.span, next.span) {
        (Some(span), Some(next)) => span.source == next.source && span.end == next.start,
        (None, _) | (_, None) => false,
    };
    let divided = run.glyphs.last().is_some_and(|glyph| glyph.added_hyphen);
    is_new_line && !goes_on && !divided
}

fn role(kind: TagKind) -> Role {
    match kind {
        TagKind::Reference => Role::Call,
        TagKind::Contents => Role::Left,
        TagKind::Span | TagKind::Link => Role::Inline,
        TagKind::Note => Role::Note,
        TagKind::Label => Role::Label,
        TagKind::Document
        | TagKind::Section
        | TagKind::Heading(_)
        | TagKind::Paragraph
        | TagKind::Quote
        | TagKind::Aside
        | TagKind::List
        | TagKind::ListItem
        | TagKind::ListBody
        | TagKind::Table
        | TagKind::TableRow
        | TagKind::TableHead
        | TagKind::TableCell
        | TagKind::Figure
        | TagKind::Caption
        | TagKind::ContentsItem
        | TagKind::Index => Role::Block,
    }
}
