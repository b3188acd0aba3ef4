//! Which rows does the model learn from, and which are kept for judging?

use yorisoi_data::{Dataset, Split, mix};

/// Rows up to which one half is held out.
const ROWS_OF_EQUAL_HALVES: usize = 200_000;

/// How much is held out for judging.
#[derive(Debug, Clone, Copy, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeldOutShare {
    /// One half up to 200,000 rows, one third above.
    ///
    /// Learning and judging both live on rows, and the verdict is the product: the standard error of
    /// every proof falls with the held-out rows, while a ranking gains little from the last half of
    /// the training rows. Above 200,000 rows proofs are sharp with a third, and what is learned is
    /// what is acted on.
    #[default]
    Auto,
    /// This share of the rows (of the clusters, where there are any).
    Share(f64),
}

impl HeldOutShare {
    /// Returns the share for so many rows.
    pub fn of(self, n_rows: usize) -> f64 {
        match self {
            Self::Share(share) => share,
            Self::Auto if n_rows <= ROWS_OF_EQUAL_HALVES => 1.0 / 2.0,
            Self::Auto => 1.0 / 3.0,
        }
    }
}

/// Returns the `repeat`-th split of the dataset; clusters stay whole.
///
/// Splits of different repeats are independent of one another and of the forest's own draws.
pub(crate) fn split(data: &Dataset, share: HeldOutShare, seed: u64, repeat: u32) -> Split {
    /// Keeps the split's draws apart from others made with the same seed.
    const SPLIT_STREAM: u64 = 0x53_50_4c_49_54;
    let key = mix(seed ^ SPLIT_STREAM, u64::from(repeat));
    Split::by_cluster(data.n_units(), data.clusters.as_deref(), share.of(data.n_units()), key)
}
