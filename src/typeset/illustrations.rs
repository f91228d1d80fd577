//! Figures among the rows: a picture or a drawing with its caption, which never part.

use std::mem;
use std::ops::Range;

use crate::diag::Code;
use crate::edition::{Target, plain};
use crate::pages::{TagId, TagKind};
use crate::text::{Figure, Passage};
use crate::typeset::builder::{Builder, GENERATED, Pending, Within};
use crate::typeset::galley::{Above, Float, Matter, Part, Row, TOGETHER};
use crate::typeset::line::TextAlign;
use crate::typeset::pictures;
use crate::typeset::styles::Type;
use crate::units::{Length, Size};

/// Words in a drawing that are smaller than this cannot be read.
const READABLE: Length = Length::milli_pt(5_000);

impl Builder<'_, '_> {
    /// A picture with its caption; where it cannot be shown, what it shows, in words. One in
    /// running text may stand further down than here.
    pub fn figure(&mut self, figure: &Figure<Target>, within: &Within) {
        let tag = self.galley.tag(TagKind::Figure, Some(within.tag));
        self.galley.tags[tag.0 as usize].alt = Some(figure.alt.clone());
        let picture = self.picture(figure, within, tag);
        let shown = picture.is_some();
        let floats = shown && within.tag == self.galley.root() && !self.pending.announced;
        let before = match floats {
            true => mem::take(&mut self.pending),
            false => Pending::default(),
        };
        self.pending.keep = self.pending.keep.max(before.keep);
        self.space(before.space.max(self.styles.gap()));
        let start = self.galley.rows.len();
        self.illustration(figure, picture, tag, within);
        let rows = start..self.galley.rows.len();
        if shown {
            for row in self.galley.rows[rows.clone()].iter_mut().skip(1) {
                row.cost = TOGETHER;
            }
            self.centre_on_grid(rows.clone());
        }
        if !floats {
            self.space(self.styles.gap());
            self.pending.indent = false;
            return;
        }
        self.galley.floats.push(Float {
            rows,
            limit: usize::MAX,
            without: Above::default(),
        });
        self.pending = Pending {
            float: Some(self.galley.floats.len() - 1),
            ..before
        };
    }

    /// Has what is left over to the next line of the grid stand above and below alike.
    fn centre_on_grid(&mut self, rows: Range<usize>) {
        let leading = self.styles.design.leading;
        let rows = &mut self.galley.rows[rows];
        let height: Length = rows.iter().map(|row| row.space + row.height).sum();
        let over = (height + self.styles.gap()).0.rem_euclid(leading.0.max(1));
        if let Some(first) = rows.first_mut()
            && over > 0
        {
            first.space += (leading - Length(over)) / 2;
        }
    }

    /// Lets no figure so far go below what follows.
    pub fn hold_figures(&mut self) {
        let here = self.galley.rows.len();
        let free = self.galley.floats.iter_mut().rev();
        free.take_while(|float| float.limit == usize::MAX)
            .for_each(|float| float.limit = here);
    }

    /// The rows of a figure.
    fn illustration(
        &mut self,
        figure: &Figure<Target>,
        picture: Option<Row>,
        tag: TagId,
        within: &Within,
    ) {
        let kind = self.styles.note().ragged();
        let small = Within { kind, ..*within };
        // Below a narrow picture, which stands in the middle, one line stands there too.
        let is_narrow = |row: &Row| row.parts.iter().any(|part| part.x > within.left);
        let middle = picture.as_ref().is_some_and(is_narrow) && !self.styles.design.clear_print;
        match picture {
            Some(row) => self.push(row),
            None if figure.alt.is_empty() => {}
            None => {
                let words = crate::edition::passage(GENERATED, vec![plain(figure.alt.as_str())]);
                self.passage(&words, &small, Length::ZERO, tag);
            }
        }
        if let Some(caption) = &figure.caption {
            self.pending.space = kind.half();
            let tag = self.galley.tag(TagKind::Caption, Some(tag));
            let mut kind = slanted(kind);
            if middle && self.caption_lines(caption, within) == 1 {
                kind.align = TextAlign::Centre;
            }
            self.passage(caption, &Within { kind, ..small }, Length::ZERO, tag);
        }
    }

    /// How much of a page a figure's caption takes up, with the space above it.
    fn caption_height(&self, figure: &Figure<Target>, within: &Within) -> Length {
        let Some(caption) = &figure.caption else {
            return Length::ZERO;
        };
        let kind = slanted(self.styles.note().ragged());
        let lines = self.caption_lines(caption, within);
        kind.half() + kind.leading * i64::try_from(lines).unwrap_or(0)
    }

    fn caption_lines(&self, caption: &Passage<Target>, within: &Within) -> usize {
        let kind = slanted(self.styles.note().ragged());
        let style = self.styles.paragraph(&kind, within.measure, Length::ZERO);
        self.setter.set(caption, &style, self.lookup).lines.len()
    }

    /// The row of a picture or a drawing that leaves room for its caption on the page.
    fn picture(&mut self, figure: &Figure<Target>, within: &Within, tag: TagId) -> Option<Row> {
        let caption = self.caption_height(figure, within);
        let leading = within.kind.leading;
        let page = self.styles.design.text_height();
        let whole = (page - caption - leading).at_least(leading * 4);
        let known = self.edition.pictures.iter().enumerate();
        let mut known = known.filter(|(_, (path, _))| **path == figure.path);
        let (number, (_, picture)) = known.next()?;
        if picture.figure.is_some() {
            return self.drawing(figure, within, whole, tag);
        }
        // Some text below a picture, where it has no words to be kept large.
        let room = whole.min(page - leading * 6);
        let size = match &picture.drawing {
            Some(drawing) => pictures::drawn_size(drawing, within.measure, room),
            None => pictures::size(picture.width, picture.height, within.measure, room),
        };
        let (width, height) = (size.width, size.height);
        let matter = Matter::Picture {
            picture: number,
            width,
            height,
            tag,
        };
        Some(centred(size, matter, within))
    }

    /// A drawing in type of the notes' size, or smaller where it would be too high; in clear
    /// print nothing is smaller.
    fn drawing(
        &self,
        figure: &Figure<Target>,
        within: &Within,
        room: Length,
        tag: TagId,
    ) -> Option<Row> {
        let drawn = self.edition.pictures.get(&figure.path)?.figure.as_ref()?;
        let clear = self.styles.design.clear_print;
        let draw = |size: Length| {
            let least = if clear { size } else { size / 2 };
            drawn.draw(self.setter.fonts, within.measure, [size, least])
        };
        let mut size = self.styles.note().size;
        let mut drawing = draw(size);
        // Not all of a drawing need shrink with its type.
        for _ in 0..8 {
            if clear || drawing.size.height <= room || size < Length::PT / 4 {
                break;
            }
            let fitting = size.scaled(room.0, drawing.size.height.0);
            size = fitting.min(size - Length(64));
            drawing = draw(size);
        }
        if drawing.size.height > room {
            let message = "this drawing is higher than the page; what it shows is set in words";
            self.warn(figure, message.into());
            return None;
        }
        if let Some(least) = drawing.least_type().filter(|&least| least < READABLE) {
            let tenths = least.scaled(10, 1).0 / Length::PT.0;
            let (points, tenth) = (tenths / 10, tenths % 10);
            self.warn(
                figure,
                format!(
                    "the words of this drawing come out at {points}.{tenth} pt, too small to be read"
                ),
            );
        }
        let size = drawing.size;
        Some(centred(size, Matter::Drawing { drawing, tag }, within))
    }

    fn warn(&self, figure: &Figure<Target>, message: String) {
        let mut report = self.setter.report.borrow_mut();
        report
            .warning(Code::SmallFigure, figure.span, message)
            .help("divide it into two figures, shorten its words, or set it on a larger page");
    }
}

/// The type of a caption.
fn slanted(kind: Type) -> Type {
    Type {
        italic: true,
        ..kind
    }
}

/// A picture or a drawing in the middle of its column.
fn centred(size: Size, matter: Matter, within: &Within) -> Row {
    Row {
        parts: vec![Part {
            x: within.left + (within.measure - size.width) / 2,
            y: Length::ZERO,
            matter,
        }],
        ..Row::blank(size.height)
    }
}
