//! What the editors declare beside the text: terms, events, index headings, works cited and
//! emendations, by id. It knows nothing of where they are used.

use std::collections::BTreeMap;

use crate::diag::{Acceptance, Report};
use crate::source::{Inputs, Span};
use crate::text::{Inline, Lang, Name};

mod accepted;
mod bibliography;
mod check;
pub mod date;
mod emendations;
mod events;
mod headings;
mod loader;
pub mod rich;
mod terms;
mod works;

pub use check::unknown;
use date::Date;

/// All editorial entries of a pack.
#[derive(Clone, Debug, Default)]
pub struct Apparatus {
    /// `glossary.toml`.
    pub terms: BTreeMap<String, Term>,
    /// `chronology.toml`.
    pub events: BTreeMap<String, Event>,
    /// `index.toml`: top-level headings.
    pub headings: BTreeMap<String, Heading>,
    /// `sources.toml` and `bibliography.bib`.
    pub works: BTreeMap<String, Work>,
    /// `emendations.toml`, in order.
    pub emendations: Vec<Emendation>,
    /// `accepted.toml`: warnings that the editors have weighed.
    pub accepted: Vec<Acceptance>,
    /// The same file: words that are not to be suggested again.
    pub passed_over: Vec<String>,
}

impl Apparatus {
    /// Every index heading and subheading by its path: `lincoln/policy`.
    pub fn headings_by_path(&self) -> BTreeMap<String, &Heading> {
        fn walk<'a>(path: String, heading: &'a Heading, all: &mut BTreeMap<String, &'a Heading>) {
            for sub in &heading.subheadings {
                walk(format!("{path}/{}", sub.id), sub, all);
            }
            all.insert(path, heading);
        }
        let mut all = BTreeMap::new();
        for heading in self.headings.values() {
            walk(heading.id.clone(), heading, &mut all);
        }
        all
    }
}

/// A text that carries marks and emphasis: a definition, an event's account.
pub type Rich = Vec<Inline<Name>>;

/// A glossary term.
#[derive(Clone, Debug)]
pub struct Term {
    pub id: String,
    /// As it is printed: `rebozos`.
    pub term: String,
    /// The language of the term, when it is not the book's.
    pub lang: Option<Lang>,
    /// Words to match, `term` among them: inflections, variants, acronyms.
    pub forms: Vec<String>,
    /// Match only where the case is that of the form (for acronyms such as UP).
    pub exact_case: bool,
    pub part_of_speech: Option<String>,
    pub plural: Option<String>,
    pub pronunciation: Option<String>,
    /// One sentence for the foot of the page.
    pub short: Rich,
    /// For the glossary at the back; the short one where there is none.
    pub full: Option<Rich>,
    /// Another term, by id, under which this one is explained.
    pub see: Option<String>,
    pub see_also: Vec<String>,
    /// Works cited for the definition.
    pub sources: Vec<Citation>,
    pub span: Span,
}

/// A work cited and the place in it.
#[derive(Clone, Debug)]
pub struct Citation {
    /// The work's id.
    pub work: String,
    pub work_span: Span,
    /// `§ 12`, `p. 256`, `note 1`; for a source of the pack, a few words that stand there
    /// may be given instead, and become a link to the passage.
    pub locator: Option<String>,
    /// Words of the source that stand where it says so: a short anchor.
    pub anchor: Option<String>,
    pub span: Span,
}

/// An event of the chronology.
#[derive(Clone, Debug)]
pub struct Event {
    pub id: String,
    /// What it is called in a table: `Truck owners’ strike`.
    pub name: Option<String>,
    /// What the texts call it, for dates told from it: `the Tancazo`, `he took office`.
    pub forms: Vec<String>,
    /// The date that the editors print.
    pub date: Date,
    /// Present tense: who, what, where.
    pub text: Rich,
    pub sources: Vec<Citation>,
    /// What sources say otherwise: a day, a number, a name.
    pub readings: Vec<Reading>,
    /// Why the editors print the date that they print.
    pub reason: Option<Rich>,
    pub span: Span,
}

/// What one source says where sources disagree.
#[derive(Clone, Debug)]
pub struct Reading {
    /// What it is about: `day`, `votes`, `name`.
    pub about: String,
    pub says: Rich,
    pub source: Citation,
}

/// An index heading.
#[derive(Clone, Debug)]
pub struct Heading {
    pub id: String,
    /// As printed: `Lincoln, Abraham`.
    pub heading: Rich,
    /// What it is sorted by, where that is not how it is printed.
    pub sort: Option<String>,
    /// Words to match.
    pub forms: Vec<String>,
    pub exact_case: bool,
    /// Words that hold a form but are not it: `Lincoln Street`.
    pub except: Vec<String>,
    pub posting: Posting,
    /// A passage counts only when one of these words stands in it too; how a subheading
    /// tells its part of the heading's passages.
    pub near: Vec<String>,
    /// Paragraphs that are posted whatever the rule says, and that are not.
    pub keep: Vec<PassageName>,
    pub drop: Vec<PassageName>,
    pub subheadings: Vec<Heading>,
    /// Ids of headings (`lincoln`, `lincoln/policy`).
    pub see: Vec<String>,
    pub see_also: Vec<String>,
    /// The same in general words, which lead to no one heading: `names of parties`.
    pub see_general: Vec<Rich>,
    pub see_also_general: Vec<Rich>,
    pub span: Span,
}

/// A paragraph by name: `miller#bank-eleven-sill-sluice-yard`.
#[derive(Clone, Debug)]
pub struct PassageName {
    pub name: String,
    pub span: Span,
}

/// Which of a heading's occurrences are posted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Posting {
    /// Every one.
    #[default]
    All,
    /// Those in passages that are about it.
    Principal,
    /// Only where a mark says so.
    Marked,
}

/// A work: a source of the pack, or one that is cited.
#[derive(Clone, Debug)]
pub struct Work {
    pub id: String,
    /// As filed: `Torres, Pablo`; empty where none is known.
    pub authors: Vec<Person>,
    pub translators: Vec<Person>,
    pub title: String,
    /// Whether the editors supplied the title, which is then printed in square brackets.
    pub title_supplied: bool,
    pub container: Option<String>,
    pub publisher: Option<String>,
    pub place: Option<String>,
    /// As printed: `2023`, `[1998]`.
    pub date: Option<String>,
    pub address: Option<String>,
    pub retrieved: Option<String>,
    /// What else there is to say of it, at the end of its entry in the bibliography.
    pub note: Option<String>,
    pub language: Option<Lang>,
    /// How notes name it in short: `Brochure`, `Saunois`.
    pub short: String,
    /// What the editors say of the state of the text.
    pub condition: Option<String>,
    /// For a source of the pack: its file.
    pub file: Option<SourceFile>,
    pub span: Span,
}

/// A person's name in its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub family: String,
    pub given: String,
}

/// The reader's own copy of a source.
#[derive(Clone, Debug)]
pub struct SourceFile {
    pub name: String,
    pub sha256: String,
    /// The recipe's path in the pack.
    pub recipe: String,
    pub span: Span,
}

/// A correction to a source.
#[derive(Clone, Debug)]
pub struct Emendation {
    /// The work's id.
    pub source: String,
    pub source_span: Span,
    /// The words as they stand, enough of them to be found once; with `every`, wherever
    /// they stand as whole words.
    pub find: String,
    pub replace: String,
    pub every: bool,
    pub reason: Rich,
    /// Silent ones are counted by class, all others listed one by one.
    pub class: Option<String>,
    pub span: Span,
}

/// Reads the vocabulary files that the pack has; every fault in one run.
pub fn load(inputs: &Inputs, report: &mut Report) -> Apparatus {
    let mut later = Report::default();
    // Of all files the index's is the longest.
    let (first, headings) = rayon::join(
        || {
            let (accepted, passed_over) = accepted::load(inputs, report);
            Apparatus {
                terms: terms::load(inputs, report),
                events: events::load(inputs, report),
                accepted,
                passed_over,
                ..Apparatus::default()
            }
        },
        || headings::load(inputs, &mut later),
    );
    report.append(later);
    let apparatus = Apparatus {
        headings,
        works: works::load(inputs, report),
        emendations: emendations::load(inputs, report),
        ..first
    };
    check::all(&apparatus, report);
    apparatus
}
