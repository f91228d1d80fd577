//! Packs what `fonts/` holds for the binary. The fonts: a table of the files. The hyphenation patterns: as a tree of their letters.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    println!("cargo::rerun-if-changed=fonts");
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets it"));
    let files = font_files(&root.join("fonts"));
    fs::write(out.join("fonts.rs"), table(&files)).expect("OUT_DIR can be written");
    let british = fs::read_to_string(root.join("fonts/hyphenation/hyph-en-gb.tex"));
    let british = british.expect("the patterns are part of the project");
    let tree = Tree::of(&patterns(&british));
    fs::write(out.join("hyph-en-gb.rs"), tree.code()).expect("OUT_DIR can be written");
}

/// The font files below a folder, in order.
fn font_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("fonts/ is part of the project") {
        let path = entry.expect("fonts/ can be read").path();
        if path.is_dir() {
            files.extend(font_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "ttf") {
            files.push(path);
        }
    }
    files.sort();
    files
}

fn name(file: &Path) -> &str {
    file.file_name()
        .and_then(|name| name.to_str())
        .expect("font names are ASCII")
}

/// A Rust slice of (file name, bytes).
fn table(files: &[PathBuf]) -> String {
    let mut code = String::from("&[\n");
    for file in files {
        let _ = writeln!(
            code,
            "    ({:?}, include_bytes!({:?}) as &[u8]),",
            name(file),
            file
        );
    }
    code + "]\n"
}

/// Letters, and the levels before, between and after them.
type Pattern = (String, Vec<u8>);

/// Higher than the levels of all patterns: where an exception must be divided and where not.
const DIVIDED: u8 = 11;
const WHOLE: u8 = 10;

/// The patterns and exceptions of a TeX file. An exception is a pattern of the whole word that
/// has its way against all others.
fn patterns(file: &str) -> Vec<Pattern> {
    let lines = file
        .lines()
        .map(|line| line.split('%').next().unwrap_or(line));
    let text: String = lines.flat_map(|line| [line, "\n"]).collect();
    let group = |name: &str| {
        let (_, rest) = text.split_once(name).expect("the file has both groups");
        rest.split_once('}').expect("a group is closed").0
    };
    let plain = group("\\patterns{").split_whitespace().map(pattern);
    let exceptions = group("\\hyphenation{").split_whitespace().map(exception);
    plain.chain(exceptions).collect()
}

/// `.ab4i`: a digit is a level, a letter a letter.
fn pattern(text: &str) -> Pattern {
    let (mut letters, mut levels) = (String::new(), vec![0]);
    for c in text.chars() {
        match c.to_digit(10) {
            Some(level) => {
                let last = levels.last_mut().expect("there is always one");
                *last = u8::try_from(level).expect("a digit");
            }
            None => {
                letters.push(c);
                levels.push(0);
            }
        }
    }
    (letters, levels)
}

/// `how-ever`.
fn exception(text: &str) -> Pattern {
    let (mut letters, mut levels) = (String::from("."), vec![0, 0]);
    for c in text.chars() {
        if c == '-' {
            let last = levels.last_mut().expect("there is always one");
            *last = DIVIDED;
        } else {
            letters.push(c);
            levels.push(WHOLE);
        }
    }
    letters.push('.');
    levels.push(0);
    (letters, levels)
}

/// Patterns as a tree of their letters, its nodes numbered level by level, so that the children
/// of each follow one another and those of the next node follow them.
struct Tree {
    letters: Vec<u8>,
    /// The first child of each node.
    children: Vec<u16>,
    /// Which of the levels the pattern has that ends at the node; the first are none.
    ends: Vec<u16>,
    levels: Vec<Vec<u8>>,
}

impl Tree {
    fn of(patterns: &[Pattern]) -> Tree {
        let mut sorted = patterns.to_vec();
        sorted.sort();
        sorted.dedup_by(|a, b| a.0 == b.0);
        assert_eq!(
            sorted.len(),
            patterns.len(),
            "no pattern stands there twice"
        );
        let number = |count: usize| u16::try_from(count).expect("fewer than 65,536 nodes");
        let mut tree = Tree {
            letters: vec![0],
            children: Vec::new(),
            ends: Vec::new(),
            levels: vec![Vec::new()],
        };
        let mut known = BTreeMap::new();
        // Each node with the patterns that begin with its letters, level by level.
        let mut nodes = vec![(sorted.as_slice(), 0)];
        let mut node = 0;
        while let Some(&(mut below, depth)) = nodes.get(node) {
            tree.children.push(number(tree.letters.len()));
            let mut end = 0;
            if let Some(((_, levels), rest)) =
                below.split_first().filter(|one| one.0.0.len() == depth)
            {
                end = *known.entry(levels.clone()).or_insert_with(|| {
                    tree.levels.push(levels.clone());
                    number(tree.levels.len() - 1)
                });
                below = rest;
            }
            tree.ends.push(end);
            for child in below.chunk_by(|a, b| a.0.as_bytes()[depth] == b.0.as_bytes()[depth]) {
                tree.letters.push(child[0].0.as_bytes()[depth]);
                nodes.push((child, depth + 1));
            }
            node += 1;
        }
        tree.children.push(number(tree.letters.len()));
        tree
    }

    /// The tree as a Rust expression.
    fn code(&self) -> String {
        let Tree {
            letters,
            children,
            ends,
            levels,
        } = self;
        let levels: Vec<String> = levels.iter().map(|levels| format!("&{levels:?}")).collect();
        let levels = levels.join(", ");
        format!(
            "Patterns {{ letters: &{letters:?}, children: &{children:?}, ends: &{ends:?}, levels: &[{levels}] }}\n"
        )
    }
}
