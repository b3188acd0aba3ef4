//! Nuisances by forests of our own: as good as the boosted ones for effects, and blind to their own rows.

use yorisoi_data::{Dataset, Propensity, Silent, Treatment, unit_hash};
use yorisoi_effects::estimators::{
    ForestInput, InstrumentalForest, InstrumentalForestParams, StrengthParams, strength,
};
use yorisoi_effects::{
    DoseSpread, EffectModel, NuisanceLearner, Nuisances, Observed, Sampling, Target,
    average_effect, difference_in_means,
};
use yorisoi_testkit::{
    NieWager, Size, World, confounded, continuous_dose, coverage, no_effect, noncompliance, pehe,
    several_arms,
};

use crate::worlds::{all_rows, by_forest, dataset, fit, out_of_bag, params};

/// Returns the correlation of two columns.
fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let (mean_a, mean_b) = (mean(a), mean(b));
    let sum = |of: &dyn Fn(f64, f64) -> f64| -> f64 {
        a.iter().zip(b).map(|(a, b)| of(a - mean_a, b - mean_b)).sum()
    };
    sum(&|a, b| a * b) / (sum(&|a, _| a * a) * sum(&|_, b| b * b)).sqrt()
}

fn arm_of(data: &Dataset) -> &[u8] {
    let Treatment::Arms(arms) = &data.treatment else { panic!("arms") };
    &arms.arm
}

/// More than half the variance of the effects must be explained, as is asked of boosted nuisances: a constant
/// explains none.
#[test]
fn effects_of_confounded_people_are_told_apart() {
    let size = Size::new(2_000, 1);
    for (name, world) in [("D", confounded(NieWager::D, size)), ("dose", continuous_dose(size))] {
        let effects = out_of_bag(&dataset(&world, false), &by_forest(200));
        let tau = &world.tau[0];
        let mean = tau.iter().sum::<f64>() / tau.len() as f64;
        let error = pehe(&effects.arms[0].tau_hat, tau);
        let constant = pehe(&vec![mean; tau.len()], tau);
        assert!(error * error < 0.5 * constant * constant, "{name}: {error}, {constant}");
    }
}

/// In set-up A treatment and outcome lean on the same two features: the plain difference is wrong by more than
/// six of its standard errors, and so would be scores from nuisances that say nothing.
#[test]
fn the_average_effect_is_found_where_the_plain_difference_is_wrong() {
    let world = confounded(NieWager::A, Size::new(3_000, 2));
    let data = dataset(&world, false);
    let fitted = fit(&data, &by_forest(200));
    let effects = fitted.out_of_bag(&data, &all_rows(&data), &Silent).into_inner();
    let truth = world.tau[0].iter().sum::<f64>() / world.tau[0].len() as f64;
    let sampling = Sampling::equal(data.n_units());
    let tau_hat = [effects.arms[0].tau_hat.as_slice()];
    let observed =
        Observed::new(&data.outcome, arm_of(&data), &tau_hat, fitted.nuisances.get()).unwrap();
    let plain = difference_in_means(&data.outcome, arm_of(&data), 1, &sampling).unwrap();
    assert!((plain.estimate - truth).abs() > 6.0 * plain.std_error, "{plain:?} of {truth}");
    let found = average_effect(&observed, 1, Target::All, &sampling).unwrap();
    // Two standard errors would be left one time in twenty; four, one in 15,000.
    assert!((found.estimate - truth).abs() < 4.0 * found.std_error, "{found:?} of {truth}");
    // Two arms of about 1,500 with noise of 1 have at least √(1/1,500 + 1/1,500) = .037.
    assert!((0.03..0.08).contains(&found.std_error), "{found:?}");
}

/// Where nothing is to be learned, an answer that has seen its own row repeats some of that row's noise. One
/// that has not leans the other way, if any: what a row would add to the mean is missing from it.
#[test]
fn pure_noise_is_not_foretold_out_of_bag_and_is_in_bag() {
    const N: usize = 1_000;
    let world = confounded(NieWager::B, Size::new(N, 3).with_noise(40));
    let mut data = dataset(&world, false);
    let noise = |unit: usize| unit_hash(17, unit as u64) + unit_hash(18, unit as u64) - 1.0;
    data.outcome = (0..N).map(noise).collect();
    let fitted = fit(&data, &by_forest(4));
    let in_bag = fitted.model.nuisances(&data.features, &all_rows(&data), None);
    let out_of_bag = fitted.nuisances.get();
    let arm: Vec<f64> = arm_of(&data).iter().map(|&arm| f64::from(arm)).collect();
    let of = |nuisances: &Nuisances| {
        [correlation(&nuisances.y_hat, &data.outcome), correlation(&nuisances.w_hat[1], &arm)]
    };
    // The correlation of independent columns has standard deviation 1/√1,000 = .032; four of them.
    let chance = 4.0 / (N as f64).sqrt();
    assert!(of(out_of_bag).iter().all(|found| *found < chance), "{:?}", of(out_of_bag));
    assert!(of(&in_bag).iter().all(|found| *found > 2.0 * chance), "{:?}", of(&in_bag));
}

#[test]
fn a_model_with_forests_in_it_opens_and_answers_the_same() {
    let data = dataset(&several_arms(Size::new(600, 8)), false);
    let fitted = fit(&data, &by_forest(4));
    let opened = EffectModel::from_bytes(&fitted.model.to_bytes()).unwrap();
    assert_eq!(opened, fitted.model);
    assert_eq!(opened.nuisance_learner(), NuisanceLearner::Forest);
    let answer = |model: &EffectModel| model.nuisances(&data.features, &all_rows(&data), None);
    assert_eq!(answer(&opened), answer(&fitted.model));
    for tuning in &fitted.tuning {
        assert!(tuning.folds == 0 && tuning.nuisance_rounds.is_empty(), "{tuning:?}");
    }
    let boosted = fit(&data, &params(4));
    assert_eq!(boosted.model.nuisance_learner(), NuisanceLearner::Boosted);
    assert!(boosted.tuning.iter().all(|tuning| tuning.nuisance_rounds.len() == tuning.folds));
}

#[test]
fn a_known_propensity_is_taken_as_it_is_and_no_forest_grown_for_it() {
    let data = dataset(&no_effect(Size::new(600, 9)), true);
    let Propensity::Constant(known) = &data.propensity else { panic!("known") };
    let told = fit(&data, &by_forest(4));
    let estimated =
        fit(&Dataset { propensity: Propensity::Estimate, ..data.clone() }, &by_forest(4));
    let new = told.model.nuisances(&data.features, &all_rows(&data), None);
    for nuisances in [told.nuisances.get(), &new] {
        // A sum and a quotient in single precision.
        assert!(nuisances.w_hat[1].iter().all(|e| (e - known[1]).abs() < 1e-6));
    }
    let [without, with] = [told, estimated].map(|fitted| fitted.model.to_bytes().len());
    assert!(without < with, "{without} bytes without, {with} with a forest for the treatment");
}

/// One feature without any meaning: every leaf of every tree says the weighted mean, but for its luck.
#[test]
fn weights_count() {
    const N: usize = 2_000;
    let mut data = dataset(&no_effect(Size::new(N, 10).with_noise(0)), true);
    data.outcome =
        (0..N).map(|unit| f64::from(u8::from(unit_hash(3, unit as u64) < 0.5))).collect();
    let weight = |y: &f64| if *y > 0.5 { 9.0 } else { 1.0 };
    data.weights = Some(data.outcome.iter().map(weight).collect());
    let fitted = fit(&data, &by_forest(4));
    let y_hat = &fitted.nuisances.get().y_hat;
    let mean = y_hat.iter().sum::<f64>() / N as f64;
    // .9 of the weight; in a leaf of n rows the mean of 9k/(8k + n), k of Binomial(n, ½), which is .85 for five
    // and nearer .9 for more. Weights that did not count would leave .5. Chance: ±.01.
    assert!((0.8..0.92).contains(&mean), "{mean}");
    let equal = Dataset { weights: Some(vec![4.0; N]), ..data.clone() };
    let none = Dataset { weights: None, ..data };
    // A power of four scales sums and quotients exactly.
    assert_eq!(fit(&equal, &by_forest(4)).nuisances, fit(&none, &by_forest(4)).nuisances);
}

#[test]
fn the_spread_of_an_amount_is_learned_too() {
    let world = continuous_dose(Size::new(1_500, 11));
    let data = dataset(&world, false);
    let (rows, params) = (all_rows(&data), by_forest(4));
    let Treatment::Dose(dose) = &data.treatment else { panic!("an amount") };
    let fitted = fit(&data, &params);
    let (spread, own) = DoseSpread::fit(&data, &rows, &fitted.nuisances, &params).unwrap();
    let (own, new) = (own.into_inner(), spread.variance(&data.features, &rows));
    assert!(own.iter().chain(&new).all(|v| *v > 0.0 && v.is_finite()));
    let mean = own.iter().sum::<f64>() / 1_500.0;
    let squares = dose.iter().zip(&world.propensity[0]).map(|(w, e)| (w - e).powi(2));
    let realised = squares.sum::<f64>() / 1_500.0;
    // What `ê` misses of the mean dose is added, whose variance is .25; half of it must be found.
    assert!((0.9..1.125).contains(&(mean / realised)), "{mean} of {realised}");
}

fn takes(world: &World) -> Vec<f64> {
    let Treatment::Arms(arms) = &world.treatment else { panic!("two arms") };
    arms.arm.iter().map(|&arm| f64::from(arm)).collect()
}

#[test]
fn an_instrument_tells_cause_from_company() {
    const N: usize = 3_000;
    let world = noncompliance(Size::new(N, 12));
    let data = dataset(&world, false);
    let (rows, z) = (all_rows(&data), world.instrument.clone().expect("an instrument"));
    let input = ForestInput::new(&data.features, &rows);
    let nuisances = NuisanceLearner::Forest;
    let params = InstrumentalForestParams { n_trees: 100, nuisances, ..Default::default() };
    let columns = [z.as_slice(), &takes(&world), &world.outcome];
    let (forest, residuals) =
        InstrumentalForest::fit_with_residuals(&input, columns, &params, &Silent).expect("a fit");
    let tau_hat = forest.out_of_bag(&input, &Silent).into_inner().tau_hat;
    let mean = tau_hat.iter().sum::<f64>() / N as f64;
    // The truth is 3/4. A share of .6 obeys an instrument of variance .24, the rest of the outcome varies by
    // 1.4: standard error √(1.4 / (3,000 · .24)) / .6 = .073. Four of them; without the instrument the takers'
    // own luck adds more than .8.
    assert!((mean - 0.75).abs() < 0.29, "{mean}");
    let how = StrengthParams { nuisances, ..StrengthParams::default() };
    let strength =
        strength(&input, &residuals.into_inner(), &how).expect("sound input").into_inner();
    let share = strength.covariance.iter().sum::<f64>() / strength.variance.iter().sum::<f64>();
    // Three in five obey: binomial standard error of the share √(.6 · .4 / 3,000) / .5 = .02; five of them.
    assert!((share - 0.6).abs() < 0.1, "{share}");
}

/// What either learner costs and brings, to be looked at: `cargo test --release -p yorisoi-effects --test fit --
/// --ignored --nocapture either_learner_at_ten_thousand`. The statistics guide shows such a table.
#[test]
#[ignore = "minutes long; prints a table"]
fn either_learner_at_ten_thousand() {
    for kind in [NieWager::A, NieWager::B, NieWager::C, NieWager::D] {
        for params in [params(500), by_forest(500)] {
            for seed in 0..3 {
                let world = confounded(kind, Size::new(10_000, 500 + seed));
                let data = dataset(&world, false);
                let fitted = fit(&data, &params);
                let nuisances = fitted.nuisances.get();
                let effects = fitted.out_of_bag(&data, &all_rows(&data), &Silent).into_inner();
                let (arm, tau) = (&effects.arms[0], &world.tau[0]);
                println!(
                    "{kind:?} {:?} {seed}: PEHE {:.4}, covered {:.3}, m {:.4}, e {:.4}, {} kB",
                    params.nuisances,
                    pehe(&arm.tau_hat, tau),
                    coverage(&arm.low, &arm.high, tau),
                    pehe(&nuisances.y_hat, &world.marginal_outcome()),
                    pehe(&nuisances.w_hat[1], &world.propensity[1]),
                    fitted.model.to_bytes().len() / 1_000,
                );
            }
        }
    }
}
