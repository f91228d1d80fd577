//! Candidates for the index and the glossary: what no heading or term covers yet, likely
//! variants together, the likeliest first, each with an entry to paste. A suggestion is
//! never posted unread (rule I15).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::data::quoted;
use crate::edition::gloss::is_acronym;
use crate::edition::survey::{Known, Survey, folded};
use crate::review::names::{Find, Sort};
use crate::review::variants::{Near, groups};
use crate::review::{Proofs, context, position};
use crate::source::Position;

/// Words by which the name of a body is known.
const BODIES: &[&str] = &[
    "party",
    "union",
    "unions",
    "front",
    "federation",
    "confederation",
    "committee",
    "council",
    "league",
    "movement",
    "association",
    "university",
    "company",
    "bank",
    "army",
    "navy",
    "ministry",
    "congress",
    "guild",
    "alliance",
    "brigade",
    "commission",
    "institute",
    "church",
    "international",
    "partido",
    "movimiento",
    "frente",
    "federacion",
    "confederacion",
    "comite",
    "consejo",
    "sindicato",
    "liga",
    "asociacion",
    "universidad",
    "banco",
    "central",
    "junta",
    "juntas",
    "union",
    "vanguardia",
    "brigada",
    "comando",
    "parti",
    "mouvement",
    "syndicat",
];

/// Titles, which a person is not filed under (rule I11).
const TITLES: &[&str] = &[
    "president",
    "general",
    "colonel",
    "lieutenant",
    "captain",
    "major",
    "admiral",
    "commander",
    "minister",
    "senator",
    "deputy",
    "judge",
    "father",
    "sister",
    "bishop",
    "cardinal",
    "professor",
    "doctor",
    "don",
    "dona",
    "comrade",
    "companero",
    "companera",
    "king",
    "queen",
    "sir",
    "lady",
];

/// What suggestions are wanted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    Index,
    Glossary,
}

/// A word or name that no entry covers, with its likely variants.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// As an entry would print it: `Lee, Ann`.
    pub heading: String,
    pub kind: Kind,
    /// Its spellings with how often each occurs, the most frequent first.
    pub forms: Vec<(String, usize)>,
    /// How often all occur, and in how many sections.
    pub count: usize,
    pub sections: usize,
    /// Where, in reading order.
    pub places: Vec<Position>,
    /// The printed pages: `5, 17, 21–23`.
    pub folios: String,
    /// A few words around the first.
    pub context: String,
    /// What the text itself says of it.
    pub gloss: Option<String>,
    /// Whether it is set apart or has an accent, and not only explained.
    pub set_apart: bool,
    /// An entry that exists, of which this is likely a spelling: its id and the form.
    pub near: Option<(String, String)>,
}

/// What a candidate is likely to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Person,
    Body,
    Place,
    Name,
    Acronym,
    Foreign,
}

impl Kind {
    fn words(self) -> &'static str {
        match self {
            Kind::Person => "person",
            Kind::Body => "organisation",
            Kind::Place => "place",
            Kind::Name => "name",
            Kind::Acronym => "acronym",
            Kind::Foreign => "foreign word",
        }
    }
}

/// The candidates, the likeliest first, without those that the editors have decided to pass
/// over.
pub fn candidates(proofs: &Proofs, wanted: Wanted) -> Vec<Candidate> {
    let survey = proofs.survey();
    let passed = proofs.apparatus.passed_over.iter();
    // By their short names works are cited, not spoken of.
    let cited = proofs.apparatus.works.values().map(|work| &work.short);
    let passed: BTreeSet<String> = passed.chain(cited).map(|words| folded(words)).collect();
    let finds: Vec<&Find> = proofs
        .finds()
        .iter()
        .filter(|find| is_of(find, wanted) && !is_covered(survey, find, wanted))
        .filter(|find| !passed.contains(&folded(&find.words)))
        .collect();
    let mut of_name: BTreeMap<(Sort, &str), Vec<&Find>> = BTreeMap::new();
    for find in finds {
        let sort = match find.sort {
            Sort::Acronym => Sort::Acronym,
            Sort::Name | Sort::Foreign => Sort::Name,
        };
        of_name.entry((sort, &find.words)).or_default().push(find);
    }
    let near = near(proofs, wanted);
    let mut candidates: Vec<Candidate> = merged(of_name)
        .into_iter()
        .map(|finds| candidate(proofs, survey, &finds, &near))
        .collect();
    let weight = |one: &Candidate| {
        let known = usize::from(one.near.is_some()) * 4;
        one.count + 2 * (one.sections - 1) + known + usize::from(one.gloss.is_some()) * 2
    };
    candidates.sort_by(|a, b| {
        weight(b)
            .cmp(&weight(a))
            .then_with(|| a.heading.cmp(&b.heading))
    });
    candidates
}

/// What the index wants: every kind. The glossary wants words to be explained.
fn is_of(find: &Find, wanted: Wanted) -> bool {
    match wanted {
        Wanted::Index => true,
        Wanted::Glossary => find.sort != Sort::Name,
    }
}

fn is_covered(survey: &Survey, find: &Find, wanted: Wanted) -> bool {
    let text = &survey.texts[find.text];
    let known: &[Known] = match wanted {
        Wanted::Index => &text.headings,
        Wanted::Glossary => &text.terms,
    };
    let overlaps = |known: &Known| known.start < find.range.end && find.range.start < known.end;
    known.iter().any(overlaps)
}

/// The forms that entries match, by which a misspelt one is recognised, with their ids.
fn near<'p>(proofs: &'p Proofs, wanted: Wanted) -> (BTreeMap<&'p str, String>, Near<'p>) {
    let mut forms: BTreeMap<&str, String> = BTreeMap::new();
    match wanted {
        Wanted::Index => {
            for (path, heading) in proofs.apparatus.headings_by_path() {
                for form in &heading.forms {
                    forms.entry(form).or_insert_with(|| path.clone());
                }
            }
        }
        Wanted::Glossary => {
            for term in proofs.apparatus.terms.values() {
                for form in &term.forms {
                    forms.entry(form).or_insert_with(|| term.id.clone());
                }
            }
        }
    }
    let near = Near::new(forms.keys().copied().collect::<Vec<_>>().into_iter());
    (forms, near)
}

/// Finds of one name and its likely variants, together.
fn merged<'f>(of_name: BTreeMap<(Sort, &'f str), Vec<&'f Find>>) -> Vec<Vec<&'f Find>> {
    let mut merged: Vec<Vec<&Find>> = Vec::new();
    for sort in [Sort::Name, Sort::Acronym] {
        let of_sort = of_name.iter().filter(|((of, _), _)| *of == sort);
        let (names, finds): (Vec<&str>, Vec<&Vec<&Find>>) =
            of_sort.map(|((_, name), finds)| (*name, finds)).unzip();
        let mut groups = groups(&names);
        join_surnames(&names, &mut groups);
        let mut by_group: BTreeMap<usize, Vec<&Find>> = BTreeMap::new();
        for (group, finds) in groups.into_iter().zip(finds) {
            by_group.entry(group).or_default().extend(finds);
        }
        merged.extend(by_group.into_values());
    }
    merged
}

/// A surname alone belongs to the one full name that ends with it.
fn join_surnames(names: &[&str], groups: &mut [usize]) {
    let mut full: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    for (at, name) in names.iter().enumerate() {
        if let Some((_, last)) = name.rsplit_once(' ') {
            full.entry(folded(last)).or_default().insert(groups[at]);
        }
    }
    let alone: Vec<usize> = (0..names.len())
        .filter(|at| !names[*at].contains(' '))
        .collect();
    for at in alone {
        let owners = full.get(&folded(names[at]));
        if let Some(owner) = owners
            .filter(|owners| owners.len() == 1)
            .and_then(|one| one.first())
        {
            let from = groups[at];
            let to = *owner;
            groups
                .iter_mut()
                .filter(|group| **group == from)
                .for_each(|group| *group = to);
        }
    }
}

fn candidate(
    proofs: &Proofs,
    survey: &Survey,
    finds: &[&Find],
    (ids, near): &(BTreeMap<&str, String>, Near),
) -> Candidate {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for find in finds {
        *counts.entry(&find.words).or_default() += 1;
    }
    let mut forms: Vec<(String, usize)> = counts
        .iter()
        .map(|(form, count)| (form.to_string(), *count))
        .collect();
    forms.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    // The full name is printed, in its commonest spelling.
    let words = |form: &str| form.split(' ').count();
    let most = forms.iter().map(|(form, _)| words(form)).max().unwrap_or(1);
    let printed = forms.iter().find(|(form, _)| words(form) == most);
    let printed = printed.map(|(form, _)| form.clone()).unwrap_or_default();
    let mut places: Vec<(usize, usize)> = finds
        .iter()
        .map(|find| (find.text, find.range.start))
        .collect();
    places.sort_unstable();
    let texts = &survey.texts;
    let sections: BTreeSet<usize> = places
        .iter()
        .map(|(text, _)| texts[*text].section)
        .collect();
    let at = |&(text, start): &(usize, usize)| position(texts[text].passage, start);
    let positions: Vec<Position> = places.iter().map(at).collect();
    let first = finds
        .iter()
        .min_by_key(|find| (find.text, find.range.start))
        .expect("there is one");
    let known = forms.iter().find_map(|(form, _)| near.of(form));
    let kind = kind(&printed, finds);
    Candidate {
        heading: heading(&printed, kind),
        kind,
        count: finds.len(),
        sections: sections.len(),
        folios: proofs.folios(&positions),
        places: positions,
        context: context(&texts[first.text], first.range.start, first.range.end),
        set_apart: finds.iter().any(|find| find.set_apart),
        gloss: finds.iter().find_map(|find| find.gloss.clone()),
        near: known.map(|form| (ids[form].clone(), form.to_string())),
        forms,
    }
}

fn kind(printed: &str, finds: &[&Find]) -> Kind {
    if finds.iter().all(|find| find.sort == Sort::Foreign) {
        return Kind::Foreign;
    }
    if is_acronym(printed) {
        return Kind::Acronym;
    }
    let words: Vec<&str> = printed.split(' ').collect();
    let body = |word: &&str| BODIES.contains(&folded(word).as_str());
    if words.iter().any(body) {
        return Kind::Body;
    }
    let located = finds.iter().filter(|find| find.located).count();
    if located * 3 >= finds.len() {
        return Kind::Place;
    }
    let capitals = words
        .iter()
        .all(|word| word.starts_with(char::is_uppercase));
    match words.len() {
        2 | 3 if capitals => Kind::Person,
        _ => Kind::Name,
    }
}

/// A person by the surname, without a title; a foreign word and the rest as they are.
fn heading(printed: &str, kind: Kind) -> String {
    if kind != Kind::Person {
        return printed.to_string();
    }
    let title = |word: &str| TITLES.contains(&folded(word).as_str());
    let name = match printed.split_once(' ') {
        Some((first, name)) if title(first) => name,
        _ => printed,
    };
    match name.rsplit_once(' ') {
        Some((given, family)) => format!("{family}, {given}"),
        None => name.to_string(),
    }
}

/// The candidates as text: what is known of each, and an entry to paste.
pub fn shown(candidates: &[Candidate], wanted: Wanted, limit: usize, lang: Option<&str>) -> String {
    let mut text = String::new();
    for (at, one) in candidates.iter().take(limit).enumerate() {
        let times = if one.count == 1 {
            "once"
        } else {
            &format!("{} times", one.count)
        };
        let chapters = if one.sections == 1 {
            "one chapter"
        } else {
            &format!("{} chapters", one.sections)
        };
        let pages = if one.folios.is_empty() {
            "no page".to_string()
        } else {
            format!("page {}", one.folios)
        };
        let _ = writeln!(
            text,
            "# {}. {}: {}, {times} in {chapters}, {pages}",
            at + 1,
            one.heading,
            one.kind.words()
        );
        if one.forms.len() > 1 {
            let forms: Vec<String> = one
                .forms
                .iter()
                .map(|(form, count)| format!("{form} {count}"))
                .collect();
            let _ = writeln!(text, "#    written: {}", forms.join(", "));
        }
        let _ = writeln!(text, "#    {}", one.context);
        match &one.near {
            Some((id, form)) => {
                let _ = writeln!(
                    text,
                    "#    likely a spelling of “{form}”: add to the forms of `{id}`\n# forms = [{}]\n",
                    list(one)
                );
            }
            None => text.push_str(&entry(one, wanted, lang)),
        }
    }
    if candidates.len() > limit {
        let _ = writeln!(
            text,
            "# {} more; --limit {} shows all",
            candidates.len() - limit,
            candidates.len()
        );
    }
    text
}

fn entry(one: &Candidate, wanted: Wanted, lang: Option<&str>) -> String {
    let mut text = String::new();
    let id = id(&one.heading);
    match wanted {
        Wanted::Index => {
            let _ = writeln!(
                text,
                "[[heading]]\nid = {id}\nheading = {}\nforms = [{}]",
                quoted(&one.heading),
                list(one)
            );
        }
        Wanted::Glossary => {
            let _ = writeln!(text, "[[term]]\nid = {id}\nterm = {}", quoted(&one.heading));
            if let (Kind::Foreign, Some(lang)) = (one.kind, lang) {
                let _ = writeln!(text, "lang = {}", quoted(lang));
            }
            if one.forms.len() > 1 {
                let _ = writeln!(text, "forms = [{}]", list(one));
            }
            match &one.gloss {
                Some(gloss) => {
                    let _ = writeln!(text, "short = {} # the text’s own gloss", quoted(gloss));
                }
                None => text.push_str("short = \"\" # to be written\n"),
            }
        }
    }
    if one.kind == Kind::Acronym {
        text.push_str("exact-case = true\n");
    }
    text.push('\n');
    text
}

fn list(one: &Candidate) -> String {
    let forms: Vec<String> = one.forms.iter().map(|(form, _)| quoted(form)).collect();
    forms.join(", ")
}

/// An id after the words that an entry begins with.
fn id(heading: &str) -> String {
    let first = heading.split(',').next().unwrap_or_default();
    let folded: String = folded(first)
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    let parts: Vec<&str> = folded.split('-').filter(|part| !part.is_empty()).collect();
    quoted(&parts.join("-"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apparatus::Apparatus;
    use crate::edition::{Edition, Section, passage, plain};
    use crate::manifest::{ApparatusSettings, ChapterKind, Part};
    use crate::pages::Pages;
    use crate::source::{Inputs, PassageId};
    use crate::text::Block;

    /// What is suggested for one chapter of some paragraphs.
    fn suggested(wanted: Wanted, files: &[(&str, &str)], paragraphs: &[&str]) -> String {
        let mut inputs = Inputs::default();
        for (path, text) in files {
            inputs.add_text(path, *text);
        }
        let mut report = crate::diag::Report::default();
        let apparatus: Apparatus = crate::apparatus::load(&inputs, &mut report);
        assert!(!report.has_errors(), "{}", report.render(&inputs));
        let number = |at: usize| PassageId(u32::try_from(at).expect("few"));
        let blocks = paragraphs.iter().enumerate();
        let blocks =
            blocks.map(|(at, text)| Block::Paragraph(passage(number(at + 1), vec![plain(*text)])));
        let section = Section {
            id: "one".into(),
            part: Part::Body,
            kind: ChapterKind::Text,
            title: passage(PassageId(0), vec![plain("One")]),
            short_title: "One".into(),
            byline: None,
            blocks: blocks.collect(),
            source: None,
        };
        let edition = Edition {
            sections: vec![section],
            ..Edition::default()
        };
        let (pages, settings) = (Pages::default(), ApparatusSettings::default());
        let proofs = Proofs::new(&edition, &pages, &apparatus, (&settings, &[]));
        shown(&candidates(&proofs, wanted), wanted, 9, Some("es"))
    }

    #[test]
    fn merges_variants_and_fills_an_entry() {
        let text = suggested(
            Wanted::Index,
            &[(
                "index.toml",
                "[[heading]]\nid = \"ouzel\"\nheading = \"Ouzel\"\nforms = [\"Ouzel\"]\n",
            )],
            &["The miller Ann Ormeridano left Ouzel. She, Ormiridano, met Ormeridano’s son."],
        );
        assert_eq!(
            text,
            "# 1. Ormeridano, Ann: person, 3 times in one chapter, no page\n\
             #    written: Ann Ormeridano 1, Ormeridano 1, Ormiridano 1\n\
             #    The miller Ann Ormeridano left Ouzel. She, Ormiridano, met …\n\
             [[heading]]\nid = \"ormeridano\"\nheading = \"Ormeridano, Ann\"\n\
             forms = [\"Ann Ormeridano\", \"Ormeridano\", \"Ormiridano\"]\n\n"
        );
    }

    #[test]
    fn names_the_heading_of_which_a_word_is_a_misspelling() {
        let text = suggested(
            Wanted::Index,
            &[(
                "index.toml",
                "[[heading]]\nid = \"merrindale\"\nheading = \"Merrindale\"\nforms = [\"Merrindale\"]\n",
            )],
            &["They met in Merrindale and again in Merindale."],
        );
        assert!(
            text.contains("likely a spelling of “Merrindale”: add to the forms of `merrindale`"),
            "{text}"
        );
    }

    #[test]
    fn takes_the_texts_own_gloss_and_passes_over_what_was_decided() {
        let accepted = "[[pass-over]]\nwords = [\"MU\"]\nreason = \"known to all\"\n";
        let text = suggested(
            Wanted::Glossary,
            &[("accepted.toml", accepted)],
            &["The MU fined the regatas (water thieves)."],
        );
        assert_eq!(
            text,
            "# 1. regatas: foreign word, once in one chapter, no page\n\
             #    The MU fined the regatas (water thieves).\n\
             [[term]]\nid = \"regatas\"\nterm = \"regatas\"\nlang = \"es\"\n\
             short = \"water thieves\" # the text’s own gloss\n\n"
        );
    }
}
