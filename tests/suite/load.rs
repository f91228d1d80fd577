//! `cordel load` as it is typed, on folders laid out like readers.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::packs;

/// A shelf with a Kobo, a Kindle and a PocketBook, and the small book made.
fn shelf() -> (tempfile::TempDir, PathBuf) {
    let folder = packs::scratch();
    let media = folder.path().join("media");
    for part in [
        "KOBOeReader/.kobo",
        "Kindle/documents",
        "Kindle/system",
        "PB632/system/explorer-3",
        "camera/DCIM",
    ] {
        fs::create_dir_all(media.join(part)).expect("it can be made");
    }
    fs::write(media.join("Kindle/system/version.txt"), "Kindle 5.16").expect("written");
    let pack = folder.path().join("book");
    packs::small_pack(&pack, None);
    let made = packs::build(&pack).0.expect("the small book has no errors");
    fs::create_dir(folder.path().join("out")).expect("made");
    for artifact in made {
        fs::write(
            folder.path().join("out").join(artifact.name),
            artifact.bytes,
        )
        .expect("written");
    }
    (folder, media)
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_cordel"))
        .current_dir(folder)
        .arg("load")
        .args(arguments)
        .output()
        .expect("the program runs")
}

fn said(output: &Output) -> String {
    let out = [&output.stdout[..], &output.stderr[..]].concat();
    String::from_utf8(out).expect("it is text")
}

fn slug(folder: &Path) -> String {
    let mut names = fs::read_dir(folder.join("out")).expect("read").flatten();
    let epub = names.find_map(|entry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        name.strip_suffix(".epub").map(str::to_string)
    });
    epub.expect("an EPUB was made")
}

#[test]
fn a_group_of_readers_is_loaded_and_unloaded() {
    let (folder, media) = shelf();
    let slug = slug(folder.path());
    let media = media.to_str().expect("it is text");
    let would = run(folder.path(), &["--media", media, "--dry-run"]);
    assert_eq!(would.status.code(), Some(0), "{}", said(&would));
    assert!(said(&would).contains(&format!("{slug}.kepub.epub: would be loaded")));
    assert!(!Path::new(media).join("KOBOeReader/.cordel").exists());

    let loaded = run(folder.path(), &["--media", media]);
    assert_eq!(loaded.status.code(), Some(0), "{}", said(&loaded));
    let places = [
        format!("KOBOeReader/{slug}.kepub.epub"),
        format!("Kindle/documents/{slug}.pdf"),
        format!("PB632/Books/{slug}.epub"),
    ];
    for place in &places {
        assert!(
            Path::new(media).join(place).is_file(),
            "{place}\n{}",
            said(&loaded)
        );
    }
    let again = run(folder.path(), &["--media", media]);
    assert_eq!(said(&again).matches("is there already").count(), 3);
    let list = run(folder.path(), &["--media", media, "--list"]);
    assert_eq!(
        said(&list).matches("as it was loaded").count(),
        3,
        "{}",
        said(&list)
    );
    assert!(!said(&list).contains("camera"));

    let removed = run(folder.path(), &["--media", media, "--remove"]);
    assert_eq!(removed.status.code(), Some(0), "{}", said(&removed));
    for place in &places {
        assert!(!Path::new(media).join(place).exists(), "{place}");
    }
}

/// A program that stops when the test does, whatever becomes of it.
struct Running(std::process::Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Whether a file is there within a minute.
fn appears(path: &Path) -> bool {
    (0..600).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(100));
        path.is_file()
    })
}

#[test]
fn readers_of_a_group_are_loaded_one_after_another() {
    let (folder, media) = shelf();
    let slug = slug(folder.path());
    fs::rename(media.join("PB632"), folder.path().join("PB632")).expect("pulled");
    let waiting = Command::new(env!("CARGO_BIN_EXE_cordel"))
        .current_dir(folder.path())
        .args(["load", "--each", "--quiet", "--media", "media"])
        .spawn()
        .expect("the program runs");
    let mut waiting = Running(waiting);
    let kobo = media.join(format!("KOBOeReader/{slug}.kepub.epub"));
    assert!(appears(&kobo));
    assert!(appears(&media.join(format!("Kindle/documents/{slug}.pdf"))));
    // One that is plugged in later gets the book too.
    fs::rename(folder.path().join("PB632"), media.join("PB632")).expect("plugged in");
    assert!(appears(&media.join(format!("PB632/Books/{slug}.epub"))));
    // And so does the next one at the place of one that was pulled.
    fs::rename(media.join("KOBOeReader"), folder.path().join("Kobo")).expect("pulled");
    std::thread::sleep(std::time::Duration::from_secs(3));
    fs::create_dir_all(media.join("KOBOeReader/.kobo")).expect("plugged in");
    assert!(appears(&kobo));
    assert_eq!(waiting.0.try_wait().expect("known"), None, "it goes on");
    let first = folder.path().join(format!("Kobo/{slug}.kepub.epub"));
    assert!(fs::read(first).expect("kept") == fs::read(kobo).expect("loaded"));
}

#[test]
fn any_folder_takes_a_file_that_is_named() {
    let (folder, _) = shelf();
    let slug = slug(folder.path());
    let card = folder.path().join("card");
    fs::create_dir(&card).expect("made");
    let file = format!("out/{slug}.epub");
    let done = run(folder.path(), &[&file, "--to", "card"]);
    assert_eq!(done.status.code(), Some(0), "{}", said(&done));
    let copy = fs::read(card.join(format!("{slug}.epub"))).expect("it is there");
    assert!(copy == fs::read(folder.path().join(&file)).expect("it was made"));
}

#[test]
fn what_cannot_be_loaded_is_told() {
    let (folder, _) = shelf();
    let cases: [(&[&str], &str); 4] = [
        (
            &["out/none.epub", "--to", "book"],
            "cannot read `out/none.epub`",
        ),
        (
            &["book/book.toml", "--to", "book"],
            "is no e-book that a reader takes",
        ),
        (&["--to", "nowhere"], "there is no folder `nowhere`"),
        (&["--out", "media", "--to", "book"], "build the pack first"),
    ];
    for (arguments, wanted) in cases {
        let failed = run(folder.path(), arguments);
        assert_eq!(failed.status.code(), Some(2), "{}", said(&failed));
        assert!(said(&failed).contains(wanted), "{}", said(&failed));
    }
}

/// A disk that is full in the middle of a file: the shell forbids longer ones.
#[cfg(unix)]
#[test]
fn a_full_disk_leaves_the_older_copy() {
    let (folder, _) = shelf();
    let slug = slug(folder.path());
    let card = folder.path().join("card");
    fs::create_dir(&card).expect("made");
    let epub = folder.path().join(format!("out/{slug}.epub"));
    let file = format!("out/{slug}.epub");
    assert_eq!(
        run(folder.path(), &[&file, "--to", "card"]).status.code(),
        Some(0)
    );
    let first = fs::read(&epub).expect("it was made");

    // The same book in another version.
    let pack = folder.path().join("book");
    let manifest = fs::read_to_string(pack.join("book.toml")).expect("read");
    let changed = manifest.replacen("title = \"", "title = \"New ", 1);
    fs::write(pack.join("book.toml"), changed).expect("written");
    let second = packs::build(&pack).0.expect("it has no errors");
    let second = second
        .iter()
        .find(|file| file.name.ends_with(".epub"))
        .expect("it is made");
    fs::write(&epub, &second.bytes).expect("written");

    let command = format!(
        "trap '' XFSZ; ulimit -f 100; exec '{}' load {file} --to card",
        env!("CARGO_BIN_EXE_cordel")
    );
    let full = Command::new("bash")
        .args(["-c", &command])
        .current_dir(folder.path())
        .output();
    let full = full.expect("there is a shell");
    assert_eq!(full.status.code(), Some(2), "{}", said(&full));
    assert!(
        said(&full).contains("an older copy of the book is as it was"),
        "{}",
        said(&full)
    );
    let there = fs::read(card.join(&file["out/".len()..])).expect("it is there");
    assert!(there == first, "the older copy is as it was");
    assert_eq!(
        fs::read_dir(&card).expect("read").count(),
        2,
        "nothing else is left there"
    );
    assert_eq!(
        run(folder.path(), &[&file, "--to", "card"]).status.code(),
        Some(0)
    );
    assert!(fs::read(card.join(&file["out/".len()..])).expect("there") == second.bytes);
}
