//! Lengths, points, sizes and printed page numbers: everything that is measured or counted
//! on a page, in whole numbers.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub, SubAssign};

/// A length in whole 1/65536 of a big point (1/72 inch), after TeX's scaled points.
///
/// Layout never uses floats, so the same book breaks at the same places everywhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Length(pub i64);

impl Length {
    /// Nothing.
    pub const ZERO: Length = Length(0);
    /// One point.
    pub const PT: Length = Length(65_536);

    /// Whole points.
    pub const fn pt(points: i64) -> Length {
        Length(points * 65_536)
    }

    /// Thousandths of a point.
    pub const fn milli_pt(thousandths: i64) -> Length {
        Length(thousandths * 65_536 / 1000)
    }

    /// Hundredths of a millimetre.
    pub const fn centi_mm(hundredths: i64) -> Length {
        Length(hundredths * 65_536 * 72 / 2540)
    }

    /// This length times a fraction.
    pub const fn scaled(self, numerator: i64, denominator: i64) -> Length {
        Length(self.0 * numerator / denominator)
    }

    /// The length of `units` font units at this size, in a font of `per_em` units to the em.
    pub fn of_font_units(self, units: i32, per_em: u16) -> Length {
        Length(self.0 * i64::from(units) / i64::from(per_em.max(1)))
    }

    /// The larger of two lengths.
    pub fn at_least(self, other: Length) -> Length {
        self.max(other)
    }

    /// In points, for a file format that wants a real number; never for layout.
    pub fn to_pt(self) -> f64 {
        self.0 as f64 / 65_536.0
    }

    /// Reads `10.5pt`, `148mm`, `2.1cm` or `8.5in`.
    pub fn read(text: &str) -> Option<Length> {
        let text = text.trim();
        let split = text.find(|c: char| c.is_ascii_alphabetic())?;
        let (number, unit) = text.split_at(split);
        let thousandths = read_thousandths(number.trim())?;
        let (numerator, denominator) = match unit {
            "pt" => (1, 1),
            "mm" => (720, 254),
            "cm" => (7200, 254),
            "in" => (72, 1),
            _ => return None,
        };
        let scaled = i128::from(thousandths) * 65_536 * numerator / (1000 * denominator);
        i64::try_from(scaled).ok().map(Length)
    }
}

/// A decimal number of at most three places, in thousandths.
fn read_thousandths(number: &str) -> Option<i64> {
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    if whole.len() > 6 || part.len() > 3 || whole.is_empty() {
        return None;
    }
    if !part.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let whole: i64 = whole.parse().ok()?;
    let part: i64 = format!("{part:0<3}").parse().ok()?;
    Some(whole * 1000 + if number.starts_with('-') { -part } else { part })
}

impl fmt::Display for Length {
    /// Points with two decimals, as the page dump prints them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hundredths = (self.0 * 100 + self.0.signum() * 32_768) / 65_536;
        let sign = if hundredths < 0 { "-" } else { "" };
        write!(
            f,
            "{sign}{}.{:02}",
            hundredths.abs() / 100,
            hundredths.abs() % 100
        )
    }
}

impl Add for Length {
    type Output = Length;
    fn add(self, other: Length) -> Length {
        Length(self.0 + other.0)
    }
}
impl Sub for Length {
    type Output = Length;
    fn sub(self, other: Length) -> Length {
        Length(self.0 - other.0)
    }
}
impl Neg for Length {
    type Output = Length;
    fn neg(self) -> Length {
        Length(-self.0)
    }
}
impl Mul<i64> for Length {
    type Output = Length;
    fn mul(self, times: i64) -> Length {
        Length(self.0 * times)
    }
}
impl Div<i64> for Length {
    type Output = Length;
    fn div(self, by: i64) -> Length {
        Length(self.0 / by)
    }
}
impl AddAssign for Length {
    fn add_assign(&mut self, other: Length) {
        self.0 += other.0;
    }
}
impl SubAssign for Length {
    fn sub_assign(&mut self, other: Length) {
        self.0 -= other.0;
    }
}
impl Sum for Length {
    fn sum<I: Iterator<Item = Length>>(lengths: I) -> Length {
        lengths.fold(Length::ZERO, Add::add)
    }
}

/// A length in half the memory, for what a book has millions of; it reaches over ten metres,
/// and what is longer is cut to that.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Short(i32);

impl From<Length> for Short {
    fn from(length: Length) -> Short {
        let reach = length.0.clamp(i32::MIN.into(), i32::MAX.into());
        Short(i32::try_from(reach).expect("it was just cut to 32 bits"))
    }
}
impl From<Short> for Length {
    fn from(short: Short) -> Length {
        Length(short.0.into())
    }
}
impl AddAssign<Length> for Short {
    fn add_assign(&mut self, other: Length) {
        *self = (Length::from(*self) + other).into();
    }
}
impl SubAssign<Length> for Short {
    fn sub_assign(&mut self, other: Length) {
        *self += -other;
    }
}
impl AddAssign<Short> for Length {
    fn add_assign(&mut self, other: Short) {
        *self += Length::from(other);
    }
}
impl Sum<Short> for Length {
    fn sum<I: Iterator<Item = Short>>(lengths: I) -> Length {
        lengths.map(Length::from).sum()
    }
}

/// A place on a page: `x` from the left edge, `y` from the top edge downwards.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Point {
    pub x: Length,
    pub y: Length,
}

/// A width and a height.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    pub width: Length,
    pub height: Length,
}

/// A rectangle by its upper left corner and its size.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rect {
    pub origin: Point,
    pub size: Size,
}

/// A page number as it is printed: roman in the front matter, arabic after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Folio {
    pub numerals: Numerals,
    pub number: u32,
}

/// The numerals of a page number. Roman pages come before arabic ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Numerals {
    Roman,
    Arabic,
}

impl fmt::Display for Folio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.numerals {
            Numerals::Roman => f.write_str(&roman(self.number)),
            Numerals::Arabic => write!(f, "{}", self.number),
        }
    }
}

/// A number in lower-case roman numerals.
fn roman(mut number: u32) -> String {
    const VALUES: [(u32, &str); 13] = [
        (1000, "m"),
        (900, "cm"),
        (500, "d"),
        (400, "cd"),
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    ];
    let mut text = String::new();
    for (value, numeral) in VALUES {
        while number >= value {
            text.push_str(numeral);
            number -= value;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_lengths() {
        assert_eq!(Length::read("10.5pt"), Some(Length::milli_pt(10_500)));
        assert_eq!(Length::read("1in"), Some(Length::pt(72)));
        assert_eq!(
            Length::read("148 mm").map(|l| l.to_string()),
            Some("419.53".into())
        );
        assert_eq!(Length::read("12"), None);
        assert_eq!(Length::read("ten pt"), None);
    }

    #[test]
    fn prints_folios() {
        let roman = |number| {
            Folio {
                numerals: Numerals::Roman,
                number,
            }
            .to_string()
        };
        assert_eq!(
            (roman(4), roman(9), roman(14), roman(48)),
            ("iv".into(), "ix".into(), "xiv".into(), "xlviii".into())
        );
    }
}
