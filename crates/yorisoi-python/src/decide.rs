//! What now, for this client? The decision of every other interface, through its own JSON.

use pyo3::prelude::*;
use yorisoi_decision::{DecisionKey, Lang, Policy, Situation, ValidPolicy, explain};

use crate::errors::{Fault, Outcome};
use crate::run::guarded;
use crate::stored::json;

fn read_policy(text: &str) -> Outcome<ValidPolicy> {
    let fault = |error: yorisoi_decision::PolicyError| Fault {
        code: "policy",
        column: Some("policy".to_owned()),
        ..Fault::argument(error.to_string())
    };
    Policy::parse(text).map_err(fault)?.validated().map_err(fault)
}

fn read_situation(text: &str) -> Outcome<Situation> {
    serde_json::from_str(text).map_err(|error| Fault {
        code: "situation",
        column: Some("situation".to_owned()),
        ..Fault::argument(format!("the situation cannot be read: {error}"))
    })
}

fn read_key(bytes: &[u8]) -> Outcome<DecisionKey> {
    let key = <[u8; 32]>::try_from(bytes).map_err(|_| Fault {
        column: Some("key".to_owned()),
        ..Fault::argument(format!("`key` has {} bytes, expected 32", bytes.len()))
    })?;
    Ok(DecisionKey::new(key))
}

/// What was chosen and why, in words of one language.
type Said = (String, String);

/// Returns the decision as JSON, with what was chosen and why in English and in Japanese.
#[pyfunction]
pub(crate) fn decide(policy: &str, situation: &str, key: &[u8]) -> PyResult<(String, Said, Said)> {
    guarded(|| {
        let (policy, situation) = (read_policy(policy)?, read_situation(situation)?);
        let decision = yorisoi_decision::decide(&policy, &situation, &read_key(key)?);
        let say = |lang| {
            let said = explain(&decision, policy.policy(), lang);
            (said.choice, said.reason)
        };
        Ok((json(&decision)?, say(Lang::En), say(Lang::Ja)))
    })
}
