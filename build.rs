//! Packs the fonts of `fonts/` for the binary: a table of the files, and the same files
//! already deflated in a zip, so that an e-book can take them over without packing them anew.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

fn main() {
    println!("cargo::rerun-if-changed=fonts");
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets it"));
    let files = font_files(&root.join("fonts"));
    fs::write(out.join("fonts.rs"), table(&files)).expect("OUT_DIR can be written");
    fs::write(out.join("fonts.zip"), packed(&files)).expect("OUT_DIR can be written");
}

/// The font files below a folder, in order.
fn font_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("fonts/ is part of the project") {
        let path = entry.expect("fonts/ can be read").path();
        if path.is_dir() {
            files.extend(font_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "ttf") {
            files.push(path);
        }
    }
    files.sort();
    files
}

fn name(file: &Path) -> &str {
    file.file_name()
        .and_then(|name| name.to_str())
        .expect("font names are ASCII")
}

/// A Rust slice of (file name, bytes).
fn table(files: &[PathBuf]) -> String {
    let mut code = String::from("&[\n");
    for file in files {
        let _ = writeln!(
            code,
            "    ({:?}, include_bytes!({:?}) as &[u8]),",
            name(file),
            file
        );
    }
    code + "]\n"
}

fn packed(files: &[PathBuf]) -> Vec<u8> {
    let mut zip = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(9))
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    for file in files {
        zip.start_file(name(file), options)
            .expect("a new entry in memory");
        zip.write_all(&fs::read(file).expect("a font can be read"))
            .expect("memory can be written");
    }
    zip.finish().expect("memory can be written").into_inner()
}
