//! Display type: breaks a title into lines so that it can be set as large as its place allows,
//! with lines of like length and no small word left behind at a line's end.

/// Words to be broken into lines; widths in units of the em's thousandth.
pub(super) struct Words {
    pub widths: Vec<u32>,
    pub space: u32,
    /// Whether a line should rather not end with the word: an article, a preposition.
    pub binds: Vec<bool>,
}

/// The place for them, in pixels.
#[derive(Clone, Copy)]
pub(super) struct Room {
    pub width: u32,
    pub height: u32,
    /// The largest size that the type may have.
    pub size: u32,
    /// From base line to base line, in thousandths of the size.
    pub leading: u32,
}

/// How the words are set: the size in pixels and the range of words of each line.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fit {
    pub size: u32,
    pub lines: Vec<std::ops::Range<usize>>,
}

/// More lines than these no cover has.
const MOST_LINES: usize = 12;
/// Words beyond these are left to the title page.
const MOST_WORDS: usize = 60;

/// Finds the largest size, and among the ways to reach it the one with the fewest lines.
/// A line ends with a word that binds only where the type would else be far smaller.
pub(super) fn fit(words: &Words, room: Room) -> Fit {
    let bound = largest(words, room, true);
    let free = largest(words, room, false);
    if bound.size * 4 >= free.size * 3 {
        bound
    } else {
        free
    }
}

fn largest(words: &Words, room: Room, bound: bool) -> Fit {
    let words = &Breaking { words, bound };
    let count = words.words.widths.len().min(MOST_WORDS);
    let mut best = Fit {
        size: 0,
        lines: Vec::new(),
    };
    for lines in 1..=count.min(MOST_LINES) {
        let tall = room.height * 1000 / (u32::try_from(lines).unwrap_or(1) * room.leading);
        let widest = narrowest(words, count, lines);
        let wide = room.width * 1000 / widest.max(1);
        let size = room.size.min(tall).min(wide);
        if size > best.size {
            best = Fit {
                size,
                lines: evenest(words, count, lines, widest),
            };
        }
    }
    best
}

/// Words that are being broken; `bound` when no line may end with a word that binds.
struct Breaking<'w> {
    words: &'w Words,
    bound: bool,
}

impl Breaking<'_> {
    /// The width of a line; beyond all measure where it may not end.
    fn width(&self, from: usize, to: usize, count: usize) -> u32 {
        if self.bound && self.words.binds[to - 1] && to < count {
            return u32::MAX;
        }
        let set: u32 = self.words.widths[from..to].iter().sum();
        set + u32::try_from(to - from - 1).unwrap_or(0) * self.words.space
    }
}

/// The width of the widest line when the words are broken into so many lines as well as
/// can be.
fn narrowest(words: &Breaking<'_>, count: usize, lines: usize) -> u32 {
    let mut widest: Vec<u32> = (1..=count).map(|to| words.width(0, to, count)).collect();
    for line in 1..lines {
        widest = (1..=count)
            .map(|to| {
                (line..to)
                    .map(|from| widest[from - 1].max(words.width(from, to, count)))
                    .min()
                    .unwrap_or(u32::MAX)
            })
            .collect();
    }
    widest[count - 1]
}

/// The breaks with the most even lines, none wider than `widest`.
fn evenest(
    words: &Breaking<'_>,
    count: usize,
    lines: usize,
    widest: u32,
) -> Vec<std::ops::Range<usize>> {
    let slack = |from: usize, to: usize| {
        let width = words.width(from, to, count);
        let slack = u64::from(widest.checked_sub(width)?);
        Some(slack * slack)
    };
    // By line and end: the least sum of squares and where the line begins.
    let mut table: Vec<Vec<Option<(u64, usize)>>> = Vec::new();
    table.push((1..=count).map(|to| Some((slack(0, to)?, 0))).collect());
    for line in 1..lines {
        let above = &table[line - 1];
        let row = (1..=count)
            .map(|to| {
                (line..to)
                    .filter_map(|from| Some((above[from - 1]?.0 + slack(from, to)?, from)))
                    .min()
            })
            .collect();
        table.push(row);
    }
    let mut ranges = Vec::new();
    let mut to = count;
    for row in table.iter().rev() {
        let from = row[to - 1].map_or(0, |(_, from)| from);
        ranges.push(from..to);
        to = from.max(1);
    }
    ranges.reverse();
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(title: &str, room: Room) -> Vec<String> {
        let words: Vec<&str> = title.split(' ').collect();
        let measured = Words {
            widths: words
                .iter()
                .map(|word| 500 * u32::try_from(word.len()).unwrap_or(0))
                .collect(),
            space: 250,
            binds: words
                .iter()
                .map(|word| word.len() < 4 && word.starts_with(char::is_lowercase))
                .collect(),
        };
        let fit = fit(&measured, room);
        fit.lines
            .into_iter()
            .map(|line| words[line].join(" "))
            .collect()
    }

    const ROOM: Room = Room {
        width: 1000,
        height: 1000,
        size: 300,
        leading: 1000,
    };

    #[test]
    fn breaks_a_title_evenly_and_not_after_a_small_word() {
        assert_eq!(
            set("The Road to the Sea of Glass", ROOM),
            ["The Road", "to the Sea", "of Glass"]
        );
        assert_eq!(set("Bread", ROOM), ["Bread"]);
        assert_eq!(
            set("Bread, Work and Shelter", ROOM),
            ["Bread,", "Work and", "Shelter"]
        );
    }

    #[test]
    fn sets_few_words_in_the_largest_size() {
        let words = Words {
            widths: vec![500],
            space: 250,
            binds: vec![false],
        };
        assert_eq!(fit(&words, ROOM).size, 300);
    }
}
