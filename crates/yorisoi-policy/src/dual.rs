//! Which prices balance several limits at once? The dual problem, smoothed.
//!
//! It has one price a limit, is convex, and is small however many units there are. What is not smooth
//! about it is smoothed by a temperature that is lowered step by step, with Newton's method on each.

use rayon::prelude::*;
use yorisoi_data::mix;

use crate::hull::HOLD;
use crate::menu::{DoNoHarm, Menu};
use crate::plan::Terms;

/// Units one task looks at. Fixed, so that sums do not depend on the thread count.
const UNITS_A_TASK: usize = 16_384;
/// The first temperature is the mean net reward; each is this share of the one before.
const COOLING: f64 = 0.2;
/// Temperatures: the last is about 2e-6 of the first, where only near-ties are still blurred.
const N_TEMPERATURES: i32 = 9;
/// With more units than this, prices are found on a sample of about this many first.
const SAMPLE_UNITS: usize = 65_536;
/// Temperatures for all units after that: the first is as coarse as the sample's error (about one in
/// 250), the second blurs a share of 3e-4 of the rewards. Summed over many units a dual is smooth at
/// that scale, and what the blur costs falls with its square.
const REFINING_LEVELS: [i32; 2] = [3, 5];
/// Newton steps a temperature; three to six are the rule.
const MAX_NEWTON_STEPS: usize = 40;
/// Damping of a Newton step, tried in turn until one leads down: see [`Dual::newton_step`].
const DAMPINGS: [f64; 4] = [1e-3, 1e-1, 1e1, 1e3];
/// Halvings before a damping is given up.
const MAX_HALVINGS: usize = 10;

/// What a unit's arm uses up.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Resource {
    Money,
    Place(usize),
}

/// The limits that exist and how much there is of each.
#[derive(Debug, Clone)]
pub(crate) struct Resources {
    pub(crate) kinds: Vec<Resource>,
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

    pub(crate) fn len(&self) -> usize {
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

/// The dual problem of some units.
///
/// # Formula
///
/// ```text
/// D(θ) = Σ_r θ_r L_r + Σᵢ max(0, maxₖ vᵢₖ − Σ_r θ_r uᵢₖᵣ),   θ ≥ 0      (v net rewards, u uses, L limits)
/// D_T(θ): the inner maximum replaced by T ln(1 + Σₖ exp((vᵢₖ − Σ_r θ_r uᵢₖᵣ) / T))  ≥  D(θ)
/// ```
///
/// # Source
///
/// Fisher (1981), "The Lagrangian relaxation method for solving integer programming problems"; the
/// smoothing: Nesterov (2005), "Smooth minimization of non-smooth functions"; projected Newton steps:
/// Bertsekas (1982), "Projected Newton methods for optimization problems with simple constraints".
pub(crate) struct Dual<'a> {
    menu: &'a DoNoHarm<'a>,
    terms: &'a Terms,
    pub(crate) resources: Resources,
    units: Vec<u32>,
}

/// The smoothed dual at a point.
#[derive(Clone)]
struct Local {
    value: f64,
    gradient: Vec<f64>,
    /// Row-major.
    hessian: Vec<f64>,
}

impl<'a> Dual<'a> {
    pub(crate) fn new(menu: &'a DoNoHarm<'a>, terms: &'a Terms) -> Self {
        let units = (0..menu.n_units() as u32).collect();
        Self { menu, terms, resources: Resources::new(menu, terms), units }
    }

    /// Returns the best prices found and the dual value there.
    pub(crate) fn minimise(&self) -> (Vec<f64>, f64) {
        let free = vec![0.0; self.resources.len()];
        if self.units.len() <= 2 * SAMPLE_UNITS {
            return self.cool(free, 0..N_TEMPERATURES);
        }
        let (theta, _) = self.sample().cool(free, 0..N_TEMPERATURES);
        self.cool(theta, REFINING_LEVELS)
    }

    /// Returns the dual of a drawn part of the units under the same part of the limits.
    fn sample(&self) -> Self {
        let one_in = (self.units.len() / SAMPLE_UNITS) as u64;
        let is_drawn = |unit: &u32| mix(self.terms.seed, u64::from(*unit)).is_multiple_of(one_in);
        let units: Vec<u32> = self.units.iter().copied().filter(is_drawn).collect();
        let share = units.len() as f64 / self.units.len() as f64;
        let mut resources = self.resources.clone();
        resources.amounts.iter_mut().for_each(|amount| *amount *= share);
        Self { resources, units, ..*self }
    }

    /// Lowers the temperature through these levels, starting at `theta`.
    fn cool(&self, mut theta: Vec<f64>, levels: impl IntoIterator<Item = i32>) -> (Vec<f64>, f64) {
        let mut best = (theta.clone(), self.value(&theta));
        let first = self.mean_net_reward();
        if first <= 0.0 {
            return best;
        }
        for level in levels {
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

    /// Applies `of` to all units, task by task; results in order.
    fn by_task<T: Send>(&self, of: impl Fn(&[u32]) -> T + Sync + Send) -> Vec<T> {
        self.units.par_chunks(UNITS_A_TASK).map(of).collect()
    }

    fn mean_net_reward(&self) -> f64 {
        let free = vec![0.0; self.resources.len()];
        let sums = self.by_task(|units| {
            let worth = |unit: &u32| self.best_two(&free, *unit as usize).1;
            units.iter().map(worth).fold((0.0, 0_usize), |(sum, n), worth: f64| {
                (sum + worth.max(0.0), n + usize::from(worth > 0.0))
            })
        });
        let (sum, n) = sums.into_iter().fold((0.0, 0), |(a, n), (b, m)| (a + b, n + m));
        if n == 0 { 0.0 } else { sum / n as f64 }
    }

    /// Returns the dual value, an upper bound on what any plan earns.
    fn value(&self, theta: &[f64]) -> f64 {
        let limits: f64 = theta.iter().zip(&self.resources.amounts).map(|(t, l)| t * l).sum();
        let parts = self.by_task(|units| -> f64 {
            units.iter().map(|&unit| self.best_two(theta, unit as usize).1.max(0.0)).sum()
        });
        limits + parts.into_iter().sum::<f64>()
    }

    /// Returns the best arm at prices, its net worth, and by how much the second best choice, doing
    /// nothing included, is worse. [`HOLD`] with worth 0 where nothing is better.
    pub(crate) fn best_two(&self, theta: &[f64], unit: usize) -> (u16, f64, f64) {
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

    /// Returns what an arm is worth to a unit at these prices, `None` where it is no candidate.
    #[inline]
    pub(crate) fn worth(&self, theta: &[f64], unit: usize, arm: usize) -> Option<f64> {
        let offer = self.menu.offer(unit, arm)?;
        let net = offer.reward - self.terms.least_price * offer.cost;
        // An arm that does not pay for itself is no candidate at any price.
        (net > 0.0).then(|| net - self.resources.price_of(theta, arm, offer.cost))
    }

    /// Returns the smoothed dual with gradient and Hessian.
    fn local(&self, theta: &[f64], temperature: f64) -> Local {
        let d = self.resources.len();
        let parts = self.by_task(|units| {
            let mut smooth = Smooth::new(self, theta, temperature);
            for &unit in units {
                smooth.add(unit as usize);
            }
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
        let mut total = libm::exp(-top);
        for weighed in &mut self.arms {
            weighed.weight = libm::exp(weighed.weight - top);
            total += weighed.weight;
        }
        self.sum.value += self.temperature * (top + libm::log(total));
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
