//! What did the house promise, and how do its promises change?
//!
//! A policy's tag is its fingerprint. With `If-Match`, publishing and rolling back pass only while the
//! policy that the caller has read is still the live one; the use case looks in its own transaction.

use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::Response;
use serde_json::Value;
use yorisoi_app::{LiveMustBe, PlanAsk, PlanView, PolicyInput, PolicyView, Rehearsal, Right};

use crate::api::act::{Act, BareAct};
use crate::api::extract::{By, Named, tags_of};
use crate::api::reply::{Reply, Result};
use crate::api::{Endpoint, get, post};
use crate::house::Shared;

pub(super) fn endpoints() -> Vec<Endpoint> {
    let read =
        |path, operation, summary| get(path, operation).summary(summary).right(Right::ReadPolicy);
    let change = |path, operation, summary| {
        post(path, operation).summary(summary).right(Right::ChangePolicy).keyed()
    };
    vec![
        read("/v1/policies", "policy_history", "Read every version, newest first")
            .answers::<Vec<PolicyView>>(200)
            .refuses(&[409])
            .runs(history),
        change("/v1/policies", "draft_policy", "Check a document and keep it as a draft")
            .takes::<PolicyInput>()
            .answers::<PolicyView>(201)
            .refuses(&[409])
            .runs(draft),
        read("/v1/policies/live", "live_policy", "Read the policy that holds")
            .tagged()
            .answers::<PolicyView>(200)
            .refuses(&[409])
            .runs(live),
        read("/v1/policies/schema", "policy_schema", "Read the JSON schema of the document")
            .answers::<Value>(200)
            .runs(schema),
        change(
            "/v1/policies/plan",
            "plan_prices",
            "Plan for every client within what is left, and draft the live policy with the plan's prices",
        )
        .takes::<PlanAsk>()
        .answers::<PlanView>(201)
        .refuses(&[409])
            .runs(plan),
        change("/v1/policies/rollback", "roll_back_policy", "Go back to the policy before")
            .matched()
            .answers::<PolicyView>(200)
            .refuses(&[409])
            .runs(roll_back),
        read("/v1/policies/{fingerprint}", "policy", "Read one version")
            .tagged()
            .answers::<PolicyView>(200)
            .refuses(&[404])
            .runs(one),
        post("/v1/policies/{fingerprint}/rehearse", "rehearse_policy")
            .summary("Replay the log under a version and value it; nothing changes")
            .right(Right::Rehearse)
            .answers::<Rehearsal>(200)
            .refuses(&[404, 409])
            .runs(rehearse),
        change(
            "/v1/policies/{fingerprint}/publish",
            "publish_policy",
            "Publish a colleague's draft",
        )
        .matched()
        .answers::<PolicyView>(200)
        .refuses(&[404, 409])
            .runs(publish),
    ]
}

fn tag(policy: &PolicyView) -> String {
    format!("\"{}\"", policy.fingerprint)
}

/// Which policies the caller has read, as `If-Match` names them.
fn must_be(headers: &HeaderMap) -> LiveMustBe {
    let tags = tags_of(headers, &header::IF_MATCH);
    if tags.is_empty() || tags.contains(&"*") {
        return LiveMustBe::Any;
    }
    // Comparison for changing is strong: what is no tag of ours is none of what is live.
    let bare = |tag: &&str| tag.strip_prefix('"')?.strip_suffix('"').map(str::to_owned);
    LiveMustBe::OneOf(tags.iter().filter_map(bare).collect())
}

async fn history(State(house): State<Shared>, By(caller): By) -> Result<Reply<Vec<PolicyView>>> {
    Ok(Reply::ok(house.app.policy_history(&caller).await?))
}

async fn draft(By(caller): By, act: Act<PolicyInput>) -> Result<Reply<PolicyView>> {
    Ok(Reply::created(act.app.draft_policy(&caller, act.ask).await?))
}

async fn plan(By(caller): By, act: Act<PlanAsk>) -> Result<Reply<PlanView>> {
    Ok(Reply::created(act.app.plan_prices(&caller, act.ask).await?))
}

async fn live(State(house): State<Shared>, By(caller): By, headers: HeaderMap) -> Result<Response> {
    let policy = house.app.live_policy(&caller).await?;
    let tag = tag(&policy);
    Ok(Reply::ok(policy).tag(&tag).unless_known(&headers))
}

async fn schema(State(house): State<Shared>) -> Reply<Value> {
    Reply::ok(house.app.policy_schema())
}

async fn one(
    State(house): State<Shared>,
    By(caller): By,
    Named(fingerprint): Named<String>,
    headers: HeaderMap,
) -> Result<Response> {
    let policy = house.app.policy(&caller, &fingerprint).await?;
    // The document of a fingerprint never changes, but its state does.
    let tag = format!("\"{}-{}\"", policy.fingerprint, policy.state);
    Ok(Reply::ok(policy).tag(&tag).unless_known(&headers))
}

async fn rehearse(
    State(house): State<Shared>,
    By(caller): By,
    Named(fingerprint): Named<String>,
) -> Result<Reply<Rehearsal>> {
    Ok(Reply::ok(house.app.rehearse_policy(&caller, &fingerprint).await?))
}

async fn publish(
    By(caller): By,
    Named(fingerprint): Named<String>,
    headers: HeaderMap,
    BareAct(app): BareAct,
) -> Result<Reply<PolicyView>> {
    let live = must_be(&headers);
    Ok(Reply::ok(app.publish_policy_if(&caller, &fingerprint, live).await?))
}

async fn roll_back(
    By(caller): By,
    headers: HeaderMap,
    BareAct(app): BareAct,
) -> Result<Reply<PolicyView>> {
    Ok(Reply::ok(app.roll_back_policy_if(&caller, must_be(&headers)).await?))
}
