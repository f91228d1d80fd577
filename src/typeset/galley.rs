//! The vertical list of a section: rows that no page break divides, with the spaces between
//! them, what it costs to begin a page with them, and the notes that they call.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use crate::edition::{NoteId, Series};
use crate::figures::Drawing;
use crate::pages::{Tag, TagId, TagKind};
use crate::source::PassageId;
use crate::typeset::line::{Line, ParagraphStyle};
use crate::units::Length;

/// How bad it is to begin a page somewhere: 100 is a page short by one line.
pub type Cost = i64;

/// After one line of a paragraph.
pub const ORPHAN: Cost = 3_000;
/// Before the last line of a paragraph.
pub const WIDOW: Cost = 5_000;
/// Within a divided word.
pub const DIVIDED_WORD: Cost = 2_400;
/// After a heading, and what else must not stand at the foot of a page.
pub const AFTER_HEADING: Cost = 20_000;
/// Inside of what is never divided where a page can hold it.
pub const TOGETHER: Cost = 1_000_000;
/// After the first line below a heading.
pub const NEAR_HEADING: Cost = 8_000;

/// What stands on a line of the page, and is not divided.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// Above it; falls away at the head of a page.
    pub space: Length,
    /// Whether that space may be a line larger on a page that would end short.
    pub stretch: bool,
    pub height: Length,
    /// Whether it begins on a line of the grid.
    pub grid: bool,
    /// What it costs to begin a page with it.
    pub cost: Cost,
    pub parts: Vec<Part>,
    /// The notes called in it, in order.
    pub calls: Vec<NoteId>,
    /// One of [`Galley::heads`], which stands above it when it begins a page.
    pub head: Option<usize>,
    /// One of [`Galley::bars`], which runs beside it.
    pub bar: Option<usize>,
    pub margin: Margin,
    /// Whether it is of a figure that stands below its place in the text. The first such row
    /// begins a page.
    pub floated: bool,
}

/// What stands between a row and the one above it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Above {
    pub space: Length,
    pub stretch: bool,
    pub cost: Cost,
}

/// A figure that may stand further down than it is called.
#[derive(Clone, Debug)]
pub struct Float {
    /// Where it belongs.
    pub rows: Range<usize>,
    /// A row that it may not pass: a heading.
    pub limit: usize,
    /// What the row after it would have above it without the figure.
    pub without: Above,
}

/// What a row has to do with the numbers in the margin.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Margin {
    #[default]
    Nothing,
    /// It is counted among the lines of its page.
    Line,
    /// A paragraph of that number begins in it.
    Paragraph(usize),
}

/// Something in a row: `x` from the left edge of the text, `y` from the row's top.
#[derive(Clone, Debug)]
pub struct Part {
    pub x: Length,
    pub y: Length,
    pub matter: Matter,
}

/// What a part is.
#[derive(Clone, Debug)]
pub enum Matter {
    /// A line of text; `y` is its base line.
    Line {
        line: Arc<Line>,
        /// `None` for generated text, which no locator points into.
        passage: Option<PassageId>,
        tag: Option<TagId>,
        /// Pieces that have an element of their own, by their place in the line.
        piece_tags: Vec<(usize, TagId)>,
    },
    /// A passage without text, so that what points to it finds a place.
    Anchor(PassageId),
    Rule {
        width: Length,
        thickness: Length,
        grey: u8,
    },
    Picture {
        picture: usize,
        width: Length,
        height: Length,
        tag: TagId,
    },
    /// A figure drawn from data, measured from its upper left corner.
    Drawing { drawing: Drawing, tag: TagId },
}

/// A section's text, set and not yet broken into pages.
#[derive(Clone, Debug, Default)]
pub struct Galley {
    /// The rows of the text, and after them those of variants.
    pub rows: Vec<Row>,
    /// How the paragraphs are set that are long enough to have variants.
    pub paragraphs: Vec<(PassageId, ParagraphStyle)>,
    /// In the order of the paragraphs that they stand in for.
    pub variants: Vec<Variant>,
    /// What is repeated where a page begins inside: a table's head, an index heading.
    pub heads: Vec<Vec<Row>>,
    /// Where the bars of boxes stand, from the left edge of the text.
    pub bars: Vec<Length>,
    /// Figures in their order, and all rows as they were before any was moved.
    pub floats: Vec<Float>,
    pub home: Option<Vec<Row>>,
    pub notes: Vec<SetNote>,
    pub note_places: BTreeMap<NoteId, usize>,
    /// The section's structure; the first is the section itself.
    pub tags: Vec<Tag>,
    /// Headings for the outline: title, passage and level, 0 the highest.
    pub outline: Vec<(String, PassageId, u8)>,
}

/// A paragraph set in a line more or fewer, for pages that end badly without it.
#[derive(Clone, Debug)]
pub struct Variant {
    /// The rows of the text that it stands in for.
    pub of: Range<usize>,
    /// Its own.
    pub rows: Range<usize>,
    /// What it costs to set the paragraph so.
    pub cost: Cost,
}

/// A note, set for the foot of a page.
#[derive(Clone, Debug)]
pub struct SetNote {
    pub id: NoteId,
    pub series: Series,
    pub rows: Vec<Row>,
}

impl Row {
    /// An empty row.
    pub fn blank(height: Length) -> Row {
        Row {
            height,
            ..Row::default()
        }
    }

    /// What stands between it and the row above it.
    pub fn above(&self) -> Above {
        Above {
            space: self.space,
            stretch: self.stretch,
            cost: self.cost,
        }
    }

    /// Puts something else between them; gives what was there.
    pub fn swap_above(&mut self, above: Above) -> Above {
        let before = self.above();
        (self.space, self.stretch, self.cost) = (above.space, above.stretch, above.cost);
        before
    }
}

impl SetNote {
    /// How wide it is, if it is a single line.
    pub fn width_of_line(&self) -> Option<Length> {
        let [row] = self.rows.as_slice() else {
            return None;
        };
        let mut width = Length::ZERO;
        for part in &row.parts {
            match &part.matter {
                Matter::Line { line, .. } => width = width.max(part.x + line.width),
                Matter::Anchor(_) => {}
                Matter::Rule { .. } | Matter::Picture { .. } | Matter::Drawing { .. } => {
                    return None;
                }
            }
        }
        Some(width)
    }

    /// The height of some of its rows, as they follow each other.
    pub fn height(&self, rows: Range<usize>) -> Length {
        let first = rows.start;
        rows.map(|at| {
            let row = &self.rows[at];
            let space = if at == first { Length::ZERO } else { row.space };
            space + row.height
        })
        .sum()
    }
}

impl Galley {
    /// A galley that holds nothing, with its section's element.
    pub fn new() -> Galley {
        let mut galley = Galley::default();
        galley.tag(TagKind::Section, None);
        galley
    }

    /// The element of the section.
    pub fn root(&self) -> TagId {
        TagId(0)
    }

    /// Adds an element to the section's structure.
    pub fn tag(&mut self, kind: TagKind, parent: Option<TagId>) -> TagId {
        let id = u32::try_from(self.tags.len()).unwrap_or(u32::MAX);
        self.tags.push(Tag {
            kind,
            parent,
            lang: None,
            alt: None,
        });
        TagId(id)
    }

    /// How many rows the text has.
    pub fn text_rows(&self) -> usize {
        let own = self.variants.iter().map(|variant| variant.rows.start);
        own.min().unwrap_or(self.rows.len())
    }

    /// Takes all variants away.
    pub fn drop_variants(&mut self) {
        let text = self.text_rows();
        self.rows.truncate(text);
        self.variants.clear();
    }

    /// Where in [`Galley::variants`] those are of the paragraph that begins with a row.
    pub fn places_of_variants_at(&self, row: usize) -> Range<usize> {
        let from = self.variants.partition_point(|one| one.of.start < row);
        let more = self.variants[from..].iter();
        from..from + more.take_while(|one| one.of.start == row).count()
    }

    /// The variants of the paragraph that begins with a row.
    pub fn variants_at(&self, row: usize) -> &[Variant] {
        &self.variants[self.places_of_variants_at(row)]
    }

    /// The variant that a row belongs to.
    pub fn variant_of(&self, row: usize) -> &Variant {
        let own = self.variants.iter().find(|one| one.rows.contains(&row));
        own.expect("a row after those of the text is of a variant")
    }

    /// The height of the head that stands above a row when it begins a page.
    pub fn head_height(&self, row: usize) -> Length {
        let head = self.rows.get(row).and_then(|row| row.head);
        head.map_or(Length::ZERO, |head| {
            self.heads[head].iter().map(|row| row.height).sum()
        })
    }
}
