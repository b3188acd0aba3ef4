//! Do averages of what an instrument moves cover the truth when everything is estimated?

use rayon::prelude::*;
use yorisoi_data::{Silent, Treatment, mix, unit_hash};
use yorisoi_effects::estimators::{
    ForestInput, InstrumentalForest, InstrumentalForestParams, StrengthParams,
    instrument_residuals, strength,
};
use yorisoi_effects::{InstrumentObserved, LocalTarget, Sampling, average_local_effect};
use yorisoi_testkit::{Size, World, noncompliance};

use crate::worlds::{all_rows, dataset};

const REPLICATIONS: u64 = 200;
const N_UNITS: usize = 600;
const TARGETS: [LocalTarget; 3] = [LocalTarget::All, LocalTarget::Compliers, LocalTarget::Overlap];

/// Trees: averages need few, since Monte-Carlo noise cancels over people.
const N_TREES: usize = 30;

/// Returns whether the interval of each target holds the truth.
fn covers(moved: &InstrumentObserved<'_>, truth: f64) -> [bool; 3] {
    TARGETS.map(|target| {
        let found = average_local_effect(moved, target, &Sampling::equal(moved.n_units()));
        let interval = found.expect("an average").interval_95();
        interval.low <= truth && truth <= interval.high
    })
}

fn takes(world: &World) -> Vec<f64> {
    let Treatment::Arms(arms) = &world.treatment else { panic!("two arms") };
    arms.arm.iter().map(|&arm| f64::from(arm)).collect()
}

/// Returns the world of noncompliance with the offer made by a fair coin.
///
/// There it depends on a feature that moves the outcome too. Boosted nuisances of a few hundred rows leave
/// a bias then, which vanishes with more rows (see the statistics guide) and is not what is tested here.
fn by_coin(size: Size) -> World {
    let mut world = noncompliance(size);
    let draw = |stream: u64, unit: usize| unit_hash(mix(size.seed, stream), unit as u64);
    let z: Vec<f64> =
        (0..size.n_units).map(|unit| f64::from(u8::from(draw(1, unit) < 0.5))).collect();
    let mut arms = vec![0; size.n_units];
    for unit in 0..size.n_units {
        // Three in five obey, three in twenty take it anyway and do better by 1, the rest never take it and
        // do worse by 1.
        let (takes, hidden) = match draw(2, unit) {
            kind if kind < 0.6 => (z[unit] > 0.5, 0.0),
            kind if kind < 0.75 => (true, 1.0),
            _ => (false, -1.0),
        };
        arms[unit] = u8::from(takes);
        // Expected outcome untreated is that of the world; uniform noise of variance 1.
        let noise = 12.0_f64.sqrt() * (draw(3, unit) - 0.5);
        let treated = if takes { world.tau[0][unit] } else { 0.0 };
        world.outcome[unit] = world.mu0[unit] + 0.1 + hidden + treated + noise;
    }
    if let Treatment::Arms(of_world) = &mut world.treatment {
        of_world.arm = arms;
    }
    world.instrument = Some(z);
    world
}

fn of_instrument(seed: u64) -> [bool; 3] {
    let world = by_coin(Size::new(N_UNITS, 7_000 + seed));
    let data = dataset(&world, false);
    let rows = all_rows(&data);
    let input = ForestInput::new(&data.features, &rows);
    let z = world.instrument.clone().expect("an instrument");
    let params = InstrumentalForestParams { n_trees: N_TREES, ..Default::default() };
    let columns = [z.as_slice(), &takes(&world), &world.outcome];
    let (forest, residuals) =
        InstrumentalForest::fit_with_residuals(&input, columns, &params, &Silent).expect("a fit");
    let tau_hat = forest.out_of_bag(&input, &Silent).into_inner().tau_hat;
    let residuals = residuals.into_inner();
    let strength =
        strength(&input, &residuals, &StrengthParams::default()).expect("sound input").into_inner();
    // Neither offer nor obedience depends on the features: all three averages are 3/4.
    covers(&InstrumentObserved::new(&residuals, &strength, &tau_hat).expect("sound input"), 0.75)
}

/// Counts the covered of each target over all replications.
fn counts(one: impl Fn(u64) -> [bool; 3] + Sync + Send) -> [usize; 3] {
    let covered: Vec<[bool; 3]> = (0..REPLICATIONS).into_par_iter().map(one).collect();
    std::array::from_fn(|target| covered.iter().filter(|covered| covered[target]).count())
}

/// Binomial(200, .95) is 178 at least with probability above .999. Above it nothing is wrong but length.
const AT_LEAST: usize = 178;

#[test]
fn intervals_of_the_average_with_an_instrument_hold_the_truth() {
    let counts = counts(of_instrument);
    assert!(counts.iter().all(|&covered| covered >= AT_LEAST), "{counts:?} of {REPLICATIONS}");
}

#[test]
fn new_rows_have_residuals_of_their_own() {
    let world = noncompliance(Size::new(600, 3));
    let data = dataset(&world, false);
    let rows = all_rows(&data);
    let input = ForestInput::new(&data.features, &rows);
    let z = world.instrument.clone().expect("an instrument");
    let params = InstrumentalForestParams { n_trees: 4, ..Default::default() };
    let columns = [z.as_slice(), &takes(&world), &world.outcome];
    let (_, fitted) = InstrumentalForest::fit_with_residuals(&input, columns, &params, &Silent)
        .expect("sound input");
    let alone = instrument_residuals(&input, columns, &params, &Silent).expect("sound input");
    assert_eq!(fitted.get(), alone.get());
}
