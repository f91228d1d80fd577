//! Pictures of flat shapes, as forms that fill the same square as a picture of pixels.

use std::collections::BTreeSet;

use lopdf::{Dictionary, Object, Stream};

use super::objects::{dictionary, name, stream};
use super::operators::Operators;
use crate::pages::{Picture, Shape, Step};
use crate::units::{Length, Point};

/// The picture as a form (ISO 32000-1 §8.10).
pub(super) fn form(picture: &Picture, shapes: &[Shape]) -> Stream {
    let side = |pixels: u32| Length::pt(3).scaled(i64::from(pixels.max(1)), 4);
    let (width, height) = (side(picture.width), side(picture.height));
    let mut out = Operators::new();
    // Shapes are measured from the top downwards, in points; the square is one by one.
    let unit = |length: Length| 72 * 100_000_000 / (length.0 * 7200 / Length::PT.0).max(1);
    out.fixed(unit(width), 1_000_000);
    out.put("0 0 ");
    out.fixed(-unit(height), 1_000_000);
    out.put("0 1 cm ");
    out.put("0 0 ");
    out.length(width);
    out.length(height);
    out.put("re W n\n");
    for shape in shapes {
        paint(shape, &mut out);
    }
    let entries = dictionary([
        ("Type", name("XObject")),
        ("Subtype", name("Form")),
        ("BBox", vec![0.into(), 0.into(), 1.into(), 1.into()].into()),
        ("Resources", resources(shapes).into()),
    ]);
    stream(entries, &out.finish())
}

/// The states of whatever something shines through.
fn resources(shapes: &[Shape]) -> Dictionary {
    let alphas: BTreeSet<u8> = shapes.iter().map(|shape| shape.alpha).collect();
    let state = |alpha: u8| {
        let share = f32::from(alpha) / 255.0;
        (
            format!("Alpha{alpha}"),
            dictionary([("ca", Object::Real(share))]).into(),
        )
    };
    let states: Dictionary = alphas.into_iter().map(state).collect();
    dictionary([("ExtGState", states.into())])
}

fn paint(shape: &Shape, out: &mut Operators) {
    out.write(format_args!("/Alpha{} gs ", shape.alpha));
    let part = |part: u8| i64::from(part) * 1000 / 255;
    match shape.colour {
        [red, green, blue] if red == green && green == blue => {
            out.fixed(part(red), 1000);
            out.put("g\n");
        }
        colour => {
            for share in colour {
                out.fixed(part(share), 1000);
            }
            out.put("rg\n");
        }
    }
    for step in &shape.steps {
        match step {
            Step::Move(to) => points(&[*to], "m\n", out),
            Step::Line(to) => points(&[*to], "l\n", out),
            Step::Curve(through) => points(through, "c\n", out),
            Step::Close => out.put("h\n"),
        }
    }
    out.put(if shape.even_odd { "f*\n" } else { "f\n" });
}

fn points(points: &[Point], operator: &str, out: &mut Operators) {
    for point in points {
        out.length(point.x);
        out.length(point.y);
    }
    out.put(operator);
}
