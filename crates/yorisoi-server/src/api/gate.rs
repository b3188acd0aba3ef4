//! May this request come in? Token, rate and right, before a byte of its body is read.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use yorisoi_app::{AppError, Caller};

use crate::api::extract::LookedUp;
use crate::api::{Access, Away};
use crate::house::{House, Shared};
use crate::problem::Problem;

/// What stands before one endpoint.
#[derive(Clone)]
pub(crate) struct Gate {
    pub(crate) house: Shared,
    pub(crate) operation: &'static str,
    pub(crate) access: Access,
    pub(crate) away: Away,
}

/// The name of the endpoint that answered, for log and metrics.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Operation(pub(crate) &'static str);

/// Who asked, for the log: role and token name. A token's name is chosen by the house, not by a client.
#[derive(Debug, Clone)]
pub(crate) struct Asked(pub(crate) Caller);

/// Lets a request pass to its handler, or refuses it.
pub(crate) async fn pass(State(gate): State<Gate>, mut request: Request, next: Next) -> Response {
    let admitted = admit(&gate, &mut request).await;
    let mut response = match &admitted {
        Ok(_) => next.run(request).await,
        Err(problem) => axum::response::IntoResponse::into_response(problem.clone()),
    };
    response.extensions_mut().insert(Operation(gate.operation));
    if let Ok(Some(caller)) = admitted {
        response.extensions_mut().insert(Asked(caller));
    }
    response
}

async fn admit(gate: &Gate, request: &mut Request) -> Result<Option<Caller>, Problem> {
    if gate.access == Access::Open {
        return Ok(None);
    }
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
    let (caller, looked_up) = authenticated(gate, request.headers(), peer).await?;
    gate.house.tokens.take(&caller.token, gate.house.elapsed()).map_err(too_often)?;
    if let Access::With(right) = gate.access {
        caller.may(right)?;
    }
    request.extensions_mut().insert(caller.clone());
    request.extensions_mut().insert(looked_up);
    Ok(Some(caller))
}

/// The caller behind the bearer token. Wrong tokens draw on their address's own small bucket, so that
/// guessing is slow and costs valid callers nothing. While the ledger is away nobody can be looked up: who was
/// known a while ago is let in where nothing is done then.
async fn authenticated(
    gate: &Gate,
    headers: &HeaderMap,
    peer: Option<IpAddr>,
) -> Result<(Caller, LookedUp), Problem> {
    let house: &House = &gate.house;
    let refused = |problem: Problem| {
        let who = peer.map_or_else(|| "unknown".to_owned(), |ip| ip.to_string());
        match house.strangers.take(&who, house.elapsed()) {
            Ok(()) => problem,
            Err(seconds) => too_often(seconds),
        }
    };
    let Some(secret) = bearer(headers) else {
        return Err(refused(AppError::Unauthenticated.into()));
    };
    match house.app.authenticate(secret).await {
        Ok(caller) => Ok((caller, LookedUp::Now)),
        Err(AppError::Unauthenticated) => Err(refused(AppError::Unauthenticated.into())),
        Err(error @ AppError::Unavailable { .. }) if gate.away == Away::Hold => {
            let known = house.app.last_known(secret);
            known.map(|caller| (caller, LookedUp::Before)).ok_or_else(|| error.into())
        }
        Err(error) => Err(error.into()),
    }
}

/// The secret of `Authorization: Bearer …`.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, secret) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| secret.trim())
}

fn too_often(seconds: u64) -> Problem {
    let words = (
        "too many requests; come back later",
        "リクエストが多すぎます。少し待ってからお試しください",
    );
    Problem::new(StatusCode::TOO_MANY_REQUESTS, "request.rate", words)
        .detail(format!("wait {seconds} s, or ask the operator to raise `requests_per_second`"))
        .retry_after_s(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_bearer_tokens_are_read() {
        let read = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::AUTHORIZATION, value.parse().unwrap());
            bearer(&headers).map(str::to_owned)
        };
        assert_eq!(read("Bearer abc").as_deref(), Some("abc"));
        assert_eq!(read("bearer  abc ").as_deref(), Some("abc"));
        assert_eq!(read("Basic abc"), None);
        assert_eq!(read("abc"), None);
    }
}
