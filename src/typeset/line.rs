//! What a paragraph becomes: lines of placed pieces, and the style that it is set in.

use std::sync::Arc;

use crate::edition::{NoteId, Target};
use crate::fonts::{FaceId, Family};
use crate::pages::Glyph;
use crate::source::{PassageId, Span};
use crate::text::Lang;
use crate::units::Length;

/// How a paragraph is set. Lengths are absolute.
#[derive(Clone, Debug, PartialEq)]
pub struct ParagraphStyle {
    pub family: Family,
    /// The face of unmarked words; emphasis inside turns italic to upright and back.
    pub bold: bool,
    pub italic: bool,
    pub size: Length,
    /// The width from margin to margin.
    pub measure: Length,
    /// Left indents of the first line and of all others, and the right indent of all.
    pub first_indent: Length,
    pub left_indent: Length,
    pub right_indent: Length,
    /// How many lines have the first one's indent: more than one beside an initial.
    pub firsts: usize,
    /// An initial, where the first letter is to be one.
    pub drop: Option<DropCapital>,
    pub align: TextAlign,
    pub hyphenate: bool,
    pub figures: Figures,
    /// How much wider word spaces are than the face's own, in thousandths.
    pub wider_spaces: i16,
    /// All letters as small capitals, spaced by this much of an em in thousandths.
    pub small_caps: bool,
    pub letterspace: i16,
    pub lang: Lang,
    pub grey: u8,
    /// Nothing is italic: what would be is bold. Calls of notes are as large as the text.
    pub clear_print: bool,
    /// Acronyms of two capitals or more are set in small capitals.
    pub acronyms: bool,
}

/// A first letter that is as high as several lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DropCapital {
    pub lines: usize,
    pub leading: Length,
    /// How far a mark before it may stand out to the left.
    pub margin: Length,
}

/// How the lines of a paragraph end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextAlign {
    Justified,
    Left,
    Centre,
    Right,
}

/// The shape of figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figures {
    /// Old-style and proportional, for running text.
    OldStyle,
    /// Lining and proportional, among capitals.
    Lining,
    /// Lining and of one width, for columns of numbers.
    Tabular,
}

/// One line, its pieces placed from the left edge of the measure.
#[derive(Clone, Debug, Default)]
pub struct Line {
    pub pieces: Vec<Piece>,
    /// Where the set text ends, from the left edge of the measure.
    pub width: Length,
    /// The first byte of the passage's plain text on this line.
    pub start: u32,
    /// The notes called on this line, in order.
    pub calls: Vec<NoteId>,
    /// Whether the break after it divides a word.
    pub hyphenated: bool,
    /// More than the measure holds, and nothing to be done about it.
    pub overfull: bool,
}

/// Glyphs of one face on a line, all of one reference and one language.
#[derive(Clone, Debug)]
pub struct Piece {
    pub face: FaceId,
    pub size: Length,
    /// How much wider than they are drawn its letters are set, in thousandths.
    pub expansion: i16,
    /// From the left edge of the measure.
    pub x: Length,
    /// Above the base line.
    pub rise: Length,
    pub glyphs: Vec<Glyph>,
    pub text: String,
    /// What it is read and copied as, where that is not its text: see [`crate::pages::Run`].
    pub spoken: Option<String>,
    pub width: Length,
    pub grey: u8,
    /// What a click on it leads to.
    pub link: Option<PieceLink>,
    /// Where it differs from the paragraph's.
    pub lang: Option<Lang>,
    pub span: Option<Span>,
}

/// What a piece leads to.
#[derive(Clone, Debug, PartialEq)]
pub enum PieceLink {
    /// The reference that it is part of.
    To(Target),
    /// One page number among the places of a [`Target::Pages`].
    Page(crate::source::Position),
}

/// Where lines begin beside an initial, and how many of them do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Beside {
    pub indent: Length,
    pub lines: usize,
}

/// A passage set in lines.
#[derive(Clone, Debug)]
pub struct SetPassage {
    pub passage: PassageId,
    pub lines: Vec<Arc<Line>>,
    /// Its initial, if it has one.
    pub beside: Option<Beside>,
}
