//! Hand-made pages, written and read back.

use lopdf::{Document, Object};
use skrifa::MetadataProvider;

use crate::fonts::{Face, FaceId, FontSet};
use crate::pages::{
    Glyph, Info, Item, Link, LinkTarget, OutlineEntry, Page, Pages, Picture, PictureData, Places,
    Run, Tag, TagId, TagKind,
};
use crate::units::{Folio, Length, Numerals, Point, Rect, Short, Size};

/// Sets words on a base line without kerning, each character by the glyph of its own.
fn run(text: &str, face: FaceId, size: i64, x: i64, y: i64, tag: Option<TagId>) -> Run {
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
            advance: size.of_font_units(units, face.units_per_em).into(),
            x: Short::default(),
            y: Short::default(),
            cluster: u32::try_from(at).expect("a short text"),
            added_hyphen: false,
        }
    });
    Run {
        face: face.id,
        size,
        expansion: 0,
        origin: Point {
            x: Length::pt(x),
            y: Length::pt(y),
        },
        glyphs: glyphs.collect(),
        text: text.to_string(),
        spoken: None,
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
fn booklet() -> Pages {
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
        .for_each(|glyph| glyph.y = Length::pt(3).into());
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
        area: crate::pages::Area::default(),
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
        bleed: None,
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
    super::write(pages.clone(), FontSet::built_in())
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
fn sheets_are_trimmed_where_their_marks_stand() {
    let pages = Pages {
        bleed: Some(Length::pt(9)),
        ..one_page(Vec::new())
    };
    let document = Document::load_mem(&write(&pages)).expect("a PDF");
    let id = document.page_iter().next().expect("a page");
    let page = document.get_dictionary(id).expect("a dictionary");
    let edges = |key: &[u8]| -> Vec<f32> {
        let edges = page.get(key).and_then(Object::as_array).expect("a box");
        let edges = edges.iter().map(|edge| edge.as_float());
        edges.collect::<Result<_, _>>().expect("numbers")
    };
    assert_eq!(edges(b"TrimBox"), [0.0, 0.0, 400.0, 600.0]);
    assert_eq!(edges(b"BleedBox"), [-9.0, -9.0, 409.0, 609.0]);
    let [left, bottom, right, top] = edges(b"MediaBox")[..] else {
        panic!("four edges");
    };
    let content = document.get_page_content(id);
    let content = lopdf::content::Content::decode(&content).expect("operators");
    let ends = content
        .operations
        .iter()
        .filter(|one| matches!(&*one.operator, "m" | "l"));
    let ends: Vec<[f32; 2]> = ends
        .map(|one| [0, 1].map(|at| one.operands[at].as_float().expect("a number")))
        .collect();
    assert_eq!(ends.len(), 16, "two marks at each corner");
    for [x, y] in ends {
        let on_a_cut = (x == 0.0 || x == 400.0) != (y == 0.0 || y == 600.0);
        let outside = !(-9.0..=409.0).contains(&x) || !(-9.0..=609.0).contains(&y);
        let on_the_sheet = left < x && x < right && bottom < y && y < top;
        assert!(on_a_cut && (outside || x == -9.0 || y == -9.0 || x == 409.0 || y == 609.0));
        assert!(on_the_sheet, "{x} {y}");
    }
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

/// The decoded content of a page, and the widths of its fonts' glyphs by code.
fn content(pages: &Pages, page: u32) -> (Vec<lopdf::content::Operation>, Vec<i64>) {
    let document = Document::load_mem(&write(pages)).expect("lopdf reads it");
    let id = document.get_pages()[&page];
    let stream = document.get_page_content(id);
    let operations = lopdf::content::Content::decode(&stream).expect("it is well formed");
    let fonts = document.get_page_fonts(id).expect("it has fonts");
    let font = fonts.values().next().expect("one at least");
    let first = font
        .get(b"FirstChar")
        .and_then(Object::as_i64)
        .expect("it has a first code");
    let first = usize::try_from(first).expect("above zero");
    let listed = font
        .get(b"Widths")
        .and_then(Object::as_array)
        .expect("it has widths");
    let mut widths = vec![0; 256];
    for (at, width) in listed.iter().enumerate() {
        widths[first + at] = width.as_i64().expect("a whole number");
    }
    (operations.operations, widths)
}

fn one_page(items: Vec<Item>) -> Pages {
    Pages {
        trim: Size {
            width: Length::pt(400),
            height: Length::pt(600),
        },
        pages: vec![Page {
            items,
            ..Page::default()
        }],
        ..Pages::default()
    }
}

/// However glyphs are spaced, each stands where it should to a few thousandths of an em, and
/// no line goes astray over many runs.
#[test]
fn rounding_never_adds_up() {
    let mut seed = 7;
    let mut items = Vec::new();
    let mut wanted = Vec::new();
    for line in 0..4 {
        let mut x = Length::pt(40);
        for word in 0..6 {
            let size = [Length::milli_pt(10_370), Length::milli_pt(8_310)][word % 2];
            let mut run = run("average words ", FaceId(3), 10, 0, 80 + 13 * line, None);
            run.size = size;
            run.origin.x = x;
            for glyph in &mut run.glyphs {
                seed = seed * 1_103_515_245 % 2_147_483_648 + 12_345;
                glyph.advance = Length(size.0 / 3 + seed % 9_973).into();
                wanted.push((x.to_pt(), size.to_pt()));
                x += glyph.advance;
            }
            x += Length(seed % 99_991);
            items.push(Item::Run(run));
        }
    }
    let (operations, widths) = content(&one_page(items), 1);
    let shown = starts(&operations, &widths);
    assert_eq!(shown.len(), wanted.len());
    for (shown, (wanted, size)) in shown.iter().zip(wanted) {
        assert!((shown - wanted).abs() < slack(size), "{shown} {wanted}");
    }
}

/// Widened letters stand where they should too, and those after them are not widened.
#[test]
fn expansion_is_told_and_ended() {
    let mut items = Vec::new();
    let mut wanted = Vec::new();
    for (line, expansion) in [(0, 15_i16), (1, 0), (2, -20)] {
        let mut run = run("average words", FaceId(3), 10, 40, 80 + 14 * line, None);
        run.expansion = expansion;
        let mut x = run.origin.x;
        for glyph in &mut run.glyphs {
            glyph.advance = Length::from(glyph.advance)
                .scaled(1000 + i64::from(expansion), 1000)
                .into();
            wanted.push(x.to_pt());
            x += glyph.advance;
        }
        items.push(Item::Run(run));
    }
    let (operations, widths) = content(&one_page(items), 1);
    let told = operations.iter().filter(|told| told.operator == "Tz");
    assert_eq!(told.count(), 3);
    let shown = starts(&operations, &widths);
    assert_eq!(shown.len(), wanted.len());
    for (shown, wanted) in shown.iter().zip(wanted) {
        assert!((shown - wanted).abs() < slack(10.0), "{shown} {wanted}");
    }
}

/// How far off its place a glyph may be in type of that size, in points.
fn slack(size: f64) -> f64 {
    size * (super::content::SLACK as f64 + 0.5) / 1000.0 + 0.006
}

/// Where each glyph begins along its line, in points, as a reader of the file reckons.
fn starts(operations: &[lopdf::content::Operation], widths: &[i64]) -> Vec<f64> {
    let (mut line, mut pen, mut spacing, mut size) = (0.0, 0.0, 0.0, 0.0);
    let (mut width, mut between_words) = (1.0, 0.0);
    let mut starts = Vec::new();
    for operation in operations {
        let number = |at: usize| f64::from(operation.operands[at].as_float().expect("a number"));
        match operation.operator.as_str() {
            "Tc" => spacing = number(0),
            "Tw" => between_words = number(0),
            "Tz" => width = number(0) / 100.0,
            "Tf" => size = number(1),
            "Td" => {
                line += number(0);
                pen = line;
            }
            "TJ" => {
                for piece in operation.operands[0].as_array().expect("an array") {
                    let Object::String(codes, _) = piece else {
                        let back = piece.as_i64().expect("whole moves") as f64 * size / 1000.0;
                        pen -= back * width;
                        continue;
                    };
                    for &code in codes {
                        starts.push(pen);
                        let own = widths[usize::from(code)] as f64 * size / 1000.0;
                        let added = if code == b' ' { between_words } else { 0.0 };
                        pen += (own + spacing + added) * width;
                    }
                }
            }
            _ => {}
        }
    }
    starts
}

/// Letters that are all set apart alike are told so once, and still stand where they should.
#[test]
fn letter_spacing_is_told_once() {
    let mut run = run("average words", FaceId(3), 10, 40, 80, None);
    let size = run.size;
    for glyph in &mut run.glyphs {
        glyph.advance += size.scaled(7, 1000);
    }
    let mut wanted = 40.0;
    let ends: Vec<f64> = run
        .glyphs
        .iter()
        .map(|glyph| {
            let start = wanted;
            wanted += Length::from(glyph.advance).to_pt();
            start
        })
        .collect();
    let (operations, widths) = content(&one_page(vec![Item::Run(run)]), 1);
    let arrays = operations
        .iter()
        .filter(|operation| operation.operator == "TJ");
    let pieces = arrays
        .map(|array| array.operands[0].as_array().map_or(0, Vec::len))
        .sum::<usize>();
    assert!(pieces <= 3, "{pieces} pieces");
    for (shown, wanted) in starts(&operations, &widths).iter().zip(ends) {
        assert!(
            (shown - wanted).abs() < slack(size.to_pt()),
            "{shown} {wanted}"
        );
    }
}

/// The texts that spans say instead of the fonts' own, in order.
fn spoken(operations: &[lopdf::content::Operation]) -> Vec<String> {
    let text = |operation: &lopdf::content::Operation| {
        let properties = operation.operands.get(1)?.as_dict().ok()?;
        let text = properties
            .get(b"ActualText")
            .and_then(Object::as_str)
            .ok()?;
        let units = text[2..]
            .chunks(2)
            .map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
        char::decode_utf16(units)
            .collect::<Result<String, _>>()
            .ok()
    };
    operations.iter().filter_map(text).collect()
}

#[test]
fn glyphs_say_what_they_stand_for() {
    let font = FontSet::built_in().get(FaceId(3)).font();
    let glyph = |character: char| {
        let id = font.charmap().map(character).expect("the face has it");
        u16::try_from(id.to_u32()).expect("glyph ids are short")
    };
    // A ligature twice for its letters and once for the character of its own; a letter for
    // another one once (a capital set as a small capital); a letter and its accent.
    let ligature = |text: &str| {
        let mut run = run("f", FaceId(3), 10, 40, 80, None);
        run.glyphs[0].id = glyph('\u{fb01}');
        run.text = text.into();
        Item::Run(run)
    };
    let mut small = run("aaaa", FaceId(3), 10, 40, 100, None);
    small.text = "aaAA".into();
    let mut accented = run("nn", FaceId(3), 10, 40, 120, None);
    accented.text = "ñ".into();
    accented.glyphs[1].cluster = 0;
    accented.glyphs[1].id = glyph('´');
    let mut hyphen = run("a-", FaceId(3), 10, 40, 140, None);
    hyphen.glyphs[1].added_hyphen = true;
    let items = vec![
        ligature("fi"),
        ligature("\u{fb01}"),
        ligature("fi"),
        Item::Run(small),
        Item::Run(run("a", FaceId(3), 10, 80, 100, None)),
        Item::Run(accented),
        Item::Run(hyphen),
        Item::Run(run("a-a", FaceId(3), 10, 40, 160, None)),
    ];
    let pages = one_page(items);
    let (operations, _) = content(&pages, 1);
    assert_eq!(spoken(&operations), ["ñ"], "all else has codes of its own");
    let document = Document::load_mem(&write(&pages)).expect("lopdf reads it");
    let mut shown = text(&document, &operations);
    shown.retain(|c| c != 'n' && c != '´');
    assert_eq!(shown, "fi\u{fb01}fiaaAAaa\u{ad}a-a");
}

/// What the codes of a page stand for in its one font, by the font's own table.
fn text(document: &Document, operations: &[lopdf::content::Operation]) -> String {
    let fonts = document.get_page_fonts(document.get_pages()[&1]);
    let fonts = fonts.expect("the page has fonts");
    let font = fonts.values().next().expect("one at least");
    let encoding = font
        .get_font_encoding(document)
        .expect("its codes have texts");
    let arrays = operations.iter().filter(|shown| shown.operator == "TJ");
    let pieces = arrays.flat_map(|shown| shown.operands[0].as_array().expect("an array"));
    pieces
        .filter_map(|piece| piece.as_str().ok())
        .map(|codes| Document::decode_text(&encoding, codes).expect("every code has a text"))
        .collect()
}

#[test]
fn broken_pages_make_no_panic() {
    let mut odd = run("ab", FaceId(3), 10, 40, 80, Some(TagId(99)));
    odd.glyphs[0].cluster = 77;
    odd.glyphs[1].id = u16::MAX;
    let mut flat = run("ab", FaceId(3), 0, 40, 80, None);
    flat.size = Length::ZERO;
    let mut pages = one_page(vec![
        Item::Run(odd),
        Item::Run(flat),
        Item::Run(Run {
            face: FaceId(200),
            ..run("a", FaceId(3), 10, 0, 0, None)
        }),
        Item::Picture {
            picture: 4,
            rect: Rect::default(),
            tag: None,
        },
    ]);
    pages.pages[0].links.push(Link {
        rect: Rect::default(),
        to: LinkTarget::Page {
            page: 12,
            top: Length::ZERO,
        },
        label: String::new(),
        tag: Some(TagId(50)),
    });
    pages.structure.push(Tag {
        parent: Some(TagId(7)),
        ..tag(TagKind::Paragraph, 0)
    });
    assert!(Document::load_mem(&write(&pages)).is_ok());
}

/// The tree of structure as text: each element with what it holds, `.` for a marked stretch
/// and `@` for a link.
fn tree(document: &Document, element: &Object) -> String {
    let (_, element) = document
        .dereference(element)
        .expect("no reference is loose");
    if element.as_i64().is_ok() {
        return ".".into();
    }
    let element = element.as_dict().expect("an element is a dictionary");
    match element.get(b"Type").and_then(Object::as_name) {
        Ok(b"MCR") => return ".".into(),
        Ok(b"OBJR") => return "@".into(),
        Ok(_) | Err(_) => {}
    }
    let kids = match element.get(b"K") {
        Ok(Object::Array(kids)) => kids.iter().map(|kid| tree(document, kid)).collect(),
        Ok(kid) => vec![tree(document, kid)],
        Err(_) => Vec::new(),
    };
    let name = element
        .get(b"S")
        .and_then(Object::as_name)
        .expect("an element has a type");
    format!("{}({})", String::from_utf8_lossy(name), kids.join(" "))
}

#[test]
fn the_structure_is_in_the_order_of_reading() {
    let document = Document::load_mem(&write(&booklet())).expect("lopdf reads it");
    let root = document
        .catalog()
        .and_then(|catalog| catalog.get_deref(b"StructTreeRoot", &document))
        .and_then(Object::as_dict)
        .and_then(|root| root.get(b"K"))
        .expect("the booklet is tagged");
    assert_eq!(
        tree(&document, root),
        "Document(Sect(H1(.) P(. Link(. @) . Link(@) .) Note(.) Figure(.) \
         L(LI(Lbl(.) LBody(.))) Table(TR(TH(.) TH()))))"
    );
}
