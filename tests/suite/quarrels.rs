//! The five real sources quarrel over days, months and shares of votes; the program must find
//! it in their texts, where those are at hand, and reckon the dates that they tell from others.

use std::fs;
use std::path::Path;

use cordel::diag::Report;
use cordel::pipeline::{self, Composed, Request};
use cordel::review::told;
use cordel::source::Inputs;

use crate::packs;

/// A pack with the sources' texts, where those are at hand.
fn composed(pack: &Path) -> Option<Composed> {
    let texts = packs::sources()?;
    let mut inputs = Inputs::read_pack(pack).expect("the pack can be read");
    let request = Request {
        edition: None,
        epub: false,
        pdf: false,
        review: false,
        source_folders: vec![texts],
    };
    let mut report = Report::default();
    let book = pipeline::compose(&mut inputs, &request, &mut |_| {}, &mut report);
    let book = book.expect("the sources can be read");
    Some(book.expect("the pack has no errors"))
}

#[test]
fn the_sources_quarrels_surface_from_their_texts() {
    let Some(book) = composed(&packs::root().join("book")) else {
        return;
    };
    let shown = told::shown(&book.proofs());
    for quarrel in [
        "brochure “October 11”, enriquez “10 October”",
        "enriquez “6 August”, brochure “August 7”",
        "saunois “29 June 1973”, chronicle “July of 1973”",
        "brochure “July 1971”, enriquez after 1972",
        "enriquez “36.63 percent”, saunois “36.3%”",
        "brochure “50 percent”, saunois “51%”",
        "saunois “54%”, brochure “55 percent”",
    ] {
        assert!(shown.contains(quarrel), "{quarrel} is not in:\n{shown}");
    }
    for reckoned in [
        "“A month later” [1970-10]",
        "“April” [1971-04]",
        "“a year later” [1972-07]",
        "“the following day” [1973-06-15]",
        "“one month later” [1973-09]",
        "“a month later” [1973-10]",
        "Five months after Allende took office, mayoral … [not certain]",
    ] {
        assert!(shown.contains(reckoned), "{reckoned} is not in:\n{shown}");
    }
}

/// What the editors have recorded is silent; what they have not is warned of.
#[test]
fn quarrels_that_no_reading_records_are_warned_of() {
    let pack = packs::scratch();
    packs::copy(&packs::root().join("book"), pack.path());
    let path = pack.path().join("chronology.toml");
    let events = fs::read_to_string(&path).expect("the pack has a chronology");
    let mut unread = String::new();
    let mut inside = false;
    for line in events.split_inclusive('\n') {
        if line.starts_with("[[") {
            inside = line.starts_with("[[event.reading]]");
        }
        if !inside {
            unread.push_str(line);
        }
    }
    fs::write(&path, unread).expect("it can be written");
    let Some(book) = composed(pack.path()) else {
        return;
    };
    let mut report = Report::default();
    told::check(&book.proofs(), &mut report);
    let messages = report.diagnostics.iter().map(|one| one.message.as_str());
    let said = messages.collect::<Vec<_>>().join("\n");
    for warning in [
        "says “10 October” where the chronology has 11 October 1972 (`truckers-strike`)",
        "of `sailors-arrested` Article and speech says “6 August” and Brochure “August 7”",
        "of `allende-elected` Article and speech says “36.63 percent” and Saunois “36.3%”",
        "of `municipal-elections` Brochure says “50 percent” and Saunois “51%”",
    ] {
        assert!(said.contains(warning), "{warning} is not in:\n{said}");
    }
}
