//! What can happen in a short history? Each is an entry or a few, and a word in the plain lists.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use yorisoi_decision::{
    ActionSpec, Channel, Consent, ConsentKind, DecisionId, EffectFact, EffectSource, ExitState,
    Topic,
};

use super::nothing::Nothing;
use super::plain::{Contact, Grant, Scope, Taken};
use super::tale::{NAMES, Tale, client};
use crate::entry::{
    Actor, Body, DeliveredWhen, ExitReceipt, Keeps, Landing, LateDelivery, Profile, ReservationEnd,
    Source,
};
use crate::project::DecisionDoc;

const TOPICS: [Option<&str>; 4] = [None, None, Some("plan"), Some("gift")];
const CHANNELS: [Option<&str>; 5] = [None, None, Some("mail"), Some("call"), Some("visit")];

impl Tale<'_> {
    fn scope(&mut self) -> Scope {
        (self.draws.one(&TOPICS), self.draws.one(&CHANNELS))
    }

    fn kind(&mut self) -> ConsentKind {
        self.draws.one(&[ConsentKind::Talk, ConsentKind::Advise])
    }

    pub(super) fn add(&mut self, name: &'static str) {
        let home = self.draws.one(&[None, Some("h")]);
        let profile = Profile {
            household: home.map(|home| home.parse().unwrap()),
            zone: Some("Asia/Tokyo".to_owned()),
            ..Profile::default()
        };
        self.tell(Some(name), Body::ClientAdded { profile });
        let person = self.plain.person(name);
        (person.is_known, person.home) = (true, home);
    }

    pub(super) fn score(&mut self, name: &'static str) {
        let mut effects = BTreeMap::new();
        for action in &self.policy.policy().actions {
            if action.is_solicitation() && self.draws.chance(85) {
                let benefit = 0.01 * self.draws.below(20) as f64 - 0.02;
                let fact = EffectFact { benefit, low: benefit - 0.01, high: benefit + 0.01 };
                effects.insert(action.id.clone(), fact);
            }
        }
        let source = EffectSource::Given;
        self.tell(Some(name), Body::EffectsScored { source, effects, worth_minor: None });
    }

    pub(super) fn say_yes(&mut self, name: &'static str) {
        let (kind, scope) = (self.kind(), self.scope());
        let hours = self.draws.one(&[None, None, Some(30), Some(200)]);
        self.grant(name, kind, scope, hours);
    }

    pub(super) fn grant(
        &mut self,
        name: &'static str,
        kind: ConsentKind,
        scope: Scope,
        hours: Option<i64>,
    ) {
        let (at, expires_at) =
            (self.now, hours.map(|hours| self.now + SignedDuration::from_hours(hours)));
        let consent = Consent {
            kind,
            topic: scope.0.map(|topic| topic.parse().unwrap()),
            channel: scope.1.map(|channel| channel.parse().unwrap()),
            granted_at: at,
            expires_at,
        };
        self.tell(Some(name), Body::ConsentGranted { consent, source: Source::Words });
        let grants = &mut self.plain.person(name).grants;
        // A word on the same takes the place of the one before.
        grants.retain(|known| known.kind != kind || known.scope != scope);
        grants.push(Grant { kind, scope, at, expires_at });
    }

    pub(super) fn take_back(&mut self, name: &'static str) {
        let (consent, scope) = (self.kind(), self.scope());
        let body = Body::ConsentWithdrawn {
            consent,
            topic: scope.0.map(|topic| topic.parse().unwrap()),
            channel: scope.1.map(|channel| channel.parse().unwrap()),
            source: Source::Tap,
        };
        self.tell(Some(name), body);
        self.plain.person(name).withdraw(consent, scope);
    }

    pub(super) fn refuse(&mut self, name: &'static str) {
        let scope = self.scope();
        let (topic, channel) = said(scope);
        self.tell(Some(name), Body::Refused { topic, channel, source: Source::Words });
        self.plain.person(name).refusals.push(scope);
    }

    pub(super) fn reopen(&mut self, name: &'static str) {
        let scope = self.scope();
        let (topic, channel) = said(scope);
        self.tell(Some(name), Body::Reopened { topic, channel, source: Source::Words });
        self.plain.person(name).reopen(scope);
    }

    /// Something that was kept comes to an end, or its time runs out.
    pub(super) fn end_one(&mut self) {
        let name = self.draws.one(&NAMES);
        let Some(kept) = self.plain.person(name).open.first().cloned() else { return };
        let why = if kept.expires_at <= self.now {
            ReservationEnd::Expired
        } else {
            self.draws.one(&[ReservationEnd::CarriedOut, ReservationEnd::GivenBack])
        };
        let decision: DecisionId = kept.decision.parse().unwrap();
        let actor = self.draws.one(&[Actor::House, Actor::Client]);
        self.tell_as(actor, Some(name), Body::ReservationEnded { decision, why });
        let contact = contact(self.now, &kept.action, Some(&kept.decision));
        let person = self.plain.person(name);
        person.open.retain(|it| it.decision != kept.decision);
        if why == ReservationEnd::CarriedOut {
            person.contact_once(contact);
        } else {
            self.plain.taken.remove(&kept.decision);
        }
    }

    pub(super) fn attempt(&mut self, name: &'static str) {
        let reaching =
            self.policy.policy().actions.iter().filter(|action| action.channel.is_some());
        let actions: Vec<ActionSpec> = reaching.cloned().collect();
        let kept = self.plain.person(name).open.first().cloned();
        let (action, decision) = match kept.filter(|_| self.draws.chance(60)) {
            Some(kept) => (kept.action, Some(kept.decision)),
            None => (self.draws.one(&actions), None),
        };
        let body = Body::Attempted {
            decision: decision.as_ref().map(|id| id.parse().unwrap()),
            action: action.id.clone(),
            class: action.class,
            channel: action.channel.clone().unwrap(),
            reached: self.draws.chance(60),
        };
        self.tell(Some(name), body);
        let contact = contact(self.now, &action, decision.as_ref());
        self.plain.person(name).contacts.push(contact);
    }

    /// A decision that had ended turns out to have been carried out some time ago.
    pub(super) fn deliver_late(&mut self) {
        let Some((name, id, action)) = self.some_made() else { return };
        let person = self.plain.person(name).clone();
        let is_open = person.open.iter().any(|kept| kept.decision == id);
        if person.is_erased || is_open || self.plain.taken.contains_key(&id) {
            return;
        }
        let at = self.now - SignedDuration::from_mins(self.draws.one(&[0, 30, 2_000]));
        let minutes = u64::from(action.agent_minutes);
        let took = Keeps { units: 1, minutes, cost_minor: action.cost_minor };
        let body = Body::Delivered {
            decision: id.parse().unwrap(),
            action: action.id.clone(),
            channel: action.channel.clone().unwrap(),
            at: Some(at),
            late: Some(LateDelivery { when: DeliveredWhen::AfterEnd, took }),
        };
        self.tell(Some(name), body);
        let contact = contact(at, &action, Some(&id));
        self.plain.person(name).contact_once(contact);
        // Its minutes are taken of the day on which it was decided, which is past or today.
        let decided_at = self.decided_at(&id);
        self.plain.taken.insert(id, Taken { action, units: 1, minutes, decided_at });
    }

    fn decided_at(&mut self, id: &str) -> Timestamp {
        let key = id.to_owned();
        let doc = self.shelves.read::<DecisionDoc>(&mut Nothing, &key);
        doc.unwrap().unwrap().at
    }

    fn some_made(&mut self) -> Option<(&'static str, String, ActionSpec)> {
        if self.made.is_empty() { None } else { Some(self.draws.one(&self.made)) }
    }

    pub(super) fn land(&mut self) {
        let Some((name, id, action)) = self.some_made() else { return };
        if self.plain.person(name).is_erased {
            return;
        }
        let landing = self.draws.one(&[
            Landing::Helped,
            Landing::Neutral,
            Landing::Nuisance,
            Landing::Closed,
        ]);
        let decision = Some(id.parse().unwrap());
        self.tell(Some(name), Body::Landed { decision, action: action.id, landing });
    }

    /// The next step on the way out, or back.
    pub(super) fn leave(&mut self, name: &'static str, exit: ExitState) {
        let now = self.now;
        let (body, next) = match exit {
            ExitState::None | ExitState::Abandoned => {
                self.tell(Some(name), Body::ExitRequested {});
                return self.plain.person(name).ask_to_leave(now);
            }
            ExitState::Requested | ExitState::Offered if self.draws.chance(30) => {
                (Body::ExitAbandoned {}, ExitState::Abandoned)
            }
            ExitState::Requested | ExitState::Offered => {
                (Body::ExitDecided { reason: None }, ExitState::Decided)
            }
            ExitState::Decided => {
                let receipt = ExitReceipt {
                    receipt: "r-1".to_owned(),
                    effective_on: jiff::civil::date(2026, 3, 1),
                    keeps: Vec::new(),
                    loses: Vec::new(),
                    door_open: true,
                };
                (Body::ExitCompleted { receipt }, ExitState::Completed)
            }
            ExitState::Completed => (Body::Returned {}, ExitState::None),
        };
        self.tell(Some(name), body);
        let person = self.plain.person(name);
        person.exit = next;
        if next == ExitState::None {
            person.offered_at = None;
        }
    }

    pub(super) fn move_home(&mut self, name: &'static str) {
        let home = self.draws.one(&["h", "k"]);
        let profile = Profile { household: Some(home.parse().unwrap()), ..Profile::default() };
        self.tell(Some(name), Body::ClientChanged { profile });
        self.plain.person(name).home = Some(home);
    }

    pub(super) fn merge(&mut self, into: &'static str) {
        let from = self.draws.one(&NAMES);
        let other = self.plain.person(from).clone();
        if self.plain.root(from) == self.plain.root(into) || !other.is_known || other.is_erased {
            return;
        }
        self.tell(Some(into), Body::ClientsMerged { from: client(from) });
        self.plain.merge(from, into);
    }

    pub(super) fn forget(&mut self, name: &'static str) {
        self.tell_as(Actor::House, Some(name), Body::Erased {});
        self.plain.erase(name);
    }

    pub(super) fn supply(&mut self) {
        let (action, by) = (self.draws.one(&["rebate", "peaches"]), self.draws.one(&[-1, 1, 2]));
        self.tell(None, Body::SupplyChanged { action: action.parse().unwrap(), by });
        *self.plain.came.entry(action.to_owned()).or_default() += by;
    }

    /// What is kept for somebody goes on its way to somebody else.
    pub(super) fn release(&mut self) {
        let name = self.draws.one(&NAMES);
        let Some(kept) = self.plain.person(name).open.first().cloned() else { return };
        let hand_on = format!("h-{}", self.entries);
        let body = Body::HandOnReleased {
            hand_on: hand_on.clone(),
            action: kept.action.id.clone(),
            decision: Some(kept.decision.parse().unwrap()),
            expires_at: None,
        };
        self.tell(Some(name), body);
        let person = self.plain.person(name);
        person.open.retain(|it| it.decision != kept.decision);
        person.released.insert(kept.action.id.to_string());
        if let Some(taken) = self.plain.taken.get_mut(&kept.decision) {
            taken.minutes = 0;
        }
        // It is on its way, and can neither be delivered to them nor land.
        self.made.retain(|(_, id, _)| *id != kept.decision);
        self.on_their_way.push((hand_on, kept.decision, kept.action));
    }

    /// Nobody took a unit in time.
    pub(super) fn run_out(&mut self) {
        let Some((hand_on, decision, action)) = self.on_their_way.pop() else { return };
        self.tell_as(Actor::House, None, Body::HandOnExpired { hand_on, action: action.id });
        self.plain.taken.remove(&decision);
    }
}

fn contact(at: Timestamp, action: &ActionSpec, decision: Option<&String>) -> Contact {
    let channel = action.channel.as_ref().map_or("", |channel| channel.as_str()).to_owned();
    Contact { at, channel, class: action.class, decision: decision.cloned() }
}

fn said((topic, channel): Scope) -> (Option<Topic>, Option<Channel>) {
    (topic.map(|topic| topic.parse().unwrap()), channel.map(|channel| channel.parse().unwrap()))
}
