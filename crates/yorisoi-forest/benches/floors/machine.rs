//! What can this machine do? Clock by a chain of multiplications, memory bandwidth by reading and
//! copying what no cache holds.

use std::fmt;
use std::hint::black_box;
use std::time::Instant;

/// Numbers in an array that no cache holds: 256 MiB of `u64`.
const LARGE: usize = 1 << 25;
/// Cycles of a 64-bit multiplication and an exclusive or that need each other's result, on all current
/// cores: three and one. Neither can be taken together with the next by the compiler.
const STEP_CYCLES: f64 = 4.0;

/// Speeds of this machine; bandwidths with one thread and with two, in bytes a second.
pub(crate) struct Machine {
    pub(crate) hertz: f64,
    pub(crate) read: [f64; 2],
    pub(crate) copy: [f64; 2],
}

impl Machine {
    pub(crate) fn measure() -> Self {
        let source: Vec<u64> = (0..LARGE as u64).collect();
        let mut target = vec![0_u64; LARGE];
        Self {
            hertz: clock(),
            read: [1, 2].map(|n_threads| read(&source, n_threads)),
            copy: [1, 2].map(|n_threads| copy(&source, &mut target, n_threads)),
        }
    }
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [read, read_both] = self.read.map(|bytes| bytes / 1e9);
        let [copy, copy_both] = self.copy.map(|bytes| bytes / 1e9);
        writeln!(f, "clock {:.2} GHz (chain of multiplications)", self.hertz / 1e9)?;
        writeln!(f, "read {read:.1} GB/s with one thread, {read_both:.1} with two")?;
        writeln!(f, "copy {copy:.1} GB/s with one thread, {copy_both:.1} with two (both ways)")
    }
}

/// Returns the seconds of the fastest of `runs` runs.
#[expect(clippy::disallowed_methods, reason = "a benchmark needs a clock")]
pub(crate) fn best_of(runs: usize, mut work: impl FnMut()) -> f64 {
    let once = |_| {
        let start = Instant::now();
        work();
        start.elapsed().as_secs_f64()
    };
    (0..runs).map(once).fold(f64::INFINITY, f64::min)
}

/// Returns a pool of so many threads.
pub(crate) fn pool(n_threads: usize) -> rayon::ThreadPool {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build();
    pool.expect("threads to measure on")
}

fn clock() -> f64 {
    const STEPS: u32 = 20_000_000;
    let factor = black_box(0x9e37_79b9_7f4a_7c15_u64);
    let seconds = best_of(5, || {
        let mut product = black_box(1_u64);
        for _ in 0..STEPS {
            product ^= product.wrapping_mul(factor);
        }
        black_box(product);
    });
    STEP_CYCLES * f64::from(STEPS) / seconds
}

fn read(source: &[u64], n_threads: usize) -> f64 {
    let sum = |part: &[u64]| {
        // Independent sums, so that no addition waits for another.
        let mut sums = [0_u64; 16];
        for chunk in part.chunks_exact(16) {
            for (sum, value) in sums.iter_mut().zip(chunk) {
                *sum = sum.wrapping_add(*value);
            }
        }
        black_box(sums);
    };
    let seconds = best_of(5, || {
        std::thread::scope(|scope| {
            for part in source.chunks(source.len() / n_threads) {
                scope.spawn(move || sum(part));
            }
        });
    });
    size_of_val(source) as f64 / seconds
}

fn copy(source: &[u64], target: &mut [u64], n_threads: usize) -> f64 {
    let share = source.len() / n_threads;
    let seconds = best_of(5, || {
        std::thread::scope(|scope| {
            for (from, to) in source.chunks(share).zip(target.chunks_mut(share)) {
                scope.spawn(move || to.copy_from_slice(from));
            }
        });
    });
    black_box(&target);
    2.0 * size_of_val(source) as f64 / seconds
}
