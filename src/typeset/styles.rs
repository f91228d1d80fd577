//! What each kind of passage looks like.
//!
//! One size of type and one leading carry the book; everything else is told apart from it
//! by as little as does the job: a slope, a weight, small capitals, space.

use crate::fonts::Family;
use crate::manifest::{Design, TextFace};
use crate::text::Lang;
use crate::typeset::line::{DropCapital, Figures, ParagraphStyle, TextAlign};
use crate::units::Length;

/// The type of a stretch of text: what its passages have in common.
#[derive(Clone, Copy, Debug)]
pub struct Type {
    pub family: Family,
    pub bold: bool,
    pub italic: bool,
    pub size: Length,
    pub leading: Length,
    pub align: TextAlign,
    pub hyphenate: bool,
    pub figures: Figures,
    /// How much wider word spaces are than the face's own, in thousandths.
    pub wider_spaces: i16,
    /// Letters as small capitals, spaced by this much of an em in thousandths.
    pub small_caps: Option<i16>,
    pub grey: u8,
    /// Whether its lines stand on the page's grid.
    pub grid: bool,
}

/// The book's type.
#[derive(Clone, Debug)]
pub struct Styles {
    pub design: Design,
    pub lang: Lang,
    /// Whether acronyms are set in small capitals.
    pub acronyms: bool,
}

impl Styles {
    /// Running text.
    pub fn body(&self) -> Type {
        let align = match self.design.justify {
            true => TextAlign::Justified,
            false => TextAlign::Left,
        };
        Type {
            family: match self.design.face {
                TextFace::Serif => Family::Serif,
                TextFace::Sans => Family::Sans,
            },
            bold: false,
            italic: false,
            size: self.design.text_size,
            leading: self.design.leading,
            align,
            hyphenate: self.design.hyphenate,
            figures: match self.design.clear_print {
                true => Figures::Lining,
                false => Figures::OldStyle,
            },
            wider_spaces: 0,
            small_caps: None,
            grey: 0,
            grid: true,
        }
    }

    /// Between a figure and the text above or below it, at least.
    pub fn gap(&self) -> Length {
        self.design.leading.scaled(3, 4)
    }

    /// Footnotes, and whatever else is set small: the imprint, the index, tables. Small type
    /// wants more air between its words.
    pub fn note(&self) -> Type {
        let small = self.design.note_size < self.design.text_size;
        Type {
            size: self.design.note_size,
            leading: self.design.note_leading,
            wider_spaces: if small { 120 } else { 0 },
            grid: false,
            ..self.body()
        }
    }

    /// The title at the head of a section.
    pub fn title(&self) -> Type {
        let size = self.design.text_size.scaled(9, 5);
        Type {
            size,
            leading: size.scaled(6, 5),
            figures: Figures::Lining,
            ..self.display()
        }
    }

    /// Who speaks, under the title.
    pub fn byline(&self) -> Type {
        Type {
            italic: true,
            grid: true,
            ..self.display()
        }
    }

    /// Running heads.
    pub fn running_head(&self) -> Type {
        let size = self.design.text_size.scaled(83, 100);
        Type {
            size,
            small_caps: (!self.design.clear_print).then_some(70),
            align: TextAlign::Centre,
            ..self.display()
        }
    }

    /// What is set line by line, not as a text: titles and the like.
    pub fn display(&self) -> Type {
        Type {
            align: TextAlign::Left,
            hyphenate: false,
            grid: false,
            ..self.body()
        }
    }

    /// The initial that a chapter in this type begins with, where the edition has them.
    pub fn drop(&self, kind: &Type) -> Option<DropCapital> {
        let design = &self.design;
        let lines = usize::from(design.drop_capitals);
        let margins = &design.margins;
        (lines > 1 && !design.clear_print).then(|| DropCapital {
            lines,
            leading: kind.leading,
            margin: margins.inner.min(margins.outer) / 2,
        })
    }

    /// How a passage of this type is set in a measure.
    pub fn paragraph(&self, kind: &Type, measure: Length, first_indent: Length) -> ParagraphStyle {
        let clear = self.design.clear_print;
        let smallest = match clear {
            true => self.design.text_size,
            false => Length::ZERO,
        };
        ParagraphStyle {
            family: kind.family,
            // What small capitals tell apart must be told apart without them.
            bold: kind.bold || clear && kind.small_caps.is_some(),
            italic: kind.italic,
            size: kind.size.at_least(smallest),
            measure,
            first_indent,
            left_indent: Length::ZERO,
            right_indent: Length::ZERO,
            firsts: 1,
            drop: None,
            align: kind.align,
            hyphenate: kind.hyphenate,
            figures: kind.figures,
            wider_spaces: kind.wider_spaces,
            small_caps: kind.small_caps.is_some() && !clear,
            letterspace: kind.small_caps.filter(|_| !clear).unwrap_or(0),
            lang: self.lang.clone(),
            grey: kind.grey,
            clear_print: clear,
            acronyms: self.acronyms && !clear,
        }
    }
}

impl Type {
    /// A heading inside text of this type; level 1 is the highest.
    pub fn heading(self, level: u8) -> Type {
        let base = Type {
            align: TextAlign::Left,
            hyphenate: false,
            grid: false,
            italic: false,
            ..self
        };
        match level {
            0 | 1 => Type {
                family: Family::Sans,
                bold: true,
                size: self.size.scaled(108, 100),
                figures: Figures::Lining,
                ..base
            },
            2 => Type {
                italic: true,
                size: self.size.scaled(106, 100),
                ..base
            },
            _ => Type {
                small_caps: Some(60),
                ..base
            },
        }
    }

    /// The editors' words before a source.
    pub fn headnote(self) -> Type {
        Type {
            size: self.size.scaled(9, 10),
            wider_spaces: 60,
            ..self
        }
    }

    /// A quotation that is set apart.
    pub fn quotation(self) -> Type {
        Type {
            size: self.size.scaled(19, 20),
            grid: false,
            ..self
        }
    }

    /// Verse and mottoes, whose lines end where they end.
    pub fn ragged(self) -> Type {
        Type {
            align: TextAlign::Left,
            hyphenate: false,
            ..self
        }
    }

    /// The text of a box.
    pub fn boxed(self) -> Type {
        Type {
            family: Family::Sans,
            size: self.size.scaled(93, 100),
            ..self
        }
    }

    /// Lines to be kept as they are.
    pub fn code(self) -> Type {
        Type {
            family: Family::Sans,
            size: self.size.scaled(22, 25),
            figures: Figures::Tabular,
            ..self.ragged()
        }
    }

    /// The same in bold, for terms.
    pub fn bold(self) -> Type {
        Type { bold: true, ..self }
    }

    /// Half a line.
    pub fn half(self) -> Length {
        self.leading / 2
    }
}
