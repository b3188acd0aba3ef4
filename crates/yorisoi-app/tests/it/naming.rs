//! Who reads whose name beside a number?

use yorisoi_app::{ClientInput, ExitView, PageAsk, ReleaseInput};
use yorisoi_decision::TeamId;

use crate::common::{
    House, action, agent, friend, house, id, lead, person, privacy, second_lead, service,
};

/// One client in each of two teams; the first one's peaches are free, the second one's exit is open.
async fn two_teams() -> (House, String) {
    let house = house(|_| {}).await;
    for (name, team) in [("c-tokyo", "tokyo"), ("c-osaka", "osaka")] {
        let team = Some(TeamId::new(team).unwrap());
        house.app.add_client(&service(), ClientInput { team, ..person(name) }).await.unwrap();
    }
    house.app.request_exit(&lead(), &id("c-osaka")).await.unwrap();
    let input = ReleaseInput {
        client: id("c-tokyo"),
        action: action("peaches"),
        decision: None,
        expires_at: None,
    };
    let hand_on = house.app.release_help(&lead(), input).await.unwrap().hand_on;
    (house, hand_on)
}

async fn open_exits(house: &House, caller: &yorisoi_app::Caller) -> Vec<ExitView> {
    house.app.open_exits(caller, PageAsk::default()).await.unwrap().items
}

#[tokio::test]
async fn exits_and_hand_ons_carry_the_names_of_the_readers_own_people() {
    let (house, hand_on) = two_teams().await;
    let exits = open_exits(&house, &lead()).await;
    assert_eq!(exits[0].name.as_deref(), Some("c-osaka 様"));
    let exit = house.app.exit(&second_lead(), &id("c-osaka")).await.unwrap();
    assert_eq!(exit.name.as_deref(), Some("c-osaka 様"));

    let own = house.app.hand_on(&agent("tokyo", "aoi"), &hand_on).await.unwrap();
    assert_eq!((own.from_name.as_deref(), own.to_name), (Some("c-tokyo 様"), None));
    // What is handed on goes from team to team; the name of the giver does not.
    let other = house.app.hand_on(&agent("osaka", "mei"), &hand_on).await.unwrap();
    assert_eq!((other.from, other.from_name), (id("c-tokyo"), None));
    let listed = house.app.hand_ons(&agent("osaka", "mei"), PageAsk::default()).await.unwrap();
    assert_eq!(listed.items[0].from_name, None);
}

#[tokio::test]
async fn a_program_gets_numbers_and_no_names() {
    let (house, hand_on) = two_teams().await;
    assert_eq!(house.app.hand_on(&service(), &hand_on).await.unwrap().from_name, None);
    assert_eq!(house.app.exit(&service(), &id("c-osaka")).await.unwrap().name, None);
}

#[tokio::test]
async fn who_was_erased_has_no_name_in_any_list() {
    let (house, hand_on) = two_teams().await;
    house.app.erase_person(&privacy(), &id("c-tokyo")).await.unwrap();
    house.app.erase_person(&privacy(), &id("c-osaka")).await.unwrap();
    let exits = serde_json::to_string(&open_exits(&house, &lead()).await).unwrap();
    assert!(!exits.contains('様'), "{exits}");
    if let Ok(view) = house.app.hand_on(&lead(), &hand_on).await {
        assert_eq!(view.from_name, None);
    }
}

#[tokio::test]
async fn after_a_merge_the_name_is_that_of_the_record_that_remains() {
    let (house, hand_on) = two_teams().await;
    friend(&house.app, "c-real").await;
    let input = yorisoi_app::MergeInput { keep: id("c-real"), from: id("c-tokyo") };
    house.app.merge_clients(&lead(), input).await.unwrap();
    let view = house.app.hand_on(&lead(), &hand_on).await.unwrap();
    assert_eq!(view.from_name.as_deref(), Some("c-real 様"));
}
