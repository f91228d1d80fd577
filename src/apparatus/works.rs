//! `sources.toml`: the pack's own sources; with `bibliography.bib`, all works.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use crate::apparatus::loader::Loader;
use crate::apparatus::{Person, SourceFile, Work, bibliography};
use crate::data::nearest;
use crate::diag::{Code, Report};
use crate::source::{Inputs, Span, is_inside};
use crate::text::Lang;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawSource {
    id: Spanned<String>,
    title: Spanned<String>,
    #[serde(default)]
    title_supplied: bool,
    short: Spanned<String>,
    #[serde(default)]
    authors: Vec<String>,
    #[serde(default)]
    translators: Vec<String>,
    container: Option<String>,
    publisher: Option<String>,
    place: Option<String>,
    date: Option<String>,
    address: Option<String>,
    retrieved: Option<String>,
    note: Option<String>,
    language: Option<String>,
    condition: Option<String>,
    file: Spanned<String>,
    sha256: Spanned<String>,
    recipe: Spanned<String>,
}

/// The sources first, so that of two works with one id the pack's own is kept.
pub(super) fn load(inputs: &Inputs, report: &mut Report) -> BTreeMap<String, Work> {
    let mut works = BTreeMap::new();
    let opened = Loader::open::<RawSource>(inputs, "sources.toml", "source", report);
    if let Some((mut loader, entries)) = opened {
        for entry in entries {
            let work = read(&mut loader, entry.value);
            let (id, span) = (work.id.clone(), work.span);
            loader.add(&mut works, "work", id, span, work, |work| work.span);
        }
    }
    bibliography::load(inputs, &mut works, report);
    works
}

fn read(loader: &mut Loader, raw: RawSource) -> Work {
    let span = loader.span(&raw.id);
    let some = |text: Option<String>| {
        text.map(|text| text.trim().to_string())
            .filter(|text| !text.is_empty())
    };
    let people = |names: Vec<String>| names.iter().map(|name| person(name)).collect();
    Work {
        id: loader.id(&raw.id),
        authors: people(raw.authors),
        translators: people(raw.translators),
        title: loader.text(&raw.title, "title"),
        title_supplied: raw.title_supplied,
        container: some(raw.container),
        publisher: some(raw.publisher),
        place: some(raw.place),
        date: some(raw.date),
        address: some(raw.address),
        retrieved: some(raw.retrieved),
        note: some(raw.note),
        language: some(raw.language).map(Lang),
        short: loader.text(&raw.short, "short title"),
        condition: some(raw.condition),
        file: Some(file(loader, &raw.file, &raw.sha256, &raw.recipe)),
        span,
    }
}

/// `Family, Given`; a name without a comma is one that is not turned round.
fn person(name: &str) -> Person {
    let (family, given) = name.split_once(',').unwrap_or((name, ""));
    Person {
        family: family.trim().to_string(),
        given: given.trim().to_string(),
    }
}

fn file(
    loader: &mut Loader,
    name: &Spanned<String>,
    sha256: &Spanned<String>,
    recipe: &Spanned<String>,
) -> SourceFile {
    let span = loader.span(sha256);
    let digest = sha256.get_ref().to_ascii_lowercase();
    if digest.len() != 64 || !digest.bytes().all(|b| b.is_ascii_hexdigit()) {
        loader.bad(
            span,
            "this is not a SHA-256".into(),
            "it has 64 hexadecimal digits; the program sha256sum prints it",
        );
    }
    let path = loader.span(name);
    inside(loader, name.get_ref(), path);
    let path = loader.span(recipe);
    if inside(loader, recipe.get_ref(), path) && !loader.has_file(recipe.get_ref()) {
        missing_recipe(loader, recipe.get_ref(), path);
    }
    SourceFile {
        name: name.get_ref().clone(),
        sha256: digest,
        recipe: recipe.get_ref().clone(),
        span,
    }
}

fn inside(loader: &mut Loader, path: &str, span: Span) -> bool {
    let inside = is_inside(path);
    if !inside {
        loader
            .report
            .error(
                Code::PathLeavesPack,
                span,
                format!("`{path}` leads out of its folder"),
            )
            .help("write the file's name, without / at its start and without ..");
    }
    inside
}

fn missing_recipe(loader: &mut Loader, path: &str, span: Span) {
    let near = nearest(path, loader.paths()).map(str::to_string);
    let missing = loader.report.error(
        Code::MissingFile,
        span,
        format!("there is no recipe `{path}` in the pack"),
    );
    match near {
        Some(near) => missing.help(format!("did you mean `{near}`?")),
        None => missing.help("write one, or let `cordel import` propose it"),
    };
}
