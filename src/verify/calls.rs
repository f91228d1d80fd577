//! Whether every note is called where it should be, by its label, and the call leads to it.

use std::collections::BTreeMap;

use super::Check;
use super::MOST;
use super::compare::Alignment;
use super::found::{Call, Lead};
use crate::diag::{Code, Report};
use crate::edition::NoteId;

impl Check<'_> {
    /// Checks the calls in the main text. `matched` gives for each note of the book the
    /// file's.
    pub(super) fn calls(
        &self,
        alignment: &Alignment,
        matched: &[Option<usize>],
        report: &mut Report,
    ) {
        let mut found: BTreeMap<usize, Vec<&Call>> = BTreeMap::new();
        for (call, after) in &self.found.calls {
            found.entry(*after).or_default().push(call);
        }
        let mut wrong = 0;
        for &(note, after) in &self.expected.calls {
            let before = after.checked_sub(1);
            let place = before.map_or(Some(0), |word| Some(alignment.matched[word]? as usize + 1));
            // Where words are missing that has been said.
            let Some(place) = place else { continue };
            let here = found.entry(place).or_default();
            let label = &self.edition.note(note).label;
            let at = here.iter().position(|call| call.label == *label);
            let fault = match at.map(|at| here.remove(at)) {
                None => format!("the {} does not call note {label} here", self.file()),
                Some(call) if self.leads_to(call, note, matched) => continue,
                Some(_) => format!(
                    "the call of note {label} here in the {} leads elsewhere",
                    self.file()
                ),
            };
            wrong += 1;
            if wrong <= MOST {
                let word = before.map(|word| &self.expected.main[word]);
                let span = word.and_then(|word| self.expected.span(word));
                report.error(Code::DeadLink, span, fault);
            }
        }
        self.superfluous(&found, alignment, report);
    }

    /// Whether a call leads to its note; where the note is lost that has been said.
    fn leads_to(&self, call: &Call, note: NoteId, matched: &[Option<usize>]) -> bool {
        let Some(own) = matched[note.0 as usize] else {
            return true;
        };
        // Notes of the same words are alike to whoever reads them.
        let notes = &self.found.notes;
        let says = |at: usize| notes[at].iter().map(|word| word.word);
        let alike = |at: usize| says(at).eq(says(own));
        match call.lead {
            Lead::Note(at) => at == own || (at < notes.len() && alike(at)),
            Lead::Page(page) => {
                let there = |at: usize| {
                    notes[at]
                        .first()
                        .is_none_or(|first| first.page == Some(page))
                };
                there(own) || (0..notes.len()).any(|at| there(at) && alike(at))
            }
            Lead::Nowhere => false,
        }
    }

    fn superfluous(
        &self,
        found: &BTreeMap<usize, Vec<&Call>>,
        alignment: &Alignment,
        report: &mut Report,
    ) {
        let left = found
            .iter()
            .flat_map(|(after, calls)| calls.iter().map(move |call| (*after, call)));
        for (after, call) in left.take(MOST) {
            let on = after.checked_sub(1).and_then(|on| u32::try_from(on).ok());
            let word = alignment
                .matched
                .iter()
                .position(|matched| on.is_some() && *matched == on);
            let span = word.and_then(|word| self.expected.span(&self.expected.main[word]));
            let message = format!(
                "the {} calls a note “{}” where the book calls none",
                self.file(),
                call.label
            );
            report.error(Code::DeadLink, span, message);
        }
    }
}
