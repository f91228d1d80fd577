//! Where chapters begin.

use super::*;
use crate::manifest::Openings;

/// A book of some chapters of a page each.
fn chapters(openings: Openings) -> Pages {
    let mut maker = Maker::new(3);
    maker.section(Part::Front, ChapterKind::Contents, Vec::new());
    for _ in 0..3 {
        let blocks = vec![maker.paragraph(40)];
        maker.body(blocks);
    }
    let blocks = vec![maker.paragraph(20)];
    maker.section(Part::Back, ChapterKind::Text, blocks);
    let design = Design {
        openings,
        ..design()
    };
    set(&maker.edition, &design)
}

/// The pages that have something on them.
fn filled(pages: &Pages) -> Vec<usize> {
    let filled = |at: &usize| !pages.pages[*at].items.is_empty();
    (0..pages.pages.len()).filter(filled).collect()
}

#[test]
fn chapters_begin_on_right_hand_pages() {
    let pages = chapters(Openings::Recto);
    assert_eq!(filled(&pages), [0, 2, 4, 6, 8]);
}

#[test]
fn chapters_begin_on_the_next_page_where_the_edition_saves_paper() {
    let pages = chapters(Openings::Page);
    // The body and the back matter begin on right-hand pages all the same.
    assert_eq!(filled(&pages), [0, 2, 3, 4, 6]);
}
