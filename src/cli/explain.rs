//! `cordel explain`: what a diagnostic means and how to mend it.

use super::Failure;
use super::output::Talk;
use crate::data::nearest;
use crate::diag::Code;
use crate::review::table;

pub(super) fn run(name: Option<&str>, talk: &Talk) -> Result<(), Failure> {
    let Some(name) = name else {
        let names: Vec<&str> = Code::ALL.iter().map(|code| code.name()).collect();
        talk.result(&format!("{}\n", names.join("\n")));
        return Ok(());
    };
    if name == "rules" {
        talk.result(&table::shown());
        return Ok(());
    }
    if let Some(code) = Code::ALL.iter().find(|code| code.name() == name) {
        let (before, after) = code.example();
        talk.result(&format!(
            "{}\n\n{}\nBefore:\n{}\nAfter:\n{}",
            code.name(),
            code.explanation(),
            indented(before),
            indented(after)
        ));
        return Ok(());
    }
    let near = nearest(name, Code::ALL.iter().map(|code| code.name()));
    let hint = near.map_or("see `cordel explain` for all codes".to_string(), |near| {
        format!("did you mean `{near}`?")
    });
    Err(Failure::World(format!(
        "there is no diagnostic `{name}`\nhelp: {hint}"
    )))
}

fn indented(text: &str) -> String {
    let lines = text.lines().flat_map(|line| ["    ", line, "\n"]);
    lines.collect()
}
