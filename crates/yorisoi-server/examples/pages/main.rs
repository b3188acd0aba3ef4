//! How quickly does a desk full of agents see what happens, and how quickly does a page open?
//!
//! ```text
//! cargo run --release -p yorisoi-server --example pages -- [--agents 200] [--rate 500] [--seconds 30] \
//!     [--clients 20000] [--teams 20] [--knows effects|beliefs] [--service PROGRAM]
//! ```
//!
//! The service runs in a second process over a folder on the disk: this program, or another build of it, so that two
//! can be compared. Here, every agent has Today open, which holds
//! the stream of changes and fetches itself anew when it is told of one, with the pauses of the desk's script; and
//! events are written over HTTP at a steady rate. Two delays of an event count from the instant at which its writer
//! had the answer: until an agent's stream named it or a later one, and until the answer to the first fetch that was
//! sent after it has come whole. Each event counts once for each agent. Then pages are fetched one after another
//! over a kept connection, as a browser does, while nothing else happens. What is asked stands beside each number.

mod open_page;
#[path = "../load/prepare.rs"]
mod prepare;
mod streams;
mod visits;
mod web;

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use prepare::{House, Knows};
use yorisoi_app::{Caller, Role, TokenInput};

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// What to do.
#[derive(Clone, Copy)]
struct Plan {
    agents: usize,
    rate: f64,
    seconds: f64,
    clients: usize,
    /// Teams among which clients and agents are dealt.
    teams: usize,
    knows: Knows,
}

fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args_os().skip(1).filter_map(|word| word.into_string().ok());
    let mut service = std::env::current_exe()?;
    let mut plan = Plan {
        agents: 200,
        rate: 500.0,
        seconds: 30.0,
        clients: 20_000,
        teams: 20,
        knows: Knows::Effects,
    };
    while let Some(name) = arguments.next() {
        let value = arguments.next().ok_or("each option takes a value")?;
        match name.as_str() {
            "--serve" => return serve(Path::new(&value)),
            "--service" => service = value.into(),
            "--agents" => plan.agents = value.parse()?,
            "--rate" => plan.rate = value.parse()?,
            "--seconds" => plan.seconds = value.parse()?,
            "--clients" => plan.clients = value.parse()?,
            "--teams" => plan.teams = value.parse()?,
            "--knows" if value == "effects" => plan.knows = Knows::Effects,
            "--knows" if value == "beliefs" => plan.knows = Knows::Beliefs,
            other => return Err(format!("`{other}` is no option").into()),
        }
    }
    tokio::runtime::Runtime::new()?.block_on(measure(plan, &service))
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

fn second(program: &Path, folder: &Path) -> Result<(Second, SocketAddr), Failure> {
    let mut child =
        Command::new(program).arg("--serve").arg(folder).stdout(Stdio::piped()).spawn()?;
    let mut line = String::new();
    let out = child.stdout.take().ok_or("the second process has no output")?;
    std::io::BufRead::read_line(&mut std::io::BufReader::new(out), &mut line)?;
    Ok((Second(child), line.trim().parse()?))
}

async fn measure(plan: Plan, service: &Path) -> Result<(), Failure> {
    let folder = tempfile::tempdir_in(".")?;
    let mut out = std::io::stdout();
    writeln!(out, "load average before: {}", load_average())?;
    let Plan { clients, teams, knows, .. } = plan;
    let house = House { clients, teams, actions: 0, knows };
    let writer = prepare::fill(folder.path(), house).await?;
    let agents = tokens(folder.path(), plan).await?;
    let (second, address) = second(service, folder.path())?;
    let mut cookies = Vec::with_capacity(agents.len());
    for secret in &agents {
        cookies.push(web::sign_in(address, secret).await?);
    }
    let lead = cookies.pop().ok_or("nobody is signed in")?;

    let found = streams::run(address, (&cookies, &writer), plan).await?;
    writeln!(out, "{} pages open, {found}", plan.agents)?;
    writeln!(out, "  told:  {}", found.told)?;
    writeln!(
        out,
        "  shown: {} (asked: p99 within 1 s: {})",
        found.shown,
        found.shown.keeps(1_000.0)
    )?;
    writeln!(out, "  each fetch: {}", found.fetches)?;
    let peak = peak_memory(second.0.id());
    writeln!(out, "peak memory of the service: {peak:.0} MB (asked: under 500)")?;
    for path in ["/today", "/clients/c-7", "/clients"] {
        writeln!(out, "{path}: {}", visits::measure(address, &lead, path, 100).await?)?;
    }
    writeln!(out, "load average after: {}", load_average())?;
    Ok(())
}

/// A token for each agent and one for a lead, as a privacy officer issues them.
async fn tokens(folder: &Path, plan: Plan) -> Result<Vec<String>, Failure> {
    let app = prepare::open(folder)?;
    let officer =
        Caller { token: "officer".to_owned(), role: Role::Privacy, team: None, agent: None };
    let mut secrets = Vec::with_capacity(plan.agents);
    for k in 0..plan.agents {
        let token = format!("agent-{k}");
        let agent = Some(token.parse()?);
        let team = Some(format!("team-{}", k % plan.teams.max(1)).parse()?);
        let input = TokenInput { token, role: Role::Agent, team, agent };
        secrets.push(app.issue_token(&officer, input).await?.secret);
    }
    // Whoever leads sees everybody: the longest pages there are.
    let agent = Some("lead".parse()?);
    let input = TokenInput { token: "lead".to_owned(), role: Role::Lead, team: None, agent };
    secrets.push(app.issue_token(&officer, input).await?.secret);
    Ok(secrets)
}

/// The largest resident size a process has had, as the system keeps it, in MB.
fn peak_memory(process: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|it| it.trim().trim_end_matches(" kB").parse::<f64>().ok());
    kib.map_or(f64::NAN, |kib| kib * 1_024.0 / 1e6)
}

/// What else the machine is doing, as it says itself.
fn load_average() -> String {
    std::fs::read_to_string("/proc/loadavg").unwrap_or_default().trim().to_owned()
}
