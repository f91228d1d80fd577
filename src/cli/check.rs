//! `cordel check`: all that is wrong with a pack, without writing a file.

use super::output::{Talk, read_pack};
use super::{CheckArguments, Failure, Reported};
use crate::diag::Report;
use crate::pipeline::{self, Request};
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
    let built = pipeline::build(&mut inputs, &request, &mut |_| {}, &mut report);
    let built = built.map_err(|error| Failure::World(error.to_string()))?;
    talk.report(&report, &inputs);
    if let Some(part) = arguments.report {
        talk.result(&reported(part, arguments, &request, &report)?);
    }
    if built.is_none() {
        return Err(Failure::Book);
    }
    talk.say(if report.diagnostics.is_empty() {
        "nothing is wrong"
    } else {
        "the book can be made"
    });
    Ok(())
}

/// A part of the apparatus in figures; nothing when the book cannot be set.
fn reported(
    part: Reported,
    arguments: &CheckArguments,
    request: &Request,
    found: &Report,
) -> Result<String, Failure> {
    let mut inputs = read_pack(&arguments.pack.pack)?;
    let mut unsaid = Report::default();
    let composed = pipeline::compose(&mut inputs, request, &mut |_| {}, &mut unsaid);
    let composed = composed.map_err(|error| Failure::World(error.to_string()))?;
    Ok(composed.map_or_else(String::new, |book| match part {
        Reported::Index => report::index(&book.proofs(), found),
        Reported::Passages => passages::shown(&book.proofs()),
        Reported::Chronology => told::shown(&book.proofs()),
    }))
}
