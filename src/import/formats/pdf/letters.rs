//! A page's letters with their places, read from its content (PDF 1.7 §9.4).

use std::collections::BTreeMap;
use std::rc::Rc;

use lopdf::content::{Content, Operation};
use lopdf::{Dictionary, Document, Object, ObjectId};

use super::fonts::Font;
use super::{LARGEST, LARGEST_SUM, MOST_LETTERS, number};

/// Forms within forms are followed so deep.
const DEEPEST: usize = 6;

/// Letters in a row on one base line.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    /// From the left edge, and upwards, in points.
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) end: f64,
    pub(super) size: f64,
    pub(super) italic: bool,
    pub(super) bold: bool,
    pub(super) text: String,
}

/// Reads page after page.
pub(super) struct Reader<'d> {
    document: &'d Document,
    fonts: BTreeMap<ObjectId, Rc<Font>>,
    /// Letters shown, and those of which nothing tells what they stand for.
    pub(super) shown: usize,
    pub(super) untold: usize,
    pub(super) pictures: usize,
    /// How much more may be unpacked.
    left: usize,
}

impl<'d> Reader<'d> {
    pub(super) fn new(document: &'d Document) -> Reader<'d> {
        Reader {
            document,
            fonts: BTreeMap::new(),
            shown: 0,
            untold: 0,
            pictures: 0,
            left: LARGEST_SUM,
        }
    }

    /// The letters of a page, held upright.
    pub(super) fn page(&mut self, id: ObjectId) -> Result<Vec<Piece>, String> {
        let Ok(page) = self.document.get_dictionary(id) else {
            return Ok(Vec::new());
        };
        let limit = LARGEST.min(self.left);
        let content = self.document.get_page_content_with_limit(id, limit);
        let content = content.map_err(|_| "unpacks to more than there may be")?;
        let resources = self.inherited(page, b"Resources");
        let turn = self
            .inherited(page, b"Rotate")
            .and_then(|turn| turn.as_i64().ok());
        let mut pen = Pen {
            reader: self,
            pieces: Vec::new(),
            state: State {
                place: upright(turn.unwrap_or(0)),
                ..State::default()
            },
            saved: Vec::new(),
            line: ONE,
            pen: ONE,
        };
        let resources = resources.and_then(|resources| resources.as_dict().ok());
        pen.draw(&content, resources, 0)?;
        Ok(pen.pieces)
    }

    /// An entry of a page or of what it is part of.
    fn inherited(&self, page: &'d Dictionary, key: &[u8]) -> Option<&'d Object> {
        let mut at = page;
        for _ in 0..64 {
            if let Ok(found) = at.get_deref(key, self.document) {
                return Some(found);
            }
            at = at
                .get_deref(b"Parent", self.document)
                .ok()?
                .as_dict()
                .ok()?;
        }
        None
    }

    fn font(&mut self, resources: Option<&'d Dictionary>, name: &[u8]) -> Option<Rc<Font>> {
        let fonts = resources?.get_deref(b"Font", self.document).ok()?;
        let font = fonts.as_dict().ok()?.get(name).ok()?;
        let id = font.as_reference().ok();
        if let Some(known) = id.and_then(|id| self.fonts.get(&id)) {
            return Some(Rc::clone(known));
        }
        let (_, font) = self.document.dereference(font).ok()?;
        let font = Rc::new(Font::read(self.document, font.as_dict().ok()?));
        self.fonts.extend(id.map(|id| (id, Rc::clone(&font))));
        Some(font)
    }
}

type Matrix = [f64; 6];

const ONE: Matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];

fn then(m: Matrix, o: Matrix) -> Matrix {
    [
        m[0] * o[0] + m[1] * o[2],
        m[0] * o[1] + m[1] * o[3],
        m[2] * o[0] + m[3] * o[2],
        m[2] * o[1] + m[3] * o[3],
        m[4] * o[0] + m[5] * o[2] + o[4],
        m[4] * o[1] + m[5] * o[3] + o[5],
    ]
}

fn matrix(operands: &[Object]) -> Matrix {
    std::array::from_fn(|at| number(operands, at))
}

/// A page that is shown turned, as it is seen.
fn upright(turn: i64) -> Matrix {
    match turn.rem_euclid(360) {
        90 => [0.0, -1.0, 1.0, 0.0, 0.0, 0.0],
        180 => [-1.0, 0.0, 0.0, -1.0, 0.0, 0.0],
        270 => [0.0, 1.0, -1.0, 0.0, 0.0, 0.0],
        _ => ONE,
    }
}

/// As much of the graphics state as tells where letters stand.
#[derive(Clone)]
struct State {
    place: Matrix,
    font: Option<Rc<Font>>,
    size: f64,
    letter_space: f64,
    word_space: f64,
    wide: f64,
    leading: f64,
    rise: f64,
}

impl Default for State {
    fn default() -> State {
        State {
            place: ONE,
            font: None,
            size: 0.0,
            letter_space: 0.0,
            word_space: 0.0,
            wide: 1.0,
            leading: 0.0,
            rise: 0.0,
        }
    }
}

struct Pen<'r, 'd> {
    reader: &'r mut Reader<'d>,
    pieces: Vec<Piece>,
    state: State,
    saved: Vec<State>,
    line: Matrix,
    pen: Matrix,
}

impl<'d> Pen<'_, 'd> {
    fn draw(
        &mut self,
        content: &[u8],
        resources: Option<&'d Dictionary>,
        depth: usize,
    ) -> Result<(), String> {
        self.reader.left = self.reader.left.saturating_sub(content.len());
        if self.reader.left == 0 || self.reader.shown > MOST_LETTERS {
            return Err("shows more than a book can hold".into());
        }
        // What cannot be read to its end is read as far as it can.
        let operations = Content::decode(content).map(|content| content.operations);
        for operation in operations.unwrap_or_default() {
            let Operation { operator, operands } = &operation;
            match operator.as_str() {
                "q" if self.saved.len() < 1_000 => self.saved.push(self.state.clone()),
                "Q" => self.state = self.saved.pop().unwrap_or_else(|| self.state.clone()),
                "cm" => self.state.place = then(matrix(operands), self.state.place),
                "Tf" => {
                    let name = operands.first().and_then(|name| name.as_name().ok());
                    let font = name.and_then(|name| self.reader.font(resources, name));
                    self.state.font = font;
                    self.state.size = number(operands, 1);
                }
                "Do" => self.object(operands, resources, depth)?,
                operator => self.text(operator, operands),
            }
        }
        Ok(())
    }

    fn object(
        &mut self,
        operands: &[Object],
        resources: Option<&'d Dictionary>,
        depth: usize,
    ) -> Result<(), String> {
        let document = self.reader.document;
        let name = operands.first().and_then(|name| name.as_name().ok());
        let objects = resources.and_then(|all| all.get_deref(b"XObject", document).ok());
        let objects = objects.and_then(|objects| objects.as_dict().ok());
        let object = objects
            .zip(name)
            .and_then(|(all, name)| all.get_deref(name, document).ok());
        let Some(stream) = object.and_then(|object| object.as_stream().ok()) else {
            return Ok(());
        };
        match stream.dict.get(b"Subtype").and_then(Object::as_name) {
            Ok(b"Image") => self.reader.pictures += 1,
            Ok(b"Form") if depth < DEEPEST => {
                let limit = LARGEST.min(self.reader.left);
                let content = stream.get_plain_content_with_limit(limit);
                let content =
                    content.map_err(|_| "holds what unpacks to more than there may be")?;
                let own = stream.dict.get_deref(b"Resources", document);
                let own = own.and_then(Object::as_dict).ok().or(resources);
                let outer = self.state.clone();
                if let Ok(Object::Array(inner)) = stream.dict.get(b"Matrix") {
                    self.state.place = then(matrix(inner), self.state.place);
                }
                self.draw(&content, own, depth + 1)?;
                self.state = outer;
            }
            Ok(_) | Err(_) => {}
        }
        Ok(())
    }

    fn text(&mut self, operator: &str, operands: &[Object]) {
        let state = &mut self.state;
        match operator {
            "Tc" => state.letter_space = number(operands, 0),
            "Tw" => state.word_space = number(operands, 0),
            "Tz" => state.wide = number(operands, 0) / 100.0,
            "TL" => state.leading = number(operands, 0),
            "Ts" => state.rise = number(operands, 0),
            "BT" => self.start_line(ONE),
            "Tm" => self.start_line(matrix(operands)),
            "Td" => self.next_line(number(operands, 0), number(operands, 1)),
            "TD" => {
                state.leading = -number(operands, 1);
                self.next_line(number(operands, 0), number(operands, 1));
            }
            "T*" | "'" | "\"" => {
                if operator == "\"" {
                    state.word_space = number(operands, 0);
                    state.letter_space = number(operands, 1);
                }
                let down = -state.leading;
                self.next_line(0.0, down);
                self.show_all(operands.last());
            }
            "Tj" => self.show_all(operands.last()),
            "TJ" => {
                let pieces = operands.first().and_then(|pieces| pieces.as_array().ok());
                for piece in pieces.into_iter().flatten() {
                    match piece.as_float() {
                        Ok(back) => self.move_on(-f64::from(back) / 1000.0 * self.state.size),
                        Err(_) => self.show_all(Some(piece)),
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
        self.start_line(then([1.0, 0.0, 0.0, 1.0, x, y], self.line));
    }

    fn move_on(&mut self, by: f64) {
        self.pen = then([1.0, 0.0, 0.0, 1.0, by * self.state.wide, 0.0], self.pen);
    }

    fn show_all(&mut self, codes: Option<&Object>) {
        let (Some(Object::String(codes, _)), Some(font)) = (codes, self.state.font.clone()) else {
            return;
        };
        for letter in font.letters(codes) {
            self.reader.shown += 1;
            self.reader.untold += usize::from(letter.text.is_empty());
            let start = then(
                [1.0, 0.0, 0.0, 1.0, 0.0, self.state.rise],
                then(self.pen, self.state.place),
            );
            let spaces = if letter.is_space {
                self.state.word_space
            } else {
                0.0
            };
            self.move_on(letter.width * self.state.size + self.state.letter_space + spaces);
            let end = then(self.pen, self.state.place);
            self.put(start, end[4], letter.text, &font);
        }
    }

    /// Puts a letter to the piece that it goes on, or begins one. What does not run from left
    /// to right is no running text.
    fn put(&mut self, start: Matrix, end: f64, text: &str, font: &Font) {
        let [a, b, _, d, x, y] = start;
        let size = self.state.size.abs() * d.abs().max(a.abs());
        let is_level = a > 0.0 && b.abs() < a * 0.05 && d > 0.0;
        let is_sane = [x, y, end, size].iter().all(|number| number.abs() < 1e6);
        if !is_level || !is_sane || size < 0.5 {
            return;
        }
        let goes_on = |last: &Piece| {
            let gap = x - last.end;
            last.y == y
                && last.size == size
                && (last.italic, last.bold) == (font.italic, font.bold)
                && (-0.3 * size..WORD * size).contains(&gap)
        };
        match self.pieces.last_mut().filter(|last| goes_on(last)) {
            Some(last) => {
                last.text.push_str(text);
                last.end = end;
            }
            None => self.pieces.push(Piece {
                x,
                y,
                end,
                size,
                italic: font.italic,
                bold: font.bold,
                text: text.to_string(),
            }),
        }
    }
}

/// Letters further apart than this, in ems, are of two words.
pub(super) const WORD: f64 = 0.17;
