//! Pictures: how large they stand on the page, and their bytes as a PDF wants them.

use image::codecs::jpeg::JpegEncoder;
use image::{ColorType, DynamicImage};
use rayon::prelude::*;

use crate::diag::{Code, Report};
use crate::edition::Edition;
use crate::pages::{Picture, PictureData};
use crate::photo;
use crate::source::{Content, Inputs};
use crate::svg::{self, Drawing};
use crate::units::{Length, Size};

/// Fewer pixels an inch than this look coarse in print.
const COARSE: i64 = 150;
/// No side of a printed picture has more pixels: at 600 an inch more than a page is high.
const LONGEST: u32 = 6000;
/// Of a JPEG that has to be packed anew.
const QUALITY: u8 = 92;
/// Drawings are painted with so many pixels an inch.
const FINE: i64 = 600;
/// Drawings are measured in pixels of which so many are an inch.
const PIXELS_AN_INCH: i64 = 96;

/// The size of a picture on the page: as wide as its column, unless it has too few pixels
/// for that, and no higher than there is room.
pub fn size(width: u32, height: u32, column: Length, room: Length) -> Size {
    let (across, down) = (i64::from(width.max(1)), i64::from(height.max(1)));
    let wide = Length::pt(72).scaled(across, COARSE).min(column);
    let high = wide.scaled(down, across);
    match high > room {
        true => Size {
            width: room.scaled(across, down).max(Length(1)),
            height: room,
        },
        false => Size {
            width: wide,
            height: high.max(Length(1)),
        },
    }
}

/// The size of a drawing: its own where it has one that fits, else its column's width.
pub fn drawn_size(drawing: &Drawing, column: Length, room: Length) -> Size {
    let (across, down) = (i64::from(drawing.width), i64::from(drawing.height));
    let own = Length::pt(72).scaled(across, PIXELS_AN_INCH);
    let wide = if drawing.is_measured {
        own.min(column)
    } else {
        column
    };
    let wide = wide.min(room.scaled(across, down)).max(Length(1));
    Size {
        width: wide,
        height: wide.scaled(down, across).max(Length(1)),
    }
}

/// Reads the pictures of those numbers among the edition's; drawings that no flat shapes can
/// show are painted for a column of that width.
pub fn read(
    inputs: &Inputs,
    edition: &Edition,
    wanted: &[usize],
    column: Length,
    report: &mut Report,
) -> Vec<Picture> {
    let all: Vec<_> = edition.pictures.iter().collect();
    let read_one = |at: usize| {
        let (path, picture) = all[at];
        if let Some(drawing) = &picture.drawing {
            let width = drawn_size(drawing, column, Length(i64::from(u32::MAX) << 16)).width;
            return printed(drawing, width).ok_or_else(|| format!("`{path}` cannot be drawn"));
        }
        let decoded = match &inputs.get(picture.source).content {
            Content::Binary { bytes, .. } => decode(bytes),
            Content::Text(_) | Content::TooLarge { .. } => Err("it is not a picture".into()),
        };
        decoded.map_err(|why: String| format!("`{path}` cannot be read: {why}"))
    };
    let is_large = |at: usize| all[at].1.is_large();
    let mut read: Vec<_> = wanted
        .par_iter()
        .map(|&at| (!is_large(at)).then(|| read_one(at)))
        .collect();
    for (read, &at) in read.iter_mut().zip(wanted) {
        read.get_or_insert_with(|| read_one(at));
    }
    let mut pictures = Vec::with_capacity(read.len());
    for (picture, &at) in read.into_iter().flatten().zip(wanted) {
        pictures.push(picture.unwrap_or_else(|message| {
            report
                .error(Code::BadImage, all[at].1.shown, message)
                .help("open it in an image editor and save it again as PNG or JPEG");
            blank()
        }));
    }
    pictures
}

/// A drawing as shapes, or painted as finely as type is set when it stands so wide.
fn printed(drawing: &Drawing, width: Length) -> Option<Picture> {
    if let Some(shapes) = svg::shapes(drawing) {
        return Some(Picture {
            width: drawing.width,
            height: drawing.height,
            data: PictureData::Shapes(shapes),
        });
    }
    let pixels = u32::try_from(width.0 * FINE / Length::pt(72).0).ok()?;
    let painted = svg::pixels(&drawing.text, |_, _| pixels)?;
    let mut data = PictureData::Samples {
        components: 3,
        samples: painted.samples,
        alpha: None,
    };
    if let PictureData::Samples {
        components,
        samples,
        ..
    } = &mut data
        && samples
            .chunks_exact(3)
            .all(|pixel| pixel[0] == pixel[1] && pixel[1] == pixel[2])
    {
        *components = 1;
        *samples = samples.chunks_exact(3).map(|pixel| pixel[0]).collect();
    }
    Some(Picture {
        width: painted.width,
        height: painted.height,
        data,
    })
}

/// A JPEG of grey or RGB is passed on without what was noted in it, unless it has to be turned
/// or made smaller, or its colours told anew; then it is packed anew. Everything else is decoded.
fn decode(bytes: &[u8]) -> Result<Picture, String> {
    let facts = photo::facts(bytes)?;
    let is_jpeg = bytes.starts_with(b"\xff\xd8");
    // CMYK is decoded: the page is RGB.
    let components = jpeg_components(bytes).filter(|count| is_jpeg && matches!(count, 1 | 3));
    if let (true, Some(components)) = (facts.is_plain, components)
        && facts.width.max(facts.height) <= LONGEST
        && let Some(bytes) = photo::stripped(bytes)
    {
        return Ok(Picture {
            width: facts.width,
            height: facts.height,
            data: PictureData::Jpeg { bytes, components },
        });
    }
    let picture = photo::decode(bytes, LONGEST)?;
    let data = match is_jpeg {
        true => packed(&picture)?,
        false => samples(&picture),
    };
    Ok(Picture {
        width: picture.width(),
        height: picture.height(),
        data,
    })
}

/// A photograph as JPEG.
fn packed(picture: &DynamicImage) -> Result<PictureData, String> {
    let (components, picture) = match picture.color().has_color() {
        true => (3, DynamicImage::ImageRgb8(picture.to_rgb8())),
        false => (1, DynamicImage::ImageLuma8(picture.to_luma8())),
    };
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, QUALITY)
        .encode_image(&picture)
        .map_err(|error| error.to_string())?;
    Ok(PictureData::Jpeg { bytes, components })
}

/// How many components a JPEG has, from its frame header (T.81, B.2.2).
fn jpeg_components(bytes: &[u8]) -> Option<u8> {
    let mut at = 2;
    loop {
        let marker = *bytes.get(at + 1)?;
        let length = u16::from_be_bytes([*bytes.get(at + 2)?, *bytes.get(at + 3)?]);
        let frame = matches!(marker, 0xC0..=0xCF) && !matches!(marker, 0xC4 | 0xC8 | 0xCC);
        match (bytes.get(at)?, frame) {
            (0xFF, true) => return bytes.get(at + 9).copied(),
            (0xFF, false) => at += 2 + usize::from(length),
            _ => return None,
        }
    }
}

/// Grey or RGB samples of eight bits, and the alpha channel where anything shines through.
fn samples(picture: &DynamicImage) -> PictureData {
    let grey = matches!(
        picture.color(),
        ColorType::L8 | ColorType::La8 | ColorType::L16 | ColorType::La16
    );
    let (components, mixed) = match grey {
        true => (1, picture.to_luma_alpha8().into_raw()),
        false => (3, picture.to_rgba8().into_raw()),
    };
    let step = usize::from(components) + 1;
    let mut samples = Vec::with_capacity(mixed.len() / step * usize::from(components));
    let mut alpha = Vec::with_capacity(mixed.len() / step);
    for pixel in mixed.chunks_exact(step) {
        samples.extend_from_slice(&pixel[..step - 1]);
        alpha.push(pixel[step - 1]);
    }
    let solid = alpha.iter().all(|&alpha| alpha == 255);
    PictureData::Samples {
        components,
        samples,
        alpha: (!solid).then_some(alpha),
    }
}

/// What stands for a picture that cannot be read.
fn blank() -> Picture {
    Picture {
        width: 1,
        height: 1,
        data: PictureData::Samples {
            components: 1,
            samples: vec![255],
            alpha: None,
        },
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use image::ImageFormat;

    use super::*;

    #[test]
    fn pictures_fit_their_column() {
        let fit = |width, height| size(width, height, Length::pt(300), Length::pt(400));
        assert_eq!(fit(3000, 1500).width, Length::pt(300));
        assert_eq!(fit(3000, 1500).height, Length::pt(150));
        assert_eq!(fit(150, 150).width, Length::pt(72), "150 pixels an inch");
        assert_eq!(fit(1000, 4000).height, Length::pt(400));
        assert!(fit(1, 20_000).width > Length::ZERO);
        assert!(fit(20_000, 1).height > Length::ZERO);
    }

    #[test]
    fn reads_png_with_and_without_alpha() {
        for (pixel, has_alpha) in [([9, 9, 9, 255], false), ([9, 9, 9, 100], true)] {
            let rgba = image::RgbaImage::from_pixel(3, 2, image::Rgba(pixel));
            let mut bytes = Vec::new();
            let picture = DynamicImage::ImageRgba8(rgba);
            picture
                .write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png)
                .expect("memory is writable");
            let decoded = decode(&bytes).expect("a picture just written");
            assert_eq!((decoded.width, decoded.height), (3, 2));
            let PictureData::Samples { samples, alpha, .. } = decoded.data else {
                unreachable!("a PNG is decoded");
            };
            assert_eq!(samples.len(), 18);
            assert_eq!(alpha.is_some(), has_alpha);
        }
        assert!(decode(b"no picture").is_err());
    }

    #[test]
    fn passes_jpeg_on() {
        for (picture, expected) in [
            (DynamicImage::new_rgb8(5, 4), 3),
            (DynamicImage::new_luma8(5, 4), 1),
        ] {
            let mut bytes = Vec::new();
            picture
                .write_to(&mut Cursor::new(&mut bytes), ImageFormat::Jpeg)
                .expect("memory is writable");
            let decoded = decode(&bytes).expect("a picture just written");
            let PictureData::Jpeg {
                components,
                bytes: passed,
            } = decoded.data
            else {
                unreachable!("a JPEG is passed on");
            };
            assert_eq!((components, &passed), (expected, &bytes));
            // What a telephone hangs on behind the end is not printed.
            let longer = [&bytes, &b"a film"[..]].concat();
            let PictureData::Jpeg { bytes: printed, .. } = decode(&longer).expect("read").data
            else {
                unreachable!("a JPEG is passed on");
            };
            assert_eq!(printed, bytes);
        }
    }

    #[test]
    fn turns_what_the_camera_held_on_its_side() {
        use image::ImageEncoder;
        let mut bytes = Vec::new();
        let mut encoder = JpegEncoder::new(&mut bytes);
        let exif = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
        let noted = encoder.set_exif_metadata(exif.to_vec());
        noted.expect("JPEG has a place for it");
        let written = encoder.encode_image(&DynamicImage::new_rgb8(40, 20));
        written.expect("packed");
        let decoded = decode(&bytes).expect("it can be read");
        assert_eq!((decoded.width, decoded.height), (20, 40));
        let PictureData::Jpeg { bytes, .. } = decoded.data else {
            unreachable!("a photograph stays one");
        };
        assert!(!bytes.windows(4).any(|part| part == b"Exif"));
    }
}
