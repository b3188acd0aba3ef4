//! Counter-based randomness: the same key always answers the same, whatever the thread or order.

/// Returns a well-mixed 64-bit hash of `value` under `key`.
///
/// # Source
///
/// The finaliser of `SplitMix64`, Steele, Lea & Flood (2014), "Fast splittable pseudorandom number
/// generators", applied twice with the key added in between.
#[inline]
pub fn mix(key: u64, value: u64) -> u64 {
    #[inline]
    fn finalise(mut z: u64) -> u64 {
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
    finalise(finalise(value.wrapping_add(0x9e37_79b9_7f4a_7c15)).wrapping_add(key))
}

/// Returns a hash of `value` under `key`, uniform on `[0, 1)`.
#[inline]
pub fn unit_hash(key: u64, value: u64) -> f64 {
    (mix(key, value) >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
}
