//! The command line: arguments as typed, one file a command, all printing and saving.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};

mod build;
mod check;
mod explain;
mod import;
mod impose;
mod load;
mod output;
mod pack_files;
mod suggest;
mod verify;

use crate::manifest::{Binding, Duplex, FoldMark};
use crate::pipeline::Request;
use crate::units::{Length, Size};
use output::Talk;

/// Compiles a reading pack into an e-book and a printed book with the same page numbers.
#[derive(Parser)]
#[command(
    version,
    about,
    max_term_width = 100,
    after_help = "Examples:\n  cordel                          build the pack in book/ into out/\n  cordel build my-pack --pdf      only the PDF of another pack\n  cordel build --sources ~/texts  with the texts that you have of the sources\n  cordel check                    say all that is wrong, write nothing\n  cordel import article.txt       bring a text into the pack in book/\n  cordel verify                   prove the finished files against the pack\n  cordel load                     put the book onto every e-reader that is plugged in\n  cordel suggest index            names that no index heading covers, ready to paste\n  cordel impose                   the printed book as a booklet to fold and staple\n  cordel explain unknown-id       what a message means and how to mend it"
)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    talk: TalkArguments,
}

#[derive(Subcommand)]
enum Command {
    /// Make the EPUB and the PDF of a pack.
    Build(BuildArguments),
    /// Say all that is wrong with a pack; write nothing.
    Check(CheckArguments),
    /// Bring texts into a pack: say in what condition they are, and write their recipes.
    Import(ImportArguments),
    /// Read the finished files back and prove them against the pack.
    Verify(VerifyArguments),
    /// Propose what the index and the glossary do not cover yet.
    Suggest(SuggestArguments),
    /// Put the finished books onto the e-readers that are plugged in.
    Load(LoadArguments),
    /// Lay a book on sheets that are folded into a booklet.
    #[command(
        after_help = "Examples:\n  cordel impose --test-page              one sheet that shows how your printer turns paper\n  cordel impose                          A5 pages on A4, folded once and stapled\n  cordel impose --paper letter           on letter paper\n  cordel impose --binding signatures-16  signatures of four sheets, for a thick book\n  cordel impose --duplex by-hand         fronts and backs apart, for a printer without duplex"
    )]
    Impose(ImposeArguments),
    /// Say what a diagnostic means and how to mend it.
    Explain {
        /// The code that a message shows in brackets, such as unknown-id; all when left out.
        code: Option<String>,
    },
}

/// Which pack, and what to take for it.
#[derive(Args, Default)]
struct PackArguments {
    /// The pack's folder.
    #[arg(default_value = "book")]
    pack: PathBuf,
    /// A folder with the texts of the sources; it is looked in before the pack's own sources/.
    #[arg(long, value_name = "DIR")]
    sources: Vec<PathBuf>,
    /// The edition to set, by its id in book.toml; the reference edition when left out.
    #[arg(long, value_name = "ID")]
    edition: Option<String>,
}

#[derive(Args, Default)]
struct BuildArguments {
    #[command(flatten)]
    pack: PackArguments,
    /// Make only the EPUB.
    #[arg(long)]
    epub: bool,
    /// Make only the PDF.
    #[arg(long)]
    pdf: bool,
    /// Also make the EPUB for the Kobo's own pages, SLUG.kepub.epub.
    #[arg(long)]
    kepub: bool,
    /// Also make the EPUB for Send to Kindle, SLUG.kindle.epub: without fonts, the cover as
    /// JPEG. Amazon takes up to 200 MB by its page and 50 MB by mail. A Kindle shows none of
    /// the pages of the printed edition, and calls of notes open as it likes.
    #[arg(long)]
    kindle: bool,
    /// Where the files go.
    #[arg(long, value_name = "DIR", default_value = "out")]
    out: PathBuf,
    /// Also write the list of all files that the book was made from, as make reads it.
    #[arg(long, value_name = "FILE")]
    depfile: Option<PathBuf>,
    /// Print a stage's result instead of making the book.
    #[arg(long, value_name = "STAGE")]
    dump: Option<Dump>,
    /// Print what was measured on the book instead of making it.
    #[arg(long, value_name = "WHAT", conflicts_with = "dump")]
    report: Option<Chart>,
    /// Say how long each stage took.
    #[arg(long)]
    timings: bool,
}

#[derive(Args)]
struct ImportArguments {
    /// The texts.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The pack that they are brought into.
    #[arg(long, value_name = "DIR", default_value = "book")]
    pack: PathBuf,
    /// The name that marks and files know the text by; made from its title when left out.
    #[arg(long, value_parser = import::id)]
    id: Option<String>,
    /// Ask nothing: take the safest reading, and list the doubts.
    #[arg(long)]
    yes: bool,
    /// Show what would be done, print the recipe, and write nothing.
    #[arg(long)]
    dry_run: bool,
}

#[derive(Args)]
struct VerifyArguments {
    #[command(flatten)]
    pack: PackArguments,
    /// Where the finished files are.
    #[arg(long, value_name = "DIR", default_value = "out")]
    out: PathBuf,
}

#[derive(Args)]
struct CheckArguments {
    #[command(flatten)]
    pack: PackArguments,
    /// Print the state of the apparatus in figures.
    #[arg(long, value_name = "PART")]
    report: Option<Reported>,
}

/// What can be reported on.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Reported {
    /// Density, length, gaps, the heaviest headings, and the verdict of every rule.
    Index,
    /// The verdict of every rule of the trade; `cordel explain rules`
    /// lists them.
    Rules,
    /// Each paragraph in which an index heading's words stand: its name, its weight, its posting.
    Passages,
    /// What each source says of every event, where they disagree, and dates that tell none.
    Chronology,
}

#[derive(Args)]
struct ImposeArguments {
    #[command(flatten)]
    pack: PackArguments,
    /// Where the files go.
    #[arg(long, value_name = "DIR", default_value = "out")]
    out: PathBuf,
    /// The paper: a4, letter, a3, legal, tabloid, or a width and a height: 210mm x 297mm.
    #[arg(long, value_name = "SIZE", value_parser = impose::paper)]
    paper: Option<Size>,
    /// All sheets in one fold, or signatures of at most 16 or 32 pages.
    #[arg(long, value_name = "HOW", value_parser = impose::binding)]
    binding: Option<Binding>,
    /// How sheets are turned: long-edge or short-edge by the printer, or by-hand.
    #[arg(long, value_name = "HOW", value_parser = impose::duplex)]
    duplex: Option<Duplex>,
    /// How thick a sheet is, so that outer margins are even after trimming: 0.1mm.
    #[arg(long, value_name = "LENGTH", value_parser = impose::length)]
    thickness: Option<Length>,
    /// How far from the edges of the paper the printer can print: 5mm.
    #[arg(long, value_name = "LENGTH", value_parser = impose::length)]
    reach: Option<Length>,
    /// Marks for folding, for stitching and for gathering signatures in their order.
    #[arg(long, value_name = "MARKS", value_delimiter = ',', value_parser = impose::mark)]
    marks: Vec<FoldMark>,
    /// Make only a single sheet that proves that the printer turns paper as expected.
    #[arg(long)]
    test_page: bool,
}

#[derive(Args)]
struct SuggestArguments {
    /// What to propose: entries for the index or for the glossary.
    what: Suggest,
    #[command(flatten)]
    pack: PackArguments,
    /// How many to show, the likeliest first.
    #[arg(long, value_name = "N", default_value_t = 30)]
    limit: usize,
}

/// What can be suggested.
#[derive(Clone, Copy, ValueEnum)]
enum Suggest {
    /// Names, organisations, places, foreign words and acronyms without a heading.
    Index,
    /// Foreign words, acronyms and words that the text explains itself, without a term.
    Glossary,
}

/// What to load, and where.
///
/// A book is written beside its place, read back, compared, and only then renamed into it. An
/// older copy of the same book is replaced in its place. Files that were not loaded by Cordel,
/// or were changed since, are never touched.
#[derive(Args)]
struct LoadArguments {
    /// The books; the pack's own when left out. Files beside them that are the same book in
    /// another form go with them: each reader gets the form that it likes best.
    files: Vec<PathBuf>,
    /// A folder to load to, as if it were a reader; for instance a memory card's.
    #[arg(long, value_name = "DIR")]
    to: Vec<PathBuf>,
    /// A folder whose folders may be readers too; for systems that mount in unusual places.
    #[arg(long, value_name = "DIR")]
    media: Vec<PathBuf>,
    /// Say which readers there are and what was loaded onto them.
    #[arg(long, conflicts_with_all = ["files", "remove", "dry_run", "each"])]
    list: bool,
    /// Remove the books from the readers again.
    #[arg(long)]
    remove: bool,
    /// Say what would be done; write nothing.
    #[arg(long)]
    dry_run: bool,
    /// Go on with every reader that is plugged in, for a whole group, until Ctrl-C.
    #[arg(long, conflicts_with = "to")]
    each: bool,
    /// The pack's folder.
    #[arg(long, value_name = "DIR", default_value = "book")]
    pack: PathBuf,
    /// Where the pack's finished files are.
    #[arg(long, value_name = "DIR", default_value = "out")]
    out: PathBuf,
}

/// A stage whose result can be printed.
#[derive(Clone, Copy, ValueEnum)]
enum Dump {
    /// The resolved book: every passage, note and index heading.
    Edition,
    /// The running text as boxes, glue and penalties.
    Items,
    /// The pages, line by line.
    Pages,
    /// The cleaned sources, a line each paragraph.
    Sources,
}

/// What can be measured on a book.
#[derive(Clone, Copy, ValueEnum)]
enum Chart {
    /// How even its lines are, and what is wrong at the edges of its pages.
    Typography,
}

#[derive(Args)]
struct TalkArguments {
    /// Say nothing but what is wrong.
    #[arg(short, long, global = true)]
    quiet: bool,
    /// Colours in messages.
    #[arg(long, value_name = "WHEN", default_value = "auto", global = true)]
    color: Color,
    /// How what is wrong is said: as text, or as JSON, an object a line on standard output.
    #[arg(long, value_name = "FORMAT", default_value = "text", global = true)]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Color {
    Auto,
    Always,
    Never,
}

/// Why a command ended without doing what it was asked.
enum Failure {
    /// The book is wrong; what is wrong has been said.
    Book,
    /// The world failed: a disk, a folder, an argument.
    World(String),
}

/// Runs the program: exit 0 when all is well, 1 when the book is wrong, 2 when the world
/// failed.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let talk = Talk::new(&arguments.talk);
    let done = match arguments.command {
        None => build::run(&BuildArguments::default_pack(), &talk),
        Some(Command::Build(build)) => build::run(&build, &talk),
        Some(Command::Check(pack)) => check::run(&pack, &talk),
        Some(Command::Import(import)) => import::run(&import, &talk),
        Some(Command::Verify(verify)) => verify::run(&verify, &talk),
        Some(Command::Suggest(suggest)) => suggest::run(&suggest, &talk),
        Some(Command::Load(load)) => load::run(&load, &talk),
        Some(Command::Impose(impose)) => impose::run(&impose, &talk),
        Some(Command::Explain { code }) => explain::run(code.as_deref(), &talk),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Book) => ExitCode::from(1),
        Err(Failure::World(message)) => {
            talk.error(&message);
            ExitCode::from(2)
        }
    }
}

impl BuildArguments {
    /// What `cordel` alone does.
    fn default_pack() -> BuildArguments {
        let pack = PackArguments {
            pack: "book".into(),
            ..PackArguments::default()
        };
        BuildArguments {
            pack,
            out: "out".into(),
            ..BuildArguments::default()
        }
    }
}

impl PackArguments {
    /// A book that is set and written in no form yet.
    fn request(&self) -> Request {
        Request {
            edition: self.edition.clone(),
            epub: false,
            pdf: false,
            review: false,
            source_folders: self.source_folders(),
        }
    }

    /// Where the sources' texts may be: the folders that were named, then the pack's own.
    fn source_folders(&self) -> Vec<PathBuf> {
        self.sources
            .iter()
            .cloned()
            .chain([self.pack.join("sources")])
            .collect()
    }
}
