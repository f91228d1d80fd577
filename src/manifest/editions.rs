//! The editions of a pack: the page and its type, and how pages are folded into booklets.

use serde::Deserialize;
use toml::Spanned;

use super::Reader;
use crate::data::{Located, nearest};
use crate::diag::Code;
use crate::source::Span;
use crate::units::{Length, Size};

/// One form in which the book is made.
#[derive(Clone, Debug)]
pub struct EditionSettings {
    pub id: String,
    /// Whether its page numbers are the e-book's too.
    pub reference: bool,
    pub design: Design,
    /// Set where its pages are laid on sheets that are folded.
    pub booklet: Option<Booklet>,
}

/// The page and its type.
#[derive(Clone, Debug)]
pub struct Design {
    pub page: Size,
    pub margins: Margins,
    pub text_size: Length,
    /// From one base line to the next; every vertical measure is a multiple of it.
    pub leading: Length,
    pub note_size: Length,
    pub note_leading: Length,
    pub face: TextFace,
    pub justify: bool,
    pub hyphenate: bool,
    /// How many lines high a chapter's first letter is; 0 for one like the others.
    pub drop_capitals: u8,
    /// The bleed, where a copy shop trims larger sheets by marks.
    pub crop_marks: Option<Length>,
    pub margin_numbers: MarginNumbers,
    pub openings: Openings,
    /// Nothing is told apart by italics or capitals, for readers who see badly.
    pub clear_print: bool,
}

/// What is numbered in the outer margin, for groups that discuss a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MarginNumbers {
    None,
    /// Every fifth line of a page.
    Lines,
    /// Every paragraph of a source, or of a chapter of the editors' own.
    Paragraphs,
}

/// Where chapters of the body begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Openings {
    /// On a right-hand page, with a blank one before it where need be.
    Recto,
    /// On the next page, to save paper.
    Page,
}

/// Margins of a facing page.
#[derive(Clone, Copy, Debug)]
pub struct Margins {
    pub top: Length,
    pub bottom: Length,
    pub inner: Length,
    pub outer: Length,
}

/// The family of the running text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TextFace {
    Serif,
    Sans,
}

/// How pages are laid two to a side on sheets, which are then folded once.
#[derive(Clone, Debug)]
pub struct Booklet {
    pub paper: Size,
    pub binding: Binding,
    pub duplex: Duplex,
    /// Of one sheet.
    pub thickness: Length,
    /// How far from the paper's edges a printer can print.
    pub reach: Length,
    pub marks: Vec<FoldMark>,
}

/// What is stitched together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Binding {
    /// All sheets inside each other, stitched through the one fold.
    Saddle,
    /// Signatures of at most four sheets, sixteen pages, sewn one to the next.
    #[serde(rename = "signatures-16")]
    Signatures16,
    /// Signatures of at most eight sheets, thirty-two pages.
    #[serde(rename = "signatures-32")]
    Signatures32,
}

/// How a sheet comes to be printed on both sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Duplex {
    /// The printer turns it over its long edge.
    LongEdge,
    /// The printer turns it over its short edge.
    ShortEdge,
    /// A person turns it like a leaf and feeds it again: one file for each side.
    ByHand,
}

/// A mark for whoever folds and stitches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FoldMark {
    /// Where to fold.
    Fold,
    /// Where to stitch.
    Stitch,
    /// On the backs of signatures, a step lower on each: a staircase when none is missing.
    Order,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct RawEdition {
    id: Spanned<String>,
    #[serde(default)]
    reference: bool,
    /// Another edition, whose settings hold for all that is not set here.
    like: Option<Spanned<String>>,
    size: Option<Spanned<String>>,
    width: Option<Spanned<String>>,
    height: Option<Spanned<String>>,
    top: Option<Spanned<String>>,
    bottom: Option<Spanned<String>>,
    inner: Option<Spanned<String>>,
    outer: Option<Spanned<String>>,
    text_size: Option<Spanned<String>>,
    leading: Option<Spanned<String>>,
    note_size: Option<Spanned<String>>,
    note_leading: Option<Spanned<String>>,
    face: Option<TextFace>,
    justify: Option<bool>,
    hyphenate: Option<bool>,
    clear_print: Option<bool>,
    drop_capitals: Option<Spanned<i64>>,
    crop_marks: Option<Spanned<String>>,
    margin_numbers: Option<Spanned<MarginNumbers>>,
    openings: Option<Openings>,
    booklet: Option<RawBooklet>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawBooklet {
    paper: Option<Spanned<String>>,
    binding: Option<Binding>,
    duplex: Option<Duplex>,
    paper_thickness: Option<Spanned<String>>,
    reach: Option<Spanned<String>>,
    #[serde(default)]
    marks: Vec<FoldMark>,
}

/// Beyond the page, on each side.
const MOST_BLEED: Length = Length::centi_mm(2_000);

/// Sheets and pages by their names, upright.
const PAPERS: &[(&str, i64, i64)] = &[
    ("a6", 10_500, 14_800),
    ("a5", 14_800, 21_000),
    ("a4", 21_000, 29_700),
    ("a3", 29_700, 42_000),
    ("half-letter", 13_970, 21_590),
    ("letter", 21_590, 27_940),
    ("legal", 21_590, 35_560),
    ("tabloid", 27_940, 43_180),
];

/// The size that a name stands for, or `210mm x 297mm`.
pub fn paper_size(text: &str) -> Option<Size> {
    let name = text.trim().to_ascii_lowercase();
    if let Some(&(_, width, height)) = PAPERS.iter().find(|(known, _, _)| *known == name) {
        return Some(Size {
            width: Length::centi_mm(width),
            height: Length::centi_mm(height),
        });
    }
    let (width, height) = name.split_once(['x', '×'])?;
    let length = |text: &str| Length::read(text).filter(|&length| length > Length::ZERO);
    Some(Size {
        width: length(width)?,
        height: length(height)?,
    })
}

impl EditionSettings {
    /// The default: A5, 10.5 on 13.5 point.
    fn a5() -> EditionSettings {
        let page = paper_size("a5").expect("the size has a name");
        EditionSettings {
            id: "a5".into(),
            reference: true,
            design: Design::for_page(page),
            booklet: None,
        }
    }
}

impl Default for Booklet {
    /// What an office has: A4 of 80 g/m², a printer that turns sheets over their long edge
    /// and prints to within five millimetres of the edges.
    fn default() -> Booklet {
        Booklet {
            paper: paper_size("a4").expect("the size has a name"),
            binding: Binding::Saddle,
            duplex: Duplex::LongEdge,
            thickness: Length::centi_mm(10),
            reach: Length::centi_mm(500),
            marks: Vec::new(),
        }
    }
}

impl Binding {
    /// The most sheets that are folded together; `None` for as many as there are.
    pub fn most_sheets(self) -> Option<usize> {
        match self {
            Binding::Saddle => None,
            Binding::Signatures16 => Some(4),
            Binding::Signatures32 => Some(8),
        }
    }
}

impl Design {
    /// Margins and type in proportion to a page, for what the manifest leaves open.
    pub fn for_page(page: Size) -> Design {
        Design {
            page,
            margins: Margins::for_page(page),
            text_size: Length::milli_pt(10_500),
            leading: Length::milli_pt(13_500),
            note_size: Length::milli_pt(8_500),
            note_leading: Length::milli_pt(10_500),
            face: TextFace::Serif,
            justify: true,
            hyphenate: true,
            drop_capitals: 0,
            crop_marks: None,
            margin_numbers: MarginNumbers::None,
            openings: Openings::Recto,
            clear_print: false,
        }
    }

    /// Large upright type without serifs, ragged, with much space between the lines: what
    /// clear-print guides ask for. They reckon in type whose small letters are half as high as
    /// the type is large; 18 pt of Alegreya Sans are 16 pt of such. Notes are as large as the
    /// text.
    fn make_clear(&mut self) {
        let (size, leading) = (Length::pt(18), Length::milli_pt(24_500));
        (self.text_size, self.leading) = (size, leading);
        (self.note_size, self.note_leading) = (size, leading);
        self.face = TextFace::Sans;
        self.justify = false;
        self.hyphenate = false;
        self.clear_print = true;
    }

    /// The width of the text on the page.
    pub fn measure(&self) -> Length {
        self.page.width - self.margins.inner - self.margins.outer
    }

    /// The height of the text on the page.
    pub fn text_height(&self) -> Length {
        self.page.height - self.margins.top - self.margins.bottom
    }
}

impl Margins {
    fn for_page(page: Size) -> Margins {
        Margins {
            top: page.height.scaled(9, 100),
            bottom: page.height.scaled(11, 100),
            inner: page.width.scaled(12, 100),
            outer: page.width.scaled(11, 100),
        }
    }
}

impl Reader<'_> {
    /// The editions as declared; the default one where none is.
    pub(super) fn editions(&mut self, raw: Vec<Located<RawEdition>>) -> Vec<EditionSettings> {
        let ids: Vec<(String, Span)> = raw
            .iter()
            .map(|raw| (raw.value.id.get_ref().clone(), self.span(&raw.value.id)))
            .collect();
        let named = ids.iter().map(|(id, span)| (id.as_str(), *span));
        self.unique(named, "edition");
        let mut editions = Vec::new();
        for raw in raw {
            // One that cannot be made is reported; the default stands in for it.
            let sane = EditionSettings {
                id: raw.value.id.get_ref().clone(),
                reference: raw.value.reference,
                ..EditionSettings::a5()
            };
            let edition = self.edition(raw.value, raw.span, &editions);
            editions.push(edition.unwrap_or(sane));
        }
        if ids.is_empty() {
            editions.push(EditionSettings::a5());
        }
        editions
    }

    fn edition(
        &mut self,
        raw: RawEdition,
        span: Span,
        before: &[EditionSettings],
    ) -> Option<EditionSettings> {
        self.file_name(&raw.id);
        let like = match &raw.like {
            Some(like) => Some(self.like(like, before)?),
            None => None,
        };
        let page = self.page(&raw, like, span)?;
        let mut design = match like {
            Some(like) => like.design.clone(),
            None => Design::for_page(page),
        };
        if design.page != page {
            design.page = page;
            design.margins = Margins::for_page(page);
        }
        if raw.clear_print == Some(true) {
            design.make_clear();
        }
        let lengths = [
            (&mut design.margins.top, &raw.top),
            (&mut design.margins.bottom, &raw.bottom),
            (&mut design.margins.inner, &raw.inner),
            (&mut design.margins.outer, &raw.outer),
            (&mut design.text_size, &raw.text_size),
            (&mut design.leading, &raw.leading),
            (&mut design.note_size, &raw.note_size),
            (&mut design.note_leading, &raw.note_leading),
        ];
        for (slot, raw) in lengths {
            self.set(slot, raw.as_ref());
        }
        design.face = raw.face.unwrap_or(design.face);
        design.justify = raw.justify.unwrap_or(design.justify);
        design.hyphenate = raw.hyphenate.unwrap_or(design.hyphenate);
        design.openings = raw.openings.unwrap_or(design.openings);
        if let Some(lines) = &raw.drop_capitals {
            design.drop_capitals = self.drop_capitals(lines);
        }
        if let Some(numbers) = &raw.margin_numbers {
            design.margin_numbers = *numbers.get_ref();
        }
        if let Some(bleed) = &raw.crop_marks {
            design.crop_marks = self.bleed(bleed, raw.booklet.is_some());
        }
        self.check_margin(&design, &raw, span);
        self.check_room(&design, &raw, span).then_some(())?;
        let booklet = match raw.booklet {
            Some(booklet) => Some(self.booklet(booklet)?),
            None => None,
        };
        Some(EditionSettings {
            id: raw.id.into_inner(),
            reference: raw.reference,
            design,
            booklet,
        })
    }

    /// How far colours go beyond a page that is trimmed by marks.
    fn bleed(&mut self, key: &Spanned<String>, folded: bool) -> Option<Length> {
        let bleed = self.length(Some(key))?;
        if folded {
            let message = "the sheets of a booklet are folded, not trimmed to a page";
            self.report
                .error(Code::BadValue, self.span(key), message)
                .help("leave out `crop-marks` here, or give it to an edition without a booklet");
            return None;
        }
        if bleed > MOST_BLEED {
            let message = format!(
                "a bleed of {} is more than any copy shop asks for",
                key.get_ref()
            );
            self.report
                .error(Code::BadValue, self.span(key), message)
                .help("write `3mm`, or 20 mm at most");
            return None;
        }
        Some(bleed)
    }

    /// How many lines a chapter's first letter takes up.
    fn drop_capitals(&mut self, lines: &Spanned<i64>) -> u8 {
        match u8::try_from(*lines.get_ref()) {
            Ok(lines @ (0 | 2 | 3)) => lines,
            Ok(_) | Err(_) => {
                let message = format!("{} lines is no height for an initial", lines.get_ref());
                self.report
                    .error(Code::BadValue, self.span(lines), message)
                    .help("write 2 or 3, or 0 for none");
                0
            }
        }
    }

    /// Files are named for editions.
    fn file_name(&mut self, id: &Spanned<String>) {
        let name = id.get_ref();
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if name.is_empty() || !name.bytes().all(plain) {
            let message = format!("`{name}` cannot be an edition's id");
            self.report
                .error(Code::BadValue, self.span(id), message)
                .help("use a-z, 0-9 and hyphens: it is part of the files' names");
        }
    }

    fn like<'e>(
        &mut self,
        like: &Spanned<String>,
        before: &'e [EditionSettings],
    ) -> Option<&'e EditionSettings> {
        let id = like.get_ref();
        let found = before.iter().find(|edition| edition.id == *id);
        if found.is_none() {
            let unknown = self.report.error(
                Code::UnknownId,
                Span::new(self.id, like.span().start, like.span().end),
                format!("no edition above this one has the id `{id}`"),
            );
            if let Some(near) = nearest(id, before.iter().map(|edition| edition.id.as_str())) {
                unknown.help(format!("did you mean `{near}`?"));
            }
        }
        found
    }

    /// The page's size: by name, by its sides, or as in the edition that this one is like.
    fn page(
        &mut self,
        raw: &RawEdition,
        like: Option<&EditionSettings>,
        span: Span,
    ) -> Option<Size> {
        let mut page = match (&raw.size, like) {
            (Some(size), _) => Some(self.size(size)?),
            (None, like) => like.map(|like| like.design.page),
        };
        if let (Some(width), Some(height)) = (&raw.width, &raw.height) {
            page = Some(Size {
                width: self.length(Some(width))?,
                height: self.length(Some(height))?,
            });
        }
        if page.is_none() {
            let id = raw.id.get_ref();
            self.report
                .error(
                    Code::MissingKey,
                    span,
                    format!("the edition `{id}` does not say how large its page is"),
                )
                .help("give it a size, such as size = \"a5\", or a width and a height");
        }
        page
    }

    fn size(&mut self, size: &Spanned<String>) -> Option<Size> {
        let found = paper_size(size.get_ref());
        if found.is_none() {
            let names: Vec<&str> = PAPERS.iter().map(|(name, _, _)| *name).collect();
            let message = format!("`{}` is not a size", size.get_ref());
            self.report
                .error(Code::BadValue, self.span(size), message)
                .help(format!(
                    "name one of {}, or write the width and the height: 140mm x 216mm",
                    names.join(", ")
                ));
        }
        found
    }

    fn booklet(&mut self, raw: RawBooklet) -> Option<Booklet> {
        let mut booklet = Booklet::default();
        if let Some(paper) = &raw.paper {
            booklet.paper = self.size(paper)?;
        }
        booklet.binding = raw.binding.unwrap_or(booklet.binding);
        booklet.duplex = raw.duplex.unwrap_or(booklet.duplex);
        booklet.marks = raw.marks;
        self.set(&mut booklet.thickness, raw.paper_thickness.as_ref());
        self.set(&mut booklet.reach, raw.reach.as_ref());
        Some(booklet)
    }

    fn set(&mut self, slot: &mut Length, raw: Option<&Spanned<String>>) {
        if let Some(length) = self.length(raw) {
            *slot = length;
        }
    }

    /// Numbers in the margin want room there, and some paper beside them.
    fn check_margin(&mut self, design: &Design, raw: &RawEdition, span: Span) {
        let wanted = design.text_size * 3;
        if design.margin_numbers == MarginNumbers::None || design.margins.outer >= wanted {
            return;
        }
        let outer = raw.outer.as_ref().map(|key| self.span(key));
        let numbers = raw.margin_numbers.as_ref().map(|key| self.span(key));
        let message = format!(
            "an outer margin of {} has no room for numbers",
            millimetres(design.margins.outer)
        );
        self.report
            .error(
                Code::ImpossiblePage,
                numbers.or(outer).unwrap_or(span),
                message,
            )
            .help(format!(
                "with type of {} they want a margin of {} or more, or write margin-numbers = \"none\"",
                points(design.text_size),
                millimetres(wanted)
            ));
    }

    /// Whether the page has room for a column of text that can be read. Every way in which
    /// it has not is told, where it was set.
    fn check_room(&mut self, design: &Design, raw: &RawEdition, span: Span) -> bool {
        let at = |keys: &[&Option<Spanned<String>>]| {
            let key = keys.iter().find_map(|key| key.as_ref());
            key.map_or(span, |key| {
                Span::new(self.id, key.span().start, key.span().end)
            })
        };
        let mut faults: Vec<(Span, String, &str)> = Vec::new();
        let longest = Length::pt(14_400);
        for (side, raw) in [
            (design.page.width, &raw.width),
            (design.page.height, &raw.height),
        ] {
            if side > longest {
                faults.push((
                    at(&[raw]),
                    format!("no page can be {} long", millimetres(side)),
                    "a PDF's page is at most 5080 mm wide and high",
                ));
            }
        }
        let types = [
            (
                design.text_size,
                &raw.text_size,
                design.leading,
                &raw.leading,
            ),
            (
                design.note_size,
                &raw.note_size,
                design.note_leading,
                &raw.note_leading,
            ),
        ];
        for (size, raw_size, leading, raw_leading) in types {
            if size < Length::pt(4) || size > Length::pt(72) {
                faults.push((
                    at(&[raw_size]),
                    format!("nobody can read type of {}", points(size)),
                    "give type a size of 4 to 72 pt",
                ));
            } else if leading < size {
                faults.push((
                    at(&[raw_leading, raw_size]),
                    format!(
                        "lines {} apart run into each other: their type has {}",
                        points(leading),
                        points(size)
                    ),
                    "make the leading larger than the type, as a rule by a fifth to a third",
                ));
            }
        }
        let (margins, wide) = (&design.margins, design.text_size * 8);
        if faults.is_empty() && design.measure() < wide {
            faults.push((
                at(&[
                    &raw.inner,
                    &raw.outer,
                    &raw.width,
                    &raw.size,
                    &raw.text_size,
                ]),
                format!(
                    "of a page {} wide the margins {} and {} leave no room for a line of text",
                    millimetres(design.page.width),
                    millimetres(margins.inner),
                    millimetres(margins.outer)
                ),
                "a line wants at least eight times the size of the type",
            ));
        }
        if faults.is_empty() && design.text_height() < design.leading * 6 {
            faults.push((
                at(&[&raw.top, &raw.bottom, &raw.height, &raw.size, &raw.leading]),
                format!(
                    "of a page {} high the margins {} and {} leave no room for six lines of text",
                    millimetres(design.page.height),
                    millimetres(margins.top),
                    millimetres(margins.bottom)
                ),
                "make the page higher, or the margins or the leading smaller",
            ));
        }
        let fits = faults.is_empty();
        for (place, message, help) in faults {
            self.report
                .error(Code::ImpossiblePage, place, message)
                .help(help);
        }
        fits
    }

    fn length(&mut self, raw: Option<&Spanned<String>>) -> Option<Length> {
        let raw = raw?;
        let length = Length::read(raw.get_ref()).filter(|&length| length >= Length::ZERO);
        if length.is_none() {
            self.report
                .error(
                    Code::BadValue,
                    self.span(raw),
                    format!("`{}` is not a length", raw.get_ref()),
                )
                .help("write a number and pt, mm, cm or in: 10.5pt, 148mm");
        }
        length
    }
}

/// A size of type as an editor writes it: `10.5 pt`.
fn points(length: Length) -> String {
    let text = length.to_string();
    let short = text.trim_end_matches('0').trim_end_matches('.');
    format!("{short} pt")
}

/// A length as an editor would measure it: `148 mm`.
fn millimetres(length: Length) -> String {
    let tenths = (i128::from(length.0) * 254 * 10 + 65_536 * 360) / (65_536 * 720);
    match tenths % 10 {
        0 => format!("{} mm", tenths / 10),
        part => format!("{}.{part} mm", tenths / 10),
    }
}
