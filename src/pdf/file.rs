//! Objects to the bytes of a file: streams as they are, everything else in packs, which
//! lopdf could write too, but on one thread and from copies of every object.

use std::io::Write;

use lopdf::{Dictionary, Document, Object, Stream};
use sha2::{Digest, Sha256};

use super::objects::{bytes, count, dictionary, name, stream};
use super::packs::{self, Packed};
use super::rows;
use super::texts::Texts;

/// Writes the file from a document and the objects beside it that are text already. Its
/// identifier is made from all that stands in it (PDF 1.7 §14.4).
pub(super) fn write(document: &Document, texts: &Texts) -> Vec<u8> {
    let mut plain = Vec::with_capacity(document.objects.len());
    let mut streams = Vec::new();
    for (&(id, _), object) in &document.objects {
        match object.as_stream() {
            Ok(stream) => streams.push((id, stream)),
            Err(_) => plain.push((id, Packed::Object(object))),
        }
    }
    let packs = packs::pack(plain, texts);
    let first_pack = document.max_id + 1;
    let mut file = File::begin(&streams);
    for (id, stream) in streams {
        file.add(id, stream);
    }
    for (pack_id, pack) in (first_pack..).zip(packs) {
        file.add(pack_id, &pack.stream);
        for (index, &id) in pack.objects.iter().enumerate() {
            file.enter(id, Entry::Packed(pack_id, index));
        }
    }
    file.finish(&document.trailer)
}

/// Where a reader finds an object.
#[derive(Clone, Copy)]
enum Entry {
    Free,
    /// So many bytes into the file.
    At(usize),
    /// The object stream's number, and the place in it.
    Packed(u32, usize),
}

struct File {
    out: Vec<u8>,
    /// By object number.
    entries: Vec<Entry>,
}

impl File {
    fn begin(streams: &[(u32, &Stream)]) -> File {
        let size: usize = streams
            .iter()
            .map(|(_, stream)| stream.content.len() + 200)
            .sum();
        let mut out = Vec::with_capacity(size + size / 4);
        // The second line keeps programs from taking the file for text.
        out.extend(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n");
        File {
            out,
            entries: vec![Entry::Free],
        }
    }

    fn enter(&mut self, id: u32, entry: Entry) {
        let at = id as usize;
        if self.entries.len() <= at {
            self.entries.resize(at + 1, Entry::Free);
        }
        self.entries[at] = entry;
    }

    fn add(&mut self, id: u32, stream: &Stream) {
        self.enter(id, Entry::At(self.out.len()));
        put(&mut self.out, format_args!("{id} 0 obj\n"));
        write_dictionary(&stream.dict, &mut self.out);
        self.out.extend(b"\nstream\n");
        self.out.extend(&stream.content);
        self.out.extend(b"\nendstream\nendobj\n");
    }

    /// Writes the cross-reference stream, which is the trailer too (PDF 1.7 §7.5.8).
    fn finish(mut self, trailer: &Dictionary) -> Vec<u8> {
        let identifier = &Sha256::digest(&self.out)[..16];
        let start = self.out.len();
        let id = self.entries.len();
        self.entries.push(Entry::At(start));
        let mut entries = dictionary([
            ("Type", name("XRef")),
            ("Size", count(self.entries.len())),
            ("W", Object::Array(vec![1.into(), 4.into(), 2.into()])),
            ("DecodeParms", rows::parameters(7).into()),
            (
                "ID",
                Object::Array(vec![bytes(identifier), bytes(identifier)]),
            ),
        ]);
        for key in [b"Root".as_slice(), b"Info"] {
            if let Ok(object) = trailer.get(key) {
                entries.set(key, object.clone());
            }
        }
        let rows: Vec<u8> = self.entries.iter().flat_map(|&entry| row(entry)).collect();
        let rows = stream(entries, &rows::from_above(&rows, 7));
        self.add(
            u32::try_from(id).expect("objects are numbered in 32 bits"),
            &rows,
        );
        put(&mut self.out, format_args!("startxref\n{start}\n%%EOF\n"));
        self.out
    }
}

/// An entry as a row: its kind, its place, and its place in that place.
fn row(entry: Entry) -> [u8; 7] {
    let (kind, place, index) = match entry {
        Entry::Free => (0, 0, usize::from(u16::MAX)),
        Entry::At(offset) => (1, offset, 0),
        Entry::Packed(stream, index) => (2, stream as usize, index),
    };
    let place = u32::try_from(place).expect("a book is smaller than 4 GB");
    let index = u16::try_from(index).expect("a pack has few objects");
    let mut row = [kind; 7];
    row[1..5].copy_from_slice(&place.to_be_bytes());
    row[5..].copy_from_slice(&index.to_be_bytes());
    row
}

pub(super) fn put(out: &mut Vec<u8>, text: std::fmt::Arguments<'_>) {
    out.write_fmt(text).expect("memory can be written");
}

/// Writes an object as text.
pub(super) fn write_object(object: &Object, out: &mut Vec<u8>) {
    match object {
        Object::Null => out.extend(b"null"),
        Object::Boolean(value) => put(out, format_args!("{value}")),
        Object::Integer(value) => put(out, format_args!("{value}")),
        Object::Real(value) => put(out, format_args!("{value}")),
        Object::Name(name) => write_name(name, out),
        Object::String(string, _) => {
            out.push(b'(');
            write_escaped(string, out);
            out.push(b')');
        }
        Object::Array(objects) => {
            out.push(b'[');
            for (at, object) in objects.iter().enumerate() {
                if at > 0 {
                    out.push(b' ');
                }
                write_object(object, out);
            }
            out.push(b']');
        }
        Object::Dictionary(entries) => write_dictionary(entries, out),
        Object::Stream(stream) => write_dictionary(&stream.dict, out),
        Object::Reference((id, generation)) => put(out, format_args!("{id} {generation} R")),
    }
}

fn write_dictionary(entries: &Dictionary, out: &mut Vec<u8>) {
    out.extend(b"<<");
    for (key, value) in entries {
        write_name(key, out);
        out.push(b' ');
        write_object(value, out);
    }
    out.extend(b">>");
}

/// A name; what is no regular character by its number (PDF 1.7 §7.3.5).
fn write_name(name: &[u8], out: &mut Vec<u8>) {
    out.push(b'/');
    for &byte in name {
        if byte.is_ascii_graphic() && !b"()<>[]{}/%#".contains(&byte) {
            out.push(byte);
        } else {
            put(out, format_args!("#{byte:02X}"));
        }
    }
}

/// What stands between the parentheses of a string (PDF 1.7 §7.3.4.2).
pub(super) fn write_escaped(string: &[u8], out: &mut Vec<u8>) {
    for &byte in string {
        match byte {
            b'(' | b')' | b'\\' => out.extend([b'\\', byte]),
            b'\r' => out.extend(b"\\r"),
            _ => out.push(byte),
        }
    }
}
