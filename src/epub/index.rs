//! The index, after EPUB Indexes 1.0: every locator leads to its passage and reads as the
//! page number of the printed edition.

use crate::edition::Section;
use crate::edition::index::{CrossReference, Entry, locators};
use crate::epub::escape;
use crate::epub::plan::passage_id;
use crate::epub::sections::heading;
use crate::epub::xhtml::{Cursor, Writer};

/// Writes the index. Its heading stands outside the section: inside it the file's body
/// would have to be the index itself, which may not bear a role.
pub(super) fn write(writer: &mut Writer<'_, '_>, section: &Section) {
    let plan = writer.plan;
    heading(writer, section);
    writer.blocks(&section.blocks);
    let groups: Vec<&[Entry]> = plan
        .edition
        .index
        .chunk_by(|a, b| a.group == b.group)
        .collect();
    letters(writer, &groups);
    let id = passage_id(section.title.id);
    writer.push(&[
        "<section epub:type=\"index\" role=\"doc-index\" class=\"index\" aria-labelledby=\"",
        &id,
        "\">\n",
    ]);
    if !plan.edition.index_headnote.is_empty() {
        writer
            .out
            .push_str("<header epub:type=\"index-headnotes\" class=\"headnote\">\n");
        writer.blocks(&plan.edition.index_headnote);
        writer.out.push_str("</header>\n");
    }
    for (at, group) in groups.iter().enumerate() {
        let name = escape::text(&group[0].group);
        writer.out.push_str("<section epub:type=\"index-group\">\n");
        if !name.trim().is_empty() {
            let id = format!("g{}", at + 1);
            writer.push(&["<h2 id=\"", &id, "\" class=\"letter\">", &name, "</h2>\n"]);
        }
        entries(writer, group);
        writer.out.push_str("</section>\n");
    }
    writer.out.push_str("</section>\n");
    writer.notes(&plan.files[writer.file].notes);
}

/// A line of links to the groups.
fn letters(writer: &mut Writer<'_, '_>, groups: &[&[Entry]]) {
    if groups.len() < 4 {
        return;
    }
    writer.out.push_str("<p class=\"letters\">");
    for (at, group) in groups.iter().enumerate() {
        let name = escape::text(&group[0].group);
        if !name.trim().is_empty() {
            let id = format!("#g{}", at + 1);
            writer.push(&["<a href=\"", &id, "\">", &name, "</a> "]);
        }
    }
    writer.out.push_str("</p>\n");
}

fn entries(writer: &mut Writer<'_, '_>, entries: &[Entry]) {
    writer
        .out
        .push_str("<ul epub:type=\"index-entry-list\" class=\"entries\">\n");
    for entry in entries {
        self::entry(writer, entry);
    }
    writer.out.push_str("</ul>\n");
}

fn entry(writer: &mut Writer<'_, '_>, entry: &Entry) {
    let plan = writer.plan;
    let id = passage_id(entry.term.id);
    writer.push(&["<li epub:type=\"index-entry\" id=\"", &id, "\">"]);
    // A printed page may begin anywhere in an entry, whose line goes on after its heading.
    let mut line = writer.begin(entry.term.id);
    writer.out.push_str("<span epub:type=\"index-term\">");
    writer.inlines(&entry.term.inlines, &mut line);
    writer.out.push_str("</span>");
    let folio_of = |position| plan.pages.folio_of(position);
    let elision = plan.edition.setting.elision;
    for locator in locators(&entry.postings, elision, &folio_of) {
        writer.text(", ", &mut line);
        writer.locator_at(&locator, " epub:type=\"index-locator\"", &mut line);
    }
    let (see, see_also) = (plan.words.see, plan.words.see_also);
    cross_references(writer, &entry.see, see, "index-xref-preferred", &mut line);
    cross_references(
        writer,
        &entry.see_also,
        see_also,
        "index-xref-related",
        &mut line,
    );
    writer.end(&line);
    if !entry.subentries.is_empty() {
        writer.out.push('\n');
        entries(writer, &entry.subentries);
    }
    writer.out.push_str("</li>\n");
}

fn cross_references(
    writer: &mut Writer<'_, '_>,
    references: &[CrossReference],
    words: &str,
    kind: &str,
    line: &mut Cursor<'_>,
) {
    for (at, reference) in references.iter().enumerate() {
        if at == 0 {
            writer.text(". ", line);
            writer.out.push_str("<i>");
            writer.text(&capitalised(words), line);
            writer.out.push_str("</i>");
            writer.text(" ", line);
        } else {
            writer.text("; ", line);
        }
        let Some(to) = reference.to else {
            // Not one heading but a kind of them: it leads nowhere, and the vocabulary of
            // cross-references is for what leads to a place.
            writer.out.push_str("<i epub:type=\"index-editor-note\">");
            if at > 0 && at + 1 == references.len() {
                writer.text(&format!("{} ", writer.plan.words.and), line);
            }
            writer.phrase_at(&reference.words, line);
            writer.out.push_str("</i>");
            continue;
        };
        let place = writer.plan.place(writer.file, to);
        let (open, close) = match place {
            Some(place) => (
                format!("<a epub:type=\"index-term\" href=\"{}\">", place.href),
                "</a>",
            ),
            None => ("<span epub:type=\"index-term\">".into(), "</span>"),
        };
        writer.push(&["<span epub:type=\"", kind, "\">", &open]);
        writer.phrase_at(&reference.words, line);
        writer.push(&[close, "</span>"]);
    }
}

fn capitalised(words: &str) -> String {
    let mut letters = words.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}
