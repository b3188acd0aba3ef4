//! Does the sample world come to life, and does everything in it hold?

use std::sync::Arc;

use yorisoi_app::{
    App, Caller, CountedIds, FixedClock, PageAsk, Role, Settings, WorkAsk, sample_world,
};
use yorisoi_ledger::{Ledger, Place};

fn app() -> App {
    let now = "2026-06-01T18:00:00+09:00".parse().unwrap();
    let ledger = Ledger::open(&Place::Memory).unwrap();
    App::new(
        ledger,
        Arc::new(FixedClock::at(now)),
        Arc::new(CountedIds::default()),
        Settings::default(),
    )
}

fn lead() -> Caller {
    Caller { token: "lead-sato".to_owned(), role: Role::Lead, team: None, agent: None }
}

#[tokio::test]
async fn ninety_days_are_lively() {
    let app = app();
    let world = sample_world(&app, 7).await.unwrap();
    assert_eq!(world.clients, 48);
    assert!(world.decisions >= 200, "{}", world.decisions);
    let list = app.work_list(&lead(), WorkAsk::default()).await.unwrap();
    println!("work list {} rows, {} holds", list.rows.len(), list.holds.len());
    let proof = app.proof(&lead()).await.unwrap();
    println!("{proof:#?}");
    let landings = app.landings_report(&lead()).await.unwrap();
    println!(
        "{:#?}",
        landings
            .rows
            .iter()
            .map(|r| (r.action.to_string(), r.helped, r.nuisance, r.closed, r.neutral, r.mismatch))
            .collect::<Vec<_>>()
    );
    let endings = app.endings_report(&lead()).await.unwrap();
    println!("{endings:#?}");
    let credit = app.credit(&lead(), None).await.unwrap();
    println!("{credit:#?}");
    println!("{:#?}", app.hand_ons(&lead(), PageAsk::default()).await.unwrap());
    println!("{:#?}", app.check_in_alerts(&lead()).await.unwrap().len());
    println!("{:#?}", app.capacity(&lead()).await.unwrap());
}
