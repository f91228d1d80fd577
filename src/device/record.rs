//! What Cordel has written to a reader, kept on it: `.cordel/loaded.toml`. A reader comes from
//! anywhere, so the record is believed no further than its paths lead inside the reader.

use std::fmt::Write;
use std::fs;
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use serde::Deserialize;

use crate::data::quoted;
use crate::device::Fault;
use crate::device::copy::{self, Digest};

const PLACE: &str = ".cordel/loaded.toml";
const LONGEST: u64 = 4 << 20;

/// The files that were written to a reader.
#[derive(Debug, Default)]
pub(super) struct Record {
    pub entries: Vec<Entry>,
}

/// A file that was written.
#[derive(Debug)]
pub(super) struct Entry {
    /// The book's.
    pub id: String,
    pub title: String,
    /// From the reader's root.
    pub path: PathBuf,
    pub digest: Digest,
    /// What was about to take its place when writing was broken off.
    pub next: Option<Digest>,
}

impl Entry {
    /// Whether Cordel wrote what has this digest.
    pub(super) fn wrote(&self, there: &Digest) -> bool {
        self.digest == *there || self.next.as_ref() == Some(there)
    }
}

#[derive(Deserialize)]
struct RawRecord {
    #[serde(default)]
    book: Vec<RawEntry>,
}

#[derive(Deserialize)]
struct RawEntry {
    id: String,
    title: String,
    path: String,
    sha256: String,
    next: Option<String>,
}

impl Record {
    pub(super) fn read(root: &Path) -> Result<Record, Fault> {
        let path = copy::inside(root, Path::new(PLACE))?;
        let text = match text(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Record::default()),
            Err(error) => return Err(Fault::Failed { path, error }),
        };
        match toml::from_str::<RawRecord>(&text) {
            Ok(raw) => Ok(Record {
                entries: raw.book.into_iter().filter_map(entry).collect(),
            }),
            Err(error) => Err(Fault::Record {
                path,
                why: error.message().to_string(),
            }),
        }
    }

    pub(super) fn write(&self, root: &Path) -> Result<(), Fault> {
        let path = copy::inside(root, Path::new(PLACE))?;
        let text = self.text();
        copy::make_folder(&path)?;
        let digest = Digest::of(text.as_bytes());
        copy::beside(&path, text.as_bytes(), &digest)?.into_place()
    }

    fn text(&self) -> String {
        let mut text = String::from(
            "# The books that Cordel loaded onto this reader. It replaces and removes these alone.\n",
        );
        for entry in &self.entries {
            let path = entry.path.to_string_lossy().replace('\\', "/");
            let _ = write!(
                text,
                "\n[[book]]\nid = {}\ntitle = {}\npath = {}\nsha256 = {}\n",
                quoted(&entry.id),
                quoted(&entry.title),
                quoted(&path),
                quoted(&entry.digest.0)
            );
            if let Some(next) = &entry.next {
                let _ = writeln!(text, "next = {}", quoted(&next.0));
            }
        }
        text
    }

    /// The file at a path; FAT does not tell capitals from small letters.
    pub(super) fn entry(&self, path: &Path) -> Option<&Entry> {
        self.entries.iter().find(|entry| same(&entry.path, path))
    }

    /// Notes that a file is about to be written over what is there.
    pub(super) fn expect(&mut self, new: Entry, there: Option<Digest>) {
        match self.entries.iter_mut().find(|e| same(&e.path, &new.path)) {
            Some(entry) => {
                // After a loading that was broken off at its end, what is there is what the
                // record only expected; it is ours all the same.
                entry.digest = there.unwrap_or_else(|| entry.digest.clone());
                entry.next = Some(new.digest);
                entry.title = new.title;
            }
            None => self.entries.push(new),
        }
    }

    /// Notes that a file is written.
    pub(super) fn settle(&mut self, path: &Path, digest: &Digest) {
        let written = self.entries.iter_mut().find(|e| same(&e.path, path));
        if let Some(entry) = written {
            entry.digest = digest.clone();
            entry.next = None;
        }
    }
}

/// The record's text; one far longer than any that was written is not read to its end.
fn text(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    fs::File::open(path)?
        .take(LONGEST)
        .read_to_string(&mut text)?;
    Ok(text)
}

pub(super) fn same(a: &Path, b: &Path) -> bool {
    a.to_string_lossy().to_lowercase() == b.to_string_lossy().to_lowercase()
}

/// An entry whose path leads inside the reader.
fn entry(raw: RawEntry) -> Option<Entry> {
    let path = PathBuf::from(raw.path);
    let inside = path
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    (inside && path.file_name().is_some()).then_some(Entry {
        id: raw.id,
        title: raw.title,
        path,
        digest: Digest(raw.sha256),
        next: raw.next.map(Digest),
    })
}
