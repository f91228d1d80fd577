//! Tables: where their numbers stand.

use super::*;

/// A table of one column.
fn column(maker: &mut Maker, align: Align, cells: &[&str]) -> Block<Target> {
    let mut row = |cell: &&str| vec![maker.passage(vec![plain(*cell)])];
    Block::Table(Table {
        caption: None,
        columns: vec![align],
        head: Vec::new(),
        rows: cells.iter().map(&mut row).collect(),
    })
}

/// Where a text ends that some line begins with.
fn end_of(pages: &Pages, text: &str) -> Length {
    let run = runs(pages).find(|(_, run)| run.text.starts_with(text));
    let (_, run) = run.unwrap_or_else(|| panic!("{text} is set"));
    let within = |cluster: u32| (cluster as usize) < text.len();
    let glyphs = run.glyphs.iter().filter(|glyph| within(glyph.cluster));
    glyphs.fold(run.origin.x, |x, glyph| x + glyph.advance.into())
}

#[test]
fn numbers_stand_one_under_another_by_their_decimal_marks() {
    for align in [Align::Left, Align::Centre, Align::Right] {
        let mut maker = Maker::new(3);
        let cells = ["7", "12.5", "1,234.25 %", "−3.125", "—"];
        let table = column(&mut maker, align, &cells);
        maker.body(vec![table]);
        let pages = maker.compose();
        inside(&pages);
        let ends = ["7", "12", "1,234", "−3", "—"].map(|whole| end_of(&pages, whole));
        assert!(
            ends.iter().all(|end| *end == ends[0]),
            "{align:?}: {ends:?}"
        );
    }
}

#[test]
fn numbers_among_words_stand_as_the_column_does() {
    let mut maker = Maker::new(3);
    let table = column(&mut maker, Align::Left, &["12.5", "7", "not weighed"]);
    maker.body(vec![table]);
    let pages = maker.compose();
    let starts = ["12.5", "7", "not weighed"].map(|text| {
        let run = runs(&pages).find(|(_, run)| run.text == text);
        run.map(|(_, run)| run.origin.x)
    });
    assert!(starts.iter().all(|start| *start == starts[0]), "{starts:?}");

    let mut maker = Maker::new(3);
    let table = column(&mut maker, Align::Right, &["12.5", "7", "not weighed"]);
    maker.body(vec![table]);
    let pages = maker.compose();
    assert_eq!(end_of(&pages, "12"), end_of(&pages, "7"));
    assert!(end_of(&pages, "not weighed") >= end_of(&pages, "12.5"));
}

#[test]
fn rows_of_a_table_move_apart_alike() {
    for words in 20..60 {
        let mut maker = Maker::new(words);
        let before = maker.paragraph(words);
        let head = vec![maker.passage(vec![plain("year")])];
        let rows = (0..40).map(|at| vec![maker.passage(vec![plain(format!("18{at:02}"))])]);
        let table = Block::Table(Table {
            caption: None,
            columns: vec![Align::Left],
            head,
            rows: rows.collect(),
        });
        let after = maker.paragraph(400);
        maker.body(vec![before, table, after]);
        let pages = maker.compose();
        for page in 0..pages.pages.len() {
            let is_year = |run: &Run| run.text.len() == 4 && run.text.starts_with("18");
            let years = runs(&pages).filter(|(at, run)| *at == page && is_year(run));
            let years: Vec<i64> = years.map(|(_, run)| run.origin.y.0).collect();
            let steps: Vec<i64> = years.windows(2).map(|two| two[1] - two[0]).collect();
            let least = steps.iter().min();
            // What is left over from sharing out goes to one of them.
            let alike = |step: &i64| least.is_some_and(|least| step - least < 40);
            assert!(steps.iter().all(alike), "{words}, page {page}: {steps:?}");
        }
    }
}

#[test]
fn a_table_too_wide_for_the_page_names_the_column_of_each_cell() {
    let mut maker = Maker::new(3);
    let count = 200;
    let head = (0..count).map(|at| maker.passage(vec![plain(format!("name {at}"))]));
    let head = head.collect();
    let rows = (0..3).map(|_| (0..count).map(|_| maker.text(1)).collect());
    let table = Block::Table(Table {
        caption: None,
        columns: vec![Align::Right; count],
        head,
        rows: rows.collect(),
    });
    maker.body(vec![table]);
    let (pages, report) = set_with_report(&maker.edition, &design());
    check(&maker, &pages);
    let codes: Vec<_> = report.diagnostics.iter().map(|one| one.code).collect();
    assert_eq!(codes, [crate::diag::Code::WideTable]);
    let named = |tagged: bool| {
        let is_name = |run: &Run| run.text == "name 7" && run.tag.is_some() == tagged;
        runs(&pages).filter(|(_, run)| is_name(run)).count()
    };
    assert_eq!(
        (named(true), named(false)),
        (1, 3),
        "read once, shown in each row"
    );
}
