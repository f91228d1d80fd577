//! The logical structure: the tree that a reader's voice follows, and the ways from a
//! page's marks and links into it (PDF 1.7 §14.7, PDF/UA-1).

use lopdf::{Dictionary, Document, Object, ObjectId};

use super::content::Content;
use super::details;
use super::navigation::PlacedLink;
use super::objects::{bytes, count, dictionary, name, text};
use crate::pages::{Pages, TagId, TagKind};

/// The structure type that a kind is written as.
pub(super) fn role(kind: TagKind) -> &'static str {
    match kind {
        TagKind::Document => "Document",
        TagKind::Section => "Sect",
        TagKind::Heading(0 | 1) => "H1",
        TagKind::Heading(2) => "H2",
        TagKind::Heading(3) => "H3",
        TagKind::Heading(4) => "H4",
        TagKind::Heading(5) => "H5",
        TagKind::Heading(_) => "H6",
        TagKind::Paragraph => "P",
        TagKind::Quote => "BlockQuote",
        TagKind::Aside => "Aside",
        TagKind::List => "L",
        TagKind::ListItem => "LI",
        TagKind::ListBody => "LBody",
        TagKind::Label => "Lbl",
        TagKind::Table => "Table",
        TagKind::TableRow => "TR",
        TagKind::TableHead => "TH",
        TagKind::TableCell => "TD",
        TagKind::Figure => "Figure",
        TagKind::Caption => "Caption",
        TagKind::Note => "Note",
        TagKind::Reference => "Reference",
        TagKind::Link => "Link",
        TagKind::Span => "Span",
        TagKind::Contents => "TOC",
        TagKind::ContentsItem => "TOCI",
        TagKind::Index => "Index",
    }
}

/// An element while the tree is built.
struct Node<'p> {
    kind: TagKind,
    /// An earlier node; the first one's is itself.
    parent: usize,
    lang: Option<&'p str>,
    alt: Option<&'p str>,
    /// Its own marked stretches, each a page and the stretch's number there, in order.
    content: Vec<(usize, usize)>,
    /// Its links, by their place among all links.
    links: Vec<usize>,
    children: Vec<usize>,
    /// Where its content or its children's begins.
    first: Option<(usize, usize)>,
    /// Whether it is written: it holds something, or a table needs it.
    kept: bool,
    id: ObjectId,
}

impl Node<'_> {
    fn new<'p>(kind: TagKind, parent: usize) -> Node<'p> {
        Node {
            kind,
            parent,
            lang: None,
            alt: None,
            content: Vec::new(),
            links: Vec::new(),
            children: Vec::new(),
            first: None,
            kept: false,
            id: (0, 0),
        }
    }
}

/// The tree of elements; every node's parent stands before it.
struct Tree<'p> {
    nodes: Vec<Node<'p>>,
    /// How far nodes lie behind the tags that they were made from.
    shift: usize,
    /// The node of each link.
    owners: Vec<usize>,
}

/// Writes the tree; what the catalog points to. `None` when nothing is tagged.
pub(super) fn write(
    pages: &Pages,
    contents: &[Content],
    links: &[PlacedLink],
    page_ids: &[ObjectId],
    document: &mut Document,
) -> Option<ObjectId> {
    if pages.structure.is_empty() {
        return None;
    }
    let mut tree = Tree::plant(pages);
    tree.hang_content(contents);
    tree.hang_links(links);
    tree.settle(links, document);
    let root = document.new_object_id();
    let details = details::Details::gather(pages);
    let mut notes = Vec::new();
    for at in 0..tree.nodes.len() {
        if tree.nodes[at].kept {
            let mut element = tree.element(at, root, links, page_ids);
            tree.describe(at, &details, &mut element);
            if tree.nodes[at].kind == TagKind::Note {
                let id = format!("note-{:06}", notes.len() / 2 + 1);
                element.set("ID", bytes(id.clone()));
                notes.extend([bytes(id), tree.nodes[at].id.into()]);
            }
            document.set_object(tree.nodes[at].id, element);
        }
    }
    let parents = tree.parents(contents, links, document);
    let mut entries = dictionary([
        ("Type", name("StructTreeRoot")),
        ("K", tree.nodes[0].id.into()),
        ("ParentTree", document.add_object(parents).into()),
        ("ParentTreeNextKey", count(contents.len() + links.len())),
        ("RoleMap", dictionary([("Aside", name("Sect"))]).into()),
    ]);
    if !notes.is_empty() {
        let names = dictionary([("Names", Object::Array(notes))]);
        entries.set("IDTree", document.add_object(names));
    }
    document.set_object(root, entries);
    Some(root)
}

impl<'p> Tree<'p> {
    /// One node for each tag, all below one document.
    fn plant(pages: &'p Pages) -> Tree<'p> {
        let has_top = pages.structure[0].kind == TagKind::Document;
        let shift = usize::from(!has_top);
        let mut nodes = Vec::with_capacity(pages.structure.len() + shift);
        if !has_top {
            nodes.push(Node::new(TagKind::Document, 0));
        }
        for (at, tag) in pages.structure.iter().enumerate() {
            let parent = tag.parent.map(|parent| parent.0 as usize);
            let parent = parent.filter(|parent| *parent < at);
            nodes.push(Node {
                lang: tag.lang.as_deref(),
                alt: tag.alt.as_deref(),
                ..Node::new(tag.kind, parent.map_or(0, |parent| parent + shift))
            });
        }
        Tree {
            nodes,
            shift,
            owners: Vec::new(),
        }
    }

    fn node_of(&self, tag: TagId) -> usize {
        tag.0 as usize + self.shift
    }

    fn hang_content(&mut self, contents: &[Content]) {
        for (page, content) in contents.iter().enumerate() {
            for (number, &tag) in content.tags.iter().enumerate() {
                let node = self.node_of(tag);
                self.nodes[node].content.push((page, number));
            }
        }
    }

    /// Links belong to link elements; where a book has none for one, it is made (PDF/UA-1
    /// §7.18.5).
    fn hang_links(&mut self, links: &[PlacedLink]) {
        for (at, link) in links.iter().enumerate() {
            let tagged = link.tag.map(|tag| self.node_of(tag));
            let tagged = tagged.filter(|node| *node < self.nodes.len());
            let owner = match tagged {
                Some(node) if self.nodes[node].kind == TagKind::Link => node,
                Some(_) | None => {
                    let link = Node::new(TagKind::Link, tagged.unwrap_or(0));
                    self.nodes.push(link);
                    self.nodes.len() - 1
                }
            };
            self.nodes[owner].links.push(at);
            self.owners.push(owner);
        }
    }

    /// Decides which elements are written, and where each one's content begins.
    fn settle(&mut self, links: &[PlacedLink], document: &mut Document) {
        for at in (0..self.nodes.len()).rev() {
            let node = &mut self.nodes[at];
            // A link without words of its own comes after those of its page.
            let link = node
                .links
                .first()
                .map(|&link| (links[link].page, usize::MAX));
            let own = node.content.first().copied().or(link);
            node.first = [own, node.first].into_iter().flatten().min();
            let in_table = matches!(
                node.kind,
                TagKind::TableRow | TagKind::TableHead | TagKind::TableCell
            );
            node.kept |= own.is_some() || in_table || at == 0;
            let (parent, first, kept) = (node.parent, node.first, node.kept);
            if at > 0 {
                let parent = &mut self.nodes[parent];
                parent.first = [parent.first, first].into_iter().flatten().min();
                parent.kept |= kept;
            }
        }
        for at in 0..self.nodes.len() {
            if self.nodes[at].kept {
                self.nodes[at].id = document.new_object_id();
                let parent = self.nodes[at].parent;
                if at > 0 {
                    self.nodes[parent].children.push(at);
                }
            }
        }
    }

    /// An element with what it holds in the order of reading: its children as the book
    /// orders them, its own words between them where they stand.
    fn element(
        &self,
        at: usize,
        root: ObjectId,
        links: &[PlacedLink],
        page_ids: &[ObjectId],
    ) -> Dictionary {
        let node = &self.nodes[at];
        let page = node.content.first().map(|place| place.0);
        let page = page.or_else(|| node.links.first().map(|&link| links[link].page));
        let mut kids = Vec::new();
        let mut words = node.content.iter().peekable();
        let marked = |&(on, number): &(usize, usize)| {
            if Some(on) == page {
                return count(number);
            }
            let kind = ("Type", name("MCR"));
            dictionary([kind, ("Pg", page_ids[on].into()), ("MCID", count(number))]).into()
        };
        for &child in &node.children {
            let first = self.nodes[child].first;
            while let Some(place) =
                words.next_if(|place| first.is_some_and(|first| **place < first))
            {
                kids.push(marked(place));
            }
            kids.push(self.nodes[child].id.into());
        }
        kids.extend(words.map(marked));
        kids.extend(node.links.iter().map(|&link| {
            let link = &links[link];
            let kind = ("Type", name("OBJR"));
            dictionary([
                kind,
                ("Obj", link.id.into()),
                ("Pg", page_ids[link.page].into()),
            ])
            .into()
        }));
        let parent = if at == 0 {
            root
        } else {
            self.nodes[node.parent].id
        };
        let mut element = dictionary([("S", name(role(node.kind))), ("P", parent.into())]);
        if let Some(page) = page {
            element.set("Pg", page_ids[page]);
        }
        match kids.len() {
            0 => {}
            1 => element.set("K", kids.remove(0)),
            _ => element.set("K", kids),
        }
        element
    }

    /// What an element says of itself beside its content.
    fn describe(&self, at: usize, details: &details::Details, element: &mut Dictionary) {
        let node = &self.nodes[at];
        if let Some(lang) = node.lang {
            element.set("Lang", bytes(lang));
        }
        if let Some(alt) = node.alt {
            element.set("Alt", text(alt));
        }
        let tag = at.checked_sub(self.shift);
        if let Some(attributes) = tag.and_then(|tag| details.attributes(tag, node.kind)) {
            element.set("A", attributes);
        }
    }

    /// The way back: from each page's marks, then from each link, to its element.
    fn parents(
        &self,
        contents: &[Content],
        links: &[PlacedLink],
        document: &mut Document,
    ) -> Dictionary {
        let mut numbers = Vec::with_capacity(2 * (contents.len() + links.len()));
        for (page, content) in contents.iter().enumerate() {
            let elements = content
                .tags
                .iter()
                .map(|&tag| self.nodes[self.node_of(tag)].id.into());
            let elements: Vec<Object> = elements.collect();
            numbers.extend([count(page), document.add_object(elements).into()]);
        }
        for (link, &owner) in self.owners.iter().enumerate() {
            numbers.extend([count(contents.len() + link), self.nodes[owner].id.into()]);
        }
        dictionary([("Nums", Object::Array(numbers))])
    }
}
