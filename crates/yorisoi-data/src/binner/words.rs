//! What does a bin mean? Puts splits back into the data's own words.

use super::{Binner, FeatureBins};
use crate::MISSING_BIN;

/// What the values of one bin have in common.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum BinLabel<'a> {
    /// Not known (or a level never seen when fitting).
    Missing,
    /// Numbers `x` with `from ≤ x < below`; `None` where that side is open.
    Range {
        /// Lower end, included.
        from: Option<f64>,
        /// Upper end, excluded.
        below: Option<f64>,
    },
    /// One level.
    Level(&'a str),
    /// Levels that share a hash.
    Bucket {
        /// Number of the bucket, from 1.
        bucket: u16,
        /// How many there are.
        n_buckets: u16,
    },
}

impl Binner {
    /// Returns what a bin of a feature means, or `None` where there is no such feature or bin.
    pub fn bin_label(&self, feature: usize, bin: u8) -> Option<BinLabel<'_>> {
        let bins = self.features.get(feature)?;
        if usize::from(bin) >= bins.kind().n_bins() {
            return None;
        }
        if bin == MISSING_BIN {
            return Some(BinLabel::Missing);
        }
        let position = usize::from(bin) - 1;
        Some(match bins {
            FeatureBins::Ordered { cuts } => BinLabel::Range {
                from: position.checked_sub(1).and_then(|below| cuts.get(below)).copied(),
                below: cuts.get(position).copied(),
            },
            FeatureBins::Levels { levels } => BinLabel::Level(levels.get(position)?),
            &FeatureBins::Hashed { n_buckets } => {
                BinLabel::Bucket { bucket: position as u16 + 1, n_buckets }
            }
        })
    }

    /// Returns the number `c` such that bins up to `bin` hold `x < c` and bins above it `x ≥ c`.
    ///
    /// `None` for categories, for the missing bin and for the last bin.
    pub fn cut_above(&self, feature: usize, bin: u8) -> Option<f64> {
        match self.features.get(feature)? {
            FeatureBins::Ordered { cuts } => cuts.get(usize::from(bin).checked_sub(1)?).copied(),
            FeatureBins::Levels { .. } | FeatureBins::Hashed { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn binner() -> Binner {
        let levels = vec!["mail".to_owned(), "call".to_owned()];
        Binner {
            names: ["x", "c", "h"].map(str::to_owned).to_vec(),
            features: vec![
                FeatureBins::Ordered { cuts: vec![1.5, 3.0] },
                FeatureBins::Levels { levels },
                FeatureBins::Hashed { n_buckets: 255 },
            ],
        }
    }

    #[test]
    fn every_bin_has_its_label() {
        let binner = binner();
        let cases = [
            (0, 0, Some(BinLabel::Missing)),
            (0, 1, Some(BinLabel::Range { from: None, below: Some(1.5) })),
            (0, 2, Some(BinLabel::Range { from: Some(1.5), below: Some(3.0) })),
            (0, 3, Some(BinLabel::Range { from: Some(3.0), below: None })),
            (0, 4, None),
            (1, 2, Some(BinLabel::Level("call"))),
            (1, 3, None),
            (2, 255, Some(BinLabel::Bucket { bucket: 255, n_buckets: 255 })),
            (3, 0, None),
        ];
        for (feature, bin, label) in cases {
            assert_eq!(binner.bin_label(feature, bin), label, "feature {feature}, bin {bin}");
        }
    }

    #[test]
    fn the_cut_above_a_bin_is_where_the_next_begins() {
        let cuts: Vec<Option<f64>> = (0..4).map(|bin| binner().cut_above(0, bin)).collect();
        assert_eq!(cuts, [None, Some(1.5), Some(3.0), None]);
        assert_eq!(binner().cut_above(1, 1), None);
    }
}
