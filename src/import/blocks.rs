//! Blocks out of paragraphs: what the marks make of them.

use std::collections::BTreeMap;

use super::anchor::Range;
use super::draft::{Draft, Mark, MarkKind, offset};
use super::layout::{Layout, Paragraph, Piece};
use super::ledger::{Change, ChangeKind, Class};

/// A block of the cleaned text.
#[derive(Clone, Debug)]
pub(super) enum Block {
    Title(Paragraph),
    Heading(u8, Paragraph),
    Paragraph(Paragraph),
    Break,
    Quote(Vec<Block>),
    Box {
        title: Option<String>,
        blocks: Vec<Block>,
    },
    Timeline(Vec<Entry>),
}

/// An entry of a timeline: a date and what happened.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) date: Paragraph,
    pub(super) body: Vec<Paragraph>,
}

/// A cleaned text before it is written.
#[derive(Clone, Debug, Default)]
pub(super) struct Outline {
    pub(super) blocks: Vec<Block>,
    /// Notes by label.
    pub(super) notes: Vec<(String, Vec<Paragraph>)>,
    /// The line end after the last paragraph.
    pub(super) last: Option<u32>,
    pub(super) changes: Vec<Change>,
}

/// Sets a settled draft.
pub(super) fn outline(draft: &Draft<'_>) -> Outline {
    let mut layout = Layout::new(draft);
    let mut marks = Marks::of(draft);
    let whole = Range {
        start: 0,
        end: draft.raw.len(),
    };
    let lifted: Vec<&Mark> = draft.marks.iter().filter(|mark| mark.is_lifted()).collect();
    let (paragraphs, last) = layout.flow(&around(whole, &lifted));
    let starts: Vec<usize> = paragraphs.iter().map(|part| part.range.start).collect();
    let mut boxes = Vec::new();
    let mut notes = Vec::new();
    let mut moved = Vec::new();
    for mark in lifted {
        let inside = layout.lifted(mark.range);
        if inside.is_empty() {
            continue;
        }
        match &mark.kind {
            MarkKind::Box { title, after } => {
                let own = starts.partition_point(|&start| start <= mark.range.start);
                let place = after.map_or(own, |at| starts.partition_point(|&start| start <= at));
                if place != own {
                    let behind = starts.get(place).copied().unwrap_or(draft.raw.len());
                    moved.push(Change {
                        class: Class::MoveBox,
                        start: offset(mark.range.start),
                        end: offset(mark.range.end),
                        kind: ChangeKind::Moved(offset(behind)),
                    });
                }
                let side = Block::Box {
                    title: title.clone(),
                    blocks: marks.blocks(inside, Vec::new()),
                };
                boxes.push((place, side));
            }
            MarkKind::Note(label) => notes.push((label.clone(), inside)),
            MarkKind::Title
            | MarkKind::Heading(_)
            | MarkKind::Break
            | MarkKind::Quote
            | MarkKind::Timeline
            | MarkKind::Date(_) => {}
        }
    }
    boxes.sort_by_key(|(place, _)| *place);
    let blocks = marks.blocks(paragraphs, boxes);
    let mut changes = layout.changes;
    changes.extend(moved);
    changes.extend(marks.entries);
    changes.extend(draft.changes.iter().cloned());
    Outline {
        blocks,
        notes,
        last,
        changes,
    }
}

/// What is left of a stretch around those taken out of it.
fn around(whole: Range, lifted: &[&Mark]) -> Vec<Range> {
    let mut left = Vec::new();
    let mut start = whole.start;
    for mark in lifted {
        left.push(Range {
            start,
            end: mark.range.start.max(start),
        });
        start = mark.range.end.max(start);
    }
    left.push(Range {
        start,
        end: whole.end.max(start),
    });
    left.retain(|range| !range.is_empty());
    left
}

/// The marks that paragraphs are set by, by the place where they begin.
struct Marks<'d> {
    raw: &'d str,
    headings: BTreeMap<usize, Option<u8>>,
    breaks: Vec<usize>,
    dates: BTreeMap<usize, &'d str>,
    /// Quotations and timelines, in order.
    regions: Vec<(Range, Region)>,
    /// The entries of timelines that were found.
    entries: Vec<Change>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Region {
    Quote,
    Timeline,
}

impl<'d> Marks<'d> {
    fn of(draft: &'d Draft<'_>) -> Marks<'d> {
        let mut marks = Marks {
            raw: draft.raw,
            headings: BTreeMap::new(),
            breaks: Vec::new(),
            dates: BTreeMap::new(),
            regions: Vec::new(),
            entries: Vec::new(),
        };
        for mark in &draft.marks {
            let start = mark.range.start;
            match &mark.kind {
                MarkKind::Title => {
                    marks.headings.insert(start, None);
                }
                MarkKind::Heading(level) => {
                    marks.headings.insert(start, Some(*level));
                }
                MarkKind::Break => marks.breaks.push(start),
                MarkKind::Date(date) => {
                    marks.dates.insert(start, date);
                }
                MarkKind::Quote => marks.regions.push((mark.range, Region::Quote)),
                MarkKind::Timeline => marks.regions.push((mark.range, Region::Timeline)),
                MarkKind::Box { .. } | MarkKind::Note(_) => {}
            }
        }
        marks
    }

    /// Paragraphs as blocks; each box, in order, stands before the paragraph of its number.
    fn blocks(&mut self, paragraphs: Vec<Paragraph>, boxes: Vec<(usize, Block)>) -> Vec<Block> {
        let mut blocks = Vec::new();
        let mut boxes = boxes.into_iter().peekable();
        for (number, paragraph) in paragraphs.into_iter().enumerate() {
            while let Some((_, side)) = boxes.next_if(|(place, _)| *place <= number) {
                blocks.push(side);
            }
            self.block(paragraph, &mut blocks);
        }
        blocks.extend(boxes.map(|(_, side)| side));
        blocks
    }

    fn block(&mut self, paragraph: Paragraph, blocks: &mut Vec<Block>) {
        let start = paragraph.range.start;
        if self.breaks.binary_search(&start).is_ok() {
            blocks.push(Block::Break);
        }
        match (self.headings.get(&start), self.region(start)) {
            (Some(None), _) => blocks.push(Block::Title(paragraph)),
            (Some(Some(level)), _) => blocks.push(Block::Heading(*level, paragraph)),
            (None, Some((_, Region::Timeline))) => self.entry(paragraph, blocks),
            (None, Some((first, Region::Quote))) => match blocks.last_mut() {
                Some(Block::Quote(inside)) if start != first => {
                    inside.push(Block::Paragraph(paragraph));
                }
                _ => blocks.push(Block::Quote(vec![Block::Paragraph(paragraph)])),
            },
            (None, None) => blocks.push(Block::Paragraph(paragraph)),
        }
    }

    /// The quotation or timeline that a place is in, with its beginning.
    fn region(&self, at: usize) -> Option<(usize, Region)> {
        let after = self.regions.partition_point(|(range, _)| range.start <= at);
        let (range, region) = self.regions.get(after.checked_sub(1)?)?;
        range.contains(at).then_some((range.start, *region))
    }

    /// A paragraph of a timeline: a date begins an entry, anything else goes on with it.
    fn entry(&mut self, paragraph: Paragraph, blocks: &mut Vec<Block>) {
        let start = paragraph.range.start;
        let entry = if let Some(date) = self.dates.get(&start) {
            let date = Paragraph {
                range: Range { start, end: start },
                pieces: vec![Piece::Added(format!("[{date}]"))],
                newlines: Vec::new(),
            };
            let body = vec![paragraph];
            Entry { date, body }
        } else if is_date(&self.raw[paragraph.range.start..paragraph.range.end]) {
            Entry {
                date: paragraph,
                body: Vec::new(),
            }
        } else {
            match blocks.last_mut() {
                Some(Block::Timeline(entries)) => {
                    entries
                        .last_mut()
                        .expect("a timeline begins with an entry")
                        .body
                        .push(paragraph);
                }
                _ => blocks.push(Block::Paragraph(paragraph)),
            }
            return;
        };
        self.note_entry(entry.date.range);
        match blocks.last_mut() {
            Some(Block::Timeline(entries)) => entries.push(entry),
            _ => blocks.push(Block::Timeline(vec![entry])),
        }
    }

    fn note_entry(&mut self, date: Range) {
        self.entries.push(Change {
            class: Class::Timeline,
            start: offset(date.start),
            end: offset(date.end),
            kind: ChangeKind::Set,
        });
    }
}

/// Whether a line is a date: a year, and a day or month or two.
fn is_date(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().take(6).collect();
    let is_year = |word: &str| word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit());
    words.len() < 6
        && words.iter().any(|word| is_year(word))
        && words.iter().all(|word| {
            word.chars()
                .next()
                .is_some_and(|c| c.is_ascii_digit() || c.is_uppercase())
                && !word.ends_with(['.', '!', '?', ':'])
        })
}
