//! What time is it? The house's clock, and one that stands still for tests.

use std::sync::Mutex;

use jiff::{Timestamp, ToSpan};

/// Tells the time.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// A clock that runs like the machine's and was set to another time: a made-up world has its own calendar.
#[derive(Debug, Clone, Copy)]
pub struct SetClock {
    ahead: jiff::SignedDuration,
}

impl SetClock {
    /// Shows that instant now, and runs on from there.
    pub fn to(instant: Timestamp) -> Self {
        Self { ahead: instant.duration_since(Timestamp::now()) }
    }
}

impl Clock for SetClock {
    fn now(&self) -> Timestamp {
        let now = Timestamp::now();
        now.saturating_add(self.ahead).unwrap_or(now)
    }
}

/// A clock that moves only when told to.
#[derive(Debug)]
pub struct FixedClock(Mutex<Timestamp>);

impl FixedClock {
    /// Stands at an instant.
    pub fn at(now: Timestamp) -> Self {
        Self(Mutex::new(now))
    }

    /// Moves to an instant, back or forth.
    pub fn set(&self, now: Timestamp) {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = now;
    }

    /// Moves on by so many minutes.
    pub fn pass_minutes(&self, minutes: i64) {
        let now = self.now();
        self.set(now.saturating_add(minutes.minutes()).unwrap_or(now));
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
