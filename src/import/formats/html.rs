//! Saved web pages, and the chapters of e-books. The article is found among the page's
//! furniture: what stands outside it is in the text, and marked to be taken out.

use std::collections::BTreeMap;

use super::flow::{Flow, Marked, What};
use super::markup::{Piece, Tag, html};
use super::{Extract, Facts};

/// Reads a web page.
pub(super) fn read(text: &str) -> Extract {
    let mut reader = Reader::default();
    reader.read(text, "");
    super::saved::note(text, &mut reader.facts);
    let article = reader.article();
    let furniture = reader.outside(article);
    reader.pictures.retain(|picture| {
        let holds = |part: &Part| part.from <= picture.at && picture.at <= part.to;
        holds(&article) && !reader.furniture.iter().any(holds)
    });
    let facts = std::mem::take(&mut reader.facts);
    let mut extract = reader.finish();
    extract.marks.extend(furniture);
    extract.facts = facts;
    extract
}

/// An element that is open.
struct Element {
    name: String,
    id: String,
    start: usize,
    /// Which piece of the page it begins with.
    from: usize,
    /// Letters of paragraphs right inside it.
    prose: usize,
    furniture: bool,
    language: bool,
}

/// A stretch of the text that an element made.
#[derive(Clone, Copy, Default)]
struct Part {
    start: usize,
    end: usize,
    /// The pieces of the page that it is made of: the first and the last.
    from: usize,
    to: usize,
}

/// A picture that the page shows.
struct Shown {
    path: String,
    alt: String,
    place: usize,
    /// Which piece of the page it is.
    at: usize,
    caption: Option<Part>,
}

#[derive(Default)]
pub(super) struct Reader {
    flow: Flow,
    pub(super) facts: Facts,
    open: Vec<Element>,
    /// Elements inside which nothing is read.
    unread: usize,
    in_title: bool,
    articles: Vec<Part>,
    mains: Vec<Part>,
    /// The containers with most prose: letters and stretch.
    prose: Vec<(usize, Part)>,
    furniture: Vec<Part>,
    /// Stretches by the ids of their elements.
    ids: BTreeMap<String, Part>,
    /// Calls: where, the id that they lead to, and whether the page says that they are calls.
    calls: Vec<(Part, String, bool)>,
    lists: Vec<(usize, Option<u64>)>,
    quotes: usize,
    cells: usize,
    pictures: Vec<Shown>,
    /// For each figure that is open, how many pictures stood before it.
    figures: Vec<usize>,
    caption: Option<Part>,
    /// How many pieces have been read.
    pieces: usize,
    /// Before the names of ids, so that those of several files are told apart.
    file: String,
}

impl Reader {
    /// Reads a page, whose ids are told apart by the name of its file.
    pub(super) fn read(&mut self, text: &str, file: &str) {
        self.file = file.to_string();
        for piece in html(text) {
            self.pieces += 1;
            match piece {
                Piece::Start(tag) => self.start(&tag),
                Piece::End(name) => self.end(&name),
                Piece::Text(text) if self.in_title => {
                    let title = self.facts.title.get_or_insert_default();
                    title.push_str(&text);
                }
                Piece::Text(text) if self.unread == 0 => self.flow.words(&text),
                Piece::Text(_) => {}
            }
        }
        while let Some(element) = self.open.pop() {
            self.closed(element);
        }
        self.unread = 0;
        self.flow.end_paragraph();
        if let Some(title) = &mut self.facts.title {
            *title = title.split_whitespace().collect::<Vec<_>>().join(" ");
        }
    }

    fn start(&mut self, tag: &Tag) {
        let name = tag.name.as_str();
        match name {
            "meta" => self.meta(tag),
            "html" if self.facts.language.is_none() => {
                let language = if tag.has("lang") {
                    tag.get("lang")
                } else {
                    tag.get("xml:lang")
                };
                self.facts.language =
                    Some(language.to_string()).filter(|language| !language.is_empty());
            }
            "link" if tag.get("rel") == "canonical" => {
                self.facts.address = Some(tag.get("href").to_string());
            }
            "br" => self.flow.end_line(),
            "hr" => {
                self.flow.end_paragraph();
                self.flow.place(What::Break);
            }
            "img" if self.unread == 0 => self.picture(tag),
            _ => {}
        }
        if is_void(name) || tag.closed && !is_html_block(name) {
            return;
        }
        self.in_title = name == "title" && self.flow.text.is_empty();
        if is_unread(tag) {
            self.unread += 1;
        }
        if is_html_block(name) {
            self.flow.end_paragraph();
        }
        let language = if tag.has("lang") {
            tag.get("lang")
        } else {
            tag.get("xml:lang")
        };
        let has_language = !matches!(name, "html" | "body") && is_language(language);
        if has_language {
            self.flow.open_language(language);
        }
        self.open_kind(tag);
        let element = Element {
            name: name.to_string(),
            id: tag.get("id").to_string(),
            start: self.flow.next(),
            from: self.pieces,
            prose: 0,
            furniture: is_furniture(tag),
            language: has_language,
        };
        self.open.push(element);
    }

    fn open_kind(&mut self, tag: &Tag) {
        match tag.name.as_str() {
            "em" | "i" | "cite" | "dfn" => self.flow.open("*", "*"),
            "strong" | "b" => self.flow.open("**", "**"),
            "a" if is_address(tag.get("href")) => {
                self.flow.open("[", format!("](<{}>)", tag.get("href")));
            }
            "a" if tag.get("href").contains('#') => {
                let place = Part {
                    start: self.flow.text.len(),
                    ..Part::default()
                };
                let told =
                    tag.get("epub:type").contains("noteref") || tag.get("role") == "doc-noteref";
                self.calls.push((place, self.target(tag.get("href")), told));
            }
            "ul" => self.lists.push((self.flow.next(), None)),
            "ol" => {
                let first = tag.get("start").parse().unwrap_or(1);
                self.lists.push((self.flow.next(), Some(first)));
            }
            "li" => {
                if let Some((_, number)) = self.lists.last_mut() {
                    let item = *number;
                    *number = number.map(|number| number + 1);
                    self.flow.place(What::Item(item));
                }
            }
            "blockquote" => self.quotes += 1,
            "figure" => self.figures.push(self.pictures.len()),
            "tr" => self.cells = 0,
            "td" | "th" => {
                if self.cells > 0 {
                    self.flow.cell();
                }
                self.cells += 1;
            }
            _ => {}
        }
    }

    /// A picture that came with the page. Those that stand elsewhere are never fetched.
    fn picture(&mut self, tag: &Tag) {
        let (path, _) = tag
            .get("src")
            .split_once(['?', '#'])
            .unwrap_or((tag.get("src"), ""));
        // Signs of a few pixels are letters, bullets or a watcher's.
        let is_sign = ["width", "height"]
            .iter()
            .any(|side| tag.get(side).parse().is_ok_and(|pixels: u32| pixels < 40));
        if is_sign || path.is_empty() {
            return;
        }
        if path.contains(':') || path.starts_with('/') {
            self.facts.pictures += 1;
            return;
        }
        self.pictures.push(Shown {
            path: super::epub::joined(&self.file, path),
            alt: tag.get("alt").trim().to_string(),
            place: self.flow.next(),
            at: self.pieces,
            caption: None,
        });
    }

    /// Ties a figure's caption to its last picture; where no picture is, it captions nothing.
    fn end_figure(&mut self) {
        let before = self.figures.pop().unwrap_or_default();
        let caption = self.caption.take();
        match self
            .pictures
            .get_mut(before..)
            .and_then(<[Shown]>::last_mut)
        {
            Some(picture) => picture.caption = caption,
            None => self.furniture.extend(caption),
        }
    }

    /// What a link inside the page leads to.
    fn target(&self, address: &str) -> String {
        match address.split_once('#') {
            Some(("", id)) => format!("{}#{id}", self.file),
            Some((file, id)) => format!("{}#{id}", super::epub::joined(&self.file, file)),
            None => String::new(),
        }
    }

    fn end(&mut self, name: &str) {
        // Tags that are not closed are few; a page that has more is not looked through.
        const NEAR: usize = 64;
        let near = self.open.len().saturating_sub(NEAR);
        let Some(at) = self.open[near..]
            .iter()
            .rposition(|element| element.name == name)
        else {
            return;
        };
        while self.open.len() > near + at {
            if let Some(element) = self.open.pop() {
                self.closed(element);
            }
        }
    }

    fn closed(&mut self, element: Element) {
        let name = element.name.as_str();
        let part = Part {
            start: element.start,
            end: self.flow.text.len(),
            from: element.from,
            to: self.pieces,
        };
        match name {
            "title" => self.in_title = false,
            "em" | "i" | "cite" | "dfn" => self.flow.close("*"),
            "strong" | "b" => self.flow.close("**"),
            "a" => self.end_link(),
            "figure" => self.end_figure(),
            "figcaption" if part.start < part.end => match self.figures.is_empty() {
                true => self.furniture.push(part),
                false => self.caption = Some(part),
            },
            _ => {}
        }
        if element.language {
            self.flow.close_language();
        }
        if is_unread_name(name) {
            self.unread = self.unread.saturating_sub(1);
        }
        if is_html_block(name) {
            self.end_block(name, part);
        }
        if !element.id.is_empty() {
            self.ids
                .insert(format!("{}#{}", self.file, element.id), part);
        }
        self.weigh(&element, part);
    }

    fn end_link(&mut self) {
        let end = self.flow.text.len();
        match self.calls.last_mut() {
            Some((part, ..)) if part.end == 0 => part.end = end,
            Some(_) | None => self.flow.close("["),
        }
    }

    fn end_block(&mut self, name: &str, part: Part) {
        self.flow.end_paragraph();
        match name {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                let level = name.as_bytes()[1] - b'0';
                self.flow.mark(part.start, What::Heading(level));
            }
            "blockquote" => {
                self.quotes = self.quotes.saturating_sub(1);
                if self.quotes == 0 && self.lists.is_empty() {
                    self.flow.mark(part.start, What::Quote);
                }
            }
            "ul" | "ol" => {
                if let Some((start, _)) = self.lists.pop()
                    && self.lists.is_empty()
                {
                    self.flow.mark(start, What::List);
                }
            }
            "table" => self.flow.mark(part.start, What::Table),
            _ => {}
        }
    }

    /// Which elements hold the article: by their names, and by the prose right inside them.
    fn weigh(&mut self, element: &Element, part: Part) {
        let length = part.end.saturating_sub(part.start);
        if element.furniture && length > 0 {
            self.furniture.push(part);
        }
        match element.name.as_str() {
            "p" => {
                // A page that puts its prose deeper than this into spans is not weighed.
                let near = self.open.iter_mut().rev().take(64);
                let container = near.into_iter().find(|outer| is_container(&outer.name));
                if let Some(outer) = container {
                    outer.prose += length;
                }
            }
            "article" => self.articles.push(part),
            "main" => self.mains.push(part),
            _ => {}
        }
        if element.prose > 0 && is_container(&element.name) {
            self.prose.push((element.prose, part));
        }
    }

    /// The stretch that holds the page's own text: of one article the whole, else of the
    /// element that has by far most of the prose.
    fn article(&self) -> Part {
        let all: usize = self.prose.iter().map(|(prose, _)| prose).sum();
        let inside = |part: &Part| -> usize {
            let within = self
                .prose
                .iter()
                .filter(|(_, other)| part.start <= other.start && other.end <= part.end);
            within.map(|(prose, _)| prose).sum()
        };
        let whole = Part {
            start: 0,
            end: self.flow.text.len(),
            from: 0,
            to: self.pieces,
        };
        let enough = |part: &&Part| inside(part) * 10 >= all * 6;
        let named = self
            .articles
            .iter()
            .chain(&self.mains)
            .take(40)
            .find(enough);
        let most = self
            .prose
            .iter()
            .max_by_key(|(prose, _)| *prose)
            .map(|(_, part)| part);
        named.or(most.filter(enough)).copied().unwrap_or(whole)
    }

    /// What is not the article, and the furniture in it.
    fn outside(&self, article: Part) -> Vec<Marked> {
        let before = Part {
            end: article.start,
            ..Part::default()
        };
        let behind = Part {
            start: article.end,
            end: self.flow.text.len(),
            ..Part::default()
        };
        let furniture = self.furniture.iter().copied();
        let mut parts: Vec<Part> = furniture.chain([before, behind]).collect();
        // An element that nothing stands in begins where the next word would.
        for part in &mut parts {
            part.end = part.end.min(self.flow.text.len());
        }
        parts.retain(|part| part.start < part.end);
        parts.sort_by_key(|part| (part.start, std::cmp::Reverse(part.end)));
        let mut reached = 0;
        let mut marks = Vec::new();
        for part in parts {
            let start = part.start.max(reached);
            if start < part.end {
                marks.push(Marked {
                    start,
                    end: part.end,
                    what: What::Furniture,
                });
            }
            reached = reached.max(part.end);
        }
        marks
    }

    /// The text with its notes tied: a call is a link with a number, to something behind it.
    pub(super) fn finish(self) -> Extract {
        let Reader {
            mut flow,
            calls,
            ids,
            pictures,
            ..
        } = self;
        flow.marks.extend(pictures.into_iter().map(Shown::marked));
        let mut extract = flow.finish();
        let mut used: Vec<Part> = Vec::new();
        // A book that says which of its links are calls has others, to pages and figures.
        let says = calls.iter().any(|(.., told)| *told);
        for (call, id, _) in calls.into_iter().filter(|(.., told)| *told || !says) {
            let Some(note) = ids.get(&id) else { continue };
            let words = extract.text.get(call.start..call.end).unwrap_or_default();
            let number = words.trim().trim_matches(|c: char| !c.is_alphanumeric());
            let raised = words.trim().chars().all(|c| !c.is_alphanumeric());
            let short = words.trim().chars().count() <= 5 && !words.trim().is_empty();
            let is_number = number.chars().all(|c| c.is_ascii_digit());
            if !short || !(is_number || raised) || note.start <= call.end {
                continue;
            }
            let taken = used.iter().any(|other| {
                let in_note = other.start <= call.start && call.start < other.end;
                in_note || other.start < note.end && note.start < other.end
            });
            if taken || note.start >= note.end {
                continue;
            }
            used.push(*note);
            tie(&mut extract, call, *note, used.len());
        }
        extract
    }

    fn meta(&mut self, tag: &Tag) {
        let name = if tag.has("name") {
            tag.get("name")
        } else {
            tag.get("property")
        };
        let content = tag.get("content").trim().to_string();
        if content.is_empty() {
            return;
        }
        match name.to_lowercase().as_str() {
            "author" | "article:author" | "dc.creator" | "citation_author"
                if !is_address(&content) && !self.facts.authors.contains(&content) =>
            {
                self.facts.authors.push(content);
            }
            "og:site_name" | "dc.publisher" => self.facts.publisher = Some(content),
            "article:published_time" | "date" | "dc.date" | "citation_date" => {
                let day = content.get(..10).unwrap_or(&content).to_string();
                self.facts.date.get_or_insert(day);
            }
            "og:url" | "savepage-url" => {
                self.facts.address.get_or_insert(content);
            }
            "savepage-date" => self.facts.retrieved = super::saved::day(&content),
            _ => {}
        }
    }
}

impl Shown {
    fn marked(self) -> Marked {
        let place = (self.place, self.place);
        let (start, end) = self.caption.map_or(place, |part| (part.start, part.end));
        Marked {
            start,
            end,
            what: What::Picture {
                path: self.path,
                alt: self.alt,
            },
        }
    }
}

/// Makes a call and its note of a link and of what it leads to; a number before the note and a
/// link back behind it are taken away.
fn tie(extract: &mut Extract, call: Part, note: Part, number: usize) {
    let label = number.to_string();
    let text = &extract.text[note.start..note.end];
    let lead = super::super::notes::note_label(text).map_or(0, |(_, length)| length);
    let back = text.trim_end_matches(|c: char| {
        c.is_whitespace() || matches!(c, '↩' | '↑' | '^' | '⤴' | '\u{fe0e}')
    });
    let end = note.start + back.len().max(lead);
    for (start, end, what) in [
        (call.start, call.end, What::Call(label.clone())),
        (note.start, note.start + lead, What::Furniture),
        (note.start + lead, end, What::Note(label)),
        (end, note.end, What::Furniture),
    ] {
        if start < end {
            extract.marks.push(Marked { start, end, what });
        }
    }
}

fn is_address(address: &str) -> bool {
    let plain =
        !address.contains(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>'));
    plain
        && ["http://", "https://", "mailto:"]
            .iter()
            .any(|scheme| address.starts_with(scheme))
}

/// Whether an attribute names a language, as BCP 47 does.
pub(super) fn is_language(tag: &str) -> bool {
    let first = tag.split('-').next().unwrap_or_default();
    let letters = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    (2..=3).contains(&first.len())
        && first.bytes().all(|byte| byte.is_ascii_alphabetic())
        && tag.bytes().all(letters)
        && tag.split('-').all(|part| (1..=8).contains(&part.len()))
}

fn is_void(name: &str) -> bool {
    matches!(
        name,
        "br" | "hr"
            | "img"
            | "meta"
            | "link"
            | "input"
            | "wbr"
            | "source"
            | "col"
            | "area"
            | "base"
            | "embed"
            | "track"
    )
}

/// Elements whose text is none of the page's.
fn is_unread_name(name: &str) -> bool {
    matches!(
        name,
        "script"
            | "style"
            | "noscript"
            | "template"
            | "head"
            | "svg"
            | "iframe"
            | "object"
            | "math"
            | "select"
            | "textarea"
            | "button"
    )
}

fn is_unread(tag: &Tag) -> bool {
    is_unread_name(&tag.name)
}

/// Elements that are never an article's text.
fn is_furniture(tag: &Tag) -> bool {
    let named = matches!(tag.name.as_str(), "nav" | "footer" | "aside" | "form");
    let hidden = tag.has("hidden") || tag.get("aria-hidden") == "true";
    let role = matches!(
        tag.get("role"),
        "navigation" | "banner" | "contentinfo" | "search" | "complementary"
    );
    let note = tag.get("role").starts_with("doc-") || tag.get("epub:type").contains("note");
    (named || hidden || role) && !note
}

fn is_container(name: &str) -> bool {
    matches!(name, "div" | "section" | "article" | "main" | "body" | "td")
}

fn is_html_block(name: &str) -> bool {
    matches!(
        name,
        "p" | "div"
            | "section"
            | "article"
            | "main"
            | "header"
            | "footer"
            | "nav"
            | "aside"
            | "body"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "ul"
            | "ol"
            | "li"
            | "dl"
            | "dt"
            | "dd"
            | "blockquote"
            | "pre"
            | "table"
            | "tr"
            | "caption"
            | "thead"
            | "tbody"
            | "tfoot"
            | "figure"
            | "figcaption"
            | "form"
            | "fieldset"
            | "address"
            | "details"
            | "summary"
            | "center"
            | "title"
    )
}
