//! Which number does a decision draw? Keyed hashes of names, so that every interface draws the same.

/// Returns a number uniform on `[0, 1)` that depends on key, purpose and names alone.
///
/// # Formula
///
/// ```text
/// u = ⌊h / 2¹¹⌋ / 2⁵³,  h = first 8 bytes, little-endian, of BLAKE3(key; |s₀| s₀ |s₁| s₁ …)
/// ```
///
/// with `s₀` the purpose and lengths as 8 little-endian bytes, so that `("ab", "c")` and `("a", "bc")`
/// are different names.
///
/// # Source
///
/// O'Connor, Aumasson, Neves & Wilcox-O'Hearn (2020), "BLAKE3: one function, fast everywhere".
pub(crate) fn hashed_uniform(key: &[u8; 32], purpose: &str, names: &[&str]) -> f64 {
    let mut hasher = blake3::Hasher::new_keyed(key);
    for part in std::iter::once(&purpose).chain(names) {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    let hash = hasher.finalize();
    let mut first = [0_u8; 8];
    first.copy_from_slice(&hash.as_bytes()[..8]);
    (u64::from_le_bytes(first) >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
}

/// Returns the number by which a decision chooses between exploring and not, uniform on `[0, 1)`.
///
/// # Assumptions
///
/// A decision has one id, on every interface and on every retry.
///
/// # Source
///
/// As [`assign`](crate::proof::assign).
///
/// # Example
///
/// ```
/// use yorisoi_evaluation::proof::exploration_draw;
/// let key = [7; 32];
/// assert_eq!(exploration_draw(&key, "d-1").to_bits(), exploration_draw(&key, "d-1").to_bits());
/// assert_ne!(exploration_draw(&key, "d-1").to_bits(), exploration_draw(&key, "d-2").to_bits());
/// ```
pub fn exploration_draw(key: &[u8; 32], decision_id: &str) -> f64 {
    hashed_uniform(key, "yorisoi/explore/1", &[decision_id])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_do_not_run_together() {
        let draw = |names: &[&str]| hashed_uniform(&[1; 32], "test", names).to_bits();
        assert_ne!(draw(&["ab", "c"]), draw(&["a", "bc"]));
        assert_ne!(draw(&["ab"]), draw(&["ab", ""]));
    }

    #[test]
    fn another_implementation_of_blake3_gives_the_same_numbers() {
        // From the Python package `blake3`, which binds the reference implementation in C:
        // `blake3(b"".join(struct.pack("<Q", len(s)) + s for s in parts), key=bytes(range(32)))`.
        let mut key = [0; 32];
        for (byte, at) in key.iter_mut().zip(0..) {
            *byte = at;
        }
        let known = [
            (
                hashed_uniform(&key, "yorisoi/holdout/1", &["spring", "person-42"]),
                0.467_640_440_144_391_1,
            ),
            (
                hashed_uniform(&key, "yorisoi/holdout/1", &["春の声かけ", "山田 花子"]),
                0.468_008_610_336_180_13,
            ),
            (exploration_draw(&key, "d-1"), 0.348_416_439_583_539_85),
        ];
        for (ours, theirs) in known {
            assert_eq!(ours.to_bits(), f64::to_bits(theirs));
        }
    }

    #[test]
    fn draws_are_uniform() {
        // 20,000 draws into 20 cells: χ² with 19 degrees of freedom exceeds 49 with probability 2e-4.
        let mut cells = [0_u32; 20];
        for id in 0..20_000 {
            let draw = exploration_draw(&[9; 32], &format!("decision {id}"));
            cells[(draw * 20.0) as usize] += 1;
        }
        let chi: f64 = cells.iter().map(|n| (f64::from(*n) - 1000.0).powi(2) / 1000.0).sum();
        assert!(chi < 49.0, "{chi}");
    }
}
