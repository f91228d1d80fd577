//! Markup as a row of pieces, for HTML and XML alike. Nothing nests here, so no depth of a tree
//! can exhaust anything; entities other than the standard's own stay as they are written.

use html5gum::emitters::default::DefaultEmitter;
use html5gum::{Token, Tokenizer};

/// A piece of markup.
pub(super) enum Piece {
    Start(Tag),
    End(String),
    Text(String),
}

/// A start tag.
pub(super) struct Tag {
    pub(super) name: String,
    pub(super) closed: bool,
    attributes: Vec<(String, String)>,
}

impl Tag {
    /// An attribute's value; empty when it is not there.
    pub(super) fn get(&self, name: &str) -> &str {
        let found = self.attributes.iter().find(|(other, _)| other == name);
        found.map_or("", |(_, value)| value)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.attributes.iter().any(|(other, _)| other == name)
    }
}

/// The pieces of a web page: what scripts and styles hold is no markup.
pub(super) fn html(text: &str) -> impl Iterator<Item = Piece> {
    let mut emitter = DefaultEmitter::<()>::default();
    // XHTML writes `<title/>`, which has no end.
    emitter.naively_switch_states(!text.trim_start().starts_with("<?xml"));
    pieces(text, emitter)
}

/// The pieces of XML.
pub(super) fn xml(text: &str) -> impl Iterator<Item = Piece> {
    pieces(text, DefaultEmitter::default())
}

fn pieces(text: &str, emitter: DefaultEmitter<()>) -> impl Iterator<Item = Piece> {
    let tokens = Tokenizer::new_with_emitter(text, emitter);
    tokens
        .filter_map(Result::ok)
        .filter_map(|token| match token {
            Token::StartTag(tag) => Some(Piece::Start(Tag {
                name: string(&tag.name),
                closed: tag.self_closing,
                attributes: tag
                    .attributes
                    .iter()
                    .map(|(name, value)| (string(name), string(value)))
                    .collect(),
            })),
            Token::EndTag(tag) => Some(Piece::End(string(&tag.name))),
            Token::String(text) => Some(Piece::Text(string(&text))),
            Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => None,
        })
}

fn string(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
