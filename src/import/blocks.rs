//! Blocks out of paragraphs: what the marks make of them.

use std::collections::BTreeMap;

use super::anchor::Range;
use super::draft::{Draft, Mark, MarkKind, Picture, offset};
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
    /// Lines; a stanza begins where a line has an empty one before it.
    Verse(Vec<Paragraph>),
    /// With the first number of a numbered list.
    List(Option<u64>, Vec<Vec<Paragraph>>),
    /// Rows, the first the head.
    Table(Vec<Paragraph>),
    /// A picture, with its caption.
    Picture(Picture, Option<Paragraph>),
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
    let mut moved = Vec::new();
    let running = in_columns(draft, around(whole, &lifted), &mut moved);
    let (paragraphs, last) = layout.flow(&running);
    let starts: Vec<usize> = paragraphs.iter().map(|part| part.range.start).collect();
    let mut boxes = Vec::new();
    let mut notes = Vec::new();
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
            | MarkKind::Verse
            | MarkKind::List
            | MarkKind::Item(_)
            | MarkKind::Table
            | MarkKind::Timeline
            | MarkKind::Date(_)
            | MarkKind::Picture(_) => {}
        }
    }
    boxes.sort_by_key(|(place, _)| *place);
    marks.pictures = pictures(draft);
    let mut blocks = marks.blocks(paragraphs, boxes);
    marks.pictures_before(None, &mut blocks);
    let mut changes = layout.changes;
    changes.extend(moved);
    changes.extend(marks.changes);
    changes.extend(draft.changes.iter().cloned());
    Outline {
        blocks,
        notes,
        last,
        changes,
    }
}

/// The pictures that can be shown, the last one first.
fn pictures(draft: &Draft<'_>) -> Vec<(Range, Picture)> {
    let marks = draft.marks.iter().rev();
    let pictures = marks.filter_map(|mark| {
        let MarkKind::Picture(picture) = &mark.kind else {
            return None;
        };
        let is_told = !picture.alt.trim().is_empty();
        is_told.then(|| (mark.range, picture.clone()))
    });
    pictures.collect()
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

/// The running text with the right column of each two behind the left one.
fn in_columns(
    draft: &Draft<'_>,
    running: Vec<Range>,
    moved: &mut Vec<Change>,
) -> Vec<(Range, bool)> {
    let mut ordered = Vec::with_capacity(running.len());
    for range in running {
        let mut start = range.start;
        for &(columns, width) in &draft.columns {
            let inside = Range {
                start: columns.start.max(start),
                end: columns.end.min(range.end),
            };
            if inside.start >= inside.end {
                continue;
            }
            let before = Range {
                start,
                end: inside.start,
            };
            ordered.push((before, false));
            two_columns(draft.raw, inside, width, &mut ordered, moved);
            start = inside.end;
        }
        let rest = Range {
            start,
            end: range.end,
        };
        ordered.push((rest, false));
    }
    ordered.retain(|(range, ends_line)| *ends_line || !range.is_empty());
    ordered
}

/// The left pieces of some lines, then the right ones.
fn two_columns(
    raw: &str,
    lines: Range,
    width: usize,
    ordered: &mut Vec<(Range, bool)>,
    moved: &mut Vec<Change>,
) {
    let mut at = lines.start;
    let mut right = Vec::new();
    for line in raw[lines.start..lines.end].split_inclusive('\n') {
        let text = line.trim_end_matches('\n');
        let cut = text.char_indices().nth(width).map(|(cut, _)| at + cut);
        let end = at + line.len();
        match cut {
            Some(cut) => {
                ordered.push((
                    Range {
                        start: at,
                        end: cut,
                    },
                    true,
                ));
                right.push((Range { start: cut, end }, false));
                moved.push(Change {
                    class: Class::Columns,
                    start: offset(cut),
                    end: offset(at + text.len()),
                    kind: ChangeKind::Moved(offset(lines.end)),
                });
            }
            None => {
                let text_end = at + text.len();
                ordered.push((
                    Range {
                        start: at,
                        end: text_end,
                    },
                    true,
                ));
                right.push((
                    Range {
                        start: text_end,
                        end,
                    },
                    false,
                ));
            }
        }
        at = end;
    }
    ordered.extend(right);
}

/// The marks that paragraphs are set by, by the place where they begin.
struct Marks<'d> {
    raw: &'d str,
    headings: BTreeMap<usize, Option<u8>>,
    breaks: Vec<usize>,
    items: BTreeMap<usize, Option<u64>>,
    dates: BTreeMap<usize, &'d str>,
    /// Quotations, verse, lists, tables and timelines, in order.
    regions: Vec<(Range, Region)>,
    /// What is still to be shown, the last one first.
    pictures: Vec<(Range, Picture)>,
    /// The entries of timelines and the pictures that were found.
    changes: Vec<Change>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Region {
    Quote,
    Verse,
    List,
    Table,
    Timeline,
}

impl<'d> Marks<'d> {
    fn of(draft: &'d Draft<'_>) -> Marks<'d> {
        let mut marks = Marks {
            raw: draft.raw,
            headings: BTreeMap::new(),
            breaks: Vec::new(),
            items: BTreeMap::new(),
            dates: BTreeMap::new(),
            regions: Vec::new(),
            pictures: Vec::new(),
            changes: Vec::new(),
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
                MarkKind::Verse => marks.regions.push((mark.range, Region::Verse)),
                MarkKind::List => marks.regions.push((mark.range, Region::List)),
                MarkKind::Table => marks.regions.push((mark.range, Region::Table)),
                MarkKind::Item(number) => {
                    marks.items.insert(start, *number);
                }
                MarkKind::Timeline => marks.regions.push((mark.range, Region::Timeline)),
                MarkKind::Box { .. } | MarkKind::Note(_) | MarkKind::Picture(_) => {}
            }
        }
        marks
    }

    /// The pictures that stand before a place and without a caption; before the end of the
    /// text all that are left.
    fn pictures_before(&mut self, place: Option<usize>, blocks: &mut Vec<Block>) {
        let is_due = |(range, _): &mut (Range, Picture)| {
            place
                .is_none_or(|place| range.start < place || range.is_empty() && range.start == place)
        };
        while let Some((range, picture)) = self.pictures.pop_if(is_due) {
            self.note(Class::Pictures, range);
            blocks.push(Block::Picture(picture, None));
        }
    }

    /// The picture whose caption a paragraph is.
    fn captioned(&mut self, start: usize) -> Option<Picture> {
        let is_its = |(range, _): &mut (Range, Picture)| range.start == start && !range.is_empty();
        let (range, picture) = self.pictures.pop_if(is_its)?;
        self.note(Class::Pictures, range);
        Some(picture)
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
        let region = self.region(start);
        if region.is_none_or(|(first, _)| first == start) {
            self.pictures_before(Some(start), blocks);
        }
        if let Some(picture) = self.captioned(start) {
            // Notes are called in running text only.
            let calls = |piece: &Piece| matches!(piece, Piece::Call(_));
            if paragraph.pieces.iter().any(calls) {
                blocks.push(Block::Picture(picture, None));
                blocks.push(Block::Paragraph(paragraph));
            } else {
                blocks.push(Block::Picture(picture, Some(paragraph)));
            }
            return;
        }
        if self.breaks.binary_search(&start).is_ok() {
            blocks.push(Block::Break);
        }
        match (self.headings.get(&start), region) {
            (Some(None), _) => blocks.push(Block::Title(paragraph)),
            (Some(Some(level)), _) => blocks.push(Block::Heading(*level, paragraph)),
            (None, Some((_, Region::Timeline))) => self.entry(paragraph, blocks),
            (None, Some((first, Region::Quote))) => match blocks.last_mut() {
                Some(Block::Quote(inside)) if start != first => {
                    inside.push(Block::Paragraph(paragraph));
                }
                _ => blocks.push(Block::Quote(vec![Block::Paragraph(paragraph)])),
            },
            (None, Some((first, Region::Verse))) => match blocks.last_mut() {
                Some(Block::Verse(lines)) if start != first => lines.push(paragraph),
                _ => blocks.push(Block::Verse(vec![paragraph])),
            },
            (None, Some((first, Region::Table))) => match blocks.last_mut() {
                Some(Block::Table(rows)) if start != first => rows.push(paragraph),
                _ => blocks.push(Block::Table(vec![paragraph])),
            },
            (None, Some((first, Region::List))) => self.item(paragraph, first, blocks),
            (None, None) => blocks.push(Block::Paragraph(paragraph)),
        }
    }

    /// A paragraph of a list, which begins at `first`: an item, or more of one.
    fn item(&mut self, paragraph: Paragraph, first: usize, blocks: &mut Vec<Block>) {
        let start = paragraph.range.start;
        let goes_on = self.items.range(first..start).next().is_some();
        match (blocks.last_mut(), self.items.get(&start)) {
            (Some(Block::List(_, items)), Some(_)) if goes_on => items.push(vec![paragraph]),
            (Some(Block::List(_, items)), None) if goes_on => {
                let last = items.last_mut();
                last.expect("a list has an item").push(paragraph);
            }
            (_, Some(number)) => blocks.push(Block::List(*number, vec![vec![paragraph]])),
            (_, None) => blocks.push(Block::Paragraph(paragraph)),
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
        self.note(Class::Timeline, entry.date.range);
        match blocks.last_mut() {
            Some(Block::Timeline(entries)) => entries.push(entry),
            _ => blocks.push(Block::Timeline(vec![entry])),
        }
    }

    fn note(&mut self, class: Class, range: Range) {
        self.changes.push(Change {
            class,
            start: offset(range.start),
            end: offset(range.end),
            kind: ChangeKind::Set,
        });
    }
}

/// Whether a line is a date: a year, and a day or month or two.
pub(super) fn is_date(line: &str) -> bool {
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
