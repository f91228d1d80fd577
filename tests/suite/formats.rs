//! Texts that are not plain: what is read out of them, and what is refused.

use std::io::{Cursor, Write};

use cordel::diag::Report;
use cordel::import::{self, Kind};
use cordel::source::Inputs;

/// A file brought in without a recipe: its kind, its text as Markdown, what is reported.
fn opened(name: &str, bytes: Vec<u8>) -> (Option<(Kind, String)>, String) {
    let mut inputs = Inputs::default();
    let raw = inputs.add_encoded(name.to_string(), bytes);
    let recipe = inputs.add_text("recipe.toml", "");
    let mut report = Report::default();
    let opened = import::open(&mut inputs, raw, &mut report);
    let read = opened.map(|opened| {
        let clean = import::clean_opened(&inputs, &opened, recipe, &mut report);
        let raw = inputs.text(opened.text);
        let account = clean.ledger.account(&clean.map, raw.len());
        account.expect("every character of the text is accounted for");
        (opened.kind, clean.markdown)
    });
    (read, report.render(&inputs))
}

fn markdown(name: &str, bytes: Vec<u8>) -> String {
    let (read, report) = opened(name, bytes);
    assert_eq!(report, "");
    read.expect("it can be read").1
}

/// An archive of some files.
fn archive(files: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for (name, text) in files {
        zip.start_file(*name, options).expect("a file can be begun");
        zip.write_all(text.as_bytes())
            .expect("memory can be written");
    }
    zip.finish().expect("memory can be written").into_inner()
}

const PAGE: &str = r##"<!DOCTYPE html><html lang="en"><head><title>The Weir | Site</title>
<script>var a = "<p>never</p>";</script><style>p {}</style></head><body>
<nav><a href="/">Home</a> <a href="/about">About us</a></nav><div><p>A teaser.</p></div>
<article><h1>The Weir</h1>
<p>The rain began at <em>noon</em> and by <strong>dark</strong> the meadow was a lake.<sup><a
href="#n1">1</a></sup> See <a href="https://example.org/x">the map</a>, and not <a
href="javascript:alert(1)">this</a>.
<p>A paragraph without an end, on &amp; on, and * no markup.
<blockquote><p>Quoted <i>words</i>.</p><p>And more.</p></blockquote>
<h2>What was lost</h2><ul><li>A wheel<li>A <b>bridge</b></ul><ol start=3><li>three<li>four</ol>
<table><tr><th>Year<th>Feet</tr><tr><td>1820<td>3</tr></table>
<img src="http://tracker.example/x.gif"><aside>Buy our book!</aside>
<p>That is the end of it, as far as it is known in the town.</p>
<ol><li id="n1">By the church clock. <a href="#r1">↩</a></li></ol></article>
<footer>All rights reserved</footer></body></html>"##;

const PAGE_READ: &str = "# The Weir

The rain began at *noon* and by **dark** the meadow was a lake.[^1] See [the map](<https://example.org/x>), and not this.

A paragraph without an end, on & on, and \\* no markup.

> Quoted *words*.
>
> And more.

## What was lost

- A wheel
- A **bridge**

3. three
4. four

| Year | Feet |
|---|---|
| 1820 | 3 |

That is the end of it, as far as it is known in the town.

[^1]: By the church clock.
";

#[test]
fn the_article_of_a_web_page_is_found() {
    let read = markdown("page.html", PAGE.as_bytes().to_vec());
    assert_eq!(read.replace("on \\& on", "on & on"), PAGE_READ);
}

#[test]
fn a_word_document_keeps_its_structure() {
    let document = r#"<?xml version="1.0"?><w:document><w:body>
<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>One</w:t></w:r></w:p>
<w:p><w:r><w:t xml:space="preserve">It </w:t></w:r><w:r><w:rPr><w:i/></w:rPr><w:t>rained</w:t></w:r><w:r><w:t> much.</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r><w:del><w:r><w:delText>gone</w:delText></w:r></w:del></w:p>
<w:p><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>first</w:t></w:r></w:p>
<w:p><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>second</w:t></w:r></w:p>
<w:p><w:r><w:t>End.</w:t></w:r></w:p></w:body></w:document>"#;
    let notes = r#"<w:footnotes><w:footnote w:type="separator" w:id="0"><w:p><w:r><w:t>---</w:t></w:r></w:p></w:footnote><w:footnote w:id="2"><w:p><w:r><w:t>By the clock.</w:t></w:r></w:p></w:footnote></w:footnotes>"#;
    let numbering = r#"<w:numbering><w:abstractNum w:abstractNumId="7"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num></w:numbering>"#;
    let file = archive(&[
        ("word/document.xml", document),
        ("word/footnotes.xml", notes),
        ("word/numbering.xml", numbering),
    ]);
    assert_eq!(
        markdown("a.docx", file),
        "# One\n\nIt *rained* much.[^f2]\n\n1. first\n2. second\n\nEnd.\n\n[^f2]: By the clock.\n"
    );
}

#[test]
fn an_open_document_keeps_its_structure() {
    let content = r#"<office:document-content><office:automatic-styles><style:style style:name="T1"><style:text-properties fo:font-weight="bold"/></style:style></office:automatic-styles><office:body><office:text><text:h text:outline-level="1">The Weir</text:h><text:p>It <text:span text:style-name="T1">rained</text:span> all<text:s/>day.<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>By the clock.</text:p></text:note-body></text:note></text:p><text:list><text:list-item><text:p>first</text:p></text:list-item><text:list-item><text:p>second</text:p></text:list-item></text:list></office:text></office:body></office:document-content>"#;
    assert_eq!(
        markdown("a.odt", archive(&[("content.xml", content)])),
        "# The Weir\n\nIt **rained** all day.[^n1]\n\n- first\n- second\n\n[^n1]: By the clock.\n"
    );
}

const CONTAINER: &str =
    r#"<container><rootfiles><rootfile full-path="OEBPS/content.opf"/></rootfiles></container>"#;

#[test]
fn an_e_book_is_read_along_its_spine() {
    let opf = r#"<package><metadata><dc:title>The Weir</dc:title></metadata><manifest><item id="n" href="nav.xhtml" properties="nav"/><item id="b" href="text/cap%C3%ADtulo.xhtml"/><item id="a" href="text/a.xhtml"/></manifest><spine><itemref idref="n"/><itemref idref="a"/><itemref idref="b"/></spine></package>"#;
    let a = r##"<?xml version="1.0"?><html><head><title/></head><body><h1>First</h1><p>It rained.<a href="cap%C3%ADtulo.xhtml#n">1</a></p></body></html>"##;
    let b =
        r#"<html><body><h1>Second</h1><p>It stopped.</p><p id="n">1. In May.</p></body></html>"#;
    let file = archive(&[
        ("META-INF/container.xml", CONTAINER),
        ("OEBPS/content.opf", opf),
        ("OEBPS/text/a.xhtml", a),
        ("OEBPS/text/capítulo.xhtml", b),
    ]);
    assert_eq!(
        markdown("a.epub", file),
        "## First\n\nIt rained.[^1]\n\n## Second\n\nIt stopped.\n\n[^1]: In May.\n"
    );
}

/// Nor is a path that would climb out of the archive followed.
#[test]
fn a_chapter_that_an_e_book_lacks_is_not_lost_in_silence() {
    let opf = r#"<package><manifest><item id="x" href="../../../../etc/passwd"/></manifest><spine><itemref idref="x"/></spine></package>"#;
    let file = archive(&[
        ("META-INF/container.xml", CONTAINER),
        ("OEBPS/content.opf", opf),
    ]);
    let (read, report) = opened("a.epub", file);
    assert!(read.is_none(), "{report}");
    assert!(
        report.contains("names a chapter `etc/passwd` that is not in it"),
        "{report}"
    );
}

#[test]
fn markdown_is_taken_as_it_is() {
    let text = "# T\n\nA *b*.[^1]\n\n[^1]: N.\n";
    assert_eq!(markdown("a.md", text.into()), text);
}

#[test]
fn a_tree_10_000_deep_is_read() {
    for (open, close) in [
        ("<div>", "</div>"),
        ("<em>", "</em>"),
        ("<ul><li>", ""),
        ("<table><tr><td>", ""),
    ] {
        let page = format!(
            "<html><body>{}deep{}",
            open.repeat(10_000),
            close.repeat(10_000)
        );
        let read = markdown("deep.html", page.into_bytes());
        assert!(read.contains("deep"), "{}", &read[..read.len().min(80)]);
    }
}

#[test]
fn a_zip_bomb_is_refused() {
    let zeros = "<w:p>".repeat(15 << 20);
    for (name, inside) in [("a.docx", "word/document.xml"), ("a.odt", "content.xml")] {
        let (read, report) = opened(name, archive(&[(inside, &zeros)]));
        assert!(read.is_none());
        assert!(report.contains("unpacks to more than"), "{report}");
    }
    let (read, report) = opened(
        "a.epub",
        archive(&[
            ("META-INF/container.xml", CONTAINER),
            ("OEBPS/content.opf", &zeros),
        ]),
    );
    assert!(
        read.is_none() && report.contains("unpacks to more than"),
        "{report}"
    );
}

/// Entities that a file defines are never expanded.
#[test]
fn an_entity_bomb_is_only_words() {
    let mut bomb = String::from("<?xml version=\"1.0\"?><!DOCTYPE lolz [<!ENTITY a \"lol\">");
    for (entity, before) in ('b'..='j').zip('a'..) {
        bomb.push_str(&format!(
            "<!ENTITY {entity} \"{}\">",
            format!("&{before};").repeat(10)
        ));
    }
    bomb.push_str("]><w:document><w:p><w:r><w:t>So &j; it &amp; is</w:t></w:r></w:p></w:document>");
    let read = markdown("a.docx", archive(&[("word/document.xml", &bomb)]));
    assert!(read.len() < 2_000 && read.ends_with("is\n"), "{read}");
}

#[test]
fn damaged_files_are_told() {
    let whole = archive(&[("word/document.xml", "<w:p><w:r><w:t>A</w:t></w:r></w:p>")]);
    for end in 4..whole.len() {
        let (read, report) = opened("a.docx", whole[..end].to_vec());
        assert!(
            read.is_none() && report.contains("cannot be read"),
            "cut at {end}"
        );
    }
    for (name, bytes, wanted) in [
        (
            "a.docx",
            archive(&[("other.txt", "x")]),
            "this is an archive that cannot be read: it holds neither",
        ),
        (
            "a.epub",
            archive(&[("META-INF/container.xml", "x")]),
            "names no package",
        ),
        ("a.pdf", b"%PDF-1.4 and so on".to_vec(), "it is damaged"),
    ] {
        let (read, report) = opened(name, bytes);
        assert!(read.is_none() && report.contains(wanted), "{report}");
    }
}

/// Pages cut off anywhere are read as far as they go.
#[test]
fn a_page_cut_anywhere_is_accounted_for() {
    for end in (0..=PAGE.len())
        .filter(|end| PAGE.is_char_boundary(*end))
        .step_by(3)
    {
        opened("page.html", PAGE.as_bytes()[..end].to_vec());
    }
}
