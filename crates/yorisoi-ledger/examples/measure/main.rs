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

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use yorisoi_decision::{
    ActionClass, ActionId, ActionKind, AgentId, Candidate, Channel, Choice, ClientId, Decision,
    DecisionId, EffectFact, EffectSource, HoldoutArm, Reservation, Score, TeamId, Verdict,
};
use yorisoi_ledger::{
    Actor, Body, Books, ClientQuery, Draft, Keeps, Landing, Ledger, LedgerError, Personal, Place,
    Profile, Whose,
};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// Entries about each client.
const ENTRIES_A_CLIENT: u64 = 20;

fn main() -> Result<()> {
    let mut args = std::env::args().skip(1);
    let folder = PathBuf::from(args.next().ok_or("name a folder")?);
    let entries: u64 = args.next().map_or(Ok(10_000_000), |n| n.parse())?;
    let place = Place::Folder(folder.join("ledger"));
    fill(&place, entries)?;
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

/// Fills an empty ledger through the front door: every entry is chained and folded.
fn fill(place: &Place, entries: u64) -> Result<()> {
    let ledger = Ledger::open(place)?;
    let there = ledger.read_now::<_, LedgerError, _>(|books| Ok(books.newest()))?;
    let began = Instant::now();
    let mut client = there / ENTRIES_A_CLIENT;
    while client * ENTRIES_A_CLIENT < entries {
        let until = (client + 500).min(entries.div_ceil(ENTRIES_A_CLIENT));
        ledger.write_now(move |books| (client..until).try_for_each(|it| one_client(books, it)))?;
        client = until;
        if client.is_multiple_of(50_000) {
            eprint_progress(client * ENTRIES_A_CLIENT, began.elapsed());
        }
    }
    let n = (client * ENTRIES_A_CLIENT).saturating_sub(there);
    let seconds = began.elapsed().as_secs_f64();
    say("fill", &[("entries", n as f64), ("seconds", seconds), ("a_second", n as f64 / seconds)]);
    Ok(())
}

#[expect(clippy::print_stderr, reason = "progress of a program that runs for minutes")]
fn eprint_progress(entries: u64, elapsed: Duration) {
    eprintln!("{entries} entries after {} s", elapsed.as_secs());
}

/// What twenty entries are: a client, a score, a decision with twenty candidates, fourteen contacts, the rest.
fn one_client(books: &mut Books<'_>, n: u64) -> std::result::Result<(), LedgerError> {
    let id = format!("client-{n:09}");
    let name = |text: String| ClientId::new(text).map_err(|_| LedgerError::Reading);
    let client = name(id.clone())?;
    let at = Timestamp::from_second(1_700_000_000 + n as i64).unwrap_or_default();
    let mut tell = |body: Body, personal: Option<Personal>| {
        let (actor, client) = (Actor::House, Some(client.clone()));
        books.append(Draft { at, actor, client, body, personal }).map(drop)
    };
    let profile = Profile {
        team: TeamId::new(format!("team-{}", n % 50)).ok(),
        agent: AgentId::new(format!("agent-{}", n % 1_000)).ok(),
        zone: Some("Asia/Tokyo".to_owned()),
        ..Profile::default()
    };
    let personal = Personal {
        name: Some(format!("山田 花子 {n}")),
        aliases: vec![format!("crm-{n}")],
        ..Personal::default()
    };
    tell(Body::ClientAdded { profile }, Some(personal))?;
    let worth_minor = Some((n.wrapping_mul(2_654_435_761) % 1_000_003) as f64);
    let effect = EffectFact { benefit: 0.1, low: 0.0, high: 0.2 };
    let effects = actions().into_iter().map(|action| (action, effect)).collect();
    tell(Body::EffectsScored { source: EffectSource::Given, effects, worth_minor }, None)?;
    tell(decided(&format!("d-{n}"), &client, at, 20), None)?;
    for _ in 0..14 {
        tell(attempted(), None)?;
    }
    let helped = Body::Landed { decision: None, action: gift(), landing: Landing::Helped };
    tell(helped, None)?;
    tell(Body::Noted { confidential: false }, None)?;
    tell(Body::OutcomeSeen { outcome: "stayed".to_owned(), value: 1.0, at: None }, None)
}

fn gift() -> ActionId {
    ActionId::new("gift").expect("a name")
}

fn actions() -> Vec<ActionId> {
    (0..20).filter_map(|n| ActionId::new(format!("action-{n}")).ok()).collect()
}

fn attempted() -> Body {
    Body::Attempted {
        decision: None,
        action: gift(),
        class: ActionClass::Care,
        channel: Channel::new("call").expect("a name"),
        reached: true,
    }
}

fn decided(id: &str, client: &ClientId, at: Timestamp, candidates: usize) -> Body {
    let id = DecisionId::new(id).expect("a name");
    let channel = Channel::new("call").expect("a name");
    let score = Score {
        effect: EffectFact { benefit: 0.123_456_789, low: -0.01, high: 0.25 },
        nuisance: 0.05,
        benefit_minor: 1_234.5,
        nuisance_minor: 50.0,
        cost_minor: 500.0,
        prices_minor: 12.25,
        total_minor: 672.25,
        drawn_minor: None,
    };
    let decision = Decision {
        id: id.clone(),
        client: client.clone(),
        household: None,
        at,
        policy: "measure".to_owned(),
        policy_fingerprint: "0".repeat(64),
        effect_source: Some(EffectSource::Given),
        choice: Choice {
            action: gift(),
            kind: ActionKind::Offer,
            class: ActionClass::Offer,
            channel: Some(channel.clone()),
            probability: 0.9,
            explored: false,
        },
        holdout: HoldoutArm::Treated,
        ghost: None,
        hold: None,
        candidates: actions()
            .into_iter()
            .take(candidates)
            .map(|action| Candidate { action, verdict: Verdict::Scored(score), probability: 0.05 })
            .collect(),
        suggestions: vec![0, 1, 2],
    };
    let expires_at = at.checked_add(jiff::SignedDuration::from_hours(1)).unwrap_or(at);
    Body::Decided {
        decision: Box::new(decision),
        reservation: Some(Reservation {
            decision: id,
            action: gift(),
            channel: Some(channel),
            at,
            expires_at,
        }),
        agent: None,
        keeps: Keeps { units: 1, minutes: 10, cost_minor: 500 },
    }
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
        books.append(draft(decided(&id, &client, at, 20)))?;
        // What is carried out leaves the list of reservations: it stays short, as in life.
        let (decision, why) = (
            DecisionId::new(id).map_err(|_| LedgerError::Reading)?,
            yorisoi_ledger::ReservationEnd::GivenBack,
        );
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
