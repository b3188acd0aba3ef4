//! What comes back from lists and from recording: pages with a cursor, receipts with a place.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_decision::ClientId;

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "PageOf{T}")]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// Give this as `cursor` to have the next page; `None`: this is the last.
    pub next: Option<String>,
}

/// Which page is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PageAsk {
    /// `next` of the page before; `None`: the first.
    #[serde(default)]
    pub cursor: Option<String>,
    /// Items at most, 1 to 200; 50 if not given.
    #[serde(default)]
    pub limit: Option<u32>,
}

impl PageAsk {
    /// The number of items, in range.
    pub fn size(&self) -> usize {
        self.limit.map_or(50, |limit| limit.clamp(1, 200) as usize)
    }
}

/// It is in the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Recorded {
    /// Where.
    pub seq: u64,
    /// When it was recorded.
    pub at: Timestamp,
    /// About whom.
    pub client: Option<ClientId>,
}
