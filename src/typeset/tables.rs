//! Tables: columns as wide as their text wants, rules at head and foot, the head repeated
//! on every page.

use std::sync::Arc;

use crate::diag::Code;
use crate::edition::{Target, plain};
use crate::pages::{TagId, TagKind};
use crate::text::{Align, Passage, Table};
use crate::typeset::builder::{Builder, Lead, Within};
use crate::typeset::columns::Columns;
use crate::typeset::galley::{AFTER_HEADING, Cost, Matter, Part, Row};
use crate::typeset::line::{Figures, Line, TextAlign};
use crate::typeset::styles::Type;
use crate::units::Length;

/// The thickness of rules.
const RULE: Length = Length::milli_pt(500);
/// A break between two rows of a table.
const WITHIN_TABLE: Cost = 400;
/// One that leaves a row alone below the head or above the foot, where it looks lost.
const ROW_ALONE: Cost = 3_000;

impl Builder<'_, '_> {
    /// Sets a table. One that cannot be made to fit is set as a list of its cells.
    pub fn table(&mut self, table: &Table<Target>, within: &Within) {
        self.space(within.kind.leading);
        let tag = self.galley.tag(TagKind::Table, Some(within.tag));
        let kind = Type {
            figures: Figures::Tabular,
            ..self.styles.note().ragged()
        };
        let within = &Within {
            kind,
            tag,
            ..*within
        };
        if let Some(caption) = &table.caption {
            let caption_tag = self.galley.tag(TagKind::Caption, Some(tag));
            let kind = kind.bold();
            let within = Within { kind, ..*within };
            let rows = self.passage(caption, &within, Length::ZERO, caption_tag);
            self.keep_together(rows);
            self.after_display(kind.half(), 2);
        }
        match self.columns(table, within) {
            Some(columns) => {
                let within = Within {
                    left: columns.left[0],
                    measure: columns.measure,
                    ..*within
                };
                self.ruled(table, &columns, &within);
            }
            None => self.stacked(table, within),
        }
        self.space(self.styles.design.leading);
        self.pending.indent = false;
    }

    /// A table between rules.
    fn ruled(&mut self, table: &Table<Target>, columns: &Columns, within: &Within) {
        let pad = columns.kind.leading / 4;
        let first = self.galley.rows.len();
        let has_head = table.head.iter().any(|cell| !cell.inlines.is_empty());
        if has_head {
            let kind = columns.kind.bold();
            self.table_row(
                table,
                &table.head,
                columns,
                &kind,
                TagKind::TableHead,
                within,
            );
        } else {
            table
                .head
                .iter()
                .for_each(|cell| self.pending.anchors.push(cell.id));
        }
        let after_head = self.galley.rows.len();
        self.rule_above(first, within, pad);
        if has_head {
            self.rule_below(after_head - 1, within, pad);
            let head = self.repeated(first..after_head);
            self.pending.head = Some(head);
            self.pending.keep = 1;
        }
        for (at, row) in table.rows.iter().enumerate() {
            let start = self.galley.rows.len();
            self.table_row(
                table,
                row,
                columns,
                &columns.kind,
                TagKind::TableCell,
                within,
            );
            self.lower(start, pad / 2);
            // On a short page all rows move apart, but the first stays below the head.
            self.galley.rows[start].stretch = at > 0;
            if at > 0 {
                let alone = at == 1 || at + 1 == table.rows.len();
                let cost = if alone { ROW_ALONE } else { WITHIN_TABLE };
                self.galley.rows[start].cost += cost;
            }
        }
        self.pending.head = None;
        if self.galley.rows.len() > first {
            self.rule_below(self.galley.rows.len() - 1, within, pad);
        }
    }

    /// Puts a rule over a row.
    fn rule_above(&mut self, row: usize, within: &Within, pad: Length) {
        self.lower(row, pad);
        if let Some(row) = self.galley.rows.get_mut(row) {
            row.parts.insert(0, rule(within, Length::ZERO));
        }
    }

    /// Puts a rule under a row.
    fn rule_below(&mut self, row: usize, within: &Within, pad: Length) {
        if let Some(row) = self.galley.rows.get_mut(row) {
            row.height += pad;
            let y = row.height - RULE;
            row.parts.push(rule(within, y));
        }
    }

    /// Gives a row more room above its text.
    fn lower(&mut self, row: usize, pad: Length) {
        if let Some(row) = self.galley.rows.get_mut(row) {
            row.parts.iter_mut().for_each(|part| part.y += pad);
            row.height += pad;
        }
    }

    /// Copies rows to be repeated at the head of a page, where no voice reads them again.
    pub fn repeated(&mut self, rows: std::ops::Range<usize>) -> usize {
        let mut head = self.galley.rows[rows].to_vec();
        for row in &mut head {
            row.calls.clear();
            row.space = Length::ZERO;
            row.parts
                .retain(|part| !matches!(part.matter, Matter::Anchor(_)));
            for part in &mut row.parts {
                if let Matter::Line {
                    passage,
                    tag,
                    piece_tags,
                    ..
                } = &mut part.matter
                {
                    (*passage, *tag) = (None, None);
                    piece_tags.clear();
                }
            }
        }
        self.galley.heads.push(head);
        self.galley.heads.len() - 1
    }

    /// One row of cells. It is not divided unless it is as tall as a page.
    fn table_row(
        &mut self,
        table: &Table<Target>,
        cells: &[Passage<Target>],
        columns: &Columns,
        kind: &Type,
        role: TagKind,
        within: &Within,
    ) {
        let row_tag = self.galley.tag(TagKind::TableRow, Some(within.tag));
        let mut lines: Vec<Row> = Vec::new();
        for (at, cell) in cells.iter().enumerate().take(columns.left.len()) {
            let tag = self.galley.tag(role, Some(row_tag));
            let align = table.columns.get(at).copied().unwrap_or(Align::Left);
            let kind = aligned(kind, align);
            let cell_column = Within {
                left: columns.left[at],
                measure: columns.width[at],
                kind,
                ..*within
            };
            let digits = columns.digits[at].filter(|_| role == TagKind::TableCell);
            self.cell(cell, &cell_column, digits, tag, &mut lines);
        }
        // Rows of several lines stand apart, or nobody could tell where one ends.
        let apart = match lines.len() > 1 && role == TagKind::TableCell {
            true => kind.leading / 4,
            false => Length::ZERO,
        };
        self.space(apart);
        let rows = self.joined(lines, kind.leading);
        for row in rows {
            self.push(row);
        }
        self.space(apart);
    }

    /// The lines of a cell. A number is moved until its whole digits end at `digits`.
    fn cell(
        &mut self,
        cell: &Passage<Target>,
        within: &Within,
        digits: Option<Length>,
        tag: TagId,
        rows: &mut Vec<Row>,
    ) {
        let style = self
            .styles
            .paragraph(&within.kind, within.measure, Length::ZERO);
        let set = self.setter.set(cell, &style, self.lookup).lines;
        if set.is_empty() {
            self.pending.anchors.push(cell.id);
        }
        let own = digits.and_then(|_| self.digits_of(&set));
        let moved = digits.zip(own).map_or(Length::ZERO, |(to, own)| to - own);
        let mut open = None;
        for (at, line) in set.into_iter().enumerate() {
            if rows.len() <= at {
                rows.push(Row {
                    cost: if at > 0 { AFTER_HEADING } else { 0 },
                    ..Row::blank(within.kind.leading)
                });
            }
            rows[at].calls.extend(&line.calls);
            let part = self.line_part(line, cell.id, within, tag, &mut open);
            let x = part.x + moved;
            rows[at].parts.push(Part { x, ..part });
        }
    }

    /// The lines of a table row as one row, unless that were too tall for a page.
    fn joined(&self, lines: Vec<Row>, leading: Length) -> Vec<Row> {
        let height: Length = lines.iter().map(|row| row.height).sum();
        if lines.is_empty() {
            return vec![Row::blank(leading)];
        }
        if height > self.styles.design.text_height() - self.styles.design.leading * 6 {
            return lines;
        }
        let mut joined = Row {
            stretch: false,
            ..Row::blank(height)
        };
        let mut y = Length::ZERO;
        for row in lines {
            for part in row.parts {
                let y = part.y + y;
                joined.parts.push(Part { y, ..part });
            }
            joined.calls.extend(row.calls);
            y += row.height;
        }
        vec![joined]
    }

    /// A table that no page is wide enough for: the names of its columns, then each row as a
    /// list of its cells, after the names that no voice repeats.
    fn stacked(&mut self, table: &Table<Target>, within: &Within) {
        self.warn_wide(table);
        let names: Vec<Option<Arc<Line>>> = table
            .head
            .iter()
            .map(|name| self.column_name(name, within))
            .collect();
        let has_head = table.head.iter().any(|cell| !cell.inlines.is_empty());
        if has_head {
            self.stacked_row(&table.head, &[], TagKind::TableHead, within);
        }
        for row in &table.rows {
            self.stacked_row(row, &names, TagKind::TableCell, within);
        }
    }

    /// The cells of a row one below the other, the others hanging from the first.
    fn stacked_row(
        &mut self,
        cells: &[Passage<Target>],
        names: &[Option<Arc<Line>>],
        role: TagKind,
        within: &Within,
    ) {
        let row_tag = self.galley.tag(TagKind::TableRow, Some(within.tag));
        let em = within.kind.size;
        for (at, cell) in cells.iter().enumerate() {
            let tag = self.galley.tag(role, Some(row_tag));
            let first = at == 0;
            let (hang, kind) = match first {
                true => (em, within.kind.bold()),
                false => (em * 2, within.kind),
            };
            let hanging = Within {
                hang,
                kind,
                ..*within
            };
            let name = names.get(at).filter(|_| !first && !cell.inlines.is_empty());
            if let Some(Some(name)) = name {
                let mut part = self.untagged(name.clone(), &hanging, hanging.kind.leading);
                part.x += em;
                self.pending.lead = Some(Lead {
                    part,
                    calls: Vec::new(),
                    indent: em + name.width + em / 2,
                    height: hanging.kind.leading,
                });
            }
            let rows = self.passage(cell, &hanging, -em, tag);
            if first {
                self.keep_together(rows);
                self.pending.keep = 1;
            }
        }
        self.pending.keep = 0;
        self.space(within.kind.half());
    }

    /// The name of a column, to stand before a cell on its line; nothing where it is long.
    fn column_name(&self, name: &Passage<Target>, within: &Within) -> Option<Arc<Line>> {
        let kind = Type {
            italic: true,
            ..within.kind
        };
        let mut lines = self.lines_of(vec![plain(name.plain())], &kind, within.measure);
        let line = lines.pop().filter(|_| lines.is_empty())?;
        (line.width < within.measure / 2).then_some(line)
    }

    fn warn_wide(&self, table: &Table<Target>) {
        let count = table.columns.len();
        let mut cells = table.head.iter().chain(table.rows.iter().flatten());
        let span = cells.find_map(|cell| cell.span);
        let message = format!(
            "the {count} columns of this table are too many for the page; each row is set as a list"
        );
        let mut report = self.setter.report.borrow_mut();
        report
            .warning(Code::WideTable, span, message)
            .help("divide it into narrower tables, shorten its words, or set it on a larger page");
    }
}

/// The type of a column's cells.
fn aligned(kind: &Type, align: Align) -> Type {
    Type {
        align: match align {
            Align::Left => TextAlign::Left,
            Align::Centre => TextAlign::Centre,
            Align::Right => TextAlign::Right,
        },
        ..*kind
    }
}

fn rule(within: &Within, y: Length) -> Part {
    Part {
        x: within.left,
        y,
        matter: Matter::Rule {
            width: within.measure,
            thickness: RULE,
            grey: 0,
        },
    }
}
