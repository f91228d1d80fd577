//! The text that a page shows, by the numbers of its marks (PDF 1.7 §14.6).

use std::collections::BTreeMap;

use lopdf::content::{Content, Operation};
use lopdf::{Dictionary, Document, Object, ObjectId};

use super::cmap::{ToUnicode, utf16};

/// The fonts of a file, each read once.
pub(super) type Fonts = BTreeMap<ObjectId, ToUnicode>;

/// A page's text.
#[derive(Default)]
pub(super) struct PageText {
    /// By mark (MCID).
    pub(super) marked: BTreeMap<i64, String>,
    /// What is neither marked nor said to be of the page's own.
    pub(super) loose: String,
}

/// The maps of all fonts that pages use.
pub(super) fn fonts(document: &Document, pages: &[ObjectId]) -> Fonts {
    let mut fonts = Fonts::new();
    for page in pages {
        for (_, font) in fonts_of(document, *page) {
            fonts.entry(font).or_insert_with(|| {
                to_unicode(document, font).unwrap_or_else(|| ToUnicode::read(b""))
            });
        }
    }
    fonts
}

/// The fonts among a page's resources, by the names that its content uses.
fn fonts_of(document: &Document, page: ObjectId) -> Vec<(Vec<u8>, ObjectId)> {
    let fonts = document
        .get_dictionary(page)
        .and_then(|page| page.get_deref(b"Resources", document))
        .and_then(Object::as_dict)
        .and_then(|resources| resources.get_deref(b"Font", document))
        .and_then(Object::as_dict);
    let Ok(fonts) = fonts else {
        return Vec::new();
    };
    let known = fonts
        .iter()
        .filter_map(|(name, font)| Some((name.clone(), font.as_reference().ok()?)));
    known.collect()
}

fn to_unicode(document: &Document, font: ObjectId) -> Option<ToUnicode> {
    let map = document
        .get_dictionary(font)
        .ok()?
        .get_deref(b"ToUnicode", document)
        .ok()?;
    let map = map.as_stream().ok()?.decompressed_content().ok()?;
    Some(ToUnicode::read(&map))
}

/// Reads a page; `None` when its content cannot be read.
pub(super) fn read(document: &Document, page: ObjectId, fonts: &Fonts) -> Option<PageText> {
    let content = Content::decode(&document.get_page_content(page)).ok()?;
    let mut reader = Reader {
        fonts: fonts_of(document, page)
            .into_iter()
            .filter_map(|(name, font)| Some((name, fonts.get(&font)?)))
            .collect(),
        font: None,
        marks: Vec::new(),
        page: PageText::default(),
    };
    for operation in &content.operations {
        reader.take(operation);
    }
    Some(reader.page)
}

/// What encloses the text at a place.
enum Mark {
    Artifact,
    Element(i64),
    /// What is to be read for the glyphs inside; taken with the first.
    Spoken(Option<String>),
    Other,
}

struct Reader<'f> {
    fonts: BTreeMap<Vec<u8>, &'f ToUnicode>,
    font: Option<&'f ToUnicode>,
    marks: Vec<Mark>,
    page: PageText,
}

impl Reader<'_> {
    fn take(&mut self, operation: &Operation) {
        let operands = &operation.operands;
        match operation.operator.as_str() {
            "BMC" | "BDC" => self.marks.push(mark(operands)),
            "EMC" => {
                self.marks.pop();
            }
            "Tf" => {
                let name = operands.first().and_then(|name| name.as_name().ok());
                self.font = name.and_then(|name| self.fonts.get(name).copied());
            }
            "Tj" | "'" | "\"" => {
                if let Some(Object::String(codes, _)) = operands.last() {
                    self.show(codes);
                }
            }
            "TJ" => {
                let Some(Object::Array(pieces)) = operands.first() else {
                    return;
                };
                for piece in pieces {
                    if let Object::String(codes, _) = piece {
                        self.show(codes);
                    }
                }
            }
            _ => {}
        }
    }

    fn show(&mut self, codes: &[u8]) {
        if self.marks.iter().any(|mark| matches!(mark, Mark::Artifact)) {
            return;
        }
        let element = self.marks.iter().rev().find_map(|mark| match mark {
            Mark::Element(number) => Some(*number),
            Mark::Artifact | Mark::Spoken(_) | Mark::Other => None,
        });
        let text = match element {
            Some(number) => self.page.marked.entry(number).or_default(),
            None => &mut self.page.loose,
        };
        let spoken = self.marks.iter_mut().rev().find_map(|mark| match mark {
            Mark::Spoken(spoken) => Some(spoken),
            Mark::Artifact | Mark::Element(_) | Mark::Other => None,
        });
        match (spoken, self.font) {
            (Some(spoken), _) => text.push_str(&spoken.take().unwrap_or_default()),
            (None, Some(font)) => font.push(codes, text),
            (None, None) => {}
        }
    }
}

fn mark(operands: &[Object]) -> Mark {
    let tag = operands
        .first()
        .and_then(|tag| tag.as_name().ok())
        .unwrap_or_default();
    if tag == b"Artifact" {
        return Mark::Artifact;
    }
    let Some(Object::Dictionary(properties)) = operands.get(1) else {
        return Mark::Other;
    };
    if let Ok(number) = properties.get(b"MCID").and_then(Object::as_i64) {
        return Mark::Element(number);
    }
    match spoken(properties) {
        Some(text) => Mark::Spoken(Some(text)),
        None => Mark::Other,
    }
}

fn spoken(properties: &Dictionary) -> Option<String> {
    let text = properties.get(b"ActualText").ok()?.as_str().ok()?;
    Some(string(text))
}

/// A text string: UTF-16 after a byte order mark, else in PDF's own encoding.
pub(super) fn string(bytes: &[u8]) -> String {
    match bytes.strip_prefix(&[0xfe, 0xff]) {
        Some(units) => utf16(units),
        None => bytes.iter().map(|&byte| pdf_doc_encoded(byte)).collect(),
    }
}

/// PDF 1.7 §D.3: Latin-1 but for the codes that it leaves to control characters.
fn pdf_doc_encoded(byte: u8) -> char {
    const PUNCTUATION: &str = "•†‡…—–ƒ⁄‹›−‰„“”‘’‚™ﬁﬂŁŒŠŸŽıłœšž";
    const ACCENTS: &str = "˘ˇˆ˙˝˛˚˜";
    let nth = |text: &str, from: u8| text.chars().nth(usize::from(byte - from));
    match byte {
        0x18..=0x1f => nth(ACCENTS, 0x18),
        0x80..=0x9e => nth(PUNCTUATION, 0x80),
        0xa0 => Some('€'),
        _ => None,
    }
    .unwrap_or(char::from(byte))
}
