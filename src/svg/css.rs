//! What a drawing's styles and other values may not say.

/// Why a value of an attribute cannot stay, if it cannot.
pub(super) fn fault(value: &str) -> Option<&'static str> {
    let value = value.to_ascii_lowercase();
    if leads_out(&value) {
        return Some("leads out of the file");
    }
    value.contains("javascript:").then_some("holds a script")
}

/// Why a style cannot stay, if it cannot: of an attribute, or of the whole file.
pub(super) fn style_fault(style: &str) -> Option<&'static str> {
    if style.contains('@') {
        return Some("has a rule that begins with @, which readers take in different ways");
    }
    // What is written with escapes could be anything.
    if style.contains('\\') {
        return Some("has a backslash");
    }
    let lower = style.to_ascii_lowercase();
    if lower.contains("mix-blend-mode") || lower.contains("filter") {
        return Some("mixes or filters colours, which few readers do");
    }
    if lower.contains("animation") || lower.contains("transition") {
        return Some("moves");
    }
    fault(style)
}

/// Whether a value refers to anything but a part of the same file.
fn leads_out(value: &str) -> bool {
    references(value).any(|target| !target.starts_with('#'))
}

/// What stands between the brackets of each `url(…)`.
pub(super) fn references(value: &str) -> impl Iterator<Item = &str> {
    value.split("url(").skip(1).map(|rest| {
        let target = rest.split(')').next().unwrap_or_default();
        target.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\''))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_keep_to_the_file() {
        assert_eq!(fault("url( '#shade' )"), None);
        assert_eq!(fault("M0 0L9 9"), None);
        assert!(fault("URL(http://example.org/a.svg#b)").is_some());
        assert!(fault("url(#a) url(b.svg)").is_some());
        assert_eq!(style_fault("fill:#123456;stroke:url(#a)"), None);
        for style in [
            "@import 'a.css'",
            "fill:u\\72l(a)",
            "mix-blend-mode:color-burn",
            "filter:blur(3px)",
            "animation:turn 3s",
        ] {
            assert!(style_fault(style).is_some(), "{style}");
        }
    }
}
