//! DropCapital capitals: the first letter of a chapter, as high as several lines that stand beside it.

use std::sync::Arc;

use crate::edition::Target;
use crate::fonts::FaceId;
use crate::pages::Glyph;
use crate::typeset::flow::{Flow, Run, RunKind, offset};
use crate::typeset::line::{DropCapital, Line, ParagraphStyle, Piece, PieceLink};
use crate::typeset::shape::{Capitals, Features, Scale, Shapes};
use crate::units::Length;

/// The first letter of a paragraph with the marks before it, taken out of its text.
pub struct Initial {
    /// The opening quotation mark, if any, and the letter.
    pieces: Vec<Piece>,
    /// The characters taken, and the space after them where they are a word.
    text: String,
    /// Where the lines beside it begin, and how many there are.
    pub indent: Length,
    pub lines: usize,
}

/// The letter as it is set, its ink measured from its origin.
struct Letter {
    piece: Piece,
    ink: Ink,
}

struct Ink {
    left: Length,
    right: Length,
    /// Whether it reaches below the base line so far that the line there must make way.
    hangs: bool,
}

/// Takes the first letter out of a paragraph's text. `None` where it begins otherwise than
/// with a capital, or where too little room would be left beside it.
pub fn take(
    flow: &mut Flow,
    style: &ParagraphStyle,
    drop: &DropCapital,
    shapes: &mut Shapes,
) -> Option<Initial> {
    let (marks, end) = extent(&flow.text)?;
    let letter = letter(flow, style, drop, (marks, end), shapes)?;
    let mark = match flow.text[..marks].trim_end() {
        "" => None,
        mark => Some(opening(flow, style, offset(mark.len()), shapes)?),
    };
    let rest = flow.text[end..].trim_start_matches(' ');
    let is_word = rest.len() < flow.text.len() - end;
    // What goes on with the letter stands closer than another word.
    let gap = match is_word {
        true => style.size / 4,
        false => style.size / 6,
    };
    let Ink { left, right, .. } = letter.ink;
    let mut pieces = Vec::with_capacity(2);
    let mut x = -left;
    if let Some(mut mark) = mark {
        let wide = mark.width + style.size / 20;
        // Where there is no margin for it, the mark pushes the letter in.
        let inside = match wide > drop.margin {
            true => wide,
            false => Length::ZERO,
        };
        mark.x = inside - wide;
        x += inside;
        pieces.push(mark);
    }
    let indent = x + right + gap;
    if indent > (style.measure - style.right_indent) / 3 {
        return None;
    }
    pieces.push(Piece { x, ..letter.piece });
    let mut text = flow.text[..end].to_string();
    if is_word {
        text.push(' ');
    }
    flow.cut(offset(end));
    Some(Initial {
        pieces,
        text,
        indent,
        lines: drop.lines + usize::from(letter.ink.hangs),
    })
}

/// Where the letter of an initial begins and ends. Something must follow it.
fn extent(text: &str) -> Option<(usize, usize)> {
    let opens = |c: &char| "“‘«‹„‚\"'¿¡([ \u{a0}\u{202f}".contains(*c);
    let marks: usize = text.chars().take_while(opens).map(char::len_utf8).sum();
    let mut rest = text[marks..].chars();
    let letter = rest.next().filter(|c| c.is_uppercase())?;
    let is_accent = |c: &char| matches!(c, '\u{300}'..='\u{36f}');
    let accents: usize = rest.take_while(is_accent).map(char::len_utf8).sum();
    let end = marks + letter.len_utf8() + accents;
    let goes_on = text[end..].contains(|c: char| !c.is_whitespace());
    (goes_on && marks <= 12).then_some((marks, end))
}

/// The letter: its head level with the capitals of the first line, its foot on the last
/// line's base.
fn letter(
    flow: &Flow,
    style: &ParagraphStyle,
    drop: &DropCapital,
    (from, to): (usize, usize),
    shapes: &mut Shapes,
) -> Option<Letter> {
    let run = flow.run_at(offset(from))?;
    let words = run.kind == RunKind::Words && run.rise == Length::ZERO;
    if !words || flow.run_at(offset(to - 1)) != Some(run) {
        return None;
    }
    let fonts = shapes.fonts();
    let face = fonts.get(run.face);
    let body = fonts.get(fonts.find(style.family, style.bold, style.italic));
    let capital = style
        .size
        .of_font_units(i32::from(body.cap_height), body.units_per_em);
    let below = drop.leading * i64::try_from(drop.lines.saturating_sub(1)).unwrap_or(0);
    let per_em = i64::from(face.units_per_em);
    let size = (below + capital).scaled(per_em, i64::from(face.cap_height.max(1)));
    let piece = piece(flow, run, (from, to), size, style, shapes)?;
    let glyph = piece.glyphs.first()?;
    let ink = face.ink(glyph.id)?;
    let scale = Scale::new(size, face.units_per_em);
    Some(Letter {
        ink: Ink {
            left: scale.of(ink.left),
            right: scale.of(ink.right),
            hangs: scale.of(-ink.bottom) > drop.leading / 4,
        },
        piece: Piece {
            rise: -below,
            ..piece
        },
    })
}

/// The marks before the letter, as small as the text.
fn opening(flow: &Flow, style: &ParagraphStyle, to: u32, shapes: &mut Shapes) -> Option<Piece> {
    let run = flow.run_at(0)?;
    piece(flow, run, (0, to as usize), run.size, style, shapes)
}

/// Some of the text in a size of its own; `None` where the face lacks a glyph for it.
fn piece(
    flow: &Flow,
    run: &Run,
    (from, to): (usize, usize),
    size: Length,
    style: &ParagraphStyle,
    shapes: &mut Shapes,
) -> Option<Piece> {
    let text = &flow.text[from..to];
    let face: FaceId = run.face;
    let features = Features {
        figures: style.figures,
        capitals: Capitals::AsWritten,
        superior: false,
        ligatures: true,
    };
    let variant = shapes.variant(face, features);
    let scale = Scale::new(size, shapes.fonts().get(face).units_per_em);
    let shaped = shapes.shape(variant, text);
    let shaped = shapes.word(shaped);
    if shaped.incomplete {
        return None;
    }
    let glyphs: Vec<Glyph> = shaped
        .glyphs
        .iter()
        .map(|glyph| Glyph {
            id: glyph.id,
            advance: scale.of(glyph.advance).into(),
            x: scale.of(glyph.x).into(),
            y: scale.of(glyph.y).into(),
            cluster: glyph.cluster,
            added_hyphen: false,
        })
        .collect();
    Some(Piece {
        face,
        size,
        expansion: 0,
        x: Length::ZERO,
        rise: Length::ZERO,
        width: glyphs.iter().map(|glyph| glyph.advance).sum(),
        glyphs,
        text: text.to_string(),
        spoken: None,
        grey: style.grey,
        link: run.link.clone(),
        lang: run.lang.clone(),
        span: flow.span(run, offset(from), offset(to)),
    })
}

impl Initial {
    /// Puts it before the first of the lines that stand beside it. The word that it begins is
    /// then read and copied as one, from where its other letters stand.
    pub fn put(mut self, lines: &mut [Arc<Line>]) {
        let Some(line) = lines.first_mut().map(Arc::make_mut) else {
            return;
        };
        if let Some(end) = line.pieces.first().and_then(word_end) {
            divide(&mut line.pieces, end);
            let word = &mut line.pieces[0];
            word.spoken = Some(format!("{}{}", self.text, word.text));
            for piece in &mut self.pieces {
                piece.spoken = Some(String::new());
            }
        }
        line.pieces.splice(0..0, self.pieces);
        line.start = 0;
    }
}

/// Where the word ends that a piece begins with; `None` where that is the call of a note, or
/// in the midst of a ligature.
fn word_end(piece: &Piece) -> Option<usize> {
    if let Some(PieceLink::To(Target::Note(_))) = piece.link {
        return None;
    }
    let added = piece.glyphs.iter().find(|glyph| glyph.added_hyphen);
    let most = added.map_or(piece.text.len(), |glyph| glyph.cluster as usize);
    let text = &piece.text[..most];
    let end = text.find(char::is_whitespace).unwrap_or(most);
    let whole = end == piece.text.len();
    let starts = |glyph: &Glyph| glyph.cluster as usize == end;
    (end > 0 && (whole || piece.glyphs.iter().any(starts))).then_some(end)
}

/// Divides the first piece at that byte of its text.
fn divide(pieces: &mut Vec<Piece>, end: usize) {
    let first = &mut pieces[0];
    if end == first.text.len() {
        return;
    }
    let from = offset(end);
    let at = first.glyphs.iter().position(|glyph| glyph.cluster >= from);
    let mut rest = first.clone();
    rest.glyphs.drain(..at.unwrap_or(first.glyphs.len()));
    rest.glyphs
        .iter_mut()
        .for_each(|glyph| glyph.cluster -= from);
    first.glyphs.truncate(at.unwrap_or(first.glyphs.len()));
    first.width = first.glyphs.iter().map(|glyph| glyph.advance).sum();
    rest.x = first.x + first.width;
    rest.width -= first.width;
    rest.text.drain(..end);
    first.text.truncate(end);
    if let Some(span) = rest.span
        && (span.end - span.start) as usize == end + rest.text.len()
    {
        first.span = Some(span.part(0, end));
        rest.span = Some(span.part(end, end + rest.text.len()));
    }
    pieces.insert(1, rest);
}

#[cfg(test)]
mod tests;
