//! The ledger of the small book: nothing of its source is left out of it, or told twice.

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
