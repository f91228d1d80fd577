//! Reads a figure's file; every fault in one run.

use serde::Deserialize;
use toml::Spanned;

use super::{Bar, Calendar, Figure, Group, Join, Month, Place, Plan, Stretch};
use crate::data::{DataFile, Located, nearest};
use crate::diag::{Code, Report, Severity};
use crate::source::{Inputs, SourceId, Span};

/// More entries than this no page can show.
const MOST: usize = 60;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFigure {
    kind: Kind,
    from: Option<Spanned<String>>,
    to: Option<Spanned<String>>,
    columns: Option<i64>,
    rows: Option<i64>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    Bars,
    Spans,
    Boxes,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawGroup {
    label: String,
    /// Pairs of a label and a value.
    bars: Vec<(String, Spanned<String>)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSpan {
    label: String,
    from: Spanned<String>,
    to: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawBox {
    id: String,
    /// Column and row, from 0.
    at: (i64, i64),
    #[serde(default = "one")]
    wide: i64,
    #[serde(default)]
    dark: bool,
    lines: Vec<String>,
}

fn one() -> i64 {
    1
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLine {
    between: (Spanned<String>, Spanned<String>),
    #[serde(default)]
    broken: bool,
}

/// Reads a figure; `None` when its file does not describe one.
pub fn load(inputs: &Inputs, id: SourceId, report: &mut Report) -> Option<Figure> {
    let before = report.count(Severity::Error);
    let mut file = DataFile::open(inputs, id, report);
    let head = file.table::<RawFigure>("figure", report);
    let groups = file.list::<RawGroup>("group", report);
    let spans = file.list::<RawSpan>("span", report);
    let boxes = file.list::<RawBox>("box", report);
    let lines = file.list::<RawLine>("line", report);
    file.close(report);
    let mut reader = Reader { id, report };
    let Some(head) = head else {
        if reader.report.count(Severity::Error) == before {
            let start = Span::new(id, 0, 0);
            let missing = "this file has no [figure] table";
            let told = reader.report.error(Code::MissingKey, start, missing);
            told.help("start it with [figure] and a kind: bars, spans or boxes");
        }
        return None;
    };
    let most = groups.len().max(spans.len()).max(boxes.len());
    if most > MOST || lines.len() > MOST * MOST {
        reader.wrong(
            head.span,
            format!("a figure of more than {MOST} parts"),
            "divide it into several figures",
        );
        return None;
    }
    let figure = match head.value.kind {
        Kind::Bars => Figure::Bars(reader.groups(groups)),
        Kind::Spans => Figure::Spans(reader.calendar(&head, spans)?),
        Kind::Boxes => Figure::Boxes(reader.plan(&head, boxes, lines)?),
    };
    (reader.report.count(Severity::Error) == before).then_some(figure)
}

struct Reader<'r> {
    id: SourceId,
    report: &'r mut Report,
}

impl Reader<'_> {
    fn wrong(&mut self, span: Span, what: impl Into<String>, help: &str) {
        self.report
            .error(Code::BadValue, span, what.into())
            .help(help);
    }

    fn span<T>(&self, value: &Spanned<T>) -> Span {
        Span::new(self.id, value.span().start, value.span().end)
    }

    fn groups(&mut self, raw: Vec<Located<RawGroup>>) -> Vec<Group> {
        let groups = raw.into_iter().map(|group| Group {
            label: group.value.label,
            bars: group
                .value
                .bars
                .into_iter()
                .filter_map(|bar| self.bar(bar))
                .collect(),
        });
        groups.collect()
    }

    fn bar(&mut self, (label, shown): (String, Spanned<String>)) -> Option<Bar> {
        let value = number(shown.get_ref());
        if value.is_none() {
            let span = self.span(&shown);
            let what = format!("`{}` does not begin with a number", shown.get_ref());
            self.wrong(
                span,
                what,
                "write it as it is to be printed: 1,939 or 36.63 per cent",
            );
        }
        Some(Bar {
            label,
            value: value?,
            shown: shown.into_inner(),
        })
    }

    fn calendar(
        &mut self,
        head: &Located<RawFigure>,
        raw: Vec<Located<RawSpan>>,
    ) -> Option<Calendar> {
        let (Some(from), Some(to)) = (&head.value.from, &head.value.to) else {
            self.wrong(
                head.span,
                "a figure of spans has no `from` or no `to`",
                "write the first and the last month of its scale: from = \"1970-09\"",
            );
            return None;
        };
        let (first, end) = (self.month(from)?, self.month(to)? + 1);
        if !(1..=1200).contains(&(end - first)) {
            let span = self.span(to);
            self.wrong(
                span,
                "the scale has no months, or more than a hundred years",
                "write `to` as a month after `from`",
            );
            return None;
        }
        let mut spans = Vec::new();
        for span in raw {
            let from = self.month(&span.value.from);
            let to = match &span.value.to {
                Some(to) => self.month(to).map(|to| to + 1),
                None => from,
            };
            let (Some(from), Some(to)) = (from, to) else {
                continue;
            };
            if from < first || to > end || to < from || from >= end {
                self.wrong(
                    span.span,
                    "this span does not lie within the scale",
                    "widen the scale in [figure], or mend the months",
                );
                continue;
            }
            spans.push(Stretch {
                label: span.value.label,
                from,
                to,
            });
        }
        Some(Calendar { first, end, spans })
    }

    /// A month: `1972-10`.
    fn month(&mut self, raw: &Spanned<String>) -> Option<Month> {
        let read = raw.get_ref().split_once('-').and_then(|(year, month)| {
            let plain = |text: &str, length| {
                text.len() == length && text.bytes().all(|b| b.is_ascii_digit())
            };
            let whole = plain(year, 4) && plain(month, 2);
            let (year, month): (Month, Month) = (year.parse().ok()?, month.parse().ok()?);
            (whole && (1..=12).contains(&month)).then_some(year * 12 + month - 1)
        });
        if read.is_none() {
            let span = self.span(raw);
            self.wrong(
                span,
                format!("`{}` is not a month", raw.get_ref()),
                "write the year and the month: 1972-10",
            );
        }
        read
    }

    fn plan(
        &mut self,
        head: &Located<RawFigure>,
        raw: Vec<Located<RawBox>>,
        lines: Vec<Located<RawLine>>,
    ) -> Option<Plan> {
        let (columns, rows) = (
            head.value.columns.unwrap_or(0),
            head.value.rows.unwrap_or(0),
        );
        if !(1..=8).contains(&columns) || !(1..=20).contains(&rows) {
            self.wrong(
                head.span,
                "a figure of boxes has no grid that a page can show",
                "write columns (1 to 8) and rows (1 to 20)",
            );
            return None;
        }
        let mut ids = Vec::new();
        let mut boxes = Vec::new();
        for place in raw {
            let (span, place) = (place.span, place.value);
            let (column, row) = place.at;
            let right = place.wide.checked_add(column);
            let fits =
                column >= 0 && place.wide >= 1 && right.is_some_and(|right| right <= columns);
            if !fits || !(0..rows).contains(&row) || place.lines.len() > 12 {
                self.wrong(
                    span,
                    format!("the box `{}` does not fit the grid", place.id),
                    "count columns and rows from 0, and give it no more than twelve lines",
                );
                continue;
            }
            ids.push(place.id);
            boxes.push(Place {
                lines: place.lines,
                column,
                row,
                wide: place.wide,
                dark: place.dark,
            });
        }
        let mut joins = Vec::new();
        for line in lines {
            let (from, to) = line.value.between;
            if let (Some(from), Some(to)) = (self.find(&ids, &from), self.find(&ids, &to)) {
                joins.push(Join {
                    from,
                    to,
                    broken: line.value.broken,
                });
            }
        }
        Some(Plan {
            columns,
            rows,
            boxes,
            joins,
        })
    }

    fn find(&mut self, ids: &[String], raw: &Spanned<String>) -> Option<usize> {
        let found = ids.iter().position(|id| id == raw.get_ref());
        if found.is_none() {
            let span = self.span(raw);
            let near = nearest(raw.get_ref(), ids.iter().map(String::as_str));
            let help = near.map_or("give a box this id".to_string(), |near| {
                format!("did you mean `{near}`?")
            });
            self.wrong(span, format!("there is no box `{}`", raw.get_ref()), &help);
        }
        found
    }
}

/// The number that a text begins with, in hundredths; commas part its thousands.
fn number(text: &str) -> Option<i64> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != ',' && c != '.');
    let digits = text[..end.unwrap_or(text.len())].trim_end_matches([',', '.']);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let whole: i64 = whole
        .replace(',', "")
        .parse()
        .ok()
        .filter(|&whole| whole < 1_000_000_000_000)?;
    let part: i64 = match part.len() {
        0 => 0,
        1..=2 => format!("{part:0<2}").parse().ok()?,
        _ => return None,
    };
    Some(whole * 100 + part)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fonts::FontSet;
    use crate::pages::Item;
    use crate::units::Length;

    fn read(text: &str) -> (Option<Figure>, String) {
        let mut inputs = Inputs::default();
        let id = inputs.add_text("figures/one.toml", text);
        let mut report = Report::default();
        let figure = load(&inputs, id, &mut report);
        (figure, report.render(&inputs))
    }

    const BARS: &str = "[figure]\nkind = \"bars\"\n[[group]]\nlabel = \"Strikes\"\n\
                        bars = [[\"Lee\", \"977\"], [\"Ek\", \"1,939 or so\"]]\n";
    const SPANS: &str = "[figure]\nkind = \"spans\"\nfrom = \"1970-09\"\nto = \"1973-09\"\n\
                         [[span]]\nlabel = \"Siege\"\nfrom = \"1972-10\"\nto = \"1972-11\"\n\
                         [[span]]\nlabel = \"Vote\"\nfrom = \"1973-03\"\n";
    const BOXES: &str = "[figure]\nkind = \"boxes\"\ncolumns = 2\nrows = 2\n\
                         [[box]]\nid = \"a\"\nat = [0, 0]\nwide = 2\nlines = [\"A\", \"first\"]\n\
                         [[box]]\nid = \"b\"\nat = [1, 1]\nlines = [\"B\"]\n\
                         [[line]]\nbetween = [\"a\", \"b\"]\nbroken = true\n";

    #[test]
    fn numbers_are_read_as_they_are_printed() {
        let read = ["977", "1,939", "36.63 per cent", "50.5", "5,295 strikes"].map(number);
        let expected = [97_700, 193_900, 3_663, 5_050, 529_500].map(Some);
        assert_eq!(read, expected);
        assert_eq!(
            ["", "about 50", "1.234", ".", "9999999999999"].map(number),
            [None; 5]
        );
    }

    #[test]
    fn every_kind_is_read_and_drawn_within_its_edges() {
        // At last so large, and no smaller, that words stand in more lines.
        let sizes = [(320, [8, 4]), (90, [8, 4]), (320, [16, 16])];
        for (text, (width, sizes)) in [BARS, SPANS, BOXES]
            .iter()
            .flat_map(|text| sizes.map(|sizes| (text, sizes)))
        {
            let sizes = sizes.map(Length::pt);
            let (figure, faults) = read(text);
            assert_eq!(faults, "");
            let figure = figure.expect("a figure");
            let width = Length::pt(width);
            let drawing = figure.draw(FontSet::built_in(), width, sizes);
            assert!(drawing.items.len() > 4, "{text}");
            for item in &drawing.items {
                let (left, right, bottom) = match item {
                    Item::Rule { rect, .. } => {
                        let (origin, size) = (rect.origin, rect.size);
                        (origin.x, origin.x + size.width, origin.y + size.height)
                    }
                    Item::Run(run) => {
                        let long: Length = run.glyphs.iter().map(|glyph| glyph.advance).sum();
                        (run.origin.x, run.origin.x + long, run.origin.y)
                    }
                    Item::Picture { .. } => unreachable!("figures show no pictures"),
                };
                assert!(
                    left >= -Length::PT && right <= width + Length::PT,
                    "{item:?}"
                );
                assert!(bottom <= drawing.size.height + Length::PT, "{item:?}");
            }
        }
    }

    #[test]
    fn a_file_cut_off_anywhere_is_read_or_refused() {
        for text in [BARS, SPANS, BOXES] {
            for end in 0..text.len() {
                if let (Some(figure), _) = read(&text[..end]) {
                    figure.draw(FontSet::built_in(), Length::pt(100), [Length::pt(8); 2]);
                }
            }
        }
    }

    #[test]
    fn every_fault_is_told() {
        let (figure, faults) = read("");
        assert!(
            figure.is_none() && faults.contains("no [figure] table"),
            "{faults}"
        );
        let (figure, faults) = read(&BARS.replace("977", "many"));
        assert!(
            figure.is_none() && faults.contains("begin with a number"),
            "{faults}"
        );
        let wrong = SPANS
            .replace("1972-10", "1972-13")
            .replace("1973-03", "1974-03");
        let (figure, faults) = read(&wrong);
        assert!(
            figure.is_none() && faults.contains("is not a month"),
            "{faults}"
        );
        assert!(faults.contains("within the scale"), "{faults}");
        let wrong = BOXES.replace("[1, 1]", "[2, 1]");
        let (figure, faults) = read(&wrong);
        assert!(
            figure.is_none() && faults.contains("does not fit the grid"),
            "{faults}"
        );
        assert!(faults.contains("there is no box `b`"), "{faults}");
        assert!(
            read(&BOXES.replace("rows = 2", "rows = 2000000"))
                .0
                .is_none()
        );
    }
}
