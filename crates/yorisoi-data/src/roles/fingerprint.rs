//! Is it the same data? One hash of the columns used, whatever file format and column order.

use crate::{Column, Values};

/// A column's values as a hash; equal columns have equal digests, whatever they are called.
pub(super) type Digest = [u8; 32];

const NAN_BITS: u64 = 0x7ff8_0000_0000_0000;

/// Hashes a column's values: canonical numbers, or levels in order of first appearance with codes.
pub(super) fn digest(column: &Column) -> Digest {
    let mut hasher = blake3::Hasher::new();
    match &column.values {
        Values::Numeric(values) => {
            hasher.update(b"numeric");
            // `+ 0.0` turns −0 into 0.
            let bits =
                |value: &f64| if value.is_nan() { NAN_BITS } else { (value + 0.0).to_bits() };
            update_in_blocks(&mut hasher, values.iter().map(|value| bits(value).to_le_bytes()));
        }
        Values::Category { codes, levels } => {
            hasher.update(b"category");
            let mut order = vec![u32::MAX; levels.len()];
            let mut n_seen = 0_u32;
            let mut names = blake3::Hasher::new();
            let canonical = codes.iter().map(|&code| {
                let Some(place) = order.get_mut(code as usize) else { return [0xff; 4] };
                if *place == u32::MAX {
                    *place = n_seen;
                    n_seen += 1;
                    let level = levels[code as usize].as_bytes();
                    names.update(&(level.len() as u64).to_le_bytes()).update(level);
                }
                place.to_le_bytes()
            });
            update_in_blocks(&mut hasher, canonical);
            hasher.update(names.finalize().as_bytes());
        }
    }
    *hasher.finalize().as_bytes()
}

/// Feeds small pieces in large blocks, which hash many times faster.
fn update_in_blocks<const N: usize>(
    hasher: &mut blake3::Hasher,
    pieces: impl Iterator<Item = [u8; N]>,
) {
    const BLOCK_BYTES: usize = 64 * 1024;
    let mut block = Vec::with_capacity(BLOCK_BYTES + N);
    for piece in pieces {
        block.extend_from_slice(&piece);
        if block.len() >= BLOCK_BYTES {
            hasher.update(&block);
            block.clear();
        }
    }
    hasher.update(&block);
}

/// Joins the digests of used columns to one fingerprint, in hexadecimal.
pub(super) fn fingerprint(n_rows: usize, mut used: Vec<(&'static str, &str, Digest)>) -> String {
    used.sort_unstable();
    let mut hasher = blake3::Hasher::new();
    hasher.update(b"yorisoi data 1").update(&(n_rows as u64).to_le_bytes());
    for (role, name, digest) in used {
        for text in [role, name] {
            hasher.update(&(text.len() as u64).to_le_bytes()).update(text.as_bytes());
        }
        hasher.update(&digest);
    }
    hasher.finalize().to_hex().to_string()
}
