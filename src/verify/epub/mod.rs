//! A finished EPUB: its text in the order of its spine, its links, its list of pages.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::found::Found;
use super::words::Words;
use crate::diag::{Code, Report};
use crate::pages::Pages;

mod text;
mod xml;

use text::Text;
use xml::{Piece, attribute};

/// A larger file inside an e-book is not looked at.
const LARGEST: u64 = 256 << 20;

/// An EPUB that could be opened.
pub(super) struct File {
    /// Every name in the zip.
    names: BTreeSet<String>,
    /// The XHTML files by name.
    texts: BTreeMap<String, Vec<Piece>>,
    /// The names of the files that are read through, in order.
    spine: Vec<String>,
    /// The navigation document.
    nav: Option<String>,
}

impl File {
    /// Opens a file.
    pub(super) fn open(bytes: &[u8], report: &mut Report) -> Option<File> {
        let opened = unpacked(bytes).and_then(|files| package(&files));
        match opened {
            Ok(file) => Some(file),
            Err(fault) => {
                report
                    .error(
                        Code::UnreadableFile,
                        None,
                        format!("the EPUB cannot be read: {fault}"),
                    )
                    .help("build the book again");
                None
            }
        }
    }

    /// The text of the spine, and the page breaks in it: their labels, each with how many
    /// words of the main text stand before it.
    pub(super) fn text(
        &self,
        pages: &BTreeMap<String, u32>,
        words: &mut Words,
    ) -> (Found, Vec<(String, usize)>) {
        let spine = self.spine.iter().filter_map(|name| self.texts.get(name));
        let spine: Vec<&[Piece]> = spine.map(Vec::as_slice).collect();
        let Text { found, breaks } = text::read(&spine, pages, words);
        (found, breaks)
    }

    /// Checks that every link inside the book leads to something that is there.
    pub(super) fn check_links(&self, report: &mut Report) {
        let ids: BTreeMap<&str, BTreeSet<&str>> = self
            .texts
            .iter()
            .map(|(name, pieces)| (name.as_str(), ids(pieces)))
            .collect();
        for (name, pieces) in &self.texts {
            for (_, attributes) in starts(pieces) {
                for key in ["href", "src"] {
                    let Some(address) = attribute(attributes, key) else {
                        continue;
                    };
                    if !self.leads(name, address, &ids) {
                        let message =
                            format!("the link to `{address}` in {name} of the EPUB leads nowhere");
                        report.error(Code::DeadLink, None, message);
                    }
                }
            }
        }
    }

    fn leads(&self, from: &str, address: &str, ids: &BTreeMap<&str, BTreeSet<&str>>) -> bool {
        if has_scheme(address) {
            return true;
        }
        let (path, id) = match address.split_once('#') {
            Some((path, id)) => (path, Some(id)),
            None => (address, None),
        };
        let file = match path {
            "" => from.to_string(),
            path => joined(from, path),
        };
        match id {
            _ if !self.names.contains(&file) => false,
            Some(id) => ids.get(file.as_str()).is_some_and(|ids| ids.contains(id)),
            None => true,
        }
    }

    /// Checks that the list of pages has every numbered page, in order, once.
    pub(super) fn check_page_list(&self, pages: &Pages, report: &mut Report) {
        let mut wanted: Vec<String> = Vec::new();
        let mut seen = BTreeSet::new();
        for folio in pages.pages.iter().filter_map(|page| page.folio) {
            let folio = folio.to_string();
            if seen.insert(folio.clone()) {
                wanted.push(folio);
            }
        }
        let listed = self.page_list();
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

    fn page_list(&self) -> Vec<String> {
        let nav = self.nav.as_ref().and_then(|name| self.texts.get(name));
        let mut listed = Vec::new();
        let mut inside = false;
        let mut in_link = false;
        for piece in nav.into_iter().flatten() {
            match piece {
                Piece::Start(name, attributes) if name == "nav" => {
                    inside = attribute(attributes, "epub:type") == Some("page-list");
                }
                Piece::Start(name, _) => {
                    in_link = name == "a";
                    if inside && in_link {
                        listed.push(String::new());
                    }
                }
                Piece::End(name) => {
                    inside &= name != "nav";
                    in_link &= name != "a";
                }
                Piece::Text(text) => {
                    if let (true, true, Some(label)) = (inside, in_link, listed.last_mut()) {
                        label.push_str(text);
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
fn package(files: &BTreeMap<String, Vec<u8>>) -> Result<File, String> {
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
    let mut texts = BTreeMap::new();
    for name in files.keys().filter(|name| name.ends_with(".xhtml")) {
        texts.insert(name.clone(), parsed(files, name)?);
    }
    Ok(File {
        names: files.keys().cloned().collect(),
        texts,
        spine,
        nav,
    })
}

fn parsed(files: &BTreeMap<String, Vec<u8>>, name: &str) -> Result<Vec<Piece>, String> {
    let content = files.get(name).ok_or(format!("{name} is not there"))?;
    let text = std::str::from_utf8(content).map_err(|_| format!("{name} is not UTF-8"))?;
    xml::read(text).ok_or(format!("{name} is not well formed"))
}

fn starts(pieces: &[Piece]) -> impl Iterator<Item = (&str, &[(String, String)])> {
    pieces.iter().filter_map(|piece| match piece {
        Piece::Start(name, attributes) => Some((name.as_str(), attributes.as_slice())),
        Piece::End(_) | Piece::Text(_) => None,
    })
}

fn ids(pieces: &[Piece]) -> BTreeSet<&str> {
    starts(pieces)
        .filter_map(|(_, attributes)| attribute(attributes, "id"))
        .collect()
}

/// Whether an address leads out of the book.
fn has_scheme(address: &str) -> bool {
    let scheme = address.split(['/', '#', '?']).next().unwrap_or_default();
    scheme.contains(':')
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
