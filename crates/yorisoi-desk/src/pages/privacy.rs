//! People's rights, and ours: tokens, export, erasure, audit, verification.

use axum::extract::{Query, State};
use maud::{Markup, html};
use serde::Deserialize;
use yorisoi_app::{
    AppError, AuditAsk, AuditOrder, AuditRow, IssuedToken, PageAsk, Right, Role, TokenInput,
    TokenView, VerifyView, narrow,
};
use yorisoi_decision::ClientId;

use crate::Desk;
use crate::answer::{Failure, For, Outcome, done, download, page};
use crate::context::Context;
use crate::form::{Posted, escaped};
use crate::lang::{Text, say};
use crate::parts;
use crate::reader::Reader;
use crate::words::kinds::{KINDS, kind};
use crate::words::{client as client_words, frame, privacy as words};

/// Entries of the audit on one page: what a reader takes in, and a browser paints at once.
const SHOWN: u32 = 60;

/// The page.
pub(crate) async fn show(State(desk): State<Desk>, Reader(cx): Reader) -> Outcome {
    whole(&desk, &cx, None, None).await
}

async fn whole(
    desk: &Desk,
    cx: &Context,
    issued: Option<&IssuedToken>,
    verified: Option<&VerifyView>,
) -> Outcome {
    let tokens = if cx.may(Right::KeepTokens) {
        Some(desk.app.tokens(&cx.caller).await.before(cx)?)
    } else {
        None
    };
    let main = html! {
        (parts::top(cx, &words::TITLE, &words::LEAD))
        @if let Some(issued) = issued {
            div.note.help.flash role="status" { p { (cx.t(&words::ISSUED)) } p { code { (issued.secret) } } }
        }
        @if let Some(view) = verified { (verdict(cx, view)) }
        div.sheet {
            div {
                @if let Some(tokens) = &tokens { (tokens_card(cx, tokens)) } @else { (ledger(cx)) }
            }
            div.side {
                @if tokens.is_some() { (ledger(cx)) }
                @if cx.may(Right::PersonRights) { (rights(cx)) }
            }
        }
    };
    Ok(page(cx, &words::TITLE, main))
}

fn verdict(cx: &Context, view: &VerifyView) -> Markup {
    html! {
        @if view.whole {
            div.note.help.flash role="status" { p { (cx.t(&words::whole(view.entries))) } @if let Some(head) = &view.head { p.small { code { (head) } } } }
        } @else {
            div.note.harm.flash role="alert" { p { (cx.t(&words::BROKEN)) } ul.bullets { @for fault in &view.faults { li { (cx.t(&Text::from(&fault.words()))) } } } }
        }
    }
}

fn ledger(cx: &Context) -> Markup {
    html! {
        section.card aria-labelledby="ledger" {
            h2 #ledger { (cx.t(&words::LEDGER)) }
            p.small { (cx.t(&words::LEDGER_LEAD)) }
            div.row {
                (parts::act(cx, "/privacy/verify", &[], &html! { button { (cx.t(&words::VERIFY)) } }))
                a.button href="/privacy/audit" { (cx.t(&words::AUDIT)) }
            }
        }
    }
}

fn rights(cx: &Context) -> Markup {
    html! {
        section.card aria-labelledby="rights" {
            h2 #rights { (cx.t(&words::RIGHTS)) }
            (parts::download(cx, "/privacy/export", &html! {
                (parts::field(cx, "export-client", &words::WHO, Some(&words::WHO_HINT), &html! { input #export-client name="client" required maxlength="200"; }))
                button { (cx.t(&words::EXPORT)) }
            }))
            hr;
            p.small { (cx.t(&words::ERASE_LEAD)) }
            (parts::form(cx, "/privacy/erase", &html! {
                (parts::field(cx, "erase-client", &words::WHO, None, &html! { input #erase-client name="client" required maxlength="200"; }))
                (parts::field(cx, "erase-again", &words::AGAIN, Some(&words::AGAIN_HINT), &html! { input #erase-again name="again" required maxlength="200" autocomplete="off"; }))
                button.end { (cx.t(&words::ERASE)) }
            }))
        }
    }
}

fn tokens_card(cx: &Context, tokens: &[TokenView]) -> Markup {
    let columns: Vec<_> = [&words::TOKEN, &words::ROLE, &words::TEAM, &words::SINCE]
        .map(parts::Column::words)
        .into_iter()
        .chain([parts::Column::button(&words::REVOKE)])
        .collect();
    let line = |token: &TokenView| {
        parts::Line::from(vec![
            html! { bdi { (token.token) } },
            html! { (cx.t(&frame::role(token.role))) },
            html! { @if let Some(team) = &token.team { bdi { (team) } } @else { (cx.t(&words::EVERY_TEAM)) } },
            cx.time(token.issued_at),
            html! { @if token.revoked_at.is_some() { (parts::tag(cx, "rest", &words::REVOKED)) } @else {
                (parts::act(cx, "/privacy/tokens/revoke", &[("token", &token.token)], &html! { button.quiet { (cx.t(&words::REVOKE)) span.hidden-visually { " " (token.token) } } }))
            } },
        ])
    };
    let lines: Vec<_> = tokens.iter().map(line).collect();
    html! {
        section.card aria-labelledby="tokens" {
            h2 #tokens { (cx.t(&words::TOKENS)) }
            (parts::table(cx, &words::TOKENS, parts::Look::Stacks, (&columns, &lines)))
            details { summary { (cx.t(&words::ISSUE)) }
                (parts::form(cx, "/privacy/tokens", &html! {
                    div.fields {
                        (parts::field(cx, "token", &words::TOKEN, None, &html! { input #token name="token" required maxlength="100"; }))
                        (parts::field(cx, "role", &words::ROLE, None, &html! { select #role name="role" { @for role in Role::ALL { option value=(role.as_str()) { (cx.t(&frame::role(role))) } } } }))
                        (parts::field(cx, "team", &words::TEAM, Some(&words::TEAM_HINT), &html! { input #team name="team" maxlength="200"; }))
                        (parts::field(cx, "agent", &words::AGENT, Some(&words::AGENT_HINT), &html! { input #agent name="agent" maxlength="200"; }))
                    }
                    button { (cx.t(&words::ISSUE)) }
                }))
            }
        }
    }
}

/// Issues a token and shows its secret, once.
pub(crate) async fn issue(State(desk): State<Desk>, posted: Posted) -> Outcome {
    let cx = &posted.cx;
    let role = Role::parse(posted.text("role"))
        .ok_or_else(|| {
            AppError::invalid("role", ("choose one of the list", "一覧から選んでください。"))
        })
        .before(cx)?;
    let input = TokenInput {
        token: posted.typed("token"),
        role,
        team: posted.typed_as("team").before(cx)?,
        agent: posted.typed_as("agent").before(cx)?,
    };
    let issued = desk.app.issue_token(&cx.caller, input).await.before(cx)?;
    whole(&desk, cx, Some(&issued), None).await
}

/// Revokes a token.
pub(crate) async fn revoke(State(desk): State<Desk>, posted: Posted) -> Outcome {
    desk.app.revoke_token(&posted.cx.caller, posted.text("token")).await.before(&posted.cx)?;
    Ok(done("/privacy", "revoked"))
}

/// Reads the whole chain.
pub(crate) async fn verify(State(desk): State<Desk>, posted: Posted) -> Outcome {
    let view = desk.app.verify_ledger(&posted.cx.caller).await.before(&posted.cx)?;
    whole(&desk, &posted.cx, None, Some(&view)).await
}

/// Saves everything about a person.
pub(crate) async fn export(State(desk): State<Desk>, posted: Posted) -> Outcome {
    let cx = &posted.cx;
    let client: ClientId = posted.typed_needed("client").before(cx)?;
    let export = desk.app.export_person(&cx.caller, &client).await.before(cx)?;
    let body = serde_json::to_vec_pretty(&export)
        .map_err(|error| AppError::Internal { what: error.to_string() })
        .before(cx)?;
    Ok(download(&format!("person-{client}.json"), "application/json", body))
}

/// Erases a person; the name is typed twice, since this cannot be undone.
pub(crate) async fn erase(State(desk): State<Desk>, posted: Posted) -> Outcome {
    let cx = &posted.cx;
    let client: ClientId = posted.typed_needed("client").before(cx)?;
    if posted.typed("again") != client.as_str() {
        let en = "the two names differ; nothing was erased";
        let ja = "2 つの番号が一致しません。何も消去していません。";
        return Err(Failure::new(cx, AppError::invalid("again", (en, ja))));
    }
    desk.app.erase_person(&cx.caller, &client).await.before(cx)?;
    Ok(done("/privacy", "erased"))
}

/// Which entries are wanted.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Wanted {
    client: Option<String>,
    kind: Option<String>,
    before: Option<String>,
}

/// The ledger as a list, the newest entry first.
pub(crate) async fn audit(
    State(desk): State<Desk>,
    Reader(cx): Reader,
    Query(wanted): Query<Wanted>,
) -> Outcome {
    let some =
        |text: Option<String>| text.map(|text| narrow(&text)).filter(|text| !text.is_empty());
    let (client, kind) = (some(wanted.client), some(wanted.kind));
    let ask = AuditAsk {
        client: client
            .as_deref()
            .map(str::parse)
            .transpose()
            .map_err(AppError::from)
            .before(&cx)?,
        kind: kind.clone(),
        order: AuditOrder::Newest,
        page: PageAsk { cursor: wanted.before, limit: Some(SHOWN) },
    };
    let found = desk.app.audit(&cx.caller, ask).await.before(&cx)?;
    let (client, kind) = (client.unwrap_or_default(), kind.unwrap_or_default());
    let main = html! {
        p.crumb { a href="/privacy" { (cx.t(&words::TITLE)) } }
        (parts::top(&cx, &words::AUDIT, &words::AUDIT_LEAD))
        form.row method="get" action="/privacy/audit" {
            div { label for="a-client" { (cx.t(&words::WHO)) } input #a-client name="client" maxlength="200" value=(client); }
            div { label for="a-kind" { (cx.t(&words::KIND)) } (kinds(&cx, &kind)) }
            button { (cx.t(&words::SHOW)) }
        }
        div.card { (entries(&cx, &found.items)) }
        @if let Some(next) = &found.next { p { a.button href={ "?before=" (escaped(next)) "&client=" (escaped(&client)) "&kind=" (escaped(&kind)) } { (cx.t(&words::MORE)) } } }
    };
    Ok(page(&cx, &words::AUDIT, main))
}

/// Every kind of entry to choose from; one that is not in the list stays as it was asked for.
fn kinds(cx: &Context, wanted: &str) -> Markup {
    let is_known = wanted.is_empty() || KINDS.iter().any(|(id, _)| *id == wanted);
    html! {
        select #a-kind name="kind" {
            option value="" { (cx.t(&words::EVERY_KIND)) }
            @if !is_known { option value=(wanted) selected { (wanted) } }
            @for (id, words) in &KINDS { option value=(id) selected[*id == wanted] { (cx.t(words)) } }
        }
    }
}

fn entries(cx: &Context, rows: &[AuditRow]) -> Markup {
    static NUMBER: Text = say("№", "№");
    let columns: Vec<_> = [parts::Column::number(&NUMBER)]
        .into_iter()
        .chain([&words::SINCE, &words::BY, &words::KIND, &words::WHO].map(parts::Column::words))
        .collect();
    let line = |row: &AuditRow| {
        parts::Line::from(vec![
            html! { (row.seq) },
            cx.time(row.at),
            client_words::actor(cx.lang, &row.actor),
            html! { (cx.t(&kind(&row.kind))) },
            html! { @if let Some(client) = &row.client { bdi { (client) } } @else { "–" } },
        ])
    };
    let lines: Vec<_> = rows.iter().map(line).collect();
    parts::table(cx, &words::AUDIT, parts::Look::Stacks, (&columns, &lines))
}
