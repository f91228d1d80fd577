//! A page's letters as lines in the order of reading: pieces on one base line, columns one
//! after the other between the lines that run across them.

use super::letters::{Piece, WORD};

/// A line of text.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) end: f64,
    /// Of most of its letters.
    pub(super) size: f64,
    pub(super) parts: Vec<Part>,
    /// Lines of one column, between lines that run across it, share it.
    pub(super) column: usize,
}

/// Letters of one look.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) text: String,
    pub(super) italic: bool,
    pub(super) bold: bool,
    /// Small and above the base line.
    pub(super) raised: bool,
}

impl Line {
    pub(super) fn text(&self) -> String {
        self.parts.iter().map(|part| part.text.as_str()).collect()
    }

    pub(super) fn is_bold(&self) -> bool {
        let mut parts = self
            .parts
            .iter()
            .filter(|part| !part.text.trim().is_empty());
        parts.all(|part| part.bold)
    }

    /// How wide its first word is, as nearly as its letters tell.
    pub(super) fn first_word(&self) -> f64 {
        let text = self.text();
        let letters = |text: &str| text.chars().fold(0.0, |sum, _| sum + 1.0);
        let word = text.split_whitespace().next().unwrap_or_default();
        letters(word) * (self.end - self.x) / f64::max(letters(&text), 1.0)
    }
}

/// Base lines nearer than this, in ems of the larger, are one: so raised numbers stay.
const ONE_LINE: f64 = 0.45;
/// Pieces further apart than this, in ems, may stand in two columns.
const GUTTER: f64 = 0.75;
/// What is so much larger than the text is an initial, when it is a letter alone.
const INITIAL: f64 = 1.9;

/// The lines of a page.
pub(super) fn lines(mut pieces: Vec<Piece>, columns: &mut usize) -> Vec<Line> {
    pieces.retain(|piece| !piece.text.trim().is_empty() || piece.text.contains(' '));
    let usual = usual_size(&pieces);
    let is_initial =
        |piece: &Piece| piece.size > INITIAL * usual && piece.text.trim().chars().count() == 1;
    let initials: Vec<Piece> = pieces
        .iter()
        .filter(|piece| is_initial(piece))
        .cloned()
        .collect();
    pieces.retain(|piece| !is_initial(piece));
    pieces.sort_by(|a, b| b.y.total_cmp(&a.y).then(a.x.total_cmp(&b.x)));
    let mut rows: Vec<Vec<Piece>> = Vec::new();
    // The base line and size of the row that is being filled.
    let mut base = (f64::MAX, 0.0);
    for piece in pieces {
        let near = (base.0 - piece.y).abs() < ONE_LINE * f64::max(base.1, piece.size);
        if !near || rows.is_empty() {
            rows.push(Vec::new());
            base = (piece.y, 0.0);
        }
        if piece.size > base.1 {
            base = (piece.y, piece.size);
        }
        rows.last_mut().expect("a row was begun").push(piece);
    }
    let mut rows: Vec<Vec<Line>> = rows.into_iter().map(segments).collect();
    rows.retain(|row| !row.is_empty());
    initials
        .into_iter()
        .for_each(|initial| put_initial(initial, &mut rows));
    let mut ordered = Vec::new();
    order(rows, 0, columns, &mut ordered);
    ordered
}

/// The size of most letters.
fn usual_size(pieces: &[Piece]) -> f64 {
    let mut sizes: Vec<(f64, usize)> = pieces
        .iter()
        .map(|piece| (piece.size, piece.text.len()))
        .collect();
    sizes.sort_by(|a, b| a.0.total_cmp(&b.0));
    let half = sizes.iter().map(|size| size.1).sum::<usize>() / 2;
    let mut seen = 0;
    let middle = sizes.iter().find(|size| {
        seen += size.1;
        seen > half
    });
    middle.map_or(10.0, |size| size.0)
}

/// The pieces of a row as lines, apart where a column may end.
fn segments(mut row: Vec<Piece>) -> Vec<Line> {
    row.sort_by(|a, b| a.x.total_cmp(&b.x));
    let mut lines = Vec::new();
    let mut start = 0;
    for at in 1..=row.len() {
        let ends = row.get(at).is_none_or(|next| {
            let last = &row[at - 1];
            next.x - last.end >= GUTTER * last.size.min(next.size)
        });
        if ends {
            lines.extend(segment(&row[start..at]));
            start = at;
        }
    }
    lines
}

/// Pieces side by side as a line.
fn segment(row: &[Piece]) -> Option<Line> {
    let size = row.iter().map(|piece| piece.size).fold(0.0, f64::max);
    let base = row.iter().find(|piece| piece.size > 0.85 * size)?.y;
    let mut line = Line {
        x: row[0].x,
        y: base,
        end: row[0].end,
        size,
        parts: Vec::new(),
        column: 0,
    };
    for piece in row {
        let raised = piece.size < 0.85 * size && piece.y > base + 0.12 * size;
        let apart = piece.x - line.end > WORD * piece.size && !raised;
        if let Some(last) = line.parts.last_mut()
            && apart
            && !last.text.ends_with(' ')
            && !piece.text.starts_with(' ')
        {
            last.text.push(' ');
        }
        line.parts.push(Part {
            text: piece.text.clone(),
            italic: piece.italic,
            bold: piece.bold,
            raised,
        });
        line.end = f64::max(line.end, piece.end);
    }
    let is_shown = line.parts.iter().any(|part| !part.text.trim().is_empty());
    is_shown.then_some(line)
}

/// Puts a large letter before the highest line that stands beside it.
fn put_initial(initial: Piece, rows: &mut Vec<Vec<Line>>) {
    let (top, foot) = (initial.y + initial.size, initial.y - 2.0);
    let beside = rows.iter_mut().flatten().find(|line| {
        (foot..top).contains(&line.y)
            && line.x > initial.x
            && line.x - initial.end < 3.0 * line.size
    });
    let part = Part {
        text: initial.text.trim().to_string(),
        italic: false,
        bold: initial.bold,
        raised: false,
    };
    match beside {
        Some(line) => {
            line.x = initial.x;
            line.parts.insert(0, part);
        }
        None => {
            let at = rows.partition_point(|row| row[0].y > initial.y);
            let line = Line {
                x: initial.x,
                y: initial.y,
                end: initial.end,
                size: initial.size,
                parts: vec![part],
                column: 0,
            };
            rows.insert(at, vec![line]);
        }
    }
}

/// So many rows at least must have a gap at one place for it to divide columns.
const ROWS: usize = 4;
/// Columns in columns are looked for so deep.
const DEEPEST: usize = 3;

/// Puts rows in the order of reading.
fn order(rows: Vec<Vec<Line>>, depth: usize, columns: &mut usize, ordered: &mut Vec<Line>) {
    let gutter = (depth < DEEPEST).then(|| gutter(&rows)).flatten();
    let Some(gutter) = gutter else {
        *columns += 1;
        for row in rows {
            ordered.extend(joined(row, *columns));
        }
        return;
    };
    let (mut left, mut right) = (Vec::new(), Vec::new());
    let flush = |left: &mut Vec<Vec<Line>>,
                 right: &mut Vec<Vec<Line>>,
                 ordered: &mut Vec<Line>,
                 columns: &mut usize| {
        for side in [left, right] {
            if !side.is_empty() {
                order(std::mem::take(side), depth + 1, columns, ordered);
            }
        }
    };
    for row in rows {
        if row
            .iter()
            .any(|line| line.x < gutter - 1.0 && line.end > gutter + 1.0)
        {
            flush(&mut left, &mut right, ordered, columns);
            *columns += 1;
            ordered.extend(joined(row, *columns));
            continue;
        }
        let (before, after): (Vec<Line>, Vec<Line>) =
            row.into_iter().partition(|line| line.x < gutter);
        left.extend((!before.is_empty()).then_some(before));
        right.extend((!after.is_empty()).then_some(after));
    }
    flush(&mut left, &mut right, ordered, columns);
}

/// Where a gap runs down between two columns of prose.
fn gutter(rows: &[Vec<Line>]) -> Option<f64> {
    let mut gaps: Vec<(f64, f64)> = Vec::new();
    for row in rows {
        gaps.extend(row.windows(2).map(|two| (two[0].end, two[1].x)));
    }
    let step = gaps.len().div_ceil(100).max(1);
    let count = |x: f64| gaps.iter().filter(|gap| gap.0 < x && x < gap.1).count();
    let places = gaps
        .iter()
        .step_by(step)
        .map(|gap| f64::midpoint(gap.0, gap.1));
    let best = places.max_by_key(|x| count(*x))?;
    let sides = |left: bool| {
        let lines = rows.iter().flatten().filter(move |line| match left {
            true => line.end <= best,
            false => line.x >= best,
        });
        let widths: Vec<usize> = lines.map(|line| line.text().chars().count()).collect();
        !widths.is_empty() && widths.iter().sum::<usize>() / widths.len() >= 15
    };
    (count(best) >= ROWS && sides(true) && sides(false)).then_some(best)
}

/// The lines of a row as one.
fn joined(row: Vec<Line>, column: usize) -> Option<Line> {
    let mut lines = row.into_iter();
    let mut whole = lines.next()?;
    whole.column = column;
    for line in lines {
        if let Some(last) = whole.parts.last_mut() {
            last.text.push(' ');
        }
        whole.parts.extend(line.parts);
        whole.end = line.end;
    }
    Some(whole)
}
