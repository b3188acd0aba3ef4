//! The spend path against a linear program, solved by an independent simplex code.

use good_lp::{Expression, ProblemVariables, Solution, SolverModel, constraint, microlp, variable};
use yorisoi_data::unit_hash;
use yorisoi_policy::{ArmCost, Columns, DoNoHarm, Limits, SpendPath, plan};

/// Both sides add at most 40 products of numbers below 10 and pivot a handful of times.
const LP_TOLERANCE: f64 = 1e-9;

/// How far the certificate may lie above the optimum, as a share of it: less than anyone would act on.
const DUAL_TOLERANCE: f64 = 1e-3;

/// Random instances, each solved at several budgets.
const N_INSTANCES: u64 = 400;

struct Instance {
    rewards: Vec<Vec<f64>>,
    costs: Vec<Vec<f64>>,
}

/// Returns an instance of up to ten units and four arms. Every third is on a coarse grid, where ties,
/// free arms and collinear points abound; the others are continuous, with some free and harmful arms.
fn instance(seed: u64) -> Instance {
    let draw = |index: u64| unit_hash(seed, index);
    let n_units = 1 + (draw(0) * 10.0) as usize;
    let n_arms = 1 + (draw(1) * 4.0) as usize;
    let is_coarse = seed.is_multiple_of(3);
    let snap = |x: f64| if is_coarse { (x * 2.0).round() / 2.0 } else { x };
    let cell =
        |arm: usize, unit: usize, which: u64| draw(10 + 3 * (arm * n_units + unit) as u64 + which);
    let reward = |arm, unit| snap(4.0 * cell(arm, unit, 0) - 1.0);
    let cost = |arm, unit| {
        let is_free = cell(arm, unit, 1) < 0.1;
        if is_free { 0.0 } else { snap(3.0 * cell(arm, unit, 2)) }
    };
    Instance {
        rewards: (0..n_arms).map(|k| (0..n_units).map(|i| reward(k, i)).collect()).collect(),
        costs: (0..n_arms).map(|k| (0..n_units).map(|i| cost(k, i)).collect()).collect(),
    }
}

/// Returns the optimum of `max Σ r x` under budget and at most one arm a unit.
fn optimum(instance: &Instance, budget: f64) -> f64 {
    optimum_with_places(instance, budget, &[])
}

/// Returns the same where the first arms have so many places.
fn optimum_with_places(instance: &Instance, budget: f64, places: &[usize]) -> f64 {
    let (n_arms, n_units) = (instance.rewards.len(), instance.rewards[0].len());
    let mut variables = ProblemVariables::new();
    let x: Vec<Vec<_>> = (0..n_arms)
        .map(|_| (0..n_units).map(|_| variables.add(variable().min(0.0).max(1.0))).collect())
        .collect();
    let total = |of: &[Vec<f64>]| -> Expression {
        let term = |k: usize, i: usize| of[k][i] * x[k][i];
        (0..n_arms).flat_map(|k| (0..n_units).map(move |i| (k, i))).map(|(k, i)| term(k, i)).sum()
    };
    let (reward, cost) = (total(&instance.rewards), total(&instance.costs));
    let mut model = variables.maximise(reward.clone()).using(microlp);
    model = model.with(constraint!(cost <= budget));
    for i in 0..n_units {
        let taken: Expression = x.iter().map(|row| Expression::from(row[i])).sum();
        model = model.with(constraint!(taken <= 1.0));
    }
    for (row, &n_places) in x.iter().zip(places) {
        let given: Expression = row.iter().map(|x| Expression::from(*x)).sum();
        model = model.with(constraint!(given <= n_places as f64));
    }
    model.solve().expect("doing nothing is feasible").eval(reward)
}

#[test]
fn the_path_earns_what_the_linear_program_earns_at_every_budget() {
    for seed in 0..N_INSTANCES {
        let instance = instance(seed);
        let costs: Vec<ArmCost> = instance.costs.iter().cloned().map(ArmCost::PerUnit).collect();
        let menu = Columns::new(&instance.rewards, &costs).expect("a valid menu");
        let path = SpendPath::new(&menu, seed).expect("a valid path");
        for share in [0.0, 0.1, 0.35, 0.5, 0.8, 1.0, 1.3] {
            let budget = share * path.max_spend();
            let (ours, theirs) = (path.at(budget).gain, optimum(&instance, budget));
            let gap = (ours - theirs).abs();
            assert!(gap < LP_TOLERANCE, "seed {seed}, budget {budget}: {ours} against {theirs}");
        }
    }
}

/// The price at a budget is the slope of the optimum there: the linear program's own sensitivity.
#[test]
fn the_price_is_what_the_linear_program_earns_with_a_little_more_money() {
    /// Small against the shortest step of a continuous instance, large against rounding.
    const MORE: f64 = 1e-5;
    for seed in (0..N_INSTANCES).filter(|seed| !seed.is_multiple_of(3)) {
        let instance = instance(seed);
        let costs: Vec<ArmCost> = instance.costs.iter().cloned().map(ArmCost::PerUnit).collect();
        let menu = Columns::new(&instance.rewards, &costs).expect("a valid menu");
        let path = SpendPath::new(&menu, seed).expect("a valid path");
        let budget = 0.4 * path.max_spend();
        let at = path.at(budget);
        if at.n_complete != path.at(budget + MORE).n_complete {
            continue;
        }
        let slope = (optimum(&instance, budget + MORE) - optimum(&instance, budget)) / MORE;
        // Two optima at 1e-9 each, divided by MORE.
        assert!((slope - at.price).abs() < 1e-3, "seed {seed}: {slope} against {}", at.price);
    }
}

/// With a budget and places, the plan is near the optimum and says how near.
///
/// A basic optimum of the linear program splits at most one unit for each limit that binds, so the best
/// whole plan is within (number of limits) · (largest reward) of it; the plan is held to that. Its own
/// bound must lie above the linear program: it is what makes `optimality_gap` a certificate.
#[test]
fn a_plan_with_places_is_as_near_the_linear_program_as_it_says() {
    for seed in 0..N_INSTANCES {
        let instance = instance(seed);
        let (n_arms, n_units) = (instance.rewards.len(), instance.rewards[0].len());
        let costs: Vec<ArmCost> = instance.costs.iter().cloned().map(ArmCost::PerUnit).collect();
        let columns = Columns::new(&instance.rewards, &costs).expect("a valid menu");
        let low = vec![vec![0.0; n_units]; n_arms];
        let menu = DoNoHarm::new(columns, &low, 0.0).expect("a valid veto");
        let budget = 0.4 * SpendPath::new(&menu, 0).expect("a valid path").max_spend();
        let place = |arm: usize| 1 + (unit_hash(seed, 900 + arm as u64) * 3.0) as usize;
        let places: Vec<usize> = (0..n_arms).map(place).collect();
        let capacity = places.iter().copied().map(Some).collect();
        let limits = Limits { budget: Some(budget), capacity, ..Limits::default() };
        let plan = plan(&menu, &limits).expect("a plan");
        let best = optimum_with_places(&instance, budget, &places);
        let bound = plan.expected_gain + plan.optimality_gap;
        let beyond = bound - best;
        assert!(
            beyond < DUAL_TOLERANCE * best + LP_TOLERANCE,
            "seed {seed}: bound {beyond} too high"
        );
        let largest = instance.rewards.iter().flatten().copied().fold(0.0, f64::max);
        let allowed = (n_arms + 1) as f64 * largest;
        assert!(bound > best - LP_TOLERANCE, "seed {seed}: bound {bound} below {best}");
        assert!(plan.expected_gain < best + LP_TOLERANCE, "seed {seed}: beyond the optimum");
        let lost = best - plan.expected_gain;
        assert!(lost < allowed + LP_TOLERANCE, "seed {seed}: {lost} lost, {allowed} allowed");
    }
}
