//! The inline tree to one string of characters and the runs that they are set in.

use crate::edition::{NoteId, Target};
use crate::fonts::{FaceId, Family};
use crate::source::Span;
use crate::text::spacing::Manner;
use crate::text::{Inline, Lang, Passage, Style};
use crate::typeset::hyphenate::{self, Language};
use crate::typeset::line::{Figures, ParagraphStyle, PieceLink, TextAlign};
use crate::typeset::paragraph::Lookup;
use crate::typeset::shape::{Capitals, Features, Scale, Shapes, VariantId};
use crate::units::Length;

/// The characters of a paragraph as they will be set, and how each is set.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Flow {
    pub text: String,
    /// Ascending by their start; none is empty.
    pub runs: Vec<Run>,
    /// Places in the text that say something about breaking, ascending.
    pub marks: Vec<(u32, Mark)>,
    /// How offsets in the text go with offsets in the passage's plain text, ascending.
    anchors: Vec<Anchor>,
    /// Whether page numbers stand in it, or would if they were known.
    pub quotes_pages: bool,
}

/// From here on, offsets in the text go with offsets in the plain text one by one; or, for
/// generated text, all with one.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Anchor {
    text: u32,
    plain: u32,
    generated: bool,
}

/// A character that is not set but says where lines may end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// A soft hyphen.
    Divide,
    /// A space of no width.
    Break,
    /// A joiner.
    Join,
}

/// A stretch of text that is set in one way.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    pub start: u32,
    pub face: FaceId,
    pub variant: VariantId,
    /// For acronyms, where they are set apart.
    pub acronyms: Option<VariantId>,
    pub size: Length,
    pub scale: Scale,
    pub rise: Length,
    /// Added after each letter of a word but the last.
    pub letterspace: Length,
    /// How much closer or further apart than that letters may be set.
    pub give: Length,
    /// How much wider or narrower than they are drawn, in thousandths.
    pub expands: i64,
    pub hyphens: Option<Language>,
    pub manner: Manner,
    pub link: Option<PieceLink>,
    pub lang: Option<Lang>,
    pub span: Option<Span>,
    /// Where it begins in the plain text; `span` begins there too.
    pub plain: u32,
    /// Whether the span goes with the text byte for byte.
    pub exact: bool,
    pub kind: RunKind,
}

/// What a run is, as far as breaking it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunKind {
    Words,
    /// Typewritten matter: not divided, no acronyms.
    Code,
    /// A number that is not to be divided, with whatever else is generated.
    Number,
    /// The call of a note: it stays with what is before it.
    Call(NoteId),
}

/// How acronyms and small capitals are spaced out, in thousandths of an em.
const SMALL_CAPITALS_SPACE: i64 = 20;

/// How much closer or further apart than designed letters are set in a justified line, in
/// thousandths of an em, and how much wider or narrower, in thousandths of their width. It
/// keeps word spaces even, and words whole; half of it done by each, nobody notices.
pub const GIVE: i64 = 8;
pub const EXPANSION: i64 = 20;

/// How text is set at some depth of the tree.
#[derive(Clone, Copy)]
struct Mood<'p> {
    family: Family,
    bold: bool,
    italic: bool,
    small_capitals: bool,
    superior: bool,
    code: bool,
    lang: &'p Lang,
    target: Option<&'p Target>,
}

/// Flattens a passage.
pub fn flatten(
    passage: &Passage<Target>,
    style: &ParagraphStyle,
    shapes: &mut Shapes,
    lookup: &dyn Lookup,
) -> Flow {
    let mut writer = Writer {
        flow: Flow::default(),
        style,
        shapes,
        plain: 0,
    };
    let mood = Mood {
        family: style.family,
        bold: style.bold,
        italic: style.italic,
        small_capitals: style.small_caps,
        superior: false,
        code: false,
        lang: &style.lang,
        target: None,
    };
    // A stack of its own, so that no depth of nesting can overflow the thread's.
    let mut stack = vec![(passage.inlines.iter(), mood)];
    while let Some((inlines, mood)) = stack.last_mut() {
        let mood = *mood;
        let Some(inline) = inlines.next() else {
            stack.pop();
            continue;
        };
        match inline {
            Inline::Text { text, span } => writer.text(text, *span, &mood),
            Inline::LineBreak => writer.line_break(&mood),
            Inline::Styled(kind, inner) => stack.push((inner.iter(), mood.styled(kind))),
            Inline::Reference(target, inner) => {
                writer.generated(target, lookup, &mood);
                stack.push((inner.iter(), mood.leading_to(target)));
            }
        }
    }
    let mut flow = writer.flow;
    flow.text
        .truncate(flow.text.trim_end_matches(['\n', ' ']).len());
    let end = offset(flow.text.len());
    flow.runs.retain(|run| run.start < end);
    flow
}

impl<'p> Mood<'p> {
    fn styled(self, style: &'p Style) -> Mood<'p> {
        match style {
            Style::Emphasis => Mood {
                italic: !self.italic,
                ..self
            },
            Style::Strong => Mood {
                bold: !self.bold,
                ..self
            },
            Style::SmallCaps => Mood {
                small_capitals: true,
                ..self
            },
            Style::Superscript => Mood {
                superior: true,
                ..self
            },
            Style::Code => Mood {
                family: Family::Sans,
                code: true,
                ..self
            },
            Style::Foreign(lang) => Mood { lang, ..self },
        }
    }

    fn leading_to(self, target: &'p Target) -> Mood<'p> {
        match target {
            Target::Anchor => self,
            Target::Web(_) | Target::Place(_) | Target::Note(_) | Target::Pages(_) => Mood {
                target: Some(target),
                ..self
            },
        }
    }
}

/// The features, size and height of some text, and how it is spaced out in thousandths of
/// an em.
struct Look {
    features: Features,
    size: Length,
    rise: Length,
    space: i64,
}

struct Writer<'p, 's, 'f> {
    flow: Flow,
    style: &'p ParagraphStyle,
    shapes: &'s mut Shapes<'f>,
    /// How much of the plain text is written.
    plain: u32,
}

impl<'p> Writer<'p, '_, '_> {
    fn text(&mut self, text: &str, span: Option<Span>, mood: &Mood<'p>) {
        let start = self.flow.text.len();
        let mut run = self.run(mood, text);
        run.exact = span.is_some_and(|span| (span.end - span.start) as usize == text.len());
        run.span = span;
        self.anchor(false);
        if text.chars().any(is_special) {
            self.filtered(text);
        } else {
            self.flow.text.push_str(text);
            self.plain += offset(text.len());
        }
        if self.flow.text.len() > start {
            self.flow.runs.push(run);
        }
    }

    /// Text with characters that are not set: drops them, and notes what they say.
    fn filtered(&mut self, text: &str) {
        for c in text.chars() {
            let here = offset(self.flow.text.len());
            let mark = match c {
                '\u{ad}' => Some(Mark::Divide),
                '\u{200b}' => Some(Mark::Break),
                '\u{2060}' | '\u{feff}' => Some(Mark::Join),
                _ => None,
            };
            if let Some(mark) = mark {
                self.flow.marks.push((here, mark));
            } else if matches!(c, '\t' | '\n') {
                self.flow.text.push(' ');
            } else if !is_special(c) {
                self.flow.text.push(c);
            }
            self.plain += offset(c.len_utf8());
            if is_special(c) && !matches!(c, '\t' | '\n') {
                self.anchor(false);
            }
        }
    }

    fn line_break(&mut self, mood: &Mood<'p>) {
        let run = self.run(mood, "");
        self.anchor(false);
        self.flow.runs.push(run);
        self.flow.text.push('\n');
        self.plain += 1;
    }

    /// What a reference sets besides its own words: a note's mark, page numbers.
    fn generated(&mut self, target: &'p Target, lookup: &dyn Lookup, mood: &Mood<'p>) {
        match target {
            Target::Note(note) => {
                let clear = self.style.clear_print;
                let mood = Mood {
                    superior: !clear,
                    italic: self.style.italic,
                    bold: self.style.bold,
                    ..*mood
                };
                let link = Some(PieceLink::To(target.clone()));
                let label = match clear {
                    true => format!("\u{202f}{}", in_brackets(lookup.label(*note))),
                    false => lookup.label(*note).to_string(),
                };
                self.generate(&label, RunKind::Call(*note), link, &mood);
            }
            Target::Pages(positions) => {
                self.flow.quotes_pages = true;
                for (at, (text, position)) in lookup.pages(positions).into_iter().enumerate() {
                    if at > 0 {
                        self.generate(", ", RunKind::Words, None, mood);
                    }
                    let link = Some(PieceLink::Page(position));
                    self.generate(&text, RunKind::Number, link, mood);
                }
            }
            Target::Web(_) | Target::Place(_) | Target::Anchor => {}
        }
    }

    fn generate(&mut self, text: &str, kind: RunKind, link: Option<PieceLink>, mood: &Mood<'p>) {
        if text.is_empty() {
            return;
        }
        let mut run = self.run(mood, text);
        run.kind = kind;
        run.link = link;
        self.anchor(true);
        self.flow.runs.push(run);
        self.flow.text.push_str(text);
    }

    fn anchor(&mut self, generated: bool) {
        self.flow.anchors.push(Anchor {
            text: offset(self.flow.text.len()),
            plain: self.plain,
            generated,
        });
    }

    /// How text of a mood looks in its face.
    fn look(&mut self, mood: &Mood<'p>, face: FaceId, text: &str) -> Look {
        let style = self.style;
        let mut space = i64::from(style.letterspace);
        let small_capitals = mood.small_capitals && !style.clear_print;
        if small_capitals {
            space = space.max(SMALL_CAPITALS_SPACE);
        }
        let mut look = Look {
            features: Features {
                figures: style.figures,
                capitals: match small_capitals {
                    true => Capitals::AllSmall,
                    false => Capitals::AsWritten,
                },
                superior: false,
                ligatures: space == 0 && !mood.code,
            },
            size: style.size,
            rise: Length::ZERO,
            space,
        };
        if mood.code {
            if !style.clear_print {
                look.size = style.size.scaled(92, 100);
            }
            look.features.figures = figures_in_code(style);
        }
        if mood.superior && !matches!(text, "" | "*") {
            if self.shapes.has_superiors(face, look.features, text) {
                look.features.superior = true;
            } else {
                (look.size, look.rise) = self.raised(face, look.size);
                look.features.figures = Figures::Lining;
            }
        }
        look
    }

    /// A run that begins here.
    fn run(&mut self, mood: &Mood<'p>, text: &str) -> Run {
        let style = self.style;
        let justified = style.align == TextAlign::Justified;
        let fonts = self.shapes.fonts();
        let (bold, italic) = match style.clear_print {
            true => (mood.bold || mood.italic, false),
            false => (mood.bold, mood.italic),
        };
        let face = fonts.find(mood.family, bold, italic);
        let Look {
            features,
            size,
            rise,
            space,
        } = self.look(mood, face, text);
        let plain_words = features.capitals == Capitals::AsWritten && !mood.code && !mood.superior;
        let acronyms = (style.acronyms && plain_words).then(|| {
            let features = Features {
                capitals: Capitals::Small,
                ligatures: false,
                ..features
            };
            self.shapes.variant(face, features)
        });
        Run {
            start: offset(self.flow.text.len()),
            face,
            variant: self.shapes.variant(face, features),
            acronyms,
            size,
            scale: Scale::new(size, self.shapes.fonts().get(face).units_per_em),
            rise,
            letterspace: size.scaled(space, 1000),
            give: if justified {
                size.scaled(GIVE, 1000)
            } else {
                Length::ZERO
            },
            expands: if justified { EXPANSION } else { 0 },
            hyphens: hyphenate::language(mood.lang),
            manner: match mood.code {
                true => Manner::AsWritten,
                false => Manner::of(mood.lang),
            },
            link: mood.target.map(|target| PieceLink::To(target.clone())),
            lang: (mood.lang != &style.lang).then(|| mood.lang.clone()),
            span: None,
            plain: self.plain,
            exact: false,
            kind: if mood.code {
                RunKind::Code
            } else {
                RunKind::Words
            },
        }
    }

    /// The size and rise of a superior that the face has no glyphs for: its capitals reach
    /// a little over those around it.
    fn raised(&self, face: FaceId, size: Length) -> (Length, Length) {
        let face = self.shapes.fonts().get(face);
        let capital = size.of_font_units(i32::from(face.cap_height), face.units_per_em);
        (size.scaled(65, 100), capital.scaled(42, 100))
    }
}

/// The mark of a note where it is not raised.
pub fn in_brackets(label: &str) -> String {
    match label.starts_with(['[', '(']) {
        true => label.to_string(),
        false => format!("({label})"),
    }
}

fn figures_in_code(style: &ParagraphStyle) -> Figures {
    match style.figures {
        Figures::OldStyle | Figures::Lining => Figures::Lining,
        Figures::Tabular => Figures::Tabular,
    }
}

/// Characters that are not set as they are.
fn is_special(c: char) -> bool {
    c.is_control() || matches!(c, '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}')
}

/// An offset as it is kept.
pub fn offset(at: usize) -> u32 {
    u32::try_from(at).expect("a paragraph is shorter than 4 GB")
}

impl Flow {
    /// The run that a character is set in.
    pub fn run_at(&self, at: u32) -> Option<&Run> {
        let after = self.runs.partition_point(|run| run.start <= at);
        self.runs.get(after.checked_sub(1)?)
    }

    /// Takes away the text up to an offset.
    pub fn cut(&mut self, to: u32) {
        let start = self.plain(to);
        let whole = offset(self.text.len());
        let ends: Vec<u32> = self.runs.iter().skip(1).map(|run| run.start).collect();
        let mut ends = ends.into_iter().chain([whole]);
        self.runs
            .retain(|_| ends.next().is_some_and(|end| end > to));
        if let Some(run) = self.runs.first_mut().filter(|run| run.start < to) {
            let gone = (start - run.plain) as usize;
            let kept = |span: Span| span.part(gone, (span.end - span.start) as usize);
            run.span = run
                .span
                .map(|span| if run.exact { kept(span) } else { span });
            run.plain = start;
        }
        for run in &mut self.runs {
            run.start = run.start.saturating_sub(to);
        }
        self.marks.retain(|(at, _)| *at > to);
        self.marks.iter_mut().for_each(|(at, _)| *at -= to);
        self.anchors.retain(|anchor| anchor.text > to);
        self.anchors.iter_mut().for_each(|anchor| anchor.text -= to);
        let first = Anchor {
            text: 0,
            plain: start,
            generated: false,
        };
        self.anchors.insert(0, first);
        self.text.drain(..to as usize);
    }

    /// The offset in the passage's plain text that goes with one in the text.
    pub fn plain(&self, at: u32) -> u32 {
        let after = self.anchors.partition_point(|anchor| anchor.text <= at);
        let Some(anchor) = after.checked_sub(1).map(|at| self.anchors[at]) else {
            return 0;
        };
        if anchor.generated {
            anchor.plain
        } else {
            anchor.plain + (at - anchor.text)
        }
    }

    /// Where a part of a run stands in the manuscript, as near as is known.
    pub fn span(&self, run: &Run, from: u32, to: u32) -> Option<Span> {
        let span = run.span?;
        let last = self.text[from as usize..to as usize].chars().next_back();
        let (Some(last), true) = (last, run.exact) else {
            return Some(span);
        };
        let within = |at: u32| (self.plain(at) - run.plain) as usize;
        let end = within(to - offset(last.len_utf8())) + last.len_utf8();
        Some(span.part(within(from), end))
    }
}
