//! What the chapters are made of: the editors' files, and the sources as their recipes clean
//! them. Files are read one after another; what is made of each is made side by side.

use std::io;

use rayon::prelude::*;

use super::Request;
use crate::apparatus::{self, Apparatus, Work};
use crate::diag::{Code, Report};
use crate::document::{self, Document};
use crate::edition::{Cleaned, Written};
use crate::import::{self, Opened};
use crate::ledger;
use crate::manifest::{Chapter, Manifest};
use crate::source::{Inputs, SourceId};

/// Reads what each chapter of the manifest is made of.
///
/// # Errors
/// When a source text is there but cannot be read.
pub(super) fn read(
    inputs: &mut Inputs,
    manifest: &Manifest,
    apparatus: &Apparatus,
    request: &Request,
    report: &mut Report,
) -> io::Result<(Vec<Written>, Vec<ledger::Source>)> {
    let cleaned = clean(inputs, manifest, apparatus, request)?;
    let inputs = &*inputs;
    let written: Vec<(Written, Report)> = manifest
        .chapters
        .par_iter()
        .zip(&cleaned)
        .map(|(chapter, (source, _))| parse(inputs, chapter, source.as_ref()))
        .collect();
    let mut ledger: Vec<ledger::Source> = Vec::new();
    let mut chapters = Vec::new();
    for ((chapter, parsing), (account, cleaning)) in written.into_iter().zip(cleaned) {
        chapters.push(chapter);
        report.append(cleaning);
        report.append(parsing);
        let new = |account: &ledger::Source| ledger.iter().all(|other| other.id != account.id);
        ledger.extend(account.filter(new));
    }
    Ok((chapters, ledger))
}

/// The documents of a chapter, its source's first.
fn parse(inputs: &Inputs, chapter: &Chapter, source: Option<&ledger::Source>) -> (Written, Report) {
    let mut report = Report::default();
    let source = source.map(|account| Cleaned {
        document: document::parse(inputs, account.text, &mut report),
        rules: account
            .ledger
            .rules
            .iter()
            .map(|rule| (rule.words.clone(), rule.count))
            .collect(),
    });
    let mut read = |path: &Option<String>| -> Option<Document> {
        let id = inputs.find(path.as_deref()?)?;
        Some(document::parse(inputs, id, &mut report))
    };
    let written = Written {
        text: read(&chapter.file),
        precis: match source {
            Some(_) => None,
            None => read(&chapter.precis),
        },
        questions: read(&chapter.questions),
        source,
    };
    (written, report)
}

/// A source as it was found.
struct Found<'a> {
    work: &'a Work,
    file: &'a apparatus::SourceFile,
    opened: Opened,
    recipe: SourceId,
}

/// The readers' own copies of the chapters' sources, cleaned by their recipes, each with what
/// there is to say of it.
///
/// # Errors
/// When a source text is there but cannot be read.
pub(super) fn clean(
    inputs: &mut Inputs,
    manifest: &Manifest,
    apparatus: &Apparatus,
    request: &Request,
) -> io::Result<Vec<(Option<ledger::Source>, Report)>> {
    let mut found = Vec::new();
    for chapter in &manifest.chapters {
        let mut report = Report::default();
        let source = find(inputs, chapter, apparatus, request, &mut report)?;
        found.push((source, report));
    }
    let sources = &*inputs;
    let cleaned: Vec<_> = found
        .into_par_iter()
        .map(|(source, mut report)| {
            let source = source.map(|source| {
                let Found { opened, recipe, .. } = &source;
                let clean = import::clean_opened(sources, opened, *recipe, &mut report);
                (source, clean)
            });
            (source, report)
        })
        .collect();
    let mut account = |(source, clean): (Found<'_>, import::Clean)| {
        let raw = source.opened.text;
        let path = format!("{} (cleaned)", inputs.get(raw).path);
        ledger::Source {
            id: source.work.id.clone(),
            title: source.work.title.clone(),
            file: source.file.name.clone(),
            recipe: source.file.recipe.clone(),
            raw,
            text: inputs.add_derived(path, clean.markdown, raw, clean.map),
            ledger: clean.ledger,
            emended: Vec::new(),
        }
    };
    let cleaned = cleaned.into_iter();
    Ok(cleaned
        .map(|(source, report)| (source.map(&mut account), report))
        .collect())
}

/// Finds and opens a chapter's source.
fn find<'a>(
    inputs: &mut Inputs,
    chapter: &Chapter,
    apparatus: &'a Apparatus,
    request: &Request,
    report: &mut Report,
) -> io::Result<Option<Found<'a>>> {
    let Some(name) = &chapter.source else {
        return Ok(None);
    };
    let work = apparatus.works.get(name);
    let Some((work, file)) = work.and_then(|work| Some((work, work.file.as_ref()?))) else {
        let known = apparatus
            .works
            .values()
            .filter(|work| work.file.is_some())
            .map(|work| work.id.as_str());
        let unknown = report.error(
            Code::UnknownId,
            chapter.span,
            format!("sources.toml has no source `{name}`"),
        );
        if let Some(near) = crate::data::nearest(name, known) {
            unknown.help(format!("did you mean `{near}`?"));
        }
        return Ok(None);
    };
    let Some(raw) = inputs.read_source_text(&request.source_folders, &file.name)? else {
        return Ok(None);
    };
    let Some(recipe) = inputs.find(&file.recipe) else {
        // The reader of sources.toml has reported it.
        return Ok(None);
    };
    compare_digest(inputs, raw, file, report);
    let opened = import::open(inputs, raw, report);
    if let Some(opened) = &opened {
        opened.read_beside(inputs, raw)?;
    }
    Ok(opened.map(|opened| Found {
        work,
        file,
        opened,
        recipe,
    }))
}

fn compare_digest(
    inputs: &Inputs,
    raw: SourceId,
    file: &apparatus::SourceFile,
    report: &mut Report,
) {
    let Some(digest) = inputs.get(raw).digest else {
        return;
    };
    let found: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    if found != file.sha256 {
        report
            .warning(Code::SourceDiffers, file.span, format!("`{}` is not the text that this pack was made for", file.name))
            .help(format!("pinned: {}", file.sha256))
            .help(format!("found:  {found}"))
            .help("the recipe is applied all the same; read the result, or find the text that was meant");
    }
}
