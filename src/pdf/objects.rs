//! Small PDF objects: names, numbers, strings, and streams deflated on their way in.

use std::cell::RefCell;

use flate2::{Compress, Compression, FlushCompress, Status};
use lopdf::{Dictionary, Object, Stream, StringFormat};

use crate::units::{Length, Rect, Size};

/// A dictionary from its keys and values.
pub(super) fn dictionary<const N: usize>(entries: [(&str, Object); N]) -> Dictionary {
    entries.into_iter().collect()
}

/// A name: `/Link`.
pub(super) fn name(name: &str) -> Object {
    Object::Name(name.as_bytes().to_vec())
}

/// A string of bytes.
pub(super) fn bytes(bytes: impl Into<Vec<u8>>) -> Object {
    Object::String(bytes.into(), StringFormat::Literal)
}

/// Text for people.
pub(super) fn text(text: &str) -> Object {
    bytes(encoded(text))
}

/// Text for people as bytes: in PDF's own encoding where that has all of its characters,
/// else as UTF-16 with a byte order mark (PDF 1.7 §7.9.2.2).
pub(super) fn encoded(text: &str) -> Vec<u8> {
    let own: Option<Vec<u8>> = text.chars().map(own_code).collect();
    own.unwrap_or_else(|| utf16(text))
}

/// A character's code in PDF's own encoding (PDF 1.7 §D.2).
fn own_code(c: char) -> Option<u8> {
    match c {
        ' '..='~' | '¡'..='¬' | '®'..='ÿ' => u8::try_from(c).ok(),
        '…' => Some(0x83),
        '—' => Some(0x84),
        '–' => Some(0x85),
        '“' => Some(0x8d),
        '”' => Some(0x8e),
        '‘' => Some(0x8f),
        '’' => Some(0x90),
        _ => None,
    }
}

/// Whether a text is the same in ASCII.
pub(super) fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}

/// UTF-16, the high byte first, after a byte order mark.
pub(super) fn utf16(text: &str) -> Vec<u8> {
    let mut units = vec![0xfe, 0xff];
    units.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
    units
}

/// A count; far below the limits of a PDF's integers.
pub(super) fn count(number: usize) -> Object {
    Object::Integer(i64::try_from(number).unwrap_or(i64::MAX))
}

/// A length in points, to a thousandth.
pub(super) fn points(length: Length) -> Object {
    let thousandths = (length.0 * 1000 + 32_768).div_euclid(65_536);
    if thousandths % 1000 == 0 {
        return Object::Integer(thousandths / 1000);
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "lopdf's reals are single precision, which holds a page's thousandths of a point"
    )]
    Object::Real((thousandths as f64 / 1000.0) as f32)
}

/// A rectangle on a page of that size, by its lower left and upper right corners.
pub(super) fn corners(rect: Rect, page: Size) -> Object {
    let top = page.height - rect.origin.y;
    Object::Array(vec![
        points(rect.origin.x),
        points(top - rect.size.height),
        points(rect.origin.x + rect.size.width),
        points(top),
    ])
}

/// A stream with its content deflated.
pub(super) fn stream(mut entries: Dictionary, content: &[u8]) -> Stream {
    entries.set("Filter", name("FlateDecode"));
    packed(entries, deflate(content))
}

/// A stream whose content is already as its dictionary says.
pub(super) fn packed(entries: Dictionary, content: Vec<u8>) -> Stream {
    Stream::new(entries, content).with_compression(false)
}

/// The bytes in zlib's format.
pub(super) fn deflate(content: &[u8]) -> Vec<u8> {
    thread_local! {
        /// A compressor weighs a quarter of a megabyte and takes time to set up: one for
        /// each thread, used again for every stream.
        static COMPRESS: RefCell<Compress> =
            RefCell::new(Compress::new(Compression::new(6), true));
    }
    COMPRESS.with_borrow_mut(|compress| {
        compress.reset();
        let mut out = Vec::with_capacity(content.len() / 2 + 64);
        loop {
            let read = usize::try_from(compress.total_in()).expect("input fits the memory");
            let status = compress
                .compress_vec(&content[read..], &mut out, FlushCompress::Finish)
                .expect("a compressor that was reset is ready");
            if status == Status::StreamEnd {
                return out;
            }
            out.reserve(content.len() / 4 + 64);
        }
    })
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn deflates_what_can_be_inflated_again() {
        for length in [0, 1, 100, 100_000] {
            let content: Vec<u8> = (0u32..length)
                .map(|n| u8::try_from(n % 1009 % 251).expect("small"))
                .collect();
            let packed = deflate(&content);
            let mut back = Vec::new();
            flate2::read::ZlibDecoder::new(&packed[..])
                .read_to_end(&mut back)
                .expect("zlib's own format");
            assert_eq!(back, content);
        }
    }

    #[test]
    fn texts_beyond_latin_1_are_utf_16() {
        assert_eq!(text("Index"), bytes("Index"));
        assert_eq!(text("ñ’"), bytes([0xf1, 0x90]));
        assert_eq!(text("ŝ"), bytes([0xfe, 0xff, 1, 0x5d]));
    }
}
