//! Is a client what was said of them, whatever record it was said of?

use std::collections::BTreeMap;

use crate::common::{
    Room, added, added_to, agent, at, channel, client, draft, household, known, named, read, told,
    with_personal, write,
};
use yorisoi_decision::{
    ActionClass, ActionId, AgentId, Attribute, Channel, Consent, ConsentKind, EffectFact,
    EffectSource, TeamId, Topic,
};
use yorisoi_ledger::{
    Body, ClientQuery, Cursor, Draft, Ledger, LedgerError, Order, Personal, Profile, Resolved,
    Source, Whose,
};

fn call(second: i64, who: &str) -> Draft {
    let body = Body::Attempted {
        decision: None,
        action: ActionId::new("gift").unwrap(),
        class: ActionClass::Care,
        channel: channel("call"),
        reached: true,
    };
    draft(second, who, body)
}

fn refused(second: i64, who: &str, channel: Option<Channel>) -> Draft {
    draft(second, who, Body::Refused { topic: None, channel, source: Source::Words })
}

fn merged(second: i64, from: &str, into: &str) -> Draft {
    draft(second, into, Body::ClientsMerged { from: client(from) })
}

pub(crate) fn a_client_is_what_was_said_of_them_last(room: &Room) {
    let ledger = room.open();
    let zone = |zone: &str| Profile { zone: Some(zone.to_owned()), ..Profile::default() };
    let attributes = |n: f64| Personal {
        attributes: BTreeMap::from([("age".to_owned(), Attribute::Number(n))]),
        ..Personal::default()
    };
    let team = Profile { team: Some(TeamId::new("t").unwrap()), ..Profile::default() };
    told(
        &ledger,
        [
            with_personal(
                draft(1, "a", Body::ClientAdded { profile: zone("Asia/Tokyo") }),
                attributes(40.0),
            ),
            draft(2, "a", Body::ClientChanged { profile: team }),
            with_personal(
                draft(3, "a", Body::ClientChanged { profile: zone("Europe/Paris") }),
                attributes(41.0),
            ),
        ],
    );
    let a = known(&ledger, "a");
    assert_eq!(a.version, 3);
    assert_eq!(a.facts.zone.as_deref(), Some("Europe/Paris"));
    assert_eq!(a.facts.team, Some(TeamId::new("t").unwrap()));
    assert_eq!(a.facts.attributes["age"], Attribute::Number(41.0));
    assert_eq!(a.desk.added_at, Some(at(1)));
    told(&ledger, [draft(4, "a", Body::Looked { at: "page".to_owned() })]);
    let looked = known(&ledger, "a");
    assert_eq!((looked.version, looked.desk.last_look_at), (3, Some(at(4))));
}

pub(crate) fn a_merge_keeps_every_refusal_and_every_contact(room: &Room) {
    let ledger = room.open();
    let advise = Consent {
        kind: ConsentKind::Advise,
        topic: Some(Topic::new("plan").unwrap()),
        channel: None,
        granted_at: at(3),
        expires_at: None,
    };
    told(
        &ledger,
        [
            with_personal(added_to(1, "a", "home"), named("花子", &["crm-1"])),
            with_personal(added(2, "b"), named("山田花子", &["crm-2"])),
            draft(3, "b", Body::ConsentGranted { consent: advise.clone(), source: Source::Tap }),
            refused(4, "b", Some(channel("call"))),
            refused(5, "a", Some(channel("mail"))),
            call(6, "b"),
            call(7, "a"),
            merged(8, "b", "a"),
        ],
    );
    let a = known(&ledger, "a");
    let channels: Vec<_> = a.facts.refusals.iter().map(|it| it.channel.clone().unwrap()).collect();
    assert_eq!(channels, [channel("mail"), channel("call")]);
    let contacts: Vec<_> = a.facts.contacts.iter().map(|it| it.at).collect();
    assert_eq!(contacts, [at(6), at(7)]);
    assert_eq!(a.facts.consents, [advise]);
    assert_eq!(a.desk.merged, [client("b")]);
    let b = known(&ledger, "b");
    assert_eq!(b.facts.merged_into, Some(client("a")));
    assert!(b.facts.contacts.is_empty());
    let personal = read(&ledger, |books| books.personal(&client("a"))).unwrap();
    assert_eq!(personal.name.as_deref(), Some("花子"));
    assert_eq!(personal.aliases, ["crm-1", "crm-2"]);
    assert_eq!(read(&ledger, |books| books.personal(&client("b"))), None);
    for (from, into) in [("b", "a"), ("a", "a"), ("nobody", "a")] {
        let refused = write(&ledger, merged(9, from, into)).unwrap_err();
        assert!(matches!(refused, LedgerError::Merge { .. }), "{from} into {into}");
    }
}

pub(crate) fn a_further_name_leads_to_one_client(room: &Room) {
    let ledger = room.open();
    told(
        &ledger,
        [
            with_personal(added(1, "a"), named("花子", &["crm-1"])),
            with_personal(draft(2, "a", Body::AliasAdded {}), named("花子", &["web-9"])),
            added(3, "b"),
        ],
    );
    let resolve =
        |ledger: &Ledger, alias: &'static str| read(ledger, move |books| books.resolve(alias));
    assert_eq!(resolve(&ledger, "crm-1"), Resolved::Client(client("a")));
    assert_eq!(resolve(&ledger, " web-9 "), Resolved::Client(client("a")));
    assert_eq!(resolve(&ledger, "crm-2"), Resolved::Unknown);
    let taken = with_personal(draft(4, "b", Body::AliasAdded {}), named("太郎", &["crm-1"]));
    assert_eq!(write(&ledger, taken).unwrap_err(), LedgerError::AliasTaken { client: client("a") });
    told(&ledger, [merged(5, "a", "b")]);
    assert_eq!(resolve(&ledger, "crm-1"), Resolved::Client(client("b")));
}

pub(crate) fn a_refusal_is_lifted_by_the_client_only(room: &Room) {
    let ledger = room.open();
    let reopened =
        |second, source| draft(second, "a", Body::Reopened { topic: None, channel: None, source });
    told(&ledger, [added(1, "a"), refused(2, "a", None)]);
    let refusal = write(&ledger, reopened(3, Source::Import)).unwrap_err();
    assert_eq!(refusal, LedgerError::NotByClient);
    assert_eq!(known(&ledger, "a").facts.refusals.len(), 1);
    told(&ledger, [reopened(4, Source::Words)]);
    assert!(known(&ledger, "a").facts.refusals.is_empty());
}

pub(crate) fn what_is_said_of_a_merged_record_binds_the_one_that_stays(room: &Room) {
    let ledger = room.open();
    told(
        &ledger,
        [
            added(1, "a"),
            added(2, "b"),
            added(3, "c"),
            merged(4, "b", "a"),
            merged(5, "a", "c"),
            refused(6, "b", None),
            call(7, "a"),
        ],
    );
    let c = known(&ledger, "c");
    assert_eq!((c.facts.refusals.len(), c.facts.contacts.len()), (1, 1));
    assert_eq!(read(&ledger, |books| books.record_of(&client("b"))), client("c"));
    let seqs: Vec<u64> = read(&ledger, |books| books.timeline(&client("c"), None, 10))
        .iter()
        .map(|opened| opened.entry.seq)
        .collect();
    assert_eq!(seqs, [7, 6, 5, 4, 3, 2, 1]);
}

pub(crate) fn a_household_counts_its_members_contacts(room: &Room) {
    let ledger = room.open();
    told(
        &ledger,
        [
            added_to(1, "a", "home"),
            added_to(2, "b", "home"),
            added_to(3, "c", "other"),
            call(4, "b"),
            call(5, "a"),
            call(6, "c"),
        ],
    );
    let contacts = |ledger: &Ledger| {
        let home = read(ledger, |books| books.household(&household("home")));
        home.contacts.iter().map(|contact| contact.at).collect::<Vec<_>>()
    };
    assert_eq!(contacts(&ledger), [at(4), at(5)]);
    let moved = Profile { household: Some(household("other")), ..Profile::default() };
    told(&ledger, [draft(7, "b", Body::ClientChanged { profile: moved })]);
    assert_eq!(contacts(&ledger), [at(5)]);
    let members = read(&ledger, |books| books.members(&household("other")));
    assert_eq!(members, [client("b"), client("c")]);
}

pub(crate) fn lists_go_by_worth_page_by_page(room: &Room) {
    let ledger = room.open();
    let scored = |second, who: &str, worth_minor| {
        let effect = EffectFact { benefit: 0.1, low: 0.0, high: 0.2 };
        let body = Body::EffectsScored {
            source: EffectSource::Given,
            effects: BTreeMap::from([(ActionId::new("gift").unwrap(), effect)]),
            worth_minor: Some(worth_minor),
        };
        draft(second, who, body)
    };
    let mine = Profile { agent: Some(AgentId::new("sato").unwrap()), ..Profile::default() };
    told(&ledger, (0..9).map(|n| added(n, &format!("c{n}"))));
    told(&ledger, (0..8).map(|n| scored(10 + n, &format!("c{n}"), ((n * 5) % 8 - 2) as f64)));
    told(
        &ledger,
        ["c3", "c8"].map(|who| draft(20, who, Body::ClientChanged { profile: mine.clone() })),
    );
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let query = ClientQuery { after: after.clone(), limit: 2, ..ClientQuery::default() };
        let page = read(&ledger, move |books| books.clients(&query));
        let Some(last) = page.last() else { break };
        after = Some(Cursor::after(last));
        seen.extend(page.iter().map(|it| it.desk.worth_minor));
    }
    let worth = |n: i32| Some(f64::from(n));
    let falling: Vec<_> = (-2..6).rev().map(worth).chain([None]).collect();
    assert_eq!(seen, falling);
    let whose = Whose::Agent(AgentId::new("sato").unwrap());
    let query = ClientQuery { whose, order: Order::Id, limit: 10, ..ClientQuery::default() };
    let page = read(&ledger, move |books| books.clients(&query));
    let names: Vec<_> = page.iter().map(|it| it.facts.client.as_str()).collect();
    assert_eq!(names, ["c3", "c8"]);
}

pub(crate) fn a_timeline_holds_what_happened_newest_first(room: &Room) {
    let ledger = room.open();
    let note = |second, words: &str| {
        let personal = Personal { text: Some(words.to_owned()), ..Personal::default() };
        let body = Body::Noted { confidential: false };
        with_personal(Draft { actor: agent("sato"), ..draft(second, "a", body) }, personal)
    };
    told(&ledger, [added(1, "a"), added(1, "b"), note(2, "one"), note(3, "two"), call(4, "a")]);
    let words = |before, limit| {
        read(&ledger, move |books| books.timeline(&client("a"), before, limit))
            .into_iter()
            .map(|it| (it.entry.seq, it.personal.and_then(|personal| personal.text)))
            .collect::<Vec<_>>()
    };
    assert_eq!(words(None, 2), [(5, None), (4, Some("two".to_owned()))]);
    assert_eq!(words(Some(4), 2), [(3, Some("one".to_owned())), (1, None)]);
}
