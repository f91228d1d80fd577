//! Pages to the bytes of a PDF 1.7, tagged after PDF/UA-1 and fit for an archive (PDF/A-2).
//!
//! printpdf assembles fonts and page shells; content, structure, navigation and metadata
//! are written around them through lopdf, the library that it stands on, because a book
//! needs more of each than printpdf offers.

use lopdf::{Dictionary, Document, Object, ObjectId};
use printpdf::{Mm, Op, PdfDocument, PdfPage, PdfSaveOptions};
use rayon::prelude::*;

use crate::fonts::FontSet;
use crate::pages::Pages;

mod clusters;
mod codes;
mod content;
mod cropping;
mod destinations;
mod details;
mod file;
mod fonts;
mod lines;
mod metadata;
mod navigation;
mod objects;
mod operators;
mod packs;
mod pictures;
mod rows;
mod sfnt;
mod shapes;
mod sheets;
mod srgb;
mod structure;
#[cfg(test)]
mod tests;
mod texts;
mod usage;

use content::Content;
use destinations::Destinations;
use details::Details;
use fonts::Faces;
use metadata::Claims;
use navigation::PlacedLink;
use objects::{dictionary, name, packed};
use structure::Placed;
use texts::{Sheaf, Texts};

pub use sheets::write_sheets;

/// Writes a PDF: the same bytes for the same pages. It takes the pages because a long book's
/// lines are the largest part of it, and can be let go as soon as they are written.
pub fn write(mut pages: Pages, fonts: &FontSet) -> Vec<u8> {
    let faces = Faces::gather(&pages, fonts);
    let (mut contents, (mut shell, details)) = rayon::join(
        || write_contents(&pages, &faces),
        || {
            let shell = Shell::assemble(&pages, fonts, &faces);
            (shell, Details::gather(&pages))
        },
    );
    let lines = pages.pages.par_iter_mut().map(|page| &mut page.items);
    lines.for_each(|items| *items = Vec::new());
    let pages = &pages;
    let mut texts = Texts::new(shell.most_objects(pages));
    let destinations = Destinations::gather(pages);
    let links = navigation::links(pages, &destinations, &mut shell.document, &mut texts);
    shell.fill_pages(pages, &mut contents, &links, &mut texts);
    let placed = Placed {
        pages: &shell.pages,
        contents: &contents,
        links: &links,
        details: &details,
    };
    let structure = structure::write(pages, &placed, &mut shell.document, &mut texts);
    let claims = Claims::of(pages, faces.miss_glyphs());
    shell.finish_catalog(pages, claims, structure, &destinations);
    file::write(&shell.document, &texts)
}

fn write_contents(pages: &Pages, faces: &Faces) -> Vec<Content> {
    let write = |page| content::write(page, pages, faces);
    (0..pages.pages.len()).into_par_iter().map(write).collect()
}

/// The document as printpdf assembles it, without the registry page.
struct Shell {
    document: Document,
    /// By their place in [`Pages::pages`].
    pages: Vec<ObjectId>,
    /// What all pages share: fonts and pictures.
    resources: ObjectId,
    tree: ObjectId,
}

impl Shell {
    /// Has printpdf write the fonts and as many empty pages as the book has, and after
    /// them a page that shows every glyph, which it needs to see and the book does not.
    fn assemble(pages: &Pages, fonts: &FontSet, faces: &Faces) -> Shell {
        let mut printed = PdfDocument::new("");
        let registry = faces.register(fonts, &mut printed.resources);
        let empty = |ops: Vec<Op>| PdfPage::new(Mm(10.0), Mm(10.0), ops);
        printed.pages = pages.pages.iter().map(|_| empty(Vec::new())).collect();
        printed.pages.push(empty(registry));
        let mut document = printed.to_lopdf_document(&PdfSaveOptions::default(), &mut Vec::new());
        let mut ids: Vec<ObjectId> = document.page_iter().collect();
        let registry = ids.pop().expect("the registry page is the last");
        let resources = take_resources(registry, &mut document);
        faces.finish(fonts, &resources.fonts, &mut document);
        let entries = dictionary([
            ("Font", resources.fonts.into()),
            (
                "XObject",
                pictures::write(&pages.pictures, &mut document).into(),
            ),
        ]);
        for &page in ids.iter().chain([&registry]) {
            for part in parts(page, &document) {
                document.objects.remove(&part);
            }
        }
        document.objects.remove(&registry);
        for leftover in resources.leftovers {
            document.objects.remove(&leftover);
        }
        let catalog = document.catalog().expect("printpdf writes a catalog");
        let tree = catalog
            .get(b"Pages")
            .and_then(Object::as_reference)
            .expect("a catalog leads to the pages");
        Shell {
            resources: document.add_object(entries),
            pages: ids,
            tree,
            document,
        }
    }

    /// At most so many objects are numbered in the end.
    fn most_objects(&self, pages: &Pages) -> usize {
        let links = pages.pages.iter().map(|page| page.links.len());
        let links: usize = links.sum();
        // Each page has its content, and tables of its links and its marks.
        let on_pages = 4 * pages.pages.len() + 2 * links;
        let besides = pages.structure.len() + pages.outline.len() + 64;
        self.document.max_id as usize + on_pages + besides
    }

    /// Gives each page its content, its boxes and its links.
    fn fill_pages(
        &mut self,
        pages: &Pages,
        contents: &mut [Content],
        links: &[PlacedLink],
        texts: &mut Texts,
    ) {
        let boxes = cropping::boxes(pages);
        let marks = cropping::marks(pages).map(|marks| self.document.add_object(marks));
        let mut links = links.iter().peekable();
        for (at, (&id, content)) in self.pages.iter().zip(contents).enumerate() {
            let filter = dictionary([("Filter", name("FlateDecode"))]);
            let stream = packed(filter, std::mem::take(&mut content.packed));
            let stream = self.document.add_object(stream);
            let contents = match marks {
                Some(marks) => vec![Object::from(marks), stream.into()].into(),
                None => Object::from(stream),
            };
            let mut page = dictionary([
                ("Type", name("Page")),
                ("Parent", self.tree.into()),
                ("Resources", self.resources.into()),
                ("Contents", contents),
                // Tab moves through the links in the order of reading.
                ("Tabs", name("S")),
            ]);
            for (name, corners) in &boxes {
                page.set(*name, corners.clone());
            }
            if links.peek().is_some_and(|link| link.page == at) {
                let annotations = self.document.new_object_id();
                page.set("Annots", annotations);
                texts.begin_table(annotations, Sheaf::Tables, "[");
                while let Some(link) = links.next_if(|link| link.page == at) {
                    texts.aligned_reference(link.id);
                    texts.end_cell();
                }
                texts.put("]");
                texts.end_cell();
            }
            if !pages.structure.is_empty() {
                page.set("StructParents", objects::count(at));
            }
            self.document.set_object(id, page);
        }
        let kids: Vec<Object> = self.pages.iter().map(|&page| page.into()).collect();
        let tree = dictionary([
            ("Type", name("Pages")),
            ("Count", objects::count(kids.len())),
            ("Kids", kids.into()),
        ]);
        self.document.set_object(self.tree, tree);
    }

    /// Writes what concerns the whole file.
    fn finish_catalog(
        &mut self,
        pages: &Pages,
        claims: Claims,
        structure: Option<ObjectId>,
        destinations: &Destinations,
    ) {
        let document = &mut self.document;
        let title = dictionary([("DisplayDocTitle", true.into())]);
        let mut catalog = dictionary([
            ("Type", name("Catalog")),
            ("Pages", self.tree.into()),
            ("PageLabels", navigation::labels(pages).into()),
            ("ViewerPreferences", title.into()),
            (
                "Metadata",
                document.add_object(metadata::xmp(pages, claims)).into(),
            ),
        ]);
        let intent = metadata::output_intent(document);
        catalog.set("OutputIntents", vec![Object::Dictionary(intent)]);
        if !pages.info.language.is_empty() {
            catalog.set("Lang", objects::text(&pages.info.language));
        }
        if let Some(names) = destinations.write(&self.pages, document) {
            catalog.set("Names", dictionary([("Dests", names.into())]));
        }
        if let Some(outline) = navigation::outline(pages, destinations, document) {
            catalog.set("Outlines", outline);
            catalog.set("PageMode", name("UseOutlines"));
        }
        if let Some(structure) = structure {
            catalog.set("StructTreeRoot", structure);
            catalog.set("MarkInfo", dictionary([("Marked", true.into())]));
        }
        self.set_trailing(catalog, metadata::info(&pages.info));
    }

    /// Sets what the file's trailer leads to.
    fn set_trailing(&mut self, catalog: Dictionary, info: Dictionary) {
        for (key, value) in [("Root", catalog), ("Info", info)] {
            let id = self
                .document
                .trailer
                .get(key.as_bytes())
                .and_then(Object::as_reference)
                .expect("printpdf names both in the trailer");
            self.document.set_object(id, value);
        }
    }
}

/// What printpdf made for a page to share.
struct Resources {
    fonts: Dictionary,
    /// The objects of kinds of resources that the book does not use.
    leftovers: Vec<ObjectId>,
}

fn take_resources(page: ObjectId, document: &mut Document) -> Resources {
    let shared = document
        .get_dictionary(page)
        .and_then(|page| page.get_deref(b"Resources", document))
        .and_then(Object::as_dict)
        .expect("printpdf gives pages their resources");
    let leftovers: Vec<ObjectId> = shared
        .iter()
        .filter_map(|(_, kind)| kind.as_reference().ok())
        .collect();
    let fonts = shared
        .get_deref(b"Font", document)
        .and_then(Object::as_dict)
        .expect("fonts are among the resources");
    Resources {
        fonts: fonts.clone(),
        leftovers,
    }
}

/// The objects that printpdf made for one page alone.
fn parts(page: ObjectId, document: &Document) -> Vec<ObjectId> {
    let page = document.get_dictionary(page).expect("the page was listed");
    let keys: [&[u8]; 2] = [b"Resources", b"Contents"];
    keys.iter()
        .filter_map(|key| page.get(key).and_then(Object::as_reference).ok())
        .collect()
}
