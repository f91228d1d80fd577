//! Figures: with their captions, in their order, and no hole in the text where they do not fit.

use super::*;
use crate::edition::Picture;
use crate::figures;
use crate::source::Content;
use crate::text::Figure;

/// A drawing of so many boxes over one another, with a caption.
fn figure(maker: &mut Maker, boxes: i64, words: u64) -> Block<Target> {
    let path = format!("boxes-{boxes}.toml");
    let place = |row| figures::Place {
        lines: vec!["A box".into()],
        column: 0,
        row,
        wide: 1,
        dark: false,
    };
    let plan = figures::Plan {
        columns: 1,
        rows: boxes,
        boxes: (0..boxes).map(place).collect(),
        joins: Vec::new(),
    };
    let nothing = Content::Binary {
        bytes: Vec::new(),
        fault: 0,
    };
    let picture = Picture {
        shown: None,
        drawing: None,
        width: 100,
        height: 100,
        source: Inputs::default().add(path.clone(), nothing),
        figure: Some(figures::Figure::Boxes(plan)),
    };
    maker.edition.pictures.insert(path.clone(), picture);
    Block::Figure(Figure {
        path,
        alt: "Boxes".into(),
        caption: (words > 0).then(|| maker.text(words)),
        span: None,
    })
}

/// Where each figure stands: its page, its upper and its lower edge.
fn drawn(pages: &Pages) -> Vec<(usize, Length, Length)> {
    let mut drawn = Vec::new();
    for (at, page) in pages.pages.iter().enumerate() {
        for item in &page.items {
            if let Item::Rule {
                rect, tag: Some(_), ..
            } = item
            {
                let top = rect.origin.y;
                drawn.push((at, top, top + rect.size.height));
            }
        }
    }
    drawn
}

/// The lowest base line of the text of a page.
fn foot(pages: &Pages, page: usize) -> Length {
    let of_page = runs(pages).filter(|(at, run)| *at == page && run.tag.is_some());
    let bases = of_page.map(|(_, run)| run.origin.y);
    bases.max().unwrap_or(Length::ZERO)
}

fn captions(maker: &Maker) -> Vec<PassageId> {
    let section = maker.edition.sections.last().expect("there is one");
    let captions = section.blocks.iter().filter_map(|block| {
        let Block::Figure(figure) = block else {
            return None;
        };
        figure.caption.as_ref().map(|caption| caption.id)
    });
    captions.collect()
}

#[test]
fn text_fills_the_page_that_a_figure_leaves() {
    let mut floated = 0;
    for seed in 0..30 {
        let mut maker = Maker::new(seed);
        let mut blocks = Vec::new();
        for _ in 0..4 {
            for _ in 0..maker.below(3) + 1 {
                let words = maker.below(60) + 20;
                blocks.push(maker.paragraph(words));
            }
            let boxes = i64::try_from(maker.below(4)).expect("a few") + 2;
            let words = maker.below(30) + 1;
            blocks.push(figure(&mut maker, boxes, words));
        }
        blocks.extend((0..6).map(|_| maker.paragraph(80)));
        maker.body(blocks);
        let pages = maker.compose();
        check(&maker, &pages);
        let drawn = drawn(&pages);
        assert_eq!(drawn.len(), 4);
        assert!(drawn.is_sorted(), "figures keep their order");
        for (&(page, top, bottom), caption) in drawn.iter().zip(captions(&maker)) {
            let caption = Position {
                passage: caption,
                offset: 0,
            };
            let place = pages.places.find(caption).expect("it is set");
            assert_eq!(place.page as usize, page, "seed {seed}");
            let below = place.top - bottom;
            assert!((Length::ZERO..Length::pt(14)).contains(&below), "{below}");
            let heads = top <= pages.area.recto.origin.y + Length::PT;
            if heads && page > drawn[0].0 {
                floated += 1;
                let missing = pages.area.foot() - foot(&pages, page - 1);
                let rows = missing.0 / Length::pt(14).0;
                assert!(rows <= 3, "seed {seed}: {rows} lines before page {page}");
            }
        }
    }
    assert!(floated > 10, "{floated}");
}

#[test]
fn no_figure_passes_a_heading() {
    for seed in 0..20 {
        let mut maker = Maker::new(seed);
        let words = maker.below(100) + 60;
        let mut blocks = vec![maker.paragraph(words), maker.paragraph(40)];
        blocks.push(figure(&mut maker, 5, 4));
        blocks.push(maker.paragraph(30));
        let text = maker.text(3);
        let heading = text.id;
        blocks.push(Block::Heading { level: 1, text });
        blocks.extend((0..3).map(|_| maker.paragraph(60)));
        maker.body(blocks);
        let pages = maker.compose();
        check(&maker, &pages);
        let (page, top, _) = drawn(&pages)[0];
        let heading = Position {
            passage: heading,
            offset: 0,
        };
        let heading = pages.places.find(heading).expect("it is set");
        let order = (page, top) < (heading.page as usize, heading.top);
        assert!(order, "seed {seed}: the figure comes before the heading");
    }
}

#[test]
fn a_drawing_higher_than_the_page_is_drawn_smaller() {
    let mut maker = Maker::new(1);
    let blocks = vec![
        maker.paragraph(30),
        figure(&mut maker, 40, 12),
        maker.paragraph(30),
    ];
    maker.body(blocks);
    let (pages, report) = set_with_report(&maker.edition, &design());
    check(&maker, &pages);
    let (_, top, bottom) = drawn(&pages)[0];
    assert!(bottom - top > pages.area.recto.size.height / 2);
    let codes: Vec<_> = report.diagnostics.iter().map(|one| one.code).collect();
    assert_eq!(codes, [crate::diag::Code::SmallFigure]);
}

#[test]
fn hundreds_of_figures_keep_their_order() {
    let mut maker = Maker::new(9);
    let mut blocks = Vec::new();
    for _ in 0..150 {
        let words = maker.below(40);
        blocks.push(maker.paragraph(words + 1));
        blocks.push(figure(&mut maker, 3, 2));
    }
    maker.body(blocks);
    let pages = maker.compose();
    check(&maker, &pages);
    assert_eq!(drawn(&pages).len(), 150);
    assert!(drawn(&pages).is_sorted());
}
