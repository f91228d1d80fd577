//! The text that a page shows, by the numbers of its marks (PDF 1.7 §14.6).

use std::collections::BTreeMap;

use lopdf::content::{Content, Operation};
use lopdf::{Dictionary, Document, Object, ObjectId};

use super::cmap::utf16;
use super::fonts::{Font, Fonts, Resources};
use super::matrix::Matrix;

/// Forms within forms are followed so deep.
const DEEPEST: usize = 4;

/// A page's text.
#[derive(Default)]
pub(in crate::verify) struct PageText {
    /// By mark (MCID).
    pub(super) marked: BTreeMap<i64, String>,
    /// What is neither marked nor said to be of the page's own.
    pub(super) loose: String,
    /// What is to be seen, marked or not, in the order of drawing.
    pub(in crate::verify) seen: Vec<Seen>,
    /// Where the left edge of each picture stands.
    pub(in crate::verify) pictures: Vec<f64>,
}

/// Letters in a row that a page shows.
#[derive(Clone, Debug)]
pub(in crate::verify) struct Seen {
    /// Where their base line begins, in points from the lower left corner.
    pub(in crate::verify) x: f64,
    pub(in crate::verify) y: f64,
    /// Where on it they end.
    pub(in crate::verify) end: f64,
    /// Whether they stand upside down.
    pub(in crate::verify) turned: bool,
    /// How much larger or smaller than told by the size of their type.
    pub(in crate::verify) scale: f64,
    pub(in crate::verify) text: String,
}

/// Reads a page; `None` when its content cannot be read.
pub(super) fn read(document: &Document, page: ObjectId, fonts: &Fonts) -> Option<PageText> {
    let content = Content::decode(&document.get_page_content(page)).ok()?;
    let mut reader = Reader {
        document,
        fonts,
        state: State::default(),
        saved: Vec::new(),
        line: Matrix::default(),
        pen: Matrix::default(),
        marks: Vec::new(),
        page: PageText::default(),
    };
    let resources = Resources::of_page(document, page);
    reader.draw(&content.operations, &resources, 0);
    Some(reader.page)
}

/// What encloses the text at a place.
enum Mark {
    Artifact,
    Element(i64),
    /// What is to be read for the glyphs inside; taken with the first.
    Spoken(Option<String>),
    Other,
}

/// As much of the graphics state as tells where letters stand (PDF 1.7 §8.4, §9.3).
#[derive(Clone)]
struct State<'d> {
    place: Matrix,
    font: Option<&'d Font>,
    size: f64,
    /// What is added to each letter's width.
    spacing: f64,
    /// What is added to each space's, where codes have one byte.
    word_spacing: f64,
    /// How much wider letters are shown.
    wide: f64,
    leading: f64,
}

impl Default for State<'_> {
    fn default() -> Self {
        State {
            place: Matrix::default(),
            font: None,
            size: 0.0,
            spacing: 0.0,
            word_spacing: 0.0,
            wide: 1.0,
            leading: 0.0,
        }
    }
}

struct Reader<'d> {
    document: &'d Document,
    fonts: &'d Fonts,
    state: State<'d>,
    saved: Vec<State<'d>>,
    /// Where the line of text begins, and where the next letter stands.
    line: Matrix,
    pen: Matrix,
    marks: Vec<Mark>,
    page: PageText,
}

impl<'d> Reader<'d> {
    fn draw(&mut self, operations: &[Operation], resources: &Resources, depth: usize) {
        for operation in operations {
            let operands = &operation.operands;
            match operation.operator.as_str() {
                "BMC" | "BDC" => self.marks.push(mark(operands)),
                "EMC" => {
                    self.marks.pop();
                }
                "q" => self.saved.push(self.state.clone()),
                "Q" => self.state = self.saved.pop().unwrap_or_default(),
                "cm" => self.state.place = Matrix::of(operands).then(&self.state.place),
                "Do" => self.object(operands, resources, depth),
                "Tf" => {
                    let name = operands.first().and_then(|name| name.as_name().ok());
                    let font = name.and_then(|name| resources.fonts.get(name));
                    self.state.font = font.and_then(|font| self.fonts.get(font));
                    self.state.size = number(operands, 1);
                }
                operator => self.text(operator, operands),
            }
        }
    }

    /// A picture, or a form with content of its own.
    fn object(&mut self, operands: &[Object], resources: &Resources, depth: usize) {
        let name = operands.first().and_then(|name| name.as_name().ok());
        let object = name.and_then(|name| resources.objects.get(name));
        let Some(Ok(stream)) = object.map(|id| self.document.get_object(*id)) else {
            return;
        };
        let Ok(stream) = stream.as_stream() else {
            return;
        };
        match stream.dict.get(b"Subtype").and_then(Object::as_name) {
            Ok(b"Image") => self.page.pictures.push(self.state.place.origin().0),
            Ok(b"Form") if depth < DEEPEST => {
                let content = stream.decompressed_content().ok();
                let content = content.and_then(|content| Content::decode(&content).ok());
                let inner = Resources::of(self.document, &stream.dict);
                let outer = self.state.clone();
                if let Ok(Object::Array(matrix)) = stream.dict.get(b"Matrix") {
                    self.state.place = Matrix::of(matrix).then(&self.state.place);
                }
                let operations = content.map(|content| content.operations);
                self.draw(&operations.unwrap_or_default(), &inner, depth + 1);
                self.state = outer;
            }
            Ok(_) | Err(_) => {}
        }
    }

    fn text(&mut self, operator: &str, operands: &[Object]) {
        let state = &mut self.state;
        match operator {
            "Tc" => state.spacing = number(operands, 0),
            "Tw" => state.word_spacing = number(operands, 0),
            "Tz" => state.wide = number(operands, 0) / 100.0,
            "TL" => state.leading = number(operands, 0),
            "BT" => self.start_line(Matrix::default()),
            "Tm" => self.start_line(Matrix::of(operands)),
            "Td" => self.next_line(number(operands, 0), number(operands, 1)),
            "TD" => {
                state.leading = -number(operands, 1);
                self.next_line(number(operands, 0), number(operands, 1));
            }
            "T*" => {
                let down = -state.leading;
                self.next_line(0.0, down);
            }
            "Tj" => self.show_last(operands),
            "'" | "\"" => {
                let down = -state.leading;
                self.next_line(0.0, down);
                self.show_last(operands);
            }
            "TJ" => {
                let Some(Object::Array(pieces)) = operands.first() else {
                    return;
                };
                for piece in pieces {
                    if let Object::String(codes, _) = piece {
                        self.show(codes);
                    } else {
                        self.move_on(-amount(piece) / 1000.0);
                    }
                }
            }
            _ => {}
        }
    }

    fn start_line(&mut self, at: Matrix) {
        (self.line, self.pen) = (at, at);
    }

    fn next_line(&mut self, x: f64, y: f64) {
        self.start_line(Matrix::shift(x, y).then(&self.line));
    }

    /// Moves the pen along the line, by ems.
    fn move_on(&mut self, ems: f64) {
        let by = ems * self.state.size * self.state.wide;
        self.pen = Matrix::shift(by, 0.0).then(&self.pen);
    }

    fn show_last(&mut self, operands: &[Object]) {
        if let Some(Object::String(codes, _)) = operands.last() {
            self.show(codes);
        }
    }

    fn show(&mut self, codes: &[u8]) {
        let state = &self.state;
        let mut text = String::new();
        let mut width = 0.0;
        if let Some(font) = state.font {
            let shown = font.push(codes, &mut text);
            width = shown.ems * state.size
                + shown.letters * state.spacing
                + shown.spaces * state.word_spacing;
        }
        let (start, wide) = (self.pen.then(&state.place), state.wide);
        self.pen = Matrix::shift(width * wide, 0.0).then(&self.pen);
        if !text.is_empty() {
            let ((x, y), (end, _)) = (start.origin(), self.pen.then(&self.state.place).origin());
            self.page.seen.push(Seen {
                x,
                y,
                end,
                turned: start.is_turned(),
                scale: start.scale(),
                text: text.clone(),
            });
        }
        let spoken = self.marks.iter_mut().rev().find_map(|mark| match mark {
            Mark::Spoken(spoken) => Some(spoken),
            Mark::Artifact | Mark::Element(_) | Mark::Other => None,
        });
        match spoken {
            Some(spoken) => {
                let spoken = spoken.take().unwrap_or_default();
                self.keep(&spoken);
            }
            None => self.keep(&text),
        }
    }

    /// Adds text to what the marks around it say that it belongs to.
    fn keep(&mut self, text: &str) {
        if self.marks.iter().any(|mark| matches!(mark, Mark::Artifact)) {
            return;
        }
        let element = self.marks.iter().rev().find_map(|mark| match mark {
            Mark::Element(number) => Some(*number),
            Mark::Artifact | Mark::Spoken(_) | Mark::Other => None,
        });
        match element {
            Some(number) => self.page.marked.entry(number).or_default().push_str(text),
            None => self.page.loose.push_str(text),
        }
    }
}

/// The number among some operands; 0 where there is none.
fn number(operands: &[Object], at: usize) -> f64 {
    operands.get(at).map_or(0.0, amount)
}

pub(super) fn amount(number: &Object) -> f64 {
    number.as_float().map_or(0.0, f64::from)
}

fn mark(operands: &[Object]) -> Mark {
    let tag = operands
        .first()
        .and_then(|tag| tag.as_name().ok())
        .unwrap_or_default();
    if tag == b"Artifact" {
        return Mark::Artifact;
    }
    let Some(Object::Dictionary(properties)) = operands.get(1) else {
        return Mark::Other;
    };
    if let Ok(number) = properties.get(b"MCID").and_then(Object::as_i64) {
        return Mark::Element(number);
    }
    match spoken(properties) {
        Some(text) => Mark::Spoken(Some(text)),
        None => Mark::Other,
    }
}

fn spoken(properties: &Dictionary) -> Option<String> {
    let text = properties.get(b"ActualText").ok()?.as_str().ok()?;
    Some(string(text))
}

/// A text string: UTF-16 after a byte order mark, else in PDF's own encoding.
pub(super) fn string(bytes: &[u8]) -> String {
    match bytes.strip_prefix(&[0xfe, 0xff]) {
        Some(units) => utf16(units),
        None => bytes.iter().map(|&byte| pdf_doc_encoded(byte)).collect(),
    }
}

/// PDF 1.7 §D.3: Latin-1 but for the codes that it leaves to control characters.
fn pdf_doc_encoded(byte: u8) -> char {
    const PUNCTUATION: &str = "•†‡…—–ƒ⁄‹›−‰„“”‘’‚™ﬁﬂŁŒŠŸŽıłœšž";
    const ACCENTS: &str = "˘ˇˆ˙˝˛˚˜";
    let nth = |text: &str, from: u8| text.chars().nth(usize::from(byte - from));
    match byte {
        0x18..=0x1f => nth(ACCENTS, 0x18),
        0x80..=0x9e => nth(PUNCTUATION, 0x80),
        0xa0 => Some('€'),
        _ => None,
    }
    .unwrap_or(char::from(byte))
}
