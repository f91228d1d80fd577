//! Objects written as text at once. A book has thousands of elements of structure and of
//! links; as lopdf's maps each would cost a dozen allocations.

use lopdf::{Object, ObjectId};

use super::file::{write_escaped, write_object};
use super::objects::{encoded, is_plain};
use super::operators::write_fixed;
use crate::units::{Length, Rect, Size};

/// Objects that are alike and stand together in the file, where each is told by what
/// differs from the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sheaf {
    /// Of any kind and length.
    Loose,
    /// Elements of links, a row each.
    Links,
    /// Links on pages with short labels, a row each.
    Annotations,
    /// Lists of references, cells of one width.
    Tables,
    /// Such lists in which a paragraph and its links take turns: two cells make a row.
    Turns,
}

/// Objects as text, in the order of writing.
pub(super) struct Texts {
    sheaves: [Objects; 5],
    at: usize,
    /// How many digits the number of any object has at most.
    digits: usize,
}

/// The objects of one sheaf.
#[derive(Default)]
struct Objects {
    /// Bundles that are full: one that grew with the book would be copied over and over.
    full: Vec<Bundle>,
    last: Bundle,
}

/// Objects as text, one after the other.
#[derive(Default)]
struct Bundle {
    /// The number of each object and where its text begins.
    starts: Vec<(u32, usize)>,
    out: Vec<u8>,
}

/// So many bytes fill a bundle.
const FULL: usize = 1 << 18;

impl Bundle {
    fn iter(&self) -> impl Iterator<Item = (u32, &[u8])> {
        let ends = self.starts.iter().skip(1).map(|(_, start)| *start);
        let ends = ends.chain([self.out.len()]);
        let objects = self.starts.iter().zip(ends);
        objects.map(|(&(id, start), end)| (id, &self.out[start..end]))
    }
}

impl Texts {
    /// For a file in which no more objects are numbered.
    pub(super) fn new(objects: usize) -> Texts {
        Texts {
            sheaves: Default::default(),
            at: 0,
            digits: objects.to_string().len(),
        }
    }

    /// Begins an object, to which all that follows belongs.
    pub(super) fn begin(&mut self, id: ObjectId, sheaf: Sheaf) {
        self.at = sheaf as usize;
        let objects = &mut self.sheaves[self.at];
        if objects.last.out.len() >= FULL {
            objects.full.push(std::mem::take(&mut objects.last));
        }
        let bundle = &mut objects.last;
        bundle.starts.push((id.0, bundle.out.len()));
    }

    /// Every object of a sheaf with its text.
    pub(super) fn objects(&self, sheaf: Sheaf) -> impl Iterator<Item = (u32, &[u8])> {
        let objects = &self.sheaves[sheaf as usize];
        objects
            .full
            .iter()
            .chain([&objects.last])
            .flat_map(Bundle::iter)
    }

    /// How wide the rows of a sheaf are, if it has rows.
    pub(super) fn width(&self, sheaf: Sheaf) -> Option<usize> {
        match sheaf {
            Sheaf::Loose => None,
            Sheaf::Links | Sheaf::Annotations => {
                let longest = self.objects(sheaf).map(|(_, text)| text.len()).max();
                // A space ends each, and the place of an object has room too.
                longest.map(|longest| (longest + 1).max(self.cell()))
            }
            Sheaf::Tables => Some(self.cell()),
            Sheaf::Turns => Some(2 * self.cell()),
        }
    }

    /// How wide a number and a reference are, with the spaces after them.
    fn cell(&self) -> usize {
        2 * self.digits + 6
    }

    /// Begins an object of cells by what it opens with.
    pub(super) fn begin_table(&mut self, id: ObjectId, sheaf: Sheaf, opening: &str) {
        self.begin(id, sheaf);
        self.put(opening);
        self.end_cell();
    }

    /// Fills the cell of a table up.
    pub(super) fn end_cell(&mut self) {
        let cell = self.cell();
        let Bundle { starts, out } = &mut self.sheaves[self.at].last;
        let start = starts.last().map_or(0, |(_, start)| *start);
        let length = (out.len() - start).next_multiple_of(cell);
        out.resize(start + length, b' ');
    }

    /// Fills a column up to so many characters since a place that [`Texts::mark`] told.
    pub(super) fn end_column(&mut self, mark: usize, width: usize) {
        let out = self.out();
        out.resize(out.len().max(mark + width), b' ');
    }

    /// How far the text has come.
    pub(super) fn mark(&mut self) -> usize {
        self.out().len()
    }

    fn out(&mut self) -> &mut Vec<u8> {
        &mut self.sheaves[self.at].last.out
    }

    /// A number that is no greater than an object's, in a column of its own.
    pub(super) fn aligned(&mut self, number: usize) {
        let width = self.digits;
        self.column(i64::try_from(number).unwrap_or(i64::MAX), width);
    }

    fn column(&mut self, number: i64, width: usize) {
        let digits = number.unsigned_abs().checked_ilog10().unwrap_or_default() as usize + 1;
        let out = self.out();
        out.resize(out.len() + width.saturating_sub(digits), b' ');
        write_fixed(number, 1, out);
    }

    /// A reference in a column of its own.
    pub(super) fn aligned_reference(&mut self, id: ObjectId) {
        self.aligned(id.0 as usize);
        self.put(" 0 R");
    }

    /// Keys, names and brackets as they are.
    pub(super) fn put(&mut self, text: &str) {
        self.out().extend_from_slice(text.as_bytes());
    }

    pub(super) fn number(&mut self, number: usize) {
        let number = i64::try_from(number).unwrap_or(i64::MAX);
        write_fixed(number, 1, self.out());
    }

    pub(super) fn reference(&mut self, id: ObjectId) {
        self.number(id.0 as usize);
        self.put(" 0 R");
    }

    /// A rectangle on a page of that size, by its lower left and upper right corners, each
    /// in a column.
    pub(super) fn corners(&mut self, rect: Rect, page: Size) {
        let top = page.height - rect.origin.y;
        let right = rect.origin.x + rect.size.width;
        self.put("[");
        for corner in [rect.origin.x, top - rect.size.height, right, top] {
            self.column(whole_points(corner), 4);
        }
        self.put("]");
    }

    /// A string of bytes.
    pub(super) fn string(&mut self, bytes: &[u8]) {
        self.put("(");
        write_escaped(bytes, self.out());
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
        write_object(object, self.out());
    }
}

/// A length in whole points: links are pressed with fingers.
pub(super) fn whole_points(length: Length) -> i64 {
    (length.0 + 32_768).div_euclid(65_536)
}
