//! The fonts of the e-book: the built-in ones, the pack's own, or none, as the editors chose.
//! They are a proposal; readers who like another type take that.

use std::collections::BTreeSet;

use rayon::prelude::*;
use skrifa::string::StringId;
use skrifa::{FontRef, MetadataProvider};

use crate::epub::plan::ascii;
use crate::epub::sections::Document;
use crate::epub::subset;
use crate::fonts::{Face, Family, FontSet};
use crate::manifest::Metadata;
use crate::source::{Content, Inputs};

/// The families as the style sheet names them: of the text, and of headings and labels.
const SERIF: &str = "\"Alegreya\", serif";
const SANS: &str = "\"Alegreya Sans\", sans-serif";

/// Of the built-in faces those that the style sheet uses: family, bold, italic.
const USED: [(Family, bool, bool); 6] = [
    (Family::Serif, true, false),
    (Family::Serif, true, true),
    (Family::Serif, false, true),
    (Family::Serif, false, false),
    (Family::Sans, true, false),
    (Family::Sans, false, false),
];

/// A font's file in the e-book.
pub(super) struct Typeface {
    pub name: String,
    pub media_type: &'static str,
    pub bytes: Vec<u8>,
    family: String,
    bold: bool,
    italic: bool,
}

/// The fonts of a book, with the glyphs for what is written in it.
pub(super) fn choose(
    inputs: &Inputs,
    metadata: &Metadata,
    fonts: &FontSet,
    documents: &[Document],
) -> Vec<Typeface> {
    let characters = || {
        let texts = documents.iter().flat_map(|document| document.xhtml.chars());
        let rare: BTreeSet<char> = texts.filter(|c| !c.is_ascii()).collect();
        subset::with_usual(rare)
    };
    match &metadata.ebook_fonts {
        None => {
            let characters = characters();
            let faces = USED.par_iter().map(|&(family, bold, italic)| {
                built_in(fonts.get(fonts.find(family, bold, italic)), &characters)
            });
            faces.collect()
        }
        Some(paths) if paths.is_empty() => Vec::new(),
        Some(paths) => {
            let characters = characters();
            let faces = paths.par_iter().enumerate().filter_map(|(at, path)| {
                let source = inputs.find(path)?;
                let Content::Binary { bytes, .. } = &inputs.get(source).content else {
                    return None;
                };
                own(at + 1, path, bytes, &characters)
            });
            faces.collect()
        }
    }
}

fn built_in(face: &Face, characters: &BTreeSet<char>) -> Typeface {
    let family = match face.family {
        Family::Serif => "Alegreya",
        Family::Sans => "Alegreya Sans",
    };
    Typeface {
        name: format!("fonts/{}", face.file),
        media_type: "font/ttf",
        bytes: subset::of(face.data, characters).unwrap_or_else(|| face.data.to_vec()),
        family: family.into(),
        bold: face.bold,
        italic: face.italic,
    }
}

/// A font of the pack's; `None` for what is none, which was reported with book.toml.
fn own(number: usize, path: &str, bytes: &[u8], characters: &BTreeSet<char>) -> Option<Typeface> {
    let font = FontRef::new(bytes).ok()?;
    let named = |id| {
        let name = font.localized_strings(id).english_or_first()?;
        let plain = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '-');
        let name: String = name.chars().filter(plain).collect();
        (!name.trim().is_empty()).then(|| name.trim().to_string())
    };
    let family = named(StringId::TYPOGRAPHIC_FAMILY_NAME)
        .or_else(|| named(StringId::FAMILY_NAME))
        .unwrap_or_else(|| "Text".into());
    let file = path.rsplit('/').next().unwrap_or(path);
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    // Outlines of the other kind begin so (OpenType, Table Directory).
    let (ending, media_type) = match bytes.starts_with(b"OTTO") {
        true => ("otf", "font/otf"),
        false => ("ttf", "font/ttf"),
    };
    let attributes = font.attributes();
    Some(Typeface {
        name: format!("fonts/{number:02}-{}.{ending}", ascii(stem)),
        media_type,
        bytes: subset::of(bytes, characters).unwrap_or_else(|| bytes.to_vec()),
        family,
        bold: attributes.weight.value() >= 600.0,
        italic: attributes.style != skrifa::attribute::Style::Normal,
    })
}

/// The style sheet with the fonts: the first family is the text's, another that of headings.
pub(super) fn sheet(style: &str, typefaces: &[Typeface]) -> String {
    let mut out = String::with_capacity(style.len() + 1500);
    for face in typefaces {
        let style = if face.italic { "italic" } else { "normal" };
        let weight = if face.bold { "bold" } else { "normal" };
        out.push_str(&format!(
            "@font-face {{\n  font-family: \"{}\";\n  font-style: {style};\n  font-weight: {weight};\n  src: url(\"{}\");\n}}\n",
            face.family, face.name
        ));
    }
    let text = typefaces.first().map(|face| face.family.as_str());
    let other = typefaces.iter().map(|face| face.family.as_str());
    let other = other.rev().find(|family| Some(*family) != text);
    let named = |family: &str, kind: &str| format!("\"{family}\", {kind}");
    let (serif, sans) = match (text, other) {
        (None, _) => ("serif".to_string(), "sans-serif".to_string()),
        (Some(text), None) => (named(text, "serif"), named(text, "sans-serif")),
        (Some(text), Some(other)) => (named(text, "serif"), named(other, "sans-serif")),
    };
    let style = match text {
        // Then the reader's own type is the text's.
        None => style.replacen(&format!("  font-family: {SERIF};\n"), "", 1),
        Some(_) => style.to_string(),
    };
    out.push_str(&style.replace(SERIF, &serif).replace(SANS, &sans));
    out
}
