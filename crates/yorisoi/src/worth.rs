//! What is the plan worth on rows that nothing was learned from?

use yorisoi_data::{Estimate, HeldOut};
use yorisoi_evaluation::{Against, gain};
use yorisoi_policy::{
    Bootstrap, Columns, DoNoHarm, PolicyError, Sample, SpendPath, Step, budget_curve, even_budgets,
    random_curve, steps_by_rank,
};

use crate::bench::Bench;
use crate::error::StudyError;
use crate::planning::{Bounds, PlanTable, Rewards};
use crate::pricing::Pricing;
use crate::summary::{ArmCount, BudgetPoint, Comparison, Plan as PlanSummary, ReasonCount};
use crate::value::{scaled, value};

/// Points of the budget curve.
const CURVE_POINTS: usize = 40;

/// What the worth of a plan is judged with.
pub(crate) struct Judge<'a> {
    /// Held-out rows.
    pub(crate) bench: &'a Bench,
    /// Their costs.
    pub(crate) pricing: &'a Pricing,
    /// Allowed harm.
    pub(crate) bounds: Bounds,
    /// Rows the plan is for.
    pub(crate) n_used: usize,
    /// Breaks ties.
    pub(crate) seed: u64,
}

/// Returns the plan as the summary tells it, its gain judged on the held-out rows.
///
/// # Errors
///
/// A [`StudyError`] other than that of too few rows, which leaves gaps instead.
pub(crate) fn worth(
    table: &PlanTable,
    options: &crate::options::PlanOptions,
    judge: &Judge<'_>,
) -> Result<PlanSummary, StudyError> {
    let plan = &table.plan;
    let names = &judge.bench.arm_names;
    let all: Vec<u8> =
        plan.choices.iter().map(|choice| choice.arm.map_or(0, |arm| arm as u8 + 1)).collect();
    let assigned = HeldOut::promise(crate::units::at(&all, &judge.bench.units));
    let count = |(arm, people): (&String, &usize)| ArmCount { arm: arm.clone(), people: *people };
    let units = &judge.bench.units;
    let out = table.out_of_range.as_ref().map(|out| crate::units::at(out, units));
    let rewards = Rewards::new(judge.bench.effects.get(), judge.pricing.costs_at(units))
        .without(out.as_deref());
    Ok(PlanSummary {
        budget: options.budget,
        is_priced: judge.pricing.is_priced,
        costs: judge.pricing.summary(&names[1..]),
        value_per_outcome: options.value_per_outcome,
        spend: plan.spend,
        people: plan.n_reached(),
        people_by_arm: names[1..].iter().zip(&plan.n_by_arm).map(count).collect(),
        held_back: held_back(plan),
        gain: scaled(&judge.gain(&assigned)?, judge.n_judged()),
        prices: table.prices(&names[1..]),
        comparisons: judge.comparisons(plan, &assigned, &rewards)?,
        curve: judge.curve(&rewards)?,
        allowed_harm: judge.bounds.allowed_harm,
    })
}

fn held_back(plan: &yorisoi_policy::Plan) -> Vec<ReasonCount> {
    let holds = plan.n_by_reason.iter().filter(|(reason, _)| reason.is_hold());
    holds.map(|&(reason, people)| ReasonCount { code: reason.code().to_owned(), people }).collect()
}

impl Judge<'_> {
    /// Returns for how many of the rows the held-out ones speak: all but those that were left out for want
    /// of anyone to compare them with.
    fn n_judged(&self) -> f64 {
        self.n_used as f64 * (1.0 - self.bench.share_trimmed)
    }

    /// A plan spends money on these rows and reaches these people, so its gain is theirs too: rows count
    /// once, whatever they weigh.
    fn gain(&self, assigned: &HeldOut<Vec<u8>>) -> Result<Estimate, StudyError> {
        Ok(gain(assigned, Against::Nobody, &self.bench.scores, &self.bench.rows_alone()?)?)
    }

    fn against(
        &self,
        assigned: &HeldOut<Vec<u8>>,
        rule: Against<'_>,
    ) -> Result<Option<Estimate>, StudyError> {
        let sampling = self.bench.rows_alone()?;
        Ok(crate::judge::enough(gain(assigned, rule, &self.bench.scores, &sampling))?)
    }

    fn comparisons(
        &self,
        plan: &yorisoi_policy::Plan,
        assigned: &HeldOut<Vec<u8>>,
        rewards: &Rewards,
    ) -> Result<Vec<Comparison>, StudyError> {
        let mut rules = vec![("treat_none".to_owned(), Against::Nobody)];
        for (at, arm) in self.bench.arm_names[1..].iter().enumerate() {
            rules.push((format!("treat_all:{arm}"), Against::Everybody(at as u8 + 1)));
        }
        let by_risk = HeldOut::promise(self.by_risk(plan, assigned.get(), rewards)?);
        if plan.n_reached() > 0 {
            rules.push(("risk".to_owned(), Against::Assignment(&by_risk)));
        }
        let mut comparisons = Vec::new();
        for (against, rule) in rules {
            if let Some(difference) = self.against(assigned, rule)? {
                comparisons.push(Comparison { against, difference: value(&difference) });
            }
        }
        Ok(comparisons)
    }

    /// Returns what the desperate agent would do with the plan's money: give the plan's commonest arm to
    /// those whose outcome looks worst without help, until the money is spent.
    fn by_risk(
        &self,
        plan: &yorisoi_policy::Plan,
        assigned: &[u8],
        rewards: &Rewards,
    ) -> Result<Vec<u8>, StudyError> {
        let arm = (0..plan.n_by_arm.len()).rev().max_by_key(|&arm| plan.n_by_arm[arm]).unwrap_or(0);
        let spent = |(unit, &arm): (usize, &u8)| match arm {
            0 => 0.0,
            arm => rewards.costs[usize::from(arm) - 1].of(unit),
        };
        let budget: f64 = assigned.iter().enumerate().map(spent).sum();
        let risk: Vec<f64> = self.untreated_outcome().into_iter().map(|mu_0| -mu_0).collect();
        let steps = steps_by_rank(&rewards.columns()?, arm, &risk, self.seed)?;
        let mut rule = vec![0; assigned.len()];
        // With free arms money says nothing; then the rule reaches as many people.
        let n_people = assigned.iter().filter(|&&arm| arm > 0).count();
        for step in steps.iter().take_while(|step| step.spend <= budget).take(if budget > 0.0 {
            usize::MAX
        } else {
            n_people
        }) {
            rule[step.unit as usize] = arm as u8 + 1;
        }
        Ok(rule)
    }

    /// Returns the expected outcome of every held-out row without help, `μ₀ = m̂ − Σₖ êₖ τ̂ₖ`.
    fn untreated_outcome(&self) -> Vec<f64> {
        let (nuisances, effects) = (self.bench.nuisances.get(), self.bench.effects.get());
        let lift = |unit: usize| -> f64 {
            let arms = nuisances.w_hat[1..].iter().zip(&effects.arms);
            arms.map(|(w_hat, arm)| w_hat[unit] * arm.tau_hat[unit]).sum()
        };
        nuisances.y_hat.iter().enumerate().map(|(unit, y_hat)| y_hat - lift(unit)).collect()
    }

    /// Returns what every budget buys, judged on the held-out rows and scaled to all that they speak for.
    fn curve(&self, rewards: &Rewards) -> Result<Vec<BudgetPoint>, StudyError> {
        let bench = self.bench;
        let effect_scores = (1..bench.arm_names.len())
            .map(|k| bench.scores.get().effect(k))
            .collect::<Result<Vec<_>, _>>()?;
        let scores = HeldOut::promise(effect_scores);
        let sample = match Sample::new(&scores, bench.clusters.as_deref(), None) {
            Ok(sample) => sample,
            Err(PolicyError::TooFew { .. }) => return Ok(Vec::new()),
            Err(error) => return Err(error.into()),
        };
        let menu: DoNoHarm<'_> = rewards.menu(self.bounds.allowed_harm)?;
        let everything: Columns<'_> = rewards.columns()?;
        let path = SpendPath::new(&menu, self.seed)?;
        let budgets = budgets(path.steps(), bench.n());
        let bootstrap = Bootstrap { seed: self.seed, ..Bootstrap::default() };
        let ours = budget_curve(path.steps(), &sample, &budgets, bootstrap)?;
        let arms: Vec<usize> = (0..bench.arm_names.len() - 1).collect();
        let random = random_curve(&everything, &arms, &sample, &budgets, bootstrap)?;
        let n_judged = self.n_judged();
        let point = |(ours, random): (&yorisoi_policy::CurvePoint, &yorisoi_policy::CurvePoint)| {
            let gain = scaled(&ours.gain, n_judged);
            BudgetPoint {
                spend: n_judged * ours.spend,
                people: (n_judged * ours.share_reached).round() as usize,
                gain: gain.estimate,
                low: gain.low,
                high: gain.high,
                random: n_judged * random.gain.estimate,
            }
        };
        Ok(ours.points().iter().zip(random.points()).map(point).collect())
    }
}

/// Returns the budgets of the curve: evenly spaced where money matters, one of 0 where all is free.
fn budgets(steps: &[Step], n_units: usize) -> Vec<f64> {
    match steps.last() {
        None => Vec::new(),
        Some(last) if last.spend > 0.0 => even_budgets(steps, n_units, CURVE_POINTS),
        Some(_) => vec![0.0],
    }
}
