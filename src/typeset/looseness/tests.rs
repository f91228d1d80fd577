//! Paragraphs in a line more or fewer, beside those that they stand in for.

use std::collections::BTreeSet;

use super::*;
use crate::edition::Series;
use crate::fonts::FontSet;
use crate::typeset::builder::Builder;
use crate::typeset::numbering::{Known, Numbering};
use crate::typeset::styles::Styles;
use crate::typeset::tests::{Maker, design};

/// A section of paragraphs that call notes, each varied where that can be.
fn varied(seed: u64) -> Galley {
    let mut maker = Maker::new(seed);
    let mut blocks = Vec::new();
    for _ in 0..12 {
        let words = maker.below(80) + 30;
        blocks.push(maker.noted(words, &[(Series::Author, 4), (Series::Glossary, 3)]));
    }
    maker.body(blocks);
    let edition = &maker.edition;
    let setter = Setter::new(FontSet::built_in(), &[]);
    let styles = Styles {
        design: design(),
        lang: Lang("en".into()),
        acronyms: false,
    };
    let numbering = Numbering::default();
    let known = Known::new(edition, &numbering);
    let mut galley = Builder::new(edition, &setter, &known, &styles).text(&edition.sections[0]);
    let short = Chosen {
        rows: (0..galley.rows.len()).collect(),
        notes: Vec::new(),
        notes_height: Length::ZERO,
        height: Length::ZERO,
        short: Length::pt(10),
        last: false,
    };
    let origin = Origin {
        blocks: &edition.sections[0].blocks,
        setter: &setter,
        lookup: &known,
    };
    vary(&mut galley, &[short], true, 0, &origin);
    galley
}

/// The words of some rows, the calls in them, and the elements on them in order.
fn content(rows: &[Row]) -> (String, Vec<NoteId>, Vec<TagId>) {
    let mut words = String::new();
    let mut tags = Vec::new();
    for part in rows.iter().flat_map(|row| &row.parts) {
        if let Matter::Line {
            line, piece_tags, ..
        } = &part.matter
        {
            for (at, piece) in line.pieces.iter().enumerate() {
                words.push_str(&piece.text);
                let own = piece_tags.iter().find(|(place, _)| *place == at);
                tags.extend(own.map(|(_, tag)| *tag));
            }
        }
    }
    words.retain(|c| c.is_alphanumeric());
    tags.dedup();
    let calls = rows.iter().flat_map(|row| row.calls.clone());
    (words, calls.collect(), tags)
}

#[test]
fn variants_hold_what_their_paragraphs_hold() {
    let mut longer = 0;
    for seed in 0..20 {
        let galley = varied(seed);
        let text = galley.text_rows();
        let mut starts = BTreeSet::new();
        for variant in &galley.variants {
            assert!(variant.of.end <= text && variant.rows.start >= text);
            let of = &galley.rows[variant.of.clone()];
            let set = &galley.rows[variant.rows.clone()];
            assert_eq!(of.len().abs_diff(set.len()), 1);
            assert_eq!(content(of), content(set), "book {seed}");
            assert_eq!(content(set).1.len(), 2);
            assert_eq!((of[0].space, of[0].cost), (set[0].space, set[0].cost));
            assert!(variant.cost >= VARIED && variant.cost <= TOO_DEAR);
            assert!(starts.insert((variant.of.start, set.len())));
            longer += usize::from(set.len() > of.len());
        }
        let ordered = galley.variants.is_sorted_by_key(|one| one.of.start);
        assert!(ordered, "book {seed}");
    }
    assert!(longer > 3, "{longer}");
}

#[test]
fn a_paragraph_with_something_beside_its_inner_lines_is_left_alone() {
    let galley = (0..20)
        .map(varied)
        .find(|galley| !galley.variants.is_empty());
    let galley = galley.expect("some paragraph can be varied");
    let variant = &galley.variants[0];
    let of = &galley.rows[variant.of.clone()];
    let passage = of[1].parts.iter().find_map(passage_of);
    let passage = passage.expect("a line of a passage");
    let set = galley.rows[variant.rows.clone()].iter();
    let lines = set.flat_map(|row| row.parts.iter().find_map(line_of));
    let lines: Vec<_> = lines.cloned().collect();
    assert!(rows(of, passage, &lines).is_some());
    let mut beside = of.to_vec();
    let number = beside[0].parts[0].clone();
    beside[2].parts.push(number);
    assert!(rows(&beside, passage, &lines).is_none());
}
