//! How does what was said on the command line become what the library is asked?

use yorisoi::data::{Better, DatasetOptions, Features, PropensityRole, Roles};
use yorisoi::effects::{EffectParams, NuisanceLearner, Trees};
use yorisoi::{CapacityOf, Cost, CostOf, HeldOutShare, PlanOptions, Repeats, StudyOptions};

use crate::args::{EngineArgs, JudgeArgs, NuisancesArg, PlanArgs, RoleArgs};
use crate::failure::Failure;
use crate::values::{CostArg, RepeatsArg, TreesArg};

/// Returns the roles of columns.
///
/// # Errors
///
/// A [`Failure`] of the usage kind for a propensity that cannot be meant.
pub(crate) fn roles(args: &RoleArgs) -> Result<Roles, Failure> {
    let features = match &args.features {
        Some(features) => Features::Only(features.clone()),
        None if args.drop.is_empty() => Features::All,
        None => Features::Except(args.drop.clone()),
    };
    Ok(Roles {
        better: if args.lower_is_better { Better::Less } else { Better::More },
        control: args.control.clone(),
        features,
        cluster: args.cluster.clone(),
        weight: args.weight.clone(),
        propensity: args.propensity.as_deref().map(propensity).transpose()?,
        ..Roles::new(&args.treatment, &args.outcome)
    })
}

/// Returns the columns that are needed, `None` where only reading tells.
pub(crate) fn columns(roles: &Roles, plan: &PlanOptions) -> Option<Vec<String>> {
    let Features::Only(features) = &roles.features else { return None };
    let mut columns = features.clone();
    columns.extend([roles.treatment.clone(), roles.outcome.clone()]);
    columns.extend(roles.cluster.clone());
    columns.extend(roles.weight.clone());
    let propensities = roles.propensity.iter().flat_map(PropensityRole::columns);
    columns.extend(propensities.map(str::to_owned));
    columns.extend(plan.cost_columns().map(str::to_owned));
    columns.sort();
    columns.dedup();
    Some(columns)
}

/// Returns how effects are learned.
pub(crate) fn effects(args: &EngineArgs) -> EffectParams {
    let default = EffectParams::default();
    let n_trees = match args.trees {
        None => default.n_trees,
        Some(TreesArg::Auto) => Trees::Auto,
        Some(TreesArg::Exactly(n)) => Trees::Fixed(n.get() as usize),
    };
    let nuisances = match args.nuisances {
        None => default.nuisances,
        Some(NuisancesArg::Boosted) => NuisanceLearner::Boosted,
        Some(NuisancesArg::Forest) => NuisanceLearner::Forest,
    };
    EffectParams { n_trees, seed: args.seed, nuisances, ..default }
}

/// Returns how the table is prepared.
pub(crate) fn dataset(args: &EngineArgs) -> DatasetOptions {
    let mut options = DatasetOptions::default();
    if let Some(bins) = args.bins {
        options.binner.max_bins = bins;
    }
    options
}

/// Returns what may be done at what cost.
pub(crate) fn plan(args: &PlanArgs) -> PlanOptions {
    let cost = |cost: &crate::values::ArmCostArg| CostOf {
        arm: cost.arm.clone(),
        cost: match &cost.cost {
            CostArg::Same(cost) => Cost::Same(*cost),
            CostArg::Column(column) => Cost::Column(column.clone()),
        },
    };
    let capacity = |capacity: &crate::values::ArmCapacityArg| CapacityOf {
        arm: capacity.arm.clone(),
        people: capacity.people,
    };
    PlanOptions {
        costs: args.cost.iter().map(cost).collect(),
        budget: args.budget,
        value_per_outcome: args.value,
        allowed_harm: args.allowed_harm,
        capacity: args.capacity.iter().map(capacity).collect(),
    }
}

/// Returns how a study goes about its work.
pub(crate) fn study(
    name: String,
    plan: PlanOptions,
    judge: &JudgeArgs,
    engine: &EngineArgs,
) -> StudyOptions {
    StudyOptions {
        name,
        dataset: dataset(engine),
        effects: effects(engine),
        held_out: judge.holdout.map_or(HeldOutShare::Auto, HeldOutShare::Share),
        repeats: match judge.repeats {
            None | Some(RepeatsArg::Auto) => Repeats::Auto,
            Some(RepeatsArg::Exactly(n)) => Repeats::Exactly(n),
        },
        trim: judge.trim,
        plan,
    }
}

fn propensity(text: &str) -> Result<PropensityRole, Failure> {
    if let Ok(p) = text.parse() {
        return Ok(PropensityRole::Constant(p));
    }
    if !text.contains('=') {
        return Ok(PropensityRole::Column(text.to_owned()));
    }
    by_arm(text, |p| p.parse().ok())
        .map(PropensityRole::PerArm)
        .or_else(|| {
            let column = |p: &str| p.strip_prefix('@').map(str::to_owned);
            by_arm(text, |p| column(p).filter(|name| !name.is_empty())).map(PropensityRole::Columns)
        })
        .ok_or_else(|| no_propensity(text))
}

/// Parses `ARM=…,ARM=…`.
fn by_arm<T>(text: &str, of: impl Fn(&str) -> Option<T>) -> Option<Vec<(String, T)>> {
    let of_arm = |part: &str| {
        let (arm, p) = part.rsplit_once('=')?;
        Some((arm.trim().to_owned(), of(p.trim())?))
    };
    text.split(',').map(of_arm).collect()
}

fn no_propensity(text: &str) -> Failure {
    Failure::usage(
        format!(
            "`--propensity {text}` is neither a column, a number, `ARM=P,ARM=P`, nor `ARM=@COLUMN,ARM=@COLUMN`"
        ),
        format!(
            "`--propensity {text}` は列名、数値、`ARM=P,ARM=P`、`ARM=@COLUMN,ARM=@COLUMN` のどれでもありません"
        ),
    )
    .hint(
        "say `--propensity 0.5`, `--propensity COLUMN`, `--propensity mail=0.3,call=0.2` or \
         `--propensity mail=@p_mail,call=@p_call`",
        "`--propensity 0.5`、`--propensity COLUMN`、`--propensity mail=0.3,call=0.2`、\
         `--propensity mail=@p_mail,call=@p_call` のように指定してください",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_propensity_is_a_number_a_column_or_one_of_either_an_arm() {
        assert_eq!(propensity("0.5"), Ok(PropensityRole::Constant(0.5)));
        assert_eq!(propensity("p_mail"), Ok(PropensityRole::Column("p_mail".into())));
        let arms = vec![("mail".to_owned(), 0.3), ("call".to_owned(), 0.2)];
        assert_eq!(propensity("mail=0.3,call=0.2"), Ok(PropensityRole::PerArm(arms)));
        let columns = [("mail", "p.mail"), ("call", "p.call")];
        let columns = columns.map(|(arm, column)| (arm.to_owned(), column.to_owned())).to_vec();
        assert_eq!(propensity("mail=@p.mail,call=@p.call"), Ok(PropensityRole::Columns(columns)));
        for neither in ["mail=lots", "mail=@", "mail=0.3,call=@p.call"] {
            assert!(propensity(neither).is_err(), "{neither}");
        }
    }
}
