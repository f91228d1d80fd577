//! Packs in memory: the small one, and the same with some files changed.

use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};

use cordel::diag::Report;
use cordel::pipeline::{self, Artifact, Composed, Request};
use cordel::source::Inputs;

/// The project's folder.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The folder of the five sources' texts, or `None` after saying that a test is left out for
/// want of it. Where `CORDEL_SOURCES=required`, as in `.ci/run`, want of it is a failure.
pub(crate) fn sources() -> Option<PathBuf> {
    let folder = root().join("../shared/sources");
    if folder.is_dir() {
        return Some(folder);
    }
    let required = std::env::var_os("CORDEL_SOURCES").is_some_and(|value| value == "required");
    assert!(!required, "there are no texts in {}", folder.display());
    // Written past the harness, which shows nothing that a passing test prints.
    let name = std::thread::current()
        .name()
        .unwrap_or_default()
        .to_string();
    let said = format!("{name}: left out, because there are no texts in ../shared/sources\n");
    let _ = std::io::stderr().write_all(said.as_bytes());
    None
}

/// A folder of its own that goes when the test ends.
pub(crate) fn scratch() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

/// The small pack, copied into a folder with the changes of an overlay.
pub(crate) fn small_pack(folder: &Path, overlay: Option<&Path>) {
    copy(&root().join("tests/books/small"), folder);
    let Some(overlay) = overlay else { return };
    copy(overlay, folder);
    if let Ok(list) = fs::read_to_string(overlay.join("SPARSE")) {
        make_sparse(folder, &list);
    }
    if let Ok(removed) = fs::read_to_string(overlay.join("REMOVE")) {
        for path in removed.lines() {
            fs::remove_file(folder.join(path)).expect("REMOVE names a file of the small pack");
        }
    }
}

/// Makes the files that a `SPARSE` list names, a path and a size a line, with nothing in them.
fn make_sparse(folder: &Path, list: &str) {
    for line in list.lines() {
        let (path, size) = line.split_once(' ').expect("a path and a size");
        let file = fs::File::create(folder.join(path)).expect("it can be made");
        file.set_len(size.parse().expect("a size in bytes"))
            .expect("it can be stretched");
    }
}

/// Copies a folder's files, without golden results.
pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder can be made");
    for entry in fs::read_dir(from).expect("the folder is there") {
        let entry = entry.expect("the folder can be read");
        let name = entry.file_name();
        if name == "golden" || name == "expected.txt" || name == "REMOVE" || name == "SPARSE" {
            continue;
        }
        if entry.path().is_dir() {
            copy(&entry.path(), &to.join(name));
        } else {
            fs::copy(entry.path(), to.join(name)).expect("a file can be copied");
        }
    }
}

fn request(folder: &Path) -> Request {
    Request {
        edition: None,
        epub: true,
        pdf: true,
        review: false,
        source_folders: vec![folder.join("texts")],
    }
}

/// What building a pack gives: its files, when there are any, and the report as text.
pub(crate) fn build(folder: &Path) -> (Option<Vec<Artifact>>, String) {
    made(folder, &request(folder))
}

/// The same with the book read as proofs, as `cordel check` does.
pub(crate) fn review(folder: &Path) -> (Option<Vec<Artifact>>, String) {
    let review = true;
    made(
        folder,
        &Request {
            review,
            ..request(folder)
        },
    )
}

fn made(folder: &Path, request: &Request) -> (Option<Vec<Artifact>>, String) {
    let mut inputs = Inputs::read_pack(folder).expect("the pack can be read");
    let mut report = Report::default();
    let built = pipeline::build(&mut inputs, request, &mut |_| {}, &mut report);
    let shown = report.render(&inputs);
    // The scratch folder's own path differs from run to run.
    let shown = shown.replace(&format!("{}/", folder.to_string_lossy()), "");
    (
        built
            .expect("the sources can be read")
            .map(|(artifacts, _)| artifacts),
        shown,
    )
}

/// A pack up to its pages.
pub(crate) fn compose(folder: &Path) -> Option<Composed> {
    read_and_compose(folder).1
}

/// A pack without errors up to its pages, with its files.
pub(crate) fn composed(folder: &Path) -> (Inputs, Composed) {
    let (inputs, composed) = read_and_compose(folder);
    (inputs, composed.expect("the pack has no errors"))
}

fn read_and_compose(folder: &Path) -> (Inputs, Option<Composed>) {
    let mut inputs = Inputs::read_pack(folder).expect("the pack can be read");
    let mut report = Report::default();
    let composed = pipeline::compose(&mut inputs, &request(folder), &mut |_| {}, &mut report)
        .expect("the sources can be read");
    (inputs, composed)
}

/// Compares a result with the file that says what it should be; `UPDATE=1` writes it anew.
pub(crate) fn compare(expected: &Path, result: &str) {
    if std::env::var_os("UPDATE").is_some() {
        fs::create_dir_all(expected.parent().expect("a file has a folder"))
            .expect("it can be made");
        fs::write(expected, result).expect("the expected result can be written");
        return;
    }
    let wanted = fs::read_to_string(expected).unwrap_or_default();
    if wanted != result {
        let at = wanted
            .lines()
            .zip(result.lines())
            .take_while(|(a, b)| a == b)
            .count();
        panic!(
            "{} differs from line {} on\n  expected: {:?}\n  found:    {:?}\n(UPDATE=1 cargo test writes it anew; read the diff)",
            expected.display(),
            at + 1,
            wanted.lines().nth(at).unwrap_or_default(),
            result.lines().nth(at).unwrap_or_default(),
        );
    }
}

/// An EPUB with its XHTML files changed.
pub(crate) fn rezipped(epub: &[u8], change: impl Fn(&str, String) -> String) -> Vec<u8> {
    let mut zip = zip::ZipArchive::new(Cursor::new(epub)).expect("an EPUB is a zip");
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..zip.len() {
        let mut entry = zip.by_index(at).expect("an entry can be read");
        let name = entry.name().to_string();
        let mut content = Vec::new();
        entry.read_to_end(&mut content).expect("it can be unpacked");
        if name.ends_with(".xhtml") {
            let text = String::from_utf8(content).expect("XHTML is UTF-8");
            content = change(&name, text).into_bytes();
        }
        let options = zip::write::SimpleFileOptions::default();
        out.start_file(name, options)
            .expect("an entry can be begun");
        out.write_all(&content).expect("memory can be written");
    }
    out.finish().expect("memory can be written").into_inner()
}
