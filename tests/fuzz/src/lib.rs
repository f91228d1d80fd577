//! What the fuzz targets share. A target gives a reader bytes that nobody wrote; it fails
//! when the reader panics, takes too long or too much memory, or when a character of a text is
//! unaccounted for.
//!
//! Formats that are archives or have tables of offsets are put together here from their parts,
//! so that a changed byte reaches the reader and not only the unpacker.

use std::io::{Cursor, Read, Write};
use std::path::Path;
use std::sync::OnceLock;

use cordel::diag::Report;
use cordel::import;
use cordel::import::propose::{propose, recipe};
use cordel::pipeline::{self, Composed, Request};
use cordel::source::Inputs;
use cordel::{svg, verify};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// Imports a file as it is done where nobody can be asked.
pub fn import(name: &str, bytes: &[u8]) {
    let mut inputs = Inputs::default();
    let raw = inputs.add_encoded(name.to_string(), bytes.to_vec());
    let mut report = Report::default();
    let Some(opened) = import::open(&mut inputs, raw, &mut report) else {
        assert!(report.has_errors(), "what cannot be read is told");
        return;
    };
    let proposal = propose(&inputs, &opened);
    let recipe = recipe(&proposal, name, |_, rule| rule.safe);
    let recipe = inputs.add_text("recipe.toml", recipe);
    let clean = import::clean_opened(&inputs, &opened, recipe, &mut report);
    if !report.has_errors() {
        let length = inputs.text(opened.text).len();
        let account = clean.ledger.account(&clean.map, length);
        account.expect("every character is kept, removed or replaced");
    }
}

/// Imports an archive that is given as text: before each of its files a line `@ name`. What
/// comes before the first such line is the file of the given name.
pub fn import_parts(first: &str, data: &[u8]) {
    import("text.zip", &zipped(parts(first, data)));
}

fn parts<'d>(first: &'d str, data: &'d [u8]) -> Vec<(String, Vec<u8>)> {
    let mut parts = vec![(first.to_string(), Vec::new())];
    for line in data.split_inclusive(|byte| *byte == b'\n') {
        match line.strip_prefix(b"@ ") {
            Some(name) => {
                let name = String::from_utf8_lossy(name).trim().to_string();
                parts.push((name, Vec::new()));
            }
            None => parts.last_mut().expect("one was begun").1.extend(line),
        }
    }
    parts
}

fn zipped(parts: Vec<(String, Vec<u8>)>) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, content) in parts {
        // The same name twice is refused by the writer; the first one stands.
        if zip.start_file(name, options).is_ok() {
            zip.write_all(&content).expect("memory can be written");
        }
    }
    zip.finish().expect("memory can be written").into_inner()
}

/// A PDF: as it comes when it begins like one, else made of objects that are divided by lines
/// `@`, numbered from 1 on. The first is the catalogue; what follows a line `stream` in one is
/// its stream, whose length is put in.
pub fn pdf(data: &[u8]) -> Vec<u8> {
    if data.starts_with(b"%PDF-") {
        return data.to_vec();
    }
    let mut file = b"%PDF-1.7\n".to_vec();
    let mut places = Vec::new();
    for (_, object) in parts("", &replaced(data)) {
        places.push(file.len());
        let head = format!("{} 0 obj\n", places.len());
        file.extend(head.as_bytes());
        match find(&object, b"\nstream\n") {
            Some(at) => {
                let (dictionary, stream) = (&object[..at], &object[at + 8..]);
                file.extend(format!("<< /Length {} ", stream.len()).as_bytes());
                file.extend(dictionary);
                file.extend(b" >>\nstream\n");
                file.extend(stream);
                file.extend(b"\nendstream");
            }
            None => file.extend(&object),
        }
        file.extend(b"\nendobj\n");
    }
    let table = file.len();
    let size = places.len() + 1;
    file.extend(format!("xref\n0 {size}\n0000000000 65535 f \n").as_bytes());
    for place in places {
        file.extend(format!("{place:010} 00000 n \n").as_bytes());
    }
    let end = format!("trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n");
    file.extend(end.as_bytes());
    file
}

/// Objects are divided by `@` alone, where parts have a name.
fn replaced(data: &[u8]) -> Vec<u8> {
    let lines = data.split_inclusive(|byte| *byte == b'\n');
    let lines = lines.map(|line| if line == b"@\n" { b"@ \n" } else { line });
    lines.flatten().copied().collect()
}

fn find(text: &[u8], words: &[u8]) -> Option<usize> {
    text.windows(words.len()).position(|window| window == words)
}

/// Reads a picture, and paints it where it may be shown.
pub fn draw(data: &[u8]) {
    let mut inputs = Inputs::default();
    let source = inputs.add_encoded("picture.svg".into(), data.to_vec());
    let mut report = Report::default();
    match svg::load(&inputs, source, &mut report) {
        Some(drawing) => {
            svg::shapes(&drawing);
            svg::pixels(&drawing.text, |_, _| 64);
        }
        None => assert!(report.has_errors(), "what is not shown is told"),
    }
}

/// A small book and its finished files.
struct Book {
    composed: Composed,
    /// The files of the EPUB.
    parts: Vec<(String, Vec<u8>)>,
    /// The PDF, its streams unpacked.
    pdf: Vec<u8>,
}

fn book() -> &'static Book {
    static BOOK: OnceLock<Book> = OnceLock::new();
    BOOK.get_or_init(|| made().expect("the small pack can be built"))
}

fn made() -> Option<Book> {
    let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("../books/small");
    let request = Request {
        edition: None,
        epub: true,
        pdf: true,
        review: false,
        source_folders: vec![pack.join("texts")],
    };
    let mut report = Report::default();
    let read = || Inputs::read_pack(&pack);
    let built = pipeline::build(&mut read().ok()?, &request, &mut |_| {}, &mut report);
    let files = built.ok()??.0;
    let composed = pipeline::compose(&mut read().ok()?, &request, &mut |_| {}, &mut report);
    let file = |end| files.iter().find(|file| file.name.ends_with(end));
    let mut pdf = lopdf::Document::load_mem(&file(".pdf")?.bytes).ok()?;
    pdf.decompress();
    let mut unpacked = Vec::new();
    pdf.save_to(&mut unpacked).ok()?;
    Some(Book {
        composed: composed.ok()??,
        parts: unzipped(&file(".epub")?.bytes)?,
        pdf: unpacked,
    })
}

fn unzipped(bytes: &[u8]) -> Option<Vec<(String, Vec<u8>)>> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).ok()?;
    let mut parts = Vec::new();
    for at in 0..zip.len() {
        let mut entry = zip.by_index(at).ok()?;
        let mut content = Vec::new();
        entry.read_to_end(&mut content).ok()?;
        parts.push((entry.name().to_string(), content));
    }
    Some(parts)
}

/// Proves the small book's EPUB after changes: each takes five bytes for its place and length
/// (which file, where, how much is taken out, how much put in), and then what is put in.
pub fn verify_epub(data: &[u8]) {
    let book = book();
    let mut parts = book.parts.clone();
    let mut rest = data;
    while let [file, high, low, out, length, after @ ..] = rest {
        let count = parts.len();
        let content = &mut parts[usize::from(*file) % count].1;
        let at = place(&[*high, *low], content.len());
        let end = content.len().min(at + usize::from(*out));
        let (with, behind) = after.split_at(after.len().min(usize::from(*length)));
        content.splice(at..end, with.iter().copied());
        rest = behind;
    }
    let mut report = Report::default();
    let Composed { edition, pages, .. } = &book.composed;
    verify::epub(&zipped(parts), edition, pages, &mut report);
}

/// Proves the small book's PDF after changes, as pages and as sheets: each change takes four
/// bytes for its place and length, and then what stands there instead. Nothing moves, so that
/// the table of objects holds.
pub fn verify_pdf(data: &[u8]) {
    let book = book();
    let mut bytes = book.pdf.clone();
    let mut rest = data;
    while let [high, middle, low, length, after @ ..] = rest {
        let at = place(&[*high, *middle, *low], bytes.len());
        let (with, behind) = after.split_at(after.len().min(usize::from(*length)));
        let with = &with[..with.len().min(bytes.len() - at)];
        bytes[at..at + with.len()].copy_from_slice(with);
        rest = behind;
    }
    let Composed { edition, pages, .. } = &book.composed;
    verify::pdf(&bytes, edition, pages, &mut Report::default());
    verify::sheets(&[&bytes], edition, pages, &mut Report::default());
}

/// A place in so many bytes, by the figures of a number.
fn place(figures: &[u8], length: usize) -> usize {
    let number = figures
        .iter()
        .fold(0, |number, figure| number << 8 | usize::from(*figure));
    number % (length + 1)
}
