//! What elements of the structure say of themselves beside their content: the numbering
//! of a list, the scope of a table's head, the place of a picture (PDF 1.7 §14.8.5).

use std::collections::BTreeMap;

use lopdf::{Dictionary, Object};

use super::objects::{corners, dictionary, name};
use crate::pages::{Item, Pages, TagKind};

/// What was found on the pages, by tag.
pub(super) struct Details {
    numbering: BTreeMap<usize, &'static str>,
    boxes: BTreeMap<usize, Object>,
}

impl Details {
    /// Looks through the pages for labels of lists and for pictures.
    pub(super) fn gather(pages: &Pages) -> Details {
        let mut details = Details {
            numbering: BTreeMap::new(),
            boxes: BTreeMap::new(),
        };
        for item in pages.pages.iter().flat_map(|page| &page.items) {
            match item {
                Item::Run(run) => {
                    let tag = run.tag.map(|tag| tag.0 as usize);
                    if let Some(list) = tag.and_then(|tag| list_of(pages, tag)) {
                        details
                            .numbering
                            .entry(list)
                            .or_insert_with(|| numbering(&run.text));
                    }
                }
                // The ground of a drawing has the drawing's element, other rules have none.
                Item::Picture { rect, tag, .. } | Item::Rule { rect, tag, .. } => {
                    if let Some(tag) = tag {
                        let area = corners(*rect, pages.trim);
                        details.boxes.entry(tag.0 as usize).or_insert(area);
                    }
                }
            }
        }
        details
    }

    /// The attributes of an element, if it needs any.
    pub(super) fn attributes(&self, tag: usize, kind: TagKind) -> Option<Dictionary> {
        if kind == TagKind::TableHead {
            return Some(dictionary([
                ("O", name("Table")),
                ("Scope", name("Column")),
            ]));
        }
        if let Some(numbering) = self.numbering.get(&tag) {
            return Some(dictionary([
                ("O", name("List")),
                ("ListNumbering", name(numbering)),
            ]));
        }
        let area = self.boxes.get(&tag).filter(|_| kind == TagKind::Figure)?;
        Some(dictionary([
            ("O", name("Layout")),
            ("Placement", name("Block")),
            ("BBox", area.clone()),
        ]))
    }
}

/// The list whose item a label numbers.
fn list_of(pages: &Pages, tag: usize) -> Option<usize> {
    let label = pages.structure.get(tag)?;
    if label.kind != TagKind::Label {
        return None;
    }
    let item = pages.structure.get(label.parent?.0 as usize)?;
    let list = item.parent?.0 as usize;
    (pages.structure.get(list)?.kind == TagKind::List).then_some(list)
}

/// How a list is numbered, told by its first label; a term or a date is no numbering.
fn numbering(label: &str) -> &'static str {
    let label = label.trim();
    let number = label
        .trim_start_matches(['(', '['])
        .trim_end_matches(['.', ')', ']']);
    let mut characters = number.chars();
    match (characters.next(), characters.next()) {
        (None, _) => "None",
        _ if number.len() == label.len() && number.chars().any(char::is_alphanumeric) => "None",
        _ if number.bytes().all(|byte| byte.is_ascii_digit()) => "Decimal",
        (Some('a'..='z'), None) => "LowerAlpha",
        (Some('A'..='Z'), None) => "UpperAlpha",
        (Some(sign), None) if !sign.is_alphanumeric() => "Disc",
        _ => "None",
    }
}

#[cfg(test)]
mod tests {
    use super::numbering;

    #[test]
    fn tells_numbers_from_terms() {
        let lists = ["1.", "(b)", "•", "1973", "A.", "rotos", "4 September"].map(numbering);
        let kinds = [
            "Decimal",
            "LowerAlpha",
            "Disc",
            "None",
            "UpperAlpha",
            "None",
            "None",
        ];
        assert_eq!(lists, kinds);
    }
}
