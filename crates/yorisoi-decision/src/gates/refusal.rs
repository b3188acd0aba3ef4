//! Did they refuse, or decide to leave?

use crate::action::{ActionKind, ActionSpec};
use crate::codes::Code;
use crate::facts::{ExitState, Refusal};
use crate::gates::Halt;
use crate::scene::{Asked, Scene};
use crate::spelling::{same_channel, same_topic};

/// ## What it does
///
/// Stops everything on a topic or channel that was refused, help that the client handed on, anything
/// but service and letting go for a client who has firmly decided, and anything but listening for one
/// who is leaving and has heard the one offer.
///
/// ## Why
///
/// A refusal, given kindly, is final: for every channel and every colleague, until the client reopens
/// it. Every minute spent on somebody who has decided is taken from somebody else.
///
/// ## Facts used
///
/// `ClientFacts::refusals`, `released`, `exit`. A refusal binds whatever its date and whatever was
/// consented later; only the ledger takes it away, when the client begins anew. An act without a topic
/// may be about anything, so a refusal of any topic stops it. Another spelling of a topic, and another usual
/// word for a channel, is the same. Service messages are exempt.
pub(crate) fn check(scene: &Scene<'_>, asked: &Asked<'_>) -> Option<Halt> {
    let (client, action) = (scene.client, asked.action);
    if !action.is_solicitation() {
        return None;
    }
    if matches!(client.exit, ExitState::Decided | ExitState::Completed) {
        return Some(Halt::lasting(Code::ExitDecided));
    }
    if let Some(code) = client.refusals.iter().filter_map(|r| refused(r, action)).max() {
        return Some(Halt::lasting(code));
    }
    if client.released.contains(&action.id) {
        return Some(Halt::lasting(Code::Released));
    }
    let heard_the_offer = client.exit == ExitState::Offered && action.kind != ActionKind::Listen;
    heard_the_offer.then(|| Halt::lasting(Code::ExitOffered))
}

/// Returns how a refusal touches an action. Of several, the widest is reported: [`Code`] orders them.
fn refused(refusal: &Refusal, action: &ActionSpec) -> Option<Code> {
    let on = |topic| action.topic.as_ref().is_none_or(|own| same_topic(own, topic));
    let over = |channel| action.channel.as_ref().is_none_or(|own| same_channel(own, channel));
    match (&refusal.topic, &refusal.channel) {
        (None, None) => Some(Code::EverythingRefused),
        (None, Some(channel)) => over(channel).then_some(Code::ChannelRefused),
        (Some(topic), None) => on(topic).then_some(Code::TopicRefused),
        (Some(topic), Some(channel)) => (on(topic) && over(channel)).then_some(Code::TopicRefused),
    }
}
