//! Which passages each index heading is posted for.

use std::collections::{BTreeMap, BTreeSet};

use crate::apparatus::Posting as Rule;
use crate::edition::context::offset;
use crate::edition::index::{NoteNumber, Posting, PostingPlace};
use crate::edition::kept::Kept;
use crate::edition::marks::Mark;
use crate::edition::matching::{Found, Node, Vocabulary};
use crate::edition::occurrences::by_passage;
use crate::edition::places::{Kind, Place};
use crate::manifest::IndexSettings;
use crate::source::Position;

/// A discussion is continuous when at least so many paragraphs that follow each other hold
/// the heading's words (rule I13).
const CONTINUOUS: u32 = 3;

/// Where a heading's words stand, place by place.
type Stands = BTreeMap<usize, Vec<usize>>;

/// The postings of every heading of the vocabulary, in reading order.
pub(super) fn find(
    vocabulary: &Vocabulary,
    places: &[Place],
    found: &Found,
    (marks, kept): (&[Mark], &[Kept]),
    settings: &IndexSettings,
) -> Vec<Vec<Posting>> {
    let nodes = &vocabulary.headings;
    let mut stands = stands(nodes, places, found);
    let mut marked = marked(nodes, places, marks);
    let mut posted: Vec<BTreeSet<usize>> = stands
        .iter()
        .enumerate()
        .map(|(at, stands)| posted(nodes[at].heading.posting, stands, places, settings))
        .collect();
    for (at, kept) in kept.iter().enumerate() {
        posted[at].extend(&kept.keep);
        for &place in &kept.keep {
            stands[at].entry(place).or_insert_with(|| vec![0]);
        }
        posted[at].retain(|place| !kept.drop.contains(place));
        marked[at].retain(|place, _| !kept.drop.contains(place));
    }
    withdraw(nodes, &marked, &mut posted);
    for (posted, kept) in posted.iter_mut().zip(kept) {
        posted.extend(&kept.keep);
    }
    (0..nodes.len())
        .map(|at| postings(&posted[at], &stands[at], &marked[at], places))
        .collect()
}

/// For each heading where its words stand. A subheading without words of its own has its
/// heading's; *near* words narrow both.
fn stands(nodes: &[Node], places: &[Place], found: &Found) -> Vec<Stands> {
    let mut all: Vec<Stands> = vec![Stands::new(); nodes.len()];
    for hit in &found.headings {
        if places[hit.place].indexed {
            all[hit.entry].entry(hit.place).or_default().push(hit.start);
        }
    }
    for (at, node) in nodes.iter().enumerate() {
        if node.heading.near.is_empty() {
            continue;
        }
        let is_near = |place: &usize| found.near.contains(&(at, *place));
        match node.parent.filter(|_| node.heading.forms.is_empty()) {
            Some(parent) => {
                let narrowed = all[parent].iter().filter(|(place, _)| is_near(place));
                all[at] = narrowed.map(|(place, at)| (*place, at.clone())).collect();
            }
            None => all[at].retain(|place, _| is_near(place)),
        }
    }
    all
}

/// The places that a mark names for each heading.
fn marked(nodes: &[Node], places: &[Place], marks: &[Mark]) -> Vec<Stands> {
    let mut all: Vec<Stands> = vec![Stands::new(); nodes.len()];
    let by_path: BTreeMap<&str, usize> = nodes
        .iter()
        .enumerate()
        .map(|(at, node)| (node.path.as_str(), at))
        .collect();
    let by_passage = by_passage(places);
    for mark in marks {
        let place = by_passage.get(&mark.passage);
        let node = by_path.get(mark.id.as_str());
        if let (Some(&place), Some(&node)) = (place, node)
            && places[place].indexed
        {
            all[node].entry(place).or_default().push(mark.start);
        }
    }
    all
}

/// The places that a heading's rule posts.
fn posted(
    rule: Rule,
    stands: &Stands,
    places: &[Place],
    settings: &IndexSettings,
) -> BTreeSet<usize> {
    let of_rule = |place: usize, starts: &[usize]| match rule {
        Rule::All => true,
        Rule::Principal => {
            let place = &places[place];
            weight(place.kind, &place.plain, starts) >= settings.principal_weight
        }
        Rule::Marked => false,
    };
    stands
        .iter()
        .filter(|(place, starts)| of_rule(**place, starts))
        .map(|(place, _)| *place)
        .collect()
}

/// How much a passage is about what it names: a point for each mention, one more where the
/// first stands in the first sentence, and two more in a heading. A passage is *principal*
/// from two points on, or as `principal-weight` says.
pub fn weight(kind: Kind, plain: &str, starts: &[usize]) -> usize {
    let Some(&first) = starts.first() else {
        return 0;
    };
    let heading = if kind == Kind::Heading { 2 } else { 0 };
    starts.len() + usize::from(first < first_sentence(plain)) + heading
}

/// The length of a text's first sentence: up to a stop, question or exclamation mark that a
/// space and a capital follow.
fn first_sentence(text: &str) -> usize {
    let closes = |c: char| matches!(c, '”' | '’' | '"' | '\'' | ')' | ']' | '»');
    for (at, _) in text.match_indices(['.', '?', '!', '…']) {
        let rest = text[at..].trim_start_matches(['.', '?', '!', '…']);
        let rest = rest.trim_start_matches(closes);
        let next = rest.trim_start();
        let spaced = next.len() < rest.len();
        let capital = |c: char| c.is_uppercase() || matches!(c, '“' | '‘' | '"' | '(' | '¿' | '¡');
        if next.is_empty() || (spaced && next.starts_with(capital)) {
            return text.len() - rest.len();
        }
    }
    text.len()
}

/// What is posted under a subheading is not posted under its heading too.
fn withdraw(nodes: &[Node], marked: &[Stands], posted: &mut [BTreeSet<usize>]) {
    let mut below: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); nodes.len()];
    // Children stand after their parents.
    for at in (0..nodes.len()).rev() {
        let covered = std::mem::take(&mut below[at]);
        posted[at].retain(|place| !covered.contains(place));
        if let Some(parent) = nodes[at].parent {
            below[parent].extend(covered);
            below[parent].extend(&posted[at]);
            below[parent].extend(marked[at].keys());
        }
    }
}

/// One heading's postings: continuous discussion from its first word to its last, every
/// other mention by itself.
fn postings(
    posted: &BTreeSet<usize>,
    stands: &Stands,
    marked: &Stands,
    places: &[Place],
) -> Vec<Posting> {
    let mut all = Vec::new();
    let mut run: Vec<usize> = Vec::new();
    for &place in posted {
        let follows = run
            .last()
            .is_some_and(|&last| is_next(&places[last], &places[place]));
        if !follows {
            close(&mut run, stands, places, &mut all);
        }
        run.push(place);
    }
    close(&mut run, stands, places, &mut all);
    for (&place, starts) in marked {
        all.extend(starts.iter().map(|&start| mention(place, start, places)));
    }
    all.sort_by_key(|(order, _)| *order);
    all.dedup();
    all.into_iter().map(|(_, posting)| posting).collect()
}

/// Whether a passage continues the discussion of another.
fn is_next(last: &Place, next: &Place) -> bool {
    let flowing = |place: &Place| matches!(place.kind, Kind::Running | Kind::Heading);
    // A heading is numbered like the paragraph after it.
    let after = last.flow.paragraph + u32::from(last.kind == Kind::Running);
    flowing(last)
        && flowing(next)
        && last.flow.stretch == next.flow.stretch
        && next.flow.paragraph == after
}

/// A posting and what it is sorted by.
type Sorted = (((usize, u32), usize, u32), Posting);

/// Ends a run of passages that follow each other.
fn close(run: &mut Vec<usize>, stands: &Stands, places: &[Place], all: &mut Vec<Sorted>) {
    let paragraphs = |run: &[usize]| match run {
        [first, .., last] => {
            let (first, last) = (&places[*first], &places[*last]);
            let whole = u32::from(last.kind == Kind::Running);
            last.flow.paragraph - first.flow.paragraph + whole
        }
        [_] | [] => 0,
    };
    if paragraphs(run) >= CONTINUOUS {
        let (first, last) = (run[0], run[run.len() - 1]);
        let (order, mut posting) = mention(first, stands[&first][0], places);
        let last_start = stands[&last].last().copied().unwrap_or_default();
        posting.to = mention(last, last_start, places).1.from;
        all.push((order, posting));
    } else {
        for &place in run.iter() {
            let mentions = stands[&place].iter();
            all.extend(mentions.map(|&start| mention(place, start, places)));
        }
    }
    run.clear();
}

fn mention(place: usize, start: usize, places: &[Place]) -> Sorted {
    let at = &places[place];
    let from = Position {
        passage: at.passage,
        offset: offset(start),
    };
    let posting = Posting {
        from,
        to: from,
        place: match at.kind {
            Kind::Running | Kind::Heading => PostingPlace::Text,
            Kind::Cell => PostingPlace::Table,
            Kind::Caption => PostingPlace::Figure,
            Kind::Note => PostingPlace::Note(at.note.unwrap_or(NoteNumber::of(""))),
        },
    };
    ((at.order, place, from.offset), posting)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edition::places::Flow;
    use crate::source::{Inputs, PassageId};

    /// Paragraphs of one stretch; `#` begins a heading, `^` a note of the paragraph before.
    fn places(texts: &[&str]) -> Vec<Place> {
        let mut paragraph = 0;
        let mut caller = 0;
        let mut places = Vec::new();
        for (at, text) in texts.iter().enumerate() {
            let kind = match text.chars().next() {
                Some('#') => Kind::Heading,
                Some('^') => Kind::Note,
                _ => Kind::Running,
            };
            let note = kind == Kind::Note;
            places.push(Place {
                passage: PassageId(u32::try_from(at).expect("few")),
                plain: text.trim_start_matches(['#', '^']).to_string(),
                kind,
                section: 0,
                indexed: !text.starts_with("(front)"),
                flow: Flow {
                    stretch: u32::from(note),
                    paragraph,
                },
                note: note.then(|| NoteNumber::of("1")),
                order: if note { (caller, 9) } else { (at, 0) },
            });
            if kind == Kind::Running {
                paragraph += 1;
                caller = at;
            }
        }
        places
    }

    /// Each heading's postings as `path: 0.4 2.0–4.7 5.1n`, by place and byte.
    fn posted(index: &str, texts: &[&str], marks: &[Mark]) -> Vec<String> {
        let mut inputs = Inputs::default();
        inputs.add_text("index.toml", index);
        let mut report = crate::diag::Report::default();
        let apparatus = crate::apparatus::load(&inputs, &mut report);
        assert!(!report.has_errors(), "{}", report.render(&inputs));
        let vocabulary = Vocabulary::new(&apparatus);
        let places = places(texts);
        let found = vocabulary.scan(&places);
        let settings = IndexSettings::default();
        let kept = vec![Kept::default(); vocabulary.headings.len()];
        let postings = find(&vocabulary, &places, &found, (marks, &kept), &settings);
        let shown = |position: Position| format!("{}.{}", position.passage.0, position.offset);
        vocabulary
            .headings
            .iter()
            .zip(postings)
            .map(|(node, postings)| {
                let list: Vec<String> = postings
                    .iter()
                    .map(|posting| {
                        let n = if matches!(posting.place, PostingPlace::Note(_)) {
                            "n"
                        } else {
                            ""
                        };
                        if posting.from == posting.to {
                            format!("{}{n}", shown(posting.from))
                        } else {
                            format!("{}–{}{n}", shown(posting.from), shown(posting.to))
                        }
                    })
                    .collect();
                format!("{}: {}", node.path, list.join(" "))
                    .trim_end()
                    .to_string()
            })
            .collect()
    }

    const WEIR: &str = "[[heading]]\nid = \"weir\"\nheading = \"weir\"\nforms = [\"weir\"]\n";

    #[test]
    fn separate_mentions_stay_separate_and_continuous_discussion_is_one() {
        let texts = [
            "The weir and the weir.",
            "No.",
            "A weir.",
            "#On the weir",
            "Weir.",
            "The weir, a weir.",
            "No.",
        ];
        assert_eq!(posted(WEIR, &texts, &[]), ["weir: 0.4 0.17 2.2–5.12"]);
        assert_eq!(
            posted(WEIR, &["weir", "weir", "no"], &[]),
            ["weir: 0.0 1.0"]
        );
        assert_eq!(
            posted(WEIR, &["#weir", "weir", "weir"], &[]),
            ["weir: 0.0 1.0 2.0"]
        );
    }

    #[test]
    fn notes_stand_where_they_are_called_and_front_matter_is_left_out() {
        let texts = ["(front) weir", "A weir.", "No.", "^A weir.", "A weir."];
        assert_eq!(posted(WEIR, &texts, &[]), ["weir: 1.2 3.2n 4.2"]);
    }

    #[test]
    fn principal_passages_are_about_their_heading() {
        let index = format!("{WEIR}posting = \"principal\"\n");
        let texts = [
            "The weir broke. It was old.",
            "It was old. The weir broke.",
            "It was old. The weir broke, and a weir is costly.",
            "#The weir",
        ];
        assert_eq!(posted(&index, &texts, &[]), ["weir: 0.4 2.16 2.34 3.4"]);
    }

    #[test]
    fn subheadings_take_their_part_of_the_passages() {
        let index = format!(
            "{WEIR}[[heading.sub]]\nid = \"break\"\nheading = \"break of\"\nnear = [\"broke\"]\n\
             [[heading.sub.sub]]\nid = \"night\"\nheading = \"at night\"\nnear = [\"night\"]\n\
             [[heading.sub]]\nid = \"sill\"\nheading = \"sill of\"\nforms = [\"sill\"]\n"
        );
        let texts = [
            "The weir.",
            "The weir broke.",
            "At night the weir broke.",
            "The sill.",
            "It broke.",
        ];
        assert_eq!(
            posted(&index, &texts, &[]),
            [
                "weir: 0.4",
                "weir/break: 1.4",
                "weir/break/night: 2.13",
                "weir/sill: 3.4"
            ]
        );
    }

    #[test]
    fn marks_post_where_they_stand() {
        let index = format!("{WEIR}posting = \"marked\"\n");
        let mark = |start| Mark {
            id: "weir".into(),
            passage: PassageId(1),
            start,
            end: start + 2,
        };
        assert_eq!(
            posted(&index, &["weir", "It broke."], &[mark(3), mark(0)]),
            ["weir: 1.0 1.3"]
        );
    }

    #[test]
    fn finds_the_first_sentence() {
        let first = |text: &str| text[..first_sentence(text)].to_string();
        assert_eq!(first("One. Two."), "One.");
        assert_eq!(first("In 3.5 years? “Yes.” No."), "In 3.5 years?");
        assert_eq!(first("He said “no.” Then"), "He said “no.”");
        assert_eq!(first("Mr. Lee"), "Mr.");
        assert_eq!(first("no stop"), "no stop");
    }
}
