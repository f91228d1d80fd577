//! A drawing as flat shapes, or as pixels where it has what flat shapes have not.

use resvg::tiny_skia::{self, PathSegment, Pixmap, Transform};
use resvg::usvg::{Color, FillRule, Group, Node, Options, Paint, PaintOrder, Path, Tree};

use super::Drawing;
use crate::pages::{Shape, Step};
use crate::units::{Length, Point};

/// More pixels than a page at 600 to the inch has.
const MOST_PIXELS: u64 = 40_000_000;
/// Curves that strokes leave behind are true to an eighth of a pixel.
const FINE: f32 = 8.0;

/// A drawing painted: rows of red, green and blue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pixels {
    pub width: u32,
    pub height: u32,
    pub samples: Vec<u8>,
}

/// The drawing's shapes, each in one colour, the first undermost, in points at its own size.
/// `None` when it has what no flat shape can show: shades, patterns, masks, clipped parts.
pub fn shapes(drawing: &Drawing) -> Option<Vec<Shape>> {
    let tree = Tree::from_str(&drawing.text, &Options::default()).ok()?;
    let mut shapes = Vec::new();
    gather(tree.root(), &mut shapes)?;
    Some(shapes)
}

/// Paints the text of a drawing so many pixels wide as is said of its own width and height, or
/// less where that were too many; `None` for what is no drawing.
pub fn pixels(text: &str, wide: impl Fn(u32, u32) -> u32) -> Option<Pixels> {
    let tree = Tree::from_str(text, &Options::default()).ok()?;
    let size = tree.size().to_int_size();
    let (across, down) = (u64::from(size.width()), u64::from(size.height()));
    let mut wide = u64::from(wide(size.width(), size.height()).max(1));
    let high = |wide: u64| (wide * down / across).max(1);
    while wide > 1 && wide * high(wide) > MOST_PIXELS {
        wide = wide * 9 / 10;
    }
    let (wide, high) = (u32::try_from(wide).ok()?, u32::try_from(high(wide)).ok()?);
    let mut pixmap = Pixmap::new(wide, high)?;
    pixmap.fill(tiny_skia::Color::WHITE);
    let scale = Transform::from_scale(
        wide as f32 / tree.size().width(),
        high as f32 / tree.size().height(),
    );
    resvg::render(&tree, scale, &mut pixmap.as_mut());
    let opaque = pixmap.data().chunks_exact(4);
    Some(Pixels {
        width: wide,
        height: high,
        samples: opaque
            .flat_map(|pixel| [pixel[0], pixel[1], pixel[2]])
            .collect(),
    })
}

fn gather(group: &Group, shapes: &mut Vec<Shape>) -> Option<()> {
    if group.should_isolate() {
        return None;
    }
    for node in group.children() {
        match node {
            Node::Group(group) => gather(group, shapes)?,
            Node::Path(path) if path.is_visible() => flat(path, shapes)?,
            Node::Path(_) => {}
            Node::Image(_) | Node::Text(_) => return None,
        }
    }
    Some(())
}

/// What a path paints: its area, and its line as an area of its own.
fn flat(path: &Path, shapes: &mut Vec<Shape>) -> Option<()> {
    let turned = path.abs_transform();
    let fill = match path.fill() {
        Some(fill) => {
            let even_odd = fill.rule() == FillRule::EvenOdd;
            let colour = colour(fill.paint())?;
            shape(
                path.data(),
                turned,
                colour,
                fill.opacity().to_u8(),
                even_odd,
            )
        }
        None => None,
    };
    let line = match path.stroke() {
        Some(stroke) => {
            let colour = colour(stroke.paint())?;
            let pen = stroke.to_tiny_skia();
            let dashed = match &pen.dash {
                Some(dash) => path.data().dash(dash, FINE),
                None => None,
            };
            let drawn = dashed.as_ref().unwrap_or(path.data()).stroke(&pen, FINE);
            drawn.and_then(|line| shape(&line, turned, colour, stroke.opacity().to_u8(), false))
        }
        None => None,
    };
    match path.paint_order() {
        PaintOrder::FillAndStroke => shapes.extend([fill, line].into_iter().flatten()),
        PaintOrder::StrokeAndFill => shapes.extend([line, fill].into_iter().flatten()),
    }
    Some(())
}

fn colour(paint: &Paint) -> Option<[u8; 3]> {
    match paint {
        Paint::Color(Color { red, green, blue }) => Some([*red, *green, *blue]),
        Paint::LinearGradient(_) | Paint::RadialGradient(_) | Paint::Pattern(_) => None,
    }
}

/// An area as it stands in the drawing; `None` for one that covers nothing.
fn shape(
    path: &tiny_skia::Path,
    turned: Transform,
    colour: [u8; 3],
    alpha: u8,
    even_odd: bool,
) -> Option<Shape> {
    let path = path.clone().transform(turned)?;
    let mut steps = Vec::new();
    let mut at = tiny_skia::Point::zero();
    for segment in path.segments() {
        let (step, end) = match segment {
            PathSegment::MoveTo(end) => (Step::Move(point(end)), end),
            PathSegment::LineTo(end) => (Step::Line(point(end)), end),
            PathSegment::QuadTo(control, end) => {
                let towards = |from: tiny_skia::Point| {
                    let third = |from: f32, to: f32| from + (to - from) * 2.0 / 3.0;
                    let (x, y) = (third(from.x, control.x), third(from.y, control.y));
                    point(tiny_skia::Point::from_xy(x, y))
                };
                (Step::Curve([towards(at), towards(end), point(end)]), end)
            }
            PathSegment::CubicTo(a, b, end) => (Step::Curve([point(a), point(b), point(end)]), end),
            PathSegment::Close => (Step::Close, at),
        };
        steps.push(step);
        at = end;
    }
    Some(Shape {
        steps,
        colour,
        alpha,
        even_odd,
    })
}

/// A point in pixels, 96 to the inch, in points.
fn point(point: tiny_skia::Point) -> Point {
    let length = |pixels: f32| Length::pt(3).scaled(thousandths(pixels), 4000);
    Point {
        x: length(point.x),
        y: length(point.y),
    }
}

#[allow(
    clippy::cast_possible_truncation,
    reason = "what is beyond all pages is cut to the largest number"
)]
fn thousandths(pixels: f32) -> i64 {
    ((pixels * 1000.0).round() as i64).clamp(-1_000_000_000, 1_000_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(inside: &str) -> Drawing {
        Drawing {
            text: format!(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"40\" height=\"20\" \
                 viewBox=\"0 0 4 2\">{inside}</svg>"
            ),
            width: 40,
            height: 20,
            is_measured: true,
        }
    }

    #[test]
    fn flat_colours_stay_shapes() {
        let drawing = drawn(
            "<g transform=\"translate(1 0)\"><rect width=\"1\" height=\"1\" fill=\"#c00\" \
             stroke=\"#00c\" stroke-width=\".2\" stroke-opacity=\".5\"/></g>",
        );
        let shapes = shapes(&drawing).expect("it is flat");
        let seen: Vec<_> = shapes
            .iter()
            .map(|shape| (shape.colour, shape.alpha))
            .collect();
        assert_eq!(seen, [([204, 0, 0], 255), ([0, 0, 204], 128)]);
        // One unit is ten pixels, 7.5 points.
        let Some(Step::Move(first)) = shapes[0].steps.first() else {
            unreachable!("an outline begins somewhere");
        };
        assert_eq!(
            (first.x, first.y),
            (Length::pt(15).scaled(1, 2), Length::ZERO)
        );
    }

    #[test]
    fn what_is_not_flat_is_painted() {
        let shaded = drawn(
            "<linearGradient id=\"a\"><stop/><stop offset=\"1\" stop-color=\"red\"/></linearGradient>\
             <path d=\"M0 0h4v1h-4z\" fill=\"url(#a)\"/>",
        );
        assert_eq!(shapes(&shaded), None);
        let painted = pixels(&shaded.text, |_, _| 8).expect("it is a drawing");
        assert_eq!((painted.width, painted.height), (8, 4));
        assert!(painted.samples[0] < painted.samples[7 * 3]);
        assert_eq!(painted.samples[8 * 3 * 3..][..3], [255, 255, 255]);
        assert_eq!(pixels("no drawing", |_, _| 8), None);
    }
}
