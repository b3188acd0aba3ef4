//! Which number does this person, this decision get? Keyed hashes in place of a generator.
//!
//! A draw is a function of the key and of what it is for. It needs no storage and no order, so it is
//! the same after a restart, on every interface and at a replay; without the key nobody can foretell
//! who is held out.

/// The secret behind holdout and draws.
#[derive(Clone, PartialEq, Eq)]
pub struct DecisionKey([u8; 32]);

impl DecisionKey {
    /// The key with these bytes.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Returns the number in `(0, 1)` that belongs to a purpose and its names.
    ///
    /// # Formula
    ///
    /// ```text
    /// u = (h + ½) / 2⁵²,  h = first 52 bits of BLAKE3(key; purpose, names)
    /// ```
    ///
    /// Each name is preceded by its length, so that no two lists of names share a message.
    pub(crate) fn uniform(&self, purpose: &str, names: &[&str]) -> f64 {
        let mut hasher = blake3::Hasher::new_keyed(&self.0);
        for text in std::iter::once(&purpose).chain(names) {
            hasher.update(&(text.len() as u64).to_le_bytes());
            hasher.update(text.as_bytes());
        }
        let mut first = [0; 8];
        first.copy_from_slice(&hasher.finalize().as_bytes()[..8]);
        let bits = u64::from_le_bytes(first) >> 12;
        (bits as f64 + 0.5) / (1_u64 << 52) as f64
    }
}

impl std::fmt::Debug for DecisionKey {
    // A secret that is printed is none.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DecisionKey(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_do_not_run_into_each_other() {
        let key = DecisionKey::new([7; 32]);
        let apart = key.uniform("p", &["ab", "c"]) - key.uniform("p", &["a", "bc"]);
        assert!(apart.abs() > 0.0);
    }

    #[test]
    fn numbers_are_spread_evenly() {
        let key = DecisionKey::new([1; 32]);
        let n = 10_000_i32;
        let mean =
            (0..n).map(|i| key.uniform("even", &[&i.to_string()])).sum::<f64>() / f64::from(n);
        // Five standard errors of a mean of uniforms: 5 · √(1/12) / √10,000.
        assert!((mean - 0.5).abs() < 5.0 * (1.0_f64 / 12.0).sqrt() / 100.0, "{mean}");
    }

    #[test]
    fn the_key_is_not_printed() {
        assert_eq!(format!("{:?}", DecisionKey::new([9; 32])), "DecisionKey(..)");
    }
}
