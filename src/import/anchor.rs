//! Finds a recipe's anchors: a few words that stand once in the raw text.
//!
//! An anchor is looked for in the text as it is in the file, whatever other rules do there,
//! and any white space in it matches any white space of the text, so that it may run over a
//! line end.

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
        }
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
        let end = self.flat_offset(end);
        if words.is_empty() {
            return Vec::new();
        }
        self.flat[..end]
            .match_indices(&words)
            .map(|(at, _)| self.raw_range(at, at + words.len()))
            .take(2)
            .collect()
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
    fn matches(&self, words: &str, start: usize) -> impl Iterator<Item = Range> {
        let from = if words.is_empty() {
            self.flat.len()
        } else {
            self.flat_offset(start)
        };
        self.flat[from..]
            .match_indices(words)
            .filter(|(_, found)| !found.is_empty())
            .map(move |(at, found)| self.raw_range(from + at, from + at + found.len()))
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

    fn line_start(&self, at: usize) -> usize {
        self.raw[..at].rfind('\n').map_or(0, |newline| newline + 1)
    }

    fn line_end(&self, at: usize) -> usize {
        self.raw[at..]
            .find('\n')
            .map_or(self.raw.len(), |newline| at + newline)
    }
}

fn flatten(words: &str) -> String {
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
