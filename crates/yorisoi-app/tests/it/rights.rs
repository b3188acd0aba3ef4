//! Does everybody get what is theirs, and nobody more?

use std::collections::BTreeMap;

use yorisoi_app::{
    App, AppError, AuditAsk, BusyInput, Caller, CheckInInput, ClientFind, ClientInput, DecisionAsk,
    EffectsInput, EndpointInput, LetGoInput, OutcomeInput, PageAsk, Right, Role, StudyAsk,
    TokenInput, WorkAsk,
};
use yorisoi_decision::EffectFact;

use crate::common::{
    action, agent, analyst, caller, empty, friend, house, id, lead, person, privacy, service,
};

/// One use case of every right.
async fn try_right(app: &App, who: &Caller, right: Right) -> Result<(), AppError> {
    match right {
        Right::Decide => {
            let ask = DecisionAsk { dry: true, ..DecisionAsk::about(id("c-1")) };
            app.decide_and_commit(who, ask).await.map(drop)
        }
        Right::GiveEffects => {
            let input = EffectsInput { client: id("c-1"), effects: BTreeMap::new() };
            app.give_effects(who, input).await.map(drop)
        }
        Right::ActForAgents => {
            let ask = DecisionAsk { dry: true, ..DecisionAsk::about(id("c-1")) };
            let ask = DecisionAsk { agent: Some("another".parse().unwrap()), ..ask };
            app.decide_and_commit(who, ask).await.map(drop)
        }
        Right::Record => {
            let input = BusyInput { client: id("c-1"), busy: Vec::new() };
            app.set_busy(who, input).await.map(drop)
        }
        Right::RecordOutcomes => {
            let input = OutcomeInput { client: id("c-1"), outcome: None, value: 1.0, at: None };
            app.record_outcome(who, input).await.map(drop)
        }
        Right::SendEvents => app.take_segment(who, Vec::new()).await.map(drop),
        Right::FindPeople => app.find_clients(who, ClientFind::default()).await.map(drop),
        Right::ReadPeople => app.client_page(who, &id("c-1")).await.map(drop),
        Right::KeepPeople => {
            let change = ClientInput::default();
            app.change_client(who, &id("c-1"), change, None).await.map(drop)
        }
        Right::SeeWork => app.work_list(who, WorkAsk::default()).await.map(drop),
        Right::ReadPolicy => app.live_policy(who).await.map(drop),
        Right::ChangePolicy => app.roll_back_policy(who).await.map(drop),
        Right::Rehearse => app.replay_log(who).await.map(drop),
        Right::ReadProof => app.proof(who).await.map(drop),
        Right::ReadCredit => app.credit(who, None).await.map(drop),
        Right::KeepModels => app.models(who).await.map(drop),
        Right::ExportStudy => app.export_study(who, StudyAsk::default()).await.map(drop),
        Right::ReadAudit => app.audit(who, AuditAsk::default()).await.map(drop),
        Right::PersonRights => app.export_person(who, &id("c-1")).await.map(drop),
        Right::KeepTokens => app.tokens(who).await.map(drop),
        Right::KeepLedger => app.verify_ledger(who).await.map(drop),
        Right::KeepWebhooks => app.endpoints(who).await.map(drop),
    }
}

#[tokio::test]
async fn every_role_may_do_what_the_table_says_and_nothing_else() {
    let house = house(|_| {}).await;
    friend(&house.app, "c-1").await;
    for role in Role::ALL {
        for right in Right::ALL {
            let done = try_right(&house.app, &caller("x", role), right).await;
            let is_forbidden = matches!(&done, Err(AppError::Forbidden { .. }));
            assert_eq!(is_forbidden, !right.roles().contains(&role), "{role:?} {right:?} {done:?}");
            if let Err(error) = done {
                assert!(error.status() < 500, "{role:?} {right:?} {error}");
            }
        }
    }
}

#[tokio::test]
async fn an_agent_sees_nothing_of_another_teams_people() {
    let house = house(|_| {}).await;
    let (aoi, mei) = (agent("tokyo", "aoi"), agent("osaka", "mei"));
    house.app.add_client(&aoi, person("c-1")).await.unwrap();
    let client = id("c-1");
    let note = yorisoi_app::NoteInput {
        client: client.clone(),
        text: "NOTE".to_owned(),
        confidential: false,
    };
    house.app.add_note(&aoi, note).await.unwrap();

    let refused = |error: AppError| assert_eq!(error.code(), "caller.other_team");
    refused(house.app.client_page(&mei, &client).await.unwrap_err());
    refused(house.app.timeline(&mei, &client, yorisoi_app::PageAsk::default()).await.unwrap_err());
    refused(house.app.request_exit(&mei, &client).await.unwrap_err());
    refused(house.app.exit(&mei, &client).await.unwrap_err());
    let ask = DecisionAsk::about(client.clone());
    refused(house.app.decide_and_commit(&mei, ask).await.unwrap_err());
    let items = vec![Some(5)];
    let check_in = CheckInInput { client: client.clone(), items, words: None };
    refused(house.app.check_in(&mei, check_in).await.unwrap_err());
    let other = WorkAsk { team: Some("tokyo".parse().unwrap()), ..WorkAsk::default() };
    refused(house.app.work_list(&mei, other).await.unwrap_err());
    let find = ClientFind { agent: Some("aoi".parse().unwrap()), ..ClientFind::default() };
    assert!(house.app.find_clients(&mei, find).await.unwrap().items.is_empty());
    let find = ClientFind { text: Some("c-1".to_owned()), ..ClientFind::default() };
    assert!(house.app.find_clients(&mei, find).await.unwrap().items.is_empty());
    // Neither may somebody be pulled over by being added to another team.
    let stolen = ClientInput { team: Some("tokyo".parse().unwrap()), ..person("c-2") };
    refused(house.app.add_client(&mei, stolen).await.unwrap_err());
}

#[tokio::test]
async fn the_first_token_is_issued_once_and_opens_the_door() {
    let house = empty();
    let first = house.app.first_token().await.unwrap().unwrap();
    assert!(house.app.first_token().await.unwrap().is_none());
    let officer = house.app.authenticate(&first.secret).await.unwrap();
    assert_eq!((officer.role, officer.token.as_str()), (Role::Privacy, "first"));
    assert_eq!(house.app.authenticate("yori_wrong").await, Err(AppError::Unauthenticated));
    // 256 bits in hexadecimal, and not to be printed by accident.
    assert_eq!(first.secret.len(), "yori_".len() + 64);
    assert!(!format!("{first:?}").contains(&first.secret));
}

#[tokio::test]
async fn a_revoked_token_opens_nothing_nor_do_its_sessions() {
    let house = empty();
    let input = |name: &str| TokenInput {
        token: name.to_owned(),
        role: Role::Agent,
        team: Some("tokyo".parse().unwrap()),
        agent: Some(name.parse().unwrap()),
    };
    let issued = house.app.issue_token(&privacy(), input("aoi")).await.unwrap();
    let taken = house.app.issue_token(&privacy(), input("aoi")).await.unwrap_err();
    assert_eq!(taken.status(), 409);
    let session = house.app.open_session(&issued.secret).await.unwrap();
    assert_eq!(house.app.session(&session.secret).await.unwrap().form_key, session.form_key);
    house.app.revoke_token(&privacy(), "aoi").await.unwrap();
    assert_eq!(house.app.authenticate(&issued.secret).await, Err(AppError::Unauthenticated));
    let error = house.app.session(&session.secret).await.unwrap_err();
    assert_eq!(error, AppError::Unauthenticated);
    let no_team = TokenInput { team: None, ..input("ken") };
    assert_eq!(house.app.issue_token(&privacy(), no_team).await.unwrap_err().status(), 422);
    let known = house.app.tokens(&privacy()).await.unwrap();
    assert!(known.iter().all(|token| token.revoked_at.is_some()));
}

#[tokio::test]
async fn a_session_ends_when_it_is_not_used_and_when_it_is_closed() {
    let house = empty();
    let first = house.app.first_token().await.unwrap().unwrap();
    let session = house.app.open_session(&first.secret).await.unwrap();
    house.clock.pass_minutes(9 * 60);
    house.app.session(&session.secret).await.unwrap();
    house.clock.pass_minutes(9 * 60);
    // It was used nine hours ago, and lasts ten.
    house.app.session(&session.secret).await.unwrap();
    house.clock.pass_minutes(11 * 60);
    assert!(house.app.session(&session.secret).await.is_err());
    assert_eq!(house.app.sweep().await.unwrap().sessions, 1);
    let session = house.app.open_session(&first.secret).await.unwrap();
    house.app.close_session(&session.secret).await.unwrap();
    assert!(house.app.session(&session.secret).await.is_err());
}

#[tokio::test]
async fn analysts_and_machines_see_no_names() {
    let house = house(|_| {}).await;
    friend(&house.app, "c-1").await;
    assert_eq!(house.app.client(&service(), &id("c-1")).await.unwrap().name, None);
    let forbidden = |error: AppError| assert_eq!(error.code(), "caller.forbidden");
    for who in [service(), analyst()] {
        forbidden(house.app.client_page(&who, &id("c-1")).await.unwrap_err());
        let timeline = house.app.timeline(&who, &id("c-1"), PageAsk::default()).await;
        forbidden(timeline.unwrap_err());
        forbidden(house.app.check_in_alerts(&who).await.unwrap_err());
    }
    let found = house.app.find_clients(&service(), ClientFind::default()).await.unwrap();
    assert_eq!((found.items.len(), found.items[0].name.as_deref()), (1, None));
    // Nor is a name found by guessing at it.
    let guess = ClientFind { text: Some("様".to_owned()), ..ClientFind::default() };
    assert!(house.app.find_clients(&service(), guess).await.unwrap().items.is_empty());
    let leaves = LetGoInput {
        client: id("c-1"),
        reason: Some("SAID".to_owned()),
        effective_on: None,
        keeps: Vec::new(),
        loses: Vec::new(),
        door_open: false,
    };
    assert_eq!(house.app.let_go(&service(), leaves).await.unwrap().reason, None);
    let reason = house.app.exit(&lead(), &id("c-1")).await.unwrap().reason;
    assert_eq!(reason.as_deref(), Some("SAID"));
    let seen = house.app.find_clients(&lead(), ClientFind::default()).await.unwrap();
    assert_eq!(seen.items[0].name.as_deref(), Some("c-1 様"));
    let input = EndpointInput { url: "https://hooks.example/".to_owned(), kinds: Vec::new() };
    assert!(house.app.add_endpoint(&service(), input).await.is_err());
}

#[tokio::test]
async fn an_agent_cannot_take_the_limits_out_of_their_own_question() {
    let house = house(|_| {}).await;
    let aoi = agent("tokyo", "aoi");
    house.app.add_client(&aoi, person("c-1")).await.unwrap();
    let sure = EffectFact { benefit: 1.0, low: 1.0, high: 1.0 };
    let effects = BTreeMap::from([(action("peaches"), sure)]);
    let plain = DecisionAsk { dry: true, ..DecisionAsk::about(id("c-1")) };
    let own = DecisionAsk { agent: Some("aoi".parse().unwrap()), ..plain.clone() };
    house.app.decide_and_commit(&aoi, own).await.unwrap();
    let better = DecisionAsk { effects: Some(effects.clone()), ..plain.clone() };
    let another = DecisionAsk { agent: Some("mei".parse().unwrap()), ..plain };
    for ask in [better, another] {
        let error = house.app.decide_and_commit(&aoi, ask.clone()).await.unwrap_err();
        assert_eq!(error.code(), "caller.forbidden");
        let error = house.app.decide_batch(&aoi, vec![ask.clone()]).await.unwrap_err();
        assert_eq!(error.code(), "caller.forbidden");
        house.app.decide_and_commit(&service(), ask).await.unwrap();
    }
    let input = EffectsInput { client: id("c-1"), effects };
    let error = house.app.give_effects(&aoi, input).await.unwrap_err();
    assert_eq!(error.code(), "caller.forbidden");
}

#[tokio::test]
async fn an_endpoint_is_told_of_every_team_and_kept_by_who_looks_after_every_team() {
    let house = empty();
    let input = || EndpointInput { url: "https://hooks.example/".to_owned(), kinds: Vec::new() };
    let kept = house.app.add_endpoint(&lead(), input()).await.unwrap().endpoint;
    let of_one = Caller { team: Some("tokyo".parse().unwrap()), ..lead() };
    let refused =
        |error: AppError| assert_eq!((error.status(), error.code()), (403, "caller.one_team"));
    refused(house.app.add_endpoint(&of_one, input()).await.unwrap_err());
    refused(house.app.endpoints(&of_one).await.unwrap_err());
    refused(house.app.rotate_endpoint(&of_one, &kept).await.unwrap_err());
    refused(house.app.remove_endpoint(&of_one, &kept).await.unwrap_err());
    assert_eq!(house.app.endpoints(&lead()).await.unwrap().len(), 1);
}
