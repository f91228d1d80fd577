//! E-readers: finds those that are plugged in, and puts books onto them so that nothing that
//! is there can be lost. It knows files, not what is in them.
//!
//! A book is written beside its place, flushed, read back and compared by its SHA-256, and
//! only then renamed into its place. What was written is kept in a record on the reader, and
//! only files of that record, unchanged since, are ever replaced or removed.

mod copy;
mod fault;
mod mounts;
mod names;
mod profiles;
mod record;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

pub use fault::Fault;
pub use profiles::Profile;

use copy::Digest;
use record::{Entry, Record};

/// What a book can be written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// An EPUB with a span round each sentence, as the Kobo's own pages want it.
    Kepub,
    Epub,
    Pdf,
}

/// A book in all the forms that there are of it.
#[derive(Clone, Debug)]
pub struct Book {
    /// What stays the same from one version of the book to the next.
    pub id: String,
    pub title: String,
    pub forms: Vec<Form>,
}

/// One file of a book.
#[derive(Clone, Debug)]
pub struct Form {
    pub format: Format,
    pub name: String,
    pub bytes: Vec<u8>,
}

/// A reader that is plugged in, or a folder that stands for one.
#[derive(Clone, Debug)]
pub struct Reader {
    pub profile: &'static Profile,
    /// Where its storage is mounted.
    pub root: PathBuf,
    /// What it says of itself, such as the version of its firmware.
    pub about: Option<String>,
}

/// What loading a book does, or did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loading {
    pub step: Step,
    /// Where the book is on the reader, from its root.
    pub path: PathBuf,
    pub bytes: u64,
}

/// How a book comes onto a reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    New,
    /// It takes the place of an older copy.
    Replace,
    /// The same is there already; nothing is written.
    Nothing,
}

/// A book that was loaded once, and what has become of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loaded {
    pub title: String,
    /// From the reader's root.
    pub path: PathBuf,
    pub state: State,
}

/// What has become of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    AsLoaded,
    /// Someone else has written to it.
    Changed,
    Gone,
}

/// White space that a reader wants for itself.
const MARGIN: u64 = 2 << 20;
/// FAT32 has no longer files.
const LONGEST: u64 = u32::MAX as u64;

/// The readers among all that is mounted, and among the folders of each of `media`.
pub fn find(media: &[PathBuf]) -> Vec<Reader> {
    mounts::mounted(media)
        .into_iter()
        .filter_map(|root| {
            let (profile, about) = profiles::recognise(&root)?;
            Some(Reader {
                profile,
                root,
                about,
            })
        })
        .collect()
}

/// A folder that is to be treated as a reader: as the one whose marks it has, else as any
/// storage.
pub fn at(root: &Path) -> Reader {
    let (profile, about) = profiles::recognise(root).unwrap_or((&profiles::ANY, None));
    Reader {
        profile,
        root: root.to_path_buf(),
        about,
    }
}

impl Reader {
    /// Bytes that can still be written; `None` where the system does not say.
    pub fn free(&self) -> Option<u64> {
        mounts::free(&self.root)
    }

    /// The form of a book that the reader likes best.
    pub fn pick<'b>(&self, book: &'b Book) -> Option<&'b Form> {
        let likes = self.profile.likes.iter();
        likes
            .filter_map(|format| book.forms.iter().find(|form| form.format == *format))
            .next()
    }

    /// What loading a book would do; nothing is written.
    ///
    /// # Errors
    /// When the book cannot be loaded: no form of it that the reader opens, no room, a file
    /// in its place that is not ours.
    pub fn plan(&self, book: &Book) -> Result<Loading, Fault> {
        self.prepare(book, &Record::read(&self.root)?)
            .map(|work| work.loading)
    }

    /// Loads a book. An older copy of it is replaced in its place, so that the reader keeps
    /// the page that was read last where it can.
    ///
    /// # Errors
    /// As [`Reader::plan`], and when the reader cannot be written to; the older copy is then
    /// as it was.
    pub fn load(&self, book: &Book) -> Result<Loading, Fault> {
        let mut record = Record::read(&self.root)?;
        let work = self.prepare(book, &record)?;
        if work.loading.step == Step::Nothing {
            return Ok(work.loading);
        }
        let path = copy::inside(&self.root, &work.loading.path)?;
        copy::make_folder(&path)?;
        let beside = copy::beside(&path, &work.form.bytes, &work.digest)?;
        // First the record, so that a file whose writing was broken off is known for ours.
        let new = Entry {
            id: book.id.clone(),
            title: book.title.clone(),
            path: work.loading.path.clone(),
            digest: work.digest.clone(),
            next: None,
        };
        record.expect(new, work.there);
        record.write(&self.root)?;
        beside.into_place()?;
        record.settle(&work.loading.path, &work.digest);
        self.drop_older(book, &work.loading.path, &mut record)?;
        record.write(&self.root)?;
        Ok(work.loading)
    }

    /// The books that were loaded onto the reader.
    ///
    /// # Errors
    /// When the reader, or the record on it, cannot be read.
    pub fn books(&self) -> Result<Vec<Loaded>, Fault> {
        let record = Record::read(&self.root)?;
        let loaded = record.entries.iter().map(|entry| {
            Ok(Loaded {
                title: entry.title.clone(),
                path: entry.path.clone(),
                state: self.state(entry)?,
            })
        });
        loaded.collect()
    }

    /// Where a book is on the reader: what [`Reader::remove`] would remove.
    ///
    /// # Errors
    /// When a copy was changed since it was loaded; none is then to be removed.
    pub fn copies(&self, id: &str) -> Result<Vec<PathBuf>, Fault> {
        let record = Record::read(&self.root)?;
        let mut paths = Vec::new();
        for entry in record.entries.iter().filter(|entry| entry.id == id) {
            match self.state(entry)? {
                State::AsLoaded => paths.push(entry.path.clone()),
                State::Gone => {}
                State::Changed => {
                    let path = self.root.join(&entry.path);
                    return Err(Fault::Changed { path });
                }
            }
        }
        Ok(paths)
    }

    /// Removes every copy of a book; gives where they were.
    ///
    /// # Errors
    /// As [`Reader::copies`], and when the reader cannot be written to.
    pub fn remove(&self, id: &str) -> Result<Vec<PathBuf>, Fault> {
        let paths = self.copies(id)?;
        let mut record = Record::read(&self.root)?;
        for path in &paths {
            copy::remove(&copy::inside(&self.root, path)?)?;
        }
        let known = record.entries.len();
        record.entries.retain(|entry| entry.id != id);
        if record.entries.len() < known {
            record.write(&self.root)?;
        }
        Ok(paths)
    }

    fn prepare<'b>(&self, book: &'b Book, record: &Record) -> Result<Work<'b>, Fault> {
        if !self.root.is_dir() {
            return Err(Fault::NoReader {
                path: self.root.clone(),
            });
        }
        let Some(form) = self.pick(book) else {
            return Err(Fault::NoForm {
                reader: self.profile,
                title: book.title.clone(),
            });
        };
        let digest = Digest::of(&form.bytes);
        let path = self.place(book, form, record)?;
        let bytes = form.bytes.len() as u64;
        let (step, there) = self.step(book, &path, &digest, record)?;
        if step != Step::Nothing {
            self.check_room(bytes)?;
        }
        Ok(Work {
            form,
            digest,
            there,
            loading: Loading { step, path, bytes },
        })
    }

    /// Where a book belongs: where its older copy is, else in the reader's folder of books.
    fn place(&self, book: &Book, form: &Form, record: &Record) -> Result<PathBuf, Fault> {
        let suffix = names::suffix(&form.name);
        let older = record.entries.iter().find(|entry| {
            let name = entry.path.file_name().unwrap_or_default();
            entry.id == book.id && names::suffix(&name.to_string_lossy()) == suffix
        });
        if let Some(older) = older {
            return Ok(older.path.clone());
        }
        let folder = profiles::folder(self.profile, &self.root);
        let path = folder.join(names::sound(&form.name, self.profile.forbids));
        if self.profile.longest_path < path.as_os_str().len() {
            return Err(Fault::LongName { path });
        }
        Ok(path)
    }

    /// What is to be done at a place, and what stands there; an error when that is not ours.
    fn step(
        &self,
        book: &Book,
        path: &Path,
        digest: &Digest,
        record: &Record,
    ) -> Result<(Step, Option<Digest>), Fault> {
        let full = copy::inside(&self.root, path)?;
        let Some(there) = copy::digest_at(&full)? else {
            return Ok((Step::New, None));
        };
        let Some(entry) = record.entry(path) else {
            return match there == *digest {
                true => Ok((Step::Nothing, Some(there))),
                false => Err(Fault::NotOurs { path: full }),
            };
        };
        if entry.id != book.id {
            return Err(Fault::OtherBook {
                path: full,
                title: entry.title.clone(),
            });
        }
        match there {
            there if there == *digest => Ok((Step::Nothing, Some(there))),
            there if entry.wrote(&there) => Ok((Step::Replace, Some(there))),
            _ => Err(Fault::Changed { path: full }),
        }
    }

    /// The older copy is kept until the new one is whole, so there must be room for both.
    fn check_room(&self, bytes: u64) -> Result<(), Fault> {
        if bytes > LONGEST {
            return Err(Fault::TooLong { bytes });
        }
        match self.free() {
            Some(free) if free < bytes + MARGIN => Err(Fault::NoRoom {
                path: self.root.clone(),
                needed: bytes + MARGIN,
                free,
            }),
            Some(_) | None => Ok(()),
        }
    }

    /// Removes copies of a book in forms that were loaded before, once the new one is there.
    fn drop_older(&self, book: &Book, kept: &Path, record: &mut Record) -> Result<(), Fault> {
        let mut left = Vec::new();
        for entry in std::mem::take(&mut record.entries) {
            let is_older = entry.id == book.id && !record::same(&entry.path, kept);
            match is_older.then(|| self.state(&entry)).transpose()? {
                Some(State::AsLoaded) => copy::remove(&copy::inside(&self.root, &entry.path)?)?,
                Some(State::Changed | State::Gone) => {}
                None => left.push(entry),
            }
        }
        record.entries = left;
        Ok(())
    }

    fn state(&self, entry: &Entry) -> Result<State, Fault> {
        Ok(
            match copy::digest_at(&copy::inside(&self.root, &entry.path)?)? {
                None => State::Gone,
                Some(there) if entry.wrote(&there) => State::AsLoaded,
                Some(_) => State::Changed,
            },
        )
    }
}

/// A loading that can begin.
struct Work<'b> {
    form: &'b Form,
    digest: Digest,
    /// Of what stands in its place.
    there: Option<Digest>,
    loading: Loading,
}
