//! Every input, read once, and the names of places in it.
//!
//! A pack is read whole before anything is made of it, so the stages after this one never
//! touch a file. Texts made from other texts (a cleaned source) are inputs too, with the
//! way back to the file they came from, so that a fault is always shown where it stands.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use sha2::{Digest, Sha256};

pub mod encoding;

use encoding::Encoding;

/// One input among [`Inputs`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(u32);

/// A stretch of one input, in bytes of its decoded text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    pub source: SourceId,
    pub start: u32,
    pub end: u32,
}

impl Span {
    /// The span from `start` to `end` of an input.
    pub fn new(source: SourceId, start: usize, end: usize) -> Span {
        let whole = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Span {
            source,
            start: whole(start),
            end: whole(end),
        }
    }

    /// A part of this span, by offsets from its start.
    pub fn part(self, start: usize, end: usize) -> Span {
        Span::new(
            self.source,
            self.start as usize + start,
            self.start as usize + end,
        )
    }
}

/// A passage of the finished edition: one paragraph, heading, cell, term or caption, the
/// smallest unit that a locator points into. Numbered through the whole edition.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PassageId(pub u32);

/// A place in the finished edition: a passage and a byte offset into its plain text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    pub passage: PassageId,
    pub offset: u32,
}

/// What an input holds.
#[derive(Clone, Debug)]
pub enum Content {
    /// UTF-8, without a byte order mark, lines ended by `\n`.
    Text(String),
    /// Anything else: pictures, or text in another encoding; `fault` is the offset of the
    /// first byte that is not UTF-8.
    Binary { bytes: Vec<u8>, fault: usize },
    /// Left unread because it is larger than [`LARGEST_FILE`].
    TooLarge { bytes: u64 },
}

/// One input: a file of the pack, a source text, or a text derived from one.
#[derive(Clone, Debug)]
pub struct Source {
    /// The path that messages show, with forward slashes: relative to the pack, or the
    /// path that the user gave.
    pub path: String,
    pub content: Content,
    /// SHA-256 of the file's bytes; for source texts only.
    pub digest: Option<[u8; 32]>,
    /// How the file was encoded; anything but UTF-8 for source texts only.
    pub encoding: Encoding,
    /// For a derived text: what it came from.
    pub derived: Option<Derivation>,
    /// Whether it was read out of a file that is no text, and is no file itself.
    pub extracted: bool,
}

/// The way back from a derived text to the text it was made from.
#[derive(Clone, Debug)]
pub struct Derivation {
    pub from: SourceId,
    pub map: OffsetMap,
}

/// Stretches of a derived text that stand unchanged in the original, in order.
#[derive(Clone, Debug, Default)]
pub struct OffsetMap {
    /// (offset in the derived text, offset in the original, length), ascending by the first.
    pub stretches: Vec<(u32, u32, u32)>,
}

impl OffsetMap {
    /// The original offset of a derived one; inside added text, that of the stretch before.
    pub fn original(&self, derived: u32) -> u32 {
        let after = self
            .stretches
            .partition_point(|stretch| stretch.0 <= derived);
        match after.checked_sub(1).map(|at| self.stretches[at]) {
            Some((start, original, length)) => original + (derived - start).min(length),
            None => self.stretches.first().map_or(0, |first| first.1),
        }
    }
}

/// Files above this many bytes are not read.
pub const LARGEST_FILE: u64 = 100 << 20;
/// At most this many files are read from a pack's folder.
const MOST_FILES: usize = 10_000;

/// All bytes read and all texts derived from them.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    sources: Vec<Source>,
    by_path: BTreeMap<String, SourceId>,
}

impl Inputs {
    /// Reads every file of a pack's folder but the readers' own texts in `sources/`, what
    /// begins with a dot, and links, which could lead out of the folder.
    ///
    /// # Errors
    /// When the folder or a file in it cannot be read; the error names it.
    pub fn read_pack(folder: &Path) -> io::Result<Inputs> {
        let mut inputs = Inputs::default();
        let mut paths = Vec::new();
        list(folder, "", &mut paths)?;
        paths.sort();
        for path in paths {
            let content = read_file(&folder.join(&path))?;
            inputs.add(path, content);
        }
        Ok(inputs)
    }

    /// Reads a source text by its file name from the first of `folders` that has it, and
    /// records its SHA-256. `None` when no folder has it.
    ///
    /// # Errors
    /// When the file is there but cannot be read.
    pub fn read_source_text(
        &mut self,
        folders: &[PathBuf],
        name: &str,
    ) -> io::Result<Option<SourceId>> {
        if !is_inside(name) {
            return Ok(None);
        }
        for folder in folders {
            let path = folder.join(name);
            if !path.is_file() {
                continue;
            }
            let bytes = read_bytes(&path)?;
            let digest = bytes
                .as_ref()
                .ok()
                .map(|bytes| Sha256::digest(bytes).into());
            let shown = path.to_string_lossy().replace('\\', "/");
            let id = match bytes {
                Ok(bytes) => self.add_encoded(shown, bytes),
                Err(bytes) => self.add(shown, Content::TooLarge { bytes }),
            };
            self.sources[id.0 as usize].digest = digest;
            return Ok(Some(id));
        }
        Ok(None)
    }

    /// Reads a file that stands beside a source's, `path` being its place from there, under
    /// the name that the book has for it. `None` when it is not there, or leads elsewhere.
    ///
    /// # Errors
    /// When the file is there but cannot be read.
    pub fn read_beside(
        &mut self,
        source: SourceId,
        path: &str,
        name: &str,
    ) -> io::Result<Option<SourceId>> {
        let beside = Path::new(&self.get(source).path).parent();
        let file = beside.unwrap_or(Path::new("")).join(path);
        if !is_inside(path) || self.find(name).is_some() || !file.is_file() {
            return Ok(self.find(name));
        }
        let content = match read_bytes(&file)? {
            Ok(bytes) => Content::Binary { bytes, fault: 0 },
            Err(bytes) => Content::TooLarge { bytes },
        };
        Ok(Some(self.add_within(name.to_string(), content, source)))
    }

    /// Adds a picture that a source's file holds or shows.
    pub fn add_within(&mut self, path: String, content: Content, from: SourceId) -> SourceId {
        let id = self.add(path, content);
        let map = OffsetMap::default();
        self.sources[id.0 as usize].derived = Some(Derivation { from, map });
        id
    }

    /// Adds a reader's text, whatever its encoding.
    pub fn add_encoded(&mut self, path: String, bytes: Vec<u8>) -> SourceId {
        match encoding::decode(bytes) {
            Ok((text, encoding)) => {
                let id = self.add(path, Content::Text(tidy_ends(text)));
                self.sources[id.0 as usize].encoding = encoding;
                id
            }
            Err(bytes) => self.add(path, decode(bytes)),
        }
    }

    /// Adds an input; a later one with the same path takes its place in look-ups.
    pub fn add(&mut self, path: String, content: Content) -> SourceId {
        let id = SourceId(u32::try_from(self.sources.len()).expect("fewer than 2^32 inputs"));
        self.by_path.insert(path.clone(), id);
        self.sources.push(Source {
            path,
            content,
            digest: None,
            encoding: Encoding::default(),
            derived: None,
            extracted: false,
        });
        id
    }

    /// Adds a text, for instance one that a test makes up.
    pub fn add_text(&mut self, path: &str, text: impl Into<String>) -> SourceId {
        self.add(path.to_string(), decode(text.into().into_bytes()))
    }

    /// Adds the text that was read out of a file of another kind; it stands for the file.
    pub fn add_extracted(&mut self, path: String, text: String, from: SourceId) -> SourceId {
        let id = self.add(path, Content::Text(text));
        let (digest, encoding) = (self.get(from).digest, self.get(from).encoding);
        let source = &mut self.sources[id.0 as usize];
        source.digest = digest;
        source.encoding = encoding;
        source.extracted = true;
        id
    }

    /// Adds a text made from another.
    pub fn add_derived(
        &mut self,
        path: String,
        text: String,
        from: SourceId,
        map: OffsetMap,
    ) -> SourceId {
        let id = self.add(path, Content::Text(text));
        self.sources[id.0 as usize].derived = Some(Derivation { from, map });
        id
    }

    /// The input of that path.
    pub fn find(&self, path: &str) -> Option<SourceId> {
        self.by_path.get(path).copied()
    }

    /// The paths of all inputs, in order.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.by_path.keys().map(String::as_str)
    }

    /// Every input that is a file, in the order of reading.
    pub fn files(&self) -> impl Iterator<Item = &Source> {
        self.sources
            .iter()
            .filter(|source| source.derived.is_none() && !source.extracted)
    }

    /// One input.
    pub fn get(&self, id: SourceId) -> &Source {
        &self.sources[id.0 as usize]
    }

    /// The text of an input; empty when it is not text.
    pub fn text(&self, id: SourceId) -> &str {
        match &self.get(id).content {
            Content::Text(text) => text,
            Content::Binary { .. } | Content::TooLarge { .. } => "",
        }
    }

    /// The same place in the file that it came from: through derived texts to the first.
    pub fn origin(&self, mut span: Span) -> Span {
        while let Some(derivation) = &self.get(span.source).derived {
            let last = span.end.saturating_sub(1).max(span.start);
            let (start, end) = (
                derivation.map.original(span.start),
                derivation.map.original(last) + 1,
            );
            span = Span {
                source: derivation.from,
                start,
                end: end.max(start),
            };
        }
        span
    }
}

/// Whether a relative path stays inside the folder it is joined to.
pub fn is_inside(path: &str) -> bool {
    !path.is_empty()
        && !path.contains('\\')
        && !path.contains(':')
        && Path::new(path)
            .components()
            .all(|part| matches!(part, Component::Normal(_)))
}

fn list(folder: &Path, prefix: &str, paths: &mut Vec<String>) -> io::Result<()> {
    let named =
        |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", folder.display()));
    for entry in fs::read_dir(folder).map_err(named)? {
        let entry = entry.map_err(named)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let kind = entry.file_type().map_err(named)?;
        let path = format!("{prefix}{name}");
        if name.starts_with('.') || path == "sources" || paths.len() >= MOST_FILES {
            continue;
        }
        if kind.is_dir() && prefix.matches('/').count() < 16 {
            list(&entry.path(), &format!("{path}/"), paths)?;
        } else if kind.is_file() {
            paths.push(path);
        }
    }
    Ok(())
}

fn read_file(path: &Path) -> io::Result<Content> {
    Ok(read_bytes(path)?.map_or_else(|bytes| Content::TooLarge { bytes }, decode))
}

/// The file's bytes, or its size when it is too large to be read.
fn read_bytes(path: &Path) -> io::Result<Result<Vec<u8>, u64>> {
    let named =
        |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", path.display()));
    let file = fs::File::open(path).map_err(named)?;
    let size = file.metadata().map_err(named)?.len();
    if size > LARGEST_FILE {
        return Ok(Err(size));
    }
    let mut bytes = Vec::new();
    // The limit holds even for a file that grows while it is read.
    file.take(LARGEST_FILE)
        .read_to_end(&mut bytes)
        .map_err(named)?;
    Ok(Ok(bytes))
}

fn decode(bytes: Vec<u8>) -> Content {
    match String::from_utf8(bytes) {
        Ok(text) => Content::Text(tidy_ends(text)),
        Err(error) => {
            let fault = error.utf8_error().valid_up_to();
            Content::Binary {
                bytes: error.into_bytes(),
                fault,
            }
        }
    }
}

/// Without a byte order mark and with `\n` alone at line ends.
fn tidy_ends(text: String) -> String {
    let text = match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_string(),
        None => text,
    };
    if text.contains('\r') {
        text.replace("\r\n", "\n").replace('\r', "\n")
    } else {
        text
    }
}
