//! Where terms are noted: at their first occurrence in the book, part or chapter, unless the
//! text explains the word itself or the page has notes enough (rules G2 and G6).

use std::collections::BTreeMap;

use crate::edition::gloss::explains;
use crate::edition::matching::Hit;
use crate::edition::places::{Kind, Place};
use crate::manifest::{CrowdedNotes, Design, Manifest, NoteTerms, Part};

/// What an occurrence of a term gets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Set {
    /// It is the first, so that a foreign word is set apart.
    pub(super) first: bool,
    pub(super) note: bool,
}

/// The stretch in which a term is noted once.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Scope {
    Book,
    Part(Part),
    Chapter(usize),
}

/// A term's occurrences in each scope that has it, scopes and occurrences in reading order.
type Wanted = BTreeMap<usize, Vec<Vec<usize>>>;

/// What each occurrence gets; `occurrences` are in reading order.
///
/// Every term is noted once before any is noted again in a later scope. Rarer terms come first
/// to the room there is, because they have fewer places to turn to. `explained` gives the term
/// under which a term is explained.
pub(super) fn plan(
    manifest: &Manifest,
    places: &[Place],
    occurrences: &[Hit],
    explained: &dyn Fn(usize) -> usize,
) -> Vec<Set> {
    let mut pages = Pages::new(manifest, places);
    let mut plan = share(manifest, places, occurrences, &mut pages);
    let mut noted = BTreeMap::new();
    for (hit, set) in occurrences
        .iter()
        .zip(&mut plan)
        .filter(|(_, set)| set.note)
    {
        let (term, here) = (explained(hit.entry), pages.at(hit));
        // A note that would send the reader a few lines up says nothing.
        let above = noted
            .get(&term)
            .is_some_and(|at| here - at < pages.page / 2);
        set.note = !above || term == hit.entry;
        noted.insert(term, here);
    }
    plan
}

/// Shares the room of the pages out among the terms.
fn share(
    manifest: &Manifest,
    places: &[Place],
    occurrences: &[Hit],
    pages: &mut Pages,
) -> Vec<Set> {
    let mut plan = vec![Set::default(); occurrences.len()];
    let settings = &manifest.apparatus;
    let mut wanted = wanted(manifest, places, occurrences);
    for scope in wanted.values().flatten() {
        plan[scope[0]].first = true;
    }
    if !settings.note_glossed {
        let explained = |at: usize| {
            let hit = &occurrences[at];
            explains(&places[hit.place].plain, hit.start, hit.end)
        };
        for scopes in wanted.values_mut() {
            scopes.retain(|scope| !explained(scope[0]));
        }
    }
    if settings.crowded_notes == CrowdedNotes::Keep {
        for scope in wanted.values().flatten() {
            plan[scope[0]].note = true;
        }
        return plan;
    }
    let mut terms: Vec<Vec<Vec<usize>>> = wanted.into_values().collect();
    terms.sort_by_key(|scopes| scopes.iter().map(Vec::len).sum::<usize>());
    for scopes in &mut terms {
        let room = scopes.iter().enumerate().find_map(|(at, scope)| {
            let place = scope.iter().find(|at| pages.has_room(&occurrences[**at]));
            place.map(|place| (at, *place))
        });
        let first = scopes.first().map(|scope| (0, scope[0]));
        let forced = first.filter(|_| settings.crowded_notes == CrowdedNotes::Defer);
        let Some((scope, place)) = room.or(forced) else {
            continue;
        };
        plan[place].note = true;
        pages.take(&occurrences[place]);
        scopes.drain(..=scope);
    }
    for scope in terms.iter().flatten() {
        let place = scope.iter().find(|at| pages.has_room(&occurrences[**at]));
        if let Some(&place) = place {
            plan[place].note = true;
            pages.take(&occurrences[place]);
        }
    }
    plan
}

fn wanted(manifest: &Manifest, places: &[Place], occurrences: &[Hit]) -> Wanted {
    let mut wanted = Wanted::new();
    let mut of_scope: BTreeMap<(Scope, usize), usize> = BTreeMap::new();
    for (at, hit) in occurrences.iter().enumerate() {
        let Some(scope) = scope(manifest, &places[hit.place]) else {
            continue;
        };
        let scopes = wanted.entry(hit.entry).or_default();
        let which = *of_scope.entry((scope, hit.entry)).or_insert(scopes.len());
        if which == scopes.len() {
            scopes.push(Vec::new());
        }
        scopes[which].push(at);
    }
    wanted
}

/// The scope in which a place's terms are noted; `None` where none is.
fn scope(manifest: &Manifest, place: &Place) -> Option<Scope> {
    let chapter = &manifest.chapters[place.section];
    let setting = chapter.note_terms.unwrap_or(manifest.apparatus.note_terms);
    match setting {
        _ if place.kind != Kind::Running => None,
        NoteTerms::Book => Some(Scope::Book),
        NoteTerms::Part => Some(Scope::Part(chapter.part)),
        NoteTerms::Chapter => Some(Scope::Chapter(place.section)),
        NoteTerms::Never => None,
    }
}

/// How much text has gone by, by which it is told whether another note would crowd a page.
///
/// Where the pages break is not known before the notes are. But where no stretch of text as
/// long as a page has more notes than a page may have, no page has, wherever it begins.
struct Pages {
    /// For each place the letters before it; a chapter begins a page.
    starts: Vec<usize>,
    /// Where the notes stand that are set; several may stand on one word.
    taken: BTreeMap<usize, usize>,
    /// The letters of a page of the reference edition.
    page: usize,
    most: usize,
}

impl Pages {
    fn new(manifest: &Manifest, places: &[Place]) -> Pages {
        let design = manifest.edition(None).map(|edition| &edition.design);
        let page = design.map_or(usize::MAX / 4, letters);
        let mut starts = Vec::with_capacity(places.len());
        let (mut at, mut section) = (0_usize, None);
        for place in places {
            if section != Some(place.section) {
                section = Some(place.section);
                at = at.saturating_add(page);
            }
            starts.push(at);
            if place.kind != Kind::Note {
                at = at.saturating_add(place.plain.len());
            }
        }
        Pages {
            starts,
            taken: BTreeMap::new(),
            page,
            most: manifest.apparatus.most_notes,
        }
    }

    fn at(&self, hit: &Hit) -> usize {
        self.starts[hit.place].saturating_add(hit.end)
    }

    /// Whether no stretch of a page's length would have too many notes with one more here.
    fn has_room(&self, hit: &Hit) -> bool {
        let here = self.at(hit);
        let repeated = |(at, times): (&usize, &usize)| std::iter::repeat_n(*at, *times);
        let before = self.taken.range(here.saturating_sub(self.page)..=here);
        let after = self.taken.range(here + 1..here.saturating_add(self.page));
        let mut near: Vec<usize> = before.rev().flat_map(repeated).take(self.most).collect();
        near.reverse();
        near.push(here);
        near.extend(after.flat_map(repeated).take(self.most));
        let crowded = |run: &[usize]| run[self.most] - run[0] < self.page;
        !near.windows(self.most + 1).any(crowded)
    }

    fn take(&mut self, hit: &Hit) {
        *self.taken.entry(self.at(hit)).or_default() += 1;
    }
}

/// About how many letters stand on a page that has notes at its foot.
fn letters(design: &Design) -> usize {
    /// A letter and its share of the spaces, in hundredths of the type's size.
    const WIDTH: i64 = 43;
    let margins = &design.margins;
    let measure = design.page.width - margins.inner - margins.outer;
    let height = design.page.height - margins.top - margins.bottom;
    let a_line = measure.0 * 100 / (design.text_size.0 * WIDTH).max(1);
    let lines = height.0 / design.leading.0.max(1);
    usize::try_from(a_line * lines * 7 / 8).unwrap_or(usize::MAX / 4)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::Report;
    use crate::edition::places::Flow;
    use crate::source::{Inputs, PassageId};

    /// Which words are noted: as `passage.word`, where passages are of the chapters that are
    /// given, and the words of one capital letter are terms. A full stop stands for as many
    /// letters as a page has.
    fn noted(apparatus: &str, chapters: &[&[&str]]) -> String {
        let mut book = String::from(
            "[book]\ntitle = \"B\"\nslug = \"b\"\nlanguage = \"en\"\nidentifier = \"urn:x\"\n\
             date = \"2026-01-01\"\n[apparatus]\n",
        );
        book += apparatus;
        let mut inputs = Inputs::default();
        let mut places = Vec::new();
        let mut hits = Vec::new();
        for (section, texts) in chapters.iter().enumerate() {
            let file = format!("c{section}.md");
            book += &format!(
                "\n[[chapter]]\nid = \"c{section}\"\npart = \"body\"\nkind = \"text\"\nfile = \"{file}\"\n"
            );
            inputs.add_text(&file, "x");
            for text in *texts {
                let plain = text.replace('.', &" ".repeat(3_000));
                let place = places.len();
                let term = |(at, c): (usize, char)| Hit {
                    place,
                    start: at,
                    end: at + 1,
                    entry: c as usize,
                };
                let capitals = plain.char_indices().filter(|(_, c)| c.is_uppercase());
                hits.extend(capitals.map(term));
                places.push(Place {
                    passage: PassageId(u32::try_from(place).expect("few")),
                    plain,
                    kind: Kind::Running,
                    section,
                    indexed: true,
                    flow: Flow::default(),
                    note: None,
                    order: (place, 0),
                });
            }
        }
        inputs.add_text("book.toml", book);
        let mut report = Report::default();
        let manifest = crate::manifest::load(&inputs, &mut report).expect("it can be read");
        assert!(!report.has_errors(), "{}", report.render(&inputs));
        // `Q` is explained under `P`.
        let (p, q) = (usize::from(b'P'), usize::from(b'Q'));
        let explained = |entry| if entry == q { p } else { entry };
        let plan = plan(&manifest, &places, &hits, &explained);
        let noted = hits.iter().zip(plan).filter(|(_, set)| set.note);
        let shown: Vec<String> = noted
            .map(|(hit, _)| {
                format!(
                    "{}{}",
                    hit.place,
                    &places[hit.place].plain[hit.start..hit.end]
                )
            })
            .collect();
        shown.join(" ")
    }

    #[test]
    fn a_page_with_notes_enough_leaves_the_others_to_the_next_occurrence() {
        let texts: &[&[&str]] = &[&["A B C D E.", "D E."]];
        assert_eq!(noted("", texts), "0A 0B 0C 1D 1E");
        assert_eq!(noted("crowded-notes = \"keep\"", texts), "0A 0B 0C 0D 0E");
        assert_eq!(noted("most-notes = 9", texts), "0A 0B 0C 0D 0E");
    }

    #[test]
    fn what_has_no_room_anywhere_is_noted_all_the_same_or_left_to_the_glossary() {
        let texts: &[&[&str]] = &[&["A B C D."]];
        assert_eq!(noted("", texts), "0A 0B 0C 0D");
        assert_eq!(noted("crowded-notes = \"glossary\"", texts), "0A 0B 0C");
    }

    #[test]
    fn what_a_note_close_above_explains_has_no_note_that_says_so() {
        assert_eq!(noted("", &[&["P Q."]]), "0P");
        assert_eq!(noted("", &[&["Q P."]]), "0Q 0P");
        assert_eq!(noted("", &[&["P.", "Q."]]), "0P 1Q");
    }

    #[test]
    fn what_is_known_from_an_earlier_chapter_yields_to_what_is_new() {
        let texts: &[&[&str]] = &[&["A."], &["A X Y Z."]];
        assert_eq!(noted("", texts), "0A 1X 1Y 1Z");
        assert_eq!(noted("most-notes = 4", texts), "0A 1A 1X 1Y 1Z");
        assert_eq!(
            noted("note-terms = \"book\"\nmost-notes = 4", texts),
            "0A 1X 1Y 1Z"
        );
        assert_eq!(
            noted("note-terms = \"part\"\nmost-notes = 4", texts),
            "0A 1X 1Y 1Z"
        );
    }

    #[test]
    fn what_the_text_explains_is_left_to_it_where_that_is_set() {
        let texts: &[&[&str]] = &[&["A (first of all) and B. A"]];
        assert_eq!(noted("", texts), "0A 0B");
        assert_eq!(noted("note-glossed = false", texts), "0B");
    }
}
