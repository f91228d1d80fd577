//! The language of passages, as far as the file tells and their own words do not contradict.

use std::collections::{BTreeMap, BTreeSet};

use super::Extract;
use super::flow::{LANGUAGE_END, What};
use crate::import::propose::language_of;

/// Keeps what a file says of the language of its passages where it is another than the
/// text's. Word processors also call words by the language of whoever typed them, so what
/// the words themselves contradict is dropped.
pub(super) fn settle(extract: &mut Extract) {
    let stated = extract.facts.language.clone().unwrap_or_default();
    let main = language_of(&extract.text).unwrap_or(primary(&stated));
    let mut starts: BTreeMap<u32, usize> = BTreeMap::new();
    let mut dropped: BTreeSet<u32> = BTreeSet::new();
    for mark in &extract.marks {
        if let What::Open(pair, _) = &mark.what {
            starts.insert(*pair, mark.start);
        } else if let What::Close(pair, close) = &mark.what {
            let start = starts.remove(pair).unwrap_or(mark.end);
            let words = extract.text.get(start..mark.end).unwrap_or_default();
            if let Some(tag) = close.strip_prefix(LANGUAGE_END)
                && !is_another(primary(tag), main, words)
            {
                dropped.insert(*pair);
            }
        }
    }
    extract.marks.retain(|mark| {
        let (What::Open(pair, _) | What::Close(pair, _)) = &mark.what else {
            return true;
        };
        !dropped.contains(pair)
    });
}

/// Whether words are of another language than the text.
fn is_another(language: &str, main: &str, words: &str) -> bool {
    let is_told = !main.is_empty() && !matches!(language, "und" | "zxx" | "mul");
    let by_words = || language_of(words).is_none_or(|found| found == language);
    is_told && language != main && words.chars().any(char::is_alphabetic) && by_words()
}

/// `es` of `es-CL)`.
fn primary(tag: &str) -> &str {
    tag.split(['-', '_', ')']).next().unwrap_or_default()
}
