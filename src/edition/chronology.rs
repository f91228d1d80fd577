//! The chronology: events by year, each with its sources, and with every reading where the
//! sources disagree.

use std::collections::BTreeMap;

use crate::apparatus::{Citation, Event, Reading};
use crate::edition::Target;
use crate::edition::citations;
use crate::edition::context::words_of;
use crate::edition::marks::Resolver;
use crate::source::{PassageId, Position};
use crate::text::{Block, Definition, DefinitionKind, Inline, Passage, Style};

/// Where the running text tells each event, by id.
pub(super) type Told = BTreeMap<String, Vec<Position>>;

/// The events, a heading for every year.
pub(super) fn blocks(resolver: &mut Resolver, told: &Told) -> Vec<Block<Target>> {
    let events = by_date(resolver);
    let mut blocks = Vec::new();
    for year in events.chunk_by(|a, b| a.date.year() == b.date.year()) {
        blocks.push(resolver.ctx.heading(year[0].date.year()));
        let items = year
            .iter()
            .map(|event| entry(resolver, event, told.get(&event.id)))
            .collect();
        blocks.push(Block::Definitions {
            kind: DefinitionKind::Chronology,
            items,
        });
    }
    blocks
}

/// The events in their order.
pub(super) fn by_date<'a>(resolver: &Resolver<'_, 'a>) -> Vec<&'a Event> {
    let mut events: Vec<&'a Event> = resolver.ctx.apparatus.events.values().collect();
    // By start, precision, id (rule C5); they come by id.
    events.sort_by(|a, b| a.date.cmp(&b.date));
    events
}

/// The readings of an event by what they are about.
pub(super) fn matters(event: &Event) -> impl Iterator<Item = &[Reading]> {
    event.readings.chunk_by(|a, b| a.about == b.about)
}

fn entry(
    resolver: &mut Resolver,
    event: &Event,
    told: Option<&Vec<Position>>,
) -> Definition<Target> {
    let mut body = vec![account(resolver, event, told)];
    body.extend(readings(resolver, event));
    if let Some(reason) = &event.reason {
        let id = resolver.ctx.number();
        let mut inlines = vec![
            Inline::Styled(Style::Emphasis, vec![words_of("Editors’ note:")]),
            words_of(" "),
        ];
        let rich = resolver.rich(id, &inlines, reason);
        inlines.extend(rich);
        body.push(Block::Paragraph(crate::edition::passage(id, inlines)));
    }
    Definition {
        term: Passage {
            id: resolver.ctx.entries.events[&event.id],
            inlines: vec![words_of(event.date.under_year())],
            span: Some(event.span),
        },
        body,
    }
}

/// What happened, who says so, and where the book's own text tells of it (rule C6).
fn account(resolver: &mut Resolver, event: &Event, told: Option<&Vec<Position>>) -> Block<Target> {
    let id = resolver.ctx.number();
    let mut inlines = resolver.rich(id, &[], &event.text);
    let cited: Vec<&Citation> = event.sources.iter().collect();
    let sources = citations::short(resolver, &cited);
    if !sources.is_empty() {
        inlines.push(words_of(" ("));
        inlines.extend(sources);
        inlines.push(words_of(")"));
    }
    if let Some(told) = told {
        inlines.push(words_of(" In the text: "));
        inlines.push(Inline::Reference(Target::Pages(told.clone()), Vec::new()));
        inlines.push(words_of("."));
    }
    Block::Paragraph(crate::edition::passage(id, inlines))
}

/// What sources say otherwise, side by side: `Day: 10 October (Lee, 4); 11 October (Ek, 9).`
fn readings(resolver: &mut Resolver, event: &Event) -> Option<Block<Target>> {
    if event.readings.is_empty() {
        return None;
    }
    let id = resolver.ctx.number();
    let mut inlines = Vec::new();
    for (at, matter) in matters(event).enumerate() {
        if at > 0 {
            inlines.push(words_of(" "));
        }
        let label = format!("{}:", capitalised(&matter[0].about));
        inlines.push(Inline::Styled(Style::Emphasis, vec![words_of(label)]));
        inlines.push(words_of(" "));
        said(resolver, id, &mut inlines, matter, &words_of("; "));
        inlines.push(words_of("."));
    }
    Some(Block::Paragraph(crate::edition::passage(id, inlines)))
}

/// The readings of one matter, each with its source, something `between` them.
pub(super) fn said(
    resolver: &mut Resolver,
    id: PassageId,
    inlines: &mut Vec<Inline<Target>>,
    matter: &[Reading],
    between: &Inline<Target>,
) {
    for (at, reading) in matter.iter().enumerate() {
        if at > 0 {
            inlines.push(between.clone());
        }
        let says = resolver.rich(id, inlines, &reading.says);
        inlines.extend(says);
        inlines.push(words_of(" ("));
        inlines.extend(citations::short(resolver, &[&reading.source]));
        inlines.push(words_of(")"));
    }
}

pub(super) fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}
