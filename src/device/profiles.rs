//! The readers that can be told by marks in their storage, as a table: what is where, what
//! each likes to be given, and where it looks for it.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::device::Format;

/// A kind of reader.
#[derive(Debug)]
pub struct Profile {
    pub name: &'static str,
    /// Any of these groups tells it, when all of the group are there.
    marks: &'static [&'static [Mark]],
    /// Where it looks for books: the first that is there, else the first is made.
    folders: &'static [&'static str],
    /// What it opens, the best first.
    pub likes: &'static [Format],
    /// What to do for a book of which there is nothing that it opens.
    pub lacking: &'static str,
    /// What its names may not have, beyond FAT32.
    pub(super) forbids: &'static str,
    /// In bytes, from its root.
    pub(super) longest_path: usize,
    /// What comes after loading.
    pub after: &'static str,
}

/// Something in a reader's storage by which it is known.
#[derive(Debug)]
enum Mark {
    Folder(&'static str),
    /// A file that begins so.
    File(&'static str, &'static str),
    /// The storage is mounted under a name with this in it.
    Label(&'static str),
}

use Mark::{File, Folder, Label};

const EPUB_OR_PDF: &str = "build the EPUB: cordel build --epub";
const EJECT: &str = "eject it before you pull the cable";

/// What a reader is that has no entry of its own.
const OTHER: Profile = Profile {
    name: "storage",
    marks: &[],
    folders: &[],
    likes: &[Format::Epub, Format::Pdf],
    lacking: EPUB_OR_PDF,
    forbids: "",
    longest_path: 240,
    after: EJECT,
};

/// Any folder at all.
pub(super) static ANY: Profile = OTHER;

/// In the order of asking: a mark that two makers share is asked for after the one that
/// tells them apart.
static PROFILES: [Profile; 8] = [
    Profile {
        name: "Tolino",
        marks: &[&[Folder(".tolino")], &[Label("tolino")]],
        folders: &["Books"],
        ..OTHER
    },
    Profile {
        name: "Kobo",
        marks: &[&[Folder(".kobo")]],
        likes: &[Format::Kepub, Format::Epub, Format::Pdf],
        forbids: "'$!%;",
        longest_path: 185,
        after: "eject it; it takes up new books then",
        ..OTHER
    },
    Profile {
        name: "Kindle",
        marks: &[&[File("system/version.txt", "Kindle"), Folder("documents")]],
        folders: &["documents"],
        likes: &[Format::Pdf],
        lacking: "a Kindle opens no EPUB that comes by cable; build the PDF (cordel build --pdf), \
                  or make the EPUB for it (cordel build --kindle) and send that with Send to Kindle",
        after: "eject it; the e-book reads better there than the PDF: cordel build --kindle, and Send to Kindle",
        ..OTHER
    },
    Profile {
        name: "PocketBook",
        marks: &[
            &[Folder("system/config"), Folder("applications")],
            &[Folder("system/explorer-3")],
            &[Label("pocketbook")],
        ],
        folders: &["Books"],
        ..OTHER
    },
    Profile {
        name: "Nook",
        marks: &[&[Folder("NOOK")], &[Folder("My Files"), Label("nook")]],
        folders: &["NOOK/Books", "NOOK/My Files", "My Files"],
        ..OTHER
    },
    Profile {
        name: "Sony Reader",
        marks: &[&[Folder("Sony_Reader")]],
        folders: &["Sony_Reader/media/books"],
        ..OTHER
    },
    Profile {
        name: "Onyx Boox",
        marks: &[&[Label("onyx")], &[Label("boox")]],
        folders: &["Books", "MyBooks"],
        ..OTHER
    },
    Profile {
        name: "Cybook",
        marks: &[&[Label("cybook")], &[Label("bookeen")]],
        folders: &["Books", "eBooks", "Digital Editions"],
        ..OTHER
    },
];

/// The kind of reader whose storage begins at a folder, and what it says of itself.
pub(super) fn recognise(root: &Path) -> Option<(&'static Profile, Option<String>)> {
    let label = root.file_name().unwrap_or_default();
    let label = label.to_string_lossy().to_lowercase();
    let is_there = |mark: &Mark| match mark {
        Folder(path) => entry(root, path).is_some_and(|path| path.is_dir()),
        File(path, start) => {
            entry(root, path).is_some_and(|path| beginning(&path).starts_with(start))
        }
        Label(part) => label.contains(part),
    };
    let profile = PROFILES.iter().find(|profile| {
        let mut groups = profile.marks.iter();
        groups.any(|marks| marks.iter().all(is_there))
    })?;
    Some((profile, about(root)))
}

/// The folder for books, from the root.
pub(super) fn folder(profile: &Profile, root: &Path) -> PathBuf {
    let there = profile.folders.iter().find_map(|path| {
        let found = entry(root, path).filter(|path| path.is_dir())?;
        found.strip_prefix(root).ok().map(Path::to_path_buf)
    });
    there.unwrap_or_else(|| {
        profile
            .folders
            .first()
            .map(PathBuf::from)
            .unwrap_or_default()
    })
}

/// The version of a Kobo's firmware, or the name and version that a Kindle gives itself.
fn about(root: &Path) -> Option<String> {
    if let Some(version) = entry(root, ".kobo/version") {
        // Its serial number, then what its software is built on, then its version.
        let line = beginning(&version);
        let version = line.trim().split(',').nth(2)?;
        return Some(format!("firmware {}", plain(version)));
    }
    let version = beginning(&entry(root, "system/version.txt")?);
    version
        .lines()
        .next()
        .map(plain)
        .filter(|line| !line.is_empty())
}

/// What a reader says, as it may be printed.
fn plain(text: &str) -> String {
    let is_plain = |c: &char| c.is_ascii_graphic() || *c == ' ';
    text.trim().chars().filter(is_plain).take(40).collect()
}

/// A path below the root as it is spelt there: FAT does not tell capitals from small
/// letters, and folders are made as one maker or another likes.
fn entry(root: &Path, path: &str) -> Option<PathBuf> {
    let mut found = root.to_path_buf();
    for name in path.split('/') {
        let exact = found.join(name);
        found = match exact.exists() {
            true => exact,
            false => {
                let mut entries = fs::read_dir(&found).ok()?.flatten();
                let named = |entry: &fs::DirEntry| {
                    entry
                        .file_name()
                        .to_string_lossy()
                        .eq_ignore_ascii_case(name)
                };
                entries.find(named)?.path()
            }
        };
    }
    Some(found)
}

/// The first few bytes of a file, as text.
fn beginning(path: &Path) -> String {
    let mut bytes = Vec::new();
    if let Ok(file) = fs::File::open(path) {
        // What cannot be read says nothing.
        let _ = file.take(300).read_to_end(&mut bytes);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
