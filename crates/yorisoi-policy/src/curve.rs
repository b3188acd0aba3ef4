//! What does a budget really buy? The multi-armed Qini curve on held-out scores.

use rayon::prelude::*;
use yorisoi_data::Estimate;

use crate::path::Step;
use crate::sample::{Bootstrap, Draw, LANES, Sample, for_each_lane};
use crate::{Menu, PolicyError};

/// A point of a budget curve. All numbers are per unit of the sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CurvePoint {
    /// The budget asked for, money per unit.
    pub budget: f64,
    /// Money spent, at most the budget; less where there is nothing left to buy.
    pub spend: f64,
    /// Share of the sample that is offered something.
    pub share_reached: f64,
    /// Gain against doing nothing, in the unit of the outcome, per unit of the sample.
    pub gain: Estimate,
}

/// Gain by budget, with the half-samples behind its standard errors.
#[derive(Debug, Clone, PartialEq)]
pub struct BudgetCurve {
    points: Vec<CurvePoint>,
    /// One entry a replicate, each with one gain a point.
    replicates: Vec<Vec<f64>>,
    sample: u64,
    bootstrap: Bootstrap,
}

impl BudgetCurve {
    /// Returns the points, one a budget asked for.
    pub fn points(&self) -> &[CurvePoint] {
        &self.points
    }

    /// Returns this curve's gain less another's at every budget, paired: both were walked on the same
    /// half-samples, so what they share cancels.
    ///
    /// # Errors
    ///
    /// [`PolicyError::NotPaired`] where budgets, sample or bootstrap differ.
    pub fn difference(&self, other: &Self) -> Result<Vec<Estimate>, PolicyError> {
        let budgets = |curve: &Self| -> Vec<u64> {
            curve.points.iter().map(|point| point.budget.to_bits()).collect()
        };
        let checks = [
            ("budgets", budgets(self) == budgets(other)),
            ("sample", self.sample == other.sample),
            ("bootstrap", self.bootstrap == other.bootstrap),
        ];
        if let Some((what, _)) = checks.into_iter().find(|(_, is_same)| !is_same) {
            return Err(PolicyError::NotPaired { what });
        }
        let at = |(index, (a, b)): (usize, (&CurvePoint, &CurvePoint))| {
            let spread =
                self.replicates.iter().zip(&other.replicates).map(|(a, b)| a[index] - b[index]);
            let std_error = standard_deviation(&spread.collect::<Vec<_>>());
            Estimate { estimate: a.gain.estimate - b.gain.estimate, std_error, n: a.gain.n }
        };
        Ok(self.points.iter().zip(&other.points).enumerate().map(at).collect())
    }
}

/// Returns evenly spaced budgets per unit, from one `n_budgets`-th of what all steps cost to all of it.
pub fn even_budgets(steps: &[Step], n_units: usize, n_budgets: usize) -> Vec<f64> {
    let whole = steps.last().map_or(0.0, |step| step.spend) / n_units.max(1) as f64;
    (1..=n_budgets).map(|k| whole * k as f64 / n_budgets as f64).collect()
}

/// Returns what the first steps earn at every budget, judged by held-out scores.
///
/// # Formula
///
/// ```text
/// Q(B) = (1/n) Σᵢ Γᵢ,π_B(i),   π_B: the steps that B pays for, the last one in part
/// ```
///
/// Standard errors are the standard deviation over half-samples of clusters. A half-sample keeps the
/// order of the steps and walks them until its own budget of `B` per unit is spent, so the uncertainty
/// of the price at which `B` ends is included.
///
/// # Shapes and units
///
/// `steps` in order of [`crate::SpendPath::steps`] or [`crate::steps_by_rank`], on the units of
/// `sample`; `budgets` ascending, money per unit. Work: one pass over the steps for 16 replicates.
///
/// # Assumptions
///
/// Neither the effects behind the steps nor the nuisances behind the scores were learned from these
/// units. The standard error is for these rules as given; it does not cover how they were learned.
///
/// # Errors
///
/// Where a step's unit or arm is not in the sample, or budgets are not ascending, finite and 0 or more.
///
/// # Source
///
/// Sverdrup, Wu, Athey & Wager (2024), "Qini curves for multi-armed treatment rules", sections 2 and 3.
///
/// # Example
///
/// ```
/// use yorisoi_data::HeldOut;
/// use yorisoi_policy::{ArmCost, Bootstrap, Columns, Sample, SpendPath, budget_curve};
/// // Half of the units gain 2 from a mail, half lose 1; the effects were predicted rightly.
/// let effects = vec![(0..40).map(|unit| if unit % 2 == 0 { 2.0 } else { -1.0 }).collect::<Vec<_>>()];
/// let costs = [ArmCost::Same(10.0)];
/// let path = SpendPath::new(&Columns::new(&effects, &costs)?, 0)?;
/// let scores = HeldOut::promise(effects.clone());
/// let sample = Sample::new(&scores, None, None)?;
/// let curve = budget_curve(path.steps(), &sample, &[2.5, 100.0], Bootstrap::default())?;
/// assert!((curve.points()[0].gain.estimate - 0.5).abs() < 1e-12);
/// // There is nothing good left to buy after half of the units: spending stops at 5 a unit.
/// assert!((curve.points()[1].spend - 5.0).abs() < 1e-12);
/// # Ok::<(), yorisoi_policy::PolicyError>(())
/// ```
pub fn budget_curve(
    steps: &[Step],
    sample: &Sample<'_>,
    budgets: &[f64],
    bootstrap: Bootstrap,
) -> Result<BudgetCurve, PolicyError> {
    let walk = walk_of(steps, sample)?;
    let walk_all = |draw: Draw| {
        let mut totals = [0.0; LANES];
        for unit in 0..sample.n_units() {
            for_each_lane(draw.lanes_of(sample.cluster(unit)), |lane| {
                totals[lane] += sample.weight(unit);
            });
        }
        let mut walkers = totals.map(|total| Walker::new(budgets, total));
        for leg in &walk {
            for_each_lane(draw.lanes_of(leg.cluster), |lane| walkers[lane].take(leg));
        }
        walkers.map(Walker::finish)
    };
    curve_of(budgets, sample, bootstrap, walk_all)
}

/// Returns what a budget buys when people are picked at random: the line every targeting must beat.
///
/// # Formula
///
/// ```text
/// c̄ₖ, r̄ₖ, Γ̄ₖ: means of cost, predicted reward and score of arm k over all units
/// arms: the upper left convex hull of (c̄ₖ, r̄ₖ); the arm of largest r̄ₖ where no mean reward is above 0
/// Q(B) linear in B between 0 and the (c̄ₖ, Γ̄ₖ) of those arms in turn, flat after the last
/// ```
///
/// `arms` names the arms to choose from; one arm gives the line of that arm alone.
///
/// # Errors
///
/// As [`budget_curve`], and where `arms` is empty or names an arm the menu does not have.
///
/// # Source
///
/// Sverdrup, Wu, Athey & Wager (2024), section 2, the policy that ignores covariates.
pub fn random_curve(
    menu: &impl Menu,
    arms: &[usize],
    sample: &Sample<'_>,
    budgets: &[f64],
    bootstrap: Bootstrap,
) -> Result<BudgetCurve, PolicyError> {
    crate::error::check_arms("scores", sample.n_arms(), menu.n_arms())?;
    crate::error::check_len("scores", 0, sample.n_units(), menu.n_units())?;
    let in_turn = crate::rules::arms_in_turn(menu, arms, sample)?;
    let walk_all = |draw: Draw| {
        let mut means = vec![[Leg::default(); LANES]; in_turn.len()];
        let mut totals = [0.0; LANES];
        for unit in 0..sample.n_units() {
            let (weight, lanes) = (sample.weight(unit), draw.lanes_of(sample.cluster(unit)));
            for_each_lane(lanes, |lane| totals[lane] += weight);
            for (sums, &arm) in means.iter_mut().zip(&in_turn) {
                let Some(offer) = menu.offer(unit, arm) else { continue };
                let score = sample.score(unit, Some(arm));
                for_each_lane(lanes, |lane| {
                    sums[lane].cost += weight * offer.cost;
                    sums[lane].score += weight * score;
                    sums[lane].reach += weight;
                });
            }
        }
        std::array::from_fn(|lane| {
            let mut walker = Walker::new(budgets, totals[lane]);
            let mut before = Leg::default();
            for sums in &means {
                walker.take(&sums[lane].after(&before));
                before = sums[lane];
            }
            walker.finish()
        })
    };
    curve_of(budgets, sample, bootstrap, walk_all)
}

/// One step as a walker sees it, weighted.
#[derive(Debug, Clone, Copy, Default)]
struct Leg {
    cost: f64,
    score: f64,
    /// Weight of the people newly reached.
    reach: f64,
    cluster: u32,
}

impl Leg {
    /// Returns the way from one total to another.
    fn after(&self, before: &Self) -> Self {
        Self {
            cost: self.cost - before.cost,
            score: self.score - before.score,
            reach: self.reach - before.reach,
            cluster: 0,
        }
    }
}

/// Turns steps into weighted legs, checking that the sample knows their units and arms.
fn walk_of(steps: &[Step], sample: &Sample<'_>) -> Result<Vec<Leg>, PolicyError> {
    let (n_units, n_arms) = (sample.n_units(), sample.n_arms());
    let last_arm = steps.par_iter().map(Step::arm).max().unwrap_or(0);
    if last_arm >= n_arms {
        let (actual, expected) = (n_arms, last_arm + 1);
        return Err(PolicyError::ArmMismatch { name: "scores", actual, expected });
    }
    let last_unit = steps.par_iter().map(|step| step.unit as usize).max().unwrap_or(0);
    if last_unit >= n_units {
        let (actual, expected) = (n_units, last_unit + 1);
        return Err(PolicyError::LengthMismatch { name: "scores", arm: 0, actual, expected });
    }
    let leg = |index: usize| {
        let step = &steps[index];
        let (unit, before) =
            (step.unit as usize, index.checked_sub(1).map_or(0.0, |i| steps[i].spend));
        let weight = sample.weight(unit);
        let score = sample.score(unit, Some(step.arm())) - sample.score(unit, step.from());
        Leg {
            cost: weight * (step.spend - before),
            score: weight * score,
            reach: if step.from().is_none() { weight } else { 0.0 },
            cluster: sample.cluster(unit),
        }
    };
    Ok((0..steps.len()).into_par_iter().map(leg).collect())
}

/// What one replicate has spent and earned so far, and what it had at each budget passed.
struct Walker<'a> {
    budgets: &'a [f64],
    total: f64,
    spent: Leg,
    passed: Vec<Leg>,
}

impl<'a> Walker<'a> {
    fn new(budgets: &'a [f64], total: f64) -> Self {
        Self { budgets, total, spent: Leg::default(), passed: Vec::with_capacity(budgets.len()) }
    }

    /// Takes one leg, noting every budget that ends within it.
    #[inline]
    fn take(&mut self, leg: &Leg) {
        let after = self.spent.cost + leg.cost;
        while let Some(budget) = self.budgets.get(self.passed.len()) {
            let end = budget * self.total;
            if after <= end {
                break;
            }
            let share = (end - self.spent.cost) / leg.cost;
            self.passed.push(Leg {
                cost: end,
                score: self.spent.score + share * leg.score,
                reach: self.spent.reach + share * leg.reach,
                cluster: 0,
            });
        }
        self.spent.cost = after;
        self.spent.score += leg.score;
        self.spent.reach += leg.reach;
    }

    /// Returns totals per unit of weight at every budget; those beyond the last leg stay where it ends.
    fn finish(mut self) -> Vec<Leg> {
        self.passed.resize(self.budgets.len(), self.spent);
        let per_unit = |leg: Leg| Leg {
            cost: leg.cost / self.total,
            score: leg.score / self.total,
            reach: leg.reach / self.total,
            cluster: 0,
        };
        self.passed.into_iter().map(per_unit).collect()
    }
}

/// Walks the full sample and all half-samples and puts a curve together.
fn curve_of(
    budgets: &[f64],
    sample: &Sample<'_>,
    bootstrap: Bootstrap,
    walk_all: impl Fn(Draw) -> [Vec<Leg>; LANES] + Sync,
) -> Result<BudgetCurve, PolicyError> {
    check_budgets(budgets)?;
    let n_blocks = bootstrap.n_replicates.div_ceil(LANES);
    let blocks: Vec<[Vec<Leg>; LANES]> = (0..=n_blocks)
        .into_par_iter()
        .map(|block| match block.checked_sub(1) {
            None => walk_all(Draw::All),
            Some(block) => walk_all(Draw::block(bootstrap.seed, block)),
        })
        .collect();
    let mut walks = blocks.into_iter();
    let full = walks.next().map(|[full, ..]| full).unwrap_or_default();
    let replicates: Vec<Vec<f64>> = walks
        .flatten()
        .take(bootstrap.n_replicates)
        .map(|walk| walk.into_iter().map(|leg| leg.score).collect())
        .collect();
    let point = |(index, (leg, &budget)): (usize, (Leg, &f64))| {
        let gains: Vec<f64> = replicates.iter().map(|gains| gains[index]).collect();
        let std_error = standard_deviation(&gains);
        let gain = Estimate { estimate: leg.score, std_error, n: sample.n_independent() };
        CurvePoint { budget, spend: leg.cost, share_reached: leg.reach, gain }
    };
    let points = full.into_iter().zip(budgets).enumerate().map(point).collect();
    Ok(BudgetCurve { points, replicates, sample: sample.identity(), bootstrap })
}

fn check_budgets(budgets: &[f64]) -> Result<(), PolicyError> {
    let expected = "ascending finite numbers, 0 or more";
    let mut before = 0.0;
    for &value in budgets {
        let is_next = value.is_finite() && value >= before;
        if !is_next {
            return Err(PolicyError::BadLimit { name: "budgets", value, expected });
        }
        before = value;
    }
    Ok(())
}

/// Returns the standard deviation of the replicates; NaN where there are fewer than two, because an
/// unknown error is not a small one.
fn standard_deviation(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    (squares / (n - 1.0)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ArmCost, Columns, SpendPath, steps_by_rank};
    use yorisoi_data::{HeldOut, Z_95};
    use yorisoi_testkit::Draws;

    /// Sums of a few hundred numbers of order 1.
    const ROUNDING: f64 = 1e-10;
    const BOOTSTRAP: Bootstrap = Bootstrap { n_replicates: 200, seed: 5 };

    /// Two arms: a cheap one that helps by `x`, a dear one that helps by `2y`; noisy scores.
    fn effects(n_units: usize, seed: u64) -> Vec<Vec<f64>> {
        let column = |number: u64| Draws::new(seed, number);
        vec![
            (0..n_units).map(|unit| column(0).normal(unit)).collect(),
            (0..n_units).map(|unit| 2.0 * column(1).normal(unit)).collect(),
        ]
    }

    fn noisy(effects: &[Vec<f64>], seed: u64) -> HeldOut<Vec<Vec<f64>>> {
        let noise = |arm: usize| Draws::new(seed, 100 + arm as u64);
        let column = |(arm, tau): (usize, &Vec<f64>)| {
            tau.iter().enumerate().map(|(unit, tau)| tau + 3.0 * noise(arm).normal(unit)).collect()
        };
        HeldOut::promise(effects.iter().enumerate().map(column).collect())
    }

    fn costs() -> [ArmCost; 2] {
        [ArmCost::Same(1.0), ArmCost::Same(3.0)]
    }

    fn path(effects: &[Vec<f64>]) -> SpendPath {
        SpendPath::new(&Columns::new(effects, &costs()).unwrap(), 0).unwrap()
    }

    #[test]
    fn judged_by_the_effects_themselves_the_curve_is_the_path() {
        let effects = effects(300, 1);
        let path = path(&effects);
        let scores = HeldOut::promise(effects);
        let sample = Sample::new(&scores, None, None).unwrap();
        let budgets = even_budgets(path.steps(), 300, 17);
        let curve = budget_curve(path.steps(), &sample, &budgets, BOOTSTRAP).unwrap();
        for point in curve.points() {
            let at = path.at(point.budget * 300.0);
            assert!((point.gain.estimate * 300.0 - at.gain).abs() < ROUNDING * 300.0);
            assert!((point.spend * 300.0 - at.spend).abs() < ROUNDING * 300.0);
        }
    }

    /// With money for everyone the curve is a plain mean, whose standard error has a closed form.
    #[test]
    fn at_full_spend_the_standard_error_is_that_of_a_mean() {
        const N_UNITS: usize = 2_000;
        let all_helped = vec![vec![1.0; N_UNITS]];
        let costs = [ArmCost::Same(1.0)];
        let path = SpendPath::new(&Columns::new(&all_helped, &costs).unwrap(), 0).unwrap();
        let scores = noisy(&all_helped, 3);
        let values = &scores.get()[0];
        let mean = values.iter().sum::<f64>() / N_UNITS as f64;
        let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / N_UNITS as f64;
        let sample = Sample::new(&scores, None, None).unwrap();
        let curve = budget_curve(path.steps(), &sample, &[1.0], BOOTSTRAP).unwrap();
        let gain = curve.points()[0].gain;
        assert!((gain.estimate - mean).abs() < ROUNDING);
        let ratio = gain.std_error / (variance / N_UNITS as f64).sqrt();
        // A standard deviation of 200 replicates has relative error 1/√400 = 5 %; four of them.
        assert!((ratio - 1.0).abs() < 0.2, "ratio {ratio}");
    }

    #[test]
    fn a_cluster_of_copies_is_one_unit() {
        let effects = effects(100, 2);
        let twice = |column: &Vec<f64>| column.iter().flat_map(|&v| [v, v]).collect::<Vec<f64>>();
        let doubled: Vec<Vec<f64>> = effects.iter().map(twice).collect();
        let scores = noisy(&effects, 9);
        let doubled_scores = HeldOut::promise(scores.get().iter().map(twice).collect());
        let clusters: Vec<u32> = (0..200).map(|unit| unit / 2).collect();
        let (once, two) = (path(&effects), path(&doubled));
        let plain = Sample::new(&scores, None, None).unwrap();
        let clustered = Sample::new(&doubled_scores, Some(&clusters), None).unwrap();
        let budgets = even_budgets(once.steps(), 100, 10);
        let a = budget_curve(once.steps(), &plain, &budgets, BOOTSTRAP).unwrap();
        let b = budget_curve(two.steps(), &clustered, &budgets, BOOTSTRAP).unwrap();
        for (a, b) in a.points().iter().zip(b.points()) {
            assert!((a.gain.estimate - b.gain.estimate).abs() < ROUNDING);
            assert!((a.gain.std_error - b.gain.std_error).abs() < ROUNDING);
            assert_eq!(a.gain.n, b.gain.n);
        }
    }

    #[test]
    fn a_weight_of_two_is_two_units() {
        let effects = effects(60, 4);
        let twice = |column: &Vec<f64>| column.iter().flat_map(|&v| [v, v]).collect::<Vec<f64>>();
        let doubled: Vec<Vec<f64>> = effects.iter().map(twice).collect();
        let scores = HeldOut::promise(effects.clone());
        let doubled_scores = HeldOut::promise(doubled.clone());
        let weights = vec![2.0; 60];
        let (once, two) = (path(&effects), path(&doubled));
        let weighted = Sample::new(&scores, None, Some(&weights)).unwrap();
        let plain = Sample::new(&doubled_scores, None, None).unwrap();
        let budgets = even_budgets(once.steps(), 60, 7);
        let a = budget_curve(once.steps(), &weighted, &budgets, BOOTSTRAP).unwrap();
        let b = budget_curve(two.steps(), &plain, &budgets, BOOTSTRAP).unwrap();
        for (a, b) in a.points().iter().zip(b.points()) {
            assert!((a.gain.estimate - b.gain.estimate).abs() < ROUNDING);
            assert!((a.share_reached - b.share_reached).abs() < ROUNDING);
        }
    }

    #[test]
    fn picking_at_random_earns_a_straight_line_to_everyone() {
        let effects = vec![(0..50).map(f64::from).collect::<Vec<f64>>()];
        let costs = [ArmCost::Same(4.0)];
        let menu = Columns::new(&effects, &costs).unwrap();
        let scores = HeldOut::promise(effects.clone());
        let sample = Sample::new(&scores, None, None).unwrap();
        let curve = random_curve(&menu, &[0], &sample, &[0.0, 1.0, 4.0, 9.0], BOOTSTRAP).unwrap();
        let gains: Vec<f64> = curve.points().iter().map(|point| point.gain.estimate).collect();
        for (gain, expected) in gains.iter().zip([0.0, 24.5 / 4.0, 24.5, 24.5]) {
            assert!((gain - expected).abs() < ROUNDING, "{gain} against {expected}");
        }
    }

    #[test]
    fn a_curve_differs_from_itself_by_exactly_nothing() {
        let effects = effects(200, 6);
        let path = path(&effects);
        let scores = noisy(&effects, 6);
        let sample = Sample::new(&scores, None, None).unwrap();
        let curve = budget_curve(path.steps(), &sample, &[0.5, 1.0], BOOTSTRAP).unwrap();
        for difference in curve.difference(&curve).unwrap() {
            assert_eq!((difference.estimate, difference.std_error), (0.0, 0.0));
        }
        let other = Bootstrap { seed: 6, ..BOOTSTRAP };
        let unpaired = budget_curve(path.steps(), &sample, &[0.5, 1.0], other).unwrap();
        let err = curve.difference(&unpaired).unwrap_err();
        assert_eq!(err, PolicyError::NotPaired { what: "bootstrap" });
    }

    #[test]
    fn any_number_of_threads_gives_the_same_bits() {
        let effects = effects(500, 7);
        let scores = noisy(&effects, 7);
        let sample = Sample::new(&scores, None, None).unwrap();
        let with_threads = |n_threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build().unwrap();
            pool.install(|| {
                let path = path(&effects);
                budget_curve(path.steps(), &sample, &[0.3, 0.9], BOOTSTRAP).unwrap()
            })
        };
        assert_eq!(with_threads(1), with_threads(3));
    }

    /// True effects are known here, so the interval of the gain can be checked against the truth of
    /// the same rule in the population.
    #[test]
    fn the_interval_of_the_gain_covers_and_beating_risk_is_seen() {
        /// Worlds drawn.
        const N_WORLDS: u64 = 300;
        const N_UNITS: usize = 300;
        const BUDGET: f64 = 0.5;
        // The population value of the rule: the same rule on very many units.
        let many = effects(200_000, 999);
        let truth = path(&many).at(BUDGET * 200_000.0).gain / 200_000.0;
        let (mut covered, mut beats_risk) = (0, 0);
        for world in 0..N_WORLDS {
            let effects = effects(N_UNITS, world);
            let scores = noisy(&effects, world);
            let sample = Sample::new(&scores, None, None).unwrap();
            let bootstrap = Bootstrap { n_replicates: 96, seed: world };
            let plan = path(&effects);
            let curve = budget_curve(plan.steps(), &sample, &[BUDGET], bootstrap).unwrap();
            let gain = curve.points()[0].gain;
            covered += usize::from((gain.estimate - truth).abs() < Z_95 * gain.std_error);
            let risk: Vec<f64> =
                (0..N_UNITS).map(|unit| Draws::new(world, 50).uniform(unit)).collect();
            let columns_costs = costs();
            let menu = Columns::new(&effects, &columns_costs).unwrap();
            let by_risk = steps_by_rank(&menu, 0, &risk, 0).unwrap();
            let risk_curve = budget_curve(&by_risk, &sample, &[BUDGET], bootstrap).unwrap();
            let difference = curve.difference(&risk_curve).unwrap()[0];
            beats_risk += usize::from(difference.estimate > Z_95 * difference.std_error);
        }
        // Nominal 285 of 300; the binomial standard deviation is 3.8, and 96 replicates cost about
        // half a point of coverage. Four standard deviations.
        assert!((268..=299).contains(&covered), "{covered} of {N_WORLDS} intervals cover");
        // The gap is about 0.8 with a standard error of about 0.2.
        assert!(beats_risk > 270, "{beats_risk} of {N_WORLDS} see that risk is no target");
    }
}
