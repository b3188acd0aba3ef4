//! What holds for every fit: symmetries of the data, blindness to a unit's own outcome, threads.

use yorisoi_data::{
    Arms, BinnedRows, Dataset, FeatureKind, MAX_FEATURES, Propensity, Silent, Treatment,
};
use yorisoi_effects::{ArmEffects, Baseline, EffectError, EffectParams, Trees, fit_effects};
use yorisoi_testkit::{NieWager, Size, confounded, continuous_dose, households, several_arms};

use crate::worlds::{all_rows, by_forest, dataset, fit, out_of_bag, params};

/// How far rounding may move effects, as a share of their standard error and on average over units.
///
/// Sums in `f32` are rounded elsewhere once the data are moved, so a near tie between two splits may
/// fall the other way. The two splits then serve the sample equally well, and what they disagree in is
/// noise within one of hundreds of trees; in a nuisance it is a tenth of a leaf's step in one of dozens.
const NEAR_TIES: f64 = 0.25;

fn assert_same_but_for_near_ties(a: &ArmEffects, b: &[f64]) {
    let n = b.len() as f64;
    let distance: f64 = a.tau_hat.iter().zip(b).map(|(a, b)| (a - b).abs()).sum::<f64>() / n;
    let std_error: f64 = a.std_error.iter().sum::<f64>() / n;
    assert!(distance < NEAR_TIES * std_error, "moved by {distance} of {std_error}");
}

/// Returns the data with arm and control under each other's names.
fn swapped(data: &Dataset) -> Dataset {
    let Treatment::Arms(arms) = &data.treatment else { panic!("two arms") };
    let names = arms.names.iter().rev().cloned().collect();
    let arm = arms.arm.iter().map(|arm| 1 - arm).collect();
    Dataset { treatment: Treatment::Arms(Arms { names, arm }), ..data.clone() }
}

fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|value| value.to_bits()).collect()
}

fn negated(values: &[f64]) -> Vec<f64> {
    values.iter().map(|value| -value).collect()
}

#[test]
fn swapping_arms_of_a_fair_trial_negates_every_bit() {
    let data = dataset(&confounded(NieWager::B, Size::new(800, 1)), true);
    assert!(matches!(data.propensity, Propensity::Constant(_)));
    for baseline in [Some(Baseline::None), Some(Baseline::Boosted(3)), None] {
        let params = EffectParams { baseline, ..params(40) };
        let (plain, other) = (out_of_bag(&data, &params), out_of_bag(&swapped(&data), &params));
        let (plain, other) = (&plain.arms[0], &other.arms[0]);
        assert_eq!(bits(&negated(&plain.tau_hat)), bits(&other.tau_hat), "{baseline:?}");
        assert_eq!(bits(&negated(&plain.low)), bits(&other.high), "{baseline:?}");
        assert_eq!(bits(&plain.std_error), bits(&other.std_error), "{baseline:?}");
    }
}

#[test]
fn swapping_arms_negates_effects_under_estimated_propensities() {
    let data = dataset(&confounded(NieWager::A, Size::new(1_500, 2)), false);
    for baseline in [Some(Baseline::None), Some(Baseline::Boosted(3)), None] {
        let params = EffectParams { baseline, min_leaf: Some(50), ..params(200) };
        let (plain, other) = (out_of_bag(&data, &params), out_of_bag(&swapped(&data), &params));
        assert_same_but_for_near_ties(&plain.arms[0], &negated(&other.arms[0].tau_hat));
    }
}

#[test]
fn a_constant_on_top_of_the_outcome_leaves_the_effects() {
    let mut data = dataset(&confounded(NieWager::A, Size::new(1_500, 3)), false);
    for baseline in [Some(Baseline::None), Some(Baseline::Boosted(3)), None] {
        let params = EffectParams { baseline, min_leaf: Some(50), ..params(200) };
        let plain = out_of_bag(&data, &params);
        for y in &mut data.outcome {
            *y += 4.0;
        }
        assert_same_but_for_near_ties(&plain.arms[0], &out_of_bag(&data, &params).arms[0].tau_hat);
    }
}

#[test]
fn doubling_the_outcome_doubles_every_bit() {
    let mut data = dataset(&confounded(NieWager::A, Size::new(800, 4)), false);
    let plain = out_of_bag(&data, &params(40));
    for y in &mut data.outcome {
        *y *= 2.0;
    }
    let doubled = out_of_bag(&data, &params(40));
    let twice = |values: &[f64]| -> Vec<f64> { values.iter().map(|value| 2.0 * value).collect() };
    assert_eq!(bits(&twice(&plain.arms[0].tau_hat)), bits(&doubled.arms[0].tau_hat));
    assert_eq!(bits(&twice(&plain.arms[0].low)), bits(&doubled.arms[0].low));
}

#[test]
fn equal_weights_are_no_weights() {
    let data = dataset(&confounded(NieWager::A, Size::new(800, 5)), false);
    // A power of four scales sums, quotients and square roots exactly.
    let weighted = Dataset { weights: Some(vec![4.0; 800]), ..data.clone() };
    assert_eq!(out_of_bag(&weighted, &params(40)), out_of_bag(&data, &params(40)));
}

#[test]
fn nuisances_of_a_unit_never_depend_on_outcomes_of_its_household() {
    let world = households(Size::new(900, 6));
    let data = dataset(&world, false);
    let clusters = data.clusters.clone().expect("households");
    let learners = [params(4), by_forest(4)];
    let cases = learners.iter().flat_map(|params| [0, 33, 150].map(|one| (params, one)));
    for (params, household) in cases {
        let before = fit(&data, params).nuisances.into_inner();
        let members: Vec<usize> = (0..900).filter(|&unit| clusters[unit] == household).collect();
        let mut moved = data.clone();
        for &unit in &members {
            // To the other side of 0, still within the range of all.
            moved.outcome[unit] = -moved.outcome[unit].clamp(-1.0, 1.0);
        }
        let after = fit(&moved, params).nuisances.into_inner();
        for &unit in &members {
            assert_eq!(after.y_hat[unit].to_bits(), before.y_hat[unit].to_bits(), "unit {unit}");
            assert_eq!(after.w_hat[1][unit].to_bits(), before.w_hat[1][unit].to_bits());
        }
        assert_ne!(after.y_hat, before.y_hat, "others learn from it");
    }
}

#[test]
fn a_fit_is_the_same_bytes_for_one_two_and_four_threads() {
    let worlds = [several_arms(Size::new(1_000, 7)), households(Size::new(1_000, 7))];
    let data = worlds.map(|world| dataset(&world, false));
    // Enough bags that no unit is in all of them: a NaN would not equal itself.
    let learners = [params(60), by_forest(60)];
    for (data, params) in data.iter().flat_map(|data| learners.iter().map(move |one| (data, one))) {
        let on = |n_threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build().unwrap();
            pool.install(|| {
                let fitted = fit(data, params);
                let (rows, model) = (all_rows(data), &fitted.model);
                let out_of_bag = fitted.out_of_bag(data, &rows, &Silent).into_inner();
                let new = model.effects(&data.features, &rows, &Silent);
                let of_new = model.nuisances(&data.features, &rows, None);
                (model.to_bytes(), fitted.nuisances, out_of_bag, new, of_new)
            })
        };
        let one = on(1);
        assert!(one == on(2), "two threads");
        assert!(one == on(4), "four threads");
    }
}

#[test]
fn another_seed_is_another_forest() {
    let data = dataset(&confounded(NieWager::A, Size::new(500, 8)), false);
    let other = EffectParams { seed: 7, ..params(10) };
    assert_ne!(fit(&data, &params(10)).model, fit(&data, &other).model);
}

/// With so few trees some rows are in every bag but one, or in all: what is left says nothing of its error.
#[test]
fn an_interval_that_no_two_bags_can_tell_is_not_known() {
    let data = dataset(&confounded(NieWager::A, Size::new(600, 10)), false);
    let effects = out_of_bag(&data, &params(4));
    let ArmEffects { tau_hat, std_error, low, high, .. } = &effects.arms[0];
    let is_unknown = |unit: &usize| std_error[*unit].is_nan();
    for unit in 0..600 {
        let unknown = is_unknown(&unit);
        assert_eq!((low[unit].is_nan(), high[unit].is_nan()), (unknown, unknown), "{unit}");
    }
    assert!((0..600).filter(is_unknown).any(|unit| tau_hat[unit].is_finite()));
}

#[test]
fn a_thin_arm_is_named() {
    let data = dataset(&confounded(NieWager::A, Size::new(500, 9)), false);
    let Treatment::Arms(arms) = &data.treatment else { panic!("two arms") };
    let mut offered = 0;
    let is_kept = |row: &u32| {
        let is_offered = arms.arm[*row as usize] == 1;
        offered += u32::from(is_offered);
        !is_offered || offered <= 9
    };
    let rows: Vec<u32> = all_rows(&data).into_iter().filter(is_kept).collect();
    let error = fit_effects(&data, &rows, &params(10), &Silent).unwrap_err();
    let arm = "offer".to_owned();
    assert_eq!(error, EffectError::ThinArm { arm, actual: 9, expected: 10 });
}

/// Returns data whose units belong to so many clusters, in turn.
fn in_clusters(data: &Dataset, n_clusters: u32) -> Dataset {
    let of_unit = (0..data.n_units() as u32).map(|unit| unit % n_clusters).collect();
    Dataset { clusters: Some(of_unit), ..data.clone() }
}

#[test]
fn few_clusters_are_refused_and_not_fitted_by_luck() {
    let arms = dataset(&confounded(NieWager::A, Size::new(500, 11)), false);
    let amount = dataset(&continuous_dose(Size::new(500, 11)), false);
    for (data, arm) in [(arms, "offer"), (amount, "+1")] {
        for actual in [1, 2, 3, 4, 5, 9] {
            let data = in_clusters(&data, actual as u32);
            for seed in 0..3 {
                let params = EffectParams { seed, ..params(4) };
                let refused = fit_effects(&data, &all_rows(&data), &params, &Silent).unwrap_err();
                let arm = arm.to_owned();
                assert_eq!(refused, EffectError::FewClusters { arm, actual, expected: 10 });
            }
        }
    }
}

/// Ten clusters fill two folds and five, also where a fold learns from a sample of its rows only.
#[test]
fn as_few_clusters_as_are_allowed_are_learned_from_whatever_the_seed() {
    let data = dataset(&confounded(NieWager::A, Size::new(500, 12)), false);
    let data = in_clusters(&data, 10);
    for (seed, folds) in (0..20).flat_map(|seed| [(seed, None), (seed, Some(2))]) {
        let params = EffectParams { seed, folds, ..params(20) };
        let fitted = fit(&data, &params);
        let nuisances = fitted.nuisances.get();
        assert!(nuisances.y_hat.iter().all(|y_hat| y_hat.is_finite()), "{seed}");
        let new = fitted.model.effects(&data.features, &all_rows(&data), &Silent);
        assert!(new.arms[0].tau_hat.iter().all(|tau_hat| tau_hat.is_finite()), "{seed}");
    }
}

#[test]
fn more_features_than_a_tree_can_number_are_refused() {
    let data = dataset(&confounded(NieWager::A, Size::new(200, 13)), false);
    let kinds = vec![FeatureKind::Ordered { n_bins: 3 }; MAX_FEATURES + 1];
    let features = BinnedRows::new(vec![1; 200 * kinds.len()], kinds, 200);
    let wide = Dataset { features, ..data.clone() };
    let refused = fit_effects(&wide, &all_rows(&wide), &params(4), &Silent).unwrap_err();
    let (actual, expected) = (MAX_FEATURES + 1, MAX_FEATURES);
    assert_eq!(refused, EffectError::TooManyFeatures { actual, expected });
}

#[test]
fn trees_are_grown_until_their_own_noise_is_small() {
    let data = dataset(&several_arms(Size::new(1_200, 5)), false);
    let grown = |n_trees| {
        let fitted = fit(&data, &EffectParams { n_trees, ..EffectParams::default() });
        fitted.tuning.iter().map(|arm| arm.n_trees).collect::<Vec<_>>()
    };
    let auto = grown(Trees::Auto);
    assert!(auto.iter().all(|n| (200..=4_000).contains(n)), "{auto:?}");
    // So few people leave more noise than 200 trees take away, and arms need not need the same.
    assert!(auto.iter().any(|n| *n > 200), "{auto:?}");
    assert_eq!(grown(Trees::Fixed(40)), vec![40; auto.len()]);
}
