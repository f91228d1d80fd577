//! A made-up edition with everything that an edition can have.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use zip::ZipArchive;

use crate::edition::index::{CrossReference, Entry, Posting, PostingPlace};
use crate::edition::{Edition, Note, NoteId, Picture, Section, Series, Target, passage, plain};
use crate::fonts::FontSet;
use crate::manifest::{
    ChapterKind, Contributor, Design, Metadata, Part, Series as BookSeries, paper_size,
};
use crate::pages::{LinePlace, Page, Pages};
use crate::source::{Content, Inputs, PassageId, Position};
use crate::text::{
    Align, Block, Definition, DefinitionKind, Figure, Inline, Lang, List, Passage, QuoteKind,
    Style, Table,
};
use crate::units::{Folio, Length, Numerals, Size};

type Line = Inline<Target>;
type Blocks = Vec<Block<Target>>;

/// Gives out passages, numbered as they come.
#[derive(Default)]
struct Maker {
    next: u32,
    notes: Vec<Note>,
}

impl Maker {
    fn line(&mut self, inlines: Vec<Line>) -> Passage<Target> {
        self.next += 1;
        passage(PassageId(self.next - 1), inlines)
    }

    fn words(&mut self, words: &str) -> Passage<Target> {
        self.line(vec![plain(words)])
    }

    fn text(&mut self, words: &str) -> Block<Target> {
        Block::Paragraph(self.words(words))
    }

    fn section(&mut self, id: &str, part: Part, kind: ChapterKind, title: &str) -> Section {
        Section {
            id: id.into(),
            part,
            kind,
            title: self.words(title),
            short_title: title.into(),
            byline: None,
            blocks: Vec::new(),
            source: None,
        }
    }

    /// A note's call; the note itself is made later, when passages of its own are due.
    fn call(&mut self, series: Series, label: &str) -> Line {
        let id = NoteId(u32::try_from(self.notes.len()).expect("few notes"));
        self.notes.push(Note {
            id,
            series,
            label: label.into(),
            call: at(self.next, 0),
            blocks: Vec::new(),
        });
        Inline::Reference(Target::Note(id), Vec::new())
    }
}

fn at(passage: u32, offset: u32) -> Position {
    Position {
        passage: PassageId(passage),
        offset,
    }
}

fn styled(style: Style, words: &str) -> Line {
    Inline::Styled(style, vec![plain(words)])
}

fn link(target: Target, words: &str) -> Line {
    Inline::Reference(target, vec![plain(words)])
}

/// The path of a picture in the pack.
const PICTURE: &str = "images/North Pier.png";

/// A one-pixel PNG.
const DOT: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, b'I', b'H', b'D', b'R', 0, 0, 0,
    1, 0, 0, 0, 1, 8, 0, 0, 0, 0, 0x3a, 0x7e, 0x9b, 0x55, 0, 0, 0, 0x0a, b'I', b'D', b'A', b'T',
    0x78, 0x9c, 0x63, 0x60, 0, 0, 0, 2, 0, 1, 0x48, 0xaf, 0xa4, 0x71, 0, 0, 0, 0, b'I', b'E', b'N',
    b'D', 0xae, 0x42, 0x60, 0x82,
];

fn metadata() -> Metadata {
    let person = |name: &str, sort: &str, role: &str| Contributor {
        name: name.into(),
        sort: Some(sort.into()),
        role: role.into(),
    };
    Metadata {
        title: "The Ferries of the Long Lake & Other Texts".into(),
        subtitle: Some("A reading pack in <four> chapters".into()),
        slug: "ferries".into(),
        language: Some(Lang("en-GB".into())),
        identifier: "urn:uuid:1b4e28ba-2fa1-4d35-8a15-0a6c8e6f2b11".into(),
        date: "2026-11-20".into(),
        publisher: Some("Lake Reading Group".into()),
        series: Some(BookSeries {
            name: "Texts on a String".into(),
            number: Some(3),
        }),
        description: "Four texts on the boatmen’s union, with notes.".into(),
        subjects: vec!["Ferries".into(), "Trade unions".into()],
        codes: vec![crate::manifest::SubjectCode {
            scheme: "BISAC".into(),
            code: "TRA006000".into(),
            term: "Ships & Shipbuilding".into(),
        }],
        audience: Some("Boatmen & readers".into()),
        rights: "CC BY-SA 4.0".into(),
        contributors: vec![
            person("Ana Lagos", "Lagos, Ana", "aut"),
            person("Bruno Vidal", "Vidal, Bruno", "edt"),
            person("Carla Ríos", "Ríos, Carla", "edt"),
            person("Dan Webb", "Webb, Dan", "trl"),
        ],
        colour: Some("#1f5d6b".into()),
        cover: None,
        svg_fallback: false,
        ebook_fonts: None,
    }
}

/// Everything that running text can hold.
fn rich_line(make: &mut Maker) -> Passage<Target> {
    let own = make.call(Series::Author, "1");
    let term = make.call(Series::Glossary, "a");
    let editor = make.call(Series::Editor, "[1]");
    let inside = make.call(Series::Author, "2");
    make.line(vec![
        plain("The ferrymen’s strike began "),
        styled(Style::Emphasis, "before"),
        plain(" dawn"),
        own,
        plain("; the "),
        Inline::Reference(
            Target::Anchor,
            vec![styled(Style::Foreign(Lang("es-CL".into())), "lancheros")],
        ),
        term,
        plain(" of the "),
        styled(Style::SmallCaps, "FTL"),
        plain(" held "),
        styled(Style::Strong, "every"),
        plain(" pier & landing <north> of H"),
        styled(Style::Superscript, "2"),
        plain("O street"),
        editor,
        Inline::LineBreak,
        link(
            Target::Web("https://example.org/a?b=c&d=e".into()),
            "a site",
        ),
        plain(", "),
        Inline::Reference(
            Target::Web("https://example.org/x y".into()),
            vec![plain("words with a call"), inside, plain(" in them")],
        ),
        plain(", "),
        link(Target::Web("javascript:alert(1)".into()), "no link"),
        plain(", "),
        Inline::Reference(Target::Web("http://example.org/".into()), Vec::new()),
        plain(", "),
        styled(Style::Code, "if a < b"),
        plain(".\u{1} See "),
        link(Target::Place(at(9999, 0)), "nowhere"),
        plain(" and "),
        Inline::Reference(
            Target::Pages(vec![at(6, 0), at(7, 40), at(14, 0)]),
            Vec::new(),
        ),
        plain("."),
    ])
}

fn rich_blocks(make: &mut Maker) -> Blocks {
    let mut blocks = vec![
        Block::Paragraph(rich_line(make)),
        make.text("A second paragraph, which is long enough to run over the foot of its page and to go on at the head of the next one."),
        Block::Heading { level: 1, text: make.words("On the water") },
        make.text("After a heading comes a paragraph without an indent."),
        Block::Heading { level: 3, text: make.words("A level left out") },
        Block::Quote {
            kind: QuoteKind::Quotation,
            blocks: vec![make.text("We shall not row.")],
        },
    ];
    let verse = make.line(vec![
        plain("The lake is wide,"),
        Inline::LineBreak,
        plain("the boat is small"),
    ]);
    let strophe = make.text("and the oars are long.");
    blocks.push(Block::Quote {
        kind: QuoteKind::Verse,
        blocks: vec![Block::Paragraph(verse), strophe],
    });
    let title = make.words("What a ferry costs");
    let inside = make.text("In the first year it cost six crowns.");
    blocks.push(Block::Box {
        title: Some(title),
        blocks: vec![inside],
    });
    let inside = make.text("A box without a title.");
    blocks.push(Block::Box {
        title: None,
        blocks: vec![inside],
    });
    blocks.extend(rich_lists(make));
    blocks.push(Block::Break);
    blocks.push(Block::Code(make.words("let a = 1 < 2;\nrow();")));
    blocks
}

fn rich_lists(make: &mut Maker) -> Blocks {
    let (one, two) = (make.text("One"), make.text("Two"));
    let (a, b, c) = (
        make.text("First"),
        make.text("more of it"),
        make.text("Second"),
    );
    let dates = Definition {
        term: make.words("3 May"),
        body: vec![make.text("The pier is closed.")],
    };
    let plain_item = Definition {
        term: make.words("oar"),
        body: vec![make.text("what one rows with")],
    };
    let table = Table {
        caption: Some(make.words("Crossings a year")),
        columns: vec![Align::Left, Align::Right, Align::Centre],
        head: vec![
            make.words("Pier"),
            make.words("Crossings"),
            make.line(Vec::new()),
        ],
        rows: vec![
            vec![make.words("North"), make.words("1,204"), make.words("yes")],
            vec![make.words("South"), make.words("87"), make.line(Vec::new())],
        ],
    };
    let figure = |make: &mut Maker, path: &str| {
        Block::Figure(Figure {
            path: path.into(),
            alt: "A ferry at \"its\" pier".into(),
            caption: Some(make.words("The North Pier")),
            span: None,
        })
    };
    vec![
        Block::List(List {
            start: None,
            tight: true,
            items: vec![vec![one], vec![two], Vec::new()],
        }),
        Block::List(List {
            start: Some(4),
            tight: false,
            items: vec![vec![a, b], vec![c]],
        }),
        Block::Definitions {
            kind: DefinitionKind::Chronology,
            items: vec![dates],
        },
        Block::Definitions {
            kind: DefinitionKind::Plain,
            items: vec![plain_item],
        },
        Block::Table(table),
        figure(make, PICTURE),
        figure(make, "images/not-there.png"),
    ]
}

fn glossary(make: &mut Maker) -> Section {
    let mut glossary = make.section("glossary", Part::Back, ChapterKind::Glossary, "Glossary");
    let term = make.line(vec![styled(
        Style::Foreign(Lang("es-CL".into())),
        "lancheros",
    )]);
    let body = make.line(vec![
        plain("Those who row the ferries. "),
        Inline::Reference(Target::Pages(vec![at(6, 60), at(6, 70)]), Vec::new()),
    ]);
    let second = make.words("tender");
    let to_first = make.line(vec![
        plain("A small boat; see "),
        link(
            Target::Place(Position {
                passage: term.id,
                offset: 0,
            }),
            "lancheros",
        ),
        plain("."),
    ]);
    glossary.blocks = vec![Block::Definitions {
        kind: DefinitionKind::Glossary,
        items: vec![
            Definition {
                term,
                body: vec![Block::Paragraph(body)],
            },
            Definition {
                term: second,
                body: vec![Block::Paragraph(to_first)],
            },
        ],
    }];
    glossary
}

fn index(make: &mut Maker) -> Vec<Entry> {
    let entry = |make: &mut Maker, id: &str, group: &str, places: &[Position]| Entry {
        id: id.into(),
        term: make.words(id),
        group: group.into(),
        postings: places
            .iter()
            .map(|&from| Posting {
                from,
                to: from,
                place: PostingPlace::Text,
            })
            .collect(),
        subentries: Vec::new(),
        see: Vec::new(),
        see_also: Vec::new(),
    };
    let mut boats = entry(make, "boats", "B", &[at(6, 0), at(7, 100)]);
    let hire = entry(make, "hire of", "B", &[at(14, 0)]);
    boats.subentries = vec![hire];
    let mut ferries = entry(make, "ferries", "F", &[]);
    let reference = |entry: &Entry| CrossReference {
        words: entry.term.inlines.clone(),
        to: Some(Position {
            passage: entry.term.id,
            offset: 0,
        }),
    };
    ferries.see = vec![reference(&boats)];
    let piers = entry(make, "piers", "P", &[at(6, 0)]);
    boats.see_also = vec![reference(&piers), reference(&ferries)];
    boats.see_also.push(CrossReference {
        words: vec![crate::edition::plain("names of boats")],
        to: None,
    });
    let strikes = entry(make, "strikes", "S", &[at(8, 0)]);
    vec![boats, ferries, piers, strikes]
}

/// The whole edition.
fn edition() -> Edition {
    let mut make = Maker::default();
    let half = make.section("half", Part::Front, ChapterKind::HalfTitle, "Half");
    let title = make.section("title", Part::Front, ChapterKind::TitlePage, "The Ferries");
    let mut imprint = make.section("imprint", Part::Front, ChapterKind::Imprint, "Imprint");
    imprint.blocks = vec![make.text("Printed on the lake.")];
    let contents = make.section("contents", Part::Front, ChapterKind::Contents, "Contents");
    let mut chapter = make.section("strike", Part::Body, ChapterKind::Source, "The strike");
    chapter.blocks = rich_blocks(&mut make);
    chapter.byline = Some(make.words("Ana Lagos"));
    let mut second = make.section("introduction", Part::Body, ChapterKind::Text, "After it");
    let motto = make.text("Row on.");
    let to_glossary = make.next + 3;
    let reference = make.line(vec![
        plain("As "),
        link(Target::Place(at(5, 0)), "the strike"),
        plain(" shows, the "),
        link(Target::Place(at(to_glossary, 0)), "lancheros"),
        plain(" won."),
    ]);
    second.blocks = vec![
        Block::Quote {
            kind: QuoteKind::Epigraph,
            blocks: vec![motto],
        },
        Block::Paragraph(reference),
    ];
    let empty = make.section("blank", Part::Body, ChapterKind::Text, "");
    let glossary = glossary(&mut make);
    let mut works = make.section(
        "works",
        Part::Back,
        ChapterKind::Bibliography,
        "Works cited",
    );
    works.blocks = vec![make.text("Lagos, Ana: The Lake.")];
    let index_section = make.section("index", Part::Back, ChapterKind::Index, "Index");
    let headnote = make.text("Numbers are those of the printed pages.");
    let index = index(&mut make);
    for at in 0..make.notes.len() {
        let blocks = vec![make.text("What the note says."), make.text("And more.")];
        make.notes[at].blocks = blocks;
    }
    let shown = inputs().find(PICTURE).expect("it was just added");
    let picture = Picture {
        width: 1,
        height: 1,
        source: shown,
        figure: None,
        shown: None,
        drawing: None,
    };
    Edition {
        metadata: metadata(),
        pictures: BTreeMap::from([(PICTURE.to_string(), picture)]),
        sections: vec![
            half,
            title,
            imprint,
            contents,
            chapter,
            second,
            empty,
            glossary,
            works,
            index_section,
        ],
        notes: make.notes,
        index,
        index_headnote: vec![headnote],
        ..Edition::default()
    }
}

/// Four roman pages and eight arabic ones; one is blank, and one begins inside a word.
fn pages() -> Pages {
    let folio = |number: u32| match number {
        0..4 => Folio {
            numerals: Numerals::Roman,
            number: number + 1,
        },
        _ => Folio {
            numerals: Numerals::Arabic,
            number: number - 3,
        },
    };
    let mut pages = Pages {
        trim: Size {
            width: Length::centi_mm(14_800),
            height: Length::centi_mm(21_000),
        },
        pages: (0..12)
            .map(|number| Page {
                folio: Some(folio(number)),
                ..Page::default()
            })
            .collect(),
        ..Pages::default()
    };
    let mut set = |passage: u32, offset: u32, page: u32| {
        let place = LinePlace {
            offset,
            page,
            top: Length::ZERO,
        };
        pages.places.set(PassageId(passage), place);
    };
    for passage in 0..4 {
        set(passage, 0, passage.min(3));
    }
    set(4, 0, 3);
    for passage in 5..200 {
        set(passage, 0, if passage < 8 { 4 } else { 7 });
    }
    set(7, 36, 5);
    pages.places.page_starts = vec![None; 12];
    pages.places.page_starts[4] = Some(at(5, 0));
    pages.places.page_starts[5] = Some(at(7, 36));
    pages.places.page_starts[7] = Some(at(8, 0));
    pages.places.page_starts[8] = Some(at(14, 4));
    pages
}

fn inputs() -> Inputs {
    let mut inputs = Inputs::default();
    let picture = Content::Binary {
        bytes: DOT.to_vec(),
        fault: 0,
    };
    inputs.add(PICTURE.into(), picture);
    inputs
}

fn book(edition: &Edition, pages: &Pages) -> Vec<u8> {
    let page = paper_size("a5").expect("the size has a name");
    let design = Design::for_page(page);
    super::write(&inputs(), edition, &design, pages, FontSet::built_in())
}

fn unpacked(book: &[u8]) -> (Vec<String>, BTreeMap<String, String>) {
    let mut zip = ZipArchive::new(Cursor::new(book)).expect("an e-book is a zip");
    let mut names = Vec::new();
    let mut texts = BTreeMap::new();
    for at in 0..zip.len() {
        let mut file = zip.by_index(at).expect("an entry");
        let name = file.name().to_string();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).expect("an entry can be read");
        names.push(name.clone());
        if let Ok(text) = String::from_utf8(bytes) {
            texts.insert(name.trim_start_matches("OEBPS/").into(), text);
        }
    }
    (names, texts)
}

fn files() -> BTreeMap<String, String> {
    unpacked(&book(&edition(), &pages())).1
}

#[test]
fn writes_the_type_first_and_the_rest_sorted() {
    let book = book(&edition(), &pages());
    let (names, _) = unpacked(&book);
    assert_eq!(names[0], "mimetype");
    assert_eq!(&book[30..58], b"mimetypeapplication/epub+zip");
    assert!(names[1..].is_sorted());
}

#[test]
fn writes_the_same_bytes_again() {
    let first = book(&edition(), &pages());
    std::thread::sleep(std::time::Duration::from_millis(2100));
    assert!(first == book(&edition(), &pages()));
}

#[test]
fn sets_page_breaks_where_pages_begin() {
    let files = files();
    let chapter = &files["04-strike.xhtml"];
    assert!(
        chapter.contains("id=\"page-1\" aria-label=\" 1. \"></div>\n<h1 id=\"p5\">"),
        "{chapter}"
    );
    // Page 2 begins inside `enough`, page 3 is blank.
    assert!(
        chapter.contains("long enough<span epub:type=\"pagebreak\""),
        "{chapter}"
    );
    assert!(
        chapter.contains("aria-label=\" 3. \"></div>\n<div"),
        "{chapter}"
    );
    let nav = &files["nav.xhtml"];
    let list = nav.split("page-list").nth(1).expect("a page list");
    let listed: Vec<&str> = list
        .split("</a>")
        .filter_map(|item| item.rsplit('>').next())
        .filter(|number| !number.trim().is_empty())
        .collect();
    assert_eq!(
        listed,
        [
            "i", "ii", "iii", "iv", "1", "2", "3", "4", "5", "6", "7", "8"
        ]
    );
}

#[test]
fn spaces_signs_as_the_language_does() {
    let mut make = Maker::default();
    let mut chapter = make.section("one", Part::Body, ChapterKind::Text, "Qui vient ?");
    let foreign = Style::Foreign(Lang("es".into()));
    let line = make.line(vec![
        plain("« Oui »; "),
        styled(Style::Emphasis, "non"),
        plain("! "),
        styled(foreign, "¿qué; no?"),
        plain(" et "),
        styled(Style::Code, "a ; b"),
    ]);
    chapter.blocks = vec![Block::Paragraph(line)];
    let edition = Edition {
        metadata: Metadata {
            language: Some(Lang("fr".into())),
            ..metadata()
        },
        sections: vec![chapter],
        ..Edition::default()
    };
    let (_, files) = unpacked(&book(&edition, &Pages::default()));
    let chapter = files.values().find(|file| file.contains("¿qué"));
    let chapter = chapter.expect("a file of the chapter");
    for words in [
        "Qui vient\u{202f}?</h1>",
        "«\u{a0}Oui\u{a0}»\u{202f}; <em>non</em>\u{202f}! ",
        ">¿qué; no?</span> et <code>a ; b</code>",
    ] {
        assert!(chapter.contains(words), "{words} in {chapter}");
    }
}

#[test]
fn calls_notes_and_leads_back() {
    let files = files();
    let chapter = &files["04-strike.xhtml"];
    assert!(chapter.contains(
        "dawn<a epub:type=\"noteref\" role=\"doc-noteref\" href=\"#n0\" id=\"r0\" class=\"noteref author\">1</a>"
    ));
    assert!(chapter.contains("class=\"noteref glossary\">a</a>"));
    assert!(chapter.contains("class=\"noteref editor\">[1]</a>"));
    // A link cannot hold another: the call stands after it.
    assert!(chapter.contains("words with a call in them</a><a epub:type=\"noteref\""));
    assert!(chapter.contains("<a href=\"#r0\" role=\"doc-backlink\" class=\"back\">1</a>"));
}

#[test]
fn links_what_can_be_linked() {
    let files = files();
    let chapter = &files["04-strike.xhtml"];
    assert!(
        chapter.contains("href=\"https://example.org/a?b=c&amp;d=e\" class=\"web\">a site</a>")
    );
    assert!(chapter.contains(", no link, "));
    assert!(chapter.contains("See nowhere and "));
    assert!(!chapter.contains("javascript") && !chapter.contains('\u{1}'));
    let second = &files["05-introduction.xhtml"];
    assert!(second.contains("href=\"04-strike.xhtml#p5\""), "{second}");
    assert!(second.contains("epub:type=\"glossref\""), "{second}");
}

#[test]
fn the_index_shows_printed_page_numbers() {
    let files = files();
    let index = &files["09-index.xhtml"];
    let expected = "<a href=\"04-strike.xhtml#p6\" epub:type=\"index-locator\">1</a>, \
                    <a href=\"04-strike.xhtml#page-2\" epub:type=\"index-locator\">2</a>";
    assert!(index.contains(expected), "{index}");
    assert!(index.contains("<i>See</i>"));
    assert!(index.contains("<i>See also</i>"));
    let general = "; <i epub:type=\"index-editor-note\">and names of boats</i>";
    assert!(index.contains(general), "{index}");
}

#[test]
fn an_empty_edition_is_an_e_book_too() {
    let files = unpacked(&book(&Edition::default(), &Pages::default())).1;
    assert!(files.contains_key("01-title.xhtml"));
    assert!(files["content.opf"].contains("<spine"));
}
