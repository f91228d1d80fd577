//! The glossary at the back: every term of the book with its full definition and the places
//! where it first occurs.

use std::collections::{BTreeMap, BTreeSet};

use crate::apparatus::{Apparatus, Citation, Term, rich};
use crate::edition::Target;
use crate::edition::citations;
use crate::edition::collation::Filing;
use crate::edition::context::{unused, words_of};
use crate::edition::marks::Resolver;
use crate::edition::notes::{linked, printed};
use crate::source::Position;
use crate::text::{Block, Definition, DefinitionKind, Inline, Passage, Style};

/// Where each term first occurs in each section, by id.
pub(super) type Places = BTreeMap<String, Vec<Position>>;

/// The glossary's entries, filed like the index.
pub(super) fn blocks(
    resolver: &mut Resolver,
    places: &Places,
    complete: bool,
) -> Vec<Block<Target>> {
    let terms = included(resolver.ctx.apparatus, places);
    if complete {
        report_idle(resolver, &terms);
    }
    let collation = resolver.ctx.collation();
    let mut entries: Vec<(Filing, Definition<Target>)> = terms
        .iter()
        .map(|id| {
            let term = &resolver.ctx.apparatus.terms[*id];
            let found = places.get(*id).map_or(&[][..], Vec::as_slice);
            (
                Filing::new(&term.term),
                entry(resolver, term, found, &terms),
            )
        })
        .collect();
    // Terms come by id, so equal ones have an order too.
    entries.sort_by(|a, b| collation.compare(&a.0, &b.0));
    let items: Vec<_> = entries.into_iter().map(|(_, entry)| entry).collect();
    if items.is_empty() {
        return Vec::new();
    }
    vec![Block::Definitions {
        kind: DefinitionKind::Glossary,
        items,
    }]
}

/// The terms that occur, with those that their definitions lean on.
fn included<'a>(apparatus: &'a Apparatus, places: &Places) -> BTreeSet<&'a str> {
    let mut included = BTreeSet::new();
    let mut waiting: Vec<&str> = apparatus
        .terms
        .keys()
        .filter(|id| places.contains_key(*id))
        .map(String::as_str)
        .collect();
    while let Some(id) = waiting.pop() {
        let Some(term) = apparatus.terms.get(id).filter(|_| included.insert(id)) else {
            continue;
        };
        waiting.extend(term.see.as_deref());
        waiting.extend(rich::terms_in(&term.short));
        let full = term.full.iter();
        waiting.extend(full.flat_map(|full| rich::terms_in(full)));
    }
    included
}

fn report_idle(resolver: &mut Resolver, included: &BTreeSet<&str>) {
    let apparatus = resolver.ctx.apparatus;
    let idle: Vec<&Term> = apparatus
        .terms
        .values()
        .filter(|term| !included.contains(term.id.as_str()))
        .collect();
    let ids: Vec<&str> = idle.iter().map(|term| term.id.as_str()).collect();
    unused(
        resolver.ctx,
        "term",
        idle.first().map(|term| term.span),
        &ids,
    );
}

fn entry(
    resolver: &mut Resolver,
    term: &Term,
    found: &[Position],
    included: &BTreeSet<&str>,
) -> Definition<Target> {
    let apparatus = resolver.ctx.apparatus;
    let id = resolver.ctx.number();
    let mut inlines = grammar(term);
    if let Some(other) = term.see.as_ref().and_then(|see| apparatus.terms.get(see)) {
        inlines.push(words_of("See "));
        inlines.push(linked(resolver, other, Style::Emphasis));
        inlines.push(words_of("."));
    } else {
        let definition = term.full.as_ref().unwrap_or(&term.short);
        let rich = resolver.rich(id, &inlines, definition);
        inlines.extend(rich);
    }
    inlines.extend(see_also(resolver, term, included));
    inlines.extend(sources(resolver, term));
    if !found.is_empty() {
        inlines.push(words_of(" In the text: "));
        inlines.push(Inline::Reference(Target::Pages(found.to_vec()), Vec::new()));
        inlines.push(words_of("."));
    }
    let words = printed(resolver, term);
    Definition {
        term: Passage {
            id: resolver.ctx.entries.terms[&term.id],
            inlines: words,
            span: Some(term.span),
        },
        body: vec![Block::Paragraph(crate::edition::passage(id, inlines))],
    }
}

/// Part of speech, plural and pronunciation, in brackets.
fn grammar(term: &Term) -> Vec<Inline<Target>> {
    let plural = term.plural.as_ref().map(|plural| {
        if plural.contains(':') {
            plural.clone()
        } else {
            format!("plural: {plural}")
        }
    });
    let said = term
        .pronunciation
        .as_ref()
        .map(|said| format!("say {said}"));
    let parts: Vec<String> = [term.part_of_speech.clone(), plural, said]
        .into_iter()
        .flatten()
        .collect();
    if parts.is_empty() {
        return Vec::new();
    }
    vec![words_of(format!("({}) ", parts.join("; ")))]
}

fn see_also(resolver: &Resolver, term: &Term, included: &BTreeSet<&str>) -> Vec<Inline<Target>> {
    let mut inlines = Vec::new();
    for id in &term.see_also {
        let other = resolver.ctx.apparatus.terms.get(id);
        let Some(other) = other.filter(|_| included.contains(id.as_str())) else {
            continue;
        };
        inlines.push(words_of(if inlines.is_empty() {
            " See also "
        } else {
            ", "
        }));
        inlines.push(linked(resolver, other, Style::Emphasis));
    }
    if !inlines.is_empty() {
        inlines.push(words_of("."));
    }
    inlines
}

fn sources(resolver: &mut Resolver, term: &Term) -> Vec<Inline<Target>> {
    let cited: Vec<&Citation> = term.sources.iter().collect();
    let mut inlines = citations::short(resolver, &cited);
    if !inlines.is_empty() {
        inlines.insert(0, words_of(" Source: "));
        inlines.push(words_of("."));
    }
    inlines
}
