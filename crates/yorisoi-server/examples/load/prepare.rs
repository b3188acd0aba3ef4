//! A house at work: a live policy, clients who consented, and a token.

use std::fmt::Write as _;
use std::path::Path;

use tokio::task::JoinSet;
use yorisoi_app::{App, Caller, ConsentInput, PolicyInput, Role, TokenInput};
use yorisoi_decision::ConsentKind;
use yorisoi_ledger::{Place, Source};
use yorisoi_server::ServerSettings;
use yorisoi_server::settings::{Limit, LogLevel};

use crate::Failure;

/// Acts under way at a time while the house is filled.
const AT_ONCE: usize = 512;

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
pub(crate) async fn fill(folder: &Path, clients: usize) -> Result<String, Failure> {
    let app = open(folder)?;
    let first = app.first_token().await?.ok_or("the folder is not new")?;
    let officer = Caller { token: first.token, role: Role::Privacy, team: None, agent: None };
    let input =
        TokenInput { token: "load".to_owned(), role: Role::Service, team: None, agent: None };
    let secret = app.issue_token(&officer, input).await?.secret;
    publish(&app).await?;
    let service = Caller { token: "load".to_owned(), role: Role::Service, team: None, agent: None };
    import(&app, &service, clients).await?;
    consent(&app, &service, clients).await?;
    Ok(secret)
}

async fn publish(app: &App) -> Result<(), Failure> {
    let lead = |name: &str| -> Result<Caller, Failure> {
        let agent = Some(name.parse()?);
        Ok(Caller { token: name.to_owned(), role: Role::Lead, team: None, agent })
    };
    // The carrier's own policy, at an hour that never rests: the load runs at any time of day.
    let document = include_str!("../../../../docs/policies/carrier.toml")
        .replace("until = \"09:00\"", "until = \"20:00\"")
        .replace("rest_days = true", "rest_days = false")
        .replace("holidays = \"japan\"", "holidays = \"none\"");
    let input = PolicyInput { document, why: "load".to_owned() };
    let draft = app.draft_policy(&lead("first")?, input).await?;
    app.publish_policy(&lead("second")?, &draft.fingerprint).await?;
    Ok(())
}

async fn import(app: &App, service: &Caller, clients: usize) -> Result<(), Failure> {
    let mut csv = String::from("client,zone,age,points_given,plan_review_given,rebate_given\n");
    for k in 0..clients {
        writeln!(csv, "c-{k},Asia/Tokyo,{},false,false,false", 20 + k % 60)?;
    }
    let report = app.import_clients(service, csv.into_bytes()).await?;
    if report.added != clients as u64 {
        return Err(format!("{} of {clients} clients were imported", report.added).into());
    }
    Ok(())
}

async fn consent(app: &App, service: &Caller, clients: usize) -> Result<(), Failure> {
    let mut under_way = JoinSet::new();
    for k in 0..clients {
        for consent in [ConsentKind::Talk, ConsentKind::Advise] {
            let (app, service) = (app.clone(), service.clone());
            let input = ConsentInput {
                client: format!("c-{k}").parse()?,
                consent,
                topic: None,
                channel: None,
                source: Source::Words,
                expires_at: None,
                words: None,
            };
            under_way.spawn(async move { app.record_consent(&service, input).await });
            if under_way.len() >= AT_ONCE
                && let Some(done) = under_way.join_next().await
            {
                done??;
            }
        }
    }
    while let Some(done) = under_way.join_next().await {
        done??;
    }
    Ok(())
}
