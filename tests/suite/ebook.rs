//! What an e-book must bear: titles, ids, texts and pictures that no editor would give it.

use std::fs;
use std::io::{Cursor, Read};
use std::path::Path;

use cordel::diag::{Code, Report};
use cordel::verify;
use image::{DynamicImage, GrayImage, ImageFormat};

use crate::packs;

/// The files of an e-book: their names and what is in them.
type Files = Vec<(String, Vec<u8>)>;

/// The files of the small pack's e-book after a change, when it can be made, and the report.
fn made(change: impl Fn(&Path)) -> (Option<Files>, String) {
    let pack = packs::scratch();
    packs::small_pack(pack.path(), None);
    change(pack.path());
    let (files, told) = packs::build(pack.path());
    let Some(files) = files else {
        return (None, told);
    };
    let epub = files.iter().find(|file| file.name.ends_with(".epub"));
    let epub = &epub.expect("both forms are made").bytes;
    let book = packs::compose(pack.path()).expect("it was made");
    let mut report = Report::default();
    verify::epub(epub, &book.edition, &book.pages, &mut report);
    let broken = [Code::UnreadableFile, Code::DeadLink, Code::WrongPage];
    report
        .diagnostics
        .retain(|fault| broken.contains(&fault.code));
    assert_eq!(report.diagnostics.len(), 0, "{:?}", report.diagnostics);
    (Some(unpacked(epub)), told)
}

fn unpacked(epub: &[u8]) -> Files {
    let mut zip = zip::ZipArchive::new(Cursor::new(epub)).expect("an EPUB is a zip");
    let entries = (0..zip.len()).map(|at| {
        let mut entry = zip.by_index(at).expect("an entry can be read");
        let mut content = Vec::new();
        entry.read_to_end(&mut content).expect("it can be unpacked");
        (entry.name().to_string(), content)
    });
    entries.collect()
}

fn edit(pack: &Path, file: &str, from: &str, to: &str) {
    let path = pack.join(file);
    let text = fs::read_to_string(&path).expect("the small pack has it");
    assert!(text.contains(from), "{file} has no {from:?}");
    fs::write(path, text.replace(from, to)).expect("it can be written");
}

/// The text of every file of the e-book that has one.
fn texts(files: &[(String, Vec<u8>)]) -> Vec<(&str, &str)> {
    let is_text = |name: &str| {
        [".xhtml", ".opf", ".ncx"]
            .iter()
            .any(|end| name.ends_with(end))
    };
    let texts = files.iter().filter(|(name, _)| is_text(name));
    texts
        .map(|(name, bytes)| {
            (
                name.as_str(),
                std::str::from_utf8(bytes).expect("it is UTF-8"),
            )
        })
        .collect()
}

#[test]
fn titles_of_5000_letters() {
    let long = "A Title ".repeat(625);
    let (files, told) = made(|pack| {
        edit(
            pack,
            "book.toml",
            "title = \"The Weir\"",
            &format!("title = \"{long}\""),
        );
        edit(
            pack,
            "book.toml",
            "\"Introduction\"",
            &format!("\"{}\"", "x".repeat(5000)),
        );
    });
    let files = files.unwrap_or_else(|| panic!("{told}"));
    let cover = files.iter().find(|(name, _)| name.ends_with("cover.png"));
    assert!(cover.is_some_and(|(_, bytes)| bytes.len() > 1000));
}

#[test]
fn markup_in_titles_and_texts() {
    let sign = "]]> <script>alert(1)</script> &amp; \\\"quoted\\\" --> <!--";
    let (files, told) = made(|pack| {
        edit(
            pack,
            "book.toml",
            "title = \"The Weir\"",
            &format!("title = \"{sign}\""),
        );
        edit(
            pack,
            "book.toml",
            "\"Introduction\"",
            &format!("\"{sign}\""),
        );
        edit(pack, "book.toml", "\"CC0\"", &format!("\"{sign}\""));
        let text = "A `<script>alert(1)</script>` and `]]>`, \\<b>, &lt;i&gt;.\n";
        fs::write(pack.join("chapters/introduction.md"), text).expect("written");
    });
    let files = files.unwrap_or_else(|| panic!("{told}"));
    for (name, text) in texts(&files) {
        assert!(
            !text.contains("<script") && !text.contains("]]>"),
            "{name}\n{text}"
        );
        assert!(!text.contains("<!--") && !text.contains("<b>"), "{name}");
    }
}

#[test]
fn control_characters_do_not_reach_the_book() {
    let (files, told) = made(|pack| {
        let text = "Bell\u{7}, form\u{c} feed, nul\0, \u{fffe} and \u{85}.\n";
        fs::write(pack.join("chapters/introduction.md"), text).expect("written");
    });
    let files = files.unwrap_or_else(|| panic!("{told}"));
    for (name, text) in texts(&files) {
        let bad = text
            .chars()
            .find(|c| (c.is_control() && *c != '\n') || *c == '\u{fffe}');
        assert_eq!(bad, None, "{name}");
    }
}

/// Ids that the e-book uses itself; those that differ in case alone are refused.
#[test]
fn ids_that_collide() {
    let (files, told) = made(|pack| {
        edit(pack, "book.toml", "id = \"introduction\"", "id = \"nav\"");
        edit(pack, "book.toml", "id = \"note\"", "id = \"cover\"");
        edit(pack, "book.toml", "id = \"chronology\"", "id = \"toc\"");
        edit(pack, "book.toml", "id = \"title\"", "id = \"page-1\"");
    });
    let files = files.unwrap_or_else(|| panic!("{told}"));
    let mut names: Vec<String> = files.iter().map(|(name, _)| name.to_lowercase()).collect();
    names.sort();
    names.dedup();
    assert_eq!(
        names.len(),
        files.len(),
        "names differ without regard to case"
    );
}

fn png(picture: GrayImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    let picture = DynamicImage::ImageLuma8(picture);
    picture
        .write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png)
        .expect("memory can be written");
    bytes
}

/// Puts pictures into a pack and shows them in a chapter.
fn show(pack: &Path, pictures: &[(&str, &[u8])]) {
    fs::create_dir_all(pack.join("images")).expect("it can be made");
    let mut text = String::from("Text.\n\n");
    for (name, bytes) in pictures {
        fs::write(pack.join("images").join(name), bytes).expect("written");
        text.push_str(&format!("![What it shows](images/{name})\n\n"));
    }
    fs::write(pack.join("chapters/introduction.md"), text).expect("written");
}

#[test]
fn pictures_whose_names_differ_in_case_alone() {
    let dot = png(GrayImage::new(2, 2));
    let (files, told) = made(|pack| show(pack, &[("Pier.png", &dot), ("pier.PNG", &dot)]));
    let files = files.unwrap_or_else(|| panic!("{told}"));
    let pictures = files.iter().filter(|(name, _)| name.contains("-pier"));
    let names: Vec<&str> = pictures.map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        ["OEBPS/images/01-pier.png", "OEBPS/images/02-pier.png"]
    );
}

#[test]
fn a_picture_larger_than_a_screen_is_made_smaller() {
    let large = png(GrayImage::new(3000, 3000));
    let (files, told) = made(|pack| show(pack, &[("large.png", &large)]));
    let files = files.unwrap_or_else(|| panic!("{told}"));
    let (_, picture) = files
        .iter()
        .find(|(name, _)| name.ends_with("large.png"))
        .expect("shown");
    let shown = image::load_from_memory(picture).expect("it can be read");
    assert_eq!((shown.width(), shown.height()), (2000, 2000));
    let page = texts(&files)
        .into_iter()
        .find(|(_, text)| text.contains("<figure"));
    let (_, page) = page.expect("a page shows it");
    assert!(
        page.contains("width=\"2000\" height=\"2000\" alt=\"What it shows\""),
        "{page}"
    );
}

/// Figures that find no room where they belong can fill a page alone. In the e-book that page
/// begins where the text does that is printed after it, not at a caption that stands before what
/// is printed earlier.
#[test]
fn a_page_of_figures_alone_begins_where_the_text_goes_on() {
    let words = "The water stood higher than in any year before it. ".repeat(7);
    let paragraphs = format!("{words}\n\n").repeat(3);
    let alone = std::cell::Cell::new(0);
    for height in [390, 405, 420, 435] {
        let picture = png(GrayImage::new(600, height));
        let (files, told) = made(|pack| {
            show(pack, &[("one.png", &picture), ("two.png", &picture)]);
            let figures = ["one", "two"]
                .map(|name| format!("![A gauge](images/{name}.png \"Gauge {name}\")\n\n"))
                .concat();
            let text = format!("{paragraphs}{figures}{paragraphs}{paragraphs}{paragraphs}");
            fs::write(pack.join("chapters/introduction.md"), &text).expect("written");
            let book = packs::compose(pack).expect("it has no errors");
            let pages = book.pages.pages.iter().zip(&book.pages.places.page_starts);
            let shows = |page: &cordel::pages::Page| {
                let is_picture = |item: &&cordel::pages::Item| {
                    matches!(item, cordel::pages::Item::Picture { .. })
                };
                page.items.iter().filter(is_picture).count()
            };
            let only = pages.filter(|(page, start)| start.is_none() && shows(page) > 0);
            alone.set(alone.get() + only.count());
        });
        // `made` has verified that every page begins in the e-book where it does in print.
        assert!(files.is_some(), "{told}");
    }
    assert!(alone.get() > 0, "no page shows figures alone");
}

#[test]
fn a_picture_that_breaks_off_is_told_where_it_is_shown() {
    let whole = png(GrayImage::from_fn(90, 90, |x, y| {
        image::Luma([(x * y % 251).to_le_bytes()[0]])
    }));
    let (files, told) = made(|pack| show(pack, &[("pier.png", &whole[..whole.len() / 2])]));
    assert!(files.is_none());
    assert!(
        told.contains("[bad-image]") && told.contains("introduction.md:3:"),
        "{told}"
    );
}

/// A small file can hold very many pixels; what is made of them fits any screen, and the memory
/// that it takes is bounded.
#[cfg(target_os = "linux")]
#[test]
fn a_hundred_megapixels_take_bounded_memory() {
    let pack = packs::scratch();
    let book = pack.path().join("book");
    packs::small_pack(&book, None);
    let row: Vec<u8> = (0_u8..250).flat_map(|blue| [blue; 120]).collect();
    let wide = image::RgbImage::from_raw(10_000, 10_000, row.repeat(10_000));
    let wide = wide.expect("a row is 10,000 pixels");
    let mut bytes = Vec::new();
    let wide = DynamicImage::ImageRgb8(wide);
    wide.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png)
        .expect("memory can be written");
    show(&book, &[("one.png", &bytes), ("two.png", &bytes)]);
    let limit = "ulimit -v 2500000 && exec \"$0\" build --quiet book --out out";
    let done = std::process::Command::new("sh")
        .current_dir(pack.path())
        .args(["-c", limit, env!("CARGO_BIN_EXE_cordel")])
        .output()
        .expect("the program runs");
    let told = String::from_utf8_lossy(&done.stderr);
    assert_eq!(done.status.code(), Some(0), "{told}");
    let epub = fs::read(pack.path().join("out/the-weir.epub")).expect("it is there");
    let files = unpacked(&epub);
    let picture = named(&files, "-one.png").or(named(&files, "-one.jpg"));
    let shown = image::load_from_memory(picture.expect("shown")).expect("it can be read");
    assert_eq!((shown.width(), shown.height()), (2000, 2000));
    let printed = fs::metadata(pack.path().join("out/the-weir.pdf")).expect("it is there");
    assert!(printed.len() < 20_000_000, "{} bytes", printed.len());
}

#[test]
fn a_telephones_photograph_is_turned_and_says_nothing_of_its_owner() {
    use image::ImageEncoder;
    let mut photograph = Vec::new();
    let mut encoder = image::codecs::jpeg::JpegEncoder::new(&mut photograph);
    let exif = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0Ana Lagos";
    let noted = encoder.set_exif_metadata(exif.to_vec());
    noted.expect("JPEG has a place for it");
    let written = encoder.encode_image(&DynamicImage::new_rgb8(40, 20));
    written.expect("packed");
    photograph.extend_from_slice(b"a film by Ana Lagos");
    let pack = packs::scratch();
    packs::small_pack(pack.path(), None);
    show(pack.path(), &[("pier.jpg", &photograph)]);
    let (files, told) = packs::build(pack.path());
    let files = files.unwrap_or_else(|| panic!("{told}"));
    let file = |end: &str| {
        let found = files.iter().find(|file| file.name.ends_with(end));
        &found.expect("both forms are made").bytes
    };
    let has_name = |bytes: &[u8]| bytes.windows(9).any(|part| part == b"Ana Lagos");
    let inside = unpacked(file(".epub"));
    let picture = named(&inside, "-pier.jpg").expect("shown");
    let shown = image::load_from_memory(picture).expect("it can be read");
    assert_eq!((shown.width(), shown.height()), (20, 40));
    assert!(!has_name(picture) && !has_name(file(".pdf")));
}

#[test]
fn an_svg_with_a_script_is_refused() {
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
    let (files, told) = made(|pack| show(pack, &[("map.svg", svg)]));
    assert!(files.is_none());
    assert!(
        told.contains("[bad-image]") && told.contains("images/map.svg:1:41"),
        "{told}"
    );
}

const MAP: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 4 2\">\
    <path d=\"M0 0h4v1z\" fill=\"#123456\"/></svg>";

fn named<'f>(files: &'f [(String, Vec<u8>)], end: &str) -> Option<&'f [u8]> {
    let file = files.iter().find(|(name, _)| name.ends_with(end));
    file.map(|(_, bytes)| bytes.as_slice())
}

fn whole_text(files: &[(String, Vec<u8>)]) -> String {
    let texts = texts(files).into_iter();
    texts.map(|(_, text)| text).collect()
}

#[test]
fn a_drawing_is_passed_on_and_painted_where_asked() {
    let (files, told) = made(|pack| show(pack, &[("map.svg", MAP.as_bytes())]));
    let files = files.unwrap_or_else(|| panic!("{told}"));
    assert!(named(&files, "01-map.svg").is_some(), "{told}");
    assert!(
        whole_text(&files).contains("<img src=\"images/01-map.svg\" width=\"600\" height=\"300\"")
    );

    let (files, told) = made(|pack| {
        show(pack, &[("map.svg", MAP.as_bytes())]);
        edit(
            pack,
            "book.toml",
            "[book]\n",
            "[book]\nsvg-fallback = true\n",
        );
    });
    let files = files.unwrap_or_else(|| panic!("{told}"));
    assert!(named(&files, "01-map.drawn.svg").is_some(), "{told}");
    let pixels = named(&files, "01-map.png").expect("painted");
    let pixels = image::load_from_memory(pixels).expect("a PNG").into_rgb8();
    assert_eq!(pixels.dimensions(), (1600, 800));
    assert_eq!(pixels.get_pixel(1000, 20).0, [0x12, 0x34, 0x56]);
    assert!(whole_text(&files).contains(
        "<picture><source srcset=\"images/01-map.drawn.svg\" type=\"image/svg+xml\"/>\
         <img src=\"images/01-map.png\""
    ));
}

#[test]
fn amazon_gets_drawings_as_pixels() {
    for fallback in ["", "svg-fallback = true\n"] {
        let pack = packs::scratch();
        packs::small_pack(pack.path(), None);
        show(pack.path(), &[("map.svg", MAP.as_bytes())]);
        edit(
            pack.path(),
            "book.toml",
            "[book]\n",
            &format!("[book]\n{fallback}"),
        );
        let (made, told) = packs::review(pack.path());
        let made = made.unwrap_or_else(|| panic!("{told}"));
        let epub = made.iter().find(|file| file.name.ends_with(".epub"));
        let epub = &epub.expect("an e-book").bytes;
        let kindle = cordel::epub::variant(epub, cordel::epub::Variant::Kindle).expect("ours");
        let files = unpacked(&kindle);
        assert!(named(&files, "01-map.png").is_some());
        let whole = whole_text(&files);
        assert!(whole.contains("src=\"images/01-map.png\""), "{whole}");
        assert!(whole.contains("href=\"images/01-map.png\" media-type=\"image/png\""));
        for gone in [".svg", "<picture", "<source"] {
            assert!(!whole.contains(gone), "{gone} with {fallback}");
        }
    }
}

#[test]
fn the_packs_own_cover() {
    let cover = png(GrayImage::new(1600, 2400));
    for (name, bytes, end) in [
        ("front.png", cover.as_slice(), "images/cover.png"),
        ("front.svg", MAP.as_bytes(), "images/cover.png"),
    ] {
        let (files, told) = made(|pack| {
            show(pack, &[]);
            fs::write(pack.join("images").join(name), bytes).expect("written");
            let lines = format!("[book]\ncover = \"images/{name}\"\ncover-alt = \"A pier\"\n");
            edit(pack, "book.toml", "[book]\n", &lines);
        });
        let files = files.unwrap_or_else(|| panic!("{told}"));
        assert_eq!(
            told.contains("[odd-cover]"),
            name.ends_with("svg"),
            "{told}"
        );
        let shown = named(&files, end).expect("there");
        let shown = image::load_from_memory(shown).expect("a picture");
        assert_eq!(
            shown.width(),
            if name.ends_with("svg") { 1600 } else { 1333 }
        );
        assert!(whole_text(&files).contains("alt=\"Cover: A pier\""));
    }
    let (files, told) = made(|pack| {
        show(pack, &[]);
        fs::write(pack.join("images/front.png"), &cover).expect("written");
        edit(
            pack,
            "book.toml",
            "[book]\n",
            "[book]\ncover = \"images/front.png\"\n",
        );
    });
    assert!(files.is_none() && told.contains("[missing-alt]"), "{told}");
}

/// A list of what the book shows, for readers who look for a picture.
#[test]
fn figures_are_listed() {
    let dot = png(GrayImage::new(2, 2));
    let (files, told) = made(|pack| show(pack, &[("a.png", &dot), ("b.png", &dot)]));
    let files = files.unwrap_or_else(|| panic!("{told}"));
    let texts = texts(&files);
    let nav = texts
        .iter()
        .find(|(name, _)| name.ends_with("nav.xhtml"))
        .expect("there")
        .1;
    let (_, list) = nav
        .split_once("<nav epub:type=\"loi\"")
        .expect("figures are listed");
    for (number, link) in list.split("href=\"").skip(1).take(2).enumerate() {
        let (file, id) = link
            .split('"')
            .next()
            .and_then(|h| h.split_once('#'))
            .expect("a link");
        assert_eq!(id, format!("f{}", number + 1));
        let page = texts
            .iter()
            .find(|(name, _)| name.ends_with(file))
            .expect("there")
            .1;
        assert!(page.contains(&format!("<figure id=\"{id}\">")), "{page}");
    }
}

/// The editors choose: the built-in fonts, the pack's own, or none. None is ever forced.
#[test]
fn fonts_are_the_editors_choice() {
    let fonts = |files: &Files| -> Vec<String> {
        let names = files.iter().map(|(name, _)| name.clone());
        names.filter(|name| name.contains("/fonts/")).collect()
    };
    let sheet = |files: &Files| {
        let sheet = named(files, "stylesheet.css").expect("there is one");
        String::from_utf8(sheet.to_vec()).expect("it is text")
    };
    let usual = made(|_| {}).0.expect("the small pack has no errors");
    assert_eq!(fonts(&usual).len(), 8, "six fonts and their licences");
    assert!(!sheet(&usual).contains("!important"));
    let small = named(&usual, "Alegreya-Regular.ttf").expect("there");
    assert!(small.len() < 150_000, "{} bytes", small.len());

    let ask = |pack: &Path, what: &str| {
        let asked = format!("slug = \"the-weir\"\nebook-fonts = {what}");
        edit(pack, "book.toml", "slug = \"the-weir\"", &asked);
    };
    let none = made(|pack| ask(pack, "[]")).0.expect("no errors");
    assert_eq!(fonts(&none), Vec::<String>::new());
    assert!(!sheet(&none).contains("Alegreya") && !sheet(&none).contains("@font-face"));

    let own = |pack: &Path| {
        fs::create_dir(pack.join("fonts")).expect("made");
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fonts/AlegreyaSans");
        for name in ["Regular", "Italic"] {
            let from = root.join(format!("AlegreyaSans-{name}.ttf"));
            fs::copy(from, pack.join(format!("fonts/My {name}.ttf"))).expect("copied");
        }
        ask(pack, "[\"fonts/My Regular.ttf\", \"fonts/My Italic.ttf\"]");
    };
    let own = made(own).0.expect("no errors");
    assert_eq!(
        fonts(&own),
        [
            "OEBPS/fonts/01-my-regular.ttf",
            "OEBPS/fonts/02-my-italic.ttf"
        ]
    );
    assert!(sheet(&own).contains("font-family: \"Alegreya Sans\", serif;"));
    assert!(sheet(&own).contains("font-style: italic;\n  font-weight: normal;"));

    let (bad, told) = made(|pack| ask(pack, "[\"book.toml\", \"fonts/none.ttf\"]"));
    assert!(bad.is_none());
    assert!(
        told.contains("`book.toml` is no font that readers show"),
        "{told}"
    );
    assert!(told.contains("there is no file `fonts/none.ttf`"), "{told}");
}
