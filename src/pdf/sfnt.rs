//! Font files: a subset as the PDF wants it, with the tables that it needs and no others,
//! and with one that leads from codes to glyphs. What fits glyphs to the dots of coarse
//! screens goes: presses and readers of PDFs do without, and only some faces have it.

use skrifa::FontRef;
use skrifa::raw::TableProvider;
use skrifa::raw::types::Tag;

use crate::fonts::sfnt::file;

/// What a TrueType font in a PDF consists of (PDF 1.7 §9.9); names and the like are not read.
const KEPT: [&[u8; 4]; 4] = [b"head", b"hhea", b"hmtx", b"maxp"];

/// A font file that shows each code's glyph; the codes ascend.
pub(super) fn with_codes(program: &[u8], codes: &[(u8, u16)]) -> Vec<u8> {
    let font = FontRef::new(program).expect("the subset is a font");
    let mut tables: Vec<(Tag, Vec<u8>)> = KEPT
        .iter()
        .map(|tag| Tag::new(tag))
        .filter_map(|tag| Some((tag, font.data_for_tag(tag)?.as_bytes().to_vec())))
        .collect();
    let (glyphs, places) = outlines(&font);
    let wide = places
        .last()
        .is_some_and(|end| *end > 2 * usize::from(u16::MAX));
    let place = |place: &usize| match wide {
        true => long(*place).to_be_bytes().to_vec(),
        false => short(place / 2).to_be_bytes().to_vec(),
    };
    let places = places.iter().flat_map(place).collect();
    if let Some((_, head)) = tables.iter_mut().find(|(tag, _)| *tag == Tag::new(b"head")) {
        head[50..52].copy_from_slice(&u16::from(wide).to_be_bytes());
    }
    tables.push((Tag::new(b"cmap"), cmap(codes)));
    tables.push((Tag::new(b"glyf"), glyphs));
    tables.push((Tag::new(b"loca"), places));
    tables.sort();
    file(&tables)
}

/// All outlines without their instructions, and where each begins and the last ends.
fn outlines(font: &FontRef<'_>) -> (Vec<u8>, Vec<usize>) {
    let table = |tag| font.data_for_tag(Tag::new(tag));
    let glyf = table(b"glyf").map_or(&[][..], |glyf| glyf.as_bytes());
    let loca = font.loca(None).expect("the subset has outlines");
    let mut glyphs = Vec::with_capacity(glyf.len());
    let mut places = vec![0];
    for at in 0..loca.len() {
        let [from, to] = [at, at + 1].map(|at| loca.get_raw(at).unwrap_or_default() as usize);
        let glyph = glyf.get(from..to).unwrap_or_default();
        match without_instructions(glyph) {
            Some(short) => glyphs.extend(short),
            None => glyphs.extend(glyph),
        }
        glyphs.resize(glyphs.len().next_multiple_of(2), 0);
        places.push(glyphs.len());
    }
    (glyphs, places)
}

/// A glyph without its instructions (OpenType, glyf); `None` where it has none.
fn without_instructions(glyph: &[u8]) -> Option<Vec<u8>> {
    let word = |at: usize| Some(u16::from_be_bytes([*glyph.get(at)?, *glyph.get(at + 1)?]));
    let contours = word(0)?;
    if contours < 0x8000 {
        let length = 10 + 2 * usize::from(contours);
        let outline = length + 2 + usize::from(word(length).filter(|length| *length > 0)?);
        return Some([&glyph[..length], &[0, 0], glyph.get(outline..)?].concat());
    }
    // A composite has its instructions behind its parts.
    const WORDS: u16 = 1;
    const SCALE: u16 = 8;
    const MORE: u16 = 0x20;
    const TWO_SCALES: u16 = 0x40;
    const MATRIX: u16 = 0x80;
    const INSTRUCTIONS: u16 = 0x100;
    let mut short = glyph.to_vec();
    let mut at = 10;
    loop {
        let flags = word(at)?;
        short[at..at + 2].copy_from_slice(&(flags & !INSTRUCTIONS).to_be_bytes());
        let scales = match flags {
            _ if flags & SCALE > 0 => 2,
            _ if flags & TWO_SCALES > 0 => 4,
            _ if flags & MATRIX > 0 => 8,
            _ => 0,
        };
        let offsets = if flags & WORDS > 0 { 4 } else { 2 };
        at += 4 + offsets + scales;
        if flags & MORE == 0 {
            short.truncate(at);
            return (flags & INSTRUCTIONS > 0).then_some(short);
        }
    }
}

/// The table from codes to glyphs, as symbols have it: from 0xF000 on (OpenType, cmap,
/// format 4).
fn cmap(codes: &[(u8, u16)]) -> Vec<u8> {
    let together = |a: &(u8, u16), b: &(u8, u16)| b.0 == a.0 + 1 && b.1 == a.1 + 1;
    let mut segments: Vec<[u16; 3]> = codes
        .chunk_by(together)
        .map(|segment| {
            let [first, last] = [segment[0], segment[segment.len() - 1]];
            let code = |code: u8| 0xf000 + u16::from(code);
            [
                code(last.0),
                code(first.0),
                first.1.wrapping_sub(code(first.0)),
            ]
        })
        .collect();
    segments.push([0xffff, 0xffff, 1]);
    let count = short(segments.len());
    let power = 1 << count.ilog2();
    let length = 16 + 8 * count;
    // One subtable: Microsoft's, for symbols.
    let mut words = vec![0, 1, 3, 0, 0, 12];
    words.extend([
        4,
        length,
        0,
        2 * count,
        2 * power,
        short(count.ilog2() as usize),
    ]);
    words.push(2 * (count - power));
    words.extend(segments.iter().map(|segment| segment[0]));
    words.push(0);
    words.extend(segments.iter().map(|segment| segment[1]));
    words.extend(segments.iter().map(|segment| segment[2]));
    words.extend(segments.iter().map(|_| 0));
    words.into_iter().flat_map(u16::to_be_bytes).collect()
}

fn short(number: usize) -> u16 {
    u16::try_from(number).expect("a font has few tables and codes")
}

fn long(number: usize) -> u32 {
    u32::try_from(number).expect("a font file is smaller than 4 GB")
}

#[cfg(test)]
mod tests {
    use skrifa::MetadataProvider;

    use super::*;
    use crate::fonts::FontSet;
    use crate::fonts::sfnt::sum;

    #[test]
    fn codes_lead_to_their_glyphs() {
        let face = &FontSet::built_in().faces[0];
        let program = with_codes(face.data, &[(32, 1), (33, 2), (65, 2), (255, 9)]);
        assert_eq!(sum(&program), 0xb1b0_afba);
        let font = FontRef::new(&program).expect("it is a font");
        let map = font.charmap();
        let glyph = |code: u32| map.map(0xf000 + code).map(|glyph| glyph.to_u32());
        let glyphs = [32, 33, 34, 65, 255].map(glyph);
        assert_eq!(glyphs, [Some(1), Some(2), None, Some(2), Some(9)]);
        assert!(font.data_for_tag(Tag::new(b"name")).is_none());
    }

    /// Every outline of every face is the same as before.
    #[test]
    fn outlines_stay_as_they_are() {
        let drawn = |font: &FontRef<'_>, glyph: u32| {
            let outline = font.outline_glyphs().get(skrifa::GlyphId::new(glyph));
            let settings = skrifa::outline::DrawSettings::unhinted(
                skrifa::instance::Size::unscaled(),
                skrifa::instance::LocationRef::default(),
            );
            let mut pen = skrifa::outline::pen::SvgPen::new();
            if let Some(outline) = outline {
                outline.draw(settings, &mut pen).expect("it can be drawn");
            }
            pen.to_string()
        };
        for face in &FontSet::built_in().faces {
            let program = with_codes(face.data, &[]);
            let (before, after) = (face.font(), FontRef::new(&program).expect("a font"));
            let count = before.maxp().expect("a font counts glyphs").num_glyphs();
            for glyph in 0..u32::from(count) {
                assert_eq!(drawn(&before, glyph), drawn(&after, glyph), "{}", face.name);
            }
            assert!(program.len() < face.data.len());
        }
    }
}
