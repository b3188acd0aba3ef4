//! How long does one wait for the list of work: the first time, again, after a change, and when nobody may be helped?

use std::time::Instant;

use yorisoi_app::{App, Caller, RefusalInput, Role, WorkAsk, WorkList};
use yorisoi_ledger::Source;

use crate::{Failure, house};

/// Lists of each kind that are drawn up.
const TIMES: usize = 20;

/// Lists of whole teams, of one's own clients, of everybody.
fn kinds() -> Result<Vec<(&'static str, Caller, WorkAsk)>, Failure> {
    let agent = Caller {
        token: "agent-7".to_owned(),
        role: Role::Agent,
        team: Some("team-7".parse()?),
        agent: Some("agent-7".parse()?),
    };
    let own = WorkAsk { agent: agent.agent.clone(), ..WorkAsk::default() };
    Ok(vec![
        ("everybody", house::lead("first")?, WorkAsk::default()),
        ("a team", agent.clone(), WorkAsk::default()),
        ("an agent", agent, own),
    ])
}

pub(crate) async fn measure(app: &App) -> Result<(), Failure> {
    for (whose, caller, ask) in kinds()? {
        let (first_ms, list) = timed(app, &caller, &ask).await?;
        let mut again = Vec::with_capacity(TIMES);
        for _ in 0..TIMES {
            again.push(timed(app, &caller, &ask).await?.0);
        }
        println!(
            "work list of {whose}: {} rows of {} looked at: first {first_ms:.0} ms, {} (asked: under 200)",
            list.rows.len(),
            list.looked_at,
            told(again)
        );
        let after = changed(app, &caller, &ask).await?;
        println!("  after the first of the list has refused: {} (asked: under 200)", told(after));
        let night =
            app.with_clock(std::sync::Arc::new(yorisoi_app::FixedClock::at(house::NIGHT.parse()?)));
        let mut rest = Vec::with_capacity(TIMES);
        let mut looked_at = 0;
        for _ in 0..TIMES {
            let (millis, list) = timed(&night, &caller, &ask).await?;
            looked_at = list.looked_at;
            rest.push(millis);
        }
        println!("  in an hour of rest, {looked_at} looked at: {} (asked: under 200)", told(rest));
    }
    Ok(())
}

async fn timed(app: &App, caller: &Caller, ask: &WorkAsk) -> Result<(f64, WorkList), Failure> {
    let began = Instant::now();
    let list = app.work_list(caller, ask.clone()).await?;
    Ok((began.elapsed().as_secs_f64() * 1e3, list))
}

/// Whoever stands first refuses, and the list is drawn up again: it must not name them any more.
async fn changed(app: &App, caller: &Caller, ask: &WorkAsk) -> Result<Vec<f64>, Failure> {
    let mut millis = Vec::with_capacity(TIMES);
    let mut list = timed(app, caller, ask).await?.1;
    for _ in 0..TIMES {
        let Some(client) = list.rows.first().map(|row| row.client.clone()) else { break };
        let input = RefusalInput {
            client: client.clone(),
            topic: None,
            channel: None,
            source: Source::Words,
            words: None,
        };
        app.refuse(caller, input).await?;
        let (took, now) = timed(app, caller, ask).await?;
        if now.rows.iter().any(|row| row.client == client) {
            return Err(format!("`{client}` has refused and is on the list").into());
        }
        list = now;
        millis.push(took);
    }
    Ok(millis)
}

fn told(mut millis: Vec<f64>) -> String {
    millis.sort_by(f64::total_cmp);
    match (millis.get(millis.len() / 2), millis.last()) {
        (Some(median), Some(longest)) => format!("median {median:.0} ms, longest {longest:.0}"),
        _ => "nobody is on it".to_owned(),
    }
}
