//! The rules of the trade for index, glossary, chronology, source texts and booklets, how each
//! is held, and the tests that prove it. `cordel explain rules` prints the table, `cordel check --report rules` the
//! verdict of each on a book.

use std::fmt::Write as _;

use crate::diag::{Code, Report, Severity};

/// A rule of the trade.
#[derive(Debug)]
pub struct Rule {
    /// `I1`, `G6`, `C4`.
    pub name: &'static str,
    pub says: &'static str,
    pub held: Held,
    /// Names of test functions, and of folders under `tests`.
    pub tests: &'static [&'static str],
}

/// How a rule is held.
#[derive(Debug)]
pub enum Held {
    /// It cannot be broken: how the book is made keeps it.
    Made,
    /// A diagnostic tells where it is broken.
    By(&'static [Code]),
    /// It is judged by the figures of `cordel check --report index`.
    Figures,
    /// No program can tell; the editors must.
    Editors,
}

use Held::{By, Editors, Figures, Made};

const fn rule(
    name: &'static str,
    says: &'static str,
    held: Held,
    tests: &'static [&'static str],
) -> Rule {
    Rule {
        name,
        says,
        held,
        tests,
    }
}

/// Every rule, in the words of the trade.
#[rustfmt::skip]
pub const RULES: &[Rule] = &[
    rule("I1", "few undifferentiated locators", By(&[Code::ManyLocators]), &["diagnostics/many-locators"]),
    rule("I2", "no long range without subheadings", By(&[Code::LongRange]), &["diagnostics/long-range"]),
    rule("I3", "subheadings on more than two pages", By(&[Code::NeedlessSubheadings]), &["diagnostics/needless-subheadings"]),
    rule("I4", "no single subheading", By(&[Code::NeedlessSubheadings]), &["diagnostics/needless-subheadings"]),
    rule("I5", "see leads to a heading with places", By(&[Code::EmptySee, Code::BadValue]), &["diagnostics/empty-see", "headings_send_to_headings_with_places"]),
    rule("I6", "no circle or chain of see", By(&[Code::CircularSee]), &["diagnostics/circular-see"]),
    rule("I7", "short headings posted twice, not sent to", By(&[Code::PostTwice]), &["diagnostics/post-twice"]),
    rule("I8", "double postings are equal", By(&[Code::UnequalPostings]), &["diagnostics/unequal-postings"]),
    rule("I9", "see also leads to other pages", By(&[Code::SamePlaces]), &["diagnostics/same-places"]),
    rule("I10", "one order, by the book's language", Made, &["the_index_is_filed_by_the_books_language", "files_letter_by_letter_where_it_is_set", "subheadings_are_filed_by_their_first_weighty_word"]),
    rule("I11", "surnames first, titles ignored", Made, &["merges_variants_and_fills_an_entry", "files_what_is_hard_to_file"]),
    rule("I12", "every variant that occurs is posted", By(&[Code::UnpostedVariant]), &["diagnostics/unposted-variant"]),
    rule("I13", "ranges only for continuous discussion", Made, &["separate_mentions_stay_separate_and_continuous_discussion_is_one", "ranges_are_shortened_as_the_style_has_it"]),
    rule("I14", "every locator true", Made, &["a_locator_to_another_page_is_found"]),
    rule("I15", "suggestions are never posted unread", Made, &["merges_variants_and_fills_an_entry"]),
    rule("I16", "even coverage", Figures, &["every_rule_has_a_verdict"]),
    rule("I17", "3 to 15 locators a page", Figures, &["every_rule_has_a_verdict"]),
    rule("I18", "2 to 8 % of the book", Figures, &["every_rule_has_a_verdict"]),
    rule("I19", "at most two levels of subheadings", By(&[Code::BadValue]), &["subheadings_go_two_levels_deep"]),
    rule("I20", "headings are noun phrases", By(&[Code::HeadingForm]), &["diagnostics/heading-form"]),
    rule("I21", "notes, tables, figures told apart; headnote", Made, &["what_stands_beside_the_text_is_told_apart", "notes_stand_where_they_are_called_and_front_matter_is_left_out"]),
    rule("I22", "(continued) over columns and pages", Made, &["a_heading_that_runs_over_a_column_is_repeated"]),
    rule("I23", "see and see also in italics", Made, &["general_references_come_last_and_lead_to_no_one_heading", "the_index_shows_printed_page_numbers"]),
    rule("I24", "in the e-book every locator is a link", Made, &["the_index_shows_printed_page_numbers"]),
    rule("I25", "curated, and the headnote says so", Made, &["the_headnote_says_how_the_index_was_made"]),
    rule("G1", "every entry used, every marked use defined", By(&[Code::Unused, Code::UnknownId, Code::UndefinedWord]), &["diagnostics/unused", "diagnostics/unknown-id", "diagnostics/undefined-word"]),
    rule("G2", "the first occurrence noted in place", Made, &["terms_are_noted_where_they_first_occur_in_running_text", "what_the_text_explains_is_left_to_it_where_that_is_set"]),
    rule("G3", "definitions stand alone, without circles", By(&[Code::CircularSee, Code::UnknownId]), &["definitions_do_not_lean_on_each_other", "terms_are_defined_once_and_lead_somewhere"]),
    rule("G4", "synonyms point to the preferred form", Made, &["foreign_words_are_told_apart_and_terms_explained_elsewhere_are_sent_there"]),
    rule("G5", "language, plural, pronunciation; italics", Made, &["foreign_words_are_told_apart_and_terms_explained_elsewhere_are_sent_there"]),
    rule("G6", "at most three notes on one page", By(&[Code::CrowdedPage]), &["diagnostics/crowded-page", "a_page_with_notes_enough_leaves_the_others_to_the_next_occurrence"]),
    rule("G7", "no note in headings, notes, definitions", Made, &["terms_are_noted_where_they_first_occur_in_running_text"]),
    rule("G8", "short for the note, long for the glossary", Made, &["terms_are_noted_where_they_first_occur_in_running_text", "the_small_book_is_as_expected"]),
    rule("G9", "nicknames by who used them of whom", Editors, &[]),
    rule("G10", "filed like the index", Made, &["the_glossary_is_filed_like_the_index"]),
    rule("C1", "every event has a source with a locator", By(&[Code::UnsourcedEvent]), &["diagnostics/unsourced-event"]),
    rule("C2", "dates are EDTF level 1", By(&[Code::BadDate]), &["diagnostics/bad-date", "says_why_a_date_is_impossible"]),
    rule("C3", "printed at the real precision", Made, &["prints_at_the_real_precision", "prints_stretches"]),
    rule("C4", "conflicting readings side by side", By(&[Code::SourcesDisagree]), &["diagnostics/sources-disagree", "disagreements_are_a_table_of_what_has_two_readings"]),
    rule("C5", "by start, precision, id", Made, &["orders_by_start_then_precision"]),
    rule("C6", "events and passages lead to each other", Made, &["sources_are_emended_and_cited_by_their_words", "dates_lead_to_the_events_that_they_tell"]),
    rule("C7", "contradicting dates are listed", By(&[Code::DateContradicts]), &["diagnostics/date-contradicts"]),
    rule("C8", "one event a row, present tense", Editors, &[]),
    rule("E1", "a source is identified, by its digest too", By(&[Code::SourceDiffers]), &["diagnostics/source-differs", "a_missing_source_is_replaced_by_its_precis"]),
    rule("E2", "the method told is what really ran, counted", Made, &["the_ledger_is_as_expected", "the_small_book_is_as_expected"]),
    rule("E3", "silent changes counted, all others listed", Made, &["every_character_has_one_fate", "sources_are_emended_and_cited_by_their_words"]),
    rule("E4", "emendations can be printed as a list", Made, &["sources_are_emended_and_cited_by_their_words"]),
    rule("E5", "supplied words in square brackets", By(&[Code::BareSupply]), &["diagnostics/bare-supply", "words_are_supplied_in_square_brackets"]),
    rule("E6", "no modernisation unless declared", Made, &["every_word_of_a_source_is_in_the_book_or_in_the_ledger", "what_a_ledger_does_not_account_for_is_found"]),
    rule("E7", "authors’ and editors’ notes told apart", Made, &["notes_of_authors_and_editors_run_apart"]),
    rule("E8", "the files hold the source word for word", Made, &["the_finished_files_hold_their_books", "what_a_book_lacks_of_its_source_is_found", "every_word_of_a_source_is_in_the_book_or_in_the_ledger"]),
    rule("B1", "creep from the paper’s thickness", Made, &["inner_sheets_creep_by_the_paper_around_them"]),
    rule("B2", "signatures balanced, blanks last, counted", Made, &["signatures_are_balanced"]),
    rule("B3", "both ways of duplex, or a file for each side", Made, &["folded_sheets_are_read_in_order", "without_duplex_there_is_a_file_for_either_side"]),
    rule("B4", "a test sheet proves the flip", Made, &["the_test_sheet_has_a_front_and_a_back"]),
    rule("B5", "margins that the printer can reach", Made, &["a_printer_reaches_every_word"]),
    rule("B6", "fold and stitch marks by choice", Made, &["marks_stand_on_the_outside_of_signatures"]),
    rule("B7", "print scaling set to none", Made, &["the_file_asks_not_to_be_scaled"]),
    rule("B8", "page n followed by n+1, none upside down", Made, &["folded_sheets_are_read_in_order", "sheets_in_another_order_are_found", "backs_that_stand_the_wrong_way_up_are_found"]),
];

/// The table as text.
pub fn shown() -> String {
    let mut text = String::from(
        "The rules of the trade for index (I), glossary (G), chronology (C), source texts (E) and \
         booklets (B), how each is held, and the tests that prove it:\n\n",
    );
    for rule in RULES {
        let held = match rule.held {
            Made => "by how the book is made".to_string(),
            By(codes) => names(codes),
            Figures => "by figures: cordel check --report index".to_string(),
            Editors => "by the editors; no program can tell".to_string(),
        };
        let _ = writeln!(text, "{:4} {:44} {held}", rule.name, rule.says);
        for test in rule.tests {
            let _ = writeln!(text, "{:9}{test}", "");
        }
    }
    text
}

/// What the checks have found of the rules that begin with a letter; `figures` judges those
/// that are held by figures.
pub(super) fn verdicts(
    letters: &str,
    found: &Report,
    figures: &dyn Fn(&str) -> String,
    text: &mut String,
) {
    text.push_str("By rule:\n");
    let asked = |rule: &&Rule| rule.name.starts_with(|letter| letters.contains(letter));
    for rule in RULES.iter().filter(asked) {
        let verdict = match rule.held {
            Made => "kept by how the book is made".to_string(),
            By(codes) => by_code(codes, found),
            Figures => figures(rule.name),
            Editors => "for the editors to judge".to_string(),
        };
        let _ = writeln!(text, "  {:4} {:46} {verdict}", rule.name, rule.says);
    }
}

fn names(codes: &[Code]) -> String {
    let names: Vec<&str> = codes.iter().map(|code| code.name()).collect();
    names.join(", ")
}

fn by_code(codes: &[Code], found: &Report) -> String {
    let of = |severity| {
        let diagnostics = found.diagnostics.iter();
        diagnostics
            .filter(|one| one.severity == severity && codes.contains(&one.code))
            .count()
    };
    match (of(Severity::Error), of(Severity::Warning)) {
        (0, 0) => "kept".to_string(),
        (0, warnings) => format!("{warnings} warned of: {}", names(codes)),
        (errors, warnings) => format!("{errors} wrong, {warnings} warned of: {}", names(codes)),
    }
}
