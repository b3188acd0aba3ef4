//! What now, for this client, and will we keep our word? Deciding and reserving in one transaction.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_decision::{
    ActionFacts, ActionId, ActionKind, AgentId, CapacityFacts, Choice, ClientId, Decision,
    DecisionId, EffectFact, ExitState, HouseholdFacts, Initiative, Record, Reservation, Situation,
    Stop, ValidPolicy, decide,
};
use yorisoi_ledger::{Body, Keeps, Personal};

use crate::credit_agents::deal;
use crate::end_refused::end_refused;
use crate::give_effects::check;
use crate::situation::{situation_of, stop_of};
use crate::work::{Known, Work};
use crate::{App, AppError, Caller, Right};

/// A question: what now, for this client?
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DecisionAsk {
    /// The client, by our own name or by any name they have in another system.
    pub client: ClientId,
    /// Who began: a contact the client began is not bound by caps and quiet hours.
    #[serde(default)]
    pub initiative: Initiative,
    /// The actions to consider; `null`: the whole catalogue. Holding is always considered.
    #[serde(default)]
    pub only: Option<Vec<ActionId>>,
    /// Effects the caller knows better, in place of the ledger's; not for agents.
    #[serde(default)]
    pub effects: Option<BTreeMap<ActionId, EffectFact>>,
    /// The agent who would act, if it is not the caller; an agent names nobody else.
    #[serde(default)]
    pub agent: Option<AgentId>,
    /// Whether only to look: nothing is reserved and nothing is recorded.
    #[serde(default)]
    pub dry: bool,
}

/// The answer to a question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DecisionAnswer {
    /// The whole decision, with every candidate.
    pub decision: Decision,
    /// Whether it is in the ledger. A dry answer is not, nor is one given while the ledger is away.
    pub committed: bool,
    /// Until when supply, minutes and a place under the caps are kept for it.
    pub reserved_until: Option<Timestamp>,
    /// If a single action was asked for and stopped: by what. It left a trace.
    pub suppressed: Option<Stop>,
}

/// One answer of a batch: the decision, or why there is none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BatchItem {
    /// It was decided.
    Answer(Box<DecisionAnswer>),
    /// It was not.
    Problem {
        /// The client asked about.
        client: ClientId,
        /// The error's code.
        code: String,
        /// The error's words.
        reason: String,
    },
}

impl DecisionAsk {
    /// A question about a client and the whole catalogue.
    pub fn about(client: ClientId) -> Self {
        Self {
            client,
            initiative: Initiative::Ours,
            only: None,
            effects: None,
            agent: None,
            dry: false,
        }
    }

    /// A question about a client and one action.
    pub fn only(client: ClientId, action: ActionId) -> Self {
        Self { only: Some(vec![action]), ..Self::about(client) }
    }
}

/// Questions that one batch may hold.
const BATCH_MAX: usize = 1_000;

impl App {
    /// Decides and commits: reservation, trace and remembered answer are one transaction.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`]; [`AppError::NoPolicy`]; [`AppError::KeyReused`]; [`AppError::OtherTeam`]. A
    /// ledger that cannot be reached is no error: the answer is to hold, with `consent.unavailable`, and says
    /// that it is not committed.
    pub async fn decide_and_commit(
        &self,
        caller: &Caller,
        ask: DecisionAsk,
    ) -> Result<DecisionAnswer, AppError> {
        may_ask(caller, &ask)?;
        check_ask(&ask)?;
        let asked = ask.clone();
        let answer = if ask.dry {
            self.read(caller, move |work| Ok(answer(work, &ask)?.0)).await
        } else {
            self.write(caller, "decide", move |work| commit(work, &ask)).await
        };
        match answer {
            Err(AppError::Unavailable { .. }) => self.without_ledger(&asked),
            answer => answer,
        }
    }

    /// The answer while the ledger is away, for a caller whom nobody can look up then ([`App::last_known`]): to hold,
    /// with `consent.unavailable`, committed by nothing, though the ledger may be back meanwhile.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`]; [`AppError::Unavailable`] if no policy has been read yet.
    pub fn hold_while_away(
        &self,
        caller: &Caller,
        ask: &DecisionAsk,
    ) -> Result<DecisionAnswer, AppError> {
        may_ask(caller, ask)?;
        check_ask(ask)?;
        self.without_ledger(ask)
    }

    /// Decides for many; each commits by itself, and a question that cannot be answered leaves nothing behind. While
    /// the ledger cannot be reached, the answer to each is to hold.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`]; [`AppError::Invalid`] for more than 1,000; [`AppError::KeyReused`].
    pub async fn decide_batch(
        &self,
        caller: &Caller,
        asks: Vec<DecisionAsk>,
    ) -> Result<Vec<BatchItem>, AppError> {
        may_ask_all(caller, &asks)?;
        let asked = asks.clone();
        let write = self.write(caller, "decide_batch", move |work| {
            let mut items = Vec::with_capacity(asks.len());
            for ask in &asks {
                let answered = work.part(|work| {
                    check_ask(ask)?;
                    if ask.dry { Ok(answer(work, ask)?.0) } else { commit(work, ask) }
                });
                items.push(item(ask, answered)?);
            }
            Ok(items)
        });
        match write.await {
            Err(AppError::Unavailable { .. }) => self.hold_each(&asked),
            items => items,
        }
    }

    /// [`App::hold_while_away`], for many.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`]; [`AppError::Invalid`] for more than 1,000; [`AppError::Unavailable`].
    pub fn hold_all_while_away(
        &self,
        caller: &Caller,
        asks: &[DecisionAsk],
    ) -> Result<Vec<BatchItem>, AppError> {
        may_ask_all(caller, asks)?;
        self.hold_each(asks)
    }

    fn hold_each(&self, asks: &[DecisionAsk]) -> Result<Vec<BatchItem>, AppError> {
        let held = |ask: &DecisionAsk| check_ask(ask).and_then(|()| self.without_ledger(ask));
        asks.iter().map(|ask| item(ask, held(ask))).collect()
    }

    /// The answer while nothing can be read: hold, and say so.
    fn without_ledger(&self, ask: &DecisionAsk) -> Result<DecisionAnswer, AppError> {
        let Some(policy) = self.last_live() else {
            return Err(AppError::Unavailable { why: "no policy has been read yet".to_owned() });
        };
        let now = self.now();
        let situation = Situation {
            decision: DecisionId::new(self.inner.ids.name("d", now))?,
            now,
            ledger_time: None,
            initiative: ask.initiative,
            record: Record::Unavailable { client: ask.client.clone() },
            household: HouseholdFacts::default(),
            capacity: CapacityFacts::default(),
            actions: ActionFacts::default(),
            only: ask.only.clone(),
        };
        let decision = decide(&policy, &situation, &self.inner.key);
        Ok(DecisionAnswer { decision, committed: false, reserved_until: None, suppressed: None })
    }
}

/// Whether a question can be asked at all.
fn check_ask(ask: &DecisionAsk) -> Result<(), AppError> {
    ask.effects.iter().flatten().try_for_each(|(action, effect)| check(action, effect))
}

/// Passes if the caller may ask, and ask like this: with effects of their own, in another agent's name.
fn may_ask(caller: &Caller, ask: &DecisionAsk) -> Result<(), AppError> {
    caller.may(Right::Decide)?;
    if ask.effects.is_some() {
        caller.may(Right::GiveEffects)?;
    }
    if ask.agent.is_some() && ask.agent != caller.agent {
        caller.may(Right::ActForAgents)?;
    }
    Ok(())
}

/// [`may_ask`], for each of a batch.
fn may_ask_all(caller: &Caller, asks: &[DecisionAsk]) -> Result<(), AppError> {
    caller.may(Right::Decide)?;
    if asks.len() > BATCH_MAX {
        let reason = format!("{} questions are too many; send at most {BATCH_MAX}", asks.len());
        return Err(AppError::invalid("decisions", reason));
    }
    asks.iter().try_for_each(|ask| may_ask(caller, ask))
}

/// Decides for one client, without leaving a trace.
pub(crate) fn answer(
    work: &mut Work<'_, '_>,
    ask: &DecisionAsk,
) -> Result<(DecisionAnswer, Situation), AppError> {
    let policy = work.policy()?;
    let id = DecisionId::new(work.app.inner.ids.name("d", work.now))?;
    let situation = situation_of(work, ask, id)?;
    let decision = decide(&policy, &situation, &work.app.inner.key);
    let suppressed = match ask.only.as_deref() {
        Some([action]) => stop_of(&decision, action),
        _ => None,
    };
    let answer = DecisionAnswer { decision, committed: false, reserved_until: None, suppressed };
    Ok((answer, situation))
}

/// Decides for one client and keeps it.
pub(crate) fn commit(
    work: &mut Work<'_, '_>,
    ask: &DecisionAsk,
) -> Result<DecisionAnswer, AppError> {
    let (mut answer, situation) = answer(work, ask)?;
    let is_about_somebody = match &situation.record {
        Record::Client { facts } if !facts.erased => true,
        // The name by which somebody who was erased was asked about must not come back into the chain.
        _ => matches!(work.known(&answer.decision.client)?, Known::Client(_)),
    };
    // Nobody to record it about, or no instant to record it at: the answer is to hold, and says why.
    if work.is_clock_skewed() || !is_about_somebody {
        return Ok(answer);
    }
    let policy = work.policy()?;
    let reservation = reservation(&policy, &answer.decision);
    let kept = if reservation.is_some() {
        keeps(&policy, &answer.decision.choice)
    } else {
        Keeps::default()
    };
    deal(work, &answer.decision, &situation)?;
    append(work, (&answer.decision, &situation), (reservation.clone(), kept), ask)?;
    if let (Some(stop), Some([action])) = (&answer.suppressed, ask.only.as_deref()) {
        let body = Body::Suppressed {
            action: action.clone(),
            code: stop.code,
            deferred_until: stop.until,
        };
        work.append(Some(&answer.decision.client), body, None)?;
    }
    note_exit_offer(work, &answer.decision, &situation)?;
    answer.committed = true;
    answer.reserved_until = reservation.map(|reservation| reservation.expires_at);
    Ok(answer)
}

/// Appends a decision. What it looked at lies beside it, sealed with the person's key, so that it can be
/// replayed, and shown to the person, as long as they are not forgotten.
pub(crate) fn append(
    work: &mut Work<'_, '_>,
    (decision, situation): (&Decision, &Situation),
    (reservation, keeps): (Option<Reservation>, Keeps),
    ask: &DecisionAsk,
) -> Result<(), AppError> {
    let is_erased = match &situation.record {
        Record::Client { facts } => facts.erased,
        _ => true,
    };
    let personal = if is_erased {
        None
    } else {
        let text = serde_json::to_string(situation)
            .map_err(|error| AppError::Internal { what: error.to_string() })?;
        Some(Personal { text: Some(text), ..Personal::default() })
    };
    let body = Body::Decided {
        decision: Box::new(decision.clone()),
        reservation,
        agent: ask.agent.clone().or_else(|| work.caller.agent.clone()),
        keeps,
    };
    work.append(Some(&decision.client), body, personal)?;
    Ok(())
}

/// What is kept for a choice until it is carried out or runs out; nothing for a choice that reaches nobody.
pub(crate) fn reservation(policy: &ValidPolicy, decision: &Decision) -> Option<Reservation> {
    let action = policy.action(&decision.choice.action)?;
    if !action.reaches_client() {
        return None;
    }
    let lasts = SignedDuration::from_mins(i64::from(policy.policy().reservation_minutes));
    Some(Reservation {
        decision: decision.id.clone(),
        action: action.id.clone(),
        channel: action.channel.clone(),
        at: decision.at,
        expires_at: decision.at.checked_add(lasts).unwrap_or(Timestamp::MAX),
    })
}

/// What a choice takes from others.
pub(crate) fn keeps(policy: &ValidPolicy, choice: &Choice) -> Keeps {
    policy.action(&choice.action).map_or_else(Keeps::default, |action| Keeps {
        units: 1,
        minutes: u64::from(action.agent_minutes),
        cost_minor: action.cost_minor,
    })
}

/// To a client who asked to leave, committing to an offer is making the one that is permitted: another
/// question a minute later must not find the way open again, and what was kept for them before is no second offer.
pub(crate) fn note_exit_offer(
    work: &mut Work<'_, '_>,
    decision: &Decision,
    situation: &Situation,
) -> Result<(), AppError> {
    let Record::Client { facts } = &situation.record else {
        return Ok(());
    };
    let is_offer = matches!(decision.choice.kind, ActionKind::Offer | ActionKind::Advise);
    if facts.exit == ExitState::Requested && is_offer {
        let body = Body::ExitOffered { decision: decision.id.clone() };
        work.append(Some(&decision.client), body, None)?;
        end_refused(work, &decision.client)?;
    }
    Ok(())
}

/// One refusal must not undo the others; a ledger that goes away must.
fn item(
    ask: &DecisionAsk,
    answer: Result<DecisionAnswer, AppError>,
) -> Result<BatchItem, AppError> {
    match answer {
        Ok(answer) => Ok(BatchItem::Answer(Box::new(answer))),
        Err(error) if error.status() >= 500 => Err(error),
        Err(error) => Ok(BatchItem::Problem {
            client: ask.client.clone(),
            code: error.code().to_owned(),
            reason: error.to_string(),
        }),
    }
}
