//! The pictures that a file shows: those inside it become inputs of the book, under the name
//! of the file; those beside a saved web page are named, and read where files are read.

use std::io;

use crate::source::{Content, Inputs, SourceId, is_inside};

use super::flow::What;
use super::{Extract, Kind, Opened};

/// More pictures than this are no text's.
const MOST: usize = 5_000;

/// Takes a file's pictures into the inputs. What is no picture that a book can show is left
/// out, and counted.
pub(super) fn take(inputs: &mut Inputs, raw: SourceId, kind: Kind, extract: &mut Extract) {
    let name = inputs.get(raw).path.clone();
    let name = name.rsplit('/').next().unwrap_or_default();
    let folder = if kind == Kind::Html {
        BESIDE.trim_end_matches('/').to_string()
    } else {
        format!("{BESIDE}{name}")
    };
    let mut shown = 0;
    let mut left_out = 0;
    let files = &extract.pictures;
    extract.marks.retain_mut(|mark| {
        let What::Picture { path, .. } = &mut mark.what else {
            return true;
        };
        let is_there = kind == Kind::Html || files.get(path).is_some_and(|bytes| is_known(bytes));
        *path = format!("{folder}/{path}");
        let is_shown = is_there && is_writable(path) && shown < MOST;
        shown += usize::from(is_shown);
        left_out += usize::from(!is_shown);
        is_shown
    });
    extract.facts.pictures += left_out;
    for (path, bytes) in std::mem::take(&mut extract.pictures) {
        let path = format!("{folder}/{path}");
        if is_known(&bytes) && inputs.find(&path).is_none() {
            inputs.add_within(path, Content::Binary { bytes, fault: 0 }, raw);
        }
    }
}

/// Whether the inputs have a picture of a name.
pub(in crate::import) fn is_picture(inputs: &Inputs, path: &str) -> bool {
    let content = inputs.find(path).map(|id| &inputs.get(id).content);
    matches!(content, Some(Content::Binary { bytes, .. }) if is_known(bytes))
}

/// Whether bytes are a picture of a kind that both forms of a book can show.
fn is_known(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\x89PNG\r\n\x1a\n") || bytes.starts_with(&[0xff, 0xd8, 0xff])
}

/// Whether a path can be written in Markdown.
fn is_writable(path: &str) -> bool {
    let is_plain = |c: char| !c.is_control() && !matches!(c, '<' | '>' | '\\' | '&');
    is_inside(path) && path.chars().all(is_plain)
}

/// Before the places of pictures beside a web page, which is in the pack's folder of sources.
const BESIDE: &str = "sources/";

impl Opened {
    /// The pictures that stand beside a saved web page: their places from there.
    pub fn beside(&self) -> Vec<&str> {
        let marks = self.marks.iter().filter(|_| self.kind == Kind::Html);
        let mut paths: Vec<&str> = marks
            .filter_map(|mark| {
                let What::Picture { path, .. } = &mark.what else {
                    return None;
                };
                path.strip_prefix(BESIDE)
            })
            .collect();
        paths.sort_unstable();
        paths.dedup();
        paths
    }

    /// Reads the pictures beside a saved web page into the inputs; what is no picture that a
    /// book can show is left out.
    ///
    /// # Errors
    /// When one is there but cannot be read.
    pub fn read_beside(&self, inputs: &mut Inputs, raw: SourceId) -> io::Result<()> {
        for path in self.beside() {
            inputs.read_beside(raw, path, &format!("{BESIDE}{path}"))?;
        }
        Ok(())
    }
}
