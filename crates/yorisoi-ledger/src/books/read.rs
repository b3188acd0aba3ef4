//! What is known now? The projections, as typed answers.

use jiff::Timestamp;
use yorisoi_decision::{
    ActionFacts, Channel, ClientFacts, ClientId, DecisionId, HouseholdFacts, HouseholdId, Policy,
    Reservation, Topic,
};

use super::Books;
use crate::entry::{Body, Personal};
use crate::error::LedgerError;
use crate::project::{
    ActionsDoc, AliasDoc, Client, ClientDoc, DUE, Decided, DecisionDoc, EVERYBODY, EXIT_OPEN, Exit,
    ExitDoc, HAND_ON_OPEN, HandOn, HouseholdDoc, ModelFacts, ModelsDoc, PolicyBook, PolicyDoc,
    ProofDoc, ProofUnit, TokenFacts, TokensDoc, channel_group, name_hashes, open_person,
    topic_group,
};
use crate::shelves::{Document, ONLY};
use crate::store::{Listing, Page};

/// A place in a list, written `rank.key`: the page after it begins behind it, whatever came or went in between.
#[derive(Debug, Clone, PartialEq)]
pub struct ListPlace {
    rank: f64,
    key: String,
}

impl std::fmt::Display for ListPlace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:016x}.{}", self.rank.to_bits(), self.key)
    }
}

impl ListPlace {
    /// Reads a place back; `None` if the text is none.
    pub fn parse(text: &str) -> Option<Self> {
        let (rank, key) = text.split_once('.')?;
        let rank = f64::from_bits(u64::from_str_radix(rank, 16).ok()?);
        let is_sound = !rank.is_nan() && !key.contains('\0');
        is_sound.then(|| Self { rank, key: key.to_owned() })
    }
}

/// Whose a further name is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolved {
    /// This client's, after all merges.
    Client(ClientId),
    /// Somebody's who was erased: they stay suppressed.
    Tombstone,
    /// Nobody's.
    Unknown,
}

impl Books<'_> {
    /// A client, by the name of the very record: a merged one says into which.
    ///
    /// # Errors
    ///
    /// Whatever the store says.
    pub fn client(&mut self, id: &ClientId) -> Result<Option<Client>, LedgerError> {
        let Some(doc) = self.ground.read::<ClientDoc>(id.as_str())? else { return Ok(None) };
        let mut client = doc.client.clone();
        if let Some(personal) = self.personal(id)? {
            client.facts.attributes = personal.attributes;
        }
        Ok(Some(client))
    }

    /// The record in which a client is kept now, after all merges: the client's own if there were none.
    ///
    /// # Errors
    ///
    /// Whatever the store says.
    pub fn record_of(&mut self, id: &ClientId) -> Result<ClientId, LedgerError> {
        self.ground.follow(id)
    }

    /// What counts for a household together: contacts and open reservations of all its members, oldest first.
    ///
    /// # Errors
    ///
    /// Whatever the store says.
    pub fn household(&mut self, id: &HouseholdId) -> Result<HouseholdFacts, LedgerError> {
        let mut facts = HouseholdFacts::default();
        for member in self.members(id)? {
            if let Some(doc) = self.ground.read::<ClientDoc>(member.as_str())? {
                add_member(&mut facts, &doc.client.facts);
            }
        }
        Ok(in_order(facts))
    }

    /// The members of a household, by name.
    ///
    /// # Errors
    ///
    /// Whatever the store says.
    pub fn members(&mut self, id: &HouseholdId) -> Result<Vec<ClientId>, LedgerError> {
        let doc = self.ground.read::<HouseholdDoc>(id.as_str())?;
        Ok(doc.map(|doc| doc.members.iter().cloned().collect()).unwrap_or_default())
    }

    /// What has been learned of the actions, by the outcome that was heard of most often.
    ///
    /// # Errors
    ///
    /// Whatever the store says.
    pub fn actions(&mut self) -> Result<ActionFacts, LedgerError> {
        let doc = self.ground.read::<ActionsDoc>(ONLY)?;
        let outcome = doc.and_then(|doc| doc.main_outcome().map(str::to_owned));
        self.actions_by(outcome.as_deref().unwrap_or_default())
    }

    /// What has been learned of the actions, by one outcome.
    ///
    /// # Errors
    ///
    /// Whatever the store says.
    pub fn actions_by(&mut self, outcome: &str) -> Result<ActionFacts, LedgerError> {
        let Some(doc) = self.ground.read::<ActionsDoc>(ONLY)? else {
            return Ok(ActionFacts::default());
        };
        let learned = doc.learned.get(outcome).cloned().unwrap_or_default();
        Ok(ActionFacts {
            landings: doc.landings.clone(),
            learned: learned.by_action,
            learned_hold: learned.hold,
        })
    }

    /// Whether anybody's refusal of the topic stands, in whatever spelling.
    ///
    /// # Errors
    ///
    /// Whatever the store says.
    pub fn is_topic_refused(&mut self, topic: &Topic) -> Result<bool, LedgerError> {
        self.is_anybody_in(&topic_group(topic))
    }

    /// Whether anybody's refusal of the channel stands, by whatever usual name.
    ///
    /// # Errors
    ///
    /// Whatever the store says.
    pub fn is_channel_refused(&mut self, channel: &Channel) -> Result<bool, LedgerError> {
        self.is_anybody_in(&channel_group(channel))
    }

    fn is_anybody_in(&mut self, group: &str) -> Result<bool, LedgerError> {
        Ok(!self.page::<ClientDoc>(group, Listing::Smallest, None, 1)?.is_empty())
    }

    /// Whose a further name is. Addresses of persons who were erased are known too.
    ///
    /// # Errors
    ///
    /// Whatever the store says.
    pub fn resolve(&mut self, alias: &str) -> Result<Resolved, LedgerError> {
        let hashes = name_hashes(&self.ground.keys(), alias);
        for hash in hashes {
            match self.ground.read::<AliasDoc>(&hash)?.map(|doc| doc.client.clone()) {
                None => {}
                Some(None) => return Ok(Resolved::Tombstone),
                Some(Some(client)) => return self.ground.follow(&client).map(Resolved::Client),
            }
        }
        Ok(Resolved::Unknown)
    }

    /// What is personal of a client as of now; `None` if nothing is known, or the person was erased.
    ///
    /// # Errors
    ///
    /// Whatever the store says.
    pub fn personal(&mut self, id: &ClientId) -> Result<Option<Personal>, LedgerError> {
        open_person(&mut self.ground, id)
    }

    /// A decision and what became of it.
    ///
    /// # Errors
    ///
    /// Whatever the store says.
    pub fn decision(&mut self, id: &DecisionId) -> Result<Option<Decided>, LedgerError> {
        let known = self.ground.read::<DecisionDoc>(id.as_str())?.filter(|doc| doc.seq > 0);
        let Some(doc) = known.cloned() else { return Ok(None) };
        match self.entry(doc.seq)?.map(|entry| entry.body) {
            Some(Body::Decided { decision, .. }) => Ok(Some(Decided {
                decision: *decision,
                seq: doc.seq,
                agent: doc.agent,
                keeps: doc.keeps,
                state: doc.state,
                landing: doc.landing,
                released: doc.released,
                reservation: doc.reservation,
                ended: doc.ended,
                offers: doc.offers,
            })),
            _ => Err(LedgerError::Damaged { why: format!("entry {} is no decision", doc.seq) }),
        }
    }

    /// Reservations whose time has run out, the oldest first.
    ///
    /// # Errors
    ///
    /// Whatever the store says.
    pub fn due_reservations(
        &mut self,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<(ClientId, Reservation)>, LedgerError> {
        let mut due = Vec::new();
        for (until, key) in self.page::<DecisionDoc>(DUE, Listing::Smallest, None, limit)? {
            if until > now.as_microsecond() as f64 {
                break;
            }
            let doc = self.ground.read::<DecisionDoc>(&key)?;
            let both = doc.and_then(|doc| doc.client.clone().zip(doc.reservation.clone()));
            if let Some((client, reservation)) = both {
                due.push((self.ground.follow(&client)?, reservation));
            }
        }
        Ok(due)
    }

    /// Ways out that are not at their end, the longest first, after one place; each with its own.
    ///
    /// # Errors
    ///
    /// Whatever the store says.
    pub fn open_exits(
        &mut self,
        after: Option<&ListPlace>,
        limit: usize,
    ) -> Result<Vec<(ListPlace, Exit)>, LedgerError> {
        self.placed::<ExitDoc, _>(EXIT_OPEN, after, limit, |doc| doc.exit.clone())
    }

    /// All ways out, by the entry in which they began, after one of them.
    ///
    /// # Errors
    ///
    /// Whatever the store says.
    pub fn exits(&mut self, after: u64, limit: usize) -> Result<Vec<Exit>, LedgerError> {
        let after = Some((0.0, format!("{after:020}")));
        let keys = self.page::<ExitDoc>(EVERYBODY, Listing::Key, after, limit)?;
        self.docs::<ExitDoc, _>(&keys, |doc| Some(doc.exit.clone()))
    }

    /// A hand-on.
    ///
    /// # Errors
    ///
    /// Whatever the store says.
    pub fn hand_on(&mut self, id: &str) -> Result<Option<HandOn>, LedgerError> {
        let known = self.ground.read::<HandOn>(id)?.filter(|it| it.action.is_some());
        Ok(known.cloned())
    }

    /// Hand-ons that look for somebody, those that lose their worth first in front, after one place; each with its
    /// own.
    ///
    /// # Errors
    ///
    /// Whatever the store says.
    pub fn open_hand_ons(
        &mut self,
        after: Option<&ListPlace>,
        limit: usize,
    ) -> Result<Vec<(ListPlace, HandOn)>, LedgerError> {
        self.placed::<HandOn, _>(HAND_ON_OPEN, after, limit, Clone::clone)
    }

    /// All hand-ons, the newest first.
    ///
    /// # Errors
    ///
    /// Whatever the store says.
    pub fn hand_ons(&mut self, limit: usize) -> Result<Vec<HandOn>, LedgerError> {
        let keys = self.page::<HandOn>(EVERYBODY, Listing::Largest, None, limit)?;
        self.docs::<HandOn, _>(&keys, |it| Some(it.clone()))
    }

    /// The policies of the house: drafts, history, and which decides.
    ///
    /// # Errors
    ///
    /// Whatever the store says.
    pub fn policies(&mut self) -> Result<PolicyBook, LedgerError> {
        Ok(self.ground.read::<PolicyBook>(ONLY)?.cloned().unwrap_or_default())
    }

    /// The document of a policy, by fingerprint.
    ///
    /// # Errors
    ///
    /// Whatever the store says.
    pub fn policy(&mut self, fingerprint: &str) -> Result<Option<Policy>, LedgerError> {
        Ok(self.ground.read::<PolicyDoc>(fingerprint)?.and_then(|doc| doc.policy.clone()))
    }

    /// The models of the house, in the order in which they came.
    ///
    /// # Errors
    ///
    /// Whatever the store says.
    pub fn models(&mut self) -> Result<Vec<ModelFacts>, LedgerError> {
        let doc = self.ground.read::<ModelsDoc>(ONLY)?;
        Ok(doc.map(|doc| doc.models.clone()).unwrap_or_default())
    }

    /// The tokens of the house, by name, revoked ones included.
    ///
    /// # Errors
    ///
    /// Whatever the store says.
    pub fn tokens(&mut self) -> Result<Vec<TokenFacts>, LedgerError> {
        let doc = self.ground.read::<TokensDoc>(ONLY)?;
        Ok(doc.map(|doc| doc.tokens.values().cloned().collect()).unwrap_or_default())
    }

    /// Units of the experiment in the order in which they came, after the one that began with the entry `after`.
    ///
    /// # Errors
    ///
    /// Whatever the store says.
    pub fn proof_units(&mut self, after: u64, limit: usize) -> Result<Vec<ProofUnit>, LedgerError> {
        // No key lies behind the largest character, so that the page begins with the next entry.
        let after = Some((after as f64, "\u{10FFFF}".to_owned()));
        let keys = self.page::<ProofDoc>(EVERYBODY, Listing::Smallest, after, limit)?;
        self.docs::<ProofDoc, _>(&keys, |doc| doc.unit.clone())
    }

    fn placed<D: Document, T>(
        &mut self,
        group: &str,
        after: Option<&ListPlace>,
        limit: usize,
        take: impl Fn(&D) -> T,
    ) -> Result<Vec<(ListPlace, T)>, LedgerError> {
        let after = after.map(|place| (place.rank, place.key.clone()));
        let mut found = Vec::new();
        for (rank, key) in self.page::<D>(group, Listing::Smallest, after, limit)? {
            if let Some(doc) = self.ground.read::<D>(&key)? {
                let it = take(doc);
                found.push((ListPlace { rank, key }, it));
            }
        }
        Ok(found)
    }

    fn page<D: Document>(
        &mut self,
        group: &str,
        by: Listing,
        after: Option<(f64, String)>,
        limit: usize,
    ) -> Result<Vec<(f64, String)>, LedgerError> {
        self.ground.shelves.flush(self.ground.store)?;
        self.ground.store.ranked(&Page { shelf: D::SHELF, group, by, after, limit })
    }

    fn docs<D: Document, T>(
        &mut self,
        keys: &[(f64, String)],
        take: impl Fn(&D) -> Option<T>,
    ) -> Result<Vec<T>, LedgerError> {
        let mut found = Vec::with_capacity(keys.len());
        for (_, key) in keys {
            found.extend(self.ground.read::<D>(key)?.and_then(&take));
        }
        Ok(found)
    }
}

/// What counts for members together, oldest first.
pub(super) fn together<'m>(members: impl Iterator<Item = &'m ClientFacts>) -> HouseholdFacts {
    let mut facts = HouseholdFacts::default();
    members.for_each(|member| add_member(&mut facts, member));
    in_order(facts)
}

fn add_member(facts: &mut HouseholdFacts, member: &ClientFacts) {
    facts.contacts.extend(member.contacts.iter().cloned());
    facts.reservations.extend(member.reservations.iter().cloned());
}

fn in_order(mut facts: HouseholdFacts) -> HouseholdFacts {
    facts.contacts.sort_by_key(|contact| contact.at);
    facts.reservations.sort_by_key(|reservation| reservation.at);
    facts
}
