//! Pages on sheets for the printer: each page becomes a form, its content packed as in the
//! book's own file, and each side of a sheet shows two.

use std::collections::BTreeMap;

use lopdf::{Object, ObjectId};

use super::content::Content;
use super::metadata::{self, Claims};
use super::objects::{bytes, corners, count, dictionary, name, packed, stream};
use super::operators::Operators;
use super::texts::Texts;
use super::{Faces, Shell, file, write_contents};
use crate::fonts::FontSet;
use crate::impose::{Edge, Scale, Sheets, Side, Sides};
use crate::pages::Pages;
use crate::units::{Length, Rect, Size};

/// Writes a book on sheets, or one side of each. The file is to be printed, not to be read:
/// it has no links and no structure, and asks to be printed in its own size.
pub fn write_sheets(pages: &Pages, fonts: &FontSet, sheets: &Sheets, sides: Sides) -> Vec<u8> {
    let faces = Faces::gather(pages, fonts);
    let (contents, mut shell) = rayon::join(
        || write_contents(pages, &faces),
        || Shell::assemble(pages, fonts, &faces),
    );
    for page in std::mem::take(&mut shell.pages) {
        shell.document.objects.remove(&page);
    }
    let printed: Vec<&Side> = sheets
        .sheets
        .iter()
        .flat_map(|sheet| match sides {
            Sides::Both => vec![&sheet.front, &sheet.back],
            Sides::Fronts => vec![&sheet.front],
            Sides::Backs => vec![&sheet.back],
        })
        .collect();
    let forms = forms(pages.trim, contents, &printed, &mut shell);
    let kids: Vec<Object> = printed
        .into_iter()
        .map(|side| shell.side(side, sheets, pages.trim, &forms).into())
        .collect();
    let tree = dictionary([
        ("Type", name("Pages")),
        ("Count", count(kids.len())),
        ("Kids", kids.into()),
    ]);
    shell.document.set_object(shell.tree, tree);
    shell.finish_sheets(pages, sheets, sides, faces.miss_glyphs());
    file::write(&shell.document, &Texts::new(0))
}

/// The pages that are printed as forms, by their places in the book.
fn forms(
    page: Size,
    contents: Vec<Content>,
    printed: &[&Side],
    shell: &mut Shell,
) -> BTreeMap<usize, ObjectId> {
    let area = Rect {
        size: page,
        ..Rect::default()
    };
    let mut contents = contents;
    let shown = printed.iter().flat_map(|side| side.slots);
    let form = |number: usize| {
        let entries = dictionary([
            ("Type", name("XObject")),
            ("Subtype", name("Form")),
            ("BBox", corners(area, page)),
            ("Resources", shell.resources.into()),
            ("Filter", name("FlateDecode")),
        ]);
        let content = std::mem::take(&mut contents[number].packed);
        (number, shell.document.add_object(packed(entries, content)))
    };
    shown.filter_map(|slot| slot.page).map(form).collect()
}

impl Shell {
    /// One side of a sheet as a page of the file.
    fn side(
        &mut self,
        side: &Side,
        sheets: &Sheets,
        page: Size,
        forms: &BTreeMap<usize, ObjectId>,
    ) -> ObjectId {
        let shown = side.slots.iter().filter_map(|slot| slot.page);
        let used = shown.map(|page| (form_name(page), Object::from(forms[&page])));
        let resources = dictionary([("XObject", used.collect::<lopdf::Dictionary>().into())]);
        let content = stream(dictionary([]), &drawing(side, sheets, page));
        let whole = Rect {
            size: sheets.paper,
            ..Rect::default()
        };
        let page = dictionary([
            ("Type", name("Page")),
            ("Parent", self.tree.into()),
            ("MediaBox", corners(whole, sheets.paper)),
            ("Resources", resources.into()),
            ("Contents", self.document.add_object(content).into()),
        ]);
        self.document.add_object(page)
    }

    /// Writes what concerns the whole file.
    fn finish_sheets(&mut self, pages: &Pages, sheets: &Sheets, sides: Sides, misses: bool) {
        let claims = Claims {
            tagged: false,
            accessible: false,
            archival: !misses,
        };
        let document = &mut self.document;
        let intent = metadata::output_intent(document);
        let catalog = dictionary([
            ("Type", name("Catalog")),
            ("Pages", self.tree.into()),
            ("ViewerPreferences", preferences(sheets, sides).into()),
            (
                "Metadata",
                document.add_object(metadata::xmp(pages, claims)).into(),
            ),
            ("OutputIntents", vec![Object::Dictionary(intent)].into()),
            ("Lang", bytes(pages.info.language.as_bytes())),
        ]);
        self.set_trailing(catalog, metadata::info(&pages.info));
    }
}

/// How the file asks to be printed (PDF 1.7 §12.2): not scaled to the printer's margins, and
/// on both sides.
fn preferences(sheets: &Sheets, sides: Sides) -> lopdf::Dictionary {
    let duplex = match (sides, sheets.turn) {
        (Sides::Fronts | Sides::Backs, _) => "Simplex",
        (Sides::Both, Edge::Long) => "DuplexFlipLongEdge",
        (Sides::Both, Edge::Short) => "DuplexFlipShortEdge",
    };
    dictionary([
        ("DisplayDocTitle", true.into()),
        ("PrintScaling", name("None")),
        ("Duplex", name(duplex)),
    ])
}

fn form_name(page: usize) -> String {
    format!("Page{page}")
}

/// What a side shows: either page clipped at the fold, and the marks over both.
fn drawing(side: &Side, sheets: &Sheets, page: Size) -> Vec<u8> {
    let paper = sheets.paper;
    let mut out = Operators::new();
    if side.turned {
        out.put("-1 0 0 -1 ");
        out.length(paper.width);
        out.length(paper.height);
        out.put("cm\n");
    }
    let half = paper.width / 2;
    for (slot, left) in side.slots.iter().zip([Length::ZERO, half]) {
        let Some(number) = slot.page else { continue };
        out.put("q ");
        for edge in [left, Length::ZERO, half, paper.height] {
            out.length(edge);
        }
        out.put("re W n ");
        let bottom = paper.height - slot.at.y - sheets.scale.of(page.height);
        for factor in [sheets.scale.0, 0, 0, sheets.scale.0] {
            out.fixed(factor, Scale::WHOLE.0);
        }
        out.length(slot.at.x);
        out.length(bottom);
        out.write(format_args!("cm /{} Do Q\n", form_name(number)));
    }
    for mark in &side.marks {
        out.length(mark.origin.x);
        out.length(paper.height - mark.origin.y - mark.size.height);
        out.length(mark.size.width);
        out.length(mark.size.height);
        out.put("re f\n");
    }
    out.finish()
}
