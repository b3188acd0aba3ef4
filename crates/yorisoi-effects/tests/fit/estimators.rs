//! Do the other forests find what they should, and refuse what they must?

use yorisoi_data::{BinnedRows, Dataset, FeatureKind, MAX_FEATURES, Silent, Treatment};
use yorisoi_effects::estimators::{
    EstimatorError, ForestInput, InstrumentalForest, InstrumentalForestParams, MeanForestParams,
    Means, ProbabilityForest, RegressionForest,
};
use yorisoi_testkit::{
    NieWager, Size, World, confounded, coverage, households, noncompliance, pehe, several_arms,
};

use crate::worlds::{all_rows, dataset, out_of_bag, params};

const FEW_TREES: MeanForestParams =
    MeanForestParams { n_trees: 200, min_leaf: 5, sample_fraction: None, seed: 42 };

fn takes(world: &World) -> Vec<f64> {
    let Treatment::Arms(arms) = &world.treatment else { panic!("two arms") };
    arms.arm.iter().map(|&arm| f64::from(arm)).collect()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Returns the mean effect that the instrument and the plain causal forest see.
fn with_and_without_the_instrument(world: &World, data: &Dataset) -> (Vec<f64>, Vec<f64>) {
    let rows = all_rows(data);
    let input = ForestInput::new(&data.features, &rows);
    let z = world.instrument.as_ref().expect("an instrument");
    let params_iv = InstrumentalForestParams { n_trees: 200, ..Default::default() };
    let columns = [z.as_slice(), &takes(world), &world.outcome];
    let forest = InstrumentalForest::fit(&input, columns, &params_iv, &Silent).expect("a fit");
    assert!(forest.first_stage_f() > 1_000.0, "{}", forest.first_stage_f());
    let effects = forest.out_of_bag(&input, &Silent).into_inner();
    let naive = out_of_bag(data, &params(100));
    (effects.tau_hat, naive.arms[0].tau_hat.clone())
}

#[test]
fn only_the_instrument_finds_the_effect_on_compliers() {
    const N_UNITS: usize = 8_000;
    let world = noncompliance(Size::new(N_UNITS, 1));
    let data = dataset(&world, false);
    let (tau_hat, naive) = with_and_without_the_instrument(&world, &data);
    let truth = mean(&world.tau[0]);
    // Outcome given features and offer: variance 1 + .39; the ratio's standard error is about
    // 2 √1.5 / (.6 √8000) = .046. Five of them.
    let bound = 0.23;
    assert!((mean(&tau_hat) - truth).abs() < bound, "{} against {truth}", mean(&tau_hat));
    // Always takers are up by 1 and never takers down by 1: ignoring that must mislead by far more.
    assert!(mean(&naive) > truth + 2.0 * bound, "{} against {truth}", mean(&naive));
    let group = |is_high: bool| {
        let of = |unit: &usize| (world.tau[0][*unit] > 0.75) == is_high;
        mean(&(0..N_UNITS).filter(of).map(|unit| tau_hat[unit]).collect::<Vec<f64>>())
    };
    // True difference .5, standard error 2 · .046: more than 0 by five of them less smoothing.
    assert!(group(true) > group(false) + 0.04, "{} {}", group(true), group(false));
}

#[test]
fn intervals_with_an_instrument_hold_the_truth() {
    const REPLICATIONS: u64 = 4;
    let share = |seed: u64| {
        let world = noncompliance(Size::new(2_000, 100 + seed));
        let data = dataset(&world, false);
        let rows = all_rows(&data);
        let input = ForestInput::new(&data.features, &rows);
        let z = world.instrument.as_ref().expect("an instrument");
        let params = InstrumentalForestParams { n_trees: 200, ..Default::default() };
        let columns = [z.as_slice(), &takes(&world), &world.outcome];
        let forest = InstrumentalForest::fit(&input, columns, &params, &Silent).unwrap();
        let effects = forest.out_of_bag(&input, &Silent).into_inner();
        coverage(&effects.low, &effects.high, &world.tau[0])
    };
    let mean = (0..REPLICATIONS).map(share).sum::<f64>() / REPLICATIONS as f64;
    // As in `coverage.rs`: one data set's share has standard deviation .05, and 3.6 of them are taken.
    assert!((mean - 0.95).abs() < 3.6 * 0.05 / (REPLICATIONS as f64).sqrt(), "{mean}");
}

#[test]
fn a_weak_instrument_and_a_constant_one_are_refused() {
    let world = noncompliance(Size::new(600, 2));
    let data = dataset(&world, false);
    let rows = all_rows(&data);
    let input = ForestInput::new(&data.features, &rows);
    let fit = |z: &[f64]| {
        let params = InstrumentalForestParams { n_trees: 4, ..Default::default() };
        InstrumentalForest::fit(&input, [z, &takes(&world), &world.outcome], &params, &Silent)
    };
    let coin: Vec<f64> =
        (0..600).map(|unit| f64::from(u8::from(yorisoi_data::unit_hash(5, unit) < 0.5))).collect();
    let weak = fit(&coin).unwrap_err();
    assert!(weak.is_weak_instrument(), "{weak}");
    let constant = fit(&[1.0; 600]).unwrap_err();
    assert_eq!(constant, EstimatorError::NoVariation { name: "z" });
}

#[test]
fn relabelling_the_offer_and_the_taking_leaves_the_effect() {
    let world = noncompliance(Size::new(1_500, 3));
    let data = dataset(&world, false);
    let rows = all_rows(&data);
    let input = ForestInput::new(&data.features, &rows);
    let fit = |z: &[f64], w: &[f64]| {
        let params = InstrumentalForestParams { n_trees: 100, ..Default::default() };
        let forest = InstrumentalForest::fit(&input, [z, w, &world.outcome], &params, &Silent);
        forest.unwrap().out_of_bag(&input, &Silent).into_inner()
    };
    let other = |values: &[f64]| values.iter().map(|value| 1.0 - value).collect::<Vec<f64>>();
    let (z, w) = (world.instrument.clone().expect("an instrument"), takes(&world));
    let plain = fit(&z, &w);
    let offer = fit(&other(&z), &w);
    let taking: Vec<f64> = fit(&z, &other(&w)).tau_hat.iter().map(|tau| -tau).collect();
    // Rounding may let near ties between splits fall the other way: noise in a few of 50 trees, a
    // quarter of a standard error at most.
    let near = 0.25 * mean(&plain.std_error);
    for moved in [offer.tau_hat, taking] {
        let distance: f64 = plain.tau_hat.iter().zip(&moved).map(|(a, b)| (a - b).abs()).sum();
        assert!(distance / 1_500.0 < near, "{} {near}", distance / 1_500.0);
    }
}

#[test]
fn the_regression_forest_finds_the_expected_outcome() {
    let world = confounded(NieWager::C, Size::new(3_000, 4));
    let data = dataset(&world, false);
    let rows = all_rows(&data);
    let input = ForestInput::new(&data.features, &rows);
    let forest = RegressionForest::fit(&input, &world.outcome, &FEW_TREES, &Silent).unwrap();
    let truth = world.marginal_outcome();
    let means = forest.out_of_bag(&input, &Silent).into_inner();
    let (error, spread) = (pehe(&means.y_hat, &truth), pehe(&vec![mean(&truth); 3_000], &truth));
    // At least three quarters of the variance that can be explained: noise in leaves of 5 over 200
    // trees is far below, what is lost is smoothing.
    assert!(error * error < 0.25 * spread * spread, "{error} {spread}");
    assert!(means.std_error.iter().all(|std_error| *std_error > 0.0));
}

#[test]
fn intervals_of_means_of_another_level_by_hand() {
    let (y_hat, std_error) = (vec![0.9, 0.5, f64::NAN], vec![0.1, f64::NAN, 0.1]);
    let means = Means { y_hat, std_error, ..Means::default() };
    let (low, high) = means.interval(2.0, (0.0, 1.0));
    assert!((low[0] - 0.7).abs() < 1e-12 && (high[0] - 1.0).abs() < f64::EPSILON);
    // What is not known has no end, at any level.
    assert!(low[1..].iter().chain(&high[1..]).all(|end| end.is_nan()));
}

#[test]
fn class_probabilities_sum_to_one_and_follow_the_arms() {
    let world = confounded(NieWager::D, Size::new(3_000, 5));
    let data = dataset(&world, false);
    let Treatment::Arms(arms) = &data.treatment else { panic!("two arms") };
    let rows = all_rows(&data);
    let input = ForestInput::new(&data.features, &rows);
    let forest = ProbabilityForest::fit(&input, &arms.arm, &FEW_TREES, &Silent).unwrap();
    let classes = forest.out_of_bag(&input, &Silent).into_inner();
    assert_eq!(classes.len(), 2);
    for unit in 0..3_000 {
        let sum: f64 = classes.iter().map(|class| class.y_hat[unit]).sum();
        // Shares rounded to f32 in each of 200 trees.
        assert!((sum - 1.0).abs() < 1e-5, "unit {unit}: {sum}");
        assert!(classes.iter().all(|class| class.low[unit] >= 0.0 && class.high[unit] <= 1.0));
    }
    let truth = &world.propensity[1];
    let (error, spread) = (pehe(&classes[1].y_hat, truth), pehe(&vec![mean(truth); 3_000], truth));
    assert!(error * error < 0.5 * spread * spread, "{error} {spread}");
}

#[test]
fn arms_of_a_fair_trial_are_equally_likely_for_everyone() {
    let world = several_arms(Size::new(2_000, 6));
    let data = dataset(&world, false);
    let Treatment::Arms(arms) = &data.treatment else { panic!("arms") };
    let rows = all_rows(&data);
    let input = ForestInput::new(&data.features, &rows);
    let params = MeanForestParams { min_leaf: 100, ..FEW_TREES };
    let classes = ProbabilityForest::fit(&input, &arms.arm, &params, &Silent).unwrap().predict(
        &data.features,
        &rows,
        &Silent,
    );
    assert_eq!(classes.len(), 5);
    for class in classes {
        // A share of .2 in a leaf of 100 has standard error .04, averaging over trees aside.
        let far = class.y_hat.iter().filter(|share| (*share - 0.2).abs() > 0.12).count();
        assert!(far < 20, "{far} of 2000 beyond three standard errors");
    }
}

/// An outcome far from 0 keeps its digits: years, or seconds since 1970.
#[test]
fn an_offset_moves_means_and_leaves_how_sure_they_are() {
    let world = confounded(NieWager::C, Size::new(600, 9));
    let data = dataset(&world, false);
    let rows = all_rows(&data);
    let input = ForestInput::new(&data.features, &rows);
    // Exact in double precision at every offset below: what is lost is lost by the forest.
    let round = |y: &f64| (y * 1_024.0).round() / 1_024.0;
    let y: Vec<f64> = world.outcome.iter().map(round).collect();
    let means = |offset: f64| {
        let y: Vec<f64> = y.iter().map(|y| y + offset).collect();
        let forest = RegressionForest::fit(&input, &y, &FEW_TREES, &Silent).unwrap();
        forest.out_of_bag(&input, &Silent).into_inner()
    };
    let plain = means(0.0);
    for offset in [2_020.0, 1.7e9, -1.7e9] {
        let moved = means(offset);
        // Near ties of splits may fall the other way, as in `laws.rs`.
        let bound = 0.25 * mean(&plain.std_error);
        let far = |a: &[f64], b: &[f64], less: f64| {
            a.iter().zip(b).map(|(a, b)| (a - less - b).abs()).sum::<f64>() / 600.0
        };
        let (of_mean, of_error) =
            (far(&moved.y_hat, &plain.y_hat, offset), far(&moved.std_error, &plain.std_error, 0.0));
        assert!(of_mean < bound && of_error < bound, "{offset}: {of_mean} {of_error} {bound}");
    }
}

#[test]
fn an_offset_of_the_outcome_leaves_an_effect_with_an_instrument() {
    let world = noncompliance(Size::new(1_500, 10));
    let data = dataset(&world, false);
    let rows = all_rows(&data);
    let input = ForestInput::new(&data.features, &rows);
    let z = world.instrument.as_ref().expect("an instrument");
    let effects = |offset: f64| {
        let y: Vec<f64> = world.outcome.iter().map(|y| y + offset).collect();
        let params = InstrumentalForestParams { n_trees: 100, ..Default::default() };
        let columns = [z.as_slice(), &takes(&world), &y];
        let forest = InstrumentalForest::fit(&input, columns, &params, &Silent).unwrap();
        forest.out_of_bag(&input, &Silent).into_inner()
    };
    let plain = effects(0.0);
    let moved = effects(1.7e9);
    let n = plain.tau_hat.len() as f64;
    let both = plain.tau_hat.iter().zip(&moved.tau_hat);
    let distance = both.map(|(a, b)| (a - b).abs()).sum::<f64>() / n;
    // As above.
    assert!(distance < 0.25 * mean(&plain.std_error), "{distance}");
}

/// Opens `forest` with every bit of some bytes turned, and asks what passes for sound.
fn forge<F: serde::Serialize + serde::de::DeserializeOwned>(
    forest: &F,
    is_sound: impl Fn(&F) -> bool,
    ask: impl Fn(&F),
) {
    let bytes = postcard::to_allocvec(forest).expect("a forest has an encoding");
    let (mut refused, mut answered) = (0, 0);
    for at in (0..bytes.len()).step_by(11) {
        for bit in 0..8 {
            let mut forged = bytes.clone();
            forged[at] ^= 1 << bit;
            match postcard::from_bytes::<F>(&forged).ok().filter(|forest| is_sound(forest)) {
                Some(forest) => {
                    ask(&forest);
                    answered += 1;
                }
                None => refused += 1,
            }
        }
    }
    assert!(refused > 0 && answered > 0, "{refused} refused, {answered} answered");
}

#[test]
fn a_forged_forest_is_known_for_one_or_answers() {
    let world = noncompliance(Size::new(400, 11));
    let data = dataset(&world, false);
    let rows = all_rows(&data);
    let input = ForestInput::new(&data.features, &rows);
    let p = data.features.n_features();
    let growth = MeanForestParams { n_trees: 4, min_leaf: 20, ..FEW_TREES };
    let asked = &rows[..17];
    let means = RegressionForest::fit(&input, &world.outcome, &growth, &Silent).unwrap();
    forge(
        &means,
        |forest| forest.is_sound(p),
        |forest| {
            forest.predict(&data.features, asked, &Silent);
        },
    );
    let Treatment::Arms(arms) = &data.treatment else { panic!("two arms") };
    let classes = ProbabilityForest::fit(&input, &arms.arm, &growth, &Silent).unwrap();
    forge(
        &classes,
        |forest| forest.is_sound(p),
        |forest| {
            forest.predict(&data.features, asked, &Silent);
        },
    );
    let z = world.instrument.as_ref().expect("an instrument");
    let params = InstrumentalForestParams { n_trees: 4, ..Default::default() };
    let columns = [z.as_slice(), &takes(&world), &world.outcome];
    let moved = InstrumentalForest::fit(&input, columns, &params, &Silent).unwrap();
    forge(
        &moved,
        |forest| forest.is_sound(p),
        |forest| {
            forest.predict(&data.features, asked, &Silent);
        },
    );
}

#[test]
fn a_units_own_outcome_and_its_households_never_move_its_mean() {
    let world = households(Size::new(600, 7));
    let data = dataset(&world, false);
    let rows = all_rows(&data);
    let clusters = data.clusters.clone().expect("households");
    let input =
        ForestInput { clusters: Some(&clusters), ..ForestInput::new(&data.features, &rows) };
    let of = |y: &[f64]| {
        let forest = RegressionForest::fit(&input, y, &FEW_TREES, &Silent).unwrap();
        forest.out_of_bag(&input, &Silent).into_inner().y_hat
    };
    let before = of(&world.outcome);
    let mut y = world.outcome.clone();
    let members: Vec<usize> = (0..600).filter(|&unit| clusters[unit] == 20).collect();
    for &unit in &members {
        y[unit] += 50.0;
    }
    let after = of(&y);
    for unit in members {
        assert_eq!(after[unit].to_bits(), before[unit].to_bits(), "unit {unit}");
    }
    assert_ne!(after, before);
}

#[test]
fn forests_are_the_same_bytes_for_one_and_four_threads() {
    let world = noncompliance(Size::new(800, 8));
    let data = dataset(&world, false);
    let rows = all_rows(&data);
    let input = ForestInput::new(&data.features, &rows);
    let on = |n_threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build().unwrap();
        pool.install(|| {
            let params = InstrumentalForestParams { n_trees: 20, ..Default::default() };
            let z = world.instrument.as_ref().expect("an instrument");
            let columns = [z.as_slice(), &takes(&world), &world.outcome];
            let forest = InstrumentalForest::fit(&input, columns, &params, &Silent).unwrap();
            let effects = forest.predict(&data.features, &rows, &Silent);
            let means = RegressionForest::fit(&input, &world.outcome, &FEW_TREES, &Silent).unwrap();
            (forest, effects, means)
        })
    };
    assert!(on(1) == on(4));
}

#[test]
fn what_cannot_be_learned_from_is_refused_by_name() {
    let kinds = vec![FeatureKind::Ordered { n_bins: 3 }];
    let features = BinnedRows::new(vec![1; 30], kinds, 30);
    let rows: Vec<u32> = (0..30).collect();
    let input = ForestInput::new(&features, &rows);
    let fit = |input: &ForestInput<'_>, y: &[f64]| {
        RegressionForest::fit(input, y, &FEW_TREES, &Silent).unwrap_err()
    };
    let y = [1.0; 30];
    let short = fit(&input, &y[..29]);
    assert!(matches!(short, EstimatorError::LengthMismatch { name: "y", actual: 29, .. }));
    let mut gap = y;
    gap[4] = f64::NAN;
    assert!(matches!(fit(&input, &gap), EstimatorError::NotFinite { name: "y", unit: 4, .. }));
    // Too large for the forest's numbers: refused, not turned into infinity.
    gap[4] = 1e300;
    assert!(matches!(fit(&input, &gap), EstimatorError::NotFinite { unit: 4, .. }));
    let few = ForestInput { rows: &rows[..19], ..input };
    assert_eq!(fit(&few, &y), EstimatorError::TooFew { actual: 19, expected: 20 });
    let beyond: Vec<u32> = (1..31).collect();
    let unknown = fit(&ForestInput { rows: &beyond, ..input }, &y);
    assert_eq!(unknown, EstimatorError::UnknownRow { row: 30, n_rows: 30 });
    for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let mut weights = [1.0; 30];
        weights[7] = bad;
        let error = fit(&ForestInput { weights: Some(&weights), ..input }, &y);
        assert!(matches!(error, EstimatorError::Weight { unit: 7, .. }), "{bad}");
    }
    let none = BinnedRows::new(Vec::new(), Vec::new(), 30);
    assert_eq!(fit(&ForestInput::new(&none, &rows), &y), EstimatorError::NoFeatures);
    let wide = vec![FeatureKind::Ordered { n_bins: 3 }; MAX_FEATURES + 1];
    let wide = BinnedRows::new(vec![1; 30 * wide.len()], wide, 30);
    let (actual, expected) = (MAX_FEATURES + 1, MAX_FEATURES);
    let refused = fit(&ForestInput::new(&wide, &rows), &y);
    assert_eq!(refused, EstimatorError::TooManyFeatures { actual, expected });
    let nine: Vec<u32> = (0..30).map(|unit| unit % 9).collect();
    let refused = fit(&ForestInput { clusters: Some(&nine), ..input }, &y);
    assert_eq!(refused, EstimatorError::FewClusters { actual: 9, expected: 10 });
    let class = [6; 30];
    let error = ProbabilityForest::fit(&input, &class, &FEW_TREES, &Silent).unwrap_err();
    assert_eq!(error, EstimatorError::UnknownClass { unit: 0, class: 6 });
    assert!(error.to_string().contains("0 to 5"), "{error}");
}
