//! How does a short history go? Entries at random, folded as in any ledger, and written down plainly beside it.

use std::sync::Mutex;

use jiff::{SignedDuration, Timestamp};
use yorisoi_decision::{
    ActionKind, ActionSpec, CapacityFacts, ClientId, ConsentKind, Decision, DecisionId,
    DecisionKey, ExitState, Initiative, Record, Reservation, Situation, ValidPolicy, decide,
};

use super::draws::Draws;
use super::laws::{self, Seen};
use super::nothing::Nothing;
use super::plain::{Open, Plain, Taken};
use crate::books::{Books, Mode};
use crate::entry::{Actor, Body, Entry, Keeps};
use crate::keys::KeyStore;
use crate::project::{Ground, fold};
use crate::shelves::Shelves;

pub(super) const NAMES: [&str; 3] = ["a", "b", "c"];
pub(super) const KEY: DecisionKey = DecisionKey::new([7; 32]);

/// One history.
pub(super) struct Tale<'a> {
    pub(super) draws: Draws,
    pub(super) policy: &'a ValidPolicy,
    pub(super) now: Timestamp,
    pub(super) plain: Plain,
    pub(super) entries: u64,
    keys: &'a Mutex<KeyStore>,
    pub(super) shelves: Shelves,
    /// Decisions that kept something once, with whom they were made for.
    pub(super) made: Vec<(&'static str, String, ActionSpec)>,
    /// Units that are on their way to somebody else, with the decisions they come from.
    pub(super) on_their_way: Vec<(String, String, ActionSpec)>,
}

/// A question and its answer.
pub(super) struct Asked {
    pub(super) name: &'static str,
    pub(super) situation: Situation,
    pub(super) decision: Decision,
}

pub(super) fn client(name: &str) -> ClientId {
    ClientId::new(name).unwrap()
}

impl<'a> Tale<'a> {
    /// Two people have come and, mostly, agreed; the third may come later.
    pub(super) fn begin(draws: Draws, policy: &'a ValidPolicy, keys: &'a Mutex<KeyStore>) -> Self {
        let mut tale = Self {
            draws,
            policy,
            // A Wednesday, 10:00 in Tokyo.
            now: "2026-02-04T01:00:00Z".parse().unwrap(),
            plain: Plain::default(),
            entries: 0,
            keys,
            shelves: Shelves::default(),
            made: Vec::new(),
            on_their_way: Vec::new(),
        };
        for name in ["a", "b"] {
            tale.add(name);
            tale.score(name);
            for (kind, percent) in [(ConsentKind::Talk, 90), (ConsentKind::Advise, 80)] {
                if tale.draws.chance(percent) {
                    tale.grant(name, kind, (None, None), None);
                }
            }
        }
        tale
    }

    /// One thing happens, or time passes, or somebody is asked about and the answer is held against the laws.
    pub(super) fn live(&mut self, seen: &mut Seen) {
        let name = self.draws.one(&NAMES);
        let person = self.plain.person(name).clone();
        let is_there = person.is_known && !person.is_erased;
        match self.draws.below(100) {
            0..30 => self.ask(name, seen),
            30..45 => self.pass(),
            _ if !person.is_known => self.add(name),
            45..50 if is_there => self.say_yes(name),
            50..54 if is_there => self.take_back(name),
            54..60 => self.refuse(name),
            60..63 if is_there => self.reopen(name),
            63..74 => self.end_one(),
            74..79 if is_there => self.attempt(name),
            79..82 => self.deliver_late(),
            82..84 => self.land(),
            84..90 if is_there => self.leave(name, person.exit),
            90..92 if is_there => self.move_home(name),
            92..93 if is_there => self.merge(name),
            93..94 if is_there => self.forget(name),
            94..95 => self.supply(),
            95..97 if is_there => self.score(name),
            97..99 => self.release(),
            _ => self.run_out(),
        }
    }

    /// Asks what to do now, and mostly keeps the answer as any use case does.
    fn ask(&mut self, name: &'static str, seen: &mut Seen) {
        let asked = self.look(name);
        laws::check(self, &asked, seen);
        laws::capacity(self, &asked);
        let person = self.plain.person(name).clone();
        if person.is_known && !person.is_erased && self.draws.chance(80) {
            self.commit(name, &asked.decision, person.exit);
        }
    }

    /// Asks what to do now.
    pub(super) fn look(&mut self, name: &'static str) -> Asked {
        let initiative = if self.draws.chance(20) { Initiative::Clients } else { Initiative::Ours };
        let situation = self.situation(name, initiative);
        let decision = decide(self.policy, &situation, &KEY);
        Asked { name, situation, decision }
    }

    /// Everything a decision may look at, from the projections alone.
    pub(super) fn situation(&mut self, name: &'static str, initiative: Initiative) -> Situation {
        let now = self.now;
        let decision = DecisionId::new(format!("d-{}", self.entries)).unwrap();
        let mut store = Nothing;
        let mut books =
            Books::over(&mut store, &mut self.shelves, self.keys, (Mode::Reading, None));
        let id = client(name);
        let root = books.record_of(&id).unwrap();
        let known = books.client(&root).unwrap();
        let household = known.as_ref().and_then(|known| known.facts.household.clone());
        let household = household.map(|id| books.household(&id).unwrap());
        let day = now.to_zoned(jiff::tz::TimeZone::UTC).date();
        let capacity: CapacityFacts = books.capacity(day, None).unwrap();
        Situation {
            decision,
            now,
            ledger_time: None,
            initiative,
            record: known.map_or(Record::Unknown { client: id }, |known| Record::Client {
                facts: Box::new(known.facts),
            }),
            household: household.unwrap_or_default(),
            capacity,
            actions: books.actions_by("stayed").unwrap(),
            only: None,
        }
    }

    pub(super) fn tell(&mut self, name: Option<&'static str>, body: Body) {
        self.tell_as(Actor::Client, name, body);
    }

    pub(super) fn tell_as(&mut self, actor: Actor, name: Option<&'static str>, body: Body) {
        self.entries += 1;
        let entry = Entry {
            seq: self.entries,
            at: self.now,
            actor,
            client: name.map(client),
            body,
            personal: None,
        };
        let mut store = Nothing;
        let mut ground = Ground { store: &mut store, shelves: &mut self.shelves, keys: self.keys };
        fold(&mut ground, &entry, None).unwrap();
    }

    fn pass(&mut self) {
        let minutes = self.draws.one(&[5, 40, 100, 300, 1_440, 1_440, 4_320]);
        self.now += SignedDuration::from_mins(minutes);
    }

    fn commit(&mut self, name: &'static str, decision: &Decision, exit: ExitState) {
        let action = self.policy.action(&decision.choice.action).unwrap().clone();
        let lasts = i64::from(self.policy.policy().reservation_minutes);
        let expires_at = self.now + SignedDuration::from_mins(lasts);
        let reservation = action.reaches_client().then(|| Reservation {
            decision: decision.id.clone(),
            action: action.id.clone(),
            channel: action.channel.clone(),
            at: self.now,
            expires_at,
        });
        let minutes = u64::from(action.agent_minutes);
        let keeps = match &reservation {
            Some(_) => Keeps { units: 1, minutes, cost_minor: action.cost_minor },
            None => Keeps::default(),
        };
        let (id, is_kept) = (decision.id.to_string(), reservation.is_some());
        let made = Box::new(decision.clone());
        self.tell(Some(name), Body::Decided { decision: made, reservation, agent: None, keeps });
        if is_kept {
            let (kept, decided_at) = (action.clone(), self.now);
            let taken = Taken { action: kept, units: 1, minutes, decided_at };
            self.plain.taken.insert(id.clone(), taken);
            let open = Open { decision: id.clone(), action: action.clone(), expires_at };
            self.plain.person(name).open.push(open);
            self.made.push((name, id, action.clone()));
        }
        if exit == ExitState::Requested
            && matches!(action.kind, ActionKind::Offer | ActionKind::Advise)
        {
            self.tell(Some(name), Body::ExitOffered { decision: decision.id.clone() });
            let now = self.now;
            let person = self.plain.person(name);
            (person.exit, person.offered_at) = (ExitState::Offered, Some(now));
        }
    }
}
