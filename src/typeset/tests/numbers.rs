//! Page numbers: where sections begin, and what text quotes.

use super::*;

#[test]
fn sections_begin_where_they_should_and_are_numbered() {
    let mut maker = Maker::new(6);
    for kind in [
        ChapterKind::HalfTitle,
        ChapterKind::TitlePage,
        ChapterKind::Imprint,
        ChapterKind::Contents,
    ] {
        let title = maker.passage(vec![plain("Title")]);
        maker.titled(title, Part::Front, kind, Vec::new());
    }
    let blocks = vec![maker.paragraph(300)];
    maker.body(blocks);
    let blocks = vec![maker.paragraph(30)];
    maker.section(Part::Back, ChapterKind::Glossary, blocks);
    let pages = maker.compose();
    inside(&pages);
    let page_of = |section: usize| {
        let passage = maker.edition.sections[section].title.id;
        let place = pages.places.find(Position { passage, offset: 0 });
        place.expect("every section has a place").page as usize
    };
    assert_eq!(
        (0..5).map(page_of).collect::<Vec<_>>(),
        [0, 2, 3, 4, 6],
        "half title, title page on rectos; imprint on its verso; contents; body on a recto"
    );
    let body = pages.pages[6].folio.expect("numbered");
    assert_eq!((body.numerals, body.number), (Numerals::Arabic, 1));
    assert_eq!(page_of(5) % 2, 0, "the back matter begins on a recto");
    let links: Vec<_> = pages.pages[4]
        .links
        .iter()
        .filter_map(|link| match &link.to {
            LinkTarget::Page { page, .. } => Some(*page),
            LinkTarget::Web(_) => None,
        })
        .collect();
    assert!(links.contains(&6) && links.contains(&page_of(5)));
}

#[test]
fn text_that_quotes_page_numbers_gets_the_true_ones() {
    let mut maker = Maker::new(7);
    let told = maker.paragraph(4);
    let Block::Paragraph(passage) = &told else {
        unreachable!("a paragraph was made");
    };
    let to = Position {
        passage: passage.id,
        offset: 0,
    };
    let filler = maker.paragraph(900);
    maker.body(vec![filler, told]);
    let quote = maker.passage(vec![
        plain("see page "),
        Inline::Reference(Target::Pages(vec![to]), Vec::new()),
    ]);
    maker.section(
        Part::Back,
        ChapterKind::Glossary,
        vec![Block::Paragraph(quote)],
    );
    let pages = maker.compose();
    let folio = pages.folio_of(to).expect("it has a page").to_string();
    assert_ne!(folio, "1");
    let text: String = runs(&pages).map(|(_, run)| run.text.as_str()).collect();
    assert!(
        text.contains(&format!("see page {folio}")),
        "{folio} in {text}"
    );
}
