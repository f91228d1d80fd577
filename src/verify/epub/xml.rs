//! XML as a row of tags and texts: as much of it as a well-formed EPUB uses.

use std::borrow::Cow;

/// A piece of an XML file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece<'x> {
    /// `<name key="value">`; one that ends itself is followed by its end.
    Start(&'x str, Attributes<'x>),
    End(&'x str),
    Text(Cow<'x, str>),
}

/// The attributes of a tag and their values.
pub(super) type Attributes<'x> = Vec<(&'x str, Cow<'x, str>)>;

/// Reads a file; `None` where it is not well formed.
pub(super) fn read(xml: &str) -> Option<Vec<Piece<'_>>> {
    let mut pieces = Vec::new();
    let mut open: Vec<&str> = Vec::new();
    let mut rest = xml.trim_start_matches('\u{feff}');
    while !rest.is_empty() {
        let Some(after) = rest.strip_prefix('<') else {
            let end = rest.find('<').unwrap_or(rest.len());
            let (text, after) = rest.split_at(end);
            pieces.push(Piece::Text(unescaped(text)?));
            rest = after;
            continue;
        };
        rest = match after {
            _ if after.starts_with("!--") => after.split_once("-->")?.1,
            _ if after.starts_with("![CDATA[") => {
                let (text, after) = after["![CDATA[".len()..].split_once("]]>")?;
                pieces.push(Piece::Text(text.into()));
                after
            }
            _ if after.starts_with(['!', '?']) => after.split_once('>')?.1,
            _ if after.starts_with('/') => {
                let (name, after) = after[1..].split_once('>')?;
                if open.pop()? != name.trim_end() {
                    return None;
                }
                pieces.push(Piece::End(name.trim_end()));
                after
            }
            _ => {
                let (name, attributes, closed, after) = tag(after)?;
                pieces.push(Piece::Start(name, attributes));
                match closed {
                    true => pieces.push(Piece::End(name)),
                    false => open.push(name),
                }
                after
            }
        };
    }
    open.is_empty().then_some(pieces)
}

/// A tag's name, its attributes, whether it ends itself, and what follows it.
fn tag(text: &str) -> Option<(&str, Attributes<'_>, bool, &str)> {
    let end = text.find(|c: char| c.is_whitespace() || c == '>' || c == '/')?;
    let (name, mut rest) = text.split_at(end);
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start();
        if let Some(after) = rest.strip_prefix("/>") {
            return Some((name, attributes, true, after));
        }
        if let Some(after) = rest.strip_prefix('>') {
            return Some((name, attributes, false, after));
        }
        let (key, after) = rest.split_once('=')?;
        let after = after.trim_start();
        let quote = after
            .chars()
            .next()
            .filter(|quote| matches!(quote, '"' | '\''))?;
        let (value, after) = after[1..].split_once(quote)?;
        attributes.push((key.trim(), unescaped(value)?));
        rest = after;
    }
}

/// Text with its references resolved.
fn unescaped(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains('&') {
        return Some(text.into());
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let (name, after) = after.split_once(';')?;
        let character = match name {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            _ => {
                let number = name.strip_prefix('#')?;
                let number = match number.strip_prefix(['x', 'X']) {
                    Some(digits) => u32::from_str_radix(digits, 16),
                    None => number.parse(),
                };
                char::from_u32(number.ok()?)?
            }
        };
        out.push(character);
        rest = after;
    }
    out.push_str(rest);
    Some(out.into())
}

/// The value of an attribute.
pub(super) fn attribute<'a>(attributes: &'a [(&str, Cow<'_, str>)], key: &str) -> Option<&'a str> {
    let found = attributes.iter().find(|(name, _)| *name == key);
    found.map(|(_, value)| value.as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_tags_texts_and_references() {
        let pieces =
            read("<?xml?><!DOCTYPE a><a b='1' c = \"x&amp;y\">t&#241;<br/><!-- no --></a>");
        let start = |name, attributes: &[(&'static str, &'static str)]| {
            let own = |(key, value): &(&'static str, &'static str)| (*key, (*value).into());
            Piece::Start(name, attributes.iter().map(own).collect())
        };
        assert_eq!(
            pieces,
            Some(vec![
                start("a", &[("b", "1"), ("c", "x&y")]),
                Piece::Text("tñ".into()),
                start("br", &[]),
                Piece::End("br"),
                Piece::End("a"),
            ])
        );
    }

    #[test]
    fn what_is_not_well_formed_is_refused() {
        for wrong in ["<a>", "<a></b>", "<a b=1/>", "<a>&nbsp;</a>", "<a", "</a>"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
