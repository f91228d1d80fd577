//! A chapter as written: CommonMark with footnotes, tables, definition lists, callouts and
//! marks. Reading never fails; what does not hold is reported and something sane is kept.

use std::borrow::Cow;
use std::collections::BTreeMap;

use pulldown_cmark::{Options, Parser};

use crate::diag::{Code, Report, is_text};
use crate::source::{Inputs, SourceId, Span};
use crate::text::{Block, Inline, Name, NameKind, Passage};

mod blocks;
mod callouts;
mod inlines;
mod marks;

use blocks::Builder;

/// One chapter as written, its references by name.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// The heading of level 1, when the text begins with one.
    pub title: Option<Passage<Name>>,
    pub blocks: Vec<Block<Name>>,
    /// Footnotes by label.
    pub notes: BTreeMap<String, Vec<Block<Name>>>,
    /// How many passages there are; ids run from 0 to this, in the order of the text.
    pub passages: u32,
}

/// Where a Markdown text stands, so that its parts can be shown.
#[derive(Clone, Copy)]
enum Ground {
    /// Byte for byte from that offset of an input.
    At(SourceId, usize),
    /// Somewhere in there: a value whose escapes were undone.
    Within(Span),
}

impl Ground {
    fn span(self, range: std::ops::Range<usize>) -> Span {
        match self {
            Ground::At(source, start) => Span::new(source, start + range.start, start + range.end),
            Ground::Within(span) => span,
        }
    }
}

/// Reads a chapter.
pub fn parse(inputs: &Inputs, id: SourceId, report: &mut Report) -> Document {
    let is_text = is_text(inputs, id, report);
    let document = read(inputs, inputs.text(id), Ground::At(id, 0), report);
    if is_text && document.blocks.is_empty() {
        let path = &inputs.get(id).path;
        report
            .warning(
                Code::EmptyChapter,
                Span::new(id, 0, 0),
                format!("`{path}` has no text"),
            )
            .help("write the chapter, or take it out of the running order in book.toml");
    }
    document
}

/// Reads one paragraph of running text that stands in a data file, for instance a
/// definition; `span` is the value's place, its quotation marks included.
pub fn inline(inputs: &Inputs, text: &str, span: Span, report: &mut Report) -> Vec<Inline<Name>> {
    let verbatim = inputs
        .text(span.source)
        .get(span.start as usize + 1..)
        .is_some_and(|rest| rest.starts_with(text));
    let ground = if verbatim {
        Ground::At(span.source, span.start as usize + 1)
    } else {
        Ground::Within(span)
    };
    let document = read(inputs, text, ground, report);
    let mut inlines = Vec::new();
    let single =
        document.blocks.len() <= 1 && document.title.is_none() && document.notes.is_empty();
    for block in document.blocks {
        if let (Block::Paragraph(passage), true) = (block, single) {
            inlines = passage.inlines;
        } else {
            report
                .error(
                    Code::BadValue,
                    span,
                    "this value is more than one paragraph of running text",
                )
                .help("write one paragraph without headings, lists, quotations or notes");
            return vec![Inline::Text {
                text: text.to_string(),
                span: Some(span),
            }];
        }
    }
    inlines
}

fn read(inputs: &Inputs, text: &str, ground: Ground, report: &mut Report) -> Document {
    let text = without_controls(text, ground, report);
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_DEFINITION_LIST;
    let mut builder = Builder::new(inputs, &text, ground, report);
    for (event, range) in Parser::new_ext(&text, options).into_offset_iter() {
        builder.event(event, range);
    }
    let document = builder.finish();
    check_notes(&document, report);
    let blocks = document.blocks.iter();
    for block in blocks.chain(document.notes.values().flatten()) {
        marks::check_unread(block, report);
    }
    document
}

/// Neither a character that anyone can see, nor a line's end or a tab. The last two code points
/// of each plane and those of a row of Arabic are no characters at all; XML forbids two of them.
fn is_control(c: char) -> bool {
    let is_none = u32::from(c) & 0xfffe == 0xfffe || matches!(c, '\u{fdd0}'..='\u{fdef}');
    is_none || c.is_control() && !matches!(c, '\n' | '\t')
}

/// The text with control characters blanked, each reported once a text; every offset in it
/// stays what it was.
fn without_controls<'t>(text: &'t str, ground: Ground, report: &mut Report) -> Cow<'t, str> {
    let Some(first) = text.find(is_control) else {
        return Cow::Borrowed(text);
    };
    let found = text[first..].chars().next().unwrap_or_default();
    let count = text.chars().filter(|&c| is_control(c)).count();
    let character = u32::from(found);
    report
        .warning(
            Code::ControlCharacter,
            ground.span(first..first + found.len_utf8()),
            match count {
                1 => format!("the control character U+{character:04X} is read as a space"),
                _ => format!(
                    "{count} control characters, the first U+{character:04X}, are read as spaces"
                ),
            },
        )
        .help("take them out of the file: no reader can see them");
    let mut blanked = String::with_capacity(text.len());
    for c in text.chars() {
        match is_control(c) {
            true => blanked.push_str(&"    "[..c.len_utf8()]),
            false => blanked.push(c),
        }
    }
    Cow::Owned(blanked)
}

/// Reports notes that nothing calls.
fn check_notes(document: &Document, report: &mut Report) {
    let mut called = Vec::new();
    let notes = document.notes.values().flatten();
    for block in document.blocks.iter().chain(notes) {
        block.each_passage(&mut |passage| calls(&passage.inlines, &mut called));
    }
    called.sort_unstable();
    for (label, blocks) in &document.notes {
        if called.binary_search(&label.as_str()).is_err() {
            let mut span = None;
            blocks
                .iter()
                .for_each(|block| block.each_passage(&mut |passage| span = span.or(passage.span)));
            report
                .warning(
                    Code::LooseFootnote,
                    span,
                    format!("nothing calls the note `{label}`"),
                )
                .help(format!(
                    "call it where it belongs with [^{label}], or take it out"
                ));
        }
    }
}

fn calls<'d>(inlines: &'d [Inline<Name>], called: &mut Vec<&'d str>) {
    for inline in inlines {
        match inline {
            Inline::Reference(name, inner) => {
                if name.kind == NameKind::Footnote {
                    called.push(&name.id);
                }
                calls(inner, called);
            }
            Inline::Styled(_, inner) => calls(inner, called),
            Inline::Text { .. } | Inline::LineBreak => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::QuoteKind;

    fn read(text: &str) -> (Document, Report) {
        let mut inputs = Inputs::default();
        let id = inputs.add_text("a.md", text);
        let mut report = Report::default();
        let document = parse(&inputs, id, &mut report);
        (document, report)
    }

    fn codes(text: &str) -> Vec<&'static str> {
        read(text)
            .1
            .diagnostics
            .iter()
            .map(|diagnostic| diagnostic.code.name())
            .collect()
    }

    #[test]
    fn reads_structure() {
        let (document, report) =
            read("# Title\n\nOne\ntwo *three*.\n\n## Part\n\n- a\n- b\n\n1. x\n\n   y\n");
        assert!(report.diagnostics.is_empty());
        assert_eq!(document.title.expect("a title").plain(), "Title");
        let [
            Block::Paragraph(first),
            Block::Heading { level: 1, .. },
            Block::List(tight),
            Block::List(loose),
        ] = &document.blocks[..]
        else {
            panic!("{:?}", document.blocks)
        };
        assert_eq!(first.plain(), "One two three.");
        assert!(tight.tight && tight.start.is_none() && !loose.tight && loose.start == Some(1));
        assert_eq!(document.passages, 7);
    }

    #[test]
    fn reads_callouts() {
        let (document, _) =
            read("> [!box] A side *box*\n> It says\n> so.\n\n> [!verse]\n> a\\\n> b\n\n> plain\n");
        let [
            Block::Box {
                title: Some(title),
                blocks,
            },
            Block::Quote {
                kind: QuoteKind::Verse,
                ..
            },
            Block::Quote {
                kind: QuoteKind::Quotation,
                ..
            },
        ] = &document.blocks[..]
        else {
            panic!("{:?}", document.blocks)
        };
        assert_eq!(title.plain(), "A side box");
        let Block::Paragraph(inside) = &blocks[0] else {
            panic!("{blocks:?}")
        };
        assert_eq!(inside.plain(), "It says so.");
    }

    #[test]
    fn text_agrees_with_its_span() {
        let text = "A \\*star\\* and [words](term:word) &amp; more.";
        let (document, _) = read(text);
        let Block::Paragraph(passage) = &document.blocks[0] else {
            panic!("{:?}", document.blocks)
        };
        assert_eq!(passage.plain(), "A *star* and words & more.");
        let Inline::Reference(name, inner) = &passage.inlines[1] else {
            panic!("{:?}", passage.inlines)
        };
        assert_eq!((name.kind, name.id.as_str()), (NameKind::Term, "word"));
        let Inline::Text {
            span: Some(span), ..
        } = &inner[0]
        else {
            panic!("{inner:?}")
        };
        assert_eq!(&text[span.start as usize..span.end as usize], "words");
    }

    #[test]
    fn reports_what_does_not_hold() {
        assert_eq!(codes("a <b>c</b>"), ["raw-html"]);
        assert_eq!(codes("text[^a]"), ["loose-footnote"]);
        assert_eq!(codes("text\n\n[^a]: note"), ["loose-footnote"]);
        assert_eq!(
            codes("text[^a]\n\n[^a]: one\n\n[^a]: two"),
            ["duplicate-id"]
        );
        assert_eq!(codes("nul\0"), ["control-character"]);
        assert_eq!(codes(""), ["empty-chapter"]);
        assert_eq!(
            codes("See ![](../x.png)"),
            ["missing-alt", "path-leaves-pack"]
        );
        assert_eq!(codes("See ![a](x.png)"), ["missing-file"]);
        assert_eq!(codes("[a](nowhere.html)"), ["unknown-id"]);
    }

    #[test]
    fn deep_nesting_is_flattened() {
        let (document, _) = read(&(">".repeat(5000) + " deep"));
        let mut words = String::new();
        document
            .blocks
            .iter()
            .for_each(|block| block.each_passage(&mut |passage| words += &passage.plain()));
        assert_eq!(words, "deep");
        read(&("*a ".repeat(3000) + &"*".repeat(3000)));
        read(&("- ".repeat(3000) + "x"));
    }

    #[test]
    fn survives_being_cut_anywhere() {
        let text = "# T\n\n> [!box] b\n> x[^1] `c`\n\n[^1]: n *e*\n\n| a | b |\n|---|:-:|\n| 1 | é |\n\nterm\n: def\n\n![a](b.png)\n\n***\n";
        for end in (0..text.len()).filter(|&end| text.is_char_boundary(end)) {
            read(&text[..end]);
        }
    }
}
