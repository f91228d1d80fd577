//! Passages set in lines, looked at from outside.

use std::cell::Cell;

use super::*;
use crate::fonts::Family;
use crate::source::{Inputs, PassageId};
use crate::text::{Inline, Lang, Style};
use crate::typeset::line::{Figures, Piece, PieceLink};

struct Book;

impl Lookup for Book {
    fn label(&self, note: NoteId) -> &str {
        ["1", "†", "a", "[2]", "*"][note.0 as usize]
    }

    fn pages(&self, positions: &[Position]) -> Vec<(String, Position)> {
        let page = |position: &Position| (format!("2{}–3", position.offset), *position);
        positions.iter().map(page).collect()
    }
}

fn style(measure: i64) -> ParagraphStyle {
    ParagraphStyle {
        family: Family::Serif,
        bold: false,
        italic: false,
        size: Length::pt(10),
        measure: Length::pt(measure),
        first_indent: Length::pt(12),
        left_indent: Length::ZERO,
        right_indent: Length::ZERO,
        firsts: 1,
        drop: None,
        align: TextAlign::Justified,
        hyphenate: true,
        figures: Figures::OldStyle,
        small_caps: false,
        letterspace: 0,
        lang: Lang("en-GB".into()),
        grey: 0,
        wider_spaces: 0,
        clear_print: false,
        acronyms: true,
    }
}

fn ragged(measure: i64) -> ParagraphStyle {
    ParagraphStyle {
        align: TextAlign::Left,
        first_indent: Length::ZERO,
        hyphenate: false,
        ..style(measure)
    }
}

fn text(text: &str) -> Inline<Target> {
    Inline::Text {
        text: text.into(),
        span: None,
    }
}

fn passage(inlines: Vec<Inline<Target>>) -> Passage<Target> {
    Passage {
        id: PassageId(7),
        inlines,
        span: None,
    }
}

fn set(inlines: Vec<Inline<Target>>, style: &ParagraphStyle) -> Vec<Arc<Line>> {
    let setter = Setter::new(FontSet::built_in(), &[]);
    let lines = setter.set(&passage(inlines), style, &Book).lines;
    for line in &lines {
        sound(line);
    }
    lines
}

/// What holds of every line: glyphs exist, clusters are places of the text, widths add up.
fn sound(line: &Line) {
    let mut x = None;
    for piece in &line.pieces {
        assert_eq!(x.unwrap_or(piece.x), piece.x);
        let width: Length = piece.glyphs.iter().map(|glyph| glyph.advance).sum();
        assert_eq!(width, piece.width);
        x = Some(piece.x + piece.width);
        for glyph in &piece.glyphs {
            assert_ne!(glyph.id, 0, "{}", piece.text);
            assert!(piece.text.is_char_boundary(glyph.cluster as usize));
        }
    }
    if let Some(x) = x {
        assert_eq!(x, line.width);
    }
}

fn words(line: &Line) -> String {
    let texts = line.pieces.iter().map(|piece| piece.text.as_str());
    texts.collect()
}

fn all(lines: &[Arc<Line>]) -> Vec<String> {
    lines.iter().map(|line| words(line)).collect()
}

fn adds_hyphen(line: &Line) -> bool {
    let added = |piece: &Piece| piece.glyphs.iter().any(|glyph| glyph.added_hyphen);
    line.pieces.iter().any(added)
}

const TEXT: &str = "The printers of the province kept a drawer of ornaments for every season, \
    and when the harvest had been brought in they set the almanac, whose calendar everybody \
    consulted before planting, marrying or going to law about a boundary.";

#[test]
fn justifies_all_lines_but_the_last() {
    let lines = set(vec![text(TEXT)], &style(200));
    assert!(lines.len() > 4);
    let (last, full) = lines.split_last().expect("several lines");
    for line in full {
        let excess = line.width - Length::pt(200);
        assert!((Length::ZERO..Length::pt(3)).contains(&excess));
    }
    assert!(last.width < Length::pt(200));
    assert_eq!(lines[0].pieces[0].x, Length::pt(12));
    assert!(lines.iter().all(|line| !line.overfull));
}

#[test]
fn lines_hold_the_text_and_say_where_they_begin() {
    for measure in [60, 90, 150, 300] {
        let mut whole = String::new();
        for line in set(vec![text(TEXT)], &style(measure)) {
            assert_eq!(line.start as usize, whole.len());
            let words = words(&line);
            if adds_hyphen(&line) {
                assert!(line.hyphenated);
                whole.push_str(words.strip_suffix('-').expect("it ends in a hyphen"));
            } else {
                assert_eq!(words.trim_end(), words);
                whole.push_str(&words);
                whole.push(' ');
            }
        }
        assert_eq!(whole.trim_end(), TEXT);
    }
}

#[test]
fn divides_by_the_language_of_the_words() {
    let foreign = Inline::Styled(
        Style::Foreign(Lang("es-CL".into())),
        vec![text("abastecimientos desabastecimientos")],
    );
    let lines = set(vec![foreign], &style(50));
    assert!(
        all(&lines)
            .iter()
            .any(|line| line.ends_with("abaste-") || line.ends_with("cimien-"))
    );
    assert!(
        lines
            .iter()
            .flat_map(|line| &line.pieces)
            .all(|piece| piece.lang == Some(Lang("es-CL".into())))
    );
    let unknown = Inline::Styled(
        Style::Foreign(Lang("arn".into())),
        vec![text("kimeltuchefe kimeltuchefe")],
    );
    assert!(
        !set(vec![unknown], &style(80))
            .iter()
            .any(|line| adds_hyphen(line))
    );
}

#[test]
fn sets_calls_links_and_page_numbers() {
    let place = |offset| Position {
        passage: PassageId(1),
        offset,
    };
    let inlines = vec![
        text("See"),
        Inline::Reference(Target::Note(NoteId(0)), vec![]),
        text(" pages "),
        Inline::Reference(Target::Pages(vec![place(1), place(2)]), vec![]),
        text(" and "),
        Inline::Reference(
            Target::Web("https://example.org".into()),
            vec![text("there")],
        ),
        Inline::Reference(Target::Anchor, vec![text(".")]),
    ];
    let lines = set(inlines, &style(300));
    assert_eq!(lines[0].calls, [NoteId(0)]);
    assert_eq!(all(&lines), ["See1 pages 21–3, 22–3 and there."]);
    let links = lines[0].pieces.iter().map(|piece| piece.link.clone());
    let links: Vec<_> = links.flatten().collect();
    assert_eq!(
        links,
        [
            PieceLink::To(Target::Note(NoteId(0))),
            PieceLink::Page(place(1)),
            PieceLink::Page(place(2)),
            PieceLink::To(Target::Web("https://example.org".into())),
        ]
    );
}

#[test]
fn raises_the_calls_of_notes() {
    let rise = |note| {
        let inlines = vec![
            text("word"),
            Inline::Reference(Target::Note(NoteId(note)), vec![]),
        ];
        let lines = set(inlines, &style(300));
        let piece = lines[0].pieces[1].clone();
        (piece.rise > Length::ZERO, piece.size < Length::pt(10))
    };
    // Figures and letters have superior glyphs; a star is raised by design.
    assert_eq!(
        (rise(0), rise(2), rise(4)),
        ((false, false), (false, false), (false, false))
    );
    assert_eq!((rise(1), rise(3)), ((true, true), (true, true)));
}

#[test]
fn a_call_stays_with_its_word() {
    for measure in 40..120 {
        let mut inlines = Vec::new();
        for _ in 0..6 {
            inlines.extend([
                text("by the well-"),
                Inline::Reference(Target::Note(NoteId(0)), vec![]),
                text("known name "),
                Inline::Reference(Target::Note(NoteId(3)), vec![]),
                text(". "),
            ]);
        }
        for line in all(&set(inlines, &ragged(measure))) {
            assert!(!line.starts_with(['1', '[']), "{line}");
        }
    }
}

#[test]
fn changes_of_style_are_no_place_to_break() {
    for measure in 40..90 {
        let mut inlines = Vec::new();
        for _ in 0..9 {
            inlines.push(text("“"));
            inlines.push(Inline::Styled(Style::Emphasis, vec![text("rum")]));
            inlines.push(text("” "));
        }
        for line in all(&set(inlines, &style(measure))) {
            assert!(line.starts_with('“') && line.ends_with('”'), "{line}");
        }
    }
}

#[test]
fn styles_choose_faces() {
    let inner = vec![
        text("a"),
        Inline::Styled(Style::Emphasis, vec![text("b")]),
        Inline::Styled(Style::Strong, vec![text("c")]),
        Inline::Styled(Style::Code, vec![text("d")]),
    ];
    let lines = set(vec![Inline::Styled(Style::Emphasis, inner)], &style(300));
    let fonts = FontSet::built_in();
    let names: Vec<_> = lines[0]
        .pieces
        .iter()
        .map(|piece| fonts.get(piece.face).name)
        .collect();
    assert_eq!(
        names,
        [
            "Alegreya-Italic",
            "Alegreya-Regular",
            "Alegreya-BoldItalic",
            "AlegreyaSans-Italic"
        ]
    );
    assert_eq!(lines[0].pieces[3].size, Length::pt(10).scaled(92, 100));
}

#[test]
fn acronyms_are_set_in_small_capitals() {
    let glyphs = |words: &str, style: &ParagraphStyle| -> Vec<u16> {
        let lines = set(vec![text(words)], style);
        lines[0].pieces[0]
            .glyphs
            .iter()
            .map(|glyph| glyph.id)
            .collect()
    };
    let plain = ParagraphStyle {
        clear_print: false,
        acronyms: false,
        ..style(300)
    };
    let small = ParagraphStyle {
        small_caps: true,
        ..style(300)
    };
    assert_ne!(glyphs("JAP", &style(300)), glyphs("JAP", &plain));
    assert_eq!(glyphs("JAP", &style(300)), glyphs("jap", &small));
    assert_eq!(glyphs("Lima", &style(300)), glyphs("Lima", &plain));
    assert_eq!(glyphs("JAPs", &style(300))[3], glyphs("s", &plain)[0]);
}

#[test]
fn keeps_fixed_and_protected_spaces() {
    for measure in 55..90 {
        for line in all(&set(
            vec![text("« mot » et\u{a0}puis\u{202f}! un – deux")],
            &ragged(measure),
        )) {
            let starts = ["»", "puis", "!", "–", "mot"]
                .iter()
                .any(|word| line.starts_with(word));
            assert!(!starts, "{line}");
        }
    }
    let lines = set(vec![text("a\u{202f}b\u{2009}c\u{2011}d")], &style(300));
    assert_eq!(all(&lines), ["a\u{202f}b\u{2009}c\u{2011}d"]);
}

/// How much further the last sign of a line stands from what is before it than from an `H` in
/// a language that adds no space, in thousandths of an em.
fn before_last(words: &str, lang: &str) -> i64 {
    let width = |words: &str, lang: &str| {
        let lang = Lang(lang.into());
        let style = ParagraphStyle {
            lang,
            ..ragged(300)
        };
        set(vec![text(words)], &style)[0].width
    };
    let sign = words.chars().next_back().expect("a sign");
    let rest = words.strip_suffix(sign).expect("its own last sign");
    let own = width(&format!("H{sign}"), "es") - width("H", "es");
    let apart = width(words, lang) - width(rest.trim_end(), lang) - own;
    apart.0 * 1000 / Length::pt(10).0
}

#[test]
fn signs_are_spaced_by_language() {
    for (words, lang, least, most) in [
        ("Quoi ?", "fr", 130, 150),
        ("Quoi?", "fr", 130, 150),
        ("ainsi:", "fr", 190, 210),
        ("«oui»", "fr", 190, 210),
        ("Quoi?", "es", -30, 30),
        ("What?", "en-GB", -30, 30),
        ("“‘Yes’”", "en-GB", 70, 90),
    ] {
        let apart = before_last(words, lang);
        assert!((least..=most).contains(&apart), "{words}: {apart}");
    }
    // What is added is space, not text; and it is no place to end a line.
    let french = ParagraphStyle {
        lang: Lang("fr".into()),
        ..ragged(300)
    };
    assert_eq!(all(&set(vec![text("Oui! «non»")], &french)), ["Oui! «non»"]);
    for measure in 20..60 {
        let narrow = ParagraphStyle {
            measure: Length::pt(measure),
            ..french.clone()
        };
        let lines = all(&set(vec![text("ab! «cd» ef ?")], &narrow));
        assert!(lines.iter().all(|line| line.len() > 2), "{lines:?}");
    }
}

#[test]
fn soft_hyphens_divide_and_vanish() {
    let inlines = || vec![text("zz zzzz\u{ad}xxxx")];
    assert_eq!(all(&set(inlines(), &ragged(300))), ["zz zzzzxxxx"]);
    let lines = set(inlines(), &ragged(45));
    assert_eq!(all(&lines), ["zz zzzz-", "xxxx"]);
    assert!(adds_hyphen(&lines[0]));
    assert_eq!(lines[1].start, 9);
}

#[test]
fn addresses_break_after_strokes_and_points() {
    let address = "https://www.example.org/library/catalogue/2024/cordel-booklets.html";
    let lines = all(&set(vec![text(address)], &ragged(120)));
    assert_eq!(lines.concat(), address);
    let (_, full) = lines.split_last().expect("there are lines");
    assert!(full.len() > 1);
    assert!(
        full.iter().all(|line| line.ends_with(['/', '.', '-'])),
        "{lines:?}"
    );
}

#[test]
fn lines_end_where_the_author_wants() {
    let inlines = vec![
        text("one"),
        Inline::LineBreak,
        text("  two"),
        Inline::LineBreak,
        Inline::LineBreak,
        text("four"),
        Inline::LineBreak,
    ];
    let lines = set(inlines, &style(300));
    assert_eq!(all(&lines), ["one", "  two", "", "four"]);
    let starts: Vec<_> = lines.iter().map(|line| line.start).collect();
    assert_eq!(starts, [0, 4, 10, 11]);
}

#[test]
fn aligns_right_and_balances_centred_lines() {
    let right = ParagraphStyle {
        align: TextAlign::Right,
        ..ragged(200)
    };
    for line in set(vec![text(TEXT)], &right) {
        assert!((line.width - Length::pt(200)).0.abs() < Length::pt(3).0);
    }
    let centre = ParagraphStyle {
        align: TextAlign::Centre,
        ..ragged(200)
    };
    let title = "A title that is only a little longer than one line can be";
    let lines = set(vec![text(title)], &centre);
    let widths: Vec<_> = lines.iter().map(|line| line.pieces[0].width).collect();
    assert_eq!(widths.len(), 2);
    assert!(
        (widths[0] - widths[1]).0.abs() < Length::pt(40).0,
        "{widths:?}"
    );
    for line in &lines {
        let sides = line.pieces[0].x - (Length::pt(200) - line.width);
        assert!(sides.0.abs() <= 1);
    }
}

#[test]
fn no_line_is_too_full_in_any_setting() {
    for align in [
        TextAlign::Justified,
        TextAlign::Left,
        TextAlign::Centre,
        TextAlign::Right,
    ] {
        for measure in 50..150 {
            let style = ParagraphStyle {
                align,
                ..style(measure)
            };
            for line in set(vec![text(TEXT)], &style) {
                let far = Length::pt(measure + 3);
                assert!(line.width <= far && !line.overfull, "{align:?} {measure}");
            }
        }
    }
}

#[test]
fn breaks_the_unbreakable_rather_than_leave_the_page() {
    for words in [
        "x".repeat(500),
        "nn\u{a0}".repeat(100),
        "漢字".repeat(100),
        format!("{}, a", "m".repeat(90)),
    ] {
        let lines = set(vec![text(&words)], &style(100));
        assert!(lines.len() > 5);
        for line in lines {
            assert!(
                line.width <= Length::pt(103) && !line.overfull,
                "{}",
                line.width
            );
        }
    }
}

#[test]
fn a_measure_without_room_is_reported() {
    let setter = Setter::new(FontSet::built_in(), &[]);
    let set = setter.set(&passage(vec![text("wide words")]), &ragged(3), &Book);
    assert_eq!(set.lines.len(), 9);
    let report = setter.report.take();
    let codes: Vec<_> = report.diagnostics.iter().map(|one| one.code).collect();
    assert_eq!(codes, [Code::OverfullLine]);
    for measure in [0, -50] {
        assert!(
            !setter
                .set(&passage(vec![text("no")]), &ragged(measure), &Book)
                .lines
                .is_empty()
        );
    }
}

#[test]
fn missing_glyphs_are_reported_once_and_replaced() {
    let mut inputs = Inputs::default();
    let source = inputs.add_text("a.md", "the sign 漢 and 漢");
    let inline = Inline::Text {
        text: "the sign 漢 and 漢".into(),
        span: Some(Span::new(source, 0, 20)),
    };
    let setter = Setter::new(FontSet::built_in(), &[]);
    let set = setter.set(&passage(vec![inline]), &style(300), &Book);
    sound(&set.lines[0]);
    assert_eq!(all(&set.lines), ["the sign 漢 and 漢"]);
    let report = setter.report.borrow();
    assert_eq!(report.diagnostics.len(), 1);
    assert_eq!(report.diagnostics[0].span, Some(Span::new(source, 9, 12)));
}

/// A passage in letters that no font has is named once, not letter by letter; a letter keeps
/// its place without a mark that no font has.
#[test]
fn foreign_scripts_are_reported_once_for_a_passage() {
    let setter = Setter::new(FontSet::built_in(), &[]);
    let words = "Shalom שלום עולם, H\u{33d}allo";
    let set = setter.set(&passage(vec![text(words)]), &style(300), &Book);
    sound(&set.lines[0]);
    let report = setter.report.borrow();
    assert_eq!(report.diagnostics.len(), 1);
    let message = &report.diagnostics[0].message;
    assert!(
        message.contains("`ש`, `ל`, `ו`, `ם`, `ע`, U+033D;"),
        "{message}"
    );
    let glyphs = |words: &str| {
        let pieces = setter
            .set(&passage(vec![text(words)]), &style(300), &Book)
            .lines[0]
            .clone();
        let last = pieces.pieces.last().expect("a piece");
        last.glyphs.iter().map(|glyph| glyph.id).collect::<Vec<_>>()
    };
    assert_eq!(glyphs("H\u{33d}allo"), glyphs("Hallo"));
}

#[test]
fn pieces_know_their_place_in_the_manuscript() {
    let mut inputs = Inputs::default();
    let source = inputs.add_text("a.md", TEXT);
    let inline = Inline::Text {
        text: TEXT.into(),
        span: Some(Span::new(source, 0, TEXT.len())),
    };
    for line in set(vec![inline], &style(120)) {
        let piece = &line.pieces[0];
        let span = piece.span.expect("its place is known");
        let there = &TEXT[span.start as usize..span.end as usize];
        let here = if adds_hyphen(&line) {
            piece.text.trim_end_matches('-')
        } else {
            &piece.text
        };
        assert_eq!(there, here);
        assert_eq!(span.start, line.start);
    }
}

#[test]
fn nothing_is_lost_at_any_cut() {
    let odd = "a\u{301}b “c”—d/e… ﬁ\u{ad}x \u{200b}y\u{2060}z – (https://a.b/c?d=e) f\u{0}g\u{a0}— 3–4 \u{feff}ñ";
    for (cut, _) in odd.char_indices() {
        for measure in [10, 40, 300] {
            let inlines = vec![
                text(&odd[..cut]),
                Inline::Styled(Style::Superscript, vec![text(&odd[cut..])]),
            ];
            let lines = set(inlines, &style(measure));
            let set: String = all(&lines).concat();
            for c in odd.chars().filter(|c| c.is_alphanumeric()) {
                assert!(set.contains(c), "{c} of {odd:?} cut at {cut}");
            }
        }
    }
}

#[test]
fn long_texts_take_time_in_proportion() {
    let nested = (0..20_000).fold(text("deep"), |inner, _| {
        Inline::Styled(Style::Emphasis, vec![inner])
    });
    // A tree so deep cannot be dropped by its own destructor; that is its maker's concern.
    let nested = std::mem::ManuallyDrop::new(passage(vec![nested]));
    let setter = Setter::new(FontSet::built_in(), &[]);
    assert_eq!(setter.set(&nested, &style(300), &Book).lines.len(), 1);
    let many = "word ".repeat(20_000);
    assert!(set(vec![text(&many)], &style(300)).len() > 1000);
    let long = "longword-".repeat(10_000);
    assert!(set(vec![text(&long)], &style(300)).len() > 500);
    let solid = "x".repeat(60_000);
    assert!(set(vec![text(&solid)], &style(300)).len() > 500);
}

#[test]
fn shows_its_items() {
    let setter = Setter::new(FontSet::built_in(), &[]);
    let dump = setter.dump(&passage(vec![text("a garden-member")]), &style(300), &Book);
    let kinds: Vec<_> = dump
        .lines()
        .map(|line| line.split(' ').next().unwrap_or(""))
        .collect();
    assert_eq!(
        kinds,
        [
            "box", "glue", "box", "penalty", "box", "penalty", "box", "fill", "penalty"
        ],
        "{dump}"
    );
}

/// A section that is set again breaks only those paragraphs again that have changed.
#[test]
fn a_paragraph_is_broken_once() {
    let setter = Setter::new(FontSet::built_in(), &[]);
    let lines = |words: &str, measure: i64| {
        let passage = passage(vec![text(words)]);
        setter.set(&passage, &style(measure), &Book).lines
    };
    let first = lines(TEXT, 200);
    let again = lines(TEXT, 200);
    assert_eq!(first.len(), again.len());
    assert!(first.iter().zip(&again).all(|(a, b)| Arc::ptr_eq(a, b)));
    let narrower = lines(TEXT, 150);
    assert!(narrower.len() > first.len());
}

/// What quotes a page is set anew each time, for its page may have moved.
#[test]
fn a_paragraph_with_a_page_number_is_not_remembered() {
    struct Moving(Cell<u32>);
    impl Lookup for Moving {
        fn label(&self, _: NoteId) -> &str {
            ""
        }
        fn pages(&self, positions: &[Position]) -> Vec<(String, Position)> {
            self.0.set(self.0.get() + 1);
            vec![(self.0.get().to_string(), positions[0])]
        }
    }
    let setter = Setter::new(FontSet::built_in(), &[]);
    let position = Position {
        passage: PassageId(1),
        offset: 0,
    };
    let target = Target::Pages(vec![position]);
    let quoting = passage(vec![text("see "), Inline::Reference(target, Vec::new())]);
    let moving = Moving(Cell::new(0));
    let set = || all(&setter.set(&quoting, &style(200), &moving).lines).concat();
    assert_eq!((set(), set()), ("see 1".into(), "see 2".into()));
}
