//! How often was the client reached out to? Contacts, attempts and open reservations.

use jiff::{SignedDuration, Timestamp};
use yorisoi_decision::{ActionClass, ActionId, Attempts, Channel, Contact, DecisionId};

use super::client::ClientDoc;

/// Days that contacts are kept at least: longer than a year, the longest cap that is usual.
pub(crate) const CONTACT_DAYS_MIN: i64 = 400;

/// Contacts that are kept at most, the newest: nobody is to be reached out to more often than this.
pub(crate) const CONTACTS_MAX: usize = 1_000;

/// Adds a contact, at its place in time, and lets go of those that no cap looks back to.
pub(crate) fn add(doc: &mut ClientDoc, contact: Contact) {
    let at = contact.at;
    let facts = &mut doc.client.facts;
    let place = facts.contacts.partition_point(|known| known.at <= at);
    facts.contacts.insert(place, contact);
    prune(&mut facts.contacts, at);
    doc.client.desk.last_contact_at = doc.client.desk.last_contact_at.max(Some(at));
    doc.client.desk.counts.contacts += 1;
}

/// Adds the contact of a decision unless the decision has one already.
pub(crate) fn add_once(doc: &mut ClientDoc, contact: Contact) {
    let known = doc.client.facts.contacts.iter().any(|known| known.decision == contact.decision);
    if !known {
        add(doc, contact);
    }
}

/// Counts an attempt: one that reached the client ends the row of failures.
pub(crate) fn attempt(doc: &mut ClientDoc, action: &ActionId, reached: bool, at: Timestamp) {
    let attempts = &mut doc.client.facts.attempts;
    if reached {
        attempts.remove(action);
        return;
    }
    let known = attempts.entry(action.clone()).or_default();
    known.failed = known.failed.saturating_add(1);
    known.last_at = Some(at);
    doc.client.desk.counts.missed += 1;
}

/// Takes over contacts, attempts and reservations of a record that turned out to be the same person.
pub(crate) fn unite(into: &mut ClientDoc, from: &ClientDoc, at: Timestamp) {
    let (facts, other) = (&mut into.client.facts, &from.client.facts);
    facts.contacts.extend(other.contacts.iter().cloned());
    facts.contacts.sort_by_key(|contact| contact.at);
    prune(&mut facts.contacts, at);
    facts.reservations.extend(other.reservations.iter().cloned());
    facts.reservations.sort_by_key(|reservation| reservation.at);
    for (action, attempts) in &other.attempts {
        let known: &mut Attempts = facts.attempts.entry(action.clone()).or_default();
        known.failed = known.failed.saturating_add(attempts.failed);
        known.last_at = known.last_at.max(attempts.last_at);
    }
}

/// A contact from its parts.
pub(crate) fn contact(
    at: Timestamp,
    channel: &Channel,
    class: ActionClass,
    decision: Option<&DecisionId>,
) -> Contact {
    Contact { at, channel: channel.clone(), class, decision: decision.cloned() }
}

fn prune(contacts: &mut Vec<Contact>, now: Timestamp) {
    let horizon = SignedDuration::from_hours(24 * CONTACT_DAYS_MIN);
    let from = now.checked_sub(horizon).unwrap_or(Timestamp::MIN);
    let old = contacts.iter().take_while(|contact| contact.at < from).count();
    let too_many = contacts.len().saturating_sub(CONTACTS_MAX);
    contacts.drain(..old.max(too_many));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: i64) -> Timestamp {
        Timestamp::from_second(day * 86_400).unwrap()
    }

    fn call(day_of: i64) -> Contact {
        contact(day(day_of), &Channel::new("call").unwrap(), ActionClass::Care, None)
    }

    #[test]
    fn contacts_of_four_hundred_days_are_kept_and_older_ones_go() {
        let mut doc = ClientDoc::default();
        for it in [0, 1, 100, 400, 401] {
            add(&mut doc, call(it));
        }
        let kept: Vec<_> = doc.client.facts.contacts.iter().map(|contact| contact.at).collect();
        assert_eq!(kept, [day(1), day(100), day(400), day(401)]);
    }

    #[test]
    fn of_very_many_contacts_the_newest_thousand_are_kept() {
        let mut doc = ClientDoc::default();
        for second in 0..1_500 {
            let at = Timestamp::from_second(second).unwrap();
            add(&mut doc, Contact { at, ..call(0) });
        }
        assert_eq!(doc.client.facts.contacts.len(), CONTACTS_MAX);
        assert_eq!(doc.client.facts.contacts[0].at, Timestamp::from_second(500).unwrap());
        assert_eq!(doc.client.desk.counts.contacts, 1_500);
    }

    #[test]
    fn an_attempt_that_reaches_the_client_ends_the_row_of_failures() {
        let mut doc = ClientDoc::default();
        let gift = ActionId::new("gift").unwrap();
        attempt(&mut doc, &gift, false, day(1));
        attempt(&mut doc, &gift, false, day(2));
        assert_eq!(doc.client.facts.attempts[&gift].failed, 2);
        assert_eq!(doc.client.facts.attempts[&gift].last_at, Some(day(2)));
        attempt(&mut doc, &gift, true, day(3));
        assert!(doc.client.facts.attempts.is_empty());
    }
}
