//! Does everybody have their own list of work, though those who ask the same share its drawing up?

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, mpsc};

use jiff::{SignedDuration, Timestamp};
use yorisoi_app::{
    App, Caller, Clock, EffectsInput, RefusalInput, Role, Settings, SystemClock, WorkAsk, WorkList,
};
use yorisoi_decision::{ClientId, EffectFact, TeamId};
use yorisoi_ledger::{Ledger, LedgerError, Place, Source};

use crate::common::{
    NOW, action, agent, empty, friend, house, house_with, id, lead, person, policy, publish,
    service,
};

/// A clock that moves on by a second whenever it is read: no two computations have the same instant.
struct Ticking(AtomicI64);

impl Clock for Ticking {
    fn now(&self) -> Timestamp {
        let seconds = self.0.fetch_add(1, Ordering::Relaxed);
        let begin: Timestamp = NOW.parse().unwrap();
        begin + SignedDuration::from_secs(seconds)
    }
}

/// Keeps a ledger in memory busy until it is dropped: whatever is asked meanwhile is asked before it begins.
struct Busy(Option<(mpsc::Sender<()>, std::thread::JoinHandle<()>)>);

impl Busy {
    fn with(ledger: &Ledger) -> Self {
        let (ledger, (end, ends), (began, begins)) =
            (ledger.clone(), mpsc::channel::<()>(), mpsc::channel());
        let thread = std::thread::spawn(move || {
            let work = move |_: &mut yorisoi_ledger::Books<'_>| {
                began.send(()).unwrap();
                let _ = ends.recv();
                Ok(())
            };
            ledger.write_now::<_, LedgerError, _>(work).unwrap();
        });
        begins.recv().unwrap();
        Self(Some((end, thread)))
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        if let Some((end, thread)) = self.0.take() {
            drop(end);
            thread.join().unwrap();
        }
    }
}

fn leading(team: &str) -> Caller {
    Caller { team: Some(TeamId::new(team).unwrap()), ..lead() }
}

fn refusal(client: &str) -> RefusalInput {
    let client = id(client);
    RefusalInput { client, topic: None, channel: None, source: Source::Words, words: None }
}

async fn friend_of(app: &App, team: &str, client: &str) {
    friend(app, client).await;
    let input = yorisoi_app::ClientInput { team: Some(team.parse().unwrap()), ..person(client) };
    let input = yorisoi_app::ClientInput { client: None, ..input };
    app.change_client(&service(), &id(client), input, None).await.unwrap();
}

/// Everybody asks while the ledger is busy, in the order in which they are given.
async fn at_once(app: &App, asks: &[(Caller, WorkAsk)]) -> Vec<WorkList> {
    let busy = Busy::with(app.ledger());
    let waiting: Vec<_> = asks
        .iter()
        .map(|(caller, ask)| {
            let (app, caller, ask) = (app.clone(), caller.clone(), ask.clone());
            tokio::spawn(async move { app.work_list(&caller, ask).await.unwrap() })
        })
        .collect();
    // On one thread they run when this one rests.
    for _ in 0..=asks.len() {
        tokio::task::yield_now().await;
    }
    drop(busy);
    let mut lists = Vec::new();
    for asked in waiting {
        lists.push(asked.await.unwrap());
    }
    lists
}

fn people(list: &WorkList) -> BTreeSet<ClientId> {
    let rows = list.rows.iter().map(|row| row.client.clone());
    rows.chain(list.holds.iter().map(|hold| hold.client.clone())).collect()
}

#[tokio::test]
async fn a_hundred_who_ask_the_same_at_once_have_one_list_and_whoever_asks_later_a_later_one() {
    let house = house(|_| {}).await;
    friend(&house.app, "c-1").await;
    let app = house.app.with_clock(Arc::new(Ticking(AtomicI64::new(0))));
    let lists = at_once(&app, &vec![(lead(), WorkAsk::default()); 100]).await;
    assert!(lists.iter().all(|list| *list == lists[0]), "one computation answers them all");
    let later = app.work_list(&lead(), WorkAsk::default()).await.unwrap();
    assert!(later.at > lists[0].at, "an answer is not kept");
}

#[tokio::test]
async fn nobody_has_the_list_of_another_team_agent_length_or_role() {
    let house = house(|_| {}).await;
    for (team, client) in [("osaka", "c-1"), ("osaka", "c-2"), ("tokyo", "c-3"), ("tokyo", "c-4")] {
        friend_of(&house.app, team, client).await;
    }
    let of_team = |team: &str| WorkAsk { team: Some(team.parse().unwrap()), ..WorkAsk::default() };
    let mut asks = vec![
        (lead(), WorkAsk::default()),
        (leading("osaka"), WorkAsk::default()),
        (leading("tokyo"), WorkAsk::default()),
        (lead(), of_team("tokyo")),
        (lead(), WorkAsk { agent: Some("mei".parse().unwrap()), ..WorkAsk::default() }),
        (leading("tokyo"), WorkAsk { limit: Some(1), ..WorkAsk::default() }),
        (leading("tokyo"), WorkAsk { minutes: Some(1), ..WorkAsk::default() }),
        (Caller { role: Role::Agent, ..leading("osaka") }, WorkAsk::default()),
    ];
    asks.extend(asks.clone());
    let alone = {
        let mut lists = Vec::new();
        for (caller, ask) in &asks {
            lists.push(house.app.work_list(caller, ask.clone()).await.unwrap());
        }
        lists
    };
    assert_eq!(at_once(&house.app, &asks).await, alone);
    let names = |names: &[&str]| names.iter().map(|name| id(name)).collect::<BTreeSet<_>>();
    assert_eq!(people(&alone[0]), names(&["c-1", "c-2", "c-3", "c-4"]));
    assert_eq!(people(&alone[1]), names(&["c-1", "c-2"]));
    assert_eq!(people(&alone[2]), names(&["c-3", "c-4"]));
}

#[tokio::test]
async fn an_agent_who_has_had_enough_hard_conversations_has_a_list_of_their_own() {
    let settings = Settings { hard_conversations_max: Some(1), ..Settings::default() };
    let house = house_with(settings).await;
    let (worn, fresh) = (agent("osaka", "mei"), agent("osaka", "jun"));
    for (client, told) in [("c-1", &worn), ("c-2", &lead())] {
        friend_of(&house.app, "osaka", client).await;
        house.app.request_exit(told, &id(client)).await.unwrap();
    }
    let sure = EffectFact { benefit: 0.4, low: 0.39, high: 0.41 };
    let effects = [(action("plan_review"), sure)].into();
    house.app.give_effects(&service(), EffectsInput { client: id("c-2"), effects }).await.unwrap();
    let asks = [&worn, &fresh, &worn, &fresh].map(|who| (who.clone(), WorkAsk::default()));
    let lists = at_once(&house.app, &asks).await;
    let had: Vec<_> = lists.iter().map(|list| list.hard_conversations).collect();
    assert_eq!(had, [1, 0, 1, 0]);
    for (list, is_worn) in lists.iter().zip([true, false, true, false]) {
        let calls = |row: &yorisoi_app::WorkRow| row.action == action("plan_review");
        let row = list.rows.iter().find(|row| row.client == id("c-2"));
        assert_eq!(row.is_some_and(calls), !is_worn, "a call takes minutes: {row:?}");
    }
}

#[tokio::test]
async fn two_clocks_share_no_list() {
    let house = house(|_| {}).await;
    friend(&house.app, "c-1").await;
    let ahead = house.app.with_clock(Arc::new(Ticking(AtomicI64::new(86_400))));
    let busy = Busy::with(house.app.ledger());
    let other = tokio::spawn(async move { ahead.work_list(&lead(), WorkAsk::default()).await });
    tokio::task::yield_now().await;
    let app = house.app.clone();
    let own = tokio::spawn(async move { app.work_list(&lead(), WorkAsk::default()).await });
    tokio::task::yield_now().await;
    drop(busy);
    let [own, other] = [own.await.unwrap().unwrap(), other.await.unwrap().unwrap()];
    assert_eq!(own.at, NOW.parse().unwrap());
    assert!(other.at > own.at);
}

#[tokio::test]
async fn whoever_goes_while_a_list_is_drawn_up_takes_it_from_nobody_and_an_error_reaches_all() {
    let house = empty();
    let app = house.app.clone();
    let busy = Busy::with(app.ledger());
    let ask =
        |app: App| tokio::spawn(async move { app.work_list(&lead(), WorkAsk::default()).await });
    let (gone, one, two) = (ask(app.clone()), ask(app.clone()), ask(app.clone()));
    tokio::task::yield_now().await;
    gone.abort();
    assert!(gone.await.unwrap_err().is_cancelled());
    drop(busy);
    for asked in [one, two] {
        assert_eq!(asked.await.unwrap().unwrap_err().code(), "policy.none");
    }
    publish(&app, &policy()).await;
    app.work_list(&lead(), WorkAsk::default()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
async fn a_list_knows_what_was_written_before_it_was_asked_for_however_many_ask() {
    const ASKERS: usize = 8;
    const EACH: usize = 12;
    let folder = tempfile::tempdir().unwrap();
    let app = App::open(&Place::Folder(folder.path().to_owned()), Settings::default()).unwrap();
    publish(&app, &policy()).await;
    let name = |asker: usize, n: usize| format!("c-{asker}-{n}");
    for client in (0..ASKERS).flat_map(|asker| (0..EACH).map(move |n| name(asker, n))) {
        friend(&app, &client).await;
    }
    // Nothing but refusals changes who is left in peace because of one; 50 are named.
    let app = app.with_clock(Arc::new(SystemClock));
    let mut asking = tokio::task::JoinSet::new();
    for asker in 0..ASKERS {
        let app = app.clone();
        asking.spawn(async move {
            for n in 0..EACH {
                app.refuse(&service(), refusal(&name(asker, n))).await.unwrap();
                let ask = WorkAsk { limit: Some(200), ..WorkAsk::default() };
                let list = app.work_list(&lead(), ask).await.unwrap();
                let is_offered = list.rows.iter().any(|row| row.client == id(&name(asker, n)));
                assert!(!is_offered, "it was asked for after they had said no");
                assert_eq!(list.looked_at, (ASKERS * EACH) as u64);
            }
        });
    }
    while let Some(done) = asking.join_next().await {
        done.unwrap();
    }
}
