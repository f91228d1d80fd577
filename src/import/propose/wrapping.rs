//! How lines make paragraphs: broken by a typesetter or not, hyphens at their ends, single
//! signs that are mended everywhere.

use std::collections::BTreeSet;

use super::Finder;
use super::lines::{Kind, Text, begins_large, begins_small, ends_sentence};
use super::recipe::list;

/// How the text's lines make paragraphs.
pub(super) struct Layout {
    /// Whether line ends are only where the line was full.
    pub(super) wrapped: bool,
    /// How long full lines are, in characters.
    pub(super) width: usize,
}

/// Finds how lines make paragraphs.
pub(super) fn find(
    text: &Text<'_>,
    columns: bool,
    typeset: bool,
    found: &mut Finder<'_>,
) -> Layout {
    let mut layout = measure(text);
    layout.wrapped |= columns;
    if layout.wrapped {
        join_lines(text, &layout, typeset, found);
    }
    signs(text, found);
    layout
}

/// In a text that a typesetter broke, the next line's first word would not have fitted.
fn measure(text: &Text<'_>) -> Layout {
    let running = text.lines.iter().filter(|line| line.kind == Kind::Running);
    let mut widths: Vec<usize> = running.map(|line| line.width).collect();
    widths.sort_unstable();
    let width = widths.get(widths.len() * 19 / 20).copied().unwrap_or(0);
    let (mut pairs, mut full) = (0, 0);
    for at in inner(text) {
        // A paragraph's last line tells nothing.
        if ends_sentence(text.at(at)) && begins_large(text.at(at + 1)) {
            continue;
        }
        let first = text
            .at(at + 1)
            .split_whitespace()
            .next()
            .unwrap_or_default();
        pairs += 1;
        full += usize::from(text.lines[at].width + 1 + first.chars().count() > width);
    }
    Layout {
        wrapped: pairs >= 3 && full * 100 >= pairs * 55 && (20..=160).contains(&width),
        width,
    }
}

/// The running lines that another one follows without an empty line between.
fn inner(text: &Text<'_>) -> impl Iterator<Item = usize> {
    (0..text.lines.len().saturating_sub(1)).filter(|&at| {
        let next = &text.lines[at + 1];
        text.is_running(at) && text.is_running(at + 1) && next.blank == 0 && !next.page
    })
}

fn join_lines(text: &Text<'_>, layout: &Layout, typeset: bool, found: &mut Finder<'_>) {
    let (lost, short) = match typeset {
        true => (Vec::new(), false),
        false => lost_breaks(text, layout),
    };
    frames(text, found);
    let mut toml = String::new();
    let hyphens = Hyphens::of(text);
    let drops = hyphens.dropped.len() > hyphens.kept.len();
    let choice = if drops { "drop" } else { "keep" };
    toml.push_str(&format!("join-lines.hyphens = \"{choice}\"\n"));
    let except = if drops {
        &hyphens.kept
    } else {
        &hyphens.dropped
    };
    if !except.is_empty() {
        let words: Vec<String> = except.iter().cloned().collect();
        toml.push_str(&format!("join-lines.except = {}\n", list(&words)));
    }
    let why = format!("Lines are broken at about {} characters.", layout.width);
    if short {
        toml.push_str(&format!(
            "join-lines.short = {}\n",
            short_width(text, layout)
        ));
    }
    found.rule(0, why, toml);
    for (at, word) in hyphens.doubts {
        found.doubt(text.lines[at].number, format!("“{word}” is divided at a line end; whether the hyphen is the word’s own cannot be told (it is {})", if drops { "dropped" } else { "kept" }));
    }
    if short {
        found.doubt(0, "paragraphs are told by their short last lines only; one that ends in a full line is joined to the next");
        return;
    }
    let first = lost.first().map_or(0, |at| text.lines[*at].number);
    let anchors: Vec<String> = lost
        .iter()
        .filter_map(|&at| found.anchors.from(text.lines[at].start, text.lines[at].end))
        .collect();
    if !anchors.is_empty() {
        let toml = format!("start-paragraph.before = {}", list(&anchors));
        let why = "Short lines end a sentence in the middle of a paragraph.";
        found.ask(
            first,
            why,
            toml,
            "Does a paragraph begin after each of them?",
            true,
        );
    }
}

/// More empty lines than paragraphs have between them show where a page's frames begin.
fn frames(text: &Text<'_>, found: &mut Finder<'_>) {
    let blank = text
        .lines
        .iter()
        .skip(1)
        .map(|line| line.blank)
        .filter(|blank| *blank > 0);
    let (count, sum) = blank.fold((0, 0), |(count, sum), blank| (count + 1, sum + blank));
    if count == 0 || sum > 2 * count {
        return;
    }
    let running = text.lines.iter().filter(|line| line.kind == Kind::Running);
    for line in running.filter(|line| line.blank > 2 && line.start > 0) {
        found.doubt(
            line.number,
            format!(
                "{} empty lines stand before this one: a side box may begin or end here",
                line.blank
            ),
        );
    }
}

/// Where a line is far too short for its paragraph to go on; and whether all paragraphs are
/// told by that, as there are no empty lines or indents.
fn lost_breaks(text: &Text<'_>, layout: &Layout) -> (Vec<usize>, bool) {
    let ends = |limit: usize| {
        inner(text).filter(move |&at| {
            let line = &text.lines[at];
            let next = text.at(at + 1);
            let indented = text.lines[at + 1].indent > line.indent;
            line.width < limit && ends_sentence(text.words(line)) && begins_large(next) && !indented
        })
    };
    let blocks = text.blocks().len();
    let by_short = ends(short_width(text, layout)).count();
    let indents = inner(text).filter(|&at| text.lines[at + 1].indent > text.lines[at].indent);
    if by_short >= 2 && by_short > blocks && indents.count() < by_short {
        return (Vec::new(), true);
    }
    (ends(layout.width * 3 / 5).map(|at| at + 1).collect(), false)
}

/// A shorter line is a paragraph's last: where there are no empty lines at all, nearly every
/// line that is not full.
fn short_width(text: &Text<'_>, layout: &Layout) -> usize {
    match text.blocks().len() {
        0 | 1 => layout.width * 9 / 10,
        _ => layout.width * 3 / 4,
    }
}

/// Words that are divided at line ends, joined.
#[derive(Default)]
struct Hyphens {
    /// With their hyphen, because it is their own.
    kept: BTreeSet<String>,
    /// With their hyphen, which is the typesetter's.
    dropped: BTreeSet<String>,
    doubts: Vec<(usize, String)>,
}

impl Hyphens {
    fn of(text: &Text<'_>) -> Hyphens {
        let is_part = |c: char| c.is_alphanumeric() || c == '-';
        let lower = text.raw.to_lowercase();
        let known: BTreeSet<&str> = lower.split(|c: char| !is_part(c)).collect();
        let mut hyphens = Hyphens::default();
        let ends = inner(text)
            .filter(|at| text.at(*at).ends_with(['-', '\u{2010}']))
            .count();
        // A typesetter who divides words does so on more lines than these.
        let few = ends * 100 < inner(text).count() * 3;
        for at in inner(text) {
            let (line, next) = (text.at(at), text.at(at + 1));
            let Some(head) = line.strip_suffix(['-', '\u{2010}']) else {
                continue;
            };
            let first = head
                .rsplit(|c: char| !is_part(c))
                .next()
                .unwrap_or_default();
            let second = next.split(|c: char| !c.is_alphanumeric()).next();
            let (first, second) = (first.to_lowercase(), second.unwrap_or_default());
            if first.is_empty() || second.is_empty() {
                continue;
            }
            let own = second.chars().any(|c| c.is_uppercase() || c.is_numeric());
            let second = second.to_lowercase();
            let (whole, divided) = (format!("{first}{second}"), format!("{first}-{second}"));
            let has = |word: &str| known.contains(word);
            if has(&divided) || own || first.contains('-') {
                hyphens.kept.insert(divided);
            } else if has(&whole) {
                hyphens.dropped.insert(divided);
            } else if few || has(&first) && has(&second) || PREFIXES.contains(&first.as_str()) {
                hyphens.doubts.push((at, divided.clone()));
                hyphens.kept.insert(divided);
            } else {
                hyphens.dropped.insert(divided);
            }
        }
        hyphens
    }
}

/// What words with a hyphen of their own often begin with.
const PREFIXES: &[&str] = &[
    "self", "co", "non", "anti", "ex", "pro", "well", "so", "semi", "quasi", "half", "all",
    "cross", "post", "pre", "re", "far", "left", "right", "class", "long", "short", "ultra",
    "vice",
];

/// Single signs that are mended wherever they stand.
fn signs(text: &Text<'_>, found: &mut Finder<'_>) {
    let raw = text.raw;
    let line_of = |at: usize| raw[..at].matches('\n').count();
    let inside = |signs: &str| {
        let running = text.lines.iter().filter(|line| line.kind != Kind::Region);
        let mut with = running.filter(|line| text.words(line).contains(signs));
        with.next().map(|line| line.number)
    };
    if let Some(line) = inside("  ") {
        found.rule(line, "Two spaces stand for one.", "double-spaces = {}");
    }
    let odd = |c: char| c.is_whitespace() && !c.is_ascii() && !matches!(c, '\u{2028}' | '\u{2029}');
    let odd = text
        .lines
        .iter()
        .find(|line| text.words(line).contains(odd));
    if let Some(line) = odd {
        found.rule(
            line.number,
            "Some spaces are no-break or odd ones.",
            "odd-spaces = {}",
        );
    }
    for (sign, why, rule) in [
        (
            "\u{2011}",
            "Some hyphens are no-break ones.",
            "plain-hyphens",
        ),
        ("\u{ad}", "There are soft hyphens.", "soft-hyphens"),
    ] {
        if let Some(at) = raw.find(sign) {
            found.rule(line_of(at), why, format!("{rule} = {{}}"));
        }
    }
    let doubled = ["““", "””", "««", "»»", "„„"]
        .iter()
        .filter_map(|signs| raw.find(signs))
        .min();
    if let Some(at) = doubled {
        found.rule(
            line_of(at),
            "Quotation marks are doubled.",
            "doubled-quotes = {}",
        );
    }
    let dashes = |line: &&super::lines::Line| {
        let words = text.words(line);
        let run = words.find("--").filter(|at| {
            words[at + 2..].trim_start_matches('-').len() + 1 >= words[at + 2..].len()
        });
        line.kind == Kind::Running && run.is_some() && words.chars().any(char::is_alphabetic)
    };
    if let Some(line) = text.lines.iter().find(dashes) {
        found.rule(
            line.number,
            "Hyphens in a row stand for a dash.",
            "dash-runs = {}",
        );
    }
    straight_quotes(raw, found);
}

/// Straight quotation marks are the text's own way; to turn them is the editor's choice.
fn straight_quotes(raw: &str, found: &mut Finder<'_>) {
    let straight = raw.matches(['"', '\'']).count();
    let curly = raw.matches(['“', '”', '‘', '’', '«', '»']).count();
    if straight >= 4 && curly * 10 < straight {
        let why = "Quotation marks and apostrophes are straight.";
        let question =
            "Make them typographic? A word that begins with an apostrophe is then wrong.";
        found.ask(0, why, "typographic-quotes = {}", question, false);
    } else if straight > 0 && curly > straight {
        let at = raw.find(['"', '\'']).unwrap_or(0);
        let line = raw[..at].matches('\n').count();
        found.doubt(
            line,
            format!(
                "{straight} straight quotation marks or apostrophes among {curly} typographic ones"
            ),
        );
    }
}

/// Paragraphs that a page or a column cut in two, and what was set between their halves.
pub(super) fn find_cut_paragraphs(text: &Text<'_>, layout: &Layout, found: &mut Finder<'_>) {
    let blocks = text.blocks();
    let opens = |at: usize| {
        let (start, end) = blocks[at];
        let last = &text.lines[end - 1];
        let long = end - start > 1 || last.width > layout.width / 2 && last.width > 40;
        long && !ends_sentence(text.words(last))
    };
    let closes = |at: usize| begins_small(text.at(blocks[at].0));
    let mut cuts = Vec::new();
    let mut boxes = Vec::new();
    let mut at = 0;
    while at + 1 < blocks.len() {
        if opens(at) && closes(at + 1) {
            cuts.push(at);
        } else if opens(at) {
            let near = (at + 2..blocks.len().min(at + MOST_IN_BOX + 2)).take_while(|&to| {
                let before = to - 1;
                before == at || !opens(before) || closes(to)
            });
            let mut near =
                near.filter(|&to| closes(to) && same_flow(text, blocks[at].1, blocks[to].0));
            if let Some(to) = near.next() {
                boxes.push((blocks[at + 1].0, blocks[to - 1].1 - 1));
                at = to;
                continue;
            }
        }
        at += 1;
    }
    if let Some(first) = cuts.first() {
        let line = text.lines[blocks[*first].1 - 1].number;
        let why = format!("{} paragraph(s) are cut in mid-sentence.", cuts.len());
        found.rule(line, why, "join-paragraphs = {}");
    } else if let Some((first, _)) = boxes.first() {
        let line = text.lines[*first].number;
        found.rule(
            line,
            "A sentence goes on behind a side box.",
            "join-paragraphs = {}",
        );
    }
    for (first, last) in boxes {
        side_box(text, first, last, found);
    }
}

/// The most paragraphs between the halves of a sentence that are taken for a side box.
const MOST_IN_BOX: usize = 8;

/// Whether only running text stands between two lines.
fn same_flow(text: &Text<'_>, from: usize, to: usize) -> bool {
    (from..to).all(|at| matches!(text.lines[at].kind, Kind::Running | Kind::Furniture))
}

fn side_box(text: &Text<'_>, first: usize, last: usize, found: &mut Finder<'_>) {
    let (start, end) = (text.lines[first].start, text.lines[last].end);
    let from = found.anchors.from(start, end);
    let through = found.anchors.through(start, end);
    let (Some(from), Some(through)) = (from, through) else {
        return;
    };
    let line = text.lines[first].number;
    let toml = format!(
        "box.from = {}\nbox.through = {}",
        crate::data::quoted(&from),
        crate::data::quoted(&through)
    );
    let why = format!(
        "Lines {} to {} stand in the middle of a sentence.",
        line + 1,
        text.lines[last].number + 1
    );
    found.ask(line, why, toml, "Are they a side box?", true);
    found.doubt(
        line,
        "a side box stands here; move it with box.after where it belongs elsewhere",
    );
}
