//! Pages on sheets that are folded: which page goes where, and which way up. Arithmetic only.
//!
//! A sheet lies with its fold upright in the middle and carries two pages on each side. The
//! sheets of a signature are nested, the first outermost, folded together and stitched
//! through the fold; signatures follow one another.

use crate::manifest::{Booklet, Duplex, FoldMark, Margins};
use crate::units::{Length, Point, Rect, Size};

/// A book on sheets.
#[derive(Clone, Debug)]
pub struct Sheets {
    /// As it is printed: the fold is upright.
    pub paper: Size,
    pub scale: Scale,
    /// Over which edge of the paper the printer turns a sheet.
    pub turn: Edge,
    /// In the order of printing: each signature from the outermost sheet to the innermost.
    pub sheets: Vec<Sheet>,
    /// How many signatures the sheets make.
    pub signatures: usize,
    /// Pages that stay empty, at the end.
    pub blanks: usize,
}

/// An edge of a sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    Long,
    Short,
}

/// Which sides of the sheets a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sides {
    Both,
    Fronts,
    Backs,
}

/// How much smaller pages are printed, in ten-thousandths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Scale(pub i64);

/// Below this scale a page that was made to be read can no longer be.
pub const SMALLEST: Scale = Scale(6_000);

impl Scale {
    pub const WHOLE: Scale = Scale(10_000);

    /// A length at this scale.
    pub fn of(self, length: Length) -> Length {
        length.scaled(self.0, Scale::WHOLE.0)
    }

    /// The scale at which `length` is `room` long; never a larger one than the whole.
    fn to_fit(length: Length, room: Length) -> Scale {
        let fits = room.0.max(0).saturating_mul(Scale::WHOLE.0) / length.0.max(1);
        Scale(fits.min(Scale::WHOLE.0))
    }
}

/// A sheet of paper. On its back, behind what is right on the front, stands what is left
/// there, once the sheet has been turned like a leaf.
#[derive(Clone, Debug)]
pub struct Sheet {
    pub signature: usize,
    pub front: Side,
    pub back: Side,
}

/// One side of a sheet.
#[derive(Clone, Debug)]
pub struct Side {
    /// Whether all of it stands upside down, because the printer turns the sheet that way.
    pub turned: bool,
    /// Left and right of the fold.
    pub slots: [Slot; 2],
    /// Lines to fold, stitch and gather by.
    pub marks: Vec<Rect>,
}

/// The place of a page.
#[derive(Clone, Copy, Debug)]
pub struct Slot {
    /// Its place in the book, from 0; `None` for a blank.
    pub page: Option<usize>,
    /// Its upper left corner.
    pub at: Point,
}

/// Lays pages of one size on sheets. `ink` tells how far from the edges of their pages the
/// outermost words and lines stay.
pub fn plan(pages: usize, page: Size, ink: &Margins, booklet: &Booklet) -> Sheets {
    let paper = lie(booklet.paper, page);
    let layout = Layout {
        paper,
        page,
        scale: scale(paper, page, ink, booklet.reach),
        inner: ink.inner,
        booklet,
    };
    let count = pages.div_ceil(4);
    let signatures = match booklet.binding.most_sheets() {
        None => count.min(1),
        Some(most) => count.div_ceil(most),
    };
    let mut sheets = Vec::with_capacity(count);
    for signature in 0..signatures {
        let thick = Signature {
            number: signature,
            of: signatures,
            first_page: sheets.len() * 4,
            // As even as can be, so that none is left with a single sheet; thick ones first.
            sheets: count / signatures + usize::from(signature < count % signatures),
            pages,
        };
        sheets.extend((0..thick.sheets).map(|sheet| layout.sheet(&thick, sheet)));
    }
    Sheets {
        paper,
        scale: layout.scale,
        turn: layout.turn(),
        sheets,
        signatures,
        blanks: count * 4 - pages,
    }
}

/// The paper so that its fold is upright and two pages fit best.
fn lie(paper: Size, page: Size) -> Size {
    let turned = Size {
        width: paper.height,
        height: paper.width,
    };
    let room = |paper: Size| {
        let wide = Scale::to_fit(page.width * 2, paper.width);
        wide.min(Scale::to_fit(page.height, paper.height))
    };
    // Of two that fit alike the one that lies wide, as paper for booklets does.
    let wider = paper.width >= turned.width;
    match room(paper).cmp(&room(turned)) {
        std::cmp::Ordering::Greater => paper,
        std::cmp::Ordering::Equal if wider => paper,
        std::cmp::Ordering::Equal | std::cmp::Ordering::Less => turned,
    }
}

/// The largest scale, up to the whole, at which pages fit and the printer reaches all ink.
fn scale(paper: Size, page: Size, ink: &Margins, reach: Length) -> Scale {
    let (half, middle) = (paper.width / 2, paper.height / 2);
    let upper = page.height / 2 - ink.top;
    let lower = page.height / 2 - ink.bottom;
    [
        Scale::to_fit(page.width, half),
        Scale::to_fit(page.height, paper.height),
        Scale::to_fit(page.width - ink.outer, half - reach),
        Scale::to_fit(upper, middle - reach),
        Scale::to_fit(lower, middle - reach),
    ]
    .into_iter()
    .min()
    .unwrap_or(Scale::WHOLE)
}

/// Sheets that are folded together.
struct Signature {
    number: usize,
    of: usize,
    first_page: usize,
    sheets: usize,
    /// Of the whole book.
    pages: usize,
}

/// What is the same for all sheets.
struct Layout<'b> {
    paper: Size,
    page: Size,
    scale: Scale,
    /// From the fold to the words.
    inner: Length,
    booklet: &'b Booklet,
}

impl Layout<'_> {
    /// A sheet of a signature, counted from the outermost.
    fn sheet(&self, signature: &Signature, sheet: usize) -> Sheet {
        let last = signature.sheets * 4 - 1;
        let page = |at: usize| Some(signature.first_page + at).filter(|&at| at < signature.pages);
        let outermost = sheet == 0;
        let creep = self.creep(sheet);
        Sheet {
            signature: signature.number,
            front: Side {
                turned: false,
                slots: self.slots(page(last - 2 * sheet), page(2 * sheet), creep),
                marks: self.marks(signature, outermost),
            },
            back: Side {
                turned: self.turns_back(),
                slots: self.slots(page(2 * sheet + 1), page(last - 2 * sheet - 1), creep),
                marks: Vec::new(),
            },
        }
    }

    /// The edge that the sheet is turned over; by hand it is the one that a leaf is turned on.
    fn turn(&self) -> Edge {
        match self.booklet.duplex {
            Duplex::LongEdge => Edge::Long,
            Duplex::ShortEdge => Edge::Short,
            Duplex::ByHand if self.lies_wide() => Edge::Short,
            Duplex::ByHand => Edge::Long,
        }
    }

    /// Whether the backs must stand upside down. A sheet that is turned like a leaf keeps
    /// up what is up; one that is turned over its upper edge does not.
    fn turns_back(&self) -> bool {
        match self.turn() {
            Edge::Long => self.lies_wide(),
            Edge::Short => !self.lies_wide(),
        }
    }

    fn lies_wide(&self) -> bool {
        self.paper.width >= self.paper.height
    }

    /// How much nearer to the fold the pages of a sheet stand: the sheets around it take a
    /// thickness each, and after trimming all outer margins are alike. Words are never
    /// pushed more than half their way into the fold.
    fn creep(&self, sheet: usize) -> Length {
        let nested = i64::try_from(sheet).unwrap_or(i64::MAX);
        let creep = Length(self.booklet.thickness.0.saturating_mul(nested));
        creep.min(self.scale.of(self.inner) / 2)
    }

    fn slots(&self, left: Option<usize>, right: Option<usize>, creep: Length) -> [Slot; 2] {
        let fold = self.paper.width / 2;
        let y = (self.paper.height - self.scale.of(self.page.height)) / 2;
        let slot = |page, x| Slot {
            page,
            at: Point { x, y },
        };
        [
            slot(left, fold - self.scale.of(self.page.width) + creep),
            slot(right, fold - creep),
        ]
    }

    /// The marks on the outside of a folded sheet.
    fn marks(&self, signature: &Signature, outermost: bool) -> Vec<Rect> {
        let mut marks = Vec::new();
        for mark in &self.booklet.marks {
            match mark {
                FoldMark::Fold => marks.extend(self.fold_marks()),
                FoldMark::Stitch if outermost => marks.extend(self.stitches(signature)),
                FoldMark::Order if outermost && signature.of > 1 => {
                    marks.push(self.step(signature));
                }
                FoldMark::Stitch | FoldMark::Order => {}
            }
        }
        marks
    }

    /// Two short hairlines on the fold, at the head and at the foot.
    fn fold_marks(&self) -> [Rect; 2] {
        let long = Length::centi_mm(400);
        let reach = self.booklet.reach;
        [reach, self.paper.height - reach - long].map(|y| self.on_fold(y, HAIRLINE, long))
    }

    /// A short bar across the fold wherever a staple or the thread goes through.
    fn stitches(&self, signature: &Signature) -> Vec<Rect> {
        let holes: i64 = if signature.of > 1 { 4 } else { 2 };
        let wide = Length::centi_mm(300);
        (0..holes)
            .map(|hole| self.paper.height.scaled(2 * hole + 1, 2 * holes))
            .map(|y| self.on_fold(y - HAIRLINE / 2, wide, HAIRLINE))
            .collect()
    }

    /// A bar on the back of a signature, a step lower than on the one before.
    fn step(&self, signature: &Signature) -> Rect {
        let number = i64::try_from(signature.number).unwrap_or(i64::MAX);
        let steps = i64::try_from(signature.of).unwrap_or(i64::MAX) + 1;
        let y = self.paper.height.scaled(number + 1, steps);
        let tall = (self.paper.height / (steps * 2)).min(Length::centi_mm(500));
        self.on_fold(y - tall / 2, Length::centi_mm(150), tall)
    }

    fn on_fold(&self, y: Length, width: Length, height: Length) -> Rect {
        let x = (self.paper.width - width) / 2;
        Rect {
            origin: Point { x, y },
            size: Size { width, height },
        }
    }
}

/// The thickness of marks.
const HAIRLINE: Length = Length::milli_pt(300);

#[cfg(test)]
mod tests;
