//! Are other systems told, and heard, exactly once?

use yorisoi_app::{AuditOrder, EndpointInput, SegmentEvent};
use yorisoi_decision::ExitState;

use crate::common::{House, consent, friend, house, id, lead, person, service};

async fn endpoint(house: &House, kinds: &[&str]) -> yorisoi_app::EndpointView {
    let input = EndpointInput {
        url: "https://hooks.example/yorisoi".to_owned(),
        kinds: kinds.iter().map(|kind| (*kind).to_owned()).collect(),
    };
    house.app.add_endpoint(&lead(), input).await.unwrap()
}

#[tokio::test]
async fn a_receipt_is_queued_at_once_and_tried_again_under_the_same_name() {
    let house = house(|_| {}).await;
    friend(&house.app, "c-1").await;
    let made = endpoint(&house, &["exit_completed"]).await;
    assert!(made.secret.unwrap().starts_with("whsec_"));
    let input = yorisoi_app::LetGoInput {
        client: id("c-1"),
        reason: Some("CANARY".to_owned()),
        effective_on: None,
        keeps: Vec::new(),
        loses: Vec::new(),
        door_open: true,
    };
    let receipt = house.app.let_go(&lead(), input).await.unwrap().receipt.unwrap();
    let due = house.app.due_deliveries(10).await.unwrap();
    assert_eq!(due.len(), 1);
    assert!(due[0].body.contains(&receipt.receipt) && !due[0].body.contains("CANARY"));
    let body: serde_json::Value = serde_json::from_str(&due[0].body).unwrap();
    assert_eq!(body["specversion"], "1.0");
    assert_eq!(body["type"], "yorisoi.exit_completed");

    // Handed out, it is not handed out again until it is settled.
    assert!(house.app.due_deliveries(10).await.unwrap().is_empty());
    house.app.settle_delivery(&due[0], Some("503".to_owned())).await.unwrap();
    assert!(house.app.due_deliveries(10).await.unwrap().is_empty());
    house.clock.pass_minutes(1);
    let again = house.app.due_deliveries(10).await.unwrap();
    assert_eq!((&again[0].id, &again[0].body), (&due[0].id, &due[0].body));
    assert_eq!(again[0].attempts, 1);
    house.app.settle_delivery(&again[0], None).await.unwrap();
    house.clock.pass_minutes(100);
    assert!(house.app.due_deliveries(10).await.unwrap().is_empty());
    let view = &house.app.endpoints(&lead()).await.unwrap()[0];
    assert_eq!((view.waiting, view.last_fault.as_ref(), view.secret.as_ref()), (0, None, None));
    assert!(view.last_delivered_at.is_some());
}

#[tokio::test]
async fn a_message_that_nobody_ever_takes_is_given_up() {
    let house = house(|_| {}).await;
    endpoint(&house, &["client_added"]).await;
    house.app.add_client(&service(), person("c-1")).await.unwrap();
    let mut tries = 0;
    for _ in 0..40 {
        for delivery in house.app.due_deliveries(10).await.unwrap() {
            tries += 1;
            house.app.settle_delivery(&delivery, Some("refused".to_owned())).await.unwrap();
        }
        house.clock.pass_minutes(12 * 60);
    }
    assert_eq!(tries, 10);
    let view = &house.app.endpoints(&lead()).await.unwrap()[0];
    assert_eq!((view.waiting, view.last_fault.as_deref()), (0, Some("given up: refused")));
}

#[tokio::test]
async fn a_rotated_secret_signs_beside_the_old_one_for_a_day() {
    let house = house(|_| {}).await;
    let made = endpoint(&house, &[]).await;
    house.app.add_client(&service(), person("c-1")).await.unwrap();
    let delivery = house.app.due_deliveries(10).await.unwrap().remove(0);
    let old = house.app.sign_delivery(&delivery).await.unwrap().signature;
    assert!(old.starts_with("v1,") && !old.contains(' '));
    let rotated = house.app.rotate_endpoint(&lead(), &made.endpoint).await.unwrap();
    assert_ne!(rotated.secret, made.secret);
    let both = house.app.sign_delivery(&delivery).await.unwrap().signature;
    assert_eq!(both.split(' ').count(), 2);
    assert!(both.ends_with(&old));
    house.clock.pass_minutes(24 * 60 + 1);
    let new = house.app.sign_delivery(&delivery).await.unwrap();
    assert_eq!(new.signature.split(' ').count(), 1);
    assert_eq!(new.id, delivery.id);
    house.app.remove_endpoint(&lead(), &made.endpoint).await.unwrap();
    assert!(house.app.due_deliveries(10).await.unwrap().is_empty());
}

#[tokio::test]
async fn private_addresses_are_refused_by_name_by_number_and_after_resolving() {
    let house = house(|_| {}).await;
    for url in [
        "http://hooks.example/",
        "https://localhost/",
        "https://127.0.0.1/",
        "https://10.1.2.3:8443/x",
        "https://[::1]/",
        "https://[::ffff:192.168.0.1]/",
        "https://user:pass@hooks.example/",
        "ftp://hooks.example/",
        "https:///nowhere",
    ] {
        let input = EndpointInput { url: url.to_owned(), kinds: Vec::new() };
        let error = house.app.add_endpoint(&lead(), input).await.unwrap_err();
        assert_eq!((error.status(), error.code()), (422, "webhook.address"), "{url}");
    }
    let url = "https://hooks.example/";
    assert!(house.app.may_send_to(url, "169.254.169.254".parse().unwrap()).is_err());
    assert!(house.app.may_send_to(url, "1.1.1.1".parse().unwrap()).is_ok());
}

fn events(text: &str) -> Vec<SegmentEvent> {
    serde_json::from_str(text).unwrap()
}

const BATCH: &str = r#"[
    {"type": "identify", "messageId": "m1", "userId": "crm-1",
     "traits": {"name": "山田 花子", "email": "h@example.com", "age": 41, "timezone": "Asia/Tokyo"}},
    {"type": "track", "messageId": "m2", "userId": "crm-1", "event": "Consent Granted",
     "properties": {"consent": "talk"}},
    {"type": "track", "messageId": "m3", "userId": "crm-1", "event": "Outcome Seen",
     "properties": {"value": true}},
    {"type": "track", "messageId": "m4", "userId": "crm-1", "event": "Refused",
     "properties": {"channel": "call"}},
    {"type": "track", "messageId": "m5", "userId": "crm-1", "event": "Exit Requested"},
    {"type": "track", "messageId": "m6", "userId": "crm-1", "event": "Page Viewed"},
    {"type": "track", "messageId": "m7", "userId": "nobody", "event": "Refused"}
]"#;

#[tokio::test]
async fn a_batch_replayed_twice_changes_state_once() {
    let house = house(|_| {}).await;
    let first = house.app.take_segment(&service(), events(BATCH)).await.unwrap();
    assert_eq!((first.taken, first.repeated, first.faults.len()), (6, 0, 1));
    let entries = house.app.verify_ledger(&lead()).await.unwrap().entries;
    let page = house.app.client_page(&lead(), &id("crm-1")).await.unwrap();
    assert_eq!(page.client.exit, ExitState::Requested);
    assert_eq!((page.consents.len(), page.refusals.len()), (1, 1));
    let looks = house.app.verify_ledger(&lead()).await.unwrap().entries - entries;

    house.clock.pass_minutes(1);
    let again = house.app.take_segment(&service(), events(BATCH)).await.unwrap();
    assert_eq!((again.taken, again.repeated, again.faults.len()), (0, 6, 1));
    let after = house.app.verify_ledger(&lead()).await.unwrap().entries;
    assert_eq!(after, entries + looks);
}

#[tokio::test]
async fn what_another_system_calls_somebody_stands_in_no_chain() {
    let house = house(|_| {}).await;
    let event = r#"[{"type": "identify", "messageId": "m1", "userId": "hanako@example.com", "traits": {}}]"#;
    house.app.take_segment(&service(), events(event)).await.unwrap();
    let known = house.app.client(&service(), &id("hanako@example.com")).await.unwrap();
    assert_ne!(known.client, id("hanako@example.com"));
    let log =
        house.app.audit(&crate::common::privacy(), yorisoi_app::AuditAsk::default()).await.unwrap();
    assert!(!serde_json::to_string(&log).unwrap().contains("hanako"));
}

#[tokio::test]
async fn the_newest_entries_first_are_the_oldest_first_turned_round_and_no_page_moves() {
    let house = house(|_| {}).await;
    for n in 0..12 {
        friend(&house.app, &format!("c-{n}")).await;
    }
    let page = |order, kind: Option<&str>, cursor| yorisoi_app::AuditAsk {
        client: None,
        kind: kind.map(str::to_owned),
        order,
        page: yorisoi_app::PageAsk { cursor, limit: Some(7) },
    };
    let officer = crate::common::privacy();
    for (kind, moves) in [(None, true), (Some("client_added"), false)] {
        let mut read = Vec::new();
        for order in [AuditOrder::Oldest, AuditOrder::Newest] {
            let (mut found, mut cursor) = (Vec::new(), None);
            loop {
                let some = house.app.audit(&officer, page(order, kind, cursor)).await.unwrap();
                found.extend(some.items.into_iter().map(|row| row.seq));
                cursor = some.next;
                if cursor.is_none() {
                    break;
                }
                // What is recorded while somebody turns the pages from the newest on is on none of them.
                if order == AuditOrder::Newest && moves {
                    let again = consent("c-1", yorisoi_decision::ConsentKind::Talk);
                    house.app.record_consent(&service(), again).await.unwrap();
                }
            }
            read.push(found);
        }
        read[1].reverse();
        assert_eq!(read[0], read[1], "{kind:?}");
        assert!(read[0].len() >= 12);
    }
    let none = page(AuditOrder::Newest, Some("no_such_kind"), None);
    assert!(house.app.audit(&officer, none).await.unwrap().items.is_empty());
}
