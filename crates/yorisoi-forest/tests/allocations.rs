//! How often does memory get asked for? Once a tree for its tables, never for a row, a node or a feature.
//!
//! A binary of its own, because it counts what every allocation goes through. Each count is taken on the only
//! thread of a pool, so that tests beside one another do not disturb it.

#![expect(clippy::unwrap_used, reason = "a test without its pool has nothing to say")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use yorisoi_data::{BinnedRows, FeatureKind, Silent, unit_hash};
use yorisoi_forest::{
    BaselineTask, BoostParams, BoostTask, Causal, Depth, Eligible, Forest, ForestParams,
    Probability, Question, RankScale, Recipe, Slope, StepParams, Units, Walked, boost, grow,
    predict,
};

thread_local! {
    static ASKED: Cell<u64> = const { Cell::new(0) };
}

/// The system's allocator, and how often each thread has asked it for memory.
struct Counting;

fn count() {
    // A thread that ends has no counter any more, and nothing to be counted.
    let _ = ASKED.try_with(|asked| asked.set(asked.get() + 1));
}

#[expect(
    unsafe_code,
    reason = "counts, and hands every call on to the system's allocator as it is"
)]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count();
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count();
        unsafe { System.realloc(block, layout, size) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        unsafe { System.dealloc(block, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// Returns what `work` gives on one thread, and how often it asked for memory.
fn counted<T: Send>(work: impl FnOnce() -> T + Send) -> (T, u64) {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    pool.install(|| {
        let before = ASKED.get();
        let result = work();
        (result, ASKED.get() - before)
    })
}

const FEW: u32 = 4_000;
const MANY: u32 = 8 * FEW;

/// Levels of the categories: so many that sorting them with room of its own would ask for that room.
const LEVELS: u16 = 40;

/// Units with ordered features, every fourth a category, and an effect that rises with the first.
struct Sample {
    features: BinnedRows,
    scale: RankScale,
    y: Vec<f32>,
    w: Vec<f32>,
    class: Vec<u8>,
    rows: Vec<u32>,
}

impl Sample {
    fn new(n_units: u32, n_features: u64) -> Self {
        let kind = |feature| match feature % 4 {
            3 => FeatureKind::Category { n_bins: LEVELS },
            _ => FeatureKind::Ordered { n_bins: 64 },
        };
        let kinds: Vec<FeatureKind> = (0..n_features).map(kind).collect();
        let draw = |unit: u32, stream: u64| unit_hash(stream, u64::from(unit));
        let bin = |unit, feature: u64| {
            let n_bins = kinds[feature as usize].n_bins() as f64;
            (draw(unit, feature) * n_bins) as u8
        };
        let rows: Vec<u32> = (0..n_units).collect();
        let bins: Vec<u8> = (rows.iter())
            .flat_map(|&unit| (0..n_features).map(move |feature| (unit, feature)))
            .map(|(unit, feature)| bin(unit, feature))
            .collect();
        let w: Vec<f32> =
            rows.iter().map(|&unit| if draw(unit, 900) < 0.5 { -0.5 } else { 0.5 }).collect();
        let outcome = |&unit: &u32| {
            let effect = f64::from(bin(unit, 0)) / 16.0;
            (f64::from(w[unit as usize]) * effect + draw(unit, 901)) as f32
        };
        Self {
            y: rows.iter().map(outcome).collect(),
            class: rows.iter().map(|&unit| (draw(unit, 902) * 6.0) as u8).collect(),
            features: BinnedRows::new(bins, kinds.clone(), rows.len()),
            scale: RankScale::new(&kinds),
            w,
            rows,
        }
    }

    fn units(&self) -> Units<'_> {
        Units { features: &self.features, rows: &self.rows, clusters: None }
    }

    fn causal(&self) -> Causal<'_> {
        Causal { y_centered: &self.y, w_centered: &self.w, weights: None, baseline: None }
    }

    /// The recipe with a line and three small trees under each bag.
    fn causal_on_baseline(&self) -> Causal<'_> {
        let steps = StepParams { rounds: 3, ..StepParams::default() };
        let baseline = BaselineTask { clusters: None, scale: &self.scale, has_line: true, steps };
        Causal { baseline: Some(baseline), ..self.causal() }
    }
}

fn grown<const L: usize, const D: usize, R: Recipe<L, D>>(
    recipe: &R,
    sample: &Sample,
    n_trees: usize,
) -> (Forest, u64) {
    let params = ForestParams { n_trees, ..ForestParams::default() };
    counted(|| grow(recipe, sample.units(), &params, &Silent))
}

/// How often one more tree asks, with what it is measured against.
#[derive(Debug)]
struct ATree {
    asked: f64,
    nodes: f64,
    depth: f64,
}

/// Growing some trees, and some more, tells what one more costs.
fn a_further_tree<const L: usize, const D: usize, R: Recipe<L, D>>(
    recipe: &R,
    sample: &Sample,
) -> ATree {
    const TREES: (usize, usize) = (4, 24);
    let (_, few) = grown(recipe, sample, TREES.0);
    let (forest, many) = grown(recipe, sample, TREES.1);
    let mean = |of: &dyn Fn(&yorisoi_forest::Tree) -> f64| {
        forest.trees.iter().map(of).sum::<f64>() / forest.trees.len() as f64
    };
    ATree {
        asked: (many - few) as f64 / (TREES.1 - TREES.0) as f64,
        nodes: mean(&|tree| tree.nodes.len() as f64),
        depth: mean(&|tree| f64::from(tree.depth)),
    }
}

/// Tables that are asked for once a tree or a bag: bins and lanes of bag, tree and small trees, offsets and widths
/// of features at two resolutions, the bins of small nodes, rows and room to part them, honest leaves, their sums,
/// counts and means, and what a bag's trees are gathered in.
const TABLES: f64 = 30.0;

/// Tables that double as they fill, from four entries on: a bag's units, growing and estimating ones, nodes,
/// categories' sets, waiting nodes, and room to sort levels in.
const DOUBLING: f64 = 7.0;

/// Returns how often a tree may ask: for its tables, for each doubling of those that grow, and for a histogram
/// and its place at each level. Nothing in it is as many as rows, nodes or features.
fn allowed(sample: &Sample, depth: f64) -> f64 {
    let doublings = (sample.rows.len() / 4).ilog2() + 1;
    TABLES + DOUBLING * f64::from(doublings) + 2.0 * depth
}

fn assert_tables_only<const L: usize, const D: usize, R: Recipe<L, D>>(
    recipe: &R,
    sample: &Sample,
) -> ATree {
    let tree = a_further_tree(recipe, sample);
    assert!(tree.asked <= allowed(sample, tree.depth), "{tree:?}");
    tree
}

#[test]
fn a_further_tree_asks_for_its_tables_and_nothing_else() {
    let (few, many) = (Sample::new(FEW, 8), Sample::new(MANY, 8));
    let small = assert_tables_only(&few.causal(), &few);
    let large = assert_tables_only(&many.causal(), &many);
    println!("{small:?}\n{large:?}");
    // Something asked for once a node would not go unseen.
    assert!(large.nodes > 2.0 * allowed(&many, large.depth), "{large:?}");
    // Eight times the rows are three doublings, and levels more.
    let more = 3.0 * DOUBLING + 2.0 * (large.depth - small.depth);
    assert!(large.asked - small.asked <= more, "{small:?}, {large:?}");
}

#[test]
fn many_classes_and_levels_ask_for_no_more() {
    let sample = Sample::new(MANY, 8);
    let recipe = Probability { class: &sample.class, weights: None };
    let tree = assert_tables_only(&recipe, &sample);
    assert!(tree.nodes > 2.0 * allowed(&sample, tree.depth), "{tree:?}");
}

#[test]
fn eight_times_the_features_ask_for_no_more() {
    let (few, many) = (Sample::new(FEW, 8), Sample::new(FEW, 64));
    let narrow = assert_tables_only(&few.causal(), &few);
    let wide = assert_tables_only(&many.causal(), &many);
    // What is kept a feature doubles three times more: offsets at two resolutions, and sets where categories split.
    let more = 3.0 * 3.0 + 2.0 * (wide.depth - narrow.depth).max(0.0);
    assert!(wide.asked - narrow.asked <= more, "{narrow:?}, {wide:?}");
}

#[test]
fn what_stands_under_the_trees_asks_bag_by_bag() {
    // A bag of two trees has three small ones and a line, so that five trees' tables are shared by two.
    let (few, many) = (Sample::new(FEW, 8), Sample::new(MANY, 8));
    let small = a_further_tree(&few.causal_on_baseline(), &few);
    let large = a_further_tree(&many.causal_on_baseline(), &many);
    println!("{small:?}\n{large:?}");
    assert!(small.asked <= 2.5 * allowed(&few, small.depth), "{small:?}");
    assert!(large.asked <= 2.5 * allowed(&many, large.depth), "{large:?}");
}

#[test]
fn a_further_round_of_boosting_asks_for_its_tables_and_nothing_else() {
    let sample = Sample::new(MANY, 8);
    let rounds = |max_rounds: usize| {
        // No patience ends it early.
        let params = BoostParams { max_rounds, patience: max_rounds, ..BoostParams::default() };
        let task = BoostTask {
            features: &sample.features,
            rows: &sample.rows,
            targets: &[&sample.y, &sample.w],
            regressor: Some(&sample.w),
            weights: None,
            clusters: None,
        };
        counted(|| boost(task, &params)).1
    };
    let (few, many) = (rounds(10), rounds(30));
    let asked = (many - few) as f64 / 20.0;
    println!("{asked} a round");
    assert!(asked <= allowed(&sample, 5.0), "{asked} a round");
}

/// Returns how often asking `forest` about the rows of `sample` asks for memory: about new rows, out of bag, and
/// along paths that are kept.
fn asked_by_prediction(forest: &Forest, sample: &Sample) -> [u64; 3] {
    let depth = Depth::<4>::new(forest, 5);
    let (features, rows) = (&sample.features, &sample.rows);
    let all = [Eligible::All, Eligible::OutOfBag(sample.units())];
    let [new, out_of_bag] = all.map(|eligible| {
        let question = Question { eligible, point: &depth, interval: &depth };
        counted(|| predict((forest, &Slope), features, rows, question, &Silent)).1
    });
    let walk = || Walked::new(forest, features, rows, all[1]).values(&Slope, &depth);
    [new, out_of_bag, counted(walk).1]
}

#[test]
fn a_prediction_asks_block_by_block_and_never_for_a_row() {
    let (few, many) = (Sample::new(FEW, 8), Sample::new(MANY, 8));
    for recipe in [few.causal(), few.causal_on_baseline()] {
        let forest = grown(&recipe, &few, 24).0;
        let (small, large) =
            (asked_by_prediction(&forest, &few), asked_by_prediction(&forest, &many));
        println!("{small:?} {large:?}");
        for (small, large) in small.into_iter().zip(large) {
            // On one thread both are cut into four blocks; what is collected doubles three times more in each.
            assert!(small <= 4 * 40, "{small} for {FEW} rows");
            assert!(large <= small + 4 * 3 * 4, "{small} for {FEW} rows, {large} for {MANY}");
        }
    }
}

#[test]
fn a_boosted_answer_asks_block_by_block() {
    let sample = Sample::new(MANY, 8);
    let task = BoostTask {
        features: &sample.features,
        rows: &sample.rows,
        targets: &[&sample.y],
        regressor: None,
        weights: None,
        clusters: None,
    };
    let model = boost(task, &BoostParams { max_rounds: 20, ..BoostParams::default() });
    let asked = counted(|| model.predict(&sample.features, &sample.rows)).1;
    // Blocks of 2,048 rows.
    let blocks = u64::from(MANY).div_ceil(2_048);
    assert!(asked <= 8 * blocks, "{asked} for {blocks} blocks");
}
