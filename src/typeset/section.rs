//! One section of the book to pages.

use crate::diag::Report;
use crate::edition::words::Words;
use crate::edition::{Edition, Section, Target};
use crate::manifest::{ChapterKind, MarginNumbers};
use crate::pages::TagKind;
use crate::text::Block;
use crate::typeset::blocks::title_words;
use crate::typeset::builder::{Builder, Within};
use crate::typeset::floats;
use crate::typeset::footnotes::Notes;
use crate::typeset::galley::{AFTER_HEADING, Galley, Matter, Part, Row};
use crate::typeset::looseness::{self, Origin};
use crate::typeset::memory::Memory;
use crate::typeset::numbering::{Asked, Known, Numbering, PlacedLine, places};
use crate::typeset::pagebreak::{Chosen, Shape, choose};
use crate::typeset::paragraph::Setter;
use crate::typeset::sheet::{Frame, Furniture, Sheet, lay, note_gap};
use crate::typeset::styles::Styles;
use crate::units::Length;

/// How many lines a section's title is sunk.
const SINK: i64 = 4;

/// What all sections share.
pub struct Book<'a> {
    pub edition: &'a Edition,
    /// By section: the title of its part.
    pub part_titles: Vec<Option<usize>>,
    pub styles: Styles,
    pub frame: Frame,
    pub words: &'static Words,
}

/// A section, set and broken into pages.
#[derive(Debug)]
pub struct Composed {
    pub galley: Galley,
    pub sheets: Vec<Sheet>,
    /// Where its passages stand, in the order of its pages.
    pub places: Vec<PlacedLine>,
    /// Whether it was broken to begin on a right-hand page; `None` where that is all the
    /// same to it.
    pub recto: Option<bool>,
    /// What it was told of the pages.
    pub asked: Asked,
    /// Its paragraphs, in case it is set again; nothing if it asked nothing.
    pub memory: Option<Memory>,
    pub report: Report,
}

/// Sets a section and breaks it into pages.
pub fn compose(
    book: &Book<'_>,
    at: usize,
    recto: bool,
    numbering: &Numbering,
    setter: &Setter<'_>,
) -> Composed {
    let known = Known::new(book.edition, numbering);
    let section = &book.edition.sections[at];
    if section.kind == ChapterKind::Index {
        // Its passages bear the edition's names and are made here, from page numbers.
        setter.memory.take();
    }
    let builder = Builder::new(book.edition, setter, &known, &book.styles);
    let origin = Origin {
        blocks: &section.blocks,
        setter,
        lookup: &known,
    };
    let (mut galley, sheets, fixed) = match section.kind {
        ChapterKind::HalfTitle => fixed(builder.half_title(section, &book.frame)),
        ChapterKind::TitlePage => fixed(builder.title_page(section, book)),
        ChapterKind::PartTitle => fixed(builder.part_title(section, &book.frame)),
        ChapterKind::Imprint => fixed(builder.imprint(section, book)),
        ChapterKind::Index => fixed(builder.index(section, book, &known)),
        ChapterKind::Contents => {
            let galley = builder.contents(section, book, &known);
            flowing(galley, &book.frame, recto, &origin)
        }
        ChapterKind::Figures => {
            let galley = builder.list_of_displays(section, &known);
            flowing(galley, &book.frame, recto, &origin)
        }
        ChapterKind::Text
        | ChapterKind::Source
        | ChapterKind::Glossary
        | ChapterKind::Chronology
        | ChapterKind::Disagreements
        | ChapterKind::Bibliography
        | ChapterKind::Emendations
        | ChapterKind::NoteOnTheText => flowing(builder.text(section), &book.frame, recto, &origin),
    };
    if book.part_titles[at].is_some() {
        galley
            .outline
            .iter_mut()
            .for_each(|(.., level)| *level += 1);
    }
    let asked = known.asked.into_inner();
    let memory = setter.memory.take().filter(|_| !asked.is_empty());
    Composed {
        places: places(&galley, &sheets),
        galley,
        sheets,
        recto: (!fixed).then_some(recto),
        memory,
        asked,
        report: std::mem::take(&mut *setter.report.borrow_mut()),
    }
}

fn fixed((galley, sheets): (Galley, Vec<Sheet>)) -> (Galley, Vec<Sheet>, bool) {
    (galley, sheets, true)
}

fn flowing(
    mut galley: Galley,
    frame: &Frame,
    recto: bool,
    origin: &Origin<'_, '_>,
) -> (Galley, Vec<Sheet>, bool) {
    let sheets = paginate_freely(&mut galley, frame, recto, origin);
    (galley, sheets, false)
}

impl Composed {
    /// Breaks the section again, to begin on the other side of a leaf.
    pub fn turn(&mut self, book: &Book<'_>, at: usize, recto: bool, setter: &Setter<'_>) {
        self.recto = Some(recto);
        // Where page numbers are quoted, the section may be set again, and varied then.
        self.sheets = match self.asked.is_empty() {
            false => paginate(&self.galley, &book.frame, recto),
            true => {
                let numbering = Numbering::default();
                let origin = Origin {
                    blocks: &book.edition.sections[at].blocks,
                    setter,
                    lookup: &Known::new(book.edition, &numbering),
                };
                paginate_freely(&mut self.galley, &book.frame, recto, &origin)
            }
        };
        self.places = places(&self.galley, &self.sheets);
    }
}

/// Breaks running text into pages: the first an opening, the others with running heads.
pub fn paginate(galley: &Galley, frame: &Frame, recto: bool) -> Vec<Sheet> {
    sheets_of(galley, &pages_of(galley, frame, recto), frame)
}

/// So many pages before one that ends badly may have their paragraphs set in a line more or
/// fewer; more of them where that is not enough.
const REACH: [usize; 2] = [2, 7];

/// The same; where pages end badly, some paragraphs may be set in a line more or fewer.
fn paginate_freely(
    galley: &mut Galley,
    frame: &Frame,
    recto: bool,
    origin: &Origin<'_, '_>,
) -> Vec<Sheet> {
    galley.drop_variants();
    let mut pages = floats::settle(galley, frame, recto);
    for reach in REACH {
        if !looseness::vary(galley, &pages, recto, reach, origin) {
            break;
        }
        pages = pages_of(galley, frame, recto);
    }
    sheets_of(galley, &pages, frame)
}

fn sheets_of(galley: &Galley, pages: &[Chosen], frame: &Frame) -> Vec<Sheet> {
    let mut sheets: Vec<Sheet> = pages.iter().map(|page| lay(galley, page, frame)).collect();
    if sheets.is_empty() {
        sheets.push(Sheet::default());
    }
    furnish(&mut sheets);
    sheets
}

/// Where the pages of running text end.
pub fn pages_of(galley: &Galley, frame: &Frame, recto: bool) -> Vec<Chosen> {
    let notes = Notes::of(galley, frame.note_leading / 3, frame.sharing);
    let shape = Shape {
        leading: frame.leading,
        height: &|_| frame.height,
        recto,
        note_gap: note_gap(frame),
        ragged: false,
    };
    choose(galley, &notes, &shape)
}

/// The first page of a section bears its number at the foot, the others in the head.
pub fn furnish(sheets: &mut [Sheet]) {
    for (at, sheet) in sheets.iter_mut().enumerate() {
        sheet.furniture = match at {
            0 => Furniture::Opening,
            _ => Furniture::Running,
        };
    }
}

impl Builder<'_, '_> {
    /// A section of text under its title.
    pub fn text(mut self, section: &Section) -> Galley {
        self.opening(section);
        let column = self.column(self.styles.body());
        self.align_dates(&section.blocks, &column);
        self.small_print = section.kind == ChapterKind::Chronology;
        if section.kind == ChapterKind::Bibliography {
            self.bibliography(&section.blocks, &column);
            return self.finish();
        }
        let mut text = 0;
        if let Some(headnote) = section.headnote() {
            let kind = column.kind.headnote();
            self.section(&section.blocks[..headnote], &Within { kind, ..column });
            self.divider(&column);
            // The break is the divider.
            text = headnote + 1;
        }
        let is_text = matches!(section.kind, ChapterKind::Text | ChapterKind::Source);
        match self.styles.design.margin_numbers {
            MarginNumbers::None => {}
            MarginNumbers::Lines => self.count_lines = is_text,
            MarginNumbers::Paragraphs => self.numbered = section.numbered_paragraphs(),
        }
        let first = section.first_paragraph();
        self.section(&section.blocks[text..first.unwrap_or(text)], &column);
        self.pending.initial = first.is_some();
        self.section(&section.blocks[first.unwrap_or(text)..], &column);
        self.finish()
    }

    /// A hairline over the measure, between the editors' words and the source's.
    fn divider(&mut self, column: &Within) {
        let leading = column.kind.leading;
        self.hold_figures();
        self.space(leading / 2);
        let rule = Matter::Rule {
            width: column.measure,
            thickness: Length::milli_pt(400),
            grey: 0,
        };
        self.push(Row {
            parts: vec![Part {
                x: column.left,
                y: leading / 2,
                matter: rule,
            }],
            cost: AFTER_HEADING,
            ..Row::blank(leading)
        });
        self.after_display(leading / 2, 2);
    }

    /// Works cited hang: their first lines stand out, by which they are found. What the
    /// editors wrote themselves has a place in the manuscript and is set as text.
    fn bibliography(&mut self, blocks: &[Block<Target>], column: &Within) {
        let hanging = Within {
            hang: column.kind.size,
            kind: column.kind.ragged(),
            ..*column
        };
        for block in blocks {
            if let Block::Paragraph(work) = block
                && work.span.is_none()
            {
                let tag = self.galley.tag(TagKind::Paragraph, Some(column.tag));
                self.passage(work, &hanging, -hanging.hang, tag);
                self.set_notes();
            } else {
                self.section(std::slice::from_ref(block), column);
            }
        }
    }

    /// Blocks without a title, in small type, apart from each other.
    pub fn small_print(&mut self, blocks: &[Block<Target>]) {
        let kind = self.styles.note().ragged();
        let column = self.column(kind);
        for block in blocks {
            self.pending.indent = false;
            self.section(std::slice::from_ref(block), &column);
            self.space(kind.half());
        }
    }

    /// The sunk title of a section, and who speaks.
    pub fn opening(&mut self, section: &Section) {
        let leading = self.styles.design.leading;
        self.push(Row::blank(leading * SINK));
        self.pending.keep = 2;
        let column = self.column(self.styles.title());
        let tag = self.galley.tag(TagKind::Heading(1), Some(column.tag));
        let rows = self.passage(&section.title, &column, Length::ZERO, tag);
        self.keep_together(rows);
        let title = title_words(&section.title.inlines);
        if !title.is_empty() {
            self.galley.outline.push((title, section.title.id, 0));
        }
        if let Some(byline) = &section.byline {
            self.pending.keep = 2;
            self.pending.space = leading / 4;
            let kind = self.styles.byline();
            let tag = self.galley.tag(TagKind::Paragraph, Some(column.tag));
            let rows = self.passage(byline, &Within { kind, ..column }, Length::ZERO, tag);
            self.keep_together(rows);
        }
        self.set_notes();
        self.after_display(leading.scaled(3, 2), 2);
    }

    /// The finished galley.
    pub fn finish(mut self) -> Galley {
        self.set_lead_apart();
        self.pass_initial();
        self.flush_anchors();
        self.set_notes();
        self.galley
    }
}
