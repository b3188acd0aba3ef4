//! Who is on a list of work, who asks, and what holds? Clients and documents as readers know them already, and what they
//! do not know yet.

use std::sync::Arc;

use yorisoi_decision::{ClientFacts, ClientId, HouseholdFacts, HouseholdId};

use super::{Books, ClientQuery, Cursor};
use crate::error::LedgerError;
use crate::familiar::{Familiar, View};
use crate::project::{ClientDoc, HouseholdDoc, PolicyBook, TokenFacts, TokensDoc};
use crate::shelves::{Document, ONLY, fetch};

/// Whom a transaction may take for known.
#[derive(Debug, Clone, Copy)]
pub(super) enum Known<'a> {
    /// Nobody: it may change them, or nobody else sees its memory.
    Nobody,
    /// Those who are kept, once that has come up to the state which is read.
    Some(&'a Familiar),
    /// Those who are kept as of the state which is read.
    As(View<'a>),
}

/// A client on a list.
#[derive(Debug, Clone, PartialEq)]
pub struct KnownClient {
    /// What a decision may look at.
    pub facts: Arc<ClientFacts>,
    /// Worth of the best action, in minor units; `None`: not scored.
    pub worth_minor: Option<f64>,
}

impl KnownClient {
    /// The cursor behind this client of a list.
    pub fn cursor(&self) -> Cursor {
        Cursor {
            client: self.facts.client.clone(),
            worth_minor: self.worth_minor.unwrap_or(f64::MIN),
        }
    }
}

impl<'a> Books<'a> {
    /// A page of clients as [`Books::clients`] lists them, for whoever asks for the same ones again and again: those
    /// who were read before and have stayed the same are not read anew. Of a household, nobody is listed.
    ///
    /// # Errors
    ///
    /// Whatever the store says.
    pub fn known_clients(&mut self, query: &ClientQuery) -> Result<Vec<KnownClient>, LedgerError> {
        let (worths, keys): (Vec<f64>, Vec<String>) = self.places(query)?.into_iter().unzip();
        let facts = self.known(&keys)?;
        let scored = |worth: f64| Some(worth).filter(|worth| *worth > f64::MIN);
        let clients = worths.into_iter().zip(facts).filter_map(|(worth, facts)| {
            Some(KnownClient { facts: facts?, worth_minor: scored(worth) })
        });
        Ok(clients.collect())
    }

    /// [`Books::household`], for whoever asks for the same ones again and again.
    ///
    /// # Errors
    ///
    /// Whatever the store says.
    pub fn known_household(&mut self, id: &HouseholdId) -> Result<HouseholdFacts, LedgerError> {
        let names = |home: &HouseholdDoc| {
            home.members.iter().map(|member| member.as_str().to_owned()).collect::<Vec<_>>()
        };
        let keys = self.said(id.as_str(), names)?.unwrap_or_default();
        let facts = self.known(&keys)?;
        Ok(super::read::together(facts.iter().flatten().map(|facts| &**facts)))
    }

    /// A token of the house; a revoked one, too.
    ///
    /// # Errors
    ///
    /// Whatever the store says.
    pub fn token(&mut self, name: &str) -> Result<Option<TokenFacts>, LedgerError> {
        let token = self.said(ONLY, |doc: &TokensDoc| doc.tokens.get(name).cloned())?;
        Ok(token.flatten())
    }

    /// Fingerprint of the policy that decides now.
    ///
    /// # Errors
    ///
    /// Whatever the store says.
    pub fn live_policy(&mut self) -> Result<Option<String>, LedgerError> {
        let current = self.said(ONLY, |book: &PolicyBook| book.current.clone())?;
        Ok(current.flatten())
    }

    /// What is said in a document that hardly ever changes.
    fn said<D: Document, T>(
        &mut self,
        key: &str,
        say: impl FnOnce(&D) -> T,
    ) -> Result<Option<T>, LedgerError> {
        let Some(view) = self.view()? else { return Ok(self.ground.read::<D>(key)?.map(say)) };
        if let Some(known) = view.document::<D>(key) {
            return Ok(Some(say(&known)));
        }
        let Some(document) = fetch::<D>(self.ground.store, key)? else { return Ok(None) };
        let document = Arc::new(document);
        view.keep_document(key, &document);
        Ok(Some(say(&document)))
    }

    /// The facts of clients, each in its place.
    fn known(&mut self, keys: &[String]) -> Result<Vec<Option<Arc<ClientFacts>>>, LedgerError> {
        let view = self.view()?;
        let mut all = match view {
            Some(view) => view.clients(keys),
            None => vec![None; keys.len()],
        };
        for (key, known) in keys.iter().zip(&mut all).filter(|(_, known)| known.is_none()) {
            let Some(facts) = self.facts_of(key)? else { continue };
            let facts = Arc::new(facts);
            if let Some(view) = view {
                view.keep_client(key, &facts);
            }
            *known = Some(facts);
        }
        Ok(all)
    }

    fn facts_of(&mut self, key: &str) -> Result<Option<ClientFacts>, LedgerError> {
        let Some(doc) = self.ground.read::<ClientDoc>(key)? else { return Ok(None) };
        let mut facts = doc.client.facts.clone();
        let id =
            ClientId::new(key).map_err(|error| LedgerError::Damaged { why: error.to_string() })?;
        if let Some(personal) = self.personal(&id)? {
            facts.attributes = personal.attributes;
        }
        Ok(Some(facts))
    }

    /// What is known as of the state that is read; `None`: nothing may be taken for known.
    fn view(&mut self) -> Result<Option<View<'a>>, LedgerError> {
        if let Known::Some(familiar) = self.known {
            let view = familiar.view(self.ground.store, self.head)?;
            self.known = view.map_or(Known::Nobody, Known::As);
        }
        match self.known {
            Known::As(view) => Ok(Some(view)),
            _ => Ok(None),
        }
    }
}
