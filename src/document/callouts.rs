//! What the first line of a quotation makes of it: a side box, verse, a motto, a timeline.

use std::ops::Range;

use crate::text::QuoteKind;

/// What a quotation's first line makes of it: `[!box] Title`.
#[derive(Clone, Copy)]
pub(super) struct Callout {
    pub(super) kind: CalloutKind,
    /// Where the text after the marker begins.
    pub(super) marker_end: usize,
    /// Where the first line ends.
    pub(super) line_end: usize,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum CalloutKind {
    Box,
    Quote(QuoteKind),
    Timeline,
}

/// What the first line of a quotation makes of it.
pub(super) fn read(text: &str, range: &Range<usize>) -> Option<Callout> {
    let quote = text.get(range.clone())?;
    // No further than a marker can stand, lest deep nesting be read again at every depth.
    let lead = quote
        .bytes()
        .take(80)
        .take_while(|byte| matches!(byte, b'>' | b' ' | b'\t'))
        .count();
    let inside = quote[lead..].strip_prefix("[!")?;
    let (kind, _) = inside.split_once(']')?;
    let marker_end = range.start + lead + "[!".len() + kind.len() + "]".len();
    let line_end = text[marker_end..]
        .find('\n')
        .map_or(text.len(), |at| marker_end + at);
    let kind = match kind {
        "box" => CalloutKind::Box,
        "verse" => CalloutKind::Quote(QuoteKind::Verse),
        "epigraph" => CalloutKind::Quote(QuoteKind::Epigraph),
        "timeline" => CalloutKind::Timeline,
        _ => return None,
    };
    Some(Callout {
        kind,
        marker_end,
        line_end,
    })
}
