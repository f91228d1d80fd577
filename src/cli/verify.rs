//! `cordel verify`: reads finished files back and proves them against the pack.

use std::fs;
use std::io;
use std::path::Path;

use super::output::{Talk, read_pack};
use super::{Failure, VerifyArguments};
use crate::diag::Report;
use crate::pipeline;
use crate::verify;

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
    let mut proved = Vec::new();
    for form in ["epub", "pdf"] {
        let path = arguments.out.join(format!("{}.{form}", book.stem));
        let Some(bytes) = read(&path)? else { continue };
        match form {
            "pdf" => verify::pdf(&bytes, &book.edition, &book.pages, &mut report),
            _ => verify::epub(&bytes, &book.edition, &book.pages, &mut report),
        }
        proved.push(path.display().to_string());
    }
    talk.report(&report, &inputs);
    if proved.is_empty() {
        return Err(Failure::World(format!(
            "there is no {0}.epub or {0}.pdf in `{1}`\nhelp: build the pack first, or name the folder with --out",
            book.stem,
            arguments.out.display()
        )));
    }
    if report.has_errors() {
        return Err(Failure::Book);
    }
    talk.done(&format!(
        "{}: every word in order, every page number and link true\n",
        proved.join(", ")
    ));
    Ok(())
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
