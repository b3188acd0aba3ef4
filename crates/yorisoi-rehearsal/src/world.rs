//! What is true in each world: who lives there, and what every act does to whom.

use jiff::Timestamp;
use yorisoi_decision::{ActionKind, Attribute, Comparison, Condition, Policy, ValidPolicy};

use crate::client::{Population, Traits};
use crate::error::RehearsalError;

/// A world to rehearse in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum WorldKind {
    /// A coach with thirty clients: no model, only what the coach believes, and permission to be asked.
    Coach,
    /// A carrier's retention desk: two thousand clients, a past trial to learn from, minutes that run out.
    Carrier,
    /// A season of perishable gifts: somebody must be at the door, and dates pass.
    Gifts,
}

impl WorldKind {
    /// All worlds.
    pub const ALL: [Self; 3] = [Self::Coach, Self::Carrier, Self::Gifts];

    /// The world's name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Coach => "coach",
            Self::Carrier => "carrier",
            Self::Gifts => "gifts",
        }
    }
}

impl std::str::FromStr for WorldKind {
    type Err = RehearsalError;

    fn from_str(name: &str) -> Result<Self, RehearsalError> {
        let known = Self::ALL.into_iter().find(|kind| kind.as_str() == name);
        known.ok_or_else(|| RehearsalError::UnknownWorld { name: name.to_owned() })
    }
}

/// The attribute that says whether the model knows of help that is worth its cost to the client.
pub(crate) const PROMISING: &str = "promising";

/// The truth about one act.
#[derive(Clone, Copy)]
pub(crate) struct ActTruth {
    /// Its name in the catalogue.
    pub id: &'static str,
    /// Change of the probability of staying this period, if it is received and no nuisance.
    pub effect: fn(&Traits) -> f64,
    /// Probability of being a nuisance, with permission and in moderation.
    pub annoys: fn(&Traits) -> f64,
    /// Probability that the client says it was nice, whatever it changes.
    pub pleases: fn(&Traits) -> f64,
}

impl ActTruth {
    /// What the act changes for somebody; nothing for who has decided.
    pub(crate) fn on(&self, traits: &Traits) -> f64 {
        if traits.decided { 0.0 } else { (self.effect)(traits) }
    }
}

/// A world with its truth.
pub(crate) struct World {
    pub kind: WorldKind,
    pub population: Population,
    pub n_clients: usize,
    /// Clients of the past trial in which help was given at random; everybody may learn from it.
    pub n_past: usize,
    pub periods: u32,
    pub steps_a_period: u32,
    pub hours_a_step: i64,
    pub start: Timestamp,
    pub acts: Vec<ActTruth>,
    /// Acts that the past trial tried.
    pub tried: Vec<&'static str>,
    pub policy: ValidPolicy,
}

impl World {
    /// Returns a shipped world.
    pub(crate) fn new(kind: WorldKind) -> Result<Self, RehearsalError> {
        match kind {
            WorldKind::Coach => coach(),
            WorldKind::Carrier => carrier(),
            WorldKind::Gifts => gifts(),
        }
    }

    /// Returns the carrier's world as a study wants it: what matters is on record as it is, nobody's
    /// secret is that they have decided, and the past trial has so many clients.
    pub(crate) fn study(n_past: usize) -> Result<Self, RehearsalError> {
        let mut world = carrier()?;
        world.population.noise = 0.0;
        world.population.decided_share = 0.0;
        world.population.waver_share = 0.0;
        world.n_past = n_past;
        Ok(world)
    }

    /// Probability of staying one period when left in peace. Who has decided leaves, sooner or later.
    pub(crate) fn base(&self, traits: &Traits) -> f64 {
        if traits.decided { 0.03 } else { (self.population.base)(traits) }
    }

    /// The truth about an act.
    pub(crate) fn act(&self, id: &str) -> Option<&ActTruth> {
        self.acts.iter().find(|act| act.id == id)
    }

    pub(crate) fn steps(&self) -> u32 {
        self.periods * self.steps_a_period
    }

    /// The instant of a step.
    pub(crate) fn at(&self, step: u32) -> Timestamp {
        let hours = jiff::SignedDuration::from_hours(self.hours_a_step * i64::from(step));
        self.start.checked_add(hours).unwrap_or(self.start)
    }
}

/// Reads a shipped policy. Learning has been paid for by the past trial, so nobody is held out.
fn policy(text: &str, change: impl FnOnce(&mut Policy)) -> Result<ValidPolicy, RehearsalError> {
    let broken =
        |error: yorisoi_decision::PolicyError| RehearsalError::Policy { reason: error.to_string() };
    let mut policy = Policy::parse(text).map_err(broken)?;
    policy.holdout.share = 0.0;
    policy.exploration.rate = 0.0;
    change(&mut policy);
    policy.validated().map_err(broken)
}

fn instant(text: &str) -> Result<Timestamp, RehearsalError> {
    text.parse().map_err(|error: jiff::Error| RehearsalError::Policy { reason: error.to_string() })
}

/// An act that asks something small.
const fn small_question(id: &'static str) -> ActTruth {
    ActTruth { id, effect: |_| 0.0, annoys: |t| 0.02 + 0.04 * t.reserve, pleases: |_| 0.3 }
}

fn coach() -> Result<World, RehearsalError> {
    let acts = vec![
        ActTruth {
            id: "listen",
            effect: |t| 0.10 * t.need - 0.05 * t.reserve,
            annoys: |t| 0.04 + 0.25 * t.reserve * t.reserve,
            pleases: |t| 0.3 + 0.6 * t.loyalty,
        },
        ActTruth {
            id: "advise",
            effect: |t| 0.25 * t.need * t.openness() - 0.06 * t.reserve,
            annoys: |t| 0.05 + 0.25 * t.reserve * t.reserve,
            pleases: |t| 0.2 + 0.3 * t.need,
        },
        small_question("ask_permission"),
        small_question("ask_time"),
    ];
    Ok(World {
        kind: WorldKind::Coach,
        population: Population {
            value_minor: 30_000.0,
            decided_share: 0.12,
            waver_share: 0.05,
            steps: 24,
            noise: 1.0,
            base: |t| 0.97 - 0.25 * (1.0 - t.loyalty) * (1.0 - t.loyalty),
        },
        n_clients: 30,
        n_past: 60,
        periods: 6,
        steps_a_period: 4,
        hours_a_step: 168,
        start: instant("2026-01-07T14:00:00+09:00")?,
        acts,
        tried: vec!["listen", "advise"],
        policy: policy(include_str!("../../../docs/policies/coach.toml"), |_| ())?,
    })
}

fn carrier() -> Result<World, RehearsalError> {
    let acts = vec![
        ActTruth {
            id: "points",
            effect: |t| 0.05 * t.openness(),
            annoys: |t| 0.02 + 0.04 * t.reserve,
            pleases: |t| 0.3 + 0.6 * t.loyalty,
        },
        ActTruth {
            id: "rebate",
            effect: |t| 0.35 * t.pain * t.openness() - 0.08 * t.reserve,
            annoys: |t| 0.03 + 0.08 * t.reserve,
            pleases: |t| 0.3 + 0.5 * t.pain,
        },
        ActTruth {
            id: "plan_review",
            effect: |t| 0.45 * t.need * t.openness() - 0.30 * t.reserve * t.reserve,
            annoys: |t| 0.05 + 0.35 * t.reserve * t.reserve,
            pleases: |t| 0.2 + 0.5 * t.loyalty,
        },
        small_question("ask_permission"),
        small_question("ask_time"),
    ];
    let n_clients = 1_500;
    Ok(World {
        kind: WorldKind::Carrier,
        population: Population {
            value_minor: 36_000.0,
            decided_share: 0.12,
            waver_share: 0.03,
            steps: 12,
            noise: 1.0,
            base: |t| 0.95 - 0.45 * (1.0 - t.loyalty) * (1.0 - t.loyalty) - 0.1 * t.pain,
        },
        n_clients,
        n_past: 6_000,
        periods: 2,
        steps_a_period: 6,
        hours_a_step: 336,
        start: instant("2026-01-07T14:00:00+09:00")?,
        acts,
        tried: vec!["points", "rebate", "plan_review"],
        policy: policy(include_str!("../../../docs/policies/carrier.toml"), |policy| {
            // A desk of this size: nine hours every two weeks, and money for one client in three.
            policy.minutes_per_day = Some(540);
            policy.budget_minor = Some(3_000_000);
            for action in &mut policy.actions {
                action.supply = None;
                if action.kind == ActionKind::AskPermission {
                    // Permission is asked for where it would open something.
                    action.applicability.push(Condition {
                        attribute: PROMISING.to_owned(),
                        is: Comparison::Is,
                        value: Attribute::Flag(true),
                    });
                }
            }
        })?,
    })
}

fn gifts() -> Result<World, RehearsalError> {
    let acts = vec![
        ActTruth {
            id: "perishable_gift",
            effect: |t| 0.40 * t.need * t.openness() - 0.15 * t.reserve,
            annoys: |t| 0.03 + 0.20 * t.reserve * t.reserve,
            pleases: |t| 0.4 + 0.4 * t.loyalty,
        },
        ActTruth {
            id: "card",
            effect: |t| 0.10 * t.openness() * (1.0 - t.reserve),
            annoys: |t| 0.01 + 0.04 * t.reserve,
            pleases: |t| 0.3 + 0.4 * t.loyalty,
        },
        ActTruth {
            id: "hand_on",
            effect: |_| 0.02,
            annoys: |t| 0.01 + 0.03 * t.reserve,
            pleases: |_| 0.6,
        },
        small_question("ask_time"),
    ];
    Ok(World {
        kind: WorldKind::Gifts,
        population: Population {
            value_minor: 40_000.0,
            decided_share: 0.05,
            waver_share: 0.0,
            steps: 26,
            noise: 1.0,
            base: |t| 0.92 - 0.45 * (1.0 - t.loyalty) * (1.0 - t.loyalty),
        },
        n_clients: 300,
        n_past: 8_000,
        periods: 1,
        steps_a_period: 26,
        hours_a_step: 24,
        start: instant("2026-12-01T14:00:00+09:00")?,
        acts,
        tried: vec!["perishable_gift", "card"],
        policy: policy(include_str!("../../../docs/policies/gifts.toml"), |policy| {
            policy.budget_minor = Some(450_000);
            policy.minutes_per_day = Some(60);
        })?,
    })
}
