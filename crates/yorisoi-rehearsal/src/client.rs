//! Who is the client, really? What nobody at the desk can see, and the little they can.

use crate::draws::{Chance, For};

/// Names of what is seen of a client, in the order of [`Client::seen`].
pub(crate) const SEEN: [&str; 6] =
    ["worry", "loyalty", "need", "pain", "reserve", "household_size"];

/// What a client is like. Everything is in `[0, 1]` unless it says otherwise.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Traits {
    /// How attached they are.
    pub loyalty: f64,
    /// A need they have not spoken of.
    pub need: f64,
    /// How much the price, or the burden, weighs.
    pub pain: f64,
    /// How much they like to be left alone.
    pub reserve: f64,
    /// How often they are at home or free.
    pub home: f64,
    /// Contacts in four weeks that they do not mind.
    pub patience: f64,
    /// Whether they have decided to leave. Nothing changes that.
    pub decided: bool,
    /// What a period with them is worth, in minor units.
    pub value_minor: f64,
}

impl Traits {
    /// How far persuasion can go: most with those who are neither sworn friends nor gone in spirit.
    pub(crate) fn openness(&self) -> f64 {
        4.0 * self.loyalty * (1.0 - self.loyalty)
    }
}

/// A client of a world.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "facts that are independent of each other")]
pub(crate) struct Client {
    /// The truth.
    pub traits: Traits,
    /// What is seen of it: the truth with some error, [`SEEN`] by [`SEEN`].
    pub seen: [f64; 6],
    /// Step at which they ask to leave, if they do.
    pub asks_to_leave_at: Option<u32>,
    /// Whether they would let us talk, or advise, if asked.
    pub is_willing: bool,
    /// Whether they agreed to be talked to before the first day.
    pub had_talk: bool,
    /// Whether they agreed to be advised before the first day.
    pub had_advise: bool,
    /// Whether they are busy at the hour of our steps, most weeks.
    pub is_busy_hour: bool,
    /// Whether that is written in the record.
    pub busy_is_known: bool,
    /// Number of their household.
    pub household: usize,
}

/// Clients who live together.
const HOUSEHOLD: usize = 3;

/// How a population is made.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Population {
    /// Value of one period with a middling client.
    pub value_minor: f64,
    /// Share of the least loyal who have decided to leave.
    pub decided_share: f64,
    /// Share who ask to leave and could be won back.
    pub waver_share: f64,
    /// Steps there are.
    pub steps: u32,
    /// How far what is seen lies off the truth.
    pub noise: f64,
    /// Probability of staying one period when left in peace.
    pub base: fn(&Traits) -> f64,
}

impl Population {
    /// Returns the client of a number.
    pub(crate) fn client(&self, chance: Chance, k: usize) -> Client {
        let unit = |i| chance.unit(For::Trait, k, i);
        let mut traits = Traits {
            loyalty: unit(0),
            need: unit(1),
            pain: unit(2),
            reserve: unit(3),
            home: 0.3 + 0.7 * unit(4),
            patience: 1.0 + 3.0 * unit(5),
            decided: false,
            value_minor: self.value_minor * (0.5 + unit(6)),
        };
        let decided = self.decided_share * 2.0 * (1.0 - traits.loyalty);
        traits.decided = chance.happens(decided, For::Exit, k, 0);
        let wavers = chance.happens(self.waver_share, For::Waver, k, 0);
        let step = (chance.unit(For::ExitStep, k, 0) * f64::from(self.steps)) as u32;
        let is_willing =
            chance.happens(0.85 - 0.6 * traits.reserve * traits.reserve, For::Consent, k, 0);
        let had_talk = chance.happens(0.9 - 0.3 * traits.reserve, For::Consent, k, 1);
        Client {
            seen: self.seen(chance, k, &traits),
            asks_to_leave_at: (traits.decided || wavers).then_some(step),
            is_willing,
            had_talk,
            had_advise: had_talk && is_willing && chance.happens(0.6, For::Consent, k, 2),
            is_busy_hour: chance.happens(1.0 - traits.home, For::Home, k, 0),
            busy_is_known: chance.happens(0.6, For::Busy, k, 0),
            household: k / HOUSEHOLD,
            traits,
        }
    }

    /// What the record shows of a client: everything a little off, and the risk of leaving as a good
    /// score of it would be.
    fn seen(&self, chance: Chance, k: usize, traits: &Traits) -> [f64; 6] {
        let off = |i, by: f64| self.noise * by * (chance.unit(For::Noise, k, i) - 0.5);
        let staying = if traits.decided { 0.5 } else { (self.base)(traits) };
        [
            1.0 - staying + off(0, 0.1),
            traits.loyalty + off(1, 0.2),
            traits.need + off(2, 0.2),
            traits.pain + off(3, 0.2),
            traits.reserve + off(4, 0.2),
            (1.0 + 4.0 * chance.unit(For::Noise, k, 5)).floor(),
        ]
    }
}
