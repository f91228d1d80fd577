//! How a page that would end short is filled: some of its spaces grow. The search for the
//! best pages and the laying of their rows both ask here, so that they agree.

use crate::pages::Item;
use crate::typeset::builder::base_line;
use crate::typeset::galley::{Matter, Part, Row};
use crate::units::Length;

/// At most this many lines are made up by whole lines in single spaces.
const MOST_LINES: usize = 3;
/// Where so many spaces share what is missing, each may grow by a line and a half; where
/// fewer do, by half a line, or it would show.
const MANY: usize = 4;

/// What nobody sees, when facing pages end that near to each other.
pub const UNSEEN: Length = Length::milli_pt(400);

/// The spaces of a page that can grow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Slack {
    pub spaces: usize,
    /// Of them, those below the last row that stands on the grid.
    pub below_grid: usize,
}

/// What grows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Filling {
    /// What all spaces below the grid's last row grow by, as between the rows of a table,
    /// where nothing need stand on a line; or else
    pub share: Option<Length>,
    /// what the last of them grows by, down to the next line, and
    pub fraction: Length,
    /// how many of the others grow by a whole line each.
    pub lines: usize,
    /// What is still missing at the foot; less than nothing where the last line stands too
    /// low.
    pub left: Length,
}

impl Slack {
    /// Counts the space above a row that does not begin the page.
    pub fn add(&mut self, row: &Row) {
        self.spaces += usize::from(row.stretch);
        match row.grid {
            true => self.below_grid = 0,
            false => self.below_grid += usize::from(row.stretch),
        }
    }
}

/// How a page is filled at whose foot so much is missing.
pub fn fill(missing: Length, slack: Slack, leading: Length) -> Filling {
    let mut filling = Filling {
        left: missing,
        ..Filling::default()
    };
    if missing <= Length::ZERO {
        return filling;
    }
    let most = match slack.below_grid {
        MANY.. => leading * 3 / 2,
        _ => leading / 2,
    };
    if let Ok(count @ 1..) = i64::try_from(slack.below_grid)
        && missing <= most * count
    {
        filling.share = Some(Length(missing.0 / count));
        filling.left = Length::ZERO;
        return filling;
    }
    let line = leading.0.max(1);
    let mut others = slack.spaces;
    let fraction = Length(missing.0 % line);
    if fraction > Length::ZERO && slack.below_grid > 0 {
        filling.fraction = fraction;
        others -= 1;
    }
    let lines = usize::try_from(missing.0 / line).unwrap_or(0);
    filling.lines = lines.min(others).min(MOST_LINES);
    let grown = leading * i64::try_from(filling.lines).unwrap_or(0);
    filling.left = missing - filling.fraction - grown;
    filling
}

/// How much lower than its foot a last row may stand for its base line to be on the grid.
pub fn lower(row: &Row, leading: Length) -> Length {
    match row.parts.iter().filter_map(base).max() {
        Some(base) => (row.height - base) - (leading - base_line(leading)),
        None => Length::ZERO,
    }
}

/// The lowest base line of a part.
fn base(part: &Part) -> Option<Length> {
    match &part.matter {
        Matter::Line { .. } => Some(part.y),
        Matter::Drawing { drawing, .. } => {
            let words = drawing.items.iter().filter_map(|item| match item {
                Item::Run(run) => Some(part.y + run.origin.y),
                Item::Rule { .. } | Item::Picture { .. } => None,
            });
            words.max()
        }
        Matter::Anchor(_) | Matter::Rule { .. } | Matter::Picture { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: Length = Length::pt(12);

    fn slack(spaces: usize, below_grid: usize) -> Slack {
        Slack { spaces, below_grid }
    }

    #[test]
    fn shares_out_evenly_below_the_grid() {
        let filling = fill(LINE * 2, slack(9, 4), LINE);
        assert_eq!(filling.share, Some(LINE / 2));
        assert_eq!(filling.left, Length::ZERO);
        assert_eq!(fill(LINE * 6, slack(9, 4), LINE).share, Some(LINE * 3 / 2));
        // Three would show it.
        assert_eq!(fill(LINE * 3, slack(9, 3), LINE).share, None);
    }

    #[test]
    fn adds_whole_lines_elsewhere_and_says_what_is_left() {
        let filling = fill(LINE * 2, slack(1, 0), LINE);
        assert_eq!((filling.lines, filling.left), (1, LINE));
        let filling = fill(LINE * 2 + LINE / 3, slack(3, 1), LINE);
        let wanted = (2, LINE / 3, Length::ZERO);
        assert_eq!((filling.lines, filling.fraction, filling.left), wanted);
        let filling = fill(LINE / 3, slack(3, 0), LINE);
        assert_eq!((filling.lines, filling.left), (0, LINE / 3));
        assert_eq!(fill(LINE * 9, slack(9, 0), LINE).lines, MOST_LINES);
    }

    #[test]
    fn leaves_what_stands_too_low() {
        assert_eq!(fill(-LINE, slack(2, 2), LINE).left, -LINE);
    }
}
