//! For each code the smallest thing that is wrong, and the same mended.

use super::Code;

impl Code {
    /// What brings the diagnostic about, and what it looks like when it is mended.
    pub fn example(self) -> (&'static str, &'static str) {
        match self {
            Code::MissingManifest => (
                "cordel build texts/   (a folder without book.toml)",
                "cordel build my-pack/ (its book.toml names the book)",
            ),
            Code::BadToml => ("title = \"The Weir", "title = \"The Weir\""),
            Code::UnknownKey => ("[[term]]\ntrem = \"weir\"", "[[term]]\nterm = \"weir\""),
            Code::MissingKey => (
                "[[term]]\nid = \"weir\"\nterm = \"weir\"",
                "[[term]]\nid = \"weir\"\nterm = \"weir\"\nshort = \"A low dam that raises a river’s level.\"",
            ),
            Code::BadValue => ("id = \"The Weir\"", "id = \"the-weir\""),
            Code::MissingFile => (
                "file = \"chapters/introducton.md\"",
                "file = \"chapters/introduction.md\"",
            ),
            Code::PathLeavesPack => ("file = \"../notes.md\"", "file = \"chapters/notes.md\""),
            Code::NotUtf8 => (
                "chapters/one.md, saved as Latin-1",
                "chapters/one.md, saved as UTF-8",
            ),
            Code::ControlCharacter => ("the weir\\0 broke", "the weir broke"),
            Code::TooLarge => ("images/map.tif (140 MB)", "images/map.jpg (2 MB)"),
            Code::DuplicateId => (
                "[[term]]\nid = \"weir\"\n…\n[[term]]\nid = \"weir\"",
                "[[term]]\nid = \"weir\"\n…\n[[term]]\nid = \"weir-keeper\"",
            ),
            Code::UnknownId => ("the [dam](term:wier)", "the [dam](term:weir)"),
            Code::RawHtml => ("the <b>weir</b> broke", "the **weir** broke"),
            Code::EmptyChapter => (
                "file = \"chapters/preface.md\"   (an empty file)",
                "file = \"chapters/preface.md\"   (with a paragraph in it)",
            ),
            Code::LooseFootnote => (
                "It broke at night.[^1]",
                "It broke at night.[^1]\n\n[^1]: So the miller says.",
            ),
            Code::SourceDiffers => (
                "sha256 = \"ca93ed20…\"   (another text has that name)",
                "sha256 = \"51b07e44…\"   (after reading the cleaned text again)",
            ),
            Code::AnchorNotFound => (
                "anchor = \"weir broke at midnight\"",
                "anchor = \"weir went at midnight\"   (the source’s own words)",
            ),
            Code::AnchorAmbiguous => (
                "anchor = \"the weir\"",
                "anchor = \"the weir went at midnight\"",
            ),
            Code::BareSupply => (
                "find = \"a total 46,000\"\nreplace = \"a total of 46,000\"",
                "find = \"a total 46,000\"\nreplace = \"a total [of] 46,000\"",
            ),
            Code::BadDate => ("date = \"1820-04-31\"", "date = \"1820-04-30\""),
            Code::UnsourcedEvent => (
                "text = \"The Ouzel floods.\"",
                "text = \"The Ouzel floods.\"\nsources = [{ work = \"miller\", anchor = \"weir went at midnight\" }]",
            ),
            Code::CircularSee => (
                "[[heading]]\nid = \"dam\"\nsee = [\"weir\"]\n…\n[[heading]]\nid = \"weir\"\nsee = [\"dam\"]",
                "[[heading]]\nid = \"dam\"\nsee = [\"weir\"]\n…\n[[heading]]\nid = \"weir\"\nforms = [\"weir\"]",
            ),
            Code::EmptySee => (
                "[[heading]]\nid = \"council\"\nsee = [\"regidor\"]   (no word of it occurs)",
                "[[heading]]\nid = \"regidor\"\nforms = [\"regidor\", \"regidores\"]   (one of them occurs)",
            ),
            Code::Unused => (
                "[[term]]\nid = \"lock\"\nterm = \"lock\"   (no text has the word)",
                "[[term]]\nid = \"lock\"\nterm = \"lock\"\nforms = [\"locks\", \"lock gate\"]   (words that a text has)",
            ),
            Code::MissingGlyph => (
                "the sign 𓂀 in the margin",
                "the sign of an eye in the margin",
            ),
            Code::BadImage => (
                "![The weir](images/weir.webp)",
                "![The weir](images/weir.png)",
            ),
            Code::SmallFigure => (
                "![The years](images/years.toml)   (with ninety bars)",
                "![The years to 1850](images/first.toml) … ![The years after](images/second.toml)",
            ),
            Code::WideTable => (
                "| mill | 1801 | 1802 | 1803 | …   (and so on to 1850)",
                "| year | Upper Mill | Lower Mill |   (the years below each other)",
            ),
            Code::MissingAlt => (
                "![](images/weir.png)",
                "![The weir, seen from the mill](images/weir.png)",
            ),
            Code::OddCover => (
                "cover = \"images/cover.png\"   (600 pixels wide and 600 high)",
                "cover = \"images/cover.png\"   (1,600 pixels wide and 2,560 high)",
            ),
            Code::OverfullLine => (
                "a table of nine columns on an A6 page",
                "the same table as two of five columns",
            ),
            Code::ImpossiblePage => (
                "width = \"40mm\"\ninner = \"25mm\"\nouter = \"25mm\"",
                "width = \"105mm\"\ninner = \"15mm\"\nouter = \"12mm\"",
            ),
            Code::OverlappingRules => (
                "two [[cut]] rules from “Page 3” on",
                "one [[cut]] rule from “Page 3” on",
            ),
            Code::NotDoubled => (
                "[[doubled]] names words that stand in the text once",
                "the rule is taken out, or names words that stand twice",
            ),
            Code::LostPassage => (
                "drop = [\"miller#bank-eleven-sill-sluice-yard\"]   (the paragraph was rewritten)",
                "drop = [\"miller#bank-drew-eleven-sluice-stood\"]   (its name now)",
            ),
            Code::UnsettledPages => (
                "(see p. [](page:flood)) at the very end of a page",
                "the same reference a line earlier",
            ),
            Code::ManyLocators => (
                "weir, 3, 5, 8, 9, 12, 14, 20, 31",
                "weir, 3\n   breach of, 8, 9, 12\n   building of, 5, 14\n   cost of, 20, 31",
            ),
            Code::LongRange => (
                "flood, 20–41",
                "flood\n   causes of, 20–24\n   damage by, 25–33\n   relief after, 34–41",
            ),
            Code::NeedlessSubheadings => ("mill\n   wheel of, 12", "mill, wheel of, 12"),
            Code::PostTwice => ("dam. See weir\nweir, 12, 15", "dam, 12, 15\nweir, 12, 15"),
            Code::UnequalPostings => (
                "dam, 12\nweir, 12, 15   (both match “dam” and “weir”)",
                "dam, 12, 15\nweir, 12, 15",
            ),
            Code::SamePlaces => (
                "mill, 12, 15. See also miller\nmiller, 12, 15",
                "mill, 12, 15\nmiller, 12, 15",
            ),
            Code::HeadingForm => (
                "heading = \"the breaking of weirs\"",
                "heading = \"weirs, breaking of\"",
            ),
            Code::CrowdedPage => (
                "five terms explained in one paragraph of a chapter",
                "two of them explained in the chapter’s headnote before it",
            ),
            Code::UnpostedVariant => (
                "forms = [\"Merrindale\"]   (a text has “Merindale” too)",
                "forms = [\"Merrindale\", \"Merindale\"]",
            ),
            Code::UndefinedWord => (
                "the *regidores* met   (no term matches)",
                "[[term]]\nid = \"regidor\"\nterm = \"regidor\"\nforms = [\"regidores\"]\nshort = \"A member of a town’s council.\"",
            ),
            Code::DateContradicts => (
                "date = \"1820-03-04\"   (the miller’s sentence says “on 3 March”)",
                "date = \"1820-03-04\"\n\n[[event.reading]]\nabout = \"day\"\nsays = \"3 March\"\nsource = { work = \"miller\", anchor = \"on 3 March the weir\" }",
            ),
            Code::SourcesDisagree => (
                "text = \"The town votes for a new weir.\"   (one source says 51 %, another 53 %)",
                "[[event.reading]]\nabout = \"votes\"\nsays = \"51 per cent\"\n…\n[[event.reading]]\nabout = \"votes\"\nsays = \"53 per cent\"",
            ),
            Code::IdleAcceptance => (
                "[[accept]]\nwarning = \"unused\"\nsays = \"lock\"   (no such warning is left)",
                "the entry is taken out of accepted.toml",
            ),
            Code::TextDiffers => (
                "out/the-weir.pdf, of an earlier build",
                "cordel build, then cordel verify",
            ),
            Code::WrongPage => (
                "out/the-weir.epub with a PDF of another edition",
                "both made by one cordel build",
            ),
            Code::DeadLink => (
                "a file that another program has cut",
                "cordel build, then cordel verify",
            ),
            Code::UnreadableFile => (
                "out/the-weir.pdf, half copied",
                "cordel build, then cordel verify",
            ),
        }
    }
}
