//! Pictures as readers want them: no larger than a screen shows, on white paper where they
//! were transparent (black lines would be lost on a black page), and without what a camera or
//! an editor wrote into the file about the one who used it.

use std::borrow::Cow;
use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageFormat, Rgba};

use crate::photo;

/// No side is longer, in pixels: so a picture has at most four million, more than the screen
/// of any reader.
const LONGEST: u32 = 2000;
/// Of a JPEG that has to be packed anew.
const QUALITY: u8 = 88;
/// A PNG of so many bytes is packed as JPEG where that takes a third of them: it is a
/// photograph.
const LARGE: usize = 300_000;

/// A picture as it goes into the e-book.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Prepared<'b> {
    pub kind: Kind,
    pub bytes: Cow<'b, [u8]>,
    /// In pixels, where it was made anew.
    pub size: Option<(u32, u32)>,
}

/// How a picture is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Png,
    Jpeg,
}

impl Kind {
    pub(super) fn media_type(self) -> &'static str {
        match self {
            Kind::Png => "image/png",
            Kind::Jpeg => "image/jpeg",
        }
    }

    pub(super) fn extension(self) -> &'static str {
        match self {
            Kind::Png => "png",
            Kind::Jpeg => "jpg",
        }
    }
}

/// Prepares a picture; `None` for what is neither PNG nor JPEG.
pub(super) fn prepare(bytes: &[u8]) -> Option<Prepared<'_>> {
    let kind = match bytes {
        [0x89, b'P', b'N', b'G', ..] => Kind::Png,
        [0xff, 0xd8, 0xff, ..] => Kind::Jpeg,
        _ => return None,
    };
    let keeps = photo::facts(bytes)
        .is_ok_and(|facts| facts.is_plain && facts.width.max(facts.height) <= LONGEST);
    let is_seen_through = kind == Kind::Png && photo::is_transparent(bytes);
    let made = (!keeps || is_seen_through).then(|| anew(bytes, kind));
    Some(made.flatten().unwrap_or_else(|| Prepared {
        kind,
        bytes: photo::stripped(bytes).map_or(Cow::Borrowed(bytes), Cow::Owned),
        size: None,
    }))
}

/// The picture upright, on white and no larger than it may be; `None` when it cannot be read,
/// which is told where it is read for print.
fn anew(bytes: &[u8], kind: Kind) -> Option<Prepared<'static>> {
    let picture = on_white(photo::decode(bytes, LONGEST).ok()?);
    let picture = match picture.color().has_color() {
        true => DynamicImage::ImageRgb8(picture.to_rgb8()),
        false => DynamicImage::ImageLuma8(picture.to_luma8()),
    };
    let (kind, bytes) = match kind {
        Kind::Jpeg => (kind, jpeg(&picture)?),
        Kind::Png => fitting(&picture)?,
    };
    Some(Prepared {
        kind,
        bytes: Cow::Owned(bytes),
        size: Some((picture.width(), picture.height())),
    })
}

fn on_white(picture: DynamicImage) -> DynamicImage {
    if !picture.color().has_alpha() {
        return picture;
    }
    let mut pixels = picture.into_rgba8();
    for Rgba([red, green, blue, alpha]) in pixels.pixels_mut() {
        let cover = u16::from(*alpha);
        for part in [red, green, blue] {
            let mixed = (u16::from(*part) * cover + 255 * (255 - cover) + 127) / 255;
            *part = u8::try_from(mixed).unwrap_or(u8::MAX);
        }
        *alpha = u8::MAX;
    }
    DynamicImage::ImageRgba8(pixels)
}

/// Packed as PNG, or as JPEG where that is far smaller.
fn fitting(picture: &DynamicImage) -> Option<(Kind, Vec<u8>)> {
    let mut png = Vec::new();
    picture
        .write_to(&mut Cursor::new(&mut png), ImageFormat::Png)
        .ok()?;
    if png.len() > LARGE {
        let jpeg = jpeg(picture)?;
        if jpeg.len() * 3 < png.len() {
            return Some((Kind::Jpeg, jpeg));
        }
    }
    Some((Kind::Png, png))
}

fn jpeg(picture: &DynamicImage) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, QUALITY);
    encoder.encode_image(picture).ok()?;
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use image::{GrayImage, ImageEncoder, RgbImage, RgbaImage};

    use super::*;

    fn png(picture: DynamicImage) -> Vec<u8> {
        let mut bytes = Vec::new();
        let written = picture.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png);
        written.expect("memory can be written");
        bytes
    }

    #[test]
    fn what_needs_no_change_keeps_its_pixels() {
        let plain = jpeg(&DynamicImage::ImageRgb8(RgbImage::new(8, 8))).expect("packed");
        let mut noted = plain.clone();
        noted.extend_from_slice(b"a film");
        let prepared = prepare(&noted).expect("it is a JPEG");
        assert_eq!(
            (prepared.kind, prepared.bytes.as_ref(), prepared.size),
            (Kind::Jpeg, plain.as_slice(), None)
        );
        // One that is cut off stays as it is; it is told where it is read for print.
        let cut = prepare(&plain[..60]).expect("a JPEG");
        assert_eq!(cut.bytes, &plain[..60]);
        assert_eq!(prepare(b"<svg/>"), None);
    }

    #[test]
    fn lines_on_nothing_are_set_on_white() {
        let lines = RgbaImage::from_fn(4, 4, |x, _| Rgba([0, 0, 0, if x == 1 { 255 } else { 0 }]));
        let bytes = png(DynamicImage::ImageRgba8(lines));
        let prepared = prepare(&bytes).expect("it is a PNG");
        let shown = image::load_from_memory(&prepared.bytes).expect("it can be read");
        assert!(!shown.color().has_alpha());
        assert_eq!(shown.to_luma8().into_raw()[..4], [255, 0, 255, 255]);
    }

    #[test]
    fn what_is_larger_than_a_screen_is_made_smaller() {
        let bytes = png(DynamicImage::ImageLuma8(GrayImage::new(5000, 1250)));
        let prepared = prepare(&bytes).expect("it is a PNG");
        assert_eq!(
            (prepared.kind, prepared.size),
            (Kind::Png, Some((2000, 500)))
        );
    }

    #[test]
    fn a_photograph_taken_on_its_side_stands_upright() {
        let mut bytes = Vec::new();
        let mut encoder = JpegEncoder::new_with_quality(&mut bytes, QUALITY);
        let exif = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
        encoder
            .set_exif_metadata(exif.to_vec())
            .expect("JPEG has a place for it");
        encoder
            .encode_image(&DynamicImage::ImageRgb8(RgbImage::new(40, 20)))
            .expect("packed");
        let prepared = prepare(&bytes).expect("it is a JPEG");
        assert_eq!(prepared.size, Some((20, 40)));
    }
}
