//! The container: epub-builder packs the text, then a finish pass puts in what is ours
//! (package, navigation, fonts, pictures) and writes everything sorted, with pinned times.

use std::collections::BTreeMap;
use std::io::{Cursor, Write};

use epub_builder::{EpubBuilder, EpubContent, EpubVersion, ZipLibrary};
use rayon::prelude::*;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use crate::epub::nav::NCX;
use crate::epub::plan::NAV;
use crate::epub::sections::Document;
use crate::epub::typefaces::Typeface;

/// A text beside the book's own: name, media type, content.
pub(super) type Text<'a> = (&'static str, &'static str, &'a str);

/// What goes into the container, names as the package has them.
pub(super) struct Parts<'a> {
    pub documents: Vec<Document>,
    /// Further texts.
    pub texts: &'a [Text<'a>],
    pub package: String,
    pub ncx: String,
    /// Pictures: what is packed already as it is, drawings deflated.
    pub stored: Vec<(String, &'a [u8])>,
    pub fonts: &'a [Typeface],
}

/// The name of the package document.
const PACKAGE: &str = "content.opf";
/// The folder that epub-builder puts the book in.
const FOLDER: &str = "OEBPS/";

type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// Where an entry of the finished file comes from.
enum Entry<'a> {
    /// Copied from one of epub-builder's files, by its number, as it was packed there.
    Built(usize, usize),
    Text(&'a str),
    Stored(&'a [u8]),
}

/// So many parts of a book are packed side by side.
const SIDE_BY_SIDE: usize = 4;

/// Packs a book's text, its files shared out among a few containers that are made side by
/// side. Everything happens in memory with names of our own making, so a failure is one of
/// the program's.
pub(super) fn build(
    documents: &[Document],
    texts: &[Text<'_>],
    fonts: &[Typeface],
) -> Vec<Vec<u8>> {
    let shares = SIDE_BY_SIDE.min(documents.len()).max(1);
    let built = (0..shares).into_par_iter().map(|share| {
        let documents = documents.iter().skip(share).step_by(shares);
        let texts = if share == 0 { texts } else { &[] };
        let fonts = fonts.iter().skip(share).step_by(shares);
        build_share(documents, texts, fonts)
            .expect("epub-builder packs in memory what has unique names")
    });
    built.collect()
}

/// A container with some of the text. The package and navigation that epub-builder makes are
/// replaced afterwards, so it is told nothing of the book but its files.
fn build_share<'d>(
    documents: impl Iterator<Item = &'d Document>,
    texts: &[Text<'_>],
    fonts: impl Iterator<Item = &'d Typeface>,
) -> epub_builder::Result<Vec<u8>> {
    let mut builder = EpubBuilder::new(ZipLibrary::new()?)?;
    builder.epub_version(EpubVersion::V33);
    for (name, media_type, content) in texts {
        match *media_type {
            "text/css" => builder.stylesheet(content.as_bytes())?,
            _ => builder.add_resource(name, content.as_bytes(), *media_type)?,
        };
    }
    for font in fonts {
        builder.add_resource(&font.name, font.bytes.as_slice(), font.media_type)?;
    }
    for document in documents.filter(|document| document.name != NAV) {
        builder.add_content(EpubContent::new(&document.name, document.xhtml.as_bytes()))?;
    }
    let mut built = Vec::new();
    builder.generate(&mut built)?;
    Ok(built)
}

/// Puts the book together from its packed text and all that is ours.
pub(super) fn finish(built: &[Vec<u8>], parts: &Parts<'_>) -> Vec<u8> {
    join(built, parts).expect("entries in memory can be copied")
}

/// The finished file: the type first and stored, all else sorted.
fn join(built: &[Vec<u8>], parts: &Parts<'_>) -> zip::result::ZipResult<Vec<u8>> {
    let built: zip::result::ZipResult<Vec<Archive<'_>>> = built
        .iter()
        .map(|share| ZipArchive::new(Cursor::new(share.as_slice())))
        .collect();
    let mut built = built?;
    let entries = entries(&built, parts);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let pinned = SimpleFileOptions::default()
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    zip.start_file(
        "mimetype",
        pinned.compression_method(CompressionMethod::Stored),
    )?;
    zip.write_all(b"application/epub+zip")?;
    for (name, entry) in &entries {
        match entry {
            Entry::Built(share, at) => {
                let file = built[*share].by_index_raw(*at)?;
                zip.raw_copy_file_touch(file, DateTime::default(), Some(0o644))?;
            }
            Entry::Text(text) => {
                zip.start_file(name, pinned.compression_method(CompressionMethod::Deflated))?;
                zip.write_all(text.as_bytes())?;
            }
            Entry::Stored(bytes) => {
                let method = match name.ends_with(".svg") {
                    true => CompressionMethod::Deflated,
                    false => CompressionMethod::Stored,
                };
                zip.start_file(name, pinned.compression_method(method))?;
                zip.write_all(bytes)?;
            }
        }
    }
    Ok(zip.finish()?.into_inner())
}

/// Every entry but the type, by its full name. Ours take the place of epub-builder's.
fn entries<'a>(built: &[Archive<'_>], parts: &'a Parts<'_>) -> BTreeMap<String, Entry<'a>> {
    let mut entries = BTreeMap::new();
    // What epub-builder makes of itself is in each; the first has our style sheet.
    for (share, built) in built.iter().enumerate().rev() {
        for at in 0..built.len() {
            let name = built.name_for_index(at).unwrap_or_default();
            if name != "mimetype" {
                entries.insert(name.to_string(), Entry::Built(share, at));
            }
        }
    }
    for (name, bytes) in &parts.stored {
        entries.insert(format!("{FOLDER}{name}"), Entry::Stored(bytes));
    }
    let nav = parts.documents.iter().find(|document| document.name == NAV);
    let nav = nav.map_or("", |nav| nav.xhtml.as_str());
    for (name, text) in [
        (PACKAGE, parts.package.as_str()),
        (NCX, &parts.ncx),
        (NAV, nav),
    ] {
        entries.insert(format!("{FOLDER}{name}"), Entry::Text(text));
    }
    entries
}
