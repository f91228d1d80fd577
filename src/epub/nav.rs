//! The ways into the book: contents, landmarks, the list of the printed edition's pages, and
//! the same once more for readers of EPUB 2.

use crate::edition::{Section, Target};
use crate::epub::escape;
use crate::epub::pictures::Pictures;
use crate::epub::plan::{NAV, Plan, figure_id, page_id, passage_id};
use crate::epub::sections::{self, Document};
use crate::epub::xhtml::Writer;
use crate::manifest::{ChapterKind, Part};
use crate::text::{Block, Figure, Passage};
use crate::units::{Folio, Numerals};

/// The name of the navigation for readers of EPUB 2.
pub(super) const NCX: &str = "toc.ncx";

/// The file that shows the cover.
pub(super) const COVER: &str = "cover.xhtml";

/// A line of the contents.
struct TocEntry<'a> {
    href: String,
    title: Title<'a>,
    children: Vec<TocEntry<'a>>,
}

/// A title as the contents print it.
enum Title<'a> {
    Words(String),
    Passage(&'a Passage<Target>),
}

/// Writes the contents as a section of the book, with the other lists hidden after it.
pub(super) fn write(writer: &mut Writer<'_, '_>, section: &Section) {
    let plan = writer.plan;
    let inside = writer.leading_breaks(section.title.id);
    writer.blocks(&section.blocks);
    writer
        .out
        .push_str("<nav epub:type=\"toc\" role=\"doc-toc\" class=\"contents\" id=\"toc\"");
    if section.title.plain().trim().is_empty() {
        let id = passage_id(section.title.id);
        writer.push(&[" aria-labelledby=\"", &id, "\">\n<h1 id=\"", &id, "\">"]);
        writer.push(&[plan.words.contents, "</h1>\n"]);
    } else {
        let id = passage_id(section.title.id);
        writer.push(&[" aria-labelledby=\"", &id, "\">\n"]);
        writer.element_with("h1", "", &section.title, inside);
        writer.out.push('\n');
    }
    lines(writer, &contents(plan));
    writer.out.push_str("</nav>\n");
    lists(writer);
    writer.notes(&plan.files[writer.file].notes);
}

/// The navigation document of a book that prints no contents; it is not among the files
/// that are read through.
pub(super) fn document(plan: &Plan<'_>, pictures: &mut Pictures<'_>) -> Document {
    let mut writer = Writer::new(plan, pictures, usize::MAX);
    let title = plan.words.contents;
    writer.push(&[
        "<nav epub:type=\"toc\" role=\"doc-toc\" class=\"contents\" id=\"toc\" aria-label=\"",
    ]);
    writer.push(&[title, "\">\n<h1>", title, "</h1>\n"]);
    lines(&mut writer, &contents(plan));
    writer.out.push_str("</nav>\n");
    lists(&mut writer);
    Document {
        name: NAV.into(),
        xhtml: sections::framed(plan, title, Part::Front, &writer.out),
        properties: "nav",
    }
}

fn lines(writer: &mut Writer<'_, '_>, entries: &[TocEntry<'_>]) {
    writer.out.push_str("<ol>\n");
    for entry in entries {
        writer.push(&["<li><a href=\"", &entry.href, "\">"]);
        match &entry.title {
            Title::Words(words) => writer.plain(words),
            Title::Passage(passage) => writer.phrase(&passage.inlines),
        }
        writer.out.push_str("</a>");
        if !entry.children.is_empty() {
            writer.out.push('\n');
            lines(writer, &entry.children);
        }
        writer.out.push_str("</li>\n");
    }
    writer.out.push_str("</ol>\n");
}

/// The landmarks and the page list, which readers offer by themselves.
fn lists(writer: &mut Writer<'_, '_>) {
    let plan = writer.plan;
    let label = plan.words.landmarks;
    writer.push(&["<nav epub:type=\"landmarks\" aria-label=\"", label]);
    writer
        .out
        .push_str("\" hidden=\"hidden\" class=\"hidden\">\n<ol>\n");
    for landmark in landmarks(plan) {
        let title = escape::text(&landmark.title);
        writer.push(&[
            "<li><a epub:type=\"",
            landmark.kind,
            "\" href=\"",
            &landmark.href,
        ]);
        writer.push(&["\">", &title, "</a></li>\n"]);
    }
    writer.out.push_str("</ol>\n</nav>\n");
    list_of_figures(writer);
    if plan.page_list.is_empty() {
        return;
    }
    writer.push(&["<nav epub:type=\"page-list\" role=\"doc-pagelist\" aria-label=\""]);
    writer.push(&[
        plan.words.page_list,
        "\" hidden=\"hidden\" class=\"hidden\">\n<ol>\n",
    ]);
    for (file, folio) in &plan.page_list {
        let href = plan.href(usize::MAX, *file, &page_id(*folio));
        writer.push(&[
            "<li><a href=\"",
            &href,
            "\">",
            &folio.to_string(),
            "</a></li>\n",
        ]);
    }
    writer.out.push_str("</ol>\n</nav>\n");
}

/// Every figure, by its caption or else by what it shows.
fn list_of_figures(writer: &mut Writer<'_, '_>) {
    let plan = writer.plan;
    let mut listed = Vec::new();
    for (at, file) in plan.files.iter().enumerate() {
        let mut figures = Vec::new();
        let section = file.section.map_or(&[][..], |section| &section.blocks);
        figures_in(section, &mut figures);
        for note in &file.notes {
            figures_in(&plan.edition.note(*note).blocks, &mut figures);
        }
        let numbered = figures.into_iter().enumerate();
        listed.extend(numbered.map(|(number, figure)| (at, number + 1, figure)));
    }
    if listed.is_empty() {
        return;
    }
    let title = plan.words.figures;
    writer.push(&["<nav epub:type=\"loi\" aria-label=\"", title]);
    writer.push(&[
        "\" hidden=\"hidden\" class=\"hidden\">\n<h2>",
        title,
        "</h2>\n<ol>\n",
    ]);
    for (file, number, figure) in listed {
        let href = plan.href(usize::MAX, file, &figure_id(number));
        writer.push(&["<li><a href=\"", &href, "\">"]);
        match &figure.caption {
            Some(caption) => writer.phrase(&caption.inlines),
            None => escape::push(&mut writer.out, &figure.alt),
        }
        writer.out.push_str("</a></li>\n");
    }
    writer.out.push_str("</ol>\n</nav>\n");
}

/// The figures among some blocks, in the order in which they are written.
fn figures_in<'b>(blocks: &'b [Block<Target>], figures: &mut Vec<&'b Figure<Target>>) {
    for block in blocks {
        match block {
            Block::Figure(figure) => figures.push(figure),
            Block::Quote { blocks, .. } | Block::Box { blocks, .. } => figures_in(blocks, figures),
            Block::List(list) => list.items.iter().for_each(|item| figures_in(item, figures)),
            Block::Definitions { items, .. } => {
                items
                    .iter()
                    .for_each(|item| figures_in(&item.body, figures));
            }
            Block::Heading { .. }
            | Block::Paragraph(_)
            | Block::Table(_)
            | Block::Break
            | Block::Code(_) => {}
        }
    }
}

/// A place that a reader wants to find at once.
pub(super) struct Landmark {
    /// One word of EPUB's structural semantics; some readers skip a list of them.
    pub kind: &'static str,
    pub href: String,
    pub title: String,
}

/// The landmarks, in reading order, each kind once.
pub(super) fn landmarks(plan: &Plan<'_>) -> Vec<Landmark> {
    let mut landmarks = vec![Landmark {
        kind: "cover",
        href: COVER.into(),
        title: plan.words.cover.into(),
    }];
    let mut begun = false;
    for file in &plan.files {
        let (kind, title) = match file.section {
            None => ("titlepage", plan.edition.metadata.title.clone()),
            Some(section) if section.part == Part::Body && !begun => {
                begun = true;
                ("bodymatter", plan.words.start.into())
            }
            Some(section) => match landmark_kind(section.kind) {
                Some(kind) => (kind, sections::title(plan, section)),
                None => continue,
            },
        };
        if !landmarks.iter().any(|landmark| landmark.kind == kind) {
            landmarks.push(Landmark {
                kind,
                href: file.name.clone(),
                title: match title.trim() {
                    "" => "—".into(),
                    _ => title,
                },
            });
        }
    }
    landmarks
}

fn landmark_kind(kind: ChapterKind) -> Option<&'static str> {
    match kind {
        ChapterKind::TitlePage => Some("titlepage"),
        ChapterKind::Imprint => Some("copyright-page"),
        ChapterKind::Contents => Some("toc"),
        ChapterKind::Glossary => Some("glossary"),
        ChapterKind::Bibliography => Some("bibliography"),
        ChapterKind::Index => Some("index"),
        ChapterKind::HalfTitle
        | ChapterKind::PartTitle
        | ChapterKind::Text
        | ChapterKind::Source
        | ChapterKind::Chronology
        | ChapterKind::Disagreements
        | ChapterKind::Figures
        | ChapterKind::Emendations
        | ChapterKind::NoteOnTheText => None,
    }
}

/// The contents: every section that has a heading of its own, below the title of its part,
/// and the highest headings of the texts.
fn contents<'a>(plan: &Plan<'a>) -> Vec<TocEntry<'a>> {
    let mut entries: Vec<TocEntry<'_>> = Vec::new();
    for (at, file) in plan.files.iter().enumerate() {
        let Some(section) = file.section else {
            continue;
        };
        let children = match section.kind {
            ChapterKind::HalfTitle
            | ChapterKind::TitlePage
            | ChapterKind::Imprint
            | ChapterKind::Contents => continue,
            ChapterKind::Text | ChapterKind::Source => headings(plan, at, section),
            ChapterKind::PartTitle
            | ChapterKind::Glossary
            | ChapterKind::Chronology
            | ChapterKind::Disagreements
            | ChapterKind::Figures
            | ChapterKind::Bibliography
            | ChapterKind::Emendations
            | ChapterKind::NoteOnTheText
            | ChapterKind::Index => Vec::new(),
        };
        let title = match section.title.plain().trim() {
            "" => Title::Words(sections::title(plan, section)),
            _ => Title::Passage(&section.title),
        };
        let entry = TocEntry {
            href: file.name.clone(),
            title,
            children,
        };
        match entries.last_mut() {
            Some(part) if file.in_part => part.children.push(entry),
            Some(_) | None => entries.push(entry),
        }
    }
    if entries.is_empty() {
        // A book of nothing but a title page; its contents may not be empty.
        let title = plan.edition.metadata.title.trim();
        entries.push(TocEntry {
            href: plan.files[0].name.clone(),
            title: Title::Words(if title.is_empty() { "—" } else { title }.into()),
            children: Vec::new(),
        });
    }
    entries
}

fn headings<'a>(plan: &Plan<'a>, file: usize, section: &'a Section) -> Vec<TocEntry<'a>> {
    let heading = |block: &'a Block<Target>| {
        let Block::Heading { level: 1, text } = block else {
            return None;
        };
        (!text.plain().trim().is_empty()).then(|| TocEntry {
            href: plan.href(usize::MAX, file, &passage_id(text.id)),
            title: Title::Passage(text),
            children: Vec::new(),
        })
    };
    section.blocks.iter().filter_map(heading).collect()
}

/// `toc.ncx`: contents and page list for readers of EPUB 2.
pub(super) fn ncx(plan: &Plan<'_>, identifier: &str) -> String {
    let entries = contents(plan);
    let depth = depth(&entries);
    let arabic = plan
        .page_list
        .iter()
        .filter(|(_, folio)| folio.numerals == Numerals::Arabic);
    let largest = arabic.map(|(_, folio)| folio.number).max().unwrap_or(0);
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <ncx xmlns=\"http://www.daisy.org/z3986/2005/ncx/\" version=\"2005-1\" \
         xml:lang=\"{}\">\n<head>\n\
         <meta name=\"dtb:uid\" content=\"{}\"/>\n\
         <meta name=\"dtb:depth\" content=\"{depth}\"/>\n\
         <meta name=\"dtb:totalPageCount\" content=\"{}\"/>\n\
         <meta name=\"dtb:maxPageNumber\" content=\"{largest}\"/>\n</head>\n\
         <docTitle><text>{}</text></docTitle>\n<navMap>\n",
        escape::text(plan.lang),
        escape::text(identifier),
        plan.page_list.len(),
        escape::text(&plan.edition.metadata.title),
    );
    let mut order = 0;
    nav_points(&entries, &mut order, &mut out);
    out.push_str("</navMap>\n");
    if !plan.page_list.is_empty() {
        out.push_str("<pageList>\n");
        let label = escape::text(plan.words.page_list);
        out.push_str(&format!("<navLabel><text>{label}</text></navLabel>\n"));
        for (file, folio) in &plan.page_list {
            order += 1;
            page_target(plan, *file, *folio, order, &mut out);
        }
        out.push_str("</pageList>\n");
    }
    out.push_str("</ncx>\n");
    out
}

/// How many levels some entries have.
fn depth(entries: &[TocEntry<'_>]) -> usize {
    let below = entries.iter().map(|entry| depth(&entry.children));
    below.max().map_or(0, |below| below + 1)
}

fn nav_points(entries: &[TocEntry<'_>], order: &mut usize, out: &mut String) {
    for entry in entries {
        *order += 1;
        let title = match &entry.title {
            Title::Words(words) => escape::text(words),
            Title::Passage(passage) => escape::text(&passage.plain()),
        };
        out.push_str(&format!(
            "<navPoint id=\"nav-{order}\" playOrder=\"{order}\">\
             <navLabel><text>{title}</text></navLabel><content src=\"{}\"/>\n",
            entry.href
        ));
        nav_points(&entry.children, order, out);
        out.push_str("</navPoint>\n");
    }
}

fn page_target(plan: &Plan<'_>, file: usize, folio: Folio, order: usize, out: &mut String) {
    let kind = match folio.numerals {
        Numerals::Roman => "front",
        Numerals::Arabic => "normal",
    };
    let id = page_id(folio);
    out.push_str(&format!(
        "<pageTarget id=\"{id}\" type=\"{kind}\" value=\"{}\" playOrder=\"{order}\">\
         <navLabel><text>{folio}</text></navLabel><content src=\"{}\"/></pageTarget>\n",
        folio.number,
        plan.href(usize::MAX, file, &id)
    ));
}
