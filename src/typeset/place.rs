//! The items of a line to placed glyphs.

use crate::pages::Glyph;
use crate::typeset::flow::{EXPANSION, Flow, GIVE, RunKind, offset};
use crate::typeset::items::{Content, Paragraph, Part};
use crate::typeset::line::{Line, ParagraphStyle, Piece, TextAlign};
use crate::typeset::linebreak::Item;
use crate::typeset::shape::Shapes;
use crate::units::{Length, Short};

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
    let contents = &source.paragraph.contents[from..stretch.to];
    let mut setting = Setting::new(text_end(contents), runs(contents));
    let mut at = from;
    while at < stretch.to {
        match source.paragraph.contents[at] {
            Content::Part(part) => at = setting.word(source, part, at, stretch.to),
            Content::Space { run, at: place } => {
                setting.space(source, run, place, &source.paragraph.items[at]);
                at += 1;
            }
            Content::Kern => {
                setting.kern(&source.paragraph.items[at]);
                at += 1;
            }
            Content::Hyphen | Content::End { .. } | Content::Nothing => {
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
    setting.close_piece(source);
    let start = setting
        .start
        .or(match source.paragraph.contents[stretch.to] {
            Content::End { at } | Content::Space { at, .. } => Some(at),
            Content::Part(_) | Content::Kern | Content::Hyphen | Content::Nothing => None,
        });
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

/// Where the text of some items ends.
fn text_end(contents: &[Content]) -> u32 {
    let end = |content: &Content| match content {
        Content::Part(part) => Some(part.to),
        Content::Space { at, .. } => Some(at + 1),
        Content::Kern | Content::Hyphen | Content::End { .. } | Content::Nothing => None,
    };
    contents.iter().rev().find_map(end).unwrap_or_default()
}

/// How many runs of text some items are of. A book has so many lines, nearly all of one
/// piece, that room for pieces that never come would be a fifth of its memory.
fn runs(contents: &[Content]) -> usize {
    let mut last = None;
    let mut count = 0;
    for content in contents {
        if let Content::Part(Part { run, .. }) | Content::Space { run, .. } = content {
            count += usize::from(last != Some(*run));
            last = Some(*run);
        }
    }
    count
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

/// The last piece's place in the text.
#[derive(Clone, Copy)]
struct Place {
    run: u32,
    from: u32,
    to: u32,
}

struct Setting {
    line: Line,
    gaps: Vec<Gap>,
    /// How many letters can be set apart from what follows them.
    letters: usize,
    /// Whether any of them has a mark over or under it.
    marks: bool,
    width: Length,
    place: Option<Place>,
    /// The first byte of the flow's text that is set, and where the line's text ends.
    start: Option<u32>,
    end: u32,
    fills: bool,
}

impl Setting {
    fn new(end: u32, pieces: usize) -> Setting {
        Setting {
            line: Line {
                pieces: Vec::with_capacity(pieces),
                ..Line::default()
            },
            gaps: Vec::with_capacity(16),
            letters: 0,
            marks: false,
            width: Length::ZERO,
            place: None,
            start: None,
            end,
            fills: false,
        }
    }

    /// The piece that text of a run goes into.
    fn piece(&mut self, source: &Source, run: u32, from: u32, to: u32) -> &mut Piece {
        self.start.get_or_insert(from);
        match &mut self.place {
            Some(place) if place.run == run => place.to = to,
            _ => {
                self.close_piece(source);
                self.place = Some(Place { run, from, to });
                self.open_piece(source, run, from);
            }
        }
        let last = self.line.pieces.last_mut();
        last.expect("a piece was opened with its run")
    }

    fn open_piece(&mut self, source: &Source, run: u32, from: u32) {
        let next = source.flow.runs.get(run as usize + 1);
        let end = next.map_or(self.end, |next| next.start.min(self.end));
        let length = end.saturating_sub(from) as usize + 1;
        let run = source.paragraph.run(source.flow, run);
        if let RunKind::Call(note) = run.kind {
            self.line.calls.push(note);
        }
        self.line.pieces.push(Piece {
            face: run.face,
            size: run.size,
            expansion: 0,
            x: Length::ZERO,
            rise: run.rise,
            glyphs: Vec::with_capacity(length),
            text: String::with_capacity(length),
            spoken: None,
            width: Length::ZERO,
            grey: source.style.grey,
            link: run.link.clone(),
            lang: run.lang.clone(),
            span: None,
        });
    }

    fn close_piece(&mut self, source: &Source) {
        if let (Some(piece), Some(place)) = (self.line.pieces.last_mut(), self.place) {
            let run = source.paragraph.run(source.flow, place.run);
            piece.span = source.flow.span(run, place.from, place.to);
        }
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
        let shaped = source.shapes.word(word);
        let base = offset(base);
        let hyphen = offset(text.len());
        let soft_hyphen = source.shapes.soft_hyphen(part.variant);
        piece.glyphs.extend(shaped.glyphs.iter().map(|glyph| {
            let added_hyphen = divided && glyph.cluster == hyphen;
            Glyph {
                id: soft_hyphen.filter(|_| added_hyphen).unwrap_or(glyph.id),
                advance: scale.of(glyph.advance).into(),
                x: scale.of(glyph.x).into(),
                y: scale.of(glyph.y).into(),
                cluster: base + glyph.cluster,
                added_hyphen,
            }
        }));
        let count = shaped.glyphs.len();
        let set = piece.glyphs.len() - count;
        let set = &mut piece.glyphs[set..];
        if part.letterspace.0 != 0 {
            letterspace(set, part.letterspace);
        }
        let added: Length = set.iter().map(|glyph| glyph.advance).sum();
        piece.width += added;
        self.width += added;
        self.letters += shaped.letters;
        self.marks |= shaped.letters < count;
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
            advance: width.into(),
            x: Short::default(),
            y: Short::default(),
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

    /// Sets what follows further from what was set last.
    fn kern(&mut self, item: &Item) {
        let Item::Box { width, .. } = *item else {
            return;
        };
        let piece = self.line.pieces.last_mut();
        if let Some((glyph, piece)) =
            piece.and_then(|piece| Some((piece.glyphs.last_mut()?, &mut piece.width)))
        {
            glyph.advance += width;
            *piece += width;
            self.width += width;
        }
    }

    /// Gives the spaces their width and the pieces their places.
    fn finish(mut self, style: &ParagraphStyle, first: bool, hangs: (Length, Length)) -> Line {
        let indent = if first {
            style.first_indent
        } else {
            style.left_indent
        };
        let room = style.measure - indent - style.right_indent;
        // Marks may hang over a ragged margin too, where it would fall short of them.
        let (left, right) = hangs;
        let wanted = room + left + right;
        if style.align == TextAlign::Justified && !(self.fills && self.width < wanted) {
            self.expand(wanted - self.width);
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

    /// Makes letters wider or narrower, by such a part of what they may be as the lack is of
    /// all that letters can give. All on a line change alike.
    fn expand(&mut self, lack: Length) {
        let spaces = |gap: &Gap| self.line.pieces[gap.piece].glyphs[gap.glyph].advance;
        let letters = self.width - self.gaps.iter().map(spaces).sum::<Length>();
        let size = self.line.pieces.iter().map(|piece| piece.size).max();
        let apart = size.unwrap_or_default().scaled(GIVE, 1000)
            * i64::try_from(self.letters.saturating_sub(1)).unwrap_or(0);
        let most = letters.scaled(EXPANSION, 1000) + apart;
        let part = lack.0.saturating_mul(EXPANSION).checked_div(most.0);
        let thousandths = part.unwrap_or(0).clamp(-EXPANSION, EXPANSION);
        let Ok(expansion @ (..=-1 | 1..)) = i16::try_from(thousandths) else {
            return;
        };
        let mut gaps = self.gaps.iter().peekable();
        for (number, piece) in self.line.pieces.iter_mut().enumerate() {
            piece.expansion = expansion;
            let mut added = Length::ZERO;
            for (at, glyph) in piece.glyphs.iter_mut().enumerate() {
                let space = gaps.next_if(|gap| (gap.piece, gap.glyph) == (number, at));
                if space.is_none() {
                    let more = Length::from(glyph.advance).scaled(thousandths, 1000);
                    glyph.advance += more;
                    glyph.x += Length::from(glyph.x).scaled(thousandths, 1000);
                    added += more;
                }
            }
            piece.width += added;
            self.width += added;
        }
    }

    /// Sets letters closer or further apart by what a line lacks or has too much, as far as
    /// nobody sees. All gaps between letters on a line change alike.
    fn track(&mut self, lack: Length) {
        let count = i64::try_from(self.letters.saturating_sub(1)).unwrap_or(i64::MAX);
        let Some(each) = lack.0.checked_div(count) else {
            return;
        };
        let mut gaps = self.gaps.iter().peekable();
        let last = self.line.pieces.len() - 1;
        for (number, piece) in self.line.pieces.iter_mut().enumerate() {
            let most = piece.size.scaled(GIVE, 1000).0;
            let each = Length(each.clamp(-most, most));
            let mut left_out = 0;
            for glyph in &mut piece.glyphs {
                glyph.advance += each;
            }
            let mut leave_out = |glyph: &mut Glyph| {
                glyph.advance -= each;
                left_out += 1;
            };
            while let Some(gap) = gaps.next_if(|gap| gap.piece == number) {
                leave_out(&mut piece.glyphs[gap.glyph]);
            }
            if self.marks {
                // A mark stays over its letter.
                for at in 1..piece.glyphs.len() {
                    if piece.glyphs[at].cluster == piece.glyphs[at - 1].cluster {
                        leave_out(&mut piece.glyphs[at - 1]);
                    }
                }
            }
            if number == last {
                piece.glyphs.last_mut().map(leave_out);
            }
            let changed = i64::try_from(piece.glyphs.len()).unwrap_or(0) - left_out;
            piece.width += each * changed;
            self.width += each * changed;
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
            Content::Space { .. } | Content::Kern => return None,
            Content::Hyphen | Content::End { .. } | Content::Nothing => {}
        }
    }
    None
}

/// Spaces letters out, but not the last.
fn letterspace(glyphs: &mut [Glyph], space: Length) {
    for at in 1..glyphs.len() {
        if glyphs[at].cluster != glyphs[at - 1].cluster {
            glyphs[at - 1].advance += space;
        }
    }
}
