//! The *Note on the text* and the list of emendations, made from what was really done
//! (rules E1 to E4).

use std::collections::BTreeMap;

use crate::apparatus::{Emendation, SourceFile, Work};
use crate::edition::context::{start_of, words_of};
use crate::edition::emendations::Made;
use crate::edition::marks::Resolver;
use crate::edition::sections::titled;
use crate::edition::{Target, Written};
use crate::manifest::{Chapter, ChapterKind};
use crate::text::{Block, Inline, List, Style};

/// Where each text came from and what was done to it.
pub(super) fn blocks(
    resolver: &mut Resolver,
    made: &Made,
    principles_are_told: bool,
) -> Vec<Block<Target>> {
    let (manifest, written) = (resolver.ctx.manifest, resolver.ctx.written);
    let mut blocks = vec![if principles_are_told {
        resolver.ctx.heading("The texts one by one")
    } else {
        words(resolver, PRINCIPLES)
    }];
    blocks.push(words(resolver, ITALICS));
    // Under what the editors say of all texts, those on each are of a lower level.
    let level = 1 + u8::from(principles_are_told);
    for (chapter, written) in manifest.chapters.iter().zip(written) {
        if chapter.kind == ChapterKind::Source {
            blocks.extend(title(resolver, chapter, level));
            source(resolver, chapter, written, made, &mut blocks);
        }
    }
    blocks
}

const PRINCIPLES: &str = "The texts are set as they came, word for word and in their own \
    spelling. Whatever was taken out of the files or changed in them was taken out or changed \
    by a rule, and each rule is named below with the number of times that it applied. Notes \
    with letters are the glossary’s, notes with numbers in square brackets the editors’, notes \
    with plain numbers the authors’ own.";

/// What the book itself changes in the look of the sources.
const ITALICS: &str = "A word of another language stands in italics where the glossary first \
    notes it in a chapter, in the sources too.";

fn words(resolver: &mut Resolver, words: impl Into<String>) -> Block<Target> {
    resolver.ctx.paragraph(vec![words_of(words)])
}

fn title(resolver: &mut Resolver, chapter: &Chapter, level: u8) -> Option<Block<Target>> {
    let apparatus = resolver.ctx.apparatus;
    let work = apparatus.works.get(chapter.source.as_ref()?)?;
    Some(resolver.ctx.heading_of(level, titled(work)))
}

fn source(
    resolver: &mut Resolver,
    chapter: &Chapter,
    written: &Written,
    made: &Made,
    blocks: &mut Vec<Block<Target>>,
) {
    let apparatus = resolver.ctx.apparatus;
    let work = chapter
        .source
        .as_ref()
        .and_then(|id| apparatus.works.get(id));
    let Some(work) = work else {
        return;
    };
    if let Some(condition) = &work.condition {
        blocks.push(words(resolver, condition.clone()));
    }
    if let Some(file) = &work.file {
        let set = written.source.is_some();
        let inlines = origin(file, set);
        blocks.push(resolver.ctx.paragraph(inlines));
    }
    if let Some(cleaned) = &written.source {
        blocks.extend(cleaning(&cleaned.rules).map(|said| words(resolver, said)));
        emended(resolver, work, made, blocks);
    }
}

/// Which file was set, or where the one that is missing belongs.
fn origin(file: &SourceFile, set: bool) -> Vec<Inline<Target>> {
    let code = |text: String| Inline::Styled(Style::Code, vec![words_of(text)]);
    let lead = if set {
        "Set from the file "
    } else {
        "Not set, because the text was not at hand; the editors’ account of it stands instead. \
         It belongs in a file "
    };
    vec![
        words_of(lead),
        code(file.name.clone()),
        words_of(", SHA-256 "),
        code(grouped(&file.sha256)),
        words_of("."),
    ]
}

/// In groups of eight digits, which can be read out and broken into lines.
fn grouped(digest: &str) -> String {
    let digits: Vec<char> = digest.chars().collect();
    let groups: Vec<String> = digits
        .chunks(8)
        .map(|group| group.iter().collect())
        .collect();
    groups.join(" ")
}

/// The rules that ran, with how often they applied.
fn cleaning(rules: &[(String, usize)]) -> Option<String> {
    let ran: Vec<String> = rules
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(words, count)| format!("{words} ({})", times(*count)))
        .collect();
    (!ran.is_empty()).then(|| format!("In cleaning: {}.", ran.join("; ")))
}

fn times(count: usize) -> String {
    match count {
        1 => "once".into(),
        2 => "twice".into(),
        _ => format!("{count} times"),
    }
}

/// How many corrections there are of each kind; one by one, where no other section lists
/// them.
fn emended(resolver: &mut Resolver, work: &Work, made: &Made, blocks: &mut Vec<Block<Target>>) {
    let listed = listed(resolver, made, &work.id);
    let silent = silent(resolver, made, &work.id);
    if listed.is_empty() && silent.is_empty() {
        return;
    }
    let mut inlines = vec![words_of("Corrected: ")];
    let list = list_of_emendations(resolver);
    let elsewhere = list.is_some();
    if !listed.is_empty() {
        let places = match listed.len() {
            1 => "one place".to_string(),
            count => format!("{count} places"),
        };
        inlines.push(words_of(format!("{places}, listed under ")));
        inlines.push(list.unwrap_or_else(|| words_of("this paragraph")));
    }
    if !silent.is_empty() {
        let between = if listed.is_empty() { "" } else { "; " };
        let said = format!("{between}without a list, {}", silent.join(", "));
        inlines.push(words_of(said));
    }
    inlines.push(words_of("."));
    blocks.push(resolver.ctx.paragraph(inlines));
    if !elsewhere {
        blocks.extend(list_of(resolver, made, &listed));
    }
}

/// A link to the section that lists the emendations, where the book has one.
fn list_of_emendations(resolver: &Resolver) -> Option<Inline<Target>> {
    let chapters = &resolver.ctx.manifest.chapters;
    let list = chapters
        .iter()
        .find(|chapter| chapter.kind == ChapterKind::Emendations)?;
    let title = list.title.clone().unwrap_or_else(|| "Emendations".into());
    let to = start_of(resolver.ctx.entries.chapters[&list.id]);
    Some(Inline::Reference(Target::Place(to), vec![words_of(title)]))
}

/// The emendations of a source that were made and are listed, in the order of the text.
fn listed(resolver: &Resolver, made: &Made, work: &str) -> Vec<usize> {
    let all = &resolver.ctx.apparatus.emendations;
    let mut listed: Vec<usize> = (0..made.len())
        .filter(|at| !made[*at].is_empty() && all[*at].source == work && all[*at].class.is_none())
        .collect();
    listed.sort_by_key(|at| made[*at].iter().min().copied());
    listed
}

/// Silent corrections of a source, counted by class: `spelling of names (twice)`.
fn silent(resolver: &Resolver, made: &Made, work: &str) -> Vec<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (emendation, places) in resolver.ctx.apparatus.emendations.iter().zip(made) {
        if let (true, Some(class)) = (emendation.source == work, &emendation.class) {
            *counts.entry(class).or_default() += places.len();
        }
    }
    counts
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(class, count)| format!("{class} ({})", times(count)))
        .collect()
}

/// The list of emendations, source by source.
pub(super) fn emendations(resolver: &mut Resolver, made: &Made) -> Vec<Block<Target>> {
    let (apparatus, manifest) = (resolver.ctx.apparatus, resolver.ctx.manifest);
    let sources = manifest.chapters.iter();
    let mut blocks = Vec::new();
    for id in sources.filter_map(|chapter| chapter.source.as_ref()) {
        let Some(work) = apparatus.works.get(id) else {
            continue;
        };
        let listed = listed(resolver, made, id);
        let silent = silent(resolver, made, id);
        if listed.is_empty() && silent.is_empty() {
            continue;
        }
        blocks.push(resolver.ctx.heading(titled(work)));
        blocks.extend(list_of(resolver, made, &listed));
        if !silent.is_empty() {
            let said = format!("Corrected without being listed: {}.", silent.join("; "));
            blocks.push(words(resolver, said));
        }
    }
    if blocks.is_empty() {
        blocks.push(words(
            resolver,
            "Nothing was corrected in the texts of this copy.",
        ));
    }
    blocks
}

/// Page, what is set for what stood there, and why.
fn list_of(resolver: &mut Resolver, made: &Made, listed: &[usize]) -> Option<Block<Target>> {
    let all = &resolver.ctx.apparatus.emendations;
    let items: Vec<Vec<Block<Target>>> = listed
        .iter()
        .map(|&at| vec![item(resolver, &all[at], at, made)])
        .collect();
    (!items.is_empty()).then_some(Block::List(List {
        start: None,
        tight: true,
        items,
    }))
}

fn item(resolver: &mut Resolver, emendation: &Emendation, at: usize, made: &Made) -> Block<Target> {
    let id = resolver.ctx.number();
    let mut inlines = vec![
        words_of("Page "),
        Inline::Reference(Target::Pages(made[at].clone()), Vec::new()),
        words_of(format!(
            ": “{}” for “{}”. ",
            spaced(&emendation.replace),
            spaced(&emendation.find)
        )),
    ];
    let reason = resolver.rich(id, &inlines, &emendation.reason);
    inlines.extend(reason);
    Block::Paragraph(crate::edition::passage(id, inlines))
}

/// In one line.
fn spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
