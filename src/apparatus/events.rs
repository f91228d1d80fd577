//! `chronology.toml`: the events.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use crate::apparatus::loader::{Loader, RawCitation};
use crate::apparatus::{Date, Event, Reading};
use crate::diag::{Code, Report};
use crate::source::{Inputs, Span};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawEvent {
    id: Spanned<String>,
    /// What tables call it.
    name: Option<Spanned<String>>,
    /// What texts call it: `five months after he took office`.
    #[serde(default)]
    forms: Vec<Spanned<String>>,
    date: Spanned<String>,
    text: Spanned<String>,
    #[serde(default)]
    sources: Vec<RawCitation>,
    #[serde(default)]
    reading: Vec<RawReading>,
    reason: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawReading {
    about: Spanned<String>,
    says: Spanned<String>,
    source: RawCitation,
}

pub(super) fn load(inputs: &Inputs, report: &mut Report) -> BTreeMap<String, Event> {
    let mut events = BTreeMap::new();
    let opened = Loader::open::<RawEvent>(inputs, "chronology.toml", "event", report);
    let Some((mut loader, entries)) = opened else {
        return events;
    };
    for entry in entries {
        let span = loader.span(&entry.value.id);
        let event = read(&mut loader, entry.value, span);
        let id = event.id.clone();
        loader.add(&mut events, "event", id, span, event, |event| event.span);
    }
    events
}

fn read(loader: &mut Loader, raw: RawEvent, span: Span) -> Event {
    let id = loader.id(&raw.id);
    let date = date(loader, &raw.date);
    let sources: Vec<_> = raw
        .sources
        .into_iter()
        .map(|source| loader.citation(source))
        .collect();
    let located = |citation: &crate::apparatus::Citation| {
        citation.anchor.is_some() || citation.locator.is_some()
    };
    if !sources.iter().any(located) {
        loader
            .report
            .error(
                Code::UnsourcedEvent,
                span,
                format!("the event `{id}` has no source with a place in it"),
            )
            .help("add: sources = [{ work = \"…\", anchor = \"a few words that stand there\" }]");
    }
    let reading = |loader: &mut Loader, raw: RawReading| Reading {
        about: loader.text(&raw.about, "matter of the reading"),
        says: loader.rich(&raw.says, "reading"),
        source: loader.citation(raw.source),
    };
    let name = raw.name.map(|name| loader.text(&name, "event’s name"));
    let forms = raw.forms.iter();
    let forms = forms
        .map(|form| loader.text(form, "event’s form"))
        .collect();
    Event {
        id,
        name,
        forms,
        date,
        text: loader.rich(&raw.text, "event's account"),
        sources,
        readings: raw
            .reading
            .into_iter()
            .map(|raw| reading(loader, raw))
            .collect(),
        reason: raw.reason.map(|reason| loader.rich(&reason, "reason")),
        span,
    }
}

fn date(loader: &mut Loader, raw: &Spanned<String>) -> Date {
    let edtf = raw.get_ref().trim();
    Date::read(edtf).unwrap_or_else(|why| {
        let span = loader.span(raw);
        loader
            .report
            .error(
                Code::BadDate,
                span,
                format!("`{edtf}` is not a date: {why}"),
            )
            .help("write 1973-06-29, 1973-06, 1972-24 (winter), 1970?, 1971~ or 1970-09/1970-10");
        Date::unreadable(edtf)
    })
}
