//! Running text: characters, emphasis, links and pictures inside a passage.

use std::ops::Range;

use super::blocks::{Builder, Frame};
use super::callouts::CalloutKind;
use crate::diag::Code;
use crate::source::{PassageId, is_inside};
use crate::text::{Figure, Inline, Name, Passage, QuoteKind, Style};

/// Emphasis and links nested deeper than this are read as if they stood at this depth.
const DEEPEST: usize = 24;

/// A passage that is being read: the inlines at each depth of emphasis and links.
pub(super) struct OpenPassage {
    pub(super) id: PassageId,
    pub(super) span: Range<usize>,
    pub(super) levels: Vec<Level>,
    /// Opened by the text itself, in a tight list.
    pub(super) implicit: bool,
    pub(super) figures: Vec<Figure<Name>>,
}

/// Inlines inside one emphasis or link.
pub(super) struct Level {
    wrap: Wrap,
    inlines: Vec<Inline<Name>>,
}

pub(super) enum Wrap {
    None,
    Style(Style),
    Link(Option<Name>),
    Image {
        path: String,
        caption: String,
        span: Range<usize>,
    },
}

impl Builder<'_> {
    pub(super) fn open_passage(&mut self, span: Range<usize>, implicit: bool) {
        let id = PassageId(self.passages);
        self.passages += 1;
        let levels = vec![Level {
            wrap: Wrap::None,
            inlines: Vec::new(),
        }];
        self.passage = Some(OpenPassage {
            id,
            span,
            levels,
            implicit,
            figures: Vec::new(),
        });
    }

    /// The passage that is open, finished, and the pictures that stood in it.
    pub(super) fn close_passage(&mut self) -> Option<(Passage<Name>, Vec<Figure<Name>>)> {
        while self
            .passage
            .as_ref()
            .is_some_and(|open| open.levels.len() > 1)
        {
            self.close_level();
        }
        let mut open = self.passage.take()?;
        let inlines = open
            .levels
            .pop()
            .map(|level| level.inlines)
            .unwrap_or_default();
        self.check_calls(&inlines);
        let passage = Passage {
            id: open.id,
            inlines: trimmed(inlines),
            span: Some(self.ground.span(open.span)),
        };
        Some((passage, open.figures))
    }

    pub(super) fn soft_break(&mut self, range: Range<usize>) {
        let first = self.blocks.last().is_some_and(Vec::is_empty);
        match self.callout_line() {
            Some(callout) if first && range.start <= callout.line_end => {
                self.end_paragraph();
                self.open_passage(range.end..range.end, false);
                if let Some(Frame::Quote {
                    callout: Some(callout),
                    ..
                }) = self.frames.last_mut()
                {
                    callout.line_end = 0;
                }
            }
            // Lines of verse are lines.
            Some(callout) if callout.kind == CalloutKind::Quote(QuoteKind::Verse) => {
                self.push_inline(Inline::LineBreak, range);
            }
            _ => self.push_text(" ", range),
        }
    }

    pub(super) fn words(&mut self, text: &str, range: Range<usize>) {
        let text = match self.callout_line() {
            Some(callout) if range.end <= callout.marker_end => return,
            _ => text,
        };
        self.push_text(text, range);
    }

    /// Adds characters, joined to those before them where nothing stands between.
    fn push_text(&mut self, text: &str, range: Range<usize>) {
        let added = self.inline_text(text, range.clone());
        self.ensure_passage(&range);
        let Some(level) = self
            .passage
            .as_mut()
            .and_then(|open| open.levels.last_mut())
        else {
            return;
        };
        if let (
            Some(Inline::Text {
                text: before,
                span: Some(span),
            }),
            Inline::Text {
                span: Some(added_span),
                ..
            },
        ) = (level.inlines.last_mut(), &added)
        {
            before.push_str(text);
            span.end = added_span.end.max(span.end);
        } else {
            level.inlines.push(added);
        }
    }

    pub(super) fn inline_text(&self, text: &str, range: Range<usize>) -> Inline<Name> {
        Inline::Text {
            text: text.to_string(),
            span: Some(self.ground.span(range)),
        }
    }

    pub(super) fn push_inline(&mut self, inline: Inline<Name>, range: Range<usize>) {
        self.ensure_passage(&range);
        if let Some(level) = self
            .passage
            .as_mut()
            .and_then(|open| open.levels.last_mut())
        {
            level.inlines.push(inline);
        }
    }

    /// Running text straight inside a list item opens a passage of its own.
    fn ensure_passage(&mut self, range: &Range<usize>) {
        if self.passage.is_none() {
            self.open_passage(range.clone(), true);
            let list = self
                .frames
                .len()
                .checked_sub(2)
                .and_then(|at| self.frames.get_mut(at));
            if let Some(Frame::List { tight, .. }) = list {
                *tight = true;
            }
        }
        if let Some(open) = &mut self.passage {
            open.span.end = open.span.end.max(range.end);
        }
    }

    pub(super) fn open_level(&mut self, wrap: Wrap, range: Range<usize>) {
        self.ensure_passage(&range);
        if let Some(open) = &mut self.passage {
            let too_deep = open.levels.len() >= DEEPEST;
            open.levels.push(Level {
                wrap: if too_deep { Wrap::None } else { wrap },
                inlines: Vec::new(),
            });
        }
    }

    pub(super) fn close_level(&mut self) {
        let Some(open) = &mut self.passage else {
            return;
        };
        if open.levels.len() < 2 {
            return;
        }
        let Some(level) = open.levels.pop() else {
            return;
        };
        let wrapped = match level.wrap {
            Wrap::None | Wrap::Link(None) => level.inlines,
            Wrap::Style(style) => vec![Inline::Styled(style, level.inlines)],
            Wrap::Link(Some(name)) => vec![Inline::Reference(name, level.inlines)],
            Wrap::Image {
                path,
                caption,
                span,
            } => return self.picture(path, &caption, &level.inlines, span),
        };
        if let Some(outer) = open.levels.last_mut() {
            outer.inlines.extend(wrapped);
        }
    }

    fn picture(&mut self, path: String, caption: &str, alt: &[Inline<Name>], range: Range<usize>) {
        let span = self.ground.span(range);
        let mut words = String::new();
        crate::text::plain_of(alt, &mut words);
        if words.trim().is_empty() {
            self.report
                .error(
                    Code::MissingAlt,
                    span,
                    "this picture has no alternative text",
                )
                .help("say in the brackets what it shows: ![what it shows](images/…)");
        }
        if !is_inside(&path) {
            self.report
                .error(Code::PathLeavesPack, span, format!("`{path}` is not inside the pack"))
                .help("copy the picture into the pack's images folder and write its path from the pack's top");
            return;
        }
        if self.inputs.find(&path).is_none() {
            let missing = self.report.error(
                Code::MissingFile,
                span,
                format!("there is no file `{path}` in the pack"),
            );
            missing.help("write the path from the pack's top folder: images/…");
            return;
        }
        let caption = (!caption.trim().is_empty()).then(|| {
            let id = PassageId(self.passages);
            self.passages += 1;
            Passage {
                id,
                inlines: super::inline(self.inputs, caption, span, self.report),
                span: Some(span),
            }
        });
        if let Some(open) = &mut self.passage {
            open.figures.push(Figure {
                path,
                alt: words,
                caption,
                span: Some(span),
            });
        }
    }

    pub(super) fn html(&mut self, html: &str, range: Range<usize>) {
        if html.trim().is_empty() || html.trim_start().starts_with("<!--") {
            return;
        }
        let closing = html.trim_start().starts_with("</");
        if !closing {
            let tag = html.trim().lines().next().unwrap_or_default().to_string();
            self.report
                .error(Code::RawHtml, self.ground.span(range), format!("`{tag}` is HTML, which a chapter cannot hold"))
                .help("write it in Markdown, or put a backslash before the < if the sign itself is meant");
        }
    }

    /// A note's label; a second definition of it is reported.
    pub(super) fn note_label(&mut self, label: &str, range: Range<usize>) -> String {
        let defined = self.notes.contains_key(label);
        if defined {
            self.report
                .error(
                    Code::DuplicateId,
                    self.ground.span(range),
                    format!("the note `{label}` is defined twice"),
                )
                .help("give one of the notes another label");
        }
        label.to_string()
    }

    /// A call whose note is nowhere defined is left as text by the Markdown reader.
    fn check_calls(&mut self, inlines: &[Inline<Name>]) {
        for inline in inlines {
            let Inline::Text {
                text,
                span: Some(span),
            } = inline
            else {
                continue;
            };
            let Some(start) = text.find("[^") else {
                continue;
            };
            let Some(length) = text[start..].find(']') else {
                continue;
            };
            let call = &text[start..=start + length];
            let exact = text.len() == (span.end - span.start) as usize;
            let place = if exact {
                span.part(start, start + length + 1)
            } else {
                *span
            };
            self.report
                .error(
                    Code::LooseFootnote,
                    place,
                    format!("there is no note for `{call}`"),
                )
                .help(format!(
                    "write the note in a paragraph of its own: {call}: …"
                ));
        }
    }
}

/// Without the spaces at either end that a callout's marker leaves.
fn trimmed(mut inlines: Vec<Inline<Name>>) -> Vec<Inline<Name>> {
    if let Some(Inline::Text { text, span }) = inlines.first_mut() {
        let lead = text.len() - text.trim_start().len();
        text.drain(..lead);
        if let Some(span) = span {
            span.start = (span.start + u32::try_from(lead).unwrap_or(0)).min(span.end);
        }
    }
    if let Some(Inline::Text { text, .. }) = inlines.last_mut() {
        text.truncate(text.trim_end().len());
    }
    inlines.retain(|inline| !matches!(inline, Inline::Text { text, .. } if text.is_empty()));
    inlines
}
