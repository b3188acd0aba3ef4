//! How long do paths, plans, curves and trees take? `cargo bench -p yorisoi-policy`
//!
//! Fixed seeds; one line a measurement: seconds, then what was done. The argument `large` adds
//! fourteen million units.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a benchmark reads the clock and its arguments, and prints"
)]

use std::time::Instant;

use yorisoi_data::{BinnedRows, FeatureKind, HeldOut, unit_hash};
use yorisoi_policy::{
    ArmCost, Bootstrap, Columns, DoNoHarm, Limits, Sample, SpendPath, TreeOptions, budget_curve,
    even_budgets, fit_policy_tree, plan,
};

fn column(n: usize, key: u64, low: f64, high: f64) -> Vec<f64> {
    (0..n).map(|row| low + (high - low) * unit_hash(key, row as u64)).collect()
}

fn columns(n: usize, n_columns: u64, key: u64, low: f64, high: f64) -> Vec<Vec<f64>> {
    (0..n_columns).map(|k| column(n, key + k, low, high)).collect()
}

fn timed<T>(what: &str, run: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = run();
    println!("{:8.3} s  {what}", start.elapsed().as_secs_f64());
    result
}

fn paths(n: usize, n_arms: u64) {
    let rewards = columns(n, n_arms, 1, -0.05, 0.15);
    let costs: Vec<ArmCost> =
        columns(n, n_arms, 100, 1.0, 9.0).into_iter().map(ArmCost::PerUnit).collect();
    let menu = Columns::new(&rewards, &costs).expect("valid");
    let path = timed(&format!("path of {n} units, {n_arms} arms"), || {
        SpendPath::new(&menu, 0).expect("valid")
    });
    println!("            {} steps", path.steps().len());
    let low: Vec<Vec<f64>> =
        rewards.iter().map(|tau| tau.iter().map(|tau| tau - 0.04).collect()).collect();
    let menu = DoNoHarm::new(menu, &low, 0.01).expect("valid");
    let budget = Some(0.3 * path.max_spend());
    drop(path);
    timed("  plan under a budget", || {
        plan(&menu, &Limits { budget, ..Limits::default() }).expect("valid")
    });
    if n <= 1_000_000 {
        let capacity = (0..n_arms).map(|arm| Some(n / (8 + arm as usize))).collect();
        let plan = timed("  plan under a budget and places in every arm", || {
            plan(&menu, &Limits { budget, capacity, ..Limits::default() }).expect("valid")
        });
        println!("            gap {:.2e} of gain", plan.optimality_gap / plan.expected_gain);
    }
}

fn curve(n: usize, n_arms: u64) {
    let rewards = columns(n, n_arms, 1, -0.05, 0.15);
    let costs = vec![ArmCost::Same(2.0); n_arms as usize];
    let path = SpendPath::new(&Columns::new(&rewards, &costs).expect("valid"), 0).expect("valid");
    let scores = HeldOut::promise(columns(n, n_arms, 50, -1.0, 1.0));
    let sample = Sample::new(&scores, None, None).expect("valid");
    let budgets = even_budgets(path.steps(), n, 100);
    timed(&format!("curve of {n} units, {n_arms} arms, 100 budgets, 200 half-samples"), || {
        budget_curve(path.steps(), &sample, &budgets, Bootstrap::default()).expect("valid")
    });
}

fn tree(n: usize, n_features: usize, n_bins: u16, n_arms: u64, depth: usize) {
    let bins = (0..n * n_features)
        .map(|cell| (unit_hash(7, cell as u64) * f64::from(n_bins)) as u8)
        .collect();
    let features = BinnedRows::new(bins, vec![FeatureKind::Ordered { n_bins }; n_features], n);
    let rewards = columns(n, n_arms, 1, -1.0, 1.0);
    let what = format!(
        "tree of depth {depth}: {n} rows, {n_features} features, {n_bins} bins, {n_arms} arms"
    );
    timed(&what, || {
        fit_policy_tree(&features, &rewards, TreeOptions { depth, min_leaf: 100 }).expect("valid")
    });
}

fn main() {
    paths(1_000_000, 4);
    curve(1_000_000, 2);
    tree(64_000, 12, 64, 2, 2);
    tree(64_000, 12, 64, 4, 2);
    tree(64_000, 12, 64, 2, 3);
    tree(64_000, 50, 64, 2, 2);
    tree(64_000, 12, 255, 2, 2);
    if std::env::args().any(|argument| argument == "large") {
        paths(14_000_000, 2);
        curve(14_000_000, 1);
        tree(14_000_000, 12, 64, 1, 2);
    }
}
