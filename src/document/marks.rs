//! What a link's destination names.

use crate::diag::{Code, Report};
use crate::source::Span;
use crate::text::{Block, Inline, Lang, Name, NameKind, Style};

const SCHEMES: [(&str, NameKind); 6] = [
    ("term:", NameKind::Term),
    ("event:", NameKind::Event),
    ("index:", NameKind::Index),
    ("cite:", NameKind::Cite),
    ("page:", NameKind::Place),
    ("#", NameKind::Place),
];

/// What a mark of the words' language begins with.
const LANGUAGE: &str = "lang:";

/// The language that a destination says its words are of: `lang:fr`.
pub(super) fn language(destination: &str, span: Span, report: &mut Report) -> Option<Lang> {
    let tag = destination.strip_prefix(LANGUAGE)?;
    if !is_language(tag) {
        report
            .error(
                Code::BadValue,
                span,
                format!("`{tag}` is no language's tag"),
            )
            .help("write it as BCP 47 does: `es`, `es-CL`, `arn`");
    }
    Some(Lang(tag.to_string()))
}

/// Whether a tag has the form of BCP 47's: a language of letters, and parts behind hyphens.
fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let first = parts.next().unwrap_or_default();
    let rest = |part: &str| {
        (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    (2..=3).contains(&first.len())
        && first.bytes().all(|byte| byte.is_ascii_alphabetic())
        && parts.all(rest)
}

/// The name that a destination stands for; a destination that leads nowhere is reported.
pub(super) fn name(destination: &str, span: Span, report: &mut Report) -> Option<Name> {
    for (scheme, kind) in SCHEMES {
        if let Some(id) = destination.strip_prefix(scheme) {
            return Some(Name {
                kind,
                id: id.to_string(),
                span,
            });
        }
    }
    let web = ["https://", "http://", "mailto:"]
        .iter()
        .any(|scheme| destination.starts_with(scheme));
    if web {
        return Some(Name {
            kind: NameKind::Web,
            id: destination.to_string(),
            span,
        });
    }
    report
        .error(Code::UnknownId, span, format!("the link `{destination}` leads nowhere that a book can lead to"))
        .help("link to a web address (https://…), to a chapter (#id) or a passage in it (page:id#some-of-its-words), or mark a term:, event:, index: or cite:, or the words' language (lang:es)");
    None
}

/// Reports marks that Markdown does not read as links, so that they would be printed as they
/// are typed: a bracket too many or too few, or a space in the destination.
pub(super) fn check_unread(block: &Block<Name>, report: &mut Report) {
    if !matches!(block, Block::Code(_)) {
        block.each_passage(&mut |passage| unread(&passage.inlines, report));
    }
}

fn unread(inlines: &[Inline<Name>], report: &mut Report) {
    for inline in inlines {
        match inline {
            Inline::Text { text, span } => {
                for (at, _) in text.match_indices("](") {
                    let rest = &text[at + 2..];
                    let named = rest.trim_start_matches('<');
                    let scheme = SCHEMES.iter().find(|(scheme, _)| named.starts_with(scheme));
                    if let (Some((scheme, _)), Some(span)) = (scheme, span) {
                        let exact = (span.end - span.start) as usize == text.len();
                        let length = rest.find(['\n', ' ']).unwrap_or(rest.len());
                        let place = if exact {
                            span.part(at + 2, at + 2 + length)
                        } else {
                            *span
                        };
                        not_closed(scheme, place, report);
                    }
                }
            }
            Inline::Styled(Style::Code, _) | Inline::LineBreak => {}
            Inline::Styled(_, inner) | Inline::Reference(_, inner) => unread(inner, report),
        }
    }
}

fn not_closed(scheme: &str, place: Span, report: &mut Report) {
    report
        .error(
            Code::BadValue,
            place,
            format!("this mark is not read as one, and its `{scheme}` would be printed"),
        )
        .help("write hyphens for spaces; brackets go in pairs, or quote words without them; or put the whole destination between < and >: [so](<cite:letter#dikers (river guard)>)")
        .help("to show the mark itself, put it between back-quotes");
}
