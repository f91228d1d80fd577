//! Values that carry marks and emphasis: one paragraph of running text each.

use crate::apparatus::{Apparatus, Heading, Rich};
use crate::text::{Inline, Name, NameKind};

/// Every value of the vocabulary files that can carry marks.
pub fn all(apparatus: &Apparatus) -> Vec<&Rich> {
    let mut all = Vec::new();
    for term in apparatus.terms.values() {
        all.push(&term.short);
        all.extend(&term.full);
    }
    for event in apparatus.events.values() {
        all.push(&event.text);
        all.extend(event.readings.iter().map(|reading| &reading.says));
        all.extend(&event.reason);
    }
    all.extend(apparatus.emendations.iter().map(|one| &one.reason));
    for heading in apparatus.headings.values() {
        headings(heading, &mut all);
    }
    all
}

fn headings<'a>(heading: &'a Heading, all: &mut Vec<&'a Rich>) {
    all.push(&heading.heading);
    all.extend(&heading.see_general);
    all.extend(&heading.see_also_general);
    for sub in &heading.subheadings {
        headings(sub, all);
    }
}

/// The terms that a value's marks name.
pub fn terms_in(rich: &[Inline<Name>]) -> Vec<&str> {
    fn walk<'a>(inlines: &'a [Inline<Name>], terms: &mut Vec<&'a str>) {
        for inline in inlines {
            match inline {
                Inline::Reference(name, words) => {
                    if name.kind == NameKind::Term {
                        terms.push(&name.id);
                    }
                    walk(words, terms);
                }
                Inline::Styled(_, words) => walk(words, terms),
                Inline::Text { .. } | Inline::LineBreak => {}
            }
        }
    }
    let mut terms = Vec::new();
    walk(rich, &mut terms);
    terms
}
