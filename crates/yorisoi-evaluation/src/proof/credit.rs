//! Who made a difference? Credit by what an agent's clients gained over what was to be expected anyway.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use yorisoi_data::{Interval, Z_95};

use super::tally::Tally;
use crate::error::check_column;
use crate::{EvaluationError, Words};

/// Fewest clients behind a number that is shown for one person.
pub const MIN_CASES: usize = 30;

/// Fewest agents from whom one can learn how much agents differ; with fewer only the team is shown.
pub const MIN_AGENTS: usize = 4;

/// Points at which the spread of agents is averaged.
const GRID: usize = 60;

/// A client that was dealt to an agent.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Case<A> {
    /// The agent to whom the client was dealt, whoever did what afterwards.
    pub agent: A,
    /// The client's household: outcomes inside one depend on one another.
    pub household: u64,
    /// What came of it beyond what was to be expected without the agent, less what it cost, in one unit.
    pub score: f64,
}

/// Returns a client's score: what happened beyond what was expected without help, less the cost.
///
/// # Formula
///
/// ```text
/// score = y − μ̂₀(x) − c
/// ```
///
/// `μ̂₀` comes from held-out clients: their mean outcome among people like this one. The outcome is the one
/// that was measured when it was complete (is the client still here after 90 days?), never what an agent
/// wrote down, so that renaming and delaying change nothing but the cost.
///
/// # Shapes and units
///
/// All in the unit of the outcome; money is divided by the value of an outcome first.
///
/// # Assumptions
///
/// Clients are dealt to agents without regard to what cannot be seen in `x`, and stay dealt.
///
/// # Source
///
/// The control part of the score of Robins, Rotnitzky & Zhao (1994) for the effect on the treated.
///
/// # Example
///
/// ```
/// use yorisoi_evaluation::proof::case_score;
/// // A sure thing who stayed, as nine of ten would have, after an offer that cost 0.15 of a client:
/// assert!(case_score(1.0, 0.9, 0.15) < 0.0);
/// // Someone who had decided, let go at once: nothing was to be expected, nothing is lost.
/// assert_eq!(case_score(0.0, 0.0, 0.0), 0.0);
/// ```
pub fn case_score(outcome: f64, expected_without: f64, cost: f64) -> f64 {
    outcome - expected_without - cost
}

/// A total with its interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Total {
    /// Best guess.
    pub total: f64,
    /// 95 % interval.
    pub interval: Interval,
}

/// The credit of one agent.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shown {
    /// Leaning towards no difference, as far as it is uncertain.
    Total(Total),
    /// Too few clients for a number about a person.
    TooFewCases {
        /// How many there are.
        actual: usize,
        /// How many are needed.
        needed: usize,
    },
    /// Too few colleagues with enough clients to tell skill from luck.
    TooFewColleagues {
        /// How many there are.
        actual: usize,
        /// How many are needed.
        needed: usize,
    },
}

impl Shown {
    /// Returns why nothing is shown, in words; `None` if something is.
    pub fn words(&self) -> Option<Words> {
        let (en, ja) = match self {
            Self::Total(_) => return None,
            Self::TooFewCases { actual, needed } => (
                format!("Shown for the team only: {actual} clients so far, {needed} are needed."),
                format!(
                    "担当したお客さまが {actual} 人のため、チームの数字だけを表示しています（{needed} 人から個別に表示します）。"
                ),
            ),
            Self::TooFewColleagues { actual, needed } => (
                format!(
                    "Shown for the team only: luck and skill can be told apart from {needed} colleagues \
                     on, there are {actual}."
                ),
                format!(
                    "比べられる担当者が {actual} 人のため、チームの数字だけを表示しています（運と力量を見分けるには {needed} 人必要です）。"
                ),
            ),
        };
        Some(Words { en, ja })
    }
}

/// One agent's part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AgentCredit<A> {
    /// Who.
    pub agent: A,
    /// Clients dealt to the agent.
    pub cases: usize,
    /// The credit.
    pub shown: Shown,
}

/// Credit of a team.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Credit<A> {
    /// Of all together, as measured.
    pub team: Total,
    /// Clients of all together.
    pub cases: usize,
    /// One entry an agent, in order of the agents, never of the numbers.
    pub agents: Vec<AgentCredit<A>>,
}

/// Returns what a team and each of its agents changed.
///
/// # Formula
///
/// ```text
/// Tⱼ = Σ scores of agent j,   Vⱼ = Σ_h (Σ scores of household h)²
/// Tⱼ ~ N(θⱼ, Vⱼ),   θⱼ ~ N(0, A)
/// θⱼ | A, T ~ N((1 − B) Tⱼ, (1 − B) Vⱼ),   B = Vⱼ / (Vⱼ + A)
/// ```
///
/// averaged over A, given all agents' totals, with a flat prior. The interval is 1.96 standard deviations of
/// that average. Credit leans towards zero, not towards the team's mean: nobody is owed something for
/// sitting beside someone good. It is a total, with its variance about zero, so clients with score zero (who
/// had decided, and were let go) change nothing at all.
///
/// Plugging in the moment estimate of A instead of averaging would make intervals too narrow for small teams.
///
/// # Shapes and units
///
/// One case a client. Credit is in the unit of the scores.
///
/// # Assumptions
///
/// Households are independent and stay with one agent; totals of 30 clients or more are about normal.
///
/// # Errors
///
/// [`ScoreError::NotFinite`](yorisoi_effects::ScoreError::NotFinite) for a score that is no number.
///
/// # Source
///
/// Efron & Morris (1975), *JASA* 70; Morris (1983), "Parametric empirical Bayes inference", *JASA* 78; the
/// flat prior on A: Tang & Morris (2011), *Statistical Science* 26.
///
/// # Example
///
/// ```
/// # use yorisoi_evaluation::proof::{Case, Shown, credit};
/// let cases: Vec<Case<&str>> =
///     (0..29).map(|h| Case { agent: "Aoi", household: h, score: 1.0 }).collect();
/// let credit = credit(&cases)?;
/// assert_eq!(credit.team.total, 29.0);
/// assert_eq!(credit.agents[0].shown, Shown::TooFewCases { actual: 29, needed: 30 });
/// # Ok::<(), yorisoi_evaluation::EvaluationError>(())
/// ```
pub fn credit<A: Ord + Clone>(cases: &[Case<A>]) -> Result<Credit<A>, EvaluationError> {
    let scores: Vec<f64> = cases.iter().map(|case| case.score).collect();
    check_column("score", &scores, cases.len())?;
    let mut by_agent: BTreeMap<&A, Vec<&Case<A>>> = BTreeMap::new();
    for case in cases {
        by_agent.entry(&case.agent).or_default().push(case);
    }
    let sums = by_agent.iter().map(|(agent, cases)| (*agent, Sums::of(cases))).collect();
    Ok(share_out(&sums, &Sums::of(&cases.iter().collect::<Vec<_>>())))
}

/// Returns what may be shown of the team and of each agent.
fn share_out<A: Ord + Clone>(by_agent: &BTreeMap<&A, Sums>, team: &Sums) -> Credit<A> {
    let enough = |sums: &&Sums| sums.cases >= MIN_CASES;
    let known: Vec<Sums> = by_agent.values().filter(enough).copied().collect();
    let spreads = likely_spreads(&known);
    let shown = |sums: &Sums| {
        if sums.cases < MIN_CASES {
            Shown::TooFewCases { actual: sums.cases, needed: MIN_CASES }
        } else if known.len() < MIN_AGENTS {
            Shown::TooFewColleagues { actual: known.len(), needed: MIN_AGENTS }
        } else {
            Shown::Total(shrunk(sums, &spreads))
        }
    };
    let agents = by_agent.iter().map(|(agent, sums)| AgentCredit {
        agent: (*agent).clone(),
        cases: sums.cases,
        shown: shown(sums),
    });
    Credit {
        team: around(team.total, libm::sqrt(team.variance)),
        cases: team.cases,
        agents: agents.collect(),
    }
}

/// A client or household that was dealt to an agent, with its outcome as measured.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Dealt<A, S> {
    /// The agent to whom it was dealt.
    pub agent: A,
    /// What was known of it when it was dealt: had decided to leave, say, and kind of contract.
    pub stratum: S,
    /// People in it.
    pub people: u32,
    /// Sum of their outcomes.
    pub outcome: f64,
    /// What was spent on it, in outcomes.
    pub cost: f64,
}

/// Returns what [`credit`] does, with the expectation taken from those held out, and its error with it.
///
/// With a small holdout the expectation is itself uncertain, and the same error falls on every client of a
/// stratum; [`credit`] over ready scores cannot know that.
///
/// # Formula
///
/// ```text
/// score_h = Y_h − m_h ȳ₀(s) − c_h
/// Vⱼ = Σ_h score_h² + Σ_s mⱼ(s)² V₀(s)
/// ```
///
/// over households h of agent j with m people in stratum s, and mean and variance of the held-out mean of
/// the stratum. A stratum that nobody held out belongs to has no expectation: its households are left out
/// and counted.
///
/// # Assumptions
///
/// As [`credit`]; strata are known before anything is done.
///
/// # Errors
///
/// [`ScoreError::NotFinite`](yorisoi_effects::ScoreError::NotFinite) for an outcome or a cost.
///
/// # Source
///
/// As [`credit`].
///
/// # Example
///
/// ```
/// # use std::collections::BTreeMap;
/// # use yorisoi_evaluation::proof::{Dealt, Tally, credit_against_holdout};
/// let mut held = Tally::default();
/// for person in 0..100 {
///     held.add(1, f64::from(u8::from(person < 60)))?; // 60 % stay unaided
/// }
/// let dealt: Vec<Dealt<&str, &str>> = (0..50)
///     .map(|_| Dealt { agent: "Aoi", stratum: "undecided", people: 1, outcome: 1.0, cost: 0.1 })
///     .collect();
/// let (credit, left_out) = credit_against_holdout(&dealt, &BTreeMap::from([("undecided", held)]))?;
/// assert!((credit.team.total - 50.0 * (1.0 - 0.6 - 0.1)).abs() < 1e-9);
/// assert_eq!(left_out, 0);
/// # Ok::<(), yorisoi_evaluation::EvaluationError>(())
/// ```
pub fn credit_against_holdout<A: Ord + Clone, S: Ord>(
    dealt: &[Dealt<A, S>],
    held: &BTreeMap<S, Tally>,
) -> Result<(Credit<A>, usize), EvaluationError> {
    for (name, value) in [
        ("outcome", (|dealt| dealt.outcome) as fn(&Dealt<A, S>) -> f64),
        ("cost", |dealt| dealt.cost),
    ] {
        check_column(name, &dealt.iter().map(value).collect::<Vec<_>>(), dealt.len())?;
    }
    let mut by_agent: BTreeMap<&A, Sums> = BTreeMap::new();
    let mut people: BTreeMap<(&A, &S), f64> = BTreeMap::new();
    let (mut team, mut team_people) = (Sums::default(), BTreeMap::<&S, f64>::new());
    let mut left_out = 0;
    for unit in dealt {
        let Some(expected) = held.get(&unit.stratum).filter(|held| held.clusters() > 1) else {
            left_out += 1;
            continue;
        };
        let m = f64::from(unit.people);
        let score = case_score(unit.outcome, m * expected.mean(), unit.cost);
        by_agent.entry(&unit.agent).or_default().add(score);
        team.add(score);
        *people.entry((&unit.agent, &unit.stratum)).or_default() += m;
        *team_people.entry(&unit.stratum).or_default() += m;
    }
    let error =
        |stratum: &S, m: f64| held.get(stratum).map_or(0.0, |held| m * m * held.variance_of_mean());
    for ((agent, stratum), m) in people {
        if let Some(sums) = by_agent.get_mut(agent) {
            sums.variance += error(stratum, m);
        }
    }
    team.variance += team_people.iter().map(|(stratum, m)| error(stratum, *m)).sum::<f64>();
    Ok((share_out(&by_agent, &team), left_out))
}

/// What is measured of one agent.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    cases: usize,
    total: f64,
    variance: f64,
}

impl Sums {
    /// Adds one household.
    fn add(&mut self, score: f64) {
        self.cases += 1;
        self.total += score;
        self.variance += score * score;
    }

    fn of<A>(cases: &[&Case<A>]) -> Self {
        let mut households: BTreeMap<u64, f64> = BTreeMap::new();
        for case in cases {
            *households.entry(case.household).or_default() += case.score;
        }
        Self {
            cases: cases.len(),
            total: households.values().sum(),
            variance: households.values().map(|sum| sum * sum).sum(),
        }
    }
}

/// Returns how much agents may differ (A), with probabilities.
///
/// The grid is even in the shrinkage `V̄/(V̄ + A)` of a typical agent; a flat prior on A has there the
/// density `1/shrinkage²`. Four agents are enough for it to be proper.
fn likely_spreads(agents: &[Sums]) -> Vec<(f64, f64)> {
    let mean = agents.iter().map(|sums| sums.variance).sum::<f64>() / agents.len().max(1) as f64;
    let mut spreads: Vec<(f64, f64)> = (0..GRID)
        .map(|i| {
            let shrinkage = (i as f64 + 0.5) / GRID as f64;
            let spread = mean * (1.0 - shrinkage) / shrinkage;
            let log_likelihood = |sums: &Sums| {
                let variance = (sums.variance + spread).max(f64::MIN_POSITIVE);
                -0.5 * (libm::log(variance) + sums.total * sums.total / variance)
            };
            let log_prior = -2.0 * libm::log(shrinkage);
            (spread, log_prior + agents.iter().map(log_likelihood).sum::<f64>())
        })
        .collect();
    let top = spreads.iter().map(|spread| spread.1).fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = spreads.iter().map(|spread| libm::exp(spread.1 - top)).sum();
    for spread in &mut spreads {
        spread.1 = libm::exp(spread.1 - top) / sum;
    }
    spreads
}

fn shrunk(sums: &Sums, spreads: &[(f64, f64)]) -> Total {
    let (mut mean, mut square) = (0.0, 0.0);
    for (spread, weight) in spreads {
        let kept = if *spread > 0.0 { spread / (spread + sums.variance) } else { 0.0 };
        let centre = kept * sums.total;
        mean += weight * centre;
        square += weight * (kept * sums.variance + centre * centre);
    }
    around(mean, libm::sqrt((square - mean * mean).max(0.0)))
}

fn around(total: f64, std_error: f64) -> Total {
    let half = Z_95 * std_error;
    Total { total, interval: Interval { low: total - half, high: total + half } }
}

#[cfg(test)]
mod tests;
