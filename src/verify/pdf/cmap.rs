//! What the codes of a font stand for: a `/ToUnicode` map (PDF 1.7 §9.10.3).

use std::collections::BTreeMap;

/// Texts by code.
#[derive(Clone, Debug)]
pub(super) struct ToUnicode {
    texts: BTreeMap<u16, String>,
    /// How many bytes a code has.
    pub(super) bytes: usize,
}

impl ToUnicode {
    /// Reads a map. What is not understood has no text.
    pub(super) fn read(map: &[u8]) -> ToUnicode {
        let mut texts = BTreeMap::new();
        let mut bytes = 2;
        let mut listing = Listing::Nothing;
        let mut strings: Vec<Vec<u8>> = Vec::new();
        let mut in_array = None;
        for token in (Tokens { rest: map }) {
            match token {
                Token::Word(word) => {
                    listing = match word {
                        b"begincodespacerange" => Listing::Codes,
                        b"beginbfchar" => Listing::Characters,
                        b"beginbfrange" => Listing::Ranges,
                        b"endbfchar" | b"endbfrange" | b"endcodespacerange" => Listing::Nothing,
                        _ => listing,
                    };
                    strings.clear();
                    in_array = None;
                }
                Token::Open => in_array = Some(0),
                Token::Close => {
                    in_array = None;
                    strings.clear();
                }
                Token::Text(text) => {
                    if let (Some(at), [first, ..]) = (&mut in_array, &strings[..]) {
                        texts.insert(code(first).wrapping_add(*at), utf16(&text));
                        *at += 1;
                        continue;
                    }
                    if listing == Listing::Codes {
                        bytes = text.len().clamp(1, 2);
                    }
                    strings.push(text);
                    take(listing, &mut strings, &mut texts);
                }
            }
        }
        ToUnicode { texts, bytes }
    }

    /// What a code stands for.
    pub(super) fn text(&self, code: u16) -> &str {
        self.texts.get(&code).map_or("", String::as_str)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Listing {
    Nothing,
    /// Which codes there are at all.
    Codes,
    Characters,
    Ranges,
}

/// Takes a whole entry, when there is one.
fn take(listing: Listing, strings: &mut Vec<Vec<u8>>, texts: &mut BTreeMap<u16, String>) {
    match (listing, &strings[..]) {
        (Listing::Characters, [from, text]) => {
            texts.insert(code(from), utf16(text));
        }
        (Listing::Ranges, [from, to, text]) => {
            let (from, to) = (code(from), code(to));
            let mut text = text.clone();
            for code in from..=to {
                texts.insert(code, utf16(&text));
                if let Some(last) = text.last_mut() {
                    *last = last.wrapping_add(1);
                }
            }
        }
        (Listing::Nothing | Listing::Codes, _)
        | (Listing::Characters, _)
        | (Listing::Ranges, _) => return,
    }
    strings.clear();
}

pub(super) fn code(bytes: &[u8]) -> u16 {
    bytes
        .iter()
        .fold(0, |code, byte| code << 8 | u16::from(*byte))
}

/// Text in UTF-16, the high byte first.
pub(super) fn utf16(bytes: &[u8]) -> String {
    let units = bytes
        .chunks_exact(2)
        .map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
    char::decode_utf16(units)
        .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}

enum Token<'m> {
    Text(Vec<u8>),
    Word(&'m [u8]),
    Open,
    Close,
}

struct Tokens<'m> {
    rest: &'m [u8],
}

impl<'m> Iterator for Tokens<'m> {
    type Item = Token<'m>;

    fn next(&mut self) -> Option<Token<'m>> {
        loop {
            let (first, rest) = self.rest.split_first()?;
            match first {
                byte if byte.is_ascii_whitespace() => self.rest = rest,
                b'%' => {
                    let end = rest.iter().position(|byte| *byte == b'\n');
                    self.rest = &rest[end.unwrap_or(rest.len())..];
                }
                b'[' | b']' => {
                    self.rest = rest;
                    return Some(if *first == b'[' {
                        Token::Open
                    } else {
                        Token::Close
                    });
                }
                b'<' if rest.first() != Some(&b'<') => {
                    let end = rest.iter().position(|byte| *byte == b'>');
                    let end = end.unwrap_or(rest.len());
                    self.rest = rest.get(end + 1..).unwrap_or_default();
                    return Some(Token::Text(hexadecimal(&rest[..end])));
                }
                _ => {
                    let ends = |byte: &u8| byte.is_ascii_whitespace() || b"[]<%".contains(byte);
                    let end = rest.iter().position(ends).unwrap_or(rest.len()) + 1;
                    let (word, rest) = self.rest.split_at(end);
                    self.rest = rest;
                    return Some(Token::Word(word));
                }
            }
        }
    }
}

fn hexadecimal(digits: &[u8]) -> Vec<u8> {
    let digit = |byte: &u8| {
        char::from(*byte)
            .to_digit(16)
            .and_then(|digit| u8::try_from(digit).ok())
    };
    let digits: Vec<u8> = digits.iter().filter_map(digit).collect();
    digits
        .chunks_exact(2)
        .map(|pair| pair[0] << 4 | pair[1])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_as_long_as_they_are_said_to_be() {
        let map = ToUnicode::read(
            b"1 begincodespacerange <00> <FF> endcodespacerange 1 beginbfrange <41><43><0061>\
              endbfrange",
        );
        let text: String = (0x41..=0x44).map(|code| map.text(code)).collect();
        assert_eq!((map.bytes, text.as_str()), (1, "abc"));
    }

    #[test]
    fn reads_characters_ranges_and_arrays() {
        let map = ToUnicode::read(
            b"1 beginbfchar\n<0001> <00660069> endbfchar 2 beginbfrange % two\n\
              <0002><0003><0041> <0005> <0006> [<0078> <D83DDE00>] endbfrange",
        );
        let text: String = (1..=6).map(|code| map.text(code)).collect();
        assert_eq!(text, "fiABx\u{1f600}");
    }
}
