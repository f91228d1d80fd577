//! What browsers note of a page when they save it: whence it came, and on which day.

use super::Facts;

/// The note stands before the page's own words.
const NEAR: usize = 4_000;

/// Reads the comment that a browser, or SingleFile, puts before a page.
pub(super) fn note(page: &str, facts: &mut Facts) {
    let end = page
        .char_indices()
        .nth(NEAR)
        .map_or(page.len(), |(at, _)| at);
    let head = &page[..end];
    let after = |mark: &str| head.split_once(mark).map(|(_, rest)| rest);
    let comment = after("saved from url=(").and_then(|rest| rest.split_once(')'));
    let address = comment
        .map(|(_, rest)| rest)
        .or(after("SingleFile \n url: "));
    let address = address.and_then(|rest| rest.split_whitespace().next());
    if let Some(address) = address.filter(|address| address.starts_with("http")) {
        facts
            .address
            .get_or_insert(address.trim_end_matches("-->").to_string());
    }
    if let Some(date) = after("\n saved date: ").and_then(day) {
        facts.retrieved.get_or_insert(date);
    }
}

/// `Sat Nov 21 2026 07:30:00 GMT+0000` as `2026-11-21`.
pub(super) fn day(date: &str) -> Option<String> {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let mut words = date.split_whitespace().skip(1);
    let (month, day, year) = (words.next()?, words.next()?, words.next()?);
    let month = MONTHS.iter().position(|name| *name == month)? + 1;
    let (day, year): (u8, u16) = (day.parse().ok()?, year.parse().ok()?);
    Some(format!("{year:04}-{month:02}-{day:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_say_whence_a_page_came() {
        let mut facts = Facts::default();
        let page = "<!DOCTYPE html>\n<!-- saved from url=(0022)https://example.org/a -->\n<html>";
        note(page, &mut facts);
        assert_eq!(facts.address.as_deref(), Some("https://example.org/a"));
        let mut facts = Facts::default();
        note(
            "<!DOCTYPE html> <html><!--\n Page saved with SingleFile \n url: https://example.org/b \n saved date: Sat Nov 21 2026 07:30:00 GMT+0000\n-->",
            &mut facts,
        );
        assert_eq!(facts.address.as_deref(), Some("https://example.org/b"));
        assert_eq!(facts.retrieved.as_deref(), Some("2026-11-21"));
    }
}
