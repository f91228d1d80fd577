//! The house rules that a machine can hold: who imports whom, who touches the world.

use std::fs;
use std::path::{Path, PathBuf};

use crate::packs;

/// Each module, and what it may import; the table of ARCHITECTURE.md.
const TABLE: &[(&str, &str)] = &[
    ("units", ""),
    ("source", ""),
    ("diag", "source"),
    ("data", "source diag"),
    ("photo", ""),
    ("text", "source"),
    ("fonts", "units source diag"),
    ("manifest", "units source diag data text"),
    ("import", "source diag data"),
    ("document", "source diag text"),
    ("apparatus", "source diag data text document manifest"),
    (
        "edition",
        "source diag text units manifest document apparatus data figures svg photo",
    ),
    ("ledger", "source import edition"),
    ("pages", "units source fonts"),
    ("figures", "units source diag data fonts pages"),
    ("svg", "units source diag pages"),
    (
        "typeset",
        "units source diag text fonts figures svg manifest edition pages photo",
    ),
    (
        "epub",
        "units source diag text fonts figures svg manifest edition pages photo",
    ),
    ("impose", "units manifest"),
    ("pdf", "units source diag fonts pages impose"),
    (
        "verify",
        "units source diag text manifest import edition ledger pages",
    ),
    ("device", "data"),
    (
        "review",
        "source diag data text units manifest apparatus edition pages",
    ),
    (
        "pipeline",
        "units source diag data text fonts figures manifest import document apparatus edition ledger pages typeset epub impose pdf verify review",
    ),
    (
        "cli",
        "units source diag data text manifest import document pages impose device review pipeline verify",
    ),
];

/// What only these modules may use.
const WORLD: &[(&str, &[&str])] = &[
    ("std::fs", &["source", "device", "cli"]),
    ("std::env", &["cli"]),
    ("Instant", &["cli"]),
    ("SystemTime", &[]),
    ("std::net", &[]),
    ("process::Command", &[]),
];

#[test]
fn modules_import_one_way() {
    let mut faults = Vec::new();
    for (module, file, code) in sources() {
        let allowed = TABLE.iter().find(|row| row.0 == module).map(|row| row.1);
        let Some(allowed) = allowed else {
            faults.push(format!(
                "{}: the module {module} is not in the table",
                file.display()
            ));
            continue;
        };
        for used in imports(&code) {
            if used != module && !allowed.split(' ').any(|name| name == used) {
                faults.push(format!(
                    "{}: {module} may not import {used}",
                    file.display()
                ));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_world_is_met_at_the_edges() {
    let mut faults = Vec::new();
    for (module, file, code) in sources() {
        if file.ends_with("tests.rs") {
            continue;
        }
        let code = code.split("#[cfg(test)]").next().unwrap_or_default();
        for (what, who) in WORLD {
            let nested = format!("{}, ", what.trim_start_matches("std::"));
            let used =
                code.contains(what) || (code.contains("use std::{") && code.contains(&nested));
            if used && !who.contains(&module.as_str()) {
                faults.push(format!("{}: {module} may not use {what}", file.display()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Facts of the pack belong to the pack.
#[test]
fn the_program_knows_no_book() {
    let words = [
        "Chile",
        "Allende",
        "Santiago",
        "pobladores",
        "cordones",
        "Pinochet",
        "Unidad Popular",
    ];
    for (_, file, code) in sources() {
        for word in words {
            assert!(!code.contains(word), "{} knows of {word}", file.display());
        }
    }
}

#[test]
fn files_and_lines_are_short() {
    let mut faults = Vec::new();
    for (_, file, code) in sources() {
        let lines = code.lines().count();
        if lines > 700 {
            faults.push(format!(
                "{} has {lines} lines; split it by idea",
                file.display()
            ));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_architecture_page_shows_the_same_table() {
    let page = fs::read_to_string(packs::root().join("ARCHITECTURE.md")).expect("it is there");
    for (module, allowed) in TABLE.iter().filter(|row| !matches!(row.0, "pipeline")) {
        let row = page
            .lines()
            .find(|line| line.starts_with(&format!("| `{module}` ")));
        let row = row.unwrap_or_else(|| panic!("ARCHITECTURE.md has no row for {module}"));
        let shown = row
            .trim_end_matches('|')
            .rsplit('|')
            .next()
            .unwrap_or_default()
            .trim();
        let mut shown: Vec<&str> = shown.split(' ').filter(|name| *name != "nothing").collect();
        let mut allowed: Vec<&str> = allowed.split(' ').filter(|name| !name.is_empty()).collect();
        shown.sort_unstable();
        allowed.sort_unstable();
        assert_eq!(shown, allowed, "the row of {module} in ARCHITECTURE.md");
    }
}

/// Every file of `src`: its module, its path and its code.
fn sources() -> Vec<(String, PathBuf, String)> {
    let folder = packs::root().join("src");
    let mut files = Vec::new();
    walk(&folder, &mut files);
    files.sort();
    let named = files.into_iter().map(|file| {
        let inside = file.strip_prefix(&folder).expect("it was found there");
        let first = inside
            .components()
            .next()
            .expect("a file has a name")
            .as_os_str();
        let module = first.to_string_lossy().trim_end_matches(".rs").to_string();
        let code = fs::read_to_string(&file).expect("code is UTF-8");
        (module, file, code)
    });
    named
        .filter(|(module, _, _)| module != "lib" && module != "main")
        .collect()
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("src can be read") {
        let path = entry.expect("src can be read").path();
        if path.is_dir() {
            walk(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// The modules that code names after `crate::`.
fn imports(code: &str) -> Vec<String> {
    let is_code = |line: &&str| !line.trim_start().starts_with("//");
    let code: String = code
        .lines()
        .filter(is_code)
        .flat_map(|line| [line, "\n"])
        .collect();
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        if let Some(group) = rest.strip_prefix('{') {
            let group = group.split("};").next().unwrap_or_default();
            found.extend(group.split(',').map(|name| first_word(name.trim())));
        } else {
            found.push(first_word(rest));
        }
    }
    found.retain(|name| TABLE.iter().any(|row| row.0 == name));
    found
}

fn first_word(text: &str) -> String {
    text.chars()
        .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
        .collect()
}
