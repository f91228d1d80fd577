//! One passage to lines.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use crate::diag::{Code, Report};
use crate::edition::{NoteId, Target};
use crate::fonts::FontSet;
use crate::source::{Position, Span};
use crate::text::Passage;
use crate::typeset::flow::{self, Flow};
use crate::typeset::hyphenate::{Divisions, is_mark};
use crate::typeset::initial;
use crate::typeset::itemize::{self, Options};
use crate::typeset::items::{self, Paragraph};
use crate::typeset::line::{Beside, Line, ParagraphStyle, SetPassage, TextAlign};
use crate::typeset::linebreak::{AWFUL, Item, Optimum, Room, Rules, optima, optimum};
use crate::typeset::loosen;
use crate::typeset::memory::Memory;
use crate::typeset::place::{self, Source, Stretch};
use crate::typeset::shape::Shapes;
use crate::units::Length;

/// What a paragraph must be told of the rest of the book.
pub trait Lookup {
    /// The mark of a note.
    fn label(&self, note: NoteId) -> &str;
    /// The page numbers of places as they are printed, collapsed to ranges: each with the
    /// place that a click on it leads to. Empty while they are not known.
    fn pages(&self, positions: &[Position]) -> Vec<(String, Position)>;
}

/// The lines of a paragraph in one of the ways to set it, and the demerits that it adds.
pub type Otherwise = (Vec<Arc<Line>>, i64);

/// Sets passages; keeps every word that it has shaped. One for each thread.
pub struct Setter<'f> {
    pub fonts: &'f FontSet,
    pub report: RefCell<Report>,
    /// What the section at hand has set before; `None` where that is no help.
    pub memory: RefCell<Option<Memory>>,
    state: RefCell<State<'f>>,
}

struct State<'f> {
    shapes: Shapes<'f>,
    divisions: Divisions,
    /// The characters that the report names as missing.
    missing: BTreeSet<char>,
}

impl State<'_> {
    /// A passage as it runs, and its boxes, glue and penalties with all divisions.
    fn divided(
        &mut self,
        passage: &Passage<Target>,
        style: &ParagraphStyle,
        lookup: &dyn Lookup,
    ) -> (Flow, Paragraph) {
        let shapes = &mut self.shapes;
        let flow = flow::flatten(passage, style, shapes, lookup);
        let mut paragraph = itemize::build(&flow, shapes, options(style), &mut |_, _| {});
        if style.hyphenate {
            items::divide(&mut paragraph, &flow, shapes, &mut self.divisions);
        }
        (flow, paragraph)
    }
}

impl<'f> Setter<'f> {
    /// A setter that has shaped nothing yet and divides none of those words.
    pub fn new(fonts: &'f FontSet, whole: &[String]) -> Setter<'f> {
        Setter {
            fonts,
            report: RefCell::default(),
            memory: RefCell::new(Some(Memory::default())),
            state: RefCell::new(State {
                shapes: Shapes::new(fonts),
                divisions: Divisions::without(whole),
                missing: BTreeSet::new(),
            }),
        }
    }

    /// Sets a passage in lines. A passage without text has none.
    pub fn set(
        &self,
        passage: &Passage<Target>,
        style: &ParagraphStyle,
        lookup: &dyn Lookup,
    ) -> SetPassage {
        let mut memory = self.memory.borrow_mut();
        let known = memory.as_ref();
        let known = known.and_then(|memory| memory.find(passage.id, style));
        let set = known.unwrap_or_else(|| {
            let (set, quotes_pages) = self.set_anew(passage, style, lookup);
            if let Some(memory) = memory.as_mut().filter(|_| !quotes_pages) {
                memory.keep(style, &set);
            }
            set
        });
        if set.lines.iter().any(|line| line.overfull) {
            self.warn_overfull(passage.span);
        }
        set
    }

    /// Sets a passage; whether page numbers stand in it.
    fn set_anew(
        &self,
        passage: &Passage<Target>,
        style: &ParagraphStyle,
        lookup: &dyn Lookup,
    ) -> (SetPassage, bool) {
        let mut state = self.state.borrow_mut();
        let State {
            shapes,
            divisions,
            missing,
        } = &mut *state;
        if self.report.borrow().diagnostics.is_empty() {
            // The report was taken, for instance at a section's end: a new one begins.
            missing.clear();
        }
        let mut flow = flow::flatten(passage, style, shapes, lookup);
        let initial = style
            .drop
            .and_then(|drop| initial::take(&mut flow, style, &drop, shapes));
        let beside = initial.as_ref().map(|initial| ParagraphStyle {
            first_indent: initial.indent,
            firsts: initial.lines,
            ..style.clone()
        });
        let style = beside.as_ref().unwrap_or(style);
        let mut lines = Vec::new();
        if !flow.text.is_empty() {
            let mut lacking = Vec::new();
            let mut warn = |c: char, span: Option<Span>| {
                if missing.insert(c) {
                    lacking.push((c, span.or(passage.span)));
                }
            };
            let paragraph = itemize::build(&flow, shapes, options(style), &mut warn);
            self.warn_missing(&lacking);
            lines = set_lines(paragraph, &flow, style, shapes, divisions);
        }
        if let Some(initial) = initial {
            initial.put(&mut lines);
        }
        let beside = beside.map(|style| Beside {
            indent: style.first_indent,
            lines: style.firsts,
        });
        let passage = passage.id;
        let set = SetPassage {
            passage,
            lines,
            beside,
        };
        (set, flow.quotes_pages)
    }

    /// A passage of so many lines in a line fewer and in a line more, where all stay even:
    /// each with the demerits that it adds, by line.
    pub fn otherwise(
        &self,
        passage: &Passage<Target>,
        style: &ParagraphStyle,
        lookup: &dyn Lookup,
        count: usize,
    ) -> Vec<Otherwise> {
        let mut state = self.state.borrow_mut();
        let (flow, paragraph) = state.divided(passage, style, lookup);
        let shapes = &mut state.shapes;
        let (tolerance, lightly) = match style.align {
            TextAlign::Justified => (UNDIVIDED, 1),
            TextAlign::Left | TextAlign::Right | TextAlign::Centre => RAGGED,
        };
        let (room, rules) = (room(style), Rules::plain(tolerance));
        let all = optima(&paragraph.items, &room, &rules, count + 1);
        let as_it_is = all.iter().find(|one| one.breaks.len() == count);
        let Some(as_it_is) = as_it_is.map(|one| one.demerits) else {
            return Vec::new();
        };
        let others = all
            .iter()
            .filter(|one| one.breaks.len().abs_diff(count) == 1);
        let set = |other: &Optimum| {
            let lines = lay_lines(&paragraph, &other.breaks, &flow, style, shapes);
            let count = i64::try_from(lines.len()).unwrap_or(1).max(1);
            let rise = (other.demerits - as_it_is).max(0) / lightly / count;
            (lines, rise)
        };
        others.map(set).collect()
    }

    /// A passage's boxes, glue and penalties as text, with all divisions: what the line
    /// breaker sees at last.
    pub fn dump(
        &self,
        passage: &Passage<Target>,
        style: &ParagraphStyle,
        lookup: &dyn Lookup,
    ) -> String {
        let mut state = self.state.borrow_mut();
        let (flow, paragraph) = state.divided(passage, style, lookup);
        items::dump(&paragraph, &flow)
    }

    /// Names the characters of a passage that no font has, where the first of them stands.
    fn warn_missing(&self, lacking: &[(char, Option<Span>)]) {
        let Some(&(first, span)) = lacking.first() else {
            return;
        };
        let code = u32::from(first);
        let message = match (lacking.len(), is_mark(first)) {
            (1, false) => {
                format!("no font has a glyph for `{first}` (U+{code:04X}); `?` is set in its place")
            }
            (1, true) => format!("no font has a glyph for the mark U+{code:04X}; it is left out"),
            _ => several_missing(lacking),
        };
        self.report
            .borrow_mut()
            .warning(Code::MissingGlyph, span, message)
            .help("write it in letters that the fonts have");
    }

    fn warn_overfull(&self, span: Option<Span>) {
        self.report
            .borrow_mut()
            .warning(
                Code::OverfullLine,
                span,
                "the measure is too narrow for a single letter",
            )
            .help("make the type smaller, or the margins, indents or columns narrower");
    }
}

/// Of so many characters each is named.
const MOST_NAMED: usize = 8;

fn several_missing(lacking: &[(char, Option<Span>)]) -> String {
    let name = |&(c, _): &(char, Option<Span>)| match is_mark(c) {
        true => format!("U+{:04X}", u32::from(c)),
        false => format!("`{c}`"),
    };
    let named: Vec<String> = lacking.iter().take(MOST_NAMED).map(name).collect();
    let more = match lacking.len().saturating_sub(MOST_NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let instead = match lacking.iter().any(|&(c, _)| is_mark(c)) {
        true => "`?` is set in the place of letters, and marks are left out",
        false => "`?` is set in the place of each",
    };
    let named = named.join(", ");
    format!("no font has glyphs for these characters: {named}{more}; {instead}")
}

fn options(style: &ParagraphStyle) -> Options {
    Options {
        justified: style.align == TextAlign::Justified,
        fills: style.align != TextAlign::Centre,
        wider_spaces: style.wider_spaces,
    }
}

/// The badness that lines may have before words are divided (TeX's `\pretolerance`).
const UNDIVIDED: i32 = 100;
/// With divided words: the badness that lines may have, and how many ems each may stretch
/// besides (TeX's `\tolerance` and `\emergencystretch`). One bad line must not make its
/// whole paragraph careless, so the tolerance grows before the stretch does.
const DIVIDED: [(i32, i64); 3] = [(400, 0), (AWFUL - 1, 0), (AWFUL - 1, 3)];

/// The badness that the lines of a ragged paragraph may have which is set in a line more or
/// fewer, and by how much less it counts: its word spaces stay what they are.
const RAGGED: (i32, i64) = (400, 8);

/// Breaks a paragraph in passes, each more lenient than the last, and sets its lines.
fn set_lines(
    mut paragraph: Paragraph,
    flow: &Flow,
    style: &ParagraphStyle,
    shapes: &mut Shapes,
    divisions: &mut Divisions,
) -> Vec<Arc<Line>> {
    let found = find_breaks(&mut paragraph, flow, style, shapes, divisions);
    lay_lines(&paragraph, &found.breaks, flow, style, shapes)
}

/// The lines between some breaks.
fn lay_lines(
    paragraph: &Paragraph,
    breaks: &[usize],
    flow: &Flow,
    style: &ParagraphStyle,
    shapes: &mut Shapes,
) -> Vec<Arc<Line>> {
    let mut source = Source {
        flow,
        paragraph,
        style,
        shapes,
    };
    let mut lines = Vec::with_capacity(breaks.len());
    let mut from = 0;
    for &to in breaks {
        let stretch = Stretch {
            from,
            to,
            first: lines.len() < style.firsts,
        };
        lines.push(Arc::new(place::line(&mut source, stretch)));
        from = match paragraph.items[to] {
            Item::Glue { .. } => to,
            Item::Box { .. } | Item::Fill | Item::Penalty { .. } => to + 1,
        };
    }
    lines
}

fn find_breaks(
    paragraph: &mut Paragraph,
    flow: &Flow,
    style: &ParagraphStyle,
    shapes: &mut Shapes,
    divisions: &mut Divisions,
) -> Optimum {
    let room = room(style);
    let stretched = |stretch: Length| Room {
        stretch: room.stretch + stretch,
        ..room
    };
    if let Some(found) = optimum(&paragraph.items, &room, &Rules::plain(UNDIVIDED)) {
        return found;
    }
    if style.hyphenate {
        items::divide(paragraph, flow, shapes, divisions);
    }
    for (tolerance, ems) in DIVIDED {
        let room = stretched(style.size * ems);
        if let Some(found) = optimum(&paragraph.items, &room, &Rules::plain(tolerance)) {
            return found;
        }
    }
    let least = room.first.min(room.rest);
    loosen::loosen(paragraph, flow, shapes, least);
    let rules = Rules {
        desperate: true,
        ..Rules::plain(AWFUL)
    };
    optimum(&paragraph.items, &stretched(style.measure), &rules)
        .expect("a desperate search finds breaks")
}

/// The room that lines of a style have. Where margins are ragged, every line may stay short
/// by about an eighth of the measure.
fn room(style: &ParagraphStyle) -> Room {
    let width = style.measure - style.right_indent;
    let stretch = match style.align {
        TextAlign::Justified => Length::ZERO,
        TextAlign::Left | TextAlign::Right => (style.measure / 8).max(style.size * 2),
        TextAlign::Centre => style.measure / 3,
    };
    let indent = (style.first_indent - style.left_indent).at_least(style.size);
    Room {
        first: (width - style.first_indent).at_least(Length::PT),
        rest: (width - style.left_indent).at_least(Length::PT),
        firsts: style.firsts,
        stretch,
        shortest_last: indent.min(style.measure / 4),
    }
}

#[cfg(test)]
mod tests;
