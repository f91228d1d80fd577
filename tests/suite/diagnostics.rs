//! Every diagnostic code has the smallest change to the small pack that brings it about.

use std::fs;

use cordel::diag::Code;

use crate::packs;

#[test]
fn diagnostics_are_as_expected() {
    let folder = packs::root().join("tests/diagnostics");
    let mut cases: Vec<_> = fs::read_dir(&folder)
        .expect("tests/diagnostics is there")
        .map(|entry| entry.expect("it can be read").path())
        .filter(|path| path.is_dir())
        .collect();
    cases.sort();
    for case in cases {
        let name = case
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        let code = name.split('+').next().unwrap_or_default();
        let pack = packs::scratch();
        packs::small_pack(pack.path(), Some(&case));
        let (files, report) = packs::review(pack.path());
        assert!(
            report.contains(&format!("[{code}]")),
            "{name} does not bring about {code}:\n{report}"
        );
        let outcome = if files.is_some() {
            "the book is written"
        } else {
            "nothing is written"
        };
        packs::compare(&case.join("expected.txt"), &format!("{report}{outcome}\n"));
    }
}

/// Codes that no small book is known to bring about: page numbers that never settle, and a
/// measure narrower than a letter, which the smallest page that is allowed still exceeds.
const WITHOUT_CASE: &[&str] = &["unsettled-pages", "overfull-line"];

/// What only finished files can be at fault of; `suite/verify.rs` plants each.
const OF_FILES: [&str; 4] = ["text-differs", "wrong-page", "dead-link", "unreadable-file"];

#[test]
fn every_code_has_a_case() {
    let folder = packs::root().join("tests/diagnostics");
    let missing: Vec<&str> = Code::ALL
        .iter()
        .map(|code| code.name())
        .filter(|name| !folder.join(name).is_dir())
        .filter(|name| !WITHOUT_CASE.contains(name) && !OF_FILES.contains(name))
        .collect();
    assert_eq!(
        missing,
        Vec::<&str>::new(),
        "add a folder for each under tests/diagnostics"
    );
}

#[test]
fn every_code_is_explained() {
    for code in Code::ALL {
        assert!(
            code.explanation().split_whitespace().count() >= 8,
            "{} wants an explanation",
            code.name()
        );
    }
}
