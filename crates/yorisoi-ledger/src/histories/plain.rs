//! What was said and done, as plain lists: no projection, no gate, and nothing shared with either.
//!
//! The laws are asked of these lists, so that a mistake of the fold cannot hide itself. Where two readings are
//! possible the lists take the one that allows more: whatever a decision returns must be allowed by it at least.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use yorisoi_decision::{
    ActionClass, ActionSpec, Cap, CapScope, Channel, ConsentKind, ExitState, Topic,
};

/// Topic and channel; `None` is any.
pub(super) type Scope = (Option<&'static str>, Option<&'static str>);

/// The one offer on the way out counts as made for so long.
const OFFER_STANDS: SignedDuration = SignedDuration::from_hours(24 * 90);

/// A consent.
#[derive(Clone)]
pub(super) struct Grant {
    pub(super) kind: ConsentKind,
    pub(super) scope: Scope,
    pub(super) at: Timestamp,
    pub(super) expires_at: Option<Timestamp>,
}

/// A time at which somebody was reached out to.
#[derive(Clone)]
pub(super) struct Contact {
    pub(super) at: Timestamp,
    pub(super) channel: String,
    pub(super) class: ActionClass,
    pub(super) decision: Option<String>,
}

/// What is kept for somebody.
#[derive(Clone)]
pub(super) struct Open {
    pub(super) decision: String,
    pub(super) action: ActionSpec,
    pub(super) expires_at: Timestamp,
}

/// One record.
#[derive(Clone, Default)]
pub(super) struct Person {
    pub(super) is_known: bool,
    pub(super) is_erased: bool,
    pub(super) home: Option<&'static str>,
    pub(super) grants: Vec<Grant>,
    pub(super) refusals: Vec<Scope>,
    pub(super) contacts: Vec<Contact>,
    pub(super) open: Vec<Open>,
    pub(super) exit: ExitState,
    pub(super) offered_at: Option<Timestamp>,
    pub(super) released: BTreeSet<String>,
}

/// What a decision has taken and not given back.
#[derive(Clone)]
pub(super) struct Taken {
    pub(super) action: ActionSpec,
    pub(super) units: u64,
    pub(super) minutes: u64,
    pub(super) decided_at: Timestamp,
}

/// Everybody, and what was taken.
#[derive(Default)]
pub(super) struct Plain {
    people: BTreeMap<&'static str, Person>,
    merged: BTreeMap<&'static str, &'static str>,
    pub(super) taken: BTreeMap<String, Taken>,
    pub(super) came: BTreeMap<String, i64>,
}

impl Plain {
    /// The record that a name leads to.
    pub(super) fn root(&self, name: &'static str) -> &'static str {
        self.merged.get(name).map_or(name, |into| self.root(into))
    }

    pub(super) fn person(&mut self, name: &'static str) -> &mut Person {
        self.people.entry(self.root(name)).or_default()
    }

    /// Makes one record of two.
    pub(super) fn merge(&mut self, from: &'static str, into: &'static str) {
        let (from, into) = (self.root(from), self.root(into));
        let gone = self.people.remove(from).unwrap_or_default();
        self.merged.insert(from, into);
        let it = self.person(into);
        it.grants.extend(gone.grants);
        it.refusals.extend(gone.refusals);
        it.contacts.extend(gone.contacts);
        it.open.extend(gone.open);
        it.released.extend(gone.released);
        it.home = it.home.or(gone.home);
        if far(gone.exit) > far(it.exit) {
            (it.exit, it.offered_at) = (gone.exit, gone.offered_at);
        } else if gone.exit == it.exit {
            it.offered_at = it.offered_at.min(gone.offered_at);
        }
    }

    /// Forgets a person; what protects them stays.
    pub(super) fn erase(&mut self, name: &'static str) {
        let it = self.person(name);
        let open = std::mem::take(&mut it.open);
        let (refusals, contacts) =
            (std::mem::take(&mut it.refusals), std::mem::take(&mut it.contacts));
        *it = Person { is_known: true, is_erased: true, refusals, contacts, ..Person::default() };
        for kept in open {
            self.taken.remove(&kept.decision);
        }
    }

    /// Whether a consent of the kind stands for an action.
    pub(super) fn is_granted(
        &mut self,
        name: &'static str,
        (kind, action): (ConsentKind, &ActionSpec),
        now: Timestamp,
    ) -> bool {
        self.person(name).grants.iter().any(|grant| {
            grant.kind == kind
                && grant.at <= now
                && grant.expires_at.is_none_or(|end| end > now)
                && reaches(grant.scope, action)
        })
    }

    /// Whether a refusal stands that reaches an action.
    pub(super) fn is_refused(&mut self, name: &'static str, action: &ActionSpec) -> bool {
        self.person(name).refusals.iter().any(|scope| reaches(*scope, action))
    }

    /// How often a cap has been used, reservations counted in.
    pub(super) fn used(&mut self, name: &'static str, cap: &Cap, now: Timestamp) -> u32 {
        let home = self.person(name).home;
        let own = self.root(name);
        let of_house = cap.scope == CapScope::Household && home.is_some();
        let begin = now - SignedDuration::from_hours(i64::from(cap.window_hours));
        let counts = |channel: &str| match &cap.channels {
            Some(set) => set.iter().any(|known| known.as_str() == channel),
            None => true,
        };
        let mut used = 0;
        for (record, person) in &self.people {
            if *record != own && !(of_house && person.home == home) {
                continue;
            }
            let made = person.contacts.iter().filter(|it| {
                it.class != ActionClass::Service && it.at > begin && counts(&it.channel)
            });
            // Once somebody has tried, what is kept for it is that very contact.
            let tried = |it: &Open| {
                person.contacts.iter().any(|known| known.decision.as_ref() == Some(&it.decision))
            };
            let kept = person.open.iter().filter(|it| !tried(it)).filter(|it| {
                let channel = it.action.channel.as_ref().map_or("", |channel| channel.as_str());
                it.action.class != ActionClass::Service && it.expires_at > now && counts(channel)
            });
            used += made.count() + kept.count();
        }
        used as u32
    }

    /// Units of an action that are taken beyond what came.
    pub(super) fn units(&self, action: &ActionSpec) -> i64 {
        let taken = self.taken.values().filter(|it| it.action.id == action.id);
        let came = self.came.get(action.id.as_str()).copied().unwrap_or(0);
        taken.map(|it| it.units as i64).sum::<i64>() - came
    }

    /// Money that is taken.
    pub(super) fn money(&self) -> i64 {
        self.taken.values().map(|it| it.units as i64 * it.action.cost_minor).sum()
    }

    /// Minutes that are taken of the day of an instant.
    pub(super) fn minutes(&self, now: Timestamp) -> u64 {
        let day = |at: Timestamp| at.as_second().div_euclid(86_400);
        let of_today = self.taken.values().filter(|it| day(it.decided_at) == day(now));
        of_today.map(|it| it.minutes).sum()
    }
}

impl Person {
    /// Takes a consent back, and every one that reaches into it.
    pub(super) fn withdraw(&mut self, kind: ConsentKind, (topic, channel): Scope) {
        let overlaps = |a: Option<&str>, b: Option<&str>| a.is_none() || b.is_none() || a == b;
        self.grants.retain(|grant| {
            grant.kind != kind
                || !(overlaps(grant.scope.0, topic) && overlaps(grant.scope.1, channel))
        });
    }

    /// Lifts the refusals that lie within.
    pub(super) fn reopen(&mut self, (topic, channel): Scope) {
        let within = |inner: Option<&str>, outer: Option<&str>| outer.is_none() || inner == outer;
        self.refusals.retain(|scope| !(within(scope.0, topic) && within(scope.1, channel)));
    }

    /// Adds the contact of a decision unless it has one already.
    pub(super) fn contact_once(&mut self, contact: Contact) {
        if !self.contacts.iter().any(|known| known.decision == contact.decision) {
            self.contacts.push(contact);
        }
    }

    /// Asks to leave: whoever heard the one offer a while ago has heard it.
    pub(super) fn ask_to_leave(&mut self, now: Timestamp) {
        self.offered_at = self.offered_at.filter(|at| now.duration_since(*at) < OFFER_STANDS);
        self.exit = match self.offered_at {
            Some(_) => ExitState::Offered,
            None => ExitState::Requested,
        };
    }
}

fn reaches((topic, channel): Scope, action: &ActionSpec) -> bool {
    let own_topic = action.topic.as_ref().map(Topic::as_str);
    let own_channel = action.channel.as_ref().map(Channel::as_str);
    topic.is_none_or(|topic| own_topic == Some(topic))
        && channel.is_none_or(|channel| own_channel == Some(channel))
}

fn far(exit: ExitState) -> u8 {
    match exit {
        ExitState::None => 0,
        ExitState::Abandoned => 1,
        ExitState::Requested => 2,
        ExitState::Offered => 3,
        ExitState::Decided => 4,
        ExitState::Completed => 5,
    }
}
