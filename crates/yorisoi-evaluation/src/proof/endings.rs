//! Did it end well? How long a goodbye takes, and who comes back, while some are still open.

use serde::{Deserialize, Serialize};
use yorisoi_data::{Interval, Z_95};

use super::rates::wilson;
use crate::EvaluationError;

/// How long one case has lasted: from exit asked for to exit done, say, or from exit to return.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Span {
    /// Days from the start to the event, or to today if it has not happened.
    pub days: f64,
    /// Whether it has happened; if not, the case is still open (censored).
    pub happened: bool,
}

/// The curve of what has not happened yet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Survival {
    steps: Vec<Step>,
    /// Days each case was watched, ascending.
    days: Vec<f64>,
}

/// One day on which something happened.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// Days since the start.
    pub days: f64,
    /// Cases still watched just before.
    pub at_risk: u64,
    /// Share to which it has not happened by then.
    pub open: f64,
    /// Sum of Greenwood's terms.
    greenwood: f64,
}

/// A time with its interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Median {
    /// Days by which it has happened to half; `None` if it has not yet happened to half.
    pub days: Option<f64>,
    /// Lower end of the 95 % interval.
    pub low: Option<f64>,
    /// Upper end; `None` if it may be later than anyone was watched.
    pub high: Option<f64>,
    /// Cases behind it.
    pub n: usize,
}

/// A share by a day, with its interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ShareBy {
    /// Share to which it has happened.
    pub share: f64,
    /// 95 % interval.
    pub interval: Interval,
    /// Cases still watched on that day.
    pub at_risk: u64,
}

/// Returns the curve of what has not happened yet, with cases that are still open counted as far as they
/// go.
///
/// Leaving open cases out would make goodbyes look quick, and returns frequent.
///
/// # Formula
///
/// ```text
/// S(t) = Π_{tᵢ ≤ t} (1 − dᵢ/nᵢ)           d happened among n at risk
/// σ²(t) = Σ dᵢ / (nᵢ (nᵢ − dᵢ))
/// interval of S:  S^exp(± z σ / ln S)
/// ```
///
/// # Shapes and units
///
/// One span a case, in days.
///
/// # Assumptions
///
/// That a case is still open says nothing about how long it will last, beyond that it has lasted so long.
///
/// # Errors
///
/// [`EvaluationError::Option`] for days that are negative or not a number.
///
/// # Source
///
/// Kaplan & Meier (1958), *JASA* 53; Greenwood (1926); the interval: Kalbfleisch & Prentice (1980);
/// of the median: Brookmeyer & Crowley (1982), *Biometrics* 38.
///
/// # Example
///
/// ```
/// # use yorisoi_evaluation::proof::{Span, survival};
/// let done = |days| Span { days, happened: true };
/// let open = |days| Span { days, happened: false };
/// let exits = survival(&[done(1.0), done(2.0), open(2.0), done(5.0)])?;
/// assert_eq!(exits.median().days, Some(2.0));
/// // Nobody was watched for ten days without an answer, so what happens by then is not known.
/// assert!(survival(&[open(3.0)])?.by(10.0).is_none());
/// # Ok::<(), yorisoi_evaluation::EvaluationError>(())
/// ```
pub fn survival(spans: &[Span]) -> Result<Survival, EvaluationError> {
    if let Some(span) = spans.iter().find(|span| !(span.days >= 0.0 && span.days.is_finite())) {
        let expected = "days, 0 or more";
        return Err(EvaluationError::Option { option: "days", value: span.days, expected });
    }
    let mut sorted = spans.to_vec();
    // On one day what happened comes before who was last seen open: those were still at risk.
    sorted.sort_unstable_by(|a, b| a.days.total_cmp(&b.days).then(b.happened.cmp(&a.happened)));
    let (mut steps, mut open, mut greenwood) = (Vec::<Step>::new(), 1.0, 0.0);
    for same_day in sorted.chunk_by(|a, b| a.days.total_cmp(&b.days).is_eq()) {
        let happened = same_day.iter().filter(|span| span.happened).count() as f64;
        if happened > 0.0 {
            let days = same_day[0].days;
            let at_risk = sorted.len() - sorted.partition_point(|span| span.days < days);
            let n = at_risk as f64;
            open *= 1.0 - happened / n;
            greenwood += happened / (n * (n - happened));
            steps.push(Step { days, at_risk: at_risk as u64, open, greenwood });
        }
    }
    Ok(Survival { steps, days: sorted.iter().map(|span| span.days).collect() })
}

impl Survival {
    /// Returns the days on which something happened.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Returns the days by which it has happened to half.
    pub fn median(&self) -> Median {
        let first = |holds: &dyn Fn(&Step) -> bool| {
            self.steps.iter().find(|step| holds(step)).map(|step| step.days)
        };
        Median {
            days: first(&|step| step.open <= 0.5),
            low: first(&|step| self.open_interval(step).low <= 0.5),
            high: first(&|step| self.open_interval(step).high < 0.5),
            n: self.days.len(),
        }
    }

    /// Returns the share to which it has happened by that day; `None` if nobody was watched so long and
    /// some are still open, or there are no cases.
    pub fn by(&self, days: f64) -> Option<ShareBy> {
        let last = self.steps.iter().rev().find(|step| step.days <= days);
        let all_done = last.is_some_and(|step| step.open <= 0.0);
        // Written so that a day that is not a number is not answered.
        let watched = self.days.last().is_some_and(|&longest| days <= longest) || all_done;
        if !watched {
            return None;
        }
        let at_risk = (self.days.len() - self.days.partition_point(|&day| day < days)) as u64;
        Some(match last {
            // Until something happens, whoever was watched so long is a case to which it did not. Those
            // last seen open before may have gone either way.
            None => ShareBy { share: 0.0, interval: wilson(0.0, at_risk).interval, at_risk },
            Some(step) => {
                let open = self.open_interval(step);
                let interval = Interval { low: 1.0 - open.high, high: 1.0 - open.low };
                ShareBy { share: 1.0 - step.open, interval, at_risk }
            }
        })
    }

    fn open_interval(&self, step: &Step) -> Interval {
        if step.open <= 0.0 {
            // It happened to the last one watched; how many of those unwatched remain is bounded by the step
            // before.
            let before = self.steps.iter().rev().find(|earlier| earlier.open > 0.0);
            let high = before.map_or_else(
                || wilson(0.0, step.at_risk).interval.high,
                |before| self.open_interval(before).high,
            );
            return Interval { low: 0.0, high };
        }
        let log_open = libm::log(step.open);
        let reach = Z_95 * libm::sqrt(step.greenwood) / log_open.abs();
        let at = |sign: f64| libm::exp(log_open * libm::exp(sign * reach));
        Interval { low: at(1.0), high: at(-1.0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::worlds::draw;

    fn spans(of: &[(f64, bool)]) -> Vec<Span> {
        of.iter().map(|(days, happened)| Span { days: *days, happened: *happened }).collect()
    }

    #[test]
    fn the_textbook_curve() {
        // Freireich et al. (1963), 21 patients on 6-mercaptopurine: S(6) = .857, S(13) = .690, S(23) = .448.
        let happened = [6, 6, 6, 7, 10, 13, 16, 22, 23].map(|days| (f64::from(days), true));
        let open =
            [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35].map(|days| (f64::from(days), false));
        let curve = survival(&spans(&[&happened[..], &open[..]].concat())).unwrap();
        for (days, open) in [(6.0, 0.857), (13.0, 0.690), (23.0, 0.448)] {
            assert!((1.0 - curve.by(days).unwrap().share - open).abs() < 5e-4, "{days}");
        }
        // Published for this sample: median 23, 95 % interval by log-log from 13 on, open above.
        let median = curve.median();
        assert_eq!((median.days, median.low, median.high), (Some(23.0), Some(13.0), None));
        // Log-log interval of S(10) = .753: .503 to .889.
        let by_ten = curve.by(10.0).unwrap().interval;
        assert!(
            (1.0 - by_ten.high - 0.503).abs() < 1e-3 && (1.0 - by_ten.low - 0.889).abs() < 1e-3
        );
    }

    #[test]
    fn without_open_cases_it_is_the_share_that_is_done() {
        let curve =
            survival(&spans(&[(1.0, true), (2.0, true), (3.0, true), (4.0, true)])).unwrap();
        assert!((curve.by(2.5).unwrap().share - 0.5).abs() < 1e-12);
        let all = curve.by(9.0).unwrap();
        assert!((all.share - 1.0).abs() < 1e-12 && all.interval.low < 0.9);
    }

    #[test]
    fn one_case_watched_for_long_says_no_more_than_one_case() {
        let young = vec![(1.0, false); 1_000];
        let open = survival(&spans(&[&young[..], &[(90.0, false)]].concat())).unwrap();
        let by = open.by(90.0).unwrap();
        assert_eq!(by.at_risk, 1);
        // Wilson's interval of none of one reaches z² / (1 + z²).
        assert!(by.share < 1e-12 && (by.interval.high - 0.793_5).abs() < 1e-4, "{by:?}");
        assert_eq!(open.by(1.0).unwrap().at_risk, 1_001);
        // The same where it then happens to that one.
        let done = survival(&spans(&[&young[..], &[(90.0, true)]].concat())).unwrap();
        let by = done.by(90.0).unwrap();
        assert!((by.interval.low - 0.206_5).abs() < 1e-4, "{by:?}");
    }

    #[test]
    fn who_is_still_watched_is_counted_on_the_day_asked_for() {
        let curve = survival(&spans(&[(1.0, true), (2.0, false), (3.0, false), (9.0, false)]));
        let at_risk = |days| curve.as_ref().unwrap().by(days).unwrap().at_risk;
        assert_eq!([1.0, 2.0, 2.5, 3.0, 8.0].map(at_risk), [4, 3, 2, 2, 1]);
    }

    #[test]
    fn what_was_not_watched_is_not_answered() {
        assert!(survival(&[]).unwrap().by(1.0).is_none());
        let curve = survival(&spans(&[(1.0, true), (5.0, false)])).unwrap();
        assert!(curve.by(6.0).is_none() && curve.by(f64::NAN).is_none());
        assert!(curve.by(0.5).unwrap().share.abs() < 1e-300);
        assert_eq!(survival(&spans(&[(4.0, false)])).unwrap().median().days, None);
        assert!(survival(&spans(&[(-1.0, true)])).is_err());
        assert!(survival(&spans(&[(f64::NAN, true)])).is_err());
    }

    #[test]
    fn intervals_of_shares_and_medians_cover_with_a_third_still_open() {
        // Exponential with mean 10: a share 1 − e⁻¹ by day 10, median 10 ln 2; watched for a uniform time
        // up to 30 days. Median intervals may be a little conservative: one-sided bound for them.
        let (mut shares, mut medians) = (0, 0);
        for seed in 0..1_000 {
            let span = |i: usize| {
                let (event, watched) =
                    (-10.0 * libm::log(1.0 - draw(seed, 1, i)), 30.0 * draw(seed, 2, i));
                Span { days: event.min(watched), happened: event <= watched }
            };
            let curve = survival(&(0..150).map(span).collect::<Vec<_>>()).unwrap();
            let interval = curve.by(10.0).unwrap().interval;
            let truth = 1.0 - libm::exp(-1.0);
            shares += u32::from(interval.low <= truth && truth <= interval.high);
            let (median, truth) = (curve.median(), 10.0 * libm::log(2.0));
            medians += u32::from(
                median.low.unwrap() <= truth && median.high.is_none_or(|high| truth <= high),
            );
        }
        crate::worlds::assert_nominal_coverage(shares, 1_000);
        assert!(medians >= 925, "{medians} of 1,000");
    }
}
