//! E-books: the chapters of the spine, one after the other.

use super::Extract;
use super::archive::Archive;
use super::html::Reader;
use super::markup::{Piece, xml};

/// A file of the book, by its id in the manifest.
struct Item {
    id: String,
    href: String,
    properties: String,
}

pub(super) fn read(bytes: &[u8]) -> Result<Extract, String> {
    let mut archive = Archive::open(bytes)?;
    let container = archive.text("META-INF/container.xml")?.unwrap_or_default();
    let package = xml(&container).find_map(|piece| match piece {
        Piece::Start(tag) if tag.name == "rootfile" => Some(tag.get("full-path").to_string()),
        Piece::Start(_) | Piece::End(_) | Piece::Text(_) => None,
    });
    let package = package.ok_or("its container names no package")?;
    let opf = archive.text(&package)?.ok_or("its package is missing")?;
    let mut reader = Reader::default();
    let mut items: Vec<Item> = Vec::new();
    let mut spine: Vec<String> = Vec::new();
    let mut field = String::new();
    for piece in xml(&opf) {
        match piece {
            Piece::Start(tag) => {
                match tag.name.as_str() {
                    "item" => items.push(Item {
                        id: tag.get("id").to_string(),
                        href: tag.get("href").to_string(),
                        properties: tag.get("properties").to_string(),
                    }),
                    "itemref" => spine.push(tag.get("idref").to_string()),
                    _ => {}
                }
                field = tag.name;
            }
            Piece::Text(text) => fact(&mut reader, &field, text.trim()),
            Piece::End(_) => field.clear(),
        }
    }
    for id in spine {
        let Some(item) = items.iter().find(|item| item.id == id) else {
            return Err(missing(&id));
        };
        if item.properties.split_whitespace().any(|one| one == "nav") {
            continue;
        }
        let path = joined(&package, &item.href);
        let title = reader.facts.title.take();
        let chapter = archive.text(&path)?.ok_or_else(|| missing(&path))?;
        reader.read(&chapter, &path);
        reader.facts.title = title;
    }
    let facts = std::mem::take(&mut reader.facts);
    let mut extract = reader.finish();
    extract.facts = facts;
    extract.pictures = archive.pictures(&extract.marks);
    Ok(extract)
}

/// A chapter that is named and not there must not be lost in silence.
fn missing(chapter: &str) -> String {
    format!("the e-book names a chapter `{chapter}` that is not in it")
}

fn fact(reader: &mut Reader, field: &str, text: &str) {
    if text.is_empty() {
        return;
    }
    let facts = &mut reader.facts;
    match field {
        "dc:title" => {
            facts.title.get_or_insert_with(|| text.to_string());
        }
        "dc:creator" => facts.authors.push(text.to_string()),
        "dc:publisher" => facts.publisher = Some(text.to_string()),
        "dc:date" => facts.date = Some(text.get(..10).unwrap_or(text).to_string()),
        "dc:language" => facts.language = Some(text.to_string()),
        _ => {}
    }
}

/// A path beside another one's file. What would climb out of the archive stays at its top.
pub(super) fn joined(beside: &str, path: &str) -> String {
    let mut parts: Vec<&str> = beside.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            ".." => {
                parts.pop();
            }
            "" | "." => {}
            part => parts.push(part),
        }
    }
    decoded(&parts.join("/"))
}

/// An address with its percent-encoded bytes as they are.
fn decoded(path: &str) -> String {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let pair = after
            .get(..2)
            .and_then(|pair| std::str::from_utf8(pair).ok());
        let coded =
            pair.filter(|pair| first == b'%' && pair.bytes().all(|b| b.is_ascii_hexdigit()));
        match coded.and_then(|pair| u8::from_str_radix(pair, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
