//! Archives with limits: no entry is read further than it may be, and none is written.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::Kind;
use super::flow::{Marked, What};

/// What one entry may unpack to.
const LARGEST: u64 = 64 << 20;
/// What all entries that are read may unpack to.
const LARGEST_SUM: u64 = 128 << 20;
/// Entries beyond this number are a fault.
const MOST: usize = 20_000;

/// An archive in memory.
pub(super) struct Archive<'b> {
    zip: ZipArchive<Cursor<&'b [u8]>>,
    left: u64,
}

impl<'b> Archive<'b> {
    pub(super) fn open(bytes: &'b [u8]) -> Result<Archive<'b>, String> {
        let zip = ZipArchive::new(Cursor::new(bytes))
            .map_err(|error| format!("its archive is damaged ({error})"))?;
        if zip.len() > MOST {
            return Err(format!(
                "its archive has {} files, more than {MOST}",
                zip.len()
            ));
        }
        Ok(Archive {
            zip,
            left: LARGEST_SUM,
        })
    }

    /// An entry as text; `None` when there is none of that name.
    pub(super) fn text(&mut self, name: &str) -> Result<Option<String>, String> {
        let Some(bytes) = self.bytes(name)? else {
            return Ok(None);
        };
        crate::source::encoding::decode(bytes)
            .map(|(text, _)| Some(text.trim_start_matches('\u{feff}').to_string()))
            .map_err(|_| format!("{name} in it is no text"))
    }

    /// The pictures that a text shows, by their names.
    pub(super) fn pictures(&mut self, marks: &[Marked]) -> BTreeMap<String, Vec<u8>> {
        let mut pictures = BTreeMap::new();
        for mark in marks {
            if let What::Picture { path, .. } = &mark.what
                && !pictures.contains_key(path)
                && let Ok(Some(bytes)) = self.bytes(path)
            {
                pictures.insert(path.clone(), bytes);
            }
        }
        pictures
    }

    fn bytes(&mut self, name: &str) -> Result<Option<Vec<u8>>, String> {
        let Ok(entry) = self.zip.by_name(name) else {
            return Ok(None);
        };
        let limit = LARGEST.min(self.left);
        let mut bytes = Vec::new();
        // The size that the archive states is not to be trusted.
        let read = entry.take(limit + 1).read_to_end(&mut bytes);
        read.map_err(|error| format!("{name} in it is damaged ({error})"))?;
        if bytes.len() as u64 > limit {
            return Err(format!(
                "{name} in it unpacks to more than {} MB",
                limit >> 20
            ));
        }
        self.left -= bytes.len() as u64;
        Ok(Some(bytes))
    }
}

/// What is wrong with an archive that is no document.
pub(super) fn neither(bytes: &[u8]) -> String {
    let damaged = Archive::open(bytes).err();
    damaged.unwrap_or_else(|| {
        "it holds neither a Word document nor an OpenDocument text nor an e-book; unpack it and import what is in it".into()
    })
}

/// What an archive holds, by the names in it.
pub(super) fn kind(bytes: &[u8]) -> Kind {
    let Ok(zip) = ZipArchive::new(Cursor::new(bytes)) else {
        return Kind::Archive;
    };
    let has = |name: &str| zip.index_for_name(name).is_some();
    if has("word/document.xml") {
        Kind::Docx
    } else if has("META-INF/container.xml") {
        Kind::Epub
    } else if has("content.xml") {
        Kind::Odt
    } else {
        Kind::Archive
    }
}
