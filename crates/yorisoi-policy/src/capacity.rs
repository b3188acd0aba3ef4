//! Who gets a limited place? Plans at prices that balance several limits.
//!
//! With a budget *and* limited places there is no single path. The dual problem gives every limit a
//! price; at these prices units take their best arm, those first who would lose most by going without.

use rayon::prelude::*;
use yorisoi_data::mix;

use crate::PolicyError;
use crate::dual::{Dual, Resource};
use crate::hull::HOLD;
use crate::menu::{DoNoHarm, Menu};
use crate::plan::{Draft, Left, Prices, Terms};

/// Returns a plan at dual prices. Every dual value is at least what any plan earns, so the smallest one
/// found is the plan's bound.
pub(crate) fn draft(menu: &DoNoHarm<'_>, terms: &Terms) -> Result<Draft, PolicyError> {
    crate::menu::check_size(menu.n_units(), menu.n_arms())?;
    let dual = Dual::new(menu, terms);
    let (theta, bound) = dual.minimise();
    let arms = assign(&dual, menu, terms, &theta);
    let free = vec![0.0; dual.resources.len()];
    let best =
        (0..menu.n_units()).into_par_iter().map(|unit| dual.best_two(&free, unit).0).collect();
    let mut prices = Prices { budget: None, capacity: vec![None; menu.n_arms()] };
    for (kind, &price) in dual.resources.kinds.iter().zip(&theta) {
        let binds = (price > 0.0).then_some(price);
        match *kind {
            // Seen by a decision, money costs what it has to earn anyway and the price on top.
            Resource::Money => prices.budget = binds.map(|price| terms.least_price + price),
            Resource::Place(arm) => prices.capacity[arm] = binds,
        }
    }
    Ok(Draft { arms, best, prices, bound })
}

/// Gives units their best arm at these prices while there is room, those first who would lose most.
fn assign(dual: &Dual<'_>, menu: &DoNoHarm<'_>, terms: &Terms, theta: &[f64]) -> Vec<u16> {
    let n_units = menu.n_units();
    let seed = terms.seed;
    let mut wants: Vec<(f64, u32)> = (0..n_units)
        .into_par_iter()
        .map(|unit| (dual.best_two(theta, unit), unit as u32))
        .filter(|((arm, ..), _)| *arm != HOLD)
        .map(|((_, _, regret), unit)| (regret, unit))
        .collect();
    wants.par_sort_unstable_by(|a, b| {
        let tie = |unit: u32| (mix(seed, u64::from(unit)), unit);
        b.0.total_cmp(&a.0).then_with(|| tie(a.1).cmp(&tie(b.1)))
    });
    let mut arms = vec![HOLD; n_units];
    let mut left = Left { money: terms.budget, places: terms.places.clone() };
    let mut choices = Vec::new();
    for (_, unit) in wants {
        let unit = unit as usize;
        choices.clear();
        choices.extend((0..menu.n_arms()).filter_map(|arm| {
            dual.worth(theta, unit, arm).filter(|worth| *worth > 0.0).map(|worth| (worth, arm))
        }));
        choices.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let taken = choices
            .iter()
            .find(|(_, arm)| left.make_room(menu.terms(unit, *arm).cost, HOLD, *arm as u16));
        arms[unit] = taken.map_or(HOLD, |(_, arm)| *arm as u16);
    }
    arms
}
