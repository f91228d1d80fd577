//! Makes anchors: the fewest words that tell a place.

use super::super::anchor::{Places, flatten};

/// A raw text in which anchors are made.
pub(super) struct Anchors<'a> {
    raw: &'a str,
    places: Places<'a>,
    /// Where each word begins and ends.
    words: Vec<(usize, usize)>,
}

/// The most words that an anchor has.
const MOST: usize = 24;
/// With fewer an anchor says too little to a reader of the recipe.
const ENOUGH: usize = 4;

impl<'a> Anchors<'a> {
    pub(super) fn new(places: Places<'a>, raw: &'a str) -> Anchors<'a> {
        let words = raw.split_whitespace().map(|word| {
            let start = word.as_ptr() as usize - raw.as_ptr() as usize;
            (start, start + word.len())
        });
        Anchors {
            raw,
            places,
            words: words.collect(),
        }
    }

    /// The words from a place on that stand once in the text; they do not go beyond `limit`.
    /// `None` when even all of them stand elsewhere too.
    pub(super) fn from(&self, start: usize, limit: usize) -> Option<String> {
        let first = self.words.partition_point(|word| word.0 < start);
        let inside = self.words.partition_point(|word| word.1 <= limit);
        let most = (first + MOST).min(inside);
        let least = (first + ENOUGH).min(most);
        let lengths = least..=most;
        let mut tried = lengths.map(|end| self.text(first, end));
        tried.find(|words| !words.is_empty() && self.is_unique(words, 0))
    }

    /// The words before `end` that stand once behind `start`.
    pub(super) fn through(&self, start: usize, end: usize) -> Option<String> {
        let first = self.words.partition_point(|word| word.0 < start);
        let last = self.words.partition_point(|word| word.1 <= end);
        let least = first.max(last.saturating_sub(MOST));
        let most = least.max(last.saturating_sub(ENOUGH));
        let mut tried = (least..=most).rev().map(|from| self.text(from, last));
        tried.find(|words| !words.is_empty() && self.is_unique(words, start))
    }

    /// The line or lines of a stretch, when nothing else in the text makes the same lines.
    pub(super) fn line(&self, start: usize, end: usize) -> Option<String> {
        let words = flatten(&self.raw[start..end]);
        self.places.is_one_line(&words).then_some(words)
    }

    fn text(&self, first: usize, end: usize) -> String {
        match self.words.get(first..end) {
            Some([one]) => self.raw[one.0..one.1].to_string(),
            Some([first, .., last]) => flatten(&self.raw[first.0..last.1]),
            Some([]) | None => String::new(),
        }
    }

    fn is_unique(&self, words: &str, start: usize) -> bool {
        self.places.count_up_to_two(words, start) == 1
    }
}

impl Anchors<'_> {
    /// The words that end at a place, where a word may go on behind it.
    pub(super) fn ending(&self, end: usize) -> Option<String> {
        let last = self.words.partition_point(|word| word.0 < end);
        let least = last.saturating_sub(MOST);
        let mut tried = (least..last)
            .rev()
            .skip(2)
            .map(|from| flatten(&self.raw[self.words[from].0..end]));
        tried.find(|words| self.is_unique(words, 0))
    }

    /// How often some words stand before a place: 0, 1 or more.
    pub(super) fn times_before(&self, words: &str, end: usize) -> usize {
        self.places.two_before(words, end).len()
    }
}

/// Words with one space between each two.
pub(super) fn flat(words: &str) -> String {
    flatten(words)
}
