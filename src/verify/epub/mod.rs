//! A finished EPUB: its text in the order of its spine, its links, its list of pages.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};

use rayon::prelude::*;
use zip::ZipArchive;

use super::words::Words;
use crate::diag::{Code, Report};
use crate::pages::Pages;

mod text;
mod xml;

pub(super) use text::Text;
use xml::{Attributes, Piece, attribute};

/// A larger file inside an e-book is not looked at.
const LARGEST: u64 = 256 << 20;

/// An EPUB that could be opened.
pub(super) struct File<'f> {
    files: &'f Files,
    /// The XHTML files by name.
    texts: BTreeMap<&'f str, Vec<Piece<'f>>>,
    /// The names of the files that are read through, in order.
    spine: Vec<String>,
    /// The navigation document.
    nav: Option<String>,
}

/// The files in an EPUB, by name; of those that are not text nothing.
pub(super) struct Files(BTreeMap<String, Vec<u8>>);

impl Files {
    /// Unpacks an EPUB.
    pub(super) fn open(bytes: &[u8], report: &mut Report) -> Option<Files> {
        told(unpacked(bytes).map(Files), report)
    }

    /// Reads what was unpacked.
    pub(super) fn read(&self, report: &mut Report) -> Option<File<'_>> {
        told(package(self), report)
    }
}

/// What could be read, or `None` after a report.
fn told<T>(read: Result<T, String>, report: &mut Report) -> Option<T> {
    read.map_err(|fault| {
        let message = format!("the EPUB cannot be read: {fault}");
        let told = report.error(Code::UnreadableFile, None, message);
        told.help("build the book again");
    })
    .ok()
}

impl File<'_> {
    /// The text of the spine, with what stands among it.
    pub(super) fn text(&self, pages: &BTreeMap<String, u32>, words: &mut Words) -> Text {
        let spine = self.spine.iter().filter_map(|name| {
            let pieces = self.texts.get(name.as_str())?;
            Some((name.as_str(), pieces.as_slice()))
        });
        let spine: Vec<(&str, &[Piece<'_>])> = spine.collect();
        text::read(&spine, pages, words)
    }

    /// Checks that every note leads back to where it is called.
    pub(super) fn check_ways_back(text: &Text, report: &mut Report) {
        for address in text.no_way_back.iter().take(super::MOST) {
            let message =
                format!("the note at {address} of the EPUB does not lead back to its call");
            report.error(Code::DeadLink, None, message);
        }
    }

    /// Checks that every link inside the book leads to something that is there; how many
    /// there are.
    pub(super) fn check_links(&self, report: &mut Report) -> usize {
        let mut links = 0;
        let ids: BTreeMap<&str, BTreeSet<&str>> = self
            .texts
            .iter()
            .map(|(name, pieces)| (*name, ids(pieces)))
            .collect();
        for (name, pieces) in &self.texts {
            for (_, attributes) in starts(pieces) {
                for key in ["href", "src"] {
                    let Some(address) = attribute(attributes, key) else {
                        continue;
                    };
                    links += 1;
                    if !self.leads(name, address, &ids) {
                        let message =
                            format!("the link to `{address}` in {name} of the EPUB leads nowhere");
                        report.error(Code::DeadLink, None, message);
                    }
                }
            }
        }
        links
    }

    fn leads(&self, from: &str, address: &str, ids: &BTreeMap<&str, BTreeSet<&str>>) -> bool {
        if has_scheme(address) {
            return true;
        }
        let address = followed(from, address);
        match address.split_once('#') {
            Some((file, id)) => ids.get(file).is_some_and(|ids| ids.contains(id)),
            None => self.files.0.contains_key(&address),
        }
    }

    /// Checks that the list of pages has every numbered page, in order, once.
    /// Each leads to where that page begins.
    pub(super) fn check_page_list(&self, pages: &Pages, report: &mut Report) {
        let mut wanted: Vec<String> = Vec::new();
        let mut seen = BTreeSet::new();
        for folio in pages.pages.iter().filter_map(|page| page.folio) {
            let folio = folio.to_string();
            if seen.insert(folio.clone()) {
                wanted.push(folio);
            }
        }
        let (listed, leads): (Vec<String>, Vec<String>) = self.page_list().into_iter().unzip();
        let breaks = self.breaks();
        for (label, leads) in listed.iter().zip(&leads) {
            if breaks.get(leads) != Some(label) {
                let message = format!(
                    "the EPUB's list of pages leads to {leads} for page {label}, which does not begin there"
                );
                report.error(Code::WrongPage, None, message);
            }
        }
        if listed != wanted {
            let at = listed
                .iter()
                .zip(&wanted)
                .take_while(|(a, b)| a == b)
                .count();
            let message = match (wanted.get(at), listed.get(at)) {
                (Some(wanted), _) => {
                    format!("the EPUB's list of pages does not have page {wanted} in its place")
                }
                (None, Some(listed)) => {
                    format!("the EPUB's list of pages has a page {listed} that was not set")
                }
                (None, None) => return,
            };
            report.error(Code::WrongPage, None, message);
        }
    }

    /// The labels of all page breaks by their addresses.
    fn breaks(&self) -> BTreeMap<String, String> {
        let all = self.texts.iter().flat_map(|(file, pieces)| {
            starts(pieces).filter_map(move |(_, attributes)| {
                let label = text::page_break(attributes)?;
                Some((format!("{file}#{}", attribute(attributes, "id")?), label))
            })
        });
        all.collect()
    }

    /// The lines of the list of pages: what each says, and where it leads.
    fn page_list(&self) -> Vec<(String, String)> {
        let nav = self.nav.as_ref();
        let nav = nav.and_then(|name| self.texts.get(name.as_str()));
        let mut listed = Vec::new();
        let mut inside = false;
        let mut in_link = false;
        for piece in nav.into_iter().flatten() {
            match piece {
                Piece::Start("nav", attributes) => {
                    inside = attribute(attributes, "epub:type") == Some("page-list");
                }
                Piece::Start(name, attributes) => {
                    in_link = *name == "a";
                    if inside && in_link {
                        let leads = attribute(attributes, "href").unwrap_or_default();
                        let from = self.nav.as_deref().unwrap_or_default();
                        listed.push((String::new(), followed(from, leads)));
                    }
                }
                Piece::End(name) => {
                    inside &= *name != "nav";
                    in_link &= *name != "a";
                }
                Piece::Text(text) => {
                    if let (true, true, Some(line)) = (inside, in_link, listed.last_mut()) {
                        line.0.push_str(text);
                    }
                }
            }
        }
        listed
    }
}

/// Every file of the zip by name.
fn unpacked(bytes: &[u8]) -> Result<BTreeMap<String, Vec<u8>>, String> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|error| error.to_string())?;
    let mut files = BTreeMap::new();
    for at in 0..zip.len() {
        let mut entry = zip.by_index(at).map_err(|error| error.to_string())?;
        let name = entry.name().to_string();
        let mut content = Vec::new();
        if name.ends_with(".xhtml") || name.ends_with(".opf") || name.ends_with(".xml") {
            let whole = entry.by_ref().take(LARGEST).read_to_end(&mut content);
            whole.map_err(|error| format!("{name}: {error}"))?;
        }
        files.insert(name, content);
    }
    Ok(files)
}

/// Reads the package: what the spine is made of, and all XHTML.
fn package(files: &Files) -> Result<File<'_>, String> {
    let container = parsed(files, "META-INF/container.xml")?;
    let package = starts(&container)
        .find_map(|(_, attributes)| attribute(attributes, "full-path"))
        .ok_or("META-INF/container.xml names no package")?;
    let pieces = parsed(files, package)?;
    let mut items = BTreeMap::new();
    let mut spine = Vec::new();
    let mut nav = None;
    for (name, attributes) in starts(&pieces) {
        let value = |key| attribute(attributes, key).unwrap_or_default();
        match name.trim_start_matches("opf:") {
            "item" => {
                let path = joined(package, value("href"));
                if value("properties")
                    .split_ascii_whitespace()
                    .any(|word| word == "nav")
                {
                    nav = Some(path.clone());
                }
                items.insert(value("id"), path);
            }
            "itemref" => spine.extend(items.get(value("idref")).cloned()),
            _ => {}
        }
    }
    let texts: Vec<&String> = files.0.keys().collect();
    let texts = texts
        .into_par_iter()
        .filter(|name| name.ends_with(".xhtml"));
    let texts = texts.map(|name| Ok((name.as_str(), parsed(files, name)?)));
    Ok(File {
        files,
        texts: texts.collect::<Result<_, String>>()?,
        spine,
        nav,
    })
}

fn parsed<'f>(files: &'f Files, name: &str) -> Result<Vec<Piece<'f>>, String> {
    let content = files.0.get(name).ok_or(format!("{name} is not there"))?;
    let text = std::str::from_utf8(content).map_err(|_| format!("{name} is not UTF-8"))?;
    xml::read(text).ok_or(format!("{name} is not well formed"))
}

fn starts<'p, 'f>(pieces: &'p [Piece<'f>]) -> impl Iterator<Item = (&'f str, &'p Attributes<'f>)> {
    pieces.iter().filter_map(|piece| match piece {
        Piece::Start(name, attributes) => Some((*name, attributes)),
        Piece::End(_) | Piece::Text(_) => None,
    })
}

fn ids<'p>(pieces: &'p [Piece<'_>]) -> BTreeSet<&'p str> {
    starts(pieces)
        .filter_map(|(_, attributes)| attribute(attributes, "id"))
        .collect()
}

/// Whether an address leads out of the book.
fn has_scheme(address: &str) -> bool {
    let scheme = address.split(['/', '#', '?']).next().unwrap_or_default();
    scheme.contains(':')
}

/// A link in a file as `file#id`, or as a file.
fn followed(from: &str, address: &str) -> String {
    match address.split_once('#') {
        Some(("", id)) => format!("{from}#{id}"),
        Some((path, id)) => format!("{}#{id}", joined(from, path)),
        None => joined(from, address),
    }
}

/// A path as seen from a file.
fn joined(from: &str, path: &str) -> String {
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_seen_from_their_file() {
        assert_eq!(joined("OEBPS/a.xhtml", "b.xhtml"), "OEBPS/b.xhtml");
        assert_eq!(
            joined("OEBPS/text/a.xhtml", "../img/b.png"),
            "OEBPS/img/b.png"
        );
        assert_eq!(joined("a.xhtml", "../../b"), "b");
        assert!(has_scheme("mailto:a@b.cl") && !has_scheme("a.xhtml#x:y"));
    }
}
