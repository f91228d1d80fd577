//! PDFs with a text layer: letters with their places, as lines, columns and paragraphs. What
//! a page holds is told by where it stands; what joins lines to paragraphs and undoes hyphens
//! are the recipe's rules, as for any text that was typeset.

use lopdf::{Document, LoadOptions, Object};

use super::{Extract, Facts};

mod flow;
mod fonts;
mod letters;
mod page;

/// What any one stream of a file may unpack to.
const LARGEST: usize = 32 << 20;
/// What the contents of all pages may unpack to.
const LARGEST_SUM: usize = 256 << 20;
/// Pages beyond this number are a fault.
const MOST_PAGES: usize = 20_000;
/// Letters beyond this number are a fault: the same page shown again and again, for one.
const MOST_LETTERS: usize = 60_000_000;

/// Reads a file.
pub(super) fn read(bytes: &[u8]) -> Result<Extract, String> {
    let options = LoadOptions {
        max_decompressed_size: Some(LARGEST),
        ..LoadOptions::default()
    };
    let document = Document::load_mem_with_options(bytes, options)
        .map_err(|error| format!("it is damaged, or its password is wanted ({error})"))?;
    if document.is_encrypted() {
        return Err("it is locked with a password; save it without one and import that".into());
    }
    let pages: Vec<_> = document.page_iter().take(MOST_PAGES + 1).collect();
    if pages.len() > MOST_PAGES {
        return Err(format!("it has more than {MOST_PAGES} pages"));
    }
    let mut reader = letters::Reader::new(&document);
    let mut read = Vec::with_capacity(pages.len());
    for (at, page) in pages.iter().enumerate() {
        let page = reader.page(*page);
        read.push(page.map_err(|fault| format!("its page {} {fault}", at + 1))?);
    }
    let (shown, untold) = (reader.shown, reader.untold);
    if shown < pages.len().max(10) {
        return Err("its pages are pictures, without a text to read; have it read by a program for OCR and import what that gives".into());
    }
    if untold * 4 > shown {
        return Err("it does not say which letters its signs stand for; have it read by a program for OCR and import what that gives".into());
    }
    let mut extract = flow::text(read);
    extract.facts = Facts {
        pictures: reader.pictures,
        ..facts(&document)
    };
    Ok(extract)
}

/// What the file says of itself.
fn facts(document: &Document) -> Facts {
    let info = document.trailer.get_deref(b"Info", document);
    let info = info.and_then(Object::as_dict).ok();
    let entry = |key: &[u8]| {
        let text = info?.get_deref(key, document).ok()?.as_str().ok()?;
        let text = string(text).trim().to_string();
        (!text.is_empty()).then_some(text)
    };
    let language = document.catalog().ok();
    let language = language.and_then(|catalog| catalog.get(b"Lang").ok()?.as_str().ok());
    Facts {
        title: entry(b"Title"),
        authors: entry(b"Author").into_iter().collect(),
        date: entry(b"CreationDate").and_then(|date| day(&date)),
        language: language.map(string).filter(|language| !language.is_empty()),
        ..Facts::default()
    }
}

/// `D:20261120…` as `2026-11-20`.
fn day(date: &str) -> Option<String> {
    let digits = date.trim_start_matches("D:").get(..8)?;
    let all = digits.bytes().all(|byte| byte.is_ascii_digit());
    all.then(|| format!("{}-{}-{}", &digits[..4], &digits[4..6], &digits[6..]))
}

/// A text string: UTF-16 or UTF-8 after a byte order mark, else nearly Latin-1.
fn string(bytes: &[u8]) -> String {
    if let Some(units) = bytes.strip_prefix(&[0xfe, 0xff]) {
        let units: Vec<u16> = units
            .chunks_exact(2)
            .map(|pair| u16::from_be_bytes([pair[0], pair[1]]))
            .collect();
        return String::from_utf16_lossy(&units);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => text.trim_start_matches('\u{feff}').to_string(),
        Err(_) => bytes.iter().map(|byte| char::from(*byte)).collect(),
    }
}

/// A number among operands; 0 where there is none.
fn number(operands: &[Object], at: usize) -> f64 {
    let number = operands.get(at).and_then(|number| number.as_float().ok());
    number.map_or(0.0, f64::from)
}
