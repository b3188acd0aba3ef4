//! How long does a plan for a million people and twenty actions take, and how much memory?
//!
//! ```text
//! cargo run --release -p yorisoi-cli --example batch -- FOLDER target/release/yorisoi [PEOPLE] [ARMS]
//! ```
//!
//! Writes made-up effects and costs of each person into FOLDER, runs `yorisoi plan` on them with a budget that is
//! spent, and prints seconds, the most memory that was held at once, and how busy the machine was.

#![expect(clippy::disallowed_methods, reason = "a measurement needs a clock and files")]
#![expect(clippy::print_stdout, reason = "a measurement is printed")]

use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::Path;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use yorisoi::EffectRows;
use yorisoi::data::unit_hash;
use yorisoi::effects::{ArmEffects, Effects};
use yorisoi::files::write_effects;

/// How often it is looked how much memory is held.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// Half the width of a 95 % interval, in standard errors.
const HALF_WIDTH: f64 = 1.96;

fn main() -> io::Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [folder, program, rest @ ..] = args.as_slice() else {
        return Err(io::Error::other(
            "say a folder and the program: batch FOLDER PROGRAM [PEOPLE] [ARMS]",
        ));
    };
    let number =
        |at: usize, usual: usize| rest.get(at).and_then(|it| it.parse().ok()).unwrap_or(usual);
    let (people, arms) = (number(0, 1_000_000), number(1, 20));
    let folder = Path::new(folder);
    std::fs::create_dir_all(folder)?;
    let effects = File::create(folder.join("effects.parquet"))?;
    write_effects(BufWriter::new(effects), &effects_of(people, arms))?;
    write_costs(&folder.join("costs.csv"), people, arms)?;

    println!("load before: {}", load());
    let began = Instant::now();
    let (code, peak_kib) = watch(plan(folder, program, (people, arms)).spawn()?)?;
    println!("{people} people, {arms} arms: {:.1} s, exit {code}", began.elapsed().as_secs_f64());
    println!("most memory at once: {:.2} GB", peak_kib as f64 * 1_024.0 / 1e9);
    println!("load after: {}", load());
    Ok(())
}

/// A number between 0 and 1 that belongs to a person and an arm.
fn draw(person: usize, what: usize) -> f64 {
    unit_hash(what as u64, person as u64)
}

/// Effects that mostly help, some that harm, with intervals of different widths.
fn effects_of(people: usize, arms: usize) -> EffectRows {
    let arm = |arm: usize| {
        let mut it = ArmEffects::default();
        for person in 0..people {
            let tau_hat = 0.1 * draw(person, 0) + 0.1 * draw(person, 1 + 3 * arm) - 0.07;
            let std_error = 0.01 + 0.03 * draw(person, 2 + 3 * arm);
            it.tau_hat.push(tau_hat);
            it.centre.push(tau_hat);
            it.std_error.push(std_error);
            it.low.push(tau_hat - HALF_WIDTH * std_error);
            it.high.push(tau_hat + HALF_WIDTH * std_error);
        }
        it
    };
    let effects = Effects { arms: (0..arms).map(arm).collect() };
    EffectRows {
        source_row: (0..people as u32).collect(),
        held_out: vec![true; people],
        arms: (0..arms).map(name).collect(),
        effects,
    }
}

fn name(arm: usize) -> String {
    format!("a{arm:02}")
}

fn write_costs(path: &Path, people: usize, arms: usize) -> io::Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    let header: Vec<String> = (0..arms).map(|arm| format!("cost_{}", name(arm))).collect();
    writeln!(out, "{}", header.join(","))?;
    for person in 0..people {
        for arm in 0..arms {
            let end = if arm + 1 == arms { "\n" } else { "," };
            write!(out, "{:.0}{end}", 100.0 + 1_000.0 * draw(person, 3 + 3 * arm))?;
        }
    }
    out.flush()
}

fn plan(folder: &Path, program: &str, (people, arms): (usize, usize)) -> Command {
    let mut command = Command::new(program);
    command.arg("plan").arg(folder.join("effects.parquet"));
    command.arg("--table").arg(folder.join("costs.csv"));
    for arm in (0..arms).map(name) {
        command.args(["--cost", &format!("{arm}=@cost_{arm}")]);
    }
    // Enough for every other person's cheapest help.
    let budget = (people * 100).to_string();
    command.args(["--budget", &budget, "--value", "20000", "--allowed-harm", "0.1", "--quiet"]);
    command.arg("--out").arg(folder.join("plan.csv"));
    command
}

/// Waits for the end; returns the exit code and the most memory held, in units of 1,024 bytes.
fn watch(mut child: Child) -> io::Result<(i32, u64)> {
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    loop {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let held = line.and_then(|it| it.trim().trim_end_matches(" kB").parse().ok());
        peak = peak.max(held.unwrap_or(0));
        if let Some(status) = child.try_wait()? {
            return Ok((status.code().unwrap_or(-1), peak));
        }
        std::thread::sleep(LOOK_EVERY);
    }
}

fn load() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split_whitespace().take(3).collect::<Vec<_>>().join(" ")
}
