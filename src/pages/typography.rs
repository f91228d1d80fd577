//! How well a book is set: what a typographer would measure on its pages.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::lines::{Line, lines};
use super::{Item, Pages, TagId, TagKind};
use crate::units::Length;

/// What was measured.
#[derive(Clone, Debug, Default)]
pub struct Typography {
    pub pages: usize,
    pub lines: usize,
    /// The full lines, by the size of their type, the largest class first; then of all.
    pub classes: Vec<(Length, Evenness)>,
    pub all: Evenness,
    /// Lines whose letters stand over the text's edges by a tenth of a point or more, or
    /// below its foot.
    pub over: Vec<Place>,
    /// Lines that run into one beside them.
    pub touching: Vec<Place>,
    /// Last lines alone at the head of a page, first lines alone at the foot.
    pub widows: Vec<Place>,
    pub orphans: Vec<Place>,
    /// Words divided over a page.
    pub divided: Vec<Place>,
    /// Facing pages inside a section, and those that do not end on the same line.
    pub facing: usize,
    pub uneven: Vec<Place>,
    /// Lines of running text on the grid and off it.
    pub on_grid: usize,
    pub off_grid: Vec<Place>,
    /// Sections that end with fewer than five lines on a page.
    pub stranded: Vec<Place>,
    /// Pages on which more than three notes begin.
    pub crowded: Vec<Place>,
}

/// How even full lines are.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Evenness {
    pub lines: usize,
    /// The median of their mean word spaces.
    pub space: Length,
    /// The standard deviation of their mean word spaces over the median.
    pub spread: f64,
    /// Lines with spaces of more than one and a half times the median, or less than four
    /// fifths of it.
    pub loose: usize,
    pub tight: usize,
    /// Lines that end in a hyphen, and how often three do in a row.
    pub hyphens: usize,
    pub three_hyphens: usize,
}

/// A page and what is to be looked at there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub page: usize,
    pub words: String,
}

/// What nobody sees.
const HAIR: Length = Length::milli_pt(100);
/// Full lines have at least so many spaces.
const LEAST_SPACES: usize = 3;

/// Measures all pages.
pub fn measure(pages: &Pages) -> Typography {
    let lines = lines(pages);
    let blocks = blocks(&lines);
    let mut found = Typography {
        pages: pages.pages.len(),
        lines: lines.len(),
        ..Typography::default()
    };
    evenness(pages, &lines, &blocks, &mut found);
    edges(pages, &lines, &mut found);
    touching(&lines, &mut found);
    breaks(pages, &lines, &blocks, &mut found);
    feet(pages, &lines, &mut found);
    grid(pages, &lines, &blocks, &mut found);
    notes(pages, &lines, &mut found);
    found
}

/// The lines of each block, in order.
fn blocks(lines: &[Line]) -> BTreeMap<TagId, Vec<usize>> {
    let mut blocks: BTreeMap<TagId, Vec<usize>> = BTreeMap::new();
    for (at, line) in lines.iter().enumerate() {
        blocks.entry(line.block).or_default().push(at);
    }
    blocks
}

fn evenness(
    pages: &Pages,
    lines: &[Line],
    blocks: &BTreeMap<TagId, Vec<usize>>,
    found: &mut Typography,
) {
    let mut full: Vec<&Line> = Vec::new();
    for block in blocks.values() {
        let inner = block.split_last().map_or(&[][..], |(_, inner)| inner);
        let inner = inner.iter().map(|&at| &lines[at]);
        full.extend(inner.filter(|line| is_full(pages, line)));
    }
    let mut classes: BTreeMap<Length, Vec<&Line>> = BTreeMap::new();
    for line in &full {
        classes.entry(line.size).or_default().push(line);
    }
    found.all = Evenness::of(&full);
    found.classes = classes
        .into_iter()
        .map(|(size, lines)| (size, Evenness::of(&lines)))
        .collect();
    found
        .classes
        .sort_by_key(|(size, class)| (std::cmp::Reverse(class.lines), *size));
}

/// Whether a line reaches the right edge, where only marks stand over it.
fn is_full(pages: &Pages, line: &Line) -> bool {
    let edge = pages.area.right(line.page);
    line.spaces.len() >= LEAST_SPACES
        && line.last_letter <= edge + HAIR
        && line.right >= edge - HAIR
}

impl Evenness {
    fn of(lines: &[&Line]) -> Evenness {
        let mut means: Vec<i64> = lines.iter().map(|line| mean_space(line)).collect();
        let mut running = 0;
        let mut three_hyphens = 0;
        for line in lines {
            running = if line.hyphen { running + 1 } else { 0 };
            three_hyphens += usize::from(running == 3);
        }
        means.sort_unstable();
        let Some(&median) = means.get(means.len() / 2) else {
            return Evenness::default();
        };
        Evenness {
            lines: lines.len(),
            space: Length(median),
            spread: spread(&means, median),
            loose: means.iter().filter(|&&mean| mean * 2 > median * 3).count(),
            tight: means.iter().filter(|&&mean| mean * 5 < median * 4).count(),
            hyphens: lines.iter().filter(|line| line.hyphen).count(),
            three_hyphens,
        }
    }
}

fn mean_space(line: &Line) -> i64 {
    let sum: Length = line.spaces.iter().copied().sum();
    sum.0 / i64::try_from(line.spaces.len()).unwrap_or(1).max(1)
}

fn spread(means: &[i64], median: i64) -> f64 {
    let count = means.len() as f64;
    let mean = means.iter().sum::<i64>() as f64 / count;
    let squares: f64 = means.iter().map(|&one| (one as f64 - mean).powi(2)).sum();
    (squares / count).sqrt() / median.max(1) as f64
}

fn edges(pages: &Pages, lines: &[Line], found: &mut Typography) {
    let foot = pages.area.foot();
    let over = |line: &&Line| {
        line.last_letter > pages.area.right(line.page) + HAIR
            || line.first_letter < pages.area.left(line.page) - HAIR
            || line.base > foot + HAIR
    };
    found.over = lines.iter().filter(over).map(place).collect();
}

/// Finds lines of one page on one base line whose ink overlaps.
fn touching(lines: &[Line], found: &mut Typography) {
    let mut order: Vec<&Line> = lines.iter().collect();
    order.sort_by_key(|line| (line.page, line.base, line.left));
    for pair in order.windows(2) {
        let [one, two] = pair else { continue };
        let beside = one.page == two.page && one.base == two.base;
        if beside && two.first_letter < one.last_letter - HAIR {
            found.touching.push(place(two));
        }
    }
}

/// Finds what is torn where a page ends inside a block.
fn breaks(
    pages: &Pages,
    lines: &[Line],
    blocks: &BTreeMap<TagId, Vec<usize>>,
    found: &mut Typography,
) {
    for (&block, of_block) in blocks {
        if is_within(pages, block, TagKind::Note) {
            continue;
        }
        let page = |at: usize| lines[of_block[at]].page;
        for at in 1..of_block.len() {
            if page(at) == page(at - 1) {
                continue;
            }
            let (before, after) = (&lines[of_block[at - 1]], &lines[of_block[at]]);
            if at == 1 {
                found.orphans.push(place(before));
            }
            if at + 1 == of_block.len() {
                found.widows.push(place(after));
            }
            if before.hyphen {
                found.divided.push(place(before));
            }
        }
    }
}

/// Compares the feet of facing pages, and looks for sections with too little on their last.
fn feet(pages: &Pages, lines: &[Line], found: &mut Typography) {
    let count = pages.pages.len();
    let mut feet: Vec<Option<&Line>> = vec![None; count];
    let mut sections: Vec<Option<TagId>> = vec![None; count];
    let mut rows: Vec<BTreeMap<Length, &Line>> = vec![BTreeMap::new(); count];
    for line in lines {
        sections[line.page] = sections[line.page].or(Some(section(pages, line.block)));
        let foot = &mut feet[line.page];
        if foot.is_none_or(|foot| foot.base < line.base) {
            *foot = Some(line);
        }
        if !is_within(pages, line.block, TagKind::Note) {
            rows[line.page].entry(line.base).or_insert(line);
        }
    }
    let goes_on = |page: usize| {
        let here = sections[page];
        here.is_some() && sections.get(page + 1).is_some_and(|next| *next == here)
    };
    for page in 0..count {
        let begun = page > 0 && goes_on(page - 1);
        if let Some((_, line)) = rows[page].first_key_value()
            && begun
            && !goes_on(page)
            && rows[page].len() < 5
        {
            found.stranded.push(place(line));
        }
        // The columns of an index end where its entries do.
        let index = feet[page].is_some_and(|line| is_within(pages, line.block, TagKind::Index));
        let verso = page % 2 == 1 && !index;
        if let (true, true, Some(left)) = (verso, goes_on(page), feet[page])
            && goes_on(page + 1)
            && let Some(right) = feet[page + 1]
        {
            found.facing += 1;
            let apart = foot(pages, left) - foot(pages, right);
            if apart.0.abs() > HAIR.0 * 5 {
                found.uneven.push(place(right));
            }
        }
    }
}

/// The lowest base line of a page whose last line that is: of it, or of the words of a figure
/// below it.
fn foot(pages: &Pages, last: &Line) -> Length {
    let within = last.base..=pages.area.foot() + HAIR;
    let runs = pages.pages[last.page]
        .items
        .iter()
        .filter_map(|item| match item {
            Item::Run(run) if within.contains(&run.origin.y) => Some(run.origin.y),
            Item::Run(_) | Item::Rule { .. } | Item::Picture { .. } => None,
        });
    runs.max().unwrap_or(last.base)
}

/// Sees whether running text stands on the grid: paragraphs of more than one line.
fn grid(
    pages: &Pages,
    lines: &[Line],
    blocks: &BTreeMap<TagId, Vec<usize>>,
    found: &mut Typography,
) {
    let area = &pages.area;
    let leading = area.leading.0.max(1);
    for line in lines {
        let of_section = parent(pages, line.block).and_then(|parent| kind(pages, parent));
        let text = line.size == area.text_size
            && kind(pages, line.block) == Some(TagKind::Paragraph)
            && of_section == Some(TagKind::Section)
            && blocks[&line.block].len() > 1;
        if !text {
            continue;
        }
        let off = (line.base - area.first_base()).0.rem_euclid(leading);
        if off.min(leading - off) <= HAIR.0 {
            found.on_grid += 1;
        } else {
            found.off_grid.push(place(line));
        }
    }
}

/// Counts the notes that begin on each page.
fn notes(pages: &Pages, lines: &[Line], found: &mut Typography) {
    let mut begun: BTreeMap<usize, (usize, &Line)> = BTreeMap::new();
    for line in lines {
        let note = parent(pages, line.block).and_then(|parent| kind(pages, parent));
        if kind(pages, line.block) == Some(TagKind::Label) && note == Some(TagKind::Note) {
            begun.entry(line.page).or_insert((0, line)).0 += 1;
        }
    }
    for (&page, &(count, _)) in begun.iter().filter(|(_, (count, _))| *count > 3) {
        let words = format!("{count} notes");
        found.crowded.push(Place { page, words });
    }
}

fn kind(pages: &Pages, tag: TagId) -> Option<TagKind> {
    let element = pages.structure.get(tag.0 as usize)?;
    Some(element.kind)
}

fn parent(pages: &Pages, tag: TagId) -> Option<TagId> {
    pages.structure.get(tag.0 as usize)?.parent
}

fn is_within(pages: &Pages, tag: TagId, wanted: TagKind) -> bool {
    let mut around = std::iter::successors(Some(tag), |tag| parent(pages, *tag));
    around.any(|tag| kind(pages, tag) == Some(wanted))
}

/// The section that an element stands in.
fn section(pages: &Pages, tag: TagId) -> TagId {
    let mut around = std::iter::successors(Some(tag), |tag| parent(pages, *tag));
    around
        .find(|tag| kind(pages, *tag) == Some(TagKind::Section))
        .unwrap_or(tag)
}

fn place(line: &Line) -> Place {
    Place {
        page: line.page,
        words: line.text.chars().take(40).collect(),
    }
}

/// So many places of a fault are named.
const NAMED: usize = 6;

/// The report that an editor reads.
pub fn text(pages: &Pages, found: &Typography) -> String {
    let mut out = String::new();
    let _ = writeln!(
        out,
        "{} pages, {} lines, {} of them of the full measure ({} pt)",
        found.pages, found.lines, found.all.lines, pages.area.recto.size.width
    );
    let _ = writeln!(
        out,
        "\n  type       lines   space  spread   loose   tight  hyphens  three running"
    );
    for (size, class) in &found.classes {
        row(&mut out, &format!("{size} pt"), class);
    }
    row(&mut out, "all", &found.all);
    out.push('\n');
    let facing = format!(
        "of {} pairs of facing pages do not end on the same line",
        found.facing
    );
    let grid = format!(
        "of {} lines of running text stand off the grid",
        found.on_grid + found.off_grid.len()
    );
    for (places, fault) in [
        (&found.over, "lines over the measure by 0.1 pt or more"),
        (&found.touching, "lines that run into another"),
        (&found.widows, "widows"),
        (&found.orphans, "orphans"),
        (&found.divided, "words divided over a page"),
        (&found.uneven, facing.as_str()),
        (&found.off_grid, grid.as_str()),
        (
            &found.stranded,
            "sections end with less than five lines on a page",
        ),
        (&found.crowded, "pages on which more than three notes begin"),
    ] {
        let _ = writeln!(out, "  {:>5} {fault}", places.len());
        for place in places.iter().take(NAMED) {
            let folio = pages.pages.get(place.page).and_then(|page| page.folio);
            let folio = folio.map(|folio| folio.to_string()).unwrap_or_default();
            let _ = writeln!(out, "          p. {folio}: {}", place.words);
        }
        if places.len() > NAMED {
            let _ = writeln!(out, "          and {} more", places.len() - NAMED);
        }
    }
    out
}

fn row(out: &mut String, name: &str, class: &Evenness) {
    let share = |part: usize| part as f64 * 100.0 / class.lines.max(1) as f64;
    let _ = writeln!(
        out,
        "  {name:9} {:>6} {:>7} {:>7.3} {:>6.1}% {:>6.1}% {:>7.1}% {:>14}",
        class.lines,
        class.space.to_string(),
        class.spread,
        share(class.loose),
        share(class.tight),
        share(class.hyphens),
        class.three_hyphens
    );
}

#[cfg(test)]
mod tests;
