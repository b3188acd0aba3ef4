//! What has been learned of the actions over all clients?
//!
//! An outcome is learned by the first help that was chosen since the client's last outcome, whether it was carried
//! out or not, or by holding if nothing else was chosen: as it was decided, not as it turned out, so that what
//! was left undone cannot flatter the action.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use yorisoi_decision::{ActionId, LandingCounts, Learned};

use crate::entry::Landing;
use crate::shelves::Document;

/// Landings and outcomes by action.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct ActionsDoc {
    pub(crate) landings: BTreeMap<ActionId, LandingCounts>,
    pub(crate) learned: BTreeMap<String, LearnedDoc>,
}

impl Document for ActionsDoc {
    const SHELF: &'static str = "p:actions";
}

/// What was learned of one outcome.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct LearnedDoc {
    pub(crate) by_action: BTreeMap<ActionId, Learned>,
    pub(crate) hold: Learned,
}

impl ActionsDoc {
    /// Counts a landing in place of the one told before of the same decision, if there was one.
    pub(crate) fn land(&mut self, action: &ActionId, landing: Landing, before: Option<Landing>) {
        let counts = self.landings.entry(action.clone()).or_default();
        if let Some(before) = before {
            counts.told = counts.told.saturating_sub(1);
            counts.nuisance = counts.nuisance.saturating_sub(u64::from(is_nuisance(before)));
        }
        counts.told += 1;
        counts.nuisance += u64::from(is_nuisance(landing));
    }

    /// Adds an outcome after an action, or after holding.
    pub(crate) fn learn(&mut self, outcome: &str, action: Option<&ActionId>, value: f64) {
        let known = self.learned.entry(outcome.to_owned()).or_default();
        let learned = match action {
            Some(action) => known.by_action.entry(action.clone()).or_default(),
            None => &mut known.hold,
        };
        learned.n += 1;
        learned.sum = finite(learned.sum + value);
        learned.sum_squares = finite(learned.sum_squares + value * value);
    }

    /// The outcome heard of most often; of several, the first by name.
    pub(crate) fn main_outcome(&self) -> Option<&str> {
        let heard = |doc: &LearnedDoc| {
            doc.hold.n + doc.by_action.values().map(|learned| learned.n).sum::<u64>()
        };
        let most = self.learned.values().map(heard).max()?;
        self.learned.iter().find(|(_, doc)| heard(doc) == most).map(|(name, _)| name.as_str())
    }
}

/// Whether it was a nuisance, or worse.
pub(crate) fn is_nuisance(landing: Landing) -> bool {
    matches!(landing, Landing::Nuisance | Landing::Closed)
}

/// A sum that has left the numbers stays at their end: JSON has no infinity, and the document must stay readable.
pub(crate) fn finite(sum: f64) -> f64 {
    if sum.is_nan() { 0.0 } else { sum.clamp(f64::MIN, f64::MAX) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_landing_told_again_replaces_the_first() {
        let gift = ActionId::new("gift").unwrap();
        let mut doc = ActionsDoc::default();
        doc.land(&gift, Landing::Helped, None);
        doc.land(&gift, Landing::Nuisance, None);
        doc.land(&gift, Landing::Neutral, Some(Landing::Nuisance));
        assert_eq!(doc.landings[&gift], LandingCounts { told: 2, nuisance: 0 });
    }

    #[test]
    fn the_largest_outcomes_leave_the_sums_readable() {
        let mut doc = ActionsDoc::default();
        doc.learn("stayed", None, f64::MAX);
        doc.learn("stayed", None, f64::MAX);
        let text = serde_json::to_string(&doc).unwrap();
        let back: ActionsDoc = serde_json::from_str(&text).unwrap();
        assert_eq!(back.learned["stayed"].hold.n, 2);
    }
}
