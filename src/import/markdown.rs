//! Writes blocks as Markdown, escaping what Markdown would take for markup, and keeps the
//! way back to the raw text.

use std::collections::BTreeSet;

use crate::source::OffsetMap;

use super::anchor::Range;
use super::blocks::{Block, Entry, Outline};
use super::draft::{Picture, Role, offset};
use super::layout::{Paragraph, Piece};
use super::ledger::{Change, ChangeKind, Class};

/// The text of an outline, the way back, and the line ends that found no place.
pub(super) fn write(raw: &str, outline: &Outline) -> (String, OffsetMap, Vec<Change>) {
    let mut writer = Writer {
        raw,
        out: String::with_capacity(raw.len() + raw.len() / 8),
        map: OffsetMap::default(),
        prefix: String::new(),
        in_title: false,
        changes: Vec::new(),
    };
    writer.blocks(&outline.blocks);
    for (label, paragraphs) in &outline.notes {
        writer.note(label, paragraphs);
    }
    if !writer.out.is_empty() {
        writer.line_end(outline.last);
    } else if let Some(at) = outline.last {
        writer.drop_line_end(at);
    }
    (writer.out, writer.map, writer.changes)
}

struct Writer<'r> {
    raw: &'r str,
    out: String,
    map: OffsetMap,
    /// What every line begins with: `> ` in a quotation.
    prefix: String,
    /// Whether a picture's caption is being written, in quotation marks: what is escaped for
    /// the caption is escaped once more for the marks around it.
    in_title: bool,
    changes: Vec<Change>,
}

impl Writer<'_> {
    fn blocks(&mut self, blocks: &[Block]) {
        for (number, block) in blocks.iter().enumerate() {
            if number > 0 {
                self.separate(newlines(block));
            }
            self.block(block);
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Title(text) => {
                self.out.push_str("# ");
                self.paragraph(text);
            }
            Block::Heading(level, text) => {
                self.out.push_str(&"#".repeat(usize::from(*level)));
                self.out.push(' ');
                self.paragraph(text);
            }
            Block::Paragraph(text) => self.paragraph(text),
            Block::Break => self.out.push_str("***"),
            Block::Quote(blocks) => {
                self.out.push_str("> ");
                self.nested("> ", |writer| writer.blocks(blocks));
            }
            Block::Box { title, blocks } => {
                self.out.push_str("> [!box]");
                if let Some(title) = title {
                    self.out.push(' ');
                    self.added(title, self.out.len());
                }
                self.nested("> ", |writer| {
                    writer.separate(&[]);
                    writer.blocks(blocks);
                });
            }
            Block::Timeline(entries) => {
                self.out.push_str("> [!timeline]");
                self.nested("> ", |writer| {
                    for (number, entry) in entries.iter().enumerate() {
                        writer.separate(if number == 0 { &[] } else { before(entry) });
                        writer.entry(entry);
                    }
                });
            }
            Block::Verse(lines) => {
                self.out.push_str("> [!verse]");
                self.nested("> ", |writer| writer.verse(lines));
            }
            Block::List(first, items) => self.list(*first, items),
            Block::Table(rows) => self.table(rows),
            Block::Picture(picture, caption) => self.picture(picture, caption.as_ref()),
        }
    }

    /// A picture on a line of its own, its caption as the title.
    fn picture(&mut self, picture: &Picture, caption: Option<&Paragraph>) {
        self.out.push_str("![");
        for c in picture
            .alt
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .chars()
        {
            if is_markup(c) {
                self.out.push('\\');
            }
            self.out.push(c);
        }
        self.out.push_str(&format!("](<{}>", picture.path));
        if let Some(caption) = caption {
            self.out.push_str(" \"");
            self.in_title = true;
            self.paragraph(caption);
            self.in_title = false;
            self.out.push('"');
        }
        self.out.push(')');
    }

    /// Lines, each but a stanza's last with a hard line end.
    fn verse(&mut self, lines: &[Paragraph]) {
        self.out.push('\n');
        self.out.push_str(&self.prefix);
        for (number, line) in lines.iter().enumerate() {
            if number > 0 && line.newlines.len() > 1 {
                self.separate(&line.newlines);
            } else if number > 0 {
                self.out.push('\\');
                self.line_end(line.newlines.first().copied());
                self.out.push_str(&self.prefix);
            }
            self.paragraph(line);
        }
    }

    fn list(&mut self, first: Option<u64>, items: &[Vec<Paragraph>]) {
        for (number, item) in (0..).zip(items) {
            if number > 0 {
                let newlines = item.first().map_or(&[][..], |line| &line.newlines);
                self.one_line_end(newlines);
            }
            let label = match first {
                Some(first) => format!("{}. ", first + number),
                None => "- ".to_string(),
            };
            self.out.push_str(&label);
            self.nested(&" ".repeat(label.len()), |writer| {
                for (number, paragraph) in item.iter().enumerate() {
                    if number > 0 {
                        writer.separate(&paragraph.newlines);
                    }
                    writer.paragraph(paragraph);
                }
            });
        }
    }

    fn table(&mut self, rows: &[Paragraph]) {
        for (number, row) in rows.iter().enumerate() {
            if number > 0 {
                self.one_line_end(&row.newlines);
            }
            self.out.push_str("| ");
            self.paragraph(row);
            self.out.push_str(" |");
            if number == 0 {
                let cells =
                    |piece: &&Piece| matches!(piece, Piece::Markup(markup, _) if markup == CELL);
                let columns = 1 + row.pieces.iter().filter(cells).count();
                self.out.push('\n');
                self.out.push_str(&self.prefix);
                self.out.push_str(&"|---".repeat(columns));
                self.out.push('|');
            }
        }
    }

    /// One line end, of those that the raw text has.
    fn one_line_end(&mut self, newlines: &[u32]) {
        self.line_end(newlines.first().copied());
        for at in newlines.iter().skip(1) {
            self.drop_line_end(*at);
        }
        self.out.push_str(&self.prefix);
    }

    fn nested(&mut self, prefix: &str, write: impl FnOnce(&mut Self)) {
        let outer = self.prefix.len();
        self.prefix.push_str(prefix);
        write(self);
        self.prefix.truncate(outer);
    }

    fn entry(&mut self, entry: &Entry) {
        self.paragraph(&entry.date);
        for (number, paragraph) in entry.body.iter().enumerate() {
            // The first paragraph's line ends were used before a date that was supplied.
            let is_supplied = number == 0 && entry.date.range.is_empty();
            let newlines: &[u32] = if is_supplied {
                &[]
            } else {
                &paragraph.newlines
            };
            if number == 0 {
                self.line_end(newlines.first().copied());
                newlines
                    .iter()
                    .skip(1)
                    .for_each(|at| self.drop_line_end(*at));
                self.out.push_str(&self.prefix);
                self.out.push_str(": ");
                self.paragraph(paragraph);
            } else {
                self.nested("  ", |writer| {
                    writer.separate(newlines);
                    writer.paragraph(paragraph);
                });
            }
        }
    }

    fn note(&mut self, label: &str, paragraphs: &[Paragraph]) {
        if !self.out.is_empty() {
            self.separate(&[]);
        }
        self.out.push_str(&format!("[^{label}]: "));
        self.nested("    ", |writer| {
            for (number, paragraph) in paragraphs.iter().enumerate() {
                if number > 0 {
                    writer.separate(&paragraph.newlines);
                }
                writer.paragraph(paragraph);
            }
        });
    }

    /// An empty line between two blocks; the raw line ends that it stands for.
    fn separate(&mut self, newlines: &[u32]) {
        self.line_end(newlines.first().copied());
        self.out.push_str(self.prefix.trim_end());
        self.line_end(newlines.get(1).copied());
        self.out.push_str(&self.prefix);
    }

    fn line_end(&mut self, raw: Option<u32>) {
        if let Some(at) = raw {
            self.map_back(at as usize, 1);
        }
        self.out.push('\n');
    }

    fn drop_line_end(&mut self, at: u32) {
        self.changes.push(Change {
            class: Class::BlankLines,
            start: at,
            end: at + 1,
            kind: ChangeKind::Removed,
        });
    }

    fn paragraph(&mut self, paragraph: &Paragraph) {
        let start = self.out.len();
        let left_out = unread(self.raw, &paragraph.pieces);
        for (number, piece) in paragraph.pieces.iter().enumerate() {
            match piece {
                Piece::Markup(markup, _) if !left_out.contains(&number) => {
                    self.markup(markup);
                }
                Piece::Markup(..) => {}
                Piece::Kept(range) => self.kept(*range, start),
                Piece::Added(text) => self.added(text, start),
                Piece::Call(label) => self.out.push_str(&format!("[^{label}]")),
            }
        }
    }

    fn markup(&mut self, markup: &str) {
        for c in markup.chars() {
            if self.in_title && matches!(c, '"' | '\\') {
                self.out.push('\\');
            }
            self.out.push(c);
        }
    }

    /// Characters that a rule put in, in a paragraph that begins at `start`.
    fn added(&mut self, text: &str, start: usize) {
        for (at, c) in text.char_indices() {
            let is_first = is_markup_at_start(c) && self.out.len() - start < 10;
            let is_quote = c == '"' && self.in_title;
            let is_sign = is_markup(c) || is_quote;
            if is_sign || is_first && begins_markup(&self.out[start..], c, &text[at..]) {
                self.escape(c);
            }
            self.out.push(c);
        }
    }

    /// Puts a backslash before a sign.
    fn escape(&mut self, sign: char) {
        self.out.push_str(match (self.in_title, sign) {
            (false, _) | (true, '"') => "\\",
            (true, '\\') => "\\\\\\",
            (true, _) => "\\\\",
        });
    }

    /// A stretch of the raw text, in a paragraph that begins at `start`.
    fn kept(&mut self, range: Range, start: usize) {
        let text = &self.raw[range.start..range.end];
        let mut from = 0;
        for (at, c) in text.char_indices() {
            let is_near_start = self.out.len() + (at - from) - start < 10;
            let is_sign = is_markup(c);
            let is_quote = c == '"' && self.in_title;
            if is_sign || is_quote || is_near_start && is_markup_at_start(c) {
                self.as_it_is(range.start + from, &text[from..at]);
                from = at;
                if is_sign || is_quote || begins_markup(&self.out[start..], c, &text[at..]) {
                    self.escape(c);
                }
            }
        }
        self.as_it_is(range.start + from, &text[from..]);
    }

    fn as_it_is(&mut self, raw: usize, text: &str) {
        if !text.is_empty() {
            self.map_back(raw, text.len());
            self.out.push_str(text);
        }
    }

    /// Records that what is written next stands at this place of the raw text.
    fn map_back(&mut self, raw: usize, length: usize) {
        let here = offset(self.out.len());
        let (raw, length) = (offset(raw), offset(length));
        match self.map.stretches.last_mut() {
            Some(last) if last.0 + last.2 == here && last.1 + last.2 == raw => last.2 += length,
            _ => self.map.stretches.push((here, raw, length)),
        }
    }
}

/// The line ends before a block in the raw text.
fn newlines(block: &Block) -> &[u32] {
    match block {
        Block::Title(text) | Block::Heading(_, text) | Block::Paragraph(text) => &text.newlines,
        Block::Break | Block::Picture(_, None) => &[],
        Block::Picture(_, Some(caption)) => &caption.newlines,
        Block::Quote(blocks) => blocks.first().map_or(&[], newlines),
        Block::Box { .. } => &[],
        Block::Timeline(entries) => entries.first().map_or(&[], before),
        Block::Verse(lines) | Block::Table(lines) => {
            lines.first().map_or(&[], |line| &line.newlines)
        }
        Block::List(_, items) => {
            let first = items.first().and_then(|item| item.first());
            first.map_or(&[], |line| &line.newlines)
        }
    }
}

/// The line ends before an entry: where its date was supplied, those before its text.
fn before(entry: &Entry) -> &[u32] {
    match entry.body.first() {
        Some(first) if entry.date.range.is_empty() => &first.newlines,
        _ => &entry.date.newlines,
    }
}

/// What divides the cells of a table's row.
pub(super) const CELL: &str = " | ";

/// The pieces of a paragraph, by their numbers, that open what is not closed in it, or close
/// what is not opened, or have nothing between them, or would not be read as emphasis.
fn unread(raw: &str, pieces: &[Piece]) -> BTreeSet<usize> {
    let mut open: Vec<(u32, usize)> = Vec::new();
    let mut left_out = BTreeSet::new();
    for (number, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Markup(_, Role::Open(pair)) => open.push((*pair, number)),
            Piece::Markup(_, Role::Close(pair)) => {
                match open.iter().rposition(|(other, _)| other == pair) {
                    Some(at) => {
                        left_out.extend(open.drain(at + 1..).map(|(_, number)| number));
                        let (_, opened) = open.pop().expect("it was found there");
                        if opened + 1 == number || !is_read(raw, pieces, opened, number) {
                            left_out.extend([opened, number]);
                        }
                    }
                    None => {
                        left_out.insert(number);
                    }
                }
            }
            Piece::Markup(_, Role::Alone) | Piece::Kept(_) | Piece::Added(_) | Piece::Call(_) => {}
        }
    }
    left_out.extend(open.into_iter().map(|(_, number)| number));
    left_out
}

/// Whether Markdown reads a pair as it is meant. Asterisks are emphasis only where words or
/// signs stand around them in the right way (CommonMark §6.2).
fn is_read(raw: &str, pieces: &[Piece], open: usize, close: usize) -> bool {
    let is_emphasis =
        |piece: &Piece| matches!(piece, Piece::Markup(markup, _) if markup.starts_with('*'));
    if !is_emphasis(&pieces[open]) {
        return true;
    }
    let around = |at: usize| {
        let before = pieces[..at]
            .iter()
            .rev()
            .find_map(|piece| ends(raw, piece).1);
        let after = pieces[at + 1..].iter().find_map(|piece| ends(raw, piece).0);
        (before.unwrap_or(' '), after.unwrap_or(' '))
    };
    let is_tight = |inner: char, outer: char| {
        !inner.is_whitespace() && (inner.is_alphanumeric() || !outer.is_alphanumeric())
    };
    let (before, first) = around(open);
    let (last, after) = around(close);
    // The end of other emphasis and the beginning of this would be one row of asterisks.
    let closes = |piece: &Piece| matches!(piece, Piece::Markup(_, Role::Close(_)));
    let touches = open > 0 && is_emphasis(&pieces[open - 1]) && closes(&pieces[open - 1]);
    is_tight(first, before) && is_tight(last, after) && !touches
}

/// The first and the last character of a piece.
fn ends(raw: &str, piece: &Piece) -> (Option<char>, Option<char>) {
    let text = match piece {
        Piece::Kept(range) => &raw[range.start..range.end],
        Piece::Added(text) => text,
        Piece::Call(_) => "[]",
        Piece::Markup(markup, _) if markup.starts_with('*') => "",
        Piece::Markup(markup, _) => markup,
    };
    (text.chars().next(), text.chars().next_back())
}

/// Characters that are markup wherever they stand.
fn is_markup(c: char) -> bool {
    matches!(
        c,
        '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '&' | '#' | '|' | '~' | '^' | '$' | '{' | '}'
    )
}

/// Characters that can be markup at the beginning of a paragraph: of a list, a quotation, a
/// definition, a rule under a heading.
fn is_markup_at_start(c: char) -> bool {
    matches!(c, '-' | '+' | '=' | '>' | ':' | '.' | ')')
}

/// Whether such a character is markup behind what of the paragraph is written, and before
/// what follows: a point or bracket is behind a number only.
fn begins_markup(before: &str, c: char, rest: &str) -> bool {
    if !matches!(c, '.' | ')') {
        return before.is_empty();
    }
    !before.is_empty()
        && before.bytes().all(|byte| byte.is_ascii_digit())
        && rest[1..].chars().next().is_none_or(char::is_whitespace)
}
