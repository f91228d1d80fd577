//! Diagnostics as JSON, a line each, for editors and other programs.

use std::fmt::Write as _;

use super::{Diagnostic, Report, Severity};
use crate::source::{Inputs, Span};

/// The whole report, in the order of the places, one object a line.
pub(super) fn lines(report: &Report, inputs: &Inputs) -> String {
    let mut sorted: Vec<&Diagnostic> = report.diagnostics.iter().collect();
    sorted.sort_by_key(|diagnostic| diagnostic.span.map(|span| inputs.origin(span)));
    let mut text = String::new();
    for diagnostic in sorted {
        object(diagnostic, inputs, &mut text);
        text.push('\n');
    }
    text
}

fn object(diagnostic: &Diagnostic, inputs: &Inputs, text: &mut String) {
    let severity = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let _ = write!(
        text,
        "{{\"code\":\"{}\",\"severity\":\"{severity}\",\"message\":",
        diagnostic.code.name()
    );
    string(&diagnostic.message, text);
    if let Some(span) = diagnostic.span {
        text.push(',');
        place(span, inputs, text);
    }
    text.push_str(",\"labels\":[");
    for (at, (span, label)) in diagnostic.labels.iter().enumerate() {
        text.push_str(if at == 0 { "{" } else { ",{" });
        place(*span, inputs, text);
        text.push_str(",\"message\":");
        string(label, text);
        text.push('}');
    }
    text.push_str("],\"help\":[");
    for (at, help) in diagnostic.help.iter().enumerate() {
        if at > 0 {
            text.push(',');
        }
        string(help, text);
    }
    text.push_str("]}");
}

/// File, lines and columns; all count from 1, columns in characters.
fn place(span: Span, inputs: &Inputs, text: &mut String) {
    let span = inputs.origin(span);
    let whole = inputs.text(span.source);
    let at = |byte: u32| {
        let byte = whole.floor_char_boundary(byte as usize);
        let line_start = whole[..byte].rfind('\n').map_or(0, |at| at + 1);
        let line = whole[..byte].matches('\n').count() + 1;
        (line, whole[line_start..byte].chars().count() + 1)
    };
    let ((line, column), (end_line, end_column)) = (at(span.start), at(span.end));
    text.push_str("\"file\":");
    string(&inputs.get(span.source).path, text);
    let _ = write!(
        text,
        ",\"line\":{line},\"column\":{column},\"endLine\":{end_line},\"endColumn\":{end_column}"
    );
}

/// A JSON string (RFC 8259, section 7).
fn string(value: &str, text: &mut String) {
    text.push('"');
    for c in value.chars() {
        match c {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            c if c.is_control() => {
                let _ = write!(text, "\\u{:04x}", u32::from(c));
            }
            c => text.push(c),
        }
    }
    text.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::Code;

    #[test]
    fn says_where_in_lines_and_columns() {
        let mut inputs = Inputs::default();
        let id = inputs.add_text("a.toml", "é = 1\nñú = \"x\"\n");
        let mut report = Report::default();
        report
            .error(Code::BadValue, Span::new(id, 7, 11), "a \"word\"\u{1}")
            .label(Span::new(id, 0, 2), "first")
            .help("mend it");
        assert_eq!(
            report.render_as_json(&inputs),
            "{\"code\":\"bad-value\",\"severity\":\"error\",\"message\":\"a \\\"word\\\"\\u0001\",\
             \"file\":\"a.toml\",\"line\":2,\"column\":1,\"endLine\":2,\"endColumn\":3,\
             \"labels\":[{\"file\":\"a.toml\",\"line\":1,\"column\":1,\"endLine\":1,\"endColumn\":2,\"message\":\"first\"}],\
             \"help\":[\"mend it\"]}\n"
        );
    }
}
