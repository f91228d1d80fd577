//! The fonts: faces, their metrics and what they cover. The only owner of font data.

pub mod sfnt;

use std::sync::OnceLock;

use skrifa::instance::{LocationRef, Size};
use skrifa::raw::TableProvider;
use skrifa::{FontRef, GlyphId, MetadataProvider};

/// The font files that the binary carries: name and bytes.
static FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/fonts.rs"));

/// A face of the [`FontSet`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FaceId(pub u8);

/// A family of faces that go together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    Serif,
    Sans,
}

/// One face and what a typesetter must know of it. Metrics are in font units.
#[derive(Clone)]
pub struct Face {
    pub id: FaceId,
    /// The PostScript name: `Alegreya-BoldItalic`.
    pub name: &'static str,
    /// The file's name.
    pub file: &'static str,
    pub family: Family,
    pub bold: bool,
    pub italic: bool,
    pub data: &'static [u8],
    pub units_per_em: u16,
    pub ascent: i16,
    pub descent: i16,
    pub cap_height: i16,
    pub x_height: i16,
    /// x min, y min, x max, y max of all glyphs.
    pub bounds: [i16; 4],
    /// Degrees, counter-clockwise from the vertical.
    pub italic_angle: i16,
    pub weight: u16,
    /// The glyph of a soft hyphen, where the face draws it as its hyphen: set where a line's
    /// end adds a hyphen, it tells whoever copies the text that the hyphen is not the word's.
    pub soft_hyphen: Option<u16>,
}

/// How far a glyph's ink reaches from its origin, to the right and upwards, in font units.
#[derive(Clone, Copy, Debug)]
pub struct Ink {
    pub left: i32,
    pub right: i32,
    pub bottom: i32,
}

/// All faces of an edition.
pub struct FontSet {
    pub faces: Vec<Face>,
}

impl FontSet {
    /// The fonts that the binary carries.
    pub fn built_in() -> &'static FontSet {
        static SET: OnceLock<FontSet> = OnceLock::new();
        SET.get_or_init(|| FontSet {
            faces: FILES
                .iter()
                .enumerate()
                .map(|(at, &(file, data))| read(at, file, data))
                .collect(),
        })
    }

    /// A face by its number.
    pub fn get(&self, id: FaceId) -> &Face {
        &self.faces[usize::from(id.0)]
    }

    /// The face of that family and style.
    pub fn find(&self, family: Family, bold: bool, italic: bool) -> FaceId {
        let fits =
            |face: &&Face| face.family == family && face.bold == bold && face.italic == italic;
        self.faces
            .iter()
            .find(fits)
            .expect("each family has four faces")
            .id
    }
}

impl Face {
    /// The font, for what reads it.
    pub fn font(&self) -> FontRef<'static> {
        FontRef::new(self.data).expect("the built-in fonts were read before")
    }

    /// How far the ink of a glyph reaches; `None` for one that has none.
    pub fn ink(&self, glyph: u16) -> Option<Ink> {
        let font = self.font();
        let (loca, glyf) = (font.loca(None).ok()?, font.glyf().ok()?);
        let glyph = loca.get_glyf(GlyphId::from(glyph), &glyf).ok()??;
        Some(Ink {
            left: i32::from(glyph.x_min()),
            right: i32::from(glyph.x_max()),
            bottom: i32::from(glyph.y_min()),
        })
    }

    /// Whether the face has a glyph for the character.
    pub fn covers(&self, character: char) -> bool {
        self.font().charmap().map(character).is_some()
    }
}

fn read(at: usize, file: &'static str, data: &'static [u8]) -> Face {
    let font = FontRef::new(data).expect("fonts/ holds valid fonts");
    let os2 = font.os2().expect("a text font has an OS/2 table");
    let head = font.head().expect("a font has a head table");
    let hhea = font.hhea().expect("a font has an hhea table");
    let angle = font.post().map_or(0, |post| post.italic_angle().to_i32());
    let name = file.strip_suffix(".ttf").unwrap_or(file);
    let (family, style) = name
        .split_once('-')
        .expect("font files are named Family-Style.ttf");
    Face {
        id: FaceId(u8::try_from(at).expect("a few fonts")),
        name,
        file,
        family: if family.ends_with("Sans") {
            Family::Sans
        } else {
            Family::Serif
        },
        bold: style.starts_with("Bold"),
        italic: style.ends_with("Italic"),
        data,
        units_per_em: head.units_per_em(),
        ascent: hhea.ascender().to_i16(),
        descent: hhea.descender().to_i16(),
        cap_height: os2.s_cap_height().unwrap_or(700),
        x_height: os2.sx_height().unwrap_or(450),
        bounds: [head.x_min(), head.y_min(), head.x_max(), head.y_max()],
        italic_angle: i16::try_from(angle).unwrap_or(0),
        weight: os2.us_weight_class(),
        soft_hyphen: soft_hyphen(&font),
    }
}

fn soft_hyphen(font: &FontRef) -> Option<u16> {
    let metrics = font.glyph_metrics(Size::unscaled(), LocationRef::default());
    let glyph = |character: char| font.charmap().map(character);
    let (soft, hard) = (glyph('\u{ad}')?, glyph('-')?);
    let alike = soft != hard
        && metrics.advance_width(soft) == metrics.advance_width(hard)
        && metrics.bounds(soft) == metrics.bounds(hard);
    u16::try_from(soft.to_u32()).ok().filter(|_| alike)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Letters and marks that Spanish, French, Mapudungun and good English setting need.
    const NEEDED: &str = "áéíóúüñÁÉÍÓÚÜÑ¿¡ªºàâæçèêëîïôœùûÿŒÇṉḻṯ«»‹›“”‘’‚„–—…†‡§¶·•×−°½";

    #[test]
    fn every_face_covers_what_the_books_need() {
        for face in &FontSet::built_in().faces {
            let missing: String = NEEDED.chars().filter(|&c| !face.covers(c)).collect();
            assert_eq!(missing, "", "{}", face.name);
        }
    }

    #[test]
    fn finds_each_style() {
        let set = FontSet::built_in();
        assert_eq!(
            set.get(set.find(Family::Serif, true, true)).name,
            "Alegreya-BoldItalic"
        );
        assert_eq!(
            set.get(set.find(Family::Sans, false, false)).name,
            "AlegreyaSans-Regular"
        );
    }
}
