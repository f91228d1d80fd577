//! The flow of a paragraph to its items: words shaped, spaces measured, and every place at
//! which a line may end, but for the division of words.

use crate::fonts::FaceId;
use crate::source::Span;
use crate::text::spacing;
use crate::typeset::acronym;
use crate::typeset::flow::{Flow, Run, RunKind, offset};
use crate::typeset::hyphenate::is_mark;
use crate::typeset::items::{Content, Paragraph, Part, hyphen, measure, penalty};
use crate::typeset::linebreak::{FORCED, Item};
use crate::typeset::opportunity::{self, HAIR, Opportunity, Space, THIN, is_address};
use crate::typeset::shape::{Scale, Shapes, VariantId, WordId};
use crate::units::Length;

/// What `build` is told of the style.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Whether spaces give way.
    pub justified: bool,
    /// Whether a last line may be short: not where all lines should be about as long.
    pub fills: bool,
    /// How much wider word spaces are than the face's own, in thousandths.
    pub wider_spaces: i16,
}

/// Called for each character that no face has.
pub type Missing<'m> = &'m mut dyn FnMut(char, Option<Span>);

/// The items of a paragraph, its words undivided.
pub fn build(flow: &Flow, shapes: &mut Shapes, options: Options, missing: Missing) -> Paragraph {
    let mut builder = Builder {
        flow,
        shapes,
        options,
        missing,
        paragraph: Paragraph {
            items: Vec::with_capacity(flow.text.len() / 3 + 2),
            contents: Vec::with_capacity(flow.text.len() / 3 + 2),
            extra: Vec::new(),
        },
        run: 0,
        found: Vec::new(),
    };
    let mut at = 0;
    let mut line_start = true;
    while let Some(c) = flow.text[at..].chars().next() {
        builder.follow(at);
        if c == '\n' {
            builder.end_line(at);
            at += 1;
            line_start = true;
            continue;
        }
        at = match opportunity::space(c) {
            Some(Space::Word) => builder.word_spaces(at, line_start),
            Some(Space::NoBreak) => builder.tied_space(at, c),
            Some(Space::Fixed { width, breaks }) => {
                builder.fixed(at, width, breaks);
                at + c.len_utf8()
            }
            None => builder.token(at),
        };
        line_start = false;
    }
    builder.end_line(at);
    builder.paragraph
}

struct Builder<'b, 'f> {
    flow: &'b Flow,
    shapes: &'b mut Shapes<'f>,
    options: Options,
    missing: Missing<'b>,
    paragraph: Paragraph,
    /// The run that the text being read is in.
    run: usize,
    found: Vec<Opportunity>,
}

impl Builder<'_, '_> {
    /// Goes on to the run that a byte of the text is in.
    fn follow(&mut self, at: usize) {
        let runs = &self.flow.runs;
        while runs
            .get(self.run + 1)
            .is_some_and(|next| next.start as usize <= at)
        {
            self.run += 1;
        }
    }

    fn push(&mut self, item: Item, content: Content) {
        self.paragraph.items.push(item);
        self.paragraph.contents.push(content);
    }

    fn end_line(&mut self, at: usize) {
        if self.options.fills {
            self.push(Item::Fill, Content::Nothing);
        }
        let at = offset(at);
        self.push(penalty(FORCED, false), Content::End { at });
    }

    /// One or more word spaces: one space, unless they indent a line.
    fn word_spaces(&mut self, at: usize, line_start: bool) -> usize {
        let text = &self.flow.text;
        let length = text[at..]
            .find(|c| opportunity::space(c) != Some(Space::Word))
            .unwrap_or(text.len() - at);
        let end = at + length;
        if line_start {
            if length > 1 {
                (at..end).for_each(|at| self.glue(at, Give::None, false));
            }
            return end;
        }
        let calls = self.flow.runs.get(self.run + 1).is_some_and(|next| {
            matches!(next.kind, RunKind::Call(_)) && next.start as usize == end
        });
        match self.spacing(at, end) {
            spacing::Space::Word => self.glue(at, Give::Space, !calls),
            spacing::Space::Tied => self.glue(at, Give::Space, false),
            spacing::Space::Thin => self.fixed(at, THIN, false),
            spacing::Space::Hair => self.fixed(at, HAIR, false),
        }
        end
    }

    /// A no-break space that the author has set: a word space, or a thinner one where the
    /// language wants it.
    fn tied_space(&mut self, at: usize, c: char) -> usize {
        let end = at + c.len_utf8();
        match self.spacing(at, end) {
            spacing::Space::Word | spacing::Space::Tied => self.glue(at, Give::Space, false),
            spacing::Space::Thin => self.fixed(at, THIN, false),
            spacing::Space::Hair => self.fixed(at, HAIR, false),
        }
        end
    }

    /// What the language wants where the author has set a space.
    fn spacing(&self, from: usize, to: usize) -> spacing::Space {
        let text = &self.flow.text;
        let manner = self.flow.runs[self.run].manner;
        spacing::at_space(&text[..from], &text[to..], manner)
    }

    /// A space of its own width, in thousandths of an em.
    fn fixed(&mut self, at: usize, width: i64, breaks: bool) {
        let item = Item::Glue {
            width: self.flow.runs[self.run].size.scaled(width, 1000),
            stretch: Length::ZERO,
            shrink: Length::ZERO,
            breaks,
        };
        let (run, at) = (offset(self.run), offset(at));
        self.push(item, Content::Space { run, at });
    }

    /// A word space; it stretches by a half and shrinks by a third, as in TeX's text fonts.
    fn glue(&mut self, at: usize, give: Give, breaks: bool) {
        let run = &self.flow.runs[self.run];
        let space = self.shapes.space(run.variant);
        let own = run.scale.of(self.shapes.word(space).width);
        let wider = own.scaled(i64::from(self.options.wider_spaces), 1000);
        let width = own + wider + run.letterspace;
        let (stretch, shrink) = match give {
            Give::Space if self.options.justified => (width / 2, width / 3),
            Give::Space | Give::None => (Length::ZERO, Length::ZERO),
        };
        let item = Item::Glue {
            width,
            stretch,
            shrink,
            breaks,
        };
        let (run, at) = (offset(self.run), offset(at));
        self.push(item, Content::Space { run, at });
    }

    /// A stretch without spaces: the parts that are shaped as one, and where it may be
    /// broken.
    fn token(&mut self, start: usize) -> usize {
        let text = &self.flow.text;
        let end = opportunity::token_end(text, start);
        let token = &text[start..end];
        let mut found = std::mem::take(&mut self.found);
        opportunity::inside(token, start, &self.flow.marks, &mut found);
        let kind = Token {
            start,
            end,
            address: is_address(token),
            divided: found.iter().any(|chance| chance.hyphen),
        };
        let mut at = start;
        while at < end {
            self.follow(at);
            let next = self.flow.runs.get(self.run + 1);
            let run_end = next.map_or(end, |next| (next.start as usize).min(end));
            self.in_run(at, run_end, kind, &mut found);
            at = run_end;
        }
        self.found = found;
        end
    }

    /// A part of a token that lies in one run.
    fn in_run(&mut self, from: usize, to: usize, token: Token, found: &mut Vec<Opportunity>) {
        let text = &self.flow.text;
        let run = &self.flow.runs[self.run];
        match run.kind {
            RunKind::Words | RunKind::Code => {}
            // Nothing breaks inside them, nor before a call.
            RunKind::Number => {
                found.retain(|chance| (chance.at as usize) <= from || chance.at as usize >= to);
            }
            RunKind::Call(_) => {
                found.retain(|chance| (chance.at as usize) < from || chance.at as usize >= to);
                let last = self.paragraph.items.last();
                if matches!(last, Some(Item::Penalty { cost, .. }) if *cost > FORCED) {
                    self.paragraph.items.pop();
                    self.paragraph.contents.pop();
                }
            }
        }
        let letters = |c: Option<char>| c.is_some_and(char::is_alphabetic);
        // A word that goes on in another style is not divided.
        let goes_on = letters(text[..from].chars().next_back())
            && letters(text[from..].chars().next())
            || letters(text[..to].chars().next_back()) && letters(text[to..].chars().next());
        let divisible = run.kind == RunKind::Words && !token.address && !token.divided && !goes_on;
        let plain = Setting {
            variant: run.variant,
            letterspace: run.letterspace,
            divisible,
            acronyms: run.acronyms.filter(|_| !token.address),
        };
        if token.address || !spacing::may_need(&text[token.start..token.end], run.manner) {
            return self.words(from, to, plain, found);
        }
        let mut done = from;
        for (at, _) in text[from..to].char_indices() {
            let at = from + at;
            if let Some(space) = self.between(token.start, at) {
                self.words(done, at, plain, found);
                self.kern(space);
                done = at;
            }
        }
        self.words(done, to, plain, found);
    }

    /// What the language wants before a character of a stretch without spaces.
    fn between(&self, start: usize, at: usize) -> Option<spacing::Space> {
        let text = &self.flow.text;
        let last = text[start..at].chars().next_back()?;
        spacing::between(last, &text[at..], self.flow.runs[self.run].manner)
    }

    /// A space that nobody has written.
    fn kern(&mut self, space: spacing::Space) {
        let run = &self.flow.runs[self.run];
        let width = match space {
            spacing::Space::Word | spacing::Space::Tied => {
                let space = self.shapes.space(run.variant);
                run.scale.of(self.shapes.word(space).width)
            }
            spacing::Space::Thin => run.size.scaled(THIN, 1000),
            spacing::Space::Hair => run.size.scaled(HAIR, 1000),
        };
        let item = Item::Box {
            width,
            left: Length::ZERO,
            right: Length::ZERO,
            give: Length::ZERO,
        };
        self.push(item, Content::Kern);
    }

    /// A stretch of one run, its acronyms set apart.
    fn words(&mut self, from: usize, to: usize, plain: Setting, found: &[Opportunity]) {
        let text = &self.flow.text[from..to];
        let Some(variant) = plain.acronyms.filter(|_| acronym::may_hold(text)) else {
            return self.word(from, to, plain, found);
        };
        let run = &self.flow.runs[self.run];
        let apart = Setting {
            variant,
            letterspace: run.letterspace.max(run.size.scaled(acronym::SPACE, 1000)),
            divisible: false,
            acronyms: None,
        };
        let mut at = from;
        for (start, end) in acronym::find(text) {
            self.word(at, from + start, plain, found);
            self.word(from + start, from + end, apart, found);
            at = from + end;
        }
        self.word(at, to, plain, found);
    }

    /// A stretch that is shaped as one, or, where it is very long, in parts, so that no
    /// work is done for each letter as often as there are letters.
    fn word(&mut self, mut from: usize, to: usize, setting: Setting, found: &[Opportunity]) {
        while to - from > LONGEST_SHAPED {
            let text = &self.flow.text;
            let most = text.floor_char_boundary(from + LONGEST_SHAPED);
            let last = found.partition_point(|chance| chance.at as usize <= most);
            let chance = last.checked_sub(1).map(|last| found[last].at as usize);
            let end = chance.filter(|&at| at > from).unwrap_or(most);
            self.shaped(from, end, setting, found);
            from = end;
        }
        if from < to {
            self.shaped(from, to, setting, found);
        }
    }

    /// A stretch that is shaped as one, whatever face has its characters.
    fn shaped(&mut self, from: usize, to: usize, setting: Setting, found: &[Opportunity]) {
        let word = self
            .shapes
            .shape(setting.variant, &self.flow.text[from..to]);
        if self.shapes.word(word).incomplete {
            self.mend(from, to, setting, word, found);
        } else {
            let run = offset(self.run);
            self.boxes(from, to, run, word, setting, found);
        }
    }

    /// A word as boxes: one, or one for each part between opportunities.
    fn boxes(
        &mut self,
        from: usize,
        to: usize,
        run: u32,
        word: WordId,
        setting: Setting,
        found: &[Opportunity],
    ) {
        let whole = Part {
            word,
            variant: setting.variant,
            run,
            start: offset(from),
            end: offset(to),
            from: offset(from),
            to: offset(to),
            letterspace: setting.letterspace,
            divisible: setting.divisible,
        };
        let first = found.partition_point(|chance| chance.at <= whole.start);
        let mut part = whole;
        for chance in &found[first..] {
            if chance.at > whole.end {
                break;
            }
            part.to = chance.at;
            self.part(part);
            self.opportunity(chance, setting.variant, run);
            part.from = part.to;
        }
        part.to = whole.end;
        if part.from < part.to {
            self.part(part);
        }
    }

    fn opportunity(&mut self, chance: &Opportunity, variant: VariantId, run: u32) {
        if chance.hyphen {
            let run = self.paragraph.run(self.flow, run);
            let item = hyphen(self.shapes, run, variant, chance.cost);
            self.push(item, Content::Hyphen);
        } else {
            self.push(penalty(chance.cost, chance.flagged), Content::Nothing);
        }
    }

    fn part(&mut self, part: Part) {
        let run = self.paragraph.run(self.flow, part.run);
        let item = measure(self.flow, self.shapes, run, &part);
        self.push(item, Content::Part(part));
    }

    /// A word for which the face lacks glyphs: those of its clusters that lack one are set
    /// in another face, or else as question marks.
    fn mend(
        &mut self,
        from: usize,
        to: usize,
        setting: Setting,
        word: WordId,
        found: &[Opportunity],
    ) {
        let glyphs = &self.shapes.word(word).glyphs;
        let mut clusters: Vec<(usize, bool)> = Vec::new();
        for glyph in glyphs.iter() {
            let at = from + glyph.cluster as usize;
            match clusters.last_mut() {
                Some(last) if last.0 == at => last.1 |= glyph.id == 0,
                _ => clusters.push((at, glyph.id == 0)),
            }
        }
        if clusters.is_empty() {
            clusters.push((from, true));
        }
        let whole_setting = Setting {
            divisible: false,
            ..setting
        };
        let mut at = 0;
        while at < clusters.len() {
            let (start, lacking) = clusters[at];
            // Lacking clusters are set one by one, others together.
            let next = if lacking {
                at + 1
            } else {
                let run = clusters[at..].iter().take_while(|cluster| !cluster.1);
                at + run.count()
            };
            let end = clusters.get(next).map_or(to, |cluster| cluster.0);
            if lacking {
                self.elsewhere(start, end, whole_setting, found);
            } else {
                let word = self
                    .shapes
                    .shape(setting.variant, &self.flow.text[start..end]);
                let run = offset(self.run);
                self.boxes(start, end, run, word, whole_setting, found);
            }
            at = next;
        }
    }

    /// A cluster that the run's face does not have.
    fn elsewhere(&mut self, from: usize, to: usize, setting: Setting, found: &[Opportunity]) {
        let text = &self.flow.text[from..to];
        let features = self.shapes.features(setting.variant);
        for face in others(self.shapes, self.shapes.face(setting.variant)) {
            let variant = self.shapes.variant(face, features);
            let word = self.shapes.shape(variant, text);
            if !self.shapes.word(word).incomplete {
                let run = self.run_in(face);
                let setting = Setting { variant, ..setting };
                self.boxes(from, to, run, word, setting, found);
                return;
            }
        }
        let run = &self.flow.runs[self.run];
        let span = self.flow.span(run, offset(from), offset(to));
        let bare = self.without_marks(text, setting.variant);
        // What only chooses or joins the forms of others is not worth a word.
        let says_how = |c: char| matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}');
        let lost = |&c: &char| !says_how(c) && (bare.is_none() || is_mark(c));
        for c in text.chars().filter(lost) {
            (self.missing)(c, span);
        }
        let word = bare.unwrap_or_else(|| self.shapes.shape(setting.variant, "?"));
        let run = offset(self.run);
        self.boxes(from, to, run, word, setting, &[]);
    }

    /// A letter without the marks over and under it for which the face has no glyphs.
    fn without_marks(&mut self, text: &str, variant: VariantId) -> Option<WordId> {
        let letter: String = text.chars().filter(|&c| !is_mark(c)).collect();
        if letter.is_empty() || letter.len() == text.len() {
            return None;
        }
        let word = self.shapes.shape(variant, &letter);
        (!self.shapes.word(word).incomplete).then_some(word)
    }

    /// The present run, in another face.
    fn run_in(&mut self, face: FaceId) -> u32 {
        let present = &self.flow.runs[self.run];
        // A word of one script mostly needs the same face for each of its letters.
        let extra = &self.paragraph.extra;
        let again = extra
            .last()
            .is_some_and(|last| last.face == face && last.start == present.start);
        if !again {
            let per_em = self.shapes.fonts().get(face).units_per_em;
            self.paragraph.extra.push(Run {
                face,
                scale: Scale::new(present.size, per_em),
                ..present.clone()
            });
        }
        offset(self.flow.runs.len() + self.paragraph.extra.len() - 1)
    }
}

/// Stretches of more bytes are shaped in parts.
const LONGEST_SHAPED: usize = 256;

/// Whether a space gives way in justified lines.
#[derive(Clone, Copy)]
enum Give {
    Space,
    None,
}

/// What is known of a stretch without spaces.
#[derive(Clone, Copy)]
struct Token {
    start: usize,
    end: usize,
    /// It is a web or mail address.
    address: bool,
    /// The author has said where it may be divided.
    divided: bool,
}

/// How a part of a run is set.
#[derive(Clone, Copy)]
struct Setting {
    variant: VariantId,
    letterspace: Length,
    divisible: bool,
    /// For acronyms, where they are set apart.
    acronyms: Option<VariantId>,
}

/// The other faces, the most like it first.
fn others(shapes: &Shapes, face: FaceId) -> Vec<FaceId> {
    let fonts = shapes.fonts();
    let wanted = fonts.get(face);
    let mut others: Vec<_> = fonts
        .faces
        .iter()
        .filter(|other| other.id != face)
        .collect();
    others.sort_by_key(|other| {
        let unlike = [
            other.bold != wanted.bold,
            other.italic != wanted.italic,
            other.family != wanted.family,
        ];
        unlike.into_iter().filter(|unlike| *unlike).count()
    });
    others.into_iter().map(|other| other.id).collect()
}
