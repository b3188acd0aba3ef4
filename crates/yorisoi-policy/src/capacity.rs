//! What is a place worth? Prices for several limits at once.
//!
//! With a budget *and* limited places there is no single path. The dual problem has one price a limit,
//! is convex, and is small however many units there are; what is not smooth about it is smoothed by a
//! temperature that is lowered step by step, with Newton's method on each.

use rayon::prelude::*;
use yorisoi_data::mix;

use crate::PolicyError;
use crate::hull::HOLD;
use crate::menu::{DoNoHarm, Menu};
use crate::plan::{Draft, Left, Prices, Terms};

/// Units one task looks at. Fixed, so that sums do not depend on the thread count.
const UNITS_A_TASK: usize = 16_384;
/// The first temperature is the mean net reward; each is this share of the one before.
const COOLING: f64 = 0.2;
/// Temperatures: the last is about 2e-6 of the first, where only near-ties are still blurred.
const N_TEMPERATURES: i32 = 9;
/// Newton steps a temperature; three to six are the rule.
const MAX_NEWTON_STEPS: usize = 40;
/// Damping of a Newton step, tried in turn until one leads down: see [`Dual::newton_step`].
const DAMPINGS: [f64; 4] = [1e-3, 1e-1, 1e1, 1e3];
/// Halvings before a damping is given up.
const MAX_HALVINGS: usize = 10;

/// What a unit's arm uses up.
#[derive(Debug, Clone, Copy)]
enum Resource {
    Money,
    Place(usize),
}

/// The limits that exist and how much there is of each.
struct Resources {
    kinds: Vec<Resource>,
    amounts: Vec<f64>,
    /// What one offer typically uses, so that money and places can be compared.
    scales: Vec<f64>,
}

impl Resources {
    fn new(menu: &DoNoHarm<'_>, terms: &Terms) -> Self {
        let mut limits = Vec::new();
        if terms.budget.is_finite() {
            limits.push((Resource::Money, terms.budget));
        }
        let places = terms.places.iter().enumerate().filter(|(_, n)| **n != usize::MAX);
        limits.extend(places.map(|(arm, &n)| (Resource::Place(arm), n as f64)));
        let (kinds, amounts): (Vec<Resource>, Vec<f64>) = limits.into_iter().unzip();
        let scale = |kind: &Resource| match kind {
            Resource::Money => mean_cost(menu),
            Resource::Place(_) => 1.0,
        };
        let scales = kinds.iter().map(scale).collect();
        Self { kinds, amounts, scales }
    }

    fn len(&self) -> usize {
        self.kinds.len()
    }

    /// Returns what one offer uses of a resource.
    #[inline]
    fn use_of(&self, resource: usize, arm: usize, cost: f64) -> f64 {
        match self.kinds[resource] {
            Resource::Money => cost,
            Resource::Place(limited) => f64::from(u8::from(limited == arm)),
        }
    }

    /// Returns what one offer uses, priced.
    #[inline]
    fn price_of(&self, prices: &[f64], arm: usize, cost: f64) -> f64 {
        (0..self.len()).map(|r| prices[r] * self.use_of(r, arm, cost)).sum()
    }
}

/// Returns a plan at dual prices, with the dual value as its bound.
///
/// # Formula
///
/// ```text
/// D(θ) = Σ_r θ_r L_r + Σᵢ max(0, maxₖ vᵢₖ − Σ_r θ_r uᵢₖᵣ),   θ ≥ 0      (v net rewards, u uses, L limits)
/// D_T(θ): the inner maximum replaced by T ln(1 + Σₖ exp((vᵢₖ − Σ_r θ_r uᵢₖᵣ) / T))  ≥  D(θ)
/// ```
///
/// Every `D(θ)` is at least what any plan earns. The primal side gives units their best arm at these
/// prices, those first who would lose most by going without.
///
/// # Source
///
/// Fisher (1981), "The Lagrangian relaxation method for solving integer programming problems"; the
/// smoothing: Nesterov (2005), "Smooth minimization of non-smooth functions"; projected Newton steps:
/// Bertsekas (1982), "Projected Newton methods for optimization problems with simple constraints".
pub(crate) fn draft(menu: &DoNoHarm<'_>, terms: &Terms) -> Result<Draft, PolicyError> {
    crate::menu::check_size(menu.n_units(), menu.n_arms())?;
    let dual = Dual { menu, terms, resources: Resources::new(menu, terms) };
    let (theta, bound) = dual.minimise();
    let arms = dual.assign(&theta);
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

/// Returns the mean cost of all offers that cost something, 1 where none does.
fn mean_cost(menu: &DoNoHarm<'_>) -> f64 {
    let (mut sum, mut n) = (0.0, 0_usize);
    for unit in 0..menu.n_units() {
        for cost in (0..menu.n_arms()).map(|arm| menu.terms(unit, arm).cost) {
            sum += cost;
            n += usize::from(cost > 0.0);
        }
    }
    if n == 0 { 1.0 } else { sum / n as f64 }
}

struct Dual<'a> {
    menu: &'a DoNoHarm<'a>,
    terms: &'a Terms,
    resources: Resources,
}

/// The smoothed dual at a point.
#[derive(Clone)]
struct Local {
    value: f64,
    gradient: Vec<f64>,
    /// Row-major.
    hessian: Vec<f64>,
}

impl Dual<'_> {
    /// Returns the best prices found and the dual value there.
    fn minimise(&self) -> (Vec<f64>, f64) {
        let mut theta = vec![0.0; self.resources.len()];
        let mut best = (theta.clone(), self.value(&theta));
        let first = self.mean_net_reward();
        if first <= 0.0 {
            return best;
        }
        for level in 0..N_TEMPERATURES {
            let temperature = first * COOLING.powi(level);
            self.newton(&mut theta, temperature);
            let value = self.value(&theta);
            if value < best.1 {
                best = (theta.clone(), value);
            }
        }
        best
    }

    /// Minimises the smoothed dual from where `theta` is.
    fn newton(&self, theta: &mut Vec<f64>, temperature: f64) {
        let mut local = self.local(theta, temperature);
        for _ in 0..MAX_NEWTON_STEPS {
            let is_free: Vec<bool> =
                (0..theta.len()).map(|r| theta[r] > 0.0 || local.gradient[r] < 0.0).collect();
            let next = DAMPINGS.iter().find_map(|damping| {
                let step = self.newton_step(&local, &is_free, damping / temperature);
                self.line_search(theta, &step, temperature, &local)
            });
            let Some((there, local_there)) = next else { return };
            let fell = local.value - local_there.value;
            (*theta, local) = (there, local_there);
            // Below this the sums over units are rounding.
            if fell <= 1e-13 * local.value.abs() {
                return;
            }
        }
    }

    /// Halves a step until the smoothed dual falls as much as its slope promises a part of.
    fn line_search(
        &self,
        theta: &[f64],
        step: &[f64],
        temperature: f64,
        from: &Local,
    ) -> Option<(Vec<f64>, Local)> {
        let mut length = 1.0;
        for _ in 0..MAX_HALVINGS {
            let next: Vec<f64> =
                theta.iter().zip(step).map(|(t, s)| (t + length * s).max(0.0)).collect();
            let promised: f64 =
                (0..theta.len()).map(|r| from.gradient[r] * (next[r] - theta[r])).sum();
            if promised < 0.0 {
                let there = self.local(&next, temperature);
                if there.value <= from.value + 1e-4 * promised {
                    return Some((next, there));
                }
            }
            length *= 0.5;
        }
        None
    }

    /// Returns the damped Newton step in the free coordinates, 0 in the others.
    ///
    /// # Formula
    ///
    /// ```text
    /// (H + diag(ε Hᵣᵣ + κ |gᵣ| sᵣ)) step = −g      κ: damping over temperature, sᵣ: scale of a use
    /// ```
    ///
    /// Between ties the dual is flat or straight and `H` is next to nothing; the damping, which vanishes
    /// with the gradient, keeps a step there within what the temperature can see.
    fn newton_step(&self, local: &Local, is_free: &[bool], damping: f64) -> Vec<f64> {
        let d = is_free.len();
        let free: Vec<usize> = (0..d).filter(|&r| is_free[r]).collect();
        let mut matrix: Vec<Vec<f64>> = free
            .iter()
            .map(|&r| {
                let mut row: Vec<f64> = free.iter().map(|&s| local.hessian[r * d + s]).collect();
                row.push(-local.gradient[r]);
                row
            })
            .collect();
        for (position, row) in matrix.iter_mut().enumerate() {
            let r = free[position];
            let gradient = local.gradient[r].abs() * self.resources.scales[r];
            row[position] +=
                1e-9 * row[position].abs() + damping * gradient + f64::MIN_POSITIVE.sqrt();
        }
        let solution = solve(matrix);
        let mut step = vec![0.0; d];
        for (&r, value) in free.iter().zip(solution) {
            step[r] = value;
        }
        step
    }

    /// Sums `of` over all units, task by task in a fixed order.
    fn sum<T: Send>(&self, of: impl Fn(std::ops::Range<usize>) -> T + Sync) -> Vec<T> {
        let n_units = self.menu.n_units();
        (0..n_units.div_ceil(UNITS_A_TASK))
            .into_par_iter()
            .map(|task| of(task * UNITS_A_TASK..((task + 1) * UNITS_A_TASK).min(n_units)))
            .collect()
    }

    fn mean_net_reward(&self) -> f64 {
        let free = vec![0.0; self.resources.len()];
        let sums = self.sum(|units| {
            let worth = |unit| self.best_two(&free, unit).1;
            units.map(worth).fold((0.0, 0_usize), |(sum, n), worth: f64| {
                (sum + worth.max(0.0), n + usize::from(worth > 0.0))
            })
        });
        let (sum, n) = sums.into_iter().fold((0.0, 0), |(a, n), (b, m)| (a + b, n + m));
        if n == 0 { 0.0 } else { sum / n as f64 }
    }

    /// Returns the dual value, an upper bound on what any plan earns.
    fn value(&self, theta: &[f64]) -> f64 {
        let limits: f64 = theta.iter().zip(&self.resources.amounts).map(|(t, l)| t * l).sum();
        let parts = self
            .sum(|units| -> f64 { units.map(|unit| self.best_two(theta, unit).1.max(0.0)).sum() });
        limits + parts.into_iter().sum::<f64>()
    }

    /// Returns the best arm at prices, its net worth, and by how much the second best choice, doing
    /// nothing included, is worse. [`HOLD`] with worth 0 where nothing is better.
    fn best_two(&self, theta: &[f64], unit: usize) -> (u16, f64, f64) {
        let (mut arm, mut best, mut second) = (HOLD, 0.0, f64::NEG_INFINITY);
        for k in 0..self.menu.n_arms() {
            let Some(worth) = self.worth(theta, unit, k) else { continue };
            if worth > best {
                (arm, best, second) = (k as u16, worth, best);
            } else if worth > second {
                second = worth;
            }
        }
        (arm, best, best - second)
    }

    #[inline]
    fn worth(&self, theta: &[f64], unit: usize, arm: usize) -> Option<f64> {
        let offer = self.menu.offer(unit, arm)?;
        let net = offer.reward - self.terms.least_price * offer.cost;
        // An arm that does not pay for itself is no candidate at any price.
        (net > 0.0).then(|| net - self.resources.price_of(theta, arm, offer.cost))
    }

    /// Returns the smoothed dual with gradient and Hessian.
    fn local(&self, theta: &[f64], temperature: f64) -> Local {
        let d = self.resources.len();
        let parts = self.sum(|units| {
            let mut smooth = Smooth::new(self, theta, temperature);
            units.for_each(|unit| smooth.add(unit));
            smooth.sum
        });
        let mut total = Local {
            value: theta.iter().zip(&self.resources.amounts).map(|(t, l)| t * l).sum(),
            gradient: self.resources.amounts.clone(),
            hessian: vec![0.0; d * d],
        };
        for part in parts {
            total.value += part.value;
            total.gradient.iter_mut().zip(&part.gradient).for_each(|(a, b)| *a += b);
            total.hessian.iter_mut().zip(&part.hessian).for_each(|(a, b)| *a += b);
        }
        total
    }

    /// Gives units their best arm at these prices while there is room, those first who would lose most.
    fn assign(&self, theta: &[f64]) -> Vec<u16> {
        let n_units = self.menu.n_units();
        let seed = self.terms.seed;
        let mut wants: Vec<(f64, u32)> = (0..n_units)
            .into_par_iter()
            .map(|unit| (self.best_two(theta, unit), unit as u32))
            .filter(|((arm, ..), _)| *arm != HOLD)
            .map(|((_, _, regret), unit)| (regret, unit))
            .collect();
        wants.par_sort_unstable_by(|a, b| {
            let tie = |unit: u32| (mix(seed, u64::from(unit)), unit);
            b.0.total_cmp(&a.0).then_with(|| tie(a.1).cmp(&tie(b.1)))
        });
        let mut arms = vec![HOLD; n_units];
        let mut left = Left { money: self.terms.budget, places: self.terms.places.clone() };
        let mut choices = Vec::new();
        for (_, unit) in wants {
            let unit = unit as usize;
            choices.clear();
            choices.extend((0..self.menu.n_arms()).filter_map(|arm| {
                self.worth(theta, unit, arm).filter(|worth| *worth > 0.0).map(|worth| (worth, arm))
            }));
            choices.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            let taken = choices.iter().find(|(_, arm)| {
                left.make_room(self.menu.terms(unit, *arm).cost, HOLD, *arm as u16)
            });
            arms[unit] = taken.map_or(HOLD, |(_, arm)| *arm as u16);
        }
        arms
    }
}

/// An arm as one unit weighs it.
struct Weighed {
    /// `worth / T`, then `exp` of it over the largest.
    weight: f64,
    arm: usize,
    cost: f64,
}

/// The smoothed dual of some units, gathered one by one.
struct Smooth<'a> {
    dual: &'a Dual<'a>,
    theta: &'a [f64],
    temperature: f64,
    arms: Vec<Weighed>,
    mean_use: Vec<f64>,
    sum: Local,
}

impl<'a> Smooth<'a> {
    fn new(dual: &'a Dual<'a>, theta: &'a [f64], temperature: f64) -> Self {
        let d = dual.resources.len();
        let sum = Local { value: 0.0, gradient: vec![0.0; d], hessian: vec![0.0; d * d] };
        Self { dual, theta, temperature, arms: Vec::new(), mean_use: vec![0.0; d], sum }
    }

    /// Adds `T ln(1 + Σ exp(z))`, takes off the mean use, and adds the covariance of uses over `T`.
    fn add(&mut self, unit: usize) {
        self.arms.clear();
        let mut top = 0.0_f64;
        for arm in 0..self.dual.menu.n_arms() {
            let Some(worth) = self.dual.worth(self.theta, unit, arm) else { continue };
            let weight = worth / self.temperature;
            top = top.max(weight);
            self.arms.push(Weighed { weight, arm, cost: self.dual.menu.terms(unit, arm).cost });
        }
        let mut total = (-top).exp();
        for weighed in &mut self.arms {
            weighed.weight = (weighed.weight - top).exp();
            total += weighed.weight;
        }
        self.sum.value += self.temperature * (top + total.ln());
        self.add_uses(total);
    }

    fn add_uses(&mut self, total: f64) {
        let (d, resources) = (self.mean_use.len(), &self.dual.resources);
        self.mean_use.fill(0.0);
        for weighed in &self.arms {
            let share = weighed.weight / total;
            for r in 0..d {
                let use_r = share * resources.use_of(r, weighed.arm, weighed.cost);
                self.mean_use[r] += use_r;
                for s in 0..d {
                    let use_s = resources.use_of(s, weighed.arm, weighed.cost);
                    self.sum.hessian[r * d + s] += use_r * use_s / self.temperature;
                }
            }
        }
        for (r, mean_r) in self.mean_use.iter().enumerate() {
            self.sum.gradient[r] -= mean_r;
            for (s, mean_s) in self.mean_use.iter().enumerate() {
                self.sum.hessian[r * d + s] -= mean_r * mean_s / self.temperature;
            }
        }
    }
}

/// Solves a small positive definite system by elimination without pivoting; rows carry their right
/// hand side last.
fn solve(mut rows: Vec<Vec<f64>>) -> Vec<f64> {
    let d = rows.len();
    for pivot in 0..d {
        let (above, below) = rows.split_at_mut(pivot + 1);
        let row = &above[pivot];
        for other in below {
            let factor = other[pivot] / row[pivot];
            for column in pivot..=d {
                other[column] -= factor * row[column];
            }
        }
    }
    let mut solution = vec![0.0; d];
    for r in (0..d).rev() {
        let known: f64 = (r + 1..d).map(|s| rows[r][s] * solution[s]).sum();
        solution[r] = (rows[r][d] - known) / rows[r][r];
    }
    solution
}
