//! Short citations of works, and the works' full entries in the bibliography.

use std::collections::BTreeSet;

use crate::apparatus::{Citation, Person, Work};
use crate::edition::Target;
use crate::edition::collation::Filing;
use crate::edition::context::{start_of, words_of};
use crate::edition::marks::Resolver;
use crate::edition::sections::{joined, named, titled};
use crate::source::Position;
use crate::text::{Block, Inline, Style};

/// Works and places in them: `Lee, 41, 43; Ek, p. 3`. A work is named once, where it is first
/// cited; the numbers of the book's own pages come before other locators.
pub(super) fn short(resolver: &Resolver, citations: &[&Citation]) -> Vec<Inline<Target>> {
    let mut inlines = Vec::new();
    let mut seen = BTreeSet::new();
    for citation in citations {
        let apparatus = resolver.ctx.apparatus;
        let Some(work) = apparatus.works.get(&citation.work) else {
            continue;
        };
        if !seen.insert(&work.id) {
            continue;
        }
        if !inlines.is_empty() {
            inlines.push(words_of("; "));
        }
        inlines.push(linked(resolver, work));
        let of_work = citations.iter().filter(|other| other.work == work.id);
        places(resolver, of_work.copied(), &mut inlines);
    }
    inlines
}

/// A work's short name, linked to its entry in the bibliography.
fn linked(resolver: &Resolver, work: &Work) -> Inline<Target> {
    let entry = start_of(resolver.ctx.entries.works[&work.id]);
    Inline::Reference(Target::Place(entry), vec![words_of(work.short.clone())])
}

fn places<'x>(
    resolver: &Resolver,
    citations: impl Iterator<Item = &'x Citation>,
    inlines: &mut Vec<Inline<Target>>,
) {
    let mut pages: Vec<Position> = Vec::new();
    let mut locators: Vec<&str> = Vec::new();
    for citation in citations {
        pages.extend(
            citation
                .anchor
                .as_ref()
                .and_then(|anchor| resolver.place_of(&citation.work, anchor)),
        );
        locators.extend(citation.locator.as_deref());
    }
    if !pages.is_empty() {
        inlines.push(words_of(",\u{a0}"));
        inlines.push(Inline::Reference(Target::Pages(pages), Vec::new()));
    }
    for locator in locators {
        inlines.push(words_of(format!(", {locator}")));
    }
}

/// The bibliography: the book's own sources, then the works that `bibliography.bib` lists,
/// whoever cites them.
pub(super) fn bibliography(resolver: &mut Resolver) -> Vec<Block<Target>> {
    let apparatus = resolver.ctx.apparatus;
    let of_pack = apparatus.works.values().filter(|work| work.file.is_some());
    let others = apparatus.works.values().filter(|work| work.file.is_none());
    let groups = [
        ("Texts in this book", of_pack.collect::<Vec<&Work>>()),
        ("Works cited", others.collect()),
    ];
    let headed = groups.iter().all(|(_, works)| !works.is_empty());
    let mut blocks = Vec::new();
    for (title, works) in groups {
        if headed {
            blocks.push(resolver.ctx.heading(title));
        }
        for work in filed(resolver, works) {
            let id = resolver.ctx.entries.works[&work.id];
            blocks.push(Block::Paragraph(crate::edition::passage(id, full(work))));
        }
    }
    blocks
}

/// Works by author, or by title where none is known.
fn filed<'w>(resolver: &Resolver, works: Vec<&'w Work>) -> Vec<&'w Work> {
    let collation = resolver.ctx.collation();
    let mut filed: Vec<(Filing, &Work)> = works
        .into_iter()
        .map(|work| (Filing::of_work(&authors(&work.authors), &work.title), work))
        .collect();
    filed.sort_by(|a, b| {
        collation
            .compare(&a.0, &b.0)
            .then_with(|| a.1.id.cmp(&b.1.id))
    });
    filed.into_iter().map(|(_, work)| work).collect()
}

/// `Lee, Ann, and Bo Ek`: the first turned round, the others not.
fn authors(people: &[Person]) -> String {
    match people {
        [] => String::new(),
        [first, others @ ..] => {
            let first = joined(&[first.family.clone(), first.given.clone()], ", ");
            let others = named(others);
            if others.is_empty() {
                first
            } else {
                format!("{first}, and {others}")
            }
        }
    }
}

/// A work in full: author. *Title*. Translator. Container, publisher, place, date. Address
/// (when it was retrieved). What else there is to say.
fn full(work: &Work) -> Vec<Inline<Target>> {
    let mut inlines = Vec::new();
    let who = authors(&work.authors);
    if !who.is_empty() {
        inlines.push(words_of(stopped(&who) + " "));
    }
    let title = words_of(titled(work));
    if work.title_supplied {
        inlines.push(title);
    } else {
        inlines.push(Inline::Styled(Style::Emphasis, vec![title]));
    }
    let ends = work.title.ends_with(['.', '?', '!']) && !work.title_supplied;
    let mut rest = String::from(if ends { "" } else { "." });
    if !work.translators.is_empty() {
        let by = format!("Translated by {}", named(&work.translators));
        rest += &format!(" {}", stopped(&by));
    }
    let parts = [&work.container, &work.place, &work.publisher, &work.date];
    let parts: Vec<String> = parts.into_iter().flatten().cloned().collect();
    if !parts.is_empty() {
        rest += &format!(" {}", stopped(&joined(&parts, ", ")));
    }
    inlines.push(words_of(rest));
    inlines.extend(address(work));
    if let Some(note) = &work.note {
        inlines.push(words_of(format!(" {}", stopped(note))));
    }
    inlines
}

fn address(work: &Work) -> Vec<Inline<Target>> {
    let retrieved = work.retrieved.as_ref();
    match (&work.address, retrieved) {
        (Some(address), _) => {
            let words = vec![words_of(address.clone())];
            let web = address.starts_with("http://") || address.starts_with("https://");
            let link = if web {
                vec![Inline::Reference(Target::Web(address.clone()), words)]
            } else {
                words
            };
            let after = retrieved.map_or(".".to_string(), |day| format!(" (retrieved {day})."));
            let mut inlines = vec![words_of(" ")];
            inlines.extend(link);
            inlines.push(words_of(after));
            inlines
        }
        (None, Some(day)) => vec![words_of(format!(" Retrieved {}", stopped(day)))],
        (None, None) => Vec::new(),
    }
}

/// With a full stop at its end, where nothing ends it yet.
fn stopped(text: &str) -> String {
    if text.ends_with(['.', '?', '!']) {
        text.to_string()
    } else {
        format!("{text}.")
    }
}
