//! May this document decide? Every range and every reference, checked once.

use std::collections::BTreeSet;

use crate::action::ActionKind;
use crate::policy::{Policy, PolicyError};

/// Returns the first fault.
pub(crate) fn check(policy: &Policy) -> Result<(), PolicyError> {
    let mut seen = BTreeSet::new();
    if let Some(twice) = policy.actions.iter().find(|action| !seen.insert(&action.id)) {
        return Err(PolicyError::DuplicateAction { action: twice.id.clone() });
    }
    if policy.first_of(ActionKind::Hold).is_none() {
        return Err(PolicyError::MissingKind { kind: "hold" });
    }
    Ok(())
}
