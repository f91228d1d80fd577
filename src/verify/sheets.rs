//! Sheets for the printer, folded in thought: they are leafed through as a reader leafs
//! through the finished booklet, and every page must look as it was set.

use super::pdf::{PageText, Seen};
use super::sight::{self, Line, points};
use crate::diag::{Code, Report};
use crate::pages::Pages;

/// One side of a sheet as it comes out of the printer.
#[derive(Clone, Debug, Default)]
pub(super) struct Side {
    /// Left and right of the fold.
    halves: [Half; 2],
}

/// What stands on one side of the fold.
#[derive(Clone, Debug, Default)]
struct Half {
    lines: Vec<Line>,
    pictures: usize,
}

/// How a file's sheets lie and are turned.
#[derive(Clone, Copy, Debug)]
pub(super) struct Paper {
    pub(super) width: f64,
    pub(super) height: f64,
    /// Whether the printer turns a sheet over its upper edge, so that backs must stand
    /// upside down to be upright behind the fronts.
    pub(super) over_the_top: bool,
}

impl Side {
    /// What a side shows, held upright.
    pub(super) fn read(text: &PageText, paper: Paper, is_back: bool) -> Side {
        let turn = is_back && paper.over_the_top;
        let mut pieces: [Vec<Line>; 2] = Default::default();
        for seen in &text.seen {
            let (x, y, end) = match turn {
                true => (paper.width - seen.x, seen.y, paper.width - seen.end),
                false => (seen.x, paper.height - seen.y, seen.end),
            };
            // Words that are upside down when the sheet is held upright are nowhere right.
            let text = match seen.turned == turn {
                true => seen.text.clone(),
                false => seen.text.chars().rev().collect(),
            };
            let half = usize::from(x >= paper.width / 2.0);
            pieces[half].push(Line { x, y, end, text });
        }
        let [left, right] = pieces.map(|pieces| sight::lines(pieces.into_iter()));
        let mut halves = [left, right].map(|lines| Half { lines, pictures: 0 });
        for x in &text.pictures {
            let x = if turn { paper.width - x } else { *x };
            halves[usize::from(x >= paper.width / 2.0)].pictures += 1;
        }
        Side { halves }
    }
}

/// How much smaller the pages of some sides are shown; 1 where nothing is.
pub(super) fn scale(texts: &[PageText]) -> f64 {
    let first = |text: &PageText| text.seen.first().map(|seen: &Seen| seen.scale);
    texts.iter().find_map(first).unwrap_or(1.0)
}

const LEFT: usize = 0;
const RIGHT: usize = 1;

/// Checks the fronts and backs of all sheets, in the order of printing.
pub(super) fn check(
    fronts: &[Side],
    backs: &[Side],
    scale: f64,
    pages: &Pages,
    report: &mut Report,
) -> usize {
    let set: Vec<Half> = pages
        .pages
        .iter()
        .map(|page| Half {
            lines: sight::set(page),
            pictures: sight::set_pictures(page),
        })
        .collect();
    let nothing = Half::default();
    let page = |number: usize| set.get(number).unwrap_or(&nothing);
    let mut wrong = 0;
    let mut reached = 0;
    let mut start = 0;
    while start < fronts.len() {
        let sheets = signature(start, fronts, &page);
        for (sheet, side, half) in leaves(start, sheets) {
            let sides = if side == "front" { fronts } else { backs };
            let shown = sides.get(sheet).map_or(&nothing, |side| &side.halves[half]);
            if let Some(fault) = fault(page(reached), shown, scale) {
                wrong += 1;
                let left = if half == LEFT { "left" } else { "right" };
                let number = folio(pages, reached);
                if wrong <= super::MOST {
                    let sheet = sheet + 1;
                    let message = format!(
                        "the {left} half of the {side} of sheet {sheet}, which must be {number}, {fault}"
                    );
                    report.error(Code::TextDiffers, None, message);
                }
            }
            reached += 1;
        }
        start += sheets;
    }
    if reached < set.len() {
        let message = format!(
            "the sheets hold {reached} pages, but {} were set",
            set.len()
        );
        report.error(Code::WrongPage, None, message);
    }
    reached
}

/// How many sheets are folded together from one on: until the right half of a front shows
/// the page that comes first after all pages of the sheets so far.
fn signature<'h>(start: usize, fronts: &[Side], page: &impl Fn(usize) -> &'h Half) -> usize {
    let shows = |sheet: usize, number: usize| {
        let (shown, set) = (&fronts[sheet].halves[RIGHT].lines, &page(number).lines);
        let mut pairs = shown.iter().zip(set);
        shown.len() == set.len() && pairs.all(|(shown, set)| shown.says_as(set))
    };
    let next = (start + 1..fronts.len()).find(|&sheet| {
        let nested = 4 * start + 2 * (sheet - start);
        shows(sheet, 4 * sheet) && !shows(sheet, nested)
    });
    next.unwrap_or(fronts.len()) - start
}

/// The places of pages as a folded signature is leafed through: into its middle on the
/// right halves of the fronts and what is behind them, and out again.
fn leaves(start: usize, sheets: usize) -> impl Iterator<Item = (usize, &'static str, usize)> {
    let into = (start..start + sheets).flat_map(|at| [(at, "front", RIGHT), (at, "back", LEFT)]);
    let out = (start..start + sheets).rev();
    into.chain(out.flat_map(|at| [(at, "back", RIGHT), (at, "front", LEFT)]))
}

/// How a half differs from the page that belongs there.
fn fault(set: &Half, shown: &Half, scale: f64) -> Option<String> {
    // Where the page lies is the sheet's business; how it looks is the page's.
    let (dx, dy) = match (set.lines.first(), shown.lines.first()) {
        (Some(set), Some(shown)) => (shown.x / scale - set.x, shown.y / scale - set.y),
        _ => (0.0, 0.0),
    };
    let lines: Vec<Line> = shown
        .lines
        .iter()
        .map(|line| Line {
            x: line.x / scale - dx,
            y: line.y / scale - dy,
            end: line.end / scale - dx,
            text: line.text.clone(),
        })
        .collect();
    if let Some(differs) = sight::differ(&set.lines, &lines) {
        return Some(differs.words());
    }
    (set.pictures != shown.pictures).then(|| {
        format!(
            "shows {} pictures, but {} were set",
            shown.pictures, set.pictures
        )
    })
}

fn folio(pages: &Pages, page: usize) -> String {
    match pages.pages.get(page) {
        Some(page) if page.folio.is_some() => page
            .folio
            .map_or(String::new(), |folio| format!("page {folio}")),
        Some(_) => format!("page {} of the book", page + 1),
        None => "blank".into(),
    }
}

/// How wide half a sheet must be at least for a page at a scale.
pub(super) fn fits(paper: Paper, scale: f64, pages: &Pages) -> bool {
    let half = paper.width / 2.0;
    points(pages.trim.width) * scale <= half + 0.5
        && points(pages.trim.height) * scale <= paper.height + 0.5
}
