//! How closely each bag's baseline follows the effect: nothing, a line, or rounds of boosting with a line under them
//! or without, chosen on pilot bags.

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
    /// The mean effect, and on top of it so many small trees.
    Steps(usize),
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
    /// What every other bag stands on instead, where nobody knows which is better.
    pub(crate) other_half: Option<Baseline>,
    /// What was tried beside the line.
    pub(crate) losses: Vec<BaselineLoss>,
}

/// A pilot forest and its loss, row by row.
struct Tried {
    forest: Forest,
    baseline: Baseline,
    losses: Vec<f64>,
}

/// What rounds are added to, and by how many standard errors they must beat it.
struct Way {
    baseline: fn(usize) -> Baseline,
    clearly: f64,
}

/// Half a standard error: rounds that are not needed cost a little width, rounds that are missing cost coverage, and
/// what nothing speaks for loses on average.
const ON_A_LINE: Way = Way { baseline: Baseline::Boosted, clearly: 0.5 };

/// A whole one: it is the second look at the same rows, and the best of more trials looks better by chance.
const WITHOUT: Way = Way { baseline: Baseline::Steps, clearly: 1.0 };

/// Follows the effect from a line and from no line; the better of the two is taken, or both in turns.
///
/// Where the effect is a step, a line is in the way of leaves that would have found it by themselves; where features
/// are many and people few, it is mostly noise, which no tree on top of it takes off again. So rounds without one are
/// tried too, unless nothing bends and the line is clearly better than nothing. Where the losses of the two ways are
/// within a standard error of one another nobody knows which is better: bags take turns.
pub(crate) fn choose_baseline(grow: impl Fn(Baseline) -> Forest, judge: &Judge<'_>) -> Pilot {
    let try_out = |baseline: Baseline| {
        let forest = grow(baseline);
        let losses = judge.judge(&forest).best_losses().to_vec();
        Tried { forest, baseline, losses }
    };
    let line = try_out(Baseline::Line);
    let on_line = line.losses.clone();
    let mut losses = Vec::new();
    let mut try_beside = |baseline: Baseline| {
        let tried = try_out(baseline);
        let (excess, std_error) = judge.excess(&tried.losses, &on_line);
        losses.push(BaselineLoss { baseline, excess, std_error });
        tried
    };
    let with_line = follow(line, &ON_A_LINE, &mut try_beside, judge);
    let mut without = try_beside(Baseline::None);
    let bends = with_line.baseline != Baseline::Line;
    let (excess, std_error) = judge.excess(&without.losses, &on_line);
    if bends || excess <= std_error {
        without = follow(without, &WITHOUT, &mut try_beside, judge);
    }
    let (excess, std_error) = judge.excess(&without.losses, &with_line.losses);
    if excess.abs() <= std_error {
        let (baseline, other_half) = (with_line.baseline, Some(without.baseline));
        return Pilot { forest: None, baseline, other_half, losses };
    }
    let Tried { forest, baseline, .. } = if excess < 0.0 { without } else { with_line };
    Pilot { forest: Some(forest), baseline, other_half: None, losses }
}

/// Tries more and more rounds while each is clearly better than the start and better than the one before; returns the
/// last that was.
///
/// So a world where a line and leaves suffice pays for one idle trial only, and noise is not followed: where the effect
/// bends, three rounds show it already, and what only twenty-four find is the luck of many trials.
fn follow(
    start: Tried,
    way: &Way,
    try_out: &mut impl FnMut(Baseline) -> Tried,
    judge: &Judge<'_>,
) -> Tried {
    let (mut best, mut least) = (None, 0.0);
    for rounds in ROUNDS {
        let tried = try_out((way.baseline)(rounds));
        let (excess, std_error) = judge.excess(&tried.losses, &start.losses);
        // Written positively so that NaN ends the search too.
        let is_better = excess < least && excess < -way.clearly * std_error;
        if !is_better {
            break;
        }
        (best, least) = (Some(tried), excess);
    }
    best.unwrap_or(start)
}
