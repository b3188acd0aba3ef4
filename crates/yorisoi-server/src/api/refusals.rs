//! By which statuses may an endpoint refuse, and what does each mean?
//!
//! Most follow from what its row says already: whoever needs a token may lack it, whoever sends a body may send
//! a broken one. The rest is what its use case says, and stands in the row.

use std::collections::BTreeMap;

use crate::api::{Access, Body, Endpoint};

/// The statuses of an endpoint's refusals, each with its meaning.
pub(crate) fn of(endpoint: &Endpoint) -> BTreeMap<u16, &'static str> {
    let all = following(endpoint).into_iter().chain(endpoint.refuses.iter().copied());
    all.map(|status| (status, meaning(status))).collect()
}

/// Those that follow from the row.
fn following(endpoint: &Endpoint) -> Vec<u16> {
    let mut all = Vec::new();
    match endpoint.access {
        Access::Open => {}
        Access::Anyone => all.extend([401, 429, 503]),
        Access::With(_) => all.extend([401, 403, 429, 503]),
    }
    match endpoint.body {
        Body::None => {}
        Body::Json(_) => all.extend([400, 413, 415, 422]),
        Body::Raw(_) => all.extend([400, 413, 422]),
    }
    let has_name = endpoint.path.contains('{');
    if has_name || endpoint.query.is_some() || endpoint.keyed {
        all.extend([400, 422]);
    }
    if endpoint.matched {
        all.extend([400, 412]);
    }
    all
}

/// What a status means here, whatever the endpoint.
fn meaning(status: u16) -> &'static str {
    match status {
        400 => "Body, parameter or header cannot be read.",
        401 => "No valid token was given.",
        403 => "The token may not do this, or not for these people.",
        404 => "There is no such thing.",
        409 => "Not possible as things stand; the code says why.",
        410 => "The person was erased at their own wish.",
        412 => "It has changed since it was read.",
        413 => "The body is too large.",
        415 => "The body is of another type than expected.",
        422 => "What was handed in cannot be used; the detail says which part, and what would do.",
        429 => "Too many requests; `Retry-After` says when to come back.",
        503 => {
            "The ledger cannot be used just now, and nothing was recorded; or the answer took too long."
        }
        _ => "Refused.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routes;

    #[test]
    fn every_status_has_a_meaning_and_none_stands_twice() {
        for endpoint in routes::endpoints() {
            let (found, follows) = (of(&endpoint), following(&endpoint));
            assert!(found.values().all(|why| *why != "Refused."), "{}", endpoint.operation);
            for own in endpoint.refuses {
                let name = endpoint.operation;
                assert!(!follows.contains(own), "{name}: {own} follows from the row already");
            }
        }
    }
}
