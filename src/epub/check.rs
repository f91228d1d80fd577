//! What epub-builder does not check: that every link leads somewhere, every id is there
//! once, and the package lists just the files that there are.

use std::collections::{BTreeMap, BTreeSet};

use crate::epub::container::Parts;
use crate::epub::nav::NCX;

/// What is wrong with a book before it is packed; nothing, unless the program is wrong.
pub(super) fn faults(parts: &Parts<'_>) -> Vec<String> {
    let mut faults = Vec::new();
    let mut ids: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for document in &parts.documents {
        let mut own = BTreeSet::new();
        for id in values(&document.xhtml, " id=\"") {
            if !own.insert(id) {
                faults.push(format!("{}: two elements are #{id}", document.name));
            }
        }
        if ids.insert(&document.name, own).is_some() {
            faults.push(format!("two files are {}", document.name));
        }
    }
    let others: BTreeSet<String> = others(parts).collect();
    let mut texts: Vec<(&str, &str)> = parts
        .documents
        .iter()
        .map(|document| (document.name.as_str(), document.xhtml.as_str()))
        .collect();
    texts.push((NCX, &parts.ncx));
    texts.push(("content.opf", &parts.package));
    for (name, text) in texts {
        for attribute in [" href=\"", " src=\""] {
            for link in values(text, attribute) {
                if !leads(name, link, &ids, &others) {
                    faults.push(format!("{name}: nothing is at {link}"));
                }
            }
        }
    }
    let listed: BTreeSet<&str> = values(manifest(&parts.package), " href=\"").collect();
    let there = ids.keys().copied().chain(others.iter().map(String::as_str));
    for file in there.filter(|file| !listed.contains(file)) {
        faults.push(format!("{file} is not in the package"));
    }
    faults
}

/// The files that are not documents.
fn others(parts: &Parts<'_>) -> impl Iterator<Item = String> {
    let texts = parts.texts.iter().map(|(name, _, _)| (*name).to_string());
    let stored = parts.stored.iter().map(|(name, _)| name.clone());
    let fonts = parts.fonts.iter().map(|font| font.name.clone());
    texts
        .chain(stored)
        .chain(fonts)
        .chain(std::iter::once(NCX.to_string()))
}

fn manifest(package: &str) -> &str {
    let start = package.find("<manifest>").unwrap_or(0);
    let end = package.find("</manifest>").unwrap_or(package.len());
    &package[start..end]
}

fn leads(
    from: &str,
    link: &str,
    ids: &BTreeMap<&str, BTreeSet<&str>>,
    others: &BTreeSet<String>,
) -> bool {
    if ["http", "mailto"].iter().any(|scheme| {
        link.get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    }) {
        return true;
    }
    let (file, fragment) = match link.split_once('#') {
        Some((file, fragment)) => (file, Some(fragment)),
        None => (link, None),
    };
    let file = if file.is_empty() { from } else { file };
    match (ids.get(file), fragment) {
        (Some(ids), Some(fragment)) => ids.contains(fragment),
        (Some(_), None) => true,
        (None, fragment) => fragment.is_none() && others.contains(file),
    }
}

/// The values of an attribute. Text cannot hold one: its quotation marks are escaped.
fn values<'t>(text: &'t str, attribute: &'t str) -> impl Iterator<Item = &'t str> {
    text.split(attribute)
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
}
