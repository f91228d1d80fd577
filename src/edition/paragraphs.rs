//! Paragraphs by name: `miller#bank-eleven-sill-sluice-yard` is a chapter's id and some of the
//! rarer words that stand in the paragraph. A name holds after small edits of the text and of
//! the text around it, as long as most of its words are left in one paragraph.

use std::collections::{BTreeMap, BTreeSet};

use crate::edition::fold::folded;

/// How many words a name has, where so many are enough to tell the paragraph.
const WORDS: usize = 5;

/// Shorter words tell little.
const LONG: usize = 4;

/// Of a paragraph that a name may mean: where it stands, and how its text reads.
#[derive(Clone, Copy)]
pub struct Candidate<'t> {
    /// The chapter's place in running order.
    pub chapter: usize,
    pub plain: &'t str,
}

/// A name taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) chapter: usize,
    pub(super) words: BTreeSet<String>,
    /// Which of several paragraphs that read alike: `~2` at the name's end.
    pub(super) which: Option<usize>,
}

/// What a name leads to; paragraphs by their places among the candidates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Meant {
    One(usize),
    /// All of its words stand in each of these.
    Several(Vec<usize>),
    /// Too few of them stand in any; the paragraph with the most, and how many those are.
    None(Option<(usize, usize)>),
}

/// The distinct words of a text that can be in a name.
pub(super) fn words(plain: &str) -> BTreeSet<String> {
    let folded = folded(plain);
    let all = || {
        let words = folded.split(|c: char| !c.is_alphanumeric());
        words.filter(|word| !word.is_empty())
    };
    let long: BTreeSet<String> = all()
        .filter(|word| word.chars().count() >= LONG)
        .map(str::to_string)
        .collect();
    match long.len() < 2 {
        true => all().map(str::to_string).collect(),
        false => long,
    }
}

/// The chapter's id and the rest of a name; `None` for what is no name.
pub(super) fn parts(name: &str) -> Option<(&str, BTreeSet<String>, Option<usize>)> {
    let (chapter, rest) = name.split_once('#')?;
    let (rest, which) = match rest.rsplit_once('~') {
        Some((rest, which)) => (rest, which.parse().ok()),
        None => (rest, None),
    };
    let folded = folded(rest);
    let words = folded.split(|c: char| !c.is_alphanumeric());
    let words: BTreeSet<String> = words
        .filter(|word| !word.is_empty())
        .map(str::to_string)
        .collect();
    (!words.is_empty()).then_some((chapter, words, which))
}

/// The best paragraphs so far for a name.
#[derive(Clone, Default)]
struct Best {
    /// How many of the name's words each of them has.
    score: usize,
    at: Vec<usize>,
    /// Those of them that have no other words.
    whole: Vec<usize>,
    /// How many words the best of all others has.
    second: usize,
}

impl Best {
    fn take(&mut self, at: usize, score: usize, whole: bool) {
        if score > self.score {
            *self = Best {
                score,
                at: vec![at],
                whole: Vec::new(),
                second: self.score,
            };
        } else if score == self.score {
            self.at.push(at);
        } else {
            self.second = self.second.max(score);
        }
        if whole && score == self.score {
            self.whole.push(at);
        }
    }

    fn meant(&self, wanted: &Wanted) -> Meant {
        let all = wanted.words.len();
        // A paragraph that has just these words is meant before one that has others too.
        let best = match self.whole.is_empty() {
            true => &self.at,
            false => &self.whole,
        };
        let which = wanted
            .which
            .and_then(|which| best.get(which.checked_sub(1)?));
        match (best.as_slice(), which) {
            (_, Some(&one)) if self.score == all => Meant::One(one),
            (&[one], _) if self.score == all => Meant::One(one),
            (&[one], _) if self.score * 5 >= all * 3 && self.score >= self.second + 2 => {
                Meant::One(one)
            }
            (several, _) if self.score == all => Meant::Several(several.to_vec()),
            (several, _) => Meant::None(several.first().map(|&at| (at, self.score))),
        }
    }
}

/// Finds what some names mean, in one reading of the chapters that they name.
pub(super) fn find<'t>(
    wanted: &[Wanted],
    candidates: impl Iterator<Item = Candidate<'t>>,
) -> Vec<Meant> {
    let mut of_word: BTreeMap<(usize, &str), Vec<usize>> = BTreeMap::new();
    let mut chapters = BTreeSet::new();
    for (at, one) in wanted.iter().enumerate() {
        chapters.insert(one.chapter);
        for word in &one.words {
            of_word.entry((one.chapter, word)).or_default().push(at);
        }
    }
    let mut best = vec![Best::default(); wanted.len()];
    let mut scores: BTreeMap<usize, usize> = BTreeMap::new();
    for (at, candidate) in candidates.enumerate() {
        if !chapters.contains(&candidate.chapter) {
            continue;
        }
        let words = words(candidate.plain);
        for word in &words {
            for &name in of_word
                .get(&(candidate.chapter, word))
                .into_iter()
                .flatten()
            {
                *scores.entry(name).or_default() += 1;
            }
        }
        for (&name, &score) in &scores {
            best[name].take(at, score, score == words.len());
        }
        scores.clear();
    }
    let names = wanted.iter().zip(&best);
    names.map(|(wanted, best)| best.meant(wanted)).collect()
}

/// The paragraphs in which each word of a chapter stands.
type Stands<'w> = BTreeMap<(usize, &'w str), Vec<usize>>;

/// The name of each paragraph; `None` for one without a word.
pub fn names<'t>(
    chapters: &[&str],
    candidates: impl Iterator<Item = Candidate<'t>>,
) -> Vec<Option<String>> {
    let paragraphs: Vec<(usize, BTreeSet<String>)> = candidates
        .map(|candidate| (candidate.chapter, words(candidate.plain)))
        .collect();
    let mut stands = Stands::new();
    for (at, (chapter, words)) in paragraphs.iter().enumerate() {
        for word in words {
            stands.entry((*chapter, word)).or_default().push(at);
        }
    }
    let plain: Vec<Option<String>> = paragraphs
        .iter()
        .map(|(chapter, words)| {
            let mut rare: Vec<&str> = words.iter().map(String::as_str).collect();
            rare.sort_by_key(|word| (stands[&(*chapter, *word)].len(), usize::MAX - word.len()));
            let mut chosen = tell(&rare, *chapter, &stands);
            chosen.sort_unstable();
            let chapter = chapters.get(*chapter).filter(|_| !chosen.is_empty())?;
            Some(format!("{chapter}#{}", chosen.join("-")))
        })
        .collect();
    numbered(plain)
}

/// Names of which several are the same, with numbers.
fn numbered(names: Vec<Option<String>>) -> Vec<Option<String>> {
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    for name in names.iter().flatten() {
        *times.entry(name.clone()).or_default() += 1;
    }
    times.retain(|_, times| *times > 1);
    times.values_mut().for_each(|times| *times = 0);
    let mut number = |name: String| match times.get_mut(&name) {
        None => name,
        Some(times) => {
            *times += 1;
            format!("{name}~{times}")
        }
    };
    let names = names.into_iter();
    names.map(|name| name.map(&mut number)).collect()
}

/// The first of some words, so many that only one paragraph has them all; all of them where
/// others have them too.
fn tell<'w>(words: &[&'w str], chapter: usize, stands: &Stands) -> Vec<&'w str> {
    let mut left: Option<Vec<usize>> = None;
    for (at, word) in words.iter().enumerate() {
        let stands = &stands[&(chapter, *word)];
        let both = match left {
            None => stands.clone(),
            Some(mut left) => {
                left.retain(|at| stands.binary_search(at).is_ok());
                left
            }
        };
        if both.len() == 1 && at + 1 >= WORDS {
            return words[..=at].to_vec();
        }
        left = Some(both);
    }
    words.to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidates<'t>(texts: &[&'t str]) -> Vec<Candidate<'t>> {
        let texts = texts.iter();
        texts.map(|plain| Candidate { chapter: 0, plain }).collect()
    }

    fn named(texts: &[&str]) -> Vec<String> {
        let names = names(&["one"], candidates(texts).into_iter());
        names.into_iter().flatten().collect()
    }

    fn meant(name: &str, texts: &[&str]) -> Meant {
        all_meant(&[name.to_string()], texts).remove(0)
    }

    fn all_meant(names: &[String], texts: &[&str]) -> Vec<Meant> {
        let wanted = |name: &String| {
            let (_, words, which) = parts(name).expect("it is a name");
            Wanted {
                chapter: 0,
                words,
                which,
            }
        };
        let wanted: Vec<Wanted> = names.iter().map(wanted).collect();
        find(&wanted, candidates(texts).into_iter())
    }

    const TEXTS: [&str; 4] = [
        "The miller stood on the bank at eleven, a yard above the sill of the sluice.",
        "The miller said that the sluice was shut.",
        "It rained.",
        "It rained.",
    ];

    #[test]
    fn every_paragraph_has_a_name_that_leads_to_it() {
        let names = named(&TEXTS);
        assert_eq!(
            names,
            [
                "one#above-bank-eleven-sill-stood",
                "one#miller-said-shut-sluice-that",
                "one#it-rained~1",
                "one#it-rained~2"
            ]
        );
        for (at, name) in names.iter().enumerate() {
            assert_eq!(meant(name, &TEXTS), Meant::One(at));
        }
        assert_eq!(meant("one#it-rained", &TEXTS), Meant::Several(vec![2, 3]));
    }

    #[test]
    fn small_edits_leave_a_name_its_paragraph() {
        let name = &named(&TEXTS)[0];
        let edited = [
            "A new beginning.",
            "Before eleven o’clock the MILLER was on the bank, a yard above the sluice’s sill.",
            "The miller said that the sluice was shut.",
        ];
        assert_eq!(meant(name, &edited), Meant::One(1));
    }

    /// Of a hundred paragraphs each loses two of its words in turn and gets another.
    #[test]
    fn a_whole_chapter_can_be_edited_a_little() {
        let word = |number: usize| format!("word{}", number.wrapping_mul(2_654_435_761) % 4_001);
        let text = |at: usize| -> Vec<String> { (0..30).map(|n| word(at * 31 + n)).collect() };
        let before: Vec<String> = (0..100).map(|at| text(at).join(" ")).collect();
        let before: Vec<&str> = before.iter().map(String::as_str).collect();
        let names = named(&before);
        for out in 0..15 {
            let after: Vec<String> = (0..100)
                .map(|at| {
                    let mut words = text(at);
                    words.remove(out * 2);
                    words[out] = "changed".into();
                    words.join(" ")
                })
                .collect();
            let after: Vec<&str> = after.iter().map(String::as_str).collect();
            for (at, meant) in all_meant(&names, &after).into_iter().enumerate() {
                assert_eq!(meant, Meant::One(at), "{}", names[at]);
            }
        }
    }

    #[test]
    fn a_lost_paragraph_has_a_likeliest_successor() {
        let name = &named(&TEXTS)[0];
        let rewritten = ["It rained.", "On the bank, above it, nobody stood."];
        assert_eq!(
            meant(name, &["A yard of ale.", "The bank."]),
            Meant::None(Some((1, 1)))
        );
        assert_eq!(meant(name, &rewritten), Meant::One(1));
        assert_eq!(meant(name, &["Nothing."]), Meant::None(None));
        assert_eq!(meant("one#miller", &TEXTS), Meant::Several(vec![0, 1]));
    }

    #[test]
    fn what_is_no_name_is_none() {
        assert_eq!(parts("one"), None);
        assert_eq!(parts("one#"), None);
        assert_eq!(parts("one#-~2"), None);
    }
}
