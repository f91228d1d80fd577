//! What the program prints, and how it saves: results to standard output, talk to standard
//! error, files whole or not at all.

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::{env, fs, process};

use super::{Color, Failure, Format, TalkArguments};
use crate::diag::{Report, Severity};
use crate::pipeline::Artifact;
use crate::source::Inputs;

/// How the program talks.
pub(super) struct Talk {
    quiet: bool,
    color: bool,
    json: bool,
}

impl Talk {
    pub(super) fn new(arguments: &TalkArguments) -> Talk {
        let color = match arguments.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => io::stderr().is_terminal() && env::var_os("NO_COLOR").is_none(),
        };
        let json = arguments.format == Format::Json;
        Talk {
            quiet: arguments.quiet || json,
            color,
            json,
        }
    }

    /// A result, to standard output.
    pub(super) fn result(&self, text: &str) {
        // A reader that stops listening is no fault of the book.
        let _ = io::stdout().write_all(text.as_bytes());
    }

    /// What was done, to standard output, unless quiet is wanted.
    pub(super) fn done(&self, text: &str) {
        if !self.quiet {
            self.result(text);
        }
    }

    /// Talk, to standard error, unless quiet is wanted.
    pub(super) fn say(&self, text: &str) {
        if !self.quiet {
            let _ = writeln!(io::stderr(), "{text}");
        }
    }

    /// Why the program could not go on.
    pub(super) fn error(&self, message: &str) {
        let (start, end) = if self.color {
            ("\u{1b}[1;31m", "\u{1b}[0m")
        } else {
            ("", "")
        };
        let _ = writeln!(io::stderr(), "{start}error{end}: {message}");
    }

    /// All diagnostics, and how many there are.
    pub(super) fn report(&self, report: &Report, inputs: &Inputs) {
        if self.json {
            return self.result(&report.render_as_json(inputs));
        }
        let text = if self.color {
            report.render_in_color(inputs)
        } else {
            report.render(inputs)
        };
        let _ = io::stderr().write_all(text.as_bytes());
        let counts = [
            (report.count(Severity::Error), "error"),
            (report.count(Severity::Warning), "warning"),
        ];
        let counted: Vec<String> = counts
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| format!("{count} {word}{}", if *count == 1 { "" } else { "s" }))
            .collect();
        if !counted.is_empty() {
            let _ = writeln!(io::stderr(), "{}", counted.join(", "));
        }
    }
}

/// Reads a pack's folder.
pub(super) fn read_pack(folder: &Path) -> Result<Inputs, Failure> {
    if !folder.is_dir() {
        return Err(Failure::World(format!(
            "there is no folder `{}`\nhelp: give the pack's folder: cordel build DIR",
            folder.display()
        )));
    }
    Inputs::read_pack(folder).map_err(|error| Failure::World(error.to_string()))
}

/// Saves files into a folder: all are written beside their places first, so that a full
/// disk leaves the old ones as they were, and then renamed.
pub(super) fn save(folder: &Path, artifacts: &[Artifact]) -> Result<Vec<PathBuf>, Failure> {
    let failed = |path: &Path, error: io::Error| {
        Failure::World(format!("cannot write `{}`: {error}", path.display()))
    };
    fs::create_dir_all(folder).map_err(|error| failed(folder, error))?;
    let mut waiting = Waiting(Vec::new());
    for artifact in artifacts {
        let path = folder.join(&artifact.name);
        let beside = folder.join(format!(".{}.{}.part", artifact.name, process::id()));
        waiting.0.push((beside.clone(), path));
        fs::write(&beside, &artifact.bytes).map_err(|error| failed(&beside, error))?;
    }
    let mut saved = Vec::new();
    for (beside, path) in &waiting.0 {
        fs::rename(beside, path).map_err(|error| failed(path, error))?;
        saved.push(path.clone());
    }
    waiting.0.clear();
    Ok(saved)
}

/// Files that are not yet in their places; what is left of them when saving fails goes.
struct Waiting(Vec<(PathBuf, PathBuf)>);

impl Drop for Waiting {
    fn drop(&mut self) {
        for (beside, _) in &self.0 {
            let _ = fs::remove_file(beside);
        }
    }
}
