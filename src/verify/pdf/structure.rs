//! The text of a PDF in the order of its structure, as a reader's voice follows it: running
//! text, notes apart, contents left out (PDF 1.7 §14.7).

use std::collections::BTreeMap;

use lopdf::{Dictionary, Document, Object, ObjectId};

use super::content::PageText;
use super::{File, Goal};
use crate::verify::found::{Found, Lead};
use crate::verify::listener::{Listener, Role};
use crate::verify::words::Words;

/// Deeper trees than any book's are not followed.
const DEEPEST: usize = 64;

/// Reads the text of a file whose pages were read, and the locators of its index with the
/// pages that they lead to.
pub(super) fn read(
    file: &File,
    texts: &[PageText],
    words: &mut Words,
) -> (Found, Vec<(String, usize)>) {
    let document = &file.document;
    let mut walk = Walk {
        file,
        document,
        places: &file.places,
        texts,
        listener: Listener::default(),
        elements: 0,
        in_index: false,
        locator: None,
        locators: Vec::new(),
    };
    let root = document
        .catalog()
        .and_then(|catalog| catalog.get_deref(b"StructTreeRoot", document))
        .and_then(Object::as_dict);
    if let Ok(kids) = root.and_then(|root| root.get(b"K")) {
        walk.kids(kids, None, 0);
    }
    for (text, page) in texts.iter().zip(0..) {
        // What nobody marked is read nowhere, but it is shown.
        walk.listener.enter(Role::Block);
        walk.listener.text(&text.loose, Some(page));
    }
    let (found, _) = walk.listener.finish(Vec::<((), usize)>::new(), words);
    (found, walk.locators)
}

struct Walk<'d> {
    file: &'d File,
    document: &'d Document,
    /// The pages' places by their objects.
    places: &'d BTreeMap<ObjectId, u32>,
    texts: &'d [PageText],
    listener: Listener,
    elements: usize,
    in_index: bool,
    /// The link of the index that is being read.
    locator: Option<(String, usize)>,
    locators: Vec<(String, usize)>,
}

impl<'d> Walk<'d> {
    fn kids(&mut self, kids: &'d Object, page: Option<u32>, depth: usize) {
        match kids {
            Object::Array(kids) => {
                for kid in kids {
                    self.kid(kid, page, depth);
                }
            }
            Object::Integer(_) | Object::Dictionary(_) | Object::Reference(_) => {
                self.kid(kids, page, depth);
            }
            Object::Null
            | Object::Boolean(_)
            | Object::Real(_)
            | Object::Name(_)
            | Object::String(..)
            | Object::Stream(_) => {}
        }
    }

    fn kid(&mut self, kid: &'d Object, page: Option<u32>, depth: usize) {
        self.elements += 1;
        // A tree that leads back into itself must end too.
        if depth > DEEPEST || self.elements > 10_000_000 {
            return;
        }
        match self.document.dereference(kid) {
            Ok((_, Object::Integer(number))) => self.content(*number, page),
            Ok((_, Object::Dictionary(element))) => {
                let page = self.page(element).or(page);
                match element.get(b"Type").and_then(Object::as_name) {
                    Ok(b"OBJR") => self.link(element),
                    Ok(b"MCR") => {
                        if let Ok(number) = element.get(b"MCID").and_then(Object::as_i64) {
                            self.content(number, page);
                        }
                    }
                    Ok(_) | Err(_) => self.element(element, page, depth),
                }
            }
            Ok(_) | Err(_) => {}
        }
    }

    fn page(&self, element: &Dictionary) -> Option<u32> {
        let page = element.get(b"Pg").and_then(Object::as_reference).ok()?;
        self.places.get(&page).copied()
    }

    fn content(&mut self, number: i64, page: Option<u32>) {
        let text = page.and_then(|page| self.texts.get(page as usize)?.marked.get(&number));
        if let Some(text) = text {
            self.listener.text(text, page);
            if let Some((said, _)) = &mut self.locator {
                said.push_str(text);
            }
        }
    }

    /// A link among an element's words: where it leads.
    fn link(&mut self, element: &Dictionary) {
        let link = element.get_deref(b"Obj", self.document);
        if let Some(Goal::Page(page)) = link
            .and_then(Object::as_dict)
            .ok()
            .map(|l| self.file.goal(l))
        {
            if let Some((_, leads)) = &mut self.locator {
                *leads = page;
            }
            let page = u32::try_from(page).unwrap_or(u32::MAX);
            self.listener.leads(Lead::Page(page));
        }
    }

    fn element(&mut self, element: &'d Dictionary, page: Option<u32>, depth: usize) {
        let Ok(kids) = element.get(b"K") else {
            return;
        };
        let kind = element.get(b"S").and_then(Object::as_name);
        let kind = kind.unwrap_or_default();
        let role = match kind {
            b"Reference" => Role::Call,
            b"TOC" => Role::Left,
            b"Span" | b"Link" => Role::Inline,
            b"Note" => Role::Note,
            b"Lbl" => Role::Label,
            _ => Role::Block,
        };
        if self.listener.enter(role) {
            let outer = self.in_index;
            self.in_index |= kind == b"Index";
            if self.in_index && kind == b"Link" {
                self.locator = Some((String::new(), usize::MAX));
            }
            self.kids(kids, page, depth + 1);
            // Cross-references lead to headings, which are words.
            let locator = self.locator.take_if(|_| kind == b"Link");
            self.locators
                .extend(locator.filter(|(said, _)| is_number(said)));
            self.in_index = outer;
            self.listener.leave(role);
        }
    }
}

/// Whether what a link says begins with a page number.
fn is_number(said: &str) -> bool {
    let first = said.split('–').next().unwrap_or_default().trim();
    let is_roman = !first.is_empty() && first.chars().all(|c| "ivxlcdm".contains(c));
    is_roman || first.starts_with(|c: char| c.is_ascii_digit())
}
