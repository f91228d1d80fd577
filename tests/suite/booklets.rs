//! Booklets as files: the sheets show the book's own pages, each where it was planned.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use cordel::diag::Report;
use cordel::manifest::{Booklet, Duplex};
use cordel::pipeline::{Artifact, booklet};
use lopdf::content::Content;
use lopdf::{Document, Object, ObjectId};

use crate::packs;

/// The files of the small pack in an edition that is laid on sheets, and the book's own PDF.
fn files(booklet: &str) -> (Vec<Artifact>, Artifact) {
    let folder = packs::scratch();
    packs::small_pack(folder.path(), None);
    let plain = packs::build(folder.path()).0.expect("it has no errors");
    let path = folder.path().join("book.toml");
    let mut manifest = fs::read_to_string(&path).expect("the pack has one");
    manifest.push_str(&format!(
        "\n[[edition]]\nid = \"folded\"\nsize = \"a5\"\nbooklet = {{ {booklet} }}\n"
    ));
    fs::write(&path, manifest).expect("it can be written");
    let (made, report) = packs::build(folder.path());
    let made = made.unwrap_or_else(|| panic!("{report}"));
    let book = plain.into_iter().find(|file| file.name.ends_with(".pdf"));
    let sheets = made.into_iter().filter(|file| file.name.ends_with(".pdf"));
    (sheets.collect(), book.expect("a PDF is made"))
}

fn load(file: &Artifact) -> Document {
    Document::load_mem(&file.bytes).expect("the file can be read")
}

/// The packed content of each page of a book.
fn contents(book: &Document) -> Vec<Vec<u8>> {
    let page = |id: ObjectId| {
        let page = book.get_dictionary(id).expect("a page");
        let content = page.get_deref(b"Contents", book).expect("its content");
        content.as_stream().expect("a stream").content.clone()
    };
    book.page_iter().map(page).collect()
}

/// What is shown on one side of a sheet: the place of its origin, and the packed content.
fn shown(sheets: &Document, side: ObjectId) -> Vec<(i64, Vec<u8>)> {
    let page = sheets.get_dictionary(side).expect("a page");
    let forms = page
        .get_deref(b"Resources", sheets)
        .and_then(Object::as_dict)
        .and_then(|resources| resources.get(b"XObject"))
        .and_then(Object::as_dict)
        .expect("it shows forms");
    let content = Content::decode(&sheets.get_page_content(side)).expect("it is well formed");
    let mut at = 0.0;
    let mut found = Vec::new();
    for operation in &content.operations {
        match operation.operator.as_str() {
            "cm" => at = operation.operands[4].as_float().expect("a number"),
            "Do" => {
                let name = operation.operands[0].as_name().expect("a name");
                let form = forms.get_deref(name, sheets).expect("a form of that name");
                let form = form.as_stream().expect("a stream");
                #[expect(clippy::cast_possible_truncation, reason = "points on a sheet")]
                found.push((at as i64, form.content.clone()));
            }
            _ => {}
        }
    }
    found
}

fn sides(file: &Document) -> Vec<ObjectId> {
    file.page_iter().collect()
}

#[test]
fn sheets_show_the_pages_of_the_book_untouched() {
    let (sheets, book) = files("paper = \"a4\", duplex = \"short-edge\"");
    let names: Vec<&str> = sheets.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["the-weir-folded.pdf"]);
    let (sheets, pages) = (load(&sheets[0]), contents(&load(&book)));
    let sides = sides(&sheets);
    assert_eq!(sides.len(), pages.len().div_ceil(4) * 2);
    let blanks = sides.len() * 2 - pages.len();
    let mut places = BTreeMap::new();
    for (number, &side) in sides.iter().enumerate() {
        for (at, content) in shown(&sheets, side) {
            let page = pages.iter().position(|page| *page == content);
            // Pages without anything on them are alike: the first stands for all.
            places.insert((number, at > 200), page.expect("a page of the book"));
        }
    }
    assert_eq!(places.len() + blanks, sides.len() * 2);
    // The first sheet's front shows page 1 at the right, its back page 2 at the left.
    assert_eq!(places.get(&(0, true)), Some(&0));
    assert_eq!(places.get(&(1, false)), Some(&1));
}

#[test]
fn the_file_asks_not_to_be_scaled() {
    for (duplex, wanted) in [
        ("long-edge", "DuplexFlipLongEdge"),
        ("short-edge", "DuplexFlipShortEdge"),
    ] {
        let (sheets, _) = files(&format!("duplex = \"{duplex}\""));
        let document = load(&sheets[0]);
        let wishes = document
            .catalog()
            .and_then(|catalog| catalog.get_deref(b"ViewerPreferences", &document))
            .and_then(Object::as_dict)
            .expect("it has preferences");
        let wish = |key: &[u8]| wishes.get(key).and_then(Object::as_name).expect("a name");
        assert_eq!(wish(b"PrintScaling"), b"None");
        assert_eq!(wish(b"Duplex"), wanted.as_bytes());
    }
}

#[test]
fn without_duplex_there_is_a_file_for_either_side() {
    let (made, _) = files("duplex = \"by-hand\"");
    let names: Vec<&str> = made.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(
        names,
        ["the-weir-folded-fronts.pdf", "the-weir-folded-backs.pdf"]
    );
    let (whole, _) = files("duplex = \"short-edge\"");
    let whole = load(&whole[0]);
    let both: Vec<_> = sides(&whole)
        .into_iter()
        .map(|side| shown(&whole, side))
        .collect();
    for (file, first) in made.iter().zip([0, 1]) {
        let half = load(file);
        let of_half: Vec<_> = sides(&half)
            .into_iter()
            .map(|side| shown(&half, side))
            .collect();
        let wanted: Vec<_> = both.iter().skip(first).step_by(2).cloned().collect();
        assert_eq!(of_half, wanted);
    }
}

#[test]
fn the_test_sheet_has_a_front_and_a_back() {
    let folder = packs::scratch();
    packs::small_pack(folder.path(), None);
    let book = packs::compose(folder.path()).expect("the small book has no errors");
    let mut of_duplex = Vec::new();
    for duplex in [Duplex::LongEdge, Duplex::ShortEdge] {
        let wanted = Booklet {
            duplex,
            ..Booklet::default()
        };
        let made = booklet::test_sheet(&book, &wanted, &mut Report::default());
        let (files, _) = made.expect("it fits on the paper");
        assert_eq!(files.len(), 1);
        let file = load(&files[0]);
        let sides = sides(&file).into_iter().map(|side| shown(&file, side));
        let sides: Vec<Vec<(i64, Vec<u8>)>> = sides.collect();
        let pages = sides.iter().flatten().map(|(_, content)| content);
        let pages: BTreeSet<&Vec<u8>> = pages.collect();
        assert_eq!((sides.len(), sides[0].len(), pages.len()), (2, 2, 4));
        of_duplex.push(sheet_content(&file));
    }
    // The back is turned by the flip that is to be proved.
    assert_ne!(of_duplex[0], of_duplex[1]);
}

/// What both sides of a sheet do, packed.
fn sheet_content(file: &Document) -> Vec<Vec<u8>> {
    let sides = sides(file).into_iter();
    sides.map(|side| file.get_page_content(side)).collect()
}
