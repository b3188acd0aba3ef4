//! Do the promises hold over whole histories, entry by entry through the real fold?
//!
//! A history is a few dozen entries about three people: consents, withdrawals, refusals, decisions, contacts,
//! deliveries in time and late, ways out, merges, erasures, and time that passes. It is folded as in any ledger, the
//! facts are read back, and `decide` answers. Beside it stand plain lists of what was said and done, and the laws are
//! asked of those. `YORISOI_HISTORIES=1000000` tells more of them.

mod draws;
mod happenings;
mod laws;
mod nothing;
mod plain;
mod tale;

use std::sync::Mutex;

use yorisoi_decision::{ActionKind, Initiative, Policy, ValidPolicy, decide};

use self::draws::Draws;
use self::laws::Seen;
use self::tale::Tale;
use crate::keys::KeyStore;

const POLICY: &str = include_str!("policy.toml");

/// Histories in an ordinary test run.
const HISTORIES: u64 = 100_000;

/// How many may be asked for instead.
const ASKED: &str = "YORISOI_HISTORIES";

/// Policies that differ in what they promise.
fn policies() -> Vec<ValidPolicy> {
    let mut draws = Draws::new(11);
    let one = |_| {
        let mut policy = Policy::parse(POLICY).unwrap();
        for cap in &mut policy.contact.caps {
            cap.max = Some(1 + draws.below(4) as u32);
            cap.window_hours = draws.one(&[24, 72, 168]);
        }
        policy.contact.first_contact = draws.chance(60);
        policy.exploration.rate = draws.one(&[0.0, 0.0, 0.5]);
        policy.holdout.share = draws.one(&[0.0, 0.0, 0.3]);
        policy.validated().unwrap()
    };
    (0..16).map(one).collect()
}

/// Tells every `by`th history from one on, and holds each decision of it against the laws.
fn tell(policies: &[ValidPolicy], (first, by, all): (u64, u64, u64)) -> Seen {
    let keys = Mutex::new(KeyStore::in_memory().unwrap());
    let mut seen = Seen::default();
    for history in (first..all).step_by(by as usize) {
        let policy = &policies[(history % policies.len() as u64) as usize];
        // Told alone it is the same history: `YORISOI_HISTORIES` and the thread change none of it.
        let draws = Draws::new(history.wrapping_mul(0xD134_2543_DE82_EF95));
        let mut tale = Tale::begin(draws, policy, &keys);
        for _ in 0..8 + tale.draws.below(16) {
            tale.live(&mut seen);
        }
        for name in tale::NAMES {
            let asked = tale.look(name);
            laws::check(&mut tale, &asked, &mut seen);
            laws::capacity(&tale, &asked);
        }
        clock(&mut tale);
        seen.entries += tale.entries;
    }
    seen
}

/// A clock that shows an hour before the newest entry is not believed, and a stranger is nobody.
fn clock(tale: &mut Tale<'_>) {
    let mut situation = tale.situation("a", Initiative::Ours);
    situation.ledger_time = Some(situation.now + jiff::SignedDuration::from_hours(1));
    let stranger = tale.situation("x", Initiative::Clients);
    for unknown in [situation, stranger] {
        let decision = decide(tale.policy, &unknown, &tale::KEY);
        assert_eq!(decision.choice.kind, ActionKind::Hold, "{decision:?}");
        let mut open = laws::returned(tale.policy, &decision);
        assert!(open.all(|action| action.kind == ActionKind::Hold), "{decision:?}");
    }
}

#[test]
fn over_a_hundred_thousand_histories_every_promise_is_kept() {
    #[expect(clippy::disallowed_methods, reason = "whoever runs the tests may ask for more")]
    let asked = std::env::var(ASKED).ok().and_then(|number| number.parse().ok());
    let all = asked.unwrap_or(HISTORIES);
    let threads = std::thread::available_parallelism().map_or(1, |n| n.get() as u64);
    let policies = policies();
    let seen = std::thread::scope(|scope| {
        let policies = &policies;
        let telling: Vec<_> = (0..threads)
            .map(|first| scope.spawn(move || tell(policies, (first, threads, all))))
            .collect();
        telling.into_iter().fold(Seen::default(), |mut sum, one| {
            sum.add(&one.join().unwrap());
            sum
        })
    });
    println!("{all} histories: {seen:?}");
    // Each law has been put to the test often enough: so many times in a hundred histories at least.
    let Seen { decisions, helps, advised, refused, capped, short, unknown, .. } = seen;
    let Seen { leaving, gone, released, .. } = seen;
    for (what, count, a_hundred_histories) in [
        ("decisions", decisions, 500),
        ("helps", helps, 100),
        ("advice", advised, 100),
        ("refusals", refused, 100),
        ("caps", capped, 50),
        ("capacity", short, 10),
        ("unknown", unknown, 20),
        ("one offer", leaving, 2),
        ("gone", gone, 5),
        ("released", released, 2),
    ] {
        assert!(count * 100 >= all * a_hundred_histories, "{what}: {count} in {all}");
    }
}
