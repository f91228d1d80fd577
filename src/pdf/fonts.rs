//! The fonts as the file carries them: of each face only the glyphs that were used, with
//! the text that each stands for.

use std::collections::BTreeSet;

use lopdf::{Dictionary, Document, Object, ObjectId};
use printpdf::{
    Codepoint, FontId, FontMetrics, FontType, Op, ParsedFont, PdfFont, PdfFontHandle,
    PdfFontMetricsStub, PdfResources, Pt, TextItem,
};
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use skrifa::MetadataProvider;
use skrifa::raw::TableProvider;
use skrifa::{FontRef, GlyphId};
use subsetter::GlyphRemapper;

use super::clusters::clusters;
use super::objects;
use crate::fonts::{Face, FaceId, Family, FontSet};
use crate::pages::{Item, Pages, Run};

/// The faces that a book uses, by [`FaceId`].
pub(super) struct Faces(Vec<Option<Embedded>>);

/// A face as it stands in the file.
pub(super) struct Embedded {
    /// The name that content streams use.
    pub(super) resource: String,
    /// The PostScript name after a tag made from the content: `ABCDEF+Alegreya-Bold`.
    pub(super) name: String,
    /// The subset as a font file.
    program: Vec<u8>,
    /// The code of the space.
    pub(super) space: Option<u16>,
    /// By the glyph's id in the whole font.
    glyphs: Vec<Option<EmbeddedGlyph>>,
}

/// A glyph of a subset.
pub(super) struct EmbeddedGlyph {
    /// Its id in the subset, which is its code in content streams.
    pub(super) code: u16,
    /// Its width as the file gives it, in thousandths of an em.
    pub(super) width: u16,
    /// What it stands for unless the content says otherwise.
    pub(super) text: String,
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
        self.iter().any(|(_, face)| face.glyph(0).is_some())
    }

    /// The faces that are there.
    fn iter(&self) -> impl Iterator<Item = (usize, &Embedded)> {
        let faces = self.0.iter().enumerate();
        faces.filter_map(|(at, face)| Some((at, face.as_ref()?)))
    }

    /// The fonts as printpdf takes them, and what a page must show so that it keeps every
    /// glyph: its subsets, its `/W` and its `/ToUnicode` list what pages use.
    pub(super) fn register(&self, fonts: &FontSet, resources: &mut PdfResources) -> Vec<Op> {
        let mut show = vec![Op::StartTextSection];
        for (at, embedded) in self.iter() {
            let id = FontId(embedded.resource.clone());
            let font = PdfFont::new(embedded.parsed(&fonts.faces[at]));
            resources.fonts.map.insert(id.clone(), font);
            let font = PdfFontHandle::External(id);
            show.push(Op::SetFont {
                font,
                size: Pt(1.0),
            });
            let glyphs = embedded.glyphs.iter().flatten().map(|glyph| Codepoint {
                gid: glyph.code,
                offset: 0.0,
                cid: Some(glyph.text.clone()),
            });
            let items = vec![TextItem::GlyphIds(glyphs.collect())];
            show.push(Op::ShowText { items });
        }
        show.push(Op::EndTextSection);
        show
    }

    /// Mends in the finished fonts what printpdf guesses, and packs their files.
    pub(super) fn finish(&self, fonts: &FontSet, resources: &Dictionary, document: &mut Document) {
        for (at, embedded) in self.iter() {
            let font = resources
                .get(embedded.resource.as_bytes())
                .and_then(Object::as_reference)
                .and_then(|font| document.get_dictionary(font))
                .expect("printpdf wrote every font that the registry page shows");
            let to_unicode = reference(font, "ToUnicode");
            let descendant = font
                .get(b"DescendantFonts")
                .and_then(Object::as_array)
                .and_then(|fonts| fonts[0].as_dict())
                .expect("a composite font has one descendant");
            let descriptor = reference(descendant, "FontDescriptor");
            let program = document
                .get_dictionary(descriptor)
                .map(|descriptor| reference(descriptor, "FontFile2"))
                .expect("the fonts have TrueType outlines");
            for stream in [to_unicode, program] {
                pack(document, stream);
            }
            let cid_set =
                document.add_object(objects::stream(Dictionary::new(), &embedded.cid_set()));
            let descriptor = document
                .get_dictionary_mut(descriptor)
                .expect("it was read just now");
            describe(&fonts.faces[at], descriptor);
            descriptor.set("CIDSet", cid_set);
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
    stream.dict.set("Filter", objects::name("FlateDecode"));
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

    fn parsed(&self, face: &Face) -> ParsedFont {
        let [x_min, y_min, x_max, y_max] = face.bounds.map(|units| thousandths(face, units));
        let widths = self.glyphs.iter().flatten();
        ParsedFont {
            original_bytes: self.program.clone(),
            font_index: 0,
            font_name: Some(self.name.clone()),
            codepoint_to_glyph: Default::default(),
            glyph_widths: widths.map(|glyph| (glyph.code, glyph.width)).collect(),
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

    /// One bit for each glyph of the subset, parts of composites included: all set.
    fn cid_set(&self) -> Vec<u8> {
        let glyphs = FontRef::new(&self.program)
            .and_then(|font| font.maxp())
            .map_or(1, |maxp| usize::from(maxp.num_glyphs()));
        let mut bits = vec![0xff; glyphs / 8];
        if glyphs % 8 > 0 {
            bits.push(0xff << (8 - glyphs % 8));
        }
        bits
    }
}

fn thousandths(face: &Face, units: i16) -> i16 {
    let scaled = i32::from(units) * 1000 / i32::from(face.units_per_em.max(1));
    i16::try_from(scaled).unwrap_or(units)
}

/// Makes the subset of a face; `None` where nothing of it is used.
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
    let ids = (0..=u16::MAX).zip(&used).filter(|(_, usage)| usage.used);
    let ids: Vec<u16> = ids.map(|(id, _)| id).collect();
    let remapper = GlyphRemapper::new_from_glyphs_sorted(&ids);
    let program =
        subsetter::subset(face.data, 0, &remapper).expect("the built-in fonts are well formed");
    let hmtx = font.hmtx().expect("a text font has an hmtx table");
    let mut names = None;
    let glyphs = (0..=u16::MAX)
        .zip(used)
        .map(|(id, usage)| {
            let code = remapper.get(id).filter(|_| usage.used)?;
            let advance = u32::from(hmtx.advance(GlyphId::from(id)).unwrap_or_default());
            let em = u32::from(face.units_per_em.max(1));
            let text = usage.text().unwrap_or_else(|| {
                let names = names.get_or_insert_with(|| characters(&font));
                names
                    .get(usize::from(id))
                    .copied()
                    .flatten()
                    .unwrap_or(' ')
                    .to_string()
            });
            Some(EmbeddedGlyph {
                code,
                width: u16::try_from((advance * 1000 + em / 2) / em).unwrap_or(u16::MAX),
                text,
            })
        })
        .collect();
    Some(Embedded {
        resource: format!("Face{}", face.id.0),
        name: format!("{}+{}", tag(&program), face.name),
        space: space.and_then(|id| remapper.get(id)),
        program,
        glyphs,
    })
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
fn characters(font: &FontRef<'_>) -> Vec<Option<char>> {
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

/// What the pages use, by face and glyph id.
struct Usage(Vec<Vec<GlyphUsage>>);

/// How a glyph is used.
#[derive(Clone, Default)]
struct GlyphUsage {
    used: bool,
    /// The texts that it stands for alone, with how often.
    texts: Vec<(String, usize)>,
}

impl GlyphUsage {
    fn add(&mut self, text: &str, times: usize) {
        match self.texts.iter_mut().find(|(known, _)| known == text) {
            Some((_, count)) => *count += times,
            None => self.texts.push((text.to_string(), times)),
        }
    }

    /// The text that it stands for most often; the smallest of several.
    fn text(mut self) -> Option<String> {
        self.texts
            .sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        self.texts.into_iter().next().map(|(text, _)| text)
    }
}

impl Usage {
    fn none(fonts: &FontSet) -> Usage {
        let glyphs = |face: &Face| {
            let glyphs = face.font().maxp().map_or(1, |maxp| maxp.num_glyphs());
            vec![GlyphUsage::default(); usize::from(glyphs)]
        };
        Usage(fonts.faces.iter().map(glyphs).collect())
    }

    fn of(pages: &Pages, fonts: &FontSet) -> Usage {
        pages
            .pages
            .par_chunks(16)
            .map(|chunk| {
                let mut usage = Usage::none(fonts);
                for item in chunk.iter().flat_map(|page| &page.items) {
                    if let Item::Run(run) = item {
                        usage.add(run);
                    }
                }
                usage
            })
            .reduce_with(Usage::merge)
            .unwrap_or_else(|| Usage::none(fonts))
    }

    fn add(&mut self, run: &Run) {
        let Some(face) = self.0.get_mut(usize::from(run.face.0)) else {
            return;
        };
        for cluster in clusters(run) {
            for glyph in cluster.glyphs {
                let Some(usage) = face.get_mut(usize::from(glyph.id)) else {
                    continue;
                };
                usage.used = true;
                if cluster.glyphs.len() == 1 && !cluster.text.is_empty() {
                    usage.add(cluster.text, 1);
                }
            }
        }
    }

    fn merge(mut self, other: Usage) -> Usage {
        let ours = self.0.iter_mut().flatten();
        for (ours, theirs) in ours.zip(other.0.into_iter().flatten()) {
            ours.used |= theirs.used;
            for (text, times) in theirs.texts {
                ours.add(&text, times);
            }
        }
        self
    }
}
