//! Spaces at which no line ends, because what stands before and after them is one: a number
//! and its unit, initials and a surname, an abbreviation and what it is short for half of.

use crate::text::spacing::Space;

/// What goes with the number before it.
const UNITS: &[&str] = &[
    "per cent",
    "percent",
    "por ciento",
    "pour cent",
    "p.m",
    "a.m",
    "p. m",
    "a. m",
    "pm",
    "am",
    "km",
    "kg",
    "cm",
    "mm",
    "ha",
    "hrs",
    "million",
    "billion",
    "millones",
    "millions",
];
/// What goes with the number after it.
const BEFORE_NUMBERS: &[&str] = &[
    "p.", "pp.", "no.", "nos.", "vol.", "vols.", "ch.", "art.", "fig.", "n.", "c.", "ca.", "§",
    "núm.", "pág.", "págs.", "cap.", "fol.", "ed.", "op.",
];
/// What goes with the name after it.
const BEFORE_NAMES: &[&str] = &[
    "Mr", "Mr.", "Mrs", "Mrs.", "Ms", "Ms.", "Dr", "Dr.", "St", "St.", "Gen.", "Col.", "Capt.",
    "Lt.", "Sr.", "Sra.", "Dra.", "D.", "M.", "Mme", "Mlle",
];
/// Two words that are one.
const PAIRS: &[(&str, &str)] = &[
    ("per", "cent"),
    ("por", "ciento"),
    ("pour", "cent"),
    ("p.", "m."),
    ("a.", "m."),
];

/// The space between two texts, if it holds them together: a word space, or a thinner one
/// between initials and before a number.
pub(super) fn hold(before: &str, after: &str) -> Option<Space> {
    let (&last, &next) = (before.as_bytes().last()?, after.as_bytes().first()?);
    if last.is_ascii_digit() {
        let unit = UNITS.iter().any(|unit| is_word(after, unit));
        return unit.then_some(Space::Tied);
    }
    match next {
        b'0'..=b'9' => BEFORE_NUMBERS
            .contains(&last_word(before))
            .then_some(Space::Thin),
        b'A'..=b'Z' | 0xc3 => {
            let word = last_word(before);
            match is_initial(word) {
                true if is_initial(first_word(after)) => Some(Space::Thin),
                true => Some(Space::Tied),
                false => BEFORE_NAMES.contains(&word).then_some(Space::Tied),
            }
        }
        b'c' | b'm' => PAIRS
            .iter()
            .any(|(one, two)| is_word(after, two) && last_word(before) == *one)
            .then_some(Space::Tied),
        _ => None,
    }
}

/// Whether a text begins with a word and does not go on with it.
fn is_word(text: &str, word: &str) -> bool {
    let rest = text.strip_prefix(word);
    rest.is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
}

/// The first word of a text, with the signs after it.
fn first_word(text: &str) -> &str {
    text.split([' ', '\u{a0}', '\n']).next().unwrap_or_default()
}

/// The last word of a text, without the marks that open it.
fn last_word(text: &str) -> &str {
    let word = text
        .rsplit([' ', '\u{a0}', '\n'])
        .next()
        .unwrap_or_default();
    word.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '§')
}

/// Whether a word is one capital and a point, or several of them: `J.-P.`
fn is_initial(word: &str) -> bool {
    let mut letters = word.chars();
    let (first, second) = (letters.next(), letters.next());
    first.is_some_and(char::is_uppercase)
        && second == Some('.')
        && letters.all(|c| c.is_uppercase() || matches!(c, '.' | '-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_what_is_one() {
        for (before, after) in [
            ("at 2", "p.m. they"),
            ("at 2 p.", "m. salió"),
            ("some 10", "per cent of"),
            ("some 10 per", "cent of"),
            ("el 10 por", "ciento"),
            ("M.", "Durand"),
            ("by J.-P.", "Sartre"),
            ("by J. P.", "Sartre"),
            ("A.", "Óscar"),
            ("Dr", "Rivera"),
        ] {
            assert_eq!(hold(before, after), Some(Space::Tied), "{before}|{after}");
        }
        for (before, after) in [("(p.", "12)"), ("§", "4"), ("by J.", "P. Sartre")] {
            assert_eq!(hold(before, after), Some(Space::Thin), "{before}|{after}");
        }
    }

    #[test]
    fn lets_go_of_what_is_not() {
        for (before, after) in [
            ("in 1973", "among"),
            ("in 1973", "hardly"),
            ("the lamp.", "12 men"),
            ("the MIR.", "Then"),
            ("per", "centre"),
            ("the", "Party"),
            ("", "x"),
            ("x", ""),
        ] {
            assert_eq!(hold(before, after), None, "{before}|{after}");
        }
    }
}
