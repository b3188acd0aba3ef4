//! What would simpler rules do: rank by risk, pick at random, or treat as assigned?

use yorisoi_data::{HeldOut, mix};

use crate::PolicyError;
use crate::error::{check_arms, check_len, check_values};
use crate::hull::{HOLD, Vertex, push_point, upper_left_hull};
use crate::menu::{Menu, Offer};
use crate::path::{Step, accumulate};
use crate::sample::Sample;

/// Returns the steps of a rule that gives one arm to those of highest `priority` first, such as those
/// most at risk.
///
/// Units whom the menu does not offer the arm are passed over. Ties are broken by `seed`. Here a step's
/// `price` is what the step earns per unit of money, in no order, and may be negative: the rule does
/// not look at it.
///
/// # Errors
///
/// Where lengths differ, a priority is NaN, or the menu has no such arm.
pub fn steps_by_rank(
    menu: &impl Menu,
    arm: usize,
    priority: &[f64],
    seed: u64,
) -> Result<Vec<Step>, PolicyError> {
    check_arm(menu, arm)?;
    check_len("priority", 0, priority.len(), menu.n_units())?;
    check_values("priority", 0, priority, "a number", |priority| !priority.is_nan())?;
    let mut order: Vec<usize> = (0..priority.len()).collect();
    order.sort_unstable_by(|&a, &b| {
        let tie = |unit: usize| (mix(seed, unit as u64), unit);
        // `+ 0.0` makes −0 and 0 one priority.
        (priority[b] + 0.0).total_cmp(&(priority[a] + 0.0)).then_with(|| tie(a).cmp(&tie(b)))
    });
    let origin = Vertex { cost: 0.0, reward: 0.0, arm: HOLD };
    let step = |unit: usize| {
        let offer = menu.offer(unit, arm)?;
        let to = Vertex { cost: offer.cost, reward: offer.reward, arm: arm as u16 };
        Some(Step::between(unit, &origin, &to))
    };
    let mut steps: Vec<Step> = order.into_iter().filter_map(step).collect();
    accumulate(&mut steps);
    Ok(steps)
}

/// Returns each unit's score under the arm it is assigned, 0 for nothing. The mean of these is the
/// value of the assignment against doing nothing.
///
/// # Errors
///
/// Where lengths differ or an arm has no scores.
pub fn assigned_scores(
    assignment: &[Option<usize>],
    scores: &HeldOut<Vec<Vec<f64>>>,
) -> Result<HeldOut<Vec<f64>>, PolicyError> {
    let columns = scores.get();
    for (arm, column) in columns.iter().enumerate() {
        check_len("scores", arm, column.len(), assignment.len())?;
    }
    let n_named = assignment.iter().flatten().max().map_or(0, |last| last + 1);
    if n_named > columns.len() {
        check_arms("scores", columns.len(), n_named)?;
    }
    let score = |(unit, arm): (usize, &Option<usize>)| arm.map_or(0.0, |arm| columns[arm][unit]);
    let assigned = assignment.iter().enumerate().map(score).collect();
    // A selection of held-out values is held out.
    Ok(HeldOut::promise(assigned))
}

/// Returns the arms that a rule without knowledge of people would use, cheapest first.
pub(crate) fn arms_in_turn(
    menu: &impl Menu,
    arms: &[usize],
    sample: &Sample<'_>,
) -> Result<Vec<usize>, PolicyError> {
    let mut means = Vec::with_capacity(arms.len());
    for &arm in arms {
        check_arm(menu, arm)?;
        let mut sum = Offer { cost: 0.0, reward: 0.0 };
        for unit in 0..menu.n_units() {
            let Some(offer) = menu.offer(unit, arm) else { continue };
            sum.cost += sample.weight(unit) * offer.cost;
            sum.reward += sample.weight(unit) * offer.reward;
        }
        means.push((arm, sum));
    }
    let (mut points, mut hull) = (Vec::new(), Vec::new());
    for &(arm, sum) in &means {
        push_point(&mut points, sum, arm);
    }
    upper_left_hull(&mut points, &mut hull);
    if hull.len() > 1 {
        return Ok(hull[1..].iter().map(|vertex| usize::from(vertex.arm)).collect());
    }
    // No arm is expected to help on average; the line still has to lead somewhere.
    let best = means.iter().max_by(|a, b| a.1.reward.total_cmp(&b.1.reward));
    Ok(vec![best.ok_or(PolicyError::NoArms)?.0])
}

fn check_arm(menu: &impl Menu, arm: usize) -> Result<(), PolicyError> {
    if arm < menu.n_arms() {
        return Ok(());
    }
    Err(PolicyError::ArmMismatch { name: "menu", actual: menu.n_arms(), expected: arm + 1 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ArmCost, Columns, DoNoHarm};

    #[test]
    fn those_of_highest_risk_come_first_and_the_vetoed_not_at_all() {
        let (rewards, low) = ([vec![-1.0, 2.0, 3.0, 1.0]], [vec![0.0, 0.0, -1.0, 0.0]]);
        let costs = [ArmCost::Same(2.0)];
        let columns = Columns::new(&rewards, &costs).unwrap();
        let menu = DoNoHarm::new(columns, &low, 0.0).unwrap();
        let steps = steps_by_rank(&menu, 0, &[0.9, 0.1, 0.8, 0.5], 0).unwrap();
        let units: Vec<u32> = steps.iter().map(|step| step.unit).collect();
        assert_eq!(units, [0, 3, 1], "risk first, even where help harms");
        let (last, gain) = (steps.last().unwrap(), -1.0 + 1.0 + 2.0);
        assert_eq!((last.spend, last.gain), (6.0, gain));
    }

    #[test]
    fn an_assignment_scores_the_arm_it_gives() {
        let scores = HeldOut::promise(vec![vec![1.0, 2.0, 3.0], vec![10.0, 20.0, 30.0]]);
        let assigned = assigned_scores(&[Some(1), None, Some(0)], &scores).unwrap();
        assert_eq!(assigned.get(), &[10.0, 0.0, 3.0]);
        let err = assigned_scores(&[Some(2), None, None], &scores).unwrap_err();
        assert!(matches!(err, PolicyError::ArmMismatch { actual: 2, expected: 3, .. }));
    }

    #[test]
    fn a_risk_that_is_not_a_number_is_refused() {
        let rewards = [vec![1.0, 1.0]];
        let costs = [ArmCost::Same(1.0)];
        let menu = Columns::new(&rewards, &costs).unwrap();
        let err = steps_by_rank(&menu, 0, &[0.1, f64::NAN], 0).unwrap_err();
        assert!(matches!(err, PolicyError::BadValue { name: "priority", unit: 1, .. }));
    }
}
