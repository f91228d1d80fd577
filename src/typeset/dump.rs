//! The items of a book's paragraphs as text, for whoever wants to see what the line breaker
//! sees.

use std::fmt::Write;

use crate::edition::Edition;
use crate::fonts::FontSet;
use crate::manifest::Design;
use crate::text::Lang;
use crate::typeset::numbering::{Known, Numbering};
use crate::typeset::paragraph::Setter;
use crate::typeset::styles::Styles;
use crate::units::Length;

/// Every passage of the running text as boxes, glue and penalties in the text's own type. Of
/// page numbers only those are known that need no pages.
pub fn items(edition: &Edition, design: &Design, fonts: &FontSet) -> String {
    let numbering = Numbering::default();
    let known = Known::new(edition, &numbering);
    let styles = Styles {
        design: design.clone(),
        lang: edition
            .metadata
            .language
            .clone()
            .unwrap_or_else(|| Lang("en".into())),
        acronyms: edition.setting.small_caps_acronyms,
    };
    let setter = Setter::new(fonts, &edition.setting.never_divide);
    let style = styles.paragraph(&styles.body(), design.measure(), Length::ZERO);
    let mut out = String::new();
    for section in &edition.sections {
        for block in &section.blocks {
            block.each_passage(&mut |passage| {
                let _ = writeln!(out, "passage {} of {}", passage.id.0, section.id);
                out += &setter.dump(passage, &style, &known);
            });
        }
    }
    out
}
