//! The titles of parts.

use super::*;

/// A book of two parts of two chapters each.
fn parts() -> Pages {
    let mut maker = Maker::new(3);
    maker.section(Part::Front, ChapterKind::Contents, Vec::new());
    for part in ["The upper mill", "The lower mill"] {
        let title = maker.passage(vec![plain(part)]);
        maker.titled(title, Part::Body, ChapterKind::PartTitle, Vec::new());
        let last = maker.edition.sections.last_mut().expect("it was pushed");
        last.short_title = part.into();
        for _ in 0..2 {
            let blocks = vec![maker.paragraph(200)];
            maker.body(blocks);
        }
    }
    let blocks = vec![maker.paragraph(200)];
    maker.section(Part::Back, ChapterKind::Text, blocks);
    let pages = maker.compose();
    inside(&pages);
    well_formed(&pages);
    pages
}

/// What stands around the text of a page, and the text.
fn furniture(pages: &Pages, page: usize) -> (String, String) {
    let (tagged, around): (Vec<_>, Vec<_>) = runs(pages)
        .filter(|(at, _)| *at == page)
        .partition(|(_, run)| run.tag.is_some());
    let text = |runs: Vec<(usize, &Run)>| runs.iter().map(|(_, run)| run.text.as_str()).collect();
    (text(around), text(tagged))
}

#[test]
fn a_part_title_has_a_leaf_of_its_own() {
    let pages = parts();
    let empty = (String::new(), String::new());
    let at = (0..pages.pages.len()).filter(|&page| {
        let (around, text) = furniture(&pages, page);
        around.is_empty() && text.ends_with("mill")
    });
    let at: Vec<usize> = at.collect();
    assert_eq!(
        at.len(),
        2,
        "neither head nor number stands with a part's title"
    );
    for page in at {
        assert_eq!(page % 2, 0, "it stands on a right-hand page");
        assert_eq!(furniture(&pages, page + 1), empty, "its back is blank");
    }
}

#[test]
fn chapters_stand_below_their_part() {
    let pages = parts();
    let levels: Vec<u8> = pages.outline.iter().map(|line| line.level).collect();
    assert_eq!(levels, [0, 0, 1, 1, 0, 1, 1, 0]);
    let indent = |text: &str| {
        let run = runs(&pages).find(|(page, run)| *page == 0 && run.text.starts_with(text));
        run.map(|(_, run)| run.origin.x)
            .expect("the contents list it")
    };
    let part = indent("The upper mill");
    assert_eq!(part, indent("The lower mill"));
    assert!(indent("word203x") > part, "a chapter of the first part");
}

#[test]
fn left_hand_heads_name_the_part() {
    let pages = parts();
    let heads = |name: &str| {
        let about = |page: &usize| furniture(&pages, *page).0.contains(name);
        (0..pages.pages.len()).filter(about).collect::<Vec<_>>()
    };
    let titles: Vec<usize> = pages.outline.iter().map(|line| line.page).collect();
    let (first, second, back) = (titles[1], titles[4], titles[7]);
    let (upper, lower) = (heads("The upper mill"), heads("The lower mill"));
    assert!(!upper.is_empty() && upper.iter().all(|page| (first..second).contains(page)));
    assert!(!lower.is_empty() && lower.iter().all(|page| (second..back).contains(page)));
    assert!(upper.iter().chain(&lower).all(|page| page % 2 == 1));
    assert!(
        heads("A book").iter().any(|&page| page > back),
        "after the parts, the book again"
    );
}
