//! Reads the pack's TOML files: every fault in one run, each with its place.
//!
//! Serde stops at the first fault of a value. Here each entry of a file is read on its own,
//! and an entry with an unknown key or a wrong value is read again without it, so that the
//! editor sees all of them at once.

use std::fmt::Write;

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::diag::{Code, Report, is_text};
use crate::source::{Inputs, SourceId, Span};

/// A value and where it stands.
#[derive(Clone, Debug)]
pub struct Located<T> {
    pub value: T,
    pub span: Span,
}

/// A TOML file: its top-level tables, read one by one.
pub struct DataFile<'i> {
    id: SourceId,
    root: DeTable<'i>,
    taken: Vec<&'static str>,
}

impl<'i> DataFile<'i> {
    /// Parses a file; faults of syntax are reported and what could be read is kept.
    pub fn open(inputs: &'i Inputs, id: SourceId, report: &mut Report) -> DataFile<'i> {
        is_text(inputs, id, report);
        let (root, errors) = DeTable::parse_recoverable(inputs.text(id));
        for error in errors {
            let span = error.span().unwrap_or(0..0);
            report
                .error(
                    Code::BadToml,
                    Span::new(id, span.start, span.end),
                    error.message().to_string(),
                )
                .help("mend the file so that it is TOML; https://toml.io shows the syntax");
        }
        DataFile {
            id,
            root: root.into_inner(),
            taken: Vec::new(),
        }
    }

    /// Reads the table `[name]`; `None` when it is not there or cannot be read.
    pub fn table<T: DeserializeOwned>(
        &mut self,
        name: &'static str,
        report: &mut Report,
    ) -> Option<Located<T>> {
        self.taken.push(name);
        let value = self.root.get(name)?;
        let span = span_of(self.id, value);
        read(self.id, value.clone(), report).map(|value| Located { value, span })
    }

    /// Reads every entry of `[[name]]`.
    pub fn list<T: DeserializeOwned>(
        &mut self,
        name: &'static str,
        report: &mut Report,
    ) -> Vec<Located<T>> {
        self.taken.push(name);
        let Some(value) = self.root.get(name) else {
            return Vec::new();
        };
        let DeValue::Array(entries) = value.get_ref() else {
            report
                .error(
                    Code::BadValue,
                    span_of(self.id, value),
                    format!("`{name}` is not a list of tables"),
                )
                .help(format!(
                    "write each entry under a line of its own: [[{name}]]"
                ));
            return Vec::new();
        };
        let mut read_entries = Vec::new();
        for entry in entries.iter() {
            let span = span_of(self.id, entry);
            read_entries
                .extend(read(self.id, entry.clone(), report).map(|value| Located { value, span }));
        }
        read_entries
    }

    /// Reports every top-level key that nothing asked for.
    pub fn close(self, report: &mut Report) {
        for (key, _) in self.root.iter() {
            if !self
                .taken
                .iter()
                .any(|taken| *taken == key.get_ref().as_ref())
            {
                unknown_key(
                    Span::new(self.id, key.span().start, key.span().end),
                    key.get_ref(),
                    &self.taken,
                    report,
                );
            }
        }
    }
}

fn span_of<T>(id: SourceId, value: &Spanned<T>) -> Span {
    Span::new(id, value.span().start, value.span().end)
}

/// Reads one entry, again and again without what is wrong with it and with something in
/// the place of what it lacks, until no fault is left to be told.
fn read<T: DeserializeOwned>(
    id: SourceId,
    mut value: Spanned<DeValue<'_>>,
    report: &mut Report,
) -> Option<T> {
    let mut cut_out: Vec<String> = Vec::new();
    let mut stood_in: Vec<(std::ops::Range<usize>, String)> = Vec::new();
    let mut lacking = false;
    loop {
        let error = match T::deserialize(toml::de::ValueDeserializer::from(value.clone())) {
            Ok(entry) => return (!lacking).then_some(entry),
            Err(error) => error,
        };
        let range = error.span().unwrap_or_else(|| value.span());
        let missing = error.message().strip_prefix("missing field `");
        if let Some(key) = missing.and_then(|rest| rest.strip_suffix('`')) {
            lacking = true;
            let place = (range.clone(), key.to_string());
            // Wanted again: what was put in is not what is wanted.
            if stood_in.contains(&place) {
                return None;
            }
            // What was cut out has been reported already.
            if !cut_out.iter().any(|cut| cut == key) {
                let span = Span::new(id, range.start, range.end);
                report_fault(span, error.message(), report);
            }
            if !stand_in(&mut value, key, &range) {
                return None;
            }
            stood_in.push(place);
            continue;
        }
        // An entry that is nothing without what was cut out has no further fault.
        if range == value.span() && !cut_out.is_empty() {
            return None;
        }
        if range != STAND_IN {
            report_fault(
                Span::new(id, range.start, range.end),
                error.message(),
                report,
            );
        }
        match cut(value.get_mut(), &range) {
            Some(key) => cut_out.push(key),
            None => return None,
        }
    }
}

/// The span of a value that no file has.
const STAND_IN: std::ops::Range<usize> = 0..0;

/// Puts an empty string where a key is missing, so that the keys after it are read too: in
/// the table that stands at that range, or is the value of a key there. Whether there is one.
fn stand_in(value: &mut Spanned<DeValue<'_>>, key: &str, range: &std::ops::Range<usize>) -> bool {
    let here = value.span() == *range;
    match value.get_mut() {
        DeValue::Table(table) if here => {
            let empty = Spanned::new(STAND_IN, DeValue::String("".into()));
            table.insert(Spanned::new(STAND_IN, key.to_string().into()), empty);
            true
        }
        DeValue::Table(table) => table.iter_mut().any(|(name, inner)| {
            let named = name.span() == *range;
            let whole = if named { inner.span() } else { range.clone() };
            (named || covers(&inner.span(), range)) && stand_in(inner, key, &whole)
        }),
        DeValue::Array(array) => array
            .iter_mut()
            .any(|inner| covers(&inner.span(), range) && stand_in(inner, key, range)),
        DeValue::String(_)
        | DeValue::Integer(_)
        | DeValue::Float(_)
        | DeValue::Boolean(_)
        | DeValue::Datetime(_) => false,
    }
}

/// Says what Serde found, in the book's terms.
fn report_fault(span: Span, message: &str, report: &mut Report) {
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    if message.starts_with("unknown field") {
        let (key, known) = quoted
            .split_first()
            .map_or(("", &[][..]), |(key, known)| (*key, known));
        unknown_key(span, key, known, report);
    } else if let Some((key, known)) = unexpected_key(message) {
        let known: Vec<&str> = known.split(", ").collect();
        unknown_key(span, key, &known, report);
    } else if message.starts_with("missing field") {
        let key = quoted.first().copied().unwrap_or_default();
        report
            .error(Code::MissingKey, span, format!("this entry has no `{key}`"))
            .help(format!("add a line `{key} = …`"));
    } else {
        let unknown = quoted
            .split_first()
            .filter(|_| message.starts_with("unknown variant"));
        let shown = match unknown {
            Some((word, _)) => format!("`{word}` is not known here"),
            None if message.starts_with("wanted exactly 1 element") => {
                "this entry must name one thing to do, and no more".to_string()
            }
            None => message.to_string(),
        };
        let wrong = report.error(Code::BadValue, span, shown);
        if let Some((word, known)) = unknown {
            match nearest(word, known.iter().copied()) {
                Some(nearest) => wrong.help(format!("did you mean `{nearest}`?")),
                None => wrong.help(format!("known are: {}", known.join(", "))),
            };
        }
    }
}

/// The first unknown key of a variant's table, and those that it has.
fn unexpected_key(message: &str) -> Option<(&str, &str)> {
    let (keys, known) = message
        .strip_prefix("unexpected keys in table: ")?
        .split_once(", available keys: ")?;
    Some((keys.split(", ").next().unwrap_or(keys), known))
}

fn unknown_key(span: Span, key: &str, known: &[&str], report: &mut Report) {
    let diagnostic = report.error(
        Code::UnknownKey,
        span,
        format!("there is no key `{key}` here"),
    );
    match nearest(key, known.iter().copied()) {
        Some(nearest) => diagnostic.help(format!("did you mean `{nearest}`?")),
        None => diagnostic.help(format!("the keys are: {}", known.join(", "))),
    };
}

/// The known word that is most like this one, if any is like it.
pub fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known
        .map(|candidate| (strsim::jaro_winkler(word, candidate), candidate))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

/// Removes the key or value at that place; the key, if there was one.
fn cut(value: &mut DeValue<'_>, range: &std::ops::Range<usize>) -> Option<String> {
    match value {
        DeValue::Table(table) => {
            let hit = table
                .iter()
                .find(|(key, value)| key.span() == *range || value.span() == *range);
            if let Some(key) = hit.map(|(key, _)| key.clone()) {
                table.remove(&key);
                return Some(key.get_ref().to_string());
            }
            let inner = table
                .iter_mut()
                .find(|(_, value)| covers(&value.span(), range));
            inner.and_then(|(_, value)| cut(value.get_mut(), range))
        }
        DeValue::Array(array) => array
            .iter_mut()
            .find(|value| covers(&value.span(), range))
            .and_then(|value| cut(value.get_mut(), range)),
        DeValue::String(_)
        | DeValue::Integer(_)
        | DeValue::Float(_)
        | DeValue::Boolean(_)
        | DeValue::Datetime(_) => None,
    }
}

fn covers(outer: &std::ops::Range<usize>, inner: &std::ops::Range<usize>) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

/// The number of days of a month; 0 for a month that there is not.
pub fn days_in(year: u32, month: u32) -> u32 {
    let leap = (year.is_multiple_of(4) && !year.is_multiple_of(100)) || year.is_multiple_of(400);
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u32::from(leap),
        _ => 0,
    }
}

/// Whether marks and files can bear a name: it has small letters, digits and hyphens alone.
pub fn is_id(name: &str) -> bool {
    let valid = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    !name.is_empty() && name.bytes().all(valid)
}

/// A string as TOML writes it.
pub fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
