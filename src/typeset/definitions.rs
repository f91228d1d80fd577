//! Lists of terms and of dates, with what is said of them.

use crate::edition::{NoteId, Target};
use crate::pages::TagKind;
use crate::text::{Block, Definition, DefinitionKind};
use crate::typeset::builder::{Builder, Lead, Within};
use crate::typeset::galley::{Part, Row};
use crate::typeset::line::TextAlign;
use crate::typeset::styles::Type;
use crate::units::Length;

impl Builder<'_, '_> {
    /// Sets a list of definitions.
    pub fn definitions(
        &mut self,
        kind: DefinitionKind,
        items: &[Definition<Target>],
        within: &Within,
    ) {
        let half = within.kind.half();
        self.space(half);
        let list = self.galley.tag(TagKind::List, Some(within.tag));
        let within = &Within {
            tag: list,
            lists: within.lists.saturating_add(1),
            ..*within
        };
        match kind {
            DefinitionKind::Plain | DefinitionKind::Glossary => {
                for item in items {
                    self.run_in(item, within);
                }
            }
            DefinitionKind::Chronology => match self
                .dates
                .or_else(|| date_column(self, items, within))
            {
                Some(column) if column <= within.measure / 2 => self.dated(items, column, within),
                Some(_) | None => items.iter().for_each(|item| self.run_in(item, within)),
            },
        }
        self.space(half);
        self.pending.indent = false;
    }

    /// A term in bold at the margin; its definition runs on and hangs below it.
    fn run_in(&mut self, item: &Definition<Target>, within: &Within) {
        let (term_tag, body_tag) = self.definition_tags(within.tag);
        let body = Within {
            hang: within.kind.size,
            tag: body_tag,
            ..*within
        };
        let kind = within.kind.ragged().bold();
        let term = Within { kind, ..*within };
        let style = self.styles.paragraph(&kind, within.measure, Length::ZERO);
        let mut lines = self.setter.set(&item.term, &style, self.lookup).lines;
        let short = lines.len() == 1 && lines[0].width < within.measure.scaled(3, 5);
        if let (true, Some(line)) = (short, lines.pop()) {
            let indent = line.width + within.kind.size / 3;
            let calls = line.calls.clone();
            let part = self.line_part(line, item.term.id, &term, term_tag, &mut None);
            self.pending.lead = Some(Lead {
                part,
                calls,
                indent,
                height: within.kind.leading,
            });
        } else {
            let rows = self.passage(&item.term, &term, Length::ZERO, term_tag);
            self.keep_together(rows);
            self.pending.keep = 1;
        }
        self.pending.indent = false;
        self.blocks(&item.body, &body);
        self.set_lead_apart();
        self.pending.keep = 0;
    }

    /// Dates in a column at the left, what happened beside them.
    fn dated(&mut self, items: &[Definition<Target>], column: Length, within: &Within) {
        let kind = dates(&within.kind);
        let gap = within.kind.size;
        let events = Within {
            kind: Type {
                align: TextAlign::Left,
                grid: false,
                ..within.kind
            },
            left: within.left + column + gap,
            measure: within.measure - column - gap,
            ..*within
        };
        let style = self.styles.paragraph(&kind, column, Length::ZERO);
        for item in items {
            let (term_tag, body_tag) = self.definition_tags(within.tag);
            let term = Within { kind, ..*within };
            let event = Within {
                tag: body_tag,
                ..events
            };
            let dates = self.setter.set(&item.term, &style, self.lookup).lines;
            if dates.len() > 1 {
                // Beside the event a long date would be read between its lines.
                let rows = self.passage(&item.term, &term, Length::ZERO, term_tag);
                self.keep_together(rows);
                self.pending.keep = 1;
                self.pending.indent = false;
                self.event(&item.body, &event);
                self.pending.keep = 0;
                self.space(within.kind.leading / 3);
                continue;
            }
            let mut open = None;
            let date = dates.into_iter().next().map(|line| {
                let calls = line.calls.clone();
                let part = self.line_part(line, item.term.id, &term, term_tag, &mut open);
                (part, calls)
            });
            if date.is_none() {
                self.pending.anchors.push(item.term.id);
            }
            let start = self.galley.rows.len();
            self.pending.indent = false;
            self.event(&item.body, &event);
            self.set_lead_apart();
            self.beside(start, date, within.kind.leading);
            self.space(within.kind.leading / 3);
        }
    }

    /// What happened; in the editors' chronology, what is said beyond that in smaller type.
    fn event(&mut self, body: &[Block<Target>], within: &Within) {
        let Some((first, more)) = body.split_first() else {
            return;
        };
        self.blocks(std::slice::from_ref(first), within);
        let note = self.styles.note();
        if !self.small_print || note.size >= within.kind.size {
            return self.blocks(more, within);
        }
        let kind = Type {
            align: TextAlign::Left,
            ..note
        };
        self.pending.indent = false;
        self.blocks(more, &Within { kind, ..*within });
    }

    /// Gives all lists of dates among some blocks one column.
    pub fn align_dates(&mut self, blocks: &[Block<Target>], within: &Within) {
        let lists = blocks.iter().filter_map(|block| match block {
            Block::Definitions {
                kind: DefinitionKind::Chronology,
                items,
            } => date_column(self, items, within),
            Block::Definitions { .. }
            | Block::Heading { .. }
            | Block::Paragraph(_)
            | Block::Quote { .. }
            | Block::Box { .. }
            | Block::List(_)
            | Block::Table(_)
            | Block::Figure(_)
            | Block::Break
            | Block::Code(_) => None,
        });
        self.dates = lists.max();
    }

    /// Puts a date into the row of its event's first line.
    fn beside(&mut self, start: usize, date: Option<(Part, Vec<NoteId>)>, height: Length) {
        let Some((part, calls)) = date else {
            return;
        };
        if self.galley.rows.len() <= start {
            self.push(Row::blank(height));
        }
        let row = &mut self.galley.rows[start];
        row.calls.splice(0..0, calls);
        row.parts.insert(0, part);
    }
}

/// The width of the dates: what the longest wants, as far as a quarter of the measure, but
/// no less than its longest word. `None` where that leaves no room beside them.
fn date_column(
    builder: &Builder<'_, '_>,
    items: &[Definition<Target>],
    within: &Within,
) -> Option<Length> {
    let kind = dates(&within.kind);
    let (mut whole, mut word) = (kind.size, kind.size);
    for item in items {
        let widths = builder.widths_of(&item.term, &kind);
        whole = whole.max(widths.0);
        word = word.max(widths.1);
    }
    // A hair more, so that what was measured fits.
    let column = whole.min(within.measure / 4).max(word) + Length(64);
    (column <= within.measure / 2).then_some(column)
}

/// The type of dates beside text of a type.
fn dates(text: &Type) -> Type {
    Type {
        size: text.size.scaled(9, 10),
        ..text.ragged()
    }
}
