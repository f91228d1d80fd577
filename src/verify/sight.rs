//! Pages as they are seen, line by line, against those that were set: what stands where,
//! whatever a file's structure says.

use super::pdf::Seen;
use crate::pages::{Item, Page, Run};
use crate::units::{Length, Size};

/// What stands on one base line of a page.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Line {
    /// Where it begins, in points from the page's upper left corner.
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) end: f64,
    pub(super) text: String,
}

/// Base lines nearer than this are one.
const ONE_LINE: f64 = 0.3;
/// Pieces further apart are not of one word.
const GAP: f64 = 1.0;
/// What is further off than this stands in another place.
const OFF: f64 = 0.5;

impl Line {
    /// Whether two lines have the same letters. One letter form may stand for a capital and
    /// for a small letter; which hyphens are the line's own is told by the structure.
    pub(super) fn says_as(&self, other: &Line) -> bool {
        let letters = |line: &Line| -> String {
            let letters = line.text.chars().filter(|c| is_letter(*c));
            letters.flat_map(char::to_lowercase).collect()
        };
        self.text == other.text || letters(self) == letters(other)
    }
}

/// A page's lines as they were set.
pub(super) fn set(page: &Page) -> Vec<Line> {
    let runs = page.items.iter().filter_map(|item| match item {
        Item::Run(run) => Some(run),
        Item::Rule { .. } | Item::Picture { .. } => None,
    });
    lines(runs.map(|run| {
        Line {
            x: points(run.origin.x),
            y: points(run.origin.y),
            end: points(
                run.glyphs
                    .iter()
                    .fold(run.origin.x, |x, glyph| x + Length::from(glyph.advance)),
            ),
            text: spoken(run),
        }
    }))
}

/// How many pictures a page was set with.
pub(super) fn set_pictures(page: &Page) -> usize {
    let is_picture = |item: &&Item| matches!(item, Item::Picture { .. });
    page.items.iter().filter(is_picture).count()
}

/// A page's lines as a file shows them on a page of the book's size.
pub(super) fn shown(seen: &[Seen], trim: Size) -> Vec<Line> {
    let height = points(trim.height);
    lines(seen.iter().map(|seen| Line {
        x: seen.x,
        y: height - seen.y,
        end: seen.end,
        text: seen.text.clone(),
    }))
}

/// A length in points.
#[expect(
    clippy::cast_precision_loss,
    reason = "no page is so large that its points would not fit"
)]
pub(super) fn points(length: Length) -> f64 {
    length.0 as f64 / 65_536.0
}

/// What a run's letters say, without the hyphens that its line's end added.
pub(super) fn spoken(run: &Run) -> String {
    let added = |at: usize| {
        let mut glyphs = run.glyphs.iter();
        glyphs.any(|glyph| glyph.added_hyphen && glyph.cluster as usize == at)
    };
    let has_added = run.glyphs.iter().any(|glyph| glyph.added_hyphen);
    let letters = run.text.char_indices();
    let letters = letters.filter(|(at, _)| !has_added || !added(*at));
    letters.map(|(_, letter)| letter).collect()
}

/// Pieces in any order as lines from the top down, each from left to right.
pub(super) fn lines(pieces: impl Iterator<Item = Line>) -> Vec<Line> {
    let mut pieces: Vec<Line> = pieces
        .filter(|piece| piece.text.chars().any(is_letter))
        .collect();
    pieces.sort_by(|a, b| a.y.total_cmp(&b.y));
    let mut lines = Vec::new();
    for row in pieces.chunk_by_mut(|a, b| b.y - a.y < ONE_LINE) {
        row.sort_by(|a, b| a.x.total_cmp(&b.x));
        let mut line = row[0].clone();
        for piece in &row[1..] {
            if piece.x - line.end > GAP && !line.text.ends_with(' ') {
                line.text.push(' ');
            }
            line.text.push_str(&piece.text);
            line.end = piece.end;
        }
        lines.push(line);
    }
    lines
}

/// Whether a character leaves ink.
fn is_letter(c: char) -> bool {
    !c.is_whitespace()
        && !matches!(
            c,
            '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}'
        )
}

/// The first line in which two pages differ: where, and what each has there; `None` when
/// they look alike.
pub(super) fn differ<'l>(set: &'l [Line], shown: &'l [Line]) -> Option<Differs<'l>> {
    let at = set.iter().zip(shown).position(|(set, shown)| {
        (set.x - shown.x).abs() > OFF || (set.y - shown.y).abs() > OFF || !set.says_as(shown)
    });
    let at = match at {
        Some(at) => at,
        None if set.len() == shown.len() => return None,
        None => set.len().min(shown.len()),
    };
    Some(Differs {
        set: set.get(at),
        shown: shown.get(at),
    })
}

/// A line that is not as it was set.
pub(super) struct Differs<'l> {
    set: Option<&'l Line>,
    shown: Option<&'l Line>,
}

impl Differs<'_> {
    /// In words: `shows “…” where “…” was set`.
    pub(super) fn words(&self) -> String {
        match (self.set, self.shown) {
            (Some(set), Some(shown)) if set.says_as(shown) => {
                format!(
                    "shows “{}” in another place than it was set",
                    short(&set.text)
                )
            }
            (Some(set), Some(shown)) => {
                format!(
                    "shows “{}” where “{}” was set",
                    short(&shown.text),
                    short(&set.text)
                )
            }
            (Some(set), None) => format!("does not show “{}”", short(&set.text)),
            (None, Some(shown)) => format!("shows “{}” below all that was set", short(&shown.text)),
            (None, None) => "shows what was not set".into(),
        }
    }
}

fn short(text: &str) -> String {
    const LONGEST: usize = 60;
    let words: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match words.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{} …", words[..end].trim_end()),
        None => words,
    }
}
