//! What people have besides plain text: saved web pages, word-processor files, e-books. Each
//! reader gives the text with what its markup says of it; the recipe's rules then work on that
//! text as on any other.
//!
//! Nothing is fetched, run or unpacked onto the disk. Entities of XML are not expanded, and
//! what an archive unpacks to has a limit.

use std::collections::BTreeMap;

use crate::diag::{Code, Report};
use crate::source::{Content, Inputs, SourceId, Span};

mod archive;
mod docx;
mod epub;
mod flow;
mod html;
mod language;
mod markup;
mod odt;
mod pdf;
mod pictures;
mod saved;

pub(super) use flow::{Marked, What};
pub(super) use pictures::is_picture;

/// What kind a source's file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Plain,
    Html,
    Markdown,
    Docx,
    Odt,
    Epub,
    Pdf,
    /// A zip that is none of these.
    Archive,
}

impl Kind {
    /// In words: `a web page`.
    pub fn words(self) -> &'static str {
        match self {
            Kind::Plain => "plain text",
            Kind::Html => "a web page",
            Kind::Markdown => "a Markdown file",
            Kind::Docx => "a Word document",
            Kind::Odt => "an OpenDocument text",
            Kind::Epub => "an e-book",
            Kind::Pdf => "a PDF",
            Kind::Archive => "an archive",
        }
    }
}

/// A source's file as text, with what its markup says.
#[derive(Clone, Debug)]
pub struct Opened {
    pub kind: Kind,
    /// The text: the file's own where it is plain, else that which was read out of it.
    pub text: SourceId,
    /// What the file says of itself.
    pub facts: Facts,
    pub(super) marks: Vec<Marked>,
}

impl Opened {
    /// Whether the file's markup itself says what is a heading.
    pub(super) fn has_headings(&self) -> bool {
        let mut marks = self.marks.iter();
        marks.any(|mark| matches!(mark.what, What::Title | What::Heading(_)))
    }

    /// The title that the text's markup shows, or else the one that the file states.
    pub(super) fn title(&self, text: &str) -> Option<String> {
        let first = |what: &What| self.marks.iter().find(|mark| mark.what == *what);
        let heading = first(&What::Title).or_else(|| first(&What::Heading(1)));
        let shown = heading.and_then(|mark| text.get(mark.start..mark.end));
        let stated = shown.or(self.facts.title.as_deref());
        let line = || text.lines().next().and_then(|line| line.strip_prefix("# "));
        let own = if self.kind == Kind::Markdown {
            line()
        } else {
            stated
        };
        own.map(|title| title.trim().to_string())
            .filter(|title| !title.is_empty())
    }
}

/// What a file says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    pub title: Option<String>,
    pub authors: Vec<String>,
    pub publisher: Option<String>,
    pub date: Option<String>,
    pub language: Option<String>,
    pub address: Option<String>,
    /// The day on which it was saved from there.
    pub retrieved: Option<String>,
    /// Pictures, which are left out.
    pub pictures: usize,
}

/// A text read out of a file.
#[derive(Clone, Debug, Default)]
struct Extract {
    text: String,
    marks: Vec<Marked>,
    facts: Facts,
    /// The files of its pictures, by the names that the marks have.
    pictures: BTreeMap<String, Vec<u8>>,
}

/// Opens a source's file by what it is. `None` when it cannot be read, which is reported.
pub fn open(inputs: &mut Inputs, raw: SourceId, report: &mut Report) -> Option<Opened> {
    let kind = kind(inputs, raw);
    let bytes = |inputs: &Inputs| match &inputs.get(raw).content {
        Content::Binary { bytes, .. } => bytes.clone(),
        Content::Text(text) => text.clone().into_bytes(),
        Content::TooLarge { .. } => Vec::new(),
    };
    let extract = match kind {
        Kind::Plain | Kind::Markdown => {
            return crate::diag::is_text(inputs, raw, report).then(|| Opened {
                kind,
                text: raw,
                facts: Facts::default(),
                marks: Vec::new(),
            });
        }
        Kind::Html => {
            if !crate::diag::is_text(inputs, raw, report) {
                return None;
            }
            Ok(html::read(inputs.text(raw)))
        }
        Kind::Docx => docx::read(&bytes(inputs)),
        Kind::Odt => odt::read(&bytes(inputs)),
        Kind::Epub => epub::read(&bytes(inputs)),
        Kind::Pdf => pdf::read(&bytes(inputs)),
        Kind::Archive => Err(archive::neither(&bytes(inputs))),
    };
    match extract {
        Ok(mut extract) => {
            pictures::take(inputs, raw, kind, &mut extract);
            language::settle(&mut extract);
            let path = format!("{} (text)", inputs.get(raw).path);
            let text = inputs.add_extracted(path, extract.text, raw);
            Some(Opened {
                kind,
                text,
                facts: extract.facts,
                marks: extract.marks,
            })
        }
        Err(fault) => {
            report.error(
                Code::UnreadableFile,
                Some(Span::new(raw, 0, 0)),
                format!("this is {} that cannot be read: {fault}", kind.words()),
            );
            None
        }
    }
}

/// What a file is: by its first bytes, then by its name.
fn kind(inputs: &Inputs, raw: SourceId) -> Kind {
    let source = inputs.get(raw);
    let name = source.path.to_lowercase();
    let named = |ends: &[&str]| ends.iter().any(|end| name.ends_with(end));
    let start: &[u8] = match &source.content {
        Content::Text(text) => text.as_bytes(),
        Content::Binary { bytes, .. } => bytes,
        Content::TooLarge { .. } => b"",
    };
    if start.starts_with(b"%PDF-") {
        Kind::Pdf
    } else if start.starts_with(b"PK\x03\x04") {
        archive::kind(start)
    } else if named(&[".html", ".htm", ".xhtml"]) || is_html(start) {
        Kind::Html
    } else if named(&[".md", ".markdown"]) {
        Kind::Markdown
    } else {
        Kind::Plain
    }
}

fn is_html(start: &[u8]) -> bool {
    let head: String = start
        .iter()
        .take(400)
        .map(|byte| char::from(byte.to_ascii_lowercase()))
        .collect();
    let head = head.trim_start();
    head.starts_with("<!doctype html")
        || head.starts_with("<html")
        || head.starts_with("<?xml") && head.contains("<html")
}
