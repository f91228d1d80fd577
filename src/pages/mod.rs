//! The page model: what a PDF needs and no more. Nothing in it is left to decide.

use crate::fonts::FaceId;
use crate::source::{PassageId, Position, Span};
use crate::units::{Folio, Length, Point, Rect, Short, Size};

pub mod dump;
pub mod ink;
pub mod lines;
pub mod typography;

/// A whole book in pages.
#[derive(Clone, Debug, Default)]
pub struct Pages {
    pub info: Info,
    /// The finished page, after trimming.
    pub trim: Size,
    /// How far beyond the page its colours go, where sheets larger than it are trimmed by
    /// marks; `None` where sheets are of the page's size.
    pub bleed: Option<Length>,
    pub area: Area,
    pub pages: Vec<Page>,
    /// Contents as a reader's side bar shows it.
    pub outline: Vec<OutlineEntry>,
    /// The book's logical structure, in reading order; see [`Tag`].
    pub structure: Vec<Tag>,
    pub places: Places,
    /// The pictures that pages show, each once.
    pub pictures: Vec<Picture>,
}

/// Where running text stands on the pages.
#[derive(Clone, Copy, Debug, Default)]
pub struct Area {
    /// On right-hand pages, which are the first, the third and so on, and on left-hand ones.
    pub recto: Rect,
    pub verso: Rect,
    pub text_size: Length,
    /// From one base line to the next, and from the area's top to the first.
    pub leading: Length,
    pub first: Length,
}

/// What a PDF says of itself.
#[derive(Clone, Debug, Default)]
pub struct Info {
    pub title: String,
    pub authors: Vec<String>,
    pub subject: String,
    pub keywords: Vec<String>,
    /// BCP 47.
    pub language: String,
    /// The book's permanent name: `urn:uuid:…` or an ISBN.
    pub identifier: String,
    /// `YYYY-MM-DD`, from the manifest.
    pub date: String,
}

/// One page.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// The number it counts as, printed or not.
    pub folio: Option<Folio>,
    pub items: Vec<Item>,
    pub links: Vec<Link>,
}

/// Something on a page; `tag` is the structure it belongs to, `None` for what a reader's
/// voice passes over (rules, running heads, folios).
#[derive(Clone, Debug)]
pub enum Item {
    Run(Run),
    Rule {
        rect: Rect,
        grey: u8,
        tag: Option<TagId>,
    },
    Picture {
        picture: usize,
        rect: Rect,
        tag: Option<TagId>,
    },
}

/// Glyphs of one face and size on one base line.
#[derive(Clone, Debug)]
pub struct Run {
    pub face: FaceId,
    pub size: Length,
    /// How much wider than they are drawn the glyphs are set, in thousandths; narrower where
    /// it is negative. Their advances tell the widths as set.
    pub expansion: i16,
    /// The start of the base line.
    pub origin: Point,
    pub glyphs: Vec<Glyph>,
    /// The characters that the glyphs stand for, a hyphen added at a line's end included.
    pub text: String,
    /// What it is read and copied as, where that is not its text: the word that an initial
    /// begins is spoken whole by its other letters, and the initial then says nothing.
    pub spoken: Option<String>,
    /// Darkness of the ink: 0 black, 255 white.
    pub grey: u8,
    pub tag: Option<TagId>,
    pub span: Option<Span>,
}

/// One glyph of a run. A book has some two thousand to the page, so they are kept small.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Glyph {
    pub id: u16,
    /// From this glyph's origin to the next one's, with kerning and the line's spacing.
    pub advance: Short,
    /// Its offset from the pen, upwards positive in `y`.
    pub x: Short,
    pub y: Short,
    /// Where its characters begin in the run's text; glyphs of one cluster share it.
    pub cluster: u32,
    /// A hyphen that the line break added, which a search should not find.
    pub added_hyphen: bool,
}

/// An element of the logical structure, as PDF names them.
#[derive(Clone, Debug)]
pub struct Tag {
    pub kind: TagKind,
    /// Its place in the tree; a parent stands before its children.
    pub parent: Option<TagId>,
    /// Set where it differs from the book's language.
    pub lang: Option<String>,
    /// For a picture: what it shows.
    pub alt: Option<String>,
}

/// An element of [`Pages::structure`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TagId(pub u32);

/// The kinds of structure, after PDF 1.7 §14.8.4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TagKind {
    Document,
    Section,
    Heading(u8),
    Paragraph,
    Quote,
    Aside,
    List,
    ListItem,
    ListBody,
    Label,
    Table,
    TableRow,
    TableHead,
    TableCell,
    Figure,
    Caption,
    Note,
    Reference,
    Link,
    Span,
    Contents,
    ContentsItem,
    Index,
}

/// An area of a page that leads somewhere.
#[derive(Clone, Debug)]
pub struct Link {
    pub rect: Rect,
    pub to: LinkTarget,
    /// What it says to someone who cannot see it.
    pub label: String,
    pub tag: Option<TagId>,
}

/// Where a link leads.
#[derive(Clone, Debug, PartialEq)]
pub enum LinkTarget {
    Web(String),
    /// A page by its place in [`Pages::pages`] and a height on it.
    Page {
        page: usize,
        top: Length,
    },
}

/// A line of the outline.
#[derive(Clone, Debug)]
pub struct OutlineEntry {
    pub title: String,
    /// 0 for the highest.
    pub level: u8,
    pub page: usize,
    pub top: Length,
}

/// A picture, decoded as far as a PDF wants it.
#[derive(Clone, Debug)]
pub struct Picture {
    pub width: u32,
    pub height: u32,
    pub data: PictureData,
}

/// The picture's bytes.
#[derive(Clone, Debug)]
pub enum PictureData {
    /// A JPEG file, passed on byte for byte; `components` 1 or 3.
    Jpeg { bytes: Vec<u8>, components: u8 },
    /// Rows of 8-bit grey or RGB samples, with an alpha channel apart.
    Samples {
        components: u8,
        samples: Vec<u8>,
        alpha: Option<Vec<u8>>,
    },
    /// Areas of flat colour, the first undermost, in points from the upper left corner; a
    /// pixel of the picture's width and height is three quarters of one.
    Shapes(Vec<Shape>),
}

/// An area of one colour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    pub steps: Vec<Step>,
    /// Red, green, blue.
    pub colour: [u8; 3],
    /// 255 where nothing shines through.
    pub alpha: u8,
    /// Whether what is enclosed twice is outside.
    pub even_odd: bool,
}

/// A step round an area.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Move(Point),
    Line(Point),
    /// By two points that draw the line towards them.
    Curve([Point; 3]),
    Close,
}

/// Where every passage was set.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// By passage: each line's first byte and where it stands. A passage in one piece on
    /// one page has one entry; ascending by offset.
    lines: Vec<Vec<LinePlace>>,
    /// The first position of the main text on each page, where it has any; by page.
    pub page_starts: Vec<Option<Position>>,
}

/// Where text from one offset onwards stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinePlace {
    pub offset: u32,
    /// An index into [`Pages::pages`].
    pub page: u32,
    /// The top of the line.
    pub top: Length,
}

impl Places {
    /// Records that the text of a passage from `place.offset` on stands there.
    pub fn set(&mut self, passage: PassageId, place: LinePlace) {
        let at = passage.0 as usize;
        if self.lines.len() <= at {
            self.lines.resize(at + 1, Vec::new());
        }
        self.lines[at].push(place);
    }

    /// Where a position stands; `None` when its passage was not set.
    pub fn find(&self, position: Position) -> Option<LinePlace> {
        let lines = self.lines.get(position.passage.0 as usize)?;
        let after = lines.partition_point(|line| line.offset <= position.offset);
        lines.get(after.saturating_sub(1)).copied()
    }
}

impl Area {
    fn on(&self, page: usize) -> &Rect {
        if page.is_multiple_of(2) {
            &self.recto
        } else {
            &self.verso
        }
    }

    /// The left edge on a page, by its place in [`Pages::pages`].
    pub fn left(&self, page: usize) -> Length {
        self.on(page).origin.x
    }

    /// The right edge on a page.
    pub fn right(&self, page: usize) -> Length {
        self.left(page) + self.on(page).size.width
    }

    /// The first base line of every page.
    pub fn first_base(&self) -> Length {
        self.recto.origin.y + self.first
    }

    /// The lower edge of every page's text.
    pub fn foot(&self) -> Length {
        self.recto.origin.y + self.recto.size.height
    }
}

impl Pages {
    /// Takes out where text stands, with pages that have numbers and nothing on them: what
    /// an e-book wants. What a PDF wants is left.
    pub fn take_plan(&mut self) -> Pages {
        let numbered = |page: &Page| Page {
            folio: page.folio,
            ..Page::default()
        };
        Pages {
            trim: self.trim,
            area: self.area,
            pages: self.pages.iter().map(numbered).collect(),
            places: std::mem::take(&mut self.places),
            ..Pages::default()
        }
    }

    /// The printed page number of a position.
    pub fn folio_of(&self, position: Position) -> Option<Folio> {
        let place = self.places.find(position)?;
        self.pages.get(place.page as usize)?.folio
    }
}
