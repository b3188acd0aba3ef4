//! May they have it at all?

use crate::codes::Code;
use crate::gates::Halt;
use crate::scene::{Asked, Scene};

/// ## What it does
///
/// Stops an action of which a condition of eligibility (contract, age, region) does not hold.
///
/// ## Why
///
/// Help that must be taken back is worse than none.
///
/// ## Facts used
///
/// `ClientFacts::attributes`. An attribute that is unknown or of another type counts as a condition
/// that does not hold.
pub(crate) fn check(scene: &Scene<'_>, asked: &Asked<'_>) -> Option<Halt> {
    let attributes = &scene.client.attributes;
    let all = asked.action.eligibility.iter().all(|c| c.holds(attributes) == Some(true));
    (!all).then(|| Halt::lasting(Code::NotEligible))
}
