//! Text as XML wants it, and web addresses that may be linked.

/// Appends text with the signs of markup escaped, for content and attribute values alike.
/// Control characters, which XML forbids, are dropped.
pub(super) fn push(out: &mut String, text: &str) {
    let mut done = 0;
    for (at, character) in text.char_indices() {
        let escaped = match character {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            '"' => "&quot;",
            _ if is_forbidden(character) => "",
            _ => continue,
        };
        out.push_str(&text[done..at]);
        out.push_str(escaped);
        done = at + character.len_utf8();
    }
    out.push_str(&text[done..]);
}

/// The same as a string of its own.
pub(super) fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    push(&mut out, text);
    out
}

/// Escaped text as it was.
pub(super) fn plain(text: &str) -> String {
    let signs = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&apos;", "'"),
        ("&amp;", "&"),
    ];
    let unescape = |text: String, (escaped, sign): (&str, &str)| text.replace(escaped, sign);
    signs.into_iter().fold(text.to_string(), unescape)
}

/// Controls but tab and line end, and code points that are no characters.
fn is_forbidden(character: char) -> bool {
    match character {
        '\t' | '\n' => false,
        '\u{fdd0}'..='\u{fdef}' => true,
        _ => character.is_control() || u32::from(character) & 0xfffe == 0xfffe,
    }
}

/// A web or mail address as a link may have it; `None` for what is no such address, whose
/// words then stand without a link.
pub(super) fn address(address: &str) -> Option<String> {
    let address = address.trim();
    let (scheme, rest) = address.split_once(':')?;
    let sound = match scheme.to_ascii_lowercase().as_str() {
        "http" | "https" => has_host(rest.strip_prefix("//")?),
        "mailto" => is_mail(rest),
        _ => false,
    };
    sound.then(|| encoded(address))
}

fn has_host(rest: &str) -> bool {
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (host, port) = authority.split_once(':').unwrap_or((authority, "80"));
    let named = |c: char| c.is_alphanumeric() || c == '-' || c == '.';
    host.starts_with(char::is_alphanumeric)
        && host.chars().all(named)
        && port.parse::<u16>().is_ok()
}

fn is_mail(rest: &str) -> bool {
    let address = rest.split('?').next().unwrap_or_default();
    let plain = |c: char| c.is_ascii_alphanumeric() || "@.-_+%,".contains(c);
    address.contains('@') && address.chars().all(plain)
}

/// The address with what no address may hold in percent signs and digits.
fn encoded(address: &str) -> String {
    let mut out = String::with_capacity(address.len());
    for (at, character) in address.char_indices() {
        let digits = address.as_bytes().get(at + 1..at + 3);
        let is_code = digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit));
        let unsafe_sign = "\"<>\\^`{|}[] ".contains(character)
            || character.is_control()
            || character.is_whitespace()
            || is_forbidden(character)
            || (character == '%' && !is_code);
        if !unsafe_sign {
            out.push(character);
            continue;
        }
        for byte in character.to_string().bytes() {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{address, text};

    #[test]
    fn escapes_markup_and_drops_controls() {
        assert_eq!(
            text("a < b & \"c\" > d"),
            "a &lt; b &amp; &quot;c&quot; &gt; d"
        );
        assert_eq!(text("a\0b\u{1}c\u{85}\td\u{fffe}\u{1fffe}é"), "abc\tdé");
    }

    #[test]
    fn links_only_web_and_mail() {
        assert_eq!(
            address("https://example.org/a b?q=\"x\"").as_deref(),
            Some("https://example.org/a%20b?q=%22x%22")
        );
        assert_eq!(
            address("HTTP://example.org:8080/100%").as_deref(),
            Some("HTTP://example.org:8080/100%25")
        );
        assert_eq!(
            address("mailto:ann@example.org").as_deref(),
            Some("mailto:ann@example.org")
        );
        for bad in [
            "javascript:alert(1)",
            "file:///etc/passwd",
            "data:text/html,x",
            "http://",
            "http:///x",
            "http://a b/",
            "http://[x/",
            "http://x:99999/",
            "mailto:nobody",
            "word",
            "",
        ] {
            assert_eq!(address(bad), None, "{bad}");
        }
    }
}
