//! Dates told from other dates: `a month later`, `five months after the flood`, `the following
//! day`, `that winter`. `Some years later`, `not two years later` and `a year ago` are not
//! certain, or are told from when the text was written, and are no dates.

use std::ops::Range;

use crate::edition::dates::written::{Reader, Written, number, season};
use crate::edition::fold::folded;

/// Words before a count that make it uncertain, or a stretch of time.
const VAGUE: &[&str] = &[
    "not", "almost", "nearly", "over", "than", "within", "for", "the", "these", "those", "past",
    "last", "every", "barely", "hardly", "under",
];

/// A date as it stands, or one that has to be reckoned.
pub(super) enum Found {
    Date(Written),
    Relative(Relative),
}

/// A date told from another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Relative {
    pub(super) range: Range<usize>,
    pub(super) shift: Shift,
    pub(super) base: Base,
}

/// How far it is from the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shift {
    Days(i32),
    Months(i32),
    Years(i32),
    /// The season of the same year: `that winter`.
    Season(u8),
}

/// What it is told from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Base {
    /// The date before it.
    Last,
    Date(Written),
    /// An event that the text names, by its number.
    Event(usize),
    /// Words that name no event of the chronology.
    Unknown,
}

/// What texts call an event, folded and without an article, and the event's number; the longest
/// first.
pub(super) type Name = (String, usize);

/// Every date of a text, in order.
pub(super) fn find(text: &str, names: &[Name]) -> Vec<Found> {
    let reader = Reader::new(text);
    let mut all = Vec::new();
    let mut at = 0;
    while at < reader.tokens.len() {
        let found = match reader.date(at) {
            Some((date, next)) => Some((Found::Date(date), next)),
            None => relative(&reader, names, at).map(|(one, next)| (Found::Relative(one), next)),
        };
        match found {
            Some((one, next)) => {
                all.push(one);
                at = next;
            }
            None => at += 1,
        }
    }
    all
}

/// The relative date that begins at a token, and the token after it.
fn relative(reader: &Reader, names: &[Name], at: usize) -> Option<(Relative, usize)> {
    let (shift, base, next) = counted(reader, names, at).or_else(|| pointed(reader, at))?;
    let range = reader.range(at, next);
    Some((Relative { range, shift, base }, next))
}

/// `five months after …`, `a year later`, `the day before …`.
fn counted(reader: &Reader, names: &[Name], at: usize) -> Option<(Shift, Base, usize)> {
    let the = reader.token(at).eq_ignore_ascii_case("the");
    let count = if the {
        Some(1)
    } else {
        number(reader.token(at))
    }?;
    let before = at
        .checked_sub(1)
        .map(|at| reader.token(at).to_ascii_lowercase());
    if before.is_some_and(|word| VAGUE.contains(&word.as_str())) {
        return None;
    }
    let way = reader.token(at + 2);
    let back = match way {
        "later" | "afterwards" | "after" => false,
        "earlier" | "before" | "previously" => true,
        _ => return None,
    };
    let shift = unit(reader.token(at + 1))?(if back { -count } else { count });
    let next = at + 3;
    let base = match way {
        "after" | "before" => base(reader, names, next),
        _ if the => return None,
        _ => Base::Last,
    };
    Some((shift, base, next))
}

/// What stands after `after` and `before`.
fn base(reader: &Reader, names: &[Name], next: usize) -> Base {
    let end = reader.tokens[next - 1].end();
    let rest = reader.text[end..].trim_start();
    if rest.is_empty() || rest.starts_with([',', '.', ';', ':', ')', '—', '–']) {
        return Base::Last;
    }
    let is_small = |word: &str| matches!(word, "on" | "the" | "in");
    let date_at = (next..next + 2).find(|at| !is_small(reader.token(*at)));
    if let Some((date, _)) = date_at.and_then(|at| reader.date(at)) {
        return Base::Date(date);
    }
    let words: String = rest.chars().take(80).collect();
    let mut named = names
        .iter()
        .filter(|(name, _)| begins_with(&folded(&words), name));
    match (named.next(), named.next()) {
        (Some((_, event)), None) => Base::Event(*event),
        // The longest come first.
        (Some((one, event)), Some((other, another)))
            if one.len() > other.len() || event == another =>
        {
            Base::Event(*event)
        }
        _ => Base::Unknown,
    }
}

/// Whether a text begins with a name as a whole word, an article aside.
fn begins_with(text: &str, name: &str) -> bool {
    bare(text)
        .strip_prefix(name)
        .is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
}

/// A name without its article.
pub(super) fn bare(name: &str) -> &str {
    let articles = ["the ", "a ", "an "];
    let bare = articles
        .iter()
        .find_map(|article| name.strip_prefix(article));
    bare.unwrap_or(name)
}

/// `the following day`, `the previous year`, `that winter`.
fn pointed(reader: &Reader, at: usize) -> Option<(Shift, Base, usize)> {
    let lower = |at: usize| reader.token(at).to_ascii_lowercase();
    let first = lower(at);
    let (step, which_at) = match first.as_str() {
        "that" => (0, at),
        "the" => match reader.token(at + 1) {
            "following" | "next" => (1, at + 1),
            "previous" | "preceding" => (-1, at + 1),
            "same" => (0, at + 1),
            _ => return None,
        },
        "next" if matches!(reader.token(at + 1), "day" | "morning") => (1, at),
        _ => return None,
    };
    let what = reader.token(which_at + 1);
    let next = which_at + 2;
    if let Some(season) = season(what).filter(|_| step == 0 && what != "fall") {
        return Some((Shift::Season(season), Base::Last, next));
    }
    // `that year after year` points at none.
    if matches!(reader.token(next), "after" | "before" | "of" | "when") {
        return None;
    }
    let shift = match what {
        "morning" | "evening" => Shift::Days(step),
        _ => unit(what).filter(|_| !what.ends_with('s'))?(step),
    };
    Some((shift, Base::Last, next))
}

/// What counts in a unit.
fn unit(word: &str) -> Option<fn(i32) -> Shift> {
    match word {
        "day" | "days" => Some(Shift::Days),
        "week" | "weeks" => Some(|count| Shift::Days(7 * count)),
        "fortnight" => Some(|count| Shift::Days(14 * count)),
        "month" | "months" => Some(Shift::Months),
        "year" | "years" => Some(Shift::Years),
        "decade" | "decades" => Some(|count| Shift::Years(10 * count)),
        _ => None,
    }
}

impl Relative {
    /// The date that it means, where the other date says enough for it.
    pub(super) fn from(&self, base: &Written) -> Option<Written> {
        let year = base.year?;
        let mut date = match self.shift {
            Shift::Days(days) => shifted_days((year, base.month?, base.day?), days),
            Shift::Months(count) => {
                let month = i32::from(base.month.filter(|_| base.last.is_none())?);
                let months = year * 12 + month - 1 + count;
                Written {
                    month: u8::try_from(months.rem_euclid(12) + 1).ok(),
                    about: (count != 0).then_some(1),
                    ..Written::of_year(months.div_euclid(12))
                }
            }
            // Half a year either way, where the month is known.
            Shift::Years(count) => Written {
                month: base.month.filter(|_| count != 0 && base.last.is_none()),
                about: base.month.filter(|_| count != 0).map(|_| 6),
                ..Written::of_year(year + count)
            },
            // A winter at the end of a year may be the next one's.
            Shift::Season(season) => {
                base.month.is_none_or(|month| month < 10).then_some(())?;
                Written {
                    season: Some(season),
                    ..Written::of_year(year)
                }
            }
        };
        date.range = self.range.clone();
        Some(date)
    }
}

/// A day so many days from another.
fn shifted_days((mut year, mut month, day): (i32, u8, u8), days: i32) -> Written {
    let length = |year: i32, month: u8| {
        let same = u32::try_from(year.rem_euclid(400)).unwrap_or_default();
        i32::try_from(crate::data::days_in(same, u32::from(month))).unwrap_or(31)
    };
    let mut day = i32::from(day) + days;
    while day < 1 {
        (year, month) = if month == 1 {
            (year - 1, 12)
        } else {
            (year, month - 1)
        };
        day += length(year, month);
    }
    while day > length(year, month) {
        day -= length(year, month);
        (year, month) = if month == 12 {
            (year + 1, 1)
        } else {
            (year, month + 1)
        };
    }
    Written {
        month: Some(month),
        day: u8::try_from(day).ok(),
        ..Written::of_year(year)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str, base: &str) -> Vec<String> {
        let base = crate::edition::dates::find(base).remove(0);
        let names = [
            ("flood of the mill".to_string(), 1),
            ("flood".to_string(), 0),
        ];
        let found = find(text, &names).into_iter().filter_map(|one| match one {
            Found::Date(_) => None,
            Found::Relative(one) => Some(one),
        });
        let shown = |one: Relative| {
            let date = one.from(&base);
            let date = date.map_or("?".to_string(), |date| {
                let number = |it: Option<u8>| it.map_or("-".to_string(), |it| it.to_string());
                let year = date.year.unwrap_or_default();
                format!("{year} {} {}", number(date.month), number(date.day))
            });
            format!("{}: {:?} {date}", &text[one.range.clone()], one.base)
        };
        found.map(shown).collect()
    }

    #[test]
    fn reckons_from_the_date_before() {
        for (text, base, means) in [
            (
                "a month later",
                "11 December 1972",
                "a month later: Last 1973 1 -",
            ),
            (
                "two weeks afterwards",
                "24 December 1972",
                "two weeks afterwards: Last 1973 1 7",
            ),
            (
                "on the following day",
                "28 February 1972",
                "the following day: Last 1972 2 29",
            ),
            (
                "the day before, ",
                "1 March 1973",
                "the day before: Last 1973 2 28",
            ),
            (
                "a year earlier",
                "in late 1972",
                "a year earlier: Last 1971 - -",
            ),
            (
                "a year later",
                "in July 1971",
                "a year later: Last 1972 7 -",
            ),
            (
                "three days later",
                "in July 1971",
                "three days later: Last ?",
            ),
            ("that winter", "in July 1971", "that winter: Last 1971 - -"),
            ("that winter", "in December 1971", "that winter: Last ?"),
            (
                "the previous month",
                "in January 1973",
                "the previous month: Last 1972 12 -",
            ),
        ] {
            assert_eq!(said(text, base), [means], "{text} from {base}");
        }
    }

    #[test]
    fn tells_what_it_is_reckoned_from() {
        let from = |text: &str| said(text, "in 1970").remove(0);
        assert!(from("Five months after the flood came").contains("Event(0)"));
        assert!(from("Five months after the flood of the mill").contains("Event(1)"));
        assert!(from("five months after the king took office").contains("Unknown"));
        assert!(from("two days before the 4th of March").contains("day: Some(4)"));
    }

    #[test]
    fn leaves_what_is_not_certain() {
        let none: Vec<String> = Vec::new();
        for text in [
            "not two years later",
            "years later",
            "some years later",
            "two years ago",
            "in the two years after the flood",
            "year after year",
            "he said that year after year",
            "the day of the flood",
            "next year",
        ] {
            assert_eq!(said(text, "in 1970"), none, "{text}");
        }
    }
}
