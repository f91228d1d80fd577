//! The ledger for editors: a page that shows each text as it is in the file, with line
//! numbers, and every change marked in it. A change leads to the next one of its rule.

use std::fmt::Write;

use super::{Source, Stretch, digest};
use crate::import::{ChangeKind, Class, Fate};
use crate::source::Inputs;

/// The ledger as a page of HTML that needs nothing else.
pub fn html(inputs: &Inputs, title: &str, sources: &[Source]) -> String {
    let mut page = Page {
        inputs,
        out: String::new(),
    };
    page.out.push_str(HEAD);
    page.push("<title>Ledger: ");
    page.text(title);
    page.push("</title>\n<style>");
    page.push(STYLE);
    page.push("</style>\n<body>\n<header><h1>Ledger</h1>\n<p class=\"book\">");
    page.text(title);
    page.push("</p>\n");
    page.push(LEAD);
    page.summary(sources);
    page.push("</header>\n");
    for (number, source) in sources.iter().enumerate() {
        page.source(number, source);
    }
    page.push("</body>\n</html>\n");
    page.out
}

const HEAD: &str = "<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n";

const LEAD: &str = "<p>What became of every character of the sources: each is kept, or something \
    was done with it by a rule of the text’s recipe. The texts stand below as they are in the \
    files. Choose a mark to go to the next one of the same rule; hold the pointer over it to \
    see the rule and the place.</p>\n";

const STYLE: &str = include_str!("ledger.css");

struct Page<'p> {
    inputs: &'p Inputs,
    out: String,
}

/// A source's changes of one class, numbered as they come.
struct Numbers {
    source: usize,
    seen: Vec<usize>,
    counts: Vec<usize>,
}

impl Page<'_> {
    fn push(&mut self, markup: &str) {
        self.out.push_str(markup);
    }

    fn text(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '<' => self.push("&lt;"),
                '&' => self.push("&amp;"),
                '"' => self.push("&quot;"),
                c => self.out.push(c),
            }
        }
    }

    /// One row for each source, and which fates are shown.
    fn summary(&mut self, sources: &[Source]) {
        self.push("<table><caption>Characters of each source</caption>\n<thead><tr><th>Source</th><th>all</th>");
        for fate in Fate::ALL {
            let name = fate.name();
            let box_ = match fate {
                Fate::Kept => name.to_string(),
                Fate::Joined | Fate::Normalised | Fate::Moved | Fate::Emended | Fate::Removed => {
                    format!(
                        "<label class=\"{name}\"><input type=\"checkbox\" id=\"show-{name}\" checked> {name}</label>"
                    )
                }
            };
            let _ = write!(self.out, "<th>{box_}</th>");
        }
        self.push("</tr></thead>\n<tbody>");
        for (number, source) in sources.iter().enumerate() {
            let account = source.account(self.inputs);
            let all = self.inputs.text(source.raw).chars().count();
            let _ = write!(self.out, "\n<tr><th><a href=\"#s{number}\">");
            self.text(&source.title);
            let _ = write!(self.out, "</a></th><td>{}</td>", grouped(all));
            for count in account {
                let _ = write!(self.out, "<td>{}</td>", grouped(count));
            }
            self.push("</tr>");
        }
        self.push("</tbody></table>\n");
    }

    fn source(&mut self, number: usize, source: &Source) {
        let _ = write!(self.out, "<section id=\"s{number}\">\n<h2>");
        self.text(&source.title);
        self.push("</h2>\n<p class=\"file\"><code>");
        self.text(&source.file);
        self.push("</code>, SHA-256 <code>");
        self.push(&digest(self.inputs, source));
        let encoding = self.inputs.get(source.raw).encoding.name();
        let _ = write!(self.out, "</code>, read as {encoding}, cleaned by <code>");
        self.text(&source.recipe);
        self.push("</code></p>\n");
        let numbers = self.rules(number, source);
        self.raw_text(source, numbers);
        self.push("</section>\n");
    }

    /// The rules that ran, each with its first place.
    fn rules(&mut self, number: usize, source: &Source) -> Numbers {
        let stretches = source.stretches(self.inputs);
        let mut counts = vec![0; Class::ALL.len() + 1];
        for stretch in &stretches {
            if let Some(slot) = slot(stretch) {
                counts[slot] += 1;
            }
        }
        for change in &source.ledger.changes {
            counts[change.class as usize] += usize::from(change.kind == ChangeKind::Set);
        }
        self.push("<table class=\"rules\"><thead><tr><th>Rule</th><th>What it did</th><th>times</th><th>characters</th></tr></thead>\n<tbody>");
        let emended = source.account(self.inputs)[Fate::Emended as usize];
        let ran = source.rules(self.inputs);
        let rows = ran.iter().map(|&(class, times, characters)| {
            (
                class as usize,
                class.name(),
                class.words(),
                times,
                characters,
            )
        });
        let corrected = (
            Class::ALL.len(),
            "emended",
            "words corrected by the editors",
        );
        let corrected = (
            corrected.0,
            corrected.1,
            corrected.2,
            source.emended.len(),
            emended,
        );
        for (slot, name, words, times, characters) in
            rows.chain((!source.emended.is_empty()).then_some(corrected))
        {
            self.push("\n<tr><th>");
            match counts[slot] {
                0 => self.push(name),
                _ => {
                    let _ = write!(self.out, "<a href=\"#s{number}-{slot}-1\">{name}</a>");
                }
            }
            let _ = write!(
                self.out,
                "</th><td>{words}</td><td>{}</td><td>{}</td></tr>",
                grouped(times),
                grouped(characters)
            );
        }
        self.push("</tbody></table>\n");
        Numbers {
            source: number,
            seen: vec![0; counts.len()],
            counts,
        }
    }

    /// The text as it is in the file.
    fn raw_text(&mut self, source: &Source, mut numbers: Numbers) {
        let raw = self.inputs.text(source.raw);
        let mut line = 1;
        let mut set = source
            .ledger
            .changes
            .iter()
            .filter(|change| change.kind == ChangeKind::Set)
            .peekable();
        self.push("<div class=\"text\">");
        self.line_number(line);
        for stretch in source.stretches(self.inputs) {
            let mut start = stretch.start;
            while let Some(change) = set.next_if(|change| (change.start as usize) < stretch.end) {
                let at = (change.start as usize).max(start);
                if stretch.fate == Fate::Kept {
                    self.characters(&raw[start..at], &mut line);
                    start = at;
                }
                self.label(change.class, line, &mut numbers);
            }
            match slot(&stretch) {
                Some(slot) => self.mark(&stretch, slot, raw, &mut line, &mut numbers),
                None => self.characters(&raw[start..stretch.end], &mut line),
            }
        }
        self.push("</div>\n");
    }

    /// What begins here is set as something.
    fn label(&mut self, class: Class, line: usize, numbers: &mut Numbers) {
        let place = numbers.next(class as usize);
        let name = class.name();
        let _ = write!(
            self.out,
            "<a class=\"set\" {place} title=\"{}; line {line}\">{name}</a>",
            class.words()
        );
    }

    /// A stretch that was changed, and what stands in its stead.
    fn mark(
        &mut self,
        stretch: &Stretch<'_>,
        slot: usize,
        raw: &str,
        line: &mut usize,
        numbers: &mut Numbers,
    ) {
        let fate = stretch.fate.name();
        let place = numbers.next(slot);
        let rule = stretch.class.map_or("emended", Class::name);
        let _ = write!(
            self.out,
            "<a class=\"{fate}\" {place} title=\"{rule}; line {line}, bytes {}–{}",
            stretch.start, stretch.end
        );
        if !stretch.with.is_empty() && stretch.fate != Fate::Emended {
            self.push("; set as ‘");
            self.text(&stretch.with.replace('\n', "↵"));
            self.push("’");
        }
        self.push("\">");
        let old = &raw[stretch.start..stretch.end];
        let is_space = old.trim().is_empty();
        match (is_space, stretch.fate) {
            (true, Fate::Joined | Fate::Normalised | Fate::Removed) => self.space(old, line),
            (_, Fate::Moved | Fate::Kept) => self.characters(old, line),
            (_, Fate::Joined | Fate::Normalised | Fate::Emended | Fate::Removed) => {
                self.push("<del>");
                self.characters(old, line);
                self.push("</del>");
            }
        }
        if !stretch.with.trim().is_empty() {
            self.push("<ins>");
            self.text(stretch.with.trim());
            self.push("</ins>");
        }
        self.push("</a>");
    }

    /// White space that was changed, made visible.
    fn space(&mut self, space: &str, line: &mut usize) {
        for c in space.chars() {
            match c {
                '\n' => {
                    self.push("↵");
                    self.characters("\n", line);
                }
                '\t' => self.push("⇥"),
                '\u{c}' => self.push("␌"),
                _ => self.push("·"),
            }
        }
    }

    /// Characters as they are, with a number at every fifth line.
    fn characters(&mut self, text: &str, line: &mut usize) {
        for piece in text.split_inclusive('\n') {
            self.text(piece);
            if piece.ends_with('\n') {
                *line += 1;
                self.line_number(*line);
            }
        }
    }

    fn line_number(&mut self, line: usize) {
        if line == 1 || line.is_multiple_of(5) {
            let _ = write!(self.out, "<i>{line}</i>");
        }
    }
}

impl Numbers {
    /// The name of the next change of a class, and the way to the one after it.
    fn next(&mut self, slot: usize) -> String {
        self.seen[slot] += 1;
        let (source, number) = (self.source, self.seen[slot]);
        let next = match number < self.counts[slot] {
            true => format!("s{source}-{slot}-{}", number + 1),
            false => format!("s{source}"),
        };
        format!("id=\"s{source}-{slot}-{number}\" href=\"#{next}\"")
    }
}

/// Where changes like this one are counted; `None` for what is kept.
fn slot(stretch: &Stretch<'_>) -> Option<usize> {
    match stretch.fate {
        Fate::Kept => None,
        Fate::Emended => Some(Class::ALL.len()),
        Fate::Joined | Fate::Normalised | Fate::Moved | Fate::Removed => {
            stretch.class.map(|class| class as usize)
        }
    }
}

/// A number in groups of three figures.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push('\u{202f}');
        }
        grouped.push(digit);
    }
    grouped
}
