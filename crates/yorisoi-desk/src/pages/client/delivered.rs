//! Was it given at another time than now? The form and what it records, also where its decision has ended since.

use axum::extract::{Path, State};
use jiff::{SignedDuration, Timestamp};
use maud::{Markup, html};
use yorisoi_app::{ClientPage, DeliveryInput};
use yorisoi_decision::{ActionId, DecisionId};

use super::{Choices, options};
use crate::Desk;
use crate::answer::{For, Outcome};
use crate::context::Context;
use crate::form::Posted;
use crate::format::instant;
use crate::pages::{back_to, client_of};
use crate::parts::{self, client_path};
use crate::words::client as words;

/// What may have been given: what is still kept, and what has ended without being given.
fn told_of(page: &ClientPage) -> Vec<(&DecisionId, &ActionId, Timestamp)> {
    let kept = page.reservations.iter().map(|it| (&it.decision, &it.action, it.at));
    let ended = page.ended.iter().map(|it| (&it.decision, &it.action, it.decided_at));
    kept.chain(ended).collect()
}

/// Tells that something was given, and when; nothing where there is nothing to tell of.
pub(super) fn delivered_form(cx: &Context, page: &ClientPage, choices: &Choices) -> Markup {
    let path = client_path(&page.client.client);
    let told_of = told_of(page);
    html! {
        @if !told_of.is_empty() {
            (parts::folded(cx, &words::DELIVERED, &parts::form(cx, &format!("{path}/delivered"), &html! {
                p.small.soft { (cx.t(&words::DELIVERED_LEAD)) }
                (parts::field(cx, "delivered-what", &words::DELIVERED_WHAT, None, &html! {
                    select #delivered-what name="decision" required {
                        @for (decision, action, at) in &told_of {
                            option value=(decision) { (instant(*at, cx.now, &cx.zone, cx.lang)) " · " (choices.names.action(cx, action)) }
                        }
                    }
                }))
                (parts::field(cx, "delivered-at", &words::DELIVERED_AT, Some(&words::DELIVERED_AT_HINT), &html! {
                    input #delivered-at type="datetime-local" name="at" required aria-describedby="delivered-at-hint";
                }))
                (parts::field(cx, "delivered-channel", &words::CHANNEL, None,
                    &options(cx, "delivered-channel", "channel", &choices.channels, &words::CHANNEL_AS_DECIDED)))
                button { (cx.t(&words::RECORD)) }
            })))
        }
    }
}

/// Records that it was given, at its own time.
pub(crate) async fn delivered(
    State(desk): State<Desk>,
    Path(client): Path<String>,
    posted: Posted,
) -> Outcome {
    let (cx, client) = (&posted.cx, client_of(&posted.cx, &client)?);
    let decision: DecisionId = posted.needed("decision").before(cx)?;
    let minute = posted.minute("at").before(cx)?;
    let decided_at = desk.app.decision(&cx.caller, &decision).await.before(cx)?.decision.at;
    let channel = posted.parsed("channel").before(cx)?;
    let at = Some(within(minute, decided_at));
    let input = DeliveryInput { decision, channel, at };
    desk.app.record_delivery(&cx.caller, input).await.before(cx)?;
    Ok(back_to(&client, "recorded"))
}

/// A field holds whole minutes: the minute in which it was decided begins with the decision.
fn within(minute: Timestamp, decided_at: Timestamp) -> Timestamp {
    let is_same =
        minute < decided_at && decided_at.duration_since(minute) < SignedDuration::from_mins(1);
    if is_same { decided_at } else { minute }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_minute_of_the_decision_begins_with_it_and_no_other_minute_is_moved() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let decided = at("2026-11-23T05:10:40Z");
        assert_eq!(within(at("2026-11-23T05:10:00Z"), decided), decided);
        for other in ["2026-11-23T05:09:00Z", "2026-11-23T05:09:40Z", "2026-11-23T05:11:00Z"] {
            assert_eq!(within(at(other), decided), at(other));
        }
    }
}
