//! Does it concern them?

use crate::action::{ActionKind, ActionSpec};
use crate::codes::Code;
use crate::facts::{ConsentKind, ExitState};
use crate::gates::{Halt, consent};
use crate::scene::{Asked, Scene};

/// ## What it does
///
/// Stops an action of which a condition of applicability does not hold, and acts that have no object:
/// letting go somebody who does not leave or has left, asking for a permission that is there, asking
/// for a time where no attempt has failed.
///
/// ## Why
///
/// To be asked for what one has already given is a nuisance; and nobody is let go unasked.
///
/// ## Facts used
///
/// `ClientFacts::attributes`, `exit`, `consents`, `attempts`. Unknown counts as no.
pub(crate) fn check(scene: &Scene<'_>, asked: &Asked<'_>) -> Option<Halt> {
    let action = asked.action;
    let attributes = &scene.client.attributes;
    let concerns = action.applicability.iter().all(|c| c.holds(attributes) == Some(true))
        && match action.kind {
            ActionKind::LetGo => is_leaving(scene.client.exit),
            ActionKind::AskPermission => lacks_a_consent(scene, action),
            ActionKind::AskTime => was_missed(scene, action),
            _ => true,
        };
    (!concerns).then(|| Halt::lasting(Code::NotApplicable))
}

/// Whether the client has asked to leave and is not gone.
pub(crate) fn is_leaving(exit: ExitState) -> bool {
    matches!(exit, ExitState::Requested | ExitState::Offered | ExitState::Decided)
}

fn lacks_a_consent(scene: &Scene<'_>, action: &ActionSpec) -> bool {
    [ConsentKind::Talk, ConsentKind::Advise]
        .into_iter()
        .any(|kind| consent::missing(scene, action, kind).is_some())
}

/// Whether an attempt at something of the same topic has failed since the last that did not.
fn was_missed(scene: &Scene<'_>, ask: &ActionSpec) -> bool {
    scene.policy.actions.iter().filter(|other| other.kind != ActionKind::AskTime).any(|other| {
        let same_topic = ask.topic.is_none() || ask.topic == other.topic;
        same_topic && scene.client.attempts.get(&other.id).is_some_and(|a| a.failed > 0)
    })
}
