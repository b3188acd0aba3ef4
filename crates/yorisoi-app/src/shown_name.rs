//! Whom, and whose name, may the caller read beside a number? The same people as have a page for them.

use yorisoi_decision::ClientId;

use crate::work::{Known, Work};
use crate::{AppError, Right};

/// The name of a client, merges followed: for roles that read people and for the team that looks after them.
/// `None` for everybody else, where no name is known, and after erasure.
pub(crate) fn shown_name(
    work: &mut Work<'_, '_>,
    client: &ClientId,
) -> Result<Option<String>, AppError> {
    let Some(client) = shown_client(work, client)? else { return Ok(None) };
    Ok(work.books.personal(&client)?.and_then(|personal| personal.name))
}

/// The record of a client, merges followed, for those who may see their name.
pub(crate) fn shown_client(
    work: &mut Work<'_, '_>,
    client: &ClientId,
) -> Result<Option<ClientId>, AppError> {
    if work.caller.may(Right::ReadPeople).is_err() {
        return Ok(None);
    }
    let Known::Client(known) = work.known(client)? else { return Ok(None) };
    if known.facts.erased || work.caller.may_see_team(known.facts.team.as_ref()).is_err() {
        return Ok(None);
    }
    Ok(Some(known.facts.client))
}
