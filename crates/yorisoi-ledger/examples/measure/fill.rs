//! What stands in a ledger that is measured? Made-up clients, each with as many entries as a life with us has.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use yorisoi_decision::{
    ActionClass, ActionId, ActionKind, AgentId, Candidate, Channel, Choice, ClientId, Consent,
    ConsentKind, Decision, DecisionId, EffectFact, EffectSource, HoldoutArm, Reservation, Score,
    TeamId, Verdict,
};
use yorisoi_ledger::{
    Actor, Body, Books, Draft, Keeps, Landing, Ledger, LedgerError, Personal, Profile,
    ReservationEnd, Source,
};

/// Entries about a client who has been with us for a while: a client, a score, two consents, a decision with
/// twenty candidates that was given back, eleven contacts, a landing, a note, an outcome.
pub(crate) const LONG: u64 = 20;

/// Yen that one unit of the outcome is worth.
pub(crate) const VALUE_MINOR: f64 = 60_000.0;

/// Teams among which the clients are dealt.
pub(crate) const TEAMS: u64 = 50;

/// Clients of one transaction.
const AT_ONCE: u64 = 500;

/// What was filled, and how long it took.
pub(crate) struct Filled {
    pub(crate) entries: u64,
    pub(crate) took: Duration,
}

/// Fills a ledger up to so many entries through the front door, every one chained and folded: `each` about every
/// client, [`LONG`] or the first of them. What is there already stays.
pub(crate) fn fill(ledger: &Ledger, (entries, each): (u64, u64)) -> Result<Filled, LedgerError> {
    let there = ledger.read_now::<_, LedgerError, _>(|books| Ok(books.newest()))?;
    let began = now();
    let (first, end) = (there / each, entries.div_ceil(each));
    let mut client = first;
    while client < end {
        let until = (client + AT_ONCE).min(end);
        ledger.write_now(move |books| {
            (client..until).try_for_each(|it| one_client(books, (it, each)))
        })?;
        client = until;
        if client.is_multiple_of(50_000) {
            tell(client * each, began.elapsed());
        }
    }
    Ok(Filled { entries: (client - first) * each, took: began.elapsed() })
}

#[expect(clippy::disallowed_methods, reason = "a measurement reads the clock")]
fn now() -> Instant {
    Instant::now()
}

#[expect(clippy::print_stderr, reason = "progress of a program that runs for minutes")]
fn tell(entries: u64, took: Duration) {
    eprintln!("{entries} entries after {} s", took.as_secs());
}

fn one_client(books: &mut Books<'_>, (n, each): (u64, u64)) -> Result<(), LedgerError> {
    let client = ClientId::new(format!("client-{n:09}")).map_err(|_| LedgerError::Reading)?;
    let at = Timestamp::from_second(1_700_000_000 + n as i64).unwrap_or_default();
    let life = life(n, &client, at).into_iter().take(each as usize);
    for (body, personal) in life {
        let client = Some(client.clone());
        books.append(Draft { at, actor: Actor::House, client, body, personal })?;
    }
    Ok(())
}

/// Everything about a client, in order.
fn life(n: u64, client: &ClientId, at: Timestamp) -> Vec<(Body, Option<Personal>)> {
    let profile = Profile {
        team: TeamId::new(format!("team-{}", n % TEAMS)).ok(),
        agent: AgentId::new(format!("agent-{}", n % 1_000)).ok(),
        zone: Some("Asia/Tokyo".to_owned()),
        ..Profile::default()
    };
    let personal = Personal {
        name: Some(format!("山田 花子 {n}")),
        aliases: vec![format!("crm-{n}")],
        ..Personal::default()
    };
    let mut life = vec![
        (Body::ClientAdded { profile }, Some(personal)),
        (scored(n), None),
        (consented(ConsentKind::Talk, at), None),
        (consented(ConsentKind::Advise, at), None),
    ];
    let id = DecisionId::new(format!("d-{n}")).expect("a name");
    life.push((decided(id.clone(), client, at), None));
    let ended = Body::ReservationEnded { decision: id, why: ReservationEnd::GivenBack };
    life.push((ended, None));
    life.extend((0..11).map(|_| (attempted(), None)));
    let helped = Body::Landed { decision: None, action: gift(), landing: Landing::Helped };
    let stayed = Body::OutcomeSeen { outcome: "stayed".to_owned(), value: 1.0, at: None };
    let rest = [helped, Body::Noted { confidential: false }, stayed];
    life.extend(rest.map(|body| (body, None)));
    life
}

fn gift() -> ActionId {
    ActionId::new("gift").expect("a name")
}

/// The actions that clients have effects for.
pub(crate) fn actions() -> Vec<ActionId> {
    (0..20).filter_map(|n| ActionId::new(format!("action-{n}")).ok()).collect()
}

/// Effects between a little harm and a tenth, another for each client and action.
fn scored(n: u64) -> Body {
    let effect = |k: u64| {
        let mixed = (n * 20 + k + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let benefit = 0.12 * ((mixed >> 40) as f64 / (1_u64 << 24) as f64) - 0.02;
        EffectFact { benefit, low: benefit - 0.03, high: benefit + 0.03 }
    };
    let effects: Vec<EffectFact> = (0..20).map(effect).collect();
    let best = effects.iter().fold(0.0, |best: f64, it| best.max(it.benefit));
    Body::EffectsScored {
        source: EffectSource::Given,
        effects: actions().into_iter().zip(effects).collect(),
        worth_minor: Some(VALUE_MINOR * best),
    }
}

fn consented(kind: ConsentKind, granted_at: Timestamp) -> Body {
    let consent = Consent { kind, topic: None, channel: None, granted_at, expires_at: None };
    Body::ConsentGranted { consent, source: Source::Words }
}

fn attempted() -> Body {
    Body::Attempted {
        decision: None,
        action: gift(),
        class: ActionClass::Care,
        channel: Channel::new("call").expect("a name"),
        reached: true,
    }
}

/// A decision with twenty candidates that keeps a gift for an hour.
pub(crate) fn decided(id: DecisionId, client: &ClientId, at: Timestamp) -> Body {
    let channel = Channel::new("call").expect("a name");
    let score = Score {
        effect: EffectFact { benefit: 0.123_456_789, low: -0.01, high: 0.25 },
        nuisance: 0.05,
        benefit_minor: 1_234.5,
        nuisance_minor: 50.0,
        cost_minor: 500.0,
        prices_minor: 12.25,
        total_minor: 672.25,
        drawn_minor: None,
    };
    let candidate =
        |action| Candidate { action, verdict: Verdict::Scored(score), probability: 0.05 };
    let decision = Decision {
        id: id.clone(),
        client: client.clone(),
        household: None,
        at,
        policy: "measure".to_owned(),
        policy_fingerprint: "0".repeat(64),
        effect_source: Some(EffectSource::Given),
        choice: Choice {
            action: gift(),
            kind: ActionKind::Offer,
            class: ActionClass::Offer,
            channel: Some(channel.clone()),
            probability: 0.9,
            explored: false,
        },
        holdout: HoldoutArm::Treated,
        ghost: None,
        hold: None,
        candidates: actions().into_iter().map(candidate).collect(),
        suggestions: vec![0, 1, 2],
    };
    let expires_at = at.checked_add(jiff::SignedDuration::from_hours(1)).unwrap_or(at);
    let (action, channel) = (gift(), Some(channel));
    let reservation = Reservation { decision: id, action, channel, at, expires_at };
    Body::Decided {
        decision: Box::new(decision),
        reservation: Some(reservation),
        agent: None,
        keeps: Keeps { units: 1, minutes: 10, cost_minor: 500 },
    }
}
