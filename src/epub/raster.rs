//! Drawings as pixels, for readers that show no drawings.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, RgbImage};

use crate::svg;

/// How the file of a drawing ends that goes with its pixels.
pub(super) const DOUBLE: &str = ".drawn.svg";
/// No side is longer, in pixels.
const LONGEST: u32 = 1600;
/// No more pixels are painted for each of the drawing's own.
const FINE: u32 = 4;

/// A drawing as PNG.
pub(super) fn png(text: &str) -> Option<Vec<u8>> {
    packed(svg::pixels(text, |width, height| {
        let longest = LONGEST.min(width.max(height).saturating_mul(FINE));
        width.saturating_mul(longest) / width.max(height).max(1)
    })?)
}

/// A drawing as the PNG of a cover.
pub(super) fn cover(text: &str) -> Option<Vec<u8>> {
    packed(svg::pixels(text, |_, _| LONGEST)?)
}

/// In grey where it has no colours.
fn packed(painted: svg::Pixels) -> Option<Vec<u8>> {
    let mut samples = painted.samples.chunks_exact(3);
    let is_grey = samples.all(|pixel| pixel[0] == pixel[1] && pixel[1] == pixel[2]);
    let picture = RgbImage::from_raw(painted.width, painted.height, painted.samples)?;
    let picture = match is_grey {
        true => DynamicImage::ImageLuma8(DynamicImage::ImageRgb8(picture).into_luma8()),
        false => DynamicImage::ImageRgb8(picture),
    };
    let mut png = Vec::new();
    picture
        .write_to(&mut Cursor::new(&mut png), ImageFormat::Png)
        .ok()?;
    Some(png)
}
