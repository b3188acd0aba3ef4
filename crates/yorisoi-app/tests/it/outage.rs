//! What if the ledger goes away while people are being helped, and comes back?

#![expect(clippy::disallowed_methods, reason = "a server that starts takes real time")]

#[path = "../../../yorisoi-ledger/tests/common/server.rs"]
#[expect(dead_code, reason = "the ledger's own tests share one server, and this one stops its own")]
pub(crate) mod server;

use std::sync::Arc;
use std::time::Duration;

use server::Server;
use yorisoi_app::{App, BatchItem, CountedIds, DecisionAsk, FixedClock, Once, Settings};
use yorisoi_decision::Code;
use yorisoi_ledger::{Ledger, Place};

use crate::common::{NOW, action, friend, id, lead, person, policy, publish, service};

/// How often it is asked whether the ledger is back, a tenth of a second apart.
const ASKED_MAX: u32 = 600;

fn ask() -> DecisionAsk {
    DecisionAsk::only(id("c-1"), action("plan_review"))
}

fn until_ready(app: &App) {
    for _ in 0..ASKED_MAX {
        if app.health().is_ready() {
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("{:?}", app.health());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ledger_that_goes_away_holds_and_nothing_is_lost_when_it_is_back() {
    let server = Server::start();
    let folder = std::env::temp_dir().join(format!("yorisoi-outage-{}", std::process::id()));
    let place = Place::Postgres { url: server.new_database(), folder: folder.clone() };
    let clock = Arc::new(FixedClock::at(NOW.parse().unwrap()));
    let ledger = Ledger::open(&place).unwrap();
    let app = App::new(ledger, clock, Arc::new(CountedIds::default()), Settings::default());
    publish(&app, &policy()).await;
    friend(&app, "c-1").await;
    let kept = app.decide_and_commit(&service(), ask()).await.unwrap();
    assert!(kept.committed);
    let before = app.verify_ledger(&lead()).await.unwrap();

    server.stop();
    let keyed = app.once(Once::new("key", b"body"));
    for asked in [ask(), DecisionAsk { dry: true, ..ask() }, DecisionAsk::about(id("c-1"))] {
        let held = keyed.decide_and_commit(&service(), asked).await.unwrap();
        let hold = held.decision.hold.as_ref().map(|hold| hold.code);
        assert_eq!((hold, held.committed), (Some(Code::ConsentUnavailable), false));
        assert_eq!(held.reserved_until, None);
    }
    let asks = vec![ask(), DecisionAsk { dry: true, ..ask() }];
    let items = keyed.decide_batch(&service(), asks).await.unwrap();
    let holds = items.iter().map(|item| match item {
        BatchItem::Answer(held) => (held.decision.hold.as_ref().map(|it| it.code), held.committed),
        BatchItem::Problem { code, .. } => panic!("{code}"),
    });
    assert_eq!(holds.collect::<Vec<_>>(), [(Some(Code::ConsentUnavailable), false); 2]);
    let error = app.add_client(&service(), person("c-2")).await.unwrap_err();
    assert_eq!((error.status(), error.code()), (503, "ledger.unavailable"));
    assert!(!app.health().is_ready());

    server.start_again();
    until_ready(&app);
    // What was acknowledged is there, what was not is not, and the same request is carried out now.
    let after = app.verify_ledger(&lead()).await.unwrap();
    assert_eq!((after.whole, after.entries, after.head), (true, before.entries, before.head));
    let state = app.decision(&service(), &kept.decision.id).await.unwrap().state;
    assert_eq!(state, "reserved");
    assert_eq!(app.client(&service(), &id("c-2")).await.unwrap_err().code(), "unknown");
    let decided = keyed.decide_and_commit(&service(), ask()).await.unwrap();
    assert!(decided.committed);
    assert_ne!(decided.decision.hold.map(|hold| hold.code), Some(Code::ConsentUnavailable));
    drop((app, keyed));
    std::fs::remove_dir_all(folder).unwrap();
}
