//! Is the ledger whole, and is there a copy?

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{App, AppError, Caller};

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
    pub faults: Vec<String>,
}

impl App {
    /// Reads the whole chain and checks every link.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`]. A broken chain is no error but an answer.
    pub async fn verify_ledger(&self, caller: &Caller) -> Result<VerifyView, AppError> {
        let _ = caller;
        Err(AppError::NotYet)
    }

    /// Writes a consistent copy into a new folder while work goes on.
    ///
    /// # Errors
    ///
    /// [`AppError::Invalid`] if the folder is there already; [`AppError::Unavailable`].
    pub async fn back_up_ledger(&self, caller: &Caller, to: PathBuf) -> Result<(), AppError> {
        let _ = (caller, to);
        Err(AppError::NotYet)
    }

    /// Folds every projection anew from the chain.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`].
    pub async fn rebuild_ledger(&self, caller: &Caller) -> Result<u64, AppError> {
        let _ = caller;
        Err(AppError::NotYet)
    }
}
