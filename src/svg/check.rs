//! The file of a drawing: what may stand in it, and the file as it is passed on.

use std::fmt::Write;

use resvg::usvg::roxmltree::{Attribute, Document, Node, ParsingOptions};
use resvg::usvg::{Options, Tree};

use super::{Drawing, css, effort, weight};
use crate::diag::{Code, Report};
use crate::source::{Content, Inputs, SourceId, Span};

/// Larger files are no drawings but slips, such as a photograph traced.
const LARGEST_FILE: usize = 8 << 20;
const MOST_NODES: u32 = 400_000;
/// Elements nest no deeper in what people draw.
const DEEPEST: usize = 100;
/// Wider or higher drawings are slips.
const LARGEST_SIDE: f32 = 20_000.0;
/// A drawing that says nothing of its size is as large as this in units of its own.
const USUAL_SIDE: f32 = 600.0;

/// Whoever paints loses count of what stands further off than this, in pixels.
const FARTHEST: f32 = 1_000_000.0;

const SVG: &str = "http://www.w3.org/2000/svg";
const XLINK: &str = "http://www.w3.org/1999/xlink";
const XHTML: &str = "http://www.w3.org/1999/xhtml";

/// What a drawing is made of.
const DRAWN: [&str; 24] = [
    "a",
    "circle",
    "clipPath",
    "defs",
    "desc",
    "ellipse",
    "g",
    "line",
    "linearGradient",
    "marker",
    "mask",
    "path",
    "pattern",
    "polygon",
    "polyline",
    "radialGradient",
    "rect",
    "stop",
    "style",
    "svg",
    "switch",
    "symbol",
    "title",
    "use",
];
/// What says something about it only, and often about who drew it.
const LEFT_OUT: [&str; 3] = ["cursor", "metadata", "view"];

/// Reads and cleans a drawing.
pub(super) fn drawing(inputs: &Inputs, source: SourceId, report: &mut Report) -> Option<Drawing> {
    let mut checker = Checker {
        path: &inputs.get(source).path,
        source,
        report,
        is_bad: false,
        out: String::new(),
    };
    let text = match &inputs.get(source).content {
        Content::Text(text) if text.len() <= LARGEST_FILE => text,
        Content::Binary { .. } => {
            checker.bad(0..0, "is not in UTF-8", "save it as plain SVG in UTF-8");
            return None;
        }
        Content::Text(_) | Content::TooLarge { .. } => {
            let what = "is larger than 8 megabytes";
            checker.bad(0..0, what, "save it as PNG, at most some 3,000 pixels wide");
            return None;
        }
    };
    checker.file(text)
}

struct Checker<'a> {
    path: &'a str,
    source: SourceId,
    report: &'a mut Report,
    is_bad: bool,
    /// The file as it is passed on.
    out: String,
}

impl Checker<'_> {
    fn bad(&mut self, at: std::ops::Range<usize>, what: &str, help: &str) {
        self.is_bad = true;
        let span = Span::new(self.source, at.start, at.end);
        let message = format!("the drawing `{}` {what}", self.path);
        self.report.error(Code::BadImage, span, message).help(help);
    }

    fn file(&mut self, text: &str) -> Option<Drawing> {
        // A file that only names its kind is common; one that defines anything could be a trap.
        if let Some(at) = text.find("<!DOCTYPE") {
            let end = text[at..].find('>').map_or(text.len(), |end| at + end);
            if text[at..end].contains('[') {
                let help = "save it as plain SVG, without the program's own data";
                self.bad(at..end, "defines words of its own (entities)", help);
                return None;
            }
        }
        let options = ParsingOptions {
            allow_dtd: true,
            nodes_limit: MOST_NODES,
            ..ParsingOptions::default()
        };
        let document = match Document::parse_with_options(text, options) {
            Ok(document) => document,
            Err(error) => {
                let at = offset(text, error.pos().row, error.pos().col);
                let what = format!("cannot be read: {error}");
                self.bad(
                    at..at,
                    &what,
                    "open it in a drawing program and save it as plain SVG",
                );
                return None;
            }
        };
        let root = document.root_element();
        if !root.has_tag_name((SVG, "svg")) {
            let help = format!("it begins with <svg xmlns=\"{SVG}\" …>");
            self.bad(
                root.range().start..root.range().start + 1,
                "is not SVG",
                &help,
            );
            return None;
        }
        if let Some(deep) = too_deep(&document) {
            self.bad(
                head(deep),
                "nests its groups too deep",
                "ungroup what needs no group",
            );
            return None;
        }
        for child in root.children() {
            self.node(child);
        }
        if self.is_bad {
            return None;
        }
        match weight::of(&document) {
            Err(node) => self.bad(
                head(node),
                "uses a part within that same part",
                "draw it apart",
            ),
            Ok(weight) if weight > weight::MOST => {
                let what = "comes to more than 200,000 shapes";
                self.bad(head(root), what, "simplify it, or save it as PNG");
            }
            Ok(_) => return self.framed(&document),
        }
        None
    }

    /// The drawing on its ground and with its size.
    fn framed(&mut self, document: &Document<'_>) -> Option<Drawing> {
        let root = document.root_element();
        let inside = std::mem::take(&mut self.out);
        let help = "give its first line a viewBox, or a width and a height, in numbers";
        let Some(frame) = frame(root) else {
            self.bad(head(root), "does not say how large it is", help);
            return None;
        };
        let [x, y, width, height] = frame.view;
        let (across, down) = frame.size;
        let sides = 1.0..=LARGEST_SIDE;
        if !(sides.contains(&across) && sides.contains(&down)) {
            let what = format!("is {across} by {down} pixels large, which no page can show");
            self.bad(head(root), &what, help);
            return None;
        }
        for attribute in root.attributes() {
            let is_size = matches!(attribute.name(), "x" | "y" | "width" | "height" | "viewBox");
            if !is_size {
                self.attribute(root, &attribute);
            }
        }
        let rest = std::mem::take(&mut self.out);
        if self.is_bad {
            return None;
        }
        let text = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"{SVG}\" xmlns:xlink=\"{XLINK}\" \
             width=\"{}\" height=\"{}\" viewBox=\"{x} {y} {width} {height}\"{rest}>\n\
             <rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"#ffffff\" stroke=\"none\"/>\
             {inside}</svg>\n",
            whole(across),
            whole(down)
        );
        // What is left is sound, but for what only the one who paints it can tell.
        let tree = match Tree::from_str(&text, &Options::default()) {
            Ok(tree) => tree,
            Err(error) => {
                self.bad(head(root), &format!("cannot be drawn: {error}"), help);
                return None;
            }
        };
        let bounds = tree.root().abs_stroke_bounding_box();
        let edges = [bounds.left(), bounds.top(), bounds.right(), bounds.bottom()];
        if !edges.iter().all(|edge| edge.abs() <= FARTHEST) {
            let help = "delete what stands far outside, or draw it smaller";
            self.bad(head(root), "reaches far beyond its own edges", help);
            return None;
        }
        if effort::of(&tree) > effort::MOST {
            let what =
                "would take too long to paint: large parts lie over one another hundreds of times";
            self.bad(head(root), what, "simplify it, or save it as PNG");
            return None;
        }
        Some(Drawing {
            text,
            width: whole(across),
            height: whole(down),
            is_measured: frame.is_measured,
        })
    }

    fn node(&mut self, node: Node<'_, '_>) {
        if node.is_text() {
            let is_kept = node.parent().is_some_and(|parent| {
                matches!(parent.tag_name().name(), "style" | "title" | "desc")
            });
            if is_kept {
                escaped(&mut self.out, node.text().unwrap_or_default());
            }
            return;
        }
        if !node.is_element() {
            return;
        }
        let name = node.tag_name().name();
        match node.tag_name().namespace() {
            Some(SVG) if DRAWN.contains(&name) => self.element(node, name),
            Some(SVG) if LEFT_OUT.contains(&name) => {}
            Some(SVG) => {
                let (what, help) = refusal(name);
                self.bad(head(node), &what, help);
            }
            Some(XHTML) => self.bad(head(node), "holds a piece of a web page", FLATTEN),
            // A drawing program's own data.
            Some(_) | None => {}
        }
    }

    fn element(&mut self, node: Node<'_, '_>, name: &str) {
        if name == "style" {
            let style: String = node.children().filter_map(|child| child.text()).collect();
            if let Some(what) = css::style_fault(&style) {
                self.bad(head(node), &format!("has a style that {what}"), FLATTEN);
            }
        }
        let _ = write!(self.out, "<{name}");
        for attribute in node.attributes() {
            self.attribute(node, &attribute);
        }
        self.out.push('>');
        for child in node.children() {
            self.node(child);
        }
        let _ = write!(self.out, "</{name}>");
    }

    /// Writes an attribute; those of drawing programs are left out.
    fn attribute(&mut self, node: Node<'_, '_>, attribute: &Attribute<'_, '_>) {
        let (name, value) = (attribute.name(), attribute.value());
        let prefix = match attribute.namespace() {
            None if name.starts_with("data-") => return,
            None => "",
            Some(XLINK) if name == "href" => "xlink:",
            Some(_) => return,
        };
        let is_link = name == "href" || name == "src";
        let fault = if name.len() > 2 && name.to_ascii_lowercase().starts_with("on") {
            Some("acts when it is touched")
        } else if is_link && !value.trim().starts_with('#') {
            Some("leads out of the file")
        } else if matches!(name, "filter" | "mix-blend-mode") && value != "none" {
            Some("mixes or filters colours, which few readers do")
        } else if name == "style" {
            css::style_fault(value)
        } else {
            css::fault(value)
        };
        if let Some(what) = fault {
            let shown = format!(
                "has `{name}` at its <{}>, which {what}",
                node.tag_name().name()
            );
            self.bad(attribute.range(), &shown, FLATTEN);
        }
        let _ = write!(self.out, " {prefix}{name}=\"");
        escaped(&mut self.out, value);
        self.out.push('"');
    }
}

const FLATTEN: &str = "take it out, or save the drawing as PNG";

/// What is wrong with an element that is none of a drawing's, and what to do.
fn refusal(name: &str) -> (String, &'static str) {
    match name {
        "script" | "handler" | "listener" => ("holds a script".into(), FLATTEN),
        "foreignObject" => ("holds a piece of a web page".into(), FLATTEN),
        "text" | "tspan" | "textPath" | "tref" | "textArea" | "flowRoot" => (
            "sets words in type, which stands differently on every reader".into(),
            "turn its text into outlines (in Inkscape: Path, Object to Path), and let the \
             alternative text say the words",
        ),
        "image" | "feImage" => (
            "holds another picture".into(),
            "save the whole as PNG or JPEG",
        ),
        "animate" | "animateColor" | "animateMotion" | "animateTransform" | "set" | "discard"
        | "mpath" => (
            "moves".into(),
            "save the one state that the book is to show",
        ),
        _ if name == "filter" || name.starts_with("fe") => (
            "has a filter, such as a blur or a shadow, which few readers show".into(),
            "take the filter off, or save the drawing as PNG",
        ),
        _ => (
            format!("has a <{name}>, which is no part of a still drawing"),
            FLATTEN,
        ),
    }
}

/// Where the drawing stands among its units, and how large it is.
struct Frame {
    view: [f32; 4],
    size: (f32, f32),
    is_measured: bool,
}

fn frame(root: Node<'_, '_>) -> Option<Frame> {
    let side = |name| root.attribute(name).and_then(pixels);
    let (width, height) = (side("width"), side("height"));
    let Some(view) = root.attribute("viewBox") else {
        let (width, height) = (width?, height?);
        return Some(Frame {
            view: [0.0, 0.0, width, height],
            size: (width, height),
            is_measured: true,
        });
    };
    let numbers: Vec<f32> = view
        .split([' ', ',', '\n', '\t'])
        .filter(|number| !number.is_empty())
        .map(|number| {
            number
                .parse()
                .ok()
                .filter(|number: &f32| number.is_finite())
        })
        .collect::<Option<_>>()?;
    let view = <[f32; 4]>::try_from(numbers).ok()?;
    let [_, _, across, down] = view;
    if across <= 0.0 || down <= 0.0 {
        return None;
    }
    let size = match (width, height) {
        // A frame of another shape would leave bars of no colour at two sides.
        (Some(width), _) => (width, width * down / across),
        (None, Some(height)) => (height * across / down, height),
        (None, None) => (USUAL_SIDE, USUAL_SIDE * down / across),
    };
    Some(Frame {
        view,
        size,
        is_measured: width.is_some() || height.is_some(),
    })
}

/// A length in pixels; `None` for a share of something.
fn pixels(length: &str) -> Option<f32> {
    let length = length.trim();
    let digits = length.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '%');
    let number: f32 = digits.trim().parse().ok()?;
    let unit = match &length[digits.len()..] {
        "" | "px" => 1.0,
        "pt" => 96.0 / 72.0,
        "pc" => 16.0,
        "mm" => 96.0 / 25.4,
        "cm" => 96.0 / 2.54,
        "in" => 96.0,
        _ => return None,
    };
    Some(number * unit).filter(|pixels| pixels.is_finite())
}

#[allow(
    clippy::cast_possible_truncation,
    reason = "it is between 1 and 20,000"
)]
fn whole(side: f32) -> u32 {
    u32::try_from(side.round() as i64).unwrap_or(1).max(1)
}

/// The first element that stands in too many others.
fn too_deep<'d>(document: &'d Document<'d>) -> Option<Node<'d, 'd>> {
    let mut open: Vec<Node<'d, 'd>> = Vec::new();
    document
        .descendants()
        .filter(Node::is_element)
        .find(|node| {
            while open
                .last()
                .is_some_and(|last| last.range().end <= node.range().start)
            {
                open.pop();
            }
            open.push(*node);
            open.len() > DEEPEST
        })
}

/// The name at an element's head, for a message to point at.
fn head(node: Node<'_, '_>) -> std::ops::Range<usize> {
    let start = node.range().start;
    start..(start + 1 + node.tag_name().name().len()).min(node.range().end)
}

/// The byte at a line and a column, both counted from 1, the column in characters.
fn offset(text: &str, row: u32, column: u32) -> usize {
    let line = text
        .split_inclusive('\n')
        .take(row.saturating_sub(1) as usize);
    let start: usize = line.map(str::len).sum();
    let rest = text[start..].split('\n').next().unwrap_or_default();
    let within = rest.char_indices().nth(column.saturating_sub(1) as usize);
    start + within.map_or(rest.len(), |(at, _)| at)
}

fn escaped(out: &mut String, text: &str) {
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(letter),
        }
    }
}
