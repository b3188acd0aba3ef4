//! What did the client allow, and what refuse? Consents and refusals, and how they end.
//!
//! Where a scope cannot be said exactly, the narrower permission is kept: whoever withdraws consent on one topic
//! withdraws every consent that reaches into it; whoever lifts one refusal lifts no wider one.

use jiff::Timestamp;
use yorisoi_decision::{Channel, Consent, Refusal, Topic, same_channel, same_topic};

use super::client::{ClientDoc, KnownBy, Withdrawal};
use crate::entry::Source;

/// Adds a consent, in place of one to the same, and keeps how it is known. A word that is older than a withdrawal,
/// or than a consent to the same, changes nothing: words may arrive late.
pub(crate) fn grant(doc: &mut ClientDoc, consent: &Consent, (source, seq): (Source, u64)) {
    let newer = |gone: &Withdrawal| gone.at > consent.granted_at && reaches_into(consent, gone);
    let consents = &mut doc.client.facts.consents;
    let known_newer = consents.iter().any(|known| {
        (known.kind, &known.topic, &known.channel)
            == (consent.kind, &consent.topic, &consent.channel)
            && known.granted_at > consent.granted_at
    });
    if known_newer || doc.withdrawn.iter().any(newer) {
        return;
    }
    consents.retain(|known| {
        (known.kind, &known.topic, &known.channel)
            != (consent.kind, &consent.topic, &consent.channel)
    });
    consents.push(consent.clone());
    doc.client.desk.known_by.push(KnownBy { consent: consent.clone(), source, seq });
    forget_ended(doc);
}

/// How a consent is known is kept as long as the consent itself.
fn forget_ended(doc: &mut ClientDoc) {
    let consents = &doc.client.facts.consents;
    doc.client.desk.known_by.retain(|known| consents.contains(&known.consent));
}

/// Withdraws every consent of the kind that reaches into topic and channel.
pub(crate) fn withdraw(doc: &mut ClientDoc, withdrawal: Withdrawal) {
    doc.client.facts.consents.retain(|consent| !reaches_into(consent, &withdrawal));
    // The later of two withdrawals of the same says all that both do.
    doc.withdrawn.retain(|known| {
        (known.kind, &known.topic, &known.channel)
            != (withdrawal.kind, &withdrawal.topic, &withdrawal.channel)
            || known.at > withdrawal.at
    });
    doc.withdrawn.push(withdrawal);
    forget_ended(doc);
}

/// Whether a consent allows something of what was withdrawn.
pub(crate) fn reaches_into(consent: &Consent, withdrawal: &Withdrawal) -> bool {
    consent.kind == withdrawal.kind
        && overlaps(consent.topic.as_ref(), withdrawal.topic.as_ref(), same_topic)
        && overlaps(consent.channel.as_ref(), withdrawal.channel.as_ref(), same_channel)
}

/// Adds a refusal; one that is there already keeps its date.
pub(crate) fn refuse(doc: &mut ClientDoc, refusal: Refusal) {
    let refusals = &mut doc.client.facts.refusals;
    let known = refusals
        .iter()
        .any(|known| (&known.topic, &known.channel) == (&refusal.topic, &refusal.channel));
    if !known {
        refusals.push(refusal);
    }
}

/// Lifts the refusals that lie within topic and channel.
pub(crate) fn reopen(doc: &mut ClientDoc, topic: Option<&Topic>, channel: Option<&Channel>) {
    doc.client.facts.refusals.retain(|refusal| {
        !(lies_within(refusal.topic.as_ref(), topic, same_topic)
            && lies_within(refusal.channel.as_ref(), channel, same_channel))
    });
}

/// Takes over consents and refusals of a record that turned out to be the same person.
///
/// Refusals of both hold. A consent of either that the other has withdrawn since does not come back.
pub(crate) fn unite(into: &mut ClientDoc, from: &ClientDoc) {
    let given = from.client.facts.consents.iter();
    let also = std::mem::take(&mut into.client.facts.consents);
    into.withdrawn.extend(from.withdrawn.iter().cloned());
    let withdrawn_since = |consent: &Consent, at: Timestamp| {
        into.withdrawn.iter().any(|gone| gone.at >= at && reaches_into(consent, gone))
    };
    let mut united: Vec<Consent> = Vec::new();
    for consent in also.iter().chain(given) {
        let known = united.iter_mut().find(|known| {
            (known.kind, &known.topic, &known.channel)
                == (consent.kind, &consent.topic, &consent.channel)
        });
        match known {
            _ if withdrawn_since(consent, consent.granted_at) => {}
            Some(known) if known.granted_at < consent.granted_at => *known = consent.clone(),
            Some(_) => {}
            None => united.push(consent.clone()),
        }
    }
    into.client.facts.consents = united;
    into.client.desk.known_by.extend(from.client.desk.known_by.iter().cloned());
    forget_ended(into);
    for refusal in &from.client.facts.refusals {
        refuse(into, refusal.clone());
    }
}

/// `None` is anything.
fn overlaps<T>(a: Option<&T>, b: Option<&T>, same: fn(&T, &T) -> bool) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => same(a, b),
        _ => true,
    }
}

/// Whether `inner` is no wider than `outer`; `None` is anything.
fn lies_within<T>(inner: Option<&T>, outer: Option<&T>, same: fn(&T, &T) -> bool) -> bool {
    match (inner, outer) {
        (_, None) => true,
        (Some(inner), Some(outer)) => same(inner, outer),
        (None, Some(_)) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use yorisoi_decision::ConsentKind;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn topic(name: &str) -> Option<Topic> {
        Topic::new(name).ok()
    }

    fn channel(name: &str) -> Option<Channel> {
        Channel::new(name).ok()
    }

    fn consent(topic: Option<Topic>, second: i64) -> Consent {
        Consent {
            kind: ConsentKind::Advise,
            topic,
            channel: None,
            granted_at: at(second),
            expires_at: None,
        }
    }

    fn withdrawal(topic: Option<Topic>, second: i64) -> Withdrawal {
        Withdrawal { kind: ConsentKind::Advise, topic, channel: None, at: at(second) }
    }

    fn refusal(topic: Option<Topic>, channel: Option<Channel>) -> Refusal {
        Refusal { topic, channel, refused_at: at(1) }
    }

    #[test]
    fn withdrawing_one_topic_ends_a_consent_to_all_topics_and_not_one_to_another() {
        let mut doc = ClientDoc::default();
        grant(&mut doc, &consent(None, 1), (Source::Words, 1));
        grant(&mut doc, &consent(topic("career"), 1), (Source::Words, 1));
        withdraw(&mut doc, withdrawal(topic("points"), 2));
        assert_eq!(doc.client.facts.consents, [consent(topic("career"), 1)]);
    }

    #[test]
    fn a_late_word_brings_no_withdrawn_consent_back_and_shortens_no_newer_one() {
        let mut doc = ClientDoc::default();
        withdraw(&mut doc, withdrawal(topic("points"), 5));
        grant(&mut doc, &consent(None, 4), (Source::Tap, 6));
        assert_eq!(doc.client.facts.consents, []);
        // Of another topic nothing was withdrawn, and a consent after the withdrawal is one.
        grant(&mut doc, &consent(topic("career"), 4), (Source::Tap, 7));
        grant(&mut doc, &consent(None, 5), (Source::Words, 8));
        grant(&mut doc, &Consent { expires_at: Some(at(9)), ..consent(None, 4) }, (Source::Tap, 9));
        assert_eq!(doc.client.facts.consents, [consent(topic("career"), 4), consent(None, 5)]);
    }

    #[test]
    fn another_spelling_withdraws_and_lifts_the_same() {
        let mut doc = ClientDoc::default();
        grant(&mut doc, &consent(topic("points"), 1), (Source::Words, 1));
        withdraw(&mut doc, withdrawal(topic("Points"), 2));
        assert_eq!(doc.client.facts.consents, []);
        refuse(&mut doc, refusal(None, channel("phone")));
        reopen(&mut doc, None, channel("call").as_ref());
        assert_eq!(doc.client.facts.refusals, []);
    }

    #[test]
    fn lifting_one_refusal_lifts_no_wider_one() {
        let mut doc = ClientDoc::default();
        refuse(&mut doc, refusal(None, None));
        refuse(&mut doc, refusal(None, channel("call")));
        refuse(&mut doc, refusal(topic("points"), channel("call")));
        reopen(&mut doc, None, channel("call").as_ref());
        assert_eq!(doc.client.facts.refusals, [refusal(None, None)]);
        reopen(&mut doc, None, None);
        assert_eq!(doc.client.facts.refusals, []);
    }

    #[test]
    fn a_merge_keeps_refusals_of_both_and_brings_no_withdrawn_consent_back() {
        let (mut into, mut from) = (ClientDoc::default(), ClientDoc::default());
        withdraw(&mut into, withdrawal(None, 5));
        grant(&mut from, &consent(None, 4), (Source::Words, 1));
        grant(&mut from, &consent(topic("career"), 6), (Source::Words, 1));
        refuse(&mut from, refusal(None, channel("call")));
        unite(&mut into, &from);
        assert_eq!(into.client.facts.consents, [consent(topic("career"), 6)]);
        assert_eq!(into.client.facts.refusals, [refusal(None, channel("call"))]);
    }

    #[test]
    fn how_a_consent_is_known_goes_with_it() {
        let sources = |doc: &ClientDoc| -> Vec<(Source, u64)> {
            doc.client.desk.known_by.iter().map(|known| (known.source, known.seq)).collect()
        };
        let (mut into, mut from) = (ClientDoc::default(), ClientDoc::default());
        grant(&mut into, &consent(topic("career"), 1), (Source::Words, 7));
        grant(&mut into, &consent(topic("career"), 2), (Source::Tap, 8));
        grant(&mut from, &consent(topic("points"), 3), (Source::Import, 9));
        unite(&mut into, &from);
        assert_eq!(sources(&into), [(Source::Tap, 8), (Source::Import, 9)]);
        withdraw(&mut into, withdrawal(topic("career"), 4));
        assert_eq!(sources(&into), [(Source::Import, 9)]);
    }

    #[test]
    fn of_two_consents_to_the_same_the_later_one_counts() {
        let (mut into, mut from) = (ClientDoc::default(), ClientDoc::default());
        grant(&mut into, &consent(None, 4), (Source::Words, 1));
        grant(&mut from, &consent(None, 6), (Source::Words, 1));
        unite(&mut into, &from);
        assert_eq!(into.client.facts.consents, [consent(None, 6)]);
    }
}
