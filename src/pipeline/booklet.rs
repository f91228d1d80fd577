//! Pages on the sheets of a booklet, to the files that are printed.

use super::{Artifact, Composed};
use crate::diag::{Code, Report};
use crate::fonts::FontSet;
use crate::impose::{self, Sheets, Sides};
use crate::manifest::{Booklet, Duplex, Margins};
use crate::pages::{Pages, ink};
use crate::{pdf, typeset};

/// A book laid on sheets.
#[derive(Clone, Debug)]
pub struct Folded {
    pub booklet: Booklet,
    pub sheets: Sheets,
}

/// The pages on sheets, as one or two files to be printed.
pub(super) fn print(pages: &Pages, stem: &str, folded: &Folded) -> Vec<Artifact> {
    let file = |name: &str, bytes| Artifact {
        name: format!("{stem}{name}.pdf"),
        bytes,
    };
    let Folded { booklet, sheets } = folded;
    let fonts = FontSet::built_in();
    let sides = |sides| pdf::write_sheets(pages, fonts, sheets, sides);
    match booklet.duplex {
        Duplex::LongEdge | Duplex::ShortEdge => vec![file("", sides(Sides::Both))],
        Duplex::ByHand => vec![
            file("-fronts", sides(Sides::Fronts)),
            file("-backs", sides(Sides::Backs)),
        ],
    }
}

/// Lays pages on the sheets of a booklet; `None` where they would be too small to read.
pub(super) fn fold(pages: &Pages, booklet: &Booklet, report: &mut Report) -> Option<Folded> {
    let free = ink::free(pages);
    let ink = Margins {
        top: free.top,
        bottom: free.bottom,
        inner: free.inner,
        outer: free.outer,
    };
    let sheets = impose::plan(pages.pages.len(), pages.trim, &ink, booklet);
    if sheets.scale < impose::SMALLEST {
        report
            .error(
                Code::ImpossiblePage,
                None,
                "two pages of this edition do not fit side by side on the booklet's paper",
            )
            .help("take larger paper, or an edition with smaller pages: A5 pages go on A4, half-letter ones on letter");
        return None;
    }
    let booklet = booklet.clone();
    Some(Folded { booklet, sheets })
}

/// A sheet that proves how a printer turns paper, made as the book's own sheets are.
pub fn test_sheet(
    book: &Composed,
    booklet: &Booklet,
    report: &mut Report,
) -> Option<(Vec<Artifact>, Folded)> {
    let pages = typeset::proof::test_sheet(book.pages.trim, FontSet::built_in());
    let (stem, folded) = (
        format!("{}-test-sheet", book.stem),
        fold(&pages, booklet, report)?,
    );
    Some((print(&pages, &stem, &folded), folded))
}

/// A composed book as a booklet: its files, and what they hold.
pub fn impose(
    book: &Composed,
    booklet: &Booklet,
    report: &mut Report,
) -> Option<(Vec<Artifact>, Folded)> {
    let folded = fold(&book.pages, booklet, report)?;
    let stem = match book.booklet {
        Some(_) => book.stem.clone(),
        None => format!("{}-booklet", book.stem),
    };
    Some((print(&book.pages, &stem, &folded), folded))
}
