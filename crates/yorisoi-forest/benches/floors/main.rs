//! How far is the engine from what this machine can do? `cargo bench -p yorisoi-forest`.
//!
//! Measures the machine first (clock, memory bandwidth), then the histogram kernel, whole trees and
//! prediction, and sets each beside a floor whose operations and bytes are stated. The best of several
//! runs counts: on a shared machine, others can only make it slower.

#![expect(clippy::print_stdout, reason = "a benchmark reports on the terminal")]

mod machine;

use std::hint::black_box;

use machine::{Machine, best_of};
use yorisoi_data::{BinnedRows, FeatureKind, Silent, unit_hash};
use yorisoi_forest::{
    Causal, Depth, Eligible, Forest, ForestParams, Question, Slope, Tree, Units, Walked, grow,
    measured::Kernel, predict,
};

const N_UNITS: usize = 100_000;
const N_FEATURES: usize = 12;
const N_BINS: u16 = 64;
const SEED: u64 = 42;
/// Row number, bins and eight lanes of four bytes are read once a row and level.
const ROW_BYTES: f64 = (4 + N_FEATURES + 8 * 4) as f64;
/// Runs of which the best counts.
const RUNS: usize = 5;

fn main() {
    let machine = Machine::measure();
    println!("{machine}");
    let data = Data::new();
    kernel(&machine, &data);
    let forest = trees(&machine, &data);
    answers(&machine, &data, &forest);
}

/// Binned features of equal frequencies, a treatment by coin, an effect of the first feature.
struct Data {
    features: BinnedRows,
    rows: Vec<u32>,
    w: Vec<f32>,
    y: Vec<f32>,
}

impl Data {
    fn new() -> Self {
        let draw = |stream: u64, at: usize| unit_hash(SEED + stream, at as u64);
        let values = f64::from(N_BINS - 1);
        let bins: Vec<u8> =
            (0..N_UNITS * N_FEATURES).map(|at| 1 + (draw(0, at) * values) as u8).collect();
        let w: Vec<f32> =
            (0..N_UNITS).map(|unit| if draw(1, unit) < 0.5 { 0.5 } else { -0.5 }).collect();
        let y = (0..N_UNITS)
            .map(|unit| {
                let effect = f32::from(bins[unit * N_FEATURES]) / 32.0;
                w[unit] * effect + 3.0 * (draw(2, unit) + draw(3, unit) - 1.0) as f32
            })
            .collect();
        let kinds = vec![FeatureKind::Ordered { n_bins: N_BINS }; N_FEATURES];
        let features = BinnedRows::new(bins, kinds, N_UNITS);
        Self { features, rows: (0..N_UNITS as u32).collect(), w, y }
    }

    fn recipe(&self) -> Causal<'_> {
        Causal { y_centered: &self.y, w_centered: &self.w, weights: None, baseline: None }
    }

    fn units(&self) -> Units<'_> {
        Units { features: &self.features, rows: &self.rows, clusters: None }
    }
}

/// One pass over rows of a node: in order as at the root, and scattered as further down.
fn kernel(machine: &Machine, data: &Data) {
    println!("histogram kernel, {N_FEATURES} features, {N_BINS} bins, one thread");
    let bytes = ROW_BYTES;
    // Eight lanes are two vectors of the baseline instruction set; a core stores one vector a cycle.
    let cycles = 2.0 * N_FEATURES as f64;
    println!(
        "  floor a row: {bytes} bytes, {:.1} ns at read bandwidth; {cycles} vector stores, {:.1} ns \
         at one a cycle",
        bytes / machine.read[0] * 1e9,
        cycles / machine.hertz * 1e9,
    );
    let floor = (bytes / machine.read[0]).max(cycles / machine.hertz);
    let scattered: Vec<u32> =
        data.rows.iter().copied().filter(|&row| unit_hash(7, u64::from(row)) < 0.1).collect();
    for (name, n_rows, positions) in [
        ("in order, 100,000 rows", N_UNITS, &data.rows),
        ("one row in ten of 100,000", scattered.len(), &scattered),
        ("in order, 5,000 rows in cache", 5_000, &data.rows[..5_000].to_vec()),
    ] {
        let mut kernel = Kernel::new(&data.features, &data.recipe(), &data.rows);
        let repeats = N_UNITS.div_ceil(n_rows);
        let seconds = best_of(RUNS, || {
            for _ in 0..repeats {
                kernel.add(black_box(positions));
            }
        }) / (repeats * n_rows) as f64;
        black_box(kernel.histogram());
        println!(
            "  {name}: {:.0} M rows·features/s, {:.2} GB/s, {:.1} ns a row, {:.1} × floor",
            N_FEATURES as f64 / seconds / 1e6,
            bytes / seconds / 1e9,
            seconds * 1e9,
            seconds / floor,
        );
    }
}

/// Steps from the root to the leaf of `bins`.
fn depth_of(tree: &Tree, bins: &[u8]) -> usize {
    let (mut node, mut depth) = (0, 0);
    loop {
        let next = tree.step(node, bins);
        if next == node {
            return depth;
        }
        (node, depth) = (next, depth + 1);
    }
}

/// Mean steps to a leaf, over some rows and all trees.
fn mean_depth(data: &Data, forest: &Forest) -> f64 {
    let rows = (0..N_UNITS).step_by(97);
    let n = (rows.len() * forest.trees.len()) as f64;
    let steps: usize = rows
        .flat_map(|row| forest.trees.iter().map(move |tree| (row, tree)))
        .map(|(row, tree)| depth_of(tree, data.features.row(row)))
        .sum();
    steps as f64 / n
}

/// Whole trees: bags drawn, rows gathered, splits found, leaves filled.
fn trees(machine: &Machine, data: &Data) -> Forest {
    let params = ForestParams { n_trees: 100, min_node_size: 50, seed: SEED, ..Default::default() };
    let mut forest = None;
    println!("\n{} trees on bags of {}, leaves from {} rows", 100, N_UNITS / 2, 50);
    for n_threads in [1, 2] {
        let pool = machine::pool(n_threads);
        let seconds = best_of(2, || {
            forest = Some(pool.install(|| grow(&data.recipe(), data.units(), &params, &Silent)));
        });
        let Some(forest) = &forest else {
            return grow(&data.recipe(), data.units(), &params, &Silent);
        };
        let levels = mean_depth(data, forest);
        // Half of a bag grows the tree; the smaller child alone is scanned, at most half of a level.
        let growing = N_UNITS as f64 / 4.0;
        let visits = growing * N_FEATURES as f64 * levels * forest.trees.len() as f64;
        let scanned = growing * (1.0 + (levels - 1.0) / 2.0) * forest.trees.len() as f64;
        let floor = scanned * 2.0 * N_FEATURES as f64 / machine.hertz / n_threads as f64;
        println!(
            "  {n_threads} thread(s): {:.2} ms a tree of {levels:.1} levels, {:.0} M \
             rows·features·levels/s, {:.1} × floor ({} vector stores for the root and half of each \
             further level); {:.2} GB/s of the {:.1} that can be read",
            seconds * 1e3 / forest.trees.len() as f64,
            visits / seconds / 1e6,
            seconds / floor,
            2 * N_FEATURES,
            scanned * ROW_BYTES / seconds / 1e9,
            machine.read[n_threads - 1] / 1e9,
        );
    }
    forest.unwrap_or_else(|| grow(&data.recipe(), data.units(), &params, &Silent))
}

/// Answers for new rows: the walk alone, and with averages and standard errors.
fn answers(machine: &Machine, data: &Data, forest: &Forest) {
    let levels = mean_depth(data, forest);
    let row_trees = (N_UNITS * forest.trees.len()) as f64;
    // A step loads a node and a bin and does six things with them, four a cycle; further, a row and
    // tree writes a leaf number, and reads it thrice with a cell of 20 bytes (point, interval, spread).
    let floor = |n_threads: usize| row_trees * 2.0 * levels / machine.hertz / n_threads as f64;
    println!("\nprediction of {N_UNITS} rows by {} trees", forest.trees.len());
    println!("  floor: {levels:.1} steps a row and tree, 8 instructions each at four a cycle");
    let depth = Depth::<4>::new(forest, 50);
    let question = Question { eligible: Eligible::All, point: &depth, interval: &depth };
    for n_threads in [1, 2] {
        let pool = machine::pool(n_threads);
        let walk = best_of(RUNS, || {
            let eligible = Eligible::All;
            black_box(pool.install(|| Walked::new(forest, &data.features, &data.rows, eligible)));
        });
        let whole = best_of(RUNS, || {
            black_box(pool.install(|| {
                predict((forest, &Slope), &data.features, &data.rows, question, &Silent)
            }));
        });
        println!(
            "  {n_threads} thread(s): walk {:.0} M rows·trees/s, {:.1} × floor; with standard errors \
             {:.0} M rows·trees/s, {:.1} × floor of the walk",
            row_trees / walk / 1e6,
            walk / floor(n_threads),
            row_trees / whole / 1e6,
            whole / floor(n_threads),
        );
    }
}
