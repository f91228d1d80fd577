//! `emendations.toml`: the corrections.

use serde::Deserialize;
use toml::Spanned;

use crate::apparatus::Emendation;
use crate::apparatus::loader::Loader;
use crate::diag::Report;
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
