//! The lines of all pages as a text: what comes back on every page is furniture, small lines
//! at the foot are notes, and white space makes paragraphs and headings of the rest.

use std::collections::{BTreeMap, BTreeSet};

use super::super::Extract;
use super::super::flow::{Marked, What};
use super::letters::Piece;
use super::page::{Line, lines};

/// Pages as a text with marks. Notes and furniture stand behind the running text.
pub(super) fn text(pages: Vec<Vec<Piece>>) -> Extract {
    let mut columns = 0;
    let mut pages: Vec<Vec<Line>> = pages
        .into_iter()
        .map(|pieces| lines(pieces, &mut columns))
        .collect();
    let furniture = take_furniture(&mut pages);
    let look = Look::of(&pages);
    let mut notes = Vec::new();
    for page in &mut pages {
        take_notes(page, &look, &mut notes);
    }
    let mut writer = Writer::default();
    for paragraph in paragraphs(pages.into_iter().flatten().collect(), &look) {
        writer.paragraph(&paragraph, &look);
    }
    for note in notes {
        writer.note(&note);
    }
    for line in furniture {
        writer.furniture(&line);
    }
    Extract {
        text: writer.text,
        marks: writer.marks,
        ..Extract::default()
    }
}

/// So many of a page's lines at its head and at its foot may be furniture.
const EDGE: usize = 2;

/// Takes what stands at the head or foot of page after page: the same words or, with numbers
/// that count the pages, words of the same shape.
fn take_furniture(pages: &mut [Vec<Line>]) -> Vec<Line> {
    // By edge, size of type and shape: the page and its line.
    let mut shapes: BTreeMap<(bool, i64, String), Vec<(usize, usize)>> = BTreeMap::new();
    for (at, page) in pages.iter().enumerate() {
        for (line, is_head) in edges(page) {
            let shape = shape(&page[line].text());
            let size = tenths(page[line].size);
            shapes
                .entry((is_head, size, shape))
                .or_default()
                .push((at, line));
        }
    }
    let enough = if pages.len() < 4 { 2 } else { 3 };
    let mut taken: Vec<(usize, usize)> = Vec::new();
    for ((_, _, shape), places) in &shapes {
        let has_words = shape.chars().any(char::is_alphabetic);
        let counts = || {
            let numbers = places.iter().filter_map(|(page, line)| {
                let number = number(&pages[*page][*line].text())?;
                Some(number - i64::try_from(*page).ok()?)
            });
            let mut offsets: Vec<i64> = numbers.collect();
            offsets.sort_unstable();
            let same = offsets.chunk_by(|a, b| a == b).map(<[i64]>::len).max();
            same.unwrap_or(0) * 5 >= places.len() * 3
        };
        let is_furniture = match shape.contains('#') {
            true => counts(),
            false => has_words,
        };
        if places.len() >= enough && is_furniture {
            taken.extend(places);
        }
    }
    taken.extend(standing_apart(pages));
    // A chapter's own running head stands as high as the others.
    let heights: Vec<i64> = taken
        .iter()
        .map(|(page, line)| height(&pages[*page][*line]))
        .collect();
    for (at, page) in pages.iter().enumerate() {
        for (line, _) in edges(page) {
            let own = height(&page[line]);
            let alike = heights
                .iter()
                .filter(|other| (own - **other).abs() <= 1)
                .count();
            if alike >= enough.max(pages.len() / 4) {
                taken.push((at, line));
            }
        }
    }
    taken.sort_unstable();
    taken.dedup();
    let mut furniture = Vec::with_capacity(taken.len());
    for (page, line) in taken.into_iter().rev() {
        furniture.push(pages[page].remove(line));
    }
    furniture.reverse();
    furniture
}

/// The highest and the lowest line of many pages, where they stand apart from the rest at
/// one height.
fn standing_apart(pages: &[Vec<Line>]) -> Vec<(usize, usize)> {
    let mut apart: BTreeMap<(bool, i64), Vec<(usize, usize)>> = BTreeMap::new();
    for (at, page) in pages.iter().enumerate() {
        let mut order: Vec<usize> = (0..page.len()).collect();
        order.sort_by(|a, b| page[*b].y.total_cmp(&page[*a].y));
        let backwards: Vec<usize> = order.iter().rev().copied().collect();
        for (order, is_head) in [(order, true), (backwards, false)] {
            let Some(line) = order.first().map(|first| &page[*first]) else {
                continue;
            };
            let level = |other: &usize| (page[*other].y - line.y).abs() < 0.5 * line.size;
            let row = order.iter().take_while(|other| level(other)).count();
            let next = order.get(row).map(|next| (page[*next].y - line.y).abs());
            if next.is_some_and(|gap| gap > 1.6 * line.size) {
                let places = apart.entry((is_head, height(line))).or_default();
                places.extend(order[..row].iter().map(|line| (at, *line)));
            }
        }
    }
    apart.retain(|_, places| places.len() >= 3 && places.len() * 2 > pages.len());
    apart.into_values().flatten().collect()
}

#[expect(clippy::cast_possible_truncation, reason = "no page is so high")]
fn height(line: &Line) -> i64 {
    line.y.round() as i64
}

/// The lines at a page's head and foot by their places; whether at its head.
fn edges(page: &[Line]) -> Vec<(usize, bool)> {
    let mut order: Vec<usize> = (0..page.len()).collect();
    order.sort_by(|a, b| page[*b].y.total_cmp(&page[*a].y));
    let heads = order.iter().take(EDGE).map(|at| (*at, true));
    let feet = order
        .iter()
        .skip(EDGE)
        .rev()
        .take(EDGE)
        .map(|at| (*at, false));
    heads.chain(feet).collect()
}

/// A line with `#` for every number.
fn shape(text: &str) -> String {
    let words: Vec<String> = text
        .split_whitespace()
        .map(|word| {
            let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
            match arabic(bare).or_else(|| roman(bare)) {
                Some(_) => word.replacen(bare, "#", 1),
                None => word.to_lowercase(),
            }
        })
        .collect();
    words.join(" ")
}

/// The page number in a line: its first or last word.
fn number(text: &str) -> Option<i64> {
    let words = || {
        text.split_whitespace()
            .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
    };
    let number = |word: &str| arabic(word).or_else(|| roman(word));
    words().find_map(number)
}

fn arabic(word: &str) -> Option<i64> {
    let digits =
        !word.is_empty() && word.len() < 6 && word.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| word.parse().ok()).flatten()
}

fn roman(word: &str) -> Option<i64> {
    let values = word.chars().map(|c| match c.to_ascii_lowercase() {
        'i' => Some(1),
        'v' => Some(5),
        'x' => Some(10),
        'l' => Some(50),
        'c' => Some(100),
        _ => None,
    });
    let values: Option<Vec<i64>> = values.collect();
    let values = values.filter(|values| (1..10).contains(&values.len()))?;
    let after = |at: usize| values.get(at + 1).copied().unwrap_or(0);
    let signed = values
        .iter()
        .enumerate()
        .map(|(at, value)| if *value < after(at) { -value } else { *value });
    Some(signed.sum())
}

/// What the running text looks like.
struct Look {
    size: f64,
    /// From one base line to the next.
    leading: f64,
    /// The sizes of headings, the largest first.
    headings: Vec<i64>,
    /// Whether paragraphs begin with an indent or after more than a line's space.
    marked: bool,
    /// By column: where most lines begin and the furthest that lines reach.
    columns: BTreeMap<usize, (f64, f64)>,
}

/// A size in tenths of a point.
#[expect(clippy::cast_possible_truncation, reason = "no type is so large")]
fn tenths(size: f64) -> i64 {
    (size * 10.0).round() as i64
}

impl Look {
    fn of(pages: &[Vec<Line>]) -> Look {
        let mut sizes: BTreeMap<i64, usize> = BTreeMap::new();
        let mut gaps: BTreeMap<i64, usize> = BTreeMap::new();
        let mut columns: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
        for page in pages {
            for line in page {
                *sizes.entry(tenths(line.size)).or_default() += line.text().len();
                let edges = columns.entry(line.column).or_insert((line.x, line.end));
                *edges = (edges.0.min(line.x), edges.1.max(line.end));
            }
            for two in page.windows(2).filter(|two| two[0].column == two[1].column) {
                *gaps.entry(tenths(two[0].y - two[1].y)).or_default() += 1;
            }
        }
        let usual = |counts: &BTreeMap<i64, usize>| {
            counts
                .iter()
                .max_by_key(|count| count.1)
                .map(|count| *count.0)
        };
        let size = usual(&sizes).unwrap_or(100);
        let headings = sizes
            .keys()
            .rev()
            .filter(|other| **other * 100 > size * 112);
        Look {
            size: to_points(size),
            leading: usual(&gaps)
                .filter(|gap| *gap > 0)
                .map_or(f64::MAX, to_points),
            headings: headings.copied().collect(),
            columns,
            marked: false,
        }
        .marked(pages)
    }

    fn marked(mut self, pages: &[Vec<Line>]) -> Look {
        let pairs = pages.iter().flat_map(|page| page.windows(2));
        let pairs =
            pairs.filter(|two| two[0].column == two[1].column && two[0].size == two[1].size);
        let (mut lines, mut breaks) = (0, 0);
        for two in pairs {
            lines += 1;
            let is_indented = two[1].x > two[0].x + 0.6 * two[1].size;
            breaks += usize::from(is_indented || self.is_apart(&two[0], &two[1]));
        }
        self.marked = breaks >= 3 && breaks * 50 >= lines;
        self
    }

    /// Whether more than a line's space stands between two lines of a column.
    fn is_apart(&self, line: &Line, next: &Line) -> bool {
        line.y - next.y > 1.35 * self.leading.max(1.25 * next.size)
    }

    /// Whether a line's paragraph ends with it because the next line's first word would have
    /// stood on it.
    fn is_short(&self, line: &Line, next: &Line) -> bool {
        let right = self.columns.get(&line.column).map_or(0.0, |edges| edges.1);
        line.end + next.first_word() + 1.3 * line.size < right
    }
}

#[expect(clippy::cast_precision_loss, reason = "sizes are small numbers")]
fn to_points(tenths: i64) -> f64 {
    tenths as f64 / 10.0
}

/// A note: its label, its lines, and whether its call was found.
struct Note {
    label: String,
    lines: Vec<Line>,
    /// What the text calls it: numbers begin anew on pages and in chapters.
    name: Option<String>,
}

/// Takes the small lines at the foot of a page or of its columns that begin with a number or
/// a sign, and names the calls on the page that have it.
fn take_notes(page: &mut Vec<Line>, look: &Look, notes: &mut Vec<Note>) {
    let raised = page.iter().flat_map(|line| &line.parts);
    let raised = raised.filter(|part| part.raised);
    let calls: BTreeSet<String> = raised.map(|part| part.text.trim().to_string()).collect();
    let mut own = Vec::new();
    let mut kept: Vec<Line> = Vec::with_capacity(page.len());
    for column in page.chunk_by(|a, b| a.column == b.column) {
        let is_small = |line: &&Line| line.size < look.size * 0.94;
        let small = column.iter().rev().take_while(is_small).count();
        let foot = column.len() - small;
        let first = column[foot..]
            .iter()
            .position(|line| label(line, &calls).is_some());
        // What stands before the first label goes on from the page before.
        let start = match first {
            None => column.len(),
            Some(_) if !notes.is_empty() && own.is_empty() => foot,
            Some(first) => foot + first,
        };
        kept.extend(column[..start].iter().cloned());
        for line in &column[start..] {
            match (label(line, &calls), own.last_mut().or(notes.last_mut())) {
                (Some((label, rest)), _) => own.push(Note {
                    label,
                    lines: vec![rest],
                    name: None,
                }),
                (None, Some(last)) => last.lines.push(line.clone()),
                (None, None) => kept.push(line.clone()),
            }
        }
    }
    *page = kept;
    for mut note in own {
        let calls = page.iter_mut().flat_map(|line| &mut line.parts);
        let mut calls = calls.filter(|part| part.raised && part.text.trim() == note.label);
        if let Some(call) = calls.next() {
            let name = format!("n{}", notes.len() + 1);
            // A sign that no text has keeps the call's place.
            let space = if call.text.ends_with(' ') { " " } else { "" };
            call.text = format!("{CALL}{name}{CALL}{space}");
            note.name = Some(name);
        }
        notes.push(note);
    }
}

const CALL: char = '\u{1}';

/// A line's label, when it begins with one, and the line without it: a number or a sign, or
/// whatever is called on the page.
fn label(line: &Line, calls: &BTreeSet<String>) -> Option<(String, Line)> {
    let first = line.parts.first()?;
    let text = first.text.trim_start();
    let word = text.split(' ').next().unwrap_or_default();
    let label: String = match calls.contains(word) {
        true => word.to_string(),
        false => text
            .chars()
            .take_while(|c| c.is_ascii_digit() || "*†‡§".contains(*c))
            .collect(),
    };
    let after = &text[label.len()..];
    let stands_apart = first.raised && after.trim().is_empty()
        || after.starts_with([' ', '.', ')'])
        || after.is_empty() && line.parts.len() > 1;
    if label.is_empty() || label.chars().count() > 4 || !stands_apart {
        return None;
    }
    let mut rest = line.clone();
    rest.parts[0].text = after.trim_start_matches(['.', ')', ' ']).to_string();
    rest.parts[0].raised = false;
    Some((label, rest))
}

/// Lines as paragraphs.
fn paragraphs(lines: Vec<Line>, look: &Look) -> Vec<Vec<Line>> {
    let mut paragraphs: Vec<Vec<Line>> = Vec::new();
    for at in 0..lines.len() {
        let line = &lines[at];
        match paragraphs.last_mut() {
            Some(last) if !begins(last, line, lines.get(at + 1), look) => last.push(line.clone()),
            _ => paragraphs.push(vec![line.clone()]),
        }
    }
    paragraphs
}

/// Whether a line begins a paragraph after the lines of another.
fn begins(before: &[Line], line: &Line, next: Option<&Line>, look: &Look) -> bool {
    let last = &before[before.len() - 1];
    let em = line.size;
    let same_column = last.column == line.column;
    let looks_other = (last.size - em).abs() > 0.08 * em || last.is_bold() != line.is_bold();
    if looks_other || (same_column && look.is_apart(last, line)) {
        return true;
    }
    // Each column has an edge of its own.
    let edge = |line: &Line| look.columns.get(&line.column).map_or(0.0, |edges| edges.0);
    let (here, there) = (line.x - edge(line), last.x - edge(last));
    let text = last.text();
    let ends = text
        .trim_end()
        .ends_with(['.', '!', '?', '”', '"', '»', ':', ')']);
    let is_short = look.is_short(last, line) && (ends || !look.marked);
    if same_column && here > there + 0.6 * em {
        // Lines that hang below a number or a name go on together.
        let hangs = next
            .is_some_and(|next| next.column == line.column && (next.x - line.x).abs() < 0.3 * em);
        return is_short || !hangs || before.len() > 1;
    }
    if same_column && before.len() > 1 && here + 0.6 * em < there {
        return true;
    }
    is_short || (!same_column && here > 0.6 * em && here < 4.0 * em)
}

/// Writes the text.
#[derive(Default)]
struct Writer {
    text: String,
    marks: Vec<Marked>,
    pairs: u32,
    /// The emphasis that is open: its number and its sign.
    open: Option<(u32, &'static str)>,
}

impl Writer {
    fn paragraph(&mut self, lines: &[Line], look: &Look) {
        let start = self.begin();
        let heading = heading(lines, look);
        for (at, line) in lines.iter().enumerate() {
            if at > 0 {
                self.text.push(if heading.is_some() { ' ' } else { '\n' });
            }
            self.line(line, heading.is_none());
        }
        self.close();
        self.mark(start, heading);
    }

    fn begin(&mut self) -> usize {
        if !self.text.is_empty() {
            self.text.push_str("\n\n");
        }
        self.text.len()
    }

    fn mark(&mut self, start: usize, what: Option<What>) {
        let end = self.text.len();
        self.marks.extend(
            what.filter(|_| start < end)
                .map(|what| Marked { start, end, what }),
        );
    }

    fn note(&mut self, note: &Note) {
        let start = self.begin();
        if note.name.is_none() {
            self.text.push_str(&format!("{} ", note.label));
        }
        for (at, line) in note.lines.iter().enumerate() {
            if at > 0 {
                self.text.push('\n');
            }
            self.line(line, true);
        }
        self.close();
        let what = note.name.clone().map(What::Note);
        self.mark(start, what);
    }

    fn furniture(&mut self, line: &Line) {
        let start = self.begin();
        self.line(line, false);
        self.mark(start, Some(What::Furniture));
    }

    fn line(&mut self, line: &Line, emphasis: bool) {
        let start = self.text.len();
        for part in &line.parts {
            let sign = match (part.italic, part.bold && !line.is_bold()) {
                _ if !emphasis || part.text.trim().is_empty() => None,
                (true, _) => Some("*"),
                (false, true) => Some("**"),
                (false, false) => None,
            };
            self.part(&part.text, sign);
        }
        let end = self.text.trim_end_matches(' ').len().max(start);
        self.text.truncate(end);
        if self.text.ends_with('\u{ad}') {
            // The line's own hyphen, which the recipe's rules undo.
            self.text.pop();
            self.text.push('-');
        }
    }

    /// Letters of one look; space around them is not emphasised.
    fn part(&mut self, text: &str, sign: Option<&'static str>) {
        if self.open.is_some_and(|(_, open)| Some(open) != sign) && !text.trim().is_empty() {
            self.close();
        }
        let inner = text.trim_start_matches(' ');
        self.space(text.len() - inner.len());
        if let (Some(sign), None) = (sign, self.open) {
            self.pairs += 1;
            self.open = Some((self.pairs, sign));
            let at = self.text.len();
            self.marks.push(Marked {
                start: at,
                end: at,
                what: What::Open(self.pairs, sign.to_string()),
            });
        }
        for (at, piece) in inner.split(CALL).enumerate() {
            if at % 2 == 0 {
                self.words(piece);
                continue;
            }
            let at = self.text.len();
            self.marks.push(Marked {
                start: at,
                end: at,
                what: What::Call(piece.to_string()),
            });
        }
    }

    fn words(&mut self, words: &str) {
        for c in words.chars() {
            match c {
                ' ' => self.space(1),
                c => self.text.push(c),
            }
        }
    }

    /// One space, and none where a line begins.
    fn space(&mut self, count: usize) {
        if count > 0 && !self.text.is_empty() && !self.text.ends_with([' ', '\n']) {
            self.text.push(' ');
        }
    }

    /// Ends emphasis after the last word.
    fn close(&mut self) {
        if let Some((pair, sign)) = self.open.take() {
            let at = self.text.trim_end().len();
            self.marks.push(Marked {
                start: at,
                end: at,
                what: What::Close(pair, sign.to_string()),
            });
        }
    }
}

/// What a paragraph is when its type says that it is a heading: larger than the text, or
/// bold, and short.
fn heading(lines: &[Line], look: &Look) -> Option<What> {
    let letters: usize = lines.iter().map(|line| line.text().chars().count()).sum();
    let line = lines.first()?;
    let has_words = lines
        .iter()
        .any(|line| line.text().chars().any(char::is_alphabetic));
    if letters > 240 || lines.len() > 4 || !has_words {
        return None;
    }
    let rank = look
        .headings
        .iter()
        .position(|size| *size == tenths(line.size));
    let level = match rank {
        Some(rank) => u8::try_from(rank).unwrap_or(u8::MAX).saturating_add(1),
        None if line.is_bold() && !line.text().trim_end().ends_with(['.', ',', ';', ':']) => {
            u8::try_from(look.headings.len())
                .unwrap_or(u8::MAX)
                .saturating_add(1)
        }
        None => return None,
    };
    Some(What::Heading(level.clamp(1, 6)))
}
