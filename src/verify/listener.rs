//! Text taken in element by element, as a reader's voice follows it: running text, notes
//! apart, the calls of notes with their places.

use super::found::{Call, Found, Gatherer, Lead};
use super::words::Words;

/// What an element's text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Not the book's text: the contents.
    Left,
    /// The call of a note.
    Call,
    /// Part of the line that it stands in.
    Inline,
    Note,
    /// What numbers a note; what numbers an item, a term that is explained, a date.
    Label,
    Block,
}

/// What has been heard so far.
#[derive(Default)]
pub(super) struct Listener {
    main: Gatherer,
    /// The note that is being read, and those around it.
    note: Option<Gatherer>,
    outer: Vec<Option<Gatherer>>,
    notes: Vec<Gatherer>,
    /// Whether the note that is being read has had its label.
    labelled: bool,
    /// The call that is being read.
    call: Option<(String, Lead)>,
    /// Each with where in the main text it stands.
    calls: Vec<(Call, usize)>,
}

impl Listener {
    /// An element begins; whether what is in it is to be told too.
    pub(super) fn enter(&mut self, role: Role) -> bool {
        match role {
            Role::Left => return false,
            Role::Call => self.call = Some((String::new(), Lead::Nowhere)),
            Role::Inline => {}
            Role::Note => {
                let note = self.note.replace(Gatherer::default());
                self.outer.push(note);
                self.labelled = false;
            }
            Role::Label if self.note.is_some() && !std::mem::replace(&mut self.labelled, true) => {
                return false;
            }
            Role::Label | Role::Block => self.gatherer().part(),
        }
        true
    }

    /// The element that was entered last ends.
    pub(super) fn leave(&mut self, role: Role) {
        match role {
            Role::Left | Role::Inline => {}
            Role::Call => {
                if let (Some((label, lead)), None) = (self.call.take(), &self.note) {
                    let label = label.trim().to_string();
                    let call = Call { label, lead };
                    self.calls.push((call, self.main.length()));
                }
            }
            Role::Note => {
                self.notes.extend(self.note.take());
                self.note = self.outer.pop().flatten();
            }
            Role::Label | Role::Block => self.gatherer().part(),
        }
    }

    /// Text that stands on a page.
    pub(super) fn text(&mut self, text: &str, page: Option<u32>) {
        match &mut self.call {
            Some((label, _)) => label.push_str(text),
            None => self.gatherer().push(text, page),
        }
    }

    /// Where the call that is being read leads.
    pub(super) fn leads(&mut self, to: Lead) {
        if let Some((_, lead)) = &mut self.call {
            *lead = to;
        }
    }

    /// Whether a note is being read.
    pub(super) fn is_in_note(&self) -> bool {
        self.note.is_some()
    }

    /// How many notes have been heard to their ends.
    pub(super) fn notes(&self) -> usize {
        self.notes.len()
    }

    /// How much main text there is.
    pub(super) fn length(&self) -> usize {
        self.main.length()
    }

    fn gatherer(&mut self) -> &mut Gatherer {
        self.note.as_mut().unwrap_or(&mut self.main)
    }

    /// Everything heard; and for places in the main text how many words stand before each.
    pub(super) fn finish<T>(
        self,
        places: Vec<(T, usize)>,
        words: &mut Words,
    ) -> (Found, Vec<(T, usize)>) {
        let notes = self.notes.into_iter();
        let notes = notes.map(|note| note.finish(words)).collect();
        let calls = self
            .calls
            .into_iter()
            .map(|(call, at)| (Place::Call(call), at));
        let others = places
            .into_iter()
            .map(|(place, at)| (Place::Other(place), at));
        let mut places: Vec<(Place<T>, usize)> = calls.chain(others).collect();
        places.sort_by_key(|(_, at)| *at);
        let (main, counted) = self.main.finish_with(places, words);
        let (mut calls, mut others) = (Vec::new(), Vec::new());
        for (place, after) in counted {
            match place {
                Place::Call(call) => calls.push((call, after)),
                Place::Other(place) => others.push((place, after)),
            }
        }
        (Found { main, notes, calls }, others)
    }
}

/// A place of which the words before it are counted.
enum Place<T> {
    Call(Call),
    Other(T),
}
