//! How does a conversation go? Elicit, ask permission, provide, elicit: one step opens the next.
//!
//! What is offered is not on the page at all until the permission is in the ledger: a locked step
//! shows that there is a step, and nothing else. Whether we may call at all is asked before the first
//! step, and a call that reached somebody counts, whatever they said.

mod thread;
mod view;

use axum::extract::{Path, Query, State};
use yorisoi_app::{AppError, AttemptInput, ConsentInput, LandingInput, RefusalInput};
use yorisoi_decision::{ActionId, ActionKind, Code, ConsentKind, Initiative};
use yorisoi_ledger::Source;

use crate::Desk;
use crate::answer::{Failure, For, Outcome, done, page};
use crate::context::Context;
use crate::form::Posted;
use crate::pages::client::{landing_of, refuse_calls};
use crate::pages::{back_to, client_of};
use crate::reader::Reader;
use crate::words::conversation as words;
use thread::{Opening, Talk, Thread, opening};

/// Minutes after which talk becomes stalling.
const LONG_MINUTES: u32 = 15;

/// The page.
pub(crate) async fn show(
    State(desk): State<Desk>,
    Reader(cx): Reader,
    Path(client): Path<String>,
    Query(thread): Query<Thread>,
) -> Outcome {
    let mut talk = Talk::read(&desk, &cx, &client, &thread).await?;
    match opening(&desk, &cx, &talk).await? {
        Opening::Stopped(stop) => {
            return Ok(page(&cx, &words::TITLE, view::stopped(&cx, &talk, &stop)));
        }
        Opening::With(action) => talk.action = Some(action),
        Opening::Free => {}
    }
    let suggestions = if talk.has_advice_consent() && !talk.is_over() && talk.decision.is_none() {
        let ask = talk.ask(None, true);
        Some(desk.app.decide_and_commit(&cx.caller, ask).await.before(&cx)?)
    } else {
        None
    };
    Ok(page(&cx, &words::TITLE, view::main(&cx, &talk, suggestions.as_ref())))
}

/// Records that our call reached the client, or did not. A conversation that the client began is no contact
/// of ours; one in which help was given is counted by the giving.
async fn count(desk: &Desk, cx: &Context, talk: &Talk, reached: bool) -> Result<(), Failure> {
    let opening = talk.openings().first().map(|action| action.id.clone());
    let Some(action) = opening.filter(|_| talk.began == Initiative::Ours) else {
        return Ok(());
    };
    let attempt = AttemptInput {
        client: talk.client.clone(),
        decision: None,
        action,
        channel: None,
        reached,
    };
    desk.app.record_attempt(&cx.caller, attempt).await.before(cx).map(drop)
}

/// Records what the client said when asked whether we may advise.
pub(crate) async fn permission(
    State(desk): State<Desk>,
    Path(client): Path<String>,
    posted: Posted,
) -> Outcome {
    let cx = &posted.cx;
    let mut talk = Talk::read(&desk, cx, &client, &Thread::of(&posted)).await?;
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
            talk.answered = true;
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
            count(&desk, cx, &talk, true).await?;
            Ok(done(&talk.path(), "refused"))
        }
        // Not now is no refusal and no consent: the client is left in peace, by a decision with a trace.
        _ => {
            let hold = talk.policy.policy.first_of(ActionKind::Hold);
            let hold = hold.map(|action| vec![action.id.clone()]);
            desk.app.decide_and_commit(&cx.caller, talk.ask(hold, false)).await.before(cx)?;
            count(&desk, cx, &talk, true).await?;
            Ok(done(&talk.path(), "held"))
        }
    }
}

/// The conversation is over, and nothing was given in it.
pub(crate) async fn end(
    State(desk): State<Desk>,
    Path(client): Path<String>,
    posted: Posted,
) -> Outcome {
    let cx = &posted.cx;
    let talk = Talk::read(&desk, cx, &client, &Thread::of(&posted)).await?;
    count(&desk, cx, &talk, true).await?;
    Ok(done(&talk.path(), "recorded"))
}

/// "No more calls", said in a conversation: it binds, and the call in which it was said counts.
pub(crate) async fn no_calls(
    State(desk): State<Desk>,
    Path(client): Path<String>,
    posted: Posted,
) -> Outcome {
    let cx = &posted.cx;
    let talk = Talk::read(&desk, cx, &client, &Thread::of(&posted)).await?;
    refuse_calls(&desk, cx, &talk.client).await?;
    if talk.decision.is_none() {
        count(&desk, cx, &talk, true).await?;
    }
    Ok(done(&talk.path(), "refused"))
}

/// Decides and commits for the help that was given, and records that it was.
pub(crate) async fn provide(
    State(desk): State<Desk>,
    Path(client): Path<String>,
    posted: Posted,
) -> Outcome {
    let cx = &posted.cx;
    let talk = Talk::read(&desk, cx, &client, &Thread::of(&posted)).await?;
    let action: ActionId = posted.needed("give").before(cx)?;
    let ask = talk.ask(Some(vec![action.clone()]), false);
    let answer = desk.app.decide_and_commit(&cx.caller, ask).await.before(cx)?;
    if answer.decision.choice.action != action {
        let code =
            answer.suppressed.map(|stop| stop.code).or(answer.decision.hold.map(|hold| hold.code));
        let code = code.unwrap_or(Code::NothingBetter);
        let name = talk.names.action_words(&action);
        return Err(Failure::new(cx, AppError::Stopped { action, name, code }));
    }
    desk.app.give(&cx.caller, &answer.decision.id).await.before(cx)?;
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
    let talk = Talk::read(&desk, cx, &client, &Thread::of(&posted)).await?;
    if talk.openings().is_empty() {
        let en = "the policy has no action of kind `listen` or `ask_permission` to record the attempt with";
        let ja = "ご連絡を記録するための働きかけ（種類 `listen` か `ask_permission`）が方針にありません。";
        return Err(Failure::new(cx, AppError::invalid("action", (en, ja))));
    }
    count(&desk, cx, &talk, false).await?;
    Ok(done(&talk.path(), "not-reached"))
}
