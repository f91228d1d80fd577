//! The spaces that good setting wants in each language, between words that the author has
//! spaced in the one way that keyboards have. Words and signs are never changed.

use std::borrow::Cow;
use std::ops::Range;

use super::{Lang, ties};

/// What is set where a space is written, or where none is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Space {
    /// A word space at which a line may end.
    Word,
    /// A word space that holds together what it stands between.
    Tied,
    /// A thinner one that holds them closer.
    Thin,
    /// What keeps apart two quotation marks.
    Hair,
}

/// How a language spaces its signs and numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Manner {
    /// Spaces stay what they are, as in typewritten matter.
    AsWritten,
    #[default]
    English,
    French,
    /// French of Canada: no space before `;`, `!` and `?`.
    Quebec,
    Other,
}

impl Manner {
    /// How that language does it.
    pub fn of(lang: &Lang) -> Manner {
        let canadian = || {
            lang.0
                .split('-')
                .any(|part| part.eq_ignore_ascii_case("CA"))
        };
        match lang.primary() {
            "en" => Manner::English,
            "fr" if canadian() => Manner::Quebec,
            "fr" => Manner::French,
            _ => Manner::Other,
        }
    }

    fn is_french(self) -> bool {
        matches!(self, Manner::French | Manner::Quebec)
    }
}

/// What is set for a space that is written between two texts.
pub fn at_space(before: &str, after: &str, manner: Manner) -> Space {
    if manner == Manner::AsWritten {
        return Space::Word;
    }
    let last = before.chars().next_back();
    let mut following = after.chars();
    let (next, second) = (following.next(), following.next());
    if manner.is_french()
        && let Some(space) = french(last, after, manner)
    {
        return space;
    }
    if manner != Manner::English && parts_a_number(before, last, after) {
        return Space::Thin;
    }
    let opens = last.is_some_and(is_opening);
    let closes = next.is_some_and(is_closing) && !second.is_some_and(char::is_alphanumeric);
    let dash = next.is_some_and(is_dash) && second.is_none_or(char::is_whitespace);
    if opens || closes || dash {
        return Space::Tied;
    }
    ties::hold(before, after).unwrap_or(Space::Word)
}

/// What is set between two characters without a space: before the first of `after`.
pub fn between(last: char, after: &str, manner: Manner) -> Option<Space> {
    let next = after.chars().next()?;
    let single = |c| matches!(c, '‘' | '’');
    let double = |c| matches!(c, '“' | '”');
    match manner {
        Manner::AsWritten => None,
        _ if single(last) && double(next) || double(last) && single(next) => Some(Space::Hair),
        Manner::French | Manner::Quebec => {
            let apart = !last.is_whitespace() && (last == '«' || !is_opening(last));
            let signs = matches!(last, '!' | '?') && matches!(next, '!' | '?');
            french(Some(last), after, manner).filter(|_| apart && !signs && last != ':')
        }
        Manner::English | Manner::Other => None,
    }
}

/// Whether [`between`] may find anything in a text: worth asking before each of its characters.
pub fn may_need(text: &str, manner: Manner) -> bool {
    match manner {
        Manner::AsWritten => false,
        Manner::English | Manner::Other => {
            // The first byte of all marks that it looks at.
            text.bytes().filter(|&byte| byte == 0xe2).nth(1).is_some()
        }
        Manner::French | Manner::Quebec => {
            let sign = |byte| matches!(byte, b';' | b':' | b'!' | b'?' | b'%' | 0xc2 | 0xe2);
            text.bytes().any(sign)
        }
    }
}

/// What stands before a French sign, or after an opening guillemet.
fn french(last: Option<char>, after: &str, manner: Manner) -> Option<Space> {
    let mut following = after.chars();
    let next = following.next()?;
    // Not the signs of an address, nor of a time of day.
    let ends = !following
        .find(|c| !matches!(c, '!' | '?'))
        .is_some_and(char::is_alphanumeric);
    match next {
        '»' => Some(Space::Tied),
        '%' | '‰' if last.is_some_and(char::is_numeric) => Some(Space::Thin),
        ':' if ends && !after.starts_with("://") => Some(Space::Tied),
        ';' | '!' | '?' if ends && manner == Manner::French => Some(Space::Thin),
        _ => (last == Some('«')).then_some(Space::Tied),
    }
}

/// Whether a space stands between the groups of a number, or before a sign of per cent.
fn parts_a_number(before: &str, last: Option<char>, after: &str) -> bool {
    if !last.is_some_and(|c| c.is_ascii_digit()) {
        return false;
    }
    let digits =
        |bytes: &mut dyn Iterator<Item = &u8>| bytes.take_while(|b| b.is_ascii_digit()).count();
    let group = digits(&mut after.as_bytes().iter()) == 3
        && digits(&mut before.as_bytes().iter().rev()) <= 3;
    group || after.starts_with(['%', '‰'])
}

/// Marks that open something and so end no line, even before a space.
pub fn is_opening(c: char) -> bool {
    matches!(
        c,
        '«' | '‹' | '“' | '‘' | '„' | '‚' | '(' | '[' | '{' | '¿' | '¡'
    )
}

/// Marks that end something and so begin no line, even after a space.
fn is_closing(c: char) -> bool {
    matches!(
        c,
        '»' | '›' | '”' | ')' | ']' | '}' | '!' | '?' | ':' | ';' | ',' | '.' | '%' | '…'
    )
}

/// A dash, but no hyphen.
pub fn is_dash(c: char) -> bool {
    matches!(c, '\u{2012}'..='\u{2015}')
}

/// A part of a text as it is written where no typesetter comes after: with the characters that
/// stand for its spaces. `last` is what comes before the text.
pub fn written<'t>(
    text: &'t str,
    part: Range<usize>,
    last: Option<char>,
    manner: Manner,
) -> Cow<'t, str> {
    let mut out = String::new();
    let mut done = part.start;
    let mut last = text[..part.start].chars().next_back().or(last);
    let needs = may_need(&text[part.clone()], manner);
    for (at, c) in text[part.clone()].char_indices() {
        let at = part.start + at;
        let (space, end) = match c {
            ' ' | '\u{a0}' => {
                let end = at + c.len_utf8();
                let space = at_space(&text[..at], &text[end..], manner);
                (Some(space).filter(|&space| space != Space::Word), end)
            }
            _ => {
                let last = last.filter(|_| needs);
                let space = last.and_then(|last| between(last, &text[at..], manner));
                (space, at)
            }
        };
        if let Some(space) = space {
            out.push_str(&text[done..at]);
            out.push(character(space, manner));
            done = end;
        }
        last = Some(c);
    }
    if out.is_empty() {
        return Cow::Borrowed(&text[part]);
    }
    out.push_str(&text[done..part.end]);
    Cow::Owned(out)
}

/// The character of a space. Few fonts have the thin one that French needs, and where one has
/// not a plain one will do.
fn character(space: Space, manner: Manner) -> char {
    match space {
        Space::Word => ' ',
        Space::Thin if manner.is_french() => '\u{202f}',
        Space::Tied | Space::Thin => '\u{a0}',
        Space::Hair => '\u{200a}',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text with `_` for tied spaces, `,` for thin and `.` for hair ones.
    fn spaced(text: &str, lang: &str) -> String {
        let manner = Manner::of(&Lang(lang.into()));
        written(text, 0..text.len(), None, manner)
            .replace('\u{a0}', "_")
            .replace('\u{202f}', "|")
            .replace('\u{200a}', "^")
    }

    #[test]
    fn french_has_spaces_before_its_high_signs() {
        for (text, set) in [
            ("Quoi ? Non ! Si ; ou : oui", "Quoi|? Non|! Si|; ou_: oui"),
            ("Quoi? Non! Si; ou: oui", "Quoi|? Non|! Si|; ou_: oui"),
            ("« Oui » et «non».", "«_Oui_» et «_non_»."),
            ("Quoi ?! (Non!) ?", "Quoi|?! (Non|!)|?"),
            ("« Quoi ? » dit-il", "«_Quoi|?_» dit-il"),
            ("10% de 12 000 à 12:30", "10|% de 12|000 à 12:30"),
            ("http://example.org/?q=1", "http://example.org/?q=1"),
            ("(?) (!)", "(?) (!)"),
        ] {
            assert_eq!(spaced(text, "fr"), set);
        }
        assert_eq!(spaced("Quoi? ou: «oui»", "fr-CA"), "Quoi? ou_: «_oui_»");
    }

    #[test]
    fn other_languages_have_none() {
        let text = "¿Qué? ¡No! Sí; o: «no».";
        assert_eq!(spaced(text, "es-CL"), text);
        assert_eq!(spaced("el 10 % de 12 000", "es"), "el 10_% de 12_000");
        let text = "What? No! Yes; or: no. In 1973 100 men, 12 000 of 10%";
        assert_eq!(spaced(text, "en-GB"), text);
    }

    #[test]
    fn quotation_marks_are_kept_apart() {
        assert_eq!(spaced("“‘No,’” he said", "en"), "“^‘No,’^” he said");
        assert_eq!(
            spaced("‘“No”’ — the “’60s”", "en"),
            "‘^“No”^’_— the “^’60s”"
        );
        assert_eq!(spaced("don’t “stop”", "en"), "don’t “stop”");
    }

    #[test]
    fn some_spaces_hold_what_they_stand_between() {
        for text in ["a b", "a .NET", "a —inciso—", "on 11 September 1973"] {
            assert_eq!(spaced(text, "en"), text);
        }
        for text in [
            "«_mot",
            "t_» et",
            "t_! Oui",
            "a_– b",
            "p._23",
            "2_p.m.",
            "J._P._Sartre",
        ] {
            assert_eq!(spaced(&text.replace('_', " "), "en"), text);
        }
    }

    #[test]
    fn typewritten_matter_stays() {
        let text = "« a » ; p. 12 “‘";
        assert_eq!(written(text, 0..text.len(), None, Manner::AsWritten), text);
    }

    #[test]
    fn parts_are_read_with_what_is_around_them() {
        let text = "p. 12!";
        let part = |range, last| written(text, range, last, Manner::French).into_owned();
        assert_eq!(part(2..5, None), "\u{202f}12");
        assert_eq!(part(5..6, None), "\u{202f}!");
        assert_eq!(written("!", 0..1, Some('a'), Manner::French), "\u{202f}!");
    }
}
