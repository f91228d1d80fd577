//! Diagnostics as text: each with the line that it is about and the place underlined.

use std::io;
use std::ops::Range;

use codespan_reporting::diagnostic::{
    Diagnostic as Shown, Label, LabelStyle, Severity as ShownSeverity,
};
use codespan_reporting::files::{Error, Files};
use codespan_reporting::term;

use super::{Diagnostic, Report, Severity};
use crate::source::{Inputs, Span};

/// Lines longer than this many bytes are shown in part.
const LONGEST_LINE: usize = 100;

/// The whole report, in the order of the places.
pub(super) fn text(report: &Report, inputs: &Inputs, color: bool) -> String {
    let mut sorted: Vec<&Diagnostic> = report.diagnostics.iter().collect();
    sorted.sort_by_key(|diagnostic| diagnostic.span.map(|span| inputs.origin(span)));
    let mut painter = Painter {
        out: Vec::new(),
        color,
    };
    for diagnostic in sorted {
        render(diagnostic, inputs, &mut painter);
    }
    String::from_utf8_lossy(&painter.out).into_owned()
}

fn render(diagnostic: &Diagnostic, inputs: &Inputs, painter: &mut Painter) {
    let mut excerpts = Excerpts(Vec::new());
    let mut labels: Vec<_> = diagnostic
        .span
        .iter()
        .map(|&span| {
            let (file, range) = excerpts.add(inputs, span);
            Label::primary(file, range)
        })
        .collect();
    for (span, text) in &diagnostic.labels {
        let (file, range) = excerpts.add(inputs, *span);
        labels.push(Label::secondary(file, range).with_message(text));
    }
    let severity = match diagnostic.severity {
        Severity::Error => ShownSeverity::Error,
        Severity::Warning => ShownSeverity::Warning,
    };
    let shown = Shown::new(severity)
        .with_code(diagnostic.code.name())
        .with_message(&diagnostic.message)
        .with_labels(labels)
        .with_notes(
            diagnostic
                .help
                .iter()
                .map(|help| format!("help: {help}"))
                .collect(),
        );
    let config = term::Config::default();
    term::emit_to_write_style(painter, &config, &excerpts, &shown)
        .expect("labels lie inside their excerpts");
}

/// The lines that are shown, one for each label.
struct Excerpts(Vec<Excerpt>);

/// One line of an input, or the part of it around the place that is meant.
struct Excerpt {
    path: String,
    line: String,
    /// Counted from 1.
    number: usize,
    /// How many characters of the line stand before what is shown.
    skipped: usize,
}

impl Excerpts {
    /// Adds the line where a span begins; the span's bytes in what is shown.
    fn add(&mut self, inputs: &Inputs, span: Span) -> (usize, Range<usize>) {
        let span = inputs.origin(span);
        let text = inputs.text(span.source);
        let start = text.floor_char_boundary(span.start as usize);
        let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
        let end = text
            .ceil_char_boundary(span.end as usize)
            .clamp(start, line_end);
        let shown = window(text, line_start..line_end, start..end);
        let (before, after) = (shown.start > line_start, shown.end < line_end);
        let dots = |cut: bool| if cut { "…" } else { "" };
        // A sign that a terminal would obey is shown as a question mark, of one byte too.
        let seen = text[shown.clone()].replace(|c: char| c.is_ascii_control() && c != '\t', "?");
        let line = format!("{}{seen}{}", dots(before), dots(after));
        let from = start - shown.start + dots(before).len();
        let to = end.min(shown.end) - shown.start + dots(before).len();
        self.0.push(Excerpt {
            path: inputs.get(span.source).path.clone(),
            line,
            number: text[..start].matches('\n').count() + 1,
            skipped: text[line_start..shown.start]
                .chars()
                .count()
                .saturating_sub(usize::from(before)),
        });
        (self.0.len() - 1, from..to.max(from))
    }
}

/// The part of a line that is shown around a place.
fn window(text: &str, line: Range<usize>, place: Range<usize>) -> Range<usize> {
    if line.len() <= LONGEST_LINE {
        return line;
    }
    let spare = LONGEST_LINE.saturating_sub(place.len()) / 2;
    let start = text.floor_char_boundary(place.start.saturating_sub(spare).max(line.start));
    let end = text.ceil_char_boundary((start + LONGEST_LINE).min(line.end));
    start..end
}

impl<'a> Files<'a> for Excerpts {
    type FileId = usize;
    type Name = &'a str;
    type Source = &'a str;

    fn name(&'a self, id: usize) -> Result<&'a str, Error> {
        self.0
            .get(id)
            .map(|excerpt| excerpt.path.as_str())
            .ok_or(Error::FileMissing)
    }

    fn source(&'a self, id: usize) -> Result<&'a str, Error> {
        self.0
            .get(id)
            .map(|excerpt| excerpt.line.as_str())
            .ok_or(Error::FileMissing)
    }

    fn line_index(&'a self, _id: usize, _byte: usize) -> Result<usize, Error> {
        Ok(0)
    }

    fn line_range(&'a self, id: usize, _line: usize) -> Result<Range<usize>, Error> {
        Ok(0..self.source(id)?.len())
    }

    fn line_number(&'a self, id: usize, _line: usize) -> Result<usize, Error> {
        self.0
            .get(id)
            .map(|excerpt| excerpt.number)
            .ok_or(Error::FileMissing)
    }

    fn column_number(&'a self, id: usize, _line: usize, byte: usize) -> Result<usize, Error> {
        let excerpt = self.0.get(id).ok_or(Error::FileMissing)?;
        let shown = excerpt
            .line
            .get(..byte)
            .map_or(0, |before| before.chars().count());
        Ok(excerpt.skipped + shown + 1)
    }
}

/// Collects rendered text, in colour when a terminal shows it.
struct Painter {
    out: Vec<u8>,
    color: bool,
}

impl Painter {
    fn paint(&mut self, code: &str) -> io::Result<()> {
        if self.color {
            self.out
                .extend_from_slice(format!("\u{1b}[{code}m").as_bytes());
        }
        Ok(())
    }
}

/// The colour of a severity, as terminals number them.
fn ink(severity: ShownSeverity) -> &'static str {
    match severity {
        ShownSeverity::Bug | ShownSeverity::Error => "1;31",
        ShownSeverity::Warning => "1;33",
        ShownSeverity::Note | ShownSeverity::Help => "1;36",
    }
}

impl io::Write for Painter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl term::WriteStyle for Painter {
    fn set_header(&mut self, severity: ShownSeverity) -> io::Result<()> {
        self.paint(ink(severity))
    }

    fn set_header_message(&mut self) -> io::Result<()> {
        self.paint("0;1")
    }

    fn set_line_number(&mut self) -> io::Result<()> {
        self.paint("34")
    }

    fn set_note_bullet(&mut self) -> io::Result<()> {
        self.paint("34")
    }

    fn set_source_border(&mut self) -> io::Result<()> {
        self.paint("34")
    }

    fn set_label(&mut self, severity: ShownSeverity, style: LabelStyle) -> io::Result<()> {
        match style {
            LabelStyle::Primary => self.paint(ink(severity)),
            LabelStyle::Secondary => self.paint("34"),
        }
    }

    fn reset(&mut self) -> io::Result<()> {
        self.paint("0")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::Code;

    #[test]
    fn shows_the_line_and_underlines_the_place() {
        let mut inputs = Inputs::default();
        let id = inputs.add_text("a.md", "one\ntwo words here\nthree");
        let mut report = Report::default();
        report
            .error(Code::UnknownId, Span::new(id, 8, 13), "no such word")
            .help("take another");
        let shown = text(&report, &inputs, false);
        assert!(shown.contains("error[unknown-id]: no such word"), "{shown}");
        assert!(shown.contains("a.md:2:5"), "{shown}");
        assert!(shown.contains("2 │ two words here"), "{shown}");
        assert!(shown.contains("^^^^^"), "{shown}");
        assert!(shown.contains("help: take another"), "{shown}");
    }

    #[test]
    fn long_lines_are_shown_in_part() {
        let mut inputs = Inputs::default();
        let id = inputs.add_text("a.md", "ñ".repeat(500) + "word" + &"é".repeat(500));
        let mut report = Report::default();
        report.warning(Code::UnknownId, Span::new(id, 1000, 1004), "here");
        let shown = text(&report, &inputs, false);
        assert!(shown.contains("a.md:1:501"), "{shown}");
        assert!(
            shown.lines().all(|line| line.chars().count() < 130),
            "{shown}"
        );
    }

    #[test]
    fn spans_outside_a_text_do_no_harm() {
        let mut inputs = Inputs::default();
        let id = inputs.add_text("a.md", "");
        let mut report = Report::default();
        report.error(Code::UnknownId, Span::new(id, 7, 90), "lost");
        assert!(text(&report, &inputs, false).contains("lost"));
    }
}
