//! Whom do we know by that name, or in that team?

use yorisoi_decision::ClientId;
use yorisoi_ledger::{Client, ClientQuery, Cursor, Order, Whose};

use crate::client_view::{ClientView, view_of};
use crate::keep_client::ClientFind;
use crate::typed::narrow;
use crate::work::{Known, Work};
use crate::{AppError, Page};

/// Records read at most for one search by part of a name. Names are sealed, each with a key of its own, so
/// that they can only be searched by opening them.
const SEARCH_MAX: usize = 5_000;

/// Finds clients the caller may see.
pub(crate) fn find_clients(
    work: &mut Work<'_, '_>,
    find: &ClientFind,
) -> Result<Page<ClientView>, AppError> {
    let text = find.text.as_deref().map(str::trim).filter(|text| !text.is_empty());
    for name in text.iter().flat_map(|text| [(*text).to_owned(), narrow(text)]) {
        if let Ok(name) = ClientId::new(name)
            && let Known::Client(client) = work.known(&name)?
            && is_wanted(work, find, &client)
        {
            let only = view_of(work, &client)?;
            return Ok(Page { items: vec![only], next: None });
        }
    }
    let size = find.page.size();
    let mut after = find.page.cursor.clone();
    let (mut items, mut read) = (Vec::new(), 0);
    while read < SEARCH_MAX {
        let clients = page_of(work, find, after.take(), size)?;
        read += clients.len();
        let is_last = clients.len() < size;
        for client in clients {
            let id = client.facts.client.to_string();
            if is_wanted(work, find, &client) {
                let view = view_of(work, &client)?;
                if text.is_none_or(|text| is_called(&view, text)) {
                    items.push(view);
                }
            }
            if items.len() == size {
                return Ok(Page { items, next: Some(id) });
            }
            after = Some(id);
        }
        if is_last {
            return Ok(Page { items, next: None });
        }
    }
    Ok(Page { items, next: after })
}

/// One page of clients, by name of the record.
fn page_of(
    work: &mut Work<'_, '_>,
    find: &ClientFind,
    after: Option<String>,
    limit: usize,
) -> Result<Vec<Client>, AppError> {
    let team = find.team.as_ref().or(work.caller.team.as_ref());
    let whose = match (&find.household, &find.agent, team) {
        (Some(household), _, _) => Whose::Household(household.clone()),
        (None, Some(agent), _) => Whose::Agent(agent.clone()),
        (None, None, Some(team)) => Whose::Team(team.clone()),
        (None, None, None) => Whose::Everybody,
    };
    let after = match after {
        Some(id) => Some(Cursor { client: ClientId::new(id)?, worth_minor: 0.0 }),
        None => None,
    };
    Ok(work.books.clients(&ClientQuery { whose, order: Order::Id, after, limit })?)
}

/// Whether the caller may see a client and asked for one like that.
fn is_wanted(work: &Work<'_, '_>, find: &ClientFind, client: &Client) -> bool {
    let facts = &client.facts;
    !facts.erased
        && facts.merged_into.is_none()
        && work.caller.may_see_team(facts.team.as_ref()).is_ok()
        && find.team.as_ref().is_none_or(|team| facts.team.as_ref() == Some(team))
        && find.agent.as_ref().is_none_or(|agent| facts.agent.as_ref() == Some(agent))
        && find.household.as_ref().is_none_or(|it| facts.household.as_ref() == Some(it))
}

fn is_called(view: &ClientView, text: &str) -> bool {
    let plain = |text: &str| narrow(text).to_lowercase();
    let text = plain(text);
    let is_in = |name: &str| plain(name).contains(&text);
    view.name.as_deref().is_some_and(is_in) || is_in(view.client.as_str())
}
