//! Which clients? Lists of them, by page.

use serde::{Deserialize, Serialize};
use yorisoi_decision::{AgentId, ClientId, HouseholdId, TeamId};

use super::Books;
use crate::error::LedgerError;
use crate::project::{Client, ClientDoc, EVERYBODY, agent_group, team_group};
use crate::shelves::Document;
use crate::store::{Listing, Page};

/// Whose clients are listed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whose {
    /// The house's.
    #[default]
    Everybody,
    /// One team's.
    Team(TeamId),
    /// One agent's.
    Agent(AgentId),
    /// One household's.
    Household(HouseholdId),
}

/// The order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// By worth of the best action, largest first; clients without a score come last, equal ones by name.
    #[default]
    Worth,
    /// By name.
    Id,
}

/// Where the next page begins: after this client.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cursor {
    /// The last client of the page before.
    pub client: ClientId,
    /// Their place in the order; ignored in the order of names.
    pub worth_minor: f64,
}

/// A page of a list of clients. Merged and erased records are in none.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ClientQuery {
    /// Whose clients.
    pub whose: Whose,
    /// In which order.
    pub order: Order,
    /// After whom.
    pub after: Option<Cursor>,
    /// How many at most.
    pub limit: usize,
}

impl Cursor {
    /// The cursor behind a client of a list.
    pub fn after(client: &Client) -> Self {
        Self {
            client: client.facts.client.clone(),
            worth_minor: client.desk.worth_minor.unwrap_or(f64::MIN),
        }
    }
}

impl Books<'_> {
    /// A page of clients.
    ///
    /// # Errors
    ///
    /// Whatever the store says.
    pub fn clients(&mut self, query: &ClientQuery) -> Result<Vec<Client>, LedgerError> {
        if let Whose::Household(household) = &query.whose {
            return self.clients_of(household, query);
        }
        let mut clients = Vec::with_capacity(query.limit.min(1_000));
        for (_, key) in self.places(query)? {
            let id = ClientId::new(key)
                .map_err(|error| LedgerError::Damaged { why: error.to_string() })?;
            clients.extend(self.client(&id)?);
        }
        Ok(clients)
    }

    /// Worth and name of a page of clients; none of a household's.
    pub(crate) fn places(
        &mut self,
        query: &ClientQuery,
    ) -> Result<Vec<(f64, String)>, LedgerError> {
        // What this transaction has changed must be found in the order as well.
        self.ground.shelves.flush(self.ground.store)?;
        let group = match &query.whose {
            Whose::Everybody => EVERYBODY.to_owned(),
            Whose::Team(team) => team_group(team.as_str()),
            Whose::Agent(agent) => agent_group(agent.as_str()),
            Whose::Household(_) => return Ok(Vec::new()),
        };
        let page = Page {
            shelf: ClientDoc::SHELF,
            group: &group,
            by: match query.order {
                Order::Worth => Listing::Largest,
                Order::Id => Listing::Key,
            },
            after: query.after.as_ref().map(|it| (it.worth_minor, it.client.as_str().to_owned())),
            limit: query.limit,
        };
        self.ground.store.ranked(&page)
    }

    /// The members of a household are few: they are put in order here.
    fn clients_of(
        &mut self,
        household: &HouseholdId,
        query: &ClientQuery,
    ) -> Result<Vec<Client>, LedgerError> {
        let mut clients = Vec::new();
        for id in self.members(household)? {
            clients.extend(self.client(&id)?);
        }
        let worth = |client: &Client| client.desk.worth_minor.unwrap_or(f64::MIN);
        if query.order == Order::Worth {
            clients.sort_by(|a, b| worth(b).total_cmp(&worth(a)));
        }
        if let Some(after) = &query.after {
            let at = clients.iter().position(|client| client.facts.client == after.client);
            clients.drain(..at.map_or(0, |at| at + 1));
        }
        clients.truncate(query.limit);
        Ok(clients)
    }
}
