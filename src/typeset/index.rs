//! The index: two columns of headings, with what stands under them and where.

use crate::edition::index::{CrossReference, Entry, locators};
use crate::edition::{Section, Target, passage, plain};
use crate::pages::{TagId, TagKind};
use crate::text::{Inline, Style};
use crate::typeset::blocks::quoted;
use crate::typeset::builder::{Builder, GENERATED, Within};
use crate::typeset::footnotes::Notes;
use crate::typeset::galley::Galley;
use crate::typeset::line::TextAlign;
use crate::typeset::numbering::Known;
use crate::typeset::pagebreak::{Chosen, Shape, choose};
use crate::typeset::section::{Book, furnish, pages_of};
use crate::typeset::sheet::{Frame, Sheet, column, lay, note_gap};
use crate::typeset::styles::Type;
use crate::units::{Length, Point};

/// Less room than this below the headnote, and the columns begin on the next page.
const LEAST_LINES: i64 = 6;

impl Builder<'_, '_> {
    /// The title and headnote across the page, then the columns.
    pub fn index(
        mut self,
        section: &Section,
        book: &Book<'_>,
        known: &Known<'_>,
    ) -> (Galley, Vec<Sheet>) {
        self.opening(section);
        let full = self.column(self.styles.body());
        self.section(&section.blocks, &full);
        let kind = Type {
            italic: false,
            ..self.styles.note()
        };
        let headnote = Within { kind, ..full };
        self.section(&book.edition.index_headnote, &headnote);
        self.flush_anchors();
        let across = self.galley.rows.len();
        let gap = kind.size.scaled(7, 4);
        let tag = self.galley.tag(TagKind::Index, Some(full.tag));
        let narrow = Within {
            measure: (full.measure - gap) / 2,
            kind: Type {
                align: TextAlign::Left,
                ..kind
            },
            tag,
            ..full
        };
        self.pending = Default::default();
        self.groups(&book.edition.index, &narrow, book, known);
        let galley = self.finish();
        columns(galley, across, narrow.measure + gap, &book.frame)
    }

    /// The headings, with a letter before those that begin with it.
    fn groups(&mut self, entries: &[Entry], column: &Within, book: &Book<'_>, known: &Known<'_>) {
        let mut group = None;
        for entry in entries {
            if group != Some(&entry.group) {
                self.group(&entry.group, column);
                group = Some(&entry.group);
            }
            self.index_entry(entry, 0, column, book, known);
        }
    }

    fn group(&mut self, letter: &str, column: &Within) {
        self.space(column.kind.leading);
        if letter.is_empty() {
            return;
        }
        let heading = Within {
            kind: column.kind.heading(1),
            ..*column
        };
        let tag = self.galley.tag(TagKind::Paragraph, Some(column.tag));
        let letter = passage(GENERATED, vec![plain(letter)]);
        self.passage(&letter, &heading, Length::ZERO, tag);
        self.pending.keep = 2;
    }

    /// A heading with its locators; its subheadings below it, each a little to the right.
    /// Lines that turn over stand further right than any subheading.
    fn index_entry(
        &mut self,
        entry: &Entry,
        level: i64,
        column: &Within,
        book: &Book<'_>,
        known: &Known<'_>,
    ) {
        let em = column.kind.size;
        let indent = em * level.min(3);
        let tag = self.galley.tag(TagKind::Paragraph, Some(column.tag));
        let hang = Within {
            hang: em * (level + 2).clamp(3, 4),
            ..*column
        };
        let line = passage(entry.term.id, entry_line(entry, book, known));
        self.passage(&line, &hang, indent - hang.hang, tag);
        if entry.subentries.is_empty() {
            return;
        }
        let outer = self.pending.head;
        if level == 0 {
            self.pending.head = self.continued(entry, &hang, book, tag);
        }
        self.pending.keep = 1;
        for sub in &entry.subentries {
            self.index_entry(sub, level + 1, column, book, known);
        }
        self.pending.keep = 0;
        self.pending.head = outer;
    }

    /// What stands above a heading's subheadings where a column begins among them.
    fn continued(
        &mut self,
        entry: &Entry,
        hang: &Within,
        book: &Book<'_>,
        tag: TagId,
    ) -> Option<usize> {
        let mut words = quoted(&entry.term.inlines);
        let continued = plain(format!(" ({})", book.words.continued));
        words.push(Inline::Styled(Style::Emphasis, vec![continued]));
        let start = self.galley.rows.len();
        self.passage(&passage(GENERATED, words), hang, -hang.hang, tag);
        let head = self.repeated(start..self.galley.rows.len());
        self.galley.rows.truncate(start);
        Some(head)
    }
}

/// A heading, its locators as links, and where else to look.
fn entry_line(entry: &Entry, book: &Book<'_>, known: &Known<'_>) -> Vec<Inline<Target>> {
    let mut line = quoted(&entry.term.inlines);
    let elision = book.edition.setting.elision;
    for locator in locators(&entry.postings, elision, &|position| {
        known.folio_of(position)
    }) {
        line.push(plain(", "));
        let text = vec![plain(locator.text)];
        line.push(Inline::Reference(Target::Place(locator.to), text));
    }
    look(&mut line, &entry.see, book.words.see, book.words.and);
    look(
        &mut line,
        &entry.see_also,
        book.words.see_also,
        book.words.and,
    );
    line
}

/// Adds *See* or *See also* with the headings that it leads to; general words, *names of
/// parties*, stand last, after *and*, in italics.
fn look(line: &mut Vec<Inline<Target>>, references: &[CrossReference], words: &str, and: &str) {
    if references.is_empty() {
        return;
    }
    let italic = |words| Inline::Styled(Style::Emphasis, words);
    line.push(plain(". "));
    line.push(italic(vec![plain(capitalised(words))]));
    for (at, reference) in references.iter().enumerate() {
        line.push(plain(if at == 0 { " " } else { "; " }));
        let mut words = quoted(&reference.words);
        line.push(match reference.to {
            Some(to) => Inline::Reference(Target::Place(to), words),
            None => {
                if at > 0 && at + 1 == references.len() {
                    words.insert(0, plain(format!("{and} ")));
                }
                italic(words)
            }
        });
    }
}

fn capitalised(words: &str) -> String {
    let mut letters = words.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

/// Lays the rows before `across` over the page's width, the others in two columns, of
/// equal length on the last page.
fn columns(mut galley: Galley, across: usize, step: Length, frame: &Frame) -> (Galley, Vec<Sheet>) {
    let narrow = galley.rows.split_off(across);
    let heads = pages_of(&galley, frame, true);
    let mut sheets: Vec<Sheet> = heads.iter().map(|page| lay(&galley, page, frame)).collect();
    let used = heads.last().map_or(Length::ZERO, |page| {
        let mut scratch = Sheet::default();
        let end = column(&galley, page, frame, Point::default(), &[], &mut scratch);
        match page.notes.is_empty() {
            true => end,
            false => frame.height,
        }
    });
    let wide = std::mem::replace(&mut galley.rows, narrow);
    let top = used + frame.leading;
    let room = frame.height - top;
    let shares = room >= frame.leading * LEAST_LINES && !sheets.is_empty();
    let height = |page: usize| match shares && page < 2 {
        true => room,
        false => frame.height,
    };
    let notes = Notes::of(&galley, Length::ZERO, None);
    let shape = Shape {
        leading: frame.note_leading,
        height: &height,
        recto: true,
        note_gap: note_gap(frame),
        ragged: true,
    };
    let chosen = if galley.rows.is_empty() {
        Vec::new()
    } else {
        balance(&galley, choose(&galley, &notes, &shape))
    };
    for (at, page) in chosen.iter().enumerate() {
        let left = at % 2 == 0;
        if left && !(shares && at == 0) {
            sheets.push(Sheet::default());
        }
        let origin = Point {
            x: if left { Length::ZERO } else { step },
            y: if shares && at < 2 { top } else { Length::ZERO },
        };
        let sheet = sheets.last_mut().expect("a sheet was just made");
        let before = sheet.placed.len();
        column(&galley, page, frame, origin, &[], sheet);
        for placed in &mut sheet.placed[before..] {
            if let crate::typeset::sheet::RowRef::Text(row) = &mut placed.row {
                *row += across;
            }
        }
    }
    galley.rows.splice(0..0, wide);
    if sheets.is_empty() {
        sheets.push(Sheet::default());
    }
    furnish(&mut sheets);
    (galley, sheets)
}

/// Divides the rows of the last page anew, so that its columns are of one length as nearly
/// as may be, the left one the longer.
fn balance(galley: &Galley, mut pages: Vec<Chosen>) -> Vec<Chosen> {
    let on_last = 2 - pages.len() % 2;
    let Some(first) = pages.len().checked_sub(on_last) else {
        return pages;
    };
    let mut left = pages[first].clone();
    let (start, end) = (left.rows[0], galley.rows.len());
    let height = |from: usize, to: usize| -> Length {
        let rows = galley.rows[from..to].iter().enumerate();
        let rows = rows.map(|(at, row)| match at {
            0 => row.height,
            _ => row.space + row.height,
        });
        galley.head_height(from) + rows.sum::<Length>()
    };
    let best = (start + 1..end).min_by_key(|&at| {
        let (one, two) = (height(start, at), height(at, end));
        let uneven = (one - two).max((two - one) * 3);
        let line = galley.rows[at].height.0.max(1);
        one.max(two).0 * 100 / line + uneven.0 * 10 / line + galley.rows[at].cost / 10
    });
    let Some(middle) = best.filter(|&at| height(start, at) <= left.height) else {
        return pages;
    };
    pages.truncate(first);
    left.rows = (start..middle).collect();
    left.last = true;
    let right = Chosen {
        rows: (middle..end).collect(),
        ..left.clone()
    };
    pages.extend([left, right]);
    pages
}
