//! The files of a pack as text: an entry added to its lists, a new pack.

use std::fmt::Write;
use std::fs;
use std::io;
use std::path::Path;

use super::Failure;
use crate::data::quoted;
use crate::import::Facts;
use crate::pipeline::Artifact;

/// What a pack's lists say of a source.
pub(super) struct Entry {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) title_supplied: bool,
    pub(super) language: Option<&'static str>,
    pub(super) condition: String,
    /// The name of its file, and the file's SHA-256.
    pub(super) file: String,
    pub(super) digest: [u8; 32],
    /// What the file says of itself.
    pub(super) facts: Facts,
    /// The pictures beside it, by their places from there.
    pub(super) pictures: Vec<String>,
}

/// `sources.toml` and `book.toml` with a source added.
pub(super) fn with_source(pack: &Path, entry: &Entry) -> Result<[Artifact; 2], Failure> {
    if !pack.join("book.toml").is_file() {
        return Err(Failure::World(format!(
            "`{}` is not a pack: it has no book.toml\nhelp: write a book.toml with a title and the order of the chapters, or name another pack with --pack",
            pack.display()
        )));
    }
    let own = [
        pack.join("recipes").join(format!("{}.toml", entry.id)),
        pack.join("chapters")
            .join(format!("{}-headnote.md", entry.id)),
    ];
    let mut sources = read(&pack.join("sources.toml"))?;
    let named = |text: &str, id: &str| {
        text.lines()
            .any(|line| line.replace(' ', "") == format!("id=\"{id}\""))
    };
    let mut book = read(&pack.join("book.toml"))?;
    if own.iter().any(|path| path.exists()) || named(&sources, &entry.id) || named(&book, &entry.id)
    {
        return Err(Failure::World(format!(
            "the pack has a source or chapter `{}` already\nhelp: give this text another id with --id",
            entry.id
        )));
    }
    if !sources.is_empty() && !sources.ends_with("\n\n") {
        sources.push('\n');
    }
    sources.push_str(&source_entry(entry));
    let at = end_of_body(&book);
    book.insert_str(at, &chapter_entry(entry));
    let file = |name: &str, text: String| Artifact {
        name: name.into(),
        bytes: text.into_bytes(),
    };
    Ok([file("sources.toml", sources), file("book.toml", book)])
}

fn read(path: &Path) -> Result<String, Failure> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
        Err(error) => Err(Failure::World(format!(
            "cannot read `{}`: {error}",
            path.display()
        ))),
    }
}

fn source_entry(entry: &Entry) -> String {
    let digest: String = entry
        .digest
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let short = short(&entry.title);
    let mut text = String::from("[[source]]\n");
    let mut line = |key: &str, value: &str| {
        let _ = writeln!(text, "{key} = {}", quoted(value));
    };
    line("id", &entry.id);
    line("title", &entry.title);
    line("short", &short);
    if let Some(language) = entry.language {
        line("language", language);
    }
    let facts = &entry.facts;
    let told = [
        ("publisher", &facts.publisher),
        ("date", &facts.date),
        ("address", &facts.address),
        ("retrieved", &facts.retrieved),
    ];
    for (key, value) in told {
        if let Some(value) = value {
            line(key, value);
        }
    }
    line("condition", &entry.condition);
    line("file", &entry.file);
    line("sha256", &digest);
    line("recipe", &format!("recipes/{}.toml", entry.id));
    if !facts.authors.is_empty() {
        let authors: Vec<String> = facts
            .authors
            .iter()
            .map(|name| quoted(&turned(name)))
            .collect();
        let _ = writeln!(text, "authors = [{}]", authors.join(", "));
    }
    if entry.title_supplied {
        text.push_str("title-supplied = true\n");
    }
    text
}

fn chapter_entry(entry: &Entry) -> String {
    format!(
        "[[chapter]]\nid = {0}\npart = \"body\"\nkind = \"source\"\ntitle = {1}\nsource = {0}\nfile = \"chapters/{2}-headnote.md\"\n\n",
        quoted(&entry.id),
        quoted(&entry.title),
        entry.id
    )
}

/// `Family, Given` of a name of two words; a longer one is left, as it cannot be told where
/// it divides.
fn turned(name: &str) -> String {
    match name.split_whitespace().collect::<Vec<_>>()[..] {
        [given, family] if !name.contains(',') => format!("{family}, {given}"),
        _ => name.to_string(),
    }
}

/// The first words of a title.
fn short(title: &str) -> String {
    let words: Vec<&str> = title.split_whitespace().take(3).collect();
    words
        .join(" ")
        .trim_end_matches([',', ':', ';', '.'])
        .to_string()
}

/// Before the first chapter of the back matter, or before what follows the chapters.
fn end_of_body(book: &str) -> usize {
    let mut header = 0;
    let mut in_chapter = false;
    let mut after_chapters = None;
    let mut at = 0;
    for line in book.split_inclusive('\n') {
        let words = line.trim();
        if words.starts_with('[')
            && (words.starts_with("[[") || words.ends_with(']'))
            && !words.contains('=')
        {
            if in_chapter && words != "[[chapter]]" {
                after_chapters = Some(at);
            }
            in_chapter = words == "[[chapter]]";
            header = at;
        }
        if in_chapter && words.replace(' ', "") == "part=\"back\"" {
            return header;
        }
        at += line.len();
    }
    after_chapters.unwrap_or(book.len())
}

/// A name that marks can use.
pub(super) fn slug(title: &str) -> String {
    const MOST: usize = 30;
    let plain = title
        .to_lowercase()
        .chars()
        .map(plain_letter)
        .collect::<String>();
    let mut slug = String::new();
    for word in plain
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
    {
        if !slug.is_empty() && slug.len() + word.len() > MOST {
            break;
        }
        if !slug.is_empty() {
            slug.push('-');
        }
        slug.push_str(word);
    }
    if slug.is_empty() { "text".into() } else { slug }
}

/// Without the accents of the languages that packs are most often in.
fn plain_letter(c: char) -> char {
    const LETTERS: &str = "áàâäãéèêëíìîïóòôöõúùûüñç";
    const PLAIN: &str = "aaaaaeeeeiiiiooooouuuunc";
    let at = LETTERS.chars().position(|letter| letter == c);
    match at.and_then(|at| PLAIN.chars().nth(at)) {
        Some(plain) => plain,
        None if matches!(c, '’' | '\'') => ' ',
        None => c,
    }
}
