//! Where the words of the vocabularies stand: one pass over each passage for all terms and
//! index headings at once.
//!
//! Case, accents and the kinds of spaces, hyphens and apostrophes make no difference, words
//! are matched whole, and of words that overlap the longest is meant. Each vocabulary is
//! matched for itself, so a term and a heading may stand on the same words.

use std::collections::{BTreeMap, BTreeSet};

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use rayon::prelude::*;

use crate::apparatus::{Apparatus, Heading};
use crate::edition::context::each_heading;
use crate::edition::fold::{Folded, folded, folded_keeping_case};
use crate::edition::places::Place;

/// Words of a vocabulary in a passage, by bytes of its plain text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Hit {
    /// Among the places.
    pub(super) place: usize,
    pub(super) start: usize,
    pub(super) end: usize,
    /// The term or index heading, by its place in [`Vocabulary`].
    pub(super) entry: usize,
}

/// All hits, in the order of the places.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) terms: Vec<Hit>,
    pub(super) headings: Vec<Hit>,
    /// (heading, place): one of the heading's *near* words stands there.
    pub(super) near: BTreeSet<(usize, usize)>,
}

/// So many places are matched by one thread at a time.
const PORTION: usize = 256;

/// The words to be matched.
pub(super) struct Vocabulary<'a> {
    /// Terms by id, in the order of their ids.
    pub(super) terms: Vec<&'a str>,
    /// Headings and subheadings, parents first.
    pub(super) headings: Vec<Node<'a>>,
    automaton: Option<AhoCorasick>,
    /// What each pattern stands for.
    uses: Vec<Vec<Use>>,
}

/// An index heading or subheading.
pub(super) struct Node<'a> {
    pub(super) path: String,
    pub(super) parent: Option<usize>,
    pub(super) heading: &'a Heading,
}

/// What a pattern stands for.
struct Use {
    what: What,
    entry: usize,
    /// The form as written, where its case counts.
    exact: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Term,
    Heading,
    /// Not the heading, though it holds its words.
    Except,
    Near,
}

impl<'a> Vocabulary<'a> {
    /// Prepares the words of the pack for matching.
    pub(super) fn new(apparatus: &'a Apparatus) -> Vocabulary<'a> {
        let mut patterns = Patterns::default();
        for (entry, term) in apparatus.terms.values().enumerate() {
            patterns.add(&term.forms, What::Term, entry, term.exact_case);
        }
        let headings = nodes(apparatus);
        for (entry, node) in headings.iter().enumerate() {
            let heading = node.heading;
            patterns.add(&heading.forms, What::Heading, entry, heading.exact_case);
            patterns.add(&heading.except, What::Except, entry, heading.exact_case);
            patterns.add(&heading.near, What::Near, entry, false);
        }
        let (words, uses): (Vec<String>, Vec<Vec<Use>>) = patterns.0.into_iter().unzip();
        Vocabulary {
            terms: apparatus.terms.keys().map(String::as_str).collect(),
            headings,
            automaton: automaton(&words),
            uses,
        }
    }

    /// The term's place in [`Vocabulary::terms`].
    pub(super) fn term(&self, id: &str) -> Option<usize> {
        self.terms.binary_search(&id).ok()
    }

    /// Matches all places.
    pub(super) fn scan(&self, places: &[Place]) -> Found {
        let parts: Vec<Found> = places
            .par_chunks(PORTION)
            .enumerate()
            .map(|(at, portion)| self.scan_portion(at * PORTION, portion))
            .collect();
        let mut found = Found::default();
        for mut part in parts {
            found.terms.append(&mut part.terms);
            found.headings.append(&mut part.headings);
            found.near.append(&mut part.near);
        }
        found
    }

    /// Matches some places, the first of which has that number.
    fn scan_portion(&self, first: usize, places: &[Place]) -> Found {
        let mut found = Found::default();
        let mut text = Folded::default();
        let mut candidates = Candidates::default();
        for (at, place) in (first..).zip(places) {
            text.fill(&place.plain);
            self.candidates(&text, at, &place.plain, &mut candidates, &mut found.near);
            longest(&mut candidates.terms, &mut found.terms);
            let Candidates {
                headings, except, ..
            } = &mut candidates;
            merge(except);
            headings.retain(|hit| !is_excepted(hit, except));
            longest(headings, &mut found.headings);
            except.clear();
        }
        found
    }

    /// Everything that a passage holds, overlapping or not.
    fn candidates(
        &self,
        text: &Folded,
        place: usize,
        plain: &str,
        candidates: &mut Candidates,
        near: &mut BTreeSet<(usize, usize)>,
    ) {
        let Some(automaton) = &self.automaton else {
            return;
        };
        for found in automaton.find_overlapping_iter(&text.text) {
            if !text.is_whole(found.start(), found.end()) {
                continue;
            }
            let (start, end) = text.original(found.start(), found.end());
            for one in &self.uses[found.pattern().as_usize()] {
                let same_case = |exact: &String| folded_keeping_case(&plain[start..end]) == *exact;
                if !one.exact.as_ref().is_none_or(same_case) {
                    continue;
                }
                let hit = Hit {
                    place,
                    start,
                    end,
                    entry: one.entry,
                };
                match one.what {
                    What::Term => candidates.terms.push(hit),
                    What::Heading => candidates.headings.push(hit),
                    What::Except => candidates.except.push(hit),
                    What::Near => {
                        near.insert((one.entry, place));
                    }
                }
            }
        }
    }
}

/// Hits of one passage before the longest are chosen.
#[derive(Default)]
struct Candidates {
    terms: Vec<Hit>,
    headings: Vec<Hit>,
    except: Vec<Hit>,
}

/// Words to be matched, folded, with all that they stand for.
#[derive(Default)]
struct Patterns(BTreeMap<String, Vec<Use>>);

impl Patterns {
    fn add(&mut self, forms: &[String], what: What, entry: usize, exact_case: bool) {
        for form in forms {
            let exact = exact_case.then(|| folded_keeping_case(form));
            let pattern = folded(form);
            if pattern.is_empty() {
                continue;
            }
            self.0
                .entry(pattern)
                .or_default()
                .push(Use { what, entry, exact });
        }
    }
}

/// An automaton that finds all of some words at once. It is the kind that is quickly made:
/// a book's texts are read through it only once.
pub(super) fn automaton(words: impl IntoIterator<Item = impl AsRef<[u8]>>) -> Option<AhoCorasick> {
    AhoCorasick::builder()
        .kind(Some(AhoCorasickKind::ContiguousNFA))
        .build(words)
        .ok()
}

fn nodes(apparatus: &Apparatus) -> Vec<Node<'_>> {
    let mut nodes: Vec<Node> = Vec::new();
    let mut by_path: BTreeMap<String, usize> = BTreeMap::new();
    each_heading(apparatus, &mut |path, heading| {
        let parent = path
            .rsplit_once('/')
            .and_then(|(parent, _)| by_path.get(parent).copied());
        by_path.insert(path.to_string(), nodes.len());
        nodes.push(Node {
            path: path.to_string(),
            parent,
            heading,
        });
    });
    nodes
}

/// Joins exceptions of one heading that overlap, so that they can be searched.
fn merge(except: &mut Vec<Hit>) {
    except.sort_unstable_by_key(|hit| (hit.entry, hit.start, hit.end));
    except.dedup_by(|next, kept| {
        let joins = next.entry == kept.entry && next.start < kept.end;
        if joins {
            kept.end = kept.end.max(next.end);
        }
        joins
    });
}

/// Whether a hit shares words with an exception of its heading.
fn is_excepted(hit: &Hit, except: &[Hit]) -> bool {
    let after = except.partition_point(|other| (other.entry, other.start) < (hit.entry, hit.end));
    after
        .checked_sub(1)
        .is_some_and(|at| except[at].entry == hit.entry && except[at].end > hit.start)
}

/// Of hits that overlap, keeps the first and among those the longest; hits on the very same
/// words all stay. Leaves `candidates` empty.
fn longest(candidates: &mut Vec<Hit>, chosen: &mut Vec<Hit>) {
    candidates.sort_unstable_by_key(|hit| (hit.start, usize::MAX - hit.end, hit.entry));
    candidates.dedup();
    let mut last: Option<(usize, usize)> = None;
    for hit in candidates.drain(..) {
        let words = (hit.start, hit.end);
        if last.is_none_or(|last| last == words || hit.start >= last.1) {
            last = Some(words);
            chosen.push(hit);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edition::places::{Flow, Kind};
    use crate::source::{Inputs, PassageId};

    /// The words that are matched in a text: terms as `id:words`, headings as `path=words`.
    fn matched(vocabulary: &str, text: &str) -> Vec<String> {
        let mut inputs = Inputs::default();
        let (glossary, index) = vocabulary.split_once("---").unwrap_or((vocabulary, ""));
        inputs.add_text("glossary.toml", glossary);
        inputs.add_text("index.toml", index);
        let mut report = crate::diag::Report::default();
        let apparatus = crate::apparatus::load(&inputs, &mut report);
        assert!(!report.has_errors(), "{}", report.render(&inputs));
        let vocabulary = Vocabulary::new(&apparatus);
        let place = Place {
            passage: PassageId(0),
            plain: text.into(),
            kind: Kind::Running,
            section: 0,
            indexed: true,
            flow: Flow {
                stretch: 0,
                paragraph: 0,
            },
            note: None,
            order: (0, 0),
        };
        let found = vocabulary.scan(&[place]);
        let mut words: Vec<String> = found
            .terms
            .iter()
            .map(|hit| {
                format!(
                    "{}:{}",
                    vocabulary.terms[hit.entry],
                    &text[hit.start..hit.end]
                )
            })
            .collect();
        words.extend(found.headings.iter().map(|hit| {
            let path = &vocabulary.headings[hit.entry].path;
            format!("{path}={}", &text[hit.start..hit.end])
        }));
        words
    }

    fn term(id: &str, forms: &str) -> String {
        let forms: Vec<String> = forms.split('|').map(|form| format!("{form:?}")).collect();
        format!(
            "[[term]]\nid = {id:?}\nterm = {}\nforms = [{}]\nshort = \"x\"\n",
            forms[0],
            forms.join(", ")
        )
    }

    #[test]
    fn matches_whole_words_in_any_case_and_with_or_without_accents() {
        let vocabulary = term("weir", "weir|weirs") + &term("exodo", "éxodo");
        assert_eq!(
            matched(
                &vocabulary,
                "Weir, WEIRS and a weird one; the Exodo, an e\u{301}xodo."
            ),
            [
                "weir:Weir",
                "weir:WEIRS",
                "exodo:Exodo",
                "exodo:e\u{301}xodo"
            ]
        );
        assert_eq!(
            matched(&vocabulary, "the weir’s sill, a mill-weir, d’éxodo"),
            ["weir:weir", "weir:weir", "exodo:éxodo"]
        );
    }

    #[test]
    fn spaces_hyphens_and_line_ends_are_alike() {
        let vocabulary = term("hard-hand", "hard hand|miller's toll");
        assert_eq!(
            matched(
                &vocabulary,
                "hard-hand hard\nhand hard\u{a0}hand miller’s toll"
            ),
            [
                "hard-hand:hard-hand",
                "hard-hand:hard\nhand",
                "hard-hand:hard\u{a0}hand",
                "hard-hand:miller’s toll"
            ]
        );
    }

    #[test]
    fn the_longest_words_are_meant() {
        let vocabulary = term("power", "power") + &term("mill-power", "mill power");
        assert_eq!(
            matched(&vocabulary, "Mill power is power; mill powers are not."),
            ["mill-power:Mill power", "power:power"]
        );
    }

    #[test]
    fn exact_case_counts_where_it_is_asked_for() {
        let vocabulary = term("up", "UP").replace("short", "exact-case = true\nshort");
        assert_eq!(
            matched(&vocabulary, "The UP went up. ÚP."),
            ["up:UP", "up:ÚP"]
        );
    }

    #[test]
    fn vocabularies_do_not_disturb_each_other_and_exceptions_hold() {
        let vocabulary = term("sluice", "sluice")
            + "---[[heading]]\nid = \"gate\"\nheading = \"gate\"\nforms = [\"sluice gate\", \"gate\"]\n\
               except = [\"Sluice Gate Street\"]\n\
               [[heading]]\nid = \"iron\"\nheading = \"iron\"\nforms = [\"gate\"]\n";
        assert_eq!(
            matched(&vocabulary, "A sluice gate. Sluice Gate Street. The gate."),
            [
                "sluice:sluice",
                "sluice:Sluice",
                "gate=sluice gate",
                "iron=Gate",
                "gate=gate",
                "iron=gate"
            ]
        );
    }
}
