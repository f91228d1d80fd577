//! The edition as text: the golden form of the tests of everything before the pages.

use std::fmt::Write;

use crate::edition::index::{CrossReference, Entry, Posting};
use crate::edition::{Edition, NoteId, Section, Series, Target};
use crate::source::Position;
use crate::text::{Block, Inline, Passage, Style};

/// Every section, note and index entry, a line for each passage with its number.
pub fn text(edition: &Edition) -> String {
    let mut dump = Dump {
        edition,
        out: String::new(),
    };
    for section in &edition.sections {
        dump.section(section);
    }
    for note in &edition.notes {
        let series = match note.series {
            Series::Author => "author",
            Series::Glossary => "glossary",
            Series::Editor => "editor",
        };
        let _ = writeln!(
            dump.out,
            "note {} {series} called at {}",
            note.label,
            at(note.call)
        );
        dump.blocks(&note.blocks, 1);
    }
    for entry in &edition.index {
        dump.entry(entry, 0);
    }
    dump.out
}

/// Running text in a line: `_emphasis_`, `*strong*`, `<es foreign>`, `^a` the call of note a,
/// `[words→place]` a link, `{words}` an anchor, `@place` page numbers.
pub fn inlines(
    inlines: &[Inline<Target>],
    label: &dyn Fn(NoteId) -> String,
    place: &dyn Fn(Position) -> String,
) -> String {
    let mut line = String::new();
    for inline in inlines {
        match inline {
            Inline::Text { text, .. } => line += text,
            Inline::LineBreak => line += "/",
            Inline::Styled(style, inner) => {
                let inner = self::inlines(inner, label, place);
                line += &match style {
                    Style::Emphasis => format!("_{inner}_"),
                    Style::Strong => format!("*{inner}*"),
                    Style::SmallCaps => format!("+{inner}+"),
                    Style::Superscript => format!("^{inner}^"),
                    Style::Code => format!("`{inner}`"),
                    Style::Foreign(lang) => format!("<{} {inner}>", lang.0),
                };
            }
            Inline::Reference(target, words) => {
                let words = self::inlines(words, label, place);
                line += &match target {
                    Target::Note(id) => format!("^{}", label(*id)),
                    Target::Place(to) => format!("[{words}→{}]", place(*to)),
                    Target::Web(address) => format!("[{words}→{address}]"),
                    Target::Anchor => format!("{{{words}}}"),
                    Target::Pages(places) => places
                        .iter()
                        .map(|to| format!("@{}", place(*to)))
                        .collect::<Vec<_>>()
                        .join(" "),
                };
            }
        }
    }
    line
}

fn at(position: Position) -> String {
    format!("{}.{}", position.passage.0, position.offset)
}

struct Dump<'e> {
    edition: &'e Edition,
    out: String,
}

impl Dump<'_> {
    fn line(&mut self, depth: usize, text: &str) {
        let _ = writeln!(self.out, "{:depth$}{text}", "", depth = depth * 2);
    }

    fn words(&self, text: &[Inline<Target>]) -> String {
        inlines(text, &|id| self.edition.note(id).label.clone(), &at)
    }

    fn passage(&mut self, depth: usize, what: &str, passage: &Passage<Target>) {
        let text = format!("{} {what} {}", passage.id.0, self.words(&passage.inlines));
        self.line(depth, text.trim_end());
    }

    fn section(&mut self, section: &Section) {
        let part = format!("{:?}", section.part).to_lowercase();
        let kind = format!("{:?}", section.kind);
        self.line(0, &format!("section {} {part} {kind}", section.id));
        self.passage(1, "title", &section.title);
        if let Some(byline) = &section.byline {
            self.passage(1, "byline", byline);
        }
        let source = section.source.clone().unwrap_or_default();
        for (number, block) in section.blocks.iter().enumerate() {
            if number == source.start && !source.is_empty() {
                self.line(1, "source begins");
            }
            self.block(block, 1);
            if number + 1 == source.end {
                self.line(1, "source ends");
            }
        }
        if section.kind == crate::manifest::ChapterKind::Index {
            self.blocks(&self.edition.index_headnote, 1);
        }
    }

    fn blocks(&mut self, blocks: &[Block<Target>], depth: usize) {
        blocks.iter().for_each(|block| self.block(block, depth));
    }

    fn block(&mut self, block: &Block<Target>, depth: usize) {
        match block {
            Block::Heading { level, text } => {
                self.passage(depth, &format!("heading {level}"), text);
            }
            Block::Paragraph(text) => self.passage(depth, "paragraph", text),
            Block::Code(text) => self.passage(depth, "code", text),
            Block::Break => self.line(depth, "break"),
            Block::Quote { kind, blocks } => {
                self.line(depth, &format!("{kind:?}").to_lowercase());
                self.blocks(blocks, depth + 1);
            }
            Block::Box { title, blocks } => {
                self.line(depth, "box");
                if let Some(title) = title {
                    self.passage(depth + 1, "title", title);
                }
                self.blocks(blocks, depth + 1);
            }
            Block::List(list) => {
                let start = list
                    .start
                    .map_or(String::new(), |start| format!(" from {start}"));
                self.line(depth, &format!("list{start}"));
                for item in &list.items {
                    self.line(depth + 1, "item");
                    self.blocks(item, depth + 2);
                }
            }
            Block::Definitions { kind, items } => {
                self.line(depth, &format!("{kind:?} definitions").to_lowercase());
                for item in items {
                    self.passage(depth + 1, "term", &item.term);
                    self.blocks(&item.body, depth + 2);
                }
            }
            Block::Table(table) => {
                self.line(depth, "table");
                let cells = table.caption.iter().chain(&table.head);
                for cell in cells.chain(table.rows.iter().flatten()) {
                    self.passage(depth + 1, "cell", cell);
                }
            }
            Block::Figure(figure) => {
                self.line(depth, &format!("figure {} ({})", figure.path, figure.alt));
                if let Some(caption) = &figure.caption {
                    self.passage(depth + 1, "caption", caption);
                }
            }
        }
    }

    fn entry(&mut self, entry: &Entry, depth: usize) {
        let mut text = format!("{} {}", entry.term.id.0, self.words(&entry.term.inlines));
        let postings: Vec<String> = entry.postings.iter().map(posting).collect();
        for (lead, list) in [
            ("", postings),
            ("see ", self.cross(&entry.see)),
            ("see also ", self.cross(&entry.see_also)),
        ] {
            if !list.is_empty() {
                let _ = write!(text, " | {lead}{}", list.join(", "));
            }
        }
        let group = if depth == 0 { entry.group.as_str() } else { "" };
        self.line(depth, &format!("entry {group} {text}"));
        for sub in &entry.subentries {
            self.entry(sub, depth + 1);
        }
    }

    fn cross(&self, references: &[CrossReference]) -> Vec<String> {
        references
            .iter()
            .map(|cross| match cross.to {
                Some(to) => format!("{}→{}", self.words(&cross.words), to.passage.0),
                None => self.words(&cross.words),
            })
            .collect()
    }
}

fn posting(posting: &Posting) -> String {
    let letter = posting.place.letter();
    if posting.from == posting.to {
        format!("{}{letter}", at(posting.from))
    } else {
        format!("{}–{}{letter}", at(posting.from), at(posting.to))
    }
}
