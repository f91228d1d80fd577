//! The ledger for machines.

use std::fmt::Write;

use super::{Source, digest};
use crate::import::{ChangeKind, Fate};
use crate::source::Inputs;

/// The ledger as JSON: for each source its file, the characters by fate, the rules with their
/// counts, every stretch of the text, and what is set as something.
pub fn json(inputs: &Inputs, title: &str, sources: &[Source]) -> String {
    let mut out = String::from("{\n\"format\": \"cordel-ledger-1\",\n\"book\": ");
    quote(&mut out, title);
    out.push_str(
        ",\n\"offsets\": \"bytes of the text as UTF-8 with \\\\n at line ends\",\n\"sources\": [",
    );
    for (number, source) in sources.iter().enumerate() {
        out.push_str(if number > 0 { ",\n{" } else { "\n{" });
        write_source(&mut out, inputs, source);
        out.push('}');
    }
    out.push_str("\n]\n}\n");
    out
}

fn write_source(out: &mut String, inputs: &Inputs, source: &Source) {
    let raw = inputs.text(source.raw);
    let sha256 = digest(inputs, source);
    let encoding = inputs.get(source.raw).encoding.name().to_string();
    for (key, value) in [
        ("id", &source.id),
        ("title", &source.title),
        ("file", &source.file),
        ("sha256", &sha256),
        ("encoding", &encoding),
        ("recipe", &source.recipe),
    ] {
        let _ = write!(out, "\"{key}\": ");
        quote(out, value);
        out.push_str(",\n");
    }
    let characters = raw.chars().count();
    let _ = write!(
        out,
        "\"bytes\": {}, \"characters\": {characters},\n\"account\": {{",
        raw.len()
    );
    for (number, (fate, count)) in Fate::ALL.iter().zip(source.account(inputs)).enumerate() {
        let comma = if number > 0 { ", " } else { "" };
        let _ = write!(out, "{comma}\"{}\": {count}", fate.name());
    }
    out.push_str("},\n\"rules\": [");
    for (number, (class, count, characters)) in source.rules(inputs).into_iter().enumerate() {
        let comma = if number > 0 { "," } else { "" };
        let _ = write!(
            out,
            "{comma}\n {{\"rule\": \"{}\", \"words\": ",
            class.name()
        );
        quote(out, class.words());
        let _ = write!(out, ", \"count\": {count}, \"characters\": {characters}}}");
    }
    out.push_str("],\n\"stretches\": [");
    write_stretches(out, inputs, source);
    out.push_str("],\n\"set\": [");
    write_set(out, source);
    out.push(']');
}

fn write_stretches(out: &mut String, inputs: &Inputs, source: &Source) {
    for (number, stretch) in source.stretches(inputs).iter().enumerate() {
        let comma = if number > 0 { "," } else { "" };
        let _ = write!(
            out,
            "{comma}\n {{\"start\": {}, \"end\": {}, \"fate\": \"{}\"",
            stretch.start,
            stretch.end,
            stretch.fate.name()
        );
        if let Some(class) = stretch.class {
            let _ = write!(out, ", \"rule\": \"{}\"", class.name());
        }
        if !stretch.with.is_empty() {
            out.push_str(", \"with\": ");
            quote(out, stretch.with);
        }
        out.push('}');
    }
}

/// What is set as something and what is moved, by where it stood.
fn write_set(out: &mut String, source: &Source) {
    let mut comma = "";
    for change in &source.ledger.changes {
        let behind = match change.kind {
            ChangeKind::Removed | ChangeKind::Replaced(_) => continue,
            ChangeKind::Set => None,
            ChangeKind::Moved(behind) => Some(behind),
        };
        let _ = write!(
            out,
            "{comma}\n {{\"start\": {}, \"end\": {}, \"rule\": \"{}\"",
            change.start,
            change.end,
            change.class.name()
        );
        if let Some(behind) = behind {
            let _ = write!(out, ", \"before\": {behind}");
        }
        out.push('}');
        comma = ",";
    }
}

/// A string of JSON.
fn quote(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}
