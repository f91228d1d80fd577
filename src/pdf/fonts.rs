//! The fonts as the file carries them: of each face only the glyphs that were used, with
//! the text that each code of theirs stands for.

use std::collections::BTreeSet;

use lopdf::{Dictionary, Document, Object, ObjectId};
use printpdf::{
    Codepoint, FontId, FontMetrics, FontType, Op, ParsedFont, PdfFont, PdfFontHandle,
    PdfFontMetricsStub, PdfResources, Pt, TextItem,
};
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use skrifa::raw::TableProvider;
use skrifa::{FontRef, GlyphId, MetadataProvider};
use subsetter::GlyphRemapper;

use super::codes::{self, Code, Part, SPACE};
use super::objects::{self, count, dictionary, name};
use super::sfnt;
use super::usage::{GlyphUsage, Usage};
use crate::fonts::{Face, FaceId, Family, FontSet};
use crate::pages::Pages;

/// The faces that a book uses, by [`FaceId`].
pub(super) struct Faces(Vec<Option<Embedded>>);

/// A face as it stands in the file.
pub(super) struct Embedded {
    parts: Vec<EmbeddedPart>,
    /// The code of the space.
    pub(super) space: Option<Code>,
    /// By the glyph's id in the whole font.
    glyphs: Vec<Option<EmbeddedGlyph>>,
}

/// One of the fonts that a face is embedded in; nearly always the only one.
struct EmbeddedPart {
    /// The name that content streams use.
    resource: String,
    /// The PostScript name after a tag made from the content: `ABCDEF+Alegreya-Bold`.
    name: String,
    /// The subset as a font file.
    program: Vec<u8>,
    /// The width of each code's glyph, from the first code to the last.
    widths: Vec<u16>,
    first: u8,
    codes: Part,
}

/// A glyph of a face.
pub(super) struct EmbeddedGlyph {
    /// Its width as the file gives it, in thousandths of an em.
    pub(super) width: u16,
    /// What it stands for and by which code, the most usual first.
    codes: Vec<(String, Code)>,
}

impl EmbeddedGlyph {
    /// The code by which it stands for a text, or for anything where that is empty.
    pub(super) fn code_for(&self, text: &str) -> Option<Code> {
        let mut codes = self.codes.iter();
        let found = codes.find(|(own, _)| own == text || text.is_empty());
        found.map(|(_, code)| *code)
    }

    /// Its usual code and text.
    pub(super) fn usual(&self) -> (&str, Code) {
        let (text, code) = &self.codes[0];
        (text, *code)
    }
}

impl Faces {
    /// Gathers the glyphs of all pages and makes the subsets.
    pub(super) fn gather(pages: &Pages, fonts: &FontSet) -> Faces {
        let usage = Usage::of(pages, fonts);
        Faces(
            usage
                .0
                .into_par_iter()
                .zip(&fonts.faces)
                .map(|(used, face)| embed(face, used))
                .collect(),
        )
    }

    /// A face, if the book uses it.
    pub(super) fn get(&self, id: FaceId) -> Option<&Embedded> {
        self.0.get(usize::from(id.0))?.as_ref()
    }

    /// Whether some character has no glyph, which PDF/A forbids.
    pub(super) fn miss_glyphs(&self) -> bool {
        self.0.iter().flatten().any(|face| face.glyph(0).is_some())
    }

    /// Every part of every face that is there.
    fn parts<'f>(
        &'f self,
        fonts: &'f FontSet,
    ) -> impl Iterator<Item = (&'f Face, &'f EmbeddedPart)> {
        let faces = self.0.iter().zip(&fonts.faces);
        faces.flat_map(|(embedded, face)| {
            let parts = embedded.iter().flat_map(|embedded| &embedded.parts);
            parts.map(move |part| (face, part))
        })
    }

    /// The fonts as printpdf takes them, and what a page must show so that it keeps them.
    pub(super) fn register(&self, fonts: &FontSet, resources: &mut PdfResources) -> Vec<Op> {
        let mut show = vec![Op::StartTextSection];
        for (face, part) in self.parts(fonts) {
            let id = FontId(part.resource.clone());
            let font = PdfFont::new(part.parsed(face));
            resources.fonts.map.insert(id.clone(), font);
            let font = PdfFontHandle::External(id);
            show.push(Op::SetFont {
                font,
                size: Pt(1.0),
            });
            let glyph = Codepoint {
                gid: 1,
                offset: 0.0,
                cid: None,
            };
            let items = vec![TextItem::GlyphIds(vec![glyph])];
            show.push(Op::ShowText { items });
        }
        show.push(Op::EndTextSection);
        show
    }

    /// Makes fonts with codes of one byte out of printpdf's, whose codes have two, mends
    /// what it guesses, and packs their files.
    pub(super) fn finish(&self, fonts: &FontSet, resources: &Dictionary, document: &mut Document) {
        for (face, part) in self.parts(fonts) {
            let id = reference(resources, &part.resource);
            let font = document
                .get_dictionary(id)
                .expect("printpdf wrote every font that the registry page shows");
            let to_unicode = reference(font, "ToUnicode");
            let descriptor = font
                .get(b"DescendantFonts")
                .and_then(Object::as_array)
                .and_then(|fonts| fonts[0].as_dict())
                .map(|descendant| reference(descendant, "FontDescriptor"))
                .expect("a composite font has one descendant");
            let program = document
                .get_dictionary(descriptor)
                .map(|descriptor| reference(descriptor, "FontFile2"))
                .expect("the fonts have TrueType outlines");
            pack(document, program);
            let map = objects::packed(
                dictionary([("Filter", name("FlateDecode"))]),
                codes::to_unicode(&part.codes),
            );
            document.set_object(to_unicode, map);
            document.set_object(id, part.dictionary(descriptor, to_unicode));
            let descriptor = document
                .get_dictionary_mut(descriptor)
                .expect("it was read just now");
            describe(face, descriptor);
        }
    }
}

fn reference(dictionary: &Dictionary, key: &str) -> ObjectId {
    dictionary
        .get(key.as_bytes())
        .and_then(Object::as_reference)
        .expect("printpdf writes this key")
}

/// Deflates a stream that printpdf left plain.
fn pack(document: &mut Document, id: ObjectId) {
    let stream = document
        .get_object_mut(id)
        .and_then(Object::as_stream_mut)
        .expect("the reference leads to a stream");
    let packed = objects::deflate(&stream.content);
    stream.set_content(packed);
    stream.dict.set("Filter", name("FlateDecode"));
}

/// Flags and measures after PDF 1.7 §9.8.
fn describe(face: &Face, descriptor: &mut Dictionary) {
    const SERIF: i64 = 1 << 1;
    const SYMBOLIC: i64 = 1 << 2;
    const ITALIC: i64 = 1 << 6;
    let mut flags = SYMBOLIC;
    if face.family == Family::Serif {
        flags |= SERIF;
    }
    if face.italic {
        flags |= ITALIC;
    }
    let scaled =
        |units: i16| Object::Integer(i64::from(units) * 1000 / i64::from(face.units_per_em.max(1)));
    descriptor.set("Flags", flags);
    descriptor.set("CapHeight", scaled(face.cap_height));
    descriptor.set("XHeight", scaled(face.x_height));
    descriptor.set("ItalicAngle", i64::from(face.italic_angle));
    descriptor.set("FontWeight", i64::from(face.weight));
    // No table of a font holds the width of its stems. That of an l is about 68 in our
    // regular faces and 116 in the bold ones, which this line joins.
    descriptor.set("StemV", 68 + (i64::from(face.weight) - 400) * 4 / 25);
}

impl Embedded {
    /// One glyph by its id in the whole font; the missing glyph for an id that is not there.
    pub(super) fn glyph(&self, id: u16) -> Option<&EmbeddedGlyph> {
        self.glyphs.get(usize::from(id))?.as_ref()
    }

    /// The name by which content streams call for a part.
    pub(super) fn resource(&self, part: usize) -> &str {
        &self.parts[part].resource
    }
}

impl EmbeddedPart {
    /// The font as printpdf wants it, to be embedded whole.
    fn parsed(&self, face: &Face) -> ParsedFont {
        let [x_min, y_min, x_max, y_max] = face.bounds.map(|units| thousandths(face, units));
        ParsedFont {
            original_bytes: self.program.clone(),
            font_index: 0,
            font_name: Some(self.name.clone()),
            codepoint_to_glyph: Default::default(),
            glyph_widths: Default::default(),
            // Everything is given in thousandths, so that nothing is rounded once more.
            units_per_em: 1000,
            font_metrics: FontMetrics {
                ascent: thousandths(face, face.ascent),
                descent: thousandths(face, face.descent),
            },
            font_type: FontType::TrueType,
            pdf_font_metrics: PdfFontMetricsStub {
                units_per_em: 1000,
                x_min,
                y_min,
                x_max,
                y_max,
                us_weight_class: face.weight,
                ..PdfFontMetricsStub::default()
            },
        }
    }

    /// A simple font (PDF 1.7 §9.6.3), symbolic, whose file says which glyph a code shows.
    fn dictionary(&self, descriptor: ObjectId, to_unicode: ObjectId) -> Dictionary {
        let widths = self.widths.iter().map(|&width| i64::from(width).into());
        let first = usize::from(self.first);
        dictionary([
            ("Type", name("Font")),
            ("Subtype", name("TrueType")),
            ("BaseFont", name(&self.name)),
            ("FirstChar", count(first)),
            ("LastChar", count(first + self.widths.len() - 1)),
            ("Widths", Object::Array(widths.collect())),
            ("FontDescriptor", descriptor.into()),
            ("ToUnicode", to_unicode.into()),
        ])
    }
}

fn thousandths(face: &Face, units: i16) -> i16 {
    let scaled = i32::from(units) * 1000 / i32::from(face.units_per_em.max(1));
    i16::try_from(scaled).unwrap_or(units)
}

/// Makes the subsets of a face; `None` where nothing of it is used.
fn embed(face: &Face, mut used: Vec<GlyphUsage>) -> Option<Embedded> {
    if used.iter().all(|usage| !usage.used) {
        return None;
    }
    let font = face.font();
    // Line ends need it, even where no line has one inside.
    let space = font
        .charmap()
        .map(' ')
        .and_then(|id| u16::try_from(id.to_u32()).ok());
    if let Some(usage) = space.and_then(|id| used.get_mut(usize::from(id))) {
        usage.used = true;
    }
    let hmtx = font.hmtx().expect("a text font has an hmtx table");
    let width = |id: u16| {
        let advance = u32::from(hmtx.advance(GlyphId::from(id)).unwrap_or_default());
        let em = u32::from(face.units_per_em.max(1));
        u16::try_from((advance * 1000 + em / 2) / em).unwrap_or(u16::MAX)
    };
    let mut glyphs: Vec<Option<EmbeddedGlyph>> = Vec::new();
    glyphs.resize_with(used.len(), || None);
    let mut characters = None;
    let parts = codes::assign(used, |glyph| {
        let characters = characters.get_or_insert_with(|| characters_of(&font));
        let own = characters.get(usize::from(glyph)).copied().flatten();
        own.unwrap_or(' ').to_string()
    });
    for (at, part) in parts.iter().enumerate() {
        for (byte, shown) in (0..=u8::MAX).zip(part) {
            let Some(shown) = shown else { continue };
            let glyph = glyphs[usize::from(shown.glyph)].get_or_insert_with(|| EmbeddedGlyph {
                width: width(shown.glyph),
                codes: Vec::new(),
            });
            let code = Code { part: at, byte };
            let at = if shown.usual { 0 } else { glyph.codes.len() };
            glyph.codes.insert(at, (shown.text.clone(), code));
        }
    }
    let parts = parts.into_iter().enumerate();
    let embed_part = |(at, codes)| embed_part(face, at, codes, &width);
    Some(Embedded {
        parts: parts.map(embed_part).collect(),
        space: space
            .and_then(|id| glyphs.get(usize::from(id))?.as_ref())
            .and_then(|glyph| glyph.code_for(" "))
            .filter(|code| code.byte == SPACE),
        glyphs,
    })
}

/// Makes one subset of a face, its glyphs in the order of their codes.
fn embed_part(face: &Face, at: usize, codes: Part, width: &impl Fn(u16) -> u16) -> EmbeddedPart {
    let shown: Vec<(u8, u16)> = (0..=u8::MAX)
        .zip(&codes)
        .filter_map(|(code, shown)| Some((code, shown.as_ref()?.glyph)))
        .collect();
    let mut remapper = GlyphRemapper::new();
    let shown: Vec<(u8, u16, u16)> = shown
        .into_iter()
        .map(|(code, glyph)| (code, glyph, remapper.remap(glyph)))
        .collect();
    let subset =
        subsetter::subset(face.data, 0, &remapper).expect("the built-in fonts are well formed");
    let leading: Vec<(u8, u16)> = shown
        .iter()
        .map(|&(code, _, own)| (code, own))
        .filter(|(_, own)| *own > 0)
        .collect();
    let program = sfnt::with_codes(&subset, &leading);
    let first = shown.first().map_or(0, |shown| shown.0);
    let last = shown.last().map_or(0, |shown| shown.0);
    let mut widths = vec![0; usize::from(last - first) + 1];
    for &(code, glyph, _) in &shown {
        widths[usize::from(code - first)] = width(glyph);
    }
    let mut resource = format!("Face{}", face.id.0);
    if at > 0 {
        resource.push_str(&format!("-{at}"));
    }
    EmbeddedPart {
        resource,
        name: format!("{}+{}", tag(&program), face.name),
        program,
        widths,
        first,
        codes,
    }
}

/// Six capitals that differ when the subset differs.
fn tag(program: &[u8]) -> String {
    let digest = Sha256::digest(program);
    digest
        .iter()
        .take(6)
        .map(|byte| char::from(b'A' + byte % 26))
        .collect()
}

/// The character of each glyph that has one in the font's own table.
fn characters_of(font: &FontRef<'_>) -> Vec<Option<char>> {
    let mut characters = Vec::new();
    let mut seen = BTreeSet::new();
    for (code, glyph) in font.charmap().mappings() {
        let at = glyph.to_u32() as usize;
        if at >= characters.len() {
            characters.resize(at + 1, None);
        }
        if seen.insert(glyph) {
            characters[at] = char::from_u32(code);
        }
    }
    characters
}
