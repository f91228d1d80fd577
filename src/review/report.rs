//! The state of the index in figures: its density by chapter, its length, its gaps, its
//! heaviest headings, and the verdict of every rule.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::diag::Report;
use crate::edition::survey::Kind;
use crate::manifest::ChapterKind;
use crate::review::measure::{Measured, measure};
use crate::review::{Proofs, position, table};

/// The report on the index, as text. `found` is what the checks have said of the book.
pub fn index(proofs: &Proofs, found: &Report) -> String {
    let measured = measure(proofs);
    let figures = Figures::of(proofs, &measured);
    let mut text = String::new();
    overall(&figures, &measured, &mut text);
    chapters(proofs, &figures, &mut text);
    gaps(proofs, &figures, &mut text);
    heavy(&measured, &mut text);
    let judged = |rule: &str| by_figures(rule, proofs, &figures);
    table::verdicts("I", found, &judged, &mut text);
    text
}

/// The verdict of every rule, as text.
pub fn rules(proofs: &Proofs, found: &Report) -> String {
    let figures = Figures::of(proofs, &measure(proofs));
    let judged = |rule: &str| by_figures(rule, proofs, &figures);
    let mut text = String::new();
    table::verdicts("IGCEB", found, &judged, &mut text);
    text
}

/// What is counted.
struct Figures {
    /// Locators on each page of text, by the page's place in the book.
    of_page: BTreeMap<u32, usize>,
    /// The pages of each section that the index may lead to.
    of_section: BTreeMap<usize, BTreeSet<u32>>,
    locators: usize,
    index_pages: usize,
    book_pages: usize,
}

impl Figures {
    fn of(proofs: &Proofs, measured: &[Measured]) -> Figures {
        let survey = proofs.survey();
        let page_of = |place| proofs.pages.places.find(place).map(|place| place.page);
        let mut of_page = BTreeMap::new();
        let mut of_section: BTreeMap<usize, BTreeSet<u32>> = BTreeMap::new();
        for text in survey
            .texts
            .iter()
            .filter(|text| text.indexed && text.kind != Kind::Note)
        {
            let ends = [
                position(text.passage, 0),
                position(text.passage, text.plain.len()),
            ];
            let pages: Vec<u32> = ends.into_iter().filter_map(page_of).collect();
            let of_section = of_section.entry(text.section).or_default();
            if let [first, last] = pages[..] {
                of_section.extend(first..=last);
                (first..=last).for_each(|page| {
                    of_page.entry(page).or_insert(0);
                });
            }
        }
        let all = measured.iter().flat_map(|one| &one.locators);
        for locator in all.clone() {
            if let Some(page) = page_of(locator.to) {
                (page..page + locator.pages)
                    .for_each(|page| *of_page.entry(page).or_insert(0) += 1);
            }
        }
        Figures {
            of_page,
            of_section,
            locators: all.count(),
            index_pages: index_pages(proofs),
            book_pages: proofs.pages.pages.len(),
        }
    }

    fn text_pages(&self) -> usize {
        self.of_page.len()
    }

    /// Tenths of a locator for a page of text.
    fn density(&self) -> usize {
        (self.locators * 10)
            .checked_div(self.text_pages())
            .unwrap_or_default()
    }

    /// Tenths of a per cent of the book that the index takes.
    fn length(&self) -> usize {
        (self.index_pages * 1000)
            .checked_div(self.book_pages)
            .unwrap_or_default()
    }
}

/// How many pages the index has: from its title to the next section or the end.
fn index_pages(proofs: &Proofs) -> usize {
    let page_of = |at: usize| {
        let section = proofs.edition.sections.get(at)?;
        let place = proofs.pages.places.find(position(section.title.id, 0))?;
        Some(place.page as usize)
    };
    let sections = &proofs.edition.sections;
    let Some(at) = sections
        .iter()
        .position(|section| section.kind == ChapterKind::Index)
    else {
        return 0;
    };
    let first = page_of(at).unwrap_or_default();
    page_of(at + 1)
        .unwrap_or(proofs.pages.pages.len())
        .saturating_sub(first)
}

fn tenths(number: usize) -> String {
    format!("{}.{}", number / 10, number % 10)
}

fn overall(figures: &Figures, measured: &[Measured], text: &mut String) {
    let subheadings = measured.iter().filter(|one| one.level > 0).count();
    let see: usize = measured.iter().map(|one| one.entry.see.len()).sum();
    let also: usize = measured.iter().map(|one| one.entry.see_also.len()).sum();
    let _ = writeln!(
        text,
        "The index: {} headings, {subheadings} subheadings, {} locators, {see} see, {also} see also\n\
         Length: {} of {} pages, {} % of the book (2 to 8 is usual)\n\
         Density: {} locators a page of text (3 to 15 is usual)\n",
        measured.len() - subheadings,
        figures.locators,
        figures.index_pages,
        figures.book_pages,
        tenths(figures.length()),
        tenths(figures.density()),
    );
}

fn chapters(proofs: &Proofs, figures: &Figures, text: &mut String) {
    text.push_str("By chapter:   pages  locators  a page\n");
    for (section, pages) in &figures.of_section {
        let count: usize = pages.iter().map(|page| figures.of_page[page]).sum();
        let density = (count * 10).checked_div(pages.len()).unwrap_or_default();
        let title = &proofs.edition.sections[*section].short_title;
        let _ = writeln!(
            text,
            "            {:7}  {count:8}  {:>6}  {title}",
            pages.len(),
            tenths(density)
        );
    }
    text.push('\n');
}

/// Runs of pages of text without a locator.
fn runs(figures: &Figures) -> Vec<(u32, u32)> {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for (&page, _) in figures.of_page.iter().filter(|(_, count)| **count == 0) {
        match runs.last_mut() {
            Some(last) if last.1 + 1 == page => last.1 = page,
            Some(_) | None => runs.push((page, page)),
        }
    }
    runs
}

fn gaps(proofs: &Proofs, figures: &Figures, text: &mut String) {
    let folio = |page: u32| {
        let page = proofs.pages.pages.get(page as usize);
        let folio = page.and_then(|page| page.folio);
        folio.map_or("?".to_string(), |folio| folio.to_string())
    };
    let runs: Vec<String> = runs(figures)
        .into_iter()
        .map(|(first, last)| match first == last {
            true => folio(first),
            false => format!("{}–{}", folio(first), folio(last)),
        })
        .collect();
    let _ = match runs.is_empty() {
        true => writeln!(text, "Gaps: every page of text has a locator\n"),
        false => writeln!(text, "Gaps: no locator leads to page {}\n", runs.join(", ")),
    };
}

/// The headings with the most locators of their own and no subheadings.
fn heavy(measured: &[Measured], text: &mut String) {
    let mut bare: Vec<&Measured> = measured
        .iter()
        .filter(|one| one.subheadings == 0 && one.locators.len() > 3)
        .collect();
    bare.sort_by_key(|one| usize::MAX - one.locators.len());
    if bare.is_empty() {
        return;
    }
    text.push_str("Most bare locators:\n");
    for one in bare.iter().take(15) {
        let _ = writeln!(
            text,
            "  {:3}  {}: {}",
            one.locators.len(),
            one.entry.id,
            one.shown().join(", ")
        );
    }
    text.push('\n');
}

fn by_figures(rule: &str, proofs: &Proofs, figures: &Figures) -> String {
    let within = |value: usize, low: usize, high: usize| match value {
        value if value < low * 10 => "too little",
        value if value > high * 10 => "too much",
        _ => "kept",
    };
    match rule {
        "I16" => {
            let widest = proofs.settings.index.widest_gap;
            let gaps = runs(figures);
            let wide = gaps
                .iter()
                .filter(|(first, last)| (last - first + 1) as usize >= widest);
            match wide.count() {
                0 => "kept".to_string(),
                count => format!("{count} gaps of {widest} pages or more"),
            }
        }
        "I17" => format!(
            "{}: {}",
            within(figures.density(), 3, 15),
            tenths(figures.density())
        ),
        _ => format!(
            "{}: {} %",
            within(figures.length(), 2, 8),
            tenths(figures.length())
        ),
    }
}
