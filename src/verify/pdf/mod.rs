//! A finished PDF: its text by its structure, its page labels, its links and its outline.

use std::collections::BTreeMap;

use lopdf::{Dictionary, Document, LoadOptions, Object, ObjectId};
use rayon::prelude::*;

use super::found::Found;
use super::places::Locator;
use super::sheets::Paper;
use super::sight;
use super::words::Words;
use crate::diag::{Code, Report};
use crate::pages::{LinkTarget, Pages};
use names::Names;

mod cmap;
mod content;
mod fonts;
mod labels;
mod matrix;
mod names;
mod structure;

pub(super) use content::{PageText, Seen};

/// What any one stream of a file may unpack to.
const LARGEST: usize = 256 << 20;

/// A PDF that could be opened.
pub(super) struct File {
    document: Document,
    pages: Vec<ObjectId>,
    /// The pages' places by their objects.
    places: BTreeMap<ObjectId, u32>,
    /// The named places.
    names: Names,
}

/// What the pages of a file show, and what is read to whoever cannot see them.
pub(super) struct Read {
    pub(super) found: Found,
    pub(super) pages: Vec<PageText>,
    /// The locators of the index.
    pub(super) locators: Vec<Locator>,
}

impl File {
    /// Opens a file.
    pub(super) fn open(bytes: &[u8], report: &mut Report) -> Option<File> {
        let options = LoadOptions {
            max_decompressed_size: Some(LARGEST),
            ..LoadOptions::with_filter(needed)
        };
        match Document::load_mem_with_options(bytes, options) {
            Ok(document) => {
                let pages: Vec<ObjectId> = document.page_iter().collect();
                let places = pages.iter().copied().zip(0..).collect();
                let names = names::read(&document);
                Some(File {
                    document,
                    pages,
                    places,
                    names,
                })
            }
            Err(error) => {
                report
                    .error(
                        Code::UnreadableFile,
                        None,
                        format!("the PDF cannot be read: {error}"),
                    )
                    .help("build the book again");
                None
            }
        }
    }

    /// The text of all pages in the order of reading.
    pub(super) fn read(&self, words: &mut Words, report: &mut Report) -> Read {
        let pages = self.page_texts(report);
        let (found, locators) = structure::read(self, &pages, words);
        let labels = labels::read(&self.document, self.pages.len());
        let locators = locators.into_iter();
        let locators = locators.map(|(said, page)| Locator {
            said,
            pages: labels.get(page).cloned().into_iter().collect(),
        });
        Read {
            found,
            pages,
            locators: locators.collect(),
        }
    }

    /// The text of each page.
    pub(super) fn page_texts(&self, report: &mut Report) -> Vec<PageText> {
        let fonts = fonts::all(&self.document);
        let read = |page: &ObjectId| content::read(&self.document, *page, &fonts);
        let texts: Vec<_> = self.pages.par_iter().map(read).collect();
        for (page, text) in texts.iter().enumerate() {
            if text.is_none() {
                let message = format!("page {} of the PDF cannot be read", page + 1);
                report.error(Code::UnreadableFile, None, message);
            }
        }
        texts.into_iter().map(Option::unwrap_or_default).collect()
    }

    /// The size of the first page, and whether a printer that obeys the file turns sheets
    /// over their upper edge (PDF 1.7 §12.2).
    pub(super) fn paper(&self) -> Option<Paper> {
        let page = self.document.get_dictionary(*self.pages.first()?).ok()?;
        let trimmed = page.get_deref(b"TrimBox", &self.document);
        let edges = trimmed.or_else(|_| page.get_deref(b"MediaBox", &self.document));
        let edges = edges.ok()?;
        let [left, bottom, right, top] = &edges.as_array().ok()?[..] else {
            return None;
        };
        let (width, height) = (
            content::amount(right) - content::amount(left),
            content::amount(top) - content::amount(bottom),
        );
        let preferences = self.document.catalog().ok()?;
        let preferences = preferences.get_deref(b"ViewerPreferences", &self.document);
        let preferences = preferences.and_then(Object::as_dict).ok();
        let duplex = preferences.and_then(|all| all.get(b"Duplex").ok()?.as_name().ok());
        let over_the_top = match duplex {
            Some(b"DuplexFlipLongEdge") => width > height,
            Some(b"DuplexFlipShortEdge") => width <= height,
            _ => false,
        };
        Some(Paper {
            width,
            height,
            over_the_top,
        })
    }

    /// Lets the file go, which takes a while, beside whatever comes next.
    pub(super) fn let_go(self) {
        rayon::spawn(move || drop(self));
    }

    /// Checks that every page looks as it was set, whatever the structure says.
    pub(super) fn check_looks(&self, texts: &[PageText], pages: &Pages, report: &mut Report) {
        let pairs = pages.pages.par_iter().zip(texts).enumerate();
        let faults = pairs.flat_map_iter(|(at, (page, text))| {
            let mut faults = Vec::new();
            let shown = page
                .folio
                .map_or(format!("{} of the PDF", at + 1), |f| f.to_string());
            let (set, seen) = (sight::set(page), sight::shown(&text.seen, pages.trim));
            if let Some(differs) = sight::differ(&set, &seen) {
                faults.push(format!("page {shown} {}", differs.words()));
            }
            let (set, seen) = (sight::set_pictures(page), text.pictures.len());
            if set != seen {
                faults.push(format!(
                    "page {shown} shows {seen} pictures, but {set} were set"
                ));
            }
            faults
        });
        let faults: Vec<String> = faults.collect();
        for fault in faults.into_iter().take(super::MOST) {
            report.error(Code::TextDiffers, None, fault);
        }
    }

    /// Checks that there are as many pages as were set, each labelled with its number.
    pub(super) fn check_labels(&self, pages: &Pages, report: &mut Report) {
        let (set, found) = (pages.pages.len(), self.pages.len());
        if set != found {
            let message = format!("the PDF has {found} pages, but {set} were set");
            report.error(Code::WrongPage, None, message);
        }
        let labels = labels::read(&self.document, found);
        for (at, (page, label)) in pages.pages.iter().zip(labels).enumerate() {
            let folio = page.folio.map_or(String::new(), |folio| folio.to_string());
            if folio != label {
                let message = format!(
                    "page {} of the PDF is numbered “{folio}” but labelled “{label}”",
                    at + 1
                );
                report.error(Code::WrongPage, None, message);
            }
        }
    }

    /// Checks that every link that was set is there and leads where it should.
    pub(super) fn check_links(&self, pages: &Pages, report: &mut Report) {
        for (at, (page, id)) in pages.pages.iter().zip(&self.pages).enumerate() {
            let found = self.links(*id);
            let shown = page
                .folio
                .map_or(format!("{} of the PDF", at + 1), |f| f.to_string());
            if found.len() != page.links.len() {
                let message = format!(
                    "page {shown} has {} links, but {} were set",
                    found.len(),
                    page.links.len()
                );
                report.error(Code::DeadLink, None, message);
            }
            for (link, goal) in page.links.iter().zip(found) {
                let right = match &link.to {
                    LinkTarget::Page { page, .. } => goal == Goal::Page(*page),
                    LinkTarget::Web(_) => goal == Goal::Web,
                };
                if !right {
                    let message = format!(
                        "the link “{}” on page {shown} does not lead where it should",
                        link.label
                    );
                    report.error(Code::DeadLink, None, message);
                }
            }
        }
    }

    fn links(&self, page: ObjectId) -> Vec<Goal> {
        let annotations = self.document.get_page_annotations(page).unwrap_or_default();
        let links = annotations.into_iter().filter(|annotation| {
            matches!(
                annotation.get(b"Subtype").and_then(Object::as_name),
                Ok(b"Link")
            )
        });
        links.map(|link| self.goal(link)).collect()
    }

    fn goal(&self, link: &Dictionary) -> Goal {
        if let Ok(goal) = link.get_deref(b"Dest", &self.document) {
            return self.destination(goal);
        }
        let Ok(action) = link
            .get_deref(b"A", &self.document)
            .and_then(Object::as_dict)
        else {
            return Goal::Nowhere;
        };
        match action.get(b"S").and_then(Object::as_name) {
            Ok(b"URI") if action.get(b"URI").and_then(Object::as_str).is_ok() => Goal::Web,
            Ok(b"GoTo") => match action.get_deref(b"D", &self.document) {
                Ok(goal) => self.destination(goal),
                Err(_) => Goal::Nowhere,
            },
            Ok(_) | Err(_) => Goal::Nowhere,
        }
    }

    /// The page that a destination leads to, or the one that it names.
    fn destination(&self, goal: &Object) -> Goal {
        let named = goal.as_str().ok();
        let page = named
            .map_or(Some(goal), |name| self.names.get(name))
            .unwrap_or(&Object::Null)
            .as_array()
            .ok()
            .and_then(|goal| goal.first()?.as_reference().ok());
        match page.and_then(|page| self.places.get(&page)) {
            Some(page) => Goal::Page(*page as usize),
            None => Goal::Nowhere,
        }
    }

    /// Checks that the outline has every line that was set, and each leads to its page.
    pub(super) fn check_outline(&self, pages: &Pages, report: &mut Report) {
        let mut lines = Vec::new();
        let root = self.document.catalog().and_then(|catalog| {
            catalog
                .get_deref(b"Outlines", &self.document)
                .and_then(Object::as_dict)
        });
        if let Ok(root) = root {
            self.outline(root, pages.outline.len() + 1, &mut lines);
        }
        let set: Vec<(String, Goal)> = pages
            .outline
            .iter()
            .map(|entry| (entry.title.clone(), Goal::Page(entry.page)))
            .collect();
        if lines != set {
            let at = lines
                .iter()
                .zip(&set)
                .take_while(|(found, set)| found == set)
                .count();
            let line = set.get(at).map_or("its end", |line| &line.0);
            let message = format!("the PDF's outline differs from the book's at “{line}”");
            report.error(Code::DeadLink, None, message);
        }
    }

    /// The lines below an item, each before those below it, at most so many.
    fn outline(&self, item: &Dictionary, most: usize, lines: &mut Vec<(String, Goal)>) {
        let child = |item: &Dictionary, key: &[u8]| {
            let next = item.get(key).and_then(Object::as_reference).ok()?;
            self.document.get_dictionary(next).ok()
        };
        let mut open = Vec::from_iter(child(item, b"First"));
        while let Some(line) = open.pop() {
            if lines.len() >= most {
                return;
            }
            let title = line
                .get(b"Title")
                .and_then(Object::as_str)
                .unwrap_or_default();
            lines.push((content::string(title), self.goal(line)));
            open.extend(child(line, b"Next"));
            open.extend(child(line, b"First"));
        }
    }
}

/// Of elements and links, which are by far the most of a file's objects, only what is read.
fn needed(id: ObjectId, object: &mut Object) -> Option<(ObjectId, Object)> {
    const ELEMENT: &[&[u8]] = &[b"Type", b"S", b"K", b"Pg"];
    const LINK: &[&[u8]] = &[b"Subtype", b"Dest", b"A"];
    if let Object::Dictionary(entries) = object {
        let is_link = matches!(entries.get(b"Subtype"), Ok(Object::Name(name)) if name == b"Link");
        let is_element = entries.has(b"S") && entries.has(b"P");
        let wanted = match (is_link, is_element) {
            (true, _) => LINK,
            (_, true) => ELEMENT,
            (false, false) => &[],
        };
        if !wanted.is_empty() {
            let kept = |key: &&[u8]| Some((key.to_vec(), entries.remove(key)?));
            *entries = wanted.iter().filter_map(kept).collect();
        }
    }
    // What is given back counts only for objects out of streams, which are never streams.
    let is_stream = matches!(object, Object::Stream(_));
    let kept = if is_stream {
        Object::Null
    } else {
        object.clone()
    };
    Some((id, kept))
}

/// Where a link leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Goal {
    /// A page, by its place.
    Page(usize),
    Web,
    Nowhere,
}
