//! How long does one whole decision take, from the facts to the answer, with so many actions?

use std::io::Write as _;
use std::path::Path;

use yorisoi_app::{Caller, DecisionAsk, Role};

use crate::asked::{Asked, Asks, Kind};
use crate::prepare::{self, House, Knows};
use crate::rounds::{Found, now, open_loop};
use crate::{Failure, second};

/// Decisions a second while nothing else happens.
const RATE: f64 = 200.0;

/// Decisions within the process.
const DECISIONS: usize = 5_000;

/// The longest that 99 of 100 decisions may take, in milliseconds.
fn asked_ms(actions: usize) -> f64 {
    if actions <= 20 { 1.0 } else { 5.0 }
}

/// Asks a house with so many actions, within the process and over HTTP.
pub(crate) async fn measure(
    folder: &Path,
    (actions, knows): (usize, Knows),
    seconds: f64,
) -> Result<(), Failure> {
    let clients = 2_000;
    std::fs::create_dir_all(folder)?;
    let house = House { clients, teams: 0, actions, knows };
    let secret = prepare::fill(folder, house).await?;
    let mut out = std::io::stdout();
    let within = within(folder, clients).await?;
    writeln!(out, "{actions} actions, {knows:?}: facts and decision within the process: {within}")?;
    let asked = asked_ms(actions);
    writeln!(out, "  asked: p99 ≤ {asked} ms: {}", within.keeps(asked, asked))?;
    let (_second, address) = second(folder)?;
    let asks = Asks { address, secret, clients };
    let empty = Asked::Service(asks.clone(), Kind::Empty);
    writeln!(out, "  empty handler, {RATE}/s:     {}", open_loop(&empty, RATE, seconds).await?)?;
    for (what, kind) in [("without a trace", Kind::DryDecide), ("committed      ", Kind::Decide)] {
        let found = open_loop(&Asked::Service(asks.clone(), kind), RATE, seconds).await?;
        writeln!(out, "  {what}, {RATE}/s:   {found}")?;
    }
    Ok(())
}

/// One decision after another, without a trace and without HTTP.
async fn within(folder: &Path, clients: usize) -> Result<Found, Failure> {
    let app = prepare::open(folder)?;
    let caller = Caller { token: "load".to_owned(), role: Role::Service, team: None, agent: None };
    let (mut found, began) = (Found::default(), now());
    for number in 0..DECISIONS {
        let client = format!("c-{}", number.wrapping_mul(7_919) % clients).parse()?;
        let ask = DecisionAsk { dry: true, ..DecisionAsk::about(client) };
        let sent = now();
        app.decide_and_commit(&caller, ask).await?;
        found.add(0, sent.elapsed(), &Ok(200));
    }
    Ok(Found::joined([found], began.elapsed()))
}
