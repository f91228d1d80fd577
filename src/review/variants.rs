//! Which of many names are likely spellings of one: case, accents and hyphens apart they
//! are the same, or differ by one letter.
//!
//! Names that differ by one letter share what is left of them when a letter is taken out
//! (deletion neighbourhoods), so that all are compared in one pass and not each with each.

use std::collections::BTreeMap;

use crate::edition::survey::folded;

/// Shorter names differ by one letter too often to be one.
const SHORTEST: usize = 6;

/// Groups names: for each its group's first member.
pub(super) fn groups(names: &[&str]) -> Vec<usize> {
    let mut groups = Groups((0..names.len()).collect());
    let keys: Vec<String> = names.iter().map(|name| key(name)).collect();
    let mut seen: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, key) in keys.iter().enumerate() {
        for neighbour in neighbours(key) {
            let others = seen.entry(neighbour).or_default();
            for &other in others.iter() {
                if is_variant(key, &keys[other]) {
                    groups.join(at, other);
                }
            }
            // A neighbourhood that very many share tells nothing.
            if others.len() < 32 {
                others.push(at);
            }
        }
    }
    (0..names.len()).map(|at| groups.first(at)).collect()
}

/// Looks names up among known ones: exactly, and by one letter.
pub(super) struct Near<'k> {
    known: Vec<(&'k str, String)>,
    by_neighbour: BTreeMap<String, Vec<usize>>,
}

impl<'k> Near<'k> {
    pub(super) fn new(known: impl Iterator<Item = &'k str>) -> Near<'k> {
        let known: Vec<(&str, String)> = known.map(|name| (name, key(name))).collect();
        let mut by_neighbour: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, (_, key)) in known.iter().enumerate() {
            for neighbour in neighbours(key) {
                let all = by_neighbour.entry(neighbour).or_default();
                if all.len() < 32 {
                    all.push(at);
                }
            }
        }
        Near {
            known,
            by_neighbour,
        }
    }

    /// A known name that this one is likely a spelling of.
    pub(super) fn of(&self, name: &str) -> Option<&'k str> {
        let key = key(name);
        let near = neighbours(&key)
            .into_iter()
            .filter_map(|neighbour| self.by_neighbour.get(&neighbour))
            .flatten()
            .find(|at| is_variant(&key, &self.known[**at].1))?;
        Some(self.known[*near].0)
    }
}

fn key(name: &str) -> String {
    let folded = folded(name);
    folded.strip_suffix('s').unwrap_or(&folded).to_string()
}

/// The name and, where it is long enough, all that is left of it without one letter.
fn neighbours(key: &str) -> Vec<String> {
    let mut all = vec![key.to_string()];
    let length = key.chars().count();
    // A name of a hundred letters is none.
    if (SHORTEST..=60).contains(&length) {
        all.extend(key.char_indices().map(|(at, c)| {
            let mut shorter = key[..at].to_string();
            shorter.push_str(&key[at + c.len_utf8()..]);
            shorter
        }));
        all.dedup();
    }
    all
}

fn is_variant(a: &str, b: &str) -> bool {
    let long = |key: &str| key.chars().count() >= SHORTEST;
    let figures = |key: &str| key.chars().any(|c| c.is_ascii_digit());
    a == b || (long(a) && long(b) && !figures(a) && !figures(b) && strsim::osa_distance(a, b) <= 1)
}

/// Sets that are joined, by their first members.
struct Groups(Vec<usize>);

impl Groups {
    fn first(&mut self, mut at: usize) -> usize {
        while self.0[at] != at {
            self.0[at] = self.0[self.0[at]];
            at = self.0[at];
        }
        at
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.first(a), self.first(b));
        self.0[a.max(b)] = a.min(b);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joins_likely_spellings() {
        let names = [
            "Merindale",
            "Lee",
            "Merrindale",
            "Ouzelford",
            "Lek",
            "Ouzelfórt",
            "Ormiridano",
            "Ormeridano",
            "MOL",
            "Mol",
        ];
        assert_eq!(groups(&names), [0, 1, 0, 3, 4, 3, 6, 6, 8, 8]);
    }

    #[test]
    fn finds_the_known_name_that_is_meant() {
        let near = Near::new(["Merrindale", "weir"].into_iter());
        assert_eq!(near.of("Merindale"), Some("Merrindale"));
        assert_eq!(near.of("weirs"), Some("weir"));
        assert_eq!(near.of("wear"), None);
    }
}
