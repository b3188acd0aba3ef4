//! What comes back from lists and from recording: pages with a cursor, receipts with a place.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_decision::ClientId;
use yorisoi_ledger::ListPlace;

use crate::AppError;
use crate::work::Work;

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

/// Rows read in one go.
const PIECE: usize = 200;

/// Fills a page from a list that is read piece by piece; what `show` leaves out takes nobody's place. The next page
/// begins behind the last row that was looked at, whatever came or went in between.
pub(crate) fn fill<T, V>(
    work: &mut Work<'_, '_>,
    page: &PageAsk,
    read: impl Fn(&mut Work<'_, '_>, Option<&ListPlace>, usize) -> Result<Vec<(ListPlace, T)>, AppError>,
    show: impl Fn(&mut Work<'_, '_>, T) -> Result<Option<V>, AppError>,
) -> Result<Page<V>, AppError> {
    let mut after = page.cursor.as_deref().map(place).transpose()?;
    let mut items = Vec::new();
    loop {
        let some = read(work, after.as_ref(), PIECE)?;
        if some.is_empty() {
            return Ok(Page { items, next: None });
        }
        for (at, it) in some {
            if let Some(shown) = show(work, it)? {
                if items.len() == page.size() {
                    return Ok(Page { items, next: after.map(|place| place.to_string()) });
                }
                items.push(shown);
            }
            after = Some(at);
        }
    }
}

fn place(cursor: &str) -> Result<ListPlace, AppError> {
    ListPlace::parse(cursor).ok_or_else(|| {
        AppError::invalid("cursor", "it is none of ours; give `next` of the page before")
    })
}
