//! Whose name may the caller read beside a number? The same names as on the client's own page.

use yorisoi_decision::ClientId;

use crate::work::{Known, Work};
use crate::{AppError, Right};

/// The name of a client, merges followed: for roles that read people and for the team that looks after them.
/// `None` for everybody else, where no name is known, and after erasure.
pub(crate) fn shown_name(
    work: &mut Work<'_, '_>,
    client: &ClientId,
) -> Result<Option<String>, AppError> {
    if work.caller.may(Right::ReadPeople).is_err() {
        return Ok(None);
    }
    let Known::Client(known) = work.known(client)? else { return Ok(None) };
    if known.facts.erased || work.caller.may_see_team(known.facts.team.as_ref()).is_err() {
        return Ok(None);
    }
    Ok(work.books.personal(&known.facts.client)?.and_then(|personal| personal.name))
}
