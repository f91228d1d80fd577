//! The language of a text, by its commonest words, and signs that it was decoded wrongly.

use super::Finder;

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

/// How many words are looked at.
const SAMPLE: usize = 20_000;

/// The language of a text; `None` when no language's words are common enough in it.
pub(super) fn of(text: &str) -> Option<&'static str> {
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
    let mut line = 0;
    for paragraph in raw.split("\n\n") {
        if paragraph.len() > 200 {
            let words = || paragraph.split(' ').take(3).collect::<Vec<_>>().join(" ");
            match of(paragraph) {
                Some(other) if other != main => {
                    found.doubt(line, format!("the paragraph that begins “{}” seems to be in another language ({other})", words().trim()));
                }
                Some(_) | None => {}
            }
        }
        line += paragraph.matches('\n').count() + 2;
    }
}
