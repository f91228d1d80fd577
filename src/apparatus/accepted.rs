//! `accepted.toml`: what the editors have decided against the program's advice: warnings
//! that they accept, one by one and each with its reason, and words that they pass over.

use serde::Deserialize;
use toml::Spanned;

use crate::data::{DataFile, nearest};
use crate::diag::{Acceptance, Code, Report};
use crate::source::{Inputs, Span};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAcceptance {
    warning: Spanned<String>,
    says: Spanned<String>,
    reason: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawPassOver {
    words: Vec<String>,
    /// Kept for whoever reads the file.
    #[serde(rename = "reason")]
    _reason: Option<String>,
}

/// The warnings that are accepted, and the words that are passed over.
pub(super) fn load(inputs: &Inputs, report: &mut Report) -> (Vec<Acceptance>, Vec<String>) {
    let Some(id) = inputs.find("accepted.toml") else {
        return (Vec::new(), Vec::new());
    };
    let mut file = DataFile::open(inputs, id, report);
    let accepted = file.list::<RawAcceptance>("accept", report);
    let passed = file.list::<RawPassOver>("pass-over", report);
    file.close(report);
    let mut acceptances = Vec::new();
    for raw in accepted {
        let place = |value: &Spanned<String>| Span::new(id, value.span().start, value.span().end);
        let raw = raw.value;
        for (value, what) in [
            (&raw.says, "the words of the warning are empty"),
            (&raw.reason, "the reason is empty"),
        ] {
            if value.get_ref().trim().is_empty() {
                report.error(Code::BadValue, place(value), what).help(
                    "a warning is accepted one by one, and whoever comes after you reads why",
                );
            }
        }
        let name = raw.warning.get_ref().as_str();
        match Code::ALL.iter().find(|code| code.name() == name) {
            Some(&code) => acceptances.push(Acceptance {
                code,
                says: raw.says.get_ref().trim().to_string(),
                span: place(&raw.warning),
            }),
            None => unknown(name, place(&raw.warning), report),
        }
    }
    let words = passed.into_iter().flat_map(|list| list.value.words);
    (acceptances, words.collect())
}

fn unknown(name: &str, span: Span, report: &mut Report) {
    let near = nearest(name, Code::ALL.iter().map(|code| code.name()));
    let help = near.map_or("`cordel explain` lists all codes".to_string(), |near| {
        format!("did you mean `{near}`?")
    });
    report
        .error(
            Code::UnknownId,
            span,
            format!("there is no warning `{name}`"),
        )
        .help(help);
}
