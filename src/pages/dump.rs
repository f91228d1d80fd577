//! The pages as text: the golden form of the typesetter's tests.

use std::fmt::Write;

use super::{Item, Pages};

/// Every page with its lines of text, each with where its base line stands.
pub fn text(pages: &Pages) -> String {
    let mut out = String::new();
    for (at, page) in pages.pages.iter().enumerate() {
        let folio = page
            .folio
            .map(|folio| folio.to_string())
            .unwrap_or_default();
        let _ = writeln!(out, "page {at} [{folio}]");
        for item in &page.items {
            let _ = match item {
                Item::Run(run) => writeln!(
                    out,
                    "  {:>7} {:>7} {} {:?}",
                    run.origin.x, run.origin.y, run.size, run.text
                ),
                Item::Rule { rect, .. } => writeln!(
                    out,
                    "  {:>7} {:>7} rule {}x{}",
                    rect.origin.x, rect.origin.y, rect.size.width, rect.size.height
                ),
                Item::Picture { picture, rect, .. } => {
                    writeln!(
                        out,
                        "  {:>7} {:>7} picture {picture} {}x{}",
                        rect.origin.x, rect.origin.y, rect.size.width, rect.size.height
                    )
                }
            };
        }
    }
    out
}
