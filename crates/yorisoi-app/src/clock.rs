//! What time is it? The house's clock, and one that stands still for tests.

use std::sync::Mutex;

use jiff::{SignedDuration, Timestamp, ToSpan};
use yorisoi_ledger::ClockJump;

use crate::App;

/// How far the clock may lie before the newest entry and still be taken for the same instant: clocks of
/// several nodes, and one that is being set right, differ by so much.
const CLOCK_SLACK: SignedDuration = SignedDuration::from_secs(2);

/// How the clock stands to what the ledger has seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClockState {
    /// As it should.
    Sound,
    /// It lies before the newest entry: nothing can be recorded, and every decision is to hold.
    Back {
        /// What it shows.
        now: Timestamp,
        /// The newest entry's time.
        newest_at: Timestamp,
    },
    /// Entries more than a month apart were recorded since the ledger was opened: the house was silent, or the clock
    /// jumped ahead.
    Ahead {
        /// Between which entries.
        jumps: Vec<ClockJump>,
    },
}

/// Whether a clock lies so far before the newest entry that nothing can be recorded.
pub(crate) fn is_back(now: Timestamp, newest_at: Option<Timestamp>) -> bool {
    newest_at.is_some_and(|newest| newest.duration_since(now) > CLOCK_SLACK)
}

impl App {
    /// How the clock stands to what the ledger has seen.
    pub fn clock_state(&self) -> ClockState {
        let (now, newest_at) = (self.now(), self.ledger().newest_at());
        if let Some(newest_at) = newest_at.filter(|_| is_back(now, newest_at)) {
            return ClockState::Back { now, newest_at };
        }
        let jumps = self.ledger().clock_jumps();
        if jumps.is_empty() { ClockState::Sound } else { ClockState::Ahead { jumps } }
    }
}

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
    ahead: SignedDuration,
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
