//! What do we know about a person, and how do we forget them?

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_decision::ClientId;
use yorisoi_ledger::{Entry, Personal};

use crate::app::ANSWERS;
use crate::check_in::forget_alert;
use crate::show_client::PersonalView;
use crate::work::Work;
use crate::{App, AppError, Caller, Recorded, Right};

/// An entry with what is personal about it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OpenedEntry {
    /// The entry.
    pub entry: Entry,
    /// What is personal about it.
    pub personal: Option<Personal>,
}

/// Everything about a person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PersonExport {
    /// Who.
    pub client: ClientId,
    /// Records that were merged into theirs.
    pub merged: Vec<ClientId>,
    /// As of when.
    pub at: Timestamp,
    /// Who they are, as last known.
    pub personal: Option<PersonalView>,
    /// Every entry about them, oldest first.
    pub entries: Vec<OpenedEntry>,
    /// What is folded from those entries, as decisions see it.
    pub facts: serde_json::Value,
}

impl App {
    /// Returns every row about a person, records merged into theirs included.
    ///
    /// # Errors
    ///
    /// [`AppError::Unknown`].
    pub async fn export_person(
        &self,
        caller: &Caller,
        client: &ClientId,
    ) -> Result<PersonExport, AppError> {
        caller.may(Right::PersonRights)?;
        self.look(caller, client, "export").await?;
        let name = client.clone();
        self.read(caller, move |work| export(work, &name)).await
    }

    /// Forgets a person: destroys their key, keeps only that they are to be left alone.
    ///
    /// # Errors
    ///
    /// [`AppError::Unknown`]; [`AppError::Erased`] if it was done before.
    pub async fn erase_person(
        &self,
        caller: &Caller,
        client: &ClientId,
    ) -> Result<Recorded, AppError> {
        caller.may(Right::PersonRights)?;
        let name = client.clone();
        self.write(caller, "erased", move |work| {
            let client = work.client(&name)?;
            let id = client.facts.client;
            let entry = work.books.erase(&id, work.now, work.caller.actor())?;
            // Answers that are kept to be given again, and a check-in's alert, say something of them.
            for record in client.desk.merged.iter().chain([&id]) {
                work.books.forget_answers_about(ANSWERS, record)?;
                forget_alert(work, record)?;
            }
            work.about.clear();
            Ok(Recorded { seq: entry.seq, at: entry.at, client: entry.client })
        })
        .await
    }
}

/// Entries read in one go.
const READ: usize = 1_000;

fn export(work: &mut Work<'_, '_>, name: &ClientId) -> Result<PersonExport, AppError> {
    let client = work.client(name)?;
    let id = client.facts.client.clone();
    let personal = work.books.personal(&id)?.map(|personal| PersonalView {
        name: personal.name,
        addresses: personal.addresses,
        aliases: personal.aliases,
        attributes: personal.attributes,
    });
    let mut entries = Vec::new();
    let mut before = None;
    loop {
        let some = work.books.timeline(&id, before, READ)?;
        let is_last = some.len() < READ;
        before = some.last().map(|opened| opened.entry.seq);
        entries.extend(
            some.into_iter().map(|it| OpenedEntry { entry: it.entry, personal: it.personal }),
        );
        if is_last {
            break;
        }
    }
    entries.reverse();
    let facts = serde_json::to_value(&client)
        .map_err(|error| AppError::Internal { what: error.to_string() })?;
    Ok(PersonExport {
        client: id,
        merged: client.desk.merged,
        at: work.now,
        personal,
        entries,
        facts,
    })
}
