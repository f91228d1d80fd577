//! The pictures that the text shows, passed on byte for byte, and the figures drawn for it.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::edition::Edition;
use crate::epub::drawing;
use crate::epub::plan::ascii;
use crate::fonts::FontSet;
use crate::source::{Content, Inputs};

/// The pictures met so far, each once.
pub(super) struct Pictures<'i> {
    inputs: &'i Inputs,
    edition: &'i Edition,
    fonts: &'i FontSet,
    pub files: Vec<Picture<'i>>,
    by_path: BTreeMap<String, Option<usize>>,
    /// Whether every one of them says what it shows.
    pub all_described: bool,
}

/// A picture's file in the e-book.
pub(super) struct Picture<'i> {
    pub name: String,
    pub media_type: &'static str,
    pub bytes: Cow<'i, [u8]>,
    /// In pixels.
    pub width: u32,
    pub height: u32,
}

impl<'i> Pictures<'i> {
    pub(super) fn new(
        inputs: &'i Inputs,
        edition: &'i Edition,
        fonts: &'i FontSet,
    ) -> Pictures<'i> {
        Pictures {
            inputs,
            edition,
            fonts,
            files: Vec::new(),
            by_path: BTreeMap::new(),
            all_described: true,
        }
    }

    /// A picture's file in the e-book; `None` when the pack has no such PNG or JPEG file,
    /// which was reported when the chapter was read.
    pub(super) fn find(&mut self, path: &str) -> Option<&Picture<'i>> {
        let at = match self.by_path.get(path) {
            Some(at) => *at,
            None => {
                let at = self.take(path);
                self.by_path.insert(path.into(), at);
                at
            }
        };
        at.map(|at| &self.files[at])
    }

    fn take(&mut self, path: &str) -> Option<usize> {
        let picture = self.edition.pictures.get(path)?;
        let stem = path.rsplit('/').next().unwrap_or_default();
        let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
        let number = self.files.len() + 1;
        let name = format!("images/{number:02}-{}", ascii(stem));
        let file = match &picture.figure {
            Some(figure) => {
                let (svg, width, height) = drawing::svg(figure, self.fonts);
                Picture {
                    name: format!("{name}.svg"),
                    media_type: "image/svg+xml",
                    bytes: Cow::Owned(svg.into_bytes()),
                    width,
                    height,
                }
            }
            None => {
                let source = self.inputs.get(picture.source);
                let Content::Binary { bytes, .. } = &source.content else {
                    return None;
                };
                let (media_type, extension) = kind(bytes)?;
                Picture {
                    name: format!("{name}.{extension}"),
                    media_type,
                    bytes: Cow::Borrowed(bytes.as_slice()),
                    width: picture.width,
                    height: picture.height,
                }
            }
        };
        self.files.push(file);
        Some(number - 1)
    }
}

fn kind(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        Some(("image/png", "png"))
    } else if bytes.starts_with(b"\xff\xd8\xff") {
        Some(("image/jpeg", "jpg"))
    } else {
        None
    }
}
