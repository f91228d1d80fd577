//! Liang's patterns: groups of letters that say, with a level each, where words that have them
//! may be divided (odd) and may not (even); of two that disagree the higher level counts. After
//! F. M. Liang, *Word Hy-phen-a-tion by Com-put-er*, 1983.

/// The patterns of a language as a tree of their letters, its nodes numbered level by level, so
/// that the children of each follow one another.
pub struct Patterns {
    /// The letter that leads to each node.
    letters: &'static [u8],
    /// The first child of each node, which is one after the last of the node before.
    children: &'static [u16],
    /// Which of the `levels` the pattern has that ends at the node.
    ends: &'static [u16],
    /// The levels before, between and after a pattern's letters.
    levels: &'static [&'static [u8]],
}

/// British English, from `fonts/hyphenation/`.
pub static BRITISH: Patterns = include!(concat!(env!("OUT_DIR"), "/hyph-en-gb.rs"));

/// The longest word that is looked up, in bytes.
pub const LONGEST: usize = 45;

impl Patterns {
    /// Calls `found` with the offsets at which a word may be divided, so many letters at least
    /// from its start and its end. A longer word than [`LONGEST`] has none.
    pub fn divide(&self, word: &str, before: usize, after: usize, found: &mut dyn FnMut(usize)) {
        if word.len() > LONGEST {
            return;
        }
        let levels = self.levels_of(word);
        let letters = word.chars().count();
        for (count, (at, _)) in word.char_indices().enumerate() {
            if count >= before.max(1) && count + after <= letters && levels[at + 1] % 2 == 1 {
                found(at);
            }
        }
    }

    /// The highest level before each byte of the word with a point before and after it.
    fn levels_of(&self, word: &str) -> [u8; LONGEST + 3] {
        let mut dotted = [b'.'; LONGEST + 2];
        dotted[1..=word.len()].copy_from_slice(word.as_bytes());
        let dotted = &mut dotted[..word.len() + 2];
        dotted.make_ascii_lowercase();
        let mut highest = [0; LONGEST + 3];
        for start in 0..dotted.len() {
            let mut node = 0;
            for &letter in &dotted[start..] {
                let Some(next) = self.child(node, letter) else {
                    break;
                };
                node = next;
                let levels = self.levels[usize::from(self.ends[node])];
                for (slot, &level) in highest[start..].iter_mut().zip(levels) {
                    *slot = level.max(*slot);
                }
            }
        }
        highest
    }

    fn child(&self, node: usize, letter: u8) -> Option<usize> {
        let first = usize::from(self.children[node]);
        let end = usize::from(self.children[node + 1]);
        let at = self.letters[first..end].binary_search(&letter).ok()?;
        Some(first + at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn divided(word: &str) -> String {
        let mut out = String::new();
        let mut last = 0;
        BRITISH.divide(word, 2, 3, &mut |at| {
            out += &word[last..at];
            out.push('-');
            last = at;
        });
        out + &word[last..]
    }

    #[test]
    fn divides_as_the_published_patterns_do() {
        for word in [
            "gov-ern-ment",
            "demo-cracy",
            "know-ledge",
            "pho-to-graph",
            "pho-to-graphy",
            "or-gan-isa-tion",
            "pro-let-ariat",
            "bour-geoisie",
            "Gov-ERN-ing",
        ] {
            assert_eq!(divided(&word.replace('-', "")), word);
        }
    }

    #[test]
    fn exceptions_have_their_way() {
        for word in [
            "uni-ver-sity",
            "uni-ver-sit-ies",
            "how-ever",
            "ma-nu-script",
            "re-ci-pro-city",
            "through-out",
            "some-thing",
        ] {
            assert_eq!(divided(&word.replace('-', "")), word);
        }
    }

    #[test]
    fn takes_any_word() {
        assert_eq!(divided(""), "");
        assert_eq!(divided("a"), "a");
        assert_eq!(divided("éèê"), "éèê");
        let long = "abation".repeat(8);
        assert_eq!(divided(&long), long);
        assert_eq!(divided(&long[..LONGEST]).replace('-', ""), long[..LONGEST]);
    }
}
