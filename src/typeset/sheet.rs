//! One page of a section: where its rows stand.

use crate::manifest::Design;
use crate::typeset::fill::{Slack, fill, lower};
use crate::typeset::footnotes::Sharing;
use crate::typeset::galley::Galley;
use crate::typeset::pagebreak::{Chosen, to_grid};
use crate::units::{Length, Point, Rect, Size};

/// The text area of a page.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    pub leading: Length,
    /// A whole number of lines.
    pub height: Length,
    pub measure: Length,
    pub note_leading: Length,
    /// How short notes share lines, if they do.
    pub sharing: Option<Sharing>,
}

/// A page of a section. Places are from the text area's upper left corner.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    pub placed: Vec<Placed>,
    /// Rules and bars, with their grey.
    pub rules: Vec<(Rect, u8)>,
    pub furniture: Furniture,
}

/// What stands around the text of a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Furniture {
    /// Nothing: title pages, blank pages.
    #[default]
    Bare,
    /// The page number at the foot: a section's first page.
    Opening,
    /// Running head and page number.
    Running,
}

impl Frame {
    /// The text area of a design; `None` when it has no room for text.
    pub fn of(design: &Design) -> Option<Frame> {
        let line = design.leading.0;
        let (measure, height) = (design.measure(), design.text_height());
        let room = line > 0
            && design.text_size > Length::ZERO
            && design.note_size > Length::ZERO
            && design.note_leading > Length::ZERO
            && height >= design.leading * 4
            && design.note_leading * 4 <= height
            && measure >= design.text_size * 4;
        room.then(|| Frame {
            leading: design.leading,
            height: Length(height.0 / line * line),
            measure,
            note_leading: design.note_leading,
            sharing: (!design.clear_print).then(|| Sharing {
                measure,
                gap: design.note_size * 2,
            }),
        })
    }
}

/// A row on a page.
#[derive(Clone, Copy, Debug)]
pub struct Placed {
    pub row: RowRef,
    pub at: Point,
}

/// Which row.
#[derive(Clone, Copy, Debug)]
pub enum RowRef {
    Text(usize),
    /// A head that is repeated, and a row of it.
    Head(usize, usize),
    /// A note, and a row of it.
    Note(usize, usize),
}

/// Lays the rows of a page, with its notes at the foot.
pub fn lay(galley: &Galley, page: &Chosen, frame: &Frame) -> Sheet {
    let mut sheet = Sheet::default();
    let extra = stretches(galley, page, frame);
    column(galley, page, frame, Point::default(), &extra, &mut sheet);
    foot(galley, page, frame, &mut sheet);
    sheet
}

/// Lays the rows of a page, or of a column, from `origin` down; `extra` is added to the
/// spaces of some rows. The height of the text.
pub fn column(
    galley: &Galley,
    page: &Chosen,
    frame: &Frame,
    origin: Point,
    extra: &[(usize, Length)],
    sheet: &mut Sheet,
) -> Length {
    let mut y = Length::ZERO;
    let at = |y| Point {
        x: origin.x,
        y: origin.y + y,
    };
    let head = page.rows.first().and_then(|&row| galley.rows[row].head);
    if let Some(head) = head {
        for (row, set) in galley.heads[head].iter().enumerate() {
            let row = RowRef::Head(head, row);
            sheet.placed.push(Placed { row, at: at(y) });
            y += set.height;
        }
    }
    let mut bar: Option<(usize, Length, Length)> = None;
    for (at_row, &place) in page.rows.iter().enumerate() {
        let row = &galley.rows[place];
        if at_row > 0 {
            y += row.space;
            let more = extra.iter().find(|(at, _)| *at == place);
            y += more.map_or(Length::ZERO, |(_, more)| *more);
        }
        if row.grid {
            y = to_grid(y, frame.leading);
        }
        let text = RowRef::Text(place);
        sheet.placed.push(Placed {
            row: text,
            at: at(y),
        });
        bar = match (bar, row.bar) {
            (Some((open, top, _)), Some(now)) if open == now => Some((open, top, y + row.height)),
            (before, now) => {
                draw_bar(galley, before, origin, sheet);
                now.map(|now| (now, y, y + row.height))
            }
        };
        y += row.height;
    }
    draw_bar(galley, bar, origin, sheet);
    y
}

/// The bar beside a box, as far as it goes on this page.
fn draw_bar(galley: &Galley, bar: Option<(usize, Length, Length)>, from: Point, sheet: &mut Sheet) {
    if let Some((bar, top, bottom)) = bar {
        let origin = Point {
            x: from.x + galley.bars[bar],
            y: from.y + top,
        };
        let size = Size {
            width: Length::milli_pt(1_500),
            height: bottom - top,
        };
        sheet.rules.push((Rect { origin, size }, 150));
    }
}

/// The spaces that grow so that a page ends on its last line, by their rows.
fn stretches(galley: &Galley, page: &Chosen, frame: &Frame) -> Vec<(usize, Length)> {
    let Some(&last) = page.rows.last().filter(|_| !page.last) else {
        return Vec::new();
    };
    let mut scratch = Sheet::default();
    let end = column(galley, page, frame, Point::default(), &[], &mut scratch);
    let notes = match page.notes.is_empty() {
        true => Length::ZERO,
        false => page.notes_height + note_gap(frame),
    };
    let line = frame.leading.0.max(1);
    let limit = Length((page.height - notes).0.div_euclid(line) * line);
    let missing = limit - end - page.short + lower(&galley.rows[last], frame.leading);
    let mut slack = Slack::default();
    let mut spaces = Vec::new();
    for &row in &page.rows[1..] {
        slack.add(&galley.rows[row]);
        if galley.rows[row].stretch {
            spaces.push(row);
        }
    }
    let below_grid = spaces.len() - slack.below_grid;
    let filling = fill(missing, slack, frame.leading);
    if filling.share.is_some() {
        return shared(missing, &spaces[below_grid..]);
    }
    let mut extra = Vec::new();
    if filling.fraction > Length::ZERO {
        extra.extend(spaces.pop().map(|row| (row, filling.fraction)));
    }
    let mut by_space = spaces.clone();
    by_space.sort_by_key(|&row| -galley.rows[row].space.0);
    by_space.truncate(filling.lines);
    // Of a table all rows move apart alike; what stands below it is lower by whole lines.
    let of_table = |row: &usize| galley.rows[*row].head;
    for alike in
        spaces.chunk_by(|one, next| of_table(one).is_some() && of_table(one) == of_table(next))
    {
        let grown = alike.iter().filter(|row| by_space.contains(row)).count();
        let whole = frame.leading * i64::try_from(grown).unwrap_or(0);
        extra.extend(shared(whole, alike));
    }
    extra
}

/// A length shared out among the spaces above some rows.
fn shared(whole: Length, rows: &[usize]) -> Vec<(usize, Length)> {
    let count = i64::try_from(rows.len()).unwrap_or(1).max(1);
    let share = Length(whole.0 / count);
    let mut shares: Vec<_> = rows.iter().map(|&row| (row, share)).collect();
    if let Some((_, last)) = shares.last_mut() {
        *last += whole - share * count;
    }
    shares
}

/// Between the text and the first note, at least: room for the rule, and for the notes to
/// end on the base line that the text ends on.
pub fn note_gap(frame: &Frame) -> Length {
    frame.leading + below_notes(frame)
}

fn below_notes(frame: &Frame) -> Length {
    ((frame.leading - frame.note_leading) / 4).max(Length::ZERO)
}

/// Places the notes at the foot of the page, under a short rule.
fn foot(galley: &Galley, page: &Chosen, frame: &Frame, sheet: &mut Sheet) {
    if page.notes.is_empty() {
        return;
    }
    let top = page.height - below_notes(frame) - page.notes_height;
    let origin = Point {
        x: Length::ZERO,
        y: top - frame.leading.scaled(2, 5),
    };
    let size = Size {
        width: frame.measure / 5,
        height: Length::milli_pt(400),
    };
    sheet.rules.push((Rect { origin, size }, 0));
    let mut y = top;
    let mut line = top;
    for part in &page.notes {
        y += part.space;
        for row in part.rows.clone() {
            let set = &galley.notes[part.note].rows[row];
            if part.x == Length::ZERO {
                y += if row > part.rows.start {
                    set.space
                } else {
                    Length::ZERO
                };
                line = y;
                y += set.height;
            }
            let at = Point { x: part.x, y: line };
            sheet.placed.push(Placed {
                row: RowRef::Note(part.note, row),
                at,
            });
        }
    }
}
