//! `content.opf`: what the book is, its files, and their order.

use crate::epub::escape;
use crate::epub::nav::landmarks;
use crate::epub::plan::Plan;
use crate::manifest::{Contributor, Metadata};
use crate::units::Length;

/// By this the books are known that Cordel made.
pub(super) const GENERATOR: &str = "<meta name=\"generator\" content=\"Cordel\"/>";

/// A file of the e-book, as the package lists it.
pub(super) struct Item {
    pub id: String,
    pub href: String,
    pub media_type: &'static str,
    pub properties: &'static str,
    /// Whether it is read through, in its turn.
    pub in_spine: bool,
}

/// What decides how the book can be read.
#[derive(Clone, Copy)]
pub(super) struct Access {
    /// Whether it shows pictures.
    pub pictures: bool,
    /// Whether every one of them says what it shows.
    pub described: bool,
    pub index: bool,
    /// Whether the pages of the printed edition are marked.
    pub pages: bool,
}

/// Writes the package document.
pub(super) fn write(plan: &Plan<'_>, items: &[Item], access: Access) -> String {
    let lang = escape::text(plan.lang);
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <package xmlns=\"http://www.idpf.org/2007/opf\" version=\"3.0\" \
         unique-identifier=\"book-id\" xml:lang=\"{lang}\">\n\
         <metadata xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n"
    );
    let metadata = &plan.edition.metadata;
    description(metadata, plan, &mut out);
    people(metadata, &mut out);
    series(metadata, &mut out);
    describe_access(metadata, access, &mut out);
    print_source(plan, &mut out);
    out.push_str(GENERATOR);
    // Old readers of one maker want the name before the content.
    out.push_str("\n<meta name=\"cover\" content=\"cover-image\"/>\n</metadata>\n<manifest>\n");
    for item in items {
        let properties = match item.properties {
            "" => String::new(),
            properties => format!(" properties=\"{properties}\""),
        };
        out.push_str(&format!(
            "<item id=\"{}\" href=\"{}\" media-type=\"{}\"{properties}/>\n",
            item.id, item.href, item.media_type
        ));
    }
    out.push_str("</manifest>\n<spine toc=\"ncx\">\n");
    for item in items.iter().filter(|item| item.in_spine) {
        out.push_str(&format!("<itemref idref=\"{}\"/>\n", item.id));
    }
    out.push_str("</spine>\n");
    guide(plan, &mut out);
    out.push_str("</package>\n");
    out
}

/// The book's permanent name as a URN.
pub(super) fn identifier(metadata: &Metadata) -> String {
    let name = metadata.identifier.trim();
    let digits = name.chars().filter(|c| c.is_ascii_alphanumeric()).count();
    let is_isbn = name.starts_with(|c: char| c.is_ascii_digit())
        && name
            .chars()
            .all(|c| c.is_ascii_digit() || "-xX ".contains(c))
        && (digits == 10 || digits == 13);
    match name {
        // No book is written without a name; this keeps a test's book whole.
        "" => "urn:uuid:00000000-0000-0000-0000-000000000000".into(),
        _ if is_isbn => format!("urn:isbn:{}", name.replace(['-', ' '], "")),
        _ => name.into(),
    }
}

fn description(metadata: &Metadata, plan: &Plan<'_>, out: &mut String) {
    let title = match metadata.title.trim() {
        "" => "—",
        title => title,
    };
    element(out, "dc:identifier", "book-id", &identifier(metadata));
    element(out, "dc:title", "title", title);
    refine(out, "title", "title-type", "main");
    if let Some(filed) = filed(title, plan.lang) {
        refine(out, "title", "file-as", &filed);
        let filed = escape::text(&filed);
        out.push_str(&format!(
            "<meta name=\"calibre:title_sort\" content=\"{filed}\"/>\n"
        ));
    }
    if let Some(subtitle) = &metadata.subtitle {
        element(out, "dc:title", "subtitle", subtitle);
        refine(out, "subtitle", "title-type", "subtitle");
    }
    element(out, "dc:language", "", plan.lang);
    if !metadata.date.is_empty() {
        element(out, "dc:date", "", &metadata.date);
    }
    let day = match metadata.date.as_str() {
        "" => "1980-01-01",
        day => day,
    };
    meta(out, "dcterms:modified", &format!("{day}T00:00:00Z"));
    if let Some(publisher) = &metadata.publisher {
        element(out, "dc:publisher", "", publisher);
    }
    if !metadata.description.trim().is_empty() {
        element(out, "dc:description", "", metadata.description.trim());
    }
    for subject in &metadata.subjects {
        element(out, "dc:subject", "", subject);
    }
    for (at, subject) in metadata.codes.iter().enumerate() {
        let id = format!("subject-{}", at + 1);
        element(out, "dc:subject", &id, &subject.term);
        refine(out, &id, "authority", &subject.scheme);
        refine(out, &id, "term", &subject.code);
    }
    if let Some(audience) = &metadata.audience {
        meta(out, "dcterms:audience", audience);
    }
    if !metadata.rights.trim().is_empty() {
        element(out, "dc:rights", "", metadata.rights.trim());
    }
}

/// A title as shelves sort it, its article behind it: `Thousand Days, The`; `None` for one
/// without.
fn filed(title: &str, lang: &str) -> Option<String> {
    let articles: &[&str] = match lang.split('-').next().unwrap_or_default() {
        "en" => &["A", "An", "The"],
        "es" => &["El", "La", "Las", "Los", "Un", "Una", "Unas", "Unos"],
        "fr" => &["Des", "La", "Le", "Les", "Un", "Une"],
        "de" => &["Das", "Der", "Die", "Ein", "Eine"],
        "it" => &["Gli", "I", "Il", "La", "Le", "Lo", "Un", "Una", "Uno"],
        "pt" => &["A", "As", "O", "Os", "Um", "Uma"],
        "ca" => &["El", "Els", "La", "Les", "Un", "Una"],
        _ => &[],
    };
    let (first, rest) = title.split_once(' ')?;
    let rest = rest.trim_start();
    (articles.contains(&first) && !rest.is_empty()).then(|| format!("{rest}, {first}"))
}

/// Authors are creators, and so are the editors of a book without authors: readers file a
/// book by its creators.
fn people(metadata: &Metadata, out: &mut String) {
    let has = |role: &str| metadata.contributors.iter().any(|c| c.role == role);
    let creators = if has("aut") { "aut" } else { "edt" };
    let (creators, others): (Vec<&Contributor>, Vec<&Contributor>) = metadata
        .contributors
        .iter()
        .partition(|contributor| contributor.role == creators);
    let tags = [
        (creators, "dc:creator", "creator"),
        (others, "dc:contributor", "contributor"),
    ];
    for (contributors, tag, name) in tags {
        for (at, contributor) in contributors.iter().enumerate() {
            let id = format!("{name}-{}", at + 1);
            element(out, tag, &id, &contributor.name);
            if contributor.role.len() == 3
                && contributor.role.bytes().all(|b| b.is_ascii_lowercase())
            {
                out.push_str(&format!(
                    "<meta refines=\"#{id}\" property=\"role\" scheme=\"marc:relators\">{}</meta>\n",
                    contributor.role
                ));
            }
            if let Some(sort) = &contributor.sort {
                refine(out, &id, "file-as", sort);
            }
            refine(out, &id, "display-seq", &(at + 1).to_string());
        }
    }
}

/// The series, in the standard's way and in the older one that many readers know alone.
fn series(metadata: &Metadata, out: &mut String) {
    let Some(series) = &metadata.series else {
        return;
    };
    let name = escape::text(&series.name);
    out.push_str(&format!(
        "<meta property=\"belongs-to-collection\" id=\"series\">{name}</meta>\n"
    ));
    refine(out, "series", "collection-type", "series");
    out.push_str(&format!(
        "<meta name=\"calibre:series\" content=\"{name}\"/>\n"
    ));
    if let Some(number) = series.number {
        refine(out, "series", "group-position", &number.to_string());
        out.push_str(&format!(
            "<meta name=\"calibre:series_index\" content=\"{number}\"/>\n"
        ));
    }
}

/// What the book offers to readers who cannot see it, or not well.
fn describe_access(metadata: &Metadata, access: Access, out: &mut String) {
    let facts = [
        ("accessMode", "textual", true),
        ("accessMode", "visual", access.pictures),
        ("accessModeSufficient", "textual", access.described),
        ("accessibilityFeature", "alternativeText", access.described),
        ("accessibilityFeature", "displayTransformability", true),
        ("accessibilityFeature", "index", access.index),
        ("accessibilityFeature", "pageBreakMarkers", access.pages),
        ("accessibilityFeature", "pageNavigation", access.pages),
        ("accessibilityFeature", "readingOrder", true),
        ("accessibilityFeature", "structuralNavigation", true),
        ("accessibilityFeature", "tableOfContents", true),
        ("accessibilityHazard", "none", true),
    ];
    for (property, value, _) in facts.iter().filter(|(_, _, holds)| *holds) {
        meta(out, &format!("schema:{property}"), value);
    }
    out.push_str("<meta property=\"schema:accessibilitySummary\" xml:lang=\"en\">");
    out.push_str(
        "The text is structured with headings and can be read aloud, enlarged and reflowed.",
    );
    if access.pages {
        out.push_str(" The pages of the printed edition are marked and listed.");
    }
    out.push_str(" Notes open where they are called and lead back.");
    out.push_str(match (access.pictures, access.described) {
        (true, true) => " Every picture is described.",
        (true, false) => " Not every picture is described.",
        (false, _) => "",
    });
    out.push_str("</meta>\n");
    if access.described {
        conformance(metadata, out);
    }
}

/// The standard that the book keeps, and who says so.
fn conformance(metadata: &Metadata, out: &mut String) {
    out.push_str(
        "<meta property=\"dcterms:conformsTo\" id=\"conformance\">\
         EPUB Accessibility 1.1 - WCAG 2.2 Level AA</meta>\n",
    );
    let certifier = metadata
        .publisher
        .as_ref()
        .or(metadata.contributors.first().map(|first| &first.name));
    if let Some(certifier) = certifier {
        refine(out, "conformance", "a11y:certifiedBy", certifier);
    }
}

/// The printed edition whose pages the page list names.
fn print_source(plan: &Plan<'_>, out: &mut String) {
    if plan.page_list.is_empty() {
        return;
    }
    let metadata = &plan.edition.metadata;
    let millimetres = |length: Length| (length.0 * 254 + 36 * 65_536 * 10) / (720 * 65_536);
    let trim = plan.pages.trim;
    let source = format!(
        "{}, {} {}, {} × {} mm",
        metadata.title,
        plan.words.printed_edition,
        metadata.date,
        millimetres(trim.width),
        millimetres(trim.height),
    );
    element(out, "dc:source", "print", &source);
    refine(out, "print", "source-of", "pagination");
    meta(out, "pageBreakSource", &source);
}

/// The landmarks once more; without a way into the text one maker's readers lose count of
/// the chapters.
fn guide(plan: &Plan<'_>, out: &mut String) {
    let kinds = [
        ("cover", "cover"),
        ("titlepage", "title-page"),
        ("toc", "toc"),
        ("bodymatter", "text"),
        ("glossary", "glossary"),
        ("bibliography", "bibliography"),
        ("index", "index"),
    ];
    out.push_str("<guide>\n");
    for landmark in landmarks(plan) {
        if let Some((_, kind)) = kinds.iter().find(|(kind, _)| *kind == landmark.kind) {
            out.push_str(&format!(
                "<reference type=\"{kind}\" title=\"{}\" href=\"{}\"/>\n",
                escape::text(&landmark.title),
                landmark.href
            ));
        }
    }
    out.push_str("</guide>\n");
}

fn element(out: &mut String, tag: &str, id: &str, text: &str) {
    let id = match id {
        "" => String::new(),
        id => format!(" id=\"{id}\""),
    };
    out.push_str(&format!("<{tag}{id}>{}</{tag}>\n", escape::text(text)));
}

fn refine(out: &mut String, id: &str, property: &str, text: &str) {
    out.push_str(&format!(
        "<meta refines=\"#{id}\" property=\"{property}\">{}</meta>\n",
        escape::text(text)
    ));
}

fn meta(out: &mut String, property: &str, text: &str) {
    out.push_str(&format!(
        "<meta property=\"{property}\">{}</meta>\n",
        escape::text(text)
    ));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_a_title_under_its_first_word_that_is_no_article() {
        let thousand = filed("The Thousand Days", "en");
        assert_eq!(thousand.as_deref(), Some("Thousand Days, The"));
        assert_eq!(
            filed("Los mil días", "es-CL").as_deref(),
            Some("mil días, Los")
        );
        for (title, lang) in [
            ("Theatre of War", "en"),
            ("The", "en"),
            ("Die Hard", "en"),
            ("A", "pt"),
        ] {
            assert_eq!(filed(title, lang), None, "{title}");
        }
    }

    #[test]
    fn names_a_book_by_urn() {
        let named = |name: &str| {
            identifier(&Metadata {
                identifier: name.into(),
                ..Metadata::default()
            })
        };
        assert_eq!(named("978-0-306-40615-7"), "urn:isbn:9780306406157");
        assert_eq!(named("urn:uuid:12"), "urn:uuid:12");
        assert_eq!(named("12345"), "12345");
    }
}
