//! May this token ask once more? A bucket of requests a token that refills steadily.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Buckets at most, before full ones are forgotten. Only names of valid tokens and peer addresses
/// get a bucket, so that guessing fills no memory beyond this.
const BUCKETS_MAX: usize = 10_000;

/// Buckets by token name.
#[derive(Debug)]
pub(crate) struct RateLimit {
    per_second: f64,
    burst: f64,
    buckets: Mutex<HashMap<String, Bucket>>,
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    left: f64,
    seen: Duration,
}

impl RateLimit {
    /// So many requests a second, and so many at once after a pause. `None`: unlimited; 0: none.
    pub(crate) fn new(per_second: Option<u32>, burst: u32) -> Self {
        Self {
            per_second: per_second.map_or(f64::INFINITY, f64::from),
            burst: f64::from(burst),
            buckets: Mutex::new(HashMap::new()),
        }
    }

    /// Takes one request out of the bucket of `who`, at `now` since the service began.
    ///
    /// # Errors
    ///
    /// The seconds to wait if there is none left.
    pub(crate) fn take(&self, who: &str, now: Duration) -> Result<(), u64> {
        if self.per_second.is_infinite() {
            return Ok(());
        }
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= BUCKETS_MAX && !buckets.contains_key(who) {
            self.forget_full(&mut buckets, now);
        }
        let full = Bucket { left: self.burst, seen: now };
        let mut bucket = buckets.get(who).map_or(full, |bucket| self.refilled(*bucket, now));
        let answer = if bucket.left >= 1.0 {
            bucket.left -= 1.0;
            Ok(())
        } else if self.per_second > 0.0 {
            Err(((1.0 - bucket.left) / self.per_second).ceil().max(1.0) as u64)
        } else {
            // Nothing ever refills; an hour is as good an answer as any.
            Err(3_600)
        };
        buckets.insert(who.to_owned(), bucket);
        answer
    }

    fn refilled(&self, bucket: Bucket, now: Duration) -> Bucket {
        let seconds = now.saturating_sub(bucket.seen).as_secs_f64();
        Bucket { left: (bucket.left + seconds * self.per_second).min(self.burst), seen: now }
    }

    fn forget_full(&self, buckets: &mut HashMap<String, Bucket>, now: Duration) {
        buckets.retain(|_, bucket| self.refilled(*bucket, now).left < self.burst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn a_burst_passes_then_the_rate_holds() {
        let limit = RateLimit::new(Some(2), 3);
        assert!((0..3).all(|_| limit.take("a", at(0)).is_ok()));
        assert_eq!(limit.take("a", at(0)), Err(1));
        assert!(limit.take("b", at(0)).is_ok(), "tokens do not share a bucket");
        assert!(limit.take("a", at(1)).is_ok());
        assert!(limit.take("a", at(1)).is_ok());
        assert_eq!(limit.take("a", at(1)), Err(1));
    }

    #[test]
    fn a_pause_never_saves_up_more_than_the_burst() {
        let limit = RateLimit::new(Some(2), 3);
        assert!(limit.take("a", at(0)).is_ok());
        let passed = (0..100).filter(|_| limit.take("a", at(3_600)).is_ok()).count();
        assert_eq!(passed, 3);
    }

    #[test]
    fn null_is_unlimited_and_zero_is_none() {
        let unlimited = RateLimit::new(None, 0);
        assert!((0..10_000).all(|_| unlimited.take("a", at(0)).is_ok()));
        assert!(RateLimit::new(Some(0), 0).take("a", at(9)).is_err());
    }

    #[test]
    fn full_buckets_are_forgotten_so_that_memory_stays_bounded() {
        let limit = RateLimit::new(Some(1), 1);
        for name in 0..BUCKETS_MAX {
            assert!(limit.take(&name.to_string(), at(0)).is_ok());
        }
        assert!(limit.take("one more", at(10)).is_ok());
        assert_eq!(limit.buckets.lock().unwrap().len(), 1);
    }
}
