//! Prints policies side by side: `cargo run --release -p yorisoi-rehearsal --example compare -- carrier 20`.
//!
//! The name `list` prints the work list against an oracle, `all` all worlds.

use std::io::Write;

use yorisoi_rehearsal::{PolicyKind, Spread, WorldKind, compare, work_list};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    #[expect(clippy::disallowed_methods, reason = "an example reads its arguments")]
    let mut words = std::env::args().skip(1);
    let what = words.next().unwrap_or_else(|| "all".to_owned());
    let n_seeds: u64 = words.next().map_or(Ok(20), |text| text.parse())?;
    let seeds: Vec<u64> = (1..=n_seeds).collect();
    let mut out = std::io::stdout();
    let worlds = match what.as_str() {
        "list" => {
            writeln!(out, "{:?}", work_list(&seeds)?)?;
            return Ok(());
        }
        "all" => WorldKind::ALL.to_vec(),
        name => vec![name.parse::<WorldKind>()?],
    };
    for world in worlds {
        let found = compare(world, &PolicyKind::ALL, &seeds)?;
        writeln!(out, "{}: {} clients, {} seeds", world.as_str(), found.n_clients, found.n_seeds)?;
        for (row, ahead) in found.rows.iter().zip(&found.ahead_minor) {
            let show = |s: Spread| format!("{:.1} [{:.1}, {:.1}]", s.mean, s.low, s.high);
            let thousands = |s: Spread| {
                format!("{:.0} [{:.0}, {:.0}]k", s.mean / 1e3, s.low / 1e3, s.high / 1e3)
            };
            writeln!(
                out,
                "{:>10} kept {} value {} contacts {:.0} minutes {:.0} nuisances {} closed {} endings {:.1} dogs {:.3} ahead {}",
                row.policy.as_str(),
                show(row.kept_more),
                thousands(row.value_more_minor),
                row.contacts.mean,
                row.minutes.mean,
                show(row.nuisances),
                show(row.closed_hearts),
                row.good_endings.mean,
                row.share_to_sleeping_dogs.mean,
                ahead.map_or_else(String::new, thousands),
            )?;
        }
    }
    Ok(())
}
