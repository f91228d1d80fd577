//! PDF's operators and operands as text, and the arrays in which glyphs are shown.

use std::io::Write;

use super::file::write_escaped;
use crate::units::Length;

/// A content stream in the making.
pub(super) struct Operators {
    out: Vec<u8>,
    array: Array,
}

/// How far an array of shown glyphs has come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Array {
    Closed,
    /// Between its strings.
    Open,
    /// Inside a string.
    Text,
}

impl Operators {
    /// A stream without any.
    pub(super) fn new() -> Operators {
        Operators {
            out: Vec::with_capacity(8 << 10),
            array: Array::Closed,
        }
    }

    /// The stream.
    pub(super) fn finish(mut self) -> Vec<u8> {
        self.end_array();
        self.out
    }

    /// Adds operators as they are.
    pub(super) fn put(&mut self, text: &str) {
        self.end_array();
        self.out.extend_from_slice(text.as_bytes());
    }

    /// Adds what is formatted.
    pub(super) fn write(&mut self, text: std::fmt::Arguments<'_>) {
        self.end_array();
        self.out.write_fmt(text).expect("memory can be written");
    }

    /// A length in points, to a hundredth: finer than any press can show.
    pub(super) fn length(&mut self, length: Length) {
        self.fixed(hundredths(length), 100);
    }

    /// A size of type, which every advance is multiplied by, to a ten-thousandth of a point.
    pub(super) fn size(&mut self, size: Length) {
        self.fixed((size.0 * 10_000 + 32_768).div_euclid(65_536), 10_000);
    }

    /// A number given in parts of one, `scale` to one, and a space.
    pub(super) fn fixed(&mut self, parts: i64, scale: i64) {
        self.end_array();
        write_fixed(parts, scale, &mut self.out);
        self.out.push(b' ');
    }

    /// Shows a glyph.
    pub(super) fn code(&mut self, code: u8) {
        if self.array == Array::Closed {
            self.out.push(b'[');
        }
        if self.array != Array::Text {
            self.out.push(b'(');
            self.array = Array::Text;
        }
        write_escaped(&[code], &mut self.out);
    }

    /// Moves left by so many thousandths of an em.
    pub(super) fn back(&mut self, thousandths: i64) {
        match self.array {
            Array::Closed => self.out.push(b'['),
            Array::Text => self.out.push(b')'),
            Array::Open => {}
        }
        self.array = Array::Open;
        write_fixed(thousandths, 1, &mut self.out);
    }

    /// Ends the array of shown glyphs, if one is open: whatever else is added does so.
    fn end_array(&mut self) {
        match self.array {
            Array::Closed => {}
            Array::Open => self.out.extend_from_slice(b"]TJ\n"),
            Array::Text => self.out.extend_from_slice(b")]TJ\n"),
        }
        self.array = Array::Closed;
    }
}

/// A length in hundredths of a point.
pub(super) fn hundredths(length: Length) -> i64 {
    (length.0 * 100 + 32_768).div_euclid(65_536)
}

/// Writes a number given in parts of one, `scale` (a power of ten) to one.
pub(super) fn write_fixed(parts: i64, scale: i64, out: &mut Vec<u8>) {
    if parts < 0 {
        out.push(b'-');
    }
    let parts = parts.unsigned_abs();
    let scale = scale.unsigned_abs();
    write_integer(parts / scale, out);
    let mut rest = parts % scale;
    if rest > 0 {
        out.push(b'.');
    }
    let mut digit = scale / 10;
    while rest > 0 {
        write_integer(rest / digit, out);
        rest %= digit;
        digit /= 10;
    }
}

fn write_integer(number: u64, out: &mut Vec<u8>) {
    let mut digits = [0; 20];
    let mut from = digits.len();
    let mut rest = number;
    loop {
        from -= 1;
        digits[from] = b"0123456789"[usize::try_from(rest % 10).unwrap_or_default()];
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[from..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(write: impl Fn(&mut Operators)) -> String {
        let mut operators = Operators::new();
        write(&mut operators);
        String::from_utf8(operators.finish()).expect("operators are ASCII")
    }

    #[test]
    fn numbers_are_short() {
        let length = |milli| shown(|out| out.length(Length::milli_pt(milli)));
        assert_eq!(length(12_000), "12 ");
        assert_eq!(length(419_528), "419.53 ");
        assert_eq!(length(-1_050), "-1.05 ");
        assert_eq!(length(-4), "0 ");
        assert_eq!(shown(|out| out.size(Length::milli_pt(8_330))), "8.33 ");
        assert_eq!(shown(|out| out.fixed(501, 1000)), "0.501 ");
    }

    #[test]
    fn glyphs_and_moves_share_an_array() {
        let array = shown(|out| {
            out.code(b'a');
            out.code(b'(');
            out.back(-120);
            out.code(b'b');
            out.put("EMC\n");
            out.code(b'd');
        });
        assert_eq!(array, "[(a\\()-120(b)]TJ\nEMC\n[(d)]TJ\n");
    }
}
