//! The numbers under which a reader's side bar shows the pages (PDF 1.7 §12.4.2).

use std::collections::BTreeMap;

use lopdf::{Dictionary, Document, Object};

/// The label of each page.
pub(super) fn read(document: &Document, pages: usize) -> Vec<String> {
    let mut ranges = BTreeMap::new();
    let tree = document
        .catalog()
        .and_then(|catalog| catalog.get_deref(b"PageLabels", document))
        .and_then(Object::as_dict);
    if let Ok(tree) = tree {
        gather(document, tree, 0, &mut ranges);
    }
    let label = |page: usize| {
        let (start, range) = ranges.range(..=page).next_back()?;
        let first = range.get(b"St").and_then(Object::as_i64).unwrap_or(1);
        let number = first.checked_add(i64::try_from(page - start).ok()?)?;
        let style = range
            .get(b"S")
            .and_then(Object::as_name)
            .unwrap_or_default();
        Some(match style {
            b"D" => number.to_string(),
            b"r" => roman(number),
            b"R" => roman(number).to_uppercase(),
            _ => String::new(),
        })
    };
    (0..pages)
        .map(|page| label(page).unwrap_or_default())
        .collect()
}

/// The ranges of a number tree, by their first pages.
fn gather<'d>(
    document: &'d Document,
    node: &'d Dictionary,
    depth: usize,
    ranges: &mut BTreeMap<usize, &'d Dictionary>,
) {
    if depth > 16 {
        return;
    }
    if let Ok(numbers) = node.get_deref(b"Nums", document).and_then(Object::as_array) {
        for pair in numbers.chunks_exact(2) {
            let start = pair[0]
                .as_i64()
                .ok()
                .and_then(|start| usize::try_from(start).ok());
            let range = document
                .dereference(&pair[1])
                .ok()
                .and_then(|(_, range)| range.as_dict().ok());
            if let (Some(start), Some(range)) = (start, range) {
                ranges.insert(start, range);
            }
        }
    }
    if let Ok(kids) = node.get_deref(b"Kids", document).and_then(Object::as_array) {
        for kid in kids {
            if let Ok((_, Object::Dictionary(kid))) = document.dereference(kid) {
                gather(document, kid, depth + 1, ranges);
            }
        }
    }
}

/// A number in small roman numerals, digit by digit.
fn roman(number: i64) -> String {
    const ONES: [&str; 10] = ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"];
    const TENS: [&str; 10] = ["", "x", "xx", "xxx", "xl", "l", "lx", "lxx", "lxxx", "xc"];
    const HUNDREDS: [&str; 10] = ["", "c", "cc", "ccc", "cd", "d", "dc", "dcc", "dccc", "cm"];
    let Ok(number) = usize::try_from(number) else {
        return String::new();
    };
    let thousands = "m".repeat((number / 1000).min(100));
    let [hundreds, tens, ones] =
        [(HUNDREDS, 100), (TENS, 10), (ONES, 1)].map(|(digits, unit)| digits[number / unit % 10]);
    format!("{thousands}{hundreds}{tens}{ones}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_roman_numerals() {
        let shown: Vec<String> = [4, 9, 14, 48, 1999].map(roman).into();
        assert_eq!(shown, ["iv", "ix", "xiv", "xlviii", "mcmxcix"]);
    }
}
