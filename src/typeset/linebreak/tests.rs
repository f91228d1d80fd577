//! The line breaker against an oracle that tries all breaks.

use std::collections::BTreeMap;

use super::*;

fn text(width: i64) -> Item {
    Item::Box {
        width: Length(width),
        left: Length::ZERO,
        right: Length::ZERO,
        give: Length::ZERO,
    }
}

fn glue(width: i64, stretch: i64, shrink: i64) -> Item {
    Item::Glue {
        width: Length(width),
        stretch: Length(stretch),
        shrink: Length(shrink),
        breaks: true,
    }
}

fn penalty(cost: i32, width: i64, flagged: bool) -> Item {
    Item::Penalty {
        width: Length(width),
        right: Length(width / 2),
        cost,
        flagged,
    }
}

fn room(width: i64) -> Room {
    Room {
        first: Length(width - 20),
        firsts: 1,
        rest: Length(width),
        stretch: Length::ZERO,
        shortest_last: Length(40),
    }
}

/// Every way to break a short paragraph, each reckoned from its items alone.
struct Oracle<'p> {
    items: &'p [Item],
    legal: Vec<usize>,
    room: Room,
    rules: Rules,
    /// The least demerits, by number of lines.
    best: BTreeMap<usize, i64>,
}

impl Oracle<'_> {
    fn least(items: &[Item], room: Room, rules: Rules) -> BTreeMap<usize, i64> {
        let mut after_box = false;
        let mut legal = Vec::new();
        for (at, item) in items.iter().enumerate() {
            match item {
                Item::Box { .. } => after_box = true,
                Item::Glue { breaks, .. } => {
                    if *breaks && after_box {
                        legal.push(at);
                    }
                    after_box &= !breaks;
                }
                Item::Penalty { cost, .. } => {
                    if *cost < NEVER {
                        legal.push(at);
                    }
                    after_box = false;
                }
                Item::Fill => {}
            }
        }
        let mut oracle = Oracle {
            items,
            legal,
            room,
            rules,
            best: BTreeMap::new(),
        };
        oracle.lines(None, 0, (0, DECENT), 0);
        oracle.best
    }

    fn is_forced(&self, at: usize) -> bool {
        matches!(self.items[at], Item::Penalty { cost, .. } if cost <= FORCED)
    }

    /// All ways to go on after a break.
    fn lines(&mut self, after: Option<usize>, next: usize, before: (i64, u8), number: usize) {
        let (so_far, fitness) = before;
        for choice in next..self.legal.len() {
            let end = self.legal[choice];
            if let Some((demerits, fits)) = self.line(after, end, fitness, number) {
                let sum = so_far + demerits;
                if end + 1 == self.items.len() {
                    let best = self.best.entry(number + 1).or_insert(sum);
                    *best = sum.min(*best);
                } else {
                    self.lines(Some(end), choice + 1, (sum, fits), number + 1);
                }
            }
            if self.is_forced(end) {
                return;
            }
        }
    }

    /// The demerits of one line, and its fitness.
    fn line(
        &self,
        after: Option<usize>,
        end: usize,
        before: u8,
        number: usize,
    ) -> Option<(i64, u8)> {
        let flagged = |at: usize| matches!(self.items[at], Item::Penalty { flagged: true, .. });
        let begin = match after {
            None => 0,
            Some(at) if matches!(self.items[at], Item::Glue { .. }) => at,
            Some(at) => at + 1,
        };
        let mut kept: Vec<&Item> = self.items[begin..end].iter().collect();
        while matches!(
            kept.first(),
            Some(Item::Glue { breaks: true, .. } | Item::Penalty { .. })
        ) {
            kept.remove(0);
        }
        let (mut width, mut stretch, mut shrink, mut fills) = (0, 0, 0, false);
        let mut given = 0;
        for item in &kept {
            match item {
                Item::Box {
                    width: box_width,
                    give,
                    ..
                } => {
                    width += box_width.0;
                    given += give.0;
                }
                Item::Glue {
                    width: w,
                    stretch: y,
                    shrink: z,
                    ..
                } => {
                    width += w.0;
                    stretch += y.0;
                    shrink += z.0;
                }
                Item::Fill => fills = true,
                Item::Penalty { .. } => {}
            }
        }
        let mut hang = 0;
        if let Some(Item::Box { left, .. }) = kept.first() {
            hang += left.0;
            width -= left.0;
        }
        let cost = match self.items[end] {
            Item::Penalty {
                width: hyphen,
                right,
                cost,
                ..
            } => {
                width += hyphen.0;
                if hyphen.0 > 0 {
                    hang += right.0;
                } else {
                    hang += kept_right(&kept);
                }
                i64::from(cost)
            }
            Item::Box { .. } | Item::Glue { .. } | Item::Fill => {
                hang += kept_right(&kept);
                0
            }
        };
        let line_room = if number < self.room.firsts {
            self.room.first
        } else {
            self.room.rest
        };
        let left_hang = match kept.first() {
            Some(Item::Box { left, .. }) => left.0,
            _ => 0,
        };
        let mut short = line_room.0 - (width - (hang - left_hang));
        for _ in 0..given {
            short -= short.signum();
        }
        let (bad, fits) = if short >= 0 {
            let bad = if fills {
                0
            } else {
                badness(short, stretch + self.room.stretch.0)
            };
            (
                bad,
                if bad <= 12 {
                    2
                } else if bad <= 99 {
                    1
                } else {
                    0
                },
            )
        } else if -short <= shrink {
            let bad = badness(-short, shrink);
            (bad, if bad > 12 { 3 } else { 2 })
        } else {
            return None;
        };
        if bad > self.rules.tolerance {
            return None;
        }
        let mut demerits = (self.rules.line_penalty + i64::from(bad))
            .min(10_000)
            .pow(2);
        if cost > i64::from(FORCED) {
            demerits += cost * cost * cost.signum();
        }
        let last = end + 1 == self.items.len();
        if after.is_some_and(flagged) {
            if flagged(end) {
                demerits += self.rules.double_hyphen;
            }
            if last {
                demerits += self.rules.final_hyphen;
            }
        }
        if before.abs_diff(fits) > 1 {
            demerits += self.rules.unlike_lines;
        }
        if last && fills && width < self.room.shortest_last.0 && after.is_some() {
            demerits += self.rules.short_last_line;
        }
        Some((demerits, fits))
    }
}

fn kept_right(kept: &[&Item]) -> i64 {
    kept.iter()
        .rev()
        .find(|item| matches!(item, Item::Box { .. } | Item::Glue { .. }))
        .map_or(0, |item| match item {
            Item::Box { right, .. } => right.0,
            Item::Glue { .. } | Item::Fill | Item::Penalty { .. } => 0,
        })
}

/// A short paragraph that a seed makes.
fn paragraph(seed: u64) -> Vec<Item> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut random = |below: i64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        i64::try_from(state % below.unsigned_abs()).unwrap_or(0)
    };
    let mut items = Vec::new();
    for _ in 0..9 {
        for part in 0..=random(2) {
            if part > 0 {
                items.push(penalty(50, 4, true));
            }
            items.push(Item::Box {
                width: Length(10 + random(30)),
                left: Length(random(3)),
                right: Length(random(4)),
                give: Length(random(3)),
            });
        }
        match random(12) {
            0 => items.push(penalty(-30, 0, false)),
            1 => items.push(penalty(30, 0, false)),
            2 => items.extend([Item::Fill, penalty(FORCED, 0, false)]),
            _ => items.push(glue(8, 4, 3)),
        }
    }
    items.extend([text(12), Item::Fill, penalty(FORCED, 0, false)]);
    items
}

#[test]
fn finds_what_trying_all_breaks_finds() {
    let mut solved = 0;
    let mut of_two_lengths = 0;
    let settings = [
        (90, 200),
        (110, 1000),
        (130, AWFUL),
        (150, 4000),
        (160, 100),
    ];
    for seed in 1..120 {
        let items = paragraph(seed);
        for (width, tolerance) in settings {
            for firsts in 1..4 {
                let room = Room {
                    firsts,
                    ..room(width)
                };
                let rules = Rules::plain(tolerance);
                let place = format!("seed {seed}, width {width}, {firsts}");
                let found = optimum(&items, &room, &rules);
                let least = Oracle::least(&items, room, rules);
                let demerits = found.map(|found| found.demerits);
                assert_eq!(demerits, least.values().copied().min(), "{place}");
                let found = optima(&items, &room, &rules, 6);
                let found = found.iter().map(|one| (one.breaks.len(), one.demerits));
                let wanted: Vec<_> = least.range(..=6).map(|(&a, &b)| (a, b)).collect();
                assert_eq!(found.collect::<Vec<_>>(), wanted, "{place}");
                solved += usize::from(!least.is_empty());
                of_two_lengths += usize::from(wanted.len() > 1);
            }
        }
    }
    assert!(solved > 300, "{solved}");
    assert!(of_two_lengths > 100, "{of_two_lengths}");
}

#[test]
fn reckons_badness_as_tex_does() {
    assert_eq!(badness(0, 0), 0);
    assert_eq!(badness(1, 0), AWFUL);
    assert_eq!(badness(100, 100), 100);
    assert_eq!(badness(50, 100), 12);
    assert_eq!(badness(200, 100), 800);
    assert_eq!(badness(i64::MAX / 4, 1), AWFUL);
}

#[test]
fn lets_a_line_be_too_full_when_desperate() {
    let items = [
        text(500),
        glue(8, 4, 3),
        text(500),
        Item::Fill,
        penalty(FORCED, 0, false),
    ];
    let rules = Rules::plain(AWFUL);
    assert_eq!(optimum(&items, &room(100), &rules), None);
    let desperate = Rules {
        desperate: true,
        ..rules
    };
    let found = optimum(&items, &room(100), &desperate).map(|found| found.breaks);
    assert_eq!(found, Some(vec![1, 4]));
}
