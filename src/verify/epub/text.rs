//! The text of an e-book's files in the order of its spine: running text with the printed
//! pages that begin in it, notes apart, navigation left out.

use std::collections::{BTreeMap, BTreeSet};

use super::followed;
use super::xml::{Attributes, Piece, attribute};
use crate::verify::found::{Found, Lead};
use crate::verify::listener::{Listener, Role};
use crate::verify::places::Locator;
use crate::verify::words::Words;

/// What a file of text holds beside its words.
pub(in crate::verify) struct Text {
    pub(in crate::verify) found: Found,
    /// The labels of page breaks, in order, each with how many words of the main text stand
    /// before it.
    pub(in crate::verify) breaks: Vec<(String, usize)>,
    /// What pictures show, in words, in order; covers left out.
    pub(in crate::verify) pictures: Vec<String>,
    /// The locators of the index.
    pub(in crate::verify) locators: Vec<Locator>,
    /// The addresses of notes without a way back to a call of theirs.
    pub(in crate::verify) no_way_back: Vec<String>,
}

/// Reads the files of the spine by their names. `pages` gives a printed page's place by its
/// number.
pub(super) fn read(
    files: &[(&str, &[Piece<'_>])],
    pages: &BTreeMap<String, u32>,
    words: &mut Words,
) -> Text {
    let mut reader = Reader {
        pages,
        page: None,
        listener: Listener::default(),
        breaks: Vec::new(),
        open: Vec::new(),
        left: 0,
        name: "",
        notes: BTreeMap::new(),
        calls: Vec::new(),
        back: BTreeMap::new(),
        pictures: Vec::new(),
        ids: BTreeMap::new(),
        locators: Vec::new(),
        in_locator: false,
    };
    for (name, pieces) in files {
        reader.name = name;
        reader.open.clear();
        reader.left = 0;
        reader.listener.enter(Role::Block);
        for piece in *pieces {
            reader.take(piece);
        }
        reader.listener.leave(Role::Block);
    }
    reader.finish(words)
}

struct Reader<'p> {
    pages: &'p BTreeMap<String, u32>,
    page: Option<u32>,
    listener: Listener,
    /// The labels of page breaks, each with where in the main text it stands.
    breaks: Vec<(String, usize)>,
    /// What is open, and its address.
    open: Vec<(Role, Option<String>)>,
    /// How many open elements are not the book's text.
    left: usize,
    /// The file that is being read.
    name: &'p str,
    /// The notes by their addresses, `file#id`.
    notes: BTreeMap<String, usize>,
    /// The addresses of calls in the main text and where each leads.
    calls: Vec<(Option<String>, String)>,
    /// Where a note leads back to, by its place.
    back: BTreeMap<usize, String>,
    pictures: Vec<String>,
    /// How many page breaks stand before what is at each address and before its end; notes
    /// are left out.
    ids: BTreeMap<String, (usize, usize)>,
    /// What each locator of the index says, and where it leads.
    locators: Vec<(String, String)>,
    in_locator: bool,
}

impl<'p> Reader<'p> {
    fn take(&mut self, piece: &Piece<'_>) {
        match piece {
            Piece::Start(name, attributes) => self.start(name, attributes),
            Piece::End(_) => {
                self.in_locator = false;
                let (role, address) = self.open.pop().unwrap_or((Role::Left, None));
                if let Some(id) = address.and_then(|address| self.ids.get_mut(&address)) {
                    id.1 = self.breaks.len();
                }
                if role == Role::Left {
                    self.left = self.left.saturating_sub(1);
                } else if self.left == 0 {
                    self.listener.leave(role);
                }
            }
            Piece::Text(text) => {
                if self.left == 0 {
                    self.listener.text(text, self.page);
                    if let Some((said, _)) = self.locators.last_mut().filter(|_| self.in_locator) {
                        said.push_str(text);
                    }
                }
            }
        }
    }

    fn start(&mut self, name: &str, attributes: &Attributes<'_>) {
        if let Some(label) = page_break(attributes) {
            self.page = self.pages.get(&label).copied();
            self.breaks.push((label, self.listener.length()));
        }
        let is_cover = attribute(attributes, "role") == Some("doc-cover");
        if name == "img" && self.left == 0 && !is_cover {
            let shows = attribute(attributes, "alt").unwrap_or_default();
            self.pictures.push(shows.to_string());
        }
        let address = |key| attribute(attributes, key).map(|id| format!("{}#{id}", self.name));
        let role = role(name, attributes);
        if is(attributes, "index-locator") {
            let leads = attribute(attributes, "href").unwrap_or_default();
            self.locators
                .push((String::new(), followed(self.name, leads)));
            self.in_locator = true;
        }
        if !self.listener.is_in_note() && role != Role::Note {
            let before = self.breaks.len();
            self.ids
                .extend(address("id").map(|id| (id, (before, before))));
        }
        match role {
            Role::Note => {
                self.notes
                    .extend(address("id").map(|id| (id, self.listener.notes())));
            }
            Role::Call if self.left == 0 => {
                let leads = attribute(attributes, "href").unwrap_or_default();
                let leads = followed(self.name, leads);
                self.calls.push((address("id"), leads));
            }
            Role::Left if is_way_back(attributes) => {
                let leads = attribute(attributes, "href").unwrap_or_default();
                let leads = followed(self.name, leads);
                self.back.insert(self.listener.notes(), leads);
            }
            Role::Call | Role::Left | Role::Inline | Role::Label | Role::Block => {}
        }
        if role == Role::Left {
            self.left += 1;
        } else if self.left == 0 {
            self.listener.enter(role);
            if role == Role::Call {
                // Which note it is will be known when all have been read.
                self.listener.leads(Lead::Note(self.calls.len() - 1));
            }
        }
        self.open.push((role, address("id")));
    }

    fn finish(self, words: &mut Words) -> Text {
        let labels: Vec<String> = self.breaks.iter().map(|(label, _)| label.clone()).collect();
        let (mut found, breaks) = self.listener.finish(self.breaks, words);
        for (call, _) in &mut found.calls {
            if let Lead::Note(number) = call.lead {
                let leads = self
                    .calls
                    .get(number)
                    .and_then(|call| self.notes.get(&call.1));
                call.lead = leads.map_or(Lead::Nowhere, |note| Lead::Note(*note));
            }
        }
        let ways: BTreeSet<(&str, usize)> = self
            .calls
            .iter()
            .filter_map(|(id, leads)| Some((id.as_deref()?, *self.notes.get(leads)?)))
            .collect();
        let no_way_back = self.notes.iter().filter(|(_, note)| {
            let back = self.back.get(note);
            !back.is_some_and(|back| ways.contains(&(back.as_str(), **note)))
        });
        let locators = self.locators.into_iter().filter_map(|(said, leads)| {
            let (start, end) = self.ids.get(&leads)?;
            let pages = labels.get(start.checked_sub(1)?..*end)?.to_vec();
            Some(Locator { said, pages })
        });
        Text {
            locators: locators.collect(),
            no_way_back: no_way_back.map(|(address, _)| address.clone()).collect(),
            found,
            breaks,
            pictures: self.pictures,
        }
    }
}

/// The label of a page break, where an element is one.
pub(super) fn page_break(attributes: &Attributes<'_>) -> Option<String> {
    let labels = ["title", "aria-label"];
    let label = labels.iter().find_map(|key| attribute(attributes, key));
    let label = label.unwrap_or_default();
    is(attributes, "pagebreak").then(|| {
        let label = label.trim_matches(|c: char| !c.is_alphanumeric());
        label.to_string()
    })
}

/// Whether an element is of a kind of EPUB's structural semantics.
fn is(attributes: &Attributes<'_>, kind: &str) -> bool {
    let kinds = attribute(attributes, "epub:type").unwrap_or_default();
    kinds.split_ascii_whitespace().any(|word| word == kind)
}

fn is_way_back(attributes: &Attributes<'_>) -> bool {
    attribute(attributes, "role") == Some("doc-backlink")
}

fn role(name: &str, attributes: &Attributes<'_>) -> Role {
    let hidden = attribute(attributes, "aria-hidden") == Some("true");
    if matches!(name, "head" | "nav") || is_way_back(attributes) || hidden {
        return Role::Left;
    }
    if is(attributes, "noteref") {
        return Role::Call;
    }
    if is(attributes, "footnote") || is(attributes, "endnote") {
        return Role::Note;
    }
    match name {
        "a" | "abbr" | "b" | "cite" | "code" | "dfn" | "em" | "i" | "q" | "small" | "span"
        | "strong" | "sub" | "sup" | "time" => Role::Inline,
        _ => Role::Block,
    }
}
