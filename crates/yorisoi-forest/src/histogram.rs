//! Lane sums by feature and bin: built from rows, or from a parent less a sibling.

use yorisoi_data::{BinnedRows, FeatureKind};

use crate::recipe::Recipe;

/// Where each feature's bins lie in a histogram, at full or coarse resolution.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    /// First bin of each feature; one more entry than features.
    pub(crate) offsets: Vec<u32>,
    /// Ordered bins are merged `2^shift` at a time; categories never.
    pub(crate) shifts: Vec<u8>,
}

impl Layout {
    /// Returns a layout with at most `max_bins` ordered bins a feature, the missing bin aside.
    pub(crate) fn new(kinds: &[FeatureKind], max_bins: usize) -> Self {
        let mut offsets = vec![0];
        let mut shifts = Vec::with_capacity(kinds.len());
        for kind in kinds {
            let shift = match kind {
                FeatureKind::Ordered { n_bins } => {
                    let values = usize::from(*n_bins).saturating_sub(1);
                    (0..8).find(|&shift| values.div_ceil(1 << shift) <= max_bins).unwrap_or(8)
                }
                FeatureKind::Category { .. } => 0,
            };
            let n_bins = usize::from(coarse_bin((kind.n_bins().max(1) - 1) as u8, shift)) + 1;
            offsets.push(offsets[offsets.len() - 1] + n_bins as u32);
            shifts.push(shift);
        }
        Self { offsets, shifts }
    }

    /// Returns the number of bins over all features.
    pub(crate) fn n_bins(&self) -> usize {
        self.offsets[self.offsets.len() - 1] as usize
    }

    /// Turns full bins, row-major, into this layout's.
    pub(crate) fn merged(&self, bins: &[u8]) -> Vec<u8> {
        let mut merged = bins.to_vec();
        if !self.shifts.is_empty() {
            for row in merged.chunks_exact_mut(self.shifts.len()) {
                for (bin, &shift) in row.iter_mut().zip(&self.shifts) {
                    *bin = coarse_bin(*bin, shift);
                }
            }
        }
        merged
    }
}

/// Returns the merged bin; the missing bin 0 stays alone.
#[inline]
pub(crate) fn coarse_bin(bin: u8, shift: u8) -> u8 {
    ((u16::from(bin) + (1 << shift) - 1) >> shift) as u8
}

/// Lane sums of every bin of every feature.
pub(crate) type Histogram<const L: usize> = Vec<[f32; L]>;

/// Some rows with their lanes, copied out of the data set so that they lie close together.
pub(crate) struct TreeRows<const L: usize> {
    /// Bins, row-major.
    pub(crate) bins: Vec<u8>,
    /// Lanes, one entry a row.
    pub(crate) lanes: Vec<[f32; L]>,
    pub(crate) n_features: usize,
}

impl<const L: usize> TreeRows<L> {
    /// Copies `units` out of `features` and `recipe`.
    pub(crate) fn gather<const D: usize>(
        features: &BinnedRows,
        recipe: &impl Recipe<L, D>,
        units: &[u32],
    ) -> Self {
        Self::new(features.gather(units), recipe.contributions(units))
    }

    /// Puts rows and their lanes together.
    pub(crate) fn new(rows: BinnedRows, lanes: Vec<[f32; L]>) -> Self {
        Self { n_features: rows.n_features(), bins: rows.into_bytes(), lanes }
    }

    /// Copies the rows at `positions`.
    pub(crate) fn subset(&self, positions: &[u32]) -> Self {
        let p = self.n_features;
        let mut bins = Vec::with_capacity(positions.len() * p);
        for &position in positions {
            bins.extend_from_slice(&self.bins[position as usize * p..(position as usize + 1) * p]);
        }
        let lanes = positions.iter().map(|&position| self.lanes[position as usize]).collect();
        Self { bins, lanes, n_features: p }
    }

    /// Returns the number of rows.
    pub(crate) fn n_rows(&self) -> usize {
        self.lanes.len()
    }
}

/// Adds `rows` into `histogram`, which the caller has cleared; `bins` are the layout's own.
pub(crate) fn add_rows<const L: usize>(
    histogram: &mut [[f32; L]],
    layout: &Layout,
    (bins, lanes): (&[u8], &[[f32; L]]),
    rows: &[u32],
) {
    let p = layout.shifts.len();
    for &row in rows {
        let row = row as usize;
        let lanes = lanes[row];
        for (&bin, &offset) in bins[row * p..(row + 1) * p].iter().zip(&layout.offsets) {
            add(&mut histogram[(offset + u32::from(bin)) as usize], &lanes);
        }
    }
}

/// Turns the parent's histogram into the sibling of `child`.
pub(crate) fn subtract<const L: usize>(parent: &mut [[f32; L]], child: &[[f32; L]]) {
    for (parent, child) in parent.iter_mut().zip(child) {
        for (parent, child) in parent.iter_mut().zip(child) {
            *parent -= child;
        }
    }
}

#[inline]
fn add<const L: usize>(sum: &mut [f32; L], lanes: &[f32; L]) {
    for (sum, lane) in sum.iter_mut().zip(lanes) {
        *sum += lane;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::recipes::Regression;

    const KINDS: [FeatureKind; 3] = [
        FeatureKind::Ordered { n_bins: 40 },
        FeatureKind::Category { n_bins: 30 },
        FeatureKind::Ordered { n_bins: 3 },
    ];

    /// Returns rows of [`KINDS`] with outcomes and weights that are small whole numbers, so that every
    /// sum of them is exact in `f32`.
    fn exact_rows() -> impl Strategy<Value = (Vec<u8>, Vec<f32>, Vec<f32>)> {
        let row = (0_u8..40, 0_u8..30, 0_u8..3, -50_i8..50, 1_u8..4);
        prop::collection::vec(row, 2..200).prop_map(|rows| {
            let bins = rows.iter().flat_map(|row| [row.0, row.1, row.2]).collect();
            let y = rows.iter().map(|row| f32::from(row.3)).collect();
            (bins, y, rows.iter().map(|row| f32::from(row.4)).collect())
        })
    }

    fn histogram_of(layout: &Layout, data: &TreeRows<4>, rows: &[u32]) -> Histogram<4> {
        let mut histogram = vec![[0.0; 4]; layout.n_bins()];
        let merged = layout.merged(&data.bins);
        add_rows(&mut histogram, layout, (&merged, &data.lanes), rows);
        histogram
    }

    proptest! {
        #[test]
        fn parent_less_child_is_the_sibling((bins, y, weights) in exact_rows(), cut in 0_u8..40) {
            let features = BinnedRows::new(bins, KINDS.to_vec(), y.len());
            let recipe = Regression { y: &y, weights: Some(&weights) };
            let all: Vec<u32> = (0..y.len() as u32).collect();
            let data = TreeRows::gather(&features, &recipe, &all);
            let (left, right): (Vec<u32>, Vec<u32>) =
                all.iter().partition(|&&row| features.row(row as usize)[0] <= cut);
            for layout in [Layout::new(&KINDS, usize::MAX), Layout::new(&KINDS, 16)] {
                let mut sibling = histogram_of(&layout, &data, &all);
                subtract(&mut sibling, &histogram_of(&layout, &data, &left));
                prop_assert_eq!(sibling, histogram_of(&layout, &data, &right));
            }
        }

        #[test]
        fn coarse_bins_are_sums_of_full_ones((bins, y, weights) in exact_rows()) {
            let features = BinnedRows::new(bins, KINDS.to_vec(), y.len());
            let recipe = Regression { y: &y, weights: Some(&weights) };
            let all: Vec<u32> = (0..y.len() as u32).collect();
            let data = TreeRows::gather(&features, &recipe, &all);
            let (full, coarse) = (Layout::new(&KINDS, usize::MAX), Layout::new(&KINDS, 16));
            let mut merged = vec![[0.0; 4]; coarse.n_bins()];
            let of_rows = histogram_of(&full, &data, &all);
            for feature in 0..KINDS.len() {
                for bin in 0..KINDS[feature].n_bins() {
                    let to = coarse.offsets[feature]
                        + u32::from(coarse_bin(bin as u8, coarse.shifts[feature]));
                    add(&mut merged[to as usize], &of_rows[full.offsets[feature] as usize + bin]);
                }
            }
            prop_assert_eq!(merged, histogram_of(&coarse, &data, &all));
        }
    }

    #[test]
    fn missing_values_stay_alone_at_every_resolution() {
        for shift in 0..8 {
            assert_eq!(coarse_bin(0, shift), 0);
            assert!((1..=255).all(|bin| coarse_bin(bin, shift) > 0), "shift {shift}");
        }
    }

    #[test]
    fn merged_bins_end_at_multiples_of_their_size() {
        assert_eq!([1, 4, 5, 8, 255].map(|bin| coarse_bin(bin, 2)), [1, 1, 2, 2, 64]);
    }
}
