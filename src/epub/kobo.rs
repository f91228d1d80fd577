//! The KEPUB of an e-book. The Kobo counts pages, marks passages and keeps the place of
//! reading by spans that stand round each sentence: `kobo.P.S`, the paragraph and the
//! sentence in it. Without them it shows the book in another, older program.

use crate::epub::plan::NAV;
use crate::epub::variants::Change;

/// The Kobo sets margins of its own round a chapter.
const STYLE: &str = "<style type=\"text/css\" id=\"kobostylehacks\">\
    div#book-inner { margin-top: 0; margin-bottom: 0; }</style>\n";

/// Elements whose text is no running text.
const CLOSED: [&str; 7] = ["audio", "math", "pre", "script", "style", "svg", "video"];
/// Elements with which a paragraph begins.
const OPENING: [&str; 10] = ["p", "ol", "ul", "table", "h1", "h2", "h3", "h4", "h5", "h6"];

pub(super) fn change(name: &str, content: &[u8]) -> Change {
    let is_text = name.ends_with(".xhtml") && !name.ends_with(NAV);
    match std::str::from_utf8(content) {
        Ok(text) if is_text => Change::Text(spanned(text)),
        Ok(_) | Err(_) => Change::Keep,
    }
}

/// A file with its sentences in spans.
fn spanned(xhtml: &str) -> String {
    let Some((head, rest)) = xhtml.split_once("<body") else {
        return xhtml.into();
    };
    let Some((body, end)) = rest.rsplit_once("</body>") else {
        return xhtml.into();
    };
    let (attributes, content) = body.split_at(body.find('>').map_or(0, |at| at + 1));
    let mut spans = Spans {
        out: String::with_capacity(xhtml.len() * 3 / 2),
        paragraph: 0,
        sentence: 0,
        begins: true,
        closed: 0,
    };
    spans
        .out
        .push_str(&head.replace("</head>", &format!("{STYLE}</head>")));
    spans.out.push_str("<body");
    spans.out.push_str(attributes);
    spans
        .out
        .push_str("<div id=\"book-columns\"><div id=\"book-inner\">");
    spans.content(content);
    spans.out.push_str("</div></div></body>");
    spans.out.push_str(end);
    spans.out
}

/// Where the spans stand.
struct Spans {
    out: String,
    paragraph: u32,
    sentence: u32,
    /// Whether the next span begins a paragraph.
    begins: bool,
    /// How deep we are in elements without running text.
    closed: u32,
}

impl Spans {
    fn content(&mut self, mut rest: &str) {
        while let Some(at) = rest.find('<') {
            self.text(&rest[..at]);
            let end = rest[at..].find('>').map_or(rest.len(), |end| at + end + 1);
            self.tag(&rest[at..end]);
            rest = &rest[end..];
        }
        self.text(rest);
    }

    fn tag(&mut self, tag: &str) {
        let name = tag.trim_start_matches(['<', '/']);
        let name = name.split([' ', '/', '>', '\n']).next().unwrap_or_default();
        if CLOSED.contains(&name) && !tag.ends_with("/>") {
            match tag.starts_with("</") {
                true => self.closed = self.closed.saturating_sub(1),
                false => self.closed += 1,
            }
        }
        self.begins |= OPENING.contains(&name) && !tag.starts_with("</");
        match name {
            "img" if self.closed == 0 => {
                self.begins = true;
                self.open();
                self.out.push_str(tag);
                self.out.push_str("</span>");
                self.begins = true;
            }
            // The Kobo opens a note in a window when its call says that it is one, which it is
            // not: the role keeps to the truth, and a checker of access finds that they differ.
            "a" => self
                .out
                .push_str(&tag.replace("epub:type=\"noteref\"", "epub:type=\"footnote\"")),
            _ => self.out.push_str(tag),
        }
    }

    fn text(&mut self, text: &str) {
        if self.closed > 0 || text.trim().is_empty() {
            return self.out.push_str(text);
        }
        for sentence in sentences(text) {
            self.open();
            self.out.push_str(sentence);
            self.out.push_str("</span>");
        }
    }

    fn open(&mut self) {
        if std::mem::take(&mut self.begins) {
            self.paragraph += 1;
            self.sentence = 0;
        }
        self.sentence += 1;
        let (paragraph, sentence) = (self.paragraph, self.sentence);
        self.out.push_str(&format!(
            "<span class=\"koboSpan\" id=\"kobo.{paragraph}.{sentence}\">"
        ));
    }
}

/// Text cut behind the white space that follows a sentence's end. White space alone goes to
/// the sentence before it.
fn sentences(text: &str) -> Vec<&str> {
    let mut sentences = Vec::new();
    let mut start = 0;
    let mut ended = false;
    // Whether the sentence may go on behind its stop.
    let mut is_doubtful = false;
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '.' | '!' | '?' => (ended, is_doubtful) = (true, false),
            '…' => (ended, is_doubtful) = (true, true),
            ')' | ']' => is_doubtful = true,
            '"' | '\'' | '”' | '’' | '»' => {}
            '&' if text[at..].starts_with("&quot;") => {
                letters.nth("quot;".len() - 1);
            }
            // A no-break space holds together what stands on both sides of it.
            ' ' | '\n' | '\t' if ended => {
                let next = letters.peek().map_or(text.len(), |(next, _)| *next);
                let rest = &text[next..];
                let goes_on = is_doubtful
                    && rest.starts_with(|c: char| c.is_lowercase() || matches!(c, '(' | '['));
                if goes_on {
                    ended = false;
                } else if !rest.starts_with([' ', '\n', '\t']) && !rest.is_empty() {
                    sentences.push(&text[start..next]);
                    start = next;
                    ended = false;
                }
            }
            _ => ended = false,
        }
    }
    sentences.push(&text[start..]);
    sentences
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_text_behind_its_sentences() {
        assert_eq!(
            sentences("It ended. “Did it?” she said; &quot;No!&quot;  He left\u{2026} 3.5 km."),
            [
                "It ended. ",
                "“Did it?” ",
                "she said; &quot;No!&quot;  ",
                "He left\u{2026} ",
                "3.5 km."
            ]
        );
        assert_eq!(sentences("One. \n"), ["One. \n"]);
        // Neither an ellipsis nor a stop inside brackets ends a sentence that goes on.
        for whole in [
            "He left\u{2026} but came (from the U.S.) back.",
            "As it was \u{2026} [they] say (in the U.S.) (once) more.",
        ] {
            assert_eq!(sentences(whole), [whole]);
        }
        assert_eq!(sentences("No end"), ["No end"]);
    }

    #[test]
    fn numbers_paragraphs_and_sentences() {
        let page = "<html><head><title>T. U.</title></head>\n<body epub:type=\"bodymatter\">\n\
            <h1 id=\"p1\">A. B.</h1>\n<p>One. <em>Two.</em><a epub:type=\"noteref\" href=\"#n\">1</a></p>\n\
            <pre>Not. This.</pre>\n<figure><img src=\"a.png\" alt=\"Is 1 &gt; 0.\"/></figure>\n</body>\n</html>\n";
        let span = |id: &str, text: &str| {
            format!("<span class=\"koboSpan\" id=\"kobo.{id}\">{text}</span>")
        };
        let wanted = format!(
            "<html><head><title>T. U.</title>{STYLE}</head>\n<body epub:type=\"bodymatter\">\
             <div id=\"book-columns\"><div id=\"book-inner\">\n\
             <h1 id=\"p1\">{}{}</h1>\n<p>{}<em>{}</em><a epub:type=\"footnote\" href=\"#n\">{}</a></p>\n\
             <pre>Not. This.</pre>\n<figure>{}</figure>\n</div></div></body>\n</html>\n",
            span("1.1", "A. "),
            span("1.2", "B."),
            span("2.1", "One. "),
            span("2.2", "Two."),
            span("2.3", "1"),
            span("3.1", "<img src=\"a.png\" alt=\"Is 1 &gt; 0.\"/>"),
        );
        assert_eq!(spanned(page), wanted);
    }
}
