//! `cordel verify`: reads finished files back and proves them against the pack.

use std::fmt::Write;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::output::{Talk, read_pack};
use super::{Failure, VerifyArguments};
use crate::diag::Report;
use crate::pipeline::{self, Composed};
use crate::source::Inputs;
use crate::verify::{self, Proof};

pub(super) fn run(arguments: &VerifyArguments, talk: &Talk) -> Result<(), Failure> {
    let mut inputs = read_pack(&arguments.pack.pack)?;
    let mut report = Report::default();
    let request = arguments.pack.request();
    let composed = pipeline::compose(&mut inputs, &request, &mut |_| {}, &mut report)
        .map_err(|error| Failure::World(error.to_string()))?;
    let Some(book) = composed else {
        talk.report(&report, &inputs);
        return Err(Failure::Book);
    };
    let mut report = Report::default();
    let mut proofs = String::new();
    let files = files(&arguments.out, &book)?;
    let proved: Vec<(String, Report)> = files.par_iter().map(|found| found.proved(&book)).collect();
    for (proof, own) in proved {
        proofs.push_str(&proof);
        report.append(own);
    }
    if proofs.is_empty() {
        talk.report(&report, &inputs);
        return Err(Failure::World(format!(
            "there is no {0}.epub or {0}.pdf in `{1}`\nhelp: build the pack first, or name the folder with --out",
            book.stem,
            arguments.out.display()
        )));
    }
    prove_sources(&inputs, &book, &mut proofs, &mut report);
    talk.report(&report, &inputs);
    // What is left of a long book need not be let go before the program ends.
    rayon::spawn(move || drop((inputs, book)));
    if report.has_errors() {
        return Err(Failure::Book);
    }
    talk.done(&format!(
        "every word in order, every number and link true\n{proofs}"
    ));
    Ok(())
}

/// Proves the book against the texts that it was made from.
fn prove_sources(inputs: &Inputs, book: &Composed, proofs: &mut String, report: &mut Report) {
    let prove = |source| {
        let mut report = Report::default();
        let proof = verify::source(inputs, source, &book.edition, &mut report);
        (proof, report)
    };
    let proved: Vec<_> = book.ledger.par_iter().map(prove).collect();
    for (source, (proof, own)) in book.ledger.iter().zip(proved) {
        report.append(own);
        let _ = writeln!(
            proofs,
            "  {}\n    {} words: {} removed by rules; {} in the book, {} more emended",
            source.file, proof.words, proof.removed, proof.kept, proof.emended
        );
    }
}

/// What a file is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Epub,
    Pdf,
    /// Sheets for the printer, in one file or in two.
    Sheets,
}

/// Finished files that make one thing.
struct Finished {
    form: Form,
    files: Vec<(PathBuf, Vec<u8>)>,
}

impl Finished {
    /// What was compared, in words, and what is wrong.
    fn proved(&self, book: &Composed) -> (String, Report) {
        let mut report = Report::default();
        let proof = self.prove(book, &mut report);
        let counted = counted(&proof, self.form);
        (format!("  {}\n    {counted}\n", self.names()), report)
    }

    fn prove(&self, book: &Composed, report: &mut Report) -> Proof {
        let bytes: Vec<&[u8]> = self.files.iter().map(|file| file.1.as_slice()).collect();
        match self.form {
            Form::Epub => verify::epub(bytes[0], &book.edition, &book.pages, report),
            Form::Pdf => verify::pdf(bytes[0], &book.edition, &book.pages, report),
            Form::Sheets => verify::sheets(&bytes, &book.edition, &book.pages, report),
        }
    }

    fn names(&self) -> String {
        let names: Vec<String> = self
            .files
            .iter()
            .map(|file| file.0.display().to_string())
            .collect();
        names.join(", ")
    }
}

/// The book's files that are in a folder.
fn files(folder: &Path, book: &Composed) -> Result<Vec<Finished>, Failure> {
    let stem = &book.stem;
    let own = if book.booklet.is_some() {
        Form::Sheets
    } else {
        Form::Pdf
    };
    let mut wanted = vec![
        (Form::Epub, vec![format!("{stem}.epub")]),
        (own, vec![format!("{stem}.pdf")]),
        (Form::Sheets, vec![format!("{stem}-booklet.pdf")]),
    ];
    for stem in [stem.clone(), format!("{stem}-booklet")] {
        let sides = ["fronts", "backs"].map(|sides| format!("{stem}-{sides}.pdf"));
        wanted.push((Form::Sheets, sides.into()));
    }
    let mut found = Vec::new();
    for (form, names) in wanted {
        let mut files = Vec::new();
        for name in &names {
            let path = folder.join(name);
            files.extend(read(&path)?.map(|bytes| (path, bytes)));
        }
        if files.len() == names.len() {
            found.push(Finished { form, files });
        }
    }
    Ok(found)
}

/// What was compared, in words.
fn counted(proof: &Proof, form: Form) -> String {
    let mut parts = Vec::new();
    let mut say = |count: usize, one: &str, more: &str| {
        if count > 0 {
            parts.push(format!("{count} {}", if count == 1 { one } else { more }));
        }
    };
    say(proof.words, "word", "words");
    say(proof.notes, "note", "notes");
    say(proof.calls, "call", "calls");
    say(proof.locators, "locator", "locators");
    say(proof.links, "link", "links");
    say(proof.pictures, "picture", "pictures");
    match form {
        Form::Epub => say(proof.pages, "page break", "page breaks"),
        Form::Pdf => say(proof.pages, "page", "pages"),
        Form::Sheets => say(
            proof.pages,
            "page on folded sheets",
            "pages on folded sheets",
        ),
    }
    parts.join(", ")
}

/// A file's bytes; `None` when it is not there.
fn read(path: &Path) -> Result<Option<Vec<u8>>, Failure> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::World(format!(
            "cannot read `{}`: {error}",
            path.display()
        ))),
    }
}
