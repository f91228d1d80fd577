//! What occurs in the texts and is in no vocabulary: spellings of a heading's words, and
//! words that want explaining.

use crate::diag::{Code, Report};
use crate::edition::survey::Survey;
use crate::review::Proofs;
use crate::review::suggest::{Candidate, Kind, Wanted, candidates};
use crate::source::Position;

/// Warns of variants that the index lacks (rule I12) and of words that the glossary lacks
/// (rule G1).
pub fn check(proofs: &Proofs, report: &mut Report) {
    let survey = proofs.survey();
    for one in candidates(proofs, Wanted::Index) {
        let Some((id, form)) = one.near.clone().filter(|_| one.kind != Kind::Foreign) else {
            continue;
        };
        let written: Vec<String> = one
            .forms
            .iter()
            .map(|(form, _)| format!("“{form}”"))
            .collect();
        report
            .warning(
                Code::UnpostedVariant,
                span(survey, &one.places),
                format!(
                    "{} is likely a spelling of “{form}”, but not among the forms of `{id}`",
                    written.join(", ")
                ),
            )
            .help(format!(
                "add it to the forms of `{id}` in index.toml, or pass it over in accepted.toml"
            ));
    }
    for one in candidates(proofs, Wanted::Glossary) {
        if is_unexplained(&one) {
            report
                .warning(
                    Code::UndefinedWord,
                    span(survey, &one.places),
                    format!(
                        "“{}” wants explaining and is not in the glossary",
                        one.heading
                    ),
                )
                .help(
                    "`cordel suggest glossary` proposes an entry; or pass it over in accepted.toml",
                );
        }
    }
}

/// A word that the text itself explains, or uses again and again, is worth an entry.
fn is_unexplained(one: &Candidate) -> bool {
    one.kind == Kind::Foreign && one.set_apart && (one.gloss.is_some() || one.count > 2)
}

fn span(survey: &Survey, places: &[Position]) -> Option<crate::source::Span> {
    let first = places.first()?;
    let text = survey
        .texts
        .iter()
        .find(|text| text.passage == first.passage)?;
    let span = text.span?;
    let (start, length) = (first.offset as usize, (span.end - span.start) as usize);
    // A passage without marks stands in its file as it reads.
    Some(if length == text.plain.len() {
        span.part(start, start + 1)
    } else {
        span
    })
}
