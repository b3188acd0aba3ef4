//! Are other systems told of what happened: signed, again after a failure with the same id, and never at
//! an address inside our own network unless the operator allows it?

use std::net::IpAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use yorisoi_server::{ServerSettings, serve_on};

use crate::support::{Service, settings};

const SOON: Duration = Duration::from_secs(30);

/// What a receiver got, and how it answers: with 500 as often as told, then with 204.
#[derive(Clone, Default)]
struct Receiver {
    got: Arc<Mutex<Vec<(HeaderMap, Bytes)>>>,
    failures: Arc<Mutex<u32>>,
}

async fn receive(State(to): State<Receiver>, headers: HeaderMap, body: Bytes) -> StatusCode {
    to.got.lock().unwrap().push((headers, body));
    let mut failures = to.failures.lock().unwrap();
    if *failures > 0 {
        *failures -= 1;
        return StatusCode::INTERNAL_SERVER_ERROR;
    }
    StatusCode::NO_CONTENT
}

impl Receiver {
    async fn listen(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let router = Router::new().route("/hook", post(receive)).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        url
    }

    async fn wait_for(&self, count: usize) -> Vec<(HeaderMap, Bytes)> {
        let waiting = async {
            while self.got.lock().unwrap().len() < count {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(SOON, waiting).await.expect("nothing was sent");
        self.got.lock().unwrap().clone()
    }
}

fn private() -> ServerSettings {
    ServerSettings { private_webhooks: true, webhooks_every_s: 1, ..settings() }
}

/// Runs sweeps and webhooks beside the router of the test.
async fn run(service: &Service, settings: ServerSettings) -> oneshot::Sender<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    tokio::spawn(serve_on(listener, service.app.clone(), settings, async {
        let _ = stopped.await;
    }));
    stop
}

async fn told_of(service: &Service, url: &str) -> Value {
    let body = json!({ "url": url, "kinds": ["client_added"] });
    let added = service.post("lead", "/v1/webhooks", &body).await;
    assert_eq!(added.status, 201, "{}", added.json());
    added.json()
}

/// The signature, computed by hand: HMAC-SHA256 as in RFC 2104, so that the sender's own code is not
/// what checks the sender.
fn signature(secret: &str, headers: &HeaderMap, body: &[u8]) -> String {
    use hmac::{Hmac, Mac as _};
    let text = |name: &str| headers[name].to_str().unwrap().to_owned();
    let key = decode(secret.strip_prefix("whsec_").unwrap());
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(&key).unwrap();
    mac.update(format!("{}.{}.", text("webhook-id"), text("webhook-timestamp")).as_bytes());
    mac.update(body);
    format!("v1,{}", encode(&mac.finalize().into_bytes()))
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn decode(text: &str) -> Vec<u8> {
    let (mut bits, mut n, mut bytes) = (0_u32, 0, Vec::new());
    for byte in text.bytes().filter(|byte| *byte != b'=') {
        let digit = ALPHABET.iter().position(|one| *one == byte).unwrap() as u32;
        (bits, n) = (bits << 6 | digit, n + 6);
        if n >= 8 {
            n -= 8;
            bytes.push((bits >> n) as u8);
        }
    }
    bytes
}

fn encode(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let mut group = [0_u8; 3];
        group[..chunk.len()].copy_from_slice(chunk);
        let bits = u32::from_be_bytes([0, group[0], group[1], group[2]]);
        for k in 0..4 {
            let digit = ALPHABET[(bits >> (18 - 6 * k)) as usize & 63];
            text.push(if k <= chunk.len() { char::from(digit) } else { '=' });
        }
    }
    text
}

#[test]
fn the_hand_made_signature_meets_the_published_vector() {
    let mut headers = HeaderMap::new();
    headers.insert("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek".parse().unwrap());
    headers.insert("webhook-timestamp", "1614265330".parse().unwrap());
    let signed =
        signature("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", &headers, br#"{"test": 2432232314}"#);
    assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_is_signed_and_repeated_with_the_same_id_until_it_is_taken() {
    let service = Service::with(private()).await;
    let receiver = Receiver::default();
    *receiver.failures.lock().unwrap() = 1;
    let endpoint = told_of(&service, &receiver.listen().await).await;
    let secret = endpoint["secret"].as_str().unwrap();
    let _stop = run(&service, private()).await;
    let body = json!({ "client": "c-1", "name": "Canary" });
    assert_eq!(service.post("service", "/v1/clients", &body).await.status, 201);
    receiver.wait_for(1).await;
    // The receiver failed once: the house tries again when some time has passed.
    tokio::time::sleep(Duration::from_millis(500)).await;
    service.clock.pass_minutes(120);
    let got = receiver.wait_for(2).await;
    let id = |k: usize| got[k].0["webhook-id"].clone();
    assert_eq!(id(0), id(1), "a repetition has the same id");
    for (headers, body) in &got {
        assert_eq!(headers["webhook-signature"], signature(secret, headers, body));
        assert_eq!(headers["content-type"], "application/cloudevents+json");
        let event: Value = serde_json::from_slice(body).unwrap();
        assert_eq!(event["specversion"], "1.0");
        for member in ["id", "source", "type", "time"] {
            assert!(event[member].is_string(), "{event}");
        }
        assert!(!event.to_string().contains("Canary"), "personal data travels in no webhook");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rotated_secret_signs_beside_the_old_one() {
    let service = Service::with(private()).await;
    let receiver = Receiver::default();
    let endpoint = told_of(&service, &receiver.listen().await).await;
    let path = format!("/v1/webhooks/{}/rotate", endpoint["endpoint"].as_str().unwrap());
    let rotated = service.ask("lead", "POST", &path, None).await.json();
    let _stop = run(&service, private()).await;
    assert_eq!(
        service.post("service", "/v1/clients", &json!({ "client": "c-1" })).await.status,
        201
    );
    let (headers, body) = receiver.wait_for(1).await.remove(0);
    let sent: Vec<&str> = headers["webhook-signature"].to_str().unwrap().split(' ').collect();
    for secret in [&endpoint["secret"], &rotated["secret"]] {
        let signed = signature(secret.as_str().unwrap(), &headers, &body);
        assert!(sent.contains(&signed.as_str()), "{sent:?}");
    }
    assert_eq!(sent.len(), 2);
}

#[tokio::test]
async fn addresses_inside_our_own_network_are_refused() {
    let service = Service::with(settings()).await;
    for address in [
        "127.0.0.1",
        "127.9.9.9",
        "10.0.0.1",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "169.254.169.254",
        "0.0.0.0",
        "100.64.0.1",
        "192.0.0.8",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "240.0.0.1",
        "192.0.2.7",
        "::",
        "::1",
        "fe80::1",
        "fc00::1",
        "fd12::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "2002:7f00:1::",
        "2001:db8::1",
        "100::1",
    ] {
        let ip: IpAddr = address.parse().unwrap();
        assert!(service.app.may_send_to("https://hooks.example/", ip).is_err(), "{address}");
    }
    for address in ["1.1.1.1", "8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111"] {
        let ip: IpAddr = address.parse().unwrap();
        assert!(service.app.may_send_to("https://hooks.example/", ip).is_ok(), "{address}");
    }
    for url in
        ["https://127.0.0.1/", "https://[::1]/", "https://10.0.0.1:8443/x", "http://a.example/"]
    {
        let answer = service.post("lead", "/v1/webhooks", &json!({ "url": url })).await;
        assert_eq!(
            (answer.status.as_u16(), answer.code().as_str()),
            (422, "webhook.address"),
            "{url}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_leads_home_is_not_sent_to() {
    let service = Service::with(ServerSettings { webhooks_every_s: 1, ..settings() }).await;
    // The name is public in spelling; what it resolves to is not.
    let receiver = Receiver::default();
    let url = receiver.listen().await.replace("http://127.0.0.1", "https://localhost");
    let answer = service.post("lead", "/v1/webhooks", &json!({ "url": url })).await;
    if answer.status == 201 {
        let _stop = run(&service, ServerSettings { webhooks_every_s: 1, ..settings() }).await;
        let added = service.post("service", "/v1/clients", &json!({ "client": "c-1" })).await;
        assert_eq!(added.status, 201);
        tokio::time::sleep(Duration::from_secs(3)).await;
        let fault = service.get("lead", "/v1/webhooks").await.json()[0]["last_fault"].to_string();
        assert!(fault.contains("127.0.0.1") || fault.contains("::1"), "{fault}");
    }
    assert!(receiver.got.lock().unwrap().is_empty());
}
