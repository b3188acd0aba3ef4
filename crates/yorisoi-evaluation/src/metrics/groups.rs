//! How large is the effect in a group? Groups by predicted effect, or any given ones (GATES).

use serde::{Deserialize, Serialize};
use yorisoi_data::{Estimate, HeldOut};
use yorisoi_effects::{Linear, Sampling, ScoreError};

use crate::EvaluationError;
use crate::error::{check_column, check_len};
use crate::ranks::rank_all;

/// A unit whose share in a cell is smaller than this owes it to rounding.
const MIN_PART: f64 = 1e-9;

/// One cell of units with similar predicted effect.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Cell {
    /// 1 is the cell with the highest predicted effect.
    pub cell: usize,
    /// Mean predicted effect.
    pub predicted: f64,
    /// Effect found in it.
    pub found: Estimate,
}

/// Cells by predicted effect, highest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cells {
    /// The cells.
    pub cells: Vec<Cell>,
    /// Effect in the first cell less that in the last, paired by cluster.
    pub first_less_last: Estimate,
}

/// Effect in one group.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct GroupEffect {
    /// The group's number.
    pub group: u32,
    /// Its share of the (weighted) units.
    pub share: f64,
    /// Effect in it; `None` with fewer than two independent units.
    pub effect: Option<Estimate>,
}

/// Returns predicted and found effect in `n_cells` equal cells of units, by descending prediction: the
/// calibration curve.
///
/// # Formula
///
/// Cell `t` holds the units whose rank share lies in `((t − 1)/T, t/T]`. Tied units stand in random
/// order: a tie across a border belongs to both cells in proportion, `f`, and
///
/// ```text
/// found_t = Σ wᵢ fᵢₜ Γᵢ / Σ wᵢ fᵢₜ        predicted_t = Σ wᵢ fᵢₜ τ̂ᵢ / Σ wᵢ fᵢₜ
/// ```
///
/// with cluster-robust standard errors, given the borders.
///
/// # Assumptions
///
/// Predictions and nuisances have not seen these units.
///
/// # Errors
///
/// [`ScoreError::LengthMismatch`], [`ScoreError::NotFinite`]; [`ScoreError::TooFew`] if a cell would
/// rest on fewer than two independent units; [`EvaluationError::Option`] for fewer than two cells.
///
/// # Source
///
/// Chernozhukov, Demirer, Duflo & Fernández-Val (2018; *Econometrica* 2025), "Generic machine learning
/// inference on heterogeneous treatment effects" (sorted group average treatment effects, GATES).
pub fn by_predicted(
    predicted: &HeldOut<Vec<f64>>,
    scores: &HeldOut<Vec<f64>>,
    sampling: &Sampling<'_>,
    n_cells: usize,
) -> Result<Cells, EvaluationError> {
    let (predicted, scores) = (predicted.get(), scores.get());
    check_len("sampling", sampling.n_units(), scores.len())?;
    check_column("predicted", predicted, scores.len())?;
    check_column("scores", scores, scores.len())?;
    if n_cells < 2 {
        let expected = "at least 2";
        return Err(EvaluationError::Option { option: "n_cells", value: n_cells as f64, expected });
    }
    let places = places(predicted, scores, sampling);
    let effect_in = |cell: usize| {
        Linear::ratio(sampling, |unit| {
            places[unit].part_in(cell, n_cells).map(|part| (part * scores[unit], part))
        })
    };
    let mean_predicted = |cell: usize| {
        let (mut sum, mut weight) = (0.0, 0.0);
        for (unit, place) in places.iter().enumerate() {
            let part = place.part_in(cell, n_cells).unwrap_or(0.0) * sampling.weight(unit);
            sum += part * predicted[unit];
            weight += part;
        }
        sum / weight
    };
    let what = "a cell of predicted effect";
    let first = effect_in(0);
    let mut cells = Vec::with_capacity(n_cells);
    let found = first.estimate(what, sampling)?;
    cells.push(Cell { cell: 1, predicted: mean_predicted(0), found });
    for cell in 1..n_cells - 1 {
        let found = effect_in(cell).estimate(what, sampling)?;
        cells.push(Cell { cell: cell + 1, predicted: mean_predicted(cell), found });
    }
    let last = effect_in(n_cells - 1);
    let found = last.estimate(what, sampling)?;
    cells.push(Cell { cell: n_cells, predicted: mean_predicted(n_cells - 1), found });
    let first_less_last = first.less(&last).estimate("the difference of two cells", sampling)?;
    Ok(Cells { cells, first_less_last })
}

/// Returns uplift by tenth of predicted effect; see [`by_predicted`].
///
/// # Errors
///
/// As [`by_predicted`].
pub fn tenths(
    predicted: &HeldOut<Vec<f64>>,
    scores: &HeldOut<Vec<f64>>,
    sampling: &Sampling<'_>,
) -> Result<Cells, EvaluationError> {
    by_predicted(predicted, scores, sampling, 10)
}

/// Returns the effect in each group of units, by ascending group number.
///
/// The groups must come from features or from predictions that have not seen these units.
///
/// # Formula
///
/// ```text
/// θ_g = Σ_{i∈g} wᵢ Γᵢ / Σ_{i∈g} wᵢ
/// ```
///
/// with cluster-robust standard errors.
///
/// # Errors
///
/// [`ScoreError::LengthMismatch`], [`ScoreError::NotFinite`].
pub fn group_effects(
    groups: &HeldOut<Vec<u32>>,
    scores: &HeldOut<Vec<f64>>,
    sampling: &Sampling<'_>,
) -> Result<Vec<GroupEffect>, EvaluationError> {
    let (groups, scores) = (groups.get(), scores.get());
    check_len("sampling", sampling.n_units(), scores.len())?;
    check_len("groups", groups.len(), scores.len())?;
    check_column("scores", scores, scores.len())?;
    let mut numbers = groups.clone();
    numbers.sort_unstable();
    numbers.dedup();
    let effect = |group: u32| {
        let is_in = |unit: usize| groups[unit] == group;
        let share = Linear::ratio(sampling, |unit| Some((f64::from(u8::from(is_in(unit))), 1.0)));
        let effect = Linear::ratio(sampling, |unit| is_in(unit).then(|| (scores[unit], 1.0)));
        let effect = match effect.estimate("the effect in a group", sampling) {
            Ok(effect) => Some(effect),
            Err(ScoreError::TooFew { .. }) => None,
            Err(other) => return Err(other.into()),
        };
        Ok(GroupEffect { group, share: share.value(), effect })
    };
    numbers.into_iter().map(effect).collect()
}

/// The stretch of rank shares that a unit's tie covers.
#[derive(Debug, Clone, Copy, Default)]
struct Place {
    from: f64,
    to: f64,
}

impl Place {
    /// Returns which part of the unit lies in a cell, if any does.
    fn part_in(self, cell: usize, n_cells: usize) -> Option<f64> {
        let border = |cell: usize| cell as f64 / n_cells as f64;
        let shared = self.to.min(border(cell + 1)) - self.from.max(border(cell));
        let part = shared / (self.to - self.from);
        (part > MIN_PART).then_some(part)
    }
}

fn places(predicted: &[f64], scores: &[f64], sampling: &Sampling<'_>) -> Vec<Place> {
    let [ranked] = rank_all([predicted], scores, sampling);
    let total: f64 = ranked.weight.iter().sum();
    let mut places = vec![Place::default(); predicted.len()];
    let (mut start, mut before) = (0, 0.0);
    for end in &ranked.tie_ends {
        let tie = start..*end as usize;
        let after = before + ranked.weight[tie.clone()].iter().sum::<f64>();
        for unit in &ranked.unit[tie] {
            places[*unit as usize] = Place { from: before / total, to: after / total };
        }
        (start, before) = (*end as usize, after);
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::worlds::{assert_nominal_coverage, ranked_world};

    /// Sums of a few numbers of order ten.
    const ROUNDING: f64 = 1e-12;

    fn held<T: Clone>(values: &[T]) -> HeldOut<Vec<T>> {
        HeldOut::promise(values.to_vec())
    }

    #[test]
    fn halves_by_hand() {
        // Predicted 4 3 | 2 1, scores 5 7 | 1 1: found 6 and 1; in the first the
        // influences are ±1/2, so se² = 2 · (1/4 + 1/4) = 1.
        let cells = by_predicted(
            &held(&[1.0, 4.0, 2.0, 3.0]),
            &held(&[1.0, 5.0, 1.0, 7.0]),
            &Sampling::equal(4),
            2,
        )
        .unwrap();
        assert!((cells.cells[0].predicted - 3.5).abs() < ROUNDING);
        assert!((cells.cells[0].found.estimate - 6.0).abs() < ROUNDING);
        assert!((cells.cells[0].found.std_error - 1.0).abs() < ROUNDING);
        assert_eq!(cells.cells[0].found.n, 2);
        assert!((cells.cells[1].found.estimate - 1.0).abs() < ROUNDING);
        assert!((cells.first_less_last.estimate - 5.0).abs() < ROUNDING);
    }

    #[test]
    fn a_tie_across_a_border_is_shared_in_proportion() {
        // Three tied units and one below: the first half is two thirds of each tied unit, so its effect
        // is their mean, 2; the second is a third of each and the last: (3·(1/3)·2 + 8)/2 = 5.
        let cells = by_predicted(
            &held(&[9.0, 9.0, 9.0, 1.0]),
            &held(&[1.0, 2.0, 3.0, 8.0]),
            &Sampling::equal(4),
            2,
        )
        .unwrap();
        assert!((cells.cells[0].found.estimate - 2.0).abs() < ROUNDING);
        assert!((cells.cells[1].found.estimate - 5.0).abs() < ROUNDING);
        assert!((cells.cells[1].predicted - 5.0).abs() < ROUNDING);
    }

    #[test]
    fn constant_predictions_give_every_tenth_the_same() {
        let scores: Vec<f64> = (0..30).map(f64::from).collect();
        let cells = tenths(&held(&[1.0; 30]), &held(&scores), &Sampling::equal(30)).unwrap();
        assert_eq!(cells.cells.len(), 10);
        for cell in cells.cells {
            assert!((cell.found.estimate - 14.5).abs() < 1e-9);
        }
        assert!(cells.first_less_last.estimate.abs() < 1e-9);
    }

    #[test]
    fn too_few_units_for_the_cells_is_an_error() {
        let few = held(&[3.0, 2.0, 1.0]);
        assert!(tenths(&few, &few, &Sampling::equal(3)).unwrap_err().is_too_few());
        let one = by_predicted(&few, &few, &Sampling::equal(3), 1).unwrap_err();
        assert!(matches!(one, EvaluationError::Option { option: "n_cells", .. }));
    }

    #[test]
    fn groups_by_hand_with_a_lonely_one() {
        let weights = [1.0, 3.0, 4.0];
        let sampling = Sampling::equal(3).with_weights(&weights).unwrap();
        let groups =
            group_effects(&held(&[5_u32, 5, 2]), &held(&[1.0, 5.0, 9.0]), &sampling).unwrap();
        assert_eq!((groups[0].group, groups[0].effect), (2, None));
        assert!((groups[0].share - 0.5).abs() < ROUNDING);
        // Mean (1 + 15)/4 = 4; influences −3/4 and 3/4: se² = 2 · 2 · 9/16.
        let effect = groups[1].effect.unwrap();
        assert!((effect.estimate - 4.0).abs() < ROUNDING);
        assert!((effect.std_error - 1.5).abs() < ROUNDING);
    }

    #[test]
    fn weight_two_is_a_repeated_row_and_shuffling_changes_nothing() {
        let world = ranked_world(3, 40, 1);
        let priority: Vec<f64> = world.priority.iter().map(|x| (x * 8.0).floor()).collect();
        let weights: Vec<f64> = (0..40).map(|unit| f64::from(1 + unit % 2)).collect();
        let rows: Vec<usize> = (0..40).rev().chain((0..40).filter(|unit| unit % 2 == 1)).collect();
        let take = |values: &[f64]| -> Vec<f64> { rows.iter().map(|row| values[*row]).collect() };
        let weighted = Sampling::equal(40).with_weights(&weights).unwrap();
        let plain = by_predicted(&held(&priority), &held(&world.scores), &weighted, 4).unwrap();
        let (priority, scores) = (take(&priority), take(&world.scores));
        let repeated =
            by_predicted(&held(&priority), &held(&scores), &Sampling::equal(60), 4).unwrap();
        for (a, b) in plain.cells.iter().zip(&repeated.cells) {
            assert!((a.found.estimate - b.found.estimate).abs() < ROUNDING);
            assert!((a.predicted - b.predicted).abs() < ROUNDING);
        }
    }

    #[test]
    fn intervals_cover_the_effect_of_the_population_tenth() {
        // Effect X − 1/4 with X uniform: tenth t holds X around 1 − (t − .5)/10. The border is estimated
        // too, but moves the mean of a tenth by far less than the noise (sd 1). Eighty clusters a tenth,
        // so that the normal quantile is as good as the one of the t distribution.
        for cluster_size in [1, 4] {
            let mut covered = [0; 11];
            for seed in 0..600 {
                let n = 800 * cluster_size;
                let world = ranked_world(40_000 + seed, n, cluster_size);
                let sampling = Sampling::equal(n).with_clusters(&world.clusters).unwrap();
                let found =
                    tenths(&held(&world.priority), &held(&world.scores), &sampling).unwrap();
                let truths = (0..10).map(|tenth| 1.0 - (f64::from(tenth) + 0.5) / 10.0 - 0.25);
                let estimates = found.cells.iter().map(|cell| cell.found);
                let all = estimates.chain([found.first_less_last]).zip(truths.chain([0.9]));
                for (covered, (estimate, truth)) in covered.iter_mut().zip(all) {
                    let interval = estimate.interval_95();
                    *covered += u32::from(interval.low <= truth && truth <= interval.high);
                }
            }
            for covered in covered {
                assert_nominal_coverage(covered, 600);
            }
        }
    }
}
