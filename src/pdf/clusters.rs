//! The clusters of a run: glyphs and the characters that they stand for together.

use crate::pages::{Glyph, Run};

/// Some glyphs that share characters.
#[derive(Clone, Copy)]
pub(super) struct Cluster<'r> {
    pub(super) glyphs: &'r [Glyph],
    /// What a reader who copies or searches should get.
    pub(super) text: &'r str,
}

/// What stands in the text for a hyphen that a line break added: a soft hyphen, which a
/// search passes over (PDF 1.7 §14.8.2.2.3).
pub(super) const SOFT_HYPHEN: &str = "\u{ad}";

/// The clusters of a run, in order. Glyphs whose clusters do not ascend have no text.
pub(super) fn clusters(run: &Run) -> impl Iterator<Item = Cluster<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at;
        let first = run.glyphs.get(start)?;
        at += 1;
        while run.glyphs.get(at).is_some_and(|next| together(first, next)) {
            at += 1;
        }
        let until = run.glyphs.get(at);
        let until = until.map_or(run.text.len(), |next| next.cluster as usize);
        let text = if first.added_hyphen {
            SOFT_HYPHEN
        } else {
            let from = first.cluster as usize;
            run.text.get(from..until).unwrap_or_default()
        };
        Some(Cluster {
            glyphs: &run.glyphs[start..at],
            text,
        })
    })
}

fn together(first: &Glyph, next: &Glyph) -> bool {
    first.cluster == next.cluster && first.added_hyphen == next.added_hyphen
}
