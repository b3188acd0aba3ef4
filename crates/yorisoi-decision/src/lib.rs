//! What now, for this client? The policy document, the facts, and the pure decision over them.
//!
//! A decision is a function of policy, situation and key; nothing here knows a clock, a file or a
//! network, so the same decision comes out of the library, the command line, HTTP and Python, byte for
//! byte, and can be replayed from the log.

mod action;
mod calendar;
mod choose;
mod codes;
mod condition;
mod decide;
mod decision;
mod explain;
mod facts;
mod gates;
mod hold;
mod ids;
mod key;
mod policy;
mod policy_check;
mod refused;
mod scene;
mod spelling;
mod value;
mod words;

pub use action::{ActionClass, ActionKind, ActionSpec, Prior, Words};
pub use codes::Code;
pub use condition::{Attribute, Comparison, Condition};
pub use decide::{decide, said_no};
pub use decision::{Candidate, Choice, Decision, Gate, Hold, HoldoutArm, Score, Stop, Verdict};
pub use explain::{Explanation, Lang, StoppedWords, explain};
pub use facts::{
    ActionFacts, Attempts, Busy, CapacityFacts, ClientFacts, Consent, ConsentKind, Contact,
    EffectFact, EffectSource, ExitState, HouseholdFacts, Initiative, LandingCounts, Learned,
    Record, Refusal, Reservation, Situation,
};
pub use gates::holdout::arm_of;
pub use ids::{
    ActionId, AgentId, Channel, ClientId, DecisionId, HouseholdId, ID_BYTES_MAX, IdError, TeamId,
    Topic,
};
pub use key::DecisionKey;
pub use policy::{
    AttemptPolicy, Cap, CapScope, ContactPolicy, Exploration, Holdout, HolidayCalendar, LocalTime,
    Policy, PolicyError, Prices, QuietHours, ValidPolicy, Values,
};
pub use spelling::{composed, plain, same_channel, same_topic, usual_channel};
