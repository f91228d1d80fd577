//! Text made comparable: without case and accents, with spaces and hyphens, apostrophes and
//! quotation marks alike, and with the way back to the places of the original.

use icu_normalizer::properties::{CanonicalDecompositionBorrowed, Decomposed};

/// A folded text.
#[derive(Clone, Debug, Default)]
pub(super) struct Folded {
    pub(super) text: String,
    /// For each byte of `text`, and for its end, the byte of the original that it comes from.
    map: Vec<u32>,
}

impl Folded {
    /// Folds a text, in the memory of an earlier one.
    pub(super) fn fill(&mut self, original: &str) {
        self.text.clear();
        self.map.clear();
        self.text.reserve(original.len());
        self.map.reserve(original.len() + 1);
        fold_into(original, true, &mut self.text, &mut |at, length| {
            self.map.resize(length, whole(at));
        });
        self.map.push(whole(original.len()));
    }

    /// Where a stretch of the folded text stands in the original.
    pub(super) fn original(&self, start: usize, end: usize) -> (usize, usize) {
        (self.map[start] as usize, self.map[end] as usize)
    }

    /// Whether a stretch of the folded text is not part of a longer word.
    pub(super) fn is_whole(&self, start: usize, end: usize) -> bool {
        let before = self.text[..start].chars().next_back();
        let after = self.text[end..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    }
}

/// A text folded, without the way back.
pub fn folded(original: &str) -> String {
    let mut text = String::new();
    fold_into(original, true, &mut text, &mut |_, _| {});
    text.trim().to_string()
}

/// A text folded but for its case.
pub(super) fn folded_keeping_case(original: &str) -> String {
    let mut text = String::new();
    fold_into(original, false, &mut text, &mut |_, _| {});
    text.trim().to_string()
}

/// An offset as the map keeps it.
fn whole(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// Folds a text; `place` is told, for each character, where it stood and how long the folded
/// text is after it.
fn fold_into(original: &str, lower: bool, text: &mut String, place: &mut impl FnMut(usize, usize)) {
    let decomposition = CanonicalDecompositionBorrowed::new();
    let mut folded = std::mem::take(text).into_bytes();
    let mut letters = String::new();
    for (at, c) in original.char_indices() {
        match c {
            'a'..='z' => folded.push(c as u8),
            'A'..='Z' if lower => folded.push(c as u8 | 0x20),
            ' ' | '-' | '\n' | '\u{2010}' | '\u{2011}' => push_space(&mut folded),
            '!'..='~' => folded.push(c as u8),
            '’' | '‘' | 'ʼ' | '′' => folded.push(b'\''),
            '“' | '”' | '„' | '«' | '»' => folded.push(b'"'),
            '\u{ad}' | '\u{200b}' | '\u{2060}' => {}
            _ if c.is_whitespace() => push_space(&mut folded),
            _ => {
                letters.clear();
                push_base(c, lower, &decomposition, &mut letters);
                folded.extend_from_slice(letters.as_bytes());
            }
        }
        place(at, folded.len());
    }
    *text = String::from_utf8(folded).expect("whole characters were added");
}

/// Several spaces count as one.
fn push_space(text: &mut Vec<u8>) {
    if text.last() != Some(&b' ') {
        text.push(b' ');
    }
}

/// The letter without its accents.
fn push_base(
    mut c: char,
    lower: bool,
    decomposition: &CanonicalDecompositionBorrowed,
    text: &mut String,
) {
    loop {
        match decomposition.decompose(c) {
            Decomposed::Default => break,
            Decomposed::Singleton(base) | Decomposed::Expansion(base, _) => c = base,
        }
    }
    if is_accent(c) {
        return;
    }
    if lower {
        text.extend(c.to_lowercase().filter(|&c| !is_accent(c)));
    } else {
        text.push(c);
    }
}

/// The accents that can follow a letter of the Latin, Greek or Cyrillic scripts.
fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(original: &str) -> Folded {
        let mut folded = Folded::default();
        folded.fill(original);
        folded
    }

    #[test]
    fn folds_case_accents_and_signs() {
        assert_eq!(folded("Ñuñoa’s  mano\u{a0}DURA"), "nunoa's mano dura");
        assert_eq!(folded("co\u{ad}operate-now\n“so”"), "cooperate now \"so\"");
        assert_eq!(folded("E\u{301}xodo ǖ İ"), "exodo u i");
        assert_eq!(folded_keeping_case("ÚP"), "UP");
    }

    #[test]
    fn leads_back_to_the_original() {
        let original = "El  Éxodo—ya";
        let folded = of(original);
        let start = folded.text.find("exodo").expect("it is there");
        let (start, end) = folded.original(start, start + 5);
        assert_eq!(&original[start..end], "Éxodo");
        assert_eq!(folded.original(0, folded.text.len()), (0, original.len()));
    }

    #[test]
    fn tells_whole_words() {
        let folded = of("weirs, asweir");
        assert!(folded.is_whole(0, 5) && !folded.is_whole(9, 13) && !folded.is_whole(0, 4));
    }
}
