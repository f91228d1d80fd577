//! `cordel load`: puts finished books onto e-readers.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use super::output::{Talk, read_pack};
use super::{Failure, LoadArguments};
use crate::device::{self, Book, Form, Format, Loading, Reader, State, Step};
use crate::diag::Report;
use crate::manifest;
use crate::pipeline::{self, Variant};

/// Between two looks for a reader that is newly plugged in.
const PAUSE: Duration = Duration::from_millis(700);

/// Larger files are no books, and would fill the memory.
const LARGEST: u64 = 1 << 30;

/// What no file on a disk can be loaded to.
const NO_READER: &str = "no e-reader is plugged in, or none that shows its storage as a drive\n\
help: connect it, unlock it, and choose the transfer of files if it asks\n\
help: for any other storage, a memory card for instance, name its folder: --to DIR\n\
help: a reMarkable takes the EPUB from a browser (its USB web interface); Kindles since 2024 and \
most readers with Android show no drive: send them the file, or mount them and use --to";

pub(super) fn run(arguments: &LoadArguments, talk: &Talk) -> Result<(), Failure> {
    if arguments.list {
        return list(arguments, talk);
    }
    let mut books = books(arguments)?;
    let mut done: Vec<PathBuf> = Vec::new();
    loop {
        let mut readers = readers(arguments);
        if arguments.each {
            // A folder that is named is there only while its reader is.
            readers.retain(|reader| reader.root.is_dir());
        }
        // One that was pulled and is plugged in again is another one, as far as we can tell.
        done.retain(|root| readers.iter().any(|reader| reader.root == *root));
        let new = readers
            .into_iter()
            .filter(|reader| !done.contains(&reader.root));
        let new: Vec<Reader> = new.collect();
        if new.is_empty() && !arguments.each {
            return Err(Failure::World(NO_READER.into()));
        }
        let failed = each(&new, &mut books, arguments, talk);
        if !arguments.each {
            return match failed {
                0 => Ok(()),
                _ => Err(Failure::World(format!(
                    "{failed} of {} could not be done",
                    new.len() * books.len()
                ))),
            };
        }
        if !new.is_empty() || done.is_empty() {
            talk.say("plug in the next reader; Ctrl-C ends");
        }
        done.extend(new.into_iter().map(|reader| reader.root));
        thread::sleep(PAUSE);
    }
}

fn readers(arguments: &LoadArguments) -> Vec<Reader> {
    match arguments.to.is_empty() {
        true => device::find(&arguments.media),
        false => arguments
            .to
            .iter()
            .map(|folder| device::at(folder))
            .collect(),
    }
}

/// Says what is plugged in, and what was loaded onto it.
fn list(arguments: &LoadArguments, talk: &Talk) -> Result<(), Failure> {
    let readers = readers(arguments);
    if readers.is_empty() {
        return Err(Failure::World(NO_READER.into()));
    }
    for reader in &readers {
        talk.result(&format!("{}\n", named(reader)));
        let books = reader
            .books()
            .map_err(|fault| Failure::World(fault.to_string()))?;
        for book in &books {
            let state = match book.state {
                State::AsLoaded => "as it was loaded",
                State::Changed => "changed since it was loaded",
                State::Gone => "gone",
            };
            talk.result(&format!(
                "  {} ({}): {state}\n",
                book.path.display(),
                book.title
            ));
        }
        if books.is_empty() {
            talk.result("  nothing was loaded onto it\n");
        }
    }
    Ok(())
}

/// Does what is asked for every reader and book; gives how often that failed.
fn each(readers: &[Reader], books: &mut [Book], arguments: &LoadArguments, talk: &Talk) -> usize {
    let mut failed = 0;
    for reader in readers {
        talk.done(&format!("{}\n", named(reader)));
        let mut changed = false;
        for book in books.iter_mut() {
            let said = match arguments.remove {
                true => remove(reader, book, arguments.dry_run),
                false => load(reader, book, arguments.dry_run),
            };
            match said {
                Ok(said) => {
                    changed = true;
                    talk.done(&format!("  {said}\n"));
                }
                Err(fault) => {
                    failed += 1;
                    talk.error(&fault.to_string());
                }
            }
        }
        if changed && !arguments.dry_run {
            talk.say(&format!("  {}", reader.profile.after));
        }
    }
    failed
}

fn named(reader: &Reader) -> String {
    let free = reader
        .free()
        .map(|free| format!("{} MB free", free / 1_000_000));
    let facts: Vec<String> = reader.about.iter().cloned().chain(free).collect();
    let facts = match facts.is_empty() {
        true => String::new(),
        false => format!(" ({})", facts.join(", ")),
    };
    format!(
        "{} at {}{facts}",
        reader.profile.name,
        reader.root.display()
    )
}

fn load(reader: &Reader, book: &mut Book, dry: bool) -> Result<String, device::Fault> {
    if reader.profile.likes.first() == Some(&Format::Kepub) {
        add_kepub(book);
    }
    let loading = match dry {
        true => reader.plan(book)?,
        false => reader.load(book)?,
    };
    Ok(told(&loading, dry))
}

/// Makes the form that a Kobo likes best, unless it is there.
fn add_kepub(book: &mut Book) {
    if book.forms.iter().any(|form| form.format == Format::Kepub) {
        return;
    }
    let epub = book.forms.iter().find(|form| form.format == Format::Epub);
    let made = epub.and_then(|form| pipeline::variant(&form.name, &form.bytes, Variant::Kepub));
    book.forms.extend(made.map(|artifact| Form {
        format: Format::Kepub,
        name: artifact.name,
        bytes: artifact.bytes,
    }));
}

fn told(loading: &Loading, dry: bool) -> String {
    let path = loading.path.display();
    let size = loading.bytes.div_ceil(1000);
    match (loading.step, dry) {
        (Step::New, false) => format!("{path}: loaded, read back and compared ({size} kB)"),
        (Step::New, true) => format!("{path}: would be loaded ({size} kB)"),
        (Step::Replace, false) => {
            format!("{path}: took the place of the older copy, read back and compared ({size} kB)")
        }
        (Step::Replace, true) => {
            format!("{path}: would take the place of the older copy ({size} kB)")
        }
        (Step::Nothing, _) => format!("{path}: is there already"),
    }
}

fn remove(reader: &Reader, book: &Book, dry: bool) -> Result<String, device::Fault> {
    let paths = match dry {
        true => reader.copies(&book.id)?,
        false => reader.remove(&book.id)?,
    };
    let listed: Vec<String> = paths
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    Ok(match (listed.is_empty(), dry) {
        (true, _) => format!("`{}` is not on it", book.title),
        (false, true) => format!("{}: would be removed", listed.join(", ")),
        (false, false) => format!("{}: removed", listed.join(", ")),
    })
}

/// The books that are named, or the pack's: files of one name are one book.
fn books(arguments: &LoadArguments) -> Result<Vec<Book>, Failure> {
    let mut books: Vec<(PathBuf, Book)> = Vec::new();
    for path in files(arguments)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let Some((format, stem)) = kind(&name) else {
            return Err(Failure::World(format!(
                "`{}` is no e-book that a reader takes\nhelp: name files ending in .epub, .kepub.epub or .pdf",
                path.display()
            )));
        };
        let form = Form {
            format,
            name: name.to_string(),
            bytes: read(&path)?,
        };
        let key = path.with_file_name(stem);
        match books.iter_mut().find(|(other, _)| *other == key) {
            Some((_, book)) => book.forms.push(form),
            None => books.push((
                key,
                Book {
                    id: stem.to_string(),
                    title: stem.to_string(),
                    forms: vec![form],
                },
            )),
        }
    }
    let mut books: Vec<Book> = books.into_iter().map(|(_, book)| book).collect();
    books.iter_mut().for_each(identify);
    Ok(books)
}

/// Takes the name that a book has for ever from its e-book, where there is one.
fn identify(book: &mut Book) {
    let ebooks = book.forms.iter().filter(|form| form.format != Format::Pdf);
    if let Some(about) = ebooks
        .filter_map(|form| pipeline::about(&form.bytes))
        .next()
    {
        book.id = about.identifier;
        book.title = about.title;
    }
}

/// The files that are named, with what stands beside them of the same book; without a name
/// those of the pack.
fn files(arguments: &LoadArguments) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for path in &arguments.files {
        files.push(path.clone());
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if let Some((Format::Epub | Format::Kepub, stem)) = kind(&name) {
            files.extend(forms(path.parent().unwrap_or(Path::new("")), stem));
        }
    }
    if arguments.files.is_empty() {
        let inputs = read_pack(&arguments.pack)?;
        let mut report = Report::default();
        let slug = manifest::load(&inputs, &mut report).map(|manifest| manifest.metadata.slug);
        let slug = slug.ok_or_else(|| {
            Failure::World(format!(
                "the pack in `{}` has no name\nhelp: cordel check {0} says what is wrong with it",
                arguments.pack.display()
            ))
        })?;
        files = forms(&arguments.out, &slug);
        if files.is_empty() {
            return Err(Failure::World(format!(
                "there is no {slug}.epub or {slug}.pdf in `{}`\nhelp: build the pack first, or name the files to load",
                arguments.out.display()
            )));
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    files.retain(|path| seen.insert(path.clone()));
    Ok(files)
}

/// The files in a folder that are one book.
fn forms(folder: &Path, stem: &str) -> Vec<PathBuf> {
    [".epub", ".kepub.epub", ".pdf"]
        .iter()
        .map(|suffix| folder.join(format!("{stem}{suffix}")))
        .filter(|path| path.is_file())
        .collect()
}

/// What a file is by its name, and its name without that.
fn kind(name: &str) -> Option<(Format, &str)> {
    let kinds = [
        (".kepub.epub", Format::Kepub),
        (".epub", Format::Epub),
        (".pdf", Format::Pdf),
    ];
    kinds.into_iter().find_map(|(suffix, format)| {
        let stem = name.strip_suffix(suffix).filter(|stem| !stem.is_empty())?;
        Some((format, stem))
    })
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let failed = |error| Failure::World(format!("cannot read `{}`: {error}", path.display()));
    let size = fs::metadata(path).map_err(failed)?.len();
    if size > LARGEST {
        return Err(Failure::World(format!(
            "`{}` is larger than a gigabyte\nhelp: no book is; is it the right file?",
            path.display()
        )));
    }
    fs::read(path).map_err(failed)
}
