//! What does an entry change for its client? A pure function from one state of a client to the next.

use jiff::Timestamp;
use yorisoi_decision::{ActionKind, Decision, Refusal, Topic};

use super::client::{
    CheckIn, ClientDoc, LastDecision, Need, RecentLanding, Suppression, Trial, Withdrawal,
};
use super::{actions, consent, contact};
use crate::entry::{Body, Entry, Landing};

/// Landings that the desk keeps of a client; all of them stand in the timeline.
const LANDINGS_KEPT: usize = 20;

/// Check-ins that the desk keeps: two years of monthly ones.
const CHECK_INS_KEPT: usize = 24;

/// Needs that the desk keeps.
const NEEDS_KEPT: usize = 50;

/// Applies an entry to its client.
pub(crate) fn apply(doc: &mut ClientDoc, entry: &Entry) {
    if doc.client.facts.erased {
        return apply_to_erased(doc, entry);
    }
    doc.client.desk.counts.entries += 1;
    if matches!(entry.body, Body::Looked { .. }) {
        // Being looked at changes nobody.
        doc.client.desk.last_look_at = Some(entry.at);
        return;
    }
    doc.client.version = entry.seq;
    apply_promises(doc, entry);
    apply_presence(doc, entry);
    apply_helping(doc, entry);
}

/// Of somebody who was erased, only what protects them is still kept.
fn apply_to_erased(doc: &mut ClientDoc, entry: &Entry) {
    if let Body::Refused { topic, channel, .. } = &entry.body {
        let refused_at = entry.at;
        consent::refuse(
            doc,
            Refusal { topic: topic.clone(), channel: channel.clone(), refused_at },
        );
        doc.client.version = entry.seq;
    }
}

fn apply_promises(doc: &mut ClientDoc, entry: &Entry) {
    let at = entry.at;
    match &entry.body {
        Body::ClientAdded { profile } => {
            doc.client.desk.added_at.get_or_insert(at);
            doc.take_profile(profile);
        }
        Body::ClientChanged { profile } => doc.take_profile(profile),
        Body::ConsentGranted { consent, source } => {
            consent::grant(doc, consent, (*source, entry.seq));
        }
        Body::ConsentWithdrawn { consent: kind, topic, channel, .. } => consent::withdraw(
            doc,
            Withdrawal { kind: *kind, topic: topic.clone(), channel: channel.clone(), at },
        ),
        Body::Refused { topic, channel, .. } => consent::refuse(
            doc,
            Refusal { topic: topic.clone(), channel: channel.clone(), refused_at: at },
        ),
        Body::ChannelQuieted { channel } => {
            let channel = Some(channel.clone());
            consent::refuse(doc, Refusal { topic: None, channel, refused_at: at });
        }
        Body::Reopened { topic, channel, .. } => {
            consent::reopen(doc, topic.as_ref(), channel.as_ref());
        }
        _ => {}
    }
}

fn apply_presence(doc: &mut ClientDoc, entry: &Entry) {
    let (at, seq) = (entry.at, entry.seq);
    let desk = &mut doc.client.desk;
    match &entry.body {
        Body::NeedStated { topic } => {
            let need = need(topic, entry);
            keep_need(&mut desk.needs, Need { stated: true, ..need });
        }
        Body::NeedInferred { topic, from } => {
            let need = Need { from: Some(from.clone()), ..need(topic, entry) };
            keep_need(&mut desk.needs, need);
        }
        Body::NeedAnswered { topic, confirmed } => {
            let asked = desk.needs.iter_mut().filter(|need| !need.stated && need.topic == *topic);
            for need in asked {
                (need.confirmed, need.at) = (Some(*confirmed), at);
            }
        }
        Body::BusySet { busy } => doc.client.facts.busy.clone_from(busy),
        Body::Noted { .. } => desk.counts.notes += 1,
        Body::CheckedIn { items } => {
            keep_last(
                &mut desk.check_ins,
                CheckIn { items: items.clone(), at, seq },
                CHECK_INS_KEPT,
            );
        }
        Body::Suppressed { action, code, deferred_until } => {
            desk.counts.suppressed += 1;
            desk.last_suppressed = Some(Suppression {
                action: action.clone(),
                code: *code,
                deferred_until: *deferred_until,
                at,
            });
        }
        Body::EffectsScored { source, effects, worth_minor } => {
            desk.worth_minor = *worth_minor;
            doc.client.facts.effects.clone_from(effects);
            doc.client.facts.effect_source = Some(source.clone());
        }
        _ => {}
    }
}

fn apply_helping(doc: &mut ClientDoc, entry: &Entry) {
    match &entry.body {
        Body::Decided { decision, reservation, .. } => {
            decided(doc, decision, entry.at);
            doc.client.facts.reservations.extend(reservation.iter().cloned());
        }
        Body::Attempted { decision, action, class, channel, reached } => {
            let contact = contact::contact(entry.at, channel, *class, decision.as_ref());
            contact::add(doc, contact);
            contact::attempt(doc, action, *reached, entry.at);
        }
        Body::Delivered { action, .. } => {
            doc.client.facts.attempts.remove(action);
        }
        Body::Landed { decision, action, landing } => {
            landed(
                doc,
                RecentLanding {
                    decision: decision.clone(),
                    action: action.clone(),
                    landing: *landing,
                    at: entry.at,
                    seq: entry.seq,
                },
            );
        }
        Body::HandOnReleased { action, decision, .. } => {
            let facts = &mut doc.client.facts;
            if !facts.released.contains(action) {
                facts.released.push(action.clone());
            }
            facts.reservations.retain(|kept| Some(&kept.decision) != decision.as_ref());
        }
        _ => {}
    }
}

fn decided(doc: &mut ClientDoc, decision: &Decision, at: Timestamp) {
    let is_hold = decision.choice.kind == ActionKind::Hold;
    let desk = &mut doc.client.desk;
    desk.counts.decisions += 1;
    desk.counts.holds += u64::from(is_hold);
    desk.last_decision = Some(LastDecision {
        decision: decision.id.clone(),
        action: decision.choice.action.clone(),
        at,
        look_again_at: decision.hold.as_ref().and_then(|hold| hold.look_again_at),
        hold: decision.hold.as_ref().map(|hold| hold.code),
    });
    // With the first decision after an outcome, something new is tried.
    let trial = match &mut doc.trial {
        Some(trial) if trial.heard.is_empty() => trial,
        trial => trial.insert(Trial::default()),
    };
    if !is_hold && trial.action.is_none() {
        trial.action = Some(decision.choice.action.clone());
    }
}

fn landed(doc: &mut ClientDoc, landing: RecentLanding) {
    let desk = &mut doc.client.desk;
    desk.counts.landings += 1;
    desk.counts.helped += u64::from(landing.landing == Landing::Helped);
    desk.counts.nuisance += u64::from(landing.landing == Landing::Nuisance);
    desk.counts.closed += u64::from(landing.landing == Landing::Closed);
    if actions::is_nuisance(landing.landing) {
        let nuisance_at = &mut doc.client.facts.nuisance_at;
        *nuisance_at = (*nuisance_at).max(Some(landing.at));
    }
    keep_last(&mut desk.landings, landing, LANDINGS_KEPT);
}

/// Takes back a landing that has been told otherwise since, for the same decision. The rest that a nuisance earned
/// the client stays: where we may have been a burden, silence is not shortened.
pub(crate) fn take_back_landing(doc: &mut ClientDoc, entry: &Entry, before: Landing) {
    let Body::Landed { decision: Some(decision), .. } = &entry.body else { return };
    let desk = &mut doc.client.desk;
    let counts = &mut desk.counts;
    let less = |count: &mut u64, landing| {
        *count = count.saturating_sub(u64::from(before == landing));
    };
    counts.landings = counts.landings.saturating_sub(1);
    less(&mut counts.helped, Landing::Helped);
    less(&mut counts.nuisance, Landing::Nuisance);
    less(&mut counts.closed, Landing::Closed);
    desk.landings.retain(|it| it.seq == entry.seq || it.decision.as_ref() != Some(decision));
}

fn need(topic: &Topic, entry: &Entry) -> Need {
    Need {
        topic: topic.clone(),
        stated: false,
        from: None,
        confirmed: None,
        at: entry.at,
        seq: entry.seq,
    }
}

/// A need of the same kind on the same topic is heard of anew, and what the client answered about an inferred one
/// stays: "no" is not asked twice.
fn keep_need(needs: &mut Vec<Need>, mut need: Need) {
    if let Some(at) =
        needs.iter().position(|known| known.stated == need.stated && known.topic == need.topic)
    {
        need.confirmed = needs.remove(at).confirmed;
    }
    keep_last(needs, need, NEEDS_KEPT);
}

/// Adds an item and lets go of the oldest beyond `most`.
fn keep_last<T>(items: &mut Vec<T>, item: T, most: usize) {
    items.push(item);
    let too_many = items.len().saturating_sub(most);
    items.drain(..too_many);
}
