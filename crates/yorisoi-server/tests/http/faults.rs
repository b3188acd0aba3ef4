//! What is answered while the disk is full, slow or damaged, and is anything lost that was acknowledged?

#![expect(clippy::disallowed_methods, reason = "a disk that fails and heals takes real time")]

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use yorisoi_ledger::{Disk, Ledger, LedgerError, Place};

use crate::support::{Answer, POLICY, Service, settings};

/// Longer than anything here takes.
const SOON: Duration = Duration::from_secs(30);

/// A service on a disk with faults, with somebody known.
async fn service_on(folder: &Path, disk: &Disk) -> Service {
    let service = Service::over(Ledger::open_on(folder, disk).unwrap(), settings()).await;
    service.publish(POLICY).await;
    service.add_client("c-1").await;
    service
}

async fn ready(service: &Service) -> (u16, String) {
    let answer = service.get("nobody", "/readyz").await;
    (answer.status.as_u16(), answer.json()["state"].as_str().unwrap().to_owned())
}

/// Waits until the service is in a state.
async fn until(service: &Service, state: (u16, &str)) {
    let since = Instant::now();
    while ready(service).await != (state.0, state.1.to_owned()) {
        assert!(since.elapsed() < SOON, "{:?} instead of {state:?}", ready(service).await);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn decide(service: &Service, client: &str) -> Value {
    let answer = service.post("service", "/v1/decisions", &json!({ "client": client })).await;
    assert_eq!(answer.status, 200, "{}", answer.json());
    answer.json()
}

/// Whether an answer says to hold because the ledger is away, and that nothing was kept.
fn is_held(answer: &Value) -> bool {
    let code = &answer["decision"]["hold"]["code"];
    let action = &answer["decision"]["choice"]["kind"];
    *code == "consent.unavailable" && answer["committed"] == false && *action == "hold"
}

fn is_refused(answer: &Answer) {
    assert_eq!(answer.status.as_u16(), 503, "{}", answer.json());
    assert_eq!(answer.header("content-type"), "application/problem+json");
    assert_eq!((answer.code().as_str(), answer.header("retry-after")), ("ledger.unavailable", "1"));
}

async fn note(service: &Service, n: u32) -> Answer {
    let body = json!({ "client": "c-1", "text": format!("{n} {}", "word ".repeat(800)) });
    service.post("lead", "/v1/notes", &body).await
}

/// Entries of a folder, read by another program: the chain is whole, and so many of a kind are in it.
fn entries(folder: &Path, kind: &str) -> usize {
    let ledger = Ledger::open(&Place::Folder(folder.to_owned())).unwrap();
    assert!(ledger.verify(2).unwrap().is_sound());
    let all = ledger.read_now::<_, LedgerError, _>(|books| books.entries(0, 100_000)).unwrap();
    all.iter().filter(|entry| entry.body.kind() == kind).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_full_disk_decisions_hold_writes_are_refused_and_all_is_there_when_there_is_room() {
    let (folder, disk) = (tempfile::tempdir().unwrap(), Disk::default());
    let service = service_on(folder.path(), &disk).await;
    assert!(!is_held(&decide(&service, "c-1").await));
    disk.fill();
    let mut kept = 0;
    let refused = loop {
        let answer = note(&service, kept).await;
        if answer.status != 201 {
            break answer;
        }
        kept += 1;
        assert!(kept < 200, "the disk is not full");
    };
    is_refused(&refused);
    assert_eq!(ready(&service).await, (503, "read_only".to_owned()));
    let metrics = service.get("nobody", "/metrics").await;
    let metrics = String::from_utf8(metrics.bytes).unwrap();
    assert!(metrics.contains("yorisoi_ledger_state{state=\"read_only\"} 1"), "{metrics}");
    // A few small answers may fit between the lines; then there is nothing left for them either.
    let mut committed = 1;
    while !is_held(&decide(&service, "c-1").await) {
        committed += 1;
        assert!(committed < 200, "decisions are kept on a full disk");
    }
    is_refused(&note(&service, kept).await);
    // Reading goes on, and it stays full, however often it is asked.
    assert_eq!(service.get("lead", "/v1/clients/c-1/record").await.status, 200);
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    assert_eq!(ready(&service).await, (503, "read_only".to_owned()));
    disk.free();
    until(&service, (200, "ready")).await;
    assert_eq!(note(&service, kept).await.status, 201);
    assert!(!is_held(&decide(&service, "c-1").await));
    drop(service);
    assert_eq!(entries(folder.path(), "noted"), kept as usize + 1);
    assert_eq!(entries(folder.path(), "decided"), committed + 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn on_a_slow_disk_nobody_waits_in_vain_and_what_was_under_way_is_told_when_it_is_kept() {
    let (folder, disk) = (tempfile::tempdir().unwrap(), Disk::default());
    let service = std::sync::Arc::new(service_on(folder.path(), &disk).await);
    // Longer than the disk of this test is waited for, and no shorter than a slow machine needs to look.
    disk.slow_by(Duration::from_secs(5));
    let waiting = tokio::spawn({
        let service = std::sync::Arc::clone(&service);
        async move { note(&service, 0).await }
    });
    until(&service, (503, "slow")).await;
    let asked = Instant::now();
    assert!(is_held(&decide(&service, "c-1").await));
    is_refused(&note(&service, 1).await);
    let asks = json!({ "asks": [{ "client": "c-1" }] });
    let batch = service.post("service", "/v1/decisions/batch", &asks).await.json();
    assert!(is_held(&batch["items"][0]["answer"]), "{batch}");
    assert!(asked.elapsed() < Duration::from_secs(2), "told at once: {:?}", asked.elapsed());
    // Reading goes on beside it.
    assert_eq!(service.get("lead", "/v1/clients/c-1/record").await.status, 200);
    disk.slow_by(Duration::ZERO);
    assert_eq!(waiting.await.unwrap().status, 201);
    until(&service, (200, "ready")).await;
    assert_eq!(note(&service, 1).await.status, 201);
    assert!(!is_held(&decide(&service, "c-1").await));
    drop(std::sync::Arc::into_inner(service).unwrap());
    assert_eq!((entries(folder.path(), "noted"), entries(folder.path(), "decided")), (2, 1));
}

/// Turns the page on which a client's facts lie into noise.
fn damage(folder: &Path, client: &str) {
    let file = folder.join("ledger.sqlite");
    let mut bytes = std::fs::read(&file).unwrap();
    let has = |page: &[u8], word: &str| page.windows(word.len()).any(|it| it == word.as_bytes());
    // 0x0d begins a leaf of a table; a client's facts begin with their name.
    let facts = format!("\"facts\":{{\"client\":\"{client}\"");
    let page = bytes
        .chunks(4_096)
        .position(|page| page[0] == 0x0d && has(page, &facts))
        .expect("a page of clients");
    for (at, byte) in bytes[page * 4_096..][..4_096].iter_mut().enumerate() {
        *byte = (at * 31 % 251) as u8;
    }
    std::fs::write(&file, bytes).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_damaged_page_everything_stops_and_stays_stopped_until_a_backup_is_back() {
    let (folder, disk) = (tempfile::tempdir().unwrap(), Disk::default());
    let service = service_on(folder.path(), &disk).await;
    for n in 0..60 {
        service.add_client(&format!("c-number-{n}")).await;
    }
    let copy = folder.path().join("copy");
    service.app.ledger().backup(&copy).unwrap();
    let (secrets, clock) = (service.tokens.clone(), service.clock.clone());
    drop(service);
    // A last reader folds the log into the file, so that the page stands in one place.
    let acknowledged = entries(folder.path(), "client_added");
    damage(folder.path(), "c-number-30");

    let mut service = Service::again(&Place::Folder(folder.path().to_owned()), &secrets, &clock);
    assert_eq!(ready(&service).await, (200, "ready".to_owned()), "nobody has seen it yet");
    assert!(!is_held(&decide(&service, "c-1").await));
    assert!(is_held(&decide(&service, "c-number-30").await));
    assert_eq!(ready(&service).await, (503, "damaged".to_owned()));
    // What is damaged stays so: nothing is written beside it, for anybody, however long one waits.
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    assert_eq!(ready(&service).await, (503, "damaged".to_owned()));
    assert!(is_held(&decide(&service, "c-1").await));
    is_refused(&note(&service, 1).await);
    drop(service);

    // The keys are whole: the backup opens in another folder, and all is as it was.
    let back = folder.path().join("back");
    std::fs::create_dir(&back).unwrap();
    std::fs::copy(folder.path().join("keys.sqlite"), back.join("keys.sqlite")).unwrap();
    let place = Place::Folder(back.clone());
    let file = std::io::BufReader::new(std::fs::File::open(&copy).unwrap());
    drop(Ledger::restore(&place, file, yorisoi_ledger::KeysAre::There).unwrap());
    assert_eq!(entries(&back, "client_added"), acknowledged);
    service = Service::again(&place, &secrets, &clock);
    assert_eq!(ready(&service).await, (200, "ready".to_owned()));
    assert!(!is_held(&decide(&service, "c-number-30").await));
    assert_eq!(note(&service, 1).await.status, 201);
}
