//! Does an address stay in peace whose owner asked to be forgotten, on whatever record it turns up?

use std::collections::BTreeMap;

use yorisoi_app::{
    AuditAsk, ClientInput, DecisionAsk, MergeInput, PageAsk, RefusalInput, SegmentEvent,
};
use yorisoi_decision::{Attribute, Code, DecisionId, EffectFact};
use yorisoi_ledger::{Actor, Body, Place, Source};

use crate::common::{House, action, friend, house_at, id, lead, person, privacy, service};
use crate::outage::server::Server;

/// The telephone and the mail address of whoever is erased.
const CALL: &str = "090-1234-5678";
const MAIL: &str = "Hanako@Example.com";

fn ask(client: &str, name: &str) -> DecisionAsk {
    let sure = EffectFact { benefit: 0.5, low: 0.4, high: 0.6 };
    let effects = Some(BTreeMap::from([(action(name), sure)]));
    DecisionAsk { effects, ..DecisionAsk::only(id(client), action(name)) }
}

async fn reserved(house: &House, client: &str, name: &str) -> DecisionId {
    let answer = house.app.decide_and_commit(&service(), ask(client, name)).await.unwrap();
    assert!(answer.reserved_until.is_some(), "{client} {name}: {:?}", answer.suppressed);
    answer.decision.id
}

/// The code that stops an action for a client.
async fn stopped(house: &House, client: &str, name: &str) -> Option<Code> {
    let answer = house.app.decide_and_commit(&service(), ask(client, name)).await.unwrap();
    assert!(answer.reserved_until.is_none(), "{client} {name}");
    answer.suppressed.map(|it| it.code)
}

async fn state(house: &House, decision: &DecisionId) -> String {
    house.app.decision(&service(), decision).await.unwrap().state
}

fn addresses(said: &[(&str, &str)]) -> ClientInput {
    let addresses = said.iter().map(|(way, it)| ((*way).to_owned(), (*it).to_owned())).collect();
    ClientInput { addresses, ..ClientInput::default() }
}

async fn import(house: &House, csv: &str) -> (u64, u64, u64) {
    let report = house.app.import_clients(&service(), csv.into()).await.unwrap();
    assert!(report.faults.is_empty(), "{report:?}");
    (report.changed, report.same, report.quieted)
}

async fn identify(house: &House, message: &str, phone: &str) -> (u64, u64) {
    let text = format!(
        r#"[{{"type": "identify", "messageId": "{message}", "userId": "identified",
            "traits": {{"phone": "{phone}"}}}}]"#
    );
    let events: Vec<SegmentEvent> = serde_json::from_str(&text).unwrap();
    let report = house.app.take_segment(&service(), events).await.unwrap();
    (report.taken, report.quieted)
}

/// Of whom the ledger says, in an entry of the house, that a way to reach them is left in peace.
async fn quieted(house: &House) -> Vec<(String, String)> {
    let mut ask =
        AuditAsk { page: PageAsk { cursor: None, limit: Some(200) }, ..AuditAsk::default() };
    let mut found = Vec::new();
    loop {
        let page = house.app.audit(&privacy(), ask.clone()).await.unwrap();
        let text = serde_json::to_string(&page).unwrap();
        assert!(!text.contains("5678") && !text.to_lowercase().contains("hanako"), "{text}");
        for row in page.items {
            if let Body::ChannelQuieted { channel } = row.body {
                assert_eq!((row.actor, row.kind.as_str()), (Actor::House, "channel_quieted"));
                found.push((row.client.unwrap().to_string(), channel.to_string()));
            }
        }
        match page.next {
            Some(next) => ask.page.cursor = Some(next),
            None => break,
        }
    }
    found.sort();
    found
}

/// A house where somebody left a telephone and a mail address behind, and four others are known.
async fn somebody_was_erased(place: &Place) -> House {
    let house = house_at(place, |policy| policy.contact.caps.clear()).await;
    let gone =
        ClientInput { client: Some(id("gone")), ..addresses(&[("call", CALL), ("mail", MAIL)]) };
    house.app.add_client(&service(), gone).await.unwrap();
    for name in ["imported", "identified", "changed", "sharer"] {
        friend(&house.app, name).await;
    }
    let due = BTreeMap::from([("renewal_due".to_owned(), Attribute::Flag(true))]);
    let own = ClientInput { attributes: due, ..addresses(&[("call", "+81 90 1234 5678")]) };
    house.app.change_client(&service(), &id("sharer"), own, None).await.unwrap();
    house.app.erase_person(&privacy(), &id("gone")).await.unwrap();
    house
}

async fn an_address_that_turns_up_again_stays_in_peace(place: &Place) {
    let house = somebody_was_erased(place).await;
    let mut kept = Vec::new();
    for name in ["imported", "identified", "changed", "sharer"] {
        kept.push(reserved(&house, name, "plan_review").await);
    }
    // By every way there is, in another spelling each.
    let csv = "client,address.call,floor\nimported,０９０１２３４５６７８,7\n";
    assert_eq!(import(&house, csv).await, (1, 0, 1));
    assert_eq!(identify(&house, "m1", "0081 90 1234 5678").await, (1, 1));
    // Two words for one way are one.
    let all =
        [("phone", "+81-90-1234-5678"), ("call", "0901234-5678"), ("mail", "hanako@example.com")];
    house.app.change_client(&service(), &id("changed"), addresses(&all), None).await.unwrap();
    // What somebody had before is theirs, however it is written.
    let own = addresses(&[("call", "09012345678"), ("phone", CALL)]);
    house.app.change_client(&service(), &id("sharer"), own, None).await.unwrap();

    let told =
        [("changed", "call"), ("changed", "mail"), ("identified", "call"), ("imported", "call")];
    let told = told.map(|(client, channel)| (client.to_owned(), channel.to_owned()));
    assert_eq!(quieted(&house).await, told);
    let page = house.app.client_page(&lead(), &id("imported")).await.unwrap();
    let row = page.timeline.items.iter().find(|row| row.kind == "channel_quieted").unwrap();
    let (en, ja) = (&row.headline.en, &row.headline.ja);
    assert!(en.contains("erased") && ja.contains("消去された方"), "{en} {ja}");
    for (name, kept) in ["imported", "identified", "changed"].iter().zip(&kept) {
        assert_eq!(state(&house, kept).await, "given_back", "{name}");
        let code = stopped(&house, name, "plan_review").await;
        assert_eq!(code, Some(Code::ChannelRefused), "{name}");
    }
    // Nothing else is closed to them; and what is owed is sent.
    assert_eq!(state(&house, &kept[3]).await, "reserved");
    reserved(&house, "imported", "peaches").await;
    assert_eq!(stopped(&house, "changed", "points").await, Some(Code::ChannelRefused));
    let due = BTreeMap::from([("renewal_due".to_owned(), Attribute::Flag(true))]);
    let due = ClientInput { attributes: due, ..ClientInput::default() };
    house.app.change_client(&service(), &id("changed"), due, None).await.unwrap();
    reserved(&house, "changed", "renewal_notice").await;

    // Told again it is nothing new, and two records that turn out to be one keep it.
    assert_eq!(import(&house, csv).await, (0, 1, 0));
    friend(&house.app, "twin").await;
    let merge = MergeInput { keep: id("twin"), from: id("imported") };
    house.app.merge_clients(&service(), merge).await.unwrap();
    assert_eq!(stopped(&house, "twin", "plan_review").await, Some(Code::ChannelRefused));
    // Whoever comes under it for the first time stays suppressed, as before.
    let new = ClientInput { client: Some(id("new")), ..addresses(&[("call", CALL)]) };
    assert_eq!(house.app.add_client(&service(), new).await.unwrap_err().status(), 422);
    assert!(house.app.verify_ledger(&lead()).await.unwrap().whole);
}

async fn only_the_client_opens_it_again(place: &Place) {
    let house = somebody_was_erased(place).await;
    assert_eq!(identify(&house, "m1", CALL).await, (1, 1));
    let word = |source| RefusalInput {
        client: id("identified"),
        topic: None,
        channel: Some("call".parse().unwrap()),
        source,
        words: None,
    };
    assert_eq!(house.app.reopen(&service(), word(Source::Import)).await.unwrap_err().status(), 422);
    assert_eq!(stopped(&house, "identified", "plan_review").await, Some(Code::ChannelRefused));
    house.app.reopen(&service(), word(Source::Words)).await.unwrap();
    reserved(&house, "identified", "plan_review").await;
    // Their word stands when the other system says the same again, in whatever spelling.
    assert_eq!(identify(&house, "m2", "+81-90-1234-5678").await, (1, 0));
    reserved(&house, "identified", "plan_review").await;
    assert_eq!(quieted(&house).await.len(), 1);
    // Another record is another client: nobody's word is theirs.
    friend(&house.app, "late").await;
    house
        .app
        .change_client(&service(), &id("late"), addresses(&[("call", CALL)]), None)
        .await
        .unwrap();
    assert_eq!(stopped(&house, "late", "plan_review").await, Some(Code::ChannelRefused));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_erased_persons_address_is_left_in_peace_on_either_database() {
    let server = Server::start();
    let folders = tempfile::tempdir().unwrap();
    let folder = |name: &str| folders.path().join(name);
    for n in ["first", "second"] {
        let url = server.new_database();
        let places = [
            Place::Folder(folder(&format!("{n}-sqlite"))),
            Place::Postgres { url, folder: folder(&format!("{n}-postgres")) },
        ];
        for place in &places {
            match n {
                "first" => an_address_that_turns_up_again_stays_in_peace(place).await,
                _ => only_the_client_opens_it_again(place).await,
            }
        }
    }
}

#[tokio::test]
async fn an_address_that_names_no_way_at_all_is_refused_rather_than_let_through() {
    let house = somebody_was_erased(&Place::Memory).await;
    let odd = addresses(&[("", CALL)]);
    let error = house.app.change_client(&service(), &id("changed"), odd, None).await.unwrap_err();
    assert_eq!(error.status(), 422, "{error}");
    assert_eq!(quieted(&house).await, Vec::new());
    // The record is as it was.
    let same = ClientInput { client: None, ..person("changed") };
    house.app.change_client(&service(), &id("changed"), same, None).await.unwrap();
    reserved(&house, "changed", "plan_review").await;
}
