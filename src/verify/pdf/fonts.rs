//! The fonts of a file: what their codes stand for, and how wide their letters are.

use std::collections::BTreeMap;

use lopdf::{Dictionary, Document, Object, ObjectId};

use super::cmap::{ToUnicode, code};
use super::content::amount;

/// The fonts of a file, each read once.
pub(super) type Fonts = BTreeMap<ObjectId, Font>;

/// What a page or a form calls by names of its own.
#[derive(Default)]
pub(super) struct Resources {
    pub(super) fonts: BTreeMap<Vec<u8>, ObjectId>,
    /// Pictures and forms.
    pub(super) objects: BTreeMap<Vec<u8>, ObjectId>,
}

impl Resources {
    pub(super) fn of_page(document: &Document, page: ObjectId) -> Resources {
        let page = document.get_dictionary(page);
        page.map_or_else(
            |_| Resources::default(),
            |page| Resources::of(document, page),
        )
    }

    /// Those that a page or a form names.
    pub(super) fn of(document: &Document, owner: &Dictionary) -> Resources {
        let resources = owner
            .get_deref(b"Resources", document)
            .and_then(Object::as_dict);
        let names = |kind: &[u8]| {
            let named = resources.as_ref().ok()?.get_deref(kind, document).ok()?;
            let named = named.as_dict().ok()?.iter();
            let named =
                named.filter_map(|(name, it)| Some((name.clone(), it.as_reference().ok()?)));
            Some(named.collect::<BTreeMap<_, _>>())
        };
        Resources {
            fonts: names(b"Font").unwrap_or_default(),
            objects: names(b"XObject").unwrap_or_default(),
        }
    }
}

/// Every font of a file.
pub(super) fn all(document: &Document) -> Fonts {
    let fonts = document.objects.iter().filter_map(|(id, object)| {
        let font = object.as_dict().ok()?;
        let is_font = matches!(font.get(b"Type").and_then(Object::as_name), Ok(b"Font"));
        (is_font && font.has(b"ToUnicode")).then(|| (*id, Font::read(document, font)))
    });
    fonts.collect()
}

/// A font.
pub(super) struct Font {
    texts: ToUnicode,
    /// By code, in thousandths of an em.
    widths: BTreeMap<u16, f64>,
    other: f64,
}

impl Font {
    fn read(document: &Document, font: &Dictionary) -> Font {
        let texts = || {
            let map = font.get_deref(b"ToUnicode", document).ok()?;
            let map = map.as_stream().ok()?.decompressed_content().ok()?;
            Some(ToUnicode::read(&map))
        };
        let descendant = || {
            let fonts = font.get_deref(b"DescendantFonts", document).ok()?;
            let (_, font) = document.dereference(fonts.as_array().ok()?.first()?).ok()?;
            font.as_dict().ok()
        };
        let descendant = descendant();
        let entry = |key| descendant.and_then(|font| font.get_deref(key, document).ok());
        Font {
            texts: texts().unwrap_or_else(|| ToUnicode::read(b"")),
            widths: match entry(b"W") {
                Some(list) => widths(document, list),
                None => simple_widths(document, font),
            },
            other: entry(b"DW").map_or(1000.0, amount),
        }
    }

    /// Appends what a string of codes stands for.
    pub(super) fn push(&self, codes: &[u8], text: &mut String) -> Shown {
        let mut shown = Shown::default();
        for bytes in codes.chunks_exact(self.texts.bytes) {
            let code = code(bytes);
            text.push_str(self.texts.text(code));
            shown.ems += self.widths.get(&code).unwrap_or(&self.other) / 1000.0;
            shown.letters += 1.0;
            if bytes == b" " {
                shown.spaces += 1.0;
            }
        }
        shown
    }
}

/// How much a string of codes shows.
#[derive(Default)]
pub(super) struct Shown {
    pub(super) ems: f64,
    pub(super) letters: f64,
    /// Codes of one byte that are 32 (PDF 1.7 §9.3.3).
    pub(super) spaces: f64,
}

/// The widths of a font with codes of one byte (PDF 1.7 §9.6.2).
fn simple_widths(document: &Document, font: &Dictionary) -> BTreeMap<u16, f64> {
    let first = font.get(b"FirstChar").and_then(Object::as_i64).ok();
    let first = first.and_then(|first| u16::try_from(first).ok());
    let list = font.get_deref(b"Widths", document);
    let list = list.and_then(Object::as_array).into_iter().flatten();
    (first.unwrap_or(0)..=u16::MAX)
        .zip(list.map(amount))
        .collect()
}

/// `/W`: a first code with the widths from there on, or two codes with the width of all
/// between them (PDF 1.7 §9.7.4.3).
fn widths(document: &Document, list: &Object) -> BTreeMap<u16, f64> {
    let mut widths = BTreeMap::new();
    let mut codes: Vec<u16> = Vec::new();
    for entry in list.as_array().into_iter().flatten() {
        let entry = document
            .dereference(entry)
            .map_or(entry, |(_, entry)| entry);
        match (entry, &codes[..]) {
            (Object::Array(row), [first]) => {
                widths.extend((*first..=u16::MAX).zip(row.iter().map(amount)));
                codes.clear();
            }
            (width, [first, last]) => {
                let width = amount(width);
                widths.extend((*first..=*last).map(|code| (code, width)));
                codes.clear();
            }
            (code, _) => codes.extend(code.as_i64().ok().and_then(|code| u16::try_from(code).ok())),
        }
    }
    widths
}
