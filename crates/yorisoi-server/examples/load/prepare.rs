//! A house at work: a live policy, clients who consented, and a token.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use tokio::task::JoinSet;
use yorisoi_app::{App, Caller, ConsentInput, EffectsInput, PolicyInput, Role, TokenInput};
use yorisoi_decision::{ActionId, ActionKind, ActionSpec, ConsentKind, EffectFact, Policy};
use yorisoi_ledger::{Place, Source};
use yorisoi_server::ServerSettings;
use yorisoi_server::settings::{Limit, LogLevel};

use crate::Failure;

/// Acts under way at a time while the house is filled.
const AT_ONCE: usize = 512;

/// The house that is filled.
#[derive(Debug, Clone, Copy)]
pub(crate) struct House {
    pub(crate) clients: usize,
    /// Teams `team-0` and so on among which the clients are dealt; 0: they belong to none.
    pub(crate) teams: usize,
    /// Actions of the catalogue at least.
    pub(crate) actions: usize,
    /// From where it is known what help changes.
    pub(crate) knows: Knows,
}

/// From where it is known what help changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Knows {
    /// What is believed of the actions, the same for everybody.
    Beliefs,
    /// Effects of each client.
    Effects,
}

pub(crate) fn settings(folder: &Path) -> ServerSettings {
    ServerSettings {
        data: folder.join("care"),
        requests_per_second: Limit(None),
        log: LogLevel::Warn,
        ..ServerSettings::default()
    }
}

pub(crate) fn open(folder: &Path) -> Result<App, Failure> {
    let settings = settings(folder);
    Ok(App::open(&Place::Folder(settings.data.clone()), settings.app())?)
}

/// Fills the house and returns the secret of a service's token.
pub(crate) async fn fill(folder: &Path, house: House) -> Result<String, Failure> {
    let app = open(folder)?;
    let first = app.first_token().await?.ok_or("the folder is not new")?;
    let officer = Caller { token: first.token, role: Role::Privacy, team: None, agent: None };
    let input =
        TokenInput { token: "load".to_owned(), role: Role::Service, team: None, agent: None };
    let secret = app.issue_token(&officer, input).await?.secret;
    let help = publish(&app, house.actions).await?;
    let service = Caller { token: "load".to_owned(), role: Role::Service, team: None, agent: None };
    import(&app, &service, house).await?;
    for kind in [ConsentKind::Talk, ConsentKind::Advise] {
        for_each(house.clients, |k| consent(app.clone(), service.clone(), (k, kind))).await?;
    }
    if house.knows == Knows::Effects {
        let score = |k| score(app.clone(), service.clone(), (k, Arc::clone(&help)));
        for_each(house.clients, score).await?;
    }
    Ok(secret)
}

/// Puts a policy into force and returns the actions that reach a client.
async fn publish(app: &App, actions: usize) -> Result<Arc<[ActionId]>, Failure> {
    let lead = |name: &str| -> Result<Caller, Failure> {
        let agent = Some(name.parse()?);
        Ok(Caller { token: name.to_owned(), role: Role::Lead, team: None, agent })
    };
    // The carrier's own policy, at an hour that never rests: the load runs at any time of day.
    let document = include_str!("../../../../docs/policies/carrier.toml")
        .replace("until = \"09:00\"", "until = \"20:00\"")
        .replace("rest_days = true", "rest_days = false")
        .replace("holidays = \"japan\"", "holidays = \"none\"");
    let policy = with_actions(Policy::parse(&document)?, actions)?;
    let input = PolicyInput { document: serde_json::to_string(&policy)?, why: "load".to_owned() };
    let draft = app.draft_policy(&lead("first")?, input).await?;
    app.publish_policy(&lead("second")?, &draft.fingerprint).await?;
    let reaching = policy.actions.into_iter().filter(ActionSpec::reaches_client);
    Ok(reaching.map(|action| action.id).collect())
}

/// The help of a policy again under other names, until there are so many actions.
fn with_actions(mut policy: Policy, actions: usize) -> Result<Policy, Failure> {
    let is_help = |it: &&ActionSpec| matches!(it.kind, ActionKind::Offer | ActionKind::Advise);
    let help: Vec<ActionSpec> = policy.actions.iter().filter(is_help).cloned().collect();
    for k in policy.actions.len()..actions {
        let mut action = help.get(k % help.len().max(1)).ok_or("the policy has no help")?.clone();
        action.id = format!("{}-{k}", action.id).parse()?;
        policy.actions.push(action);
    }
    Ok(policy)
}

async fn import(app: &App, service: &Caller, house: House) -> Result<(), Failure> {
    let mut csv =
        String::from("client,zone,team,age,points_given,plan_review_given,rebate_given\n");
    for k in 0..house.clients {
        let team = k.checked_rem(house.teams).map(|team| format!("team-{team}"));
        let (team, age) = (team.unwrap_or_default(), 20 + k % 60);
        writeln!(csv, "c-{k},Asia/Tokyo,{team},{age},false,false,false")?;
    }
    let report = app.import_clients(service, csv.into_bytes()).await?;
    if report.added != house.clients as u64 {
        return Err(format!("{} of {} clients were imported", report.added, house.clients).into());
    }
    Ok(())
}

/// Does something for every client, [`AT_ONCE`] at a time.
async fn for_each<F>(clients: usize, act: impl Fn(usize) -> F) -> Result<(), Failure>
where
    F: Future<Output = Result<(), Failure>> + Send + 'static,
{
    let mut under_way = JoinSet::new();
    for k in 0..clients {
        under_way.spawn(act(k));
        if under_way.len() >= AT_ONCE
            && let Some(done) = under_way.join_next().await
        {
            done??;
        }
    }
    while let Some(done) = under_way.join_next().await {
        done??;
    }
    Ok(())
}

async fn consent(
    app: App,
    service: Caller,
    (k, consent): (usize, ConsentKind),
) -> Result<(), Failure> {
    let input = ConsentInput {
        client: format!("c-{k}").parse()?,
        consent,
        topic: None,
        channel: None,
        source: Source::Words,
        expires_at: None,
        words: None,
    };
    app.record_consent(&service, input).await?;
    Ok(())
}

/// Effects from a little harm to a tenth, another for each client and action.
async fn score(
    app: App,
    service: Caller,
    (k, help): (usize, Arc<[ActionId]>),
) -> Result<(), Failure> {
    let effect = |arm: usize| {
        let mixed = (64 * k + arm + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15_usize);
        let benefit = 0.12 * ((mixed >> 40) as f64 / (1_u64 << 24) as f64) - 0.02;
        EffectFact { benefit, low: benefit - 0.03, high: benefit + 0.03 }
    };
    let effects = help.iter().enumerate();
    let effects = effects.map(|(arm, action)| (action.clone(), effect(arm))).collect();
    app.give_effects(&service, EffectsInput { client: format!("c-{k}").parse()?, effects }).await?;
    Ok(())
}
