//! Blocks as XHTML.

use std::mem;

use crate::edition::{NoteId, Target};
use crate::epub::escape;
use crate::epub::pictures::Picture;
use crate::epub::plan::{figure_id, passage_id};
use crate::epub::xhtml::{Writer, series};
use crate::text::spacing::Manner;
use crate::text::{
    Align, Block, Definition, DefinitionKind, Figure, List, Passage, QuoteKind, Table,
};

impl Writer<'_, '_> {
    /// Some blocks. A paragraph that follows another is indented; any other is a first one.
    pub(super) fn blocks(&mut self, blocks: &[Block<Target>]) {
        self.blocks_after(false, blocks);
    }

    fn blocks_after(&mut self, mut after_paragraph: bool, blocks: &[Block<Target>]) {
        for block in blocks {
            if let Block::Paragraph(text) = block {
                let initial = mem::take(&mut self.initial);
                let class = match (after_paragraph, initial, self.plan.design.drop_capitals) {
                    (false, true, 2) => " class=\"first initial two-lines\"",
                    (false, true, 3) => " class=\"first initial\"",
                    (false, _, _) => " class=\"first\"",
                    (true, _, _) => "",
                };
                self.paragraph(class, text);
                after_paragraph = true;
            } else {
                self.block(block);
                after_paragraph = false;
            }
        }
    }

    /// A paragraph with its number, if it has one. A reader's voice does not say the number,
    /// and a first letter that is large stands without.
    fn paragraph(&mut self, class: &str, text: &Passage<Target>) {
        let number = self.plan.numbers.get(&text.id);
        match number.filter(|_| !class.contains("initial")) {
            None => self.element("p", class, text),
            Some(number) => {
                let id = passage_id(text.id);
                let inside = self.leading_breaks(text.id);
                let number = number.to_string();
                self.push(&["<p id=\"", &id, "\"", class, ">"]);
                self.push(&["<span class=\"number\" aria-hidden=\"true\">", &number]);
                self.out.push_str("</span>\u{a0}");
                self.words(&text.inlines, inside);
                self.out.push_str("</p>");
            }
        }
        self.out.push('\n');
    }

    fn block(&mut self, block: &Block<Target>) {
        match block {
            Block::Heading { level, text } => self.inner_heading(*level, text),
            Block::Paragraph(text) => {
                self.element("p", "", text);
                self.out.push('\n');
            }
            Block::Quote { kind, blocks } => self.quote(*kind, blocks),
            Block::Box { title, blocks } => self.side_box(title.as_ref(), blocks),
            Block::List(list) => self.list(list),
            Block::Definitions { kind, items } => self.definitions(*kind, items),
            Block::Table(table) => self.table(table),
            Block::Figure(figure) => self.figure(figure),
            Block::Break => self.out.push_str("<hr class=\"break\"/>\n"),
            Block::Code(text) => {
                let id = passage_id(text.id);
                self.push(&["<pre id=\"", &id, "\"><code>"]);
                let around = std::mem::replace(&mut self.manner, Manner::AsWritten);
                self.passage(text);
                self.manner = around;
                self.out.push_str("</code></pre>\n");
            }
        }
    }

    /// A heading inside a section, which has the first level itself. No level is left out
    /// on the way down, or a reader's voice would announce a gap.
    fn inner_heading(&mut self, level: u8, text: &Passage<Target>) {
        self.level = level.saturating_add(1).clamp(2, 6).min(self.level + 1);
        let tag = ["h2", "h3", "h4", "h5", "h6"][usize::from(self.level.clamp(2, 6) - 2)];
        self.heading(tag, "", text);
    }

    fn quote(&mut self, kind: QuoteKind, blocks: &[Block<Target>]) {
        let attributes = match kind {
            QuoteKind::Quotation => "",
            QuoteKind::Verse => " class=\"verse\"",
            QuoteKind::Epigraph => {
                " class=\"epigraph\" epub:type=\"epigraph\" role=\"doc-epigraph\""
            }
        };
        self.push(&["<blockquote", attributes, ">\n"]);
        self.blocks(blocks);
        self.out.push_str("</blockquote>\n");
    }

    /// A note beside the text. Without that role it would be a landmark, and landmarks must
    /// have names that tell them apart.
    fn side_box(&mut self, title: Option<&Passage<Target>>, blocks: &[Block<Target>]) {
        self.out.push_str("<aside class=\"box\" role=\"note\"");
        match title {
            Some(title) => {
                let id = passage_id(title.id);
                self.push(&[" aria-labelledby=\"", &id, "\">\n"]);
                self.heading("p", " class=\"box-title\"", title);
            }
            None => self.out.push_str(">\n"),
        }
        self.blocks(blocks);
        self.out.push_str("</aside>\n");
    }

    fn list(&mut self, list: &List<Target>) {
        let class = if list.tight { " class=\"tight\"" } else { "" };
        let (tag, start) = match list.start {
            Some(1) => ("ol", String::new()),
            Some(start) => ("ol", format!(" start=\"{}\"", start.min(i32::MAX as u64))),
            None => ("ul", String::new()),
        };
        self.push(&["<", tag, class, &start, ">\n"]);
        for item in &list.items {
            self.out.push_str("<li>");
            self.blocks(item);
            self.out.push_str("</li>\n");
        }
        self.push(&["</", tag, ">\n"]);
    }

    /// Each term with its definition in an element that bears the term's id, so that a
    /// reader that shows it in a window of its own shows both.
    fn definitions(&mut self, kind: DefinitionKind, items: &[Definition<Target>]) {
        let (class, term, definition) = match kind {
            DefinitionKind::Plain => ("", "", ""),
            DefinitionKind::Glossary => (
                " class=\"glossary\"",
                " epub:type=\"glossterm\"",
                " epub:type=\"glossdef\"",
            ),
            DefinitionKind::Chronology => (" class=\"chronology\"", "", ""),
        };
        if items.is_empty() {
            return;
        }
        self.push(&["<dl", class, ">\n"]);
        for item in items {
            self.push(&[
                "<div id=\"",
                &passage_id(item.term.id),
                "\">\n<dt",
                term,
                ">",
            ]);
            match kind {
                DefinitionKind::Glossary => {
                    self.out.push_str("<dfn>");
                    self.passage(&item.term);
                    self.out.push_str("</dfn>");
                }
                DefinitionKind::Plain | DefinitionKind::Chronology => self.passage(&item.term),
            }
            self.push(&["</dt>\n<dd", definition, ">\n"]);
            self.blocks(&item.body);
            self.out.push_str("</dd>\n</div>\n");
        }
        self.out.push_str("</dl>\n");
    }

    fn table(&mut self, table: &Table<Target>) {
        self.out.push_str("<div class=\"table\">\n<table>\n");
        if let Some(caption) = &table.caption {
            self.element("caption", "", caption);
            self.out.push('\n');
        }
        if !table.head.is_empty() {
            self.out.push_str("<thead>\n<tr>");
            self.cells(table, &table.head, true);
            self.out.push_str("</tr>\n</thead>\n");
        }
        if !table.rows.is_empty() {
            self.out.push_str("<tbody>\n");
            for row in &table.rows {
                self.out.push_str("<tr>");
                self.cells(table, row, false);
                self.out.push_str("</tr>\n");
            }
            self.out.push_str("</tbody>\n");
        }
        self.out.push_str("</table>\n</div>\n");
    }

    fn cells(&mut self, table: &Table<Target>, cells: &[Passage<Target>], head: bool) {
        for (at, cell) in cells.iter().enumerate() {
            let align = match table.columns.get(at) {
                Some(Align::Centre) => " class=\"centre\"",
                Some(Align::Right) => " class=\"right\"",
                Some(Align::Left) | None => "",
            };
            // A head without words would be announced as the head of its column.
            if head && !cell.inlines.is_empty() {
                self.element("th", &format!(" scope=\"col\"{align}"), cell);
            } else {
                self.element("td", align, cell);
            }
        }
    }

    /// A picture; one that the pack does not have leaves what it would show in words.
    fn figure(&mut self, figure: &Figure<Target>) {
        self.figures += 1;
        let id = figure_id(self.figures);
        self.push(&["<figure id=\"", &id, "\">\n"]);
        let alt = escape::text(&figure.alt);
        let size = |picture: &Picture<'_>| {
            format!("\" width=\"{}\" height=\"{}", picture.width, picture.height)
        };
        let found = self.pictures.find(&figure.path);
        match found.map(|picture| (picture.name.clone(), size(picture), picture.fallback)) {
            Some((name, size, fallback)) => {
                self.pictures.all_described &= !figure.alt.trim().is_empty();
                let pixels = fallback.map(|at| self.pictures.files[at].name.clone());
                let (before, after) = match pixels {
                    Some(_) => (
                        format!("<picture><source srcset=\"{name}\" type=\"image/svg+xml\"/>"),
                        "</picture>",
                    ),
                    None => (String::new(), ""),
                };
                let shown = pixels.as_ref().unwrap_or(&name);
                let picture = ["<img src=\"", shown, &size, "\" alt=\"", &alt, "\"/>"];
                self.push(&[&before, &picture.concat(), after, "\n"]);
            }
            None => self.push(&["<p class=\"missing\">[", &alt, "]</p>\n"]),
        }
        if let Some(caption) = &figure.caption {
            self.element("figcaption", "", caption);
            self.out.push('\n');
        }
        self.out.push_str("</figure>\n");
    }

    /// The notes of the file, each with its number first, which is the way back.
    pub(super) fn notes(&mut self, notes: &[NoteId]) {
        for (at, id) in notes.iter().enumerate() {
            let note = self.plan.edition.note(*id);
            let number = id.0.to_string();
            let first = if at == 0 { " first" } else { "" };
            self.push(&[
                "<aside epub:type=\"footnote\" role=\"doc-footnote\" id=\"n",
                &number,
                "\" class=\"note ",
                series(note.series),
                first,
                "\">\n",
            ]);
            let label = escape::text(&note.label);
            let back =
                format!("<a href=\"#r{number}\" role=\"doc-backlink\" class=\"back\">{label}</a> ");
            let (opening, rest) = match note.blocks.split_first() {
                Some((Block::Paragraph(text), rest)) => (Some(text), rest),
                Some(_) | None => (None, note.blocks.as_slice()),
            };
            match opening {
                Some(text) => {
                    self.push(&[
                        "<p id=\"",
                        &passage_id(text.id),
                        "\" class=\"first\">",
                        &back,
                    ]);
                    self.passage(text);
                }
                None => self.push(&["<p class=\"first\">", &back]),
            }
            self.out.push_str("</p>\n");
            self.blocks_after(true, rest);
            self.out.push_str("</aside>\n");
        }
    }
}
