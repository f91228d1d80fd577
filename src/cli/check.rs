//! `cordel check`: all that is wrong with a pack, without writing a file.

use super::output::{Talk, read_pack};
use super::{Failure, PackArguments};
use crate::diag::Report;
use crate::pipeline::{self, Request};

pub(super) fn run(arguments: &PackArguments, talk: &Talk) -> Result<(), Failure> {
    let mut inputs = read_pack(&arguments.pack)?;
    let mut report = Report::default();
    let request = Request {
        edition: arguments.edition.clone(),
        epub: true,
        pdf: true,
        review: true,
        source_folders: arguments.source_folders(),
    };
    let built = pipeline::build(&mut inputs, &request, &mut |_| {}, &mut report);
    let built = built.map_err(|error| Failure::World(error.to_string()))?;
    talk.report(&report, &inputs);
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
