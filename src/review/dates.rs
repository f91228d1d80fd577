//! Dates as running text writes them: `11 October 1972`, `October 11th`, `late July`, `the
//! winter of 1972`, `in 1970`. Only what is certain is read: a month without a year stays
//! without one. English; other languages' month names are not read yet.

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
pub(super) struct Written {
    pub(super) range: Range<usize>,
    pub(super) year: Option<i32>,
    /// 1 to 12.
    pub(super) month: Option<u8>,
    pub(super) day: Option<u8>,
    /// 0 to 3, from spring.
    pub(super) season: Option<u8>,
}

impl Written {
    /// Whether two dates can be of one day: nothing that both say differs.
    pub(super) fn agrees(&self, other: &Written) -> bool {
        fn same<T: PartialEq>(a: Option<T>, b: Option<T>) -> bool {
            a.is_none() || b.is_none() || a == b
        }
        same(self.year, other.year)
            && same(self.month, other.month)
            && same(self.day, other.day)
            && same(self.season, other.season)
    }

    /// Whether they say anything of the same thing, so that they can be compared.
    pub(super) fn compares(&self, other: &Written) -> bool {
        (self.year.is_some() && other.year.is_some())
            || (self.month.is_some() && other.month.is_some())
    }

    /// Whether it falls into what a date of the chronology stands for.
    pub(super) fn is_within(&self, date: &Date) -> bool {
        let known = |bound: Bound| match bound {
            Bound::Known(moment) => Some(moment),
            Bound::Open | Bound::Unknown => None,
        };
        match (known(date.start), date.end) {
            (Some(start), None) => self.agrees(&of_moment(&start)),
            (start, end) => {
                let end = end.and_then(known);
                self.is_between(start.map(|it| of_moment(&it)), end.map(|it| of_moment(&it)))
            }
        }
    }

    fn is_between(&self, start: Option<Written>, end: Option<Written>) -> bool {
        // What is not said counts as the whole: its first or last month or day.
        let key = |date: &Written, year: i32, month: u8, day: u8| {
            (
                date.year.unwrap_or(year),
                date.month.unwrap_or(month),
                date.day.unwrap_or(day),
            )
        };
        let year = |date: &Option<Written>| date.as_ref().and_then(|date| date.year);
        let own = self
            .year
            .or(year(&start))
            .or(year(&end))
            .unwrap_or_default();
        let after = start.is_none_or(|start| key(self, own, 12, 31) >= key(&start, own, 1, 1));
        let before = end.is_none_or(|end| key(self, own, 1, 1) <= key(&end, own, 12, 31));
        after && before
    }
}

/// What a moment of the chronology says. Seasons are those of the text's own words.
fn of_moment(moment: &Moment) -> Written {
    let (month, day, season) = match moment.within {
        Within::Year | Within::SomeMonth | Within::SomeDay => (None, None, None),
        Within::Season(season) => (None, None, Some((season - 21) % 4)),
        Within::Month(month) | Within::DayOf(month) => (Some(month), None, None),
        Within::Day(month, day) => (Some(month), Some(day), None),
    };
    Written {
        range: 0..0,
        year: (moment.open_digits == 0).then_some(moment.year),
        month,
        day,
        season,
    }
}

/// A word or figure and where it stands.
struct Token<'t> {
    text: &'t str,
    start: usize,
}

impl Token<'_> {
    fn end(&self) -> usize {
        self.start + self.text.len()
    }
}

/// The dates of a text, in order.
pub(super) fn find(text: &str) -> Vec<Written> {
    let tokens = tokens(text);
    let mut dates = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        match date(text, &tokens, at) {
            Some((date, next)) => {
                dates.push(date);
                at = next;
            }
            None => at += 1,
        }
    }
    dates
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
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

/// The date that begins at a token, and the token after it.
fn date(text: &str, tokens: &[Token], at: usize) -> Option<(Written, usize)> {
    let token = |at: usize| tokens.get(at).map_or("", |token| token.text);
    let is_before = |at: usize| {
        at.checked_sub(1)
            .is_some_and(|at| BEFORE.contains(&token(at).to_lowercase().as_str()))
    };
    // `2 of the October` is none: between figure and month stands nothing but `of`.
    let skip = |at: usize, word: &str| at + usize::from(token(at) == word);
    let done = |mut date: Written, next: usize| {
        date.range = tokens[at].start..tokens[next - 1].end();
        Some((date, next))
    };
    let year_or = |at: usize, end: usize| match year_after(text, tokens, at) {
        Some((year, next)) => (Some(year), next),
        None => (None, end),
    };
    if let Some(day) = day(token(at)) {
        let month_at = skip(at + 1, "of");
        if let Some(month) = month(token(month_at)) {
            let (year, next) = year_or(month_at + 1, month_at + 1);
            return done(
                Written {
                    year,
                    month: Some(month),
                    day: Some(day),
                    ..Written::default()
                },
                next,
            );
        }
    }
    if let Some(month) = month(token(at)) {
        if let Some(day) = day(token(at + 1)).filter(|_| is_spaced(text, tokens, at + 1)) {
            let (year, next) = year_or(at + 2, at + 2);
            return done(
                Written {
                    year,
                    month: Some(month),
                    day: Some(day),
                    ..Written::default()
                },
                next,
            );
        }
        let (year, next) = year_or(skip(at + 1, "of"), at + 1);
        if year.is_none() && !is_before(at) {
            return None;
        }
        return done(
            Written {
                year,
                month: Some(month),
                ..Written::default()
            },
            next,
        );
    }
    if let Some(season) = season(token(at)) {
        let (year, next) = year_after(text, tokens, skip(at + 1, "of"))?;
        return done(
            Written {
                year: Some(year),
                season: Some(season),
                ..Written::default()
            },
            next,
        );
    }
    let standing_alone =
        is_before(at) || text[..tokens.get(at)?.start].ends_with(['(', '–', '-', '/']);
    let year = year(token(at)).filter(|_| standing_alone || tokens.len() == 1)?;
    done(
        Written {
            year: Some(year),
            ..Written::default()
        },
        at + 1,
    )
}

/// A year after a comma or a space, and the token after it.
fn year_after(text: &str, tokens: &[Token], at: usize) -> Option<(i32, usize)> {
    let token = tokens.get(at)?;
    let gap = text[tokens[at.checked_sub(1)?].end()..token.start].trim();
    let year = year(token.text).filter(|_| matches!(gap, "" | ","))?;
    Some((year, at + 1))
}

fn is_spaced(text: &str, tokens: &[Token], at: usize) -> bool {
    matches!(
        &text[tokens[at - 1].end()..tokens[at].start],
        " " | "\u{a0}"
    )
}

fn month(word: &str) -> Option<u8> {
    let at = MONTHS.iter().position(|month| *month == word)?;
    u8::try_from(at + 1).ok()
}

fn season(word: &str) -> Option<u8> {
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
