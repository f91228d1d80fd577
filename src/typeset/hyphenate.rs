//! Where words may be divided, by the rules of their language.

use std::collections::BTreeSet;

use crate::text::Lang;
use crate::typeset::flow::offset;
use crate::typeset::patterns::{self, BRITISH};
use crate::typeset::shape::WordId;

/// A language whose rules of division are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    British,
    American,
    Spanish,
    French,
    Catalan,
    Galician,
    German,
    Italian,
    Latin,
    Portuguese,
}

impl Language {
    const COUNT: usize = Language::Portuguese as usize + 1;
}

/// The divisions of the words met so far, by language and word.
#[derive(Default)]
pub struct Divisions {
    known: [Vec<Option<Box<[u32]>>>; Language::COUNT],
    /// Words that are left whole: names.
    whole: BTreeSet<String>,
}

impl Divisions {
    /// None yet, and none ever of those words.
    pub fn without(whole: &[String]) -> Divisions {
        Divisions {
            whole: whole.iter().cloned().collect(),
            ..Divisions::default()
        }
    }

    /// The offsets at which a word may be divided.
    pub fn of(&mut self, word: WordId, text: &str, language: Language) -> &[u32] {
        let known = &mut self.known[language as usize];
        let at = word.0 as usize;
        if known.len() <= at {
            known.resize(at + 1, None);
        }
        let whole = &self.whole;
        known[at].get_or_insert_with(|| {
            let points = divide(text, language, whole);
            points.into_iter().map(offset).collect()
        })
    }
}

/// The language by whose rules a text is divided, if they are known.
pub fn language(lang: &Lang) -> Option<Language> {
    match lang.primary() {
        "en" if is_american(lang) => Some(Language::American),
        "en" => Some(Language::British),
        "es" => Some(Language::Spanish),
        "fr" => Some(Language::French),
        "ca" => Some(Language::Catalan),
        "gl" => Some(Language::Galician),
        "de" => Some(Language::German),
        "it" => Some(Language::Italian),
        "la" => Some(Language::Latin),
        "pt" => Some(Language::Portuguese),
        _ => None,
    }
}

/// Where English is divided as in the United States, by the sound: `knowl-edge`, and not by the
/// parts of words: `know-ledge`. English of no country is theirs, as in Unicode's likely subtags.
const AMERICAN: [&str; 8] = ["US", "CA", "GU", "LR", "PH", "PR", "UM", "VI"];

fn is_american(lang: &Lang) -> bool {
    let is_region = |part: &&str| part.len() == 2;
    let region = lang.0.split(['-', '_']).skip(1).find(is_region);
    let is = |region: &str| {
        AMERICAN
            .iter()
            .any(|known| region.eq_ignore_ascii_case(known))
    };
    region.is_none_or(is)
}

/// Shorter words are not divided.
const SHORTEST: usize = 5;
/// Letters that stay before and after a division.
const BEFORE: usize = 2;
const AFTER: usize = 3;
/// Longer words, in bytes, are not looked up: no word of these languages is as long.
const LONGEST: usize = patterns::LONGEST;

/// The offsets in a stretch of text without spaces at which its words may be divided.
/// Words with digits, words with capitals after the first letter and those that are named are
/// left whole.
pub fn divide(text: &str, language: Language, whole: &BTreeSet<String>) -> Vec<usize> {
    let mut points = Vec::new();
    let mut start = None;
    let mut numbered = false;
    for (at, c) in text.char_indices() {
        if c.is_alphabetic() || is_mark(c) {
            start = start.or(Some(at));
        } else {
            let word = start.filter(|&start| !whole.contains(&text[start..at]));
            if let (Some(start), false) = (word, numbered || c.is_numeric()) {
                divide_word(text, start, at, language, &mut points);
            }
            start = None;
            numbered = c.is_numeric();
        }
    }
    let word = start.filter(|&start| !whole.contains(&text[start..]));
    if let (Some(start), false) = (word, numbered) {
        divide_word(text, start, text.len(), language, &mut points);
    }
    points
}

fn divide_word(text: &str, start: usize, end: usize, language: Language, points: &mut Vec<usize>) {
    let word = &text[start..end];
    let capitals = word.chars().skip(1).any(char::is_uppercase);
    if word.len() > LONGEST || capitals || word.chars().nth(SHORTEST - 1).is_none() {
        return;
    }
    let patterns = match language {
        Language::British => {
            let found = &mut |at| points.push(start + at);
            return BRITISH.divide(word, BEFORE, AFTER, found);
        }
        Language::American => hypher::Lang::English,
        Language::Spanish => hypher::Lang::Spanish,
        Language::French => hypher::Lang::French,
        Language::Catalan => hypher::Lang::Catalan,
        Language::Galician => hypher::Lang::Galician,
        Language::German => hypher::Lang::German,
        Language::Italian => hypher::Lang::Italian,
        Language::Latin => hypher::Lang::Latin,
        Language::Portuguese => hypher::Lang::Portuguese,
    };
    let mut at = start;
    for syllable in hypher::hyphenate_bounded(word, patterns, BEFORE, AFTER) {
        at += syllable.len();
        if at < end {
            points.push(at);
        }
    }
}

/// Whether a character is set over or under the one before.
pub fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn divided(text: &str, language: Language) -> String {
        let mut out = text.to_string();
        for &at in divide(text, language, &BTreeSet::new()).iter().rev() {
            out.insert(at, '-');
        }
        out
    }

    #[test]
    fn divides_by_the_language() {
        assert_eq!(divided("hyphenation", Language::American), "hy-phen-ation");
        assert_eq!(divided("«población»,", Language::Spanish), "«po-bla-ción»,");
        assert_eq!(
            divided("l’administration", Language::French),
            "l’ad-mi-nis-tra-tion"
        );
        for (word, language) in [
            ("re-vo-lu-ção", Language::Portuguese),
            ("ri-vo-lu-zione", Language::Italian),
            ("re-vo-lu-ció", Language::Catalan),
            ("re-vo-lu-ción", Language::Galician),
            ("Ar-bei-ter-be-we-gung", Language::German),
            ("pro-le-ta-rius", Language::Latin),
        ] {
            assert_eq!(divided(&word.replace('-', ""), language), word);
        }
    }

    #[test]
    fn divides_english_as_its_country_does() {
        for (british, american) in [
            ("know-ledge", "knowl-edge"),
            ("demo-cracy", "democ-racy"),
            ("gov-ern-ment", "gov-ern-ment"),
            ("pho-to-graph", "pho-to-graph"),
            ("pro-let-ariat", "pro-le-tariat"),
        ] {
            let word = british.replace('-', "");
            assert_eq!(divided(&word, Language::British), british);
            assert_eq!(divided(&word, Language::American), american);
        }
    }

    #[test]
    fn knows_the_language_by_its_tag() {
        let of = |tag: &str| language(&Lang(tag.into()));
        for tag in ["en-GB", "en-gb-oxendict", "en-Latn-IE", "en-AU"] {
            assert_eq!(of(tag), Some(Language::British), "{tag}");
        }
        for tag in ["en", "en-US", "en-Latn-US", "en-Latn"] {
            assert_eq!(of(tag), Some(Language::American), "{tag}");
        }
        assert_eq!(of("es-CL"), Some(Language::Spanish));
        assert_eq!(of("arn"), None);
    }

    #[test]
    fn leaves_protected_names_whole() {
        let names = BTreeSet::from(["Castellano".to_string()]);
        for text in ["Castellano", "(Castellano’s)", "pro-Castellano"] {
            assert_eq!(divide(text, Language::American, &names), [0; 0], "{text}");
        }
        assert!(!divide("Castellanos", Language::American, &names).is_empty());
    }

    #[test]
    fn leaves_short_words_acronyms_and_numbers_whole() {
        for text in ["that", "MAPUCHE", "JAPses", "1973as", "elements2", ""] {
            assert_eq!(divided(text, Language::American), text);
        }
        let long = "a".repeat(60);
        assert_eq!(divided(&long, Language::American), long);
    }
}
