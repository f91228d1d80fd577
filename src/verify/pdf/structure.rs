//! The text of a PDF in the order of its structure, as a reader's voice follows it: running
//! text, notes apart, contents left out (PDF 1.7 §14.7).

use std::collections::BTreeMap;

use lopdf::{Dictionary, Document, Object, ObjectId};

use super::content::PageText;
use crate::verify::found::{Found, Gatherer};
use crate::verify::words::Words;

/// Deeper trees than any book's are not followed.
const DEEPEST: usize = 64;

/// Reads the text of a file whose pages were read.
pub(super) fn read(
    document: &Document,
    pages: &[ObjectId],
    texts: &[PageText],
    words: &mut Words,
) -> Found {
    let mut walk = Walk {
        document,
        pages: pages.iter().copied().zip(0..).collect(),
        texts,
        main: Gatherer::default(),
        note: None,
        notes: Vec::new(),
        elements: 0,
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
        walk.main.part();
        walk.main.push(&text.loose, Some(page));
    }
    let notes = walk
        .notes
        .into_iter()
        .map(|note| note.finish(words))
        .collect();
    Found {
        main: walk.main.finish(words),
        notes,
    }
}

struct Walk<'d> {
    document: &'d Document,
    pages: BTreeMap<ObjectId, u32>,
    texts: &'d [PageText],
    main: Gatherer,
    /// The note that is being read.
    note: Option<Gatherer>,
    notes: Vec<Gatherer>,
    elements: usize,
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
                    Ok(b"OBJR") => {}
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
        self.pages.get(&page).copied()
    }

    fn content(&mut self, number: i64, page: Option<u32>) {
        let text = page.and_then(|page| self.texts.get(page as usize)?.marked.get(&number));
        if let Some(text) = text {
            self.gatherer().push(text, page);
        }
    }

    fn gatherer(&mut self) -> &mut Gatherer {
        self.note.as_mut().unwrap_or(&mut self.main)
    }

    fn element(&mut self, element: &'d Dictionary, page: Option<u32>, depth: usize) {
        let Ok(kids) = element.get(b"K") else {
            return;
        };
        match element
            .get(b"S")
            .and_then(Object::as_name)
            .unwrap_or_default()
        {
            // A note's call, and the contents.
            b"Reference" | b"TOC" => {}
            b"Span" | b"Link" => self.kids(kids, page, depth + 1),
            b"Note" => {
                let outer = self.note.replace(Gatherer::default());
                self.kids(kids, page, depth + 1);
                self.notes.extend(self.note.take());
                self.note = outer;
            }
            b"Lbl" => self.label(kids, page, depth),
            _ => {
                self.gatherer().part();
                self.kids(kids, page, depth + 1);
                self.gatherer().part();
            }
        }
    }

    /// A label that numbers a note or an item is the file's own; a term that is explained or
    /// a date is the book's.
    fn label(&mut self, kids: &'d Object, page: Option<u32>, depth: usize) {
        if self.note.as_ref().is_some_and(Gatherer::is_empty) {
            return;
        }
        let outer = std::mem::take(self.gatherer());
        self.kids(kids, page, depth + 1);
        let label = std::mem::replace(self.gatherer(), outer);
        if !label.is_mark() {
            let gatherer = self.gatherer();
            gatherer.part();
            gatherer.append(label);
            gatherer.part();
        }
    }
}
