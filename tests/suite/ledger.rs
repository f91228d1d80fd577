//! The ledger of the small book: nothing of its source is left out of it, or told twice.

use cordel::edition::{Edition, Section};
use cordel::import::Fate;
use cordel::source::Inputs;

use crate::packs;

#[test]
fn every_character_has_one_fate() {
    let pack = packs::scratch();
    packs::small_pack(pack.path(), None);
    let (inputs, composed) = packs::composed(pack.path());
    let [source] = &composed.ledger[..] else {
        panic!("the small book has one source");
    };
    let raw = inputs.text(source.raw);
    let mut reached = 0;
    for stretch in source.stretches(&inputs) {
        assert_eq!(stretch.start, reached, "after {:?}", &raw[..reached]);
        reached = stretch.end;
    }
    assert_eq!(reached, raw.len());
    let account = source.account(&inputs);
    assert_eq!(account.iter().sum::<usize>(), raw.chars().count());
    assert!(account[Fate::Kept as usize] > raw.len() / 2, "{account:?}");
    shows_emendations(&inputs, source, raw);
}

fn shows_emendations(inputs: &Inputs, source: &cordel::ledger::Source, raw: &str) {
    let stretches = source.stretches(inputs);
    let emended: Vec<(&str, &str)> = stretches
        .iter()
        .filter(|stretch| stretch.fate == Fate::Emended)
        .map(|stretch| (&raw[stretch.start..stretch.end], stretch.with))
        .collect();
    assert_eq!(emended, EMENDED);
}

/// The line end between the two is joined, and counted as that.
const EMENDED: &[(&str, &str)] = &[("by", ""), ("dark the meadow", "by dusk the meadow")];

#[test]
fn the_ledger_is_as_expected() {
    let pack = packs::scratch();
    packs::small_pack(pack.path(), None);
    let golden = packs::root().join("tests/books/small/golden");
    let files = packs::build(pack.path())
        .0
        .expect("the small book has no errors");
    for name in ["ledger.json", "ledger.html"] {
        let file = files.iter().find(|file| file.name == name);
        let bytes = &file.expect("it is made where there is a text").bytes;
        packs::compare(&golden.join(name), &String::from_utf8_lossy(bytes));
    }
}

/// Without the readers' own texts there is nothing to account for.
#[test]
fn a_pack_without_texts_has_no_ledger() {
    let pack = packs::scratch();
    packs::small_pack(pack.path(), None);
    std::fs::remove_file(pack.path().join("texts/miller.txt")).expect("it is there");
    let files = packs::build(pack.path()).0.expect("its précis is set");
    assert!(files.iter().all(|file| !file.name.starts_with("ledger")));
}

/// What verifying the small book's source says after a change to the book or the ledger.
fn proved(
    change: impl Fn(&mut cordel::edition::Edition, &mut cordel::ledger::Source),
) -> (cordel::verify::SourceProof, Vec<String>) {
    let pack = packs::scratch();
    packs::small_pack(pack.path(), None);
    let (inputs, composed) = packs::composed(pack.path());
    let (mut edition, mut source) = (composed.edition, composed.ledger[0].clone());
    change(&mut edition, &mut source);
    let mut report = cordel::diag::Report::default();
    let proof = cordel::verify::source(&inputs, &source, &edition, &mut report);
    let messages = report.diagnostics.iter().map(|d| d.message.clone());
    (proof, messages.collect())
}

#[test]
fn every_word_of_a_source_is_in_the_book_or_in_the_ledger() {
    let (proof, faults) = proved(|_, _| {});
    assert_eq!(faults, [""; 0]);
    assert_eq!(
        (proof.words, proof.removed, proof.kept, proof.emended),
        (43, 3, 36, 4)
    );
}

/// The section that the small book's source is.
fn source_section(edition: &mut Edition) -> &mut Section {
    let mut sections = edition.sections.iter_mut();
    let section = sections.find(|section| section.source.is_some());
    section.expect("the small book has a source")
}

#[test]
fn what_a_book_lacks_of_its_source_is_found() {
    let (_, faults) = proved(|edition, _| {
        let section = source_section(edition);
        let range = section.source.clone().expect("it has its text");
        section.blocks.remove(range.end - 1);
        section.source = Some(range.start..range.end - 1);
    });
    assert!(
        faults
            .iter()
            .any(|fault| fault.starts_with("the book lacks “")),
        "{faults:?}"
    );
}

#[test]
fn paragraphs_of_a_source_that_were_swapped_or_doubled_are_found() {
    let (_, faults) = proved(|edition, _| {
        let section = source_section(edition);
        let range = section.source.clone().expect("it has its text");
        section.blocks.swap(range.start, range.end - 1);
    });
    assert_eq!(
        faults,
        ["this stands in the book after what follows it in its source"; 2]
    );
    let (_, faults) = proved(|edition, _| {
        let section = source_section(edition);
        let range = section.source.clone().expect("it has its text");
        let last = section.blocks[range.end - 1].clone();
        section.blocks.insert(range.end, last);
        section.source = Some(range.start..range.end + 1);
    });
    assert!(
        faults
            .iter()
            .any(|fault| fault == "this stands in the book twice"),
        "{faults:?}"
    );
}

#[test]
fn what_a_ledger_does_not_account_for_is_found() {
    let (_, faults) = proved(|_, source| {
        let changes = &mut source.ledger.changes;
        changes.retain(|change| change.class.fate() != Fate::Removed);
    });
    assert!(!faults.is_empty());
    assert!(
        faults
            .iter()
            .all(|fault| fault.starts_with("the ledger does not say what became of “")),
        "{faults:?}"
    );
}
