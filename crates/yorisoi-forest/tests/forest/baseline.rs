//! What must hold for the line and the small trees under each bag.

use yorisoi_forest::{Bag, Baseline, BaselineTask, Causal, Recipe};

use crate::common::{Sample, noise};

/// Fits the baseline of one bag that holds all of `sample`, on `y`.
fn fitted(sample: &Sample, y: &[f32], rounds: usize) -> Baseline {
    fitted_as(sample, y, sample.baseline(rounds))
}

fn fitted_as(sample: &Sample, y: &[f32], task: BaselineTask<'_>) -> Baseline {
    let recipe = Causal { y_centered: y, baseline: Some(task), ..sample.causal_without_line() };
    let bag = Bag { sample: &sample.rows, rows: &sample.features, seed: 7, number: 0 };
    recipe.in_bag(bag).1.expect("a baseline")
}

/// An effect that falls and rises again with the first feature: a line sees nothing of it.
fn valley(sample: &Sample) -> Vec<f32> {
    let effect =
        |&unit: &u32| (f32::from(sample.features.row(unit as usize)[0]) - 32.0).abs() / 16.0;
    sample.rows.iter().map(effect).collect()
}

fn mean_square(values: impl Iterator<Item = f32>, n: usize) -> f32 {
    values.map(|value| value * value).sum::<f32>() / n as f32
}

/// Returns how far the baseline is from `truth`, squared, as a share of how far the line alone is.
fn share_left(sample: &Sample, truth: &[f32], y: &[f32], rounds: usize) -> f32 {
    let error = |rounds: usize| {
        let baseline = fitted(sample, y, rounds);
        let at = |&unit: &u32| baseline.at(&sample.scale, sample.features.row(unit as usize));
        let errors = sample.rows.iter().zip(truth).map(|(unit, truth)| at(unit) - truth);
        mean_square(errors, truth.len())
    };
    error(rounds) / error(0)
}

#[test]
fn small_trees_follow_a_bend_that_no_line_can() {
    let sample = Sample::ordered(2_000, 3);
    let truth = valley(&sample);
    let y: Vec<f32> = truth.iter().zip(&sample.w).map(|(effect, w)| effect * w).collect();
    // Sixteen leaves leave stairs of 1/16 of the range: 1/256 of the variance each way. Without noise
    // twelve halvings leave 2^-24 of what the leaves can see.
    let left = share_left(&sample, &truth, &y, 12);
    assert!(left < 0.05, "{left}");
}

#[test]
fn without_a_line_small_trees_stand_on_the_mean_effect() {
    let sample = Sample::new(2_000, 8);
    let y: Vec<f32> = sample.w.iter().zip(&sample.y).map(|(w, y)| 3.0 * w + y).collect();
    let task = BaselineTask { has_line: false, ..sample.baseline(3) };
    let baseline = fitted_as(&sample, &y, task);
    let pull: f32 = sample.w.iter().zip(&y).map(|(w, y)| w * y).sum();
    let variation: f32 = sample.w.iter().map(|w| w * w).sum();
    // Sums of 2,000 products of order 1 in f32 are off by 2,000 · 2⁻²⁴ of themselves at most.
    assert!((baseline.line.intercept - pull / variation).abs() < 1e-3);
    assert!(baseline.line.slopes.iter().all(|&slope| slope.abs() < f32::EPSILON));
    assert_eq!(baseline.steps.len(), 3);
}

#[test]
fn the_first_rounds_are_the_same_however_many_follow() {
    let sample = Sample::new(1_000, 4);
    let (few, many) = (fitted(&sample, &sample.y, 3), fitted(&sample, &sample.y, 6));
    assert_eq!(few.line, many.line);
    assert_eq!(few.steps[..], many.steps[..3]);
    assert_eq!(many.steps.len(), 6);
}

#[test]
fn leaves_with_hardly_any_treatment_variation_stay_calm() {
    // Where nearly everyone is treated, w is .01: a plain ratio of sums would answer with noise of
    // standard deviation 1 / (.01 √20) = 22 for twenty units.
    let mut sample = Sample::ordered(2_000, 5);
    for unit in 0..2_000_u32 {
        let at = unit as usize;
        if sample.features.row(at)[0] < 16 {
            sample.w[at] = if noise(5, 50, unit) < 0.0 { 0.01 } else { -0.01 };
        }
        sample.y[at] = noise(5, 70, unit) as f32;
    }
    let baseline = fitted(&sample, &sample.y, 3);
    let farthest = (sample.rows.iter())
        .map(|&unit| baseline.at(&sample.scale, sample.features.row(unit as usize)).abs())
        .fold(0.0, f32::max);
    // Drawn towards 0 as by 20 units of w² = .19 on average, a leaf of m calm rows answers with standard
    // deviation .01 √m / (.19 · 20) < .06 for any m of the 500; leaves of ordinary rows with √m / 2 / (m/4
    // + 3.8) < .26. Three rounds at rate 1/2, each at most five of those.
    assert!(farthest < 3.0 * 0.5 * 5.0 * 0.26, "{farthest}");
}

#[test]
fn without_rounds_only_the_line_is_fitted() {
    let sample = Sample::new(500, 6);
    assert!(fitted(&sample, &sample.y, 0).steps.is_empty());
}
