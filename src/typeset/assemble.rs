//! The sections' sheets to the pages of the book: everything at its place, links led to
//! where their targets stand, the outline and the structure joined.

use std::mem;
use std::sync::Arc;

use crate::diag::Report;
use crate::edition::{Edition, Target};
use crate::figures::Drawing;
use crate::manifest::{ChapterKind, MarginNumbers, Metadata};
use crate::pages::{
    Area, Info, Item, Link, LinkTarget, OutlineEntry, Page, Pages, Run, Tag, TagId, TagKind,
};
use crate::source::{Inputs, Position};
use crate::typeset::builder::{Builder, base_line, leads};
use crate::typeset::furniture::Furnisher;
use crate::typeset::galley::{Galley, Matter, Part};
use crate::typeset::line::{Line, Piece, PieceLink};
use crate::typeset::numbering::{Known, Numbering, row_of};
use crate::typeset::paragraph::Setter;
use crate::typeset::pictures;
use crate::typeset::section::{Book, Composed};
use crate::typeset::share_out;
use crate::typeset::sheet::{RowRef, Sheet};
use crate::units::{Point, Rect, Size};

/// Puts the pages together: each section's for itself, then those of the book in order.
pub fn assemble(
    book: &Book<'_>,
    mut composed: Vec<Option<Composed>>,
    numbering: &Numbering,
    setters: &mut [Setter<'_>],
    inputs: &Inputs,
    report: &mut Report,
) -> Pages {
    let mut pages = Pages {
        info: info(&book.edition.metadata),
        trim: book.styles.design.page,
        bleed: book.styles.design.crop_marks,
        area: area(book),
        outline: outline(&composed, numbering),
        ..Pages::default()
    };
    let firsts = structure(&mut composed, &mut pages.structure);
    let queue: Vec<(usize, Composed)> = composed
        .into_iter()
        .enumerate()
        .filter_map(|(at, section)| Some((at, section?)))
        .collect();
    let mut laid: Vec<Laid> = book
        .edition
        .sections
        .iter()
        .map(|_| Laid::default())
        .collect();
    let lay = |setter: &Setter<'_>, (at, section)| {
        let shared = Shared {
            book,
            numbering,
            first: firsts[at],
        };
        (at, shared.lay(at, section, setter))
    };
    for (at, section) in share_out(setters, queue, lay) {
        laid[at] = section;
    }
    pages.places = numbering.places.clone();
    let shown = bind(laid, numbering, &mut pages);
    pages.pictures = pictures::read(inputs, book.edition, &shown, book.frame.measure, report);
    pages
}

/// Joins the structures of the sections under one document. The place of each section's
/// first element.
fn structure(composed: &mut [Option<Composed>], structure: &mut Vec<Tag>) -> Vec<u32> {
    structure.push(Tag {
        kind: TagKind::Document,
        parent: None,
        lang: None,
        alt: None,
    });
    let mut firsts = Vec::new();
    for section in composed {
        let first = u32::try_from(structure.len()).unwrap_or(u32::MAX);
        firsts.push(first);
        let Some(section) = section else { continue };
        let tags = mem::take(&mut section.galley.tags);
        structure.extend(tags.into_iter().map(|tag| {
            let parent = tag.parent.map_or(0, |parent| parent.0 + first);
            Tag {
                parent: Some(TagId(parent)),
                ..tag
            }
        }));
    }
    firsts
}

/// Sections, and the highest headings in them.
fn outline(composed: &[Option<Composed>], numbering: &Numbering) -> Vec<OutlineEntry> {
    let mut outline = Vec::new();
    for section in composed.iter().flatten() {
        for (title, passage, level) in &section.galley.outline {
            let passage = *passage;
            let place = numbering.places.find(Position { passage, offset: 0 });
            let Some(place) = place else { continue };
            outline.push(OutlineEntry {
                title: title.clone(),
                level: *level,
                page: place.page as usize,
                top: place.top,
            });
        }
    }
    outline
}

/// Brings the sections' pages into the order of the book, with the blank ones between them.
/// The edition's pictures that they show, in the order of their first use.
fn bind(laid: Vec<Laid>, numbering: &Numbering, pages: &mut Pages) -> Vec<usize> {
    let mut shown: Vec<usize> = Vec::new();
    let mut sections: Vec<_> = laid
        .into_iter()
        .map(|section| section.pages.into_iter())
        .collect();
    for leaf in &numbering.pages {
        let laid = leaf.shows.and_then(|(section, _)| sections[section].next());
        let (mut page, start) = laid.unwrap_or_default();
        page.folio = Some(leaf.folio);
        for item in &mut page.items {
            if let Item::Picture { picture, .. } = item {
                let known = shown.iter().position(|shown| shown == picture);
                *picture = known.unwrap_or_else(|| {
                    shown.push(*picture);
                    shown.len() - 1
                });
            }
        }
        pages.pages.push(page);
        pages.places.page_starts.push(start);
    }
    shown
}

/// What a PDF of the book says of itself.
pub fn info(metadata: &Metadata) -> Info {
    let authors = metadata.contributors.iter();
    let authors = authors.filter(|person| person.role == "aut");
    let mut authors: Vec<String> = authors.map(|person| person.name.clone()).collect();
    if authors.is_empty() {
        let all = metadata.contributors.iter();
        authors = all.map(|person| person.name.clone()).collect();
    }
    Info {
        title: metadata.title.clone(),
        authors,
        subject: metadata.description.clone(),
        keywords: metadata.subjects.clone(),
        language: metadata
            .language
            .as_ref()
            .map(|lang| lang.0.clone())
            .unwrap_or_default(),
        identifier: metadata.identifier.clone(),
        date: metadata.date.clone(),
    }
}

/// Where text stands on the pages of a book.
fn area(book: &Book<'_>) -> Area {
    let design = &book.styles.design;
    let rect = |left| Rect {
        origin: Point {
            x: left,
            y: design.margins.top,
        },
        size: Size {
            width: book.frame.measure,
            height: book.frame.height,
        },
    };
    Area {
        recto: rect(design.margins.inner),
        verso: rect(design.margins.outer),
        text_size: design.text_size,
        leading: book.frame.leading,
        first: base_line(book.frame.leading),
    }
}

/// A section's pages, each with the first position of its main text. Pictures have the
/// edition's numbers.
#[derive(Default)]
struct Laid {
    pages: Vec<(Page, Option<Position>)>,
}

/// What the pages of a section are laid with.
#[derive(Clone, Copy)]
struct Shared<'a> {
    book: &'a Book<'a>,
    numbering: &'a Numbering,
    /// The section's first element among [`Pages::structure`].
    first: u32,
}

impl Shared<'_> {
    fn lay(self, section: usize, mut text: Composed, setter: &Setter<'_>) -> Laid {
        let known = Known::new(self.book.edition, self.numbering);
        let builder = Builder::new(self.book.edition, setter, &known, &self.book.styles);
        let furnisher = Furnisher::new(builder, self.book, section);
        let numbered = self.book.styles.design.margin_numbers != MarginNumbers::None;
        let first = self.numbering.firsts[section].expect("the section was numbered");
        let mut laid = Laid::default();
        for (sheet, at) in mem::take(&mut text.sheets).iter().zip(first..) {
            let recto = at % 2 == 0;
            let folio = self.numbering.pages[at].folio;
            let mut layer = Layer::new(self, recto);
            let mut around = furnisher.page(sheet.furniture, folio, recto);
            if numbered {
                around.extend(furnisher.numbers(&text.galley, sheet, recto));
            }
            for (line, point) in around {
                layer.line(line, point, None, &[]);
            }
            let start = layer.sheet(section, sheet, &mut text.galley);
            laid.pages.push((layer.page, start));
        }
        laid
    }
}

/// A page while it is laid.
struct Layer<'a> {
    shared: Shared<'a>,
    page: Page,
    /// The text area's upper left corner.
    corner: Point,
}

impl<'a> Layer<'a> {
    fn new(shared: Shared<'a>, recto: bool) -> Layer<'a> {
        let margins = &shared.book.styles.design.margins;
        Layer {
            shared,
            page: Page::default(),
            corner: Point {
                x: if recto { margins.inner } else { margins.outer },
                y: margins.top,
            },
        }
    }

    /// Lays the rows of a sheet. The first position of its main text.
    fn sheet(&mut self, section: usize, sheet: &Sheet, galley: &mut Galley) -> Option<Position> {
        let mut start = None;
        for placed in &sheet.placed {
            let in_place = match placed.row {
                RowRef::Text(row) => !galley.rows[row].floated,
                RowRef::Note(..) | RowRef::Head(..) => false,
            };
            let parts = match placed.row {
                RowRef::Text(row) => mem::take(&mut galley.rows[row].parts),
                RowRef::Note(note, row) => mem::take(&mut galley.notes[note].rows[row].parts),
                RowRef::Head(..) => row_of(galley, placed.row).parts.clone(),
            };
            if in_place {
                start = start.or_else(|| parts.iter().find_map(position_of));
            }
            for part in parts {
                self.part(part, placed.at);
            }
        }
        for &(rect, grey) in &sheet.rules {
            let rect = self.on_page(rect);
            self.page.items.push(Item::Rule {
                rect,
                grey,
                tag: None,
            });
        }
        let title = &self.shared.book.edition.sections[section];
        let untitled = matches!(title.kind, ChapterKind::HalfTitle | ChapterKind::TitlePage);
        if start.is_none() && untitled {
            start = Some(Position {
                passage: title.title.id,
                offset: 0,
            });
        }
        start
    }

    fn on_page(&self, rect: Rect) -> Rect {
        Rect {
            origin: Point {
                x: rect.origin.x + self.corner.x,
                y: rect.origin.y + self.corner.y,
            },
            size: rect.size,
        }
    }

    fn part(&mut self, part: Part, at: Point) {
        let point = Point {
            x: at.x + part.x,
            y: at.y + part.y,
        };
        let first = self.shared.first;
        let own = |tag: TagId| TagId(tag.0 + first);
        let size = |width, height| Size { width, height };
        match part.matter {
            Matter::Line {
                line,
                tag,
                piece_tags,
                passage: _,
            } => {
                let line = Arc::unwrap_or_clone(line);
                self.line(line, point, tag.map(own), &piece_tags);
            }
            Matter::Anchor(_) => {}
            Matter::Rule {
                width,
                thickness,
                grey,
            } => {
                let rect = self.on_page(Rect {
                    origin: point,
                    size: size(width, thickness),
                });
                let tag = None;
                self.page.items.push(Item::Rule { rect, grey, tag });
            }
            Matter::Picture {
                picture,
                width,
                height,
                tag,
            } => {
                let rect = self.on_page(Rect {
                    origin: point,
                    size: size(width, height),
                });
                let tag = Some(own(tag));
                self.page.items.push(Item::Picture { picture, rect, tag });
            }
            Matter::Drawing { drawing, tag } => self.drawing(drawing, point, own(tag)),
        }
    }

    /// A figure: a white ground that stands for it in the structure, and on it what a
    /// reader's voice passes over, since the alternative text says it.
    fn drawing(&mut self, drawing: Drawing, point: Point, tag: TagId) {
        let ground = self.on_page(Rect {
            origin: point,
            size: drawing.size,
        });
        let moved = |place: Point| Point {
            x: ground.origin.x + place.x,
            y: ground.origin.y + place.y,
        };
        self.page.items.push(Item::Rule {
            rect: ground,
            grey: 255,
            tag: Some(tag),
        });
        for mut item in drawing.items {
            match &mut item {
                Item::Run(run) => run.origin = moved(run.origin),
                Item::Rule { rect, .. } | Item::Picture { rect, .. } => {
                    rect.origin = moved(rect.origin);
                }
            }
            self.page.items.push(item);
        }
    }

    /// Sets a line with its base line at a point, and the links on it.
    fn line(&mut self, line: Line, at: Point, tag: Option<TagId>, piece_tags: &[(usize, TagId)]) {
        let mut piece_tags = piece_tags.iter().peekable();
        let mut open: Option<(PieceLink, Link)> = None;
        for (place, piece) in line.pieces.into_iter().enumerate() {
            let own = piece_tags.next_if(|(piece, _)| *piece == place);
            let own = own.map(|(_, tag)| TagId(tag.0 + self.shared.first));
            let origin = Point {
                x: self.corner.x + at.x + piece.x,
                y: self.corner.y + at.y - piece.rise,
            };
            open = self.link(&piece, origin, own, open);
            let run = Run {
                face: piece.face,
                size: piece.size,
                expansion: piece.expansion,
                origin,
                glyphs: piece.glyphs,
                text: piece.text,
                spoken: piece.spoken,
                grey: piece.grey,
                tag: own.or(tag),
                span: piece.span,
            };
            self.page.items.push(Item::Run(run));
        }
        if let Some((_, link)) = open {
            self.page.links.push(link);
        }
    }

    /// Lets the open link go on over a piece, or ends it and opens the piece's own.
    fn link(
        &mut self,
        piece: &Piece,
        origin: Point,
        tag: Option<TagId>,
        open: Option<(PieceLink, Link)>,
    ) -> Option<(PieceLink, Link)> {
        let to = piece
            .link
            .as_ref()
            .filter(|link| leads(link) && tag.is_some());
        match (open, to) {
            (Some((from, mut link)), Some(to)) if from == *to => {
                link.rect.size.width = origin.x + piece.width - link.rect.origin.x;
                if !matches!(to, PieceLink::To(Target::Note(_))) {
                    link.label.push_str(&piece.text);
                }
                Some((from, link))
            }
            (before, to) => {
                if let Some((_, link)) = before {
                    self.page.links.push(link);
                }
                let to = to?;
                let target = self.target(to)?;
                let height = piece.size.scaled(23, 20);
                let rect = Rect {
                    origin: Point {
                        x: origin.x,
                        y: origin.y - piece.size.scaled(17, 20),
                    },
                    size: Size {
                        width: piece.width,
                        height,
                    },
                };
                let label = self.label(to, &piece.text);
                let link = Link {
                    rect,
                    to: target,
                    label,
                    tag,
                };
                Some((to.clone(), link))
            }
        }
    }

    fn label(&self, to: &PieceLink, text: &str) -> String {
        match to {
            PieceLink::To(Target::Note(note)) => {
                let label = &self.shared.book.edition.note(*note).label;
                format!("{} {label}", self.shared.book.words.note)
            }
            PieceLink::To(
                Target::Web(_) | Target::Place(_) | Target::Pages(_) | Target::Anchor,
            )
            | PieceLink::Page(_) => text.to_string(),
        }
    }

    /// Where a link leads; `None` where its target was not set.
    fn target(&self, link: &PieceLink) -> Option<LinkTarget> {
        match link {
            PieceLink::To(Target::Web(address)) => Some(LinkTarget::Web(address.clone())),
            PieceLink::To(Target::Place(position)) | PieceLink::Page(position) => {
                self.place(*position)
            }
            PieceLink::To(Target::Note(note)) => {
                let note = self.shared.book.edition.note(*note);
                let mut passage = None;
                for block in &note.blocks {
                    block.each_passage(&mut |first| passage = passage.or(Some(first.id)));
                }
                let passage = passage?;
                self.place(Position { passage, offset: 0 })
            }
            PieceLink::To(Target::Pages(_) | Target::Anchor) => None,
        }
    }

    fn place(&self, position: Position) -> Option<LinkTarget> {
        let place = self.shared.numbering.places.find(position)?;
        Some(LinkTarget::Page {
            page: place.page as usize,
            top: place.top,
        })
    }
}

/// The position that a part of the text begins with.
fn position_of(part: &Part) -> Option<Position> {
    match &part.matter {
        Matter::Line {
            line,
            passage: Some(passage),
            ..
        } => Some(Position {
            passage: *passage,
            offset: line.start,
        }),
        Matter::Anchor(passage) => Some(Position {
            passage: *passage,
            offset: 0,
        }),
        Matter::Line { passage: None, .. }
        | Matter::Rule { .. }
        | Matter::Picture { .. }
        | Matter::Drawing { .. } => None,
    }
}

/// A page of nothing but what the book says of itself, where no page could be made.
pub fn no_pages(edition: &Edition, trim: Size) -> Pages {
    Pages {
        info: info(&edition.metadata),
        trim,
        ..Pages::default()
    }
}
