//! Does the ledger remember what was told it?

use yorisoi_decision::{ActionClass, ActionId, Channel, ClientId};
use yorisoi_ledger::{
    Actor, Body, ClientQuery, Draft, Ledger, LedgerError, Personal, Place, Profile, Resolved,
    Source,
};

fn draft(second: i64, client: &str, body: Body, personal: Option<Personal>) -> Draft {
    Draft {
        at: jiff::Timestamp::from_second(second).unwrap(),
        actor: Actor::House,
        client: Some(ClientId::new(client).unwrap()),
        body,
        personal,
    }
}

fn told(ledger: &Ledger) {
    let personal = Personal {
        name: Some("山田 花子".to_owned()),
        aliases: vec!["crm-1".to_owned()],
        ..Personal::default()
    };
    let added = Body::ClientAdded { profile: Profile::default() };
    let call = Body::Attempted {
        decision: None,
        action: ActionId::new("gift").unwrap(),
        class: ActionClass::Care,
        channel: Channel::new("call").unwrap(),
        reached: false,
    };
    let refused = Body::Refused {
        topic: None,
        channel: Some(Channel::new("call").unwrap()),
        source: Source::Words,
    };
    for (second, body, personal) in
        [(1, added, Some(personal)), (2, call, None), (3, refused, None)]
    {
        let draft = draft(second, "a", body, personal);
        ledger.write_now::<_, LedgerError, _>(move |books| books.append(draft)).unwrap();
    }
}

fn remembered(ledger: &Ledger) {
    let id = ClientId::new("a").unwrap();
    let (client, personal, alias, list) = ledger
        .read_now::<_, LedgerError, _>(move |books| {
            Ok((
                books.client(&id)?.unwrap(),
                books.personal(&id)?.unwrap(),
                books.resolve("crm-1")?,
                books.clients(&ClientQuery { limit: 10, ..ClientQuery::default() })?,
            ))
        })
        .unwrap();
    assert_eq!(client.version, 3);
    assert_eq!(client.facts.contacts.len(), 1);
    assert_eq!(client.facts.refusals.len(), 1);
    assert_eq!(client.facts.attempts.values().next().unwrap().failed, 1);
    assert_eq!(personal.name.as_deref(), Some("山田 花子"));
    assert_eq!(alias, Resolved::Client(client.facts.client.clone()));
    assert_eq!(list, [client]);
}

#[test]
fn a_ledger_in_memory_remembers() {
    let ledger = Ledger::open(&Place::Memory).unwrap();
    told(&ledger);
    remembered(&ledger);
}

#[test]
fn a_ledger_in_a_folder_remembers_after_it_was_closed() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::Folder(folder.path().to_owned());
    let ledger = Ledger::open(&place).unwrap();
    told(&ledger);
    remembered(&ledger);
    drop(ledger);
    remembered(&Ledger::open(&place).unwrap());
}
