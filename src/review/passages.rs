//! Every paragraph in which an index heading's words stand, with its name, its weight and what
//! became of it: what an editor reads to keep or drop single passages.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::edition::index::Entry;
use crate::edition::paragraphs::{Candidate, names};
use crate::edition::survey::{Known, Text, weight};
use crate::review::{Proofs, context, position};
use crate::source::PassageId;

const HEAD: &str = "\
Each paragraph in which a heading’s words stand: its page, its weight, where it is posted, its name.
The weight is a point for each mention, one more for the first sentence, two more in a heading;
`posting = \"principal\"` posts those of two points or more (`principal-weight` sets another limit).
To post a paragraph all the same: keep = [\"name\"]; to leave one out: drop = [\"name\"].
";

/// The list, heading by heading, as text.
pub fn shown(proofs: &Proofs) -> String {
    let survey = proofs.survey();
    let chapters = proofs.chapters.iter();
    let chapters: Vec<&str> = chapters.map(|chapter| chapter.id.as_str()).collect();
    let candidates = survey.texts.iter().map(|text| Candidate {
        chapter: text.section,
        plain: &text.plain,
    });
    let names = names(&chapters, candidates);
    let posted = posted(&proofs.edition.index);
    let mut of_heading: Vec<Vec<(usize, Vec<&Known>)>> = vec![Vec::new(); survey.headings.len()];
    for (at, text) in survey.texts.iter().enumerate().filter(|it| it.1.indexed) {
        let mut here: BTreeMap<usize, Vec<&Known>> = BTreeMap::new();
        for known in &text.headings {
            here.entry(known.entry).or_default().push(known);
        }
        for (entry, known) in here {
            of_heading[entry].push((at, known));
        }
    }
    let mut shown = String::from(HEAD);
    for (path, stands) in survey.headings.iter().zip(&of_heading) {
        if stands.is_empty() {
            continue;
        }
        let _ = writeln!(shown, "\n{path}");
        for (at, known) in stands {
            let name = names[*at].as_deref().unwrap_or("-");
            line(
                proofs,
                &survey.texts[*at],
                known,
                (path, &posted, name),
                &mut shown,
            );
        }
    }
    shown
}

/// The headings that are posted for each passage.
type Posted<'b> = BTreeMap<PassageId, BTreeSet<&'b str>>;

fn posted(entries: &[Entry]) -> Posted<'_> {
    fn add<'b>(entries: &'b [Entry], posted: &mut Posted<'b>) {
        for entry in entries {
            for posting in &entry.postings {
                for passage in posting.from.passage.0..=posting.to.passage.0 {
                    posted
                        .entry(PassageId(passage))
                        .or_default()
                        .insert(&entry.id);
                }
            }
            add(&entry.subentries, posted);
        }
    }
    let mut posted = Posted::new();
    add(entries, &mut posted);
    posted
}

fn line(
    proofs: &Proofs,
    text: &Text,
    known: &[&Known],
    (path, posted, name): (&str, &Posted, &str),
    shown: &mut String,
) {
    let first = known[0];
    let starts: Vec<usize> = known.iter().map(|known| known.start).collect();
    let weight = weight(text.kind, &text.plain, &starts);
    let folio = proofs.folios(&[position(text.passage, first.start)]);
    let below = |id: &&&str| {
        let rest = id.strip_prefix(path);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let of_passage = posted.get(&text.passage).into_iter().flatten();
    let under: Vec<&str> = of_passage.filter(below).copied().collect();
    let under = match under.is_empty() {
        true => "not posted".to_string(),
        false => under.join(", "),
    };
    let around = context(text, first.start, first.end);
    let _ = writeln!(
        shown,
        "  p. {folio:4} {weight} {under}\n      {name}\n      {around}"
    );
}
