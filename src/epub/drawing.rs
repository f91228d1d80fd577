//! A figure drawn from data as SVG: rectangles, and each glyph's outline once, used wherever
//! it stands, so that the words look the same without the book's fonts.

use std::collections::BTreeMap;
use std::fmt::Write;

use skrifa::outline::{DrawSettings, OutlinePen};
use skrifa::prelude::{LocationRef, Size};
use skrifa::{GlyphId, MetadataProvider};

use crate::figures::{Drawing, Figure};
use crate::fonts::{FaceId, FontSet};
use crate::pages::{Item, Run};
use crate::units::Length;

/// How wide figures are drawn for the e-book, where they are scaled to the screen.
const WIDTH: Length = Length::pt(320);
const TYPE: Length = Length::milli_pt(8500);

/// White round a drawing, so that on a black page nothing of it touches the black.
const EDGE: Length = Length::pt(6);
/// For readers that say that it is night. The ground changes with what stands on it: so it
/// can be seen even where the page behind is white after all. What is grey can be seen on both.
const NIGHT: &str = "@media (prefers-color-scheme: dark) { \
     .ground { fill: #161616 } .ink { fill: #dedede } .faint { fill: #555555 } }";

/// The outlines met so far, by face and glyph, in font units.
type Outlines = BTreeMap<(FaceId, u16), String>;

/// The file, and its width and height in pixels, of which there are as many as points.
pub(super) fn svg(figure: &Figure, fonts: &FontSet) -> (String, u32, u32) {
    let drawing = figure.draw(fonts, WIDTH, [TYPE, TYPE / 2]);
    let pixels = |length: Length| u32::try_from(length.0 / Length::PT.0).unwrap_or(1);
    let size = drawing.size;
    (
        written(&drawing, fonts),
        pixels(size.width + EDGE * 2),
        pixels(size.height + EDGE * 2),
    )
}

fn written(drawing: &Drawing, fonts: &FontSet) -> String {
    let mut outlines = Outlines::new();
    let mut body = String::new();
    for item in &drawing.items {
        match item {
            Item::Rule { rect, grey, .. } => {
                let (at, size) = (rect.origin, rect.size);
                let _ = writeln!(
                    body,
                    "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" {}/>",
                    hundredths(at.x),
                    hundredths(at.y),
                    hundredths(size.width),
                    hundredths(size.height),
                    tone(*grey)
                );
            }
            Item::Run(run) => words(run, fonts, &mut outlines, &mut body),
            // Figures show no pictures.
            Item::Picture { .. } => {}
        }
    }
    let edge = hundredths(EDGE);
    let (width, height) = (
        hundredths(drawing.size.width) + 2 * edge,
        hundredths(drawing.size.height) + 2 * edge,
    );
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" \
         viewBox=\"-{edge} -{edge} {width} {height}\">\n<style>{NIGHT}</style>\n<defs>\n"
    );
    for ((face, glyph), outline) in &outlines {
        let _ = writeln!(out, "<path id=\"g{}-{glyph}\" d=\"{outline}\"/>", face.0);
    }
    out.push_str("</defs>\n");
    // Readers that show white on black leave pictures as they are, so each has its own ground.
    let _ = writeln!(
        out,
        "<rect class=\"ground\" x=\"-{edge}\" y=\"-{edge}\" width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>"
    );
    out.push_str(&body);
    out.push_str("</svg>\n");
    out
}

/// The colour of what is drawn, and how it changes at night.
fn tone(grey: u8) -> String {
    let class = match grey {
        0..64 => " class=\"ink\"",
        160.. => " class=\"faint\"",
        64..160 => "",
    };
    format!("fill=\"#{grey:02x}{grey:02x}{grey:02x}\"{class}")
}

/// A run as a group in font units, the base line at its origin.
fn words(run: &Run, fonts: &FontSet, outlines: &mut Outlines, out: &mut String) {
    let face = fonts.get(run.face);
    let per_em = i64::from(face.units_per_em.max(1));
    // In millionths, of hundredths of a point to the font unit.
    let scale = run.size.0 * 100_000_000 / Length::PT.0 / per_em;
    let (whole, part) = (scale / 1_000_000, scale % 1_000_000);
    let _ = write!(
        out,
        "<g {} transform=\"translate({} {}) scale({whole}.{part:06} -{whole}.{part:06})\">",
        tone(run.grey),
        hundredths(run.origin.x),
        hundredths(run.origin.y)
    );
    let units = |length: Length| length.0 * per_em / run.size.0.max(1);
    let mut pen = Length::ZERO;
    for glyph in &run.glyphs {
        let key = (run.face, glyph.id);
        let outline = outlines.entry(key).or_insert_with(|| {
            let mut path = Path::default();
            if let Some(drawn) = face.font().outline_glyphs().get(GlyphId::from(glyph.id)) {
                let settings = DrawSettings::unhinted(Size::unscaled(), LocationRef::default());
                // A glyph that cannot be drawn leaves its space.
                let _ = drawn.draw(settings, &mut path);
            }
            path.out
        });
        if !outline.is_empty() {
            let (x, y) = (units(pen + glyph.x.into()), units(glyph.y.into()));
            let y = if y == 0 {
                String::new()
            } else {
                format!(" y=\"{y}\"")
            };
            let _ = write!(
                out,
                "<use xlink:href=\"#g{}-{}\" x=\"{x}\"{y}/>",
                key.0.0, key.1
            );
        }
        pen += glyph.advance;
    }
    out.push_str("</g>\n");
}

fn hundredths(length: Length) -> i64 {
    (length.0 * 100 + Length::PT.0 / 2).div_euclid(Length::PT.0)
}

/// Takes down an outline as the data of a path, in whole font units.
#[derive(Default)]
struct Path {
    out: String,
}

impl Path {
    fn step(&mut self, letter: char, points: &[(f32, f32)]) {
        self.out.push(letter);
        for (at, (x, y)) in points.iter().enumerate() {
            let space = if at == 0 { "" } else { " " };
            let _ = write!(self.out, "{space}{:.0} {:.0}", x, y);
        }
    }
}

impl OutlinePen for Path {
    fn move_to(&mut self, x: f32, y: f32) {
        self.step('M', &[(x, y)]);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.step('L', &[(x, y)]);
    }

    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        self.step('Q', &[(cx, cy), (x, y)]);
    }

    fn curve_to(&mut self, ax: f32, ay: f32, bx: f32, by: f32, x: f32, y: f32) {
        self.step('C', &[(ax, ay), (bx, by), (x, y)]);
    }

    fn close(&mut self) {
        self.out.push('Z');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::{Bar, Group};

    #[test]
    fn each_glyph_is_drawn_once_and_used_where_it_stands() {
        let bar = |shown: &str, value| Bar {
            label: "aaa".into(),
            shown: shown.into(),
            value,
        };
        let figure = Figure::Bars(vec![Group {
            label: "b".into(),
            bars: vec![bar("1", 100), bar("2", 200)],
        }]);
        let (svg, width, height) = svg(&figure, FontSet::built_in());
        assert_eq!(
            svg.matches("<path id=").count(),
            4,
            "a, bold b, 1 and 2: {svg}"
        );
        assert_eq!(svg.matches("<use ").count(), 9, "{svg}");
        assert_eq!(
            svg.matches("<rect ").count(),
            3,
            "the ground and two bars: {svg}"
        );
        // What is black by day and nothing else is light at night.
        let inked = svg.matches("fill=\"#000000\" class=\"ink\"").count();
        assert_eq!(inked, svg.matches("#000000").count(), "{svg}");
        assert!(svg.contains("class=\"ground\" x=\"-600\""), "{svg}");
        assert!(
            width == 332 && (40..72).contains(&height),
            "{width} {height}"
        );
    }
}
