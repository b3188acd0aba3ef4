//! Is what is there found, and nothing where nothing is?

use yorisoi_data::{Silent, Values};
use yorisoi_effects::{ArmTuning, Baseline, EffectParams};
use yorisoi_testkit::{
    NieWager, Size, World, category_effect, confounded, constant_effect, continuous_dose, coverage,
    high_dimensional, households, no_effect, pehe, signal_in_missingness,
};

use crate::worlds::{all_rows, dataset, fit, out_of_bag, params};

/// Returns the errors of the forest and of the best constant.
fn errors(world: &World) -> (f64, f64) {
    let effects = out_of_bag(&dataset(world, false), &params(200));
    let tau = &world.tau[0];
    let mean = tau.iter().sum::<f64>() / tau.len() as f64;
    (pehe(&effects.arms[0].tau_hat, tau), pehe(&vec![mean; tau.len()], tau))
}

/// The forest must explain at least half the variance of the effects, `PEHE² < Var(τ) / 2`, where the
/// standard error of a single leaf of 100 is well below their spread: a constant explains none.
#[test]
fn effects_that_differ_are_told_apart() {
    let size = Size::new(2_000, 1);
    let worlds = [
        ("B", confounded(NieWager::B, size)),
        ("D", confounded(NieWager::D, size)),
        ("households", households(size)),
        ("dose", continuous_dose(size)),
        ("category", category_effect(size)),
        ("missingness", signal_in_missingness(size)),
    ];
    for (name, world) in worlds {
        let (forest, constant) = errors(&world);
        assert!(forest * forest < 0.5 * constant * constant, "{name}: {forest}, {constant}");
    }
}

/// The effects of set-up A are spread by .2 only, half the standard error of a leaf of 100.
#[test]
fn weak_differences_are_told_apart_better_than_by_a_constant() {
    let (forest, constant) = errors(&confounded(NieWager::A, Size::new(3_000, 2)));
    assert!(forest < constant, "{forest}, {constant}");
}

fn mean_where(values: &[f64], is_counted: impl Fn(usize) -> bool) -> f64 {
    let counted: Vec<f64> =
        (0..values.len()).filter(|&unit| is_counted(unit)).map(|unit| values[unit]).collect();
    counted.iter().sum::<f64>() / counted.len() as f64
}

#[test]
fn that_a_value_is_missing_says_whom_help_helps() {
    let world = signal_in_missingness(Size::new(3_000, 3));
    let Values::Numeric(x) = &world.features[0].values else { panic!("numbers") };
    let effects = out_of_bag(&dataset(&world, false), &params(200));
    let tau_hat = &effects.arms[0].tau_hat;
    let difference = mean_where(tau_hat, |unit| x[unit].is_nan())
        - mean_where(tau_hat, |unit| !x[unit].is_nan());
    // True: 1. Standard error: 900 rows with e = .7 and 2,100 with .4 give √(1/189 + 1/504) = .085;
    // four of them. Filling gaps with the mean would leave 0.
    assert!((difference - 1.0).abs() < 0.34, "{difference}");
}

#[test]
fn the_cities_that_help_helps_are_found() {
    let world = category_effect(Size::new(3_000, 4));
    let effects = out_of_bag(&dataset(&world, false), &params(200));
    let (tau, tau_hat) = (&world.tau[0], &effects.arms[0].tau_hat);
    let difference =
        mean_where(tau_hat, |unit| tau[unit] > 0.0) - mean_where(tau_hat, |unit| tau[unit] <= 0.0);
    // True: 1.25. Standard error √(1/250 + 1/500) = .077, four of them; a city has 100 units and an
    // effect with standard error .2, so one in a hundred may be put on the wrong side.
    assert!((difference - 1.25).abs() < 0.31 + 0.05, "{difference}");
}

/// Without rounds, leaves are the only ones to follow the bends of set-up D, and with 2,000 rows they hardly
/// can: at most 6 of 10 intervals hold the truth.
#[test]
fn bends_in_several_features_are_followed_by_small_trees() {
    let world = confounded(NieWager::D, Size::new(2_000, 5));
    let data = dataset(&world, false);
    let of = |baseline: Option<Baseline>| {
        let fitted = fit(&data, &EffectParams { baseline, ..params(100) });
        let effects = fitted.out_of_bag(&data, &all_rows(&data), &Silent).into_inner();
        let arm = &effects.arms[0];
        let covered = coverage(&arm.low, &arm.high, &world.tau[0]);
        (fitted.tuning[0].baseline, pehe(&arm.tau_hat, &world.tau[0]), covered)
    };
    let (chosen, error, covered) = of(None);
    let (_, plain_error, plain_covered) = of(Some(Baseline::Line));
    assert!(matches!(chosen, Baseline::Boosted(_)), "{chosen:?}");
    assert!(error < plain_error, "{chosen:?}: {error}, {plain_error}");
    // Units of one data set share its luck, .05 from one set to the next; both fits see the same set.
    assert!(covered > plain_covered + 0.15, "{covered}, {plain_covered}");
}

/// A line of a thousand people through a hundred features of which two matter has a standard error of √(105 · 4 / 1,000)
/// = .65 at a person, the spread of the effects themselves (.63); what is left of that after shrinking, no round takes off.
#[test]
fn among_many_features_small_trees_stand_on_no_line() {
    let (mut chosen_error, mut on_line_error) = (0.0, 0.0);
    for seed in 3..6 {
        let world = high_dimensional(Size::new(2_000, seed));
        let data = dataset(&world, false);
        let of = |baseline: Option<Baseline>| {
            let fitted = fit(&data, &EffectParams { baseline, ..params(100) });
            let effects = fitted.out_of_bag(&data, &all_rows(&data), &Silent).into_inner();
            (fitted.tuning[0].clone(), pehe(&effects.arms[0].tau_hat, &world.tau[0]))
        };
        let (tuning, error) = of(None);
        let ways = [Some(tuning.baseline), tuning.other_half];
        assert!(ways.iter().any(|way| matches!(way, Some(Baseline::Steps(_)))), "{ways:?}");
        chosen_error += error;
        on_line_error += of(Some(Baseline::Boosted(6))).1;
    }
    assert!(chosen_error < on_line_error, "{chosen_error}, {on_line_error}");
}

/// With an effect that a line describes, or none, small trees have nothing to add: their loss is larger on
/// average, and half a standard error in their favour comes with probability .31 at most at the first trial; a whole one,
/// which it takes without a line, with .16.
#[test]
fn where_nothing_bends_the_line_is_left_alone() {
    const SEEDS: u64 = 8;
    let baseline = |world: World| fit(&dataset(&world, false), &params(48)).tuning[0].baseline;
    let chosen: Vec<Baseline> = (0..SEEDS)
        .flat_map(|seed| [no_effect(Size::new(1_000, seed)), households(Size::new(1_000, seed))])
        .map(baseline)
        .collect();
    let count = |is_counted: fn(&Baseline) -> bool| chosen.iter().filter(|b| is_counted(b)).count();
    let on_a_line = count(|baseline| matches!(baseline, Baseline::Boosted(_)));
    let on_none = count(|baseline| matches!(baseline, Baseline::Steps(_)));
    // Binomial(16, .31) exceeds 11 with probability 3e-4, Binomial(16, .16) exceeds 7 with 2e-3.
    assert!(on_a_line <= 11, "{on_a_line} of {}", 2 * SEEDS);
    assert!(on_none <= 7, "{on_none} of {}", 2 * SEEDS);
}

/// Without an effect the line is all but flat, so that leaves with and without it lose the same but for chance: within a
/// standard error of one another with probability .68, and in at most one of eight data sets with probability .002. An effect
/// that is mostly slopes is never left to leaves alone, as four thousand rows tell.
#[test]
fn where_the_data_do_not_tell_every_other_bag_goes_without_a_line() {
    const SEEDS: u64 = 8;
    let count = |make: &dyn Fn(u64) -> World, is_counted: &dyn Fn(&ArmTuning) -> bool| {
        let is_counted =
            |seed: &u64| is_counted(&fit(&dataset(&make(*seed), false), &params(48)).tuning[0]);
        (0..SEEDS).filter(is_counted).count()
    };
    let flat = |seed: u64| no_effect(Size::new(1_000, seed));
    let steep = |seed: u64| confounded(NieWager::B, Size::new(4_000, seed));
    let undecided = count(&flat, &|tuning| tuning.other_half.is_some());
    let left_alone = count(&steep, &|tuning| {
        tuning.baseline == Baseline::None || tuning.other_half == Some(Baseline::None)
    });
    assert!(undecided >= 2, "{undecided} of {SEEDS} where nothing is to be followed");
    assert_eq!(left_alone, 0, "of {SEEDS} where the effect is mostly slopes");
}

#[test]
fn equal_effects_ask_for_large_leaves_and_different_ones_for_small() {
    const SEEDS: u64 = 6;
    let prefers_large = |world: World| {
        // Without the line, which would leave the trees nothing to do in set-up B.
        let params = EffectParams { baseline: Some(Baseline::None), ..params(60) };
        let tuning = &fit(&dataset(&world, false), &params).tuning[0];
        let (small, large) = (tuning.losses[0], tuning.losses[tuning.losses.len() - 1]);
        assert!(small.min_leaf * 4 <= large.min_leaf);
        large.excess < small.excess
    };
    let of = |make: &dyn Fn(Size) -> World| {
        (0..SEEDS).filter(|&seed| prefers_large(make(Size::new(1_000, seed)))).count()
    };
    // Where nothing differs, the excess loss of a leaf is the variance of its answer, which falls with
    // its size; where much differs, bias weighs more. A coin would say 5 of 6 one way and at most 1 of 6
    // the other with probability .012.
    let (equal, different) =
        (of(&|size| constant_effect(size, 0.5)), of(&|size| confounded(NieWager::B, size)));
    assert!(equal >= 5, "{equal} of {SEEDS} prefer large leaves where effects are equal");
    assert!(different <= 1, "{different} of {SEEDS} prefer large leaves where effects differ");
}

#[test]
fn a_known_propensity_of_new_rows_stands_above_what_was_told_or_estimated() {
    let world = no_effect(Size::new(600, 9));
    for known in [false, true] {
        let data = dataset(&world, known);
        let model = fit(&data, &params(8)).model;
        let rows = all_rows(&data);
        let treated: Vec<f64> = rows.iter().map(|row| 0.1 + f64::from(row % 8) / 10.0).collect();
        let given = vec![treated.iter().map(|e| 1.0 - e).collect(), treated];
        let told = model.nuisances(&data.features, &rows, Some(&given));
        let own = model.nuisances(&data.features, &rows, None);
        assert!(!model.needs_propensity());
        assert_eq!(told.w_hat, given);
        assert_ne!(own.w_hat, given);
        assert_eq!(told.y_hat, own.y_hat, "what to expect is that of the rows it learned from");
    }
}
