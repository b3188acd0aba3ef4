//! How fast is a table of Criteo's shape read, given its roles and binned?
//!
//! `cargo run --release -p yorisoi-data --features read --example read_speed -- 14` reads 14 million rows of
//! 12 columns (10 numeric features with 6 decimals, a treatment, an outcome) from memory, one million rows
//! over and over, and prints seconds, megabytes a second and the peak of resident memory where the system
//! tells it.

use std::io::{self, Read};
use std::time::Instant;

use yorisoi_data::read::{ReadOptions, read_table};
use yorisoi_data::{Dataset, DatasetOptions, Roles, Silent, mix, unit_hash};

const ROWS_A_BLOCK: u64 = 1_000_000;
const N_FEATURES: u64 = 10;

/// The header once, then the same rows several times.
struct Repeated {
    header: Vec<u8>,
    block: Vec<u8>,
    left: usize,
    at: usize,
}

impl Read for Repeated {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let source = if self.header.is_empty() { &self.block } else { &self.header };
        let n = (&source[self.at..]).read(out)?;
        self.at += n;
        if n == 0 && !out.is_empty() && self.left > 0 {
            self.at = 0;
            if self.header.is_empty() {
                self.left -= 1;
            }
            self.header.clear();
            return if self.left > 0 { self.read(out) } else { Ok(0) };
        }
        Ok(n)
    }
}

fn block() -> Vec<u8> {
    let row = |row: u64| {
        let features =
            (0..N_FEATURES).map(|feature| format!("{:.6}", 40.0 * unit_hash(feature, row) - 10.0));
        let (w, y) = (mix(91, row) % 2, u64::from(unit_hash(92, row) < 0.05));
        format!("{},{w},{y}\n", features.collect::<Vec<_>>().join(","))
    };
    (0..ROWS_A_BLOCK).map(row).collect::<Vec<_>>().concat().into_bytes()
}

/// The most memory this process has held, in megabytes, on Linux.
fn peak_mb() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes / 1024)
}

#[expect(clippy::print_stdout, reason = "an example talks to whoever runs it")]
#[expect(clippy::disallowed_methods, reason = "it measures time")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let millions: usize = std::env::args().nth(1).map_or(Ok(2), |text| text.parse())?;
    let names: Vec<String> = (0..N_FEATURES).map(|i| format!("f{i}")).collect();
    let header = format!("{},w,y\n", names.join(",")).into_bytes();
    let source = Repeated { header, block: block(), left: millions, at: 0 };
    let megabytes = (source.block.len() * millions) as f64 / 1e6;

    let start = Instant::now();
    let (table, _) = read_table("generated", source, &ReadOptions::default(), &Silent)?;
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "read    {} rows, {megabytes:.0} MB: {seconds:.2} s, {:.0} MB/s",
        table.n_rows(),
        megabytes / seconds
    );

    let start = Instant::now();
    let roles = Roles::new("w", "y");
    let dataset = Dataset::from_table(&table, &roles, &DatasetOptions::default())?;
    println!("dataset {} units: {:.2} s", dataset.n_units(), start.elapsed().as_secs_f64());

    let start = Instant::now();
    let binned = dataset.binner.bin_table(&table, &dataset.source_row)?;
    println!("bin     {} features: {:.2} s", binned.n_features(), start.elapsed().as_secs_f64());
    if let Some(peak) = peak_mb() {
        println!(
            "peak    {peak} MB, {} of them the repeated text",
            (megabytes / millions as f64) as u64
        );
    }
    Ok(())
}
