//! May this action be done now? The gates, one a file, in the order in which they are asked.
//!
//! A gate says no with a reason or says nothing. The first no counts. Whatever is not known is a no.

pub(crate) mod applicability;
pub(crate) mod capacity;
pub(crate) mod consent;
pub(crate) mod contact;
pub(crate) mod eligibility;
pub(crate) mod holdout;
pub(crate) mod identity;
pub(crate) mod presence;
pub(crate) mod refusal;
pub(crate) mod suitability;

use jiff::Timestamp;

use crate::action::ActionKind;
use crate::codes::Code;
use crate::decision::{Gate, Stop};
use crate::scene::{Asked, Scene};

/// Why a gate says no, and until when; without the gate's name, which the table below knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Halt {
    pub code: Code,
    pub until: Option<Timestamp>,
}

impl Halt {
    /// A no that does not end by itself.
    pub(crate) fn lasting(code: Code) -> Self {
        Self { code, until: None }
    }

    /// A no that ends at an instant, if one is known.
    pub(crate) fn until(code: Code, until: Option<Timestamp>) -> Self {
        Self { code, until }
    }
}

type Check = fn(&Scene<'_>, &Asked<'_>) -> Option<Halt>;

/// The gates that look at client and action. Identity comes before them, for all actions at once;
/// the holdout after them, because a ghost decision is what would have been done without it.
const GATES: [(Gate, Check); 8] = [
    (Gate::Eligibility, eligibility::check),
    (Gate::Applicability, applicability::check),
    (Gate::Suitability, suitability::check),
    (Gate::Consent, consent::check),
    (Gate::Refusal, refusal::check),
    (Gate::ContactPolicy, contact::check),
    (Gate::Presence, presence::check),
    (Gate::Capacity, capacity::check),
];

/// Returns the first gate that stops an action. Holding back passes always.
pub(crate) fn first_stop(scene: &Scene<'_>, asked: &Asked<'_>) -> Option<Stop> {
    first_among(scene, asked, |_| true)
}

/// Returns how the client has said no to an action: by no consent, by a refusal, or by leaving.
pub(crate) fn said_no(scene: &Scene<'_>, asked: &Asked<'_>) -> Option<Stop> {
    first_among(scene, asked, |gate| matches!(gate, Gate::Consent | Gate::Refusal))
}

fn first_among(
    scene: &Scene<'_>,
    asked: &Asked<'_>,
    is_asked: impl Fn(Gate) -> bool,
) -> Option<Stop> {
    if asked.action.kind == ActionKind::Hold {
        return None;
    }
    GATES.iter().filter(|(gate, _)| is_asked(*gate)).find_map(|(gate, check)| {
        check(scene, asked).map(|halt| Stop { gate: *gate, code: halt.code, until: halt.until })
    })
}
