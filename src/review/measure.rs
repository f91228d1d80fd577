//! The index as it is printed: every heading with its locators, and what pages they name.

use std::collections::BTreeSet;

use crate::edition::index::{Entry, Locator};
use crate::review::Proofs;
use crate::units::Folio;

/// A heading or subheading with its locators.
pub(super) struct Measured<'b> {
    pub(super) entry: &'b Entry,
    pub(super) level: usize,
    pub(super) locators: Vec<Locator>,
    /// How many subheadings stand under it at once.
    pub(super) subheadings: usize,
    /// Its place among all, up to the end of what stands under it.
    pub(super) end: usize,
}

impl Measured<'_> {
    /// Its printed words.
    pub(super) fn words(&self) -> String {
        self.entry.term.plain()
    }

    /// Its locators as they are printed.
    pub(super) fn shown(&self) -> Vec<&str> {
        self.locators
            .iter()
            .map(|locator| locator.text.as_str())
            .collect()
    }
}

/// Every heading in printed order, subheadings after theirs.
pub(super) fn measure<'b>(proofs: &Proofs<'b>) -> Vec<Measured<'b>> {
    fn add<'b>(
        proofs: &Proofs<'b>,
        entries: &'b [Entry],
        level: usize,
        all: &mut Vec<Measured<'b>>,
    ) {
        for entry in entries {
            let at = all.len();
            all.push(Measured {
                entry,
                level,
                locators: proofs.locators(entry),
                subheadings: entry.subentries.len(),
                end: 0,
            });
            add(proofs, &entry.subentries, level + 1, all);
            all[at].end = all.len();
        }
    }
    let mut all = Vec::new();
    add(proofs, &proofs.edition.index, 0, &mut all);
    all
}

/// The first pages of some headings' locators.
pub(super) fn pages(proofs: &Proofs, measured: &[Measured]) -> BTreeSet<Folio> {
    let all = measured.iter().flat_map(|one| &one.locators);
    all.filter_map(|locator| proofs.pages.folio_of(locator.to))
        .collect()
}
