//! `bibliography.bib`: works cited that are not sources of the pack, as BibLaTeX.

use std::collections::BTreeMap;

use biblatex::{Bibliography, ChunksExt, Entry, ParseError, RawBibliography};

use crate::apparatus::{Date, Person, Work};
use crate::diag::{Code, Report, is_text};
use crate::source::{Inputs, SourceId, Span};
use crate::text::Lang;

/// Braces nested deeper than this are not read: the parser calls itself for each level.
const DEEPEST: usize = 40;

/// Adds the works of the bibliography.
pub(super) fn load(inputs: &Inputs, works: &mut BTreeMap<String, Work>, report: &mut Report) {
    let Some(id) = inputs.find("bibliography.bib") else {
        return;
    };
    is_text(inputs, id, report);
    if let Some(at) = too_deep(inputs.text(id)) {
        report
            .error(
                Code::BadValue,
                Span::new(id, at, at + 1),
                format!("braces are nested more than {DEEPEST} deep here"),
            )
            .help("close the braces of each field");
        return;
    }
    let mut raw = match RawBibliography::parse(inputs.text(id)) {
        Ok(raw) => raw,
        Err(error) => return fault(id, &error, report),
    };
    keep_first(id, &mut raw, works, report);
    cut_chains(id, &mut raw, report);
    let spans: BTreeMap<String, Span> = raw
        .entries
        .iter()
        .map(|entry| (entry.v.key.v.to_string(), key_span(id, entry)))
        .collect();
    match Bibliography::from_raw(raw) {
        Ok(bibliography) => {
            let entries: Vec<&Entry> = bibliography.iter().collect();
            for entry in &entries {
                let work = work(entry, spans[&entry.key], report);
                works.insert(entry.key.clone(), work);
            }
            tell_apart(works);
        }
        Err(error) => fault(id, &error, report),
    }
}

/// Where braces are nested too deep.
fn too_deep(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'{' if depth == DEEPEST => return Some(at),
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

fn fault(id: SourceId, error: &ParseError, report: &mut Report) {
    report
        .error(
            Code::BadValue,
            Span::new(id, error.span.start, error.span.end),
            format!("this is not BibLaTeX: {}", error.kind),
        )
        .help(
            "an entry looks like this: @book{key, author = {Lee, Ann}, title = {…}, date = {1990}}",
        );
}

fn key_span(id: SourceId, entry: &biblatex::Spanned<biblatex::RawEntry<'_>>) -> Span {
    Span::new(id, entry.v.key.span.start, entry.v.key.span.end)
}

/// Of works with one key the first is kept, be it a source of the pack.
fn keep_first(
    id: SourceId,
    raw: &mut RawBibliography<'_>,
    works: &BTreeMap<String, Work>,
    report: &mut Report,
) {
    let mut seen: BTreeMap<String, Span> = works
        .values()
        .map(|work| (work.id.clone(), work.span))
        .collect();
    raw.entries.retain(|entry| {
        let (key, span) = (entry.v.key.v, key_span(id, entry));
        if let Some(first) = seen.get(key) {
            report
                .error(
                    Code::DuplicateId,
                    span,
                    format!("there are two works with the id `{key}`"),
                )
                .label(*first, "the first one")
                .help("give one of them another key");
            return false;
        }
        seen.insert(key.to_string(), span);
        true
    });
}

/// An entry may take fields over from another one, but not through a third: chains and
/// circles of `crossref` and `xdata` would be followed without end.
fn cut_chains(id: SourceId, raw: &mut RawBibliography<'_>, report: &mut Report) {
    let takes = |key: &str| matches!(key.to_ascii_lowercase().as_str(), "crossref" | "xdata");
    let takers: Vec<String> = raw
        .entries
        .iter()
        .filter(|entry| entry.v.fields.iter().any(|field| takes(field.key.v)))
        .map(|entry| entry.v.key.v.to_string())
        .collect();
    for entry in &mut raw.entries {
        entry.v.fields.retain(|field| {
            if !takes(field.key.v) {
                return true;
            }
            let words: String = field
                .value
                .v
                .iter()
                .map(|chunk| match chunk.v {
                    biblatex::RawChunk::Normal(text) | biblatex::RawChunk::Abbreviation(text) => {
                        text
                    }
                })
                .collect();
            let chained = words
                .split(',')
                .any(|key| takers.iter().any(|taker| taker == key.trim()));
            if chained {
                report
                    .error(
                        Code::BadValue,
                        Span::new(id, field.key.span.start, field.key.span.end),
                        format!(
                            "`{}` leads to an entry that itself takes fields from another",
                            words.trim()
                        ),
                    )
                    .help("name the entry that has the fields");
            }
            !chained
        });
    }
}

fn work(entry: &Entry, span: Span, report: &mut Report) -> Work {
    let text = |keys: &[&str]| keys.iter().find_map(|key| text_of(entry, key));
    let title = text(&["title"]).unwrap_or_default();
    if title.is_empty() {
        report
            .error(
                Code::MissingKey,
                span,
                format!("the work `{}` has no title", entry.key),
            )
            .help("add a line: title = {…},");
    }
    let title = match text(&["subtitle"]) {
        Some(subtitle) => format!("{title}: {subtitle}"),
        None => title,
    };
    let supplied = title
        .strip_prefix('[')
        .and_then(|title| title.strip_suffix(']'))
        .map(str::to_string);
    let authors = people(entry, "author");
    let authors = if authors.is_empty() {
        people(entry, "editor")
    } else {
        authors
    };
    let short = text(&["shorttitle", "shorthand"]).unwrap_or_else(|| short(&authors, &title));
    Work {
        id: entry.key.clone(),
        authors,
        translators: people(entry, "translator"),
        title_supplied: supplied.is_some(),
        title: supplied.unwrap_or(title),
        container: container(entry),
        publisher: text(&["publisher", "institution", "organization", "school"]),
        place: text(&["location", "address"]),
        date: text(&["date", "year"]).map(|date| printed(&date)),
        address: text(&["url"]),
        retrieved: text(&["urldate"]).map(|date| printed(&date)),
        note: text(&["note", "addendum"]),
        language: text(&["langid", "language"]).and_then(|name| language(&name)),
        short,
        condition: None,
        file: None,
        span,
    }
}

fn text_of(entry: &Entry, key: &str) -> Option<String> {
    let text = entry.get(key)?.format_verbatim();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = if key == "url" { text } else { curled(&text) };
    (!text.is_empty()).then_some(text)
}

/// With the quotation marks and apostrophes of print: reference managers export straight ones.
fn curled(text: &str) -> String {
    let mut before = ' ';
    text.chars()
        .map(|character| {
            let opens = before.is_whitespace() || "([‘“—–".contains(before);
            before = character;
            match (character, opens) {
                ('\'', true) => '‘',
                ('\'', false) => '’',
                ('"', true) => '“',
                ('"', false) => '”',
                _ => character,
            }
        })
        .collect()
}

fn people(entry: &Entry, key: &str) -> Vec<Person> {
    let named = entry.get_as::<Vec<biblatex::Person>>(key);
    named
        .unwrap_or_default()
        .into_iter()
        .map(|person| Person {
            family: [person.prefix, person.name, person.suffix]
                .iter()
                .filter(|part| !part.is_empty())
                .map(|part| curled(part))
                .collect::<Vec<_>>()
                .join(" "),
            given: curled(&person.given_name),
        })
        .filter(|person| !person.family.is_empty())
        .collect()
}

/// What the work appeared in: `Journal 12/3, 45–67`.
fn container(entry: &Entry) -> Option<String> {
    let text = |key: &str| text_of(entry, key);
    let name = text("journaltitle")
        .or(text("journal"))
        .or(text("booktitle"))
        .or(text("maintitle"))
        .or(text("howpublished"))?;
    let number = match (text("volume"), text("number")) {
        (Some(volume), Some(number)) => format!(" {volume}/{number}"),
        (Some(one), None) | (None, Some(one)) => format!(" {one}"),
        (None, None) => String::new(),
    };
    let pages = text("pages").map(|pages| format!(", {}", pages.replace("--", "–")));
    Some(format!("{name}{number}{}", pages.unwrap_or_default()))
}

/// A date as the book prints dates; one that is not EDTF stands as it is.
fn printed(date: &str) -> String {
    Date::read(date).map_or_else(|_| date.to_string(), |date| date.to_string())
}

/// BibLaTeX names languages in English.
fn language(name: &str) -> Option<Lang> {
    let tag = match name.to_ascii_lowercase().as_str() {
        "english" | "british" | "american" => "en",
        "spanish" | "castilian" => "es",
        "french" => "fr",
        "german" | "ngerman" => "de",
        "italian" => "it",
        "portuguese" | "brazilian" => "pt",
        "catalan" => "ca",
        tag if (2..=3).contains(&tag.len()) => return Some(Lang(tag.to_string())),
        _ => return None,
    };
    Some(Lang(tag.to_string()))
}

/// The authors' family names, or the title.
fn short(authors: &[Person], title: &str) -> String {
    match authors {
        [] => title.to_string(),
        [one] => one.family.clone(),
        [one, two] => format!("{} and {}", one.family, two.family),
        [one, ..] => format!("{} and others", one.family),
    }
}

/// Adds the title to short names that several works share.
fn tell_apart(works: &mut BTreeMap<String, Work>) {
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    for work in works.values() {
        *times.entry(work.short.clone()).or_default() += 1;
    }
    for work in works.values_mut().filter(|work| work.file.is_none()) {
        if times[&work.short] > 1 && work.short != work.title {
            work.short = format!("{}, {}", work.short, work.title);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (BTreeMap<String, Work>, Vec<&'static str>) {
        let mut inputs = Inputs::default();
        inputs.add_text("bibliography.bib", text);
        let (mut works, mut report) = (BTreeMap::new(), Report::default());
        load(&inputs, &mut works, &mut report);
        let codes = report.diagnostics.iter().map(|one| one.code.name());
        (works, codes.collect())
    }

    #[test]
    fn reads_works() {
        let (works, codes) = read(
            "@article{lee, author = {Lee, Ann and von Ek, Bo}, title = {On \\emph{weirs}}, \
             journaltitle = {Water}, volume = 3, pages = {4--9}, date = {1973-07}, langid = {spanish}}\n\
             @misc{two, author = {{Town of Ouzel}}, title = {[A roll]}, date = {1820?}}\n\
             @misc{one, author = {{Town of Ouzel}}, title = {Rules}}\n\
             @misc{weavers, author = {{Weavers' League}}, title = {The 'new' \"loom\"}, \
             url = {https://example.org/weavers'}}",
        );
        assert!(codes.is_empty(), "{codes:?}");
        let lee = &works["lee"];
        assert_eq!(lee.short, "Lee and von Ek");
        assert_eq!(lee.container.as_deref(), Some("Water 3, 4–9"));
        assert_eq!(lee.date.as_deref(), Some("July 1973"));
        assert_eq!(lee.language, Some(Lang("es".into())));
        assert!(works["two"].title_supplied);
        assert_eq!(works["two"].title, "A roll");
        assert_eq!(works["one"].short, "Town of Ouzel, Rules");
        let weavers = &works["weavers"];
        assert_eq!(weavers.short, "Weavers’ League");
        assert_eq!(weavers.title, "The ‘new’ “loom”");
        assert_eq!(
            weavers.address.as_deref(),
            Some("https://example.org/weavers'")
        );
    }

    #[test]
    fn reports_faults() {
        assert_eq!(read("@book{a, title = {x}").1, ["bad-value"]);
        assert_eq!(
            read("@book{a, title={x}}@book{a, title={y}}").1,
            ["duplicate-id"]
        );
        assert_eq!(read("@book{a, author={x}}").1, ["missing-key"]);
        let circle = "@book{a, title={x}, crossref={b}}@book{b, title={y}, crossref={a}}";
        assert_eq!(read(circle).1, ["bad-value", "bad-value"]);
    }

    #[test]
    fn survives_being_cut_anywhere_and_deep_braces() {
        let text = "@string{x = \"y\"}\n@book{ä, author = {{A} and B, \\'e = c}, title = \"a {b} \\\"o $x^2$ \\~{n}\" # x, date = {19XX/..}, pages={1--2}} % c\n";
        for end in (0..text.len()).filter(|&end| text.is_char_boundary(end)) {
            read(&text[..end]);
        }
        let deep = "{".repeat(50_000) + "x" + &"}".repeat(50_000);
        read(&format!("@book{{a, title = {deep}}}"));
        read(&format!(
            "@book{{a, title = {{{}x}}}}",
            "\\emph".repeat(20_000)
        ));
        read(&format!(
            "@book{{a, title = {{{}x{}}}}}",
            "\\emph{".repeat(5_000),
            "}".repeat(5_000)
        ));
    }
}
