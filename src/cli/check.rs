//! `cordel check`: all that is wrong with a pack, without writing a file.

use super::output::{Talk, read_pack};
use super::{CheckArguments, Failure, Reported};
use crate::diag::Report;
use crate::pipeline::{self, Composed, Request};
use crate::review::{passages, report, told};

pub(super) fn run(arguments: &CheckArguments, talk: &Talk) -> Result<(), Failure> {
    let mut inputs = read_pack(&arguments.pack.pack)?;
    let mut report = Report::default();
    let request = Request {
        epub: true,
        pdf: true,
        review: true,
        ..arguments.pack.request()
    };
    let composed = pipeline::compose(&mut inputs, &request, &mut |_| {}, &mut report);
    let composed = composed.map_err(|error| Failure::World(error.to_string()))?;
    if let Some(book) = &composed {
        pipeline::judge(book, &request, &mut report);
    }
    talk.report(&report, &inputs);
    let Some(book) = composed else {
        return Err(Failure::Book);
    };
    if let Some(part) = arguments.report {
        talk.result(&reported(part, &book, &report));
    }
    if report.has_errors() {
        return Err(Failure::Book);
    }
    talk.say(if report.diagnostics.is_empty() {
        "nothing is wrong"
    } else {
        "the book can be made"
    });
    Ok(())
}

/// A part of the apparatus in figures.
fn reported(part: Reported, book: &Composed, found: &Report) -> String {
    let proofs = book.proofs();
    match part {
        Reported::Index => report::index(&proofs, found),
        Reported::Rules => report::rules(&proofs, found),
        Reported::Passages => passages::shown(&proofs),
        Reported::Chronology => told::shown(&proofs),
    }
}
