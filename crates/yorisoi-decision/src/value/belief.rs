//! What does an action change for this client, as far as anybody knows?

use crate::action::{ActionSpec, Prior};
use crate::facts::{ActionFacts, ClientFacts, EffectFact, Learned};
use crate::value::normal::Z_95;

/// The effect of an action on a client.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Belief {
    /// Estimated by a model, or given: one number with an interval. It is used as it is.
    Estimated(EffectFact),
    /// Believed, with what has been learned: a normal distribution. It is drawn from.
    Held { mean: f64, sd: f64 },
}

impl Belief {
    /// The effect with its 95 % interval.
    pub(crate) fn effect(self) -> EffectFact {
        match self {
            Self::Estimated(effect) => effect,
            Self::Held { mean, sd } => {
                EffectFact { benefit: mean, low: mean - Z_95 * sd, high: mean + Z_95 * sd }
            }
        }
    }
}

/// Turns priors and what was seen since into beliefs.
pub(crate) struct Beliefs<'a> {
    facts: &'a ActionFacts,
    hold: Option<MeanOutcome>,
}

impl<'a> Beliefs<'a> {
    /// What has been learned so far.
    pub(crate) fn new(facts: &'a ActionFacts) -> Self {
        Self { facts, hold: MeanOutcome::of(&facts.learned_hold) }
    }

    /// Returns the effect of an action on a client: the estimated one if there is one, else what is
    /// believed; `None` if neither is there, or the estimate is no number in its own interval.
    pub(crate) fn of(&self, action: &ActionSpec, client: &ClientFacts) -> Option<Belief> {
        match client.effects.get(&action.id) {
            Some(effect) => is_sound(effect).then_some(Belief::Estimated(*effect)),
            None => action.prior.map(|prior| self.posterior(action, &prior)),
        }
    }

    /// Returns the normal posterior of an action's effect.
    ///
    /// # Formula
    ///
    /// ```text
    /// d = ȳ_action − ȳ_hold,  v = v_action + v_hold
    /// 1/sd² = 1/sd₀² + 1/v,   mean = sd² (mean₀/sd₀² + d/v)
    /// ```
    ///
    /// # Assumptions
    ///
    /// Who got the action and who was left in peace is as good as random. Draws and exploration make it
    /// so among clients with the same gates and value; where these differ much, a model is needed.
    fn posterior(&self, action: &ActionSpec, prior: &Prior) -> Belief {
        let tried = self.facts.learned.get(&action.id).and_then(MeanOutcome::of);
        let (mean, sd) = (prior.benefit_mean, prior.benefit_sd);
        let Some((tried, hold)) = tried.zip(self.hold) else {
            return Belief::Held { mean, sd };
        };
        let (d, v) = (tried.mean - hold.mean, tried.variance + hold.variance);
        let precision = 1.0 / (sd * sd) + 1.0 / v;
        let learned = (mean / (sd * sd) + d / v) / precision;
        if learned.is_finite() && precision.is_finite() {
            Belief::Held { mean: learned, sd: 1.0 / libm::sqrt(precision) }
        } else {
            Belief::Held { mean, sd }
        }
    }
}

fn is_sound(effect: &EffectFact) -> bool {
    effect.low.is_finite()
        && effect.high.is_finite()
        && effect.low <= effect.benefit
        && effect.benefit <= effect.high
}

/// A mean outcome and the variance of that mean.
#[derive(Debug, Clone, Copy, PartialEq)]
struct MeanOutcome {
    mean: f64,
    variance: f64,
}

impl MeanOutcome {
    /// Returns mean and variance, or `None` where they cannot be known.
    ///
    /// # Formula
    ///
    /// ```text
    /// yes or no:  v = p̃ (1 − p̃) / n,  p̃ = (Σy + 1) / (n + 2)
    /// amounts:    v = s² / n · (n − 1) / (n − 3),  n > 3
    /// ```
    ///
    /// The first keeps five yeses in a row from being certainty, the second widens a variance that is
    /// itself guessed from few, as Student's t does. Outcomes are yes or no if their sum is the sum of
    /// their squares. Amounts that are all the same say nothing about how they vary.
    fn of(learned: &Learned) -> Option<Self> {
        let Learned { n, sum, sum_squares } = *learned;
        let (count, sound) = (n as f64, sum.is_finite() && sum_squares.is_finite());
        if n == 0 || !sound {
            return None;
        }
        let mean = sum / count;
        let is_yes_or_no = (sum - sum_squares).abs() < 1e-9 && (0.0..=count).contains(&sum);
        let variance = if is_yes_or_no {
            let share = (sum + 1.0) / (count + 2.0);
            share * (1.0 - share) / count
        } else if n > 3 {
            (sum_squares - count * mean * mean) / (count * (count - 3.0))
        } else {
            return None;
        };
        // Rounding of equal amounts leaves a residue that is no variance.
        let is_real = variance * count > 1e-12 * mean * mean && variance.is_finite();
        is_real.then_some(Self { mean, variance })
    }
}
