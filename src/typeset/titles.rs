//! Half title, title page, imprint, and the titles of parts.

use crate::edition::{Section, Target, passage, plain};
use crate::manifest::Metadata;
use crate::pages::TagKind;
use crate::text::Inline;
use crate::typeset::blocks::title_words;
use crate::typeset::builder::{Builder, GENERATED, Within};
use crate::typeset::galley::Galley;
use crate::typeset::section::{Book, paginate};
use crate::typeset::sheet::{Frame, Furniture, Placed, RowRef, Sheet};
use crate::typeset::styles::Type;
use crate::units::{Length, Point};

impl Builder<'_, '_> {
    /// The book's title alone.
    pub fn half_title(mut self, section: &Section, frame: &Frame) -> (Galley, Vec<Sheet>) {
        self.pending.anchors.push(section.title.id);
        let size = self.styles.design.text_size.scaled(6, 5);
        let kind = Type {
            size,
            leading: self.styles.design.leading.scaled(6, 5),
            ..self.styles.display()
        };
        let title = self.edition.metadata.title.clone();
        self.words(title, &kind);
        let column = self.column(self.styles.body());
        self.section(&section.blocks, &column);
        self.placed(frame, frame.height / 5, usize::MAX)
    }

    /// The title of a part of the book alone, with what the editors may have put below it.
    pub fn part_title(mut self, section: &Section, frame: &Frame) -> (Galley, Vec<Sheet>) {
        let size = self.styles.design.text_size.scaled(11, 5);
        let kind = Type {
            size,
            leading: size.scaled(6, 5),
            ..self.styles.title()
        };
        let column = self.column(kind);
        let tag = self.galley.tag(TagKind::Heading(1), Some(column.tag));
        self.passage(&section.title, &column, Length::ZERO, tag);
        let title = title_words(&section.title.inlines);
        if !title.is_empty() {
            self.galley.outline.push((title, section.title.id, 0));
        }
        self.space(self.styles.design.leading * 2);
        let column = self.column(self.styles.body());
        self.section(&section.blocks, &column);
        // Lower than chapters begin, since it speaks for all of them.
        let (galley, mut sheets) = self.placed(frame, frame.height / 3, usize::MAX);
        for sheet in sheets.iter_mut().skip(1) {
            sheet.furniture = Furniture::Running;
        }
        (galley, sheets)
    }

    /// Title, subtitle, who made the book; publisher and year at the foot.
    pub fn title_page(mut self, section: &Section, book: &Book<'_>) -> (Galley, Vec<Sheet>) {
        let design = &book.styles.design;
        let metadata = &book.edition.metadata;
        self.pending.anchors.push(section.title.id);
        let plain_type = self.styles.display();
        let size = design.text_size.scaled(13, 5);
        let title = Type {
            size,
            leading: size.scaled(23, 20),
            ..plain_type
        };
        self.words(metadata.title.clone(), &title);
        if let Some(subtitle) = &metadata.subtitle {
            self.space(design.leading);
            let kind = Type {
                italic: true,
                size: design.text_size.scaled(13, 10),
                leading: design.leading.scaled(6, 5),
                ..plain_type
            };
            self.words(subtitle.clone(), &kind);
        }
        self.space(design.leading * 2);
        for (credit, names) in credits(metadata, book.words.and, &|role| book.words.credit(role)) {
            let mut line = Vec::new();
            if let Some(credit) = credit {
                let words = plain(format!("{credit} "));
                line.push(Inline::Styled(crate::text::Style::Emphasis, vec![words]));
            }
            line.push(plain(names));
            self.display(line, &plain_type);
        }
        let column = self.column(self.styles.body());
        self.section(&section.blocks, &column);
        let foot = self.galley.rows.len();
        self.imprint_line(metadata, &plain_type);
        self.placed(&book.frame, book.frame.height / 5, foot)
    }

    /// Series, publisher and year.
    fn imprint_line(&mut self, metadata: &Metadata, kind: &Type) {
        self.pending.space = Length::ZERO;
        if let Some(series) = &metadata.series {
            let number = series.number.map(|number| format!(" {number}"));
            let line = format!("{}{}", series.name, number.unwrap_or_default());
            self.words(line, kind);
        }
        let year = metadata.date.split('-').next().unwrap_or_default();
        let line = match &metadata.publisher {
            Some(publisher) => format!("{publisher}, {year}"),
            None => year.to_string(),
        };
        let small_caps = Type {
            small_caps: Some(70),
            ..*kind
        };
        self.words(line, &small_caps);
    }

    fn words(&mut self, text: String, kind: &Type) {
        if !text.is_empty() {
            self.display(vec![plain(text)], kind);
        }
    }

    fn display(&mut self, inlines: Vec<Inline<Target>>, kind: &Type) {
        let column = self.column(*kind);
        let tag = self.galley.tag(TagKind::Paragraph, Some(column.tag));
        let words = passage(GENERATED, inlines);
        self.passage(
            &words,
            &Within {
                kind: *kind,
                ..column
            },
            Length::ZERO,
            tag,
        );
    }

    /// One page: the rows before `foot` from `sink` down, the others at the foot. What does
    /// not fit is broken into pages like running text.
    fn placed(self, frame: &Frame, sink: Length, foot: usize) -> (Galley, Vec<Sheet>) {
        let galley = self.finish();
        let foot = foot.min(galley.rows.len());
        let head = galley.rows[..foot].iter();
        let head: Length = head.map(|row| row.space + row.height).sum();
        let bottom = galley.rows[foot..].iter();
        let bottom: Length = bottom.map(|row| row.space + row.height).sum();
        if sink + head + bottom > frame.height || !galley.notes.is_empty() {
            let mut sheets = paginate(&galley, frame, true);
            for sheet in &mut sheets {
                sheet.furniture = Furniture::Bare;
            }
            return (galley, sheets);
        }
        let mut sheet = Sheet::default();
        stack(&galley, 0..foot, sink, &mut sheet);
        stack(
            &galley,
            foot..galley.rows.len(),
            frame.height - bottom,
            &mut sheet,
        );
        (galley, vec![sheet])
    }

    /// Small print at the foot of the page.
    pub fn imprint(mut self, section: &Section, book: &Book<'_>) -> (Galley, Vec<Sheet>) {
        self.pending.anchors.push(section.title.id);
        self.small_print(&section.blocks);
        let galley = self.finish();
        let frame = &book.frame;
        let mut sheets = paginate(&galley, frame, false);
        for sheet in &mut sheets {
            sheet.furniture = Furniture::Bare;
        }
        if let ([sheet], true) = (&mut sheets[..], galley.notes.is_empty()) {
            let ends = sheet.placed.iter().map(|placed| match placed.row {
                RowRef::Text(row) => placed.at.y + galley.rows[row].height,
                RowRef::Head(..) | RowRef::Note(..) => placed.at.y,
            });
            let shift = frame.height - ends.max().unwrap_or(frame.height);
            sheet
                .placed
                .iter_mut()
                .for_each(|placed| placed.at.y += shift);
            sheet
                .rules
                .iter_mut()
                .for_each(|(rect, _)| rect.origin.y += shift);
        }
        (galley, sheets)
    }
}

/// Places rows one below the other.
fn stack(galley: &Galley, rows: std::ops::Range<usize>, top: Length, sheet: &mut Sheet) {
    let mut y = top;
    for at in rows {
        y += galley.rows[at].space;
        let row = RowRef::Text(at);
        let at_point = Point { x: Length::ZERO, y };
        sheet.placed.push(Placed { row, at: at_point });
        y += galley.rows[at].height;
    }
}

/// Who made the book: what they did and their names, in the order of the manifest; names
/// of one role in a row together.
fn credits(
    metadata: &Metadata,
    and: &str,
    credit: &dyn Fn(&str) -> Option<&'static str>,
) -> Vec<(Option<&'static str>, String)> {
    let mut roles: Vec<(&str, Vec<&str>)> = Vec::new();
    for person in &metadata.contributors {
        match roles.iter_mut().find(|(role, _)| *role == person.role) {
            Some((_, names)) => names.push(&person.name),
            None => roles.push((&person.role, vec![&person.name])),
        }
    }
    let named = |(role, names): (&str, Vec<&str>)| {
        let names = match names.split_last() {
            Some((last, [])) => last.to_string(),
            Some((last, others)) => format!("{} {and} {last}", others.join(", ")),
            None => String::new(),
        };
        (credit(role), names)
    };
    roles.into_iter().map(named).collect()
}
