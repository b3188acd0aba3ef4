//! What would change? The log, replayed under another policy, and what that policy would be worth.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_decision::{ActionId, Decision, DecisionId, HoldoutArm, ValidPolicy, Words, decide};
use yorisoi_evaluation::EvaluationError;
use yorisoi_evaluation::proof::{
    Clip, DecisionLog, Estimator, NewPolicy, PolicyValue, Support, Verdict, off_policy_value,
};

use crate::check_in::refused;
use crate::decision_log::{Logged, Outcomes, each_decision};
use crate::headline::words;
use crate::work::Work;
use crate::{App, AppError, Caller, Right};

/// A number with its interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Ranged {
    /// The estimate; `None`: cannot be known.
    pub estimate: Option<f64>,
    /// Lower end of the 95 % interval.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
    /// Units behind it.
    pub n: u64,
}

impl Ranged {
    /// A number with its interval; what is no finite number cannot be known.
    pub fn new(estimate: f64, (low, high): (f64, f64), n: u64) -> Self {
        let known = |value: f64| value.is_finite().then_some(value);
        Self { estimate: known(estimate), low: known(low), high: known(high), n }
    }

    /// A number that cannot be known.
    pub fn unknown() -> Self {
        Self { estimate: None, low: None, high: None, n: 0 }
    }
}

/// One decision that would be another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Difference {
    /// Which decision.
    pub decision: DecisionId,
    /// What was chosen.
    pub was: ActionId,
    /// What would be.
    pub would_be: ActionId,
}

/// What the log says about a policy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Rehearsal {
    /// The policy rehearsed.
    pub fingerprint: String,
    /// Decisions replayed.
    pub decisions: u64,
    /// Decisions of people who were erased: nothing is left to replay.
    pub erased: u64,
    /// Decisions that would be another.
    pub different: u64,
    /// Decisions to help that would become holds.
    pub lose_contact: u64,
    /// Holds that would become help.
    pub gain_contact: u64,
    /// How often one choice would become another, from old to new.
    pub moves: BTreeMap<ActionId, BTreeMap<ActionId, u64>>,
    /// The first differences.
    pub differences: Vec<Difference>,
    /// Mean outcome under the policy that was followed.
    pub value_logged: Ranged,
    /// Mean outcome the rehearsed policy would have had, self-normalised.
    pub value: Ranged,
    /// The same less what was followed, paired.
    pub gain: Ranged,
    /// Effective sample size behind it.
    pub effective_n: Option<f64>,
    /// If no value can be given: why, in words.
    pub refused: Option<Words>,
}

/// What making every decision again found.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Replayed {
    /// Decisions made again.
    pub decisions: u64,
    /// Decisions of people who were erased: nothing is left to make them from.
    pub erased: u64,
    /// Decisions that came out otherwise: there should be none.
    pub different: Vec<DecisionId>,
}

/// Differences that are listed.
const DIFFERENCES_SHOWN: usize = 50;

impl App {
    /// Replays the log under a policy that was drafted, and values it from the log.
    ///
    /// # Errors
    ///
    /// [`AppError::Unknown`] policy.
    pub async fn rehearse_policy(
        &self,
        caller: &Caller,
        fingerprint: &str,
    ) -> Result<Rehearsal, AppError> {
        caller.may(Right::Rehearse)?;
        let fingerprint = fingerprint.to_owned();
        self.read_long(caller, move |work| {
            let policy = work.policy_of(&fingerprint)?;
            rehearse(work, &policy)
        })
        .await
    }

    /// Makes every decision of the log again, each under the policy it was made under: they come out the
    /// same, byte for byte, or something is wrong.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`].
    pub async fn replay_log(&self, caller: &Caller) -> Result<Replayed, AppError> {
        caller.may(Right::Rehearse)?;
        self.read_long(caller, replay).await
    }
}

fn replay(work: &mut Work<'_, '_>) -> Result<Replayed, AppError> {
    let mut replayed = Replayed::default();
    each_decision(work, |work, logged| {
        let Some(situation) = logged.situation else {
            replayed.erased += 1;
            return Ok(());
        };
        let policy = work.policy_of(&logged.decision.policy_fingerprint)?;
        let again = decide(&policy, &situation, &work.app.inner.key);
        replayed.decisions += 1;
        if crate::app::to_bytes(&again)? != crate::app::to_bytes(&logged.decision)? {
            replayed.different.push(logged.decision.id);
        }
        Ok(())
    })?;
    Ok(replayed)
}

/// The log as columns, for valuing a policy from it.
#[derive(Default)]
struct Columns {
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

    fn add(&mut self, was: &Decision, would_be: &Decision, outcome: f64) {
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

fn rehearse(work: &mut Work<'_, '_>, policy: &Arc<ValidPolicy>) -> Result<Rehearsal, AppError> {
    let settings = work.app.settings().clone();
    let outcomes = Outcomes::read(work, &settings.outcome, settings.outcome_days)?;
    let mut rehearsal = Rehearsal::empty(policy.fingerprint());
    let mut columns = Columns::default();
    each_decision(work, |work, logged| {
        let Logged { decision: was, situation: Some(situation), .. } = logged else {
            rehearsal.erased += 1;
            return Ok(());
        };
        let would_be = decide(policy, &situation, &work.app.inner.key);
        rehearsal.compare(&was, &would_be);
        // The holdout is no part of a policy's skill: whoever is held out is held out under both.
        if was.holdout == HoldoutArm::Treated
            && let Some(outcome) = outcomes.after(work, &was)?
        {
            columns.add(&was, &would_be, outcome);
        }
        Ok(())
    })?;
    value(&columns, &mut rehearsal)?;
    Ok(rehearsal)
}

impl Rehearsal {
    fn empty(fingerprint: &str) -> Self {
        Self {
            fingerprint: fingerprint.to_owned(),
            decisions: 0,
            erased: 0,
            different: 0,
            lose_contact: 0,
            gain_contact: 0,
            moves: BTreeMap::new(),
            differences: Vec::new(),
            value_logged: Ranged::unknown(),
            value: Ranged::unknown(),
            gain: Ranged::unknown(),
            effective_n: None,
            refused: None,
        }
    }

    fn compare(&mut self, was: &Decision, would_be: &Decision) {
        self.decisions += 1;
        let (old, new) = (&was.choice, &would_be.choice);
        if old.action == new.action {
            return;
        }
        self.different += 1;
        let to = self.moves.entry(old.action.clone()).or_default();
        *to.entry(new.action.clone()).or_default() += 1;
        match (was.hold.is_some(), would_be.hold.is_some()) {
            (false, true) => self.lose_contact += 1,
            (true, false) => self.gain_contact += 1,
            _ => {}
        }
        if self.differences.len() < DIFFERENCES_SHOWN {
            self.differences.push(Difference {
                decision: was.id.clone(),
                was: old.action.clone(),
                would_be: new.action.clone(),
            });
        }
    }
}

/// Values the rehearsed policy from the log, or says why it cannot be valued.
fn value(columns: &Columns, rehearsal: &mut Rehearsal) -> Result<(), AppError> {
    let n = columns.chosen.len();
    if n < 2 {
        rehearsal.refused = Some(words(
            "No value: fewer than two decisions have an outcome yet.",
            "まだ結果の分かった判断が足りないため、価値は計算できません。",
        ));
        return Ok(());
    }
    let (logged, rehearsed) = (columns.table(&columns.logged), columns.table(&columns.rehearsed));
    let log = DecisionLog {
        chosen: &columns.chosen,
        probability: &columns.probability,
        outcome: &columns.outcome,
        cluster: Some(&columns.cluster),
        all_probabilities: Some(&logged),
    };
    let new = NewPolicy { n_actions: columns.names.len(), probabilities: &rehearsed };
    match off_policy_value(&log, &new, Estimator::SelfNormalised, Clip::No) {
        Ok(found) => show_value(&found, n as u64, rehearsal),
        Err(EvaluationError::Unsupported(Support::Missing { action, share })) => {
            let (name, percent) = (&columns.names[action], 100.0 * share);
            rehearsal.refused = Some(words(
                format!(
                    "No value: in {percent:.1} % of decisions the policy would do what was never tried, most \
                     of all {name}. Explore it first."
                ),
                format!(
                    "価値は計算できません。判断の {percent:.1} % で、まだ試したことのない働きかけ（主に {name}）を選ぶためです。まず少しずつ試してください。"
                ),
            ));
        }
        Err(error) => return Err(refused(error)),
    }
    Ok(())
}

fn show_value(found: &PolicyValue, n: u64, rehearsal: &mut Rehearsal) {
    let shown = |it: &yorisoi_data::Estimate| {
        let interval = it.interval_95();
        Ranged::new(it.estimate, (interval.low, interval.high), n)
    };
    rehearsal.effective_n = Some(found.effective_sample_size);
    if let Verdict::CannotKnow(reason) = found.verdict {
        let said = reason.words();
        rehearsal.refused = Some(words(said.en, said.ja));
        return;
    }
    rehearsal.value = shown(&found.value);
    rehearsal.gain = shown(&found.gain);
    let now = found.value.estimate - found.gain.estimate;
    rehearsal.value_logged = Ranged { estimate: Some(now), n, ..Ranged::unknown() };
}
