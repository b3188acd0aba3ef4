//! What every test of the ledger needs: places, drafts, decisions.

#![allow(dead_code, reason = "each test file uses its own part of this")]

pub(crate) mod server;

use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use yorisoi_decision::{
    ActionClass, ActionId, ActionKind, AgentId, Channel, Choice, ClientId, Code, Decision,
    DecisionId, Hold, HoldoutArm, HouseholdId, Reservation,
};
use yorisoi_ledger::{
    Actor, Body, Books, Client, Draft, Entry, Keeps, Ledger, LedgerError, Personal, Place, Profile,
};

pub(crate) type Result<T> = std::result::Result<T, LedgerError>;

pub(crate) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_770_000_000 + second).unwrap()
}

pub(crate) fn client(name: &str) -> ClientId {
    ClientId::new(name).unwrap()
}

pub(crate) fn household(name: &str) -> HouseholdId {
    HouseholdId::new(name).unwrap()
}

pub(crate) fn action(name: &str) -> ActionId {
    ActionId::new(name).unwrap()
}

pub(crate) fn channel(name: &str) -> Channel {
    Channel::new(name).unwrap()
}

pub(crate) fn agent(name: &str) -> Actor {
    Actor::Agent { agent: AgentId::new(name).unwrap() }
}

pub(crate) fn draft(second: i64, who: &str, body: Body) -> Draft {
    Draft { at: at(second), actor: Actor::House, client: Some(client(who)), body, personal: None }
}

pub(crate) fn house(second: i64, body: Body) -> Draft {
    Draft { at: at(second), actor: Actor::House, client: None, body, personal: None }
}

pub(crate) fn added(second: i64, who: &str) -> Draft {
    draft(second, who, Body::ClientAdded { profile: Profile::default() })
}

pub(crate) fn added_to(second: i64, who: &str, home: &str) -> Draft {
    let profile = Profile { household: Some(household(home)), ..Profile::default() };
    draft(second, who, Body::ClientAdded { profile })
}

pub(crate) fn with_personal(mut draft: Draft, personal: Personal) -> Draft {
    draft.personal = Some(personal);
    draft
}

pub(crate) fn named(name: &str, aliases: &[&str]) -> Personal {
    Personal {
        name: Some(name.to_owned()),
        aliases: aliases.iter().map(|&alias| alias.to_owned()).collect(),
        ..Personal::default()
    }
}

/// A decision to give `what` over the phone, or to hold.
pub(crate) fn decision(second: i64, id: &str, who: &str, what: Option<&str>) -> Decision {
    let choice = Choice {
        action: action(what.unwrap_or("hold")),
        kind: if what.is_some() { ActionKind::Offer } else { ActionKind::Hold },
        class: ActionClass::Offer,
        channel: what.map(|_| channel("call")),
        probability: 0.9,
        explored: false,
    };
    let hold = what.is_none().then_some(Hold {
        code: Code::NothingBetter,
        look_again_at: None,
        forgone_minor: 0.0,
    });
    Decision {
        id: DecisionId::new(id).unwrap(),
        client: client(who),
        household: None,
        at: at(second),
        policy: "test".to_owned(),
        policy_fingerprint: "f".to_owned(),
        effect_source: None,
        choice,
        holdout: HoldoutArm::Treated,
        ghost: None,
        hold,
        candidates: Vec::new(),
        suggestions: Vec::new(),
    }
}

/// A decision that keeps one unit, ten minutes and 500 until an hour has passed.
pub(crate) fn reserved(second: i64, id: &str, who: &str, what: &str) -> Draft {
    let decision = decision(second, id, who, Some(what));
    let reservation = Reservation {
        decision: decision.id.clone(),
        action: action(what),
        channel: Some(channel("call")),
        at: at(second),
        expires_at: at(second) + SignedDuration::from_hours(1),
    };
    let body = Body::Decided {
        decision: Box::new(decision),
        reservation: Some(reservation),
        agent: Some(AgentId::new("sato").unwrap()),
        keeps: Keeps { units: 1, minutes: 10, cost_minor: 500 },
    };
    draft(second, who, body)
}

pub(crate) fn held(second: i64, id: &str, who: &str) -> Draft {
    let decision = Box::new(decision(second, id, who, None));
    let body = Body::Decided { decision, reservation: None, agent: None, keeps: Keeps::default() };
    draft(second, who, body)
}

pub(crate) fn write(ledger: &Ledger, draft: Draft) -> Result<Entry> {
    ledger.write_now(move |books| books.append(draft))
}

/// Appends, and fails the test where that fails.
pub(crate) fn told(ledger: &Ledger, drafts: impl IntoIterator<Item = Draft>) {
    for draft in drafts {
        let kind = draft.body.kind();
        write(ledger, draft).unwrap_or_else(|error| panic!("{kind}: {error}"));
    }
}

pub(crate) fn read<T: Send + 'static>(
    ledger: &Ledger,
    ask: impl FnOnce(&mut Books<'_>) -> Result<T> + Send + 'static,
) -> T {
    ledger.read_now(ask).unwrap()
}

pub(crate) fn known(ledger: &Ledger, who: &str) -> Client {
    let id = client(who);
    read(ledger, move |books| books.client(&id)).unwrap()
}

/// Every file below a folder that holds the bytes.
pub(crate) fn files_with(folder: &Path, bytes: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.is_dir() {
            found.extend(files_with(&path, bytes));
        } else if std::fs::read(&path)
            .unwrap_or_default()
            .windows(bytes.len())
            .any(|window| window == bytes)
        {
            found.push(path.display().to_string());
        }
    }
    found
}

/// A place for one test, and what keeps it there.
pub(crate) struct Room {
    pub(crate) place: Place,
    pub(crate) folder: tempfile::TempDir,
}

impl Room {
    pub(crate) fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { place: Place::Folder(folder.path().to_owned()), folder }
    }

    pub(crate) fn postgres() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = server::new_database();
        Self { place: Place::Postgres { url, folder: folder.path().to_owned() }, folder }
    }

    pub(crate) fn memory() -> Self {
        Self { place: Place::Memory, folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn open(&self) -> Ledger {
        Ledger::open(&self.place).unwrap()
    }
}
