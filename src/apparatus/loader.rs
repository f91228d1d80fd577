//! What the readers of all vocabulary files share: ids, rich text, citations.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use toml::Spanned;

use crate::apparatus::{Citation, Rich};
use crate::data::{DataFile, Located, is_id};
use crate::diag::{Code, Report};
use crate::document;
use crate::source::{Inputs, SourceId, Span};

/// Turns the raw entries of one file into typed ones, reporting what does not hold.
pub(super) struct Loader<'a> {
    inputs: &'a Inputs,
    id: SourceId,
    pub(super) report: &'a mut Report,
}

/// A work and a place in it, as files have it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCitation {
    work: Spanned<String>,
    anchor: Option<Spanned<String>>,
    locator: Option<Spanned<String>>,
}

impl<'a> Loader<'a> {
    /// Opens a vocabulary file that has nothing but a list of entries; `None` when the pack
    /// has no such file.
    pub(super) fn open<T: DeserializeOwned>(
        inputs: &'a Inputs,
        path: &str,
        entry: &'static str,
        report: &'a mut Report,
    ) -> Option<(Loader<'a>, Vec<Located<T>>)> {
        let id = inputs.find(path)?;
        let mut file = DataFile::open(inputs, id, report);
        let entries = file.list(entry, report);
        file.close(report);
        Some((Loader { inputs, id, report }, entries))
    }

    pub(super) fn span<T>(&self, value: &Spanned<T>) -> Span {
        Span::new(self.id, value.span().start, value.span().end)
    }

    pub(super) fn bad(&mut self, span: Span, message: String, help: &str) {
        self.report.error(Code::BadValue, span, message).help(help);
    }

    /// An id, reported when marks could not name it.
    pub(super) fn id(&mut self, id: &Spanned<String>) -> String {
        let name = id.get_ref();
        if !is_id(name) {
            let span = self.span(id);
            self.bad(
                span,
                format!("`{name}` cannot be an id"),
                "use a-z, 0-9 and hyphens: marks name it",
            );
        }
        name.clone()
    }

    /// Adds an entry to its kind; of two with the same id the first is kept.
    pub(super) fn add<T>(
        &mut self,
        entries: &mut BTreeMap<String, T>,
        what: &str,
        id: String,
        span: Span,
        entry: T,
        first: impl Fn(&T) -> Span,
    ) {
        if let Some(earlier) = entries.get(&id) {
            self.report
                .error(
                    Code::DuplicateId,
                    span,
                    format!("there are two {what}s with the id `{id}`"),
                )
                .label(first(earlier), "the first one")
                .help("give one of them another id");
        } else {
            entries.insert(id, entry);
        }
    }

    /// A text that must say something.
    pub(super) fn text(&mut self, value: &Spanned<String>, what: &str) -> String {
        let text = value.get_ref().trim();
        if text.is_empty() {
            let span = self.span(value);
            self.bad(
                span,
                format!("the {what} is empty"),
                "write it, or take the line out",
            );
        }
        text.to_string()
    }

    /// A paragraph of running text.
    pub(super) fn rich(&mut self, value: &Spanned<String>, what: &str) -> Rich {
        self.text(value, what);
        let span = self.span(value);
        document::inline(self.inputs, value.get_ref(), span, self.report)
    }

    /// Words to be matched: those that hold a letter or a digit.
    pub(super) fn forms(&mut self, forms: Vec<Spanned<String>>) -> Vec<String> {
        let mut kept: Vec<String> = Vec::new();
        for form in forms {
            let text = form.get_ref().trim();
            if !text.chars().any(char::is_alphanumeric) {
                let span = self.span(&form);
                self.bad(
                    span,
                    format!("`{text}` has no letter, so it is not a word to be matched"),
                    "write the words as they stand in the text",
                );
            } else if !kept.iter().any(|kept| kept == text) {
                kept.push(text.to_string());
            }
        }
        kept
    }

    pub(super) fn citation(&mut self, raw: RawCitation) -> Citation {
        let work_span = self.span(&raw.work);
        let anchor = raw.anchor.as_ref();
        let locator = raw.locator.as_ref();
        if let Some(anchor) = anchor.filter(|anchor| !has_words(anchor.get_ref())) {
            let span = self.span(anchor);
            self.bad(
                span,
                "the anchor has no words".into(),
                "copy three to eight words of the source",
            );
        }
        Citation {
            work: raw.work.get_ref().clone(),
            work_span,
            locator: locator.map(|locator| locator.get_ref().trim().to_string()),
            anchor: anchor
                .map(|anchor| anchor.get_ref().trim().to_string())
                .filter(|anchor| has_words(anchor)),
            span: anchor
                .or(locator)
                .map_or(work_span, |value| self.span(value)),
        }
    }

    /// The paths of the pack's files.
    pub(super) fn paths(&self) -> impl Iterator<Item = &str> {
        self.inputs.paths()
    }

    /// Whether the pack has a file of that path.
    pub(super) fn has_file(&self, path: &str) -> bool {
        self.inputs.find(path).is_some()
    }
}

fn has_words(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
}
