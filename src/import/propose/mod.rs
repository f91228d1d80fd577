//! From a raw text to a recipe: what condition it is in, and the rules that mend it.
//!
//! Nothing is proposed that takes words away unless they are furniture by their shape and
//! place; what cannot be told is left as it is and named as a doubt.

use super::{Kind, Opened};
use crate::source::Inputs;

mod anchors;
mod furniture;
mod headings;
mod language;
mod lines;
mod notes;
mod pictures;
mod recipe;
mod regions;
mod wrapping;

use super::anchor::Places;
use anchors::Anchors;
use lines::Text;

pub(super) use language::of as language_of;
pub use recipe::recipe;

/// What was found in a raw text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proposal {
    pub proposed: Vec<Proposed>,
    /// What was left as it is, and an editor should look at.
    pub doubts: Vec<Doubt>,
    /// The text's own title, where it has one at its head.
    pub title: Option<String>,
    /// By the commonest words of languages.
    pub language: Option<&'static str>,
}

/// A rule for the recipe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposed {
    /// As the recipe has it, without its `[[rule]]`.
    pub toml: String,
    /// What was found, for the comment above it.
    pub why: String,
    /// Asked on a terminal before it is taken: what could also be meant.
    pub question: Option<String>,
    /// Whether it is taken where nobody can be asked.
    pub safe: bool,
    /// The first line that it is about, counted from 1.
    pub line: usize,
}

/// Something that an editor should look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// Counted from 1.
    pub line: usize,
    pub words: String,
}

/// Looks at a raw text and proposes how it is to be cleaned.
pub fn propose(inputs: &Inputs, opened: &Opened) -> Proposal {
    let raw = opened.text;
    let raw_text = inputs.text(raw);
    let mut text = Text::new(raw_text);
    for mark in &opened.marks {
        text.note(mark);
    }
    let anchors = Anchors::new(Places::new(raw, raw_text), raw_text);
    let mut proposal = Proposal {
        language: language::of(raw_text),
        doubts: pictures::doubts(inputs, opened, raw_text),
        title: opened.title(raw_text),
        ..Proposal::default()
    };
    if opened.kind == Kind::Markdown {
        language::doubts(
            raw_text,
            &mut Finder {
                anchors: &anchors,
                proposal: &mut proposal,
            },
        );
        return proposal;
    }
    let mut found = Finder {
        anchors: &anchors,
        proposal: &mut proposal,
    };
    let typeset = opened.kind == Kind::Pdf;
    if !typeset {
        furniture::find(&mut text, &mut found);
    }
    // The lines of a PDF are known to be broken, and its paragraphs by where they stand.
    let columns = typeset || regions::columns(&mut text, &mut found);
    let layout = wrapping::find(&text, columns, typeset, &mut found);
    notes::find(&mut text, &mut found);
    regions::find(&mut text, &layout, &mut found);
    if !opened.has_headings() {
        headings::find(&mut text, &layout, &mut found);
    }
    wrapping::find_cut_paragraphs(&text, &layout, &mut found);
    language::doubts(raw_text, &mut found);
    proposal.doubts.sort_by_key(|doubt| doubt.line);
    proposal
}

/// What finders add to.
struct Finder<'p> {
    anchors: &'p Anchors<'p>,
    proposal: &'p mut Proposal,
}

impl Finder<'_> {
    /// Proposes a rule.
    fn rule(&mut self, line: usize, why: impl Into<String>, toml: impl Into<String>) {
        self.proposal.proposed.push(Proposed {
            toml: toml.into(),
            why: why.into(),
            question: None,
            safe: true,
            line: line + 1,
        });
    }

    /// Proposes a rule that could be wrong; `safe` says whether it is the safer reading.
    fn ask(
        &mut self,
        line: usize,
        why: impl Into<String>,
        toml: impl Into<String>,
        question: impl Into<String>,
        safe: bool,
    ) {
        self.rule(line, why, toml);
        if let Some(last) = self.proposal.proposed.last_mut() {
            last.question = Some(question.into());
            last.safe = safe;
        }
    }

    fn doubt(&mut self, line: usize, words: impl Into<String>) {
        self.proposal.doubts.push(Doubt {
            line: line + 1,
            words: words.into(),
        });
    }
}
