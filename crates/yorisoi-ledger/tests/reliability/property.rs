//! Whatever happened, are projections folded anew those that were there, and are promises kept?

use std::collections::BTreeMap;

use crate::common::{action, agent, at, channel, client, decision, known, named, read};
use jiff::SignedDuration;
use proptest::prelude::*;
use yorisoi_decision::{
    ActionClass, Consent, ConsentKind, DecisionId, EffectFact, EffectSource, Reservation,
};
use yorisoi_ledger::{
    Actor, Body, ClientQuery, Draft, Keeps, Landing, Ledger, LedgerError, Order, Personal, Place,
    Profile, ReservationEnd, Source,
};

/// A step: what, of whom, and a number to vary it by.
pub(crate) type Step = (u8, u8, u8);

/// One of twenty kinds of entry about one of six clients.
pub(crate) fn draft((kind, who, n): Step, second: i64) -> Draft {
    let who = format!("c{}", who % 6);
    let other = format!("c{}", n % 6);
    let home = format!("h{}", n % 3).parse().unwrap();
    let decision_id: DecisionId = format!("d{}", n % 12).parse().unwrap();
    let topic = Some(["plan", "points"][usize::from(n % 2)].parse().unwrap()).filter(|_| n % 3 > 0);
    let by = Some(channel(["call", "mail"][usize::from(n / 2 % 2)])).filter(|_| n % 5 > 1);
    let source = Source::Words;
    let landing = [Landing::Helped, Landing::Nuisance, Landing::Closed][usize::from(n % 3)];
    let hand_on = format!("x{}", n % 4);
    let body = match kind % 21 {
        0 => Body::ClientAdded { profile: Profile { household: Some(home), ..Profile::default() } },
        1 => Body::ClientsMerged { from: client(&other) },
        2 => Body::ConsentGranted {
            consent: Consent {
                kind: ConsentKind::Advise,
                topic,
                channel: by,
                granted_at: at(second),
                expires_at: None,
            },
            source,
        },
        3 => Body::ConsentWithdrawn { consent: ConsentKind::Advise, topic, channel: by, source },
        4 => Body::Refused { topic, channel: by, source },
        5 => Body::Reopened { topic, channel: by, source },
        6 => Body::NeedInferred { topic: "plan".parse().unwrap(), from: "usage".to_owned() },
        7 => Body::NeedAnswered { topic: "plan".parse().unwrap(), confirmed: n % 2 == 0 },
        8 | 9 => decided(&who, second, n),
        10 => Body::ReservationEnded {
            decision: decision_id,
            why: [ReservationEnd::CarriedOut, ReservationEnd::GivenBack][usize::from(n % 2)],
        },
        11 => Body::Attempted {
            decision: None,
            action: action("gift"),
            class: ActionClass::Care,
            channel: channel("call"),
            reached: n % 2 == 0,
        },
        12 => Body::Landed { decision: Some(decision_id), action: action("gift"), landing },
        13 => {
            Body::OutcomeSeen { outcome: "stayed".to_owned(), value: f64::from(n) / 7.0, at: None }
        }
        14 => Body::EffectsScored {
            source: EffectSource::Given,
            effects: BTreeMap::from([(
                action("gift"),
                EffectFact { benefit: f64::from(n) / 3.0, low: 0.0, high: 1.0 },
            )]),
            worth_minor: Some(f64::from(n) / 9.0),
        },
        15 => Body::ExitRequested {},
        16 => Body::ExitDecided { reason: Some("words".to_owned()) },
        17 => Body::Returned {},
        18 => Body::HandOnReleased {
            hand_on,
            action: action("gift"),
            decision: Some(decision_id),
            expires_at: None,
        },
        19 => Body::HandOnExpired { hand_on, action: action("gift") },
        _ => Body::AliasAdded {},
    };
    let personal = (kind % 21 == 0 || kind % 21 == 20).then(|| Personal {
        addresses: BTreeMap::from([("mail".to_owned(), format!("{n}@example.org"))]),
        ..named("花子", &[&format!("crm-{who}-{n}")])
    });
    Draft { at: at(second), actor: agent("sato"), client: Some(client(&who)), body, personal }
}

fn decided(who: &str, second: i64, n: u8) -> Body {
    let id = format!("d{}", n % 12);
    let what = (!n.is_multiple_of(4)).then_some("gift");
    let decision = Box::new(decision(second, &id, who, what));
    let reservation = what.map(|what| Reservation {
        decision: decision.id.clone(),
        action: action(what),
        channel: Some(channel("call")),
        at: at(second),
        expires_at: at(second) + SignedDuration::from_hours(1),
    });
    let keeps = Keeps { units: u64::from(n % 2), minutes: 5, cost_minor: i64::from(n) };
    Body::Decided { decision, reservation, agent: Some("sato".parse().unwrap()), keeps }
}

/// Everything that can be asked, as one text.
fn everything(ledger: &Ledger) -> String {
    let clients: Vec<_> = (0..6).map(|n| client(&format!("c{n}"))).collect();
    read(ledger, move |books| {
        let mut all = Vec::new();
        for id in &clients {
            let asked = (books.client(id)?, books.personal(id)?, books.record_of(id)?);
            all.push(format!("{asked:?}"));
        }
        let by_worth = ClientQuery { limit: 50, ..ClientQuery::default() };
        let by_name = ClientQuery { order: Order::Id, ..by_worth.clone() };
        let sato = "sato".parse().unwrap();
        all.push(format!("{:?}", books.clients(&by_worth)?));
        all.push(format!("{:?}", books.clients(&by_name)?));
        all.push(format!("{:?}", books.capacity(jiff::civil::date(2026, 2, 2), Some(&sato))?));
        all.push(format!("{:?} {:?}", books.supply()?, books.actions()?));
        all.push(format!("{:?} {:?}", books.exits(0, 99)?, books.open_exits(None, 99)?));
        all.push(format!("{:?} {:?}", books.hand_ons(99)?, books.open_hand_ons(None, 99)?));
        all.push(format!("{:?}", books.due_reservations(at(1_000_000), 99)?));
        all.push(format!("{:?}", books.proof_units(0, 99)?));
        for home in ["h0", "h1", "h2"] {
            all.push(format!("{:?}", books.members(&home.parse().unwrap())?));
        }
        Ok(all.join("\n"))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, max_shrink_iters: 400, ..ProptestConfig::default() })]

    /// Folding step by step and folding at once give the same, erasures included.
    #[test]
    fn a_rebuild_changes_nothing(
        steps in prop::collection::vec(any::<Step>(), 1..80),
        erased in prop::option::of(0_u8..6),
    ) {
        let ledger = Ledger::open(&Place::Memory).unwrap();
        let mut taken = 0_i64;
        for (second, step) in steps.iter().enumerate() {
            let draft = draft(*step, second as i64);
            let refused = ledger.write_now::<_, LedgerError, _>(move |books| books.append(draft));
            prop_assert!(!matches!(refused, Err(LedgerError::Damaged { .. })), "{refused:?}");
            taken += i64::from(refused.is_ok());
        }
        if let Some(n) = erased {
            let id = client(&format!("c{n}"));
            let done = ledger.write_now::<_, LedgerError, _>(move |books| {
                books.erase(&id, at(1_000), Actor::House)
            });
            // What was under way with them ends in entries of its own.
            prop_assert!(done.is_ok_and(|entry| entry.seq as i64 > taken));
            taken = read(&ledger, |books| Ok(books.newest())) as i64;
        }
        prop_assert!(ledger.verify(1).unwrap().is_sound());
        let before = everything(&ledger);
        prop_assert_eq!(ledger.rebuild().unwrap() as i64, taken);
        prop_assert_eq!(before, everything(&ledger));
    }

    /// Nobody has more units than were taken for decisions that stand, whatever was handed on or given back.
    #[test]
    fn units_taken_are_never_below_zero(steps in prop::collection::vec(any::<Step>(), 1..80)) {
        let ledger = Ledger::open(&Place::Memory).unwrap();
        for (second, step) in steps.iter().enumerate() {
            let draft = draft(*step, second as i64);
            let _ = ledger.write_now::<_, LedgerError, _>(move |books| books.append(draft));
            for (_, supply) in read(&ledger, |books| books.supply()) {
                prop_assert!(supply.taken >= 0, "{supply:?} after {:?}", &steps[..=second]);
            }
        }
    }

    /// A refusal of everything stays until the client lifts it, whatever else is said.
    #[test]
    fn a_refusal_survives_everything_but_the_clients_own_word(
        steps in prop::collection::vec(any::<Step>(), 0..60),
    ) {
        let ledger = Ledger::open(&Place::Memory).unwrap();
        let refused = Body::Refused { topic: None, channel: None, source: Source::Words };
        let first = [
            Draft { at: at(0), actor: Actor::House, client: Some(client("c0")),
                body: Body::ClientAdded { profile: Profile::default() }, personal: None },
            Draft { at: at(0), actor: Actor::Client, client: Some(client("c0")),
                body: refused, personal: None },
        ];
        crate::common::told(&ledger, first);
        for (second, step) in steps.iter().enumerate().filter(|(_, step)| step.0 % 21 != 5) {
            let draft = draft(*step, second as i64);
            let _ = ledger.write_now::<_, LedgerError, _>(move |books| books.append(draft));
        }
        let stays = read(&ledger, |books| books.record_of(&client("c0")));
        let facts = known(&ledger, stays.as_str()).facts;
        prop_assert!(facts.refusals.iter().any(|it| it.topic.is_none() && it.channel.is_none()));
    }
}
