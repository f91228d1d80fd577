//! The text of an e-book's files in the order of its spine: running text with the printed
//! pages that begin in it, notes apart, navigation left out.

use std::collections::BTreeMap;

use super::xml::{Piece, attribute};
use crate::verify::found::{Found, Gatherer};
use crate::verify::words::Words;

/// What a file of text holds beside its words.
pub(super) struct Text {
    pub(super) found: Found,
    /// The labels of page breaks, in order, each with how many words of the main text stand
    /// before it.
    pub(super) breaks: Vec<(String, usize)>,
}

/// Reads the files of the spine. `pages` gives a printed page's place by its number.
pub(super) fn read(files: &[&[Piece]], pages: &BTreeMap<String, u32>, words: &mut Words) -> Text {
    let mut reader = Reader {
        pages,
        page: None,
        main: Gatherer::default(),
        note: None,
        notes: Vec::new(),
        breaks: Vec::new(),
        open: Vec::new(),
    };
    for file in files {
        reader.open.clear();
        for piece in *file {
            reader.take(piece);
        }
        reader.main.part();
    }
    let breaks = std::mem::take(&mut reader.breaks);
    let notes = reader
        .notes
        .into_iter()
        .map(|note| note.finish(words))
        .collect();
    let (main, breaks) = reader.main.finish_with(breaks, words);
    Text {
        found: Found { main, notes },
        breaks,
    }
}

/// What an element's text is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Part of the line that it stands in.
    Inline,
    Block,
    Note,
    /// Not the book's text: navigation, a note's call, a way back, a paragraph's number.
    Left,
}

struct Reader<'p> {
    pages: &'p BTreeMap<String, u32>,
    page: Option<u32>,
    main: Gatherer,
    note: Option<Gatherer>,
    notes: Vec<Gatherer>,
    /// The labels of page breaks, each with where in the gathered text it stands.
    breaks: Vec<(String, usize)>,
    open: Vec<Kind>,
}

impl Reader<'_> {
    fn take(&mut self, piece: &Piece) {
        match piece {
            Piece::Start(name, attributes) => {
                let kind = kind(name, attributes);
                if is_page_break(attributes) {
                    self.break_page(attributes);
                }
                match kind {
                    Kind::Block => self.gatherer().part(),
                    Kind::Note => self.note = Some(Gatherer::default()),
                    Kind::Inline | Kind::Left => {}
                }
                self.open.push(kind);
            }
            Piece::End(_) => match self.open.pop() {
                Some(Kind::Block) => self.gatherer().part(),
                Some(Kind::Note) => self.notes.extend(self.note.take()),
                Some(Kind::Inline | Kind::Left) | None => {}
            },
            Piece::Text(text) => {
                if !self.open.contains(&Kind::Left) {
                    let page = self.page;
                    self.gatherer().push(text, page);
                }
            }
        }
    }

    fn gatherer(&mut self) -> &mut Gatherer {
        self.note.as_mut().unwrap_or(&mut self.main)
    }

    fn break_page(&mut self, attributes: &[(String, String)]) {
        let label = ["title", "aria-label"]
            .iter()
            .find_map(|key| attribute(attributes, key));
        let label = label.unwrap_or_default();
        let label = label
            .trim_matches(|c: char| !c.is_alphanumeric())
            .to_string();
        self.page = self.pages.get(&label).copied();
        self.breaks.push((label, self.main.length()));
    }
}

fn is_page_break(attributes: &[(String, String)]) -> bool {
    is(attributes, "pagebreak")
}

/// Whether an element is of a kind of EPUB's structural semantics.
fn is(attributes: &[(String, String)], kind: &str) -> bool {
    let kinds = attribute(attributes, "epub:type").unwrap_or_default();
    kinds.split_ascii_whitespace().any(|word| word == kind)
}

fn kind(name: &str, attributes: &[(String, String)]) -> Kind {
    let role = attribute(attributes, "role").unwrap_or_default();
    let hidden = attribute(attributes, "aria-hidden") == Some("true");
    let is_way = is(attributes, "noteref") || role == "doc-backlink";
    if matches!(name, "head" | "nav") || is_way || hidden {
        return Kind::Left;
    }
    if is(attributes, "footnote") || is(attributes, "endnote") {
        return Kind::Note;
    }
    match name {
        "a" | "abbr" | "b" | "cite" | "code" | "dfn" | "em" | "i" | "q" | "small" | "span"
        | "strong" | "sub" | "sup" | "time" => Kind::Inline,
        _ => Kind::Block,
    }
}
