//! What would the rehearsed policy have been worth? The log as columns, and three ways of reading them.

use std::collections::HashMap;

use yorisoi_data::Estimate;
use yorisoi_decision::{ActionId, Decision, Policy};
use yorisoi_evaluation::EvaluationError;
use yorisoi_evaluation::proof::{
    Clip, DecisionLog, Estimator, NewPolicy, Support, Verdict, logged_value, off_policy_value,
    outcome_by_action,
};

use crate::AppError;
use crate::check_in::refused;
use crate::headline::words;
use crate::rehearse_policy::{Ranged, Rehearsal};

/// The log as columns, for valuing a policy from it.
#[derive(Default)]
pub(crate) struct Columns {
    actions: HashMap<ActionId, usize>,
    names: Vec<ActionId>,
    chosen: Vec<u32>,
    probability: Vec<f64>,
    outcome: Vec<f64>,
    clusters: HashMap<String, u32>,
    cluster: Vec<u32>,
    logged: Vec<Vec<(usize, f64)>>,
    rehearsed: Vec<Vec<(usize, f64)>>,
}

impl Columns {
    /// Adds a decision with what came of it, as it was made and as it would be.
    pub(crate) fn add(&mut self, was: &Decision, would_be: &Decision, outcome: f64) {
        let chosen = self.action(&was.choice.action);
        self.chosen.push(chosen as u32);
        self.probability.push(was.choice.probability);
        self.outcome.push(outcome);
        let unit = was.household.as_ref().map_or(was.client.as_str(), |it| it.as_str());
        let next = self.clusters.len() as u32;
        let cluster = *self.clusters.entry(unit.to_owned()).or_insert(next);
        self.cluster.push(cluster);
        let (logged, rehearsed) = (self.chances(was), self.chances(would_be));
        self.logged.push(logged);
        self.rehearsed.push(rehearsed);
    }

    fn action(&mut self, id: &ActionId) -> usize {
        if let Some(index) = self.actions.get(id) {
            return *index;
        }
        let index = self.names.len();
        self.names.push(id.clone());
        self.actions.insert(id.clone(), index);
        index
    }

    fn chances(&mut self, decision: &Decision) -> Vec<(usize, f64)> {
        let candidates = decision.candidates.iter().filter(|it| it.probability > 0.0);
        candidates.map(|it| (self.action(&it.action), it.probability)).collect()
    }

    /// Rows of probabilities, one an action.
    fn table(&self, rows: &[Vec<(usize, f64)>]) -> Vec<f64> {
        let k = self.names.len();
        let mut table = vec![0.0; rows.len() * k];
        for (row, chances) in table.chunks_mut(k.max(1)).zip(rows) {
            for (action, chance) in chances {
                row[*action] += chance;
            }
        }
        table
    }
}

/// Values the policy that was followed and the rehearsed one from the log, or says why the latter cannot be valued.
pub(crate) fn value(
    columns: &Columns,
    policy: &Policy,
    rehearsal: &mut Rehearsal,
) -> Result<(), AppError> {
    let n = columns.chosen.len();
    let (logged, rehearsed) = (columns.table(&columns.logged), columns.table(&columns.rehearsed));
    let log = DecisionLog {
        chosen: &columns.chosen,
        probability: &columns.probability,
        outcome: &columns.outcome,
        cluster: Some(&columns.cluster),
        all_probabilities: Some(&logged),
    };
    // One household is one draw: what became of it says nothing of others.
    if columns.clusters.len() < 2 {
        rehearsal.refused = Some(words(
            "No value: fewer than two households have an outcome yet.",
            "まだ結果の分かった世帯が足りないため、価値は計算できません。",
        ));
        return Ok(());
    }
    rehearsal.value_logged = shown(&logged_value(&log).map_err(refused)?, n);
    let new = NewPolicy { n_actions: columns.names.len(), probabilities: &rehearsed };
    match worths(&log, &new, rehearsal) {
        Err(EvaluationError::Unsupported(Support::Missing { action, share })) => {
            let (name, percent) = (policy.action_name(&columns.names[action]), 100.0 * share);
            rehearsal.refused = Some(words(
                format!(
                    "No value: in {percent:.1} % of decisions the policy would do what was never tried, most \
                     of all “{}”. Explore it first.",
                    name.en
                ),
                format!(
                    "価値は計算できません。判断の {percent:.1} % で、まだ試したことのない働きかけ（主に「{}」）を選ぶためです。まず少しずつ試してください。",
                    name.ja
                ),
            ));
            Ok(())
        }
        done => done.map_err(refused),
    }
}

/// The same log read three times: divided by the mean weight, which is steadier; not divided, which leans nowhere;
/// and the latter helped by what came of each action for others, which is steadier and leans nowhere.
fn worths(
    log: &DecisionLog<'_>,
    new: &NewPolicy<'_>,
    rehearsal: &mut Rehearsal,
) -> Result<(), EvaluationError> {
    let found = off_policy_value(log, new, Estimator::SelfNormalised, Clip::No)?;
    rehearsal.effective_n = Some(found.effective_sample_size);
    if let Verdict::CannotKnow(reason) = found.verdict {
        let said = reason.words();
        rehearsal.refused = Some(words(said.en, said.ja));
        return Ok(());
    }
    let n = log.chosen.len();
    rehearsal.value = shown(&found.value, n);
    rehearsal.gain = shown(&found.gain, n);
    let plain = off_policy_value(log, new, Estimator::InversePropensity, Clip::No)?;
    rehearsal.ips = shown(&plain.value, n);
    let model = outcome_by_action(log, new.n_actions)?;
    let robust = Estimator::DoublyRobust { model: model.get() };
    let robust = off_policy_value(log, new, robust, Clip::No)?;
    rehearsal.doubly_robust = shown(&robust.value, n);
    Ok(())
}

fn shown(it: &Estimate, n: usize) -> Ranged {
    let interval = it.interval_95();
    Ranged::new(it.estimate, (interval.low, interval.high), n as u64)
}
