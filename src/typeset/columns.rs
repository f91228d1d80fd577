//! The columns of a table: how wide each is, and where its numbers stand.

use std::sync::Arc;

use crate::edition::Target;
use crate::text::{Align, Passage, Table};
use crate::typeset::builder::{Builder, Within};
use crate::typeset::digits::whole_digits;
use crate::typeset::line::{Line, PieceLink, TextAlign};
use crate::typeset::styles::Type;
use crate::units::Length;

/// Wider than any page: what a cell is measured in.
const ENDLESS: Length = Length::pt(20_000);
/// A hair more, so that what was measured fits.
const HAIR: Length = Length(64);

/// The columns of a table: where each begins and how wide it is.
pub struct Columns {
    pub left: Vec<Length>,
    pub width: Vec<Length>,
    /// From the left edge of the first to the right edge of the last.
    pub measure: Length,
    /// By column: where the whole digits of its numbers end, from its left edge. Nothing
    /// where there are no numbers to be put one under another.
    pub digits: Vec<Option<Length>>,
    pub kind: Type,
}

/// What a column's cells want.
#[derive(Clone, Copy, Default)]
struct Wants {
    /// The width of the widest cell and of the longest word.
    whole: Length,
    word: Length,
    /// Of its numbers: how far their whole digits reach to one side of the decimal mark,
    /// and what follows them to the other.
    digits: Length,
    tail: Length,
    /// How many cells hold a number, and how many anything else.
    numbers: usize,
    words: usize,
    /// Whether its numbers stand one under another.
    in_line: bool,
}

impl Builder<'_, '_> {
    /// How wide a cell wants to be, and how wide its longest word is.
    pub fn widths_of(&self, cell: &Passage<Target>, kind: &Type) -> (Length, Length) {
        let lines = self.measured(cell, kind);
        let whole = lines.iter().map(|line| line.width).max();
        let word = lines.iter().map(|line| longest_word(line)).max();
        (whole.unwrap_or(Length::ZERO), word.unwrap_or(Length::ZERO))
    }

    /// A cell's lines where nothing but itself breaks them.
    fn measured(&self, cell: &Passage<Target>, kind: &Type) -> Vec<Arc<Line>> {
        let kind = Type {
            hyphenate: false,
            align: TextAlign::Left,
            ..*kind
        };
        let style = self.styles.paragraph(&kind, ENDLESS, Length::ZERO);
        self.setter.set(cell, &style, self.lookup).lines
    }

    /// The columns: each as wide as it wants where all fit; else narrow ones get what they
    /// want and the others share the rest. `None` when not even single words fit.
    pub fn columns(&self, table: &Table<Target>, within: &Within) -> Option<Columns> {
        let count = table.columns.len();
        if count == 0 {
            return None;
        }
        let sizes = [100, 92, 84].map(|size| Type {
            size: within.kind.size.scaled(size, 100),
            ..within.kind
        });
        sizes.into_iter().find_map(|kind| {
            let spaces = i64::try_from(count - 1).unwrap_or(0);
            let least = kind.size.min(within.measure / (spaces * 4 + 4));
            let wants = self.wants(table, &kind);
            let width = share(&wants, within.measure - least * spaces)?;
            let free = within.measure - width.iter().copied().sum::<Length>();
            // Columns that leave room move apart, as far as the eye still leads over.
            let gap = (free / spaces.max(1)).min(kind.size * 2).at_least(least);
            let spare = (free - gap * spaces).at_least(Length::ZERO);
            let mut x = within.left;
            if !self.styles.design.clear_print {
                x += spare / 2;
            }
            let mut left = Vec::with_capacity(count);
            for &width in &width {
                left.push(x);
                x += width + gap;
            }
            let of = wants.iter().zip(&table.columns).zip(&width);
            let digits = of.map(|((wants, align), width)| wants.digits_end(*align, *width));
            Some(Columns {
                digits: digits.collect(),
                measure: x - gap - left[0],
                left,
                width,
                kind,
            })
        })
    }

    /// What the cells of each column want.
    fn wants(&self, table: &Table<Target>, kind: &Type) -> Vec<Wants> {
        let mut all = vec![Wants::default(); table.columns.len()];
        let head = kind.bold();
        for (wants, cell) in all.iter_mut().zip(&table.head) {
            let (whole, word) = self.widths_of(cell, &head);
            wants.whole = whole;
            wants.word = word;
        }
        for row in &table.rows {
            for (wants, cell) in all.iter_mut().zip(row) {
                let lines = self.measured(cell, kind);
                wants.take(&lines, self.digits_of(&lines));
            }
        }
        for (wants, align) in all.iter_mut().zip(&table.columns) {
            wants.settle(*align);
        }
        all
    }

    /// Where the whole digits of a cell's number end; `None` for a cell that is no number.
    pub fn digits_of(&self, lines: &[Arc<Line>]) -> Option<Length> {
        let [line] = lines else {
            return None;
        };
        // The call of a note stands after a number and is no part of it.
        let own = |link: &PieceLink| matches!(link, PieceLink::To(Target::Note(_)));
        let pieces = || {
            line.pieces
                .iter()
                .filter(|piece| !piece.link.as_ref().is_some_and(own))
        };
        let text: String = pieces().map(|piece| piece.text.as_str()).collect();
        let mut left = whole_digits(&text, self.styles.lang.decimal_mark())?;
        for piece in pieces() {
            if left <= piece.text.len() {
                let before = |cluster: u32| (cluster as usize) < left;
                let glyphs = piece.glyphs.iter().filter(|glyph| before(glyph.cluster));
                return Some(glyphs.fold(piece.x, |x, glyph| x + glyph.advance.into()));
            }
            left -= piece.text.len();
        }
        None
    }
}

impl Wants {
    /// Adds what a cell of the body wants.
    fn take(&mut self, lines: &[Arc<Line>], digits: Option<Length>) {
        let whole = lines.iter().map(|line| line.width).max();
        let word = lines.iter().map(|line| longest_word(line)).max();
        self.whole = self.whole.max(whole.unwrap_or_default());
        self.word = self.word.max(word.unwrap_or_default());
        match (digits, whole) {
            (Some(digits), Some(whole)) => {
                self.numbers += 1;
                self.digits = self.digits.max(digits);
                self.tail = self.tail.max(whole - digits);
            }
            (None, Some(_)) => self.words += 1,
            (_, None) => {}
        }
    }

    /// Numbers in line take more room than the widest of them, and are not divided. At the
    /// left, where words stand too, a number is one word among others.
    fn settle(&mut self, align: Align) {
        self.in_line = self.numbers > 0 && (align != Align::Left || self.words == 0);
        if self.in_line {
            let block = self.digits + self.tail;
            self.whole = self.whole.max(block);
            self.word = self.word.max(block);
        }
        self.whole += HAIR;
        self.word += HAIR;
    }

    /// Where whole digits end in a column so wide: all the numbers together stand where a
    /// word as wide as they would.
    fn digits_end(&self, align: Align, width: Length) -> Option<Length> {
        let free = width - self.digits - self.tail;
        let left = match align {
            Align::Left => Length::ZERO,
            Align::Centre => free / 2,
            Align::Right => free,
        };
        self.in_line.then(|| left + self.digits)
    }
}

/// The width of the longest word on a line, with the marks that stand beside it.
fn longest_word(line: &Line) -> Length {
    let mut longest = Length::ZERO;
    let mut word = Length::ZERO;
    for piece in &line.pieces {
        for glyph in &piece.glyphs {
            let rest = piece.text.get(glyph.cluster as usize..).unwrap_or_default();
            if rest.starts_with([' ', '\u{2003}']) {
                word = Length::ZERO;
            } else {
                word += glyph.advance;
                longest = longest.max(word);
            }
        }
    }
    longest
}

/// Shares out a width among columns. Where they want more than there is, none gets less than
/// its longest word; what is left goes evenly to those that still want more. `None` when the
/// longest words alone do not fit.
fn share(wants: &[Wants], room: Length) -> Option<Vec<Length>> {
    if wants.iter().map(|wants| wants.whole).sum::<Length>() <= room {
        return Some(wants.iter().map(|wants| wants.whole).collect());
    }
    let mut widths: Vec<Length> = wants.iter().map(|wants| wants.word).collect();
    let mut left = room - widths.iter().copied().sum::<Length>();
    if left < Length::ZERO {
        return None;
    }
    loop {
        let hungry: Vec<usize> = (0..widths.len())
            .filter(|&at| widths[at] < wants[at].whole)
            .collect();
        let each = left / i64::try_from(hungry.len().max(1)).unwrap_or(1);
        if hungry.is_empty() || each <= Length::ZERO {
            return Some(widths);
        }
        for at in hungry {
            let more = each.min(wants[at].whole - widths[at]);
            widths[at] += more;
            left -= more;
        }
    }
}
