//! Objects to the bytes of a file: streams as they are, everything else packed five hundred
//! at a time in object streams (PDF 1.7 §7.5.7), which lopdf could write too, but on one
//! thread and from copies of every object.

use std::io::Write;

use lopdf::{Dictionary, Document, Object, Stream};
use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::objects::{bytes, count, dictionary, name, stream};
use super::texts::Texts;

/// How many objects an object stream holds: a reader must unpack all to get at one.
const PACK: usize = 500;

/// An object that goes into a pack.
#[derive(Clone, Copy)]
enum Packed<'o> {
    Object(&'o Object),
    Text(&'o [u8]),
}

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
    plain.extend(texts.iter().map(|(id, text)| (id, Packed::Text(text))));
    let packs: Vec<Stream> = plain.par_chunks(PACK).map(pack).collect();
    let first_pack = document.max_id + 1;
    let mut file = File::begin(&streams);
    for (id, stream) in streams {
        file.add(id, stream);
    }
    for (pack_id, (pack, objects)) in (first_pack..).zip(packs.iter().zip(plain.chunks(PACK))) {
        file.add(pack_id, pack);
        for (index, &(id, _)) in objects.iter().enumerate() {
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
            ("DecodeParms", from_the_row_above().into()),
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
        let rows = stream(entries, &rows(&self.entries));
        self.add(
            u32::try_from(id).expect("objects are numbered in 32 bits"),
            &rows,
        );
        put(&mut self.out, format_args!("startxref\n{start}\n%%EOF\n"));
        self.out
    }
}

/// How a stream says that each of its rows of seven bytes is given by what differs from the
/// row above (PDF 1.7 §7.4.4.4); a row goes on where the last one ended, so little does.
fn from_the_row_above() -> Dictionary {
    dictionary([("Predictor", 12.into()), ("Columns", 7.into())])
}

/// The entries as rows of kind, place, and place in that place, after the number 2 for Up.
fn rows(entries: &[Entry]) -> Vec<u8> {
    let mut rows = Vec::with_capacity(entries.len() * 8);
    let mut above = [0; 7];
    for &entry in entries {
        let row = row(entry);
        rows.push(2);
        rows.extend(
            row.iter()
                .zip(above)
                .map(|(byte, up)| byte.wrapping_sub(up)),
        );
        above = row;
    }
    rows
}

fn row(entry: Entry) -> [u8; 7] {
    let (kind, place, index) = match entry {
        Entry::Free => (0, 0, usize::from(u16::MAX)),
        Entry::At(offset) => (1, offset, 0),
        Entry::Packed(stream, index) => (2, stream as usize, index),
    };
    let place = u32::try_from(place).expect("a book is smaller than 4 GB");
    let index = u16::try_from(index).expect("packs are small");
    let mut row = [kind; 7];
    row[1..5].copy_from_slice(&place.to_be_bytes());
    row[5..].copy_from_slice(&index.to_be_bytes());
    row
}

/// An object stream: where each object begins, then all of them.
fn pack(objects: &[(u32, Packed<'_>)]) -> Stream {
    let mut starts = Vec::new();
    let mut content = Vec::new();
    for &(id, object) in objects {
        put(&mut starts, format_args!("{id} {} ", content.len()));
        match object {
            Packed::Object(object) => write_object(object, &mut content),
            Packed::Text(text) => content.extend_from_slice(text),
        }
        content.push(b'\n');
    }
    let entries = dictionary([
        ("Type", name("ObjStm")),
        ("N", count(objects.len())),
        ("First", count(starts.len())),
    ]);
    starts.extend(content);
    stream(entries, &starts)
}

fn put(out: &mut Vec<u8>, text: std::fmt::Arguments<'_>) {
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
