//! What now, for this client? The whole way from facts to answer.

use crate::action::{ActionKind, ActionSpec};
use crate::choose::{self, Assessed, Pick};
use crate::codes::Code;
use crate::decision::{Candidate, Choice, Decision, Gate, HoldoutArm, Stop, Verdict};
use crate::facts::{EffectSource, Record, Situation};
use crate::gates::{self, holdout, identity};
use crate::hold;
use crate::ids::{ActionId, ClientId, HouseholdId};
use crate::key::DecisionKey;
use crate::policy::{Policy, ValidPolicy};
use crate::scene::Scene;
use crate::value::belief::Belief;

/// Returns what to do now, for this client, with everything that was considered.
///
/// Every action of the catalogue (or of `situation.only`, to which holding back is added) goes through
/// the gates, in the order of [`Gate`]; what passes is scored; the best is chosen against holding back.
/// The same policy, situation and key give the same decision, byte for byte, wherever it is made.
///
/// # Assumptions
///
/// The facts are complete as far back as any cap looks. Whatever they do not hold is taken for a no.
///
/// # Example
///
/// ```
/// use yorisoi_decision::{ClientId, Code, DecisionKey, Policy, Record, Situation, decide};
///
/// let policy = Policy::parse(include_str!("../../../docs/policies/coach.toml"))?.validated()?;
/// let situation = Situation {
///     decision: "d-1".parse()?,
///     now: "2026-11-20T10:00:00+09:00".parse()?,
///     ledger_time: None,
///     initiative: Default::default(),
///     record: Record::Unavailable { client: ClientId::new("c-1")? },
///     household: Default::default(),
///     capacity: Default::default(),
///     actions: Default::default(),
///     only: None,
/// };
/// // Nothing can be read of the client, so nothing is done.
/// let decision = decide(&policy, &situation, &DecisionKey::new([7; 32]));
/// assert_eq!(decision.hold.map(|hold| hold.code), Some(Code::ConsentUnavailable));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn decide(policy: &ValidPolicy, situation: &Situation, key: &DecisionKey) -> Decision {
    let document = policy.policy();
    let actions = considered(document, situation);
    let arm = holdout::arm(&document.holdout, situation, key);
    match identity::known_client(situation) {
        Err(stop) => stopped(policy, situation, (&actions, arm), stop),
        Ok(client) => {
            let scene = Scene::new(document, situation, client);
            let all: Vec<Assessed<'_>> = actions
                .iter()
                .map(|&action| Assessed::new(&scene, scene.ask(action), key))
                .collect();
            answer(policy, &scene, (&all, arm), key)
        }
    }
}

/// Returns how the client has said no by now to an action that was decided before: by consent that is missing,
/// by a refusal, or by leaving. `None`: it is still welcome.
///
/// These gates are asked alone: what was promised is not weighed anew, and a cap or a quiet hour takes no word
/// back. `situation` is as it was for the decision, but for what the client has said since: what the decision
/// itself brought about (its reservation, the one offer on the way out) is not in it. An action that the policy no
/// longer has is a no, as is whatever [`Gate::Identity`] stops.
pub fn said_no(policy: &ValidPolicy, situation: &Situation, action: &ActionId) -> Option<Stop> {
    let client = match identity::known_client(situation) {
        Ok(client) => client,
        Err(stop) => return Some(stop),
    };
    let Some(action) = policy.action(action) else {
        return Some(Stop { gate: Gate::Eligibility, code: Code::NotEligible, until: None });
    };
    let scene = Scene::new(policy.policy(), situation, client);
    gates::said_no(&scene, &scene.ask(action))
}

/// Returns the actions to consider, in the catalogue's order. Holding back is always among them.
fn considered<'a>(policy: &'a Policy, situation: &Situation) -> Vec<&'a ActionSpec> {
    let Some(only) = &situation.only else {
        return policy.actions.iter().collect();
    };
    let named: Vec<&ActionSpec> =
        policy.actions.iter().filter(|action| only.contains(&action.id)).collect();
    if named.iter().any(|action| action.kind == ActionKind::Hold) {
        return named;
    }
    let hold = policy.first_of(ActionKind::Hold).map(|hold| &hold.id);
    let is_in = |action: &&ActionSpec| only.contains(&action.id) || Some(&action.id) == hold;
    policy.actions.iter().filter(is_in).collect()
}

/// The answer where nothing may be done, for one reason.
fn stopped(
    policy: &ValidPolicy,
    situation: &Situation,
    (actions, arm): (&[&ActionSpec], HoldoutArm),
    stop: Stop,
) -> Decision {
    let quiet = actions.iter().position(|action| action.kind == ActionKind::Hold).unwrap_or(0);
    let candidate = |(k, action): (usize, &&ActionSpec)| Candidate {
        action: action.id.clone(),
        verdict: if action.kind == ActionKind::Hold {
            Verdict::Scored(crate::value::score::plain(0.0))
        } else {
            Verdict::Stopped(stop)
        },
        probability: f64::from(u8::from(k == quiet)),
    };
    let (client, household) = who(situation);
    Decision {
        id: situation.decision.clone(),
        client,
        household,
        at: situation.now,
        policy: policy.policy().name.clone(),
        policy_fingerprint: policy.fingerprint().to_owned(),
        effect_source: None,
        choice: choice(actions[quiet], 1.0, false),
        holdout: arm,
        ghost: None,
        hold: Some(hold::say_stopped(policy.policy(), situation.now, &stop)),
        candidates: actions.iter().enumerate().map(candidate).collect(),
        suggestions: vec![quiet],
    }
}

/// The answer for a client who is known.
fn answer(
    policy: &ValidPolicy,
    scene: &Scene<'_>,
    (all, arm): (&[Assessed<'_>], HoldoutArm),
    key: &DecisionKey,
) -> Decision {
    let withhold = arm == HoldoutArm::HeldOut;
    let pick = choose::pick(scene, all, withhold, key);
    let ghost = withhold.then(|| choice_of(all, &choose::pick(scene, all, false, key)));
    let is_hold = all[pick.index].kind() == ActionKind::Hold;
    let candidate = |(one, probability): (&Assessed<'_>, &f64)| Candidate {
        action: one.asked.action.id.clone(),
        verdict: verdict(one, withhold && holdout::withholds(scene, one.asked.action)),
        probability: *probability,
    };
    let (client, household) = who(scene.situation);
    Decision {
        id: scene.situation.decision.clone(),
        client,
        household,
        at: scene.now,
        policy: policy.policy().name.clone(),
        policy_fingerprint: policy.fingerprint().to_owned(),
        effect_source: effect_source(scene, all),
        choice: choice_of(all, &pick),
        holdout: arm,
        ghost,
        hold: is_hold.then(|| hold::say(scene, all, &pick, withhold)),
        candidates: all.iter().zip(&pick.probabilities).map(candidate).collect(),
        suggestions: choose::suggestions(all, &pick),
    }
}

fn verdict(one: &Assessed<'_>, withheld: bool) -> Verdict {
    match (one.stop, one.score) {
        (Some(stop), _) => Verdict::Stopped(stop),
        (None, Some(score)) if !withheld => Verdict::Scored(score),
        (None, _) => {
            Verdict::Stopped(Stop { gate: Gate::Holdout, code: Code::HeldOut, until: None })
        }
    }
}

fn choice_of(all: &[Assessed<'_>], pick: &Pick) -> Choice {
    choice(all[pick.index].asked.action, pick.probabilities[pick.index], pick.explored)
}

fn choice(action: &ActionSpec, probability: f64, explored: bool) -> Choice {
    Choice {
        action: action.id.clone(),
        kind: action.kind,
        class: action.class,
        channel: action.channel.clone(),
        probability,
        explored,
    }
}

/// The client and the unit of the holdout.
fn who(situation: &Situation) -> (ClientId, Option<HouseholdId>) {
    match &situation.record {
        Record::Client { facts } => (facts.client.clone(), facts.household.clone()),
        Record::Unknown { client } | Record::Unavailable { client } => (client.clone(), None),
    }
}

/// Where the effects came from: the facts if they had any that was used, else what is believed.
fn effect_source(scene: &Scene<'_>, all: &[Assessed<'_>]) -> Option<EffectSource> {
    let any = |is_so: fn(Belief) -> bool| all.iter().any(|one| one.asked.belief.is_some_and(is_so));
    if any(|belief| matches!(belief, Belief::Estimated(_))) {
        return Some(scene.client.effect_source.clone().unwrap_or(EffectSource::Given));
    }
    any(|belief| matches!(belief, Belief::Held { .. })).then_some(EffectSource::Prior)
}
