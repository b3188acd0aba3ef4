//! Does the whole programme do good? Those reached against those held out by lot.

use serde::{Deserialize, Serialize};

use super::holdout::Share;
use super::rare::{self, Events};
use super::sample_ratio::sample_ratio_at_any_time;
use super::sequential::{factor_at_any_time, found};
use super::tally::{Tally, skewness_squared};
use super::verdict::{Proof, Reason, Verdict};
use crate::EvaluationError;

/// Fewest clusters in the smaller arm, however well behaved outcomes are.
const MIN_CLUSTERS: u64 = 50;

/// Fewest of the rarer answer in each arm: the usual rule for a normal interval of a share.
const MIN_EVENTS: u64 = 10;

/// The same rule for amounts. A rare share p has a squared skewness of about 1/p, so that ten events are as
/// many clusters as ten times the squared skewness. With amounts like `e^Z`, a tenth held out, and looks
/// that begin at 50, daily looks erred in 6.8 % of programmes; beginning at 200, in 3.1 %.
const MIN_CLUSTERS_PER_SKEWNESS: f64 = 10.0;

/// How a programme is judged; chosen before it starts and kept.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Design {
    /// Share of people (or households) held out by lot.
    pub share_held: Share,
    /// How the interval is made.
    pub method: Method,
}

/// How the interval is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// One look, at an end fixed in advance: the usual normal interval. It must not be looked at before.
    FixedEnd,
    /// A look whenever one likes: an asymptotic confidence sequence.
    AnyTime {
        /// People (or households), both arms together, at which it shall be narrowest.
        tuned_at_clusters: u64,
    },
    /// A look whenever one likes, exact at every size, for a yes or no that is rare.
    ///
    /// To be chosen where fewer than about a hundred of the rarer answer are expected among the held.
    AnyTimeRare {
        /// How often the rarer answer is planned to occur, in both arms together.
        tuned_at_events: u64,
        /// Which answer is the rare one.
        rare: RareAnswer,
    },
}

/// Which answer of a yes-or-no outcome is rare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RareAnswer {
    /// Ones: say, purchases.
    Ones,
    /// Zeros: say, of those who stay nearly all do.
    Zeros,
}

/// Returns what a holdout says of a programme.
///
/// # Formula
///
/// ```text
/// FixedEnd     Δ̂ ± 1.96 se
/// AnyTime      Δ̂ ± se √((1 + 1/r) ln((1 + r)/α²)),   r = x* n / n*
/// AnyTimeRare  range of p̄ f(q) over the shares q and p̄ that no look has refuted
/// ```
///
/// `Δ̂` is the mean outcome of the reached less that of the held, by intention to treat: whoever was dealt
/// to "reached" counts there, whatever then happened.
///
/// # Shapes and units
///
/// One [`Tally`] an arm, over what was dealt as one (households are summed first). The result is in the
/// unit of the outcome, a person.
///
/// # Assumptions
///
/// People were dealt by [`assign`](super::assign) with the share of the design; one's treatment does not
/// touch the outcome of somebody dealt separately; more of the outcome is better. `AnyTime` is valid as
/// samples grow: it refuses with fewer than 50 clusters, ten times their squared skewness, or 10 of the
/// rarer answer, in an arm.
///
/// # Errors
///
/// [`EvaluationError::Option`] if the share held out is 0 or 1, or a method is tuned at 0.
///
/// # Source
///
/// Waudby-Smith et al. (2024), *Annals of Statistics* 52(6); Lindon & Malek (2022), *Advances in
/// Neural Information Processing Systems* 35.
///
/// # Example
///
/// ```
/// # use yorisoi_evaluation::proof::{Design, Method, Share, Tally, Verdict, prove};
/// let (mut reached, mut held) = (Tally::default(), Tally::default());
/// for person in 0..2_000 {
///     reached.add(1, f64::from(u8::from(person % 10 < 4)))?; // 40 % stay
///     held.add(1, f64::from(u8::from(person % 10 < 3)))?; // 30 % stay
/// }
/// let method = Method::AnyTime { tuned_at_clusters: 4_000 };
/// let proof = prove(&reached, &held, &Design { share_held: Share::new(0.5)?, method })?;
/// assert_eq!(proof.verdict, Verdict::Proven);
/// // The trap: a plain 95 % interval, looked at every day, would "prove" a programme without effect
/// // in far more than 5 % of cases. `Method::FixedEnd` is for one look.
/// # Ok::<(), yorisoi_evaluation::EvaluationError>(())
/// ```
pub fn prove(reached: &Tally, held: &Tally, design: &Design) -> Result<Proof, EvaluationError> {
    check(design)?;
    let is_yes_or_no = reached.events().is_some() && held.events().is_some();
    let answer = match doubt(reached, held, design)? {
        Some(reason) => Err(reason),
        None => match design.method {
            Method::AnyTimeRare { tuned_at_events, rare } => {
                found_rare(reached, held, design.share_held, (tuned_at_events, rare))
            }
            Method::FixedEnd => Ok(found(reached, held, yorisoi_data::Z_95)),
            Method::AnyTime { tuned_at_clusters } => {
                let n = (reached.clusters() + held.clusters()) as f64;
                Ok(found(reached, held, factor_at_any_time(n, tuned_at_clusters as f64)))
            }
        },
    };
    let verdict = match &answer {
        Ok(found) => found.verdict(),
        Err(reason) => Verdict::CannotKnow(*reason),
    };
    Ok(Proof {
        found: answer.ok(),
        people_reached: reached.people(),
        people_held: held.people(),
        is_yes_or_no,
        verdict,
    })
}

fn check(design: &Design) -> Result<(), EvaluationError> {
    let share = design.share_held.get();
    if share <= 0.0 || share >= 1.0 {
        let expected = "between 0 and 1, so that there are two groups to compare";
        return Err(EvaluationError::Option { option: "share_held", value: share, expected });
    }
    let (option, tuned_at) = match design.method {
        Method::FixedEnd => return Ok(()),
        Method::AnyTime { tuned_at_clusters } => ("tuned_at_clusters", tuned_at_clusters),
        Method::AnyTimeRare { tuned_at_events, .. } => ("tuned_at_events", tuned_at_events),
    };
    if tuned_at == 0 {
        let expected = "the size that the programme plans for, at least 1";
        return Err(EvaluationError::Option { option, value: 0.0, expected });
    }
    Ok(())
}

/// Returns why nothing can be said, if so.
fn doubt(
    reached: &Tally,
    held: &Tally,
    design: &Design,
) -> Result<Option<Reason>, EvaluationError> {
    let (n_reached, n_held) = (reached.clusters(), held.clusters());
    if n_reached == 0 || n_held == 0 {
        return Ok(Some(Reason::NoComparison));
    }
    let share = design.share_held.get();
    let ratio = sample_ratio_at_any_time(&[n_held, n_reached], &[share, 1.0 - share])?;
    if ratio.alarm {
        return Ok(Some(Reason::SampleRatio { p_value: ratio.p_value }));
    }
    if matches!(design.method, Method::AnyTimeRare { .. }) {
        return Ok(None);
    }
    let smaller = n_reached.min(n_held);
    let needed = clusters_needed(reached, held);
    if smaller < needed {
        return Ok(Some(Reason::TooFewPeople { actual: smaller, needed }));
    }
    let (Some(ones), Some(others)) = (reached.events(), held.events()) else {
        return Ok(None);
    };
    let rarer = ones.min(others).min(n_reached - ones).min(n_held - others);
    let too_few = Reason::TooFewEvents { actual: rarer, needed: MIN_EVENTS };
    Ok((rarer < MIN_EVENTS).then_some(too_few))
}

/// Returns how many clusters each arm needs for its mean to be about normal.
fn clusters_needed(reached: &Tally, held: &Tally) -> u64 {
    if reached.events().is_some() && held.events().is_some() {
        // The rule for events says it better: it looks at each arm, and at both answers.
        return MIN_CLUSTERS;
    }
    let for_skewness = MIN_CLUSTERS_PER_SKEWNESS * skewness_squared(reached, held);
    MIN_CLUSTERS.max(libm::ceil(for_skewness) as u64)
}

fn found_rare(
    reached: &Tally,
    held: &Tally,
    share_held: Share,
    (tuned_at, rare): (u64, RareAnswer),
) -> Result<super::Found, Reason> {
    let (Some(in_reached), Some(in_held)) = (reached.events(), held.events()) else {
        return Err(Reason::NotYesOrNo);
    };
    let (in_reached, in_held, sign) = match rare {
        RareAnswer::Ones => (in_reached, in_held, 1.0),
        RareAnswer::Zeros => (reached.clusters() - in_reached, held.clusters() - in_held, -1.0),
    };
    let events = Events {
        reached: in_reached as f64,
        held: in_held as f64,
        people: (reached.clusters() + held.clusters()) as f64,
    };
    Ok(rare::found(events, 1.0 - share_held.get(), tuned_at as f64).times(sign))
}

#[cfg(test)]
mod tests;
