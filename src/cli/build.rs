//! `cordel build`: the EPUB and the PDF of a pack.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::impose::instructions;
use super::output::{Talk, read_pack, save};
use super::{BuildArguments, Chart, Dump, Failure};
use crate::diag::Report;
use crate::document::Document;
use crate::pages::{dump, typography};
use crate::pipeline::{self, Artifact, Request, Summary, Variant};
use crate::source::Inputs;
use crate::text::{Block, Name};

pub(super) fn run(arguments: &BuildArguments, talk: &Talk) -> Result<(), Failure> {
    let clock = Instant::now();
    let mut inputs = read_pack(&arguments.pack.pack)?;
    let mut report = Report::default();
    let mut stages = vec![("open", clock.elapsed())];
    let request = request(arguments);
    let mut progress = |stage| stages.push((stage, clock.elapsed()));
    if let Some(stage) = arguments.dump {
        return print_stage(
            stage,
            &mut inputs,
            &request,
            &mut progress,
            &mut report,
            talk,
        );
    }
    if let Some(Chart::Typography) = arguments.report {
        return print_typography(&mut inputs, &request, &mut progress, &mut report, talk);
    }
    let built = pipeline::build(&mut inputs, &request, &mut progress, &mut report)
        .map_err(|error| Failure::World(error.to_string()))?;
    talk.report(&report, &inputs);
    let Some((mut artifacts, summary)) = built else {
        talk.say("nothing was written; files of an earlier build are as they were");
        return Err(Failure::Book);
    };
    add_variants(&mut artifacts, arguments);
    let made = artifacts.len();
    if let Some(path) = &arguments.depfile {
        save_dependencies(path, arguments, &inputs, &artifacts)?;
    }
    let saved = save(&arguments.out, &artifacts)?;
    stages.push(("save", clock.elapsed()));
    artifacts.truncate(made);
    talk.done(&closing(
        &summary,
        &saved,
        &artifacts,
        clock.elapsed(),
        &arguments.pack.pack,
    ));
    if arguments.timings {
        talk.say(&timings(&stages));
    }
    Ok(())
}

/// Makes the e-book once more for the readers of one maker, where that is asked for.
fn add_variants(artifacts: &mut Vec<Artifact>, arguments: &BuildArguments) {
    let wanted = [
        (arguments.kepub, Variant::Kepub),
        (arguments.kindle, Variant::Kindle),
    ];
    for (_, variant) in wanted.into_iter().filter(|(wanted, _)| *wanted) {
        let made = artifacts
            .iter()
            .find_map(|file| pipeline::variant(&file.name, &file.bytes, variant));
        artifacts.extend(made);
    }
}

fn request(arguments: &BuildArguments) -> Request {
    let both = arguments.epub == arguments.pdf;
    Request {
        epub: arguments.epub || arguments.kepub || arguments.kindle || both,
        pdf: arguments.pdf || both,
        ..arguments.pack.request()
    }
}

fn print_stage(
    stage: Dump,
    inputs: &mut Inputs,
    request: &Request,
    progress: pipeline::Progress<'_>,
    report: &mut Report,
    talk: &Talk,
) -> Result<(), Failure> {
    let shown = match stage {
        Dump::Edition => pipeline::compose(inputs, request, progress, report)
            .map(|book| book.map(|book| book.resolved())),
        Dump::Items => pipeline::compose(inputs, request, progress, report)
            .map(|book| book.map(|book| book.items())),
        Dump::Pages => pipeline::compose(inputs, request, progress, report)
            .map(|book| book.map(|book| dump::text(&book.pages))),
        Dump::Sources => pipeline::sources(inputs, request, report)
            .map(|sources| Some(sources.iter().map(listing).collect())),
    };
    let shown = shown.map_err(|error| Failure::World(error.to_string()))?;
    talk.report(report, inputs);
    talk.result(&shown.ok_or(Failure::Book)?);
    if report.has_errors() {
        Err(Failure::Book)
    } else {
        Ok(())
    }
}

fn print_typography(
    inputs: &mut Inputs,
    request: &Request,
    progress: pipeline::Progress<'_>,
    report: &mut Report,
    talk: &Talk,
) -> Result<(), Failure> {
    let book = pipeline::compose(inputs, request, progress, report)
        .map_err(|error| Failure::World(error.to_string()))?;
    talk.report(report, inputs);
    let pages = book.ok_or(Failure::Book)?.pages;
    talk.result(&typography::text(&pages, &typography::measure(&pages)));
    Ok(())
}

/// A source's plain text, a line each paragraph, under its id; its notes apart, because they
/// stand elsewhere on a page.
fn listing((id, document): &(String, Document)) -> String {
    let mut text = format!("# {id}\n");
    list(&document.blocks, &mut text);
    for (label, blocks) in &document.notes {
        let _ = writeln!(text, "# {id} note {label}");
        list(blocks, &mut text);
    }
    text
}

fn list(blocks: &[Block<Name>], text: &mut String) {
    for block in blocks {
        block.each_passage(&mut |passage| {
            let _ = writeln!(text, "{}", passage.plain().replace('\n', " "));
        });
    }
}

/// What was made, in a few lines.
fn closing(
    summary: &Summary,
    saved: &[PathBuf],
    artifacts: &[Artifact],
    took: Duration,
    pack: &Path,
) -> String {
    let counts = &summary.counts;
    let mut text = format!("{}\n", summary.title);
    let _ = writeln!(
        text,
        "  {} pages, {} words, {} notes, {} events, {} index headings",
        summary.pages, counts.words, counts.notes, counts.events, counts.headings
    );
    for (path, artifact) in saved.iter().zip(artifacts) {
        let _ = writeln!(
            text,
            "  {} ({} kB)",
            path.display(),
            artifact.bytes.len().div_ceil(1000)
        );
    }
    if !counts.missing_sources.is_empty() {
        let _ = writeln!(
            text,
            "  as a précis, because the text is not in {}/: {}",
            pack.join("sources").display(),
            counts.missing_sources.join(", ")
        );
    }
    if let Some(folded) = &summary.folded {
        text.push_str(&instructions(folded));
    }
    let _ = writeln!(text, "  {:.3} s", took.as_secs_f64());
    text
}

fn timings(stages: &[(&'static str, Duration)]) -> String {
    let mut text = String::from("timings");
    let mut before = Duration::ZERO;
    for (stage, at) in stages {
        let _ = write!(
            text,
            "\n  {stage:8} {:7.2} ms",
            (*at - before).as_secs_f64() * 1000.0
        );
        before = *at;
    }
    text
}

/// Writes what the files depend on, as `make` reads it.
fn save_dependencies(
    path: &Path,
    arguments: &BuildArguments,
    inputs: &Inputs,
    artifacts: &[Artifact],
) -> Result<(), Failure> {
    let escaped = |path: &Path| {
        path.to_string_lossy()
            .replace('$', "$$")
            .replace(' ', "\\ ")
            .replace('#', "\\#")
    };
    let mut text = String::new();
    for artifact in artifacts {
        let _ = write!(text, "{} ", escaped(&arguments.out.join(&artifact.name)));
    }
    text.push(':');
    for file in inputs.files() {
        let file = if file.digest.is_some() {
            PathBuf::from(&file.path)
        } else {
            arguments.pack.pack.join(&file.path)
        };
        let _ = write!(text, " \\\n  {}", escaped(&file));
    }
    text.push('\n');
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    let name =
        name.ok_or_else(|| Failure::World(format!("`{}` is not a file's path", path.display())))?;
    save(
        folder,
        &[Artifact {
            name,
            bytes: text.into_bytes(),
        }],
    )
    .map(|_| ())
}
