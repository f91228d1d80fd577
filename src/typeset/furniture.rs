//! Running heads and page numbers.

use std::sync::Arc;

use crate::edition::plain;
use crate::typeset::builder::{Builder, base_line};
use crate::typeset::galley::{Galley, Margin, Matter};
use crate::typeset::line::{Line, TextAlign};
use crate::typeset::section::Book;
use crate::typeset::sheet::{Frame, Furniture, RowRef, Sheet};
use crate::typeset::styles::Type;
use crate::units::{Folio, Length, Point};

/// Which lines are numbered where lines are counted.
const EVERY: usize = 5;

/// What stands around the text of the pages: the title of the book or of its part on left-hand
/// pages, the section's on right-hand ones, the page number outside in the head, or at the foot of a
/// section's first page.
pub struct Furnisher<'b, 'a, 'f> {
    builder: Builder<'a, 'f>,
    book: &'b Book<'a>,
    verso: Option<Line>,
    recto: Option<Line>,
}

/// A line and the start of its base line, from the text area's upper left corner.
pub type Furnished = (Line, Point);

impl<'b, 'a, 'f> Furnisher<'b, 'a, 'f> {
    /// The furniture of a section.
    pub fn new(
        builder: Builder<'a, 'f>,
        book: &'b Book<'a>,
        section: usize,
    ) -> Furnisher<'b, 'a, 'f> {
        let mut furnisher = Furnisher {
            builder,
            book,
            verso: None,
            recto: None,
        };
        let sections = &book.edition.sections;
        let part = book.part_titles[section].map(|part| &sections[part].short_title);
        furnisher.verso = furnisher.head(part.unwrap_or(&book.edition.metadata.title));
        furnisher.recto = furnisher.head(&sections[section].short_title);
        furnisher
    }

    /// The lines around the text of a page.
    pub fn page(&self, furniture: Furniture, folio: Folio, recto: bool) -> Vec<Furnished> {
        let frame = &self.book.frame;
        let (head, foot) = (head_line(self.book), foot_line(frame));
        match furniture {
            Furniture::Bare => Vec::new(),
            Furniture::Opening => self
                .folio(folio, TextAlign::Centre, foot)
                .into_iter()
                .collect(),
            Furniture::Running => {
                let (title, align) = match recto {
                    true => (self.recto.clone(), TextAlign::Right),
                    false => (self.verso.clone(), TextAlign::Left),
                };
                let title = title.map(|line| {
                    let y = head;
                    (line, Point { x: Length::ZERO, y })
                });
                title
                    .into_iter()
                    .chain(self.folio(folio, align, head))
                    .collect()
            }
        }
    }

    /// The numbers in the outer margin of a page: of paragraphs, or of every fifth line.
    pub fn numbers(&self, galley: &Galley, sheet: &Sheet, recto: bool) -> Vec<Furnished> {
        let mut lines = 0;
        let mut numbers = Vec::new();
        for placed in &sheet.placed {
            let RowRef::Text(row) = placed.row else {
                continue;
            };
            let row = &galley.rows[row];
            let number = match row.margin {
                Margin::Nothing => continue,
                Margin::Paragraph(number) => number,
                Margin::Line => {
                    lines += 1;
                    if lines % EVERY > 0 {
                        continue;
                    }
                    lines
                }
            };
            let base = row.parts.iter().find_map(|part| match part.matter {
                Matter::Line { .. } => Some(part.y),
                Matter::Anchor(_)
                | Matter::Rule { .. }
                | Matter::Picture { .. }
                | Matter::Drawing { .. } => None,
            });
            let base = placed.at.y + base.unwrap_or(Length::ZERO);
            numbers.extend(self.number(number, base, recto));
        }
        numbers
    }

    /// A number beside a line. It is no part of the text, so that whoever copies a passage
    /// does not get it with the words.
    fn number(&self, number: usize, base: Length, recto: bool) -> Option<Furnished> {
        let body = self.book.styles.display();
        let kind = Type {
            size: body.size.scaled(7, 10),
            ..body
        };
        let figures = vec![plain(number.to_string())];
        let line = self
            .builder
            .line_of(figures, &kind, self.book.frame.measure)?;
        let mut line = Arc::unwrap_or_clone(line);
        for piece in &mut line.pieces {
            piece.spoken = Some(String::new());
        }
        let gap = body.size;
        let x = match recto {
            true => self.book.frame.measure + gap,
            false => -gap - line.width,
        };
        Some((line, Point { x, y: base }))
    }

    fn folio(&self, folio: Folio, align: TextAlign, y: Length) -> Option<Furnished> {
        let kind = Type {
            align,
            ..self.book.styles.display()
        };
        let number = vec![plain(folio.to_string())];
        let line = self
            .builder
            .line_of(number, &kind, self.book.frame.measure)?;
        let line = Arc::unwrap_or_clone(line);
        Some((line, Point { x: Length::ZERO, y }))
    }

    /// A running head: one line, cut short where it is too long.
    fn head(&self, title: &str) -> Option<Line> {
        let kind = self.book.styles.running_head();
        let measure = self.book.frame.measure - self.book.styles.design.text_size * 6;
        let mut text = title.to_string();
        for _ in 0..8 {
            let lines = self
                .builder
                .lines_of(vec![plain(text.as_str())], &kind, measure);
            let Some(second) = lines.get(1) else {
                let margin = (self.book.frame.measure - measure) / 2;
                return lines
                    .into_iter()
                    .next()
                    .map(|line| shifted(Arc::unwrap_or_clone(line), margin));
            };
            let fits = (second.start as usize).min(text.len());
            let kept = text
                .get(..fits)
                .unwrap_or_default()
                .trim_end_matches([' ', '…']);
            let words = kept.rsplit_once(' ').map_or(kept, |(before, _)| before);
            text = format!("{words} …");
        }
        None
    }
}

fn shifted(mut line: Line, by: Length) -> Line {
    line.pieces.iter_mut().for_each(|piece| piece.x += by);
    line
}

/// The base line of running heads: two lines above the text's first, or lower where the
/// margin is narrow.
fn head_line(book: &Book<'_>) -> Length {
    let leading = book.frame.leading;
    let design = &book.styles.design;
    (base_line(leading) - leading * 2).max(design.text_size - design.margins.top)
}

/// The base line of a page number at the foot: two lines below the text's last.
fn foot_line(frame: &Frame) -> Length {
    frame.height - frame.leading + base_line(frame.leading) + frame.leading * 2
}
