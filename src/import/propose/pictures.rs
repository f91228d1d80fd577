//! Pictures that an editor must look at: those that nothing tells who cannot see them, and
//! those that are not there.

use super::super::formats::{What, is_picture};
use super::{Doubt, Opened};
use crate::source::Inputs;

pub(super) fn doubts(inputs: &Inputs, opened: &Opened, text: &str) -> Vec<Doubt> {
    let mut doubts = Vec::new();
    let (mut line, mut reached) = (1, 0);
    for mark in &opened.marks {
        let What::Picture { path, alt } = &mark.what else {
            continue;
        };
        let start = mark.start.clamp(reached, text.len());
        line += text
            .get(reached..start)
            .unwrap_or_default()
            .matches('\n')
            .count();
        reached = start;
        let words = match (is_picture(inputs, path), alt.is_empty()) {
            (false, _) => format!(
                "the picture `{path}` is left out, because it is not there, or is neither PNG nor JPEG"
            ),
            (true, false) => continue,
            (true, true) => format!(
                "the picture `{path}` is left out, because nothing tells what it shows to who cannot see it; a rule says it: picture.file and picture.shows"
            ),
        };
        doubts.push(Doubt { line, words });
    }
    if opened.facts.pictures > 0 {
        let words = format!(
            "{} picture(s) are left out: they stand elsewhere, or are neither PNG nor JPEG",
            opened.facts.pictures
        );
        doubts.push(Doubt { line: 1, words });
    }
    doubts
}
