//! OpenDocument texts: paragraphs, headings by their level, spans by their styles.

use std::collections::BTreeMap;

use super::Extract;
use super::archive::Archive;
use super::flow::{Flow, What};
use super::markup::{Piece, Tag, xml};

pub(super) fn read(bytes: &[u8]) -> Result<Extract, String> {
    let mut archive = Archive::open(bytes)?;
    let content = archive.text("content.xml")?;
    let content = content.ok_or("there is no text in it")?;
    let mut reader = Reader::default();
    reader.read(&content);
    let notes = std::mem::take(&mut reader.notes);
    for (label, note) in notes {
        reader.flow.end_paragraph();
        let start = reader.flow.next();
        reader.flow.words(&note);
        reader.flow.end_paragraph();
        reader.flow.mark(start, What::Note(label));
    }
    let pictures = reader.pictures;
    let mut extract = reader.flow.finish();
    facts(&archive.text("meta.xml")?.unwrap_or_default(), &mut extract);
    extract.facts.pictures = pictures;
    Ok(extract)
}

#[derive(Default)]
struct Reader {
    flow: Flow,
    /// Italic and bold, by the names of styles.
    styles: BTreeMap<String, (bool, bool)>,
    style: String,
    in_body: bool,
    /// Elements inside which nothing is read.
    unread: usize,
    /// What is to be closed with each span and link.
    open: Vec<Vec<&'static str>>,
    start: usize,
    level: u8,
    lists: usize,
    list_start: usize,
    table: usize,
    cells: usize,
    /// A note that is being read, and those that were.
    note: Option<(String, String)>,
    notes: Vec<(String, String)>,
    pictures: usize,
}

impl Reader {
    fn read(&mut self, content: &str) {
        for piece in xml(content) {
            match piece {
                Piece::Start(tag) => {
                    self.start_tag(&tag);
                    if tag.closed {
                        self.end_tag(&tag.name);
                    }
                }
                Piece::End(name) => self.end_tag(&name),
                Piece::Text(text) if self.in_body && self.unread == 0 => self.words(&text),
                Piece::Text(_) => {}
            }
        }
    }

    fn words(&mut self, text: &str) {
        match &mut self.note {
            Some((_, note)) => note.push_str(text),
            None => self.flow.words(text),
        }
    }

    fn start_tag(&mut self, tag: &Tag) {
        match tag.name.as_str() {
            "office:text" => self.in_body = true,
            "style:style" => self.style = tag.get("style:name").to_string(),
            "style:text-properties" => {
                let italic = tag.get("fo:font-style") == "italic";
                let bold = tag.get("fo:font-weight") == "bold";
                self.styles.insert(self.style.clone(), (italic, bold));
            }
            "text:tracked-changes" | "office:annotation" | "text:note-citation" => self.unread += 1,
            "text:note" => {
                let label = format!("n{}", self.notes.len() + 1);
                self.flow.call(&label);
                self.note = Some((label, String::new()));
            }
            "text:s" | "text:tab" => self.words(" "),
            "text:line-break" => self.flow.end_line(),
            "draw:image" => self.pictures += 1,
            _ if self.note.is_some() => {}
            "text:p" | "text:h" => {
                self.start = self.flow.next();
                self.level = tag.get("text:outline-level").parse().unwrap_or(1);
            }
            "text:span" => {
                let (italic, bold) = self
                    .styles
                    .get(tag.get("text:style-name"))
                    .copied()
                    .unwrap_or_default();
                let looks = [(italic, "*"), (bold, "**")];
                let looks = looks
                    .into_iter()
                    .filter(|(on, _)| *on)
                    .map(|(_, sign)| sign);
                let looks: Vec<&'static str> = looks.collect();
                looks.iter().for_each(|sign| self.flow.open(sign, *sign));
                self.open.push(looks);
            }
            "text:a" => {
                let to = tag.get("xlink:href");
                let plain = !to.contains(|c: char| c.is_whitespace() || matches!(c, '<' | '>'));
                let is_address = plain && (to.starts_with("http") || to.starts_with("mailto:"));
                if is_address {
                    self.flow.open("[", format!("](<{to}>)"));
                }
                self.open
                    .push(if is_address { vec!["["] } else { Vec::new() });
            }
            "text:list" => {
                if self.lists == 0 {
                    self.list_start = self.flow.next();
                }
                self.lists += 1;
            }
            "text:list-item" => self.flow.place(What::Item(None)),
            "table:table" => {
                self.flow.end_paragraph();
                self.table = self.flow.next();
            }
            "table:table-row" => {
                self.flow.end_paragraph();
                self.cells = 0;
            }
            "table:table-cell" => {
                if self.cells > 0 {
                    self.flow.cell();
                }
                self.cells += 1;
            }
            _ => {}
        }
    }

    fn end_tag(&mut self, name: &str) {
        match name {
            "office:text" => self.in_body = false,
            "text:tracked-changes" | "office:annotation" | "text:note-citation" => {
                self.unread = self.unread.saturating_sub(1);
            }
            "text:note" => self.notes.extend(self.note.take()),
            "text:p" if self.note.is_some() => self.words(" "),
            _ if self.note.is_some() => {}
            "text:p" | "text:h" if self.cells > 0 => self.flow.words(" "),
            "text:p" => self.flow.end_paragraph(),
            "text:h" => {
                self.flow.end_paragraph();
                self.flow.mark(self.start, What::Heading(self.level));
            }
            "text:span" | "text:a" => {
                for sign in self.open.pop().unwrap_or_default().into_iter().rev() {
                    self.flow.close(sign);
                }
            }
            "text:list" => {
                self.lists = self.lists.saturating_sub(1);
                if self.lists == 0 {
                    self.flow.mark(self.list_start, What::List);
                }
            }
            "table:table" => {
                self.cells = 0;
                self.flow.end_paragraph();
                self.flow.mark(self.table, What::Table);
            }
            _ => {}
        }
    }
}

fn facts(meta: &str, extract: &mut Extract) {
    let mut field = String::new();
    for piece in xml(meta) {
        match piece {
            Piece::Start(tag) => field = tag.name,
            Piece::End(_) => field.clear(),
            Piece::Text(text) if !text.trim().is_empty() => match field.as_str() {
                "dc:title" => extract.facts.title = Some(text.trim().to_string()),
                "meta:initial-creator" => extract.facts.authors.push(text.trim().to_string()),
                "dc:language" => extract.facts.language = Some(text.trim().to_string()),
                _ => {}
            },
            Piece::Text(_) => {}
        }
    }
}
