//! How is a decision said to a person?

use crate::action::{ActionKind, Words};
use crate::codes::Code;
use crate::decision::{Decision, HoldoutArm, Verdict};
use crate::ids::ActionId;
use crate::policy::Policy;

/// A language of the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lang {
    /// English.
    En,
    /// Japanese.
    Ja,
}

impl Words {
    /// The text in one language.
    pub fn in_lang(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.en,
            Lang::Ja => &self.ja,
        }
    }
}

/// A decision in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// The name of what was chosen.
    pub choice: String,
    /// Why: of a hold its reason, of an act its intention.
    pub reason: String,
    /// What would have been chosen for somebody held out.
    pub ghost: Option<String>,
    /// What was stopped, and why, in the catalogue's order.
    pub stopped: Vec<StoppedWords>,
}

/// One candidate that was stopped, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoppedWords {
    /// The action's name.
    pub name: String,
    /// The code.
    pub code: Code,
    /// The code's words.
    pub reason: String,
}

/// Returns a decision in words of one language. An action that the policy no longer knows goes by its
/// identifier.
pub fn explain(decision: &Decision, policy: &Policy, lang: Lang) -> Explanation {
    let find = |id: &ActionId| policy.actions.iter().find(|action| action.id == *id);
    let name = |id: &ActionId| {
        find(id).map_or_else(|| id.to_string(), |action| action.name.in_lang(lang).to_owned())
    };
    let chosen = &decision.choice;
    let reason = match (&decision.hold, find(&chosen.action)) {
        (Some(hold), _) => hold.code.words().in_lang(lang).to_owned(),
        (None, Some(action)) => action.intention.in_lang(lang).to_owned(),
        (None, None) => String::new(),
    };
    let stopped = decision.candidates.iter().filter_map(|one| match one.verdict {
        Verdict::Stopped(stop) => Some(StoppedWords {
            name: name(&one.action),
            code: stop.code,
            reason: stop.code.words().in_lang(lang).to_owned(),
        }),
        Verdict::Scored(_) => None,
    });
    let ghost = decision
        .ghost
        .as_ref()
        .filter(|ghost| decision.holdout == HoldoutArm::HeldOut && ghost.kind != ActionKind::Hold);
    Explanation {
        choice: name(&chosen.action),
        reason,
        ghost: ghost.map(|ghost| name(&ghost.action)),
        stopped: stopped.collect(),
    }
}
