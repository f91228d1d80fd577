//! The tree of running text, shared by everything between the manuscript and the page.
//!
//! It is generic over what a reference is. In a chapter as written a reference is a
//! *name* ([`Name`]); in an edition it is a *target*, and a loose one does not type-check.

use crate::source::{PassageId, Span};

pub mod spacing;
mod ties;

/// A language tag, as BCP 47 writes it: `en-GB`, `es-CL`, `arn`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lang(pub String);

impl Lang {
    /// The primary language alone: `en` of `en-GB`.
    pub fn primary(&self) -> &str {
        self.0.split('-').next().unwrap_or_default()
    }

    /// The mark between the whole digits of a number and its decimals.
    pub fn decimal_mark(&self) -> char {
        match (self.primary(), self.0.as_str()) {
            ("en" | "zh" | "ja" | "ko" | "th" | "he" | "cy" | "ga", _) | (_, "es-MX") => '.',
            _ => ',',
        }
    }
}

/// A block of text.
#[derive(Clone, Debug, PartialEq)]
pub enum Block<R> {
    /// A heading inside a section: level 1 is the highest below the section's own title.
    Heading {
        level: u8,
        text: Passage<R>,
    },
    Paragraph(Passage<R>),
    /// A quotation, verse or motto, set apart.
    Quote {
        kind: QuoteKind,
        blocks: Vec<Block<R>>,
    },
    /// A text beside the running text, set in a frame.
    Box {
        title: Option<Passage<R>>,
        blocks: Vec<Block<R>>,
    },
    List(List<R>),
    Definitions {
        kind: DefinitionKind,
        items: Vec<Definition<R>>,
    },
    Table(Table<R>),
    Figure(Figure<R>),
    /// A change of scene: an ornament or a blank line.
    Break,
    /// Lines to be kept as they are, in a fixed pitch.
    Code(Passage<R>),
}

/// What is set apart, which decides how it looks and what a reader's voice calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuoteKind {
    Quotation,
    Verse,
    Epigraph,
}

/// A list; `start` is the first number of a numbered one.
#[derive(Clone, Debug, PartialEq)]
pub struct List<R> {
    pub start: Option<u64>,
    /// Whether the items stand without space between them.
    pub tight: bool,
    pub items: Vec<Vec<Block<R>>>,
}

/// What a list of definitions is, which decides its typography and its semantics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DefinitionKind {
    Plain,
    Glossary,
    /// Dates and what happened: the book's chronology, or a source's own timeline.
    Chronology,
}

/// A term, or a date, and what is said of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Definition<R> {
    pub term: Passage<R>,
    pub body: Vec<Block<R>>,
}

/// A table; every row has as many cells as `columns`.
#[derive(Clone, Debug, PartialEq)]
pub struct Table<R> {
    pub caption: Option<Passage<R>>,
    pub columns: Vec<Align>,
    pub head: Vec<Passage<R>>,
    pub rows: Vec<Vec<Passage<R>>>,
}

/// Where the text of a column stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    Left,
    Centre,
    Right,
}

/// A picture with its caption. `path` is relative to the pack.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure<R> {
    pub path: String,
    pub alt: String,
    pub caption: Option<Passage<R>>,
    pub span: Option<Span>,
}

/// The smallest unit that a locator points into: what is set as one paragraph.
#[derive(Clone, Debug, PartialEq)]
pub struct Passage<R> {
    /// Counted through a chapter as written, and through the whole book in an edition.
    pub id: PassageId,
    pub inlines: Vec<Inline<R>>,
    /// Where it stands in the manuscript; `None` for generated text.
    pub span: Option<Span>,
}

/// A piece of running text.
#[derive(Clone, Debug, PartialEq)]
pub enum Inline<R> {
    /// Characters; `span` is where they stand. Where the text and its span have the same
    /// length they agree byte for byte.
    Text {
        text: String,
        span: Option<Span>,
    },
    Styled(Style, Vec<Inline<R>>),
    /// A mark or a link: what it leads to, and the words that carry it. A note's call and a
    /// page number to be filled in have no words.
    Reference(R, Vec<Inline<R>>),
    /// A line end that the author wants.
    LineBreak,
}

/// How a piece of text differs from the text around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Style {
    Emphasis,
    Strong,
    /// Small capitals, for acronyms and the like; the text is written in capitals.
    SmallCaps,
    Superscript,
    Code,
    /// Words of another language: hyphenated and spoken by its rules; not by itself italic.
    Foreign(Lang),
}

/// A reference in a chapter as written: what it says, not yet what it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    pub kind: NameKind,
    /// The id, label or address, as written.
    pub id: String,
    pub span: Span,
}

/// What a reference in a chapter names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameKind {
    /// `term:`, a glossary term.
    Term,
    /// `event:`, an event of the chronology.
    Event,
    /// `index:`, an index heading, with subheadings after slashes.
    Index,
    /// `cite:`, a work cited; a locator may follow a `#`.
    Cite,
    /// A note of the author's or the editor's, by its label.
    Footnote,
    /// `page:` or `#`, another place in the book: a chapter's id.
    Place,
    /// A web or mail address.
    Web,
}

impl<R> Passage<R> {
    /// The plain text: what positions count in. Notes' calls and page numbers to be filled
    /// in are not part of it; a line break is `\n`.
    pub fn plain(&self) -> String {
        let mut plain = String::new();
        plain_of(&self.inlines, &mut plain);
        plain
    }

    /// Where the character at an offset of the plain text stands in the manuscript.
    pub fn place(&self, offset: usize) -> Option<Span> {
        place_of(&self.inlines, offset, &mut 0)
    }
}

/// The place of the character at an offset, in inlines that begin at `start`.
fn place_of<R>(inlines: &[Inline<R>], offset: usize, start: &mut usize) -> Option<Span> {
    for inline in inlines {
        match inline {
            Inline::Text { text, span } => {
                let from = text.floor_char_boundary(offset.saturating_sub(*start));
                *start += text.len();
                if offset < *start {
                    let span = (*span)?;
                    let exact = (span.end - span.start) as usize == text.len();
                    let length = text[from..].chars().next().map_or(1, char::len_utf8);
                    return Some(if exact {
                        span.part(from, from + length)
                    } else {
                        span
                    });
                }
            }
            Inline::Styled(_, inner) | Inline::Reference(_, inner) => {
                let found = place_of(inner, offset, start);
                if found.is_some() {
                    return found;
                }
            }
            Inline::LineBreak => *start += 1,
        }
    }
    None
}

/// Appends the plain text of some inlines.
pub fn plain_of<R>(inlines: &[Inline<R>], plain: &mut String) {
    for inline in inlines {
        match inline {
            Inline::Text { text, .. } => plain.push_str(text),
            Inline::Styled(_, inner) | Inline::Reference(_, inner) => plain_of(inner, plain),
            Inline::LineBreak => plain.push('\n'),
        }
    }
}

impl<R> Block<R> {
    /// Calls `visit` on every passage of the block, in reading order.
    pub fn each_passage<'a>(&'a self, visit: &mut dyn FnMut(&'a Passage<R>)) {
        match self {
            Block::Heading { text, .. } | Block::Paragraph(text) | Block::Code(text) => visit(text),
            Block::Quote { blocks, .. } => {
                blocks.iter().for_each(|block| block.each_passage(visit))
            }
            Block::Box { title, blocks } => {
                title.iter().for_each(&mut *visit);
                blocks.iter().for_each(|block| block.each_passage(visit));
            }
            Block::List(list) => list
                .items
                .iter()
                .flatten()
                .for_each(|block| block.each_passage(visit)),
            Block::Definitions { items, .. } => {
                for item in items {
                    visit(&item.term);
                    item.body.iter().for_each(|block| block.each_passage(visit));
                }
            }
            Block::Table(table) => {
                table
                    .caption
                    .iter()
                    .chain(&table.head)
                    .chain(table.rows.iter().flatten())
                    .for_each(visit);
            }
            Block::Figure(figure) => figure.caption.iter().for_each(visit),
            Block::Break => {}
        }
    }

    /// The same block with every passage made anew by `turn`, in reading order: how a
    /// chapter's names become an edition's targets.
    pub fn map_passages<S>(self, turn: &mut dyn FnMut(Passage<R>, Role) -> Passage<S>) -> Block<S> {
        let all = |blocks: Vec<Block<R>>, turn: &mut dyn FnMut(Passage<R>, Role) -> Passage<S>| {
            blocks
                .into_iter()
                .map(|block| block.map_passages(turn))
                .collect::<Vec<_>>()
        };
        match self {
            Block::Heading { level, text } => Block::Heading {
                level,
                text: turn(text, Role::Heading),
            },
            Block::Paragraph(text) => Block::Paragraph(turn(text, Role::Running)),
            Block::Code(text) => Block::Code(turn(text, Role::Code)),
            Block::Quote { kind, blocks } => Block::Quote {
                kind,
                blocks: all(blocks, turn),
            },
            Block::Box { title, blocks } => {
                let title = title.map(|title| turn(title, Role::Heading));
                Block::Box {
                    title,
                    blocks: all(blocks, turn),
                }
            }
            Block::List(list) => {
                let items = list.items.into_iter().map(|item| all(item, turn)).collect();
                Block::List(List {
                    start: list.start,
                    tight: list.tight,
                    items,
                })
            }
            Block::Definitions { kind, items } => {
                let one = |item: Definition<R>| {
                    let term = turn(item.term, Role::Heading);
                    Definition {
                        term,
                        body: all(item.body, turn),
                    }
                };
                Block::Definitions {
                    kind,
                    items: items.into_iter().map(one).collect(),
                }
            }
            Block::Table(table) => Block::Table(Table {
                caption: table.caption.map(|caption| turn(caption, Role::Caption)),
                columns: table.columns,
                head: table
                    .head
                    .into_iter()
                    .map(|cell| turn(cell, Role::Heading))
                    .collect(),
                rows: table
                    .rows
                    .into_iter()
                    .map(|row| row.into_iter().map(|cell| turn(cell, Role::Cell)).collect())
                    .collect(),
            }),
            Block::Figure(figure) => Block::Figure(Figure {
                path: figure.path,
                alt: figure.alt,
                caption: figure.caption.map(|caption| turn(caption, Role::Caption)),
                span: figure.span,
            }),
            Block::Break => Block::Break,
        }
    }
}

/// What a passage is where it stands, which decides what may be noted in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Running,
    Heading,
    Cell,
    Caption,
    Code,
}
