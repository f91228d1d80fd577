//! The table of contents.

use std::sync::Arc;

use crate::edition::{Section, Target, listed_displays, passage, plain};
use crate::manifest::ChapterKind;
use crate::pages::{Glyph, TagId, TagKind};
use crate::source::Position;
use crate::text::{Inline, Passage};
use crate::typeset::blocks::quoted;
use crate::typeset::builder::{Builder, GENERATED, Within, base_line};
use crate::typeset::galley::{Galley, Part};
use crate::typeset::line::{Figures, Line, TextAlign};
use crate::typeset::numbering::Known;
use crate::typeset::section::Book;
use crate::typeset::styles::Type;
use crate::units::Length;

/// The ink of leaders: lighter than the text's.
const LEADER_GREY: u8 = 130;

impl Builder<'_, '_> {
    /// The title of each section with its page, at the right edge.
    pub fn contents(mut self, section: &Section, book: &Book<'_>, known: &Known<'_>) -> Galley {
        self.opening(section);
        let column = self.column(self.styles.body());
        self.section(&section.blocks, &column);
        let tag = self.galley.tag(TagKind::Contents, Some(self.galley.root()));
        let column = entries(&column, tag);
        let indent = column.kind.size.scaled(3, 2);
        let mut part = None;
        for (listed, in_part) in listed(book) {
            let is_part = listed.kind == ChapterKind::PartTitle;
            let column = match in_part {
                true => column.inset(indent, Length::ZERO, self.least_measure()),
                false => column,
            };
            if part.is_some_and(|before| before != listed.part || is_part) {
                self.space(column.kind.leading);
            } else if part.is_some() && listed.byline.is_some() {
                self.space(column.kind.leading / 4);
            }
            part = Some(listed.part);
            self.entry(listed, &column, known);
            if is_part {
                self.pending.keep = 2;
            }
        }
        self.finish()
    }

    fn entry(&mut self, listed: &Section, column: &Within, known: &Known<'_>) {
        let to = Position {
            passage: listed.title.id,
            offset: 0,
        };
        let item = self.galley.tag(TagKind::ContentsItem, Some(column.tag));
        let title = passage(GENERATED, quoted(&listed.title.inlines));
        self.line_to(to, title, item, column, known);
        if let Some(byline) = &listed.byline {
            self.pending.keep = 2;
            let kind = Type {
                italic: true,
                size: column.kind.size.scaled(9, 10),
                ..column.kind
            };
            let byline = passage(GENERATED, quoted(&byline.inlines));
            let words = before_numbers(&Within { kind, ..*column });
            let rows = self.passage(&byline, &words, Length::ZERO, item);
            self.keep_together(rows);
        }
    }

    /// Words that lead to a place, and at the right edge its page.
    fn line_to(
        &mut self,
        to: Position,
        words: Passage<Target>,
        item: TagId,
        column: &Within,
        known: &Known<'_>,
    ) {
        let link = |inlines| vec![Inline::Reference(Target::Place(to), inlines)];
        let words = passage(words.id, link(words.inlines));
        let rows = self.passage(&words, &before_numbers(column), -column.hang, item);
        self.keep_together(rows.clone());
        let folio = known.folio_of(to).map(|folio| folio.to_string());
        let number = self.line_of(
            link(vec![plain(folio.unwrap_or_default())]),
            &Type {
                figures: Figures::OldStyle,
                ..column.kind
            },
            column.measure,
        );
        if let (Some(number), Some(last)) = (number, rows.last()) {
            self.lead_to(number, last, item, column);
        }
    }

    /// Lists of figures and boxes: of each what it is called, with its page like a chapter's
    /// in the contents.
    pub fn list_of_displays(mut self, section: &Section, known: &Known<'_>) -> Galley {
        self.opening(section);
        let body = self.column(self.styles.body());
        for block in &section.blocks {
            let Some(displays) = listed_displays(block) else {
                self.section(std::slice::from_ref(block), &body);
                continue;
            };
            let tag = self.galley.tag(TagKind::Contents, Some(self.galley.root()));
            let column = entries(&body, tag);
            for (to, words) in displays {
                let item = self.galley.tag(TagKind::ContentsItem, Some(tag));
                self.line_to(to, words, item, &column, known);
            }
        }
        self.finish()
    }

    /// Puts the page number at the end of a title's last line, and dots before it.
    fn lead_to(&mut self, number: Arc<Line>, row: usize, item: TagId, column: &Within) {
        let end = self.galley.rows[row]
            .parts
            .iter()
            .filter_map(line_end)
            .max();
        let right = column.measure - number.width;
        let em = column.kind.size;
        let from = end.unwrap_or(Length::ZERO) - column.left + em / 2;
        if let Some(dots) = self.leader(from, right - em / 2, column) {
            let part = self.untagged(dots, column, column.kind.leading);
            self.galley.rows[row].parts.push(part);
        }
        let part = self.line_part(number, GENERATED, column, item, &mut None);
        let x = part.x + right;
        self.galley.rows[row].parts.push(Part {
            x,
            y: base_line(column.kind.leading),
            ..part
        });
    }

    /// Dots from `from` to `to`, which stand below those of other lines.
    fn leader(&self, from: Length, to: Length, column: &Within) -> Option<Arc<Line>> {
        let step = column.kind.size.scaled(9, 20);
        let kind = Type {
            grey: LEADER_GREY,
            ..column.kind
        };
        let line = self.line_of(vec![plain(".")], &kind, column.measure)?;
        let mut line = Arc::unwrap_or_clone(line);
        let first = (from.0 + step.0 - 1).div_euclid(step.0.max(1));
        let count = usize::try_from(to.0 / step.0.max(1) - first).unwrap_or(0);
        let piece = line.pieces.first_mut()?;
        let dot = *piece.glyphs.first()?;
        piece.x = step * first;
        piece.text = ".".repeat(count);
        piece.glyphs = (0..count)
            .map(|at| Glyph {
                advance: step.into(),
                cluster: u32::try_from(at).unwrap_or(u32::MAX),
                ..dot
            })
            .collect();
        piece.width = step * i64::try_from(count).unwrap_or(0);
        (count > 1).then(|| Arc::new(line))
    }
}

/// The sections that the contents list, and whether each belongs to a part.
fn listed<'a>(book: &Book<'a>) -> impl Iterator<Item = (&'a Section, bool)> {
    let in_part = book.part_titles.iter().map(Option::is_some);
    let sections = book.edition.sections.iter().zip(in_part);
    sections.filter(|(section, _)| {
        !matches!(
            section.kind,
            ChapterKind::HalfTitle
                | ChapterKind::TitlePage
                | ChapterKind::Imprint
                | ChapterKind::Contents
        )
    })
}

/// A column of entries, the later lines of each set in from its left edge.
fn entries(column: &Within, tag: TagId) -> Within {
    Within {
        tag,
        kind: Type {
            align: TextAlign::Left,
            hyphenate: false,
            grid: false,
            ..column.kind
        },
        hang: column.kind.size,
        ..*column
    }
}

/// The part of a column that is left of the page numbers.
fn before_numbers(column: &Within) -> Within {
    Within {
        measure: column.measure - column.kind.size * 3,
        ..*column
    }
}

fn line_end(part: &Part) -> Option<Length> {
    match &part.matter {
        crate::typeset::galley::Matter::Line { line, .. } => Some(part.x + line.width),
        crate::typeset::galley::Matter::Anchor(_)
        | crate::typeset::galley::Matter::Rule { .. }
        | crate::typeset::galley::Matter::Picture { .. }
        | crate::typeset::galley::Matter::Drawing { .. } => None,
    }
}
