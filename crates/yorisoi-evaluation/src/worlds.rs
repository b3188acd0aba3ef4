//! Small worlds with known truth, for the tests of this crate.

use yorisoi_data::unit_hash;

/// Units with a priority `X`, uniform on `[0, 1]`, an effect of `X − 1/4` and noisy scores of it.
pub(crate) struct RankedWorld {
    pub priority: Vec<f64>,
    pub scores: Vec<f64>,
    pub clusters: Vec<u32>,
}

/// Units of one cluster share `X` and half of the noise's variance, which is 1 in all.
pub(crate) fn ranked_world(seed: u64, n: usize, cluster_size: usize) -> RankedWorld {
    let mut world = RankedWorld { priority: vec![], scores: vec![], clusters: vec![] };
    for unit in 0..n {
        let cluster = unit / cluster_size;
        let x = draw(seed, 0, cluster);
        let noise = (normal(seed, 1, cluster) + normal(seed, 3, unit)) * 0.5_f64.sqrt();
        world.priority.push(x);
        world.scores.push(x - 0.25 + noise);
        world.clusters.push(cluster as u32);
    }
    world
}

/// A uniform draw.
pub(crate) fn draw(seed: u64, stream: u64, unit: usize) -> f64 {
    unit_hash(seed, stream << 40 | unit as u64)
}

/// A standard normal draw (Box & Muller), from this stream and the next.
pub(crate) fn normal(seed: u64, stream: u64, unit: usize) -> f64 {
    let radius = (-2.0 * libm::log(1.0 - draw(seed, stream, unit))).sqrt();
    radius * libm::cos(std::f64::consts::TAU * draw(seed, stream + 1, unit))
}

/// Asserts that a nominal 95 % interval covered as often as it should.
///
/// The bound is `.95 n ± 3.6 √(.95 · .05 · n)`: a right interval fails with probability 3e-4, and an
/// interval that covers 91 % or 98.5 % of the time fails more often than not at 600 replications.
pub(crate) fn assert_nominal_coverage(covered: u32, replications: u32) {
    let (covered, n) = (f64::from(covered), f64::from(replications));
    let slack = 3.6 * (0.95 * 0.05 * n).sqrt();
    assert!((covered - 0.95 * n).abs() <= slack, "covered {covered} of {n}, slack {slack:.1}");
}
