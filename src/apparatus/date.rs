//! Dates as EDTF level 1 (ISO 8601-2:2019) writes them, printed at their real precision.
//!
//! Read: years, months, days, seasons, intervals with open and unknown ends, `?` uncertain,
//! `~` approximate, `%` both, and digits left open from the right (`197X`, `1973-XX`).
//! Beyond level 1 the seasons 25–32 of level 2 are read too: they say of which hemisphere a
//! season is, and are printed like 21–24, which are filed as the north's.

use std::cmp::Ordering;
use std::fmt;

use crate::data::days_in;

/// A date or a stretch of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Date {
    /// As the file has it: `1973-06-29`, `1972-24`, `1970-09/1970-10`, `1971?`.
    pub edtf: String,
    pub start: Bound,
    /// For a stretch of time: its end.
    pub end: Option<Bound>,
}

/// An end of a stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    Known(Moment),
    /// `..`: there is none.
    Open,
    /// Left empty: not known.
    Unknown,
}

/// A date at some precision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Year 0 is 1 BC; digits left open are 0.
    pub year: i32,
    /// How many of the year's last digits are left open: 1 in `197X`.
    pub open_digits: u8,
    pub within: Within,
    pub uncertain: bool,
    pub approximate: bool,
}

/// What is known of a date beyond its year; coarse before fine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Within {
    Year,
    /// `1973-XX`: some month.
    SomeMonth,
    /// `1973-XX-XX`: some day.
    SomeDay,
    /// 21–24, or 25–32 for a given hemisphere.
    Season(u8),
    Month(u8),
    /// `1973-06-XX`: some day of that month.
    DayOf(u8),
    Day(u8, u8),
}

/// The months in English.
pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
/// The seasons in English.
pub const SEASONS: [&str; 4] = ["spring", "summer", "autumn", "winter"];

impl Date {
    /// Reads a date.
    ///
    /// # Errors
    /// Says in words what is wrong with it: `April has 30 days`.
    pub fn read(edtf: &str) -> Result<Date, String> {
        let (start, end) = match edtf.split_once('/') {
            None => (Bound::Known(moment(edtf)?), None),
            Some((start, end)) => (bound(start)?, Some(bound(end)?)),
        };
        let date = Date {
            edtf: edtf.to_string(),
            start,
            end,
        };
        match (date.start, date.end) {
            (Bound::Known(start), Some(Bound::Known(end))) if end.is_before(&start) => {
                Err("the stretch of time ends before it begins".into())
            }
            (Bound::Open | Bound::Unknown, Some(Bound::Open | Bound::Unknown)) => {
                Err("a stretch of time wants a start or an end".into())
            }
            _ => Ok(date),
        }
    }

    /// What stands for a date that could not be read.
    pub fn unreadable(edtf: &str) -> Date {
        Date {
            edtf: edtf.to_string(),
            start: Bound::Unknown,
            end: None,
        }
    }

    /// The moment that the date is filed under: its start, or its end where that is all
    /// that is known.
    fn filed(&self) -> Option<Moment> {
        match (self.start, self.end) {
            (Bound::Known(start), _) => Some(start),
            (_, Some(Bound::Known(end))) => Some(end),
            (Bound::Open | Bound::Unknown, _) => None,
        }
    }

    /// The year, decade or century that the date is filed under, as a heading: `1973`.
    pub fn year(&self) -> String {
        self.filed()
            .map_or_else(String::new, |moment| moment.year_words())
    }

    /// The date under the heading of its year, which is not said again: `29 June`; one that
    /// leaves that year, or is not sure of it, is printed whole.
    pub fn under_year(&self) -> String {
        let (Bound::Known(start), end) = (self.start, self.end) else {
            return self.to_string();
        };
        let year = format!(" {}", start.year_words());
        let whole = self.to_string();
        let is_sure = start.is_plain() && start.within != Within::Year;
        match end {
            None if is_sure => start.before_year(),
            None if start.is_plain() => IN_THE_YEAR.into(),
            Some(Bound::Known(end)) if is_sure && end.is_plain() && end.year == start.year => {
                whole.strip_suffix(&year).unwrap_or(&whole).into()
            }
            None | Some(_) => whole,
        }
    }
}

impl Ord for Date {
    /// By start, then the coarser first, then by end.
    fn cmp(&self, other: &Date) -> Ordering {
        let key = |date: &Date| {
            let filed = date.filed();
            let end = match date.end {
                Some(Bound::Known(end)) => Some(end.first_day()),
                Some(Bound::Open | Bound::Unknown) | None => None,
            };
            (
                filed.map(|moment| moment.first_day()),
                filed.map(|moment| (u8::MAX - moment.open_digits, moment.within)),
                end,
            )
        };
        key(self)
            .cmp(&key(other))
            .then_with(|| self.edtf.cmp(&other.edtf))
    }
}

impl PartialOrd for Date {
    fn partial_cmp(&self, other: &Date) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

fn bound(text: &str) -> Result<Bound, String> {
    match text {
        ".." => Ok(Bound::Open),
        "" => Ok(Bound::Unknown),
        _ => moment(text).map(Bound::Known),
    }
}

/// Reads a date that is not a stretch of time.
fn moment(text: &str) -> Result<Moment, String> {
    if text.contains('T') {
        return Err("a time of day is finer than a chronology prints; leave it out".into());
    }
    let (bare, uncertain, approximate) = match text.chars().last() {
        Some('?') => (&text[..text.len() - 1], true, false),
        Some('~') => (&text[..text.len() - 1], false, true),
        Some('%') => (&text[..text.len() - 1], true, true),
        Some(_) => (text, false, false),
        None => return Err("the date is empty".into()),
    };
    let (year_text, rest) = split_year(bare);
    let (year, open_digits) = year(year_text)?;
    let within = match rest.split('-').collect::<Vec<_>>()[..] {
        [""] => Within::Year,
        [_] if open_digits > 0 => return Err("a year with open digits has no month".into()),
        ["", month] => month_or_season(month)?,
        ["", "XX", "XX"] => Within::SomeDay,
        ["", month, day] => day_of(year, month, day)?,
        _ => return Err("it is not year-month-day".into()),
    };
    if open_digits > 0 && within != Within::Year {
        return Err("a year with open digits has no month".into());
    }
    Ok(Moment {
        year,
        open_digits,
        within,
        uncertain,
        approximate,
    })
}

/// The year with its sign, and what follows it.
fn split_year(text: &str) -> (&str, &str) {
    let sign = usize::from(text.starts_with(['-', 'Y'])) + usize::from(text.starts_with("Y-"));
    match text[sign..].find('-') {
        Some(at) => text.split_at(sign + at),
        None => (text, ""),
    }
}

fn year(text: &str) -> Result<(i32, u8), String> {
    let (long, text) = match text.strip_prefix('Y') {
        Some(text) => (true, text),
        None => (false, text),
    };
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text),
    };
    let known = digits.trim_end_matches('X');
    let open = digits.len() - known.len();
    let right_length = if long {
        (5..=9).contains(&digits.len()) && open == 0
    } else {
        digits.len() == 4 && open <= 2
    };
    if !right_length || !known.bytes().all(|b| b.is_ascii_digit()) {
        return Err(format!("`{text}` is not a year of four digits"));
    }
    let number: i32 = digits
        .replace('X', "0")
        .parse()
        .map_err(|_| format!("`{text}` is not a year"))?;
    let open = u8::try_from(open).unwrap_or_default();
    Ok((if negative { -number } else { number }, open))
}

fn two_digits(text: &str, what: &str) -> Result<u8, String> {
    if text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit()) {
        text.parse()
            .map_err(|_| format!("`{text}` is not a {what}"))
    } else {
        Err(format!("`{text}` is not a {what} of two digits"))
    }
}

fn month_or_season(text: &str) -> Result<Within, String> {
    if text == "XX" {
        return Ok(Within::SomeMonth);
    }
    match two_digits(text, "month")? {
        month @ 1..=12 => Ok(Within::Month(month)),
        season @ 21..=32 => Ok(Within::Season(season)),
        other => Err(format!(
            "there is no month {other}; months are 01–12, seasons 21–24"
        )),
    }
}

fn day_of(year: i32, month: &str, day: &str) -> Result<Within, String> {
    let Within::Month(month) = month_or_season(month)? else {
        return Err("a day wants a month from 01 to 12".into());
    };
    if day == "XX" {
        return Ok(Within::DayOf(month));
    }
    let day = two_digits(day, "day")?;
    // The calendar repeats every 400 years, also before the year 0.
    let same_year = u32::try_from(year.rem_euclid(400)).unwrap_or_default();
    let days = days_in(same_year, u32::from(month));
    let name = MONTHS[usize::from(month) - 1];
    match u32::from(day) {
        0 => Err("days begin with 01".into()),
        29 if days == 28 => Err(format!("{year} is not a leap year, so {name} has 28 days")),
        over if over > days => Err(format!("{name} has {days} days")),
        _ => Ok(Within::Day(month, day)),
    }
}

impl Moment {
    /// The first day that is meant: year, month, day.
    fn first_day(&self) -> (i32, u8, u8) {
        match self.within {
            Within::Year | Within::SomeMonth | Within::SomeDay => (self.year, 1, 1),
            Within::Season(season) => (self.year, first_month(season), 1),
            Within::Month(month) | Within::DayOf(month) => (self.year, month, 1),
            Within::Day(month, day) => (self.year, month, day),
        }
    }

    /// Whether it surely begins earlier; seasons 21–24 do not say when in the year they are.
    fn is_before(&self, other: &Moment) -> bool {
        let vague = |moment: &Moment| matches!(moment.within, Within::Season(..=24));
        if self.year == other.year && (vague(self) || vague(other)) {
            return false;
        }
        let whole_year = self.year == other.year && self.within == Within::Year;
        !whole_year && self.first_day() < other.first_day()
    }

    /// `1973`, `1970s`, `1900–99`, `44 BC`.
    fn year_words(&self) -> String {
        match self.open_digits {
            0 if self.year <= 0 => format!("{} BC", 1 - self.year),
            0 => self.year.to_string(),
            1 => format!("{}s", self.year),
            _ => format!("{}–99", self.year),
        }
    }

    /// What is said before the year: `29 June`, `winter`.
    fn before_year(&self) -> String {
        match self.within {
            Within::Year | Within::SomeMonth | Within::SomeDay => String::new(),
            Within::Season(season) => SEASONS[usize::from((season - 21) % 4)].into(),
            Within::Month(month) | Within::DayOf(month) => month_name(month).into(),
            Within::Day(month, day) => format!("{day} {}", month_name(month)),
        }
    }

    /// What its precision leaves open.
    fn remark(&self) -> &'static str {
        match (self.within, self.uncertain) {
            (Within::SomeMonth, false) => " (month unknown)",
            (Within::SomeMonth, true) => " (uncertain, month unknown)",
            (Within::SomeDay | Within::DayOf(_), false) => " (day unknown)",
            (Within::SomeDay | Within::DayOf(_), true) => " (uncertain, day unknown)",
            (Within::Year | Within::Season(_) | Within::Month(_) | Within::Day(..), false) => "",
            (Within::Year | Within::Season(_) | Within::Month(_) | Within::Day(..), true) => {
                " (uncertain)"
            }
        }
    }

    /// Nothing has to be said of it but when it is.
    fn is_plain(&self) -> bool {
        self.remark().is_empty() && !self.approximate && self.open_digits == 0 && self.year > 0
    }
}

fn month_name(month: u8) -> &'static str {
    MONTHS[usize::from(month) - 1]
}

/// The month that a season is filed under.
fn first_month(season: u8) -> u8 {
    let quarter = (season - 21) % 4;
    let southern = season >= 29;
    match (quarter + if southern { 2 } else { 0 }) % 4 {
        0 => 3,
        1 => 6,
        2 => 9,
        _ => 12,
    }
}

/// What stands before an event of which no text says more than the year.
const IN_THE_YEAR: &str = "in the year";

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let about = if self.approximate { "about " } else { "" };
        let before = self.before_year();
        let space = if before.is_empty() { "" } else { " " };
        let year = self.year_words();
        write!(f, "{about}{before}{space}{year}{}", self.remark())
    }
}

impl fmt::Display for Date {
    /// In English, no finer than it is known.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.start, self.end) {
            (Bound::Known(start), None) => write!(f, "{start}"),
            (Bound::Known(start), Some(Bound::Known(end))) => f.write_str(&stretch(start, end)),
            (Bound::Known(start), Some(Bound::Open)) => write!(f, "from {start}"),
            (Bound::Known(start), Some(Bound::Unknown)) => write!(f, "from {start}, end unknown"),
            (Bound::Open, Some(Bound::Known(end))) => write!(f, "until {end}"),
            (Bound::Unknown, Some(Bound::Known(end))) => write!(f, "until {end}, start unknown"),
            (Bound::Open | Bound::Unknown, _) => f.write_str(&self.edtf),
        }
    }
}

/// A stretch of time without saying anything twice: `September–October 1970`, `1948–58`.
/// The dash is closed between single words and spaced between several.
fn stretch(start: Moment, end: Moment) -> String {
    let plain = start.is_plain() && end.is_plain();
    if !plain {
        return format!("{start} – {end}");
    }
    let same_year = start.year == end.year;
    match (start.within, end.within) {
        (Within::Year, Within::Year) if start.year / 100 == end.year / 100 => {
            format!("{}–{:02}", start.year, end.year % 100)
        }
        (Within::Year, Within::Year) => format!("{start}–{end}"),
        (Within::Month(_), Within::Month(_)) | (Within::Season(_), Within::Season(_))
            if same_year =>
        {
            format!("{}–{end}", start.before_year())
        }
        (Within::Day(month, day), Within::Day(last, _)) if same_year && month == last => {
            format!("{day}–{end}")
        }
        _ if same_year && start.within != Within::Year && end.within != Within::Year => {
            format!("{} – {end}", start.before_year())
        }
        _ => format!("{start} – {end}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(edtf: &str) -> String {
        match Date::read(edtf) {
            Ok(date) => date.to_string(),
            Err(why) => format!("! {why}"),
        }
    }

    #[test]
    fn prints_at_the_real_precision() {
        for (edtf, words) in [
            ("1973-06-29", "29 June 1973"),
            ("1973-06", "June 1973"),
            ("1973", "1973"),
            ("1972-24", "winter 1972"),
            ("1972-32", "winter 1972"),
            ("1970?", "1970 (uncertain)"),
            ("1971~", "about 1971"),
            ("1971-05~", "about May 1971"),
            ("1971%", "about 1971 (uncertain)"),
            ("197X", "1970s"),
            ("19XX", "1900–99"),
            ("1973-XX", "1973 (month unknown)"),
            ("1973-06-XX", "June 1973 (day unknown)"),
            ("1973-XX-XX?", "1973 (uncertain, day unknown)"),
            ("-0043", "44 BC"),
            ("Y17000", "17000"),
        ] {
            assert_eq!(printed(edtf), words, "{edtf}");
        }
    }

    #[test]
    fn prints_stretches() {
        for (edtf, words) in [
            ("1970-09/1970-10", "September–October 1970"),
            ("1948/1958", "1948–58"),
            ("1900/1905", "1900–05"),
            ("1898/1905", "1898–1905"),
            ("1973-06-28/1973-06-30", "28–30 June 1973"),
            ("1973-06-28/1973-07-02", "28 June – 2 July 1973"),
            ("1970-12/1971-01", "December 1970 – January 1971"),
            ("1972-31/1972-32", "autumn–winter 1972"),
            ("1972-24/1972-09", "winter – September 1972"),
            ("1970/1971-05", "1970 – May 1971"),
            ("1970~/1972", "about 1970 – 1972"),
            ("1970/..", "from 1970"),
            ("../1970", "until 1970"),
            ("1970/", "from 1970, end unknown"),
            ("/1970-05", "until May 1970, start unknown"),
        ] {
            assert_eq!(printed(edtf), words, "{edtf}");
        }
    }

    #[test]
    fn says_the_year_once_under_its_heading() {
        for (edtf, words) in [
            ("1973-06-29", "29 June"),
            ("1973-06", "June"),
            ("1972-24", "winter"),
            ("1973", "in the year"),
            ("1970-09/1970-10", "September–October"),
            ("1973-06-28/1973-07-02", "28 June – 2 July"),
            ("1970-12/1971-01", "December 1970 – January 1971"),
            ("1948/1958", "1948–58"),
            ("1970?", "1970 (uncertain)"),
            ("1973-09-04?", "4 September 1973 (uncertain)"),
            ("1970/..", "from 1970"),
            ("../1970-05", "until May 1970"),
        ] {
            let date = Date::read(edtf).expect("a date");
            assert_eq!(date.under_year(), words, "{edtf}");
        }
    }

    #[test]
    fn says_why_a_date_is_impossible() {
        for (edtf, why) in [
            ("1973-04-31", "! April has 30 days"),
            (
                "1973-02-29",
                "! 1973 is not a leap year, so February has 28 days",
            ),
            ("1972-02-30", "! February has 29 days"),
            (
                "1973-13",
                "! there is no month 13; months are 01–12, seasons 21–24",
            ),
            ("1973-6-29", "! `6` is not a month of two digits"),
            ("1973-06-00", "! days begin with 01"),
            ("73", "! `73` is not a year of four digits"),
            ("197X-05", "! a year with open digits has no month"),
            ("1971/1970", "! the stretch of time ends before it begins"),
            ("../..", "! a stretch of time wants a start or an end"),
            ("", "! the date is empty"),
            ("?", "! `` is not a year of four digits"),
            (
                "1973-06-29T10",
                "! a time of day is finer than a chronology prints; leave it out",
            ),
            ("1973-22-01", "! a day wants a month from 01 to 12"),
            ("1973-01-01-01", "! it is not year-month-day"),
            ("é", "! `é` is not a year of four digits"),
        ] {
            assert_eq!(printed(edtf), why, "{edtf}");
        }
        assert_eq!(printed("1972-02-29"), "29 February 1972");
        assert_eq!(printed("2000-02-29"), "29 February 2000");
    }

    #[test]
    fn orders_by_start_then_precision() {
        let mut dates: Vec<Date> = [
            "1973-06-29",
            "1973-06",
            "1972-32",
            "1973",
            "1972-05",
            "197X",
        ]
        .iter()
        .map(|edtf| Date::read(edtf).expect("a date"))
        .collect();
        dates.sort();
        let order: Vec<&str> = dates.iter().map(|date| date.edtf.as_str()).collect();
        assert_eq!(
            order,
            [
                "197X",
                "1972-05",
                "1972-32",
                "1973",
                "1973-06",
                "1973-06-29"
            ]
        );
    }
}
