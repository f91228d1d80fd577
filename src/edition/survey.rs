//! A finished book read over again: every written passage with the words in it that the
//! vocabularies know. What suggestions and reports are made from.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::apparatus::Apparatus;
use crate::edition::matching::{Hit, Vocabulary};
use crate::edition::places;
use crate::edition::{Edition, Target};
use crate::source::{PassageId, Span};
use crate::text::{Inline, Passage, Style};

pub use crate::edition::fold::folded;
pub use crate::edition::places::Kind;
pub use crate::edition::postings::weight;

/// The written passages of a book: of its chapters, then of its authors' and editors' notes.
#[derive(Debug, Default)]
pub struct Survey {
    pub texts: Vec<Text>,
    /// The paths of the index headings, parents first, and the ids of the terms: what
    /// [`Known::entry`] counts in.
    pub headings: Vec<String>,
    pub terms: Vec<String>,
}

/// A passage as it reads.
#[derive(Debug)]
pub struct Text {
    pub passage: PassageId,
    /// Its section's place in running order.
    pub section: usize,
    pub kind: Kind,
    /// Whether the index may lead to it.
    pub indexed: bool,
    pub plain: String,
    /// Where it stands in the manuscript.
    pub span: Option<Span>,
    /// Words that an index heading matches, and those that a term does, in their order.
    pub headings: Vec<Known>,
    pub terms: Vec<Known>,
    /// Words set apart by emphasis or as another language's.
    pub apart: Vec<Range<usize>>,
}

/// Words that a vocabulary knows, by bytes of the passage's plain text.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    pub start: usize,
    pub end: usize,
    pub entry: usize,
}

impl Survey {
    /// Reads a book over.
    pub fn of(edition: &Edition, apparatus: &Apparatus) -> Survey {
        let vocabulary = Vocabulary::new(apparatus);
        let places = places::of_edition(edition);
        let found = vocabulary.scan(&places);
        let passages = passages(edition);
        let mut texts: Vec<Text> = places
            .into_iter()
            .map(|place| {
                let passage = passages.get(&place.passage);
                Text {
                    passage: place.passage,
                    section: place.section,
                    kind: place.kind,
                    indexed: place.indexed,
                    span: passage.and_then(|passage| span_of(passage)),
                    apart: passage.map_or_else(Vec::new, |passage| apart(&passage.inlines)),
                    plain: place.plain,
                    headings: Vec::new(),
                    terms: Vec::new(),
                }
            })
            .collect();
        let known = |hit: &Hit| Known {
            start: hit.start,
            end: hit.end,
            entry: hit.entry,
        };
        for hit in &found.headings {
            texts[hit.place].headings.push(known(hit));
        }
        for hit in &found.terms {
            texts[hit.place].terms.push(known(hit));
        }
        let paths = vocabulary.headings.iter();
        Survey {
            texts,
            headings: paths.map(|node| node.path.clone()).collect(),
            terms: vocabulary.terms.iter().map(ToString::to_string).collect(),
        }
    }
}

fn passages(edition: &Edition) -> BTreeMap<PassageId, &Passage<Target>> {
    let mut passages = BTreeMap::new();
    for section in &edition.sections {
        passages.insert(section.title.id, &section.title);
    }
    let sections = edition.sections.iter().flat_map(|section| &section.blocks);
    let notes = edition.notes.iter().flat_map(|note| &note.blocks);
    for block in sections.chain(notes) {
        block.each_passage(&mut |passage| {
            passages.insert(passage.id, passage);
        });
    }
    passages
}

/// The place of a passage, or of the first of its words that has one.
fn span_of(passage: &Passage<Target>) -> Option<Span> {
    fn first(inlines: &[Inline<Target>]) -> Option<Span> {
        inlines.iter().find_map(|inline| match inline {
            Inline::Text { span, .. } => *span,
            Inline::Styled(_, inner) | Inline::Reference(_, inner) => first(inner),
            Inline::LineBreak => None,
        })
    }
    passage.span.or_else(|| first(&passage.inlines))
}

/// Where words of a passage are set apart.
fn apart(inlines: &[Inline<Target>]) -> Vec<Range<usize>> {
    fn walk(inlines: &[Inline<Target>], at: &mut usize, inside: bool, all: &mut Vec<Range<usize>>) {
        for inline in inlines {
            match inline {
                Inline::Text { text, .. } => *at += text.len(),
                Inline::LineBreak => *at += 1,
                Inline::Reference(_, inner) => walk(inner, at, inside, all),
                Inline::Styled(style, inner) => {
                    let sets = matches!(style, Style::Emphasis | Style::Foreign(_));
                    let start = *at;
                    walk(inner, at, inside || sets, all);
                    if sets && !inside {
                        all.push(start..*at);
                    }
                }
            }
        }
    }
    let mut all = Vec::new();
    walk(inlines, &mut 0, false, &mut all);
    all
}
