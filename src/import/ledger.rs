//! What cleaning did: every change by its offsets in the raw text, counted by class.

use crate::source::OffsetMap;

/// What becomes of characters of a raw text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// They stand in the book as they stand in the file.
    Kept,
    /// White space, or a hyphen, between two lines or paragraphs that are one in the book.
    Joined,
    /// Signs that stand for the same thing in the book's own form.
    Normalised,
    /// Kept, in another place.
    Moved,
    /// Corrected by the editors.
    Emended,
    /// Not in the book.
    Removed,
}

impl Fate {
    pub const ALL: &[Fate] = &[
        Fate::Kept,
        Fate::Joined,
        Fate::Normalised,
        Fate::Moved,
        Fate::Emended,
        Fate::Removed,
    ];

    /// Its name in the ledger.
    pub fn name(self) -> &'static str {
        match self {
            Fate::Kept => "kept",
            Fate::Joined => "joined",
            Fate::Normalised => "normalised",
            Fate::Moved => "moved",
            Fate::Emended => "emended",
            Fate::Removed => "removed",
        }
    }
}

/// Defines [`Class`] with its name, what becomes of the characters that it changes, and the
/// words that the *Note on the text* prints.
macro_rules! classes {
    ($($variant:ident = $name:literal, $fate:ident, $words:literal;)+) => {
        /// A kind of change, counted on its own. The order is that of the printed note.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Class { $(#[doc = $words] $variant,)+ }

        impl Class {
            /// Every class, in the order in which the note names them.
            pub const ALL: &[Class] = &[$(Class::$variant,)+];

            /// The name that recipes and dumps use: `join-lines`.
            pub fn name(self) -> &'static str {
                match self { $(Class::$variant => $name,)+ }
            }

            /// What becomes of the characters that it replaces or takes away.
            pub fn fate(self) -> Fate {
                match self { $(Class::$variant => Fate::$fate,)+ }
            }

            /// In words, for the *Note on the text*: `line ends joined`.
            pub fn words(self) -> &'static str {
                match self { $(Class::$variant => $words,)+ }
            }
        }
    };
}

classes! {
    JoinLines = "join-lines", Joined, "line ends joined";
    JoinHyphens = "join-hyphens", Joined, "words joined over a line end, their own hyphen kept";
    DropHyphens = "drop-hyphens", Joined, "hyphens of broken words removed at line ends";
    JoinParagraphs = "join-paragraphs", Joined, "paragraphs cut by a column or a page joined";
    StartParagraph = "start-paragraph", Normalised, "lost paragraph breaks supplied";
    LineParagraphs = "line-paragraphs", Normalised, "single line ends made paragraph breaks";
    BlankLines = "blank-lines", Normalised, "surplus blank lines removed";
    LineSpaces = "line-spaces", Normalised, "stray spaces at the ends of lines removed";
    DoubleSpaces = "double-spaces", Normalised, "double spaces made single";
    OddSpaces = "odd-spaces", Normalised, "no-break spaces made plain";
    PlainHyphens = "plain-hyphens", Normalised, "no-break hyphens made plain";
    SoftHyphens = "soft-hyphens", Normalised, "soft hyphens removed";
    DashRuns = "dash-runs", Normalised, "runs of hyphens made dashes";
    DoubledQuotes = "doubled-quotes", Normalised, "doubled quotation marks made one";
    TypographicQuotes = "typographic-quotes", Normalised, "straight quotation marks made typographic";
    SupplyMark = "supply-mark", Normalised, "lost quotation marks supplied";
    ControlCharacters = "control-characters", Removed, "control characters removed";
    Foreign = "foreign", Normalised, "passages told to be of another language";
    Markup = "markup", Normalised, "looks and links taken from the file’s markup";
    Title = "title", Normalised, "titles found at the head of the text";
    Headings = "headings", Normalised, "headings found";
    Break = "break", Normalised, "breaks set between two texts";
    Quote = "quote", Normalised, "passages set as quotations";
    Verse = "verse", Normalised, "lines of verse kept as lines";
    Lists = "list", Normalised, "items set as a list";
    Table = "table", Normalised, "rows set as a table";
    Pictures = "picture", Normalised, "pictures taken from the file";
    Columns = "columns", Moved, "lines of two columns set one after the other";
    Boxes = "box", Normalised, "side boxes set apart from the running text";
    MoveBox = "move-box", Moved, "side boxes moved to the passage that they belong to";
    Timeline = "timeline", Normalised, "dates and events of a timeline set as a list";
    SupplyDates = "supply-dates", Normalised, "lost dates supplied in square brackets";
    Footnotes = "footnotes", Normalised, "notes taken from the list at the end";
    FootnoteCalls = "footnote-calls", Normalised, "note numbers in the running text made calls";
    FootnoteRepeats = "footnote-repeats", Removed, "texts of notes repeated in the running text removed";
    RemoveDoubled = "remove-doubled", Removed, "passages printed twice removed";
    RemoveFurniture = "remove-furniture", Removed, "pieces of page furniture removed";
    RemoveCaption = "remove-caption", Removed, "captions and credits of pictures removed";
    RemoveDashes = "remove-dashes", Removed, "dashed rules removed";
    RemoveBiography = "remove-biography", Removed, "notes about the authors removed";
    RemovePersonalData = "remove-personal-data", Removed, "private addresses removed";
}

/// What cleaning did, rule by rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    /// What ran and found something, in the order of [`Class::ALL`].
    pub rules: Vec<RuleCount>,
    /// In the order of their places in the raw text.
    pub changes: Vec<Change>,
}

/// A class of change and how often it was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleCount {
    /// Its name: `join-lines`.
    pub rule: &'static str,
    /// In words, for the *Note on the text*: `line ends joined`.
    pub words: String,
    pub count: usize,
}

/// One change, by offsets in the raw text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub class: Class,
    pub start: u32,
    pub end: u32,
    pub kind: ChangeKind,
}

/// What became of a stretch of the raw text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    Removed,
    /// Replaced by these characters; empty stretch: added.
    Replaced(String),
    /// Moved to stand after this offset; its characters are kept.
    Moved(u32),
    /// Set as something (a heading, a box, a paragraph); its characters are kept.
    Set,
}

/// What became of a raw text's bytes. The four add up to more than its length only through
/// `added`, which is not of the raw text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Account {
    pub kept: usize,
    pub removed: usize,
    pub replaced: usize,
    /// Characters that replacements put in, in bytes.
    pub added: usize,
}

impl Ledger {
    /// Sorts the changes by their place and counts them by class.
    pub(super) fn new(mut changes: Vec<Change>) -> Ledger {
        changes.sort_by_key(|change| (change.start, change.end, change.class));
        let mut counts = vec![0; Class::ALL.len()];
        for change in &changes {
            counts[change.class as usize] += 1;
        }
        let rules = Class::ALL
            .iter()
            .zip(counts)
            .filter(|(_, count)| *count > 0)
            .map(|(class, count)| RuleCount {
                rule: class.name(),
                words: class.words().to_string(),
                count,
            })
            .collect();
        Ledger { rules, changes }
    }

    /// How often a class of change was made.
    pub fn count(&self, class: Class) -> usize {
        self.rules
            .iter()
            .find(|rule| rule.rule == class.name())
            .map_or(0, |rule| rule.count)
    }

    /// Proves that every byte of a raw text of this length was either kept, by the map, or
    /// removed or replaced by a change, and none of them twice.
    ///
    /// # Errors
    /// The first stretch of the raw text of which that does not hold.
    pub fn account(&self, map: &OffsetMap, length: usize) -> Result<Account, (u32, u32)> {
        let mut account = Account::default();
        let mut stretches: Vec<(u32, u32)> = Vec::new();
        for &(_, start, length) in &map.stretches {
            account.kept += length as usize;
            stretches.push((start, start + length));
        }
        for change in &self.changes {
            let length = (change.end - change.start) as usize;
            match &change.kind {
                ChangeKind::Removed => account.removed += length,
                ChangeKind::Replaced(with) => {
                    account.replaced += length;
                    account.added += with.len();
                }
                ChangeKind::Moved(_) | ChangeKind::Set => continue,
            }
            stretches.push((change.start, change.end));
        }
        stretches.retain(|(start, end)| start < end);
        stretches.sort_unstable();
        let mut reached = 0;
        for (start, end) in stretches {
            if start != reached {
                return Err((reached.min(start), reached.max(start)));
            }
            reached = end;
        }
        if reached as usize == length {
            Ok(account)
        } else {
            Err((reached, u32::try_from(length).unwrap_or(u32::MAX)))
        }
    }
}
