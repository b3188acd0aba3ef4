//! Which action shall be tried, while one is still learning? Thompson sampling, with its probabilities.

use serde::{Deserialize, Serialize};

use super::belief::Belief;
use super::draws::{exploration_draw, hashed_uniform};
use super::holdout::Share;
use crate::{EvaluationError, Words};

/// Nodes and weights of Gauss and Legendre on `[0, 1]`: exact for polynomials of degree five.
const NODES: [(f64, f64); 3] = [
    (0.112_701_665_379_258_3, 5.0 / 18.0),
    (0.5, 8.0 / 18.0),
    (0.887_298_334_620_741_7, 5.0 / 18.0),
];

/// Chances below this are not integrated, and no choice is logged as less likely.
const LEAST: f64 = 1e-12;

/// An action that may be chosen, with what is believed of its worth to this client.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'a> {
    /// Its name; no two candidates share one.
    pub name: &'a str,
    /// Its worth: see [`Belief::scaled`]. Holding back is a candidate as well.
    pub worth: &'a Belief,
}

/// What was chosen, and how likely that was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    /// Index of the chosen candidate.
    pub chosen: usize,
    /// Probability of the choice, to be logged as its propensity.
    pub probability: f64,
    /// Probabilities of all candidates, which sum to 1.
    pub probabilities: Vec<f64>,
    /// Whether the declared exploration decided, not the beliefs.
    pub explored: bool,
}

/// Chooses as often as each candidate is believed to be the best.
///
/// # Formula
///
/// ```text
/// with probability ε (the declared exploration):  any candidate, all alike
/// otherwise:  argmaxₖ Qₖ(uₖ),   uₖ = keyed hash of (decision, name of k)
/// P(k) = ε/K + (1 − ε) P[θₖ is largest]
/// ```
///
/// with Q the quantile function of a candidate's worth. The same decision draws the same numbers again, on
/// every interface.
///
/// # Shapes and units
///
/// All worths share one unit. Give only candidates that passed all gates.
///
/// # Assumptions
///
/// Beliefs are independent of one another, and do not depend on this decision's id.
///
/// # Errors
///
/// [`EvaluationError::Option`] without a candidate or with two of the same name.
///
/// # Source
///
/// Thompson (1933), *Biometrika* 25; Russo et al. (2018), "A tutorial on Thompson sampling".
///
/// # Example
///
/// ```
/// # use yorisoi_evaluation::proof::{Belief, Candidate, Prior, Seen, Share, choose};
/// let prior = Prior::Beta { a: 1.0, b: 9.0 };
/// let call = Belief::new(&prior, &Seen { n: 20, sum: 6.0, sum_of_squares: 6.0 })?;
/// // A call that works is worth 100, and costs 8 whether it works or not.
/// let (call, hold) = (call.scaled(100.0, -8.0), Belief::certain(0.0));
/// let candidates =
///     [Candidate { name: "call", worth: &call }, Candidate { name: "hold", worth: &hold }];
/// let choice = choose(&[7; 32], "decision-1", &candidates, Share::new(0.1)?)?;
/// assert!(choice.probabilities[0] > 0.9 && choice.probabilities[1] >= 0.05);
/// # Ok::<(), yorisoi_evaluation::EvaluationError>(())
/// ```
pub fn choose(
    key: &[u8; 32],
    decision_id: &str,
    candidates: &[Candidate<'_>],
    exploration: Share,
) -> Result<Choice, EvaluationError> {
    check_names(candidates)?;
    let (rate, n) = (exploration.get(), candidates.len() as f64);
    let worths: Vec<&Belief> = candidates.iter().map(|candidate| candidate.worth).collect();
    let probabilities: Vec<f64> =
        chances_of_being_best(&worths).iter().map(|best| rate / n + (1.0 - rate) * best).collect();
    let draw = exploration_draw(key, decision_id);
    let explored = draw < rate;
    let chosen = if explored {
        // Given that it explores, the draw over the rate is uniform again.
        ((draw / rate * n) as usize).min(candidates.len() - 1)
    } else {
        let mut best = (0, f64::NEG_INFINITY);
        for (index, candidate) in candidates.iter().enumerate() {
            let u = hashed_uniform(key, "yorisoi/thompson/1", &[decision_id, candidate.name]);
            let worth = candidate.worth.quantile(u);
            if worth > best.1 {
                best = (index, worth);
            }
        }
        best.0
    };
    let probability = probabilities[chosen].max(LEAST);
    Ok(Choice { chosen, probability, probabilities, explored })
}

fn check_names(candidates: &[Candidate<'_>]) -> Result<(), EvaluationError> {
    let refuse =
        |value, expected| EvaluationError::Option { option: "candidates", value, expected };
    if candidates.is_empty() {
        return Err(refuse(0.0, "at least one candidate; holding back is one"));
    }
    let mut names: Vec<&str> = candidates.iter().map(|candidate| candidate.name).collect();
    names.sort_unstable();
    if names.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(refuse(candidates.len() as f64, "names that differ, so that draws differ"));
    }
    Ok(())
}

/// Returns, for each belief, the probability that its value is the largest.
///
/// # Formula
///
/// ```text
/// Pₖ = ∫ fₖ(x) Π_{j≠k} Fⱼ(x) dx
/// ```
///
/// Laws are straight between knots, so between neighbouring knots of all laws the integrand is a
/// polynomial; three nodes of Gauss and Legendre a cell leave an error below 1e-6, and the sum, which is 1
/// in theory, is divided out. Where all laws together leave less than 1e-12, nothing is integrated. Of
/// several certain values only the first of the largest can be best.
///
/// # Source
///
/// Russo et al. (2018) (probability matching); Davis & Rabinowitz (1984) for the quadrature.
pub fn chances_of_being_best(worths: &[&Belief]) -> Vec<f64> {
    let mut chances = vec![0.0; worths.len()];
    let surest = largest_certain(worths);
    let open: Vec<usize> = (0..worths.len()).filter(|k| !worths[*k].is_certain()).collect();
    let lines: Vec<Vec<(f64, f64)>> = open.iter().map(|k| worths[*k].table().collect()).collect();
    // Below the highest lower end (or the largest certain value) nothing can be the best.
    let certain_value = surest.map_or(f64::NEG_INFINITY, |k| worths[k].mean());
    let bottom = lines.iter().map(|line| line[0].0).fold(certain_value, f64::max);
    if let Some(k) = surest {
        chances[k] = all_below(&lines, certain_value);
    }
    for (k, chance) in open.iter().zip(integrate(&lines, worth_looking_from(&lines, bottom))) {
        chances[*k] = chance;
    }
    let sum: f64 = chances.iter().sum();
    for chance in &mut chances {
        *chance /= sum;
    }
    chances
}

fn largest_certain(worths: &[&Belief]) -> Option<usize> {
    let mut best: Option<usize> = None;
    for (k, worth) in worths.iter().enumerate() {
        if worth.is_certain() && best.is_none_or(|best| worth.mean() > worths[best].mean()) {
            best = Some(k);
        }
    }
    best
}

/// Returns the probability that all values lie below `x`.
fn all_below(lines: &[Vec<(f64, f64)>], x: f64) -> f64 {
    lines.iter().map(|line| Segment::at(line, x).level(x)).product()
}

/// Returns a value below which the best candidate hardly ever lies.
fn worth_looking_from(lines: &[Vec<(f64, f64)>], bottom: f64) -> f64 {
    let top = lines.iter().map(|line| line[line.len() - 1].0).fold(bottom, f64::max);
    let (mut low, mut high) = (bottom, top);
    // Twenty halvings come within a millionth of the range, which is near enough for saving work.
    for _ in 0..20 {
        let middle = 0.5 * (low + high);
        if all_below(lines, middle) < LEAST {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}

/// A straight piece of a distribution function.
#[derive(Debug, Clone, Copy)]
struct Segment {
    from: f64,
    level: f64,
    slope: f64,
}

impl Segment {
    /// Returns the piece of a table of values and levels that begins at or below `x`.
    fn at(line: &[(f64, f64)], x: f64) -> Self {
        Self::after(line, line.partition_point(|knot| knot.0 <= x))
    }

    /// Returns the piece before the knot numbered `next`.
    fn after(line: &[(f64, f64)], next: usize) -> Self {
        let Some(before) = next.checked_sub(1) else {
            return Self { from: 0.0, level: 0.0, slope: 0.0 };
        };
        let (from, level) = line[before];
        let slope = line.get(next).map_or(0.0, |(to, to_level)| (to_level - level) / (to - from));
        Self { from, level, slope }
    }

    fn level(&self, x: f64) -> f64 {
        self.level + self.slope * (x - self.from)
    }
}

/// Returns `∫ fₖ Π Fⱼ` from `start` upwards for each line; `start` lies at or above all lower ends.
fn integrate(lines: &[Vec<(f64, f64)>], start: f64) -> Vec<f64> {
    let mut chances = vec![0.0; lines.len()];
    let mut segments: Vec<Segment> = lines.iter().map(|line| Segment::at(line, start)).collect();
    let mut next: Vec<usize> =
        lines.iter().map(|line| line.partition_point(|knot| knot.0 <= start)).collect();
    let mut knots: Vec<(f64, usize)> = Vec::new();
    for (k, line) in lines.iter().enumerate() {
        knots.extend(line[next[k]..].iter().map(|knot| (knot.0, k)));
    }
    knots.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let (mut from, mut levels) = (start, vec![0.0; lines.len()]);
    for (x, k) in knots {
        if x > from {
            add_cell((from, x), &segments, &mut levels, &mut chances);
            from = x;
        }
        next[k] += 1;
        segments[k] = Segment::after(&lines[k], next[k]);
    }
    chances
}

/// Adds the integrals over one cell, in which every law is straight.
fn add_cell((from, to): (f64, f64), segments: &[Segment], levels: &mut [f64], chances: &mut [f64]) {
    let width = to - from;
    for (at, weight) in NODES {
        let mut product = weight * width;
        for (level, segment) in levels.iter_mut().zip(segments) {
            // Not at `from + at · width`, which in a cell between neighbouring doubles is `from` again.
            *level = segment.level(from) + at * width * segment.slope;
            product *= *level;
        }
        // Inside a cell above all lower ends no level is zero.
        for ((chance, level), segment) in chances.iter_mut().zip(&*levels).zip(segments) {
            *chance += product * segment.slope / level;
        }
    }
}

/// When something may be said of an action.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Certainty {
    /// Outcomes needed of action and of holding back.
    pub min_seen: u64,
    /// Chance needed, above one half: 0.95, say.
    pub chance: Share,
}

/// What may be said of an action against holding back.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Knowledge {
    /// The answer.
    pub answer: Answer,
    /// Chance that the action does better.
    pub chance_better: f64,
}

/// The answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// It does better.
    Better,
    /// It does worse.
    Worse,
    /// Too little was seen, or it points neither way.
    CannotKnowYet,
}

impl Answer {
    /// Returns the answer in words.
    pub fn words(self) -> Words {
        let (en, ja) = match self {
            Self::Better => ("This helps more than holding back.", "控えるより役に立っています。"),
            Self::Worse => {
                ("Holding back does better than this.", "控えたほうがよい結果になっています。")
            }
            Self::CannotKnowYet => {
                ("We cannot know yet.", "まだ分かりません。もう少し様子を見る必要があります。")
            }
        };
        Words { en: en.to_owned(), ja: ja.to_owned() }
    }
}

/// Returns whether an action may be said to do better, or worse, than holding back.
///
/// # Formula
///
/// ```text
/// CannotKnowYet  if n < min_seen for either, or 1 − c < P[action > hold] < c
/// ```
///
/// # Assumptions
///
/// The prior was declared before anything was seen. This is a rule for a desk with few clients; a claim
/// about a programme needs a holdout ([`prove`](super::prove)).
///
/// # Source
///
/// As [`choose`].
///
/// # Example
///
/// ```
/// # use yorisoi_evaluation::proof::{Answer, Belief, Certainty, Prior, Seen, Share, knowledge};
/// let prior = Prior::Beta { a: 1.0, b: 1.0 };
/// let seen = |n, sum| Belief::new(&prior, &Seen { n, sum, sum_of_squares: sum });
/// let rule = Certainty { min_seen: 30, chance: Share::new(0.95)? };
/// assert_eq!(knowledge(&seen(5, 5.0)?, &seen(40, 4.0)?, &rule).answer, Answer::CannotKnowYet);
/// assert_eq!(knowledge(&seen(40, 30.0)?, &seen(40, 4.0)?, &rule).answer, Answer::Better);
/// # Ok::<(), yorisoi_evaluation::EvaluationError>(())
/// ```
pub fn knowledge(action: &Belief, hold: &Belief, rule: &Certainty) -> Knowledge {
    let chance_better = chances_of_being_best(&[action, hold])[0];
    let seen = action.n().min(hold.n());
    let answer = if seen < rule.min_seen {
        Answer::CannotKnowYet
    } else if chance_better >= rule.chance.get() {
        Answer::Better
    } else if chance_better <= 1.0 - rule.chance.get() {
        Answer::Worse
    } else {
        Answer::CannotKnowYet
    };
    Knowledge { answer, chance_better }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proof::{Prior, Seen};
    use proptest::prelude::*;

    fn beta(a: f64, b: f64) -> Belief {
        Belief::new(&Prior::Beta { a, b }, &Seen::default()).unwrap()
    }

    #[test]
    fn two_betas_by_hand() {
        // P[Beta(1, 1) > Beta(2, 1)] = ∫ (1 − x) 2x dx = 1/3, within what straight lines leave.
        let chances = chances_of_being_best(&[&beta(1.0, 1.0), &beta(2.0, 1.0)]);
        assert!((chances[0] - 1.0 / 3.0).abs() < 2e-3, "{chances:?}");
        // P[Beta(3, 2) > Beta(1, 1)] = E[Beta(3, 2)] = 3/5.
        let chances = chances_of_being_best(&[&beta(3.0, 2.0), &beta(1.0, 1.0)]);
        assert!((chances[0] - 0.6).abs() < 2e-3, "{chances:?}");
    }

    #[test]
    fn certain_values_take_what_lies_below_them() {
        let (open, low, high) = (beta(1.0, 1.0), Belief::certain(0.2), Belief::certain(0.3));
        let chances = chances_of_being_best(&[&low, &open, &high, &high]);
        assert!((chances[2] - 0.3).abs() < 1e-6 && (chances[1] - 0.7).abs() < 1e-6, "{chances:?}");
        assert!(chances[0].abs() < 1e-300 && chances[3].abs() < 1e-300);
        assert_eq!(chances_of_being_best(&[&low, &high]), vec![0.0, 1.0]);
    }

    /// Candidates as unlike as they come: wide, narrow, skewed, certain.
    fn crowd() -> Vec<Belief> {
        let amounts = Prior::NormalGamma { mean: 0.2, strength: 3.0, shape: 2.0, rate: 0.05 };
        let mut crowd = vec![
            beta(2.0, 7.0),
            beta(30.0, 90.0),
            beta(0.5, 0.5).scaled(-0.5, 0.6),
            Belief::new(&amounts, &Seen::default()).unwrap(),
            Belief::certain(0.22),
        ];
        crowd.extend((0..15).map(|i| beta(1.0 + f64::from(i), 4.0 + 3.0 * f64::from(i))));
        crowd
    }

    #[test]
    fn logged_probabilities_are_the_frequencies_of_choices() {
        // 20,000 decisions of 20 candidates; a frequency is off by more than 4.5 standard deviations with
        // probability 7e-6.
        let crowd = crowd();
        let names: Vec<String> = (0..crowd.len()).map(|i| format!("action {i}")).collect();
        let candidates: Vec<Candidate<'_>> = crowd
            .iter()
            .zip(&names)
            .map(|(worth, name)| Candidate { name: name.as_str(), worth })
            .collect();
        let n = 20_000_u32;
        let mut counts = vec![0_u32; crowd.len()];
        let mut probabilities = vec![];
        for decision in 0..n {
            let rate = Share::new(0.1).unwrap();
            let id = decision.to_string();
            let choice = choose(&[5; 32], &id, &candidates, rate).unwrap();
            counts[choice.chosen] += 1;
            probabilities = choice.probabilities;
        }
        for (count, p) in counts.iter().zip(&probabilities) {
            let slack = 4.5 * (p * (1.0 - p) * f64::from(n)).sqrt();
            assert!((f64::from(*count) - p * f64::from(n)).abs() < slack, "{count} {p}");
        }
        assert!(probabilities.iter().all(|p| *p >= 0.1 / 20.0 - 1e-12));
    }

    #[test]
    fn quadrature_agrees_with_a_hundred_times_finer_cells() {
        let crowd = crowd();
        let worths: Vec<&Belief> = crowd.iter().collect();
        let open: Vec<usize> = (0..worths.len()).filter(|k| !worths[*k].is_certain()).collect();
        let fine: Vec<Vec<(f64, f64)>> = open
            .iter()
            .map(|k| {
                let line: Vec<(f64, f64)> = worths[*k].table().collect();
                let between = |pair: &[(f64, f64)]| {
                    let (from, to) = (pair[0], pair[1]);
                    let part = move |i: u32| {
                        let at = f64::from(i) / 100.0;
                        (from.0 + at * (to.0 - from.0), from.1 + at * (to.1 - from.1))
                    };
                    (0..100).map(part).collect::<Vec<_>>()
                };
                let mut fine: Vec<(f64, f64)> = line.windows(2).flat_map(between).collect();
                fine.extend(line.last());
                fine
            })
            .collect();
        let chances = chances_of_being_best(&worths);
        let exact = integrate(&fine, 0.22);
        for (k, exact) in open.iter().zip(exact) {
            assert!((chances[*k] - exact).abs() < 1e-6, "{k}: {} {exact}", chances[*k]);
        }
    }

    #[test]
    fn laws_steep_as_a_cliff_have_probabilities_too() {
        // Beta(1/5, 1/5) has a hundredth of its mass below 3e-9; scaled and shifted, knots are neighbours.
        let cliff = beta(0.2, 0.2).scaled(1.4, 0.5);
        assert_eq!(chances_of_being_best(&[&cliff]), vec![1.0]);
        let twin = chances_of_being_best(&[&cliff, &cliff]);
        assert!((twin[0] - 0.5).abs() < 1e-9 && (twin[1] - 0.5).abs() < 1e-9, "{twin:?}");
    }

    #[test]
    fn the_same_decision_chooses_the_same() {
        let (a, b) = (beta(1.0, 1.0), beta(1.0, 1.0));
        let two = [Candidate { name: "a", worth: &a }, Candidate { name: "b", worth: &b }];
        let swapped = [two[1], two[0]];
        for id in 0..50 {
            let choice = |candidates: &[Candidate<'_>]| {
                let rate = Share::new(0.0).unwrap();
                let choice = choose(&[1; 32], &id.to_string(), candidates, rate).unwrap();
                candidates[choice.chosen].name.to_owned()
            };
            assert_eq!(choice(&two), choice(&two));
            // Draws belong to names, so the order of candidates changes nothing.
            assert_eq!(choice(&two), choice(&swapped));
        }
    }

    #[test]
    fn nobody_to_choose_from_and_namesakes_are_refused() {
        let rate = Share::new(0.0).unwrap();
        let a = beta(1.0, 1.0);
        let twin = Candidate { name: "a", worth: &a };
        assert!(choose(&[1; 32], "d", &[], rate).is_err());
        assert!(choose(&[1; 32], "d", &[twin, twin], rate).is_err());
    }

    #[test]
    fn little_evidence_says_nothing_however_clear() {
        let rule = Certainty { min_seen: 30, chance: Share::new(0.95).unwrap() };
        let seen = |n, sum| {
            let prior = Prior::Beta { a: 1.0, b: 1.0 };
            Belief::new(&prior, &Seen { n, sum, sum_of_squares: sum }).unwrap()
        };
        let answer = |a: &Belief, b: &Belief| knowledge(a, b, &rule).answer;
        assert_eq!(answer(&seen(29, 29.0), &seen(500, 5.0)), Answer::CannotKnowYet);
        assert_eq!(answer(&seen(30, 29.0), &seen(500, 5.0)), Answer::Better);
        assert_eq!(answer(&seen(500, 5.0), &seen(30, 29.0)), Answer::Worse);
        assert_eq!(answer(&seen(500, 50.0), &seen(500, 50.0)), Answer::CannotKnowYet);
    }

    proptest! {
        #[test]
        fn chances_are_probabilities(
            laws in proptest::collection::vec((0.2..50.0_f64, 0.2..50.0_f64, -3.0..3.0_f64, -1.0..1.0_f64), 1..8),
        ) {
            let beliefs: Vec<Belief> =
                laws.iter().map(|(a, b, scale, shift)| beta(*a, *b).scaled(*scale, *shift)).collect();
            let chances = chances_of_being_best(&beliefs.iter().collect::<Vec<_>>());
            prop_assert!(chances.iter().all(|p| (0.0..=1.0 + 1e-9).contains(p)));
            prop_assert!((chances.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        }
    }
}
