//! Raw text to clean text: a recipe's rules, one function each, every change logged.
//!
//! The rules claim stretches of the raw text ([`draft`]); white space makes paragraphs of
//! what is left ([`layout`]), marks make blocks of paragraphs ([`blocks`]), and blocks are
//! written as Markdown ([`markdown`]). Every anchor means the raw text as it is in the file,
//! so the order of the rules does not matter.

use crate::diag::{Code, Report, is_text};
use crate::source::{Inputs, OffsetMap, SourceId, Span};

mod anchor;
mod blocks;
mod characters;
mod draft;
mod formats;
mod layout;
mod ledger;
mod markdown;
mod marked;
mod notes;
pub mod propose;
mod recipe;
mod rules;
#[cfg(test)]
mod tests;

pub use formats::{Facts, Kind, Opened, open};
pub use ledger::{Account, Change, ChangeKind, Class, Fate, Ledger, RuleCount};

use anchor::Places;
use characters::Characters;
use draft::Draft;

/// A cleaned source: a chapter in Markdown, and what was done to get there.
#[derive(Clone, Debug, Default)]
pub struct Clean {
    /// CommonMark with the extensions that [`crate::document`] reads; every sign of the
    /// source that Markdown would take for markup is escaped.
    pub markdown: String,
    /// From the Markdown back to the raw text. Its stretches are what of the raw text is
    /// kept.
    pub map: OffsetMap,
    pub ledger: Ledger,
}

/// Cleans a plain text by a recipe.
pub fn clean(inputs: &Inputs, raw: SourceId, recipe: SourceId, report: &mut Report) -> Clean {
    let plain = Opened {
        kind: Kind::Plain,
        text: raw,
        facts: Facts::default(),
        marks: Vec::new(),
    };
    clean_opened(inputs, &plain, recipe, report)
}

/// Cleans a source of any kind by a recipe.
pub fn clean_opened(
    inputs: &Inputs,
    opened: &Opened,
    recipe: SourceId,
    report: &mut Report,
) -> Clean {
    let raw = opened.text;
    let rules = recipe::load(inputs, recipe, report);
    if !is_text(inputs, raw, report) {
        return Clean::default();
    }
    let text = inputs.text(raw);
    let places = Places::new(raw, text);
    let mut draft = Draft::new(text);
    let has = |path: &str| formats::is_picture(inputs, path);
    marked::apply(&mut draft, &opened.marks, &has);
    for rule in &rules {
        draft.rule = Some(rule.span);
        rules::apply(&mut draft, &places, rule, report);
    }
    draft.rule = None;
    characters::apply(&mut draft, Characters::Controls);
    draft.settle(&places, report);
    if opened.kind == Kind::Markdown {
        return spliced(&draft);
    }
    let outline = blocks::outline(&draft);
    let (markdown, map, left) = markdown::write(text, &outline);
    let mut changes = outline.changes;
    changes.extend(left);
    let ledger = Ledger::new(changes);
    warn_of_controls(raw, &ledger, report);
    warn_of_idle_rules(&rules, &ledger, report);
    Clean {
        markdown,
        map,
        ledger,
    }
}

/// Markdown says itself what is a heading and what a note; rules take out and replace.
fn spliced(draft: &Draft<'_>) -> Clean {
    let (markdown, map) = marked::spliced(draft);
    let changes = draft.changes.iter();
    let changes = changes.filter(|change| change.kind != ChangeKind::Set);
    Clean {
        markdown,
        map,
        ledger: Ledger::new(changes.cloned().collect()),
    }
}

/// Warns of rules that found nothing to do; where anchors failed that has been said.
fn warn_of_idle_rules(rules: &[recipe::Rule], ledger: &Ledger, report: &mut Report) {
    for rule in rules {
        let classes = rule.kind.classes();
        let is_idle = classes.iter().all(|class| ledger.count(*class) == 0);
        if is_idle && !classes.is_empty() && !report.has_errors() {
            report
                .warning(Code::Unused, rule.span, "this rule found nothing to do")
                .help("take it out of the recipe, or see whether the text is the one that it was made for");
        }
    }
}

fn warn_of_controls(raw: SourceId, ledger: &Ledger, report: &mut Report) {
    let count = ledger.count(Class::ControlCharacters);
    let first = ledger
        .changes
        .iter()
        .find(|change| change.class == Class::ControlCharacters);
    if let Some(first) = first {
        let span = Span::new(raw, first.start as usize, first.end as usize);
        report
            .warning(
                Code::ControlCharacter,
                span,
                format!(
                    "{count} control character(s) in the source, the first here; they are removed"
                ),
            )
            .help("look at the text where they stood: something else may have been lost with them");
    }
}
