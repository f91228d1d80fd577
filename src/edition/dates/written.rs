//! Dates as running text writes them: `11 October 1972`, `October 11th`, `late July`, `the
//! winter of 1972`, `the first five months of 1972`, `in 1970`. Only what is certain is read: a
//! month without a year stays without one. English; other languages' month names are not read.

use std::ops::Range;

use crate::apparatus::date::{Bound, Date, MONTHS, Moment, SEASONS, Within};

/// Words after which a bare month or year is a date and nothing else.
const BEFORE: &[&str] = &[
    "in",
    "by",
    "of",
    "since",
    "until",
    "till",
    "during",
    "from",
    "to",
    "after",
    "before",
    "late",
    "early",
    "mid",
    "end",
    "beginning",
    "last",
    "next",
    "around",
    "about",
    "and",
    "between",
    "on",
    "year",
    "that",
];

/// A date in a text, as far as it says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    pub range: Range<usize>,
    pub year: Option<i32>,
    /// 1 to 12.
    pub month: Option<u8>,
    /// For a stretch of months, the last of them; `month` is the first.
    pub last: Option<u8>,
    pub day: Option<u8>,
    /// 0 to 3, from spring.
    pub season: Option<u8>,
    /// How many months it can be out either way, where it was reckoned: `a year later`.
    pub about: Option<u8>,
}

impl Written {
    /// A year as a whole.
    pub(super) fn of_year(year: i32) -> Written {
        Written {
            year: Some(year),
            ..Written::default()
        }
    }

    /// Whether two dates can be of one day: nothing that both say differs.
    pub fn agrees(&self, other: &Written) -> bool {
        fn same<T: PartialEq>(a: Option<T>, b: Option<T>) -> bool {
            a.is_none() || b.is_none() || a == b
        }
        if let Some(near) = self.is_near(other) {
            return near;
        }
        same(self.year, other.year)
            && self.shares_a_month(other)
            && same(self.day, other.day)
            && same(self.season, other.season)
    }

    /// Where one of two dates is reckoned: whether the other is as near as the reckoning goes.
    fn is_near(&self, other: &Written) -> Option<bool> {
        let out = i32::from(self.about.or(other.about)?);
        let count = |date: &Written| Some(date.year? * 12 + i32::from(date.month?));
        Some((count(self)? - count(other)?).abs() <= out)
    }

    fn shares_a_month(&self, other: &Written) -> bool {
        let months = |date: &Written| Some((date.month?, date.last.or(date.month)?));
        match (months(self), months(other)) {
            (Some((first, last)), Some((from, to))) => first <= to && from <= last,
            (None, _) | (_, None) => true,
        }
    }

    /// Whether they say anything of the same thing, so that they can be compared.
    pub fn compares(&self, other: &Written) -> bool {
        (self.year.is_some() && other.year.is_some())
            || (self.month.is_some() && other.month.is_some())
    }

    /// Whether it surely is all over before another begins.
    pub fn is_before(&self, other: &Written) -> bool {
        let (Some(own), Some(others)) = (self.year, other.year) else {
            return false;
        };
        let last = (
            self.last.or(self.month).unwrap_or(12),
            self.day.unwrap_or(31),
        );
        let first = (other.month.unwrap_or(1), other.day.unwrap_or(1));
        (own, last) < (others, first)
    }

    /// Whether it falls into what a date of the chronology stands for.
    pub fn is_within(&self, date: &Date) -> bool {
        let known = |bound: Bound| match bound {
            Bound::Known(moment) => Some(of_moment(&moment)),
            Bound::Open | Bound::Unknown => None,
        };
        match (known(date.start), date.end) {
            (Some(start), None) => self.agrees(&start),
            (start, end) => {
                let end = end.and_then(known);
                let ends = [&start, &end].into_iter().flatten();
                self.is_between(start.as_ref(), end.as_ref())
                    || ends.filter_map(|end| self.is_near(end)).any(|near| near)
            }
        }
    }

    fn is_between(&self, start: Option<&Written>, end: Option<&Written>) -> bool {
        // What is not said counts as the whole: its first or last month or day.
        let year = |date: Option<&Written>| date.and_then(|date| date.year);
        let own = self.year.or(year(start)).or(year(end)).unwrap_or_default();
        let after = start.is_none_or(|start| self.last_day(own) >= start.first_day(own));
        let before = end.is_none_or(|end| self.first_day(own) <= end.last_day(own));
        after && before
    }

    fn first_day(&self, year: i32) -> (i32, u8, u8) {
        let year = self.year.unwrap_or(year);
        (year, self.month.unwrap_or(1), self.day.unwrap_or(1))
    }

    fn last_day(&self, year: i32) -> (i32, u8, u8) {
        let month = self.last.or(self.month).unwrap_or(12);
        (self.year.unwrap_or(year), month, self.day.unwrap_or(31))
    }
}

/// What a moment of the chronology says. Seasons are those of the text's own words.
pub(super) fn of_moment(moment: &Moment) -> Written {
    let (month, day, season) = match moment.within {
        Within::Year | Within::SomeMonth | Within::SomeDay => (None, None, None),
        Within::Season(season) => (None, None, Some((season - 21) % 4)),
        Within::Month(month) | Within::DayOf(month) => (Some(month), None, None),
        Within::Day(month, day) => (Some(month), Some(day), None),
    };
    Written {
        year: (moment.open_digits == 0).then_some(moment.year),
        month,
        day,
        season,
        ..Written::default()
    }
}

/// A word or figure and where it stands.
#[derive(Clone, Copy)]
pub(super) struct Token<'t> {
    pub(super) text: &'t str,
    pub(super) start: usize,
}

impl Token<'_> {
    pub(super) fn end(&self) -> usize {
        self.start + self.text.len()
    }
}

/// A text as words and figures.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::with_capacity(text.len() / 6);
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        // 2,000 and 3.5 are one figure each, and no year.
        let inside = matches!(c, ',' | '.')
            && start.is_some()
            && text[..at].ends_with(|c: char| c.is_ascii_digit())
            && text[at + 1..].starts_with(|c: char| c.is_ascii_digit());
        match (start, c.is_alphanumeric() || inside) {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                tokens.push(Token {
                    text: &text[from..at],
                    start: from,
                });
                start = None;
            }
            _ => {}
        }
    }
    tokens
}

/// A text to be read for dates.
pub(super) struct Reader<'t> {
    pub(super) text: &'t str,
    pub(super) tokens: Vec<Token<'t>>,
}

/// A date and the token after it.
type Read = Option<(Written, usize)>;

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t str) -> Reader<'t> {
        Reader {
            text,
            tokens: tokens(text),
        }
    }

    /// A word or figure; empty after the last.
    pub(super) fn token(&self, at: usize) -> &'t str {
        self.tokens.get(at).map_or("", |token| token.text)
    }

    /// From one token to the one before another.
    pub(super) fn range(&self, at: usize, next: usize) -> Range<usize> {
        self.tokens[at].start..self.tokens[next - 1].end()
    }

    /// The date that begins at a token, and the token after it.
    pub(super) fn date(&self, at: usize) -> Read {
        let word = self.token(at);
        let first = word.bytes().next()?;
        let read = if first.is_ascii_digit() {
            self.day_month(at)
                .or_else(|| self.year_first(at))
                .or_else(|| self.bare_year(at))
        } else {
            self.month_day(at)
                .or_else(|| self.bare_month(at))
                .or_else(|| self.season_of(at))
                .or_else(|| self.part_of_year(at))
        };
        read.map(|(mut date, next)| {
            date.range = self.range(at, next);
            (date, next)
        })
    }

    /// `11 October 1972`, `the 4th of March`. Between figure and month stands nothing but `of`.
    fn day_month(&self, at: usize) -> Read {
        let day = day(self.token(at))?;
        let month_at = self.skip(at + 1, "of");
        let month = month(self.token(month_at))?;
        let (year, next) = self.year_or(month_at + 1, month_at + 1);
        Some((day_of(year, month, day), next))
    }

    /// `October 11th, 1972`.
    fn month_day(&self, at: usize) -> Read {
        let month = month(self.token(at))?;
        let day = day(self.token(at + 1)).filter(|_| self.is_spaced(at + 1))?;
        let (year, next) = self.year_or(at + 2, at + 2);
        Some((day_of(year, month, day), next))
    }

    /// `1972 October`, `1973 11 September`, as timelines have it.
    fn year_first(&self, at: usize) -> Read {
        let year = year(self.token(at)).filter(|_| self.is_spaced(at + 1))?;
        let (mut date, next) = self.day_month(at + 1).or_else(|| {
            let month = month(self.token(at + 1))?;
            let date = Written {
                month: Some(month),
                ..Written::default()
            };
            Some((date, at + 2))
        })?;
        date.year = date.year.is_none().then_some(year);
        date.year.is_some().then_some((date, next))
    }

    /// `July of 1973`, `in July`.
    fn bare_month(&self, at: usize) -> Read {
        let month = month(self.token(at))?;
        let (year, next) = self.year_or(self.skip(at + 1, "of"), at + 1);
        let date = Written {
            year,
            month: Some(month),
            ..Written::default()
        };
        (year.is_some() || self.is_after_a_word_for_dates(at)).then_some((date, next))
    }

    /// `the winter of 1972`.
    fn season_of(&self, at: usize) -> Read {
        let season = season(self.token(at))?;
        let (year, next) = self.year_after(self.skip(at + 1, "of"))?;
        let date = Written {
            season: Some(season),
            ..Written::of_year(year)
        };
        Some((date, next))
    }

    /// `first half of 1972`, `first five months of 1972`, `last quarter of 1971`.
    fn part_of_year(&self, at: usize) -> Read {
        let which = self.token(at);
        let from_end = matches!(which, "second" | "latter" | "last");
        if !from_end && which != "first" {
            return None;
        }
        let (months, of) = match self.token(at + 1) {
            "half" => (6, at + 2),
            "quarter" if which != "second" => (3, at + 2),
            count if self.token(at + 2) == "months" && which != "second" => {
                (number(count)?, at + 3)
            }
            _ => return None,
        };
        let (year, next) = self.year_after(self.skip(of, "of"))?;
        let months = u8::try_from(months)
            .ok()
            .filter(|it| (1..=12).contains(it))?;
        let (first, last) = if from_end {
            (13 - months, 12)
        } else {
            (1, months)
        };
        let date = Written {
            month: Some(first),
            last: Some(last),
            ..Written::of_year(year)
        };
        Some((date, next))
    }

    /// `in 1970`, `(1970)`, `1970–71`.
    fn bare_year(&self, at: usize) -> Read {
        let year = year(self.token(at))?;
        let before = &self.text[..self.tokens[at].start];
        let alone = self.is_after_a_word_for_dates(at)
            || before.ends_with(['(', '–', '-', '/'])
            || self.tokens.len() == 1;
        alone.then_some((Written::of_year(year), at + 1))
    }

    fn skip(&self, at: usize, word: &str) -> usize {
        at + usize::from(self.token(at) == word)
    }

    fn is_after_a_word_for_dates(&self, at: usize) -> bool {
        let before = at.checked_sub(1).map(|at| self.token(at).to_lowercase());
        before.is_some_and(|before| BEFORE.contains(&before.as_str()))
    }

    /// A year after a comma or a space, and the token after it.
    fn year_after(&self, at: usize) -> Option<(i32, usize)> {
        let token = self.tokens.get(at)?;
        let gap = self.text[self.tokens[at.checked_sub(1)?].end()..token.start].trim();
        let year = year(token.text).filter(|_| matches!(gap, "" | ","))?;
        Some((year, at + 1))
    }

    fn year_or(&self, at: usize, end: usize) -> (Option<i32>, usize) {
        match self.year_after(at) {
            Some((year, next)) => (Some(year), next),
            None => (None, end),
        }
    }

    /// Whether nothing but a space stands before a token.
    pub(super) fn is_spaced(&self, at: usize) -> bool {
        let (Some(before), Some(token)) =
            (self.tokens.get(at.wrapping_sub(1)), self.tokens.get(at))
        else {
            return false;
        };
        matches!(&self.text[before.end()..token.start], " " | "\u{a0}")
    }
}

fn day_of(year: Option<i32>, month: u8, day: u8) -> Written {
    Written {
        year,
        month: Some(month),
        day: Some(day),
        ..Written::default()
    }
}

/// A small number in words or figures.
pub(super) fn number(word: &str) -> Option<i32> {
    const WORDS: [&str; 13] = [
        "", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
        "eleven", "twelve",
    ];
    let lower = word.to_ascii_lowercase();
    if matches!(lower.as_str(), "a" | "an") {
        return Some(1);
    }
    let named = WORDS
        .iter()
        .position(|name| !name.is_empty() && *name == lower);
    match named {
        Some(number) => i32::try_from(number).ok(),
        None => lower
            .parse()
            .ok()
            .filter(|number| (1..100).contains(number)),
    }
}

fn month(word: &str) -> Option<u8> {
    let at = MONTHS.iter().position(|month| *month == word)?;
    u8::try_from(at + 1).ok()
}

pub(super) fn season(word: &str) -> Option<u8> {
    let word = word.to_lowercase();
    let word = if word == "fall" { "autumn" } else { &word };
    let at = SEASONS.iter().position(|season| *season == word)?;
    u8::try_from(at).ok()
}

fn day(word: &str) -> Option<u8> {
    let figures = word.trim_end_matches(|c: char| c.is_ascii_lowercase());
    let ending = &word[figures.len()..];
    let day: u8 = figures.parse().ok()?;
    (matches!(ending, "" | "st" | "nd" | "rd" | "th") && (1..=31).contains(&day)).then_some(day)
}

fn year(word: &str) -> Option<i32> {
    let is_year = word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit());
    let year: i32 = word.parse().ok()?;
    (is_year && (1400..2100).contains(&year)).then_some(year)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edition::dates::find;

    fn found(text: &str) -> Vec<String> {
        find(text)
            .into_iter()
            .map(|date| {
                let number = |it: Option<u8>| it.map_or("-".to_string(), |it| it.to_string());
                let year = date.year.map_or("-".to_string(), |year| year.to_string());
                let season = date
                    .season
                    .map_or(String::new(), |it| format!(" {}", SEASONS[usize::from(it)]));
                format!(
                    "{}: {year} {} {}{season}",
                    &text[date.range.clone()],
                    number(date.month),
                    number(date.day)
                )
            })
            .collect()
    }

    #[test]
    fn reads_days_in_both_orders() {
        assert_eq!(
            found("On 11 October 1972, on October 11th, 1972, on June 29 and on the 4th of March."),
            [
                "11 October 1972: 1972 10 11",
                "October 11th, 1972: 1972 10 11",
                "June 29: - 6 29",
                "4th of March: - 3 4"
            ]
        );
    }

    #[test]
    fn reads_months_seasons_and_years_only_where_they_are_certain() {
        assert_eq!(
            found("In July of 1973, in late July, the winter of 1972, by 1971 and (1970)."),
            [
                "July of 1973: 1973 7 -",
                "July: - 7 -",
                "winter of 1972: 1972 - - winter",
                "1971: 1971 - -",
                "1970: 1970 - -"
            ]
        );
        assert_eq!(
            found("We may march. May of old; 1970 copies, 2,000 men, 36.63, a March of time."),
            Vec::<String>::new()
        );
    }

    #[test]
    fn reads_timelines_and_parts_of_years() {
        assert_eq!(
            found(
                "1972 October. 1973 11 September. The second half of 1972, the last quarter of 1971."
            ),
            [
                "1972 October: 1972 10 -",
                "1973 11 September: 1973 9 11",
                "second half of 1972: 1972 7 -",
                "last quarter of 1971: 1971 10 -",
            ]
        );
        let five = find("in just the first five months of 1972").remove(0);
        assert_eq!((five.month, five.last), (Some(1), Some(5)));
    }

    #[test]
    fn compares_with_the_chronology_only_what_both_say() {
        let date = |edtf: &str| Date::read(edtf).expect("it is a date");
        let of = |text: &str| find(text).remove(0);
        assert!(of("on October 11").is_within(&date("1972-10-11")));
        assert!(of("in October 1972").is_within(&date("1972-10-11")));
        assert!(!of("on 10 October").is_within(&date("1972-10-11")));
        assert!(!of("in July of 1973").is_within(&date("1973-06-29")));
        assert!(of("in 1972").is_within(&date("1971/1973")));
        assert!(of("in May").is_within(&date("1971-04/1971-06")));
        assert!(!of("in 1974").is_within(&date("1971/1973")));
    }
}
