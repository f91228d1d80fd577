//! Blocks to rows: headings, paragraphs, quotations, boxes, lists, figures.

use std::ops::Range;
use std::sync::Arc;

use crate::edition::{Target, plain};
use crate::pages::{TagId, TagKind};
use crate::source::PassageId;
use crate::text::{Block, Inline, List, Passage, QuoteKind, Style, plain_of};
use crate::typeset::builder::{Builder, GENERATED, Within};
use crate::typeset::galley::{Margin, Matter, Part, Row};
use crate::typeset::line::{Line, TextAlign};
use crate::typeset::styles::Type;
use crate::units::Length;

/// Deeper blocks than this are set as plain paragraphs.
const DEEPEST: u8 = 40;

impl Builder<'_, '_> {
    /// Sets blocks one below the other.
    pub fn blocks(&mut self, blocks: &[Block<Target>], within: &Within) {
        let inner = Within {
            depth: within.depth.saturating_add(1),
            ..*within
        };
        for (at, block) in blocks.iter().enumerate() {
            if inner.depth > DEEPEST {
                block.each_passage(&mut |passage| self.paragraph(passage, within));
                continue;
            }
            if !matches!(block, Block::Paragraph(_)) {
                self.set_lead_apart();
                self.pass_initial();
            }
            self.block(block, &inner);
            self.keep_with(block, blocks.get(at + 1));
        }
    }

    /// Sets the blocks of a section, with the notes that they call.
    pub fn section(&mut self, blocks: &[Block<Target>], within: &Within) {
        for (at, block) in blocks.iter().enumerate() {
            self.blocks(std::slice::from_ref(block), within);
            self.keep_with(block, blocks.get(at + 1));
            self.set_notes();
        }
    }

    /// A paragraph that announces a list or the like stays with it.
    fn keep_with(&mut self, block: &Block<Target>, next: Option<&Block<Target>>) {
        if let (Block::Paragraph(text), Some(next)) = (block, next)
            && !matches!(
                next,
                Block::Paragraph(_) | Block::Heading { .. } | Block::Break
            )
            && ends_in_colon(&text.inlines)
        {
            self.pending.keep = self.pending.keep.max(2);
            self.pending.announced = true;
        }
    }

    fn block(&mut self, block: &Block<Target>, within: &Within) {
        match block {
            Block::Heading { level, text } => self.heading(*level, text, within),
            Block::Paragraph(text) => self.paragraph(text, within),
            Block::Quote { kind, blocks } => self.quote(*kind, blocks, within),
            Block::Box { title, blocks } => self.boxed(title.as_ref(), blocks, within),
            Block::List(list) => self.list(list, within),
            Block::Definitions { kind, items } => self.definitions(*kind, items, within),
            Block::Table(table) => self.table(table, within),
            Block::Figure(figure) => self.figure(figure, within),
            Block::Break => self.ornament(within),
            Block::Code(text) => self.code(text, within),
        }
    }

    /// A paragraph; its first line is indented where a paragraph stands before it.
    pub fn paragraph(&mut self, text: &Passage<Target>, within: &Within) {
        let indent = match self.pending.indent {
            true => within.kind.size,
            false => Length::ZERO,
        };
        let tag = self.galley.tag(TagKind::Paragraph, Some(within.tag));
        let rows = self.passage(text, within, indent, tag);
        self.number_in_margin(text.id, rows);
        self.pending.indent = true;
    }

    /// Has the margin count the lines of a paragraph, or bear its number.
    fn number_in_margin(&mut self, paragraph: PassageId, rows: Range<usize>) {
        if self.count_lines {
            for row in &mut self.galley.rows[rows] {
                row.margin = Margin::Line;
            }
        } else if let Ok(at) = self.numbered.binary_search(&paragraph)
            && let Some(first) = self.galley.rows[rows].first_mut()
        {
            first.margin = Margin::Paragraph(at + 1);
        }
    }

    fn heading(&mut self, level: u8, text: &Passage<Target>, within: &Within) {
        let kind = within.kind.heading(level);
        let leading = within.kind.leading;
        let (above, below) = match level {
            0 | 1 => (leading.scaled(3, 2), leading / 2),
            _ => (leading, Length::ZERO),
        };
        self.space(above);
        self.hold_figures();
        let tag = self
            .galley
            .tag(TagKind::Heading(level.saturating_add(1)), Some(within.tag));
        let rows = self.passage(text, &Within { kind, ..*within }, Length::ZERO, tag);
        self.keep_together(rows);
        if level <= 1 && !text.inlines.is_empty() {
            let title = title_words(&text.inlines);
            self.galley.outline.push((title, text.id, 1));
        }
        self.after_display(below, 2);
    }

    /// What follows a heading: space that does not grow, no indent, and company.
    pub fn after_display(&mut self, below: Length, keep: u8) {
        self.pending.space = self.pending.space.max(below);
        self.pending.stretch = false;
        self.pending.indent = false;
        self.pending.keep = keep;
    }

    /// Makes breaks between these rows as bad as below a heading.
    pub fn keep_together(&mut self, rows: std::ops::Range<usize>) {
        for row in self.galley.rows[rows].iter_mut().skip(1) {
            row.cost = row.cost.max(crate::typeset::galley::AFTER_HEADING);
        }
    }

    fn quote(&mut self, kind: QuoteKind, blocks: &[Block<Target>], within: &Within) {
        let em = within.kind.size;
        let (left, right, kind) = match kind {
            QuoteKind::Quotation => (em.scaled(3, 2), em, within.kind.quotation()),
            QuoteKind::Verse => (em * 2, Length::ZERO, within.kind.quotation().ragged()),
            QuoteKind::Epigraph => (
                within.measure / 4,
                Length::ZERO,
                Type {
                    italic: true,
                    ..within.kind.quotation().ragged()
                },
            ),
        };
        self.space(within.kind.half());
        let tag = self.galley.tag(TagKind::Quote, Some(within.tag));
        let inner = Within {
            kind,
            tag,
            ..within.inset(left, right, self.least_measure())
        };
        self.pending.indent = false;
        self.blocks(blocks, &inner);
        self.set_lead_apart();
        self.space(within.kind.half());
        self.pending.indent = false;
    }

    /// A box: a grey bar at the left, the title in bold, the text in the other family.
    fn boxed(
        &mut self,
        title: Option<&Passage<Target>>,
        blocks: &[Block<Target>],
        within: &Within,
    ) {
        self.space(within.kind.leading);
        let tag = self.galley.tag(TagKind::Aside, Some(within.tag));
        let inner = Within {
            kind: within.kind.boxed(),
            tag,
            ..within.inset(
                within.kind.size.scaled(6, 5),
                Length::ZERO,
                self.least_measure(),
            )
        };
        let outer = self.pending.bar;
        if outer.is_none() {
            self.pending.bar = Some(self.galley.bars.len());
            self.galley.bars.push(within.left);
        }
        self.pending.indent = false;
        if let Some(title) = title {
            let kind = inner.kind.ragged().bold();
            let tag = self.galley.tag(TagKind::Paragraph, Some(tag));
            let rows = self.passage(title, &Within { kind, ..inner }, Length::ZERO, tag);
            self.keep_together(rows);
            self.after_display(Length::ZERO, 2);
        }
        self.blocks(blocks, &inner);
        self.set_lead_apart();
        self.pending.bar = outer;
        self.pending.keep = 0;
        self.space(within.kind.leading);
        self.pending.indent = false;
    }

    /// No column is made narrower than this.
    pub fn least_measure(&self) -> Length {
        self.styles.design.measure().scaled(9, 20)
    }

    fn list(&mut self, list: &List<Target>, within: &Within) {
        let outermost = within.lists == 0;
        let half = within.kind.half();
        if outermost {
            self.space(half);
        }
        let tag = self.galley.tag(TagKind::List, Some(within.tag));
        let marks = self.marks(list, within);
        let widest = marks.iter().flatten().map(|mark| mark.width).max();
        let gap = within.kind.size.scaled(2, 5);
        let column = (widest.unwrap_or(Length::ZERO) + gap).max(within.kind.size);
        let body = Within {
            lists: within.lists.saturating_add(1),
            kind: Type {
                grid: false,
                ..within.kind
            },
            ..within.inset(column, Length::ZERO, self.least_measure())
        };
        let column = body.left - within.left;
        for (item, mark) in list.items.iter().zip(marks) {
            let item_tag = self.galley.tag(TagKind::ListItem, Some(tag));
            let mark = mark.map(|line| {
                let tag = self.galley.tag(TagKind::Label, Some(item_tag));
                let right = column - gap - line.width;
                let part = self.line_part(line, GENERATED, within, tag, &mut None);
                let x = part.x + right.max(Length::ZERO);
                Part { x, ..part }
            });
            let body_tag = self.galley.tag(TagKind::ListBody, Some(item_tag));
            let start = self.galley.rows.len();
            self.pending.indent = false;
            self.blocks(
                item,
                &Within {
                    tag: body_tag,
                    ..body
                },
            );
            self.set_lead_apart();
            if self.galley.rows.len() == start {
                self.push(Row::blank(within.kind.leading));
            }
            let row = &mut self.galley.rows[start];
            row.parts.splice(0..0, mark);
            if !list.tight {
                self.space(half);
            }
        }
        if outermost {
            self.space(half);
        }
        self.pending.indent = false;
    }

    /// The marks of a list's items: numbers, or what the depth asks for.
    fn marks(&self, list: &List<Target>, within: &Within) -> Vec<Option<Arc<Line>>> {
        let kind = Type {
            small_caps: None,
            ..within.kind.ragged()
        };
        let set = |text: String| self.line_of(vec![plain(text)], &kind, within.measure);
        match list.start {
            Some(start) => (0_u64..)
                .take(list.items.len())
                .map(|after| set(format!("{}.", start.saturating_add(after))))
                .collect(),
            None => {
                let bullet = ["•", "–", "·"][usize::from(within.lists) % 3];
                let mark = set(bullet.into());
                list.items.iter().map(|_| mark.clone()).collect()
            }
        }
    }

    /// A change of scene.
    fn ornament(&mut self, within: &Within) {
        self.hold_figures();
        self.space(within.kind.half());
        let kind = Type {
            align: TextAlign::Centre,
            grid: false,
            ..within.kind
        };
        let stars = vec![plain("*\u{2003}*\u{2003}*")];
        if let Some(line) = self.line_of(stars, &kind, within.measure) {
            let part = self.untagged(line, within, within.kind.leading);
            self.push(Row {
                parts: vec![part],
                cost: crate::typeset::galley::AFTER_HEADING,
                ..Row::blank(within.kind.leading)
            });
        }
        self.space(within.kind.half());
        self.pending.indent = false;
    }

    /// A line that a reader's voice passes over.
    pub fn untagged(&self, line: Arc<Line>, within: &Within, leading: Length) -> Part {
        Part {
            x: within.left,
            y: crate::typeset::builder::base_line(leading),
            matter: Matter::Line {
                line,
                passage: None,
                tag: None,
                piece_tags: Vec::new(),
            },
        }
    }

    fn code(&mut self, text: &Passage<Target>, within: &Within) {
        self.space(within.kind.half());
        let em = within.kind.size;
        let inner = Within {
            kind: Type {
                grid: false,
                ..within.kind.code()
            },
            ..within.inset(em, Length::ZERO, self.least_measure())
        };
        let tag = self.galley.tag(TagKind::Paragraph, Some(within.tag));
        self.passage(text, &inner, Length::ZERO, tag);
        self.space(within.kind.half());
        self.pending.indent = false;
    }

    /// The elements of a term or date and of what is said of it.
    pub fn definition_tags(&mut self, list: TagId) -> (TagId, TagId) {
        let item = self.galley.tag(TagKind::ListItem, Some(list));
        let term = self.galley.tag(TagKind::Label, Some(item));
        let body = self.galley.tag(TagKind::ListBody, Some(item));
        (term, body)
    }
}

/// The words of a title, on one line.
pub fn title_words(inlines: &[Inline<Target>]) -> String {
    let mut words = String::new();
    plain_of(inlines, &mut words);
    words.replace('\n', " ")
}

/// Whether a text's last character is a colon.
fn ends_in_colon(inlines: &[Inline<Target>]) -> bool {
    let mut inlines = inlines;
    loop {
        match inlines.last() {
            Some(Inline::Text { text, .. }) => return text.ends_with(':'),
            Some(Inline::Styled(_, inner) | Inline::Reference(_, inner)) => inlines = inner,
            Some(Inline::LineBreak) | None => return false,
        }
    }
}

/// A title as other pages quote it: without notes' calls, links and marks.
pub fn quoted(inlines: &[Inline<Target>]) -> Vec<Inline<Target>> {
    let mut quote = Vec::with_capacity(inlines.len());
    for inline in inlines {
        match inline {
            Inline::Text { .. } => quote.push(inline.clone()),
            Inline::Styled(style, inner) => {
                quote.push(Inline::Styled(Style::clone(style), quoted(inner)))
            }
            Inline::Reference(_, words) => quote.extend(quoted(words)),
            Inline::LineBreak => quote.push(plain(" ")),
        }
    }
    quote
}
