//! Proves finished files against the book that they were made from. It reads them with code
//! of its own, so that a fault of a writer is not repeated here: every word of the book must
//! stand in the file, in order and once; every page number that the book quotes must be the
//! page's on which the words really stand; every link must lead where it should.

use std::collections::BTreeMap;

use crate::diag::{Code, Report};
use crate::edition::index::{Entry, locators};
use crate::edition::{Edition, Target};
use crate::pages::Pages;
use crate::text::{Block, Figure};

mod calls;
mod compare;
mod epub;
mod expected;
mod found;
mod listener;
mod pdf;
mod places;
mod set;
mod sheets;
mod sight;
mod sources;
mod words;

use compare::{Alignment, align};
use expected::{Expected, ExpectedWord, Form, by_text};
use found::{Found, FoundWord};
use places::Stands;
use words::Words;

pub use sources::{SourceProof, source};

/// So many words of a difference are shown.
const SHOWN: usize = 12;
/// After so many differences of one kind the file is wrong enough.
const MOST: usize = 20;

/// What was compared in a file; nothing, where it could not be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proof {
    /// Words of the main text and of the notes; signs are compared, not counted.
    pub words: usize,
    pub notes: usize,
    pub calls: usize,
    pub links: usize,
    /// Page numbers and ranges of the index.
    pub locators: usize,
    pub pages: usize,
    pub pictures: usize,
}

/// Checks a PDF.
pub fn pdf(bytes: &[u8], edition: &Edition, pages: &Pages, report: &mut Report) -> Proof {
    let Some(file) = pdf::File::open(bytes, report) else {
        return Proof::default();
    };
    let mut words = Words::default();
    let expected = Expected::of(Form::Pdf, edition, pages, &mut words);
    let pdf::Read {
        found,
        pages: seen,
        locators,
    } = file.read(&mut words, report);
    let check = Check {
        form: Form::Pdf,
        edition,
        pages,
        words: &words,
        expected: &expected,
        found: &found,
    };
    let (alignment, notes) = check.texts(report);
    let mut stands = Stands::new(&expected, &found.main, &alignment);
    stands.add_notes(&expected, &found, &notes);
    places::check_pages(&check.pdf_places(&alignment), &expected, pages, report);
    places::check_index(&edition.index, &stands, pages, report);
    places::check_locators(&locators, check.file(), report);
    file.check_looks(&seen, pages, report);
    file.check_labels(pages, report);
    file.check_links(pages, report);
    file.check_outline(pages, report);
    file.let_go();
    Proof {
        links: pages.pages.iter().map(|page| page.links.len()).sum(),
        pages: pages.pages.len(),
        pictures: seen.iter().map(|page| page.pictures.len()).sum(),
        ..check.proof()
    }
}

/// Checks an EPUB, whose page numbers are those of the printed pages.
pub fn epub(bytes: &[u8], edition: &Edition, pages: &Pages, report: &mut Report) -> Proof {
    let Some(files) = epub::Files::open(bytes, report) else {
        return Proof::default();
    };
    let Some(file) = files.read(report) else {
        return Proof::default();
    };
    let mut words = Words::default();
    let expected = Expected::of(Form::Epub, edition, pages, &mut words);
    let text = file.text(&by_number(pages), &mut words);
    let found = &text.found;
    let check = Check {
        form: Form::Epub,
        edition,
        pages,
        words: &words,
        expected: &expected,
        found,
    };
    let (alignment, _) = check.texts(report);
    epub::File::check_ways_back(&text, report);
    places::check_breaks(&text.breaks, &alignment, &expected, pages, report);
    places::check_locators(&text.locators, check.file(), report);
    file.check_page_list(pages, report);
    check.pictures(&text.pictures, report);
    Proof {
        links: file.check_links(report),
        pages: text.breaks.len(),
        pictures: text.pictures.len(),
        ..check.proof()
    }
}

/// Checks sheets for the printer: both sides of each in turn in one file, or the fronts in
/// one and the backs in another.
pub fn sheets(files: &[&[u8]], edition: &Edition, pages: &Pages, report: &mut Report) -> Proof {
    let mut words = Words::default();
    let expected = Expected::of(Form::Sheets, edition, pages, &mut words);
    let found = set::read(pages, &mut words);
    let check = Check {
        form: Form::Sheets,
        edition,
        pages,
        words: &words,
        expected: &expected,
        found: &found,
    };
    check.texts(report);
    let mut sides = [Vec::new(), Vec::new()];
    let mut scale = None;
    for (file, bytes) in files.iter().enumerate() {
        let Some(opened) = pdf::File::open(bytes, report) else {
            return Proof::default();
        };
        let texts = opened.page_texts(report);
        let Some(paper) = opened.paper() else {
            continue;
        };
        let own = *scale.get_or_insert(sheets::scale(&texts));
        if !sheets::fits(paper, own, pages) {
            report.error(
                Code::WrongPage,
                None,
                "the sheets are too small for two pages",
            );
        }
        for (at, text) in texts.iter().enumerate() {
            let back = if files.len() == 2 { file } else { at % 2 };
            sides[back].push(sheets::Side::read(text, paper, back == 1));
        }
    }
    let [fronts, backs] = sides;
    Proof {
        pages: sheets::check(&fronts, &backs, scale.unwrap_or(1.0), pages, report),
        ..check.proof()
    }
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

fn gather_figures<'b>(blocks: &'b [Block<Target>], figures: &mut Vec<&'b Figure<Target>>) {
    for block in blocks {
        match block {
            Block::Figure(figure) => figures.push(figure),
            Block::Quote { blocks, .. } | Block::Box { blocks, .. } => {
                gather_figures(blocks, figures);
            }
            Block::List(list) => {
                let items = list.items.iter();
                items.for_each(|item| gather_figures(item, figures));
            }
            Block::Definitions { items, .. } => {
                items
                    .iter()
                    .for_each(|item| gather_figures(&item.body, figures));
            }
            Block::Heading { .. }
            | Block::Paragraph(_)
            | Block::Table(_)
            | Block::Break
            | Block::Code(_) => {}
        }
    }
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
    /// Compares the main text, the notes, and the calls that join them; gives for each note
    /// of the book the file's.
    fn texts(&self, report: &mut Report) -> (Alignment, Vec<Option<usize>>) {
        let alignment = self.main(report);
        let notes = self.notes(report);
        self.calls(&alignment, &notes, report);
        (alignment, notes)
    }

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

    /// Compares what an e-book's pictures show with the book's figures, in order.
    fn pictures(&self, found: &[String], report: &mut Report) {
        let mut wanted = Vec::new();
        for section in &self.edition.sections {
            gather_figures(&section.blocks, &mut wanted);
        }
        // One that the pack does not have is shown in words, which are the file's own.
        wanted.retain(|figure| self.edition.pictures.contains_key(&figure.path));
        let same = found.iter().zip(&wanted);
        let at = same
            .take_while(|(found, wanted)| **found == wanted.alt)
            .count();
        let message = match (wanted.get(at), found.get(at)) {
            (None, None) => return,
            (Some(wanted), _) => format!("the EPUB lacks the picture “{}” here", wanted.alt),
            (None, Some(found)) => {
                format!("the EPUB has a picture “{found}” that is not the book's")
            }
        };
        let span = wanted.get(at).and_then(|figure| figure.span);
        report.error(Code::TextDiffers, span, message);
    }

    /// What was compared, but for what each form has of its own.
    fn proof(&self) -> Proof {
        let is_word = |word: &&ExpectedWord| !self.words.is_sign(word.word);
        let notes = self.expected.notes.iter().flatten();
        let locators = self.edition.index.iter();
        Proof {
            words: self
                .expected
                .main
                .iter()
                .chain(notes)
                .filter(is_word)
                .count(),
            notes: self.expected.notes.len(),
            calls: self.expected.calls.len(),
            locators: locators.map(|entry| self.locators(entry)).sum(),
            ..Proof::default()
        }
    }

    fn locators(&self, entry: &Entry) -> usize {
        let folio = |position| self.pages.folio_of(position);
        let own = locators(&entry.postings, self.edition.setting.elision, &folio);
        let below = entry.subentries.iter().map(|entry| self.locators(entry));
        own.len() + below.sum::<usize>()
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
            Form::Sheets => "booklet",
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
