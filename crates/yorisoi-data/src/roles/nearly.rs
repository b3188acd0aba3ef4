//! Does a feature nearly give the answer away? One column that explains almost all of outcome or treatment.
//!
//! An exact copy is refused; a copy with a little noise is kept, because a strong cause looks the same, and
//! is told of.

use rayon::prelude::*;

use super::Roles;
use crate::exact::is_same;
use crate::{BinnedRows, Binner, Notice, Treatment};

/// Share of a target's variance from which on a single feature is told of. A copy of an evenly split 0/1
/// column with 2 % of it changed reaches .92; of features known before the treatment even the same quantity
/// a period earlier seldom does.
const NEARLY_ALL: f64 = 0.9;

/// Rows looked at, evenly spaced: so strong a relation shows in far fewer.
const MAX_ROWS: usize = 100_000;

/// Rows a group of bins holds on average at least, so that its mean means something.
const ROWS_A_GROUP: usize = 20;

/// Groups at most: one a bin.
const MAX_GROUPS: usize = 256;

/// What a feature may give away.
struct Target {
    values: Vec<f64>,
    is_outcome: bool,
}

/// Tells of features that explain nearly all of the outcome or of the treatment.
pub(super) fn nearly_told(
    binned: &BinnedRows,
    binner: &Binner,
    (outcome, treatment): (&[f64], &Treatment),
    roles: &Roles,
) -> Vec<Notice> {
    let n = outcome.len();
    let step = n.div_ceil(MAX_ROWS).max(1);
    let rows: Vec<usize> = (0..n).step_by(step).collect();
    let n_groups = (rows.len() / ROWS_A_GROUP).min(MAX_GROUPS);
    if n_groups < 2 {
        return Vec::new();
    }
    let targets = targets(&rows, outcome, treatment);
    let told = |feature: usize| {
        let bins: Vec<u8> = rows.iter().map(|&row| binned.row(row)[feature]).collect();
        let groups = groups(&bins, n_groups);
        let shares = targets.iter().map(|target| explained(&groups, n_groups, &target.values));
        let nearly = targets.iter().zip(shares).filter(|(_, share)| *share > NEARLY_ALL);
        let most = nearly.max_by(|a, b| a.1.total_cmp(&b.1));
        most.map(|(target, share)| notice(&binner.names[feature], share, target, roles))
    };
    let features: Vec<usize> = (0..binned.n_features()).collect();
    features.par_iter().filter_map(|&feature| told(feature)).collect()
}

/// Returns a group for each bin, joining neighbours where there are more bins than groups.
fn groups(bins: &[u8], n_groups: usize) -> Vec<usize> {
    let mut rank = [0_usize; MAX_GROUPS];
    for &bin in bins {
        rank[usize::from(bin)] = 1;
    }
    let n_used = rank.iter().sum::<usize>();
    for (next, rank) in rank.iter_mut().filter(|rank| **rank > 0).enumerate() {
        *rank = if n_used > n_groups { next * n_groups / n_used } else { next };
    }
    bins.iter().map(|&bin| rank[usize::from(bin)]).collect()
}

fn targets(rows: &[usize], outcome: &[f64], treatment: &Treatment) -> Vec<Target> {
    let at = |of: &dyn Fn(usize) -> f64| rows.iter().map(|&row| of(row)).collect::<Vec<f64>>();
    let mut targets = vec![Target { values: at(&|row| outcome[row]), is_outcome: true }];
    match treatment {
        Treatment::Dose(dose) => {
            targets.push(Target { values: at(&|row| dose[row]), is_outcome: false });
        }
        Treatment::Arms(arms) => targets.extend((1..arms.names.len()).map(|k| Target {
            values: at(&|row| f64::from(u8::from(usize::from(arms.arm[row]) == k))),
            is_outcome: false,
        })),
    }
    targets
}

/// Returns the share of the variance that group means explain, allowing for their number.
///
/// # Formula
///
/// ```text
/// 1 − (Σ (tᵢ − t̄_g)² / (n − g)) / (Σ (tᵢ − t̄)² / (n − 1))          g groups that are not empty
/// ```
fn explained(groups: &[usize], n_groups: usize, values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let mut sums = vec![(0.0, 0.0); n_groups];
    for (&group, value) in groups.iter().zip(values) {
        let (count, sum) = &mut sums[group];
        *count += 1.0;
        *sum += value - mean;
    }
    let used = sums.iter().filter(|(count, _)| *count > 0.0);
    let (n_used, between) =
        used.fold((0.0, 0.0), |(n, all), (count, sum)| (n + 1.0, all + sum * sum / count));
    let total: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    if is_same(total, 0.0) || n <= n_used {
        return 0.0;
    }
    1.0 - (total - between) / (n - n_used) * (n - 1.0) / total
}

fn notice(name: &str, share: f64, target: &Target, roles: &Roles) -> Notice {
    let percent = format!("{:.0} %", 100.0 * share);
    let (code, en, ja) = if target.is_outcome {
        let outcome = &roles.outcome;
        (
            "feature.nearly_outcome",
            format!(
                "feature `{name}` alone explains {percent} of `{outcome}`; if it is the outcome under \
                 another name, or was measured after the treatment, leave it out with `--drop {name}`"
            ),
            format!(
                "特徴量「{name}」だけで結果「{outcome}」の変動の {percent} が説明できます。結果を言い換えた列や、\
                 働きかけの後に測った列であれば `--drop {name}` で外してください。"
            ),
        )
    } else {
        let treatment = &roles.treatment;
        (
            "feature.nearly_treatment",
            format!(
                "feature `{name}` alone explains {percent} of who got what in `{treatment}`; if it repeats \
                 the treatment, leave it out with `--drop {name}`; if it decided who got what, hardly \
                 anybody alike was treated differently"
            ),
            format!(
                "特徴量「{name}」だけで「{treatment}」の割り当ての {percent} が説明できます。働きかけを言い換えた列であれば \
                 `--drop {name}` で外してください。この列で相手を決めたのであれば、似た人どうしの比較はほとんどできません。"
            ),
        )
    };
    Notice::new(code, Some(name), en, ja)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unit_hash;

    const ROUNDING: f64 = 1e-12;

    #[test]
    fn groups_explain_what_differs_between_them() {
        // Means 0 and 1 of four rows, nothing within: all of it.
        assert!((explained(&[0, 0, 1, 1], 2, &[0.0, 0.0, 1.0, 1.0]) - 1.0).abs() < ROUNDING);
        let share = explained(&[0, 0, 1, 1, 1], 2, &[0.0, 1.0, 1.0, 1.0, 1.0]);
        // By hand: total .8 on four degrees of freedom, within groups .5 on three.
        assert!((share - (1.0 - (0.5 / 3.0) / 0.2)).abs() < ROUNDING, "{share}");
    }

    #[test]
    fn bins_are_joined_only_where_there_are_too_many() {
        assert_eq!(groups(&[7, 200, 7], 2), [0, 1, 0]);
        assert_eq!(groups(&[1, 2, 3, 4], 2), [0, 0, 1, 1]);
    }

    #[test]
    fn groups_of_noise_explain_nothing() {
        let values: Vec<f64> = (0..4_000).map(|i| unit_hash(1, i)).collect();
        let groups: Vec<usize> = (0..4_000).map(|i| (unit_hash(2, i) * 200.0) as usize).collect();
        // The adjusted share has mean 0 and standard deviation √(2 · 200)/4000 = .005; six of them.
        assert!(explained(&groups, 200, &values).abs() < 0.03);
    }
}
