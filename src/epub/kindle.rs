//! The e-book for Send to Kindle. Amazon makes a book of its own kind from it, and sends back
//! without a word what it cannot; so this form leaves out what is known to be refused or is
//! not heeded. Its limits stand in `cordel build --help`.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{ImageFormat, ImageReader};

use crate::epub::cover;
use crate::epub::raster;
use crate::epub::variants::Change;

/// What the cover is called as a JPEG file, which Amazon makes its small pictures from.
const COVER: &str = "images/cover.jpg";
const QUALITY: u8 = 90;

/// Declarations of the style sheet that Amazon's guidelines rule out or its program drops.
const DROPPED: [&str; 5] = [
    "overflow-x:",
    "max-height:",
    "widows:",
    "orphans:",
    "container-type:",
];

pub(super) fn change(name: &str, content: &[u8]) -> Change {
    if name.contains("/fonts/") {
        return Change::Drop;
    }
    if let Some(folder) = name.strip_suffix(cover::PICTURE) {
        return match jpeg(content) {
            Some(bytes) => Change::Stored(format!("{folder}{COVER}"), bytes),
            None => Change::Keep,
        };
    }
    let Ok(text) = std::str::from_utf8(content) else {
        return Change::Keep;
    };
    if name.ends_with(raster::DOUBLE) {
        return Change::Drop;
    }
    if let Some(stem) = name.strip_suffix(".svg") {
        return match raster::png(text) {
            Some(bytes) => Change::Stored(format!("{stem}.png"), bytes),
            None => Change::Keep,
        };
    }
    match name.rsplit('.').next() {
        Some("css") => Change::Text(style(text)),
        Some("opf") => Change::Text(package(text)),
        Some("xhtml") if text.contains("<img ") => Change::Text(pictures(text)),
        Some(_) | None => Change::Keep,
    }
}

/// A file of the text with no drawing and the cover's other name: Amazon refuses some books for
/// their drawings.
fn pictures(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['<']) {
        let end = rest[at..].find('>').map_or(rest.len(), |end| at + end + 1);
        let tag = &rest[at..end];
        out.push_str(&rest[..at]);
        match tag {
            _ if tag.starts_with("<img ") => out.push_str(&image(tag)),
            _ if tag.starts_with("<source ") => {}
            "<picture>" | "</picture>" => {}
            _ => out.push_str(tag),
        }
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

/// An image's tag with the name that the picture has now.
fn image(tag: &str) -> String {
    let Some((head, rest)) = tag.split_once(" src=\"") else {
        return tag.into();
    };
    let (name, rest) = rest.split_once('"').unwrap_or((rest, ""));
    let name = match name.strip_suffix(".svg") {
        Some(stem) => format!("{stem}.png"),
        None => name.replace(cover::PICTURE, COVER),
    };
    format!("{head} src=\"{name}\"{rest}")
}

fn jpeg(png: &[u8]) -> Option<Vec<u8>> {
    let reader = ImageReader::with_format(Cursor::new(png), ImageFormat::Png);
    let picture = reader.decode().ok()?.into_rgb8();
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, QUALITY);
    encoder.encode_image(&picture).ok()?;
    Some(bytes)
}

/// The package without the fonts, and with the cover's other name.
fn package(text: &str) -> String {
    let cover = format!(
        "href=\"{}\" media-type=\"{}\"",
        cover::PICTURE,
        cover::MEDIA_TYPE
    );
    let jpeg = format!("href=\"{COVER}\" media-type=\"image/jpeg\"");
    let double = format!("{}\"", raster::DOUBLE);
    let is_kept = |line: &&str| {
        let is_gone = line.contains(" href=\"fonts/") || line.contains(&double);
        !line.starts_with("<item ") || !is_gone
    };
    let drawing = (
        ".svg\" media-type=\"image/svg+xml\"",
        ".png\" media-type=\"image/png\"",
    );
    let renamed = |line: &str| match line.starts_with("<item ") {
        true => line.replace(&cover, &jpeg).replace(drawing.0, drawing.1),
        false => line.to_string(),
    };
    let lines = text.lines().filter(is_kept);
    lines.map(|line| renamed(line) + "\n").collect()
}

/// The style sheet without fonts and conditions, and without what is ruled out: it has a
/// declaration a line, and nothing else in its first column.
fn style(text: &str) -> String {
    let mut out = String::new();
    let mut in_rule = false;
    for line in text.lines() {
        in_rule |= line.starts_with('@');
        let declaration = line.trim_start();
        let is_negative = declaration.starts_with("margin")
            && declaration.contains(['-'])
            && declaration.split([' ', ':', ';']).any(is_below_zero);
        let is_dropped = DROPPED.iter().any(|name| declaration.starts_with(name));
        if !in_rule && !is_negative && !is_dropped {
            out.push_str(line);
            out.push('\n');
        }
        in_rule &= line != "}";
    }
    out
}

fn is_below_zero(value: &str) -> bool {
    let digits = value.strip_prefix('-').unwrap_or_default();
    digits.starts_with(|c: char| c.is_ascii_digit() || c == '.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_out_fonts_and_what_is_ruled_out() {
        let sheet = "@font-face {\n  src: url(\"a.ttf\");\n}\np {\n  margin: -0.6em 0 1.8em 0;\n  \
            text-indent: -1.3em;\n  margin-left: 0;\n}\ndiv {\n  overflow-x: auto;\n}\n\
            @container (max-width: 9em) {\n  td {\n    padding: 0;\n  }\n}\n";
        let wanted = "p {\n  text-indent: -1.3em;\n  margin-left: 0;\n}\ndiv {\n}\n";
        assert_eq!(style(sheet), wanted);
        let list = "<item id=\"font-0\" href=\"fonts/A.ttf\" media-type=\"font/ttf\"/>\n\
            <item id=\"cover-image\" href=\"images/cover.png\" media-type=\"image/png\" properties=\"cover-image\"/>\n";
        let wanted = "<item id=\"cover-image\" href=\"images/cover.jpg\" media-type=\"image/jpeg\" properties=\"cover-image\"/>\n";
        assert_eq!(package(list), wanted);
    }
}
