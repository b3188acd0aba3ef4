//! How fast is the whole service, durably? A load from a second process over loopback.
//!
//! ```text
//! cargo run --release -p yorisoi-server --example load -- [--rate 2000] [--seconds 60] [--clients 20000]
//! ```
//!
//! The load is open: request `i` is due at `i / rate`, whether or not earlier ones were answered, and its
//! latency counts from that instant, so that a stall is not hidden by waiting for it. Everybody is first decided
//! about once, at half the rate, which is a line of its own. In the same run are measured: the disk's own flush,
//! an empty handler, and SQLite by itself - one table, one writer, the same bytes, flushed - each at the same rate
//! and with the same callers; the ledger alone; the rate at which service and SQLite saturate; and what one whole
//! decision takes with 20 and with 200 actions. What is asked of a number stands beside it.

mod asked;
mod connection;
mod prepare;
mod raw;
mod rounds;
mod whole;

use std::io::Write as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use asked::{Asked, Asks, Kind};
use prepare::{House, Knows};
use raw::{Held, Raw};
use rounds::{closed_loop, open_loop};

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// What to do.
struct Plan {
    rate: f64,
    seconds: f64,
    clients: usize,
}

fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args_os().skip(1).filter_map(|word| word.into_string().ok());
    let mut plan = Plan { rate: 2_000.0, seconds: 60.0, clients: 20_000 };
    while let Some(name) = arguments.next() {
        let value = arguments.next().ok_or("each option takes a value")?;
        match name.as_str() {
            "--serve" => return serve(Path::new(&value)),
            "--rate" => plan.rate = value.parse()?,
            "--seconds" => plan.seconds = value.parse()?,
            "--clients" => plan.clients = value.parse()?,
            other => return Err(format!("`{other}` is no option").into()),
        }
    }
    tokio::runtime::Runtime::new()?.block_on(measure(plan))
}

/// The second process: the service over a folder.
fn serve(folder: &Path) -> Result<(), Failure> {
    tokio::runtime::Runtime::new()?.block_on(async {
        let app = prepare::open(folder)?;
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let mut out = std::io::stdout();
        writeln!(out, "{}", listener.local_addr()?)?;
        out.flush()?;
        let settings = prepare::settings(folder);
        yorisoi_server::serve_on(listener, app, settings, std::future::pending()).await;
        Ok(())
    })
}

/// A process that ends with this one.
struct Second(Child);

impl Drop for Second {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn second(folder: &Path) -> Result<(Second, std::net::SocketAddr), Failure> {
    let mut child = Command::new(std::env::current_exe()?)
        .arg("--serve")
        .arg(folder)
        .stdout(Stdio::piped())
        .spawn()?;
    let mut line = String::new();
    let out = child.stdout.take().ok_or("the second process has no output")?;
    std::io::BufRead::read_line(&mut std::io::BufReader::new(out), &mut line)?;
    Ok((Second(child), line.trim().parse()?))
}

async fn measure(plan: Plan) -> Result<(), Failure> {
    let folder = tempfile::tempdir_in(".")?;
    let mut out = std::io::stdout();
    writeln!(out, "load average before: {}", load_average())?;
    let flush = rounds::flushes(folder.path(), 500)?;
    writeln!(out, "disk, 4 KiB and a flush:         {flush}")?;
    let ledger = rounds::ledger_alone(&folder.path().join("alone"), plan.clients).await?;
    writeln!(out, "ledger alone, bare entries:      {ledger:.0} entries/s")?;
    served(folder.path(), &plan, &flush).await?;
    for actions in [20, 200] {
        for knows in [Knows::Effects, Knows::Beliefs] {
            let folder = folder.path().join(format!("{actions}-{knows:?}"));
            whole::measure(&folder, (actions, knows), plan.seconds.min(20.0)).await?;
        }
    }
    writeln!(out, "load average after: {}", load_average())?;
    Ok(())
}

/// The whole service, and SQLite by itself with the same bytes.
async fn served(folder: &Path, plan: &Plan, flush: &rounds::Found) -> Result<(), Failure> {
    let mut out = std::io::stdout();
    let house = House { clients: plan.clients, teams: 0, actions: 0, knows: Knows::Beliefs };
    let secret = prepare::fill(folder, house).await?;
    let (_second, address) = second(folder)?;
    let asks = Asks { address, secret, clients: plan.clients };
    let (decide, empty) =
        (Asked::Service(asks.clone(), Kind::Decide), Asked::Service(asks, Kind::Empty));
    // The first decision about somebody makes their documents; the service at work is another matter.
    let (slow, all) = (plan.rate / 2.0, plan.clients as f64 * 2.0 / plan.rate);
    let first = open_loop(&decide, slow, all).await?;
    writeln!(out, "first decisions, {slow:.0}/s:         {first}")?;
    let empty = open_loop(&empty, plan.rate, 10.0).await?;
    writeln!(out, "empty handler, {:.0}/s:          {empty}", plan.rate)?;
    let ledger = prepare::settings(folder).data.join("ledger.sqlite");
    let before = Held::of(&ledger)?;
    let decided = open_loop(&decide, plan.rate, plan.seconds).await?;
    let bytes = Held::of(&ledger)?.each_since(before, decided.answers());
    writeln!(out, "decide and commit, {:.0}/s:      {decided}", plan.rate)?;
    writeln!(out, "  asked: p50 ≤ 5 ms, p99 ≤ 25 ms, no error: {}", decided.keeps(5.0, 25.0))?;
    writeln!(out, "  slowest of each second, ms:    {}", decided.stalls())?;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let saturated = closed_loop(&decide, Duration::from_secs(10)).await?;
    writeln!(out, "saturated, 64 callers:           {saturated}")?;
    let raw = Asked::Raw(Raw::over(&folder.join("raw.sqlite"), bytes)?);
    let alone = open_loop(&raw, plan.rate, 10.0).await?;
    writeln!(out, "SQLite by itself, {bytes} bytes a row, {:.0}/s: {alone}", plan.rate)?;
    let most = closed_loop(&raw, Duration::from_secs(10)).await?;
    writeln!(out, "SQLite by itself, saturated:     {most}")?;
    let [ours, http, sqlite] = [&decided, &empty, &alone].map(|found| found.millis(0.5));
    writeln!(
        out,
        "our own share of the median: {ours:.2} ms − {http:.2} (empty handler) − {sqlite:.2} (SQLite) = {:.2} ms",
        ours - http - sqlite
    )?;
    writeln!(
        out,
        "of what SQLite does by itself, {:.0} %; decisions for each flush that the disk can do, {:.2}",
        100.0 * saturated.rate() / most.rate(),
        saturated.rate() / flush.rate()
    )?;
    Ok(())
}

/// What else the machine is doing, as it says itself.
fn load_average() -> String {
    std::fs::read_to_string("/proc/loadavg").unwrap_or_default().trim().to_owned()
}
