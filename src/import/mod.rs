//! Raw text to clean text, one rule a function, every change logged.

use crate::diag::Report;
use crate::source::{Inputs, OffsetMap, SourceId};

/// A cleaned source: a chapter in Markdown, and what was done to get there.
#[derive(Clone, Debug, Default)]
pub struct Clean {
    /// CommonMark with the extensions that [`crate::document`] reads; every sign of the
    /// source that Markdown would take for markup is escaped.
    pub markdown: String,
    /// From the Markdown back to the raw text.
    pub map: OffsetMap,
    pub ledger: Ledger,
}

/// What cleaning did, rule by rule.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    pub rules: Vec<RuleCount>,
    pub changes: Vec<Change>,
}

/// A rule that ran and how often it applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleCount {
    /// Its name in the recipe: `join-lines`.
    pub rule: &'static str,
    /// In words, for the *Note on the text*: `line ends joined`.
    pub words: String,
    pub count: usize,
}

/// One change, by offsets in the raw text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub rule: &'static str,
    pub start: u32,
    pub end: u32,
    pub kind: ChangeKind,
}

/// What became of a stretch of the raw text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    Removed,
    /// Replaced by these characters; empty stretch: added.
    Replaced(String),
    /// Moved to stand before this offset.
    Moved(u32),
}

/// Cleans a source by a recipe.
pub fn clean(_inputs: &Inputs, _raw: SourceId, _recipe: SourceId, _report: &mut Report) -> Clean {
    Clean::default()
}
