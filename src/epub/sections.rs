//! One file a section: its frame, its heading, and what each kind of section is called by a
//! reader's voice.

use crate::edition::{Section, Target};
use crate::epub::escape;
use crate::epub::pictures::Pictures;
use crate::epub::plan::{Plan, passage_id};
use crate::epub::xhtml::Writer;
use crate::epub::{index, nav};
use crate::manifest::{ChapterKind, Contributor, Metadata, Part};
use crate::text::{Block, DefinitionKind};

/// A file of the e-book's text.
pub(super) struct Document {
    pub name: String,
    pub xhtml: String,
    /// What its manifest item says of it.
    pub properties: &'static str,
}

/// What a section is, in the terms of EPUB's structural semantics and of DPUB-ARIA; the two
/// must agree.
struct Semantics {
    kind: &'static str,
    role: Option<&'static str>,
}

/// Writes a section's file.
pub(super) fn write<'i>(plan: &Plan<'_>, pictures: &mut Pictures<'i>, file: usize) -> Document {
    let mut writer = Writer::new(plan, pictures, file);
    let planned = &plan.files[file];
    let (part, title, properties) = match planned.section {
        None => {
            title_page(&mut writer, None);
            (Part::Front, plan.edition.metadata.title.clone(), "")
        }
        Some(section) => {
            let properties = section_body(&mut writer, section);
            (section.part, title(plan, section), properties)
        }
    };
    if file + 1 == plan.files.len() {
        for page in &plan.closing {
            writer.page_break("div", *page);
        }
    }
    Document {
        name: planned.name.clone(),
        xhtml: framed(plan, &title, part, &writer.out),
        properties,
    }
}

/// A section in words: for a file's title and for the contents.
pub(super) fn title(plan: &Plan<'_>, section: &Section) -> String {
    let title = if section.kind == ChapterKind::TitlePage {
        plan.edition.metadata.title.clone()
    } else {
        section.title.plain()
    };
    [title, section.short_title.clone(), section.id.clone()]
        .into_iter()
        .find(|title| !title.trim().is_empty())
        .unwrap_or_else(|| "—".into())
}

/// A whole XHTML file around the content of its body.
pub(super) fn framed(plan: &Plan<'_>, title: &str, part: Part, body: &str) -> String {
    let lang = escape::text(plan.lang);
    let part = match part {
        Part::Front => "frontmatter",
        Part::Body => "bodymatter",
        Part::Back => "backmatter",
    };
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <!DOCTYPE html>\n\
         <html xmlns=\"http://www.w3.org/1999/xhtml\" \
         xmlns:epub=\"http://www.idpf.org/2007/ops\" lang=\"{lang}\" xml:lang=\"{lang}\">\n\
         <head>\n\
         <title>{}</title>\n\
         <link rel=\"stylesheet\" type=\"text/css\" href=\"stylesheet.css\"/>\n\
         </head>\n\
         <body epub:type=\"{part}\">\n{body}</body>\n</html>\n",
        escape::text(title.trim())
    )
}

/// Writes a section; gives its manifest properties.
fn section_body(writer: &mut Writer<'_, '_>, section: &Section) -> &'static str {
    match section.kind {
        ChapterKind::TitlePage => {
            title_page(writer, Some(section));
            ""
        }
        ChapterKind::Contents => {
            nav::write(writer, section);
            "nav"
        }
        ChapterKind::Index => {
            index::write(writer, section);
            "index"
        }
        ChapterKind::Glossary => {
            plain_section(writer, section);
            if has_glossary(section) {
                "glossary"
            } else {
                ""
            }
        }
        ChapterKind::HalfTitle
        | ChapterKind::PartTitle
        | ChapterKind::Imprint
        | ChapterKind::Text
        | ChapterKind::Source
        | ChapterKind::Chronology
        | ChapterKind::Disagreements
        | ChapterKind::Figures
        | ChapterKind::Bibliography
        | ChapterKind::Emendations
        | ChapterKind::NoteOnTheText => {
            plain_section(writer, section);
            ""
        }
    }
}

fn has_glossary(section: &Section) -> bool {
    section.blocks.iter().any(|block| {
        matches!(
            block,
            Block::Definitions {
                kind: DefinitionKind::Glossary,
                ..
            }
        )
    })
}

fn plain_section(writer: &mut Writer<'_, '_>, section: &Section) {
    let semantics = semantics(section);
    let named = match section.title.plain().trim().is_empty() {
        true => format!(
            " id=\"{}\" aria-label=\"{}\"",
            passage_id(section.title.id),
            escape::text(&title(writer.plan, section))
        ),
        false => format!(" aria-labelledby=\"{}\"", passage_id(section.title.id)),
    };
    let role = semantics
        .role
        .map_or(String::new(), |role| format!(" role=\"{role}\""));
    writer.push(&[
        "<section epub:type=\"",
        semantics.kind,
        "\"",
        &role,
        " class=\"",
        class(section.kind),
        "\"",
        &named,
        ">\n",
    ]);
    heading(writer, section);
    if section.kind == ChapterKind::Bibliography {
        works(writer, &section.blocks);
    } else {
        let first = section.first_paragraph();
        let (before, text) = section.blocks.split_at(first.unwrap_or(0));
        writer.blocks(before);
        writer.initial = text.first().is_some_and(bears_initial);
        writer.blocks(text);
    }
    let plan = writer.plan;
    writer.notes(&plan.files[writer.file].notes);
    writer.out.push_str("</section>\n");
}

/// Whether a paragraph can begin with a large letter on a screen: not with one that reaches
/// into the line below, which does not make way there as it does in print.
fn bears_initial(block: &Block<Target>) -> bool {
    let Block::Paragraph(text) = block else {
        return false;
    };
    let text = text.plain();
    let letter = text.chars().find(|c| c.is_alphanumeric());
    letter.is_some_and(|letter| letter.is_uppercase() && !matches!(letter, 'J' | 'Q'))
}

/// Works cited, each hanging from its first line; what stands before the first group's
/// heading is their introduction.
fn works(writer: &mut Writer<'_, '_>, blocks: &[Block<Target>]) {
    let is_heading = |block: &Block<Target>| matches!(block, Block::Heading { .. });
    let (introduction, works) = blocks.split_at(blocks.iter().position(is_heading).unwrap_or(0));
    writer.blocks(introduction);
    writer.out.push_str("<div class=\"works\">\n");
    writer.blocks(works);
    writer.out.push_str("</div>\n");
}

/// The section's heading and its author's name.
pub(super) fn heading(writer: &mut Writer<'_, '_>, section: &Section) {
    if section.title.plain().trim().is_empty() {
        for page in writer.leading_breaks(section.title.id) {
            writer.page_break("div", *page);
        }
    } else {
        writer.heading("h1", "", &section.title);
    }
    if let Some(byline) = &section.byline {
        writer.element("p", " class=\"byline\"", byline);
        writer.out.push('\n');
    }
}

fn class(kind: ChapterKind) -> &'static str {
    match kind {
        ChapterKind::HalfTitle => "half-title",
        ChapterKind::PartTitle => "part-title",
        ChapterKind::TitlePage => "title-page",
        ChapterKind::Imprint => "imprint",
        ChapterKind::Contents => "contents",
        ChapterKind::Text => "text",
        ChapterKind::Source => "source",
        ChapterKind::Glossary => "terms",
        ChapterKind::Chronology => "events",
        ChapterKind::Disagreements => "readings",
        ChapterKind::Figures => "figures",
        ChapterKind::Bibliography => "bibliography",
        ChapterKind::Emendations => "emendations",
        ChapterKind::NoteOnTheText => "note-on-the-text",
        ChapterKind::Index => "index",
    }
}

fn semantics(section: &Section) -> Semantics {
    let (kind, role) = match section.kind {
        ChapterKind::HalfTitle => ("halftitlepage", None),
        ChapterKind::PartTitle => ("part", Some("doc-part")),
        ChapterKind::TitlePage => ("titlepage", None),
        ChapterKind::Imprint => ("copyright-page", None),
        ChapterKind::Contents => ("toc", Some("doc-toc")),
        ChapterKind::Text => text_semantics(section),
        ChapterKind::Source => ("chapter", Some("doc-chapter")),
        ChapterKind::Glossary => ("glossary", Some("doc-glossary")),
        ChapterKind::Bibliography => ("bibliography", Some("doc-bibliography")),
        ChapterKind::Chronology
        | ChapterKind::Disagreements
        | ChapterKind::Figures
        | ChapterKind::Emendations
        | ChapterKind::NoteOnTheText => by_part(section.part),
        ChapterKind::Index => ("index", Some("doc-index")),
    };
    Semantics { kind, role }
}

/// What the editors' own section is: by its id where that is one of the usual parts of a
/// book, else by where it stands.
fn text_semantics(section: &Section) -> (&'static str, Option<&'static str>) {
    const NAMED: [(&str, &str); 11] = [
        ("acknowledgments", "doc-acknowledgments"),
        ("afterword", "doc-afterword"),
        ("appendix", "doc-appendix"),
        ("conclusion", "doc-conclusion"),
        ("dedication", "doc-dedication"),
        ("epigraph", "doc-epigraph"),
        ("epilogue", "doc-epilogue"),
        ("foreword", "doc-foreword"),
        ("introduction", "doc-introduction"),
        ("preface", "doc-preface"),
        ("prologue", "doc-prologue"),
    ];
    NAMED
        .iter()
        .find(|(name, _)| *name == section.id)
        .map_or_else(
            || by_part(section.part),
            |(name, role)| (*name, Some(*role)),
        )
}

fn by_part(part: Part) -> (&'static str, Option<&'static str>) {
    match part {
        Part::Front | Part::Body => ("chapter", Some("doc-chapter")),
        Part::Back => ("appendix", Some("doc-appendix")),
    }
}

/// The title page, made from the metadata; `None` when the running order has none.
fn title_page(writer: &mut Writer<'_, '_>, section: Option<&Section>) {
    let metadata = &writer.plan.edition.metadata;
    writer
        .out
        .push_str("<section epub:type=\"titlepage\" class=\"title-page\">\n");
    let id = match section {
        Some(section) => {
            let inside = writer.leading_breaks(section.title.id);
            for page in inside {
                writer.page_break("div", *page);
            }
            format!(" id=\"{}\"", passage_id(section.title.id))
        }
        None => String::new(),
    };
    let title = match metadata.title.trim() {
        "" => "—",
        title => title,
    };
    writer.push(&["<h1", &id, ">"]);
    writer.plain(title);
    writer.out.push_str("</h1>\n");
    if let Some(subtitle) = &metadata.subtitle {
        let open = "<p class=\"subtitle\" epub:type=\"subtitle\" role=\"doc-subtitle\">";
        writer.out.push_str(open);
        writer.plain(subtitle);
        writer.out.push_str("</p>\n");
    }
    for (lead, names) in credits(writer.plan) {
        writer.out.push_str("<p class=\"credit\">");
        if let Some(lead) = lead {
            writer.push(&["<span class=\"lead\">", lead, "</span><br/>\n"]);
        }
        writer.push(&[&escape::text(&names), "</p>\n"]);
    }
    if let Some(section) = section {
        if let Some(byline) = &section.byline {
            writer.element("p", " class=\"byline\"", byline);
        }
        writer.blocks(&section.blocks);
    }
    imprint_lines(writer, metadata);
    let plan = writer.plan;
    writer.notes(&plan.files[writer.file].notes);
    writer.out.push_str("</section>\n");
}

fn imprint_lines(writer: &mut Writer<'_, '_>, metadata: &Metadata) {
    if let Some(series) = &metadata.series {
        let name = escape::text(&series.name);
        let number = series.number.map_or(String::new(), |n| format!(", {n}"));
        writer.push(&["<p class=\"series\">", &name, &number, "</p>\n"]);
    }
    if let Some(publisher) = &metadata.publisher {
        let publisher = escape::text(publisher);
        writer.push(&["<p class=\"publisher\">", &publisher, "</p>\n"]);
    }
}

/// The names of those who made the book, by what they did: how they are led in, and the
/// names in one line.
pub(super) fn credits(plan: &Plan<'_>) -> Vec<(Option<&'static str>, String)> {
    let mut roles: Vec<(&str, Vec<&Contributor>)> = Vec::new();
    for contributor in &plan.edition.metadata.contributors {
        match roles.iter_mut().find(|(role, _)| *role == contributor.role) {
            Some((_, contributors)) => contributors.push(contributor),
            None => roles.push((&contributor.role, vec![contributor])),
        }
    }
    roles
        .into_iter()
        .map(|(role, contributors)| {
            let names: Vec<&str> = contributors.iter().map(|c| c.name.as_str()).collect();
            (plan.words.credit(role), listed(&names, plan.words.and))
        })
        .collect()
}

/// Names in one line: `A, B and C`.
fn listed(names: &[&str], and: &str) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_string(),
        [first @ .., last] => format!("{} {and} {last}", first.join(", ")),
    }
}
