//! The rules of the trade that need printed pages: what a professional indexer would be
//! asked to mend. Each warning's explanation names its rule.

use std::collections::BTreeMap;

use crate::apparatus::Heading;
use crate::diag::{Code, Report};
use crate::edition::Series;
use crate::edition::survey::folded;
use crate::review::Proofs;
use crate::review::measure::{Measured, measure, pages};
use crate::source::Span;

/// Words that a heading does not begin with (rule I20); names may.
const NOT_FIRST: &[&str] = &[
    "a", "an", "the", "of", "on", "in", "for", "about", "un", "una", "le", "les",
];

/// Checks the printed index and the notes at the foot of its pages. A book without all its
/// texts is not judged: its index is thinner than the editors made it.
pub fn check(proofs: &Proofs, report: &mut Report) {
    if !proofs.edition.counts.missing_sources.is_empty() {
        return;
    }
    let headings = proofs.apparatus.headings_by_path();
    let measured = measure(proofs);
    let rules = Rules {
        proofs,
        headings,
        measured: &measured,
    };
    for (at, one) in measured.iter().enumerate() {
        rules.locators(one, report);
        rules.subheadings(at, one, report);
        rules.form(one, report);
    }
    rules.references(report);
    rules.twins(report);
    notes(proofs, report);
}

struct Rules<'r, 'b> {
    proofs: &'r Proofs<'b>,
    headings: BTreeMap<String, &'r Heading>,
    measured: &'r [Measured<'b>],
}

impl Rules<'_, '_> {
    fn span(&self, one: &Measured) -> Option<Span> {
        self.headings.get(&one.entry.id).map(|heading| heading.span)
    }

    /// Rules I1 and I2.
    fn locators(&self, one: &Measured, report: &mut Report) {
        let limits = &self.proofs.settings.index;
        let count = one.locators.len();
        if one.subheadings > 0 {
            return;
        }
        let span = self.span(one);
        if count > limits.many_locators {
            let message = format!(
                "`{}` has {count} page numbers and no subheadings",
                one.entry.id
            );
            let diagnostic = if count > limits.most_locators {
                report.error(Code::ManyLocators, span, message)
            } else {
                report.warning(Code::ManyLocators, span, message)
            };
            let help = "divide them with [[heading.sub]], or post only what is about it: posting = \"principal\"";
            diagnostic
                .help(format!("they are: {}", one.shown().join(", ")))
                .help(help);
        }
        let long = |locator: &&crate::edition::index::Locator| {
            locator.pages as usize > limits.longest_range
        };
        if let Some(range) = one.locators.iter().find(long) {
            report
                .warning(
                    Code::LongRange,
                    span,
                    format!(
                        "`{}` stands for {} pages at once: {}",
                        one.entry.id, range.pages, range.text
                    ),
                )
                .help("say with subheadings what is where in them");
        }
    }

    /// Rules I3 and I4.
    fn subheadings(&self, at: usize, one: &Measured, report: &mut Report) {
        let id = &one.entry.id;
        let message = match one.subheadings {
            0 => return,
            1 => format!("`{id}` has one subheading only"),
            _ => {
                let below = pages(self.proofs, &self.measured[at + 1..one.end]);
                if below.len() > 2 || below.is_empty() {
                    return;
                }
                let shown: Vec<String> = below.iter().map(ToString::to_string).collect();
                format!(
                    "all subheadings of `{id}` lead to page {}",
                    shown.join(" or ")
                )
            }
        };
        report
            .warning(Code::NeedlessSubheadings, self.span(one), message)
            .help("post the passages under the heading itself, or divide them further");
    }

    /// Rule I20, as far as it can be told without knowing the language's nouns.
    fn form(&self, one: &Measured, report: &mut Report) {
        if one.level > 0 {
            return;
        }
        let words = one.words();
        let first = words.split_whitespace().next().unwrap_or_default();
        let small = NOT_FIRST.contains(&first) && words.contains(' ');
        let message = if small {
            format!("the heading “{words}” begins with “{first}”, where nobody looks")
        } else if words.ends_with(['.', ':', ';', ',']) {
            format!("the heading “{words}” ends with a stop")
        } else {
            return;
        };
        report
            .warning(Code::HeadingForm, self.span(one), message)
            .help("put the word first under which a reader would look");
    }

    /// Rules I7 and I9.
    fn references(&self, report: &mut Report) {
        let of_passage: BTreeMap<_, usize> = self
            .measured
            .iter()
            .enumerate()
            .map(|(at, one)| (one.entry.term.id, at))
            .collect();
        let limit = self.proofs.settings.index.post_twice;
        for one in self.measured {
            let target = |to: Option<crate::source::Position>| of_passage.get(&to?.passage);
            if let [see] = &one.entry.see[..]
                && let Some(&at) = target(see.to)
                && self.measured[at].subheadings == 0
                && self.measured[at].locators.len() <= limit
                && self.measured[at].entry.see_also.is_empty()
            {
                let other = &self.measured[at];
                report
                    .warning(
                        Code::PostTwice,
                        self.span(one),
                        format!(
                            "`{}` sends to `{}` for {}",
                            one.entry.id,
                            other.entry.id,
                            other.shown().join(", ")
                        ),
                    )
                    .help("give it the same `forms` instead of `see`, and both print the pages");
            }
            for also in &one.entry.see_also {
                let same = |at: &&usize| {
                    let other = &self.measured[**at];
                    !one.locators.is_empty()
                        && one.subheadings == 0
                        && other.subheadings == 0
                        && other.shown() == one.shown()
                };
                if let Some(&at) = target(also.to).filter(|at| same(at)) {
                    report
                        .warning(
                            Code::SamePlaces,
                            self.span(one),
                            format!(
                                "`{}` sends to `{}`, which has the same pages",
                                one.entry.id, self.measured[at].entry.id
                            ),
                        )
                        .help("take the reference out: it leads nowhere new");
                }
            }
        }
    }

    /// Rule I8: headings that list the same forms are one thing under two names.
    fn twins(&self, report: &mut Report) {
        let mut by_forms: BTreeMap<Vec<String>, &Measured> = BTreeMap::new();
        for one in self.measured.iter().filter(|one| one.level == 0) {
            let Some(heading) = self.headings.get(&one.entry.id) else {
                continue;
            };
            let mut forms: Vec<String> = heading.forms.iter().map(|form| folded(form)).collect();
            forms.sort();
            forms.dedup();
            if forms.is_empty() || !heading.near.is_empty() {
                continue;
            }
            match by_forms.get(&forms) {
                Some(twin)
                    if twin.shown() != one.shown() || twin.subheadings != one.subheadings =>
                {
                    report
                        .error(
                            Code::UnequalPostings,
                            self.span(one),
                            format!("`{}` and `{}` match the same words but print different pages", twin.entry.id, one.entry.id),
                        )
                        .help("give both the same `posting`, `except` and subheadings, or make one of them a `see`");
                }
                Some(_) => {}
                None => {
                    by_forms.insert(forms, one);
                }
            }
        }
    }
}

/// Rule G6: how many glossary notes stand on one page.
fn notes(proofs: &Proofs, report: &mut Report) {
    let most = proofs.settings.most_notes;
    let mut by_page: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    for note in &proofs.edition.notes {
        if note.series != Series::Glossary {
            continue;
        }
        if let Some(place) = proofs.pages.places.find(note.call) {
            let mut words = String::new();
            if let Some(crate::text::Block::Paragraph(passage)) = note.blocks.first() {
                words = passage
                    .plain()
                    .split(':')
                    .next()
                    .unwrap_or_default()
                    .to_string();
            }
            by_page.entry(place.page).or_default().push(words);
        }
    }
    for (page, terms) in by_page.into_iter().filter(|(_, terms)| terms.len() > most) {
        let folio = proofs
            .pages
            .pages
            .get(page as usize)
            .and_then(|page| page.folio);
        let folio = folio.map_or_else(|| (page + 1).to_string(), |folio| folio.to_string());
        report
            .warning(
                Code::CrowdedPage,
                None,
                format!("page {folio} has {} glossary notes: {}", terms.len(), terms.join(", ")),
            )
            .help("let the chapter’s introduction explain some of them, or set `crowded-notes` or `most-notes` under [apparatus] in book.toml");
    }
}
