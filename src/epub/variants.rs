//! A finished e-book once more, as the readers of one maker want it. What an e-book says of
//! itself is read here too, so that it can be told which book a file is.

use std::io::{Cursor, Read, Write};

use zip::result::{ZipError, ZipResult};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use crate::epub::{escape, kindle, kobo};

/// A maker's own kind of e-book.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variant {
    /// For the Kobo's own pages: each sentence in a span that it can point to.
    Kepub,
    /// For Send to Kindle: nothing that it rejects or does not heed.
    Kindle,
}

impl Variant {
    /// What stands before `.epub` in the file's name.
    pub fn suffix(self) -> &'static str {
        match self {
            Variant::Kepub => ".kepub.epub",
            Variant::Kindle => ".kindle.epub",
        }
    }
}

/// What an e-book says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    pub identifier: String,
    pub title: String,
    /// Whether Cordel made it.
    pub is_ours: bool,
}

/// What becomes of a file of the e-book.
pub(super) enum Change {
    Keep,
    Drop,
    Text(String),
    /// Under another name, packed already.
    Stored(String, Vec<u8>),
}

/// Packages are far shorter; a file that pretends to be longer is not read to its end.
const LONGEST_PACKAGE: u64 = 4 << 20;

/// No file of an e-book of ours is larger when it is unpacked; a small file that unpacks to
/// gigabytes is a trap.
const LARGEST_FILE: u64 = 128 << 20;
/// And so is one whose files come to more than this.
const LARGEST_BOOK: u64 = 1 << 30;

/// Makes the variant of an e-book that Cordel made; `None` for what is no such book.
pub fn variant(epub: &[u8], variant: Variant) -> Option<Vec<u8>> {
    about(epub).filter(|about| about.is_ours)?;
    match variant {
        Variant::Kepub => rewrite(epub, kobo::change),
        Variant::Kindle => rewrite(epub, kindle::change),
    }
    .ok()
}

/// Reads what an EPUB says of itself; `None` for what is no EPUB.
pub fn about(epub: &[u8]) -> Option<About> {
    let mut zip = ZipArchive::new(Cursor::new(epub)).ok()?;
    let container = entry(&mut zip, "META-INF/container.xml")?;
    let path = escape::plain(between(&container, "full-path=\"", "\"")?);
    let package = entry(&mut zip, &path)?;
    let metadata = package.split("</metadata>").next().unwrap_or_default();
    let text = |tag: &str| {
        let (_, rest) = metadata.split_once(&format!("<{tag}"))?;
        Some(escape::plain(between(rest, ">", "<")?.trim()))
    };
    Some(About {
        identifier: text("dc:identifier")?,
        title: text("dc:title").unwrap_or_default(),
        is_ours: metadata.contains(crate::epub::package::GENERATOR),
    })
}

fn entry(zip: &mut ZipArchive<Cursor<&[u8]>>, name: &str) -> Option<String> {
    let mut text = String::new();
    let file = zip.by_name(name).ok()?;
    file.take(LONGEST_PACKAGE).read_to_string(&mut text).ok()?;
    Some(text)
}

fn between<'t>(text: &'t str, start: &str, end: &str) -> Option<&'t str> {
    text.split_once(start)?
        .1
        .split_once(end)
        .map(|(found, _)| found)
}

/// Packs an e-book anew with its files changed; those that are kept stay packed as they are.
fn rewrite(epub: &[u8], change: fn(&str, &[u8]) -> Change) -> ZipResult<Vec<u8>> {
    let mut old = ZipArchive::new(Cursor::new(epub))?;
    let mut new = ZipWriter::new(Cursor::new(Vec::with_capacity(epub.len())));
    let pinned = SimpleFileOptions::default()
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let mut room = LARGEST_BOOK;
    for at in 0..old.len() {
        let (name, content) = unpacked(&mut old, at, LARGEST_FILE.min(room))?;
        room -= content.len() as u64;
        match change(&name, &content) {
            Change::Keep => new.raw_copy_file(old.by_index_raw(at)?)?,
            Change::Drop => {}
            Change::Text(text) => {
                let deflated = pinned.compression_method(CompressionMethod::Deflated);
                new.start_file(name, deflated)?;
                new.write_all(text.as_bytes())?;
            }
            Change::Stored(name, bytes) => {
                let stored = pinned.compression_method(CompressionMethod::Stored);
                new.start_file(name, stored)?;
                new.write_all(&bytes)?;
            }
        }
    }
    Ok(new.finish()?.into_inner())
}

/// A file's name and content, unless that is longer than it may be: what the container says of
/// its length is not believed.
fn unpacked(
    zip: &mut ZipArchive<Cursor<&[u8]>>,
    at: usize,
    most: u64,
) -> ZipResult<(String, Vec<u8>)> {
    let mut file = zip.by_index(at)?;
    let name = file.name().to_string();
    let mut content = Vec::new();
    file.by_ref().take(most + 1).read_to_end(&mut content)?;
    match content.len() as u64 > most {
        true => Err(ZipError::InvalidArchive("a file too large".into())),
        false => Ok((name, content)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_unpacks_without_end_is_not_unpacked() {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        zip.start_file("a", SimpleFileOptions::default())
            .expect("memory can be written");
        zip.write_all(&[b'a'; 5000]).expect("memory can be written");
        let bytes = zip.finish().expect("memory can be written").into_inner();
        let mut zip = ZipArchive::new(Cursor::new(bytes.as_slice())).expect("a zip");
        assert!(unpacked(&mut zip, 0, 4999).is_err());
        let (name, content) = unpacked(&mut zip, 0, 5000).expect("it fits");
        assert_eq!((name.as_str(), content.len()), ("a", 5000));
    }
}
