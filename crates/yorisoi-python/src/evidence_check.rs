//! Is evidence from outside such that it can be asked? Every column has its length, every row its place.

use yorisoi::effects::ArmEffects;

use crate::amount::Amount;
use crate::evidence::{Facts, Moved};
use crate::stored::Sound;

impl Sound for Facts {
    fn is_sound(&self) -> bool {
        let n = self.source_row.len();
        let is_whole = |columns: &[&Vec<f64>]| columns.iter().all(|column| column.len() == n);
        let is_whole_or_none = |len: usize| len == n || len == 0;
        let are_rows_sound = u32::try_from(self.n_rows).is_ok()
            && self.source_row.iter().all(|&row| (row as usize) < self.n_rows);
        let is_arm_sound = |arm: &ArmEffects| {
            let rest = [&arm.centre, &arm.std_error, &arm.low, &arm.high];
            is_whole(&[&arm.tau_hat]) && rest.iter().all(|part| is_whole_or_none(part.len()))
        };
        let is_amount_sound = |amount: &Amount| {
            is_whole(&[&amount.dose]) && amount.variance.as_ref().is_none_or(|v| v.len() == n)
        };
        let is_moved_sound = |moved: &Moved| {
            is_whole(&[&moved.y, &moved.w, &moved.z, &moved.variance, &moved.covariance])
        };
        are_rows_sound
            && is_whole(&[&self.y])
            && is_whole_or_none(self.y_hat.len())
            && is_whole(&self.w_hat.iter().collect::<Vec<_>>())
            && is_whole_or_none(self.arm.len())
            && self.arm.iter().all(|&arm| usize::from(arm) < self.w_hat.len())
            && self.effects.iter().all(is_arm_sound)
            && self.amount.as_ref().is_none_or(is_amount_sound)
            && self.moved.as_ref().is_none_or(is_moved_sound)
            && self.weights.as_ref().is_none_or(|weights| weights.len() == n)
            && self.clusters.as_ref().is_none_or(|clusters| clusters.len() == n)
    }
}
