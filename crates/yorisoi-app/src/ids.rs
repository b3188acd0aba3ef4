//! What are new things called? Names that nobody can guess, and counted ones for tests.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;

/// Gives names and secrets.
pub trait Ids: Send + Sync {
    /// A new name, unlike any before; `kind` says of what: `d` a decision, `c` a client.
    fn name(&self, kind: &str, now: Timestamp) -> String;

    /// 32 bytes that nobody can guess.
    fn secret(&self) -> [u8; 32];
}

/// Names that sort by time and cannot be guessed: `kind-`, 48 bits of milliseconds, 80 random bits.
///
/// Random bits are drawn from the system in blocks, because a call into the system for each decision
/// costs more than the decision.
#[derive(Debug, Default)]
pub struct SystemIds {
    pool: Mutex<Pool>,
}

#[derive(Debug)]
struct Pool {
    bytes: [u8; 1_000],
    left: usize,
}

impl Default for Pool {
    fn default() -> Self {
        Self { bytes: [0; 1_000], left: 0 }
    }
}

/// Crockford's base 32: no letter that is taken for a digit.
const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

impl Ids for SystemIds {
    fn name(&self, kind: &str, now: Timestamp) -> String {
        let millis = u128::from(now.as_millisecond().max(0).unsigned_abs());
        let number = (millis << 80) | self.random_80();
        let mut name = String::with_capacity(kind.len() + 27);
        name.push_str(kind);
        name.push('-');
        for digit in (0..26).rev() {
            name.push(char::from(DIGITS[(number >> (5 * digit)) as usize & 31]));
        }
        name
    }

    fn secret(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        fill(&mut bytes);
        bytes
    }
}

impl SystemIds {
    fn random_80(&self) -> u128 {
        let mut pool = self.pool.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if pool.left < 10 {
            fill(&mut pool.bytes);
            pool.left = pool.bytes.len();
        }
        pool.left -= 10;
        let from = pool.left;
        pool.bytes[from..from + 10].iter().fold(0, |number, byte| number << 8 | u128::from(*byte))
    }
}

fn fill(bytes: &mut [u8]) {
    // Without the system's randomness no secret is safe, and none may be issued.
    assert!(getrandom::fill(bytes).is_ok(), "the operating system gives no random bytes");
}

/// Names that are counted: the same run, the same names. For tests and rehearsal only.
#[derive(Debug, Default)]
pub struct CountedIds(AtomicU64);

impl Ids for CountedIds {
    fn name(&self, kind: &str, _now: Timestamp) -> String {
        format!("{kind}-{:06}", self.0.fetch_add(1, Ordering::Relaxed) + 1)
    }

    fn secret(&self) -> [u8; 32] {
        let count = self.0.fetch_add(1, Ordering::Relaxed) + 1;
        *blake3::hash(&count.to_le_bytes()).as_bytes()
    }
}
