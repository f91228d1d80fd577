//! Pictures as readers want them: no larger than a screen shows, on white paper where they
//! were transparent (black lines would be lost on a black page), and without what a camera or
//! an editor wrote into the file about the one who used it.

use std::borrow::Cow;
use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Rgba};

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
pub(super) fn prepare(bytes: &[u8], width: u32, height: u32) -> Option<Prepared<'_>> {
    let large = width.max(height) > LONGEST;
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        let made = (large || is_transparent(bytes)).then(|| anew(bytes, Kind::Png));
        Some(made.flatten().unwrap_or_else(|| Prepared {
            kind: Kind::Png,
            bytes: plain_png(bytes).map_or(Cow::Borrowed(bytes), Cow::Owned),
            size: None,
        }))
    } else if bytes.starts_with(b"\xff\xd8\xff") {
        let made = (large || is_turned(bytes)).then(|| anew(bytes, Kind::Jpeg));
        Some(made.flatten().unwrap_or_else(|| Prepared {
            kind: Kind::Jpeg,
            bytes: plain_jpeg(bytes).map_or(Cow::Borrowed(bytes), Cow::Owned),
            size: None,
        }))
    } else {
        None
    }
}

/// The picture upright, on white and no larger than it may be; `None` when it cannot be read,
/// which is told where it is read for print.
fn anew(bytes: &[u8], kind: Kind) -> Option<Prepared<'static>> {
    let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format();
    let mut decoder = reader.ok()?.into_decoder().ok()?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).ok()?;
    picture.apply_orientation(orientation);
    if picture.width().max(picture.height()) > LONGEST {
        picture = picture.thumbnail(LONGEST, LONGEST);
    }
    let picture = match picture.color().has_color() {
        true => DynamicImage::ImageRgb8(on_white(picture).to_rgb8()),
        false => DynamicImage::ImageLuma8(on_white(picture).to_luma8()),
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

/// A chunk of a PNG: its name, and all of its bytes.
fn chunks(png: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let mut rest = png.get(8..).unwrap_or_default();
    std::iter::from_fn(move || {
        let length: [u8; 4] = rest.get(..4)?.try_into().ok()?;
        let length = usize::try_from(u32::from_be_bytes(length)).ok()?;
        let (chunk, after) = rest.split_at_checked(length.checked_add(12)?)?;
        rest = after;
        Some((&chunk[4..8], chunk))
    })
}

/// Whether one sees through parts of a PNG: by its colours, or by a chunk that says so.
fn is_transparent(png: &[u8]) -> bool {
    let colours = png.get(25).copied().unwrap_or_default();
    matches!(colours, 4 | 6) || chunks(png).any(|(name, _)| name == b"tRNS")
}

/// A PNG without words, dates and what a camera noted; `None` when it is damaged.
fn plain_png(png: &[u8]) -> Option<Vec<u8>> {
    const PRIVATE: [&[u8]; 5] = [b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME"];
    let mut plain = png.get(..8)?.to_vec();
    for (name, chunk) in chunks(png) {
        if !PRIVATE.contains(&name) {
            plain.extend_from_slice(chunk);
        }
        if name == b"IEND" {
            return Some(plain);
        }
    }
    None
}

/// A JPEG's parts: what stands before its first scan, each with its marker, and the rest.
struct Segments<'b> {
    before: Vec<(u8, &'b [u8])>,
    scans: &'b [u8],
}

/// Takes a JPEG apart; `None` when it is damaged.
fn segments(jpeg: &[u8]) -> Option<Segments<'_>> {
    let mut rest = jpeg.get(2..)?;
    let mut before = Vec::new();
    loop {
        let [0xff, marker, high, low, ..] = *rest else {
            return None;
        };
        if marker == 0xda {
            return Some(Segments {
                before,
                scans: rest,
            });
        }
        let length = usize::from(u16::from_be_bytes([high, low]));
        let (segment, after) = rest.split_at_checked(length + 2)?;
        before.push((marker, segment));
        rest = after;
    }
}

/// Whether the camera was held upright only by a note in the file, which would go with the
/// other notes.
fn is_turned(jpeg: &[u8]) -> bool {
    let reader = ImageReader::with_format(Cursor::new(jpeg), ImageFormat::Jpeg);
    let orientation = reader
        .into_decoder()
        .and_then(|mut jpeg| jpeg.orientation());
    orientation.is_ok_and(|orientation| orientation != Orientation::NoTransforms)
}

/// A JPEG without what a camera or an editor noted; colours need the profile and Adobe's
/// segment. `None` when it is damaged.
fn plain_jpeg(jpeg: &[u8]) -> Option<Vec<u8>> {
    let Segments { before, scans } = segments(jpeg)?;
    let mut plain = jpeg.get(..2)?.to_vec();
    for (marker, segment) in before {
        let content = segment.get(4..).unwrap_or_default();
        let is_profile = marker == 0xe2 && content.starts_with(b"ICC_PROFILE\0");
        let is_private = matches!(marker, 0xe1..=0xed | 0xef | 0xfe);
        if is_profile || !is_private {
            plain.extend_from_slice(segment);
        }
    }
    plain.extend_from_slice(scans);
    Some(plain)
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

    fn chunk(name: &[u8], content: &[u8]) -> Vec<u8> {
        let length = u32::try_from(content.len()).expect("short");
        let mut crc = flate2::Crc::new();
        crc.update(name);
        crc.update(content);
        let sum = crc.sum().to_be_bytes();
        [&length.to_be_bytes()[..], name, content, &sum].concat()
    }

    #[test]
    fn notes_about_the_one_who_drew_are_left_out() {
        let plain = png(DynamicImage::ImageLuma8(GrayImage::new(3, 2)));
        let mut noted = plain[..33].to_vec();
        noted.extend(chunk(b"tEXt", b"Author\0Ana Lagos"));
        noted.extend(chunk(b"eXIf", b"MM\0*somewhere"));
        noted.extend_from_slice(&plain[33..]);
        noted.extend_from_slice(b"and more");
        let prepared = prepare(&noted, 3, 2).expect("it is a PNG");
        assert_eq!(
            (prepared.bytes.as_ref(), prepared.size),
            (plain.as_slice(), None)
        );
        // One that is cut off stays as it is; it is told where it is read for print.
        assert_eq!(
            prepare(&noted[..60], 3, 2).expect("a PNG").bytes,
            &noted[..60]
        );
    }

    #[test]
    fn a_photograph_loses_its_place_but_not_its_colours() {
        let plain = jpeg(&DynamicImage::ImageRgb8(RgbImage::new(8, 8))).expect("packed");
        let segment = |marker: u8, content: &[u8]| {
            let length = u16::try_from(content.len() + 2)
                .expect("short")
                .to_be_bytes();
            [&[0xff, marker], &length[..], content].concat()
        };
        let profile = segment(0xe2, b"ICC_PROFILE\0\x01\x01abc");
        let mut noted = plain[..2].to_vec();
        noted.extend(segment(0xe1, b"Exif\0\0GPS"));
        noted.extend(&profile);
        noted.extend(segment(0xfe, b"taken by Ana"));
        noted.extend_from_slice(&plain[2..]);
        let wanted = [&plain[..2], &profile, &plain[2..]].concat();
        let prepared = prepare(&noted, 8, 8).expect("it is a JPEG");
        assert_eq!(
            (prepared.kind, prepared.bytes.as_ref()),
            (Kind::Jpeg, wanted.as_slice())
        );
    }

    #[test]
    fn lines_on_nothing_are_set_on_white() {
        let lines = RgbaImage::from_fn(4, 4, |x, _| Rgba([0, 0, 0, if x == 1 { 255 } else { 0 }]));
        let bytes = png(DynamicImage::ImageRgba8(lines));
        let prepared = prepare(&bytes, 4, 4).expect("it is a PNG");
        let shown = image::load_from_memory(&prepared.bytes).expect("it can be read");
        assert!(!shown.color().has_alpha());
        assert_eq!(shown.to_luma8().into_raw()[..4], [255, 0, 255, 255]);
    }

    #[test]
    fn what_is_larger_than_a_screen_is_made_smaller() {
        let bytes = png(DynamicImage::ImageLuma8(GrayImage::new(5000, 1250)));
        let prepared = prepare(&bytes, 5000, 1250).expect("it is a PNG");
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
        let prepared = prepare(&bytes, 40, 20).expect("it is a JPEG");
        assert_eq!(prepared.size, Some((20, 40)));
        assert_eq!(prepare(b"<svg/>", 1, 1), None);
    }
}
