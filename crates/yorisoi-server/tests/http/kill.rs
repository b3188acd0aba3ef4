//! Is anything lost when the process is killed in the middle of its work?
//!
//! A second process serves from a folder; it is killed with SIGKILL under load, started again, and asked
//! for everything it had acknowledged. This binary plays both parts: `serving` is the second process.
//! `YORISOI_KILLS=200 cargo test -p yorisoi-server --test http kill` kills more often.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::net::TcpListener;
use yorisoi_app::{App, Caller, PolicyInput, Role};
use yorisoi_ledger::Place;
use yorisoi_server::serve_on;

use crate::support::{POLICY, settings, tokens};

const FOLDER: &str = "YORISOI_TEST_FOLDER";
const KILLS: &str = "YORISOI_KILLS";

/// Kills in an ordinary test run.
const KILLS_DEFAULT: u64 = 10;

/// Callers at the same time.
const CALLERS: usize = 8;

/// Clients of a round: few enough that the callers fight for a place under the same caps.
const CLIENTS: usize = 12;

/// What the policy of this test allows a person: contacts, and calls among them.
const CONTACTS_MAX: usize = 2;
const CALLS_MAX: usize = 1;

/// The carrier's policy at an hour that never rests: this test runs at any time of day.
fn policy() -> String {
    POLICY
        .replace("until = \"09:00\"", "until = \"20:00\"")
        .replace("rest_days = true", "rest_days = false")
        .replace("holidays = \"japan\"", "holidays = \"none\"")
}

/// The second process. Without a folder it is no test and passes.
#[test]
#[ignore = "the second process of the test beside it"]
fn serving() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let folder = Path::new(&folder).to_owned();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let app = App::open(&Place::Folder(folder.join("care")), settings().app()).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        // A folder that nobody prepared is served too, for other programs that try the service.
        if let Some(first) = app.first_token().await.unwrap() {
            put(&folder, "token", &first.secret);
        }
        put(&folder, "address", &listener.local_addr().unwrap().to_string());
        serve_on(listener, app, settings(), std::future::pending()).await;
    });
}

/// Puts a file into a folder, whole or not at all.
fn put(folder: &Path, name: &str, text: &str) {
    let mut file = std::fs::File::create(folder.join("new")).unwrap();
    file.write_all(text.as_bytes()).unwrap();
    std::fs::rename(folder.join("new"), folder.join(name)).unwrap();
}

struct Process {
    child: Child,
    address: SocketAddr,
}

impl Process {
    #[expect(
        clippy::zombie_processes,
        reason = "`kill` waits for it; where it does not start the test has failed"
    )]
    fn start(folder: &Path) -> Self {
        let _ = std::fs::remove_file(folder.join("address"));
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--ignored", "--exact", "kill::serving", "--nocapture"])
            .env(FOLDER, folder)
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        for _ in 0..3_000 {
            if let Ok(address) = std::fs::read_to_string(folder.join("address")) {
                return Self { child, address: address.parse().unwrap() };
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("the second process does not start");
    }

    /// SIGKILL: no chance to tidy up.
    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// A connection that reads whole answers or nothing.
struct Line {
    stream: TcpStream,
    secret: String,
}

impl Line {
    fn connect(address: SocketAddr, secret: &str) -> Option<Self> {
        let stream = TcpStream::connect(address).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(30))).ok()?;
        stream.set_nodelay(true).ok()?;
        Some(Self { stream, secret: secret.to_owned() })
    }

    /// Status and body; `None` if the answer did not come whole: then nothing was acknowledged.
    fn call(&mut self, line: &str, key: &str, body: &str) -> Option<(u16, Vec<u8>)> {
        let request = format!(
            "{line} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\nidempotency-key: {key}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            self.secret,
            body.len()
        );
        self.stream.write_all(request.as_bytes()).ok()?;
        let (mut got, mut buffer) = (Vec::new(), [0; 16_384]);
        loop {
            let n = self.stream.read(&mut buffer).ok().filter(|n| *n > 0)?;
            got.extend_from_slice(&buffer[..n]);
            let Some(end) = got.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
            let head = String::from_utf8_lossy(&got[..end]).to_lowercase();
            let length =
                head.split("content-length: ").nth(1)?.lines().next()?.parse::<usize>().ok()?;
            if got.len() >= end + 4 + length {
                let status = head.get(9..12)?.parse().ok()?;
                return Some((status, got[end + 4..end + 4 + length].to_vec()));
            }
        }
    }

    fn must(&mut self, line: &str, key: &str, body: &Value) -> Value {
        let (status, bytes) = self.call(line, key, &body.to_string()).expect("an answer");
        let answer: Value = serde_json::from_slice(&bytes).unwrap();
        assert!(status < 300, "{line}: {status} {answer}");
        answer
    }
}

/// A request that was acknowledged, with its answer.
struct Acknowledged {
    line: &'static str,
    key: String,
    body: String,
    answer: Vec<u8>,
}

/// Makes the ledger ready: tokens and a live policy. Returns secrets of a service and of an officer.
fn prepare(folder: &Path) -> BTreeMap<&'static str, String> {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let app = App::open(&Place::Folder(folder.join("care")), settings().app()).unwrap();
        let tokens = tokens(&app).await;
        let lead = |name: &str| Caller {
            token: name.to_owned(),
            role: Role::Lead,
            team: None,
            agent: Some(name.parse().unwrap()),
        };
        let input = PolicyInput { document: policy(), why: "a test".to_owned() };
        let draft = app.draft_policy(&lead("lead-1"), input).await.unwrap();
        app.publish_policy(&lead("lead-2"), &draft.fingerprint).await.unwrap();
        tokens
    })
}

fn add_clients(process: &Process, secret: &str, round: u64) {
    let mut caller = Line::connect(process.address, secret).unwrap();
    for k in 0..CLIENTS {
        let client = format!("c-{round}-{k}");
        // Help that was given already does not apply again, so it must be known that it was not.
        let attributes = json!({
            "age": 40.0, "points_given": false, "plan_review_given": false, "rebate_given": false,
        });
        let body = json!({ "client": client, "zone": "Asia/Tokyo", "attributes": attributes });
        caller.must("POST /v1/clients", &format!("add-{client}"), &body);
        for consent in ["talk", "advise"] {
            let body = json!({ "client": client, "consent": consent, "source": "words" });
            caller.must("POST /v1/consents", &format!("{consent}-{client}"), &body);
        }
    }
}

/// Asks as fast as it can until the process is gone; returns what was acknowledged.
fn load(address: SocketAddr, secret: &str, name: &str, stop: &AtomicBool) -> Vec<Acknowledged> {
    let mut acknowledged = Vec::new();
    let Some(mut caller) = Line::connect(address, secret) else { return acknowledged };
    let round = name.split('-').next().unwrap_or_default();
    for k in 0.. {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let client = format!("c-{round}-{}", k % CLIENTS);
        let (line, body) = if k % 3 == 0 {
            ("POST /v1/outcomes", json!({ "client": client, "value": 1.0 }))
        } else {
            // Effects large enough that the caps, and nothing else, hold back.
            let sure = json!({ "benefit": 0.3, "low": 0.2, "high": 0.4 });
            let effects = json!({ "rebate": sure, "points": sure, "plan_review": sure });
            ("POST /v1/decisions", json!({ "client": client, "effects": effects }))
        };
        let (key, body) = (format!("{name}-{k}"), body.to_string());
        match caller.call(line, &key, &body) {
            Some((status, answer)) => {
                assert!(status < 300, "{}", String::from_utf8_lossy(&answer));
                acknowledged.push(Acknowledged { line, key, body, answer });
            }
            None => break,
        }
    }
    acknowledged
}

/// One round: load, a kill in the middle, and what had been acknowledged before it.
fn round(folder: &Path, secret: &str, number: u64) -> Vec<Acknowledged> {
    let process = Process::start(folder);
    add_clients(&process, secret, number);
    let (address, stop) = (process.address, AtomicBool::new(false));
    std::thread::scope(|scope| {
        let callers: Vec<_> = (0..CALLERS)
            .map(|caller| {
                let (name, stop) = (format!("{number}-{caller}"), &stop);
                scope.spawn(move || load(address, secret, &name, stop))
            })
            .collect();
        // Another moment each time, so that the kill falls into every part of the work.
        std::thread::sleep(Duration::from_millis(150 + number * 37 % 400));
        process.kill();
        stop.store(true, Ordering::Relaxed);
        callers.into_iter().flat_map(|caller| caller.join().unwrap()).collect()
    })
}

/// Every acknowledged request, sent again, has the same bytes as its answer.
fn repeat(process: &Process, secret: &str, acknowledged: &[Acknowledged]) {
    let mut caller = Line::connect(process.address, secret).unwrap();
    for one in acknowledged {
        let (_, answer) = caller.call(one.line, &one.key, &one.body).expect("an answer");
        assert_eq!(answer, one.answer, "{} {}", one.key, String::from_utf8_lossy(&answer));
    }
}

/// Every entry of the ledger, by the audit.
fn entries(process: &Process, secret: &str) -> Vec<Value> {
    let mut caller = Line::connect(process.address, secret).unwrap();
    let (mut all, mut cursor) = (Vec::new(), String::new());
    loop {
        let line = format!("GET /v1/audit?limit=200{cursor}");
        let (status, bytes) = caller.call(&line, "none", "").expect("an answer");
        assert_eq!(status, 200);
        let page: Value = serde_json::from_slice(&bytes).unwrap();
        all.extend(page["items"].as_array().unwrap().iter().cloned());
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return all,
        }
    }
}

/// No client has more reservations that reach them than the caps allow.
fn check_caps(entries: &[Value]) -> usize {
    let mut reserved: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| entry["kind"] == "decided") {
        if let Some(channel) = entry["body"]["reservation"]["channel"].as_str() {
            reserved.entry(entry["client"].as_str().unwrap()).or_default().push(channel);
        }
    }
    for (client, channels) in &reserved {
        let calls = channels.iter().filter(|channel| **channel == "call").count();
        assert!(channels.len() <= CONTACTS_MAX, "{client}: {channels:?}");
        assert!(calls <= CALLS_MAX, "{client}: {channels:?}");
    }
    reserved.values().map(Vec::len).sum()
}

#[test]
fn a_kill_in_the_middle_of_load_loses_nothing_that_was_acknowledged() {
    let kills = std::env::var_os(KILLS).and_then(|text| text.to_str()?.parse().ok());
    let kills = kills.unwrap_or(KILLS_DEFAULT);
    let folder = tempfile::tempdir().unwrap();
    let tokens = prepare(folder.path());
    let mut acknowledged = 0;
    for number in 0..kills {
        let round = round(folder.path(), &tokens["service"], number);
        acknowledged += round.len();
        let process = Process::start(folder.path());
        repeat(&process, &tokens["service"], &round);
        process.kill();
    }
    let process = Process::start(folder.path());
    let mut officer = Line::connect(process.address, &tokens["privacy"]).unwrap();
    let verified = officer.must("POST /v1/ledger/verify", "verify", &json!({}));
    assert_eq!(verified["whole"], true, "{verified}");
    let entries = entries(&process, &tokens["privacy"]);
    let reserved = check_caps(&entries);
    process.kill();
    println!(
        "{kills} kills, {acknowledged} acknowledged, {reserved} reserved, {} entries",
        entries.len()
    );
    assert!(acknowledged as u64 > kills * 10, "{acknowledged}: hardly any load");
    assert!(reserved > 0, "nothing was reserved: the caps were not tried");
}
