//! What a font's codes stand for and how wide their letters are.

use std::collections::BTreeMap;

use lopdf::{Dictionary, Document, Object};

use super::LARGEST;

/// A font.
pub(super) struct Font {
    /// By code; empty where nothing tells.
    texts: BTreeMap<u16, String>,
    /// By code, in ems.
    widths: BTreeMap<u16, f64>,
    other: f64,
    /// How many bytes a code has.
    bytes: usize,
    pub(super) italic: bool,
    pub(super) bold: bool,
}

/// A letter of a string.
pub(super) struct Letter<'f> {
    pub(super) text: &'f str,
    /// In ems.
    pub(super) width: f64,
    pub(super) is_space: bool,
}

impl Font {
    pub(super) fn read(document: &Document, font: &Dictionary) -> Font {
        let is_composite = matches!(font.get(b"Subtype").and_then(Object::as_name), Ok(b"Type0"));
        let bytes = if is_composite { 2 } else { 1 };
        let descendant = descendant(document, font);
        let own = descendant.unwrap_or(font);
        let descriptor = own.get_deref(b"FontDescriptor", document);
        let descriptor = descriptor.and_then(Object::as_dict).ok();
        let flags = descriptor.and_then(|all| all.get(b"Flags").ok()?.as_i64().ok());
        let flags = flags.unwrap_or(0);
        let name = font.get(b"BaseFont").and_then(Object::as_name);
        let name = String::from_utf8_lossy(name.unwrap_or_default()).to_lowercase();
        let says = |words: &[&str]| words.iter().any(|word| name.contains(word));
        let missing = descriptor.and_then(|all| all.get(b"MissingWidth").ok()?.as_float().ok());
        let other = match is_composite {
            true => own.get(b"DW").and_then(Object::as_float).unwrap_or(1000.0),
            false => missing.filter(|width| *width > 0.0).unwrap_or(500.0),
        };
        Font {
            texts: texts(document, font, bytes),
            widths: match is_composite {
                true => composite_widths(document, own),
                false => simple_widths(document, font),
            },
            other: f64::from(other) / 1000.0,
            bytes,
            italic: flags & 64 != 0 || says(&["italic", "oblique"]),
            bold: flags & (1 << 18) != 0 || says(&["bold", "black", "heavy"]),
        }
    }

    /// The letters of a string.
    pub(super) fn letters<'f>(&'f self, codes: &'f [u8]) -> impl Iterator<Item = Letter<'f>> {
        codes.chunks_exact(self.bytes).map(|bytes| {
            let code = bytes
                .iter()
                .fold(0, |code, byte| code << 8 | u16::from(*byte));
            Letter {
                text: self.texts.get(&code).map_or("", String::as_str),
                width: *self.widths.get(&code).unwrap_or(&self.other),
                is_space: bytes == b" ",
            }
        })
    }
}

fn descendant<'d>(document: &'d Document, font: &'d Dictionary) -> Option<&'d Dictionary> {
    let fonts = font.get_deref(b"DescendantFonts", document).ok()?;
    let (_, font) = document.dereference(fonts.as_array().ok()?.first()?).ok()?;
    font.as_dict().ok()
}

/// What each code stands for: what the font says for copying, else what its encoding says.
fn texts(document: &Document, font: &Dictionary, bytes: usize) -> BTreeMap<u16, String> {
    let mut texts = BTreeMap::new();
    let mut ask = |font: &Dictionary| {
        let Ok(encoding) = font.get_font_encoding_with_limit(document, LARGEST) else {
            return;
        };
        let last = if bytes == 2 { u16::MAX } else { 0xff };
        for code in 0..=last {
            let code_bytes = code.to_be_bytes();
            let text = encoding.bytes_to_string(&code_bytes[2 - bytes..]).ok();
            let text = text.map(|text| plain(&text));
            if let Some(text) = text.filter(|text| !text.is_empty()) {
                texts.entry(code).or_insert(text);
            }
        }
    };
    if font.has(b"ToUnicode") {
        let mut copied = font.clone();
        copied.remove(b"Encoding");
        ask(&copied);
    }
    if bytes == 1 || !font.has(b"ToUnicode") {
        ask(font);
    }
    texts
}

/// Text as it is typed: ligatures undone, nothing that is no character.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\u{fb00}' => plain.push_str("ff"),
            '\u{fb01}' => plain.push_str("fi"),
            '\u{fb02}' => plain.push_str("fl"),
            '\u{fb03}' => plain.push_str("ffi"),
            '\u{fb04}' => plain.push_str("ffl"),
            '\u{fb05}' | '\u{fb06}' => plain.push_str("st"),
            '\u{a0}' | '\t' | '\n' | '\r' => plain.push(' '),
            c if c.is_control() || c == char::REPLACEMENT_CHARACTER => {}
            c => plain.push(c),
        }
    }
    plain
}

/// PDF 1.7 §9.6.2.
fn simple_widths(document: &Document, font: &Dictionary) -> BTreeMap<u16, f64> {
    let first = font.get(b"FirstChar").and_then(Object::as_i64).ok();
    let first = first.and_then(|first| u16::try_from(first).ok());
    // Letters drawn by the file itself have a measure of their own.
    let matrix = font.get_deref(b"FontMatrix", document);
    let matrix = matrix.and_then(Object::as_array).ok();
    let unit = matrix.and_then(|matrix| matrix.first()?.as_float().ok());
    let unit = unit.map_or(0.001, f64::from);
    let list = font.get_deref(b"Widths", document);
    let list = list.and_then(Object::as_array).into_iter().flatten();
    let list = list.map(|width| {
        let width = document
            .dereference(width)
            .map_or(width, |(_, width)| width);
        width.as_float().map_or(0.0, f64::from) * unit
    });
    (first.unwrap_or(0)..=u16::MAX).zip(list).collect()
}

/// PDF 1.7 §9.7.4.3.
fn composite_widths(document: &Document, font: &Dictionary) -> BTreeMap<u16, f64> {
    let mut widths = BTreeMap::new();
    let mut codes: Vec<u16> = Vec::new();
    let list = font.get_deref(b"W", document).and_then(Object::as_array);
    let ems = |width: &Object| width.as_float().map_or(0.0, f64::from) / 1000.0;
    for entry in list.into_iter().flatten() {
        let entry = document
            .dereference(entry)
            .map_or(entry, |(_, entry)| entry);
        match (entry, &codes[..]) {
            (Object::Array(row), [first]) => {
                widths.extend((*first..=u16::MAX).zip(row.iter().map(ems)));
                codes.clear();
            }
            (width, [first, last]) => {
                widths.extend((*first..=*last).map(|code| (code, ems(width))));
                codes.clear();
            }
            (code, _) => {
                let code = code.as_i64().ok();
                codes.extend(code.and_then(|code| u16::try_from(code).ok()));
            }
        }
    }
    widths
}
