//! `cordel import` as an editor runs it: from a file to a pack that builds.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use crate::packs;

fn cordel(arguments: &[&str], folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_cordel"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("the program can be run")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A text with hard line ends, a title, a heading, page numbers and a call, in Windows-1252.
const TEXT: &[u8] = b"The Weir at Night\r\n\r\nThe rain began at noon and by dark the\r\nmeadow was a lake. The miller\x92s man had\r\nopened the sluice at eleven, and then the\r\n\r\n- 1 -\r\n\r\nwater stood a yard above the sill.[1] It\r\ndid not fall before the morning came.\r\n\r\nWhat Was Lost\r\n\r\nNobody was drowned, but the mill lost its\r\nwheel and the town lost its bridge, and\r\n\r\n- 2 -\r\n\r\nthe ca\xf1on that stood on it was never\r\nfound again, though many looked for it.\r\n\r\nThe bridge was built again by the town in\r\nthe year after, and of stone this time.\r\n\r\n- 3 -\r\n\r\n1. About ninety centimetres.\r\n";

#[test]
fn a_text_is_brought_into_a_pack() {
    let pack = packs::scratch();
    packs::small_pack(pack.path(), None);
    let elsewhere = packs::scratch();
    fs::write(elsewhere.path().join("night.txt"), TEXT).expect("it can be written");
    let file = elsewhere.path().join("night.txt");
    let file = file.to_string_lossy();
    let output = cordel(&["import", "--yes", "--pack", ".", &file], pack.path());
    assert!(output.status.success(), "{}", said(&output));
    assert!(
        said(&output).contains("plain text in Windows-1252"),
        "{}",
        said(&output)
    );
    assert!(pack.path().join("recipes/the-weir-at-night.toml").is_file());
    fs::copy(
        pack.path().join("sources/night.txt"),
        pack.path().join("texts/night.txt"),
    )
    .expect("the text was copied into the pack");
    let (files, report) = packs::build(pack.path());
    assert!(files.is_some(), "{report}");
    let (inputs, book) = packs::composed(pack.path());
    let source = book
        .ledger
        .iter()
        .find(|source| source.id == "the-weir-at-night");
    let source = source.expect("it is in the ledger");
    assert_eq!(inputs.text(source.text), CLEAN);
}

const CLEAN: &str = "# The Weir at Night

The rain began at noon and by dark the meadow was a lake. The miller’s man had opened the sluice at eleven, and then the water stood a yard above the sill.[^1] It did not fall before the morning came.

## What Was Lost

Nobody was drowned, but the mill lost its wheel and the town lost its bridge, and the cañon that stood on it was never found again, though many looked for it.

The bridge was built again by the town in the year after, and of stone this time.

[^1]: About ninety centimetres.
";

/// A saved page with a picture beside it, and words in another language, up to the finished
/// files, which are proved.
#[test]
fn a_page_with_a_picture_is_brought_into_a_pack() {
    let pack = packs::scratch();
    packs::small_pack(pack.path(), None);
    let elsewhere = packs::scratch();
    let page = r#"<!DOCTYPE html><!-- saved from url=(0026)https://example.org/gauge -->
<html lang="en"><body><article><h1>The Gauge</h1><p>The gauge at the weir was read by the miller <i lang="fr">tous les jours</i>, and it is still there.</p>
<figure><img src="gauge files/gauge.png" alt="A gauge with figures"><figcaption>The "old" gauge (1820)</figcaption></figure>
<p>It stood in the water for a hundred years.</p></article></body></html>"#;
    let folder = elsewhere.path().join("gauge files");
    fs::create_dir(&folder).expect("it can be made");
    let gauge = packs::root().join("tests/books/constructs/images/gauge.png");
    fs::copy(gauge, folder.join("gauge.png")).expect("it can be copied");
    fs::write(elsewhere.path().join("gauge.html"), page).expect("it can be written");
    let file = elsewhere.path().join("gauge.html");
    let output = cordel(
        &["import", "--yes", "--pack", ".", &file.to_string_lossy()],
        pack.path(),
    );
    assert!(output.status.success(), "{}", said(&output));
    let sources = fs::read_to_string(pack.path().join("sources.toml")).expect("it is there");
    assert!(sources.contains("address = \"https://example.org/gauge\""));
    for command in ["build", "verify"] {
        let output = cordel(&[command, "--out", "out", "."], pack.path());
        assert!(output.status.success(), "{command}: {}", said(&output));
    }
    let epub = fs::read(pack.path().join("out/the-weir.epub")).expect("it was made");
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(epub)).expect("an EPUB is a zip");
    let names: Vec<String> = zip.file_names().map(String::from).collect();
    assert!(
        names.iter().any(|name| name.ends_with("gauge.png")),
        "{names:?}"
    );
    let told = names
        .iter()
        .filter(|name| name.ends_with(".xhtml"))
        .any(|name| {
            let mut text = String::new();
            let mut entry = zip.by_name(name).expect("it is there");
            std::io::Read::read_to_string(&mut entry, &mut text).expect("XHTML is UTF-8");
            text.contains("lang=\"fr\"") && text.contains("gauge (1820)")
        });
    assert!(told);
}

#[test]
fn what_cannot_be_imported_is_told() {
    let pack = packs::scratch();
    packs::small_pack(pack.path(), None);
    let folder = pack.path();
    fs::write(folder.join("noise.bin"), [0u8, 1, 2, 3, 4, 200]).expect("it can be written");
    fs::write(folder.join("miller.txt"), "One line.\n").expect("it can be written");
    let before = fs::read(folder.join("book.toml")).expect("it is there");
    for (arguments, wanted) in [
        (
            &["import", "--yes", "--pack", ".", "gone.txt"][..],
            "there is no file `gone.txt`",
        ),
        (&["import", "--yes", "--pack", ".", "noise.bin"], "not-utf8"),
        (
            &["import", "--yes", "--pack", "texts", "miller.txt"],
            "is not a pack",
        ),
        (&["import", "--yes", "--pack", ".", "miller.txt"], "already"),
        (
            &[
                "import",
                "--id",
                "x",
                "--pack",
                ".",
                "miller.txt",
                "miller.txt",
            ],
            "--id names one text",
        ),
    ] {
        let output = cordel(arguments, folder);
        assert!(!output.status.success(), "{arguments:?}");
        assert!(
            said(&output).contains(wanted),
            "{arguments:?}: {}",
            said(&output)
        );
    }
    assert_eq!(
        fs::read(folder.join("book.toml")).expect("it is there"),
        before
    );
}
