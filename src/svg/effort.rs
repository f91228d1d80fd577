//! How long a drawing takes to paint: shapes as large as all of it, one over another, layers
//! that are mixed, patterns, and dashes finer than anyone sees. A small file could keep a
//! machine busy for hours.

use resvg::tiny_skia::{PathSegment, Point};
use resvg::usvg::{ClipPath, Group, Mask, Node, Paint, Path, Rect, Stroke, Tree};

/// Nothing is painted that would cover the drawing's area more often than this.
pub(super) const MOST: f64 = 500.0;
/// What the smallest shape costs, in areas of the drawing.
const LEAST: f64 = 0.001;
/// A layer is made, painted and mixed.
const LAYER: f64 = 3.0;
/// A pattern's tile that is larger than so many drawings is not worth its memory.
const LARGEST_TILE: f64 = 4.0;

/// The sum of all areas that are painted, in areas of the drawing.
pub(super) fn of(tree: &Tree) -> f64 {
    let size = tree.size();
    let effort = Effort {
        width: f64::from(size.width()),
        height: f64::from(size.height()),
    };
    effort.group(tree.root(), 1.0)
}

struct Effort {
    width: f64,
    height: f64,
}

impl Effort {
    /// A group's effort, so many layers deep. A layer is kept until it is whole, and holds what
    /// is beyond the drawing's edges too, so that both count for more than they take to paint.
    fn group(&self, group: &Group, depth: f64) -> f64 {
        let isolates = group.should_isolate();
        let mut sum = match isolates {
            true => LAYER * depth * self.layer(group.abs_layer_bounding_box().to_rect()),
            false => 0.0,
        };
        let depth = if isolates { depth + 1.0 } else { depth };
        sum += group.clip_path().map_or(0.0, |clip| self.clip(clip, depth));
        sum += group.mask().map_or(0.0, |mask| self.mask(mask, depth));
        for node in group.children() {
            if sum > MOST {
                break;
            }
            sum += match node {
                Node::Group(group) => self.group(group, depth),
                Node::Path(path) => self.path(path, depth),
                Node::Image(_) | Node::Text(_) => 0.0,
            };
        }
        sum
    }

    fn clip(&self, clip: &ClipPath, depth: f64) -> f64 {
        let inner = clip.clip_path();
        let inner = inner.map_or(0.0, |inner| self.clip(inner, depth + 1.0));
        LAYER * depth + self.group(clip.root(), depth + 1.0) + inner
    }

    fn mask(&self, mask: &Mask, depth: f64) -> f64 {
        let inner = mask.mask();
        let inner = inner.map_or(0.0, |inner| self.mask(inner, depth + 1.0));
        LAYER * depth + self.group(mask.root(), depth + 1.0) + inner
    }

    fn path(&self, path: &Path, depth: f64) -> f64 {
        let area = LEAST + self.share(path.abs_stroke_bounding_box());
        let scale = path.abs_transform().get_scale();
        let fill = path
            .fill()
            .map(|fill| area + self.paint(fill.paint(), scale, depth));
        let stroke = path.stroke().map(|stroke| {
            area + self.paint(stroke.paint(), scale, depth) + dashes(path, stroke) * LEAST
        });
        fill.unwrap_or(0.0) + stroke.unwrap_or(0.0)
    }

    /// What a pattern's tile comes to.
    fn paint(&self, paint: &Paint, (across, down): (f32, f32), depth: f64) -> f64 {
        let Paint::Pattern(pattern) = paint else {
            return 0.0;
        };
        let (wider, higher) = pattern.transform().get_scale();
        let (wide, high) = (pattern.rect().width(), pattern.rect().height());
        let wide = f64::from(wide) * f64::from(wider) * f64::from(across);
        let high = f64::from(high) * f64::from(higher) * f64::from(down);
        let tile = wide * high / (self.width * self.height);
        match tile <= LARGEST_TILE {
            true => tile + self.group(pattern.root(), depth + 1.0),
            false => MOST * 2.0,
        }
    }

    /// A layer's area, and once more where it is larger than the drawing.
    fn layer(&self, layer: Rect) -> f64 {
        let area = f64::from(layer.width()) * f64::from(layer.height());
        let area = area / (self.width * self.height);
        area.max(area * area)
    }

    /// How much of the drawing a part of it covers.
    fn share(&self, part: Rect) -> f64 {
        let within = |from: f32, to: f32, side: f64| {
            (f64::from(to).min(side) - f64::from(from).max(0.0)).clamp(0.0, side) / side
        };
        within(part.left(), part.right(), self.width)
            * within(part.top(), part.bottom(), self.height)
    }
}

/// How many dashes a line is cut into, at most.
fn dashes(path: &Path, stroke: &Stroke) -> f64 {
    let Some(dashes) = stroke.dasharray() else {
        return 0.0;
    };
    let period: f64 = dashes.iter().map(|dash| f64::from(*dash)).sum();
    let mut length = 0.0;
    let (mut at, mut first) = (Point::zero(), Point::zero());
    for segment in path.data().segments() {
        // A curve is no longer than the way along its control points.
        let way: &[Point] = match &segment {
            PathSegment::MoveTo(to) => {
                (at, first) = (*to, *to);
                &[]
            }
            PathSegment::LineTo(to) => &[*to],
            PathSegment::QuadTo(control, to) => &[*control, *to],
            PathSegment::CubicTo(one, two, to) => &[*one, *two, *to],
            PathSegment::Close => &[first],
        };
        for to in way {
            length += f64::from(at.distance(*to));
            at = *to;
        }
    }
    length / period.max(f64::MIN_POSITIVE) * dashes.len() as f64
}
