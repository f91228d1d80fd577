//! The pictures that the text shows, and the figures drawn for it.

use std::borrow::Cow;
use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::edition::{self, Edition};
use crate::epub::drawing;
use crate::epub::plan::ascii;
use crate::epub::prepare::{self, Kind, Prepared};
use crate::epub::raster;
use crate::fonts::FontSet;
use crate::source::{Content, Inputs};

/// The pictures met so far, each once.
pub(super) struct Pictures<'i> {
    edition: &'i Edition,
    fonts: &'i FontSet,
    /// Those not met yet, by their paths.
    prepared: BTreeMap<&'i str, Prepared<'i>>,
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
    /// The file that shows a drawing as pixels, by its number among the files.
    pub fallback: Option<usize>,
}

impl<'i> Pictures<'i> {
    pub(super) fn new(
        inputs: &'i Inputs,
        edition: &'i Edition,
        fonts: &'i FontSet,
    ) -> Pictures<'i> {
        let all = edition.pictures.iter();
        let (large, small): (Vec<_>, Vec<_>) = all.partition(|(_, picture)| picture.is_large());
        let prepare = |(path, picture): (&'i String, &'i edition::Picture)| {
            let Content::Binary { bytes, .. } = &inputs.get(picture.source).content else {
                return None;
            };
            let prepared = prepare::prepare(bytes)?;
            Some((path.as_str(), prepared))
        };
        let mut prepared: BTreeMap<_, _> = small.into_par_iter().filter_map(prepare).collect();
        prepared.extend(large.into_iter().filter_map(prepare));
        Pictures {
            edition,
            fonts,
            prepared,
            files: Vec::new(),
            by_path: BTreeMap::new(),
            all_described: true,
        }
    }

    /// A picture's file in the e-book; `None` when the pack has no such picture,
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

    /// The pack's own cover, if it has one.
    pub(super) fn cover(&mut self) -> Option<Picture<'i>> {
        let edition = self.edition;
        let path = edition.metadata.cover.as_ref()?.path.as_str();
        let picture = edition.pictures.get(path)?;
        let (kind, bytes) = match &picture.drawing {
            Some(drawing) => (Kind::Png, Cow::Owned(raster::cover(&drawing.text)?)),
            None => {
                // A chapter may show it too.
                let kept = self.prepared.remove(path)?;
                let bytes = kept.bytes.clone();
                let kind = kept.kind;
                self.prepared.insert(path, kept);
                (kind, bytes)
            }
        };
        Some(Picture {
            name: format!("images/cover.{}", kind.extension()),
            media_type: kind.media_type(),
            bytes,
            width: picture.width,
            height: picture.height,
            fallback: None,
        })
    }

    fn take(&mut self, path: &str) -> Option<usize> {
        let picture = self.edition.pictures.get(path)?;
        let stem = path.rsplit('/').next().unwrap_or_default();
        let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
        let number = self.files.len() + 1;
        let name = format!("images/{number:02}-{}", ascii(stem));
        let drawn = match (&picture.figure, &picture.drawing) {
            (Some(figure), _) => Some(drawing::svg(figure, self.fonts)),
            (None, Some(drawing)) => Some((drawing.text.clone(), drawing.width, drawing.height)),
            (None, None) => None,
        };
        let file = match drawn {
            Some((svg, width, height)) => self.drawn(&name, svg, (width, height)),
            None => {
                let prepared = self.prepared.remove(path)?;
                let (width, height) = prepared.size.unwrap_or((picture.width, picture.height));
                Picture {
                    name: format!("{name}.{}", prepared.kind.extension()),
                    media_type: prepared.kind.media_type(),
                    bytes: prepared.bytes,
                    width,
                    height,
                    fallback: None,
                }
            }
        };
        self.files.push(file);
        Some(self.files.len() - 1)
    }

    /// A drawing, and before it, where the pack asks for that, its pixels.
    fn drawn(&mut self, name: &str, svg: String, (width, height): (u32, u32)) -> Picture<'i> {
        let painted = match self.edition.metadata.svg_fallback {
            true => raster::png(&svg),
            false => None,
        };
        let fallback = painted.map(|bytes| {
            self.files.push(Picture {
                name: format!("{name}.png"),
                media_type: "image/png",
                bytes: Cow::Owned(bytes),
                width,
                height,
                fallback: None,
            });
            self.files.len() - 1
        });
        let ending = if fallback.is_some() {
            raster::DOUBLE
        } else {
            ".svg"
        };
        Picture {
            name: format!("{name}{ending}"),
            media_type: "image/svg+xml",
            bytes: Cow::Owned(svg.into_bytes()),
            width,
            height,
            fallback,
        }
    }
}
