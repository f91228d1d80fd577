//! Shares of a hundred in running text: `36.63 percent`.

use std::ops::Range;

/// A share of a hundred, as written: `36.63 percent`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Share {
    pub(super) range: Range<usize>,
    /// In hundredths of a per cent.
    pub(super) value: i64,
    /// How many of its decimals are written.
    decimals: u32,
}

/// The shares of a hundred that a text names.
pub(super) fn shares(plain: &str) -> Vec<Share> {
    let mut all = Vec::new();
    let mut at = 0;
    while let Some(found) = plain[at..].find(|c: char| c.is_ascii_digit()) {
        let start = at + found;
        let length = plain[start..]
            .find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',')
            .unwrap_or(plain.len() - start);
        let figures = plain[start..start + length].trim_end_matches(['.', ',']);
        let end = start + figures.len();
        let unit = plain[end..].trim_start();
        let per_cent = ["%", "percent", "per cent", "per\u{a0}cent"];
        if let Some(unit) = per_cent.iter().find(|word| unit.starts_with(**word))
            && let Some((value, decimals)) = hundredths(figures)
        {
            let unit_at = plain.len() - plain[end..].trim_start().len();
            all.push(Share {
                range: start..unit_at + unit.len(),
                value,
                decimals,
            });
        }
        at = start + length;
    }
    all
}

fn hundredths(figures: &str) -> Option<(i64, u32)> {
    let (whole, part) = figures.split_once('.').unwrap_or((figures, ""));
    let decimals = u32::try_from(part.len())
        .ok()
        .filter(|decimals| *decimals <= 2)?;
    let whole: i64 = whole.parse().ok().filter(|whole| *whole <= 100)?;
    let part: i64 = if part.is_empty() {
        0
    } else {
        part.parse().ok()?
    };
    Some((whole * 100 + part * 10_i64.pow(2 - decimals), decimals))
}

impl Share {
    /// Whether two shares can be one: cut or rounded to the fewer decimals they are the same.
    pub(super) fn agrees(&self, other: &Share) -> bool {
        let unit = 10_i64.pow(2 - self.decimals.min(other.decimals));
        let cut = |value: i64| value / unit;
        let rounded = |value: i64| (value + unit / 2) / unit;
        cut(self.value) == cut(other.value) || rounded(self.value) == rounded(other.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_shares_and_tells_rounding_from_quarrels() {
        let of = |text: &str| shares(text);
        let all = of("36.63 percent, 36%, 36.3 per cent and 1,200% or 50 votes");
        let values: Vec<(i64, u32)> = all.iter().map(|one| (one.value, one.decimals)).collect();
        assert_eq!(values, [(3663, 2), (3600, 0), (3630, 1)]);
        assert!(all[0].agrees(&all[1]) && all[1].agrees(&all[2]) && !all[0].agrees(&all[2]));
    }
}
