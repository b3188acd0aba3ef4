//! Who may come in?

use axum::extract::State;
use yorisoi_app::{Caller, IssuedToken, Right, TokenInput, TokenView};

use crate::api::extract::{Asks, By, Named};
use crate::api::reply::{Reply, Result};
use crate::api::{Endpoint, delete, get, post};
use crate::house::Shared;

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        get("/v1/me", "me")
            .summary("Read who the token belongs to, and its role")
            .answers::<Caller>(200)
            .runs(me),
        get("/v1/tokens", "tokens")
            .summary("Read every token, without its secret")
            .right(Right::KeepTokens)
            .answers::<Vec<TokenView>>(200)
            .runs(tokens),
        post("/v1/tokens", "issue_token")
            .summary("Issue a token; its secret is shown this once")
            .right(Right::KeepTokens)
            .takes::<TokenInput>()
            .answers::<IssuedToken>(201)
            .refuses(&[409])
            .runs(issue),
        delete("/v1/tokens/{token}", "revoke_token")
            .summary("Revoke a token and end its sessions")
            .right(Right::KeepTokens)
            .answers::<TokenView>(200)
            .refuses(&[404])
            .runs(revoke),
    ]
}

async fn me(By(caller): By) -> Reply<Caller> {
    Reply::ok(caller)
}

async fn tokens(State(house): State<Shared>, By(caller): By) -> Result<Reply<Vec<TokenView>>> {
    Ok(Reply::ok(house.app.tokens(&caller).await?))
}

/// Not bound to a key: remembering the answer would keep the secret.
async fn issue(
    State(house): State<Shared>,
    By(caller): By,
    Asks(input): Asks<TokenInput>,
) -> Result<Reply<IssuedToken>> {
    Ok(Reply::created(house.app.issue_token(&caller, input).await?))
}

async fn revoke(
    State(house): State<Shared>,
    By(caller): By,
    Named(token): Named<String>,
) -> Result<Reply<TokenView>> {
    Ok(Reply::ok(house.app.revoke_token(&caller, &token).await?))
}
