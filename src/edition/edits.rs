//! Changes to a passage's running text by places in its plain text: notes called after a
//! word, words given a style, words replaced.

use crate::edition::{NoteId, Target};
use crate::source::{Position, Span};
use crate::text::{Inline, Lang, Style};

/// What is to become of a passage. Each list is in the order of the text and what is in it
/// does not overlap.
#[derive(Clone, Debug, Default)]
pub(super) struct Edits {
    pub(super) apart: Vec<Apart>,
    /// Notes to be called after the word that ends at a byte.
    pub(super) calls: Vec<(usize, NoteId)>,
}

/// Words that differ from those around them.
#[derive(Clone, Debug)]
pub(super) struct Apart {
    pub(super) start: usize,
    pub(super) end: usize,
    /// The language that they are of, where it is another.
    pub(super) lang: Option<Lang>,
    /// Whether they are set apart by emphasis.
    pub(super) emphasis: bool,
    /// Where they lead, unless they stand in a link.
    pub(super) link: Option<Position>,
}

/// Makes the changes.
pub(super) fn apply(inlines: Vec<Inline<Target>>, edits: &Edits) -> Vec<Inline<Target>> {
    let mut editor = Editor {
        edits,
        at: 0,
        apart: 0,
        calls: 0,
    };
    let mut edited = editor.inlines(inlines, usize::MAX, Around::default());
    // A call at the very end of a passage stands after everything.
    editor.call_up_to(usize::MAX, &mut edited);
    edited
}

/// What surrounds a piece of text.
#[derive(Clone, Copy, Default)]
struct Around {
    emphasis: bool,
    foreign: bool,
    link: bool,
}

struct Editor<'e> {
    edits: &'e Edits,
    /// Bytes of plain text so far.
    at: usize,
    /// The next of each list.
    apart: usize,
    calls: usize,
}

impl<'e> Editor<'e> {
    /// Edits the inlines of one level; calls at `end` and beyond are left to the level
    /// above, so that they do not stand inside a style or link that ends with the word.
    fn inlines(
        &mut self,
        inlines: Vec<Inline<Target>>,
        end: usize,
        around: Around,
    ) -> Vec<Inline<Target>> {
        let mut edited = Vec::with_capacity(inlines.len() + 2);
        for inline in inlines {
            match inline {
                Inline::Text { text, span } => self.text(&text, span, end, around, &mut edited),
                Inline::LineBreak => {
                    self.at += 1;
                    edited.push(Inline::LineBreak);
                }
                Inline::Styled(style, inner) => {
                    let inside = Around {
                        emphasis: around.emphasis || style == Style::Emphasis,
                        foreign: around.foreign || matches!(style, Style::Foreign(_)),
                        ..around
                    };
                    let inner_end = self.at + length(&inner);
                    let inner = self.inlines(inner, inner_end, inside);
                    edited.push(Inline::Styled(style, inner));
                }
                Inline::Reference(target, words) => {
                    // A link cannot stand in a link, so a note is called after its words.
                    let words_end = self.at + length(&words);
                    let calls_inside = match target {
                        Target::Anchor => words_end,
                        Target::Web(_) | Target::Place(_) | Target::Note(_) | Target::Pages(_) => 0,
                    };
                    let inside = Around {
                        link: around.link || target != Target::Anchor,
                        ..around
                    };
                    let words = self.inlines(words, calls_inside, inside);
                    edited.push(Inline::Reference(target, words));
                }
            }
            if self.at < end {
                self.call_up_to(self.at, &mut edited);
            }
        }
        edited
    }

    fn call_up_to(&mut self, at: usize, edited: &mut Vec<Inline<Target>>) {
        while let Some((place, note)) = self.edits.calls.get(self.calls) {
            if *place > at {
                break;
            }
            edited.push(Inline::Reference(Target::Note(*note), Vec::new()));
            self.calls += 1;
        }
    }

    /// Cuts a text where something begins, ends or is called.
    fn text(
        &mut self,
        text: &str,
        span: Option<Span>,
        end: usize,
        around: Around,
        edited: &mut Vec<Inline<Target>>,
    ) {
        let start = self.at;
        let text_end = start + text.len();
        while self.at < text_end {
            let (cut, apart) = self.next_cut(text_end, end);
            let (from, to) = (self.at - start, cut - start);
            let piece = Inline::Text {
                text: text[from..to].to_string(),
                span: part(span, text.len(), from, to),
            };
            edited.push(match apart {
                Some(apart) => styled(piece, apart, around),
                None => piece,
            });
            self.at = cut;
            if cut < end && cut < text_end {
                self.call_up_to(cut, edited);
            }
        }
    }

    /// How far the next piece of a text goes, and how it is set apart.
    fn next_cut(&mut self, text_end: usize, end: usize) -> (usize, Option<&'e Apart>) {
        let apart: &'e [Apart] = &self.edits.apart;
        while apart.get(self.apart).is_some_and(|one| one.end <= self.at) {
            self.apart += 1;
        }
        let mut cut = text_end;
        let mut inside = None;
        if let Some(one) = apart.get(self.apart) {
            if one.start <= self.at {
                inside = Some(one);
                cut = cut.min(one.end);
            } else {
                cut = cut.min(one.start);
            }
        }
        if let Some((call, _)) = self.edits.calls.get(self.calls)
            && *call > self.at
            && *call < end
        {
            cut = cut.min(*call);
        }
        (cut, inside)
    }
}

fn styled(mut piece: Inline<Target>, apart: &Apart, around: Around) -> Inline<Target> {
    if let Some(lang) = apart.lang.as_ref().filter(|_| !around.foreign) {
        piece = Inline::Styled(Style::Foreign(lang.clone()), vec![piece]);
    }
    if apart.emphasis && !around.emphasis {
        piece = Inline::Styled(Style::Emphasis, vec![piece]);
    }
    match apart.link.filter(|_| !around.link) {
        Some(to) => Inline::Reference(Target::Place(to), vec![piece]),
        None => piece,
    }
}

/// The bytes of plain text that some inlines have.
fn length(inlines: &[Inline<Target>]) -> usize {
    inlines
        .iter()
        .map(|inline| match inline {
            Inline::Text { text, .. } => text.len(),
            Inline::LineBreak => 1,
            Inline::Styled(_, inner) | Inline::Reference(_, inner) => length(inner),
        })
        .sum()
}

/// The span of a part of a text: exact where the text agrees with its span byte for byte,
/// else the whole one, unless that would look exact.
pub(super) fn part(span: Option<Span>, length: usize, from: usize, to: usize) -> Option<Span> {
    let span = span?;
    let bytes = (span.end - span.start) as usize;
    if bytes == length {
        Some(span.part(from, to))
    } else {
        (bytes != to - from).then_some(span)
    }
}

/// Replaces stretches of plain text, given in order as (start, end, words); the words are
/// put where the stretch begins.
pub(super) fn replace<R>(
    inlines: Vec<Inline<R>>,
    stretches: &[(usize, usize, &str)],
) -> Vec<Inline<R>> {
    let mut at = 0;
    replace_from(inlines, stretches, &mut at)
}

fn replace_from<R>(
    inlines: Vec<Inline<R>>,
    stretches: &[(usize, usize, &str)],
    at: &mut usize,
) -> Vec<Inline<R>> {
    let mut replaced = Vec::with_capacity(inlines.len());
    for inline in inlines {
        match inline {
            Inline::Text { text, span } => {
                replace_text(&text, span, stretches, *at, &mut replaced);
                *at += text.len();
            }
            Inline::LineBreak => {
                let first = stretches.partition_point(|stretch| stretch.1 <= *at);
                let gone = stretches.get(first).is_some_and(|stretch| stretch.0 < *at);
                if !gone {
                    replaced.push(Inline::LineBreak);
                }
                *at += 1;
            }
            Inline::Styled(style, inner) => {
                let inner = replace_from(inner, stretches, at);
                replaced.push(Inline::Styled(style, inner));
            }
            Inline::Reference(target, words) => {
                let words = replace_from(words, stretches, at);
                replaced.push(Inline::Reference(target, words));
            }
        }
    }
    replaced
}

/// One text of a passage, which begins at byte `start` of it.
fn replace_text<R>(
    text: &str,
    span: Option<Span>,
    stretches: &[(usize, usize, &str)],
    start: usize,
    replaced: &mut Vec<Inline<R>>,
) {
    let end = start + text.len();
    let push = |from: usize, to: usize| {
        let (from, to) = (from - start, to - start);
        (from < to).then(|| Inline::Text {
            text: text[from..to].to_string(),
            span: part(span, text.len(), from, to),
        })
    };
    let first = stretches.partition_point(|stretch| stretch.1 <= start);
    let mut at = start;
    for &(from, to, words) in &stretches[first..] {
        if from >= end {
            break;
        }
        replaced.extend(push(at, from.max(at)));
        at = to.min(end);
        if from >= start && !words.is_empty() {
            let whole = part(span, text.len(), from - start, at - start);
            replaced.push(Inline::Text {
                text: words.to_string(),
                span: whole.filter(|span| (span.end - span.start) as usize != words.len()),
            });
        }
    }
    replaced.extend(push(at, end));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::PassageId;
    use crate::text::plain_of;

    fn text(words: &str) -> Inline<Target> {
        Inline::Text {
            text: words.into(),
            span: None,
        }
    }

    /// The inlines as a line: `_` emphasis, `<>` foreign, `[]` links, `^` calls.
    fn shown(inlines: &[Inline<Target>]) -> String {
        inlines
            .iter()
            .map(|inline| match inline {
                Inline::Text { text, .. } => text.clone(),
                Inline::LineBreak => "/".into(),
                Inline::Styled(Style::Emphasis, inner) => format!("_{}_", shown(inner)),
                Inline::Styled(Style::Foreign(_), inner) => format!("<{}>", shown(inner)),
                Inline::Styled(_, inner) => shown(inner),
                Inline::Reference(Target::Note(id), _) => format!("^{}", id.0),
                Inline::Reference(_, inner) => format!("[{}]", shown(inner)),
            })
            .collect()
    }

    fn foreign(start: usize, end: usize) -> Apart {
        Apart {
            start,
            end,
            lang: Some(Lang("es".into())),
            emphasis: true,
            link: None,
        }
    }

    #[test]
    fn calls_stand_right_after_the_word_and_outside_its_style() {
        let edits = Edits {
            apart: vec![foreign(4, 9), foreign(13, 18)],
            calls: vec![(9, NoteId(0)), (18, NoteId(1))],
        };
        let plain = vec![text("The preso or presa.")];
        assert_eq!(
            shown(&apply(plain, &edits)),
            "The _<preso>_^0 or _<presa>_^1."
        );
        let emphasised = vec![
            text("The "),
            Inline::Styled(Style::Emphasis, vec![text("preso or presa")]),
            text("."),
        ];
        assert_eq!(
            shown(&apply(emphasised, &edits)),
            "The _<preso>^0 or <presa>_^1."
        );
        let link = Inline::Reference(Target::Web("x".into()), vec![text("preso or presa")]);
        let linked = vec![text("The "), link, text(".")];
        assert_eq!(
            shown(&apply(linked, &edits)),
            "The [_<preso>_ or _<presa>_]^0^1."
        );
    }

    #[test]
    fn links_stand_around_styles_and_not_in_links() {
        let to = Position {
            passage: PassageId(7),
            offset: 0,
        };
        let edits = Edits {
            apart: vec![Apart {
                link: Some(to),
                ..foreign(4, 9)
            }],
            calls: Vec::new(),
        };
        let plain = vec![text("The preso or presa.")];
        assert_eq!(shown(&apply(plain, &edits)), "The [_<preso>_] or presa.");
        let link = |target| vec![Inline::Reference(target, vec![text("The preso or")])];
        let linked = link(Target::Web("x".into()));
        assert_eq!(shown(&apply(linked, &edits)), "[The _<preso>_ or]");
        let marked = link(Target::Anchor);
        assert_eq!(shown(&apply(marked, &edits)), "[The [_<preso>_] or]");
    }

    #[test]
    fn words_over_several_pieces_are_styled_in_each() {
        let edits = Edits {
            apart: vec![foreign(0, 9)],
            calls: vec![(9, NoteId(0))],
        };
        let pieces = vec![
            Inline::Styled(Style::Emphasis, vec![text("mano")]),
            text(" dura"),
        ];
        assert_eq!(shown(&apply(pieces, &edits)), "_<mano>__< dura>_^0");
    }

    #[test]
    fn replaces_over_several_pieces() {
        let pieces = || {
            vec![
                text("one two "),
                Inline::Styled(Style::Emphasis, vec![text("three")]),
                Inline::LineBreak,
                text("four"),
            ]
        };
        let changed = |stretches: &[(usize, usize, &str)]| shown(&replace(pieces(), stretches));
        assert_eq!(changed(&[(4, 7, "2")]), "one 2 _three_/four");
        assert_eq!(changed(&[(0, 3, ""), (4, 13, "X")]), " X__/four");
        assert_eq!(changed(&[(8, 18, "Y")]), "one two _Y_");
        assert_eq!(changed(&[]), "one two _three_/four");
        let mut plain = String::new();
        plain_of(&replace(pieces(), &[(8, 13, "3")]), &mut plain);
        assert_eq!(plain, "one two 3\nfour");
    }
}
