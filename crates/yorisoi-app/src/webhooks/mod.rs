//! Who is told of events? Endpoints, the outbox, and how a message is signed.

mod address;
mod outbox;
mod sign;

use std::net::IpAddr;

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_ledger::Entry;

use crate::work::Work;
use crate::{App, AppError, Caller, Right, Role};

/// An address to be told of events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EndpointInput {
    /// `https://…`; private addresses are refused.
    pub url: String,
    /// Kinds of entries to tell of; empty: all that concern clients.
    #[serde(default)]
    pub kinds: Vec<String>,
}

/// An endpoint. Its secret is shown once, when it is made or rotated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EndpointView {
    /// Its name.
    pub endpoint: String,
    /// Its address.
    pub url: String,
    /// Kinds it is told of.
    pub kinds: Vec<String>,
    /// The secret, `whsec_…`; only when it is new.
    pub secret: Option<String>,
    /// Messages waiting.
    pub waiting: u64,
    /// When the last one was taken.
    pub last_delivered_at: Option<Timestamp>,
    /// What went wrong last.
    pub last_fault: Option<String>,
}

/// A message that is due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// `webhook-id`: the same at every retry.
    pub id: String,
    /// To which endpoint.
    pub endpoint: String,
    /// Its address.
    pub url: String,
    /// The `CloudEvents` body, to be sent byte for byte.
    pub body: String,
    /// Attempts so far.
    pub attempts: u32,
    /// The entry it tells of.
    pub seq: u64,
}

/// The three headers of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedHeaders {
    /// `webhook-id`.
    pub id: String,
    /// `webhook-timestamp`, seconds.
    pub timestamp: String,
    /// `webhook-signature`: one `v1,…` for each secret that holds.
    pub signature: String,
}

/// Passes for whoever may keep webhooks and looks after every team: an endpoint is told of them all.
fn keeps_webhooks(caller: &Caller) -> Result<(), AppError> {
    caller.may(Right::KeepWebhooks)?;
    caller.may_see_team(None).map_err(|_| AppError::OneTeam)
}

/// Where endpoints stand.
const ENDPOINTS: &str = "webhook_endpoint";

/// Endpoints there may be.
const ENDPOINTS_MAX: usize = 100;

/// How long the secret before signs beside the new one.
const OLD_SECRET_FOR: SignedDuration = SignedDuration::from_hours(24);

/// An endpoint as kept. Its secret is not: it is worked out from the house's own.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[expect(
    clippy::struct_field_names,
    reason = "the name of an endpoint is called so on every interface"
)]
pub(crate) struct Endpoint {
    endpoint: String,
    url: String,
    kinds: Vec<String>,
    generation: u32,
    rotated_at: Option<Timestamp>,
    from_seq: u64,
    last_delivered_at: Option<Timestamp>,
    last_fault: Option<String>,
}

impl Endpoint {
    /// Whether it is told of an entry: of the kinds it named, or of all that concern clients.
    fn wants(&self, entry: &Entry) -> bool {
        let kind = entry.body.kind();
        let is_wanted = if self.kinds.is_empty() {
            entry.client.is_some() && kind != "looked"
        } else {
            self.kinds.iter().any(|wanted| wanted == kind)
        };
        is_wanted && entry.seq > self.from_seq
    }

    fn is_old_secret_good(&self, now: Timestamp) -> bool {
        self.rotated_at.is_some_and(|at| now.duration_since(at) < OLD_SECRET_FOR)
    }
}

impl App {
    /// Adds an endpoint.
    ///
    /// # Errors
    ///
    /// [`AppError::Address`]; [`AppError::OneTeam`].
    pub async fn add_endpoint(
        &self,
        caller: &Caller,
        input: EndpointInput,
    ) -> Result<EndpointView, AppError> {
        keeps_webhooks(caller)?;
        check_url(&input.url, self.settings().private_webhooks)?;
        self.write(caller, "endpoint_added", move |work| {
            let endpoint = Endpoint {
                endpoint: work.app.inner.ids.name("ep", work.now),
                url: input.url,
                kinds: input.kinds,
                generation: 1,
                rotated_at: None,
                from_seq: work.books.newest(),
                last_delivered_at: None,
                last_fault: None,
            };
            keep(work, &endpoint)?;
            let secret = sign::shown(&secret_of(&work.app, &endpoint, endpoint.generation));
            view(work, &endpoint, Some(secret))
        })
        .await
    }

    /// Every endpoint.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`].
    pub async fn endpoints(&self, caller: &Caller) -> Result<Vec<EndpointView>, AppError> {
        keeps_webhooks(caller)?;
        self.read(caller, |work| {
            let mut views = Vec::new();
            for endpoint in endpoints(work)? {
                views.push(view(work, &endpoint, None)?);
            }
            Ok(views)
        })
        .await
    }

    /// Gives an endpoint a new secret; the old one signs beside it for 24 hours.
    ///
    /// # Errors
    ///
    /// [`AppError::Unknown`].
    pub async fn rotate_endpoint(
        &self,
        caller: &Caller,
        endpoint: &str,
    ) -> Result<EndpointView, AppError> {
        keeps_webhooks(caller)?;
        let name = endpoint.to_owned();
        self.write(caller, "endpoint_rotated", move |work| {
            let mut endpoint = find(work, &name)?;
            endpoint.generation += 1;
            endpoint.rotated_at = Some(work.now);
            keep(work, &endpoint)?;
            let secret = sign::shown(&secret_of(&work.app, &endpoint, endpoint.generation));
            view(work, &endpoint, Some(secret))
        })
        .await
    }

    /// Removes an endpoint and what waits for it.
    ///
    /// # Errors
    ///
    /// [`AppError::Unknown`].
    pub async fn remove_endpoint(&self, caller: &Caller, endpoint: &str) -> Result<(), AppError> {
        keeps_webhooks(caller)?;
        let name = endpoint.to_owned();
        self.write(caller, "endpoint_removed", move |work| {
            find(work, &name)?;
            outbox::drop_all(work, &name)?;
            Ok(work.books.forget_note(ENDPOINTS, &name)?)
        })
        .await
    }

    /// Moves new entries into the outbox and returns the messages that are due. For the sender only.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`].
    pub async fn due_deliveries(&self, limit: usize) -> Result<Vec<Delivery>, AppError> {
        // Most looks find nothing; they must not cost a write.
        let is_idle = self.read(&sender(), |work| Ok(endpoints(work)?.is_empty())).await?;
        if is_idle {
            return Ok(Vec::new());
        }
        self.write(&sender(), "webhooks_due", move |work| {
            outbox::fill(work)?;
            outbox::due(work, limit.clamp(1, 1_000))
        })
        .await
    }

    /// Signs a message with every secret of its endpoint that holds.
    ///
    /// # Errors
    ///
    /// [`AppError::Unknown`] endpoint.
    pub async fn sign_delivery(&self, delivery: &Delivery) -> Result<SignedHeaders, AppError> {
        let delivery = delivery.clone();
        self.read(&sender(), move |work| {
            let endpoint = find(work, &delivery.endpoint)?;
            let timestamp = work.now.as_second();
            let sign = |generation| {
                let secret = secret_of(&work.app, &endpoint, generation);
                sign::signature(&secret, &delivery.id, timestamp, &delivery.body)
            };
            let mut signatures = vec![sign(endpoint.generation)];
            if endpoint.is_old_secret_good(work.now) {
                signatures.push(sign(endpoint.generation - 1));
            }
            Ok(SignedHeaders {
                id: delivery.id.clone(),
                timestamp: timestamp.to_string(),
                signature: signatures.join(" "),
            })
        })
        .await
    }

    /// Records what became of a message: taken, or to be tried again later with the same id.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`].
    pub async fn settle_delivery(
        &self,
        delivery: &Delivery,
        fault: Option<String>,
    ) -> Result<(), AppError> {
        let delivery = delivery.clone();
        self.write(&sender(), "webhook_settled", move |work| {
            let is_given_up = outbox::settle(work, &delivery, fault.is_none())?;
            let Ok(mut endpoint) = find(work, &delivery.endpoint) else { return Ok(()) };
            match fault {
                None => {
                    endpoint.last_delivered_at = Some(work.now);
                    endpoint.last_fault = None;
                }
                Some(fault) => {
                    let what = if is_given_up { "given up: " } else { "" };
                    endpoint.last_fault = Some(format!("{what}{fault}"));
                }
            }
            keep(work, &endpoint)
        })
        .await
    }

    /// Passes if a resolved address may be sent to. Check what was resolved, and connect to just that.
    ///
    /// # Errors
    ///
    /// [`AppError::Address`] for private, loopback, link-local and other special addresses.
    pub fn may_send_to(&self, url: &str, resolved: IpAddr) -> Result<(), AppError> {
        match address::refusal(resolved) {
            Some((en, ja)) if !self.settings().private_webhooks => Err(AppError::Address {
                address: url.to_owned(),
                reason: (
                    format!("it leads to {resolved}, and {en}"),
                    format!("接続先は {resolved} で、{ja}"),
                )
                    .into(),
            }),
            _ => Ok(()),
        }
    }
}

/// The sender of messages.
fn sender() -> Caller {
    Caller { token: "webhooks".to_owned(), role: Role::Service, team: None, agent: None }
}

/// Worked out anew each time it is needed: what is stored nowhere cannot leak from a backup.
fn secret_of(app: &App, endpoint: &Endpoint, generation: u32) -> [u8; 32] {
    let key = app.inner.ledger.secret("webhook");
    let name = format!("{}/{generation}", endpoint.endpoint);
    *blake3::keyed_hash(&key, name.as_bytes()).as_bytes()
}

fn endpoints(work: &mut Work<'_, '_>) -> Result<Vec<Endpoint>, AppError> {
    let notes = work.books.notes::<Endpoint>(ENDPOINTS, None, ENDPOINTS_MAX)?;
    Ok(notes.into_iter().map(|(_, endpoint)| endpoint).collect())
}

fn find(work: &mut Work<'_, '_>, endpoint: &str) -> Result<Endpoint, AppError> {
    let known = work.books.read_note(ENDPOINTS, endpoint)?;
    known.ok_or_else(|| AppError::unknown("endpoint", endpoint))
}

fn keep(work: &mut Work<'_, '_>, endpoint: &Endpoint) -> Result<(), AppError> {
    Ok(work.books.note(ENDPOINTS, &endpoint.endpoint, endpoint, None, None)?)
}

fn view(
    work: &mut Work<'_, '_>,
    endpoint: &Endpoint,
    secret: Option<String>,
) -> Result<EndpointView, AppError> {
    Ok(EndpointView {
        endpoint: endpoint.endpoint.clone(),
        url: endpoint.url.clone(),
        kinds: endpoint.kinds.clone(),
        secret,
        waiting: outbox::waiting(work, &endpoint.endpoint)?,
        last_delivered_at: endpoint.last_delivered_at,
        last_fault: endpoint.last_fault.clone(),
    })
}

/// An address that may be kept. What its name leads to is checked again, each time before something is sent.
fn check_url(url: &str, is_private_allowed: bool) -> Result<(), AppError> {
    let refuse =
        |why: address::Why| AppError::Address { address: url.to_owned(), reason: why.into() };
    let rest = match (url.strip_prefix("https://"), url.strip_prefix("http://")) {
        (Some(rest), _) => rest,
        (None, Some(rest)) if is_private_allowed => rest,
        _ => {
            return Err(refuse((
                "it must begin with `https://`",
                "「https://」で始まる必要があります。",
            )));
        }
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return Err(refuse((
            "it may not hold a name and a password",
            "名前やパスワードは含められません。",
        )));
    }
    let host = match authority.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    if host.is_empty() || url.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(refuse(("it names no host", "ホスト名がありません。")));
    }
    let is_local = host.eq_ignore_ascii_case("localhost") || host.ends_with(".localhost");
    if is_local && !is_private_allowed {
        return Err(refuse(address::THIS_MACHINE));
    }
    match host.parse::<IpAddr>().ok().and_then(address::refusal) {
        Some(reason) if !is_private_allowed => Err(refuse(reason)),
        _ => Ok(()),
    }
}
