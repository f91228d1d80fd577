//! Numbers as tables write them: where their whole digits end.

/// How many letters before a number, as of a currency, and after it, as of a unit, leave it
/// a number.
const BEFORE: usize = 4;
const AFTER: usize = 12;

/// Where the whole digits of a number end, in bytes; `None` for what is no number. A dash
/// that stands where there is none ends there too.
pub fn whole_digits(text: &str, decimal_mark: char) -> Option<usize> {
    let text = text.trim_end();
    let dash = |c: char| "-\u{2010}\u{2011}\u{2012}–—−".contains(c);
    if !text.is_empty() && text.chars().all(dash) {
        return Some(text.len());
    }
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let before = &text[..start];
    if before.chars().count() > BEFORE {
        return None;
    }
    if before.ends_with(decimal_mark) {
        return Some(start - decimal_mark.len_utf8());
    }
    let number = Number::read(&text[start..]);
    let after = &text[start + number.end..];
    let unit = !after.contains(|c: char| c.is_ascii_digit()) && after.chars().count() <= AFTER;
    unit.then(|| start + number.whole(decimal_mark))
}

/// The digits that a text begins with, in groups.
#[derive(Default)]
struct Number {
    /// How many digits the first and the last group have.
    first: usize,
    last: usize,
    /// The last full stop or comma between digits, and its place.
    mark: Option<(char, usize)>,
    /// Whether it is the one before that again, and whether the other stands before it.
    again: bool,
    other: bool,
    /// Where the digits end.
    end: usize,
}

impl Number {
    fn read(text: &str) -> Number {
        let first = digits(text);
        let mut number = Number {
            first,
            last: first,
            end: first,
            ..Number::default()
        };
        loop {
            let rest = &text[number.end..];
            let Some(mark) = rest.chars().next() else {
                return number;
            };
            let last = digits(&rest[mark.len_utf8()..]);
            match mark {
                '.' | ',' if last > 0 => {
                    number.again = number.mark.is_some_and(|(before, _)| before == mark);
                    number.other |= number.mark.is_some_and(|(before, _)| before != mark);
                    number.mark = Some((mark, number.end));
                }
                ' ' | '\'' | '’' | '\u{a0}' | '\u{2009}' | '\u{202f}'
                    if last == 3 && number.first <= 3 && number.mark.is_none() => {}
                _ => return number,
            }
            number.last = last;
            number.end += mark.len_utf8() + last;
        }
    }

    /// Where the whole digits end: at the decimal mark, if it has one. A mark that parts
    /// thousands may come more than once and has three digits after it, and one to three
    /// before.
    fn whole(&self, decimal_mark: char) -> usize {
        match self.mark {
            Some((mark, at)) if !self.again => {
                let thousands = self.last == 3 && self.first <= 3;
                let decimal = self.other || mark == decimal_mark || !thousands;
                if decimal { at } else { self.end }
            }
            Some(_) | None => self.end,
        }
    }
}

/// How many digits a text begins with.
fn digits(text: &str) -> usize {
    let other = text.find(|c: char| !c.is_ascii_digit());
    other.unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::whole_digits;

    #[test]
    fn numbers_are_told_from_words() {
        for (text, mark, whole) in [
            ("12", '.', Some("12")),
            ("1.5", '.', Some("1")),
            ("1,5", ',', Some("1")),
            ("1,5", '.', Some("1")),
            (".5", '.', Some("")),
            ("−.5", '.', Some("−")),
            ("1,234", '.', Some("1,234")),
            ("1.234", '.', Some("1")),
            ("1.234", ',', Some("1.234")),
            ("1973,125", '.', Some("1973")),
            ("1,234.5", '.', Some("1,234")),
            ("1.234,5", ',', Some("1.234")),
            ("1.234,5", '.', Some("1.234")),
            ("1,234,567", ',', Some("1,234,567")),
            ("1,234,567.125", '.', Some("1,234,567")),
            ("12\u{202f}000", ',', Some("12\u{202f}000")),
            ("1 234 567,8", ',', Some("1 234 567")),
            ("1’234.50", '.', Some("1’234")),
            ("−3 %", '.', Some("−3")),
            ("(3.2)", '.', Some("(3")),
            ("£20", '.', Some("£20")),
            ("US$ 1,000.00", '.', Some("US$ 1,000")),
            ("c. 20", '.', Some("c. 20")),
            ("4 feet", '.', Some("4")),
            ("2½", '.', Some("2")),
            ("12.", '.', Some("12")),
            ("—", '.', Some("—")),
            ("1964–73", '.', None),
            ("10:30", '.', None),
            ("3 of 7", '.', None),
            ("1973 200", '.', None),
            ("12 mills were shut that spring", '.', None),
            ("after 1812", '.', None),
            ("none", '.', None),
            ("", '.', None),
        ] {
            let end = whole_digits(text, mark);
            assert_eq!(end.map(|end| &text[..end]), whole, "{text}");
        }
    }
}
