//! The page search against one that tries all pages.

use super::*;
use crate::typeset::galley::{ORPHAN, Row, Variant, WIDOW};

const LINE: Length = Length::pt(10);

/// Paragraphs of some lines each, with a space that can grow before each fourth.
fn galley(paragraphs: &[usize]) -> Galley {
    let mut galley = Galley::new();
    for (at, &lines) in paragraphs.iter().enumerate() {
        galley.rows.extend(paragraph(lines, at % 4 == 3));
    }
    galley
}

fn paragraph(lines: usize, spaced: bool) -> Vec<Row> {
    let row = |line: usize| {
        let orphan = if line == 1 { ORPHAN } else { 0 };
        let widow = if line > 0 && line + 1 == lines {
            WIDOW
        } else {
            0
        };
        let spaced = spaced && line == 0;
        Row {
            space: if spaced { LINE } else { Length::ZERO },
            stretch: spaced,
            grid: true,
            cost: orphan + widow,
            ..Row::blank(LINE)
        }
    };
    (0..lines).map(row).collect()
}

/// Lets a paragraph be a line longer or shorter, at these costs.
fn vary(galley: &mut Galley, paragraphs: &[usize], at: usize, costs: [Cost; 2]) {
    let start: usize = paragraphs[..at].iter().sum();
    let lines = paragraphs[at];
    for (lines, cost) in [lines - 1, lines + 1].into_iter().zip(costs) {
        let from = galley.rows.len();
        galley.rows.extend(paragraph(lines, at % 4 == 3));
        galley.variants.push(Variant {
            of: start..start + paragraphs[at],
            rows: from..galley.rows.len(),
            cost,
        });
    }
}

/// What the cheapest pages cost.
fn cheapest(search: &Search<'_>) -> Cost {
    let ends = search.best[search.end()].into_iter().flatten();
    let costs = ends.map(|state| search.states[state].cost);
    costs.min().expect("there is always a way")
}

fn shape(height: &dyn Fn(usize) -> Length) -> Shape<'_> {
    Shape {
        leading: LINE,
        height,
        recto: true,
        note_gap: LINE,
        ragged: false,
    }
}

/// The least cost of all ways to break from a state on.
fn least(search: &Search<'_>, row: usize, page: usize, short: Length) -> Cost {
    let rows = search.galley.rows.len();
    if row == rows {
        return 0;
    }
    let carry = Carry::default();
    let height = (search.shape.height)(page);
    let candidates = Walk::new(search, row, height, &carry).candidates();
    let costs = candidates.iter().map(|candidate| {
        let facing = page.is_multiple_of(2) && page > 0 && candidate.end < rows;
        let uneven = match facing {
            true => (candidate.short - short).max(short - candidate.short),
            false => Length::ZERO,
        };
        let next = least(search, candidate.end, page + 1, candidate.short);
        candidate.cost + UNEQUAL * (uneven.0 / LINE.0) + next
    });
    costs.min().expect("there is always a page")
}

#[test]
fn finds_the_cheapest_of_all_ways() {
    let height = |_| LINE * 7;
    for seed in 0..40_usize {
        let paragraphs: Vec<usize> = (0..9).map(|at| (seed * 7 + at * at * 5) % 6 + 1).collect();
        let galley = galley(&paragraphs);
        let notes = Notes::of(&galley, Length::ZERO, None);
        let shape = shape(&height);
        let mut search = Search::new(&galley, &notes, &shape);
        search.run();
        let found = cheapest(&search);
        assert_eq!(found, least(&search, 0, 0, Length::ZERO), "{paragraphs:?}");
    }
}

/// The search with variants against one search for each way to set the paragraphs.
#[test]
fn takes_the_variants_that_are_best_for_the_pages() {
    let height = |_| LINE * 7;
    let mut taken = 0;
    for seed in 0..60_usize {
        let paragraphs: Vec<usize> = (0..9)
            .map(|at| (seed * 7 + at * at * 5) % 5 + if at % 3 == 2 { 3 } else { 1 })
            .collect();
        let costs = |at: usize| [seed * 37 % 300 + at * 20, seed * 53 % 400 + at * 10];
        let costs = |at: usize| costs(at).map(|cost| Cost::try_from(cost).expect("small"));
        let mut galley = self::galley(&paragraphs);
        for at in [2, 5, 8] {
            vary(&mut galley, &paragraphs, at, costs(at));
        }
        let mut least = Cost::MAX;
        for way in 0..27 {
            let mut lines = paragraphs.clone();
            let mut cost = 0;
            for (at, choice) in [(2, way % 3), (5, way / 3 % 3), (8, way / 9)] {
                if choice > 0 {
                    lines[at] = lines[at] + choice * 2 - 3;
                    cost += costs(at)[choice - 1];
                }
            }
            let galley = self::galley(&lines);
            let notes = Notes::of(&galley, Length::ZERO, None);
            let shape = shape(&height);
            let mut search = Search::new(&galley, &notes, &shape);
            search.run();
            least = least.min(cheapest(&search) + cost);
        }
        let notes = Notes::of(&galley, Length::ZERO, None);
        let shape = shape(&height);
        let mut search = Search::new(&galley, &notes, &shape);
        search.run();
        assert_eq!(cheapest(&search), least, "{paragraphs:?}");
        taken += follow(&galley, &search.trace());
    }
    assert!(taken > 30, "{taken}");
}

/// Sees that pages hold all rows in order, and gives how many variants they take.
fn follow(galley: &Galley, pages: &[Chosen]) -> usize {
    let mut at = 0;
    let mut taken = 0;
    for &row in pages.iter().flat_map(|page| &page.rows) {
        if let Some(variant) = galley.variants.iter().find(|one| one.rows.start == row) {
            assert_eq!(variant.of.start, at);
            (at, taken) = (row, taken + 1);
        }
        assert_eq!(row, at);
        at += 1;
        if let Some(variant) = galley.variants.iter().find(|one| one.rows.end == at) {
            at = match row >= variant.rows.start {
                true => variant.of.end,
                false => at,
            };
        }
    }
    assert_eq!(at, galley.text_rows());
    taken
}

#[test]
fn breaks_what_cannot_be_broken_well() {
    let height = |_| LINE * 3;
    let mut galley = galley(&[2, 2, 1]);
    galley.rows[1].height = LINE * 30;
    let notes = Notes::of(&galley, Length::ZERO, None);
    let pages = choose(&galley, &notes, &shape(&height));
    let rows: Vec<_> = pages.iter().map(|page| page.rows.clone()).collect();
    assert_eq!(rows, [vec![0], vec![1], vec![2, 3, 4]]);
}
