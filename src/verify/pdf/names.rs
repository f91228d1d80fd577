//! The named destinations of a PDF (PDF 1.7 §12.3.2.3).

use std::collections::BTreeMap;

use lopdf::{Dictionary, Document, Object};

/// Where each name leads.
pub(super) type Names = BTreeMap<Vec<u8>, Object>;

/// A tree that is deeper than this leads in a circle.
const DEEPEST: usize = 16;

/// Reads the tree of names; what is not understood leads nowhere.
pub(super) fn read(document: &Document) -> Names {
    let mut names = Names::new();
    let root = document.catalog().and_then(|catalog| {
        catalog
            .get_deref(b"Names", document)
            .and_then(Object::as_dict)?
            .get_deref(b"Dests", document)
            .and_then(Object::as_dict)
    });
    if let Ok(root) = root {
        gather(root, document, DEEPEST, &mut names);
    }
    names
}

fn gather(node: &Dictionary, document: &Document, depth: usize, names: &mut Names) {
    let list = |key: &[u8]| node.get_deref(key, document).and_then(Object::as_array);
    for pair in list(b"Names")
        .into_iter()
        .flat_map(|names| names.chunks_exact(2))
    {
        let goal = document.dereference(&pair[1]).map(|(_, goal)| goal);
        let (Ok(name), Ok(goal)) = (pair[0].as_str(), goal) else {
            continue;
        };
        // A destination stands by itself or in a dictionary.
        let goal = match goal.as_dict().and_then(|goal| goal.get(b"D")) {
            Ok(inner) => inner,
            Err(_) => goal,
        };
        names.insert(name.to_vec(), goal.clone());
    }
    let Some(depth) = depth.checked_sub(1) else {
        return;
    };
    for kid in list(b"Kids").into_iter().flatten() {
        let kid = document.dereference(kid).and_then(|(_, kid)| kid.as_dict());
        if let Ok(kid) = kid {
            gather(kid, document, depth, names);
        }
    }
}
