//! Is the ledger whole, and is there a copy?

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_ledger::{Fault, LedgerError};

use crate::{App, AppError, Caller, Reason, Right};

/// What verifying found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct VerifyView {
    /// Entries read.
    pub entries: u64,
    /// Whether the chain is whole.
    pub whole: bool,
    /// Hash of the last entry, in hexadecimal.
    pub head: Option<String>,
    /// What is wrong, with its place.
    #[schemars(with = "Vec<String>")]
    pub faults: Vec<Reason>,
}

/// Threads that verify at once.
const VERIFY_THREADS: usize = 4;

/// Does something that takes its time on a thread of its own, so that others are answered meanwhile.
async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, LedgerError> + Send + 'static,
) -> Result<T, AppError> {
    let (answer, answered) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || drop(answer.send(work())));
    let lost = |_| AppError::Internal { what: "the thread ended without an answer".to_owned() };
    Ok(answered.await.map_err(lost)??)
}

/// What is wrong, and with which entry.
fn said(fault: &Fault) -> Reason {
    let words = fault.what.words();
    (format!("entry {}: {}", fault.seq, words.en), format!("記録 {}：{}", fault.seq, words.ja))
        .into()
}

impl App {
    /// Reads the whole chain and checks every link.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`]. A broken chain is no error but an answer.
    pub async fn verify_ledger(&self, caller: &Caller) -> Result<VerifyView, AppError> {
        caller.may(Right::KeepLedger)?;
        let ledger = self.ledger().clone();
        let found = aside(move || ledger.verify(VERIFY_THREADS)).await?;
        Ok(VerifyView {
            entries: found.entries,
            whole: found.is_sound(),
            head: (found.entries > 0).then(|| found.head.clone()),
            faults: found.faults.iter().map(said).collect(),
        })
    }

    /// Writes a consistent copy to a new file while work goes on. The keys are not in it.
    ///
    /// # Errors
    ///
    /// [`AppError::Invalid`] if the file is there already; [`AppError::Unavailable`].
    pub async fn back_up_ledger(&self, caller: &Caller, to: PathBuf) -> Result<(), AppError> {
        caller.may(Right::KeepLedger)?;
        if to.exists() {
            return Err(AppError::invalid("to", "there is something already; name a new file"));
        }
        let ledger = self.ledger().clone();
        aside(move || ledger.backup(&to)).await?;
        Ok(())
    }

    /// Folds every projection anew from the chain.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`].
    pub async fn rebuild_ledger(&self, caller: &Caller) -> Result<u64, AppError> {
        caller.may(Right::KeepLedger)?;
        let ledger = self.ledger().clone();
        aside(move || ledger.rebuild()).await
    }
}

#[cfg(test)]
mod tests {
    use yorisoi_ledger::Wrong;

    use super::*;

    #[test]
    fn what_a_check_finds_is_told_in_both_languages() {
        let told = said(&Fault { seq: 7, what: Wrong::Missing });
        assert_eq!(told.to_string(), "entry 7: the entry is missing");
        assert_eq!(told.words().ja, "記録 7：この記録がありません");
    }
}
