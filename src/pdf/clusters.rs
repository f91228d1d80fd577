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
    let mut rest = &run.glyphs[..];
    std::iter::from_fn(move || {
        let first = rest.first()?;
        let same = |glyph: &Glyph| {
            glyph.cluster == first.cluster && glyph.added_hyphen == first.added_hyphen
        };
        let end = rest
            .iter()
            .position(|glyph| !same(glyph))
            .unwrap_or(rest.len());
        let (glyphs, after) = rest.split_at(end);
        rest = after;
        let until = after
            .first()
            .map_or(run.text.len(), |next| next.cluster as usize);
        let text = if first.added_hyphen {
            SOFT_HYPHEN
        } else {
            run.text
                .get(first.cluster as usize..until)
                .unwrap_or_default()
        };
        Some(Cluster { glyphs, text })
    })
}
