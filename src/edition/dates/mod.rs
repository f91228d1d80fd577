//! The dates of the running text: read as they are written, understood by what stands before
//! them and by the chronology, and led to the event that they tell. Only what is certain is
//! taken; what is not stays unclear, and `cordel check --report chronology` lists it.

use std::ops::Range;

use crate::apparatus::Reading;
use crate::source::PassageId;
use crate::text::plain_of;

mod course;
mod relative;
mod telling;
mod written;

pub(super) use telling::read;
pub use written::Written;

/// Every date of a text as it says, without what stands before it: `11 October`, `1972`.
pub fn find(plain: &str) -> Vec<Written> {
    let found = relative::find(plain, &[]);
    let dates = found.into_iter().filter_map(|one| match one {
        relative::Found::Date(date) => Some(date),
        relative::Found::Relative(_) => None,
    });
    dates.collect()
}

/// The dates that a reading of the chronology says a source has.
pub fn of_reading(reading: &Reading) -> Vec<Written> {
    let mut says = String::from("in ");
    plain_of(&reading.says, &mut says);
    find(&says)
}

/// A date of the running text, and what it tells.
#[derive(Clone, Debug)]
pub struct Dated {
    pub passage: PassageId,
    /// What it means, as far as that is certain; its range counts in the passage's plain text.
    pub when: Written,
    pub how: How,
    /// The event that it tells, by id.
    pub event: Option<String>,
    /// Whether the event cites the passage, so that its entry names the page already.
    pub cited: bool,
}

/// How it is known what a date means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// It says so itself.
    Said,
    /// Its year is that of the text before it.
    Inferred,
    /// Reckoned from another date: `a month later`.
    Reckoned,
    /// It is not known.
    Unclear,
}

/// A text's sentences.
pub fn sentences(plain: &str) -> Vec<Range<usize>> {
    let mut all = Vec::new();
    let mut start = 0;
    for (at, stop) in plain.match_indices(['.', '?', '!']) {
        let end = at + stop.len();
        let rest = plain[end..].trim_start_matches(['”', '’', '"', ')', ']']);
        let next = rest.trim_start();
        let opens = |c: char| c.is_uppercase() || matches!(c, '“' | '‘' | '"' | '(' | '[');
        if next.len() < rest.len() && next.starts_with(opens) {
            all.push(start..plain.len() - rest.len());
            start = plain.len() - next.len();
        }
    }
    all.push(start..plain.len());
    all
}

#[cfg(test)]
mod tests {
    use super::sentences;

    #[test]
    fn divides_sentences() {
        let text = "He left on 4 May. “Why?” In 3.5 years he came. no";
        let parts: Vec<&str> = sentences(text)
            .into_iter()
            .map(|range| &text[range])
            .collect();
        assert_eq!(
            parts,
            ["He left on 4 May.", "“Why?”", "In 3.5 years he came. no"]
        );
    }
}
