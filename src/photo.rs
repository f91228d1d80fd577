//! Pictures made of pixels, PNG and JPEG, as any page wants them: upright, in the colours of
//! screens, and without what a camera or an editor wrote into the file about the one who used it.

use std::io::Cursor;

use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, RgbImage, RgbaImage};
use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};

/// More bytes of pixels are refused: two such pictures would fill a small machine's memory.
const MOST_BYTES: u64 = 600_000_000;

/// What a file says of its picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// In pixels, upright.
    pub width: u32,
    pub height: u32,
    /// Whether the file can be shown as it is: it lies upright, in the colours of screens.
    pub is_plain: bool,
}

/// Reads what a file says of its picture.
///
/// # Errors
/// Why it is no picture, or one that cannot be used.
pub fn facts(file: &[u8]) -> Result<Facts, String> {
    let mut decoder = open(file)?;
    let turn = orientation(&mut decoder);
    let (width, height) = upright(decoder.dimensions(), turn);
    let bytes = decoder.total_bytes();
    if bytes > MOST_BYTES {
        return Err(format!(
            "its pixels would take {} megabytes of memory",
            bytes / 1_000_000
        ));
    }
    Ok(Facts {
        width,
        height,
        is_plain: turn == Orientation::NoTransforms && foreign_profile(&mut decoder).is_none(),
    })
}

/// The picture upright, in the colours of screens, no side longer than `longest` pixels.
///
/// # Errors
/// Why it cannot be read.
pub fn decode(file: &[u8], longest: u32) -> Result<DynamicImage, String> {
    let mut decoder = open(file)?;
    let turn = orientation(&mut decoder);
    let profile = foreign_profile(&mut decoder);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|error| error.to_string())?;
    if picture.width().max(picture.height()) > longest {
        picture = picture.thumbnail(longest, longest);
    }
    picture.apply_orientation(turn);
    Ok(match profile {
        Some(profile) => on_screen(picture, &profile),
        None => picture,
    })
}

/// A file of which nothing is left but its picture, the bytes of that as they were; `None` for
/// what is damaged, or neither PNG nor JPEG.
pub fn stripped(file: &[u8]) -> Option<Vec<u8>> {
    match file {
        [0x89, b'P', b'N', b'G', ..] => plain_png(file),
        [0xff, 0xd8, 0xff, ..] => plain_jpeg(file),
        _ => None,
    }
}

fn open(file: &[u8]) -> Result<impl ImageDecoder, String> {
    let reader = ImageReader::new(Cursor::new(file))
        .with_guessed_format()
        .map_err(|error| error.to_string())?;
    match reader.format() {
        Some(ImageFormat::Png | ImageFormat::Jpeg) => {}
        Some(_) | None => return Err("it is neither PNG nor JPEG nor SVG".into()),
    }
    reader.into_decoder().map_err(|error| error.to_string())
}

/// How the camera was held: a note in the file, which goes with the other notes.
fn orientation(decoder: &mut impl ImageDecoder) -> Orientation {
    decoder.orientation().unwrap_or(Orientation::NoTransforms)
}

fn upright((width, height): (u32, u32), turn: Orientation) -> (u32, u32) {
    match turn {
        Orientation::Rotate90
        | Orientation::Rotate270
        | Orientation::Rotate90FlipH
        | Orientation::Rotate270FlipH => (height, width),
        Orientation::NoTransforms
        | Orientation::Rotate180
        | Orientation::FlipHorizontal
        | Orientation::FlipVertical => (width, height),
    }
}

/// What the numbers of the pixels mean, where that is not what every screen takes them for.
fn foreign_profile(decoder: &mut impl ImageDecoder) -> Option<ColorProfile> {
    let bytes = decoder.icc_profile().ok()??;
    // Its name tells, in one byte a letter or two.
    let named = |name: &[u8]| bytes.windows(name.len()).any(|part| part == name);
    if named(b"sRGB") || named(b"s\0R\0G\0B") {
        return None;
    }
    let profile = ColorProfile::new_from_slice(&bytes).ok()?;
    // Grey stays near enough as it is, and inks are made colours by who reads the file.
    (profile.color_space == DataColorSpace::Rgb && decoder.color_type().has_color())
        .then_some(profile)
}

/// The same colours in the numbers of screens (sRGB); as they were where that cannot be told.
fn on_screen(picture: DynamicImage, profile: &ColorProfile) -> DynamicImage {
    let (width, height) = (picture.width(), picture.height());
    let has_alpha = picture.color().has_alpha();
    let (layout, from) = match has_alpha {
        true => (Layout::Rgba, picture.to_rgba8().into_raw()),
        false => (Layout::Rgb, picture.to_rgb8().into_raw()),
    };
    let screen = ColorProfile::new_srgb();
    let options = TransformOptions::default();
    let mut to = vec![0; from.len()];
    let changed = profile
        .create_transform_8bit(layout, &screen, layout, options)
        .is_ok_and(|change| change.transform(&from, &mut to).is_ok());
    let shown = match has_alpha {
        true => RgbaImage::from_raw(width, height, to).map(DynamicImage::ImageRgba8),
        false => RgbImage::from_raw(width, height, to).map(DynamicImage::ImageRgb8),
    };
    shown.filter(|_| changed).unwrap_or(picture)
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
pub fn is_transparent(png: &[u8]) -> bool {
    let colours = png.get(25).copied().unwrap_or_default();
    matches!(colours, 4 | 6) || chunks(png).any(|(name, _)| name == b"tRNS")
}

/// A PNG with what its pixels need and nothing else: no words, dates, notes of a camera, no
/// private chunks, nothing after its end.
fn plain_png(png: &[u8]) -> Option<Vec<u8>> {
    const KEPT: [&[u8]; 9] = [
        b"IHDR", b"PLTE", b"tRNS", b"sBIT", b"gAMA", b"cHRM", b"sRGB", b"IDAT", b"IEND",
    ];
    let mut plain = png.get(..8)?.to_vec();
    for (name, chunk) in chunks(png) {
        if KEPT.contains(&name) {
            plain.extend_from_slice(chunk);
        }
        if name == b"IEND" {
            return Some(plain);
        }
    }
    None
}

/// A JPEG without what a camera or an editor noted and without what a telephone hangs on
/// behind its end; Adobe's segment says how the colours are meant. `None` when it is damaged.
fn plain_jpeg(jpeg: &[u8]) -> Option<Vec<u8>> {
    const END: u8 = 0xd9;
    const SCAN: u8 = 0xda;
    let mut plain = jpeg.get(..2)?.to_vec();
    let mut rest = jpeg.get(2..)?;
    loop {
        let [0xff, marker, ..] = *rest else {
            return None;
        };
        if marker == END {
            plain.extend_from_slice(&rest[..2]);
            return Some(plain);
        }
        // Any number of these may fill the space before a marker (T.81, B.1.1.2).
        if marker == 0xff {
            rest = &rest[1..];
            continue;
        }
        let length: [u8; 2] = rest.get(2..4)?.try_into().ok()?;
        let (segment, after) =
            rest.split_at_checked(usize::from(u16::from_be_bytes(length)) + 2)?;
        let is_private = matches!(marker, 0xe1..=0xed | 0xef | 0xfe);
        if !is_private {
            plain.extend_from_slice(segment);
        }
        rest = after;
        if marker == SCAN {
            let (scan, after) = rest.split_at(scan_length(rest)?);
            plain.extend_from_slice(scan);
            rest = after;
        }
    }
}

/// How long the coded pixels are that follow a scan's header: up to a marker that is neither a
/// stuffed zero nor a restart (T.81, B.1.1.5).
fn scan_length(coded: &[u8]) -> Option<usize> {
    let mut pairs = coded.windows(2);
    pairs.position(|pair| pair[0] == 0xff && !matches!(pair[1], 0x00 | 0xd0..=0xd7 | 0xff))
}

#[cfg(test)]
mod tests {
    use image::codecs::jpeg::JpegEncoder;
    use image::{GrayImage, ImageEncoder, Rgb};

    use super::*;

    fn png(picture: DynamicImage) -> Vec<u8> {
        let mut bytes = Vec::new();
        let written = picture.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png);
        written.expect("memory can be written");
        bytes
    }

    /// A JPEG with notes on how it was held and what its colours mean.
    fn jpeg(picture: &DynamicImage, turn: Option<u8>, profile: Option<Vec<u8>>) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 95);
        if let Some(turn) = turn {
            let mut exif =
                b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0".to_vec();
            exif[19] = turn;
            encoder
                .set_exif_metadata(exif)
                .expect("JPEG has a place for it");
        }
        if let Some(profile) = profile {
            encoder
                .set_icc_profile(profile)
                .expect("JPEG has a place for it");
        }
        encoder.encode_image(picture).expect("packed");
        bytes
    }

    fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
        let length = u16::try_from(content.len() + 2)
            .expect("short")
            .to_be_bytes();
        [&[0xff, marker], &length[..], content].concat()
    }

    fn chunk(name: &[u8], content: &[u8]) -> Vec<u8> {
        let length = u32::try_from(content.len()).expect("short");
        let mut crc = flate2::Crc::new();
        crc.update(name);
        crc.update(content);
        let sum = crc.sum().to_be_bytes();
        [&length.to_be_bytes()[..], name, content, &sum].concat()
    }

    /// Left half red, right half blue, so that one sees how it lies.
    fn flag() -> DynamicImage {
        let at = |x, _| {
            if x < 16 {
                Rgb([200, 0, 0])
            } else {
                Rgb([0, 0, 200])
            }
        };
        DynamicImage::ImageRgb8(RgbImage::from_fn(32, 16, at))
    }

    #[test]
    fn notes_and_what_follows_the_end_are_left_out() {
        let plain = png(DynamicImage::ImageLuma8(GrayImage::new(3, 2)));
        let mut noted = plain[..33].to_vec();
        for (name, note) in [
            (b"tEXt", "Author\0Ana"),
            (b"eXIf", "MM\0*"),
            (b"vpAg", "mine"),
        ] {
            noted.extend(chunk(name, note.as_bytes()));
        }
        noted.extend_from_slice(&plain[33..]);
        noted.extend_from_slice(b"and more");
        assert_eq!(stripped(&noted).as_deref(), Some(plain.as_slice()));
        assert_eq!(stripped(&noted[..60]), None, "cut off");

        let plain = jpeg(&flag(), None, None);
        let mut noted = plain[..2].to_vec();
        noted.extend(segment(0xe1, b"Exif\0\0GPS"));
        noted.extend(segment(0xe2, b"MPF\0one more picture"));
        noted.extend(segment(0xfe, b"taken by Ana"));
        noted.extend_from_slice(&plain[2..]);
        noted.extend(&plain);
        noted.extend_from_slice(b"a film");
        assert_eq!(stripped(&noted).as_deref(), Some(plain.as_slice()));
        assert_eq!(stripped(&plain[..plain.len() - 2]), None, "cut off");
        assert_eq!(stripped(b"GIF89a"), None);
    }

    #[test]
    fn however_the_camera_was_held_the_picture_stands_upright() {
        let red_at = |picture: &DynamicImage, x, y| picture.to_rgb8().get_pixel(x, y).0[0] > 100;
        for (turn, (width, height), red) in [
            (1, (32, 16), (2, 8)),
            (2, (32, 16), (29, 8)),
            (3, (32, 16), (29, 8)),
            (6, (16, 32), (8, 2)),
            (8, (16, 32), (8, 29)),
        ] {
            let file = jpeg(&flag(), Some(turn), None);
            let facts = facts(&file).expect("it is a picture");
            assert_eq!((facts.width, facts.height), (width, height), "{turn}");
            assert_eq!(facts.is_plain, turn == 1);
            let picture = decode(&file, 100).expect("it can be read");
            assert_eq!((picture.width(), picture.height()), (width, height));
            assert!(red_at(&picture, red.0, red.1), "{turn}");
            assert!(
                !red_at(&picture, width - 1 - red.0, height - 1 - red.1),
                "{turn}"
            );
        }
    }

    #[test]
    fn colours_are_those_of_screens() {
        let p3 = ColorProfile::new_display_p3().encode().expect("a profile");
        let file = jpeg(&flag(), None, Some(p3));
        assert!(!facts(&file).expect("it is a picture").is_plain);
        let shown = decode(&file, 100).expect("it can be read").to_rgb8();
        let as_numbered = decode(&jpeg(&flag(), None, None), 100)
            .expect("read")
            .to_rgb8();
        // The same red has a higher number where the purest red is less far away.
        assert!(shown.get_pixel(4, 4).0[0] > as_numbered.get_pixel(4, 4).0[0] + 5);
        let usual = ColorProfile::new_srgb().encode().expect("a profile");
        assert!(
            facts(&jpeg(&flag(), None, Some(usual)))
                .expect("a picture")
                .is_plain
        );
        let broken = jpeg(&flag(), None, Some(b"no profile".to_vec()));
        assert!(facts(&broken).expect("a picture").is_plain);
    }

    #[test]
    fn what_is_too_large_is_made_smaller() {
        let file = png(DynamicImage::ImageLuma8(GrayImage::new(500, 125)));
        let picture = decode(&file, 200).expect("it can be read");
        assert_eq!((picture.width(), picture.height()), (200, 50));
        assert!(facts(b"<svg/>").is_err() && decode(b"", 10).is_err());
    }
}
