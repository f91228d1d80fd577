//! The PDF as a file, read from outside by lopdf, which has no part in how its objects are
//! packed.

use std::collections::BTreeSet;

use cordel::diag::Report;
use cordel::pipeline::{self, Request};
use cordel::source::Inputs;
use lopdf::{Dictionary, Document, Object};

use crate::packs;

/// The full pack as a PDF; `None` where the sources are not there.
fn full_pack() -> Option<Vec<u8>> {
    let request = Request {
        edition: None,
        epub: false,
        pdf: true,
        review: false,
        source_folders: vec![packs::sources()?],
    };
    let mut inputs = Inputs::read_pack(&packs::root().join("book")).expect("the pack is there");
    let built = pipeline::build(&mut inputs, &request, &mut |_| {}, &mut Report::default());
    let (files, _) = built.expect("the sources can be read").expect("no errors");
    let pdf = files.into_iter().find(|file| file.name.ends_with(".pdf"));
    Some(pdf.expect("a PDF was asked for").bytes)
}

fn dictionaries(document: &Document) -> impl Iterator<Item = &Dictionary> {
    let objects = document.objects.values();
    objects.filter_map(|object| {
        let stream = object.as_stream().map(|stream| &stream.dict);
        stream.or_else(|_| object.as_dict()).ok()
    })
}

fn is(dictionary: &Dictionary, key: &[u8], value: &[u8]) -> bool {
    matches!(dictionary.get(key).and_then(Object::as_name), Ok(name) if name == value)
}

/// The full pack in A5 has less than 600 kB, all fonts in it.
#[test]
fn the_full_pack_is_small() {
    let Some(pdf) = full_pack() else { return };
    assert!(pdf.len() < 600_000, "{} bytes", pdf.len());
    let document = Document::load_mem(&pdf).expect("lopdf reads it");
    let fonts = dictionaries(&document).filter(|font| is(font, b"Type", b"Font"));
    let mut faces = 0;
    for font in fonts {
        let program = font
            .get_deref(b"FontDescriptor", &document)
            .and_then(Object::as_dict)
            .and_then(|described| described.get_deref(b"FontFile2", &document))
            .and_then(Object::as_stream)
            .and_then(lopdf::Stream::decompressed_content)
            .expect("every font has its file");
        assert!(program.starts_with(&[0, 1, 0, 0]), "a TrueType font");
        faces += 1;
    }
    assert!(faces >= 4, "{faces} faces");
}

/// Every place that a link or a line of the outline leads to has a name, and every name a
/// page.
#[test]
fn every_place_that_is_led_to_has_a_name() {
    let Some(pdf) = full_pack() else { return };
    let document = Document::load_mem(&pdf).expect("lopdf reads it");
    let catalog = document.catalog().expect("a file has one");
    let names = catalog
        .get_deref(b"Names", &document)
        .and_then(Object::as_dict)
        .and_then(|names| names.get_deref(b"Dests", &document))
        .and_then(Object::as_dict)
        .and_then(|tree| tree.get(b"Names"))
        .and_then(Object::as_array)
        .expect("it has named places");
    let pages: BTreeSet<_> = document.page_iter().collect();
    let mut known = BTreeSet::new();
    let mut last: &[u8] = b"";
    for pair in names.chunks_exact(2) {
        let (name, goal) = (pair[0].as_str().expect("a name"), pair[1].as_array());
        let page = goal.expect("a place")[0].as_reference().expect("a page");
        assert!(pages.contains(&page), "{name:?}");
        assert!(last < name, "names are sorted");
        last = name;
        known.insert(name);
    }
    let (mut links, mut led) = (0, BTreeSet::new());
    for leading in dictionaries(&document).filter_map(|any| any.get(b"Dest").ok()) {
        let name = leading.as_str().expect("every goal is told by its name");
        assert!(known.contains(name), "{}", String::from_utf8_lossy(name));
        led.insert(name);
        links += 1;
    }
    assert!(links > 3_000, "{links} ways");
    assert_eq!(led.len(), known.len(), "no name is idle");
}
