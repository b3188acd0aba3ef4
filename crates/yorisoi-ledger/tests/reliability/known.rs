//! Is what readers know already ever anything but what is kept?

use proptest::prelude::*;
use yorisoi_decision::{ClientFacts, HouseholdFacts};
use yorisoi_ledger::{
    Actor, Books, ClientQuery, Draft, Ledger, LedgerError, Order, Personal, Place, Whose,
};

use crate::common::{Room, at, client, read};
use crate::property::{Step, draft};

/// Teams and agents among whom the clients of a history are dealt.
const TEAMS: [&str; 2] = ["east", "west"];

fn lists() -> Vec<ClientQuery> {
    let of = |whose| ClientQuery { whose, limit: 4, ..ClientQuery::default() };
    let mut lists =
        vec![of(Whose::Everybody), ClientQuery { order: Order::Id, ..of(Whose::Everybody) }];
    lists.extend(TEAMS.map(|team| of(Whose::Team(team.parse().unwrap()))));
    lists.push(of(Whose::Agent("sato".parse().unwrap())));
    lists
}

/// Clients with their worth, and households: each as kept and as known.
type Both = ([Vec<(Option<f64>, ClientFacts)>; 2], [Vec<HouseholdFacts>; 2]);

fn both(books: &mut Books<'_>) -> Result<Both, LedgerError> {
    let (mut clients, mut homes) = (<[Vec<_>; 2]>::default(), <[Vec<_>; 2]>::default());
    for mut query in lists() {
        loop {
            let known = books.known_clients(&query)?;
            let kept = books.clients(&query)?;
            let cursors = (
                known.last().map(|it| it.cursor()),
                kept.last().map(yorisoi_ledger::Cursor::after),
            );
            assert_eq!(cursors.0, cursors.1);
            clients[0].extend(kept.into_iter().map(|it| (it.desk.worth_minor, it.facts)));
            clients[1].extend(
                known.into_iter().map(|it| (it.worth_minor, ClientFacts::clone(&it.facts))),
            );
            query.after = cursors.0;
            if query.after.is_none() {
                break;
            }
        }
    }
    for home in ["h0", "h1", "h2"] {
        let home = home.parse().unwrap();
        homes[0].push(books.household(&home)?);
        homes[1].push(books.known_household(&home)?);
    }
    Ok((clients, homes))
}

/// Holds what is known against what is kept.
fn check(ledger: &Ledger, after: &str) -> usize {
    let ([kept, known], [homes, known_homes]) = read(ledger, both);
    assert_eq!(known, kept, "after {after}");
    assert_eq!(known_homes, homes, "after {after}");
    kept.len()
}

/// What happens between two looks: an entry, mostly; and that a person is forgotten, and all is folded anew.
fn happen(ledger: &Ledger, step: Step, second: i64) {
    let (kind, who, n) = step;
    let id = client(&format!("c{}", who % 6));
    match kind {
        250.. => drop(ledger.rebuild()),
        240..250 => {
            let erase = move |books: &mut Books<'_>| books.erase(&id, at(second), Actor::House);
            drop(ledger.write_now::<_, LedgerError, _>(erase));
        }
        _ => {
            let draft = in_a_team(draft(step, second), n);
            drop(ledger.write_now::<_, LedgerError, _>(move |books| books.append(draft)));
        }
    }
}

/// A client who is added belongs to a team and an agent, and something is known of them that is sealed.
fn in_a_team(mut draft: Draft, n: u8) -> Draft {
    if let yorisoi_ledger::Body::ClientAdded { profile } = &mut draft.body {
        profile.team = Some(TEAMS[usize::from(n % 2)].parse().unwrap());
        profile.agent = n.is_multiple_of(3).then(|| "sato".parse().unwrap());
        let age = ("age".to_owned(), yorisoi_decision::Attribute::Number(f64::from(n)));
        draft.personal.get_or_insert_with(Personal::default).attributes = [age].into();
    }
    draft
}

fn history(room: &Room, steps: &[Step]) {
    // Two nodes write and read in turn.
    let nodes = [room.open(), room.open()];
    let mut seen = 0;
    for (second, step) in steps.iter().enumerate() {
        happen(&nodes[usize::from(step.2 % 2)], *step, second as i64);
        // Each looks now and then: what it missed may be one entry or many.
        for (k, node) in nodes.iter().enumerate() {
            if (usize::from(step.1) + k) % 3 > 0 {
                seen += check(node, &format!("{:?}", &steps[..=second]));
            }
        }
    }
    assert!(steps.len() < 40 || seen > 0, "there was nobody to know");
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(any::<Step>(), 1..80)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn what_is_known_is_what_is_kept_whatever_happened(steps in steps()) {
        history(&Room::sqlite(), &steps);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, max_shrink_iters: 40, ..ProptestConfig::default() })]

    #[test]
    fn what_nodes_of_one_database_know_is_what_is_kept_whatever_happened(steps in steps()) {
        history(&Room::postgres(), &steps);
    }
}

/// A reader whose state is older than what others have come to know is told what was so then.
#[test]
fn who_reads_an_earlier_state_is_not_told_of_a_later_one() {
    let room = Room::sqlite();
    let ledger = room.open();
    let scored = |second, n: u8| draft((14, 0, n), second);
    crate::common::told(&ledger, [in_a_team(draft((0, 0, 0), 0), 0), scored(1, 1)]);
    check(&ledger, "the beginning");
    let (begun, has_begun) = std::sync::mpsc::channel();
    let (go, goes) = std::sync::mpsc::channel::<()>();
    let slow = {
        let ledger = ledger.clone();
        std::thread::spawn(move || {
            read(&ledger, move |books| {
                let before = both(books)?;
                begun.send(()).unwrap();
                goes.recv().unwrap();
                Ok((before, both(books)?))
            })
        })
    };
    has_begun.recv().unwrap();
    crate::common::told(&ledger, [scored(2, 2)]);
    let now = read(&ledger, both);
    go.send(()).unwrap();
    let (before, after) = slow.join().unwrap();
    assert_eq!(before.0[1], after.0[1], "its state has not moved");
    assert_ne!(now.0[1], after.0[1], "the others' has");
    assert_eq!(now.0[0], now.0[1]);
    check(&ledger, "the end");
}

#[test]
fn a_memory_that_was_away_for_long_begins_anew() {
    let room = Room::sqlite();
    let ledger = room.open();
    crate::common::told(&ledger, [in_a_team(draft((0, 0, 0), 0), 0)]);
    check(&ledger, "the beginning");
    // More entries than there are rows kept of, in one transaction and in many.
    let many = |books: &mut Books<'_>| {
        for n in 0..20_000_u32 {
            books.append(draft((14, 0, (n % 251) as u8), 1 + i64::from(n)))?;
        }
        Ok(())
    };
    ledger.write_now::<_, LedgerError, _>(many).unwrap();
    check(&ledger, "one transaction");
    crate::common::told(&ledger, (0..200).map(|n| draft((14, 0, n), 30_000)));
    assert!(check(&ledger, "many") > 0);
}

#[test]
fn nobody_in_memory_is_kept_of_a_ledger_in_memory() {
    let ledger = Ledger::open(&Place::Memory).unwrap();
    crate::common::told(&ledger, [in_a_team(draft((0, 0, 0), 0), 0)]);
    assert!(check(&ledger, "a client came") > 0);
    crate::common::told(&ledger, [draft((14, 0, 9), 1)]);
    assert!(check(&ledger, "their worth changed") > 0);
}
