//! A proposal as a recipe's text.

use crate::data::quoted;
use std::fmt::Write;

use super::{Proposal, Proposed};

/// The recipe of those rules that `taken` says yes to, by their places among all; doubts stand
/// in it as comments.
pub fn recipe(proposal: &Proposal, name: &str, taken: impl Fn(usize, &Proposed) -> bool) -> String {
    let mut text = format!("# How {name} is cleaned, as proposed by cordel import.\n");
    for (at, rule) in proposal.proposed.iter().enumerate() {
        let lines = format!("[[rule]]\n{}", rule.toml.trim_end());
        if taken(at, rule) {
            let _ = write!(text, "\n# {}\n{lines}\n", rule.why);
            continue;
        }
        let question = rule.question.as_deref().unwrap_or_default();
        let _ = write!(text, "\n# Not done. {} {question}\n", rule.why);
        for line in lines.lines() {
            let _ = writeln!(text, "# {line}");
        }
    }
    if !proposal.doubts.is_empty() {
        text.push_str("\n# To look at:\n");
    }
    for doubt in &proposal.doubts {
        let _ = writeln!(text, "# - line {}: {}", doubt.line, doubt.words);
    }
    text
}

/// A list of strings, one a line where there are several.
pub(super) fn list(words: &[String]) -> String {
    match words {
        [one] => format!("[{}]", quoted(one)),
        _ => {
            let lines: String = words
                .iter()
                .map(|words| format!("    {},\n", quoted(words)))
                .collect();
            format!("[\n{lines}]")
        }
    }
}
