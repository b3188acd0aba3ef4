//! Caps, cool-down and quiet hours: is there room for one more contact?

use jiff::{SignedDuration, Timestamp};

use crate::action::{ActionClass, ActionKind, ActionSpec};
use crate::calendar::quiet;
use crate::calendar::zones::Zones;
use crate::codes::Code;
use crate::facts::{ClientFacts, Contact, Reservation, Situation};
use crate::gates::Halt;
use crate::ids::Channel;
use crate::policy::{Cap, CapScope, Policy};
use crate::scene::{Asked, ClosedUntil, Scene};
use crate::spelling::same_channel;

/// What the gate knows of a client, the same for all actions but for their channel.
pub(crate) struct ContactState<'a> {
    /// Caps that are reached, and until when.
    full: Vec<(&'a Cap, Option<Timestamp>)>,
    cool_down: Option<Timestamp>,
    quiet: ClosedUntil,
    zone_is_known: bool,
}

impl<'a> ContactState<'a> {
    /// Counts contacts and reads the clock on the client's wall.
    pub(crate) fn new(
        policy: &'a Policy,
        situation: &'a Situation,
        client: &'a ClientFacts,
        zones: &Zones,
    ) -> Self {
        let counting = Counting { policy, situation, client };
        let full = policy.contact.caps.iter();
        Self {
            full: full.filter_map(|cap| counting.full_until(cap).map(|end| (cap, end))).collect(),
            cool_down: client
                .nuisance_at
                .map(|at| later(at, policy.contact.cool_down_hours))
                .filter(|end| *end > situation.now),
            quiet: quiet::quiet_until(&policy.contact, zones, situation.now),
            zone_is_known: zones.is_known(),
        }
    }

    /// The scope's caps that are reached for a channel: a no until the last of them opens.
    fn cap_halt(&self, scope: CapScope, channel: Option<&Channel>, code: Code) -> Option<Halt> {
        let ends = self.full.iter().filter(|(cap, _)| cap.scope == scope && counts(cap, channel));
        ends.map(|(_, end)| *end)
            .reduce(|a, b| a.zip(b).map(|(a, b)| a.max(b)))
            .map(|end| Halt::until(code, end))
    }
}

/// ## What it does
///
/// Withholds a contact when the person, or the household, has had as many as the policy allows in a
/// rolling window; for some hours after something landed as a nuisance; and in quiet hours and on rest
/// days where the client lives.
///
/// ## Why
///
/// Kind help becomes a burden by its number and its hour. The caps are a promise to a person, so they
/// count all channels together, calls of people included.
///
/// ## Facts used
///
/// `ClientFacts::contacts`, `reservations`, `nuisance_at`, `zone`; `HouseholdFacts`. A contact exactly
/// `window_hours` old does not count, one in the future does; a reservation counts until it expires.
/// Service messages neither count nor are stopped. A contact that the client began is bound by neither
/// caps nor quiet hours, and in a cool-down it is listened to. Quiet begins at `from` and is over at
/// `until`.
pub(crate) fn check(scene: &Scene<'_>, asked: &Asked<'_>) -> Option<Halt> {
    let action = asked.action;
    if !action.is_solicitation() {
        return None;
    }
    let state = &scene.contact;
    let began = scene.client_began();
    let channel = action.channel.as_ref();
    let caps = || {
        state
            .cap_halt(CapScope::Person, channel, Code::PersonCap)
            .or_else(|| state.cap_halt(CapScope::Household, channel, Code::HouseholdCap))
    };
    let cool_down = || {
        let listens = began && action.kind == ActionKind::Listen;
        state.cool_down.filter(|_| !listens).map(|end| Halt::until(Code::CoolDown, Some(end)))
    };
    let quiet = || {
        let code = if state.zone_is_known { Code::QuietHoursNow } else { Code::ZoneUnknown };
        state.quiet.map(|end| Halt::until(code, end))
    };
    let for_ours = || caps().filter(|_| !began);
    for_ours().or_else(cool_down).or_else(|| quiet().filter(|_| !began))
}

/// Whether a cap counts a channel. What has no channel counts everywhere.
fn counts(cap: &Cap, channel: Option<&Channel>) -> bool {
    match (&cap.channels, channel) {
        (Some(channels), Some(channel)) => channels.iter().any(|it| same_channel(it, channel)),
        _ => true,
    }
}

/// An instant some hours later; the end of time if there is no such instant.
fn later(at: Timestamp, hours: u32) -> Timestamp {
    at.checked_add(SignedDuration::from_hours(i64::from(hours))).unwrap_or(Timestamp::MAX)
}

/// Whose contacts are counted.
struct Counting<'a> {
    policy: &'a Policy,
    situation: &'a Situation,
    client: &'a ClientFacts,
}

impl Counting<'_> {
    /// Returns until when a cap is reached; `None` if there is room.
    fn full_until(&self, cap: &Cap) -> ClosedUntil {
        let max = cap.max? as usize;
        if max == 0 {
            return Some(None);
        }
        let room_at = |contacts: &[Contact], reservations: &[Reservation]| {
            let mut ends = self.ends(cap, contacts, reservations);
            ends.sort_unstable();
            // When this one has ended, one fewer than `max` are left.
            ends.len().checked_sub(max).map(|last| ends[last])
        };
        let own = room_at(&self.client.contacts, &self.client.reservations);
        // A household that was not told holds at least this member.
        let household = &self.situation.household;
        let all = (cap.scope == CapScope::Household)
            .then(|| room_at(&household.contacts, &household.reservations));
        own.max(all.flatten()).map(Some)
    }

    /// When each contact and reservation that counts will count no longer.
    fn ends(
        &self,
        cap: &Cap,
        contacts: &[Contact],
        reservations: &[Reservation],
    ) -> Vec<Timestamp> {
        let now = self.situation.now;
        let made = contacts
            .iter()
            .filter(|c| c.class != ActionClass::Service && counts(cap, Some(&c.channel)))
            .map(|c| later(c.at, cap.window_hours))
            .filter(|end| *end > now);
        let kept = reservations
            .iter()
            .filter(|r| counts(cap, r.channel.as_ref()) && self.reaches_out(r))
            .filter(|r| !contacts.iter().any(|c| c.decision.as_ref() == Some(&r.decision)))
            .map(|r| r.expires_at)
            .filter(|end| *end > now);
        made.chain(kept).collect()
    }

    /// Whether a reservation is for a contact; one for an action that is no longer known is.
    fn reaches_out(&self, reservation: &Reservation) -> bool {
        let mut catalogue = self.policy.actions.iter();
        let action = catalogue.find(|action| action.id == reservation.action);
        action.is_none_or(ActionSpec::is_solicitation)
    }
}
