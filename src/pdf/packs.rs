//! Object streams (PDF 1.7 §7.5.7). Each begins with the numbers and the places of what it
//! holds, which would weigh a fifth of all if they were not told by what differs from one to
//! the next; objects that are rows of one width are told so too.

use lopdf::{Object, Stream};
use rayon::prelude::*;

use super::file::{put, write_object};
use super::objects::{count, dictionary, name, stream};
use super::rows;
use super::texts::{Sheaf, Texts};

/// How many objects a pack holds: a reader must unpack all to get at one.
const MOST: usize = 2_000;

/// With fewer objects the places are better told as they are.
const FEWEST_CELLS: usize = 64;

/// An object that goes into a pack.
#[derive(Clone, Copy)]
pub(super) enum Packed<'o> {
    Object(&'o Object),
    Text(&'o [u8]),
}

/// An object with its number.
type Numbered<'o> = (u32, Packed<'o>);

/// A pack, and the numbers of what it holds in their order.
pub(super) struct Pack {
    pub(super) stream: Stream,
    pub(super) objects: Vec<u32>,
}

/// Packs a document's objects and those that are text already.
pub(super) fn pack(objects: Vec<Numbered<'_>>, texts: &Texts) -> Vec<Pack> {
    let text = |(id, text)| (id, Packed::Text(text));
    let mut loose = objects;
    loose.extend(texts.objects(Sheaf::Loose).map(text));
    let mut chunks: Vec<(Option<usize>, &[Numbered<'_>])> = Vec::new();
    chunks.extend(loose.chunks(MOST).map(|chunk| (None, chunk)));
    let sheaves = [
        Sheaf::Links,
        Sheaf::Annotations,
        Sheaf::Tables,
        Sheaf::Turns,
    ];
    let sheaves = sheaves.map(|sheaf| {
        let objects: Vec<_> = texts.objects(sheaf).map(text).collect();
        (texts.width(sheaf), objects)
    });
    for (width, objects) in &sheaves {
        chunks.extend(objects.chunks(MOST).map(|chunk| (*width, chunk)));
    }
    let pack = |(width, objects): (Option<usize>, &[Numbered<'_>])| Pack {
        stream: match width {
            Some(width) => rows_of(objects, width),
            None => loose_ones(objects),
        },
        objects: objects.iter().map(|(id, _)| *id).collect(),
    };
    chunks.into_par_iter().map(pack).collect()
}

/// Objects of any length.
fn loose_ones(objects: &[Numbered<'_>]) -> Stream {
    let mut places = Vec::with_capacity(objects.len());
    let mut content = Vec::new();
    for &(id, object) in objects {
        places.push((id, content.len()));
        write(object, &mut content);
        content.push(b'\n');
    }
    let mut starts = Vec::new();
    if places.len() < FEWEST_CELLS {
        for (id, place) in places {
            put(&mut starts, format_args!("{id} {place} "));
        }
        let entries = entries(objects.len(), starts.len());
        starts.extend(content);
        return stream(entries, &starts);
    }
    let (first, second) = (number_digits(objects), content.len().to_string().len());
    for (id, place) in places {
        put(&mut starts, format_args!("{id:first$} {place:second$} "));
    }
    let width = first + second + 2;
    let mut entries = entries(objects.len(), starts.len());
    let parameters = rows::parameters_of_cells(objects.len(), width);
    entries.set("DecodeParms", parameters);
    stream(entries, &rows::from_before(&starts, width, &content))
}

/// Objects of one row or several.
fn rows_of(objects: &[Numbered<'_>], width: usize) -> Stream {
    let digits = number_digits(objects);
    let mut starts = Vec::new();
    let mut content = Vec::new();
    for &(id, object) in objects {
        put(&mut starts, format_args!("{id:digits$} {} ", content.len()));
        starts.resize(starts.len().next_multiple_of(width), b' ');
        write(object, &mut content);
        content.resize(content.len().next_multiple_of(width), b' ');
    }
    let mut entries = entries(objects.len(), starts.len());
    entries.set("DecodeParms", rows::parameters(width));
    starts.extend(content);
    stream(entries, &rows::from_above(&starts, width))
}

/// How many digits the greatest number of an object has.
fn number_digits(objects: &[Numbered<'_>]) -> usize {
    let greatest = objects.iter().map(|(id, _)| *id).max();
    greatest.unwrap_or_default().to_string().len()
}

fn entries(objects: usize, first: usize) -> lopdf::Dictionary {
    dictionary([
        ("Type", name("ObjStm")),
        ("N", count(objects)),
        ("First", count(first)),
    ])
}

fn write(object: Packed<'_>, out: &mut Vec<u8>) {
    match object {
        Packed::Object(object) => write_object(object, out),
        Packed::Text(text) => out.extend_from_slice(text),
    }
}
