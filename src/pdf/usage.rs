//! Which glyphs the pages show, and which texts each of them stands for.

use rayon::prelude::*;
use skrifa::raw::TableProvider;

use super::clusters::clusters;
use crate::fonts::{Face, FontSet};
use crate::pages::{Item, Pages, Run};

/// What the pages use, by face and glyph id.
pub(super) struct Usage(pub(super) Vec<Vec<GlyphUsage>>);

/// How a glyph is used.
#[derive(Clone, Default)]
pub(super) struct GlyphUsage {
    pub(super) used: bool,
    /// The texts that it stands for alone, with how often.
    texts: Vec<(String, usize)>,
}

impl GlyphUsage {
    pub(super) fn add(&mut self, text: &str, times: usize) {
        match self.texts.iter_mut().find(|(known, _)| known == text) {
            Some((_, count)) => *count += times,
            None => self.texts.push((text.to_string(), times)),
        }
    }

    /// The texts that it stands for and how often, the commonest first; of equals the
    /// smallest.
    pub(super) fn texts(mut self) -> Vec<(String, usize)> {
        self.texts
            .sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        self.texts
    }
}

impl Usage {
    fn none(fonts: &FontSet) -> Usage {
        let glyphs = |face: &Face| {
            let glyphs = face.font().maxp().map_or(1, |maxp| maxp.num_glyphs());
            vec![GlyphUsage::default(); usize::from(glyphs)]
        };
        Usage(fonts.faces.iter().map(glyphs).collect())
    }

    /// What all pages show.
    pub(super) fn of(pages: &Pages, fonts: &FontSet) -> Usage {
        // A few portions for each thread: each is counted in tables of all glyphs.
        let portions = rayon::current_num_threads() * 4;
        pages
            .pages
            .par_chunks(pages.pages.len().div_ceil(portions).max(16))
            .map(|chunk| {
                let mut usage = Usage::none(fonts);
                for item in chunk.iter().flat_map(|page| &page.items) {
                    if let Item::Run(run) = item {
                        usage.add(run);
                    }
                }
                usage
            })
            .reduce_with(Usage::merge)
            .unwrap_or_else(|| Usage::none(fonts))
    }

    fn add(&mut self, run: &Run) {
        let Some(face) = self.0.get_mut(usize::from(run.face.0)) else {
            return;
        };
        for cluster in clusters(run) {
            for glyph in cluster.glyphs {
                let Some(usage) = face.get_mut(usize::from(glyph.id)) else {
                    continue;
                };
                usage.used = true;
                if cluster.glyphs.len() == 1 && !cluster.text.is_empty() {
                    usage.add(cluster.text, 1);
                }
            }
        }
    }

    fn merge(mut self, other: Usage) -> Usage {
        let ours = self.0.iter_mut().flatten();
        for (ours, theirs) in ours.zip(other.0.into_iter().flatten()) {
            ours.used |= theirs.used;
            for (text, times) in theirs.texts {
                ours.add(&text, times);
            }
        }
        self
    }
}
