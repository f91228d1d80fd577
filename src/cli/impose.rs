//! `cordel impose`: a book on sheets that are folded into a booklet.

use std::fmt::Write;
use std::path::PathBuf;

use super::output::{Talk, read_pack, save};
use super::{Failure, ImposeArguments};
use crate::diag::Report;
use crate::impose::{Edge, Scale};
use crate::manifest::{Binding, Booklet, Duplex, FoldMark, paper_size};
use crate::pipeline;
use crate::pipeline::booklet::{self, Folded};
use crate::units::{Length, Size};

pub(super) fn run(arguments: &ImposeArguments, talk: &Talk) -> Result<(), Failure> {
    let mut inputs = read_pack(&arguments.pack.pack)?;
    let mut report = Report::default();
    let request = arguments.pack.request();
    let composed = pipeline::compose(&mut inputs, &request, &mut |_| {}, &mut report)
        .map_err(|error| Failure::World(error.to_string()))?;
    let made = composed.and_then(|book| {
        let wanted = arguments.booklet(book.booklet.clone().unwrap_or_default());
        match arguments.test_page {
            true => booklet::test_sheet(&book, &wanted, &mut report),
            false => booklet::impose(&book, &wanted, &mut report),
        }
    });
    talk.report(&report, &inputs);
    let Some((artifacts, folded)) = made else {
        talk.say("nothing was written; files of an earlier run are as they were");
        return Err(Failure::Book);
    };
    let saved = save(&arguments.out, &artifacts)?;
    let mut text = list(&saved);
    text.push_str(&instructions(&folded));
    talk.done(&text);
    Ok(())
}

impl ImposeArguments {
    /// The booklet of the edition, with what the command line wants otherwise.
    fn booklet(&self, mut booklet: Booklet) -> Booklet {
        booklet.paper = self.paper.unwrap_or(booklet.paper);
        booklet.binding = self.binding.unwrap_or(booklet.binding);
        booklet.duplex = self.duplex.unwrap_or(booklet.duplex);
        booklet.thickness = self.thickness.unwrap_or(booklet.thickness);
        booklet.reach = self.reach.unwrap_or(booklet.reach);
        if !self.marks.is_empty() {
            booklet.marks.clone_from(&self.marks);
        }
        booklet
    }
}

fn list(saved: &[PathBuf]) -> String {
    saved
        .iter()
        .map(|path| format!("  {}\n", path.display()))
        .collect()
}

/// So many sheets in one fold are hard to fold and to staple.
const THICK: usize = 15;

/// How many sheets there are, how to print them and what to do with them.
pub(super) fn instructions(folded: &Folded) -> String {
    let Folded { booklet, sheets } = folded;
    let count = sheets.sheets.len();
    let mut text = String::new();
    let mut say = |line: String| {
        let _ = writeln!(text, "  {line}");
    };
    let pages = count * 4 - sheets.blanks;
    let blank = match sheets.blanks {
        0 => String::from("none is blank"),
        1 => String::from("one page at the end stays blank"),
        blanks => format!("{blanks} pages at the end stay blank"),
    };
    say(format!(
        "{} {pages} pages, two on each side; {blank}",
        match count {
            1 => "1 sheet holds".into(),
            _ => format!("{count} sheets hold"),
        }
    ));
    if sheets.scale < Scale::WHOLE {
        let percent = sheets.scale.0 / 100;
        say(format!(
            "the pages are made smaller, to {percent} %, so that they fit the paper and what the printer reaches of it"
        ));
    }
    say(
        "print at 100 % (“actual size”, not “fit to page”), the paper lying as it is in the file"
            .into(),
    );
    for line in feeding(booklet.duplex, sheets.turn) {
        say((*line).into());
    }
    for line in folding(booklet.binding, count, sheets.signatures) {
        say(line);
    }
    text
}

fn counted(count: usize, thing: &str) -> String {
    match count {
        1 => format!("1 {thing}"),
        _ => format!("{count} {thing}s"),
    }
}

/// How the paper goes through the printer.
fn feeding(duplex: Duplex, turn: Edge) -> &'static [&'static str] {
    match (duplex, turn) {
        (Duplex::LongEdge, _) => &[
            "on both sides, turned over the long edge; try one sheet first: cordel impose --test-page",
        ],
        (Duplex::ShortEdge, _) => &[
            "on both sides, turned over the short edge; try one sheet first: cordel impose --test-page",
        ],
        (Duplex::ByHand, Edge::Short) => &[
            "print the file of the fronts; lay the stack back, turned over its short edge like a leaf of a book; then print the file of the backs",
            "if the first back comes on the last sheet, print the backs in reverse order; try both with cordel impose --test-page --duplex by-hand",
        ],
        (Duplex::ByHand, Edge::Long) => &[
            "print the file of the fronts; lay the stack back, turned over its long edge like a leaf of a book; then print the file of the backs",
            "if the first back comes on the last sheet, print the backs in reverse order; try both with cordel impose --test-page --duplex by-hand",
        ],
    }
}

/// What becomes of the printed sheets.
fn folding(binding: Binding, sheets: usize, signatures: usize) -> Vec<String> {
    if signatures <= 1 {
        let mut lines = vec![String::from(
            "keep the sheets in their order, the first outermost, fold them together in the middle and stitch through the fold",
        )];
        if sheets > THICK && binding == Binding::Saddle {
            lines.push(format!(
                "{sheets} sheets are many for one fold; signatures lie flatter: --binding signatures-16"
            ));
        }
        return lines;
    }
    let thin = sheets / signatures;
    let thick = sheets % signatures;
    let each = match thick {
        0 => format!("{signatures} signatures of {}", counted(thin, "sheet")),
        _ => format!(
            "{} of {} and {} of {}",
            counted(thick, "signature"),
            counted(thin + 1, "sheet"),
            counted(signatures - thick, "signature"),
            counted(thin, "sheet")
        ),
    };
    vec![format!(
        "the stack makes {each}: fold each by itself, lay them on each other in their order and sew them through their folds"
    )]
}

pub(super) fn paper(text: &str) -> Result<Size, String> {
    paper_size(text).ok_or_else(|| {
        "name a size (a4, letter, a3, legal, tabloid) or write it: 210mm x 297mm".into()
    })
}

pub(super) fn length(text: &str) -> Result<Length, String> {
    Length::read(text)
        .filter(|&length| length >= Length::ZERO && length <= Length::pt(7_200))
        .ok_or_else(|| "write a number and mm, cm, in or pt: 5mm".into())
}

pub(super) fn binding(text: &str) -> Result<Binding, String> {
    match text {
        "saddle" => Ok(Binding::Saddle),
        "signatures-16" => Ok(Binding::Signatures16),
        "signatures-32" => Ok(Binding::Signatures32),
        _ => Err("choose saddle, signatures-16 or signatures-32".into()),
    }
}

pub(super) fn duplex(text: &str) -> Result<Duplex, String> {
    match text {
        "long-edge" => Ok(Duplex::LongEdge),
        "short-edge" => Ok(Duplex::ShortEdge),
        "by-hand" => Ok(Duplex::ByHand),
        _ => Err("choose long-edge, short-edge or by-hand".into()),
    }
}

pub(super) fn mark(text: &str) -> Result<FoldMark, String> {
    match text {
        "fold" => Ok(FoldMark::Fold),
        "stitch" => Ok(FoldMark::Stitch),
        "order" => Ok(FoldMark::Order),
        _ => Err("choose from fold, stitch and order, with commas between".into()),
    }
}
