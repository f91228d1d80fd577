//! Content streams: what stands on a page as PDF's drawing operators, marked with the
//! structure that it belongs to.

use super::clusters::{Cluster, clusters};
use super::codes::{Code, SPACE};
use super::fonts::{Embedded, Faces};
use super::lines;
use super::objects;
use super::operators::{Operators, hundredths};
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
        out: Operators::new(),
        pages,
        faces,
        tags: Vec::new(),
        mark: None,
        in_text: false,
        line: (0, 0),
        reached: None,
        word_space: 0,
        steps: Vec::new(),
        font: None,
        grey: 0,
        rise: Length::ZERO,
        spacing: 0,
        between_words: (0, Length::ZERO),
        expansion: 0,
    };
    let spaces = lines::spaces(page, pages);
    for (item, space) in pages.pages[page].items.iter().zip(spaces) {
        pen.item(item, space);
    }
    pen.end_mark();
    pen.end_text();
    Content {
        packed: objects::deflate(&pen.out.finish()),
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

/// The stream so far, and what a reader has been told up to here.
struct Pen<'p> {
    out: Operators,
    pages: &'p Pages,
    faces: &'p Faces,
    tags: Vec<TagId>,
    /// What is marked now, and whether inside a text object, in which it must then end.
    mark: Option<(Mark, bool)>,
    in_text: bool,
    /// Where the line of text began that others are placed from, in hundredths of a point.
    line: (i64, i64),
    /// How far along its line the text has come, where that is known.
    reached: Option<Length>,
    /// The last move after a space, in thousandths of an em.
    word_space: i64,
    /// The steps of the run that is shown, kept for their memory.
    steps: Vec<Step>,
    /// The face, which part of it, and the size.
    font: Option<(FaceId, usize, Length)>,
    grey: u8,
    rise: Length,
    /// What is added to each glyph's width, in millionths of a point.
    spacing: i64,
    /// What is added to each space's width besides, in thousandths of an em of that size.
    between_words: (i64, Length),
    /// How much wider glyphs are shown than they are drawn, in thousandths.
    expansion: i16,
}

impl Pen<'_> {
    fn item(&mut self, item: &Item, space: Option<TagId>) {
        match item {
            Item::Run(run) => {
                self.begin_text();
                self.begin_mark(run.tag, Mark::Pagination);
                self.run(run);
                if let Some(element) = space {
                    self.space_after(run, element);
                }
            }
            Item::Rule { rect, grey, tag } => {
                self.end_text();
                self.begin_mark(*tag, Mark::Layout);
                self.rule(*rect, *grey);
            }
            Item::Picture { picture, rect, tag } => {
                self.end_text();
                self.begin_mark(*tag, Mark::Layout);
                self.picture(*picture, *rect);
            }
        }
    }

    fn begin_mark(&mut self, tag: Option<TagId>, without: Mark) {
        let tag = tag.filter(|tag| (tag.0 as usize) < self.pages.structure.len());
        let mark = tag.map_or(without, Mark::Element);
        if self.mark == Some((mark, self.in_text)) {
            return;
        }
        self.end_mark();
        self.mark = Some((mark, self.in_text));
        match mark {
            Mark::Element(tag) => {
                let kind = self.pages.structure[tag.0 as usize].kind;
                self.out.write(format_args!(
                    "/{}<</MCID {}>>BDC\n",
                    role(kind),
                    self.tags.len()
                ));
                self.tags.push(tag);
            }
            Mark::Pagination => self.out.put("/Artifact<</Type/Pagination>>BDC\n"),
            Mark::Layout => self.out.put("/Artifact<</Type/Layout>>BDC\n"),
        }
    }

    fn end_mark(&mut self) {
        if self.mark.take().is_some() {
            self.out.put("EMC\n");
        }
    }

    /// Begins a text object; marks stand inside or outside of one, never across its ends
    /// (PDF 1.7 §14.6.1).
    fn begin_text(&mut self) {
        if !self.in_text {
            self.end_mark();
            self.in_text = true;
            self.line = (0, 0);
            self.reached = None;
            self.out.put("BT\n");
        }
    }

    fn end_text(&mut self) {
        if self.in_text {
            self.end_mark();
            self.in_text = false;
            self.out.put("ET\n");
        }
    }

    fn rule(&mut self, rect: Rect, grey: u8) {
        self.grey(grey);
        self.place(Point {
            x: rect.origin.x,
            y: rect.origin.y + rect.size.height,
        });
        self.out.length(rect.size.width);
        self.out.length(rect.size.height);
        self.out.put("re f\n");
    }

    fn picture(&mut self, picture: usize, rect: Rect) {
        if picture >= self.pages.pictures.len() {
            return;
        }
        self.out.put("q ");
        self.out.length(rect.size.width);
        self.out.put("0 0 ");
        self.out.length(rect.size.height);
        self.place(Point {
            x: rect.origin.x,
            y: rect.origin.y + rect.size.height,
        });
        self.out.write(format_args!("cm/Picture{picture} Do Q\n"));
    }

    fn run(&mut self, run: &Run) {
        let faces = self.faces;
        let Some(face) = faces.get(run.face).filter(|_| run.size > Length::ZERO) else {
            return;
        };
        self.grey(run.grey);
        self.expansion(run.expansion);
        let em = widened(run);
        let spacing = spacing(run, face, em);
        self.spacing(spacing, run.size);
        let reached = self.move_to(run.origin, run.size);
        let shown = in_thousandths(reached - run.origin.x, em);
        let mut line = Line {
            face,
            em,
            x: Length::ZERO,
            shown,
            spacing,
            last: None,
            word_space: self.word_space,
            steps: std::mem::take(&mut self.steps),
        };
        line.walk(run);
        let mut moved = line.shown - shown;
        self.word_space = line.word_space;
        self.steps = line.steps;
        let ends_in_space = self.show(run, face);
        if ends_in_space {
            moved += self.between_words.0;
        }
        self.reached = Some(reached + em.scaled(moved, 1000));
    }

    /// Shows the steps of a run: the spaces as wide as most of them want to be, and moves
    /// only where that is not enough. Whether the run ends in a space.
    fn show(&mut self, run: &Run, face: &Embedded) -> bool {
        let steps = std::mem::take(&mut self.steps);
        if let Some(added) = between_words(&steps, self.between_words, run.size) {
            self.between_words(added, run.size);
        }
        let mut after_space = false;
        for step in &steps {
            match step {
                Step::Glyph { code, back, rise } => {
                    self.rise(*rise);
                    self.font(run, face, code.part);
                    let added = if after_space { self.between_words.0 } else { 0 };
                    if back + added != 0 {
                        self.out.back(back + added);
                    }
                    self.out.code(code.byte);
                    after_space = code.byte == SPACE;
                }
                Step::Spoken(text) => begin_actual_text(text, self),
                Step::Said => self.out.put("EMC\n"),
            }
        }
        self.rise(Length::ZERO);
        self.steps = steps;
        after_space
    }

    fn font(&mut self, run: &Run, face: &Embedded, part: usize) {
        if self.font != Some((run.face, part, run.size)) {
            self.font = Some((run.face, part, run.size));
            self.out.write(format_args!("/{} ", face.resource(part)));
            self.out.size(run.size);
            self.out.put("Tf\n");
        }
    }

    /// Sets the space at the end of a line, which belongs to the paragraph where a link or
    /// the call of a note ends there.
    fn space_after(&mut self, run: &Run, element: TagId) {
        let faces = self.faces;
        let face = faces.get(run.face).filter(|_| run.size > Length::ZERO);
        let Some((face, space)) = face.and_then(|face| Some((face, face.space?))) else {
            return;
        };
        self.begin_mark(Some(element), Mark::Layout);
        self.font(run, face, space.part);
        self.out.code(space.byte);
        self.reached = None;
    }

    /// Has thousandths of an em added to each glyph's width.
    fn spacing(&mut self, thousandths: i64, size: Length) {
        let spacing = millionths(thousandths, size);
        if self.spacing != spacing {
            self.spacing = spacing;
            self.out.fixed(spacing, 1_000_000);
            self.out.put("Tc\n");
        }
    }

    /// Has thousandths of an em added to each space's width besides.
    fn between_words(&mut self, thousandths: i64, size: Length) {
        if self.between_words != (thousandths, size) {
            self.between_words = (thousandths, size);
            self.out.fixed(millionths(thousandths, size), 1_000_000);
            self.out.put("Tw\n");
        }
    }

    /// Raises or lowers the glyphs that follow.
    fn rise(&mut self, by: Length) {
        if self.rise != by {
            self.rise = by;
            self.out.length(by);
            self.out.put("Ts\n");
        }
    }

    /// Has glyphs, and all moves between them, made wider by thousandths.
    fn expansion(&mut self, expansion: i16) {
        if self.expansion != expansion {
            self.expansion = expansion;
            self.out.fixed(1000 + i64::from(expansion), 10);
            self.out.put("Tz\n");
        }
    }

    /// Begins a line of text at a point, unless the text has come near it already; where
    /// along the line it then is.
    fn move_to(&mut self, point: Point, size: Length) -> Length {
        let (x, y) = (
            hundredths(point.x),
            hundredths(self.pages.trim.height - point.y),
        );
        let near = |reached: &Length| (point.x - *reached).0.abs() <= size.0;
        if let Some(reached) = self.reached.filter(near)
            && y == self.line.1
        {
            return reached;
        }
        self.out.fixed(x - self.line.0, 100);
        self.out.fixed(y - self.line.1, 100);
        self.out.put("Td\n");
        self.line = (x, y);
        Length(x * 65_536 / 100)
    }

    fn grey(&mut self, grey: u8) {
        if self.grey != grey {
            self.grey = grey;
            self.out.fixed(i64::from(grey) * 1000 / 255, 1000);
            self.out.put("g\n");
        }
    }

    /// Both coordinates of a point, from the page's lower left corner.
    fn place(&mut self, point: Point) {
        self.out.length(point.x);
        self.out.length(self.pages.trim.height - point.y);
    }
}

/// What a run is shown by.
enum Step {
    /// A glyph, so many thousandths of an em left of where the last one ended.
    Glyph {
        code: Code,
        back: i64,
        rise: Length,
    },
    /// What the glyphs up to the next [`Step::Said`] stand for.
    Spoken(String),
    Said,
}

/// A run while its glyphs are placed.
struct Line<'f> {
    face: &'f Embedded,
    /// The width of an em as it is shown.
    em: Length,
    /// Where the next glyph belongs, from the start of the run.
    x: Length,
    /// Where a reader of the file is by now, in thousandths of an em: the widths in the
    /// font less the moves, all in whole numbers, so that no error adds up.
    shown: i64,
    /// What is added to every width, in thousandths of an em.
    spacing: i64,
    /// The last glyph's code and what its kerning takes from its width, as lengths times a
    /// thousand.
    last: Option<(Code, i64)>,
    /// The last move after a space, in thousandths of an em.
    word_space: i64,
    steps: Vec<Step>,
}

/// How far from its place a glyph may stand before it is moved there, in thousandths of an
/// em: too little for any printer to show, and a page has far fewer moves for it.
pub(super) const SLACK: i64 = 3;

fn in_thousandths(x: Length, size: Length) -> i64 {
    (x.0 * 1000 + size.0 / 2).div_euclid(size.0)
}

/// Letter spacing is looked for as far as this many thousandths of an em.
const WIDEST_SPACING: i64 = 127;
/// So many are told apart: as many on either side, and none.
const SPACINGS: usize = 255;

/// What most glyphs of a run want added to their widths, in thousandths of an em. Told once
/// for the run it need not be told after every letter.
fn spacing(run: &Run, face: &Embedded, em: Length) -> i64 {
    let mut counts = [0_u16; SPACINGS];
    // Most runs have few of all, and those near each other.
    let (mut least, mut greatest) = (SPACINGS, 0);
    for glyph in &run.glyphs {
        let width = face
            .glyph(glyph.id)
            .map_or(0, |glyph| i64::from(glyph.width));
        let advance = Length::from(glyph.advance);
        let added = (advance.0 * 1000 + em.0 / 2).div_euclid(em.0) - width;
        let Ok(slot) = usize::try_from(added + WIDEST_SPACING) else {
            continue;
        };
        if let Some(count) = counts.get_mut(slot) {
            *count = count.saturating_add(1);
            (least, greatest) = (least.min(slot), greatest.max(slot));
        }
    }
    // The smallest of the commonest, so that a tie is always broken alike.
    let slot = (least..=greatest).rev().max_by_key(|&slot| counts[slot]);
    slot.and_then(|slot| i64::try_from(slot).ok())
        .map_or(0, |slot| slot - WIDEST_SPACING)
}

/// The width of a run's em as its expansion makes it; never nothing.
fn widened(run: &Run) -> Length {
    let em = run.size.scaled(1000 + i64::from(run.expansion), 1000);
    em.at_least(Length(1))
}

/// A measure in thousandths of an em, in millionths of a point.
fn millionths(thousandths: i64, size: Length) -> i64 {
    (thousandths * size.0 * 1_000).div_euclid(65_536)
}

/// What most glyphs after a space want added to its width; what is added already where that
/// serves as many, or `None` where there is no space and so nothing to tell.
fn between_words(steps: &[Step], now: (i64, Length), size: Length) -> Option<i64> {
    let mut wanted: Vec<(i64, usize)> = Vec::new();
    let mut after_space = false;
    for step in steps {
        if let Step::Glyph { code, back, .. } = step {
            if after_space {
                match wanted.iter_mut().find(|(added, _)| *added == -back) {
                    Some((_, times)) => *times += 1,
                    None => wanted.push((-back, 1)),
                }
            }
            after_space = code.byte == SPACE;
        }
    }
    let held = if now.1 == size { now.0 } else { 0 };
    let times = |added: i64| {
        wanted
            .iter()
            .find(|(own, _)| *own == added)
            .map_or(0, |own| own.1)
    };
    match wanted.iter().max_by_key(|(added, times)| (*times, -added)) {
        Some((added, most)) if *most > times(held) => Some(*added),
        Some(_) => Some(held),
        None => after_space.then_some(held),
    }
}

impl Line<'_> {
    /// Notes the steps by which the run is shown.
    fn walk(&mut self, run: &Run) {
        self.steps.clear();
        if let Some(spoken) = &run.spoken {
            self.steps.push(Step::Spoken(spoken.clone()));
            self.glyphs(&run.glyphs, "");
            self.steps.push(Step::Said);
            return;
        }
        let mut rest = clusters(run).peekable();
        while let Some(cluster) = rest.next() {
            if self.speaks_for_itself(&cluster) {
                self.glyphs(cluster.glyphs, cluster.text);
                continue;
            }
            let mut text = cluster.text.to_string();
            let mut spoken = vec![cluster];
            while let Some(next) = rest.next_if(|next| !self.speaks_for_itself(next)) {
                text.push_str(next.text);
                spoken.push(next);
            }
            self.steps.push(Step::Spoken(text));
            for cluster in spoken {
                self.glyphs(cluster.glyphs, cluster.text);
            }
            self.steps.push(Step::Said);
        }
    }

    /// Whether the font's own table gives the cluster's text.
    fn speaks_for_itself(&self, cluster: &Cluster<'_>) -> bool {
        if let [glyph] = cluster.glyphs {
            let own = self.face.glyph(glyph.id);
            return own.is_none_or(|own| own.code_for(cluster.text).is_some());
        }
        let mut left = cluster.text;
        let matches = cluster.glyphs.iter().all(|glyph| {
            let own = self
                .face
                .glyph(glyph.id)
                .map_or("", |glyph| glyph.usual().0);
            left.strip_prefix(own).map(|after| left = after).is_some()
        });
        (matches && left.is_empty()) || cluster.text.is_empty()
    }

    fn glyphs(&mut self, glyphs: &[Glyph], text: &str) {
        let alone = glyphs.len() == 1;
        for glyph in glyphs {
            let Some(own) = self.face.glyph(glyph.id) else {
                self.x += glyph.advance;
                continue;
            };
            let code = own.code_for(text).filter(|_| alone);
            let code = code.unwrap_or(own.usual().1);
            let goal = self.x + glyph.x.into();
            let mut back = 0;
            if !self.is_at(goal) {
                back = self.back(goal);
                self.shown -= back;
            }
            let rise = glyph.y.into();
            self.steps.push(Step::Glyph { code, back, rise });
            let wide = i64::from(own.width) + self.spacing;
            let advance = Length::from(glyph.advance);
            self.last = Some((code, wide * self.em.0 - advance.0 * 1000));
            self.shown += wide;
            self.x += advance;
        }
    }

    /// The move to a place, or one near enough that has a better reason: between words the
    /// same as between the two before, and after a letter that letter's own kerning.
    fn back(&mut self, goal: Length) -> i64 {
        let back = self.shown - in_thousandths(goal, self.em);
        let Some((code, kerning)) = self.last else {
            return back;
        };
        let between_words = self.face.space == Some(code);
        let usual = match between_words {
            true => self.word_space,
            false => (kerning + self.em.0 / 2).div_euclid(self.em.0),
        };
        let moved = match (back - usual).abs() <= SLACK {
            true => usual,
            false => back,
        };
        if between_words {
            self.word_space = moved;
        }
        moved
    }

    /// Whether a reader of the file is there, or near enough.
    fn is_at(&self, x: Length) -> bool {
        let beyond = x.0 * 1000 + self.em.0 / 2 - self.shown * self.em.0;
        (-SLACK * self.em.0..(SLACK + 1) * self.em.0).contains(&beyond)
    }
}

/// Says what the glyphs up to the next `EMC` stand for (PDF 1.7 §14.9.4).
fn begin_actual_text(text: &str, pen: &mut Pen<'_>) {
    pen.out.put("/Span<</ActualText<");
    for byte in objects::utf16(text) {
        pen.out.write(format_args!("{byte:02X}"));
    }
    pen.out.put(">>>BDC\n");
}
