//! The items of a line to placed glyphs.

use crate::pages::Glyph;
use crate::typeset::flow::{Flow, RunKind, offset};
use crate::typeset::items::{Content, GIVE, Paragraph, Part};
use crate::typeset::line::{Line, ParagraphStyle, Piece, TextAlign};
use crate::typeset::linebreak::Item;
use crate::typeset::opportunity::space;
use crate::typeset::shape::{Scale, Shapes};
use crate::units::{Length, Point};

/// What lines are made from.
pub struct Source<'s, 'f> {
    pub flow: &'s Flow,
    pub paragraph: &'s Paragraph,
    pub style: &'s ParagraphStyle,
    pub shapes: &'s mut Shapes<'f>,
}

/// The items of one line: from the first to the break that ends it.
#[derive(Clone, Copy, Debug)]
pub struct Stretch {
    pub from: usize,
    pub to: usize,
    pub first: bool,
}

/// Sets one line.
pub fn line(source: &mut Source, stretch: Stretch) -> Line {
    let from = first_kept(&source.paragraph.items, stretch);
    let mut setting = Setting::new(source.flow.text.len());
    let mut at = from;
    while at < stretch.to {
        match source.paragraph.contents[at] {
            Content::Part(part) => at = setting.word(source, part, at, stretch.to),
            Content::Space { run, at: place } => {
                setting.space(source, run, place, &source.paragraph.items[at]);
                at += 1;
            }
            Content::Hyphen | Content::Nothing => {
                setting.fills |= matches!(source.paragraph.items[at], Item::Fill);
                at += 1;
            }
        }
    }
    let hyphenated = match source.paragraph.items[stretch.to] {
        Item::Penalty { flagged, .. } => flagged,
        Item::Box { .. } | Item::Glue { .. } | Item::Fill => false,
    };
    let hangs = hangs(&source.paragraph.items, from, stretch.to);
    let start = setting.start;
    let mut line = setting.finish(source.style, stretch.first, hangs);
    line.hyphenated = hyphenated;
    line.start = source.flow.plain(start.unwrap_or_default());
    line
}

/// The first item that a line does not drop at its start.
fn first_kept(items: &[Item], stretch: Stretch) -> usize {
    let dropped = |item: &&Item| match item {
        Item::Glue { breaks, .. } => *breaks,
        Item::Penalty { .. } => true,
        Item::Box { .. } | Item::Fill => false,
    };
    let line = &items[stretch.from..stretch.to];
    stretch.from + line.iter().take_while(dropped).count()
}

/// How far a line's ends stand out of the measure.
fn hangs(items: &[Item], from: usize, to: usize) -> (Length, Length) {
    let left = match items.get(from) {
        Some(Item::Box { left, .. }) if from < to => *left,
        _ => Length::ZERO,
    };
    let line = items[from..to].iter();
    let last = line.rev().find(|item| !matches!(item, Item::Fill));
    let right = match (&items[to], last) {
        (Item::Penalty { width, right, .. }, _) if width.0 > 0 => *right,
        (_, Some(Item::Box { right, .. })) => *right,
        _ => Length::ZERO,
    };
    (left, right)
}

/// A space that gives way.
struct Gap {
    piece: usize,
    glyph: usize,
    stretch: i64,
    shrink: i64,
}

struct Setting {
    line: Line,
    gaps: Vec<Gap>,
    width: Length,
    /// The run of the last piece.
    run: Option<u32>,
    /// The first byte of the flow's text that is set.
    start: Option<u32>,
    fills: bool,
    /// About how long the line's text can be.
    room: usize,
}

impl Setting {
    fn new(length: usize) -> Setting {
        Setting {
            line: Line::default(),
            gaps: Vec::with_capacity(16),
            width: Length::ZERO,
            run: None,
            start: None,
            fills: false,
            room: length.min(96),
        }
    }

    /// The piece that text of a run goes into.
    fn piece(&mut self, source: &Source, run: u32, from: u32, to: u32) -> &mut Piece {
        self.start.get_or_insert(from);
        let place = source.paragraph.run(source.flow, run);
        let span = source.flow.span(place, from, to);
        if self.run != Some(run) {
            self.run = Some(run);
            if let RunKind::Call(note) = place.kind {
                self.line.calls.push(note);
            }
            self.line.pieces.push(Piece {
                face: place.face,
                size: place.size,
                x: Length::ZERO,
                rise: place.rise,
                glyphs: Vec::with_capacity(self.room),
                text: String::with_capacity(self.room),
                width: Length::ZERO,
                grey: source.style.grey,
                link: place.link.clone(),
                lang: place.lang.clone(),
                span,
            });
        }
        let piece = self
            .line
            .pieces
            .last_mut()
            .expect("a piece was pushed with its run");
        if let (Some(all), Some(span)) = (&mut piece.span, span) {
            all.end = all.end.max(span.end);
        }
        piece
    }

    /// Sets a word, or as much of it as stands on this line; gives the item after it.
    fn word(&mut self, source: &mut Source, first: Part, at: usize, end: usize) -> usize {
        let mut part = first;
        let mut next = at + 1;
        while let Some((further, after)) = follows(source.paragraph, &part, next, end) {
            part.to = further.to;
            next = after;
        }
        let divided = next == end && matches!(source.paragraph.contents[end], Content::Hyphen);
        let text = &source.flow.text[part.from as usize..part.to as usize];
        let whole = part.from == part.start && part.to == part.end;
        let word = match (whole, divided) {
            (true, false) => part.word,
            (_, false) => source.shapes.shape(part.variant, text),
            (_, true) => source.shapes.shape(part.variant, &format!("{text}-")),
        };
        let scale = source.paragraph.run(source.flow, part.run).scale;
        let piece = self.piece(source, part.run, part.from, part.to);
        let base = piece.text.len();
        piece.text.push_str(text);
        if divided {
            piece.text.push('-');
        }
        let before = piece.width;
        let shaped = source.shapes.word(word);
        for (at, glyph) in shaped.glyphs.iter().enumerate() {
            let next = shaped.glyphs.get(at + 1);
            let space = match next {
                Some(next) if next.cluster != glyph.cluster => part.letterspace,
                Some(_) | None => Length::ZERO,
            };
            let advance = scale.of(glyph.advance) + space;
            piece.width += advance;
            piece.glyphs.push(Glyph {
                id: glyph.id,
                advance,
                offset: shift(scale, glyph.x, glyph.y),
                cluster: offset(base) + glyph.cluster,
                added_hyphen: divided && glyph.cluster as usize == text.len(),
            });
        }
        let added = piece.width - before;
        self.width += added;
        next
    }

    fn space(&mut self, source: &mut Source, run: u32, at: u32, item: &Item) {
        let Item::Glue {
            width,
            stretch,
            shrink,
            ..
        } = *item
        else {
            return;
        };
        let character = source.flow.text[at as usize..].chars().next();
        let character = character.unwrap_or(' ');
        let variant = source.paragraph.run(source.flow, run).variant;
        let word = source.shapes.space(variant);
        let id = source
            .shapes
            .word(word)
            .glyphs
            .first()
            .map_or(0, |glyph| glyph.id);
        let end = at + offset(character.len_utf8());
        let piece = self.piece(source, run, at, end);
        piece.glyphs.push(Glyph {
            id,
            advance: width,
            offset: Point::default(),
            cluster: offset(piece.text.len()),
            added_hyphen: false,
        });
        piece.text.push(character);
        piece.width += width;
        let glyph = piece.glyphs.len() - 1;
        self.gaps.push(Gap {
            piece: self.line.pieces.len() - 1,
            glyph,
            stretch: stretch.0,
            shrink: shrink.0,
        });
        self.width += width;
    }

    /// Gives the spaces their width and the pieces their places.
    fn finish(mut self, style: &ParagraphStyle, first: bool, hangs: (Length, Length)) -> Line {
        let indent = if first {
            style.first_indent
        } else {
            style.left_indent
        };
        let room = style.measure - indent - style.right_indent;
        let (left, right) = match style.align {
            TextAlign::Justified => hangs,
            TextAlign::Left => (hangs.0, Length::ZERO),
            TextAlign::Right => (Length::ZERO, hangs.1),
            TextAlign::Centre => (Length::ZERO, Length::ZERO),
        };
        let wanted = room + left + right;
        if style.align == TextAlign::Justified && !(self.fills && self.width < wanted) {
            self.track(wanted - self.width);
        }
        let excess = self.width - wanted;
        let shrink: i64 = self.gaps.iter().map(|gap| gap.shrink).sum();
        // Kerning at a hyphen can make a line a little longer than was reckoned.
        self.line.overfull = excess.0 > shrink + shrink / 10 + SLIGHT.0;
        if style.align == TextAlign::Justified {
            self.justify(-excess, style.size);
        }
        let mut x = match style.align {
            TextAlign::Justified | TextAlign::Left => indent - left,
            TextAlign::Right => style.measure - style.right_indent - self.width + right,
            TextAlign::Centre => indent + (room - self.width) / 2,
        };
        for piece in &mut self.line.pieces {
            piece.x = x;
            x += piece.width;
        }
        self.line.width = x;
        self.line
    }

    /// Sets letters closer or further apart by what a line lacks or has too much, as far as
    /// nobody sees. All gaps between letters on a line change alike.
    fn track(&mut self, lack: Length) {
        let places = |piece: &Piece| {
            let all = 0..piece.glyphs.len();
            all.filter(|&at| ends_letter(piece, at)).count()
        };
        let count = self.line.pieces.iter().map(places).sum::<usize>();
        let mut left = count.saturating_sub(1);
        let gaps = i64::try_from(left).unwrap_or(i64::MAX);
        let Some(each) = lack.0.checked_div(gaps) else {
            return;
        };
        for piece in &mut self.line.pieces {
            let most = piece.size.scaled(GIVE, 1000).0;
            let each = Length(each.clamp(-most, most));
            for at in 0..piece.glyphs.len() {
                if left > 0 && ends_letter(piece, at) {
                    piece.glyphs[at].advance += each;
                    piece.width += each;
                    self.width += each;
                    left -= 1;
                }
            }
        }
    }

    /// Spreads what a line lacks, or has too much, over its spaces.
    fn justify(&mut self, lack: Length, size: Length) {
        let of = |gap: &Gap| if lack.0 > 0 { gap.stretch } else { gap.shrink };
        let total: i64 = self.gaps.iter().map(of).sum();
        let widest =
            size.scaled(WIDEST_GAP.0, WIDEST_GAP.1) * i64::try_from(self.gaps.len()).unwrap_or(0);
        if total == 0 || lack.0 > 0 && (self.fills || lack > widest) {
            return;
        }
        let (mut seen, mut given) = (0, 0);
        for gap in &self.gaps {
            seen += of(gap);
            let share = lack.0 * seen / total - given;
            given += share;
            let piece = &mut self.line.pieces[gap.piece];
            piece.glyphs[gap.glyph].advance += Length(share);
            piece.width += Length(share);
        }
        self.width += Length(given);
    }
}

/// An excess that nobody sees.
const SLIGHT: Length = Length::milli_pt(300);
/// Spaces are not stretched by more than this part of an em: a short line looks better than
/// one that falls apart.
const WIDEST_GAP: (i64, i64) = (3, 2);

/// The part that goes on with a word, after breaks that were not taken, and what is after
/// it.
fn follows(paragraph: &Paragraph, part: &Part, from: usize, end: usize) -> Option<(Part, usize)> {
    for at in from..end {
        match paragraph.contents[at] {
            Content::Part(next) => {
                let same = next.word == part.word && next.start == part.start;
                return (same && next.from == part.to).then_some((next, at + 1));
            }
            Content::Space { .. } => return None,
            Content::Hyphen | Content::Nothing => {}
        }
    }
    None
}

/// Whether a glyph is the last of a letter: no space, and no mark goes with it.
fn ends_letter(piece: &Piece, at: usize) -> bool {
    let cluster = piece.glyphs[at].cluster;
    let goes_on = piece
        .glyphs
        .get(at + 1)
        .is_some_and(|next| next.cluster == cluster);
    let character = piece.text[cluster as usize..].chars().next();
    !goes_on && !character.is_some_and(|c| space(c).is_some())
}

fn shift(scale: Scale, x: i32, y: i32) -> Point {
    if x == 0 && y == 0 {
        return Point::default();
    }
    Point {
        x: scale.of(x),
        y: scale.of(y),
    }
}
