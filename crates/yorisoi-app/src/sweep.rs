//! What has run out? Reservations, hand-ons and remembered answers, every few seconds.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{App, AppError};

/// What was swept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Swept {
    /// Reservations that ran out.
    pub reservations: u64,
    /// Hand-ons that nobody took in time.
    pub hand_ons: u64,
    /// Sessions that ended.
    pub sessions: u64,
}

impl App {
    /// Ends what has run out. Run it every few seconds; running it more often changes nothing.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`].
    pub async fn sweep(&self) -> Result<Swept, AppError> {
        Err(AppError::NotYet)
    }
}
