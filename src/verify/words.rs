//! Text as words and signs, numbered so that equal ones are compared in one step.

use std::collections::HashMap;

/// A word or a sign, by its number among [`Words`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Word(pub(super) u32);

/// Every different word, numbered in the order of meeting them.
#[derive(Default)]
pub(super) struct Words {
    numbers: HashMap<String, Word>,
    texts: Vec<String>,
}

impl Words {
    /// The number of a word.
    pub(super) fn number(&mut self, text: &str) -> Word {
        if let Some(word) = self.numbers.get(text) {
            return *word;
        }
        let word = Word(u32::try_from(self.texts.len()).unwrap_or(u32::MAX));
        self.numbers.insert(text.to_string(), word);
        self.texts.push(text.to_string());
        word
    }

    /// The word of a number.
    pub(super) fn text(&self, word: Word) -> &str {
        self.texts.get(word.0 as usize).map_or("", String::as_str)
    }

    /// Whether it is a sign, not a word or a number.
    pub(super) fn is_sign(&self, word: Word) -> bool {
        !self.text(word).chars().any(char::is_alphanumeric)
    }
}

/// Calls `found` with each word and sign of a text and the offset of its first byte. A word
/// is letters and figures without a gap; any other visible character is a sign. What no
/// reader sees (soft hyphens, zero-width characters) neither counts nor divides.
pub(super) fn split(text: &str, found: &mut dyn FnMut(&str, usize)) {
    let mut word = String::new();
    let mut start = 0;
    for (at, character) in text.char_indices() {
        if is_unseen(character) {
            continue;
        }
        if character.is_alphanumeric() {
            if word.is_empty() {
                start = at;
            }
            word.push(character);
            continue;
        }
        if !word.is_empty() {
            found(&word, start);
            word.clear();
        }
        if !character.is_whitespace() {
            found(character.encode_utf8(&mut [0; 4]), at);
        }
    }
    if !word.is_empty() {
        found(&word, start);
    }
}

fn is_unseen(character: char) -> bool {
    matches!(
        character,
        '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_signs() {
        let mut found = Vec::new();
        split("«Mid\u{ad}night», he\u{a0}said—11.", &mut |word, at| {
            found.push((word.to_string(), at));
        });
        let words: Vec<&str> = found.iter().map(|(word, _)| word.as_str()).collect();
        assert_eq!(
            words,
            ["«", "Midnight", "»", ",", "he", "said", "—", "11", "."]
        );
        assert_eq!(found[1].1, 2);
    }
}
