//! Where a text explains its own words: `the dikers (river guard)`, `the river guard (dikers)`.

/// What a text says in brackets right after some words: `the dikers (river guard)`.
pub fn gloss(plain: &str, end: usize) -> Option<String> {
    let closing = |c: char| matches!(c, '’' | '”' | '"' | '\'');
    let after = plain[end..].trim_start_matches(closing);
    let rest = after.trim_start().strip_prefix('(')?;
    // Of a whole saying in quotation marks the last word is not what is explained.
    let quoted = after.len() < plain.len() - end;
    let opening = |c: char| matches!(c, '‘' | '“' | '"' | '\'');
    let word = plain[..end].rfind(|c: char| !c.is_alphanumeric());
    if quoted && !word.is_some_and(|at| plain[at..].starts_with(opening)) {
        return None;
    }
    let inside = &rest[..rest.find(')')?];
    let words = inside.split_whitespace().count();
    let spoken = inside.chars().any(char::is_lowercase) || is_acronym(inside);
    let digits = inside.chars().any(|c| c.is_ascii_digit());
    let see = inside.to_lowercase().starts_with("see ");
    let reference = see
        || inside
            .split_whitespace()
            .any(|word| matches!(word, "p." | "pp."));
    ((1..=12).contains(&words) && spoken && !digits && !reference).then(|| {
        inside
            .trim_matches(['“', '”', '‘', '’', '"', ' '])
            .to_string()
    })
}

/// Whether a text itself explains some words in brackets, or sets them in brackets after what
/// they mean. Initials in brackets after a name explain nothing.
pub(super) fn explains(plain: &str, start: usize, end: usize) -> bool {
    let glossed = gloss(plain, end).is_some_and(|gloss| !is_acronym(&gloss));
    let quotes = ['‘', '“', '’', '”', '"', '\''];
    let before = plain[..start].trim_end_matches(quotes);
    let after = plain[end..].trim_start_matches(quotes);
    let alone = before.ends_with('(') && after.starts_with(')');
    let word = before.trim_end_matches('(').trim_end();
    let name = plain[start..end].starts_with(char::is_uppercase);
    glossed || alone && !name && word.ends_with(char::is_alphanumeric)
}

/// Whether a word is an acronym: two capitals or more and nothing else but a plural's s.
pub fn is_acronym(word: &str) -> bool {
    let core = word.strip_suffix('s').unwrap_or(word);
    core.chars().filter(|c| c.is_uppercase()).count() >= 2
        && core
            .chars()
            .all(|c| c.is_uppercase() || c.is_ascii_digit() || c == '-')
        && !is_roman(core)
}

fn is_roman(word: &str) -> bool {
    word.chars()
        .all(|c| matches!(c, 'I' | 'V' | 'X' | 'L' | 'C' | 'D' | 'M'))
        && word.len() < 6
        && word.starts_with(['I', 'V', 'X'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_glosses() {
        let text = "the aguaje (“rising water”) of 1820 (see p. 3)";
        assert_eq!(gloss(text, 10).as_deref(), Some("rising water"));
        assert_eq!(gloss(text, 37), None);
    }

    #[test]
    fn tells_what_a_text_explains_itself() {
        let explained = |text: &str, word: &str| {
            let start = text.find(word).expect("it is there");
            explains(text, start, start + word.len())
        };
        assert!(explained("the regatas (water thieves) came", "regatas"));
        assert!(explained("the water thieves (regatas) came", "regatas"));
        assert!(explained("the water thieves (“regatas”) came", "regatas"));
        assert!(!explained("the Millers’ Union (MU) met", "Millers’ Union"));
        assert!(!explained("the Millers’ Union (MU) met", "MU"));
        assert!(!explained("the regatas (see p. 3) came", "regatas"));
        assert!(!explained("(regatas) came", "regatas"));
    }
}
