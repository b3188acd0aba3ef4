//! How does a conversation go? Elicit, ask permission, provide, elicit: one step opens the next.
//!
//! What is offered is not on the page at all until the permission is in the ledger: a locked step
//! shows that there is a step, and nothing else.

mod view;

use axum::extract::{Path, Query, State};
use serde::Deserialize;
use yorisoi_app::{
    AppError, AttemptInput, ClientPage, ConsentInput, DecisionAsk, LandingInput, PolicyView,
    RefusalInput,
};
use yorisoi_decision::{
    ActionId, ActionKind, ClientId, ConsentKind, DecisionId, ExitState, Initiative, Topic,
};
use yorisoi_ledger::Source;

use crate::Desk;
use crate::answer::{Failure, For, Outcome, done, page};
use crate::context::Context;
use crate::form::Posted;
use crate::pages::client::landing_of;
use crate::pages::{back_to, client_of};
use crate::parts::{Names, client_path};
use crate::reader::Reader;
use crate::words::conversation as words;

/// Minutes after which talk becomes stalling.
const LONG_MINUTES: u32 = 15;

/// Where the conversation stands, carried from step to step.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Thread {
    /// The action it began with.
    action: Option<String>,
    /// What it is about.
    topic: Option<String>,
    /// When it began, in seconds.
    since: Option<i64>,
    /// The decision that was carried out.
    decision: Option<String>,
}

struct Talk {
    client: ClientId,
    page: ClientPage,
    policy: PolicyView,
    names: Names,
    topic: Option<Topic>,
    since: i64,
    decision: Option<DecisionId>,
}

impl Talk {
    fn path(&self) -> String {
        client_path(&self.client)
    }

    /// The address of this conversation with what it carries.
    fn here(&self) -> String {
        let topic = self.topic.as_ref().map_or(String::new(), |topic| {
            format!("&topic={}", crate::form::escaped(topic.as_str()))
        });
        format!("{}/talk?since={}{topic}", self.path(), self.since)
    }

    fn has_advice_consent(&self) -> bool {
        let covers = |of: &Option<Topic>| of.is_none() || self.topic.is_none() || *of == self.topic;
        self.page
            .consents
            .iter()
            .any(|it| it.consent.kind == ConsentKind::Advise && covers(&it.consent.topic))
    }

    fn is_refused(&self) -> bool {
        self.page.client.refused_everything
            || self.page.refusals.iter().any(|refusal| {
                refusal.topic.is_some() && refusal.topic == self.topic && refusal.channel.is_none()
            })
    }

    fn is_over(&self) -> bool {
        self.is_refused()
            || matches!(self.page.client.exit, ExitState::Decided | ExitState::Completed)
    }
}

async fn talk(desk: &Desk, cx: &Context, client: &str, thread: &Thread) -> Result<Talk, Failure> {
    let client = client_of(cx, client)?;
    let policy = desk.app.live_policy(&cx.caller).await.before(cx)?;
    let begun_with = thread
        .action
        .as_deref()
        .and_then(|id| policy.policy.actions.iter().find(|action| action.id.as_str() == id));
    let asked: Option<Topic> = thread
        .topic
        .as_deref()
        .filter(|topic| !topic.is_empty())
        .and_then(|topic| topic.parse().ok());
    Ok(Talk {
        page: desk.app.client_page(&cx.caller, &client).await.before(cx)?,
        topic: asked.or_else(|| begun_with.and_then(|action| action.topic.clone())),
        since: thread.since.unwrap_or_else(|| cx.now.as_second()),
        decision: thread.decision.as_deref().and_then(|id| id.parse().ok()),
        client,
        names: Names::of(Some(policy.policy.clone())),
        policy,
    })
}

/// The page.
pub(crate) async fn show(
    State(desk): State<Desk>,
    Reader(cx): Reader,
    Path(client): Path<String>,
    Query(thread): Query<Thread>,
) -> Outcome {
    let talk = talk(&desk, &cx, &client, &thread).await?;
    let suggestions = if talk.has_advice_consent() && !talk.is_over() && talk.decision.is_none() {
        let ask = ask(&talk, None, true);
        Some(desk.app.decide_and_commit(&cx.caller, ask).await.before(&cx)?)
    } else {
        None
    };
    Ok(page(&cx, &words::TITLE, view::main(&cx, &talk, suggestions.as_ref())))
}

/// A question about this client, in a conversation that is under way.
fn ask(talk: &Talk, only: Option<ActionId>, dry: bool) -> DecisionAsk {
    DecisionAsk {
        client: talk.client.clone(),
        // The client is on the line and has said yes: this is no new contact.
        initiative: Initiative::Clients,
        only: only.map(|action| vec![action]),
        effects: None,
        agent: None,
        dry,
    }
}

fn thread_of(posted: &Posted) -> Thread {
    Thread {
        action: posted.some("action").map(str::to_owned),
        topic: posted.some("topic").map(str::to_owned),
        since: posted.text("since").parse().ok(),
        decision: posted.some("decision").map(str::to_owned),
    }
}

/// Records what the client said when asked whether we may advise.
pub(crate) async fn permission(
    State(desk): State<Desk>,
    Path(client): Path<String>,
    posted: Posted,
) -> Outcome {
    let cx = &posted.cx;
    let talk = talk(&desk, cx, &client, &thread_of(&posted)).await?;
    match posted.text("said") {
        "yes" => {
            for consent in [ConsentKind::Talk, ConsentKind::Advise] {
                let input = ConsentInput {
                    client: talk.client.clone(),
                    consent,
                    topic: talk.topic.clone(),
                    channel: None,
                    source: Source::Words,
                    expires_at: None,
                    words: None,
                };
                desk.app.record_consent(&cx.caller, input).await.before(cx)?;
            }
            Ok(done(&talk.here(), "recorded"))
        }
        "no" => {
            let input = RefusalInput {
                client: talk.client.clone(),
                topic: talk.topic.clone(),
                channel: None,
                source: Source::Words,
                words: None,
            };
            desk.app.refuse(&cx.caller, input).await.before(cx)?;
            Ok(done(&talk.path(), "refused"))
        }
        // Not now is no refusal and no consent: the client is left in peace, by a decision with a trace.
        _ => {
            let hold =
                talk.policy.policy.first_of(ActionKind::Hold).map(|action| action.id.clone());
            desk.app.decide_and_commit(&cx.caller, ask(&talk, hold, false)).await.before(cx)?;
            Ok(done(&talk.path(), "held"))
        }
    }
}

/// Decides and commits for the help that was given, and records that it was.
pub(crate) async fn provide(
    State(desk): State<Desk>,
    Path(client): Path<String>,
    posted: Posted,
) -> Outcome {
    let cx = &posted.cx;
    let talk = talk(&desk, cx, &client, &thread_of(&posted)).await?;
    let action: ActionId = posted.needed("action").before(cx)?;
    let answer = desk
        .app
        .decide_and_commit(&cx.caller, ask(&talk, Some(action.clone()), false))
        .await
        .before(cx)?;
    if answer.decision.choice.action != action {
        let code =
            answer.suppressed.map(|stop| stop.code).or(answer.decision.hold.map(|hold| hold.code));
        let code = code.unwrap_or(yorisoi_decision::Code::NothingBetter);
        return Err(Failure::new(cx, AppError::Stopped { action, code }));
    }
    let attempt = AttemptInput {
        client: talk.client.clone(),
        decision: Some(answer.decision.id.clone()),
        action,
        channel: None,
        reached: true,
    };
    desk.app.record_attempt(&cx.caller, attempt).await.before(cx)?;
    if matches!(talk.page.client.exit, ExitState::Requested)
        && answer.decision.choice.kind == ActionKind::Offer
    {
        desk.app.offer_in_exit(&cx.caller, &talk.client, &answer.decision.id).await.before(cx)?;
    }
    let decision = crate::form::escaped(answer.decision.id.as_str());
    Ok(done(&format!("{}&decision={decision}", talk.here()), "recorded"))
}

/// Records how it landed; then the conversation is over.
pub(crate) async fn landing(
    State(desk): State<Desk>,
    Path(client): Path<String>,
    posted: Posted,
) -> Outcome {
    let cx = &posted.cx;
    let client = client_of(cx, &client)?;
    let input = LandingInput {
        client: client.clone(),
        decision: posted.parsed("decision").before(cx)?,
        action: None,
        landing: landing_of(&posted).before(cx)?,
        words: None,
    };
    desk.app.record_landing(&cx.caller, input).await.before(cx)?;
    Ok(back_to(&client, "landed"))
}

/// Records that nobody was reached: one attempt, and no further one on top.
pub(crate) async fn not_reached(
    State(desk): State<Desk>,
    Path(client): Path<String>,
    posted: Posted,
) -> Outcome {
    let cx = &posted.cx;
    let talk = talk(&desk, cx, &client, &thread_of(&posted)).await?;
    let first = |kind| talk.policy.policy.first_of(kind);
    let listening = first(ActionKind::Listen).or_else(|| first(ActionKind::AskPermission));
    let Some(action) = listening else {
        return Err(Failure::new(cx, AppError::Invalid {
            field: "action".to_owned(),
            reason: "the policy has no action of kind `listen` or `ask_permission` to record the attempt with".to_owned(),
        }));
    };
    let attempt = AttemptInput {
        client: talk.client.clone(),
        decision: None,
        action: action.id.clone(),
        channel: None,
        reached: false,
    };
    desk.app.record_attempt(&cx.caller, attempt).await.before(cx)?;
    Ok(done(&talk.path(), "not-reached"))
}
