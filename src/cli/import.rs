//! `cordel import`: brings texts into a pack. It says what condition a text is in, asks about
//! what is uncertain, shows what its recipe would do, and writes what the pack then needs.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, BufRead, IsTerminal, Write as _};
use std::path::{Path, PathBuf};

use super::output::{Talk, save};
use super::pack_files::{self, Entry};
use super::{Failure, ImportArguments};
use crate::data::is_id;
use crate::diag::{Report, Severity};
use crate::import::propose::{Proposal, propose, recipe};
use crate::import::{self, Change, ChangeKind, Clean, Kind, Opened};
use crate::pipeline::Artifact;
use crate::source::Inputs;

/// So many changes of each rule are shown.
const EXAMPLES: usize = 2;
/// So many letters are shown on either side of a change.
const AROUND: usize = 24;

pub(super) fn run(arguments: &ImportArguments, talk: &Talk) -> Result<(), Failure> {
    if arguments.id.is_some() && arguments.files.len() > 1 {
        let message = "--id names one text\nhelp: import the files one after the other";
        return Err(Failure::World(message.into()));
    }
    for file in &arguments.files {
        import_file(arguments, file, talk)?;
    }
    Ok(())
}

fn import_file(arguments: &ImportArguments, path: &Path, talk: &Talk) -> Result<(), Failure> {
    let mut inputs = Inputs::default();
    let (opened, name) = read(&mut inputs, path, talk)?;
    talk.say(&describe(&inputs, &opened, &name));
    let proposal = propose(&inputs, &opened);
    let asks = !arguments.yes && io::stdin().is_terminal() && io::stderr().is_terminal();
    let mut taken = match asks {
        true => choose(&proposal, inputs.text(opened.text)),
        false => safe(&proposal),
    };
    let (text, clean) = settle(&mut inputs, &opened, &name, &proposal, &mut taken);
    talk.say(&before_and_after(inputs.text(opened.text), &clean));
    talk.say(&doubts(&proposal, &taken, asks));
    if arguments.dry_run {
        talk.result(&text);
        return Ok(());
    }
    let pack = arguments.pack.display();
    if asks && !ask(&format!("\nBring it into `{pack}` so?"), true) {
        talk.say("nothing is written");
        return Ok(());
    }
    let entry = entry(arguments, &inputs, &opened, name, &proposal, &taken);
    write(&arguments.pack, path, &entry, text, talk)
}

/// The pictures beside a saved web page come with it. What is there already stays as it is.
fn copy_pictures(pack: &Path, page: &Path, pictures: &[String]) -> Result<(), Failure> {
    let from = page.parent().unwrap_or(Path::new(""));
    for picture in pictures {
        let (source, copy) = (from.join(picture), pack.join("sources").join(picture));
        if !source.is_file() || copy.exists() {
            continue;
        }
        let failed = |error: io::Error| {
            Failure::World(format!("cannot copy `{}`: {error}", source.display()))
        };
        let bytes = fs::read(&source).map_err(failed)?;
        let folder = copy.parent().unwrap_or(pack);
        let name = copy.file_name().unwrap_or_default().to_string_lossy();
        let artifact = Artifact {
            name: name.into_owned(),
            bytes,
        };
        save(folder, &[artifact])?;
    }
    Ok(())
}

/// Reads the file; a text's kind is told from its bytes.
fn read(inputs: &mut Inputs, path: &Path, talk: &Talk) -> Result<(Opened, String), Failure> {
    let missing = || Failure::World(format!("there is no file `{}`", path.display()));
    let name = path.file_name().ok_or_else(missing)?;
    let name = name.to_string_lossy().into_owned();
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
        Some(_) | None => PathBuf::from("."),
    };
    let found = inputs.read_source_text(&[folder], &name);
    let found = found.map_err(|error| Failure::World(error.to_string()))?;
    let raw = found.ok_or_else(missing)?;
    let mut report = Report::default();
    let opened = import::open(inputs, raw, &mut report);
    talk.report(&report, inputs);
    let opened = opened.ok_or(Failure::Book)?;
    let beside = opened.read_beside(inputs, raw);
    beside.map_err(|error| Failure::World(error.to_string()))?;
    Ok((opened, name))
}

/// What kind of text it is, aloud.
fn describe(inputs: &Inputs, opened: &Opened, name: &str) -> String {
    let text = inputs.text(opened.text);
    let encoding = inputs.get(opened.text).encoding.name();
    let (lines, words) = (text.lines().count(), text.split_whitespace().count());
    let mut said = format!("{name}: {}", opened.kind.words());
    if matches!(opened.kind, Kind::Plain | Kind::Html | Kind::Markdown) {
        let _ = write!(said, " in {encoding}");
    }
    let _ = write!(said, ", {lines} lines, {words} words");
    if opened.facts.pictures > 0 {
        let _ = write!(said, "; pictures left out: {}", opened.facts.pictures);
    }
    said
}

/// The rules that are taken where nobody can be asked.
fn safe(proposal: &Proposal) -> Vec<bool> {
    let rules = proposal.proposed.iter();
    rules.map(|rule| rule.safe).collect()
}

/// The rules that are taken after asking about each that could be wrong, from the text's
/// beginning to its end.
fn choose(proposal: &Proposal, text: &str) -> Vec<bool> {
    let mut taken = safe(proposal);
    let rules = proposal.proposed.iter().enumerate();
    let mut asked: Vec<_> = rules
        .filter_map(|(at, rule)| Some((at, rule, rule.question.as_deref()?)))
        .collect();
    asked.sort_by_key(|(_, rule, _)| rule.line);
    let lines: Vec<&str> = text.lines().collect();
    for (number, (at, rule, question)) in asked.iter().enumerate() {
        let shown = format!(
            "\n{} of {}. Line {}: {}\n{}\n  The rule:\n{}\n{question}",
            number + 1,
            asked.len(),
            rule.line,
            rule.why,
            passage(&lines, rule.line),
            indented(&rule.toml)
        );
        taken[*at] = ask(&shown, rule.safe);
    }
    taken
}

/// The text around a line, with its numbers.
fn passage(lines: &[&str], line: usize) -> String {
    const BEFORE: usize = 2;
    const LINES: usize = 6;
    let numbered = lines.iter().zip(1..).skip(line.saturating_sub(BEFORE));
    let shown = numbered
        .take(LINES)
        .map(|(words, number)| format!("  {number:5} │ {}", cut(words)));
    shown.collect::<Vec<_>>().join("\n")
}

/// A line as far as a terminal shows it.
fn cut(words: &str) -> String {
    const WIDTH: usize = 68;
    let shown = visible(head(words, WIDTH));
    match shown.len() < words.len() {
        true => format!("{shown}…"),
        false => shown,
    }
}

fn indented(text: &str) -> String {
    const MOST: usize = 12;
    let mut shown: Vec<String> = text
        .lines()
        .take(MOST)
        .map(|line| format!("    {line}"))
        .collect();
    if text.lines().count() > MOST {
        shown.push("    …".into());
    }
    shown.join("\n")
}

/// Asks until the answer is understood; the end of the input is the answer in capitals.
fn ask(question: &str, default: bool) -> bool {
    let choice = if default { "Y/n" } else { "y/N" };
    let mut error = io::stderr();
    let mut shown = question;
    loop {
        let _ = write!(error, "{shown} [{choice}] ");
        let _ = error.flush();
        let mut answer = String::new();
        if io::stdin().lock().read_line(&mut answer).unwrap_or(0) == 0 {
            let _ = writeln!(error);
            return default;
        }
        match answer.trim().to_lowercase().as_str() {
            "" => return default,
            "y" | "yes" => return true,
            "n" | "no" => return false,
            _ => shown = "Answer y for yes or n for no; Enter alone is what stands in capitals.",
        }
    }
}

/// Makes the recipe and cleans the text by it. A rule that does not hold, or that takes what
/// another claims, is left out, so that the recipe that is written works.
fn settle(
    inputs: &mut Inputs,
    opened: &Opened,
    name: &str,
    proposal: &Proposal,
    taken: &mut [bool],
) -> (String, Clean) {
    loop {
        let text = recipe(proposal, name, |at, _| taken[at]);
        let id = inputs.add_text("recipe", text.clone());
        let mut report = Report::default();
        let clean = import::clean_opened(inputs, opened, id, &mut report);
        let faults = report.diagnostics.iter();
        let fault = faults
            .filter(|fault| fault.severity == Severity::Error || fault.code.name() == "unused")
            .find_map(|fault| fault.span.filter(|span| span.source == id));
        let at = fault.and_then(|span| rule_at(&text, span.start as usize, taken));
        match at {
            Some(at) => taken[at] = false,
            None => return (text, clean),
        }
    }
}

/// The number, among all proposed rules, of the taken one that a place of the recipe is in.
fn rule_at(recipe: &str, place: usize, taken: &[bool]) -> Option<usize> {
    let before = recipe.get(..place)?;
    let header = |text: &str| text.lines().filter(|line| *line == "[[rule]]").count();
    let number = header(before) + usize::from(recipe[place..].starts_with("[[rule]]"));
    let mut of_taken = (0..taken.len()).filter(|at| taken[*at]);
    of_taken.nth(number.checked_sub(1)?)
}

/// What the recipe does, rule by rule, with places.
fn before_and_after(raw: &str, clean: &Clean) -> String {
    let mut shown = String::new();
    for count in &clean.ledger.rules {
        let _ = writeln!(shown, "\n{} ({}): {}", count.rule, count.count, count.words);
        let of_rule = clean.ledger.changes.iter();
        let of_rule = of_rule.filter(|change| change.class.name() == count.rule);
        for change in of_rule.take(EXAMPLES) {
            let _ = writeln!(shown, "{}", example(raw, change));
        }
    }
    shown
}

/// One change, before and after.
fn example(raw: &str, change: &Change) -> String {
    let (start, end) = (change.start as usize, change.end as usize);
    let line = raw[..start].matches('\n').count() + 1;
    let before = visible(tail(&raw[..start]));
    let after = visible(head(&raw[end..], AROUND));
    let old = &raw[start..end];
    let shown = match old.chars().count() > 2 * AROUND {
        true => format!("{} … {}", visible(head(old, AROUND)), visible(tail(old))),
        false => visible(old),
    };
    match &change.kind {
        ChangeKind::Removed => {
            format!("  line {line}: {before}[{shown}]{after}  →  {before}{after}")
        }
        ChangeKind::Replaced(with) => {
            let with = visible(with);
            format!("  line {line}: {before}[{shown}]{after}  →  {before}[{with}]{after}")
        }
        ChangeKind::Moved(_) => format!("  line {line}: {shown}  →  moved"),
        ChangeKind::Set => format!("  line {line}: {shown}{after}"),
    }
}

fn head(text: &str, count: usize) -> &str {
    let end = text
        .char_indices()
        .nth(count)
        .map_or(text.len(), |(at, _)| at);
    &text[..end]
}

fn tail(text: &str) -> &str {
    let start = text
        .char_indices()
        .rev()
        .nth(AROUND - 1)
        .map_or(0, |(at, _)| at);
    &text[start..]
}

/// In one line, with line ends to be seen.
fn visible(text: &str) -> String {
    let shown = |c: char| match c {
        '\n' => '↵',
        '\t' => '⇥',
        c if c.is_control() => '·',
        c => c,
    };
    text.chars().map(shown).collect()
}

/// What an editor should look at: rules that were not taken, and what cannot be told.
/// What was asked has been decided.
fn doubts(proposal: &Proposal, taken: &[bool], asked: bool) -> String {
    let mut doubts: Vec<(usize, String)> = Vec::new();
    for (rule, taken) in proposal.proposed.iter().zip(taken) {
        let done = if *taken { "done" } else { "not done" };
        let words = match &rule.question {
            Some(_) if asked => continue,
            Some(question) => format!("{done}: {} {question}", rule.why),
            None if !taken => format!("not done, because it does not hold: {}", rule.why),
            None => continue,
        };
        doubts.push((rule.line, words));
    }
    let others = proposal.doubts.iter();
    doubts.extend(others.map(|doubt| (doubt.line, doubt.words.clone())));
    doubts.sort();
    if doubts.is_empty() {
        return "no doubts".into();
    }
    let mut shown = String::from("to look at:");
    for (line, words) in doubts {
        let _ = write!(shown, "\n  line {line}: {words}");
    }
    shown
}

/// What the pack is to know of the text.
fn entry(
    arguments: &ImportArguments,
    inputs: &Inputs,
    opened: &Opened,
    name: String,
    proposal: &Proposal,
    taken: &[bool],
) -> Entry {
    let stem = name
        .rsplit_once('.')
        .map_or(name.as_str(), |(stem, _)| stem);
    let title = proposal.title.clone();
    let id = arguments.id.clone();
    let id = id.unwrap_or_else(|| pack_files::slug(title.as_deref().unwrap_or(stem)));
    let ran = proposal
        .proposed
        .iter()
        .zip(taken)
        .filter(|(_, taken)| **taken);
    let mut condition = match opened.kind {
        Kind::Plain => format!("Plain text in {}.", inputs.get(opened.text).encoding.name()),
        Kind::Html
        | Kind::Markdown
        | Kind::Docx
        | Kind::Odt
        | Kind::Epub
        | Kind::Pdf
        | Kind::Archive => {
            format!("The text of {}.", opened.kind.words())
        }
    };
    for (rule, _) in ran {
        if !condition.contains(&rule.why) {
            condition.push(' ');
            condition.push_str(&rule.why);
        }
    }
    Entry {
        id,
        title_supplied: title.is_none(),
        title: title.unwrap_or_else(|| stem.replace(['-', '_'], " ")),
        language: proposal.language,
        condition,
        file: name,
        digest: inputs.get(opened.text).digest.unwrap_or_default(),
        facts: opened.facts.clone(),
        pictures: opened.beside().into_iter().map(String::from).collect(),
    }
}

/// An id as it is given on the command line.
pub(super) fn id(text: &str) -> Result<String, String> {
    match is_id(text) {
        true => Ok(text.to_string()),
        false => Err("an id has small letters, digits and hyphens alone: marks name it".into()),
    }
}

/// Writes the text's copy, the recipe, a headnote and the pack's two lists, in this order, so
/// that the pack never names what it does not have.
fn write(
    pack: &Path,
    path: &Path,
    entry: &Entry,
    text: String,
    talk: &Talk,
) -> Result<(), Failure> {
    let lists = pack_files::with_source(pack, entry)?;
    let artifact = |name: &str, text: Vec<u8>| Artifact {
        name: name.to_string(),
        bytes: text,
    };
    let read = |path: &Path| {
        fs::read(path)
            .map_err(|error| Failure::World(format!("cannot read `{}`: {error}", path.display())))
    };
    let bytes = read(path)?;
    let copy = pack.join("sources").join(&entry.file);
    if !copy.exists() {
        save(&pack.join("sources"), &[artifact(&entry.file, bytes)])?;
    } else if read(&copy)? != bytes {
        return Err(Failure::World(format!(
            "`{}` is there already, and is another file\nhelp: give this one another name and import it again",
            copy.display()
        )));
    }
    copy_pictures(pack, path, &entry.pictures)?;
    let recipe = artifact(&format!("{}.toml", entry.id), text.into_bytes());
    let mut saved = save(&pack.join("recipes"), &[recipe])?;
    let headnote = format!("The text of the file `{}`.\n", entry.file);
    let headnote = artifact(&format!("{}-headnote.md", entry.id), headnote.into_bytes());
    saved.extend(save(&pack.join("chapters"), &[headnote])?);
    saved.extend(save(pack, &lists)?);
    for path in saved {
        talk.result(&format!("{}\n", path.display()));
    }
    Ok(())
}
