//! The logical structure: the tree that a reader's voice follows, and the ways from a
//! page's marks and links into it (PDF 1.7 §14.7, PDF/UA-1).

use std::ops::Range;

use lopdf::{Document, Object, ObjectId};

use super::content::Content;
use super::details::Details;
use super::navigation::PlacedLink;
use super::objects::{bytes, count, dictionary, name};
use super::texts::{Sheaf, Texts};
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
    /// Its own marked stretches, in [`Tree::words`].
    words: Range<usize>,
    /// Its links, in [`Tree::links`].
    links: Range<usize>,
    first_child: Option<usize>,
    last_child: Option<usize>,
    next: Option<usize>,
    /// Where its words or its children's begin: a page, and a stretch's number there.
    begins: Option<(usize, usize)>,
    /// Whether it is written: it holds something, or a table needs it.
    kept: bool,
    /// Whether it is written as a row among those of other links.
    in_rows: bool,
    id: ObjectId,
}

impl Node<'_> {
    fn new<'p>(kind: TagKind, parent: usize) -> Node<'p> {
        Node {
            kind,
            parent,
            lang: None,
            alt: None,
            words: 0..0,
            links: 0..0,
            first_child: None,
            last_child: None,
            next: None,
            begins: None,
            kept: false,
            in_rows: false,
            id: (0, 0),
        }
    }
}

/// The tree of elements; every node's parent stands before it.
struct Tree<'p> {
    /// What the first node hangs from.
    root: ObjectId,
    nodes: Vec<Node<'p>>,
    /// How far nodes lie behind the tags that they were made from.
    shift: usize,
    /// Marked stretches by their nodes: the node, the page, the number there.
    words: Vec<(usize, usize, usize)>,
    /// Links by their nodes: the node, and the link's place among all.
    links: Vec<(usize, usize)>,
}

/// What was set on the pages.
pub(super) struct Placed<'w> {
    pub(super) pages: &'w [ObjectId],
    pub(super) contents: &'w [Content],
    pub(super) links: &'w [PlacedLink],
    pub(super) details: &'w Details,
}

/// Writes the tree; what the catalog points to. `None` when nothing is tagged.
pub(super) fn write(
    pages: &Pages,
    placed: &Placed<'_>,
    document: &mut Document,
    texts: &mut Texts,
) -> Option<ObjectId> {
    if pages.structure.is_empty() {
        return None;
    }
    let mut tree = Tree::plant(pages, document.new_object_id());
    tree.hang_words(placed.contents);
    tree.hang_links(placed.links);
    tree.settle(placed.links);
    tree.number(placed.links, placed.details, document);
    let mut notes = Vec::new();
    for at in 0..tree.nodes.len() {
        if tree.nodes[at].in_rows {
            tree.link_row(at, placed, texts);
        } else if tree.nodes[at].kept {
            texts.begin(tree.nodes[at].id, Sheaf::Loose);
            tree.element(at, placed, texts);
            tree.describe(at, placed.details, texts);
            if tree.nodes[at].kind == TagKind::Note {
                let id = format!("note-{:06}", notes.len() / 2 + 1);
                texts.put("/ID");
                texts.string(id.as_bytes());
                notes.extend([bytes(id), tree.nodes[at].id.into()]);
            }
            texts.put(">>");
        }
    }
    let parents = document.new_object_id();
    tree.parents(parents, placed.contents, document, texts);
    let mut entries = dictionary([
        ("Type", name("StructTreeRoot")),
        ("K", tree.nodes[0].id.into()),
        ("ParentTree", parents.into()),
        (
            "ParentTreeNextKey",
            count(placed.pages.len() + placed.links.len()),
        ),
        ("RoleMap", dictionary([("Aside", name("Sect"))]).into()),
    ]);
    if !notes.is_empty() {
        let names = dictionary([("Names", Object::Array(notes))]);
        entries.set("IDTree", document.add_object(names));
    }
    document.set_object(tree.root, entries);
    Some(tree.root)
}

impl<'p> Tree<'p> {
    /// One node for each tag, all below one document.
    fn plant(pages: &'p Pages, root: ObjectId) -> Tree<'p> {
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
            root,
            nodes,
            shift,
            words: Vec::new(),
            links: Vec::new(),
        }
    }

    fn node_of(&self, tag: TagId) -> usize {
        tag.0 as usize + self.shift
    }

    fn hang_words(&mut self, contents: &[Content]) {
        for (page, content) in contents.iter().enumerate() {
            for (number, &tag) in content.tags.iter().enumerate() {
                let node = self.node_of(tag);
                self.words.push((node, page, number));
            }
        }
        self.words.sort_unstable();
        let mut start = 0;
        for own in self.words.chunk_by(|a, b| a.0 == b.0) {
            self.nodes[own[0].0].words = start..start + own.len();
            start += own.len();
        }
    }

    /// Links belong to link elements; where a book has none for one, it is made (PDF/UA-1
    /// §7.18.5).
    fn hang_links(&mut self, links: &[PlacedLink]) {
        for (at, link) in links.iter().enumerate() {
            let tagged = link.tag.map(|tag| self.node_of(tag));
            let tagged = tagged.filter(|node| *node < self.nodes.len());
            let node = match tagged {
                Some(node) if self.nodes[node].kind == TagKind::Link => node,
                Some(_) | None => {
                    let link = Node::new(TagKind::Link, tagged.unwrap_or(0));
                    self.nodes.push(link);
                    self.nodes.len() - 1
                }
            };
            self.links.push((node, at));
        }
        self.links.sort_unstable();
        let mut start = 0;
        for own in self.links.chunk_by(|a, b| a.0 == b.0) {
            self.nodes[own[0].0].links = start..start + own.len();
            start += own.len();
        }
    }

    /// Decides which elements are written, and where the words of each begin.
    fn settle(&mut self, links: &[PlacedLink]) {
        for at in (0..self.nodes.len()).rev() {
            let own = self.words.get(self.nodes[at].words.clone());
            let own = own.and_then(|own| own.first()).map(|word| (word.1, word.2));
            // A link without words of its own comes after those of its page.
            let link = self.links.get(self.nodes[at].links.clone());
            let link = link.and_then(|own| own.first());
            let own = own.or(link.map(|link| (links[link.1].page, usize::MAX)));
            let node = &mut self.nodes[at];
            node.begins = [own, node.begins].into_iter().flatten().min();
            let in_table = matches!(
                node.kind,
                TagKind::TableRow | TagKind::TableHead | TagKind::TableCell
            );
            node.kept |= own.is_some() || in_table || at == 0;
            let (parent, begins, kept) = (node.parent, node.begins, node.kept);
            if at > 0 {
                let parent = &mut self.nodes[parent];
                parent.begins = [parent.begins, begins].into_iter().flatten().min();
                parent.kept |= kept;
            }
        }
        for at in 0..self.nodes.len() {
            if self.nodes[at].kept {
                self.hang(at);
            }
        }
    }

    /// Numbers the elements, those that stand together in the file together.
    fn number(&mut self, links: &[PlacedLink], details: &Details, document: &mut Document) {
        for at in 0..self.nodes.len() {
            self.nodes[at].in_rows = self.nodes[at].kept && self.is_row(at, links, details);
        }
        for in_rows in [false, true] {
            let nodes = self.nodes.iter_mut();
            for node in nodes.filter(|node| node.kept && node.in_rows == in_rows) {
                node.id = document.new_object_id();
            }
        }
    }

    /// Whether an element is a link's that holds one stretch of words and one link on the
    /// same page, as nearly all do.
    fn is_row(&self, at: usize, links: &[PlacedLink], details: &Details) -> bool {
        let node = &self.nodes[at];
        let words = &self.words[node.words.clone()];
        let own = &self.links[node.links.clone()];
        let ([word], [link]) = (words, own) else {
            return false;
        };
        node.kind == TagKind::Link
            && node.first_child.is_none()
            && (node.lang, node.alt) == (None, None)
            && self.attributes(at, details).is_none()
            && links[link.1].page == word.1
    }

    /// Makes a node the last child of its parent.
    fn hang(&mut self, at: usize) {
        if at > 0 {
            let parent = self.nodes[at].parent;
            let parent = &mut self.nodes[parent];
            parent.first_child.get_or_insert(at);
            if let Some(before) = parent.last_child.replace(at) {
                self.nodes[before].next = Some(at);
            }
        }
    }

    /// A link's element as a row among others.
    fn link_row(&self, at: usize, placed: &Placed<'_>, texts: &mut Texts) {
        let node = &self.nodes[at];
        let (_, page, number) = self.words[node.words.start];
        let link = &placed.links[self.links[node.links.start].1];
        texts.begin(node.id, Sheaf::Links);
        texts.put("<</S/Link/P ");
        texts.aligned_reference(self.nodes[node.parent].id);
        texts.put("/Pg ");
        texts.aligned_reference(placed.pages[page]);
        texts.put("/K[");
        texts.aligned(number);
        texts.put("<</Type/OBJR/Obj ");
        texts.aligned_reference(link.id);
        texts.put(">>]>>");
    }

    /// An element with what it holds in the order of reading, but for its end: its children
    /// as the book orders them, its own words between them where they stand.
    fn element(&self, at: usize, placed: &Placed<'_>, texts: &mut Texts) {
        let node = &self.nodes[at];
        let words = &self.words[node.words.clone()];
        let links = &self.links[node.links.clone()];
        let page = words.first().map(|word| word.1);
        let page = page.or_else(|| links.first().map(|link| placed.links[link.1].page));
        texts.put("<</S/");
        texts.put(role(node.kind));
        texts.put("/P ");
        texts.reference(if at == 0 {
            self.root
        } else {
            self.nodes[node.parent].id
        });
        if let Some(page) = page {
            texts.put("/Pg ");
            texts.reference(placed.pages[page]);
        }
        texts.put("/K[");
        let mut words = words.iter().peekable();
        let mut child = node.first_child;
        while let Some(at) = child {
            let inner = &self.nodes[at];
            let before = |word: &&(usize, usize, usize)| {
                inner.begins.is_some_and(|begins| (word.1, word.2) < begins)
            };
            while let Some(word) = words.next_if(before) {
                stretch(word, page, placed, texts);
            }
            texts.reference(inner.id);
            texts.put(" ");
            child = inner.next;
        }
        words.for_each(|word| stretch(word, page, placed, texts));
        for &(_, link) in links {
            let link = &placed.links[link];
            texts.put("<</Type/OBJR/Obj ");
            texts.reference(link.id);
            if Some(link.page) != page {
                texts.put("/Pg ");
                texts.reference(placed.pages[link.page]);
            }
            texts.put(">>");
        }
        texts.put("]");
    }

    /// What an element says of itself beside its content.
    fn describe(&self, at: usize, details: &Details, texts: &mut Texts) {
        let node = &self.nodes[at];
        if let Some(lang) = node.lang {
            texts.put("/Lang");
            texts.string(lang.as_bytes());
        }
        if let Some(alt) = node.alt {
            texts.put("/Alt");
            texts.text(alt);
        }
        if let Some(attributes) = self.attributes(at, details) {
            texts.put("/A");
            texts.object(&attributes.into());
        }
    }

    fn attributes(&self, at: usize, details: &Details) -> Option<lopdf::Dictionary> {
        let tag = at.checked_sub(self.shift)?;
        details.attributes(tag, self.nodes[at].kind)
    }

    /// The way back: from each page's marks, then from each link, to its element.
    fn parents(
        &self,
        id: ObjectId,
        contents: &[Content],
        document: &mut Document,
        texts: &mut Texts,
    ) {
        let pages: Vec<ObjectId> = contents.iter().map(|_| document.new_object_id()).collect();
        for (content, &page) in contents.iter().zip(&pages) {
            texts.begin_table(page, Sheaf::Turns, "[");
            for &tag in &content.tags {
                texts.aligned_reference(self.nodes[self.node_of(tag)].id);
                texts.end_cell();
            }
            texts.put("]");
            texts.end_cell();
        }
        let mut owners: Vec<(usize, usize)> = self
            .links
            .iter()
            .map(|&(node, link)| (link, node))
            .collect();
        owners.sort_unstable();
        let owners = owners.into_iter().map(|(_, node)| self.nodes[node].id);
        texts.begin_table(id, Sheaf::Tables, "<</Nums[");
        for (number, target) in pages.into_iter().chain(owners).enumerate() {
            texts.aligned(number);
            texts.put(" ");
            texts.aligned_reference(target);
            texts.end_cell();
        }
        texts.put("]>>");
        texts.end_cell();
    }
}

/// A marked stretch as an element's kid; `page` is the page that the element names itself.
fn stretch(
    &(_, on, number): &(usize, usize, usize),
    page: Option<usize>,
    placed: &Placed<'_>,
    texts: &mut Texts,
) {
    if Some(on) == page {
        texts.number(number);
        texts.put(" ");
        return;
    }
    texts.put("<</Type/MCR/Pg ");
    texts.reference(placed.pages[on]);
    texts.put("/MCID ");
    texts.number(number);
    texts.put(">>");
}
