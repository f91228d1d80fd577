//! The order of the stages, on one screen. It alone decides to stop: with an error in the
//! report nothing is made.

use std::io;
use std::path::PathBuf;

use crate::apparatus::{self, Apparatus};
use crate::diag::{Code, Report};
use crate::document::{self, Document};
use crate::edition::{self, Counts, Edition};
use crate::fonts::FontSet;
use crate::manifest::{
    self, ApparatusSettings, Booklet, Chapter, Design, EditionSettings, Manifest,
};
use crate::pages::Pages;
use crate::source::Inputs;
use crate::{epub, ledger, pdf, review, typeset};

pub mod booklet;
mod chapters;

use booklet::Folded;

/// What is wanted of a pack.
#[derive(Clone, Debug)]
pub struct Request {
    /// The edition to set; the reference edition when none is named.
    pub edition: Option<String>,
    pub epub: bool,
    pub pdf: bool,
    /// Whether the book is also read as proofs, with all that takes longer than a build.
    pub review: bool,
    /// Where the readers' own copies of the sources may be, the first first.
    pub source_folders: Vec<PathBuf>,
}

/// A finished file.
#[derive(Clone, Debug)]
pub struct Artifact {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// A book before it is written.
pub struct Composed {
    pub edition: Edition,
    pub pages: Pages,
    pub design: Design,
    /// What became of each source's text.
    pub ledger: Vec<ledger::Source>,
    pub apparatus: Apparatus,
    /// What the pack wants of its apparatus.
    pub settings: ApparatusSettings,
    /// What each section was made from, in running order.
    pub chapters: Vec<Chapter>,
    /// Whether it is the edition whose page numbers count, by which the index is judged.
    pub reference: bool,
    /// The stem of the files' names.
    pub stem: String,
    /// How it is laid on sheets, where it is.
    pub booklet: Option<Booklet>,
}

impl Composed {
    /// The resolved book as text.
    pub fn resolved(&self) -> String {
        edition::dump::text(&self.edition)
    }

    /// The running text as the line breaker sees it.
    pub fn items(&self) -> String {
        typeset::dump::items(&self.edition, &self.design, FontSet::built_in())
    }

    /// The book as an editor reads it over.
    pub fn proofs(&self) -> review::Proofs<'_> {
        review::Proofs::new(
            &self.edition,
            &self.pages,
            &self.apparatus,
            (&self.settings, &self.chapters),
        )
    }
}

/// A maker's own kind of e-book, and what an e-book says of itself.
pub use crate::epub::{About, Variant, about};

/// What the closing lines of a build tell.
#[derive(Clone, Debug)]
pub struct Summary {
    pub title: String,
    pub pages: usize,
    pub counts: Counts,
    /// The sheets of a booklet.
    pub folded: Option<Folded>,
}

/// Told the name of each stage when it is done.
pub type Progress<'p> = &'p mut dyn FnMut(&'static str);

/// From the pack's inputs to the finished files. `None` when the book has errors.
///
/// # Errors
/// When a source text is there but cannot be read.
pub fn build(
    inputs: &mut Inputs,
    request: &Request,
    progress: Progress<'_>,
    report: &mut Report,
) -> io::Result<Option<(Vec<Artifact>, Summary)>> {
    let Some(mut book) = compose(inputs, request, progress, report)? else {
        return Ok(None);
    };
    let folded = judge(&book, request, report);
    if report.has_errors() {
        return Ok(None);
    }
    let artifacts = write(inputs, &mut book, folded.as_ref(), request);
    progress("write");
    let summary = Summary {
        title: book.edition.metadata.title.clone(),
        pages: book.pages.pages.len(),
        counts: book.edition.counts.clone(),
        folded,
    };
    // A long book takes a while to be let go, in which its files can be saved.
    rayon::spawn(move || drop(book));
    Ok(Some((artifacts, summary)))
}

/// Reads a composed book over, where that is wanted, folds it and takes out the warnings that
/// the editors have accepted.
pub fn judge(book: &Composed, request: &Request, report: &mut Report) -> Option<Folded> {
    if request.review {
        let proofs = book.proofs();
        if book.reference {
            review::rules::check(&proofs, report);
        }
        review::occurring::check(&proofs, report);
        review::told::check(&proofs, report);
    }
    let booklet = book.booklet.as_ref();
    let folded = booklet.and_then(|booklet| booklet::fold(&book.pages, booklet, report));
    // Without some of the texts a warning may not come up that the editors have accepted.
    let whole = book.edition.counts.missing_sources.is_empty();
    report.accept(&book.apparatus.accepted, request.review && whole);
    folded
}

/// From the pack's inputs to pages. `None` when the book has errors.
///
/// # Errors
/// When a source text is there but cannot be read.
pub fn compose(
    inputs: &mut Inputs,
    request: &Request,
    progress: Progress<'_>,
    report: &mut Report,
) -> io::Result<Option<Composed>> {
    let Some(manifest) = manifest::load(inputs, report) else {
        return Ok(None);
    };
    let Some(settings) = settings(&manifest, request, report).cloned() else {
        return Ok(None);
    };
    let apparatus = apparatus::load(inputs, report);
    progress("load");
    let (written, mut ledger) = chapters::read(inputs, &manifest, &apparatus, request, report)?;
    progress("read");
    let edition = edition::resolve(inputs, &manifest, &apparatus, &written, report);
    drop(written);
    progress("resolve");
    if report.has_errors() {
        return Ok(None);
    }
    ledger::note_emendations(inputs, &edition.emended, &mut ledger);
    let pages = typeset::compose(
        inputs,
        &edition,
        &settings.design,
        FontSet::built_in(),
        report,
    );
    progress("typeset");
    let stem = match settings.reference {
        true => manifest.metadata.slug.clone(),
        false => format!("{}-{}", manifest.metadata.slug, settings.id),
    };
    Ok((!report.has_errors()).then_some(Composed {
        edition,
        pages,
        ledger,
        apparatus,
        design: settings.design.clone(),
        reference: manifest
            .edition(None)
            .is_some_and(|one| one.id == settings.id),
        settings: manifest.apparatus,
        chapters: manifest.chapters,
        stem,
        booklet: settings.booklet,
    }))
}

/// The cleaned sources that are there, by their ids in `sources.toml`.
///
/// # Errors
/// When a source text is there but cannot be read.
pub fn sources(
    inputs: &mut Inputs,
    request: &Request,
    report: &mut Report,
) -> io::Result<Vec<(String, Document)>> {
    let Some(manifest) = manifest::load(inputs, report) else {
        return Ok(Vec::new());
    };
    let apparatus = apparatus::load(inputs, report);
    let cleaned = chapters::clean(inputs, &manifest, &apparatus, request)?;
    let mut sources = Vec::new();
    for (clean, own) in cleaned {
        report.append(own);
        if let Some(account) = clean {
            let document = document::parse(inputs, account.text, report);
            sources.push((account.id, document));
        }
    }
    Ok(sources)
}

/// The two forms and the ledger, side by side. Of the pages it leaves what an e-book wants.
fn write(
    inputs: &Inputs,
    book: &mut Composed,
    folded: Option<&Folded>,
    request: &Request,
) -> Vec<Artifact> {
    let fonts = FontSet::built_in();
    // An e-book has the page numbers of the reference edition, unless it is asked for alone.
    let wants_epub = request.epub && (book.reference || !request.pdf);
    let mut pages = std::mem::take(&mut book.pages);
    book.pages = pages.take_plan();
    let book = &*book;
    let (printed, (epub, accounts)) = rayon::join(
        || match (request.pdf, folded) {
            (false, _) => Vec::new(),
            (true, Some(folded)) => booklet::print(&pages, &book.stem, folded),
            (true, None) => vec![Artifact {
                name: format!("{}.pdf", book.stem),
                bytes: pdf::write(pages, fonts),
            }],
        },
        || {
            let epub = wants_epub
                .then(|| epub::write(inputs, &book.edition, &book.design, &book.pages, fonts));
            (epub, accounts(inputs, book))
        },
    );
    let epub = epub.map(|bytes| Artifact {
        name: format!("{}.epub", book.stem),
        bytes,
    });
    epub.into_iter().chain(printed).chain(accounts).collect()
}

/// The ledger, for editors and for machines, where there is a text to account for.
fn accounts(inputs: &Inputs, book: &Composed) -> Vec<Artifact> {
    if book.ledger.is_empty() {
        return Vec::new();
    }
    let title = &book.edition.metadata.title;
    let file = |name: &str, text: String| Artifact {
        name: name.to_string(),
        bytes: text.into_bytes(),
    };
    vec![
        file("ledger.html", ledger::html(inputs, title, &book.ledger)),
        file("ledger.json", ledger::json(inputs, title, &book.ledger)),
    ]
}

/// The e-book once more, as the readers of one maker want it; `None` for what is no e-book
/// of Cordel's.
pub fn variant(name: &str, epub: &[u8], variant: Variant) -> Option<Artifact> {
    let stem = name.strip_suffix(".epub")?;
    Some(Artifact {
        name: format!("{stem}{}", variant.suffix()),
        bytes: epub::variant(epub, variant)?,
    })
}

fn settings<'m>(
    manifest: &'m Manifest,
    request: &Request,
    report: &mut Report,
) -> Option<&'m EditionSettings> {
    let settings = manifest.edition(request.edition.as_deref());
    if settings.is_none() {
        let known: Vec<&str> = manifest
            .editions
            .iter()
            .map(|edition| edition.id.as_str())
            .collect();
        report
            .error(
                Code::UnknownId,
                None,
                format!(
                    "the pack has no edition `{}`",
                    request.edition.as_deref().unwrap_or_default()
                ),
            )
            .help(format!("its editions are: {}", known.join(", ")));
    }
    settings
}
