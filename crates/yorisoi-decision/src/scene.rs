//! What do all gates look at? One decision's policy and facts, and what is worked out from them once.

use jiff::Timestamp;

use crate::action::ActionSpec;
use crate::calendar::zones::Zones;
use crate::facts::{ClientFacts, Initiative, Situation};
use crate::gates::contact::ContactState;
use crate::gates::presence;
use crate::policy::Policy;
use crate::value::belief::{Belief, Beliefs};

/// Until when something is closed; the inner `None`: nobody knows.
pub(crate) type ClosedUntil = Option<Option<Timestamp>>;

/// One decision, seen by the gates.
pub(crate) struct Scene<'a> {
    /// The promises.
    pub policy: &'a Policy,
    /// Everything the decision may look at.
    pub situation: &'a Situation,
    /// The client.
    pub client: &'a ClientFacts,
    /// Now.
    pub now: Timestamp,
    /// Caps, cool-down and quiet hours, the same for every action but for its channel.
    pub contact: ContactState<'a>,
    /// Whether the client is busy, and until when.
    pub busy: ClosedUntil,
    /// What is believed where there is no model.
    pub beliefs: Beliefs<'a>,
}

impl<'a> Scene<'a> {
    /// Works out what all gates share.
    pub(crate) fn new(
        policy: &'a Policy,
        situation: &'a Situation,
        client: &'a ClientFacts,
    ) -> Self {
        let zones = Zones::of(client, &policy.contact);
        Self {
            policy,
            situation,
            client,
            now: situation.now,
            contact: ContactState::new(policy, situation, client, &zones),
            busy: presence::busy_until(client, &zones, situation.now),
            beliefs: Beliefs::new(&situation.actions),
        }
    }

    /// Whether the client began.
    pub(crate) fn client_began(&self) -> bool {
        self.situation.initiative == Initiative::Clients
    }

    /// The action with what is believed of it.
    pub(crate) fn ask(&self, action: &'a ActionSpec) -> Asked<'a> {
        Asked { action, belief: self.beliefs.of(action, self.client) }
    }
}

/// One action on its way through the gates.
pub(crate) struct Asked<'a> {
    /// The catalogue's entry.
    pub action: &'a ActionSpec,
    /// Its effect on this client; `None`: unknown.
    pub belief: Option<Belief>,
}
