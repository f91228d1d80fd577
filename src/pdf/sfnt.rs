//! Font files: a subset as the PDF wants it, with the tables that it needs and no others,
//! and with one that leads from codes to glyphs.

use skrifa::FontRef;
use skrifa::raw::TableProvider;
use skrifa::raw::types::Tag;

/// What a TrueType font in a PDF consists of (PDF 1.7 §9.9); names and the like are not read.
const KEPT: [&[u8; 4]; 9] = [
    b"cvt ", b"fpgm", b"glyf", b"head", b"hhea", b"hmtx", b"loca", b"maxp", b"prep",
];

/// A font file that shows each code's glyph; the codes ascend.
pub(super) fn with_codes(program: &[u8], codes: &[(u8, u16)]) -> Vec<u8> {
    let font = FontRef::new(program).expect("the subset is a font");
    let mut tables: Vec<(Tag, Vec<u8>)> = KEPT
        .iter()
        .map(|tag| Tag::new(tag))
        .filter_map(|tag| Some((tag, font.data_for_tag(tag)?.as_bytes().to_vec())))
        .collect();
    tables.push((Tag::new(b"cmap"), cmap(codes)));
    tables.sort();
    file(&tables)
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

/// The tables, which are sorted by their tags, behind their directory.
fn file(tables: &[(Tag, Vec<u8>)]) -> Vec<u8> {
    let count = short(tables.len());
    let power = 1 << count.ilog2();
    let mut out = vec![0, 1, 0, 0];
    for word in [
        count,
        16 * power,
        short(count.ilog2() as usize),
        16 * (count - power),
    ] {
        out.extend(word.to_be_bytes());
    }
    let mut at = 12 + 16 * tables.len();
    let mut adjusted = None;
    let mut body = Vec::new();
    for (tag, table) in tables {
        let mut table = table.clone();
        if *tag == Tag::new(b"head") && table.len() >= 12 {
            // The sum over the whole file goes here once that is known.
            table[8..12].fill(0);
            adjusted = Some(at + 8);
        }
        let length = table.len();
        table.resize(length.next_multiple_of(4), 0);
        out.extend(tag.to_be_bytes());
        for word in [sum(&table), long(at), long(length)] {
            out.extend(word.to_be_bytes());
        }
        at += table.len();
        body.extend(table);
    }
    out.extend(body);
    if let Some(adjusted) = adjusted {
        let difference = 0xb1b0_afba_u32.wrapping_sub(sum(&out));
        out[adjusted..adjusted + 4].copy_from_slice(&difference.to_be_bytes());
    }
    out
}

/// The sum of all words of four bytes.
fn sum(bytes: &[u8]) -> u32 {
    bytes
        .chunks_exact(4)
        .map(|word| u32::from_be_bytes([word[0], word[1], word[2], word[3]]))
        .fold(0, u32::wrapping_add)
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
}
