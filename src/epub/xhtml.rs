//! Running text as XHTML: passages with their page breaks, links and calls of notes.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::edition::index::{Locator, page_numbers};
use crate::edition::{NoteId, Series, Target};
use crate::epub::escape;
use crate::epub::pictures::Pictures;
use crate::epub::plan::{PageBreak, Plan, page_id, passage_id};
use crate::source::{PassageId, Position};
use crate::text::spacing::{self, Manner};
use crate::text::{Inline, Passage, Style};

/// Writes the text of one file.
pub(super) struct Writer<'a, 'i> {
    pub plan: &'a Plan<'a>,
    pub pictures: &'a mut Pictures<'i>,
    /// The file's place in the plan.
    pub file: usize,
    pub out: String,
    /// The level of the last heading; the next may be one deeper at most.
    pub level: u8,
    /// Whether the next paragraph begins with an initial.
    pub initial: bool,
    /// How many figures the file has so far.
    pub figures: usize,
    /// Notes called so far, so that a way back leads to the first call.
    called: BTreeSet<NoteId>,
    in_link: bool,
    /// How the language that is being written spaces its signs.
    pub manner: Manner,
    /// Calls that stand inside a link, which cannot hold another; set after it.
    waiting: Vec<NoteId>,
}

/// How far a passage is written.
pub(super) struct Cursor<'a> {
    /// Into the passage's plain text.
    offset: usize,
    /// The page breaks still to come.
    breaks: &'a [PageBreak],
}

impl<'a, 'i> Writer<'a, 'i> {
    pub(super) fn new(
        plan: &'a Plan<'a>,
        pictures: &'a mut Pictures<'i>,
        file: usize,
    ) -> Writer<'a, 'i> {
        Writer {
            plan,
            pictures,
            file,
            out: String::new(),
            level: 1,
            initial: false,
            figures: 0,
            called: BTreeSet::new(),
            in_link: false,
            manner: plan.manner,
            waiting: Vec::new(),
        }
    }

    /// An element that holds a passage and bears its id.
    pub(super) fn element(&mut self, tag: &str, attributes: &str, passage: &Passage<Target>) {
        let breaks = self.plan.breaks(passage.id);
        self.element_with(tag, attributes, passage, breaks);
    }

    /// The same, with the page breaks at its start set before it: a heading's name must not
    /// hold a page number.
    pub(super) fn heading(&mut self, tag: &str, attributes: &str, passage: &Passage<Target>) {
        let rest = self.leading_breaks(passage.id);
        self.element_with(tag, attributes, passage, rest);
        self.out.push('\n');
    }

    /// The same with the page breaks that the caller left to it.
    pub(super) fn element_with(
        &mut self,
        tag: &str,
        attributes: &str,
        passage: &Passage<Target>,
        breaks: &[PageBreak],
    ) {
        let id = passage_id(passage.id);
        self.push(&["<", tag, " id=\"", &id, "\"", attributes, ">"]);
        self.words(&passage.inlines, breaks);
        self.push(&["</", tag, ">"]);
    }

    /// The text of a passage, without an element of its own.
    pub(super) fn passage(&mut self, passage: &Passage<Target>) {
        let breaks = self.plan.breaks(passage.id);
        self.words(&passage.inlines, breaks);
    }

    /// Words repeated inside a link of the caller's: without page breaks, links and calls.
    pub(super) fn phrase(&mut self, inlines: &[Inline<Target>]) {
        let breaks = &[];
        self.phrase_at(inlines, &mut Cursor { offset: 0, breaks });
    }

    /// The same, as a part of a passage.
    pub(super) fn phrase_at(&mut self, inlines: &[Inline<Target>], cursor: &mut Cursor<'_>) {
        self.in_link = true;
        self.inlines(inlines, cursor);
        self.in_link = false;
        self.waiting.clear();
    }

    /// The start of a passage that the caller writes piece by piece.
    pub(super) fn begin(&self, passage: PassageId) -> Cursor<'a> {
        Cursor {
            offset: 0,
            breaks: self.plan.breaks(passage),
        }
    }

    /// Its end: page breaks that stand in none of its pieces.
    pub(super) fn end(&mut self, cursor: &Cursor<'_>) {
        for page in cursor.breaks {
            self.page_break("span", *page);
        }
    }

    pub(super) fn words(&mut self, inlines: &[Inline<Target>], breaks: &[PageBreak]) {
        let mut cursor = Cursor { offset: 0, breaks };
        self.inlines(inlines, &mut cursor);
        self.end(&cursor);
    }

    /// Sets the page breaks at a passage's start as blocks; gives those inside it.
    pub(super) fn leading_breaks(&mut self, passage: PassageId) -> &'a [PageBreak] {
        let breaks = self.plan.breaks(passage);
        let inside = breaks.partition_point(|page| page.offset == 0);
        for page in &breaks[..inside] {
            self.page_break("div", *page);
            self.out.push('\n');
        }
        &breaks[inside..]
    }

    /// Where a page of the printed edition begins. The element has an end tag because
    /// readers that take the file for HTML would leave it open.
    pub(super) fn page_break(&mut self, tag: &str, page: PageBreak) {
        let id = page_id(page.folio);
        let label = page.folio.to_string();
        self.push(&[
            "<",
            tag,
            " epub:type=\"pagebreak\" role=\"doc-pagebreak\" id=\"",
            &id,
            "\" aria-label=\" ",
            &label,
            ". \"></",
            tag,
            ">",
        ]);
    }

    pub(super) fn inlines(&mut self, inlines: &[Inline<Target>], cursor: &mut Cursor<'_>) {
        for inline in inlines {
            self.due_breaks(cursor, cursor.offset);
            match inline {
                Inline::Text { text, .. } => self.text(text, cursor),
                Inline::Styled(style, inner) => self.styled(style, inner, cursor),
                Inline::Reference(target, inner) => self.reference(target, inner, cursor),
                Inline::LineBreak => {
                    self.out.push_str("<br/>\n");
                    cursor.offset += 1;
                }
            }
        }
    }

    pub(super) fn text(&mut self, text: &str, cursor: &mut Cursor<'_>) {
        let start = cursor.offset;
        let end = start + text.len();
        let mut done = 0;
        while let Some(page) = cursor.breaks.first().filter(|page| page.offset < end) {
            let at = text.ceil_char_boundary(page.offset - start);
            self.part(text, done..at);
            done = at;
            self.due_breaks(cursor, page.offset);
        }
        self.part(text, done..text.len());
        cursor.offset = end;
    }

    /// A text that is no passage's.
    pub(super) fn plain(&mut self, text: &str) {
        self.part(text, 0..text.len());
    }

    /// A part of a text, with the spaces that its language wants.
    fn part(&mut self, text: &str, part: Range<usize>) {
        let last = last_character(&self.out);
        let spaced = spacing::written(text, part, last, self.manner);
        escape::push(&mut self.out, &spaced);
    }

    /// Sets the page breaks up to an offset.
    fn due_breaks(&mut self, cursor: &mut Cursor<'_>, offset: usize) {
        while let Some((page, rest)) = cursor.breaks.split_first() {
            if page.offset > offset {
                break;
            }
            self.page_break("span", *page);
            cursor.breaks = rest;
        }
    }

    fn styled(&mut self, style: &Style, inner: &[Inline<Target>], cursor: &mut Cursor<'_>) {
        // Words of another language are set apart, not stressed: one element says both.
        if let (Style::Emphasis, [Inline::Styled(foreign @ Style::Foreign(_), words)]) =
            (style, inner)
        {
            return self.styled_as("i", foreign, words, cursor);
        }
        let tag = match style {
            Style::Emphasis => "em",
            Style::Strong => "strong",
            Style::SmallCaps | Style::Foreign(_) => "span",
            Style::Superscript => "sup",
            Style::Code => "code",
        };
        self.styled_as(tag, style, inner, cursor);
    }

    fn styled_as(
        &mut self,
        tag: &str,
        style: &Style,
        inner: &[Inline<Target>],
        cursor: &mut Cursor<'_>,
    ) {
        let attributes = match style {
            Style::SmallCaps => " class=\"small-caps\"".into(),
            Style::Foreign(lang) => {
                let lang = escape::text(&lang.0);
                format!(" lang=\"{lang}\" xml:lang=\"{lang}\"")
            }
            Style::Emphasis | Style::Strong | Style::Superscript | Style::Code => String::new(),
        };
        self.push(&["<", tag, &attributes, ">"]);
        let around = self.manner;
        self.manner = match style {
            Style::Code => Manner::AsWritten,
            Style::Foreign(lang) => Manner::of(lang),
            Style::Emphasis | Style::Strong | Style::SmallCaps | Style::Superscript => around,
        };
        self.inlines(inner, cursor);
        self.manner = around;
        self.push(&["</", tag, ">"]);
    }

    fn reference(&mut self, target: &Target, inner: &[Inline<Target>], cursor: &mut Cursor<'_>) {
        match target {
            Target::Web(address) => {
                let href = escape::address(address);
                let own_words = [Inline::Text {
                    text: address.clone(),
                    span: None,
                }];
                // The address is not part of the plain text that positions count in.
                let mut apart = Cursor {
                    offset: 0,
                    breaks: &[],
                };
                match inner.is_empty() {
                    true => self.link(href, " class=\"web\"", &own_words, &mut apart),
                    false => self.link(href, " class=\"web\"", inner, cursor),
                }
            }
            Target::Place(position) => {
                let place = self.plan.place(self.file, *position);
                let attributes = match &place {
                    Some(place) if place.is_term => " epub:type=\"glossref\" role=\"doc-glossref\"",
                    Some(_) | None => "",
                };
                let href = place.filter(|_| !inner.is_empty()).map(|place| place.href);
                self.link(href, attributes, inner, cursor);
            }
            Target::Note(note) if self.in_link => self.waiting.push(*note),
            Target::Note(note) => self.call(*note),
            Target::Pages(positions) => self.page_numbers(positions),
            Target::Anchor => self.inlines(inner, cursor),
        }
    }

    /// Words that lead somewhere; the words alone without a way or inside another link.
    fn link(
        &mut self,
        href: Option<String>,
        attributes: &str,
        inner: &[Inline<Target>],
        cursor: &mut Cursor<'_>,
    ) {
        let Some(href) = href.filter(|_| !self.in_link) else {
            return self.inlines(inner, cursor);
        };
        self.push(&["<a href=\"", &escape::text(&href), "\"", attributes, ">"]);
        self.in_link = true;
        self.inlines(inner, cursor);
        self.in_link = false;
        self.out.push_str("</a>");
        for note in std::mem::take(&mut self.waiting) {
            self.call(note);
        }
    }

    /// The call of a note: nothing but its label in the link, for readers that show the
    /// note in a window of its own.
    fn call(&mut self, id: NoteId) {
        let Some(href) = self.plan.note(self.file, id) else {
            return;
        };
        let note = self.plan.edition.note(id);
        let label = escape::text(&note.label);
        let own_id = match self.called.insert(id) {
            true => format!(" id=\"r{}\"", id.0),
            false => String::new(),
        };
        self.push(&[
            "<a epub:type=\"noteref\" role=\"doc-noteref\" href=\"",
            &href,
            "\"",
            &own_id,
            " class=\"noteref ",
            series(note.series),
            "\">",
            &label,
            "</a>",
        ]);
    }

    /// Page numbers, each a link to its place.
    fn page_numbers(&mut self, positions: &[Position]) {
        let plan = self.plan;
        let elision = plan.edition.setting.elision;
        let folio_of = |position| plan.pages.folio_of(position);
        let numbers = page_numbers(positions, elision, &folio_of);
        for (at, number) in numbers.iter().enumerate() {
            if at > 0 {
                self.out.push_str(", ");
            }
            self.locator(number, " class=\"page\"");
        }
    }

    /// A page number as a part of a passage.
    pub(super) fn locator_at(
        &mut self,
        locator: &Locator,
        attributes: &str,
        cursor: &mut Cursor<'_>,
    ) {
        self.due_breaks(cursor, cursor.offset);
        self.locator(locator, attributes);
        cursor.offset += locator.text.len();
    }

    /// A page number that leads to its place.
    pub(super) fn locator(&mut self, locator: &Locator, attributes: &str) {
        let text = escape::text(&locator.text);
        match self.plan.place(self.file, locator.to) {
            Some(place) if !self.in_link => {
                self.push(&[
                    "<a href=\"",
                    &place.href,
                    "\"",
                    attributes,
                    ">",
                    &text,
                    "</a>",
                ]);
            }
            Some(_) | None => self.out.push_str(&text),
        }
    }

    /// Appends pieces of markup.
    pub(super) fn push(&mut self, pieces: &[&str]) {
        for piece in pieces {
            self.out.push_str(piece);
        }
    }
}

/// The last character of a paragraph that is being written, if any is in reach.
fn last_character(out: &str) -> Option<char> {
    let mut text = out;
    while let Some(tag) = text.strip_suffix('>') {
        text = &text[..tag.rfind('<')?];
    }
    text.chars().next_back()
}

/// The class of a series of notes.
pub(super) fn series(series: Series) -> &'static str {
    match series {
        Series::Author => "author",
        Series::Glossary => "glossary",
        Series::Editor => "editor",
    }
}
