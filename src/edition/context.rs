//! What every step of resolving shares: the inputs, the report, and the numbers that stand
//! for passages until the running order is known.

use std::collections::BTreeMap;

use crate::apparatus::{Apparatus, Heading};
use crate::diag::{Code, Report};
use crate::edition::Written;
use crate::edition::collation::Collation;
use crate::manifest::Manifest;
use crate::source::{Inputs, PassageId, Position, Span};
use crate::text::{Block, Inline, Passage};

/// Passages are numbered as they are made; [`crate::edition::finish`] numbers them anew in
/// running order, and a link to a passage that is not in the book becomes plain words.
pub(super) struct Ctx<'a> {
    pub(super) inputs: &'a Inputs,
    pub(super) manifest: &'a Manifest,
    pub(super) apparatus: &'a Apparatus,
    pub(super) written: &'a [Written],
    pub(super) report: &'a mut Report,
    pub(super) entries: Entries,
    next: u32,
}

/// The passages that ids lead to, kept ready before the entries themselves are made.
#[derive(Default)]
pub(super) struct Entries {
    pub(super) chapters: BTreeMap<String, PassageId>,
    pub(super) terms: BTreeMap<String, PassageId>,
    pub(super) events: BTreeMap<String, PassageId>,
    pub(super) works: BTreeMap<String, PassageId>,
    /// By path: `lincoln/policy`.
    pub(super) headings: BTreeMap<String, PassageId>,
}

impl<'a> Ctx<'a> {
    pub(super) fn new(
        inputs: &'a Inputs,
        manifest: &'a Manifest,
        apparatus: &'a Apparatus,
        written: &'a [Written],
        report: &'a mut Report,
    ) -> Ctx<'a> {
        let mut ctx = Ctx {
            inputs,
            manifest,
            apparatus,
            written,
            report,
            entries: Entries::default(),
            next: 0,
        };
        let mut next = 0;
        let mut keep = |ids: &mut dyn Iterator<Item = String>| {
            ids.map(|id| {
                next += 1;
                (id, PassageId(next - 1))
            })
            .collect::<BTreeMap<_, _>>()
        };
        let mut paths = Vec::new();
        each_heading(apparatus, &mut |path, _| paths.push(path.to_string()));
        ctx.entries = Entries {
            chapters: keep(&mut manifest.chapters.iter().map(|chapter| chapter.id.clone())),
            terms: keep(&mut apparatus.terms.keys().cloned()),
            events: keep(&mut apparatus.events.keys().cloned()),
            works: keep(&mut apparatus.works.keys().cloned()),
            headings: keep(&mut paths.into_iter()),
        };
        ctx.next = next;
        ctx
    }

    /// The one order of index, glossary and bibliography (rules I10 and G10).
    pub(super) fn collation(&self) -> Collation {
        let order = self.manifest.apparatus.index.order;
        Collation::new(self.manifest.metadata.language.as_ref(), order)
    }

    /// A number for a passage that is made now.
    pub(super) fn number(&mut self) -> PassageId {
        self.next += 1;
        PassageId(self.next - 1)
    }

    /// How many numbers were given out.
    pub(super) fn numbers(&self) -> usize {
        self.next as usize
    }

    /// A generated passage.
    pub(super) fn passage<R>(&mut self, inlines: Vec<Inline<R>>) -> Passage<R> {
        Passage {
            id: self.number(),
            inlines,
            span: None,
        }
    }

    /// A generated paragraph.
    pub(super) fn paragraph<R>(&mut self, inlines: Vec<Inline<R>>) -> Block<R> {
        Block::Paragraph(self.passage(inlines))
    }

    /// A generated heading of the highest level inside a section.
    pub(super) fn heading<R>(&mut self, words: impl Into<String>) -> Block<R> {
        self.heading_of(1, words)
    }

    /// A generated heading.
    pub(super) fn heading_of<R>(&mut self, level: u8, words: impl Into<String>) -> Block<R> {
        Block::Heading {
            level,
            text: self.passage(vec![words_of(words)]),
        }
    }
}

/// One warning for all the entries of a kind that nothing in the book uses.
pub(super) fn unused(ctx: &mut Ctx, what: &str, first: Option<Span>, ids: &[&str]) {
    let (Some(span), count @ 1..) = (first, ids.len()) else {
        return;
    };
    let s = if count == 1 { "" } else { "s" };
    let verb = if count == 1 { "occurs" } else { "occur" };
    ctx.report
        .warning(
            Code::Unused,
            span,
            format!(
                "{count} {what}{s} {verb} nowhere in the book: {}",
                ids.join(", ")
            ),
        )
        .help("add the words that stand in the texts to `forms`, or take them out");
}

/// Words without a place in the manuscript.
pub(super) fn words_of<R>(text: impl Into<String>) -> Inline<R> {
    Inline::Text {
        text: text.into(),
        span: None,
    }
}

/// The beginning of a passage.
pub(super) fn start_of(passage: PassageId) -> Position {
    Position { passage, offset: 0 }
}

/// An offset as positions count it.
pub(super) fn offset(bytes: usize) -> u32 {
    u32::try_from(bytes).expect("files are far smaller than 4 GB")
}

/// Calls `visit` on every index heading with its path, parents first.
pub(super) fn each_heading<'a>(apparatus: &'a Apparatus, visit: &mut dyn FnMut(&str, &'a Heading)) {
    fn walk<'a>(path: &str, heading: &'a Heading, visit: &mut dyn FnMut(&str, &'a Heading)) {
        visit(path, heading);
        for sub in &heading.subheadings {
            walk(&format!("{path}/{}", sub.id), sub, visit);
        }
    }
    for heading in apparatus.headings.values() {
        walk(&heading.id, heading, visit);
    }
}
