//! `book.toml`: what the book is called, its running order, and its editions.

use serde::Deserialize;
use skrifa::raw::TableProvider;
use skrifa::{FontRef, MetadataProvider};
use toml::Spanned;

use crate::data::{DataFile, days_in, nearest};
use crate::diag::{Code, Report};
use crate::source::{Content, Inputs, SourceId, Span, is_inside};
use crate::text::Lang;

mod editions;

use editions::RawEdition;
pub use editions::{
    Binding, Booklet, Design, Duplex, EditionSettings, FoldMark, MarginNumbers, Margins, Openings,
    TextFace, paper_size,
};

mod apparatus;

pub use apparatus::{
    ApparatusSettings, CrowdedNotes, Elision, FilingOrder, IndexSettings, NoteTerms,
};

/// What the editor declared, typed and defaulted.
#[derive(Clone, Debug)]
pub struct Manifest {
    pub metadata: Metadata,
    /// In running order.
    pub chapters: Vec<Chapter>,
    pub editions: Vec<EditionSettings>,
    pub apparatus: ApparatusSettings,
}

/// The book as a catalogue would describe it.
#[derive(Clone, Debug, Default)]
pub struct Metadata {
    pub title: String,
    pub subtitle: Option<String>,
    /// The file names' stem.
    pub slug: String,
    pub language: Option<Lang>,
    /// `urn:uuid:…` or an ISBN.
    pub identifier: String,
    /// `YYYY-MM-DD`: when this edition was made.
    pub date: String,
    pub publisher: Option<String>,
    pub series: Option<Series>,
    pub description: String,
    pub subjects: Vec<String>,
    /// The same in the book trade's schemes.
    pub codes: Vec<SubjectCode>,
    /// Whom the book is made for, in words.
    pub audience: Option<String>,
    pub rights: String,
    pub contributors: Vec<Contributor>,
    /// The cover's ground, as `#rrggbb`.
    pub colour: Option<String>,
    /// The pack's own cover; otherwise one is drawn.
    pub cover: Option<Cover>,
    /// Whether drawings go into the e-book as pixels too, for readers that show no others.
    pub svg_fallback: bool,
    /// The pack's own fonts for the e-book, the text's first, or none; `None` for the built-in.
    pub ebook_fonts: Option<Vec<String>>,
}

/// A picture that the pack has for a cover.
#[derive(Clone, Debug)]
pub struct Cover {
    pub path: String,
    /// What it shows, in words.
    pub alt: String,
    /// Where book.toml names it.
    pub span: Span,
}

/// A subject in a scheme of the book trade.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubjectCode {
    /// `BISAC`, `Thema`.
    pub scheme: String,
    pub code: String,
    /// The code in words.
    pub term: String,
}

/// A series and the book's number in it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Series {
    pub name: String,
    pub number: Option<u32>,
}

/// Someone who made the book.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contributor {
    pub name: String,
    /// The name as it is filed: `Lee, Ann`.
    pub sort: Option<String>,
    /// A MARC relator code: `aut`, `edt`, `trl`.
    #[serde(default = "author")]
    pub role: String,
}

fn author() -> String {
    "aut".into()
}

/// One section of the book, in running order.
#[derive(Clone, Debug)]
pub struct Chapter {
    /// What marks name it by; unique.
    pub id: String,
    pub part: Part,
    pub kind: ChapterKind,
    pub title: Option<String>,
    /// The title in running heads, where the full one is too long.
    pub short_title: Option<String>,
    /// What the editors wrote; for a source: its headnote.
    pub file: Option<String>,
    /// For a source: the work's id in sources.toml.
    pub source: Option<String>,
    /// For a source: what is set when its text is not there.
    pub precis: Option<String>,
    /// For a source: what follows it.
    pub questions: Option<String>,
    /// Where terms are noted in this chapter, if otherwise than in the book.
    pub note_terms: Option<NoteTerms>,
    /// Whether the index leads to it.
    pub indexed: bool,
    pub span: Span,
}

/// The three parts of a book. Front matter has roman page numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    Front,
    Body,
    Back,
}

/// What a section is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChapterKind {
    HalfTitle,
    TitlePage,
    Imprint,
    /// The title of some chapters together, on a leaf of its own before them.
    PartTitle,
    Contents,
    /// A list of the figures and boxes.
    Figures,
    /// The editors' own text.
    Text,
    /// A source with its headnote.
    Source,
    Glossary,
    Chronology,
    /// A table of what the readings under the events of the chronology say.
    Disagreements,
    Bibliography,
    Emendations,
    NoteOnTheText,
    Index,
}

impl ChapterKind {
    /// Whether the section's text is made from data, so that it needs no file.
    pub fn is_generated(self) -> bool {
        !matches!(self, ChapterKind::Text | ChapterKind::Source)
    }
}

/// What is wrong, and what to do.
type Fault = (&'static str, &'static str);

const NO_FONT: Fault = (
    "is no font that readers show",
    "name TrueType or OpenType files, ending in .ttf or .otf, one for each style",
);

/// Why a font cannot go into an e-book.
fn typeface_fault(bytes: &[u8]) -> Option<Fault> {
    let Ok(font) = FontRef::new(bytes) else {
        return Some(NO_FONT);
    };
    let outlines = font.outline_glyphs();
    if outlines.format().is_none() || font.charmap().map('a').is_none() {
        return Some(NO_FONT);
    }
    // Bit 1 alone: restricted licence embedding (OpenType, OS/2, fsType).
    let restricted = font.os2().is_ok_and(|os2| os2.fs_type() & 0x000f == 2);
    restricted.then_some((
        "says that its maker does not let it be put into books",
        "ask its maker for a file with other rights, or take a font under a free licence",
    ))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawBook {
    title: Spanned<String>,
    subtitle: Option<String>,
    slug: Spanned<String>,
    language: Spanned<String>,
    identifier: Spanned<String>,
    date: Spanned<String>,
    publisher: Option<String>,
    series: Option<Series>,
    #[serde(default)]
    description: String,
    #[serde(default)]
    subjects: Vec<String>,
    #[serde(default)]
    codes: Vec<SubjectCode>,
    audience: Option<String>,
    #[serde(default)]
    rights: String,
    #[serde(default)]
    contributors: Vec<Contributor>,
    colour: Option<Spanned<String>>,
    cover: Option<Spanned<String>>,
    cover_alt: Option<Spanned<String>>,
    #[serde(default)]
    svg_fallback: bool,
    ebook_fonts: Option<Vec<Spanned<String>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawChapter {
    id: Spanned<String>,
    part: Part,
    kind: ChapterKind,
    title: Option<String>,
    short_title: Option<String>,
    file: Option<Spanned<String>>,
    source: Option<String>,
    precis: Option<Spanned<String>>,
    questions: Option<Spanned<String>>,
    note_terms: Option<NoteTerms>,
    #[serde(default = "yes")]
    indexed: bool,
}

fn yes() -> bool {
    true
}

/// Reads `book.toml`. `None` when there is none or it is too broken to go on with.
pub fn load(inputs: &Inputs, report: &mut Report) -> Option<Manifest> {
    let Some(id) = inputs.find("book.toml") else {
        report
            .error(
                Code::MissingManifest,
                None,
                "this folder has no book.toml, so it is not a pack",
            )
            .help("give the pack's folder: cordel build DIR");
        return None;
    };
    let mut file = DataFile::open(inputs, id, report);
    let book = file.table::<RawBook>("book", report);
    if book.is_none() && !report.has_errors() {
        report
            .error(Code::MissingKey, Span::new(id, 0, 0), "book.toml has no [book] table")
            .help("start it with [book] and give the book a title, slug, language, identifier and date");
    }
    let chapters = file.list::<RawChapter>("chapter", report);
    let editions = file.list::<RawEdition>("edition", report);
    let apparatus = file
        .table("apparatus", report)
        .map(|located| located.value)
        .unwrap_or_default();
    file.close(report);
    let mut ctx = Reader { inputs, id, report };
    let chapters = chapters
        .into_iter()
        .map(|raw| ctx.chapter(raw.value, raw.span))
        .collect::<Vec<_>>();
    ctx.unique(
        chapters
            .iter()
            .map(|chapter| (chapter.id.as_str(), chapter.span)),
        "chapter",
    );
    let editions = ctx.editions(editions);
    let metadata = ctx.metadata(book?.value);
    Some(Manifest {
        metadata,
        chapters,
        editions,
        apparatus,
    })
}

impl Manifest {
    /// The edition of that id, or the reference edition, or else the first.
    pub fn edition(&self, id: Option<&str>) -> Option<&EditionSettings> {
        match id {
            Some(id) => self.editions.iter().find(|edition| edition.id == id),
            None => self
                .editions
                .iter()
                .find(|edition| edition.reference)
                .or(self.editions.first()),
        }
    }
}

/// Turns the raw tables into typed ones, reporting what does not hold.
struct Reader<'a> {
    inputs: &'a Inputs,
    id: SourceId,
    report: &'a mut Report,
}

impl Reader<'_> {
    fn span<T>(&self, value: &Spanned<T>) -> Span {
        Span::new(self.id, value.span().start, value.span().end)
    }

    fn metadata(&mut self, raw: RawBook) -> Metadata {
        for (key, value) in [
            ("title", &raw.title),
            ("slug", &raw.slug),
            ("language", &raw.language),
            ("identifier", &raw.identifier),
        ] {
            if value.get_ref().trim().is_empty() {
                self.report.error(
                    Code::BadValue,
                    self.span(value),
                    format!("the book's {key} is empty"),
                );
            }
        }
        let slug = raw.slug.get_ref();
        if !slug
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        {
            self.report
                .error(
                    Code::BadValue,
                    self.span(&raw.slug),
                    format!("`{slug}` cannot be a slug"),
                )
                .help("use a-z, 0-9 and hyphens: it names the files, also on e-readers");
        }
        let language = raw.language.get_ref();
        if !is_language_tag(language) {
            self.report
                .error(
                    Code::BadValue,
                    self.span(&raw.language),
                    format!("`{language}` is not a language tag"),
                )
                .help("write it as BCP 47 does: en-GB, es-CL, arn");
        }
        if !is_day(raw.date.get_ref()) {
            self.report
                .error(
                    Code::BadDate,
                    self.span(&raw.date),
                    format!("`{}` is not a day", raw.date.get_ref()),
                )
                .help("write it as year-month-day: 2026-11-20");
        }
        if let Some(colour) = &raw.colour {
            let hex = colour.get_ref().strip_prefix('#').unwrap_or_default();
            if hex.len() != 6 || !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
                self.report
                    .error(
                        Code::BadValue,
                        self.span(colour),
                        format!("`{}` is not a colour", colour.get_ref()),
                    )
                    .help(
                        "write it as #rrggbb, two hexadecimal digits each for red, green and blue",
                    );
            }
        }
        Metadata {
            title: raw.title.into_inner(),
            subtitle: raw.subtitle,
            slug: raw.slug.into_inner(),
            language: Some(Lang(raw.language.into_inner())),
            identifier: raw.identifier.into_inner(),
            date: raw.date.into_inner(),
            publisher: raw.publisher,
            series: raw.series,
            description: raw.description,
            subjects: raw.subjects,
            codes: raw.codes,
            audience: raw.audience,
            rights: raw.rights,
            contributors: raw.contributors,
            colour: raw.colour.map(Spanned::into_inner),
            cover: raw.cover.and_then(|path| self.cover(path, raw.cover_alt)),
            svg_fallback: raw.svg_fallback,
            ebook_fonts: raw.ebook_fonts.map(|paths| self.fonts(paths)),
        }
    }

    /// The pack's own fonts: each can be read, and may be put into a book.
    fn fonts(&mut self, paths: Vec<Spanned<String>>) -> Vec<String> {
        let mut fonts = Vec::new();
        for path in paths {
            let span = self.span(&path);
            let Some(path) = self.path(path) else {
                continue;
            };
            let source = self
                .inputs
                .find(&path)
                .map(|source| self.inputs.get(source));
            let fault = match source.map(|source| &source.content) {
                Some(Content::Binary { bytes, .. }) => typeface_fault(bytes),
                Some(_) | None => Some(NO_FONT),
            };
            match fault {
                Some((what, help)) => {
                    let message = format!("`{path}` {what}");
                    self.report.error(Code::BadValue, span, message).help(help);
                }
                None => fonts.push(path),
            }
        }
        fonts
    }

    /// The pack's own cover, which needs words for those who cannot see it.
    fn cover(&mut self, path: Spanned<String>, alt: Option<Spanned<String>>) -> Option<Cover> {
        let span = self.span(&path);
        let alt = alt.map(Spanned::into_inner).unwrap_or_default();
        if alt.trim().is_empty() {
            self.report
                .error(
                    Code::MissingAlt,
                    span,
                    "the cover has no alternative text".to_string(),
                )
                .help("say in a line below what it shows: cover-alt = \"…\"");
        }
        let path = self.path(path)?;
        Some(Cover { path, alt, span })
    }

    fn chapter(&mut self, raw: RawChapter, span: Span) -> Chapter {
        let id = raw.id.get_ref().clone();
        if id.is_empty()
            || !id
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        {
            self.report
                .error(
                    Code::BadValue,
                    self.span(&raw.id),
                    format!("`{id}` cannot be a chapter's id"),
                )
                .help("use a-z, 0-9 and hyphens: marks and file names are made of it");
        }
        if raw.file.is_none() && !raw.kind.is_generated() {
            self.report
                .error(
                    Code::MissingKey,
                    span,
                    format!("the chapter `{id}` has no `file`"),
                )
                .help("name the Markdown file that holds its text: file = \"chapters/….md\"");
        }
        if raw.kind == ChapterKind::PartTitle && raw.title.is_none() && raw.file.is_none() {
            self.report
                .error(
                    Code::MissingKey,
                    span,
                    format!("the part `{id}` has no title"),
                )
                .help("write it here, title = \"…\", or as the first heading of a file of its own");
        }
        if raw.kind == ChapterKind::Source && raw.source.is_none() {
            self.report
                .error(
                    Code::MissingKey,
                    span,
                    format!("the chapter `{id}` does not say which source it sets"),
                )
                .help("name the source by its id in sources.toml: source = \"…\"");
        }
        Chapter {
            id,
            part: raw.part,
            kind: raw.kind,
            title: raw.title,
            short_title: raw.short_title,
            file: raw.file.and_then(|path| self.path(path)),
            source: raw.source,
            precis: raw.precis.and_then(|path| self.path(path)),
            questions: raw.questions.and_then(|path| self.path(path)),
            note_terms: raw.note_terms,
            indexed: raw.indexed,
            span: self.span(&raw.id),
        }
    }

    /// A path that is there and stays in the pack.
    fn path(&mut self, path: Spanned<String>) -> Option<String> {
        let span = self.span(&path);
        let path = path.into_inner();
        if !is_inside(&path) {
            self.report
                .error(
                    Code::PathLeavesPack,
                    span,
                    format!("`{path}` leads out of the pack"),
                )
                .help("move the file into the pack's folder and write its path from there");
            return None;
        }
        if self.inputs.find(&path).is_none() {
            let missing = self.report.error(
                Code::MissingFile,
                span,
                format!("there is no file `{path}` in the pack"),
            );
            if let Some(near) = nearest(&path, self.inputs.paths()) {
                missing.help(format!("did you mean `{near}`?"));
            }
            return None;
        }
        Some(path)
    }

    fn unique<'a>(&mut self, ids: impl Iterator<Item = (&'a str, Span)>, what: &str) {
        let mut seen: std::collections::BTreeMap<&str, Span> = std::collections::BTreeMap::new();
        for (id, span) in ids {
            if let Some(first) = seen.get(id) {
                self.report
                    .error(
                        Code::DuplicateId,
                        span,
                        format!("there are two {what}s with the id `{id}`"),
                    )
                    .label(*first, "the first one")
                    .help("give one of them another id");
            } else {
                seen.insert(id, span);
            }
        }
    }
}

fn is_language_tag(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let primary = parts.next().unwrap_or_default();
    (2..=3).contains(&primary.len())
        && primary.bytes().all(|b| b.is_ascii_lowercase())
        && parts.all(|part| {
            (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
        })
}

/// Whether a text is a day of the Gregorian calendar, as `YYYY-MM-DD`.
pub fn is_day(text: &str) -> bool {
    let mut parts = text
        .split('-')
        .map(|part| part.parse::<u32>().ok().map(|number| (part.len(), number)));
    let (Some(Some((4, year))), Some(Some((2, month))), Some(Some((2, day))), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    (1..=days_in(year, month)).contains(&day)
}
