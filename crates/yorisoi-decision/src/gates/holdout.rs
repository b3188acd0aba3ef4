//! Are they in the holdout?

use crate::action::{ActionKind, ActionSpec};
use crate::decision::HoldoutArm;
use crate::facts::{ClientFacts, Record, Situation};
use crate::key::DecisionKey;
use crate::policy::Holdout;
use crate::scene::Scene;

/// Whether an action is withheld from people held out.
///
/// ## What it does
///
/// Withholds solicitation from households held out. A client who calls is still listened to.
///
/// ## Why
///
/// What help changes is only known beside people who had none. They are left without our reaching out,
/// not without an ear, without service or without a way to leave.
///
/// ## Facts used
///
/// The arm, by [`arm`]; `Situation::initiative`.
pub(crate) fn withholds(scene: &Scene<'_>, action: &ActionSpec) -> bool {
    let hears_a_caller = scene.client_began() && action.kind == ActionKind::Listen;
    action.is_solicitation() && !hears_a_caller
}

/// Returns the arm of the client of a situation.
pub(crate) fn arm(holdout: &Holdout, situation: &Situation, key: &DecisionKey) -> HoldoutArm {
    match &situation.record {
        Record::Client { facts } => arm_of(holdout, facts, key),
        Record::Unknown { client } | Record::Unavailable { client } => {
            deal(holdout, ["client", client.as_str()], key)
        }
    }
}

/// Returns the arm of a client under a holdout: dealt by keyed hash of programme and household, or of
/// programme and client for one who lives alone.
///
/// It does not depend on policy version, visit or time, and whoever was dealt an arm keeps it for the
/// programme: a move to another household, or a merge of two records, changes nothing.
pub fn arm_of(holdout: &Holdout, client: &ClientFacts, key: &DecisionKey) -> HoldoutArm {
    if let Some(arm) = client.dealt.get(&holdout.programme) {
        return *arm;
    }
    match &client.household {
        Some(household) => deal(holdout, ["household", household.as_str()], key),
        None => deal(holdout, ["client", client.client.as_str()], key),
    }
}

fn deal(holdout: &Holdout, [kind, name]: [&str; 2], key: &DecisionKey) -> HoldoutArm {
    let drawn = key.uniform("holdout", &[&holdout.programme, kind, name]);
    if drawn < holdout.share { HoldoutArm::HeldOut } else { HoldoutArm::Treated }
}
