//! Which policy keeps more, and harms fewer? The same worlds, the same chance, policy by policy.

use crate::client::Client;
use crate::desk::{Desk, Tally};
use crate::draws::Chance;
use crate::error::RehearsalError;
use crate::lessons::{self, Lessons};
use crate::policies::{self, PolicyKind};
use crate::world::{World, WorldKind};

/// A mean over seeds with its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Spread {
    /// Mean over the seeds.
    pub mean: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// What one policy did in one world, a seed on average. "More" is against doing nothing in the same
/// world with the same chance.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct PolicyRow {
    /// The policy.
    pub policy: PolicyKind,
    /// Clients kept more.
    pub kept_more: Spread,
    /// Value more, in minor units, the cost of help in money and minutes taken off.
    pub value_more_minor: Spread,
    /// Contacts.
    pub contacts: Spread,
    /// Agent minutes.
    pub minutes: Spread,
    /// Acts that landed as a nuisance, leavers who were kept waiting and gifts that spoiled.
    pub nuisances: Spread,
    /// Clients who closed their heart.
    pub closed_hearts: Spread,
    /// Clients who asked to leave and were let go.
    pub good_endings: Spread,
    /// Share of contacts with somebody whom the act harms.
    pub share_to_sleeping_dogs: Spread,
}

/// Policies side by side in one world.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Comparison {
    /// The world.
    pub world: WorldKind,
    /// Clients in it.
    pub n_clients: usize,
    /// Seeds.
    pub n_seeds: usize,
    /// One row a policy, in the order asked for.
    pub rows: Vec<PolicyRow>,
    /// Value of yorisoi's run less the policy's own, seed by seed, in minor units; `None` for itself, or
    /// where yorisoi does not take part.
    pub ahead_minor: Vec<Option<Spread>>,
}

/// Runs policies in a world, once a seed.
///
/// # Assumptions
///
/// Every policy is given the same record, the same past trial and the same means. None sees the truth.
///
/// # Errors
///
/// [`RehearsalError::TooFewSeeds`]; [`RehearsalError::Learning`] if the past of a world cannot be learned
/// from.
///
/// # Example
///
/// ```
/// use yorisoi_rehearsal::{PolicyKind, WorldKind, compare};
///
/// let seeds: Vec<u64> = (1..=3).collect();
/// let found = compare(WorldKind::Coach, &[PolicyKind::Random, PolicyKind::Yorisoi], &seeds)?;
/// assert_eq!(found.rows.len(), 2);
/// # Ok::<(), yorisoi_rehearsal::RehearsalError>(())
/// ```
pub fn compare(
    world: WorldKind,
    policies: &[PolicyKind],
    seeds: &[u64],
) -> Result<Comparison, RehearsalError> {
    if seeds.len() < 2 {
        return Err(RehearsalError::TooFewSeeds { actual: seeds.len() });
    }
    let world = World::new(world)?;
    let mut runs: Vec<Vec<Tally>> = vec![Vec::new(); policies.len()];
    for &seed in seeds {
        let stage = Stage::new(&world, seed)?;
        let nothing = stage.run(PolicyKind::Nothing);
        for (runs, &policy) in runs.iter_mut().zip(policies) {
            let mut tally = stage.run(policy);
            tally.kept -= nothing.kept;
            tally.value_minor -= nothing.value_minor;
            runs.push(tally);
        }
    }
    let ours = policies.iter().position(|&policy| policy == PolicyKind::Yorisoi);
    let ahead = |k: usize| {
        let ours = &runs[ours.filter(|&ours| ours != k)?];
        let differences = ours.iter().zip(&runs[k]).map(|(a, b)| a.value_minor - b.value_minor);
        Some(spread(&differences.collect::<Vec<_>>()))
    };
    Ok(Comparison {
        world: world.kind,
        n_clients: world.n_clients,
        n_seeds: seeds.len(),
        rows: policies.iter().zip(&runs).map(|(&policy, runs)| row(policy, runs)).collect(),
        ahead_minor: (0..policies.len()).map(ahead).collect(),
    })
}

/// One world with one chance, before anybody acts.
pub(crate) struct Stage<'a> {
    pub world: &'a World,
    pub clients: Vec<Client>,
    pub lessons: Lessons,
    pub chance: Chance,
}

impl<'a> Stage<'a> {
    pub(crate) fn new(world: &'a World, seed: u64) -> Result<Self, RehearsalError> {
        let chance = Chance::new(seed);
        let clients: Vec<Client> =
            (0..world.n_clients).map(|k| world.population.client(chance, k)).collect();
        let lessons = lessons::learn(world, &clients, chance)?;
        Ok(Self { world, clients, lessons, chance })
    }

    pub(crate) fn run(&self, policy: PolicyKind) -> Tally {
        self.desk_after(|desk| policies::act(policy, desk)).tally
    }

    /// The desk before the first step.
    pub(crate) fn desk(&self) -> Desk<'_> {
        Desk::new(self.world, &self.clients, &self.lessons, self.chance)
    }

    /// The desk after the last step, if it acted so at each.
    pub(crate) fn desk_after(&self, act: impl Fn(&mut Desk<'_>)) -> Desk<'_> {
        let mut desk = self.desk();
        for step in 0..self.world.steps() {
            desk.begin_step(step);
            act(&mut desk);
            if (step + 1) % self.world.steps_a_period == 0 {
                desk.end_period(step / self.world.steps_a_period);
            }
        }
        desk
    }
}

fn row(policy: PolicyKind, runs: &[Tally]) -> PolicyRow {
    let of = |get: fn(&Tally) -> f64| spread(&runs.iter().map(get).collect::<Vec<_>>());
    PolicyRow {
        policy,
        kept_more: of(|tally| tally.kept),
        value_more_minor: of(|tally| tally.value_minor),
        contacts: of(|tally| tally.contacts),
        minutes: of(|tally| tally.minutes),
        nuisances: of(|tally| tally.nuisances),
        closed_hearts: of(|tally| tally.closed_hearts),
        good_endings: of(|tally| tally.good_endings),
        share_to_sleeping_dogs: of(|tally| tally.to_sleeping_dogs / tally.contacts.max(1.0)),
    }
}

/// Returns mean and 95 % interval of the mean over seeds.
///
/// # Formula
///
/// ```text
/// x̄ ± t · s / √n,  t = 1.96 + 2.4 / (n − 1) + 3.6 / (n − 1)²
/// ```
///
/// The factor stays within 1 % of Student's 97.5 % quantile for n ≥ 4.
pub(crate) fn spread(values: &[f64]) -> Spread {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / (n - 1.0).max(1.0);
    let freedom = (n - 1.0).max(1.0);
    let t = 1.96 + 2.4 / freedom + 3.6 / (freedom * freedom);
    let half = t * libm::sqrt(variance / n);
    Spread { mean, low: mean - half, high: mean + half }
}
