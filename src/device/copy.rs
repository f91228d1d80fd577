//! Files written so that at every moment either the old one or the new one is there, whole.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::device::Fault;

/// What a file has while it is being written: not a book's, because some readers take up
/// every file that looks like one.
const UNFINISHED: &str = ".cordel-part";

/// A file's SHA-256, in hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Digest(pub String);

impl Digest {
    pub(super) fn of(bytes: &[u8]) -> Digest {
        Digest(hexadecimal(&Sha256::digest(bytes)))
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A file that is whole, but not yet in its place; it goes when it is not put there.
pub(super) struct Beside {
    path: PathBuf,
    place: PathBuf,
    placed: bool,
}

/// Writes a file beside its place and reads it back.
pub(super) fn beside(place: &Path, bytes: &[u8], digest: &Digest) -> Result<Beside, Fault> {
    let mut name = place.file_name().unwrap_or_default().to_os_string();
    name.push(UNFINISHED);
    let beside = Beside {
        path: place.with_file_name(name),
        place: place.to_path_buf(),
        placed: false,
    };
    let failed = |error| Fault::Failed {
        path: place.to_path_buf(),
        error,
    };
    write(&beside.path, bytes).map_err(failed)?;
    match digest_at(&beside.path)? {
        Some(there) if there == *digest => Ok(beside),
        Some(_) | None => Err(Fault::Differs {
            path: place.to_path_buf(),
        }),
    }
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // What a broken-off load left goes first: nothing is written through a link.
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    let mut file = File::create_new(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

impl Beside {
    /// Puts the file in its place, over an older one.
    pub(super) fn into_place(mut self) -> Result<(), Fault> {
        fs::rename(&self.path, &self.place).map_err(|error| Fault::Failed {
            path: self.place.clone(),
            error,
        })?;
        self.placed = true;
        flush_folder(&self.place);
        Ok(())
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        if !self.placed {
            // A reader that is not there any more keeps what it has of it; the next loading
            // writes over that.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Not every system and file system can flush a folder; the file itself is flushed.
fn flush_folder(file: &Path) {
    if let Some(folder) = file.parent().and_then(|folder| File::open(folder).ok()) {
        let _ = folder.sync_all();
    }
}

/// The place of a file on a reader. A reader comes from anywhere: where one of its folders is
/// a link, what is written there could end anywhere on the machine.
pub(super) fn inside(root: &Path, path: &Path) -> Result<PathBuf, Fault> {
    let mut folder = root.to_path_buf();
    for part in path.parent().into_iter().flat_map(Path::components) {
        folder.push(part);
        match fs::symlink_metadata(&folder) {
            Ok(there) if there.is_symlink() => return Err(Fault::Link { path: folder }),
            Ok(_) => {}
            // What is not there yet is made, and is then a folder.
            Err(error) if error.kind() == io::ErrorKind::NotFound => break,
            Err(error) => {
                let path = folder;
                return Err(Fault::Failed { path, error });
            }
        }
    }
    Ok(root.join(path))
}

/// Makes the folder of a file.
pub(super) fn make_folder(file: &Path) -> Result<(), Fault> {
    let folder = file.parent().unwrap_or(file);
    fs::create_dir_all(folder).map_err(|error| Fault::Failed {
        path: folder.to_path_buf(),
        error,
    })
}

/// Removes a file.
pub(super) fn remove(path: &Path) -> Result<(), Fault> {
    fs::remove_file(path).map_err(|error| Fault::Failed {
        path: path.to_path_buf(),
        error,
    })?;
    flush_folder(path);
    Ok(())
}

/// The digest of a file as the storage gives it; `None` when there is none. What is there
/// and is no file counts as one with other bytes.
pub(super) fn digest_at(path: &Path) -> Result<Option<Digest>, Fault> {
    let failed = |error| Fault::Failed {
        path: path.to_path_buf(),
        error,
    };
    match fs::symlink_metadata(path) {
        Ok(there) if there.is_file() => {}
        Ok(_) => return Ok(Some(Digest(String::new()))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
    }
    digest(path).map(Some).map_err(failed)
}

fn digest(path: &Path) -> io::Result<Digest> {
    let mut file = File::open(path)?;
    forget(&file);
    let mut hash = Sha256::new();
    let mut piece = vec![0; 1 << 16];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(Digest(hexadecimal(&hash.finalize()))),
            read => hash.update(&piece[..read]),
        }
    }
}

/// Asks the system to read from the storage what it may still have in memory.
#[cfg(target_os = "linux")]
fn forget(file: &File) {
    let _ = rustix::fs::fadvise(file, 0, None, rustix::fs::Advice::DontNeed);
}

#[cfg(not(target_os = "linux"))]
fn forget(_file: &File) {}
