//! Who comes first? Units by descending priority, with ties kept together.

use rayon::slice::ParallelSliceMut;
use yorisoi_effects::Sampling;

/// Units in order of priority, ready to be walked from the first treated to the last.
#[derive(Debug, Clone)]
pub(crate) struct Ranked {
    /// Sample weight, in rank order.
    pub weight: Vec<f64>,
    /// Sample weight times score, in rank order.
    pub weighted_score: Vec<f64>,
    /// What decides, with the seed, which half-samples the unit belongs to; equal within clusters.
    pub draw_id: Vec<u32>,
    /// Where each group of tied units ends, exclusive.
    pub tie_ends: Vec<u32>,
    /// Unit number, in rank order.
    pub unit: Vec<u32>,
}

/// Ranks the same units by one or more priorities; each unit takes part in the same half-samples in
/// every ranking.
///
/// Without clusters a unit's draw belongs to its place in the order of (priorities, score, weight), so
/// that shuffled rows give the same answer: units equal in all of these are interchangeable.
pub(crate) fn rank_all<const N: usize>(
    priorities: [&[f64]; N],
    score: &[f64],
    sampling: &Sampling<'_>,
) -> [Ranked; N] {
    let order = canonical_order(&priorities, score, sampling);
    let mut draw_id = vec![0_u32; order.len()];
    for (place, unit) in order.iter().enumerate() {
        draw_id[*unit as usize] = place as u32;
    }
    let draw_id = sampling.cluster_ids().map_or(draw_id, <[u32]>::to_vec);
    priorities.map(|priority| {
        let mut unit = order.clone();
        // Stable, and one run already for the first priority.
        unit.par_sort_by_key(|unit| descending(priority[*unit as usize]));
        ranked(unit, priority, score, &draw_id, sampling)
    })
}

fn canonical_order(priorities: &[&[f64]], score: &[f64], sampling: &Sampling<'_>) -> Vec<u32> {
    let first = priorities.first().copied().unwrap_or(score);
    let mut keyed: Vec<(u64, u32)> =
        first.iter().enumerate().map(|(unit, value)| (descending(*value), unit as u32)).collect();
    let rest = |unit: u32| {
        let unit = unit as usize;
        let by_priority = priorities.iter().skip(1).map(move |column| descending(column[unit]));
        by_priority.chain([descending(score[unit]), descending(sampling.weight(unit))])
    };
    keyed.par_sort_unstable_by(|a, b| {
        a.0.cmp(&b.0).then_with(|| rest(a.1).cmp(rest(b.1))).then_with(|| a.1.cmp(&b.1))
    });
    keyed.into_iter().map(|(_, unit)| unit).collect()
}

/// Returns a key that sorts finite numbers in descending order; both zeros are the same.
fn descending(value: f64) -> u64 {
    let bits = (value + 0.0).to_bits();
    let ascending = if bits >> 63 == 1 { !bits } else { bits | (1 << 63) };
    !ascending
}

fn ranked(
    unit: Vec<u32>,
    priority: &[f64],
    score: &[f64],
    draw_id: &[u32],
    sampling: &Sampling<'_>,
) -> Ranked {
    let n = unit.len();
    let key = |place: usize| descending(priority[unit[place] as usize]);
    let ends_tie =
        |place: &u32| *place as usize == n || key(*place as usize - 1) != key(*place as usize);
    let tie_ends = (1..=n as u32).filter(ends_tie).collect();
    let weight: Vec<f64> = unit.iter().map(|unit| sampling.weight(*unit as usize)).collect();
    let weighted_score =
        unit.iter().zip(&weight).map(|(unit, weight)| weight * score[*unit as usize]).collect();
    let draw_id = unit.iter().map(|unit| draw_id[*unit as usize]).collect();
    Ranked { weight, weighted_score, draw_id, tie_ends, unit }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_stay_together_and_zeros_tie() {
        let priority = [1.0, 0.0, 3.0, -0.0, -2.0];
        let [ranked] = rank_all([&priority], &[5.0, 6.0, 7.0, 8.0, 9.0], &Sampling::equal(5));
        assert_eq!(ranked.unit, vec![2, 0, 3, 1, 4]);
        assert_eq!(ranked.tie_ends, vec![1, 2, 4, 5]);
        assert_eq!(ranked.weighted_score, vec![7.0, 5.0, 8.0, 6.0, 9.0]);
    }

    #[test]
    fn a_unit_draws_alike_in_every_ranking_and_clusters_draw_together() {
        let (a, b) = ([3.0, 2.0, 1.0], [1.0, 3.0, 2.0]);
        let score = [0.0; 3];
        let [by_a, by_b] = rank_all([&a, &b], &score, &Sampling::equal(3));
        assert_eq!(by_a.draw_id, vec![0, 1, 2]);
        assert_eq!((by_b.unit, by_b.draw_id), (vec![1, 2, 0], vec![1, 2, 0]));
        let sampling = Sampling::equal(3).with_clusters(&[8, 5, 8]).unwrap();
        let [clustered] = rank_all([&a], &score, &sampling);
        assert_eq!(clustered.draw_id, vec![8, 5, 8]);
    }
}
