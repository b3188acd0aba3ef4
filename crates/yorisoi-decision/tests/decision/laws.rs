//! Laws that hold for every situation. Each is checked on 100,000 generated ones, and each has to have
//! been put to the test often enough to mean something.

use jiff::Timestamp;
use yorisoi_decision::{
    ActionClass, ActionKind, CapScope, ClientFacts, ConsentKind, Contact, Decision, ExitState,
    Gate, Initiative, Record, Reservation, Situation, ValidPolicy, Verdict, decide,
};

use crate::common::KEY;
use crate::generated::{Draws, policies, situation};

const SITUATIONS: u64 = 100_000;

/// Decides every generated situation and hands each to a law; returns how often the law had something to say.
fn for_all(seed: u64, mut law: impl FnMut(&ValidPolicy, &Situation, &Decision) -> bool) -> u64 {
    let mut draws = Draws::new(seed);
    let policies: Vec<ValidPolicy> =
        policies(&mut draws, 64).into_iter().map(|policy| policy.validated().unwrap()).collect();
    let mut count = 0;
    for k in 0..SITUATIONS {
        let policy = &policies[draws.below(64) as usize];
        let situation = situation(&mut draws, k);
        count += u64::from(law(policy, &situation, &decide(policy, &situation, &KEY)));
    }
    count
}

fn facts(situation: &Situation) -> Option<&ClientFacts> {
    match &situation.record {
        Record::Client { facts } => Some(facts),
        _ => None,
    }
}

/// Actions that the decision chose or suggested, or says could be done.
fn returned<'a>(
    policy: &'a ValidPolicy,
    decision: &'a Decision,
) -> impl Iterator<Item = &'a yorisoi_decision::ActionSpec> {
    let open = decision.candidates.iter().enumerate().filter(|(k, one)| {
        one.probability > 0.0
            || decision.suggestions.contains(k)
            || one.action == decision.choice.action
            || matches!(one.verdict, Verdict::Scored(_))
    });
    open.filter_map(|(_, one)| policy.action(&one.action))
}

fn is_granted(
    facts: &ClientFacts,
    kind: ConsentKind,
    action: &yorisoi_decision::ActionSpec,
    now: Timestamp,
) -> bool {
    facts.consents.iter().any(|consent| {
        consent.kind == kind
            && consent.granted_at <= now
            && consent.expires_at.is_none_or(|end| end > now)
            && [None, action.topic.as_ref()].contains(&consent.topic.as_ref())
            && [None, action.channel.as_ref()].contains(&consent.channel.as_ref())
    })
}

#[test]
fn no_advice_without_a_valid_grant() {
    let advised = for_all(1, |policy, situation, decision| {
        let mut advised = false;
        for action in returned(policy, decision) {
            if !matches!(action.kind, ActionKind::Offer | ActionKind::Advise) {
                continue;
            }
            let facts = facts(situation).unwrap();
            for kind in [ConsentKind::Talk, ConsentKind::Advise] {
                assert!(is_granted(facts, kind, action, situation.now), "{decision:?}");
            }
            advised = true;
        }
        advised
    });
    assert!(advised > 1_000, "{advised}");
}

#[test]
fn without_talk_nothing_reaches_the_client_but_service_and_a_permitted_question() {
    let asked = for_all(2, |policy, situation, decision| {
        let mut asked = false;
        for action in returned(policy, decision) {
            let reaches = !matches!(action.kind, ActionKind::Hold | ActionKind::LetGo);
            if !reaches || action.class == ActionClass::Service {
                continue;
            }
            let facts = facts(situation).unwrap();
            if !is_granted(facts, ConsentKind::Talk, action, situation.now) {
                assert_eq!(action.kind, ActionKind::AskPermission);
                assert!(
                    situation.initiative == Initiative::Clients
                        || policy.policy().contact.first_contact
                );
                asked = true;
            }
        }
        asked
    });
    assert!(asked > 500, "{asked}");
}

#[test]
fn no_solicitation_after_a_refusal() {
    let refused = for_all(3, |policy, situation, decision| {
        let Some(facts) = facts(situation).filter(|facts| !facts.refusals.is_empty()) else {
            return false;
        };
        for action in returned(policy, decision).filter(|action| action.is_solicitation()) {
            for refusal in &facts.refusals {
                let off_topic =
                    refusal.topic.as_ref().is_some_and(|t| Some(t) != action.topic.as_ref());
                let elsewhere =
                    refusal.channel.as_ref().is_some_and(|c| Some(c) != action.channel.as_ref());
                assert!(off_topic || elsewhere, "{decision:?}");
            }
        }
        true
    });
    assert!(refused > 5_000, "{refused}");
}

/// Counts what a cap counts, in seconds, without the crate's own calendar.
fn count(
    cap: &yorisoi_decision::Cap,
    policy: &ValidPolicy,
    now: Timestamp,
    (contacts, reservations): (&[Contact], &[Reservation]),
) -> u32 {
    let begin = now.as_nanosecond() - i128::from(cap.window_hours) * 3_600_000_000_000;
    let in_channels = |channel: Option<&yorisoi_decision::Channel>| {
        channel.is_none_or(|channel| cap.channels.as_ref().is_none_or(|set| set.contains(channel)))
    };
    let made = contacts.iter().filter(|contact| {
        contact.class != ActionClass::Service
            && contact.at.as_nanosecond() > begin
            && in_channels(Some(&contact.channel))
    });
    let kept = reservations.iter().filter(|reservation| {
        let class = policy.action(&reservation.action).map(|action| action.class);
        class != Some(ActionClass::Service)
            && reservation.expires_at > now
            && in_channels(reservation.channel.as_ref())
    });
    (made.count() + kept.count()) as u32
}

#[test]
fn no_cap_is_ever_exceeded() {
    let contacted = for_all(4, |policy, situation, decision| {
        let mut contacted = false;
        for action in returned(policy, decision).filter(|action| action.is_solicitation()) {
            if situation.initiative == Initiative::Clients {
                continue;
            }
            let facts = facts(situation).unwrap();
            for cap in &policy.policy().contact.caps {
                let channel = action.channel.as_ref().unwrap();
                let counted = cap.channels.as_ref().is_none_or(|set| set.contains(channel));
                let Some(max) = cap.max.filter(|_| counted) else { continue };
                let own = (&facts.contacts[..], &facts.reservations[..]);
                let house = &situation.household;
                let all = (&house.contacts[..], &house.reservations[..]);
                assert!(count(cap, policy, situation.now, own) < max);
                if cap.scope == CapScope::Household {
                    assert!(count(cap, policy, situation.now, all) < max);
                }
            }
            contacted = true;
        }
        contacted
    });
    assert!(contacted > 2_000, "{contacted}");
}

#[test]
fn the_unknown_is_held() {
    let unknown = for_all(5, |policy, situation, decision| {
        let fit = facts(situation).is_some_and(|facts| {
            !facts.erased
                && facts.merged_into.is_none()
                && situation.ledger_time.is_none_or(|seen| seen <= situation.now)
        });
        if !fit {
            assert_eq!(decision.choice.kind, ActionKind::Hold);
            assert!(returned(policy, decision).all(|action| action.kind == ActionKind::Hold));
            assert!(decision.hold.is_some());
        }
        !fit
    });
    assert!(unknown > 5_000, "{unknown}");
}

#[test]
fn an_effect_that_is_not_known_is_not_tried() {
    let tried = for_all(6, |policy, situation, decision| {
        let mut tried = false;
        for action in returned(policy, decision).filter(|action| action.is_solicitation()) {
            let facts = facts(situation).unwrap();
            assert!(facts.effects.contains_key(&action.id) || action.prior.is_some());
            tried = true;
        }
        tried
    });
    assert!(tried > 5_000, "{tried}");
}

#[test]
fn who_has_decided_is_offered_nothing() {
    let decided = for_all(7, |policy, situation, decision| {
        let Some(facts) = facts(situation) else { return false };
        if !matches!(facts.exit, ExitState::Decided | ExitState::Completed) {
            return false;
        }
        for action in returned(policy, decision) {
            let quiet =
                matches!(action.kind, ActionKind::Hold | ActionKind::LetGo | ActionKind::Service);
            assert!(quiet, "{decision:?}");
        }
        true
    });
    assert!(decided > 5_000, "{decided}");
}

/// Sums of at most nine doubles near one.
const ROUNDING: f64 = 1e-12;

#[test]
fn probabilities_sum_to_one_and_the_choice_has_one() {
    for_all(8, |_, _, decision| {
        let sum: f64 = decision.candidates.iter().map(|one| one.probability).sum();
        assert!((sum - 1.0).abs() < ROUNDING, "{sum}");
        let chosen = decision.candidates.iter().find(|one| one.action == decision.choice.action);
        let chosen = chosen.unwrap().probability;
        assert!(chosen > 0.0 && (chosen - decision.choice.probability).abs() < ROUNDING);
        for one in &decision.candidates {
            let stopped = matches!(one.verdict, Verdict::Stopped(_));
            assert!(!stopped || one.probability.abs() < ROUNDING, "{one:?}");
        }
        true
    });
}

#[test]
fn decisions_and_situations_come_back_from_json_byte_by_byte() {
    let mut count = 0;
    for_all(9, |policy, situation, decision| {
        let written = serde_json::to_string(decision).unwrap();
        let read: Decision = serde_json::from_str(&written).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), written);
        count += 1;
        // Reading a situation costs more than deciding it, and its own numbers are few.
        if count % 10 == 0 {
            let sent = serde_json::to_string(situation).unwrap();
            let received: Situation = serde_json::from_str(&sent).unwrap();
            assert_eq!(&decide(policy, &received, &KEY), decision);
        }
        true
    });
}

#[test]
fn at_its_end_a_stop_is_over() {
    let ended = for_all(10, |policy, situation, decision| {
        let mut ended = false;
        for (k, one) in decision.candidates.iter().enumerate() {
            let Verdict::Stopped(stop) = one.verdict else { continue };
            let Some(until) = stop.until else { continue };
            assert!(until > situation.now);
            let later = Situation { now: until, ..situation.clone() };
            let again = decide(policy, &later, &KEY);
            let same = matches!(&again.candidates[k].verdict,
                Verdict::Stopped(again) if again.code == stop.code && again.gate == stop.gate);
            assert!(!same, "{stop:?}");
            ended |= stop.gate == Gate::ContactPolicy;
        }
        ended
    });
    assert!(ended > 5_000, "{ended}");
}
