//! What does an entry about the house itself change?

use super::Ground;
use super::capacity::StockDoc;
use super::house::{
    ModelsDoc, PolicyBook, PolicyDoc, PolicyDraft, PolicyRelease, TokenFacts, TokensDoc,
};
use crate::entry::{Body, Entry};
use crate::error::LedgerError;
use crate::shelves::ONLY;

/// Folds the entries about supply, policies, models and tokens.
pub(crate) fn fold(ground: &mut Ground<'_>, entry: &Entry) -> Result<(), LedgerError> {
    match &entry.body {
        Body::SupplyChanged { action, by } => {
            ground.edit::<StockDoc>(ONLY)?.supply(action, *by);
        }
        Body::PolicyDrafted { .. }
        | Body::PolicyPublished { .. }
        | Body::PolicyRolledBack { .. } => policy(ground, entry)?,
        Body::ModelRegistered { card } => {
            ground.edit::<ModelsDoc>(ONLY)?.register(card, &entry.actor, entry.at);
        }
        Body::ModelPromoted { model } => {
            ground.edit::<ModelsDoc>(ONLY)?.promote(model, entry.at);
        }
        Body::TokenIssued { token, role, team, agent } => {
            let facts = TokenFacts {
                token: token.clone(),
                role: role.clone(),
                team: team.clone(),
                agent: agent.clone(),
                issued_at: entry.at,
                issued_by: entry.actor.clone(),
                revoked_at: None,
            };
            ground.edit::<TokensDoc>(ONLY)?.tokens.insert(token.clone(), facts);
        }
        Body::TokenRevoked { token } => {
            if let Some(known) = ground.edit::<TokensDoc>(ONLY)?.tokens.get_mut(token) {
                known.revoked_at.get_or_insert(entry.at);
            }
        }
        _ => {}
    }
    Ok(())
}

fn policy(ground: &mut Ground<'_>, entry: &Entry) -> Result<(), LedgerError> {
    let release = |fingerprint: &str, rolled_back| PolicyRelease {
        fingerprint: fingerprint.to_owned(),
        by: entry.actor.clone(),
        rolled_back,
        at: entry.at,
        seq: entry.seq,
    };
    match &entry.body {
        Body::PolicyDrafted { policy, fingerprint, why } => {
            ground.edit::<PolicyDoc>(fingerprint)?.policy = Some((**policy).clone());
            ground.edit::<PolicyBook>(ONLY)?.drafts.push(PolicyDraft {
                fingerprint: fingerprint.clone(),
                name: policy.name.clone(),
                by: entry.actor.clone(),
                why: why.clone(),
                at: entry.at,
                seq: entry.seq,
            });
        }
        Body::PolicyPublished { fingerprint, .. } => {
            ground.edit::<PolicyBook>(ONLY)?.release(release(fingerprint, false));
        }
        Body::PolicyRolledBack { fingerprint } => {
            ground.edit::<PolicyBook>(ONLY)?.release(release(fingerprint, true));
        }
        _ => {}
    }
    Ok(())
}
