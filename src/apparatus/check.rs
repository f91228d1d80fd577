//! Whether the vocabulary files fit together: every id that one of them names exists, and
//! no *see* leads in a circle or to another *see*.

use std::collections::{BTreeMap, BTreeSet};

use crate::apparatus::{Apparatus, Citation, Heading, rich};
use crate::data::nearest;
use crate::diag::{Code, Report};
use crate::source::Span;
use crate::text::{Inline, Name, NameKind};

/// Checks everything that needs more than one entry.
pub(super) fn all(apparatus: &Apparatus, report: &mut Report) {
    let headings = apparatus.headings_by_path();
    terms(apparatus, report);
    definitions(apparatus, report);
    citations(apparatus, report);
    index(&headings, report);
    for values in rich::all(apparatus) {
        marks(apparatus, &headings, values, report);
    }
}

/// Reports an id that nothing defines, with the nearest that something does.
pub fn unknown<'k>(
    span: Span,
    id: &str,
    what: &str,
    known: impl Iterator<Item = &'k str>,
    report: &mut Report,
) {
    let known: Vec<&str> = known.collect();
    let diagnostic = report.error(
        Code::UnknownId,
        span,
        format!("there is no {what} with the id `{id}`"),
    );
    match nearest(id, known.iter().copied()) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None if known.is_empty() => diagnostic.help(format!("the pack has no {what} at all")),
        None => diagnostic.help(format!(
            "the ids begin with: {}",
            known[..known.len().min(6)].join(", ")
        )),
    };
}

fn terms(apparatus: &Apparatus, report: &mut Report) {
    let known = || apparatus.terms.keys().map(String::as_str);
    for term in apparatus.terms.values() {
        for id in term.see.iter().chain(&term.see_also) {
            match apparatus.terms.get(id) {
                None => unknown(term.span, id, "term", known(), report),
                Some(_) if *id == term.id => itself(term.span, &term.id, report),
                Some(target) => {
                    if let Some(further) = &target.see {
                        chain(term.span, target.span, &term.id, id, further, report);
                    }
                }
            }
        }
    }
}

/// Terms whose short definitions name each other in a circle (rule G3).
fn definitions(apparatus: &Apparatus, report: &mut Report) {
    let named: BTreeMap<&str, Vec<&str>> = apparatus
        .terms
        .values()
        .map(|term| (term.id.as_str(), rich::terms_in(&term.short)))
        .collect();
    // Each term is left behind once all that it leans on is looked through, so that every
    // definition is read once.
    let mut done: BTreeSet<&str> = BTreeSet::new();
    for &start in named.keys() {
        let mut path: Vec<(&str, usize)> = vec![(start, 0)];
        while let Some((id, next)) = path.pop() {
            if done.contains(id) {
                continue;
            }
            let Some(&leans_on) = named.get(id).and_then(|names| names.get(next)) else {
                done.insert(id);
                continue;
            };
            path.push((id, next + 1));
            if path.iter().any(|(above, _)| *above == leans_on) {
                circle(apparatus, id, leans_on, report);
            } else {
                path.push((leans_on, 0));
            }
        }
    }
}

fn circle(apparatus: &Apparatus, id: &str, leans_on: &str, report: &mut Report) {
    let (term, other) = (&apparatus.terms[id], &apparatus.terms[leans_on]);
    let message = match id == leans_on {
        true => format!("`{id}` is defined by itself"),
        false => format!("`{id}` is defined by `{leans_on}`, which is defined by it in turn"),
    };
    report
        .error(Code::CircularSee, term.span, message)
        .label(other.span, "this definition leads back to it")
        .help("let one of them stand without the other");
}

fn index(headings: &BTreeMap<String, &Heading>, report: &mut Report) {
    for (path, heading) in headings {
        for id in heading.see.iter().chain(&heading.see_also) {
            match headings.get(id) {
                None => {
                    let known = headings.keys().map(String::as_str);
                    unknown(heading.span, id, "index heading", known, report);
                }
                Some(_) if id == path => itself(heading.span, path, report),
                Some(target) => {
                    if let Some(further) = target.see.first() {
                        chain(heading.span, target.span, path, id, further, report);
                    }
                }
            }
        }
    }
}

fn itself(span: Span, id: &str, report: &mut Report) {
    report
        .error(Code::CircularSee, span, format!("`{id}` sends to itself"))
        .help("name another entry, or take the reference out");
}

fn chain(span: Span, target: Span, from: &str, over: &str, further: &str, report: &mut Report) {
    let (message, help) = if further == from {
        (
            format!("`{from}` and `{over}` send to each other"),
            "let one of them say what is to be said".to_string(),
        )
    } else {
        (
            format!("`{from}` sends to `{over}`, which only sends on to `{further}`"),
            format!("send to `{further}` at once"),
        )
    };
    report
        .error(Code::CircularSee, span, message)
        .label(target, "this is only a reference")
        .help(help);
}

fn citations(apparatus: &Apparatus, report: &mut Report) {
    let known = || apparatus.works.keys().map(String::as_str);
    let mut cited = |citation: &Citation| {
        let Some(work) = apparatus.works.get(&citation.work) else {
            return unknown(citation.work_span, &citation.work, "work", known(), report);
        };
        if citation.anchor.is_some() && work.file.is_none() {
            report
                .error(
                    Code::BadValue,
                    citation.span,
                    format!(
                        "`{}` is not a source of the pack, so its words are not at hand",
                        work.id
                    ),
                )
                .help("give a `locator` instead of the `anchor`: a page or a section");
        }
    };
    for term in apparatus.terms.values() {
        term.sources.iter().for_each(&mut cited);
    }
    for event in apparatus.events.values() {
        event.sources.iter().for_each(&mut cited);
        event
            .readings
            .iter()
            .for_each(|reading| cited(&reading.source));
    }
    let sources = || {
        let works = apparatus.works.values();
        works.filter(|work| work.file.is_some())
    };
    for emendation in &apparatus.emendations {
        if !sources().any(|work| work.id == emendation.source) {
            let known = sources().map(|work| work.id.as_str());
            unknown(
                emendation.source_span,
                &emendation.source,
                "source",
                known,
                report,
            );
        }
    }
}

/// The marks of a value; those that name a chapter are followed when the book is resolved.
fn marks(
    apparatus: &Apparatus,
    headings: &BTreeMap<String, &Heading>,
    inlines: &[Inline<Name>],
    report: &mut Report,
) {
    for inline in inlines {
        match inline {
            Inline::Reference(name, words) => {
                mark(apparatus, headings, name, report);
                marks(apparatus, headings, words, report);
            }
            Inline::Styled(_, words) => marks(apparatus, headings, words, report),
            Inline::Text { .. } | Inline::LineBreak => {}
        }
    }
}

fn mark(
    apparatus: &Apparatus,
    headings: &BTreeMap<String, &Heading>,
    name: &Name,
    report: &mut Report,
) {
    fn ids<T>(map: &BTreeMap<String, T>) -> Vec<&str> {
        map.keys().map(String::as_str).collect()
    }
    let id = name.id.split('#').next().unwrap_or_default();
    let (what, known) = match name.kind {
        NameKind::Term if !apparatus.terms.contains_key(id) => ("term", ids(&apparatus.terms)),
        NameKind::Event if !apparatus.events.contains_key(id) => ("event", ids(&apparatus.events)),
        NameKind::Index if !headings.contains_key(id) => ("index heading", ids(headings)),
        NameKind::Cite if !apparatus.works.contains_key(id) => ("work", ids(&apparatus.works)),
        NameKind::Term
        | NameKind::Event
        | NameKind::Index
        | NameKind::Cite
        | NameKind::Footnote
        | NameKind::Place
        | NameKind::Web => return,
    };
    unknown(name.span, id, what, known.into_iter(), report);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Inputs;

    /// The first line of every fault that some vocabulary files have.
    fn faults(files: &[(&str, &str)]) -> Vec<String> {
        let mut inputs = Inputs::default();
        for (path, text) in files {
            inputs.add_text(path, *text);
        }
        let mut report = Report::default();
        crate::apparatus::load(&inputs, &mut report);
        let faults = report.diagnostics.iter();
        faults
            .map(|one| format!("{}: {}", one.code.name(), one.message))
            .collect()
    }

    #[test]
    fn terms_are_defined_once_and_lead_somewhere() {
        let term =
            |id: &str, rest: &str| format!("[[term]]\nid = \"{id}\"\nterm = \"x\"\n{rest}\n");
        let glossary = [
            term("weir", "short = \"A [dam](term:damm).\""),
            term("weir", "short = \"Again.\""),
            term("bare", ""),
            term("both", "short = \"x\"\nsee = \"weir\""),
            term("one", "see = \"two\""),
            term("two", "see = \"one\""),
            term("self", "short = \"x\"\nsee-also = [\"self\", \"wier\"]"),
            term("Weird", "short = \"x\"\nforms = [\"-\"]"),
        ]
        .concat();
        assert_eq!(
            faults(&[("glossary.toml", &glossary)]),
            [
                "duplicate-id: there are two terms with the id `weir`",
                "missing-key: the term `bare` has no definition",
                "bad-value: the term `both` is both defined and explained elsewhere",
                "bad-value: `Weird` cannot be an id",
                "bad-value: `-` has no letter, so it is not a word to be matched",
                "circular-see: `one` and `two` send to each other",
                "circular-see: `self` sends to itself",
                "unknown-id: there is no term with the id `wier`",
                "circular-see: `two` and `one` send to each other",
                "unknown-id: there is no term with the id `damm`",
            ]
        );
    }

    #[test]
    fn definitions_do_not_lean_on_each_other() {
        let term = |id: &str, short: &str| {
            format!("[[term]]\nid = \"{id}\"\nterm = \"{id}\"\nshort = \"{short}\"\n")
        };
        let glossary = [
            term("dam", "A [weir](term:weir)."),
            term(
                "pond",
                "Water behind a [dam](term:dam) or a [weir](term:weir).",
            ),
            term("sill", "The upper edge of a [sill](term:sill)."),
            term("weir", "A low [barrier](term:wall)."),
            term("wall", "A [dam](term:dam) of stone."),
        ]
        .concat();
        assert_eq!(
            faults(&[("glossary.toml", &glossary)]),
            [
                "circular-see: `wall` is defined by `dam`, which is defined by it in turn",
                "circular-see: `sill` is defined by itself",
            ]
        );
    }

    #[test]
    fn subheadings_go_two_levels_deep() {
        let index = "[[heading]]\nid = \"a\"\nheading = \"a\"\n[[heading.sub]]\nid = \"b\"\n\
            heading = \"b\"\n[[heading.sub.sub]]\nid = \"c\"\nheading = \"c\"\n\
            [[heading.sub.sub.sub]]\nid = \"d\"\nheading = \"d\"\n";
        assert_eq!(
            faults(&[("index.toml", index)]),
            ["bad-value: the subheading `c` has subheadings of its own, which are too deep"]
        );
    }

    #[test]
    fn events_have_dates_and_sources() {
        let chronology = "[[event]]\nid = \"flood\"\ndate = \"1820-04-31\"\ntext = \"x\"\n\
            sources = [{ work = \"lee\", anchor = \"a few words\" }]\n\
            [[event]]\nid = \"ebb\"\ndate = \"1821\"\ntext = \"x\"\nsources = [{ work = \"lee\" }]\n\
            [[event]]\nid = \"calm\"\ndate = \"1822\"\ntext = \"[x](index:none)\"\n\
            sources = [{ work = \"ek\", locator = \"p. 3\" }]\n";
        let bibliography = "@book{lee, title = {Floods}}";
        assert_eq!(
            faults(&[
                ("chronology.toml", chronology),
                ("bibliography.bib", bibliography)
            ]),
            [
                "bad-date: `1820-04-31` is not a date: April has 30 days",
                "unsourced-event: the event `ebb` has no source with a place in it",
                "unknown-id: there is no work with the id `ek`",
                "bad-value: `lee` is not a source of the pack, so its words are not at hand",
                "unknown-id: there is no index heading with the id `none`",
            ]
        );
    }

    #[test]
    fn headings_send_to_headings_with_places() {
        let index = "[[heading]]\nid = \"weir\"\nheading = \"weir\"\nforms = [\"weir\"]\nsee-also = [\"mill/wheell\", \"dam\"]\n\
            [[heading.sub]]\nid = \"sill\"\nheading = \"sill of\"\n\
            [[heading.sub]]\nid = \"sill\"\nheading = \"sill again\"\n\
            [[heading]]\nid = \"mill\"\nheading = \"mill\"\nforms = [\"mill\"]\nsee = [\"weir/sill\"]\n\
            [[heading]]\nid = \"dam\"\nheading = \"dam\"\nsee = [\"weir\"]\n";
        assert_eq!(
            faults(&[("index.toml", index)]),
            [
                "duplicate-id: there are two subheadings with the id `sill`",
                "bad-value: the heading `mill` sends to another and yet has places of its own",
                "unknown-id: there is no index heading with the id `mill/wheell`",
                "circular-see: `weir` and `dam` send to each other",
            ]
        );
    }

    #[test]
    fn sources_are_identified_and_stay_in_their_folders() {
        let sources = "[[source]]\nid = \"lee\"\ntitle = \"x\"\nshort = \"x\"\nfile = \"../lee.txt\"\n\
            sha256 = \"123\"\nrecipe = \"/etc/recipe.toml\"\n\
            [[source]]\nid = \"ek\"\ntitle = \" \"\nshort = \"x\"\nfile = \"ek.txt\"\n\
            sha256 = \"0000000000000000000000000000000000000000000000000000000000000000\"\nrecipe = \"recipes/e.toml\"\n";
        let emendations = "[[emendation]]\nsource = \"eek\"\nfind = \"a\"\nreplace = \"b\"\nreason = \"r\"\n\
            [[emendation]]\nsource = \"ek\"\nfind = \"a\"\nreplace = \"a\"\nreason = \"r\"\n";
        assert_eq!(
            faults(&[
                ("sources.toml", sources),
                ("emendations.toml", emendations),
                ("recipes/ek.toml", "")
            ]),
            [
                "bad-value: this is not a SHA-256",
                "path-leaves-pack: `../lee.txt` leads out of its folder",
                "path-leaves-pack: `/etc/recipe.toml` leads out of its folder",
                "bad-value: the title is empty",
                "missing-file: there is no recipe `recipes/e.toml` in the pack",
                "bad-value: the emendation changes nothing",
                "unknown-id: there is no source with the id `eek`",
            ]
        );
    }
}
