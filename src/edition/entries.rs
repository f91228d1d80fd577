//! The index as it is printed: entries in their order, with what they send to.

use std::collections::BTreeMap;

use crate::apparatus::Rich;
use crate::diag::Code;
use crate::edition::Target;
use crate::edition::collation::{Collation, Filing};
use crate::edition::context::{start_of, unused};
use crate::edition::index::{CrossReference, Entry, Posting, PostingPlace};
use crate::edition::marks::Resolver;
use crate::edition::matching::Vocabulary;
use crate::manifest::{Elision, FilingOrder, IndexSettings};
use crate::source::PassageId;
use crate::text::{Block, Inline, plain_of};

/// Builds the index. `complete` says whether all sources are set in full, so that a heading
/// without a place is a slip and not the fault of this copy.
pub(super) fn build<'a>(
    resolver: &mut Resolver<'_, 'a>,
    vocabulary: &Vocabulary<'a>,
    postings: Vec<Vec<Posting>>,
    complete: bool,
) -> Vec<Entry> {
    let shown = shown(vocabulary, &postings);
    let mut builder = Builder {
        collation: resolver.ctx.collation(),
        resolver,
        vocabulary,
        shown,
        postings,
        children: BTreeMap::new(),
        by_path: by_path(vocabulary),
    };
    for (at, node) in vocabulary.headings.iter().enumerate() {
        builder.children.entry(node.parent).or_default().push(at);
    }
    if complete {
        builder.report_unshown();
    }
    builder.entries(None)
}

/// Which headings have something to show: places, subheadings that do, or another heading
/// to send to that does.
fn shown(vocabulary: &Vocabulary, postings: &[Vec<Posting>]) -> Vec<bool> {
    let nodes = &vocabulary.headings;
    let mut shown: Vec<bool> = postings.iter().map(|list| !list.is_empty()).collect();
    for at in (0..nodes.len()).rev() {
        if let (true, Some(parent)) = (shown[at], nodes[at].parent) {
            shown[parent] = true;
        }
    }
    let by_path = by_path(vocabulary);
    let with_places = shown.clone();
    for (at, node) in nodes.iter().enumerate() {
        let mut targets = node
            .heading
            .see
            .iter()
            .filter_map(|id| by_path.get(id.as_str()));
        if targets.any(|target| with_places[*target]) || !node.heading.see_general.is_empty() {
            shown[at] = true;
            let mut parent = node.parent;
            while let Some(above) = parent {
                shown[above] = true;
                parent = nodes[above].parent;
            }
        }
    }
    shown
}

fn by_path<'v>(vocabulary: &'v Vocabulary) -> BTreeMap<&'v str, usize> {
    let nodes = vocabulary.headings.iter().enumerate();
    nodes.map(|(at, node)| (node.path.as_str(), at)).collect()
}

struct Builder<'b, 'c, 'a> {
    resolver: &'b mut Resolver<'c, 'a>,
    vocabulary: &'b Vocabulary<'a>,
    collation: Collation,
    shown: Vec<bool>,
    postings: Vec<Vec<Posting>>,
    children: BTreeMap<Option<usize>, Vec<usize>>,
    by_path: BTreeMap<&'b str, usize>,
}

impl Builder<'_, '_, '_> {
    /// The entries under a heading, or of the first level.
    fn entries(&mut self, parent: Option<usize>) -> Vec<Entry> {
        let mut children = self.children.remove(&parent).unwrap_or_default();
        children.retain(|at| self.shown[*at]);
        let mut entries: Vec<(Filing, Entry)> =
            children.into_iter().map(|at| self.entry(at)).collect();
        entries.sort_by(|a, b| {
            self.collation
                .compare(&a.0, &b.0)
                .then_with(|| a.1.id.cmp(&b.1.id))
        });
        entries.into_iter().map(|(_, entry)| entry).collect()
    }

    fn entry(&mut self, at: usize) -> (Filing, Entry) {
        let vocabulary = self.vocabulary;
        let node = &vocabulary.headings[at];
        let id = self.resolver.ctx.entries.headings[&node.path];
        let inlines = self.resolver.rich(id, &[], &node.heading.heading);
        let mut plain = String::new();
        plain_of(&inlines, &mut plain);
        let filing = match (&node.heading.sort, node.parent) {
            (Some(sort), _) => Filing::new(sort),
            (None, None) => Filing::new(&plain),
            (None, Some(_)) => Filing::of_subheading(&plain),
        };
        let entry = Entry {
            id: node.path.clone(),
            term: crate::edition::passage(id, inlines),
            group: self.collation.group(&filing),
            postings: std::mem::take(&mut self.postings[at]),
            subentries: self.entries(Some(at)),
            see: self.cross(&node.heading.see, &node.heading.see_general),
            see_also: self.cross(&node.heading.see_also, &node.heading.see_also_general),
        };
        (filing, entry)
    }

    /// References to those headings that are in this index, in its order; after them those
    /// in general words, which are filed among themselves.
    fn cross(&mut self, ids: &[String], general: &[Rich]) -> Vec<CrossReference> {
        let mut cross: Vec<(Filing, CrossReference)> = Vec::new();
        for id in ids {
            let at = self.by_path.get(id.as_str()).copied();
            let Some(at) = at.filter(|at| self.shown[*at]) else {
                continue;
            };
            let words = self.words(at);
            let to = Some(start_of(self.resolver.ctx.entries.headings[id]));
            cross.push((filing(&words), CrossReference { words, to }));
        }
        for words in general {
            // They stand in no passage of their own.
            let words = without_links(self.resolver.rich(PassageId(0), &[], words));
            cross.push((filing(&words), CrossReference { words, to: None }));
        }
        cross.sort_by(|a, b| {
            let kind = a.1.to.is_none().cmp(&b.1.to.is_none());
            kind.then_with(|| self.collation.compare(&a.0, &b.0))
        });
        cross.into_iter().map(|(_, cross)| cross).collect()
    }

    /// A heading's printed form; a subheading's after that of its heading: `mill: wheel of`.
    fn words(&mut self, at: usize) -> Vec<Inline<Target>> {
        let node = &self.vocabulary.headings[at];
        let id = self.resolver.ctx.entries.headings[&node.path];
        let mut words = match node.parent {
            Some(parent) => {
                let mut words = self.words(parent);
                words.push(crate::edition::plain(": "));
                words
            }
            None => Vec::new(),
        };
        let own = self.resolver.rich(id, &[], &node.heading.heading);
        words.extend(without_links(own));
        words
    }

    /// In a book that has all its texts every heading should have a place.
    fn report_unshown(&mut self) {
        let nodes = &self.vocabulary.headings;
        let mut silent = Vec::new();
        let mut first = None;
        for (at, node) in nodes.iter().enumerate() {
            if self.shown[at] {
                continue;
            }
            if let Some(target) = node.heading.see.first() {
                self.resolver
                    .ctx
                    .report
                    .error(
                        Code::EmptySee,
                        node.heading.span,
                        format!(
                            "`{}` sends to `{target}`, which has no place in the book",
                            node.path
                        ),
                    )
                    .help("give that heading words that occur, or take the reference out");
            } else {
                first = first.or(Some(node.heading.span));
                silent.push(node.path.as_str());
            }
        }
        unused(self.resolver.ctx, "index heading", first, &silent);
    }
}

/// What some words are filed by.
fn filing(words: &[Inline<Target>]) -> Filing {
    let mut plain = String::new();
    plain_of(words, &mut plain);
    Filing::new(&plain)
}

/// Words of a link that stand inside another link.
fn without_links(inlines: Vec<Inline<Target>>) -> Vec<Inline<Target>> {
    let mut kept = Vec::with_capacity(inlines.len());
    for inline in inlines {
        match inline {
            Inline::Reference(_, words) => kept.extend(without_links(words)),
            Inline::Styled(style, inner) => kept.push(Inline::Styled(style, without_links(inner))),
            Inline::Text { .. } | Inline::LineBreak => kept.push(inline),
        }
    }
    kept
}

/// How many headings and subheadings there are.
pub(super) fn count(entries: &[Entry]) -> usize {
    entries
        .iter()
        .map(|entry| 1 + count(&entry.subentries))
        .sum()
}

/// The paragraphs that explain the index: its conventions and order (rule I21) and, where
/// the editors do not say so themselves, how it was made (rule I25).
pub(super) fn headnote(
    resolver: &mut Resolver,
    entries: &[Entry],
    made_is_told: bool,
) -> Vec<Block<Target>> {
    let settings = &resolver.ctx.manifest.apparatus.index;
    let mut paragraphs = vec![conventions(entries, settings)];
    if !made_is_told {
        paragraphs.insert(0, MADE.into());
    }
    paragraphs
        .into_iter()
        .map(|words| resolver.ctx.paragraph(vec![crate::edition::plain(words)]))
        .collect()
}

const MADE: &str = "Numbers are those of pages. The editors drew up the list of headings, with \
    the words that stand for each; the places were found by those words and by the editors’ \
    marks.";

fn conventions(entries: &[Entry], settings: &IndexSettings) -> String {
    let (mut notes, mut tables, mut figures) = (false, false, false);
    let mut ranges = false;
    each(entries, &mut |entry| {
        for posting in &entry.postings {
            ranges |= posting.from.passage != posting.to.passage;
            let kind = posting.place;
            notes |= matches!(kind, PostingPlace::Note(_));
            tables |= kind == PostingPlace::Table;
            figures |= kind == PostingPlace::Figure;
        }
    });
    let mut says = String::new();
    if ranges {
        says += match settings.elision {
            Elision::Full => {
                "A range such as 21–23 stands for a discussion that goes on through those \
                 pages; 21, 22, 23 stand for separate mentions. "
            }
            Elision::Chicago => {
                "A range such as 121–23, which is to be read as 121–123, stands for a \
                 discussion that goes on through those pages; 121, 122, 123 stand for separate \
                 mentions. "
            }
            Elision::Minimal => {
                "A range such as 121–3, which is to be read as 121–123, stands for a \
                 discussion that goes on through those pages; 121, 122, 123 stand for separate \
                 mentions. "
            }
        };
    }
    let letters: Vec<&str> = [
        (notes, "n and a number for that note"),
        (tables, "t for a table"),
        (figures, "f for a picture’s caption"),
    ]
    .into_iter()
    .filter(|(stands, _)| *stands)
    .map(|(_, words)| words)
    .collect();
    if !letters.is_empty() {
        says += &format!(
            "A letter may stand after a number: {}. ",
            letters.join(", ")
        );
    }
    let filed = match settings.order {
        FilingOrder::WordByWord => "word by word",
        FilingOrder::LetterByLetter => "letter by letter",
    };
    says + &format!(
        "Entries are filed {filed}; small words at the beginning of a subheading do not count. \
         Front matter, glossary, chronology and bibliography are not indexed."
    )
}

fn each<'e>(entries: &'e [Entry], visit: &mut dyn FnMut(&'e Entry)) {
    for entry in entries {
        visit(entry);
        each(&entry.subentries, visit);
    }
}
