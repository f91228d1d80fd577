//! The words that a file holds against those that it must hold, in order.

use std::collections::HashMap;

use super::expected::ExpectedWord;
use super::found::FoundWord;

/// A stretch in which a file differs from the book.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Difference {
    /// The book's words that are not there: the first, and the one after the last.
    pub(super) missing: (usize, usize),
    /// The file's words that do not belong there.
    pub(super) extra: (usize, usize),
}

/// Which words of a file are which of the book.
pub(super) struct Alignment {
    /// By expected word: the word of the file.
    pub(super) matched: Vec<Option<u32>>,
    pub(super) differences: Vec<Difference>,
}

/// After a difference the two go on together where so many words in a row agree.
const RUN: usize = 4;
/// How far both are looked through word by word.
const NEAR: usize = 24;

/// Goes through both side by side. Where they differ they meet again at the nearest place
/// where [`RUN`] words agree, so the way through is linear but for the differences.
pub(super) fn align(expected: &[ExpectedWord], found: &[FoundWord], open_end: bool) -> Alignment {
    let pair = Pair {
        expected: padded(expected.iter().map(|word| word.word.0)),
        rooms: rooms(expected, open_end),
        found: padded(found.iter().map(|word| word.word.0)),
    };
    let mut alignment = Alignment {
        matched: vec![None; expected.len()],
        differences: Vec::new(),
    };
    let (mut at, mut on) = (0, 0);
    loop {
        let open = expected.get(at).map_or(open_end, |word| word.open);
        let own = if open { pair.own_words(at, on) } else { None };
        on += own.unwrap_or(0);
        if own.is_some() || !open && pair.agrees(at, on, 1) {
            match alignment.matched.get_mut(at) {
                Some(matched) => *matched = u32::try_from(on).ok(),
                None => return alignment,
            }
            (at, on) = (at + 1, on + 1);
            continue;
        }
        let (skip, pass) = pair.next_meeting(at, on);
        if skip > 0 || (pass > 0 && !open) {
            alignment.differences.push(Difference {
                missing: (at, at + skip),
                extra: (on, on + pass),
            });
        }
        (at, on) = (at + skip, on + pass);
        // They meet here: the first word of the run belongs to both.
        match alignment.matched.get_mut(at) {
            Some(matched) => *matched = u32::try_from(on).ok(),
            None => return alignment,
        }
        (at, on) = (at + 1, on + 1);
    }
}

/// The end of both, where they meet at the latest.
const END: u32 = u32::MAX;

fn padded(words: impl Iterator<Item = u32>) -> Vec<u32> {
    words.chain(std::iter::repeat_n(END, RUN)).collect()
}

/// How many words stand together from each on, before something of the file's own may.
fn rooms(expected: &[ExpectedWord], open_end: bool) -> Vec<usize> {
    let mut rooms = vec![RUN; expected.len() + RUN];
    let mut room = if open_end { 0 } else { RUN };
    for (at, word) in expected.iter().enumerate().rev() {
        room += 1;
        rooms[at] = room.min(RUN);
        if word.open {
            room = 0;
        }
    }
    rooms
}

struct Pair {
    expected: Vec<u32>,
    /// By expected word.
    rooms: Vec<usize>,
    found: Vec<u32>,
}

impl Pair {
    /// How many words of its own a file has before it goes on with the book's. They may begin
    /// like the book's next, as a title page does: the place counts at which most words agree.
    fn own_words(&self, at: usize, on: usize) -> Option<usize> {
        const FAR: usize = 4_000;
        const ENOUGH: usize = 64;
        let wanted = self.expected.get(at..)?;
        let mut best = (0, 0);
        for (pass, found) in self.found.get(on..)?.iter().take(FAR).enumerate() {
            if wanted.first() != Some(found) {
                continue;
            }
            let pairs = wanted.iter().zip(&self.found[on + pass..]).take(ENOUGH);
            let length = pairs.take_while(|(wanted, found)| wanted == found).count();
            if length > best.0 {
                best = (length, pass);
            }
            if length == ENOUGH {
                break;
            }
        }
        let room = self.rooms.get(at).copied().unwrap_or_default();
        (best.0 >= room.min(RUN) && best.0 > 0).then_some(best.1)
    }

    fn agrees(&self, at: usize, on: usize, length: usize) -> bool {
        let (Some(expected), Some(found)) = (self.expected.get(at..), self.found.get(on..)) else {
            return false;
        };
        let room = self.rooms.get(at).copied().unwrap_or_default();
        let length = length.min(room).min(found.len());
        length > 0 && expected.get(..length) == found.get(..length)
    }

    /// How many words of each are passed over until they go on together, the fewest.
    fn next_meeting(&self, at: usize, on: usize) -> (usize, usize) {
        for far in 0..NEAR {
            for skip in 0..=far {
                if self.agrees(at + skip, on + far - skip, RUN) {
                    return (skip, far - skip);
                }
            }
        }
        self.far_meeting(at, on)
    }

    /// The same, looked for ever further on: what is further than a meeting that was found
    /// needs no looking through.
    fn far_meeting(&self, at: usize, on: usize) -> (usize, usize) {
        let end = (self.expected.len() - RUN - at, self.found.len() - RUN - on);
        let mut far = NEAR;
        loop {
            far *= 8;
            let best = self.meeting_within(at, on, far);
            match best {
                Some(best) if best.0 + best.1 <= far => return best,
                _ if far >= end.0.max(end.1) => {
                    let nearer = best.filter(|best| best.0 + best.1 < end.0 + end.1);
                    return nearer.unwrap_or(end);
                }
                _ => {}
            }
        }
    }

    /// The nearest place where a run of both agrees, no further on than this in either.
    fn meeting_within(&self, at: usize, on: usize, far: usize) -> Option<(usize, usize)> {
        let runs = |words: &[u32], from: usize| -> Vec<[u32; RUN]> {
            let reach = words.len().min(from + far + RUN);
            let runs = words[from..reach].windows(RUN).map(<[u32; RUN]>::try_from);
            runs.map(|run| run.expect("windows are that long"))
                .collect()
        };
        let mut starts: HashMap<[u32; RUN], usize> = HashMap::new();
        for (pass, run) in runs(&self.found, on).into_iter().enumerate() {
            starts.entry(run).or_insert(pass);
        }
        let mut best: Option<(usize, usize)> = None;
        for (skip, run) in runs(&self.expected, at).into_iter().enumerate() {
            let is_best = |pass: &&usize| best.is_none_or(|best| skip + **pass < best.0 + best.1);
            if let Some(pass) = starts.get(&run).filter(is_best) {
                best = Some((skip, *pass));
            }
        }
        best
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::words::Word;

    /// The differences of two texts, each word a letter; `*` before a letter of the first
    /// says that something of the file's own may stand before it.
    fn differences(expected: &str, found: &str) -> Vec<(String, String)> {
        let mut book = Vec::new();
        let mut open = false;
        for letter in expected.chars() {
            if letter == '*' {
                open = true;
                continue;
            }
            book.push(ExpectedWord {
                word: Word(u32::from(letter)),
                passage: 0,
                offset: 0,
                filled_in: false,
                open: std::mem::take(&mut open),
            });
        }
        let word = |letter| FoundWord {
            word: Word(u32::from(letter)),
            page: None,
        };
        let file: Vec<FoundWord> = found.chars().map(word).collect();
        let alignment = align(&book, &file, open);
        let show = |word: &Word| char::from_u32(word.0).expect("it was a letter");
        let shown = |difference: &Difference| {
            let missing = &book[difference.missing.0..difference.missing.1];
            let extra = &file[difference.extra.0..difference.extra.1];
            (
                missing.iter().map(|word| show(&word.word)).collect(),
                extra.iter().map(|word| show(&word.word)).collect(),
            )
        };
        alignment.differences.iter().map(shown).collect()
    }

    fn one(missing: &str, extra: &str) -> Vec<(String, String)> {
        vec![(missing.into(), extra.into())]
    }

    #[test]
    fn tells_what_is_missing_and_what_does_not_belong() {
        assert_eq!(differences("abcdefgh", "abcdefgh"), vec![]);
        assert_eq!(differences("abcdefgh", "abcefgh"), one("d", ""));
        assert_eq!(differences("abcdefgh", "abccdefgh"), one("", "c"));
        assert_eq!(differences("abcdefgh", "abxdefgh"), one("c", "x"));
        assert_eq!(differences("abcdefgh", "abcdef"), one("gh", ""));
        assert_eq!(differences("abcdef", "abcdefgh"), one("", "gh"));
        assert_eq!(differences("", "ab"), one("", "ab"));
        assert_eq!(differences("ab", ""), one("ab", ""));
    }

    #[test]
    fn a_stretch_far_away_is_found_again() {
        let letters = |from: u32, to: u32| -> String {
            (from..to)
                .filter_map(|n| char::from_u32(0x4e00 + n))
                .collect()
        };
        let book = letters(0, 300);
        let swapped = letters(100, 200) + &letters(0, 100) + &letters(200, 300);
        let found = differences(&book, &swapped);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0], (String::new(), letters(100, 200)));
        assert_eq!(found[1], (letters(100, 200), String::new()));
    }

    #[test]
    fn the_files_own_words_stand_where_they_may() {
        assert_eq!(differences("abcd*efgh", "abcdxyefgh"), vec![]);
        assert_eq!(differences("abcd*efghij", "abcdefxyefghij"), vec![]);
        assert_eq!(differences("*abcd*e*", "xabcdyez"), vec![]);
        assert_eq!(differences("abcd*efghi", "abxcdyefghi"), one("", "x"));
        // They may say what the book says next, and then something else.
        assert_eq!(differences("ab*cdefgh", "abcdefxcdefgh"), vec![]);
        assert_eq!(differences("ab*cdefgh", "abcdefxcdefycdefgh"), vec![]);
        assert_eq!(differences("ab*cdefgh", "abcdefxgh"), one("", "x"));
        assert_eq!(differences("ab*cdefgh", "abzcdefxcdefgh"), vec![]);
    }

    #[test]
    fn a_title_may_begin_like_the_first_chapter() {
        assert_eq!(differences("*abcdefgh", "abcdxyabcdefgh"), vec![]);
        assert_eq!(differences("*ab*cdefgh", "axyabcdefgh"), vec![]);
        assert_eq!(differences("*abcdefgh", "abcdxyabcdegh"), one("f", ""));
    }

    #[test]
    fn every_way_of_ending_ends() {
        for found in ["", "a", "aaaa", "aaaaaaaa", "b", "ab", "ba", "*"] {
            for book in ["", "a", "aaaa", "*a*", "a*b", "ab", "*"] {
                differences(book, found);
            }
        }
    }
}
