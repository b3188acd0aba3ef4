//! Situations without number: every field a gate looks at, drawn from few values so that they collide.

use std::sync::LazyLock;

use jiff::{SignedDuration, Timestamp};
use yorisoi_decision::{
    ActionClass, ActionFacts, Attempts, Attribute, Busy, CapacityFacts, ClientFacts, Consent,
    ConsentKind, Contact, EffectFact, ExitState, HouseholdFacts, Initiative, LandingCounts,
    Learned, Policy, Prior, Record, Refusal, Reservation, Situation,
};

use crate::common::{at, client, document};

/// A stream of numbers: splitmix64, whose state is its seed.
pub(crate) struct Draws(u64);

impl Draws {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    fn one<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len() as u64) as usize].clone()
    }

    fn unit(&mut self) -> f64 {
        self.below(1_000_001) as f64 / 1e6
    }

    fn some<T>(&mut self, percent: u64, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.chance(percent).then(|| make(self))
    }

    fn many<T>(&mut self, most: u64, mut make: impl FnMut(&mut Self) -> T) -> Vec<T> {
        (0..self.below(most + 1)).map(|_| make(self)).collect()
    }
}

/// Policies that differ in what they promise; each is used many times, since checking one costs more than
/// deciding by it.
pub(crate) fn policies(draws: &mut Draws, n: usize) -> Vec<Policy> {
    (0..n).map(|_| one_policy(draws)).collect()
}

fn one_policy(draws: &mut Draws) -> Policy {
    let mut policy = document();
    policy.contact.caps.iter_mut().for_each(|cap| {
        cap.max = draws.some(80, |draws| draws.below(4) as u32);
        cap.window_hours = draws.one(&[1, 24, 168]);
    });
    policy.contact.quiet_hours.rest_days = draws.chance(50);
    policy.contact.first_contact = draws.chance(30);
    if draws.chance(20) {
        policy.contact.plausible_zones.clear();
    }
    policy.attempts.max_attempts = draws.some(70, |draws| draws.below(4) as u32);
    policy.exploration.rate = draws.one(&[0.0, 0.0, 0.1, 1.0]);
    policy.exploration.among = draws.one(&[1, 2, 5]);
    policy.holdout.share = draws.one(&[0.0, 0.0, 0.1, 0.5]);
    policy.values.nuisance_minor = draws.one(&[0, 5_000]);
    policy.values.allowed_harm = draws.one(&[0.0, 0.01, 1.0]);
    for action in &mut policy.actions {
        action.prior = draws.some(40, |draws| Prior {
            benefit_mean: 0.1 * draws.unit(),
            benefit_sd: 0.01 + 0.1 * draws.unit(),
            nuisance_mean: draws.unit(),
            nuisance_weight: 10.0,
        });
    }
    policy
}

fn hours_from(now: Timestamp, draws: &mut Draws, least: i64, most: i64) -> Timestamp {
    now + SignedDuration::from_hours(least + draws.below((most - least + 1) as u64) as i64)
}

fn situation_of(draws: &mut Draws, k: u64, record: Record, now: Timestamp) -> Situation {
    let mut situation = Situation {
        decision: format!("d-{k}").parse().unwrap(),
        now,
        ledger_time: None,
        initiative: Initiative::Ours,
        record,
        household: HouseholdFacts::default(),
        capacity: CapacityFacts::default(),
        actions: ActionFacts::default(),
        only: None,
    };
    if draws.chance(10) {
        situation.ledger_time = Some(hours_from(now, draws, -1, 1));
    }
    situation.initiative = draws.one(&[Initiative::Ours, Initiative::Ours, Initiative::Clients]);
    situation.household = HouseholdFacts {
        contacts: draws.many(3, |draws| contact(draws, now)),
        reservations: draws.many(1, |draws| reservation(draws, now)),
    };
    let capacity = &mut situation.capacity;
    capacity.minutes_used = draws.below(110);
    capacity.spent_minor = draws.one(&[0, 999_600, 1_000_000]);
    capacity.used.insert("rebate".parse().unwrap(), draws.below(12));
    capacity.hard_conversations = draws.some(30, |draws| (draws.below(4) as u32, 3));
    for id in IDS {
        let told = draws.below(20);
        let landed = LandingCounts { told, nuisance: draws.below(told + 1) };
        situation.actions.landings.insert(id.parse().unwrap(), landed);
        let yes = draws.below(told + 1) as f64;
        let learned = Learned { n: told, sum: yes, sum_squares: yes };
        situation.actions.learned.insert(id.parse().unwrap(), learned);
    }
    situation.actions.learned_hold = Learned { n: 20, sum: 9.0, sum_squares: 9.0 };
    situation.only =
        draws.some(10, |draws| draws.many(4, |draws| draws.one(&IDS).parse().unwrap()));
    situation
}

/// One situation.
pub(crate) fn situation(draws: &mut Draws, k: u64) -> Situation {
    let now = hours_from(at("2026-01-01T00:00Z"), draws, 0, 8760);
    let name = format!("c-{}", draws.below(1000)).parse().unwrap();
    let record = match draws.below(40) {
        0 => Record::Unknown { client: name },
        1 => Record::Unavailable { client: name },
        _ => Record::Client { facts: Box::new(facts(draws, name, now)) },
    };
    situation_of(draws, k, record, now)
}

const IDS: [&str; 7] =
    ["rebate", "advise", "ask_permission", "listen", "ask_time", "hand_on", "bill"];
const CHANNELS: [&str; 3] = ["mail", "call", "sms"];

fn contact(draws: &mut Draws, now: Timestamp) -> Contact {
    Contact {
        at: hours_from(now, draws, -200, 0),
        channel: draws.one(&CHANNELS).parse().unwrap(),
        class: draws.one(&[ActionClass::Care, ActionClass::Offer, ActionClass::Service]),
        decision: None,
    }
}

fn reservation(draws: &mut Draws, now: Timestamp) -> Reservation {
    Reservation {
        decision: format!("r-{}", draws.below(9)).parse().unwrap(),
        action: draws.one(&IDS).parse().unwrap(),
        channel: draws.some(90, |draws| draws.one(&CHANNELS).parse().unwrap()),
        at: hours_from(now, draws, -3, 0),
        expires_at: hours_from(now, draws, -1, 2),
    }
}

fn facts(draws: &mut Draws, name: yorisoi_decision::ClientId, now: Timestamp) -> ClientFacts {
    static BASE: LazyLock<ClientFacts> = LazyLock::new(client);
    let base = &*BASE;
    let topics = ["plan", "points"];
    let mut facts = ClientFacts {
        client: name,
        household: draws.some(30, |draws| format!("h-{}", draws.below(50)).parse().unwrap()),
        erased: draws.chance(2),
        merged_into: draws.some(2, |_| "c-0".parse().unwrap()),
        zone: draws.some(85, |draws| {
            draws
                .one(&["Asia/Tokyo", "America/New_York", "Australia/Sydney", "No/Where"])
                .to_owned()
        }),
        value_minor: draws.some(20, |draws| draws.below(1_000_000) as i64 - 100_000),
        consents: draws.many(4, |draws| Consent {
            kind: draws.one(&[ConsentKind::Talk, ConsentKind::Talk, ConsentKind::Advise]),
            topic: draws.some(30, |draws| draws.one(&topics).parse().unwrap()),
            channel: draws.some(20, |draws| draws.one(&CHANNELS).parse().unwrap()),
            granted_at: hours_from(now, draws, -500, 10),
            expires_at: draws.some(40, |draws| hours_from(now, draws, -50, 500)),
        }),
        contacts: draws.many(3, |draws| contact(draws, now)),
        reservations: draws.many(1, |draws| reservation(draws, now)),
        nuisance_at: draws.some(10, |draws| hours_from(now, draws, -60, 0)),
        ..base.clone()
    };
    if draws.chance(15) {
        facts.refusals = draws.many(2, |draws| Refusal {
            topic: draws.some(50, |draws| draws.one(&topics).parse().unwrap()),
            channel: draws.some(50, |draws| draws.one(&CHANNELS).parse().unwrap()),
            refused_at: hours_from(now, draws, -500, 0),
        });
    }
    fill_rest(draws, &mut facts, now);
    facts
}

fn fill_rest(draws: &mut Draws, facts: &mut ClientFacts, now: Timestamp) {
    facts.exit = if draws.chance(70) {
        ExitState::None
    } else {
        draws.one(&[
            ExitState::Requested,
            ExitState::Offered,
            ExitState::Decided,
            ExitState::Completed,
            ExitState::Abandoned,
        ])
    };
    if draws.chance(5) {
        facts.attributes.remove("age");
    }
    facts.attributes.insert("bill_due".to_owned(), Attribute::Flag(draws.chance(10)));
    facts.busy = draws.many(1, |draws| Busy::Once {
        from: hours_from(now, draws, -3, 0),
        until: hours_from(now, draws, 0, 3),
    });
    for id in IDS {
        let failed = draws.below(5) as u32;
        if draws.chance(20) {
            facts.attempts.insert(id.parse().unwrap(), Attempts { failed, last_at: None });
        }
    }
    facts.released = draws.many(1, |draws| draws.one(&IDS).parse().unwrap());
    facts.effects.clear();
    for id in IDS {
        let (benefit, half) = (0.2 * draws.unit() - 0.05, 0.1 * draws.unit());
        let effect = EffectFact { benefit, low: benefit - half, high: benefit + half };
        if draws.chance(60) {
            facts.effects.insert(id.parse().unwrap(), effect);
        }
    }
}
