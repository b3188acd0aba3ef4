//! Does boosting find what is there, and stop where nothing is?

use crate::common::{CLUSTER_SIZE, Sample, noise};
use yorisoi_forest::{BoostParams, BoostTask, Boosted, boost};

fn boosted(sample: &Sample, targets: &[&[f32]], params: &BoostParams) -> Boosted {
    leaning(sample, targets, None, params)
}

fn leaning(
    sample: &Sample,
    targets: &[&[f32]],
    regressor: Option<&[f32]>,
    params: &BoostParams,
) -> Boosted {
    let task = BoostTask {
        features: &sample.features,
        rows: &sample.rows,
        targets,
        regressor,
        weights: None,
        clusters: None,
    };
    boost(task, params)
}

fn pure_noise(sample: &Sample, seed: u64) -> Vec<f32> {
    sample.rows.iter().map(|&unit| noise(seed, 90, unit) as f32).collect()
}

fn mean_square(values: impl Iterator<Item = f64>) -> f64 {
    let (n, sum) = values.fold((0.0, 0.0), |(n, sum), value| (n + 1.0, sum + value * value));
    sum / n
}

#[test]
fn a_step_is_found() {
    let sample = Sample::new(4_000, 1);
    let step = |unit: u32| f32::from(u8::from(sample.features.row(unit as usize)[2] > 32));
    let y: Vec<f32> =
        sample.rows.iter().map(|&unit| 2.0 * step(unit) + noise(1, 60, unit) as f32).collect();
    let model = boosted(&sample, &[&y], &BoostParams::default());
    let fitted = &model.predict(&sample.features, &sample.rows)[0];
    let error = mean_square(
        sample.rows.iter().map(|&unit| f64::from(fitted[unit as usize] - 2.0 * step(unit))),
    );
    // Mean alone: error 1. Thirty rounds or so of at most 32 leaves on 3,400 rows of noise 1, each
    // shrunk to a tenth, cannot fit more noise than 100 free leaves: 100 / 3400 = .03, and the step's
    // rest after 30 rounds is .9³⁰ = .04 of its height.
    assert!(error < 0.05, "{error}");
}

#[test]
fn two_targets_share_trees_without_drowning_one_another() {
    let sample = Sample::new(4_000, 2);
    let small: Vec<f32> = sample
        .rows
        .iter()
        .map(|&unit| 1e-3 * f32::from(u8::from(sample.features.row(unit as usize)[0] > 20)))
        .collect();
    let large: Vec<f32> = sample.rows.iter().map(|&unit| 1e3 * noise(2, 60, unit) as f32).collect();
    let model = boosted(&sample, &[&large, &small], &BoostParams::default());
    let fitted = &model.predict(&sample.features, &sample.rows)[1];
    let error = mean_square(fitted.iter().zip(&small).map(|(a, b)| 1e3 * f64::from(a - b)));
    assert!(error < 0.01, "{error}");
}

#[test]
fn a_target_that_nothing_predicts_stays_near_its_mean() {
    const SEEDS: u64 = 40;
    let (mut stayed, mut error) = (0, 0.0);
    for seed in 0..SEEDS {
        let sample = Sample::new(2_000, seed);
        let y = pure_noise(&sample, seed);
        let model = boosted(&sample, &[&y], &BoostParams::default());
        let fitted = &model.predict(&sample.features, &sample.rows)[0];
        stayed += usize::from(model.rounds[0] == 0);
        error += mean_square(fitted.iter().map(|value| f64::from(value - model.start[0])));
    }
    // Steps s are kept if they beat the mean on the 300 rows set aside, Σ(r − s)² < Σ r², which chance
    // allows only where Σ s² < 4 Z² with Z standard normal. Over seeds Z² averages 1 at a given round;
    // half as much again for taking the best of a few correlated ones: 4 · 1.5 / 300. Without stopping,
    // 300 rounds would fit more than a fifth of the variance.
    assert!(error / (SEEDS as f64) < 0.02, "{error}");
    // Rounds are kept where their gain exceeds its standard error. A walk without drift does so at its
    // end with probability .16 and at its best with at most twice that (reflection), and every tree on
    // noise adds drift: binomial(40, .32) exceeds 24 with probability 4e-5.
    assert!(stayed >= 16, "{stayed} of {SEEDS} seeds keep no round");
}

/// Half are treated by a coin, which changes their outcome by 4 up to bin 32 of a feature, by −4 beyond; nothing else
/// moves it but noise.
fn coin_and_outcome(sample: &Sample, seed: u64) -> (Vec<f32>, Vec<f32>) {
    let of = |&unit: &u32| {
        let w = f32::from(u8::from(noise(seed, 70, unit) > 0.0));
        let effect = if sample.features.row(unit as usize)[1] > 32 { -4.0 } else { 4.0 };
        (w, effect * w + noise(seed, 60, unit) as f32)
    };
    sample.rows.iter().map(of).unzip()
}

#[test]
fn a_slope_follows_what_the_regressor_changes_here_and_there() {
    let sample = Sample::new(4_000, 7);
    let (w, y) = coin_and_outcome(&sample, 7);
    let model = leaning(&sample, &[&y], Some(&w), &BoostParams::default());
    assert!(model.has_slope() && model.is_sound(sample.features.n_features()));
    let slopes = &model.predict(&sample.features, &sample.rows)[1];
    let of = |unit: u32| if sample.features.row(unit as usize)[1] > 32 { -4.0 } else { 4.0 };
    let error =
        mean_square(sample.rows.iter().map(|&unit| f64::from(slopes[unit as usize]) - of(unit)));
    // The mean slope alone errs by 16. A slope from 3,400 rows of noise 1 and regressor variance ¼ has variance
    // 4 / 3400 a free leaf: .12 with a hundred of them, and as much again for what shrinkage leaves.
    assert!(error < 0.25, "{error}");
}

#[test]
fn what_the_regressor_explains_is_no_noise_to_the_rest() {
    // E[Y | X] = ±2 by the feature; the coin makes noise of standard deviation 2 of it, beside noise of 1.
    const SEEDS: u64 = 10;
    let error = |regressor: bool| {
        let of = |seed: u64| {
            let sample = Sample::new(1_000, seed);
            let (w, y) = coin_and_outcome(&sample, seed);
            let given = regressor.then_some(&w[..]);
            let model = leaning(&sample, &[&y], given, &BoostParams::default());
            let fitted = model.predict(&sample.features, &sample.rows);
            mean_square(sample.rows.iter().map(|&unit| {
                let at = unit as usize;
                let slope = if regressor { fitted[1][at] } else { 0.0 };
                let truth = if sample.features.row(at)[1] > 32 { -2.0 } else { 2.0 };
                f64::from(fitted[0][at] + 0.5 * slope) - truth
            }))
        };
        (0..SEEDS).map(of).sum::<f64>()
    };
    // Variance 5 of noise against 1: error falls, though not by five, as slopes have to be learned too.
    let (with, without) = (error(true), error(false));
    assert!(with < 0.6 * without, "{with} against {without}");
}

#[test]
fn a_regressor_that_does_not_vary_changes_nothing() {
    let sample = Sample::new(2_000, 8);
    let alike = vec![0.1; 2_000];
    let params = BoostParams::default();
    let (with, without) = (
        leaning(&sample, &[&sample.y], Some(&alike), &params),
        boosted(&sample, &[&sample.y], &params),
    );
    let answers = with.predict(&sample.features, &sample.rows);
    assert_eq!(answers[0], without.predict(&sample.features, &sample.rows)[0]);
    assert!(answers[1].iter().all(|slope| *slope == 0.0));
}

#[test]
fn validation_rows_choose_the_rounds_and_kept_trees_are_no_more() {
    let sample = Sample::new(2_000, 3);
    let y = pure_noise(&sample, 3);
    let model = boosted(&sample, &[&sample.w, &y], &BoostParams::default());
    assert_eq!(model.trees.len(), *model.rounds.iter().max().unwrap());
}

#[test]
fn a_constant_target_keeps_no_rounds_and_its_mean() {
    let sample = Sample::new(500, 4);
    let model = boosted(&sample, &[&[2.5; 500]], &BoostParams::default());
    assert_eq!((model.rounds[0], model.trees.len()), (0, 0));
    assert!(
        model.predict(&sample.features, &[0, 1])[0]
            .iter()
            .all(|value| value.to_bits() == 2.5_f32.to_bits())
    );
}

#[test]
fn boosting_is_the_same_bytes_for_one_two_and_four_threads() {
    let sample = Sample::new(3_000, 5);
    let on = |n_threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build().unwrap();
        pool.install(|| {
            let model = boosted(&sample, &[&sample.y, &sample.w], &BoostParams::default());
            let answers = model.predict(&sample.features, &sample.rows);
            (model, answers)
        })
    };
    let one = on(1);
    assert!(one == on(2), "two threads");
    assert!(one == on(4), "four threads");
}

#[test]
fn few_rows_are_answered_with_a_number_though_a_round_may_draw_none_of_them() {
    for seed in 0..50 {
        for n_rows in 1..8 {
            let sample = Sample::new(n_rows, seed);
            let params = BoostParams { min_leaf: 1, patience: 300, seed, ..BoostParams::default() };
            let model = boosted(&sample, &[&sample.y], &params);
            let answers = model.predict(&sample.features, &sample.rows);
            assert!(answers.iter().flatten().all(|answer| answer.is_finite()), "{answers:?}");
        }
    }
}

#[test]
fn clusters_are_whole_on_either_side_of_validation() {
    // Outcomes are alike within clusters and features tell clusters apart: only if whole clusters are
    // set aside does validation see that nothing is learned for new ones.
    let mut sample = Sample::new(2_000, 6);
    let bins = (0..2_000_usize)
        .flat_map(|unit| sample.features.row(unit - unit % CLUSTER_SIZE as usize).to_vec());
    sample.features =
        yorisoi_data::BinnedRows::new(bins.collect(), sample.features.kinds().to_vec(), 2_000);
    let y: Vec<f32> = sample.clusters.iter().map(|&cluster| noise(6, 60, cluster) as f32).collect();
    let params = BoostParams { min_leaf: 4, max_depth: 8, ..BoostParams::default() };
    let rounds = |clusters: Option<&[u32]>| {
        let task = BoostTask {
            features: &sample.features,
            rows: &sample.rows,
            targets: &[&y],
            regressor: None,
            weights: None,
            clusters,
        };
        boost(task, &params).rounds[0]
    };
    let (whole, split) = (rounds(Some(&sample.clusters)), rounds(None));
    assert!(whole * 4 < split, "{whole} rounds with whole clusters, {split} with split ones");
}
