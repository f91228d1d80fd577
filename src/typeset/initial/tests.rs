//! Initials: where they stand, what stands beside them, and that their words stay whole.

use super::*;
use crate::edition::{NoteId, passage, plain};
use crate::fonts::{Family, FontSet};
use crate::source::{PassageId, Position};
use crate::text::{Inline, Lang, Style};
use crate::typeset::line::{Figures, SetPassage, TextAlign};
use crate::typeset::paragraph::{Lookup, Setter};

struct Nothing;

impl Lookup for Nothing {
    fn label(&self, _: NoteId) -> &str {
        "1"
    }

    fn pages(&self, _: &[Position]) -> Vec<(String, Position)> {
        Vec::new()
    }
}

const LEADING: Length = Length::pt(13);
const REST: &str = "hoever goes by the mill in the morning hears the wheel before the water, and \
    the water before the miller, who is never up as early as he says he is when it is market \
    day in the town below the weir.";

fn set(inlines: Vec<Inline<Target>>, margin: i64) -> SetPassage {
    let style = ParagraphStyle {
        family: Family::Serif,
        bold: false,
        italic: false,
        size: Length::pt(10),
        measure: Length::pt(200),
        first_indent: Length::ZERO,
        left_indent: Length::ZERO,
        right_indent: Length::ZERO,
        firsts: 1,
        drop: Some(DropCapital {
            lines: 3,
            leading: LEADING,
            margin: Length::pt(margin),
        }),
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
    };
    let setter = Setter::new(FontSet::built_in(), &[]);
    setter.set(&passage(PassageId(0), inlines), &style, &Nothing)
}

fn starting(with: &str) -> SetPassage {
    set(vec![plain(format!("{with}{REST}"))], 20)
}

/// All of a passage as it is copied, lines after one another.
fn spoken(set: &SetPassage) -> String {
    let pieces = set.lines.iter().flat_map(|line| &line.pieces);
    let texts = pieces.map(|piece| piece.spoken.clone().unwrap_or(piece.text.clone()));
    texts.collect()
}

/// The first letter's height as it is drawn, its base line below the first line's.
fn letter(set: &SetPassage) -> &Piece {
    let pieces = &set.lines[0].pieces;
    let large = pieces.iter().find(|piece| piece.size > Length::pt(20));
    large.expect("there is an initial")
}

#[test]
fn a_letter_is_level_with_the_first_capitals_and_stands_on_its_last_line() {
    let set = starting("W");
    let face = FontSet::built_in().get(letter(&set).face);
    let capital = |size: Length| size.of_font_units(face.cap_height.into(), face.units_per_em);
    let head = capital(letter(&set).size) + letter(&set).rise;
    assert_eq!(letter(&set).rise, -LEADING * 2);
    assert!((head - capital(Length::pt(10))).0.abs() < 100, "{head}");
    let ink = face.ink(letter(&set).glyphs[0].id).expect("it is drawn");
    let left = letter(&set).size.of_font_units(ink.left, face.units_per_em);
    assert!(
        (letter(&set).x + left).0.abs() < 100,
        "its ink begins at the margin"
    );
}

#[test]
fn three_lines_stand_beside_it_and_no_more() {
    let set = starting("W");
    let beside = set.beside.expect("there is an initial");
    assert_eq!(beside.lines, 3);
    let starts = set.lines.iter().map(|line| {
        let mut pieces = line.pieces.iter();
        pieces
            .find(|piece| piece.size == Length::pt(10))
            .map(|piece| piece.x)
    });
    for (at, start) in starts.enumerate() {
        let wanted = if at < 3 { beside.indent } else { Length::ZERO };
        let off = start.expect("no line is empty") - wanted;
        assert!(off.0.abs() < Length::pt(1).0, "line {at}: {off}");
    }
    for line in &set.lines[..set.lines.len() - 1] {
        assert!(line.width > Length::pt(199), "{}", line.width);
    }
}

#[test]
fn a_letter_with_a_tail_has_a_line_more_beside_it() {
    for (letter, lines) in [("Q", 4), ("J", 4), ("O", 3), ("Á", 3)] {
        let beside = starting(letter).beside.expect("there is an initial");
        assert_eq!(beside.lines, lines, "{letter}");
    }
}

#[test]
fn its_word_is_read_whole_from_where_the_others_stand() {
    for start in ["W", "“W", "A ", "É", "I’m ", "J. ", "«\u{a0}W"] {
        let set = starting(start);
        let word = set.lines[0].pieces.iter().find(|piece| {
            let spoken = piece.spoken.as_deref();
            spoken.is_some_and(|spoken| !spoken.is_empty())
        });
        let word = word.expect("a word speaks for the initial");
        assert_eq!(word.rise, Length::ZERO);
        let all = spoken(&set);
        let whole = format!("{start}{REST}");
        let unbroken = |text: &str| text.replace([' ', '-', '\u{a0}'], "");
        assert_eq!(unbroken(&all), unbroken(&whole));
        let said = word.spoken.as_deref().unwrap_or_default();
        assert!(whole.starts_with(said), "{said} in {whole}");
        assert_eq!(set.lines[0].start, 0);
    }
}

#[test]
fn a_mark_before_it_hangs_or_pushes_it_in() {
    let quoted = |margin| set(vec![plain(format!("“W{REST}"))], margin);
    let (wide, narrow) = (quoted(20), quoted(1));
    let mark = |set: &SetPassage| set.lines[0].pieces[0].clone();
    assert_eq!(mark(&wide).text, "“");
    assert!(mark(&wide).x < Length::ZERO);
    assert_eq!(mark(&wide).size, Length::pt(10));
    assert!(mark(&narrow).x >= Length::ZERO);
    assert!(letter(&narrow).x > letter(&wide).x + Length::pt(2));
}

#[test]
fn what_is_no_capital_stays_in_its_line() {
    let narrow = format!("{}{REST}", "\u{41}\u{301}\u{302}");
    assert!(
        set(vec![plain(narrow)], 20).beside.is_some(),
        "marks go with it"
    );
    for start in ["w", "1973 w", "—W", "… W", "", "漢"] {
        let set = starting(start);
        assert_eq!(set.beside, None, "{start}");
        assert_eq!(
            spoken(&set).split(' ').next(),
            format!("{start}{REST}").split(' ').next()
        );
    }
    assert_eq!(
        set(vec![plain("W")], 20).beside,
        None,
        "nothing stands beside it"
    );
    let raised = Inline::Styled(Style::Superscript, vec![plain("W")]);
    assert_eq!(set(vec![raised, plain(REST)], 20).beside, None);
}

#[test]
fn a_letter_of_another_style_keeps_it() {
    let slanted = Inline::Styled(Style::Emphasis, vec![plain("Who")]);
    let set = set(vec![slanted, plain(format!("ever {REST}"))], 20);
    assert!(FontSet::built_in().get(letter(&set).face).italic);
    assert!(spoken(&set).starts_with("Whoever h"), "{}", spoken(&set));
}
