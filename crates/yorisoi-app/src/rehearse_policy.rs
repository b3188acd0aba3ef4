//! What would change? The log, replayed under another policy: who would gain and who lose contact.

use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_decision::{
    ActionId, ActionKind, ClientId, Decision, DecisionId, HoldoutArm, ValidPolicy, Words, decide,
};

use crate::decision_log::{Logged, Outcomes, each_decision};
use crate::shown_name::{shown_client, shown_name};
use crate::value_policy::{Columns, value};
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
    /// About whom, for those who may read them; otherwise `null`.
    pub client: Option<ClientId>,
    /// Their name, for the same readers.
    pub name: Option<String>,
    /// What was chosen.
    pub was: ActionId,
    /// What would be.
    pub would_be: ActionId,
}

/// Decisions of one kind that would be others.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Differences {
    /// How many there are.
    pub total: u64,
    /// The first of them, 50 at most.
    pub first: Vec<Difference>,
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
    /// Decisions replayed that were to hold.
    pub holds: u64,
    /// Decisions replayed that would be to hold.
    pub would_hold: u64,
    /// Decisions that would be another.
    pub different: u64,
    /// Decisions that reached nobody and would reach the client.
    pub gains: Differences,
    /// Decisions that reached the client and would reach nobody: holding, and letting go.
    pub loses: Differences,
    /// How often one choice would become another, from old to new.
    pub moves: BTreeMap<ActionId, BTreeMap<ActionId, u64>>,
    /// The first differences of any kind, 50 at most.
    pub differences: Vec<Difference>,
    /// Mean outcome under the policy that was followed.
    pub value_logged: Ranged,
    /// Mean outcome the rehearsed policy would have had, self-normalised: a little biased, often far less wide.
    pub value: Ranged,
    /// The same by inverse propensities alone: unbiased, and wide.
    pub ips: Ranged,
    /// The same, doubly robust: unbiased as `ips`, and less wide where actions differ in what comes of them, which is
    /// learned from other households' decisions.
    pub doubly_robust: Ranged,
    /// `value` less what was followed, paired.
    pub gain: Ranged,
    /// Effective sample size behind `value`, `ips`, `doubly_robust` and `gain`.
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
        rehearsal.compare(work, &was, &would_be)?;
        // The holdout is no part of a policy's skill: whoever is held out is held out under both.
        if was.holdout == HoldoutArm::Treated
            && let Some(outcome) = outcomes.after(work, &was)?
        {
            columns.add(&was, &would_be, outcome);
        }
        Ok(())
    })?;
    value(&columns, policy.policy(), &mut rehearsal)?;
    Ok(rehearsal)
}

impl Rehearsal {
    fn empty(fingerprint: &str) -> Self {
        Self {
            fingerprint: fingerprint.to_owned(),
            decisions: 0,
            erased: 0,
            holds: 0,
            would_hold: 0,
            different: 0,
            gains: Differences::default(),
            loses: Differences::default(),
            moves: BTreeMap::new(),
            differences: Vec::new(),
            value_logged: Ranged::unknown(),
            value: Ranged::unknown(),
            ips: Ranged::unknown(),
            doubly_robust: Ranged::unknown(),
            gain: Ranged::unknown(),
            effective_n: None,
            refused: None,
        }
    }

    fn compare(
        &mut self,
        work: &mut Work<'_, '_>,
        was: &Decision,
        would_be: &Decision,
    ) -> Result<(), AppError> {
        let (old, new) = (&was.choice, &would_be.choice);
        self.decisions += 1;
        self.holds += u64::from(old.kind == ActionKind::Hold);
        self.would_hold += u64::from(new.kind == ActionKind::Hold);
        if old.action == new.action {
            return Ok(());
        }
        self.different += 1;
        let to = self.moves.entry(old.action.clone()).or_default();
        *to.entry(new.action.clone()).or_default() += 1;
        let contact = match contact(old.kind, new.kind) {
            Contact::Same => None,
            Contact::Gained => Some(&mut self.gains),
            Contact::Lost => Some(&mut self.loses),
        };
        let contact = contact.map(|list| {
            list.total += 1;
            &mut list.first
        });
        let lists = [Some(&mut self.differences), contact].into_iter().flatten();
        let lists: Vec<_> = lists.filter(|list| list.len() < DIFFERENCES_SHOWN).collect();
        if !lists.is_empty() {
            let row = difference(work, was, would_be)?;
            for list in lists {
                list.push(row.clone());
            }
        }
        Ok(())
    }
}

/// What becomes of the contact that a client has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Contact {
    Same,
    Gained,
    Lost,
}

fn contact(was: ActionKind, would_be: ActionKind) -> Contact {
    match (was.reaches_client(), would_be.reaches_client()) {
        (false, true) => Contact::Gained,
        (true, false) => Contact::Lost,
        _ => Contact::Same,
    }
}

fn difference(
    work: &mut Work<'_, '_>,
    was: &Decision,
    would_be: &Decision,
) -> Result<Difference, AppError> {
    let client = shown_client(work, &was.client)?;
    let name = shown_name(work, &was.client)?;
    let (was_done, would_be) = (was.choice.action.clone(), would_be.choice.action.clone());
    Ok(Difference { decision: was.id.clone(), client, name, was: was_done, would_be })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letting_go_reaches_nobody_as_holding_does() {
        use ActionKind::{Hold, LetGo, Listen, Offer, Service};
        for quiet in [Hold, LetGo] {
            for loud in [Offer, Listen, Service] {
                assert_eq!(contact(loud, quiet), Contact::Lost);
                assert_eq!(contact(quiet, loud), Contact::Gained);
            }
        }
        assert_eq!(contact(Hold, LetGo), Contact::Same);
        assert_eq!(contact(Offer, Listen), Contact::Same);
    }
}
