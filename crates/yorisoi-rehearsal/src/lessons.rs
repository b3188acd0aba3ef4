//! What does the past teach? A trial in which help was given at random, and what may be learned from it.
//!
//! Every policy is given the same lessons; what it makes of them is its own affair.

use std::collections::BTreeMap;

use yorisoi_data::{Column, Dataset, DatasetOptions, PropensityRole, Roles, Silent, Table, Values};
use yorisoi_decision::{ActionId, EffectFact, LandingCounts, Learned};
use yorisoi_effects::estimators::{ForestInput, MeanForestParams, RegressionForest};
use yorisoi_effects::{EffectParams, Trees, fit_effects};

use crate::client::{Client, SEEN};
use crate::draws::{Chance, For};
use crate::error::RehearsalError;
use crate::landing::{self, Circumstances, Landing};
use crate::world::World;

/// Clients of the past have numbers of their own.
const PAST_FROM: usize = 1_000_000;

/// Below this a forest has nothing to say that a prior does not say better.
const FOREST_MIN: usize = 1_000;

/// Trees: enough for a stable order, few enough for twenty worlds.
const TREES: usize = 200;

/// What may be known before the first day.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lessons {
    /// Effects by client, then by act tried; empty where the past is too short for a model.
    pub effects: Vec<BTreeMap<ActionId, EffectFact>>,
    /// Risk of leaving, by client.
    pub risk: Vec<f64>,
    /// Mean change of staying by act tried, over all.
    pub mean_effect: Vec<f64>,
    /// Share pleased by act tried: of the less loyal half, of the more loyal half.
    pub pleased: Vec<[f64; 2]>,
    /// How each act landed.
    pub landings: BTreeMap<ActionId, LandingCounts>,
    /// Outcomes after each act.
    pub learned: BTreeMap<ActionId, Learned>,
    /// Outcomes after nothing.
    pub learned_hold: Learned,
}

/// The past trial, row by row.
struct Past {
    seen: Vec<[f64; 6]>,
    /// 0 is nothing, `a` the `a − 1`-th act tried.
    arm: Vec<usize>,
    stayed: Vec<f64>,
    landing: Vec<Landing>,
}

/// Returns what the past of a world teaches about its clients.
pub(crate) fn learn(
    world: &World,
    clients: &[Client],
    chance: Chance,
) -> Result<Lessons, RehearsalError> {
    let past = Past::of(world, chance);
    let mut lessons = Lessons::default();
    past.count(world, &mut lessons);
    lessons.risk = clients.iter().map(|client| client.seen[0]).collect();
    if world.n_past >= FOREST_MIN {
        past.grow(world, clients, &mut lessons)?;
    }
    Ok(lessons)
}

impl Past {
    fn of(world: &World, chance: Chance) -> Self {
        let n_arms = world.tried.len() + 1;
        let mut past = Self { seen: vec![], arm: vec![], stayed: vec![], landing: vec![] };
        for k in PAST_FROM..PAST_FROM + world.n_past {
            let client = world.population.client(chance, k);
            let arm = (chance.unit(For::Arm, k, 0) * n_arms as f64) as usize;
            let landing = arm
                .checked_sub(1)
                .and_then(|act| world.act(world.tried[act]))
                .map(|act| {
                    let how = trial_circumstances(world, act.id);
                    landing::land((k, &client), act, &how, chance)
                })
                .unwrap_or_default();
            let closed = if landing.closed { landing::CLOSED_LOSS } else { 0.0 };
            let staying = world.base(&client.traits) + landing.shift - closed;
            past.stayed.push(f64::from(u8::from(chance.happens(staying, For::Staying, k, 0))));
            past.seen.push(client.seen);
            past.arm.push(arm);
            past.landing.push(landing);
        }
        past
    }

    fn rows(&self, arm: usize) -> impl Iterator<Item = usize> {
        (0..self.arm.len()).filter(move |&row| self.arm[row] == arm)
    }

    /// Counts and means: what a table on one page would show.
    fn count(&self, world: &World, lessons: &mut Lessons) {
        let learned = |arm| {
            let (n, sum) =
                self.rows(arm).fold((0, 0.0), |(n, sum), row| (n + 1, sum + self.stayed[row]));
            Learned { n, sum, sum_squares: sum }
        };
        let mean = |of: &Learned| of.sum / (of.n.max(1)) as f64;
        lessons.learned_hold = learned(0);
        for (a, id) in world.tried.iter().enumerate() {
            let arm = a + 1;
            let of_arm = learned(arm);
            lessons.mean_effect.push(mean(&of_arm) - mean(&lessons.learned_hold));
            let pleased = [false, true].map(|is_loyal| {
                let half = self.rows(arm).filter(|&row| (self.seen[row][1] > 0.5) == is_loyal);
                let (n, yes) = half.fold((0_u32, 0_u32), |(n, yes), row| {
                    (n + 1, yes + u32::from(self.landing[row].pleased))
                });
                f64::from(yes) / f64::from(n.max(1))
            });
            lessons.pleased.push(pleased);
            let Ok(id) = id.parse::<ActionId>() else { continue };
            let nuisance = self.rows(arm).filter(|&row| self.landing[row].nuisance).count() as u64;
            let counts = LandingCounts { told: of_arm.n, nuisance };
            lessons.landings.insert(id.clone(), counts);
            lessons.learned.insert(id, of_arm);
        }
    }

    /// Grows forests: one an act for effects, one for the risk of leaving when left in peace.
    fn grow(
        &self,
        world: &World,
        clients: &[Client],
        lessons: &mut Lessons,
    ) -> Result<(), RehearsalError> {
        let failed = |reason: String| RehearsalError::Learning { reason };
        let data = self.dataset(world)?;
        let rows: Vec<u32> = (0..data.n_units() as u32).collect();
        let params = EffectParams { n_trees: Trees::Fixed(TREES), ..EffectParams::default() };
        let fitted =
            fit_effects(&data, &rows, &params, &Silent).map_err(|e| failed(e.to_string()))?;

        let seen: Vec<[f64; 6]> = clients.iter().map(|client| client.seen).collect();
        let now: Vec<u32> = (0..clients.len() as u32).collect();
        let table = table_of(&seen, Vec::new())?;
        let binned = data.binner.bin_table(&table, &now).map_err(|e| failed(e.to_string()))?;
        let effects = fitted.model.effects(&binned, &now, &Silent);
        lessons.effects = vec![BTreeMap::new(); clients.len()];
        for (name, arm) in fitted.model.arm_names()[1..].iter().zip(&effects.arms) {
            let id: ActionId = name.parse().map_err(|_| failed(format!("arm `{name}`")))?;
            for (k, of_client) in lessons.effects.iter_mut().enumerate() {
                let fact =
                    EffectFact { benefit: arm.tau_hat[k], low: arm.low[k], high: arm.high[k] };
                of_client.insert(id.clone(), fact);
            }
        }

        let left: Vec<f64> =
            data.source_row.iter().map(|&row| 1.0 - self.stayed[row as usize]).collect();
        let alone: Vec<u32> = rows
            .into_iter()
            .filter(|&unit| self.arm[data.source_row[unit as usize] as usize] == 0)
            .collect();
        let params = MeanForestParams { n_trees: TREES, ..MeanForestParams::default() };
        let forest = RegressionForest::fit(
            &ForestInput::new(&data.features, &alone),
            &left,
            &params,
            &Silent,
        )
        .map_err(|e| failed(e.to_string()))?;
        lessons.risk = forest.predict(&binned, &now, &Silent).y_hat;
        Ok(())
    }

    fn dataset(&self, world: &World) -> Result<Dataset, RehearsalError> {
        let failed = |reason: String| RehearsalError::Learning { reason };
        let mut levels = vec!["hold".to_owned()];
        levels.extend(world.tried.iter().map(|&id| id.to_owned()));
        let share = 1.0 / levels.len() as f64;
        let codes = self.arm.iter().map(|&arm| arm as u32).collect();
        let extra = vec![
            Column {
                name: "arm".to_owned(),
                values: Values::Category { codes, levels: levels.clone() },
            },
            Column { name: "stayed".to_owned(), values: Values::Numeric(self.stayed.clone()) },
        ];
        let table = table_of(&self.seen, extra)?;
        let roles = Roles {
            control: Some("hold".to_owned()),
            propensity: Some(PropensityRole::PerArm(
                levels.into_iter().map(|level| (level, share)).collect(),
            )),
            ..Roles::new("arm", "stayed")
        };
        Dataset::from_table(&table, &roles, &DatasetOptions::default())
            .map_err(|error| failed(error.to_string()))
    }
}

/// The circumstances of an act that everybody had agreed to: the first one, at the hour of our steps.
pub(crate) fn trial_circumstances(world: &World, id: &str) -> Circumstances {
    let mut catalogue = world.policy.policy().actions.iter();
    Circumstances {
        index: 0,
        is_uninvited: false,
        recent_contacts: 0,
        is_leaving: false,
        needs_presence: catalogue.any(|action| action.id.as_str() == id && action.needs_presence),
        time_was_asked: false,
    }
}

fn table_of(seen: &[[f64; 6]], extra: Vec<Column>) -> Result<Table, RehearsalError> {
    let feature = |(f, name): (usize, &&str)| Column {
        name: (*name).to_owned(),
        values: Values::Numeric(seen.iter().map(|row| row[f]).collect()),
    };
    let columns = SEEN.iter().enumerate().map(feature).chain(extra).collect();
    Table::new(columns)
        .ok_or_else(|| RehearsalError::Learning { reason: "uneven columns".to_owned() })
}
