//! Who may come in? Tokens with roles, hashed at rest, and sessions at the desk.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_decision::{AgentId, TeamId};

use crate::{App, AppError, Caller, Role};

/// A token to be issued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TokenInput {
    /// Its name.
    pub token: String,
    /// What it may do.
    pub role: Role,
    /// For which team; `null`: every team.
    #[serde(default)]
    pub team: Option<TeamId>,
    /// For which agent.
    #[serde(default)]
    pub agent: Option<AgentId>,
}

/// A token that was issued: the only time its secret is seen.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct IssuedToken {
    /// Its name.
    pub token: String,
    /// What it may do.
    pub role: Role,
    /// What to send as `Authorization: Bearer …`. It is kept nowhere.
    pub secret: String,
}

impl std::fmt::Debug for IssuedToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // A secret that can be printed will be logged one day.
        f.debug_struct("IssuedToken").field("token", &self.token).finish_non_exhaustive()
    }
}

/// A token in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TokenView {
    /// Its name.
    pub token: String,
    /// What it may do.
    pub role: Role,
    /// For which team.
    pub team: Option<TeamId>,
    /// For which agent.
    pub agent: Option<AgentId>,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

/// A session at the desk.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Session {
    /// What goes into the cookie.
    pub secret: String,
    /// What every form must carry.
    pub form_key: String,
    /// Until when it lasts without use.
    pub until: Timestamp,
    /// Whose it is.
    pub caller: Caller,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").field("caller", &self.caller).finish_non_exhaustive()
    }
}

impl App {
    /// On the very first start, issues the token of a privacy officer who can issue all others; `None` if
    /// there is any token already.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`].
    pub async fn first_token(&self) -> Result<Option<IssuedToken>, AppError> {
        Err(AppError::NotYet)
    }

    /// Returns the caller behind a secret.
    ///
    /// # Errors
    ///
    /// [`AppError::Unauthenticated`].
    pub async fn authenticate(&self, secret: &str) -> Result<Caller, AppError> {
        let _ = secret;
        Err(AppError::NotYet)
    }

    /// Issues a token.
    ///
    /// # Errors
    ///
    /// [`AppError::Exists`]; [`AppError::Invalid`] if an agent's token names no agent or no team.
    pub async fn issue_token(
        &self,
        caller: &Caller,
        input: TokenInput,
    ) -> Result<IssuedToken, AppError> {
        let _ = (caller, input);
        Err(AppError::NotYet)
    }

    /// Revokes a token: it opens nothing from now on, nor do its sessions.
    ///
    /// # Errors
    ///
    /// [`AppError::Unknown`].
    pub async fn revoke_token(&self, caller: &Caller, token: &str) -> Result<TokenView, AppError> {
        let _ = (caller, token);
        Err(AppError::NotYet)
    }

    /// Every token, without its secret.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`].
    pub async fn tokens(&self, caller: &Caller) -> Result<Vec<TokenView>, AppError> {
        let _ = caller;
        Err(AppError::NotYet)
    }

    /// Opens a session at the desk with a token's secret.
    ///
    /// # Errors
    ///
    /// [`AppError::Unauthenticated`].
    pub async fn open_session(&self, secret: &str) -> Result<Session, AppError> {
        let _ = secret;
        Err(AppError::NotYet)
    }

    /// Returns the session of a cookie, and makes it last longer.
    ///
    /// # Errors
    ///
    /// [`AppError::Unauthenticated`].
    pub async fn session(&self, secret: &str) -> Result<Session, AppError> {
        let _ = secret;
        Err(AppError::NotYet)
    }

    /// Ends a session.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`].
    pub async fn close_session(&self, secret: &str) -> Result<(), AppError> {
        let _ = secret;
        Err(AppError::NotYet)
    }
}
