//! Where the sources disagree: a row for every matter on which two readings or more stand
//! under an event. It is made from the chronology, so that nothing is typed twice.

use crate::apparatus::Event;
use crate::edition::Target;
use crate::edition::chronology::{by_date, capitalised, matters, said};
use crate::edition::context::{start_of, words_of};
use crate::edition::marks::Resolver;
use crate::text::{Align, Block, Inline, Passage, Style, Table};

const HEADS: [&str; 2] = ["On what", "The readings"];

/// The table; nothing where no event has two readings of one matter.
pub(super) fn blocks(resolver: &mut Resolver) -> Vec<Block<Target>> {
    let mut rows = Vec::new();
    for event in by_date(resolver) {
        for matter in matters(event).filter(|matter| matter.len() > 1) {
            let what = named(resolver, event, &matter[0].about);
            let id = resolver.ctx.number();
            let mut readings = Vec::new();
            said(resolver, id, &mut readings, matter, &Inline::LineBreak);
            rows.push(vec![what, crate::edition::passage(id, readings)]);
        }
    }
    if rows.is_empty() {
        return Vec::new();
    }
    let head = HEADS.map(|head| resolver.ctx.passage(vec![words_of(head)]));
    vec![Block::Table(Table {
        caption: None,
        columns: vec![Align::Left; HEADS.len()],
        head: head.into(),
        rows,
    })]
}

/// What the event is called, which leads to its entry, its date, and the matter.
fn named(resolver: &mut Resolver, event: &Event, about: &str) -> Passage<Target> {
    let id = resolver.ctx.number();
    let name = match &event.name {
        Some(name) => vec![words_of(name.clone())],
        None => resolver.rich(id, &[], &event.text),
    };
    let entry = start_of(resolver.ctx.entries.events[&event.id]);
    let inlines = vec![
        Inline::Reference(Target::Place(entry), name),
        Inline::LineBreak,
        words_of(event.date.to_string()),
        Inline::LineBreak,
        Inline::Styled(Style::Emphasis, vec![words_of(capitalised(about))]),
    ];
    crate::edition::passage(id, inlines)
}
