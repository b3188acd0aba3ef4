//! What do other systems tell us? Events in the shape of Segment: `identify`, `track`, `batch`.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::segment_events::take;
use crate::{App, AppError, Caller, Right};

/// An event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum SegmentEvent {
    /// Who somebody is.
    #[serde(rename_all = "camelCase")]
    Identify {
        /// The event's own name: the same name is taken once.
        message_id: String,
        /// The person, by any name they have.
        user_id: String,
        /// What is known of them.
        #[serde(default)]
        traits: Map<String, Value>,
        /// When it was so.
        #[serde(default)]
        timestamp: Option<Timestamp>,
    },
    /// What somebody did.
    #[serde(rename_all = "camelCase")]
    Track {
        /// The event's own name: the same name is taken once.
        message_id: String,
        /// The person, by any name they have.
        user_id: String,
        /// What: `Outcome Seen`, `Consent Granted`, `Consent Withdrawn`, `Refused`, `Reopened`, `Landed`,
        /// `Exit Requested`; any other event is kept as an attribute.
        event: String,
        /// More about it.
        #[serde(default)]
        properties: Map<String, Value>,
        /// When it was so.
        #[serde(default)]
        timestamp: Option<Timestamp>,
    },
}

/// What became of events.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct SegmentReport {
    /// Events that changed something.
    pub taken: u64,
    /// Events that were taken before.
    pub repeated: u64,
    /// Events about people who were erased at their own wish.
    pub kept_erased: u64,
    /// Channels of clients that are left in peace from now on: their new address was somebody's who was erased.
    pub quieted: u64,
    /// Events that could not be used.
    pub faults: Vec<SegmentFault>,
}

/// An event that could not be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SegmentFault {
    /// Its name.
    pub message_id: String,
    /// Why, and what would do.
    pub reason: String,
}

/// Events that may come at once.
const EVENTS_MAX: usize = 500;

impl App {
    /// Takes events of the house's own programs; replayed, they change nothing. They carry the client's own voice, so
    /// that nobody who talks with clients may send them.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`] for anybody but a service; [`AppError::Invalid`] for more than 500 events;
    /// [`AppError::Unavailable`].
    pub async fn take_segment(
        &self,
        caller: &Caller,
        events: Vec<SegmentEvent>,
    ) -> Result<SegmentReport, AppError> {
        caller.may(Right::SendEvents)?;
        if events.len() > EVENTS_MAX {
            let reason = format!("{} events are too many; send at most {EVENTS_MAX}", events.len());
            return Err(AppError::invalid("batch", reason));
        }
        self.write(caller, "segment", move |work| {
            let mut report = SegmentReport::default();
            for event in events {
                take(work, event, &mut report)?;
            }
            Ok(report)
        })
        .await
    }
}
