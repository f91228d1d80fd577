//! Words that a vocabulary is likely to want: names, acronyms, words of another language.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::edition::gloss::{gloss, is_acronym};
use crate::edition::survey::{Kind, Survey, Text};

/// Words that stand inside a name without a capital: `Federación de Estudiantes`.
const INSIDE: &[&str] = &[
    "of", "de", "del", "la", "las", "los", "el", "the", "von", "van", "der", "den", "da", "do",
    "dos", "das", "di", "du", "des", "y", "for", "para",
];
/// Articles, which stand inside a name only after one of the others.
const ARTICLES: &[&str] = &["the", "la", "las", "los", "el"];
/// Names of days and months are no names for an index; nor are the parts of a book.
const NO_NAMES: &[&str] = &[
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "mr",
    "mrs",
    "dr",
    "chapter",
    "part",
    "volume",
    "figure",
    "table",
    "note",
    "i",
    "ii",
    "iii",
    "iv",
    "v",
    "vi",
    "vii",
    "viii",
    "ix",
    "x",
];

/// What kind of word a candidate is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sort {
    Name,
    Acronym,
    /// Set apart or written with letters that the book's language lacks.
    Foreign,
}

/// Words found in a text.
#[derive(Clone, Debug)]
pub(super) struct Find {
    pub(super) words: String,
    pub(super) sort: Sort,
    /// Among the survey's texts, and by bytes of its plain text.
    pub(super) text: usize,
    pub(super) range: Range<usize>,
    /// What the text itself says of it, in brackets after it.
    pub(super) gloss: Option<String>,
    /// Whether emphasis or an accent sets it apart.
    pub(super) set_apart: bool,
    /// Words after which it stands: `in`, `at`, `near` speak for a place.
    pub(super) located: bool,
}

/// A word and where it stands.
struct Word<'t> {
    text: &'t str,
    start: usize,
    /// Whether it begins a sentence, where a capital says nothing.
    opens: bool,
    /// Whether nothing but a space parts it from the word before.
    joined: bool,
}

impl Word<'_> {
    fn end(&self) -> usize {
        self.start + self.text.len()
    }
}

/// How often each word is written with a small letter, and with a capital inside a sentence.
#[derive(Default)]
struct Usage<'t> {
    small: BTreeMap<String, usize>,
    capital: BTreeMap<&'t str, usize>,
}

impl Usage<'_> {
    /// Whether a word that begins a sentence is a name all the same.
    fn is_name(&self, word: &str) -> bool {
        let capital = self.capital.get(word).copied().unwrap_or_default();
        let small = self.small.get(&word.to_lowercase()).copied();
        capital > small.unwrap_or_default()
    }
}

/// Every name, acronym and foreign word of the running text, in order.
pub(super) fn find(survey: &Survey) -> Vec<Find> {
    let words: Vec<Vec<Word>> = survey.texts.iter().map(|text| split(&text.plain)).collect();
    let usage = usage(survey, &words);
    let mut finds = Vec::new();
    for (at, (text, words)) in survey.texts.iter().zip(&words).enumerate() {
        if !text.indexed {
            continue;
        }
        names(at, text, words, &usage, &mut finds);
        foreign(at, text, words, &usage, &mut finds);
    }
    finds
}

fn usage<'t>(survey: &'t Survey, words: &[Vec<Word<'t>>]) -> Usage<'t> {
    let mut usage = Usage::default();
    for (text, words) in survey.texts.iter().zip(words) {
        for word in words {
            if word.text.starts_with(char::is_lowercase) {
                *usage.small.entry(word.text.to_lowercase()).or_default() += 1;
            } else if !word.opens && text.kind != Kind::Heading {
                *usage.capital.entry(word.text).or_default() += 1;
            }
        }
    }
    usage
}

/// The words of a text: letters and figures, with hyphens and apostrophes between them.
fn split(text: &str) -> Vec<Word<'_>> {
    let mut words: Vec<Word> = Vec::new();
    let mut start = None;
    let mut last_end = 0;
    let mut add = |start: usize, end: usize| {
        let (kept, _) = possessive(&text[start..end]);
        let gap = &text[last_end..start];
        words.push(Word {
            text: kept,
            start,
            opens: words_open(gap, start == 0 || last_end == 0),
            joined: matches!(gap, " " | "\u{a0}" | "’ ") && last_end > 0,
        });
        last_end = start + kept.len();
    };
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next_is_word = chars.peek().is_some_and(|(_, next)| next.is_alphanumeric());
        let inside = matches!(c, '\'' | '’' | '-' | '‑') && next_is_word;
        match (start, c.is_alphanumeric()) {
            (None, true) => start = Some(at),
            (Some(from), false) if !inside => {
                add(from, at);
                start = None;
            }
            _ => {}
        }
    }
    if let Some(from) = start {
        add(from, text.len());
    }
    words
}

/// Whether a sentence begins after such a gap.
fn words_open(gap: &str, first: bool) -> bool {
    let opens = |c: char| {
        matches!(
            c,
            '.' | '?'
                | '!'
                | '…'
                | ':'
                | '“'
                | '‘'
                | '"'
                | '«'
                | '¿'
                | '¡'
                | '•'
                | '–'
                | '—'
                | '('
                | '['
        )
    };
    first || gap.contains(opens)
}

/// A word without its possessive ending, and whether it had one.
fn possessive(word: &str) -> (&str, bool) {
    let cut = word.strip_suffix("’s").or_else(|| word.strip_suffix("'s"));
    (cut.unwrap_or(word), cut.is_some())
}

fn is_capital(word: &str) -> bool {
    word.starts_with(char::is_uppercase)
}

fn names(at: usize, text: &Text, words: &[Word], usage: &Usage, finds: &mut Vec<Find>) {
    let mut next = 0;
    // Headings are often written in capitals throughout.
    if text.kind == Kind::Heading {
        return;
    }
    while next < words.len() {
        let end = run(words, next, usage);
        if end == next {
            next += 1;
            continue;
        }
        let (first, last) = (&words[next], &words[end - 1]);
        let range = first.start..last.end();
        let single = end - next == 1;
        let sort = if single && is_acronym(first.text) {
            Sort::Acronym
        } else {
            Sort::Name
        };
        if sort == Sort::Acronym || is_wanted(&words[next..end], usage) {
            let before = next.checked_sub(1).map(|before| words[before].text);
            finds.push(Find {
                words: text.plain[range.clone()].replace('\u{a0}', " "),
                sort,
                text: at,
                gloss: gloss(&text.plain, range.end),
                set_apart: false,
                located: matches!(before, Some("in" | "at" | "near" | "from" | "outside")),
                range,
            });
        }
        next = end;
    }
}

/// Where a name ends that may begin at a word; the word itself when none does.
fn run(words: &[Word], start: usize, usage: &Usage) -> usize {
    let first = &words[start];
    let no_name = NO_NAMES.contains(&first.text.to_lowercase().as_str());
    if !is_capital(first.text) || no_name || (first.opens && !may_open(words, start, usage)) {
        return start;
    }
    let mut end = start + 1;
    // An acronym is a name by itself.
    while end < words.len() && !is_acronym(first.text) {
        let mut ahead = end;
        let mut particles = 0;
        while ahead < words.len() && words[ahead].joined && particles < 2 {
            let word = words[ahead].text;
            let article = ARTICLES.contains(&word);
            if !INSIDE.contains(&word) || (article && particles == 0) {
                break;
            }
            particles += 1;
            ahead += 1;
        }
        let goes_on = words.get(ahead).is_some_and(|word| {
            word.joined && is_capital(word.text) && !(is_acronym(word.text) && particles == 0)
        });
        if !goes_on {
            break;
        }
        end = ahead + 1;
    }
    end
}

/// Whether the first word of a sentence may begin a name: it is one elsewhere, or the word
/// after it has a capital and it is never written small.
fn may_open(words: &[Word], start: usize, usage: &Usage) -> bool {
    let first = words[start].text;
    let small = usage.small.contains_key(&first.to_lowercase());
    let next = words.get(start + 1);
    let followed = next.is_some_and(|next| next.joined && is_capital(next.text));
    let small = small || INSIDE.contains(&first.to_lowercase().as_str());
    is_acronym(first) || usage.is_name(first) || (followed && !small)
}

/// Whether a run of words is a name: not a month, and no word that is as often written small.
fn is_wanted(words: &[Word], usage: &Usage) -> bool {
    let named = |word: &Word| !NO_NAMES.contains(&word.text.to_lowercase().as_str());
    let mut wanted = words
        .iter()
        .filter(|word| is_capital(word.text) && named(word));
    let count = wanted.clone().count();
    let letters = |word: &Word| word.text.chars().filter(|c| c.is_alphabetic()).count() > 1;
    count > 1 || wanted.any(|word| letters(word) && usage.is_name(word.text))
}

/// Short phrases that are set apart or carry an accent that English words lack.
fn foreign(at: usize, text: &Text, words: &[Word], usage: &Usage, finds: &mut Vec<Find>) {
    let mut add = |range: Range<usize>, set_apart: bool| {
        let plain = &text.plain[range.clone()];
        finds.push(Find {
            words: plain.split_whitespace().collect::<Vec<_>>().join(" "),
            sort: Sort::Foreign,
            text: at,
            gloss: gloss(&text.plain, range.end),
            set_apart,
            located: false,
            range,
        });
    };
    let short = |range: &Range<usize>| {
        let words = text.plain[range.clone()].split_whitespace().count();
        (1..=4).contains(&words)
    };
    for range in text.apart.iter().filter(|range| short(range)) {
        let plain = text.plain[range.clone()].trim();
        // A word that is also set without emphasis is stressed, not foreign.
        let stressed = plain.split_whitespace().all(|word| {
            let set_apart = text.apart.len();
            usage
                .small
                .get(&word.to_lowercase())
                .copied()
                .unwrap_or_default()
                > 2 + set_apart
        });
        let begins = plain.starts_with(char::is_lowercase);
        if begins
            && !stressed
            && plain
                .chars()
                .all(|c| c.is_alphabetic() || c == ' ' || c == '-')
        {
            add(range.clone(), true);
        }
    }
    for word in words {
        let range = word.start..word.end();
        let accented = word
            .text
            .chars()
            .any(|c| c.is_alphabetic() && !c.is_ascii());
        let apart = text
            .apart
            .iter()
            .any(|apart| apart.start < range.end && range.start < apart.end);
        let glossed = gloss(&text.plain, range.end).is_some();
        let small = word.text.starts_with(char::is_lowercase);
        if small && !apart && (accented || glossed && is_rare(word.text, usage)) {
            add(range, accented);
        }
    }
}

fn is_rare(word: &str, usage: &Usage) -> bool {
    word.len() > 3
        && usage
            .small
            .get(&word.to_lowercase())
            .copied()
            .unwrap_or_default()
            <= 3
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::PassageId;

    /// The finds in some paragraphs, as `sort words`.
    fn found(paragraphs: &[&str]) -> Vec<String> {
        let texts = paragraphs.iter().map(|plain| Text {
            passage: PassageId(0),
            section: 0,
            kind: Kind::Running,
            indexed: true,
            plain: plain.to_string(),
            span: None,
            headings: Vec::new(),
            terms: Vec::new(),
            apart: Vec::new(),
        });
        let survey = Survey {
            texts: texts.collect(),
            ..Survey::default()
        };
        let shown = find(&survey).into_iter();
        shown
            .map(|find| format!("{:?} {}", find.sort, find.words))
            .collect()
    }

    #[test]
    fn finds_names_but_not_the_first_words_of_sentences() {
        assert_eq!(
            found(&[
                "The town of Ouzel flooded. But in March Ann Lee’s mill stood. Lee wrote of the mill, and but for it Lee left."
            ]),
            ["Name Ouzel", "Name Ann Lee", "Name Lee", "Name Lee"]
        );
        assert_eq!(
            found(&["She joined the Ministry of the Interior and Federación de Obreros at Ek."]),
            [
                "Name Ministry of the Interior",
                "Name Federación de Obreros",
                "Name Ek"
            ]
        );
    }

    #[test]
    fn finds_acronyms_and_glossed_or_accented_words() {
        assert_eq!(
            found(&[
                "The Millers’ Union (MU) met. Two MUs and Part III. The regatas (water thieves) and a señal."
            ]),
            [
                "Name Millers’ Union",
                "Acronym MU",
                "Acronym MUs",
                "Foreign regatas",
                "Foreign señal"
            ]
        );
    }
}
