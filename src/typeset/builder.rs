//! Passages to rows: what every kind of block is set with.

use std::collections::VecDeque;
use std::mem;
use std::ops::Range;
use std::sync::Arc;

use crate::edition::{Edition, NoteId, Target, passage, plain};
use crate::pages::{TagId, TagKind};
use crate::source::PassageId;
use crate::text::{Inline, Lang, Passage, Style};
use crate::typeset::flow::in_brackets;
use crate::typeset::galley::{
    AFTER_HEADING, Cost, DIVIDED_WORD, Galley, Matter, NEAR_HEADING, ORPHAN, Part, Row, SetNote,
    WIDOW,
};
use crate::typeset::line::{Beside, Line, PieceLink};
use crate::typeset::looseness::LEAST_LINES;
use crate::typeset::paragraph::{Lookup, Setter};
use crate::typeset::styles::{Styles, Type};
use crate::units::Length;

/// The passage of generated text: no locator points into it.
pub const GENERATED: PassageId = PassageId(u32::MAX);

/// Where a block stands: its column, its type, and the element that it belongs to.
#[derive(Clone, Copy, Debug)]
pub struct Within {
    pub left: Length,
    pub measure: Length,
    /// The indent of all lines of a passage but the first.
    pub hang: Length,
    pub kind: Type,
    pub tag: TagId,
    /// How many lists it stands in, and how many blocks of any sort.
    pub lists: u8,
    pub depth: u8,
}

impl Within {
    /// A narrower column. Deep nesting stops where too little would be left of it.
    pub fn inset(self, left: Length, right: Length, least: Length) -> Within {
        let measure = self.measure - left - right;
        if measure < least {
            return self;
        }
        Within {
            left: self.left + left,
            measure,
            ..self
        }
    }
}

/// What comes before the next row.
#[derive(Debug, Default)]
pub struct Pending {
    pub space: Length,
    pub stretch: bool,
    /// How many of the next rows must stay with what is above them.
    pub keep: u8,
    /// Whether the next paragraph's first line is indented.
    pub indent: bool,
    pub anchors: Vec<PassageId>,
    /// Whether the next paragraph begins with an initial.
    pub initial: bool,
    /// An initial that reaches below its paragraph.
    pub beside: Option<Beside>,
    /// Whether the text before announces what follows: it must follow at once.
    pub announced: bool,
    /// The figure that the next row stands below, by its place among [`Galley::floats`].
    pub float: Option<usize>,
    /// What stands at the start of the next paragraph's first line.
    pub lead: Option<Lead>,
    /// What the next rows repeat at the head of a page.
    pub head: Option<usize>,
    /// The bar beside the next rows.
    pub bar: Option<usize>,
}

/// A term or a mark that is run in before a paragraph.
#[derive(Debug)]
pub struct Lead {
    pub part: Part,
    pub calls: Vec<NoteId>,
    /// Where the paragraph begins, from the left edge of its column.
    pub indent: Length,
    pub height: Length,
}

/// Sets the blocks of one section.
pub struct Builder<'a, 'f> {
    pub edition: &'a Edition,
    pub setter: &'a Setter<'f>,
    pub lookup: &'a dyn Lookup,
    pub styles: &'a Styles,
    pub galley: Galley,
    pub pending: Pending,
    /// The width of the column of dates, where several lists share one.
    pub dates: Option<Length>,
    /// Whether what is said of an event beyond the event itself is set small.
    pub small_print: bool,
    /// Whether the lines of paragraphs are counted in the margin.
    pub count_lines: bool,
    /// The paragraphs that are numbered there, in their order.
    pub numbered: Vec<PassageId>,
    /// How many rows have their notes set.
    noted: usize,
}

/// The element and link of the piece before, which the next piece may be part of.
type OpenPiece = Option<(Option<PieceLink>, Option<Lang>, TagId)>;

impl<'a, 'f> Builder<'a, 'f> {
    /// A builder that has set nothing.
    pub fn new(
        edition: &'a Edition,
        setter: &'a Setter<'f>,
        lookup: &'a dyn Lookup,
        styles: &'a Styles,
    ) -> Builder<'a, 'f> {
        Builder {
            edition,
            setter,
            lookup,
            styles,
            galley: Galley::new(),
            pending: Pending::default(),
            dates: None,
            small_print: false,
            count_lines: false,
            numbered: Vec::new(),
            noted: 0,
        }
    }

    /// The whole column, for text of a type.
    pub fn column(&self, kind: Type) -> Within {
        Within {
            left: Length::ZERO,
            measure: self.styles.design.measure(),
            hang: Length::ZERO,
            kind,
            tag: self.galley.root(),
            lists: 0,
            depth: 0,
        }
    }

    /// Wants a space before the next row, at least; it may be larger on a short page.
    pub fn space(&mut self, space: Length) {
        self.pending.space = self.pending.space.max(space);
        // The space below a heading stays as it is.
        self.pending.stretch |= space > Length::ZERO && self.pending.keep < 2;
    }

    /// Sets a passage in the column of `within`; the rows that it became.
    pub fn passage(
        &mut self,
        passage: &Passage<Target>,
        within: &Within,
        first_indent: Length,
        tag: TagId,
    ) -> Range<usize> {
        let mut style =
            self.styles
                .paragraph(&within.kind, within.measure, first_indent + within.hang);
        style.left_indent = within.hang;
        if let Some(lead) = &self.pending.lead {
            style.first_indent = lead.indent;
        }
        let initial = mem::take(&mut self.pending.initial);
        style.drop = self.styles.drop(&within.kind).filter(|_| initial);
        let above = self.pending.beside.take();
        if let Some(above) = above {
            style.first_indent = above.indent;
            style.firsts = above.lines;
        }
        let set = self.setter.set(passage, &style, self.lookup);
        let start = self.galley.rows.len();
        let beside = set.beside.or(above);
        if set.lines.is_empty() && passage.id != GENERATED {
            self.pending.anchors.push(passage.id);
        }
        let count = set.lines.len();
        let mut open = None;
        let mut divided = false;
        for (at, line) in set.lines.into_iter().enumerate() {
            let mut cost = within_paragraph(at, count);
            if divided {
                cost += DIVIDED_WORD;
            }
            // An initial is not divided.
            if beside.is_some_and(|beside| at < beside.lines) && (at > 0 || above.is_some()) {
                cost = cost.max(AFTER_HEADING);
            }
            divided = line.hyphenated;
            let row = self.line_row(line, passage.id, within, tag, &mut open);
            self.push(Row { cost, ..row });
        }
        self.pending.beside = beside
            .map(|beside| Beside {
                lines: beside.lines.saturating_sub(count),
                ..beside
            })
            .filter(|beside| beside.lines > 0);
        if count >= LEAST_LINES && beside.is_none() {
            self.galley.paragraphs.push((passage.id, style));
        }
        start..self.galley.rows.len()
    }

    /// The row of one line of a passage.
    fn line_row(
        &mut self,
        line: Arc<Line>,
        passage: PassageId,
        within: &Within,
        tag: TagId,
        open: &mut OpenPiece,
    ) -> Row {
        let height = within.kind.leading;
        Row {
            height,
            grid: within.kind.grid,
            calls: line.calls.clone(),
            parts: vec![self.line_part(line, passage, within, tag, open)],
            ..Row::default()
        }
    }

    /// A line of a passage in its column, with the elements of its links.
    pub fn line_part(
        &mut self,
        line: Arc<Line>,
        passage: PassageId,
        within: &Within,
        tag: TagId,
        open: &mut OpenPiece,
    ) -> Part {
        let piece_tags = self.piece_tags(&line, tag, open);
        Part {
            x: within.left,
            y: base_line(within.kind.leading),
            matter: Matter::Line {
                line,
                passage: (passage != GENERATED).then_some(passage),
                tag: Some(tag),
                piece_tags,
            },
        }
    }

    /// Elements for the links and the words of other languages on a line. What runs on from
    /// the line before stays one element.
    fn piece_tags(&mut self, line: &Line, tag: TagId, open: &mut OpenPiece) -> Vec<(usize, TagId)> {
        let mut tags = Vec::new();
        for (at, piece) in line.pieces.iter().enumerate() {
            let link = piece.link.as_ref().filter(|link| leads(link)).cloned();
            let own = match open {
                Some((of, lang, id)) if *of == link && *lang == piece.lang => *id,
                _ => self.piece_tag(link.as_ref(), piece.lang.as_ref(), tag),
            };
            if own != tag {
                tags.push((at, own));
            }
            *open = Some((link, piece.lang.clone(), own));
        }
        tags
    }

    fn piece_tag(&mut self, link: Option<&PieceLink>, lang: Option<&Lang>, tag: TagId) -> TagId {
        let own = match link {
            Some(PieceLink::To(Target::Note(_))) => {
                let reference = self.galley.tag(TagKind::Reference, Some(tag));
                self.galley.tag(TagKind::Link, Some(reference))
            }
            Some(_) => self.galley.tag(TagKind::Link, Some(tag)),
            None if lang.is_some() => self.galley.tag(TagKind::Span, Some(tag)),
            None => tag,
        };
        if let (Some(lang), true) = (lang, own != tag) {
            let lang = Some(lang.0.clone());
            self.galley.tags[own.0 as usize].lang = lang;
        }
        own
    }

    /// Adds a row below the others, with what was waiting for it.
    pub fn push(&mut self, mut row: Row) {
        let pending = &mut self.pending;
        let cost = row.cost;
        row.space += mem::take(&mut pending.space);
        row.stretch |= mem::take(&mut pending.stretch);
        row.cost += match pending.keep {
            0 => 0,
            1 => NEAR_HEADING,
            _ => AFTER_HEADING,
        };
        pending.keep = pending.keep.saturating_sub(1);
        pending.announced = false;
        if let Some(float) = pending.float.take() {
            self.galley.floats[float].without = row.above();
            row.space = row.space.max(self.styles.gap());
            row.stretch = true;
            row.cost = cost;
        }
        if let Some(lead) = pending.lead.take() {
            row.calls.splice(0..0, lead.calls);
            row.parts.insert(0, lead.part);
        }
        for anchor in pending.anchors.drain(..) {
            row.parts.push(Part {
                x: Length::ZERO,
                y: Length::ZERO,
                matter: Matter::Anchor(anchor),
            });
        }
        row.head = row.head.or(pending.head);
        row.bar = row.bar.or(pending.bar);
        self.galley.rows.push(row);
    }

    /// Leaves the lines free that stand beside an initial without text.
    pub fn pass_initial(&mut self) {
        self.pending.initial = false;
        if let Some(beside) = self.pending.beside.take()
            && let Some(last) = self.galley.rows.last_mut()
        {
            let missing = i64::try_from(beside.lines).unwrap_or(0);
            last.height += self.styles.design.leading * missing;
        }
    }

    /// Gives a lead that no paragraph follows a row of its own.
    pub fn set_lead_apart(&mut self) {
        if let Some(height) = self.pending.lead.as_ref().map(|lead| lead.height) {
            self.push(Row::blank(height));
            self.pending.keep = self.pending.keep.max(1);
        }
    }

    /// Generated text on lines of its own, left of everything: the mark of a list's item, a
    /// folio, a running head.
    pub fn lines_of(
        &self,
        inlines: Vec<Inline<Target>>,
        kind: &Type,
        measure: Length,
    ) -> Vec<Arc<Line>> {
        let style = self.styles.paragraph(kind, measure, Length::ZERO);
        let generated = passage(GENERATED, inlines);
        self.setter.set(&generated, &style, self.lookup).lines
    }

    /// The first line of some generated text.
    pub fn line_of(
        &self,
        inlines: Vec<Inline<Target>>,
        kind: &Type,
        measure: Length,
    ) -> Option<Arc<Line>> {
        self.lines_of(inlines, kind, measure).into_iter().next()
    }

    /// Sets the notes that are called in the rows so far, each once.
    pub fn set_notes(&mut self) {
        for at in self.noted..self.galley.rows.len() {
            let mut queue: VecDeque<NoteId> = mem::take(&mut self.galley.rows[at].calls).into();
            let mut calls = Vec::with_capacity(queue.len());
            while let Some(id) = queue.pop_front() {
                if self.galley.note_places.contains_key(&id) {
                    continue;
                }
                let rows = self.note_rows(id);
                for row in rows.iter().rev() {
                    for &inner in row.calls.iter().rev() {
                        queue.push_front(inner);
                    }
                }
                let series = self.edition.note(id).series;
                let place = self.galley.notes.len();
                self.galley.note_places.insert(id, place);
                self.galley.notes.push(SetNote { id, series, rows });
                calls.push(id);
            }
            self.galley.rows[at].calls = calls;
        }
        self.noted = self.galley.rows.len();
    }

    /// The rows of a note: its mark, run in before its text.
    fn note_rows(&mut self, id: NoteId) -> Vec<Row> {
        let edition = self.edition;
        let note = edition.note(id);
        let root = self.galley.root();
        let tag = self.galley.tag(TagKind::Note, Some(root));
        let rows = mem::take(&mut self.galley.rows);
        let pending = mem::take(&mut self.pending);
        let count_lines = mem::take(&mut self.count_lines);
        let within = Within {
            tag,
            ..self.column(self.styles.note())
        };
        self.lead_with_mark(&note.label, Target::Place(note.call), &within);
        self.blocks(&note.blocks, &within);
        self.set_lead_apart();
        self.flush_anchors();
        self.pending = pending;
        self.count_lines = count_lines;
        mem::replace(&mut self.galley.rows, rows)
    }

    /// Lets the next paragraph begin with a mark that leads somewhere: raised, but in clear
    /// print.
    fn lead_with_mark(&mut self, label: &str, to: Target, within: &Within) {
        let raised = match self.styles.design.clear_print {
            true => plain(in_brackets(label)),
            false => Inline::Styled(Style::Superscript, vec![plain(label)]),
        };
        let mark = vec![Inline::Reference(to, vec![raised])];
        let Some(line) = self.line_of(mark, &within.kind.ragged(), within.measure) else {
            return;
        };
        let indent = line.width + within.kind.size / 4;
        let tag = self.galley.tag(TagKind::Label, Some(within.tag));
        let part = self.line_part(line, GENERATED, within, tag, &mut None);
        self.pending.lead = Some(Lead {
            part,
            calls: Vec::new(),
            indent,
            height: within.kind.leading,
        });
    }

    /// Gives passages without text a place, where no row follows them.
    pub fn flush_anchors(&mut self) {
        let anchors = mem::take(&mut self.pending.anchors);
        if anchors.is_empty() {
            return;
        }
        if self.galley.rows.is_empty() {
            self.galley.rows.push(Row::default());
        }
        let row = self.galley.rows.last_mut().expect("a row was just made");
        row.parts.extend(anchors.into_iter().map(|anchor| Part {
            x: Length::ZERO,
            y: Length::ZERO,
            matter: Matter::Anchor(anchor),
        }));
    }
}

/// Where the base line of a line stands, from its top.
pub fn base_line(leading: Length) -> Length {
    leading.scaled(3, 4)
}

/// What it costs to begin a page with line `at` of a paragraph of `count` lines.
pub fn within_paragraph(at: usize, count: usize) -> Cost {
    let orphan = if at == 1 { ORPHAN } else { 0 };
    let widow = if at > 0 && at + 1 == count { WIDOW } else { 0 };
    orphan + widow
}

/// Whether a reader can follow it.
pub fn leads(link: &PieceLink) -> bool {
    match link {
        PieceLink::To(Target::Web(_) | Target::Place(_) | Target::Note(_)) | PieceLink::Page(_) => {
            true
        }
        PieceLink::To(Target::Pages(_) | Target::Anchor) => false,
    }
}
