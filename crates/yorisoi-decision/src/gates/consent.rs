//! Did they consent?

use crate::action::{ActionKind, ActionSpec};
use crate::codes::Code;
use crate::facts::{Consent, ConsentKind};
use crate::gates::Halt;
use crate::scene::{Asked, Scene};

/// ## What it does
///
/// Stops everything that reaches the client without consent to talk (会話了解), and advice and offers
/// without consent to be advised (相談了解), for the action's topic and channel.
///
/// ## Why
///
/// Help is given on a relationship. Permission is asked for; it is not assumed.
///
/// ## Facts used
///
/// `ClientFacts::consents`, `contacts`; `Situation::initiative`. A consent holds from `granted_at` up
/// to, not including, `expires_at`. A consent limited to a topic or channel covers only actions that
/// name it: an act without a topic may be about anything. Service messages are exempt. Without consent
/// to talk, only permission may be asked for, and only from a client who began or, where the policy
/// allows a first contact, from one whom nobody has contacted.
pub(crate) fn check(scene: &Scene<'_>, asked: &Asked<'_>) -> Option<Halt> {
    let action = asked.action;
    if !action.is_solicitation() {
        return None;
    }
    if let Some(code) = missing(scene, action, ConsentKind::Talk) {
        let may_ask = action.kind == ActionKind::AskPermission && may_ask_to_talk(scene);
        return (!may_ask).then(|| Halt::lasting(code));
    }
    if action.needs_advice_consent() {
        return missing(scene, action, ConsentKind::Advise).map(Halt::lasting);
    }
    None
}

fn may_ask_to_talk(scene: &Scene<'_>) -> bool {
    let never_met = scene.client.contacts.is_empty()
        && scene.client.consents.is_empty()
        && scene.client.reservations.is_empty();
    scene.client_began() || (scene.policy.contact.first_contact && never_met)
}

/// Returns why a consent is missing for an action, or `None` if it is there.
pub(crate) fn missing(scene: &Scene<'_>, action: &ActionSpec, kind: ConsentKind) -> Option<Code> {
    let begun = |c: &&Consent| c.kind == kind && covers(c, action) && c.granted_at <= scene.now;
    let mut lapsed = false;
    for consent in scene.client.consents.iter().filter(begun) {
        if consent.expires_at.is_none_or(|end| scene.now < end) {
            return None;
        }
        lapsed = true;
    }
    Some(match (lapsed, kind) {
        (true, _) => Code::ConsentExpired,
        (false, ConsentKind::Talk) => Code::TalkMissing,
        (false, ConsentKind::Advise) => Code::AdviseMissing,
    })
}

fn covers(consent: &Consent, action: &ActionSpec) -> bool {
    (consent.topic.is_none() || consent.topic == action.topic)
        && (consent.channel.is_none() || consent.channel == action.channel)
}
