//! Markdown's events to blocks, with an explicit stack, so that no nesting is too deep.

use std::collections::BTreeMap;
use std::ops::Range;

use pulldown_cmark::{Alignment, Event, HeadingLevel, Tag, TagEnd};

use super::callouts::{self, Callout, CalloutKind};
use super::inlines::{OpenPassage, Wrap};
use super::marks;
use super::{Document, Ground};
use crate::diag::Report;
use crate::source::Inputs;
use crate::text::{
    Align, Block, Definition, DefinitionKind, Inline, List, Name, NameKind, Passage, QuoteKind,
    Style, Table,
};

/// Containers nested deeper than this are read as if they stood at this depth.
const DEEPEST: usize = 24;

/// A container that is being read.
pub(super) enum Frame {
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

/// Collects blocks from events.
pub(super) struct Builder<'a> {
    pub(super) inputs: &'a Inputs,
    pub(super) text: &'a str,
    pub(super) ground: Ground,
    pub(super) report: &'a mut Report,
    pub(super) frames: Vec<Frame>,
    /// The blocks of the document and of each frame.
    pub(super) blocks: Vec<Vec<Block<Name>>>,
    pub(super) passage: Option<OpenPassage>,
    pub(super) passages: u32,
    pub(super) title: Option<Passage<Name>>,
    pub(super) notes: BTreeMap<String, Vec<Block<Name>>>,
    pub(super) heading_is_title: bool,
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
            Tag::Emphasis => self.open_level(Wrap::Style(Style::Emphasis), range),
            Tag::Strong => self.open_level(Wrap::Style(Style::Strong), range),
            Tag::Strikethrough | Tag::Superscript | Tag::Subscript => {
                self.open_level(Wrap::None, range);
            }
            Tag::Link { dest_url, .. } => {
                let span = self.ground.span(range.clone());
                let wrap = match marks::language(&dest_url, span, self.report) {
                    Some(language) => Wrap::Style(Style::Foreign(language)),
                    None => Wrap::Link(marks::name(&dest_url, span, self.report)),
                };
                self.open_level(wrap, range);
            }
            Tag::Image {
                dest_url, title, ..
            } => {
                let wrap = Wrap::Image {
                    path: dest_url.to_string(),
                    caption: title.to_string(),
                    span: range.clone(),
                };
                self.open_level(wrap, range);
            }
            Tag::Paragraph
            | Tag::TableCell
            | Tag::DefinitionListTitle
            | Tag::CodeBlock(_)
            | Tag::Heading { .. } => {
                self.close_implicit();
                if let Tag::Heading { level, .. } = tag {
                    let first =
                        self.title.is_none() && self.frames.is_empty() && self.blocks[0].is_empty();
                    self.heading_is_title = first && level == HeadingLevel::H1;
                }
                self.open_passage(range, false);
            }
            Tag::BlockQuote(_)
            | Tag::List(_)
            | Tag::Item
            | Tag::DefinitionList
            | Tag::DefinitionListDefinition
            | Tag::FootnoteDefinition(_)
            | Tag::Table(_)
            | Tag::TableHead
            | Tag::TableRow
            | Tag::HtmlBlock
            | Tag::MetadataBlock(_) => {
                self.close_implicit();
                self.start_container(tag, range);
            }
        }
    }

    fn start_container(&mut self, tag: Tag<'_>, range: Range<usize>) {
        let frame = match tag {
            Tag::BlockQuote(_) => Frame::Quote {
                callout: callouts::read(self.text, &range),
                title: None,
            },
            Tag::List(start) => Frame::List {
                start,
                tight: false,
                items: Vec::new(),
            },
            Tag::Item => Frame::Item,
            Tag::DefinitionList => Frame::Definitions(Vec::new()),
            Tag::DefinitionListDefinition => Frame::Definition,
            Tag::FootnoteDefinition(label) => Frame::Note(self.note_label(&label, range)),
            Tag::Table(columns) => Frame::Table(Table {
                caption: None,
                columns: columns.iter().map(align).collect(),
                head: Vec::new(),
                rows: Vec::new(),
            }),
            Tag::TableRow => {
                if let Some(Frame::Table(table)) = self.frames.last_mut() {
                    table.rows.push(Vec::new());
                }
                return;
            }
            Tag::TableHead
            | Tag::HtmlBlock
            | Tag::MetadataBlock(_)
            | Tag::Paragraph
            | Tag::Heading { .. }
            | Tag::CodeBlock(_)
            | Tag::TableCell
            | Tag::DefinitionListTitle
            | Tag::Emphasis
            | Tag::Strong
            | Tag::Strikethrough
            | Tag::Superscript
            | Tag::Subscript
            | Tag::Link { .. }
            | Tag::Image { .. } => return,
        };
        self.open(frame);
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

    pub(super) fn push_block(&mut self, block: Block<Name>) {
        self.blocks
            .last_mut()
            .expect("the document's own blocks are never closed")
            .push(block);
    }

    pub(super) fn splice(&mut self, blocks: Vec<Block<Name>>) {
        self.blocks
            .last_mut()
            .expect("the document's own blocks are never closed")
            .extend(blocks);
    }

    pub(super) fn end_paragraph(&mut self) {
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

    pub(super) fn close_implicit(&mut self) {
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
    pub(super) fn callout_line(&self) -> Option<Callout> {
        match self.frames.last() {
            Some(Frame::Quote {
                callout,
                title: None,
            }) => *callout,
            _ => None,
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

fn as_timeline(mut block: Block<Name>) -> Block<Name> {
    if let Block::Definitions { kind, .. } = &mut block {
        *kind = DefinitionKind::Chronology;
    }
    block
}

fn passage_starts_before(passage: &Passage<Name>, ground: Ground, line_end: usize) -> bool {
    let end = ground.span(line_end..line_end).start;
    passage
        .span
        .is_some_and(|span| span.start <= end && line_end > 0)
}
