//! How quickly does a desk full of agents see what happens, and how quickly does a page open?
//!
//! ```text
//! cargo run --release -p yorisoi-server --example pages -- [--agents 200] [--rate 500] [--seconds 30] [--clients 2000]
//! ```
//!
//! The service runs in a second process over a folder on the disk. Here, every agent holds the stream of changes
//! open as the desk's page does, and events are written over HTTP at a steady rate. The delay of an event counts
//! from the instant at which its writer had the answer to the instant at which an agent's stream named it or a
//! later one; each event counts once for each agent. Then pages are fetched one after another over a kept
//! connection, as a browser does, while nothing else happens.

#[path = "../load/prepare.rs"]
mod prepare;
mod streams;
mod visits;
mod web;

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use yorisoi_app::{Caller, Role, TokenInput};

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// What to do.
#[derive(Clone, Copy)]
struct Plan {
    agents: usize,
    rate: f64,
    seconds: f64,
    clients: usize,
}

fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args_os().skip(1).filter_map(|word| word.into_string().ok());
    let mut plan = Plan { agents: 200, rate: 500.0, seconds: 30.0, clients: 2_000 };
    while let Some(name) = arguments.next() {
        let value = arguments.next().ok_or("each option takes a value")?;
        match name.as_str() {
            "--serve" => return serve(Path::new(&value)),
            "--agents" => plan.agents = value.parse()?,
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

fn second(folder: &Path) -> Result<(Second, SocketAddr), Failure> {
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
    let writer = prepare::fill(folder.path(), plan.clients).await?;
    let agents = tokens(folder.path(), plan.agents).await?;
    let (second, address) = second(folder.path())?;
    let mut cookies = Vec::with_capacity(agents.len());
    for secret in &agents {
        cookies.push(web::sign_in(address, secret).await?);
    }
    let lead = cookies.pop().ok_or("nobody is signed in")?;

    let delays = streams::run(address, (&cookies, &writer), plan).await?;
    writeln!(out, "{} streams, {:.0} events/s:   {delays}", plan.agents, plan.rate)?;
    writeln!(out, "peak memory of the service: {}", peak_memory(second.0.id()))?;
    for path in ["/today", "/clients/c-7", "/clients"] {
        writeln!(out, "{path}: {}", visits::measure(address, &lead, path, 100).await?)?;
    }
    writeln!(out, "load average after: {}", load_average())?;
    Ok(())
}

/// A token for each agent and one for a lead, as a privacy officer issues them.
async fn tokens(folder: &Path, agents: usize) -> Result<Vec<String>, Failure> {
    let app = prepare::open(folder)?;
    let officer =
        Caller { token: "officer".to_owned(), role: Role::Privacy, team: None, agent: None };
    let mut secrets = Vec::with_capacity(agents);
    for k in 0..agents {
        let token = format!("agent-{k}");
        let agent = Some(token.parse()?);
        let input = TokenInput { token, role: Role::Agent, team: Some("desk".parse()?), agent };
        secrets.push(app.issue_token(&officer, input).await?.secret);
    }
    // Whoever leads sees everybody: the longest pages there are.
    let agent = Some("lead".parse()?);
    let input = TokenInput { token: "lead".to_owned(), role: Role::Lead, team: None, agent };
    secrets.push(app.issue_token(&officer, input).await?.secret);
    Ok(secrets)
}

/// The largest resident size a process has had, as the system keeps it.
fn peak_memory(process: u32) -> String {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or_else(|| "not known here".to_owned(), |size| size.trim().to_owned())
}

/// What else the machine is doing, as it says itself.
fn load_average() -> String {
    std::fs::read_to_string("/proc/loadavg").unwrap_or_default().trim().to_owned()
}
