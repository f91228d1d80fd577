//! PDFs brought in as sources: what pages of others' making say, and what is refused.

use std::io::Write;

use cordel::diag::Report;
use cordel::import::propose::{propose, recipe};
use cordel::import::{self, Kind};
use cordel::source::Inputs;
use lopdf::{Dictionary, Document, Object, Stream, dictionary};

use crate::packs;

/// A file as it is imported where nobody can be asked; or what is wrong with it.
fn imported(bytes: Vec<u8>) -> Result<String, String> {
    let mut inputs = Inputs::default();
    let raw = inputs.add_encoded("paper.pdf".into(), bytes);
    let mut report = Report::default();
    let Some(opened) = import::open(&mut inputs, raw, &mut report) else {
        return Err(report.render(&inputs));
    };
    assert_eq!(opened.kind, Kind::Pdf);
    let proposal = propose(&inputs, &opened);
    let text = recipe(&proposal, "paper", |_, rule| rule.safe);
    let recipe = inputs.add_text("recipe.toml", text);
    let clean = import::clean_opened(&inputs, &opened, recipe, &mut report);
    let account = clean
        .ledger
        .account(&clean.map, inputs.text(opened.text).len());
    account.expect("every character of the text is accounted for");
    Ok(clean.markdown)
}

fn stored(name: &str) -> Vec<u8> {
    std::fs::read(packs::root().join("tests/pdfs").join(name)).expect("it is there")
}

/// What was typed is what is read: paragraphs over columns and pages, headings, notes at the
/// page's foot, words divided at line ends, without running heads and page numbers.
#[test]
fn papers_are_read_as_they_were_written() {
    for name in ["latex-two-columns", "latex-notes", "chromium"] {
        let found = imported(stored(&format!("{name}.pdf"))).expect("it can be read");
        packs::compare(&packs::root().join(format!("tests/pdfs/{name}.md")), &found);
    }
}

/// The words of a text of ours come back from our own PDF. Letters that a face itself draws
/// raised are not told from others, so notes called by those stay in the text.
#[test]
fn our_own_pages_are_read() {
    let pack = packs::scratch();
    packs::small_pack(pack.path(), None);
    let files = packs::build(pack.path())
        .0
        .expect("the small book has no errors");
    let pdf = files
        .iter()
        .find(|file| file.name.ends_with(".pdf"))
        .expect("it is made");
    let found = imported(pdf.bytes.clone()).expect("it can be read");
    for part in [
        "## What they dispute",
        "The miller stood on the bank;",
        "came only in the morning.[^n1]",
        "[^n1]: Neither gave a name; the town's roll has two millers in that year.",
        "A letter, not dated, on both sides of one sheet. The hand is the same throughout.",
    ] {
        assert!(found.contains(part), "“{part}” in {found}");
    }
}

#[track_caller]
fn refused(bytes: Vec<u8>, why: &str) {
    let fault = imported(bytes).expect_err("it is refused");
    assert!(
        fault.contains("error[unreadable-file]") && fault.contains(why),
        "{fault}"
    );
}

/// A file of one page with some content, and what its resources name.
fn paper(content: Stream, resources: Dictionary) -> Vec<u8> {
    let mut document = Document::with_version("1.5");
    let tree = document.new_object_id();
    let content = document.add_object(content);
    let page = document.add_object(dictionary! {
        "Type" => "Page", "Parent" => tree, "Contents" => content, "Resources" => resources,
        "MediaBox" => vec![0.into(), 0.into(), 300.into(), 400.into()],
    });
    let pages = dictionary! { "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1 };
    document.objects.insert(tree, Object::Dictionary(pages));
    saved(document, tree)
}

fn saved(mut document: Document, tree: (u32, u16)) -> Vec<u8> {
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => tree });
    document.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).expect("memory can be written");
    bytes
}

fn deflated(of: u8, length: usize) -> Stream {
    let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    let some = vec![of; 1 << 20];
    for _ in 0..length >> 20 {
        packer.write_all(&some).expect("memory can be written");
    }
    let packed = packer.finish().expect("memory can be written");
    Stream::new(dictionary! { "Filter" => "FlateDecode" }, packed)
}

#[test]
fn what_cannot_be_read_is_refused() {
    refused(stored("locked.pdf"), "password");
    refused(b"%PDF-1.7 and nothing".to_vec(), "it is damaged");
    // A scan: a picture and no letters.
    let scan = Stream::new(dictionary! {}, b"q 300 0 0 400 0 0 cm /Scan Do Q".to_vec());
    refused(paper(scan, dictionary! {}), "its pages are pictures");
    // What unpacks to half a gigabyte.
    refused(
        paper(deflated(b' ', 512 << 20), dictionary! {}),
        "unpacks to more than there may be",
    );
}

#[test]
fn pages_that_lead_into_themselves_end() {
    let mut document = Document::with_version("1.5");
    let tree = document.new_object_id();
    let pages = dictionary! { "Type" => "Pages", "Kids" => vec![tree.into(), tree.into()], "Count" => 2, "Parent" => tree };
    document.objects.insert(tree, Object::Dictionary(pages));
    refused(saved(document, tree), "its pages are pictures");
    // A form that draws itself twice.
    let mut document = Document::with_version("1.5");
    let (tree, form) = (document.new_object_id(), document.new_object_id());
    let own = dictionary! { "XObject" => dictionary! { "Again" => form } };
    let again = Stream::new(
        dictionary! { "Type" => "XObject", "Subtype" => "Form", "Resources" => own.clone() },
        b"/Again Do /Again Do".to_vec(),
    );
    document.objects.insert(form, Object::Stream(again));
    let content = document.add_object(Stream::new(dictionary! {}, b"/Again Do".to_vec()));
    let page = document.add_object(dictionary! { "Type" => "Page", "Parent" => tree, "Contents" => content, "Resources" => own });
    let pages = dictionary! { "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1 };
    document.objects.insert(tree, Object::Dictionary(pages));
    refused(saved(document, tree), "its pages are pictures");
}

/// A page tree ten thousand deep, and arrays as deep in a page's content.
#[test]
fn deep_trees_end() {
    let mut document = Document::with_version("1.5");
    let root = document.new_object_id();
    let mut parent = root;
    for _ in 0..10_000 {
        let kid = document.new_object_id();
        let pages = dictionary! { "Type" => "Pages", "Kids" => vec![kid.into()], "Count" => 1 };
        document.objects.insert(parent, Object::Dictionary(pages));
        parent = kid;
    }
    document
        .objects
        .insert(parent, Object::Dictionary(dictionary! { "Type" => "Page" }));
    refused(saved(document, root), "its pages are pictures");
    let deep = Stream::new(dictionary! {}, "[".repeat(100_000).into_bytes());
    refused(paper(deep, dictionary! {}), "its pages are pictures");
}

/// Bytes changed by chance, the same ones every time: refused or read, and always an end.
#[test]
fn damaged_files_are_refused_or_read() {
    let whole = stored("latex-two-columns.pdf");
    let mut seed: u64 = 7;
    let mut chance = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        usize::try_from(seed >> 33).unwrap_or_default() % below
    };
    for _ in 0..40 {
        let mut bytes = whole.clone();
        for _ in 0..1 + chance(8) {
            let at = chance(bytes.len());
            bytes[at] = u8::try_from(chance(256)).unwrap_or_default();
        }
        bytes.truncate(bytes.len() - chance(bytes.len() / 4));
        let _ = imported(bytes);
    }
}
