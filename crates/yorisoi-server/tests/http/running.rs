//! Does the running service stop without losing an answer, and does its stream tell of changes?

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use yorisoi_app::{App, FixedClock, SystemIds};
use yorisoi_ledger::{Ledger, Place};
use yorisoi_server::serve_on;

use crate::support::{NOON, settings, tokens};

/// Longer than anything here takes, shorter than anybody's patience.
const SOON: Duration = Duration::from_secs(20);

struct Running {
    address: std::net::SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    served: JoinHandle<()>,
    secret: String,
}

async fn running() -> Running {
    let ledger = Ledger::open(&Place::Memory).unwrap();
    let clock = Arc::new(FixedClock::at(NOON.parse().unwrap()));
    let app = App::new(ledger, clock, Arc::new(SystemIds::default()), settings().app());
    let secret = tokens(&app).await.remove("service").unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let served = tokio::spawn(serve_on(listener, app, settings(), async {
        let _ = stopped.await;
    }));
    Running { address, stop: Some(stop), served, secret }
}

impl Running {
    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    fn head(&self, line: &str, length: usize) -> String {
        format!(
            "{line} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\n\
             content-type: application/json\r\ncontent-length: {length}\r\n\r\n",
            self.secret
        )
    }

    fn stop(&mut self) {
        drop(self.stop.take());
    }
}

async fn read_until(stream: &mut TcpStream, what: &str) -> String {
    let mut text = String::new();
    let mut buffer = [0; 4_096];
    let reading = async {
        while !text.contains(what) {
            let n = stream.read(&mut buffer).await.unwrap();
            assert!(n > 0, "closed before `{what}`: {text}");
            text.push_str(&String::from_utf8_lossy(&buffer[..n]));
        }
    };
    tokio::time::timeout(SOON, reading).await.unwrap_or_else(|_| panic!("no `{what}`"));
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_is_under_way_is_answered_though_the_service_stops() {
    let mut running = running().await;
    let body = json!({ "client": "c-9" }).to_string();
    let mut stream = running.connect().await;
    stream.write_all(running.head("POST /v1/clients", body.len()).as_bytes()).await.unwrap();
    // The head is there, the body is not: the service is stopped in the middle of a request.
    tokio::time::sleep(Duration::from_millis(200)).await;
    running.stop();
    tokio::time::sleep(Duration::from_millis(200)).await;
    stream.write_all(body.as_bytes()).await.unwrap();
    let answer = read_until(&mut stream, "\"c-9\"").await;
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    tokio::time::timeout(SOON, running.served).await.unwrap().unwrap();
    assert!(TcpStream::connect(running.address).await.is_err(), "nobody listens any more");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_stream_tells_place_and_kind_but_nobodys_name_and_ends_with_the_service() {
    let mut running = running().await;
    let mut stream = running.connect().await;
    stream.write_all(running.head("GET /v1/stream", 0).as_bytes()).await.unwrap();
    read_until(&mut stream, "text/event-stream").await;
    let body = json!({ "client": "c-canary", "name": "Canary" }).to_string();
    let mut other = running.connect().await;
    let request = format!("{}{body}", running.head("POST /v1/clients", body.len()));
    other.write_all(request.as_bytes()).await.unwrap();
    let told = read_until(&mut stream, "client_added").await;
    assert!(told.contains("event: change") && told.contains("\"seq\":"), "{told}");
    assert!(!told.to_lowercase().contains("canary"), "{told}");
    running.stop();
    tokio::time::timeout(SOON, running.served)
        .await
        .expect("the stream does not hold the stop")
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_page_does_not_hold_the_stop() {
    let mut running = running().await;
    let form = format!("token={}", running.secret);
    let head = format!(
        "POST /sign-in HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-www-form-urlencoded\r\n\
         content-length: {}\r\n\r\n{form}",
        form.len()
    );
    let mut stream = running.connect().await;
    stream.write_all(head.as_bytes()).await.unwrap();
    let entered = read_until(&mut stream, "\r\n\r\n").await;
    let (_, after) = entered.split_once("yorisoi_session=").unwrap();
    let session = after.split(';').next().unwrap();
    let page = format!(
        "GET /desk/changes?seen=0 HTTP/1.1\r\nhost: x\r\ncookie: yorisoi_session={session}\r\n\r\n"
    );
    let mut open = running.connect().await;
    open.write_all(page.as_bytes()).await.unwrap();
    read_until(&mut open, "text/event-stream").await;
    drop(stream);
    running.stop();
    // The grace of the stop is twice as long.
    tokio::time::timeout(SOON / 2, running.served)
        .await
        .expect("the open page does not hold the stop")
        .unwrap();
}
