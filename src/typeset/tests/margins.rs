//! What stands in the outer margin.

use std::collections::BTreeSet;

use super::*;
use crate::manifest::MarginNumbers;
use crate::pages::TagId;

/// The untagged figures outside of the text's edges: page, from its top, left edge, number.
fn numbers(pages: &Pages) -> Vec<(usize, Length, Length, usize)> {
    let outside = |page: usize, run: &Run| {
        run.origin.x > pages.area.right(page) || run.origin.x < pages.area.left(page) - Length::PT
    };
    runs(pages)
        .filter(|(page, run)| run.tag.is_none() && outside(*page, run))
        .filter_map(|(page, run)| {
            assert_eq!(run.spoken.as_deref(), Some(""), "it is not copied");
            let number = run.text.parse().ok()?;
            Some((page, run.origin.y, run.origin.x, number))
        })
        .collect()
}

fn numbered(maker: &Maker, numbers: MarginNumbers) -> Pages {
    let design = Design {
        margin_numbers: numbers,
        ..design()
    };
    set(&maker.edition, &design)
}

#[test]
fn every_fifth_line_of_a_page_is_numbered() {
    let mut maker = Maker::new(5);
    let mut blocks: Vec<_> = (0..6).map(|_| maker.paragraph(90)).collect();
    let heading = Block::Heading {
        level: 1,
        text: maker.text(3),
    };
    blocks.insert(3, heading);
    blocks.insert(1, maker.noted(40, &[(Series::Author, 60)]));
    maker.body(blocks);
    let pages = numbered(&maker, MarginNumbers::Lines);
    check(&maker, &pages);
    let found = numbers(&pages);
    let kind = |tag: &TagId| pages.structure[tag.0 as usize].kind;
    for page in 0..pages.pages.len() {
        let of_page = runs(&pages).filter(|(at, _)| *at == page);
        let text = of_page.filter_map(|(_, run)| {
            let tag = run.tag.filter(|tag| kind(tag) == TagKind::Paragraph)?;
            let parent = pages.structure[tag.0 as usize].parent?;
            (kind(&parent) == TagKind::Section).then_some(run.origin.y)
        });
        let lines: BTreeSet<Length> = text.collect();
        let wanted: Vec<(Length, usize)> = lines.into_iter().zip(1..).collect();
        let fifth = wanted.iter().filter(|(_, line)| line % 5 == 0).copied();
        let of_page = found.iter().filter(|number| number.0 == page);
        let set: Vec<(Length, usize)> = of_page.map(|number| (number.1, number.3)).collect();
        assert_eq!(set, fifth.collect::<Vec<_>>(), "page {page}");
    }
    assert!(found.len() > 5, "{found:?}");
    for (page, _, x, _) in found {
        let outside = match page % 2 {
            0 => x > pages.area.right(page),
            _ => x < pages.area.left(page),
        };
        assert!(outside, "page {page}: numbers stand in the outer margin");
    }
}

#[test]
fn a_source_s_own_paragraphs_are_numbered_through() {
    let mut maker = Maker::new(6);
    let mut blocks = vec![maker.paragraph(20), Block::Break];
    blocks.extend((0..4).map(|_| maker.paragraph(120)));
    let quoted = maker.paragraph(20);
    blocks.push(Block::Quote {
        kind: QuoteKind::Quotation,
        blocks: vec![quoted],
    });
    blocks.push(maker.paragraph(20));
    blocks.push(maker.paragraph(20));
    maker.section(Part::Body, ChapterKind::Source, blocks);
    let section = maker.edition.sections.last_mut().expect("it was just made");
    section.source = Some(2..8);
    let ids = section.numbered_paragraphs();
    let pages = numbered(&maker, MarginNumbers::Paragraphs);
    check(&maker, &pages);
    let found = numbers(&pages);
    let order: Vec<usize> = found.iter().map(|number| number.3).collect();
    assert_eq!(order, [1, 2, 3, 4, 5]);
    for ((page, y, ..), passage) in found.iter().zip(ids) {
        let place = pages.places.find(Position { passage, offset: 0 });
        let place = place.expect("it is set");
        assert_eq!(place.page as usize, *page);
        assert_eq!(place.top, *y - Length::pt(10), "beside its first line");
    }
}
