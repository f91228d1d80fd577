//! Where a line may end: at which spaces, and where between the characters of a word.

use crate::text::spacing::{is_dash, is_opening};
use crate::typeset::flow::{Mark, offset};

/// A place inside a stretch of text without spaces where a line may end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opportunity {
    /// The offset in the paragraph's text of what would begin the next line.
    pub at: u32,
    pub cost: i32,
    /// Whether the line then ends in a hyphen, added or not.
    pub flagged: bool,
    /// Whether a hyphen is added.
    pub hyphen: bool,
}

/// The cost of a hyphen that the break adds: more than in plain TeX, because letters give
/// way here and lines are seldom in need of it.
pub const HYPHEN_COST: i32 = 130;
/// The cost of a break after a hyphen or stroke that is there anyway (TeX's
/// `\exhyphenpenalty`).
const PRESENT_HYPHEN_COST: i32 = 50;
/// The cost of dividing a word that already has a hyphen, or one with a capital: it is
/// likely a name.
pub const SECOND_HYPHEN_COST: i32 = 300;
const DASH_COST: i32 = 30;
const FIGURES_COST: i32 = 200;
const ADDRESS_COST: i32 = 100;

/// A kind of space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Space {
    Word,
    /// A word space that does not end a line.
    NoBreak,
    /// A space of its own width, in thousandths of an em.
    Fixed {
        width: i64,
        breaks: bool,
    },
}

/// How wide thin and hair spaces are, in thousandths of an em.
pub const THIN: i64 = 140;
pub const HAIR: i64 = 80;

/// What kind of space a character is, if it is one.
pub fn space(c: char) -> Option<Space> {
    let fixed = |width, breaks| Some(Space::Fixed { width, breaks });
    match c {
        ' ' | '\u{1680}' => Some(Space::Word),
        '\u{a0}' => Some(Space::NoBreak),
        '\u{2000}' | '\u{2002}' => fixed(500, true),
        '\u{2001}' | '\u{2003}' | '\u{3000}' => fixed(1000, true),
        '\u{2004}' => fixed(333, true),
        '\u{2005}' => fixed(250, true),
        '\u{2006}' => fixed(167, true),
        '\u{2007}' => fixed(500, false),
        '\u{2008}' => fixed(200, true),
        '\u{2009}' | '\u{202f}' => fixed(THIN, false),
        '\u{200a}' => fixed(HAIR, false),
        '\u{205f}' => fixed(222, true),
        _ => None,
    }
}

/// Where a stretch without spaces ends.
pub fn token_end(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = start;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b' ' | b'\n' => return at,
            // The first bytes of all other spaces.
            0xc2 | 0xe1..=0xe3 => {
                let c = text[at..].chars().next().unwrap_or(' ');
                if space(c).is_some() {
                    return at;
                }
                at += c.len_utf8();
            }
            _ => at += 1,
        }
    }
    at
}

/// The opportunities in a stretch without spaces that begins at `start` of the paragraph's
/// text; `marks` are those of the paragraph.
pub fn inside(text: &str, start: usize, marks: &[(u32, Mark)], found: &mut Vec<Opportunity>) {
    found.clear();
    let first = marks.partition_point(|mark| (mark.0 as usize) <= start);
    let end = start + text.len();
    let marks = &marks[first..];
    let marks = &marks[..marks.partition_point(|mark| (mark.0 as usize) < end)];
    if marks.is_empty() && text.bytes().all(never_ends_a_line) {
        return;
    }
    if is_address(text) {
        inside_address(text, start, found);
    } else {
        inside_word(text, start, found);
    }
    heed(marks, found);
}

/// Bytes of characters that are no dash, hyphen or stroke, and in no address.
fn never_ends_a_line(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b',' | b'.' | b';' | b'(' | b')' | 0xc3)
        || (0x80..0xc0).contains(&byte)
}

/// Whether a word is a web or mail address.
pub fn is_address(text: &str) -> bool {
    let mail = || {
        let (name, host) = text.split_once('@').unwrap_or_default();
        !name.is_empty() && host.contains('.')
    };
    let may_be = |byte: u8| matches!(byte, b':' | b'@');
    text.starts_with("www.") || text.bytes().any(may_be) && (text.contains("://") || mail())
}

fn inside_address(text: &str, start: usize, found: &mut Vec<Opportunity>) {
    let mut characters = text.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        let Some(&(next_at, next)) = characters.peek() else {
            break;
        };
        let cost = match c {
            '/' => PRESENT_HYPHEN_COST,
            '.' | '-' | '_' | '?' | '&' | '=' | '#' | '@' | '~' | '+' | ',' | ':' => ADDRESS_COST,
            _ => continue,
        };
        let rest = text.len() - next_at;
        if at >= 2 && rest >= 2 && (next.is_alphanumeric() || next == '%') {
            found.push(Opportunity {
                at: offset(start + next_at),
                cost,
                flagged: false,
                hyphen: false,
            });
        }
    }
}

fn inside_word(text: &str, start: usize, found: &mut Vec<Opportunity>) {
    // Letters and figures since the last place where a line could end.
    let mut solid = 0;
    let mut last = None;
    for (at, c) in text.char_indices() {
        let rest = &text[at + c.len_utf8()..];
        let chance = match c {
            '-' | '\u{2010}' => after_hyphen(last, solid, rest),
            '/' => after_stroke(solid, rest),
            _ if is_dash(c) => after_dash(solid, rest),
            _ => None,
        };
        if let Some((cost, flagged)) = chance {
            found.push(Opportunity {
                at: offset(start + at + c.len_utf8()),
                cost,
                flagged,
                hyphen: false,
            });
        }
        if c.is_alphanumeric() {
            solid += 1;
        } else if matches!(c, '-' | '\u{2010}' | '/') || is_dash(c) {
            solid = 0;
        }
        last = Some(c);
    }
}

/// After a hyphen between two parts of a word, each of at least two letters.
fn after_hyphen(last: Option<char>, solid: usize, rest: &str) -> Option<(i32, bool)> {
    let mut following = rest.chars();
    let (next, second) = (following.next()?, following.next()?);
    if solid < 2 || !last.is_some_and(char::is_alphanumeric) || !second.is_alphanumeric() {
        return None;
    }
    let figures = (last.is_some_and(char::is_numeric), next.is_numeric());
    match figures {
        (true, true) => Some((FIGURES_COST, true)),
        (_, true) => None,
        (_, false) => next.is_alphabetic().then_some((PRESENT_HYPHEN_COST, true)),
    }
}

fn after_stroke(solid: usize, rest: &str) -> Option<(i32, bool)> {
    let letters = rest.chars().take(2).filter(|c| c.is_alphabetic()).count();
    (solid >= 2 && letters == 2).then_some((PRESENT_HYPHEN_COST, false))
}

/// After a dash, unless it opens something (nothing is before it) or something closes
/// after it.
fn after_dash(solid: usize, rest: &str) -> Option<(i32, bool)> {
    let next = rest.chars().next()?;
    let opens = next.is_alphanumeric() || is_opening(next) || matches!(next, '"' | '\'');
    let cost = if next.is_numeric() {
        FIGURES_COST
    } else {
        DASH_COST
    };
    (solid > 0 && opens && !is_dash(next)).then_some((cost, false))
}

/// Adds what the author's own marks allow and takes away what they forbid.
fn heed(marks: &[(u32, Mark)], found: &mut Vec<Opportunity>) {
    if marks.is_empty() {
        return;
    }
    let marked = |at: u32| marks.binary_search_by_key(&at, |mark| mark.0).is_ok();
    found.retain(|opportunity| !marked(opportunity.at));
    for &(at, mark) in marks {
        let divides = mark == Mark::Divide;
        if mark != Mark::Join {
            found.push(Opportunity {
                at,
                cost: if divides { PRESENT_HYPHEN_COST } else { 0 },
                flagged: divides,
                hyphen: divides,
            });
        }
    }
    found.sort_by_key(|opportunity| opportunity.at);
    found.dedup_by_key(|opportunity| opportunity.at);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The word with a bar wherever a line may end.
    fn barred(word: &str) -> String {
        let mut found = Vec::new();
        inside(word, 0, &[], &mut found);
        let mut out = word.to_string();
        for chance in found.iter().rev() {
            out.insert(chance.at as usize, '|');
        }
        out
    }

    #[test]
    fn lines_end_after_hyphens_dashes_and_strokes() {
        for word in [
            "well-|known",
            "he—|“said",
            "he”—|she",
            "1964–|1973",
            "1970-|73",
            "and/|or",
            "¿qué—|cómo?",
        ] {
            assert_eq!(barred(&word.replace('|', "")), word);
        }
    }

    #[test]
    fn lines_do_not_end_inside_these() {
        for word in [
            "e-mail",
            "-5",
            "—¿Qué?",
            "inciso—,",
            "“no”—”",
            "F-16",
            "24/7",
            "a/b",
            "re-",
            "well-)",
            "x\u{2011}yz",
            "don’t",
            "",
            "-",
        ] {
            assert_eq!(barred(word), word);
        }
    }

    #[test]
    fn addresses_have_places_of_their_own() {
        assert_eq!(
            barred("https://www.example.org/a-page"),
            "https://|www.|example.|org/|a-|page"
        );
        assert_eq!(barred("name@example.org"), "name@|example.|org");
    }

    #[test]
    fn the_author_has_the_last_word() {
        let mut found = Vec::new();
        let marks = [(3, Mark::Join), (8, Mark::Divide), (10, Mark::Break)];
        inside("at-one-fellow", 0, &marks, &mut found);
        let places: Vec<_> = found.iter().map(|one| (one.at, one.hyphen)).collect();
        assert_eq!(places, [(7, false), (8, true), (10, false)]);
    }
}
