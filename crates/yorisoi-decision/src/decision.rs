//! The answer: what to do now, what else there was, and why not.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::action::{ActionClass, ActionKind};
use crate::codes::Code;
use crate::facts::{EffectFact, EffectSource};
use crate::ids::{ActionId, Channel, ClientId, DecisionId, HouseholdId};

/// The gates, in the order in which they are asked.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Gate {
    /// Is the person known, unmerged, not erased, and the clock sound?
    Identity,
    /// May they have it at all?
    Eligibility,
    /// Does it concern them?
    Applicability,
    /// Can harm be ruled out, and is the effect known?
    Suitability,
    /// Did they consent?
    Consent,
    /// Did they refuse, or decide to leave?
    Refusal,
    /// Caps, cool-down and quiet hours.
    ContactPolicy,
    /// Are they there, and does it keep?
    Presence,
    /// Is there any left?
    Capacity,
    /// Are they in the holdout?
    Holdout,
}

/// Why a candidate went no further.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Stop {
    /// The first gate that stopped it.
    pub gate: Gate,
    /// The reason; words in both languages by [`Code::words`].
    pub code: Code,
    /// When the reason ends by itself, if it does.
    #[serde(default)]
    pub until: Option<Timestamp>,
}

/// What a candidate is worth, part by part, in minor units of the currency.
///
/// # Formula
///
/// ```text
/// total = (client_value + replacement) · benefit − κ · nuisance − cost − prices
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Score {
    /// The effect and its 95 % interval.
    pub effect: EffectFact,
    /// The probability of landing as a nuisance.
    pub nuisance: f64,
    /// `(client_value + replacement) · benefit`.
    pub benefit_minor: f64,
    /// `κ · nuisance`.
    pub nuisance_minor: f64,
    /// What it costs.
    pub cost_minor: f64,
    /// What the budget, minutes and supply it uses would be worth elsewhere.
    pub prices_minor: f64,
    /// All together. `hold` has zero.
    pub total_minor: f64,
    /// The total as drawn from what is believed, where there is no model (Thompson sampling).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drawn_minor: Option<f64>,
}

/// What became of one candidate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// A gate stopped it.
    Stopped(Stop),
    /// It passed every gate and has a score.
    Scored(Score),
}

/// One action that was considered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Candidate {
    /// Which.
    pub action: ActionId,
    /// What became of it.
    pub verdict: Verdict,
    /// The probability with which this situation chooses it, over the draws of the policy.
    pub probability: f64,
}

/// Which part of the locked experiment a person is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum HoldoutArm {
    /// May be helped.
    Treated,
    /// Is left without solicitation; what would have been done is kept as a ghost.
    HeldOut,
}

/// A hold, said well.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Hold {
    /// Why nothing is done.
    pub code: Code,
    /// When to look again; `None`: only after something new happens.
    pub look_again_at: Option<Timestamp>,
    /// The expected gain forgone, in minor units: the best total among candidates that only a gate of
    /// contact, presence, capacity or holdout stopped; zero if there was none.
    pub forgone_minor: f64,
}

/// What was chosen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Choice {
    /// The action.
    pub action: ActionId,
    /// Its kind.
    pub kind: ActionKind,
    /// Its class.
    pub class: ActionClass,
    /// Its channel.
    #[serde(default)]
    pub channel: Option<Channel>,
    /// The probability with which it was chosen.
    pub probability: f64,
    /// Whether exploration chose it.
    pub explored: bool,
}

/// One decision, whole: enough to understand it, to replay it, and to value another policy by it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Decision {
    /// Its name.
    pub id: DecisionId,
    /// For whom.
    pub client: ClientId,
    /// Their household, or themselves: the unit of the holdout.
    #[serde(default)]
    pub household: Option<HouseholdId>,
    /// When.
    pub at: Timestamp,
    /// Name of the policy.
    pub policy: String,
    /// Fingerprint of the policy's document.
    pub policy_fingerprint: String,
    /// Where the effects came from.
    #[serde(default)]
    pub effect_source: Option<EffectSource>,
    /// What to do.
    pub choice: Choice,
    /// The part of the experiment.
    pub holdout: HoldoutArm,
    /// For people held out: what would have been done.
    #[serde(default)]
    pub ghost: Option<Choice>,
    /// If the choice is to hold: why, until when, and what it costs.
    #[serde(default)]
    pub hold: Option<Hold>,
    /// Every candidate, in the catalogue's order.
    pub candidates: Vec<Candidate>,
    /// Up to three suggestions, best first, by index into `candidates`.
    pub suggestions: Vec<usize>,
}

impl Decision {
    /// Whether all its numbers are finite, so that JSON can hold it.
    pub fn is_finite(&self) -> bool {
        let choices = [Some(&self.choice), self.ghost.as_ref()];
        choices.into_iter().flatten().all(|choice| choice.probability.is_finite())
            && self.hold.as_ref().is_none_or(|hold| hold.forgone_minor.is_finite())
            && self.candidates.iter().all(Candidate::is_finite)
    }
}

impl Candidate {
    fn is_finite(&self) -> bool {
        let is_scored = match &self.verdict {
            Verdict::Scored(score) => score.is_finite(),
            Verdict::Stopped(_) => true,
        };
        is_scored && self.probability.is_finite()
    }
}

impl Score {
    fn is_finite(&self) -> bool {
        let Self { effect, nuisance, benefit_minor, nuisance_minor, .. } = *self;
        let Self { cost_minor, prices_minor, total_minor, drawn_minor, .. } = *self;
        let EffectFact { benefit, low, high } = effect;
        [benefit, low, high, nuisance, benefit_minor, nuisance_minor]
            .into_iter()
            .chain([cost_minor, prices_minor, total_minor])
            .chain(drawn_minor)
            .all(f64::is_finite)
    }
}
