//! How closely each bag's baseline follows the effect: rounds of boosting, chosen on pilot bags.

use serde::{Deserialize, Serialize};
use yorisoi_forest::Forest;

use crate::depth::Judge;

/// Trees that a number of rounds is judged by: 24 bags, of which about a dozen answer for each row.
pub(crate) const PILOT_TREES: usize = 48;

/// Rounds tried, in turn.
const ROUNDS: [usize; 5] = [3, 6, 12, 24, 48];

/// Loss of one number of rounds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RoundsLoss {
    /// Small trees a bag boosts on top of its line.
    pub rounds: usize,
    /// Mean out-of-bag R-loss of the pilot forest less that with the line alone, each at its best leaf
    /// size.
    pub excess: f64,
    /// Standard error of that difference, paired by row.
    pub std_error: f64,
}

/// A pilot forest, to be grown on.
pub(crate) struct Pilot {
    pub(crate) forest: Forest,
    pub(crate) rounds: usize,
    /// What was tried.
    pub(crate) losses: Vec<RoundsLoss>,
}

/// Standard errors by which rounds must beat the line alone. Half of one: rounds that are not needed cost a
/// little width, rounds that are missing cost coverage, and what nothing speaks for loses on average.
const CLEARLY: f64 = 0.5;

/// Tries more and more rounds while each is clearly better than the line alone and better than the one before;
/// the best of them is taken.
///
/// So a world where a line and leaves suffice pays for one idle trial only, and noise is not followed: where the
/// effect bends, three rounds show it already, and what only twenty-four find is the luck of many trials.
pub(crate) fn choose_rounds(grow: impl Fn(usize) -> Forest, judge: &Judge<'_>) -> Pilot {
    let plain = grow(0);
    let of_line = judge.judge(&plain).best_losses().to_vec();
    let (mut losses, mut best): (Vec<RoundsLoss>, Option<(Forest, usize)>) = (Vec::new(), None);
    for rounds in ROUNDS {
        let forest = grow(rounds);
        let (excess, std_error) = judge.excess(judge.judge(&forest).best_losses(), &of_line);
        let before = losses.last().map_or(0.0, |loss| loss.excess);
        losses.push(RoundsLoss { rounds, excess, std_error });
        // Written positively so that NaN ends the search too.
        let is_better = excess < before && excess < -CLEARLY * std_error;
        if !is_better {
            break;
        }
        best = Some((forest, rounds));
    }
    let (forest, rounds) = best.unwrap_or((plain, 0));
    Pilot { forest, rounds, losses }
}
