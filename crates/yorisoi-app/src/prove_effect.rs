//! Does our help help? The holdout, looked at as often as one likes, and never called proven too early.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_decision::{HoldoutArm, ValidPolicy, Words};
use yorisoi_evaluation::proof::{
    Design, Found, Known, Look, Method, Proof, Reason, Share, Tally, Verdict, looks, prove,
    prove_over_time, sample_ratio_at_any_time,
};
use yorisoi_ledger::ProofUnit;

use crate::check_in::refused;
use crate::rehearse_policy::Ranged;
use crate::situation::house_zone;
use crate::work::Work;
use crate::{App, AppError, Caller, Right};

/// What can be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Proven {
    /// The interval lies above zero.
    Proven,
    /// The interval lies below zero: reaching people does harm.
    ProvenHarm,
    /// The interval covers zero.
    NotProven,
    /// Too few people, or people were not dealt as they should have been.
    CannotKnow,
}

/// The sample-ratio check.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RatioView {
    /// Households that may be helped.
    pub treated: u64,
    /// Households held out.
    pub held_out: u64,
    /// The share that should be.
    pub expected_share: f64,
    /// The p-value, valid at every look.
    pub p_value: f64,
    /// Whether the alarm rings (p < 0.001).
    pub alarm: bool,
}

/// The difference as it stood at the end of a day.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ProofPoint {
    /// The day, where the house is.
    pub day: Date,
    /// The difference by the outcomes of this day and those before; all these intervals hold together.
    pub effect: Ranged,
}

/// The proof.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ProofView {
    /// As of when.
    pub at: Timestamp,
    /// The programme.
    pub programme: String,
    /// The outcome.
    pub outcome: String,
    /// The verdict.
    pub proven: Proven,
    /// In words.
    pub words: Words,
    /// Mean outcome of those who may be helped.
    pub treated_mean: Ranged,
    /// Mean outcome of those held out.
    pub held_out_mean: Ranged,
    /// The difference, valid at every look.
    pub effect: Ranged,
    /// How the difference came about: as it stood at the end of at most 60 days, the first on which it could be
    /// told to the last on which an outcome came.
    pub curve: Vec<ProofPoint>,
    /// Outcomes that would not have come about: the difference times the people who may be helped.
    pub incremental_outcomes: Ranged,
    /// Their value, in minor units.
    pub incremental_value_minor: Ranged,
    /// Whether people were dealt as they should have been.
    pub ratio: RatioView,
    /// Holds of all decisions, and decisions in all: holding is counted.
    pub holds: u64,
    /// Decisions in all.
    pub decisions: u64,
}

impl App {
    /// Returns the proof as of now.
    ///
    /// # Errors
    ///
    /// [`AppError::NoPolicy`].
    pub async fn proof(&self, caller: &Caller) -> Result<ProofView, AppError> {
        caller.may(Right::ReadProof)?;
        self.read_long(caller, proof).await
    }
}

/// Households at which the interval shall be narrowest. It is set once and for all, since a sequence that is
/// tuned to what was seen proves nothing; at other sizes it is a little wider than it could be.
const TUNED_AT: u64 = 2_000;

/// Days that a curve shows at most.
const LOOKS: usize = 60;

/// The day from which days are counted.
const EPOCH: Date = jiff::civil::date(1970, 1, 1);

/// Units read in one go.
const READ: usize = 1_000;

/// What is counted of the programme that runs.
#[derive(Default)]
struct Sums {
    reached: Tally,
    held: Tally,
    treated_units: u64,
    held_units: u64,
    decisions: u64,
    helps: u64,
    /// What was known of each unit, from when to when.
    known: Vec<Known>,
}

impl Sums {
    fn add(
        &mut self,
        unit: &ProofUnit,
        (outcome, zone): (&str, &TimeZone),
    ) -> Result<(), AppError> {
        let is_held = unit.arm == HoldoutArm::HeldOut;
        if is_held {
            self.held_units += 1;
        } else {
            self.treated_units += 1;
        }
        self.decisions += unit.decisions;
        self.helps += unit.helps;
        let Some(sums) = unit.outcomes.get(outcome).filter(|sums| sums.n > 0) else {
            return Ok(());
        };
        let tally = if is_held { &mut self.held } else { &mut self.reached };
        tally.add(people(sums.n), sums.sum).map_err(refused)?;
        let times = sums.over_time();
        let day = |at: Timestamp| days_of(at.to_zoned(zone.clone()).date());
        for (k, (at, n, sum)) in times.iter().enumerate() {
            let later = times.get(k + 1).map(|(at, _, _)| day(*at));
            // What came on one day is known at its end, all together.
            if later == Some(day(*at)) {
                continue;
            }
            // Sums in the order of time and in the order of arrival may differ by a rounding.
            let sum = if later.is_some() { *sum } else { sums.sum };
            let known =
                Known { is_held, people: people(*n), outcome: sum, from: day(*at), until: later };
            self.known.push(known);
        }
        Ok(())
    }
}

/// People as a tally counts them.
fn people(n: u64) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// Days since 1970.
fn days_of(day: Date) -> i64 {
    day.duration_since(EPOCH).as_hours() / 24
}

/// Every unit of a programme, in the order in which they came.
pub(crate) fn each_unit(
    work: &mut Work<'_, '_>,
    programme: &str,
    mut see: impl FnMut(&mut Work<'_, '_>, &ProofUnit) -> Result<(), AppError>,
) -> Result<(), AppError> {
    let mut after = 0;
    loop {
        let units = work.books.proof_units(after, READ)?;
        let Some(last) = units.last() else { return Ok(()) };
        after = last.seq;
        for unit in units.iter().filter(|unit| unit.programme == programme) {
            see(work, unit)?;
        }
    }
}

fn proof(work: &mut Work<'_, '_>) -> Result<ProofView, AppError> {
    let policy = work.policy()?;
    let outcome = work.app.settings().outcome.clone();
    let programme = policy.policy().holdout.programme.clone();
    let mut sums = Sums::default();
    let zone = house_zone(work)?;
    each_unit(work, &programme, |_, unit| sums.add(unit, (&outcome, &zone)))?;
    let share = policy.policy().holdout.share;
    let found = compare(&sums, share)?;
    let curve = curve(&sums, share)?;
    let (proven, words) = verdict(found.as_ref());
    let found = found.as_ref();
    let value = policy.policy().values.outcome_minor as f64;
    Ok(ProofView {
        at: work.now,
        programme,
        outcome,
        proven,
        words,
        treated_mean: mean_of(&sums.reached),
        held_out_mean: mean_of(&sums.held),
        effect: ranged(found.and_then(|proof| proof.found), &sums),
        curve,
        incremental_outcomes: ranged(found.and_then(Proof::total), &sums),
        incremental_value_minor: ranged(found.and_then(|it| it.total_value(value)), &sums),
        ratio: ratio(&sums, &policy)?,
        holds: sums.decisions - sums.helps.min(sums.decisions),
        decisions: sums.decisions,
    })
}

/// How the programme is judged; `None` if nobody is held out, so that there is nothing to compare with.
fn design(share: f64) -> Result<Option<Design>, AppError> {
    if !(share > 0.0 && share < 1.0) {
        return Ok(None);
    }
    let method = Method::AnyTime { tuned_at_clusters: TUNED_AT };
    Ok(Some(Design { share_held: Share::new(share).map_err(refused)?, method }))
}

/// The comparison day by day, on days on which something can be said.
fn curve(sums: &Sums, share: f64) -> Result<Vec<ProofPoint>, AppError> {
    let Some(design) = design(share)? else { return Ok(Vec::new()) };
    let days = sums.known.iter().map(|known| known.from);
    let (Some(first), Some(last)) = (days.clone().min(), days.max()) else { return Ok(Vec::new()) };
    let days = looks(first, last, LOOKS);
    let seen = prove_over_time(&sums.known, &days, &design).map_err(refused)?;
    let point = |look: Look| {
        let found = look.proof.found?;
        let effect = Ranged::new(found.estimate, (found.low, found.high), look.clusters);
        let day = EPOCH.checked_add(jiff::Span::new().try_days(look.day).ok()?).ok()?;
        Some(ProofPoint { day, effect })
    };
    Ok(seen.into_iter().filter_map(point).collect())
}

/// The comparison; `None` if nobody is held out, so that there is nothing to compare with.
fn compare(sums: &Sums, share: f64) -> Result<Option<Proof>, AppError> {
    let Some(design) = design(share)? else { return Ok(None) };
    prove(&sums.reached, &sums.held, &design).map(Some).map_err(refused)
}

fn verdict(proof: Option<&Proof>) -> (Proven, Words) {
    let (verdict, said) = match proof {
        Some(proof) => (proof.verdict, proof.words()),
        None => (Verdict::CannotKnow(Reason::NoComparison), Reason::NoComparison.words()),
    };
    let proven = match verdict {
        Verdict::Proven => Proven::Proven,
        Verdict::ProvenHarm => Proven::ProvenHarm,
        Verdict::NotProven => Proven::NotProven,
        Verdict::CannotKnow(_) => Proven::CannotKnow,
    };
    (proven, Words { en: said.en, ja: said.ja })
}

fn ranged(found: Option<Found>, sums: &Sums) -> Ranged {
    let n = sums.reached.clusters() + sums.held.clusters();
    found.map_or(Ranged { n, ..Ranged::unknown() }, |found| {
        Ranged::new(found.estimate, (found.low, found.high), n)
    })
}

/// The mean outcome of one arm, with the usual interval: for reading, not for proving.
fn mean_of(tally: &Tally) -> Ranged {
    let n = tally.clusters();
    let mean = tally.mean();
    if n < 2 {
        return Ranged { estimate: (n > 0).then_some(mean), n, ..Ranged::unknown() };
    }
    let half = 1.96 * tally.variance_of_mean().sqrt();
    Ranged::new(mean, (mean - half, mean + half), n)
}

fn ratio(sums: &Sums, policy: &ValidPolicy) -> Result<RatioView, AppError> {
    let share = policy.policy().holdout.share;
    let (treated, held_out) = (sums.treated_units, sums.held_units);
    let check = if share > 0.0 && share < 1.0 {
        let shares = [1.0 - share, share];
        Some(sample_ratio_at_any_time(&[treated, held_out], &shares).map_err(refused)?)
    } else {
        None
    };
    Ok(RatioView {
        treated,
        held_out,
        expected_share: share,
        p_value: check.map_or(1.0, |check| check.p_value),
        alarm: check.is_some_and(|check| check.alarm),
    })
}
