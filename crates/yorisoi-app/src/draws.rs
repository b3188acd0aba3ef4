//! Which number comes next in a rehearsal? Hashed draws: the same seed, the same world.

/// A stream of numbers.
pub(crate) struct Draws {
    key: [u8; 32],
    count: u64,
}

impl Draws {
    /// The stream of a seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self { key: *blake3::hash(&seed.to_le_bytes()).as_bytes(), count: 0 }
    }

    /// A number uniform on `[0, 1)`.
    pub(crate) fn uniform(&mut self) -> f64 {
        self.count += 1;
        let hash = blake3::keyed_hash(&self.key, &self.count.to_le_bytes());
        let first =
            hash.as_bytes()[..8].iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
        (first >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Whether something of that chance happens.
    pub(crate) fn happens(&mut self, chance: f64) -> bool {
        self.uniform() < chance
    }

    /// One of several; there must be one.
    pub(crate) fn one_of<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        let index = (self.uniform() * from.len() as f64) as usize;
        &from[index.min(from.len() - 1)]
    }
}
