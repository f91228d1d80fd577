//! What the sources themselves say of each event: the dates and the shares of votes in the
//! sentences that the chronology cites, and where they quarrel with it or among themselves.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;

use crate::apparatus::{Citation, Event, Reading};
use crate::diag::{Code, Report};
use crate::edition::survey::{Survey, folded};
use crate::review::dates::{self, Written};
use crate::review::{Proofs, position};
use crate::text::plain_of;

/// Shares further apart than this, in hundredths of a per cent, are of different things.
const SAME_MATTER: i64 = 300;

/// What one source says of an event.
struct Claim<'b> {
    work: &'b str,
    /// Among the survey's texts.
    text: usize,
    sentence: Range<usize>,
    dates: Vec<Written>,
    /// When the sentence itself has no date: the last that stands before it.
    earlier: Option<Written>,
    shares: Vec<Share>,
}

/// A share of a hundred, as written: `36.63 percent`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Share {
    range: Range<usize>,
    /// In hundredths of a per cent.
    value: i64,
    /// How many of its decimals are written.
    decimals: u32,
}

/// Warns of what the texts say otherwise than the chronology and no reading records.
pub fn check(proofs: &Proofs, report: &mut Report) {
    let survey = proofs.survey();
    let claims = claims(proofs, survey);
    for (event, claims) in proofs.apparatus.events.values().zip(&claims) {
        for claim in claims {
            contradicted(proofs, survey, event, claim, report);
        }
        disagreements(proofs, survey, event, claims, report);
    }
}

/// Every event with what each source says of it, as text.
pub fn shown(proofs: &Proofs) -> String {
    let survey = proofs.survey();
    let claims = claims(proofs, survey);
    let mut text = String::new();
    let mut events: Vec<_> = proofs.apparatus.events.values().zip(&claims).collect();
    events.sort_by(|a, b| a.0.date.cmp(&b.0.date));
    let mut told = 0;
    for (event, claims) in events {
        let quarrels = quarrels(claims, survey);
        let says_much = claims
            .iter()
            .any(|one| !one.dates.is_empty() || one.earlier.is_some());
        if !says_much && quarrels.is_empty() {
            continue;
        }
        let _ = writeln!(text, "{} ({})", event.date, event.id);
        for claim in claims {
            told += claim.dates.len();
            line(proofs, survey, event, claim, &mut text);
        }
        for quarrel in quarrels {
            let _ = writeln!(text, "    {quarrel}");
        }
    }
    let unlinked = unlinked(survey, &claims);
    let _ = writeln!(
        text,
        "\n{told} dates tell events of the chronology. {} more tell none:",
        unlinked.len()
    );
    for (at, date) in unlinked {
        let one = &survey.texts[at];
        let folio = proofs.folios(&[position(one.passage, date.range.start)]);
        let around = crate::review::context(one, date.range.start, date.range.end);
        let _ = writeln!(text, "  p. {folio:4} {around}");
    }
    text
}

fn line(proofs: &Proofs, survey: &Survey, event: &Event, claim: &Claim, text: &mut String) {
    let plain = &survey.texts[claim.text].plain;
    let short = &proofs.apparatus.works[claim.work].short;
    let words = |range: &Range<usize>| format!("“{}”", &plain[range.clone()]);
    let mut says: Vec<String> = claim
        .dates
        .iter()
        .map(|date| {
            let agrees = if date.is_within(&event.date) {
                ""
            } else {
                " (not the chronology’s)"
            };
            format!("{}{agrees}", words(&date.range))
        })
        .collect();
    if let Some(earlier) = &claim.earlier {
        says.push(format!(
            "no date; the last before it says {}",
            said(earlier)
        ));
    }
    says.extend(claim.shares.iter().map(|share| words(&share.range)));
    if !says.is_empty() {
        let folio = proofs.folios(&[position(
            survey.texts[claim.text].passage,
            claim.sentence.start,
        )]);
        let _ = writeln!(text, "    {short}, {folio}: {}", says.join(", "));
    }
}

/// A date in figures, for what stands in another passage.
fn said(date: &Written) -> String {
    let two = |it: Option<u8>| it.map(|it| format!("-{it:02}")).unwrap_or_default();
    let year = date
        .year
        .map_or("XXXX".to_string(), |year| year.to_string());
    format!("{year}{}{}", two(date.month), two(date.day))
}

/// For each event, in the order of their ids, the claims of the sources that it cites.
fn claims<'b>(proofs: &Proofs<'b>, survey: &Survey) -> Vec<Vec<Claim<'b>>> {
    let by_work = texts_by_work(proofs, survey);
    let folded: Vec<String> = survey
        .texts
        .iter()
        .map(|text| folded(&text.plain))
        .collect();
    let found = Finder {
        survey,
        by_work,
        folded,
    };
    let events = proofs.apparatus.events.values();
    events
        .map(|event| {
            let cited = event.sources.iter();
            let read = event.readings.iter().map(|reading| &reading.source);
            let mut claims: Vec<Claim> = Vec::new();
            for citation in cited.chain(read) {
                let claim = found.claim(citation);
                let seen = |claim: &Claim| {
                    claims
                        .iter()
                        .any(|one| one.text == claim.text && one.sentence == claim.sentence)
                };
                claims.extend(claim.filter(|claim| !seen(claim)));
            }
            claims
        })
        .collect()
}

/// The texts of each source that is set in full, by the work's id.
fn texts_by_work(proofs: &Proofs, survey: &Survey) -> BTreeMap<String, Vec<usize>> {
    let mut by_work: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, text) in survey.texts.iter().enumerate() {
        let chapter = proofs.chapters.get(text.section);
        if let Some(work) = chapter.and_then(|chapter| chapter.source.as_ref()) {
            by_work.entry(work.clone()).or_default().push(at);
        }
    }
    by_work
}

struct Finder<'s> {
    survey: &'s Survey,
    by_work: BTreeMap<String, Vec<usize>>,
    folded: Vec<String>,
}

impl Finder<'_> {
    /// What the sentence says in which a citation's anchor stands.
    fn claim<'b>(&self, citation: &'b Citation) -> Option<Claim<'b>> {
        let anchor = folded(citation.anchor.as_ref()?);
        let texts = self.by_work.get(&citation.work)?;
        let (order, text) = texts
            .iter()
            .enumerate()
            .find(|(_, text)| self.folded[**text].contains(&anchor))
            .map(|(order, text)| (order, *text))?;
        let plain = &self.survey.texts[text].plain;
        let sentence = sentences(plain)
            .into_iter()
            .find(|range| folded(&plain[range.clone()]).contains(&anchor))
            .unwrap_or(0..plain.len());
        let inside =
            |range: &Range<usize>| sentence.start <= range.start && range.end <= sentence.end;
        let mut dates = dates::find(plain);
        let before = dates
            .iter()
            .rev()
            .find(|date| date.range.end <= sentence.start)
            .cloned();
        dates.retain(|date| inside(&date.range));
        let earlier = match dates.is_empty() {
            true => before.or_else(|| self.earlier(&texts[..order])),
            false => None,
        };
        let mut shares = shares(plain);
        shares.retain(|share| inside(&share.range));
        Some(Claim {
            work: &citation.work,
            text,
            sentence,
            dates,
            earlier,
            shares,
        })
    }

    /// The last date that stands in the few passages before one.
    fn earlier(&self, before: &[usize]) -> Option<Written> {
        let near = before.iter().rev().take(3);
        near.map(|at| dates::find(&self.survey.texts[*at].plain))
            .find_map(|dates| dates.last().cloned())
    }
}

/// A text's sentences.
fn sentences(plain: &str) -> Vec<Range<usize>> {
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

/// The shares of a hundred that a text names.
fn shares(plain: &str) -> Vec<Share> {
    let mut all = Vec::new();
    let mut at = 0;
    while let Some(found) = plain[at..].find(|c: char| c.is_ascii_digit()) {
        let start = at + found;
        let length = plain[start..]
            .find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',')
            .unwrap_or(plain.len() - start);
        let figures = plain[start..start + length].trim_end_matches(['.', ',']);
        let end = start + figures.len();
        let unit = plain[end..].trim_start();
        let per_cent = ["%", "percent", "per cent", "per\u{a0}cent"];
        if let Some(unit) = per_cent.iter().find(|word| unit.starts_with(**word))
            && let Some((value, decimals)) = hundredths(figures)
        {
            let unit_at = plain.len() - plain[end..].trim_start().len();
            all.push(Share {
                range: start..unit_at + unit.len(),
                value,
                decimals,
            });
        }
        at = start + length;
    }
    all
}

fn hundredths(figures: &str) -> Option<(i64, u32)> {
    let (whole, part) = figures.split_once('.').unwrap_or((figures, ""));
    let decimals = u32::try_from(part.len())
        .ok()
        .filter(|decimals| *decimals <= 2)?;
    let whole: i64 = whole.parse().ok().filter(|whole| *whole <= 100)?;
    let part: i64 = if part.is_empty() {
        0
    } else {
        part.parse().ok()?
    };
    Some((whole * 100 + part * 10_i64.pow(2 - decimals), decimals))
}

impl Share {
    /// Whether two shares can be one: cut or rounded to the fewer decimals they are the same.
    fn agrees(&self, other: &Share) -> bool {
        let unit = 10_i64.pow(2 - self.decimals.min(other.decimals));
        let cut = |value: i64| value / unit;
        let rounded = |value: i64| (value + unit / 2) / unit;
        cut(self.value) == cut(other.value) || rounded(self.value) == rounded(other.value)
    }
}

/// Rule C7: a date in the sentence that tells an event is not the chronology's, and no
/// reading of that source records it.
fn contradicted(
    proofs: &Proofs,
    survey: &Survey,
    event: &Event,
    claim: &Claim,
    report: &mut Report,
) {
    let agrees = |date: &Written| date.is_within(&event.date);
    if claim.dates.iter().any(agrees) {
        return;
    }
    let plain = &survey.texts[claim.text].plain;
    let recorded = |date: &Written| {
        event
            .readings
            .iter()
            .any(|reading| reading.source.work == claim.work && records(reading, date))
    };
    let Some(date) = claim.dates.iter().find(|date| !recorded(date)) else {
        return;
    };
    let short = &proofs.apparatus.works[claim.work].short;
    report
        .warning(
            Code::DateContradicts,
            event.span,
            format!(
                "{short} says “{}” where the chronology has {} (`{}`)",
                &plain[date.range.clone()],
                event.date,
                event.id
            ),
        )
        .help("add a [[event.reading]] with what that source says, or mend the date");
}

/// Whether a reading has a date that agrees with one.
fn records(reading: &Reading, date: &Written) -> bool {
    let mut says = String::new();
    plain_of(&reading.says, &mut says);
    let dates = dates::find(&format!("in {says}"));
    dates
        .iter()
        .any(|one| one.compares(date) && one.agrees(date))
}

/// Rule C4: sources that name different days or different shares stand side by side.
fn disagreements(
    proofs: &Proofs,
    survey: &Survey,
    event: &Event,
    claims: &[Claim],
    report: &mut Report,
) {
    let mut known = event.date.to_string();
    plain_of(&event.text, &mut known);
    for reading in &event.readings {
        known.push(' ');
        plain_of(&reading.says, &mut known);
    }
    let known = shares(&known);
    for (a, b) in pairs(claims) {
        let Some((one, other)) = nearest(a, b) else {
            continue;
        };
        let is_known = |share: &Share| known.iter().any(|known| known.value == share.value);
        if is_known(one) && is_known(other) {
            continue;
        }
        let words = |claim: &Claim, share: &Share| {
            survey.texts[claim.text].plain[share.range.clone()].to_string()
        };
        let short = |claim: &Claim| proofs.apparatus.works[claim.work].short.clone();
        report
            .warning(
                Code::SourcesDisagree,
                event.span,
                format!(
                    "of `{}` {} says “{}” and {} “{}”",
                    event.id,
                    short(a),
                    words(a, one),
                    short(b),
                    words(b, other)
                ),
            )
            .help("keep both as readings: [[event.reading]] with `about`, `says` and `source`");
    }
}

/// Every two claims of different sources.
fn pairs<'c, 'b>(claims: &'c [Claim<'b>]) -> impl Iterator<Item = (&'c Claim<'b>, &'c Claim<'b>)> {
    claims.iter().enumerate().flat_map(move |(at, a)| {
        let others = claims[at + 1..].iter();
        others.filter(|b| a.work != b.work).map(move |b| (a, b))
    })
}

/// The two shares of different sources that are likely of one matter and yet differ.
fn nearest<'c>(a: &'c Claim, b: &'c Claim) -> Option<(&'c Share, &'c Share)> {
    let all = a
        .shares
        .iter()
        .flat_map(|one| b.shares.iter().map(move |other| (one, other)));
    let (one, other) =
        all.min_by_key(|(one, other)| (!one.agrees(other), (one.value - other.value).abs()))?;
    let differ = !one.agrees(other) && (one.value - other.value).abs() <= SAME_MATTER;
    differ.then_some((one, other))
}

/// Where sources quarrel over an event, in words.
fn quarrels(claims: &[Claim], survey: &Survey) -> Vec<String> {
    let mut all = Vec::new();
    let words = |claim: &Claim, range: &Range<usize>| {
        format!(
            "{} “{}”",
            claim.work,
            &survey.texts[claim.text].plain[range.clone()]
        )
    };
    for (a, b) in pairs(claims) {
        if let Some((one, other)) = nearest(a, b) {
            all.push(format!(
                "{}, {}",
                words(a, &one.range),
                words(b, &other.range)
            ));
        }
        let one_day = a
            .dates
            .iter()
            .any(|one| b.dates.iter().any(|other| one.agrees(other)));
        let compared = a
            .dates
            .iter()
            .flat_map(|one| b.dates.iter().map(move |other| (one, other)));
        let differ = compared
            .into_iter()
            .find(|(one, other)| one.compares(other));
        if let Some((one, other)) = differ.filter(|_| !one_day) {
            all.push(format!(
                "{}, {}",
                words(a, &one.range),
                words(b, &other.range)
            ));
        }
        // By its place in the text one source puts it into another time.
        for (dated, undated) in [(a, b), (b, a)] {
            let Some(earlier) = &undated.earlier else {
                continue;
            };
            let clear = dated.dates.iter().find(|one| one.compares(earlier));
            if let Some(clear) =
                clear.filter(|_| !dated.dates.iter().any(|one| one.agrees(earlier)))
            {
                all.push(format!(
                    "{}, {} after {}",
                    words(dated, &clear.range),
                    undated.work,
                    said(earlier)
                ));
            }
        }
    }
    all
}

/// Dates of the sources that stand in no sentence that the chronology cites, to the month.
fn unlinked(survey: &Survey, claims: &[Vec<Claim>]) -> Vec<(usize, Written)> {
    let mut told: BTreeMap<usize, Vec<&Range<usize>>> = BTreeMap::new();
    for claim in claims.iter().flatten() {
        told.entry(claim.text).or_default().push(&claim.sentence);
    }
    let mut all = Vec::new();
    for (at, text) in survey
        .texts
        .iter()
        .enumerate()
        .filter(|(_, text)| text.indexed)
    {
        for date in dates::find(&text.plain) {
            let inside = |range: &&&Range<usize>| {
                range.start <= date.range.start && date.range.end <= range.end
            };
            let is_told = told
                .get(&at)
                .is_some_and(|ranges| ranges.iter().any(|range| inside(&range)));
            if date.month.is_some() && !is_told {
                all.push((at, date));
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_shares_and_tells_rounding_from_quarrels() {
        let of = |text: &str| shares(text);
        let all = of("36.63 percent, 36%, 36.3 per cent and 1,200% or 50 votes");
        let values: Vec<(i64, u32)> = all.iter().map(|one| (one.value, one.decimals)).collect();
        assert_eq!(values, [(3663, 2), (3600, 0), (3630, 1)]);
        assert!(all[0].agrees(&all[1]) && all[1].agrees(&all[2]) && !all[0].agrees(&all[2]));
    }

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
