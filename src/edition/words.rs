//! The few words that Cordel itself puts into a book, in the book's language.

use crate::text::Lang;

/// Words of one language.
#[derive(Debug)]
pub struct Words {
    /// Between the last two of several names.
    pub and: &'static str,
    pub cover: &'static str,
    pub contents: &'static str,
    /// The list of places that a reader wants to find at once.
    pub landmarks: &'static str,
    /// Where the text proper begins.
    pub start: &'static str,
    pub page_list: &'static str,
    /// The list of pictures.
    pub figures: &'static str,
    /// Before a heading that is to be looked up instead.
    pub see: &'static str,
    /// Before headings that are to be looked up too.
    pub see_also: &'static str,
    /// After an index heading that is repeated at the head of a column.
    pub continued: &'static str,
    /// What a note's mark is called by a reader's voice, before its label.
    pub note: &'static str,
    /// Where a note's own mark leads.
    pub back: &'static str,
    /// Of a book, and a date: `printed edition of 2026-11-20`.
    pub printed_edition: &'static str,
    /// What someone did, before the name, by MARC relator code.
    roles: &'static [(&'static str, &'static str)],
}

impl Words {
    /// The words of a language; English where Cordel has none of it.
    pub fn of(language: Option<&Lang>) -> &'static Words {
        match language.map(Lang::primary) {
            Some("es") => &SPANISH,
            Some("fr") => &FRENCH,
            _ => &ENGLISH,
        }
    }

    /// How a name is led in on the title page; `None` for authors, whose names stand alone,
    /// and for roles that these words do not have.
    pub fn credit(&self, role: &str) -> Option<&'static str> {
        self.roles
            .iter()
            .find(|(code, _)| *code == role)
            .map(|(_, words)| *words)
    }
}

static ENGLISH: Words = Words {
    and: "and",
    cover: "Cover",
    contents: "Contents",
    landmarks: "Landmarks",
    start: "Start of the text",
    page_list: "Pages of the printed edition",
    figures: "Pictures",
    see: "see",
    see_also: "see also",
    continued: "continued",
    note: "note",
    back: "back to the text",
    printed_edition: "printed edition of",
    roles: &[
        ("edt", "Edited by"),
        ("trl", "Translated by"),
        ("com", "Compiled by"),
        ("ill", "Illustrated by"),
        ("aui", "Introduced by"),
        ("ann", "Annotated by"),
    ],
};

static SPANISH: Words = Words {
    and: "y",
    cover: "Cubierta",
    contents: "Índice general",
    landmarks: "Puntos de referencia",
    start: "Comienzo del texto",
    page_list: "Páginas de la edición impresa",
    figures: "Imágenes",
    see: "véase",
    see_also: "véase también",
    continued: "continuación",
    note: "nota",
    back: "volver al texto",
    printed_edition: "edición impresa del",
    roles: &[
        ("edt", "Edición de"),
        ("trl", "Traducción de"),
        ("com", "Compilación de"),
        ("ill", "Ilustraciones de"),
        ("aui", "Introducción de"),
        ("ann", "Notas de"),
    ],
};

static FRENCH: Words = Words {
    and: "et",
    cover: "Couverture",
    contents: "Table des matières",
    landmarks: "Repères",
    start: "Début du texte",
    page_list: "Pages de l’édition imprimée",
    figures: "Images",
    see: "voir",
    see_also: "voir aussi",
    continued: "suite",
    note: "note",
    back: "retour au texte",
    printed_edition: "édition imprimée du",
    roles: &[
        ("edt", "Édition de"),
        ("trl", "Traduction de"),
        ("com", "Compilation de"),
        ("ill", "Illustrations de"),
        ("aui", "Introduction de"),
        ("ann", "Notes de"),
    ],
};
