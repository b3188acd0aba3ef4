//! They have decided. How do we let them go well: two steps at most, a receipt, thanks.

use axum::extract::{Path, State};
use maud::{Markup, html};
use yorisoi_app::{AppError, ClientPage, ExitStep, LetGoInput};
use yorisoi_decision::ExitState;

use crate::Desk;
use crate::answer::{Failure, For, Outcome, bare_page, done as go, page};
use crate::context::Context;
use crate::form::Posted;
use crate::pages::{back_to, client_of};
use crate::parts::{self, client_path, person};
use crate::reader::Reader;
use crate::words::{COLON, client as client_words, let_go as words};

/// The one page between the wish and the receipt.
pub(crate) async fn show(
    State(desk): State<Desk>,
    Reader(cx): Reader,
    Path(client): Path<String>,
) -> Outcome {
    let client = client_of(&cx, &client)?;
    let person = desk.app.client_page(&cx.caller, &client).await.before(&cx)?;
    if person.client.exit == ExitState::Completed {
        return Ok(axum::response::IntoResponse::into_response(axum::response::Redirect::to(
            &format!("{}/receipt", client_path(&client)),
        )));
    }
    Ok(page(&cx, &words::TITLE, main(&cx, &person)))
}

fn main(cx: &Context, person: &ClientPage) -> Markup {
    let path = client_path(&person.client.client);
    let today = cx.now.to_zoned(cx.zone.clone()).date();
    html! {
        p.crumb { a href=(path) { bdi { (name(person)) } (client_words::honorific(cx.lang)) } }
        (parts::top(cx, &words::TITLE, &words::LEAD))
        div.sheet {
            section.card {
                (parts::form(cx, &format!("{path}/let-go"), &html! {
                    (parts::field(cx, "effective", &words::EFFECTIVE, None, &html! { input #effective type="date" name="effective" value=(today) required; }))
                    div.fields {
                        (parts::field(cx, "keeps", &words::KEEPS, Some(&words::ONE_A_LINE), &html! { textarea #keeps name="keeps" maxlength="2000" {} }))
                        (parts::field(cx, "loses", &words::LOSES, Some(&words::ONE_A_LINE), &html! { textarea #loses name="loses" maxlength="2000" {} }))
                    }
                    (parts::field(cx, "reason", &words::REASON, Some(&words::REASON_HINT), &html! { input #reason name="reason" maxlength="500"; }))
                    div.check {
                        input type="checkbox" #door name="door" value="open";
                        label for="door" { (cx.t(&words::DOOR)) }
                    }
                    p { button.main data-key="Enter" { (cx.t(&words::CONFIRM)) } " " a.button.quiet href=(path) { (cx.t(&words::CANCEL)) } }
                }))
            }
            div.side {
                div.card { h2 { (cx.t(&words::THEN)) } ul.bullets { @for line in &words::THEN_LINES { li { (cx.t(line)) } } } }
                (other_steps(cx, person))
            }
        }
    }
}

fn name(person_page: &ClientPage) -> &str {
    person(person_page.client.name.as_deref(), &person_page.client.client)
}

fn other_steps(cx: &Context, person: &ClientPage) -> Markup {
    let path = client_path(&person.client.client);
    let next = person.exit.as_ref().map_or(&[][..], |exit| exit.next.as_slice());
    html! {
        div.card {
            h2 { (cx.t(&words::NOT_SURE)) }
            @if next.contains(&ExitStep::Abandon) {
                p.small { (cx.t(&words::STAYS_LEAD)) }
                (parts::act(cx, &format!("{path}/stays"), &[], &html! { button { (cx.t(&words::STAYS)) } }))
            } @else if matches!(person.client.exit, ExitState::None | ExitState::Abandoned) {
                p.small { (cx.t(&words::REQUEST_LEAD)) }
                (parts::act(cx, &format!("{path}/leaving"), &[], &html! { button { (cx.t(&words::REQUEST)) } }))
            } @else { p.small { (cx.t(&words::DECIDED_ALREADY)) } }
        }
    }
}

/// Completes the exit: the second and last step.
pub(crate) async fn done(
    State(desk): State<Desk>,
    Path(client): Path<String>,
    posted: Posted,
) -> Outcome {
    let cx = &posted.cx;
    let client = client_of(cx, &client)?;
    let input = LetGoInput {
        client: client.clone(),
        reason: posted.some("reason").map(str::to_owned),
        effective_on: posted.day("effective").before(cx)?,
        keeps: posted.lines("keeps"),
        loses: posted.lines("loses"),
        door_open: posted.ticked("door"),
    };
    desk.app.let_go(&cx.caller, input).await.before(cx)?;
    Ok(go(&format!("{}/receipt", client_path(&client)), "recorded"))
}

/// Records that the client asked to leave and has not decided.
pub(crate) async fn request(
    State(desk): State<Desk>,
    Path(client): Path<String>,
    posted: Posted,
) -> Outcome {
    let client = client_of(&posted.cx, &client)?;
    desk.app.request_exit(&posted.cx.caller, &client).await.before(&posted.cx)?;
    Ok(back_to(&client, "recorded"))
}

/// Records that the client does not pursue it.
pub(crate) async fn abandon(
    State(desk): State<Desk>,
    Path(client): Path<String>,
    posted: Posted,
) -> Outcome {
    let client = client_of(&posted.cx, &client)?;
    desk.app.abandon_exit(&posted.cx.caller, &client).await.before(&posted.cx)?;
    Ok(back_to(&client, "abandoned"))
}

/// Records that the client came back by themselves.
pub(crate) async fn returns(
    State(desk): State<Desk>,
    Path(client): Path<String>,
    posted: Posted,
) -> Outcome {
    let client = client_of(&posted.cx, &client)?;
    desk.app.record_return(&posted.cx.caller, &client).await.before(&posted.cx)?;
    Ok(back_to(&client, "returned"))
}

/// The receipt: to print, to send, to be glad of.
pub(crate) async fn receipt(
    State(desk): State<Desk>,
    Reader(cx): Reader,
    Path(client): Path<String>,
) -> Outcome {
    let client = client_of(&cx, &client)?;
    let person = desk.app.client_page(&cx.caller, &client).await.before(&cx)?;
    let exit = desk.app.exit(&cx.caller, &client).await.before(&cx)?;
    let Some(receipt) = exit.receipt.as_ref() else {
        return Err(Failure::new(
            &cx,
            AppError::Unknown { what: "receipt", name: client.to_string() },
        ));
    };
    let list = |title, lines: &[String]| {
        html! {
            @if !lines.is_empty() { div { dt { (cx.t(title)) } dd { ul { @for line in lines { li { bdi { (line) } } } } } } }
        }
    };
    let main = html! {
        article.receipt {
            h1 { (cx.t(&words::THANKS)) }
            p.phrase { (cx.t(&words::thanks(name(&person)))) }
            dl.pairs {
                div { dt { (cx.t(&words::RECEIPT_NUMBER)) } dd { code { (receipt.receipt) } } }
                div { dt { (cx.t(&words::EFFECTIVE)) } dd { time datetime=(receipt.effective_on) { (crate::format::whole_day(receipt.effective_on, cx.lang)) } } }
                @if let Some(at) = exit.completed_at { div { dt { (cx.t(&words::PROCESSED)) } dd { time datetime=(at) { (crate::format::whole_instant(at, &cx.zone, cx.lang)) } } } }
                (list(&words::STAYS_WITH_YOU, &receipt.keeps)) (list(&words::ENDS_FOR_YOU, &receipt.loses))
                div { dt { (cx.t(&words::AFTERWARDS)) } dd { (cx.t(if receipt.door_open { &words::DOOR_OPEN } else { &words::DOOR_CLOSED })) } }
            }
            p { (cx.t(&words::FAREWELL)) }
            p.row { a.button href=(client_path(&client)) { (cx.t(&words::BACK)) } a.button.main href="/today" data-go="t" { (cx.t(&words::NEXT)) } }
        }
        section.receipt {
            h2 { (cx.t(&words::LEARN)) }
            p.small { (cx.t(&words::LEARN_LEAD)) }
            @if exit.reason.is_some() || exit.requested_at.is_some() {
                ul.bullets.small {
                    @if let (Some(asked), Some(finished)) = (exit.requested_at, exit.completed_at) { li { (cx.t(&words::took(asked, finished))) } }
                    @if let Some(reason) = &exit.reason { li { (cx.t(&words::REASON_TOLD)) (cx.t(&COLON)) bdi { (reason) } } }
                    @if !person.landings.is_empty() { li { (cx.t(&words::landings(&person.landings))) } }
                }
            }
            @if exit.next.contains(&ExitStep::Return) {
                (parts::act(&cx, &format!("{}/returns", client_path(&client)), &[], &html! { button.quiet { (cx.t(&words::RETURNED)) } }))
            }
        }
    };
    Ok(bare_page(&cx, &words::THANKS, &main))
}
