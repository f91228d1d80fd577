//! What the sources themselves say of each event: the dates and the shares of votes in the
//! sentences that the chronology cites, and where they quarrel with it or among themselves.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;

use crate::apparatus::date::SEASONS;
use crate::apparatus::{Citation, Event, Reading};
use crate::diag::{Code, Report};
use crate::edition::dates::{self, Dated, How, Written, sentences};
use crate::edition::survey::{Survey, folded};
use crate::review::shares::{Share, shares};
use crate::review::{Proofs, position};
use crate::source::PassageId;
use crate::text::plain_of;

/// Shares further apart than this, in hundredths of a per cent, are of different things.
const SAME_MATTER: i64 = 300;

/// What one source says of an event.
struct Claim<'b> {
    work: &'b str,
    /// Among the survey's texts.
    text: usize,
    sentence: Range<usize>,
    dates: Vec<&'b Dated>,
    /// When the sentence itself has no date: the last that stands before it.
    earlier: Option<&'b Written>,
    shares: Vec<Share>,
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
    let led = led_to(proofs, survey);
    for (event, claims) in events {
        let quarrels = quarrels(claims, survey);
        let led = led.get(event.id.as_str());
        let says_much = claims
            .iter()
            .any(|one| !one.dates.is_empty() || one.earlier.is_some());
        if !says_much && quarrels.is_empty() && led.is_none() {
            continue;
        }
        let _ = writeln!(text, "{} ({})", event.date, event.id);
        for claim in claims {
            line(proofs, survey, event, claim, &mut text);
        }
        for quarrel in quarrels {
            let _ = writeln!(text, "    {quarrel}");
        }
        if let Some(led) = led {
            let _ = writeln!(text, "    Led to it: {}", led.join(", "));
        }
    }
    unled(proofs, survey, &mut text);
    text
}

/// For each event, by id, the dates that lead to it from passages that it does not cite.
fn led_to<'b>(proofs: &Proofs<'b>, survey: &Survey) -> BTreeMap<&'b str, Vec<String>> {
    let texts = survey.texts.iter();
    let texts: BTreeMap<_, _> = texts.map(|text| (text.passage, text)).collect();
    let mut led: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for date in proofs.edition.dates.iter().filter(|date| !date.cited) {
        if let (Some(event), Some(text)) = (&date.event, texts.get(&date.passage)) {
            let range = date.when.range.clone();
            let folio = proofs.folios(&[position(date.passage, range.start)]);
            let says = format!("“{}”, {folio}", &text.plain[range]);
            led.entry(event).or_default().push(says);
        }
    }
    led
}

/// How many dates tell an event, and those that tell none: by day or month, or in words that
/// could not be reckoned.
fn unled(proofs: &Proofs, survey: &Survey, text: &mut String) {
    let dates = &proofs.edition.dates;
    let told = dates.iter().filter(|date| date.event.is_some()).count();
    let tells_none = |date: &&Dated| {
        date.event.is_none() && (date.when.month.is_some() || date.how == How::Unclear)
    };
    let others: Vec<&Dated> = dates.iter().filter(tells_none).collect();
    let _ = writeln!(
        text,
        "\n{told} dates lead to the events that they tell. {} more tell none:",
        others.len()
    );
    let texts = survey.texts.iter();
    let texts: BTreeMap<_, _> = texts.map(|text| (text.passage, text)).collect();
    for date in others {
        let Some(one) = texts.get(&date.passage) else {
            continue;
        };
        let range = &date.when.range;
        let folio = proofs.folios(&[position(one.passage, range.start)]);
        let around = crate::review::context(one, range.start, range.end);
        let _ = writeln!(text, "  p. {folio:4} {around}{}", meant(date));
    }
}

/// What a date means beyond its words.
fn meant(date: &Dated) -> String {
    match date.how {
        How::Said => String::new(),
        How::Inferred | How::Reckoned => format!(" [{}]", said(&date.when)),
        How::Unclear => " [not certain]".to_string(),
    }
}

fn line(proofs: &Proofs, survey: &Survey, event: &Event, claim: &Claim, text: &mut String) {
    let plain = &survey.texts[claim.text].plain;
    let short = &proofs.apparatus.works[claim.work].short;
    let words = |range: &Range<usize>| format!("“{}”", &plain[range.clone()]);
    let mut says: Vec<String> = claim
        .dates
        .iter()
        .map(|date| {
            let agrees = if date.when.is_within(&event.date) {
                ""
            } else {
                " (not the chronology’s)"
            };
            format!("{}{}{agrees}", words(&date.when.range), meant(date))
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
    let season = date.season.map(|it| SEASONS[usize::from(it)]);
    let season = season.map_or(String::new(), |season| format!(", {season}"));
    format!("{year}{}{}{season}", two(date.month), two(date.day))
}

/// For each event, in the order of their ids, the claims of the sources that it cites.
fn claims<'b>(proofs: &Proofs<'b>, survey: &Survey) -> Vec<Vec<Claim<'b>>> {
    let by_work = texts_by_work(proofs, survey);
    let folded: Vec<String> = survey
        .texts
        .iter()
        .map(|text| folded(&text.plain))
        .collect();
    let mut dates: BTreeMap<PassageId, Vec<&Dated>> = BTreeMap::new();
    for date in &proofs.edition.dates {
        dates.entry(date.passage).or_default().push(date);
    }
    let found = Finder {
        survey,
        by_work,
        folded,
        dates,
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

struct Finder<'s, 'b> {
    survey: &'s Survey,
    by_work: BTreeMap<String, Vec<usize>>,
    folded: Vec<String>,
    dates: BTreeMap<PassageId, Vec<&'b Dated>>,
}

impl<'b> Finder<'_, 'b> {
    /// What the sentence says in which a citation's anchor stands.
    fn claim(&self, citation: &'b Citation) -> Option<Claim<'b>> {
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
        let of_text = self.of_text(text);
        let in_it = of_text.iter().filter(|date| inside(&date.when.range));
        let dates: Vec<&Dated> = in_it.copied().collect();
        let mut before = of_text.iter().rev();
        let before = before.find(|date| date.when.range.end <= sentence.start);
        let earlier = match dates.is_empty() {
            true => before.map_or_else(|| self.earlier(&texts[..order]), |date| Some(&date.when)),
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

    /// The dates of a text that say when they are.
    fn of_text(&self, text: usize) -> &[&'b Dated] {
        let passage = self.survey.texts[text].passage;
        self.dates.get(&passage).map_or(&[], Vec::as_slice)
    }

    /// The last date that stands in the few passages before one.
    fn earlier(&self, before: &[usize]) -> Option<&'b Written> {
        let near = before.iter().rev().take(3);
        near.filter_map(|at| self.of_text(*at).last())
            .map(|date| &date.when)
            .next()
    }
}

/// Whether a date can be the chronology's. A year that the text leaves out is no
/// contradiction, and what was reckoned from another date is none that could be shown.
fn agrees(date: &Dated, event: &Event) -> bool {
    match date.how {
        How::Said | How::Unclear => date.when.is_within(&event.date),
        How::Inferred => {
            let without_year = Written {
                year: None,
                ..date.when.clone()
            };
            without_year.is_within(&event.date)
        }
        How::Reckoned => true,
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
    if claim.dates.iter().any(|date| agrees(date, event)) {
        return;
    }
    let plain = &survey.texts[claim.text].plain;
    let dates = claim.dates.iter().map(|date| &date.when);
    let Some(date) = dates
        .into_iter()
        .find(|date| !is_recorded(event, claim, date))
    else {
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

/// Whether a reading of the source has a date that agrees with one.
fn is_recorded(event: &Event, claim: &Claim, date: &Written) -> bool {
    let of_source = |reading: &&Reading| reading.source.work == claim.work;
    let readings = event.readings.iter().filter(of_source);
    let mut says = readings.flat_map(dates::of_reading);
    says.any(|one| one.compares(date) && one.agrees(date))
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
    let is_known = |share: &Share| known.iter().any(|known| known.value == share.value);
    for (a, b) in pairs(claims) {
        let shares = nearest(a, b).filter(|(one, other)| !(is_known(one) && is_known(other)));
        let shares = shares.map(|(one, other)| (&one.range, &other.range));
        let days = days(a, b).filter(|(one, other)| {
            let by_month = one.month.is_some() && other.month.is_some();
            by_month && !is_recorded(event, a, one) && !is_recorded(event, b, other)
        });
        let days = days.map(|(one, other)| (&one.range, &other.range));
        for (one, other) in shares.into_iter().chain(days) {
            let message = format!(
                "of `{}` {} says “{}” and {} “{}”",
                event.id,
                proofs.apparatus.works[a.work].short,
                &survey.texts[a.text].plain[one.clone()],
                proofs.apparatus.works[b.work].short,
                &survey.texts[b.text].plain[other.clone()]
            );
            report
                .warning(Code::SourcesDisagree, event.span, message)
                .help("keep both as readings: [[event.reading]] with `about`, `says` and `source`");
        }
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
        all.extend(days(a, b).map(|(one, other)| {
            let (one, other) = (words(a, &one.range), words(b, &other.range));
            format!("{one}, {other}")
        }));
        // By its place in the text one source puts it after the time that another names.
        for (dated, undated) in [(a, b), (b, a)] {
            let Some(earlier) = undated.earlier else {
                continue;
            };
            let mut dates = dated.dates.iter().map(|date| &date.when);
            let clear = dates.clone().find(|one| one.is_before(earlier));
            if let Some(clear) = clear.filter(|_| !dates.any(|one| one.agrees(earlier))) {
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

/// The dates that two sources name, where they can be of one matter and yet differ.
fn days<'b>(a: &Claim<'b>, b: &Claim<'b>) -> Option<(&'b Written, &'b Written)> {
    let all = a.dates.iter().map(|date| &date.when);
    let mut all = all.flat_map(|one| b.dates.iter().map(move |other| (one, &other.when)));
    if all.clone().any(|(one, other)| one.agrees(other)) {
        return None;
    }
    all.find(|(one, other)| one.compares(other))
}
