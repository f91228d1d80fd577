//! Words to glyphs, each word shaped once for each face and set of features.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use harfrust::{
    Buffer, Direction, Feature, Font, Script, ShapeOptions, ShapePlan, ShaperFont, Tag, shape,
};

use crate::fonts::{FaceId, FontSet};
use crate::typeset::hang;
use crate::typeset::line::Figures;
use crate::units::Length;

/// What is asked of a font beyond its plain forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Features {
    pub figures: Figures,
    pub capitals: Capitals,
    /// Superior letters and figures.
    pub superior: bool,
    /// Letters that are spaced out are not joined.
    pub ligatures: bool,
}

/// How letters of either case are set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Capitals {
    AsWritten,
    /// Capitals become small capitals; small letters stay.
    Small,
    /// All letters become small capitals.
    AllSmall,
}

impl Features {
    /// How many sets of features there are.
    const COUNT: usize = 36;

    /// Its place among all sets of features.
    fn place(self) -> usize {
        let figures = match self.figures {
            Figures::OldStyle => 0,
            Figures::Lining => 1,
            Figures::Tabular => 2,
        };
        let capitals = match self.capitals {
            Capitals::AsWritten => 0,
            Capitals::Small => 1,
            Capitals::AllSmall => 2,
        };
        (figures * 3 + capitals) * 4 + usize::from(self.superior) * 2 + usize::from(self.ligatures)
    }
}

/// A face with features: the same for every [`Shapes`] of the same fonts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VariantId(u16);

/// A shaped word among those known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct WordId(pub u32);

/// A shaped word; lengths in font units.
#[derive(Clone, Debug)]
pub struct Word {
    pub glyphs: Box<[ShapedGlyph]>,
    pub width: i32,
    /// How far it hangs over the margins where it begins or ends a line.
    pub left: i32,
    pub right: i32,
    /// How many clusters it has: letters with whatever goes with them.
    pub letters: usize,
    /// Whether the face lacks a glyph for some of it.
    pub incomplete: bool,
}

/// One glyph of a word; lengths in font units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShapedGlyph {
    pub id: u16,
    /// Where its characters begin in the word.
    pub cluster: u32,
    pub advance: i32,
    pub x: i32,
    pub y: i32,
}

/// A size at which font units are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scale(i64);

impl Scale {
    /// The scale of a font of `per_em` units to the em, set in `size`.
    pub fn new(size: Length, per_em: u16) -> Scale {
        Scale((size.0 << 16) / i64::from(per_em.max(1)))
    }

    /// That many font units.
    pub fn of(self, units: i32) -> Length {
        Length((i64::from(units) * self.0 + 0x8000) >> 16)
    }
}

/// The faces in use and every word shaped so far.
pub struct Shapes<'f> {
    fonts: &'f FontSet,
    loaded: Vec<Option<Font>>,
    /// By face, then by features; those in use.
    variants: Vec<Option<Box<Variant>>>,
    words: Vec<Word>,
    buffer: Buffer,
}

struct Variant {
    face: FaceId,
    features: Features,
    tags: Vec<Feature>,
    plan: ShapePlan,
    /// The word space and the hyphen, once they were asked for.
    space: Option<WordId>,
    hyphen: Option<WordId>,
    known: HashMap<Box<str>, WordId, BuildHasherDefault<WordHasher>>,
}

/// Longer words are not looked for among those known.
const LONGEST_KNOWN: usize = 64;

impl<'f> Shapes<'f> {
    /// No face in use yet.
    pub fn new(fonts: &'f FontSet) -> Shapes<'f> {
        Shapes {
            fonts,
            loaded: fonts.faces.iter().map(|_| None).collect(),
            variants: (0..fonts.faces.len() * Features::COUNT)
                .map(|_| None)
                .collect(),
            words: Vec::new(),
            buffer: Buffer::new(),
        }
    }

    /// The fonts that the faces are of.
    pub fn fonts(&self) -> &'f FontSet {
        self.fonts
    }

    /// A shaped word.
    pub fn word(&self, id: WordId) -> &Word {
        &self.words[id.0 as usize]
    }

    /// The face of a variant.
    pub fn face(&self, variant: VariantId) -> FaceId {
        self.of(variant).face
    }

    /// The features of a variant.
    pub fn features(&self, variant: VariantId) -> Features {
        self.of(variant).features
    }

    fn of(&self, variant: VariantId) -> &Variant {
        let variant = &self.variants[usize::from(variant.0)];
        variant.as_ref().expect("who names a variant asked for it")
    }

    fn of_mut(&mut self, variant: VariantId) -> &mut Variant {
        let variant = &mut self.variants[usize::from(variant.0)];
        variant.as_mut().expect("who names a variant asked for it")
    }

    /// The variant of that face and those features.
    pub fn variant(&mut self, face: FaceId, features: Features) -> VariantId {
        let at = usize::from(face.0) * Features::COUNT + features.place();
        if self.variants[at].is_none() {
            self.variants[at] = Some(Box::new(self.prepare(face, features)));
        }
        VariantId(u16::try_from(at).expect("a few faces with a few features"))
    }

    fn prepare(&mut self, face: FaceId, features: Features) -> Variant {
        let loaded = &mut self.loaded[usize::from(face.0)];
        let font = loaded.get_or_insert_with(|| {
            Font::new(self.fonts.get(face).data, 0).expect("the fonts were read before")
        });
        let tags = tags(features);
        let plan = ShapePlan::new(
            font,
            Direction::LeftToRight,
            Some(Script::LATIN),
            None,
            &tags,
        );
        Variant {
            face,
            features,
            tags,
            plan,
            space: None,
            hyphen: None,
            known: HashMap::default(),
        }
    }

    /// Shapes a word, or finds it among those shaped before.
    pub fn shape(&mut self, variant: VariantId, text: &str) -> WordId {
        let short = text.len() <= LONGEST_KNOWN;
        let known = &self.of(variant).known;
        if let Some(&word) = known.get(text).filter(|_| short) {
            return word;
        }
        let id = WordId(u32::try_from(self.words.len()).expect("fewer than 2^32 words"));
        let word = self.shape_anew(variant, text);
        self.words.push(word);
        if short {
            let known = &mut self.of_mut(variant).known;
            known.insert(text.into(), id);
        }
        id
    }

    /// The word space of a variant.
    pub fn space(&mut self, variant: VariantId) -> WordId {
        let space = self.of(variant).space;
        let space = space.unwrap_or_else(|| self.shape(variant, " "));
        self.of_mut(variant).space = Some(space);
        space
    }

    /// The hyphen of a variant.
    pub fn hyphen(&mut self, variant: VariantId) -> WordId {
        let hyphen = self.of(variant).hyphen;
        let hyphen = hyphen.unwrap_or_else(|| self.shape(variant, "-"));
        self.of_mut(variant).hyphen = Some(hyphen);
        hyphen
    }

    /// The glyph of a hyphen that a line's end adds, if a variant has one of its own.
    pub fn soft_hyphen(&self, variant: VariantId) -> Option<u16> {
        self.fonts.get(self.face(variant)).soft_hyphen
    }

    /// Whether a face has superior glyphs for all of a text.
    pub fn has_superiors(&mut self, face: FaceId, features: Features, text: &str) -> bool {
        let plain = self.variant(face, features);
        let plain = self.shape(plain, text);
        let superior = Features {
            superior: true,
            ..features
        };
        let superior = self.variant(face, superior);
        let superior = self.shape(superior, text);
        let (plain, superior) = (&self.word(plain).glyphs, &self.word(superior).glyphs);
        let differ = |(plain, superior): (&ShapedGlyph, &ShapedGlyph)| plain.id != superior.id;
        plain.len() == superior.len() && plain.iter().zip(superior).all(differ)
    }

    fn shape_anew(&mut self, variant: VariantId, text: &str) -> Word {
        let variant = self.variants[usize::from(variant.0)]
            .as_ref()
            .expect("who names a variant asked for it");
        let font = self.loaded[usize::from(variant.face.0)]
            .as_ref()
            .expect("a variant's face is loaded with it");
        let buffer = &mut self.buffer;
        buffer.clear();
        buffer.push_str(text);
        buffer.set_direction(Direction::LeftToRight);
        buffer.set_script(Some(Script::LATIN));
        let options = ShapeOptions::new()
            .plan(Some(&variant.plan))
            .features(&variant.tags);
        let shaped = shape(&ShaperFont::new(font), buffer, options);
        let mut glyphs = Vec::with_capacity(buffer.len());
        if shaped.is_ok() {
            let placed = buffer.glyph_infos().iter().zip(buffer.glyph_positions());
            glyphs.extend(placed.map(|(info, position)| ShapedGlyph {
                id: u16::try_from(info.glyph_id).unwrap_or(0),
                cluster: info.cluster,
                advance: position.x_advance,
                x: position.x_offset,
                y: position.y_offset,
            }));
        }
        Word {
            width: glyphs.iter().map(|glyph| glyph.advance).sum(),
            left: hang::left(
                text.chars().next(),
                glyphs.first().map_or(0, |glyph| glyph.advance),
            ),
            right: hang::right(
                text.chars().next_back(),
                glyphs.last().map_or(0, |glyph| glyph.advance),
            ),
            letters: letters(&glyphs),
            incomplete: glyphs.is_empty() || glyphs.iter().any(|glyph| glyph.id == 0),
            glyphs: glyphs.into(),
        }
    }
}

impl Word {
    /// The advance of the glyph whose characters begin at a byte of the text.
    pub fn advance_at(&self, cluster: usize) -> i32 {
        let is_it = |glyph: &&ShapedGlyph| glyph.cluster as usize == cluster;
        self.glyphs
            .iter()
            .find(is_it)
            .map_or(0, |glyph| glyph.advance)
    }

    /// How much of its width lies before a byte of its text, and how many glyphs. Inside a
    /// ligature, the part that goes by characters.
    pub fn before(&self, text: &str, offset: usize) -> (i32, usize) {
        let mut width = 0;
        for (at, glyph) in self.glyphs.iter().enumerate() {
            let start = glyph.cluster as usize;
            if start >= offset {
                return (width, at);
            }
            let rest = &self.glyphs[at + 1..];
            let end = rest
                .iter()
                .find(|next| next.cluster > glyph.cluster)
                .map_or(text.len(), |next| next.cluster as usize);
            if end > offset && end <= text.len() {
                let all = i32::try_from(text[start..end].chars().count()).unwrap_or(1);
                let part = i32::try_from(text[start..offset].chars().count()).unwrap_or(0);
                return (width + glyph.advance * part / all.max(1), at + 1);
            }
            width += glyph.advance;
        }
        (width, self.glyphs.len())
    }
}

fn letters(glyphs: &[ShapedGlyph]) -> usize {
    let marks = glyphs
        .windows(2)
        .filter(|two| two[0].cluster == two[1].cluster);
    glyphs.len() - marks.count()
}

fn tags(features: Features) -> Vec<Feature> {
    let on = |tag: &[u8; 4]| Feature::new(Tag::new(tag), 1, ..);
    let mut tags = match features.figures {
        Figures::OldStyle => vec![on(b"onum"), on(b"pnum")],
        Figures::Lining => vec![on(b"lnum"), on(b"pnum")],
        Figures::Tabular => vec![on(b"lnum"), on(b"tnum")],
    };
    match features.capitals {
        Capitals::AsWritten => {}
        Capitals::Small => tags.push(on(b"c2sc")),
        Capitals::AllSmall => tags.extend([on(b"smcp"), on(b"c2sc")]),
    }
    if features.superior {
        tags.push(on(b"sups"));
    }
    if !features.ligatures {
        tags.push(Feature::new(Tag::new(b"liga"), 0, ..));
    }
    tags
}

/// A multiplying hash of eight bytes at a time, after FxHash: words are short, and nobody
/// gains by making them collide.
#[derive(Default)]
struct WordHasher(u64);

impl Hasher for WordHasher {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut eight = [0; 8];
            eight[..chunk.len()].copy_from_slice(chunk);
            let mixed = self.0.rotate_left(5) ^ u64::from_le_bytes(eight);
            self.0 = mixed.wrapping_mul(0x517c_c1b7_2722_0a95);
        }
    }

    fn write_u8(&mut self, byte: u8) {
        self.write(&[byte]);
    }

    fn finish(&self) -> u64 {
        self.0.rotate_left(26)
    }
}
