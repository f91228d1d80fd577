//! What belongs to pages and not to the text: their numbers and running heads, and the buttons
//! and notices of web pages.

use std::collections::BTreeMap;

use super::super::blocks::is_date;
use super::Finder;
use super::lines::{Kind, Text, begins_small, count_words, ends_sentence, shape};
use super::recipe::list;
use crate::data::quoted;

/// Finds furniture and takes its lines out of the running text.
pub(super) fn find(text: &mut Text<'_>, found: &mut Finder<'_>) {
    page_furniture(text, found);
    captions(text, found);
    buttons(text, found);
    tail(text, found);
    private(text, found);
}

/// Lines that come again and again, the same or with another number.
fn page_furniture(text: &mut Text<'_>, found: &mut Finder<'_>) {
    let mut shapes: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, line) in text.lines.iter().enumerate() {
        if line.width <= 80 && line.kind == Kind::Running {
            shapes.entry(shape(text.words(line))).or_default().push(at);
        }
    }
    shapes.retain(|_, lines| lines.len() >= 3);
    let numbered: Vec<String> = shapes
        .iter()
        .filter(|(shape, lines)| shape.contains('#') && is_paging(text, shape, lines))
        .map(|(shape, _)| shape.clone())
        .collect();
    for shape in &numbered {
        text.set(shapes[shape].iter().copied(), Kind::Furniture);
    }
    if let Some(first) = numbered.first() {
        let line = text.lines[shapes[first][0]].number;
        let why = "Pages have numbers.";
        let toml = format!("remove-furniture.numbered = {}", list(&numbered));
        found.rule(line, why, toml);
    }
    let mut heads = Vec::new();
    for (shape, lines) in &shapes {
        if shape.contains('#') || !shape.chars().any(char::is_alphabetic) {
            continue;
        }
        let same = super::anchors::flat(text.at(lines[0]));
        let all_same = lines
            .iter()
            .all(|at| super::anchors::flat(text.at(*at)) == same);
        let at_pages = lines.iter().filter(|at| is_at_page(text, **at)).count();
        if all_same && at_pages * 2 > lines.len() {
            heads.push((same, lines.clone()));
        } else if all_same && count_words(&same) > 1 && !ends_sentence(&same) {
            let line = text.lines[lines[0]].number;
            found.doubt(
                line,
                format!("“{same}” stands {} times as a line of its own", lines.len()),
            );
        }
    }
    for (_, lines) in &heads {
        text.set(lines.iter().copied(), Kind::Furniture);
    }
    if let Some((_, lines)) = heads.first() {
        let line = text.lines[lines[0]].number;
        let words: Vec<String> = heads.iter().map(|(words, _)| words.clone()).collect();
        let toml = format!("remove-furniture.every = {}", list(&words));
        found.rule(line, "Running heads come again and again.", toml);
    }
}

/// Whether lines of one shape number pages: each number is the one after the last, and the
/// lines stand apart from the text, or cut it.
fn is_paging(text: &Text<'_>, shape: &str, lines: &[usize]) -> bool {
    let numbers: Vec<u64> = lines
        .iter()
        .filter_map(|at| first_number(text.at(*at)))
        .collect();
    let steps = numbers
        .windows(2)
        .filter(|two| (1..=2).contains(&two[1].saturating_sub(two[0])));
    let rising = steps.count() * 5 >= numbers.len().saturating_sub(1) * 4;
    let years = numbers
        .first()
        .is_some_and(|first| (1500..=2100).contains(first))
        && shape == "#";
    let apart = lines
        .iter()
        .filter(|&&at| text.is_alone(at) || text.lines[at].page || cuts(text, at));
    // Chapters are numbered too, but text follows them at once and they do not cut it.
    let bare = shape.chars().all(|c| !c.is_alphabetic())
        || PAGE.iter().any(|word| shape.to_lowercase().contains(word));
    let cutting = lines.iter().filter(|at| cuts(text, **at)).count();
    let item = shape.starts_with("#.") || shape.starts_with("#)");
    rising
        && !years
        && !item
        && apart.count() * 3 >= lines.len() * 2
        && (bare || cutting * 3 >= lines.len())
}

/// What page numbers are called.
const PAGE: &[&str] = &["page", "página", "pagina", "seite", "p. #", "pág"];

fn first_number(words: &str) -> Option<u64> {
    let start = words.find(|c: char| c.is_ascii_digit())?;
    let digits = words[start..].split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}

/// Whether a line stands in the middle of a sentence.
fn cuts(text: &Text<'_>, at: usize) -> bool {
    let before = at.checked_sub(1).map_or("", |before| text.at(before));
    !before.is_empty() && !ends_sentence(before) && begins_small(text.at(at + 1))
}

/// Whether a line stands where a page ends or begins.
fn is_at_page(text: &Text<'_>, at: usize) -> bool {
    let page = |at: usize| {
        text.lines
            .get(at)
            .is_some_and(|line| line.page || line.kind == Kind::Furniture)
    };
    page(at) || page(at + 1) || at.checked_sub(1).is_some_and(page) || cuts(text, at)
}

/// Captions and credits that say so.
fn captions(text: &mut Text<'_>, found: &mut Finder<'_>) {
    const CREDITS: &[&str] = &[
        "illustration:",
        "photo:",
        "photograph:",
        "photo by ",
        "image:",
        "picture:",
        "photo credit",
        "image credit",
        "foto:",
        "fotografía:",
        "imagen:",
        "ilustración:",
        "crédito:",
        "crédit photo",
        "photo ©",
        "caption:",
    ];
    let is_one = |words: &str| {
        let lower = words.to_lowercase();
        count_words(words) <= 14 && CREDITS.iter().any(|credit| lower.starts_with(credit))
    };
    let lines: Vec<usize> = (0..text.lines.len())
        .filter(|at| text.is_running(*at) && is_one(text.at(*at)))
        .collect();
    if let Some(first) = lines.first() {
        let words = distinct(text, &lines);
        let toml = format!("remove-caption.every = {}", list(&words));
        found.rule(
            text.lines[*first].number,
            "A picture’s caption or credit has no picture here.",
            toml,
        );
        text.set(lines, Kind::Furniture);
    }
}

/// The words of some lines, each once.
fn distinct(text: &Text<'_>, lines: &[usize]) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for at in lines {
        let line = super::anchors::flat(text.at(*at));
        if !words.contains(&line) {
            words.push(line);
        }
    }
    words
}

/// Short lines that are made of the words of buttons and menus.
fn buttons(text: &mut Text<'_>, found: &mut Finder<'_>) {
    let lines: Vec<usize> = (0..text.lines.len())
        .filter(|&at| text.is_running(at) && is_button(text.at(at)))
        .collect();
    if let Some(first) = lines.first() {
        let words = distinct(text, &lines);
        let toml = format!("remove-furniture.every = {}", list(&words));
        found.rule(
            text.lines[*first].number,
            "Buttons and menus of a web page.",
            toml,
        );
        text.set(lines, Kind::Furniture);
    }
}

/// The words of buttons and menus.
const BUTTONS: &[&str] = &[
    "facebook",
    "twitter",
    "instagram",
    "youtube",
    "whatsapp",
    "telegram",
    "linkedin",
    "pinterest",
    "reddit",
    "tiktok",
    "mastodon",
    "email",
    "e-mail",
    "print",
    "share",
    "tweet",
    "menu",
    "home",
    "search",
    "login",
    "subscribe",
    "newsletter",
    "rss",
    "cookies",
    "x",
    "compartir",
    "imprimir",
    "menú",
    "inicio",
    "buscar",
    "suscribirse",
    "suscríbete",
    "partager",
    "imprimer",
    "accueil",
    "rechercher",
    "contact",
    "contacto",
    "about",
    "donate",
    "top",
    "next",
    "previous",
    "prev",
    "siguiente",
    "anterior",
    "bluesky",
    "threads",
];

/// Whole lines that are notices.
const NOTICES: &[&str] = &[
    "skip to content",
    "skip to main content",
    "saltar al contenido",
    "aller au contenu",
    "log in",
    "sign in",
    "sign up",
    "read more",
    "leer más",
    "lire la suite",
    "leave a reply",
    "leave a comment",
    "post comment",
    "deja un comentario",
    "we use cookies",
    "we don’t spam",
    "we don't spam",
    "original post",
    "related articles",
    "related posts",
    "print this page",
    "share this",
    "share this article",
    "back to top",
    "all rights reserved",
    "thank you for your subscription",
    "subscribe to our newsletter",
    "privacy policy",
    "terms of use",
    "advertisement",
    "publicidad",
    "artículos relacionados",
    "get your copy",
    "click here",
    "accept all cookies",
    "your email address will not be published",
    "we’d love to keep you updated",
    "we'd love to keep you updated",
    "cookies help us",
    "support our work",
    "donate now",
    "sign up for our newsletter",
];

fn is_button(words: &str) -> bool {
    let lower = words.to_lowercase();
    let inside: Vec<&str> = lower
        .split(|c: char| !(c.is_alphanumeric() || c == '-'))
        .filter(|word| !word.is_empty())
        .collect();
    let known = inside.iter().filter(|word| BUTTONS.contains(word)).count();
    let menu = match inside.len() {
        0 => false,
        1 => known == 1 && inside[0].len() > 1,
        few => few <= 8 && known * 3 >= few * 2,
    };
    menu || is_notice(&lower)
}

fn is_notice(lower: &str) -> bool {
    // A longer phrase is a notice even at the head of a long line.
    let most = |notice: &str| if notice.len() > 11 { 40 } else { 10 };
    NOTICES
        .iter()
        .any(|notice| lower.starts_with(notice) && count_words(lower) <= most(notice))
}

/// What a web page has below its article: from the first notice or listing on, behind which
/// there are no more long paragraphs.
fn tail(text: &mut Text<'_>, found: &mut Finder<'_>) {
    let count = text.lines.len();
    let is_prose = |at: usize| {
        text.is_running(at) && count_words(text.at(at)) >= 12 && ends_sentence(text.at(at))
    };
    let last = (0..count)
        .rev()
        .find(|at| is_prose(*at) || text.is_running(*at) && begins_small(text.at(*at)));
    let below = last.map_or(0, |last| last + 1);
    let is_furniture = |at: &usize| text.lines[*at].kind == Kind::Furniture;
    let from = (below..count).find(is_furniture).unwrap_or(count);
    let furniture = (from..count)
        .filter(|at| text.lines[*at].kind == Kind::Furniture)
        .count();
    let others = (from..count).filter(|at| text.is_running(*at)).count();
    if furniture > 0 && others > 0 && others <= furniture {
        let lines: Vec<usize> = (from..count).filter(|at| text.is_running(*at)).collect();
        let words = distinct(text, &lines);
        let line = text.lines[lines[0]].number;
        let toml = format!("remove-furniture.every = {}", list(&words));
        found.ask(
            line,
            "These stand among the buttons below the text.",
            toml,
            "Are they the page’s too?",
            false,
        );
    }
    listing(text, found);
    biographies(text, found);
}

/// A list of other articles below the text: titles and teasers, each with a date.
fn listing(text: &mut Text<'_>, found: &mut Finder<'_>) {
    let count = text.lines.len();
    let dates: Vec<usize> = (count / 2..count)
        .filter(|&at| text.is_running(at) && is_short_date(text.at(at)))
        .collect();
    let (Some(&first), true) = (dates.first(), dates.len() >= 3) else {
        return;
    };
    let near_end = dates.last().is_some_and(|last| last + 3 >= count);
    let dense = dates.windows(2).all(|two| two[1] - two[0] <= 7);
    if !near_end || !dense {
        return;
    }
    // The listing begins with the short lines above its first date.
    let is_short = |at: usize| !ends_sentence(text.at(at)) && count_words(text.at(at)) <= 16;
    let start = (first.saturating_sub(6)..first)
        .find(|at| is_short(*at))
        .unwrap_or(first);
    let Some(from) = found.anchors.from(text.lines[start].start, text.raw.len()) else {
        return;
    };
    let line = text.lines[start].number;
    let toml = format!("remove-furniture.from = {}", quoted(&from));
    let why = format!(
        "From line {} on, {} dates stand below short texts, as in a list of other articles.",
        line + 1,
        dates.len()
    );
    let sure = dates.len() >= 4;
    found.ask(
        line,
        why,
        toml,
        "Is all from there on no part of the text?",
        sure,
    );
    text.set(start..count, Kind::Furniture);
}

/// A name on a line of its own near the end, and a paragraph that begins with it: who wrote.
fn biographies(text: &mut Text<'_>, found: &mut Finder<'_>) {
    let count = text.lines.len();
    for at in count / 2..count.saturating_sub(1) {
        let name = text.at(at);
        let is_name = text.is_running(at)
            && (2..=4).contains(&count_words(name))
            && name
                .split_whitespace()
                .all(|word| word.starts_with(char::is_uppercase))
            && !ends_sentence(name);
        let next = text.at(at + 1);
        let first = next.split_whitespace().next().unwrap_or_default();
        let of_them = first.len() > 2 && name.split_whitespace().any(|word| word == first);
        let told = next.split_whitespace().take(10);
        let mut told =
            told.filter(|word| matches!(*word, "is" | "was" | "es" | "fue" | "est" | "fut"));
        let of_them = of_them && told.next().is_some();
        if !is_name || !of_them || !text.is_running(at + 1) || count_words(next) < 6 {
            continue;
        }
        let (start, end) = (text.lines[at].start, text.lines[at + 1].end);
        let from = found.anchors.from(start, end);
        let through = found.anchors.through(start, end);
        if let (Some(from), Some(through)) = (from, through) {
            let toml = format!(
                "remove-biography.from = {}\nremove-biography.through = {}",
                quoted(&from),
                quoted(&through)
            );
            let why = format!("“{name}” is told about below the text.");
            found.ask(
                text.lines[at].number,
                why,
                toml,
                "Leave it out as no part of the text?",
                false,
            );
            text.set([at, at + 1], Kind::Region);
        }
    }
}

/// `May 21, 2024`, `21 May 2024`: a date of publication.
pub(super) fn is_short_date(words: &str) -> bool {
    let plain = words.replace(',', "");
    let year = plain
        .split_whitespace()
        .next_back()
        .is_some_and(|year| year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit()));
    year && is_date(&plain) && (2..=4).contains(&count_words(words))
}

/// Addresses that are someone’s own.
fn private(text: &Text<'_>, found: &mut Finder<'_>) {
    for line in &text.lines {
        let words = text.words(line);
        let address = words.split_whitespace().find(|word| {
            let (name, host) = word.split_once('@').unwrap_or_default();
            !name.is_empty() && host.contains('.')
        });
        if address.is_some() && line.kind == Kind::Running {
            let short = count_words(words) <= 6;
            let anchor = found.anchors.from(line.start, line.end);
            match anchor.filter(|_| short) {
                Some(anchor) => {
                    let toml = format!("remove-personal-data.lines = {}", list(&[anchor]));
                    found.ask(line.number, "A mail address stands here.", toml, "Is it private, and to be left out?", false);
                }
                None => found.doubt(line.number, "a mail address stands here; leave it out with remove-personal-data if it is private"),
            }
        }
    }
}
