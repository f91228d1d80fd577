//! Pictures: JPEG files as they are, samples packed, each once however often it is shown.

use lopdf::{Dictionary, Document, Object};
use rayon::prelude::*;

use super::objects::{dictionary, name, packed, stream};
use super::shapes;
use crate::pages::{Picture, PictureData};

/// Writes all pictures; the names by which content streams show them.
pub(super) fn write(pictures: &[Picture], document: &mut Document) -> Dictionary {
    let streams: Vec<_> = pictures.par_iter().map(encode).collect();
    let mut names = Dictionary::new();
    for (at, (mut picture, mask)) in streams.into_iter().enumerate() {
        if let Some(mask) = mask {
            picture.dict.set("SMask", document.add_object(mask));
        }
        names.set(format!("Picture{at}"), document.add_object(picture));
    }
    names
}

/// A picture and its mask.
fn encode(picture: &Picture) -> (lopdf::Stream, Option<lopdf::Stream>) {
    match &picture.data {
        PictureData::Jpeg { bytes, components } => {
            let mut entries = describe(picture, *components);
            entries.set("Filter", name("DCTDecode"));
            (packed(entries, bytes.clone()), None)
        }
        PictureData::Samples {
            components,
            samples,
            alpha,
        } => {
            let mask = alpha.as_ref().map(|alpha| sampled(picture, 1, alpha));
            (sampled(picture, *components, samples), mask)
        }
        PictureData::Shapes(shapes) => (shapes::form(picture, shapes), None),
    }
}

fn describe(picture: &Picture, components: u8) -> Dictionary {
    let space = if components == 1 {
        "DeviceGray"
    } else {
        "DeviceRGB"
    };
    dictionary([
        ("Type", name("XObject")),
        ("Subtype", name("Image")),
        ("Width", picture.width.into()),
        ("Height", picture.height.into()),
        ("ColorSpace", name(space)),
        ("BitsPerComponent", 8.into()),
    ])
}

fn sampled(picture: &Picture, components: u8, samples: &[u8]) -> lopdf::Stream {
    let mut entries = describe(picture, components);
    let predictor = dictionary([
        // 15: each row begins with the PNG filter that it was written with.
        ("Predictor", 15.into()),
        ("Colors", components.into()),
        ("Columns", picture.width.into()),
    ]);
    entries.set("DecodeParms", Object::Dictionary(predictor));
    let bytes_a_row = picture.width as usize * usize::from(components);
    stream(
        entries,
        &filtered(samples, bytes_a_row, usize::from(components)),
    )
}

/// Rows with the PNG filter in front that leaves the smallest numbers (PNG §12.8).
fn filtered(samples: &[u8], bytes_a_row: usize, bytes_a_pixel: usize) -> Vec<u8> {
    if bytes_a_row == 0 {
        return Vec::new();
    }
    let mut out = Vec::with_capacity(samples.len() + samples.len() / bytes_a_row);
    let mut above = vec![0; bytes_a_row];
    let mut tried = vec![0; bytes_a_row];
    let mut best = vec![0; bytes_a_row];
    for row in samples.chunks_exact(bytes_a_row) {
        let mut least = u64::MAX;
        let mut kind = 0;
        for filter in 0..5 {
            for at in 0..bytes_a_row {
                let left = at.checked_sub(bytes_a_pixel);
                let corner = left.map_or(0, |left| above[left]);
                let left = left.map_or(0, |left| row[left]);
                let guess = predict(filter, left, above[at], corner);
                tried[at] = row[at].wrapping_sub(guess);
            }
            let weight = tried
                .iter()
                .map(|byte| u64::from(byte.cast_signed().unsigned_abs()));
            let weight = weight.sum();
            if weight < least {
                least = weight;
                kind = filter;
                std::mem::swap(&mut best, &mut tried);
            }
        }
        out.push(kind);
        out.extend(&best);
        above.copy_from_slice(row);
    }
    out
}

/// What a PNG filter expects of a byte, from those to its left, above it, and in the corner
/// between (PNG §9).
fn predict(filter: u8, left: u8, above: u8, corner: u8) -> u8 {
    match filter {
        0 => 0,
        1 => left,
        2 => above,
        3 => left.midpoint(above),
        _ => {
            let [l, a, c] = [left, above, corner].map(i16::from);
            let [from_left, from_above, from_corner] =
                [(a - c).abs(), (l - c).abs(), (l + a - 2 * c).abs()];
            if from_left <= from_above && from_left <= from_corner {
                left
            } else if from_above <= from_corner {
                above
            } else {
                corner
            }
        }
    }
}
