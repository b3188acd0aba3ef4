//! How sure is a ranking curve? Half-samples of a ranked list, eight at a time.
//!
//! Each independent unit (or cluster) is in or out of a half-sample by one bit of a hash of seed, chunk
//! and id, so that nothing depends on threads or order. Eight replicates walk the list together, one
//! lane each; the list is sorted once and never copied.

use rayon::prelude::*;
use yorisoi_data::{Progress, mix};

use crate::ranks::Ranked;

/// Replicates that walk together: the bits of one byte.
const LANES: usize = 8;

/// The series for the logarithm is used where the step is at most this part of the way so far; its
/// truncation error is then below 1e-17.
const SERIES_RATIO: f64 = 64.0;

type Lane = [f64; LANES];

/// What one walk down the list finds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Walked {
    /// Area under the targeting operator characteristic.
    pub autoc: f64,
    /// The same weighted by the share treated.
    pub qini: f64,
    /// Targeting operator characteristic at each share.
    pub toc: Vec<f64>,
    /// Gain per unit of the whole population when the first `share` are treated.
    pub gain: Vec<f64>,
}

/// Walks the whole list once.
pub(crate) fn whole(ranked: &Ranked, shares: &[f64]) -> Walked {
    let everyone = vec![u8::MAX; ranked.weight.len()];
    walk(ranked, &everyone, shares).swap_remove(0)
}

/// Walks `replicates` half-samples of the list; `progress` may stop them, and hears of no steps.
pub(crate) fn half_samples(
    ranked: &Ranked,
    shares: &[f64],
    replicates: usize,
    seed: u64,
    progress: &dyn Progress,
) -> Vec<Walked> {
    let chunks = replicates.div_ceil(LANES);
    let mut walked: Vec<Walked> = (0..chunks)
        .into_par_iter()
        .flat_map_iter(|chunk| {
            progress.advance(0);
            let key = mix(seed, chunk as u64);
            let draw = |id: &u32| mix(key, u64::from(*id)) as u8;
            let masks: Vec<u8> = ranked.draw_id.iter().map(draw).collect();
            walk(ranked, &masks, shares)
        })
        .collect();
    walked.truncate(replicates);
    walked
}

/// Returns the standard deviation of a statistic over half-samples, which is its standard error on the
/// whole sample. A half-sample that came out empty is left out.
///
/// # Formula
///
/// ```text
/// se² = 1/(B − 1) Σ_b (θ_b − θ̄)²
/// ```
///
/// A half-sample estimate varies around the whole-sample one as the latter does around the truth.
pub(crate) fn std_error(statistics: impl Iterator<Item = f64>) -> f64 {
    let finite: Vec<f64> = statistics.filter(|value| value.is_finite()).collect();
    let count = finite.len() as f64;
    let mean = finite.iter().sum::<f64>() / count;
    let squares: f64 = finite.iter().map(|value| (value - mean).powi(2)).sum();
    (squares / (count - 1.0)).sqrt()
}

/// Sums of weights and of weighted scores, one lane a replicate.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    weight: Lane,
    score: Lane,
}

impl Sums {
    fn of(ranked: &Ranked, masks: &[u8], rows: std::ops::Range<usize>) -> Self {
        let mut sums = Self::default();
        for row in rows {
            let (weight, score, mask) =
                (ranked.weight[row], ranked.weighted_score[row], masks[row]);
            for lane in 0..LANES {
                let included = f64::from((mask >> lane) & 1);
                sums.weight[lane] += included * weight;
                sums.score[lane] += included * score;
            }
        }
        sums
    }
}

/// Where a walk stands: sums so far, `∫ mean` and `∫ sum` over the weight so far.
#[derive(Debug, Default)]
struct Position {
    so_far: Sums,
    area_of_mean: Lane,
    area_of_sum: Lane,
}

impl Position {
    /// Passes a group of tied units.
    ///
    /// Within the group the expected sum grows in proportion to the weight passed (ties in random
    /// order), so with `C`, `S` before it, `g`, `s` its own and `L = ln(1 + g/C)`
    ///
    /// ```text
    /// ∫₀ᵍ (S + x s/g) / (C + x) dx = S L + s (1 − C L / g)
    /// ```
    fn pass(&mut self, group: &Sums) {
        let is_small = |lane: usize| {
            let way = self.so_far.weight[lane];
            way > 0.0 && group.weight[lane] * SERIES_RATIO <= way
        };
        if (0..LANES).fold(true, |all, lane| all & is_small(lane)) {
            self.pass_by_series(group);
        } else {
            self.pass_by_logarithm(group);
        }
        for lane in 0..LANES {
            let (g, s) = (group.weight[lane], group.score[lane]);
            self.area_of_sum[lane] += g * (self.so_far.score[lane] + 0.5 * s);
            self.so_far.weight[lane] += g;
            self.so_far.score[lane] += s;
        }
    }

    fn pass_by_logarithm(&mut self, group: &Sums) {
        for lane in 0..LANES {
            let (before, sum) = (self.so_far.weight[lane], self.so_far.score[lane]);
            let (g, s) = (group.weight[lane], group.score[lane]);
            if g > 0.0 && before > 0.0 {
                let log = libm::log1p(g / before);
                self.area_of_mean[lane] += sum * log + s * (1.0 - before * log / g);
            } else {
                // Nobody in the group (both are zero), or the first group: its mean all along.
                self.area_of_mean[lane] += s;
            }
        }
    }

    /// The same by `ln(1 + x) = 2 artanh(x / (2 + x))`, without a branch so that lanes go together.
    fn pass_by_series(&mut self, group: &Sums) {
        for lane in 0..LANES {
            let (before, sum) = (self.so_far.weight[lane], self.so_far.score[lane]);
            let (g, s) = (group.weight[lane], group.score[lane]);
            let reciprocal = 1.0 / (2.0 * before + g);
            let z = g * reciprocal;
            let z2 = z * z;
            let series = 2.0 * (1.0 + z2 * (1.0 / 3.0 + z2 * (1.0 / 5.0 + z2 * (1.0 / 7.0))));
            let log = z * series;
            let before_log_over_g = before * reciprocal * series;
            self.area_of_mean[lane] += sum * log + s * (1.0 - before_log_over_g);
        }
    }
}

/// Reads the cumulative sum where the weight passed reaches each share.
struct Curve<'a> {
    shares: &'a [f64],
    total: Lane,
    next: Lane,
    read: Vec<Vec<f64>>,
}

impl<'a> Curve<'a> {
    fn new(shares: &'a [f64], total: Lane) -> Self {
        let mut curve = Self { shares, total, next: [0.0; LANES], read: vec![Vec::new(); LANES] };
        for lane in 0..LANES {
            curve.aim(lane);
        }
        curve
    }

    fn aim(&mut self, lane: usize) {
        let share = self.shares.get(self.read[lane].len());
        self.next[lane] = share.map_or(f64::INFINITY, |share| share * self.total[lane]);
    }

    fn read(&mut self, so_far: &Sums, group: &Sums) {
        let reaches = |lane: usize| so_far.weight[lane] + group.weight[lane] >= self.next[lane];
        if !(0..LANES).fold(false, |any, lane| any | reaches(lane)) {
            return;
        }
        for lane in 0..LANES {
            let (before, g) = (so_far.weight[lane], group.weight[lane]);
            while g > 0.0 && before + g >= self.next[lane] {
                let part = (self.next[lane] - before) / g;
                self.read[lane].push(so_far.score[lane] + part * group.score[lane]);
                self.aim(lane);
            }
        }
    }
}

fn walk(ranked: &Ranked, masks: &[u8], shares: &[f64]) -> Vec<Walked> {
    let total = Sums::of(ranked, masks, 0..masks.len());
    let mut position = Position::default();
    let mut curve = Curve::new(shares, total.weight);
    let mut start = 0;
    for end in &ranked.tie_ends {
        let group = Sums::of(ranked, masks, start..*end as usize);
        curve.read(&position.so_far, &group);
        position.pass(&group);
        start = *end as usize;
    }
    (0..LANES).map(|lane| conclude(lane, &total, &position, &mut curve)).collect()
}

fn conclude(lane: usize, total: &Sums, position: &Position, curve: &mut Curve<'_>) -> Walked {
    let weight = total.weight[lane];
    let mean = total.score[lane] / weight;
    let mut sums = std::mem::take(&mut curve.read[lane]);
    // Rounding may leave the last share unread.
    sums.resize(curve.shares.len(), total.score[lane]);
    let gain: Vec<f64> = sums.iter().map(|sum| sum / weight).collect();
    let toc = gain.iter().zip(curve.shares).map(|(gain, share)| gain / share - mean).collect();
    Walked {
        autoc: position.area_of_mean[lane] / weight - mean,
        qini: position.area_of_sum[lane] / (weight * weight) - 0.5 * mean,
        toc,
        gain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ranks::rank_all;
    use yorisoi_data::{Silent, unit_hash};
    use yorisoi_effects::Sampling;

    #[test]
    fn series_and_logarithm_agree() {
        // Both are exact to rounding where they meet; sums are of order 1 to 100.
        let so_far = Sums { weight: [6.4; LANES], score: [-3.0; LANES] };
        let group = Sums { weight: [0.1; LANES], score: [0.7; LANES] };
        let mut series = Position { so_far, ..Position::default() };
        let mut logarithm = Position { so_far, ..Position::default() };
        series.pass_by_series(&group);
        logarithm.pass_by_logarithm(&group);
        assert!((series.area_of_mean[0] - logarithm.area_of_mean[0]).abs() < 1e-14);
    }

    #[test]
    fn half_samples_do_not_depend_on_threads_and_extend_one_another() {
        let n = 500;
        let priority: Vec<f64> = (0..n).map(|i| unit_hash(1, i)).collect();
        let score: Vec<f64> = (0..n).map(|i| unit_hash(2, i)).collect();
        let [ranked] = rank_all([&priority], &score, &Sampling::equal(500));
        let run = |threads: usize, replicates: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| half_samples(&ranked, &[0.5, 1.0], replicates, 3, &Silent))
        };
        let one = run(1, 20);
        assert_eq!(one.len(), 20);
        assert_eq!(one, run(3, 20));
        assert_eq!(one[..], run(2, 40)[..20]);
    }
}
