//! Where everything stands in the e-book: which file holds a passage, which file sets a
//! note, and where the pages of the printed edition begin.

use std::collections::{BTreeMap, BTreeSet};

use crate::edition::index::Entry;
use crate::edition::words::Words;
use crate::edition::{Edition, NoteId, Section, Target};
use crate::manifest::{ChapterKind, Design, MarginNumbers};
use crate::pages::Pages;
use crate::source::{PassageId, Position};
use crate::text::spacing::Manner;
use crate::text::{Block, DefinitionKind, Inline, Passage};
use crate::units::Folio;

/// The name of the navigation document, which is the table of contents too.
pub(super) const NAV: &str = "nav.xhtml";

/// The book's files and what is where in them.
pub(super) struct Plan<'a> {
    pub edition: &'a Edition,
    pub design: &'a Design,
    pub pages: &'a Pages,
    pub words: &'static Words,
    pub lang: &'a str,
    /// The numbers of paragraphs, where the printed edition has them in its margin.
    pub numbers: BTreeMap<PassageId, usize>,
    pub manner: Manner,
    /// The files of the text, in reading order.
    pub files: Vec<File<'a>>,
    /// Every numbered page of the printed edition, in order, with the file it begins in.
    pub page_list: Vec<(usize, Folio)>,
    /// The pages that begin after all text: blank ones.
    pub closing: Vec<PageBreak>,
    breaks: BTreeMap<PassageId, Vec<PageBreak>>,
    /// By passage.
    homes: Vec<Option<Home>>,
    /// By note.
    note_files: Vec<Option<usize>>,
}

/// A file of the text: one section.
pub(super) struct File<'a> {
    pub name: String,
    /// `None` for the title page of a book whose running order has none.
    pub section: Option<&'a Section>,
    /// Whether a part's title stands before it, with the others of that part.
    pub in_part: bool,
    /// The notes called in it, in the order of their calls.
    pub notes: Vec<NoteId>,
}

/// Where a page of the printed edition begins in a passage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PageBreak {
    /// Into the passage's plain text.
    pub offset: usize,
    pub folio: Folio,
}

/// Where a passage stands.
#[derive(Clone, Copy)]
struct Home {
    file: usize,
    /// Its place among all passages.
    order: usize,
    kind: HomeKind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum HomeKind {
    Text,
    /// A term of the glossary.
    Term,
    Note(NoteId),
}

/// A place to which a link leads.
pub(super) struct Place {
    pub href: String,
    /// Whether a term of the glossary stands there.
    pub is_term: bool,
}

fn numbers(edition: &Edition, design: &Design) -> BTreeMap<PassageId, usize> {
    if design.margin_numbers != MarginNumbers::Paragraphs {
        return BTreeMap::new();
    }
    let sections = edition.sections.iter();
    let numbered = sections.flat_map(|section| section.numbered_paragraphs().into_iter().zip(1..));
    numbered.collect()
}

impl<'a> Plan<'a> {
    /// Plans the files of a book.
    pub(super) fn new(edition: &'a Edition, design: &'a Design, pages: &'a Pages) -> Plan<'a> {
        let language = edition.metadata.language.as_ref();
        let mut plan = Plan {
            edition,
            design,
            pages,
            words: Words::of(language),
            lang: language.map_or("en", |lang| lang.0.as_str()),
            numbers: numbers(edition, design),
            manner: language.map(Manner::of).unwrap_or_default(),
            files: files(edition),
            page_list: Vec::new(),
            closing: Vec::new(),
            breaks: BTreeMap::new(),
            homes: Vec::new(),
            note_files: vec![None; edition.notes.len()],
        };
        let mut walk = Walk {
            plan: &mut plan,
            file: 0,
            kind: HomeKind::Text,
            order: 0,
            called: Vec::new(),
        };
        walk.files();
        plan.break_pages();
        plan
    }

    /// The page breaks inside a passage.
    pub(super) fn breaks(&self, passage: PassageId) -> &[PageBreak] {
        self.breaks.get(&passage).map_or(&[], Vec::as_slice)
    }

    /// The way from a file to a position; `None` when the e-book does not set it. Far into
    /// a passage that runs over pages it is the last page break before it, in a note the
    /// note's call.
    pub(super) fn place(&self, from: usize, to: Position) -> Option<Place> {
        let home = self.home(to.passage)?;
        let offset = to.offset as usize;
        let page = self
            .breaks(to.passage)
            .iter()
            .rfind(|page| page.offset > 0 && page.offset <= offset);
        let fragment = match (home.kind, page) {
            // Readers that open notes where they are called hide them where they stand.
            (HomeKind::Note(note), _) => format!("r{}", note.0),
            (HomeKind::Text | HomeKind::Term, Some(page)) => page_id(page.folio),
            (HomeKind::Text | HomeKind::Term, None) => passage_id(to.passage),
        };
        Some(Place {
            href: self.href(from, home.file, &fragment),
            is_term: home.kind == HomeKind::Term,
        })
    }

    /// The way from a file to where a note is set.
    pub(super) fn note(&self, from: usize, note: NoteId) -> Option<String> {
        let file = (*self.note_files.get(note.0 as usize)?)?;
        Some(self.href(from, file, &format!("n{}", note.0)))
    }

    /// The way to an element from a file, or from outside of all (`usize::MAX`).
    pub(super) fn href(&self, from: usize, file: usize, fragment: &str) -> String {
        let name = if from == file {
            ""
        } else {
            &self.files[file].name
        };
        format!("{name}#{fragment}")
    }

    fn home(&self, passage: PassageId) -> Option<Home> {
        *self.homes.get(passage.0 as usize)?
    }

    /// Finds where each numbered page begins. A page without text of its own begins where
    /// the next one does, and so does one that only shows figures which found no room where
    /// they belong: the text before it is printed earlier. None begins before the one that
    /// it follows.
    fn break_pages(&mut self) {
        let mut spots = self.spots();
        let mut next = None;
        for spot in spots.iter_mut().rev() {
            *spot = spot.or(next);
            next = *spot;
        }
        let mut last = None;
        let mut listed = BTreeSet::new();
        for (page, spot) in self.pages.pages.iter().zip(spots) {
            let spot = spot.map(|spot| last.map_or(spot, |last: Spot| last.max(spot)));
            last = spot.or(last);
            let Some(folio) = page.folio.filter(|folio| listed.insert(*folio)) else {
                continue;
            };
            let Some(spot) = spot else {
                self.page_list.push((self.files.len() - 1, folio));
                self.closing.push(PageBreak { offset: 0, folio });
                continue;
            };
            self.page_list.push((spot.file, folio));
            let offset = spot.offset;
            self.breaks
                .entry(spot.passage)
                .or_default()
                .push(PageBreak { offset, folio });
        }
    }

    /// Where the text of each page begins, by what the typesetter says.
    fn spots(&self) -> Vec<Option<Spot>> {
        let starts = &self.pages.places.page_starts;
        let plain = self.broken_passages();
        starts
            .iter()
            .map(|start| self.spot((*start)?, &plain))
            .collect()
    }

    fn spot(&self, start: Position, plain: &BTreeMap<PassageId, String>) -> Option<Spot> {
        let home = self
            .home(start.passage)
            .filter(|home| !matches!(home.kind, HomeKind::Note(_)))?;
        let text = plain.get(&start.passage).map_or("", String::as_str);
        Some(Spot {
            file: home.file,
            order: home.order,
            offset: end_of_word(text, start.offset as usize),
            passage: start.passage,
        })
    }

    /// The plain text of the passages in which a page begins.
    fn broken_passages(&self) -> BTreeMap<PassageId, String> {
        let starts = self.pages.places.page_starts.iter().flatten();
        let wanted: BTreeSet<PassageId> = starts
            .filter(|start| start.offset > 0)
            .map(|start| start.passage)
            .collect();
        let mut plain = BTreeMap::new();
        each_passage(self.edition, &mut |passage| {
            if wanted.contains(&passage.id) {
                plain.insert(passage.id, passage.plain());
            }
        });
        plain
    }
}

/// A place at which a page begins; in reading order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Spot {
    file: usize,
    order: usize,
    offset: usize,
    passage: PassageId,
}

/// The id of a passage's element.
pub(super) fn passage_id(passage: PassageId) -> String {
    format!("p{}", passage.0)
}

/// The id of a figure's element, by its number in the file.
pub(super) fn figure_id(number: usize) -> String {
    format!("f{number}")
}

/// The id of a page break's element.
pub(super) fn page_id(folio: Folio) -> String {
    format!("page-{folio}")
}

/// The files, one a section; the half title is a matter of print and has none.
fn files(edition: &Edition) -> Vec<File<'_>> {
    let is_first = |at: usize| {
        let kind = edition.sections[at].kind;
        !edition.sections[..at]
            .iter()
            .any(|section| section.kind == kind)
    };
    let has_file = |(at, section): &(usize, &Section)| match section.kind {
        ChapterKind::HalfTitle => false,
        ChapterKind::Contents => is_first(*at),
        ChapterKind::Index => is_first(*at) && !edition.index.is_empty(),
        ChapterKind::TitlePage
        | ChapterKind::PartTitle
        | ChapterKind::Imprint
        | ChapterKind::Text
        | ChapterKind::Source
        | ChapterKind::Glossary
        | ChapterKind::Chronology
        | ChapterKind::Disagreements
        | ChapterKind::Figures
        | ChapterKind::Bibliography
        | ChapterKind::Emendations
        | ChapterKind::NoteOnTheText => true,
    };
    let part_titles = edition.part_titles();
    let mut files: Vec<File<'_>> = edition
        .sections
        .iter()
        .enumerate()
        .filter(has_file)
        .map(|(at, section)| File {
            name: String::new(),
            section: Some(section),
            in_part: part_titles[at].is_some(),
            notes: Vec::new(),
        })
        .collect();
    let is_title = |file: &File<'_>| {
        file.section
            .is_some_and(|section| section.kind == ChapterKind::TitlePage)
    };
    if !files.iter().any(is_title) {
        let title_page = File {
            name: String::new(),
            section: None,
            in_part: false,
            notes: Vec::new(),
        };
        files.insert(0, title_page);
    }
    let width = files.len().to_string().len().max(2);
    for (at, file) in files.iter_mut().enumerate() {
        file.name = file_name(at + 1, width, file.section);
    }
    files
}

fn file_name(number: usize, width: usize, section: Option<&Section>) -> String {
    match section {
        Some(section) if section.kind == ChapterKind::Contents => NAV.into(),
        Some(section) => format!("{number:0width$}-{}.xhtml", ascii(&section.id)),
        None => format!("{number:0width$}-title.xhtml"),
    }
}

/// A name that every file system and every reader takes.
pub(super) fn ascii(name: &str) -> String {
    let plain = |c: char| match c.is_ascii_alphanumeric() {
        true => c.to_ascii_lowercase(),
        false => '-',
    };
    name.chars().map(plain).take(60).collect()
}

/// The end of the word that an offset stands in; the offset itself between words.
fn end_of_word(text: &str, offset: usize) -> usize {
    if offset >= text.len() {
        // The line of an index entry goes on after the heading's own words.
        return offset;
    }
    let offset = text.ceil_char_boundary(offset);
    let inside = text[..offset]
        .chars()
        .next_back()
        .is_some_and(char::is_alphanumeric);
    if !inside {
        return offset;
    }
    let rest = &text[offset..];
    let word = rest.find(|c: char| !c.is_alphanumeric());
    offset + word.unwrap_or(rest.len())
}

/// Visits the passages of an edition's sections and index.
fn each_passage<'a>(edition: &'a Edition, visit: &mut dyn FnMut(&'a Passage<Target>)) {
    for section in &edition.sections {
        visit(&section.title);
        section.byline.iter().for_each(&mut *visit);
        for block in &section.blocks {
            block.each_passage(visit);
        }
    }
    for block in &edition.index_headnote {
        block.each_passage(visit);
    }
    each_term(&edition.index, visit);
}

fn each_term<'a>(entries: &'a [Entry], visit: &mut dyn FnMut(&'a Passage<Target>)) {
    for entry in entries {
        visit(&entry.term);
        each_term(&entry.subentries, visit);
    }
}

/// The way through all passages that finds their homes.
struct Walk<'p, 'a> {
    plan: &'p mut Plan<'a>,
    file: usize,
    kind: HomeKind,
    order: usize,
    /// Notes called in this file, in order.
    called: Vec<NoteId>,
}

impl<'a> Walk<'_, 'a> {
    fn files(&mut self) {
        for file in 0..self.plan.files.len() {
            self.file = file;
            self.kind = HomeKind::Text;
            if let Some(section) = self.plan.files[file].section {
                self.section(section);
            }
            self.notes();
            self.plan.files[file].notes = std::mem::take(&mut self.called);
        }
    }

    fn section(&mut self, section: &'a Section) {
        if section.kind == ChapterKind::TitlePage {
            // What is shown there is the book's title, without notes.
            self.order += 1;
            self.record(section.title.id, HomeKind::Text);
        } else {
            self.passage(&section.title);
        }
        section
            .byline
            .iter()
            .for_each(|byline| self.passage(byline));
        self.blocks(&section.blocks);
        if section.kind == ChapterKind::Index {
            let edition = self.plan.edition;
            self.blocks(&edition.index_headnote);
            each_term(&edition.index, &mut |term| self.passage(term));
        }
    }

    /// The notes called so far, and those that are called in them.
    fn notes(&mut self) {
        let edition = self.plan.edition;
        let mut next = 0;
        while let Some(note) = self.called.get(next).copied() {
            next += 1;
            self.kind = HomeKind::Note(note);
            self.blocks(&edition.notes[note.0 as usize].blocks);
        }
    }

    fn blocks(&mut self, blocks: &'a [Block<Target>]) {
        for block in blocks {
            block.each_passage(&mut |passage| self.passage(passage));
            if let Block::Definitions {
                kind: DefinitionKind::Glossary,
                items,
            } = block
            {
                for item in items {
                    self.record(item.term.id, HomeKind::Term);
                }
            }
        }
    }

    fn passage(&mut self, passage: &'a Passage<Target>) {
        self.order += 1;
        self.record(passage.id, self.kind);
        self.calls(&passage.inlines);
    }

    fn record(&mut self, passage: PassageId, kind: HomeKind) {
        let at = passage.0 as usize;
        let homes = &mut self.plan.homes;
        if homes.len() <= at {
            homes.resize(at + 1, None);
        }
        let order = homes[at].map_or(self.order, |home| home.order);
        homes[at] = Some(Home {
            file: self.file,
            order,
            kind,
        });
    }

    fn calls(&mut self, inlines: &[Inline<Target>]) {
        for inline in inlines {
            match inline {
                Inline::Text { .. } | Inline::LineBreak => {}
                Inline::Styled(_, inner) => self.calls(inner),
                Inline::Reference(target, inner) => {
                    if let Target::Note(note) = target {
                        self.call(*note);
                    }
                    self.calls(inner);
                }
            }
        }
    }

    fn call(&mut self, note: NoteId) {
        let file = self.plan.note_files.get_mut(note.0 as usize);
        if let Some(file @ None) = file {
            *file = Some(self.file);
            self.called.push(note);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::end_of_word;

    #[test]
    fn a_page_that_begins_inside_a_word_begins_after_it() {
        assert_eq!(end_of_word("the factory belts", 6), 11);
        assert_eq!(end_of_word("the factory belts", 4), 4);
        assert_eq!(end_of_word("nationalización", 8), 16);
        assert_eq!(end_of_word("one—two", 6), 6);
        // Nine bytes into an index entry: among what follows its heading.
        assert_eq!(end_of_word("one", 9), 9);
        assert_eq!(end_of_word("", 0), 0);
    }
}
