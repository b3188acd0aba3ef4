//! Who is who? Names, households, merges and erasures.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use yorisoi_decision::{ClientFacts, ClientId, ExitState, HouseholdId, composed};

use super::client::{ClientDesk, ClientDoc, empty_facts};
use super::{Ground, consent, contact, leaving};
use crate::entry::{Entry, Personal};
use crate::error::LedgerError;
use crate::hex;
use crate::keys::KeyStore;
use crate::shelves::Document;
use crate::vault;

/// Whose a further name is.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct AliasDoc {
    /// `None`: somebody's who was erased.
    pub(crate) client: Option<ClientId>,
}

impl Document for AliasDoc {
    // Not a projection: of somebody who was erased, this is all there is.
    const SHELF: &'static str = "a:alias";
}

/// The members of a household.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct HouseholdDoc {
    pub(crate) members: BTreeSet<ClientId>,
}

impl Document for HouseholdDoc {
    const SHELF: &'static str = "p:household";
}

/// What is personal of a client as of now, sealed, in hexadecimal.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct PersonDoc {
    pub(crate) sealed: Option<String>,
}

impl Document for PersonDoc {
    const SHELF: &'static str = "p:person";
}

/// The keyed hashes by which a name is found again: it cannot be found from them. The first is of the name as
/// [`canonical`] writes it, a second of the name as it was said, where that is another.
pub(crate) fn name_hashes(keys: &KeyStore, name: &str) -> Vec<String> {
    let secret = keys.secret("alias");
    let hash = |name: &str| blake3::keyed_hash(&secret, name.as_bytes()).to_hex().to_string();
    let (canonical, said) = (canonical(name), name.trim());
    let mut hashes = vec![hash(&canonical)];
    if canonical != said {
        hashes.push(hash(said));
    }
    hashes
}

/// Whether two names or addresses are one, but for their spelling.
///
/// # Example
///
/// ```
/// # use yorisoi_ledger::same_address;
/// assert!(same_address("090-1234-5678", "+81 90 1234 5678"));
/// assert!(!same_address("hanako@example.com", "taro@example.com"));
/// ```
pub fn same_address(a: &str, b: &str) -> bool {
    canonical(a) == canonical(b)
}

/// Digits of a telephone number at least: what is shorter is a number of another kind.
const PHONE_DIGITS_MIN: usize = 9;

/// Returns a name or an address as one of its spellings: composed letters, a mail address in small letters, a
/// telephone number as its digits, one of Japan without the country's number.
fn canonical(name: &str) -> String {
    let name = composed(name);
    if name.contains('@') {
        return name.to_lowercase();
    }
    phone(&name).unwrap_or_else(|| name.into_owned())
}

/// A telephone number as its digits; `None` if it is none.
fn phone(name: &str) -> Option<String> {
    let is_mark = |c: char| matches!(c, '+' | '-' | '(' | ')' | ' ' | '.' | '‐' | '–' | '−' | 'ー');
    if !name.chars().all(|c| c.is_ascii_digit() || is_mark(c)) {
        return None;
    }
    let digits: String = name.chars().filter(char::is_ascii_digit).collect();
    if digits.len() < PHONE_DIGITS_MIN {
        return None;
    }
    let abroad =
        if name.starts_with('+') { Some(digits.as_str()) } else { digits.strip_prefix("00") };
    match abroad {
        Some(abroad) => Some(match abroad.strip_prefix("81") {
            Some(rest) => format!("0{}", rest.strip_prefix('0').unwrap_or(rest)),
            None => format!("+{abroad}"),
        }),
        None => digits.starts_with('0').then_some(digits),
    }
}

/// Opens what is personal of a client as of now.
pub(crate) fn open_person(
    ground: &mut Ground<'_>,
    id: &ClientId,
) -> Result<Option<Personal>, LedgerError> {
    let Some(sealed) = ground.read::<PersonDoc>(id.as_str())?.and_then(|doc| doc.sealed.clone())
    else {
        return Ok(None);
    };
    let Some(key) = ground.keys().key(id)? else { return Ok(None) };
    let sealed = hex::decode(&sealed)
        .ok_or_else(|| LedgerError::Damaged { why: format!("what is personal of `{id}`") })?;
    vault::open(&key, &place_of(id), &sealed).map(Some)
}

/// Takes over what an entry says of a person.
pub(crate) fn take_personal(
    ground: &mut Ground<'_>,
    id: &ClientId,
    personal: &Personal,
) -> Result<(), LedgerError> {
    if !says_who(personal) {
        return Ok(());
    }
    let mut known = open_person(ground, id)?.unwrap_or_default();
    unite_personal(&mut known, personal);
    keep_person(ground, id, &known)?;
    take_names(ground, id, personal)
}

/// Whether there is more in it than words.
fn says_who(personal: &Personal) -> bool {
    personal.name.is_some()
        || !personal.addresses.is_empty()
        || !personal.aliases.is_empty()
        || !personal.attributes.is_empty()
}

/// The newer word counts; an empty address takes one away.
fn unite_personal(known: &mut Personal, said: &Personal) {
    if said.name.is_some() {
        known.name.clone_from(&said.name);
    }
    for (channel, address) in &said.addresses {
        if address.is_empty() {
            known.addresses.remove(channel);
        } else {
            known.addresses.insert(channel.clone(), address.clone());
        }
    }
    for alias in &said.aliases {
        if !known.aliases.contains(alias) {
            known.aliases.push(alias.clone());
        }
    }
    known.attributes.extend(said.attributes.iter().map(|(name, it)| (name.clone(), it.clone())));
}

fn keep_person(
    ground: &mut Ground<'_>,
    id: &ClientId,
    personal: &Personal,
) -> Result<(), LedgerError> {
    let key = ground.keys().key_or_new(id)?;
    let sealed = vault::seal(&key, &place_of(id), personal)?;
    ground.edit::<PersonDoc>(id.as_str())?.sealed = Some(hex::encode(&sealed));
    Ok(())
}

/// Makes further names lead to the client, and notes names and addresses for the day of an erasure.
fn take_names(
    ground: &mut Ground<'_>,
    id: &ClientId,
    personal: &Personal,
) -> Result<(), LedgerError> {
    let (aliases, addresses) = {
        let keys = ground.keys();
        let hash = |names: &mut dyn Iterator<Item = &String>| -> Vec<String> {
            names
                .filter(|name| !name.trim().is_empty())
                .flat_map(|name| name_hashes(&keys, name))
                .collect()
        };
        (hash(&mut personal.aliases.iter()), hash(&mut personal.addresses.values()))
    };
    for alias in &aliases {
        ground.edit::<AliasDoc>(alias)?.client = Some(id.clone());
    }
    ground.edit::<ClientDoc>(id.as_str())?.names.extend(aliases.into_iter().chain(addresses));
    Ok(())
}

/// Brings the members of households up to date after a client's household went from one to another.
pub(crate) fn move_household(
    ground: &mut Ground<'_>,
    id: &ClientId,
    (from, to): (Option<HouseholdId>, Option<HouseholdId>),
) -> Result<(), LedgerError> {
    if from == to {
        return Ok(());
    }
    if let Some(from) = from {
        ground.edit::<HouseholdDoc>(from.as_str())?.members.remove(id);
    }
    if let Some(to) = to {
        ground.edit::<HouseholdDoc>(to.as_str())?.members.insert(id.clone());
    }
    Ok(())
}

/// Makes one record of two: what protects the person is kept from both.
pub(crate) fn merge(
    ground: &mut Ground<'_>,
    entry: &Entry,
    from: &ClientId,
    into: &ClientId,
) -> Result<(), LedgerError> {
    let from = ground.follow(from)?;
    if from == *into || !ground.is_known(&from)? {
        return Ok(());
    }
    let person = open_person(ground, &from)?;
    let stayed =
        ground.read::<ClientDoc>(into.as_str())?.and_then(|doc| doc.client.desk.exit.clone());
    let (gone, left) = ground.change_client(&from, |doc| {
        let gone = doc.clone();
        doc.client.facts = empty_facts(from.clone());
        doc.client.facts.merged_into = Some(into.clone());
        doc.client.desk = ClientDesk::default();
        doc.client.version = entry.seq;
        doc.names.clear();
        let left = (gone.client.facts.household.clone(), None);
        (gone, left)
    })?;
    move_household(ground, &from, left)?;
    ground.edit::<PersonDoc>(from.as_str())?.sealed = None;
    let moved = ground.change_client(into, |doc| {
        let before = doc.client.facts.household.clone();
        unite(doc, &gone, entry);
        (before, doc.client.facts.household.clone())
    })?;
    move_household(ground, into, moved)?;
    let kept =
        ground.read::<ClientDoc>(into.as_str())?.and_then(|doc| doc.client.desk.exit.clone());
    for exit in [stayed, gone.client.desk.exit.clone()].into_iter().flatten() {
        if kept.as_ref().map(|kept| kept.seq) != Some(exit.seq) {
            leaving::close(ground, &exit);
        }
    }
    if let Some(mut person) = person {
        // Of two words for one thing, that of the record that stays counts.
        unite_personal(&mut person, &open_person(ground, into)?.unwrap_or_default());
        take_personal(ground, into, &person)?;
    }
    Ok(())
}

fn unite(into: &mut ClientDoc, from: &ClientDoc, entry: &Entry) {
    consent::unite(into, from);
    contact::unite(into, from, entry.at);
    let far = |doc: &ClientDoc| {
        let exit = doc.client.desk.exit.as_ref();
        (farness(doc.client.facts.exit), exit.map(|exit| exit.seq))
    };
    if far(into) < far(from) {
        into.client.desk.exit.clone_from(&from.client.desk.exit);
        into.client.desk.door_open = from.client.desk.door_open;
    }
    unite_facts(&mut into.client.facts, &from.client.facts);
    let (desk, other) = (&mut into.client.desk, &from.client.desk);
    desk.merged.push(from.client.facts.client.clone());
    desk.merged.extend(other.merged.iter().cloned());
    desk.added_at = [desk.added_at, other.added_at].into_iter().flatten().min();
    desk.last_contact_at = desk.last_contact_at.max(other.last_contact_at);
    desk.needs.extend(other.needs.iter().cloned());
    desk.landings.extend(other.landings.iter().cloned());
    desk.landings.sort_by_key(|landing| landing.seq);
    desk.check_ins.extend(other.check_ins.iter().cloned());
    desk.check_ins.sort_by_key(|check_in| check_in.seq);
    if desk.worth_minor.is_none() {
        desk.worth_minor = other.worth_minor;
    }
    let (counts, others) = (&mut desk.counts, &other.counts);
    counts.decisions += others.decisions;
    counts.holds += others.holds;
    counts.contacts += others.contacts;
    counts.missed += others.missed;
    counts.suppressed += others.suppressed;
    counts.landings += others.landings;
    counts.helped += others.helped;
    counts.nuisance += others.nuisance;
    counts.closed += others.closed;
    counts.notes += others.notes;
    counts.entries += others.entries + 1;
    into.withdrawn.dedup();
    into.names.extend(from.names.iter().cloned());
    into.proof = into.proof.take().or_else(|| from.proof.clone());
    into.trial = into.trial.take().or_else(|| from.trial.clone());
    into.client.version = entry.seq;
}

fn unite_facts(facts: &mut ClientFacts, other: &ClientFacts) {
    facts.household = facts.household.take().or_else(|| other.household.clone());
    facts.team = facts.team.take().or_else(|| other.team.clone());
    facts.agent = facts.agent.take().or_else(|| other.agent.clone());
    facts.zone = facts.zone.take().or_else(|| other.zone.clone());
    facts.value_minor = facts.value_minor.or(other.value_minor);
    facts.nuisance_at = facts.nuisance_at.max(other.nuisance_at);
    facts.busy.extend(
        other.busy.iter().filter(|it| !facts.busy.contains(it)).cloned().collect::<Vec<_>>(),
    );
    if farness(other.exit) > farness(facts.exit) {
        facts.exit = other.exit;
    }
    for (programme, arm) in &other.dealt {
        facts.dealt.entry(programme.clone()).or_insert(*arm);
    }
    for action in &other.released {
        if !facts.released.contains(action) {
            facts.released.push(action.clone());
        }
    }
    if facts.effects.is_empty() {
        facts.effects.clone_from(&other.effects);
        facts.effect_source = facts.effect_source.take().or_else(|| other.effect_source.clone());
    }
}

/// Whoever has decided to leave has decided, whichever record knows it.
fn farness(exit: ExitState) -> u8 {
    match exit {
        ExitState::None => 0,
        ExitState::Abandoned => 1,
        ExitState::Requested => 2,
        ExitState::Offered => 3,
        ExitState::Decided => 4,
        ExitState::Completed => 5,
    }
}

/// Blanks everything that is known of a person; refusals, and that there is nobody to contact, stay.
pub(crate) fn erase(
    ground: &mut Ground<'_>,
    entry: &Entry,
    id: &ClientId,
) -> Result<(), LedgerError> {
    let Some(doc) = ground.read::<ClientDoc>(id.as_str())? else {
        ground.change_client(id, |doc| {
            doc.client.facts.erased = true;
            doc.client.version = entry.seq;
        })?;
        return Ok(());
    };
    let merged = doc.client.desk.merged.clone();
    let exit = doc.client.desk.exit.clone();
    let open: Vec<_> = doc.client.facts.reservations.iter().map(|it| it.decision.clone()).collect();
    for decision in open {
        // Nobody is left to carry it out for.
        super::helping::end(ground, &decision, crate::entry::ReservationEnd::GivenBack, entry)?;
    }
    let left = ground.change_client(id, |doc| {
        let left = doc.client.facts.household.take();
        let refusals = std::mem::take(&mut doc.client.facts.refusals);
        let contacts = std::mem::take(&mut doc.client.facts.contacts);
        doc.client.facts = empty_facts(id.clone());
        doc.client.facts.erased = true;
        doc.client.facts.refusals = refusals;
        doc.client.facts.contacts = contacts;
        doc.client.desk = ClientDesk { merged: merged.clone(), ..ClientDesk::default() };
        doc.client.version = entry.seq;
        doc.withdrawn.clear();
        doc.names.clear();
        (doc.trial, doc.proof) = (None, None);
        (left, None)
    })?;
    move_household(ground, id, left)?;
    if let Some(exit) = exit {
        leaving::close(ground, &exit);
    }
    for gone in merged.iter().chain([id]) {
        ground.edit::<PersonDoc>(gone.as_str())?.sealed = None;
    }
    Ok(())
}

/// Where the current personal part of a client is sealed for.
fn place_of(id: &ClientId) -> String {
    format!("client {id}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_has_one_spelling_and_two_numbers_stay_two() {
        for text in
            ["hanako@example.com", " Hanako@Example.COM", "ｈａｎａｋｏ＠ｅｘａｍｐｌｅ．ｃｏｍ"]
        {
            assert_eq!(canonical(text), "hanako@example.com", "{text}");
        }
        let home = [
            "090-1234-5678",
            "+81-90-1234-5678",
            "+81(0)90 1234 5678",
            "０９０−１２３４−５６７８",
            "0081 90 1234 5678",
        ];
        for text in home {
            assert_eq!(canonical(text), "09012345678", "{text}");
        }
        assert_eq!(canonical("+49 151 2345678"), "+491512345678");
        // Names of another kind are left as they are.
        for text in ["crm-1", "CRM-1", "2024-0001", "81-90-1234", "12-34"] {
            assert_eq!(canonical(text), text);
        }
    }
}
