//! Finds a recipe's anchors: a few words that stand once in the raw text.
//!
//! An anchor is looked for in the text as it is in the file, whatever other rules do there,
//! and any white space in it matches any white space of the text, so that it may run over a
//! line end.

use std::cell::OnceCell;

use crate::diag::{Code, Report};
use crate::source::{SourceId, Span};

use super::recipe::{Anchor, End, Stretch};

/// The raw text with its white space collapsed, for looking things up.
pub(super) struct Places<'a> {
    raw: &'a str,
    id: SourceId,
    flat: String,
    /// (offset in `flat`, offset in the raw text) at the start of every run of characters.
    runs: Vec<(usize, usize)>,
    /// Made when it is first needed.
    pairs: OnceCell<Pairs>,
}

/// Where each two words in a row stand in a collapsed text, by a digest of them.
struct Pairs(Vec<(u64, u32)>);

impl Pairs {
    fn of(flat: &str) -> Pairs {
        let spaces: Vec<usize> = flat.match_indices(' ').map(|(at, _)| at).collect();
        let mut pairs = Vec::with_capacity(spaces.len());
        let mut start = 0;
        for (number, space) in spaces.iter().enumerate() {
            let end = spaces.get(number + 1).copied().unwrap_or(flat.len());
            if let Ok(at) = u32::try_from(start) {
                pairs.push((digest(&flat[start..end]), at));
            }
            start = space + 1;
        }
        pairs.sort_unstable();
        Pairs(pairs)
    }

    fn places(&self, pair: &str) -> impl Iterator<Item = usize> {
        let wanted = digest(pair);
        let first = self.0.partition_point(|(digest, _)| *digest < wanted);
        let like = self.0[first..].iter();
        like.take_while(move |(digest, _)| *digest == wanted)
            .map(|(_, at)| *at as usize)
    }
}

/// FNV-1a: short, and the same everywhere.
fn digest(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |digest, byte| {
        (digest ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// A stretch of the raw text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Range {
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Range {
    pub(super) fn len(self) -> usize {
        self.end - self.start
    }

    pub(super) fn is_empty(self) -> bool {
        self.start == self.end
    }

    pub(super) fn contains(self, at: usize) -> bool {
        self.start <= at && at < self.end
    }
}

/// How much of a line an anchor must be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fit {
    Words,
    WholeLines,
}

impl<'a> Places<'a> {
    pub(super) fn new(id: SourceId, raw: &'a str) -> Places<'a> {
        let mut flat = String::with_capacity(raw.len());
        let mut runs = vec![(0, 0)];
        let mut in_space = false;
        for (at, c) in raw.char_indices() {
            if c.is_whitespace() {
                if !in_space {
                    runs.push((flat.len(), at));
                    flat.push(' ');
                }
                in_space = true;
            } else {
                if in_space {
                    runs.push((flat.len(), at));
                }
                flat.push(c);
                in_space = false;
            }
        }
        Places {
            raw,
            id,
            flat,
            runs,
            pairs: OnceCell::new(),
        }
    }

    /// How often some words stand behind a place: 0, 1 or more.
    pub(super) fn count_up_to_two(&self, words: &str, start: usize) -> usize {
        self.matches(&flatten(words), start).take(2).count()
    }

    /// Whether these words make whole lines in one place.
    pub(super) fn is_one_line(&self, words: &str) -> bool {
        let found = self.matches(words, 0);
        let lines = found.filter(|range| self.is_whole_lines(*range));
        lines.take(2).count() == 1
    }

    /// The one place of an anchor.
    pub(super) fn find(&self, anchor: &Anchor, report: &mut Report) -> Option<Range> {
        self.unique(anchor, 0, Fit::Words, report)
    }

    /// The one place after `start` of an anchor.
    pub(super) fn find_after(
        &self,
        anchor: &Anchor,
        start: usize,
        report: &mut Report,
    ) -> Option<Range> {
        self.unique(anchor, start, Fit::Words, report)
    }

    /// The one place where an anchor makes whole lines.
    pub(super) fn find_lines(&self, anchor: &Anchor, report: &mut Report) -> Option<Range> {
        self.unique(anchor, 0, Fit::WholeLines, report)
    }

    /// Every place where an anchor makes whole lines; there must be one.
    pub(super) fn find_every_line(&self, anchor: &Anchor, report: &mut Report) -> Vec<Range> {
        let words = flatten(&anchor.text);
        let found: Vec<Range> = self
            .matches(&words, 0)
            .filter(|range| self.is_whole_lines(*range))
            .collect();
        if found.is_empty() {
            self.not_found(anchor, &words, 0, Fit::WholeLines, report);
        }
        found
    }

    /// Every line that is like an anchor in which `#` stands for a number; there must be one.
    pub(super) fn find_numbered(&self, anchor: &Anchor, report: &mut Report) -> Vec<Range> {
        let shape = flatten(&anchor.text);
        let mut found = Vec::new();
        let mut at = 0;
        for line in self.raw.split_inclusive('\n') {
            let start = at + (line.len() - line.trim_start().len());
            at += line.len();
            let words = line.trim();
            if words.len() <= 4 * shape.len() + 20 && is_like(&flatten(words), &shape) {
                found.push(Range {
                    start,
                    end: start + words.len(),
                });
            }
        }
        if found.is_empty() {
            self.not_found(anchor, &shape, 0, Fit::WholeLines, report);
        }
        found
    }

    /// Where a recipe's stretch is.
    pub(super) fn stretch(&self, stretch: &Stretch, report: &mut Report) -> Option<Range> {
        let from = self.find(&stretch.from, report);
        let end = match &stretch.end {
            End::OfLine => from.map(|from| self.line_end(from.end)),
            End::OfText => Some(self.raw.trim_end().len()),
            End::Through(anchor) => {
                let start = from.map_or(0, |from| from.start);
                self.find_after(anchor, start, report)
                    .map(|range| range.end)
            }
        };
        let start = match &stretch.end {
            End::OfLine => self.line_start(from?.start),
            End::OfText | End::Through(_) => from?.start,
        };
        Some(Range { start, end: end? })
    }

    /// The first two places before `end` of these words.
    pub(super) fn two_before(&self, words: &str, end: usize) -> Vec<Range> {
        let words = flatten(words);
        let before = self.matches(&words, 0).take_while(|range| range.end <= end);
        before.take(2).collect()
    }

    fn unique(
        &self,
        anchor: &Anchor,
        start: usize,
        fit: Fit,
        report: &mut Report,
    ) -> Option<Range> {
        let words = flatten(&anchor.text);
        let found: Vec<Range> = self
            .matches(&words, start)
            .filter(|range| fit == Fit::Words || self.is_whole_lines(*range))
            .take(2)
            .collect();
        match found[..] {
            [] => {
                self.not_found(anchor, &words, start, fit, report);
                None
            }
            [range] => Some(range),
            _ => {
                self.ambiguous(anchor, &found, report);
                None
            }
        }
    }

    /// The places of collapsed words, from an offset of the raw text on.
    fn matches<'s>(&'s self, words: &'s str, start: usize) -> Box<dyn Iterator<Item = Range> + 's> {
        let from = self.flat_offset(start);
        let range = move |at: usize| self.raw_range(at, at + words.len());
        if words.is_empty() {
            return Box::new(std::iter::empty());
        }
        match inner_pair(words) {
            Some((lead, pair)) if self.flat.len() > LARGE => {
                let pairs = self.pairs.get_or_init(|| Pairs::of(&self.flat));
                let places = pairs
                    .places(pair)
                    .filter_map(move |at| at.checked_sub(lead));
                let is_there = move |at: &usize| {
                    *at >= from && self.flat.as_bytes()[*at..].starts_with(words.as_bytes())
                };
                Box::new(places.filter(is_there).map(range))
            }
            _ => Box::new(
                self.flat[from..]
                    .match_indices(words)
                    .map(move |(at, _)| range(from + at)),
            ),
        }
    }

    fn not_found(&self, anchor: &Anchor, words: &str, start: usize, fit: Fit, report: &mut Report) {
        let whole = match fit {
            Fit::Words => "",
            Fit::WholeLines => " as a line of its own",
        };
        let after = if start > 0 {
            " after the beginning of the stretch"
        } else {
            ""
        };
        let diagnostic = report.error(
            Code::AnchorNotFound,
            anchor.span,
            format!(
                "`{}` stands nowhere in the text{after}{whole}",
                anchor.text.trim()
            ),
        );
        let near = longest_start(&self.flat, words);
        match near {
            Some((at, length)) => {
                let range = self.raw_range(at, at + length);
                diagnostic
                    .label(self.span(range), "the text agrees as far as here")
                    .help("copy the words from the text as they stand there, with its own quotation marks, apostrophes and dashes")
            }
            None => diagnostic.help(
                "copy a few words from the text as they stand there; white space does not matter",
            ),
        };
    }

    fn ambiguous(&self, anchor: &Anchor, found: &[Range], report: &mut Report) {
        let diagnostic = report.error(
            Code::AnchorAmbiguous,
            anchor.span,
            format!("`{}` stands more than once in the text", anchor.text.trim()),
        );
        for (range, label) in found.iter().zip(["here", "and here"]) {
            diagnostic.label(self.span(*range), label);
        }
        diagnostic.help("take in a few more words, so that it stands only once");
    }

    /// The span of a stretch of the raw text.
    pub(super) fn span(&self, range: Range) -> Span {
        Span::new(self.id, range.start, range.end)
    }

    fn raw_range(&self, start: usize, end: usize) -> Range {
        Range {
            start: self.raw_offset(start),
            end: self.raw_offset(end),
        }
    }

    fn raw_offset(&self, flat: usize) -> usize {
        let after = self.runs.partition_point(|run| run.0 <= flat);
        let (start, raw) = self.runs[after.saturating_sub(1)];
        raw + (flat - start)
    }

    fn flat_offset(&self, raw: usize) -> usize {
        let after = self.runs.partition_point(|run| run.1 <= raw);
        let (flat, start) = self.runs[after.saturating_sub(1)];
        let inside = flat + (raw - start);
        let next = self.runs.get(after).map_or(self.flat.len(), |run| run.0);
        inside.min(next)
    }

    fn is_whole_lines(&self, range: Range) -> bool {
        let blank = |text: &str| text.trim().is_empty();
        blank(&self.raw[self.line_start(range.start)..range.start])
            && blank(&self.raw[range.end..self.line_end(range.end)])
    }

    pub(super) fn line_start(&self, at: usize) -> usize {
        self.raw[..at].rfind('\n').map_or(0, |newline| newline + 1)
    }

    pub(super) fn line_end(&self, at: usize) -> usize {
        self.raw[at..]
            .find('\n')
            .map_or(self.raw.len(), |newline| at + newline)
    }
}

/// In a text of more bytes words are looked up; a smaller one is gone through.
const LARGE: usize = 1 << 18;

/// The second and third of four words or more, which are whole in the text too, and how many
/// bytes stand before them.
fn inner_pair(words: &str) -> Option<(usize, &str)> {
    let mut spaces = words.match_indices(' ').map(|(at, _)| at);
    let (first, _, third) = (spaces.next()?, spaces.next()?, spaces.next()?);
    Some((first + 1, &words[first + 1..third]))
}

/// Whether a line is like a shape in which `#` stands for a number.
fn is_like(line: &str, shape: &str) -> bool {
    let mut rest = line;
    for (number, part) in shape.split('#').enumerate() {
        if number > 0 {
            let digits = rest.trim_start_matches(|c: char| c.is_ascii_digit());
            if digits.len() == rest.len() {
                return false;
            }
            rest = digits;
        }
        match rest.strip_prefix(part) {
            Some(behind) => rest = behind,
            None => return false,
        }
    }
    rest.is_empty()
}

pub(super) fn flatten(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Where the text agrees longest with the beginning of an anchor, if with more than one
/// word of it.
fn longest_start(flat: &str, words: &str) -> Option<(usize, usize)> {
    let ends: Vec<usize> = words.match_indices(' ').map(|(at, _)| at).collect();
    // The longer beginnings stand wherever the shorter ones do not, so halving finds the
    // longest that stands anywhere.
    let found = ends.partition_point(|&end| flat.contains(&words[..end]));
    let end = *ends.get(found.checked_sub(1)?)?;
    let at = flat.find(&words[..end])?;
    (found > 1).then_some((at, end))
}
