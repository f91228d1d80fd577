//! Proves finished files against the book that they were made from. It reads them with code
//! of its own, so that a fault of a writer is not repeated here: every word of the book must
//! stand in the file, in order and once; every page number that the book quotes must be the
//! page's on which the words really stand; every link must lead where it should.

use std::collections::BTreeMap;

use crate::diag::{Code, Report};
use crate::edition::Edition;
use crate::pages::Pages;

mod compare;
mod epub;
mod expected;
mod found;
mod pdf;
mod places;
mod words;

use compare::{Alignment, align};
use expected::{Expected, ExpectedWord, Form, by_text};
use found::{Found, FoundWord};
use places::Stands;
use words::Words;

/// So many words of a difference are shown.
const SHOWN: usize = 12;
/// After so many differences of one kind the file is wrong enough.
const MOST: usize = 20;

/// Checks a PDF.
pub fn pdf(bytes: &[u8], edition: &Edition, pages: &Pages, report: &mut Report) {
    let Some(file) = pdf::File::open(bytes, report) else {
        return;
    };
    let mut words = Words::default();
    let expected = Expected::of(Form::Pdf, edition, pages, &mut words);
    let found = file.text(&mut words, report);
    let check = Check {
        form: Form::Pdf,
        edition,
        pages,
        words: &words,
        expected: &expected,
        found: &found,
    };
    let alignment = check.main(report);
    let notes = check.notes(report);
    let mut stands = Stands::new(&expected, &found.main, &alignment);
    stands.add_notes(&expected, &found, &notes);
    places::check_pages(&check.pdf_places(&alignment), &expected, pages, report);
    places::check_index(&edition.index, &stands, pages, report);
    file.check_labels(pages, report);
    file.check_links(pages, report);
    file.check_outline(pages, report);
}

/// Checks an EPUB, whose page numbers are those of the printed pages.
pub fn epub(bytes: &[u8], edition: &Edition, pages: &Pages, report: &mut Report) {
    let Some(file) = epub::File::open(bytes, report) else {
        return;
    };
    let mut words = Words::default();
    let expected = Expected::of(Form::Epub, edition, pages, &mut words);
    let (found, breaks) = file.text(&by_number(pages), &mut words);
    let check = Check {
        form: Form::Epub,
        edition,
        pages,
        words: &words,
        expected: &expected,
        found: &found,
    };
    let alignment = check.main(report);
    check.notes(report);
    places::check_breaks(&breaks, &alignment, &expected, pages, report);
    file.check_page_list(pages, report);
    file.check_links(report);
}

/// The printed pages by their numbers.
fn by_number(pages: &Pages) -> BTreeMap<String, u32> {
    let mut by_number = BTreeMap::new();
    for (page, at) in pages.pages.iter().zip(0..) {
        if let Some(folio) = page.folio {
            by_number.entry(folio.to_string()).or_insert(at);
        }
    }
    by_number
}

/// A file beside what it must hold.
struct Check<'c> {
    form: Form,
    edition: &'c Edition,
    pages: &'c Pages,
    words: &'c Words,
    expected: &'c Expected<'c>,
    found: &'c Found,
}

impl Check<'_> {
    /// Compares the main text and reports where it differs.
    fn main(&self, report: &mut Report) -> Alignment {
        let (expected, found) = (&self.expected.main, &self.found.main);
        let alignment = align(expected, found, self.expected.open_end);
        for difference in alignment.differences.iter().take(MOST) {
            let missing = &expected[difference.missing.0..difference.missing.1];
            let extra = &found[difference.extra.0..difference.extra.1];
            let near = expected.get(difference.missing.0).or(expected.last());
            let span = near.and_then(|word| self.expected.span(word));
            let shown = self.wording(missing);
            let added = self.shown(extra.iter().map(|word| word.word));
            let file = self.file();
            let message = match (missing.is_empty(), extra.is_empty()) {
                (false, true) => format!("the {file} lacks “{shown}”"),
                (true, false) => format!("the {file} has “{added}” where the book has nothing"),
                (false, false) | (true, true) => {
                    format!("the {file} has “{added}” where the book has “{shown}”")
                }
            };
            let place = found.get(difference.extra.0).or(found.last());
            let diagnostic = report.error(Code::TextDiffers, span, message);
            if let Some(page) = place.and_then(|word| self.page(word.page)) {
                diagnostic.help(format!("look at page {page}"));
            }
            if let Some(page) = self.elsewhere(missing) {
                diagnostic.help(format!("these words stand on page {page} instead"));
            }
        }
        self.more(alignment.differences.len(), report);
        alignment
    }

    /// Compares the notes, whatever their order on the page; gives for each note of the
    /// book the file's.
    fn notes(&self, report: &mut Report) -> Vec<Option<usize>> {
        let mut wanted = by_text(&self.expected.notes);
        let mut matched = vec![None; self.expected.notes.len()];
        let mut extra = Vec::new();
        for (at, note) in self.found.notes.iter().enumerate() {
            let text: Vec<u32> = note.iter().map(|word| word.word.0).collect();
            match wanted
                .get_mut(&text)
                .and_then(|ids| (!ids.is_empty()).then(|| ids.remove(0)))
            {
                Some(id) => matched[id.0 as usize] = Some(at),
                None => extra.push(note),
            }
        }
        let missing = self.edition.notes.iter().zip(&matched);
        let missing: Vec<_> = missing.filter(|(_, matched)| matched.is_none()).collect();
        let file = self.file();
        for (note, _) in missing.iter().take(MOST) {
            let shown = self.wording(&self.expected.notes[note.id.0 as usize]);
            let span = self.expected.note_span(note.id);
            let message = format!("the {file} does not have note {}, “{shown}”", note.label);
            report.error(Code::TextDiffers, span, message);
        }
        for note in extra.iter().take(MOST) {
            let shown = self.shown(note.iter().map(|word| word.word));
            let message = format!("the {file} has a note “{shown}” that is not the book's");
            let page = note.first().and_then(|word| self.page(word.page));
            let diagnostic = report.error(Code::TextDiffers, None, message);
            if let Some(page) = page {
                diagnostic.help(format!("look at page {page}"));
            }
        }
        self.more(missing.len().max(extra.len()), report);
        matched
    }

    fn more(&self, differences: usize, report: &mut Report) {
        if differences > MOST {
            let message = format!(
                "the {} differs in {} more places",
                self.file(),
                differences - MOST
            );
            report.error(Code::TextDiffers, None, message);
        }
    }

    /// Each word of the book that the file has, with the page that it stands on.
    fn pdf_places(&self, alignment: &Alignment) -> Vec<(ExpectedWord, u32)> {
        let words = self.expected.main.iter().zip(&alignment.matched);
        let placed = words.filter_map(|(word, matched)| {
            let found = &self.found.main[(*matched)? as usize];
            Some((*word, found.page?))
        });
        placed.filter(|(word, _)| !word.filled_in).collect()
    }

    fn file(&self) -> &'static str {
        match self.form {
            Form::Pdf => "PDF",
            Form::Epub => "EPUB",
        }
    }

    fn page(&self, page: Option<u32>) -> Option<String> {
        let at = page? as usize;
        let folio = self.pages.pages.get(at)?.folio;
        Some(folio.map_or(format!("{} of the file", at + 1), |folio| folio.to_string()))
    }

    /// The page on which a missing stretch stands instead, where it is long enough to tell.
    fn elsewhere(&self, missing: &[ExpectedWord]) -> Option<String> {
        const ENOUGH: usize = 6;
        let wanted: Vec<u32> = missing
            .iter()
            .take(ENOUGH)
            .map(|word| word.word.0)
            .collect();
        if wanted.len() < ENOUGH {
            return None;
        }
        let same = |window: &&[FoundWord]| {
            window
                .iter()
                .zip(&wanted)
                .all(|(found, wanted)| found.word.0 == *wanted)
        };
        let found = self.found.main.windows(ENOUGH).find(same)?;
        self.page(found[0].page)
    }

    /// The first words of a stretch of the book, as they stand there.
    fn wording(&self, stretch: &[ExpectedWord]) -> String {
        let shown = &stretch[..stretch.len().min(SHOWN)];
        if let (Some(first), Some(last)) = (shown.first(), shown.last()) {
            let same = first.passage == last.passage && !shown.iter().any(|word| word.filled_in);
            let plain = self.expected.passages[first.passage as usize].plain();
            let end = last.offset as usize + self.words.text(last.word).len();
            let wording = plain.get(first.offset as usize..end).filter(|_| same);
            if let Some(wording) = wording {
                let more = if stretch.len() > SHOWN { " …" } else { "" };
                return format!("{wording}{more}");
            }
        }
        self.shown(stretch.iter().map(|word| word.word))
    }

    /// The first words of a stretch of the file.
    fn shown(&self, stretch: impl Iterator<Item = words::Word>) -> String {
        let mut shown = String::new();
        for (at, word) in stretch.enumerate() {
            if at == SHOWN {
                shown.push_str(" …");
                break;
            }
            let close = shown.ends_with(['“', '‘', '«', '(', '[', '¿', '¡', '—', '-', '’']);
            if at > 0 && !close && !self.words.is_sign(word) {
                shown.push(' ');
            }
            shown.push_str(self.words.text(word));
        }
        shown
    }
}
