//! Who may come in? Tokens with roles, hashed at rest, and sessions at the desk.

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_decision::{AgentId, TeamId};
use yorisoi_ledger::{Body, TokenFacts};

use crate::work::Work;
use crate::{App, AppError, Caller, Right, Role};

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

/// Where the hashes of secrets stand, with the names of their tokens.
const TOKENS: &str = "token";

/// Where sessions stand.
pub(crate) const SESSIONS: &str = "session";

/// A session as kept: under the hash of its secret.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct KeptSession {
    token: String,
    form_key: String,
    /// Until when it lasts.
    pub(crate) until: Timestamp,
}

impl App {
    /// On the very first start, issues the token of a privacy officer who can issue all others; `None` if
    /// there is any token already.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`].
    pub async fn first_token(&self) -> Result<Option<IssuedToken>, AppError> {
        let house = Caller {
            token: "first-start".to_owned(),
            role: Role::Privacy,
            team: None,
            agent: None,
        };
        self.write(&house, "first_token", |work| {
            if !work.books.tokens()?.is_empty() {
                return Ok(None);
            }
            let input = TokenInput {
                token: "first".to_owned(),
                role: Role::Privacy,
                team: None,
                agent: None,
            };
            issue(work, input).map(Some)
        })
        .await
    }

    /// Returns the caller behind a secret.
    ///
    /// # Errors
    ///
    /// [`AppError::Unauthenticated`].
    pub async fn authenticate(&self, secret: &str) -> Result<Caller, AppError> {
        let hash = self.inner.doorkeeper.hash(secret);
        let now = self.now();
        if let Some(caller) = self.inner.doorkeeper.known(&hash, now) {
            return Ok(caller);
        }
        let asked = hash.clone();
        let caller = self
            .read(&nobody(), move |work| {
                let token = work.books.read_note::<String>(TOKENS, &asked)?;
                token.map_or(Ok(None), |token| caller_of(work, &token))
            })
            .await?;
        let Some(caller) = caller else {
            self.inner.doorkeeper.forget_one(&hash);
            return Err(AppError::Unauthenticated);
        };
        self.inner.doorkeeper.remember(hash, &caller, now);
        Ok(caller)
    }

    /// The caller behind a secret as they were known up to a quarter of an hour ago, unless a token was revoked here
    /// since. Not enough to do anything: while the ledger is away, they are told to hold
    /// ([`App::hold_while_away`]).
    pub fn last_known(&self, secret: &str) -> Option<Caller> {
        let doorkeeper = &self.inner.doorkeeper;
        doorkeeper.remembered(&doorkeeper.hash(secret), self.now())
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
        caller.may(Right::KeepTokens)?;
        check(&input)?;
        self.write(caller, "token_issued", move |work| issue(work, input)).await
    }

    /// Revokes a token: it opens nothing from now on, nor do its sessions.
    ///
    /// # Errors
    ///
    /// [`AppError::Unknown`].
    pub async fn revoke_token(&self, caller: &Caller, token: &str) -> Result<TokenView, AppError> {
        caller.may(Right::KeepTokens)?;
        let token = token.to_owned();
        let view = self
            .write(caller, "token_revoked", move |work| {
                let known = find(work, &token)?;
                if known.revoked_at.is_none() {
                    work.append(None, Body::TokenRevoked { token: token.clone() }, None)?;
                }
                Ok(view(find(work, &token)?))
            })
            .await?;
        self.inner.doorkeeper.forget();
        Ok(view)
    }

    /// Every token, without its secret.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`].
    pub async fn tokens(&self, caller: &Caller) -> Result<Vec<TokenView>, AppError> {
        caller.may(Right::KeepTokens)?;
        self.read(caller, |work| Ok(work.books.tokens()?.into_iter().map(view).collect())).await
    }

    /// Opens a session at the desk with a token's secret.
    ///
    /// # Errors
    ///
    /// [`AppError::Unauthenticated`].
    pub async fn open_session(&self, secret: &str) -> Result<Session, AppError> {
        let caller = self.authenticate(secret).await?;
        let (secret, form_key) = (hex(&self.inner.ids.secret()), hex(&self.inner.ids.secret()));
        let key = self.inner.doorkeeper.hash(&secret);
        let hours = self.settings().session_hours;
        let (asker, token) = (caller.clone(), caller.token.clone());
        let kept_key = form_key.clone();
        let until = self
            .write(&asker, "session_opened", move |work| {
                let until = until(work.now, hours);
                let kept = KeptSession { token, form_key: kept_key, until };
                work.books.note(SESSIONS, &key, &kept, Some(until.as_second() as f64), None)?;
                Ok(until)
            })
            .await?;
        Ok(Session { secret, form_key, until, caller })
    }

    /// Returns the session of a cookie, and makes it last longer.
    ///
    /// # Errors
    ///
    /// [`AppError::Unauthenticated`].
    pub async fn session(&self, secret: &str) -> Result<Session, AppError> {
        let key = self.inner.doorkeeper.hash(secret);
        let (asked, hours) = (key.clone(), self.settings().session_hours);
        let found = self
            .read(&nobody(), move |work| {
                let kept = work.books.read_note::<KeptSession>(SESSIONS, &asked)?;
                let Some(kept) = kept.filter(|kept| work.now < kept.until) else {
                    return Ok(None);
                };
                Ok(caller_of(work, &kept.token)?.map(|caller| (kept, caller)))
            })
            .await?;
        let (mut kept, caller) = found.ok_or(AppError::Unauthenticated)?;
        let longer = until(self.now(), hours);
        // Making it last longer is worth a write now and then, not at every look.
        if longer.duration_since(kept.until) > SignedDuration::from_mins(10) {
            kept.until = longer;
            let note = kept.clone();
            self.write(&caller, "session_used", move |work| {
                // Whoever signed out meanwhile stays out.
                if work.books.read_note::<KeptSession>(SESSIONS, &key)?.is_none() {
                    return Err(AppError::Unauthenticated);
                }
                Ok(work.books.note(SESSIONS, &key, &note, Some(longer.as_second() as f64), None)?)
            })
            .await?;
        }
        let secret = secret.to_owned();
        Ok(Session { secret, form_key: kept.form_key, until: kept.until, caller })
    }

    /// Ends a session.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`].
    pub async fn close_session(&self, secret: &str) -> Result<(), AppError> {
        let key = self.inner.doorkeeper.hash(secret);
        self.write(&nobody(), "session_closed", move |work| {
            Ok(work.books.forget_note(SESSIONS, &key)?)
        })
        .await
    }
}

/// Who asks while it is not known yet who asks.
pub(crate) fn nobody() -> Caller {
    Caller { token: "door".to_owned(), role: Role::Service, team: None, agent: None }
}

fn until(now: Timestamp, hours: u32) -> Timestamp {
    now.checked_add(SignedDuration::from_hours(i64::from(hours))).unwrap_or(now)
}

fn hex(bytes: &[u8]) -> String {
    blake3::Hash::from_slice(bytes).map_or_else(|_| String::new(), |it| it.to_hex().to_string())
}

fn check(input: &TokenInput) -> Result<(), AppError> {
    let is_name = !input.token.trim().is_empty()
        && input.token.len() <= yorisoi_decision::ID_BYTES_MAX
        && !input.token.chars().any(char::is_control);
    if !is_name {
        let en = "give it a name of 1 to 200 bytes, in one line";
        let ja = "1 行、1 から 200 バイトの名前を付けてください。";
        return Err(AppError::invalid("token", (en, ja)));
    }
    if input.role == Role::Agent && input.agent.is_none() {
        let ja = "担当のトークンには、担当者名が必要です。";
        return Err(AppError::invalid("agent", ("an agent's token must say which agent", ja)));
    }
    if input.role == Role::Agent && input.team.is_none() {
        let ja = "担当のトークンには、チームが必要です。";
        return Err(AppError::invalid("team", ("an agent's token must say which team", ja)));
    }
    Ok(())
}

fn issue(work: &mut Work<'_, '_>, input: TokenInput) -> Result<IssuedToken, AppError> {
    if work.books.tokens()?.iter().any(|token| token.token == input.token) {
        return Err(AppError::Exists { what: "token", name: input.token });
    }
    let secret = format!("yori_{}", hex(&work.app.inner.ids.secret()));
    let hash = work.app.inner.doorkeeper.hash(&secret);
    let body = Body::TokenIssued {
        token: input.token.clone(),
        role: input.role.as_str().to_owned(),
        team: input.team,
        agent: input.agent,
    };
    work.append(None, body, None)?;
    work.books.note(TOKENS, &hash, &input.token, None, None)?;
    Ok(IssuedToken { token: input.token, role: input.role, secret })
}

fn find(work: &mut Work<'_, '_>, token: &str) -> Result<TokenFacts, AppError> {
    let known = work.books.tokens()?.into_iter().find(|known| known.token == token);
    known.ok_or_else(|| AppError::unknown("token", token))
}

/// The caller a token stands for; `None` if it was revoked.
fn caller_of(work: &mut Work<'_, '_>, token: &str) -> Result<Option<Caller>, AppError> {
    let known = work.books.token(token)?;
    Ok(known.filter(|known| known.revoked_at.is_none()).and_then(|known| {
        let role = Role::parse(&known.role)?;
        Some(Caller { token: known.token, role, team: known.team, agent: known.agent })
    }))
}

fn view(facts: TokenFacts) -> TokenView {
    TokenView {
        // A role of a later version opens nothing, and is shown as the one that may do least.
        role: Role::parse(&facts.role).unwrap_or(Role::Service),
        token: facts.token,
        team: facts.team,
        agent: facts.agent,
        issued_at: facts.issued_at,
        revoked_at: facts.revoked_at,
    }
}
