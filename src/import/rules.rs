//! The rules with anchors, one function each: every one says what a stretch of the raw text
//! is to become.

use crate::diag::{Code, Report};
use crate::source::Span;

use super::anchor::{Places, Range};
use super::characters;
use super::draft::{Draft, MarkKind, Role, With, offset};
use super::ledger::{ChangeKind, Class};
use super::notes;
use super::recipe::{Anchor, Rule, RuleKind, Stretch};

/// Applies one rule.
pub(super) fn apply(draft: &mut Draft<'_>, places: &Places<'_>, rule: &Rule, report: &mut Report) {
    match &rule.kind {
        RuleKind::JoinLines {
            hyphens,
            except,
            short,
        } => {
            draft.spacing.lines = Some(*hyphens);
            draft.spacing.short = short.unwrap_or(0);
            draft.spacing.except = except.iter().map(|word| word.to_lowercase()).collect();
        }
        RuleKind::JoinParagraphs => draft.spacing.paragraphs = true,
        RuleKind::DoubleSpaces => draft.spacing.double = true,
        RuleKind::OddSpaces => draft.spacing.odd = true,
        RuleKind::Characters(class) => characters::apply(draft, *class),
        RuleKind::StartParagraph(anchors) => start_paragraphs(draft, places, anchors, report),
        RuleKind::SupplyMark { before, mark } => supply_mark(draft, places, before, mark, report),
        RuleKind::Title(line) => title(draft, places, line, report),
        RuleKind::Headings { lines, level } => headings(draft, places, lines, *level, report),
        RuleKind::Break(before) => scene_break(draft, places, before, report),
        RuleKind::Quote(what) => quote(draft, places, what, report),
        RuleKind::Verse(what) => verse(draft, places, what, report),
        RuleKind::List(what) => list(draft, places, what, report),
        RuleKind::Columns { what, at } => columns(draft, places, what, *at, report),
        RuleKind::Speakers(names) => speakers(draft, names),
        RuleKind::Box { what, title, after } => {
            side_box(draft, places, what, title.clone(), after.as_ref(), report);
        }
        RuleKind::Timeline { what, supply } => timeline(draft, places, what, supply, report),
        RuleKind::Footnotes { list, calls } => {
            notes::apply(draft, places, rule.span, list, calls, report);
        }
        RuleKind::RemoveDoubled { what, of } => remove_doubled(draft, places, what, of, report),
        RuleKind::Picture { file, shows } => picture(draft, file, shows, report),
        RuleKind::Foreign { what, language } => foreign(draft, places, what, language, report),
        RuleKind::Remove {
            class,
            what,
            every,
            numbered,
        } => {
            for stretch in what {
                if let Some(range) = places.stretch(stretch, report) {
                    draft.remove(range, *class);
                }
            }
            for range in every
                .iter()
                .flat_map(|line| places.find_every_line(line, report))
            {
                draft.remove(range, *class);
            }
            for range in numbered
                .iter()
                .flat_map(|line| places.find_numbered(line, report))
            {
                draft.remove(range, *class);
            }
        }
    }
}

/// Paragraphs begin where the raw text does not show it.
fn start_paragraphs(
    draft: &mut Draft<'_>,
    places: &Places<'_>,
    anchors: &[Anchor],
    report: &mut Report,
) {
    for anchor in anchors {
        draft
            .cuts
            .extend(places.find(anchor, report).map(|range| range.start));
    }
}

/// What a picture of the file shows.
fn picture(draft: &mut Draft<'_>, file: &Anchor, shows: &str, report: &mut Report) {
    let mut found = false;
    for mark in &mut draft.marks {
        if let MarkKind::Picture(picture) = &mut mark.kind
            && picture
                .path
                .strip_suffix(&file.text)
                .is_some_and(|before| before.is_empty() || before.ends_with('/'))
        {
            picture.alt = shows.to_string();
            found = true;
        }
    }
    if !found {
        let message = format!("the source shows no picture `{}`", file.text);
        report
            .error(Code::AnchorNotFound, file.span, message)
            .help("write the name of the picture's file, as `cordel import` tells it");
    }
}

/// A passage of another language.
fn foreign(
    draft: &mut Draft<'_>,
    places: &Places<'_>,
    what: &Stretch,
    language: &Anchor,
    report: &mut Report,
) {
    let Some(range) = places.stretch(what, report) else {
        return;
    };
    // The numbers of pairs that the file's own markup has are counted from below.
    let pair = u32::MAX - offset(range.start);
    let open = With::Markup("[".to_string(), Role::Open(pair));
    let close = With::Markup(format!("](lang:{})", language.text), Role::Close(pair));
    draft.edit(empty(range.start), Class::Foreign, open);
    draft.edit(empty(range.end), Class::Foreign, close);
}

/// A quotation mark that was lost in copying.
fn supply_mark(
    draft: &mut Draft<'_>,
    places: &Places<'_>,
    before: &Anchor,
    mark: &str,
    report: &mut Report,
) {
    if let Some(range) = places.find(before, report) {
        let place = empty(range.start);
        draft.edit(place, Class::SupplyMark, With::Text(mark.to_string()));
    }
}

/// The text's own title.
fn title(draft: &mut Draft<'_>, places: &Places<'_>, line: &Anchor, report: &mut Report) {
    if let Some(range) = places.find_lines(line, report) {
        draft.mark(range, Class::Title, MarkKind::Title);
        cut_behind(draft, range);
    }
}

/// Short lines that are headings.
fn headings(
    draft: &mut Draft<'_>,
    places: &Places<'_>,
    lines: &[Anchor],
    level: u8,
    report: &mut Report,
) {
    for line in lines {
        if let Some(range) = places.find_lines(line, report) {
            draft.mark(range, Class::Headings, MarkKind::Heading(level));
            cut_behind(draft, range);
        }
    }
}

/// Another voice, or another time, begins here.
fn scene_break(draft: &mut Draft<'_>, places: &Places<'_>, before: &Anchor, report: &mut Report) {
    if let Some(range) = places.find(before, report) {
        draft.mark(empty(range.start), Class::Break, MarkKind::Break);
    }
}

/// Paragraphs that are a quotation.
fn quote(draft: &mut Draft<'_>, places: &Places<'_>, what: &Stretch, report: &mut Report) {
    if let Some(range) = places.stretch(what, report) {
        draft.mark(range, Class::Quote, MarkKind::Quote);
        cut_behind(draft, range);
    }
}

/// Lines of verse, which stay lines.
fn verse(draft: &mut Draft<'_>, places: &Places<'_>, what: &Stretch, report: &mut Report) {
    let Some(range) = places.stretch(what, report) else {
        return;
    };
    for line in lines_of(draft.raw, range) {
        draft.cuts.push(line.start);
    }
    draft.mark(range, Class::Verse, MarkKind::Verse);
    cut_behind(draft, range);
}

/// Items, each after a bullet or a number that the book sets anew.
fn list(draft: &mut Draft<'_>, places: &Places<'_>, what: &Stretch, report: &mut Report) {
    let Some(range) = places.stretch(what, report) else {
        return;
    };
    draft.place(range, MarkKind::List);
    for line in lines_of(draft.raw, range) {
        let Some((length, number)) = bullet(&draft.raw[line.start..line.end]) else {
            continue;
        };
        let label = Range {
            start: line.start,
            end: line.start + length,
        };
        draft.edit(label, Class::Lists, With::Nothing);
        draft.place(empty(label.end), MarkKind::Item(number));
    }
    cut_behind(draft, range);
}

/// The bullet or number that a line begins with: its length with the space behind it, and
/// the number.
pub(super) fn bullet(line: &str) -> Option<(usize, Option<u64>)> {
    let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (length, number) = if (1..=3).contains(&digits) {
        let rest = line[digits..].strip_prefix(['.', ')'])?;
        (line.len() - rest.len(), line[..digits].parse().ok())
    } else {
        let rest = line.strip_prefix(['-', '–', '—', '*', '•', '·', '▪', '◦', '●', '■', '‣'])?;
        (line.len() - rest.len(), None)
    };
    let rest = line[length..].trim_start();
    let has_space = rest.len() + length < line.len();
    (has_space && !rest.is_empty()).then_some((line.len() - rest.len(), number))
}

/// Lines that hold a piece of each of two columns: the left ones first.
fn columns(
    draft: &mut Draft<'_>,
    places: &Places<'_>,
    what: &Stretch,
    at: usize,
    report: &mut Report,
) {
    let Some(range) = places.stretch(what, report) else {
        return;
    };
    let start = places.line_start(range.start);
    let range = Range {
        start,
        end: places.line_end(range.end),
    };
    draft.columns.push((range, at));
    draft.cuts.push(start);
    cut_behind(draft, range);
}

/// Turns of a conversation, each a paragraph.
fn speakers(draft: &mut Draft<'_>, names: &[String]) {
    let whole = Range {
        start: 0,
        end: draft.raw.len(),
    };
    for line in lines_of(draft.raw, whole) {
        let text = &draft.raw[line.start..line.end];
        let speaks = names.iter().any(|name| {
            text.strip_prefix(name.as_str())
                .is_some_and(|rest| rest.starts_with([':', '.']))
        });
        if speaks {
            draft.cuts.push(line.start);
        }
    }
}

/// The lines of a stretch that hold something, without the space around them.
fn lines_of(raw: &str, range: Range) -> Vec<Range> {
    let mut at = range.start;
    let mut lines = Vec::new();
    for line in raw[range.start..range.end].split_inclusive('\n') {
        let start = at + (line.len() - line.trim_start().len());
        let end = start + line.trim().len();
        at += line.len();
        if start < end {
            lines.push(Range { start, end });
        }
    }
    lines
}

/// A text beside the running text, which goes on around it.
fn side_box(
    draft: &mut Draft<'_>,
    places: &Places<'_>,
    what: &Stretch,
    title: Option<String>,
    after: Option<&Anchor>,
    report: &mut Report,
) {
    let range = places.stretch(what, report);
    let after = after.and_then(|anchor| places.find(anchor, report));
    let Some(range) = range else {
        return;
    };
    let after = after.map(|after| after.start);
    draft.mark(range, Class::Boxes, MarkKind::Box { title, after });
}

/// Dates, each with what happened then; some of them lost.
fn timeline(
    draft: &mut Draft<'_>,
    places: &Places<'_>,
    what: &Stretch,
    supply: &[(Anchor, String)],
    report: &mut Report,
) {
    let range = places.stretch(what, report);
    let dates: Vec<_> = supply
        .iter()
        .filter_map(|(before, date)| Some((places.find(before, report)?, date)))
        .collect();
    let Some(range) = range else {
        return;
    };
    for (place, date) in dates {
        let place = empty(place.start);
        let kind = ChangeKind::Replaced(format!("[{date}]\n"));
        draft.change(place, Class::SupplyDates, kind);
        draft.place(place, MarkKind::Date(date.clone()));
    }
    // Its entries are counted where they are set.
    draft.place(range, MarkKind::Timeline);
    cut_behind(draft, range);
}

/// Words that stand elsewhere too, printed again by mistake: removed only when the letters
/// agree.
fn remove_doubled(
    draft: &mut Draft<'_>,
    places: &Places<'_>,
    what: &Stretch,
    of: &Anchor,
    report: &mut Report,
) {
    let range = places.stretch(what, report);
    let first = places.find(of, report);
    let (Some(range), Some(first)) = (range, first) else {
        return;
    };
    let letters = |text: &'_ str| -> Vec<char> {
        text.chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect()
    };
    let doubled = letters(&draft.raw[range.start..range.end]);
    let elsewhere = draft.raw[first.start..]
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase);
    if elsewhere.take(doubled.len()).eq(doubled) && !range.contains(first.start) {
        draft.remove(range, Class::RemoveDoubled);
        return;
    }
    not_doubled(places, of.span, range, first, report);
}

fn not_doubled(places: &Places<'_>, recipe: Span, range: Range, first: Range, report: &mut Report) {
    report
        .error(
            Code::NotDoubled,
            recipe,
            "the words to be removed do not stand here a second time",
        )
        .label(places.span(range), "these were to be removed")
        .label(places.span(first), "these are others")
        .help("only what the text has twice is removed as doubled; name the place where the same words stand");
}

/// Whatever follows these lines is a paragraph of its own.
fn cut_behind(draft: &mut Draft<'_>, range: Range) {
    let behind = &draft.raw[range.end..];
    let gap = behind.len() - behind.trim_start().len();
    draft.cuts.push(range.end + gap);
}

fn empty(at: usize) -> Range {
    Range { start: at, end: at }
}
