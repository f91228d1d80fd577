//! What is wrong with a book: codes, diagnostics, the report that collects them, and their
//! one rendering as text.

use crate::source::{Content, Inputs, SourceId, Span};

mod examples;
mod json;
mod render;

/// Defines [`Code`] and the name by which each is printed, tested and explained.
macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal,)+) => {
        /// What kind of fault a diagnostic is about; the same name everywhere.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $($(#[doc = $doc])+ $variant,)+ }

        impl Code {
            /// Every code, in the order of their definition.
            pub const ALL: &[Code] = &[$(Code::$variant,)+];

            /// The name that is printed: `unknown-term`.
            pub fn name(self) -> &'static str {
                match self { $(Code::$variant => $name,)+ }
            }

            /// What it means and how to mend it: what `cordel explain` prints.
            pub fn explanation(self) -> &'static str {
                match self { $(Code::$variant => concat!($($doc, "\n",)+),)+ }
            }
        }
    };
}

codes! {
    /// The pack has no book.toml. Every pack has one at its top: it names the book, its
    /// running order and its editions. `cordel build DIR` builds the pack in DIR.
    MissingManifest = "missing-manifest",
    /// The file is not TOML. The place shown is where reading stopped making sense.
    BadToml = "bad-toml",
    /// A key that this file does not have. It is often a slip of spelling; the nearest key
    /// that exists is named in the help.
    UnknownKey = "unknown-key",
    /// A key that the entry cannot do without is not there.
    MissingKey = "missing-key",
    /// The value is not of the kind that the key wants, or not one of those it knows. In
    /// index.toml a heading that sends to another has no places of its own (rule I5), and
    /// subheadings go two levels deep (rule I19).
    BadValue = "bad-value",
    /// The file is named in the pack but is not in its folder.
    MissingFile = "missing-file",
    /// The path leads out of the pack's folder. A pack can be given to others only when all
    /// that it needs is inside it.
    PathLeavesPack = "path-leaves-pack",
    /// The file is not UTF-8. Save it again as UTF-8, or bring it in with an encoding.
    NotUtf8 = "not-utf8",
    /// The file holds control characters, for instance NUL bytes. They have no place in a
    /// text and are dropped from the book.
    ControlCharacter = "control-character",
    /// The file is larger than 100 MB, and Cordel does not read it, so that no pack can take
    /// all of a machine's memory. Divide it, or take out what the book does not need.
    TooLarge = "too-large",
    /// Two entries have the same id, so a mark that names it would be ambiguous.
    DuplicateId = "duplicate-id",
    /// A mark or a reference names an id that no file defines; of terms see rules G1 and G3.
    UnknownId = "unknown-id",
    /// HTML in a chapter. Cordel sets Markdown; an e-book must not carry unchecked markup.
    RawHtml = "raw-html",
    /// The chapter has no text, so its page shows nothing but its title. Write it, or take it
    /// out of the running order in book.toml.
    EmptyChapter = "empty-chapter",
    /// A footnote is called but nowhere defined, or defined but nowhere called.
    LooseFootnote = "loose-footnote",
    /// The text of the source is not the one whose SHA-256 is pinned in sources.toml: by its
    /// digest a reader knows which file was set (rule E1). The recipe is applied all the same; anchors that no longer match are errors of their own.
    SourceDiffers = "source-differs",
    /// The recipe's anchor stands nowhere in the text that it is looked for in.
    AnchorNotFound = "anchor-not-found",
    /// The recipe's anchor stands more than once, so the rule cannot tell which is meant.
    AnchorAmbiguous = "anchor-ambiguous",
    /// The date is not EDTF level 1, or names a day that no calendar has (rule C2).
    BadDate = "bad-date",
    /// An event has no source. Every event needs at least one with a locator (rule C1).
    UnsourcedEvent = "unsourced-event",
    /// *See* references lead in a circle, or to a heading that is itself only a *see* (rule I6),
    /// or terms are defined by each other (rule G3).
    CircularSee = "circular-see",
    /// A *see* or *see also* names a heading that has nothing to show (rule I5).
    EmptySee = "empty-see",
    /// A heading, term or emendation that occurs nowhere in this edition; every entry is there
    /// to be used (rule G1).
    Unused = "unused",
    /// An emendation adds words to a source that stand in no square brackets (rule E5). What the
    /// editors supply is to be told from the author's words at sight.
    BareSupply = "bare-supply",
    /// No font of the edition has a glyph for this character.
    MissingGlyph = "missing-glyph",
    /// The picture cannot be read, or is far larger than a page can show.
    BadImage = "bad-image",
    /// A drawing must be made so small to stand on one page that its words cannot be read. It
    /// has too much in it for the edition's page.
    SmallFigure = "small-figure",
    /// A table has more columns than the edition's page is wide enough for. Its rows are set as
    /// lists, in which numbers cannot be compared.
    WideTable = "wide-table",
    /// A picture has no alternative text; readers who cannot see it get nothing.
    MissingAlt = "missing-alt",
    /// The pack's own cover is smaller than readers show it, or of a shape that shelves of
    /// e-books cut or frame with bars. A cover is some 1,600 pixels wide and 2,560 high.
    OddCover = "odd-cover",
    /// A line is wider than its measure: a word or a table is too long to be broken.
    OverfullLine = "overfull-line",
    /// The edition's page, margins or type leave no room for text.
    ImpossiblePage = "impossible-page",
    /// Two rules of a recipe claim the same passage, or one begins inside the other, so it
    /// cannot be told what is to become of it.
    OverlappingRules = "overlapping-rules",
    /// The recipe removes words as printed twice, but where they are said to stand already
    /// the text has other words.
    NotDoubled = "not-doubled",
    /// An index heading keeps or drops a paragraph by its name: the chapter's id and some words
    /// that stand in it, `miller#bank-eleven-sill-sluice-yard`. Such a name holds after small
    /// edits, but no paragraph has most of these words any more, or several have them all.
    /// `cordel check --report passages` lists the names.
    LostPassage = "lost-passage",
    /// The text quotes page numbers, and setting them moves the pages that they name, back
    /// and forth. The numbers printed may be off by one.
    UnsettledPages = "unsettled-pages",
    /// A heading has so many page numbers and no subheadings that a reader must look them all
    /// up (rule I1): a warning above five, an error above seven; `many-locators` and
    /// `most-locators` under [apparatus.index] in book.toml set other limits. Divide them
    /// among subheadings, or post only the passages that are about the heading.
    ManyLocators = "many-locators",
    /// A heading stands for one long stretch of pages (rule I2), more than ten unless
    /// `longest-range` says otherwise. Subheadings tell the reader what is where in it.
    LongRange = "long-range",
    /// Subheadings that help nobody (rules I3 and I4): a heading with only one, or one whose
    /// subheadings all stand on the same page or two. Post the passages under the heading.
    NeedlessSubheadings = "needless-subheadings",
    /// A *see* sends the reader on for a few page numbers (rule I7), five unless `post-twice`
    /// says otherwise. Printing them under both headings saves the reader a look.
    PostTwice = "post-twice",
    /// Two headings list the same forms and yet have different page numbers (rule I8), so that
    /// what a reader finds depends on where they look.
    UnequalPostings = "unequal-postings",
    /// A *see also* leads to a heading with the very same page numbers (rule I9).
    SamePlaces = "same-places",
    /// A heading begins with an article or a preposition, ends with a stop, or is written with
    /// a capital though the text never writes it so (rule I20). Readers look under the noun.
    HeadingForm = "heading-form",
    /// More glossary notes stand on one page than readers want at its foot (rule G6), three
    /// unless `most-notes` under [apparatus] in book.toml says otherwise. Notes for which a
    /// page has no room stand at the word's next occurrence; these words have none. With
    /// `crowded-notes = "glossary"` they are left to the glossary.
    CrowdedPage = "crowded-page",
    /// The text has a likely spelling of a heading's words that no heading matches (rule I12),
    /// so that its passages are missing from the index.
    UnpostedVariant = "unposted-variant",
    /// A word that the text sets apart as foreign, or explains itself, has no entry in the
    /// glossary (rule G1).
    UndefinedWord = "undefined-word",
    /// The sentence that tells an event names another date than the chronology (rule C7), and
    /// no reading of that source records it. A contradiction is kept beside the date, never
    /// merged in silence.
    DateContradicts = "date-contradicts",
    /// Two sources name different shares for one event (rule C4), and the chronology does not
    /// have both. They stay side by side, with the editors' choice and its reason.
    SourcesDisagree = "sources-disagree",
    /// An acceptance in accepted.toml must be answered by exactly one warning. This one is
    /// answered by none, so that what it excuses is mended or has changed, or by several,
    /// which would hide warnings that nobody has weighed.
    IdleAcceptance = "idle-acceptance",
    /// A finished file does not hold the book's words, all of them, in order and once. It is
    /// a fault of Cordel's, not of the book; please report it.
    TextDiffers = "text-differs",
    /// A page number in a finished file is not the page's on which the words stand.
    WrongPage = "wrong-page",
    /// A link, a line of the outline or of the contents in a finished file leads nowhere, or
    /// not where it should.
    DeadLink = "dead-link",
    /// A finished file cannot be read: it is damaged, or was not made by Cordel.
    UnreadableFile = "unreadable-file",
}

/// How bad it is. With an error nothing is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    Warning,
    Error,
}

/// One fault: what is wrong, where, and what to do.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    pub code: Code,
    pub severity: Severity,
    /// What is wrong, in the book's terms.
    pub message: String,
    /// Where; `None` for a fault of the whole pack.
    pub span: Option<Span>,
    /// Further places, each with what it has to do with the fault.
    pub labels: Vec<(Span, String)>,
    /// What to do.
    pub help: Vec<String>,
}

impl Diagnostic {
    /// Adds what to do.
    pub fn help(&mut self, help: impl Into<String>) -> &mut Diagnostic {
        self.help.push(help.into());
        self
    }

    /// Adds a further place.
    pub fn label(&mut self, span: Span, label: impl Into<String>) -> &mut Diagnostic {
        self.labels.push((span, label.into()));
        self
    }
}

/// A warning that the editors have weighed and let stand.
#[derive(Clone, Debug)]
pub struct Acceptance {
    pub code: Code,
    /// Words of its message.
    pub says: String,
    pub span: Span,
}

/// The diagnostics so far.
#[derive(Clone, Debug, Default)]
pub struct Report {
    pub diagnostics: Vec<Diagnostic>,
}

impl Report {
    /// Records an error; what it returns can be given help and further places.
    pub fn error(
        &mut self,
        code: Code,
        span: impl Into<Option<Span>>,
        message: impl Into<String>,
    ) -> &mut Diagnostic {
        self.push(Severity::Error, code, span.into(), message.into())
    }

    /// Records a warning.
    pub fn warning(
        &mut self,
        code: Code,
        span: impl Into<Option<Span>>,
        message: impl Into<String>,
    ) -> &mut Diagnostic {
        self.push(Severity::Warning, code, span.into(), message.into())
    }

    fn push(
        &mut self,
        severity: Severity,
        code: Code,
        span: Option<Span>,
        message: String,
    ) -> &mut Diagnostic {
        self.diagnostics.push(Diagnostic {
            code,
            severity,
            message,
            span,
            labels: Vec::new(),
            help: Vec::new(),
        });
        self.diagnostics.last_mut().expect("one was just pushed")
    }

    /// Takes over another report's diagnostics, after those already here.
    pub fn append(&mut self, other: Report) {
        self.diagnostics.extend(other.diagnostics);
    }

    /// Takes accepted warnings out. With `strict`, an acceptance that does not answer to
    /// exactly one warning is itself a warning.
    pub fn accept(&mut self, acceptances: &[Acceptance], strict: bool) {
        let mut idle = Report::default();
        for one in acceptances {
            let answers = |diagnostic: &Diagnostic| {
                diagnostic.severity == Severity::Warning
                    && diagnostic.code == one.code
                    && diagnostic.message.contains(&one.says)
            };
            let count = self.diagnostics.iter().filter(|one| answers(one)).count();
            if count == 1 {
                self.diagnostics.retain(|one| !answers(one));
            } else if strict {
                let (name, says) = (one.code.name(), &one.says);
                let (message, help) = match count {
                    0 => (
                        format!("no warning `{name}` says “{says}”"),
                        "what was accepted is mended or has changed: take the entry out, or copy the new words",
                    ),
                    _ => (
                        format!("{count} warnings `{name}` say “{says}”"),
                        "copy more words of the one that is meant",
                    ),
                };
                idle.warning(Code::IdleAcceptance, one.span, message)
                    .help(help);
            }
        }
        self.append(idle);
    }

    /// Whether anything forbids writing the book.
    pub fn has_errors(&self) -> bool {
        self.diagnostics
            .iter()
            .any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// How many diagnostics there are of one severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.severity == severity)
            .count()
    }

    /// All diagnostics as text, in the order of their places, each with the line it is about.
    pub fn render(&self, inputs: &Inputs) -> String {
        render::text(self, inputs, false)
    }

    /// The same for other programs: a JSON object a line.
    pub fn render_as_json(&self, inputs: &Inputs) -> String {
        json::lines(self, inputs)
    }

    /// The same with a terminal's colours.
    pub fn render_in_color(&self, inputs: &Inputs) -> String {
        render::text(self, inputs, true)
    }
}

/// Whether an input is text; a file that is not is reported.
pub fn is_text(inputs: &Inputs, id: SourceId, report: &mut Report) -> bool {
    let source = inputs.get(id);
    let path = &source.path;
    let place = Span::new(id, 0, 0);
    match &source.content {
        Content::Text(_) => true,
        Content::Binary { fault, bytes } => {
            let line = bytes[..*fault]
                .iter()
                .filter(|&&byte| byte == b'\n')
                .count()
                + 1;
            report
                .error(
                    Code::NotUtf8,
                    place,
                    format!("`{path}` is not UTF-8: on line {line} a byte does not belong"),
                )
                .help("save the file again with the encoding UTF-8");
            false
        }
        Content::TooLarge { bytes } => {
            report.error(
                Code::TooLarge,
                place,
                format!("`{path}` has {bytes} bytes, more than Cordel reads"),
            );
            false
        }
    }
}
