//! Which number does chance give? A hash of seed, client, time and purpose.
//!
//! Every policy meets the same chance: whether a client leaves, is at home or is annoyed is decided by
//! the same numbers whatever was done before, so that policies differ by what they do alone.

use yorisoi_data::{mix, unit_hash};

/// What a number is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum For {
    Trait = 1,
    Noise,
    Exit,
    ExitStep,
    Waver,
    Home,
    HomeToday,
    Consent,
    Busy,
    Nuisance,
    Closing,
    Pleasure,
    Staying,
    Arm,
    Choice,
    Accepting,
    Knocking,
    Dealing,
}

/// Numbers of one world.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Chance {
    seed: u64,
}

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed: mix(0x7265_6865_6172, seed) }
    }

    /// A number in `[0, 1)` for a purpose, a client and a time (or another index).
    pub(crate) fn unit(self, purpose: For, client: usize, index: u64) -> f64 {
        unit_hash(mix(mix(self.seed, purpose as u64), client as u64), index)
    }

    /// Whether something of this probability happens.
    pub(crate) fn happens(self, p: f64, purpose: For, client: usize, index: u64) -> bool {
        self.unit(purpose, client, index) < p
    }
}
