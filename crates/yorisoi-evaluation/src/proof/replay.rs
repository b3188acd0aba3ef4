//! Whom would a new policy treat differently? The same decisions under two policies, side by side.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What differs between two policies over the same decisions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replay<A: Ord, P: Ord> {
    /// Decisions looked at.
    pub decisions: usize,
    /// Decisions that came out differently.
    pub changed: usize,
    /// How often one choice became another, from old to new; equal ones are left out.
    pub moves: BTreeMap<A, BTreeMap<A, usize>>,
    /// People who would be contacted at least once and were not.
    pub gain_contact: Vec<P>,
    /// People who were contacted and would not be any more.
    pub lose_contact: Vec<P>,
    /// Contacts made.
    pub contacts_old: usize,
    /// Contacts that would be made.
    pub contacts_new: usize,
}

/// One decision under two policies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair<A, P> {
    /// Whom it was about.
    pub person: P,
    /// What was chosen.
    pub old: A,
    /// What would be chosen.
    pub new: A,
}

/// Compares two policies on the same decisions.
///
/// # Formula
///
/// A person gains contact if no decision contacted them and some now would; loses it if some did and none
/// would. Somebody contacted on another day or by another action is counted under `moves` only.
///
/// # Shapes and units
///
/// One pair a decision, any order; people are listed once, in order.
///
/// # Source
///
/// Counting; for what the differences are worth see [`off_policy_value`](super::off_policy_value).
///
/// # Example
///
/// ```
/// # use yorisoi_evaluation::proof::{Pair, replay};
/// let pairs = [
///     Pair { person: 1, old: "hold", new: "call" },
///     Pair { person: 2, old: "call", new: "hold" },
///     Pair { person: 2, old: "hold", new: "mail" },
/// ];
/// let replay = replay(&pairs, |action| *action != "hold");
/// assert_eq!((replay.changed, replay.gain_contact), (3, vec![1]));
/// assert_eq!(replay.lose_contact, Vec::<i32>::new()); // 2 hears from us either way
/// ```
pub fn replay<A: Ord + Clone, P: Ord + Clone>(
    pairs: &[Pair<A, P>],
    is_contact: impl Fn(&A) -> bool,
) -> Replay<A, P> {
    let mut moves: BTreeMap<A, BTreeMap<A, usize>> = BTreeMap::new();
    let mut people: BTreeMap<&P, (bool, bool)> = BTreeMap::new();
    let (mut changed, mut contacts_old, mut contacts_new) = (0, 0, 0);
    for pair in pairs {
        if pair.old != pair.new {
            changed += 1;
            *moves.entry(pair.old.clone()).or_default().entry(pair.new.clone()).or_default() += 1;
        }
        let (old, new) = (is_contact(&pair.old), is_contact(&pair.new));
        contacts_old += usize::from(old);
        contacts_new += usize::from(new);
        let contacted = people.entry(&pair.person).or_default();
        *contacted = (contacted.0 || old, contacted.1 || new);
    }
    let those = |wanted: (bool, bool)| {
        let chosen = people.iter().filter(|(_, contacted)| **contacted == wanted);
        chosen.map(|(person, _)| (*person).clone()).collect()
    };
    Replay {
        decisions: pairs.len(),
        changed,
        moves,
        gain_contact: those((false, true)),
        lose_contact: those((true, false)),
        contacts_old,
        contacts_new,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pairs(of: &[(u8, u8, u8)]) -> Vec<Pair<u8, u8>> {
        of.iter().map(|(person, old, new)| Pair { person: *person, old: *old, new: *new }).collect()
    }

    proptest! {
        #[test]
        fn an_unchanged_policy_changes_nothing(of in proptest::collection::vec((0..9_u8, 0..4_u8), 0..50)) {
            let same: Vec<(u8, u8, u8)> = of.iter().map(|(who, what)| (*who, *what, *what)).collect();
            let replay = replay(&pairs(&same), |action| *action > 0);
            prop_assert_eq!(replay.changed, 0);
            prop_assert!(replay.moves.is_empty() && replay.gain_contact.is_empty());
            prop_assert!(replay.lose_contact.is_empty());
            prop_assert_eq!(replay.contacts_old, replay.contacts_new);
        }

        #[test]
        fn swapping_the_policies_swaps_gain_and_loss(
            of in proptest::collection::vec((0..9_u8, 0..4_u8, 0..4_u8), 0..50),
        ) {
            let back: Vec<(u8, u8, u8)> = of.iter().map(|(who, old, new)| (*who, *new, *old)).collect();
            let there = replay(&pairs(&of), |action| *action > 0);
            let back = replay(&pairs(&back), |action| *action > 0);
            prop_assert_eq!(there.gain_contact, back.lose_contact);
            prop_assert_eq!(there.contacts_old, back.contacts_new);
            let moved: usize = there.moves.values().flat_map(BTreeMap::values).sum();
            prop_assert_eq!(moved, there.changed);
        }
    }
}
