//! Markdown's events to blocks, with an explicit stack, so that no nesting is too deep.

use std::collections::BTreeMap;
use std::ops::Range;

use pulldown_cmark::{Alignment, Event, HeadingLevel, Tag, TagEnd};

use super::marks;
use super::{Document, Ground};
use crate::diag::{Code, Report};
use crate::source::{Inputs, PassageId, is_inside};
use crate::text::{
    Align, Block, Definition, DefinitionKind, Figure, Inline, List, Name, NameKind, Passage,
    QuoteKind, Style, Table,
};

/// Containers nested deeper than this are read as if they stood at this depth.
const DEEPEST: usize = 24;

/// A container that is being read.
enum Frame {
    Quote {
        callout: Option<Callout>,
        title: Option<Passage<Name>>,
    },
    List {
        start: Option<u64>,
        tight: bool,
        items: Vec<Vec<Block<Name>>>,
    },
    Item,
    Definitions(Vec<Definition<Name>>),
    Definition,
    Note(String),
    Table(Table<Name>),
    /// Nested too deep: its blocks go to the container around it.
    Flat,
}

/// What a quotation's first line makes of it: `[!box] Title`.
#[derive(Clone, Copy)]
struct Callout {
    kind: CalloutKind,
    /// Where the text after the marker begins.
    marker_end: usize,
    /// Where the first line ends.
    line_end: usize,
}

#[derive(Clone, Copy, PartialEq)]
enum CalloutKind {
    Box,
    Quote(QuoteKind),
    Timeline,
}

/// A passage that is being read: the inlines at each depth of emphasis and links.
struct OpenPassage {
    id: PassageId,
    span: Range<usize>,
    levels: Vec<Level>,
    /// Opened by the text itself, in a tight list.
    implicit: bool,
    figures: Vec<Figure<Name>>,
}

/// Inlines inside one emphasis or link.
struct Level {
    wrap: Wrap,
    inlines: Vec<Inline<Name>>,
}

enum Wrap {
    None,
    Style(Style),
    Link(Option<Name>),
    Image {
        path: String,
        caption: String,
        span: Range<usize>,
    },
}

/// Collects blocks from events.
pub(super) struct Builder<'a> {
    inputs: &'a Inputs,
    text: &'a str,
    ground: Ground,
    report: &'a mut Report,
    frames: Vec<Frame>,
    /// The blocks of the document and of each frame.
    blocks: Vec<Vec<Block<Name>>>,
    passage: Option<OpenPassage>,
    passages: u32,
    title: Option<Passage<Name>>,
    notes: BTreeMap<String, Vec<Block<Name>>>,
    heading_is_title: bool,
}

impl<'a> Builder<'a> {
    pub(super) fn new(
        inputs: &'a Inputs,
        text: &'a str,
        ground: Ground,
        report: &'a mut Report,
    ) -> Builder<'a> {
        Builder {
            inputs,
            text,
            ground,
            report,
            frames: Vec::new(),
            blocks: vec![Vec::new()],
            passage: None,
            passages: 0,
            title: None,
            notes: BTreeMap::new(),
            heading_is_title: false,
        }
    }

    pub(super) fn finish(mut self) -> Document {
        self.close_implicit();
        let blocks = self.blocks.swap_remove(0);
        Document {
            title: self.title,
            blocks,
            notes: self.notes,
            passages: self.passages,
        }
    }

    pub(super) fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.words(&text, range),
            Event::Code(code) => {
                let text = vec![self.inline_text(&code, range.clone())];
                self.push_inline(Inline::Styled(Style::Code, text), range);
            }
            Event::SoftBreak => self.soft_break(range),
            Event::HardBreak => self.push_inline(Inline::LineBreak, range),
            Event::Rule => {
                self.close_implicit();
                self.push_block(Block::Break);
            }
            Event::FootnoteReference(label) => {
                let name = Name {
                    kind: NameKind::Footnote,
                    id: label.to_string(),
                    span: self.ground.span(range.clone()),
                };
                self.push_inline(Inline::Reference(name, Vec::new()), range);
            }
            Event::Html(html) | Event::InlineHtml(html) => self.html(&html, range),
            Event::InlineMath(text) | Event::DisplayMath(text) => self.words(&text, range),
            Event::TaskListMarker(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>, range: Range<usize>) {
        match tag {
            Tag::Emphasis => return self.open_level(Wrap::Style(Style::Emphasis), range),
            Tag::Strong => return self.open_level(Wrap::Style(Style::Strong), range),
            Tag::Strikethrough | Tag::Superscript | Tag::Subscript => {
                return self.open_level(Wrap::None, range);
            }
            Tag::Link { dest_url, .. } => {
                let name = marks::name(&dest_url, self.ground.span(range.clone()), self.report);
                return self.open_level(Wrap::Link(name), range);
            }
            Tag::Image {
                dest_url, title, ..
            } => {
                let wrap = Wrap::Image {
                    path: dest_url.to_string(),
                    caption: title.to_string(),
                    span: range.clone(),
                };
                return self.open_level(wrap, range);
            }
            _ => self.close_implicit(),
        }
        match tag {
            Tag::Paragraph | Tag::TableCell | Tag::DefinitionListTitle | Tag::CodeBlock(_) => {
                self.open_passage(range, false)
            }
            Tag::Heading { level, .. } => {
                let first =
                    self.title.is_none() && self.frames.is_empty() && self.blocks[0].is_empty();
                self.heading_is_title = first && level == HeadingLevel::H1;
                self.open_passage(range, false);
            }
            Tag::BlockQuote(_) => {
                let callout = callout(self.text, &range);
                self.open(Frame::Quote {
                    callout,
                    title: None,
                });
            }
            Tag::List(start) => self.open(Frame::List {
                start,
                tight: false,
                items: Vec::new(),
            }),
            Tag::Item => self.open(Frame::Item),
            Tag::DefinitionList => self.open(Frame::Definitions(Vec::new())),
            Tag::DefinitionListDefinition => self.open(Frame::Definition),
            Tag::FootnoteDefinition(label) => {
                let label = self.note_label(&label, range);
                self.open(Frame::Note(label));
            }
            Tag::Table(columns) => {
                let columns = columns.iter().map(align).collect();
                self.open(Frame::Table(Table {
                    caption: None,
                    columns,
                    head: Vec::new(),
                    rows: Vec::new(),
                }));
            }
            Tag::TableRow => {
                if let Some(Frame::Table(table)) = self.frames.last_mut() {
                    table.rows.push(Vec::new());
                }
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough
            | TagEnd::Superscript
            | TagEnd::Subscript
            | TagEnd::Link
            | TagEnd::Image => self.close_level(),
            TagEnd::Paragraph => self.end_paragraph(),
            TagEnd::Heading(level) => {
                let Some((text, _)) = self.close_passage() else {
                    return;
                };
                if std::mem::take(&mut self.heading_is_title) {
                    self.title = Some(text);
                } else {
                    self.push_block(Block::Heading {
                        level: (level as u8).max(2) - 1,
                        text,
                    });
                }
            }
            TagEnd::CodeBlock => self.end_code(),
            TagEnd::TableCell => self.end_cell(),
            TagEnd::DefinitionListTitle => {
                let Some((term, _)) = self.close_passage() else {
                    return;
                };
                if let Some(Frame::Definitions(items)) = self.frames.last_mut() {
                    items.push(Definition {
                        term,
                        body: Vec::new(),
                    });
                }
            }
            TagEnd::BlockQuote(_)
            | TagEnd::List(_)
            | TagEnd::Item
            | TagEnd::DefinitionList
            | TagEnd::DefinitionListDefinition
            | TagEnd::FootnoteDefinition
            | TagEnd::Table => {
                self.close_implicit();
                self.close();
            }
            TagEnd::TableHead | TagEnd::TableRow | TagEnd::HtmlBlock | TagEnd::MetadataBlock(_) => {
            }
        }
    }

    fn open(&mut self, frame: Frame) {
        let too_deep = self.frames.len() >= DEEPEST;
        self.frames.push(if too_deep { Frame::Flat } else { frame });
        self.blocks.push(Vec::new());
    }

    fn close(&mut self) {
        let (Some(frame), Some(blocks)) = (self.frames.pop(), self.blocks.pop()) else {
            return;
        };
        match frame {
            Frame::Quote { callout, title } => self.close_quote(callout, title, blocks),
            Frame::List {
                start,
                tight,
                items,
            } => self.push_block(Block::List(List {
                start,
                tight,
                items,
            })),
            Frame::Item => match self.frames.last_mut() {
                Some(Frame::List { items, .. }) => items.push(blocks),
                _ => self.splice(blocks),
            },
            Frame::Definitions(items) => {
                self.push_block(Block::Definitions {
                    kind: DefinitionKind::Plain,
                    items,
                });
            }
            Frame::Definition => match self.frames.last_mut() {
                Some(Frame::Definitions(items)) if !items.is_empty() => {
                    items
                        .last_mut()
                        .expect("it is not empty")
                        .body
                        .extend(blocks);
                }
                _ => self.splice(blocks),
            },
            Frame::Note(label) => {
                self.notes.insert(label, blocks);
            }
            Frame::Table(mut table) => {
                let columns = table.columns.len();
                table.head.truncate(columns);
                self.push_block(Block::Table(table));
            }
            Frame::Flat => self.splice(blocks),
        }
    }

    fn close_quote(
        &mut self,
        callout: Option<Callout>,
        title: Option<Passage<Name>>,
        blocks: Vec<Block<Name>>,
    ) {
        match callout.map(|callout| callout.kind) {
            Some(CalloutKind::Box) => self.push_block(Block::Box { title, blocks }),
            Some(CalloutKind::Timeline) => {
                self.splice(
                    title
                        .map(|text| Block::Heading { level: 3, text })
                        .into_iter()
                        .collect(),
                );
                self.splice(blocks.into_iter().map(as_timeline).collect());
            }
            kind => {
                let kind = match kind {
                    Some(CalloutKind::Quote(kind)) => kind,
                    _ => QuoteKind::Quotation,
                };
                let title = title.map(|text| Block::Heading { level: 3, text });
                let blocks = title.into_iter().chain(blocks).collect();
                self.push_block(Block::Quote { kind, blocks });
            }
        }
    }

    fn push_block(&mut self, block: Block<Name>) {
        self.blocks
            .last_mut()
            .expect("the document's own blocks are never closed")
            .push(block);
    }

    fn splice(&mut self, blocks: Vec<Block<Name>>) {
        self.blocks
            .last_mut()
            .expect("the document's own blocks are never closed")
            .extend(blocks);
    }

    fn open_passage(&mut self, span: Range<usize>, implicit: bool) {
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
    fn close_passage(&mut self) -> Option<(Passage<Name>, Vec<Figure<Name>>)> {
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

    fn end_paragraph(&mut self) {
        let Some((passage, figures)) = self.close_passage() else {
            return;
        };
        let is_title =
            self.callout_line().is_some() && self.blocks.last().is_some_and(Vec::is_empty);
        if is_title && let Some(Frame::Quote { callout, title }) = self.frames.last_mut() {
            let on_first_line = callout.is_some_and(|callout| {
                passage_starts_before(&passage, self.ground, callout.line_end)
            });
            if on_first_line && title.is_none() && !passage.inlines.is_empty() {
                *title = Some(passage);
                return;
            }
        }
        if !passage.inlines.is_empty() {
            self.push_block(Block::Paragraph(passage));
        }
        self.splice(figures.into_iter().map(Block::Figure).collect());
    }

    fn close_implicit(&mut self) {
        if self.passage.as_ref().is_some_and(|open| open.implicit) {
            let Some((passage, figures)) = self.close_passage() else {
                return;
            };
            if !passage.inlines.is_empty() {
                self.push_block(Block::Paragraph(passage));
            }
            self.splice(figures.into_iter().map(Block::Figure).collect());
        }
    }

    fn end_code(&mut self) {
        let Some((mut passage, _)) = self.close_passage() else {
            return;
        };
        let text = passage.plain();
        let mut lines = Vec::new();
        for line in text.trim_end_matches('\n').split('\n') {
            if !lines.is_empty() {
                lines.push(Inline::LineBreak);
            }
            lines.push(Inline::Text {
                text: line.to_string(),
                span: passage.span,
            });
        }
        passage.inlines = lines;
        self.push_block(Block::Code(passage));
    }

    fn end_cell(&mut self) {
        let Some((cell, _)) = self.close_passage() else {
            return;
        };
        if let Some(Frame::Table(table)) = self.frames.last_mut() {
            match table.rows.last_mut() {
                Some(row) => row.push(cell),
                None => table.head.push(cell),
            }
        }
    }

    /// The callout whose first line is being read.
    fn callout_line(&self) -> Option<Callout> {
        match self.frames.last() {
            Some(Frame::Quote {
                callout,
                title: None,
            }) => *callout,
            _ => None,
        }
    }

    fn soft_break(&mut self, range: Range<usize>) {
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
            _ => self.push_text(" ", range),
        }
    }

    fn words(&mut self, text: &str, range: Range<usize>) {
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

    fn inline_text(&self, text: &str, range: Range<usize>) -> Inline<Name> {
        Inline::Text {
            text: text.to_string(),
            span: Some(self.ground.span(range)),
        }
    }

    fn push_inline(&mut self, inline: Inline<Name>, range: Range<usize>) {
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

    fn open_level(&mut self, wrap: Wrap, range: Range<usize>) {
        self.ensure_passage(&range);
        if let Some(open) = &mut self.passage {
            let too_deep = open.levels.len() >= DEEPEST;
            open.levels.push(Level {
                wrap: if too_deep { Wrap::None } else { wrap },
                inlines: Vec::new(),
            });
        }
    }

    fn close_level(&mut self) {
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
            let inlines = vec![Inline::Text {
                text: caption.to_string(),
                span: Some(span),
            }];
            Passage {
                id,
                inlines,
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

    fn html(&mut self, html: &str, range: Range<usize>) {
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
    fn note_label(&mut self, label: &str, range: Range<usize>) -> String {
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

fn align(alignment: &Alignment) -> Align {
    match alignment {
        Alignment::None | Alignment::Left => Align::Left,
        Alignment::Center => Align::Centre,
        Alignment::Right => Align::Right,
    }
}

/// What the first line of a quotation makes of it.
fn callout(text: &str, range: &Range<usize>) -> Option<Callout> {
    let quote = text.get(range.clone())?;
    let lead = quote.len() - quote.trim_start_matches(['>', ' ', '\t']).len();
    let inside = quote[lead..].strip_prefix("[!")?;
    let (kind, _) = inside.split_once(']')?;
    let marker_end = range.start + lead + "[!".len() + kind.len() + "]".len();
    let line_end = text[marker_end..]
        .find('\n')
        .map_or(text.len(), |at| marker_end + at);
    let kind = match kind {
        "box" => CalloutKind::Box,
        "verse" => CalloutKind::Quote(QuoteKind::Verse),
        "epigraph" => CalloutKind::Quote(QuoteKind::Epigraph),
        "timeline" => CalloutKind::Timeline,
        _ => return None,
    };
    Some(Callout {
        kind,
        marker_end,
        line_end,
    })
}

fn as_timeline(block: Block<Name>) -> Block<Name> {
    match block {
        Block::Definitions { items, .. } => Block::Definitions {
            kind: DefinitionKind::Chronology,
            items,
        },
        other => other,
    }
}

fn passage_starts_before(passage: &Passage<Name>, ground: Ground, line_end: usize) -> bool {
    let end = ground.span(line_end..line_end).start;
    passage
        .span
        .is_some_and(|span| span.start <= end && line_end > 0)
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
