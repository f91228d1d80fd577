//! Which encoding a reader's text is in, told from its bytes alone, so that the same file is
//! read alike everywhere.

/// How a text is encoded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    #[default]
    Utf8,
    Utf16Le,
    Utf16Be,
    Windows1252,
    Latin1,
}

impl Encoding {
    /// Its common name.
    pub fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 => "UTF-8",
            Encoding::Utf16Le => "UTF-16 (little-endian)",
            Encoding::Utf16Be => "UTF-16 (big-endian)",
            Encoding::Windows1252 => "Windows-1252",
            Encoding::Latin1 => "ISO-8859-1",
        }
    }
}

/// A text in whatever encoding it is, with a byte order mark taken off; the bytes back when
/// they are not text, or are UTF-8 that is damaged.
///
/// # Errors
/// When the bytes are no text: they are given back.
pub fn decode(bytes: Vec<u8>) -> Result<(String, Encoding), Vec<u8>> {
    let Some(encoding) = detect(&bytes) else {
        return Err(bytes);
    };
    let text = match encoding {
        Encoding::Utf8 => {
            String::from_utf8(bytes).map_err(std::string::FromUtf8Error::into_bytes)?
        }
        Encoding::Utf16Le => utf16(&bytes, u16::from_le_bytes).ok_or(bytes)?,
        Encoding::Utf16Be => utf16(&bytes, u16::from_be_bytes).ok_or(bytes)?,
        Encoding::Windows1252 => bytes.iter().map(|byte| windows_1252(*byte)).collect(),
        Encoding::Latin1 => bytes.iter().map(|byte| char::from(*byte)).collect(),
    };
    Ok((text, encoding))
}

fn detect(bytes: &[u8]) -> Option<Encoding> {
    const MAGIC: &[&[u8]] = &[
        b"%PDF-",
        b"PK\x03\x04",
        b"\x89PNG",
        b"\xff\xd8\xff",
        b"GIF8",
    ];
    if MAGIC.iter().any(|magic| bytes.starts_with(magic)) {
        return None;
    }
    match bytes {
        [0xff, 0xfe, ..] => return Some(Encoding::Utf16Le),
        [0xfe, 0xff, ..] => return Some(Encoding::Utf16Be),
        _ => {}
    }
    if std::str::from_utf8(bytes).is_ok() && !is_utf16(bytes, 0) && !is_utf16(bytes, 1) {
        return Some(Encoding::Utf8);
    }
    if is_utf16(bytes, 1) {
        return Some(Encoding::Utf16Le);
    }
    if is_utf16(bytes, 0) {
        return Some(Encoding::Utf16Be);
    }
    single_byte(bytes)
}

/// Whether nearly every second byte, from the first or second on, is zero and hardly any
/// other: Latin letters in UTF-16.
fn is_utf16(bytes: &[u8], zero: usize) -> bool {
    let count = |from: usize| {
        let every_second = bytes.iter().skip(from).step_by(2);
        every_second.filter(|byte| **byte == 0).count()
    };
    let half = bytes.len() / 2;
    half > 1
        && bytes.len().is_multiple_of(2)
        && count(zero) * 2 > half
        && count(1 - zero) * 50 < half
}

/// One byte a letter: Windows-1252 where there are its quotation marks and dashes, which
/// ISO-8859-1 does not have.
fn single_byte(bytes: &[u8]) -> Option<Encoding> {
    let is_control = |byte: &&u8| **byte < 0x20 && !matches!(**byte, b'\t' | b'\n' | b'\r' | 0x0c);
    let controls = bytes.iter().filter(is_control).count();
    if controls * 200 > bytes.len() || is_damaged_utf8(bytes) {
        return None;
    }
    let upper = |byte: &u8| (0x80..0xa0).contains(byte);
    match bytes
        .iter()
        .any(|byte| upper(byte) && windows_1252(*byte) != char::from(*byte))
    {
        true => Some(Encoding::Windows1252),
        false => Some(Encoding::Latin1),
    }
}

/// Whether most of what is not ASCII is UTF-8, so that the rest is damage.
fn is_damaged_utf8(bytes: &[u8]) -> bool {
    let (mut whole, mut broken) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        whole += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        broken += chunk.invalid().len();
    }
    whole > broken
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<String> {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    let text: Result<String, _> = char::decode_utf16(units).collect();
    text.ok().filter(|_| bytes.len().is_multiple_of(2))
}

/// The character of a byte; those that Windows-1252 leaves open are controls, as in
/// ISO-8859-1.
fn windows_1252(byte: u8) -> char {
    const UPPER: &str = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ";
    match byte {
        0x80..=0x9f => UPPER
            .chars()
            .nth(usize::from(byte - 0x80))
            .expect("there are 32 of them"),
        _ => char::from(byte),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Option<(String, Encoding)> {
        decode(bytes.to_vec()).ok()
    }

    #[test]
    fn each_encoding_is_known_by_its_bytes() {
        let said = "Él dijo: “no” — ¿y qué?";
        let utf16 =
            |unit: fn(u16) -> [u8; 2]| -> Vec<u8> { said.encode_utf16().flat_map(unit).collect() };
        let (little, big) = (utf16(u16::to_le_bytes), utf16(u16::to_be_bytes));
        let marked: Vec<u8> = [0xff, 0xfe].into_iter().chain(little.clone()).collect();
        for (bytes, encoding) in [
            (said.as_bytes(), Encoding::Utf8),
            (&marked, Encoding::Utf16Le),
            (&little, Encoding::Utf16Le),
            (&big, Encoding::Utf16Be),
            (
                b"\xc9l dijo: \x93no\x94 \x97 \xbfy qu\xe9?",
                Encoding::Windows1252,
            ),
        ] {
            let (text, found) = read(bytes).expect("it is text");
            assert_eq!(
                (text.trim_start_matches('\u{feff}'), found),
                (said, encoding)
            );
        }
        let latin = read(b"\xc9l dijo: no").expect("it is text");
        assert_eq!(latin, ("Él dijo: no".to_string(), Encoding::Latin1));
    }

    #[test]
    fn what_is_no_text_is_left_alone() {
        for bytes in [
            &b"%PDF-1.7\nall ASCII"[..],
            b"PK\x03\x04 and more",
            &[0, 1, 2, 3, 200, 201, 202, 203],
            "ñandú, árbol, camión, \u{fffd}"
                .as_bytes()
                .split_last()
                .expect("it is long")
                .1,
            &[0xff, 0xfe, 0x41],
            &[0xff, 0xfe, 0x00, 0xd8],
        ] {
            assert_eq!(read(bytes), None, "{bytes:?}");
        }
        assert_eq!(read(b""), Some((String::new(), Encoding::Utf8)));
    }
}
