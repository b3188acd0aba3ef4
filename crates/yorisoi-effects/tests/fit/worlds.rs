//! From a world to fitted effects, as an analyst would get there.

use yorisoi_data::{
    Dataset, DatasetOptions, Features, PropensityRole, Roles, Silent, Treatment, TreatmentKind,
};
use yorisoi_effects::{EffectParams, Effects, FittedEffects, NuisanceLearner, Trees, fit_effects};
use yorisoi_testkit::{World, to_table};

/// Returns the world's table with its roles given; `known` hands the true propensities over.
pub(crate) fn dataset(world: &World, known: bool) -> Dataset {
    let mut roles = Roles::new(World::TREATMENT, World::OUTCOME);
    roles.cluster = world.clusters.as_ref().map(|_| World::CLUSTER.to_owned());
    roles.features = match world.instrument {
        Some(_) => Features::Except(vec![World::INSTRUMENT.to_owned()]),
        None => Features::All,
    };
    let mut options = DatasetOptions::default();
    match &world.treatment {
        Treatment::Dose(_) => options.treatment = TreatmentKind::Dose,
        Treatment::Arms(arms) if known => {
            let shares = arms.names.iter().zip(&world.propensity).map(|(n, e)| (n.clone(), e[0]));
            roles.propensity = Some(PropensityRole::PerArm(shares.collect()));
        }
        Treatment::Arms(_) => {}
    }
    roles.control = matches!(world.treatment, Treatment::Arms(_)).then(|| "control".to_owned());
    let data = Dataset::from_table(&to_table(world), &roles, &options).expect("a usable world");
    assert_eq!(data.n_units(), world.n_units(), "no row is lost");
    data
}

/// Returns the true effects in the order of the data's arms, which need not be the world's.
pub(crate) fn truth<'a>(world: &'a World, data: &Dataset) -> Vec<&'a [f64]> {
    let (Treatment::Arms(of_world), Treatment::Arms(of_data)) = (&world.treatment, &data.treatment)
    else {
        return world.tau.iter().map(Vec::as_slice).collect();
    };
    let of_arm = |name: &String| {
        let at = of_world.names.iter().position(|other| other == name);
        world.tau[at.expect("an arm of the world") - 1].as_slice()
    };
    of_data.names[1..].iter().map(of_arm).collect()
}

/// Returns every row of the data.
pub(crate) fn all_rows(data: &Dataset) -> Vec<u32> {
    (0..data.n_units() as u32).collect()
}

/// Returns the default parameters with so many trees.
pub(crate) fn params(n_trees: usize) -> EffectParams {
    EffectParams { n_trees: Trees::Fixed(n_trees), ..EffectParams::default() }
}

/// Returns [`params`] with nuisances by forests of our own.
pub(crate) fn by_forest(n_trees: usize) -> EffectParams {
    EffectParams { nuisances: NuisanceLearner::Forest, ..params(n_trees) }
}

/// Fits on all rows.
pub(crate) fn fit(data: &Dataset, params: &EffectParams) -> FittedEffects {
    fit_effects(data, &all_rows(data), params, &Silent).expect("a fit")
}

/// Fits on all rows and returns their out-of-bag effects.
pub(crate) fn out_of_bag(data: &Dataset, params: &EffectParams) -> Effects {
    fit(data, params).out_of_bag(data, &all_rows(data), &Silent).into_inner()
}
