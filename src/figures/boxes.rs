//! Boxes on a grid, with lines between them that go across and down.

use super::pencil::{Anchor, BLACK, Pencil, WHITE};
use super::{Place, Plan};
use crate::units::{Length, Point, Rect, Size};

const SHADE: u8 = 225;

/// A line in a box, and whether it is bold.
type Label = (String, bool);

/// The measures of a grid.
struct Grid {
    column: Length,
    across: Length,
    row: Length,
    down: Length,
}

impl Grid {
    fn of(plan: &Plan, pencil: &Pencil<'_>) -> Grid {
        let (across, down) = (pencil.tenths(12), pencil.tenths(22));
        Grid {
            column: (pencil.width - across * (plan.columns - 1)) / plan.columns.max(1),
            across,
            row: Length::ZERO,
            down,
        }
    }

    /// The same with rows as high as the fullest box needs.
    fn with_rows(self, labels: &[Vec<Label>], pencil: &Pencil<'_>) -> Grid {
        let lines = labels.iter().map(Vec::len).max().unwrap_or(1);
        let lines = i64::try_from(lines).unwrap_or(1);
        let row = pencil.tenths(12) * lines + pencil.tenths(12);
        Grid { row, ..self }
    }

    /// How wide the words of a box may be.
    fn inside(&self, place: &Place) -> Length {
        self.area(place).size.width.scaled(9, 10)
    }

    fn area(&self, place: &Place) -> Rect {
        Rect {
            origin: Point {
                x: (self.column + self.across) * place.column,
                y: (self.row + self.down) * place.row,
            },
            size: Size {
                width: self.column * place.wide + self.across * (place.wide - 1),
                height: self.row,
            },
        }
    }
}

pub(super) fn draw(plan: &Plan, pencil: &mut Pencil<'_>) -> Length {
    let grid = Grid::of(plan, pencil);
    for place in &plan.boxes {
        for (at, line) in place.lines.iter().enumerate() {
            pencil.fit(pencil.measure(line, at == 0), grid.inside(place));
        }
    }
    let grid = Grid::of(plan, pencil);
    let labels: Vec<Vec<Label>> = plan
        .boxes
        .iter()
        .map(|place| lines(place, grid.inside(place), pencil))
        .collect();
    let grid = grid.with_rows(&labels, pencil);
    for join in &plan.joins {
        let (from, to) = (&plan.boxes[join.from], &plan.boxes[join.to]);
        let (above, below) = if from.row <= to.row {
            (from, to)
        } else {
            (to, from)
        };
        let (above, below) = (grid.area(above), grid.area(below));
        connect(above, below, &grid, join.broken, pencil);
    }
    for (place, lines) in plan.boxes.iter().zip(&labels) {
        label(place, lines, grid.area(place), pencil);
    }
    grid.row * plan.rows + grid.down * (plan.rows - 1)
}

/// From one box to another: straight where they lie side by side or over one another, else
/// down, across half-way between the last two rows, and down. Boxes hide what they cover.
fn connect(above: Rect, below: Rect, grid: &Grid, broken: bool, pencil: &mut Pencil<'_>) {
    let middle = |area: Rect| Point {
        x: area.origin.x + area.size.width / 2,
        y: area.origin.y + area.size.height / 2,
    };
    let right = |area: Rect| area.origin.x + area.size.width;
    let (a, b) = (middle(above), middle(below));
    let shared = (
        above.origin.x.max(below.origin.x),
        right(above).min(right(below)),
    );
    let corners = if above.origin.y == below.origin.y {
        vec![a, Point { y: a.y, ..b }]
    } else if shared.0 < shared.1 {
        let x = (shared.0 + shared.1) / 2;
        vec![Point { x, ..a }, Point { x, ..b }]
    } else {
        let y = below.origin.y - grid.down / 2;
        vec![a, Point { y, ..a }, Point { y, ..b }, b]
    };
    for pair in corners.windows(2) {
        pencil.line(pair[0], pair[1], broken);
    }
}

/// The lines of a box, wrapped where they are still too wide; the first words are bold. Lines
/// that an editor has left empty stay, to move the others up.
fn lines(place: &Place, inside: Length, pencil: &Pencil<'_>) -> Vec<Label> {
    let all = place.lines.iter().enumerate();
    all.flat_map(|(at, line)| {
        // A point more, for what was rounded.
        let wrapped = pencil.wrapped(line, at == 0, inside + Length::PT);
        wrapped.into_iter().map(move |line| (line, at == 0))
    })
    .collect()
}

fn label(place: &Place, lines: &[Label], area: Rect, pencil: &mut Pencil<'_>) {
    let line = pencil.tenths(12);
    let ground = if place.dark { SHADE } else { WHITE };
    pencil.fill(area.origin.x, area.origin.y, area.size, ground);
    frame(area, pencil);
    let count = i64::try_from(lines.len()).unwrap_or(0);
    let x = area.origin.x + area.size.width / 2;
    let mut y = area.origin.y + (area.size.height - line * count) / 2 + pencil.tenths(9);
    for (words, bold) in lines {
        pencil.words(words, Point { x, y }, Anchor::Middle, *bold);
        y += line;
    }
}

/// The four edges, inside the area.
fn frame(area: Rect, pencil: &mut Pencil<'_>) {
    let thick = (pencil.tenths(1) / 2).at_least(Length(1));
    let (left, top) = (area.origin.x, area.origin.y);
    let Size { width, height } = area.size;
    let (right, bottom) = (left + width - thick, top + height - thick);
    let across = Size {
        height: thick,
        ..area.size
    };
    let down = Size {
        width: thick,
        ..area.size
    };
    for (x, y, size) in [
        (left, top, across),
        (left, bottom, across),
        (left, top, down),
        (right, top, down),
    ] {
        pencil.fill(x, y, size, BLACK);
    }
}
