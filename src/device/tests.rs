//! Readers as folders with the marks of each kind.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::record::{Entry, Record};
use super::*;

/// No paths.
const NOWHERE: [PathBuf; 0] = [];

/// A folder of readers; each is named as it may be mounted.
struct Shelf(tempfile::TempDir);

impl Shelf {
    fn new() -> Shelf {
        Shelf(tempfile::tempdir().expect("a temporary folder"))
    }

    /// Lays out a reader: folders end with a stroke, files have what follows a colon in them.
    fn reader(&self, label: &str, layout: &[&str]) -> PathBuf {
        let root = self.0.path().join(label);
        fs::create_dir_all(&root).expect("it can be made");
        for part in layout {
            let (path, content) = part.split_once(':').unwrap_or((part, ""));
            let path = root.join(path);
            if part.ends_with('/') {
                fs::create_dir_all(path).expect("it can be made");
            } else {
                fs::create_dir_all(path.parent().expect("it has one")).expect("it can be made");
                fs::write(path, content).expect("it can be written");
            }
        }
        root
    }

    fn kobo(&self) -> Reader {
        let version = ".kobo/version:N428410012345,4.1.15,4.38.23171,4.1.15,4.1.15,00000000-0000-0000-0000-000000000390";
        at(&self.reader("KOBOeReader", &[version, "Other.epub:theirs"]))
    }
}

fn form(format: Format, name: &str, bytes: &str) -> Form {
    Form {
        format,
        name: name.into(),
        bytes: bytes.into(),
    }
}

/// A book in all its forms, in a version.
fn book(version: &str) -> Book {
    Book {
        id: "urn:uuid:1".into(),
        title: "The \"Ferries\"".into(),
        forms: vec![
            form(Format::Epub, "ferries.epub", &format!("epub {version}")),
            form(Format::Pdf, "ferries.pdf", &format!("pdf {version}")),
            form(
                Format::Kepub,
                "ferries.kepub.epub",
                &format!("kepub {version}"),
            ),
        ],
    }
}

/// Every file below a folder and what is in it.
fn files(root: &Path) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("it can be read").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(root).expect("it is inside");
            let text = fs::read_to_string(&path).expect("it is text");
            files.insert(name.to_string_lossy().into_owned(), text);
        }
    }
    files
}

/// The same without the record.
fn books_on(root: &Path) -> Vec<(String, String)> {
    let mut files = files(root);
    files.retain(|name, _| !name.starts_with(".cordel/"));
    files.into_iter().collect()
}

#[test]
fn every_reader_is_known_and_gets_what_it_likes() {
    let shelf = Shelf::new();
    let readers: [(&str, &[&str], &str, &str); 11] = [
        (
            "KOBOeReader",
            &[".kobo/version:N1,4,5.2,4,4,x"],
            "Kobo",
            "ferries.kepub.epub",
        ),
        (
            "tolino",
            &["Books/", ".tolino/"],
            "Tolino",
            "Books/ferries.epub",
        ),
        ("Tolino shine", &[".kobo/"], "Tolino", "Books/ferries.epub"),
        (
            "Kindle",
            &["system/version.txt:Kindle 5.16.2", "documents/"],
            "Kindle",
            "documents/ferries.pdf",
        ),
        (
            "PB632",
            &["system/config/", "applications/", "books/"],
            "PocketBook",
            "books/ferries.epub",
        ),
        (
            "NOOK",
            &["NOOK/My Files/"],
            "Nook",
            "NOOK/My Files/ferries.epub",
        ),
        ("nook2", &["My Files/"], "Nook", "My Files/ferries.epub"),
        (
            "READER",
            &["Sony_Reader/media/books/"],
            "Sony Reader",
            "Sony_Reader/media/books/ferries.epub",
        ),
        ("ONYX_BOOX", &["Books/"], "Onyx Boox", "Books/ferries.epub"),
        (
            "Cybook",
            &["Digital Editions/"],
            "Cybook",
            "Digital Editions/ferries.epub",
        ),
        ("STICK", &["system/", "documents/", "Books/"], "", ""),
    ];
    for (label, layout, _, _) in readers {
        shelf.reader(label, layout);
    }
    let found = find(&[shelf.0.path().to_path_buf()]);
    let ours: Vec<&Reader> = found
        .iter()
        .filter(|r| r.root.starts_with(shelf.0.path()))
        .collect();
    assert_eq!(ours.len(), readers.len() - 1, "{ours:?}");
    for reader in ours {
        let label = reader
            .root
            .file_name()
            .expect("it has a name")
            .to_string_lossy();
        let row = readers
            .iter()
            .find(|row| row.0 == label)
            .expect("it was laid out");
        assert_eq!(reader.profile.name, row.2, "{label}");
        let loading = reader.load(&book("1")).expect("it can be loaded");
        assert_eq!(
            (loading.step, loading.path.as_path()),
            (Step::New, Path::new(row.3)),
            "{label}"
        );
        assert!(reader.root.join(row.3).is_file());
    }
    let kobo = at(&shelf.0.path().join("KOBOeReader"));
    assert_eq!(kobo.about.as_deref(), Some("firmware 5.2"));
    let kindle = at(&shelf.0.path().join("Kindle"));
    assert_eq!(kindle.about.as_deref(), Some("Kindle 5.16.2"));
}

#[test]
fn a_newer_copy_takes_the_place_of_the_older() {
    let shelf = Shelf::new();
    let kobo = shelf.kobo();
    assert_eq!(kobo.load(&book("1")).expect("loaded").step, Step::New);
    assert_eq!(kobo.load(&book("1")).expect("loaded").step, Step::Nothing);
    assert_eq!(
        kobo.plan(&book("2")).expect("it can be").step,
        Step::Replace
    );
    assert_eq!(kobo.load(&book("2")).expect("loaded").step, Step::Replace);
    // The pack got another name; the reader knows the book by the old one.
    let mut renamed = book("3");
    renamed.forms[2].name = "boats.kepub.epub".into();
    assert_eq!(
        kobo.load(&renamed).expect("loaded").path,
        Path::new("ferries.kepub.epub")
    );
    let theirs = [
        (
            ".kobo/version".to_string(),
            fs::read_to_string(kobo.root.join(".kobo/version")).expect("there"),
        ),
        ("Other.epub".to_string(), "theirs".to_string()),
    ];
    let ours = ("ferries.kepub.epub".to_string(), "kepub 3".to_string());
    let wanted: Vec<_> = theirs.iter().cloned().chain([ours]).collect();
    assert_eq!(books_on(&kobo.root), wanted);
    assert_eq!(
        kobo.books().expect("it can be read"),
        [Loaded {
            title: "The \"Ferries\"".into(),
            path: "ferries.kepub.epub".into(),
            state: State::AsLoaded
        }]
    );
    assert_eq!(
        kobo.remove("urn:uuid:1").expect("removed"),
        [PathBuf::from("ferries.kepub.epub")]
    );
    assert_eq!(kobo.remove("urn:uuid:1").expect("removed"), NOWHERE);
    assert_eq!(books_on(&kobo.root), theirs);
}

/// A Kobo that had the plain EPUB gets its own form, and has not both.
#[test]
fn a_better_form_replaces_the_one_before() {
    let shelf = Shelf::new();
    let kobo = shelf.kobo();
    let mut plain = book("1");
    plain.forms.truncate(2);
    assert_eq!(
        kobo.load(&plain).expect("loaded").path,
        Path::new("ferries.epub")
    );
    assert_eq!(
        kobo.load(&book("2")).expect("loaded").path,
        Path::new("ferries.kepub.epub")
    );
    assert!(!kobo.root.join("ferries.epub").exists());
    assert_eq!(kobo.books().expect("read").len(), 1);
}

#[test]
fn files_of_others_are_never_touched() {
    let shelf = Shelf::new();
    let kobo = shelf.kobo();
    let place = kobo.root.join("ferries.kepub.epub");
    fs::write(&place, "theirs").expect("written");
    assert!(matches!(kobo.load(&book("1")), Err(Fault::NotOurs { .. })));
    assert!(matches!(kobo.plan(&book("1")), Err(Fault::NotOurs { .. })));
    assert_eq!(kobo.remove("urn:uuid:1").expect("nothing to do"), NOWHERE);
    assert_eq!(fs::read_to_string(&place).expect("there"), "theirs");

    fs::remove_file(&place).expect("removed");
    kobo.load(&book("1")).expect("loaded");
    fs::write(&place, "annotated").expect("written");
    assert_eq!(kobo.books().expect("read")[0].state, State::Changed);
    assert!(matches!(kobo.load(&book("2")), Err(Fault::Changed { .. })));
    assert!(matches!(
        kobo.remove("urn:uuid:1"),
        Err(Fault::Changed { .. })
    ));
    assert_eq!(fs::read_to_string(&place).expect("there"), "annotated");

    fs::write(&place, "kepub 1").expect("written");
    let other = Book {
        id: "urn:uuid:2".into(),
        ..book("1")
    };
    assert!(matches!(kobo.load(&other), Err(Fault::OtherBook { .. })));
    // A folder in the place is not ours either.
    fs::remove_file(&place).expect("removed");
    fs::create_dir(&place).expect("made");
    assert!(matches!(kobo.load(&book("2")), Err(Fault::Changed { .. })));
}

/// The reader was pulled, or the program ended, at each moment of a loading.
#[test]
fn a_loading_that_was_broken_off_is_taken_up() {
    let shelf = Shelf::new();
    let kobo = shelf.kobo();
    kobo.load(&book("1")).expect("loaded");
    let before = fs::read_to_string(kobo.root.join(".cordel/loaded.toml")).expect("there");
    kobo.load(&book("2")).expect("loaded");
    let after = files(&kobo.root);

    // While the new copy was being written.
    let part = kobo.root.join("ferries.kepub.epub.cordel-part");
    fs::write(kobo.root.join("ferries.kepub.epub"), "kepub 1").expect("written");
    fs::write(kobo.root.join(".cordel/loaded.toml"), &before).expect("written");
    fs::write(&part, "kep").expect("written");
    assert_eq!(kobo.load(&book("2")).expect("loaded").step, Step::Replace);
    assert_eq!(files(&kobo.root), after);

    // After it was announced in the record, before and after it came into its place.
    let next = Digest::of(b"kepub 2");
    let announced = format!("{before}next = \"{}\"\n", next.0);
    for there in ["kepub 1", "kepub 2"] {
        fs::write(kobo.root.join("ferries.kepub.epub"), there).expect("written");
        fs::write(kobo.root.join(".cordel/loaded.toml"), &announced).expect("written");
        assert_eq!(kobo.books().expect("read")[0].state, State::AsLoaded);
        assert_eq!(kobo.load(&book("3")).expect("loaded").step, Step::Replace);
    }
    assert!(!part.exists());
}

/// Pulled twice: once before the second copy was noted as whole, then before the third took
/// its place.
#[test]
fn a_copy_that_was_only_expected_stays_known_for_ours() {
    let path = PathBuf::from("ferries.epub");
    let entry = |version: &str, next| Entry {
        id: "ferries".into(),
        title: "Ferries".into(),
        path: path.clone(),
        digest: Digest::of(version.as_bytes()),
        next,
    };
    let second = Digest::of(b"2");
    let mut record = Record {
        entries: vec![entry("1", Some(second.clone()))],
    };
    record.expect(entry("3", None), Some(second.clone()));
    let known = record.entry(&path).expect("it is listed");
    assert!(known.wrote(&second) && known.wrote(&Digest::of(b"3")));
}

#[test]
fn a_reader_that_is_gone_or_full_is_told() {
    let shelf = Shelf::new();
    let kobo = shelf.kobo();
    fs::remove_dir_all(&kobo.root).expect("pulled");
    assert!(matches!(kobo.load(&book("1")), Err(Fault::NoReader { .. })));
    assert!(!kobo.root.exists(), "nothing is made in a reader's stead");

    let kindle = at(&shelf.reader("Kindle", &["system/version.txt:Kindle 5", "documents/"]));
    let mut epub = book("1");
    epub.forms.truncate(1);
    let told = kindle.load(&epub).expect_err("it opens none").to_string();
    assert!(
        told.contains("a Kindle opens no EPUB that comes by cable"),
        "{told}"
    );

    let full = Fault::NoRoom {
        path: "/media/k".into(),
        needed: 3_200_000,
        free: 40_000,
    };
    assert_eq!(
        full.to_string().lines().next(),
        Some("`/media/k` has room for 40 kB, and 3.2 MB are needed until an older copy can go")
    );
}

/// A folder that cannot be written to leaves the older copy; here something is in the way.
#[test]
fn a_failed_writing_leaves_the_older_copy() {
    let shelf = Shelf::new();
    let kobo = shelf.kobo();
    kobo.load(&book("1")).expect("loaded");
    fs::create_dir(kobo.root.join("ferries.kepub.epub.cordel-part")).expect("made");
    let told = kobo
        .load(&book("2"))
        .expect_err("it cannot be written")
        .to_string();
    assert!(
        told.ends_with("an older copy of the book is as it was"),
        "{told}"
    );
    assert_eq!(kobo.books().expect("read")[0].state, State::AsLoaded);
    assert_eq!(
        fs::read_to_string(kobo.root.join("ferries.kepub.epub")).expect("there"),
        "kepub 1"
    );
}

/// A record comes from a reader, and a reader from anywhere.
#[test]
fn a_record_leads_nowhere_outside_the_reader() {
    let shelf = Shelf::new();
    let kobo = shelf.kobo();
    let outside = shelf.0.path().join("diary.txt");
    fs::write(&outside, "mine").expect("written");
    fs::create_dir(kobo.root.join(".cordel")).expect("made");
    let entry = |path: &str| {
        format!(
            "[[book]]\nid = \"urn:uuid:1\"\ntitle = \"x\"\npath = {path:?}\nsha256 = \"{}\"\n",
            Digest::of(b"mine").0
        )
    };
    let record = kobo.root.join(".cordel/loaded.toml");
    let absolute = outside.to_string_lossy().into_owned();
    fs::write(
        &record,
        entry("../diary.txt") + &entry(&absolute) + &entry(""),
    )
    .expect("written");
    assert_eq!(kobo.remove("urn:uuid:1").expect("nothing to do"), NOWHERE);
    assert_eq!(
        kobo.load(&book("1")).expect("loaded").path,
        Path::new("ferries.kepub.epub")
    );
    assert_eq!(fs::read_to_string(&outside).expect("there"), "mine");

    fs::write(&record, "[[book]\nid = ").expect("written");
    let told = kobo
        .load(&book("2"))
        .expect_err("it cannot be read")
        .to_string();
    assert!(
        told.starts_with("the list of what was loaded cannot be read"),
        "{told}"
    );
}

/// Nothing is written, replaced or removed through a link that was laid on a reader.
#[cfg(unix)]
#[test]
fn links_on_a_reader_are_not_followed() {
    use std::os::unix::fs::symlink;
    let shelf = Shelf::new();
    let home = shelf.reader("home", &["ferries.pdf:mine"]);
    let linked = shelf.reader("PB632", &["system/explorer-3/"]);
    symlink(&home, linked.join("Books")).expect("linked");
    let pocketbook = at(&linked);
    let told = pocketbook
        .load(&book("1"))
        .expect_err("it is refused")
        .to_string();
    assert!(told.contains("is a link"), "{told}");
    assert_eq!(files(&home).len(), 1, "{:?}", files(&home));

    // A record that names a file behind a link.
    let digest = Digest::of(b"mine").0;
    let entry = format!(
        "[[book]]\nid = \"urn:uuid:1\"\ntitle = \"x\"\npath = \"Books/ferries.pdf\"\nsha256 = \"{digest}\"\n"
    );
    fs::create_dir_all(linked.join(".cordel")).expect("made");
    fs::write(linked.join(".cordel/loaded.toml"), entry).expect("written");
    assert!(pocketbook.remove("urn:uuid:1").is_err());
    assert!(pocketbook.load(&book("2")).is_err());
    assert_eq!(files(&home)["ferries.pdf"], "mine");

    // The record's own folder.
    let kobo = shelf.kobo();
    symlink(&home, kobo.root.join(".cordel")).expect("linked");
    assert!(kobo.load(&book("1")).is_err());
    assert_eq!(files(&home).len(), 1);
}
