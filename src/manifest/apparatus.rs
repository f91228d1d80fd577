//! `[apparatus]` of book.toml: how notes and index behave, and by what they are judged.

use serde::Deserialize;

/// How the apparatus behaves.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct ApparatusSettings {
    /// Where a term's first occurrence gets its note.
    pub note_terms: NoteTerms,
    /// Acronyms of at least two capitals are set in small capitals.
    pub small_caps_acronyms: bool,
    /// Names that no line's end divides.
    pub never_divide: Vec<String>,
    /// More glossary notes than this on one page are a warning (rule G6).
    pub most_notes: usize,
    /// What becomes of a note that would be one more.
    pub crowded_notes: CrowdedNotes,
    /// Whether a term is noted where the text itself explains it: `the dikers (river guard)`.
    pub note_glossed: bool,
    /// `[apparatus.index]`.
    pub index: IndexSettings,
}

/// How the index is judged, each limit by the rule that it belongs to.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct IndexSettings {
    /// More locators than this without subheadings are a warning (I1).
    pub many_locators: usize,
    /// More than this are an error (I1).
    pub most_locators: usize,
    /// A range over more pages than this wants subheadings (I2).
    pub longest_range: usize,
    /// A *see* to a heading with no more locators than this is better posted twice (I7).
    pub post_twice: usize,
    /// So many pages of text without a locator are a gap (I16).
    pub widest_gap: usize,
    /// From so many points on a passage is principal: one for each mention, one more for the
    /// first sentence, two more for a heading.
    pub principal_weight: usize,
    /// How index and glossary are filed (I10).
    pub order: FilingOrder,
    /// How ranges of pages are written (I13).
    pub elision: Elision,
}

/// How entries of several words are filed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FilingOrder {
    /// A space comes before every letter: New Mill, Newark.
    #[default]
    WordByWord,
    /// Spaces do not count: Newark, New Mill.
    LetterByLetter,
}

/// How much of a range's last number is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Elision {
    /// All of it: 121–123.
    #[default]
    Full,
    /// By the Chicago manual: two figures, or those that change: 121–23, 104–5, 96–117.
    Chicago,
    /// Those that change, but both of a number in the teens: 121–3, 42–5, 113–15.
    Minimal,
}

impl Default for IndexSettings {
    fn default() -> IndexSettings {
        IndexSettings {
            many_locators: 5,
            most_locators: 7,
            longest_range: 10,
            post_twice: 5,
            widest_gap: 10,
            principal_weight: 2,
            order: FilingOrder::default(),
            elision: Elision::default(),
        }
    }
}

impl Default for ApparatusSettings {
    fn default() -> ApparatusSettings {
        ApparatusSettings {
            note_terms: NoteTerms::Chapter,
            small_caps_acronyms: false,
            never_divide: Vec::new(),
            most_notes: 3,
            crowded_notes: CrowdedNotes::Defer,
            note_glossed: true,
            index: IndexSettings::default(),
        }
    }
}

/// What becomes of a note for which a page has no room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CrowdedNotes {
    /// It stands at the word's first occurrence all the same.
    Keep,
    /// It stands at the next occurrence where there is room, be it in a later chapter; a word
    /// that has none anywhere is noted where it first stands. No word is noted in a second
    /// chapter where there is no room for it.
    Defer,
    /// The same, but a word that has no room anywhere is left to the glossary.
    Glossary,
}

/// The stretch in which a term is noted once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoteTerms {
    Book,
    Part,
    Chapter,
    Never,
}
