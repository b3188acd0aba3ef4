//! Does a feature give the answer away? Treatment or outcome under another name.

use std::collections::HashMap;

use super::Better;
use crate::{BinLabel, spell_number};
use rayon::prelude::*;

use crate::exact::{are_zeros_and_ones, is_same};
use crate::{BinnedRows, Binner, MAX_BINS, MISSING_BIN, MISSING_CODE, Notice, Treatment, Values};

/// A correlation beyond this is the same quantity with rounding.
const SAME_QUANTITY: f64 = 0.9999;
/// An outcome with at most so many values is checked level by level.
const FEW_OUTCOMES: usize = 20;
/// A feature must part at least so many rows of every class to count as determining it.
const MIN_CLASS_ROWS: usize = 10;
/// A feature needs at least so many rows a level for a perfect fit to mean anything.
const ROWS_A_LEVEL: usize = 10;
/// Rows of one level that all have the rarer outcome are told from so many on.
const MIN_SUSPICIOUS_ROWS: usize = 30;
/// Chance below which such a level is no accident.
const ACCIDENT: f64 = 1e-9;

/// Something that a feature may give away: a class of every used row.
pub(super) struct Classes {
    class: Vec<u8>,
    n_classes: usize,
}

impl Classes {
    /// Returns the arms as classes.
    pub(super) fn of_treatment(treatment: &Treatment) -> Option<Self> {
        match treatment {
            Treatment::Arms(arms) => {
                Some(Self { class: arms.arm.clone(), n_classes: arms.names.len() })
            }
            Treatment::Dose(doses) => Self::of_values(doses),
        }
    }

    /// Returns the values as classes, if they are few.
    pub(super) fn of_values(values: &[f64]) -> Option<Self> {
        let mut distinct: Vec<f64> = Vec::new();
        let mut class = Vec::with_capacity(values.len());
        for &value in values {
            let place =
                distinct.iter().position(|&own| is_same(own, value)).unwrap_or(distinct.len());
            if place == distinct.len() {
                distinct.push(value);
            }
            if distinct.len() > FEW_OUTCOMES {
                return None;
            }
            class.push(place as u8);
        }
        Some(Self { class, n_classes: distinct.len() })
    }

    /// Returns whether the feature determines the class of every row where it is known.
    pub(super) fn are_determined_by(&self, feature: &Values, rows: &[u32]) -> bool {
        let is_determined = match feature {
            Values::Numeric(values) => {
                self.ranges_are_apart(values, rows)
                    || self.levels_are_pure(rows, |row| {
                        (!values[row].is_nan()).then(|| (values[row] + 0.0).to_bits())
                    })
            }
            Values::Category { codes, .. } => self.levels_are_pure(rows, |row| {
                (codes[row] != MISSING_CODE).then(|| u64::from(codes[row]))
            }),
        };
        is_determined && self.parts_enough(feature, rows)
    }

    /// Whether no two classes overlap in the feature, as when a threshold decided.
    fn ranges_are_apart(&self, values: &[f64], rows: &[u32]) -> bool {
        const ROWS_A_CHECK: usize = 4096;
        let mut ranges = vec![(f64::INFINITY, f64::NEG_INFINITY); self.n_classes];
        for (block, rows) in rows.chunks(ROWS_A_CHECK).enumerate() {
            for (i, &row) in rows.iter().enumerate() {
                let (low, high) = &mut ranges[usize::from(self.class[block * ROWS_A_CHECK + i])];
                let value = values[row as usize];
                *low = low.min(value);
                *high = high.max(value);
            }
            let mut seen: Vec<(f64, f64)> =
                ranges.iter().copied().filter(|(low, high)| low <= high).collect();
            seen.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
            // Once two classes overlap they always will, so most features stop after one block.
            if seen.windows(2).any(|pair| pair[0].1 >= pair[1].0) {
                return false;
            }
        }
        true
    }

    /// Whether every level holds one class, with enough rows a level for that to mean anything.
    fn levels_are_pure(&self, rows: &[u32], level: impl Fn(usize) -> Option<u64>) -> bool {
        let limit = rows.len() / ROWS_A_LEVEL;
        let mut class_of_level: HashMap<u64, u8> = HashMap::new();
        for (&row, &class) in rows.iter().zip(&self.class) {
            let Some(level) = level(row as usize) else { continue };
            if *class_of_level.entry(level).or_insert(class) != class
                || class_of_level.len() > limit
            {
                return false;
            }
        }
        true
    }

    /// Whether at least two classes have enough rows where the feature is known, and most rows do.
    fn parts_enough(&self, feature: &Values, rows: &[u32]) -> bool {
        let mut known = vec![0_usize; self.n_classes];
        for (&row, &class) in rows.iter().zip(&self.class) {
            let is_known = match feature {
                Values::Numeric(values) => !values[row as usize].is_nan(),
                Values::Category { codes, .. } => codes[row as usize] != MISSING_CODE,
            };
            known[usize::from(class)] += usize::from(is_known);
        }
        let n_known: usize = known.iter().sum();
        known.iter().filter(|&&n| n >= MIN_CLASS_ROWS).count() >= 2 && 2 * n_known >= rows.len()
    }
}

/// Returns whether a numeric feature and the target are one quantity, up to scale and sign.
///
/// # Formula
///
/// ```text
/// |Σ (xᵢ − x̄)(yᵢ − ȳ)| / √(Σ (xᵢ − x̄)² Σ (yᵢ − ȳ)²) > .9999 over rows where x is finite
/// ```
pub(super) fn is_same_quantity(feature: &Values, rows: &[u32], target: &[f64]) -> bool {
    let Values::Numeric(values) = feature else { return false };
    let pairs = || {
        let pairs = rows.iter().zip(target).map(|(&row, &y)| (values[row as usize], y));
        pairs.filter(|(x, _)| x.is_finite())
    };
    let n = pairs().count();
    if 2 * n < rows.len() || n < 3 {
        return false;
    }
    let (sum_x, sum_y) = pairs().fold((0.0, 0.0), |(sx, sy), (x, y)| (sx + x, sy + y));
    let (mean_x, mean_y) = (sum_x / n as f64, sum_y / n as f64);
    let (xx, xy, yy) = pairs().fold((0.0, 0.0, 0.0), |(xx, xy, yy), (x, y)| {
        let (dx, dy) = (x - mean_x, y - mean_y);
        (xx + dx * dx, xy + dx * dy, yy + dy * dy)
    });
    xy.abs() > SAME_QUANTITY * (xx * yy).sqrt() && xx > 0.0 && yy > 0.0
}

/// Tells of levels in which everyone has the rarer value of a 0/1 outcome: often a column that was
/// measured after the treatment, such as the amount spent where the outcome is whether anything was.
pub(super) fn suspicious_features(
    binned: &BinnedRows,
    binner: &Binner,
    outcome: &[f64],
    better: Better,
) -> Vec<Notice> {
    let is_binary = are_zeros_and_ones(outcome);
    if !is_binary || outcome.is_empty() {
        return Vec::new();
    }
    let share = outcome.iter().sum::<f64>() / outcome.len() as f64;
    let (rare, rare_share) = if share <= 0.5 { (1.0, share) } else { (0.0, 1.0 - share) };
    let n_features = binned.n_features();
    let counts = count_rare(binned, outcome, rare);
    let worst = |feature: usize| {
        let levels = &counts[feature * MAX_BINS..(feature + 1) * MAX_BINS];
        let is_suspicious = |&(_, &[all, rare]): &(usize, &[usize; 2])| {
            all == rare
                && all >= MIN_SUSPICIOUS_ROWS
                && libm::pow(rare_share, all as f64) < ACCIDENT
        };
        let found =
            levels.iter().enumerate().filter(is_suspicious).max_by_key(|(_, [all, _])| *all);
        found.map(|(bin, [all, _])| (bin as u8, *all))
    };
    (0..n_features)
        .filter_map(|feature| {
            let (bin, n) = worst(feature)?;
            Some(suspicious_notice(binner, feature, bin, (n, better.turned(rare, true))))
        })
        .collect()
}

/// Counts, for every feature and bin, all rows and those with the rare outcome.
fn count_rare(binned: &BinnedRows, outcome: &[f64], rare: f64) -> Vec<[usize; 2]> {
    const ROWS_A_TASK: usize = 65_536;
    let n_cells = binned.n_features() * MAX_BINS;
    let count_task = |(task, outcome): (usize, &[f64])| {
        let mut counts = vec![[0_usize; 2]; n_cells];
        for (i, &y) in outcome.iter().enumerate() {
            let is_rare = usize::from(is_same(y, rare));
            for (feature, &bin) in binned.row(task * ROWS_A_TASK + i).iter().enumerate() {
                let count = &mut counts[feature * MAX_BINS + usize::from(bin)];
                count[0] += 1;
                count[1] += is_rare;
            }
        }
        counts
    };
    let add = |mut a: Vec<[usize; 2]>, b: Vec<[usize; 2]>| {
        for (a, b) in a.iter_mut().zip(b) {
            *a = [a[0] + b[0], a[1] + b[1]];
        }
        a
    };
    let tasks = outcome.par_chunks(ROWS_A_TASK).enumerate().map(count_task);
    tasks.reduce(|| vec![[0; 2]; n_cells], add)
}

fn suspicious_notice(binner: &Binner, feature: usize, bin: u8, found: (usize, f64)) -> Notice {
    let name = &binner.names[feature];
    let (n, rare) = found;
    let (en, ja) = match binner.bin_label(feature, bin) {
        _ if bin == MISSING_BIN => ("it is missing".to_owned(), "欠損の行".to_owned()),
        Some(BinLabel::Range { from, below }) => {
            let side = |end: Option<f64>| end.map(spell_number);
            match (side(from), side(below)) {
                (Some(from), Some(below)) => (
                    format!("it is at least {from} and below {below}"),
                    format!("{from} 以上 {below} 未満の行"),
                ),
                (Some(from), None) => {
                    (format!("it is at least {from}"), format!("{from} 以上の行"))
                }
                (None, Some(below)) => {
                    (format!("it is below {below}"), format!("{below} 未満の行"))
                }
                (None, None) => ("it is known".to_owned(), "値のある行".to_owned()),
            }
        }
        Some(BinLabel::Level(level)) => (format!("it is `{level}`"), format!("「{level}」の行")),
        _ => ("it falls into one group".to_owned(), "ある値の行".to_owned()),
    };
    Notice::new(
        "feature.after_outcome",
        Some(name),
        format!(
            "feature `{name}`: where {en}, the outcome is always {rare} ({n} rows); if it was measured \
             after the treatment, leave it out with `--drop {name}`"
        ),
        format!(
            "特徴量「{name}」：{ja}（{n} 行）では結果が必ず {rare} です。働きかけの後に測った列であれば \
             `--drop {name}` で外してください。"
        ),
    )
}
