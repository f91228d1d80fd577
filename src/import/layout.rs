//! Paragraphs out of lines: every run of white space is kept, made one space, or made a
//! paragraph break.

use super::anchor::Range;
use super::draft::{Draft, Edit, MarkKind, Role, With, offset};
use super::ledger::{Change, ChangeKind, Class};
use super::recipe::Hyphens;

/// A paragraph of the raw text.
#[derive(Clone, Debug, Default)]
pub(super) struct Paragraph {
    /// From its first character to its last, in the raw text.
    pub(super) range: Range,
    pub(super) pieces: Vec<Piece>,
    /// The raw offsets of the line ends before it that are kept, at most two.
    pub(super) newlines: Vec<u32>,
}

/// A piece of a paragraph: every character of the book's text is in one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// A stretch of the raw text as it is.
    Kept(Range),
    /// Characters that a rule put in.
    Added(String),
    /// The call of a note.
    Call(String),
    /// Markdown as it is.
    Markup(String, Role),
}

/// What a run of white space is by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Gap {
    Inline,
    Line,
    Blank,
}

/// Makes paragraphs of a text's flows, one after the other.
pub(super) struct Layout<'d> {
    raw: &'d str,
    edits: &'d [Edit],
    cuts: &'d [usize],
    /// Headings: a line end inside them is always joined.
    solid: Vec<Range>,
    verse: Vec<Range>,
    /// Where lines are set in, so that it does not begin a paragraph: quotations and lists.
    set_in: Vec<Range>,
    spacing: &'d super::draft::Spacing,
    pub(super) changes: Vec<Change>,
    paragraphs: Vec<Paragraph>,
    /// The white space since the last character, as stretches of the raw text.
    gap: Vec<Range>,
    /// Line ends in the gap that are not in the raw text: those of a left column.
    column_ends: usize,
    /// The last two characters.
    before: [Option<char>; 2],
    /// Whether a soft hyphen was the last thing removed.
    soft: bool,
}

impl<'d> Layout<'d> {
    pub(super) fn new(draft: &'d Draft<'_>) -> Layout<'d> {
        let solid = ranges(draft, |kind| {
            matches!(kind, MarkKind::Heading(_) | MarkKind::Title)
        });
        Layout {
            raw: draft.raw,
            edits: &draft.edits,
            cuts: &draft.cuts,
            solid,
            verse: ranges(draft, |kind| matches!(kind, MarkKind::Verse)),
            set_in: ranges(draft, |kind| {
                matches!(kind, MarkKind::Quote | MarkKind::List)
            }),
            spacing: &draft.spacing,
            changes: Vec::new(),
            paragraphs: Vec::new(),
            gap: Vec::new(),
            column_ends: 0,
            before: [None; 2],
            soft: false,
        }
    }

    /// The paragraphs of the running text, which is made of these stretches of the raw text,
    /// each with whether a line ends behind it that the raw text does not show; and the line
    /// end after the last one, when there is one.
    pub(super) fn flow(&mut self, stretches: &[(Range, bool)]) -> (Vec<Paragraph>, Option<u32>) {
        self.before = [None; 2];
        for &(stretch, ends_line) in stretches {
            self.stretch(stretch);
            if ends_line && !self.is_replaced(stretch.end) {
                let at = stretch.end;
                self.column_ends += 1;
                if self.gap.is_empty() {
                    self.gap.push(Range { start: at, end: at });
                }
            }
        }
        let last = self.drop_gap(1).first().copied();
        (std::mem::take(&mut self.paragraphs), last)
    }

    /// The paragraphs of something lifted out of the running text.
    pub(super) fn lifted(&mut self, stretch: Range) -> Vec<Paragraph> {
        self.before = [None; 2];
        self.stretch(stretch);
        self.drop_gap(0);
        std::mem::take(&mut self.paragraphs)
    }

    fn stretch(&mut self, stretch: Range) {
        let mut at = stretch.start;
        let mut next = self
            .edits
            .partition_point(|edit| edit.range.start < stretch.start);
        // What replaces more than one column was done with in the first.
        if let Some(before) = next.checked_sub(1).map(|before| &self.edits[before]) {
            at = at.max(before.range.end);
        }
        while at < stretch.end {
            let edit = self.edits.get(next);
            if let Some(edit) = edit.filter(|edit| edit.range.start == at) {
                self.edited(edit);
                next += 1;
                at = edit.range.end;
                if !edit.range.is_empty() {
                    continue;
                }
            }
            let limit = self
                .edits
                .get(next)
                .map_or(stretch.end, |edit| edit.range.start.clamp(at, stretch.end));
            at = self.unedited(Range {
                start: at,
                end: limit,
            });
        }
        self.end_of(stretch);
    }

    /// Whether something else stands for the character at a place and that before it.
    fn is_replaced(&self, at: usize) -> bool {
        let after = self.edits.partition_point(|edit| edit.range.start < at);
        let before = after.checked_sub(1).map(|before| &self.edits[before]);
        before.is_some_and(|edit| edit.range.end > at)
    }

    /// What stands right behind a stretch and belongs to it: the ends of emphasis, and of the
    /// text's last words their notes.
    fn end_of(&mut self, stretch: Range) {
        let first = self
            .edits
            .partition_point(|edit| edit.range.start < stretch.end);
        let edits = self.edits[first..].iter();
        let behind =
            edits.take_while(|edit| edit.range.is_empty() && edit.range.start == stretch.end);
        for edit in behind {
            let closes = matches!(edit.with, With::Markup(_, Role::Close(_)));
            if closes || stretch.end == self.raw.len() {
                self.edited(edit);
            }
        }
    }

    /// Something in place of a stretch of the raw text.
    fn edited(&mut self, edit: &Edit) {
        match &edit.with {
            With::Nothing | With::Label(_) => self.soft = edit.class == Class::SoftHyphens,
            With::Text(text) => {
                let Some(first) = text.chars().next() else {
                    return;
                };
                self.fill_gap(first, edit.range.start);
                for c in text.chars() {
                    self.passed(c);
                }
                self.push(Piece::Added(text.clone()), edit.range);
            }
            With::Call(label) => {
                self.fill_gap('1', edit.range.start);
                self.push(Piece::Call(label.clone()), edit.range);
            }
            With::Markup(markup, role) => {
                let next = self.raw[edit.range.end..].chars().next();
                if matches!(role, Role::Open(_)) && next.is_some() {
                    self.fill_gap(next.unwrap_or('x'), edit.range.start);
                }
                if !self.paragraphs.is_empty() {
                    self.push(Piece::Markup(markup.clone(), *role), edit.range);
                }
            }
        }
    }

    /// Characters of the raw text as they are.
    fn unedited(&mut self, range: Range) -> usize {
        let mut start = range.start;
        while start < range.end {
            let text = &self.raw[start..range.end];
            let is_space = text.starts_with(char::is_whitespace);
            let length = text
                .find(|c: char| c.is_whitespace() != is_space)
                .unwrap_or(text.len());
            let mut end = start + length;
            if is_space {
                self.gap.push(Range { start, end });
            } else {
                end = self.next_cut(start).map_or(end, |cut| end.min(cut));
                self.word(Range { start, end });
            }
            start = end;
        }
        range.end
    }

    /// The first forced paragraph break behind a place.
    fn next_cut(&self, at: usize) -> Option<usize> {
        let after = self.cuts.partition_point(|cut| *cut <= at);
        self.cuts.get(after).copied()
    }

    fn word(&mut self, range: Range) {
        let mut characters = self.raw[range.start..range.end].chars();
        let Some(first) = characters.next() else {
            return;
        };
        self.fill_gap(first, range.start);
        self.passed(first);
        if let Some(last) = characters.next_back() {
            self.passed(characters.next_back().unwrap_or(first));
            self.passed(last);
        }
        self.push(Piece::Kept(range), range);
    }

    fn passed(&mut self, c: char) {
        self.before = [self.before[1], Some(c)];
        self.soft = false;
    }

    fn push(&mut self, piece: Piece, range: Range) {
        let paragraph = self
            .paragraphs
            .last_mut()
            .expect("a gap before the first character begins a paragraph");
        paragraph.range.end = range.end.max(paragraph.range.end);
        match (paragraph.pieces.last_mut(), piece) {
            (Some(Piece::Kept(last)), Piece::Kept(more)) if last.end == more.start => {
                last.end = more.end;
            }
            (_, piece) => paragraph.pieces.push(piece),
        }
    }

    /// Decides what the white space before a character becomes.
    fn fill_gap(&mut self, next: char, at: usize) {
        if self.before[1].is_none() {
            // Emphasis may have begun the paragraph already.
            match self.paragraphs.is_empty() {
                true => self.begin(at),
                false => drop(self.drop_gap(0)),
            }
            return;
        }
        let cut = self.cuts.binary_search(&at).is_ok();
        if self.gap.is_empty() {
            if cut && self.is_new_start(at) {
                self.gap.push(Range { start: at, end: at });
                self.cut(at);
            }
            return;
        }
        let gap = self.measure(at);
        let joins_lines = self.spacing.lines.is_some() || self.is_solid(at);
        match gap {
            Gap::Inline if cut => self.cut(at),
            Gap::Inline => self.inline_gap(),
            Gap::Line if joins_lines && !cut && !self.ends_short(next) => {
                self.join(next, at, Class::JoinLines);
            }
            Gap::Blank if !cut && self.continues(next) => {
                self.join(next, at, Class::JoinParagraphs);
            }
            Gap::Line | Gap::Blank if within(&self.verse, at) => self.begin(at),
            Gap::Line if joins_lines && cut => {
                let whole = self.whole_gap();
                self.change(whole, Class::StartParagraph, ChangeKind::Set);
                self.begin(at);
            }
            Gap::Line | Gap::Blank => {
                if self.newlines() == 1 {
                    let whole = self.whole_gap();
                    self.change(whole, Class::LineParagraphs, ChangeKind::Set);
                }
                self.begin(at);
            }
        }
    }

    /// Begins a paragraph; of the white space before it two line ends are kept.
    fn begin(&mut self, at: usize) {
        let is_first = self.before[1].is_none();
        let newlines = self.drop_gap(if is_first { 0 } else { 2 });
        self.paragraphs.push(Paragraph {
            range: Range { start: at, end: at },
            pieces: Vec::new(),
            newlines,
        });
    }

    /// Whether the paragraph under way has anything in it.
    fn is_new_start(&self, at: usize) -> bool {
        self.paragraphs
            .last()
            .is_some_and(|paragraph| !paragraph.pieces.is_empty() && paragraph.range.start != at)
    }

    /// Begins a paragraph where the raw text has no line end.
    fn cut(&mut self, at: usize) {
        let parts = self.take_gap();
        if let Some((first, rest)) = parts.split_first() {
            let kind = ChangeKind::Replaced("\n\n".to_string());
            self.change(*first, Class::StartParagraph, kind);
            rest.iter()
                .for_each(|part| self.drop_space(part.start, part.end));
        }
        self.begin(at);
    }

    /// Empties the gap: keeps some line ends, up to a number, and records that the rest is
    /// removed. Where something was taken out of the gap, one is kept on either side of it.
    fn drop_gap(&mut self, keep: usize) -> Vec<u32> {
        let mut newlines = Vec::new();
        let parts = self.take_gap();
        for (number, part) in parts.iter().enumerate() {
            let is_last = number + 1 == parts.len();
            let limit = if is_last { keep } else { keep.min(1) };
            let mut from = part.start;
            for (at, _) in self.raw[part.start..part.end].match_indices('\n') {
                if newlines.len() >= limit {
                    break;
                }
                let at = part.start + at;
                self.drop_space(from, at);
                newlines.push(offset(at));
                from = at + 1;
            }
            self.drop_space(from, part.end);
        }
        newlines
    }

    fn take_gap(&mut self) -> Vec<Range> {
        self.column_ends = 0;
        std::mem::take(&mut self.gap)
    }

    fn drop_space(&mut self, start: usize, end: usize) {
        if start == end {
            return;
        }
        let class = if self.raw[start..end].contains('\n') {
            Class::BlankLines
        } else {
            Class::LineSpaces
        };
        self.change(Range { start, end }, class, ChangeKind::Removed);
    }

    fn change(&mut self, range: Range, class: Class, kind: ChangeKind) {
        self.changes.push(Change {
            class,
            start: offset(range.start),
            end: offset(range.end),
            kind,
        });
    }

    /// White space inside a line.
    fn inline_gap(&mut self) {
        let parts = self.take_gap();
        let text = |part: &Range| &self.raw[part.start..part.end];
        let is_odd = parts.iter().any(|part| !text(part).is_ascii());
        let is_long = parts.len() > 1 || parts.iter().any(|part| part.len() > 1);
        let class = match (is_odd, is_long) {
            (true, _) if self.spacing.odd => Class::OddSpaces,
            (false, true) if self.spacing.double => Class::DoubleSpaces,
            (true | false, true | false) => {
                self.passed(' ');
                for part in parts {
                    self.push(Piece::Kept(part), part);
                }
                return;
            }
        };
        self.replace(&parts, " ", class);
    }

    /// Makes one space, or nothing, of a gap that holds line ends.
    fn join(&mut self, next: char, at: usize, class: Class) {
        let parts = self.take_gap();
        let [before, last] = self.before;
        let after_letter = before.is_some_and(char::is_alphanumeric);
        let is_hyphen = matches!(last, Some('-' | '\u{2010}')) && after_letter && !self.soft;
        let is_dash = last == Some('—') && before.is_some_and(|c| !c.is_whitespace())
            || next == '—' && last.is_some_and(char::is_alphanumeric) && self.is_closed_up(at);
        let lines = class == Class::JoinLines;
        if self.soft {
            self.replace(&parts, "", class);
        } else if is_hyphen && self.drops_hyphen(at) {
            self.cut_hyphen();
            self.replace(&parts, "", if lines { Class::JoinLines } else { class });
        } else if is_hyphen {
            self.replace(&parts, "", if lines { Class::JoinHyphens } else { class });
        } else {
            self.replace(&parts, if is_dash { "" } else { " " }, class);
        }
    }

    /// Puts something in place of a gap, whose parts stand apart where something between
    /// them was taken out.
    fn replace(&mut self, parts: &[Range], with: &str, class: Class) {
        let Some((first, rest)) = parts.split_first() else {
            return;
        };
        let kind = if with.is_empty() {
            ChangeKind::Removed
        } else {
            ChangeKind::Replaced(with.to_string())
        };
        self.change(*first, class, kind);
        for part in rest {
            self.drop_space(part.start, part.end);
        }
        if !with.is_empty() {
            for c in with.chars() {
                self.passed(c);
            }
            self.push(Piece::Added(with.to_string()), *first);
        }
    }

    /// Takes the hyphen off the end of the paragraph so far.
    fn cut_hyphen(&mut self) {
        let last = self
            .paragraphs
            .last_mut()
            .and_then(|paragraph| paragraph.pieces.last_mut());
        let Some(Piece::Kept(range)) = last else {
            return;
        };
        let start = self.raw[range.start..range.end]
            .char_indices()
            .next_back()
            .map_or(range.end, |(at, _)| range.start + at);
        let hyphen = Range {
            start,
            end: range.end,
        };
        range.end = start;
        self.change(hyphen, Class::DropHyphens, ChangeKind::Removed);
    }

    /// Whether the hyphen before the gap is the typesetter's.
    fn drops_hyphen(&self, at: usize) -> bool {
        let first = self
            .paragraphs
            .last()
            .and_then(|paragraph| paragraph.pieces.last())
            .map_or("", |piece| match piece {
                Piece::Kept(range) => &self.raw[range.start..range.end],
                Piece::Added(_) | Piece::Call(_) | Piece::Markup(..) => "",
            });
        let first = first.rsplit(char::is_whitespace).next().unwrap_or_default();
        let second = self.raw[at..]
            .split(|c: char| !c.is_alphanumeric())
            .next()
            .unwrap_or_default();
        let word = format!("{first}{second}").to_lowercase();
        let word = word.trim_start_matches(|c: char| !c.is_alphanumeric());
        let excepted = self.spacing.except.iter().any(|except| except == word);
        (self.spacing.lines == Some(Hyphens::Drop)) != excepted && !first.is_empty()
    }

    /// Whether the dash at this place has no space behind it.
    fn is_closed_up(&self, at: usize) -> bool {
        self.raw[at..]
            .chars()
            .nth(1)
            .is_some_and(|c| !c.is_whitespace())
    }

    /// Whether the text before a paragraph break goes on behind it: the sentence has not
    /// ended, and what follows begins with a small letter.
    fn continues(&self, next: char) -> bool {
        self.spacing.paragraphs && next.is_lowercase() && !self.is_sentence_end()
    }

    fn is_sentence_end(&self) -> bool {
        let is_stop = |c: Option<char>| matches!(c, Some('.' | '!' | '?' | ':' | '…'));
        let is_closing = matches!(
            self.before[1],
            Some('”' | '’' | '"' | '\'' | '»' | ')' | ']')
        );
        is_stop(self.before[1]) || (is_closing && is_stop(self.before[0]))
    }

    fn is_solid(&self, at: usize) -> bool {
        within(&self.solid, at)
    }

    /// Whether the line before the gap ends a paragraph: it is short, and ends a sentence.
    fn ends_short(&self, next: char) -> bool {
        if self.spacing.short == 0 || next.is_lowercase() || !self.is_sentence_end() {
            return false;
        }
        let end = self.gap.first().map_or(0, |gap| gap.start);
        let start = self.raw[..end].rfind('\n').map_or(0, |at| at + 1);
        let length = self.raw[start..end].trim().chars().count();
        length < self.spacing.short
    }

    fn newlines(&self) -> usize {
        let parts = self.gap.iter();
        let ends = parts.map(|part| self.raw[part.start..part.end].matches('\n').count());
        self.column_ends + ends.sum::<usize>()
    }

    /// What the gap is: a line end counts for more where the next line is indented or begins
    /// a page.
    fn measure(&self, at: usize) -> Gap {
        let newlines = self.newlines();
        let ends_line = self.column_ends > 0
            || within(&self.set_in, at)
            || self
                .gap
                .last()
                .is_some_and(|part| self.raw[..part.end].ends_with('\n'));
        let is_page = self
            .gap
            .iter()
            .any(|part| self.raw[part.start..part.end].contains('\u{c}'));
        match newlines {
            0 if is_page => Gap::Line,
            0 => Gap::Inline,
            1 if ends_line && !is_page => Gap::Line,
            _ => Gap::Blank,
        }
    }

    /// From the first to the last of the gap.
    fn whole_gap(&self) -> Range {
        let first = self.gap.first().copied().unwrap_or_default();
        let last = self.gap.last().copied().unwrap_or_default();
        Range {
            start: first.start,
            end: last.end.max(first.end),
        }
    }
}

/// Where marks of some kinds are.
fn ranges(draft: &Draft<'_>, is_one: impl Fn(&MarkKind) -> bool) -> Vec<Range> {
    let marks = draft.marks.iter().filter(|mark| is_one(&mark.kind));
    marks.map(|mark| mark.range).collect()
}

/// Whether a place is inside one of these, and not at its beginning.
fn within(ranges: &[Range], at: usize) -> bool {
    let after = ranges.partition_point(|range| range.start < at);
    let last = after.checked_sub(1).and_then(|last| ranges.get(last));
    last.is_some_and(|range| at < range.end)
}
