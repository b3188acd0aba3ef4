//! What somebody at the desk records about a client: one act a form, one entry an act.

use axum::extract::{Path, State};
use yorisoi_app::{
    AppError, CheckInInput, ConsentInput, InferredNeed, LandingInput, NeedAnswer, NoteInput,
    RefusalInput, StatedNeed, WithdrawalInput,
};
use yorisoi_decision::{ClientId, ConsentKind, Topic};
use yorisoi_ledger::{Landing, Source};

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
        other => {
            let en = format!("`{other}` is neither talk nor advise");
            let ja = format!("「{other}」は会話了解でも相談了解でもありません。");
            Err(AppError::invalid("consent", (en, ja)))
        }
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
    let calls = desk.app.channel_for_calls(&cx.caller).await.before(cx)?;
    let Some(channel) = calls else {
        let en = "the policy knows no calls; say what is refused instead";
        let ja = "方針に電話がありません。お断りの内容を選んでください。";
        return Err(Failure::new(cx, AppError::invalid("channel", (en, ja))));
    };
    // Whatever else the policy calls a call is the same way to a person, and refused with it.
    let input = RefusalInput {
        client: client.clone(),
        topic: None,
        channel: Some(channel),
        source: Source::Words,
        words: None,
    };
    desk.app.refuse(&cx.caller, input).await.before(cx)?;
    Ok(())
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
    let mut busy = words::parse_busy(&posted.lines("busy")).before(cx)?;
    // What is recorded replaces all that was known, and the lines hold the weekly spans only.
    let known = desk.app.client_page(&cx.caller, &client).await.before(cx)?.busy;
    busy.extend(words::busy_once(&known, cx.now).cloned());
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
    found.map(|(landing, _, _)| *landing).ok_or_else(|| {
        AppError::invalid("landing", ("choose one of the six", "6 つの中から選んでください。"))
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
