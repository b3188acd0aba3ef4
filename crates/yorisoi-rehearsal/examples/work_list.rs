//! How good is the work list, and what limits it?
//!
//! `cargo run --release -p yorisoi-rehearsal --example work_list -- 3 truth 30000 100000`: seeds, then
//! `truth` or sizes of the past trial.

use std::io::Write as _;

use yorisoi_rehearsal::{Knowledge, work_list_from};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    #[expect(clippy::disallowed_methods, reason = "an example reads its arguments")]
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let n_seeds: u64 = arguments.first().map_or(Ok(3), |text| text.parse())?;
    let seeds: Vec<u64> = (1..=n_seeds).collect();
    let mut out = std::io::stdout().lock();
    for text in arguments.iter().skip(1) {
        let knowledge = match text.as_str() {
            "truth" => Knowledge::Truth,
            number => Knowledge::Trial { n_past: number.parse()? },
        };
        writeln!(out, "{knowledge:?}: {:#?}", work_list_from(knowledge, &seeds)?)?;
    }
    Ok(())
}
