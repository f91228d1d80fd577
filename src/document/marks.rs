//! What a link's destination names.

use crate::diag::{Code, Report};
use crate::source::Span;
use crate::text::{Name, NameKind};

const SCHEMES: [(&str, NameKind); 6] = [
    ("term:", NameKind::Term),
    ("event:", NameKind::Event),
    ("index:", NameKind::Index),
    ("cite:", NameKind::Cite),
    ("page:", NameKind::Place),
    ("#", NameKind::Place),
];

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
        .help("link to a web address (https://…), to a chapter (#id), or mark a term:, event:, index: or cite:");
    None
}
