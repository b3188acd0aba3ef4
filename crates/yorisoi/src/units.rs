//! Columns over units: picking rows, and putting the two sides of a split back together.

use yorisoi_data::{OutOfFold, Split};
use yorisoi_effects::{ArmEffects, Effects, Nuisances};

/// Returns the entries of `values` at `rows`.
pub(crate) fn at<T: Copy>(values: &[T], rows: &[u32]) -> Vec<T> {
    rows.iter().map(|&row| values[row as usize]).collect()
}

/// Returns the nuisances at `rows`.
pub(crate) fn nuisances_at(nuisances: &Nuisances, rows: &[u32]) -> Nuisances {
    Nuisances {
        y_hat: at(&nuisances.y_hat, rows),
        w_hat: nuisances.w_hat.iter().map(|column| at(column, rows)).collect(),
    }
}

/// Returns the effects at `rows`.
pub(crate) fn effects_at(effects: &Effects, rows: &[u32]) -> Effects {
    let arm = |arm: &ArmEffects| ArmEffects {
        tau_hat: at(&arm.tau_hat, rows),
        centre: at(&arm.centre, rows),
        std_error: at(&arm.std_error, rows),
        low: at(&arm.low, rows),
        high: at(&arm.high, rows),
        bound: arm.bound,
    };
    Effects { arms: effects.arms.iter().map(arm).collect() }
}

/// Puts effects of the two sides of a split back into dataset order.
pub(crate) fn join_effects(split: &Split, train: &OutOfFold<Effects>, held: &Effects) -> Effects {
    let arm = |(train, held): (&ArmEffects, &ArmEffects)| ArmEffects {
        tau_hat: join(split, &train.tau_hat, &held.tau_hat),
        centre: join(split, &train.centre, &held.centre),
        std_error: join(split, &train.std_error, &held.std_error),
        low: join(split, &train.low, &held.low),
        high: join(split, &train.high, &held.high),
        bound: train.bound,
    };
    Effects { arms: train.get().arms.iter().zip(&held.arms).map(arm).collect() }
}

/// Puts nuisances of the two sides of a split back into dataset order.
pub(crate) fn join_nuisances(
    split: &Split,
    train: &OutOfFold<Nuisances>,
    held: &Nuisances,
) -> Nuisances {
    let train = train.get();
    let columns = train.w_hat.iter().zip(&held.w_hat);
    Nuisances {
        y_hat: join(split, &train.y_hat, &held.y_hat),
        w_hat: columns.map(|(train, held)| join(split, train, held)).collect(),
    }
}

/// Puts a column of the two sides of a split back into dataset order.
pub(crate) fn join(split: &Split, train: &[f64], held: &[f64]) -> Vec<f64> {
    let mut joined = vec![0.0; train.len() + held.len()];
    for (&row, &value) in split.train().iter().zip(train) {
        joined[row as usize] = value;
    }
    for (&row, &value) in split.held_out_rows().iter().zip(held) {
        joined[row as usize] = value;
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_come_back_to_their_places() {
        let split = Split::by_cluster(100, None, 0.4, 7);
        let value = |rows: &[u32]| rows.iter().map(|&row| f64::from(row)).collect::<Vec<_>>();
        let joined = join(&split, &value(split.train()), &value(split.held_out_rows()));
        assert_eq!(joined, (0..100).map(f64::from).collect::<Vec<_>>());
    }
}
