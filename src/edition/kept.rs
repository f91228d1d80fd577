//! Single passages that the editors keep for an index heading, or drop, whatever its rule for
//! posting says; they name the paragraphs.

use std::collections::{BTreeMap, BTreeSet};

use crate::apparatus::{PassageName, unknown};
use crate::diag::Code;
use crate::edition::context::Ctx;
use crate::edition::matching::Vocabulary;
use crate::edition::paragraphs::{self, Candidate, Meant, Wanted};
use crate::edition::places::Place;
use crate::manifest::ChapterKind;
use crate::source::Span;

/// What the editors decided for one heading, by places.
#[derive(Clone, Debug, Default)]
pub(super) struct Kept {
    pub(super) keep: BTreeSet<usize>,
    pub(super) drop: BTreeSet<usize>,
}

/// A name where it is written.
struct Written {
    heading: usize,
    keeps: bool,
    name: String,
    span: Span,
}

/// The decisions for each heading of the vocabulary. A name that no longer leads to one
/// paragraph is an error; those of a text that is not at hand are passed over.
pub(super) fn find(ctx: &mut Ctx, vocabulary: &Vocabulary, places: &[Place]) -> Vec<Kept> {
    let mut kept = vec![Kept::default(); vocabulary.headings.len()];
    let (written, wanted) = names(ctx, vocabulary);
    if wanted.is_empty() {
        return kept;
    }
    let found = paragraphs::find(&wanted, candidates(places));
    let mut proper = None;
    for ((written, wanted), meant) in written.iter().zip(&wanted).zip(found) {
        let place = match meant {
            Meant::One(place) => place,
            Meant::Several(_) | Meant::None(_) => {
                let names = proper.get_or_insert_with(|| proper_names(ctx, places));
                report(ctx, written, wanted, &meant, (places, names));
                continue;
            }
        };
        let kept = &mut kept[written.heading];
        match written.keeps {
            true if places[place].indexed => kept.keep.insert(place),
            true => {
                front(ctx, written);
                false
            }
            false => kept.drop.insert(place),
        };
    }
    kept
}

fn candidates(places: &[Place]) -> impl Iterator<Item = Candidate<'_>> {
    places.iter().map(|place| Candidate {
        chapter: place.section,
        plain: &place.plain,
    })
}

/// The names that the headings have, those that can be looked for.
fn names(ctx: &mut Ctx, vocabulary: &Vocabulary) -> (Vec<Written>, Vec<Wanted>) {
    let manifest = ctx.manifest;
    let chapters = manifest.chapters.iter().enumerate();
    let chapters: BTreeMap<&str, usize> = chapters
        .map(|(at, chapter)| (chapter.id.as_str(), at))
        .collect();
    let (mut all, mut wanted) = (Vec::new(), Vec::new());
    for (heading, node) in vocabulary.headings.iter().enumerate() {
        let keep = node.heading.keep.iter().map(|name| (true, name));
        let drop = node.heading.drop.iter().map(|name| (false, name));
        for (keeps, PassageName { name, span }) in keep.chain(drop) {
            let Some((chapter, words, which)) = paragraphs::parts(name) else {
                ctx.report
                    .error(
                        Code::BadValue,
                        *span,
                        format!("`{name}` is not the name of a paragraph"),
                    )
                    .help("`cordel check --report passages` lists them: chapter#some-of-its-words");
                continue;
            };
            let Some(&chapter) = chapters.get(chapter) else {
                let known = chapters.keys().copied();
                unknown(*span, chapter, "chapter", known, ctx.report);
                continue;
            };
            let source = manifest.chapters[chapter].kind == ChapterKind::Source;
            if source && ctx.written[chapter].source.is_none() {
                continue;
            }
            wanted.push(Wanted {
                chapter,
                words,
                which,
            });
            all.push(Written {
                heading,
                keeps,
                name: name.clone(),
                span: *span,
            });
        }
    }
    (all, wanted)
}

fn proper_names(ctx: &Ctx, places: &[Place]) -> Vec<Option<String>> {
    let chapters = ctx.manifest.chapters.iter();
    let chapters: Vec<&str> = chapters.map(|chapter| chapter.id.as_str()).collect();
    paragraphs::names(&chapters, candidates(places))
}

/// Says what a lost name stood for, and where its paragraph is likeliest to have gone.
fn report(
    ctx: &mut Ctx,
    written: &Written,
    wanted: &Wanted,
    meant: &Meant,
    (places, names): (&[Place], &[Option<String>]),
) {
    let name = &written.name;
    let proper = |at: usize| names[at].as_deref().unwrap_or_default();
    let words: Vec<&str> = wanted.words.iter().map(String::as_str).collect();
    match meant {
        Meant::One(_) => {}
        Meant::Several(several) => {
            let diagnostic = ctx.report.error(
                Code::LostPassage,
                written.span,
                format!("{} paragraphs have the words of `{name}`", several.len()),
            );
            for &at in several.iter().take(4) {
                diagnostic.help(format!(
                    "`{}` begins {}",
                    proper(at),
                    beginning(&places[at])
                ));
            }
        }
        Meant::None(nearest) => {
            let diagnostic = ctx.report.error(
                Code::LostPassage,
                written.span,
                format!("the paragraph `{name}` is lost"),
            );
            let list = words.join(", ");
            match nearest {
                Some((at, left)) => {
                    diagnostic.help(format!(
                        "of its words ({list}) {left} stand{} in the paragraph that begins {}",
                        if *left == 1 { "s" } else { "" },
                        beginning(&places[*at])
                    ));
                    diagnostic.help(format!(
                        "if that is its successor, write `{}`; else take the name out",
                        proper(*at)
                    ));
                }
                None => {
                    diagnostic.help(format!(
                        "none of its words stand in the chapter any more: {list}"
                    ));
                    diagnostic.help(
                        "`cordel check --report passages` names the paragraphs; or take the name out",
                    );
                }
            }
        }
    }
}

/// The first words of a paragraph.
fn beginning(place: &Place) -> String {
    let mut words = place.plain.split_whitespace();
    let first: Vec<&str> = words.by_ref().take(8).collect();
    let more = if words.next().is_some() { " …" } else { "" };
    format!("“{}{more}”", first.join(" "))
}

fn front(ctx: &mut Ctx, written: &Written) {
    ctx.report
        .error(
            Code::BadValue,
            written.span,
            format!("`{}` stands where the index does not lead", written.name),
        )
        .help("front matter and chapters with `indexed = false` are not indexed (rule I21)");
}
