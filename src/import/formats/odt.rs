//! OpenDocument texts: paragraphs, headings by their level, spans by their styles.

use std::collections::BTreeMap;

use super::Extract;
use super::archive::Archive;
use super::epub::joined;
use super::flow::{Flow, What};
use super::html::is_language;
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
    let unread_pictures = reader.unread_pictures;
    let mut extract = reader.flow.finish();
    facts(&archive.text("meta.xml")?.unwrap_or_default(), &mut extract);
    extract.facts.pictures = unread_pictures;
    extract.pictures = archive.pictures(&extract.marks);
    Ok(extract)
}

#[derive(Default)]
struct Reader {
    flow: Flow,
    /// How words look, by the names of styles.
    styles: BTreeMap<String, Look>,
    style: String,
    in_body: bool,
    /// Elements inside which nothing is read.
    unread: usize,
    /// What is to be closed with each span and link.
    open: Vec<Open>,
    /// The language of the paragraph that is being read.
    paragraph_language: bool,
    start: usize,
    level: u8,
    lists: usize,
    list_start: usize,
    table: usize,
    cells: usize,
    /// A note that is being read, and those that were.
    note: Option<(String, String)>,
    notes: Vec<(String, String)>,
    /// The picture of the frame that is being read: its file, and what it shows.
    picture: Option<(String, String)>,
    /// Whether what is being read says what the picture shows.
    in_alt: bool,
    unread_pictures: usize,
}

/// How the words of a style look, and their language.
#[derive(Clone, Default)]
struct Look {
    italic: bool,
    bold: bool,
    language: String,
}

/// What is to be closed with a span or a link.
#[derive(Default)]
struct Open {
    signs: Vec<&'static str>,
    language: bool,
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
                Piece::Text(text) if self.in_alt => {
                    if let Some((_, alt)) = &mut self.picture {
                        alt.push_str(&text);
                    }
                }
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
                self.styles.insert(self.style.clone(), Look::of(tag));
            }
            "text:tracked-changes" | "office:annotation" | "text:note-citation" => self.unread += 1,
            "text:note" => {
                let label = format!("n{}", self.notes.len() + 1);
                self.flow.call(&label);
                self.note = Some((label, String::new()));
            }
            "text:s" | "text:tab" => self.words(" "),
            "text:line-break" => self.flow.end_line(),
            "draw:frame" | "draw:image" | "svg:title" | "svg:desc" => self.start_picture(tag),
            _ if self.note.is_some() => {}
            "text:p" | "text:h" => {
                self.start = self.flow.next();
                self.level = tag.get("text:outline-level").parse().unwrap_or(1);
                let look = self.look(tag);
                self.paragraph_language = self.open_language(&look);
            }
            "text:span" => self.start_span(tag),
            "text:a" => self.start_link(tag),
            "text:list" => {
                if self.lists == 0 {
                    self.list_start = self.flow.next();
                }
                self.lists += 1;
            }
            "text:list-item" => self.flow.place(What::Item(None)),
            name => self.start_table(name),
        }
    }

    fn start_table(&mut self, name: &str) {
        match name {
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

    /// How the words of a paragraph or span look.
    fn look(&self, tag: &Tag) -> Look {
        let look = self.styles.get(tag.get("text:style-name"));
        look.cloned().unwrap_or_default()
    }

    fn open_language(&mut self, look: &Look) -> bool {
        let is_known = is_language(&look.language);
        if is_known {
            self.flow.open_language(&look.language);
        }
        is_known
    }

    fn start_span(&mut self, tag: &Tag) {
        let look = self.look(tag);
        let language = self.open_language(&look);
        let signs = [(look.italic, "*"), (look.bold, "**")];
        let signs = signs.into_iter().filter(|(on, _)| *on);
        let signs: Vec<&'static str> = signs.map(|(_, sign)| sign).collect();
        for sign in &signs {
            self.flow.open(sign, *sign);
        }
        self.open.push(Open { signs, language });
    }

    fn start_link(&mut self, tag: &Tag) {
        let to = tag.get("xlink:href");
        let plain = !to.contains(|c: char| c.is_whitespace() || matches!(c, '<' | '>'));
        let mut open = Open::default();
        if plain && (to.starts_with("http") || to.starts_with("mailto:")) {
            self.flow.open("[", format!("](<{to}>)"));
            open.signs.push("[");
        }
        self.open.push(open);
    }

    /// A frame, the picture in it, and what it shows in words, which comes behind.
    fn start_picture(&mut self, tag: &Tag) {
        match tag.name.as_str() {
            "draw:frame" => self.picture = None,
            "draw:image" => {
                let path = joined("content.xml", tag.get("xlink:href"));
                // A frame may hold the same picture in an older program's form too.
                self.picture.get_or_insert((path, String::new()));
            }
            _ => {
                self.in_alt = true;
                let alt = self.picture.as_mut().map(|(_, alt)| alt);
                if let Some(alt) = alt.filter(|alt| !alt.is_empty()) {
                    alt.push_str(". ");
                }
            }
        }
    }

    fn end_picture(&mut self) {
        match self.picture.take() {
            Some((path, alt)) if !path.contains(':') => {
                self.flow.picture(path, alt.trim().to_string());
            }
            Some(_) => self.unread_pictures += 1,
            None => {}
        }
    }

    fn end_paragraph(&mut self, is_heading: bool) {
        if self.cells > 0 {
            self.flow.words(" ");
        } else {
            self.flow.end_paragraph();
            if is_heading {
                self.flow.mark(self.start, What::Heading(self.level));
            }
        }
        if std::mem::take(&mut self.paragraph_language) {
            self.flow.close_language();
        }
    }

    fn end_tag(&mut self, name: &str) {
        match name {
            "office:text" => self.in_body = false,
            "text:tracked-changes" | "office:annotation" | "text:note-citation" => {
                self.unread = self.unread.saturating_sub(1);
            }
            "text:note" => self.notes.extend(self.note.take()),
            "draw:frame" => self.end_picture(),
            "svg:title" | "svg:desc" => self.in_alt = false,
            "text:p" if self.note.is_some() => self.words(" "),
            _ if self.note.is_some() => {}
            "text:p" | "text:h" => self.end_paragraph(name == "text:h"),
            "text:span" | "text:a" => {
                let open = self.open.pop().unwrap_or_default();
                for sign in open.signs.into_iter().rev() {
                    self.flow.close(sign);
                }
                if open.language {
                    self.flow.close_language();
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

impl Look {
    fn of(tag: &Tag) -> Look {
        let language = [tag.get("fo:language"), tag.get("fo:country")];
        let language = language
            .into_iter()
            .filter(|part| !matches!(*part, "" | "none"));
        Look {
            italic: tag.get("fo:font-style") == "italic",
            bold: tag.get("fo:font-weight") == "bold",
            language: language.collect::<Vec<_>>().join("-"),
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
