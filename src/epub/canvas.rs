//! A picture in flat colours: areas, outlines and lines of type.

use harfrust::{Buffer, Feature, Font, ShapeOptions, ShaperFont, Tag, shape};
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder};
use skrifa::MetadataProvider;
use skrifa::outline::{DrawSettings, OutlinePen};
use skrifa::prelude::{LocationRef, Size};
use zeno::{Command, Mask, Point, Scratch};

use crate::fonts::Face;

/// Red, green, blue.
pub(super) type Colour = [u8; 3];

/// The picture.
pub(super) struct Canvas {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
    scratch: Scratch,
}

/// A line of type: an outline whose base line begins at the origin, at one pixel to the
/// font unit.
pub(super) struct Line {
    glyphs: Vec<(u32, i32)>,
    pub width: u32,
    per_em: u32,
}

/// Lines that are wider all count the same: no cover has room for them.
const WIDEST: u32 = 10_000_000;

/// A face ready to be shaped and drawn.
pub(super) struct Pen<'f> {
    face: &'f Face,
    font: Font,
}

impl<'f> Pen<'f> {
    pub(super) fn new(face: &'f Face) -> Pen<'f> {
        Pen {
            face,
            font: Font::new(face.data, 0).expect("the built-in fonts were read before"),
        }
    }

    /// Shapes a line, each letter `spaced` thousandths of an em from the next.
    pub(super) fn line(&self, text: &str, spaced: i32) -> Line {
        let mut buffer = Buffer::new();
        buffer.push_str(text);
        buffer.guess_segment_properties();
        let font = ShaperFont::new(&self.font);
        // Only capitals are spaced, and among them figures are as tall as they are.
        let lining = [Feature::new(Tag::new(b"lnum"), u32::from(spaced > 0), ..)];
        let options = ShapeOptions::new().features(&lining);
        let mut glyphs = Vec::new();
        let mut pen = 0;
        let extra = spaced * i32::from(self.face.units_per_em) / 1000;
        if shape(&font, &mut buffer, options).is_ok() {
            for (info, position) in buffer.glyph_infos().iter().zip(buffer.glyph_positions()) {
                // What the face does not have is left out.
                if info.glyph_id != 0 {
                    glyphs.push((info.glyph_id, pen + position.x_offset));
                    pen += position.x_advance + extra;
                }
            }
        }
        Line {
            glyphs,
            width: u32::try_from(pen - extra).unwrap_or(0),
            per_em: u32::from(self.face.units_per_em).max(1),
        }
    }

    /// A line's width in thousandths of the em.
    pub(super) fn measure(&self, text: &str) -> u32 {
        self.line(text, 0).at(1000)
    }

    /// The height of capitals, in thousandths of the em.
    pub(super) fn cap_height(&self) -> u32 {
        let cap = u32::try_from(self.face.cap_height).unwrap_or(0);
        cap * 1000 / u32::from(self.face.units_per_em).max(1)
    }
}

impl Line {
    /// The width in pixels at a size.
    pub(super) fn at(&self, size: u32) -> u32 {
        let width = u64::from(self.width) * u64::from(size) / u64::from(self.per_em);
        u32::try_from(width).unwrap_or(WIDEST).min(WIDEST)
    }
}

impl Canvas {
    pub(super) fn new(width: usize, height: usize, ground: Colour) -> Canvas {
        Canvas {
            width,
            height,
            pixels: ground.repeat(width * height),
            scratch: Scratch::new(),
        }
    }

    /// Fills a rectangle, from its upper left corner.
    pub(super) fn fill(&mut self, x: u32, y: u32, width: u32, height: u32, colour: Colour) {
        let (x, y) = (x as usize, y as usize);
        let right = (x + width as usize).min(self.width);
        let bottom = (y + height as usize).min(self.height);
        if x >= right {
            return;
        }
        let row = colour.repeat(right - x);
        for y in y..bottom {
            let start = (y * self.width + x) * 3;
            self.pixels[start..start + row.len()].copy_from_slice(&row);
        }
    }

    /// Fills an outline.
    pub(super) fn outline(&mut self, outline: &[Command], colour: Colour) {
        let (mask, placement) = Mask::with_scratch(outline, &mut self.scratch).render();
        let (mask_width, left, top) = (placement.width as usize, placement.left, placement.top);
        if mask_width == 0 {
            return;
        }
        for (row, coverage) in mask.chunks_exact(mask_width).enumerate() {
            let y = i64::from(top) + i64::try_from(row).unwrap_or(0);
            let Some(y) = usize::try_from(y).ok().filter(|y| *y < self.height) else {
                continue;
            };
            let skipped = usize::try_from(-i64::from(left)).unwrap_or(0);
            let x = usize::try_from(left).unwrap_or(0).min(self.width);
            let start = (y * self.width + x) * 3;
            let pixels = &mut self.pixels[start..(y + 1) * self.width * 3];
            let coverage = coverage.get(skipped..).unwrap_or(&[]);
            for (pixel, &alpha) in pixels.chunks_exact_mut(3).zip(coverage) {
                blend(pixel, colour, alpha);
            }
        }
    }

    /// Sets a line with its base line's start at a point.
    pub(super) fn text(
        &mut self,
        pen: &Pen<'_>,
        line: &Line,
        x: u32,
        y: u32,
        size: u32,
        colour: Colour,
    ) {
        let font = pen.face.font();
        let outlines = font.outline_glyphs();
        let scale = size as f32 / line.per_em as f32;
        let mut path = Path {
            scale,
            x: 0.0,
            y: y as f32,
            commands: Vec::new(),
        };
        let settings = || DrawSettings::unhinted(Size::unscaled(), LocationRef::default());
        for &(glyph, at) in &line.glyphs {
            path.x = x as f32 + at as f32 * scale;
            if let Some(outline) = outlines.get(skrifa::GlyphId::new(glyph)) {
                // A glyph that cannot be drawn is left out, like one that is not there.
                let _ = outline.draw(settings(), &mut path);
            }
        }
        self.outline(&path.commands, colour);
    }

    /// The picture as a PNG file. Rows of flat colour are told from the row above them, so
    /// that hardly anything is left to pack.
    pub(super) fn png(&self) -> Vec<u8> {
        let mut png = Vec::new();
        let encoder = PngEncoder::new_with_quality(&mut png, CompressionType::Fast, FilterType::Up);
        let side = |pixels: usize| u32::try_from(pixels).expect("a few thousand pixels");
        encoder
            .write_image(
                &self.pixels,
                side(self.width),
                side(self.height),
                ExtendedColorType::Rgb8,
            )
            .expect("a picture of that size can be encoded in memory");
        png
    }
}

fn blend(pixel: &mut [u8], colour: Colour, alpha: u8) {
    match alpha {
        0 => {}
        255 => pixel.copy_from_slice(&colour),
        _ => {
            for (under, over) in pixel.iter_mut().zip(colour) {
                *under = mixed(*under, over, alpha);
            }
        }
    }
}

/// `over` laid on `under`, opaque at 255.
pub(super) fn mixed(under: u8, over: u8, alpha: u8) -> u8 {
    let (under, over, alpha) = (u32::from(under), u32::from(over), u32::from(alpha));
    let sum = under * (255 - alpha) + over * alpha;
    u8::try_from((sum + 127) / 255).unwrap_or(u8::MAX)
}

/// Takes down glyphs' outlines, upright on the picture.
struct Path {
    scale: f32,
    x: f32,
    y: f32,
    commands: Vec<Command>,
}

impl Path {
    fn point(&self, x: f32, y: f32) -> Point {
        Point::new(self.x + x * self.scale, self.y - y * self.scale)
    }
}

impl OutlinePen for Path {
    fn move_to(&mut self, x: f32, y: f32) {
        self.commands.push(Command::MoveTo(self.point(x, y)));
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.commands.push(Command::LineTo(self.point(x, y)));
    }

    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        let (control, end) = (self.point(cx, cy), self.point(x, y));
        self.commands.push(Command::QuadTo(control, end));
    }

    fn curve_to(&mut self, ax: f32, ay: f32, bx: f32, by: f32, x: f32, y: f32) {
        let (a, b, end) = (self.point(ax, ay), self.point(bx, by), self.point(x, y));
        self.commands.push(Command::CurveTo(a, b, end));
    }

    fn close(&mut self) {
        self.commands.push(Command::Close);
    }
}
