//! The order of the index, the glossary and the bibliography: word by word, by the book's
//! language.

use std::cmp::Ordering;

use icu_collator::options::{AlternateHandling, CollatorOptions, Strength};
use icu_collator::preferences::CollationNumericOrdering;
use icu_collator::{CollatorBorrowed, CollatorPreferences};
use icu_locale_core::Locale;

use crate::edition::fold::folded;
use crate::manifest::FilingOrder;
use crate::text::Lang;

/// Articles, conjunctions and prepositions that a subheading may begin with and is not filed
/// under (rule I10), in the languages that a book of Cordel's may have.
const SMALL_WORDS: &[&str] = &[
    "a", "about", "after", "against", "among", "an", "and", "as", "at", "before", "between", "but",
    "by", "during", "for", "from", "in", "into", "of", "on", "or", "over", "the", "through", "to",
    "towards", "under", "versus", "with", "without", // English
    "al", "con", "contra", "de", "del", "desde", "e", "el", "en", "entre", "la", "las", "los",
    "para", "por", "sin", "sobre", "u", "un", "una", "y", // Spanish
    "au", "aux", "avec", "chez", "dans", "des", "du", "et", "le", "les", "ou", "par", "pour",
    "sous", "sur", "une", "vers", // French
];

/// Articles that a title is not filed under.
const ARTICLES: &[&str] = &[
    "a", "an", "the", "el", "la", "las", "los", "un", "una", "le", "les", "une",
];

/// Compares what is to be filed.
pub(super) struct Collation {
    collator: Option<CollatorBorrowed<'static>>,
    spanish: bool,
}

/// What an entry is filed by: the parts between its commas, so that `Lee, Ann` stands before
/// `Lee Bridge`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Filing(Vec<String>);

impl Collation {
    pub(super) fn new(language: Option<&Lang>, order: FilingOrder) -> Collation {
        let locale = language.and_then(|lang| lang.0.parse::<Locale>().ok());
        let locale = locale.unwrap_or(Locale::UNKNOWN);
        let mut preferences = CollatorPreferences::from(&locale);
        preferences.numeric_ordering = Some(CollationNumericOrdering::True);
        let mut options = CollatorOptions::default();
        options.strength = Some(Strength::Tertiary);
        options.alternate_handling = Some(match order {
            // Spaces count, and come before every letter.
            FilingOrder::WordByWord => AlternateHandling::NonIgnorable,
            FilingOrder::LetterByLetter => AlternateHandling::Shifted,
        });
        Collation {
            collator: CollatorBorrowed::try_new(preferences, options).ok(),
            spanish: language.is_some_and(|lang| lang.primary() == "es"),
        }
    }

    pub(super) fn compare(&self, a: &Filing, b: &Filing) -> Ordering {
        let words = |a: &String, b: &String| match &self.collator {
            Some(collator) => collator.compare(a, b),
            None => a.cmp(b),
        };
        for (a, b) in a.0.iter().zip(&b.0) {
            let order = words(a, b);
            if order != Ordering::Equal {
                return order;
            }
        }
        a.0.len().cmp(&b.0.len()).then_with(|| a.0.cmp(&b.0))
    }

    /// The letter that an entry is grouped under; figures have one group, signs another.
    pub(super) fn group(&self, filing: &Filing) -> String {
        let first = filing.0.first().and_then(|part| part.chars().next());
        match first {
            Some('ñ' | 'Ñ') if self.spanish => "Ñ".into(),
            Some(c) if c.is_alphabetic() => {
                let base = folded(&c.to_string());
                base.to_uppercase().chars().take(1).collect()
            }
            Some(c) if c.is_numeric() => "0–9".into(),
            Some(_) | None => "§".into(),
        }
    }
}

impl Filing {
    /// What a heading, a term or a name is filed by.
    pub(super) fn new(printed: &str) -> Filing {
        let parts = printed.split(',').map(tidied);
        Filing(parts.filter(|part| !part.is_empty()).collect())
    }

    /// What a work is filed by: its authors, then its title without an article at its start.
    pub(super) fn of_work(authors: &str, title: &str) -> Filing {
        let rest = match title.split_once(' ') {
            Some((first, rest)) if ARTICLES.contains(&folded(first).as_str()) => rest,
            Some(_) | None => title,
        };
        let mut parts = Filing::new(authors).0;
        parts.extend(Filing::new(rest).0);
        Filing(parts)
    }

    /// What a subheading is filed by: without the small words that it begins with.
    pub(super) fn of_subheading(printed: &str) -> Filing {
        let mut rest = printed.trim();
        while let Some((first, after)) = rest.split_once(' ') {
            let small = folded(first.trim_end_matches(','));
            if !SMALL_WORDS.contains(&small.as_str()) {
                break;
            }
            rest = after.trim_start();
        }
        Filing::new(rest)
    }
}

/// Without quotation marks and the like, hyphens and dashes read as spaces.
fn tidied(part: &str) -> String {
    let words: String = part
        .chars()
        .map(|c| match c {
            '-' | '‐' | '–' | '—' | '/' | '\u{a0}' => ' ',
            _ => c,
        })
        .filter(|c| c.is_alphanumeric() || c.is_whitespace() || !c.is_ascii_punctuation())
        .filter(|c| !matches!(c, '“' | '”' | '‘' | '’' | '«' | '»' | '¿' | '¡' | '…'))
        .collect();
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(language: &str, words: &[&str]) -> String {
        let lang = Lang(language.into());
        let collation = Collation::new(Some(&lang), FilingOrder::WordByWord);
        let mut words = words.to_vec();
        words.sort_by(|a, b| collation.compare(&Filing::new(a), &Filing::new(b)));
        words.join(" | ")
    }

    #[test]
    fn files_word_by_word_with_accents_second() {
        assert_eq!(
            sorted(
                "en-GB",
                &[
                    "Newark",
                    "Lee Bridge",
                    "éxodo",
                    "New Mill",
                    "Lee, Ann",
                    "exodus",
                    "Zeta",
                    "Álvarez",
                    "exodo",
                    "Lee"
                ]
            ),
            "Álvarez | exodo | éxodo | exodus | Lee | Lee, Ann | Lee Bridge | New Mill | Newark | Zeta"
        );
    }

    #[test]
    fn files_letter_by_letter_where_it_is_set() {
        let collation = Collation::new(None, FilingOrder::LetterByLetter);
        let mut words = ["New Mill", "Newark", "Lee Bridge", "Leeds", "Lee, Ann"];
        words.sort_by(|a, b| collation.compare(&Filing::new(a), &Filing::new(b)));
        // Up to the comma: a name comes before a thing that begins with it.
        assert_eq!(
            words,
            ["Lee, Ann", "Lee Bridge", "Leeds", "Newark", "New Mill"]
        );
    }

    #[test]
    fn files_what_is_hard_to_file() {
        assert_eq!(
            sorted(
                "en-GB",
                &[
                    "Ñandú",
                    "Nunca",
                    "Álvarez",
                    "Alzamora",
                    "éxodo",
                    "exilio",
                    "extra",
                    "MOL",
                    "Mol",
                    "molar",
                    "de la Fuente",
                    "Delano",
                    "O'Higgins",
                    "Ohio",
                    "1970",
                    "¡Basta!",
                    "basalt",
                    "'68",
                    "El Correo",
                    "Elba",
                    "2",
                ]
            ),
            "2 | '68 | 1970 | Álvarez | Alzamora | basalt | ¡Basta! | de la Fuente | Delano | \
             El Correo | Elba | exilio | éxodo | extra | Mol | MOL | molar | Ñandú | Nunca | \
             O'Higgins | Ohio"
        );
    }

    #[test]
    fn files_enye_by_language() {
        assert_eq!(
            sorted("es-CL", &["ñato", "oso", "nuez"]),
            "nuez | ñato | oso"
        );
        assert_eq!(sorted("en", &["ñato", "nuez", "oso"]), "ñato | nuez | oso");
    }

    #[test]
    fn figures_count_as_numbers() {
        assert_eq!(
            sorted("en", &["Decree 100", "Decree 20"]),
            "Decree 20 | Decree 100"
        );
    }

    #[test]
    fn subheadings_are_filed_by_their_first_weighty_word() {
        assert_eq!(
            Filing::of_subheading("and the sluice"),
            Filing::new("sluice")
        );
        assert_eq!(
            Filing::of_subheading("trust of, in the town"),
            Filing::new("trust of, in the town")
        );
        assert_eq!(Filing::of_subheading("by"), Filing::new("by"));
    }

    #[test]
    fn groups_by_the_base_letter() {
        let english = Collation::new(None, FilingOrder::WordByWord);
        let group = |words: &str| english.group(&Filing::new(words));
        assert_eq!(
            [
                group("Álvarez"),
                group("“golpe”"),
                group("1820 flood"),
                group("ñandú"),
                group("")
            ],
            ["A", "G", "0–9", "N", "§"]
        );
        let spanish = Collation::new(Some(&Lang("es".into())), FilingOrder::WordByWord);
        assert_eq!(spanish.group(&Filing::new("ñandú")), "Ñ");
    }
}
