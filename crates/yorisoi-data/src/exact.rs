//! When are two numbers the same datum?

/// Returns whether two values are the same: equal, or both missing. Data are compared exactly; no
/// tolerance would be right for a column of unknown unit.
#[expect(clippy::float_cmp, reason = "the same datum has the same bits, but for the sign of zero")]
pub(crate) fn is_same(a: f64, b: f64) -> bool {
    a == b || (a.is_nan() && b.is_nan())
}

/// Returns whether all values are zeros and ones: a yes or no.
pub(crate) fn are_zeros_and_ones(values: &[f64]) -> bool {
    values.iter().all(|&value| is_same(value, 0.0) || is_same(value, 1.0))
}
