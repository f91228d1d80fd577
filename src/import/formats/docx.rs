//! Word documents: paragraphs by their styles, runs by their looks, notes by their numbers.

use std::collections::BTreeMap;

use super::archive::Archive;
use super::epub::joined;
use super::flow::{Flow, What};
use super::html::is_language;
use super::markup::{Piece, Tag, xml};
use super::{Extract, Facts};

pub(super) fn read(bytes: &[u8]) -> Result<Extract, String> {
    let mut archive = Archive::open(bytes)?;
    let document = archive.text("word/document.xml")?;
    let document = document.ok_or("there is no document in it")?;
    let relations = archive
        .text("word/_rels/document.xml.rels")?
        .unwrap_or_default();
    let numbering = archive.text("word/numbering.xml")?.unwrap_or_default();
    let mut reader = Reader {
        addresses: addresses(&relations),
        files: files(&relations),
        numbered: numbered(&numbering),
        ..Reader::default()
    };
    reader.read(&document);
    for (part, kind) in [("word/footnotes.xml", "f"), ("word/endnotes.xml", "e")] {
        if let Some(notes) = archive.text(part)? {
            reader.notes(&notes, kind);
        }
    }
    let mut extract = reader.flow.finish();
    extract.facts = facts(&archive.text("docProps/core.xml")?.unwrap_or_default());
    extract.facts.pictures = reader.unread_pictures;
    extract.pictures = archive.pictures(&extract.marks);
    Ok(extract)
}

#[derive(Default)]
struct Reader {
    flow: Flow,
    addresses: BTreeMap<String, String>,
    /// The files of pictures by their ids.
    files: BTreeMap<String, String>,
    /// The numberings that count, by their ids.
    numbered: Vec<String>,
    paragraph: Paragraph,
    run: Run,
    in_text: bool,
    in_link: bool,
    in_run: bool,
    table: Option<usize>,
    cells: usize,
    /// Where a list began, and the numbering of its items.
    list: Option<(usize, String)>,
    /// What the picture that comes next shows, in words.
    alt: String,
    unread_pictures: usize,
    /// Elements inside which nothing is read: what stands there stands elsewhere too.
    twice: usize,
}

/// What is said of a paragraph before its words.
#[derive(Default)]
struct Paragraph {
    start: usize,
    style: String,
    numbering: String,
    begun: bool,
}

/// How a run looks.
#[derive(Clone, Default, PartialEq, Eq)]
struct Run {
    italic: bool,
    bold: bool,
    language: String,
}

impl Reader {
    fn read(&mut self, document: &str) {
        for piece in xml(document) {
            self.piece(piece);
        }
        self.end_list();
    }

    fn piece(&mut self, piece: Piece) {
        match piece {
            Piece::Start(tag) if is_twice(&tag.name) => self.twice += usize::from(!tag.closed),
            Piece::End(name) if is_twice(&name) => self.twice = self.twice.saturating_sub(1),
            _ if self.twice > 0 => {}
            Piece::Start(tag) => {
                self.start(&tag);
                if tag.closed {
                    self.end(&tag.name);
                }
            }
            Piece::End(name) => self.end(&name),
            Piece::Text(text) if self.in_text => self.words(&text),
            Piece::Text(_) => {}
        }
    }

    fn start(&mut self, tag: &Tag) {
        let is_on = !matches!(tag.get("w:val"), "0" | "false" | "none");
        match tag.name.as_str() {
            "w:p" => {
                self.paragraph = Paragraph {
                    start: self.flow.next(),
                    ..Paragraph::default()
                };
            }
            "w:pstyle" => self.paragraph.style = tag.get("w:val").to_lowercase(),
            "w:numid" => self.paragraph.numbering = tag.get("w:val").to_string(),
            "w:r" => {
                self.run = Run::default();
                self.in_run = true;
            }
            "w:lang" if self.in_run => self.run.language = tag.get("w:val").to_string(),
            "w:i" if self.in_run => self.run.italic = is_on,
            "w:b" if self.in_run => self.run.bold = is_on,
            "w:t" => self.in_text = !tag.closed,
            "w:tab" if self.in_run => self.words(" "),
            "w:br" | "w:cr" => self.flow.end_line(),
            "w:hyperlink" => {
                if let Some(address) = self.addresses.get(tag.get("r:id")) {
                    self.flow.open("[", format!("](<{address}>)"));
                    self.in_link = true;
                }
            }
            "w:footnotereference" => self.flow.call(&format!("f{}", tag.get("w:id"))),
            "w:endnotereference" => self.flow.call(&format!("e{}", tag.get("w:id"))),
            "wp:docpr" => self.alt = tag.get("descr").trim().to_string(),
            "v:shape" => self.alt = tag.get("alt").trim().to_string(),
            "a:blip" => self.picture(tag.get("r:embed")),
            "v:imagedata" => self.picture(tag.get("r:id")),
            "w:tbl" => {
                self.end_list();
                self.flow.end_paragraph();
                self.table = Some(self.flow.next());
            }
            "w:tr" => {
                self.flow.end_paragraph();
                self.cells = 0;
            }
            "w:tc" => {
                if self.cells > 0 {
                    self.flow.cell();
                }
                self.cells += 1;
            }
            _ => {}
        }
    }

    fn picture(&mut self, id: &str) {
        match self.files.get(id) {
            Some(path) => {
                let alt = std::mem::take(&mut self.alt);
                self.flow.picture(path.clone(), alt);
            }
            None => self.unread_pictures += 1,
        }
    }

    fn words(&mut self, text: &str) {
        if !self.paragraph.begun {
            self.paragraph.begun = true;
            self.begin_paragraph();
        }
        let run = self.run.clone();
        let language = is_language(&run.language);
        if language {
            self.flow.open_language(&run.language);
        }
        // A heading is bold without being told.
        let bold = run.bold && heading(&self.paragraph.style).is_none();
        if run.italic {
            self.flow.open("*", "*");
        }
        if bold {
            self.flow.open("**", "**");
        }
        self.flow.words(text);
        if bold {
            self.flow.close("**");
        }
        if run.italic {
            self.flow.close("*");
        }
        if language {
            self.flow.close_language();
        }
    }

    fn begin_paragraph(&mut self) {
        self.paragraph.start = self.flow.next();
        let numbering = self.paragraph.numbering.clone();
        let is_item =
            !matches!(numbering.as_str(), "" | "0") && heading(&self.paragraph.style).is_none();
        if !is_item
            || self
                .list
                .as_ref()
                .is_some_and(|(_, other)| *other != numbering)
        {
            self.end_list();
        }
        if is_item && self.table.is_none() {
            let number = self.numbered.contains(&numbering).then_some(1);
            let start = self.paragraph.start;
            self.list.get_or_insert((start, numbering));
            self.flow.place(What::Item(number));
        }
    }

    fn end_list(&mut self) {
        if let Some((start, _)) = self.list.take() {
            self.flow.mark(start, What::List);
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "w:t" => self.in_text = false,
            "w:r" => self.in_run = false,
            "w:hyperlink" if self.in_link => {
                self.flow.close("[");
                self.in_link = false;
            }
            "w:p" if self.table.is_some() => self.flow.words(" "),
            "w:p" => self.end_paragraph(),
            "w:tbl" => {
                self.flow.end_paragraph();
                if let Some(start) = self.table.take() {
                    self.flow.mark(start, What::Table);
                }
            }
            _ => {}
        }
    }

    fn end_paragraph(&mut self) {
        self.flow.end_paragraph();
        let start = self.paragraph.start;
        let style = self.paragraph.style.as_str();
        if style == "title" {
            self.flow.mark(start, What::Title);
        } else if let Some(level) = heading(style) {
            self.flow.mark(start, What::Heading(level));
        } else if style.contains("quot") {
            self.flow.mark(start, What::Quote);
        }
    }

    /// Notes of one kind, set behind the text.
    fn notes(&mut self, notes: &str, kind: &str) {
        let mut note: Option<(String, usize)> = None;
        for piece in xml(notes) {
            match piece {
                Piece::Start(tag) if matches!(tag.name.as_str(), "w:footnote" | "w:endnote") => {
                    // Those of another type are rules between text and notes.
                    let own = !tag.has("w:type") || tag.get("w:type") == "normal";
                    self.flow.end_paragraph();
                    note = own.then(|| (format!("{kind}{}", tag.get("w:id")), self.flow.next()));
                }
                Piece::End(name) if matches!(name.as_str(), "w:footnote" | "w:endnote") => {
                    self.flow.end_paragraph();
                    if let Some((label, start)) = note.take() {
                        self.flow.mark(start, What::Note(label));
                    }
                }
                piece if note.is_some() => self.piece(piece),
                Piece::Start(_) | Piece::End(_) | Piece::Text(_) => {}
            }
        }
    }
}

/// The level of a heading's style: `heading2`, `berschrift2`, `ttulo2`, `titre2`.
fn heading(style: &str) -> Option<u8> {
    let stem = style.trim_end_matches(|c: char| c.is_ascii_digit());
    let named = [
        "heading",
        "berschrift",
        "überschrift",
        "ttulo",
        "título",
        "titre",
        "titolo",
    ];
    let number: u8 = style[stem.len()..].parse().ok()?;
    (named.contains(&stem.trim()) && (1..=6).contains(&number)).then_some(number)
}

/// The web addresses of links by their ids.
fn addresses(relations: &str) -> BTreeMap<String, String> {
    let mut addresses = BTreeMap::new();
    for piece in xml(relations) {
        if let Piece::Start(tag) = piece {
            let to = tag.get("target");
            let plain = !to.contains(|c: char| c.is_whitespace() || matches!(c, '<' | '>'));
            if plain && (to.starts_with("http") || to.starts_with("mailto:")) {
                addresses.insert(tag.get("id").to_string(), to.to_string());
            }
        }
    }
    addresses
}

/// The files of pictures in the archive, by their ids.
fn files(relations: &str) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    for piece in xml(relations) {
        if let Piece::Start(tag) = piece
            && tag.get("type").ends_with("/image")
            && tag.get("targetmode") != "External"
        {
            let path = joined("word/document.xml", tag.get("target"));
            files.insert(tag.get("id").to_string(), path);
        }
    }
    files
}

/// Elements whose words stand in another form or place too: what older programs are to show,
/// and whence words were moved.
fn is_twice(name: &str) -> bool {
    matches!(name, "mc:fallback" | "w:movefrom")
}

/// The ids of numberings that count, and do not only set bullets.
fn numbered(numbering: &str) -> Vec<String> {
    let (mut current, mut level) = (String::new(), String::new());
    let mut counting: Vec<String> = Vec::new();
    let mut numbered = Vec::new();
    for piece in xml(numbering) {
        let Piece::Start(tag) = piece else { continue };
        match tag.name.as_str() {
            "w:abstractnum" => current = tag.get("w:abstractnumid").to_string(),
            "w:lvl" => level = tag.get("w:ilvl").to_string(),
            "w:numfmt" if level == "0" && tag.get("w:val") != "bullet" => {
                counting.push(current.clone())
            }
            "w:num" => current = tag.get("w:numid").to_string(),
            "w:abstractnumid" if counting.iter().any(|id| id == tag.get("w:val")) => {
                numbered.push(current.clone())
            }
            _ => {}
        }
    }
    numbered
}

fn facts(core: &str) -> Facts {
    let mut facts = Facts::default();
    let mut field = String::new();
    for piece in xml(core) {
        match piece {
            Piece::Start(tag) => field = tag.name,
            Piece::End(_) => field.clear(),
            Piece::Text(text) if !text.trim().is_empty() => match field.as_str() {
                "dc:title" => facts.title = Some(text.trim().to_string()),
                "dc:creator" => facts.authors.push(text.trim().to_string()),
                "dc:language" => facts.language = Some(text.trim().to_string()),
                _ => {}
            },
            Piece::Text(_) => {}
        }
    }
    facts
}
