//! The ledger of a book: every character of its sources accounted for, for editors as a page
//! that shows each text with every change marked, and the same for machines.
//!
//! A text is cut into stretches, each of which has one fate: so the numbers of characters
//! add up to the text's. Offsets are bytes of the text as UTF-8 with `\n` at line ends.

use crate::edition::Emended;
use crate::import::{ChangeKind, Class, Fate, Ledger};
use crate::source::{Inputs, OffsetMap, SourceId, Span};

mod html;
mod json;

pub use html::html;
pub use json::json;

/// A source and what became of its text.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its id in `sources.toml`.
    pub id: String,
    pub title: String,
    /// The name of its file.
    pub file: String,
    /// The path of its recipe in the pack.
    pub recipe: String,
    /// The text as it is in the file, and as it was cleaned.
    pub raw: SourceId,
    pub text: SourceId,
    pub ledger: Ledger,
    /// In the order of the raw text.
    pub emended: Vec<Emendation>,
}

/// A correction by its place in the raw text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Emendation {
    pub start: usize,
    pub end: usize,
    /// What is set in its stead.
    pub with: String,
}

/// A stretch of a raw text, all of which has one fate; an empty one is an addition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch<'l> {
    pub start: usize,
    pub end: usize,
    pub fate: Fate,
    /// By which rule; `None` for what is kept or emended.
    pub class: Option<Class>,
    /// What stands in its stead.
    pub with: &'l str,
}

/// Gives each source the corrections that were made in its text.
pub fn note_emendations(inputs: &Inputs, emended: &[Emended], sources: &mut [Source]) {
    for one in emended {
        let Span { source, start, end } = inputs.origin(one.words);
        if let Some(of) = sources.iter_mut().find(|of| of.raw == source) {
            of.emended.push(Emendation {
                start: start as usize,
                end: end as usize,
                with: one.with.clone(),
            });
        }
    }
    for source in sources {
        source.emended.sort_by_key(|one| (one.start, one.end));
    }
}

impl Source {
    /// The whole raw text as stretches, in order, without a gap.
    pub fn stretches(&self, inputs: &Inputs) -> Vec<Stretch<'_>> {
        let empty = OffsetMap::default();
        let derived = inputs.get(self.text).derived.as_ref();
        let map = derived.map_or(&empty, |derived| &derived.map);
        let mut stretches: Vec<Stretch<'_>> = Vec::new();
        for &(_, start, length) in &map.stretches {
            let (start, end) = (start as usize, (start + length) as usize);
            stretches.push(Stretch::kept(start, end));
        }
        let mut moved: Vec<(usize, usize)> = Vec::new();
        let mut movers: Vec<Class> = Vec::new();
        for change in &self.ledger.changes {
            let (start, end) = (change.start as usize, change.end as usize);
            let with = match &change.kind {
                ChangeKind::Removed => "",
                ChangeKind::Replaced(with) => with,
                ChangeKind::Moved(_) => {
                    moved.push((start, end));
                    movers.push(change.class);
                    continue;
                }
                ChangeKind::Set => continue,
            };
            stretches.push(Stretch {
                start,
                end,
                fate: change.class.fate(),
                class: Some(change.class),
                with,
            });
        }
        stretches.sort_by_key(|one| (one.start, one.end));
        let stretches = cut(stretches, &moved, |stretch, at| {
            stretch.fate = Fate::Moved;
            stretch.class = Some(movers[at]);
        });
        let places: Vec<(usize, usize)> = self
            .emended
            .iter()
            .map(|one| (one.start, one.end))
            .collect();
        cut(stretches, &places, |stretch, at| {
            let emendation = &self.emended[at];
            stretch.fate = Fate::Emended;
            stretch.class = None;
            // What is set is shown once, where the words end.
            stretch.with = match stretch.end == emendation.end {
                true => &emendation.with,
                false => "",
            };
        })
    }

    /// How many characters have each fate, in the order of [`Fate::ALL`].
    pub fn account(&self, inputs: &Inputs) -> [usize; 6] {
        let raw = inputs.text(self.raw);
        let mut account = [0; 6];
        for stretch in self.stretches(inputs) {
            account[stretch.fate as usize] += raw[stretch.start..stretch.end].chars().count();
        }
        account
    }

    /// Each rule that ran: its class, how often it applied and to how many characters that
    /// are not kept as they were.
    pub fn rules(&self, inputs: &Inputs) -> Vec<(Class, usize, usize)> {
        let raw = inputs.text(self.raw);
        let mut characters = vec![0; Class::ALL.len()];
        for stretch in self.stretches(inputs) {
            if let Some(class) = stretch.class {
                characters[class as usize] += raw[stretch.start..stretch.end].chars().count();
            }
        }
        Class::ALL
            .iter()
            .zip(characters)
            .map(|(class, characters)| (*class, self.ledger.count(*class), characters))
            .filter(|(_, count, _)| *count > 0)
            .collect()
    }
}

impl Stretch<'_> {
    fn kept(start: usize, end: usize) -> Self {
        Stretch {
            start,
            end,
            fate: Fate::Kept,
            class: None,
            with: "",
        }
    }
}

/// Cuts kept and moved stretches where some ranges begin and end, and tells `inside` of
/// those within one, with the number of the range. Both are in order.
fn cut<'l>(
    stretches: Vec<Stretch<'l>>,
    ranges: &[(usize, usize)],
    mut inside: impl FnMut(&mut Stretch<'l>, usize),
) -> Vec<Stretch<'l>> {
    let mut pieces = Vec::with_capacity(stretches.len() + 2 * ranges.len());
    let mut next = 0;
    for stretch in stretches {
        while ranges
            .get(next)
            .is_some_and(|range| range.1 <= stretch.start)
        {
            next += 1;
        }
        if !matches!(stretch.fate, Fate::Kept | Fate::Moved) {
            pieces.push(stretch);
            continue;
        }
        let mut start = stretch.start;
        for (at, range) in ranges.iter().enumerate().skip(next) {
            if range.0 >= stretch.end {
                break;
            }
            let (from, to) = (range.0.max(start), range.1.min(stretch.end));
            if from >= to {
                continue;
            }
            if start < from {
                let end = from;
                pieces.push(Stretch {
                    start,
                    end,
                    ..stretch.clone()
                });
            }
            let mut piece = Stretch {
                start: from,
                end: to,
                ..stretch.clone()
            };
            inside(&mut piece, at);
            pieces.push(piece);
            start = to;
        }
        if start < stretch.end {
            pieces.push(Stretch { start, ..stretch });
        }
    }
    pieces
}

/// The digest of a source's file, in hexadecimal.
fn digest(inputs: &Inputs, source: &Source) -> String {
    let digest = inputs.get(source.raw).digest.unwrap_or_default();
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
