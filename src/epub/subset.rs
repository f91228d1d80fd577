//! Fonts with the glyphs that the book can show and no others. Every glyph keeps its number,
//! so that small capitals, old-style figures and kerning stay as they are: only outlines go.

use std::collections::BTreeSet;

use skrifa::raw::TableProvider;
use skrifa::raw::collections::IntSet;
use skrifa::raw::tables::glyf::Glyph;
use skrifa::raw::types::{GlyphId, Tag};
use skrifa::{FontRef, MetadataProvider};

use crate::fonts::sfnt;

/// What a reader shows of itself in the book's type, or where it divides words.
const USUAL: [char; 9] = [
    '\u{a0}', '\u{ad}', '\u{2010}', '\u{2011}', '–', '—', '…', '‘', '’',
];

/// Characters and those that stand in every book.
pub(super) fn with_usual(mut characters: BTreeSet<char>) -> BTreeSet<char> {
    characters.extend(' '..='~');
    characters.extend(USUAL);
    characters
}

/// A font with what some characters can become; `None` for one whose outlines are of another
/// kind, or that cannot be read.
pub(super) fn of(program: &[u8], characters: &BTreeSet<char>) -> Option<Vec<u8>> {
    let font = FontRef::new(program).ok()?;
    let kept = glyphs(&font, characters)?;
    let loca = font.loca(None).ok()?;
    let glyf = font.data_for_tag(Tag::new(b"glyf"))?.as_bytes();
    let mut outlines = Vec::with_capacity(glyf.len());
    let mut places = Vec::with_capacity(4 * (loca.len() + 1));
    places.extend(0_u32.to_be_bytes());
    for at in 0..loca.len() {
        if kept.contains(GlyphId::new(u32::try_from(at).ok()?)) {
            let from = usize::try_from(loca.get_raw(at)?).ok()?;
            let to = usize::try_from(loca.get_raw(at + 1)?).ok()?;
            outlines.extend_from_slice(glyf.get(from..to)?);
            outlines.resize(outlines.len().next_multiple_of(2), 0);
        }
        places.extend(u32::try_from(outlines.len()).ok()?.to_be_bytes());
    }
    let mut tables = Vec::new();
    for record in font.table_directory().table_records() {
        let tag = record.tag();
        let table = font.data_for_tag(tag)?.as_bytes();
        let table = match &tag.to_be_bytes() {
            b"glyf" => std::mem::take(&mut outlines),
            b"loca" => std::mem::take(&mut places),
            // Places of four bytes each (OpenType, head).
            b"head" => [table.get(..50)?, &[0, 1], table.get(52..)?].concat(),
            // Names of glyphs are for printers of another age (OpenType, post, version 3).
            b"post" => [&[0, 3, 0, 0], table.get(4..32)?].concat(),
            // The maker's signature, which no longer holds.
            b"DSIG" => continue,
            _ => table.to_vec(),
        };
        tables.push((tag, table));
    }
    Some(sfnt::file(&tables))
}

/// The glyphs of some characters, and all that the font can set in their stead.
fn glyphs(font: &FontRef<'_>, characters: &BTreeSet<char>) -> Option<IntSet<GlyphId>> {
    let map = font.charmap();
    let mut kept = IntSet::empty();
    kept.insert(GlyphId::NOTDEF);
    kept.extend(characters.iter().filter_map(|c| map.map(*c)));
    if let Ok(gsub) = font.gsub() {
        let lookups = gsub.collect_lookups(&IntSet::all()).ok()?;
        gsub.closure_glyphs(&lookups, &mut kept).ok()?;
    }
    let (loca, glyf) = (font.loca(None).ok()?, font.glyf().ok()?);
    let mut waiting: Vec<GlyphId> = kept.iter().collect();
    while let Some(glyph) = waiting.pop() {
        if let Ok(Some(Glyph::Composite(parts))) = loca.get_glyf(glyph, &glyf) {
            let parts = parts.components().map(|part| part.glyph);
            waiting.extend(parts.filter(|part| kept.insert(*part)));
        }
    }
    Some(kept)
}

#[cfg(test)]
mod tests {
    use skrifa::GlyphId;
    use skrifa::instance::{LocationRef, Size};
    use skrifa::outline::DrawSettings;
    use skrifa::outline::pen::SvgPen;

    use super::*;
    use crate::fonts::FontSet;

    fn drawn(font: &FontRef<'_>, glyph: GlyphId) -> String {
        let mut pen = SvgPen::new();
        if let Some(outline) = font.outline_glyphs().get(glyph) {
            let settings = DrawSettings::unhinted(Size::unscaled(), LocationRef::default());
            outline.draw(settings, &mut pen).expect("it can be drawn");
        }
        pen.to_string()
    }

    #[test]
    fn what_a_book_shows_stays_and_nothing_else() {
        let characters = with_usual(['é', 'ñ'].into_iter().collect());
        for face in &FontSet::built_in().faces {
            let (before, bytes) = (face.font(), of(face.data, &characters).expect("a font"));
            assert!(bytes.len() * 5 < face.data.len() * 3, "{}", bytes.len());
            assert_eq!(sfnt::sum(&bytes), 0xb1b0_afba);
            let after = FontRef::new(&bytes).expect("it is a font");
            let map = before.charmap();
            for c in &characters {
                if let Some(glyph) = map.map(*c) {
                    assert_eq!(after.charmap().map(*c), Some(glyph), "{c}");
                    assert_eq!(drawn(&before, glyph), drawn(&after, glyph), "{c}");
                }
            }
            let foreign = map.map('Ж').expect("the faces have it");
            assert_eq!(drawn(&after, foreign), "");
            // What letters become where small capitals are asked for.
            let kept = glyphs(&before, &characters).expect("a font");
            assert!(kept.len() > characters.len() as u64 + 50, "{}", kept.len());
            for glyph in kept.iter() {
                assert_eq!(drawn(&before, glyph), drawn(&after, glyph), "{glyph}");
            }
        }
        assert_eq!(of(b"no font", &characters), None);
    }
}
