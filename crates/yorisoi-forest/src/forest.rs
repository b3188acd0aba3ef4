//! Many trees: training in parallel, the same for any number of threads.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use yorisoi_data::{BinnedRows, Progress, mix};

use crate::{
    bags::{Bags, Part, keep},
    baseline::Baseline,
    grow::{Grower, Shape, fill},
    histogram::TreeRows,
    recipe::{Bag, FIRST_MOMENT, Recipe},
    split::Balance,
    tree::Tree,
};

/// How a forest grows.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ForestParams {
    /// Trees; rounded up to whole bags.
    pub n_trees: usize,
    /// Trees that share a bag, for the variance; 2 is enough (Athey, Tibshirani & Wager 2019).
    pub ci_group_size: usize,
    /// Share of the units in a bag, in `(0, 0.5]`.
    pub sample_fraction: f64,
    /// Share of a bag that chooses splits.
    pub honesty_fraction: f64,
    /// Growing rows each child of a split keeps at least.
    pub min_node_size: usize,
    /// Share of a node's units and of its treatment variation each child keeps at least.
    pub alpha: f64,
    /// Features looked at in each node; 0 looks at `⌈√p⌉ + 20`.
    pub mtry: usize,
    /// Key of all randomness.
    pub seed: u64,
}

impl Default for ForestParams {
    fn default() -> Self {
        Self {
            n_trees: 500,
            ci_group_size: 2,
            sample_fraction: 0.5,
            honesty_fraction: 0.5,
            min_node_size: 5,
            alpha: 0.05,
            mtry: 0,
            seed: 42,
        }
    }
}

impl ForestParams {
    fn bags(&self) -> Bags {
        Bags {
            seed: self.seed,
            n_bags: self.n_trees.div_ceil(self.ci_group_size).max(2),
            trees_per_bag: self.ci_group_size,
            sample_fraction: self.sample_fraction,
            growing_fraction: self.honesty_fraction,
        }
    }

    fn shape(&self, n_features: usize) -> Shape {
        let by_default = (n_features as f64).sqrt().ceil() as usize + 20;
        Shape {
            balance: Balance { min_count: self.min_node_size as f32, alpha: self.alpha as f32 },
            n_candidates: if self.mtry == 0 { by_default } else { self.mtry },
            max_depth: u32::MAX,
            small_node: SMALL_NODE,
        }
    }
}

/// Nodes below this many growing rows use coarse bins: clearing and scanning 64 bins a feature would
/// cost more than the rows are worth.
pub(crate) const SMALL_NODE: usize = 192;

/// Salt that keeps the hash stream of a bag's baseline apart from those of bags and trees.
const STEP_STREAM: u64 = 0x7374_6570;

/// The units a forest learns from.
#[derive(Debug, Clone, Copy)]
pub struct Units<'a> {
    /// Binned features of the whole data set.
    pub features: &'a BinnedRows,
    /// Units to learn from.
    pub rows: &'a [u32],
    /// Cluster of every unit of the data set, if any.
    pub clusters: Option<&'a [u32]>,
}

impl Units<'_> {
    /// Returns the id by which `unit` is drawn: its cluster, or itself.
    #[inline]
    pub fn id(&self, unit: u32) -> u32 {
        self.clusters.map_or(unit, |clusters| clusters[unit as usize])
    }
}

/// A grown forest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Forest {
    /// Who was in which bag.
    pub bags: Bags,
    /// Trees, those of a bag side by side.
    pub trees: Vec<Tree>,
    /// The effect under each bag's trees; empty for recipes without one.
    pub baselines: Vec<Baseline>,
    /// Moments a node keeps.
    pub n_moments: usize,
}

/// Grows a forest of `recipe` on `units`.
pub fn grow<const L: usize, const D: usize, R: Recipe<L, D>>(
    recipe: &R,
    units: Units<'_>,
    params: &ForestParams,
    progress: &dyn Progress,
) -> Forest {
    let bags = Bags { n_bags: 0, ..params.bags() };
    let n_moments = R::LANES_USED - FIRST_MOMENT;
    let none = Forest { bags, trees: Vec::new(), baselines: Vec::new(), n_moments };
    grow_more(none, recipe, units, params, progress)
}

/// Grows `forest` on to `params.n_trees` trees; the result is what [`grow`] gives at once.
pub fn grow_more<const L: usize, const D: usize, R: Recipe<L, D>>(
    mut forest: Forest,
    recipe: &R,
    units: Units<'_>,
    params: &ForestParams,
    progress: &dyn Progress,
) -> Forest {
    let bags = params.bags();
    let shape = params.shape(units.features.n_features());
    let grown: Vec<(Vec<Tree>, Option<Baseline>)> = (forest.bags.n_bags..bags.n_bags)
        .into_par_iter()
        .map(|bag| {
            let member = bags.membership(bag);
            let sample = keep(units.rows, |unit| member.contains(units.id(unit)));
            let all: Vec<u32> = (0..sample.len() as u32).collect();
            let rows = units.features.gather(&sample);
            let seed = mix(params.seed ^ STEP_STREAM, bag as u64);
            let (lanes, baseline) =
                recipe.in_bag(Bag { sample: &sample, rows: &rows, seed, number: bag });
            let rows = TreeRows::new(rows, lanes);
            let first = bag * bags.trees_per_bag;
            let trees: Vec<Tree> = (first..first + bags.trees_per_bag)
                .map(|tree| {
                    let honesty = bags.honesty(tree);
                    let grows =
                        |at: u32| honesty.part(units.id(sample[at as usize])) == Part::Growing;
                    let (growing, estimating) = (keep(&all, grows), keep(&all, |at| !grows(at)));
                    let seed = mix(params.seed, tree as u64);
                    let kinds = units.features.kinds();
                    let grower =
                        Grower::<L, D, R>::new(recipe, kinds, rows.subset(&growing), shape, seed);
                    let mut grown = grower.grow();
                    fill(&mut grown, &rows, &estimating, R::LANES_USED - FIRST_MOMENT);
                    progress.advance(1);
                    grown
                })
                .collect();
            (trees, baseline)
        })
        .collect();
    for (trees, baseline) in grown {
        forest.trees.extend(trees);
        forest.baselines.extend(baseline);
    }
    Forest { bags: Bags { n_bags: bags.n_bags.max(forest.bags.n_bags), ..bags }, ..forest }
}

impl Forest {
    /// Returns the forest without nodes that never answer at leaf sizes of `min_count` and above.
    #[must_use]
    pub fn pruned(&self, min_count: u32) -> Self {
        let trees = self.trees.par_iter().map(|tree| tree.pruned(min_count)).collect();
        Self { trees, baselines: self.baselines.clone(), ..*self }
    }

    /// Returns the share of splits on each feature, weighted by `1 / 2^depth` over depths 0 to 3;
    /// zeros where there are no splits.
    pub fn importance(&self, n_features: usize) -> Vec<f64> {
        let mut shares = vec![0.0; n_features];
        for tree in &self.trees {
            let mut level = vec![0_usize];
            for depth in 0..4 {
                let inner: Vec<usize> =
                    level.into_iter().filter(|&node| !tree.nodes[node].is_leaf(node)).collect();
                for &node in &inner {
                    shares[usize::from(tree.nodes[node].feature)] += 0.5_f64.powi(depth);
                }
                level = inner
                    .into_iter()
                    .flat_map(|node| {
                        [tree.nodes[node].next as usize, tree.nodes[node].next as usize + 1]
                    })
                    .collect();
            }
        }
        let total: f64 = shares.iter().sum();
        if total > 0.0 {
            for share in &mut shares {
                *share /= total;
            }
        }
        shares
    }
}
