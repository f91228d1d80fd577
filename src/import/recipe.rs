//! A recipe: how one text is cleaned, as a list of rules with anchors.
//!
//! ```toml
//! [[rule]]
//! join-lines.hyphens = "keep"
//!
//! [[rule]]
//! box.from = "a few words"
//! box.through = "and the last ones"
//! ```

use serde::Deserialize;
use toml::Spanned;

use crate::data::{DataFile, Located};
use crate::diag::{Code, Report};
use crate::source::{Inputs, SourceId, Span};

use super::characters::Characters;
use super::ledger::Class;

/// A few words that stand once in the raw text, and where the recipe names them.
#[derive(Clone, Debug)]
pub(super) struct Anchor {
    pub(super) text: String,
    pub(super) span: Span,
}

/// A stretch of the raw text that a recipe names.
#[derive(Clone, Debug)]
pub(super) struct Stretch {
    pub(super) from: Anchor,
    pub(super) end: End,
}

/// How a stretch ends.
#[derive(Clone, Debug)]
pub(super) enum End {
    /// It is the line, or the lines, that `from` stands in.
    OfLine,
    /// With these words.
    Through(Anchor),
    /// With the text.
    OfText,
}

/// What a hyphen at a line end is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Hyphens {
    /// The word's own: `co-` and `management`.
    Keep,
    /// The typesetter's: `manage-` and `ment`.
    Drop,
}

/// One rule of a recipe.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    pub(super) kind: RuleKind,
    pub(super) span: Span,
}

/// What a rule does.
#[derive(Clone, Debug)]
pub(super) enum RuleKind {
    /// Single line ends become spaces, or nothing behind a hyphen or a dash.
    JoinLines {
        hyphens: Hyphens,
        /// Words, with their hyphen, for which the other choice holds.
        except: Vec<String>,
        /// A line of fewer characters that ends a sentence ends its paragraph.
        short: Option<usize>,
    },
    /// A paragraph that ends in mid-sentence is joined to one that begins with a small
    /// letter.
    JoinParagraphs,
    /// Paragraphs begin with these words.
    StartParagraph(Vec<Anchor>),
    DoubleSpaces,
    /// No-break, thin and other spaces become plain ones.
    OddSpaces,
    Characters(Characters),
    /// A quotation mark that was lost before these words.
    SupplyMark {
        before: Anchor,
        mark: String,
    },
    /// The line that is the text's own title.
    Title(Anchor),
    /// Whole lines that are headings.
    Headings {
        lines: Vec<Anchor>,
        level: u8,
    },
    /// Another voice or time begins with these words.
    Break(Anchor),
    /// Paragraphs that are a quotation.
    Quote(Stretch),
    /// Lines that are verse.
    Verse(Stretch),
    /// Lines that begin with a number or a bullet, and what belongs to them.
    List(Stretch),
    /// Lines that hold a piece of a left and of a right column.
    Columns {
        what: Stretch,
        /// How many characters of a line are the left column's.
        at: usize,
    },
    /// Lines that begin with one of these names and a colon begin a paragraph.
    Speakers(Vec<String>),
    /// A text beside the running text, which is joined around it.
    Box {
        what: Stretch,
        title: Option<String>,
        /// Words of the paragraph that it is set behind, where it is not to stay.
        after: Option<Anchor>,
    },
    /// Dates on lines of their own, each with what happened.
    Timeline {
        what: Stretch,
        /// Lost dates, each with the words that it stood before.
        supply: Vec<(Anchor, String)>,
    },
    /// A list of notes, numbered from 1, whose numbers stand in the text.
    Footnotes {
        list: Stretch,
        /// For notes whose text is not repeated there: the words that end with the number.
        calls: Vec<Anchor>,
    },
    /// Words printed a second time.
    RemoveDoubled {
        what: Stretch,
        /// Where the same words stand already.
        of: Anchor,
    },
    /// What a picture of the file shows, in words; with none it is left out.
    Picture {
        file: Anchor,
        shows: String,
    },
    /// A passage of another language.
    Foreign {
        what: Stretch,
        language: Anchor,
    },
    Remove {
        class: Class,
        what: Vec<Stretch>,
        /// Whole lines, wherever they stand.
        every: Vec<Anchor>,
        /// Whole lines, wherever they stand, in which `#` is any number.
        numbered: Vec<Anchor>,
    },
}

impl RuleKind {
    /// What a rule that looks for its places itself counts; empty for one with anchors.
    pub(super) fn classes(&self) -> &'static [Class] {
        match self {
            RuleKind::JoinLines { .. } => {
                &[Class::JoinLines, Class::JoinHyphens, Class::DropHyphens]
            }
            RuleKind::JoinParagraphs => &[Class::JoinParagraphs],
            RuleKind::StartParagraph(_) => &[Class::StartParagraph],
            RuleKind::DoubleSpaces => &[Class::DoubleSpaces],
            RuleKind::OddSpaces => &[Class::OddSpaces],
            RuleKind::Characters(Characters::PlainHyphens) => &[Class::PlainHyphens],
            RuleKind::Characters(Characters::SoftHyphens) => &[Class::SoftHyphens],
            RuleKind::Characters(Characters::DashRuns) => &[Class::DashRuns],
            RuleKind::Characters(Characters::DoubledQuotes) => &[Class::DoubledQuotes],
            RuleKind::Characters(Characters::TypographicQuotes) => &[Class::TypographicQuotes],
            RuleKind::Characters(Characters::Controls) => &[Class::ControlCharacters],
            RuleKind::SupplyMark { .. }
            | RuleKind::Title(_)
            | RuleKind::Headings { .. }
            | RuleKind::Break(_)
            | RuleKind::Quote(_)
            | RuleKind::Verse(_)
            | RuleKind::List(_)
            | RuleKind::Columns { .. }
            | RuleKind::Speakers(_)
            | RuleKind::Box { .. }
            | RuleKind::Timeline { .. }
            | RuleKind::Footnotes { .. }
            | RuleKind::RemoveDoubled { .. }
            | RuleKind::Picture { .. }
            | RuleKind::Foreign { .. }
            | RuleKind::Remove { .. } => &[],
        }
    }
}

type Words = Spanned<String>;

/// An entry as written.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
enum RawRule {
    JoinLines {
        hyphens: Option<Hyphens>,
        #[serde(default)]
        except: Vec<String>,
        short: Option<usize>,
    },
    JoinParagraphs {},
    StartParagraph {
        before: Vec<Words>,
    },
    DoubleSpaces {},
    OddSpaces {},
    PlainHyphens {},
    SoftHyphens {},
    DashRuns {},
    DoubledQuotes {},
    TypographicQuotes {},
    SupplyMark {
        before: Words,
        mark: String,
    },
    Title {
        line: Words,
    },
    Headings {
        lines: Vec<Words>,
        level: Option<Spanned<u8>>,
    },
    Break {
        before: Words,
    },
    Quote(RawStretch),
    Verse(RawStretch),
    List(RawStretch),
    Columns(RawColumns),
    Speakers {
        names: Vec<String>,
    },
    Box(RawBox),
    Timeline(RawTimeline),
    Footnotes(RawFootnotes),
    RemoveDoubled(RawDoubled),
    Picture {
        file: Words,
        shows: String,
    },
    Foreign(RawForeign),
    RemoveFurniture(RawRemoval),
    RemoveCaption(RawRemoval),
    RemoveDashes(RawRemoval),
    RemoveBiography(RawRemoval),
    RemovePersonalData(RawRemoval),
}

/// A stretch by its first and its last words.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct RawStretch {
    from: Words,
    through: Words,
}

/// Lines of two columns.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct RawColumns {
    from: Words,
    through: Words,
    at: usize,
}

/// A side box.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct RawBox {
    from: Words,
    through: Words,
    title: Option<String>,
    after: Option<Words>,
}

/// A timeline, and dates that it has lost.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct RawTimeline {
    from: Words,
    through: Words,
    #[serde(default)]
    supply: Vec<RawSupply>,
}

/// A list of notes.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct RawFootnotes {
    from: Words,
    through: Words,
    #[serde(default)]
    calls: Vec<Words>,
}

/// Words printed a second time.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct RawDoubled {
    from: Words,
    through: Words,
    of: Words,
}

/// Words of another language.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct RawForeign {
    from: Words,
    through: Words,
    language: Words,
}

/// Lines by words of theirs, every line of these words, a stretch, or all from some words
/// on.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct RawRemoval {
    #[serde(default)]
    lines: Vec<Words>,
    #[serde(default)]
    every: Vec<Words>,
    #[serde(default)]
    numbered: Vec<Words>,
    from: Option<Words>,
    /// Without it the stretch goes to the end of the text.
    through: Option<Words>,
}

/// A lost date and the words that it stood before.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSupply {
    date: String,
    before: Words,
}

/// Reads a recipe. Rules that do not hold are reported and left out.
pub(super) fn load(inputs: &Inputs, id: SourceId, report: &mut Report) -> Vec<Rule> {
    let mut file = DataFile::open(inputs, id, report);
    let raw: Vec<Located<RawRule>> = file.list("rule", report);
    file.close(report);
    raw.into_iter()
        .filter_map(|entry| {
            let kind = convert(id, entry.span, entry.value, report)?;
            Some(Rule {
                kind,
                span: entry.span,
            })
        })
        .collect()
}

fn convert(id: SourceId, span: Span, raw: RawRule, report: &mut Report) -> Option<RuleKind> {
    let anchor = |words| anchor(id, words);
    let plain = |raw: RawStretch| stretch(id, raw.from, raw.through);
    let signs = RuleKind::Characters;
    let removal = |class, raw, report| removal(id, span, class, raw, report);
    Some(match raw {
        RawRule::JoinLines {
            hyphens,
            except,
            short,
        } => RuleKind::JoinLines {
            hyphens: hyphens.unwrap_or(Hyphens::Keep),
            except,
            short,
        },
        RawRule::JoinParagraphs {} => RuleKind::JoinParagraphs,
        RawRule::StartParagraph { before } => RuleKind::StartParagraph(anchors(id, before)),
        RawRule::DoubleSpaces {} => RuleKind::DoubleSpaces,
        RawRule::OddSpaces {} => RuleKind::OddSpaces,
        RawRule::PlainHyphens {} => signs(Characters::PlainHyphens),
        RawRule::SoftHyphens {} => signs(Characters::SoftHyphens),
        RawRule::DashRuns {} => signs(Characters::DashRuns),
        RawRule::DoubledQuotes {} => signs(Characters::DoubledQuotes),
        RawRule::TypographicQuotes {} => signs(Characters::TypographicQuotes),
        RawRule::SupplyMark { before, mark } => RuleKind::SupplyMark {
            before: anchor(before),
            mark,
        },
        RawRule::Title { line } => RuleKind::Title(anchor(line)),
        RawRule::Headings { lines, level } => RuleKind::Headings {
            lines: anchors(id, lines),
            level: level.map_or(Some(2), |level| heading_level(id, level, report))?,
        },
        RawRule::Break { before } => RuleKind::Break(anchor(before)),
        RawRule::Quote(raw) => RuleKind::Quote(plain(raw)),
        RawRule::Verse(raw) => RuleKind::Verse(plain(raw)),
        RawRule::List(raw) => RuleKind::List(plain(raw)),
        RawRule::Columns(raw) => raw.kind(id),
        RawRule::Speakers { names } => RuleKind::Speakers(names),
        RawRule::Box(raw) => raw.kind(id),
        RawRule::Timeline(raw) => raw.kind(id),
        RawRule::Footnotes(raw) => raw.kind(id),
        RawRule::RemoveDoubled(raw) => raw.kind(id),
        RawRule::Picture { file, shows } => RuleKind::Picture {
            file: anchor(file),
            shows,
        },
        RawRule::Foreign(raw) => raw.kind(id),
        RawRule::RemoveFurniture(raw) => removal(Class::RemoveFurniture, raw, report)?,
        RawRule::RemoveCaption(raw) => removal(Class::RemoveCaption, raw, report)?,
        RawRule::RemoveDashes(raw) => removal(Class::RemoveDashes, raw, report)?,
        RawRule::RemoveBiography(raw) => removal(Class::RemoveBiography, raw, report)?,
        RawRule::RemovePersonalData(raw) => removal(Class::RemovePersonalData, raw, report)?,
    })
}

impl RawColumns {
    fn kind(self, id: SourceId) -> RuleKind {
        RuleKind::Columns {
            what: stretch(id, self.from, self.through),
            at: self.at,
        }
    }
}

impl RawBox {
    fn kind(self, id: SourceId) -> RuleKind {
        RuleKind::Box {
            what: stretch(id, self.from, self.through),
            title: self.title,
            after: self.after.map(|words| anchor(id, words)),
        }
    }
}

impl RawTimeline {
    fn kind(self, id: SourceId) -> RuleKind {
        let supply = self.supply.into_iter();
        RuleKind::Timeline {
            what: stretch(id, self.from, self.through),
            supply: supply
                .map(|raw| (anchor(id, raw.before), raw.date))
                .collect(),
        }
    }
}

impl RawFootnotes {
    fn kind(self, id: SourceId) -> RuleKind {
        RuleKind::Footnotes {
            list: stretch(id, self.from, self.through),
            calls: anchors(id, self.calls),
        }
    }
}

impl RawDoubled {
    fn kind(self, id: SourceId) -> RuleKind {
        RuleKind::RemoveDoubled {
            what: stretch(id, self.from, self.through),
            of: anchor(id, self.of),
        }
    }
}

impl RawForeign {
    fn kind(self, id: SourceId) -> RuleKind {
        RuleKind::Foreign {
            what: stretch(id, self.from, self.through),
            language: anchor(id, self.language),
        }
    }
}

fn stretch(id: SourceId, from: Words, through: Words) -> Stretch {
    Stretch {
        from: anchor(id, from),
        end: End::Through(anchor(id, through)),
    }
}

fn anchors(id: SourceId, words: Vec<Words>) -> Vec<Anchor> {
    words.into_iter().map(|words| anchor(id, words)).collect()
}

/// Level 1 is the chapter's own title.
fn heading_level(id: SourceId, level: Spanned<u8>, report: &mut Report) -> Option<u8> {
    let span = Span::new(id, level.span().start, level.span().end);
    let level = level.into_inner();
    if !(2..=6).contains(&level) {
        report
            .error(
                Code::BadValue,
                span,
                format!("a heading in a text cannot be of level {level}"),
            )
            .help("levels go from 2, the highest below the chapter's title, to 6");
        return None;
    }
    Some(level)
}

fn removal(
    id: SourceId,
    span: Span,
    class: Class,
    raw: RawRemoval,
    report: &mut Report,
) -> Option<RuleKind> {
    if raw.from.is_none()
        && (raw.through.is_some() || raw.lines.len() + raw.every.len() + raw.numbered.len() == 0)
    {
        report
            .error(
                Code::MissingKey,
                span,
                "this rule does not say what it removes",
            )
            .help(
                "name `lines`, `every`, `numbered`, or `from`, with `through` where it is not all that follows",
            );
        return None;
    }
    let lines = raw.lines.into_iter().map(|words| Stretch {
        from: anchor(id, words),
        end: End::OfLine,
    });
    let stretch = raw.from.map(|from| Stretch {
        from: anchor(id, from),
        end: raw
            .through
            .map_or(End::OfText, |words| End::Through(anchor(id, words))),
    });
    Some(RuleKind::Remove {
        class,
        what: lines.chain(stretch).collect(),
        every: anchors(id, raw.every),
        numbered: anchors(id, raw.numbered),
    })
}

fn anchor(id: SourceId, words: Words) -> Anchor {
    let range = words.span();
    Anchor {
        span: Span::new(id, range.start, range.end),
        text: words.into_inner(),
    }
}
