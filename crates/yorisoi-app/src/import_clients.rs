//! Who comes from another system? Records are taken over row by row, and nobody is taken for two.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_decision::ClientId;
use yorisoi_ledger::Resolved;

use crate::import_rows::{ImportRow, read_rows};
use crate::keep_client::{Change, ClientInput, add, change};
use crate::work::{Known, Work};
use crate::{App, AppError, Caller, Reason, Right};

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct ImportReport {
    /// Rows read.
    pub rows: u64,
    /// Clients that are new.
    pub added: u64,
    /// Clients that were there and changed.
    pub changed: u64,
    /// Clients that were there and did not change.
    pub same: u64,
    /// People who were erased at their own wish and stay so.
    pub kept_erased: u64,
    /// Channels of clients that are left in peace from now on: their new address was somebody's who was erased.
    pub quieted: u64,
    /// Rows that could not be used.
    pub faults: Vec<ImportFault>,
}

/// A row that could not be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ImportFault {
    /// Its line in the file, from 1.
    pub line: u64,
    /// The column, if it is one.
    pub column: Option<String>,
    /// What is wrong, and what would be right.
    #[schemars(with = "String")]
    pub reason: Reason,
}

/// Rows of an import that are one transaction: others get their turn in between.
const IMPORT_ROWS: usize = 200;

impl App {
    /// Imports clients from CSV with a header. Known columns: `client`, `name`, `household`, `team`, `agent`,
    /// `zone`, `value_minor`, `alias`, and `address.CHANNEL`; every other column is an attribute.
    ///
    /// # Errors
    ///
    /// [`AppError::Invalid`] if it is no CSV with a column `client` or `alias`. Faulty rows are reported, the
    /// others are imported.
    pub async fn import_clients(
        &self,
        caller: &Caller,
        csv: Vec<u8>,
    ) -> Result<ImportReport, AppError> {
        caller.may(Right::KeepPeople)?;
        let (rows, faults) = read_rows(&csv)?;
        let mut report = ImportReport {
            rows: (rows.len() + faults.len()) as u64,
            faults,
            ..ImportReport::default()
        };
        let app = self.without_once();
        for some in rows.chunks(IMPORT_ROWS) {
            let some = some.to_vec();
            let part = app.write(caller, "import", move |work| import(work, some)).await?;
            report.added += part.added;
            report.changed += part.changed;
            report.same += part.same;
            report.kept_erased += part.kept_erased;
            report.quieted += part.quieted;
            report.faults.extend(part.faults);
        }
        report.faults.sort_by_key(|fault| fault.line);
        Ok(report)
    }
}

fn import(work: &mut Work<'_, '_>, rows: Vec<ImportRow>) -> Result<ImportReport, AppError> {
    let mut report = ImportReport::default();
    for ImportRow { line, name, input } in rows {
        // A name in the column `client` is the house's own; any other is somebody else's, and personal.
        let own = input.client.clone();
        match work.part(|work| import_row(work, &name, own.as_ref(), input)) {
            Ok(Imported::Added) => report.added += 1,
            Ok(Imported::Changed { quieted }) => {
                report.changed += 1;
                report.quieted += quieted;
            }
            Ok(Imported::Same) => report.same += 1,
            Ok(Imported::KeptErased) => report.kept_erased += 1,
            Err(error) if error.status() >= 500 => return Err(error),
            Err(error) => {
                let reason = error.words().into();
                report.faults.push(ImportFault { line, column: None, reason });
            }
        }
    }
    Ok(report)
}

/// What became of one row.
pub(crate) enum Imported {
    Added,
    Changed {
        /// Channels that are left in peace from now on.
        quieted: u64,
    },
    Same,
    KeptErased,
}

/// Takes over one record from outside, under whatever name it is known there. Without a name of the house's own
/// a new record gets one: what another system calls somebody may say who they are, and goes into no chain.
pub(crate) fn import_row(
    work: &mut Work<'_, '_>,
    name: &ClientId,
    own: Option<&ClientId>,
    mut input: ClientInput,
) -> Result<Imported, AppError> {
    for name in std::iter::once(name.as_str()).chain(input.aliases.iter().map(String::as_str)) {
        match work.known(&ClientId::new(name)?)? {
            Known::Erased => return Ok(Imported::KeptErased),
            Known::Client(client) if client.facts.erased => return Ok(Imported::KeptErased),
            Known::Client(client) => {
                work.caller.may_see_team(client.facts.team.as_ref())?;
                return Ok(match change(work, &client, input)? {
                    Change::Something { quieted } => Imported::Changed { quieted },
                    Change::Nothing => Imported::Same,
                });
            }
            Known::Nobody => {}
        }
    }
    // Nobody is known by these names; an address may still be that of somebody who was erased.
    for address in input.addresses.values().filter(|address| !address.trim().is_empty()) {
        if work.books.resolve(address)? == Resolved::Tombstone {
            return Ok(Imported::KeptErased);
        }
    }
    if let Some(own) = own {
        add(work, own, input)?;
        return Ok(Imported::Added);
    }
    let id = ClientId::new(work.app.inner.ids.name("c", work.now))?;
    if !input.aliases.iter().any(|alias| alias == name.as_str()) {
        input.aliases.push(name.to_string());
    }
    add(work, &id, input)?;
    Ok(Imported::Added)
}
