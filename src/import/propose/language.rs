//! The language of a text, by its commonest words, and signs that it was decoded wrongly.

use super::Finder;
use crate::data::quoted;

/// The commonest words of a language that the others do not have.
const COMMON: &[(&str, &str)] = &[
    (
        "en",
        "the and of to that was for with his from which this were not are they had but by",
    ),
    (
        "es",
        "el los las del que por con una para como más pero fue ser sus al había se lo",
    ),
    (
        "fr",
        "le les des du et que dans une pour qui sur par plus est pas avec au ce sont",
    ),
    (
        "de",
        "der die das und den von mit dem nicht ein eine auf für ist im zu sich auch",
    ),
    (
        "pt",
        "os das dos que não uma para com por mais foi ao como são pela pelo em seu",
    ),
    (
        "it",
        "il gli della che di non una per con del più nel è dei sono alla anche si",
    ),
];

/// So many paragraphs at most get a rule each; a text with more has two languages of its own.
const MOST: usize = 50;

/// How many words are looked at.
const SAMPLE: usize = 20_000;

/// The language of a text; `None` when no language's words are common enough in it.
pub(in crate::import) fn of(text: &str) -> Option<&'static str> {
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphabetic())
        .filter(|word| !word.is_empty())
        .take(SAMPLE)
        .map(str::to_lowercase)
        .collect();
    let score = |common: &str| {
        let common: Vec<&str> = common.split(' ').collect();
        words
            .iter()
            .filter(|word| common.contains(&word.as_str()))
            .count()
    };
    let scored = COMMON.iter().map(|(code, common)| (score(common), *code));
    let best = scored.max_by_key(|(score, _)| *score)?;
    (best.0 * 10 >= words.len() && best.0 > 2).then_some(best.1)
}

/// What looks like a wrong encoding, and paragraphs in another language.
pub(super) fn doubts(raw: &str, found: &mut Finder<'_>) {
    const GARBLED: &[&str] = &[
        "Ã©", "Ã¡", "Ã³", "Ã±", "Ã\u{ad}", "Ã¨", "â€™", "â€œ", "â€", "\u{fffd}",
    ];
    if let Some(at) = GARBLED.iter().filter_map(|signs| raw.find(signs)).min() {
        let line = raw[..at].matches('\n').count();
        found.doubt(line, "letters look as if the text had once been read in a wrong encoding; find a better copy, or emend them");
    }
    let Some(main) = found.proposal.language else {
        return;
    };
    let (mut line, mut at, mut rules) = (0, 0, 0);
    for paragraph in raw.split("\n\n") {
        let words = paragraph.trim();
        let other = of(words).filter(|other| words.len() > 200 && *other != main);
        if let Some(other) = other {
            let start = at + (paragraph.len() - paragraph.trim_start().len());
            let languages = (main, other);
            let few = rules < MOST;
            match few.then(|| rule(words, languages, start, found)).flatten() {
                Some(toml) => {
                    rules += 1;
                    let why = format!("A paragraph is in another language ({other}).");
                    found.rule(line, why, toml);
                }
                None => {
                    let first = words.split(' ').take(3).collect::<Vec<_>>().join(" ");
                    found.doubt(line, format!("the paragraph that begins “{first}” seems to be in another language ({other})"));
                }
            }
        }
        line += paragraph.matches('\n').count() + 2;
        at += paragraph.len() + 2;
    }
}

/// The rule for a paragraph of which it is certain that it is in another language than the
/// text, and where it stands can be told.
fn rule(
    words: &str,
    (main, other): (&str, &str),
    start: usize,
    found: &Finder<'_>,
) -> Option<String> {
    let count = |language: &str| {
        let common = COMMON.iter().find(|(code, _)| *code == language);
        let common: Vec<&str> = common.map_or("", |(_, common)| common).split(' ').collect();
        let words = words.split(|c: char| !c.is_alphabetic());
        words
            .filter(|word| common.contains(&word.to_lowercase().as_str()))
            .count()
    };
    let (ours, theirs) = (count(main), count(other));
    let end = start + words.len();
    let certain = theirs >= 12 && theirs > 3 * ours;
    let from = found.anchors.from(start, end).filter(|_| certain)?;
    let through = found.anchors.through(start, end)?;
    let (from, through) = (quoted(&from), quoted(&through));
    Some(format!(
        "foreign.from = {from}\nforeign.through = {through}\nforeign.language = \"{other}\""
    ))
}
