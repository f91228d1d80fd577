//! Each rule on a text made up for it, and what holds for all of them.

use crate::diag::{Code, Report};
use crate::source::Inputs;

use super::{ChangeKind, Clean, clean};

/// Cleans a text by a recipe; with the codes of what was reported.
fn run(recipe: &str, raw: &str) -> (Clean, Vec<Code>) {
    let mut inputs = Inputs::default();
    let raw = inputs.add_text("texts/made-up.txt", raw);
    let recipe = inputs.add_text("recipes/made-up.toml", recipe);
    let mut report = Report::default();
    let clean = clean(&inputs, raw, recipe, &mut report);
    // Rendering must hold for every span that a rule reports.
    report.render(&inputs);
    let account = clean.ledger.account(&clean.map, inputs.text(raw).len());
    account.expect("every character is kept, removed or replaced");
    let codes = report.diagnostics.iter().map(|one| one.code).collect();
    (clean, codes)
}

/// The Markdown of a text that nothing is wrong with.
fn cleaned(recipe: &str, raw: &str) -> String {
    let (clean, codes) = run(recipe, raw);
    assert_eq!(codes, [], "{recipe}");
    clean.markdown
}

/// What was counted, by the names of rules.
fn counts(clean: &Clean) -> Vec<(&'static str, usize)> {
    let counted = clean.ledger.rules.iter();
    counted.map(|rule| (rule.rule, rule.count)).collect()
}

const JOIN: &str = "[[rule]]\njoin-lines = {}\n";

/// A line that is removed may stand in both columns.
#[test]
fn what_is_removed_from_both_columns_is_removed_once() {
    let text = "The left goes    and the right\nnever here and   never there\non to its end.   ends here.\n";
    let recipe = "[[rule]]\nremove-furniture.lines = [\"never here and never there\"]\n[[rule]]\ncolumns.from = \"The left\"\ncolumns.through = \"ends here.\"\ncolumns.at = 17\n[[rule]]\njoin-lines.hyphens = \"keep\"\n";
    assert_eq!(
        cleaned(recipe, text),
        "The left goes on to its end. and the right ends here.\n"
    );
}

#[test]
fn without_rules_a_line_is_a_paragraph() {
    assert_eq!(
        cleaned("", "One.\nTwo.\n\n\nThree."),
        "One.\n\nTwo.\n\nThree.\n"
    );
    assert_eq!(cleaned("", ""), "");
    assert_eq!(cleaned("", " \n\t\n"), "");
}

#[test]
fn line_ends_are_joined() {
    let raw =
        "The mill stood \nby the weir—\nor near it—and the co-\nowner lived there.\n\nNo more.\n";
    let wanted =
        "The mill stood by the weir—or near it—and the co-owner lived there.\n\nNo more.\n";
    let (clean, codes) = run(JOIN, raw);
    assert_eq!((clean.markdown.as_str(), codes), (wanted, vec![]));
    assert_eq!(
        counts(&clean),
        [("join-lines", 2), ("join-hyphens", 1)],
        "a hyphen's line end is counted on its own"
    );
}

#[test]
fn a_typesetters_hyphens_are_dropped() {
    let recipe = "[[rule]]\njoin-lines.hyphens = \"drop\"\njoin-lines.except = [\"co-owner\"]\n";
    let raw = "the mil-\nler and his co-\nowner, a soft\u{ad}\nened man, said - \nor so - it\n";
    let (clean, _) = run(recipe, raw);
    assert_eq!(
        clean.markdown,
        "the miller and his co-owner, a soft\u{ad} ened man, said - or so - it\n"
    );
    let recipe = format!("{recipe}[[rule]]\nsoft-hyphens = {{}}\n");
    assert!(cleaned(&recipe, raw).contains("a softened man"));
}

#[test]
fn paragraphs_cut_by_a_column_are_joined() {
    let recipe = format!("{JOIN}[[rule]]\njoin-paragraphs = {{}}\n");
    let raw = "the water stood in \n\nfields; nobody came.\n\nthen a \n \u{c}boat.\nA flag \n\nFlew. “No!”\n\nso it ended\n";
    assert_eq!(
        cleaned(&recipe, raw),
        "the water stood in fields; nobody came.\n\nthen a boat. A flag\n\nFlew. “No!”\n\nso it ended\n"
    );
}

#[test]
fn an_indented_line_begins_a_paragraph() {
    let raw = "End of a page.\n The next one.\nGoes on.\n";
    assert_eq!(
        cleaned(JOIN, raw),
        "End of a page.\n\nThe next one. Goes on.\n"
    );
}

#[test]
fn a_lost_paragraph_break_is_supplied() {
    let recipe =
        format!("{JOIN}[[rule]]\nstart-paragraph.before = [\"Then came\", \"Last of\", \"ly\"]\n");
    let raw = "It rained.\nThen came wind. Last of all,final\nly, hail.\n";
    let (clean, _) = run(&recipe, raw);
    assert_eq!(
        clean.markdown,
        "It rained.\n\nThen came wind.\n\nLast of all,final\n\nly, hail.\n"
    );
    assert_eq!(clean.ledger.count(super::Class::StartParagraph), 3);
}

#[test]
fn spaces_are_normalised_when_asked() {
    let raw = "One.  Two\u{a0}three \u{202f} four.\u{a0}\n\u{a0}Five.";
    assert_eq!(
        cleaned("", raw),
        "One.  Two\u{a0}three \u{202f} four.\n\nFive.\n"
    );
    let recipe = "[[rule]]\ndouble-spaces = {}\n[[rule]]\nodd-spaces = {}\n";
    let (clean, _) = run(recipe, raw);
    assert_eq!(clean.markdown, "One. Two three four.\n\nFive.\n");
    assert_eq!(
        counts(&clean),
        [
            ("line-paragraphs", 1),
            ("line-spaces", 2),
            ("double-spaces", 1),
            ("odd-spaces", 2)
        ]
    );
}

#[test]
fn characters_are_normalised_when_asked() {
    let all = "[[rule]]\nplain-hyphens = {}\n[[rule]]\nsoft-hyphens = {}\n[[rule]]\ndash-runs = {}\n[[rule]]\ndoubled-quotes = {}\n[[rule]]\ntypographic-quotes = {}\n";
    let raw =
        "self\u{2011}made mil\u{ad}ler--he \"said\" ““so””, 'twas the '20s (\"ha\") --- it's ----";
    assert_eq!(
        cleaned(all, raw),
        "self-made miller—he “said” “so”, ‘twas the ‘20s (“ha”) — it’s ----\n"
    );
    assert_eq!(cleaned("", "«a» ““b””"), "«a» ““b””\n");
}

#[test]
fn headings_and_breaks_are_found() {
    let recipe = "[[rule]]\ntitle.line = \"The Weir\"\n[[rule]]\nheadings.lines = [\"What the town did\", \"And after\"]\n[[rule]]\nheadings.lines = [\"Later\"]\nheadings.level = 3\n[[rule]]\nbreak.before = \"A letter\"\n";
    let raw = "The Weir\nThe Weir broke.\nWhat the town did\nNothing.\nAnd\nafter\nMore of it.\nLater\nA letter came.";
    assert_eq!(
        cleaned(recipe, raw),
        "# The Weir\n\nThe Weir broke.\n\n## What the town did\n\nNothing.\n\n## And after\n\nMore of it.\n\n### Later\n\n***\n\nA letter came.\n"
    );
    // Joined lines do not swallow a heading.
    assert_eq!(
        cleaned(&format!("{JOIN}{recipe}"), raw),
        cleaned(recipe, raw)
    );
}

#[test]
fn a_box_is_lifted_out_of_a_sentence() {
    let recipe = format!(
        "{JOIN}[[rule]]\njoin-paragraphs = {{}}\n[[rule]]\nbox.from = \"A sluice\"\nbox.through = \"a river.\"\nbox.title = \"Sluices\"\n"
    );
    let raw = "The water rose and\n\n\nA sluice is a gate.\n\nIt shuts\na river.\n went on rising.\n\nThe end.";
    let (clean, codes) = run(&recipe, raw);
    assert_eq!(codes, []);
    assert_eq!(
        clean.markdown,
        "The water rose and went on rising.\n\n> [!box] Sluices\n>\n> A sluice is a gate.\n>\n> It shuts a river.\n\nThe end.\n"
    );
}

#[test]
fn a_box_is_moved_to_where_it_belongs() {
    let recipe =
        "[[rule]]\nbox.from = \"A sluice\"\nbox.through = \"a gate.\"\nbox.after = \"It shut\"\n";
    let raw = "One.\n\nA sluice is a gate.\n\nTwo.\n\nIt shut.\n\nThree.\n";
    let (clean, _) = run(recipe, raw);
    assert_eq!(
        clean.markdown,
        "One.\n\nTwo.\n\nIt shut.\n\n> [!box]\n>\n> A sluice is a gate.\n\nThree.\n"
    );
    let moved = |change: &&super::Change| matches!(change.kind, ChangeKind::Moved(_));
    let moved = clean.ledger.changes.iter().find(moved);
    assert_eq!(
        moved.map(|change| (change.start, change.end)),
        Some((6, 25))
    );
    let quoted = "[[rule]]\nquote.from = \"A sluice\"\nquote.through = \"Two.\"\n";
    assert_eq!(
        cleaned(quoted, raw),
        "One.\n\n> A sluice is a gate.\n>\n> Two.\n\nIt shut.\n\nThree.\n"
    );
}

#[test]
fn a_timeline_gets_its_lost_dates_back() {
    let recipe = "[[rule]]\ntimeline.from = \"The mill\"\ntimeline.through = \"goes.\"\ntimeline.supply = [{ date = \"1810?\", before = \"The mill\" }]\n";
    let raw =
        "Dates\n\n\nThe mill is built.\n\nIt grinds.\n\n1820 March\n\nThe weir goes.\n\nAfter.";
    let (clean, codes) = run(recipe, raw);
    assert_eq!(codes, []);
    assert_eq!(
        clean.markdown,
        "Dates\n\n> [!timeline]\n>\n> \\[1810?\\]\n> : The mill is built.\n>\n>   It grinds.\n>\n> 1820 March\n> : The weir goes.\n\nAfter.\n"
    );
    assert_eq!(clean.ledger.count(super::Class::Timeline), 2);
    assert_eq!(clean.ledger.count(super::Class::SupplyDates), 1);
}

#[test]
fn notes_are_tied_to_their_places() {
    let recipe = "[[rule]]\nfootnotes.from = \"1 Not this\"\nfootnotes.through = \"of it.\"\nfootnotes.calls = [\"a sack.2\"]\n";
    let raw = "The mill1Not this one. ground corn at 12 a sack.2 Then it stopped.\n\n1 Not this one.\n2. Dear, even\nthen; see all of it.";
    let (clean, codes) = run(recipe, raw);
    assert_eq!(codes, []);
    assert_eq!(
        clean.markdown,
        "The mill[^1] ground corn at 12 a sack.[^2] Then it stopped.\n\n[^1]: Not this one.\n\n[^2]: Dear, even\n\n    then; see all of it.\n"
    );
    assert_eq!(
        counts(&clean)[2..],
        [
            ("footnotes", 2),
            ("footnote-calls", 2),
            ("footnote-repeats", 1)
        ]
    );
    let lost = recipe.replace("footnotes.calls = [\"a sack.2\"]\n", "");
    assert_eq!(run(&lost, raw).1, [Code::AnchorNotFound]);
}

#[test]
fn only_what_is_doubled_is_removed_as_doubled() {
    let recipe = "[[rule]]\nremove-doubled.from = \"stood a yard—\"\nremove-doubled.through = \"high\"\nremove-doubled.of = \"stood a yard-\"\n";
    let raw = "It stood a yard-high.\n\nThe town stood a yard—high\n";
    assert_eq!(cleaned(recipe, raw), "It stood a yard-high.\n\nThe town\n");
    let other = raw.replace("—high", "—wide and high");
    assert_eq!(run(recipe, &other).1, [Code::NotDoubled]);
}

#[test]
fn furniture_goes_and_nothing_else() {
    let recipe = "[[rule]]\nremove-furniture.lines = [\"Print\"]\nremove-furniture.every = [\"Menu\"]\nremove-furniture.from = \"Share\"\n[[rule]]\nremove-dashes.lines = [\"- - -\"]\n[[rule]]\nremove-personal-data.from = \"(write to\"\nremove-personal-data.through = \")\"\n";
    let raw = "Menu\n\nThe weir (write to a@b.example) broke.\n- - -\nMenu\nPrint this page\n\nIt was\nMenu board\n\nShare\n\nHome";
    let (clean, codes) = run(recipe, raw);
    assert_eq!(codes, []);
    assert_eq!(clean.markdown, "The weir broke.\n\nIt was\n\nMenu board\n");
    assert_eq!(
        counts(&clean)[2..],
        [
            ("remove-furniture", 4),
            ("remove-dashes", 1),
            ("remove-personal-data", 1)
        ]
    );
}

#[test]
fn signs_of_the_text_are_not_markup() {
    for (raw, wanted) in [
        (
            "*a* _b_ `c` [d](e) <f> &amp; g|h #i",
            "\\*a\\* \\_b\\_ \\`c\\` \\[d\\](e) \\<f> \\&amp; g\\|h \\#i",
        ),
        ("- item", "\\- item"),
        ("12. item", "12\\. item"),
        ("12.5 tons", "12.5 tons"),
        ("1848) item", "1848\\) item"),
        ("> quoted", "\\> quoted"),
        (": defined", "\\: defined"),
        ("=====", "\\====="),
        ("a > b - c = d: e", "a > b - c = d: e"),
        ("back\\slash\\", "back\\\\slash\\\\"),
    ] {
        assert_eq!(cleaned("", raw), format!("{wanted}\n"));
    }
    let hyphens = "[[rule]]\nplain-hyphens = {}\n";
    assert_eq!(cleaned(hyphens, "\u{2011} item"), "\\- item\n");
}

#[test]
fn every_fault_of_a_recipe_is_reported() {
    let recipe = "[[rule]]\nheadings.lines = [\"Nowhere\", \"weir\"]\n[[rule]]\nbreak.before = \"the\"\n[[rule]]\nbox.from = \"It broke\"\nbox.through = \"the weir\"\n[[rule]]\nmove-everything = {}\n[[rule]]\nremove-furniture.through = \"x\"\n[[rule]]\nheadings.lines = []\nheadings.level = 9\n[[rule]]\nsupply-mark.before = \"broke\"\n";
    let (clean, codes) = run(recipe, "It broke, the weir.\n\nAnd the mill.\n");
    assert_eq!(
        codes,
        [
            Code::BadValue,
            Code::MissingKey,
            Code::MissingKey,
            Code::BadValue,
            Code::AnchorNotFound,
            Code::AnchorNotFound,
            Code::AnchorAmbiguous,
        ]
    );
    assert!(clean.markdown.contains("> It broke, the weir"));
}

#[test]
fn rules_that_claim_the_same_words_are_reported() {
    let recipe = "[[rule]]\nremove-furniture.from = \"a\"\nremove-furniture.through = \"c\"\n[[rule]]\nremove-caption.from = \"b\"\nremove-caption.through = \"d\"\n[[rule]]\nbreak.before = \"b\"\n";
    assert_eq!(
        run(recipe, "a b c d e").1,
        [Code::OverlappingRules, Code::OverlappingRules]
    );
}

#[test]
fn an_idle_rule_and_controls_are_warned_of() {
    let (clean, codes) = run("[[rule]]\ndouble-spaces = {}\n", "A\0B\u{1b}C");
    assert_eq!(clean.markdown, "ABC\n");
    assert_eq!(codes, [Code::ControlCharacter, Code::Unused]);
}

#[test]
fn what_is_kept_is_found_again_in_the_raw_text() {
    let recipe = format!(
        "{JOIN}[[rule]]\nbox.from = \"(gates)\"\nbox.through = \"shut.\"\nbox.after = \"Nobody\"\n"
    );
    let raw = "It [rose] \nby night.\n\n(gates) were shut.\n\nNobody saw.\n";
    let (clean, _) = run(&recipe, raw);
    for word in ["rose", "night", "gates", "saw"] {
        let here = clean.markdown.find(word).expect("the word is kept");
        let there = clean
            .map
            .original(u32::try_from(here).expect("a short text"));
        assert!(raw[there as usize..].starts_with(word), "{word}");
    }
}

/// Every beginning of a text, and of a recipe, is cleaned without a panic, and accounted for.
#[test]
fn any_text_cut_anywhere_is_accounted_for() {
    let recipe = format!(
        "{JOIN}join-lines.hyphens = \"drop\"\n[[rule]]\njoin-paragraphs = {{}}\n[[rule]]\ndouble-spaces = {{}}\n[[rule]]\nsoft-hyphens = {{}}\n[[rule]]\nremove-furniture.every = [\"Page\"]\n[[rule]]\nbox.from = \"Béla\"\nbox.through = \"off.\"\n[[rule]]\nfootnotes.from = \"1 So\"\nfootnotes.through = \"the end\"\n[[rule]]\ntimeline.from = \"1820\"\ntimeline.through = \"go.\"\n[[rule]]\nremove-doubled.from = \"twice—\"\nremove-doubled.through = \"over\"\nremove-doubled.of = \"twice-\"\n"
    ).replace("join-lines = {}\njoin-lines", "join-lines");
    let raw = "  Ab-\n\nPage\ncd twice-over\u{ad}\n said1So it is.—\n—no, and \n\n\nBéla *left* with-\nout  hat.\n\nHe was off.\n went.\n\n1820 May\n\nThe mill twice—over\n\nThey go.\n\n \u{c}1 So it is.\n2 “Ü” the end\n\n";
    for end in (0..=raw.len()).filter(|end| raw.is_char_boundary(*end)) {
        run(&recipe, &raw[..end]);
    }
    for end in (0..=recipe.len()).filter(|end| recipe.is_char_boundary(*end)) {
        run(&recipe[..end], raw);
    }
    assert_eq!(run(&recipe, raw).1, [Code::AnchorNotFound]);
}

#[test]
fn verse_stays_in_lines() {
    let recipe = format!("{JOIN}[[rule]]\nverse.from = \"The wheel\"\nverse.through = \"all.\"\n");
    let raw = "He sang\nof it:\n\n  The wheel goes round,\n  the water falls,\n\n  the wheel stands still,\n  and that is all.\n\nThen he\nwent.\n";
    let (clean, codes) = run(&recipe, raw);
    assert_eq!(codes, []);
    assert_eq!(
        clean.markdown,
        "He sang of it:\n\n> [!verse]\n> The wheel goes round,\\\n> the water falls,\n>\n> the wheel stands still,\\\n> and that is all.\n\nThen he went.\n"
    );
}

#[test]
fn lists_are_set_as_lists() {
    let recipe = format!(
        "{JOIN}[[rule]]\nlist.from = \"- a wheel\"\nlist.through = \"weir\"\n[[rule]]\nlist.from = \"3. flour\"\nlist.through = \"bran\"\n"
    );
    let raw = "It has\n- a wheel\n  of oak\n\n- a weir\n\nand makes\n\n3. flour,\nwhite\n4. bran\nNo more.";
    let (clean, codes) = run(&recipe, raw);
    assert_eq!(codes, []);
    assert_eq!(
        clean.markdown,
        "It has\n\n- a wheel of oak\n- a weir\n\nand makes\n\n3. flour, white\n4. bran\n\nNo more.\n"
    );
    assert_eq!(clean.ledger.count(super::Class::Lists), 4);
}

#[test]
fn two_columns_are_read_one_after_the_other() {
    let recipe = format!(
        "{JOIN}[[rule]]\ncolumns.from = \"The mill\"\ncolumns.through = \"for good.\"\ncolumns.at = 18\n"
    );
    let raw = "Before.\n\nThe mill stood    the weir broke.\nby the old weir\nuntil the rain    After that it\ncame down and     stood for good.\n\nAfter.\n";
    let (clean, codes) = run(&recipe, raw);
    assert_eq!(codes, []);
    assert_eq!(
        clean.markdown,
        "Before.\n\nThe mill stood by the old weir until the rain came down and the weir broke.\n\nAfter that it stood for good.\n\nAfter.\n"
    );
}

#[test]
fn speakers_and_short_lines_begin_paragraphs() {
    let recipe =
        "[[rule]]\njoin-lines.short = 12\n[[rule]]\nspeakers.names = [\"Ana\", \"The miller\"]\n";
    let raw = "It rained all day and the\nwater rose.\nNobody came down to the\nmill at all. No.\nAna: And then\nit broke?\nThe miller: At\nmidnight.\n";
    assert_eq!(
        cleaned(recipe, raw),
        "It rained all day and the water rose.\n\nNobody came down to the mill at all. No.\n\nAna: And then it broke?\n\nThe miller: At midnight.\n"
    );
}

#[test]
fn numbered_furniture_goes() {
    let recipe = "[[rule]]\nremove-furniture.numbered = [\"- # -\", \"Page # of #\"]\n[[rule]]\njoin-paragraphs = {}\n";
    let raw = "The water\n\n- 12 -\nPage 1 of 20\n\nrose to 12 feet.\n\n- 13 -\n";
    assert_eq!(cleaned(recipe, raw), "The water rose to 12 feet.\n");
    let none = "[[rule]]\nremove-furniture.numbered = [\"p. #\"]\n";
    assert_eq!(run(none, raw).1, [Code::AnchorNotFound]);
}

#[test]
fn bracketed_and_raised_numbers_are_calls() {
    let recipe = "[[rule]]\nfootnotes.from = \"[4] Oats\"\nfootnotes.through = \"Rye.\"\nfootnotes.calls = [\"corn[4]\", \"bran⁵\"]\n";
    let raw = "It ground corn[4] and bran⁵.\n\n[4] Oats.\n⁵ Rye.\n";
    assert_eq!(
        cleaned(recipe, raw),
        "It ground corn[^4] and bran[^5].\n\n[^4]: Oats.\n\n[^5]: Rye.\n"
    );
}
