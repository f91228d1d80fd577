//! `glossary.toml`: the terms.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use crate::apparatus::Term;
use crate::apparatus::loader::{Loader, RawCitation};
use crate::diag::{Code, Report};
use crate::source::{Inputs, Span};
use crate::text::Lang;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawTerm {
    id: Spanned<String>,
    term: Spanned<String>,
    lang: Option<String>,
    #[serde(default)]
    forms: Vec<Spanned<String>>,
    #[serde(default)]
    exact_case: bool,
    part_of_speech: Option<String>,
    plural: Option<String>,
    pronunciation: Option<String>,
    short: Option<Spanned<String>>,
    full: Option<Spanned<String>>,
    see: Option<Spanned<String>>,
    #[serde(default)]
    see_also: Vec<String>,
    #[serde(default)]
    sources: Vec<RawCitation>,
}

pub(super) fn load(inputs: &Inputs, report: &mut Report) -> BTreeMap<String, Term> {
    let mut terms = BTreeMap::new();
    let opened = Loader::open::<RawTerm>(inputs, "glossary.toml", "term", report);
    let Some((mut loader, entries)) = opened else {
        return terms;
    };
    for entry in entries {
        let span = loader.span(&entry.value.id);
        let term = read(&mut loader, entry.value, span);
        let id = term.id.clone();
        loader.add(&mut terms, "term", id, span, term, |term| term.span);
    }
    terms
}

fn read(loader: &mut Loader, raw: RawTerm, span: Span) -> Term {
    let id = loader.id(&raw.id);
    check_definition(loader, &raw, span);
    let printed = loader.text(&raw.term, "term");
    let mut forms = vec![raw.term];
    forms.extend(raw.forms);
    Term {
        id,
        term: printed,
        lang: raw.lang.map(Lang),
        forms: loader.forms(forms),
        exact_case: raw.exact_case,
        part_of_speech: raw.part_of_speech,
        plural: raw.plural,
        pronunciation: raw.pronunciation,
        short: raw
            .short
            .map(|short| loader.rich(&short, "short definition"))
            .unwrap_or_default(),
        full: raw.full.map(|full| loader.rich(&full, "full definition")),
        see: raw.see.map(Spanned::into_inner),
        see_also: raw.see_also,
        sources: raw
            .sources
            .into_iter()
            .map(|source| loader.citation(source))
            .collect(),
        span,
    }
}

/// A term is either defined or explained under another one.
fn check_definition(loader: &mut Loader, raw: &RawTerm, span: Span) {
    let id = raw.id.get_ref();
    match (&raw.short, &raw.see) {
        (None, None) => {
            loader
                .report
                .error(
                    Code::MissingKey,
                    span,
                    format!("the term `{id}` has no definition"),
                )
                .help("add a line: short = \"One sentence that can stand for the term.\"");
        }
        (Some(_), Some(see)) => {
            let place = loader.span(see);
            loader.bad(
                place,
                format!("the term `{id}` is both defined and explained elsewhere"),
                "keep either `short` or `see`",
            );
        }
        (Some(_), None) | (None, Some(_)) => {}
    }
}
