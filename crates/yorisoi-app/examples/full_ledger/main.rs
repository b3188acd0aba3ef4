//! Do the use cases stay quick over a full ledger? Ten million entries: starting, the list of work, verifying. A
//! million people and twenty actions: a plan with its prices.
//!
//! ```text
//! cargo run --release -p yorisoi-app --example full_ledger -- work FOLDER [ENTRIES]
//! cargo run --release -p yorisoi-app --example full_ledger -- plan FOLDER [PEOPLE]
//! ```
//!
//! Each fills a ledger in FOLDER first, unless it is there, and prints beside every number what is asked of it. Ten
//! million entries take 10 GB, a million people 6 GB; nothing is removed.

#![expect(clippy::print_stdout, reason = "a measurement is printed")]
#![expect(clippy::disallowed_methods, reason = "a measurement needs a clock and arguments")]

#[path = "../../../yorisoi-ledger/examples/measure/fill.rs"]
mod fill;
mod house;
mod lists;

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use yorisoi_app::PlanAsk;
use yorisoi_ledger::{Ledger, Place};

type Failure = Box<dyn std::error::Error>;

/// As long as the service takes to get ready before it takes connections.
const WARM_UP_MAX: Duration = Duration::from_secs(3);

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["work", folder] => work(Path::new(folder), 10_000_000).await,
        ["work", folder, entries] => work(Path::new(folder), entries.parse()?).await,
        ["plan", folder] => plan(Path::new(folder), 1_000_000).await,
        ["plan", folder, people] => plan(Path::new(folder), people.parse()?).await,
        _ => Err("say `work` or `plan`, and a folder".into()),
    }
}

/// Fills what is missing; `false` if nothing was.
fn fill(place: &Place, (entries, each): (u64, u64)) -> Result<bool, Failure> {
    let filled = fill::fill(&Ledger::open(place)?, (entries, each))?;
    if filled.entries == 0 {
        return Ok(false);
    }
    let seconds = filled.took.as_secs_f64();
    println!("filled: {} entries in {seconds:.0} s", filled.entries);
    Ok(true)
}

async fn work(folder: &Path, entries: u64) -> Result<(), Failure> {
    let place = Place::Folder(folder.to_owned());
    fill(&place, (entries, fill::LONG))?;
    println!("load: {}", load());
    let newest = house::move_in(&house::open(&place, house::DAY)?).await?;
    let began = Instant::now();
    let app = house::open(&place, house::DAY)?;
    let opened = began.elapsed().as_secs_f64();
    let is_warm = tokio::time::timeout(WARM_UP_MAX, app.warm_up()).await.is_ok();
    let seconds = began.elapsed().as_secs_f64();
    println!(
        "start over {newest} entries: open after {opened:.3} s, ready after {seconds:.3} s (asked: under 5){}",
        if is_warm { "" } else { ", not all that lists look at was read by then" }
    );
    lists::measure(&app).await?;
    for threads in [1, 2] {
        let began = Instant::now();
        let found = app.ledger().verify(threads)?;
        if !found.is_sound() {
            return Err(format!("{:?}", found.faults.first()).into());
        }
        let a_second = found.entries as f64 / began.elapsed().as_secs_f64();
        println!("verify, {threads} threads: {a_second:.0} entries/s (asked: at least 200,000)");
    }
    println!("load: {}", load());
    Ok(())
}

/// A process of its own makes the plan, so that nothing of the filling counts as its memory.
async fn plan(folder: &Path, people: u64) -> Result<(), Failure> {
    const EACH: u64 = 4;
    let place = Place::Folder(folder.to_owned());
    if fill(&place, (people * EACH, EACH))? {
        let mut again = Command::new(std::env::current_exe()?);
        let status = again.args(["plan"]).arg(folder).arg(people.to_string()).spawn()?.wait()?;
        return if status.success() { Ok(()) } else { Err("the plan was not made".into()) };
    }
    println!("load: {}", load());
    let app = house::open(&place, house::DAY)?;
    house::publish(&app).await?;
    // Half of what they would like to take, in money and in time.
    let ask = PlanAsk { budget_minor: Some(people as i64 * 300), minutes: Some(people * 2) };
    let began = Instant::now();
    let made = app.plan_prices(&house::lead("first")?, ask).await?;
    let seconds = began.elapsed().as_secs_f64();
    println!(
        "plan with prices: {} people, {} actions: {seconds:.1} s (asked: under 120)",
        made.clients,
        made.planned.len()
    );
    println!(
        "  {} are helped, {} left in peace; {:.0} spent, {:.0} minutes; a minute costs {:.1}",
        made.clients - made.holds,
        made.holds,
        made.spend_minor,
        made.minutes,
        made.prices.minute_minor
    );
    println!("  most memory at once: {:.2} GB (asked: under 2)", peak_bytes() / 1e9);
    println!("load: {}", load());
    Ok(())
}

/// The largest resident size this process has had, as the system keeps it.
fn peak_bytes() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|it| it.trim().trim_end_matches(" kB").parse::<f64>().ok());
    kib.map_or(f64::NAN, |kib| kib * 1_024.0)
}

/// What else the machine is doing, as it says itself.
fn load() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split_whitespace().take(3).collect::<Vec<_>>().join(" ")
}
