//! Small books resolved whole.

use std::fmt::Write as _;

use crate::apparatus;
use crate::diag::Report;
use crate::document;
use crate::edition::index::CrossReference;
use crate::edition::{Cleaned, Edition, Series, Target, Written, dump, resolve};
use crate::manifest;
use crate::source::{Inputs, PassageId, Position};
use crate::text::{Block, Inline};

/// A book about a flood: an introduction, a letter that may be set in full, and what is
/// made from data.
struct Pack {
    introduction: &'static str,
    letter: Option<&'static str>,
    glossary: &'static str,
    chronology: &'static str,
    index: &'static str,
    emendations: &'static str,
    note_terms: &'static str,
    /// More keys of the letter's chapter.
    letter_keys: &'static str,
}

impl Default for Pack {
    fn default() -> Pack {
        Pack {
            introduction: "The river rose.",
            letter: Some("# A letter\n\nThe weir went at midnight.\n"),
            glossary: "[[term]]\nid = \"weir\"\nterm = \"weir\"\nshort = \"A low dam.\"\n",
            chronology: "",
            index: "",
            emendations: "",
            note_terms: "chapter",
            letter_keys: "",
        }
    }
}

const SECTIONS: &str = "
[[chapter]]\nid = \"title\"\npart = \"front\"\nkind = \"title-page\"
[[chapter]]\nid = \"figures\"\npart = \"front\"\nkind = \"figures\"
[[chapter]]\nid = \"introduction\"\npart = \"body\"\nkind = \"text\"\ntitle = \"Introduction\"\nfile = \"introduction.md\"
[[chapter]]\nid = \"letter\"\npart = \"body\"\nkind = \"source\"\nsource = \"letter\"\nfile = \"headnote.md\"\nprecis = \"precis.md\"
[[chapter]]\nid = \"chronology\"\npart = \"back\"\nkind = \"chronology\"
[[chapter]]\nid = \"disagreements\"\npart = \"back\"\nkind = \"disagreements\"
[[chapter]]\nid = \"glossary\"\npart = \"back\"\nkind = \"glossary\"
[[chapter]]\nid = \"note\"\npart = \"back\"\nkind = \"note-on-the-text\"
[[chapter]]\nid = \"index\"\npart = \"back\"\nkind = \"index\"
";

const SOURCES: &str = "[[source]]\nid = \"letter\"\ntitle = \"A letter\"\nshort = \"Letter\"\n\
    authors = [\"Lee, Ann\"]\nfile = \"letter.txt\"\nrecipe = \"recipe.toml\"\n\
    sha256 = \"0000000000000000000000000000000000000000000000000000000000000000\"\n";

impl Pack {
    fn resolve(&self) -> (Edition, String) {
        let mut inputs = Inputs::default();
        let precis = "precis = \"precis.md\"\n";
        let sections = SECTIONS.replace(precis, &format!("{precis}{}", self.letter_keys));
        let book = format!(
            "[book]\ntitle = \"The Flood\"\nslug = \"flood\"\nlanguage = \"en\"\nidentifier = \"x\"\n\
             date = \"2026-11-20\"\n[apparatus]\nnote-terms = \"{}\"\n{sections}",
            self.note_terms
        );
        inputs.add_text("book.toml", book);
        let introduction = inputs.add_text("introduction.md", self.introduction);
        let headnote = inputs.add_text("headnote.md", "One leaf.[^h]\n\n[^h]: Torn.\n");
        let precis = inputs.add_text("precis.md", "She saw the weir go.");
        let letter = inputs.add_text("letter.md", self.letter.unwrap_or_default());
        inputs.add_text("recipe.toml", "");
        inputs.add_text("sources.toml", SOURCES);
        inputs.add_text("glossary.toml", self.glossary);
        inputs.add_text("chronology.toml", self.chronology);
        inputs.add_text("index.toml", self.index);
        inputs.add_text("emendations.toml", self.emendations);
        let mut report = Report::default();
        let manifest = manifest::load(&inputs, &mut report).expect("a manifest");
        let apparatus = apparatus::load(&inputs, &mut report);
        let mut read = |id| document::parse(&inputs, id, &mut report);
        let cleaned = self.letter.map(|_| Cleaned {
            document: read(letter),
            rules: vec![("line ends joined".into(), 3), ("titles found".into(), 0)],
        });
        let written: Vec<Written> = manifest
            .chapters
            .iter()
            .map(|chapter| Written {
                text: match chapter.id.as_str() {
                    "introduction" => Some(read(introduction)),
                    "letter" => Some(read(headnote)),
                    _ => None,
                },
                source: (chapter.id == "letter").then(|| cleaned.clone()).flatten(),
                precis: (chapter.id == "letter" && cleaned.is_none()).then(|| read(precis)),
                questions: None,
            })
            .collect();
        let edition = resolve(&inputs, &manifest, &apparatus, &written, &mut report);
        (edition, report.render(&inputs))
    }

    /// The section of that id, line by line; every fault must be one of `faults`.
    fn section(&self, id: &str) -> String {
        let (edition, report) = self.resolve();
        assert_eq!(report, "");
        section(&edition, id)
    }

    fn faults(&self) -> Vec<String> {
        let (_, report) = self.resolve();
        let lines = report.lines();
        lines
            .filter(|line| line.starts_with("error") || line.starts_with("warning"))
            .map(str::to_string)
            .collect()
    }
}

fn section(edition: &Edition, id: &str) -> String {
    let section = edition
        .sections
        .iter()
        .find(|section| section.id == id)
        .expect("the section is there");
    let mut text = format!("= {}\n", shown(edition, &section.title.inlines));
    if let Some(byline) = &section.byline {
        let _ = writeln!(text, "by {}", shown(edition, &byline.inlines));
    }
    for block in &section.blocks {
        if matches!(block, Block::Break) {
            text += "***\n";
        }
        block.each_passage(&mut |passage| {
            let _ = writeln!(text, "{}", shown(edition, &passage.inlines));
        });
    }
    for note in &edition.notes {
        if edition
            .section_of(note.call)
            .map(|at| &edition.sections[at].id)
            == Some(&section.id)
        {
            note.blocks.iter().for_each(|block| {
                block.each_passage(&mut |passage| {
                    let _ = writeln!(text, "{} {}", note.label, shown(edition, &passage.inlines));
                });
            });
        }
    }
    text
}

/// As the dump has it, places shown by the words that stand there.
fn shown(edition: &Edition, inlines: &[Inline<Target>]) -> String {
    dump::inlines(inlines, &|id| edition.note(id).label.clone(), &|place| {
        word_at(edition, place)
    })
}

fn word_at(edition: &Edition, place: Position) -> String {
    let mut word = String::from("?");
    each_passage(edition, &mut |id, plain| {
        if id == place.passage {
            let rest = &plain[place.offset as usize..];
            word = rest.split(' ').next().unwrap_or_default().to_string();
        }
    });
    word
}

/// Every passage in the order of their numbers.
fn each_passage(edition: &Edition, visit: &mut dyn FnMut(PassageId, &str)) {
    for section in &edition.sections {
        visit(section.title.id, &section.title.plain());
        if let Some(byline) = &section.byline {
            visit(byline.id, &byline.plain());
        }
        let headnote = if section.id == "index" {
            &edition.index_headnote[..]
        } else {
            &[]
        };
        for block in section.blocks.iter().chain(headnote) {
            block.each_passage(&mut |passage| visit(passage.id, &passage.plain()));
        }
    }
    for note in &edition.notes {
        let blocks = note.blocks.iter();
        blocks.for_each(|block| {
            block.each_passage(&mut |passage| visit(passage.id, &passage.plain()));
        });
    }
    for entry in &edition.index {
        visit(entry.term.id, &entry.term.plain());
        for sub in &entry.subentries {
            visit(sub.term.id, &sub.term.plain());
        }
    }
}

#[test]
fn passages_are_numbered_through_the_book() {
    let pack = Pack {
        introduction: "Text[^a] of the weir.\n\n- one\n- two\n\n[^a]: Note.\n",
        index: "[[heading]]\nid = \"weir\"\nheading = \"weir\"\nforms = [\"weir\"]\n",
        ..Pack::default()
    };
    let (edition, report) = pack.resolve();
    assert_eq!(report, "");
    let mut numbers = Vec::new();
    each_passage(&edition, &mut |id, _| numbers.push(id.0));
    let count = u32::try_from(numbers.len()).expect("few");
    assert_eq!(numbers, (0..count).collect::<Vec<_>>());
    let at = |passage| Position { passage, offset: 0 };
    assert_eq!(edition.section_of(at(PassageId(0))), Some(0));
    assert_eq!(edition.section_of(at(edition.end)), None);
    assert_eq!(edition.notes[0].blocks.len(), 1);
    assert_eq!(edition.counts.full_sources, ["A letter"]);
}

#[test]
fn a_source_is_set_with_its_headnote_and_told_apart_from_it() {
    let (edition, report) = Pack::default().resolve();
    assert_eq!(report, "");
    assert_eq!(
        section(&edition, "letter"),
        "= A letter\nby Ann Lee\nOne leaf.^[1]\n***\nThe weir^a went at midnight.\n\
         [1] Torn.\na [*weir*→weir]: A low dam.\n"
    );
    let letter = &edition.sections[3];
    assert_eq!(letter.source, Some(2..3));
}

#[test]
fn a_missing_source_is_replaced_by_its_precis() {
    let pack = Pack {
        letter: None,
        introduction: "As [she says](cite:letter#weir-went) and [Letter](cite:letter).",
        ..Pack::default()
    };
    let letter = pack.section("letter");
    assert!(letter.contains("\nPrécis\n_What follows"), "{letter}");
    assert!(letter.contains("She saw the weir^a go."), "{letter}");
    // Neither the passage nor a bibliography is in this book, so the words stand alone.
    assert!(
        pack.section("introduction")
            .contains("As she says and Letter.")
    );
    assert!(pack.section("note").contains("Not set"));
}

#[test]
fn terms_are_noted_where_they_first_occur_in_running_text() {
    let pack = Pack {
        introduction: "## The weir\n\nA [low dam](term:weir), the weirs’ weir; a Weir.\n\n\
                       | weir |\n|---|\n| weir |\n\nMore weir.",
        ..Pack::default()
    };
    let introduction = pack.section("introduction");
    assert!(introduction.contains("\nThe weir\n"), "{introduction}");
    assert!(
        introduction.contains("A [low dam→weir]^a, the weirs’ weir; a Weir."),
        "{introduction}"
    );
    assert!(
        introduction.ends_with("More weir.\na [*weir*→weir]: A low dam.\n"),
        "{introduction}"
    );
    let once = Pack {
        note_terms: "book",
        ..pack
    };
    assert!(once.section("letter").contains("The weir went"));
}

#[test]
fn a_chapter_says_itself_whether_its_terms_are_noted() {
    let apart = Pack {
        letter_keys: "note-terms = \"never\"\n",
        ..Pack::default()
    };
    assert!(Pack::default().section("letter").contains("weir^a"));
    assert!(apart.section("letter").contains("The weir went"));
    let introduction = "A weir.";
    let alone = Pack {
        introduction,
        note_terms: "never",
        letter_keys: "note-terms = \"chapter\"\n",
        ..Pack::default()
    };
    assert!(!alone.section("introduction").contains("weir^a"));
    assert!(alone.section("letter").contains("weir^a"));
}

#[test]
fn foreign_words_are_told_apart_and_terms_explained_elsewhere_are_sent_there() {
    let pack = Pack {
        introduction: "The *presa* and the presas, or dams, or dams.",
        glossary: "[[term]]\nid = \"presa\"\nterm = \"presa\"\nlang = \"es\"\nforms = [\"presas\"]\n\
                   short = \"A [dam](term:dam).\"\n\
                   [[term]]\nid = \"dam\"\nterm = \"dam\"\nforms = [\"dams\"]\nsee = \"presa\"\n",
        ..Pack::default()
    };
    let introduction = pack.section("introduction");
    assert_eq!(
        introduction,
        "= Introduction\nThe _<es presa>_^a and the <es presas>, or [dams→dam], or dams.\n\
         a [*<es presa>*→presa]: A [dam→dam].\n"
    );
    let long = format!("The presa. {}The dam.", "On it goes. ".repeat(200));
    let long: &str = Box::leak(long.into_boxed_str());
    let far = Pack {
        introduction: long,
        glossary: pack.glossary,
        ..Pack::default()
    };
    let introduction = far.section("introduction");
    let note = "\nb [*dam*→dam]: see [_<es presa>_→presa], note a.\n";
    assert!(introduction.ends_with(note), "{introduction}");
    assert_eq!(
        pack.section("glossary"),
        "= Glossary\ndam\nSee [_<es presa>_→presa]. In the text: @dams,.\n\
         <es presa>\nA [dam→dam]. In the text: @presa.\n"
    );
}

#[test]
fn notes_of_authors_and_editors_run_apart() {
    let pack = Pack {
        introduction: "One.[^a] Two.[^b] Again.[^a]\n\n[^a]: A.\n\n[^b]: B.\n",
        letter: Some("Mine.[^1]\n\n[^1]: My note.\n"),
        glossary: "",
        ..Pack::default()
    };
    let (edition, report) = pack.resolve();
    assert_eq!(report, "");
    assert_eq!(
        section(&edition, "introduction"),
        "= Introduction\nOne.^[1] Two.^[2] Again.^[[1]→A.]^\n[1] A.\n[2] B.\n"
    );
    let labels: Vec<(Series, &str)> = edition
        .notes
        .iter()
        .map(|note| (note.series, note.label.as_str()))
        .collect();
    assert_eq!(
        labels[2..],
        [(Series::Editor, "[1]"), (Series::Author, "1")]
    );
    let nested = Pack {
        introduction: "One.[^a]\n\n[^a]: A.[^b]\n\n[^b]: B.\n",
        ..Pack::default()
    };
    assert_eq!(
        nested.faults(),
        ["error[loose-footnote]: the note `b` is called inside another note"]
    );
}

#[test]
fn sources_are_emended_and_cited_by_their_words() {
    let pack = Pack {
        letter: Some("In wich the tide and the wier went. At midnight.\n"),
        introduction: "So ([Letter](cite:letter#at-midnight)), on [that night](event:flood).",
        emendations: "[[emendation]]\nsource = \"letter\"\nfind = \"wich the tide\"\n\
                      replace = \"which the tide\"\nreason = \"a slip\"\n\
                      [[emendation]]\nsource = \"letter\"\nfind = \"wier\"\nreplace = \"weir\"\n\
                      reason = \"spelling\"\nclass = \"spelling\"\nevery = true\n",
        chronology: "[[event]]\nid = \"flood\"\ndate = \"1820-03-04\"\ntext = \"The weir goes.\"\n\
                     sources = [{ work = \"letter\", anchor = \"wier went\" }]\n\
                     [[event.reading]]\nabout = \"hour\"\nsays = \"midnight\"\n\
                     source = { work = \"letter\", anchor = \"midnight\" }\n",
        ..Pack::default()
    };
    assert!(
        pack.section("letter")
            .contains("In which the tide and the weir^a went. At midnight.")
    );
    let introduction = pack.section("introduction");
    assert!(
        introduction.contains("So ([Letter→At], p.\u{a0}@At), on [that night→4]."),
        "{introduction}"
    );
    assert_eq!(
        pack.section("chronology"),
        "= Chronology\n1820\n4 March\n\
         The weir goes. (Letter,\u{a0}@weir) In the text: @that.\n\
         _Hour:_ midnight (Letter,\u{a0}@midnight.).\n"
    );
    let note = pack.section("note");
    assert!(note.contains("line ends joined (3 times)."), "{note}");
    assert!(
        note.contains(
            "Corrected: one place, listed under this paragraph; without a list, spelling (once)."
        ),
        "{note}"
    );
    assert!(
        note.contains("Page @which: “which the tide” for “wich the tide”. a slip"),
        "{note}"
    );
}

#[test]
fn dates_lead_to_the_events_that_they_tell() {
    let pack = Pack {
        introduction: "On 4 March 1820 the weir went; what came on 9 May 1821 is not known.",
        letter: Some(
            "On 4 March 1820 all was lost. The miller built anew a month later.\n\n\
             On 6 May the meadow was wet. On 7 May nothing was.\n",
        ),
        glossary: "",
        chronology: "[[event]]\nid = \"flood\"\ndate = \"1820-03-04\"\ntext = \"The weir goes.\"\n\
                     sources = [{ work = \"letter\", anchor = \"all was lost\" }]\n\
                     [[event]]\nid = \"mill\"\ndate = \"1820-04\"\ntext = \"A new mill.\"\n\
                     sources = [{ work = \"letter\", anchor = \"built anew\" }]\n\
                     [[event]]\nid = \"meadow\"\ndate = \"1820-05-06\"\ntext = \"A wet meadow.\"\n\
                     sources = [{ work = \"letter\", locator = \"at the end\" }]\n",
        ..Pack::default()
    };
    let letter = pack.section("letter");
    for led in [
        "On [4 March 1820→4] all was lost. The miller built anew [a month later→April].",
        "On [6 May→6] the meadow was wet. On 7 May nothing was.",
    ] {
        assert!(letter.contains(led), "{letter}");
    }
    let introduction = pack.section("introduction");
    let led = "On [4 March 1820→4] the weir went; what came on 9 May 1821 is not known.";
    assert!(introduction.contains(led), "{introduction}");
    let chronology = pack.section("chronology");
    for told in [
        "The weir goes. (Letter,\u{a0}@all) In the text: @4.",
        "A new mill. (Letter,\u{a0}@built)\n",
        "A wet meadow. (Letter, at the end) In the text: @6.",
    ] {
        assert!(chronology.contains(told), "{chronology}");
    }
}

#[test]
fn what_cannot_be_resolved_is_reported_with_what_was_meant() {
    let pack = Pack {
        introduction: "[a](term:wier) [b](#lettre) [c](cite:lettr) [d](index:x) \
                       [e](cite:letter#no-such-words) [f](cite:letter#the)",
        letter: Some("The the."),
        emendations: "[[emendation]]\nsource = \"letter\"\nfind = \"he\"\nreplace = \"ho\"\nreason = \"r\"\n\
                      [[emendation]]\nsource = \"letter\"\nfind = \"nowhere\"\nreplace = \"x\"\nreason = \"r\"\n",
        ..Pack::default()
    };
    let (_, report) = pack.resolve();
    for expected in [
        "error[unknown-id]: there is no term with the id `wier`",
        "did you mean `weir`?",
        "error[unknown-id]: there is no chapter with the id `lettre`",
        "error[unknown-id]: there is no work with the id `lettr`",
        "the pack has no index heading at all",
        "error[anchor-not-found]: the words “no such words” stand nowhere in Letter",
        "error[anchor-ambiguous]: the words “the” stand 2 times in Letter",
        "error[anchor-ambiguous]: the words to be emended stand 2 times in the source",
        "error[anchor-not-found]: the words to be emended stand nowhere in Letter",
    ] {
        assert!(report.contains(expected), "{expected} is not in:\n{report}");
    }
}

#[test]
fn the_index_leaves_out_what_has_no_place_and_says_so_once() {
    let index = "[[heading]]\nid = \"weir\"\nheading = \"weir\"\nforms = [\"weir\"]\nsee-also = [\"mill\"]\n\
                 [[heading]]\nid = \"mill\"\nheading = \"mill\"\nforms = [\"mill\"]\n\
                 [[heading]]\nid = \"sluice\"\nheading = \"sluice\"\nforms = [\"sluice\"]\n\
                 [[heading]]\nid = \"dam\"\nheading = \"dam\"\nsee = [\"weir\"]\n\
                 [[heading]]\nid = \"wheel\"\nheading = \"wheel\"\nsee = [\"mill\"]\n";
    let pack = Pack {
        index,
        ..Pack::default()
    };
    let (edition, _) = pack.resolve();
    let ids: Vec<&str> = edition
        .index
        .iter()
        .map(|entry| entry.id.as_str())
        .collect();
    assert_eq!(ids, ["dam", "weir"]);
    assert!(edition.index[1].see_also.is_empty());
    assert_eq!(
        pack.faults(),
        [
            "warning[unused]: 2 index headings occur nowhere in the book: mill, sluice",
            "error[empty-see]: `wheel` sends to `mill`, which has no place in the book"
        ]
    );
    // Where a source is missing, a heading without a place is no fault.
    let without = Pack {
        letter: None,
        index,
        ..Pack::default()
    };
    assert!(without.faults().is_empty());
}

#[test]
fn general_references_come_last_and_lead_to_no_one_heading() {
    let index = "[[heading]]\nid = \"mill\"\nheading = \"mill\"\nforms = [\"weir\"]\n\
                 see-also = [\"weir\", \"dam\"]\n\
                 see-also-general = [\"names of [streams](term:weir)\", \"Names of bridges\"]\n\
                 [[heading]]\nid = \"weir\"\nheading = \"weir\"\nforms = [\"weir\"]\n\
                 [[heading]]\nid = \"dam\"\nheading = \"dam\"\nforms = [\"weir\"]\n\
                 [[heading]]\nid = \"rivers\"\nheading = \"rivers\"\nsee-general = [\"names of rivers\"]\n";
    let pack = Pack {
        index,
        ..Pack::default()
    };
    let (edition, _) = pack.resolve();
    let shown = |references: &[CrossReference]| -> Vec<String> {
        let words = |one: &CrossReference| {
            let mut words = String::new();
            crate::text::plain_of(&one.words, &mut words);
            let link = if one.to.is_some() { "→" } else { "" };
            format!("{link}{words}")
        };
        references.iter().map(words).collect()
    };
    assert_eq!(
        shown(&edition.index[1].see_also),
        ["→dam", "→weir", "Names of bridges", "names of streams"]
    );
    assert_eq!(edition.index[2].id, "rivers");
    assert_eq!(shown(&edition.index[2].see), ["names of rivers"]);
}

#[test]
fn references_lead_to_passages_by_their_words() {
    let pack = Pack {
        introduction: "See p.\u{a0}[](page:letter#out-with-the-tide), [there](page:letter#tide-went-weir-with) \
                       or [below](page:introduction#below-a-weir).\n\nBelow a weir.",
        letter: Some("One.\n\nThe weir went out with the tide.\n\nThe end."),
        ..Pack::default()
    };
    let (edition, report) = pack.resolve();
    assert!(!report.contains("anchor"), "{report}");
    let mut there: Vec<(String, u32)> = Vec::new();
    for section in &edition.sections {
        for block in &section.blocks {
            block.each_passage(&mut |passage| {
                for inline in &passage.inlines {
                    if let Inline::Reference(Target::Pages(to), _) = inline {
                        there.extend(to.iter().map(|to| (words_at(&edition, *to), to.offset)));
                    }
                    if let Inline::Reference(Target::Place(to), _) = inline {
                        there.push((words_at(&edition, *to), to.offset));
                    }
                }
            });
        }
    }
    let shown: Vec<(&str, u32)> = there
        .iter()
        .map(|(words, at)| (words.as_str(), *at))
        .collect();
    let weir = "The weir went out with the tide.";
    assert_eq!(shown[..3], [(weir, 14), (weir, 0), ("Below a weir.", 0)]);

    let lost = Pack {
        introduction: "[a](page:letter#no-such-words) [b](page:letter#weir) [c](page:lettr#x)",
        letter: Some("The weir.\n\nA weir."),
        ..Pack::default()
    };
    let (_, report) = lost.resolve();
    for expected in [
        "error[anchor-not-found]: the words “no such words” stand nowhere in `letter`",
        "error[anchor-ambiguous]: the words “weir” stand 2 times in `letter`",
        "error[unknown-id]: there is no chapter with the id `lettr`",
    ] {
        assert!(report.contains(expected), "{expected} is not in:\n{report}");
    }
}

/// The plain text of the passage that a position is in.
fn words_at(edition: &Edition, position: Position) -> String {
    let mut words = String::new();
    for block in edition.sections.iter().flat_map(|section| &section.blocks) {
        block.each_passage(&mut |passage| {
            if passage.id == position.passage {
                words = passage.plain();
            }
        });
    }
    words
}

#[test]
fn single_passages_are_kept_and_dropped_by_the_names_of_their_paragraphs() {
    let index = |decisions: &str| {
        format!(
            "[[heading]]\nid = \"weir\"\nheading = \"weir\"\nforms = [\"weir\"]\n{decisions}\n\
             [[heading.sub]]\nid = \"tide\"\nheading = \"and the tide\"\nnear = [\"tide\"]\n"
        )
    };
    let postings = |decisions: &str| -> [usize; 2] {
        let index: &'static str = index(decisions).leak();
        let introduction = "The weir stood in the tide.\n\nIt broke at night.\n\nA weir of oak.";
        let pack = Pack {
            introduction,
            letter: None,
            index,
            ..Pack::default()
        };
        let (edition, report) = pack.resolve();
        assert!(!report.contains("lost-passage"), "{report}");
        let weir = &edition.index[0];
        [
            weir.postings.len(),
            weir.subentries
                .first()
                .map_or(0, |tide| tide.postings.len()),
        ]
    };
    assert_eq!(postings(""), [2, 1]);
    assert_eq!(postings("posting = \"marked\""), [0, 1]);
    // Without the heading's words, and beside what a subheading posts.
    assert_eq!(postings("keep = [\"introduction#broke-night\"]"), [3, 1]);
    assert_eq!(
        postings("keep = [\"introduction#tide-stood-weir\"]"),
        [3, 1]
    );
    assert_eq!(postings("drop = [\"introduction#weir-oak\"]"), [1, 1]);
    // A text that is not at hand is not asked.
    assert_eq!(postings("drop = [\"letter#nothing-of-it\"]"), [2, 1]);
}

#[test]
fn disagreements_are_a_table_of_what_has_two_readings() {
    let pack = Pack {
        chronology: "[[event]]\nid = \"flood\"\nname = \"The flood\"\ndate = \"1925-03\"\n\
                     text = \"The river rises.\"\n\
                     sources = [{ work = \"letter\", locator = \"p. 1\" }]\n\
                     [[event.reading]]\nabout = \"day\"\nsays = \"the 3rd\"\n\
                     source = { work = \"letter\", locator = \"p. 1\" }\n\
                     [[event.reading]]\nabout = \"day\"\nsays = \"the 4th\"\n\
                     source = { work = \"letter\", locator = \"p. 2\" }\n\
                     [[event.reading]]\nabout = \"dead\"\nsays = \"none\"\n\
                     source = { work = \"letter\", locator = \"p. 3\" }\n",
        ..Pack::default()
    };
    let table = pack.section("disagreements");
    for there in [
        "The flood",
        "March 1925",
        "Day",
        "the 3rd",
        "the 4th",
        "p. 2",
    ] {
        assert!(table.contains(there), "{there} in {table}");
    }
    assert!(
        !table.contains("Dead"),
        "one reading is no disagreement: {table}"
    );
    assert_eq!(
        Pack::default().section("disagreements"),
        "= Where the sources disagree\n"
    );
}

#[test]
fn a_chapter_says_itself_whether_the_index_leads_to_it() {
    let index = "[[heading]]\nid = \"weir\"\nheading = \"weir\"\nforms = [\"weir\"]\n";
    let pack = |letter_keys| Pack {
        introduction: "A weir.",
        index,
        letter_keys,
        ..Pack::default()
    };
    let postings = |pack: Pack| pack.resolve().0.index[0].postings.len();
    assert_eq!(postings(pack("")), 2);
    assert_eq!(postings(pack("indexed = false\n")), 1);
}

#[test]
fn figures_and_boxes_are_listed_by_their_first_words() {
    let pack = Pack {
        introduction: "> [!box] The mill\n>\n> It stood.\n\n> [!box]\n>\n> One two three four five six seven eight nine.\n",
        ..Pack::default()
    };
    let list = pack.section("figures");
    assert!(list.starts_with("= Figures and boxes\n"), "{list}");
    assert!(
        list.contains("The mill") && list.contains("seven eight …"),
        "{list}"
    );
    assert!(!list.contains("nine"), "{list}");
}
