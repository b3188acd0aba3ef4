//! Whom does a programme leave alone, so that its worth can be known? A keyed hash of the person.

use serde::{Deserialize, Serialize};

use super::draws::hashed_uniform;
use crate::EvaluationError;

/// A share between 0 and 1, both included.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Share(f64);

impl Share {
    /// Accepts a number between 0 and 1.
    ///
    /// # Errors
    ///
    /// [`EvaluationError::Option`] for anything else, a missing number included.
    pub fn new(value: f64) -> Result<Self, EvaluationError> {
        if (0.0..=1.0).contains(&value) {
            Ok(Self(value))
        } else {
            let expected = "a share between 0 and 1";
            Err(EvaluationError::Option { option: "share", value, expected })
        }
    }

    /// Returns the number.
    pub fn get(self) -> f64 {
        self.0
    }
}

impl TryFrom<f64> for Share {
    type Error = EvaluationError;

    fn try_from(value: f64) -> Result<Self, EvaluationError> {
        Self::new(value)
    }
}

impl From<Share> for f64 {
    fn from(share: Share) -> Self {
        share.0
    }
}

/// What a programme does about a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Arm {
    /// Left alone: decisions are made and logged, and nothing is done.
    Held,
    /// Reached: what is decided is done.
    Reached,
}

/// Returns the arm of a person in a programme, the same whenever and wherever it is asked.
///
/// There is no table of assignments that could be edited or lost, and nobody without the key can tell who
/// is held out. Raising the share moves people from reached to held, never the other way.
///
/// # Formula
///
/// ```text
/// held  ⇔  u < share,   u = keyed hash of (programme, person), uniform on [0, 1)
/// ```
///
/// # Shapes and units
///
/// `person` is whatever is dealt as one: give the household's id where people of a household talk to one
/// another. After two records are merged give the id of the older one for both, so that its arm stays.
///
/// # Assumptions
///
/// The key is secret and stays the same as long as the programme runs; ids are stable. Programmes deal
/// independently of one another.
///
/// # Source
///
/// Kohavi, Tang & Xu (2020), *Trustworthy Online Controlled Experiments*, chapter 14 (assignment by hash);
/// BLAKE3 in keyed mode is a pseudo-random function.
///
/// # Example
///
/// ```
/// # use yorisoi_evaluation::proof::{Arm, Share, assign};
/// let (key, tenth) = ([7; 32], Share::new(0.1)?);
/// let arm = assign(&key, "spring", "person-42", tenth);
/// assert_eq!(arm, assign(&key, "spring", "person-42", tenth));
/// assert_eq!(assign(&key, "spring", "person-42", Share::new(0.0)?), Arm::Reached);
/// # Ok::<(), yorisoi_evaluation::EvaluationError>(())
/// ```
pub fn assign(key: &[u8; 32], programme: &str, person: &str, holdout_share: Share) -> Arm {
    if hashed_uniform(key, "yorisoi/holdout/1", &[programme, person]) < holdout_share.get() {
        Arm::Held
    } else {
        Arm::Reached
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn held(key: &[u8; 32], programme: &str, n: u32, share: f64) -> Vec<bool> {
        let share = Share::new(share).unwrap();
        let is_held = |person: u32| assign(key, programme, &person.to_string(), share) == Arm::Held;
        (0..n).map(is_held).collect()
    }

    #[test]
    fn the_share_held_out_is_the_share_asked_for() {
        // 50,000 people at 10 %: standard deviation 67, so 4.5 of them are 302 (p 7e-6).
        let count = held(&[3; 32], "spring", 50_000, 0.1).iter().filter(|held| **held).count();
        assert!(count.abs_diff(5_000) < 302, "{count}");
    }

    #[test]
    fn programmes_and_keys_deal_independently() {
        // Held in both: 1 % of 50,000 = 500 ± 22; 4.5 standard deviations are 100.
        let spring = held(&[3; 32], "spring", 50_000, 0.1);
        for other in [held(&[3; 32], "autumn", 50_000, 0.1), held(&[4; 32], "spring", 50_000, 0.1)]
        {
            let both = spring.iter().zip(&other).filter(|(a, b)| **a && **b).count();
            assert!(both.abs_diff(500) < 100, "{both}");
        }
    }

    #[test]
    fn shares_outside_the_unit_interval_are_refused() {
        for bad in [-0.1, 1.1, f64::NAN, f64::INFINITY] {
            assert!(Share::new(bad).is_err(), "{bad}");
        }
        assert!(serde_json::from_str::<Share>("1.5").is_err());
    }

    proptest! {
        #[test]
        fn a_person_keeps_the_arm(key: [u8; 32], programme: String, person: String, s in 0.0..=1.0_f64) {
            let share = Share::new(s).unwrap();
            let arm = assign(&key, &programme, &person, share);
            prop_assert_eq!(arm, assign(&key.clone(), &programme.clone(), &person.clone(), share));
        }

        #[test]
        fn a_larger_share_releases_nobody(key: [u8; 32], person: String, a in 0.0..=1.0_f64, b in 0.0..=1.0_f64) {
            let arm = |share: f64| assign(&key, "p", &person, Share::new(share).unwrap());
            if arm(a.min(b)) == Arm::Held {
                prop_assert_eq!(arm(a.max(b)), Arm::Held);
            }
        }

        #[test]
        fn none_and_all_are_exact(key: [u8; 32], person: String) {
            let arm = |share: f64| assign(&key, "p", &person, Share::new(share).unwrap());
            prop_assert_eq!((arm(0.0), arm(1.0)), (Arm::Reached, Arm::Held));
        }
    }
}
