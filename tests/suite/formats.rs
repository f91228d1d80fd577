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

/// The start of a PNG.
const PNG: &str = "\u{89}PNG\r\n\u{1a}\n";

/// An archive of some files.
fn archive(files: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for (name, text) in files {
        zip.start_file(*name, options).expect("a file can be begun");
        let bytes = match text.strip_prefix(PNG) {
            Some(rest) => [b"\x89PNG\r\n\x1a\n", rest.as_bytes()].concat(),
            None => text.as_bytes().to_vec(),
        };
        zip.write_all(&bytes).expect("memory can be written");
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

/// A Word document of these runs, each its properties and its words.
fn in_runs(runs: &[(&str, &str)]) -> String {
    let runs: String = runs
        .iter()
        .map(|(looks, words)| {
            format!("<w:r><w:rPr>{looks}</w:rPr><w:t xml:space=\"preserve\">{words}</w:t></w:r>")
        })
        .collect();
    let document = format!("<w:document><w:body><w:p>{runs}</w:p></w:body></w:document>");
    markdown("a.docx", archive(&[("word/document.xml", &document)]))
}

/// Word divides words of one look into runs as it likes.
#[test]
fn runs_of_one_look_are_one() {
    let (plain, italic, both) = ("", "<w:i/>", "<w:i/><w:b/>");
    for (runs, read) in [
        (
            vec![
                (plain, "The "),
                (italic, "we"),
                (italic, "ir"),
                (plain, " rose."),
            ],
            "The *weir* rose.\n",
        ),
        (
            vec![
                (italic, "so "),
                (italic, "it"),
                (both, " rained"),
                (plain, "."),
            ],
            "*so it **rained***.\n",
        ),
        (
            vec![(plain, "rain"), (italic, ", and"), (plain, "more")],
            "rain, *and*more\n",
        ),
        (
            vec![(plain, "rain "), (italic, "and (so)"), (plain, "on")],
            "rain *and (so*)on\n",
        ),
        (
            vec![(plain, "rain"), (italic, "("), (plain, "on")],
            "rain(on\n",
        ),
        (vec![(italic, "rain"), ("<w:b/>", "on")], "*rain*on\n"),
    ] {
        assert_eq!(in_runs(&runs), read);
    }
}

#[test]
fn passages_of_another_language_are_told() {
    let (english, french) = ("<w:lang w:val=\"en-GB\"/>", "<w:lang w:val=\"fr-FR\"/>");
    let lead = "The rain was all that they had to speak of by the evening, and it was not the first that they had seen. ";
    let read = in_runs(&[
        (english, lead),
        (french, "Il "),
        ("<w:lang w:val=\"fr-FR\"/><w:i/>", "pleut"),
        (french, " beaucoup"),
        (english, ", he said. "),
        // Typed on a French keyboard, and English all the same.
        (
            french,
            "It was the mill that they had to leave, and they were not the first to go.",
        ),
    ]);
    let wanted = format!(
        "{lead}[Il *pleut* beaucoup](lang:fr-FR), he said. It was the mill that they had to leave, and they were not the first to go.\n"
    );
    assert_eq!(read, wanted);
    let page = format!(
        "<!DOCTYPE html><html lang=en><body><p>{lead}<span lang=es>Así <a href=\"https://example.org/\">llueve</a> aquí</span>.</p></body>"
    );
    let wanted =
        format!("{lead}[Así](lang:es) [llueve](<https://example.org/>) [aquí](lang:es).\n");
    assert_eq!(markdown("page.html", page.into_bytes()), wanted);
    let content = format!(
        "<office:document-content><style:style style:name=\"P1\"><style:text-properties fo:language=\"es\" fo:country=\"CL\"/></style:style><office:text><text:p>{lead}</text:p><text:p text:style-name=\"P1\">Llueve.</text:p></office:text></office:document-content>"
    );
    let wanted = format!("{}\n\n[Llueve.](lang:es-CL)\n", lead.trim());
    assert_eq!(
        markdown("a.odt", archive(&[("content.xml", &content)])),
        wanted
    );
}

#[test]
fn a_word_documents_pictures_come_with_it() {
    let document = r#"<w:document><w:body><w:p><w:r><w:t>Before.</w:t></w:r></w:p><w:p><w:r><w:drawing><wp:docPr id="1" descr="A wheel [old]"/><a:blip r:embed="r1"/></w:drawing></w:r></w:p>
<w:p><w:moveFrom><w:r><w:t>Moved.</w:t></w:r></w:moveFrom><w:r><w:t>Between.</w:t></w:r><w:r><mc:AlternateContent><mc:Choice><w:drawing><wp:docPr descr="A bridge"/><a:blip r:embed="r2"/></w:drawing></mc:Choice><mc:Fallback><w:pict><v:imagedata r:id="r2"/></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p><w:p><w:r><w:drawing><wp:docPr descr=""/><a:blip r:embed="r1"/></w:drawing></w:r><w:r><w:t>Behind.</w:t></w:r></w:p></w:body></w:document>"#;
    let relations = r#"<Relationships><Relationship Id="r1" Type="http://x/image" Target="media/a b.png"/><Relationship Id="r2" Type="http://x/image" Target="media/c.emf"/></Relationships>"#;
    let file = archive(&[
        ("word/document.xml", document),
        ("word/_rels/document.xml.rels", relations),
        ("word/media/a b.png", PNG),
        ("word/media/c.emf", "x"),
    ]);
    assert_eq!(
        markdown("a.docx", file),
        "Before.\n\n![A wheel \\[old\\]](<sources/a.docx/word/media/a b.png>)\n\nBetween.\n\nBehind.\n"
    );
}

#[test]
fn pictures_of_other_files_come_with_them() {
    let content = r#"<office:text><text:p>One.</text:p><text:p><draw:frame><draw:image xlink:href="Pictures/a.png"/><draw:image xlink:href="ObjectReplacements/a"/><svg:title>A wheel</svg:title><svg:desc>It is old</svg:desc></draw:frame></text:p></office:text>"#;
    let file = archive(&[("content.xml", content), ("Pictures/a.png", PNG)]);
    assert_eq!(
        markdown("a.odt", file),
        "One.\n\n![A wheel. It is old](<sources/a.odt/Pictures/a.png>)\n"
    );
    let opf = r#"<package><manifest><item id="a" href="text/a.xhtml"/></manifest><spine><itemref idref="a"/></spine></package>"#;
    let a = r#"<html><body><p>One.</p><figure><img src="../img/a.png" alt="A wheel"/><figcaption>The "old" <i>wheel</i> of 1820_1.</figcaption></figure><p>Two.</p><img src="../../../etc/passwd" alt="x"/><img src="https://x.example/a.png" alt="x"/></body></html>"#;
    let file = archive(&[
        ("META-INF/container.xml", CONTAINER),
        ("OEBPS/content.opf", opf),
        ("OEBPS/text/a.xhtml", a),
        ("OEBPS/img/a.png", PNG),
    ]);
    assert_eq!(
        markdown("a.epub", file),
        "One.\n\n![A wheel](<sources/a.epub/OEBPS/img/a.png> \"The \\\"old\\\" *wheel* of 1820\\\\_1.\")\n\nTwo.\n"
    );
}

/// Pictures of the page's furniture, from elsewhere, or that lead out of its folder do not.
#[test]
fn a_saved_pages_own_pictures_come_with_it() {
    let folder = crate::packs::scratch();
    let page = r#"<!DOCTYPE html><html><body><header><img src="page_files/logo.png" alt="Logo"></header><article><h1>The Weir</h1><img src="page_files/a%20b.png" alt="A wheel"><p>The rain began at noon and went on all day.</p><img src="../out.png" alt="Out"><img src="http://x.example/t.gif"><figure><img src="page_files/gone.png" alt="Gone"><figcaption>A caption</figcaption></figure></article><footer><img src="page_files/logo.png" alt="Logo">End</footer></body></html>"#;
    let files = folder.path().join("page_files");
    std::fs::create_dir(&files).expect("it can be made");
    for name in ["logo.png", "a b.png"] {
        std::fs::write(files.join(name), b"\x89PNG\r\n\x1a\n").expect("it can be written");
    }
    std::fs::write(folder.path().join("page.html"), page).expect("it can be written");
    let mut inputs = Inputs::default();
    let raw = inputs.read_source_text(&[folder.path().to_path_buf()], "page.html");
    let raw = raw.expect("it can be read").expect("it is there");
    let recipe = inputs.add_text("recipe.toml", "");
    let mut report = Report::default();
    let opened = import::open(&mut inputs, raw, &mut report).expect("it can be read");
    assert_eq!(
        opened.beside(),
        ["out.png", "page_files/a b.png", "page_files/gone.png"]
    );
    opened
        .read_beside(&mut inputs, raw)
        .expect("they can be read");
    let clean = import::clean_opened(&inputs, &opened, recipe, &mut report);
    assert_eq!(
        clean.markdown,
        "# The Weir\n\n![A wheel](<sources/page_files/a b.png>)\n\nThe rain began at noon and went on all day.\n\nA caption\n"
    );
}

/// An article that nothing stands in begins behind all that does.
#[test]
fn an_article_without_words_takes_none() {
    let page = "<html><body><p>Words.</p><article></article></body></html>";
    assert_eq!(markdown("page.html", page.into()), "Words.\n");
}

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

/// Where calls are told, numbers of pages that are links are none, nor are those in notes.
#[test]
fn links_to_pages_are_no_calls() {
    let opf = r#"<package><manifest><item id="a" href="a.xhtml"/></manifest><spine><itemref idref="a"/></spine></package>"#;
    let a = r##"<html><body><p>It rained<a epub:type="noteref" href="#n">1</a> (p. <a href="#p">7</a>).</p><p id="p">It stopped.</p><aside epub:type="footnote" id="n"><p>1. In May (p. <a epub:type="noteref" href="#q">9</a>).</p></aside><p id="q">End.</p></body></html>"##;
    let file = archive(&[
        ("META-INF/container.xml", CONTAINER),
        ("OEBPS/content.opf", opf),
        ("OEBPS/a.xhtml", a),
    ]);
    assert_eq!(
        markdown("a.epub", file),
        "It rained[^1] (p. 7).\n\nIt stopped.\n\nEnd.\n\n[^1]: In May (p. 9).\n"
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
