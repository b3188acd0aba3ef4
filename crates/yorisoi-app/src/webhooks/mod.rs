//! Who is told of events? Endpoints, the outbox, and how a message is signed.

use std::net::IpAddr;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{App, AppError, Caller};

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
    /// The CloudEvents body, to be sent byte for byte.
    pub body: String,
    /// Attempts so far.
    pub attempts: u32,
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

impl App {
    /// Adds an endpoint.
    ///
    /// # Errors
    ///
    /// [`AppError::Address`].
    pub async fn add_endpoint(
        &self,
        caller: &Caller,
        input: EndpointInput,
    ) -> Result<EndpointView, AppError> {
        let _ = (caller, input);
        Err(AppError::NotYet)
    }

    /// Every endpoint.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`].
    pub async fn endpoints(&self, caller: &Caller) -> Result<Vec<EndpointView>, AppError> {
        let _ = caller;
        Err(AppError::NotYet)
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
        let _ = (caller, endpoint);
        Err(AppError::NotYet)
    }

    /// Removes an endpoint and what waits for it.
    ///
    /// # Errors
    ///
    /// [`AppError::Unknown`].
    pub async fn remove_endpoint(&self, caller: &Caller, endpoint: &str) -> Result<(), AppError> {
        let _ = (caller, endpoint);
        Err(AppError::NotYet)
    }

    /// Moves new entries into the outbox and returns the messages that are due. For the sender only.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`].
    pub async fn due_deliveries(&self, limit: usize) -> Result<Vec<Delivery>, AppError> {
        let _ = limit;
        Err(AppError::NotYet)
    }

    /// Signs a message with every secret of its endpoint that holds.
    ///
    /// # Errors
    ///
    /// [`AppError::Unknown`] endpoint.
    pub async fn sign_delivery(&self, delivery: &Delivery) -> Result<SignedHeaders, AppError> {
        let _ = delivery;
        Err(AppError::NotYet)
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
        let _ = (delivery, fault);
        Err(AppError::NotYet)
    }

    /// Passes if a resolved address may be sent to. Check what was resolved, and connect to just that.
    ///
    /// # Errors
    ///
    /// [`AppError::Address`] for private, loopback, link-local and other special addresses.
    pub fn may_send_to(&self, url: &str, resolved: IpAddr) -> Result<(), AppError> {
        let _ = (url, resolved);
        Err(AppError::NotYet)
    }
}
