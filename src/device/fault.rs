//! Why a book could not be loaded, in words for the one who holds the reader.

use std::fmt;
use std::io;
use std::path::PathBuf;

use crate::device::profiles::Profile;

/// Why a book could not be loaded or removed. What stood on the reader is as it was.
#[derive(Debug)]
pub enum Fault {
    /// The folder is not there, or not any more.
    NoReader { path: PathBuf },
    /// No form of the book is one that the reader opens.
    NoForm {
        reader: &'static Profile,
        title: String,
    },
    /// A file of that name is there that Cordel did not write.
    NotOurs { path: PathBuf },
    /// A folder on the way to the file is a link, and may lead off the reader.
    Link { path: PathBuf },
    /// Another book was loaded under that name.
    OtherBook { path: PathBuf, title: String },
    /// The file was loaded by Cordel, but has been written to since.
    Changed { path: PathBuf },
    /// The name is longer than the reader reads.
    LongName { path: PathBuf },
    /// The file is longer than FAT32 can hold.
    TooLong { bytes: u64 },
    NoRoom {
        path: PathBuf,
        needed: u64,
        free: u64,
    },
    /// The record of what was loaded cannot be read.
    Record { path: PathBuf, why: String },
    /// What was read back is not what was written.
    Differs { path: PathBuf },
    /// The reader could not be read from or written to.
    Failed { path: PathBuf, error: io::Error },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::NoReader { path } => write!(
                f,
                "there is no folder `{}`\nhelp: is the reader still plugged in, and its screen unlocked?",
                path.display()
            ),
            Fault::NoForm { reader, title } => {
                write!(
                    f,
                    "there is no form of `{title}` that a {} opens",
                    reader.name
                )?;
                write!(f, "\nhelp: {}", reader.lacking)
            }
            Fault::NotOurs { path } => write!(
                f,
                "`{}` is there, and Cordel did not write it\nhelp: it was left as it is; move it away, or give the book another name",
                path.display()
            ),
            Fault::Link { path } => write!(
                f,
                "`{}` is a link, and may lead off the reader\nhelp: nothing was written through it; put a folder of that name in its place",
                path.display()
            ),
            Fault::OtherBook { path, title } => write!(
                f,
                "`{}` is another book: `{title}`\nhelp: it was left as it is; give this pack another `slug` in book.toml",
                path.display()
            ),
            Fault::Changed { path } => write!(
                f,
                "`{}` was changed since Cordel loaded it\nhelp: it was left as it is; move it away and load the book again",
                path.display()
            ),
            Fault::LongName { path } => write!(
                f,
                "the name `{}` is longer than the reader can read\nhelp: give the file a shorter name",
                path.display()
            ),
            Fault::TooLong { bytes } => write!(
                f,
                "the file has {bytes} bytes; no reader's storage holds files of 4 GiB and more"
            ),
            Fault::NoRoom { path, needed, free } => write!(
                f,
                "`{}` has room for {}, and {} are needed until an older copy can go\nhelp: remove something from the reader first",
                path.display(),
                size(*free),
                size(*needed)
            ),
            Fault::Record { path, why } => write!(
                f,
                "the list of what was loaded cannot be read: {why}\nhelp: nothing was changed; delete `{}`, and what was loaded is then as if others had put it there",
                path.display()
            ),
            Fault::Differs { path } => write!(
                f,
                "what the reader gives back of `{}` is not what was written\nhelp: the new copy was deleted; try another cable, and check the reader's storage",
                path.display()
            ),
            Fault::Failed { path, error } => failed(f, path, error),
        }
    }
}

/// What to do about what a system says.
const KNOWN: [(io::ErrorKind, &str); 5] = [
    (io::ErrorKind::StorageFull, FULL),
    (io::ErrorKind::QuotaExceeded, FULL),
    (
        io::ErrorKind::FileTooLarge,
        "the file is longer than may be written there",
    ),
    (
        io::ErrorKind::ReadOnlyFilesystem,
        "the reader is mounted read-only; eject it, plug it in again, and check its storage",
    ),
    (io::ErrorKind::PermissionDenied, "you may not write there"),
];
const FULL: &str = "the reader is full; remove something from it first";
const PULLED: &str = "was the cable pulled? plug the reader in and load again";

fn failed(f: &mut fmt::Formatter<'_>, path: &std::path::Path, error: &io::Error) -> fmt::Result {
    let known = KNOWN.iter().find(|(kind, _)| *kind == error.kind());
    let help = known.map_or(PULLED, |(_, help)| help);
    write!(
        f,
        "`{}`: {error}\nhelp: {help}; an older copy of the book is as it was",
        path.display()
    )
}

/// A size for people: `1.4 MB`.
pub(super) fn size(bytes: u64) -> String {
    match bytes {
        0..=99_999 => format!("{} kB", bytes.div_ceil(1000)),
        100_000..=999_999_999 => tenths(bytes / 100_000, "MB"),
        _ => tenths(bytes / 100_000_000, "GB"),
    }
}

fn tenths(tenths: u64, unit: &str) -> String {
    format!("{}.{} {unit}", tenths / 10, tenths % 10)
}
