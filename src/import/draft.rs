//! The working text: the raw text, untouched, and what the rules claim of it.
//!
//! Rules only say what is to become of stretches of the raw text, by raw offsets; so none
//! of them depends on what another has done, and every character can be accounted for.

use crate::diag::{Code, Report};
use crate::source::Span;

use super::anchor::{Places, Range};
use super::ledger::{Change, ChangeKind, Class};
use super::recipe::Hyphens;

/// The raw text and all claims.
pub(super) struct Draft<'a> {
    pub(super) raw: &'a str,
    pub(super) edits: Vec<Edit>,
    /// Where a paragraph begins whatever the white space before it says.
    pub(super) cuts: Vec<usize>,
    pub(super) marks: Vec<Mark>,
    /// Lines of two columns, each with how many characters of a line are the left one's.
    pub(super) columns: Vec<(Range, usize)>,
    pub(super) spacing: Spacing,
    pub(super) changes: Vec<Change>,
    /// The rule at work, where the recipe has it.
    pub(super) rule: Option<Span>,
}

/// A stretch of the raw text that becomes something else.
#[derive(Clone, Debug)]
pub(super) struct Edit {
    pub(super) range: Range,
    pub(super) class: Class,
    pub(super) with: With,
    rule: Option<Span>,
}

/// What takes the place of a stretch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum With {
    Nothing,
    Text(String),
    /// The call of a note, by its label.
    Call(String),
    /// The label before a note's text, which the note is written with.
    Label(String),
    /// Markdown that stands for what the source's own markup says.
    Markup(String, Role),
}

/// How markup stands in its paragraph. What is opened and not closed there, or closed and
/// not opened, is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Open(u32),
    Close(u32),
    Alone,
}

/// A stretch that is set as something. Where only a place is meant, it is empty.
#[derive(Clone, Debug)]
pub(super) struct Mark {
    pub(super) range: Range,
    pub(super) kind: MarkKind,
    rule: Option<Span>,
}

/// A stretch and the rule that claims it.
#[derive(Clone, Copy)]
struct Claim {
    range: Range,
    rule: Option<Span>,
}

/// What a stretch is set as.
#[derive(Clone, Debug)]
pub(super) enum MarkKind {
    Title,
    Heading(u8),
    /// A change of scene stands before this place.
    Break,
    Quote,
    Verse,
    List,
    /// An item of a list begins here, with its number.
    Item(Option<u64>),
    /// Each paragraph is a row, the first the head.
    Table,
    /// `after`: an offset in the paragraph that it is moved behind.
    Box {
        title: Option<String>,
        after: Option<usize>,
    },
    Timeline,
    /// A date, lost in the raw text, stands before this place.
    Date(String),
    /// A note's text, by its label.
    Note(String),
    /// A picture stands above this, its caption, or before the next paragraph.
    Picture(Picture),
}

/// A picture out of a source's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Picture {
    pub(super) path: String,
    /// What it shows, in words. Where there are none the picture is left out.
    pub(super) alt: String,
}

/// What happens to white space.
#[derive(Clone, Debug, Default)]
pub(super) struct Spacing {
    /// Whether line ends are joined, and what a hyphen before them is.
    pub(super) lines: Option<Hyphens>,
    /// Words, in lower case, for which the other choice holds.
    pub(super) except: Vec<String>,
    /// A line of fewer characters that ends a sentence ends its paragraph.
    pub(super) short: usize,
    pub(super) paragraphs: bool,
    pub(super) double: bool,
    pub(super) odd: bool,
}

impl<'a> Draft<'a> {
    pub(super) fn new(raw: &'a str) -> Draft<'a> {
        Draft {
            raw,
            edits: Vec::new(),
            cuts: Vec::new(),
            marks: Vec::new(),
            columns: Vec::new(),
            spacing: Spacing::default(),
            changes: Vec::new(),
            rule: None,
        }
    }

    /// Claims that a stretch is replaced.
    pub(super) fn edit(&mut self, range: Range, class: Class, with: With) {
        self.edits.push(Edit {
            range,
            class,
            with,
            rule: self.rule,
        });
    }

    /// Claims that a stretch is removed, with the white space that only set it off.
    pub(super) fn remove(&mut self, range: Range, class: Class) {
        let range = with_space(self.raw, range);
        self.edit(range, class, With::Nothing);
    }

    /// Claims that a stretch is set as something, beginning a paragraph.
    pub(super) fn mark(&mut self, range: Range, class: Class, kind: MarkKind) {
        self.change(range, class, ChangeKind::Set);
        self.place(range, kind);
    }

    /// The same for what is counted elsewhere.
    pub(super) fn place(&mut self, range: Range, kind: MarkKind) {
        self.cuts.push(range.start);
        self.marks.push(Mark {
            range,
            kind,
            rule: self.rule,
        });
    }

    /// A picture with its caption, or at a place.
    pub(super) fn picture(&mut self, range: Range, path: &str, alt: &str) {
        if !range.is_empty() {
            self.cuts.push(range.start);
        }
        let picture = Picture {
            path: path.to_string(),
            alt: alt.to_string(),
        };
        self.marks.push(Mark {
            range,
            kind: MarkKind::Picture(picture),
            rule: self.rule,
        });
    }

    /// Records a change.
    pub(super) fn change(&mut self, range: Range, class: Class, kind: ChangeKind) {
        self.changes.push(Change {
            class,
            start: offset(range.start),
            end: offset(range.end),
            kind,
        });
    }

    /// Puts all claims in order. What lies inside a removed stretch is removed with it;
    /// claims that overlap otherwise are reported and the later one is dropped.
    pub(super) fn settle(&mut self, places: &Places<'_>, report: &mut Report) {
        self.cuts.sort_unstable();
        self.cuts.dedup();
        self.marks
            .sort_by_key(|mark| (mark.range.start, std::cmp::Reverse(mark.range.end)));
        self.edits.sort_by_key(|edit| {
            let longest = std::cmp::Reverse(edit.range.end);
            (edit.range.start, !edit.range.is_empty(), longest)
        });
        let mut kept: Vec<Edit> = Vec::with_capacity(self.edits.len());
        for edit in std::mem::take(&mut self.edits) {
            let Some(last) = kept.last() else {
                kept.push(edit);
                continue;
            };
            if edit.range.start >= last.range.end {
                kept.push(edit);
            } else if edit.is_markup() {
                // It says how words are set that are not there.
            } else if last.with != With::Nothing || edit.range.end > last.range.end {
                overlap(places, edit.claim(), last.claim(), report);
            }
        }
        self.edits = kept;
        self.check_lifted(places, report);
        self.check_marks(places, report);
        self.record_edits();
    }

    fn record_edits(&mut self) {
        for edit in &self.edits {
            if edit.is_markup() && edit.range.is_empty() {
                continue;
            }
            let kind = match &edit.with {
                With::Nothing => ChangeKind::Removed,
                With::Text(text) => ChangeKind::Replaced(text.clone()),
                With::Call(label) => ChangeKind::Replaced(format!("[^{label}]")),
                With::Label(label) => ChangeKind::Replaced(format!("[^{label}]: ")),
                With::Markup(markup, _) => ChangeKind::Replaced(markup.clone()),
            };
            self.changes.push(Change {
                class: edit.class,
                start: offset(edit.range.start),
                end: offset(edit.range.end),
                kind,
            });
        }
    }

    /// What begins inside a removed stretch cannot be set as anything; a box or a note is
    /// edited either inside or outside.
    fn check_marks(&mut self, places: &Places<'_>, report: &mut Report) {
        let mut marks = std::mem::take(&mut self.marks);
        marks.retain(|mark| {
            let (start, end) = (mark.range.start, mark.range.end);
            let fault = if matches!(mark.kind, MarkKind::List | MarkKind::Picture(_)) {
                // A list begins with a bullet, which is taken away; a picture is no text.
                None
            } else if mark.is_lifted() {
                self.edit_over(start).or_else(|| self.edit_over(end))
            } else {
                self.edits
                    .get(self.last_edit_from(start))
                    .filter(|edit| edit.range.contains(start))
                    .map(Edit::claim)
            };
            // What a file's markup says goes with the words that a rule takes out.
            if let Some(edit) = fault.filter(|_| mark.rule.is_some()) {
                overlap(places, mark.claim(), edit, report);
            }
            fault.is_none()
        });
        self.marks = marks;
    }

    /// The edit that reaches over a place, when it is about more than white space on one
    /// side; otherwise it is cut off there.
    fn edit_over(&mut self, at: usize) -> Option<Claim> {
        let last = self.last_edit_from(at);
        let edit = self.edits.get_mut(last)?;
        let range = edit.range;
        if at <= range.start || range.end <= at {
            return None;
        }
        let is_space = |text: &str| text.trim().is_empty();
        if edit.with == With::Nothing && is_space(&self.raw[at..range.end]) {
            edit.range.end = at;
            None
        } else if edit.with == With::Nothing && is_space(&self.raw[range.start..at]) {
            edit.range.start = at;
            None
        } else {
            Some(edit.claim())
        }
    }

    /// The number of the last edit that begins at a place or before it.
    fn last_edit_from(&self, at: usize) -> usize {
        let after = self.edits.partition_point(|edit| edit.range.start <= at);
        after.wrapping_sub(1)
    }

    /// Boxes and notes stand outside the running text, so none may reach into another.
    fn check_lifted(&mut self, places: &Places<'_>, report: &mut Report) {
        let mut last: Option<Claim> = None;
        self.marks.retain(|mark| {
            if !mark.is_lifted() {
                return true;
            }
            match last {
                Some(before) if mark.range.start < before.range.end => {
                    overlap(places, mark.claim(), before, report);
                    false
                }
                _ => {
                    last = Some(mark.claim());
                    true
                }
            }
        });
    }
}

impl Edit {
    fn is_markup(&self) -> bool {
        matches!(self.with, With::Markup(..))
    }

    fn claim(&self) -> Claim {
        Claim {
            range: self.range,
            rule: self.rule,
        }
    }
}

impl Mark {
    fn claim(&self) -> Claim {
        Claim {
            range: self.range,
            rule: self.rule,
        }
    }

    /// Whether it is taken out of the running text.
    pub(super) fn is_lifted(&self) -> bool {
        matches!(self.kind, MarkKind::Box { .. } | MarkKind::Note(_))
    }
}

fn overlap(places: &Places<'_>, later: Claim, earlier: Claim, report: &mut Report) {
    let (place, other) = (places.span(later.range), places.span(earlier.range));
    let diagnostic = report.error(
        Code::OverlappingRules,
        later.rule.unwrap_or(place),
        "this rule and another claim the same passage",
    );
    if let Some(rule) = earlier.rule {
        diagnostic.label(rule, "the other rule");
    }
    diagnostic
        .label(place, "this rule claims this")
        .label(other, "the other claims this")
        .help("let one of them end before the other begins");
}

/// A stretch with the white space that only set it off: that behind it where it makes whole
/// lines, that before it where it is the end of a line.
fn with_space(raw: &str, range: Range) -> Range {
    let before = &raw[..range.start];
    let behind = &raw[range.end..];
    let trimmed = before.trim_end();
    let is_line_start = trimmed.is_empty() || before[trimmed.len()..].contains('\n');
    let gap = behind.len() - behind.trim_start().len();
    let is_line_end = gap == behind.len() || behind[..gap].contains('\n');
    match (is_line_start, is_line_end) {
        (true, true) if gap < behind.len() => Range {
            start: range.start,
            end: range.end + gap,
        },
        (false, true) => Range {
            start: trimmed.len(),
            end: range.end,
        },
        (false, false) if gap > 0 => Range {
            start: trimmed.len(),
            end: range.end,
        },
        (true, _) | (false, false) => range,
    }
}

/// An offset as spans and changes hold it; inputs are never that large.
pub(super) fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
