//! Faults planted in finished files: each is found, and its place told.

use std::io::{Cursor, Read};
use std::path::Path;
use std::sync::OnceLock;

use cordel::diag::Report;
use cordel::pipeline::{Artifact, Composed, booklet};
use cordel::verify;
use lopdf::content::{Content, Operation};
use lopdf::{Document, Object, ObjectId};

use crate::packs;

/// A book with its finished files.
struct Book {
    composed: Composed,
    epub: Vec<u8>,
    pdf: Vec<u8>,
}

fn made(name: &str) -> Book {
    let pack = packs::scratch();
    match name {
        "small" => packs::small_pack(pack.path(), None),
        _ => packs::copy(&packs::root().join("tests/books").join(name), pack.path()),
    }
    of(pack.path())
}

fn of(pack: &Path) -> Book {
    let composed = packs::compose(pack).expect("the book has no errors");
    let files = packs::build(pack).0.expect("the book has no errors");
    let file = |end| {
        let mut files = files
            .iter()
            .filter(|file: &&Artifact| file.name.ends_with(end));
        files.next().expect("both are made").bytes.clone()
    };
    Book {
        composed,
        epub: file(".epub"),
        pdf: file(".pdf"),
    }
}

fn small() -> &'static Book {
    static BOOK: OnceLock<Book> = OnceLock::new();
    BOOK.get_or_init(|| made("small"))
}

/// The book with a picture.
fn constructs() -> &'static Book {
    static BOOK: OnceLock<Book> = OnceLock::new();
    BOOK.get_or_init(|| made("constructs"))
}

fn messages(report: Report) -> Vec<String> {
    let message = |d: &cordel::diag::Diagnostic| {
        let help = d.help.join("; ");
        let place = if d.span.is_some() {
            " (in the editors' files)"
        } else {
            ""
        };
        format!("{}: {}{place} {help}", d.code.name(), d.message)
    };
    report.diagnostics.iter().map(message).collect()
}

/// What is said of a book's EPUB after its files were changed.
fn in_epub(book: &Book, change: impl Fn(&str, String) -> String) -> Vec<String> {
    let changed = packs::rezipped(&book.epub, change);
    let mut report = Report::default();
    verify::epub(
        &changed,
        &book.composed.edition,
        &book.composed.pages,
        &mut report,
    );
    messages(report)
}

/// The same, for one thing that must stand in a file.
fn replaced(book: &Book, file: &str, from: &str, to: &str) -> Vec<String> {
    let content = part(book, file);
    assert!(content.contains(from), "{file} has “{from}”: {content}");
    in_epub(book, |name, text| match name.ends_with(file) {
        true => text.replacen(from, to, 1),
        false => text,
    })
}

fn part(book: &Book, file: &str) -> String {
    let mut found = String::new();
    let mut zip = zip::ZipArchive::new(Cursor::new(&book.epub)).expect("an EPUB is a zip");
    let names: Vec<String> = zip.file_names().map(String::from).collect();
    let name = names
        .iter()
        .find(|name| name.ends_with(file))
        .expect("it is there");
    let mut entry = zip.by_name(name).expect("it is there");
    entry.read_to_string(&mut found).expect("XHTML is UTF-8");
    found
}

#[track_caller]
fn says(found: &[String], part: &str) {
    assert!(
        found.iter().any(|message| message.contains(part)),
        "“{part}” in {found:#?}"
    );
}

#[track_caller]
fn says_only(found: &[String], part: &str) {
    assert!(
        found.len() == 1 && found[0].contains(part),
        "only “{part}” in {found:#?}"
    );
}

#[test]
fn the_finished_files_hold_their_books() {
    for book in [small(), constructs()] {
        assert_eq!(in_epub(book, |_, text| text), [""; 0]);
        assert_eq!(in_pdf(book, |_| {}), [""; 0]);
        assert_eq!(in_sheets(book, |_| {}), [""; 0]);
    }
}

const MILLER: &str = "miller.xhtml";

#[test]
fn a_word_dropped_from_an_epub_is_found() {
    let found = replaced(small(), "introduction.xhtml", "took the weir", "took weir");
    says_only(
        &found,
        "the EPUB lacks “the” (in the editors' files) look at page 1",
    );
}

#[test]
fn a_word_doubled_in_an_epub_is_found() {
    let found = replaced(
        small(),
        "introduction.xhtml",
        "took the weir",
        "took the the weir",
    );
    says_only(
        &found,
        "the EPUB has “the” where the book has nothing (in the editors' files)",
    );
}

#[test]
fn a_word_changed_in_a_note_of_an_epub_is_found() {
    let found = replaced(
        small(),
        MILLER,
        "class=\"back\">a</a> ",
        "class=\"back\">a</a> Not ",
    );
    says(&found, "the EPUB does not have note");
    says(&found, "that is not the book's");
}

#[test]
fn paragraphs_swapped_in_an_epub_are_found() {
    let swap = |text: &str| {
        let start = text.find("<p id=").expect("there are paragraphs");
        let end = start + text[start..].find("</p>").expect("it ends") + 4;
        let next = end + text[end..].find("<p id=").expect("there are more");
        let last = next + text[next..].find("</p>").expect("it ends") + 4;
        let (first, between, second) = (&text[start..end], &text[end..next], &text[next..last]);
        assert!(first.len() > 100 && second.len() > 100, "{first} {second}");
        [&text[..start], second, between, first, &text[last..]].concat()
    };
    let found = in_epub(small(), |name, text| {
        match name.ends_with("introduction.xhtml") {
            true => swap(&text),
            false => text,
        }
    });
    says(&found, "text-differs: the EPUB has “");
    says(&found, "text-differs: the EPUB lacks “");
}

#[test]
fn calls_of_notes_in_an_epub_that_are_wrong_are_found() {
    let text = part(small(), MILLER);
    let hrefs: Vec<&str> = text.split("epub:type=\"noteref\"").skip(1).collect();
    let href = |at: usize| {
        let rest = hrefs[at]
            .split_once("href=\"")
            .expect("a call leads somewhere")
            .1;
        format!("href=\"{}\"", rest.split('"').next().unwrap_or_default())
    };
    // Another note's; nowhere; another label; none.
    let found = replaced(small(), MILLER, &href(0), &href(1));
    says(
        &found,
        "here in the EPUB leads elsewhere (in the editors' files)",
    );
    let found = replaced(small(), MILLER, &href(0), "href=\"#gone\"");
    says(&found, "dead-link: the link to `#gone`");
    let start = text
        .find("<a epub:type=\"noteref\"")
        .expect("there is a call");
    let call = &text[start..start + text[start..].find("</a>").expect("it ends") + 4];
    let found = replaced(small(), MILLER, call, "");
    says(&found, "the EPUB does not call note");
    let found = replaced(
        small(),
        MILLER,
        call,
        &format!("{call}{}", call.replace(" id=\"", " lang=\"")),
    );
    says_only(&found, "where the book calls none");
}

#[test]
fn a_note_of_an_epub_without_its_way_back_is_found() {
    let text = part(small(), MILLER);
    let back = text
        .split("<a href=\"#r")
        .nth(1)
        .and_then(|rest| rest.split('"').next());
    let back = format!("<a href=\"#r{}\"", back.expect("notes lead back"));
    let found = replaced(small(), MILLER, &back, "<a href=\"#p18\"");
    says_only(&found, "does not lead back to its call");
}

#[test]
fn entries_of_the_page_list_that_are_wrong_are_found() {
    let found = replaced(small(), "nav.xhtml", "#page-3\">3", "#page-2\">3");
    says_only(
        &found,
        "list of pages leads to OEBPS/04-miller.xhtml#page-2 for page 3",
    );
    let found = replaced(small(), "nav.xhtml", "#page-3\">3", "#page-3\">5");
    says(
        &found,
        "the EPUB's list of pages does not have page 3 in its place",
    );
}

#[test]
fn locators_of_an_epub_that_are_wrong_are_found() {
    let locator = "href=\"04-miller.xhtml#p20\" epub:type=\"index-locator\">3<";
    let found = replaced(
        small(),
        "index.xhtml",
        locator,
        &locator.replace(">3<", ">4<"),
    );
    says(&found, "the EPUB has “4” where the book has “3”");
    says(
        &found,
        "wrong-page: “4” in the index of the EPUB leads to page 3",
    );
    let found = replaced(
        small(),
        "index.xhtml",
        locator,
        &locator.replace("04-miller.xhtml#p20", "03-introduction.xhtml#p3"),
    );
    says_only(
        &found,
        "wrong-page: “3” in the index of the EPUB leads to page 1",
    );
}

#[test]
fn pictures_of_an_epub_that_are_wrong_are_found() {
    let text = part(constructs(), "constructs.xhtml");
    let start = text.find("<img ").expect("there is a picture");
    let picture = &text[start..start + text[start..].find("/>").expect("it ends") + 2];
    let found = replaced(constructs(), "constructs.xhtml", picture, "");
    says_only(&found, "the EPUB lacks the picture “");
    let found = replaced(
        constructs(),
        "constructs.xhtml",
        picture,
        &picture.replace("src=\"", "src=\"gone/"),
    );
    says_only(&found, "dead-link: the link to `gone/");
}

/// What is said of a book's PDF after it was changed.
fn in_pdf(book: &Book, change: impl Fn(&mut Document)) -> Vec<String> {
    let changed = resaved(&book.pdf, change);
    let mut report = Report::default();
    verify::pdf(
        &changed,
        &book.composed.edition,
        &book.composed.pages,
        &mut report,
    );
    messages(report)
}

fn resaved(pdf: &[u8], change: impl Fn(&mut Document)) -> Vec<u8> {
    let mut document = Document::load_mem(pdf).expect("the PDF can be read");
    change(&mut document);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).expect("memory can be written");
    bytes
}

/// The same for the content of one page, or of one form; how often it shows text.
fn in_content(
    document: &mut Document,
    id: ObjectId,
    change: impl Fn(&mut Vec<Operation>),
) -> usize {
    let is_stream = document
        .get_object(id)
        .is_ok_and(|object| object.as_stream().is_ok());
    let stream = match is_stream {
        true => id,
        false => document.get_page_contents(id)[0],
    };
    let stream = document
        .get_object_mut(stream)
        .and_then(Object::as_stream_mut)
        .expect("content is a stream");
    let mut content = Content::decode(&stream.decompressed_content().expect("it can be unpacked"))
        .expect("it can be read");
    change(&mut content.operations);
    stream.dict.remove(b"Filter");
    stream.set_content(content.encode().expect("memory can be written"));
    shows(&content.operations).len()
}

fn in_page(book: &Book, page: u32, change: impl Fn(&mut Vec<Operation>)) -> Vec<String> {
    in_pdf(book, |document| {
        let id = document.get_pages()[&page];
        in_content(document, id, &change);
    })
}

/// The page with the miller's own words, and where operators that show text stand on it.
const PAGE: u32 = 5;

fn shows(operations: &[Operation]) -> Vec<usize> {
    let places = operations.iter().enumerate();
    places
        .filter(|(_, operation)| operation.operator == "TJ")
        .map(|(at, _)| at)
        .collect()
}

#[test]
fn words_dropped_from_a_page_are_found() {
    let found = in_page(small(), PAGE, |operations| {
        let at = shows(operations)[3];
        operations.remove(at);
    });
    says(&found, "text-differs: the PDF lacks “");
    says(&found, "text-differs: page 3 ");
}

#[test]
fn words_doubled_on_a_page_are_found() {
    let found = in_page(small(), PAGE, |operations| {
        let at = shows(operations)[3];
        operations.insert(at, operations[at].clone());
    });
    says(&found, "text-differs: the PDF has “");
    says(&found, "text-differs: page 3 shows “");
}

/// Reading order as a voice follows it: the structure says what is read when.
#[test]
fn paragraphs_swapped_in_the_structure_are_found() {
    let found = in_page(small(), 3, |operations| {
        let paragraphs: Vec<usize> = (0..operations.len())
            .filter(|at| {
                operations[*at].operator == "BDC"
                    && operations[*at].operands[0] == Object::Name(b"P".to_vec())
            })
            .collect();
        let (first, second) = (paragraphs[0], paragraphs[paragraphs.len() - 1]);
        let operands = operations[first].operands.clone();
        operations[first].operands = std::mem::replace(&mut operations[second].operands, operands);
    });
    says(&found, "text-differs: the PDF ");
}

/// Reading order as an eye follows it: the structure is right and the page is not.
#[test]
fn lines_swapped_to_the_eye_are_found() {
    let found = in_page(small(), PAGE, |operations| {
        let moves: Vec<usize> = (0..operations.len())
            .filter(|at| operations[*at].operator == "Td")
            .collect();
        let (first, second) = (moves[1], moves[2]);
        let down = |operation: &Operation| operation.operands[1].as_float().expect("a number");
        let (a, b) = (down(&operations[first]), down(&operations[second]));
        operations[first].operands[1] = (a + b).into();
        operations[second].operands[1] = (-b).into();
        operations[moves[3]].operands[1] = (down(&operations[moves[3]]) + b).into();
    });
    assert!(
        found
            .iter()
            .all(|message| message.starts_with("text-differs: page 3 shows “")),
        "{found:#?}"
    );
    assert!(!found.is_empty());
}

#[test]
fn pictures_missing_from_a_page_are_found() {
    let found = in_pdf(constructs(), |document| {
        for id in document.get_pages().into_values() {
            in_content(document, id, |operations| {
                operations.retain(|operation| operation.operator != "Do")
            });
        }
    });
    // The gauge stands in two places.
    assert_eq!(found.len(), 2, "{found:#?}");
    for message in &found {
        assert!(
            message.contains("shows 0 pictures, but 1 were set"),
            "{message}"
        );
    }
}

/// Has every link of a page lead to another page of the file.
fn mislead(document: &mut Document, page: u32, to: u32) {
    let pages = document.get_pages();
    let (id, goal) = (pages[&page], pages[&to]);
    let annotations = document
        .get_dictionary(id)
        .and_then(|page| page.get_deref(b"Annots", document));
    let annotations = annotations
        .and_then(Object::as_array)
        .expect("the page has links")
        .clone();
    for annotation in annotations {
        let id = annotation.as_reference().expect("links are objects");
        let link = document.get_dictionary_mut(id).expect("it is there");
        if link.has(b"Dest") {
            let elsewhere = vec![goal.into(), Object::Name(b"Fit".to_vec())];
            link.set("Dest", elsewhere);
        }
    }
}

/// Has every named place of a file be on one page.
fn rename(document: &mut Document, to: u32) {
    let goal = document.get_pages()[&to];
    let tree = document
        .catalog()
        .and_then(|catalog| catalog.get_deref(b"Names", document))
        .and_then(Object::as_dict)
        .and_then(|names| names.get(b"Dests"))
        .and_then(Object::as_reference)
        .expect("places have names");
    let names = document
        .get_dictionary_mut(tree)
        .and_then(|tree| tree.get_mut(b"Names"))
        .and_then(Object::as_array_mut)
        .expect("it has names");
    for place in names.iter_mut().skip(1).step_by(2) {
        place.as_array_mut().expect("a place")[0] = goal.into();
    }
}

#[test]
fn links_calls_and_locators_of_a_pdf_that_lead_elsewhere_are_found() {
    let found = in_pdf(small(), |document| mislead(document, PAGE, 1));
    says(
        &found,
        "here in the PDF leads elsewhere (in the editors' files)",
    );
    says(&found, "on page 3 does not lead where it should");
    let last = u32::try_from(small().composed.pages.pages.len()).expect("few pages");
    let found = in_pdf(small(), |document| mislead(document, last, 9));
    says(&found, "in the index of the PDF leads to page 7");
    let found = in_pdf(small(), |document| rename(document, 1));
    says(&found, "on page 3 does not lead where it should");
}

#[test]
fn labels_of_a_pdf_that_are_wrong_are_found() {
    let found = in_pdf(small(), |document| {
        let catalog = document.catalog_mut().expect("there is a catalog");
        catalog.remove(b"PageLabels");
    });
    says(&found, "page 1 of the PDF is numbered “i” but labelled “”");
}

/// What is said of a book's sheets after they were changed.
fn in_sheets(book: &Book, change: impl Fn(&mut Document)) -> Vec<String> {
    let mut report = Report::default();
    let wanted = cordel::manifest::Booklet::default();
    let (files, _) = booklet::impose(&book.composed, &wanted, &mut report).expect("A5 goes on A4");
    assert!(!report.has_errors());
    let files: Vec<Vec<u8>> = files
        .iter()
        .map(|file| resaved(&file.bytes, &change))
        .collect();
    let files: Vec<&[u8]> = files.iter().map(Vec::as_slice).collect();
    verify::sheets(
        &files,
        &book.composed.edition,
        &book.composed.pages,
        &mut report,
    );
    messages(report)
}

/// The forms that hold pages, in the order of the pages.
fn forms(document: &Document) -> Vec<ObjectId> {
    let forms = document.objects.iter().filter(|(_, object)| {
        let stream = object.as_stream().ok();
        let kind = stream.and_then(|stream| stream.dict.get(b"Subtype").ok()?.as_name().ok());
        kind == Some(b"Form")
    });
    forms.map(|(id, _)| *id).collect()
}

#[test]
fn words_dropped_from_a_sheet_are_found() {
    let found = in_sheets(small(), |document| {
        let mut forms = forms(document).into_iter();
        let form = forms
            .find(|form| in_content(document, *form, |_| {}) > 20)
            .expect("a page of text");
        in_content(document, form, |operations| {
            let at = shows(operations)[3];
            operations.remove(at);
        });
    });
    assert_eq!(found.len(), 1, "{found:#?}");
    says(&found, "of sheet");
}

#[test]
fn sheets_in_another_order_are_found() {
    let found = in_sheets(small(), |document| {
        let pages = document.get_pages();
        let contents = |document: &Document, page: u32| {
            document
                .get_dictionary(pages[&page])
                .expect("it is there")
                .clone()
        };
        let (first, second) = (contents(document, 1), contents(document, 2));
        document.set_object(pages[&1], second);
        document.set_object(pages[&2], first);
    });
    says(
        &found,
        "the right half of the front of sheet 1, which must be page i, shows “",
    );
    says(
        &found,
        "the left half of the back of sheet 1, which must be page ii, shows “",
    );
}

#[test]
fn backs_that_stand_the_wrong_way_up_are_found() {
    let found = in_sheets(small(), |document| {
        let catalog = document.catalog_mut().expect("there is a catalog");
        let preferences = catalog
            .get_mut(b"ViewerPreferences")
            .and_then(Object::as_dict_mut);
        let preferences = preferences.expect("it says how to print it");
        let long = preferences
            .get(b"Duplex")
            .and_then(Object::as_name)
            .expect("it says so")
            == b"DuplexFlipLongEdge";
        let other = if long {
            "DuplexFlipShortEdge"
        } else {
            "DuplexFlipLongEdge"
        };
        preferences.set("Duplex", Object::Name(other.into()));
    });
    says(&found, "of the back of sheet 1, which must be");
}

/// Titles of signs alone are words of the book like others.
#[test]
fn signs_alone_are_compared() {
    let pack = packs::scratch();
    packs::small_pack(pack.path(), None);
    for (file, from, to) in [
        ("book.toml", "\"Introduction\"", "\"* * *\""),
        ("book.toml", "\"The Weir\"", "\"?!\""),
        ("book.toml", "\"Note on the Text\"", "\"1.\""),
    ] {
        let path = pack.path().join(file);
        let text = std::fs::read_to_string(&path).expect("it is there");
        assert!(text.contains(from), "{file} has {from}");
        std::fs::write(&path, text.replacen(from, to, 1)).expect("it can be written");
    }
    let book = of(pack.path());
    assert_eq!(in_epub(&book, |_, text| text), [""; 0]);
    assert_eq!(in_pdf(&book, |_| {}), [""; 0]);
    assert_eq!(in_sheets(&book, |_| {}), [""; 0]);
}
