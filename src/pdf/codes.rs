//! The codes by which content streams name glyphs: one byte each, so that a page is short,
//! and one for each text that a glyph stands for, so that its words need not be spelt out
//! beside it. A face that needs more codes than a byte has is embedded in several parts.

use super::objects::{deflate, utf16};
use super::usage::GlyphUsage;

/// A glyph's name in a content stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Code {
    /// Which part of the face shows it.
    pub(super) part: usize,
    pub(super) byte: u8,
}

/// The code of the space, to which alone a reader adds the space between words (PDF 1.7
/// §9.3.3).
pub(super) const SPACE: u8 = 32;

/// What a code of one part shows.
#[derive(Clone, Debug)]
pub(super) struct Shown {
    /// The glyph's id in the whole font.
    pub(super) glyph: u16,
    pub(super) text: String,
    /// Whether the glyph stands for no other text more often.
    pub(super) usual: bool,
}

/// One part of a face: what each byte shows.
pub(super) type Part = Vec<Option<Shown>>;

/// A byte has so many codes, less the 0.
const MOST: usize = 255;

/// A glyph has codes for so many of its texts; those beyond are spelt out. Only the sign for
/// what a face lacks stands for more.
const MOST_TEXTS: usize = 8;

/// Gives every use of a glyph its code; `stands_for` tells the text of a glyph that never
/// stands alone. The commonest are all in the first part, and the space is too.
pub(super) fn assign(
    used: Vec<GlyphUsage>,
    mut stands_for: impl FnMut(u16) -> String,
) -> Vec<Part> {
    let mut wanted: Vec<(usize, Shown)> = Vec::new();
    for (glyph, usage) in (0..=u16::MAX).zip(used) {
        if !usage.used {
            continue;
        }
        let mut texts = usage.texts();
        texts.truncate(MOST_TEXTS);
        if texts.is_empty() {
            texts.push((stands_for(glyph), 0));
        }
        for (at, (text, times)) in texts.into_iter().enumerate() {
            let times = if text == " " { usize::MAX } else { times };
            let usual = at == 0;
            wanted.push((times, Shown { glyph, text, usual }));
        }
    }
    wanted.sort_by_key(|(times, _)| std::cmp::Reverse(*times));
    let mut parts = Vec::new();
    let mut wanted = wanted.into_iter().map(|(_, shown)| shown).peekable();
    while wanted.peek().is_some() {
        parts.push(part(wanted.by_ref().take(MOST)));
    }
    parts
}

/// Gives characters of ASCII their own codes and all else what is left, in the order of the
/// face's glyphs.
fn part(wanted: impl Iterator<Item = Shown>) -> Part {
    let mut part = vec![None; MOST + 1];
    let mut others = Vec::new();
    for shown in wanted {
        let own = own_code(&shown.text).filter(|code| part[*code].is_none());
        match own {
            Some(code) => part[code] = Some(shown),
            None => others.push(shown),
        }
    }
    others.sort_by_key(|shown| shown.glyph);
    // Last what a string must say in two bytes, and the space, which is no other glyph's.
    let free = (0x80..=0xff).chain(0x21..0x80).chain(1..0x20).chain([32]);
    let mut free: Vec<usize> = free.filter(|code| part[*code].is_none()).collect();
    free.sort_by_key(|code| b"\r\\() ".contains(&u8::try_from(*code).unwrap_or_default()));
    let mut taken: Vec<usize> = free.into_iter().take(others.len()).collect();
    taken.sort_unstable();
    for (code, shown) in taken.into_iter().zip(others) {
        part[code] = Some(shown);
    }
    part
}

/// The code of a text that is one character of ASCII.
fn own_code(text: &str) -> Option<usize> {
    match text.as_bytes() {
        [byte @ b' '..=b'~'] => Some(usize::from(*byte)),
        _ => None,
    }
}

/// A part's `/ToUnicode` map (PDF 1.7 §9.10.3), deflated.
pub(super) fn to_unicode(part: &Part) -> Vec<u8> {
    use std::fmt::Write;
    let mut map = String::from(MAP_HEAD);
    let entries: Vec<(usize, &str)> = part
        .iter()
        .enumerate()
        .filter_map(|(code, shown)| Some((code, shown.as_ref()?.text.as_str())))
        .collect();
    let ranges: Vec<&[(usize, &str)]> = entries.chunk_by(|a, b| follows(*a, *b)).collect();
    // A list has at most a hundred entries.
    for ranges in ranges.chunks(100) {
        writeln!(map, "{} beginbfrange", ranges.len()).expect("memory can be written");
        for range in ranges {
            let (first, last) = (range[0], range[range.len() - 1].0);
            write!(map, "<{:02X}> <{last:02X}> <", first.0).expect("memory can be written");
            for byte in &utf16(first.1)[2..] {
                write!(map, "{byte:02X}").expect("memory can be written");
            }
            map.push_str(">\n");
        }
        map.push_str("endbfrange\n");
    }
    map.push_str(MAP_TAIL);
    deflate(map.as_bytes())
}

/// Whether the second entry carries on from the first: the next code for the next
/// character, in the same row of 256.
fn follows((code, text): (usize, &str), (next_code, next_text): (usize, &str)) -> bool {
    let single = |text: &str| {
        let mut characters = text.chars();
        let first = characters.next().filter(|first| first.len_utf16() == 1)?;
        characters.next().is_none().then_some(u32::from(first))
    };
    let (Some(character), Some(next)) = (single(text), single(next_text)) else {
        return false;
    };
    next_code == code + 1 && next == character + 1 && next % 256 != 0
}

const MAP_HEAD: &str = "/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<00> <FF>
endcodespacerange
";

const MAP_TAIL: &str = "endcmap
CMapName currentdict /CMap defineresource pop
end
end
";

#[cfg(test)]
mod tests {
    use super::*;

    fn usage(texts: &[&str]) -> GlyphUsage {
        let mut usage = GlyphUsage::default();
        usage.used = true;
        for text in texts {
            usage.add(text, 1);
        }
        usage
    }

    #[test]
    fn characters_of_ascii_have_their_own_codes() {
        let used = vec![
            GlyphUsage::default(),
            usage(&["T", "t"]),
            usage(&[" "]),
            usage(&["t"]),
            usage(&["ñ"]),
        ];
        let parts = assign(used, |_| String::new());
        let [part] = &parts[..] else {
            panic!("one part is enough");
        };
        let glyph = |code: usize| part[code].as_ref().map(|shown| shown.glyph);
        assert_eq!(glyph(32), Some(2));
        assert_eq!(glyph(usize::from(b'T')), Some(1));
        let texts: Vec<&str> = part.iter().flatten().map(|shown| &*shown.text).collect();
        assert_eq!(texts, [" ", "T", "t", "t", "ñ"]);
    }

    #[test]
    fn a_face_with_many_glyphs_is_in_parts() {
        let used = (0..600).map(|_| usage(&["字"])).collect();
        let parts = assign(used, |_| String::new());
        let sizes: Vec<usize> = parts
            .iter()
            .map(|part| part.iter().flatten().count())
            .collect();
        assert_eq!(sizes, [255, 255, 90]);
        assert!(parts.iter().all(|part| part[0].is_none()));
    }
}
