//! Optimum-fit line breaking: Knuth and Plass, *Breaking Paragraphs into Lines* (1981), with
//! the arithmetic of *TeX: The Program*, part 38.
//!
//! Two additions: a line may hang over the margins by what its first and last boxes allow,
//! and a last line that is too short costs extra.

use crate::units::Length;

/// What a paragraph is made of, as far as breaking it is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item {
    /// Something that is set; at a line's start it may stand out to the left by `left`, at
    /// its end to the right by `right`.
    Box {
        width: Length,
        left: Length,
        right: Length,
        /// How much wider or narrower its letters may be set, unnoticed: used before the
        /// spaces give way.
        give: Length,
    },
    /// A space. Where it may end a line (`breaks`) it vanishes at a line's ends.
    Glue {
        width: Length,
        stretch: Length,
        shrink: Length,
        breaks: bool,
    },
    /// Space that takes up whatever the line has left.
    Fill,
    /// A place where a line may end at this cost; there, it is as wide as the hyphen that
    /// is then set, which may hang by `right`. `flagged` breaks should not follow each other.
    Penalty {
        width: Length,
        right: Length,
        cost: i32,
        flagged: bool,
    },
}

/// A break that must be taken.
pub const FORCED: i32 = -10_000;
/// A cost that forbids a break.
pub const NEVER: i32 = 10_000;
/// The badness of a line that cannot be worse (TeX §108).
pub const AWFUL: i32 = 10_000;

/// The room that the lines have.
#[derive(Clone, Copy, Debug)]
pub struct Room {
    pub first: Length,
    pub rest: Length,
    /// How many lines have the first one's room: more than one beside an initial.
    pub firsts: usize,
    /// Stretch that every line has besides its glue: ragged margins, and what an emergency
    /// allows.
    pub stretch: Length,
    /// A last line under this width costs extra.
    pub shortest_last: Length,
}

/// How bad a line may be, and what a paragraph's faults cost.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// The badness that no line may exceed.
    pub tolerance: i32,
    /// Where no breaks keep to the tolerance, let a line be too full rather than fail.
    pub desperate: bool,
    pub line_penalty: i64,
    pub double_hyphen: i64,
    pub final_hyphen: i64,
    /// Two lines in a row of which one is loose and the other tight.
    pub unlike_lines: i64,
    pub short_last_line: i64,
}

impl Rules {
    /// The rules of plain TeX, at a tolerance.
    pub fn plain(tolerance: i32) -> Rules {
        Rules {
            tolerance,
            desperate: false,
            line_penalty: 10,
            double_hyphen: 10_000,
            final_hyphen: 5_000,
            unlike_lines: 10_000,
            short_last_line: 40_000,
        }
    }
}

/// Breaks and what they cost together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Optimum {
    /// The items that lines end at, the last item being the last of them.
    pub breaks: Vec<usize>,
    pub demerits: i64,
}

/// Running sums over items.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    width: i64,
    stretch: i64,
    shrink: i64,
    give: i64,
    fills: i64,
}

impl Sums {
    fn add(&mut self, item: &Item) {
        match *item {
            Item::Box { width, give, .. } => {
                self.width += width.0;
                self.give += give.0;
            }
            Item::Glue {
                width,
                stretch,
                shrink,
                ..
            } => {
                self.width += width.0;
                self.stretch += stretch.0;
                self.shrink += shrink.0;
            }
            Item::Fill => self.fills += 1,
            Item::Penalty { .. } => {}
        }
    }
}

/// A feasible break, as the end of the best way to it in one fitness class.
#[derive(Clone, Copy, Debug)]
struct Node {
    /// The item that the line ends at.
    item: usize,
    previous: usize,
    demerits: i64,
    fitness: u8,
    flagged: bool,
    /// Sums up to where the next line begins, and how far that line may stand out.
    start: Sums,
    left: i64,
    /// The number of that line, where it is among those of the first one's room.
    line: usize,
    /// As long as the sum of widths is less, a line from here is too short.
    wake: i64,
}

/// What ends at a break.
#[derive(Clone, Copy)]
struct Ending {
    item: usize,
    width: i64,
    right: i64,
    cost: i32,
    flagged: bool,
    last: bool,
}

/// The start of the paragraph, as a predecessor.
const NONE: usize = usize::MAX;
/// The fitness of a line that is neither loose nor tight.
const DECENT: u8 = 2;

/// The breaks of least demerits; `None` when none keep to the tolerance. `items` must end
/// with a forced break.
pub fn optimum(items: &[Item], room: &Room, rules: &Rules) -> Option<Optimum> {
    let search = sweep(Search::new(items, room, rules, 1))?;
    let ends = search.active.iter().copied();
    let best = ends.min_by_key(|&end| search.nodes[end].demerits)?;
    Some(search.trace(best))
}

/// The breaks of least demerits for each number of lines that keeps to the tolerance, up to
/// `most`, the fewest lines first: what Knuth and Plass call looseness.
pub fn optima(items: &[Item], room: &Room, rules: &Rules, most: usize) -> Vec<Optimum> {
    let Some(search) = sweep(Search::new(items, room, rules, most + 1)) else {
        return Vec::new();
    };
    let mut ends = search.active.clone();
    ends.retain(|&end| search.nodes[end].line <= most);
    ends.sort_by_key(|&end| (search.nodes[end].line, search.nodes[end].demerits));
    ends.dedup_by_key(|end| search.nodes[*end].line);
    ends.into_iter().map(|end| search.trace(end)).collect()
}

/// Tries all breaks in their order; `None` when no way leads to the end.
fn sweep(mut search: Search<'_>) -> Option<Search<'_>> {
    let items = search.items;
    let mut right = 0;
    let mut after_box = false;
    for (at, item) in items.iter().enumerate() {
        let mut ending = Ending {
            item: at,
            width: 0,
            right,
            cost: 0,
            flagged: false,
            last: at + 1 == items.len(),
        };
        match *item {
            Item::Box { right: hang, .. } => {
                right = hang.0;
                after_box = true;
            }
            Item::Glue { breaks, .. } => {
                if breaks && after_box && !search.end_lines(&ending) {
                    return None;
                }
                after_box &= !breaks;
                right = 0;
            }
            Item::Fill => {}
            Item::Penalty {
                width,
                right: hang,
                cost,
                flagged,
            } => {
                if width.0 > 0 {
                    ending.right = hang.0;
                }
                ending.width = width.0;
                ending.cost = cost;
                ending.flagged = flagged;
                if cost < NEVER && !search.end_lines(&ending) {
                    return None;
                }
                after_box = false;
            }
        }
        search.sums.add(item);
    }
    Some(search)
}

struct Search<'p> {
    items: &'p [Item],
    room: &'p Room,
    rules: &'p Rules,
    nodes: Vec<Node>,
    /// Nodes that a line may still begin after, in their order.
    active: Vec<usize>,
    sums: Sums,
    limits: Limits,
    /// By the number of the next line, as far as they are told apart: the best way to the
    /// break at hand in each fitness class.
    best: Vec<[(i64, usize); 4]>,
}

/// What no item of the paragraph exceeds; it tells at a glance which lines cannot be.
#[derive(Clone, Copy, Debug, Default)]
struct Limits {
    /// How far boxes and hyphens hang.
    hang: i64,
    /// The width of hyphens.
    hyphen: i64,
    /// The stretch of glue and the give of letters, in 1024ths of their width.
    stretch: i64,
    give: i64,
    /// The ratio of stretching, in 297ths as in [`badness`], above which a line is worse
    /// than the tolerance.
    ratio: i64,
}

impl Limits {
    fn of(items: &[Item], tolerance: i32) -> Limits {
        let mut limits = Limits {
            ratio: (1..=1290)
                .find(|&ratio| badness(ratio, 297) > tolerance)
                .unwrap_or(i64::MAX),
            ..Limits::default()
        };
        let per_width = |part: Length, width: Length| match width.0 {
            ..=0 if part.0 > 0 => HUGE,
            ..=0 => 0,
            width => part.0.saturating_mul(1024) / width + 1,
        };
        for item in items {
            match *item {
                Item::Box {
                    width, right, give, ..
                } => {
                    limits.hang = limits.hang.max(right.0);
                    limits.give = limits.give.max(per_width(give, width));
                }
                Item::Glue { width, stretch, .. } => {
                    limits.stretch = limits.stretch.max(per_width(stretch, width));
                }
                Item::Fill => {}
                Item::Penalty { width, right, .. } => {
                    limits.hang = limits.hang.max(right.0);
                    limits.hyphen = limits.hyphen.max(width.0);
                }
            }
        }
        limits
    }

    /// The least natural width of a line that is not too loose for the room: since letters
    /// and glue give at most so much of their own width, the line cannot be shorter.
    fn least(&self, room: Length, stretch: Length) -> i64 {
        if self.ratio == i64::MAX || self.stretch >= HUGE || self.give >= HUGE {
            return i64::MIN / 2;
        }
        let free = room.0 - stretch.0.saturating_mul(self.ratio) / 297;
        let gives = 1024 + self.give + self.stretch * self.ratio / 297 + 1;
        free.saturating_mul(1024) / gives - self.hyphen - 1
    }
}

/// More than any stretch in proportion.
const HUGE: i64 = 1 << 30;

impl<'p> Search<'p> {
    /// A search that tells so many lines apart, or all that have another room.
    fn new(items: &'p [Item], room: &'p Room, rules: &'p Rules, apart: usize) -> Search<'p> {
        let apart = apart.max(room.firsts).max(1);
        let mut search = Search {
            items,
            room,
            rules,
            nodes: Vec::with_capacity(items.len() / 2 + 1),
            active: vec![0],
            sums: Sums::default(),
            limits: Limits::of(items, rules.tolerance),
            best: vec![[(i64::MAX, NONE); 4]; apart],
        };
        let (start, left) = search.line_start(0);
        search.nodes.push(Node {
            item: NONE,
            previous: NONE,
            demerits: 0,
            fitness: DECENT,
            flagged: false,
            start,
            left,
            line: 0,
            wake: start.width + search.limits.least(room.first, room.stretch),
        });
        search
    }

    /// Sums at the first thing that a line beginning at `from` keeps, and how far that
    /// stands out.
    fn line_start(&self, from: usize) -> (Sums, i64) {
        let mut sums = self.sums;
        for item in &self.items[from..] {
            match *item {
                Item::Box { left, .. } => return (sums, left.0),
                Item::Glue { breaks: true, .. } => sums.add(item),
                Item::Penalty { cost, .. } if cost > FORCED => {}
                Item::Glue { .. } | Item::Fill | Item::Penalty { .. } => break,
            }
        }
        (sums, 0)
    }

    /// Tries a line from every active node to this break. False when no way is left.
    fn end_lines(&mut self, ending: &Ending) -> bool {
        let forced = ending.cost <= FORCED;
        let apart = self.best.len();
        self.best.fill([(i64::MAX, NONE); 4]);
        let mut kept = 0;
        let mut dropped = NONE;
        for at in 0..self.active.len() {
            let id = self.active[at];
            let node = &self.nodes[id];
            if self.sums.width < node.wake && !forced {
                self.active[kept] = id;
                kept += 1;
                if node.line == 0 || apart > 1 {
                    continue;
                }
                // The lines from all further nodes are shorter still.
                let further = self.active.len() - at - 1;
                self.active.copy_within(at + 1.., kept);
                kept += further;
                break;
            }
            let line = self.line(node, ending);
            if line.badness <= self.rules.tolerance {
                let demerits = node.demerits + self.demerits(node, ending, &line);
                let next = node.line.min(apart - 1);
                let slot = &mut self.best[next][usize::from(line.fitness)];
                if demerits < slot.0 {
                    *slot = (demerits, id);
                }
            }
            if forced || line.hopeless {
                dropped = id;
            } else {
                self.active[kept] = id;
                kept += 1;
            }
        }
        self.active.truncate(kept);
        let found = self.best.iter().flatten().any(|&(_, id)| id != NONE);
        if !found && kept == 0 {
            if !self.rules.desperate {
                return false;
            }
            let node = &self.nodes[dropped];
            let next = node.line.min(apart - 1);
            self.best[next][usize::from(DECENT)] = (node.demerits, dropped);
        }
        if found || kept == 0 {
            for line in 0..apart {
                self.add_nodes(ending, line + 1);
            }
        }
        true
    }

    /// One node for each fitness class that is worth keeping (TeX §836), where line `line`
    /// of the paragraph begins, or one further down.
    fn add_nodes(&mut self, ending: &Ending, line: usize) {
        let best = self.best[line - 1];
        let lowest = best.iter().map(|slot| slot.0).min().unwrap_or(0);
        if lowest == i64::MAX {
            return;
        }
        let least = self.limits.least(self.room_of(line), self.room.stretch);
        let from = self.items[ending.item];
        let next = match from {
            Item::Glue { .. } => ending.item,
            Item::Box { .. } | Item::Fill | Item::Penalty { .. } => ending.item + 1,
        };
        let (start, left) = self.line_start(next);
        for (fitness, (demerits, previous)) in (0u8..).zip(best) {
            if previous == NONE || demerits > lowest.saturating_add(self.rules.unlike_lines) {
                continue;
            }
            self.active.push(self.nodes.len());
            self.nodes.push(Node {
                item: ending.item,
                previous,
                demerits,
                fitness,
                flagged: ending.flagged,
                start,
                left,
                line,
                wake: start.width + least,
            });
        }
    }

    /// The room of a line, by its number.
    fn room_of(&self, line: usize) -> Length {
        match line < self.room.firsts.max(1) {
            true => self.room.first,
            false => self.room.rest,
        }
    }

    /// The line from a node to a break.
    fn line(&self, node: &Node, ending: &Ending) -> Fit {
        let room = self.room_of(node.line);
        let bare = self.sums.width - node.start.width - node.left;
        let shrink = self.sums.shrink - node.start.shrink;
        let give = self.sums.give - node.start.give;
        let short = after_give(room.0 - (bare + ending.width - ending.right), give);
        let fills = self.sums.fills > node.start.fills;
        let hopeless = bare - shrink - give - self.limits.hang > room.0;
        let (badness, fitness) = if short >= 0 {
            let stretch = self.sums.stretch - node.start.stretch + self.room.stretch.0;
            let badness = if fills { 0 } else { badness(short, stretch) };
            (badness, stretched_fitness(badness))
        } else if -short > shrink {
            (AWFUL + 1, 3)
        } else {
            let badness = badness(-short, shrink);
            (badness, if badness > 12 { 3 } else { DECENT })
        };
        let length = bare + ending.width;
        let stub = ending.last && fills && length < self.room.shortest_last.0 && node.line > 0;
        Fit {
            badness,
            fitness,
            hopeless,
            stub,
        }
    }

    /// What the line adds to the demerits (TeX §859).
    fn demerits(&self, node: &Node, ending: &Ending, line: &Fit) -> i64 {
        let base = (self.rules.line_penalty + i64::from(line.badness)).min(10_000);
        let cost = i64::from(ending.cost);
        let mut demerits = base * base;
        if ending.cost > 0 {
            demerits += cost * cost;
        } else if ending.cost > FORCED {
            demerits -= cost * cost;
        }
        if node.flagged && ending.flagged {
            demerits += self.rules.double_hyphen;
        }
        if node.flagged && ending.last {
            demerits += self.rules.final_hyphen;
        }
        if node.fitness.abs_diff(line.fitness) > 1 {
            demerits += self.rules.unlike_lines;
        }
        if line.stub {
            demerits += self.rules.short_last_line;
        }
        demerits
    }

    /// The way back from an end.
    fn trace(&self, end: usize) -> Optimum {
        let mut breaks = Vec::new();
        let mut at = end;
        while self.nodes[at].item != NONE {
            breaks.push(self.nodes[at].item);
            at = self.nodes[at].previous;
        }
        breaks.reverse();
        Optimum {
            breaks,
            demerits: self.nodes[end].demerits,
        }
    }
}

/// How a line fits its measure.
struct Fit {
    badness: i32,
    fitness: u8,
    /// Nothing further can be added to it either.
    hopeless: bool,
    /// It is a last line that is too short.
    stub: bool,
}

/// What the spaces must take of an excess or a lack, once the letters have given way.
pub fn after_give(short: i64, give: i64) -> i64 {
    short - short.clamp(-give, give)
}

/// How bad it is to stretch or shrink by `change` where `possible` is natural: about
/// 100 times the cube of the ratio (TeX §108).
pub fn badness(change: i64, possible: i64) -> i32 {
    if change == 0 {
        return 0;
    }
    if possible <= 0 {
        return AWFUL;
    }
    let ratio = change.saturating_mul(297) / possible;
    if ratio > 1290 {
        return AWFUL;
    }
    i32::try_from((ratio * ratio * ratio + 0x2_0000) / 0x4_0000).unwrap_or(AWFUL)
}

fn stretched_fitness(badness: i32) -> u8 {
    match badness {
        0..=12 => DECENT,
        13..=99 => 1,
        _ => 0,
    }
}

#[cfg(test)]
mod tests;
