//! Which arms of one unit are worth their cost at some price?
//!
//! Only arms on the upper left convex hull of the points (cost, reward), the origin included, are ever
//! part of a best plan: any other arm is beaten by a mixture of two of them at the same cost.

use crate::menu::Offer;

/// The arm number that stands for doing nothing.
pub(crate) const HOLD: u16 = u16::MAX;

/// A point of a hull.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Vertex {
    pub(crate) cost: f64,
    pub(crate) reward: f64,
    pub(crate) arm: u16,
}

/// Doing nothing.
const ORIGIN: Vertex = Vertex { cost: 0.0, reward: 0.0, arm: HOLD };

/// Returns the reward bought per unit of cost on the way from one vertex to the next; infinite where
/// it costs nothing.
#[inline]
pub(crate) fn price(from: &Vertex, to: &Vertex) -> f64 {
    let cost = to.cost - from.cost;
    // Infinity is kept for what is free: a tiny cost must not overflow into it.
    if cost > 0.0 { ((to.reward - from.reward) / cost).min(f64::MAX) } else { f64::INFINITY }
}

/// Fills `hull` with the vertices of one unit: the origin first, then arms in ascending order of cost.
///
/// Rewards ascend strictly and prices from vertex to vertex descend strictly, both as computed, so
/// that one global sort by price meets a unit's vertices in this order. Arms without a positive reward
/// are never vertices. Of arms with equal cost and reward the first stays.
///
/// # Formula
///
/// ```text
/// sort by (cost ↑, reward ↓, arm ↑); for each point v with reward above the last vertex:
///     while price(last but one, last) ≤ price(last, v): drop the last vertex
///     append v
/// ```
///
/// # Source
///
/// Andrew (1979), "Another efficient algorithm for convex hulls in two dimensions"; its use for arms
/// with costs: Sverdrup, Wu, Athey & Wager (2024), "Qini curves for multi-armed treatment rules".
pub(crate) fn upper_left_hull(points: &mut Vec<Vertex>, hull: &mut Vec<Vertex>) {
    points.sort_unstable_by(|a, b| {
        a.cost.total_cmp(&b.cost).then(b.reward.total_cmp(&a.reward)).then(a.arm.cmp(&b.arm))
    });
    hull.clear();
    hull.push(ORIGIN);
    for point in points.drain(..) {
        let last = hull[hull.len() - 1];
        let is_better = point.reward > last.reward;
        if !is_better {
            continue;
        }
        while let [.., before, last] = hull[..] {
            if price(&before, &last) > price(&last, &point) {
                break;
            }
            hull.pop();
        }
        hull.push(point);
    }
}

/// Appends the point of one offer if anyone could want it.
#[inline]
pub(crate) fn push_point(points: &mut Vec<Vertex>, offer: Offer, arm: usize) {
    if offer.reward > 0.0 {
        // `+ 0.0` turns −0 into 0, which the order by bits would tell apart.
        points.push(Vertex { cost: offer.cost + 0.0, reward: offer.reward, arm: arm as u16 });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn arms_on_hull(offers: &[(f64, f64)]) -> Vec<u16> {
        let (mut points, mut hull) = (Vec::new(), Vec::new());
        for (arm, &(cost, reward)) in offers.iter().enumerate() {
            push_point(&mut points, Offer { cost, reward }, arm);
        }
        upper_left_hull(&mut points, &mut hull);
        hull[1..].iter().map(|vertex| vertex.arm).collect()
    }

    #[test]
    fn an_arm_below_the_line_between_two_others_is_left_out() {
        assert_eq!(arms_on_hull(&[(1.0, 1.0), (2.0, 1.2), (3.0, 2.0)]), [0, 2]);
    }

    #[test]
    fn a_dearer_arm_that_does_less_is_left_out() {
        assert_eq!(arms_on_hull(&[(1.0, 1.0), (2.0, 0.9)]), [0]);
    }

    #[test]
    fn what_does_nothing_or_harms_is_never_worth_a_cost() {
        assert_eq!(arms_on_hull(&[(0.0, 0.0), (0.0, -1.0), (1.0, -0.5)]), [0_u16; 0]);
    }

    #[test]
    fn the_best_free_arm_comes_first_and_costs_nothing() {
        assert_eq!(arms_on_hull(&[(0.0, 1.0), (-0.0, 2.0), (1.0, 3.0), (1.0, 1.5)]), [1, 2]);
    }

    #[test]
    fn of_equal_arms_the_first_stays() {
        assert_eq!(arms_on_hull(&[(1.0, 1.0), (1.0, 1.0)]), [0]);
    }

    #[test]
    fn an_arm_on_the_line_is_left_out() {
        assert_eq!(arms_on_hull(&[(1.0, 1.0), (2.0, 2.0)]), [1]);
    }

    proptest! {
        /// At any price the best vertex is as good as the best arm.
        #[test]
        fn the_hull_holds_a_best_arm_for_every_price(
            offers in prop::collection::vec((0.0..3.0_f64, -1.0..3.0_f64), 1..7), price in 0.0..5.0_f64,
        ) {
            /// Two products and a difference of numbers below 15.
            const ROUNDING: f64 = 1e-13;
            let value = |&(cost, reward): &(f64, f64)| reward - price * cost;
            let best = offers.iter().map(value).fold(0.0, f64::max);
            let arms = arms_on_hull(&offers);
            let on_hull = arms.iter().map(|&arm| value(&offers[usize::from(arm)])).fold(0.0, f64::max);
            prop_assert!((best - on_hull).abs() < ROUNDING, "{best} against {on_hull}");
        }
    }
}
