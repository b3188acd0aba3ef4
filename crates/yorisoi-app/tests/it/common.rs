//! What do all tests stand on? A house with a policy, callers, and clients.

use std::sync::Arc;

use yorisoi_app::{
    App, Caller, ClientInput, ConsentInput, CountedIds, FixedClock, PolicyInput, Role,
    SAMPLE_POLICY, Settings,
};
use yorisoi_decision::{ActionId, AgentId, ClientId, ConsentKind, Policy, TeamId};
use yorisoi_ledger::{Ledger, Place, Source};

/// A house.
pub(crate) struct House {
    pub(crate) app: App,
    pub(crate) clock: Arc<FixedClock>,
}

/// A weekday morning in Tokyo.
pub(crate) const NOW: &str = "2026-06-03T10:00:00+09:00";

pub(crate) fn caller(token: &str, role: Role) -> Caller {
    Caller { token: token.to_owned(), role, team: None, agent: None }
}

pub(crate) fn lead() -> Caller {
    caller("lead-a", Role::Lead)
}

pub(crate) fn second_lead() -> Caller {
    caller("lead-b", Role::Lead)
}

pub(crate) fn service() -> Caller {
    caller("machine", Role::Service)
}

pub(crate) fn privacy() -> Caller {
    caller("privacy", Role::Privacy)
}

pub(crate) fn analyst() -> Caller {
    caller("analyst", Role::Analyst)
}

pub(crate) fn agent(team: &str, agent: &str) -> Caller {
    Caller {
        token: agent.to_owned(),
        role: Role::Agent,
        team: Some(TeamId::new(team).unwrap()),
        agent: Some(AgentId::new(agent).unwrap()),
    }
}

pub(crate) fn id(name: &str) -> ClientId {
    ClientId::new(name).unwrap()
}

pub(crate) fn action(name: &str) -> ActionId {
    ActionId::new(name).unwrap()
}

/// A house without a policy.
pub(crate) fn empty() -> House {
    empty_with(Settings::default())
}

fn empty_with(settings: Settings) -> House {
    empty_at(&Place::Memory, settings)
}

fn empty_at(place: &Place, settings: Settings) -> House {
    let clock = Arc::new(FixedClock::at(NOW.parse().unwrap()));
    let ledger = Ledger::open(place).unwrap();
    let ids = Arc::new(CountedIds::default());
    let app = App::new(ledger, clock.clone(), ids, settings);
    House { app, clock }
}

/// A house with the sample policy and settings of its own.
pub(crate) async fn house_with(settings: Settings) -> House {
    let house = empty_with(settings);
    publish(&house.app, &policy()).await;
    house
}

/// The sample policy without chance: nobody held out, nothing explored.
pub(crate) fn policy() -> Policy {
    let mut policy = Policy::parse(SAMPLE_POLICY).unwrap();
    policy.holdout.share = 0.0;
    policy.exploration.rate = 0.0;
    policy
}

pub(crate) async fn publish(app: &App, policy: &Policy) -> String {
    let document = serde_json::to_string(policy).unwrap();
    let draft =
        app.draft_policy(&lead(), PolicyInput { document, why: "test".to_owned() }).await.unwrap();
    app.publish_policy(&second_lead(), &draft.fingerprint).await.unwrap();
    draft.fingerprint
}

/// A house with the sample policy, changed as a test needs it.
pub(crate) async fn house(change: impl FnOnce(&mut Policy)) -> House {
    house_at(&Place::Memory, change).await
}

/// The same, with its ledger in a place of its own.
pub(crate) async fn house_at(place: &Place, change: impl FnOnce(&mut Policy)) -> House {
    let house = empty_at(place, Settings::default());
    let mut policy = policy();
    change(&mut policy);
    publish(&house.app, &policy).await;
    house
}

pub(crate) fn person(name: &str) -> ClientInput {
    ClientInput {
        client: Some(id(name)),
        zone: Some("Asia/Tokyo".to_owned()),
        name: Some(format!("{name} 様")),
        ..ClientInput::default()
    }
}

pub(crate) fn consent(client: &str, consent: ConsentKind) -> ConsentInput {
    ConsentInput {
        client: id(client),
        consent,
        topic: None,
        channel: None,
        source: Source::Words,
        expires_at: None,
        words: None,
    }
}

/// A client who agreed to both.
pub(crate) async fn friend(app: &App, name: &str) {
    app.add_client(&service(), person(name)).await.unwrap();
    app.record_consent(&service(), consent(name, ConsentKind::Talk)).await.unwrap();
    app.record_consent(&service(), consent(name, ConsentKind::Advise)).await.unwrap();
}
