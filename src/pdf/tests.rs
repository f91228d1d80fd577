//! Hand-made pages, written and read back.

use lopdf::{Document, Object};
use skrifa::MetadataProvider;

use crate::fonts::{Face, FaceId, FontSet};
use crate::pages::*;
use crate::units::{Folio, Length, Numerals, Point, Rect, Size};

/// Sets words on a base line without kerning, each character by the glyph of its own.
pub(super) fn run(text: &str, face: FaceId, size: i64, x: i64, y: i64, tag: Option<TagId>) -> Run {
    let face: &Face = FontSet::built_in().get(face);
    let font = face.font();
    let (map, metrics) = (
        font.charmap(),
        font.glyph_metrics(
            skrifa::instance::Size::unscaled(),
            skrifa::instance::LocationRef::default(),
        ),
    );
    let size = Length::pt(size);
    let glyphs = text.char_indices().map(|(at, character)| {
        let id = map.map(character).unwrap_or_default();
        #[expect(
            clippy::cast_possible_truncation,
            reason = "advances are small whole numbers"
        )]
        let units = metrics.advance_width(id).unwrap_or_default() as i32;
        Glyph {
            id: u16::try_from(id.to_u32()).expect("glyph ids are short"),
            advance: size.of_font_units(units, face.units_per_em),
            offset: Point::default(),
            cluster: u32::try_from(at).expect("a short text"),
            added_hyphen: false,
        }
    });
    Run {
        face: face.id,
        size,
        origin: Point {
            x: Length::pt(x),
            y: Length::pt(y),
        },
        glyphs: glyphs.collect(),
        text: text.to_string(),
        grey: 0,
        tag,
        span: None,
    }
}

fn tag(kind: TagKind, parent: u32) -> Tag {
    Tag {
        kind,
        parent: Some(TagId(parent)),
        lang: None,
        alt: None,
    }
}

fn rect(x: i64, y: i64, width: i64, height: i64) -> Rect {
    Rect {
        origin: Point {
            x: Length::pt(x),
            y: Length::pt(y),
        },
        size: Size {
            width: Length::pt(width),
            height: Length::pt(height),
        },
    }
}

/// Three pages with a heading, a paragraph with a link, a hyphen, a note, a figure, a list.
pub(super) fn booklet() -> Pages {
    let mut structure = vec![Tag {
        parent: None,
        ..tag(TagKind::Document, 0)
    }];
    let mut add = |kind, parent: TagId| {
        structure.push(tag(kind, parent.0));
        TagId(u32::try_from(structure.len() - 1).expect("few"))
    };
    let top = TagId(0);
    let section = add(TagKind::Section, top);
    let heading = add(TagKind::Heading(1), section);
    let paragraph = add(TagKind::Paragraph, section);
    let link = add(TagKind::Link, paragraph);
    let note = add(TagKind::Note, section);
    let figure = add(TagKind::Figure, section);
    let list = add(TagKind::List, section);
    let item = add(TagKind::ListItem, list);
    let label = add(TagKind::Label, item);
    let body = add(TagKind::ListBody, item);
    let _empty = add(TagKind::Quote, section);
    let table = add(TagKind::Table, section);
    let row = add(TagKind::TableRow, table);
    let head = add(TagKind::TableHead, row);
    let _head = add(TagKind::TableHead, row);
    structure[figure.0 as usize].alt = Some("Un círculo".into());
    structure[note.0 as usize].lang = Some("es-CL".into());

    let set = FontSet::built_in();
    let (serif, italic, sans) = (
        FaceId(3),
        FaceId(2),
        set.find(crate::fonts::Family::Sans, true, false),
    );
    let mut hyphenated = run("solda-", serif, 10, 40, 80, Some(paragraph));
    hyphenated.glyphs.last_mut().expect("six").added_hyphen = true;
    let mut raised = run("(1)", serif, 7, 160, 94, Some(paragraph));
    raised
        .glyphs
        .iter_mut()
        .for_each(|glyph| glyph.offset.y = Length::pt(3));
    let first = Page {
        folio: Some(Folio {
            numerals: Numerals::Roman,
            number: 1,
        }),
        items: vec![
            Item::Run(run("Running head", sans, 8, 40, 30, None)),
            Item::Rule {
                rect: rect(40, 32, 200, 1),
                grey: 128,
                tag: None,
            },
            Item::Run(run("Los años \\ (flores)", sans, 16, 40, 60, Some(heading))),
            Item::Run(hyphenated),
            Item::Run(run("do and the ", serif, 10, 40, 94, Some(paragraph))),
            Item::Run(run("wide field", italic, 10, 90, 94, Some(link))),
            Item::Run(raised),
            Item::Run(run("Note: it was wide.", serif, 8, 40, 190, Some(note))),
        ],
        links: vec![
            Link {
                rect: rect(90, 84, 50, 12),
                to: LinkTarget::Web("https://example.org/año".into()),
                label: "Example, in Spanish".into(),
                tag: Some(link),
            },
            Link {
                rect: rect(160, 84, 20, 12),
                to: LinkTarget::Page {
                    page: 2,
                    top: Length::pt(50),
                },
                label: "page 1".into(),
                tag: Some(paragraph),
            },
        ],
    };
    let second = Page {
        folio: Some(Folio {
            numerals: Numerals::Roman,
            number: 2,
        }),
        items: vec![
            Item::Run(run("and on it went.", serif, 10, 40, 60, Some(paragraph))),
            Item::Picture {
                picture: 0,
                rect: rect(40, 80, 60, 60),
                tag: Some(figure),
            },
        ],
        links: Vec::new(),
    };
    let third = Page {
        folio: Some(Folio {
            numerals: Numerals::Arabic,
            number: 1,
        }),
        items: vec![
            Item::Run(run("1.", serif, 10, 40, 60, Some(label))),
            Item::Run(run("First of all", serif, 10, 60, 60, Some(body))),
            Item::Run(run("Head", serif, 10, 60, 90, Some(head))),
        ],
        links: Vec::new(),
    };
    let alpha = (0..64u8)
        .map(|at| if at % 3 == 0 { 255 } else { at * 3 })
        .collect();
    Pages {
        info: Info {
            title: "A small book & more".into(),
            authors: vec!["Ñusta Pérez".into(), "B. Author".into()],
            subject: "Trial".into(),
            keywords: vec!["one".into(), "two".into()],
            language: "en-GB".into(),
            identifier: "urn:uuid:00000000-0000-4000-8000-000000000000".into(),
            date: "2024-05-01".into(),
        },
        trim: Size {
            width: Length::pt(298),
            height: Length::milli_pt(419_528),
        },
        pages: vec![first, second, third],
        outline: vec![
            OutlineEntry {
                title: "Los años".into(),
                level: 0,
                page: 0,
                top: Length::pt(40),
            },
            OutlineEntry {
                title: "Inner".into(),
                level: 1,
                page: 1,
                top: Length::pt(40),
            },
            OutlineEntry {
                title: "Last".into(),
                level: 0,
                page: 2,
                top: Length::pt(40),
            },
        ],
        structure,
        places: Places::default(),
        pictures: vec![Picture {
            width: 8,
            height: 8,
            data: PictureData::Samples {
                components: 3,
                samples: (0..192u8).collect(),
                alpha: Some(alpha),
            },
        }],
    }
}

fn write(pages: &Pages) -> Vec<u8> {
    super::write(pages, FontSet::built_in())
}

#[test]
fn the_same_pages_give_the_same_bytes() {
    let pages = booklet();
    let file = write(&pages);
    assert!(file.starts_with(b"%PDF-1.7"));
    assert!(file == write(&pages));
}

#[test]
fn a_book_without_pages_is_still_a_file() {
    let file = write(&Pages::default());
    assert!(Document::load_mem(&file).is_ok());
}

#[test]
fn no_object_is_left_unreached() {
    let mut document = Document::load_mem(&write(&booklet())).expect("lopdf reads it");
    let unreached = document.prune_objects();
    let idle: Vec<&Object> = unreached
        .iter()
        .filter_map(|id| document.get_object(*id).ok())
        .collect();
    assert!(idle.is_empty(), "{idle:?}");
}
