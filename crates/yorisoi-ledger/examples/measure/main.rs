//! How fast is the ledger? Ten million entries: filling, opening, verifying, listing; and group commit beside
//! SQLite's own.
//!
//! ```text
//! cargo run --release -p yorisoi-ledger --example measure -- FOLDER [ENTRIES]
//! ```
//!
//! Prints one line of JSON for each measurement. An existing ledger in FOLDER is not filled again.

#![expect(clippy::print_stdout, reason = "a program for people to read")]
#![expect(clippy::disallowed_methods, reason = "measuring needs a clock and arguments")]

mod fill;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use yorisoi_decision::{AgentId, ClientId, DecisionId, TeamId};
use yorisoi_ledger::{
    Actor, Body, ClientQuery, Draft, Ledger, LedgerError, Place, Profile, ReservationEnd, Whose,
};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> Result<()> {
    let mut args = std::env::args().skip(1);
    let folder = PathBuf::from(args.next().ok_or("name a folder")?);
    let entries: u64 = args.next().map_or(Ok(10_000_000), |n| n.parse())?;
    let place = Place::Folder(folder.join("ledger"));
    let filled = fill::fill(&Ledger::open(&place)?, (entries, fill::LONG))?;
    let (n, seconds) = (filled.entries as f64, filled.took.as_secs_f64());
    say("fill", &[("entries", n), ("seconds", seconds), ("a_second", n / seconds)]);
    let began = Instant::now();
    let ledger = Ledger::open(&place)?;
    say("open", &[("seconds", began.elapsed().as_secs_f64())]);
    list(&ledger, entries)?;
    verify(&ledger)?;
    drop(ledger);
    for callers in [1, 8, 64, 256] {
        group_commit(&folder.join(format!("commit-{callers}")), callers)?;
    }
    for batch in [1, 10, 100] {
        raw(&folder.join(format!("raw-{batch}.sqlite")), batch)?;
    }
    Ok(())
}

fn say(what: &str, numbers: &[(&str, f64)]) {
    let numbers: BTreeMap<_, _> = numbers.iter().copied().collect();
    println!("{}", serde_json::json!({ "what": what, "numbers": numbers }));
}

fn list(ledger: &Ledger, entries: u64) -> Result<()> {
    for (what, whose) in [
        ("work list of everybody", Whose::Everybody),
        ("work list of a team", Whose::Team(TeamId::new("team-7")?)),
        ("work list of an agent", Whose::Agent(AgentId::new("agent-7")?)),
    ] {
        let mut milliseconds = Vec::new();
        for _ in 0..20 {
            let query = ClientQuery { whose: whose.clone(), limit: 200, ..ClientQuery::default() };
            let began = Instant::now();
            let page = ledger.read_now::<_, LedgerError, _>(move |books| books.clients(&query))?;
            milliseconds.push(began.elapsed().as_secs_f64() * 1e3);
            if page.len() != 200 && entries >= 10_000_000 {
                return Err(format!("{} rows", page.len()).into());
            }
        }
        let first = milliseconds[0];
        milliseconds.sort_by(f64::total_cmp);
        say(
            what,
            &[("first_ms", first), ("median_ms", milliseconds[10]), ("max_ms", milliseconds[19])],
        );
    }
    Ok(())
}

fn verify(ledger: &Ledger) -> Result<()> {
    for threads in [1, 2] {
        let began = Instant::now();
        let found = ledger.verify(threads)?;
        let seconds = began.elapsed().as_secs_f64();
        if !found.is_sound() {
            return Err(format!("{found:?}").into());
        }
        let a_second = found.entries as f64 / seconds;
        say("verify", &[("threads", threads as f64), ("seconds", seconds), ("a_second", a_second)]);
    }
    Ok(())
}

/// Decisions with twenty candidates, each a transaction of its caller's, answered after the flush.
fn group_commit(folder: &Path, callers: u64) -> Result<()> {
    let ledger = Ledger::open(&Place::Folder(folder.to_owned()))?;
    let (began, length) = (Instant::now(), Duration::from_secs(5));
    let done = AtomicU64::new(0);
    let run = ledger.read_now::<_, LedgerError, _>(|books| Ok(books.newest()))?;
    let mut waits: Vec<f64> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..callers)
            .map(|caller| {
                let (ledger, done) = (&ledger, &done);
                scope.spawn(move || {
                    let mut waits = Vec::new();
                    for n in 0_u64.. {
                        if began.elapsed() > length {
                            break;
                        }
                        let one = Instant::now();
                        let id = format!("{run}-{caller}-{n}");
                        if commit_one(ledger, id, caller).is_ok() {
                            done.fetch_add(1, Ordering::Relaxed);
                            waits.push(one.elapsed().as_secs_f64() * 1e3);
                        }
                    }
                    waits
                })
            })
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap_or_default()).collect()
    });
    waits.sort_by(f64::total_cmp);
    let a_second = done.into_inner() as f64 / began.elapsed().as_secs_f64();
    let at = |share: f64| waits[((waits.len() - 1) as f64 * share) as usize];
    say(
        "decide and commit",
        &[
            ("callers", callers as f64),
            ("a_second", a_second),
            ("p50_ms", at(0.5)),
            ("p99_ms", at(0.99)),
        ],
    );
    Ok(())
}

fn commit_one(ledger: &Ledger, id: String, caller: u64) -> std::result::Result<(), LedgerError> {
    ledger.write_now(move |books| {
        let client =
            ClientId::new(format!("c{}", caller % 1_000)).map_err(|_| LedgerError::Reading)?;
        let at = books.sound_time(Timestamp::from_second(1_700_000_000).unwrap_or_default())?;
        let draft = |body| Draft {
            at,
            actor: Actor::House,
            client: Some(client.clone()),
            body,
            personal: None,
        };
        if books.client(&client)?.is_none() {
            books.append(draft(Body::ClientAdded { profile: Profile::default() }))?;
        }
        books.capacity(jiff::civil::date(2023, 11, 14), None)?;
        let decision = DecisionId::new(id).map_err(|_| LedgerError::Reading)?;
        books.append(draft(fill::decided(decision.clone(), &client, at)))?;
        // What is carried out leaves the list of reservations: it stays short, as in life.
        let why = ReservationEnd::GivenBack;
        books.append(draft(Body::ReservationEnded { decision, why })).map(drop)
    })
}

/// What SQLite does by itself: rows of 5,000 bytes, so many in a transaction, flushed.
fn raw(path: &Path, batch: u64) -> Result<()> {
    let db = rusqlite::Connection::open(path)?;
    db.pragma_update(None, "journal_mode", "WAL")?;
    db.pragma_update(None, "synchronous", "FULL")?;
    db.execute_batch("CREATE TABLE IF NOT EXISTS t (n INTEGER PRIMARY KEY, body BLOB NOT NULL)")?;
    let (began, body) = (Instant::now(), vec![7_u8; 5_000]);
    let mut rows = 0_u64;
    while began.elapsed() < Duration::from_secs(3) {
        db.execute_batch("BEGIN IMMEDIATE")?;
        for _ in 0..batch {
            db.prepare_cached("INSERT INTO t (body) VALUES (?1)")?.execute([&body])?;
        }
        db.execute_batch("COMMIT")?;
        rows += batch;
    }
    let a_second = rows as f64 / began.elapsed().as_secs_f64();
    say("SQLite by itself", &[("rows_a_commit", batch as f64), ("a_second", a_second)]);
    Ok(())
}
