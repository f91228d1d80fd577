//! Content streams: what stands on a page as PDF's drawing operators, marked with the
//! structure that it belongs to.

use std::io::Write;

use super::clusters::{Cluster, clusters};
use super::file::write_escaped;
use super::fonts::{Embedded, Faces};
use super::lines;
use super::objects;
use super::structure::role;
use crate::fonts::FaceId;
use crate::pages::{Glyph, Item, Pages, Run, TagId};
use crate::units::{Length, Point, Rect};

/// A page's content.
pub(super) struct Content {
    /// The stream, deflated.
    pub(super) packed: Vec<u8>,
    /// The element that each marked stretch belongs to, by its number (MCID).
    pub(super) tags: Vec<TagId>,
}

/// Writes the content of one page, by its place in [`Pages::pages`].
pub(super) fn write(page: usize, pages: &Pages, faces: &Faces) -> Content {
    let mut pen = Pen {
        out: Vec::with_capacity(8 << 10),
        pages,
        faces,
        tags: Vec::new(),
        mark: None,
        in_text: false,
        font: None,
        grey: 0,
        rise: Length::ZERO,
        array: Array::Closed,
    };
    let spaces = lines::spaces(page, pages);
    for (item, space) in pages.pages[page].items.iter().zip(spaces) {
        pen.item(item, space);
    }
    pen.end_mark();
    Content {
        packed: objects::deflate(&pen.out),
        tags: pen.tags,
    }
}

/// What a stretch of content is marked as.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Element(TagId),
    /// A running head or a folio.
    Pagination,
    /// A rule.
    Layout,
}

/// How far an array of shown glyphs has come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Array {
    Closed,
    /// Between its strings.
    Open,
    /// Inside a string.
    Text,
}

/// The stream so far, and what a reader has been told up to here.
struct Pen<'p> {
    out: Vec<u8>,
    pages: &'p Pages,
    faces: &'p Faces,
    tags: Vec<TagId>,
    mark: Option<Mark>,
    in_text: bool,
    font: Option<(FaceId, Length)>,
    grey: u8,
    rise: Length,
    array: Array,
}

impl Pen<'_> {
    fn item(&mut self, item: &Item, space: bool) {
        match item {
            Item::Run(run) => {
                self.begin_mark(run.tag, Mark::Pagination);
                self.run(run, space);
            }
            Item::Rule { rect, grey, tag } => {
                self.begin_mark(*tag, Mark::Layout);
                self.rule(*rect, *grey);
            }
            Item::Picture { picture, rect, tag } => {
                self.begin_mark(*tag, Mark::Layout);
                self.picture(*picture, *rect);
            }
        }
    }

    fn begin_mark(&mut self, tag: Option<TagId>, without: Mark) {
        let tag = tag.filter(|tag| (tag.0 as usize) < self.pages.structure.len());
        let mark = tag.map_or(without, Mark::Element);
        if self.mark == Some(mark) {
            return;
        }
        self.end_mark();
        self.mark = Some(mark);
        match mark {
            Mark::Element(tag) => {
                let kind = self.pages.structure[tag.0 as usize].kind;
                self.put(format_args!(
                    "/{}<</MCID {}>>BDC\n",
                    role(kind),
                    self.tags.len()
                ));
                self.tags.push(tag);
            }
            Mark::Pagination => self.put(format_args!("/Artifact<</Type/Pagination>>BDC\n")),
            Mark::Layout => self.put(format_args!("/Artifact<</Type/Layout>>BDC\n")),
        }
    }

    fn end_mark(&mut self) {
        self.end_text();
        if self.mark.take().is_some() {
            self.put(format_args!("EMC\n"));
        }
    }

    fn end_text(&mut self) {
        if self.in_text {
            self.in_text = false;
            self.put(format_args!("ET\n"));
        }
    }

    fn rule(&mut self, rect: Rect, grey: u8) {
        self.end_text();
        self.grey(grey);
        self.place(Point {
            x: rect.origin.x,
            y: rect.origin.y + rect.size.height,
        });
        self.length(rect.size.width);
        self.length(rect.size.height);
        self.put(format_args!("re f\n"));
    }

    fn picture(&mut self, picture: usize, rect: Rect) {
        if picture >= self.pages.pictures.len() {
            return;
        }
        self.end_text();
        self.put(format_args!("q "));
        self.length(rect.size.width);
        self.put(format_args!("0 0 "));
        self.length(rect.size.height);
        self.place(Point {
            x: rect.origin.x,
            y: rect.origin.y + rect.size.height,
        });
        self.put(format_args!("cm/Picture{picture} Do Q\n"));
    }

    fn run(&mut self, run: &Run, space: bool) {
        let faces = self.faces;
        let Some(face) = faces.get(run.face).filter(|_| run.size > Length::ZERO) else {
            return;
        };
        if !self.in_text {
            self.in_text = true;
            self.put(format_args!("BT\n"));
        }
        self.grey(run.grey);
        if self.font != Some((run.face, run.size)) {
            self.font = Some((run.face, run.size));
            self.put(format_args!("/{} ", face.resource));
            self.decimal(run.size, 10_000);
            self.put(format_args!("Tf\n"));
        }
        self.put(format_args!("1 0 0 1 "));
        self.place(run.origin);
        self.put(format_args!("Tm\n"));
        Line {
            face,
            size: run.size,
            x: Length::ZERO,
            shown: 0,
        }
        .show(run, space, self);
    }

    fn grey(&mut self, grey: u8) {
        if self.grey != grey {
            self.grey = grey;
            let thousandths = i64::from(grey) * 1000 / 255;
            self.decimal(Length(thousandths * 65_536 / 1000 + 32), 1000);
            self.put(format_args!("g\n"));
        }
    }

    /// Both coordinates of a point, from the page's lower left corner.
    fn place(&mut self, point: Point) {
        self.length(point.x);
        self.length(self.pages.trim.height - point.y);
    }

    /// A length in points, to a hundredth: finer than any press can show.
    fn length(&mut self, length: Length) {
        self.decimal(length, 100);
    }

    /// A length in points with as many decimals as `scale` has zeros, and a space.
    fn decimal(&mut self, length: Length, scale: i64) {
        let scaled = (length.0 * scale + 32_768).div_euclid(65_536);
        if scaled < 0 {
            self.out.push(b'-');
        }
        let scaled = scaled.abs();
        self.integer(scaled / scale);
        let mut rest = scaled % scale;
        if rest > 0 {
            self.out.push(b'.');
            let mut digit = scale / 10;
            while rest > 0 {
                self.out
                    .push(b"0123456789"[usize::try_from(rest / digit).unwrap_or_default()]);
                rest %= digit;
                digit /= 10;
            }
        }
        self.out.push(b' ');
    }

    fn integer(&mut self, number: i64) {
        if number < 0 {
            self.out.push(b'-');
        }
        let mut digits = [0; 20];
        let mut rest = number.unsigned_abs();
        let mut from = digits.len();
        loop {
            from -= 1;
            digits[from] = b"0123456789"[usize::try_from(rest % 10).unwrap_or_default()];
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        self.out.extend_from_slice(&digits[from..]);
    }

    fn put(&mut self, text: std::fmt::Arguments<'_>) {
        self.out.write_fmt(text).expect("memory can be written");
    }

    fn code(&mut self, code: u16) {
        if self.array == Array::Closed {
            self.out.push(b'[');
        }
        if self.array != Array::Text {
            self.out.push(b'(');
            self.array = Array::Text;
        }
        write_escaped(&code.to_be_bytes(), &mut self.out);
    }

    /// Moves left by so many thousandths of an em.
    fn back(&mut self, thousandths: i64) {
        match self.array {
            Array::Closed => self.out.push(b'['),
            Array::Text => self.out.push(b')'),
            Array::Open => {}
        }
        self.array = Array::Open;
        self.integer(thousandths);
    }

    fn end_array(&mut self) {
        match self.array {
            Array::Closed => return,
            Array::Open => self.put(format_args!("]TJ\n")),
            Array::Text => self.put(format_args!(")]TJ\n")),
        }
        self.array = Array::Closed;
    }
}

/// A run while it is shown.
struct Line<'f> {
    face: &'f Embedded,
    size: Length,
    /// Where the next glyph belongs, from the start of the run.
    x: Length,
    /// Where a reader of the file is by now, in thousandths of an em: the widths in the
    /// font less the moves, all in whole numbers, so that no error adds up.
    shown: i64,
}

impl Line<'_> {
    fn show(mut self, run: &Run, space: bool, pen: &mut Pen<'_>) {
        let mut rest = clusters(run).peekable();
        while let Some(cluster) = rest.next() {
            if self.speaks_for_itself(&cluster) {
                self.glyphs(cluster.glyphs, pen);
                continue;
            }
            let mut text = cluster.text.to_string();
            let mut spoken = vec![cluster];
            while let Some(next) = rest.next_if(|next| !self.speaks_for_itself(next)) {
                text.push_str(next.text);
                spoken.push(next);
            }
            pen.end_array();
            begin_actual_text(&text, pen);
            for cluster in spoken {
                self.glyphs(cluster.glyphs, pen);
            }
            pen.end_array();
            pen.put(format_args!("EMC\n"));
        }
        if let Some(space) = self.face.space.filter(|_| space) {
            pen.code(space);
        }
        pen.end_array();
        rise(Length::ZERO, pen);
    }

    /// Whether the font's own table gives the cluster's text.
    fn speaks_for_itself(&self, cluster: &Cluster<'_>) -> bool {
        if let [glyph] = cluster.glyphs {
            let own = self.face.glyph(glyph.id).map_or("", |glyph| &glyph.text);
            return own == cluster.text || cluster.text.is_empty();
        }
        let mut left = cluster.text;
        let matches = cluster.glyphs.iter().all(|glyph| {
            let own = self.face.glyph(glyph.id).map_or("", |glyph| &glyph.text);
            left.strip_prefix(own).map(|after| left = after).is_some()
        });
        (matches && left.is_empty()) || cluster.text.is_empty()
    }

    fn glyphs(&mut self, glyphs: &[Glyph], pen: &mut Pen<'_>) {
        for glyph in glyphs {
            if pen.rise != glyph.offset.y {
                pen.end_array();
                rise(glyph.offset.y, pen);
            }
            let (code, width) = self
                .face
                .glyph(glyph.id)
                .map_or((0, 0), |glyph| (glyph.code, glyph.width));
            let goal = self.x + glyph.offset.x;
            if !self.is_at(goal) {
                let goal = self.in_thousandths(goal);
                pen.back(self.shown - goal);
                self.shown = goal;
            }
            pen.code(code);
            self.shown += i64::from(width);
            self.x += glyph.advance;
        }
    }

    fn in_thousandths(&self, x: Length) -> i64 {
        (x.0 * 1000 + self.size.0 / 2).div_euclid(self.size.0)
    }

    /// Whether a reader of the file is there, to half a thousandth of an em: what
    /// [`Line::in_thousandths`] would tell, without its division.
    fn is_at(&self, x: Length) -> bool {
        let beyond = x.0 * 1000 + self.size.0 / 2 - self.shown * self.size.0;
        (0..self.size.0).contains(&beyond)
    }
}

/// Raises or lowers the glyphs that follow.
fn rise(by: Length, pen: &mut Pen<'_>) {
    if pen.rise != by {
        pen.rise = by;
        pen.length(by);
        pen.put(format_args!("Ts\n"));
    }
}

/// Says what the glyphs up to the next `EMC` stand for (PDF 1.7 §14.9.4).
fn begin_actual_text(text: &str, pen: &mut Pen<'_>) {
    pen.put(format_args!("/Span<</ActualText<"));
    for byte in objects::utf16(text) {
        pen.put(format_args!("{byte:02X}"));
    }
    pen.put(format_args!(">>>BDC\n"));
}
