//! Finished files against books that differ from them by one planted fault each.

use std::sync::OnceLock;

use cordel::diag::Report;
use cordel::edition::index::Posting;
use cordel::edition::{Edition, Section, Target};
use cordel::pages::{LinkTarget, Pages};
use cordel::source::Position;
use cordel::text::{Block, Inline, Passage};
use cordel::units::Length;
use cordel::verify;

use crate::packs;

/// The small book, and its files.
struct Book {
    edition: Edition,
    pages: Pages,
    pdf: Vec<u8>,
    epub: Vec<u8>,
}

fn small() -> &'static Book {
    static BOOK: OnceLock<Book> = OnceLock::new();
    BOOK.get_or_init(|| {
        let pack = packs::scratch();
        packs::small_pack(pack.path(), None);
        let composed = packs::compose(pack.path()).expect("the small book has no errors");
        let files = packs::build(pack.path())
            .0
            .expect("the small book has no errors");
        let file = |end| {
            let mut files = files.iter().filter(|file| file.name.ends_with(end));
            files.next().expect("both are made").bytes.clone()
        };
        Book {
            edition: composed.edition,
            pages: composed.pages,
            pdf: file(".pdf"),
            epub: file(".epub"),
        }
    })
}

/// What the checks of both files say of a book that was changed after they were made.
fn faults(change: impl Fn(&mut Edition, &mut Pages)) -> [Vec<String>; 2] {
    let book = small();
    let (mut edition, mut pages) = (book.edition.clone(), book.pages.clone());
    change(&mut edition, &mut pages);
    let (mut pdf, mut epub) = (Report::default(), Report::default());
    verify::pdf(&book.pdf, &edition, &pages, &mut pdf);
    verify::epub(&book.epub, &edition, &pages, &mut epub);
    [pdf, epub].map(messages)
}

fn messages(report: Report) -> Vec<String> {
    let message = |d: &cordel::diag::Diagnostic| format!("{}: {}", d.code.name(), d.message);
    report.diagnostics.iter().map(message).collect()
}

/// Asserts that both files are found to differ in one place, and how.
fn differ_once(found: [Vec<String>; 2], pdf: &str, epub: &str) {
    assert_eq!(found, [vec![pdf.to_string()], vec![epub.to_string()]]);
}

/// A long paragraph of the running text, and its place.
fn paragraph(edition: &mut Edition) -> (&mut Section, usize) {
    let long = |block: &Block<Target>| {
        let Block::Paragraph(text) = block else {
            return false;
        };
        text.plain().split(' ').count() > 20 && text.inlines.len() == 1
    };
    let found = edition.sections.iter_mut().find_map(|section| {
        let at = section.blocks.iter().position(long)?;
        Some((section, at))
    });
    found.expect("the small book has such a paragraph")
}

/// Changes the words of that paragraph.
fn reword(edition: &mut Edition, change: impl Fn(&mut Vec<&str>)) {
    let (section, at) = paragraph(edition);
    let Block::Paragraph(Passage { inlines, .. }) = &mut section.blocks[at] else {
        unreachable!("it was found as one");
    };
    let [Inline::Text { text, .. }] = &mut inlines[..] else {
        unreachable!("it was found with one text");
    };
    let mut words: Vec<&str> = text.split(' ').collect();
    change(&mut words);
    *text = words.join(" ");
}

#[test]
fn the_files_of_the_small_book_hold_it() {
    assert_eq!(faults(|_, _| {}), [Vec::<String>::new(), Vec::new()]);
}

#[test]
fn a_word_too_many_is_found() {
    let found = faults(|edition, _| {
        reword(edition, |words| {
            words.remove(7);
        });
    });
    for (found, file) in found.iter().zip(["PDF", "EPUB"]) {
        assert_eq!(found.len(), 1, "{found:?}");
        let start = format!("text-differs: the {file} has “");
        assert!(found[0].starts_with(&start) && found[0].ends_with("where the book has nothing"));
    }
}

#[test]
fn a_lost_word_is_found() {
    let found = faults(|edition, _| reword(edition, |words| words.insert(7, "zebra")));
    differ_once(
        found,
        "text-differs: the PDF lacks “zebra”",
        "text-differs: the EPUB lacks “zebra”",
    );
}

#[test]
fn a_doubled_word_is_found() {
    let found = faults(|edition, _| reword(edition, |words| words.insert(7, words[7])));
    for found in found {
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains(" lacks “"), "{found:?}");
    }
}

#[test]
fn a_changed_sign_is_found() {
    let found = faults(|edition, _| reword(edition, |words| words.insert(7, "!")));
    differ_once(
        found,
        "text-differs: the PDF lacks “!”",
        "text-differs: the EPUB lacks “!”",
    );
}

#[test]
fn swapped_paragraphs_are_found() {
    let found = faults(|edition, _| {
        let (section, at) = paragraph(edition);
        let other = section.blocks.len() - 1;
        assert_ne!(at, other, "the section has several blocks");
        section.blocks.swap(at, other);
    });
    for found in found {
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(
            found.iter().all(|m| m.starts_with("text-differs: ")),
            "{found:?}"
        );
    }
}

#[test]
fn a_note_with_other_words_is_found() {
    let found = faults(|edition, _| {
        let note = edition.notes.first_mut().expect("the small book has notes");
        let passage = Passage {
            id: edition.end,
            inlines: vec![cordel::edition::plain("Nothing of the kind.")],
            span: None,
        };
        note.blocks = vec![Block::Paragraph(passage)];
    });
    for found in found {
        let missing = found
            .iter()
            .filter(|message| message.contains("does not have note"));
        let extra = found
            .iter()
            .filter(|message| message.contains("that is not the book's"));
        assert_eq!(
            (missing.count(), extra.count(), found.len()),
            (1, 1, 2),
            "{found:?}"
        );
    }
}

/// A locator is taken from the typesetter's record of places; here the record is wrong.
#[test]
fn a_locator_to_another_page_is_found() {
    let posting = |edition: &Edition| -> Posting {
        let entries = edition.index.iter().flat_map(|entry| &entry.postings);
        *entries
            .clone()
            .next()
            .expect("the small book's index has locators")
    };
    let found = faults(|edition, pages| {
        let Position { passage, .. } = posting(edition).from;
        let last = u32::try_from(pages.pages.len() - 1).expect("few pages");
        let place = cordel::pages::LinePlace {
            offset: 0,
            page: last,
            top: Length::ZERO,
        };
        pages.places.set(passage, place);
    });
    let index = "wrong-page: the index sends readers of “";
    assert!(
        found[0].iter().any(|message| message.starts_with(index)),
        "{:?}",
        found[0]
    );
    let printed = "wrong-page: this stands on page";
    assert!(
        found[0].iter().any(|message| message.starts_with(printed)),
        "{:?}",
        found[0]
    );
    // The locators that the e-book prints are not those of such pages.
    assert!(!found[1].is_empty());
}

#[test]
fn pages_and_links_that_are_not_those_that_were_set_are_found() {
    let [pdf, epub] = faults(|_, pages| {
        let last = pages.pages.last_mut().expect("a book has pages");
        last.folio = None;
        let mut links = pages.pages.iter_mut().flat_map(|page| &mut page.links);
        let inner = |link: &&mut cordel::pages::Link| matches!(link.to, LinkTarget::Page { .. });
        let link = links.find(inner).expect("the small book has links");
        link.to = LinkTarget::Page {
            page: 99,
            top: Length::ZERO,
        };
        pages.outline.pop();
    });
    let has = |messages: &[String], part: &str| messages.iter().any(|m| m.contains(part));
    assert!(has(&pdf, "but labelled"), "{pdf:?}");
    assert!(has(&pdf, "does not lead where it should"), "{pdf:?}");
    assert!(
        has(&pdf, "outline differs from the book's at “its end”"),
        "{pdf:?}"
    );
    assert!(has(&epub, "list of pages has a page"), "{epub:?}");
}

#[test]
fn links_of_an_epub_that_lead_nowhere_are_found() {
    let book = small();
    let broken = packs::rezipped(&book.epub, |name, text| match name.ends_with("nav.xhtml") {
        true => text.replacen("href=\"", "href=\"lost-", 2),
        false => text,
    });
    let mut report = Report::default();
    verify::epub(&broken, &book.edition, &book.pages, &mut report);
    let found = messages(report);
    let dead = found
        .iter()
        .filter(|message| message.starts_with("dead-link: "));
    assert_eq!(dead.count(), 2, "{found:?}");
}

#[test]
fn a_page_break_in_another_place_is_found() {
    let book = small();
    let moved = packs::rezipped(&book.epub, |_, text| move_page_break(&text));
    let mut report = Report::default();
    verify::epub(&moved, &book.edition, &book.pages, &mut report);
    let found = messages(report);
    let wrong = "does not begin here in print, as the EPUB says";
    assert!(
        found.iter().any(|message| message.ends_with(wrong)),
        "{found:?}"
    );
}

/// Puts the first page break before a paragraph after it.
fn move_page_break(text: &str) -> String {
    const BREAK: &str = "<div epub:type=\"pagebreak\"";
    let moved = || {
        let (before, rest) = text.split_once(BREAK)?;
        let (page_break, after) = rest.split_once("</div>")?;
        let (words, rest) = after.split_once("</p>")?;
        Some(format!(
            "{before}{words}</p>{BREAK}{page_break}</div>{rest}"
        ))
    };
    moved().unwrap_or_else(|| text.to_string())
}

#[test]
fn what_is_no_such_file_is_told() {
    let book = small();
    for damaged in [
        &b""[..],
        b"%PDF-1.7",
        &book.pdf[..book.pdf.len() / 2],
        &book.epub[..500],
    ] {
        let mut report = Report::default();
        verify::pdf(damaged, &book.edition, &book.pages, &mut report);
        verify::epub(damaged, &book.edition, &book.pages, &mut report);
        let found = messages(report);
        let unreadable = found
            .iter()
            .filter(|message| message.starts_with("unreadable-file: "));
        assert_eq!(unreadable.count(), 2, "{found:?}");
    }
}
