//! Objects written as text at once. A book has thousands of elements of structure and of
//! links; as lopdf's maps each would cost a dozen allocations.

use lopdf::{Object, ObjectId};

use super::file::{write_escaped, write_object};
use super::objects::{encoded, is_plain};
use super::operators::write_fixed;
use crate::units::{Length, Rect, Size};

/// Objects as text, in the order of writing.
#[derive(Default)]
pub(super) struct Texts {
    /// Sheaves that are full: one that grew with the book would be copied over and over.
    full: Vec<Sheaf>,
    last: Sheaf,
}

/// Objects as text, one after the other.
#[derive(Default)]
struct Sheaf {
    /// The number of each object and where its text begins.
    starts: Vec<(u32, usize)>,
    out: Vec<u8>,
}

/// So many bytes fill a sheaf.
const FULL: usize = 1 << 18;

impl Sheaf {
    fn iter(&self) -> impl Iterator<Item = (u32, &[u8])> {
        let ends = self.starts.iter().skip(1).map(|(_, start)| *start);
        let ends = ends.chain([self.out.len()]);
        let objects = self.starts.iter().zip(ends);
        objects.map(|(&(id, start), end)| (id, &self.out[start..end]))
    }
}

impl Texts {
    /// Begins an object, to which all that follows belongs.
    pub(super) fn begin(&mut self, id: ObjectId) {
        if self.last.out.len() >= FULL {
            self.full.push(std::mem::take(&mut self.last));
        }
        self.last.starts.push((id.0, self.last.out.len()));
    }

    /// Every object with its text.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u32, &[u8])> {
        self.full.iter().chain([&self.last]).flat_map(Sheaf::iter)
    }

    /// Keys, names and brackets as they are.
    pub(super) fn put(&mut self, text: &str) {
        self.last.out.extend_from_slice(text.as_bytes());
    }

    pub(super) fn number(&mut self, number: usize) {
        write_fixed(
            i64::try_from(number).unwrap_or(i64::MAX),
            1,
            &mut self.last.out,
        );
    }

    pub(super) fn reference(&mut self, id: ObjectId) {
        self.number(id.0 as usize);
        self.put(" 0 R");
    }

    /// A length in whole points: links are pressed with fingers.
    pub(super) fn points(&mut self, length: Length) {
        write_fixed(
            (length.0 + 32_768).div_euclid(65_536),
            1,
            &mut self.last.out,
        );
    }

    /// A rectangle on a page of that size, by its lower left and upper right corners.
    pub(super) fn corners(&mut self, rect: Rect, page: Size) {
        let top = page.height - rect.origin.y;
        let right = rect.origin.x + rect.size.width;
        self.put("[");
        for corner in [rect.origin.x, top - rect.size.height, right, top] {
            self.points(corner);
            self.put(" ");
        }
        self.put("]");
    }

    /// A string of bytes.
    pub(super) fn string(&mut self, bytes: &[u8]) {
        self.put("(");
        write_escaped(bytes, &mut self.last.out);
        self.put(")");
    }

    /// Text for people, as [`super::objects::text`] encodes it.
    pub(super) fn text(&mut self, text: &str) {
        if is_plain(text) {
            self.string(text.as_bytes());
        } else {
            self.string(&encoded(text));
        }
    }

    pub(super) fn object(&mut self, object: &Object) {
        write_object(object, &mut self.last.out);
    }
}
