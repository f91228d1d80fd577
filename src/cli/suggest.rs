//! `cordel suggest`: candidates for the index and the glossary, each with an entry to paste.

use std::collections::BTreeMap;

use super::output::{Talk, read_pack};
use super::{Failure, Suggest, SuggestArguments};
use crate::diag::Report;
use crate::pipeline::{self, Composed};
use crate::review::suggest::{Wanted, candidates, shown};

pub(super) fn run(arguments: &SuggestArguments, talk: &Talk) -> Result<(), Failure> {
    let mut inputs = read_pack(&arguments.pack.pack)?;
    let mut report = Report::default();
    let request = arguments.pack.request();
    let composed = pipeline::compose(&mut inputs, &request, &mut |_| {}, &mut report)
        .map_err(|error| Failure::World(error.to_string()))?;
    let Some(book) = composed else {
        talk.report(&report, &inputs);
        return Err(Failure::Book);
    };
    let wanted = match arguments.what {
        Suggest::Index => Wanted::Index,
        Suggest::Glossary => Wanted::Glossary,
    };
    let found = candidates(&book.proofs(), wanted);
    let lang = commonest_language(&book);
    talk.result(&shown(&found, wanted, arguments.limit, lang.as_deref()));
    talk.say(&match found.len() {
        0 => "nothing to suggest".to_string(),
        1 => "1 candidate; read its passages before you paste it".to_string(),
        many => format!("{many} candidates; read their passages before you paste them"),
    });
    Ok(())
}

/// The language that most terms of the glossary have: a foreign word's likely one.
fn commonest_language(book: &Composed) -> Option<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for term in book.apparatus.terms.values() {
        if let Some(lang) = &term.lang {
            *counts.entry(&lang.0).or_default() += 1;
        }
    }
    let most = counts.into_iter().max_by_key(|(_, count)| *count);
    most.map(|(lang, _)| lang.to_string())
}
