//! What figures are drawn with: rectangles and words.

use harfrust::{Buffer, Direction, Font, Script, ShapeOptions, ShapePlan, ShaperFont, shape};

use crate::fonts::{Face, Family, FontSet};
use crate::pages::{Glyph, Item, Run};
use crate::units::{Length, Point, Rect, Size};

pub(super) const BLACK: u8 = 0;
pub(super) const WHITE: u8 = 255;

/// Which end of a line of words stands at its point.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// Takes down what is laid on the figure.
pub(super) struct Pencil<'f> {
    plain: Letters<'f>,
    bold: Letters<'f>,
    /// The figure's width.
    pub(super) width: Length,
    /// The size of its words, by which all else is measured, and the least that it may be.
    pub(super) size: Length,
    least: Length,
    pub(super) items: Vec<Item>,
}

/// A face made ready for shaping, which takes longer than a figure's words do.
struct Letters<'f> {
    face: &'f Face,
    font: Font,
    plan: ShapePlan,
}

impl<'f> Letters<'f> {
    fn of(face: &'f Face) -> Letters<'f> {
        let font = Font::new(face.data, 0).expect("the built-in fonts were read before");
        let script = Some(Script::LATIN);
        Letters {
            plan: ShapePlan::new(&font, Direction::LeftToRight, script, None, &[]),
            face,
            font,
        }
    }
}

impl<'f> Pencil<'f> {
    pub(super) fn new(fonts: &'f FontSet, width: Length, sizes: [Length; 2]) -> Pencil<'f> {
        let [size, least] = sizes;
        let letters = |bold| Letters::of(fonts.get(fonts.find(Family::Sans, bold, false)));
        Pencil {
            plain: letters(false),
            bold: letters(true),
            width,
            size,
            least: least.min(size),
            items: Vec::new(),
        }
    }

    /// So many tenths of the size of the words.
    pub(super) fn tenths(&self, tenths: i64) -> Length {
        self.size.scaled(tenths, 10)
    }

    /// Makes the words so much smaller that `needed` becomes no more than `room`, but not
    /// smaller than they may be.
    pub(super) fn fit(&mut self, needed: Length, room: Length) {
        if needed > room {
            let fitting = self.size.scaled(room.0.max(0), needed.0);
            self.size = fitting.at_least(self.least);
        }
    }

    /// Words in as many lines as they need in a width.
    pub(super) fn wrapped(&self, text: &str, bold: bool, width: Length) -> Vec<String> {
        let mut lines: Vec<String> = vec![String::new()];
        for word in text.split(' ') {
            let line = lines.last_mut().expect("there is always a line");
            let longer = format!("{line} {word}");
            if line.is_empty() {
                line.push_str(word);
            } else if self.measure(&longer, bold) <= width {
                *line = longer;
            } else {
                lines.push(word.to_string());
            }
        }
        lines
    }

    /// A filled rectangle.
    pub(super) fn fill(&mut self, left: Length, top: Length, size: Size, grey: u8) {
        let origin = Point { x: left, y: top };
        self.items.push(Item::Rule {
            rect: Rect { origin, size },
            grey,
            tag: None,
        });
    }

    /// A line across or down, as thick as the frames; `broken` makes dashes of it.
    pub(super) fn line(&mut self, from: Point, to: Point, broken: bool) {
        let thick = self.tenths(1) / 2;
        let (left, top) = (from.x.min(to.x), from.y.min(to.y));
        let across = from.y == to.y;
        let long = match across {
            true => from.x.max(to.x) - left,
            false => from.y.max(to.y) - top,
        };
        let dash = match broken {
            true => self.tenths(4).at_least(Length(1)),
            false => long.at_least(Length(1)),
        };
        let mut at = Length::ZERO;
        while at < long {
            let part = dash.min(long - at);
            let (x, y, width, height) = match across {
                true => (left + at, top - thick / 2, part, thick),
                false => (left - thick / 2, top + at, thick, part),
            };
            self.fill(x, y, Size { width, height }, BLACK);
            at += dash * 2;
        }
    }

    /// The width of some words.
    pub(super) fn measure(&self, text: &str, bold: bool) -> Length {
        let glyphs = self.shaped(text, bold);
        glyphs.iter().map(|glyph| glyph.advance).sum()
    }

    /// Words on a base line.
    pub(super) fn words(&mut self, text: &str, at: Point, anchor: Anchor, bold: bool) {
        let glyphs = self.shaped(text, bold);
        if glyphs.is_empty() {
            return;
        }
        let width: Length = glyphs.iter().map(|glyph| glyph.advance).sum();
        let x = match anchor {
            Anchor::Start => at.x,
            Anchor::Middle => at.x - width / 2,
            Anchor::End => at.x - width,
        };
        self.items.push(Item::Run(Run {
            face: self.letters(bold).face.id,
            size: self.size,
            expansion: 0,
            origin: Point { x, y: at.y },
            glyphs,
            text: text.to_string(),
            spoken: None,
            grey: BLACK,
            tag: None,
            span: None,
        }));
    }

    fn letters(&self, bold: bool) -> &Letters<'f> {
        if bold { &self.bold } else { &self.plain }
    }

    fn shaped(&self, text: &str, bold: bool) -> Vec<Glyph> {
        let Letters { face, font, plan } = self.letters(bold);
        let mut buffer = Buffer::new();
        buffer.push_str(text);
        buffer.set_direction(Direction::LeftToRight);
        buffer.set_script(Some(Script::LATIN));
        let options = ShapeOptions::new().plan(Some(plan));
        if shape(&ShaperFont::new(font), &mut buffer, options).is_err() {
            return Vec::new();
        }
        let length = |units| self.size.of_font_units(units, face.units_per_em);
        let placed = buffer.glyph_infos().iter().zip(buffer.glyph_positions());
        let glyphs = placed.map(|(info, place)| Glyph {
            id: u16::try_from(info.glyph_id).unwrap_or(0),
            advance: length(place.x_advance).into(),
            x: length(place.x_offset).into(),
            y: length(place.y_offset).into(),
            cluster: info.cluster,
            added_hyphen: false,
        });
        glyphs.collect()
    }
}
