//! The five real sources quarrel over days, months and shares of votes; the program must find
//! it in their texts, where those are at hand.

use cordel::diag::Report;
use cordel::pipeline::{self, Request};
use cordel::review::told;
use cordel::source::Inputs;

use crate::packs;

#[test]
fn the_sources_quarrels_surface_from_their_texts() {
    let Some(texts) = packs::sources() else {
        return;
    };
    let pack = packs::root().join("book");
    let mut inputs = Inputs::read_pack(&pack).expect("the pack can be read");
    let request = Request {
        edition: None,
        epub: false,
        pdf: false,
        review: false,
        source_folders: vec![texts],
    };
    let mut report = Report::default();
    let book = pipeline::compose(&mut inputs, &request, &mut |_| {}, &mut report)
        .expect("the sources can be read")
        .expect("the pack has no errors");
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
}
