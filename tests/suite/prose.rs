//! The editors' own words in `book/`: none of the sources' sentences is among them.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::packs;

/// A run of so many words that a source has too is a copied one.
const RUN: usize = 10;

#[test]
fn no_sentence_of_the_sources_is_in_the_book() {
    let Some(folder) = packs::sources() else {
        return;
    };
    let mut runs: HashMap<Vec<String>, String> = HashMap::new();
    for path in files(&folder) {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if !name.ends_with(".txt") {
            continue;
        }
        for run in words(&read(&path)).windows(RUN) {
            runs.insert(run.to_vec(), name.to_string());
        }
    }
    assert!(runs.len() > 10_000, "the sources have their words");
    let mut faults = Vec::new();
    for path in files(&packs::root().join("book")) {
        for text in texts(&path) {
            let own = words(&text);
            let copied = own.windows(RUN).find_map(|run| Some((run, runs.get(run)?)));
            if let Some((run, source)) = copied {
                let place = path.display();
                faults.push(format!("{place}: `{}` stands in {source}", run.join(" ")));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Every file of a folder and of those in it, in order.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the folder can be read")
        .map(|entry| entry.expect("the folder can be read").path())
        .collect();
    entries.sort();
    for path in entries {
        match path.is_dir() {
            true => found.extend(files(&path)),
            false => found.push(path),
        }
    }
    found
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).expect("the file is text")
}

/// The running texts of a file: a chapter whole, a data file value by value.
fn texts(path: &Path) -> Vec<String> {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("toml") => {
            let table: toml::Table = read(path).parse().expect("the file is TOML");
            let mut values = Vec::new();
            strings(&toml::Value::Table(table), &mut values);
            values
        }
        Some("md" | "bib") => vec![read(path)],
        _ => Vec::new(),
    }
}

fn strings(value: &toml::Value, out: &mut Vec<String>) {
    match value {
        toml::Value::String(text) => out.push(text.clone()),
        toml::Value::Array(values) => values.iter().for_each(|value| strings(value, out)),
        toml::Value::Table(table) => table.values().for_each(|value| strings(value, out)),
        toml::Value::Integer(_)
        | toml::Value::Float(_)
        | toml::Value::Boolean(_)
        | toml::Value::Datetime(_) => {}
    }
}

/// The words of a text in small letters, without what a link leads to: its anchor is a few
/// words of a source by design.
fn words(text: &str) -> Vec<String> {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("](") {
        plain.push_str(before);
        rest = after.split_once(')').map_or("", |(_, after)| after);
    }
    plain.push_str(rest);
    plain
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

#[test]
fn words_leave_out_what_links_lead_to() {
    let expected = ["so", "it", "says", "there"];
    assert_eq!(words("So [it says](cite:x#a-b) there."), expected);
}
