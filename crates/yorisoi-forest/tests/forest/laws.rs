//! What holds for every forest: honesty, out-of-bag answers, leaf sizes, threads, weights.

use crate::common::{CLUSTER_SIZE, Sample};
use proptest::prelude::*;
use yorisoi_data::{BinnedRows, Silent};
use yorisoi_forest::{
    Causal, Depth, Eligible, Forest, ForestParams, Part, Prediction, Question, Regression, Slope,
    Tree, Units, grow, grow_more, predict,
};

fn params(n_trees: usize, seed: u64) -> ForestParams {
    ForestParams { n_trees, seed, ..ForestParams::default() }
}

fn answers(forest: &Forest, units: Units<'_>, min_leaf: u32, new: bool) -> Vec<Prediction> {
    let depth = Depth::new(forest, min_leaf);
    let eligible = if new { Eligible::All } else { Eligible::OutOfBag(units) };
    let question = Question { eligible, point: &depth, interval: &depth };
    predict((forest, &Slope), units.features, units.rows, question, &Silent)
}

/// Every bit of an answer; NaN equals itself.
fn bits(predictions: &[Prediction]) -> Vec<[u64; 4]> {
    let of = |p: &Prediction| [p.value, p.interval_value, p.std_error, p.monte_carlo_share];
    predictions.iter().map(|prediction| of(prediction).map(f64::to_bits)).collect()
}

/// Returns the nodes that `bins` passes, root first.
fn path(tree: &Tree, bins: &[u8]) -> Vec<u32> {
    let mut path = vec![0];
    loop {
        let last = path[path.len() - 1];
        let next = tree.step(last, bins);
        if next == last {
            return path;
        }
        path.push(next);
    }
}

/// Returns the units that fill the leaves of a tree.
fn honest_units(forest: &Forest, tree: usize, units: Units<'_>) -> Vec<u32> {
    let member = forest.bags.membership(forest.bags.bag_of(tree));
    let honesty = forest.bags.honesty(tree);
    let is_honest = |unit: &u32| {
        let id = units.id(*unit);
        member.contains(id) && honesty.part(id) == Part::Estimating
    };
    units.rows.iter().copied().filter(is_honest).collect()
}

/// Asserts that every node of every tree holds exactly its honest units, weighted.
fn assert_leaves_are_honest(sample: &Sample, units: Units<'_>, weights: Option<&[f32]>) {
    /// Means of a few hundred products below 20, each rounded to `f32` once.
    const ROUNDING: f64 = 1e-5;
    let recipe = Causal { weights, ..sample.causal_without_line() };
    let forest = grow(&recipe, units, &params(12, 5), &Silent);
    for (index, tree) in forest.trees.iter().enumerate() {
        let mut count = vec![0_u32; tree.nodes.len()];
        let mut sums = vec![[0.0_f64; 5]; tree.nodes.len()];
        for unit in honest_units(&forest, index, units) {
            let at = unit as usize;
            let weight = weights.map_or(1.0, |weights| f64::from(weights[at]));
            let (w, y) = (f64::from(sample.w[at]), f64::from(sample.y[at]));
            for node in path(tree, sample.features.row(at)) {
                count[node as usize] += 1;
                let lanes = [1.0, w, y, w * w, w * y].map(|lane| weight * lane);
                for (sum, lane) in sums[node as usize].iter_mut().zip(lanes) {
                    *sum += lane;
                }
            }
        }
        assert_eq!(tree.counts, count, "tree {index}");
        for (node, sums) in sums.iter().enumerate().filter(|(_, sums)| sums[0] > 0.0) {
            for moment in 0..4 {
                let expected = sums[moment + 1] / sums[0];
                let actual = f64::from(tree.means[node * 4 + moment]);
                assert!((actual - expected).abs() < ROUNDING, "tree {index} node {node}");
            }
        }
    }
}

#[test]
fn a_leaf_holds_its_honest_units_and_no_others() {
    let sample = Sample::new(900, 1);
    assert_leaves_are_honest(&sample, sample.units(), None);
}

#[test]
fn a_leaf_holds_whole_honest_clusters_and_no_others() {
    let sample = Sample::new(900, 2);
    assert_leaves_are_honest(&sample, sample.clustered(), None);
}

#[test]
fn a_leaf_of_weighted_units_holds_weighted_means() {
    let sample = Sample::new(900, 3);
    let weights: Vec<f32> = (0..900_u32).map(|unit| 0.5 + (unit % 4) as f32).collect();
    assert_leaves_are_honest(&sample, sample.units(), Some(&weights));
}

#[test]
fn outcomes_of_the_units_that_fill_leaves_never_move_a_split() {
    let sample = Sample::new(900, 4);
    for units in [sample.units(), sample.clustered()] {
        let recipe = sample.causal_without_line();
        let forest = grow(&recipe, units, &params(6, 9), &Silent);
        for index in 0..forest.trees.len() {
            let mut y = sample.y.clone();
            for unit in honest_units(&forest, index, units) {
                y[unit as usize] += 5.0 * sample.w[unit as usize];
            }
            let moved = Causal { y_centered: &y, ..sample.causal_without_line() };
            let moved = grow(&moved, units, &params(6, 9), &Silent);
            assert_eq!(moved.trees[index].nodes, forest.trees[index].nodes);
            assert_ne!(moved.trees[index].means, forest.trees[index].means);
        }
    }
}

#[test]
fn a_units_own_outcome_never_moves_its_out_of_bag_answer() {
    let sample = Sample::new(600, 6);
    let before = answers(
        &grow(&sample.causal(), sample.units(), &params(60, 3), &Silent),
        sample.units(),
        10,
        false,
    );
    for unit in [0_usize, 17, 599] {
        let mut y = sample.y.clone();
        y[unit] += 30.0;
        let recipe = Causal { y_centered: &y, ..sample.causal() };
        let forest = grow(&recipe, sample.units(), &params(60, 3), &Silent);
        let after = answers(&forest, sample.units(), 10, false);
        assert_eq!(bits(&after[unit..=unit]), bits(&before[unit..=unit]));
        let moved = (0..600).filter(|&at| bits(&after[at..=at]) != bits(&before[at..=at])).count();
        assert!(moved > 300, "others may learn from it, and {moved} do");
    }
}

#[test]
fn outcomes_of_its_cluster_never_move_a_units_out_of_bag_answer() {
    let sample = Sample::new(600, 7);
    let units = sample.clustered();
    let before = answers(&grow(&sample.causal(), units, &params(60, 3), &Silent), units, 10, false);
    let (first, last) = (40_usize, 40 + CLUSTER_SIZE as usize);
    let mut y = sample.y.clone();
    for outcome in &mut y[first..last] {
        *outcome += 30.0;
    }
    let recipe = Causal { y_centered: &y, ..sample.causal() };
    let after = answers(&grow(&recipe, units, &params(60, 3), &Silent), units, 10, false);
    assert_eq!(bits(&after[first..last]), bits(&before[first..last]));
    assert_ne!(bits(&after), bits(&before));
}

#[test]
fn forests_and_answers_are_the_same_bytes_for_one_two_and_four_threads() {
    // Enough rows that the number of threads changes how they are dealt out.
    let sample = Sample::new(9_000, 8);
    let on = |n_threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build().unwrap();
        pool.install(|| {
            let forest = grow(&sample.causal(), sample.clustered(), &params(24, 3), &Silent);
            let out_of_bag = bits(&answers(&forest, sample.clustered(), 20, false));
            let new = bits(&answers(&forest, sample.clustered(), 20, true));
            (forest, out_of_bag, new)
        })
    };
    let one = on(1);
    assert!(one == on(2), "two threads");
    assert!(one == on(4), "four threads");
}

#[test]
fn growing_on_equals_growing_at_once() {
    let sample = Sample::new(800, 9);
    let some = grow(&sample.causal(), sample.units(), &params(10, 3), &Silent);
    let more = grow_more(some, &sample.causal(), sample.units(), &params(25, 3), &Silent);
    assert_eq!(more, grow(&sample.causal(), sample.units(), &params(25, 3), &Silent));
    assert_eq!(more.trees.len(), 26, "whole bags");
}

#[test]
fn equal_weights_are_no_weights() {
    let sample = Sample::new(800, 10);
    let weights = vec![4.0; 800];
    let weighted = Causal { weights: Some(&weights), ..sample.causal() };
    let plain = grow(&sample.causal(), sample.units(), &params(10, 3), &Silent);
    // Four is a power of four: products, sums, quotients and square roots scale exactly.
    assert_eq!(grow(&weighted, sample.units(), &params(10, 3), &Silent), plain);
}

#[test]
fn a_unit_of_weight_two_counts_as_two_of_it() {
    let sample = Sample::new(400, 11);
    let weights: Vec<f32> = (0..400_u32).map(|unit| 1.0 + (unit % 2) as f32).collect();
    let twice: Vec<u32> = (0..400).flat_map(|unit| vec![unit; 1 + unit as usize % 2]).collect();
    // Copies share their original's bag and part by its cluster id.
    let bins = twice.iter().flat_map(|&unit| sample.features.row(unit as usize).to_vec()).collect();
    let features = BinnedRows::new(bins, sample.features.kinds().to_vec(), twice.len());
    let y: Vec<f32> = twice.iter().map(|&unit| sample.y[unit as usize]).collect();
    let rows: Vec<u32> = (0..twice.len() as u32).collect();
    let copies = Units { features: &features, rows: &rows, clusters: Some(&twice) };
    // One split rule for both: whole trees, cut nowhere.
    let stumps = ForestParams { min_node_size: 10_000, ..params(8, 3) };
    let weighted = Regression { y: &sample.y, weights: Some(&weights) };
    let weighted = grow(&weighted, sample.units(), &stumps, &Silent);
    let copied = grow(&Regression { y: &y, weights: None }, copies, &stumps, &Silent);
    for (a, b) in weighted.trees.iter().zip(&copied.trees) {
        assert_eq!(a.means, b.means);
        assert!(a.counts[0] < b.counts[0]);
    }
}

/// What rounding may move an answer by, on average over units: another node sum may let a near tie
/// between two splits fall the other way. Leaves of 40 have effects with standard error
/// `2 / √40 = .32`; even if one in five of a unit's trees took another split there, the mean would
/// move by no more than `.2 · .32 · √2`.
const NEAR_TIES: f64 = 0.09;

fn mean_distance(a: &[Prediction], b: impl Iterator<Item = f64>) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a.value - b).abs()).sum::<f64>() / a.len() as f64
}

#[test]
fn a_relabelled_treatment_negates_every_answer() {
    let relabelled = |sample: &Sample, line: bool| {
        let w: Vec<f32> = sample.w.iter().map(|w| -w).collect();
        let recipe = if line { sample.causal() } else { sample.causal_without_line() };
        let of = |recipe: &Causal<'_>| {
            let forest = grow(recipe, sample.units(), &params(100, 3), &Silent);
            answers(&forest, sample.units(), 40, false)
        };
        (of(&recipe), of(&Causal { w_centered: &w, ..recipe.clone() }))
    };
    for line in [true, false] {
        // Only signs change on the way, so not a bit of the size may.
        let (plain, negated) = relabelled(&Sample::ordered(800, 12), line);
        for (plain, negated) in plain.iter().zip(&negated) {
            assert_eq!((-plain.value).to_bits(), negated.value.to_bits(), "line: {line}");
            assert_eq!(plain.std_error.to_bits(), negated.std_error.to_bits(), "line: {line}");
        }
        // Levels are tried in the opposite order, and their sums rounded on the way.
        let (plain, negated) = relabelled(&Sample::new(800, 12), line);
        let moved = mean_distance(&plain, negated.iter().map(|negated| -negated.value));
        assert!(moved < NEAR_TIES, "line: {line}, moved {moved}");
    }
}

#[test]
fn a_constant_on_top_of_the_outcome_leaves_the_effects() {
    let mut sample = Sample::new(1_500, 13);
    // On this grid, adding 4 is exact.
    for y in &mut sample.y {
        *y = (*y * 1024.0).round() / 1024.0;
    }
    let y: Vec<f32> = sample.y.iter().map(|y| y + 4.0).collect();
    let of = |recipe: &Causal<'_>| {
        let forest = grow(recipe, sample.units(), &params(200, 3), &Silent);
        answers(&forest, sample.units(), 40, false)
    };
    let plain = of(&sample.causal_without_line());
    let shifted = of(&Causal { y_centered: &y, ..sample.causal_without_line() });
    let moved = mean_distance(&plain, shifted.iter().map(|shifted| shifted.value));
    assert!(moved < NEAR_TIES, "{moved}");
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 24, failure_persistence: None, ..ProptestConfig::default()
    })]

    /// One tree answers for every leaf size: the deepest node of the path with enough honest rows.
    #[test]
    fn the_answering_node_is_the_deepest_with_enough_rows(seed: u64, min_count in 0_u32..300) {
        let sample = Sample::new(500, seed);
        let forest = grow(&sample.causal_without_line(), sample.units(), &params(4, seed), &Silent);
        for tree in &forest.trees {
            let answering = tree.answering_nodes(min_count);
            for unit in 0..500 {
                let bins = sample.features.row(unit);
                let enough = |node: &&u32| tree.counts[**node as usize] >= min_count;
                let path = path(tree, bins);
                let deepest = path.iter().rev().find(enough).copied().unwrap_or(0);
                prop_assert_eq!(answering[tree.leaf_of(bins) as usize], deepest);
            }
        }
    }

    /// At every leaf size from the pruning size on, the pruned tree answers as the whole one.
    #[test]
    fn a_pruned_tree_answers_as_the_whole_one(seed: u64, pruned_at in 1_u32..60, above in 0_u32..200) {
        let sample = Sample::new(500, seed);
        let forest = grow(&sample.causal_without_line(), sample.units(), &params(4, seed), &Silent);
        let pruned = forest.pruned(pruned_at);
        let min_count = pruned_at + above;
        for (whole, pruned) in forest.trees.iter().zip(&pruned.trees) {
            prop_assert!(pruned.nodes.len() <= whole.nodes.len());
            let (of_whole, of_pruned) =
                (whole.answering_nodes(min_count), pruned.answering_nodes(min_count));
            for unit in 0..500 {
                let bins = sample.features.row(unit);
                let a = of_whole[whole.leaf_of(bins) as usize] as usize;
                let b = of_pruned[pruned.leaf_of(bins) as usize] as usize;
                prop_assert_eq!(whole.counts[a], pruned.counts[b]);
                prop_assert_eq!(&whole.means[a * 4..a * 4 + 4], &pruned.means[b * 4..b * 4 + 4]);
            }
            let deepest = (0..500).map(|unit| path(pruned, sample.features.row(unit)).len() - 1);
            prop_assert!(deepest.max().unwrap_or(0) <= pruned.depth as usize);
        }
        let whole = bits(&answers(&forest, sample.units(), min_count, false));
        prop_assert_eq!(whole, bits(&answers(&pruned, sample.units(), min_count, false)));
    }
}

#[test]
fn the_regression_forest_finds_the_mean_of_each_step() {
    let sample = Sample::new(4_000, 14);
    let y: Vec<f32> = (0..4_000)
        .map(|unit| f32::from(sample.features.row(unit)[0] / 32) + sample.y[unit])
        .collect();
    let recipe = Regression { y: &y, weights: None };
    let forest = grow(&recipe, sample.units(), &params(60, 3), &Silent);
    let depth = Depth::<1>::new(&forest, 50);
    let eligible = Eligible::OutOfBag(sample.units());
    let question = Question { eligible, point: &depth, interval: &depth };
    let mean = yorisoi_forest::Mean { moment: 0 };
    let answers: Vec<Prediction> =
        predict((&forest, &mean), &sample.features, &sample.rows, question, &Silent);
    let of_step = |step: u8| {
        let of = |unit: &usize| sample.features.row(*unit)[0] / 32 == step;
        let values: Vec<f64> = (0..4_000).filter(of).map(|unit| answers[unit].value).collect();
        values.iter().sum::<f64>() / values.len() as f64
    };
    // Two steps of height one, half the units each. Leaves near the edge mix the two, which for honest
    // leaves of 50 among 1,000 is at most a twentieth of the height on either side; noise adds five
    // standard errors of √(2 · 1 / 2000) = .03.
    assert!((of_step(1) - of_step(0) - 1.0).abs() < 0.1 + 0.16, "{}", of_step(1) - of_step(0));
}

#[test]
fn importance_names_the_features_that_split() {
    let sample = Sample::new(3_000, 15);
    let forest = grow(&sample.causal_without_line(), sample.units(), &params(60, 3), &Silent);
    let shares = forest.importance(4);
    assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-9);
    // The effect steps with the first feature and the category; the third says nothing.
    assert!(shares[0] > shares[2] && shares[3] > shares[1], "{shares:?}");
}

#[test]
fn where_all_neighbours_were_treated_alike_the_whole_trees_answer_without_an_interval() {
    let sample = Sample::new(600, 11);
    let mut forest = grow(&sample.causal_without_line(), sample.units(), &params(12, 5), &Silent);
    let whole = answers(&forest, sample.units(), u32::MAX, true);
    for tree in &mut forest.trees {
        for node in tree.means.chunks_exact_mut(4).skip(1) {
            let y = node[1];
            node.copy_from_slice(&[0.5, y, 0.25, 0.5 * y]);
        }
    }
    let told = answers(&forest, sample.units(), 5, true);
    for (told, whole) in told.iter().zip(&whole) {
        assert!(whole.value.is_finite() && whole.std_error.is_finite(), "{whole:?}");
        assert_eq!(told.value.to_bits(), whole.value.to_bits());
        assert!(told.std_error.is_nan() && told.interval_value.is_nan(), "{told:?}");
    }
}
