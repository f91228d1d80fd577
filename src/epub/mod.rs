//! The edition to the bytes of an EPUB 3.3, with the page numbers of its printed form.

mod blocks;
mod canvas;
mod check;
mod container;
mod cover;
mod drawing;
mod escape;
mod fit;
mod index;
mod kindle;
mod kobo;
mod nav;
mod package;
mod pictures;
mod plan;
mod prepare;
mod raster;
mod sections;
mod subset;
#[cfg(test)]
mod tests;
mod typefaces;
mod variants;
mod xhtml;

use crate::edition::Edition;
use crate::fonts::FontSet;
use crate::manifest::Design;
use crate::pages::Pages;
use crate::source::Inputs;

pub use variants::{About, Variant, about, variant};

use container::{Parts, Text};
use package::{Access, Item};
use pictures::Pictures;
use plan::{NAV, Plan};
use sections::Document;
use typefaces::Typeface;

const STYLE: &str = include_str!("style.css");
const SERIF_LICENCE: &str = include_str!("../../fonts/Alegreya/OFL.txt");
const SANS_LICENCE: &str = include_str!("../../fonts/AlegreyaSans/OFL.txt");

/// Writes an EPUB. Of the printed edition's design it takes what a reader can follow on a
/// screen too.
pub fn write(
    inputs: &Inputs,
    edition: &Edition,
    design: &Design,
    pages: &Pages,
    fonts: &FontSet,
) -> Vec<u8> {
    let plan = Plan::new(edition, design, pages);
    let mut pictures = Pictures::new(inputs, edition, fonts);
    let own_cover = pictures.cover();
    let own = own_cover.as_ref();
    let cover_file = own.map_or((cover::PICTURE, cover::MEDIA_TYPE), |own| {
        (own.name.as_str(), own.media_type)
    });
    let mut documents = vec![cover::document(&plan, cover_file.0)];
    documents.extend((0..plan.files.len()).map(|file| sections::write(&plan, &mut pictures, file)));
    let is_read = documents.iter().any(|document| document.name == NAV);
    if !is_read {
        documents.push(nav::document(&plan, &mut pictures));
    }
    let typefaces = typefaces::choose(inputs, &edition.metadata, fonts, &documents);
    let style = typefaces::sheet(STYLE, &typefaces);
    let mut texts: Vec<Text<'_>> = vec![("stylesheet.css", "text/css", &style)];
    if edition.metadata.ebook_fonts.is_none() {
        texts.push(("fonts/Alegreya-OFL.txt", "text/plain", SERIF_LICENCE));
        texts.push(("fonts/AlegreyaSans-OFL.txt", "text/plain", SANS_LICENCE));
    }
    let mut items = items(&documents, &pictures, cover_file, is_read);
    items.extend(beside(&texts, &typefaces));
    let access = Access {
        pictures: !pictures.files.is_empty(),
        described: pictures.all_described,
        index: documents
            .iter()
            .any(|document| document.properties == "index"),
        pages: !plan.page_list.is_empty(),
    };
    let package = package::write(&plan, &items, access);
    let ncx = nav::ncx(&plan, &package::identifier(&edition.metadata));
    let (cover, built) = rayon::join(
        || match own {
            Some(own) => own.bytes.clone(),
            None => cover::draw(&edition.metadata, &sections::credits(&plan), fonts).into(),
        },
        || container::build(&documents, &texts, &typefaces),
    );
    let mut stored = vec![(cover_file.0.to_string(), cover.as_ref())];
    stored.extend(
        pictures
            .files
            .iter()
            .map(|file| (file.name.clone(), file.bytes.as_ref())),
    );
    let parts = Parts {
        documents,
        texts: &texts,
        package,
        ncx,
        stored,
        fonts: &typefaces,
    };
    debug_assert_eq!(check::faults(&parts), Vec::<String>::new());
    container::finish(&built, &parts)
}

/// Everything that the package lists, in the order of reading where there is one.
fn items(
    documents: &[Document],
    pictures: &Pictures<'_>,
    (cover, cover_type): (&str, &'static str),
    nav_is_read: bool,
) -> Vec<Item> {
    let mut items = vec![
        resource("ncx", nav::NCX, "application/x-dtbncx+xml", ""),
        resource("cover-image", cover, cover_type, "cover-image"),
    ];
    for (at, document) in documents.iter().enumerate() {
        items.push(Item {
            id: match document.name == NAV {
                true => "nav".into(),
                false => format!("text-{at}"),
            },
            href: document.name.clone(),
            media_type: "application/xhtml+xml",
            properties: document.properties,
            in_spine: nav_is_read || document.name != NAV,
        });
    }
    for (at, file) in pictures.files.iter().enumerate() {
        items.push(resource(
            &format!("picture-{at}"),
            &file.name,
            file.media_type,
            "",
        ));
    }
    items
}

/// What the package lists of texts and fonts beside the book.
fn beside(texts: &[Text<'_>], typefaces: &[Typeface]) -> Vec<Item> {
    let texts = texts.iter().enumerate().map(|(at, (name, media_type, _))| {
        resource(&format!("resource-{at}"), name, media_type, "")
    });
    let fonts = typefaces
        .iter()
        .enumerate()
        .map(|(at, face)| resource(&format!("font-{at}"), &face.name, face.media_type, ""));
    texts.chain(fonts).collect()
}

fn resource(id: &str, href: &str, media_type: &'static str, properties: &'static str) -> Item {
    Item {
        id: id.into(),
        href: href.into(),
        media_type,
        properties,
        in_spine: false,
    }
}
