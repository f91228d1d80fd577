//! `emendations.toml`: the corrections.

use serde::Deserialize;
use toml::Spanned;

use crate::apparatus::Emendation;
use crate::apparatus::loader::Loader;
use crate::diag::{Code, Report};
use crate::source::Inputs;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawEmendation {
    source: Spanned<String>,
    find: Spanned<String>,
    replace: String,
    #[serde(default)]
    every: bool,
    reason: Spanned<String>,
    class: Option<String>,
}

pub(super) fn load(inputs: &Inputs, report: &mut Report) -> Vec<Emendation> {
    let opened = Loader::open::<RawEmendation>(inputs, "emendations.toml", "emendation", report);
    let Some((mut loader, entries)) = opened else {
        return Vec::new();
    };
    let mut emendations = Vec::new();
    for entry in entries {
        let raw = entry.value;
        let span = loader.span(&raw.find);
        let find = raw.find.get_ref();
        if find.trim().is_empty() {
            loader.bad(
                span,
                "the emendation does not say which words it mends".into(),
                "write enough words in `find` that they stand once in the source",
            );
            continue;
        }
        if *find == raw.replace {
            loader.bad(
                span,
                "the emendation changes nothing".into(),
                "write in `replace` what is to stand instead",
            );
        }
        if let Some(word) = supplied(find, &raw.replace) {
            let message = format!("the emendation supplies “{word}” without square brackets");
            let help = format!("write [{word}], so that a reader sees whose word it is");
            let diagnostic = loader.report.warning(Code::BareSupply, span, message);
            diagnostic.help(help);
        }
        emendations.push(Emendation {
            source: raw.source.get_ref().clone(),
            source_span: loader.span(&raw.source),
            find: find.clone(),
            replace: raw.replace,
            every: raw.every,
            reason: loader.rich(&raw.reason, "reason"),
            class: raw.class.filter(|class| !class.trim().is_empty()),
            span,
        });
    }
    emendations
}

/// The first word that an emendation adds outside square brackets (rule E5): where all the old
/// words stand in the new ones, in their order, and others between them. What merely divides or
/// joins words, or puts one for another, adds none.
fn supplied<'r>(find: &str, replace: &'r str) -> Option<&'r str> {
    fn letters(text: &str) -> impl Iterator<Item = char> {
        text.chars().filter(|c| c.is_alphanumeric())
    }
    fn is_word(word: &&str) -> bool {
        letters(word).next().is_some()
    }
    let mut old = find.split_whitespace().filter(is_word).peekable();
    let mut added = None;
    let mut inside = false;
    for word in replace.split_whitespace() {
        let bracketed = inside || word.contains('[');
        inside = bracketed && !word.contains(']');
        if bracketed || !is_word(&word) {
            continue;
        }
        let same = old.peek().is_some_and(|old| letters(old).eq(letters(word)));
        if same {
            old.next();
        } else {
            added = added.or(Some(word));
        }
    }
    let apart = !letters(find).eq(letters(replace));
    added.filter(|_| apart && old.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::supplied;

    #[test]
    fn words_are_supplied_in_square_brackets() {
        for (find, replace, word) in [
            ("a total 46,000", "a total of 46,000", Some("of")),
            ("a total 46,000", "a total [of] 46,000", None),
            ("he came", "he [at last] came", None),
            ("he came", "then at last he came", Some("then")),
            ("the mealand the", "the meal and the", None),
            ("worth a try to", "worth a try", None),
            ("they not were", "they were not", None),
            ("harsh polices", "harsh policies", None),
            ("those who the", "those who [sic] the", None),
            ("“poder, popular”", "‘poder popular’", None),
        ] {
            assert_eq!(supplied(find, replace), word, "{find} → {replace}");
        }
    }
}
