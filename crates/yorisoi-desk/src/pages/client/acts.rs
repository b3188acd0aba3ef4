//! What somebody at the desk records about a client: one act a form, one entry an act.

use axum::extract::{Path, State};
use yorisoi_app::{
    AppError, CheckInInput, ConsentInput, InferredNeed, LandingInput, NeedAnswer, NoteInput,
    RefusalInput, StatedNeed, WithdrawalInput,
};
use yorisoi_decision::{ClientId, ConsentKind, Topic};
use yorisoi_ledger::{Landing, Source};

use super::choices;
use crate::Desk;
use crate::answer::{Failure, For, Outcome, done};
use crate::context::Context;
use crate::form::Posted;
use crate::pages::{back_to, client_of};
use crate::parts::{self, client_path};
use crate::words::client as words;

fn kind(posted: &Posted) -> Result<ConsentKind, AppError> {
    match posted.text("consent") {
        "talk" => Ok(ConsentKind::Talk),
        "advise" => Ok(ConsentKind::Advise),
        other => Err(AppError::Invalid {
            field: "consent".to_owned(),
            reason: format!("`{other}` is neither talk nor advise"),
        }),
    }
}

/// Records a consent.
pub(crate) async fn consent(
    State(desk): State<Desk>,
    Path(client): Path<String>,
    posted: Posted,
) -> Outcome {
    let (cx, client) = (&posted.cx, client_of(&posted.cx, &client)?);
    let days: Option<u32> = posted.typed_as("days").before(cx)?;
    let input = ConsentInput {
        client: client.clone(),
        consent: kind(&posted).before(cx)?,
        topic: posted.parsed("topic").before(cx)?,
        channel: posted.parsed("channel").before(cx)?,
        source: Source::Words,
        expires_at: days.map(|days| {
            cx.now + jiff::SignedDuration::from_hours(24 * i64::from(days.min(36_500)))
        }),
        words: posted.some("words").map(str::to_owned),
    };
    desk.app.record_consent(&cx.caller, input).await.before(cx)?;
    Ok(back_to(&client, "recorded"))
}

/// Records that a consent was taken back.
pub(crate) async fn withdraw(
    State(desk): State<Desk>,
    Path(client): Path<String>,
    posted: Posted,
) -> Outcome {
    let (cx, client) = (&posted.cx, client_of(&posted.cx, &client)?);
    let input = WithdrawalInput {
        client: client.clone(),
        consent: kind(&posted).before(cx)?,
        topic: posted.parsed("topic").before(cx)?,
        channel: posted.parsed("channel").before(cx)?,
        source: Source::Words,
    };
    desk.app.withdraw_consent(&cx.caller, input).await.before(cx)?;
    Ok(back_to(&client, "recorded"))
}

fn refusal(posted: &Posted, client: &ClientId) -> Result<RefusalInput, AppError> {
    Ok(RefusalInput {
        client: client.clone(),
        topic: posted.parsed("topic")?,
        channel: posted.parsed("channel")?,
        source: Source::Words,
        words: posted.some("words").map(str::to_owned),
    })
}

/// Records a refusal: one tap.
pub(crate) async fn refuse(
    State(desk): State<Desk>,
    Path(client): Path<String>,
    posted: Posted,
) -> Outcome {
    let (cx, client) = (&posted.cx, client_of(&posted.cx, &client)?);
    let input = refusal(&posted, &client).before(cx)?;
    desk.app.refuse(&cx.caller, input).await.before(cx)?;
    Ok(back_to(&client, "refused"))
}

/// Records "no more calls": one tap.
pub(crate) async fn no_calls(
    State(desk): State<Desk>,
    Path(client): Path<String>,
    posted: Posted,
) -> Outcome {
    let (cx, client) = (&posted.cx, client_of(&posted.cx, &client)?);
    refuse_calls(&desk, cx, &client).await?;
    Ok(back_to(&client, "refused"))
}

/// Refuses every channel by which this house calls people: under the names that its gates know.
pub(crate) async fn refuse_calls(
    desk: &Desk,
    cx: &Context,
    client: &ClientId,
) -> Result<(), Failure> {
    let choices = choices(desk, cx).await;
    let mut is_any = false;
    for channel in choices.calls() {
        let input = RefusalInput {
            client: client.clone(),
            topic: None,
            channel: Some(channel.parse().before(cx)?),
            source: Source::Words,
            words: None,
        };
        desk.app.refuse(&cx.caller, input).await.before(cx)?;
        is_any = true;
    }
    let reason = "the policy knows no calls; say what is refused instead".to_owned();
    let nothing = || AppError::Invalid { field: "channel".to_owned(), reason };
    if is_any { Ok(()) } else { Err(Failure::new(cx, nothing())) }
}

/// Records that the client lifted a refusal.
pub(crate) async fn reopen(
    State(desk): State<Desk>,
    Path(client): Path<String>,
    posted: Posted,
) -> Outcome {
    let (cx, client) = (&posted.cx, client_of(&posted.cx, &client)?);
    let input = refusal(&posted, &client).before(cx)?;
    desk.app.reopen(&cx.caller, input).await.before(cx)?;
    Ok(back_to(&client, "reopened"))
}

/// The topic that was typed, by its id or by what it is called.
async fn typed_topic(desk: &Desk, posted: &Posted) -> Result<Topic, AppError> {
    let names = super::names(desk, &posted.cx).await;
    let Some(typed) = posted.some("topic") else { return posted.needed("topic") };
    names.typed_topic(typed).parse().map_err(AppError::from)
}

/// Records a need the client said.
pub(crate) async fn need(
    State(desk): State<Desk>,
    Path(client): Path<String>,
    posted: Posted,
) -> Outcome {
    let (cx, client) = (&posted.cx, client_of(&posted.cx, &client)?);
    let topic = typed_topic(&desk, &posted).await.before(cx)?;
    let input =
        StatedNeed { client: client.clone(), topic, words: posted.text("words").to_owned() };
    desk.app.state_need(&cx.caller, input).await.before(cx)?;
    // Back into the conversation, where it stood; and nowhere else.
    let talk = format!("{}/talk?", client_path(&client));
    match posted.some("back").filter(|back| back.starts_with(&talk) && back.is_ascii()) {
        Some(back) => Ok(done(back, "recorded")),
        None => Ok(back_to(&client, "recorded")),
    }
}

/// Records a need that may only be asked about.
pub(crate) async fn question(
    State(desk): State<Desk>,
    Path(client): Path<String>,
    posted: Posted,
) -> Outcome {
    let (cx, client) = (&posted.cx, client_of(&posted.cx, &client)?);
    let topic = typed_topic(&desk, &posted).await.before(cx)?;
    let question = posted.text("question").to_owned();
    let input = InferredNeed { client: client.clone(), topic, from: "talk".to_owned(), question };
    desk.app.infer_need(&cx.caller, input).await.before(cx)?;
    Ok(back_to(&client, "recorded"))
}

/// Records what the client said when asked.
pub(crate) async fn answer_need(
    State(desk): State<Desk>,
    Path(client): Path<String>,
    posted: Posted,
) -> Outcome {
    let (cx, client) = (&posted.cx, client_of(&posted.cx, &client)?);
    let confirmed = posted.text("confirmed") == "yes";
    let topic = posted.needed("topic").before(cx)?;
    let words = posted.some("words").map(str::to_owned);
    desk.app
        .answer_need(&cx.caller, NeedAnswer { client: client.clone(), topic, confirmed, words })
        .await
        .before(cx)?;
    Ok(back_to(&client, if confirmed { "recorded" } else { "refused" }))
}

/// Writes a note.
pub(crate) async fn note(
    State(desk): State<Desk>,
    Path(client): Path<String>,
    posted: Posted,
) -> Outcome {
    let (cx, client) = (&posted.cx, client_of(&posted.cx, &client)?);
    let input = NoteInput {
        client: client.clone(),
        text: posted.text("text").to_owned(),
        confidential: posted.ticked("confidential"),
    };
    desk.app.add_note(&cx.caller, input).await.before(cx)?;
    Ok(back_to(&client, "noted"))
}

/// Records when the client is busy.
pub(crate) async fn busy(
    State(desk): State<Desk>,
    Path(client): Path<String>,
    posted: Posted,
) -> Outcome {
    let (cx, client) = (&posted.cx, client_of(&posted.cx, &client)?);
    let busy = words::parse_busy(&posted.lines("busy")).before(cx)?;
    desk.app
        .set_busy(&cx.caller, yorisoi_app::BusyInput { client: client.clone(), busy })
        .await
        .before(cx)?;
    Ok(back_to(&client, "recorded"))
}

/// Records a check-in.
pub(crate) async fn check_in(
    State(desk): State<Desk>,
    Path(client): Path<String>,
    posted: Posted,
) -> Outcome {
    let (cx, client) = (&posted.cx, client_of(&posted.cx, &client)?);
    let items = (0..desk.app.check_in_questions().len())
        .map(|i| posted.parsed::<u8>(&format!("item-{i}")))
        .collect::<Result<Vec<_>, _>>()
        .before(cx)?;
    let input = CheckInInput {
        client: client.clone(),
        items,
        words: posted.some("words").map(str::to_owned),
    };
    desk.app.check_in(&cx.caller, input).await.before(cx)?;
    Ok(back_to(&client, "recorded"))
}

/// Which landing a form names.
pub(crate) fn landing_of(posted: &Posted) -> Result<Landing, AppError> {
    let found = parts::LANDINGS.iter().find(|(_, value, _)| *value == posted.text("landing"));
    found.map(|(landing, _, _)| *landing).ok_or_else(|| AppError::Invalid {
        field: "landing".to_owned(),
        reason: "choose one of the six".to_owned(),
    })
}

/// Records how something landed.
pub(crate) async fn landing(
    State(desk): State<Desk>,
    Path(client): Path<String>,
    posted: Posted,
) -> Outcome {
    let (cx, client) = (&posted.cx, client_of(&posted.cx, &client)?);
    let input = LandingInput {
        client: client.clone(),
        decision: posted.parsed("decision").before(cx)?,
        action: None,
        landing: landing_of(&posted).before(cx)?,
        words: posted.some("words").map(str::to_owned),
    };
    desk.app.record_landing(&cx.caller, input).await.before(cx)?;
    Ok(back_to(&client, "landed"))
}
