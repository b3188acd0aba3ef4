//! How closely each bag's baseline follows the effect: no line, a line, or rounds of boosting on it, chosen on
//! pilot bags.

use serde::{Deserialize, Serialize};
use yorisoi_forest::Forest;

use crate::depth::Judge;

/// Trees that a baseline is judged by: 24 bags, of which about a dozen answer for each row.
pub(crate) const PILOT_TREES: usize = 48;

/// Rounds tried, in turn.
const ROUNDS: [usize; 5] = [3, 6, 12, 24, 48];

/// What a bag takes off before its trees grow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Baseline {
    /// Nothing: its trees follow the whole effect.
    None,
    /// A line.
    Line,
    /// A line, and on top of it so many small trees.
    Boosted(usize),
}

/// Loss of one baseline.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct BaselineLoss {
    /// What was tried.
    pub baseline: Baseline,
    /// Mean out-of-bag R-loss of the pilot forest less that with the line alone, each at its best leaf
    /// size.
    pub excess: f64,
    /// Standard error of that difference, paired by row.
    pub std_error: f64,
}

/// Pilot forests have chosen what baseline the forest stands on.
pub(crate) struct Pilot {
    /// The pilot to be grown on; `None` where bags take turns, as no pilot's did.
    pub(crate) forest: Option<Forest>,
    pub(crate) baseline: Baseline,
    /// Whether every other bag grows without any line.
    pub(crate) is_in_turns: bool,
    /// What was tried beside the line.
    pub(crate) losses: Vec<BaselineLoss>,
}

/// A pilot forest and its loss, row by row.
struct Tried {
    forest: Forest,
    baseline: Baseline,
    losses: Vec<f64>,
}

/// Standard errors by which rounds must beat the line alone. Half of one: rounds that are not needed cost a
/// little width, rounds that are missing cost coverage, and what nothing speaks for loses on average.
const CLEARLY: f64 = 0.5;

/// Tries more and more rounds while each is clearly better than the line alone and better than the one before,
/// and then no line at all; the best is taken, or both in turns.
///
/// So a world where a line and leaves suffice pays for two idle trials only, and noise is not followed: where the
/// effect bends, three rounds show it already, and what only twenty-four find is the luck of many trials. Where the
/// effect is a step, any line is in the way of leaves that would have found it by themselves. Where the two losses
/// are within a standard error of one another nobody knows whether it is: every other bag then grows without one.
pub(crate) fn choose_baseline(grow: impl Fn(Baseline) -> Forest, judge: &Judge<'_>) -> Pilot {
    let try_out = |baseline: Baseline| {
        let forest = grow(baseline);
        let losses = judge.judge(&forest).best_losses().to_vec();
        Tried { forest, baseline, losses }
    };
    let line = try_out(Baseline::Line);
    let (mut losses, mut boosted): (Vec<BaselineLoss>, Option<Tried>) = (Vec::new(), None);
    for rounds in ROUNDS {
        let tried = try_out(Baseline::Boosted(rounds));
        let loss = loss_beside(judge, &tried, &line);
        let before = losses.last().map_or(0.0, |loss: &BaselineLoss| loss.excess);
        losses.push(loss);
        // Written positively so that NaN ends the search too.
        let is_better = loss.excess < before && loss.excess < -CLEARLY * loss.std_error;
        if !is_better {
            break;
        }
        boosted = Some(tried);
    }
    let none = try_out(Baseline::None);
    losses.push(loss_beside(judge, &none, &line));
    let followed = boosted.unwrap_or(line);
    let (excess, std_error) = judge.excess(&none.losses, &followed.losses);
    let is_in_turns = excess.abs() <= std_error;
    let best = if !is_in_turns && excess < 0.0 { none } else { followed };
    let forest = (!is_in_turns).then_some(best.forest);
    Pilot { forest, baseline: best.baseline, is_in_turns, losses }
}

fn loss_beside(judge: &Judge<'_>, tried: &Tried, line: &Tried) -> BaselineLoss {
    let (excess, std_error) = judge.excess(&tried.losses, &line.losses);
    BaselineLoss { baseline: tried.baseline, excess, std_error }
}
