//! What if PostgreSQL stops in the middle, and comes back?

use std::time::{Duration, Instant};

use crate::common::server::Server;
use crate::common::{added, read, told, write};
use yorisoi_ledger::{Health, Ledger, Place};

#[test]
fn a_database_that_goes_and_comes_back_loses_nothing_and_heals_by_itself() {
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    let place = Place::Postgres { url: server.new_database(), folder: folder.path().to_owned() };
    let ledger = Ledger::open(&place).unwrap();
    told(&ledger, (0..20).map(|n| added(n, &format!("c{n}"))));

    server.stop();
    let refused = write(&ledger, added(30, "lost")).unwrap_err();
    assert!(refused.is_unavailable(), "{refused}");
    assert!(matches!(ledger.health(), Health::Unavailable { .. }), "{:?}", ledger.health());
    let unread = ledger.read_now(|books| books.entries(0, 1)).unwrap_err();
    assert!(unread.is_unavailable(), "{unread}");

    server.start_again();
    let since = Instant::now();
    while !ledger.health().is_ready() {
        assert!(since.elapsed() < Duration::from_secs(30), "{:?}", ledger.health());
        std::thread::sleep(Duration::from_millis(20));
    }
    told(&ledger, [added(31, "after")]);
    let names: Vec<_> = read(&ledger, |books| books.entries(0, 100))
        .into_iter()
        .map(|entry| entry.client.unwrap().to_string())
        .collect();
    let expected: Vec<_> = (0..20).map(|n| format!("c{n}")).chain(["after".to_owned()]).collect();
    assert_eq!(names, expected);
    assert!(ledger.verify(2).unwrap().is_sound());
}

/// Two nodes write to one database at once: one chain comes of it, and each sees what the other wrote.
#[test]
fn two_nodes_share_one_chain() {
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    let place = Place::Postgres { url: server.new_database(), folder: folder.path().to_owned() };
    let nodes = [Ledger::open(&place).unwrap(), Ledger::open(&place).unwrap()];
    std::thread::scope(|scope| {
        for (node, ledger) in nodes.iter().enumerate() {
            for caller in 0..4 {
                scope.spawn(move || {
                    for n in 0..10 {
                        let one = added(0, &format!("{node}-{caller}-{n}"));
                        let of_all = added(0, "everybody");
                        told(ledger, [one, of_all]);
                    }
                });
            }
        }
    });
    let found = nodes[0].verify(2).unwrap();
    assert!(found.is_sound(), "{found:?}");
    assert_eq!(found.entries, 2 * 4 * 10 * 2);
    for node in &nodes {
        let client = crate::common::known(node, "everybody");
        assert_eq!(client.desk.counts.entries, 80, "what one node holds in memory is not old");
    }
}
